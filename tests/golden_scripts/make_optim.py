"""Make optim.json: what PyTorch's optimizers and schedules do in the runs of optim_cases.py.

Run with PyTorch 2.13 installed: ``python tests/golden_scripts/make_optim.py``.
"""

import json

import on_path  # noqa: F401
import torch
from golden_files import GOLDEN
from optim_cases import (
    OPTIMIZERS,
    PLATEAUS,
    REFUSED,
    SCHEDULES,
    opening,
    refusal,
    schedule,
    train,
)


def short(value):
    if isinstance(value, dict):
        return {k: short(v) for k, v in value.items()}
    if isinstance(value, list):
        return [short(v) for v in value]
    return float(f"{value:.12g}")


golden = {line: short(train(torch, line)) for line in OPTIMIZERS}
golden |= {line: short(schedule(torch, line)) for line in SCHEDULES + PLATEAUS}
golden["refused"] = {}
for call in REFUSED:
    kind, words = refusal(torch, call)
    golden["refused"][call] = [kind, opening(words)]
lines = ",\n".join(f"{json.dumps(key)}: {json.dumps(value)}" for key, value in golden.items())
(GOLDEN / "optim.json").write_text("{\n" + lines + "\n}\n")
