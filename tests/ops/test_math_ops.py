"""Functions, reductions and sorting: accuracy and behaviour (each call: test_op_tables.py)."""

from __future__ import annotations

import math

import numpy as np
import pytest

import minigrad as mg

# --- accuracy of the functions that NumPy does not have -------------------------------------------


def relative_error(ours, true):
    return np.abs(np.asarray(ours) - true) / np.maximum(np.abs(true), 1e-300)


def test_erf_is_accurate_to_rounding():
    x = np.concatenate([np.linspace(-6, 6, 4001), [1e-300, 1e-10, 0.46875, 0.5, 4.0, 30.0]])
    true = np.array([math.erf(v) for v in x])
    assert relative_error(mg.erf(mg.tensor(x)).numpy(), true).max() < 1e-15 * 4
    x = np.concatenate([np.linspace(-6, 26, 4001), [0.46875, 4.0]])
    true = np.array([math.erfc(v) for v in x])
    assert relative_error(mg.erfc(mg.tensor(x)).numpy(), true).max() < 1e-13


def test_erf_of_float32_is_accurate_to_a_few_units_of_the_last_digit():
    x = np.linspace(-6, 6, 20001, dtype=np.float32)  # more than one block
    true = np.array([math.erf(v) for v in x])
    ours = mg.erf(mg.from_numpy(x)).numpy()
    assert ours.dtype == np.float32
    assert (np.abs(ours - true) <= 7 * np.spacing(np.abs(true).astype(np.float32))).all()
    ends = mg.erf(mg.tensor([3.93, 30.0, math.inf, -math.inf, -0.0])).tolist()
    assert ends == [1.0, 1.0, 1.0, -1.0, 0.0] and math.copysign(1, ends[-1]) == -1
    assert mg.erf(mg.tensor(math.nan)).isnan()


def test_erfinv_undoes_erf():
    x = np.concatenate([np.linspace(-0.999999, 0.999999, 2001), [1e-12, 1 - 1e-12]])
    back = np.array([math.erf(v) for v in mg.erfinv(mg.tensor(x)).numpy()])
    assert relative_error(back, np.where(x == 0, 1e-300, x)).max() < 1e-14


@pytest.mark.parametrize(
    ("n", "x", "true"),
    [
        (0, 1.0, -np.euler_gamma),
        (0, 0.5, -np.euler_gamma - 2 * math.log(2)),
        (0, 0.25, -np.euler_gamma - math.pi / 2 - 3 * math.log(2)),
        (0, -0.5, 2 - np.euler_gamma - 2 * math.log(2)),
        (0, 1e10, math.log(1e10) - 0.5e-10),
        (1, 1.0, math.pi**2 / 6),
        (1, 0.5, math.pi**2 / 2),
        (2, 1.0, -2 * 1.2020569031595942),
        (3, 1.0, math.pi**4 / 15),
    ],
)
def test_polygamma_at_known_places(n, x, true):
    value = mg.polygamma(n, mg.tensor(x, dtype=mg.float64)).item()
    assert abs(value - true) < 1e-13 * abs(true)


def test_digamma_by_recurrence():
    x = np.linspace(0.01, 40, 997)
    a, b = (mg.digamma(mg.tensor(v)).numpy() for v in (x, x + 1))
    assert np.abs(b - a - 1 / x).max() < 1e-12


def test_special_values():
    inf, nan = math.inf, math.nan
    x = mg.tensor([inf, -inf, nan], dtype=mg.float64)
    assert mg.erf(x).tolist()[:2] == [1.0, -1.0] and math.isnan(mg.erf(x)[2].item())
    assert mg.erfc(x).tolist()[:2] == [0.0, 2.0]
    assert mg.erfinv(mg.tensor([1.0, -1.0])).tolist() == [inf, -inf]
    assert math.isnan(mg.erfinv(mg.tensor(1.5)).item())
    assert mg.lgamma(mg.tensor([0.0, -3.0, inf])).tolist() == [inf, inf, inf]
    assert mg.digamma(mg.tensor(0.0)).item() == -inf
    assert math.isnan(mg.digamma(mg.tensor(-2.0)).item())


# --- behaviour ------------------------------------------------------------------------------------


def test_named_results_print_as_in_pytorch():
    assert repr(mg.tensor([2.0, 1.0]).sort()) == (
        "torch.return_types.sort(\nvalues=tensor([1., 2.]),\nindices=tensor([1, 0]))"
    )
    assert repr(mg.aminmax(mg.tensor([2.0, 1.0]))) == (
        "torch.return_types.aminmax(\nmin=tensor(1.),\nmax=tensor(2.))"
    )
    values, indices = mg.tensor([3.0, 1.0]).median(0)
    assert (values.item(), indices.item()) == (1.0, 1)


def test_equal_elements_keep_their_order_both_ways():
    x = mg.tensor([1, 0, 1, 0])
    assert x.sort().indices.tolist() == [1, 3, 0, 2]
    assert x.sort(descending=True, stable=True).indices.tolist() == [0, 2, 1, 3]


def test_third_derivatives():
    for f, x, third in [
        (mg.atan, 0.5, (6 * 0.25 - 2) / 1.25**3),
        (mg.log1p, 0.5, 2 / 1.5**3),
        (mg.erf, 0.3, 2 / math.sqrt(math.pi) * (4 * 0.09 - 2) * math.exp(-0.09)),
    ]:
        y = t = mg.tensor(x, dtype=mg.float64, requires_grad=True)
        y = f(t)
        for _ in range(3):
            (y,) = mg.autograd.grad(y, t, create_graph=True)
        assert abs(y.item() - third) < 1e-12


def test_products_through_zeros_have_every_derivative():
    x = mg.tensor([0.0, 2.0, 0.0, 3.0], dtype=mg.float64, requires_grad=True)
    (g,) = mg.autograd.grad(x.prod(), x, create_graph=True)
    assert g.tolist() == [0.0, 0.0, 0.0, 0.0]
    (h,) = mg.autograd.grad(g[0], x)
    assert h.tolist() == [0.0, 0.0, 6.0, 0.0]


def test_in_place_methods_write_and_record():
    leaf = mg.tensor([0.5, -0.5], requires_grad=True)
    x = leaf * 1
    same = x.atan_()
    assert same is x and x._version == 1 and x.grad_fn.name() == "AtanBackward0"
    x.sum().backward()
    assert leaf.grad.tolist() == pytest.approx([0.8, 0.8])
    with pytest.raises(RuntimeError, match="a leaf Variable that requires grad"):
        leaf.sinh_()
