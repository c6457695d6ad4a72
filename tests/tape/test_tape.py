"""Recording a training step: what is on the tape, and that recording changes nothing."""

import contextlib
import gc
import threading
import weakref

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import minigrad as mg
from minigrad.core.modes import grad_mode, rare


def train(steps, seed=0, record=False, update="in place"):
    """A small network, trained; its losses, weights and the tape."""
    mg.manual_seed(seed)
    x, y = mg.randn(8, 5), mg.randn(8, 2)
    w1 = mg.randn(5, 4, requires_grad=True)
    w2 = mg.randn(4, 2, requires_grad=True)
    recorder = mg.record() if record else None
    tape = recorder.__enter__() if recorder else None
    losses = []
    for _ in range(steps):
        y_pred = x.mm(w1).clamp(min=0).mm(w2)
        loss = (y_pred - y).pow(2).sum()
        losses.append(loss.item())
        loss.backward()
        with mg.no_grad():
            for w in (w1, w2):
                if update == "in place":
                    w -= 0.01 * w.grad
                elif update == "data":
                    w.data = w.data - 0.01 * w.grad
                else:
                    w._data -= 0.01 * w.grad._data
                w.grad.zero_()
    if recorder:
        recorder.__exit__(None, None, None)
    return losses, [w1, w2], tape


def numbers(t):
    return t.detach().numpy()


# --- what is on the tape -------------------------------------------------------------------------


def test_a_step_worked_out_by_hand():
    """loss = (w x - 1)², x = 2, w = 3: by hand 25, dloss/dw = 2 · 5 · 2 = 20."""
    x = mg.tensor(2.0)
    w = mg.tensor(3.0, requires_grad=True)
    with mg.record() as tape:
        error = w * x - 1
        loss = error**2
        loss.backward()
        with mg.no_grad():
            w -= 0.1 * w.grad
    found = [(s.kind, s.name, s.op) for s in tape]
    assert found == [
        ("forward", "mul", "mul"), ("forward", "error", "sub"), ("forward", "loss", "pow"),
        ("backward", "loss", None), ("backward", "error", "pow"), ("backward", "mul", "sub"),
        ("backward", "w", "mul"), ("update", "w", None),
    ]  # fmt: skip
    assert [s.value.item() for s in tape[:3]] == [6, 5, 25]
    assert [s.grad.item() for s in tape[3:7]] == [1, 10, 10, 20]
    last = tape[-1]
    assert (last.before.item(), last.grad.item(), last.value.item()) == (3, 20, 1)
    assert tape[0].formula == r"y = a \odot b" and tape[6].formula == r"\bar y \odot b"
    assert tape[1].source[2] == "error = w * x - 1" and last.source[2] == "w -= 0.1 * w.grad"
    went_in = [(symbol, what, node.label, s.array) for symbol, what, node, s in tape[6].went_in]
    assert went_in == [("y", "grad", "mul", 10), ("b", "value", "x", 2)]
    assert tape.losses == [25.0] and len(tape) == 8


def test_parts_of_a_gradient_are_added_up():
    """f = x·x + x at 3: the parts 1 (of the sum), 3 and 3 (of the product) make 7."""
    x = mg.tensor(3.0, requires_grad=True)
    with mg.record() as tape:
        f = x * x + x
        f.backward()
    parts = [s for s in tape if s.kind == "backward" and s.name == "x"]
    assert [s.part.item() for s in parts] == [1, 3, 3]
    assert [s.grad.item() for s in parts] == [1, 4, 7]
    assert [s.position for s in parts] == [1, 0, 1]


def test_gradients_of_every_tensor_are_pytorchs(torch):
    rng = np.random.default_rng(0)
    arrays = [rng.normal(size=s).astype("f") for s in ((8, 5), (5, 4), (4, 2), (2,))]

    def net(lib, x, w1, w2, b):
        h = lib.tanh(x @ w1)
        z = h @ w2 + b
        return [h, z, (z * z).mean() + h.exp().sum()]

    theirs = [torch.tensor(a, requires_grad=i > 0) for i, a in enumerate(arrays)]
    results = net(torch, *theirs)
    for t in results:
        t.retain_grad()
    results[-1].backward()

    ours = [mg.tensor(a, requires_grad=i > 0) for i, a in enumerate(arrays)]
    with mg.record(names=dict(zip(["x", "w1", "w2", "b"], ours))) as tape:
        net(mg, *ours)[-1].backward()
    (it,) = tape.iterations
    known = {it.graph.at(i).name: s for i, s in it.grads.items()}
    for name, t in zip(["h", "z", "w1", "w2", "b"], [*results[:2], *theirs[1:]]):
        assert np.allclose(known[name].array, t.grad.numpy(), rtol=1e-5, atol=1e-6), name


