"""Makes wrong_arguments_nn.json: what PyTorch says of wrong arguments of nn, linalg, optim ...

Run with PyTorch 2.13 installed: ``python tests/golden/make_wrong_arguments_nn.py``. For each table
there are the different answers, and for each call the numbers of its answers (``.``: accepted);
so for the calls with tensors of other shapes and dtypes, in their order; of other dtypes also the
results, in short.
"""

import json
import sys
from pathlib import Path

import torch

HERE = Path(__file__).parent
sys.path.insert(0, str(HERE.parent))

from wrong_argument_nn_cases import (  # noqa: E402
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
tables = []
for table in TABLES:
    different: dict[str, int] = {}
    lines = []
    for call in wrong_calls(table):
        numbers = ["." if a is None else str(different.setdefault(a, len(different)))
                   for a in answers(torch, call)]  # fmt: skip
        lines.append(f"{json.dumps(call)}: {json.dumps(' '.join(numbers))}")
    texts = ",\n".join(json.dumps(a) for a in different)
    tables.append(f'"{table}": {{"said": [\n{texts}\n], "calls": {{\n' + ",\n".join(lines) + "\n}}")
students = [f"{json.dumps(call)}: {json.dumps(said(torch, call))}"
            for call in STUDENTS.strip().splitlines()]  # fmt: skip
tables.append('"students": {\n' + ",\n".join(students) + "\n}")
different = {}
numbers = ["." if a is None else str(different.setdefault(a, len(different)))
           for a in (said(torch, call) for call in shape_calls())]  # fmt: skip
texts = ",\n".join(json.dumps(a) for a in different)
tables.append(f'"shapes": {{"said": [\n{texts}\n], "calls": "{" ".join(numbers)}"}}')
different, numbers, results = {}, [], []
for call in dtype_calls():
    words, result = outcome(torch, call)
    numbers.append("." if words is None else str(different.setdefault(words, len(different))))
    if words is None:
        results.append(told(result))
texts = ",\n".join(json.dumps(a) for a in different)
lines = ",\n".join(json.dumps(" ".join(results[i : i + 8])) for i in range(0, len(results), 8))
tables.append(f'"dtypes": {{"said": [\n{texts}\n], "calls": "{" ".join(numbers)}", "results": [\n'
              f"{lines}\n]}}")  # fmt: skip
(HERE / "wrong_arguments_nn.json").write_text("{\n" + ",\n".join(tables) + "\n}\n")
