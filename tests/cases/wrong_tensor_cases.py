"""Tensors of another dtype or shape in place of each tensor that the good calls are given.

The good calls are those of wrong_argument_cases.py. Some of the tensors are welcome there: then the
answer is what comes out, its dtype, shape and sum.
"""

from __future__ import annotations

import ast
import re
import warnings
from typing import Any

from wrong_argument_cases import calls, in_turn, scope

NUMBERS = "(torch.arange(6).reshape(2, 3) + 1) / 4"
TENSORS: dict[str, str] = {
    "bool": "torch.ones(2, 3) > 0", "uint8": "torch.ones(2, 3, dtype=torch.uint8)",
    "int64": "torch.ones(2, 3).long()", "float16": f"({NUMBERS}).half()",
    "float64": f"({NUMBERS}).double()", "complex64": f"({NUMBERS}) * (1 + 1j)",
    "0-d": "torch.tensor(1.0)", "1-d": "torch.arange(4) / 2",
    "3-d": "torch.arange(12).reshape(2, 2, 3) / 4", "longer": "torch.arange(15).reshape(5, 3) / 8",
    "empty": "torch.zeros(0)",
}  # fmt: skip

UNFILLED = ("empty", "nextafter")  # numbers that say nothing, or more digits than are compared


def wrong_calls(table: str = "wrong_argument_cases") -> list[str]:
    """The calls with ``wrong`` in place of each argument that is a tensor."""
    import minigrad

    names = scope(minigrad)
    found = []
    for call in calls(table):
        for text in in_turn(call):
            found.append((text, replaced(call, text, names)))
    return list(dict.fromkeys(text for text, t in found if isinstance(t, minigrad.Tensor)))


def replaced(call: str, text: str, names: dict[str, Any]) -> Any:
    """The value that ``wrong`` stands for in ``text``."""
    good, bad = (ast.parse(t, mode="eval").body for t in (call, text))
    assert isinstance(good, ast.Call) and isinstance(bad, ast.Call)
    for a, b in zip([*good.args, *(k.value for k in good.keywords)],
                    [*bad.args, *(k.value for k in bad.keywords)], strict=True):  # fmt: skip
        if isinstance(b, ast.Name) and b.id == "wrong":
            return eval(compile(ast.Expression(a), "<argument>", "eval"), names)
    raise AssertionError(text)


def answer(library: Any, call: str, text: str) -> str:
    """The exception's type and opening words; or what comes out."""
    library.manual_seed(0)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            names = scope(library)
            out = eval(call, names | {"wrong": eval(text, names)})
            name = call.partition("(")[0].rpartition(".")[2]
            return shown(library, out, name.startswith(UNFILLED))
    except Exception as error:
        return f"{type(error).__name__}: {opening(str(error))}"


def opening(message: str) -> str:
    """The first 40 characters, up to the first digit."""
    return re.split(r"\d", " ".join(message.split())[:40])[0].strip()


def shown(library: Any, out: Any, unfilled: bool) -> str:
    if isinstance(out, (tuple, list)):
        return f"({', '.join(shown(library, o, unfilled) for o in out)})"
    if not isinstance(out, library.Tensor):
        return repr(out) if isinstance(out, (bool, int)) else type(out).__name__
    told = f"{str(out.dtype).removeprefix('torch.')} {list(out.shape)}"
    if unfilled or not out.numel():
        return told
    numbers = out.detach().to(library.complex128 if out.is_complex() else library.float64)
    total = complex(numbers.sum().item())
    parts = [total.real, total.imag] if out.is_complex() else [total.real]
    return " ".join([told, *(f"{round(part, 3) + 0.0:.4g}" for part in parts)])


NUMBER = re.compile(r"(?<![\w])-?\d+(?:\.\d+)?(?:e[+-]?\d+)?(?!\w)")


def refused(said: str) -> bool:
    return said.partition(":")[0].endswith("Error")


def as_theirs(ours: str, theirs: str) -> bool:
    """Whether minigrad says the same, or has the same numbers but for rounding."""
    if refused(theirs):
        return ours.startswith(theirs.rstrip("."))
    return NUMBER.sub("", ours) == NUMBER.sub("", theirs) and all(
        abs(float(a) - float(b)) <= 2e-3 + 4e-3 * abs(float(b))
        for a, b in zip(NUMBER.findall(ours), NUMBER.findall(theirs), strict=True)
    )
