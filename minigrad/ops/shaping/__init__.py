"""Operations that move numbers and compute none; every vjp is the opposite move.

* ``shape.py``: other shapes for the same numbers: reshape, transpose, expand, squeeze.
* ``rearrange.py``: another order, or copies: flip, roll, repeat, windows.
* ``joining.py``: cat, stack, hstack ...
* ``cutting.py``: split, chunk, narrow, select ...
* ``strided.py``: views by strides.
* ``indexing.py``: ``x[index]``.
* ``slices.py``: whole slices, read and written at the numbers in an index tensor.
* ``scatter.py``: elements, read and written at an index tensor along one dimension.
* ``flat_positions.py``: elements by their position in the flattened tensor.
* ``masks.py``: elements where a bool tensor is true.
* ``diagonals.py``: diagonals and triangles of matrices.
* ``grids.py``: grids and combinations of vectors.
"""
