"""Arithmetic, reductions, shapes, indexing and in-place writes against PyTorch.

Every line of core_cases.py with drawn shapes, dtypes, memory layouts and arguments; the same lines
against stored numbers, and against finite differences, where PyTorch is not installed.
"""

import pytest
from calls import lines
from core_cases import TABLES
from drawn_calls import check_line
from golden_calls import against_stored
from slopes import check_slopes

LINES = [line for table in TABLES.values() for line in lines(table)]


@pytest.mark.parametrize("line", LINES)
def test_like_pytorch(line, torch):
    check_line(torch, line)


@pytest.mark.parametrize("line", LINES)
def test_stored_numbers(line):
    against_stored("core", line)


@pytest.mark.parametrize("line", [line for line in LINES if not {"#0", "#kinks"} & {*line.split()}])
def test_finite_differences(line):
    check_slopes(line)
