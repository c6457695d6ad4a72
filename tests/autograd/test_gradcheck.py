"""gradcheck and gradgradcheck find wrong gradients; one test for minigrad and PyTorch."""

import pytest
from refusal import refused

import minigrad as mg


def doubles(m, *values):
    return m.tensor(values, dtype=m.float64, requires_grad=True)


def function(m, forward, backward):
    methods = {"forward": staticmethod(forward), "backward": staticmethod(backward)}
    return type("Mine", (m.autograd.Function,), methods).apply


def square_with(m, backward):
    def forward(ctx, x):
        ctx.save_for_backward(x)
        return x * x

    return function(m, forward, lambda ctx, g: backward(g, *ctx.saved_tensors))


RIGHT = {
    "sin": lambda m, x, y: x.sin(),
    "two inputs": lambda m, x, y: x * y + y.exp(),
    "two outputs": lambda m, x, y: (x * y, x.sum()),
    "outputs without gradient": lambda m, x, y: (x * y, m.ones(2)),
    "matrix product": lambda m, x, y: m.outer(x, y) @ y,
    "broadcasting": lambda m, x, y: (x.unsqueeze(1) * y).cumsum(0),
    "in place": lambda m, x, y: (x * 1).mul_(y),
    "unused input": lambda m, x, y: x * 3,
    "complex result": lambda m, x, y: m.complex(x, y) * m.complex(y, x),
}


@pytest.mark.parametrize("fast", [False, True])
@pytest.mark.parametrize("name", RIGHT)
def test_right_gradients_pass(m, name, fast):
    x, y = doubles(m, 0.3, 0.8), doubles(m, 1.1, 0.6)

    def f(x, y):
        return RIGHT[name](m, x, y)

    assert m.autograd.gradcheck(f, (x, y), fast_mode=fast) is True
    assert m.autograd.gradgradcheck(f, (x, y), fast_mode=fast) is True
    assert x.grad is None and x.is_leaf


@pytest.mark.filterwarnings("ignore:`torch.jit.script` is deprecated")
@pytest.mark.parametrize("name", [n for n in RIGHT if n != "in place"])
def test_forward_mode_passes_too(m, name):
    x, y = doubles(m, 0.3, 0.8), doubles(m, 1.1, 0.6)
    assert m.autograd.gradcheck(lambda x, y: RIGHT[name](m, x, y), (x, y), check_forward_ad=True)


def test_complex_inputs(m):
    z = m.tensor([1.0 + 2.0j, -0.5 + 0.3j], dtype=m.complex128, requires_grad=True)
    assert m.autograd.gradcheck(lambda z: z * z.exp(), z)
    assert m.autograd.gradcheck(lambda z: z.abs(), z)  # complex to real
    assert m.autograd.gradgradcheck(lambda z: z * z * z, z)


@pytest.mark.parametrize("fast", [False, True])
def test_a_wrong_gradient_is_shown_beside_the_numerical_one(m, fast):
    wrong = square_with(m, lambda g, x: g * 3 * x)  # not 2 x
    words = "Jacobian mismatch for output 0 with respect to input 0,\nnumerical:"
    x = doubles(m, 1.0, 2.0)
    with pytest.raises(RuntimeError) as caught:
        m.autograd.gradcheck(wrong, x, fast_mode=fast)
    text = str(caught.value)
    assert text.startswith(words)
    assert "tensor([[2.0000, 0.0000],\n        [0.0000, 4.0000]], dtype=torch.float64)" in text
    assert "tensor([[3., 0.],\n        [0., 6.]], dtype=torch.float64)" in text
    assert m.autograd.gradcheck(wrong, x, fast_mode=fast, raise_exception=False) is False


def test_the_worst_entries_are_listed_side_by_side():
    wrong = square_with(mg, lambda g, x: g * 3 * x)
    with pytest.raises(RuntimeError) as caught:
        mg.autograd.gradcheck(wrong, doubles(mg, 1.0, 2.0))
    lines = str(caught.value).splitlines()
    at = lines.index("Side by side, where they differ most:")
    assert lines[at + 1].split() == ["numerical", "analytical"]
    assert lines[at + 2].split() == ["d", "output[1]", "/", "d", "input[1]", "4", "6"]
    assert lines[at + 3].split() == ["d", "output[0]", "/", "d", "input[0]", "2", "3"]


