"""Makes wrong_arguments.json: what PyTorch says of arguments that do not belong there.

Run with PyTorch 2.13 installed: ``python tests/golden/make_wrong_arguments.py``. For each table
there are the different answers, and for each call the numbers of its answers (``.``: accepted).
"""

import sys
from pathlib import Path

import torch
from numbered import stored_table

HERE = Path(__file__).parent
sys.path.insert(0, str(HERE.parent))

from wrong_argument_cases import TABLES, answers, wrong_calls  # noqa: E402

tables = [stored_table(table, wrong_calls(table), lambda call: answers(torch, call))
          for table in TABLES]  # fmt: skip
(HERE / "wrong_arguments.json").write_text("{\n" + ",\n".join(tables) + "\n}\n")
