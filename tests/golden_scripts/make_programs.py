"""Makes programs.json: what the programs of tests/programs show with PyTorch.

Run with PyTorch 2.13 installed: ``python tests/golden_scripts/make_programs.py``.
"""

import json

import on_path  # noqa: F401
import torch
from golden_files import GOLDEN
from run_program import programs, run

lines = [f"{json.dumps(name)}: {json.dumps(run(torch, code), ensure_ascii=False)}"
         for name, code in programs().items()]  # fmt: skip
(GOLDEN / "programs.json").write_text("{\n" + ",\n".join(lines) + "\n}\n", encoding="utf-8")
