"""``utils.checkpoint``: the same gradients from less memory; one test for minigrad and PyTorch."""

import gc
import importlib
import weakref

import pytest
from refusal import refused

import minigrad as mg


def numbers(t):
    return None if t is None else t.tolist()


@pytest.fixture
def tools(m):
    """The module utils.checkpoint."""
    return importlib.import_module(m.__name__ + ".utils.checkpoint")


@pytest.mark.parametrize("reentrant", [False, True])
def test_same_gradients_and_a_second_run(m, tools, reentrant):
    runs = []
    w = m.tensor([0.5, -1.0], requires_grad=True)

    def block(x, k):
        runs.append(m.is_grad_enabled())
        return (x * w).sin() * k, x + 1

    def gradients(call):
        x = m.tensor([1.0, 2.0], requires_grad=True)
        w.grad = None
        a, b = call(x * 1, 3.0)
        (a * b).sum().backward()
        return numbers(x.grad), numbers(w.grad)

    plain = gradients(block)
    runs.clear()
    again = gradients(lambda *args: tools.checkpoint(block, *args, use_reentrant=reentrant))
    assert again == plain
    assert runs == [not reentrant, True]


@pytest.mark.parametrize("reentrant", [False, True])
def test_the_same_random_numbers_are_drawn_again(m, tools, reentrant):
    m.manual_seed(3)
    masks = []

    def drop(x):
        masks.append(m.rand(4).tolist())
        return x * m.tensor(masks[-1])

    x = m.ones(4, requires_grad=True)
    y = tools.checkpoint(drop, x * 1, use_reentrant=reentrant)
    after_forward = m.rand(2).tolist()
    y.sum().backward()
    assert masks[0] == masks[1] and numbers(x.grad) == masks[0]
    m.manual_seed(3)
    m.rand(4)
    assert m.rand(2).tolist() == after_forward
    following = m.rand(1).item()
    m.manual_seed(3)
    m.rand(6)
    assert m.rand(1).item() == following


def test_without_use_reentrant_it_warns(m, tools):
    x = m.ones(1, requires_grad=True)
    with pytest.warns(UserWarning, match="the use_reentrant parameter should be passed explicitly"):
        y = tools.checkpoint(m.sin, x)
    assert y.grad_fn.name() == "CheckpointFunctionBackward"


def test_the_old_way_has_its_limits(m, tools):
    x = m.ones(1, requires_grad=True)
    y = tools.checkpoint(m.sin, x, use_reentrant=True)
    with refused(RuntimeError, "When use_reentrant=True, torch.utils.checkpoint is incompatible"):
        m.autograd.grad(y, x)
    with pytest.warns(UserWarning, match="None of the inputs have requires_grad=True"):
        tools.checkpoint(m.sin, m.ones(1), use_reentrant=True)
    with refused(ValueError, "Unexpected keyword arguments: k"):
        tools.checkpoint(m.sin, x, use_reentrant=True, k=3)


def test_what_the_new_way_can(m, tools):
    x, w = m.tensor(0.5, requires_grad=True), m.tensor(2.0, requires_grad=True)

    def block(x, *, power):
        return (x * w) ** power

    y = tools.checkpoint(block, x, use_reentrant=False, power=3)
    dx, dw = m.autograd.grad(y, [x, w], retain_graph=True)
    assert (dx.item(), dw.item()) == (6.0, 1.5)
    y.backward(retain_graph=True)
    y.backward()
    assert x.grad.item() == 12.0
    # Only a parameter needs a gradient.
    w.grad = None
    tools.checkpoint(block, m.tensor(1.0), use_reentrant=False, power=2).backward()
    assert w.grad.item() == 4.0
    # Higher derivatives.
    y = tools.checkpoint(block, x, use_reentrant=False, power=3)
    (dx,) = m.autograd.grad(y, x, create_graph=True)
    assert m.autograd.grad(dx, x)[0].item() == 6 * 8 * 0.5


def test_nested_checkpoints(m, tools):
    def inner(x):
        return x.sin().exp()

    def outer(x):
        return tools.checkpoint(inner, x * 2, use_reentrant=False).cos()

    x = m.tensor(0.3, requires_grad=True)
    outer(x).backward()
    plain, x.grad = x.grad.item(), None
    tools.checkpoint(outer, x, use_reentrant=False).backward()
    assert x.grad.item() == plain


def test_what_is_different_the_second_time_is_found(m, tools):
    sizes = iter([3, 2])

    def changing(x):
        return (x[: next(sizes)] * 2).sin().sum()

    x = m.ones(3, requires_grad=True)
    y = tools.checkpoint(changing, x * 1, use_reentrant=False)
    with refused(tools.CheckpointError, "torch.utils.checkpoint: Recomputed values for the "
                 "following tensors have different metadata than during the forward"):  # fmt: skip
        y.backward()
    times = iter([2, 1])

    def forgetful(x):
        for _ in range(next(times)):
            x = x.sin()
        return x.sum()

    y = tools.checkpoint(forgetful, x * 1, use_reentrant=False)
    with refused(tools.CheckpointError, "torch.utils.checkpoint: A different number of tensors was "
                 "saved during the original forward and recomputation."):  # fmt: skip
        y.backward()
    assert x.grad is None and m.is_grad_enabled()


def test_overwritten_inputs_are_found(m, tools):
    x = m.ones(3, requires_grad=True)
    z = x * 1
    y = tools.checkpoint(lambda t: t.sin().sum(), z, use_reentrant=False)
    z.add_(1)
    with refused(RuntimeError, "one of the variables needed for gradient computation has been"):
        y.backward()


@pytest.mark.parametrize("reentrant", [False, True])
@pytest.mark.parametrize("segments", [1, 2, 3])
def test_checkpoint_sequential(m, tools, segments, reentrant):
    functions = [m.sin, m.exp, m.cos, m.tanh, m.sigmoid]
    runs = []

    def counted(f):
        return lambda t: runs.append(f) or f(t)

    x = m.tensor([0.1, 0.7], requires_grad=True)
    y = x
    for f in functions:
        y = f(y)
    (plain,) = m.autograd.grad(y.sum(), x)
    y = tools.checkpoint_sequential([counted(f) for f in functions], segments, x,
                                    use_reentrant=reentrant)  # fmt: skip
    assert len(runs) == 5
    y.sum().backward()
    assert numbers(x.grad) == numbers(plain)
    again = {1: 0, 2: 2, 3: 2}[segments]  # all but the last segment run twice
    assert len(runs) == 5 + again


def test_it_keeps_only_the_inputs():
    from minigrad.utils.checkpoint import checkpoint

    kept = []

    def block(x):
        for _ in range(10):
            x = x.sin()
            kept.append(weakref.ref(x))
        return x

    x = mg.ones(1000, requires_grad=True)
    y = block(x)
    assert sum(r() is not None for r in kept) == 10  # 9 for the sines, 1 is y
    kept.clear()
    y = checkpoint(block, x, use_reentrant=False)
    assert sum(r() is not None for r in kept) == 1  # y
    while gc.collect():  # what other tests have left
        pass
    gc.disable()
    try:
        y.sum().backward()
        del y
        assert gc.collect() == 0
    finally:
        gc.enable()
