"""Every operation's formulas, as plain text: no LaTeX is left in them."""

import re

import pytest

import minigrad as mg
from minigrad.core.op import ALL_OPS
from minigrad.drawing.plain_math import FUNCTIONS, LETTERS, SYMBOLS, plain

LAYOUT = {"text", "mathrm", "mathit", "mathrel", "mathbf", "operatorname", "sqrt", "frac", "tfrac",
          "dfrac", "bar", "hat", "textstyle", "displaystyle", "scriptstyle", "begin", "end", "top",
          "\\"}  # fmt: skip
FORMULAS = sorted({f for op in ALL_OPS.values() for f in (op.formula, *op.vjp_formulas.values())})


def test_there_are_formulas():
    assert len(FORMULAS) > 300 and mg.nn


@pytest.mark.parametrize("formula", FORMULAS)
def test_plain_text_has_no_latex(formula):
    known = FUNCTIONS | LAYOUT | set(LETTERS) | set(SYMBOLS)
    assert set(re.findall(r"\\([A-Za-z]+|[^A-Za-z])", formula)) <= known
    said = plain(formula)
    assert not re.search(r"\\|style|math|text\b|\{\{|frac(?!tion)", said)


def test_sums_and_hats():
    assert plain(r"y_i = x_i - \ln \textstyle\sum_j e^{x_j}") == "y_i = x_i - ln Σ_j e^(x_j)"
    assert plain(r"\hat x \odot \bar y") == "x̂ ⊙ ȳ"
    assert plain(r"\textstyle\sum_{s i + k = j} w_{o,c}") == "Σ_(s i + k = j) w_o,c"
