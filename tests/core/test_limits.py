"""The engine at its limits: long and wide graphs, memory, order of summing, unsupported input."""

import gc
import subprocess
import sys
import time
import tracemalloc
import weakref

import numpy as np
import pytest
from refusal import refused

import minigrad as mg
from minigrad.core.node import Node


@pytest.fixture
def no_gc():
    """The garbage collector off: what is freed is freed by reference counts alone."""
    while gc.collect():  # what other tests have left
        pass
    gc.disable()
    yield
    gc.enable()


# --- depth -----------------------------------------------------------------------------------


def test_a_chain_of_a_million_operations(no_gc):
    """Forward, backward and freeing do not recurse."""
    n = 1_000_000
    x = mg.tensor(1.0, dtype=mg.float64, requires_grad=True)
    one = mg.ones((), dtype=mg.float64)
    start = time.perf_counter()
    y = x
    for _ in range(n):
        y = y + one
    forward = time.perf_counter()
    y.backward()
    backward = time.perf_counter()
    first = weakref.ref(y.grad_fn)
    del y
    end = time.perf_counter()
    print(f"forward {forward - start:.1f} s, backward {backward - forward:.1f} s, "
          f"freeing {end - backward:.1f} s")  # fmt: skip
    assert x.grad.item() == 1.0 and first() is None


def test_long_chains_of_other_kinds(no_gc):
    """Saved tensors, several outputs, views, in-place operations and user's Functions too."""

    class Twice(mg.autograd.Function):
        @staticmethod
        def forward(ctx, x):
            ctx.save_for_backward(x)
            return x * 1

        @staticmethod
        def backward(ctx, g):
            (x,) = ctx.saved_tensors
            return g

    def in_place(y):
        y.mul_(1.0)
        return y

    steps = {
        "mul": lambda y: y * y,
        "tanh": lambda y: y.tanh(),
        "unbind": lambda y: y.unbind(0)[0].unsqueeze(0),
        "view": lambda y: y.view(1, 1).view(1),
        "in place": in_place,
        "Function": Twice.apply,
    }
    for name, step in steps.items():
        x = mg.ones(1, requires_grad=True)
        y = x * 1
        for _ in range(5_000):
            y = step(y)
        y.backward()
        assert x.grad is not None, name
        del y


def test_freeing_a_long_graph_that_was_never_walked(no_gc):
    x = mg.ones(1, requires_grad=True)
    y = x
    for _ in range(100_000):
        y = (y * y).exp()
    node = weakref.ref(y.grad_fn)
    del y
    assert node() is None


def test_a_thread_with_a_small_stack_can_free_a_graph():
    """In a process of its own: running out of stack would kill this one."""
    code = """
import threading, minigrad as mg
threading.stack_size(256 * 1024)
def work():
    x = mg.ones(1, requires_grad=True)
    y = x
    for _ in range(30_000):
        y = y * x
    y.backward()
    del y
    done.append(x.grad)
done = []
t = threading.Thread(target=work); t.start(); t.join()
print(done)
"""
    ran = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True)
    assert ran.stdout == "[tensor([30001.])]\n", ran.stderr


def test_a_wide_graph():
    x = mg.ones(1, requires_grad=True)
    mg.stack([x * float(i) for i in range(5000)]).sum().backward()
    assert x.grad.item() == 5000 * 4999 / 2


def test_a_graph_with_exponentially_many_paths_takes_linear_time():
    x = mg.tensor(1.0, dtype=mg.float64, requires_grad=True)
    y = x
    for _ in range(500):
        y = y + y  # 2 ** 500 paths
    y.backward()
    assert x.grad.item() == 2.0**500


# --- memory ------------------------------------------------------------------------------------


def seed_loop(steps):
    """The tutorial's two-layer network, small."""
    mg.manual_seed(0)
    x, t = mg.randn(8, 16), mg.randn(8, 4)
    w1, w2 = mg.randn(16, 12, requires_grad=True), mg.randn(12, 4, requires_grad=True)
    for step in range(steps):
        loss = (x.mm(w1).clamp(min=0).mm(w2) - t).pow(2).sum()
        loss.backward()
        with mg.no_grad():
            w1 -= 1e-6 * w1.grad
            w2 -= 1e-6 * w2.grad
            w1.grad.zero_()
            w2.grad.zero_()
        yield step


def test_the_seed_loop_has_flat_memory_without_the_collector(no_gc):
    marks = {}
    tracemalloc.start()
    try:
        for step in seed_loop(3501):  # Python keeps 2000 freed tuples for reuse: let it fill up
            if step in (2500, 3500):
                marks[step] = (tracemalloc.get_traced_memory()[0], len(gc.get_objects()))
    finally:
        tracemalloc.stop()
    (bytes_before, objects_before), (bytes_after, objects_after) = marks[2500], marks[3500]
    assert bytes_after - bytes_before < 8000, marks  # one object a step would be 50,000 bytes
    assert objects_after - objects_before < 5, marks


