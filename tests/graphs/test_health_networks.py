"""check() of ordinary networks is silent, and of real trouble it is not: two tables of programs.

Every network is checked fresh and after some steps of training, most of the troubles for several
seeds. What a gradient is when large terms cancel (a bias before BatchNorm) is no trouble.
"""

import math

import pytest

import minigrad as mg

nn, F = mg.nn, mg.nn.functional

pytestmark = pytest.mark.filterwarnings("ignore::RuntimeWarning")  # NumPy's, of the bad numbers


def trained(make, steps=0, lr=0.05, opt=None):
    params, lossf = make()
    o = (opt or mg.optim.SGD)(params, lr=lr)
    for _ in range(steps):
        o.zero_grad()
        lossf().backward()
        o.step()
    return lossf()


HEALTHY = {}  # name -> function that makes (parameters, function that computes the loss)


def healthy(f):
    HEALTHY[f.__name__] = f
    return f


def cls(net, shape, classes=3, n=8):
    x = mg.randn(n, *shape)
    y = mg.randint(0, classes, (n,))
    return list(net.parameters()), lambda: F.cross_entropy(net(x), y)


@healthy
def mlp():
    return cls(nn.Sequential(nn.Linear(10, 32), nn.ReLU(), nn.Linear(32, 3)), (10,))


@healthy
def deep_mlp():
    return cls(
        nn.Sequential(
            *[k for _ in range(8) for k in (nn.Linear(16, 16), nn.ReLU())], nn.Linear(16, 3)
        ),
        (16,),
    )


@healthy
def cnn_bn():
    return cls(
        nn.Sequential(
            nn.Conv2d(1, 4, 3),
            nn.BatchNorm2d(4),
            nn.ReLU(),
            nn.Conv2d(4, 4, 3),
            nn.BatchNorm2d(4),
            nn.ReLU(),
            nn.Flatten(),
            nn.Linear(64, 3),
        ),
        (1, 8, 8),
    )


@healthy
def bn1d():
    return cls(
        nn.Sequential(
            nn.Linear(10, 32),
            nn.BatchNorm1d(32),
            nn.ReLU(),
            nn.Linear(32, 32),
            nn.BatchNorm1d(32),
            nn.Tanh(),
            nn.Linear(32, 3),
        ),
        (10,),
    )


class Res(nn.Module):
    def __init__(self, c):
        super().__init__()
        self.a = nn.Conv2d(c, c, 3, padding=1)
        self.b = nn.BatchNorm2d(c)
        self.c = nn.Conv2d(c, c, 3, padding=1)
        self.d = nn.BatchNorm2d(c)

    def forward(self, x):
        return F.relu(x + self.d(self.c(F.relu(self.b(self.a(x))))))


@healthy
def resnet():
    return cls(
        nn.Sequential(
            nn.Conv2d(1, 4, 3),
            Res(4),
            Res(4),
            nn.AdaptiveAvgPool2d(1),
            nn.Flatten(),
            nn.Linear(4, 3),
        ),
        (1, 8, 8),
    )


@healthy
def groupnorm():
    return cls(
        nn.Sequential(
            nn.Conv2d(1, 4, 3), nn.GroupNorm(2, 4), nn.ReLU(), nn.Flatten(), nn.Linear(144, 3)
        ),
        (1, 8, 8),
    )


@healthy
def groupnorm_each():
    return cls(
        nn.Sequential(
            nn.Conv2d(1, 4, 3), nn.GroupNorm(4, 4), nn.ReLU(), nn.Flatten(), nn.Linear(144, 3)
        ),
        (1, 8, 8),
    )


@healthy
def instancenorm():
    return cls(
        nn.Sequential(
            nn.Conv2d(1, 4, 3), nn.InstanceNorm2d(4), nn.ReLU(), nn.Flatten(), nn.Linear(144, 3)
        ),
        (1, 8, 8),
    )


@healthy
def layernorm():
    return cls(
        nn.Sequential(nn.Linear(10, 16), nn.LayerNorm(16), nn.ReLU(), nn.Linear(16, 3)), (10,)
    )


class Last(nn.Module):
    def __init__(self, r):
        super().__init__()
        self.r = r
        self.h = nn.Linear(8, 3)

    def forward(self, x):
        return self.h(self.r(x)[0][:, -1])


@healthy
def lstm():
    return cls(Last(nn.LSTM(5, 8, batch_first=True)), (6, 5))


