"""Every distribution beside PyTorch's: densities, moments, samples, and gradients of samples."""

import pytest

import minigrad

# name -> how it is made of (module, distributions), and values to ask for
MADE = {
    "Beta": (lambda m, d: d.Beta(m.tensor([0.5, 2.0, 7.0]), 3.0), [0.1, 0.5, 0.9]),
    "Binomial": (lambda m, d: d.Binomial(30, m.tensor([0.1, 0.5, 0.9])), [0.0, 7.0, 30.0]),
    "Binomial(logits)": (
        lambda m, d: d.Binomial(3, logits=m.tensor([-1.0, 0.0, 2.0])), [0.0, 2.0, 3.0]),
    "Cauchy": (lambda m, d: d.Cauchy(m.tensor([0.0, 1.0, 2.0]), 2.0), [-5.0, 0.0, 9.0]),
    "Chi2": (lambda m, d: d.Chi2(m.tensor([1.0, 3.0, 8.0])), [0.5, 2.0, 9.0]),
    "Dirichlet": (
        lambda m, d: d.Dirichlet(m.tensor([[0.5, 2.0, 3.0], [5.0, 4.0, 1.0]])),
        [[0.2, 0.3, 0.5], [0.6, 0.3, 0.1]]),
    "Gamma": (
        lambda m, d: d.Gamma(m.tensor([0.3, 2.0, 30.0]), m.tensor([1.0, 2.0, 0.5])),
        [0.1, 1.0, 50.0]),
    "Geometric": (lambda m, d: d.Geometric(m.tensor([0.2, 0.5, 1.0])), [3.0, 0.0, 0.0]),
    "Geometric(logits)": (
        lambda m, d: d.Geometric(logits=m.tensor([-1.0, 0.0, 1.0])), [3.0, 0.0, 1.0]),
    "Gumbel": (lambda m, d: d.Gumbel(m.tensor([0.0, 1.0, -2.0]), 2.0), [-1.0, 0.0, 3.0]),
    "HalfCauchy": (lambda m, d: d.HalfCauchy(m.tensor([0.5, 1.0, 2.0])), [0.5, 1.0, 2.0]),
    "HalfNormal": (lambda m, d: d.HalfNormal(m.tensor([0.5, 1.0, 2.0])), [0.5, 1.0, 2.0]),
    "LogNormal": (lambda m, d: d.LogNormal(m.tensor([0.0, 1.0, -1.0]), 0.5), [0.5, 1.0, 2.0]),
    "MixtureSameFamily": (
        lambda m, d: d.MixtureSameFamily(
            d.Categorical(m.tensor([1.0, 2.0, 3.0])),
            d.Normal(m.tensor([-2.0, 0.0, 3.0]), m.tensor([1.0, 0.5, 2.0]))),
        [-1.0, 0.0, 4.0]),
    "MixtureSameFamily(2d)": (
        lambda m, d: d.MixtureSameFamily(
            d.Categorical(m.tensor([[1.0, 2.0], [3.0, 1.0]])),
            d.Independent(d.Normal(m.tensor([[[-2.0, 0.0, 1.0]], [[3.0, 1.0, 1.0]]])
                                   .expand(2, 2, 3), 1.0), 1)),
        [[0.0, 1.0, 2.0], [1.0, 1.0, 1.0]]),
    "Multinomial": (
        lambda m, d: d.Multinomial(5, m.tensor([[1.0, 2.0, 1.0], [1.0, 1.0, 0.0]])),
        [[1.0, 3.0, 1.0], [3.0, 2.0, 0.0]]),
    "MultivariateNormal(covariance)": (
        lambda m, d: d.MultivariateNormal(
            m.tensor([1.0, -1.0]), m.tensor([[2.0, 0.5], [0.5, 1.0]])), [0.5, 0.5]),
    "MultivariateNormal(precision)": (
        lambda m, d: d.MultivariateNormal(
            m.zeros(3, 2), precision_matrix=m.tensor([[2.0, 0.5], [0.5, 1.0]])), [0.5, 0.5]),
    "MultivariateNormal(scale_tril)": (
        lambda m, d: d.MultivariateNormal(
            m.zeros(2), scale_tril=m.tensor([[[2.0, 0.0], [0.5, 1.0]], [[1.0, 0.0], [3.0, 2.0]]])),
        [0.5, 0.5]),
    "Poisson": (lambda m, d: d.Poisson(m.tensor([0.5, 4.0, 30.0])), [0.0, 3.0, 20.0]),
    "StudentT": (lambda m, d: d.StudentT(m.tensor([1.0, 2.0, 9.0]), 0.5, 2.0), [-1.0, 0.0, 3.0]),
    "Weibull": (lambda m, d: d.Weibull(m.tensor([1.0, 2.0, 3.0]), 1.5), [0.5, 1.0, 2.0]),
    "Transformed(affine, tanh)": (
        lambda m, d: d.TransformedDistribution(
            d.Normal(m.tensor([0.0, 1.0, 2.0]), 1.0),
            [d.AffineTransform(1.0, m.tensor([-2.0, 0.5, 1.0])), d.TanhTransform()]),
        [-0.5, 0.0, 0.5]),
    "Transformed(events)": (
        lambda m, d: d.TransformedDistribution(
            d.Independent(d.Normal(m.zeros(2, 3), 1.0), 1),
            d.ComposeTransform([d.AffineTransform(1.0, 2.0), d.SigmoidTransform()])),
        [[0.5, 0.2, 0.9], [0.1, 0.2, 0.3]]),
}  # fmt: skip


