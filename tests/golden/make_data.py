"""Make data.json: PyTorch's orders and refusals for the calls of tests/data_cases.py.

Run with PyTorch 2.13 installed: ``python tests/golden/make_data.py``.
"""

import json
import sys
from pathlib import Path

import torch

HERE = Path(__file__).parent
sys.path.insert(0, str(HERE.parent))

from data_cases import REFUSED, opening, orders, refusal  # noqa: E402

refused = {}
for call in REFUSED:
    kind, words = refusal(torch, call)
    refused[call] = [kind, opening(words)]
golden = {"orders": orders(torch), "refused": refused}
lines = ",\n".join(f"{json.dumps(key)}: {json.dumps(value)}" for key, value in golden.items())
(HERE / "data.json").write_text("{\n" + lines + "\n}\n")
