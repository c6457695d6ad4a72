"""Samples that have no differences, slopes or areas."""

from __future__ import annotations

from typing import Any

from ...core.tensor import Tensor


def diff(input: Tensor, n: int) -> None:
    if input._data.ndim == 0:
        raise RuntimeError("diff expects input to be at least one-dimensional: a 0-d tensor is one "
                           "number without a neighbour")  # fmt: skip
    if n < 0:
        raise RuntimeError(f"order must be non-negative but got {n}: it counts how often")


def added(input: Tensor, more: Tensor | None, d: int) -> None:
    """What is put before or behind ``input`` along dimension ``d`` must fit in the others."""
    if more is None:
        return
    if more.ndim != input.ndim:
        raise RuntimeError(
            "diff expects prepend or append to be the same dimension as input: they have "
            f"{more.ndim} and {input.ndim} dimensions"
        )
    for i, (have, got) in enumerate(zip(input._data.shape, more._data.shape, strict=True)):
        if i != d and have != got:
            raise RuntimeError(
                "diff expects the shape of tensor to prepend or append to match that of input "
                f"except along the differencing dimension; input.size({i}) = {have}, but got "
                f"tensor.size({i}) = {got}"
            )


def gradient(input: Tensor, edge_order: int) -> None:
    if input._data.dtype.name == "uint8":
        raise RuntimeError(
            "torch.gradient does not support uint8 input. Slopes may be negative; use .float()"
        )
    if edge_order not in (1, 2):
        raise RuntimeError("torch.gradient only supports edge_order=1 and edge_order=2.")


def spacing(input: Tensor, spaced: Any, places: Any) -> None:
    """One distance for each dimension."""
    if len(spaced) != len(places):
        raise RuntimeError(
            f"torch.gradient expected spacing to be unspecified, a scalar, or a list of length "
            f"equal to 'self.dim() = {input.ndim}', but got a list of length {len(spaced)}"
        )


def too_few(n: int, d: int, edge_order: int) -> None:
    """A slope takes two samples, at an edge of second order three."""
    if n < edge_order + 1:
        raise RuntimeError(
            "torch.gradient expected each dimension size to be at least edge_order+1: "
            f"dimension {d} has length {n}"
        )


def trapezoid(name: str, y: Tensor, x: Tensor | None, d: int, no_row: IndexError) -> None:
    """Areas below samples that are bools, that do not stand in a row (of which ``no_row``
    tells), or of which some have no place."""
    if any(t is not None and t._data.dtype.kind == "b" for t in (y, x)):
        which = "`y`" if x is None else "`x` or `y`"
        raise RuntimeError(
            f"{name}: received a bool input for {which}, but bool is not supported: use .float()"
        )
    if not y.ndim:
        raise no_row
    if x is not None and x.ndim == 1 and x._data.size != y._data.shape[d]:
        raise RuntimeError(
            f"{name}: There must be one `x` value for each sample point: there are "
            f"{x._data.size} and {y._data.shape[d]}"
        )


def no_samples(dim: int) -> IndexError:
    return IndexError(
        f"Dimension specified as {dim} but tensor has no dimensions: samples stand in a row"
    )


def no_slices() -> IndexError:
    return IndexError(
        "slice() cannot be applied to a 0-dim tensor. The rule needs samples in a row."
    )
