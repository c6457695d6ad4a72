"""Makes refused.json: what PyTorch says of each refused call of refused_cases.py.

Run with PyTorch 2.13 installed: ``python tests/golden_scripts/make_refused.py``.
"""

import json

import on_path  # noqa: F401
import torch
from golden_files import GOLDEN
from refused_cases import CASES, programs, raised

groups = []
for group in CASES:
    lines = [f"{json.dumps(p)}: {json.dumps(raised(torch, p))}" for p in programs(group)]
    groups.append(f"{json.dumps(group)}: {{\n" + ",\n".join(lines) + "\n}")
(GOLDEN / "refused.json").write_text("{\n" + ",\n".join(groups) + "\n}\n")
