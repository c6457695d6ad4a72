"""``torch.batch_norm`` and others: PyTorch's own order of arguments, against nn.functional."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from calls import functional

import minigrad as mg

# Two ways to write the same, of which the second is compared with PyTorch elsewhere.
CASES = """
torch.batch_norm(x, w, b, m, v, True, 0.1, 1e-5, True) | F.batch_norm(x, m, v, w, b, True)
torch.batch_norm(x, w, b, m, v, False, 0.1, 1e-5, True) | F.batch_norm(x, m, v, w, b)
torch.instance_norm(z, w, b, m, v, True, 0.1, 1e-5, True) | F.instance_norm(z, m, v, w, b)
torch.layer_norm(x, (3,), w, b, 1e-3, True) | F.layer_norm(x, (3,), w, b, 1e-3)
torch.group_norm(x, 3, w, b, 1e-3, True) | F.group_norm(x, 3, w, b, 1e-3)
torch.embedding(t, i, 1) | F.embedding(i, t, 1)
torch.embedding(t, i) | F.embedding(i, t)
torch.embedding_bag(t, i, o)[0] | F.embedding_bag(i, t, o, mode='sum')
torch.embedding_bag(t, i, o, False, 1)[0] | F.embedding_bag(i, t, o, mode='mean')
torch.embedding_bag(t, i, o, False, 2)[0] | F.embedding_bag(i, t, o, mode='max')
torch.avg_pool1d(z, 2) | F.avg_pool1d(z, 2)
torch.adaptive_avg_pool1d(z, 2) | F.adaptive_avg_pool1d(z, 2)
torch.adaptive_max_pool1d(z, 2)[0] | F.adaptive_max_pool1d(z, 2)
torch.adaptive_max_pool1d(z, 2)[1] | F.adaptive_max_pool1d(z, 2, return_indices=True)[1]
torch.dropout(x, 0.5, False) | F.dropout(x, 0.5, False)
torch.dropout(x, 0.5, True) | F.dropout(x, 0.5, True)
torch.alpha_dropout(x, 0.5, True) | F.alpha_dropout(x, 0.5, True)
torch.feature_alpha_dropout(x, 0.5, True) | F.feature_alpha_dropout(x, 0.5, True)
torch.kl_div(x, y, 2, log_target=True) | F.kl_div(x, y, reduction='sum', log_target=True)
torch.kl_div(x, y) | F.kl_div(x, y, reduction='none')
torch.hinge_embedding_loss(x, s, 0.5, 0) | F.hinge_embedding_loss(x, s, 0.5, reduction='none')
torch.margin_ranking_loss(x, y, s, 0.1, 2) | F.margin_ranking_loss(x, y, s, 0.1, reduction='sum')
torch.cosine_embedding_loss(x, y, s[:, 0], 0.1, 1) | F.cosine_embedding_loss(x, y, s[:, 0], 0.1)
torch.poisson_nll_loss(x, y, True, False, 1e-8, 2) | F.poisson_nll_loss(x, y, reduction='sum')
torch.triplet_margin_loss(x, y, s, 1.0, 1.0, 1e-6, True, 0) | \
    F.triplet_margin_loss(x, y, s, 1.0, 1.0, 1e-6, True, reduction='none')
torch.binary_cross_entropy_with_logits(x, y, None, w, 2) | \
    F.binary_cross_entropy_with_logits(x, y, reduction='sum', pos_weight=w)
""".replace("\\\n    ", "")


def scope(library: Any) -> dict[str, Any]:
    rng = np.random.default_rng(0)
    numbers = [rng.uniform(0.1, 1.0, shape) for shape in ((4, 3), (4, 3), (2, 3, 6), 3, 3, 3, 3)]
    x, y, z, w, b, m, v = (library.tensor(a, dtype=library.float32) for a in numbers)
    return {
        "torch": library, "F": functional(library), "x": x, "y": y, "z": z, "w": w, "b": b, "m": m,
        "v": v, "s": library.where(y > 0.5, 1.0, -1.0),
        "t": library.arange(12.0).reshape(6, 2), "i": library.tensor([1, 2, 4, 5, 4, 3]),
        "o": library.tensor([0, 0, 3]),
    }  # fmt: skip


def result(library: Any, call: str) -> Any:
    library.manual_seed(0)
    return eval(call, scope(library)).detach().numpy()


LINES = CASES.strip().splitlines()


@pytest.mark.parametrize("line", LINES)
def test_the_arguments_in_another_order(line):
    native, functional_call = line.split(" | ")
    np.testing.assert_array_equal(result(mg, native), result(mg, functional_call))


@pytest.mark.parametrize("line", LINES)
def test_as_pytorch(line):
    torch = pytest.importorskip("torch", reason="compares with PyTorch, which is not installed")
    native = line.split(" | ")[0]
    np.testing.assert_allclose(result(mg, native), result(torch, native), rtol=1e-5, atol=1e-6)


# What PyTorch 2.13 says of three bags, the first of them empty, of which it had no need for a sum.
@pytest.mark.parametrize(("mode", "told"), [
    (0, [[], [0, 0, 0], [0, 0, 0]]),
    (1, [[1, 1, 1, 2, 2, 2], [0, 3, 3], [0, 3, 3]]),
    (2, [[1, 1, 1, 2, 2, 2], [0, 3, 3], [[0, 0], [4, 4], [5, 5]]]),
])  # fmt: skip
def test_how_the_bags_were_cut(mode, told):
    names = scope(mg)
    found = mg.embedding_bag(names["t"], names["i"], names["o"], False, mode)
    assert [t.tolist() for t in found[1:]] == told


def test_there_are_three_reductions():
    with pytest.raises(RuntimeError, match="^9 is no reduction"):
        mg.kl_div(mg.ones(2), mg.ones(2), 9)
