"""Shape operations against PyTorch: values, views, names, two orders of gradients, refusals."""

import math
import warnings

import numpy as np
import pytest
from differential import compare, numbers, opening, refusals
from hypothesis import given, settings
from hypothesis import strategies as st
from refused_op_cases import SHAPE, shape_tensors

import minigrad as mg

CASES = {}
quick = settings(max_examples=12, deadline=None, derandomize=True, database=None)


def case(function):
    CASES[function.__name__] = function
    return function


def shape(data, low=0, high=4, side=4, least=0):
    return tuple(data.draw(st.lists(st.integers(least, side), min_size=low, max_size=high)))


def dim(data, s):
    return data.draw(st.integers(-len(s), len(s) - 1))


def two_dims(data, s):
    a, b = data.draw(st.permutations(range(len(s))))[:2]
    return a - len(s) * data.draw(st.integers(0, 1)), b


@case
def flip(data):
    s = shape(data)
    dims = data.draw(st.permutations(range(len(s))))[: data.draw(st.integers(0, len(s)))]
    return [s], lambda t, x: t.flip(x, dims)


@case
def fliplr_flipud(data):
    return [shape(data, 2)], lambda t, x: (t.fliplr(x), t.flipud(x))


@case
def roll(data):
    s = shape(data, 1)
    d, by = dim(data, s), data.draw(st.integers(-5, 5))
    return [s], lambda t, x: (t.roll(x, by, d), t.roll(x, by), x.roll((by, 1), (0, d)))


@case
def rot90(data):
    s = shape(data, 2)
    dims, k = two_dims(data, s), data.draw(st.integers(-5, 5))
    return [s], lambda t, x: t.rot90(x, k, dims)


@case
def repeat(data):
    s = shape(data, 0, 3, 3)
    times = data.draw(st.lists(st.integers(0, 3), min_size=len(s), max_size=len(s) + 1))
    return [s], lambda t, x: (
        x.repeat(*times) if times else x + 1, x.repeat(times), t.tile(x, (2,)),
    )  # fmt: skip


@case
def repeat_interleave(data):
    s = shape(data, 1, 3, 3, 1)
    d, n = dim(data, s), data.draw(st.integers(0, 3))
    counts = data.draw(st.lists(st.integers(0, 3), min_size=s[d], max_size=s[d]))
    return [s], lambda t, x: (
        t.repeat_interleave(x, n), x.repeat_interleave(n, d),
        x.repeat_interleave(t.tensor(counts), dim=d),
    )  # fmt: skip


@case
def tensor_split(data):
    s = shape(data, 1)
    d, n = dim(data, s), data.draw(st.integers(1, 5))
    cuts = data.draw(st.lists(st.integers(-1, 5), max_size=3))
    return [s], lambda t, x: [*t.tensor_split(x, n, d), *x.tensor_split(cuts, dim=d)]


@case
def hvd_split(data):
    s = data.draw(st.sampled_from([(2, 4, 2), (4, 2, 6)]))
    return [s], lambda t, x: [*t.hsplit(x, 2), *x.vsplit(2), *t.dsplit(x, [1])]


@case
def stacks(data):
    s = shape(data, 0, 4)
    return [s, s], lambda t, x, y: (
        t.hstack([x, y]), t.vstack((x, y)), t.dstack([x, y]),
        t.column_stack([x, y]) if len(s) != 0 else x + 1, t.row_stack([x, y]),
    )  # fmt: skip


@case
def unfold(data):
    s = shape(data, 1, 3, 6, 1)
    d = dim(data, s)
    size, step = data.draw(st.integers(0, s[d])), data.draw(st.integers(1, 3))
    return [s], lambda t, x: x.unfold(d, size, step)


@case
def diag(data):
    s = shape(data, 1, 2, 4, 1)
    k = data.draw(st.integers(-2, 2))
    return [s], lambda t, x: (t.diag(x, k) if len(s) == 1 or abs(k) < min(s) else x + 1,
                              t.diagflat(x, k))  # fmt: skip


