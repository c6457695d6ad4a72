"""Why a tensor cannot be written into ``out=``, or cannot be kept as it was asked for."""

from __future__ import annotations

from typing import Any

from ...faithful import dtypes
from ...faithful.dtype_names import CPP_NAMES, KIND_NAMES
from ...faithful.package_name import package

# The results of these (and several results) are not converted: ``out`` must have their dtype.
EXACT = frozenset("""
    abs addbmm addmm addmv all amax amin any argmax argmin baddbmm bmm bucketize ceil cross det
    diag diff dot eigvals eigvalsh float_power floor frac gather hardshrink heaviside histc
    index_add index_copy index_reduce index_select inner inv isin isneginf isposinf log_softmax
    logcumsumexp lu_solve masked_select matmul matrix_norm mm msort multi_dot mv nan_to_num
    nanquantile narrow_copy neg nonzero norm quantile renorm round scatter scatter_add
    scatter_reduce searchsorted sgn sign signbit slice_scatter softmax solve svdvals take
    take_along_dim tensordot tril triu trunc vdot vecdot vector_norm where
""".split())  # fmt: skip


def memory(layout: Any, pin_memory: Any) -> None:
    if layout is not None and str(layout) != "torch.strided":
        raise RuntimeError(
            f"layout {layout} does not exist here: minigrad's tensors are strided, every element "
            f"has a place of its own; leave layout= out, or give {package()}.strided"
        )
    if pin_memory:
        raise RuntimeError(
            "pin_memory=True requires a CUDA or other accelerator backend; no pinned memory "
            "allocator is available on this system. minigrad computes on the CPU: leave it out"
        )


def gradient(title: str) -> RuntimeError:
    return RuntimeError(
        f"{title}(): functions with out=... arguments don't support automatic differentiation, but "
        f"one of the arguments requires grad. Leave out= out, or use {package()}.no_grad()"
    )


def other_dtype(dtype: Any, out: Any) -> None:
    if dtypes.to_numpy(dtype) != out._data.dtype:
        names = [KIND_NAMES.get(d.name, d.name) for d in (dtypes.to_numpy(dtype), out._data.dtype)]
        raise RuntimeError(
            f"dtype {names[0]} does not match dtype of out parameter ({names[1]}): leave dtype= out"
        )


def other_number(name: str, n: int, given: int) -> TypeError:
    return TypeError(
        f"{name}(): out= must be {n} tensors, one for each result, but {given} were given"
    )


def in_transforms(name: str) -> RuntimeError:
    return RuntimeError(
        f"Batching rule not implemented for aten::{name}.out; the fallback path doesn't work on "
        "out= or view ops. Inside vmap and jvp every result is a new tensor: leave out= out"
    )


def dtype(name: str, made: Any, wanted: Any, exact: bool) -> None:
    """Refuse to write numbers of dtype ``made`` into a tensor of dtype ``wanted``."""
    if (exact or name in EXACT) and made != wanted:
        raise RuntimeError(
            f"Expected out tensor to have dtype {CPP_NAMES.get(made.name, made.name)}, but got "
            f"{CPP_NAMES.get(wanted.name, wanted.name)} instead: {name} does not convert"
        )
    if dtypes.category(made) > dtypes.category(wanted):
        kinds = [KIND_NAMES.get(d.name, d.name) for d in (made, wanted)]
        raise RuntimeError(
            f"result type {kinds[0]} can't be cast to the desired output type {kinds[1]}: what "
            "comes after the point (or is imaginary) would be lost"
        )
