"""``autograd.Function``: one test for minigrad and PyTorch, with numbers worked out by hand."""

import gc
import weakref

import pytest
from refusal import refused

import minigrad as mg


def numbers(t):
    return None if t is None else t.tolist()


def make(m, forward, backward=None, **more):
    """A Function class of m with these static methods."""
    methods = {"forward": forward, **({"backward": backward} if backward else {}), **more}
    return type("Mine", (m.autograd.Function,), {k: staticmethod(v) for k, v in methods.items()})


# --- what tutorials do ------------------------


def test_relu_of_the_tutorial(m):
    def forward(ctx, input):
        ctx.save_for_backward(input)
        return input.clamp(min=0)

    def backward(ctx, grad_output):
        (input,) = ctx.saved_tensors
        grad_input = grad_output.clone()
        grad_input[input < 0] = 0
        return grad_input

    relu = make(m, forward, backward).apply
    x = m.tensor([-1.0, 2.0, 3.0], requires_grad=True)
    y = relu(x)
    assert numbers(y) == [0.0, 2.0, 3.0]
    assert repr(y) == "tensor([0., 2., 3.], grad_fn=<MineBackward>)"
    (y * m.tensor([1.0, 10.0, 100.0])).sum().backward()
    assert numbers(x.grad) == [0.0, 10.0, 100.0]


def test_legendre_polynomial_of_the_tutorial(m):
    def forward(ctx, input):
        ctx.save_for_backward(input)
        return 0.5 * (5 * input**3 - 3 * input)

    def backward(ctx, grad_output):
        (input,) = ctx.saved_tensors
        return grad_output * 1.5 * (5 * input**2 - 1)

    x = m.tensor([2.0, -1.0], requires_grad=True)
    y = make(m, forward, backward).apply(x)
    assert numbers(y) == [17.0, -1.0]
    y.sum().backward()
    assert numbers(x.grad) == [28.5, 6.0]


def test_other_arguments_several_inputs_and_outputs(m):
    def forward(ctx, a, text, b, k=2):
        assert text == "hello"
        ctx.k = k
        ctx.save_for_backward(a, b)
        return a * b * k, a + b

    def backward(ctx, g1, g2):
        a, b = ctx.saved_tensors
        assert ctx.needs_input_grad == (True, False, True, False)
        return g1 * b * ctx.k + g2, None, g1 * a * ctx.k + g2, None

    a, b = m.tensor(3.0, requires_grad=True), m.tensor(5.0, requires_grad=True)
    mine = make(m, forward, backward)
    product, total = mine.apply(a, "hello", b, 10)
    assert (product.item(), total.item()) == (150.0, 8.0)
    assert product.grad_fn is total.grad_fn and (product.output_nr, total.output_nr) == (0, 1)
    (product + total * 1000).backward()
    assert (a.grad.item(), b.grad.item()) == (1050.0, 1030.0)


def test_the_node(m):
    def forward(ctx, x, k):
        ctx.k = k
        ctx.save_for_backward(x, None)
        return x * k

    def backward(ctx, g):
        return g * ctx.k, None

    x = m.tensor([1.0], requires_grad=True)
    node = make(m, forward, backward).apply(x, 3).grad_fn
    assert node.name() == "MineBackward" and node.k == 3
    saved, nothing = node.saved_tensors
    assert saved is x and nothing is None
    assert len(node.next_functions) == 1 and node.next_functions[0][0].variable is x
    assert node.needs_input_grad == (True, False)
    with pytest.raises(AttributeError):
        node.nonsense  # noqa: B018
    with pytest.raises(AttributeError):
        (x * 2).grad_fn.saved_tensors  # noqa: B018


def test_setup_context(m):
    def forward(x, k=3):
        return x * k

    def setup_context(ctx, inputs, output):
        x, ctx.k = inputs
        assert numbers(output) == numbers(x * ctx.k)

    def backward(ctx, g):
        return g * ctx.k, None

    mine = make(m, forward, backward, setup_context=setup_context)
    x = m.tensor([1.0, 2.0], requires_grad=True)
    (mine.apply(x) + mine.apply(x, 10) + mine.apply(x, k=100)).sum().backward()
    assert numbers(x.grad) == [113.0, 113.0]


def test_vjp_is_another_name_of_backward(m):
    x = m.tensor([2.0], requires_grad=True)
    make(m, lambda ctx, x: x * 5, vjp=lambda ctx, g: g * 5).apply(x).backward()
    assert numbers(x.grad) == [5.0]
    both = make(m, lambda ctx, x: x * 5, lambda ctx, g: g, vjp=lambda ctx, g: g)
    with refused(RuntimeError, "Implementing both 'backward' and 'vjp' for a custom Function"):
        both.apply(x).backward()


