"""Writes docs/operators.md: every function with its formula and what the tests compare.

Run from anywhere: ``python docs/make_operators.py``. The list comes from the code (names, formulas)
and from the tables of calls in tests/cases (the ticks), so it cannot promise what is not tested;
tests/ops/test_operator_list.py checks that the committed file is the current one.
"""

from __future__ import annotations

import importlib
import inspect
import sys
from pathlib import Path
from typing import Any

DOCS = Path(__file__).resolve().parent
TESTS = DOCS.parent / "tests"
sys.path[:0] = [str(TESTS / "cases"), str(TESTS / "helpers")]

import covered  # noqa: E402

import minigrad as mg  # noqa: E402
import minigrad.nn.functional as F  # noqa: E402
from minigrad.core.op import ALL_OPS  # noqa: E402

OPERATIONS = ("minigrad.core.", "minigrad.ops.")  # the modules with operations
SPACES = {"torch": mg, "F": F, "torch.linalg": mg.linalg, "torch.special": mg.special,
          "torch.fft": mg.fft}  # fmt: skip

HEAD = """# Operators

Written by `docs/make_operators.py`; do not edit. {functions} functions under {names} names
({methods} of them also methods of `Tensor`, {in_place} in place), built on {ops} differentiable
operations.

`F` is `torch.nn.functional`, `torch` is minigrad (`import minigrad as torch`). In the formulas
$\\bar y$ is the gradient of the result. A function without a formula is a combination of others,
and its gradients are theirs. Ticks: what the tests compare with PyTorch (drawn arguments where
PyTorch is installed, stored numbers elsewhere): the result (0), the gradient (1), the gradient's
gradient (2). A dot: there is no gradient to compare. "PyTorch has none": of that order PyTorch
says that the derivative is not implemented (minigrad has it, but for `ctc_loss`). "third order":
only gradients use this operation, so its second gradient is part of a third.

"""


OPERATIONS = ("minigrad.core.", "minigrad.ops.")  # the packages that compute
MAKERS = ("creation", "signal_windows")  # make tensors from no tensor: no gradient


def line_of(function: Any) -> int:
    return inspect.unwrap(function).__code__.co_firstlineno


def module_of(function: Any) -> str:
    """The module where a function stands; ``__module__`` is the public address."""
    return inspect.unwrap(function).__globals__["__name__"]


def is_operation(function: Any) -> bool:
    return inspect.isfunction(function) and module_of(function).startswith(OPERATIONS)


def public() -> dict[Any, list[str]]:
    """Every function of the package that computes, with all its names."""
    found: dict[Any, list[str]] = {}
    for space, module in SPACES.items():
        for name in sorted(vars(module)):
            function = getattr(module, name)
            if not name.startswith("_") and is_operation(function):
                found.setdefault(inspect.unwrap(function), []).append(f"{space}.{name}")
    for name in sorted(vars(mg.Tensor)):
        function = vars(mg.Tensor)[name]
        if not name.startswith("_") and is_operation(function) and not name.endswith("_"):
            names = found.setdefault(inspect.unwrap(function), [])
            if f"torch.{name}" not in names:
                names.append(f"Tensor.{name}")
    return found


# How results are written into memory and dtypes are chosen is not what a function computes.
PLUMBING = ("inplace", "op", "elementwise", "fast_elementwise", "operands")


def direct_ops(function: Any, known: Any) -> list[str]:
    """The operations that a function runs itself, not by calling another public function."""
    found: list[str] = []
    waiting, seen = [function], {function}
    while waiting:  # the function, then its helpers, then theirs
        current = inspect.unwrap(waiting.pop(0))
        codes = [current.__code__]
        codes += [c for c in current.__code__.co_consts if inspect.iscode(c)]  # lambdas
        for name in [name for code in codes for name in code.co_names]:
            value = current.__globals__.get(name)
            if inspect.isfunction(value):
                value = inspect.unwrap(value)  # without the check of its arguments
            if value is not None and value is ALL_OPS.get(name):
                found.append(name)
            elif is_operation(value) and value not in known and value not in seen:
                module = module_of(value).rsplit(".", 1)[-1]
                if module not in PLUMBING and value.__name__ != "convert":
                    seen.add(value)
                    waiting.append(value)
    return list(dict.fromkeys(found))


def math(text: str) -> str:
    """LaTeX for a cell of a Markdown table."""
    return "$" + " ".join(text.split()).replace("|", r"\vert ") + "$" if text else ""


