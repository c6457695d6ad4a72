"""Which operations and which of PyTorch's names the tables of calls reach: runs them all."""

from __future__ import annotations

import re
import warnings
from dataclasses import dataclass, field
from functools import cache
from typing import Any

import core_cases
import functional_cases
import linalg_cases
import math_cases
import numpy as np
from calls import CHOICE, lines
from golden_calls import variants
from shapes import draw_inputs

import minigrad as mg
from minigrad.core.node import Node

CASES = {
    math_cases: ("ELEMENTWISE", "COMPLEX", "REDUCTIONS"),
    linalg_cases: ("PRODUCTS", "EINSUM", "DECOMPOSITIONS"),
}
# What an operator of Python is called as a function.
OPERATORS = {" + ": "add", " - ": "sub", " * ": "mul", " / ": "div", " ** ": "pow", " @ ": "matmul",
             " % ": "remainder", " // ": "floor_divide"}  # fmt: skip


# Functions of which PyTorch has no second derivative ("the derivative for ... is not implemented";
# test_operator_list.py asks it), and their operations.
NO_SECOND = {"hardsigmoid", "multi_margin_loss", "multilabel_margin_loss", "ctc_loss",
             "embedding_bag", "pdist", "cdist"}  # fmt: skip
NO_SECOND_OPS = {"Hardsigmoid", "MultiMarginLoss", "EmbeddingBag", "EmbeddingBagMax", "CtcLoss",
                 "FloorDivide", "Found", "Heaviside", "NextAfter"}  # fmt: skip

# Operations that only gradients use: their own gradients are part of a second derivative, their
# second derivatives of a third.
OF_GRADIENTS = {"AddWindows", "AvgUnpool", "ConvWeight", "FillAt", "IndexPutZeros", "PutAlong",
                "TakeAlong", "ZeroSlope"}  # fmt: skip


@dataclass
class Entry:
    """One call of a table: what it reaches."""

    text: str
    names: set[str]  # the functions and methods that it calls by name
    order: int  # how many derivatives the tests compare
    ops: set[str] = field(default_factory=set)  # recorded in the forward pass
    backward_ops: set[str] = field(default_factory=set)  # recorded in the graph of the gradient
    second_ops: set[str] = field(default_factory=set)  # ... and of the gradient's gradient


def recorded(outs: Any) -> set[str]:
    """The operations in the graphs of some tensors."""
    outs = list(outs) if isinstance(outs, (tuple, list)) else [outs]
    waiting = [t.grad_fn for t in outs if getattr(t, "grad_fn", None) is not None]
    seen: set[Any] = set()
    while waiting:
        node = waiting.pop()
        if node in seen:
            continue
        seen.add(node)
        for edge in node.inputs:
            edge = edge[0] if type(edge) is tuple else edge
            if isinstance(edge, Node):
                waiting.append(edge)
    return {node.op.__name__ for node in seen}


def run_entry(entry: Entry, function: Any, arrays: Any, fixed: Any = ()) -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        inputs = [mg.tensor(a, requires_grad=a.dtype.kind in "fc" and i not in fixed)
                  for i, a in enumerate(arrays)]  # fmt: skip
        outs = function(mg, *inputs)
        outs = list(outs) if isinstance(outs, (tuple, list)) else [outs]
        entry.ops |= recorded(outs)
        leaves = [t for t in inputs if t.requires_grad]
        roots = [t for t in outs if getattr(t, "requires_grad", False)]
        if entry.order > 1 and leaves and roots:
            weights = [mg.ones_like(t, requires_grad=True) for t in roots]
            grads = mg.autograd.grad(roots, leaves, weights, create_graph=True, allow_unused=True)
            grads = [g for g in grads if g is not None and g.requires_grad]
            entry.backward_ops |= recorded(grads)
            if grads:
                seeds = [mg.ones_like(g) for g in grads]
                again = mg.autograd.grad(grads, leaves + weights, seeds, create_graph=True,
                                         allow_unused=True)  # fmt: skip
                entry.second_ops |= recorded([g for g in again if g is not None])


def names_in(text: str) -> set[str]:
    found = set(re.findall(r"\.(\w+)", text))
    return found | {name for sign, name in OPERATORS.items() if sign in text}


def names_of_case(case: Any) -> set[str]:
    """The names that a lambda looks up, and those given to it (as ``getattr(m, name)``)."""
    code = case.call.__code__
    found = set(code.co_names)
    given = [c.cell_contents for c in case.call.__closure__ or ()]
    for value in [*given, *(case.call.__defaults__ or ())]:
        if isinstance(value, str):
            found.add(value)
        elif getattr(value, "__code__", None) is not None:
            found |= set(value.__code__.co_names)
    return found | set(re.findall(r"\w+", case.name.split(" ")[0]))


@cache
def entries() -> list[Entry]:
    """All calls of all tables, run."""
    made = []
    tables = [*core_cases.TABLES.values(), *functional_cases.TABLES.values()]
    for line in [line for table in tables for line in lines(table)]:
        calls = variants(line)
        every = CHOICE.sub(lambda m: m[1], line.partition("| ")[2])
        entry = Entry(line, names_in(every), calls[0].order)
        for seed, call in enumerate(calls):
            run_entry(entry, call, call.arrays(seed), call.fixed)
        made.append(entry)
    for module, groups in CASES.items():
        for case in [case for group in groups for case in getattr(module, group)]:
            shape = (3,) if case.shape == "vector" else (2, 3)
            arrays = draw_inputs(np.random.default_rng(0), case, "float64",
                                 None if case.shapes else shape)  # fmt: skip
            entry = Entry(case.name, names_of_case(case), case.order)
            run_entry(entry, case.call, arrays)
            made.append(entry)
    return made


@cache
def orders() -> dict[str, int]:
    """For every operation that the tables reach: how many derivatives are compared."""
    found: dict[str, int] = {}
    for entry in entries():
        for name in entry.ops:
            found[name] = max(found.get(name, 0), entry.order)
        for name in entry.backward_ops:
            found[name] = max(found.get(name, 0), entry.order - 1)
        for name in entry.second_ops:
            found[name] = max(found.get(name, 0), 0)
    return found


@cache
def names() -> dict[str, int]:
    """For every function or method that the tables call: how many derivatives are compared."""
    found: dict[str, int] = {}
    for entry in entries():
        for name in entry.names:
            found[name] = max(found.get(name, 0), entry.order)
    return found
