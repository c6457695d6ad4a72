"""Recorded operations as a user would have written them: ``max_pool2d``, ``view(2, 3)``.

A node's name is PyTorch's (``UnsafeViewBackward0``) and its parameters are the engine's (an index
as arrays, a name for the node). Here are the words that a box shows instead.
"""

from __future__ import annotations

import re
from collections.abc import Collection
from functools import lru_cache
from typing import Any

import numpy as np

from ..core.node import Node
from ..core.tensor import Tensor
from ..faithful import dtypes

# What PyTorch's names of nodes are in its functions' names, where that is no rule.
PUBLIC = {
    "zero": "zero_", "fill": "fill_", "nll_loss2_d": "nll_loss", "diagonal_copy": "diagonal",
    "to_copy": "to", "log1_p": "log1p", "deg2_rad": "deg2rad",
    "rad2_deg": "rad2deg", "special_i0_e": "i0e", "special_xlog1_py": "xlog1py",
    "linalg_inv_ex": "inv", "linalg_solve_ex": "solve", "linalg_cholesky_ex": "cholesky",
    "log_sigmoid": "logsigmoid", "prelu_kernel": "prelu", "rrelu_with_noise": "rrelu",
    "linalg_lu_factor_ex": "lu_factor", "constant_pad_nd": "pad", "native_layer_norm": "layer_norm",
    "native_batch_norm": "batch_norm", "native_group_norm": "group_norm", "im2_col": "unfold",
    "col2_im": "fold", "unsafe_view": "view", "_unsafe_view": "view", "reshape_alias": "reshape",
    "unfold_backward": "unfold", "alias": "view_as", "convolution": "conv",
    "index_put": "index_put_",
    "max_pool2_dwith_indices": "max_pool2d", "max_pool3_dwith_indices": "max_pool3d",
    "max_pool1_dwith_indices": "max_pool1d", "clamp_min": "clamp", "clamp_max": "clamp",
    "slow_conv_transpose2_d": "conv_transpose2d",
    "fft_c2_c": "fft", "fft_r2_c": "rfft", "fft_c2_r": "irfft",
}  # fmt: skip
INTERNAL = {"name", "overload", "disjoint", "order", "split", "residuals", "vector", "scale", "bag",
            "bags", "empty", "matrices", "slopes", "steps", "found"}  # fmt: skip
DEFAULTS: dict[str, Any] = {
    "keepdim": False, "reduction": "mean", "alpha": 1, "beta": 1, "dilation": 1, "groups": 1,
    "padding": 0, "stride": 1, "negative_slope": 0.01, "correction": 1, "decimals": 0, "offset": 0,
    "reverse": False, "include_self": True, "upper": False, "left": True, "unitriangular": False,
    "eps": 1e-05, "threshold": 20.0, "padding_idx": -1, "before": 0, "diagonal": 0,
}  # fmt: skip
# Parameters that are written without their name, and all of them as separate arguments.
POSITIONAL = {
    "Reshape": ("shape",), "Expand": ("shape",), "Permute": ("dims",), "Repeat": ("repeats",),
    "Transpose": ("dim0", "dim1"), "Unsqueeze": ("dim",), "Squeeze": ("dim",), "Flip": ("dims",),
    "PowScalar": ("exponent",), "SumToSize": ("size",),
    "Unfold": ("dimension", "size", "step"), "Roll": ("shifts", "dims"),
    "AsStrided": ("size", "stride"), "Fill": ("value",), "Split": ("sizes",),
}  # fmt: skip
SHAPES = {"Reshape", "Expand"}  # of others a shape is the engine's own note


def op_name(node: Node) -> str:
    """The operation as a user would write it: 'mm' for MmBackward0, 'log_softmax' ...

    An operation may say it itself (``written``), where PyTorch's node is called otherwise:
    ``1 / x`` is a MulBackward0. A name that the result of several operations has is not its own.
    """
    name = node.params.get("_written") or getattr(node.op, "written", "")
    name = name or user_spelling(node.op.node_name(node))
    if name == "conv":  # PyTorch has one node for all of them
        transposed = "_transpose" if node.op.__name__.startswith("ConvInput") else ""
        return f"conv{transposed}{len(node.shape) - 2}d"
    return name


