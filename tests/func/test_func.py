"""mg.func: gradients, products and Jacobians as functions of functions, nested in any order."""

import itertools

import numpy as np
import pytest
from refusal import refused

import minigrad as mg

pytestmark = pytest.mark.filterwarnings("ignore:.torch.jit.script:DeprecationWarning")


def numbers(tree):
    """Tensors anywhere in a result, as lists."""
    if isinstance(tree, dict):
        return {k: numbers(v) for k, v in tree.items()}
    if isinstance(tree, (tuple, list)):
        return type(tree)(numbers(v) for v in tree)
    return tree.tolist() if hasattr(tree, "tolist") else tree


def xs(m):
    return m.tensor([1.0, 2.0]), m.tensor([3.0, 4.0])


def cube(x):
    return (x**3).sum()


def test_grad(m):
    x, y = xs(m)
    assert numbers(m.func.grad(cube)(x)) == [3, 12]
    assert numbers(m.func.grad(lambda v: m.func.grad(cube)(v).sum())(x)) == [6, 12]
    both = m.func.grad(lambda a, b: (a * b).sum(), argnums=(0, 1))(x, y)
    assert numbers(both) == ([3, 4], [1, 2])
    assert numbers(m.func.grad(lambda a, b: (a * b).sum(), argnums=-1)(x, y)) == [1, 2]
    assert numbers(m.func.grad(lambda a, n: cube(a) * n)(x, 2)) == [6, 24]
    assert numbers(m.func.grad(lambda a: m.ones(()))(x)) == [0, 0]
    tree = m.func.grad(lambda p: (p["w"] * p["more"][0]).sum())({"w": x, "more": [y]})
    assert numbers(tree) == {"w": [3, 4], "more": [[1, 2]]}
    assert numbers(m.func.grad(lambda v: (cube(v), {"twice": v * 2}), has_aux=True)(x)) == (
        [3, 12], {"twice": [2, 4]}
    )  # fmt: skip
    assert numbers(m.func.grad_and_value(cube)(x)) == ([3, 12], 9)


def test_results_have_no_history_of_the_transform(m):
    x, _ = xs(m)
    for t in (
        m.func.grad(cube)(x), m.func.vjp(m.sin, x)[0], m.func.vjp(m.sin, x)[1](x)[0],
        m.func.hessian(cube)(x), *m.func.jvp(m.sin, (x,), (x,)), m.func.jacrev(m.sin)(x),
        m.func.grad_and_value(cube)(x)[1], m.func.vmap(m.func.grad(lambda v: v**2))(x),
    ):  # fmt: skip
        assert not t.requires_grad and t.grad_fn is None
    assert x.grad is None and not x.requires_grad


def test_what_the_user_records_stays_recorded(m):
    """Gradients of func's results, by the inputs and by tensors that the function sees."""
    x, _ = xs(m)
    x.requires_grad_()
    w = m.tensor([5.0, 6.0], requires_grad=True)
    m.func.grad(lambda v: (v**2 * w).sum())(x).sum().backward()
    assert numbers(x.grad) == [10, 12] and numbers(w.grad) == [2, 4]
    (slope,) = m.func.jvp(lambda v: v**2 * w, (x,), (m.ones(2),))[1:]
    assert numbers(m.autograd.grad(slope.sum(), [x, w])) == ([10, 12], [2, 4])
    with m.no_grad():
        g = m.func.grad(cube)(x)
    assert numbers(g) == [3, 12] and not g.requires_grad


def test_vjp(m):
    x, y = xs(m)
    value, pull = m.func.vjp(lambda a, b: {"product": a * b, "sum": b.sum()}, x, y)
    assert numbers(value) == {"product": [3, 8], "sum": 7}
    start = {"product": m.tensor([1.0, 10.0]), "sum": m.tensor(100.0)}
    assert numbers(pull(start)) == ([3, 40], [101, 120])
    assert numbers(pull(start)) == ([3, 40], [101, 120])  # as often as you like
    assert numbers(m.func.vjp(lambda v: (v * 2, v + 1), x, has_aux=True)[2]) == [2, 3]