def test_one_wrong_entry_among_many_is_found(m):
    def backward(g, x):
        wrong = m.zeros(6, dtype=m.float64)
        wrong[4] = 0.01
        return g * 2 * x + wrong

    x = doubles(m, 1.0, 2.0, 3.0, 4.0, 5.0, 6.0)
    with refused(m.autograd.gradcheck.__globals__["GradcheckError"], "Jacobian mismatch for output "
                 "0 with respect to input 0"):  # fmt: skip
        m.autograd.gradcheck(square_with(m, backward), x)


def test_which_output_and_input_is_said(m):
    def forward(ctx, x, y):
        return x * 1, y * 2

    f = function(m, forward, lambda ctx, g, h: (g, h * 5))
    with pytest.raises(RuntimeError, match="mismatch for output 1 with respect to input 1"):
        m.autograd.gradcheck(f, (doubles(m, 1.0), doubles(m, 2.0)))


def test_a_detached_result_is_found(m):
    with refused(m.autograd.gradcheck.__globals__["GradcheckError"], "Numerical gradient for "
                 "function expected to be zero"):  # fmt: skip
        m.autograd.gradcheck(lambda x: x.detach() * 2, doubles(m, 1.0))


def test_a_gradient_that_is_not_the_same_twice_is_found(m):
    calls = iter(range(1000))
    f = square_with(m, lambda g, x: g * 2 * x * (1 + 1e-6 * next(calls)))
    with pytest.raises(RuntimeError, match="Backward is not reentrant, i.e., running"):
        m.autograd.gradcheck(f, doubles(m, 1.0))
    assert m.autograd.gradcheck(f, doubles(m, 1.0), nondet_tol=0.1)


def test_wrong_second_derivatives_are_found(m):
    detached = square_with(m, lambda g, x: g * 2 * x.detach())
    x = doubles(m, 1.0, 2.0)
    assert m.autograd.gradcheck(detached, x)
    with pytest.raises(RuntimeError, match="mismatch for output 0 with respect to input 0"):
        m.autograd.gradgradcheck(detached, x)
    assert m.autograd.gradgradcheck(detached, x, raise_exception=False) is False


def test_grad_outputs_of_gradgradcheck(m):
    x = doubles(m, 1.0, 2.0)
    assert m.autograd.gradgradcheck(lambda x: x**3, x, doubles(m, 0.5, -1.0))
    assert m.autograd.gradgradcheck(lambda x: x**3, x, gen_non_contig_grad_outputs=True)


def test_outputs_without_a_gradient_are_tried(m):
    """A backward that asks for Nones and does not expect them; one that takes them for ones."""

    def forward(ctx, x):
        ctx.set_materialize_grads(False)
        return x * 2, x * 3

    f = function(m, forward, lambda ctx, g, h: g * 2 + h * 3)
    with pytest.raises(TypeError, match="NoneType"):
        m.autograd.gradcheck(f, doubles(m, 1.0))
    ones = m.ones(1, dtype=m.float64)
    f = function(m, forward, lambda ctx, g, h: (ones if g is None else g) * 2
                 + (ones if h is None else h) * 3)  # fmt: skip
    assert not m.autograd.gradcheck(f, doubles(m, 1.0), raise_exception=False)


def test_a_wrong_jvp_is_found(m):
    class Mine(m.autograd.Function):
        @staticmethod
        def forward(x):
            return x * x

        @staticmethod
        def setup_context(ctx, inputs, output):
            ctx.save_for_backward(*inputs)
            ctx.save_for_forward(*inputs)

        @staticmethod
        def backward(ctx, g):
            return g * 2 * ctx.saved_tensors[0]

        @staticmethod
        def jvp(ctx, t):
            return t * 3 * ctx.saved_tensors[0]

    x = doubles(m, 1.0, 2.0)
    assert m.autograd.gradcheck(Mine.apply, x)
    with pytest.raises(RuntimeError, match="Jacobian mismatch|Jacobian computed with forward mode"):
        m.autograd.gradcheck(Mine.apply, x, check_forward_ad=True)


def test_inputs_that_cannot_be_checked(m):
    with refused(ValueError, "gradcheck expects at least one input tensor to require gradient, but "
                 "none of them have requires_grad=True."):  # fmt: skip
        m.autograd.gradcheck(m.sin, m.ones(2, dtype=m.float64))
    with refused(RuntimeError, "The 0th input has a dimension with stride 0."):
        m.autograd.gradcheck(m.sin, doubles(m, 1.0).expand(3))
    with pytest.warns(UserWarning, match="Input #0 requires gradient and is not a double"):
        assert not m.autograd.gradcheck(m.sin, m.ones(1, requires_grad=True), raise_exception=False)


