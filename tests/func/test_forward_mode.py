"""Forward-mode differentiation: dual numbers and func.jvp."""

import threading

import func_checks
import numpy as np
import pytest
from refusal import refused

import minigrad as mg
from minigrad.core.op import ALL_OPS

# PyTorch's own forward mode uses something that it deprecates.
pytestmark = pytest.mark.filterwarnings("ignore:.torch.jit.script:DeprecationWarning")

CASES = func_checks.cases()
# As in PyTorch these have no second derivative, so no jvp by the vjp of the vjp.
FIRST_ONLY = ("ctc_loss",)


def is_tested(case):
    example = func_checks.examples_of(case)[0]
    return example.differentiable and not any(w in example.name for w in FIRST_ONLY)


@pytest.mark.parametrize("case", [c for c in CASES if is_tested(c)], ids=func_checks.label)
def test_forward_is_reverse(case):
    for example in func_checks.examples_of(case):
        func_checks.forward_is_reverse(example)


@pytest.mark.parametrize("name", sorted(n for n, o in ALL_OPS.items() if o.linear or o.bilinear))
def test_what_is_linear_is_not_bilinear_and_products_have_two_inputs(name):
    op = ALL_OPS[name]
    assert not (op.linear and op.bilinear)
    assert op.linear or len(op.input_names) == 2


def test_the_rules_agree_with_the_vjp_of_the_vjp(monkeypatch):
    """What a short rule gives, rule 5 gives too."""
    from minigrad.func import dual

    def f(x, y):
        z = mg.tanh(x) * y + x @ y.T @ x
        return (z.exp() / (1 + z * z)).cumsum(0)[1:].reshape(-1), mg.where(x > 0, x, y * 2)

    rng = np.random.default_rng(0)
    points = tuple(mg.tensor(rng.normal(size=(3, 3)) * 0.4) for _ in range(2))
    tangents = tuple(mg.tensor(rng.normal(size=(3, 3))) for _ in range(2))
    short = mg.func.jvp(f, points, tangents)[1]
    for op in ALL_OPS.values():
        monkeypatch.setattr(op, "linear", False)
        monkeypatch.setattr(op, "bilinear", False)
    monkeypatch.setattr(dual, "is_diagonal", lambda op, values: False)
    long = mg.func.jvp(f, points, tangents)[1]
    for a, b in zip(short, long, strict=True):
        np.testing.assert_allclose(a.numpy(), b.numpy(), rtol=1e-12, atol=1e-12)


# --- one test for minigrad and PyTorch (fixture m) ---------------------------------------------


def forward_ad(m):
    return m.autograd.forward_ad


def dual(m, primal=(1.0, 2.0), tangent=(3.0, 4.0)):
    return forward_ad(m).make_dual(m.tensor(primal), m.tensor(tangent))


def tangent(m, t):
    return forward_ad(m).unpack_dual(t).tangent.tolist()


def test_a_dual_number_shows_its_tangent(m):
    with forward_ad(m).dual_level():
        x = dual(m)
        assert repr(x) == "tensor([1., 2.], tangent=tensor([3., 4.]))"
        parts = forward_ad(m).unpack_dual(x * x)
        assert parts.primal.tolist() == [1, 4] and parts.tangent.tolist() == [6, 16]
        assert repr(parts) == (
            "UnpackedDualTensor(primal=tensor([1., 4.]), tangent=tensor([ 6., 16.]))"
        )
        assert forward_ad(m).unpack_dual(m.ones(2)).tangent is None
        assert forward_ad(m).unpack_dual(x.detach()).tangent is None
        assert x.shape == (2,) and x.sum().item() == 3


def test_tangents_end_with_their_level(m):
    with forward_ad(m).dual_level():
        x = dual(m)
        y = x * 2
    assert repr(y) == "tensor([2., 4.])"
    assert forward_ad(m).unpack_dual(y).tangent is None
    assert (x + y).tolist() == [3, 6]
    with forward_ad(m).dual_level():
        assert forward_ad(m).unpack_dual(x * 2).tangent is None


