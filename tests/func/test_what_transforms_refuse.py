"""What mg.func refuses, in PyTorch's words, and what it does with no_grad around it."""

import pytest

import minigrad as mg

pytestmark = [
    pytest.mark.filterwarnings("ignore:.torch.jit.script:DeprecationWarning"),
    pytest.mark.filterwarnings("ignore:There is a performance drop:UserWarning"),
]


def refuses(words, call):
    with pytest.raises(RuntimeError, match=words):
        call()


def sums(x):
    return x.sin().sum()


@pytest.mark.parametrize("aux", [1, 1.0, "abc", None, "in a list"])
def test_aux_is_made_of_tensors(m, aux):
    x = m.ones(3)
    words = "Expected tensors, got unsupported type"
    aux = [x, 1] if aux == "in a list" else aux
    refuses(words, lambda: m.func.grad(lambda x: (x.sum(), aux), has_aux=True)(x))
    refuses(words, lambda: m.func.vjp(lambda x: (x, aux), x, has_aux=True))
    refuses(words, lambda: m.func.jvp(lambda x: (x, aux), (x,), (x,), has_aux=True))
    refuses(words, lambda: m.func.jacrev(lambda x: (x, aux), has_aux=True)(x))
    refuses(words, lambda: m.func.jacfwd(lambda x: (x, aux), has_aux=True)(x))


@pytest.mark.parametrize("out", [None, ()])
def test_a_function_that_returns_nothing(m, out):
    x = m.ones(3)
    words = "Expected f to be a function that has non-empty output"
    refuses(words, lambda: m.func.vjp(lambda x: out, x))
    refuses(words, lambda: m.func.jvp(lambda x: out, (x,), (x,)))
    refuses(words, lambda: m.func.jacrev(lambda x: out)(x))
    refuses(words, lambda: m.func.jacfwd(lambda x: out)(x))


def test_jvp_says_what_is_wrong_with_its_arguments(m):
    x = m.ones(3)
    refuses("be a tuple", lambda: m.func.jvp(m.sin, x, (x,)))
    for tangents in (x, [x]):
        refuses("same python structure", lambda: m.func.jvp(m.sin, (x,), tangents))  # noqa: B023
    refuses("primals to only contain Tensors", lambda: m.func.jvp(m.sin, (1.0,), (x,)))
    refuses("tangents to only contain Tensors", lambda: m.func.jvp(m.sin, (x,), (1.0,)))
    refuses("at least one Tensor", lambda: m.func.jvp(m.sin, (), ()))
    refuses("at least one Tensor", lambda: m.func.jvp(m.sin, ((),), ((),)))


def test_jacobians_are_real(m):
    z, x = m.ones(2, dtype=m.complex64), m.ones(2)
    refuses("jacrev: Expected all inputs", lambda: m.func.jacrev(m.conj)(z))
    refuses("jacfwd: Expected all inputs", lambda: m.func.jacfwd(m.conj)(z))
    refuses("jacrev: Expected all outputs", lambda: m.func.jacrev(lambda x: x * 1j)(x))
    refuses("jacfwd: Expected all outputs", lambda: m.func.jacfwd(lambda x: x * 1j)(x))


def test_saved_tensor_hooks_and_reverse_mode(m):
    def inside(x):
        with m.autograd.graph.save_on_cpu():
            return sums(x)

    x = m.ones(3)
    transforms = [m.func.grad, m.func.grad_and_value, m.func.jacrev, m.func.hessian,
                  lambda f: lambda x: m.func.vjp(f, x)]  # fmt: skip
    for transform in transforms:
        refuses("saved tensor hooks", lambda: transform(inside)(x))  # noqa: B023
        with m.autograd.graph.save_on_cpu():
            refuses("saved tensor hooks", lambda: transform(sums)(x))  # noqa: B023
    with m.autograd.graph.save_on_cpu():  # and afterwards they may be used again
        assert (x.requires_grad_() * x).sum().requires_grad
        assert m.func.jvp(m.sin, (m.zeros(2),), (m.ones(2),))[1].tolist() == [1, 1]


