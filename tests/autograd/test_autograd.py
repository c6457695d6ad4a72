"""``backward`` and ``grad``: one test for minigrad and PyTorch, with numbers worked out by hand."""

import random
import threading
import warnings

import pytest
from refusal import refused

import minigrad as mg


def numbers(t):
    return None if t is None else t.tolist()


# --- backward ------------------------


def test_backward_sums_over_all_ways_to_a_leaf(m):
    x = m.tensor([1.0, 2.0], requires_grad=True)
    y = x * x  # used twice
    (y * 3 + y.sum()).sum().backward()  # 3 y_i + 2 (y_1 + y_2): dy_i = 5, times 2 x
    assert numbers(x.grad) == [10.0, 20.0]
    assert x.grad.grad_fn is None and x.grad.is_leaf and not x.grad.requires_grad


def test_gradients_accumulate_until_they_are_cleared(m):
    x = m.tensor(3.0, requires_grad=True)
    (x * x).backward()
    first = x.grad
    (x * x).backward()
    assert x.grad is first and x.grad.item() == 12.0  # in place, as in PyTorch
    x.grad = None
    (x * x).backward()
    assert x.grad.item() == 6.0 and first.item() == 12.0
    x.grad.zero_()
    (2 * x).backward()
    assert x.grad.item() == 2.0


def test_backward_with_a_gradient_to_start_with(m):
    x = m.tensor([1.0, 2.0, 3.0], requires_grad=True)
    (x * x).backward(m.tensor([1.0, 10.0, 100.0]))
    assert numbers(x.grad) == [2.0, 40.0, 600.0]
    m.autograd.backward([x * 2, x.sum()], [m.ones(3), None])
    assert numbers(x.grad) == [5.0, 43.0, 603.0]


def test_retain_graph_allows_another_pass_and_the_default_does_not(m):
    x = m.tensor(3.0, requires_grad=True)
    y = x * x
    y.backward(retain_graph=True)
    y.backward()
    assert x.grad.item() == 12.0
    with refused(RuntimeError, "Trying to backward through the graph a second time"):
        y.backward()
    assert x.grad.item() == 12.0  # the refused pass changed nothing


def test_a_graph_that_saves_nothing_can_be_walked_twice(m):
    x = m.tensor(3.0, requires_grad=True)
    y = x + 2
    y.backward()
    y.backward()
    assert x.grad.item() == 2.0


def test_second_backward_through_a_shared_part_is_refused_before_anything_changes(m):
    x, z = (m.tensor(3.0, requires_grad=True) for _ in range(2))
    shared = x * x
    (shared * 2).backward()
    with refused(RuntimeError, "Trying to backward through the graph a second time"):
        (shared + z).backward()
    if m is mg:  # PyTorch has walked the way to z by then; nothing half-changed here
        assert z.grad is None
    assert x.grad.item() == 12.0


def test_create_graph_records_the_backward_pass(m):
    x = m.tensor(2.0, requires_grad=True)
    (dx,) = m.autograd.grad(x**4, x, create_graph=True)
    (ddx,) = m.autograd.grad(dx, x, create_graph=True)
    (dddx,) = m.autograd.grad(ddx, x, create_graph=True)
    assert [dx.item(), ddx.item(), dddx.item()] == [32.0, 48.0, 48.0]
    assert dddx.requires_grad
    (dddx * 2).backward()
    assert x.grad.item() == 48.0  # 2 * 4!


def test_backward_with_create_graph(m):
    x = m.tensor(2.0, requires_grad=True)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # PyTorch warns once in a process
        (x**3).backward(create_graph=True)
    dx, x.grad = x.grad, None
    assert dx.item() == 12.0 and dx.requires_grad
    dx.backward()
    assert x.grad.item() == 12.0


def test_backward_with_create_graph_warns_of_the_cycle():
    x = mg.tensor(2.0, requires_grad=True)
    with pytest.warns(UserWarning, match="will create a reference cycle") as warned:
        (x**3).backward(create_graph=True)
    assert warned[0].filename == __file__
    x.grad = None


