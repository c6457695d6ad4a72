"""One line of a table in minigrad and in PyTorch, with what hypothesis draws."""

from __future__ import annotations

import warnings
from typing import Any

from calls import Call, Drawn
from differential import compare
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

drawn = settings(max_examples=12, deadline=None, derandomize=True, database=None,
                 suppress_health_check=list(HealthCheck))  # fmt: skip


def check_line(torch: Any, line: str) -> None:
    """Values, dtypes, names of nodes, and gradients of two orders are PyTorch's.

    Drawn are the line's shapes and alternatives, the dtype, the numbers and their order in memory.
    """

    @drawn
    @given(st.data())
    def check(data: Any) -> None:
        call = Call(line, Drawn(data))
        dtype = data.draw(st.sampled_from(["float64", "float64", "float32"]))
        seed = data.draw(st.integers(0, 1000))
        rtol = {"float64": 1e-9, "float32": 2e-5}[dtype] * (1000 if call.rough else 1)
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # PyTorch's plans; NumPy's divisions by 0
            compare(torch, call, call.arrays(seed, dtype), seed=seed, order=call.order,
                    rtol=rtol, names=call.names, fixed=call.fixed,
                    transposed=not call.rows and data.draw(st.booleans()))  # fmt: skip

    check()
