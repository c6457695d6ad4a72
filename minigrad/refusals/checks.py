"""What PyTorch's functions that are written in Python do first with their arguments.

Each check does it too, and so fails as PyTorch fails: comparing a list with a number raises
Python's own TypeError. grammar.py says how a table names a check.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

REDUCTIONS = ("none", "mean", "sum")


def pair(value: Any) -> None:
    _, _ = value if isinstance(value, Iterable) else (value, value)


def triple(value: Any) -> None:
    _, _, _ = value if isinstance(value, Iterable) else (value, value, value)


def padding_row(padding_idx: Any, weight: Any) -> None:
    if padding_idx is not None and (padding_idx > 0 or padding_idx < 0):
        weight.size()


def weighted(per_sample_weights: Any, input: Any) -> None:
    if per_sample_weights is not None:
        input.size()
        per_sample_weights.size()


def batch_eps(training: Any, eps: Any) -> None:
    if training:
        bool(eps <= 0.0)
    bool(eps < 0.0)


CHECKS: dict[str, Callable[..., Any]] = {
    "pair": pair,
    "triple": triple,
    "padding_row": padding_row,
    "weighted": weighted,
    "batch_eps": batch_eps,
    "yes_or_no": bool,
    "length": len,
    "probability": lambda p: p < 0.0 or p > 1.0,
    "is_zero": lambda value: bool(value == 0.0),
    "against_zero": lambda value: bool(value <= 0),
    "below_zero": lambda value: value < 0,
    "ordered": lambda low, high: bool(low > high),
    "in_bounds": lambda mean, std, a, b: bool(mean < a - 2 * std) or bool(mean > b + 2 * std),
    "own_eps": lambda eps: bool(eps != 1e-10),
    "factor": lambda value: value * 1.0,
    "softmax_of_negative": lambda input: (-input).softmax,
    "difference": lambda input, target: hasattr(target, "shape") or input - target,
    "renormalised": lambda max_norm, input: max_norm is None or input.contiguous(),
    "statistics_of": lambda training, input: training and input.size(),
    "groups": lambda input, n: bool(input.dim() < 2 or input.size(0) // n == 1),
    "dirac_groups": lambda tensor, n: tensor.dim() in (3, 4, 5) and tensor.size(0) % n,
    "valid_reduction": lambda word: word in REDUCTIONS or word + " is not valid",
}


def check_reduction(given: dict[str, Any]) -> None:
    """Refuse (ValueError) what is none of PyTorch's three words, unless the old way is used."""
    average, several = given.get("size_average"), given.get("reduce")
    if average is not None or several is not None:
        bool((True if average is None else average) and (True if several is None else several))
        return
    reduction = given["reduction"]
    if not isinstance(reduction, str):
        raise ValueError(
            f"{reduction} is not a valid value for reduction: use one of {', '.join(REDUCTIONS)}"
        )


def check(step: str, given: dict[str, Any]) -> None:
    """Do what a step says (``input.size()``, ``probability(p)``, ``reduction``)."""
    if step == "reduction":
        return check_reduction(given)
    before, _, listed = step.removesuffix(")").partition("(")
    name, _, attribute = before.partition(".")
    names = [name.removesuffix("?")] if attribute else listed.split(", ")
    values = [given[n] for n in names]
    try:
        if not attribute:
            CHECKS[name](*values)
        elif values[0] is not None or not name.endswith("?"):
            found = getattr(values[0], attribute)
            if step.endswith(")"):
                found()
    except Exception as error:
        where = " and ".join(names)
        raise type(error)(f"{error}: look again at what is given as {where}") from None
    return None
