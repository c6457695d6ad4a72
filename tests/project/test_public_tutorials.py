"""The public programs of docs/tutorials.md: the list, the way they are run, and, where they are
there, they themselves.

The programs are not in this repository. ``MINIGRAD_TUTORIALS`` names a folder with checkouts; where
it does not, what runs them is tried on programs written here.
"""

import json
import os
import sys

import pytest
from places import TESTS

PUBLIC = TESTS / "tutorials" / "public"
sys.path.insert(0, str(PUBLIC))
from compare_runs import differences, same_line  # noqa: E402
from run_public import Program, programs, run  # noqa: E402

PROGRAMS = programs()
FOLDER = os.environ.get("MINIGRAD_TUTORIALS")


def test_the_list_is_long_and_has_each_program_once():
    assert len(PROGRAMS) >= 60 and len({p.repository for p in PROGRAMS}) >= 6
    assert len({(p.repository, p.path) for p in PROGRAMS}) == len(PROGRAMS)
    assert all(p.tolerance <= 0.03 and 0 < p.steps <= 100 for p in PROGRAMS)
    tight = sum(p.tolerance <= 1e-5 for p in PROGRAMS)
    assert tight >= 0.8 * len(PROGRAMS)  # to the digit is the rule


@pytest.mark.parametrize("program", PROGRAMS, ids=lambda p: f"{p.repository}/{p.path}")
def test_a_public_program_agrees_with_pytorch(program, torch):
    if not FOLDER:
        pytest.skip("MINIGRAD_TUTORIALS names no folder with checkouts of public repositories")
    if not program.file(FOLDER).exists():
        pytest.skip(f"{program.repository} is not in {FOLDER}")
    ours, theirs = (run(library, program, FOLDER) for library in ("minigrad", "torch"))
    assert not theirs["error"], theirs["error"]
    assert differences(ours, theirs, program.tolerance) == []


TRAINING = """
import time
import numpy as np
import torch
import torch.nn as nn
from torch.utils.data import DataLoader
from torchvision import datasets, transforms

data = datasets.MNIST("data", download=True, transform=transforms.ToTensor())
model = nn.Sequential(nn.Flatten(), nn.Linear(784, 10))
optimizer = torch.optim.SGD(model.parameters(), lr=0.1)
start = time.time()
for epoch in range(100):
    for x, y in DataLoader(data, batch_size=64, shuffle=True):
        loss = nn.functional.cross_entropy(model(x), y)
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
    print(f"epoch {epoch} loss {loss.item():.4f} {time.time() - start} s")
print("never reached")
"""


def run_here(library, tmp_path, text, name="program.py", steps=10):
    (tmp_path / "owner+name").mkdir(exist_ok=True)
    (tmp_path / "owner+name" / name).write_text(text, encoding="utf-8")
    return run(library, Program("owner/name", "", name, "", steps, 1e-5), tmp_path)


def test_a_program_runs_with_minigrad_until_it_has_stepped_enough(tmp_path):
    found = run_here("minigrad", tmp_path, TRAINING)
    assert found["error"] == "" and found["ended"] == "after 10 steps"
    assert [line[:13] for line in found["lines"]] == ["epoch 0 loss ", "epoch 1 loss "]
    shape, dtype, *_ = found["variables"]["model"]["1.weight"]
    assert shape == [10, 784] and dtype == "float32" and found["variables"]["epoch"] == 2


def test_such_a_program_agrees_with_pytorch(tmp_path, torch):
    ours, theirs = (run_here(library, tmp_path, TRAINING) for library in ("minigrad", "torch"))
    assert theirs["ended"] == "after 10 steps" and differences(ours, theirs, 1e-5) == []


def test_a_notebook_is_its_cells(tmp_path):
    cells = ["%matplotlib inline\nimport torch\n", "# Text", "x = torch.ones(2)\n!ls\nprint(x)"]
    kinds = ["code", "markdown", "code"]
    notebook = {"cells": [{"cell_type": k, "source": [c]} for k, c in zip(kinds, cells)]}
    found = run_here("minigrad", tmp_path, json.dumps(notebook), "notebook.ipynb")
    assert found["lines"] == ["tensor([1., 1.])"] and found["ended"] == "at its end"


def test_an_error_of_the_program_is_told(tmp_path):
    found = run_here("minigrad", tmp_path, "import torch\nprint(1)\ntorch.ones(2) + torch.ones(3)")
    assert found["lines"] == ["1"] and "RuntimeError: The size of tensor a" in found["error"]
    assert "The size of tensor a" in differences(found, found, 1.0)[0]


def test_the_comparison_sees_differences():
    def same(**changed):
        result = {"lines": ["loss 0.1234"], "error": "", "ended": "at its end", "variables": {
            "x": [[2], "float32", 1.0, 3.0], "model": {"weight": [[1], "float32", 2.0, 2.0]},
            "n": 3, "rate": 0.5, "text": "1.25 m"}}  # fmt: skip
        other = {**result, **{k: v for k, v in changed.items() if k in result}}
        inside = {k: v for k, v in changed.items() if k not in result}
        other["variables"] = {**result["variables"], **inside}
        return differences(other, result, 1e-5) == []

    assert same() and same(x=[[2], "float32", 1.00001, 3.0]) and same(lines=["loss 0.1235"])
    for wrong in (
        {"x": [[2], "float64", 1.0, 3.0]}, {"x": [[2], "float32", 1.1, 3.0]}, {"n": 4},
        {"x": [[2], "float32", 1.0, 3.1]}, {"model": {"weight": [[1], "float32", 2.1, 2.1]}},
        {"rate": 0.6}, {"text": "1.35 m"}, {"y": 1}, {"lines": ["loss 0.1237"]}, {"lines": []},
        {"lines": ["cost 0.1234"]}, {"ended": "after 3 steps"}, {"error": "ValueError: no"},
    ):  # fmt: skip
        assert not same(**wrong), wrong
    assert same_line("<AddBackward0>", "<AddBackward0 object at 0x7f00>", 0.0)
    assert same_line("nan -2", "nan -2.00", 0.0) and not same_line("nan", "1.0", 1.0)
