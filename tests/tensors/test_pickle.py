"""Pickle, copy and deepcopy of tensors: one test for minigrad and PyTorch."""

import copy
import pickle

import pytest
from refusal import refused

import minigrad as mg


def numbers(t):
    return None if t is None else t.tolist()


def leaf(m, **kwargs):
    x = m.tensor([[1.0, 2.0], [3.0, 4.0]], requires_grad=True, **kwargs)
    (x * x).sum().backward()
    return x


@pytest.mark.parametrize("protocol", range(2, pickle.HIGHEST_PROTOCOL + 1))
def test_pickling_a_leaf(m, protocol):
    x = leaf(m)
    y = pickle.loads(pickle.dumps(x, protocol))
    assert numbers(y) == numbers(x) and y.requires_grad and y.is_leaf
    assert y.grad is None  # the gradient is not part of it
    (y * 3).sum().backward()
    assert numbers(y.grad) == [[3.0, 3.0], [3.0, 3.0]] and x.grad[0, 0].item() == 2.0


@pytest.mark.parametrize("name", ["float64", "float16", "int64", "int32", "uint8", "bool",
                                  "complex64"])  # fmt: skip
def test_pickling_keeps_dtype_and_shape(m, name):
    for x in (m.ones(2, 3, dtype=getattr(m, name)), m.zeros((), dtype=getattr(m, name)),
              m.ones(0, 2, dtype=getattr(m, name))):  # fmt: skip
        y = pickle.loads(pickle.dumps(x))
        assert (y.dtype, y.shape, numbers(y)) == (x.dtype, x.shape, numbers(x))


def test_pickling_a_computed_tensor_gives_a_leaf(m):
    y = pickle.loads(pickle.dumps(leaf(m) * 2))
    assert numbers(y) == [[2.0, 4.0], [6.0, 8.0]] and y.is_leaf and y.requires_grad


def test_pickling_in_other_objects(m):
    x = leaf(m)
    state = {"w": x, "again": x, "list": [x.detach(), m.Size([2, 2])]}
    got = pickle.loads(pickle.dumps(state))
    assert got["w"] is got["again"] and got["list"][1] == (2, 2)
    assert type(got["list"][1]) is m.Size


def test_pickling_dtypes_and_devices(m):
    for thing in (m.float32, m.int64, m.bool):
        assert pickle.loads(pickle.dumps(thing)) is thing
    assert pickle.loads(pickle.dumps(m.device("cpu"))) == m.device("cpu")


def test_pickling_leaves_hooks_behind_and_says_so(m):
    x = m.ones(1, requires_grad=True)
    x.register_hook(lambda g: g * 100)
    with pytest.warns(UserWarning, match="backward hook"):
        text = pickle.dumps(x)
    y = pickle.loads(text)
    (y * 1).backward()
    assert numbers(y.grad) == [1.0]


def test_copy_shares_the_numbers(m):
    x = leaf(m)
    y = copy.copy(x)
    assert y is not x and y.requires_grad and y.grad is None
    assert y.data_ptr() == x.data_ptr()


def test_deepcopy_of_a_leaf(m):
    x = leaf(m)
    x.note = "mine"
    y = copy.deepcopy(x)
    assert numbers(y) == numbers(x) and y.requires_grad and y.is_leaf and y.note == "mine"
    assert numbers(y.grad) == numbers(x.grad) and y.grad is not x.grad  # with its gradient
    with m.no_grad():
        y.zero_()
        y.grad.zero_()
    assert numbers(x) == [[1.0, 2.0], [3.0, 4.0]] and numbers(x.grad) == [[2.0, 4.0], [6.0, 8.0]]


def test_deepcopy_of_a_computed_tensor_is_refused(m):
    y = leaf(m) * 2
    words = "Only Tensors created explicitly by the user (graph leaves) support the deepcopy"
    with refused(RuntimeError, words):
        copy.deepcopy(y)
    with refused(RuntimeError, words):
        copy.deepcopy({"y": y})
    assert numbers(copy.deepcopy(y.detach())) == numbers(y)


def test_deepcopy_keeps_what_is_shared(m):
    x = m.zeros(6)
    a, b = copy.deepcopy([x, x])
    assert a is b
    base, view, row = copy.deepcopy([x, x[2:4], x.view(2, 3)[1]])
    base[3] = 7.0
    assert numbers(view) == [0.0, 7.0] and numbers(row) == [7.0, 0.0, 0.0]
    assert numbers(x) == [0.0] * 6
    assert copy.deepcopy(m.zeros(2, 3).t()).stride() == (1, 3)


def test_deepcopy_of_every_layout(m):
    x = m.arange(24).view(2, 3, 4)
    for t in (x, x.t() if x.ndim == 2 else x.permute(2, 0, 1), x[:, ::2], x[1], x[1, 2, 3],
              x[:, :0], m.ones(1).expand(3), m.tensor(5.0)):  # fmt: skip
        assert numbers(copy.deepcopy(t)) == numbers(t)


def test_users_attributes_travel(m):
    x = m.ones(2)
    x.label = ["a", "b"]
    for other in (copy.copy(x), copy.deepcopy(x), pickle.loads(pickle.dumps(x))):
        assert other.label == ["a", "b"]
    assert copy.copy(x).label is x.label and copy.deepcopy(x).label is not x.label


def test_unpickling_runs_nothing_but_minigrad_and_numpy():
    """What a pickled tensor names: enough to see that nothing surprising is called."""
    import pickletools

    text = pickle.dumps(mg.ones(2, requires_grad=True), 2)
    names = {arg for op, arg, _ in pickletools.genops(text) if op.name == "GLOBAL"}
    assert {n.split()[0].split(".")[0] for n in names} <= {"minigrad", "numpy", "_codecs"}
