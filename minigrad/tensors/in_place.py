"""Methods that write in place: ``x.exp_()`` writes ``mg.exp(x)`` into the memory of ``x``.

The tables say of which functions; ``ops/writing/inplace.py`` what is done, and recorded.
"""

from __future__ import annotations

import functools
from typing import Any

import numpy as np

from ..core.modes import grad_mode
from ..core.tensor import Tensor
from ..core.views import View
from ..ops.called import called
from ..ops.elementwise import (
    arithmetic,
    bessel,
    blends,
    comparisons,
    error_and_gamma,
    exponentials,
    limits,
    logic,
    rounding,
    signs,
    trigonometry,
)
from ..ops.matrices import norms, product_sums
from ..ops.networks import activations
from ..ops.reducing import scans
from ..ops.shaping import diagonals, flat_positions, masks, scatter, shape, slices, strided
from ..ops.writing.inplace import bump, copy_, fast_inplace, fill_, in_place_of, old, zero_
from ..refusals.writable import check_writable
from .functions_as_methods import takes_several

FUNCTIONS: dict[Any, str] = {
    arithmetic: "pow floor_divide remainder neg square fmod",
    signs: "sgn sign copysign",
    exponentials: """
        exp log sqrt exp2 expm1 log2 log10 log1p rsqrt reciprocal xlogy logit ldexp float_power
    """,
    trigonometry: """
        tanh sin cos tan asin acos atan sinh cosh asinh acosh atanh atan2 hypot deg2rad rad2deg
        sinc
    """,
    limits: "relu clamp nan_to_num clamp_min clamp_max",
    rounding: "floor ceil trunc fix round frac",
    comparisons: "eq ne lt le gt ge",
    error_and_gamma: "erf erfc erfinv lgamma digamma mvlgamma",
    bessel: "i0",
    blends: "lerp addcmul addcdiv",
    logic: """
        logical_and logical_or logical_xor logical_not bitwise_and bitwise_or bitwise_xor
        bitwise_not bitwise_left_shift bitwise_right_shift gcd lcm heaviside nextafter
    """,
    scans: "cumsum cumprod",
    product_sums: "addmv addbmm baddbmm",
    norms: "renorm",
    activations: "sigmoid",
    diagonals: "tril triu",
    scatter: "scatter scatter_add scatter_reduce",
    slices: "index_add index_copy index_fill index_reduce index_put",
    flat_positions: "put",
}
# Called in every training loop: the same, on a shorter way.
FAST: dict[Any, str] = {
    arithmetic.Add: "add", arithmetic.Sub: "sub subtract", arithmetic.Mul: "mul multiply",
    arithmetic.Div: "div divide true_divide",
}  # fmt: skip
# Views: the tensor itself looks at its memory anew.
RESHAPED: dict[Any, str] = {shape: "squeeze unsqueeze t transpose", strided: "as_strided"}
ALIASES = {
    "clip_": "clamp_", "negative_": "neg_", "absolute_": "abs_", "not_equal_": "ne_",
    "less_": "lt_", "less_equal_": "le_", "greater_": "gt_", "greater_equal_": "ge_",
    "arcsin_": "asin_", "arccos_": "acos_", "arctan_": "atan_", "arcsinh_": "asinh_",
    "arccosh_": "acosh_", "arctanh_": "atanh_", "arctan2_": "atan2_", "swapaxes_": "transpose_",
    "swapdims_": "transpose_",
}  # fmt: skip


def reshaped_in_place(function: Any, name: str) -> Any:
    """The in-place method of a view operation: the tensor itself looks at its memory anew."""

    def method(x: Tensor, *args: Any, **kwargs: Any) -> Tensor:
        check_writable(x, False, repeats=True)  # no number is written
        out = function(old(x, keep=False), *args, **kwargs)
        if x.extra is not None and x.extra.carried is not None:
            x.extra.carried = out.extra.carried
        x._data = out._data
        if grad_mode.enabled:
            x._node, x._requires_grad = out._node, out._requires_grad
        bump(x)  # a node that had saved x would find it in another shape
        before, now = x._view, out._view
        if before is not None and now is not None:
            x._view = View(before.base, (*before.steps, *now.steps), before.safe)
        return x

    method.__name__ = name
    method.__doc__ = f"In-place version of ``{function.__name__}``: no number moves."
    return method


def apply_(self: Tensor, callable: Any) -> Tensor:
    """Replace every element by ``callable(element)``. Slow, and not recorded.

    >>> import minigrad as mg
    >>> mg.tensor([1.0, 2.0]).apply_(lambda v: v * 10)
    tensor([10., 20.])
    """
    return map_(self, self, lambda v, _: callable(v))


