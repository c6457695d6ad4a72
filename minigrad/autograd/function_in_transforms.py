"""A user's ``autograd.Function`` inside ``jvp`` and ``vmap``: by its static methods.

Other operations have a rule for batches and one for tangents in ``func/``. A Function brings its
own; this file is what tells ``func/`` so.
"""

from __future__ import annotations

from collections import namedtuple
from typing import Any

from ..core.hooks import Extra
from ..core.modes import grad_mode
from ..core.tensor import Tensor, edge_of
from ..func import batch, dual
from ..func.batch import BatchLevel, all_examples, example, is_batched, value_of
from ..func.dual import parts
from ..func.levels import Level
from ..ops.shaping.joining import stack
from ..ops.shaping.shape import movedim
from .function import Function, FunctionNode, call, run_with_jvp, with_inputs

VmapInfo = namedtuple("VmapInfo", "batch_size randomness")  # noqa: PYI024


def with_tape(params: dict[str, Any], inputs: Any, shells: list[Any]) -> list[Any]:
    """The shells, recorded on their own level too if a gradient may be asked for there."""
    if not grad_mode.enabled or all(edge_of(t) is None for t in inputs):
        return shells
    recorded = listed(call(params["_function"], with_inputs(params["_args"], inputs))[0])
    for t, made in zip(recorded, shells, strict=True):
        if isinstance(t, Tensor):
            t._data, t.extra = made._data, Extra(made.extra.carried)
    return recorded


def listed(output: Any) -> list[Any]:
    return list(output) if isinstance(output, tuple) else [output]


def run_dual(level: Level, inputs: Any, params: dict[str, Any]) -> Any:
    """Run a Function on dual tensors: its ``jvp`` gives the tangents."""
    primals, tangents = zip(*[parts(t, level) for t in inputs], strict=True)
    output, answer = run_with_jvp(params, primals, list(tangents))
    outputs, slopes = listed(output), listed(answer)
    if len(outputs) != len(slopes):
        raise RuntimeError(
            f"{params['_function'].__name__}.jvp returned {len(slopes)} tangents for "
            f"{len(outputs)} outputs: it must return one (or None) for each output of forward"
        )
    for i, (y, t) in enumerate(zip(outputs, slopes, strict=True)):
        if t is not None and t.shape != y.shape:
            raise RuntimeError(
                f"Trying to set a forward gradient that has a different size than that of the "
                f"original Tensor, this is not supported. Output {i} of "
                f"{params['_function'].__name__} is of size {list(y.shape)} while the tangent from "
                f"its jvp is of size {list(t.shape)}."
            )
    shells = [dual.shell(level, y, t) if isinstance(y, Tensor) else y
              for y, t in zip(outputs, slopes, strict=True)]  # fmt: skip
    recorded = with_tape(params, inputs, shells)
    return tuple(recorded) if isinstance(output, tuple) else recorded[0]


def run_batch(level: BatchLevel, inputs: Any, params: dict[str, Any]) -> Any:
    """Run a Function on batched tensors: by its ``vmap``, or once for each example."""
    function, args = params["_function"], with_inputs(params["_args"], inputs)
    if function.vmap is not Function.vmap:
        in_dims = tuple([0 if isinstance(a, Tensor) and is_batched(a, level) else None
                         for a in args])  # fmt: skip
        values = [value_of(a, level) if isinstance(a, Tensor) else a for a in args]
        answer = function.vmap(VmapInfo(level.size, level.randomness), in_dims, *values)
        if not (isinstance(answer, tuple) and len(answer) == 2):
            raise RuntimeError(
                f"Expected the vmap staticmethod of {function.__name__} to return (output, "
                "out_dims)"
            )
        output, dims = answer
        spots = listed(dims) if isinstance(dims, tuple) else [dims] * len(listed(output))
        every = [y if d is None else movedim(y, d, 0)
                 for y, d in zip(listed(output), spots, strict=True)]  # fmt: skip
        batched = [d is not None for d in spots]
    elif function.generate_vmap_rule:
        rows = [function.apply(*example(args, level, i)) for i in range(level.size)]
        output = rows[0]
        every = [stack(list(column)) for column in zip(*map(listed, rows), strict=True)]
        batched = [True] * len(every)
    else:
        raise RuntimeError(
            f"You tried to vmap over {function.__name__}, but it does not have vmap support. "
            "Please override and implement the vmap staticmethod or set generate_vmap_rule=True."
        )
    shells = [batch.shell(level, y) if b else batch.shell(level, all_examples(y, level))
              for y, b in zip(every, batched, strict=True)]  # fmt: skip
    recorded = with_tape(params, inputs, shells)
    return tuple(recorded) if isinstance(output, tuple) else recorded[0]


dual.OWN_RULES[FunctionNode] = run_dual
batch.OWN_RULES[FunctionNode] = run_batch