@lru_cache(maxsize=1000)
def user_spelling(name: str) -> str:
    """A node's name as a function's: ``'log_softmax'`` for ``'LogSoftmaxBackward0'``."""
    name = name.rsplit("::", 1)[-1]  # torch::autograd::CopySlices
    name = name.replace("Backward0_copy", "CopyBackward0")
    short = re.sub(r"Backward\d+$", "", name)
    if name == "CopyBackwards":
        return "copy_"
    if short == name:
        return name.removesuffix("Backward")  # an autograd.Function: keep the user's spelling
    snake = re.sub(r"(?<=[a-z0-9])(?=[A-Z])", "_", short).lower()
    snake = PUBLIC.get(snake, snake)
    snake = re.sub(r"(?<=\d)_d(?=_|$)", "d", snake)  # avg_pool2_d: avg_pool2d
    snake = re.sub(r"^upsample_.*", "interpolate", snake)
    snake = re.sub(r"^(reflection|replication|circular)_pad\dd$", "pad", snake)
    return snake.removeprefix("linalg_").removeprefix("special_")


def shown_params(node: Node) -> dict[str, Any]:
    """The parameters that a user may have written."""
    op = node.op.__name__
    return {
        k: v for k, v in node.params.items()
        if v is not None and k[0] != "_" and k not in INTERNAL and not is_default(k, v)
        and (k != "shape" or op in SHAPES) and not has_arrays(v)
    }  # fmt: skip


def written_params(node: Node, without: Collection[str] = ()) -> dict[str, Any]:
    """The same as they are written: '' is the name of those that have none there."""
    given = {k: v for k, v in shown_params(node).items() if k not in without}
    plain: list[Any] = []
    for name in POSITIONAL.get(node.op.__name__, ()):
        value = given.pop(name, None)
        if value is not None:
            plain += value if isinstance(value, (tuple, list)) else [value]
    if isinstance(node.params.get("steps"), tuple):  # from a base to its view, one by one
        plain += [Step(op, params) for op, params in node.params["steps"]]
    return {"": tuple(plain), **given} if plain else given


class Step:
    """One operation that makes a view: ``[1:]``, ``t``."""

    def __init__(self, op: Any, params: dict[str, Any]) -> None:
        self.text = index_text(params["index"]) if "index" in params else str(op.__name__).lower()

    def __repr__(self) -> str:
        return self.text


def is_default(name: str, value: Any) -> bool:
    values = value if isinstance(value, (tuple, list)) and value else (value,)
    return name in DEFAULTS and all(type(v) is not str or v == DEFAULTS[name] for v in values) and (
        all(v == DEFAULTS[name] for v in values))  # fmt: skip


def has_arrays(value: Any) -> bool:
    """Whether a value is an array or tensor, or has one inside: it is drawn as an input."""
    if isinstance(value, (tuple, list)):
        return any(has_arrays(v) for v in value)
    return isinstance(value, (np.ndarray, Tensor)) and not (
        isinstance(value, np.ndarray) and value.ndim == 0)  # fmt: skip


def written_out(params: dict[str, str]) -> list[str]:
    """The parameters' texts as arguments: ``2, 3`` and ``dim=1``."""
    return [text if k in ("", "index") else f"{k}={text}" for k, text in params.items()]


def value_text(key: str, value: Any) -> str:
    """One parameter's value."""
    if key == "index":
        return index_text(value)
    if key == "":
        return ", ".join(value_text("one", v) for v in value)
    if isinstance(value, np.dtype):
        return repr(dtypes.FROM_NUMPY.get(value, value))
    if isinstance(value, (np.generic, np.ndarray)):
        return repr(value.item())
    if isinstance(value, (tuple, list)) and value and len(set(map(str, value))) == 1 and (
        key in ("stride", "padding", "dilation", "kernel", "size")
    ):
        return value_text(key, value[0])  # 2 for (2, 2)
    if isinstance(value, (tuple, list)):
        inside = ", ".join(value_text("one", v) for v in value)
        return f"({inside}{',' if len(value) == 1 else ''})"
    if isinstance(value, float):
        return f"{value:.6g}"
    return repr(value)


def index_text(index: Any) -> str:
    """An index as it is written between brackets: ``:, 1:3, 0``."""
    parts = index if isinstance(index, tuple) else (index,)
    return "[" + ", ".join(part_text(p) for p in parts) + "]"


def part_text(part: Any) -> str:
    if part is Ellipsis:
        return "..."
    if not isinstance(part, slice):
        return value_text("one", part)
    text = ":".join("" if v is None else str(v) for v in (part.start, part.stop, part.step))
    return text.removesuffix(":") if part.step is None else text
