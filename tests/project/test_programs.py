"""Small programs around every word of autograd: minigrad shows what PyTorch shows.

Values, printed text, warnings, and the opening words of exceptions. The programs are in
tests/programs; what PyTorch shows is stored in golden/programs.json and computed again if PyTorch
is installed.
"""


import pytest
from golden_files import read_golden
from run_program import alike, differences, programs, run

import minigrad as mg

PROGRAMS = programs()
STORED = read_golden("programs.json")


def test_every_program_is_stored():
    assert set(PROGRAMS) == set(STORED)


@pytest.mark.parametrize("name", PROGRAMS)
def test_shows_what_pytorch_shows(name):
    assert differences(run(mg, PROGRAMS[name]), STORED[name]) == []


@pytest.mark.parametrize("name", PROGRAMS)
def test_what_is_stored_is_what_pytorch_shows(torch, name):
    assert differences(run(torch, PROGRAMS[name]), STORED[name]) == []


def test_what_counts_as_a_difference():
    assert alike("tensor([0.1234, 5.])", "tensor([ 0.1235,  5.])")
    for a, b in [("tensor([0.1])", "tensor([0.2])"), ("tensor([1.])", "tensor([1.], x)"),
                 ("(True, 1)", "(True, 2)"), ("a", "b"), ("[1., 2.]", "[1.]")]:  # fmt: skip
        assert not alike(a, b)
    assert differences(["ValueError: no, because"], ["ValueError: no"]) == []
    assert differences(["ValueError: no"], ["TypeError: no"])
    assert differences([], ["x"]) and differences(["x"], [])
    assert run(mg, "1 / 0\nprint('on')\n[1]") == [
        "ZeroDivisionError: division by zero",
        "on",
        "[1]",
    ]