# --- recording ------------------------


def test_forward_is_not_recorded_and_backward_is_only_with_create_graph(m):
    modes = []

    def forward(ctx, x):
        modes.append(m.is_grad_enabled())
        ctx.save_for_backward(x)
        return x * x * x

    def backward(ctx, g):
        modes.append(m.is_grad_enabled())
        (x,) = ctx.saved_tensors
        return g * 3 * x * x

    cube = make(m, forward, backward).apply
    x = m.tensor(2.0, requires_grad=True)
    (dx,) = m.autograd.grad(cube(x), x, create_graph=True)
    (ddx,) = m.autograd.grad(dx, x)
    assert (dx.item(), ddx.item()) == (12.0, 12.0)
    cube(x).backward()
    assert modes == [False, True, False, False]


def test_nothing_is_recorded_without_need(m):
    def forward(ctx, x):
        ctx.save_for_backward(x)
        return x * 2

    mine = make(m, forward, lambda ctx, g: g * 2)
    assert mine.apply(m.ones(1)).grad_fn is None
    with m.no_grad():
        assert mine.apply(m.ones(1, requires_grad=True)).grad_fn is None


def test_saved_output_and_saved_value_from_between(m):
    def forward(ctx, x):
        half = x * 0.5
        y = (half * 2).exp()
        ctx.save_for_backward(y, half)
        return y

    def backward(ctx, g):
        y, half = ctx.saved_tensors
        seen.append((y.requires_grad, half.requires_grad))
        return g * y * (half * 2 + 1) / (half * 2 + 1)

    seen = []
    x = m.tensor([0.0, 1.0], requires_grad=True)
    mine = make(m, forward, backward)
    mine.apply(x).sum().backward()
    assert x.grad.tolist() == pytest.approx([1.0, 2.718281828], rel=1e-6)
    (dx,) = m.autograd.grad(make(m, forward, lambda ctx, g: g * ctx.saved_tensors[0]).apply(x),
                            x, m.ones(2), create_graph=True)  # fmt: skip
    assert m.autograd.grad(dx.sum(), x)[0].tolist() == pytest.approx([1.0, 2.718281828], rel=1e-6)
    assert seen == [(True, False)]


def test_saved_tensors_are_freed_and_watched(m):
    def forward(ctx, x):
        ctx.save_for_backward(x)
        return x * x

    def backward(ctx, g):
        return g * 2 * ctx.saved_tensors[0]

    mine = make(m, forward, backward)
    x = m.tensor([3.0], requires_grad=True)
    y = mine.apply(x)
    y.backward()
    with refused(RuntimeError, "Trying to backward through the graph a second time"):
        y.backward()
    with refused(RuntimeError, "Trying to backward through the graph a second time"):
        y.grad_fn.saved_tensors  # noqa: B018
    z = x * 1
    y = mine.apply(z)
    z.add_(1)
    with refused(RuntimeError, "one of the variables needed for gradient computation has been"):
        y.backward()
    assert numbers(x.grad) == [6.0]


def test_a_backward_that_does_not_read_what_was_saved_may_run_twice(m):
    def forward(ctx, x):
        ctx.save_for_backward(x)
        return x * 2

    mine = make(m, forward, lambda ctx, g: g * 2)
    x = m.tensor([3.0], requires_grad=True)
    y = mine.apply(x)
    y.backward()
    y.backward()
    assert numbers(x.grad) == [4.0]
    with refused(RuntimeError, "Trying to backward through the graph a second time"):
        y.grad_fn.saved_tensors  # noqa: B018
    z = x * 1
    y = mine.apply(z)
    z.add_(1)
    y.backward()
    assert numbers(x.grad) == [6.0]
    with refused(RuntimeError, "Trying to backward through the graph a second time"):
        y.grad_fn.saved_tensors  # noqa: B018


def test_writing_into_a_saved_output_is_refused(m):
    def forward(ctx, x):
        y = x.exp()
        ctx.save_for_backward(y)
        return y

    y = make(m, forward, lambda ctx, g: g * ctx.saved_tensors[0]).apply(
        m.tensor([3.0], requires_grad=True)
    )
    y.add_(1)
    with refused(RuntimeError, "one of the variables needed for gradient computation has been"):
        y.backward()


