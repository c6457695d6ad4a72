"""Every call of math_cases.py and linalg_cases.py: PyTorch's values, gradients and errors."""

from __future__ import annotations

import linalg_cases
import math_cases
import pytest
from op_checks import against, as_stored, by_differences, is_smooth

import minigrad as mg

GROUPS = {
    math_cases: ("ELEMENTWISE", "COMPLEX", "REDUCTIONS"),
    linalg_cases: ("PRODUCTS", "EINSUM", "DECOMPOSITIONS"),
}
CASES = [
    pytest.param(f"{name} {i} {case.name}", case, id=f"{name.lower()}-{i}-{case.name}")
    for module, names in GROUPS.items()
    for name in names
    for i, case in enumerate(getattr(module, name))
]
BAD = [*math_cases.BAD, *linalg_cases.BAD]
SHORT = [words[:40] for _, words in BAD]


@pytest.mark.parametrize(("key", "case"), CASES)
def test_as_torch(torch, key, case):
    against(torch, case)


@pytest.mark.parametrize(("key", "case"), CASES)
def test_as_torch_stored(key, case):
    as_stored(key, case)


@pytest.mark.parametrize(("key", "case"), [p for p in CASES if is_smooth(p.values[1])])
def test_gradients_by_differences(key, case):
    by_differences(case, 1)
    if case.order > 1:
        by_differences(case, 2)


@pytest.mark.parametrize(("call", "words"), BAD, ids=SHORT)
def test_refusals(call, words):
    with pytest.raises((RuntimeError, TypeError, ValueError, IndexError)) as error:
        call(mg)
    assert str(error.value).startswith(words)


@pytest.mark.parametrize(("call", "words"), BAD, ids=SHORT)
def test_refusals_as_torch(torch, call, words):
    with pytest.raises(Exception) as theirs:
        call(torch)
    own = "LinAlgError" in type(theirs.value).__name__
    with pytest.raises(mg.linalg.LinAlgError if own else type(theirs.value)):
        call(mg)
    assert str(theirs.value).startswith(words)
