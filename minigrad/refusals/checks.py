"""What PyTorch's functions that are written in Python do first with their arguments.

Each check does it too, and so fails as PyTorch fails: comparing a list with a number raises
Python's own TypeError. grammar.py says how a table names a check.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

REDUCTIONS = ("none", "mean", "sum")


def probability(p: Any) -> None:
    bool(p < 0.0 or p > 1.0)


def yes_or_no(value: Any) -> None:
    bool(value)


def against_zero(value: Any) -> None:
    bool(value <= 0)


def below_zero(value: Any) -> None:
    value < 0  # noqa: B015


def ordered(low: Any, high: Any) -> None:
    bool(low > high)


def own_eps(eps: Any) -> None:
    bool(eps != 1e-10)


def factor(value: Any) -> None:
    value * 1.0


def softmax_of_negative(input: Any) -> None:
    (-input).softmax  # noqa: B018


def is_zero(value: Any) -> None:
    bool(value == 0.0)


def length(value: Any) -> None:
    len(value)


def pair(value: Any) -> None:
    _, _ = value if isinstance(value, Iterable) else (value, value)


def triple(value: Any) -> None:
    _, _, _ = value if isinstance(value, Iterable) else (value, value, value)


def in_bounds(mean: Any, std: Any, low: Any, high: Any) -> None:
    bool(mean < low - 2 * std) or bool(mean > high + 2 * std)


def difference(input: Any, target: Any) -> None:
    if not hasattr(target, "shape"):
        input - target


def padding_row(padding_idx: Any, weight: Any) -> None:
    if padding_idx is not None and (padding_idx > 0 or padding_idx < 0):
        weight.size()


def renormalised(max_norm: Any, input: Any) -> None:
    if max_norm is not None:
        input.contiguous()


def weighted(per_sample_weights: Any, input: Any) -> None:
    if per_sample_weights is not None:
        input.size()
        per_sample_weights.size()


def statistics_of(training: Any, input: Any) -> None:
    if training:
        input.size()


def batch_eps(training: Any, eps: Any) -> None:
    if training:
        bool(eps <= 0.0)
    bool(eps < 0.0)


def groups(input: Any, num_groups: Any) -> None:
    bool(input.dim() < 2 or input.size(0) // num_groups == 1)


def dirac_groups(tensor: Any, groups: Any) -> None:
    if tensor.dim() in (3, 4, 5):
        tensor.size(0) % groups


def valid_reduction(reduction: Any) -> None:
    if reduction not in REDUCTIONS:
        reduction + " is not valid"


CHECKS: dict[str, Callable[..., None]] = {
    check.__name__: check
    for check in (
        probability, yes_or_no, against_zero, below_zero, ordered, own_eps, factor, is_zero,
        softmax_of_negative, length, pair, triple, in_bounds, difference, padding_row, renormalised,
        weighted, statistics_of, batch_eps, groups, dirac_groups, valid_reduction,
    )
}  # fmt: skip


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
    names = listed.split(", ") if not attribute else [name.removesuffix("?")]
    try:
        if attribute:
            touch(given[names[0]], attribute, step.endswith(")"), name.endswith("?"))
        else:
            CHECKS[name](*[given[n] for n in names])
    except Exception as error:
        raise type(error)(
            f"{error}: look again at what is given as {' and '.join(names)}"
        ) from None
    return None


def touch(value: Any, attribute: str, call: bool, may_be_none: bool) -> None:
    """``value.attribute``, or ``value.attribute()``."""
    if value is None and may_be_none:
        return
    found = getattr(value, attribute)
    if call:
        found()