def test_jvp(m):
    x, y = xs(m)
    value, slope = m.func.jvp(lambda p, b: {"out": p["a"] * b}, ({"a": x}, y), ({"a": y}, x))
    assert numbers(value) == {"out": [3, 8]} and numbers(slope) == {"out": [9 + 1, 16 + 4]}
    assert numbers(m.func.jvp(lambda v: m.ones(1), (x,), (y,))) == ([1], [0])
    assert numbers(m.func.jvp(lambda v: (v * 2, v), (x,), (y,), has_aux=True)[2]) == [1, 2]


def test_jvp_nests_without_confusing_perturbations(m):
    """d/dx (x * d/dy (x + y)) is 1; mixing the two up would give 2."""
    one = m.ones(())

    def slope(f, at):
        return m.func.jvp(f, (at,), (one,))[1]

    def inner(x):
        return x * slope(lambda y: x + y, one)

    assert slope(inner, one).item() == 1
    assert m.func.grad(lambda x: x * m.func.grad(lambda y: x + y)(one))(one).item() == 1
    assert m.func.grad(lambda x: x * slope(lambda y: x + y, one))(one).item() == 1
    assert slope(lambda x: x * m.func.grad(lambda y: x + y)(one), one).item() == 1


@pytest.mark.parametrize("names", list(itertools.product(("jacrev", "jacfwd"), repeat=2)))
def test_second_derivatives_in_every_order(m, names):
    outer, inner = (getattr(m.func, name) for name in names)
    x, y = xs(m)
    assert numbers(outer(inner(cube))(x)) == [[6, 0], [0, 12]]
    mixed = outer(inner(lambda a, b: (a**2 * b).sum(), argnums=0), argnums=1)(x, y)
    assert numbers(mixed) == [[2, 0], [0, 4]]
    batched = m.func.vmap(outer(inner(cube)))(m.stack([x, y]))
    assert numbers(batched) == [[[6, 0], [0, 12]], [[18, 0], [0, 24]]]


@pytest.mark.parametrize("name", ["jacrev", "jacfwd"])
def test_jacobians_of_pytrees(m, name):
    jacobian = getattr(m.func, name)
    x, y = xs(m)
    found = jacobian(lambda a, b: {"p": a * b, "s": b.sum()}, argnums=(0, 1))(x, y)
    assert numbers(found) == {
        "p": ([[3, 0], [0, 4]], [[1, 0], [0, 2]]), "s": ([0, 0], [1, 1])
    }  # fmt: skip
    assert numbers(jacobian(lambda p: p["a"] ** 2)({"a": x})) == {"a": [[2, 0], [0, 4]]}
    assert numbers(jacobian(lambda v: (v**2, v), has_aux=True)(x)) == (
        [[2, 0], [0, 4]], [1, 2]
    )  # fmt: skip
    assert jacobian(lambda v: m.outer(v, v))(x).shape == (2, 2, 2)
    assert jacobian(lambda v: v.sum())(m.ones(2, 3)).shape == (2, 3)


def test_jacrev_in_chunks(m):
    x, _ = xs(m)
    whole = m.func.jacrev(m.sin)(x)
    assert numbers(m.func.jacrev(m.sin, chunk_size=1)(x)) == numbers(whole)


@pytest.mark.filterwarnings("ignore:Attempted to insert a get_attr Node:UserWarning")
def test_linearize(m):
    x, y = xs(m)
    value, slope = m.func.linearize(lambda a, b: (a**2 * b, b), x, y)
    assert numbers(value) == ([3, 16], [3, 4])
    assert numbers(slope(y, x)) == ([2 * 3 * 3 + 1, 2 * 2 * 4 * 4 + 8], [1, 2])
    assert numbers(slope(x, y)) == ([6 + 3, 32 + 16], [3, 4])


def mlp(m):
    """A small network as a function of its parameters, and its loss."""
    rng = np.random.default_rng(0)
    p = {name: m.tensor(rng.normal(size=size))
         for name, size in {"w1": (4, 3), "b1": (4,), "w2": (2, 4)}.items()}  # fmt: skip
    x, y = m.tensor(rng.normal(size=(5, 3))), m.tensor(rng.normal(size=(5, 2)))

    def loss(p):
        h = m.tanh(m.nn.functional.linear(x, p["w1"], p["b1"]))
        return m.nn.functional.mse_loss(m.nn.functional.linear(h, p["w2"]), y)

    return loss, p


