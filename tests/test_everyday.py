"""What people type every day, wrong and right: found by running tutorials' snippets on both sides.

Expected values and errors are PyTorch's; where it is installed, they are compared with it again.
"""

import minigrad as mg
import pytest

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
    torch = pytest.importorskip("torch", reason="PyTorch is the truth here; it is not installed")
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
