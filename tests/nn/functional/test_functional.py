"""nn.functional against PyTorch: every call of functional_cases.py and drawn arguments.

Without PyTorch the same calls are compared with tests/golden/functional_calls.json, made by
tests/golden_scripts/make_calls.py.
"""

import warnings

import numpy as np
import pytest
from calls import Call, functional, lines
from differential import compare, numbers, opening, refusals
from drawn_calls import check_line
from functional_cases import TABLES
from golden_calls import against_stored
from hypothesis import given, settings
from hypothesis import strategies as st
from refused_op_cases import FUNCTIONAL, functional_tensors
from slopes import check_slopes

import minigrad as mg
import minigrad.nn.functional as mgF

LINES = [line for table in TABLES.values() for line in lines(table)]
quick = settings(max_examples=15, deadline=None, derandomize=True, database=None)


@pytest.mark.parametrize("line", LINES)
def test_like_pytorch(line, torch):
    check_line(torch, line)


@pytest.mark.parametrize("line", LINES)
def test_stored_numbers(line):
    against_stored("functional", line)


@pytest.mark.parametrize("line", [line for line in LINES if not {"#0", "#kinks"} & {*line.split()}])
def test_finite_differences(line):
    check_slopes(line)


def listed(out):
    return list(out) if isinstance(out, (tuple, list)) else [out]


# --- drawn arguments -----------------------------------------------------------------------------


