"""Makes programs.json: what the programs of tests/programs show with PyTorch.

Run with PyTorch 2.13 installed: ``python tests/golden/make_programs.py``.
"""

import json
import sys
from pathlib import Path

import torch

HERE = Path(__file__).parent
sys.path.insert(0, str(HERE.parent))

from run_program import programs, run  # noqa: E402

lines = [f"{json.dumps(name)}: {json.dumps(run(torch, code), ensure_ascii=False)}"
         for name, code in programs().items()]  # fmt: skip
(HERE / "programs.json").write_text("{\n" + ",\n".join(lines) + "\n}\n", encoding="utf-8")
