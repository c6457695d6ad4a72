"""Makes refused.json: what PyTorch says of each refused call of refused_cases.py.

Run with PyTorch 2.13 installed: ``python tests/golden/make_refused.py``.
"""

import json
import sys
from pathlib import Path

import torch

HERE = Path(__file__).parent
sys.path.insert(0, str(HERE.parent))

from refused_cases import CASES, programs, raised  # noqa: E402

groups = []
for group in CASES:
    lines = [f"{json.dumps(p)}: {json.dumps(raised(torch, p))}" for p in programs(group)]
    groups.append(f"{json.dumps(group)}: {{\n" + ",\n".join(lines) + "\n}")
(HERE / "refused.json").write_text("{\n" + ",\n".join(groups) + "\n}\n")
