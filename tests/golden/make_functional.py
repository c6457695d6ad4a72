"""Make functional.json: what PyTorch gives for the calls of tests/functional_cases.py.

Run with PyTorch 2.13 installed: ``python tests/golden/make_functional.py``.
"""

import json
import sys
import warnings
from pathlib import Path

import torch

HERE = Path(__file__).parent
sys.path.insert(0, str(HERE.parent))

from differential import run  # noqa: E402
from functional_cases import LINES, arrays_of, as_function, split_case  # noqa: E402


def plain(array):
    if array is None:
        return None
    numbers = [float(f"{v:.10g}") for v in array.reshape(-1).tolist()]
    return {"shape": list(array.shape), "numbers": numbers}


golden = {}
for line in LINES:
    arguments, call, _ = split_case(line)
    function = as_function(arguments, call, lambda lib: lib.nn.functional)
    fixed = [i for i, (*_, no_gradient) in enumerate(arguments) if no_gradient]
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        result = run(torch, function, arrays_of(arguments, 0), 0, 1, fixed)
    golden[line] = {key: [plain(a) for a in result[key]] for key in ("out", "first")
                    if key in result}  # fmt: skip
lines = ",\n".join(f"{json.dumps(key)}: {json.dumps(value)}" for key, value in golden.items())
(HERE / "functional.json").write_text("{\n" + lines + "\n}\n")
