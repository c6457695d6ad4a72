"""Runs small programs as a notebook would: a statement at a time, showing what each gives.

A file of programs (tests/programs/*.txt) has headings ``== name`` and Python below them. A program
is run with ``torch`` standing for a library. What comes out is a list of lines: what it prints,
the value of each expression, ``Type: words`` for an exception or a warning. After an exception the
next statement runs, so that a program also shows what a refused call left behind.
"""

from __future__ import annotations

import ast
import contextlib
import gc
import importlib
import io
import math
import re
import sys
import warnings
from typing import Any

from places import TESTS

FOLDER = TESTS / "programs"
WORDS = 60  # how many characters of a message are compared; after them, minigrad teaches
# Warnings of PyTorch about its own parts, and one that it gives for float(x).
OF_ITS_OWN = ("torch.jit", "get_attr Node", "__array_wrap__", "to a scalar may")
ADDRESS = re.compile(r"( object)? at 0x[0-9a-f]+")
NUMBER = re.compile(r"-?\d+\.\d*(?:e[+-]?\d+)?")


def programs() -> dict[str, str]:
    """All programs by ``file: name``."""
    found: dict[str, str] = {}
    for path in sorted(FOLDER.glob("*.txt")):
        for part in path.read_text().split("\n== ")[1:]:
            name, _, code = part.partition("\n")
            key = f"{path.stem}: {name.strip()}"
            assert key not in found, f"two programs {key}"
            found[key] = code
    return found


def said(kind: str, message: Any) -> str:
    """One line of an exception or a warning: the beginning of what it says."""
    return f"{kind}: " + " ".join(str(message).split())[:WORDS].rstrip(". ")


def run(library: Any, code: str) -> list[str]:
    """What the program shows, line by line."""
    scope: dict[str, Any] = {"torch": library, "__name__": "__main__", "gc": gc}
    scope["leaf"] = lambda *v: library.tensor(v, requires_grad=True)
    out = io.StringIO()

    def show_warning(message: Any, category: Any, *_: Any, **__: Any) -> None:
        if not any(part in str(message) for part in OF_ITS_OWN):
            out.write(said(category.__name__, message) + "\n")

    hidden = {k: v for k, v in sys.modules.items() if k == "torch" or k.startswith("torch.")}
    with contextlib.redirect_stdout(out), warnings.catch_warnings(), named_torch(library, hidden):
        for category in (UserWarning, FutureWarning, DeprecationWarning):
            warnings.simplefilter("always", category)
        warnings.simplefilter("ignore", RuntimeWarning)  # NumPy's, see minigrad/__init__.py
        warnings.showwarning = show_warning
        library.manual_seed(0)
        if hasattr(library, "set_warn_always"):  # PyTorch gives some warnings only once
            library.set_warn_always(True)
        for statement in ast.parse(code).body:
            try:
                if isinstance(statement, ast.Expr):
                    expression = compile(ast.Expression(statement.value), "<program>", "eval")
                    value = eval(expression, scope)
                    if value is not None:
                        print(repr(value))
                else:
                    module = ast.Module([statement], [])
                    exec(compile(module, "<program>", "exec"), scope)
            except Exception as error:
                print(said(type(error).__name__, error))
    text = ADDRESS.sub("", out.getvalue()).replace("minigrad", "torch")
    text = text.replace("torch.tensor.Tensor", "torch.Tensor")
    return [line.rstrip() for line in text.splitlines() if line.strip()]


@contextlib.contextmanager
def named_torch(library: Any, hidden: dict[str, Any]) -> Any:
    """In this block ``import torch`` gives ``library``."""
    if library.__name__ == "torch":
        yield
        return
    for name in (
        "nn.utils.parametrizations",
        "optim",
        "utils",
        "func",
        "autograd.forward_ad",
        "testing",
        "distributions",
    ):
        importlib.import_module(f"minigrad.{name}")
    ours = {"torch" + name.removeprefix("minigrad"): module
            for name, module in sys.modules.items()
            if name == "minigrad" or name.startswith("minigrad.")}  # fmt: skip
    for name in hidden:
        del sys.modules[name]
    sys.modules.update(ours)
    try:
        yield
    finally:
        for name in [k for k in sys.modules if k == "torch" or k.startswith("torch.")]:
            del sys.modules[name]
        sys.modules.update(hidden)


def alike(a: str, b: str) -> bool:
    """Whether two lines say the same; the last digit of a number may be another processor's."""
    if a == b:
        return True
    if NUMBER.sub("#", "".join(a.split())) != NUMBER.sub("#", "".join(b.split())):
        return False
    pairs = zip(NUMBER.findall(a), NUMBER.findall(b), strict=True)
    return all(math.isclose(float(x), float(y), rel_tol=1e-4, abs_tol=2e-4) for x, y in pairs)


def differences(ours: list[str], theirs: list[str]) -> list[str]:
    """Lines that differ; a message of ours may go on where PyTorch's ends."""
    found = []
    for i in range(max(len(ours), len(theirs))):
        a = ours[i] if i < len(ours) else "(nothing)"
        b = theirs[i] if i < len(theirs) else "(nothing)"
        message = re.match(r"\w+(Error|Warning|Exception|Interrupt):", b)
        if not (a.startswith(b) if message else alike(a, b)):
            found.append(f"minigrad  {a}\nPyTorch   {b}")
    return found
