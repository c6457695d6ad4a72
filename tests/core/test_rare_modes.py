"""After every rare mode, operations are as fast as before: nothing is left in ``modes.rare``.

A token in ``rare`` makes each later operation of the process look for what is not there any more.
"""

import gc
import threading

import pytest

import minigrad as mg
import minigrad.autograd.forward_ad as fwAD
from minigrad.core.modes import grad_mode, rare
from minigrad.func.levels import running


def square(x):
    return (x * x).sum()


def inference():
    with mg.inference_mode():
        x = mg.ones(3) * 2
        yield
        (x + 1).view(3)[0:1]
        x.add_(1)


def inference_used_outside():
    with mg.inference_mode():
        x = mg.ones(3)
    yield
    y = mg.ones(3, requires_grad=True)
    assert (x + 1).is_inference() is False and x.view(3).is_inference()
    (y + x).sum().backward()
    x.detach()


def inference_inside_inference():
    with mg.inference_mode(), mg.inference_mode(False), mg.inference_mode():
        mg.ones(3).exp()
        yield
        mg.ones(3).exp()


def saved_tensors_hooks():
    with mg.autograd.graph.saved_tensors_hooks(lambda t: t, lambda t: t):
        y = square(mg.ones(3, requires_grad=True))
        yield
        y.backward()


def nested_saved_tensors_hooks():
    hooks = mg.autograd.graph.saved_tensors_hooks(lambda t: t, lambda t: t)
    with hooks, mg.autograd.graph.save_on_cpu(), hooks:
        square(mg.ones(3, requires_grad=True))
        yield


def mutation_allowed():
    with mg.autograd.graph.allow_mutation_on_saved_tensors():
        x = mg.ones(3, requires_grad=True).clone()
        y = square(x)
        yield
        x.zero_()
        y.backward()


def checkpointed():
    from minigrad.utils.checkpoint import checkpoint

    x = mg.ones(3, requires_grad=True)
    y = checkpoint(square, x, use_reentrant=False)
    yield
    y.backward()


STOP = []  # filled while the functions below are to raise


def of(transform):
    """A mode that is over when ``transform`` returns; it raises half way if it is to stop."""

    def function(x):
        y = square(x)
        if STOP:
            raise KeyError("stop")
        return square(x) + y

    def mode():
        transform(function)
        yield

    return mode


def function_of_the_users(x):
    class Square(mg.autograd.Function):
        generate_vmap_rule = True

        @staticmethod
        def forward(x):
            return x * x

        @staticmethod
        def setup_context(ctx, inputs, output):
            ctx.save_for_backward(*inputs)
            ctx.save_for_forward(*inputs)

        @staticmethod
        def backward(ctx, g):
            return 2 * g * ctx.saved_tensors[0]

        @staticmethod
        def jvp(ctx, t):
            return 2 * t * ctx.saved_tensors[0]

    return Square.apply(x).sum()


def dual_level():
    with fwAD.dual_level():
        x = fwAD.make_dual(mg.ones(3), mg.ones(3))
        yield
        fwAD.unpack_dual(square(x))


def recorded():
    with mg.record():
        y = square(mg.ones(3, requires_grad=True))
        yield
        y.backward()


def captured(function):
    x = mg.ones(3, requires_grad=True)
    step = mg.capture(lambda x: function(x))
    for _ in range(3):
        step(x)