@healthy
def lstm2():
    return cls(Last(nn.LSTM(5, 8, 2, batch_first=True)), (20, 5))


@healthy
def gru():
    return cls(Last(nn.GRU(5, 8, batch_first=True)), (6, 5))


@healthy
def rnn():
    return cls(Last(nn.RNN(5, 8, batch_first=True)), (6, 5))


class Enc(nn.Module):
    def __init__(self, pre=False):
        super().__init__()
        self.t = nn.TransformerEncoder(
            nn.TransformerEncoderLayer(8, 2, 16, batch_first=True, norm_first=pre), 2
        )
        self.h = nn.Linear(8, 3)

    def forward(self, x):
        return self.h(self.t(x).mean(1))


@healthy
def encoder():
    return cls(Enc(), (5, 8))


@healthy
def encoder_pre():
    return cls(Enc(True), (5, 8))


@healthy
def encoder_mean():
    t = nn.TransformerEncoder(nn.TransformerEncoderLayer(8, 2, 16, batch_first=True), 2)
    x = mg.randn(4, 5, 8)
    return list(t.parameters()), lambda: t(x).mean()


@healthy
def encoder_sum():
    t = nn.TransformerEncoder(nn.TransformerEncoderLayer(8, 2, 16, batch_first=True), 2)
    x = mg.randn(4, 5, 8)
    return list(t.parameters()), lambda: t(x).sum()


@healthy
def encoder_sq():
    t = nn.TransformerEncoder(nn.TransformerEncoderLayer(8, 2, 16, batch_first=True), 2)
    x = mg.randn(4, 5, 8)
    return list(t.parameters()), lambda: t(x).pow(2).mean()


@healthy
def ln_mean():
    t = nn.Sequential(nn.Linear(5, 8), nn.LayerNorm(8))
    x = mg.randn(4, 5)
    return list(t.parameters()), lambda: t(x).mean()


@healthy
def bn_mean():
    t = nn.Sequential(nn.Linear(5, 8), nn.BatchNorm1d(8))
    x = mg.randn(4, 5)
    return list(t.parameters()), lambda: t(x).mean()


@healthy
def decoder():
    d = nn.TransformerDecoder(nn.TransformerDecoderLayer(8, 2, 16, batch_first=True), 2)
    x = mg.randn(4, 5, 8)
    m = mg.randn(4, 6, 8)
    h = nn.Linear(8, 3)
    y = mg.randint(0, 3, (20,))
    return [*d.parameters(), *h.parameters()], lambda: F.cross_entropy(h(d(x, m)).reshape(20, 3), y)


@healthy
def transformer_mean():
    d = nn.Transformer(8, 2, 1, 1, 16, batch_first=True)
    x = mg.randn(4, 5, 8)
    m = mg.randn(4, 6, 8)
    return list(d.parameters()), lambda: d(m, x).mean()


@healthy
def mha():
    a = nn.MultiheadAttention(8, 2, batch_first=True)
    x = mg.randn(4, 5, 8)
    return list(a.parameters()), lambda: a(x, x, x)[0].pow(2).mean()


@healthy
def mha_kv():
    a = nn.MultiheadAttention(8, 2, kdim=6, vdim=7, batch_first=True)
    x = mg.randn(4, 5, 8)
    k = mg.randn(4, 5, 6)
    v = mg.randn(4, 5, 7)
    return list(a.parameters()), lambda: a(x, k, v)[0].sum()


class Att(nn.Module):
    def __init__(self, d=8):
        super().__init__()
        self.q = nn.Linear(d, d)
        self.k = nn.Linear(d, d)
        self.v = nn.Linear(d, d)

    def forward(self, x):
        q, k, v = self.q(x), self.k(x), self.v(x)
        w = q @ k.transpose(-1, -2) / math.sqrt(8)
        m = mg.ones(x.shape[1], x.shape[1]).tril() == 0
        return w.masked_fill(m, float("-inf")).softmax(-1) @ v


@healthy
def own_attention():
    a = Att()
    x = mg.randn(4, 5, 8)
    return list(a.parameters()), lambda: a(x).pow(2).mean()


class Block(nn.Module):
    def __init__(self, d):
        super().__init__()
        self.a = Att(d)
        self.n1 = nn.LayerNorm(d)
        self.n2 = nn.LayerNorm(d)
        self.f = nn.Sequential(nn.Linear(d, 4 * d), nn.GELU(), nn.Linear(4 * d, d))

    def forward(self, x):
        x = x + self.a(self.n1(x))
        return x + self.f(self.n2(x))


