"""Layers against what must be true of them: other ways to compute the same, and differences.

Nothing here needs PyTorch; the drawn recurrent layers are compared with PyTorch as well if it is
there.
"""

import itertools
import math
import subprocess
import sys

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import minigrad as mg
from minigrad import nn

quick = settings(max_examples=15, deadline=None, derandomize=True, database=None)


def close(a, b, tolerance=1e-12):
    a, b = (t.detach().numpy() if isinstance(t, mg.Tensor) else np.asarray(t) for t in (a, b))
    np.testing.assert_allclose(a, b, rtol=tolerance, atol=tolerance)


def slopes_agree(module, *inputs):
    """The gradients of all parameters and inputs against differences, in float64."""
    leaves = [*module.parameters(), *inputs]

    def loss():
        out = module(*inputs)
        out = out if isinstance(out, mg.Tensor) else out[0]
        return (out * mg.cos(mg.arange(out.numel()).double()).reshape(out.shape)).sum()

    for leaf in leaves:
        leaf.requires_grad_().grad = None
    loss().backward()
    for n, leaf in enumerate(leaves):
        way = np.random.default_rng(n).normal(size=leaf.shape)
        slope = float((leaf.grad.numpy() * way).sum())
        data, step = leaf.detach().numpy(), 1e-6
        with mg.no_grad():
            data += step * way
            up = loss().item()
            data -= 2 * step * way
            down = loss().item()
            data += step * way
        assert slope == pytest.approx((up - down) / (2 * step), rel=1e-6, abs=1e-8), n


RECURRENT = st.tuples(
    st.sampled_from(["RNN", "LSTM", "GRU"]), st.integers(1, 2), st.booleans(), st.booleans(),
    st.booleans(), st.integers(1, 3), st.integers(1, 3), st.integers(0, 99),
)  # fmt: skip


def make_recurrent(lib, drawn):
    kind, layers, bias, batch_first, both, size, hidden, seed = drawn
    lib.manual_seed(seed)
    return getattr(lib.nn, kind)(
        size, hidden, num_layers=layers, bias=bias, batch_first=batch_first, bidirectional=both
    ).double()


def end_of(state):
    return state if isinstance(state, tuple) else (state,)


@quick
@given(RECURRENT, st.lists(st.integers(1, 4), min_size=1, max_size=4))
def test_a_packed_batch_is_each_sequence_alone(drawn, lengths):
    layer = make_recurrent(mg, drawn)
    rows = [mg.randn(n, layer.input_size, dtype=mg.float64) for n in lengths]
    packed = nn.utils.rnn.pack_sequence(rows, enforce_sorted=False)
    out, state = layer(packed)
    outs = nn.utils.rnn.unpack_sequence(out)
    for i, row in enumerate(rows):
        alone, end = layer(row)
        close(outs[i], alone)
        for a, b in zip(end_of(state), end_of(end)):
            close(a[:, i], b)


@quick
@given(RECURRENT, st.integers(1, 4), st.integers(1, 3))
def test_recurrent_layers_like_pytorch(drawn, length, batch):
    torch = pytest.importorskip(
        "torch", reason="compares with PyTorch: `pip install torch` to run this test"
    )
    found = []
    for lib in (mg, torch):
        layer = make_recurrent(lib, drawn)
        shape = (batch, length) if layer.batch_first else (length, batch)
        x = lib.randn(*shape, layer.input_size, dtype=lib.float64).requires_grad_()
        out, state = layer(x)
        loss = (out * lib.cos(lib.arange(out.numel()).double()).reshape(out.shape)).sum()
        loss = loss + sum((s * s).sum() for s in end_of(state))
        loss.backward()
        leaves = [x, *layer.parameters()]
        found.append([t.detach().numpy() for t in (out, *end_of(state))])
        found[-1] += [leaf.grad.numpy() for leaf in leaves]
    for ours, theirs in zip(*found, strict=True):
        close(ours, theirs, 1e-10)


@pytest.mark.parametrize("kind", ["RNN", "LSTM", "GRU"])
def test_a_layer_is_its_cell_step_by_step(kind):
    layer = getattr(nn, kind)(3, 4)
    cell = getattr(nn, kind + "Cell")(3, 4)
    cell.load_state_dict({name[:-3]: value for name, value in layer.state_dict().items()})
    x, state, outs = mg.randn(5, 2, 3), None, []
    for now in x:
        state = cell(now, state)
        outs.append(end_of(state)[0])
    close(layer(x)[0], mg.stack(outs), 1e-6)


@pytest.mark.parametrize("kind", ["RNN", "LSTM", "GRU"])
@pytest.mark.parametrize("both", [False, True])
def test_slopes_of_recurrent_layers(kind, both):
    mg.manual_seed(0)
    layer = getattr(nn, kind)(2, 3, num_layers=2, bidirectional=both).double()
    slopes_agree(layer, mg.randn(3, 2, 2, dtype=mg.float64))


def test_lstm_by_hand():
    """One step with weights so simple that it can be worked out on paper."""
    cell = nn.LSTMCell(1, 1)
    for p in cell.parameters():
        nn.init.ones_(p)
    h, c = cell(mg.tensor([1.0]), (mg.tensor([0.5]), mg.tensor([2.0])))
    gate = 1 / (1 + math.exp(-3.5))  # 1*1 + 1 + 1*0.5 + 1
    new_c = gate * 2 + gate * math.tanh(3.5)
    close(c, [new_c], 1e-6)
    close(h, [gate * math.tanh(new_c)], 1e-6)