def test_batched_gradients(m):
    assert m.autograd.gradcheck(lambda x: x.exp() * x, doubles(m, 1.0, 2.0),
                                check_batched_grad=True, check_grad_dtypes=True)  # fmt: skip


def test_the_random_stream_is_left_alone():
    mg.manual_seed(0)
    mg.autograd.gradgradcheck(mg.sin, doubles(mg, 1.0), fast_mode=True)
    got = mg.rand(1).item()
    mg.manual_seed(0)
    assert got == mg.rand(1).item()


# --- what the function is given, and what is tried ----------------------------------------------


@pytest.mark.parametrize("fast", [False, True])
def test_the_tensors_given_are_moved_themselves(m, fast):
    """A function may know its inputs from elsewhere: a layer its weights."""
    m.manual_seed(0)
    layer, x = m.nn.Linear(3, 2).double(), m.ones(1, 3, dtype=m.float64)
    before = layer.weight.tolist()
    given = (layer.weight, layer.bias)
    assert m.autograd.gradcheck(lambda w, b: layer(x).sin(), given, fast_mode=fast)
    assert m.autograd.gradgradcheck(lambda w, b: layer(x).sin(), given, fast_mode=fast)
    assert layer.weight.tolist() == before


def test_the_function_runs_with_gradients(m):
    """It may differentiate itself."""

    def slope(x):
        return m.autograd.grad((x**3).sum(), x, create_graph=True)[0]

    assert m.autograd.gradcheck(slope, doubles(m, 1.0, 2.0))
    assert m.autograd.gradcheck(slope, doubles(m, 1.0, 2.0), fast_mode=True)

    def asks(x):
        assert x.requires_grad and m.is_grad_enabled()
        return x * 2

    assert m.autograd.gradcheck(asks, doubles(m, 1.0))


@pytest.mark.parametrize("fast", [False, True])
def test_inputs_and_outputs_without_numbers(m, fast):
    empty, x = m.zeros(0, 2, dtype=m.float64, requires_grad=True), doubles(m, 1.0, 2.0)
    assert m.autograd.gradcheck(lambda e: e * 2, (empty,), fast_mode=fast)
    assert m.autograd.gradcheck(lambda e, x: (e.sum() + x, e), (empty, x), fast_mode=fast)


def test_fast_mode_makes_no_whole_jacobian():
    passes = []

    def watched(x):
        y = x * x
        y.register_hook(lambda g: passes.append(1))
        return y

    x = mg.rand(200, dtype=mg.float64, requires_grad=True)
    assert mg.autograd.gradcheck(watched, x, fast_mode=True)
    assert len(passes) < 20


@pytest.mark.parametrize("fast", [False, True])
def test_hooks_and_functions_that_expect_a_gradient(m, fast):
    def hook(g):
        if g is None:
            raise RuntimeError("none came")

    def hooked(x):
        y = x.clone()
        y.register_hook(hook)
        return y

    def forward(ctx, x):
        ctx.set_materialize_grads(False)
        return x * 2

    one = m.ones(1, dtype=m.float64)
    invents = function(m, forward, lambda ctx, g: one if g is None else g * 2)
    for f, words in ((hooked, "Expected backward function to handle undefined output grads"),
                     (invents, "Expected all input grads to be undefined or zero")):  # fmt: skip
        with pytest.warns(UserWarning, match="New undefined gradient support checking feature"):
            with pytest.raises(RuntimeError, match=words):
                m.autograd.gradcheck(f, doubles(m, 1.0), fast_mode=fast)
            assert not m.autograd.gradcheck(f, doubles(m, 1.0), raise_exception=False)
        assert m.autograd.gradcheck(f, doubles(m, 1.0), check_undefined_grad=False, fast_mode=fast)


def test_outputs_that_change_their_form(m):
    def grows(x):
        return m.cat([x, x]) if (x >= 1).all() else x * 1

    with pytest.raises(AssertionError, match="outputs with the same shape when inputs are pert"):
        m.autograd.gradcheck(grows, doubles(m, 1.0))


def test_only_what_requires_a_gradient_is_compared(m):
    assert m.autograd.gradcheck(lambda x: (x * 2, x.detach()), doubles(m, 1.0, 2.0))
