"""Make data.json: PyTorch's orders and refusals for the calls of data_cases.py.

Run with PyTorch 2.13 installed: ``python tests/golden_scripts/make_data.py``.
"""

import json

import on_path  # noqa: F401
import torch
from data_cases import REFUSED, opening, orders, refusal
from golden_files import GOLDEN

refused = {}
for call in REFUSED:
    kind, words = refusal(torch, call)
    refused[call] = [kind, opening(words)]
golden = {"orders": orders(torch), "refused": refused}
lines = ",\n".join(f"{json.dumps(key)}: {json.dumps(value)}" for key, value in golden.items())
(GOLDEN / "data.json").write_text("{\n" + lines + "\n}\n")