def test_once_differentiable(m):
    decorate = m.autograd.function.once_differentiable

    def forward(ctx, x):
        ctx.save_for_backward(x)
        return x**3

    @decorate
    def backward(ctx, g):
        assert not m.is_grad_enabled()
        return g * 3 * ctx.saved_tensors[0] ** 2

    mine = make(m, forward, backward)
    x = m.tensor([2.0], requires_grad=True)
    mine.apply(x).backward()
    assert numbers(x.grad) == [12.0]
    (dx,) = m.autograd.grad(mine.apply(x) ** 2, x, create_graph=True)
    assert dx.item() == 192.0 and dx.requires_grad
    with refused(RuntimeError, "trying to differentiate twice a function that was marked with"):
        dx.backward()


# --- marks ------------------------


def test_mark_non_differentiable(m):
    def forward(ctx, x):
        order = m.argsort(x)
        twice = x * 2
        ctx.mark_non_differentiable(order, twice)
        return x[order], order, twice

    def backward(ctx, g, g_order, g_twice):
        seen.append((numbers(g_order), numbers(g_twice)))
        return g

    seen = []
    x = m.tensor([2.0, 1.0], requires_grad=True)
    y, order, twice = make(m, forward, backward).apply(x)
    assert y.requires_grad and not order.requires_grad and not twice.requires_grad
    assert twice.grad_fn is None
    y.sum().backward()
    assert seen == [([0, 0], [0.0, 0.0])]


@pytest.mark.parametrize("materialize", [True, False])
def test_gradients_of_unused_outputs(m, materialize):
    def forward(ctx, x):
        ctx.set_materialize_grads(materialize)
        return x * 2, x * 3

    def backward(ctx, g1, g2):
        seen.append((numbers(g1), numbers(g2)))
        return g1 * 2

    seen = []
    x = m.tensor([1.0, 1.0], requires_grad=True)
    make(m, forward, backward).apply(x)[0].sum().backward()
    assert seen == [([1.0, 1.0], [0.0, 0.0] if materialize else None)]
    assert numbers(x.grad) == [2.0, 2.0]


def test_mark_dirty(m):
    def forward(ctx, x):
        x.mul_(2)
        ctx.mark_dirty(x)
        return x

    mine = make(m, forward, lambda ctx, g: g * 2)
    x = m.tensor([1.0, 2.0], requires_grad=True)
    z = x * 1
    y = mine.apply(z)
    assert y is z and z.grad_fn.name() == "MineBackward" and numbers(z) == [2.0, 4.0]
    assert z._version == 2
    (z * 10).sum().backward()
    assert numbers(x.grad) == [20.0, 20.0]
    with refused(RuntimeError, "a leaf Variable that requires grad has been used in an in-place"):
        mine.apply(x)
    with m.no_grad():  # not recorded, so allowed
        mine.apply(x)


def test_mark_dirty_on_a_view_changes_the_base(m):
    def forward(ctx, x):
        x.mul_(5)
        ctx.mark_dirty(x)
        return x

    mine = make(m, forward, lambda ctx, g: g * 5)
    x = m.tensor([1.0, 2.0], requires_grad=True)
    z = x * 1
    view = z[:1]
    mine.apply(view)
    assert z.grad_fn.name().endswith("CopySlices") and numbers(z) == [5.0, 2.0]
    z.sum().backward()
    assert numbers(x.grad) == [5.0, 1.0]


def test_dirty_inputs_must_be_returned(m):
    def forward(ctx, x):
        ctx.mark_dirty(x)
        return x * 2

    with refused(RuntimeError, "Some elements marked as dirty during the forward method were not"):
        make(m, forward, lambda ctx, g: g).apply(m.ones(2, requires_grad=True) * 1)


def test_an_input_returned_as_it_is(m):
    mine = make(m, lambda ctx, x: x, lambda ctx, g: g * 7)  # a gradient that is scaled
    x = m.tensor([1.0], requires_grad=True)
    y = mine.apply(x)
    assert y is not x and x.grad_fn is None and y.grad_fn.name() == "MineBackward"
    assert y.data_ptr() == x.data_ptr()
    y.backward()
    assert numbers(x.grad) == [7.0]
    with refused(RuntimeError, "Output 0 of Mine is a view and is being modified inplace."):
        mine.apply(x * 1).add_(1)


def test_an_input_returned_without_a_gradient(m):
    same = make(m, lambda ctx, x: x, lambda ctx, g: g)
    x = m.ones(2)
    y = same.apply(x)
    assert y is not x and y.data_ptr() == x.data_ptr()

    def forward(ctx, x):
        ctx.mark_non_differentiable(x)
        return x

    z = x.requires_grad_() * 1
    y = make(m, forward, lambda ctx, g: g).apply(z)
    assert y is not z and not y.requires_grad and z.requires_grad


