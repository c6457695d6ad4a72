"""The parts of an explanation: how paths, products, sums and vjp formulas are written."""

from __future__ import annotations

import math
import re
from collections.abc import Callable
from typing import Any

from ..graphs.paths import Meeting, Meetings, Path, was_stretched
from ..graphs.recorded_graph import GraphNode
from ..graphs.spelling import written_out
from ..graphs.text import params_text, printable
from .latex import (
    bar,
    escaped,
    factor,
    formula_plain,
    name_latex,
    number_latex,
    number_plain,
    with_names,
)

LONGEST = 12  # steps of a path, and tensors on the way, that are written out
WIDEST = 80  # letters of the names in one product


def has_hooks(node: GraphNode) -> bool:
    key = node._key
    owner = key[0] if type(key) is tuple else key
    extra = getattr(owner, "extra", None)
    return extra is not None and any(extra.tensor_hooks.values())


def aligned(rows: list[str]) -> str:
    return "\\begin{aligned}\n" + " \\\\[3pt]\n".join(rows) + "\n\\end{aligned}"


def sum_rows(parts: list[str], apart: bool) -> list[str]:
    """A sum on one row, or (it may be wide) with a row for each part."""
    if not apart:
        return ["&= " + " + ".join(parts)]
    return [f"&= {parts[0]}"] + [rf"&\quad + {part}" for part in parts[1:]]


def elided(found: Meetings) -> list[Meeting | None]:
    """The tensors on the way; of many the first and the last ones, and None for the others."""
    kept = list(found)
    if found.count <= LONGEST + 1:
        return list(kept)
    half = LONGEST // 2
    return [*kept[:half], None, *kept[-half:]]


def path_names(path: Path, arrow: str) -> str:
    n, half = len(path.steps) + 1, LONGEST // 2
    if n <= LONGEST + 1:
        return arrow.join(printable(name) for name in path.names)
    first = [s.input.name for s in path.steps[: -half - 1 : -1]]
    last = [path.steps[0].node.name, *[s.input.name for s in path.steps[: half - 1]]][::-1]
    names = [*first, f"... {n - 2 * half:,} more ...", *last]
    return arrow.join(printable(name) for name in names)


def partial(of: GraphNode, by: GraphNode) -> str:
    return rf"\frac{{\partial {name_latex(of.name)}}}{{\partial {name_latex(by.name)}}}"


