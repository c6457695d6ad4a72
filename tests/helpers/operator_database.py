"""PyTorch's database of operators as a judge: every sample of every operator, in both libraries.

``torch.testing._internal`` has, for each operator, a generator of sample arguments that its
authors thought of. :func:`judge` gives them to both and compares results, dtypes, whether a
gradient is wanted, and the first gradients. By hand: ``tests/benchmarks/operators.py``.
"""

from __future__ import annotations

import functools
import itertools
import types
import warnings
from typing import Any, NamedTuple

import numpy as np

import minigrad as mg

# Nobody's public function: inner calls of PyTorch's kernels, other devices, other layouts.
NOT_PUBLIC = ("_", "torch._", "torch.ops.", "jiterator_", "sparse.")
NOT_PUBLIC_NAMES = frozenset("""
    native_group_norm native_layer_norm native_batch_norm native_dropout_backward to_sparse
    max_pool2d_with_indices_backward grid_sampler_2d grid_sampler_3d constant_pad_nd
    bmm.triton_optimized hash_tensor
""".split())  # fmt: skip
# What is in the memory of these is nobody's business: shapes and dtypes are compared.
UNFILLED = ("empty", "new_empty", "resize_")


# Where PyTorch is alone, with the reason; what it has and minigrad does not is ABSENT.
REASONS = {
    "as_strided_scatter": "PyTorch's gradient of the input is that of what is overwritten",
    "special.bessel_j0": "PyTorch is good to 6 digits only near -5.4 and beyond",
    "special.bessel_j1": "PyTorch is good to 6 digits only near the zeros",
    "special.bessel_y1": "PyTorch is good to 6 digits only near the zeros",
}
ABSENT = frozenset("""
    alias_copy bfloat16 chalf empty_permuted empty_strided geqrf histogramdd istft
    linalg.ldl_factor linalg.ldl_factor_ex linalg.ldl_solve linalg.lu_factor_ex lu lu_unpack
    new_empty_strided nn.functional.fractional_max_pool2d nn.functional.fractional_max_pool3d
    nn.functional.linear_cross_entropy nn.functional.linear_cross_entropy.chunked
    nn.functional.linear_cross_entropy.chunked_none nn.functional.multi_head_attention_forward
    nonzero_static ormqr pca_lowrank slice stft svd_lowrank triangular_solve
""".split())  # fmt: skip


class Verdict(NamedTuple):
    """What came of one operator."""

    name: str
    word: str  # agree, differ, absent
    samples: int  # that PyTorch took
    complaints: list[str]


def is_public(op: Any) -> bool:
    dunder = op.name.startswith("__")
    return dunder or not (
        op.name.startswith(NOT_PUBLIC)
        or op.full_name in NOT_PUBLIC_NAMES or op.name in NOT_PUBLIC_NAMES
    )  # fmt: skip


@functools.cache
def database() -> dict[str, Any]:
    """The operators by their full names, such as ``max.binary``."""
    import expecttest  # noqa: F401  (without it the database cannot be imported)
    from torch.testing._internal.common_methods_invocations import op_db

    return {op.full_name: op for op in op_db if is_public(op)}


def function_of(op: Any) -> Any:
    """minigrad's function for an operator; None if it has none."""
    if isinstance(op.op, types.FunctionType) and op.op.__module__.startswith("torch.testing"):
        return with_minigrad(op.op)  # written for the database
    found: Any = mg
    for part in op.name.split("."):
        found = getattr(found, part, None)
    return found if callable(found) else getattr(mg.Tensor, op.name, None)


def with_minigrad(function: Any) -> Any:
    """A function of the database: the same code, in which ``torch`` is minigrad."""

    def seeded(function: Any, *args: Any, **kwargs: Any) -> Any:
        mg.manual_seed(42)
        return function(*args, **kwargs)

    given = {**function.__globals__, "torch": mg, "wrapper_set_seed": seeded}
    return types.FunctionType(function.__code__, given, function.__name__, function.__defaults__,
                              function.__closure__)  # fmt: skip


