"""Makes wrong_tensors.json: what PyTorch says of tensors of another dtype or shape.

Run with PyTorch 2.13 installed: ``python tests/golden/make_wrong_tensors.py``. There are the
different answers, and for each call the numbers of its answers, one for each of the tensors.
"""

import json
import sys
from pathlib import Path

import torch
from numbered import texts_of

HERE = Path(__file__).parent
sys.path.insert(0, str(HERE.parent))

from wrong_tensor_cases import TENSORS, answer, wrong_calls  # noqa: E402

different: dict[str, int] = {}
lines = []
for call in wrong_calls():
    numbers = [different.setdefault(answer(torch, call, text), len(different))
               for text in TENSORS.values()]  # fmt: skip
    lines.append(f"{json.dumps(call)}: {json.dumps(' '.join(map(str, numbers)))}")
(HERE / "wrong_tensors.json").write_text(
    f'{{"said": [\n{texts_of(different)}\n], "calls": {{\n' + ",\n".join(lines) + "\n}}\n"
)
