"""vmap: what it gives is what a loop over the examples gives."""

import func_checks
import numpy as np
import pytest
from refusal import refused

import minigrad as mg
from minigrad.func import vectorize

pytestmark = pytest.mark.filterwarnings("ignore:.torch.jit.script:DeprecationWarning")

# They read single numbers, which vmap refuses; or have no gradient to batch (as in PyTorch).
READ_NUMBERS = ("tolist", "numpy()", "is_nonzero", "ctc_loss", "det of a singular matrix")


def is_tested(case):
    texts = [e.name for e in func_checks.examples_of(case)]
    return not any(word in text for word in READ_NUMBERS for text in texts)


@pytest.mark.parametrize(
    "case", [c for c in func_checks.cases() if is_tested(c)], ids=func_checks.label
)
def test_vmap_is_a_loop(case):
    for example in func_checks.examples_of(case)[:2]:
        func_checks.vmap_is_a_loop(example)


@pytest.mark.parametrize(
    "case", [c for c in func_checks.cases() if is_tested(c)], ids=func_checks.label
)
def test_vmap_nests(case):
    func_checks.vmap_nests(func_checks.examples_of(case)[0])


@pytest.fixture
def loops(monkeypatch):
    """How often vmap ran an operation or a function in a loop."""
    from minigrad.func import batch

    seen = []
    for module, name in ((batch, "loop"), (batch, "each"), (vectorize, "run_loop")):
        real = getattr(module, name)

        def counted(*args, _real=real, _name=name, **kwargs):
            seen.append(_name)
            return _real(*args, **kwargs)

        monkeypatch.setattr(module, name, counted)
    return seen


def network(m):
    m.manual_seed(0)
    sizes = {"w1": (4, 3), "b1": (4,), "w2": (2, 4), "b2": (2,)}
    return {name: m.randn(*size) for name, size in sizes.items()}, m.randn(5, 3)


def loss_of(m):
    def loss(p, x):
        h = m.tanh(m.nn.functional.linear(x, p["w1"], p["b1"]))
        y = m.nn.functional.linear(h, p["w2"], p["b2"]).log_softmax(-1)
        return (y[0] - y[1:].mean()) ** 2 + (h @ h).sqrt() + m.where(x > 0, x, -x).sum()

    return loss


def test_a_network_is_batched_without_a_loop(loops):
    """Forward, per-sample gradients and Hessians of an ordinary network need no loop."""
    params, x = network(mg)
    loss = loss_of(mg)
    mg.func.vmap(loss, (None, 0))(params, x)
    mg.func.vmap(mg.func.grad(loss), (None, 0))(params, x)
    mg.func.vmap(mg.func.jacrev(loss, 1), (None, 0))(params, x)
    mg.func.jacfwd(loss, 1)(params, x[0])
    assert loops == []


def test_per_sample_gradients(m):
    params, x = network(m)
    gradient = m.func.grad(loss_of(m))
    found = m.func.vmap(gradient, in_dims=(None, 0))(params, x)
    for i in range(5):
        for name, g in gradient(params, x[i]).items():
            np.testing.assert_allclose(found[name][i].numpy(), g.numpy(), rtol=2e-5, atol=1e-6)


def test_per_sample_gradients_against_torch(torch):
    params, x = network(mg)
    params, x = {name: value.double() for name, value in params.items()}, x.double()
    found = mg.func.vmap(mg.func.grad(loss_of(mg)), (None, 0))(params, x)
    theirs = {name: torch.tensor(value.numpy()) for name, value in params.items()}
    expected = torch.func.vmap(torch.func.grad(loss_of(torch)), (None, 0))(
        theirs, torch.tensor(x.numpy())
    )
    for name, g in expected.items():
        np.testing.assert_allclose(found[name].numpy(), g.numpy(), rtol=1e-9, atol=1e-12)


def test_in_dims_and_out_dims(m):
    a = m.arange(6.0).reshape(2, 3)
    b = m.arange(3.0)
    vmap = m.func.vmap
    assert vmap(lambda x, y: x * y, (0, None))(a, b).tolist() == (a * b).tolist()
    assert vmap(lambda x: x.sum(), 1)(a).tolist() == [3, 5, 7]
    assert vmap(lambda x: x.sum(), -1)(a).tolist() == [3, 5, 7]
    assert vmap(lambda x: x, 1, 1)(a).tolist() == a.tolist()
    assert vmap(lambda x: (x, x.sum()), out_dims=(1, 0))(a)[0].tolist() == a.T.tolist()
    assert vmap(lambda p: p["x"] + p["y"], ({"x": 0, "y": None},))({"x": a, "y": b}).shape == (2, 3)
    assert vmap(lambda x: m.ones(2))(a).tolist() == [[1, 1], [1, 1]]
    assert vmap(lambda x: 7, out_dims=None)(a) == 7
    assert vmap(lambda x, *, y: x * y.sum())(b, y=b).tolist() == [0, 3, 6]
    assert m.vmap(m.dot)(a, a).tolist() == [5, 50]


