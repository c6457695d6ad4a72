"""Arguments that PyTorch's functions share: ``out=``, ``device=``, ``layout=``, ``pin_memory=``.

No function deals with them itself. The wrapper at the public names (``refusals/refusing.py``) hands
a call that has one of them to :func:`call_with_options`, which calls the function without, and does
to the result what they ask for.
"""

from __future__ import annotations

import functools
import math
from typing import Any

import numpy as np

from ..core.modes import carried_by, grad_mode
from ..core.tensor import Tensor, edge_of
from ..faithful.device import only_cpu
from ..refusals import refusing
from ..refusals.reasons import options as refuse
from ..refusals.words import check_differentiable
from ..refusals.writable import check_overlap, check_writable
from . import capturing
from .operands import warn
from .writing.inplace import bump

# Reductions that compute in the dtype of out= unless told otherwise, as makers of tensors do.
IN_DTYPE_OF_OUT = frozenset({"sum", "prod", "cumsum", "cumprod", "nansum"})


def call_with_options(asked: Any, call: Any, args: Any, kwargs: dict[str, Any]) -> Any:
    """``call(*args, **kwargs)``, where ``asked.options`` are what only this function knows."""
    asked.refuse(args, kwargs)
    given = {name: kwargs[name] for name in asked.options & kwargs.keys()}
    rest = {name: value for name, value in kwargs.items() if name not in given}
    if given.get("device") is not None:
        only_cpu(given["device"])
    refuse.memory(given.get("layout"), given.get("pin_memory"))
    out = given.get("out")
    if out is not None:
        outs = out if isinstance(out, (tuple, list)) else (out,)
        if grad_mode.enabled and any(edge_of(t) is not None for t in tensors_in((*outs, *args))):
            raise refuse.gradient(asked.title)
        maker = asked.takes("layout") and not tensors_in(args)
        if maker and rest.get("dtype") is not None:
            refuse.other_dtype(rest["dtype"], out)
        elif maker or (asked.takes("dtype") and asked.rule.name in IN_DTYPE_OF_OUT):
            rest["dtype"] = out.dtype
    result = call(*args, **rest)
    if out is not None:
        result = written(asked.rule.name, result, out, args)
    if kwargs.get("requires_grad"):
        check_differentiable(result._data.dtype)
        result._requires_grad = True
    return result


refusing.options.call = call_with_options


def tensors_in(values: Any) -> list[Tensor]:
    """The tensors among arguments, and in the lists among them."""
    found = []
    for value in values:
        if isinstance(value, Tensor):
            found.append(value)
        elif isinstance(value, (tuple, list)):
            found += tensors_in(value)
    return found


def written(name: str, result: Any, out: Any, args: Any) -> Any:
    """Write what ``name(*args)`` has given into ``out``, and return that."""
    if isinstance(out, Tensor):
        return write_out(name, result, out, args)
    if len(out) != len(result):
        raise refuse.other_number(name, len(result), len(out))
    outs = [write_out(name, t, into, args, True) for t, into in zip(result, out, strict=True)]
    return type(result)(*outs) if hasattr(result, "_fields") else tuple(outs)


def write_out(name: str, result: Tensor, out: Tensor, args: Any, exact: bool = False) -> Tensor:
    """Write ``result`` into ``out``, which takes its shape and keeps its own dtype (``exact``: must
    have the same)."""
    if carried_by((result, out)) is not None:
        raise refuse.in_transforms(name)
    refuse.dtype(name, result._data.dtype, out._data.dtype, exact)
    if out._data.shape != result._data.shape:
        if out._data.size:
            warn(
                "An output with one or more elements was resized since it had shape "
                f"{list(out._data.shape)}, which does not match the required output shape "
                f"{list(result._data.shape)}. This behavior is deprecated, and in a future PyTorch "
                "release outputs will not be resized unless they have zero elements. You can "
                "explicitly reuse an out tensor t by resizing it, inplace, to zero elements with "
                "t.resize_(0)."
            )
        resize(out, result._data.shape)
    check_writable(out, False)
    check_overlap(out, tensors_in(args), name)
    np.copyto(out._data, result._data, casting="unsafe")
    capturing.writes(out, np.copyto, out._data, result._data, "unsafe")
    bump(out)
    return out


def resize(x: Tensor, size: tuple[int, ...]) -> None:
    """Let ``x`` look at its memory in another shape; more memory (zeros) if there is not enough."""
    n = math.prod(size)
    whole = capturing.memory_of(x._data)
    places = [array.__array_interface__["data"][0] for array in (x._data, whole)]
    memory = whole.reshape(-1)[(places[0] - places[1]) // whole.itemsize :]
    if n > memory.size:
        capturing.refuse("a tensor that is written to needs more memory than it has")
        memory = np.concatenate([memory, np.zeros(n - memory.size, memory.dtype)])
    x._data = memory[:n].reshape(size)


def takes_out(function: Any) -> Any:
    """Decorator: ``out=`` for one of the few functions that PyTorch writes in Python."""

    def call(*args: Any, out: Tensor | None = None, **kwargs: Any) -> Any:
        result = function(*args, **kwargs)
        return result if out is None else written(function.__name__, result, out, args)

    return functools.wraps(function)(call)