@settings(max_examples=40, deadline=None)
@given(st.lists(st.tuples(st.integers(0, 4), st.integers(0, 20), st.integers(0, 20)),
                min_size=1, max_size=15), st.integers(0, 2**16))  # fmt: skip
def test_random_graphs_have_the_engines_gradients(program, seed):
    """Programs drawn at random: the last sum of every leaf is its ``.grad``."""
    rng = np.random.default_rng(seed)
    leaves = [mg.tensor(rng.normal(size=3), requires_grad=True) for _ in range(2)]
    ops = [lambda a, b: a + b, lambda a, b: a * b, lambda a, b: mg.sin(a) - b,
           lambda a, b: mg.maximum(a, b), lambda a, b: a.sum() * b]  # fmt: skip
    with mg.record(names={"p": leaves[0], "q": leaves[1]}) as tape:
        values = list(leaves)
        for op, i, j in program:
            values.append(ops[op](values[i % len(values)], values[j % len(values)]))
        values[-1].sum().backward()
    (it,) = tape.iterations
    for name, leaf in zip("pq", leaves):
        arrived = [s for s in tape if s.kind == "backward" and s.name == name]
        assert bool(arrived) == (leaf.grad is not None)
        if arrived:
            assert np.array_equal(numbers(arrived[-1].grad), numbers(leaf.grad))
    for s in tape:
        if s.kind == "forward":  # each value follows from the values that went in
            node = s.node
            inputs = [it.values[i.index].array for i in node.inputs]
            again = node._node.op.forward(*inputs, **node.params)
            assert np.array_equal(again, numbers(s.value), equal_nan=True)


@pytest.mark.parametrize("update", ["in place", "data", "behind our back"])
def test_updates_are_seen_whoever_makes_them(update):
    losses, weights, tape = train(3, record=True, update=update)
    updates = [s for s in tape if s.kind == "update"]
    assert [(s.name, s.iteration.number) for s in updates] == [
        (name, i) for i in range(3) for name in ("w1", "w2")]  # fmt: skip
    for s in updates:
        expected = numbers(s.before) - np.float32(0.01) * numbers(s.grad)
        assert np.allclose(numbers(s.value), expected, rtol=1e-6)
    assert np.array_equal(numbers(updates[-1].value), numbers(weights[1]))
    assert tape.losses == losses
    assert all(it.graph is tape.iterations[0].graph for it in tape.iterations)


def test_a_gradient_that_was_not_zeroed_is_added_to():
    w = mg.tensor(2.0, requires_grad=True)
    with mg.record() as tape:
        for _ in range(2):
            (w * 3).backward()
        with mg.no_grad():
            w -= 0.1 * w.grad
    update = tape[-1]
    assert update.kind == "update" and update.grad.item() == 6 and w.grad.item() == 6
    assert len(tape.iterations) == 2


# --- other ways to ask for gradients -------------------------------------------------------------


def test_autograd_grad_and_inputs():
    a, b = (mg.tensor(v, requires_grad=True) for v in (2.0, 5.0))
    with mg.record() as tape:
        mg.autograd.grad(a * b, a)
    assert [(s.name, s.grad.item()) for s in tape if s.kind == "backward"] == [("mul", 1), ("a", 5)]
    with mg.record() as tape:
        (a * b).backward(inputs=[b])
    assert [s.name for s in tape if s.kind == "backward"] == ["mul", "b"]
    assert a.grad is None


def test_create_graph_and_a_second_derivative():
    x = mg.tensor(2.0, requires_grad=True)
    with mg.record() as tape:
        (dx,) = mg.autograd.grad(x**3, x, create_graph=True)
        dx.backward()
    assert x.grad.item() == 12
    first, second = tape.iterations
    assert [s.grad.item() for s in first.steps if s.name == "x"] == [12.0]
    assert second.grads[second.graph["x"].index].array == 12.0
    assert second.root.name == "dx"


def test_a_retained_graph_walked_twice():
    x = mg.tensor(3.0, requires_grad=True)
    with mg.record() as tape:
        y = x * x
        y.backward(retain_graph=True)
        y.backward()
    assert [s.kind for s in tape].count("forward") == 1  # it was computed once
    assert [s.grad.item() for s in tape if s.name == "x"] == [3, 6, 3, 6]
    assert x.grad.item() == 12


