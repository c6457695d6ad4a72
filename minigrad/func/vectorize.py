"""``vmap``: a function of one example, applied to a batch."""

from __future__ import annotations

import functools
from collections.abc import Callable
from typing import Any

from ..core.tensor import Tensor
from ..ops.shaping.joining import cat, stack
from ..ops.shaping.shape import movedim
from ..random.draws import get_rng_state, set_rng_state
from .batch import BatchLevel, all_examples, is_batched, shell
from .levels import NotBatchable, inside
from .randomness import OneByOne
from .trees import flatten, spread, unflatten

RANDOMNESS = ("error", "different", "same")


def vmap(
    func: Callable[..., Any],
    in_dims: Any = 0,
    out_dims: Any = 0,
    randomness: str = "error",
    *,
    chunk_size: int | None = None,
) -> Callable[..., Any]:
    """A function that applies ``func`` to every example of a batch, without a loop where it can.

    ``func`` gets tensors of one example and must not use single numbers of them (``if``,
    ``.item()``). Operations run on all examples at once if a rule says how (elementwise,
    reductions, products, shape, indexing: func/batch_rules.py), the others in a loop over the
    examples, operation by operation. A function that reads a whole example's numbers (``unique``,
    ``nonzero`` ...) is run in a loop as a whole.

    Args:
        func: a function of (pytrees of) tensors of one example.
        in_dims: which dimension of each input counts the examples (None: the same for all
            examples); one value, or a pytree like the positional inputs; keyword arguments are the
            same for all examples.
        out_dims: where that dimension goes in the results.
        randomness: whether random functions inside are refused ('error'), or give each example
            numbers of its own ('different') or all the 'same'.
        chunk_size: at most so many examples at a time. None: all.

    Returns:
        A function of tensors that have the dimension of examples, and so have its results.

    Raises:
        RuntimeError: (when called) ``func`` asks for single numbers, or draws random ones by
            'error'.
        ValueError: (when called) the inputs have different numbers of examples, or no such
            dimension.

    >>> import minigrad as mg
    >>> dot = mg.func.vmap(mg.dot)
    >>> dot(mg.tensor([[1.0, 2.0], [3.0, 4.0]]), mg.tensor([[1.0, 1.0], [2.0, 0.0]]))
    tensor([3., 6.])

    Gradients of single samples, not of their mean:

    >>> loss = lambda w, x: (w * x).sum() ** 2
    >>> x = mg.tensor([[1.0, 0.0], [0.0, 2.0]])
    >>> mg.func.vmap(mg.func.grad(loss), in_dims=(None, 0))(mg.ones(2), x)
    tensor([[2., 0.],
            [0., 8.]])

    Source: JAX's ``vmap``, by way of ``torch.func``.
    """
    if randomness not in RANDOMNESS:
        raise RuntimeError(
            f"Only allowed values for randomness are 'error', 'different', or 'same'. Got "
            f"{randomness}"
        )
    if chunk_size is not None and chunk_size <= 0:
        raise ValueError(f"vmap: chunk_size should be None or greater than 0. (got {chunk_size})")
    name = getattr(func, "__name__", repr(func))

    @functools.wraps(func)
    def batched(*args: Any, **kwargs: Any) -> Any:
        leaves, structure, dims, size = read_inputs(name, in_dims, args, kwargs)
        run = functools.partial(run_batch, func, name, structure, out_dims, randomness)
        if chunk_size is None or chunk_size >= size:
            return run(leaves, dims, size)
        pieces = []
        for start in range(0, size, chunk_size):
            stop = min(start + chunk_size, size)
            part = [x if d is None else x.movedim(d, 0)[start:stop].movedim(0, d)
                    for x, d in zip(leaves, dims, strict=True)]  # fmt: skip
            pieces.append(run(part, dims, stop - start))
        return put_together(pieces, out_dims)

    return batched


def read_inputs(
    name: str, in_dims: Any, args: Any, kwargs: Any
) -> tuple[list[Any], Any, list[Any], int]:
    """The inputs' leaves, their nesting, the batch dimension of each, and the batch's size."""
    call = f"vmap({name}, in_dims={in_dims}, ...)(<inputs>): "
    if not isinstance(in_dims, (int, tuple)) or isinstance(in_dims, bool):
        raise ValueError(
            f"{call}expected `in_dims` to be int or a (potentially nested) tuple matching the "
            f"structure of inputs, got: {type(in_dims)}."
        )
    if not args and not kwargs:
        raise ValueError(
            f"vmap({name})(<inputs>): got no inputs. Maybe you forgot to add inputs, or you are "
            "trying to vmap over a function with no inputs. The latter is unsupported."
        )
    positional, structure = flatten(args)
    dims = spread(list(in_dims) if isinstance(in_dims, tuple) else in_dims, structure)
    if dims is None:
        raise ValueError(
            f"{call}in_dims is not compatible with the structure of `inputs`. in_dims has "
            f"structure {flatten(in_dims)[1]} but inputs has structure {structure}."
        )
    leaves, structure = flatten((args, kwargs))
    dims += [None] * (len(leaves) - len(positional))  # keyword arguments are the same for all
    sizes = []
    for i, (x, d) in enumerate(zip(leaves, dims, strict=True)):
        if d is None:
            continue
        if not isinstance(d, int):
            raise ValueError(
                f"{call}Got in_dim={d} for an input but in_dim must be either an integer dimension "
                "or None."
            )
        if not isinstance(x, Tensor):
            raise ValueError(
                f"{call}Got in_dim={d} for an input but the input is of type {type(x)}. We cannot "
                "vmap over non-Tensor arguments, please use None as the respective in_dim"
            )
        n = x._data.ndim
        if not -n <= d < n:
            raise ValueError(
                f"{call}Got in_dim={d} for some input, but that input is a Tensor of "
                f"dimensionality {n} so expected in_dim to satisfy -{n} <= in_dim < {n}."
            )
        dims[i] = d % n
        sizes.append(x.shape[d])
    if not sizes:
        raise ValueError(
            "vmap: Expected at least one Tensor to vmap over: in_dims is None for all inputs, so "
            "there is no batch"
        )
    if any(n != sizes[0] for n in sizes):
        raise ValueError(
            "vmap: Expected all tensors to have the same size in the mapped dimension, got sizes "
            f"{sizes} for the mapped dimension"
        )
    return leaves, structure, dims, sizes[0]


