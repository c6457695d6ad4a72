"""Which sizes no adaptive pooling has."""

from __future__ import annotations

import math


def image(name: str, shape: tuple[int, ...], m: int) -> None:
    """Images with the wrong number of dimensions, or without pixels."""
    if len(shape) not in (m + 1, m + 2) and m == 1:
        raise RuntimeError(
            f"Expected 2 to 3 dimensions, but got {len(shape)}-dimensional tensor for argument #1 "
            f"'self' (while checking arguments for {name}): batch (may be missing), channel, length"
        )
    if len(shape) not in (m + 1, m + 2):
        colon = ":" * name.startswith("adaptive_max")
        raise RuntimeError(
            f"{name}(): Expected {m + 1}D or {m + 2}D tensor, but got{colon} {list(shape)}"
        )
    if name == "adaptive_avg_pool1d":  # an image of one row
        name, shape = "adaptive_avg_pool2d", (*shape[:-1], 1, shape[-1])
    for d in range(len(shape) - 2 if name == "adaptive_avg_pool2d" else 1, len(shape)):
        if shape[d] == 0:
            raise RuntimeError(
                f"{name}(): Expected input to have non-zero size for non-batch dimensions, but "
                f"input has sizes {list(shape)} with dimension {d} being empty"
            )


def target_sizes(name: str, many: tuple[int, ...], shape: tuple[int, ...], m: int) -> None:
    """Lengths that are not one for each dimension, are negative, or are more than fits."""
    average = name.startswith("adaptive_avg")
    if len(many) != m:
        said = ":" if average else "(): internal error:"
        size = "output_size" if average else "output_size.size()"
        raise RuntimeError(f"{name}{said} {size} must be {m}: one length for each dimension")
    early = m == 1 or not average
    if early:
        image(name, shape, m)
    if min(many) < 0 and average:
        spread = ", ".join(str(n) for n in ((1, *many) if m == 1 else many))
        raise RuntimeError(
            f"adaptive_avg_pool{max(m, 2)}d: elements of output_size must be greater than or equal "
            f"to 0 but received {{{spread}}}"
        )
    if min(many) < 0:
        whole = [*shape[:-m], *([1] if m == 1 else []), *many]
        raise RuntimeError(
            f"Trying to create tensor with negative dimension {min(many)}: {whole}: a length is "
            "never negative"
        )
    if not early:
        image(name, shape, m)
    if math.prod(many) > 2**40:
        raise MemoryError(f"output_size={list(many)} has too many windows")
