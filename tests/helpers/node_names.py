"""What ``grad_fn`` is called after every call of the tables, with each of its alternatives."""

from __future__ import annotations

import warnings
from collections.abc import Iterator
from typing import Any

import core_cases
import functional_cases
import linalg_cases
import math_cases
import node_name_cases
import numpy as np
from calls import CHOICE, Call, Picker, lines
from shapes import draw_inputs

TABLES = [*core_cases.TABLES.values(), *functional_cases.TABLES.values(), node_name_cases.CALLS]
CASES = {
    math_cases: ("ELEMENTWISE", "COMPLEX", "REDUCTIONS"),
    linalg_cases: ("PRODUCTS", "EINSUM", "DECOMPOSITIONS"),
}


class Alternative(Picker):
    """Picks the alternative of this number in each choice."""

    def __init__(self, number: int) -> None:
        super().__init__()
        self.number = number

    def pick(self, options: Any) -> Any:
        return options[self.number % len(options)]


def all_calls() -> Iterator[tuple[str, Any, list[Any], Any]]:
    """(its text, the function of a library and tensors, arrays, those without gradient)."""
    for line in [line for table in TABLES for line in lines(table)]:
        head = line.partition("| ")[0]
        seen = set()
        for i in range(max([len(m.split("|")) for m in CHOICE.findall(line)] or [1])):
            call = Call(line, Alternative(i))
            if call.text not in seen:
                seen.add(call.text)
                yield f"{head}| {call.text}", call, call.arrays(0), call.fixed
    for module, groups in CASES.items():
        for group in groups:
            for i, case in enumerate(getattr(module, group)):
                if case.order:
                    shape = (3,) if case.shape == "vector" else (2, 3)
                    arrays = draw_inputs(np.random.default_rng(0), case, "float64",
                                         None if case.shapes else shape)  # fmt: skip
                    yield f"{group} {i} {case.name}", case.call, arrays, ()


def node_names(lib: Any, call: Any, arrays: Any, fixed: Any) -> list[str | None]:
    """The names of the results' nodes, None of one that has none."""
    lib.manual_seed(0)
    tensors = [lib.tensor(a) for a in arrays]
    for i, t in enumerate(tensors):
        if (t.is_floating_point() or t.is_complex()) and i not in fixed:
            t.requires_grad_()
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return names_in(lib, call(lib, *tensors))


def names_in(lib: Any, result: Any) -> list[str | None]:
    if isinstance(result, (list, tuple)):
        return [name for part in result for name in names_in(lib, part)]
    if not isinstance(result, lib.Tensor):
        return []
    return [None if result.grad_fn is None else type(result.grad_fn).__name__]
