"""Which arguments the functions of torch refuse before those of torch.nn.functional are asked."""

from __future__ import annotations

from ...core.tensor import Tensor
from .embedding import indices as row_numbers


def rows(name: str, input: Tensor) -> None:
    """What is no sequences: channels and length, with or without a batch."""
    if input.ndim not in (2, 3):
        raise RuntimeError(
            f"Expected 2 to 3 dimensions, but got {input.ndim}-dimensional tensor for argument #1 "
            f"'self' (while checking arguments for {name})"
        )


def batch_norm(
    input: Tensor, weight: Tensor | None, bias: Tensor | None, running_mean: Tensor | None,
    running_var: Tensor | None,
) -> None:  # fmt: skip
    """One running average without the other, and what has not one number for each channel."""
    if (running_mean is None) != (running_var is None):
        raise ValueError(
            "running_mean and running_var must either both be None or neither be None: one "
            "without the other says nothing"
        )
    for name, t in (("running_mean", running_mean), ("running_var", running_var),
                    ("weight", weight), ("bias", bias)):  # fmt: skip
        channels = input._data.shape[1] if input.ndim > 1 else 0
        if t is not None and t._data.size != channels:
            raise RuntimeError(
                f"{name} should contain {channels} elements not {t._data.size}: one a channel"
            )


def embedding_bag(weight: Tensor, indices: Tensor, offsets: Tensor) -> None:
    """Tensors with the wrong number of dimensions, and rows that are no whole numbers."""
    if weight.ndim != 2:
        raise RuntimeError(
            f"weight has to be a 2D Tensor, but got Tensor of dimension {weight.ndim}"
        )
    if indices.ndim not in (1, 2):
        raise RuntimeError(
            f"input has to be a 1D or 2D Tensor, but got Tensor of dimension {indices.ndim}: it "
            "names rows of weight"
        )
    if offsets.ndim != 1:
        raise RuntimeError(
            f"offsets has to be a 1D Tensor, but got Tensor of dimension {offsets.ndim}: it says "
            "where each bag begins"
        )
    for t in (indices, offsets):
        if t._data.dtype.kind in "fc":
            row_numbers("embedding_bag", t, weight)
