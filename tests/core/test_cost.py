"""What operations cost, in counts that are the same on every machine: calls, bytes, nodes.

A test here fails if the cost of an operation grows faster than it should, or if the constant that
is counted for a node or a call grows. Seconds are for ``tests/benchmarks``.
"""

import gc
import os
import subprocess
import sys
import tracemalloc

import numpy as np
import pytest

import minigrad as mg
from minigrad import nn
from minigrad.core import deep_graphs
from minigrad.core.modes import rare

F = nn.functional


def calls(function):
    """The Python functions and the C functions that are called while ``function`` runs.

    But for what frees a deep graph, which one node of many does, whichever it is.
    """
    count = 0

    def look(frame, event, argument):
        nonlocal count
        if frame.f_code.co_filename != deep_graphs.__file__:
            count += event in ("call", "c_call")

    gc.disable()  # whoever listens to the garbage collector (hypothesis does) would be counted too
    sys.setprofile(look)
    try:
        function()
    finally:
        sys.setprofile(None)
        gc.enable()
    return count


def peak(function):
    """The most bytes in use while ``function`` runs, above those before it."""
    function()  # caches
    gc.collect()
    tracemalloc.start()
    try:
        before = tracemalloc.get_traced_memory()[0]
        result = function()
        del result
        return tracemalloc.get_traced_memory()[1] - before
    finally:
        tracemalloc.stop()


# --- an operation costs as many calls for a thousand numbers as for four ------------------------

OPERATIONS = {
    "add": lambda x: x + x,
    "mul": lambda x: x * x,
    "div": lambda x: x / x,
    "pow": lambda x: x**2,
    "number": lambda x: 2.0 * x,
    "exp": lambda x: x.exp(),
    "relu": lambda x: x.relu(),
    "clamp": lambda x: x.clamp(min=0),
    "sigmoid": lambda x: x.sigmoid(),
    "softmax": lambda x: x.softmax(-1),
    "sum": lambda x: x.sum(),
    "mean": lambda x: x.mean(0),
    "max": lambda x: x.max(),
    "mm": lambda x: x @ x.T,
    "linear": lambda x: F.linear(x, x),
    "reshape": lambda x: x.reshape(-1),
    "transpose": lambda x: x.T,
    "index": lambda x: x[1:],
    "take": lambda x: x[mg.tensor([0, 1])],
    "cat": lambda x: mg.cat([x, x]),
    "expand": lambda x: x.unsqueeze(0).expand(2, *x.shape),
    "where": lambda x: mg.where(x > 0, x, 0.0),
    "cumsum": lambda x: x.cumsum(0),
    "layer_norm": lambda x: F.layer_norm(x, x.shape[-1:]),
    "mse": lambda x: F.mse_loss(x, x.detach()),
}


@pytest.mark.parametrize("name", OPERATIONS)
def test_the_number_of_calls_does_not_depend_on_the_size(name):
    def work(n):
        x = mg.ones(n, n, requires_grad=True)

        def run():
            OPERATIONS[name](x).sum().backward()

        run()
        return calls(run)

    small, large = work(4), work(64)
    assert large <= small
    assert small < 300  # and is no loop over elements either


# How many calls one recorded operation may cost, forward and backward together: what an op chain
# or a classroom network spends its time on. Lower these when you make an operation cheaper. (Python
# versions count a little differently: these are a fifth above what 3.11 counts.)
MOST_CALLS = {"add": 18, "mul": 18, "relu": 40, "mm": 44, "sum": 48, "linear": 60}


@pytest.fixture
def nothing_rare():
    """As in a process that has used no rare mode yet: other tests have, and that costs calls."""
    used = set(rare)
    rare.clear()
    yield
    rare.update(used)


@pytest.mark.parametrize("name", MOST_CALLS)
@pytest.mark.usefixtures("nothing_rare")
def test_one_more_operation_costs_no_more_than_before(name):
    w, b = mg.ones(4, 4, requires_grad=True), mg.ones(4)
    operation = {
        "add": lambda y: y + w, "mul": lambda y: y * w, "relu": lambda y: y.relu(),
        "mm": lambda y: y.mm(w), "sum": lambda y: y.sum((), keepdim=True),
        "linear": lambda y: F.linear(y, w, b),
    }[name]  # fmt: skip

    def chain(n):
        y = w
        for _ in range(n):
            y = operation(y)
        y.sum().backward()

    chain(1)
    per_operation = (calls(lambda: chain(22)) - calls(lambda: chain(2))) / 20
    assert per_operation <= MOST_CALLS[name]


# --- a graph -------------------------------------------------------------------------------------


def chain_of(n):
    x = mg.ones(4, requires_grad=True)
    y = x
    for _ in range(n):
        y = y + x
    return y


def test_a_node_takes_at_most_600_bytes_above_its_data():
    n = 20_000
    gc.collect()
    tracemalloc.start()
    try:
        before = tracemalloc.get_traced_memory()[0]
        y = chain_of(n)
        size = tracemalloc.get_traced_memory()[0] - before
        per_node = size / n - 16
        assert per_node <= 600
        del y  # all is freed, without the collector, but what Python keeps for the next objects
        left = tracemalloc.get_traced_memory()[0] - before
        assert left < 20 * n
        y = chain_of(n)
        del y
        assert tracemalloc.get_traced_memory()[0] - before < left + 1000
    finally:
        tracemalloc.stop()