def test_gradient_penalty(m):
    """The common use of create_graph: a loss that contains the norm of a gradient."""
    w = m.tensor([1.0, -2.0], requires_grad=True)
    x = m.tensor([3.0, 0.5], requires_grad=True)
    y = (w * x * x).sum()
    (g,) = m.autograd.grad(y, x, create_graph=True)  # 2 w x = [6, -2]
    (y + (g * g).sum()).backward()  # y + 4 w^2 x^2
    assert numbers(w.grad) == [9 + 8 * 9.0, 0.25 - 16 * 0.25]  # x^2 + 8 w x^2
    assert numbers(x.grad) == [6 + 8 * 3.0, -2 + 8 * 4 * 0.5]  # 2 w x + 8 w^2 x


def test_backward_inputs_fills_only_those(m):
    a, b = (m.tensor(v, requires_grad=True) for v in (2.0, 5.0))
    y = a * b
    (y * y).backward(inputs=[a, y])
    assert a.grad.item() == 100.0  # 2 y b
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        assert y.grad.item() == 20.0  # 2 y, though y is no leaf
    assert b.grad is None
    (a * b).backward(inputs=b)
    assert (a.grad.item(), b.grad.item()) == (100.0, 2.0)
    with refused(RuntimeError, "`inputs` argument to `backward()` cannot be empty"):
        (a * b).backward(inputs=[])


def test_backward_through_every_kind_of_reuse(m):
    """A diamond, a tensor used as both operands, and one that is never used."""
    a = m.tensor(2.0, requires_grad=True)
    unused = m.tensor(1.0, requires_grad=True)
    b = a * a
    c, d = b + a, b * a
    (c * d).backward()  # (a^2 + a) a^3 = a^5 + a^4
    assert a.grad.item() == 5 * 16 + 4 * 8 and unused.grad is None


def test_two_gradients_do_not_share_memory(m):
    a, b = (m.zeros(2, requires_grad=True) for _ in range(2))
    (a + b).sum().backward()
    a.grad.add_(5)
    assert numbers(b.grad) == [1.0, 1.0]
    start = m.ones(2)
    c = m.zeros(2, requires_grad=True)
    (c + 0).backward(start)
    c.grad.add_(1)
    assert numbers(start) == [1.0, 1.0]


# --- what is refused ------------------------


def test_backward_of_what_has_no_graph(m):
    words = "element 0 of tensors does not require grad and does not have a grad_fn"
    with refused(RuntimeError, words):
        m.ones(()).backward()
    x = m.tensor(1.0, requires_grad=True)
    with refused(RuntimeError, words):
        (x * 2).detach().backward()
    with m.no_grad():
        y = x * 2
    with refused(RuntimeError, words):
        y.backward()
    assert x.grad is None


def test_non_scalar_backward(m):
    x = m.ones(3, requires_grad=True)
    with refused(RuntimeError, "grad can be implicitly created only for scalar outputs"):
        (x * 2).backward()
    (x[:1] * 2).backward()  # one element is a scalar whatever its shape
    assert numbers(x.grad) == [2.0, 0.0, 0.0]


def test_start_gradient_of_the_wrong_shape_or_kind(m):
    x = m.ones(3, requires_grad=True)
    y = x * 2
    with refused(RuntimeError, "Mismatch in shape: grad_output[0] has a shape of torch.Size([2])"):
        y.backward(m.ones(2))
    with refused(TypeError, "gradients can be either Tensors or None, but got int"):
        m.autograd.backward([y], [3])
    with refused(RuntimeError, "got 2 tensors and 1 gradients"):
        m.autograd.grad([y, y], x, [m.ones(3)])
    assert x.grad is None
    y.backward(m.ones(3))  # none of that used the graph up
    assert numbers(x.grad) == [2.0, 2.0, 2.0]


def test_integers_cannot_require_gradients(m):
    for make in (lambda: m.tensor([1, 2], requires_grad=True),
                 lambda: m.zeros(2, dtype=m.bool, requires_grad=True)):  # fmt: skip
        with refused(RuntimeError, "Only Tensors of floating point and complex dtype can require"):
            make()
    x = m.tensor([1, 2])
    with refused(RuntimeError, "only Tensors of floating point dtype can require gradients"):
        x.requires_grad_()
    with refused(RuntimeError, "only Tensors of floating point"):
        x.requires_grad = True
    assert not x.requires_grad
    assert not (m.tensor([1.0], requires_grad=True) > 0).requires_grad


