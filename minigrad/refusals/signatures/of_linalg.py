"""``linalg``: what its functions take."""

LINALG = """
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
matrix_norm!: linalg_matrix_norm(Tensor input, Number ord, int[] dim=, bool keepdim=, *,
    dtype? dtype= | Tensor input, str ord=, int[] dim=, bool keepdim=, *, dtype? dtype=)
matrix_power!: linalg_matrix_power(Tensor input, int n)
matrix_rank!: linalg_NAME(Tensor input, *, Tensor? atol=, Tensor? rtol=, bool hermitian=
    | Tensor input, *, float? atol=, float? rtol=, bool hermitian= | Tensor input, Tensor tol,
    bool hermitian= | Tensor input, float tol, bool hermitian=)
pinv!: linalg_NAME(Tensor input, *, Tensor? atol=, Tensor? rtol=, bool hermitian= | Tensor input, *,
    float? atol=, float? rtol=, bool hermitian= | Tensor input, Tensor rcond, bool hermitian=
    | Tensor input, float rcond, bool hermitian=)
multi_dot!: linalg_multi_dot(Tensor[] tensors)
norm!: linalg_norm(Tensor input, Number? ord=, int[1]? dim=, bool keepdim=, *, dtype? dtype=
    | Tensor input, str ord, int[1]? dim=, bool keepdim=, *, dtype? dtype=)
qr!: linalg_qr(Tensor A, str mode=)
solve!: linalg_solve(Tensor A, Tensor B, *, bool left=)
solve_ex!: linalg_solve_ex(Tensor A, Tensor B, *, bool left=, bool check_errors=)
solve_triangular!: linalg_solve_triangular(Tensor input, Tensor B, *, bool upper, bool left=,
    bool unitriangular=)
svd!: linalg_svd(Tensor A, bool full_matrices=, *, str? driver=)
svdvals!: linalg_svdvals(Tensor A, *, str? driver=)
tensorinv!: linalg_tensorinv(Tensor input, int ind=)
tensorsolve!: linalg_tensorsolve(Tensor input, Tensor other, int[]? dims=)
vander!: linalg_vander(Tensor x, *, int? N=)
vecdot!: linalg_vecdot(Tensor x, Tensor y, *, int dim=)
vector_norm!: linalg_vector_norm(Tensor input, Number ord=, int[1]? dim=, bool keepdim=, *,
    dtype? dtype=)
"""
