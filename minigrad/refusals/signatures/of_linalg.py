"""``linalg``: what its functions take."""

LINALG = """
cholesky!: linalg_cholesky(Tensor input, *, bool upper=, Tensor? out=)
cholesky_ex!: linalg_cholesky_ex(Tensor input, *, bool upper=, bool check_errors=, Tensor[]? out=)
cond!: linalg_cond(Tensor input, Number? p=, *, Tensor? out= | Tensor input, str p, *, Tensor? out=)
cross!: linalg_cross(Tensor input, Tensor other, *, int dim=, Tensor? out=)
det inv: linalg_NAME(Tensor A, *, Tensor? out=)
slogdet: linalg_NAME(Tensor A, *, Tensor[]? out=)
diagonal!: linalg_diagonal(Tensor A, *, int offset=, int dim1=, int dim2=)
eig: linalg_NAME(Tensor input, *, Tensor[]? out=)
eigvals: linalg_NAME(Tensor input, *, Tensor? out=)
matrix_exp: linalg_NAME(Tensor input)
eigh!: linalg_NAME(Tensor input, str UPLO=, *, Tensor[]? out=)
eigvalsh!: linalg_NAME(Tensor input, str UPLO=, *, Tensor? out=)
householder_product: linalg_householder_product(Tensor input, Tensor tau, *, Tensor? out=)
inv_ex!: linalg_inv_ex(Tensor A, *, bool check_errors=, Tensor[]? out=)
lstsq!: linalg_lstsq(Tensor input, Tensor b, float? rcond=, *, str? driver=, Tensor[]? out=)
lu! lu_factor!: linalg_NAME(Tensor A, *, bool pivot=, Tensor[]? out=)
lu_solve!: linalg_lu_solve(Tensor LU, Tensor pivots, Tensor B, *, bool left=, bool adjoint=,
    Tensor? out=)
matmul: linalg_matmul(Tensor input, Tensor other, *, Tensor? out=)
matrix_norm!: linalg_matrix_norm(Tensor input, Number ord, int[] dim=, bool keepdim=, *,
    dtype? dtype=, Tensor? out= | Tensor input, str ord=, int[] dim=, bool keepdim=, *,
    dtype? dtype=, Tensor? out=)
matrix_power!: linalg_matrix_power(Tensor input, int n, *, Tensor? out=)
matrix_rank!: linalg_NAME(Tensor input, *, Tensor? atol=, Tensor? rtol=, bool hermitian=,
    Tensor? out= | Tensor input, *, float? atol=, float? rtol=, bool hermitian=, Tensor? out=
    | Tensor input, Tensor tol, bool hermitian=, *, Tensor? out= | Tensor input, float tol,
    bool hermitian=, *, Tensor? out=)
pinv!: linalg_NAME(Tensor input, *, Tensor? atol=, Tensor? rtol=, bool hermitian=, Tensor? out=
    | Tensor input, *, float? atol=, float? rtol=, bool hermitian=, Tensor? out= | Tensor input,
    Tensor rcond, bool hermitian=, *, Tensor? out= | Tensor input, float rcond, bool hermitian=, *,
    Tensor? out=)
multi_dot!: linalg_multi_dot(Tensor[] tensors, *, Tensor? out=)
norm!: linalg_norm(Tensor input, Number? ord=, int[1]? dim=, bool keepdim=, *, dtype? dtype=,
    Tensor? out= | Tensor input, str ord, int[1]? dim=, bool keepdim=, *, dtype? dtype=,
    Tensor? out=)
qr!: linalg_qr(Tensor A, str mode=, *, Tensor[]? out=)
solve!: linalg_solve(Tensor A, Tensor B, *, bool left=, Tensor? out=)
solve_ex!: linalg_solve_ex(Tensor A, Tensor B, *, bool left=, bool check_errors=, Tensor[]? out=)
solve_triangular!: linalg_solve_triangular(Tensor input, Tensor B, *, bool upper, bool left=,
    bool unitriangular=, Tensor? out=)
svd!: linalg_svd(Tensor A, bool full_matrices=, *, str? driver=, Tensor[]? out=)
svdvals!: linalg_svdvals(Tensor A, *, str? driver=, Tensor? out=)
tensorinv!: linalg_tensorinv(Tensor input, int ind=, *, Tensor? out=)
tensorsolve!: linalg_tensorsolve(Tensor input, Tensor other, int[]? dims=, *, Tensor? out=)
vander!: linalg_vander(Tensor x, *, int? N=)
vecdot!: linalg_vecdot(Tensor x, Tensor y, *, int dim=, Tensor? out=)
vector_norm!: linalg_vector_norm(Tensor input, Number ord=, int[1]? dim=, bool keepdim=, *,
    dtype? dtype=, Tensor? out=)
"""
