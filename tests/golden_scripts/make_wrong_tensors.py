"""Makes wrong_tensors.json: what PyTorch says of tensors of another dtype or shape.

Run with PyTorch 2.13 installed: ``python tests/golden_scripts/make_wrong_tensors.py``. There are
the different answers, and for each call the numbers of its answers, one for each of the tensors.
"""

import json

import on_path  # noqa: F401
import torch
from golden_files import GOLDEN
from numbered import texts_of
from wrong_tensor_cases import TENSORS, answer, wrong_calls

different: dict[str, int] = {}
lines = []
for call in wrong_calls():
    numbers = [different.setdefault(answer(torch, call, text), len(different))
               for text in TENSORS.values()]  # fmt: skip
    lines.append(f"{json.dumps(call)}: {json.dumps(' '.join(map(str, numbers)))}")
(GOLDEN / "wrong_tensors.json").write_text(
    f'{{"said": [\n{texts_of(different)}\n], "calls": {{\n' + ",\n".join(lines) + "\n}}\n"
)