def numbers(value):
    return value.detach().double().reshape(-1).tolist()


def asked(m, name):
    """Everything that can be asked of a distribution, or the kind of the refusal."""
    make, values = MADE[name]
    dist = make(m, m.distributions)
    value = m.tensor(values)
    answers = {"shapes": (tuple(dist.batch_shape), tuple(dist.event_shape)), "repr": repr(dist)}
    even = m.tensor([0.1, 0.5, 0.9])
    questions = {
        "log_prob": lambda: dist.log_prob(value), "cdf": lambda: dist.cdf(value),
        "icdf": lambda: dist.icdf(even), "entropy": dist.entropy, "mean": lambda: dist.mean,
        "mode": lambda: dist.mode, "variance": lambda: dist.variance,
        "stddev": lambda: dist.stddev, "expanded": lambda: dist.expand((3, *dist.batch_shape))
        .log_prob(value), "support": lambda: dist.support.check(value),
        "all values": dist.enumerate_support,
    }  # fmt: skip
    for question, ask in questions.items():
        try:
            answers[question] = tuple(ask().shape), numbers(ask())
        except NotImplementedError:
            answers[question] = "not implemented"
    m.manual_seed(3)
    answers["sample"] = numbers(dist.sample((5,)))
    answers["one sample"] = numbers(dist.sample())
    answers["then"] = numbers(m.rand(1))
    answers["has_rsample"] = dist.has_rsample
    return answers


def close(ours, theirs):
    if isinstance(ours, (tuple, list)) and isinstance(theirs, (tuple, list)):
        return len(ours) == len(theirs) and all(map(close, ours, theirs))
    if isinstance(ours, float) and isinstance(theirs, float):
        return ours == pytest.approx(theirs, rel=2e-5, abs=2e-6, nan_ok=True)
    return ours == theirs


@pytest.mark.parametrize("name", MADE)
def test_everything_like_pytorch(name, torch):
    ours, theirs = asked(minigrad, name), asked(torch, name)
    different = {k: (ours[k], theirs[k]) for k in theirs if not close(ours[k], theirs[k])}
    assert different == {}


def gradients(m, kind, *parameters):
    """What samples of a distribution say about its parameters."""
    leaves = [m.tensor(p, dtype=m.float64, requires_grad=True) for p in parameters]
    m.manual_seed(1)
    sample = getattr(m.distributions, kind)(*leaves).rsample((20,))
    weights = m.arange(sample.numel(), dtype=m.float64).reshape(sample.shape).cos()
    (sample * weights).sum().backward()
    return [number for leaf in leaves for number in numbers(leaf.grad)]


