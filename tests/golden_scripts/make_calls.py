"""Makes core_calls.json and functional_calls.json: what PyTorch gives for the lines of the tables
in core_cases.py and functional_cases.py, with gradients of first and second order.

Run with PyTorch 2.13 installed: ``python tests/golden_scripts/make_calls.py``.
"""

import json

import on_path  # noqa: F401
import core_cases
import functional_cases
import torch
from calls import lines
from golden_calls import KINDS, plain, results, variants
from golden_files import GOLDEN


def main():
    for name, tables in [("core", core_cases.TABLES), ("functional", functional_cases.TABLES)]:
        kept = {}
        for line in [line for table in tables.values() for line in lines(table)]:
            kept[line] = []
            for seed, call in enumerate(variants(line)):
                found = results(torch, call, seed)
                kept[line].append({k: [plain(a) for a in found[k]] for k in KINDS if k in found})
        head = json.dumps(torch.__version__.split("+")[0])
        body = ",\n".join(
            f"{json.dumps(k)}:{json.dumps(v, separators=(',', ':'))}" for k, v in kept.items()
        )
        (GOLDEN / f"{name}_calls.json").write_text(
            f'{{"torch":{head},"calls":{{\n{body}\n}}}}\n'
        )


if __name__ == "__main__":
    main()
