r"""Einstein's summation: any product of tensors, written with letters.

``einsum("ij,jk->ik", a, b)`` names the dimensions of each operand; letters that the result does not
have are summed over. It is computed two operands at a time, as PyTorch does: each pair becomes one
batched matrix product, so the graph shows permute, reshape and bmm, and the gradients are theirs.
"""

from __future__ import annotations

import math
from typing import Any

from ...core.tensor import Tensor
from ...refusals.reasons import einsum as refuse
from ..calls import one_call
from .matmul import bmm

LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
ELLIPSIS = "..."


@one_call
def einsum(equation: Any, *operands: Any) -> Tensor:
    r"""The sum of products that ``equation`` describes.

    "ij,jk->ik" is the matrix product, $Y_{ik} = \sum_j A_{ij} B_{jk}$.

    Args:
        equation: for each operand the letters of its dimensions, separated by commas, then perhaps
            ``->`` and the letters of the result (else the letters that stand once, in alphabetical
            order). Letters that the result does not have are summed over. A letter twice in one
            operand takes the diagonal; ``...`` stands for dimensions that broadcast.
        operands: tensors. Or both as sublists: ``einsum(a, [0, 1], b, [1, 2], [0, 2])``.

    Returns:
        A tensor with the letters of the result as its dimensions. A view if dimensions were only
        put in another order or a diagonal taken.

    Raises:
        RuntimeError: if the equation cannot be read or does not fit the operands.
        ValueError: without operands, or for a number outside 0 to 51 in a sublist.
        TypeError: if the equation is no text or an operand no tensor.

    >>> import minigrad as mg
    >>> a = mg.tensor([[1.0, 2.0], [3.0, 4.0]])
    >>> mg.einsum("ij,jk->ik", a, a)
    tensor([[ 7., 10.],
            [15., 22.]])
    >>> mg.einsum("ii", a), mg.einsum(a, [0, 1], [1])
    (tensor(5.), tensor([4., 6.]))

    Source: A. Einstein's summation convention (1916), as in NumPy's and PyTorch's ``einsum``.
    """
    refuse.equation(equation)
    if not isinstance(equation, str):
        equation, operands = from_sublists((equation, *operands))
    elif len(operands) == 1 and isinstance(operands[0], (list, tuple)):
        operands = tuple(operands[0])
    refuse.operands(operands)
    inputs, output = parse(equation, operands)
    labels, output = with_ellipsis(inputs, output, operands)
    tensors = [diagonals(t, names) for t, names in zip(operands, labels, strict=True)]
    refuse.sizes(labels, operands)
    kept = [list(dict.fromkeys(names)) for names in labels]
    refuse.output(output, kept)

    result, names = tensors[0], kept[0]
    for i in range(1, len(tensors)):
        later = {n for rest in kept[i + 1 :] for n in rest} | set(output)
        result, names = pair(result, names, tensors[i], kept[i], later)
    return finish(result, names, output)


# --- reading the equation ------------------------------------------------------------------------


def from_sublists(parts: Any) -> tuple[str, Any]:
    """``(a, [0, 1], b, [1, 2], [0, 2])`` as an equation string and operands."""

    def letters(sublist: Any) -> str:
        text = ""
        for n in sublist:
            if n is Ellipsis:
                text += ELLIPSIS
            elif 0 <= n < len(LETTERS):
                text += LETTERS[n]
            else:
                refuse.subscript()
        return text

    paired = len(parts) // 2 * 2
    equation = ",".join(letters(s) for s in parts[1:paired:2])
    if len(parts) % 2:
        equation += "->" + letters(parts[-1])
    return equation, tuple(parts[0:paired:2])


def parse(equation: str, operands: Any) -> tuple[list[list[str]], list[str] | None]:
    """The labels of each operand, and of the result if it is given."""
    left, arrow, right = equation.partition("->")
    terms = left.split(",")
    refuse.terms(equation, operands, terms)
    start = 0
    inputs = []
    for i, term in enumerate(terms):
        inputs.append(split_labels(term, start, f"operand {i}"))
        start += len(term) + 1
    output = split_labels(right, len(left) + 2, "the output") if arrow else None
    return inputs, output


def split_labels(term: str, start: int, where: str) -> list[str]:
    """The labels of one term: letters, and '...' as one label."""
    labels: list[str] = []
    i = 0
    while i < len(term):
        if term[i] == ".":
            if term[i : i + 3] != ELLIPSIS:
                refuse.lone_dot(where)
            if ELLIPSIS in labels:
                refuse.second_ellipsis(where)
            labels.append(ELLIPSIS)
            i += 3
            continue
        if term[i] != " ":
            if term[i] not in LETTERS:
                refuse.no_letter(start + i)
            labels.append(term[i])
        i += 1
    return labels