@case
def diagonal(data):
    s = shape(data, 2, 4, 4, 1)
    (a, b), k = two_dims(data, s), data.draw(st.integers(-2, 2))
    return [s], lambda t, x: t.diagonal(x, k, a, b)


@case
def diag_embed(data):
    s = shape(data, 1, 3)
    (a, b), k = two_dims(data, (*s, 1)), data.draw(st.integers(-2, 2))
    return [s], lambda t, x: t.diag_embed(x, k, a, b)


@case
def triangles(data):
    s = shape(data, 2)
    k = data.draw(st.integers(-3, 3))
    return [s], lambda t, x: (t.tril(x, k), x.triu(k), x.tril(), t.triu(x))


@case
def index_triangles(data):
    n, m, k = (data.draw(st.integers(*r)) for r in ((0, 4), (0, 4), (-2, 2)))
    return [()], lambda t, x: (t.tril_indices(n, m, k), t.triu_indices(n, m, k))


@case
def meshgrid(data):
    sizes = [(n,) for n in data.draw(st.lists(st.integers(1, 3), min_size=1, max_size=3))]
    indexing = data.draw(st.sampled_from(["ij", "xy"]))
    return sizes, lambda t, *xs: t.meshgrid(*xs, indexing=indexing)


@case
def cartesian_prod(data):
    sizes = [(n,) for n in data.draw(st.lists(st.integers(1, 3), min_size=2, max_size=3))]
    return sizes, lambda t, *xs: t.cartesian_prod(*xs)


@case
def combinations(data):
    n, r = data.draw(st.integers(2, 4)), data.draw(st.integers(1, 2))
    again = data.draw(st.booleans())
    return [(n,)], lambda t, x: t.combinations(x, r, again)


@case
def vander(data):
    n, columns = data.draw(st.integers(1, 4)), data.draw(st.integers(1, 4))
    return [(n,)], lambda t, x: t.vander(x, columns)


@case
def broadcast_tensors(data):
    s = shape(data, 1, 3, 4, 1)
    part = tuple(data.draw(st.sampled_from([1, n])) for n in s)[data.draw(st.integers(0, 1)) :]
    return [s, part], lambda t, x, y: t.broadcast_tensors(x, y)


@case
def at_least(data):
    s = shape(data, 0, 4)
    return [s], lambda t, x: (t.atleast_1d(x), t.atleast_2d(x), t.atleast_3d(x))


@case
def unflatten(data):
    s = shape(data, 1, 3, 3, 1)
    d = dim(data, s)
    sizes = data.draw(st.sampled_from([(s[d], 1), (-1, s[d]), (1, -1, 1)]))
    return [s], lambda t, x: (x.unflatten(d, sizes), x.ravel())


@case
def narrow_select(data):
    s = shape(data, 1, 3, 5, 1)
    d = dim(data, s)
    start = data.draw(st.integers(0, s[d] - 1))
    length = data.draw(st.integers(0, s[d] - start))
    return [s], lambda t, x: (t.narrow(x, d, start, length), x.select(d, start - s[d]))


@case
def as_strided(data):
    stride = data.draw(st.sampled_from([(1, 1), (3, 1), (0, 2), (2, 2)]))
    return [(3, 4)], lambda t, x: x.as_strided((2, 3), stride, 1)


@case
def block_diag(data):
    sizes = [shape(data, 0, 2, 4, 1) for _ in range(data.draw(st.integers(1, 3)))]
    return sizes, lambda t, *xs: t.block_diag(*xs)


@case
def axes(data):
    s = shape(data, 2)
    a, b = two_dims(data, s)
    return [s], lambda t, x: (t.swapaxes(x, a, b), t.moveaxis(x, a, b), x.swapdims(a, b))


@pytest.mark.parametrize("name", CASES)
def test_like_pytorch(name, torch):
    @quick
    @given(st.data(), st.integers(0, 1000))
    def check(data, seed):
        shapes, call = CASES[name](data)
        order = 0 if name == "vander" else 2  # PyTorch's own vander has no derivative
        compare(torch, call, numbers(seed, *shapes), seed=seed, rtol=1e-12, order=order)

    check()