def map_(self: Tensor, tensor: Tensor, callable: Any) -> Tensor:
    """Replace every element by ``callable(element, element of tensor)``. Not recorded."""
    if self.requires_grad:
        raise RuntimeError(
            "Can't call apply_() on Variable that requires grad. Use var.detach().apply_() "
            "instead: what Python computes on single numbers is not recorded."
        )
    check_writable(self, False)
    shape.expand(tensor, self.shape)  # refuses what does not fit
    pairs = zip(self._data.ravel().tolist(), np.broadcast_to(tensor._data, self.shape).flat)
    new = [callable(a, b.item()) for a, b in pairs]
    self._data[...] = np.asarray(new, self._data.dtype).reshape(self._data.shape)
    bump(self)
    return self


for _module, _names in FUNCTIONS.items():
    for _name in _names.split():
        setattr(Tensor, _name + "_", in_place_of(getattr(_module, _name), _name + "_"))
for _op, _names in FAST.items():
    for _name in _names.split():
        _function = getattr(arithmetic, _names.split()[0])
        setattr(Tensor, _name + "_", fast_inplace(_op, _function, _name + "_"))
for _module, _names in RESHAPED.items():
    for _name in _names.split():
        _function = getattr(_module, _name)
        if _name == "squeeze":
            _function = takes_several(_function)
        setattr(Tensor, _name + "_", reshaped_in_place(_function, _name + "_"))

Tensor.fill_ = fill_
Tensor.zero_ = zero_
Tensor.copy_ = copy_
Tensor.apply_ = apply_
Tensor.map_ = map_
Tensor.abs_ = in_place_of(signs.abs_, "abs_")
Tensor.addmm_ = in_place_of(product_sums.addmm_own, "addmm_")
Tensor.addr_ = in_place_of(product_sums.addr_own, "addr_")
Tensor.conj_physical_ = in_place_of(arithmetic.conj, "conj_physical_")
Tensor.fill_diagonal_ = in_place_of(diagonals.fill_diagonal, "fill_diagonal_")
Tensor.masked_fill_ = in_place_of(masks.masked_fill_own, "masked_fill_")
Tensor.masked_scatter_ = in_place_of(masks.masked_scatter_own, "masked_scatter_")
Tensor.polygamma_ = in_place_of(Tensor.polygamma, "polygamma_")

# PyTorch has nodes of their own for these.
NODES = {
    "squeeze_": "SqueezeBackward3", "unsqueeze_": "UnsqueezeBackward1", "t_": "TBackward1",
    "transpose_": "TransposeBackward1", "as_strided_": "AsStridedBackward1",
    "polygamma_": "PolygammaBackward1", "conj_physical_": "ConjPhysicalBackward1",
    "fill_diagonal_": "CopySlices",
    "eq_": "EqBackward", "ne_": "NeBackward", "lt_": "LtBackward", "le_": "LeBackward",
    "gt_": "GtBackward", "ge_": "GeBackward",
}  # fmt: skip


def with_node(method: Any, title: str) -> Any:
    """The in-place ``method``, whose node is ``title`` (with 0 or 1: by a number, a tensor)."""

    @functools.wraps(method)
    def named(x: Tensor, *args: Any, **kwargs: Any) -> Tensor:
        before = x._node
        method(x, *args, **kwargs)
        end = "" if not title.endswith("Backward") else str(int(isinstance(args[0], Tensor)))
        recorded = x._node is not None and x._node is not before
        return called(x, title + end) if recorded and x._view is None else x

    return named


for _name, _title in NODES.items():
    setattr(Tensor, _name, with_node(getattr(Tensor, _name), _title))

for _alias, _name in ALIASES.items():
    setattr(Tensor, _alias, getattr(Tensor, _name))

# Functions whose name ends in _ work in place, like the method of that name: mg.exp_(x).
IN_PLACE_FUNCTIONS = """
    abs_ acos_ acosh_ arccos_ arccosh_ arcsin_ arcsinh_ arctan_ arctanh_ asin_ asinh_ atan_ atanh_
    ceil_ clamp_ clamp_max_ clamp_min_ clip_ conj_physical_ cos_ cosh_ deg2rad_ erf_ erfc_
    exp2_ exp_ expm1_ fill_ fix_ floor_ frac_ gcd_ i0_ index_put_ lcm_ ldexp_ log10_ log1p_ log2_
    log_ logit_ nan_to_num_ neg_ negative_ rad2deg_ reciprocal_ relu_ resize_as_ round_ rsqrt_
    sigmoid_ sin_ sinc_ sinh_ sqrt_ square_ tan_ tanh_ trunc_ xlogy_ zero_ as_strided_
""".split()

