r"""The operations' LaTeX formulas as plain text for labels: ``y = a \odot b`` is y = a ⊙ b."""

from __future__ import annotations

import re
import unicodedata

LETTERS = {
    "alpha": "α", "beta": "β", "gamma": "γ", "delta": "δ", "epsilon": "ε", "theta": "θ",
    "lambda": "λ", "mu": "µ", "pi": "π", "sigma": "σ", "phi": "φ", "psi": "ψ", "Gamma": "Γ",
    "Phi": "Φ", "varphi": "φ", "partial": "∂", "infty": "∞",
}  # fmt: skip
SYMBOLS = {
    "odot": "⊙", "otimes": "⊗", "cdot": "·", "times": "×", "pm": "±", "sum": "Σ", "prod": "Π",
    "bmod": "mod", "int": "∫", "mp": "∓",
    "le": "≤", "leq": "≤", "ge": "≥", "geq": "≥", "ne": "≠", "neq": "≠", "approx": "≈", "in": "∈",
    "sim": "~", "to": "→", "ldots": "…", "lfloor": "⌊", "rfloor": "⌋", "lceil": "⌈",
    "rceil": "⌉", "lvert": "|", "rvert": "|", "|": "‖", ",": " ", ";": " ", " ": " ", "quad": " ",
    "!": "", "left": "", "right": "", "{": "\0", "}": "\1",  # real braces, put back at the end
}  # fmt: skip
POWERS = {"2": "²", "3": "³", "*": "*", r"\top": "ᵀ", "T": "ᵀ", "n": "ⁿ", "x": "ˣ", "-1": "⁻¹"}
GROUP = r"\{([^{}]*)\}"


def plain(latex: str) -> str:
    """A formula in Unicode. What it does not know stays as it is, without the backslash.

    >>> plain(r"\\bar y \\odot (1 - y^2)")
    'ȳ ⊙ (1 - y²)'
    >>> plain(r"y = \\frac{1}{1 + e^{-x}}")
    'y = 1/(1 + e^(-x))'
    """
    text = re.sub(r"\\begin\{pmatrix\}(.*?)\\end\{pmatrix\}", matrix, latex, flags=re.DOTALL)
    text = re.sub(r"\\[td]frac", r"\\frac", text)
    text = re.sub(r"\\frac\s*(\w|\\[a-z]+)\s*(\w|\\[a-z]+)", r"\1/\2", text)
    text = re.sub(r"\\(?:text|display|script)style\b\s*", "", text)
    text = re.sub(r"\\bar\s*\{?(\w)\}?", "\\1\u0304", text)  # a combining macron
    text = re.sub(r"\\hat\s*\{?(\w)\}?", "\\1\u0302", text)  # a combining circumflex
    for _ in range(4):  # innermost braces first; formulas are never nested deeper
        text = re.sub(r"\\(?:text|mathrm|mathit|mathrel|mathbf|operatorname)" + GROUP, r"\1", text)
        text = re.sub(r"\\sqrt" + GROUP, r"√(\1)", text)
        text = re.sub(r"\\frac" + GROUP + GROUP, fraction, text)
        text = re.sub(r"\^" + GROUP, lambda m: POWERS.get(m[1], f"^({m[1]})"), text)
        text = re.sub("_" + GROUP, lambda m: f"_({m[1]})" if " " in m[1] else f"_{m[1]}", text)
    text = re.sub(r"\\sqrt\s*", "√", text)
    text = re.sub(r"\^(\\top|[\d*Tnx])", lambda m: POWERS.get(m[1], f"^{m[1]}"), text)
    text = re.sub(r"\\([A-Za-z]+|[^A-Za-z])", symbol, text)
    text = text.replace("{", "").replace("}", "")  # what grouped one thing only
    text = text.replace("\0", "{").replace("\1", "}")
    return unicodedata.normalize("NFC", re.sub(r"\s+", " ", text).strip())


def matrix(m: re.Match[str]) -> str:
    """Rows between brackets: [a, b; c, d]."""
    rows = [re.sub(r"\s*&\s*", ", ", row.strip()) for row in m[1].split(r"\\")]
    return f"[{'; '.join(rows)}]"


def fraction(m: re.Match[str]) -> str:
    top, bottom = (p if re.fullmatch(r"\w+", p) else f"({p})" for p in m.groups())
    return f"{top}/{bottom}"


FUNCTIONS = {
    "ln", "log", "exp", "sin", "cos", "tan", "sinh", "cosh", "tanh", "arcsin", "arccos", "arctan",
    "max", "min", "arg", "det",
}  # fmt: skip


def symbol(m: re.Match[str]) -> str:
    return LETTERS.get(m[1]) or SYMBOLS.get(m[1], m[1])  # \sin is sin