@pytest.mark.parametrize("kind, parameters", [
    ("Gamma", ([0.2, 1.0, 4.0, 50.0, 2000.0], [1.0, 2.0, 0.5, 1.0, 10.0])),
    ("Chi2", ([0.5, 3.0, 20.0],)),
    ("Beta", ([0.3, 2.0, 40.0, 0.7], [0.4, 5.0, 30.0, 8.0])),
    ("Dirichlet", ([[0.5, 2.0, 3.0], [50.0, 4.0, 0.3]],)),
    ("StudentT", ([3.0, 20.0], [0.0, 1.0], [2.0, 3.0])),
    ("Cauchy", ([0.0, 1.0], [2.0, 3.0])),
    ("LogNormal", ([0.0, 1.0], [0.5, 0.2])),
    ("Gumbel", ([0.0, 1.0], [0.5, 0.2])),
    ("Weibull", ([1.0, 2.0], [0.5, 2.0])),
    ("MultivariateNormal", ([0.0, 1.0], [[2.0, 0.3], [0.3, 1.0]])),
])  # fmt: skip
def test_gradients_of_samples_like_pytorch(kind, parameters, torch):
    ours, theirs = gradients(minigrad, kind, *parameters), gradients(torch, kind, *parameters)
    # PyTorch approximates the derivatives of gamma and beta samples, to three digits.
    approximate = kind in ("Gamma", "Chi2", "Beta", "Dirichlet", "StudentT")
    assert ours == pytest.approx(theirs, rel=5e-3 if approximate else 1e-9, abs=1e-3)


@pytest.mark.parametrize("a", [0.1, 0.5, 1.0, 3.0, 30.0, 1e3, 1e5])
def test_the_derivative_of_a_gamma_sample_by_differences(a):
    """Against the inverse of the cumulative probability, by SciPy."""
    special = pytest.importorskip("scipy.special")
    np = pytest.importorskip("numpy")
    from minigrad.distributions.pathwise import beta_by_first, gamma_by_shape

    u = np.array([0.01, 0.3, 0.5, 0.7, 0.99])
    x = special.gammaincinv(a, u)
    h = a * 1e-5
    expected = (special.gammaincinv(a + h, u) - special.gammaincinv(a - h, u)) / (2 * h)
    assert gamma_by_shape(x, np.full(5, a)) == pytest.approx(expected, rel=1e-4, abs=1e-12)
    for b in (0.3, 2.0, 200.0):
        x = special.betaincinv(a, b, u)
        x = x[x < 1 - 1e-12]
        v = u[: len(x)]
        expected = (special.betaincinv(a + h, b, v) - special.betaincinv(a - h, b, v)) / (2 * h)
        ours = beta_by_first(x, np.full(len(x), a), np.full(len(x), b))
        assert ours == pytest.approx(expected, rel=1e-3, abs=1e-9)


def test_a_gradient_through_a_sample_is_not_differentiated_again():
    m = minigrad
    alpha = m.tensor(2.0, requires_grad=True)
    sample = m.distributions.Gamma(alpha, 1.0).rsample()
    assert type(sample.grad_fn).__name__ == "DivBackward0"
    with pytest.raises(RuntimeError, match="derivative for '_standard_gamma_grad'"):
        m.autograd.grad(sample, alpha, create_graph=True)


PAIRS = [
    ("Gamma", ([1.0, 3.0], [2.0, 0.5]), ([2.0, 3.0], [1.0, 0.5])),
    ("Beta", ([1.0, 3.0], [2.0, 0.5]), ([2.0, 3.0], [1.0, 0.5])),
    ("Dirichlet", ([1.0, 3.0, 2.0],), ([2.0, 2.0, 0.5],)),
    ("Poisson", ([1.0, 3.0],), ([2.0, 3.0],)),
    ("Geometric", ([0.2, 0.5],), ([0.3, 0.9],)),
    ("LogNormal", ([1.0, 3.0], [2.0, 0.5]), ([2.0, 3.0], [1.0, 0.5])),
    ("HalfNormal", ([1.0, 3.0],), ([2.0, 0.5],)),
    ("Gumbel", ([1.0, 3.0], [2.0, 0.5]), ([2.0, 3.0], [1.0, 0.5])),
    ("MultivariateNormal", ([0.0, 1.0], [[2.0, 0.3], [0.3, 1.0]]),
     ([1.0, 1.0], [[1.0, -0.3], [-0.3, 3.0]])),
]  # fmt: skip


