"""autograd.functional: jacobian, hessian, hvp, vhp, vjp, jvp."""

import numpy as np
import pytest
from refusal import refused

import minigrad as mg

pytestmark = pytest.mark.filterwarnings("ignore:.torch.jit.script:DeprecationWarning")


def numbers(tree):
    if isinstance(tree, (tuple, list)):
        return tuple(numbers(v) for v in tree)
    return tree.tolist()


def scope(m):
    def cube(x):
        return (x**3).sum()

    names = ("jacobian", "hessian", "hvp", "vhp", "vjp", "jvp")
    found = {name: getattr(m.autograd.functional, name) for name in names}
    x, t = m.tensor([1.0, 2.0]), m.tensor([3.0, 4.0])
    return found | {"m": m, "cube": cube, "x": x, "t": t, "i": m.ones(2)}


# The results are worked out by hand.
SQUARES = [[2, 0], [0, 4]]
PAIR = (([[3, 0], [0, 4]], [[1, 0], [0, 2]]), ([1, 1], [0, 0]))  # of (x * y, x.sum())
BLOCKS = (
    ([[162, 0], [0, 768]], [[81, 0], [0, 576]]), ([[81, 0], [0, 576]], [[18, 0], [0, 192]])
)  # fmt: skip
RESULTS = [
    ("jacobian(lambda x: x**2, x)", SQUARES),
    ("jacobian(lambda x: x**2, x, vectorize=True)", SQUARES),
    ("jacobian(lambda x: x**2, x, vectorize=True, strategy='forward-mode')", SQUARES),
    ("jacobian(lambda x, y: (x * y, x.sum()), (x, t))", PAIR),
    ("jacobian(lambda x, y: (x * y, x.sum()), (x, t), vectorize=True)", PAIR),
    ("jacobian(lambda x, y: (x * y, x.sum()), (x, t), vectorize=True, strategy='forward-mode')",
     PAIR),
    ("jacobian(lambda x: (x,), x)", ([[1, 0], [0, 1]],)),
    ("jacobian(lambda x: m.ones(2), x)", [[0, 0], [0, 0]]),
    ("jacobian(lambda x: m.ones(2), x, create_graph=True)", [[0, 0], [0, 0]]),
    ("jacobian(lambda x, y: x * 1, (x, t))", ([[1, 0], [0, 1]], [[0, 0], [0, 0]])),
    ("hessian(cube, x)", [[6, 0], [0, 12]]),
    ("hessian(cube, x, create_graph=True)", [[6, 0], [0, 12]]),
    ("hessian(cube, x, vectorize=True)", [[6, 0], [0, 12]]),
    ("hessian(cube, x, vectorize=True, outer_jacobian_strategy='forward-mode')", [[6, 0], [0, 12]]),
    ("hessian(lambda x: x.sum().reshape(1, 1), x)", [[0, 0], [0, 0]]),
    ("hessian(lambda x, y: cube(x * y), (x, t))", BLOCKS),
    ("hessian(lambda x, y: cube(x * y), (x, t), vectorize=True)", BLOCKS),
    ("hessian(lambda x, y: cube(x * y), (x, t), vectorize=True, "
     "outer_jacobian_strategy='forward-mode')", BLOCKS),
    ("vjp(lambda x: x**2, x, t)", ([1, 4], [6, 16])),
    ("vjp(cube, x)", (9, [3, 12])),
    ("vjp(lambda x, y: (x * y, x), (x, t), (t, i))", (([3, 8], [1, 2]), ([10, 17], [3, 8]))),
    ("vjp(lambda x: m.ones(2), x, t)", ([1, 1], [0, 0])),
    ("jvp(lambda x: x**2, x, t)", ([1, 4], [6, 16])),
    ("jvp(cube, x, t)", (9, 57)),
    ("jvp(lambda x: x * 2, m.tensor(1.0))", (2, 2)),
    ("jvp(lambda x, y: (x * y, x), (x, t), (t, i))", (([3, 8], [1, 2]), ([10, 18], [3, 4]))),
    ("jvp(lambda x: m.ones(2), x, t)", ([1, 1], [0, 0])),
    ("hvp(cube, x, t)", (9, [18, 48])),
    ("hvp(lambda x: x.sum(), x, t)", (3, [0, 0])),
    ("hvp(lambda x, y: (x**2 * y).sum(), (x, t), (t, i))",
     (19, ([2 * 3 * 3 + 2, 2 * 4 * 4 + 4], [6, 16]))),
    ("vhp(cube, x, t)", (9, [18, 48])),
    ("vhp(lambda x: x.sum(), x, t)", (3, [0, 0])),
    ("hvp(lambda x: m.ones(()), x, t)", (1, [0, 0])),
]  # fmt: skip