def test_requires_grad_of_a_computed_tensor_cannot_be_switched_off(m):
    y = m.ones(2, requires_grad=True) * 2
    with refused(RuntimeError, "you can only change requires_grad flags of leaf variables."):
        y.requires_grad = False
    assert y.requires_grad


def test_assigning_a_gradient(m):
    x = m.ones(2, requires_grad=True)
    x.grad = m.tensor([1.0, 2.0])
    (x * 3).sum().backward()
    assert numbers(x.grad) == [4.0, 5.0]
    with refused(RuntimeError, "attempting to assign a gradient of size '[3]' to a tensor of"):
        x.grad = m.ones(3)
    with refused(RuntimeError, "attempting to assign a gradient with dtype"):
        x.grad = m.ones(2, dtype=m.float64)
    with refused(RuntimeError, "can't assign Variable as its own grad"):
        x.grad = x
    with refused(TypeError, "assigned grad expected to be a Tensor or None but got"):
        x.grad = 3
    assert numbers(x.grad) == [4.0, 5.0]


# --- grad ------------------------


def test_grad_returns_and_does_not_accumulate(m):
    x, y = (m.tensor(v, requires_grad=True) for v in (2.0, 3.0))
    dx, dy = m.autograd.grad(x * x * y, [x, y])
    assert (dx.item(), dy.item()) == (12.0, 4.0)
    assert x.grad is None and y.grad is None
    with refused(RuntimeError, "`inputs` argument to `grad()` cannot be empty"):
        m.autograd.grad(x * y, [])
    assert isinstance(m.autograd.grad(x * y, x), tuple)


def test_grad_of_a_tensor_in_the_middle(m):
    x = m.tensor(2.0, requires_grad=True)
    y = x * x
    z = y * y
    dy, dx = m.autograd.grad(z, [y, x])
    assert (dy.item(), dx.item()) == (8.0, 32.0)


def test_grad_of_the_root_itself_and_of_the_same_input_twice(m):
    x = m.tensor(2.0, requires_grad=True)
    y = x * 3
    assert [g.item() for g in m.autograd.grad(y, [y, x, x])] == [1.0, 3.0, 3.0]
    assert m.autograd.grad(x, x)[0].item() == 1.0


def test_grad_with_several_outputs_sums(m):
    x = m.tensor([1.0, 2.0], requires_grad=True)
    (g,) = m.autograd.grad([x * 2, (x * x).sum()], x, [m.ones(2), m.tensor(10.0)])
    assert numbers(g) == [22.0, 42.0]


def test_grad_of_an_unused_input(m):
    x, z = (m.tensor(v, requires_grad=True) for v in (2.0, 3.0))
    y = x * x
    with refused(
        RuntimeError,
        "The differentiated Tensor at index 1 appears to not have been used in the graph. Set "
        "allow_unused=True if this is the desired behavior.",
    ):
        m.autograd.grad(y, [x, z], retain_graph=True)
    dx, dz = m.autograd.grad(y, [x, z], retain_graph=True, allow_unused=True)
    assert dx.item() == 4.0 and dz is None
    dx, dz = m.autograd.grad(y, [x, z], materialize_grads=True)
    assert (dx.item(), dz.item()) == (4.0, 0.0)
    with refused(ValueError, "Expected allow_unused to be True or not passed when materialize"):
        m.autograd.grad(x * 2, [x], materialize_grads=True, allow_unused=False)
    with refused(RuntimeError, "One of the differentiated Tensors does not require grad"):
        m.autograd.grad(x * 2, m.ones(()))


def test_grads_batched(m):
    x = m.tensor([1.0, 2.0, 3.0], requires_grad=True)
    y = x * x
    (rows,) = m.autograd.grad(y, x, m.eye(3), is_grads_batched=True)  # the whole Jacobian
    assert numbers(rows) == [[2.0, 0.0, 0.0], [0.0, 4.0, 0.0], [0.0, 0.0, 6.0]]


