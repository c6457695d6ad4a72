"""Which sequences have no CTC loss."""

from __future__ import annotations

from typing import Any

from ...core.tensor import Tensor


def dimensions(log_probs: Tensor) -> None:
    """What is not time, batch and classes."""
    if log_probs.ndim not in (2, 3):
        n = log_probs.ndim if log_probs.ndim == 3 else log_probs.ndim + 1
        raise RuntimeError(
            f"Expected 3-dimensional tensor, but got {n}-dimensional tensor for argument #1 "
            "'log_probs' (while checking arguments for ctc_loss_allocate_outputs): time, batch and "
            "classes (one sequence without the batch is given one)"
        )


def lengths(x: Any, steps: Any, sizes: Any, blank: int) -> None:
    """Lengths that do not fit the log-probabilities (time, batch, classes), and a blank that is no
    class."""
    n = x.shape[1]
    if x.size == 0:
        raise RuntimeError("log_probs tensor must not be empty")
    if len(steps) != n:
        raise RuntimeError("input_lengths must be of size batch_size: "
                           f"{len(steps)} lengths for {n} sequences")  # fmt: skip
    if len(sizes) != n:
        raise RuntimeError("target_lengths must be of size batch_size: "
                           f"{len(sizes)} lengths for {n} sequences")  # fmt: skip
    if not 0 <= blank < x.shape[2]:
        raise RuntimeError("blank must be in label range: from 0 to the number of classes - 1")
    for t in steps:
        if not 0 <= t <= x.shape[0]:
            raise RuntimeError(
                f"Expected input_lengths to have value at most {x.shape[0]}, but got value {t}"
            )


def labels(labels: Any, sizes: Any) -> None:
    """Targets (labels) that are not as many as their lengths (sizes) say."""
    rows_needed = len(sizes) if labels.ndim == 2 else sum(sizes)
    if labels.ndim not in (1, 2):
        raise RuntimeError(
            f"Expected 1 to 2 dimensions, but got {labels.ndim}-dimensional tensor for argument #2 "
            "'targets' (while checking arguments for ctc_loss_allocate_outputs): a row of labels "
            "for each sequence, or all behind one another"
        )
    if labels.shape[0] != rows_needed:
        raise RuntimeError(
            f"Expected tensor to have size {rows_needed} at dimension 0, but got size "
            f"{labels.shape[0]} for argument #2 'targets' (while checking arguments for "
            "ctc_loss_allocate_outputs)"
        )
    if labels.ndim == 2 and labels.shape[1] < max(sizes, default=0):
        raise RuntimeError(
            f"Expected tensor to have size at least {max(sizes)} at dimension 1, but got size "
            f"{labels.shape[1]} for argument #2 'targets': a target is longer than its row"
        )
