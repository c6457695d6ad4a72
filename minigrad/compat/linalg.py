"""``mg.linalg``: linear algebra under the names of PyTorch's ``torch.linalg``.

All functions work on batches: the matrices are in the last two dimensions.

>>> import minigrad as mg
>>> mg.linalg.det(mg.tensor([[2.0, 1.0], [1.0, 1.0]]))
tensor(1.)
"""

from ..faithful.public_names import name_publicly as _name_publicly
from ..ops.matrices.cholesky import cholesky
from ..ops.matrices.decompositions import (
    eig,
    eigh,
    eigvals,
    eigvalsh,
    householder_product,
    qr,
    svd,
    svdvals,
)
from ..ops.matrices.determinants import det
from ..ops.matrices.determinants import linalg_slogdet as slogdet
from ..ops.matrices.lu import lu, lu_factor, lu_solve
from ..ops.matrices.matmul import matmul
from ..ops.matrices.matrix_functions import cond, lstsq, matrix_exp, matrix_power, matrix_rank, pinv
from ..ops.matrices.norms import linalg_norm as norm
from ..ops.matrices.norms import matrix_norm, vector_norm
from ..ops.matrices.products import linalg_cross as cross
from ..ops.matrices.products import multi_dot, vecdot
from ..ops.matrices.reporting import cholesky_ex, inv_ex, solve_ex
from ..ops.matrices.solvers import LinAlgError, inv, solve, solve_triangular, tensorinv, tensorsolve
from ..ops.shaping.diagonals import linalg_diagonal as diagonal
from ..ops.shaping.grids import linalg_vander as vander
from ..refusals.refusing import check_functions as _check_functions
from ..refusals.signatures.of_linalg import LINALG as _LINALG

__all__ = [
    "LinAlgError", "cholesky", "cholesky_ex", "cond", "cross", "det", "diagonal", "eig", "eigh",
    "eigvals", "eigvalsh", "householder_product", "inv", "inv_ex", "lstsq", "lu", "lu_factor",
    "lu_solve", "matmul", "matrix_exp", "matrix_norm", "matrix_power", "matrix_rank", "multi_dot",
    "norm", "pinv", "qr", "slogdet", "solve", "solve_ex", "solve_triangular", "svd", "svdvals",
    "tensorinv", "tensorsolve", "vander", "vecdot", "vector_norm",
]  # fmt: skip

_check_functions(globals(), _LINALG)  # wrong arguments are refused in PyTorch's words
_name_publicly(globals())
