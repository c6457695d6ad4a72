"""The calls that test_op_tables.py compares with PyTorch."""

from __future__ import annotations

from typing import Any

from against_torch import Case


def case(name: str, call: Any, *shapes: Any, domain: str = "real", **kwargs: Any) -> Case:
    """Fixed shapes; all inputs from one domain."""
    return Case(name, call, (domain,) * len(shapes), shapes=shapes, **kwargs)


def spd(m: Any, a: Any) -> Any:
    """A positive-definite matrix with well separated eigenvalues, made from any."""
    n = a.shape[-1]
    return a @ a.transpose(-2, -1).conj() + m.eye(n, dtype=a.dtype) * 2


def apart(m: Any, a: Any) -> Any:
    """A matrix with a strong, increasing diagonal: invertible, eigenvalues far apart."""
    n = min(a.shape[-2:])
    ramp = m.zeros(a.shape[-2], a.shape[-1], dtype=a.dtype)
    for i in range(n):
        ramp[i, i] = 4.0 * (i + 1)
    return a + ramp


S = (3, 3)
B = (2, 3, 3)

PRODUCTS = [
    case("outer", lambda m, a, b: m.outer(a, b), (3,), (4,)),
    case("ger", lambda m, a, b: m.ger(a, b), (3,), (4,)),
    case("inner", lambda m, a, b: m.inner(a, b), (2, 3), (4, 3), node=False),
    case("inner of vectors", lambda m, a, b: m.inner(a, b), (3,), (3,), node=False),
    case("vdot", lambda m, a, b: m.vdot(a, b), (3,), (3,), node=False),
    case("vdot complex", lambda m, a, b: m.vdot(a, b), (3,), (3,), domain="complex", node=False),
    case("vecdot", lambda m, a, b: m.linalg.vecdot(a, b), (2, 3), (2, 3)),
    case("cross", lambda m, a, b: m.cross(a, b, dim=1), (2, 3), (2, 3)),
    case("linalg.cross", lambda m, a, b: m.linalg.cross(a, b), (2, 3), (1, 3)),
    case("cross first", lambda m, a, b: m.linalg.cross(a, b, dim=0), (3, 2), (3, 2)),
    case("trace", lambda m, a: a.trace(), (3, 4)),
    case("kron", lambda m, a, b: m.kron(a, b), (2, 3), (2, 2), node=False),
    case("kron of vector", lambda m, a, b: a.kron(b), (3,), (2, 2), node=False),
    case("addmm", lambda m, c, a, b: m.addmm(c, a, b, beta=0.5, alpha=2), (2, 4), (2, 3), (3, 4)),
    case("addmm broadcast", lambda m, c, a, b: c.addmm(a, b), (4,), (2, 3), (3, 4)),
    case("addmm in place", lambda m, c, a, b: (c * 1).addmm_(a, b), (2, 4), (2, 3), (3, 4)),
    case("addmv", lambda m, c, a, b: m.addmv(c, a, b, beta=0.5, alpha=2), (2,), (2, 3), (3,)),
    case("addr", lambda m, c, a, b: m.addr(c, a, b, alpha=2), (2, 3), (2,), (3,)),
    case("addbmm", lambda m, c, a, b: m.addbmm(c, a, b, beta=0.5, alpha=2), (2, 4), (3, 2, 3),
         (3, 3, 4)),
    case("baddbmm", lambda m, c, a, b: m.baddbmm(c, a, b, beta=0.5, alpha=2), (3, 2, 4),
         (3, 2, 3), (3, 3, 4)),
    case("tensordot", lambda m, a, b: m.tensordot(a, b), (2, 3, 4), (3, 4, 2)),
    case("tensordot lists", lambda m, a, b: m.tensordot(a, b, dims=([2, 0], [0, 1])), (2, 3, 4),
         (4, 2, 3)),
    case("tensordot 0", lambda m, a, b: m.tensordot(a, b, 0), (2,), (3,), node=False),
    case("multi_dot", lambda m, a, b, c: m.linalg.multi_dot([a, b, c]), (2, 3), (3, 4), (4, 2),
         node=False),
    case("multi_dot vectors", lambda m, a, b, c: m.linalg.multi_dot((a, b, c)), (3,), (3, 4), (4,),
         node=False),
    case("chain_matmul", lambda m, a, b, c: m.chain_matmul(a, b, c), (2, 3), (3, 4), (4, 1),
         node=False),
    case("bilinear", lambda m, x, y, w, b: m.bilinear(x, y, w, b), (4, 2), (4, 3), (5, 2, 3), (5,),
         node=False),
    case("matrix_power 0", lambda m, a: m.matrix_power(a, 0), S, node=False, order=1),
    *[case(f"matrix_power {n}", lambda m, a, n=n: m.matrix_power(a, n), S, tolerance=100)
      for n in (1, 2, 3, 5)],
    case("matrix_power -2", lambda m, a: m.linalg.matrix_power(apart(m, a), -2), S),
]  # fmt: skip

