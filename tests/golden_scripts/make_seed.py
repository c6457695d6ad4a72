"""Write seed.json: the losses of the tutorial in tests/seed/tutorial.txt, run with PyTorch.

    python tests/golden_scripts/make_seed.py        (needs PyTorch)

The last losses are rounding noise: PyTorch itself gives 2.92e-06 or 2.97e-06 for seed 0, depending
on the instructions that the processor has (``ATEN_CPU_CAPABILITY=default``).
"""

import json

import on_path  # noqa: F401
from golden_files import GOLDEN
from seed_tutorial import EPOCHS, run_cells, with_losses

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
    file = GOLDEN / "seed.json"
    file.write_text(json.dumps(golden, indent=1) + "\n", encoding="utf-8")
