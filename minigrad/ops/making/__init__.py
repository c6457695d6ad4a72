"""Tensors made from data or from nothing; none has a gradient, as there is no tensor to send it to.

* ``creation.py``: from data, filled with a number, counted, or like another tensor.
* ``random_results.py``: random numbers, whose parameters get the gradient 0.
* ``signal_windows.py``: weights that fall off towards both ends of a piece of a signal.
"""
