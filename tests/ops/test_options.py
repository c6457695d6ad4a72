"""``out=`` and the other arguments that PyTorch's functions share: in minigrad as in PyTorch."""

import warnings

import numpy as np
import pytest

import minigrad


def numbers(t):
    return np.array(t.detach().numpy())


@pytest.mark.parametrize("call", [
    lambda m, x, out: m.add(x, 1, out=out),
    lambda m, x, out: m.matmul(x, x, out=out),
    lambda m, x, out: m.exp(x, out=out),
    lambda m, x, out: m.cat([x[:2], x[2:]], out=out),
    lambda m, x, out: m.clamp(x, min=2, out=out),
    lambda m, x, out: m.where(x > 2, x, -x, out=out),
    lambda m, x, out: m.cumsum(x, dim=0, out=out),
    lambda m, x, out: m.linalg.inv(m.eye(3) + x, out=out),
    lambda m, x, out: m.special.expit(x, out=out),
    lambda m, x, out: m.nn.functional.softplus(x, out=out),
    lambda m, x, out: m.tensordot(x, x, 1, out=out),
    lambda m, x, out: m.full((3, 3), 2, out=out),
])  # fmt: skip
def test_out_is_written_and_returned(m, call):
    x = m.arange(9.0).reshape(3, 3)
    expected = call(m, x, None)
    out = m.zeros(3, 3)
    assert call(m, x, out) is out
    assert (numbers(out) == numbers(expected)).all() and out.is_leaf
    with m.no_grad():  # what requires a gradient may be written only while nothing is recorded
        leaf = m.zeros(3, 3, requires_grad=True)
        assert call(m, x, leaf) is leaf


def test_several_results_are_written_into_a_tuple(m):
    x = m.tensor([[1.0, 5.0], [7.0, 2.0]])
    values, indices = m.zeros(2), m.zeros(2, dtype=m.int64)
    result = m.max(x, 1, out=(values, indices))
    assert result[0] is values and result.indices is indices
    assert values.tolist() == [5.0, 7.0] and indices.tolist() == [1, 0]


def test_out_is_resized(m):
    x = m.arange(6.0)
    empty = m.empty(0)
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        assert m.mul(x, 2, out=empty).tolist() == [0, 2, 4, 6, 8, 10]
    with pytest.warns(UserWarning, match="An output with one or more elements was resized"):
        m.mul(x, 2, out=m.ones(2))
    big = m.zeros(10)
    part = big[2:4]
    with pytest.warns(UserWarning, match="resized"):
        m.mul(x, 3, out=part)  # in the memory that it has
    assert big.tolist() == [0, 0, 0, 3, 6, 9, 12, 15, 0, 0]


def test_out_counts_as_a_write(m):
    w = m.tensor([2.0], requires_grad=True)
    x = m.tensor([3.0])
    y = w * x
    m.add(x, 1, out=x)
    with pytest.raises(RuntimeError, match="modified by an inplace operation"):
        y.backward()


@pytest.mark.parametrize(("call", "words"), [
    (lambda m, x, w: m.add(w, 1, out=x), "functions with out=... arguments don't support"),
    (lambda m, x, w: m.add(x, 1, out=w), "functions with out=... arguments don't support"),
    (lambda m, x, w: m.stack([x, w], out=m.empty(0)), "functions with out=... arguments"),
    (lambda m, x, w: m.add(x, 1, out=m.zeros(3, dtype=m.int64)), "result type Float can't be cast"),
    (lambda m, x, w: m.mm(m.eye(3), m.eye(3), out=m.zeros(3, 3, dtype=m.float64)),
     "Expected out tensor to have dtype float, but got double instead"),
    (lambda m, x, w: m.add(x, 1, out=m.zeros(1).expand(3)), "more than one element of"),
    (lambda m, x, w: m.add(x[:-1], 1, out=x[1:]), "unsupported operation: some elements"),
    (lambda m, x, w: m.zeros(3, dtype=m.float64, out=x), "dtype Double does not match"),
    (lambda m, x, w: m.zeros(3, pin_memory=True), "pin_memory=True requires a CUDA"),
    (lambda m, x, w: m.zeros_like(x, pin_memory=True), "pin_memory=True requires a CUDA"),
])  # fmt: skip
def test_what_is_refused(m, call, words):
    with pytest.raises(RuntimeError) as refused:
        call(m, m.arange(3.0), m.ones(3, requires_grad=True))
    assert words in str(refused.value)


MAKERS = """
zeros(3; ones(3; full((3,), 2.0; empty(3; rand(3; randn(3; randint(5, (3,); randperm(3; arange(3.0;
linspace(0, 1, 3; logspace(0, 1, 3; eye(3; tril_indices(3, 3; triu_indices(3, 3; zeros_like(x;
ones_like(x; full_like(x, 2.0; empty_like(x; rand_like(x; randn_like(x; randint_like(x, 5;
x.new_zeros(3; x.new_ones(3; x.new_full((3,), 2.0; x.new_empty(3; scalar_tensor(2.0;
normal(0.0, 1.0, (3,); hann_window(4; hamming_window(4; kaiser_window(4; bartlett_window(4;
blackman_window(4
"""
WHOLE = ("tril_indices", "triu_indices")  # whole numbers only


@pytest.mark.parametrize("maker", MAKERS.strip().replace("\n", " ").split("; "))
def test_every_maker_takes_every_option(m, maker):
    """The table has the calls without the closing bracket: the options follow."""
    whole = maker.startswith(WHOLE)
    options = "device='cpu', layout=m.strided, pin_memory=False"
    options += ", dtype=m.int32" if whole else ", dtype=m.float64, requires_grad=True"
    call = maker if maker.startswith("x.") else f"m.{maker}"
    made = eval(f"{call}, {options})", {"m": m, "x": m.ones(2, 2)})
    assert made.dtype == (m.int32 if whole else m.float64) and made.requires_grad != whole
    assert made.device == m.device("cpu") and made.layout == m.strided


def test_the_default_device_is_the_cpu(m):
    with m.device("cpu") as device:
        assert m.zeros(1).device == device
    m.set_default_device("cpu")
    assert m.get_default_device() == m.device("cpu")


def test_other_devices_are_refused_in_one_sentence():
    with pytest.raises(NotImplementedError, match="device 'meta' does not exist here"):
        minigrad.zeros(3, device="meta")
    with pytest.raises(AssertionError, match="not compiled with CUDA"), minigrad.device("cuda"):
        pass
