"""Makes math_ops.json: PyTorch's answers to the calls in math_cases.py and linalg_cases.py.

Run with PyTorch installed, from any directory: ``python tests/golden_scripts/make_math_ops.py``.
The file holds for each call float64 inputs, values, gradients and second-order gradients, so that
the comparison also runs where PyTorch is not installed.
"""

from __future__ import annotations

import json
import warnings
from typing import Any

import on_path  # noqa: F401
import linalg_cases
import math_cases
import numpy as np
from against_torch import evaluate
from golden_files import GOLDEN
from shapes import draw_inputs

GROUPS = {
    math_cases: ("ELEMENTWISE", "COMPLEX", "REDUCTIONS"),
    linalg_cases: ("PRODUCTS", "EINSUM", "DECOMPOSITIONS"),
}


def plain(a: Any) -> Any:
    """An array as JSON: its dtype, shape and numbers with 12 digits."""
    if a is None:
        return None
    a = np.asarray(a)
    pair = a.dtype.kind == "c"
    flat = (np.stack([a.real, a.imag], -1) if pair else a).ravel().tolist()
    numbers = [float(f"{v:.12g}") if isinstance(v, float) else v for v in flat]
    return [a.dtype.name, list(a.shape), numbers]


def main() -> None:
    import torch

    golden = {"torch": torch.__version__.split("+")[0], "calls": {}}
    for module, names in GROUPS.items():
        for name in names:
            for i, case in enumerate(getattr(module, name)):
                rng = np.random.default_rng(1000 + i)
                arrays = draw_inputs(rng, case, "float64")
                if not case.shapes and not case.shape == "vector":
                    # Small, and never empty: an empty golden value says little.
                    arrays = draw_inputs(rng, case, "float64", (2, 3))
                with warnings.catch_warnings():
                    warnings.simplefilter("ignore")
                    found = evaluate(torch, case, arrays)
                kept = {k: [plain(a) for a in found[k]] for k in ("values", "grads", "second")}
                inputs = [plain(a) for a in arrays]
                golden["calls"][f"{name} {i} {case.name}"] = {"inputs": inputs, **kept}
    text = json.dumps(golden, separators=(",", ":")).replace('},"', '},\n"')
    (GOLDEN / "math_ops.json").write_text(text + "\n")


if __name__ == "__main__":
    main()
