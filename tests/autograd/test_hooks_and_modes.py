"""Hooks of leaves and saved tensors, callbacks, grad mode in generators, the engine's switches."""

import gc
import weakref

import pytest

import minigrad as mg

# --- hooks that run when a leaf has its gradient --------------------------------------------------


def test_post_accumulate_hooks_update_without_no_grad(m):
    """The optimizer step fused into the backward pass, as PyTorch's tutorial has it."""
    w, v = m.ones(2, requires_grad=True), m.full((2,), 3.0, requires_grad=True)

    def step(p):
        assert not m.is_grad_enabled()
        p.sub_(0.5 * p.grad)
        p.grad = None

    for p in (w, v):
        p.register_post_accumulate_grad_hook(step)
    (w * w * v).sum().backward()
    assert w.tolist() == [-2, -2] and v.tolist() == [2.5, 2.5]
    assert w.grad is None and w.is_leaf
    w.backward(m.ones(2))  # a root that is the leaf itself
    assert w.tolist() == [-2.5, -2.5]


def test_they_run_as_soon_as_the_gradient_is_complete(m):
    order = []
    x, w = m.ones(2, requires_grad=True), m.ones(2, requires_grad=True)
    h = x * 2
    y = (h * w).exp()
    h.register_hook(lambda g: order.append("h"))
    y.register_hook(lambda g: order.append("y"))
    w.register_hook(lambda g: order.append("w"))
    w.register_post_accumulate_grad_hook(lambda p: order.append(p.grad is not None))
    y.sum().backward()
    assert order == ["y", "w", True, "h"]


def test_two_leaves_with_one_gradient_do_not_share_it(m):
    a, b = m.ones(2, requires_grad=True), m.ones(2, requires_grad=True)

    def times_ten(p):
        p.grad.mul_(10)

    a.register_post_accumulate_grad_hook(times_ten)
    (a + b).sum().backward()
    assert a.grad.tolist() == [10, 10] and b.grad.tolist() == [1, 1]


def test_autograd_grad_runs_no_post_accumulate_hooks(m):
    w, ran = m.ones(2, requires_grad=True), []
    w.register_post_accumulate_grad_hook(ran.append)
    assert m.autograd.grad((w * 3).sum(), w)[0].tolist() == [3, 3] and not ran
    (w * 3).sum().backward(inputs=[w])
    assert len(ran) == 1


def test_callbacks_at_the_end_of_a_pass(m):
    """Variable._execution_engine.queue_callback: each belongs to the pass that it is queued in."""
    queue = m.autograd.Variable._execution_engine.queue_callback
    order = []

    class Watched(m.autograd.Function):
        @staticmethod
        def forward(ctx, x, name, inner):
            ctx.name, ctx.inner = name, inner
            return x.clone()  # the user's own ctx.name does not rename the node

        @staticmethod
        def backward(ctx, g):
            queue(lambda: order.append(f"{ctx.name} over"))
            if ctx.inner:
                with m.enable_grad():
                    x = m.ones(1, requires_grad=True)
                    Watched.apply(x, "inner", False).sum().backward()
            order.append(ctx.name)
            return g, None, None

    w = m.ones(1, requires_grad=True)
    y = Watched.apply(w, "outer", True)
    assert type(y.grad_fn).__name__ == "WatchedBackward"
    y.sum().backward()
    assert order == ["inner", "inner over", "outer", "outer over"]
    with pytest.raises(RuntimeError, match="Final callbacks can only be installed during backward"):
        queue(print)


# --- saved tensors -------------------------------------------------------------------------------


def kept(m, found=lambda t: t):
    seen = []
    hooks = m.autograd.graph.saved_tensors_hooks(lambda t: (seen.append(t), t)[1], found)
    return hooks, seen


def test_a_saved_tensor_without_history_is_the_users_own(m):
    x, c = m.ones(3, requires_grad=True), m.ones(3)
    assert (x * c).grad_fn._saved_other is c
    hooks, seen = kept(m)
    with hooks:
        y = x * c
    assert seen[0] is c and y.grad_fn._saved_other is c
    got = []

    class Keeps(m.autograd.Function):
        @staticmethod
        def forward(ctx, x, c):
            ctx.save_for_backward(c)
            return x.clone()

        @staticmethod
        def backward(ctx, g):
            got.extend(ctx.saved_tensors)
            return g, None

    Keeps.apply(x, c).sum().backward()
    from_checkpoint = m.utils.checkpoint.checkpoint(Keeps.apply, x, c, use_reentrant=False)
    from_checkpoint.sum().backward()
    assert got[0] is c and got[1] is c


