"""Which padding no tensor has."""

from __future__ import annotations

from typing import Any

MODES = ("reflect", "replicate", "circular")


def mode(mode: str, value: Any, m: int, ndim: int) -> None:
    """A mode that is unknown, or not for so many dimensions."""
    if mode not in MODES:
        raise NotImplementedError(f"Unrecognised padding mode {mode}")
    if value not in (None, 0):
        raise ValueError(f'Padding mode "{mode}" doesn\'t take in value argument')
    if ndim not in (m + 1, m + 2) or m > 3:
        raise NotImplementedError(
            f"Padding size {2 * m} is not supported for {ndim}D input tensor.\n"
            "Supported combinations for non-constant padding: the last 1, 2 or 3 dimensions, with "
            "one or two (batch, channel) before them"
        )


def ends(pad: tuple[int, ...], ndim: int) -> None:
    """Not two ends for each dimension, or more dimensions than there are."""
    if len(pad) % 2:
        raise RuntimeError(
            f"Padding length must be divisible by 2: it is {len(pad)}, but every dimension has two "
            "ends"
        )
    m = len(pad) // 2
    if m > ndim:
        raise RuntimeError(
            "Padding length should be less than or equal to two times the input dimension but got "
            f"padding length {len(pad)} and input of dimension {ndim}"
        )


def taken_away(shape: Any, before: Any, after: Any, pad: Any) -> None:
    """Negative ends that take away more than there is."""
    if any(n + b + a < 0 for n, b, a in zip(shape, before, after, strict=True)):
        raise RuntimeError(
            f"narrow(): length must be non-negative. padding {list(pad)} takes more away than "
            f"shape {list(shape)} has"
        )


def edges(shape: Any, before: Any, after: Any, mode: str, m: int) -> None:
    """Ends that are longer than what they are made of."""
    ndim = len(shape)
    if mode != "circular" and 0 in shape[-m - 1 :]:
        raise RuntimeError(
            f"Expected {m + 1}D or {m + 2}D (batch mode) tensor with possibly 0 batch size and "
            f"other non-zero dimensions for input, but got: {list(shape)}"
        )
    for d in reversed(range(ndim - m, ndim)):  # as PyTorch asks
        most = max(before[d], after[d])
        if mode == "circular" and before[d] + shape[d] + after[d] < 0:
            raise RuntimeError(
                f"Negative padding value is resulting in an empty dimension: {before[d]} and "
                f"{after[d]} take more away than dimension {d} has"
            )
        if mode == "reflect" and most >= shape[d]:
            raise RuntimeError(
                f"Argument #{2 * (ndim - d) + 2}: Padding size should be less than the "
                f"corresponding input dimension, but got: padding ({before[d]}, {after[d]}) at "
                f"dimension {d} of input {list(shape)}"
            )
        if mode == "circular" and most > shape[d]:
            raise RuntimeError(
                "Padding value causes wrapping around more than once. Dimension "
                f"{d} has {shape[d]} elements"
            )
