"""Makes refusals.json: the exceptions of PyTorch for the refused calls of the operators' tests.

Run with PyTorch 2.13 installed: ``python tests/golden/make_refusals.py``.
"""

import json
import sys
from pathlib import Path

import torch

HERE = Path(__file__).parent
sys.path.insert(0, str(HERE.parent))

from refusal_groups import raised_by  # noqa: E402

lines = [f"{json.dumps(group)}: " + "{\n" + ",\n".join(
    f"{json.dumps(call)}: {json.dumps(what)}" for call, what in calls.items()) + "\n}"
    for group, calls in raised_by(torch).items()]  # fmt: skip
(HERE / "refusals.json").write_text("{\n" + ",\n".join(lines) + "\n}\n")
