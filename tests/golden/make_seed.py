"""Write seed.json: the losses of the tutorial in tests/seed/tutorial.txt, run with PyTorch.

    python tests/golden/make_seed.py        (needs PyTorch)

The last losses are rounding noise: PyTorch itself gives 2.92e-06 or 2.97e-06 for seed 0, depending
on the instructions that the processor has (``ATEN_CPU_CAPABILITY=default``).
"""

import json
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))
from test_seed import EPOCHS, run_cells, with_losses

if __name__ == "__main__":
    golden = {}
    for seed in (0, 1):
        printed, names = run_cells("torch", seed, with_losses)
        losses = names["every_loss"]
        golden[str(seed)] = {
            "printed": printed,
            "losses": {str(epoch): losses[epoch] for epoch in EPOCHS},
            "last": repr(names["loss"]),
        }
    file = Path(__file__).with_name("seed.json")
    file.write_text(json.dumps(golden, indent=1) + "\n", encoding="utf-8")
