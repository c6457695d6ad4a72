"""Makes wrong_arguments_nn.json: what PyTorch says of wrong arguments of nn, linalg, optim ...

Run with PyTorch 2.13 installed: ``python tests/golden_scripts/make_wrong_arguments_nn.py``. For
each table there are the different answers, and for each call the numbers of its answers (``.``:
accepted); so for the calls with tensors of other shapes and dtypes, in their order; of other
dtypes also the results, in short.
"""

import json

import on_path  # noqa: F401
import torch
from golden_files import GOLDEN
from numbered import numbers_of, stored_table, texts_of
from wrong_argument_nn_cases import (
    STUDENTS,
    TABLES,
    answers,
    dtype_calls,
    outcome,
    said,
    shape_calls,
    told,
    wrong_calls,
)

torch.set_num_threads(1)
tables = [stored_table(table, wrong_calls(table), lambda call: answers(torch, call))
          for table in TABLES]  # fmt: skip
students = [f"{json.dumps(call)}: {json.dumps(said(torch, call))}"
            for call in STUDENTS.strip().splitlines()]  # fmt: skip
tables.append('"students": {\n' + ",\n".join(students) + "\n}")
different: dict[str, int] = {}
numbers = numbers_of((said(torch, call) for call in shape_calls()), different)
tables.append(f'"shapes": {{"said": [\n{texts_of(different)}\n], "calls": "{numbers}"}}')
different = {}
outcomes = [outcome(torch, call) for call in dtype_calls()]
numbers = numbers_of((words for words, _ in outcomes), different)
results = [told(result) for words, result in outcomes if words is None]
lines = ",\n".join(json.dumps(" ".join(results[i : i + 8])) for i in range(0, len(results), 8))
tables.append(f'"dtypes": {{"said": [\n{texts_of(different)}\n], "calls": "{numbers}", '
              f'"results": [\n{lines}\n]}}')  # fmt: skip
(GOLDEN / "wrong_arguments_nn.json").write_text("{\n" + ",\n".join(tables) + "\n}\n")