def test_hooks_of_the_user_are_heard_and_kept():
    x = mg.tensor(1.0, requires_grad=True)
    with mg.record() as tape:
        y = x * 2
        y.register_hook(lambda g: g * 10)
        z = y * 3
        z.backward()
    assert x.grad.item() == 60
    assert tape[-1].grad.item() == 60 and tape[-1].went_in[0][3].array == 30
    assert y.grad_fn.extra.tensor_hooks and not y.grad_fn.extra.post_hooks


def test_views_several_outputs_and_writes_in_place():
    w = mg.tensor([[1.0, 2.0], [3.0, 4.0]], requires_grad=True)
    with mg.record() as tape:
        top, low = w.unbind(0)
        h = top * low
        h += 1
        h.sum().backward()
    assert np.array_equal(w.grad.numpy(), [[3, 4], [1, 2]])
    values = {s.name: numbers(s.value).tolist() for s in tape if s.kind == "forward"}
    assert values["top"] == [1, 2] and values["low"] == [3, 4] and values["h"] == [4, 9]
    (it,) = tape.iterations
    grads = {it.graph.at(i).name: s.array.tolist() for i, s in it.grads.items()}
    assert grads["top"] == [3, 4] and grads["w"] == [[3, 4], [1, 2]]


def test_a_users_own_function():
    class Double(mg.autograd.Function):
        @staticmethod
        def forward(ctx, x):
            return x * 2

        @staticmethod
        def backward(ctx, g):
            return g * 2

    x = mg.tensor([1.0, 2.0], requires_grad=True)
    with mg.record() as tape:
        y = Double.apply(x)
        y.sum().backward()
    assert [s.value.tolist() for s in tape if s.name == "y" and s.kind == "forward"] == [[2, 4]]
    assert tape[-1].name == "x" and tape[-1].grad.tolist() == [2, 2]
    assert tape.show().html


def test_a_forward_pass_alone_and_one_from_before():
    w = mg.tensor(2.0, requires_grad=True)
    before = w * 3
    with mg.record() as tape:
        y = before + 1
    assert [(s.kind, s.name) for s in tape] == [("forward", "y")]
    with mg.record() as tape:
        y.backward()
    assert [(s.kind, s.name) for s in tape] == [("backward", n) for n in ("y", "before", "w")]
    assert tape.iterations[0].loss == 7


def test_nothing_to_record_is_said():
    with mg.record() as tape:
        mg.tensor(1.0) + 2
    assert len(tape) == 0 and repr(tape) == "Tape(nothing recorded)"
    assert "requires_grad=True" in tape.describe()
    assert tape._repr_mimebundle_() == {"text/plain": tape.describe()}
    with pytest.raises(ValueError, match="cannot play an empty tape"):
        tape.save("step.html")


def test_what_is_too_much_is_summarised():
    w = mg.tensor(np.arange(1000.0), requires_grad=True)
    with mg.record(memory=0.002) as tape:
        (w * 2).sum().backward()
    forward = tape[0]
    assert forward.value is None and forward._value.summary.high == 1998
    assert tape[1].value.item() == 999000.0  # small ones still fit
    assert "[1000] from 0 to 1998" in tape.describe()


# --- recording changes nothing -------------------------------------------------------------------


def test_the_numbers_are_the_same_bit_for_bit():
    losses, weights, _ = train(5)
    recorded, same, tape = train(5, record=True)
    assert recorded == losses and len(tape.iterations) == 5
    for a, b in zip(weights, same):
        assert numbers(a).tobytes() == numbers(b).tobytes()


def test_no_graph_and_no_tensor_is_kept_alive():
    gc.disable()
    try:
        w = mg.tensor([1.0, 2.0], requires_grad=True)
        with mg.record() as tape:
            loss = (w * w).sum()
            seen = [weakref.ref(loss.grad_fn), weakref.ref(w), weakref.ref(loss)]
            loss.backward(retain_graph=True)
            del loss
            assert seen[0]() is None  # freed inside of the block too
        del w
        assert [r() for r in seen] == [None] * 3
        assert len(tape) == 6 and tape.show().html
        kept = weakref.ref(tape)
        del tape
        assert kept() is None
    finally:
        gc.enable()