class GPT(nn.Module):
    def __init__(self, tied):
        super().__init__()
        self.e = nn.Embedding(11, 8)
        self.p = nn.Embedding(6, 8)
        self.b = nn.Sequential(*[Block(8) for _ in range(4)])
        self.n = nn.LayerNorm(8)
        self.h = nn.Linear(8, 11, bias=False)
        if tied:
            self.h.weight = self.e.weight

    def forward(self, i):
        return self.h(self.n(self.b(self.e(i) + self.p(mg.arange(i.shape[1])))))


def gptf(tied):
    g = GPT(tied)
    i = mg.randint(0, 11, (4, 6))
    t = mg.randint(0, 11, (24,))
    return list(g.parameters()), lambda: F.cross_entropy(g(i).reshape(24, 11), t)


@healthy
def gpt():
    return gptf(False)


@healthy
def gpt_tied():
    return gptf(True)


@healthy
def vae():
    e = nn.Linear(10, 8)
    d = nn.Linear(4, 10)
    x = mg.rand(16, 10)
    eps = mg.randn(16, 4)

    def loss():
        h = e(x)
        mu, lv = h[:, :4], h[:, 4:]
        z = mu + eps * (lv / 2).exp()
        r = F.binary_cross_entropy_with_logits(d(z), x, reduction="sum")
        return r - 0.5 * (1 + lv - mu**2 - lv.exp()).sum()

    return [*e.parameters(), *d.parameters()], loss


@healthy
def gan_d():
    g = nn.Sequential(nn.Linear(4, 16), nn.BatchNorm1d(16), nn.ReLU(), nn.Linear(16, 6))
    d = nn.Sequential(nn.Linear(6, 16), nn.LeakyReLU(0.2), nn.Linear(16, 1))
    z = mg.randn(8, 4)
    x = mg.randn(8, 6)
    return (
        list(d.parameters()),
        lambda: (
            F.binary_cross_entropy_with_logits(d(x), mg.ones(8, 1))
            + F.binary_cross_entropy_with_logits(d(g(z).detach()), mg.zeros(8, 1))
        ),
    )


@healthy
def gan_g():
    g = nn.Sequential(nn.Linear(4, 16), nn.BatchNorm1d(16), nn.ReLU(), nn.Linear(16, 6))
    d = nn.Sequential(nn.Linear(6, 16), nn.LeakyReLU(0.2), nn.Linear(16, 1))
    z = mg.randn(8, 4)
    return list(g.parameters()), lambda: F.binary_cross_entropy_with_logits(d(g(z)), mg.ones(8, 1))


@healthy
def embedding():
    e = nn.Embedding(20, 8)
    h = nn.Linear(8, 3)
    i = mg.randint(0, 20, (16,))
    y = mg.randint(0, 3, (16,))
    return [*e.parameters(), *h.parameters()], lambda: F.cross_entropy(h(e(i)), y)


@healthy
def softmax_regression():
    return cls(nn.Linear(10, 3), (10,))


@healthy
def softmax_shift():
    w = mg.randn(10, 3, requires_grad=True)
    s = mg.randn(8, 1, requires_grad=True)
    x = mg.randn(8, 10)
    y = mg.randint(0, 3, (8,))
    return [w, s], lambda: F.cross_entropy(x @ w + s, y)


@healthy
def softmax_shift_scalar():
    w = mg.randn(10, 3, requires_grad=True)
    s = mg.zeros(1, requires_grad=True)
    x = mg.randn(8, 10)
    y = mg.randint(0, 3, (8,))
    return [w, s], lambda: -((x @ w + s).softmax(1)[mg.arange(8), y]).log().mean()


@healthy
def two_class_shift():
    w = mg.randn(10, 2, requires_grad=True)
    s = mg.zeros(1, requires_grad=True)
    x = mg.randn(8, 10)
    y = mg.randint(0, 2, (8,))
    return [w, s], lambda: F.cross_entropy(x @ w + s, y)


@healthy
def normalised_scale():
    w = mg.randn(10, 5, requires_grad=True)
    s = mg.ones(1, requires_grad=True)
    x = mg.randn(8, 10)
    y = mg.randn(8, 5)
    return [w, s], lambda: (F.normalize((x @ w) * s) * y).sum()