def test_vmap_in_vmap(m):
    a, b = m.arange(3.0), m.arange(2.0)
    table = m.func.vmap(lambda x: m.func.vmap(lambda y: x * 10 + y)(b))(a)
    assert table.tolist() == [[0, 1], [10, 11], [20, 21]]
    outer = m.func.vmap(m.func.vmap(m.mul, (None, 0)), (0, None))(a, b)
    assert outer.tolist() == [[0, 0], [0, 1], [0, 2]]


def test_gradients_through_vmap_and_inside(m):
    x = m.tensor([1.0, 2.0], requires_grad=True)
    m.func.vmap(lambda v: v**3)(x).sum().backward()
    assert x.grad.tolist() == [3, 12]
    inner = m.func.vmap(m.func.grad(lambda v: v**3))
    assert m.func.grad(lambda v: inner(v).sum())(x.detach()).tolist() == [6, 12]
    inner(x).sum().backward()
    assert x.grad.tolist() == [9, 24]


def test_chunks_give_the_same(m):
    x = m.arange(10.0).reshape(5, 2)
    whole = m.func.vmap(lambda v: (v.sum(), v * 2))(x)
    for size in (1, 2, 5, 9):
        parts = m.func.vmap(lambda v: (v.sum(), v * 2), chunk_size=size)(x)
        assert [t.tolist() for t in parts] == [t.tolist() for t in whole]


def test_an_index_may_differ_from_example_to_example(m):
    x = m.arange(6.0).reshape(2, 3)
    k = m.tensor([[2, 0], [1, 1]])
    assert m.func.vmap(lambda v, i: v[i])(x, k).tolist() == [[2, 0], [4, 4]]
    assert m.func.vmap(lambda v, i: v.gather(0, i))(x, k).tolist() == [[2, 0], [4, 4]]
    table = m.arange(4.0).reshape(2, 2)
    found = m.func.vmap(lambda i: m.nn.functional.embedding(i, table))(m.tensor([[0], [1]]))
    assert found.tolist() == [[[0, 1]], [[2, 3]]]
    scores = m.tensor([[2.0, 0.0], [0.0, 1.0]])
    each = m.func.vmap(m.nn.functional.cross_entropy)(scores, m.tensor([0, 0]))
    assert each.shape == (2,) and each[0] < each[1]


def test_in_place_writes(m):
    def f(x):
        y = x.clone()
        y += 1
        y[0] = 7
        y.mul_(x)
        return y

    assert m.func.vmap(f)(m.tensor([[1.0, 2.0], [3.0, 4.0]])).tolist() == [[7, 6], [21, 20]]


def test_a_view_written_to_changes_its_base():
    """No rule for this: the whole function runs in a loop, and gives the right numbers."""

    def f(x):
        y = x * 1
        y[0].mul_(10)
        return y

    assert mg.vmap(f)(mg.ones(2, 2)).tolist() == [[10, 1], [10, 1]]


def test_randomness(m):
    x = m.zeros(3, 2)
    vmap = m.func.vmap
    m.manual_seed(0)
    different = vmap(lambda v: v + m.rand(2), randomness="different")(x)
    m.manual_seed(0)
    assert different.tolist() == m.rand(3, 2).tolist()
    m.manual_seed(0)
    same = vmap(lambda v: v + m.rand(2), randomness="same")(x)
    m.manual_seed(0)
    assert same.tolist() == [m.rand(2).tolist()] * 3
    with refused(RuntimeError, "vmap: called random operation while in randomness error mode."):
        vmap(lambda v: v + m.randn(2))(x)
    with refused(RuntimeError, "vmap: called random operation while in randomness error mode."):
        vmap(lambda v: m.nn.functional.dropout(v + 1))(x)
    m.manual_seed(1)
    dropped = vmap(lambda v: m.nn.functional.dropout(v + 1), randomness="different")(m.zeros(4, 50))
    assert {0.0, 2.0} == set(dropped.flatten().tolist())
    assert dropped[0].tolist() != dropped[1].tolist()


