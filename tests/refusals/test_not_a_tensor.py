"""A list, a number, a text or an array where a tensor must stand: TypeError, in PyTorch's words.

The calls are in not_a_tensor_cases.py, PyTorch's answers in golden/not_a_tensor.json.
"""

from __future__ import annotations

from typing import Any

import pytest
from golden_files import read_golden
from not_a_tensor_cases import calls, raised, refused

import minigrad as mg

STORED = read_golden("not_a_tensor.json")


def check(call: str, kinds: Any, words: str) -> None:
    """minigrad refuses these kinds of ``x`` by TypeError, in these words."""
    ours = raised(mg, call)
    for kind in kinds:
        assert ours.get(kind, ["nothing"])[0] == "TypeError", f"{call} with x a {kind}"
        if words and not call.endswith("*"):
            assert ours[kind][1] == words, f"{call} with x a {kind}"


def test_the_stored_answers_are_those_of_the_table():
    assert list(STORED) == calls()
    assert all("list" in kinds for kinds, _ in STORED.values())
    assert sum(bool(words) for _, words in STORED.values()) > len(STORED) / 2


@pytest.mark.parametrize("call", calls())
def test_refused_as_stored(call):
    kinds, words = STORED[call]
    check(call, kinds.split(), words)


def test_refused_as_by_pytorch():
    torch = pytest.importorskip("torch", reason="compares with PyTorch, which is not installed")
    for call in calls():
        theirs = refused(torch, call)
        assert " ".join(theirs) == STORED[call][0]
        for kind, words in theirs.items():
            check(call, [kind], words)


def test_the_message_says_what_to_do():
    with pytest.raises(TypeError) as caught:
        mg.outer([1.0], mg.ones(1))
    assert str(caught.value) == (
        "outer(): argument 'input' (position 1) must be Tensor, not list: wrap it first, "
        "mg.tensor(...)"
    )