def test_what_is_a_view(torch):
    x = numbers(0, (3, 4, 4))
    for call in (
        lambda t, x: x.diagonal(0, 1, 2), lambda t, x: x.unfold(1, 2, 2),
        lambda t, x: x.narrow(0, 1, 1), lambda t, x: x.as_strided((2,), (1,)),
        lambda t, x: t.select(x, 1, 0), lambda t, x: t.tensor_split(x, 2), lambda t, x: x.ravel(),
        lambda t, x: t.meshgrid(x[0, 0], x[0, 1], indexing="ij"),
        lambda t, x: t.flip(x, [0]), lambda t, x: x.repeat(1, 1, 1), lambda t, x: t.tril(x),
    ):  # fmt: skip
        compare(torch, call, x, views=True)


def test_writing_into_a_view_reaches_the_base(torch):
    def call(t, x):
        y = x * 2
        y.diagonal()[1:] = 7.0
        y.narrow(0, 0, 1).mul_(3)
        y.unfold(1, 2, 2)[..., 0] += 1
        return y

    compare(torch, call, numbers(0, (4, 4)))


def test_integers_and_bools_keep_their_dtype(torch):
    x = [np.arange(6).reshape(2, 3)]
    compare(torch, lambda t, x: (t.flip(x, [1]), t.tril(x > 2), x.repeat(2, 1), t.vander(x[0])), x)
    compare(torch, lambda t, x: t.block_diag(x, t.tensor([0.5])), x)


def test_shapes_and_numbers_without_tensors(torch):
    for a in [((2, 1), (1, 3)), ((), (4,)), ((5,),)]:
        assert mg.broadcast_shapes(*a) == torch.broadcast_shapes(*a)
    assert mg.numel(mg.zeros(2, 3)) == 6 and mg.is_tensor(mg.zeros(1)) and not mg.is_tensor(3)
    for args in [(0, 3, 4), (-1, 1, 5, 2.0), (2, 2, 1), (0, 1, 0)]:
        ours, theirs = mg.logspace(*args), torch.logspace(*args)
        assert str(ours.dtype) == str(theirs.dtype)
        np.testing.assert_allclose(ours.numpy(), theirs.numpy(), rtol=1e-6)


def test_refuses_as_pytorch_does(torch):
    calls = SHAPE.strip().splitlines()
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # PyTorch's meshgrid without indexing
        theirs = refusals(torch, None, calls, shape_tensors)
    ours = refusals(mg, None, calls, shape_tensors)
    for text in calls:
        assert ours[text] and theirs[text], text
        assert ours[text][0] == theirs[text][0], (text, ours[text], theirs[text])
        assert opening(ours[text][1]) == opening(theirs[text][1]), (text, ours[text][1])


@pytest.mark.parametrize("order", [1, 2])
def test_finite_differences_of_windows_and_diagonals(order):
    """Without PyTorch: a directional derivative against a central difference."""

    def f(x):
        return (x.unfold(0, 3, 1) ** 3).sum() + (
            (x.diagonal() ** 3).sum() + (x.roll(1, 0) * x.flip(0) * x.tril()).sum()
        )

    rng = np.random.default_rng(0)
    a, d = rng.normal(size=(4, 4)), rng.normal(size=(4, 4))

    def slope(at):
        x = mg.tensor(at).requires_grad_()
        (g,) = mg.autograd.grad(f(x), x, create_graph=True)
        s = (g * mg.tensor(d)).sum()
        if order == 1:
            return s.item()
        (h,) = mg.autograd.grad(s, x)
        return (h * mg.tensor(d)).sum().item()

    def value(at):
        x = mg.tensor(at).requires_grad_()
        y = f(x)
        if order == 1:
            return y.item()
        return (mg.autograd.grad(y, x)[0] * mg.tensor(d)).sum().item()

    eps = 1e-5
    numeric = (value(a + eps * d) - value(a - eps * d)) / (2 * eps)
    assert math.isclose(slope(a), numeric, rel_tol=1e-6)