def test_an_error_in_the_block_leaves_everything_clean():
    w = mg.tensor([1.0, 2.0], requires_grad=True)
    with pytest.raises(ZeroDivisionError):
        with mg.record() as tape:
            (w * w).sum().backward()
            raise ZeroDivisionError
    assert grad_mode.watcher is None and "watch" not in rare
    assert len(tape) == 6 and w.grad.tolist() == [2, 4]

    with pytest.raises(RuntimeError, match="second time"):
        with mg.record() as tape:
            y = (w * w).sum()
            y.backward()
            y.backward()
    assert grad_mode.watcher is None and [s.kind for s in tape].count("backward") == 4
    assert y.grad_fn.extra is None

    def fails(g):
        raise KeyError("hook")

    z = w * w
    z.register_hook(fails)
    with pytest.raises(KeyError):
        with mg.record() as tape:
            z.sum().backward()
    assert [s.kind for s in tape] == ["forward", "backward", "backward"]
    assert not z.grad_fn.extra.post_hooks


def test_an_inner_block_records_for_itself_and_the_outer_goes_on():
    w = mg.tensor(1.0, requires_grad=True)
    with mg.record() as outer:
        a = w * 2
        with mg.record() as inner:
            b = w * 3
        c = a + 1
        c.backward()
    assert [s.name for s in inner] == ["b"]
    assert [s.name for s in outer if s.kind == "forward"] == ["a", "c"]
    assert b.item() == 3 and grad_mode.watcher is None


def test_a_recorder_is_used_once():
    recorder = mg.record()
    with recorder:
        mg.tensor(1.0, requires_grad=True) * 2
    with pytest.raises(RuntimeError, match="call mg.record"):
        with recorder:
            pass
    with pytest.raises(TypeError, match="names must be a dict"):
        mg.record(names=3)


def test_each_thread_records_its_own():
    tapes, barrier = {}, threading.Barrier(3)

    def work(n):
        w = mg.tensor(float(n), requires_grad=True)
        barrier.wait()
        if n == 0:
            for _ in range(200):
                (w * w).backward()  # not recorded
            return
        with mg.record() as tape:
            for _ in range(20):
                (w * w).backward()
        tapes[n] = tape

    threads = [threading.Thread(target=work, args=(n,)) for n in range(3)]
    for t in threads:
        t.start()
    for t in threads:
        t.join()
    assert set(tapes) == {1, 2} and "watch" not in rare
    for n, tape in tapes.items():
        assert tape.losses == [float(n * n)] * 20
        assert all(len(it.steps) == 4 for it in tape.iterations)


# --- text ----------------------------------------------------------------------------------------


def test_describe_is_one_line_a_step():
    _, _, tape = train(2, record=True)
    text = tape.describe(limit=None)
    assert text.count("\n") == len(tape) + 2 + 2 * 3  # iterations, and three kinds in each
    assert "y_pred = mm(clamp, w2) = [8, 2] from " in text
    assert "(line " in text and "loss = (y_pred - y).pow(2).sum())" in text
    short = tape.describe(limit=6)
    assert f"... {len(tape) - 6} more steps" in short
    assert repr(tape).startswith("Tape(32 steps in 2 iterations; loss ")


def test_a_tape_goes_without_the_garbage_collector():
    gc.collect()
    gc.disable()
    try:
        w = mg.ones(2, requires_grad=True)
        with mg.record() as tape:
            loss = (w * w).sum()
            loss.backward()
        step = tape.steps[-1]
        assert step.iteration.number == 0 and step.iteration.loss == 2.0
        gone = weakref.ref(tape.iterations[0])
        del tape, step, loss
        assert gone() is None
    finally:
        gc.enable()


# --- how a weight got its new numbers ------------------------------------------------------------

UPDATES = {
    "w -= 0.1 * w.grad": 0.1,
    "w.data -= 0.1 * w.grad": 0.1,
    "w.data += -0.1 * w.grad": 0.1,
    "w.data = w.data - 0.1 * w.grad.data": 0.1,
    "w.sub_(0.1 * w.grad)": 0.1,
    "w.add_(w.grad, alpha=-0.1)": 0.1,
    "w.copy_(mg.add(w, w.grad, alpha=-0.1))": 0.1,
    "w -= w.grad / 8": 0.125,
    "w -= lr * w.grad": 0.1,
    "w[:] = w - 1e-6 * w.grad": 1e-6,
    "w.addcmul_(w.grad, lr, value=-1)": 0.1,
    "w -= w.grad": 1.0,
    "w += 0.1 * w.grad": -0.1,
    "mg.optim.SGD([w], lr=0.1).step()": 0.1,
    "mg.optim.SGD([w], lr=0.1, maximize=True).step()": -0.1,
    # none of these is a rate times the gradient
    "w -= 0.1 * w.grad.sign()": None,
    "w -= 0.1 * w.grad; w.clamp_(max=2.0)": None,
    "w -= 0.1 * (w.grad + 0.1 * w)": None,
    "w -= 0.1 * w.grad; w -= 0.1 * w.grad": None,
    "w.mul_(0.5)": None,
    "mg.optim.SGD([w], lr=0.1, momentum=0.9).step()": None,
    "mg.optim.SGD([w], lr=0.1, weight_decay=0.5).step()": None,
    "mg.optim.Adam([w], lr=0.1).step()": None,
    "s = mg.optim.SGD([w], lr=0.1); s.step(); s.step()": None,
}  # fmt: skip


