"""READ THIS FIRST: what makes a gradient, in seven files, in this order.

``node``: a node is one recorded operation; its edges lead back to what it was computed from. Look
for what an edge can be, and why a graph has no cycle. ``tensor``: an array, an edge and a gradient;
look for ``edge_of``, which says what an operation on a tensor will point back to. ``formulas``: the
functions ``xp`` that gradients are written with, once for arrays and once for tensors; look for why
one line of a formula serves first and second derivatives, and how ``fit`` undoes broadcasting.
``op``: an operation as a class; look for ``apply``, which runs it, and ``record``, which makes the
node and keeps just what the vjps will ask for. ``elementwise``: how ``x * 2.0`` and ``x * y``
become one operation on two tensors. ``first_ops``: a dozen operations, each with its forward, its
vjps and their formulas. ``backward``: which nodes a gradient can reach, the walk from the last to
the first, and how leaves accumulate what arrives.

What only makes this fast or serves rare modes stands beside it and may be skipped at first:
``plans``, ``fast_vjps``, ``fast_elementwise``, ``fast_kernels``, ``formula_ops``, ``views``,
``hooks``, ``saved_values``, ``packing``, ``modes``, ``anomaly``, ``capturing``, ``source_lines``,
``broadcast_error``, ``slots``, ``protocols``, ``method_names``. The folder imports NumPy, the
standard library and itself: it runs when copied alone.
"""

READING_ORDER = ("node", "tensor", "formulas", "op", "elementwise", "first_ops", "backward")
