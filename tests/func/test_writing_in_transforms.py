"""Writes in place inside of vmap and jvp: they reach the user's memory, views, tangents, graphs."""

import random

import pytest

import minigrad as mg

pytestmark = [
    pytest.mark.filterwarnings("ignore:.torch.jit.script:DeprecationWarning"),
    pytest.mark.filterwarnings("ignore:There is a performance drop:UserWarning"),
]


def numbers(m, n=12, shape=(2, 3, 2)):
    return m.arange(float(n)).reshape(shape)


# --- vmap ----------------------------------------------------------------------------------------


@pytest.mark.parametrize("dim", [0, 1, 2, -1])
def test_a_write_to_the_input_is_seen_outside(m, dim):
    x = numbers(m)
    out = m.func.vmap(lambda x: x.mul_(2), in_dims=dim, out_dims=dim)(x)
    assert x.tolist() == out.tolist() == (numbers(m) * 2).tolist()
    m.func.vmap(lambda x: x[0].zero_(), in_dims=dim)(x)
    assert (x == 0).sum() >= 4


def test_views_and_their_base_are_one(m):
    def f(x):
        x = x.clone()
        v, w = x[0], x.view(-1)
        v.mul_(3)
        w.add_(1)
        x.t().copy_(x.t() * 2)
        return x, v, w

    x = numbers(m)
    found = m.func.vmap(f)(x)
    for i in range(2):
        for many, one in zip(found, f(x[i]), strict=True):
            assert many[i].tolist() == one.tolist()


def test_gradients_through_writes_into_views(m):
    def f(x):
        y = x * 1
        v = y[0]
        v.mul_(x[1])
        y.view(-1)[2:].mul_(2)
        y[1] = y[0] * 2
        return (y * v.sum()).sum()

    x = numbers(m) / 10
    found = m.func.vmap(m.func.grad(f))(x)
    for i in range(2):
        assert m.allclose(found[i], m.func.grad(f)(x[i]))
    leaf = x.clone().requires_grad_()
    m.func.vmap(f)(leaf).sum().backward()
    assert m.allclose(leaf.grad, found)
    hessian = m.func.vmap(m.func.hessian(f))(x)
    assert m.allclose(hessian[1], m.func.hessian(f)(x[1]), rtol=1e-4)


def test_a_result_without_gradient_is_written(m):
    """Of x == y the gradient is 0, also after it was written into x."""
    x = m.ones(2, 3, requires_grad=True)
    m.func.vmap(lambda x: (x * 1).eq_(2))(x).sum().backward()
    assert x.grad.tolist() == [[0] * 3] * 2


def test_what_may_not_be_written_to(m):
    rows = m.ones(1, 3).expand(2, 3)
    with pytest.raises(RuntimeError, match="more than one element of the written-to tensor"):
        m.func.vmap(lambda x: x.mul_(2))(rows)
    with pytest.raises(RuntimeError, match="leaf Variable that requires grad"):
        m.func.vmap(lambda x: x.mul_(2))(m.ones(2, 3, requires_grad=True))


def test_a_function_that_runs_again_in_a_loop_writes_once():
    x = mg.ones(2, 3)

    def f(x):
        x.mul_(3)
        return x.nonzero().sum()  # needs the numbers of each example

    assert mg.vmap(f)(x).tolist() == [3, 3] and x.tolist() == [[3] * 3] * 2


@pytest.mark.parametrize("make", ["new_zeros", "new_ones", "new_empty", "new_full"])
def test_new_tensors_are_one_for_each_example(m, make):
    def f(y, x):
        more = (5.0,) if make == "new_full" else ()
        own = getattr(x, make)((2,), *more)
        own.copy_(y)
        return own.sum()

    y, x = numbers(m, 6, (3, 2)), m.ones(3)
    assert m.func.vmap(f)(y, x).tolist() == y.sum(1).tolist()
    assert m.func.vmap(m.func.grad(f))(y, x).tolist() == [[1, 1]] * 3
    nested = m.func.vmap(m.func.vmap(f))(numbers(m), m.ones(2, 3))
    assert nested.tolist() == numbers(m).sum(-1).tolist()


# --- forward mode --------------------------------------------------------------------------------


