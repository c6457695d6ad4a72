"""Hooks on tensors, nodes and saved tensors: one test for minigrad and PyTorch."""

import gc

import pytest
from refusal import refused

import minigrad as mg


def numbers(t):
    return None if t is None else t.tolist()


# --- tensor hooks ------------------------


def test_a_hook_sees_and_replaces_the_gradient(m):
    x = m.tensor([1.0, 2.0], requires_grad=True)
    y = x * x
    seen = []
    y.register_hook(lambda g: seen.append(numbers(g)))
    y.register_hook(lambda g: g * 10)
    y.register_hook(lambda g: seen.append(numbers(g)))
    x.register_hook(lambda g: g + 1)
    (y * 3).sum().backward()
    assert seen == [[3.0, 3.0], [30.0, 30.0]]
    assert numbers(x.grad) == [61.0, 121.0]


def test_a_hook_runs_once_with_the_whole_gradient(m):
    x = m.tensor(1.0, requires_grad=True)
    seen = []
    x.register_hook(lambda g: seen.append(g.item()))
    (x * 2 + x * 3 + x * x).backward()
    assert seen == [7.0]


def test_handles_remove_hooks(m):
    x = m.tensor(1.0, requires_grad=True)
    handle = x.register_hook(lambda g: g * 100)
    with x.register_hook(lambda g: g * 10):
        (x * 2).backward()
    assert x.grad.item() == 2000.0
    handle.remove()
    handle.remove()  # twice is no error
    (x * 2).backward()
    assert x.grad.item() == 2002.0


def test_hooks_belong_to_the_history_they_were_registered_on(m):
    x = m.tensor([1.0], requires_grad=True)
    y = x * 1
    seen = []
    y.register_hook(lambda g: seen.append(numbers(g)))
    y.mul_(5)  # y is another value now
    y.register_hook(lambda g: seen.append(numbers(g)))
    (y * 2).backward()
    assert seen == [[2.0], [10.0]]


def test_wrong_hooks(m):
    x = m.ones(2, requires_grad=True)
    with refused(RuntimeError, "cannot register a hook on a tensor that doesn't require gradient"):
        m.ones(2).register_hook(lambda g: g)
    for wrong, error, words in [
        (lambda g: 3, TypeError, "expected Variable, but hook returned 'int'"),
        (lambda g: m.ones(3), RuntimeError, "hook '<lambda>' has changed the size of value"),
        (lambda g: g.double(), RuntimeError, "hook '<lambda>' has changed the type of value (was "
         "torch.FloatTensor got torch.DoubleTensor)"),
    ]:  # fmt: skip
        with x.register_hook(wrong), refused(error, words):
            (x * 2).sum().backward()
        assert x.grad is None


def test_a_hook_that_raises_changes_nothing():
    a, b = (mg.ones(1, requires_grad=True) for _ in range(2))

    def hook(g):
        raise ZeroDivisionError

    b.register_hook(hook)
    with pytest.raises(ZeroDivisionError):
        (a + b).backward()
    assert a.grad is None and b.grad is None
    assert mg.is_grad_enabled()


def test_hooks_with_create_graph(m):
    x = m.tensor(2.0, requires_grad=True)
    x.register_hook(lambda g: g * x)
    (dx,) = m.autograd.grad(x**3, x, create_graph=True)  # 3 x^2, times x by the hook
    assert dx.item() == 24.0
    assert m.autograd.grad(dx, x)[0].item() == 72.0  # 9 x^2 = 36, times x by the hook


# --- hooks on leaves after accumulating ------------------------


def test_post_accumulate_grad_hook(m):
    """The optimizer step in the backward pass."""
    w = m.tensor([1.0, 2.0], requires_grad=True)
    calls = []

    def step(param):
        calls.append(numbers(param.grad))
        with m.no_grad():
            param -= 0.5 * param.grad
        param.grad = None

    handle = w.register_post_accumulate_grad_hook(step)
    (w * w).sum().backward()
    assert calls == [[2.0, 4.0]] and numbers(w) == [0.0, 0.0] and w.grad is None
    handle.remove()
    (w * 3).sum().backward()
    assert numbers(w.grad) == [3.0, 3.0]
    with refused(RuntimeError, "post accumulate grad hooks cannot be registered on non-leaf"):
        (w * 2).register_post_accumulate_grad_hook(step)
    with refused(RuntimeError, "cannot register a hook on a tensor that doesn't require gradient"):
        m.ones(1).register_post_accumulate_grad_hook(step)