def test_leaves_are_not_declared_inside_of_a_transform(m):
    def asks(x):
        return (x.requires_grad_() ** 2).sum()

    def retains(x):
        y = x * 2
        y.retain_grad()
        return y.sum()

    x = m.ones(3)
    words = r"Tensor.requires_grad_\(\)"
    refuses(words, lambda: m.func.grad(asks)(x))
    refuses(words, lambda: m.func.vmap(asks)(m.ones(2, 3)))
    refuses(words, lambda: m.func.jvp(asks, (x,), (x,)))
    refuses(words, lambda: m.func.vmap(m.func.grad(asks))(m.ones(2, 3)))
    refuses(r"Tensor.retain_grad\(\)", lambda: m.func.grad(retains)(x))
    # a tensor that is made with a flag, or given one, is no matter of the transform
    made = m.func.grad(lambda x: (x * m.ones(3, requires_grad=True)).sum())(x)
    assert made.tolist() == [1, 1, 1]


def test_functional_inside_of_a_transform(m):
    functional = m.autograd.functional
    words = "torch.autograd.functional"
    for call in (
        lambda x: functional.vjp(sums, x)[1], lambda x: functional.jacobian(sums, x),
        lambda x: functional.jvp(sums, (x,), (m.ones_like(x),))[1],
        lambda x: functional.hessian(sums, x).sum(),
    ):  # fmt: skip
        refuses(words, lambda: m.func.vmap(call)(m.ones(2, 3)))  # noqa: B023
        refuses(words, lambda: m.func.grad(lambda x: call(x).sum())(m.ones(3)))  # noqa: B023

    def forward(x):
        return functional.jacobian(sums, x, strategy="forward-mode", vectorize=True)

    refuses("Batching rule not implemented for aten::_make_dual",
            lambda: m.func.vmap(forward)(m.ones(2, 3)))  # fmt: skip


def test_no_grad_around_a_transform(m):
    x = m.tensor(2.0, requires_grad=True)
    with m.no_grad():
        out, pull = m.func.vjp(lambda x: x**2, x)
        (g,) = pull(m.tensor(1.0))
        slope, value = m.func.grad_and_value(lambda x: x**3)(x)
    assert not any(t.requires_grad for t in (out, g, slope, value))
    assert (out.item(), g.item(), slope.item(), value.item()) == (4, 4, 12, 8)
    with m.no_grad():
        out, pull = m.func.vjp(lambda x: x**2, x)
    assert not out.requires_grad and pull(m.tensor(1.0))[0].requires_grad


def test_a_constant_from_an_inner_transform(m):
    """no_grad inside: for the outer transform its value is a constant."""

    def h(x):
        with m.no_grad():
            value = m.func.grad_and_value(lambda x: x**3)(x)[1]
        return x**3 - value

    x = m.tensor(2.0, requires_grad=True)
    y = m.func.grad(h)(x)
    assert y.item() == 12
    assert m.autograd.grad(y, x)[0].item() == 12


def test_a_chunk_of_one_needs_no_vmap():
    """Row by row; a backward that asks for single numbers works then as it is."""
    ran = []

    class Watched(mg.autograd.Function):
        @staticmethod
        def forward(x):
            return x * 2

        @staticmethod
        def setup_context(ctx, inputs, output):
            pass

        @staticmethod
        def backward(ctx, g):
            ran.append(g.nonzero().tolist())
            return g * 2

    found = mg.func.jacrev(Watched.apply, chunk_size=1)(mg.ones(2))
    assert found.tolist() == [[2, 0], [0, 2]] and ran == [[[0]], [[1]]]


def test_models_to_be_stacked_are_alike(m):
    models = [m.nn.Linear(2, 2) for _ in range(3)]
    models[1].eval()
    refuses("same training/eval mode", lambda: m.func.stack_module_state(models))
    models[1].train()
    models[2].bias.requires_grad_(False)
    refuses("Expected bias from each model to have the same .requires_grad",
            lambda: m.func.stack_module_state(models))  # fmt: skip
    for model in models:
        model.bias.requires_grad_(False)
    params, _ = m.func.stack_module_state(models)
    assert params["weight"].requires_grad and not params["bias"].requires_grad
    assert params["bias"].shape == (3, 2)


def test_forward_mode_switched_off(m):
    forward_ad = m.autograd.forward_ad

    def f(x):
        with forward_ad._set_fwd_grad_enabled(False):
            constant = x**2
        return x**2 - constant

    x, t = m.tensor(3.0), m.tensor(1.0)
    assert m.func.jvp(f, (x,), (t,))[1].item() == 6
    with forward_ad._set_fwd_grad_enabled(False):  # a transform switches its own on
        assert m.func.jvp(lambda x: x**2, (x,), (t,))[1].item() == 6
        assert not forward_ad._is_fwd_grad_enabled()
    assert forward_ad._is_fwd_grad_enabled()