def test_saved_values_do_not_copy():
    x = mg.ones(1000, 100, requires_grad=True)
    one = x._data.nbytes
    assert peak(lambda: x.exp()) < 1.1 * one
    assert peak(lambda: (x * 2.0).exp().sin()) < 3.1 * one
    assert peak(lambda: x.reshape(-1)[5:].T) < 0.1 * one


def test_the_backward_pass_is_linear_in_the_graph():
    def work(n):
        y = chain_of(n).sum()
        return calls(lambda: y.backward())

    small, large = work(1000), work(4000)
    assert large < 4.1 * small


def test_each_node_is_visited_once_where_paths_meet():
    """2 ** 30 paths, 30 nodes."""
    visits = 0

    class Twice(mg.autograd.Function):
        @staticmethod
        def forward(ctx, x):
            return x + x

        @staticmethod
        def backward(ctx, g):
            nonlocal visits
            visits += 1
            return g + g

    x = mg.ones(1, dtype=mg.float64, requires_grad=True)
    y = x
    for _ in range(30):
        y = Twice.apply(y) + y
    y.backward()
    assert visits == 30
    assert x.grad.item() == 3.0**30


def test_backward_frees_what_it_has_used():
    """The backward pass of a deep chain needs little above what the forward pass kept."""
    x = mg.ones(500, 500, requires_grad=True)
    y = x
    for _ in range(20):
        y = y.exp() * 0.1
    loss = y.sum()
    del y
    one = x._data.nbytes
    tracemalloc.start()
    try:
        before = tracemalloc.get_traced_memory()[0]
        loss.backward()
        after, most = tracemalloc.get_traced_memory()
        assert most - before < 6 * one
        assert after - before < 1.2 * one  # .grad is all that is left
    finally:
        tracemalloc.stop()


# --- training ------------------------------------------------------------------------------------


def test_a_weight_update_in_place_makes_no_copy_of_the_weight():
    w = mg.ones(1000, 100, requires_grad=True)
    w.grad = mg.ones(1000, 100)
    one = w._data.nbytes

    def update():
        with mg.no_grad():
            w.sub_(w.grad)
            w.grad.zero_()

    assert peak(update) < 0.1 * one


def test_accumulating_a_gradient_makes_one_array():
    w = mg.ones(1000, 100, requires_grad=True)
    x = mg.ones(4, 1000)
    one = w._data.nbytes
    (x @ w).sum().backward()
    loss = [(x @ w).sum() for _ in range(2)]
    assert peak(lambda: loss.pop().backward()) < 1.2 * one


def test_a_replay_costs_few_calls_and_makes_no_large_array():
    mg.manual_seed(0)
    x, y = mg.randn(64, 100), mg.randn(64, 10)
    w = mg.randn(100, 10, requires_grad=True)

    def step():
        loss = (x.mm(w).relu() - y).pow(2).sum()
        loss.backward()
        with mg.no_grad():
            w.sub_(1e-3 * w.grad)
            w.grad.zero_()
        return loss

    captured = mg.capture(step)
    for _ in range(4):
        captured()
    assert captured.replays == 1
    eager, replayed = calls(step), calls(captured)
    assert replayed < 0.45 * eager
    assert captured.replays == 2


def test_the_allocator_is_set_once_and_can_be_left_alone():
    code = (
        "import minigrad.replay.freed_memory as a, sys; "
        "print(a.keep_freed_memory(), a.uses_glibc(), 'matplotlib' in sys.modules)"
    )
    found = {}
    for setting in ("", "system"):
        env = {**os.environ, "MINIGRAD_ALLOCATOR": setting}
        done = subprocess.run([sys.executable, "-c", code], env=env, capture_output=True, text=True)
        assert done.returncode == 0, done.stderr
        found[setting] = done.stdout.split()
    glibc = sys.platform.startswith("linux") and found[""][1] == "True"
    assert found[""][0] == str(glibc)
    assert found["system"][0] == "False"


@pytest.mark.parametrize(
    ("setting", "before", "after"),
    [("", "", 10_000), ("system", "", None), ("", "gc.set_threshold(1234); ", 1234)],
)
def test_the_garbage_collector_waits_longer_unless_told_otherwise(setting, before, after):
    code = (
        f"import gc; {before}usual = gc.get_threshold(); import minigrad; "
        "print(*usual, *gc.get_threshold())"
    )
    env = {**os.environ, "MINIGRAD_ALLOCATOR": setting}
    done = subprocess.run([sys.executable, "-c", code], env=env, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    usual, now = np.array(done.stdout.split(), int).reshape(2, 3).tolist()
    assert now == [after or usual[0], *usual[1:]]


def test_masks_by_bits_are_what_where_gives():
    from minigrad.core.fast_kernels import or_zero

    values = np.array([1.5, -2, 0.0, -0.0, np.inf, -np.inf, np.nan, 1e-45], np.float32)
    for dtype in (np.float32, np.float64, np.float16):
        a = np.repeat(values.astype(dtype), 2)
        mask = np.tile([True, False], 8)
        for x, m in [(a, mask), (a.reshape(4, 4).T, mask.reshape(4, 4)), (a[::2], mask[::2])]:
            assert or_zero(m, x).tobytes() == np.where(m, x, dtype(0)).tobytes()
