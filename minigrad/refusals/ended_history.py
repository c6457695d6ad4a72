"""Where the history of a tensor ended: why ``loss.backward()`` finds nothing to train.

Two sources are asked. A result on which nothing is recorded, although an input requires a gradient,
carries a note (:data:`Ended`) of what ended the history and in which line; results of operations
on it pass the note on. Numbers that left the tensors (``.item()``, ``float(loss)``) carry none:
there the user's source is read, and what is said is only what stands there. Where neither knows,
the possible reasons are named.
"""

from __future__ import annotations

import ast
import linecache
import re
import warnings
from collections.abc import Iterable
from functools import lru_cache
from types import CodeType
from typing import Any, NamedTuple, TypeAlias

from ..core.modes import grad_mode
from ..core.source_lines import frame_at, internal, source_at, user_frame
from ..core.tensor import Tensor
from .user_lines import line_words

# A note: what ended a history (a key of WHY, or the name of an operation), and the user's
# instruction that did it. It holds no tensor, and being a tuple it costs little to make.
Ended: TypeAlias = tuple[str, CodeType | None, int]


# --- the notes -----------------------------------------------------------------------------------


def note_here(what: str) -> Ended:
    """A note of the user's present line."""
    frame = user_frame(1)
    return (what, None, 0) if frame is None else (what, frame.f_code, frame.f_lasti)


def note_end(op: Any, inputs: Any, outs: Any) -> None:
    """Nothing was recorded on ``outs``: note why, if an input has a history or had one.

    op: the operation, if recording was on. Called by the core (``slots.note_end``).
    """
    note = None
    for t in inputs:
        if t._requires_grad:
            note = note_here(op.__name__) if grad_mode.enabled else grad_mode.ended
            break
        note = note or t._ended
    for out in outs:
        out._ended = note


def without_gradient(out: Tensor, what: str, *inputs: Any) -> Tensor:
    """``out``, computed from ``inputs`` by something that has no derivative; with a note of it."""
    for t in inputs:
        if isinstance(t, Tensor):
            if t._requires_grad:
                out._ended = note_here(what)
                break
            if t._ended is not None:
                out._ended = t._ended
    return out


def ended_by_mode(what: str, decorated: Any) -> Ended:
    """The note of a block (or a call of a ``decorated`` function) that records nothing."""
    code = getattr(decorated, "__code__", None)
    if code is not None:
        return what, code, -1  # the function's first line
    frame: Any = frame_at(1)
    modes = frame.f_globals
    while frame.f_globals is modes:  # the file where the modes are
        frame = frame.f_back
    if not internal[frame.f_globals.get("__name__", "")]:
        return what, frame.f_code, frame.f_lasti
    return note_here("inside")  # a function of this package has switched recording off


# --- the words -----------------------------------------------------------------------------------

# How the note's name is written, why the history ended there, and what to do.
SCORES = "train with a loss that changes smoothly with the scores, such as cross_entropy(scores, y)"
ANSWER = (
    "its answer does not change with a small change of its input, so it has no derivative",
    "it is for counting, such as an accuracy, not for a loss: " + SCORES,
)
CUT = ("it cuts the history off", "leave it out on the way from the parameters to the loss")
OFF = ("nothing is recorded there", "compute the loss outside of it")
WHY = {
    "no_grad": ("no_grad()", *OFF),
    "inference_mode": ("inference_mode()", *OFF),
    "set_grad_enabled": ("set_grad_enabled(False)", OFF[0], "switch it on again before the loss"),
    "inside": ("what is called", "recording is off inside of it", "compute the loss without it"),
    "detach": ("detach()", *CUT),
    "detach_": ("detach_()", *CUT),
    "data": (".data", *CUT),
    "tensor": (
        "tensor(...)", "it copies numbers, without their history",
        "use the tensor itself, and stack([...]) for a list of them",
    ),
    "whole numbers": (
        "the conversion to whole numbers", "they have no gradient",
        "keep floating point numbers on the way to the loss",
    ),
    "a question": ("a question", *ANSWER),
    "comparison": ("a comparison", *ANSWER),
}  # fmt: skip
UNKNOWN = (
    "nothing it was computed from has requires_grad=True, or its numbers left the tensors "
    "(.item(), .tolist(), .numpy(), float()) and came back by tensor(...); no operation is known "
    "that ended a history",
    "set requires_grad=True on the tensors you want gradients of before you compute with them, and "
    "compute with tensors, not with their numbers",
)


