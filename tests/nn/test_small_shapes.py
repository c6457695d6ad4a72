"""NaN, empty batches, single classes, negative slopes: the edges of layers and losses."""

import pytest

import minigrad

NAN = float("nan")
ACTIVATIONS = {
    "relu": (), "relu6": (), "elu": (), "selu": (), "celu": (), "hardtanh": (), "hardswish": (),
    "hardsigmoid": (), "leaky_relu": (), "rrelu": (), "softplus": (), "sigmoid": (), "tanh": (),
    "logsigmoid": (), "hardshrink": (), "softshrink": (), "tanhshrink": (), "softsign": (),
    "silu": (), "mish": (), "gelu": (), "threshold": (0.5, 2.0),
}  # fmt: skip


def value_and_gradient(m, function, *numbers):
    leaves = [m.tensor(x, requires_grad=True) for x in numbers]
    result = function(*leaves)
    result.sum().backward()
    return [(tuple(t.shape), t.reshape(-1).tolist()) for t in (result, *(x.grad for x in leaves))]


def assert_alike(ours, theirs):
    for (shape, values), (wanted_shape, wanted) in zip(ours, theirs, strict=True):
        assert shape == wanted_shape
        assert values == pytest.approx(wanted, rel=1e-5, abs=1e-6, nan_ok=True)


@pytest.mark.parametrize("name", ACTIVATIONS)
def test_nan_goes_through_activations_as_in_pytorch(name, torch):
    def run(m):
        f = getattr(m.nn.functional, name)
        numbers = [NAN, 1.0, -1.0, 0.0, 3.0, -3.0, 0.5, -0.5, 6.0]
        return value_and_gradient(m, lambda x: f(x, *ACTIVATIONS[name]), numbers)

    assert_alike(run(minigrad), run(torch))


LOSSES = [
    lambda m, F, x: F.multi_margin_loss(x, m.tensor(1), reduction="none"),
    lambda m, F, x: F.multi_margin_loss(x, m.tensor([1]), reduction="none"),
    lambda m, F, x: F.multi_margin_loss(x, m.tensor([1])),
    lambda m, F, x: F.multilabel_margin_loss(x, m.tensor([1, 0, -1]), reduction="none"),
    lambda m, F, x: F.multilabel_margin_loss(x[0], m.tensor(0), reduction="none"),
    lambda m, F, x: F.multilabel_margin_loss(x[0], m.tensor(-1)),
    lambda m, F, x: F.pairwise_distance(x, m.ones(3), keepdim=True),
    lambda m, F, x: F.kl_div(m.zeros(3), x, reduction="sum"),
    lambda m, F, x: F.kl_div(x, m.tensor([0.0, 0.5, 0.5]), reduction="sum"),
]


@pytest.mark.parametrize("i", range(len(LOSSES)))
def test_losses_of_single_samples_like_pytorch(i, torch):
    def run(m):
        return value_and_gradient(m, lambda x: LOSSES[i](m, m.nn.functional, x), [0.0, 0.2, 0.3])

    assert_alike(run(minigrad), run(torch))


@pytest.mark.parametrize("name", ["elu", "celu", "leaky_relu"])
def test_a_negative_slope_in_place_has_no_gradient(m, name):
    function = getattr(m.nn.functional, name)
    x = m.tensor([-1.0, 1.0], requires_grad=True)
    y = function(x.clone(), -2, inplace=True)
    assert m.equal(y, function(x, -2))
    with pytest.raises(RuntimeError, match="please call out-of-place version instead"):
        y.sum().backward()


def test_instance_norm_of_other_channels_and_of_nothing(m):
    layer = m.nn.InstanceNorm2d(4)
    with pytest.warns(UserWarning, match="not used because affine=False"):
        layer(m.zeros(2, 3, 4, 4))
    assert layer(m.zeros(0, 4, 6, 6)).shape == (0, 4, 6, 6)


def test_adaptive_log_softmax_like_pytorch(torch):
    def run(m):
        m.manual_seed(0)
        layer = m.nn.AdaptiveLogSoftmaxWithLoss(8, 12, [3, 6], div_value=2.0, head_bias=True)
        x = m.randn(5, 8)
        output, loss = layer(x, m.tensor([0, 11, 4, 5, 2]))
        loss.backward()
        answers = [output, loss, layer.log_prob(x), layer.predict(x).float()]
        answers += [p.grad for p in layer.parameters()]
        alone = layer(x[0], m.tensor(11))
        return [(tuple(t.shape), t.reshape(-1).tolist()) for t in (*answers, *alone)]

    assert_alike(run(minigrad), run(torch))


def test_adaptive_log_softmax_refusals(m):
    make = m.nn.AdaptiveLogSoftmaxWithLoss
    for cutoffs in ([5, 15, 15], [5, 15, 10], [5, 10, 25], [5, 10, 20], []):
        with pytest.raises(ValueError, match="cutoffs should be a sequence"):
            make(16, 20, cutoffs)
    layer = make(16, 20, [5, 10])
    for shape, target, words in (
        ((2, 16), [0, 5, 10], "Input and target should have the same size"),
        ((2, 16), [0, 20], "Target values should be in"),
        ((2, 16), [[0, 1]], "multi-target not supported"),
    ):
        with pytest.raises(RuntimeError, match=words):
            layer(m.zeros(shape), m.tensor(target))