def test_hessian_of_a_small_network_against_torch(torch):
    ours = mg.func.hessian(mlp(mg)[0])(mlp(mg)[1])
    theirs = torch.func.hessian(mlp(torch)[0])(mlp(torch)[1])
    for a, b in itertools.product(theirs, repeat=2):
        np.testing.assert_allclose(ours[a][b].numpy(), theirs[a][b].numpy(), rtol=1e-9, atol=1e-12)


def test_hessian_of_a_small_network_by_differences():
    loss, p = mlp(mg)
    second = mg.func.hessian(loss)(p)
    gradient = mg.func.grad(loss)
    for name, value in p.items():
        for i in np.ndindex(*value.shape):
            up, down = dict(p), dict(p)
            up[name], down[name] = value.clone(), value.clone()
            up[name][i] += 1e-5
            down[name][i] -= 1e-5
            above, below = gradient(up), gradient(down)
            for other in p:
                rise = (above[other] - below[other]).numpy() / 2e-5
                exact = second[other][name].numpy()[(..., *i)]
                np.testing.assert_allclose(exact, rise, atol=1e-8)


def test_functional_call(m):
    m.manual_seed(0)
    net = m.nn.Sequential(m.nn.Linear(3, 4), m.nn.Tanh(), m.nn.Linear(4, 1))
    x = m.ones(5, 3)
    zero = {name: m.zeros_like(p) for name, p in net.named_parameters()}
    assert numbers(m.func.functional_call(net, zero, (x,))) == [[0]] * 5
    assert numbers(m.func.functional_call(net, zero, x)) == [[0]] * 5
    some = {"2.bias": m.tensor([7.0])}
    before = net(x)
    shifted = m.func.functional_call(net, some, (x,))
    np.testing.assert_allclose((shifted - before).detach().numpy(),
                               np.full((5, 1), 7 - net[2].bias.item()), rtol=1e-5)  # fmt: skip
    assert numbers(net(x)) == numbers(before)
    params = {name: p.detach() for name, p in net.named_parameters()}

    def loss(p, v):
        return m.func.functional_call(net, p, (v,)).pow(2).sum()

    each = m.func.vmap(m.func.grad(loss), (None, 0))(params, x)
    assert {name: tuple(g.shape) for name, g in each.items()} == {
        name: (5, *p.shape) for name, p in params.items()
    }
    loss_now = net(x).pow(2).sum()
    loss_now.backward()
    for name, p in net.named_parameters():
        np.testing.assert_allclose(each[name].sum(0).numpy(), p.grad.numpy(), rtol=1e-4, atol=1e-6)
    with pytest.raises(ZeroDivisionError):
        m.func.functional_call(net, {"0.weight": m.zeros(4, 3)}, (1 / 0,))
    assert numbers(net(x)) == numbers(before)


def test_an_ensemble_of_modules(m):
    m.manual_seed(0)
    nets = [m.nn.Linear(2, 1) for _ in range(3)]
    params, buffers = m.func.stack_module_state(nets)
    x = m.ones(4, 2)

    def run(p, b):
        return m.func.functional_call(nets[0], (p, b), (x,))

    found = m.func.vmap(run)(params, buffers)
    for net, y in zip(nets, found, strict=True):
        np.testing.assert_allclose(net(x).detach().numpy(), y.detach().numpy(), rtol=1e-5)