@pytest.mark.parametrize("kind", ["RNN", "LSTM", "GRU"])
def test_recurrent_gradients_of_second_order(kind):
    mg.manual_seed(0)
    layer = getattr(nn, kind)(2, 2).double()
    x = mg.randn(2, 1, 2, dtype=mg.float64).requires_grad_()
    (g,) = mg.autograd.grad(layer(x)[0].sum(), x, create_graph=True)
    (g * g).sum().backward()
    way = mg.randn(2, 1, 2, dtype=mg.float64)

    def squared(t):
        t = t.detach().requires_grad_()
        (g,) = mg.autograd.grad(layer(t)[0].sum(), t)
        return (g * g).sum().item()

    step = 1e-6
    difference = (squared(x + step * way) - squared(x - step * way)) / (2 * step)
    assert (x.grad * way).sum().item() == pytest.approx(difference, rel=1e-6)


# --- attention ------------------------------------------------------------------------------------


def test_attention_head_by_head():
    """Each head on its own, in plain NumPy."""
    mg.manual_seed(0)
    layer = nn.MultiheadAttention(6, 3).double()
    nn.init.normal_(layer.in_proj_bias)
    x = mg.randn(4, 1, 6, dtype=mg.float64)
    w, b = layer.in_proj_weight.detach().numpy(), layer.in_proj_bias.detach().numpy()
    q, k, v = np.split(x.numpy()[:, 0] @ w.T + b, 3, axis=1)
    outs, maps = [], []
    for head in range(3):
        part = slice(2 * head, 2 * head + 2)
        scores = np.exp(q[:, part] @ k[:, part].T / math.sqrt(2))
        maps.append(scores / scores.sum(axis=1, keepdims=True))
        outs.append(maps[-1] @ v[:, part])
    final = layer.out_proj(mg.tensor(np.concatenate(outs, axis=1)))
    out, weights = layer(x, x, x)
    close(out[:, 0], final)
    close(weights[0], np.mean(maps, axis=0))
    close(layer(x, x, x, need_weights=False)[0], out)


def test_a_causal_mask_hides_the_future():
    mg.manual_seed(0)
    layer = nn.TransformerEncoderLayer(4, 2, 8, dropout=0.0, batch_first=True)
    mask = nn.Transformer.generate_square_subsequent_mask(5)
    x = mg.randn(1, 5, 4)
    before = layer(x, mask)
    changed = x.clone()
    changed[0, 3:] += 1.0
    after = layer(changed, mask)
    close(before[0, :3], after[0, :3], 1e-6)
    assert (before[0, 3:] - after[0, 3:]).abs().max() > 1e-3
    close(layer(x, mask, is_causal=True), before, 1e-6)


def test_slopes_of_a_transformer():
    mg.manual_seed(0)
    model = nn.Transformer(4, 2, 1, 1, 6, dropout=0.0, activation="gelu").double()
    slopes_agree(model, *[mg.randn(n, 2, 4, dtype=mg.float64) for n in (3, 2)])


# --- other layers ---------------------------------------------------------------------------------


def test_a_convolution_is_a_sliding_window():
    mg.manual_seed(0)
    conv = nn.Conv2d(2, 3, (2, 3), stride=(1, 2), padding=(1, 0)).double()
    x = mg.randn(1, 2, 4, 7, dtype=mg.float64)
    w, b = conv.weight.detach().numpy(), conv.bias.detach().numpy()
    wide = np.pad(x.numpy()[0], ((0, 0), (1, 1), (0, 0)))
    out = conv(x).detach().numpy()[0]
    assert out.shape == (3, 5, 3)
    for o, i, j in itertools.product(range(3), range(5), range(3)):
        window = wide[:, i : i + 2, 2 * j : 2 * j + 3]
        assert out[o, i, j] == pytest.approx((window * w[o]).sum() + b[o])


def test_batch_norm_remembers_the_mean_of_all_batches():
    norm = nn.BatchNorm1d(1, momentum=None)
    batches = [mg.tensor([[1.0], [3.0]]), mg.tensor([[5.0], [9.0]]), mg.tensor([[0.0], [4.0]])]
    for batch in batches:
        norm(batch)
    assert norm.running_mean.item() == pytest.approx((2 + 7 + 2) / 3)
    assert norm.running_var.item() == pytest.approx((2 + 8 + 8 + 1) / 3, abs=0.4)
    assert norm.num_batches_tracked.item() == 3
    state = norm.eval().running_mean.clone()
    norm(batches[0])
    assert mg.equal(norm.running_mean, state)
    norm.reset_running_stats()
    assert norm.running_mean.item() == 0 and norm.running_var.item() == 1


def test_dropout_keeps_the_mean_and_is_off_in_eval():
    mg.manual_seed(0)
    drop, x = nn.Dropout(0.25), mg.ones(20000)
    y = drop(x)
    assert y.unique().tolist() == pytest.approx([0.0, 4 / 3])
    assert y.mean().item() == pytest.approx(1.0, abs=0.02)
    assert drop.eval()(x) is x


def test_the_padding_row_of_an_embedding_is_not_trained():
    table = nn.Embedding(4, 2, padding_idx=0)
    table(mg.tensor([0, 1, 1])).sum().backward()
    assert table.weight[0].tolist() == [0, 0]
    assert table.weight.grad.tolist() == [[0, 0], [2, 2], [0, 0], [0, 0]]


def test_import_of_minigrad_does_not_load_nn():
    code = "import sys, minigrad as mg; assert 'minigrad.nn' not in sys.modules; mg.nn.Linear"
    subprocess.run([sys.executable, "-c", code], check=True)
