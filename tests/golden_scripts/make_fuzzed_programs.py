"""Makes fuzzed_programs.json: what PyTorch does in the first random programs of program_fuzzer.py.

Run with PyTorch 2.13 installed: ``python tests/golden_scripts/make_fuzzed_programs.py``. Programs
in which PyTorch and minigrad are known to differ (KNOWN in the test) are left out.
"""

import json

import on_path  # noqa: F401
import torch
from golden_files import GOLDEN
from program_fuzzer import KNOWN, program, run

rows = [
    f'"{seed}": {json.dumps({"program": program(seed), "outcome": run(torch, program(seed))})}'
    for seed in range(60)
    if seed not in KNOWN
]
(GOLDEN / "fuzzed_programs.json").write_text("{\n" + ",\n".join(rows) + "\n}\n")