def why_no_history(
    t: Tensor | None, code: CodeType | None = None, lasti: int = 0, position: int = 0
) -> tuple[str, str]:
    """Why nothing is recorded on ``t``, and what to do about it, in words.

    code, lasti: the user's instruction that asked for its gradients, as ``loss.backward()``.
    position: which of the tensors that it gave this one is.
    """
    note = None if t is None else t._ended
    if note is not None:
        key, at, instruction = note
        name = re.sub(r"(?<=[a-z0-9])(?=[A-Z])", "_", key).lower()
        what, why, advice = WHY.get(key, (name, *ANSWER))
        where = "" if at is None else line_words(source_at(at, instruction))
        return f"its history ended at {what}{where}: {why}", advice
    found = None if code is None else numbers_taken(code, lasti, position)
    if found is None:
        return UNKNOWN
    assert code is not None
    word, line = found
    text = linecache.getline(code.co_filename, line).strip()
    where = line_words((code.co_filename, line, text))
    how = "takes numbers out" if word.startswith(".") else "makes a Python number"
    return (
        f"the source {how} by {word}{where}: numbers have no history, and a tensor that is made of "
        "them begins a new one",
        "compute with the tensor itself, and take its numbers only to print or to keep them",
    )


# --- what the source says ------------------------------------------------------------------------

LEAVING = {"item", "tolist", "numpy"}  # methods that give numbers of a tensor ...
CASTS = {"float", "int", "bool", "complex"}  # ... and functions
MAKERS = {"tensor", "as_tensor", "asarray", "from_numpy", "Tensor", "FloatTensor", "DoubleTensor"}
NEW = {*MAKERS, "zeros"}
Found = tuple[str, int]  # what is written there, and its line


