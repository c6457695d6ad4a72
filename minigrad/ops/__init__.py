"""The operations: one operation, one visible place, with forward, vjps and formulas (core/op.py).

From the ground up, as the folders import each other (never the other way):

* ``operands.py``: checks of operands, and the dtype they share.
* ``dimensions.py``: arguments that name dimensions or lengths.
* ``return_types.py``: results with names.
* ``questions.py``: what is asked about a tensor, not about its elements.
* ``capturing.py``: what ``mg.capture`` is told of numbers that are made, written or read.
* ``elementwise/``: each element by itself, or with the one in the same place.
* ``making/``: tensors made from data, or filled.
* ``shaping/``: numbers moved, cut, joined, read and written at places.
* ``reducing/``: fewer numbers out of many: sums, extrema, softmax, order, statistics.
* ``matrices/``: products, systems, factors, norms.
* ``writing/``: every operation in place.
* ``networks/``: what the layers and losses of ``nn`` compute.
* ``signals/``: Fourier transforms.

A dozen of the first operations (``Add`` ... ``Mm``) are written down in ``core/first_ops.py``; here
are the functions that run them with PyTorch's arguments and words.
"""
