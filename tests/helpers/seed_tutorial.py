"""Runs the tutorial that minigrad is built from (tests/seed/tutorial.txt), a cell at a time."""

import contextlib
import io
import re

from places import TESTS

CELLS = re.split(r"^In \[\d+\]:\n", (TESTS / "seed" / "tutorial.txt").read_text(), flags=re.M)[1:]
EPOCHS = [0, 1, 2, 3, 5, 10, 20, 50, 100, 150, 200, 250, 300]


def run_cells(library, seed, change=lambda cell: cell):
    """Run the cells as a notebook would; what they printed, and their names."""
    names = {}
    printed = io.StringIO()
    with contextlib.redirect_stdout(printed):
        for i, cell in enumerate(CELLS):
            code = change(cell).replace("import torch", f"import {library} as torch")
            exec(compile(code, f"cell {i + 1}", "exec"), names)
            if i == 0:
                names["torch"].manual_seed(seed)
    return printed.getvalue(), names


def with_losses(cell):
    """The training cell, keeping every loss (one line more)."""
    return cell.replace(
        "    loss.backward()\n", "    loss.backward()\n    every_loss.append(loss.item())\n"
    ).replace("for epoch in", "every_loss = []\nfor epoch in")