def translated(value: Any, leaves: list[Any]) -> Any:
    """An argument of PyTorch's as one of minigrad's; ``leaves`` gets those that want gradients."""
    import torch

    if isinstance(value, torch.Tensor):
        made = mg.from_numpy(same_memory(value.detach().resolve_conj().resolve_neg()))
        if value.requires_grad:
            leaves.append(made.requires_grad_())
        return made
    if isinstance(value, (torch.dtype, torch.memory_format, torch.layout)):
        return getattr(mg, str(value).removeprefix("torch."))
    if isinstance(value, torch.device):
        return mg.device(str(value))
    if isinstance(value, torch.nn.Module):  # a distance, say
        return getattr(mg.nn, type(value).__name__)()
    if isinstance(value, torch.Size):
        return mg.Size(value)
    if isinstance(value, (list, tuple)):
        return type(value)(translated(v, leaves) for v in value)
    if isinstance(value, dict):
        return {k: translated(v, leaves) for k, v in value.items()}
    if isinstance(value, types.FunctionType):
        return with_minigrad(value)
    return value


def same_memory(value: Any) -> Any:
    """A tensor of PyTorch's as an array in a copy of all its memory, with the same strides."""
    whole = value.as_strided((value.untyped_storage().nbytes() // value.itemsize,), (1,), 0)
    strides = [s * value.itemsize for s in value.stride()]
    part = whole.numpy().copy()[value.storage_offset() :]
    return np.lib.stride_tricks.as_strided(part, tuple(value.shape), strides)


def leaves_of(value: Any) -> list[Any]:
    """PyTorch's tensors in an argument that want gradients, in the order of ``translated``."""
    import torch

    if isinstance(value, torch.Tensor):
        return [value] if value.requires_grad else []
    if isinstance(value, dict):
        value = list(value.values())
    if isinstance(value, (list, tuple)):
        return [leaf for v in value for leaf in leaves_of(v)]
    return []


def flat(value: Any) -> list[Any]:
    """The results of a call, one after the other."""
    if isinstance(value, (tuple, list)):
        return [t for v in value for t in flat(v)]
    return [value]


def numbers(t: Any) -> Any:
    return np.array(t.detach().resolve_conj().resolve_neg().numpy())


def differs(what: str, ours: Any, theirs: Any, rtol: float) -> str | None:
    """What is different about two arrays (None stands for zeros)."""
    if ours is None or theirs is None:
        given = ours if theirs is None else theirs
        return None if given is None or not np.any(given) else f"{what}: one is None"
    if ours.shape != theirs.shape:
        return f"{what}: shape {ours.shape}, PyTorch {theirs.shape}"
    if ours.dtype != theirs.dtype:
        return f"{what}: dtype {ours.dtype}, PyTorch {theirs.dtype}"
    if ours.dtype.kind not in "fc":
        return None if (ours == theirs).all() else f"{what}: {show(ours)}, PyTorch {show(theirs)}"
    if ours.dtype in (np.float32, np.complex64):
        rtol = max(rtol, 2e-4)
    finite = np.abs(theirs[np.isfinite(theirs)])
    scale = max(1.0, float(finite.max(initial=0)))
    if np.allclose(ours, theirs, rtol=rtol, atol=rtol * scale, equal_nan=True):
        return None
    return f"{what}: {show(ours)}, PyTorch {show(theirs)}"


def show(array: Any) -> str:
    text = np.array2string(array.ravel()[:6], precision=6, separator=",")
    return " ".join(text.split())


def weights(t: Any, i: int) -> Any:
    """Numbers to weigh a result with, all different."""
    n = int(np.prod(tuple(t.shape), dtype=int))
    return np.cos(i + np.arange(n)).reshape(tuple(t.shape))


def run(lib: Any, function: Any, args: Any, kwargs: Any, leaves: list[Any], process: Any) -> Any:
    """The results of a call and the gradients of the leaves."""
    lib.manual_seed(0)
    outs = [t for t in flat(process(function(*args, **kwargs))) if isinstance(t, lib.Tensor)]
    roots = [t for t in outs if t.requires_grad and t.is_floating_point()]
    grads: list[Any] = []
    if roots and leaves:
        given = [lib.tensor(weights(t, i)).to(t.dtype) for i, t in enumerate(roots)]
        found = lib.autograd.grad(roots, leaves, given, allow_unused=True)
        grads = [None if g is None else numbers(g) for g in found]
    return outs, grads


def sample_differs(op: Any, function: Any, sample: Any, rtol: float) -> str | None:
    """What is different about one sample; None if nothing is (or PyTorch itself refuses it)."""
    import torch

    mine: list[Any] = []
    args = translated((sample.input, *sample.args), mine)
    kwargs = translated(sample.kwargs, mine)
    given = (sample.input, *sample.args)
    try:
        expected = run(torch, op.op, given, sample.kwargs, leaves_of((given, sample.kwargs)),
                       sample.output_process_fn_grad)  # fmt: skip
    except Exception:
        return None
    process = sample.output_process_fn_grad
    if isinstance(process, types.FunctionType):
        process = with_minigrad(process)
    try:
        outs, grads = run(mg, function, args, kwargs, mine, process)
    except Exception as error:
        return f"raises {type(error).__name__}: {str(error).splitlines()[0][:150]}"
    theirs, their_grads = expected
    if len(outs) != len(theirs):
        return f"{len(outs)} results, PyTorch {len(theirs)}"
    for i, (a, b) in enumerate(zip(outs, theirs, strict=True)):
        if a.requires_grad != b.requires_grad:
            return f"result {i}: requires_grad {a.requires_grad}, PyTorch {b.requires_grad}"
        if op.name.startswith(UNFILLED):
            a, b = a.detach().zero_(), b.detach().zero_()
        if b.layout != torch.strided or (message := differs(
            f"result {i}", numbers(a), numbers(b), rtol
        )):  # fmt: skip
            return message
    for i, (a, b) in enumerate(itertools.zip_longest(grads, their_grads)):
        message = differs(f"gradient {i}", a, b, rtol)
        if message:
            return message
    return None


def described(sample: Any) -> str:
    """The arguments of a sample, short."""
    import torch

    def one(v: Any) -> str:
        if isinstance(v, torch.Tensor):
            return f"{str(v.dtype).removeprefix('torch.')}{list(v.shape)}"
        if isinstance(v, (list, tuple)):
            return "(" + ", ".join(map(one, v)) + ")"
        return repr(v)

    parts = [one(v) for v in (sample.input, *sample.args)]
    parts += [f"{k}={one(v)}" for k, v in sample.kwargs.items()]
    return ", ".join(parts)[:200]


def judge(name: str, dtype: str = "float64", most: int | None = None) -> Verdict:
    """Compare the samples of an operator (``most``: not more of them)."""
    import torch

    op = database()[name]
    function = function_of(op)
    if function is None:
        return Verdict(name, "absent", 0, [])
    d = getattr(torch, dtype)
    if not op.supports_dtype(d, "cpu"):
        d = torch.int64 if op.supports_dtype(torch.int64, "cpu") else torch.float32
    rtol = 1e-8 if d == torch.float64 else 2e-4
    wanted = op.supports_autograd and d.is_floating_point
    complaints, count = [], 0
    with warnings.catch_warnings(), np.errstate(all="ignore"):
        warnings.simplefilter("ignore")
        torch.manual_seed(0)
        samples = op.sample_inputs("cpu", d, requires_grad=wanted)
        for sample in itertools.islice(samples, most):
            count += 1
            message = sample_differs(op, function, sample, rtol)
            if message:
                complaints.append(f"({described(sample)}): {message}")
    missing = [c for c in complaints if "raises AttributeError" in c and (
        "has no attribute" in c
    )]  # fmt: skip
    word = "absent" if missing and len(missing) == count else "differ" if complaints else "agree"
    return Verdict(name, word, count, complaints)