@healthy
def linear_regression():
    x = mg.arange(100.0).view(-1, 1) / 100
    y = 3 * x + 1
    m = nn.Linear(1, 1)
    return list(m.parameters()), lambda: F.mse_loss(m(x), y)


@healthy
def noisy_regression():
    x = mg.randn(50, 3)
    y = x.sum(1, keepdim=True) + 0.3 * mg.randn(50, 1)
    m = nn.Linear(3, 1)
    return list(m.parameters()), lambda: F.mse_loss(m(x), y)


@healthy
def physics_informed():
    net = nn.Sequential(nn.Linear(1, 16), nn.Tanh(), nn.Linear(16, 16), nn.Tanh(), nn.Linear(16, 1))
    x = mg.linspace(0, 1, 20).view(-1, 1).requires_grad_()

    def loss():
        u = net(x)
        (du,) = mg.autograd.grad(u.sum(), x, create_graph=True)
        (d2,) = mg.autograd.grad(du.sum(), x, create_graph=True)
        return (d2 + u).pow(2).mean() + net(mg.zeros(1, 1)).pow(2).sum()

    return list(net.parameters()), loss


@healthy
def autoencoder():
    n = nn.Sequential(nn.Linear(12, 3), nn.Sigmoid(), nn.Linear(3, 12))
    x = mg.rand(16, 12)
    return list(n.parameters()), lambda: F.mse_loss(n(x), x)


@healthy
def weight_norm_by_hand():
    v = mg.randn(10, 4, requires_grad=True)
    g = mg.ones(4, requires_grad=True)
    x = mg.randn(8, 10)
    y = mg.randn(8, 4)
    return [v, g], lambda: F.mse_loss(x @ (v / v.norm(dim=0) * g), y)


@healthy
def contrastive():
    e = nn.Linear(10, 6)
    a = mg.randn(8, 10)
    b = a + 0.1 * mg.randn(8, 10)
    return list(e.parameters()), lambda: F.cross_entropy(
        F.normalize(e(a)) @ F.normalize(e(b)).t() * 10, mg.arange(8)
    )


@healthy
def siamese():
    e = nn.Linear(10, 6)
    a = mg.randn(8, 10)
    b = mg.randn(8, 10)
    return list(e.parameters()), lambda: F.triplet_margin_loss(e(a), e(b), e(mg.ones(8, 10)))


@healthy
def pairwise_rank():
    e = nn.Linear(10, 1)
    a = mg.randn(8, 10)
    b = mg.randn(8, 10)
    return list(e.parameters()), lambda: -F.logsigmoid(e(a) - e(b)).mean()


for _loss in ("l1_loss", "mse_loss", "smooth_l1_loss", "huber_loss"):

    def _regression(name=_loss):
        n = nn.Linear(5, 3)
        x = mg.randn(8, 5)
        y = mg.randn(8, 3)
        return list(n.parameters()), lambda: getattr(F, name)(n(x), y)

    HEALTHY[_loss] = _regression


@healthy
def kl_div():
    n = nn.Linear(5, 3)
    x = mg.randn(8, 5)
    y = mg.randn(8, 3).softmax(1)
    return list(n.parameters()), lambda: F.kl_div(F.log_softmax(n(x), 1), y, reduction="batchmean")


@healthy
def bce():
    n = nn.Linear(5, 1)
    x = mg.randn(8, 5)
    y = mg.rand(8, 1)
    return list(n.parameters()), lambda: F.binary_cross_entropy(mg.sigmoid(n(x)), y)


@healthy
def multi_margin():
    n = nn.Linear(5, 3)
    x = mg.randn(8, 5)
    y = mg.randint(0, 3, (8,))
    return list(n.parameters()), lambda: F.multi_margin_loss(n(x), y)


@healthy
def poisson():
    n = nn.Linear(5, 3)
    x = mg.randn(8, 5)
    y = mg.rand(8, 3)
    return list(n.parameters()), lambda: F.poisson_nll_loss(n(x), y)


@healthy
def gaussian_nll():
    n = nn.Linear(5, 2)
    x = mg.randn(8, 5)
    y = mg.randn(8, 1)
    return list(n.parameters()), lambda: F.gaussian_nll_loss(n(x)[:, :1], y, n(x)[:, 1:].exp())


@healthy
def ctc():
    n = nn.Linear(5, 4)
    x = mg.randn(10, 2, 5)
    return list(n.parameters()), lambda: F.ctc_loss(
        n(x).log_softmax(-1), mg.tensor([[1, 2], [3, 1]]), mg.tensor([10, 10]), mg.tensor([2, 2])
    )


