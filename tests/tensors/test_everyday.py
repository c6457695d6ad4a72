"""What people type every day, wrong and right: found by running tutorials' snippets on both sides.

Expected values and errors are PyTorch's; where it is installed, it is asked for them again.
"""

import numpy as np
import pytest

import minigrad as mg

try:
    import torch
except ImportError:  # the expected values below are PyTorch's; with it they are compared again
    torch = None

# Each is refused with TypeError. A function has no operand to leave it to, so it must not return
# NotImplemented silently.
NO_OPERANDS = [
    "torch.add(t, [1, 2])", "t.add([1, 2])", "t.add_([1, 2])", "t.mul_(None)", "t.pow('a')",
    "torch.mul('a', t)", "t.eq('a')", "torch.ge(t, 'a')", "t.lt(None)", "t.matmul([1.0, 2.0])",
    "torch.matmul(t, 3)", "t.div_([1])", "t.remainder([1])", "t.sub('a')", "t.pow_('a')",
    "torch.floor_divide(t, 'a')", "t + 'a'", "t - [1]", "t ** 'a'", "t @ 3", "t < 'a'", "t // None",
    "t % 'a'", "3 @ t", "None * t",
]  # fmt: skip


@pytest.mark.parametrize("code", NO_OPERANDS)
def test_what_is_no_operand_is_refused_and_nothing_changes(code):
    t = mg.ones(2)
    with pytest.raises(TypeError):
        eval(code, {"torch": mg, "t": t})
    assert t.tolist() == [1, 1] and t._version == 0
    if torch is None:
        return
    with pytest.raises(TypeError):
        eval(code, {"torch": torch, "t": torch.ones(2)})


