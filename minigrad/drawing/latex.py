r"""Names, numbers and formulas as LaTeX (math mode) and as plain text.

What comes from the user (names are any text: ``d['<b>$']``) is escaped for LaTeX, and so that no
character of it means anything in Markdown or HTML.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from html import escape
from typing import Any

import numpy as np

from ..graphs.text import printable, shorten
from .plain_math import plain

IN_MATH = {
    "_": r"\_", "{": r"\{", "}": r"\}", "$": r"\$", "#": r"\#", "%": r"\%", "&": r"\&",
    "\\": r"\backslash ", "<": r"\lt ", ">": r"\gt ", "^": r"\wedge ", "~": r"\sim ",
    "`": r"\backprime ", "'": r"\text{'}", '"': r"\text{''}", "*": r"\ast ", "|": r"\vert ",
    " ": r"\ ", "-": "-", "@": r"\text{@}",
}  # fmt: skip
TOKEN = re.compile(
    r"\\(?:text|mathrm|operatorname|mathit)\s*\{[^{}]*\}|\\[A-Za-z]+|\\.|[A-Za-z]|.", re.DOTALL
)
# Of the formulas' letters these always stand for the result and its gradient.
RESULT = ("y", "Y")


def name_latex(name: str) -> str:
    r"""A name in math mode: ``w`` is w, ``w1`` is w_{1}, longer ones are in typewriter letters.

    >>> name_latex("w1"), name_latex("y_pred")
    ('w_{1}', '\\mathtt{y\\_pred}')
    """
    name = shorten(printable(name), 24)  # whole names are in the list of paths
    if re.fullmatch(r"[A-Za-z]", name):
        return name
    if re.fullmatch(r"[A-Za-z]\d{1,2}", name):
        return f"{name[0]}_{{{name[1:]}}}"
    return r"\mathtt{" + escaped(name) + "}"


def escaped(text: str) -> str:
    """Any text for math mode."""
    return "".join(IN_MATH.get(c, c) for c in printable(text))


def bar(name: str) -> str:
    """The gradient of the loss with respect to a tensor: its name under a bar."""
    shown = name_latex(name)
    return rf"\bar{{{shown}}}" if len(name) == 1 else rf"\overline{{{shown}}}"


def number_latex(value: Any) -> str:
    r"""A number to four digits.

    >>> number_latex(-2.5e-7), number_latex(3.0)
    ('-2.5 \\times 10^{-7}', '3')
    """
    if isinstance(value, complex):
        return rf"({number_latex(value.real)} + {number_latex(value.imag)}\,i)"
    text = number_plain(value)
    if text in ("nan", "inf", "-inf"):
        return {"nan": r"\text{nan}", "inf": r"\infty", "-inf": r"-\infty"}[text]
    digits, _, exponent = text.partition("e")
    return rf"{digits} \times 10^{{{int(exponent)}}}" if exponent else digits


def number_plain(value: Any) -> str:
    return f"{value:.4g}"


def factor(value: float | None, spell: Callable[[Any], str]) -> str:
    """A number in a product: negative ones in brackets."""
    if value is None:
        return "?"
    text = spell(value)
    return f"({text})" if text.startswith("-") else text


def numbers_latex(array: Any, most: int = 12) -> str:
    r"""A small array as a number or matrix, a larger one by its norm; ``?`` if it is not known.

    >>> numbers_latex(np.array([1.0, 2.0]))
    '\\begin{pmatrix} 1 & 2 \\end{pmatrix}'
    """
    if array is None:
        return r"\text{?}"
    if array.size == 1:
        return number_latex(array.reshape(-1)[0].item())
    if array.size == 0 or array.size > most or array.ndim > 2:
        return rf"\lVert\cdot\rVert = {number_latex(norm(array))}"
    rows = [" & ".join(number_latex(v) for v in row) for row in np.atleast_2d(array).tolist()]
    return r"\begin{pmatrix} " + r" \\ ".join(rows) + r" \end{pmatrix}"


def numbers_plain(array: Any, most: int = 12) -> str:
    """The same in plain text."""
    if array is None:
        return "?"
    if array.size == 1:
        return number_plain(array.reshape(-1)[0].item())
    if array.size == 0 or array.size > most or array.ndim > 2:
        return f"norm {number_plain(norm(array))}"
    rows = ["[" + ", ".join(number_plain(v) for v in row) + "]"
            for row in np.atleast_2d(array).tolist()]  # fmt: skip
    return rows[0] if array.ndim == 1 else "[" + ", ".join(rows) + "]"


def norm(array: Any) -> float:
    with np.errstate(all="ignore"):
        return float(np.sqrt((np.abs(array.astype(np.complex128)) ** 2).sum()))


def with_names(formula: str, names: dict[str, str], result: str) -> str:
    """A formula about a, b and y, told about the user's tensors instead.

    names: the user's name (as LaTeX) of each one-letter input; matrices are its capital letter.

    >>> with_names(r"A^\\top \\bar Y", {"a": "x", "b": "w_{1}"}, r"h")
    'x^\\\\top \\\\bar{h}'
    """
    table = {letter: shown for a, shown in names.items() for letter in (a, a.upper())}
    table.update(dict.fromkeys(RESULT, result))
    out: list[str] = []
    barred = braced = False  # after \bar, and inside its braces
    for token in TOKEN.findall(formula):
        if token == r"\bar":
            barred = True
        elif barred and token == " ":
            continue
        elif barred and token == "{":
            braced = True
        elif barred and braced and token == "}":
            barred = braced = False
        elif token in table or (barred and len(token) == 1):
            shown = table.get(token, token)
            wide = len(plain_length(shown)) > 1
            if barred:
                shown = rf"\overline{{{shown}}}" if wide else rf"\bar{{{shown}}}"
                barred = braced
            elif wide:
                shown = f"{{{shown}}}"
            out.append(shown)
        elif barred:  # a Greek letter
            out.append(rf"\bar{token}")
            barred = braced
        else:
            out.append(token)
    return "".join(out)


def plain_length(latex: str) -> str:
    return re.sub(r"\\[A-Za-z]+|[{}\\]", "", latex)


def formula_plain(formula: str, names: dict[str, str], result: str) -> str:
    """The same as text; ``grad(h)`` is the gradient of the loss with respect to h.

    >>> formula_plain(r"\\bar y \\odot b", {"a": "x", "b": "w1"}, "h")
    'grad(h) ⊙ w1'
    """
    # Names stand outside of what plain() knows, and are put in afterwards.
    marks = {letter: chr(0xE000 + i) for i, letter in enumerate(names)}
    shown = with_names(formula, marks, chr(0xE0FF))
    shown = re.sub(r"\\bar\{([\uE000-\uE0FF])\}", "grad(\\1)", shown)
    text = plain(shown)
    for letter, name in names.items():
        text = text.replace(marks[letter], printable(name))
    return text.replace(chr(0xE0FF), printable(result))


def markdown_text(raw: str) -> str:
    r"""Any text as text in Markdown: what would mean something gets a backslash.

    >>> markdown_text("<b>a_b*")
    '&lt;b&gt;a\\_b\\*'
    """
    return re.sub(r"([\\`*_{}\[\]()#+!|~$-])", r"\\\1", escape(printable(raw), quote=False))


def markdown_code(raw: str) -> str:
    """Any text as code in Markdown, with a fence that is longer than any inside."""
    text = printable(raw) or " "
    longest = max((len(run) for run in re.findall("`+", text)), default=0)
    fence = "`" * (longest + 1)
    pad = " " if text.startswith("`") or text.endswith("`") else ""
    return f"{fence}{pad}{text}{pad}{fence}"
