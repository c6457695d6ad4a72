"""Makes refusals.json: the exceptions of PyTorch for the refused calls of the operators' tests.

Run with PyTorch 2.13 installed: ``python tests/golden_scripts/make_refusals.py``.
"""

import json

import on_path  # noqa: F401
import torch
from golden_files import GOLDEN
from refused_op_cases import raised_by

lines = [f"{json.dumps(group)}: " + "{\n" + ",\n".join(
    f"{json.dumps(call)}: {json.dumps(what)}" for call, what in calls.items()) + "\n}"
    for group, calls in raised_by(torch).items()]  # fmt: skip
(GOLDEN / "refusals.json").write_text("{\n" + ",\n".join(lines) + "\n}\n")