# --- nodes ------------------------


def test_node_hooks(m):
    x = m.tensor([2.0], requires_grad=True)
    y = x * 3
    seen = []
    y.grad_fn.register_prehook(lambda grads: seen.append(("pre", numbers(grads[0]))))
    y.grad_fn.register_prehook(lambda grads: (grads[0] * 10,))
    handle = y.grad_fn.register_hook(
        lambda into, out: seen.append(("post", numbers(into[0]), into[1], numbers(out[0])))
    )
    (y * 1).backward(retain_graph=True)
    assert seen == [("pre", [1.0]), ("post", [30.0], None, [10.0])]
    assert numbers(x.grad) == [30.0]
    handle.remove()
    y.grad_fn.register_hook(lambda into, out: (into[0] + 1, None))
    (y * 1).backward()
    assert numbers(x.grad) == [61.0]


def test_hooks_on_the_accumulating_node(m):
    x = m.tensor([2.0], requires_grad=True)
    node = (x * 3).grad_fn.next_functions[0][0]
    seen = []
    node.register_prehook(lambda grads: (grads[0] * 2,))
    node.register_hook(lambda into, out: seen.append((into, numbers(out[0]), numbers(x.grad))))
    (x * 3).backward()
    assert seen == [((), [6.0], [6.0])] and numbers(x.grad) == [6.0]


def test_walking_the_graph_by_next_functions(m):
    x, w = m.tensor([2.0], requires_grad=True), m.tensor([3.0])
    y = (x * w + x).sum()
    node = y.grad_fn
    assert node.name() == "SumBackward0"
    ((add, number),) = node.next_functions
    assert (add.name(), number) == ("AddBackward0", 0)
    (mul, _), (leaf, _) = add.next_functions
    assert mul.name() == "MulBackward0" and leaf.name().endswith("AccumulateGrad")
    assert leaf.variable is x and leaf.next_functions == ()
    (same, _), nothing = mul.next_functions
    assert same == leaf and nothing == (None, 0)
    first, second = (x * 2).unbind(0)[0].grad_fn.next_functions, m.ones(1).grad_fn
    assert first[0][0].name() == "MulBackward0" and second is None


def test_output_numbers_in_next_functions(m):
    x = m.tensor([[3.0, 1.0], [2.0, 5.0]], requires_grad=True)
    a, b = x.unbind(0)
    assert [edge[1] for edge in (b * a).grad_fn.next_functions] == [1, 0]


def test_metadata_is_kept_with_the_node(m):
    x = m.ones(1, requires_grad=True)
    y = x * 2
    y.grad_fn.metadata["note"] = "mine"
    assert (y + 1).grad_fn.next_functions[0][0].metadata == {"note": "mine"}
    assert (x * 2).grad_fn.metadata == {}
    y.grad_fn.next_functions[0][0].metadata["k"] = 1
    assert (x * 3).grad_fn.next_functions[0][0].metadata == {"k": 1}


def test_node_is_a_type_to_ask_for(m):
    x = m.ones(1, requires_grad=True)
    Node = m.autograd.graph.Node
    y = x * 2
    assert isinstance(y.grad_fn, Node) and isinstance(y.grad_fn.next_functions[0][0], Node)
    assert not isinstance(x, Node) and issubclass(type(y.grad_fn), Node)


# --- several tensors ------------------------


def test_multi_grad_hook_all(m):
    a, b, c = (m.tensor([float(i)], requires_grad=True) for i in (1, 2, 3))
    middle = a * b
    calls = []
    handle = m.autograd.graph.register_multi_grad_hook(
        (a, middle, c), lambda grads: calls.append([numbers(g) for g in grads])
    )
    loss = (middle * 10 + c).sum()
    loss.backward(retain_graph=True)
    assert calls == [[[20.0], [10.0], [1.0]]]
    (middle * 3).sum().backward(retain_graph=True)  # does not reach c
    assert calls[1:] == [[[6.0], [3.0], None]]
    loss.backward(inputs=[b], retain_graph=True)  # of the three only the middle is on the way
    assert calls[2:] == [[None, [10.0], None]]
    handle.remove()
    loss.backward()
    assert len(calls) == 3