def test_random_numbers_are_the_same_after_a_loop(m):
    """vmap that has to start again in a loop draws no number twice."""

    def f(v):
        r = m.rand(2)
        return v + r, m.searchsorted(m.tensor([0.5]), r)

    m.manual_seed(0)
    values, places = m.func.vmap(f, randomness="different")(m.zeros(3, 2))
    m.manual_seed(0)
    numbers = m.rand(3, 2)
    assert values.tolist() == numbers.tolist()
    assert places.tolist() == (numbers > 0.5).long().tolist()


def test_no_size_no_examples(m):
    assert m.func.vmap(lambda x: x.sin().sum())(m.zeros(0, 3)).shape == (0,)


def test_functions_of_the_users_own(m):
    class Square(m.autograd.Function):
        @staticmethod
        def forward(x):
            return x * x

        @staticmethod
        def setup_context(ctx, inputs, output):
            ctx.save_for_backward(*inputs)

        @staticmethod
        def backward(ctx, g):
            return g * 2 * ctx.saved_tensors[0]

    class Ruled(Square):
        generate_vmap_rule = True

    class Own(Square):
        @staticmethod
        def vmap(info, in_dims, x):
            assert info.batch_size == 3 and in_dims == (0,)
            return x * x + 100, 0  # wrong on purpose: this rule must have been used

    x = m.tensor([1.0, 2.0, 3.0])
    with refused(RuntimeError, "You tried to vmap over Square, but it does not have vmap support."):
        m.func.vmap(Square.apply)(x)
    assert m.func.vmap(Ruled.apply)(x).tolist() == [1, 4, 9]
    assert m.func.vmap(m.func.grad(Ruled.apply))(x).tolist() == [2, 4, 6]
    assert m.func.grad(lambda x: m.func.vmap(Ruled.apply)(x).sum())(x).tolist() == [2, 4, 6]
    assert m.func.vmap(Own.apply)(x).tolist() == [101, 104, 109]


def test_a_batched_tensor_looks_like_one_example(m):
    def f(x):
        assert x.shape == (3,) and x.dim() == 1 and len(x) == 3 and x.dtype == m.float32
        assert "BatchedTensor(lvl=1, bdim=0, value=" in repr(x)
        assert x.is_floating_point() and x.numel() == 3
        return sum(y * 2 for y in x)

    assert m.func.vmap(f)(m.ones(2, 3)).tolist() == [6, 6]


def test_batched_tensors_do_not_outlive_their_vmap():
    kept = []
    mg.vmap(lambda x: kept.append(x) or x)(mg.ones(2))
    with pytest.raises(RuntimeError, match="may have escaped from inside"):
        kept[0] * 2
    with pytest.raises(RuntimeError, match="may have escaped from inside"):
        kept[0].sum()


def test_grads_batched(m):
    x = m.tensor([1.0, 2.0], requires_grad=True)
    y = x**2
    (rows,) = m.autograd.grad(y, x, m.eye(2), is_grads_batched=True, retain_graph=True)
    assert rows.tolist() == [[2, 0], [0, 4]]
    (rows,) = m.autograd.grad(y, x, m.eye(2), is_grads_batched=True, create_graph=True)
    assert m.autograd.grad(rows.sum(), x, retain_graph=True)[0].tolist() == [2, 2]
    with refused(RuntimeError, "If `is_grads_batched=True`, we interpret the first dimension"):
        m.autograd.grad(y, x, m.ones(3, 3), is_grads_batched=True)
    m.autograd.grad(y, x, m.eye(2), is_grads_batched=True)
    with refused(RuntimeError, "Trying to backward through the graph a second time"):
        m.autograd.grad(y.sum(), x)


