"""In-place operations, views and version counters: one test for minigrad and PyTorch."""

import gc

import hypothesis.strategies as st
import numpy as np
import pytest
from hypothesis import given, settings
from refusal import refused

import minigrad as mg

NEEDED = "one of the variables needed for gradient computation has been modified by an inplace"
LEAF = "a leaf Variable that requires grad is being used in an in-place operation."
VIEW_OF_LEAF = "a view of a leaf Variable that requires grad is being used in an in-place operation"


def numbers(t):
    return None if t is None else t.tolist()


# --- history and versions --------------------


def test_in_place_operations_are_recorded(m):
    x = m.tensor([1.0, 2.0], requires_grad=True)
    y = x * 1
    before = y
    y *= 3
    y += x
    y.sub_(1).div_(2)
    assert y is before and numbers(y) == [1.5, 3.5] and y.grad_fn.name() == "DivBackward0"
    y.sum().backward()
    assert numbers(x.grad) == [2.0, 2.0]


def test_versions_count_writes(m):
    x = m.zeros(3)
    assert x._version == 0
    x += 1
    x.mul_(2)
    x[0] = 5.0
    x.fill_(1)
    x.zero_()
    x.copy_(m.ones(3))
    assert x._version == 6
    assert (x + 1)._version == 0 and x.clone()._version == 0
    with m.no_grad():
        x.add_(1)
    assert x._version == 7


def test_views_and_detached_tensors_share_the_version(m):
    x = m.zeros(2, 3)
    view, row, cut = x.view(6), x[0], x.detach()
    row.add_(1)
    assert [t._version for t in (x, view, row, cut)] == [1, 1, 1, 1]
    assert numbers(view) == [1.0, 1.0, 1.0, 0.0, 0.0, 0.0]
    assert x.data._version == 0  # .data has a counter of its own


def test_overwriting_a_needed_input_is_refused_at_backward(m):
    x = m.tensor([1.0, 2.0], requires_grad=True)
    y = x * 1
    z = y * y
    y.add_(1)
    with refused(RuntimeError, NEEDED):
        z.sum().backward()
    assert x.grad is None


def test_overwriting_what_is_not_needed_is_fine(m):
    x = m.tensor([1.0, 2.0], requires_grad=True)
    y = x * 1
    z = y + 5  # a sum needs neither operand
    y.mul_(100)
    z.sum().backward()
    assert numbers(x.grad) == [1.0, 1.0]


def test_overwriting_a_needed_result_is_refused(m):
    x = m.tensor([1.0, 2.0], requires_grad=True)
    y = x.exp()
    y.add_(1)
    with refused(RuntimeError, NEEDED):
        y.sum().backward()


def test_overwriting_the_result_of_an_in_place_operation(m):
    """The numbers are kept, but the tensor that the operation saved is another one now."""
    for overwrite in (lambda y: y.add_(1), lambda y: y[:1].zero_(), lambda y: y.detach().mul_(2),
                      lambda y: y.view(2).fill_(1.0)):  # fmt: skip
        x = m.tensor([1.0, 2.0], requires_grad=True)
        y = x * 1
        y.exp_()
        overwrite(y)
        with refused(RuntimeError, NEEDED):
            y.sum().backward()
    x = m.tensor([1.0, 2.0], requires_grad=True)
    y = (x * 1).mul_(2).exp_()
    y.sum().backward()
    assert x.grad.tolist() == pytest.approx((2 * np.exp([2.0, 4.0])).tolist(), rel=1e-6)


def test_in_place_operations_keep_the_value_they_need(m):
    x, w = m.tensor([3.0], requires_grad=True), m.tensor([5.0], requires_grad=True)
    y = x * 1
    y *= w  # needs the old y for w's gradient
    y.backward()
    assert (numbers(x.grad), numbers(w.grad)) == ([5.0], [3.0])


def test_a_needed_tensor_overwritten_through_a_view_or_detach(m):
    for overwrite in (lambda y: y[0].zero_(), lambda y: y.detach().zero_(),
                      lambda y: y.view(1, 2).add_(1)):  # fmt: skip
        x = m.tensor([1.0, 2.0], requires_grad=True)
        y = x * 1
        z = y * y
        overwrite(y)
        with refused(RuntimeError, NEEDED):
            z.sum().backward()


