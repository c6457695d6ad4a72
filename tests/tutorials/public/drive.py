"""Run one program that says ``import torch``, and print what it prints, as JSON.

    python drive.py minigrad|torch FILE STEPS [ARGUMENTS]

The program is not changed. Around it are: a seed, a clock that does not depend on the machine, and
an end after so many backward passes, as many programs train for hours. A notebook is its cells, one
after the other, without lines for IPython.
"""

import builtins
import contextlib
import io
import json
import os
import random
import sys
import time
import traceback
import types
from pathlib import Path

import numpy as np

library, file, steps, *arguments = sys.argv[1:]
PROGRAM = Path(file).resolve()
if library == "minigrad":
    import minigrad

    sys.modules["torch"] = minigrad
import torch  # noqa: E402


class Enough(BaseException):
    """So many backward passes have been."""


def limited(backward):
    left, within = [int(steps)], []

    def inside(*args, **named):
        if within:  # PyTorch may call it again from inside
            return backward(*args, **named)
        left[0] -= 1
        if left[0] < 0:
            raise Enough
        within.append(True)
        try:
            return backward(*args, **named)
        finally:
            within.clear()

    return inside


class Clock:
    now = 1e9

    def __call__(self):
        """The time, which goes on by an eighth of a second when the program asks for it."""
        if sys._getframe(1).f_globals is vars(module):
            Clock.now += 0.125
        return Clock.now


def text_of(program):
    if program.suffix != ".ipynb":
        return program.read_text(encoding="utf-8")
    cells = json.loads(program.read_text(encoding="utf-8"))["cells"]
    code = ["".join(cell["source"]) for cell in cells if cell["cell_type"] == "code"]
    code = [cell for cell in code if not cell.lstrip().startswith("%%")]
    lines = "\n".join(code).splitlines()
    return "\n".join("" if line.lstrip().startswith(("%", "!")) else line for line in lines)


torch.Tensor.backward = limited(torch.Tensor.backward)
torch.manual_seed(0)
random.seed(0)
np.random.seed(0)
if library == "torch":
    torch.set_num_threads(1)
time.time = time.perf_counter = Clock()
time.sleep = lambda seconds: None
builtins.input = lambda prompt="": ""
sys.argv = [str(PROGRAM), *arguments]
os.chdir(PROGRAM.parent)
sys.path.insert(0, str(PROGRAM.parent))
sys.path += map(str, list(PROGRAM.parents)[1:4])  # what the repository itself is a package of

printed, error, ended = io.StringIO(), "", "at its end"
module = types.ModuleType("__main__")
module.__file__ = str(PROGRAM)
sys.modules["__main__"] = module
with contextlib.redirect_stdout(printed):
    try:
        exec(compile(text_of(PROGRAM), str(PROGRAM), "exec"), vars(module))
    except Enough:
        ended = f"after {steps} steps"
    except SystemExit as exit:
        ended = "at its end" if not exit.code else f"with exit {exit.code}"
    except BaseException:
        error = traceback.format_exc()


def left(thing):
    """What can be compared of a variable: shapes, dtypes and sums of tensors."""
    if isinstance(thing, torch.nn.Module):
        return {name: left(x) for name, x in thing.state_dict().items()}
    if isinstance(thing, torch.Tensor):
        numbers = thing.detach().double()
        sums = float(numbers.sum()), float(numbers.abs().sum())
        return [list(thing.shape), str(thing.dtype).split(".")[-1], *sums]
    if isinstance(thing, np.ndarray) and thing.dtype.kind in "fiu":
        return [list(thing.shape), str(thing.dtype), float(thing.sum()), float(abs(thing).sum())]
    return thing if isinstance(thing, (int, float, str)) else None


variables = {name: left(thing) for name, thing in vars(module).items() if name[0] != "_"}
variables = {name: value for name, value in variables.items() if value is not None}
lines = printed.getvalue().splitlines()
print(json.dumps({"variables": variables, "lines": lines, "error": error, "ended": ended}))
