"""How a weight got its new numbers: by learning rate times gradient, or by which optimizer.

A tape sees weights change, not how. Whether it was ``w - rate * gradient`` is therefore not taken
from the program's text: the numbers that met the gradient are tried (:func:`rate_of`), and only
one that gives the new numbers is told.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import numpy as np

MOST_RATES = 16  # numbers that are tried for one weight
ROUNDINGS = 4  # of the product, of the difference, and in what order they were done
SMALL = 0.01  # of the step: what rounding may amount to, for the rate to be sure


def rates_in(inputs: Any, own: tuple[int, ...]) -> list[float]:
    """The single numbers among an operation's inputs. own: ids of arrays that are no rates."""
    return [t._data.item() for t in inputs
            if t._data.size == 1 and t._data.dtype.kind in "fiu" and id(t._data) not in own
            ]  # fmt: skip


def rate_of(before: Any, grad: Any, after: Any, numbers: Iterable[float]) -> float | None:
    """The rate with which ``before - rate * grad`` is ``after``, up to rounding; None: of none.

    ``numbers`` are tried as they are, as divisors (``w.grad / 10``) and with the other sign
    (``w += -0.1 * w.grad``). Of a step so small that rounding hides it, there is none.

    >>> rate_of(np.array([3.0]), np.array([6.0]), np.array([2.4]), [0.5, -0.1])
    0.1
    """
    if before.dtype.kind != "f" or not before.shape == grad.shape == after.shape:
        return None
    moved = np.abs(after.astype(np.float64) - before)
    if not np.isfinite(moved).all() or not np.isfinite(grad).all():
        return None
    for number in list(numbers)[:MOST_RATES]:
        for rate in (number, -number, *((1 / number, -1 / number) if number else ())):
            with np.errstate(over="ignore"):
                step = before.dtype.type(rate) * grad
                off = np.abs(after.astype(np.float64) - (before - step))
                rounding = ROUNDINGS * np.finfo(before.dtype).eps * (np.abs(before) + np.abs(step))
            if (off <= rounding).all() and off.sum() <= SMALL * moved.sum():
                return float(str(before.dtype.type(rate)))  # 0.1, not 0.10000000149
    return None


def settings_of(optimizer: Any, parameter: Any) -> tuple[str, float | None]:
    """What is said of the optimizer, and its learning rate if it takes rate times gradient."""
    name = type(optimizer).__name__
    group: dict[str, Any] = next((g for g in optimizer.param_groups
                                  if any(p is parameter for p in g["params"])), {})  # fmt: skip
    if "lr" not in group:
        return name, None
    lr = float(group["lr"])
    plain = name == "SGD" and not group.get("momentum") and not group.get("weight_decay")
    return f"{name}, lr = {lr:g}", lr if plain else None