def test_multi_grad_hook_any(m):
    a, b = (m.tensor([float(i)], requires_grad=True) for i in (1, 2))
    middle = a * 2
    calls = []
    m.autograd.graph.register_multi_grad_hook(
        (a, middle, b), lambda g: calls.append(numbers(g)), mode="any"
    )
    loss = (middle * b).sum()
    loss.backward(retain_graph=True)
    assert len(calls) == 1  # once a pass, whichever gradient is first
    loss.backward()
    assert len(calls) == 2 and all(g in ([2.0], [4.0]) for g in calls)
    with refused(ValueError, "Expects mode to be one of ('all', 'any') but got foo"):
        m.autograd.graph.register_multi_grad_hook((a,), print, mode="foo")
    with pytest.raises(AssertionError, match="Expected gradient function to be set"):
        m.autograd.graph.register_multi_grad_hook((m.ones(1),), print)


def test_hooks_make_no_reference_cycle():
    while gc.collect():  # what other tests have left
        pass
    gc.disable()
    try:
        x = mg.ones(2, requires_grad=True)
        y = x * 2
        y.register_hook(lambda g: g * 2)
        y.grad_fn.register_hook(lambda i, o: None)
        y.retain_grad()
        mg.autograd.graph.register_multi_grad_hook((x, y), lambda grads: None)
        (y * y).sum().backward()
        del x, y
        assert gc.collect() == 0
    finally:
        gc.enable()


# --- saved tensors ------------------------


def test_saved_attributes_of_nodes(m):
    x, w = m.tensor([2.0], requires_grad=True), m.tensor([3.0], requires_grad=True)
    y = x * w
    assert y.grad_fn._saved_self is x and y.grad_fn._saved_other is w
    e = x.exp()
    assert numbers(e.grad_fn._saved_result) == numbers(e)
    e.backward()
    with refused(RuntimeError, "Trying to backward through the graph a second time"):
        e.grad_fn._saved_result  # noqa: B018


def test_saved_tensors_hooks(m):
    packed, unpacked = [], []

    def pack(t):
        assert not m.is_grad_enabled() or m is not mg
        packed.append(numbers(t))
        return len(packed) - 1

    def unpack(i):
        unpacked.append(i)
        return m.tensor(packed[i])

    x, w = m.tensor([2.0], requires_grad=True), m.tensor([3.0], requires_grad=True)
    with m.autograd.graph.saved_tensors_hooks(pack, unpack):
        y = (x * w).exp()
    z = y * w  # outside: nothing packed
    assert packed[:2] in ([[2.0], [3.0]], [[3.0], [2.0]]) and len(packed) == 3
    z.backward()
    assert sorted(unpacked) == [0, 1, 2]
    e6 = 403.4287934927351
    assert x.grad.item() == pytest.approx(9 * e6, rel=1e-5)
    assert w.grad.item() == pytest.approx(e6 * (1 + 6), rel=1e-5)


def test_the_innermost_pair_of_saved_tensor_hooks_counts(m):
    seen = []
    hooks = m.autograd.graph.saved_tensors_hooks
    x = m.tensor([2.0], requires_grad=True)
    with hooks(lambda t: seen.append("outer") or t, lambda t: t):
        with hooks(lambda t: seen.append("inner") or t, lambda t: t):
            x.exp()
        x.exp()
    assert seen == ["inner", "outer"]


def test_wrong_saved_tensor_hooks(m):
    hooks = m.autograd.graph.saved_tensors_hooks
    x = m.tensor([2.0], requires_grad=True)
    with hooks(lambda t: t, lambda t: 3):
        y = x.exp()
    with refused(TypeError, "Output of saved tensor unpack_hook expected to be a Tensor but got"):
        y.backward()
    with hooks(lambda t: t.add_(1), lambda t: t):
        with refused(RuntimeError, "A saved tensor pack hook is modifying its input in place."):
            m.exp(x * 1)
    assert numbers(x) == [2.0]


def test_disabling_saved_tensor_hooks(m):
    g = m.autograd.graph
    with g.disable_saved_tensors_hooks("not here"):
        with refused(RuntimeError, "not here"):
            g.saved_tensors_hooks(lambda t: t, lambda t: t).__enter__()
    with g.saved_tensors_hooks(lambda t: t, lambda t: t):
        with refused(RuntimeError, "not here"):
            g.disable_saved_tensors_hooks("not here").__enter__()
    with g.saved_tensors_hooks(lambda t: t, lambda t: t):
        pass


def test_save_on_cpu(m):
    x = m.tensor([2.0], requires_grad=True)
    with m.autograd.graph.save_on_cpu():
        y = x * x
    y.backward()
    assert numbers(x.grad) == [4.0]
