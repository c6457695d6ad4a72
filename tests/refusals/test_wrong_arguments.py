"""Arguments that do not belong there are refused as PyTorch refuses them: type and opening words.

The calls are in wrong_argument_cases.py and the other tables, PyTorch's answers in
golden/wrong_arguments.json.
"""

from __future__ import annotations

import re

import pytest
from golden_files import read_golden
from wrong_argument_cases import TABLES, WRONG, answers, calls, said, wrong_calls

import minigrad as mg

STORED = read_golden("wrong_arguments.json")

NUMBERS = "two numbers and no tensor: Python's own + adds them"
OTHER_FIRST = "two things are wrong, and minigrad names the other one"
ASSERTED = "PyTorch says which line of its C++ code did not hold"
EPS = "minigrad refuses an eps below 0 here too, as PyTorch's nn.functional does"
PYTHON = "PyTorch comes upon it by accident, in Python code of its own"

# Where minigrad says something else, and why: {call: {kind: reason}}.
EXCEPTIONS: dict[str, dict[str, str]] = {
    "torch.subtract(wrong, 1)": {"bool": NUMBERS},
    "torch.subtract(wrong, y)": {"bool": OTHER_FIRST},
    "torch.narrow_copy(x, wrong, 0, 1)": {"large": ASSERTED},
    "x.narrow_copy(wrong, 0, 1)": {"large": ASSERTED},
    "torch.narrow_copy(x, 0, 0, wrong)": {"negative": "as narrow"},
    "x.narrow_copy(0, 0, wrong)": {"negative": "as narrow"},
    "torch.poisson_nll_loss(x, y, True, False, 1e-08, wrong)": {
        "large": "there is no such reduction", "negative": "there is no such reduction",
    },
    "torch.split(wrong, 1)": {"str": PYTHON},
    "torch.split(wrong, 2, 1)": {"str": PYTHON},
    "torch.split(wrong, split_size_or_sections=1, dim=1)": {"str": PYTHON},
    "torch.batch_norm(x, v, v, v, v, True, 0.1, wrong, True)": {"negative": EPS},
    "x.unflatten(1, wrong)": {"None": PYTHON, "tensor": PYTHON},
    "x.random_(0, wrong)": {"None": "as x.random_(0), which PyTorch refuses too"},
}  # fmt: skip


def stored(table: str, call: str) -> list[str | None]:
    said = STORED[table]["said"]
    return [None if n == "." else said[int(n)] for n in STORED[table]["calls"][call].split()]


def as_theirs(ours: str | None, theirs: str | None) -> bool:
    """Whether minigrad says the same. PyTorch's Python code sometimes fails by AttributeError where
    something else than a tensor is given; there TypeError is right too."""
    if ours is None or theirs is None:
        return ours == theirs
    if theirs.startswith("AttributeError"):
        return ours.startswith(("AttributeError", "TypeError"))
    return ours.startswith(theirs)


def differences(table: str, call: str) -> list[str]:
    found = []
    for kind, ours, theirs in zip(WRONG, answers(mg, call), stored(table, call), strict=True):
        if not as_theirs(ours, theirs) and kind not in EXCEPTIONS.get(call, {}):
            found.append(f"{call} with wrong={WRONG[kind]}\n  ours  {ours}\n  torch {theirs}")
    return found


@pytest.mark.parametrize("table", TABLES)
def test_the_stored_answers_are_those_of_the_table(table):
    assert list(STORED[table]["calls"]) == wrong_calls(table)


@pytest.mark.parametrize("table", TABLES)
def test_the_calls_are_good_ones(table):
    assert {call: said(mg, call) for call in calls(table) if said(mg, call)} == {}


@pytest.mark.parametrize("table", TABLES)
def test_refused_as_pytorch_refuses(table):
    found = [d for call in wrong_calls(table) for d in differences(table, call)]
    assert not found, f"{len(found)} differences\n" + "\n".join(found)


def test_the_exceptions_are_needed():
    for table in TABLES:
        for call, kinds in EXCEPTIONS.items():
            if call in STORED[table]["calls"]:
                answered = dict(zip(WRONG, zip(answers(mg, call), stored(table, call))))
                assert not any(as_theirs(*answered[kind]) for kind in kinds), call


# Tensors that go where another dtype or shape stands in the good calls.
TENSORS = [
    "torch.ones(2, 3).long()", "torch.ones(2, 3) > 0", "torch.ones(2, 3) * (1 + 1j)",
    "torch.ones(2, 3).half()", "torch.tensor(1.0)", "torch.ones(3)", "torch.ones(2, 2, 3)",
    "torch.zeros(0)", "torch.zeros(2, 0)",
]  # fmt: skip
NUMPYS = re.compile(
    r"ufunc|operands could not|zero-size array|AxisError|cannot reshape array|object too|"
    r"not inexact|array type|setting an array|Invalid integer data|objects cannot be broadcast|"
    r"has no attribute|not supported between|unsupported operand|not iterable"
)
OTHERS = ("max_pool", "rms_norm", "binary_cross")  # of nn.functional, which has its own tests


def test_no_error_of_numpys_comes_out():
    found = []
    for call in wrong_calls("wrong_argument_cases"):
        for text in TENSORS:
            answer = said(mg, call, wrong=eval(text, {"torch": mg}))
            if answer and NUMPYS.search(answer) and not any(name in call for name in OTHERS):
                found.append(f"{call} with wrong={text}: {answer}")
    assert not found, "\n".join(found)


@pytest.mark.parametrize("table", TABLES)
def test_pytorch_still_says_so(table):
    torch = pytest.importorskip("torch", reason="compares with PyTorch, which is not installed")
    for call in wrong_calls(table):
        assert answers(torch, call) == stored(table, call), call