EINSUM = [
    case(f"einsum {eq}", lambda m, *t, eq=eq: m.einsum(eq, *t), *shapes,
         node=eq in ("ij->ji", "ii", "ij->", "i,j->ij"))
    for eq, *shapes in [
        ("ij,jk->ik", (2, 3), (3, 4)), ("ij,jk", (2, 3), (3, 4)), ("ij->ji", (2, 3)),
        ("ii", S), ("ii->i", S), ("ij->", (2, 3)), ("ij->j", (2, 3)), ("i,i", (3,), (3,)),
        ("i,j->ij", (3,), (4,)), ("bij,bjk->bik", (2, 2, 3), (2, 3, 4)),
        ("...ij,...jk->...ik", (5, 2, 2, 3), (2, 3, 4)), ("...i->...", (2, 3)),
        ("i...->...", (2, 3, 2)), ("...i->i", (2, 3)), ("bn,anm,bm->ba", (2, 3), (5, 3, 4), (2, 4)),
        ("ij,ij->ij", (2, 3), (2, 3)), ("ij,ij->i", (1, 3), (2, 3)), ("iij->j", (3, 3, 2)),
        ("ij,kl->", (2, 3), (3, 2)), (" i j , j k -> k i ", (2, 3), (3, 2)), ("Aa,a", (2, 3), (3,)),
        ("bqhd,bkhd->bhqk", (2, 3, 2, 4), (2, 5, 2, 4)), (",i", (), (3,)),
        ("ij,jk,kl->il", (2, 3), (3, 2), (2, 4)), ("ij,jk,ik->", (2, 3), (3, 4), (2, 4)),
        ("ijii->j", (2, 3, 2, 2)), ("...,...->...", (2, 1), (2, 3)), ("ab,bc,ca", S, S, S),
    ]
] + [
    case("einsum sublists", lambda m, a, b: m.einsum(a, [0, 1], b, [1, 2], [2, 0]), (2, 3), (3, 4),
         node=False),
    case("einsum sublists with ellipsis",
         lambda m, a, b: m.einsum(a, [..., 0, 1], b, [..., 1, 2]), (2, 2, 3), (2, 3, 4),
         node=False),
    case("einsum of a list", lambda m, a, b: m.einsum("ij,j", [a, b]), (2, 3), (3,), node=False),
    case("einsum complex", lambda m, a, b: m.einsum("ij,jk->ik", a, b), (2, 3), (3, 2),
         domain="complex", node=False),
]  # fmt: skip

