r"""The operations' LaTeX formulas as MathML, which browsers show as mathematics by themselves.

A small reader for the LaTeX that formulas are written in: fractions, roots, accents, indices,
powers, text, cases. What it does not know stays as it is, without the backslash, and everything is
escaped. ``plain_math.py`` does the same for labels that can hold text only.
"""

from __future__ import annotations

import re
from html import escape

from .plain_math import LETTERS, SYMBOLS

TOKEN = re.compile(r"\\[A-Za-z]+|\\.|[A-Za-z]|\d+(?:\.\d+)?|\s+|.", re.DOTALL)
FUNCTIONS = {
    "sin", "cos", "tan", "sinh", "cosh", "tanh", "arcsin", "arccos", "arctan", "exp", "log", "ln",
    "det", "min", "max", "arg", "bmod",
}  # fmt: skip
OPERATORS = {"mp": "∓", "int": "∫", "sum": "∑", "prod": "∏", "lvert": "|", "rvert": "|", "|": "‖",
             "{": "{", "}": "}"}  # fmt: skip
MORE_LETTERS = {"varphi": "φ", "psi": "ψ", "Sigma": "Σ", "Lambda": "Λ"}
SPACES = {",": "0.17em", ";": "0.28em", " ": "0.25em", "quad": "1em", "!": "0"}
SILENT = {"textstyle", "displaystyle", "limits"}
OVER = {"bar": "¯", "hat": "^", "tilde": "~"}
BAR = "border-top:.07em solid;padding-top:.13em"
UNSEEN = '<mo style="font-size:.01em">¯</mo>'  # the bar for those who listen
NARY = "∑∏∫"


def mathml(latex: str) -> str:
    r"""A formula as a MathML element; '' of an empty one.

    >>> mathml(r"y = \tfrac12 x^2")
    '<math><mrow><mi>y</mi><mo>=</mo><mfrac><mn>1</mn><mn>2</mn></mfrac><msup><mi>x</mi><mn>2</mn></msup></mrow></math>'
    """  # noqa: E501
    if not latex.strip():
        return ""
    return f"<math>{Reader(latex).row()}</math>"