def test_in_place_writes_carry_tangents(m):
    with forward_ad(m).dual_level():
        x = dual(m)
        y = x.clone()
        y += x
        assert tangent(m, y) == [6, 8]
        y[0] = y[1] * 2
        assert y.tolist() == [8, 4] and tangent(m, y) == [16, 8]
        y.mul_(x)
        assert tangent(m, y) == [16 * 1 + 8 * 3, 8 * 2 + 4 * 4]
        y.zero_()
        assert tangent(m, y) == [0, 0]
        z = m.zeros(3)
        z[1:] = x
        assert tangent(m, z) == [0, 3, 4]


def test_views_and_their_base_share_tangents(m):
    with forward_ad(m).dual_level():
        y = dual(m).clone()
        v = y[1:]
        v *= 10
        assert y.tolist() == [1, 20] and tangent(m, y) == [3, 40]
        y.add_(1)
        assert v.tolist() == [21] and tangent(m, v) == [40]
        y.mul_(2)
        assert tangent(m, v) == [80]
        base = m.zeros(2, 2)
        base[0].copy_(dual(m))
        assert tangent(m, base) == [[3, 4], [0, 0]]


def test_gradients_of_duals_are_duals(m):
    """Forward over reverse: the gradient's tangent is the Hessian times the tangent."""
    leaf = m.tensor([1.0, 2.0], requires_grad=True)
    with forward_ad(m).dual_level():
        x = forward_ad(m).make_dual(leaf, m.tensor([3.0, 4.0]))
        (g,) = m.autograd.grad((x**3).sum(), leaf)
        assert g.tolist() == [3, 12] and tangent(m, g) == [6 * 3, 12 * 4]


def test_tangents_can_be_differentiated(m):
    """Reverse over forward, by the primal and by the tangent."""
    leaf = m.tensor([1.0, 2.0], requires_grad=True)
    direction = m.tensor([3.0, 4.0], requires_grad=True)
    with forward_ad(m).dual_level():
        x = forward_ad(m).make_dual(leaf, direction)
        slope = forward_ad(m).unpack_dual((x**3).prod()).tangent
        slope.backward()
    # slope = 3 a^2 b^3 u + 3 a^3 b^2 v at a, b = 1, 2 and u, v = 3, 4
    assert slope.item() == 3 * 8 * 3 + 3 * 4 * 4
    assert leaf.grad.tolist() == [6 * 8 * 3 + 9 * 4 * 4, 9 * 4 * 3 + 6 * 2 * 4]
    assert direction.grad.tolist() == [24, 12]


def test_backward_through_duals_reaches_parameters(m):
    w = m.tensor([1.0, 2.0], requires_grad=True)
    with forward_ad(m).dual_level():
        loss = (w * dual(m)).sum()
        assert tangent(m, loss) == 11
        loss.backward()
    assert w.grad.tolist() == [1, 2]


def test_complex_numbers(m):
    x, t = m.tensor([1 + 2j]), m.tensor([2 - 1j])
    _, slope = m.func.jvp(lambda z: z * z, (x,), (t,))
    assert slope.tolist() == [2 * (1 + 2j) * (2 - 1j)]
    _, slope = m.func.jvp(lambda z: (z * z.conj()).real, (x,), (t,))
    assert slope.tolist() == [0]


def test_whole_numbers_have_no_tangent(m):
    def f(x):
        return x.sort()

    (values, indices), (slope, none) = m.func.jvp(
        f, (m.tensor([2.0, 1.0]),), (m.tensor([5.0, 7.0]),)
    )
    assert values.tolist() == [1, 2] and slope.tolist() == [7, 5]
    assert none.tolist() == [0, 0] and indices.tolist() == [1, 0]


def test_no_grad_does_not_stop_forward_mode(m):
    with m.no_grad(), forward_ad(m).dual_level():
        y = dual(m) ** 2
        assert not y.requires_grad and tangent(m, y) == [6, 16]