def test_the_message_says_which_versions_and_which_line():
    x = mg.ones(2, requires_grad=True)
    y = x * 1
    z = y * y  # the line to be named
    y.add_(1)
    y.add_(1)
    with pytest.raises(RuntimeError) as caught:
        z.sum().backward()
    text = str(caught.value)
    assert "[torch.FloatTensor [2]], which is output 0 of Add, is at version 2; expected "\
        "version 0 instead" in text  # fmt: skip
    assert "z = y * y  # the line to be named" in text


# --- leaves --------------------


def test_leaves_cannot_be_written_to_while_recording(m):
    x = m.tensor([1.0, 2.0], requires_grad=True)

    def imul():
        nonlocal x
        x *= 2

    def assign():
        x[0] = 7.0

    for write in (imul, lambda: x.add_(1), lambda: x.zero_(), lambda: x.copy_(m.ones(2)),
                  lambda: x.exp_(), lambda: x.fill_(3)):  # fmt: skip
        with refused(RuntimeError, LEAF):
            write()
    with pytest.raises(RuntimeError, match="a (view of a )?leaf Variable that requires grad"):
        assign()
    for write in (lambda: x[0].add_(1), lambda: x.view(1, 2).mul_(2), lambda: x[:1].zero_()):
        with refused(RuntimeError, VIEW_OF_LEAF):
            write()
    assert numbers(x) == [1.0, 2.0] and x._version == 0 and x.is_leaf


def test_leaves_can_be_written_to_without_recording(m):
    x = m.tensor([1.0, 2.0], requires_grad=True)
    with m.no_grad():
        x *= 2
        x[0] = 7.0
        x[1:].add_(1)
    x.data.add_(1)
    x.detach().add_(1)
    assert numbers(x) == [9.0, 7.0] and x.is_leaf and x.requires_grad
    (x * x).sum().backward()
    assert numbers(x.grad) == [18.0, 14.0]


def test_a_leaf_without_gradient_takes_the_history_of_what_is_written(m):
    x = m.tensor([1.0, 2.0], requires_grad=True)
    buffer = m.zeros(2)
    buffer.add_(x)
    assert buffer.requires_grad and not buffer.is_leaf
    buffer.sum().backward()
    assert numbers(x.grad) == [1.0, 1.0]


# --- writing into views --------------------


def test_writing_into_a_view_changes_the_history_of_its_base(m):
    x = m.tensor([1.0, 2.0, 3.0], requires_grad=True)
    y = x * 1
    part = y[1:]
    part.mul_(10)
    assert numbers(y) == [1.0, 20.0, 30.0]
    assert y.grad_fn.name().endswith("CopySlices") and part.grad_fn is not None
    (y * m.tensor([1.0, 2.0, 4.0])).sum().backward(retain_graph=True)
    assert numbers(x.grad) == [1.0, 20.0, 40.0]
    x.grad = None
    part.sum().backward()  # the view's own gradient goes the new way too
    assert numbers(x.grad) == [0.0, 10.0, 10.0]


def test_writing_into_a_base_changes_the_history_of_its_views(m):
    x = m.tensor([1.0, 2.0], requires_grad=True)
    y = x * 1
    view = y.view(2, 1)
    y.mul_(3)
    assert numbers(view) == [[3.0], [6.0]] and view._version == 1
    view.sum().backward()
    assert numbers(x.grad) == [3.0, 3.0]


def test_writing_into_a_view_of_a_view(m):
    x = m.tensor([[1.0, 2.0], [3.0, 4.0]], requires_grad=True)
    y = x * 1
    diagonal_end = y.t()[1][1:]
    diagonal_end.mul_(7)
    y.sum().backward()
    assert numbers(x.grad) == [[1.0, 1.0], [1.0, 7.0]]


def test_sibling_views_see_the_write(m):
    x = m.tensor([1.0, 2.0], requires_grad=True)
    y = x * 1
    one, other = y.view(1, 2), y.view(2, 1)
    one.mul_(5)
    other.sum().backward()
    assert numbers(x.grad) == [5.0, 5.0]


def test_writing_a_recorded_value_into_a_plain_buffer(m):
    """The loop that fills a preallocated tensor, row by row."""
    x = m.tensor(2.0, requires_grad=True)
    out = m.zeros(3)
    for i in range(3):
        out[i] = x ** (i + 1)
    assert numbers(out) == [2.0, 4.0, 8.0] and out.requires_grad
    (out * m.tensor([1.0, 10.0, 100.0])).sum().backward()
    assert x.grad.item() == 1 + 10 * 4 + 100 * 12