def numbers_taken(code: CodeType, lasti: int, position: int) -> Found | None:
    """Where the source makes the root of numbers that it has taken out of a tensor, if it does.

    Only what is certain counts: a new tensor made of such numbers, or such numbers added up in a
    variable that began as 0. A factor ``* w.item()`` ends the history of ``w``, not the product's.
    """
    tree = parsed("".join(linecache.getlines(code.co_filename)))
    where = list(code.co_positions())[lasti // 2 : lasti // 2 + 1]
    if tree is None or not where or where[0][0] is None:
        return None
    scope = scope_of(tree, code)
    call = next((e for e in ast.walk(scope) if isinstance(e, ast.Call) and same(e, where[0])), None)
    root = None if call is None else root_of(call, position)
    return None if root is None else Reader(tree, scope, set()).made_of_numbers(root)


@lru_cache(maxsize=4)
def parsed(text: str) -> ast.Module | None:
    try:
        with warnings.catch_warnings():  # such as invalid escapes: not ours to report
            warnings.simplefilter("ignore")
            return ast.parse(text)
    except (SyntaxError, ValueError, RecursionError):
        return None  # not Python, or not readable


def scope_of(tree: ast.Module, code: CodeType) -> ast.AST:
    """The function (or the whole text) that a code object was compiled from."""
    for e in ast.walk(tree):
        if isinstance(e, (ast.FunctionDef, ast.AsyncFunctionDef)) and e.name == code.co_name:
            first = min([e.lineno, *[d.lineno for d in e.decorator_list]])
            if first == code.co_firstlineno:
                return e
    return tree


def same(e: ast.Call, where: Any) -> bool:
    """Whether an instruction's position (line, end line, column, end column) is this call's.

    Of a method call over several lines the position begins at the method's name.
    """
    return (e.end_lineno, e.end_col_offset) == (where[1], where[3]) and e.lineno <= where[0]


def root_of(call: ast.Call, position: int) -> ast.expr | None:
    """The tensor in ``loss.backward()``, ``check(loss)``, ``backward([loss, other])``."""
    f = call.func
    if isinstance(f, ast.Attribute) and f.attr == "backward":
        module = isinstance(f.value, ast.Attribute) and f.value.attr == "autograd"
        if not module and not (isinstance(f.value, ast.Name) and f.value.id == "autograd"):
            return f.value
    if not call.args:
        return None
    first = call.args[0]
    if isinstance(first, (ast.List, ast.Tuple)):
        return first.elts[position] if position < len(first.elts) else None
    return first


class Value(NamedTuple):
    """What a statement gives to a variable."""

    at: tuple[int, int]  # line and column where it is known: where the expression ends
    expression: ast.expr
    added: bool  # by ``+=`` or ``.append(...)``


class Reader:
    """Follows the variables of one function (or a file) back to what was assigned to them."""

    def __init__(self, tree: ast.Module, scope: ast.AST, seen: set[Any]) -> None:
        self.tree = tree
        self.seen = seen  # (what was looked for, where), so that nothing is followed twice
        self.given: dict[str, list[Value]] = {}
        for e in ast.walk(scope):
            value: Any = getattr(e, "value", None)
            targets: list[ast.expr] = []
            added = isinstance(e, (ast.AugAssign, ast.Call))
            if isinstance(e, ast.Assign):
                targets = e.targets
            elif isinstance(e, (ast.AnnAssign, ast.AugAssign, ast.NamedExpr)):
                targets = [e.target]
            elif isinstance(e, ast.Call) and called(e) == "append" and e.args:
                value = e.args[0]
                targets = [e.func.value] if isinstance(e.func, ast.Attribute) else []
            for target in targets:
                if isinstance(target, ast.Tuple) and isinstance(value, ast.Tuple):
                    for one, its_value in zip(target.elts, value.elts):  # a, b = f(x), g(x)
                        self.give(one, its_value, added)
                elif value is not None:
                    self.give(target, value, added)

    def give(self, target: ast.expr, value: ast.expr, added: bool) -> None:
        if isinstance(target, (ast.Name, ast.Attribute)):
            at = (value.end_lineno or 0, value.end_col_offset or 0)
            self.given.setdefault(ast.unparse(target), []).append(Value(at, value, added))

    def values(self, e: ast.AST, looked_for: str) -> list[Value]:
        """What a variable was given last before ``e``, and what was added to it after that."""
        if not isinstance(e, (ast.Name, ast.Attribute)) or not isinstance(e.ctx, ast.Load):
            return []
        at = (e.lineno, e.col_offset)
        found = sorted(v for v in self.given.get(ast.unparse(e), []) if v.at < at)
        plain = [i for i, v in enumerate(found) if not v.added]
        found = found[plain[-1] if plain else 0 :]
        new = [v for v in found if (looked_for, v.at) not in self.seen]
        self.seen.update((looked_for, v.at) for v in new)
        return new

    def made_of_numbers(self, e: ast.AST) -> Found | None:
        """Where ``e`` becomes a tensor made of numbers that were taken out of a tensor."""
        for part in ast.walk(e):
            found = None
            if isinstance(part, ast.Call) and called(part) in MAKERS:
                found = first(self.taken(argument) for argument in part.args)
            elif isinstance(part, ast.Call):
                found = self.returned(part)
            values = self.values(part, "made")
            found = found or first(self.made_of_numbers(v.expression) for v in values)
            if found is None and values and begins_anew(values[0].expression):
                found = first(self.taken(v.expression) for v in values if v.added)
            if found is not None:
                return found
        return None

    def returned(self, call: ast.Call) -> Found | None:
        """The same of what a function of the same file returns, or a module's ``forward``."""
        name = called(call)
        made = [v.expression for v in self.given.get(name, [])]
        classes = {name, *[called(e) for e in made if isinstance(e, ast.Call)]}
        functions = []
        for e in ast.walk(self.tree):
            if isinstance(e, ast.ClassDef) and e.name in classes:
                functions += [f for f in e.body if getattr(f, "name", "") == "forward"]
            elif isinstance(e, ast.FunctionDef) and e.name == name:
                functions.append(e)
        if len(functions) != 1 or functions[0] in self.seen:  # not known which
            return None
        self.seen.add(functions[0])
        reader = Reader(self.tree, functions[0], self.seen)
        returns = [e.value for e in ast.walk(functions[0]) if isinstance(e, ast.Return)]
        return first(reader.made_of_numbers(e) for e in returns if e is not None)

    def taken(self, e: ast.AST) -> Found | None:
        """Where numbers are taken out of a tensor in ``e``, or for a variable in it."""
        for part in ast.walk(e):
            if isinstance(part, ast.Call):
                name, method = called(part), isinstance(part.func, ast.Attribute)
                if method and name in LEAVING and not part.args:
                    return f".{name}()", part.lineno
                known = not part.args or isinstance(part.args[0], ast.Constant)
                if not method and name in CASTS and not known:
                    return f"{name}(...)", part.lineno
            found = first(self.taken(v.expression) for v in self.values(part, "taken"))
            if found is not None:
                return found
        return None


def first(found: Iterable[Found | None]) -> Found | None:
    return next((f for f in found if f is not None), None)


def begins_anew(e: ast.expr) -> bool:
    """Whether this is a number or a new tensor: ``0.0``, ``tensor(0.0)``, ``zeros(1)``."""
    return isinstance(e, ast.Constant) or isinstance(e, ast.Call) and called(e) in NEW


def called(call: ast.Call) -> str:
    """The name of the function or method that is called."""
    f = call.func
    return f.attr if isinstance(f, ast.Attribute) else f.id if isinstance(f, ast.Name) else ""