def path_latex(path: Path) -> str:
    """The product of the derivatives; of a long one the two ends, so that it fits a page."""
    steps = path.steps
    widths = [max(len(s.node.name), len(s.input.name)) + 2 for s in steps]
    shown, room = len(steps), WIDEST
    for i in range(len(steps)):  # from both ends in turn
        room -= widths[i // 2] if i % 2 == 0 else widths[-1 - i // 2]
        if room < 0 or i >= LONGEST:
            shown = max(i, 2)
            break
    factors = [partial(s.node, s.input) for s in steps]
    if shown < len(steps):
        factors = [*factors[: -(-shown // 2)], r"\cdots", *factors[len(steps) - shown // 2 :]]
    return r" \cdot ".join(factors)


def shape_latex(node: GraphNode) -> str:
    if not node.shape:
        return r"\scriptstyle \text{scalar}"
    return r"\scriptstyle [" + r"\times ".join(str(n) for n in node.shape) + "]"


def letters_of(step: GraphNode) -> dict[str, str]:
    """The names of an operation's inputs, by the letters that its formulas have for them."""
    node = step._node
    letters = () if node is None else node.op.input_names
    return {a: i.label for a, i in zip(letters, step.inputs) if len(a) == 1}


def vjp_formula(step: GraphNode, position: int) -> str:
    formulas = step.vjp_formulas
    return formulas.get(letter_of(step, position), "") or formulas.get("", "")


def letter_of(step: GraphNode, position: int) -> str:
    """The name that the operation's formulas have for an input; '' if it has any number of them."""
    node = step._node
    letters = () if node is None else node.op.input_names
    return letters[position] if position < len(letters) else ""


def term_latex(step: GraphNode, position: int) -> str:
    """The vjp's formula with the user's names; without a formula, what it is in general.

    A formula is about one number; what broadcasting adds to it is the sum around it.
    """
    formula = vjp_formula(step, position)
    if not formula:
        return rf"{bar(step.name)} \cdot {partial(step, step.inputs[position])}"
    names = {a: constant_or_name(i) for a, i in zip(letters_of(step), named_inputs(step))}
    numbers = numbers_in(step)
    names |= {letter: factor(n, number_latex) for letter, n in numbers.items()}
    right = one_less(right_side(formula, letter_of(step, position)), numbers, number_latex)
    said = with_names(right, names, name_latex(step.name))
    if was_stretched(step, position):
        said = rf"{{\textstyle\sum}}\left({said}\right)"
    given = parameters(step)
    return said + (rf"\ {{\scriptstyle(\mathtt{{{escaped(given)}}})}}" if given else "")


def named_inputs(step: GraphNode) -> list[GraphNode]:
    node = step._node
    letters = () if node is None else node.op.input_names
    return [i for a, i in zip(letters, step.inputs) if len(a) == 1]


def constant_or_name(node: GraphNode) -> str:
    if node.is_number and node.value is not None:
        return factor(node.value.item(), number_latex)
    return name_latex(node.label)


def term_plain(step: GraphNode, position: int) -> str:
    formula = vjp_formula(step, position)
    if not formula:
        return f"grad({printable(step.name)}) through {printable(step.op or '')}"
    numbers = numbers_in(step)
    names = letters_of(step) | {a: factor(n, number_plain) for a, n in numbers.items()}
    right = one_less(right_side(formula, letter_of(step, position)), numbers, number_plain)
    said = formula_plain(right, names, step.name)
    if was_stretched(step, position):
        said = f"sum({said})"
    given = parameters(step)
    return f"{said} ({given})" if given else said


def right_side(formula: str, letter: str) -> str:
    r"""What a formula says about one input's gradient, without the ``\bar x =`` before it."""
    if len(letter) != 1:
        return formula
    ours = rf"\s*\\bar\s*\{{?[{letter}{letter.upper()}]\}}?(_\w|_\{{[^{{}}]*\}})?\s*=\s*"
    for statement in re.split(r";\s*\\quad|,\s*\\quad|;|,\\ ", formula):
        found = re.match(ours, statement)
        if found:
            return statement[found.end() :].strip()
    return formula


def numbers_in(step: GraphNode) -> dict[str, Any]:
    """The numbers that letters of the operation's formulas stand for, such as an exponent."""
    node = step._node
    return {} if node is None else node.op.numbers(node)


def one_less(formula: str, numbers: dict[str, Any], spell: Callable[[Any], str]) -> str:
    r"""A formula with ``n-1`` worked out; a power of 1 is left out.

    >>> one_less(r"n\,x^{n-1}", {"n": 3}, str), one_less(r"n\,x^{n-1}", {"n": 2}, str)
    ('n\\,x^{2}', 'n\\,x')
    """
    for letter, value in numbers.items():
        if value == 2:
            formula = formula.replace(f"^{{{letter}-1}}", "")
        less = spell(value - 1).replace("\\", r"\\")
        formula = re.sub(rf"(?<![A-Za-z\\]){letter}-1", less, formula)
    return formula


def parameters(step: GraphNode) -> str:
    """The operation's other arguments, but those that its formula shows."""
    shown = numbers_in(step).values()
    given = {} if step._node is None else step._node.params
    there = [k for k, v in given.items() if any(v is n for n in shown)]
    return ", ".join(written_out(params_text(step, there)))


def count_text(n: int) -> str:
    """A number that may have thousands of digits."""
    return f"{n:,}" if n < 10**12 else f"about 10^{int((n.bit_length() - 1) * math.log10(2))}"