def test_assignment_sends_no_gradient_to_what_it_overwrote(m):
    x, v = m.tensor([1.0, 2.0, 3.0], requires_grad=True), m.tensor([10.0], requires_grad=True)
    y = x * 2
    y[1:2] = v
    y[m.tensor([True, False, False])] = 5.0
    y.sum().backward()
    assert (numbers(x.grad), numbers(v.grad)) == ([0.0, 0.0, 2.0], [1.0])


def test_zero_fill_and_copy_cut_the_gradient(m):
    x, s = m.tensor([1.0, 2.0], requires_grad=True), m.tensor([[3.0]], requires_grad=True)
    for write, dx, ds in [
        (lambda y: y.zero_(), [0.0, 0.0], None),
        (lambda y: y.fill_(3), [0.0, 0.0], None),
        (lambda y: y.copy_(s[0]), [0.0, 0.0], [[2.0]]),
    ]:
        x.grad = s.grad = None
        y = x * 5
        write(y)
        y.sum().backward()
        assert (numbers(x.grad), numbers(s.grad)) == (dx, ds)


def test_views_made_without_recording(m):
    x = m.tensor([1.0, 2.0], requires_grad=True)
    y = x * 1
    with m.no_grad():
        view = y[:1]
    with refused(RuntimeError, "A view was created in no_grad mode and is being modified inplace"):
        view.mul_(2)
    with m.no_grad():
        view.mul_(2)
    assert numbers(y) == [2.0, 2.0]


def test_one_of_several_views(m):
    x = m.tensor([[1.0], [2.0]], requires_grad=True)
    y = x * 1
    for first in (y.unbind(0)[0], y.split(1)[0], y.chunk(2)[0]):
        with pytest.raises(RuntimeError, match=r"Output 0 of \w+ is a view and is being modified"):
            first.mul_(2)
    assert numbers(y) == [[1.0], [2.0]] and y._version == 0


def test_views_that_a_write_to_their_base_makes_useless(m):
    x = m.tensor([1.0, 2.0], requires_grad=True)
    y = x * 1
    one, _ = y.unbind(0)
    with m.no_grad():
        quiet = y[:1]
    y.mul_(3)
    with refused(RuntimeError, "Output 0 of Unbind is a view and its base or another view of its "
                 "base has been modified inplace."):  # fmt: skip
        one * 2
    with refused(RuntimeError, "A view was created in no_grad mode and its base or another view of "
                 "its base has been modified inplace with grad mode enabled."):  # fmt: skip
        quiet * 2
    with m.no_grad():  # their numbers can be used
        assert (one.item(), numbers(quiet * 2)) == (3.0, [6.0])
    y.sum().backward()
    assert numbers(x.grad) == [3.0, 3.0]


def test_a_view_keeps_its_history_when_its_base_is_detached(m):
    x = m.tensor([1.0, 2.0], requires_grad=True)
    y = x * 2
    view = y.view(2, 1)
    y.detach_()
    assert view.requires_grad and not y.requires_grad
    view.sum().backward()
    assert numbers(x.grad) == [2.0, 2.0]


def test_a_recurrence_written_in_place(m):
    x = m.tensor([1.0, 2.0, 3.0], requires_grad=True)
    y = x * 1
    for t in range(1, 3):
        y[t] = y[t - 1] * 2 + x[t]
    y[2].backward()  # 4 x_0 + 2 x_1 + x_2
    assert numbers(x.grad) == [4.0, 2.0, 1.0]


def test_which_operations_give_views(m):
    x = m.zeros(2, 3)
    views = [x[0], x[:, 1:], x.view(6), x.reshape(3, 2), x.t(), x.permute(1, 0), x.unsqueeze(0),
             x.squeeze(), x.expand(2, 3), x.detach(), x.unbind(0)[0], x.split(1)[1], x.flatten(),
             x.diagonal(), x.narrow(0, 0, 1), x.T]  # fmt: skip
    copies = [x[[0, 1]], x[x == 0], x.clone(), x + 0, x.repeat(2, 1), x.t().reshape(6),
              x.t().flatten(), m.cat([x, x])]  # fmt: skip
    x.add_(1)
    assert all(t.flatten()[0].item() == 1.0 for t in views)
    assert all(t.flatten()[0].item() == 0.0 for t in copies)


def test_is_view_and_base(m):
    x = m.zeros(2, 3)
    assert x._base is None and not x._is_view()
    assert x.view(6)[2:]._base is x and x.view(6)._is_view()


# --- what is refused --------------------