@pytest.mark.parametrize(("call", "result"), RESULTS, ids=[c for c, _ in RESULTS])
def test_results(m, call, result):
    found = eval(call, scope(m))
    assert numbers(found) == numbers_of(result)


def numbers_of(result):
    return tuple(numbers_of(v) for v in result) if isinstance(result, tuple) else result


@pytest.mark.parametrize("create_graph", [False, True])
def test_history_only_on_demand(m, create_graph):
    names = scope(m)
    x, t, cube = names["x"], names["t"], names["cube"]
    for made in (
        names["jacobian"](lambda v: v**2, x, create_graph=create_graph),
        names["hessian"](cube, x, create_graph=create_graph),
        *names["vjp"](cube, x, create_graph=create_graph),
        *names["jvp"](cube, x, t, create_graph=create_graph),
        *names["hvp"](cube, x, t, create_graph=create_graph),
        *names["vhp"](cube, x, t, create_graph=create_graph),
    ):
        assert made.requires_grad == create_graph
    assert x.grad is None and not x.requires_grad


def test_results_can_be_differentiated(m):
    names = scope(m)
    x, t = names["x"].requires_grad_(), names["t"]
    jacobian = names["jacobian"](lambda v: v**3, x, create_graph=True)
    assert numbers(m.autograd.grad(jacobian.sum(), x)) == ([6, 12],)
    rows = names["jacobian"](lambda v: v**3, x, create_graph=True, vectorize=True)
    assert numbers(m.autograd.grad(rows.sum(), x)) == ([6, 12],)
    hessian = names["hessian"](names["cube"], x, create_graph=True)
    assert numbers(m.autograd.grad(hessian.sum(), x)) == ([6, 6],)
    _, product = names["hvp"](names["cube"], x, t, create_graph=True)
    assert numbers(m.autograd.grad(product.sum(), x)) == ([18, 24],)


def test_no_grad_outside_does_not_matter(m):
    names = scope(m)
    with m.no_grad():
        assert numbers(names["jacobian"](lambda v: v**2, names["x"])) == SQUARES
        assert numbers(names["hvp"](names["cube"], names["x"], names["t"])) == (9, [18, 48])


