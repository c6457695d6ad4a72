"""Small programs around every word of autograd: minigrad shows what PyTorch shows.

Values, printed text, warnings, and the opening words of exceptions. The programs are in
tests/programs; what PyTorch shows is stored in golden/programs.json and computed again if PyTorch
is installed.
"""

import json
from pathlib import Path

import pytest
from run_program import differences, programs, run

import minigrad as mg

PROGRAMS = programs()
STORED = json.loads((Path(__file__).parent / "golden" / "programs.json").read_text("utf-8"))


def test_every_program_is_stored():
    assert set(PROGRAMS) == set(STORED)


@pytest.mark.parametrize("name", PROGRAMS)
def test_shows_what_pytorch_shows(name):
    assert differences(run(mg, PROGRAMS[name]), STORED[name]) == []


@pytest.mark.parametrize("name", PROGRAMS)
def test_what_is_stored_is_what_pytorch_shows(torch, name):
    assert differences(run(torch, PROGRAMS[name]), STORED[name]) == []
