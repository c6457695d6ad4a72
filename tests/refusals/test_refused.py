"""Refused calls as students make them: PyTorch's exception type and opening words.

The programs are in refused_cases.py, PyTorch's answers in golden/refused.json.
"""

from __future__ import annotations

import pytest
from golden_files import read_golden
from refused_cases import CASES, programs, raised
from test_wrong_arguments import as_theirs

import minigrad as mg

STORED = read_golden("refused.json")
OLDER = "PyTorch has an older form of this function too, and lists its forms"
EXCEPTIONS = {  # other words
    "torch.add(x)": OLDER, "torch.addcmul(x, x)": OLDER, "x.addcmul_(x)": OLDER, "x.sub_()": OLDER,
    "x.add_(1, 2, 3)": OLDER,
}  # fmt: skip
ACCIDENTS = {  # another type too: PyTorch comes upon these by accident, reading on
    "torch.load(io.BytesIO(b'rubbish'))": "RuntimeError: Invalid magic number",
}


@pytest.fixture(autouse=True)
def keep_the_stream():
    with mg.random.fork_rng():
        yield


def test_the_stored_answers_are_those_of_the_programs():
    assert {g: list(answers) for g, answers in STORED.items()} == {g: programs(g) for g in CASES}
    for answers in STORED.values():
        assert all(answers.values()), [p for p, said in answers.items() if not said]


@pytest.mark.parametrize("group", CASES)
def test_refused_as_pytorch_refuses(group):
    wrong = []
    for program, theirs in STORED[group].items():
        ours = raised(mg, program)
        if program in ACCIDENTS:
            assert ours and ours.startswith(ACCIDENTS[program]), program
        elif program in EXCEPTIONS:
            assert ours and ours.split(":")[0] == theirs.split(":")[0], program
        elif not as_theirs(ours, theirs):
            wrong.append(f"{program}\n  ours  {ours}\n  torch {theirs}")
    assert not wrong, f"{len(wrong)} differences\n" + "\n".join(wrong)


@pytest.mark.parametrize("group", CASES)
def test_pytorch_still_says_so(group):
    torch = pytest.importorskip("torch", reason="compares with PyTorch, which is not installed")
    for program, theirs in STORED[group].items():
        assert raised(torch, program) == theirs, program
