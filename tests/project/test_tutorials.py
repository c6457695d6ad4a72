"""Tutorials that say ``import torch`` run on minigrad and print PyTorch's numbers.

The scripts of tests/tutorials/ run in one process with minigrad under the name ``torch``. The
output is compared with PyTorch's: as stored in tests/golden/tutorials.json (made by
tests/golden_scripts/make_tutorials.py), and as it is now where PyTorch is installed.

Words and the order of numbers have to be equal; a number may differ in its last printed digit, or
by float32 rounding, because PyTorch adds up long rows in another order than NumPy.
"""

import json
import re
import subprocess
import sys
from functools import cache

import pytest
from golden_files import read_golden
from places import TESTS

import minigrad as mg

SCRIPTS = sorted((TESTS / "tutorials").glob("*.py"))
GOLDEN = read_golden("tutorials.json")

# A program that runs scripts and collects what they print; `import torch` in them finds minigrad.
DRIVER = """
import contextlib, io, json, runpy, sys, traceback
library, *scripts = sys.argv[1:]
if library == "minigrad":
    import minigrad.nn.functional, minigrad.nn.utils, minigrad.optim, minigrad.utils.data
    for name, module in list(sys.modules.items()):
        if name.split(".")[0] == "minigrad":
            sys.modules["torch" + name[len("minigrad"):]] = module
found = {}
for script in scripts:
    printed, error = io.StringIO(), ""
    try:
        with contextlib.redirect_stdout(printed):
            runpy.run_path(script, run_name="__main__")
    except Exception:
        error = traceback.format_exc()
    found[script] = printed.getvalue().splitlines(), error
print(json.dumps(found))
"""

NUMBER = re.compile(r"(?<![A-Za-z_\d.])[-+]?\d+\.?\d*(?:e[-+]?\d+)?(?![A-Za-z_])")


@cache
def run_all(library):
    strict = ["-W", "error"] if library == "minigrad" else []
    command = [sys.executable, *strict, "-c", DRIVER, library, *map(str, SCRIPTS)]
    return json.loads(subprocess.run(command, stdout=subprocess.PIPE, text=True, check=True).stdout)


def output(library, script):
    printed, error = run_all(library)[str(script)]
    assert not error, error
    return printed


def last_place(text):
    """The size of one unit in a printed number's last digit."""
    digits, _, power = text.partition("e")
    decimals = len(digits.partition(".")[2])
    return 10.0 ** (int(power or 0) - decimals)


def difference(ours, theirs):
    """The first line that differs by more than rounding; None if there is none."""
    for i, (a, b) in enumerate(zip(ours, theirs)):
        words = [re.sub(r"\s+", " ", NUMBER.sub("#", line)).replace("[ #", "[#") for line in (a, b)]
        numbers = list(zip(NUMBER.findall(a), NUMBER.findall(b)))
        near = all(
            abs(float(x) - float(y)) <= 1e-6 * abs(float(y)) + 1.01 * last_place(y) * ("." in y)
            for x, y in numbers
        )
        if words[0] != words[1] or not near:
            return f"line {i + 1}:\nminigrad: {a}\nPyTorch:  {b}"
    if len(ours) != len(theirs):
        return f"{len(ours)} lines, and PyTorch prints {len(theirs)}"
    return None


@pytest.mark.parametrize("script", SCRIPTS, ids=lambda s: s.stem)
def test_prints_what_pytorch_printed(script):
    ours, theirs = output("minigrad", script), GOLDEN[script.name]
    assert difference(ours, theirs) is None, difference(ours, theirs)
    # Rounding is the exception: nearly all lines are the same to the letter.
    assert sum(a == b for a, b in zip(ours, theirs)) >= EXACT.get(script.stem, 0.9) * len(theirs)


# These print all digits of float32 numbers, or train on long sums.
EXACT = {"linear_regression": 0.7}


@pytest.mark.parametrize("script", SCRIPTS, ids=lambda s: s.stem)
def test_prints_what_pytorch_prints(script, torch):
    assert difference(output("minigrad", script), output("torch", script)) is None


def test_every_script_has_its_stored_output():
    assert [s.name for s in SCRIPTS] == sorted(GOLDEN)


def test_there_is_no_gpu(torch):
    """What programs ask before they choose a device."""
    for call in (
        "m.cuda.is_available()", "m.cuda.device_count()", "m.cuda.manual_seed_all(0)",
        "m.accelerator.is_available()", "m.backends.mps.is_available()",
        "m.backends.cudnn.is_available()",
    ):  # fmt: skip
        if not torch.cuda.is_available() and not torch.backends.mps.is_available():
            assert eval(call, {"m": mg}) == eval(call, {"m": torch}), call
    with pytest.raises(AssertionError, match="Torch not compiled with CUDA enabled"):
        mg.cuda.current_device()


def test_the_comparison_sees_differences():
    lines = ["loss 0.1234 tensor([1.0000, 2.])", "step 20"]
    assert difference(lines, lines) is None
    assert difference(["loss 0.1235 tensor([1., 2.])", "step 20"], lines) is None
    for wrong in (
        ["loss 0.1237 tensor([1., 2.])", "step 20"], ["loss 0.1234 tensor([1., 2.])", "step 21"],
        ["cost 0.1234 tensor([1., 2.])", "step 20"], ["loss 0.1234 tensor([1., 2.])"],
        ["loss -0.1234 tensor([1., 2.])", "step 20"], ["loss 0.1234 tensor([1., 2., 3.])"],
        ["loss 0.1234 tensor([1., 2., 3.])", "step 20"],
    ):  # fmt: skip
        assert difference(wrong, lines) is not None
