"""Linear algebra: what its results have to satisfy (each call: test_op_tables.py)."""

from __future__ import annotations

import numpy as np

import minigrad as mg


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
    assert y.grad_fn.next_functions[0][0].variable is a
    assert y.grad_fn.name() == "ViewBackward0"  # as PyTorch, whose last step is a view
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
