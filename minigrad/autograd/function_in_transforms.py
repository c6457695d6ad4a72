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
from ..func.batch import BatchLevel, example, is_batched, value_of
from ..func.dual import parts
from ..func.levels import Level, carried_of
from ..func.trees import flatten, spread, unflatten
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
    for y in recorded:
        if isinstance(y, Tensor):
            dual.note_base(y, level)
    return tuple(recorded) if isinstance(output, tuple) else recorded[0]


def run_batch(level: BatchLevel, inputs: Any, params: dict[str, Any]) -> Any:
    """Run a Function on batched tensors: by its ``vmap``, or once for each example."""
    function, args = params["_function"], with_inputs(params["_args"], inputs)
    if function.vmap is not Function.vmap:
        if function.generate_vmap_rule:
            raise RuntimeError(
                f"You tried to vmap over {function.__name__}, but it has both "
                "generate_vmap_rule=True and an overridden vmap staticmethod. Please set "
                "generate_vmap_rule=False or delete the overridden vmap staticmethod to avoid "
                "ambiguity."
            )
        given, nest = flatten(args)
        spots = [carried_of(a).spot if batched_here(a, level) else None for a in given]
        values = [value_of(a, level) if isinstance(a, Tensor) else a for a in given]
        values = [a if d is None else movedim(a, 0, d) for a, d in zip(values, spots, strict=True)]
        answer = function.vmap(VmapInfo(level.size, level.randomness), unflatten(nest, spots),
                               *unflatten(nest, values))  # fmt: skip
        output, pairs = read_answer(answer)
        every = [batch.all_examples(y, level) if d is None else movedim(y, d, 0)
                 for y, d in pairs]  # fmt: skip
    elif function.generate_vmap_rule:
        rows = [function.apply(*example(args, level, i)) for i in range(level.size)]
        output = rows[0]
        every = [stack(list(column)) for column in zip(*map(listed, rows), strict=True)]
    else:
        raise RuntimeError(
            f"You tried to vmap over {function.__name__}, but it does not have vmap support. "
            "Please override and implement the vmap staticmethod or set generate_vmap_rule=True."
        )
    shells: list[Any] = [batch.shell(level, y) for y in every]
    if isinstance(output, tuple) and len(output) == len(shells):
        return tuple(with_tape(params, inputs, shells))
    return unflatten(flatten(output)[1], with_tape(params, inputs, shells))


def batched_here(a: Any, level: BatchLevel) -> bool:
    return isinstance(a, Tensor) and is_batched(a, level)


def read_answer(answer: Any) -> tuple[Any, list[tuple[Any, Any]]]:
    """What a ``vmap`` staticmethod has returned: the output, and pairs (tensor, its out_dim)."""
    if not isinstance(answer, tuple) or len(answer) != 2:
        got = f"{len(answer)} returns" if isinstance(answer, tuple) else f"a {type(answer)}"
        raise RuntimeError(
            "Expected the vmap staticmethod to have two returns, an output and out_dims with "
            f"pytree structure compatible with the output. Got {got} instead: return (output, "
            "out_dims)"
        )
    output, dims = answer
    leaves, nest = flatten(output)
    spots = spread(dims, nest)
    if spots is None:
        raise RuntimeError(
            "The autograd.Function's vmap staticmethod returned an incompatible (output, out_dims) "
            f"tuple. Expected out_dims={dims} to be compatible with the structure of `output`. "
            f"out_dims has structure {flatten(dims)[1]} but output has structure {nest}."
        )
    return output, list(zip(leaves, spots, strict=True))


dual.OWN_RULES[FunctionNode] = run_dual
batch.OWN_RULES[FunctionNode] = run_batch