DECOMPOSITIONS = [
    case("inv", lambda m, a: m.linalg.inv(apart(m, a)), S),
    case("inverse of a batch", lambda m, a: apart(m, a).inverse(), B),
    case("inv complex", lambda m, a: m.linalg.inv(apart(m, a)), S, domain="complex", tolerance=10),
    case("solve", lambda m, a, b: m.linalg.solve(apart(m, a), b), S, (3, 2)),
    case("solve vector", lambda m, a, b: m.linalg.solve(apart(m, a), b), S, (3,)),
    case("solve vectors", lambda m, a, b: m.linalg.solve(apart(m, a), b), B, (2, 3)),
    case("solve broadcast", lambda m, a, b: m.linalg.solve(apart(m, a), b), B, (3, 2)),
    case("solve from the right", lambda m, a, b: m.linalg.solve(apart(m, a), b, left=False), S,
         (2, 3), node=False),
    case("solve complex", lambda m, a, b: m.linalg.solve(apart(m, a), b), S, (3, 2),
         domain="complex", tolerance=10),
    *[case(f"solve_triangular {upper} {left} {unit}",
           lambda m, a, b, u=upper, s=left, t=unit: m.linalg.solve_triangular(
               apart(m, a), b, upper=u, left=s, unitriangular=t), B, (2, 3, 3), tolerance=100)
      for upper in (True, False) for left in (True, False) for unit in (True, False)],
    case("det", lambda m, a: m.det(a), S, tolerance=100),
    case("det of a batch", lambda m, a: m.linalg.det(apart(m, a)), B, tolerance=100),
    case("det of a singular matrix",
         lambda m, a, b: m.det(m.outer(a, b) + m.outer(b, a)), (3,), (3,), order=1, tolerance=100),
    case("det complex", lambda m, a: m.det(apart(m, a)), S, domain="complex", tolerance=100),
    case("slogdet", lambda m, a: m.linalg.slogdet(a)[1], S, tolerance=1000),
    case("slogdet old", lambda m, a: a.slogdet().logabsdet, B, tolerance=1000),
    case("slogdet sign", lambda m, a: m.linalg.slogdet(a)[0].detach(), B, order=0),
    case("slogdet complex", lambda m, a: m.linalg.slogdet(apart(m, a)), S, domain="complex",
         tolerance=100),
    case("logdet", lambda m, a: m.logdet(spd(m, a)), S, tolerance=10),
    case("cholesky", lambda m, a: m.linalg.cholesky(spd(m, a)), B, tolerance=10),
    case("cholesky upper", lambda m, a: m.linalg.cholesky(spd(m, a), upper=True), S, tolerance=10),
    case("cholesky complex", lambda m, a: m.linalg.cholesky(spd(m, a)), S, domain="complex",
         tolerance=10),
    case("cholesky_solve", lambda m, b, a: m.cholesky_solve(b, m.linalg.cholesky(spd(m, a))),
         (3, 2), S, node=False, tolerance=10),
    case("cholesky_inverse", lambda m, a: m.cholesky_inverse(m.linalg.cholesky(spd(m, a))), S,
         node=False, tolerance=10),
    *[case(f"qr {shape}", lambda m, a: m.linalg.qr(apart(m, a)), shape, tolerance=100)
      for shape in (S, (4, 2), (2, 4), (2, 4, 3))],
    case("qr complex", lambda m, a: m.linalg.qr(apart(m, a)), (4, 3), domain="complex",
         tolerance=100),
    case("qr R only", lambda m, a: m.linalg.qr(a, mode="r").R, (4, 3), order=0),
    case("svdvals", lambda m, a: m.linalg.svdvals(apart(m, a)), (3, 4), tolerance=100),
    *[case(f"svd {shape}", lambda m, a: through_svd(m, apart(m, a)), shape, node=False,
           tolerance=1000) for shape in (S, (4, 3), (3, 4), B)],
    case("svd complex", lambda m, a: through_svd(m, apart(m, a)), (4, 3), domain="complex",
         node=False, tolerance=1000),
    case("svd values", lambda m, a: m.linalg.svd(apart(m, a), full_matrices=True).S, (4, 3),
         tolerance=100),
    case("svd old", lambda m, a: m.svd(apart(m, a)).S, (4, 3), tolerance=100),
    case("eigvalsh", lambda m, a: m.linalg.eigvalsh(spd(m, a)), B, tolerance=100),
    case("eigh", lambda m, a: through_eigh(m, spd(m, a)), S, node=False, tolerance=1000),
    case("eigh upper", lambda m, a: m.linalg.eigh(spd(m, a), UPLO="U").eigenvalues, S,
         tolerance=100),
    case("eigh complex", lambda m, a: through_eigh(m, spd(m, a)), S, domain="complex", node=False,
         tolerance=1000),
    case("eigvals", lambda m, a: m.linalg.eigvals(apart(m, a)).real.sort().values, S, node=False,
         tolerance=100, dtypes=("float64",)),
    case("eig", lambda m, a: through_eig(m, apart(m, a)), S, node=False, tolerance=1000,
         dtypes=("float64",)),
    *[case(f"pinv {shape}", lambda m, a: m.linalg.pinv(apart(m, a)), shape, tolerance=100)
      for shape in (S, (4, 2), (2, 4))],
    case("pinverse", lambda m, a: apart(m, a).pinverse(), (2, 4, 3), tolerance=100),
    case("lstsq", lambda m, a, b: m.linalg.lstsq(apart(m, a), b)[:2], (5, 3), (5, 2),
         tolerance=100),
    case("lstsq gelsd", lambda m, a, b: m.linalg.lstsq(apart(m, a), b, driver="gelsd")[:2],
         (5, 3), (5, 2), tolerance=1000),
    case("lstsq square", lambda m, a, b: m.linalg.lstsq(apart(m, a), b).solution, S, (3, 2),
         tolerance=100),
    case("lstsq batch", lambda m, a, b: m.linalg.lstsq(apart(m, a), b).solution, (2, 4, 3),
         (2, 4, 1), tolerance=100),
    case("lstsq rank", lambda m, a, b: m.linalg.lstsq(apart(m, a), b).rank, (5, 3), (5, 2),
         order=0),
    case("matrix_exp", lambda m, a: m.matrix_exp(a), S, tolerance=1000),
    case("matrix_exp of a batch", lambda m, a: m.linalg.matrix_exp(a * 0.3), B, tolerance=10),
    case("matrix_exp complex", lambda m, a: m.matrix_exp(a * 0.5), S, domain="complex",
         tolerance=100),
    case("matrix_rank", lambda m, a: m.linalg.matrix_rank(m.stack([a, a * 2, a * 0])), (3,),
         order=0),
    *[case(f"cond {p}", lambda m, a, p=p: m.linalg.cond(apart(m, a), p), S, node=False,
           tolerance=100) for p in (None, 2, -2, "nuc")],
    # PyTorch's backward refuses these (it overwrites its own inverse); finite differences do not.
    *[case(f"cond {p}", lambda m, a, p=p: m.linalg.cond(apart(m, a), p), S, order=0,
           tolerance=100) for p in (1, "fro", float("inf"))],
    *[case(f"matrix_norm {p}", lambda m, a, p=p: m.linalg.matrix_norm(apart(m, a), p), (2, 3, 4),
           tolerance=100)
      for p in ("fro", "nuc", 1, -1, 2, -2, float("inf"), -float("inf"))],
    case("matrix_norm dims", lambda m, a: m.linalg.matrix_norm(a, 1, dim=(2, 0), keepdim=True),
         (2, 3, 4)),
    case("linalg.norm", lambda m, a: m.linalg.norm(a), B),
    case("linalg.norm 2", lambda m, a: m.linalg.norm(apart(m, a), 2), S, tolerance=10),
    case("linalg.norm dim", lambda m, a: m.linalg.norm(a, 3, dim=1), S),
    case("norm nuc", lambda m, a: apart(m, a).norm("nuc"), S, tolerance=10),
    case("vector_norm", lambda m, a: m.linalg.vector_norm(a, 3, dim=(0, 2), keepdim=True), B),
]  # fmt: skip


