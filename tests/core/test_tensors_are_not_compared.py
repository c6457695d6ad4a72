"""Inside of minigrad tensors are told apart by ``is``: their ``==`` belongs to the user.

``t == other`` compares numbers, and ``t in [...]``, ``list.index(t)``, ``list.remove(t)`` or a
comparison of tuples with a tensor in them ask for it without a word. On a leaf of several numbers
that raises ("Boolean value of Tensor ... is ambiguous"), on one of a single number it is wrong.
"""

import copy
import io
import pickle

import pytest

import minigrad as mg
from minigrad import nn, optim
from minigrad.autograd import forward_ad
from minigrad.utils.checkpoint import checkpoint


@pytest.fixture(autouse=True)
def refuse_comparisons(monkeypatch):
    def compared(*args):
        raise AssertionError("a tensor was compared with another, or asked whether it is true")

    for name in ("__eq__", "__ne__", "__bool__"):
        monkeypatch.setattr(mg.Tensor, name, compared)


class Own(nn.Parameter):
    """A class of the user's."""


def leaf(*values):
    return mg.tensor(values or (1.0, 2.0, 3.0), requires_grad=True)


X, W = leaf(), Own(mg.tensor([[1.0, 2.0, 3.0], [3.0, 2.0, 1.0]]))


def kinds_of_operations():
    x, w = X, W
    index, mask = mg.tensor([0, 2]), mg.tensor([True, False, True])
    yield lambda: x * x + x / 2 - w
    yield lambda: w @ x + mg.addmm(w, w, mg.ones(3, 3, requires_grad=True)).sum(1)
    yield lambda: (x[index], x[mask], x[0:2], x[1])
    yield lambda: mg.where(mask, x, w)
    yield lambda: w.gather(1, mg.tensor([[0], [1]])) + w.take(index)
    yield lambda: x.clone().index_put_((index,), leaf(5.0, 6.0), accumulate=True)
    yield lambda: (x.max(0).values, x.sort().values, w.topk(2).values, x.cumsum(0))
    yield lambda: mg.cat([x, w[0], x]) + mg.stack([x, x, w[1]]).reshape(-1).repeat(1)
    yield lambda: (*w.unbind(), *x.split(2))
    yield lambda: mg.einsum("ij,j->i", w, x)
    yield lambda: nn.functional.linear(x, w, leaf(1.0, 1.0))
    yield lambda: nn.functional.cross_entropy(w, mg.tensor([0, 2]))
    yield lambda: nn.functional.layer_norm(w, (3,), x, x)
    yield lambda: nn.functional.embedding(index.clamp(max=1), w)
    yield lambda: checkpoint(lambda a, b: (a * b).sum(), x, w, use_reentrant=False)
    yield lambda: x.clone().mul_(w[0]).add_(x, alpha=2)
    yield lambda: x.masked_fill(mask, 0.0) + x.detach()


OPERATIONS = list(kinds_of_operations())


def total(results):
    results = results if isinstance(results, tuple) else (results,)
    return sum((t.sum() for t in results), mg.zeros(()))


@pytest.mark.parametrize("operation", OPERATIONS, ids=range(len(OPERATIONS)))
def test_operations_and_their_gradients(operation):
    total(operation()).backward()
    grads = mg.autograd.grad(total(operation()), [X, W], create_graph=True, allow_unused=True)
    assert any(g is not None for g in grads)
    mg.graph(total(operation())).to_dot()


def test_the_ways_to_ask_for_gradients():
    x, w, unused = leaf(), Own(mg.ones(2, 3)), leaf()
    y = (w * x).sum()
    y.backward(inputs=[x, w], retain_graph=True)
    y.backward(inputs=w, retain_graph=True)
    mg.autograd.grad(y, [x, w, unused], retain_graph=True, allow_unused=True)
    mg.autograd.grad(y, {"x": x, "w": w}, retain_graph=True)
    mg.autograd.grad([y, (w * 2)], [w, x], [None, mg.ones(2, 3)], retain_graph=True)
    mg.autograd.grad(w * x, x, mg.ones(4, 2, 3), is_grads_batched=True)
    mg.autograd.backward([x, (x * w).sum()], [mg.ones(3), None])
    y = x * w
    mg.autograd.grad(y.sum(), [y, x, mg.autograd.graph.get_gradient_edge(w)])


def test_hooks():
    x, w = leaf(), Own(mg.ones(2, 3))
    seen = []
    handles = [
        x.register_hook(lambda g: g * 2),
        x.register_post_accumulate_grad_hook(seen.append),
        mg.autograd.graph.register_multi_grad_hook((x, w), seen.append),
        mg.autograd.graph.register_multi_grad_hook((w, x), seen.append, mode="any"),
    ]
    y = x * w
    y.retain_grad()
    y.grad_fn.register_prehook(lambda g: None)
    y.grad_fn.register_hook(lambda g_in, g_out: g_in)
    y.sum().backward()
    assert len(seen) == 3
    for handle in handles:
        handle.remove()
    with mg.autograd.graph.saved_tensors_hooks(lambda t: t.clone(), lambda t: t):
        (x * w * x).sum().backward()
    with mg.autograd.graph.allow_mutation_on_saved_tensors():
        (x * w).sum().backward()
    with pytest.warns(UserWarning, match="Anomaly"), mg.autograd.detect_anomaly():
        (x * w).sum().backward()


