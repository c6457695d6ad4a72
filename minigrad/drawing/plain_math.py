r"""The operations' LaTeX formulas as plain text for labels: ``y = a \odot b`` is y = a ⊙ b."""

from __future__ import annotations

import re

SYMBOLS = {
    r"\odot": "⊙", r"\lfloor": "⌊", r"\rfloor": "⌋", r"\ldots": "…", r"\sum": "Σ", r"\prod": "Π",
    r"\le": "≤", r"\ge": "≥", r"\ne": "≠", r"\cdot": "·", r"\times": "×", r"\infty": "∞",
    r"\partial": "∂", r"\pi": "π", r"\sigma": "σ", r"\mu": "µ", r"\epsilon": "ε", r"\lambda": "λ",
    r"\alpha": "α", r"\beta": "β", r"\gamma": "γ", r"\delta": "δ", r"\in": "∈", r"\to": "→",
    r"\,": " ", r"\;": " ", r"\ ": " ", r"\!": "", r"\quad": "  ", r"\left": "", r"\right": "",
    r"\|": "‖", r"\{": "{", r"\}": "}",
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
    text = re.sub(r"\\frac(\d)(\w)", r"\1/\2", latex)
    text = re.sub(r"\\bar\s*\{?(\w)\}?", "\\1\u0304", text)  # a combining macron
    for _ in range(4):  # innermost braces first; formulas are never nested deeper
        text = re.sub(r"\\(?:text|mathrm|mathit|mathrel|mathbf|operatorname)" + GROUP, r"\1", text)
        text = re.sub(r"\\sqrt" + GROUP, r"√(\1)", text)
        text = re.sub(r"\\frac" + GROUP + GROUP, fraction, text)
        text = re.sub(r"\^" + GROUP, lambda m: POWERS.get(m[1], f"^({m[1]})"), text)
        text = re.sub("_" + GROUP, r"_\1", text)
    text = re.sub(r"\\sqrt\s*", "√", text)
    text = re.sub(r"\^(\\top|[\d*Tnx])", lambda m: POWERS.get(m[1], f"^{m[1]}"), text)
    text = re.sub(r"\\(?:[A-Za-z]+|[^A-Za-z])", symbol, text)
    text = re.sub(r"(?<=Σ)_(\w)", r"_\1", text)
    return unicode_composed(re.sub(r"\s+", " ", text).strip())


def fraction(m: re.Match[str]) -> str:
    top, bottom = (p if re.fullmatch(r"\w+", p) else f"({p})" for p in m.groups())
    return f"{top}/{bottom}"


def symbol(m: re.Match[str]) -> str:
    return SYMBOLS.get(m[0], m[0][1:])  # \sin is sin


def unicode_composed(text: str) -> str:
    import unicodedata

    return unicodedata.normalize("NFC", text)