def through_svd(m: Any, a: Any) -> Any:
    """Something of U, S and Vh that does not depend on their signs (or phases)."""
    u, s, vh = m.linalg.svd(a, full_matrices=False)
    one = u[..., :, :2] @ vh[..., :2, :]
    return one, s, u[..., :, 0:1] @ u[..., :, 0:1].transpose(-2, -1).conj()


def through_eigh(m: Any, a: Any) -> Any:
    values, v = m.linalg.eigh(a)
    return values, v[..., 0:1] @ v[..., 0:1].transpose(-2, -1).conj()


def through_eig(m: Any, a: Any) -> Any:
    values, v = m.linalg.eig(a)
    return (v.abs() ** 2 * values.abs().unsqueeze(-2)).sum(-1)


def singular(m: Any) -> Any:
    return m.tensor([[1.0, 2.0], [2.0, 4.0]])


def wide(m: Any) -> Any:
    return m.ones(2, 3)


BAD: list[tuple[Any, str]] = [
    (lambda m: m.linalg.inv(singular(m)), "linalg.inv: The diagonal element 2 is zero, the inver"),
    (lambda m: m.linalg.inv(m.ones(2, 2, 2)), "linalg.inv: (Batch element 0): The diagonal elem"),
    (lambda m: m.linalg.inv(wide(m)), "linalg.inv: A must be batches of square matrices, but they"
     " are 2 by 3 matrices"),
    (lambda m: m.linalg.inv(m.ones(2)), "linalg.inv: The input tensor A must have at least 2 dim"),
    (lambda m: m.linalg.inv(m.tensor([[1]])), "linalg.inv: Expected a floating point or complex"),
    (lambda m: m.linalg.inv(m.ones(1, 1).half()), "linalg.inv: Low precision dtypes not supported"),
    (lambda m: m.linalg.solve(singular(m), m.ones(2)), "torch.linalg.solve: The solver failed bec"),
    (lambda m: m.linalg.solve(m.eye(2), m.ones(3)), "linalg.solve: Incompatible shapes of A and B"
     " for the equation AX = B (2x2 and 3x1)"),
    (lambda m: m.linalg.det(wide(m)), "linalg.det: A must be batches of square matrices"),
    (lambda m: m.logdet(wide(m)), "logdet: A must be batches of square matrices"),
    (lambda m: m.linalg.cholesky(m.tensor([[1.0, 2.0], [2.0, 1.0]])), "linalg.cholesky: The facto"
     "rization could not be completed because the input is not positive-definite (the leading "
     "minor of order 2 is not positive-definite)."),
    (lambda m: m.linalg.qr(wide(m), "bad"), "qr received unrecognized mode 'bad' but expected one"),
    (lambda m: m.linalg.svd(m.ones(2)), "linalg.svd: The input tensor A must have at least 2 dim"),
    (lambda m: m.linalg.eigh(m.eye(2), "X"), "Expected UPLO argument to be 'L' or 'U', but got X"),
    (lambda m: m.linalg.pinv(m.ones(2)), "linalg.pinv(Float{[2]}): expected a tensor with 2 or mo"),
    (lambda m: m.linalg.matrix_exp(wide(m)), "linalg.matrix_exp: A must be batches of square mat"),
    (lambda m: m.matrix_power(m.eye(2), 1.5), "matrix_power(): argument 'n' (position 2) must be"),
    (lambda m: m.linalg.multi_dot([m.eye(2)]), "multi_dot(): expected at least 2 tensors but got"),
    (lambda m: m.linalg.multi_dot([m.eye(2), wide(m), m.eye(2)]), "multi_dot(): tensors 1 and 2 w"),
    (lambda m: m.linalg.matrix_norm(m.eye(2), 5), "linalg.matrix_norm: Order 5 not supported."),
    (lambda m: m.linalg.norm(m.ones(2, 2, 2), 2), "linalg.norm: If dim is not specified but ord"),
    (lambda m: m.linalg.cross(m.ones(2), m.ones(2)), "linalg.cross: inputs dimension -1 must have"),
    (lambda m: m.trace(m.ones(2)), "trace: expected a matrix, but got tensor with dim 1"),
    (lambda m: m.outer(m.eye(2), m.ones(2)), "outer: Expected 1-D argument self, but got 2-D"),
    (lambda m: m.addmm(m.ones(2), wide(m), wide(m)), "mat1 and mat2 shapes cannot be multiplied"),
    (lambda m: m.addmm(wide(m), m.eye(2), m.eye(2)), "The expanded size of the tensor (2) must ma"),
    (lambda m: m.addmv(m.ones(2), m.eye(2), m.ones(3)), "size mismatch, got input (2), mat (2x2)"),
    (lambda m: m.tensordot(m.eye(2), m.eye(2), dims=3), "tensordot expects dims < ndim_a or ndim_"),
    (lambda m: m.einsum("ij,jk", m.eye(2)), "einsum(): fewer operands were provided than specif"),
    (lambda m: m.einsum("ij", m.eye(2), m.eye(2)), "einsum(): more operands were provided than"),
    (lambda m: m.einsum("i1", m.eye(2)), "einsum(): invalid subscript given at index 1 in the eq"),
    (lambda m: m.einsum("ijk", m.eye(2)), "einsum(): the number of subscripts in the equation (3)"
     " does not match the number of dimensions (2) for operand 0 and no ellipsis was given"),
    (lambda m: m.einsum("ij,jk", m.eye(2), m.ones(3, 2)), "einsum(): subscript j has size 3 for o"),
    (lambda m: m.einsum("ij->x", m.eye(2)), "einsum(): output subscript x does not appear in the"),
    (lambda m: m.einsum("ij->ii", m.eye(2)), "einsum(): output subscript i appears more than once"),
    (lambda m: m.einsum("i..->i", m.eye(2)), "einsum(): found '.' for operand 0 that is not part"),
    (lambda m: m.einsum(m.eye(2), [0, 60]), "einsum(): subscript in subscript list is not within"),
    (lambda m: m.einsum("ij"), "einsum(): must specify the equation string and at least one oper"),
]  # fmt: skip