class Swap(mg.autograd.Function):
    generate_vmap_rule = True

    @staticmethod
    def forward(x, w, n):
        return w * n, x, x * w

    @staticmethod
    def setup_context(ctx, inputs, output):
        x, w, ctx.n = inputs
        ctx.save_for_backward(x, w, output[2], None)
        ctx.save_for_forward(x, w)

    @staticmethod
    def backward(ctx, g, h, k):
        x, w, _, _ = ctx.saved_tensors
        return h + k * w, g * ctx.n + k * x, None

    @staticmethod
    def jvp(ctx, tx, tw, _):
        x, w = ctx.saved_tensors[:2]
        return tw * ctx.n, tx, tx * w + x * tw


class AddInPlace(mg.autograd.Function):
    @staticmethod
    def forward(ctx, x, y):
        ctx.mark_dirty(x)
        ctx.mark_non_differentiable(y)
        x.add_(1)
        return x, y

    @staticmethod
    def backward(ctx, g, _):
        return g, None


def test_functions_of_the_users():
    x, w = leaf(), leaf(4.0, 5.0, 6.0)
    total(Swap.apply(x, w, 2)).backward()
    total(AddInPlace.apply(x * 2, w)).backward()
    mg.func.jvp(lambda x: total(Swap.apply(x, w, 2)), (x,), (mg.ones(3),))
    mg.func.vmap(lambda x: total(Swap.apply(x, w, 2)))(mg.ones(2, 3))
    mg.func.grad(lambda x: total(Swap.apply(x, w, 2)))(x)


def test_transforms():
    x, w = leaf(), Own(mg.ones(2, 3))

    def function(x):
        return ((w @ x) ** 2).sum() + mg.logsumexp(x, 0)

    mg.func.hessian(function)(x)
    mg.func.jacrev(lambda x, w: w @ x, argnums=(0, 1))(x, w)
    mg.func.vmap(mg.func.grad(function))(mg.ones(2, 3))
    mg.func.linearize(function, x)[1](mg.ones(3))
    mg.autograd.functional.hessian(function, x)
    mg.autograd.functional.jacobian(lambda x, w: w @ x, (x, w), vectorize=True)
    mg.autograd.gradcheck(lambda x: x * x, mg.tensor([1.0, 2.0], dtype=mg.float64,
                                                     requires_grad=True))  # fmt: skip
    with forward_ad.dual_level():
        forward_ad.unpack_dual(function(forward_ad.make_dual(x, mg.ones(3))))


def net():
    return nn.Sequential(nn.Linear(3, 2), nn.BatchNorm1d(2), nn.ReLU(), nn.Linear(2, 1))


@pytest.mark.parametrize("kind", [
    lambda p: optim.SGD(p, 0.1, momentum=0.9), lambda p: optim.Adam(p, amsgrad=True), optim.Adagrad,
    optim.RMSprop, optim.AdamW,
])  # fmt: skip
def test_training(kind):
    model = net()
    steps = kind([{"params": model[0].parameters()}, {"params": [*model[1:].parameters()]}])
    steps.add_param_group({"params": [Own(mg.ones(2))]})
    with pytest.raises(ValueError, match="some parameters appear in more than one"):
        steps.add_param_group({"params": [model[0].weight]})
    for _ in range(2):
        steps.zero_grad()
        model(mg.ones(4, 3)).sum().backward()
        steps.step()
    kind(model.parameters()).state_dict()
    steps.load_state_dict(copy.deepcopy(steps.state_dict()))


def test_modules():
    model = net()
    model[1].bias = model[0].bias  # shared
    twice = nn.ModuleList([model, model[0]])
    model.register_full_backward_hook(lambda module, g_in, g_out: None)
    model[0].register_forward_hook(lambda module, args, out: out * 1)
    assert len(list(twice.parameters())) == 5
    model(leaf().expand(4, 3).clone())
    model.load_state_dict(model.state_dict())
    mg.func.functional_call(net(), dict(net().named_parameters()), mg.ones(4, 3))
    nn.utils.parametrizations.weight_norm(nn.Linear(2, 2))
    nn.utils.vector_to_parameters(nn.utils.parameters_to_vector(model.parameters()),
                                  model.parameters())  # fmt: skip
    model.double().eval().requires_grad_(False).zero_grad()


def test_copies_and_files():
    x = leaf()
    kept = {"x": x, "view": x.detach()[1:], "many": [x, x], "own": nn.Parameter(mg.ones(2))}
    copy.deepcopy({**kept, "view": None})
    pickle.loads(pickle.dumps(kept))
    file = io.BytesIO()
    mg.save(kept, file)
    file.seek(0)
    mg.load(file)


def test_recorders_and_pictures():
    x, w = leaf(), Own(mg.ones(2, 3))
    steps = optim.SGD([x, w], 0.1)
    with mg.record() as tape:
        for _ in range(2):
            steps.zero_grad()
            loss = ((w * x).sum(1)).max()
            loss.backward()
            steps.step()
    assert len(list(tape)) > 4

    @mg.capture
    def step(x):
        steps.zero_grad()
        loss = (w * x).sum()
        loss.backward()
        steps.step()
        return loss

    for _ in range(3):
        step(mg.ones(3))
    loss = (w * x).sum()
    graph = mg.graph(loss)
    graph.to_dot()
    loss.backward()
    str(mg.graph((w * x).sum(), names={"x": x, "w": w}))