def test_a_graph_inside_forward(m):
    """The way to let autograd do the inner part of a Function."""

    def forward(ctx, x):
        with m.enable_grad():
            ctx.x = x.detach().requires_grad_()
            ctx.y = ctx.x * ctx.x
        return ctx.y.detach()

    def backward(ctx, g):
        return m.autograd.grad(ctx.y, ctx.x, g)[0]

    x = m.tensor([3.0, 4.0], requires_grad=True)
    make(m, forward, backward).apply(x).sum().backward()
    assert numbers(x.grad) == [6.0, 8.0]

    def recorded(ctx, x):
        with m.enable_grad():
            return x * x  # a history of its own, that is not to be used

    x = m.tensor([3.0, 4.0], requires_grad=True)
    make(m, recorded, lambda ctx, g: g * 100).apply(x).sum().backward()
    assert numbers(x.grad) == [100.0, 100.0]


def test_the_same_input_twice(m):
    def forward(ctx, x, y):
        ctx.save_for_backward(x, y)
        return x * y

    def backward(ctx, g):
        x, y = ctx.saved_tensors
        return g * y, g * x

    x = m.tensor([1.0, 2.0], requires_grad=True)
    (dx,) = m.autograd.grad(make(m, forward, backward).apply(x, x).sum(), x, create_graph=True)
    assert numbers(dx) == [2.0, 4.0]
    assert numbers(m.autograd.grad(dx.sum(), x)[0]) == [2.0, 2.0]


def test_outputs_that_are_views_cannot_be_written_to(m):
    one = make(m, lambda ctx, x: x[:1], lambda ctx, g: m.cat([g, g * 0]))
    two = make(m, lambda ctx, x: (x[:1], x[1:]), lambda ctx, g, h: m.cat([g, h]))
    x = m.tensor([1.0, 2.0], requires_grad=True) * 1
    y = one.apply(x)
    with refused(RuntimeError, "Output 0 of Mine is a view and is being modified inplace. This "
                 "view was created inside a custom Function"):  # fmt: skip
        y.add_(1)
    with refused(RuntimeError, "Output 1 of Mine is a view and is being modified inplace. This "
                 "view is the output of a function that returns multiple views."):  # fmt: skip
        two.apply(x)[1].add_(1)
    assert numbers(x) == [1.0, 2.0]
    x.mul_(2)  # now y's own history would be wrong
    with refused(RuntimeError, "Output 0 of Mine is a view and its base or another view"):
        y.grad_fn  # noqa: B018


# --- wrong answers ------------------------


def answering(m, answer):
    """Returns what a backward pass says to this answer of ``backward`` for (tensor, number)."""
    mine = make(m, lambda ctx, x, k: x * k, lambda ctx, g: answer(g))
    x = m.tensor([1.0, 2.0], requires_grad=True)
    mine.apply(x, 3).sum().backward()
    return numbers(x.grad)


def test_wrong_answers_are_refused(m):
    words = "function MineBackward returned an incorrect number of gradients (expected 2, got "
    with refused(RuntimeError, words + "1)"):
        answering(m, lambda g: g)
    with refused(RuntimeError, words + "3)"):
        answering(m, lambda g: (g, None, g))
    with refused(
        RuntimeError, "function MineBackward returned a gradient different than None at position "
        "2, but the corresponding forward input was not a Variable"
    ):  # fmt: skip
        answering(m, lambda g: (g, g))
    with refused(
        RuntimeError, "Function MineBackward returned an invalid gradient at index 0 - got [3] but "
        "expected shape compatible with [2]"
    ):  # fmt: skip
        answering(m, lambda g: (m.ones(3), None))
    with refused(RuntimeError, "expected Variable or None (got int)"):
        answering(m, lambda g: (3, None))


def test_answers_that_fit_after_all(m):
    assert answering(m, lambda g: (g, None, None)) == [1.0, 1.0]  # Nones too many
    assert answering(m, lambda g: (m.ones(5, 2), None)) == [5.0, 5.0]  # summed to the shape
    assert answering(m, lambda g: (m.ones(2, dtype=m.float64), None)) == [1.0, 1.0]
    assert answering(m, lambda g: (None, None)) is None


