"""One shape in many orders of memory, to be made with minigrad or with PyTorch."""

import math

PERMUTED = [(1, 0, 2, 3), (3, 2, 1, 0), (0, 2, 3, 1), (2, 0, 3, 1)]


def numbers(T, *shape):
    return (T.arange(math.prod(shape), dtype=T.float32) / 7 + 0.1).reshape(*shape)


def layouts(T):
    """By name: tensors that are transposed, sliced, expanded, channels-last, empty ..."""
    made = {
        "rows": numbers(T, 3, 4), "transposed": numbers(T, 4, 3).t(),
        "sliced": numbers(T, 3, 8)[:, ::2], "sliced transposed": numbers(T, 8, 3)[::2].t(),
        "column expanded": numbers(T, 3, 1).expand(3, 4),
        "row expanded": numbers(T, 4).expand(3, 4), "vector": numbers(T, 4),
        "every other": numbers(T, 8)[::2], "number": numbers(T, 1)[0],
        "batch": numbers(T, 2, 3, 4), "batch transposed": numbers(T, 3, 2, 4).transpose(0, 1),
        "matrices transposed": numbers(T, 2, 4, 3).transpose(1, 2),
        "images": numbers(T, 2, 3, 4, 5),
        "channels last": numbers(T, 2, 4, 5, 3).permute(0, 3, 1, 2),
        "volumes channels last": numbers(T, 2, 4, 5, 6, 3).permute(0, 4, 1, 2, 3),
        "empty": numbers(T, 0, 3, 4),
    }  # fmt: skip
    made |= {f"permuted {p}": numbers(T, 2, 3, 4, 5).permute(p) for p in PERMUTED}
    return made