REFUSED = [
    ("grad(lambda x: x)(x)", RuntimeError,
     "grad_and_value(f)(*args): Expected f(*args) to return a scalar Tensor, got tensor with 1 "
     "dims. Maybe you wanted to use the vjp or jacrev APIs instead?"),
    ("grad(lambda x: 1.0)(x)", RuntimeError,
     "grad_and_value(f)(*args): Expected f(*args) to return a Tensor, got <class 'float'>"),
    ("grad(cube, argnums=2)(x)", RuntimeError, "Got argnum=2, but only 1 positional inputs"),
    ("grad(cube, argnums=(0, 0))(x)", RuntimeError, "argnums elements must be unique, got (0, 0)"),
    ("grad(cube, argnums=())(x)", RuntimeError, "argnums must be non-empty"),
    ("grad(cube, argnums=1.0)(x)", RuntimeError,
     "argnums must be int or Tuple[int, ...], got: <class 'float'>"),
    ("grad(cube)(m.tensor([1]))", RuntimeError,
     "only Tensors of floating point dtype can require gradients"),
    ("grad(cube)(1.0)", ValueError,
     "Thing passed to transform API must be Tensor, got <class 'float'>"),
    ("grad(cube, has_aux=True)(x)", RuntimeError,
     "grad_and_value(f)(*args): output of function f should be a tuple: (output, aux) if has_aux "
     "is True"),
    ("jvp(m.sin, (x,), (x, x))", RuntimeError,
     "jvp(f, primals, tangents): Expected primals and tangents to have the same python structure."),
    ("jvp(m.sin, x, x)", RuntimeError,
     "jvp(f, primals, tangents): Expected primals to be a tuple. E.g. it should be valid to call"),
    ("jvp(m.sin, (x,), (m.ones(3),))", RuntimeError,
     "Trying to set a forward gradient that has a different size than that of the original Tensor"),
    ("jvp(lambda x: 1, (x,), (x,))", RuntimeError,
     "jvp(f, primals, tangents): expected f(*primals) to return only tensors, got unsupported"),
    ("jvp(lambda x: m.ones(1), (x,), (x,), strict=True)", RuntimeError,
     "jvp(f, primals, tangents, strict=True): The output of f is independent of the inputs."),
    ("vjp(lambda x: 1, x)", RuntimeError,
     "vjp(f, *primals): expected f(*primals) to return only tensors, got unsupported"),
    ("vjp(m.sin, x)[1](m.ones(3))", RuntimeError,
     "Mismatch in shape: grad_output[0] has a shape of torch.Size([3]) and output[0] has a shape"),
    ("vjp(lambda x: {'a': x * 2}, x)[1](x)", RuntimeError,
     "Expected pytree structure of cotangents to be the same as pytree structure of outputs to "),
    ("jacrev(lambda x: 1)(x)", RuntimeError,
     "vjp(f, *primals): expected f(*primals) to return only tensors, got unsupported"),
    ("jacfwd(lambda x: 1)(x)", RuntimeError,
     "jvp(f, primals, tangents): expected f(*primals) to return only tensors, got unsupported"),
    ("jacfwd(m.sin, argnums=1)(x)", RuntimeError, "Got argnum=1, but only 1 positional inputs"),
    ("jacrev(m.sin, argnums=1)(x)", RuntimeError, "Got argnum=1, but only 1 positional inputs"),
]  # fmt: skip


@pytest.mark.parametrize(("call", "error", "words"), REFUSED, ids=[c for c, _, _ in REFUSED])
def test_refused_as_pytorch_does(m, call, error, words):
    names = ("grad", "jvp", "vjp", "jacrev", "jacfwd")
    scope = {name: getattr(m.func, name) for name in names}
    scope |= {"m": m, "x": m.tensor([1.0, 0.0]), "cube": cube}
    with refused(error, words):
        eval(call, scope)
    assert numbers(m.func.grad(cube)(scope["x"])) == [3, 0]


USES = {
    "jvp": lambda x: mg.func.jvp(lambda v: v.logcumsumexp(0).sum(), (x,), (x,)),
    "vjp": lambda x: mg.func.vjp(mg.sin, x)[1](x),
    "vmap": lambda x: mg.vmap(mg.func.grad(mg.sin))(x),
    "hessian": lambda x: mg.func.hessian(lambda v: v.sin().prod())(x),
}


@pytest.mark.parametrize("name", USES)
def test_no_reference_cycle(name):
    """What a transform made is freed at once, without the garbage collector."""
    import gc

    x = mg.ones(3)
    USES[name](x)
    while gc.collect():
        pass
    gc.disable()
    try:
        USES[name](x)
        assert gc.collect() == 0
    finally:
        gc.enable()


def test_inference_mode_outside_does_not_matter(m):
    with m.inference_mode():
        x = m.ones(2)
        assert numbers(m.func.grad(cube)(x)) == [3, 3]
        assert numbers(m.func.hessian(cube)(x)) == [[6, 0], [0, 6]]
        assert numbers(m.func.jvp(lambda v: v.cumprod(0), (x,), (x,))) == ([1, 1], [1, 2])
        assert numbers(m.func.vmap(lambda v: v * 2)(x)) == [2, 2]
    assert numbers(m.func.grad(cube)(m.ones(2))) == [3, 3]