def test_results_that_do_not_fit(m):
    x = m.ones(2)
    with refused(RuntimeError, "output with shape [2] doesn't match the broadcast shape [3, 2]"):
        x.add_(m.ones(3, 2))
    with refused(RuntimeError, "The size of tensor a (2) must match the size of tensor b (3)"):
        x.add_(m.ones(3))
    with refused(RuntimeError, "The size of tensor a (2) must match the size of tensor b (3)"):
        x.copy_(m.ones(3))
    n = m.tensor([1, 2])
    with refused(RuntimeError, "result type Float can't be cast to the desired output type Long"):
        n.add_(1.5)
    with refused(RuntimeError, "result type Float can't be cast to the desired output type Long"):
        n /= 2
    with refused(RuntimeError, "unsupported operation: more than one element of the written-to"):
        m.ones(1).expand(3).add_(1)
    assert numbers(x) == [1.0, 1.0] and numbers(n) == [1, 2]
    assert x._version == n._version == 0


def test_in_place_keeps_the_dtype(m):
    x = m.tensor([1, 2])
    x += True
    half = m.ones(2)
    half.add_(m.ones(2, dtype=m.float64))
    assert (x.dtype, half.dtype) == (m.int64, m.float32)


# --- random programs of views and writes, against finite differences --------------------

STEPS = {
    "y.mul_(2)": lambda m, y, w: y.mul_(2),
    "y.add_(w)": lambda m, y, w: y.add_(w),
    "y.mul_(w)": lambda m, y, w: y.mul_(w),
    "y[0].mul_(w[0])": lambda m, y, w: y[0].mul_(w[0]),
    "y[:, 1] = w[:, 0]": lambda m, y, w: y.__setitem__((slice(None), 1), w[:, 0]),
    "y.t()[1:].add_(y[0].sum())": lambda m, y, w: y.t()[1:].add_(y[0].sum()),
    "y.view(6)[2:4].mul_(w.sum())": lambda m, y, w: y.view(6)[2:4].mul_(w.sum()),
    "y.tanh_()": lambda m, y, w: y.tanh_(),
    "y[1].sigmoid_()": lambda m, y, w: y[1].sigmoid_(),
    "y[1].zero_()": lambda m, y, w: y[1].zero_(),
    "y.view(3, 2)[0].copy_(w[0, :2])": lambda m, y, w: y.view(3, 2)[0].copy_(w[0, :2]),
    "y.reshape(6)[::2] -= 1": lambda m, y, w: y.reshape(6)[::2].sub_(1),
    "y.pow_(2)": lambda m, y, w: y.pow_(2),
}


KEEP_THEIR_RESULT = {"y.tanh_()", "y[1].sigmoid_()"}  # so no other write may come after


def program(m, x, w, names):
    y = x * 1
    total = y.sum()
    for name in names:
        STEPS[name](m, y, w)
        total = total + (y.clone() * m.arange(6, dtype=y.dtype).view(2, 3)).sum() * 0.1
    return total


@settings(max_examples=25, deadline=None)
@given(st.lists(st.sampled_from(sorted(STEPS)), min_size=1, max_size=5), st.integers(0, 99))
def test_random_writes_have_right_gradients(names, seed):
    rng = np.random.default_rng(seed)
    values = [rng.uniform(0.2, 1.0, (2, 3)) for _ in range(2)]

    def run(x, w):
        return program(mg, x, w, names)

    x, w = (mg.tensor(v, dtype=mg.float64, requires_grad=True) for v in values)
    loss = run(x, w)
    if KEEP_THEIR_RESULT & set(names[:-1]):
        with refused(RuntimeError, NEEDED):
            loss.backward()
        return
    grads = mg.autograd.grad(loss, [x, w], allow_unused=True, materialize_grads=True)
    for k, g in enumerate(grads):
        for at in np.ndindex(2, 3):
            moved = [[v.copy() for v in values] for _ in range(2)]
            moved[0][k][at] += 1e-6
            moved[1][k][at] -= 1e-6
            high, low = (run(*[mg.tensor(v, dtype=mg.float64) for v in vs]).item() for vs in moved)
            assert g[at].item() == pytest.approx((high - low) / 2e-6, rel=1e-4, abs=1e-4)


def test_rebased_views_make_no_reference_cycle():
    while gc.collect():  # what other tests have left
        pass
    gc.disable()
    try:
        x = mg.ones(2, 3, requires_grad=True)
        y = x * 1
        for name, step in STEPS.items():
            if name not in KEEP_THEIR_RESULT:
                step(mg, y, mg.ones(2, 3))
        view = y.view(6)
        view[:2].mul_(2)
        y.tanh_()
        y.sum().backward()
        del x, y, view
        assert gc.collect() == 0
    finally:
        gc.enable()
