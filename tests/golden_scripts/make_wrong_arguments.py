"""Makes wrong_arguments.json: what PyTorch says of arguments that do not belong there.

Run with PyTorch 2.13 installed: ``python tests/golden_scripts/make_wrong_arguments.py``. For each
table there are the different answers, and for each call the numbers of its answers (``.``:
accepted).
"""


import on_path  # noqa: F401
import torch
from golden_files import GOLDEN
from numbered import stored_table
from wrong_argument_cases import TABLES, answers, wrong_calls

tables = [stored_table(table, wrong_calls(table), lambda call: answers(torch, call))
          for table in TABLES]  # fmt: skip
(GOLDEN / "wrong_arguments.json").write_text("{\n" + ",\n".join(tables) + "\n}\n")