def test_freed_only_where_it_walked(m):
    """grad for one input does not free what lies on other ways."""
    x, z = (m.tensor(v, requires_grad=True) for v in (2.0, 3.0))
    a, b = x * x, z * z
    y = a + b
    assert m.autograd.grad(y, x)[0].item() == 4.0
    assert m.autograd.grad(y, z)[0].item() == 6.0


def test_gradient_edges_stand_for_tensors(m):
    x = m.tensor(2.0, requires_grad=True)
    y = x * x
    edge = m.autograd.graph.get_gradient_edge(y)
    assert edge.node is y.grad_fn and edge.output_nr == 0
    (dy,) = m.autograd.grad(y * 3, edge, retain_graph=True)
    assert dy.item() == 3.0
    leaf = m.autograd.graph.get_gradient_edge(x)
    assert m.autograd.grad((edge,), (leaf,), m.tensor(10.0))[0].item() == 40.0
    with refused(RuntimeError, "It is not possible to get the gradient edge for a Tensor that"):
        m.autograd.graph.get_gradient_edge(m.ones(1))


def test_gradients_have_the_dtype_and_shape_of_their_tensor(m):
    single = m.ones(2, 1, requires_grad=True)
    double = m.ones(3, dtype=m.float64, requires_grad=True)
    (single * double).sum().backward()
    assert (single.grad.dtype, double.grad.dtype) == (m.float32, m.float64)
    assert numbers(single.grad) == [[3.0], [3.0]] and numbers(double.grad) == [2.0, 2.0, 2.0]


# --- leaves, detach, retain_grad ------------------------


def test_what_is_a_leaf(m):
    x = m.ones(2, requires_grad=True)
    assert x.is_leaf and m.ones(2).is_leaf and not (x * 2).is_leaf
    assert (x * 2).detach().is_leaf and (m.ones(2) * 2).is_leaf
    with m.no_grad():
        assert (x * 2).is_leaf


def test_detach_shares_numbers_and_version(m):
    x = m.ones(2, requires_grad=True)
    d = x.detach()
    assert not d.requires_grad and d.grad_fn is None and d.data_ptr() == x.data_ptr()
    d[0] = 7.0
    assert numbers(x) == [7.0, 1.0] and x._version == d._version == 1


def test_detach_in_place(m):
    x = m.ones(2, requires_grad=True)
    y = x * 2
    z = y * 3
    assert y.detach_() is y
    assert y.is_leaf and not y.requires_grad
    z.sum().backward()  # recorded before: still has its way to x
    assert numbers(x.grad) == [6.0, 6.0]
    with refused(RuntimeError, "Can't detach views in-place. Use detach() instead."):
        x.view(1, 2).detach_()


def test_retain_grad(m):
    x = m.tensor(2.0, requires_grad=True)
    y = x * x
    y.retain_grad()
    y.retain_grad()  # twice is once
    assert y.retains_grad and not x.retains_grad
    (y * 3).backward()
    assert (y.grad.item(), x.grad.item()) == (3.0, 12.0)
    with refused(RuntimeError, "can't retain_grad on Tensor that has requires_grad=False"):
        m.ones(2).retain_grad()
    x.retain_grad()  # does nothing on a leaf


def test_retained_gradient_sees_the_hooks_before_it(m):
    x = m.tensor(2.0, requires_grad=True)
    y = x * x
    y.retain_grad()
    y.register_hook(lambda g: g * 10)
    (y * 3).backward()
    assert y.grad.item() == 30.0


def test_retained_gradient_of_a_tensor_that_is_written_to(m):
    """It is the gradient of the new value."""
    x = m.tensor([1.0, 2.0], requires_grad=True)
    y = x * 1
    y.retain_grad()
    y.mul_(2)
    view = y[:1]
    view.retain_grad()
    view.mul_(10)
    assert y.retains_grad and view.retains_grad
    ((y * 3).sum() + view.sum()).backward()
    assert (numbers(y.grad), numbers(view.grad)) == ([4.0, 3.0], [1.0])
    assert numbers(x.grad) == [80.0, 6.0]