REFUSED = [
    ("vmap(lambda x: x)(1.0)", ValueError,
     "vmap(<lambda>, in_dims=0, ...)(<inputs>): Got in_dim=0 for an input but the input is of"),
    ("vmap(lambda x: x.item())(x)", RuntimeError,
     "vmap: It looks like you're calling .item() on a Tensor. We don't support vmap over calling"),
    ("vmap(lambda x: float(x))(x)", RuntimeError,
     "vmap: It looks like you're calling .item() on a Tensor."),
    ("vmap(lambda x: x if x > 0 else -x)(x)", RuntimeError,
     "vmap: It looks like you're attempting to use a Tensor in some data-dependent control flow."),
    ("vmap(lambda x: x.numpy())(x)", RuntimeError,
     "Cannot access data pointer of Tensor that doesn't have storage"),
    ("vmap(lambda x: 1.0)(x)", ValueError,
     "vmap(<lambda>, ...): `<lambda>` must only return Tensors, got type <class 'float'>."),
    ("vmap(lambda x: x, in_dims=2)(x)", ValueError,
     "vmap(<lambda>, in_dims=2, ...)(<inputs>): Got in_dim=2 for some input, but that input is a "
     "Tensor of dimensionality 1 so expected in_dim to satisfy -1 <= in_dim < 1."),
    ("vmap(lambda x: x, in_dims=(0, 0))(x)", ValueError,
     "vmap(<lambda>, in_dims=(0, 0), ...)(<inputs>): in_dims is not compatible with the structure"),
    ("vmap(lambda x: x, in_dims=None)(x)", ValueError,
     "vmap(<lambda>, in_dims=None, ...)(<inputs>): expected `in_dims` to be int or a (potentially"),
    ("vmap(lambda x: x, in_dims=[0])(x)", ValueError,
     "vmap(<lambda>, in_dims=[0], ...)(<inputs>): expected `in_dims` to be int or a"),
    ("vmap(lambda x: x, in_dims=(None,))(x)", ValueError,
     "vmap: Expected at least one Tensor to vmap over"),
    ("vmap(lambda x, y: x)(x, m.ones(3))", ValueError,
     "vmap: Expected all tensors to have the same size in the mapped dimension, got sizes [2, 3]"),
    ("vmap(lambda x: x, out_dims=3)(x)", IndexError, "Dimension out of range (expected to be in"),
    ("vmap(lambda x: x, out_dims=(0, 0))(x)", ValueError,
     "vmap(<lambda>, ..., out_dims=(0, 0))(<inputs>): out_dims is not compatible with the struct"),
    ("vmap(lambda x: x)()", ValueError, "vmap(<lambda>)(<inputs>): got no inputs."),
    ("vmap(lambda x: x, randomness='q')(x)", RuntimeError,
     "Only allowed values for randomness are 'error', 'different', or 'same'. Got q"),
    ("vmap(lambda x: x, chunk_size=0)(x)", ValueError,
     "vmap: chunk_size should be None or greater than 0. (got 0)"),
    ("vmap(lambda x: x.nonzero())(x)", RuntimeError,
     "vmap: We do not support batching operators that can output dynamic shape."),
    ("vmap(lambda x: x, out_dims=None)(x)", ValueError,
     "vmap(<lambda>, ...): `<lambda>` can not return a BatchedTensor when out_dim is None"),
    ("vmap(lambda x: m.zeros(()).copy_(x))(x)", RuntimeError,
     "vmap: inplace arithmetic(self, *extra_args) is not possible because there exists a Tensor"),
    ("vmap(lambda x: (x * w).backward())(x)", RuntimeError,
     "backward() called inside a functorch transform. This is not supported"),
]  # fmt: skip


@pytest.mark.parametrize(("call", "error", "words"), REFUSED, ids=[c for c, _, _ in REFUSED])
def test_refused_as_pytorch_does(m, call, error, words):
    scope = {"m": m, "vmap": m.func.vmap, "x": m.tensor([1.0, 0.0])}
    scope["w"] = m.ones((), requires_grad=True)
    with refused(error, words):
        eval(call, scope)
    assert m.func.vmap(lambda x: x + 1)(scope["x"]).tolist() == [2, 1]  # nothing is left open


def test_nothing_stays_switched_on():
    """Afterwards operations need not look for batches or tangents: they are as fast as before."""
    from minigrad.core.modes import rare
    from minigrad.func.levels import running

    with pytest.raises(ZeroDivisionError):
        mg.vmap(lambda x: mg.func.jvp(lambda y: y / 0 * (1 / 0), (x,), (x,)))(mg.ones(2))
    mg.vmap(mg.func.hessian(lambda x: x**3))(mg.ones(2))
    assert running.stack == [] and not rare


def test_batch_norm_inside(m):
    x = m.arange(12.0).reshape(2, 3, 2)
    norm = m.nn.BatchNorm1d(2)
    words = "Batch norm got a batched tensor as input while the running_mean or running_var, which"
    with refused(RuntimeError, words):
        m.func.vmap(norm)(x)
    assert norm.running_mean.tolist() == [0, 0]
    own = m.nn.BatchNorm1d(2, track_running_stats=False)
    for i, y in enumerate(m.func.vmap(own)(x)):
        np.testing.assert_allclose(y.detach().numpy(), own(x[i]).detach().numpy(), atol=1e-6)
    evaluated = m.func.vmap(norm.eval())(x)
    np.testing.assert_allclose(evaluated.detach().numpy(), x.numpy(), rtol=1e-5)
