"""Linear algebra, on batches of matrices in the last two dimensions.

* ``matmul.py``: products of vectors, matrices and batches of them.
* ``product_sums.py``: a tensor plus a product, such as addmm.
* ``products.py``: outer, cross, kron, tensordot, chains of products.
* ``einsum.py``: any product of tensors, written with letters.
* ``solvers.py``: inverses and linear systems.
* ``determinants.py``: determinants and their logarithms.
* ``cholesky.py``: Cholesky factors.
* ``lu.py``: LU factors.
* ``decompositions.py``: QR, singular values, eigenvalues.
* ``reporting.py``: inverses and factors that report an error instead of raising it.
* ``matrix_functions.py``: pseudo-inverse, least squares, exponential, powers, rank, condition.
* ``norms.py``: lengths of vectors, sizes of matrices, distances.
"""
