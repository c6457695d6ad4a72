"""Every module of nn against PyTorch: printing, initial numbers, outputs, gradients, buffers.

The lines are in nn_cases.py, whole trainings in nn_training.py. Without PyTorch they are compared
with tests/golden/nn.json, which tests/golden_scripts/make_nn.py made.
"""

from functools import cache

import nn_cases
import numpy as np
import pytest
from golden_files import read_golden
from nn_training import RUNS

import minigrad as mg


@cache
def golden():
    return read_golden("nn.json")


@pytest.mark.parametrize("line", nn_cases.LINES)
def test_golden_numbers(line):
    nn_cases.assert_same(nn_cases.run(mg, line), golden()[line], line)


@pytest.mark.parametrize("line", nn_cases.LINES)
def test_like_pytorch(line, torch):
    nn_cases.assert_same(nn_cases.run(mg, line), nn_cases.run(torch, line), line)


def test_initial_weights_are_bit_for_bit_pytorchs(torch):
    weights = []
    for lib in (mg, torch):
        lib.manual_seed(0)
        nn = lib.nn
        net = nn.Sequential(
            nn.Linear(7, 30), nn.Conv2d(3, 5, 3), nn.LSTM(4, 9), nn.Embedding(11, 6),
            nn.MultiheadAttention(8, 2), nn.GRUCell(3, 4), nn.Bilinear(2, 3, 4),
        )  # fmt: skip
        weights.append({name: w.detach().numpy() for name, w in net.named_parameters()})
    for name, ours in weights[0].items():
        assert (ours == weights[1][name]).all(), name


@pytest.mark.parametrize("line", nn_cases.INIT_LINES)
def test_init_golden_numbers(line):
    nn_cases.assert_same(nn_cases.run_init(mg, line), golden()[line], line)


@pytest.mark.parametrize("line", nn_cases.INIT_LINES)
def test_init_like_pytorch(line, torch):
    nn_cases.assert_same(nn_cases.run_init(mg, line), nn_cases.run_init(torch, line), line)


@pytest.mark.parametrize("line", nn_cases.LINES)
def test_every_module_has_a_line_and_a_docstring(line):
    cls = eval(line.split("|")[0].split("(")[0], {"nn": mg.nn})
    assert cls.__doc__


def test_the_lines_cover_all_modules():
    shown = "\n".join(nn_cases.LINES)
    bases = ("Module", "RNNBase", "RNNCellBase")
    for name, cls in vars(mg.nn).items():
        if isinstance(cls, type) and issubclass(cls, mg.nn.Module) and name not in bases:
            family = name[:-2] + "2d"  # a ...3d differs in one number only
            assert f"nn.{name}(" in shown or f"nn.{family}(" in shown or name in WITHOUT, name


WITHOUT = (
    "TransformerDecoder",  # inside nn.Transformer
    "AdaptiveLogSoftmaxWithLoss", "DataParallel",  # test_small_shapes.py, test_prune.py
)  # fmt: skip


@pytest.mark.parametrize("run", RUNS, ids=lambda run: run.__name__)
def test_training_gives_the_losses_that_pytorch_gave(run):
    wanted = golden()[run.__name__]
    np.testing.assert_allclose(run(mg), wanted, rtol=2e-3, atol=1e-5)
    assert wanted[0] > wanted[-2]


@pytest.mark.parametrize("run", RUNS, ids=lambda run: run.__name__)
def test_training_like_pytorch(run, torch):
    torch.set_num_threads(1)
    np.testing.assert_allclose(run(mg), run(torch), rtol=2e-3, atol=1e-5)