def gradient_of(op: Any) -> str:
    parts = []
    for name, text in op.vjp_formulas.items():
        left = rf"\bar {name}" if len(name) == 1 else rf"\overline{{\mathit{{{name}}}}}"
        plain = name.replace("_", r"\_")
        left = left.replace(name, plain)
        if text:
            parts.append(math(text if r"\bar x_" in text[:9] or not name else f"{left} = {text}"))
    return "<br>".join(parts)


def ticks(order: int | None, second: str = "·") -> str:
    """second: what stands for a gradient of second order that is not compared."""
    if order is None:
        return "| | |"
    marks = ["✓" if order >= k else "·" for k in range(3)]
    if order == 1:
        marks[2] = second
    return " | ".join(marks)


def without_second(names: list[str]) -> str:
    return "PyTorch has none" if covered.NO_SECOND & {n.split(".")[-1] for n in names} else "·"


def op_without_second(name: str) -> str:
    if name in covered.OF_GRADIENTS:
        return "third order"
    return "PyTorch has none" if name in covered.NO_SECOND_OPS else "·"


def order_of(function: Any, names: list[str]) -> int | None:
    tested = covered.names()
    orders = [tested[n.split(".")[-1]] for n in names if n.split(".")[-1] in tested]
    if module_of(function).rsplit(".", 1)[-1] in MAKERS:
        orders = orders and [0]  # a helper in a line about another function
    return max(orders) if orders else None


def tested_here(op: Any) -> bool:
    """A module's backward hooks are part of nn, and have their tests there."""
    return op.__module__.startswith(OPERATIONS) and not op.__module__.endswith("hook_point")


def is_abstract(op: Any) -> bool:
    """Only there for others to inherit from."""
    return bool(op.__subclasses__()) and op.__name__ not in covered.orders()


def title_of(module: Any) -> str:
    first = (module.__doc__ or "").strip().splitlines()[0]
    return first.split(": ")[0].rstrip(".")


def document() -> str:
    known = public()
    by_module: dict[str, list[Any]] = {}
    for function in known:
        by_module.setdefault(module_of(function), []).append(function)
    sections, used = [], set()
    for module_name in sorted(by_module):
        module = importlib.import_module(module_name)
        rows = []
        for function in sorted(by_module[module_name], key=line_of):
            names = known[function]
            ops = [ALL_OPS[n] for n in direct_ops(function, known)]
            ops = [op for op in ops if op.differentiable and op.formula]
            used |= {op.__name__ for op in ops}
            ops = [op for op in ops if "formula" in vars(op)]  # the others inherit theirs
            shown = ops if len(ops) <= 2 else ops[:1]
            formulas = "<br>".join(math(op.formula) for op in shown)
            gradients = "<br>".join(filter(None, map(gradient_of, shown)))
            rows.append(
                f"| {', '.join(f'`{n}`' for n in names)} | {formulas} | {gradients} "
                f"| {ticks(order_of(function, names), without_second(names))} |"
            )
        file = module_name.replace(".", "/") + ".py"
        sections.append(
            f"## {title_of(module)}\n\n[`{file}`](../{file})\n\n"
            "| Name | Result | Gradient | 0 | 1 | 2 |\n|---|---|---|---|---|---|\n"
            + "\n".join(rows) + "\n"
        )
    inner = [op for name, op in sorted(ALL_OPS.items())
             if tested_here(op) and op.formula and name not in used
             and op.differentiable and not is_abstract(op)]  # fmt: skip
    orders = covered.orders()
    rows = [f"| `{op.__name__}` | {math(op.formula)} | {gradient_of(op)} "
            f"| {ticks(orders.get(op.__name__), op_without_second(op.__name__))} |"
            for op in inner]  # fmt: skip
    sections.append(
        "## Other nodes of graphs\n\nIn-place writes, operators, and operations that only "
        "gradients need.\n\n| Node | Result | Gradient | 0 | 1 | 2 |\n|---|---|---|---|---|---|\n"
        + "\n".join(rows) + "\n"
    )
    methods = [n for n in vars(mg.Tensor) if not n.startswith("_") and not n.endswith("_")
               and is_operation(vars(mg.Tensor)[n])]  # fmt: skip
    in_place = [n for n in vars(mg.Tensor) if n.endswith("_") and not n.startswith("_")]
    count = sum(op.differentiable and tested_here(op)
                for op in ALL_OPS.values())  # fmt: skip
    head = HEAD.format(functions=len(known), names=sum(map(len, known.values())), ops=count,
                       methods=len(methods), in_place=len(in_place))  # fmt: skip
    return head + "\n".join(sections)


if __name__ == "__main__":
    (DOCS / "operators.md").write_text(document(), encoding="utf-8")
