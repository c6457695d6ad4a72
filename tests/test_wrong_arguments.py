"""Arguments that do not belong there are refused as PyTorch refuses them: type and opening words.

The calls are in wrong_argument_cases.py and the other tables, PyTorch's answers in
golden/wrong_arguments.json.
"""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from wrong_argument_cases import TABLES, WRONG, answers, calls, said, wrong_calls

import minigrad as mg

STORED = json.loads((Path(__file__).parent / "golden" / "wrong_arguments.json").read_text())

# Where minigrad says something else, and why: {call: {kind: reason}}.
EXCEPTIONS: dict[str, dict[str, str]] = {}


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


@pytest.mark.xfail(reason="being worked on")
@pytest.mark.parametrize("table", TABLES)
def test_the_calls_are_good_ones(table):
    assert {call: said(mg, call) for call in calls(table) if said(mg, call)} == {}


@pytest.mark.xfail(reason="being worked on")
@pytest.mark.parametrize("table", TABLES)
def test_refused_as_pytorch_refuses(table):
    found = [d for call in wrong_calls(table) for d in differences(table, call)]
    assert not found, f"{len(found)} differences\n" + "\n".join(found)


@pytest.mark.parametrize("table", TABLES)
def test_pytorch_still_says_so(table):
    torch = pytest.importorskip("torch", reason="compares with PyTorch, which is not installed")
    for call in wrong_calls(table):
        assert answers(torch, call) == stored(table, call), call
