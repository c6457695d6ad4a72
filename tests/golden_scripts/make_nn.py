"""Makes nn.json: what PyTorch gives for the lines of nn_cases.py and for the training runs of
nn_training.py.

Run with PyTorch 2.13 installed: ``python tests/golden_scripts/make_nn.py``.
"""

import json

import on_path  # noqa: F401
import torch
from golden_files import GOLDEN
from nn_cases import INIT_LINES, LINES, plain, run, run_init
from nn_training import RUNS

kept = {line: plain(run(torch, line)) for line in LINES}
kept |= {run.__name__: run(torch) for run in RUNS}
kept |= {line: plain(run_init(torch, line)) for line in INIT_LINES}
body = ",\n".join(
    f"{json.dumps(k)}:{json.dumps(v, separators=(',', ':'))}" for k, v in kept.items()
)
(GOLDEN / "nn.json").write_text("{\n" + body + "\n}\n")