def test_views_without_recording_still_require_gradients(m):
    x = m.tensor([1.0, 2.0], requires_grad=True)
    with m.no_grad():
        view = x[:1]
        assert not (x * 1)[:1].requires_grad
    assert view.requires_grad and view.is_leaf and view.grad_fn is None
    assert repr(view) == "tensor([1.], requires_grad=True)"


def test_numpy_without_recording(m):
    x = m.tensor([1.0, 2.0], requires_grad=True)
    with refused(RuntimeError, "Can't call numpy() on Tensor that requires grad. Use tensor.det"):
        x.numpy()
    with m.no_grad():
        assert x.numpy().tolist() == [1.0, 2.0]
        assert (x * 2).numpy().tolist() == [2.0, 4.0]
    assert x.numpy(force=True).tolist() == [1.0, 2.0]


def test_variable_the_old_name(m):
    Variable = m.autograd.Variable
    t = m.ones(2)
    x = Variable(t, requires_grad=True)
    assert x.requires_grad and not t.requires_grad and x.data_ptr() == t.data_ptr()
    assert isinstance(t, Variable) and Variable(m.tensor([1, 2])).dtype == m.int64
    y = Variable(x * 2)
    assert not y.requires_grad and y.is_leaf
    (x * x).sum().backward()
    assert numbers(x.grad) == [2.0, 2.0]
    with refused(TypeError, "Variable data has to be a tensor, but got list"):
        Variable([1.0])


def test_grad_of_a_non_leaf_warns(m):
    y = m.ones(2, requires_grad=True) * 2
    with pytest.warns(UserWarning, match="The .grad attribute of a Tensor that is not a leaf"):
        assert y.grad is None


# --- modes ------------------------


def test_no_grad_and_enable_grad_nest(m):
    x = m.ones(2, requires_grad=True)
    seen = []
    with m.no_grad():
        seen.append((x * 2).requires_grad)
        with m.enable_grad():
            seen.append((x * 2).requires_grad)
        seen.append((x * 2).requires_grad)
    seen.append((x * 2).requires_grad)
    assert seen == [False, True, False, True]


def test_the_mode_is_restored_after_an_exception(m):
    with pytest.raises(ZeroDivisionError), m.no_grad():
        raise ZeroDivisionError
    assert m.is_grad_enabled()
    with pytest.raises(ZeroDivisionError), m.set_grad_enabled(False):
        raise ZeroDivisionError
    assert m.is_grad_enabled()


def test_modes_as_decorators(m):
    x = m.ones(2, requires_grad=True)

    @m.no_grad()
    def quiet():
        return (x * 2).requires_grad, m.is_grad_enabled()

    @m.no_grad()
    def generator():
        yield (x * 2).requires_grad

    assert quiet() == (False, False) and m.is_grad_enabled()
    for inside in generator():
        assert inside is False and m.is_grad_enabled()
    with m.no_grad():
        assert m.enable_grad()(lambda: (x * 2).requires_grad)()


def test_set_grad_enabled_as_a_plain_call(m):
    m.set_grad_enabled(False)
    assert not m.is_grad_enabled()
    m.set_grad_enabled(True)
    assert m.is_grad_enabled()


def test_inference_mode(m):
    x = m.ones(2, requires_grad=True)
    with m.inference_mode():
        assert m.is_inference_mode_enabled() and not m.is_grad_enabled()
        y = x * 2
        y.add_(1)
    assert not m.is_inference_mode_enabled() and m.is_grad_enabled()
    assert y.is_inference() and m.is_inference(y) and not m.is_inference(x)
    assert numbers(y + 1) == [4.0, 4.0]
    with refused(RuntimeError, "Inference tensors cannot be saved for backward."):
        x * y
    with refused(RuntimeError, "Inplace update to inference tensor outside InferenceMode is not"):
        y.add_(1)
    if m is mg:  # PyTorch has written by then
        assert numbers(y) == [3.0, 3.0]
    with refused(RuntimeError, "Inference tensors do not track version counter."):
        y._version  # noqa: B018
    with refused(RuntimeError, "Setting requires_grad=True on inference tensor outside"):
        y.requires_grad_()
    (x * y.clone()).sum().backward()
    assert numbers(x.grad) == numbers(y)


