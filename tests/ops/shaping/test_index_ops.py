"""Indexing operations against PyTorch: values, two orders of gradients, in place, refusals."""

import numpy as np
import pytest
from differential import compare, numbers, opening, refusals
from hypothesis import given, settings
from hypothesis import strategies as st
from refused_op_cases import INDEX, index_tensors

import minigrad as mg

CASES = {}
quick = settings(max_examples=12, deadline=None, derandomize=True, database=None)


def case(function):
    CASES[function.__name__] = function
    return function


def shape(data, low=1, high=3, least=1):
    return tuple(data.draw(st.lists(st.integers(least, 4), min_size=low, max_size=high)))


def draw_places(data, s, unique):
    """A dimension of ``s`` and an index tensor no larger than ``s``, perhaps without repeats."""
    d = data.draw(st.integers(0, len(s) - 1))
    size = [data.draw(st.integers(1, n)) for n in s]
    rng = np.random.default_rng(data.draw(st.integers(0, 99)))
    if unique:
        rows = np.broadcast_to(np.arange(s[d]), (*size[:d], *size[d + 1 :], s[d]))
        return d, np.moveaxis(rng.permuted(rows, axis=-1)[..., : size[d]], -1, d).copy()
    return d, rng.integers(0, s[d], size)


def draw_slices(data, s, unique):
    """A dimension of ``s`` and numbers of slices along it."""
    d = data.draw(st.integers(0, len(s) - 1))
    n = data.draw(st.integers(1, s[d]))
    rng = np.random.default_rng(data.draw(st.integers(0, 99)))
    return d, rng.permutation(s[d])[:n] if unique else rng.integers(0, s[d], n)


def replaced(s, d, n):
    return (*s[:d], n, *s[d + 1 :])


@case
def gather(data):
    s = shape(data)
    d, k = draw_places(data, s, False)
    return [s], lambda t, x: (t.gather(x, d, t.tensor(k)), x.gather(-len(s) + d, t.tensor(k)))


@case
def take_along_dim(data):
    s = shape(data)
    d = data.draw(st.integers(0, len(s) - 1))
    k = np.zeros([3 if i == d else 1 for i in range(len(s))], np.int64)
    return [s], lambda t, x: (
        t.take_along_dim(x, t.tensor(k), d), t.take_along_dim(x, t.tensor([0, 0])),
    )  # fmt: skip


@case
def scatter(data):
    s = shape(data)
    d, k = draw_places(data, s, True)
    return [s, k.shape], lambda t, x, v: (
        t.scatter(x, d, t.tensor(k), v), x.scatter(d, t.tensor(k), 2.5),
        (x * 1).scatter_(d, t.tensor(k), v), x.scatter_add(d, t.tensor(k), v),
    )  # fmt: skip


@case
def scatter_add(data):
    s = shape(data)
    d, k = draw_places(data, s, False)
    return [s, s], lambda t, x, v: (
        t.scatter_add(x, d, t.tensor(k), v) if k.shape == s else x + 1,
        (x * 1).scatter_add_(d, t.tensor(k), v * 1)[:1] if k.shape == s else x + 1,
    )  # fmt: skip


@case
def scatter_reduce(data):
    s = shape(data)
    d, k = draw_places(data, s, False)
    kind = data.draw(st.sampled_from(["sum", "mean", "prod", "amax", "amin"]))
    own = data.draw(st.booleans())
    return [s, k.shape], lambda t, x, v: t.scatter_reduce(
        x, d, t.tensor(k), v, kind, include_self=own
    )


@case
def index_select(data):
    s = shape(data)
    d, k = draw_slices(data, s, False)
    return [s], lambda t, x: (t.index_select(x, d, t.tensor(k)), x.index_select(d, t.tensor(0)))


@case
def index_add(data):
    s = shape(data)
    d, k = draw_slices(data, s, False)
    return [s, replaced(s, d, len(k))], lambda t, x, v: (
        t.index_add(x, d, t.tensor(k), v), x.index_add(d, t.tensor(k), v, alpha=2),
        (x * 1).index_add_(d, t.tensor(k), v),
    )  # fmt: skip


@case
def index_copy(data):
    s = shape(data)
    d, k = draw_slices(data, s, True)
    return [s, replaced(s, d, len(k))], lambda t, x, v: (
        t.index_copy(x, d, t.tensor(k), v), (x * 1).index_copy_(d, t.tensor(k), v),
    )  # fmt: skip


@case
def index_fill(data):
    s = shape(data)
    d, k = draw_slices(data, s, False)
    return [s, ()], lambda t, x, v: (
        t.index_fill(x, d, t.tensor(k), 2.0), x.index_fill(d, t.tensor(k), v),
        (x * 1).index_fill_(d, t.tensor(k), 0),
    )  # fmt: skip


@case
def index_reduce(data):
    s = shape(data)
    d, k = draw_slices(data, s, False)
    kind = data.draw(st.sampled_from(["mean", "amax", "amin"]))
    return [s, replaced(s, d, len(k))], lambda t, x, v: x.index_reduce(d, t.tensor(k), v, kind)


@case
def index_put(data):
    s = shape(data, 2)
    rng = np.random.default_rng(data.draw(st.integers(0, 99)))
    i, j = rng.integers(0, s[0], 3), rng.integers(0, s[1], 3)
    return [s, (3, *s[2:]), (s[0], *s[1:])], lambda t, x, v, w: (
        t.index_put(x, (t.tensor(i), t.tensor(j)), v, accumulate=True),
        x.index_put((t.arange(s[0]),), w),
    )  # fmt: skip


