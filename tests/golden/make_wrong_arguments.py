"""Makes wrong_arguments.json: what PyTorch says of arguments that do not belong there.

Run with PyTorch 2.13 installed: ``python tests/golden/make_wrong_arguments.py``. For each table
there are the different answers, and for each call the numbers of its answers (``.``: accepted).
"""

import json
import sys
from pathlib import Path

import torch

HERE = Path(__file__).parent
sys.path.insert(0, str(HERE.parent))

from wrong_argument_cases import TABLES, answers, wrong_calls  # noqa: E402

tables = []
for table in TABLES:
    different: dict[str, int] = {}
    lines = []
    for call in wrong_calls(table):
        numbers = ["." if a is None else str(different.setdefault(a, len(different)))
                   for a in answers(torch, call)]  # fmt: skip
        lines.append(f"{json.dumps(call)}: {json.dumps(' '.join(numbers))}")
    said = ",\n".join(json.dumps(a) for a in different)
    tables.append(f'"{table}": {{"said": [\n{said}\n], "calls": {{\n' + ",\n".join(lines) + "\n}}")
(HERE / "wrong_arguments.json").write_text("{\n" + ",\n".join(tables) + "\n}\n")
