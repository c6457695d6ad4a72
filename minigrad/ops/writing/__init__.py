"""Results written into a tensor's own memory.

* ``inplace.py``: every operation in place, what that does to the graph, and ``x[index] = y``.
"""
