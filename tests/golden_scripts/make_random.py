"""Write random.json: PyTorch's random numbers for the calls of random_cases.py.

    python tests/golden_scripts/make_random.py        (needs PyTorch)

Long results are kept as their first and last numbers and their sum. The bernoulli_ and
exponential_ calls need a processor on which PyTorch does not use MKL's generator (not Intel's).
"""

import json

import on_path  # noqa: F401
import numpy as np
from golden_files import GOLDEN
from random_cases import CALLS, SEEDS


def summary(array):
    flat = np.asarray(array).reshape(-1)
    numbers = flat.tolist()
    if len(numbers) <= 40:
        return {"all": numbers}
    return {"first": numbers[:8], "last": numbers[-8:], "sum": float(flat.astype(np.float64).sum())}


if __name__ == "__main__":
    import torch

    golden = {}
    for seed in SEEDS:
        for text in CALLS:
            torch.manual_seed(seed)
            golden[f"{seed} {text}"] = summary(eval(text, {"torch": torch}).numpy())
    file = GOLDEN / "random.json"
    lines = ",\n".join(f"{json.dumps(k)}: {json.dumps(v)}" for k, v in golden.items())
    file.write_text("{\n" + lines + "\n}\n", encoding="utf-8")