def test_no_garbage_from_any_way_of_using_a_graph(no_gc):
    def plain():
        x = mg.ones(3, requires_grad=True)
        (x * x).sum().backward()

    def never_walked():
        mg.ones(3, requires_grad=True).exp().tanh().sum()

    def higher_order():
        x = mg.ones(3, requires_grad=True)
        (g,) = mg.autograd.grad((x**3).sum(), x, create_graph=True)
        (h,) = mg.autograd.grad(g.sum(), x, create_graph=True)
        mg.autograd.grad(h.sum(), x)

    def keeping():
        x = mg.ones(3, requires_grad=True)
        y = x.exp()
        y.retain_grad()
        y.sum().backward(retain_graph=True)
        assert y.grad_fn.next_functions and y.grad_fn.metadata == {}

    def failing():
        x = mg.ones(3, requires_grad=True)
        y = x.exp()
        y.add_(1)
        try:
            y.sum().backward()
        except RuntimeError:
            pass
        else:
            raise AssertionError("not refused")

    def modes():
        with mg.no_grad():
            x = mg.ones(3, requires_grad=True)
            x * 2
        with mg.autograd.set_detect_anomaly(True):
            x.exp().sum().backward()

    for use in (plain, never_walked, higher_order, keeping, failing, modes):
        use()
        while gc.collect():  # what other tests have left
            pass
        use()
        assert gc.collect() == 0, use.__name__


def test_backward_frees_saved_tensors_at_once(no_gc):
    x = mg.ones(3, requires_grad=True)
    middle = x.exp()
    y = middle * middle
    gone = weakref.ref(middle)
    del middle
    assert gone() is not None  # y's node keeps it
    y.sum().backward()
    assert gone() is None and y.grad_fn is not None


def test_only_what_a_gradient_needs_is_kept(no_gc):
    x = mg.ones(3, requires_grad=True)
    for step, kept in [
        (lambda t: t + 1, False),
        (lambda t: t.sum(), False),
        (lambda t: t * 2.0, False),
        (lambda t: t * t, True),
        (lambda t: t.view(3, 1), None),  # a view keeps its base's memory anyway
        (lambda t: t.exp(), False),
        (lambda t: t.sin(), True),
    ]:
        middle = x * 1
        y = step(middle)
        gone = weakref.ref(middle)
        del middle
        if kept is not None:
            assert (gone() is not None) == kept
        del y


def test_no_grad_keeps_nothing(no_gc):
    x = mg.ones(3, requires_grad=True)
    before = sum(type(o) is Node for o in gc.get_objects())
    with mg.no_grad():
        y = x.exp() * x
    assert sum(type(o) is Node for o in gc.get_objects()) == before and y.grad_fn is None


# --- order and precision -----------------------------------------------------------------------


def test_gradients_are_summed_in_pytorchs_order(torch):
    """float32 sums depend on the order; many uses of one leaf come to the same bits."""
    values = np.random.default_rng(0).uniform(0.1, 10, 50).astype(np.float32)

    def run(m):
        x = m.tensor(values.tolist(), requires_grad=True)
        y = x * 1
        total = x.sum()
        for i in range(30):
            y = y * 0.9 + x * (i * 0.37)
            total = total + (y / x).sum() * 0.1
        total.backward()
        return x.grad.tolist()

    assert run(mg) == run(torch)


def test_inf_and_nan_come_without_a_warning():
    """In a process of its own, since pytest has its own rules for warnings."""
    code = """
import minigrad as torch
x = torch.tensor([0.0, -1.0, 1e38], requires_grad=True)
y = x.log() * 0 + 1 / x + x * 10 + x / torch.zeros(3) + x * x * torch.tensor(float("inf"))
y.sum().backward()
print(x.grad)
"""
    ran = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True)
    assert ran.stdout == "tensor([nan, nan, inf])\n" and ran.stderr == ""


# --- unsupported input ---------------------------------------------------------------------------


def test_wrong_shapes_are_refused_and_leave_no_trace(m):
    a = m.ones(2, 3, requires_grad=True)
    b = m.ones(2, 4, requires_grad=True)
    with refused(RuntimeError, "The size of tensor a (3) must match the size of tensor b (4) at "
                 "non-singleton dimension 1"):  # fmt: skip
        a + b
    with refused(RuntimeError, "mat1 and mat2 shapes cannot be multiplied (2x3 and 2x4)"):
        a @ b
    with refused(RuntimeError, "mat1 and mat2 shapes cannot be multiplied (2x3 and 2x4)"):
        a.mm(b)
    with refused(RuntimeError, "shape '[5]' is invalid for input of size 6"):
        a.view(5)
    assert a.grad is None and a._version == 0


def test_unsupported_dtypes(m):
    with refused(TypeError, "can't convert np.ndarray of type numpy.object_."):
        m.from_numpy(np.array([object()]))
    with refused(TypeError, "expected np.ndarray (got list)"):
        m.from_numpy([1.0])
    with pytest.raises(TypeError):
        m.tensor("hello")
    with pytest.raises((TypeError, RuntimeError, ValueError)):
        m.tensor([1.0, None])


def test_a_tensor_is_no_condition_unless_it_is_one_number(m):
    with refused(RuntimeError, "Boolean value of Tensor with more than one value is ambiguous"):
        bool(m.ones(2))
    with refused(RuntimeError, "a Tensor with 2 elements cannot be converted to Scalar"):
        m.ones(2).item()
    assert m.ones(1, requires_grad=True)


def test_numpy_of_a_recorded_tensor(m):
    words = "Can't call numpy() on Tensor that requires grad. Use tensor.detach().numpy() instead."
    with refused(RuntimeError, words[:-1]):
        m.ones(2, requires_grad=True).numpy()
