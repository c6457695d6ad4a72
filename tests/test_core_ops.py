"""Arithmetic, reductions, shapes, indexing and in-place writes against PyTorch.

Every line of core_cases.py with drawn shapes, dtypes, memory layouts and arguments; the same lines
against stored numbers, and against finite differences, where PyTorch is not installed.
"""

import warnings

import pytest
from calls import Call, Drawn, lines
from core_cases import TABLES
from differential import compare
from golden_calls import against_stored
from hypothesis import given, settings
from hypothesis import strategies as st
from slopes import check_slopes

LINES = [line for table in TABLES.values() for line in lines(table)]
drawn = settings(max_examples=12, deadline=None, derandomize=True, database=None)


@pytest.mark.parametrize("line", LINES)
def test_like_pytorch(line, torch):
    @drawn
    @given(st.data())
    def check(data):
        call = Call(line, Drawn(data))
        dtype = data.draw(st.sampled_from(["float64", "float64", "float32"]))
        seed = data.draw(st.integers(0, 1000))
        rtol = {"float64": 1e-9, "float32": 2e-5}[dtype] * (1000 if call.rough else 1)
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", UserWarning)  # PyTorch's, of its own plans
            compare(torch, call, call.arrays(seed, dtype), seed=seed, order=call.order,
                    rtol=rtol, names=call.names, fixed=call.fixed,
                    transposed=not call.rows and data.draw(st.booleans()))  # fmt: skip

    check()


@pytest.mark.parametrize("line", LINES)
def test_stored_numbers(line):
    against_stored("core", line)


@pytest.mark.parametrize("line", [line for line in LINES if not {"#0", "#kinks"} & {*line.split()}])
def test_finite_differences(line):
    check_slopes(line)
