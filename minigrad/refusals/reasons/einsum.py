"""Equations of ``einsum`` that cannot be read, or do not fit the operands."""

from __future__ import annotations

from typing import Any, NoReturn

from ...core.tensor import Tensor
from ..words import not_an_element


def equation(equation: Any) -> None:
    """The equation is a text."""
    if not isinstance(equation, (str, Tensor)):
        raise TypeError(
            "einsum(): argument 'equation' (position 1) must be str, not "
            f"{type(equation).__name__}: write it in quotes, 'ij,jk->ik'"
        )


def operands(operands: Any) -> None:
    """There is an operand, and all are tensors."""
    if not operands:
        raise ValueError(
            "einsum(): must specify the equation string and at least one operand, or at least one "
            "operand and its subscripts list"
        )
    for i, t in enumerate(operands):
        if not isinstance(t, Tensor):
            raise not_an_element(t, i, 1)


def subscript() -> NoReturn:
    """A number in a sublist stands for one of 52 letters."""
    raise ValueError("einsum(): subscript in subscript list is not within the valid range [0, 52)")


def terms(equation: str, operands: Any, terms: list[str]) -> None:
    """There is one term for each operand."""
    if len(terms) > len(operands):
        raise RuntimeError(
            "einsum(): fewer operands were provided than specified in the equation: "
            f"'{equation}' names {len(terms)}, got {len(operands)}"
        )
    if len(terms) < len(operands):
        raise RuntimeError(
            "einsum(): more operands were provided than specified in the equation: "
            f"'{equation}' names {len(terms)}, got {len(operands)}"
        )


def lone_dot(where: str) -> NoReturn:
    """A dot is part of an ellipsis."""
    raise RuntimeError(f"einsum(): found '.' for {where} that is not part of any ellipsis")


def second_ellipsis(where: str) -> NoReturn:
    """An ellipsis stands once in a term."""
    raise RuntimeError(f"einsum(): found '.' for {where} for which an ellipsis was already found")


def no_letter(at: int) -> NoReturn:
    """Labels are letters."""
    raise RuntimeError(
        f"einsum(): invalid subscript given at index {at} in the equation "
        "string, subscripts must be in [a-zA-Z]: one letter stands for one dimension"
    )


def covered(names: Any, n: int, i: int, covered: int) -> NoReturn:
    """The labels of an operand are as many as its dimensions."""
    raise RuntimeError(
        f"einsum(): the number of subscripts in the equation ({n - covered}) "
        + ("is more than" if "..." in names else "does not match")
        + f" the number of dimensions ({n}) for operand {i}"
        + ("" if "..." in names else " and no ellipsis was given")
    )


def sizes(labels: Any, operands: Any) -> None:
    """Refuse one label for two lengths (unless one of them is 1 and broadcasts)."""
    seen: dict[str, int] = {}
    for i, (names, t) in enumerate(zip(labels, operands, strict=True)):
        for name, n in zip(names, t._data.shape, strict=True):
            if seen.get(name, 1) == 1:
                seen[name] = n
            elif n not in (1, seen[name]):
                raise RuntimeError(
                    f"einsum(): subscript {name} has size {n} for operand {i} which does not "
                    f"broadcast with previously seen size {seen[name]}"
                    ": one letter stands for one length everywhere"
                )


def output(output: list[str], kept: Any) -> None:
    """The result has each letter once, and only letters of operands."""
    for name in output:
        if output.count(name) > 1:
            raise RuntimeError(
                f"einsum(): output subscript {name} appears more than once in the output"
                ": a result has each letter once"
            )
        if not any(name in names for names in kept):
            raise RuntimeError(
                f"einsum(): output subscript {name} does not appear in the equation for any input "
                "operand: its length would be unknown"
            )


def repeated(name: str, t: Any, i: int, j: int) -> NoReturn:
    """A letter twice in one operand stands for one length."""
    raise RuntimeError(
        f"einsum(): subscript {name} is repeated for one operand but the sizes don't "
        f"match, {t._data.shape[j]} != {t._data.shape[i]}"
    )