class Cube:
    """x**3 with a wrong jvp on purpose: who uses it must get the wrong number."""

    @staticmethod
    def make(m):
        class Wrong(m.autograd.Function):
            @staticmethod
            def forward(x):
                return x**3

            @staticmethod
            def setup_context(ctx, inputs, output):
                ctx.save_for_backward(inputs[0])
                ctx.save_for_forward(inputs[0])

            @staticmethod
            def backward(ctx, g):
                return g * 3 * ctx.saved_tensors[0] ** 2

            @staticmethod
            def jvp(ctx, t):
                return t * 100 * ctx.saved_tensors[0]

        return Wrong


def test_a_function_uses_its_own_jvp(m):
    f = Cube.make(m)
    x, t = m.tensor([2.0]), m.tensor([1.0])
    with forward_ad(m).dual_level():
        y = f.apply(forward_ad(m).make_dual(x, t))
        assert y.tolist() == [8] and tangent(m, y) == [200]
    _, slope = m.func.jvp(f.apply, (x,), (t,))
    assert slope.tolist() == [200]
    assert m.func.grad(lambda x: m.func.jvp(f.apply, (x,), (t,))[1].sum())(x).tolist() == [100]
    grad, second = m.func.jvp(m.func.grad(lambda x: f.apply(x).sum()), (x,), (t,))
    assert grad.tolist() == [12] and second.tolist() == [12]


def test_a_function_without_jvp_is_refused(m):
    class Double(m.autograd.Function):
        @staticmethod
        def forward(ctx, x):
            return x * 2

        @staticmethod
        def backward(ctx, g):
            return g * 2

    words = "You must implement "
    with forward_ad(m).dual_level(), pytest.raises(Exception, match=words) as caught:
        Double.apply(dual(m))
    assert caught.type in (NotImplementedError, RuntimeError)


def test_refusals(m):
    ad = forward_ad(m)
    x, t = m.tensor([1.0, 2.0]), m.tensor([3.0, 4.0])
    with refused(RuntimeError, "Trying to create a dual Tensor for forward AD but no level exists"):
        ad.make_dual(x, t)
    with refused(RuntimeError, "Dual level must be a positive number"):
        ad.exit_dual_level()
    with ad.dual_level():
        with refused(RuntimeError, "Nested forward mode AD is not supported at the moment"):
            ad.enter_dual_level()
        size = (
            "Trying to set a forward gradient that has a different size than that of the original"
        )
        with refused(RuntimeError, size):
            ad.make_dual(x, m.ones(3))
        with refused(ValueError, "Expected primal to be floating point or complex, but got: "):
            ad.make_dual(m.tensor([1]), m.tensor([1]))
        with refused(ValueError, "Expected tangent to be floating point or complex, but got: "):
            ad.make_dual(x, m.tensor([1, 2]))
        with refused(RuntimeError, "Making a dual Tensor based on a Tensor that already has a for"):
            ad.make_dual(ad.make_dual(x, t), t)
    with ad.dual_level():  # the failures above have left no level open
        pass


def test_a_level_is_left_when_the_block_raises(m):
    with pytest.raises(ZeroDivisionError), forward_ad(m).dual_level():
        1 / 0  # noqa: B018
    with pytest.raises(ZeroDivisionError):
        m.func.jvp(lambda x: x * (1 / 0), (m.ones(1),), (m.ones(1),))
    with forward_ad(m).dual_level():
        assert tangent(m, dual(m)) == [3, 4]


def test_each_thread_has_its_own_level():
    inside, leave = threading.Event(), threading.Event()

    def other():
        with mg.autograd.forward_ad.dual_level():
            inside.set()
            leave.wait(10)

    thread = threading.Thread(target=other)
    thread.start()
    inside.wait(10)
    try:
        with mg.autograd.forward_ad.dual_level():
            assert tangent(mg, dual(mg)) == [3, 4]
    finally:
        leave.set()
        thread.join()


def test_nothing_is_slower_or_kept_afterwards():
    """A jvp leaves no level behind, and no graph."""
    from minigrad.func.levels import running

    x = mg.ones(3)
    value, slope = mg.func.jvp(lambda x: mg.logcumsumexp(x, 0), (x,), (x,))
    assert running.stack == [] and not value.requires_grad and not slope.requires_grad
