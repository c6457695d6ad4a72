"""``mg.linalg``: linear algebra under the names of PyTorch's ``torch.linalg``.

All functions work on batches: the matrices are in the last two dimensions.

>>> import minigrad as mg
>>> mg.linalg.det(mg.tensor([[2.0, 1.0], [1.0, 1.0]]))
tensor(1.)
"""

from ..faithful.public_names import name_publicly as _name_publicly
from ..ops.matrices.decompositions import eig, eigh, eigvals, eigvalsh, qr, svd, svdvals
from ..ops.matrices.factorisations import (
    cholesky_ex,
    householder_product,
    inv_ex,
    lu,
    lu_factor,
    lu_solve,
    solve_ex,
    tensorinv,
    tensorsolve,
)
from ..ops.matrices.matmul import matmul
from ..ops.matrices.matrix_functions import cond, lstsq, matrix_exp, matrix_power, matrix_rank, pinv
from ..ops.matrices.products import linalg_cross as cross
from ..ops.matrices.products import multi_dot, vecdot
from ..ops.matrices.solvers import LinAlgError, cholesky, det, inv, solve, solve_triangular
from ..ops.matrices.solvers import linalg_slogdet as slogdet
from ..ops.NUMERIC import linalg_diagonal as diagonal
from ..ops.NUMERIC import linalg_vander as vander
from ..ops.reducing.norms import linalg_norm as norm
from ..ops.reducing.norms import matrix_norm, vector_norm
from ..refusals.rules import obeying as _obeying

__all__ = [
    "LinAlgError", "cholesky", "cholesky_ex", "cond", "cross", "det", "diagonal", "eig", "eigh",
    "eigvals", "eigvalsh", "householder_product", "inv", "inv_ex", "lstsq", "lu", "lu_factor",
    "lu_solve", "matmul", "matrix_exp", "matrix_norm", "matrix_power", "matrix_rank", "multi_dot",
    "norm", "pinv", "qr", "slogdet", "solve", "solve_ex", "solve_triangular", "svd", "svdvals",
    "tensorinv", "tensorsolve", "vander", "vecdot", "vector_norm",
]  # fmt: skip


RULES = """
cholesky!: linalg_cholesky(Tensor input, *, bool upper=)
cholesky_ex!: linalg_cholesky_ex(Tensor input, *, bool upper=, bool check_errors=)
cond!: linalg_cond(Tensor input, Number? p= | Tensor input, str p)
cross!: linalg_cross(Tensor input, Tensor other, *, int dim=)
det inv slogdet: linalg_NAME(Tensor A)
diagonal!: linalg_diagonal(Tensor A, *, int offset=, int dim1=, int dim2=)
eig eigvals matrix_exp: linalg_NAME(Tensor input)
eigh! eigvalsh!: linalg_NAME(Tensor input, str UPLO=)
householder_product: linalg_householder_product(Tensor input, Tensor tau)
inv_ex!: linalg_inv_ex(Tensor A, *, bool check_errors=)
lstsq!: linalg_lstsq(Tensor input, Tensor b, float? rcond=, *, str? driver=)
lu! lu_factor!: linalg_NAME(Tensor A, *, bool pivot=)
lu_solve!: linalg_lu_solve(Tensor LU, Tensor pivots, Tensor B, *, bool left=, bool adjoint=)
matmul: linalg_matmul(Tensor input, Tensor other)
matrix_norm!: linalg_matrix_norm(Tensor input, Number ord, int[] dim=, bool keepdim=, *, \
    dtype? dtype= | Tensor input, str ord=, int[] dim=, bool keepdim=, *, dtype? dtype=)
matrix_power!: linalg_matrix_power(Tensor input, int n)
matrix_rank!: linalg_NAME(Tensor input, *, Tensor? atol=, Tensor? rtol=, bool hermitian= | \
    Tensor input, *, float? atol=, float? rtol=, bool hermitian= | \
    Tensor input, Tensor tol, bool hermitian= | Tensor input, float tol, bool hermitian=)
pinv!: linalg_NAME(Tensor input, *, Tensor? atol=, Tensor? rtol=, bool hermitian= | \
    Tensor input, *, float? atol=, float? rtol=, bool hermitian= | \
    Tensor input, Tensor rcond, bool hermitian= | Tensor input, float rcond, bool hermitian=)
multi_dot!: linalg_multi_dot(Tensor[] tensors)
norm!: linalg_norm(Tensor input, Number? ord=, int[1]? dim=, bool keepdim=, *, dtype? dtype= | \
    Tensor input, str ord, int[1]? dim=, bool keepdim=, *, dtype? dtype=)
qr!: linalg_qr(Tensor A, str mode=)
solve!: linalg_solve(Tensor A, Tensor B, *, bool left=)
solve_ex!: linalg_solve_ex(Tensor A, Tensor B, *, bool left=, bool check_errors=)
solve_triangular!: linalg_solve_triangular(Tensor input, Tensor B, *, bool upper, bool left=, \
    bool unitriangular=)
svd!: linalg_svd(Tensor A, bool full_matrices=, *, str? driver=)
svdvals!: linalg_svdvals(Tensor A, *, str? driver=)
tensorinv!: linalg_tensorinv(Tensor input, int ind=)
tensorsolve!: linalg_tensorsolve(Tensor input, Tensor other, int[]? dims=)
vander!: linalg_vander(Tensor x, *, int? N=)
vecdot!: linalg_vecdot(Tensor x, Tensor y, *, int dim=)
vector_norm!: linalg_vector_norm(Tensor input, Number ord=, int[1]? dim=, bool keepdim=, *, \
    dtype? dtype=)
"""
globals().update(_obeying(RULES, globals()))  # with PyTorch's words for arguments that do not fit

_name_publicly(globals())
