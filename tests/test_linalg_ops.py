"""Linear algebra and einsum: PyTorch's values, gradients and errors."""

from __future__ import annotations

import linalg_cases
import numpy as np
import pytest
from op_checks import against, as_stored, by_differences, is_smooth

import minigrad as mg

GROUPS = ("PRODUCTS", "EINSUM", "DECOMPOSITIONS")
CASES = [
    pytest.param(f"{name} {i} {case.name}", case, id=f"{name.lower()}-{i}-{case.name}")
    for name in GROUPS
    for i, case in enumerate(getattr(linalg_cases, name))
]


@pytest.mark.parametrize(("key", "case"), CASES)
def test_as_torch(torch, key, case):
    against(torch, case)


@pytest.mark.parametrize(("key", "case"), CASES)
def test_as_torch_stored(key, case):
    as_stored(key, case)


@pytest.mark.parametrize(("key", "case"), [p for p in CASES if is_smooth(p.values[1])])
def test_gradients_by_differences(key, case):
    by_differences(case, 1)
    if case.order > 1:
        by_differences(case, 2)


def random_matrix(*shape):
    return mg.tensor(np.random.default_rng(3).normal(size=shape))


def test_decompositions_put_together_again():
    a = random_matrix(2, 4, 3)
    u, s, vh = mg.linalg.svd(a, full_matrices=False)
    assert mg.allclose(u @ (s.unsqueeze(-1) * vh), a)
    q, r = mg.linalg.qr(a, mode="complete")
    assert q.shape == (2, 4, 4) and mg.allclose(q @ r, a)
    square = a.transpose(-2, -1) @ a
    values, vectors = mg.linalg.eigh(square)
    assert mg.allclose(vectors @ (values.unsqueeze(-1) * vectors.transpose(-2, -1)), square)
    lower = mg.linalg.cholesky(square)
    assert mg.allclose(lower @ lower.transpose(-2, -1), square)
    eye = mg.eye(3, dtype=mg.float64).expand(2, 3, 3)
    assert mg.allclose(mg.cholesky_solve(square, lower), eye)
    values, vectors = mg.linalg.eig(square)
    assert mg.allclose(square.cdouble() @ vectors, vectors * values.unsqueeze(-2))


def test_matrix_exp_of_large_matrices_is_scaled_and_squared():
    turn = mg.tensor([[0.0, -30.0], [30.0, 0.0]], dtype=mg.float64)
    c, s = np.cos(30), np.sin(30)
    np.testing.assert_allclose(mg.matrix_exp(turn).numpy(), [[c, -s], [s, c]], atol=1e-12)


def test_multi_dot_takes_the_cheap_order():
    a, b, c = random_matrix(50, 2), random_matrix(2, 50), random_matrix(50, 1)
    a.requires_grad_()
    y = mg.linalg.multi_dot([a, b, c])  # a (b c): 200 products instead of 7500
    assert y.grad_fn.next_functions[0][0].name() == "AccumulateGrad" or (
        y.grad_fn.name() == "MmBackward0"
    )
    assert y.grad_fn.next_functions[1][0] is None
    assert mg.allclose(y, a @ b @ c)


def test_gradient_of_a_loss_behind_a_condition_number():
    a = mg.tensor([[2.0, 0.3], [0.1, 1.0]], dtype=mg.float64, requires_grad=True)
    mg.linalg.cond(a, 1).backward()
    step, d = 1e-6, np.array([[0.3, -0.2], [0.5, 0.7]])
    up, down = (mg.linalg.cond(mg.tensor(a.detach().numpy() + k * step * d), 1).item()
                for k in (1, -1))  # fmt: skip
    assert abs((a.grad.numpy() * d).sum() - (up - down) / (2 * step)) < 1e-7


def test_named_results_print_as_in_pytorch():
    shown = repr(mg.linalg.slogdet(mg.eye(2)))
    assert shown == "torch.return_types.linalg_slogdet(\nsign=tensor(1.),\nlogabsdet=tensor(0.))"




def singular(m):
    return m.tensor([[1.0, 2.0], [2.0, 4.0]])


def wide(m):
    return m.ones(2, 3)


BAD = [
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


@pytest.mark.parametrize(("call", "words"), BAD, ids=[words[:40] for _, words in BAD])
def test_refusals(call, words):
    with pytest.raises((RuntimeError, TypeError, ValueError)) as error:
        call(mg)
    assert str(error.value).startswith(words)


@pytest.mark.parametrize(("call", "words"), BAD, ids=[words[:40] for _, words in BAD])
def test_refusals_as_torch(torch, call, words):
    with pytest.raises(Exception) as theirs:
        call(torch)
    ours = mg.linalg.LinAlgError if "LinAlgError" in type(theirs.value).__name__ else type(
        theirs.value
    )
    with pytest.raises(ours):
        call(mg)
    assert str(theirs.value).startswith(words)
