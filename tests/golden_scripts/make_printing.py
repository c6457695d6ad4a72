"""Writes printing.json: what PyTorch prints for the cases of printing_cases.py, and its version.

Run with PyTorch 2.13 installed: ``python tests/golden_scripts/make_printing.py``.
"""

import json

import on_path  # noqa: F401
import torch
from golden_files import GOLDEN
from printing_cases import CASES, torch_text

texts = {name: torch_text(torch, case) for name, case in CASES.items()}
content = {"torch": torch.__version__.partition("+")[0], "texts": texts}
(GOLDEN / "printing.json").write_text(json.dumps(content, indent=1) + "\n", encoding="utf-8")
print(f"{len(texts)} cases in {GOLDEN / 'printing.json'}")