@healthy
def dqn():
    q = nn.Linear(4, 2)
    s = mg.randn(8, 4)
    a = mg.randint(0, 2, (8, 1))
    r = mg.randn(8)
    return list(q.parameters()), lambda: F.smooth_l1_loss(
        q(s).gather(1, a).squeeze(1), r + 0.9 * q(s).max(1)[0].detach()
    )


@healthy
def policy():
    p = nn.Linear(4, 3)
    s = mg.randn(8, 4)
    a = mg.randint(0, 3, (8,))
    r = mg.randn(8)
    return list(
        p.parameters()
    ), lambda: -(mg.distributions.Categorical(logits=p(s)).log_prob(a) * r).mean()


# --- trouble ---
TROUBLE = {}  # name -> (kind, function that computes the loss)


def trouble(kind):
    def d(f):
        TROUBLE[f.__name__] = (kind, f)
        return f

    return d


@trouble("vanishing")
def sigmoids30():
    s = nn.Sequential(*[k for _ in range(30) for k in (nn.Linear(10, 10), nn.Sigmoid())])
    return s(mg.randn(4, 10)).sum()


@trouble("vanishing")
def sigmoids_ce():
    s = nn.Sequential(
        *[k for _ in range(20) for k in (nn.Linear(16, 16), nn.Sigmoid())], nn.Linear(16, 3)
    )
    return F.cross_entropy(s(mg.randn(8, 16)), mg.randint(0, 3, (8,)))


@trouble("vanishing")
def tanh_small():
    s = nn.Sequential(*[k for _ in range(40) for k in (nn.Linear(10, 10), nn.Tanh())])
    return s(mg.randn(4, 10)).sum()


@trouble("zero")  # 1 - tanh(x)^2 is rounded to 0
def tanh_saturated():
    s = nn.Sequential(*[k for _ in range(6) for k in (nn.Linear(10, 10), nn.Tanh())])
    with mg.no_grad():
        for p in s.parameters():
            p.mul_(400)
    return s(mg.randn(4, 10)).pow(2).sum()


@trouble("exploding")
def large_init():
    s = nn.Sequential(*[k for _ in range(10) for k in (nn.Linear(30, 30), nn.ReLU())])
    with mg.no_grad():
        for p in s.parameters():
            p.normal_(0, 2)
    return s(mg.randn(4, 30)).mean()


@trouble("exploding")
def rnn200():
    w = (mg.eye(8) * 1.1 + 0.05 * mg.randn(8, 8)).requires_grad_()
    h = mg.randn(4, 8)
    for _ in range(200):
        h = h @ w
    return h.sum()


@trouble("vanishing")
def rnn_start():
    r = nn.RNN(5, 8)
    h0 = mg.zeros(1, 2, 8, requires_grad=True)
    return r(mg.randn(200, 2, 5), h0)[1].sum()


@trouble("zero")
def dead_relu():
    d = nn.Linear(4, 4)
    d.bias.data.fill_(-100.0)
    return F.relu(d(mg.rand(2, 4))).sum()


@trouble("zero")
def dead_middle():
    d = nn.Linear(4, 4)
    d.bias.data.fill_(-100.0)
    return F.cross_entropy(nn.Linear(4, 3)(F.relu(d(mg.rand(2, 4)))), mg.tensor([0, 1]))


@trouble("zero")
def dead_under_batchnorm():
    d = nn.Linear(4, 4)
    d.bias.data.fill_(-100.0)
    s = nn.Sequential(d, nn.ReLU(), nn.Linear(4, 4), nn.BatchNorm1d(4), nn.Linear(4, 3))
    return F.cross_entropy(s(mg.rand(5, 4)), mg.tensor([0, 1, 0, 1, 2]))


@trouble("vanishing")
def sigmoids_before_batchnorm():
    s = nn.Sequential(
        nn.Linear(10, 10),
        *[k for _ in range(25) for k in (nn.Linear(10, 10), nn.Sigmoid())],
        nn.Linear(10, 3),
    )
    return F.cross_entropy(s(mg.randn(8, 10)), mg.randint(0, 3, (8,)))


@trouble("vanishing")
def sigmoids_with_batchnorm_last():
    s = nn.Sequential(
        *[k for _ in range(20) for k in (nn.Linear(10, 10), nn.Sigmoid())],
        nn.Linear(10, 10),
        nn.LayerNorm(10),
        nn.Linear(10, 3),
    )
    return F.cross_entropy(s(mg.randn(8, 10)), mg.randint(0, 3, (8,)))


