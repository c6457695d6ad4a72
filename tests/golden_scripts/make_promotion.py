"""Makes promotion.json: the dtypes and refusals of PyTorch for the calls of promotion_cases.py.

Run with PyTorch 2.13 installed: ``python tests/golden_scripts/make_promotion.py``.
"""

import json

import on_path  # noqa: F401
import torch
from golden_files import GOLDEN
from promotion_cases import outcomes

rows = []
for text, row in outcomes(torch).items():
    by_result = {}  # shorter: the combinations of each result
    for operands, result in row.items():
        by_result.setdefault(result, []).append(operands)
    rows.append(f"{json.dumps(text)}: {json.dumps(by_result)}")
(GOLDEN / "promotion.json").write_text("{\n" + ",\n".join(rows) + "\n}\n")