@pytest.mark.parametrize("kind, p, q", PAIRS)
def test_divergences_like_pytorch(kind, p, q, torch):
    def divergence(m):
        a, b = ([m.tensor(x) for x in given] for given in (p, q))
        make = getattr(m.distributions, kind)
        return numbers(m.distributions.kl_divergence(make(*a), make(*b)))

    assert divergence(minigrad) == pytest.approx(divergence(torch), rel=1e-5, abs=1e-6)


def test_divergences_of_two_kinds(m):
    d = m.distributions
    gamma, exponential = d.Gamma(2.0, 3.0), d.Exponential(1.5)
    there, back = d.kl_divergence(gamma, exponential), d.kl_divergence(exponential, gamma)
    assert [round(there.item(), 4), round(back.item(), 4)] == [0.1159, 0.1909]
    many = d.Binomial(4, m.tensor(0.5)), d.Binomial(4, m.tensor(0.25))
    assert d.kl_divergence(*many).item() == pytest.approx(4 * 0.14384, abs=1e-4)


def test_wrong_parameters_and_values(m):
    d = m.distributions
    for make in (
        lambda: d.Gamma(-1.0, 1.0), lambda: d.Beta(m.tensor([1.0, -1.0]), 1.0),
        lambda: d.MultivariateNormal(m.zeros(2), m.tensor([[1.0, 2.0], [2.0, 1.0]])),
        lambda: d.MultivariateNormal(m.zeros(2)), lambda: d.Geometric(m.tensor(0.0)),
        lambda: d.Poisson(2.0).log_prob(m.tensor(0.5)),
        lambda: d.Dirichlet(m.ones(3)).log_prob(m.ones(3)), lambda: d.Dirichlet(m.tensor(1.0)),
        lambda: d.MixtureSameFamily(d.Normal(m.zeros(2), 1.0), d.Normal(m.zeros(2), 1.0)),
        lambda: d.TransformedDistribution(d.Normal(0.0, 1.0), [3]),
        lambda: d.Binomial(3, m.tensor(0.5)).log_prob(m.tensor(4.0)),
    ):  # fmt: skip
        with pytest.raises(ValueError):
            make()


def test_transforms(m):
    t = m.distributions.transforms
    x = m.tensor([0.3, 0.9])
    for transform in (
        t.ExpTransform(), t.PowerTransform(m.tensor(2.0)), t.SigmoidTransform(),
        t.TanhTransform(), t.AffineTransform(1.0, m.tensor([2.0, -3.0])),
        t.ComposeTransform([t.ExpTransform(), t.AffineTransform(0.0, 2.0)]),
    ):  # fmt: skip
        y = transform(x)
        assert m.allclose(transform.inv(y), x, atol=1e-5)
        assert m.allclose(transform.inv.log_abs_det_jacobian(y, x),
                          -transform.log_abs_det_jacobian(x, y))  # fmt: skip
        slopes = m.autograd.functional.jacobian(transform, x).diagonal().abs().log()
        assert m.allclose(transform.log_abs_det_jacobian(x, y), slopes, atol=1e-5)
    assert t.ExpTransform() == t.ExpTransform() and t.ExpTransform() != t.TanhTransform()
    assert t.AffineTransform(0.0, 1.0).inv.inv == t.AffineTransform(0.0, 1.0)
    cached = t.TanhTransform(cache_size=1)
    far = m.tensor(20.0)
    assert cached.inv(cached(far)).item() == 20.0
    assert t.identity_transform(x) is x


def test_a_batch_may_grow(m):
    d = m.distributions
    gamma = d.Gamma(m.ones(3), m.ones(3)).expand((2, 3))
    assert gamma.rsample((4,)).shape == (4, 2, 3)
    normal = d.MultivariateNormal(m.zeros(2), m.eye(2)).expand((5,))
    assert normal.batch_shape == (5,) and normal.rsample().shape == (5, 2)
    assert d.Beta(1.0, 2.0).expand((3,)).sample().shape == (3,)
    assert d.LogNormal(0.0, 1.0).expand((3,)).log_prob(m.ones(())).shape == (3,)
    assert d.StudentT(3.0).expand((3,)).sample((2,)).shape == (2, 3)