def with_ellipsis(inputs: Any, output: Any, operands: Any) -> tuple[list[list[str]], list[str]]:
    """Replace '...' by labels of its own ('.0' for the last of its dimensions, and so on)."""
    labels, most = [], 0
    for i, (names, t) in enumerate(zip(inputs, operands, strict=True)):
        n = t._data.ndim
        covered = n - len([x for x in names if x != ELLIPSIS])
        if covered < 0 or (covered > 0 and ELLIPSIS not in names):
            refuse.covered(names, n, i, covered)
        most = max(most, covered)
        labels.append(replaced(names, covered))
    if output is None:
        flat = [x for names in labels for x in names]
        once = sorted(x for x in set(flat) if flat.count(x) == 1 and x in LETTERS)
        return labels, replaced([ELLIPSIS], most) + once
    return labels, replaced(output, most)


def replaced(names: list[str], covered: int) -> list[str]:
    made: list[str] = []
    for name in names:
        made += [f".{k}" for k in range(covered - 1, -1, -1)] if name == ELLIPSIS else [name]
    return made


# --- computing -----------------------------------------------------------------------------------


def diagonals(t: Tensor, names: list[str]) -> Tensor:
    """Take the diagonal over each label that stands twice, and put it where it first stood."""
    names = list(names)
    for name in dict.fromkeys(names):
        while names.count(name) > 1:
            i = names.index(name)
            j = names.index(name, i + 1)
            if t._data.shape[i] != t._data.shape[j]:
                refuse.repeated(name, t, i, j)
            t = t.diagonal(0, i, j).movedim(-1, i)
            del names[j]
    return t


def pair(
    a: Tensor, names_a: list[str], b: Tensor, names_b: list[str], later: set[str]
) -> tuple[Tensor, list[str]]:
    """The product of two operands, summed over the labels that nobody needs ``later``."""
    a, names_a = without(a, names_a, names_b, b, later)
    b, names_b = without(b, names_b, names_a, a, later)
    shared = [n for n in names_a if n in names_b]
    batch = [n for n in shared if n in later]
    summed = [n for n in shared if n not in later]
    only_a = [n for n in names_a if n not in shared]
    only_b = [n for n in names_b if n not in shared]
    names = batch + only_a + only_b
    if not summed:  # a plain product with broadcasting
        return lined_up(a, names_a, names) * lined_up(b, names_b, names), names
    size = {**dict(zip(names_a, a._data.shape, strict=True)),
            **dict(zip(names_b, b._data.shape, strict=True))}  # fmt: skip

    def lengths(labels: list[str]) -> int:
        return math.prod(size[n] for n in labels)

    left = ordered(a, names_a, batch + only_a + summed)
    right = ordered(b, names_b, batch + summed + only_b)
    left = left.reshape(lengths(batch), lengths(only_a), lengths(summed))
    right = right.reshape(lengths(batch), lengths(summed), lengths(only_b))
    return bmm(left, right).reshape([size[n] for n in names]), names


def without(
    t: Tensor, names: list[str], other_names: list[str], other: Tensor, later: set[str]
) -> tuple[Tensor, list[str]]:
    """Sum out the labels that are in no other operand; drop length 1 where the other is longer."""
    alone = [n for n in names if n not in other_names and n not in later]
    if alone:
        t = t.sum([names.index(n) for n in alone])
        names = [n for n in names if n not in alone]
    longer = [n for n in names if n in other_names and t._data.shape[names.index(n)] == 1
              and other._data.shape[other_names.index(n)] != 1]  # fmt: skip
    if longer:
        t = t.squeeze([names.index(n) for n in longer])
        names = [n for n in names if n not in longer]
    return t, names


def ordered(t: Tensor, names: list[str], wanted: list[str]) -> Tensor:
    """The dimensions in the wanted order."""
    return t if names == wanted else t.permute([names.index(n) for n in wanted])


def lined_up(t: Tensor, names: list[str], wanted: list[str]) -> Tensor:
    """The dimensions in the wanted order, with length 1 for those it does not have."""
    t = ordered(t, names, [n for n in wanted if n in names])
    for i, n in enumerate(wanted):
        if n not in names:
            t = t.unsqueeze(i)
    return t


def finish(t: Tensor, names: list[str], output: list[str]) -> Tensor:
    """Sum what is left over and put the dimensions in the order of the result."""
    rest = [i for i, n in enumerate(names) if n not in output]
    if rest:
        t = t.sum(rest)
        names = [n for n in names if n in output]
    return ordered(t, names, output)
