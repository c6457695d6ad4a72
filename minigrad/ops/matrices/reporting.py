"""Reports instead of errors: inv_ex, solve_ex and cholesky_ex say in ``info`` what went wrong."""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from ...core.tensor import Tensor, make
from ..calls import one_call
from ..return_types import return_type
from .cholesky import cholesky
from .lu import pivoted
from .solvers import LinAlgError, inv, solve

InvExResult = return_type("linalg_inv_ex", "inverse info")
CholeskyExResult = return_type("linalg_cholesky_ex", "L info")
SolveExResult = return_type("linalg_solve_ex", "result info")


def reported(function: Any, A: Tensor, result: Any, check: bool) -> Any:
    """Run ``function``; a LinAlgError becomes nan and an ``info`` that is not 0."""
    info = np.zeros(A._data.shape[:-2], np.int32)
    try:
        return result(function(), make(info))
    except LinAlgError:
        if check:
            raise
    broken = np.full(A._data.shape, math.nan, A._data.dtype)
    for i in np.ndindex(A._data.shape[:-2]):
        info[i] = pivoted(A._data[i])[2] or 1
    return result(make(broken), make(info))


@one_call
def inv_ex(A: Tensor, *, check_errors: bool = False) -> Any:
    """The inverse, and ``info``: 0, or where a matrix was singular the number of the zero pivot."""
    return reported(lambda: inv(A), A, InvExResult, check_errors)


@one_call
def cholesky_ex(input: Tensor, *, upper: bool = False, check_errors: bool = False) -> Any:
    """The Cholesky factor, and ``info``: 0 where there is one."""
    return reported(lambda: cholesky(input, upper=upper), input, CholeskyExResult, check_errors)


@one_call
def solve_ex(A: Tensor, B: Tensor, *, left: bool = True, check_errors: bool = False) -> Any:
    """The solution of ``A X = B``, and ``info``: 0 where there is one."""
    return reported(lambda: solve(A, B, left=left), A, SolveExResult, check_errors)