def run_batch(
    func: Any, name: str, structure: Any, out_dims: Any, randomness: str, leaves: list[Any],
    dims: list[Any], size: int,
) -> Any:  # fmt: skip
    """``func`` for all examples at once; in a loop if it needs the numbers of single ones."""
    fronts = [x if d is None else movedim(x, d, 0) for x, d in zip(leaves, dims, strict=True)]
    start = get_rng_state()
    level = BatchLevel(size, randomness)
    level.inputs = [x for x, d in zip(fronts, dims, strict=True) if d is not None]
    try:
        with inside(level):
            shells = [x if d is None else shell(level, x, d)
                      for x, d in zip(fronts, dims, strict=True)]  # fmt: skip
            args, kwargs = unflatten(structure, shells)
            results, nest, outs = read_outputs(name, out_dims, func(*args, **kwargs))
            values = [None if t is None else off_level(t, level, d, name)
                      for t, d in zip(results, outs, strict=True)]  # fmt: skip
            return unflatten(nest, values)
    except NotBatchable:
        if size == 0:
            raise
        level.undo()
    set_rng_state(start)
    return run_loop(func, name, structure, out_dims, randomness, fronts, dims, size)


def run_loop(
    func: Any, name: str, structure: Any, out_dims: Any, randomness: str, fronts: list[Any],
    dims: list[Any], size: int,
) -> Any:  # fmt: skip
    """``func`` once for each example, the results stacked."""
    start = get_rng_state()
    rows = []
    for i in range(size):
        if randomness == "same":
            set_rng_state(start)
        one = [x if d is None else x[i] for x, d in zip(fronts, dims, strict=True)]
        args, kwargs = unflatten(structure, one)
        with inside(OneByOne(1, randomness)):
            rows.append(read_outputs(name, out_dims, func(*args, **kwargs)))
    _, nest, outs = rows[0]
    columns = zip(*[results for results, _, _ in rows], strict=True)
    values = [c[0] if d is None or c[0] is None else movedim(stack_examples(c), 0, d)
              for c, d in zip(columns, outs, strict=True)]  # fmt: skip
    return unflatten(nest, values)


def stack_examples(rows: Any) -> Tensor:
    if any(r.shape != rows[0].shape for r in rows):
        raise RuntimeError(
            "vmap: We do not support batching operators that can output dynamic shape. The "
            f"results for the examples have different shapes, {[list(r.shape) for r in rows]}."
        )
    return stack(list(rows))


def read_outputs(name: str, out_dims: Any, out: Any) -> tuple[list[Any], Any, list[Any]]:
    """The outputs' leaves, their nesting, and where the batch dimension of each goes."""
    results, nest = flatten(out)
    dims = spread(out_dims, nest)
    if dims is None and nest.kind is None and isinstance(out_dims, tuple) and len(out_dims) == 1:
        dims = [out_dims[0]]
    if dims is None:
        raise ValueError(
            f"vmap({name}, ..., out_dims={out_dims})(<inputs>): out_dims is not compatible with "
            f"the structure of `outputs`. out_dims has structure {flatten(out_dims)[1]} but "
            f"outputs has structure {nest}."
        )
    for t, d in zip(results, dims, strict=True):
        if not isinstance(t, Tensor) and d is not None:
            raise ValueError(
                f"vmap({name}, ...): `{name}` must only return Tensors, got type {type(t)}. Did "
                "you mean to set out_dims= to None for output?"
            )
    return results, nest, dims


def off_level(t: Any, level: BatchLevel, dim: int | None, name: str) -> Any:
    """A result without this level: the batch as dimension ``dim``."""
    if dim is None:
        if isinstance(t, Tensor) and is_batched(t, level):
            raise ValueError(
                f"vmap({name}, ...): `{name}` can not return a BatchedTensor when out_dim is None"
            )
        return t
    value = all_examples(t, level)
    return value if dim == 0 else movedim(value, 0, dim)


def put_together(pieces: list[Any], out_dims: Any) -> Any:
    """The results of the chunks as one."""
    flat = [flatten(p) for p in pieces]
    nest = flat[0][1]
    dims = spread(out_dims, nest) or [out_dims[0]]
    columns = zip(*[leaves for leaves, _ in flat], strict=True)
    return unflatten(nest, [
        c[0] if d is None else cat(list(c), d) for c, d in zip(columns, dims, strict=True)
    ])  # fmt: skip
