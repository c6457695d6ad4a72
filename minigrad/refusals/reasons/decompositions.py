"""Tensors without QR factors, singular values or eigenvalues."""

from __future__ import annotations

from typing import NoReturn

import numpy as np

from ...core.tensor import Tensor
from ...faithful.dtype_names import kind_name
from ..words import need_dimensions, not_implemented
from .solvers import matrices


def gradient_without_q() -> NoReturn:
    """Without Q there is no gradient."""
    raise RuntimeError(
        "The derivative of linalg.qr depends on Q, which is not computed when mode='r'. "
        "Please use linalg.qr(A, mode='reduced') if you are going to require gradients "
        "through Q."
    )


def gradient_of_complete() -> NoReturn:
    """What completes Q is not determined by A."""
    raise RuntimeError(
        "The QR decomposition is not differentiable when mode='complete' and nrows > ncols:"
        " the extra columns of Q are not determined by A; use mode='reduced'"
    )


def qr(A: Tensor, mode: str) -> None:
    """Refuse what holds no matrices, and ways to factor them that there are not."""
    matrices("linalg.qr", A, square=False)
    if mode not in ("reduced", "complete", "r"):
        raise RuntimeError(
            f"qr received unrecognized mode '{mode}' but expected one of 'reduced' (default), "
            "'r', or 'complete'"
        )


def old_qr(input: Tensor) -> None:
    """The older function has no Half."""
    if input._data.dtype == np.float16:
        raise not_implemented("geqrf_cpu", input._data, "use .float()")


def no_driver(driver: str | None) -> None:
    """``driver`` chooses between the methods of a GPU."""
    if driver is not None:
        raise RuntimeError(
            "torch.linalg.svd: keyword argument `driver=` is only supported on CUDA inputs with "
            "cuSOLVER backend: leave it out"
        )


def old_svd(input: Tensor) -> None:
    """Refuse what holds no matrices, in the words of the older function."""
    if input.ndim < 2:
        raise RuntimeError(
            f"linalg.svd: input should have at least 2 dimensions, but has {input.ndim} dimensions "
            "instead: the last two dimensions are the rows and columns of matrices"
        )
    if input._data.dtype == np.float16:
        raise not_implemented("linalg_svd_cpu", input._data, "use .float()")


def eigh(input: Tensor, UPLO: str) -> None:
    """Refuse what holds no square matrices, and triangles that there are not."""
    if input._data.ndim > 1 and input._data.dtype.kind not in "fc":
        raise not_implemented("linalg_eigh_cpu", input._data, "convert with .float() first")
    matrices("linalg.eigh", input)
    if str(UPLO).upper() not in ("L", "U"):
        raise RuntimeError(f"Expected UPLO argument to be 'L' or 'U', but got {UPLO}")


def no_whole_numbers(A: Tensor) -> None:
    """Whole numbers have no complex kind, which eigenvalues need."""
    if A._data.dtype.kind not in "fc":
        raise RuntimeError(
            f"Unknown Complex ScalarType for {kind_name(A._data)}: eigenvalues are complex; "
            "convert with .float() first"
        )


def eig(input: Tensor) -> None:
    """Refuse what holds no square matrices of finite numbers."""
    if input._data.dtype.kind in "fc" and not np.isfinite(input._data).all():
        raise RuntimeError("torch.linalg.eig: input tensor should not contain infs or NaNs.")
    no_whole_numbers(input)
    matrices("linalg.eig", input)


def householder_product(A: Tensor, tau: Tensor) -> None:
    """One factor tau for each column, in the dtype of the matrix."""
    if A._data.ndim < 2:
        raise RuntimeError(
            "torch.linalg.householder_product: input must have at least 2 dimensions."
        )
    m, n = A._data.shape[-2:]
    need_dimensions(tau, -1, "tau has a number for each column")
    for name, small, of in (("input.shape[-2]", m < n, "input.shape[-1]"),
                            ("input.shape[-1]", n < tau.shape[-1], "tau.shape[-1]")):  # fmt: skip
        if small:
            raise RuntimeError(
                f"torch.linalg.householder_product: {name} must be greater than or equal to {of}: "
                "a column holds one reflection"
            )
    if tau._data.ndim != A._data.ndim - 1:
        raise RuntimeError(
            "torch.linalg.householder_product: Expected tau to have one dimension less than input, "
            f"but got tau.ndim equal to {tau._data.ndim} and input.ndim is equal to {A._data.ndim}"
        )
    if tau._data.dtype != A._data.dtype:
        raise RuntimeError(
            f"torch.linalg.householder_product: tau dtype {kind_name(tau._data)} does not match "
            f"input dtype {kind_name(A._data)}: convert with .to()"
        )
    matrices("linalg.householder_product", A, square=False)