class Reader:
    """Reads tokens from left to right. Formulas nest a few levels, so recursion is safe."""

    def __init__(self, latex: str) -> None:
        self.tokens = TOKEN.findall(latex)
        self.at = 0
        self.depth = 0

    def peek(self) -> str:
        return self.tokens[self.at] if self.at < len(self.tokens) else ""

    def take(self) -> str:
        token = self.peek()
        self.at += 1
        return token

    def row(self, *ends: str) -> str:
        """Everything up to one of ``ends`` (which is read too), or up to the end."""
        items: list[str] = []
        while self.at < len(self.tokens) and self.peek() not in ends:
            token = self.take()
            if token.isspace():
                continue
            if token in ("^", "_"):
                base = items.pop() if items else "<mrow></mrow>"
                items.append(self.scripts(base, token))
            else:
                item = self.item(token)
                if item:
                    items.append(item)
        self.take()
        return items[0] if len(items) == 1 else f"<mrow>{''.join(items)}</mrow>"

    def scripts(self, base: str, token: str) -> str:
        found = {token: self.argument()}
        while self.peek().isspace():
            self.take()
        if self.peek() in ("^", "_") and self.peek() != token:
            other = self.take()
            found[other] = self.argument()
        below, above = found.get("_"), found.get("^")
        if below is None:
            return f"<msup>{base}{above}</msup>"
        if above is None:
            return f"<msub>{base}{below}</msub>"
        return f"<msubsup>{base}{below}{above}</msubsup>"

    def argument(self) -> str:
        """One token or one group in braces."""
        while self.peek().isspace():
            self.take()
        token = self.peek()
        if token[:1].isdigit() and len(token) > 1:  # \tfrac12 is one half
            self.tokens[self.at : self.at + 1] = [token[0], token[1:]]
        return self.item(self.take())

    def raw(self) -> str:
        """The characters of a group in braces, unread."""
        while self.peek().isspace():
            self.take()
        if self.peek() != "{":
            return self.take()
        self.take()
        parts, depth = [], 1
        while self.at < len(self.tokens):
            token = self.take()
            depth += (token == "{") - (token == "}")
            if not depth:
                break
            parts.append(token)
        return "".join(parts)

    def item(self, token: str) -> str:
        if self.depth > 50:  # nobody's formula, but it must not end in a RecursionError
            return tag("mtext", token)
        if token == "{":
            self.depth += 1
            inside = self.row("}")
            self.depth -= 1
            return inside
        if token[:1] == "\\" and len(token) > 1:
            self.depth += 1
            made = self.command(token[1:])
            self.depth -= 1
            return made
        if token[:1].isdigit():
            return tag("mn", token)
        if token.isalpha():
            return tag("mi", token)
        return tag("mo", {"-": "−", "'": "′", "*": "∗"}.get(token, token)) if token else ""

    def command(self, name: str) -> str:
        if name in SILENT:
            return ""
        if name in SPACES:
            return f'<mspace width="{SPACES[name]}"></mspace>'
        if name in ("frac", "tfrac", "dfrac"):
            return f"<mfrac>{self.argument()}{self.argument()}</mfrac>"
        if name == "sqrt":
            return f"<msqrt>{self.argument()}</msqrt>"
        if name in OVER:
            return self.accent(OVER[name])
        if name == "text":
            return tag("mtext", self.raw().replace(" ", "\u00a0"))
        if name in ("mathrm", "operatorname", "mathit", "mathbf"):
            return f'<mi mathvariant="normal">{escape(Reader.spelled(self.raw()))}</mi>'
        if name == "mathrel":
            return self.argument()
        if name in ("left", "right"):
            delimiter = self.take()
            return "" if delimiter == "." else self.item(delimiter)
        if name == "begin":
            return self.cases(self.raw())
        if name == "end":
            self.raw()
            return ""
        if name in FUNCTIONS:
            said = "mod" if name == "bmod" else name
            return f'<mi mathvariant="normal">{said}</mi><mspace width="0.17em"></mspace>'
        if name == "top":
            return tag("mi", "T")
        if name in OPERATORS:
            sign = OPERATORS[name]
            return f'<mo largeop="false">{sign}</mo>' if sign in NARY else tag("mo", sign)
        if name in LETTERS or name in MORE_LETTERS:
            return tag("mi", LETTERS.get(name) or MORE_LETTERS[name])
        return tag("mo", SYMBOLS[name]) if name in SYMBOLS else tag("mi", name)

    def accent(self, mark: str) -> str:
        """A letter with an accent; a bar is a line that CSS draws, clear in any font."""
        base = self.argument()
        if mark == OVER["bar"]:
            return f'<mover accent="true"><mrow style="{BAR}">{base}</mrow>{UNSEEN}</mover>'
        return f'<mover accent="true">{base}<mo stretchy="false">{mark}</mo></mover>'

    def cases(self, name: str) -> str:
        rows, cells = [], []
        while self.at < len(self.tokens):
            cells.append(self.row("&", r"\\", r"\end"))
            ended = self.tokens[self.at - 1] if self.at <= len(self.tokens) else r"\end"
            if ended != "&":
                rows.append("".join(f"<mtd>{cell}</mtd>" for cell in cells))
                cells = []
            if ended == r"\end":
                self.raw()
                break
        table = "<mtable>" + "".join(f"<mtr>{row}</mtr>" for row in rows) + "</mtable>"
        return f"<mrow><mo>{{</mo>{table}</mrow>" if name == "cases" else table

    @staticmethod
    def spelled(text: str) -> str:
        return text.replace("\\", "")


def tag(name: str, text: str) -> str:
    return f"<{name}>{escape(text)}</{name}>"