X, T = mg.ones(3), mg.ones(3)
MODES = {
    "inference": inference,
    "inference_used_outside": inference_used_outside,
    "inference_inside_inference": inference_inside_inference,
    "saved_tensors_hooks": saved_tensors_hooks,
    "nested_saved_tensors_hooks": nested_saved_tensors_hooks,
    "mutation_allowed": mutation_allowed,
    "checkpoint": checkpointed,
    "dual_level": dual_level,
    "record": recorded,
    "capture": of(captured),
    "grad": of(lambda f: mg.func.grad(f)(X)),
    "vjp": of(lambda f: mg.func.vjp(f, X)[1](mg.tensor(1.0))),
    "jvp": of(lambda f: mg.func.jvp(f, (X,), (T,))),
    "linearize": of(lambda f: mg.func.linearize(f, X)[1](T)),
    "vmap": of(lambda f: mg.func.vmap(f)(mg.ones(2, 3))),
    "vmap_in_a_loop": of(lambda f: mg.func.vmap(lambda x: f(x.unique()))(mg.ones(2, 3))),
    "vmap_of_grad": of(lambda f: mg.func.vmap(mg.func.grad(f))(mg.ones(2, 3))),
    "jacfwd": of(lambda f: mg.func.jacfwd(f)(X)),
    "jacrev": of(lambda f: mg.func.jacrev(f)(X)),
    "hessian": of(lambda f: mg.func.hessian(f)(X)),
    "function_in_jvp": of(
        lambda f: mg.func.jvp(lambda x: f(function_of_the_users(x)), (X,), (T,))
    ),
    "function_in_vmap": of(
        lambda f: mg.func.vmap(lambda x: f(function_of_the_users(x)))(mg.ones(2, 3))
    ),
    "hessian_by_vmap": of(
        lambda f: mg.autograd.functional.hessian(f, X, vectorize=True)
    ),
}  # fmt: skip


@pytest.fixture(autouse=True)
def nothing_before():
    nobody_is_there()


def run(mode):
    assert not rare
    for _ in mode():
        pass


def stop(mode):
    """Leave the mode by an exception, half way."""
    STOP.append(True)
    try:
        steps = mode()
        next(steps)
        with pytest.raises(KeyError):
            steps.throw(KeyError("stop"))
    except KeyError:
        pass
    finally:
        STOP.clear()


def nobody_is_there():
    if rare:
        gc.collect()  # an exception's traceback holds the frames, and they the tensors
    assert not rare


def check_over():
    nobody_is_there()
    assert (grad_mode.enabled, grad_mode.mark, grad_mode.watcher) == (True, None, None)
    assert (grad_mode.capturing, grad_mode.packing) == (None, ())
    assert (running.transforming, running.stack, grad_mode.walking) == (False, [], None)


@pytest.mark.parametrize("mode", MODES.values(), ids=MODES)
def test_nothing_is_left(mode):
    run(mode)
    check_over()


@pytest.mark.parametrize("mode", MODES.values(), ids=MODES)
def test_nothing_is_left_after_an_exception(mode):
    stop(mode)
    check_over()


@pytest.mark.parametrize("end", [run, stop])
@pytest.mark.parametrize("mode", MODES.values(), ids=MODES)
def test_nothing_is_left_in_another_thread(mode, end):
    failed = []

    def inside():
        try:
            end(mode)
            check_over()
        except BaseException as error:
            failed.append(repr(error))

    thread = threading.Thread(target=inside)
    thread.start()
    thread.join()
    assert not failed
    check_over()


@pytest.mark.parametrize("mode", [inference, saved_tensors_hooks, dual_level, recorded])
def test_the_mode_is_noted_while_it_lasts(mode):
    for _ in mode():
        assert rare


def test_inference_tensors_are_noted_as_long_as_there_are_any():
    with mg.inference_mode():
        x = mg.ones(3)
    with mg.inference_mode():
        y = mg.ones(3)
    assert rare
    view = x[0:1]
    del x
    assert rare and view.is_inference()
    del view
    assert rare and y.is_inference()
    del y
    assert not rare


def test_tensors_that_left_their_transform_are_not_looked_for():
    kept = []

    def function(x):
        kept.append(x * 2)
        return x.sum()

    mg.func.jvp(function, (X,), (T,))
    mg.func.vmap(function)(mg.ones(2, 3))
    assert not rare
    assert (kept[0] + 1).tolist() == [3.0, 3.0, 3.0]
    with pytest.raises(RuntimeError, match="escaped from inside a function being vmapped"):
        kept[1] + 1
    assert not rare


def test_a_thread_that_ends_inside_a_dual_level_leaves_nothing():
    thread = threading.Thread(target=fwAD.enter_dual_level)
    thread.start()
    thread.join()
    nobody_is_there()


def test_a_generator_that_stopped_inside_of_a_block_and_is_forgotten():
    def parts():
        with mg.inference_mode():
            yield mg.ones(3)

    steps = parts()
    next(steps)
    assert rare
    del steps
    gc.collect()
    assert not rare and grad_mode.mark is None
