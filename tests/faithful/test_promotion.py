"""Which dtype a result has, and which operands are refused, as in PyTorch."""

from functools import cache

import pytest
from golden_files import read_golden
from promotion_cases import ONE, TWO, outcomes

import minigrad as mg

# Known differences: (call, operands) -> why.
DIFFERENT = {
    ("torch.clamp(a, min=b)", "1j"): "refused by both, with another exception",
    ("torch.einsum('i,i', a, a)", "bool"): "a sum of truth values is computed here",
}


def is_different(text, operands):
    return any(text == call and part in operands for call, part in DIFFERENT)


@cache
def ours():
    return outcomes(mg)


def wrong(text, theirs):
    """The combinations of operands where minigrad does something else."""
    return {
        operands: (ours()[text][operands], result)
        for operands, result in theirs.items()
        if ours()[text][operands] != result and not is_different(text, operands)
    }


@pytest.mark.parametrize("text", [*ONE, *TWO])
def test_as_stored(text):
    """Without PyTorch: what it did once (make_promotion.py)."""
    stored = read_golden("promotion.json")[text]
    theirs = {operands: result for result, many in stored.items() for operands in many}
    assert set(theirs) == set(ours()[text])
    assert wrong(text, theirs) == {}


def test_as_torch(torch):
    for text, theirs in outcomes(torch).items():
        assert wrong(text, theirs) == {}, text


def test_every_known_difference_is_one():
    stored = read_golden("promotion.json")
    for call, part in DIFFERENT:
        theirs = {operands: result for result, many in stored[call].items() for operands in many}
        assert any(ours()[call][o] != r for o, r in theirs.items() if part in o), (call, part)


def test_refusals_say_what_to_do():
    mask = mg.tensor([True])
    with pytest.raises(RuntimeError, match="with two bool tensors is not supported"):
        mask - mask
    with pytest.raises(RuntimeError, match="with a bool tensor is not supported. If you are"):
        1 - mask
    with pytest.raises(NotImplementedError, match='"lt_cpu" not implemented for \'ComplexFloat\''):
        mg.lt(mg.tensor([1j]), 1)
    with pytest.raises(TypeError, match="must be Tensor, not int"):
        mg.maximum(mg.tensor([1.0]), 2)
    with pytest.raises(NotImplementedError, match='"bitwise_and_cpu" not implemented for'):
        mg.tensor([1.0]) & 1
