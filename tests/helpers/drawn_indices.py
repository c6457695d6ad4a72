"""Random indices as a program would write them, and what reading and writing there gives."""

import warnings

import numpy as np

SHAPES = [(), (3,), (2, 3), (2, 3, 4), (3, 3, 3), (1, 2), (0, 3), (2, 2, 2, 2)]
CUTS = [":", "1:", ":-1", "::2", "0:1", "5:", "-2:", "None", "..."]


def draw_part(rng, n):
    """One part of an index into a dimension of size n, as text."""
    a, b = (int(k) for k in rng.integers(-n, max(n, 1), 2))
    mask = (rng.random(n) < 0.5).tolist()
    return str(
        rng.choice(
            [
                f"{a}", rng.choice(CUTS), rng.choice(CUTS), f"[{a}, {b}]", f"T.tensor({a})",
                f"T.tensor([{a}, {b}])", f"T.tensor([[{a}], [{b}]])", f"np.array([{a}])",
                f"T.tensor({mask}, dtype=T.bool)", f"({a}, {b})", f"range({n})", "True",
                "T.tensor(True)",
            ]
        )
    )  # fmt: skip


def draw_index(rng):
    """A shape, and the text of an index into a tensor of it."""
    shape = SHAPES[rng.integers(len(SHAPES))]
    sizes = [*shape, 1]
    parts = [draw_part(rng, n) for n in sizes[: rng.integers(1, len(sizes) + 1)]]
    if rng.random() < 0.15:
        return shape, "[" + ", ".join(p for p in parts if ":" not in p) + "]"
    if rng.random() < 0.05:
        parts = ["False", *[p for p in parts if p in CUTS]]
    return shape, ", ".join(parts)


def counting(lib, shape):
    return lib.arange(int(np.prod(shape, dtype=int)), dtype=lib.float64).reshape(tuple(shape))


def outcome(lib, shape, index, use):
    """What ``use`` (read, fill, write, add or scale) at the index gives: numbers and gradients."""
    x = counting(lib, shape).requires_grad_()
    y = x * 1.0
    names = {"T": lib, "np": np, "y": y}
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            if use == "read":
                result = eval(f"y[{index}]", names)
            elif use == "scale":
                with lib.no_grad():
                    exec(f"y[{index}] *= 3", names)
                return [y.detach().numpy()]
            else:
                names["v"] = v = counting(lib, eval(f"y[{index}].shape", names)).requires_grad_()
                value = {"fill": "= 7", "write": "= v * 1.5", "add": "+= v"}[use]
                exec(f"y[{index}] {value}", names)
                result = y
            (result * (counting(lib, result.shape) + 1)).sum().backward()
    except Exception as error:
        return type(error).__name__
    grads = [x.grad.numpy()]
    if use in ("write", "add"):
        grads.append((v * 0 if v.grad is None else v.grad).detach().numpy())
    return [result.detach().numpy(), *grads]


def same(a, b):
    if isinstance(a, str) or isinstance(b, str):
        return a == b if isinstance(a, type(b)) else False
    return all(p.shape == q.shape and np.array_equal(p, q) for p, q in zip(a, b, strict=True))