def test_an_unpacked_leaf_looks_like_one(m):
    """PyTorch's tutorial on saved tensors prints it."""
    x = m.ones(2, requires_grad=True)
    with kept(m)[0]:
        y = x.pow(3)
    saved = y.grad_fn._saved_self
    assert repr(saved) == "tensor([1., 1.], requires_grad=True)"
    assert saved.is_leaf and saved.grad_fn is None and saved is not x
    m.autograd.grad(saved.sum(), saved)


def test_numbers_are_not_packed(m):
    hooks, seen = kept(m)
    x = m.ones(2, requires_grad=True)
    with hooks:
        y = x * 3 + 2 / x - x**2
    assert len(seen) == 2 and all(t.shape == (2,) for t in seen)
    y.sum().backward()
    assert x.grad.tolist() == [-1, -1]


def test_hooks_double_what_second_derivatives_keep(m):
    def f(*where):
        a = m.ones(2, requires_grad=True)
        with hooks if "forward" in where else m.enable_grad():
            s = (a**3).sum()
        with hooks if "backward" in where else m.enable_grad():
            (g,) = m.autograd.grad(s, a, create_graph=True)
            g.sum().backward()
        return a.grad[0].item()

    hooks = m.autograd.graph.saved_tensors_hooks(lambda t: 2 * t, lambda t: t)
    assert (f(), f("forward"), f("backward"), f("forward", "backward")) == (6, 12, 24, 48)


def test_blocks_entered_in_a_backward_pass_end_with_it(m):
    def run():
        def unpack(t):
            block().__enter__()
            return t

        hooks = m.autograd.graph.saved_tensors_hooks(lambda t: t, unpack)
        block = weakref.ref(hooks)
        x = m.ones(2, requires_grad=True)
        with hooks:
            x.sin().sum().backward()
        return weakref.ref(unpack)

    found = run()
    gc.collect()
    assert found() is None
    hooks, seen = kept(m)
    x = m.ones(2, requires_grad=True)
    x.sin()
    assert not seen


def test_saved_tensors_are_made_by_nodes_only(m):
    with pytest.raises(RuntimeError, match="Trying to create a SavedTensor object from Python"):
        m.autograd.SavedTensor()


# --- functions of the user's ----------------------------------------------------------------------


def test_once_differentiable_in_the_graph(m):
    class Once(m.autograd.Function):
        @staticmethod
        def forward(ctx, x, n, y):
            ctx.save_for_backward(x, y)
            return x * y

        @staticmethod
        @m.autograd.function.once_differentiable
        def backward(ctx, g):
            x, y = ctx.saved_tensors
            return g * y, None, g * x

    x, y = m.ones(2, requires_grad=True), m.ones(2, requires_grad=True)
    start = m.ones(2, requires_grad=True)
    gx, gy = m.autograd.grad(Once.apply(x, 1, y), (x, y), start, create_graph=True)
    for g in (gx, gy):
        assert g.grad_fn.name() == "torch::autograd::Error"
        names = [None if f is None else f.name() for f, _ in g.grad_fn.next_functions]
        leaf = "torch::autograd::AccumulateGrad"
        assert names == [leaf, None, leaf]
        with pytest.raises(RuntimeError, match="marked with @once_differentiable"):
            g.sum().backward()


def test_outputs_without_derivative_may_stay_none(m):
    def function(flag):
        class Two(m.autograd.Function):
            @staticmethod
            def forward(ctx, x):
                out = x.clone()
                ctx.mark_non_differentiable(out)
                ctx._materialize_non_diff_grads = flag
                return x.clone(), out

            @staticmethod
            def backward(ctx, g, none):
                got.append(none)
                return g

        return Two

    got = []
    x = m.ones(2, requires_grad=True)
    for flag in (True, False):
        function(flag).apply(x)[0].sum().backward()
    assert got[0].tolist() == [0, 0] and got[1] is None


def test_old_names_of_functions(m):
    class Old(m.autograd.function.InplaceFunction):
        @staticmethod
        def forward(ctx, x):
            ctx.save_for_backward(x)
            return x * 2

        @staticmethod
        def backward(ctx, g):
            with pytest.warns(DeprecationWarning, match="'saved_variables' is deprecated"):
                assert len(ctx.saved_variables) == 1
            return g * 2

    y = Old.apply(m.ones(2, requires_grad=True))
    assert y.grad_fn.__class__ is Old._backward_cls
    y.sum().backward()


# --- grad mode in generators ---------------------------------------------------------------------


@pytest.mark.parametrize("on", [False, True])
def test_generators_hear_throw_and_close_in_their_mode(m, on):
    seen = []

    @(m.enable_grad if on else m.no_grad)()
    def numbers():
        try:
            for i in range(9):
                try:
                    seen.append(m.is_grad_enabled())
                    yield i
                except KeyError:
                    seen.append(("caught", m.is_grad_enabled()))
        except GeneratorExit:
            seen.append(("closed", m.is_grad_enabled()))
            raise
        finally:
            seen.append(("finally", m.is_grad_enabled()))

    with m.set_grad_enabled(not on):
        run = numbers()
        assert next(run) == 0 and run.throw(KeyError("x")) == 1
        assert m.is_grad_enabled() is not on
        run.close()
        with pytest.raises(ValueError, match="not caught"):
            numbers_again = numbers()
            next(numbers_again)
            numbers_again.throw(ValueError("not caught"))
        assert m.is_grad_enabled() is not on
    assert seen[:5] == [on, ("caught", on), on, ("closed", on), ("finally", on)]