@case
def masked_fill(data):
    s = shape(data)
    rng = np.random.default_rng(data.draw(st.integers(0, 99)))
    m = rng.random(s[data.draw(st.integers(0, 1)) :])
    return [s, ()], lambda t, x, v: (
        t.masked_fill(x, t.tensor(m) > 0.5, 2), x.masked_fill(t.tensor(m) > 0.5, v),
        (x * 1).masked_fill_(t.tensor(m) > 0.5, -np.inf).exp(),
    )  # fmt: skip


@case
def masked_select(data):
    s = shape(data)
    m = np.random.default_rng(data.draw(st.integers(0, 99))).random(s)
    return [s, s], lambda t, x, v: (
        t.masked_select(x, t.tensor(m) > 0.5), x.masked_select(t.tensor(m[:1]) > 0.5),
        x.masked_scatter(t.tensor(m) > 0.5, v), x[t.tensor(m) > 0.5],
    )  # fmt: skip


@case
def take_and_put(data):
    s = shape(data)
    n = int(np.prod(s))
    k = np.random.default_rng(data.draw(st.integers(0, 99))).permutation(n)[: max(n // 2, 1)]
    return [s, k.shape], lambda t, x, v: (
        t.take(x, t.tensor(k - n)), t.put(x, t.tensor(k), v), (x * 1).put_(t.tensor(k), v, True),
    )  # fmt: skip


@case
def replaced_slices(data):
    s = shape(data, 2)
    d = data.draw(st.integers(0, len(s) - 1))
    start = data.draw(st.integers(0, s[d] - 1))
    diagonal = np.empty(s).diagonal().shape
    sizes = [s, (*s[:d], *s[d + 1 :]), replaced(s, d, s[d] - start), diagonal]
    return sizes, lambda t, x, a, b, c: (
        t.select_scatter(x, a, d, start), t.slice_scatter(x, b, d, start),
        t.diagonal_scatter(x, c, 0, 0, 1),
    )  # fmt: skip


@pytest.mark.filterwarnings("ignore:index_reduce")
@pytest.mark.parametrize("name", CASES)
def test_like_pytorch(name, torch):
    @quick
    @given(st.data(), st.integers(0, 1000))
    def check(data, seed):
        shapes, call = CASES[name](data)
        compare(torch, call, numbers(seed, *shapes), seed=seed, rtol=1e-11)

    check()


def test_zero_dimensional_tensors(torch):
    def call(t, x):
        i = t.tensor(0)
        return (
            x.gather(0, i), x.gather(0, i[None]), x.scatter(0, i, 2.0), x.index_select(0, i),
            x.scatter_add(0, i, x * 2), x.take(t.tensor([0, 0])), x.index_fill(0, i, 1.0),
        )  # fmt: skip

    compare(torch, call, numbers(0, ()), names=False)


def test_ties_share_the_gradient_of_an_extremum(torch):
    x, v = np.array([1.0, 2.0, 0.0]), np.array([2.0, 2.0, 1.0, -1.0])
    k = [1, 1, 0, 2]
    for kind in ("amax", "amin"):
        call = lambda t, x, v, kind=kind: x.scatter_reduce(0, t.tensor(k), v, kind)
        compare(torch, call, [x, v])


def test_a_product_with_zeros(torch):
    x, v = np.array([1.0, 2.0, 0.0]), np.array([0.0, 3.0, 0.0, 0.0])
    k = [0, 0, 1, 1]
    call = lambda t, x, v: x.scatter_reduce(0, t.tensor(k), v, "prod")
    compare(torch, call, [x, v], order=1)


def test_nonzero(torch):
    for a in (np.array([[0, 1], [2, 0]]), np.array([0.0, 3.0]), np.array(5), np.array(0)):
        ours, theirs = mg.tensor(a), torch.tensor(a)
        for call in (lambda t, x: t.nonzero(x), lambda t, x: t.argwhere(x),
                     lambda t, x: x.nonzero(as_tuple=True), lambda t, x: t.where(x)):  # fmt: skip
            one, two = call(mg, ours), call(torch, theirs)
            assert [i.tolist() for i in one] == [i.tolist() for i in two]
            assert [i.shape for i in one] == [i.shape for i in two]


def test_an_infinite_gradient_elsewhere_does_not_leak():
    """The overwritten places get exactly 0, not 0 * inf."""
    x = mg.tensor([0.0, 1.0], requires_grad=True)
    x.sqrt().masked_fill(mg.tensor([True, False]), 0.0).sum().backward()
    y = mg.tensor([1.0, 2.0], requires_grad=True)
    y.masked_fill(mg.tensor([True, False]), 0.0).backward(mg.tensor([np.inf, 1.0]))
    assert y.grad.tolist() == [0.0, 1.0]


def test_in_place_on_a_leaf_is_refused_and_changes_nothing():
    x = mg.ones(2, 2, requires_grad=True)
    for write in (
        lambda: x.scatter_(0, mg.tensor([[0, 0]]), 5.0), lambda: x.masked_fill_(x > 0, 0.0),
        lambda: x.index_add_(0, mg.tensor([0]), mg.ones(1, 2)),
    ):  # fmt: skip
        with pytest.raises(RuntimeError, match="a leaf Variable that requires grad"):
            write()
    assert x.tolist() == [[1.0, 1.0], [1.0, 1.0]]


def test_refuses_as_pytorch_does(torch):
    calls = INDEX.strip().splitlines()
    ours = refusals(mg, None, calls, index_tensors)
    theirs = refusals(torch, None, calls, index_tensors)
    for text in calls:
        assert ours[text] and theirs[text], text
        assert ours[text][0] == theirs[text][0], (text, ours[text], theirs[text])
        assert opening(ours[text][1]) == opening(theirs[text][1]), (text, ours[text][1])
