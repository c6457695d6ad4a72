"""Random programs do here what they do in PyTorch: recorded without it, live with it."""

import json

import pytest
from golden_files import GOLDEN
from program_fuzzer import KNOWN, compare, difference, minimised, program, run

import minigrad

RECORDED = json.loads((GOLDEN / "fuzzed_programs.json").read_text())


@pytest.mark.parametrize("seed", RECORDED)
def test_as_recorded_in_pytorch(seed):
    row = RECORDED[seed]
    assert row["program"] == program(int(seed))  # the same on every machine
    found = difference(run(minigrad, row["program"]), row["outcome"])
    assert found is None, "\n".join([found, *row["program"]])


def test_as_pytorch_now(torch):
    for seed in range(100, 300):
        if seed not in KNOWN:
            assert compare(minigrad, torch, seed) is None


def test_a_difference_is_found_and_made_small():
    class Wrong:
        """minigrad with another sine."""

        def __getattr__(self, name):
            return minigrad.cos if name == "sin" else getattr(minigrad, name)

    lines = ["v0 = T.ones(2)", "v1 = v0 * 2", "v2 = T.sin(v0)", "v3 = v1.exp()"]
    assert difference(run(minigrad, lines), run(Wrong(), lines))
    assert minimised(minigrad, Wrong(), lines) == ["v0 = T.ones(2)", "v2 = T.sin(v0)"]