INDEPENDENT = "Output 0 of the user-provided function does not require gradients."
HESSIAN = "While computing the hessian, found that the jacobian of the user-provided function with"
REFUSED = [
    ("jacobian(lambda x: m.ones(2), x, strict=True)", RuntimeError, INDEPENDENT),
    ("jacobian(lambda x: x.detach() * 1, x, strict=True)", RuntimeError, INDEPENDENT),
    ("jacobian(lambda x, y: x * 1, (x, t), strict=True)", RuntimeError,
     "Output 0 of the user-provided function is independent of input 1. This is not allowed in"),
    ("jacobian(lambda x: x, x, strict=True, vectorize=True)", RuntimeError,
     "torch.autograd.functional.jacobian: `strict=True` and `vectorized=True` are not supported"),
    ("jacobian(lambda x: x, x, strategy='forward-mode')", NotImplementedError,
     "Computing Jacobian using forward-AD or forward-over-reverse Hessian is"),
    ("jacobian(lambda x: x, x, strategy='q')", AssertionError,
     'Expected strategy to be either "forward-mode" or "reverse-mode".'),
    ("jacobian(lambda x: x, x, strategy='forward-mode', vectorize=True, create_graph=True)",
     NotImplementedError, "torch.autograd.functional.jacobian: `create_graph=True` and"),
    ("jacobian(lambda x: 1, x)", TypeError,
     "The outputs of the user-provided function given to jacobian must be either a Tensor or a "
     "tuple of Tensors but the given outputs of the user-provided function has type <class 'int'>"),
    ("jacobian(lambda x: x, 1)", TypeError,
     "The inputs given to jacobian must be either a Tensor or a tuple of Tensors but the given "
     "inputs has type <class 'int'>."),
    ("jacobian(lambda x: x, (x, 1))", TypeError,
     "The inputs given to jacobian must be either a Tensor or a tuple of Tensors but the value at "
     "index 1 has type <class 'int'>."),
    ("hessian(lambda x: x, x)", RuntimeError,
     "The Tensor returned by the function given to hessian should contain a single element"),
    ("hessian(lambda x: (cube(x), cube(x)), x)", RuntimeError,
     "The function given to hessian should return a single Tensor"),
    ("hessian(lambda x: x.sum(), x, strict=True)", RuntimeError, HESSIAN),
    ("hessian(cube, x, outer_jacobian_strategy='q')", AssertionError, "Expected strategy to be"),
    ("hessian(cube, x, outer_jacobian_strategy='forward-mode')", NotImplementedError,
     "Computing Jacobian using forward-AD or forward-over-reverse Hessian is"),
    ("vjp(lambda x: x**2, x)", RuntimeError,
     "The vector v can only be None if the user-provided function returns a single Tensor with a"),
    ("vjp(lambda x: x**2, x, m.ones(3))", RuntimeError,
     "v has invalid size: should be torch.Size([2]) but got torch.Size([3])."),
    ("vjp(lambda x: x**2, x, (t, t))", RuntimeError, "The given v should contain a single Tensor."),
    ("vjp(lambda x, y: (x, y), (x, t), (t,))", RuntimeError,
     "v is a tuple of invalid length: should be 2 but got 1."),
    ("vjp(lambda x, y: (x, y), (x, t), (t, m.ones(3)))", RuntimeError,
     "Entry 1 in v has invalid size: should be torch.Size([2]) but got torch.Size([3])."),
    ("vjp(lambda x: m.ones(2), x, t, strict=True)", RuntimeError, INDEPENDENT),
    ("vjp(lambda x: x.sum(), x, create_graph=True, strict=True)", RuntimeError,
     "The jacobian of the user-provided function is independent of input 0. This is not allowed"),
    ("vjp(lambda x, y: x * 1, (x, t), t, strict=True)", RuntimeError,
     "The output of the user-provided function is independent of input 1."),
    ("jvp(cube, x)", RuntimeError,
     "The vector v can only be None if the input to the user-provided function is a single Tensor"),
    ("jvp(cube, x, m.ones(3))", RuntimeError, "v has invalid size: should be torch.Size([2])"),
    ("jvp(lambda x: m.ones(2), x, t, strict=True)", RuntimeError, INDEPENDENT),
    ("hvp(cube, x)", RuntimeError,
     "The vector v can only be None if the input to the user-provided function is a single Tensor"),
    ("hvp(lambda x: x**2, x, t)", RuntimeError,
     "The Tensor returned by the function given to hvp should contain a single element"),
    ("hvp(lambda x: (cube(x), cube(x)), x, t)", RuntimeError,
     "The function given to hvp should return a single Tensor"),
    ("hvp(lambda x: x.sum(), x, t, strict=True)", RuntimeError, HESSIAN),
    ("hvp(lambda x: m.ones(()), x, t, strict=True)", RuntimeError, INDEPENDENT),
    ("vhp(lambda x: x.sum(), x, t, strict=True)", RuntimeError, HESSIAN),
    ("vhp(lambda x: m.ones(()), x, t, strict=True)", RuntimeError, INDEPENDENT),
]  # fmt: skip


@pytest.mark.parametrize(("call", "error", "words"), REFUSED, ids=[c for c, _, _ in REFUSED])
def test_refused_as_pytorch_does(m, call, error, words):
    with refused(error, words):
        eval(call, scope(m))


def test_products_agree_with_the_matrices_by_differences():
    rng = np.random.default_rng(1)
    point, v = rng.normal(size=(3,)), rng.normal(size=(3,))

    def f(x):
        return mg.stack([x.prod(), x.sin().sum(), (x[0] / (1 + x[1] ** 2)).exp()])

    def value(a):
        return f(mg.tensor(a)).numpy()

    by_steps = np.stack(
        [(value(point + 1e-6 * e) - value(point - 1e-6 * e)) / 2e-6 for e in np.eye(3)], -1
    )
    x, t = mg.tensor(point), mg.tensor(v)
    functional = mg.autograd.functional
    np.testing.assert_allclose(functional.jacobian(f, x).numpy(), by_steps, atol=1e-8)
    np.testing.assert_allclose(functional.jvp(f, x, t)[1].numpy(), by_steps @ v, atol=1e-8)
    np.testing.assert_allclose(functional.vjp(f, x, t)[1].numpy(), v @ by_steps, atol=1e-8)
