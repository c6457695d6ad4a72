"""Where PyTorch has no derivative, the result requires a gradient and the backward pass refuses."""

import pytest

CALLS = {
    "x // 2": "aten::floor_divide",
    "2 // x": "aten::floor_divide",
    "x.floor_divide(x)": "aten::floor_divide",
    "0.5 % x": "aten::remainder",
    "m.heaviside(x, x.detach())": "aten::heaviside",
    "m.unique(x)": "'_unique2'",
    "m.unique(x, dim=0)": "'unique_dim'",
    "m.unique_consecutive(x)": "'unique_consecutive'",
    "m.bincount(m.tensor([0, 1]), x)": "aten::bincount",
    "m.histogram(x, 2)[0]": "aten::histogram",
}


@pytest.mark.parametrize("call", CALLS)
def test_the_backward_pass_names_what_is_missing(m, call):
    x = m.tensor([1.5, 2.5], requires_grad=True)
    y = eval(call, {"m": m, "x": x})
    assert y.requires_grad and not y.is_leaf
    with pytest.raises((RuntimeError, NotImplementedError), match=CALLS[call]):
        y.sum().backward()


def test_a_product_with_a_floor_division_is_refused_too(m):
    x = m.tensor([3.0], requires_grad=True)
    with pytest.raises(RuntimeError, match="floor_divide is not implemented"):
        (x * (x // 2)).backward()
    (x * (x.detach() // 2)).backward()
    assert x.grad.tolist() == [1.0]


def test_division_by_a_tensor_has_a_remainder_with_a_gradient(m):
    x, y = (m.tensor([v], requires_grad=True) for v in (7.0, 2.0))
    (x % y).backward()
    assert (x.grad.item(), y.grad.item()) == (1.0, -3.0)


def test_nextafter_passes_the_gradient_on(m):
    x, y = (m.tensor([1.0, 2.0], requires_grad=True) for _ in range(2))
    m.nextafter(x, y + m.tensor([1.0, 0.0])).sum().backward()
    assert x.grad.tolist() == [1.0, 0.0]


def test_logical_writes_leave_the_history_as_it_is(m):
    w = m.tensor([0.0, 2.0], requires_grad=True)
    w.logical_not_()  # not even a leaf is spared
    assert w.tolist() == [1.0, 0.0] and w.requires_grad and w.is_leaf
    y = w * 3
    name = y.grad_fn.name()
    y.logical_and_(w)
    assert y.grad_fn.name() == name