@pytest.mark.parametrize("line", UPDATES)
@pytest.mark.parametrize("start", [[3.0, -4.0], [3.0]])
def test_an_update_says_its_rate_only_where_it_is_true(line, start):
    scope = {"mg": mg, "w": mg.tensor(start, requires_grad=True), "lr": mg.tensor(0.1)}
    with mg.record(names={"w": scope["w"]}) as tape:
        (scope["w"] ** 2).sum().backward()
        with mg.no_grad():
            exec(line, scope)
    step, rate = tape[-1], UPDATES[line]
    assert step.kind == "update" and step.rate == rate
    if rate is None:
        assert step.formula == "" and "gradient" in repr(step)
    else:
        sign = "-" if rate > 0 else "+"
        assert f"w {sign} " in step.formula and "·" in repr(step)
        expected = numbers(step.before) - np.float32(rate) * numbers(step.grad)
        assert np.allclose(numbers(step.value), expected, rtol=1e-6)
    if "optim" in line:
        name = "Adam" if "Adam" in line else "SGD"
        assert f"by {name}, lr = 0.1" in repr(step) and step.optimizer.startswith(name)
    else:
        assert step.optimizer == ""


def test_the_text_of_an_update_has_the_numbers():
    w = mg.tensor(-3.0, requires_grad=True)
    with mg.record() as tape:
        (w * w).backward()
        with mg.no_grad():
            w -= 1e-5 * w.grad
    assert tape[-1].formula == r"w_{\text{new}} = w - 1 \cdot 10^{-5}\,\bar w"
    assert "w: −3 − 1e−5 · (−6) = −3" in repr(tape[-1])


def test_a_step_that_rounding_hides_has_no_rate():
    """From 1e8 on, float32 moves by 8 only: several rates would give the same number."""
    from minigrad.tape.updates import rate_of

    before, grad = np.array([1e8], np.float32), np.array([1.0], np.float32)
    after = before - np.float32(5) * grad
    assert after[0] == before[0] - 8
    assert rate_of(before, grad, after, [7.0]) == 7  # exactly what it gives: no other is known
    assert rate_of(before, grad, after, [3.0]) is None
    assert rate_of(before, np.array([np.nan], np.float32), after, [5.0]) is None


# --- blocks in blocks ----------------------------------------------------------------------------


def test_a_nested_block_robs_the_outer_one_of_nothing():
    def steps(nested):
        w = mg.tensor([1.0, 2.0], requires_grad=True)
        with mg.record() as outer:
            h = (w * w).exp()
            with mg.record() if nested else contextlib.nullcontext() as inner:
                train(w, h.sum())
            train(w, (w * 3).sum())
        return outer, inner

    def train(w, loss):
        loss.backward()
        mg.optim.SGD([w], lr=0.1).step()
        w.grad = None

    plain, none = steps(False)
    outer, inner = steps(True)
    assert none is None and outer.describe() == plain.describe()
    assert [it.loss for it in inner.iterations] == plain.losses[:1]
    kinds = [(s.kind, s.name) for s in inner]
    assert ("update", "w") in kinds and kinds[0] == ("forward", "loss")
    assert grad_mode.watcher is None and not rare & {"watch"}


def test_a_block_in_a_block_in_a_block_and_an_error():
    w = mg.tensor(2.0, requires_grad=True)
    tapes = []
    with pytest.raises(ZeroDivisionError):
        with mg.record() as a, mg.record() as b, mg.record() as c:
            tapes = [a, b, c]
            (w * w).backward()
            w.grad = None
            raise ZeroDivisionError
    assert [[s.kind for s in t] for t in tapes] == [["forward", *["backward"] * 3]] * 3
    assert grad_mode.watcher is None