@trouble("zero")
def clamp_cut():
    w = mg.randn(4, requires_grad=True)
    return (w.clamp(max=-10)).sum()


@trouble("inf")
def log0():
    a = mg.tensor([0.0, 1.0], requires_grad=True)
    return a.log().sum()


@trouble("nan")
def zero_by_zero():
    a = mg.tensor([0.0, 1.0], requires_grad=True)
    return (a / mg.tensor([0.0, 2.0])).sum()


@trouble("inf")
def overflow():
    a = mg.tensor([0.0, 1.0], requires_grad=True)
    return (a * 1000).exp().sum()


@trouble("inf")
def sqrt0():
    a = mg.tensor([0.0, 1.0], requires_grad=True)
    return a.sqrt().sum()


@trouble("nan")
def norm_of_zero():
    a = mg.zeros(3, requires_grad=True)
    return (a / a.norm()).sum()


@trouble("nan")
def nan_data():
    a = mg.ones(2, requires_grad=True)
    return (a * mg.tensor([math.nan, 1.0])).sum()


@trouble("exploding")
def residual_no_norm():
    x = mg.randn(4, 16)
    ws = [(mg.randn(16, 16)).requires_grad_() for _ in range(12)]
    for w in ws:
        x = x + x @ w
    return x.mean()


@pytest.fixture(params=["float32", "float64"])
def dtype(request):
    before = mg.get_default_dtype()
    mg.set_default_dtype(getattr(mg, request.param))
    yield request.param
    mg.set_default_dtype(before)


TRAINING = {"fresh": (0, 0.02, None), "sgd": (20, 0.002, None), "adam": (40, 0.003, mg.optim.Adam)}


@pytest.mark.parametrize("training", TRAINING)
@pytest.mark.parametrize("name", HEALTHY)
def test_healthy_networks_are_called_healthy(name, training, dtype):
    mg.manual_seed(0)
    steps, lr, optimizer = TRAINING[training]
    report = mg.check(trained(HEALTHY[name], steps, lr, optimizer))
    assert report.ok, report.describe()


@pytest.mark.parametrize("seed", [0, 1])
@pytest.mark.parametrize("name", TROUBLE)
def test_trouble_is_found(name, seed, dtype):
    mg.manual_seed(seed)
    kind, loss = TROUBLE[name]
    assert kind in {f.kind for f in mg.check(loss()).findings}


# --- what is said --------------------------------------------------------------------------------


@pytest.mark.parametrize("name", ["encoder_mean", "bn_mean", "transformer_mean"])
def test_a_loss_that_is_always_the_same_is_noted(name):
    mg.manual_seed(0)
    (note,) = mg.check(HEALTHY[name]()[1]()).notes
    assert "0 but for rounding" in note and "does not depend on them" in note


def test_what_vanishes_only_far_back_is_noted():
    mg.manual_seed(0)
    report = mg.check(HEALTHY["lstm2"]()[1]())
    assert report.ok and "hardly counts" in report.describe()


def test_one_bias_before_batchnorm_is_no_word_worth():
    mg.manual_seed(0)
    assert mg.check(HEALTHY["cnn_bn"]()[1]()).notes == []


def test_a_dead_layer_is_found_beside_gradients_that_cancel():
    mg.manual_seed(0)
    report = mg.check(TROUBLE["dead_under_batchnorm"][1]())
    assert "zero" in {f.kind for f in report.findings}


def test_healthy_graphs_are_walked_once(monkeypatch):
    """The second walk, which tells what cancels, is made only where something looks wrong."""
    walks = []
    follow = mg.graphs.flow.Flow.follow
    monkeypatch.setattr(
        mg.graphs.flow.Flow, "follow", lambda self, look: (walks.append(1), follow(self, look))
    )
    mg.manual_seed(0)
    mg.check(HEALTHY["mlp"]()[1]())
    assert len(walks) == 1
    mg.check(HEALTHY["cnn_bn"]()[1]())
    assert len(walks) == 3


def test_check_does_not_use_up_random_numbers():
    mg.manual_seed(0)
    loss = HEALTHY["cnn_bn"]()[1]()
    mg.manual_seed(1)
    expected = mg.rand(2).tolist()
    mg.manual_seed(1)
    mg.check(loss)
    assert mg.rand(2).tolist() == expected