def test_an_operator_leaves_to_the_other_operand_what_it_does_not_know():
    class Money:
        def __radd__(self, other):
            return "radd"

        __rmul__ = __rsub__ = __rpow__ = __rmatmul__ = __rmod__ = __rfloordiv__ = __radd__

    t, m = mg.ones(2), Money()
    assert [t + m, t * m, t - m, t**m, t @ m, t % m, t // m] == ["radd"] * 7
    assert (t == "a") is False and (t != None) is True  # noqa: E711


def test_leaves_given_as_inputs_do_not_share_their_gradient():
    a, b = mg.ones(2, requires_grad=True), mg.ones(2, requires_grad=True)
    for _ in range(2):
        ((a + b) * 3).sum().backward(inputs=[a, b])
    assert a.grad.tolist() == b.grad.tolist() == [6, 6]
    a.grad.zero_()
    assert b.grad.tolist() == [6, 6]


def test_an_input_given_twice_or_retained_gets_its_gradient_once():
    a = mg.ones(2, requires_grad=True)
    (a * 3).sum().backward(inputs=[a, a])
    assert a.grad.tolist() == [3, 3]
    y = a * 2
    y.retain_grad()
    (y * 3).sum().backward(inputs=[y])
    assert y.grad.tolist() == [3, 3] and a.grad.tolist() == [3, 3]


def test_accumulating_looks_at_each_leaf_a_fixed_number_of_times():
    """A model of n parameters costs n, not n * n (counted: lines run in add_to_grad)."""
    import sys

    file = mg.autograd.backward.__code__.co_filename

    def lines(n):
        leaves = [mg.ones(1, requires_grad=True) for _ in range(n)]
        total = sum((leaf * leaf).sum() for leaf in leaves)
        count = 0

        def trace(frame, event, arg):
            nonlocal count
            if frame.f_code.co_filename != file:
                return None
            count += event == "line"
            return trace

        sys.settrace(trace)
        try:
            total.backward()
        finally:
            sys.settrace(None)
        return count

    assert lines(80) < 2.5 * lines(40)


@pytest.mark.parametrize(
    "code, error, words",
    [
        ("f'{t:.2f}'", TypeError, "unsupported format string passed to Tensor.__format__"),
        ("int(t)", ValueError, "only one element tensors can be converted"),
        ("float(t)", ValueError, "only one element tensors can be converted"),
        ("'a' in t", RuntimeError, "Tensor.__contains__ only supports Tensor or scalar"),
        ("del t[0]", TypeError, "Tensor does not support deleting items"),
        ("t[1.0]", IndexError, "only integers, slices"),
        ("t[0.5:2]", TypeError, "slice indices must be integers or None"),
        ("t.size(5)", IndexError, "Dimension out of range (expected to be in range of"),
        ("torch.zeros(2, foo=1)", TypeError, "zeros()"),
        ("torch.from_numpy(np.ones(3)[::-1])", ValueError, "At least one stride in the"),
        ("torch.tensor(np.ones(3)[::-1])", ValueError, "At least one stride in the"),
        ("w[0] = 5", RuntimeError, "a view of a leaf Variable that requires grad"),
        ("w[w > 0] = 5", RuntimeError, "a leaf Variable that requires grad"),
        ("torch.mean([1.0, 2.0])", TypeError, "mean(): argument 'input' (position 1)"),
        ("t.clamp(min='a')", TypeError, ""),
        ("torch.max(3)", TypeError, "max(): argument 'input' (position 1)"),
        ("torch.sum(np.ones(2))", TypeError, "sum(): argument 'input' (position 1)"),
        ("torch.softmax([1.0], 0)", TypeError, ""),
        ("torch.zeros_like([1.0])", TypeError, "zeros_like(): argument 'input' (position 1)"),
        ("torch.ones_like(3)", TypeError, "ones_like(): argument 'input' (position 1)"),
        ("torch.randn_like([1.0])", TypeError, "randn_like(): argument 'input' (position 1)"),
        ("torch.clamp(3.0, 0, 1)", TypeError, ""),
        ("torch.flatten([1.0])", TypeError, ""),
        ("torch.reshape([1.0], (1, 1))", TypeError, "reshape(): argument 'input' (position 1)"),
        ("torch.transpose([[1.0]], 0, 1)", TypeError, ""),
        ("torch.mm([[1.0]], t)", TypeError, "mm(): argument 'input' (position 1)"),
        ("torch.squeeze(None)", TypeError, "squeeze()"),
        ("torch.nn.Linear(2, 1)(torch.tensor(np.ones(2)))", RuntimeError,
         "mat1 and mat2 must have the same dtype, but got Double and Float"),
        ("torch.nn.Linear(2, 1, bias=False)(t.long())", RuntimeError,
         "expected m1 and m2 to have the same dtype, but got: long long != float"),
        ("torch.cat([])", ValueError, "torch.cat(): expected a non-empty list"),
        ("torch.cat(t)", TypeError, "cat(): argument 'tensors' (position 1) must be tuple"),
        ("torch.Tensor('a')", TypeError, "new(): invalid data type"),
        ("torch.Tensor(1.5)", TypeError, "new(): data must be a sequence (got float)"),
        ("torch.Tensor([1.0], requires_grad=True)", TypeError, ""),
    ],
)  # fmt: skip
def test_refusals(code, error, words):
    namespace = {"torch": mg, "np": np, "t": mg.ones(2), "w": mg.ones(2, requires_grad=True)}
    with pytest.raises(error) as refused:
        exec(code, namespace)
    assert str(refused.value).startswith(words)
    if torch is None:
        return
    with pytest.raises(error) as refused:
        w = torch.ones(2, requires_grad=True)
        exec(code, {**namespace, "torch": torch, "t": torch.ones(2), "w": w})
    assert str(refused.value).startswith(words[:25])


@pytest.mark.parametrize(
    "code, printed",
    [
        ("torch.Tensor(2, 3).shape", "torch.Size([2, 3])"),
        ("torch.Tensor(3).shape", "torch.Size([3])"),
        ("torch.Tensor(torch.ones(2, 3).size()).shape", "torch.Size([2, 3])"),
        ("torch.Tensor()", "tensor([])"),
        ("torch.Tensor([1, 2])", "tensor([1., 2.])"),
        ("torch.Tensor((2, 3))", "tensor([2., 3.])"),
        ("torch.tensor([1, 2], dtype=float)", "tensor([1., 2.], dtype=torch.float64)"),
        ("torch.zeros(1, dtype=complex).dtype", "torch.complex128"),
        ("torch.set_grad_enabled(True)", "torch.autograd.grad_mode.set_grad_enabled(mode=True)"),
        # Names that NumPy users give, in every function that has a dim.
        ("torch.softmax(torch.zeros(1, 2), axis=1)", "tensor([[0.5000, 0.5000]])"),
        ("torch.arange(4).reshape(2, 2).cumsum(axis=0)", "tensor([[0, 1],\n        [2, 4]])"),
        ("torch.cat([torch.ones(1, 1)] * 2, axis=1)", "tensor([[1., 1.]])"),
        ("torch.stack([torch.ones(1)] * 2, axis=1)", "tensor([[1., 1.]])"),
        ("torch.ones(2).unsqueeze(axis=0)", "tensor([[1., 1.]])"),
        ("torch.ones(2, 2).prod(axis=1, keepdims=True)", "tensor([[1.],\n        [1.]])"),
        ("torch.tensor([3, 1]).argsort(axis=0)", "tensor([1, 0])"),
        ("torch.ones(2) == np.array([1, 2])", "tensor([ True, False])"),
        ("torch.tensor([np.float64(1.5)])", "tensor([1.5000], dtype=torch.float64)"),
        ("torch.nn.PReLU().weight.dtype", "torch.float32"),
        # A number that the tensor's dtype has no room for wraps, also to be compared.
        ("torch.tensor([1], dtype=torch.uint8) - 2 + (-1)", "tensor([254], dtype=torch.uint8)"),
        ("300 - torch.tensor([1], dtype=torch.uint8)", "tensor([43], dtype=torch.uint8)"),
        ("torch.tensor([1], dtype=torch.int8) + 200", "tensor([-55], dtype=torch.int8)"),
        ("torch.tensor([44], dtype=torch.uint8) == 300", "tensor([True])"),
        ("torch.tensor([1], dtype=torch.uint8) > -1", "tensor([False])"),
        # Sizes by name, and shapes cut and joined.
        ("torch.randn(size=(), requires_grad=True).requires_grad", "True"),
        ("torch.zeros(size=(2,), layout=torch.strided, pin_memory=False)", "tensor([0., 0.])"),
        ("torch.normal(0, 0.0, size=(2,), requires_grad=True)",
         "tensor([0., 0.], requires_grad=True)"),
        ("torch.randint(high=1, size=(2,))", "tensor([0, 0])"),
        ("torch.arange(end=2)", "tensor([0, 1])"),
        ("torch.ones(4).view(size=(2, 2)).shape", "torch.Size([2, 2])"),
        ("torch.ones(1).expand(size=(2, 3)).shape", "torch.Size([2, 3])"),
        ("torch.ones(2, 3).shape[:1] + (4,)", "torch.Size([2, 4])"),
        # A NumPy number is a number: it does not widen a tensor.
        ("torch.tensor(1.0) * np.float64(2)", "tensor(2.)"),
        ("np.float64(2) * torch.tensor([1])", "tensor([2.])"),
        ("torch.tensor(1, dtype=torch.int32) * np.int64(2)", "tensor(2, dtype=torch.int32)"),
        ("torch.tensor(1.0, dtype=torch.float16) + np.float32(2)",
         "tensor(3., dtype=torch.float16)"),
        ("torch.where(torch.tensor(True), np.float64(1), torch.tensor(2.0))", "tensor(1.)"),
        ("torch.full((1,), np.float64(1))", "tensor([1.])"),
        ("torch.tensor([1.0]) > np.float64(0.5)", "tensor([True])"),
    ],
)  # fmt: skip
def test_values(code, printed):
    assert repr(eval(code, {"torch": mg, "np": np})) == printed
    if torch is None:
        return
    assert repr(eval(code, {"torch": torch, "np": np})) == printed


def test_the_gradient_penalty_of_wgan_gp_as_it_is_usually_written():
    """``only_inputs=True`` is in nearly every copy of it. Hand-computed: D(x) = w . x."""
    w = mg.tensor([[3.0], [4.0]], requires_grad=True)
    x = mg.ones(2, 2, requires_grad=True)
    d = x @ w
    (g,) = mg.autograd.grad(
        outputs=d, inputs=x, grad_outputs=mg.ones(d.size()),
        create_graph=True, retain_graph=True, only_inputs=True,
    )  # fmt: skip
    penalty = ((g.view(2, -1).norm(2, dim=1) - 1) ** 2).mean()
    penalty.backward()
    assert penalty.item() == pytest.approx(16)  # (|w| - 1)^2 with |w| = 5
    assert w.grad.flatten().tolist() == pytest.approx([2 * 4 * 0.6, 2 * 4 * 0.8])


def test_a_dtype_in_a_graphs_text_is_pytorchs():
    x = mg.ones(1, requires_grad=True)
    y = x.half()
    assert "dtype=torch.float16" in mg.graph(y).describe()


def test_fork_rng_gives_the_stream_back_also_after_an_exception():
    mg.manual_seed(0)
    with pytest.raises(KeyError), mg.random.fork_rng():
        mg.rand(100)
        raise KeyError
    assert mg.rand(1).item() == pytest.approx(0.49625659)