def test_a_view_taken_before_its_base_has_a_tangent(m):
    forward_ad = m.autograd.forward_ad

    def f(y):
        x = m.ones(2)
        v = x[0]
        x.mul_(y)
        return v * 3

    y, t = m.tensor([2.0, 5.0]), m.tensor([7.0, 11.0])
    value, slope = m.func.jvp(f, (y,), (t,))
    assert value.item() == 6 and slope.item() == 21
    assert m.func.jacfwd(f)(y).tolist() == m.func.jacrev(f)(y).tolist() == [3, 0]
    with forward_ad.dual_level():
        x = m.ones(2)
        v, w = x[0], x.view(2, 1)
        x.mul_(forward_ad.make_dual(y, t))
        assert forward_ad.unpack_dual(v).tangent.item() == 7
        assert forward_ad.unpack_dual(w).tangent.tolist() == [[7], [11]]
        v.mul_(2)  # and a write into the view is seen by all
        assert forward_ad.unpack_dual(x).tangent.tolist() == [14, 11]
        assert forward_ad.unpack_dual(w * w).tangent.tolist() == [[2 * 4 * 14], [2 * 5 * 11]]


def test_a_view_of_what_was_dual_on_a_level_that_has_ended(m):
    forward_ad = m.autograd.forward_ad
    x, one = m.ones(2), m.ones(2)
    v = x[0]
    with forward_ad.dual_level():
        x.mul_(forward_ad.make_dual(one * 2, one))
    with forward_ad.dual_level():
        assert forward_ad.unpack_dual(v * 3).tangent is None
        assert (v * forward_ad.make_dual(one * 3, one)).tolist() == [6, 6]


def test_tangents_of_a_batch_are_written(m):
    def f(x, y):
        x = x.clone()
        view = x[0]
        x.copy_(y)
        x[1].mul_(y[0])
        return view, x

    def push(x, y, t):
        return m.func.jvp(lambda y: f(x, y), (y,), (t,))

    x, y, t = numbers(m), numbers(m) + 1, numbers(m).flip(0)
    outs, slopes = m.func.vmap(push)(x, y, t)
    for i in range(2):
        values, wanted = push(x[i], y[i], t[i])
        for j in range(2):
            assert outs[j][i].tolist() == values[j].tolist()
            assert slopes[j][i].tolist() == wanted[j].tolist()


def test_a_dual_input_is_written_in_place(m):
    x, t = numbers(m, 6, (2, 3)), m.ones(2, 3)
    y, s = m.ones(3), m.tensor([1.0, 2.0, 3.0])

    def push(x, t):
        return m.func.jvp(lambda x, y: x.copy_(y), (x, y), (t, s))

    value, slope = m.func.vmap(push)(x, t)
    assert x.tolist() == value.tolist() == [[1, 1, 1]] * 2
    assert slope.tolist() == [[1, 2, 3]] * 2


# --- drawn programs ------------------------------------------------------------------------------


def drawn(seed):
    """A function that cuts views and writes into them, in an order of its own."""
    rng = random.Random(seed)
    steps = [(rng.choice("view view write write write clone new".split()), rng.random(),
              rng.random(), rng.randrange(4)) for _ in range(12)]  # fmt: skip

    def f(x):
        have = [x * 1, x.new_ones(2, 3)]
        for kind, a, b, way in steps:
            t, other = have[int(a * len(have))], have[int(b * len(have))]
            if kind == "view":
                have.append((t[..., 0:1], t.t() if t.ndim == 2 else t, t.view_as(t), t[0])[way]
                            if t.ndim else t.view(1))  # fmt: skip
            elif kind == "clone":
                have.append(t.clone())
            elif kind == "new":
                have.append(t.new_zeros(t.shape))
            elif way == 0:
                t.mul_(other.sum())
            elif way == 1:
                t.add_(other.detach().sum() + other.sum())
            elif way == 2:
                t.copy_(other.mean() * 2)
            else:
                t.sin_()
        return mg.stack([(t * mg.arange(1.0, 1 + t.numel()).view(t.shape)).sum() for t in have])

    return f


@pytest.mark.parametrize("seed", range(60))
def test_drawn_programs_that_write_into_views(seed):
    f = drawn(seed)
    x = mg.tensor([[0.3, -0.2, 0.5], [0.7, 0.1, -0.4]], dtype=mg.float64)
    wanted = mg.autograd.functional.jacobian(f, x)
    assert mg.allclose(mg.func.jacfwd(f)(x), wanted)
    assert mg.allclose(mg.func.jacrev(f)(x), wanted)
    two = mg.stack([x, x * 2])
    for jacobian in (mg.func.jacfwd, mg.func.jacrev):
        assert mg.allclose(mg.vmap(jacobian(f))(two)[0], wanted)
    assert mg.allclose(mg.vmap(f)(two)[0], f(x))
    hessian = mg.func.hessian(lambda x: f(x).sum())(x)
    by_hand = mg.autograd.functional.hessian(lambda x: f(x).sum(), x)
    assert mg.allclose(hessian, by_hand)
