"""Makes promotion.json: the dtypes and refusals of PyTorch for the calls of promotion_cases.py.

Run with PyTorch 2.13 installed: ``python tests/golden/make_promotion.py``.
"""

import json
import sys
from pathlib import Path

import torch

HERE = Path(__file__).parent
sys.path.insert(0, str(HERE.parent))

from promotion_cases import outcomes  # noqa: E402

rows = []
for text, row in outcomes(torch).items():
    by_result = {}  # shorter: the combinations of each result
    for operands, result in row.items():
        by_result.setdefault(result, []).append(operands)
    rows.append(f"{json.dumps(text)}: {json.dumps(by_result)}")
(HERE / "promotion.json").write_text("{\n" + ",\n".join(rows) + "\n}\n")