def test_grad_mode_belongs_to_the_thread(m):
    started, done = threading.Event(), threading.Event()
    seen = []

    def other():
        with m.no_grad():
            started.set()
            done.wait(5)
            seen.append(m.is_grad_enabled())

    thread = threading.Thread(target=other)
    thread.start()
    started.wait(5)
    seen.append(m.is_grad_enabled())
    done.set()
    thread.join()
    assert seen == [True, False]


def test_parallel_backward_passes_into_shared_leaves(m):
    w = m.zeros(50, requires_grad=True)
    failures = []

    def work():
        try:
            for i in range(100):
                (w * float(i)).sum().backward()
        except BaseException as error:
            failures.append(error)

    threads = [threading.Thread(target=work) for _ in range(4)]
    for t in threads:
        t.start()
    for t in threads:
        t.join()
    assert not failures
    assert numbers(w.grad) == [4.0 * 99 * 50] * 50  # no addition got lost


def test_parallel_backward_through_one_graph(m):
    x = m.tensor(3.0, requires_grad=True)
    y = x * x * x
    threads = [threading.Thread(target=y.backward, kwargs={"retain_graph": True})
               for _ in range(8)]  # fmt: skip
    for t in threads:
        t.start()
    for t in threads:
        t.join()
    assert x.grad.item() == 8 * 27.0


def test_modes_and_hooks_of_many_threads_do_not_mix():
    failures = []

    def work(k):
        rng = random.Random(k)
        hooks = mg.autograd.graph.saved_tensors_hooks
        try:
            for _ in range(60):
                x = mg.ones(3, requires_grad=True)
                if rng.random() < 0.3:
                    with mg.no_grad():
                        assert not (x * 2).requires_grad
                if rng.random() < 0.3:
                    with hooks(lambda t: t.numpy().copy(), mg.from_numpy):
                        y = x * x
                else:
                    y = x * x
                if rng.random() < 0.3:
                    with mg.inference_mode():
                        assert (x * 2).is_inference()
                calls = []
                y.register_hook(lambda g, calls=calls: calls.append("one"))
                mg.autograd.graph.register_multi_grad_hook(
                    (x, y), lambda grads, calls=calls: calls.append("all")
                )
                y.sum().backward()
                assert x.grad.tolist() == [2.0, 2.0, 2.0] and calls == ["one", "all"]
                assert mg.is_grad_enabled() and not mg.is_inference_mode_enabled()
        except BaseException as error:
            failures.append(error)

    threads = [threading.Thread(target=work, args=(k,)) for k in range(6)]
    for t in threads:
        t.start()
    for t in threads:
        t.join()
    assert not failures


# --- anomaly mode ------------------------


def test_anomaly_mode_names_the_forward_line(m):
    x = m.tensor(0.0, requires_grad=True)
    with pytest.warns(UserWarning) as warned:
        with m.autograd.detect_anomaly():
            y = m.sqrt(x) * 0  # 0 * inf on the way back
            with refused(RuntimeError, "Function 'SqrtBackward0' returned nan values in its 0th"):
                y.backward()
    texts = [str(w.message) for w in warned]
    assert any("Anomaly Detection has been enabled" in t for t in texts)
    assert any("Error detected in SqrtBackward0" in t and "y = m.sqrt(x) * 0" in t for t in texts)
    assert x.grad is None


def test_anomaly_mode_is_switched_and_restored(m):
    x = m.tensor(0.0, requires_grad=True)
    m.autograd.set_detect_anomaly(True)
    try:
        with pytest.warns(UserWarning), pytest.raises(RuntimeError, match="nan values"):
            (m.sqrt(x) * 0).backward()
        with m.autograd.set_detect_anomaly(False):
            (m.sqrt(x) * 0).backward()
        assert m.isnan(x.grad)
        with pytest.warns(UserWarning), pytest.raises(RuntimeError, match="nan values"):
            (m.sqrt(x) * 0).backward()
    finally:
        m.autograd.set_detect_anomaly(False)
    with pytest.warns(UserWarning), m.autograd.detect_anomaly(check_nan=False):
        (m.sqrt(x) * 0).backward()  # looks for exceptions only
