"""Makes nn.json: what PyTorch gives for the lines of tests/nn_cases.py and for the training runs of
tests/nn_training.py.

Run with PyTorch 2.13 installed: ``python tests/golden/make_nn.py``.
"""

import json
import sys
from pathlib import Path

import torch

HERE = Path(__file__).parent
sys.path.insert(0, str(HERE.parent))

from nn_cases import INIT_LINES, LINES, plain, run, run_init  # noqa: E402
from nn_training import RUNS  # noqa: E402

kept = {line: plain(run(torch, line)) for line in LINES}
kept |= {run.__name__: run(torch) for run in RUNS}
kept |= {line: plain(run_init(torch, line)) for line in INIT_LINES}
body = ",\n".join(
    f"{json.dumps(k)}:{json.dumps(v, separators=(',', ':'))}" for k, v in kept.items()
)
(HERE / "nn.json").write_text("{\n" + body + "\n}\n")