def test_missing_parts(m):
    x = m.ones(1, requires_grad=True)
    with refused(NotImplementedError, "You must implement the forward function for custom"):
        type("Mine", (m.autograd.Function,), {}).apply(x)
    y = make(m, lambda ctx, x: x * 2).apply(x)
    with refused(NotImplementedError, "You must implement either the backward or vjp method"):
        y.backward()
    with pytest.warns(DeprecationWarning, match="should not be instantiated"):
        instance = make(m, lambda ctx, x: x)()
    with refused(RuntimeError, "Legacy autograd function with non-static forward method is"):
        instance(x)
    with refused(TypeError, "save_for_backward can only save variables, but argument 0 is of type"):
        make(m, lambda ctx, x: (ctx.save_for_backward(3), x)[1], lambda ctx, g: g).apply(x)


def test_an_exception_in_backward_changes_no_gradient():
    """minigrad promises more than PyTorch: nothing is half-changed."""
    x, z = (mg.ones(1, requires_grad=True) for _ in range(2))

    def backward(ctx, g):
        raise ZeroDivisionError("user's own")

    y = make(mg, lambda ctx, x: x * 2, backward).apply(x) + z
    with refused(ZeroDivisionError, "user's own"):
        y.backward()
    assert x.grad is None and z.grad is None


def test_what_backward_keeps_is_its_own(m):
    kept = []

    def backward(ctx, g):
        kept.append(g)
        return g

    x = m.ones(2, requires_grad=True)
    make(m, lambda ctx, x: x * 1, backward).apply(x).sum().backward()
    kept[0].fill_(9)
    if m is mg:  # PyTorch lets backward steal
        assert numbers(x.grad) == [1.0, 1.0]


# --- hooks, anomaly mode, memory ------------------------


def test_saved_tensors_go_through_the_hooks(m):
    def forward(ctx, x):
        ctx.save_for_backward(x)
        return x * x

    packed = []

    def pack(t):
        packed.append(t.tolist())
        return t * 10

    x = m.tensor([3.0], requires_grad=True)
    with m.autograd.graph.saved_tensors_hooks(pack, lambda t: t):
        y = make(m, forward, lambda ctx, g: g * 2 * ctx.saved_tensors[0]).apply(x)
    y.backward()
    assert packed == [[3.0]] and numbers(x.grad) == [60.0]


def test_anomaly_mode_names_the_call_of_apply(m):
    def backward(ctx, g):
        raise ZeroDivisionError("user's own")

    mine = make(m, lambda ctx, x: x * 2, backward)
    x = m.ones(1, requires_grad=True)
    with pytest.warns(UserWarning) as warned, m.autograd.detect_anomaly():
        y = mine.apply(x)
        with pytest.raises(ZeroDivisionError):
            y.backward()
    assert any("Error detected in MineBackward" in str(w.message)
               and "y = mine.apply(x)" in str(w.message) for w in warned)  # fmt: skip


def test_no_reference_cycle():
    def forward(ctx, x):
        y = x.exp()
        ctx.save_for_backward(x, y)
        return y, x

    mine = make(mg, forward, lambda ctx, g, h: g * ctx.saved_tensors[1] + h)
    while gc.collect():  # what other tests have left
        pass
    gc.disable()
    try:
        x = mg.ones(2, requires_grad=True)
        y, z = mine.apply(x)
        node = weakref.ref(y.grad_fn)
        (y + z).sum().backward()
        assert node() is not None
        del y, z
        assert node() is None
        assert gc.collect() == 0
    finally:
        gc.enable()


def test_a_function_in_the_graph():
    """The picture shows a user's Function by its name."""
    mine = make(mg, lambda ctx, x: (x * 2, x * 3), lambda ctx, g, h: g * 2 + h * 3)
    x = mg.ones(2, requires_grad=True)
    a, b = mine.apply(x)
    loss = (a + b).sum()
    text = mg.graph(loss).describe()
    assert "Mine" in text


# --- forward mode's and vmap's entry ------------------------


def test_run_with_jvp():
    from minigrad.autograd.function import run_with_jvp

    def forward(x, k):
        return x**k

    def setup_context(ctx, inputs, output):
        x, ctx.k = inputs
        ctx.save_for_forward(x)

    def jvp(ctx, tangent, nothing):
        assert nothing is None
        (x,) = ctx.saved_tensors
        return tangent * ctx.k * x ** (ctx.k - 1)

    mine = make(mg, forward, setup_context=setup_context, jvp=jvp)
    x = mg.tensor([2.0, 3.0])
    params = {"_function": mine, "_args": (x, 3)}
    y, tangent = run_with_jvp(params, [x], [mg.tensor([1.0, 10.0])])
    assert numbers(y) == [8.0, 27.0] and numbers(tangent) == [12.0, 270.0]