def test_what_a_generator_returns(m):
    @m.no_grad()
    def echo():
        got = yield 1
        return got

    run = echo()
    next(run)
    with pytest.raises(StopIteration) as stop:
        run.send("sent")
    assert stop.value.value == "sent"


# --- switches ------------------------------------------------------------------------------------


def test_multithreading_switch(m):
    switch, is_on = m.autograd.set_multithreading_enabled, m.autograd.is_multithreading_enabled
    with switch(False):
        assert not is_on()
        switch(True)
        assert is_on()
    assert is_on()
    switch(False)
    assert not is_on()
    switch(True)
    assert is_on()


def test_view_replay_switch(m):
    def f():
        out = m.ones(2, 2, requires_grad=True).clone().view(-1)
        out.add_(1)
        return out.grad_fn.name()

    assert f() == "AsStridedBackward0" and not m.autograd.is_view_replay_enabled()
    with m.autograd._force_original_view_tracking(True):
        assert f() == "ViewBackward0" and m.autograd.is_view_replay_enabled()
    assert f() == "AsStridedBackward0"


# --- versions, memory, views ----------------------------------------------------------------------


def test_versions(m):
    x, y = m.rand(1), m.rand(3)
    x.resize_((1, 2))
    x.resize_as_(y)
    assert x._version == 2
    x.resize_(3)  # nothing to do
    x.resize_as_(y)
    assert x._version == 2
    with m.inference_mode():
        made = m.ones(2)
        m.autograd.graph.increment_version(made)  # has none: nothing to count
    m.autograd.graph.increment_version([made, y])
    assert y._version == 1


def test_set_looks_at_other_memory(m):
    w = m.nn.Parameter(m.ones(4))
    for n in (3, 2):
        with m.no_grad():
            w.set_(w[1:])
            w.grad = None
        m.cat((w, w)).sum().backward()
        assert w.grad.tolist() == [2] * n
    with pytest.raises(RuntimeError):
        m.ones(2).set_(m.ones(2, dtype=m.int64))


@pytest.mark.parametrize("leaf", [True, False])
def test_a_view_made_in_no_grad_whose_base_was_written_to(m, leaf):
    base = m.ones(2, requires_grad=True)
    base = base if leaf else base * 1
    with m.no_grad():
        before, view = base[:1], base[:]
        view *= 2
    assert view.requires_grad
    assert repr(view) == "tensor([2., 2.], grad_fn=<Invalid>)"
    words = "A view was created in no_grad mode and its base or another view of its base has been"
    for call in (lambda: view * 2, lambda: before * 2, lambda: view.grad_fn):
        with pytest.raises(RuntimeError, match=words):
            call()
    with pytest.raises(RuntimeError, match="A view was created in no_grad mode and is being modi"):
        view.add_(1)
    with m.no_grad():
        assert (view * 2).tolist() == [4, 4]
        fresh = base[:]
    assert (fresh * 2).tolist() == [4, 4]


def test_several_views_made_in_no_grad(m):
    x = m.ones(3, requires_grad=True).clone()
    with m.no_grad():
        parts = x.unbind()
    with pytest.raises(RuntimeError, match="A view was created in no_grad mode and is being modi"):
        parts[0].add_(1)


def test_parts_that_nobody_watches(m):
    for cut in (lambda t: t.unsafe_split(1), lambda t: t.unsafe_chunk(3),
                lambda t: t.unsafe_split_with_sizes((1, 1, 1))):  # fmt: skip
        a = m.ones(3, requires_grad=True)
        first, second, _ = cut(a + a)
        first.mul_(second)
        first.sum().backward()
        assert a.grad.tolist() == [4, 4, 0]


def test_hooks_of_a_view_that_is_written_to(m):
    """They are for what was computed from the view as it was."""
    base = m.ones(1, requires_grad=True).clone()
    view, other, calls = base[:], base[:], []
    view.register_hook(lambda g: calls.append("old view"))
    other.register_hook(lambda g: calls.append("old other"))
    view.mul_(2)
    assert other.grad_fn is not None  # with this PyTorch notices that it is another one now
    other.register_hook(lambda g: calls.append("new other"))
    (view + other).sum().backward()
    assert calls == ["new other"]


def test_nothing_is_left_switched_off():
    assert mg.is_grad_enabled() and not mg.is_inference_mode_enabled()