def draw_conv(data, m):
    g = data.draw(st.integers(1, 2))
    kernel = [data.draw(st.integers(1, 3)) for _ in range(m)]
    options = {
        "stride": tuple(data.draw(st.integers(1, 3)) for _ in range(m)),
        "padding": tuple(data.draw(st.integers(0, 2)) for _ in range(m)),
        "dilation": tuple(data.draw(st.integers(1, 2)) for _ in range(m)),
        "groups": g,
    }
    c, o = g * data.draw(st.integers(1, 2)), g * data.draw(st.integers(1, 2))
    spatial = [data.draw(st.integers(5, 7)) for _ in range(m)]
    n = data.draw(st.integers(1, 2))
    return (n, c, *spatial), (o, c // g, *kernel), (o,), options


@pytest.mark.parametrize("m", [1, 2])
def test_convolution(m, torch):
    @quick
    @given(st.data(), st.integers(0, 99))
    def check(data, seed):
        x, w, b, options = draw_conv(data, m)
        name = f"conv{m}d"
        call = lambda lib, x, w, b: getattr(functional(lib), name)(x, w, b, **options)
        compare(torch, call, numbers(seed, x, w, b), seed=seed, rtol=1e-9)

    check()


@pytest.mark.parametrize("m", [1, 2])
def test_transposed_convolution(m, torch):
    @quick
    @given(st.data(), st.integers(0, 99))
    def check(data, seed):
        x, w, _, options = draw_conv(data, m)
        g = options["groups"]
        w = (x[1], w[0] // g, *w[2:])
        options["output_padding"] = tuple(
            data.draw(st.integers(0, max(s, d) - 1))
            for s, d in zip(options["stride"], options["dilation"])
        )
        name = f"conv_transpose{m}d"
        call = lambda lib, x, w, b: getattr(functional(lib), name)(x, w, b, **options)
        compare(torch, call, numbers(seed, x, w, (w[1] * g,)), seed=seed, rtol=1e-9)

    check()


@pytest.mark.parametrize("name", ["max_pool1d", "max_pool2d", "avg_pool1d", "avg_pool2d"])
def test_pooling(name, torch):
    @quick
    @given(st.data(), st.integers(0, 99))
    def check(data, seed):
        m = int(name[-2])
        kernel = tuple(data.draw(st.integers(1, 3)) for _ in range(m))
        stride = tuple(data.draw(st.integers(1, 3)) for _ in range(m))
        padding = tuple(data.draw(st.integers(0, k // 2)) for k in kernel)
        options = {"ceil_mode": data.draw(st.booleans())}
        if name.startswith("max"):
            options["dilation"] = data.draw(st.integers(1, 2))
        else:
            options["count_include_pad"] = data.draw(st.booleans())
        shape = (2, 2, *[data.draw(st.integers(5, 8)) for _ in range(m)])
        shape = shape[data.draw(st.integers(0, 1)) :]
        call = lambda lib, x: getattr(functional(lib), name)(x, kernel, stride, padding, **options)
        compare(torch, call, numbers(seed, shape), seed=seed)

    check()


@pytest.mark.parametrize("name", ["softmax", "log_softmax", "softmin"])
def test_softmax(name, torch):
    @quick
    @given(st.lists(st.integers(1, 4), max_size=4), st.integers(0, 3), st.integers(0, 99))
    def check(shape, dim, seed):
        dim = dim % max(len(shape), 1) - max(len(shape), 1)
        call = lambda lib, x: getattr(functional(lib), name)(x, dim)
        compare(torch, call, numbers(seed, tuple(shape)), seed=seed)

    check()


PAIR_LOSSES = ["mse_loss", "l1_loss", "smooth_l1_loss", "huber_loss"]


@pytest.mark.parametrize("name", [*PAIR_LOSSES, "binary_cross_entropy_with_logits"])
def test_losses_of_pairs(name, torch):
    @quick
    @given(st.lists(st.integers(1, 4), max_size=3), st.sampled_from(["mean", "sum", "none"]),
           st.integers(0, 99))  # fmt: skip
    def check(shape, reduction, seed):
        call = lambda lib, x, t: getattr(functional(lib), name)(x, t, reduction=reduction)
        compare(torch, call, numbers(seed, tuple(shape), tuple(shape)), seed=seed)

    check()


def test_cross_entropy(torch):
    @quick
    @given(st.data(), st.integers(0, 99))
    def check(data, seed):
        n, c = data.draw(st.integers(1, 4)), data.draw(st.integers(1, 4))
        rest = tuple(data.draw(st.lists(st.integers(1, 3), max_size=2)))
        t = np.random.default_rng(seed).integers(0, c, (n, *rest))
        options = {
            "reduction": data.draw(st.sampled_from(["mean", "sum", "none"])),
            "label_smoothing": data.draw(st.sampled_from([0.0, 0.3])),
            "ignore_index": data.draw(st.sampled_from([-100, c])),
        }
        w = np.arange(1.0, c + 1) if data.draw(st.booleans()) else None
        call = lambda lib, x: functional(lib).cross_entropy(
            x, lib.tensor(t), None if w is None else lib.tensor(w), **options
        )
        compare(torch, call, numbers(seed, (n, c, *rest)), seed=seed)

    check()


@pytest.mark.parametrize(
    "mode", ["nearest", "nearest-exact", "linear", "bilinear", "bicubic", "area"]
)
def test_interpolate(mode, torch):
    @quick
    @given(st.data(), st.integers(0, 99))
    def check(data, seed):
        m = {"linear": 1, "bilinear": 2, "bicubic": 2}.get(mode) or data.draw(st.integers(1, 2))
        shape = (1, 2, *[data.draw(st.integers(1, 5)) for _ in range(m)])
        size = tuple(data.draw(st.integers(1, 8)) for _ in range(m))
        corners = data.draw(st.booleans()) if "linear" in mode or mode == "bicubic" else None
        call = lambda lib, x: functional(lib).interpolate(x, size, mode=mode, align_corners=corners)
        compare(torch, call, numbers(seed, shape), seed=seed)
        factor = data.draw(st.sampled_from([0.5, 1.5, 2.0, 2.3]))
        if min(shape[2:]) * factor >= 1:
            call = lambda lib, x: functional(lib).interpolate(x, None, factor, mode, corners)
            compare(torch, call, numbers(seed, shape), seed=seed)

    check()


@pytest.mark.parametrize("mode", ["constant", "reflect", "replicate", "circular"])
def test_pad(mode, torch):
    @quick
    @given(st.data(), st.integers(0, 99))
    def check(data, seed):
        m = data.draw(st.integers(1, 2))
        shape = (2, 2, *[data.draw(st.integers(3, 5)) for _ in range(m)])
        pads = [data.draw(st.integers(0 if mode != "constant" else -1, 2)) for _ in range(2 * m)]
        call = lambda lib, x: functional(lib).pad(x, pads, mode)
        compare(torch, call, numbers(seed, shape), seed=seed, names=mode != "circular")

    check()


# --- single promises ------------------------------------------------------------------------------


def test_running_statistics(torch):
    x = numbers(0, (4, 3, 5))[0]
    for name in ("batch_norm", "instance_norm"):
        pairs = []
        for lib in (mg, torch):
            mean, var = lib.zeros(3, dtype=lib.float64), lib.ones(3, dtype=lib.float64)
            extra = {"training": True} if name == "batch_norm" else {}
            getattr(functional(lib), name)(lib.tensor(x), mean, var, momentum=0.3, **extra)
            pairs.append((mean.numpy(), var.numpy()))
        np.testing.assert_allclose(pairs[0], pairs[1], rtol=1e-12)


def test_extreme_scores_do_not_overflow(torch):
    for lib in (mg, torch):
        F = functional(lib)
        x = lib.tensor([[1000.0, 0.0, -1000.0]])
        assert F.softmax(x, 1).tolist() == [[1.0, 0.0, 0.0]]
        assert F.log_softmax(x, 1).tolist() == [[0.0, -1000.0, -2000.0]]
        assert F.cross_entropy(x, lib.tensor([2])).item() == 2000.0
        each = F.binary_cross_entropy_with_logits(x, lib.zeros(1, 3), reduction="none")
        assert each.tolist() == [[1000.0, 0.6931471824645996, 0.0]]
        assert F.softplus(x).tolist()[0][0] == 1000.0 and F.logsigmoid(x).tolist()[0][2] == -1000.0
        assert F.binary_cross_entropy(lib.tensor([0.0]), lib.tensor([1.0])).item() == 100.0


def test_a_mean_of_nothing_is_nan():
    x = mg.zeros(2, 3, requires_grad=True)
    loss = mgF.cross_entropy(x, mg.tensor([-100, -100]))
    assert np.isnan(loss.item())
    assert mgF.cross_entropy(x, mg.tensor([-100, -100]), reduction="sum").item() == 0


def test_float32_stays_float32(torch):
    """Also for 0-d tensors, where NumPy would widen."""
    for line in LINES:
        call = Call(line)
        if any(word in call.text for word in ("torch.tensor", "one_hot")):
            continue
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            out = listed(call(mg, *map(mg.tensor, call.arrays(0, "float32"))))
        assert out[0].dtype == mg.float32, call.text
    for name in "elu gelu silu softplus hardswish logsigmoid leaky_relu mish".split():
        assert getattr(mgF, name)(mg.tensor(0.5)).dtype == mg.float32, name


def test_in_place_activations(torch):
    call = lambda lib, x: (functional(lib).relu(x * 1, inplace=True),
                           functional(lib).elu(x * 1, inplace=True) * x)  # fmt: skip
    compare(torch, call, numbers(0, (3, 4)))
    x = mg.tensor([-1.0, 1.0])
    assert mgF.relu(x, inplace=True) is x and x.tolist() == [0.0, 1.0]


def test_embedding_shortens_long_rows(torch):
    tables = []
    for lib in (mg, torch):
        w = lib.tensor([[3.0, 4.0], [0.3, 0.4], [6.0, 8.0]])
        functional(lib).embedding(lib.tensor([0, 1]), w, max_norm=1.0)
        tables.append(w.tolist())
    np.testing.assert_allclose(tables[0], tables[1], rtol=1e-6)


def test_lengths_of_zero_have_gradient_zero(torch):
    x = [np.zeros((2, 3)), np.zeros((2, 3))]
    call = lambda lib, x, y: (
        functional(lib).normalize(x), functional(lib).pairwise_distance(x, y, eps=0)
    )  # fmt: skip
    compare(torch, call, x, order=1, names=False)


OLD = {
    "F.upsample(s, 8)": "`nn.functional.upsample` is deprecated. Use `nn.functional.interpolate`",
    "F.dropout2d(x, 0.5, False)": "dropout2d: Received a 2-D input to dropout2d, which is depre",
    "F.dropout2d(s, 0.5, False)": "dropout2d: Received a 3D input to dropout2d and assuming that",
    "F.dropout3d(s, 0.5, False)": "dropout3d: Received a 3-D input to dropout3d, which is depre",
}


@pytest.mark.parametrize("call", OLD)
def test_warns_of_old_ways(call):
    with pytest.warns(UserWarning) as caught:
        eval(call, functional_tensors(mg))
    (warning,) = caught
    assert str(warning.message).startswith(OLD[call]) and warning.filename == "<string>"


def test_norms_of_float16_with_float32_weights():
    """As PyTorch on a CPU: computed in float32, the result in float16. Its numbers."""
    x = (mg.arange(12.0).reshape(4, 3) * 0.37 % 1).half().requires_grad_()
    w, b = mg.ones(3, requires_grad=True), mg.zeros(3, requires_grad=True)
    y = mgF.layer_norm(x, (3,), w, b)
    (y * y * y).sum().backward()
    assert y.dtype == x.grad.dtype == mg.float16 and w.grad.dtype == b.grad.dtype == mg.float32
    assert x.grad[0].tolist() == pytest.approx([4.96, -9.93, 4.96], abs=0.01)
    assert w.grad.tolist() == pytest.approx([-16.54, 6.43, 12.0], abs=0.01)
    assert b.grad.tolist() == pytest.approx([13.56, 4.98, 17.45], abs=0.01)


def test_pictures_of_bytes():
    """Rounded, not cut off (PyTorch's numbers)."""
    picture = (mg.arange(16) * 16).reshape(1, 1, 4, 4).to(mg.uint8)
    small = mgF.interpolate(picture, size=(3, 3), mode="bicubic")
    assert small.dtype == mg.uint8
    assert small.tolist() == [[[[10, 32, 54], [98, 120, 142], [186, 208, 230]]]]


def test_whole_numbers_are_averaged_to_whole_numbers():
    y = mgF.avg_pool1d(mg.arange(8).reshape(1, 2, 4), 3, 1, 1)
    assert y.dtype == mg.int64 and y.tolist() == [[[0, 1, 2, 1], [3, 5, 6, 4]]]


def test_complex_activations_have_no_gradient():
    z = mg.tensor([1 + 1j, 2])
    assert mgF.silu(z).tolist() == pytest.approx([0.5801 + 0.9840j, 1.7616], abs=1e-4)
    with pytest.raises(RuntimeError, match="silu does not support automatic differentiation"):
        mgF.silu(z.requires_grad_())


def test_refuses_as_pytorch_does(torch):
    calls = FUNCTIONAL.strip().splitlines()
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        theirs = refusals(torch, None, calls, functional_tensors)
        ours = refusals(mg, None, calls, functional_tensors)
    for text in calls:
        assert ours[text] and theirs[text], text
        assert ours[text][0] == theirs[text][0], (text, ours[text], theirs[text])
        assert opening(ours[text][1]) == opening(theirs[text][1]), (text, ours[text], theirs[text])
