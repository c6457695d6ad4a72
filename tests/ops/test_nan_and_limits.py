"""NaN, infinity and nothing: PyTorch's numbers, its gradients, and no warning of NumPy's."""

import math
import subprocess
import sys
import warnings

import pytest

nan, inf = math.nan, math.inf
AT_NAN = {  # the gradient at NaN
    "relu": 1.0, "relu6": 1.0, "hardtanh": 1.0, "hardshrink": 1.0, "softshrink": 1.0, "elu": 1.0,
    "celu": 1.0, "hardswish": 1.0, "selu": 1.0507010221481323,
}  # fmt: skip


@pytest.mark.parametrize("name", AT_NAN)
def test_gradient_at_nan(m, name):
    x = m.tensor([nan, 1.0], requires_grad=True)
    y = getattr(m.nn.functional, name)(x)
    y.sum().backward()
    assert math.isnan(y[0].item())
    assert x.grad[0].item() == pytest.approx(AT_NAN[name])


def test_threshold_keeps_nan(m):
    assert math.isnan(m.nn.functional.threshold(m.tensor([nan]), 3, 2).item())


def test_the_sign_of_nan_is_0_and_the_angle_of_minus_0_too(m):
    assert m.sign(m.tensor([nan, -2.0, 0.0])).tolist() == [0.0, -1.0, 0.0]
    assert m.angle(m.tensor([-0.0, -1.0])).tolist() == pytest.approx([0.0, math.pi])
    assert m.heaviside(m.tensor([nan]), m.tensor([7.0])).item() == 0


@pytest.mark.parametrize("name", ["mse_loss", "l1_loss", "smooth_l1_loss", "huber_loss"])
def test_the_mean_of_no_losses_is_nan(m, name):
    assert math.isnan(getattr(m.nn.functional, name)(m.tensor([]), m.tensor([])).item())


def test_nan_is_looked_for_to_the_end(m):
    row = m.tensor([1.0, 2.0, nan])
    assert m.searchsorted(row, m.tensor([nan, 1.5])).tolist() == [3, 1]


def test_whole_powers_with_negative_exponents(m):
    base = m.tensor([1, -1, -1, 2, 0])
    assert (base ** m.tensor([-1, -1, -2, -1, 2])).tolist() == [1, -1, 1, 0, 0]
    with pytest.raises(RuntimeError, match="negative integer powers"):
        base**-1


def test_the_gradient_of_what_was_overwritten_is_0_where_it_is_infinite(m):
    x = m.tensor([2.0, 3.0], requires_grad=True)
    y = x * 1
    y[0] = 5.0
    (y * m.tensor([inf, 1.0])).sum().backward()
    assert x.grad.tolist() == [0.0, 1.0]


def test_reversed_turns_the_first_dimension(m):
    assert [row.tolist() for row in reversed(m.arange(4).view(2, 2))] == [[2, 3], [0, 1]]


def test_a_view_made_in_no_grad_is_a_leaf_of_its_own(m):
    x = m.ones(2, requires_grad=True)
    with m.no_grad():
        v = x[:]
    assert v.requires_grad and v.is_leaf
    y = v * 3
    y.sum().backward()
    assert x.grad is None  # PyTorch's is lost; here v.grad has it


CALLS = [
    "x / 0", "1 / x", "x / x", "x * 1e38 * 1e38", "y - y", "y + (-y)", "y.sum() - y.sum()",
    "(x * y).mean()", "m.tensor([]).mean()", "y @ x", "x.half() * 1e5", "x.clone().div_(0)",
    "m.nn.functional.softplus(y)", "m.tensor([1e5], dtype=m.float16)", "x.log()",
]  # fmt: skip


@pytest.mark.parametrize("call", CALLS)
def test_no_warning_of_numpy(m, call):
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        eval(call, {"m": m, "x": m.tensor([0.0, 1e30]), "y": m.tensor([inf, -inf])})


def test_no_warning_of_numpy_in_a_backward_pass(m):
    x = m.tensor([0.0, inf], requires_grad=True)
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        (x * x / x).sum().backward()


def test_the_learners_own_numpy_still_warns():
    code = "import numpy as np, minigrad; minigrad.ones(1) / 0; print(np.geterr()['divide'])"
    out = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert out.stdout.strip() == "warn"
