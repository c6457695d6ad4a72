"""Where did the history end? For a tensor without a graph, the line of the source that did it.

Nothing is recorded about what is not recorded, so this reads the source: from the expression that
made the tensor back through the variables, functions and modules in it, until something that had a
history goes into something that gives a result without one: ``argmax``, ``item``, ``detach``, a
``with no_grad()`` block. A variable counts as having a history if its tensor requires a gradient.
"""

from __future__ import annotations

import ast
import inspect
import linecache
import sys
from typing import Any, NamedTuple

from ..core.tensor import Tensor
from ..nn.module import Module
from .source import first_name, parse

POSITIONS = "gives positions, and positions have no derivative"
PYTHON = "leaves the tensors: from a Python or NumPy number no gradient finds back"
WHOLE = "makes whole numbers or truth values, which have no derivative"
CUT = "cuts the history off on purpose"
DRAWN = "draws at random: no gradient flows through the draw"
ENDERS = {
    **dict.fromkeys(("argmax", "argmin", "argsort", "nonzero", "searchsorted"), POSITIONS),
    **dict.fromkeys(("item", "tolist", "numpy", "__float__", "float", "int", "tensor", "as_tensor",
                     "from_numpy", "array", "asarray"), PYTHON),
    **dict.fromkeys(("long", "int", "bool", "eq", "ne", "lt", "le", "gt", "ge", "isnan", "any",
                     "all", "logical_not", "logical_and", "logical_or", "floor_divide"), WHOLE),
    **dict.fromkeys(("detach", "detach_", "data", "requires_grad_"), CUT),
    **dict.fromkeys(("multinomial", "bernoulli", "sample"), DRAWN),
}  # fmt: skip
PLAIN_NAMES = {"float", "int", "bool"}  # functions of Python, methods of another meaning
MODES = {"no_grad", "inference_mode", "set_grad_enabled"}
DEEPEST = 12  # variables and functions, one from the other


class Ended(NamedTuple):
    """What ended a history, and where."""

    file: str
    line: int
    text: str
    why: str


class Scope(NamedTuple):
    """A piece of source whose variables can be looked at."""

    file: str
    tree: ast.AST
    variables: Any
    last: int  # the line up to which it has run


def where_ended(root: Tensor, frame: Any) -> Ended | None:
    """The line that ended the history of ``root``, which ``frame`` (the user's) has; or None."""
    scope = scope_of(frame)
    if scope is None:
        return None
    seen: set[Any] = set()
    for name, value in list(scope.variables.items()):
        if value is root:
            return of_name(name, scope, seen, 0)
    e = called_with(frame)
    return None if e is None else of_expression(e, scope, seen, 0)


def scope_of(frame: Any) -> Scope | None:
    text = "".join(linecache.getlines(frame.f_code.co_filename))
    tree = getattr(parse(text), "tree", None) if text else None
    if tree is None:
        return None
    inside = body_of(tree, frame.f_code)
    variables = {**frame.f_globals, **frame.f_locals}
    return Scope(frame.f_code.co_filename, inside, variables, frame.f_lineno)


def body_of(tree: ast.AST, code: Any) -> ast.AST:
    """The definition in ``tree`` that ``code`` was compiled from; the whole of a module."""
    for e in ast.walk(tree):
        if isinstance(e, (ast.FunctionDef, ast.Lambda)):
            first = min([e.lineno, *[d.lineno for d in getattr(e, "decorator_list", ())]])
            if first == code.co_firstlineno and getattr(e, "name", "<lambda>") == code.co_name:
                return e
    return tree


def called_with(frame: Any) -> ast.AST | None:
    """The first argument of the call that ``frame`` is in."""
    positions = list(frame.f_code.co_positions())
    where = positions[frame.f_lasti // 2] if frame.f_lasti // 2 < len(positions) else None
    e = parse("".join(linecache.getlines(frame.f_code.co_filename))).expression(where)
    return e.args[0] if isinstance(e, ast.Call) and e.args else None


def of_name(name: str, scope: Scope, seen: set[Any], depth: int) -> Ended | None:
    """What ended the history of a variable: looked for in its last assignment."""
    if (name, scope.file, id(scope.tree)) in seen or depth > DEEPEST:
        return None
    seen.add((name, scope.file, id(scope.tree)))
    for place in [scope, *earlier_cells(scope)]:
        found = [(e, around) for e, around in statements(place.tree)
                 if assigns(e, name) and e.lineno <= place.last]  # fmt: skip
        if found:
            break
    else:
        return None
    e, around = found[-1]
    branches = [outer for outer in around if isinstance(outer, ast.If)]
    if any(branch in others for branch in branches for _, others in found[:-1]):
        return None  # of two branches nobody can say which was taken
    value = e.value  # type: ignore[attr-defined]
    inner = of_expression(value, place, seen, depth + 1)
    return inner or of_mode(value, around, place)


def of_mode(value: ast.AST, around: list[ast.AST], scope: Scope) -> Ended | None:
    """``with no_grad():`` around a statement, or ``@no_grad()`` on its function."""
    if not has_history(value, scope):
        return None
    for outer in [*around, scope.tree]:
        calls = [i.context_expr for i in outer.items] if isinstance(outer, ast.With) else (
            outer.decorator_list if isinstance(outer, ast.FunctionDef) else [])  # fmt: skip
        for call in calls:
            function = call.func if isinstance(call, ast.Call) else call
            name = function.attr if isinstance(function, ast.Attribute) else first_name(function)
            if name in MODES and "True" not in ast.unparse(call):
                return ended(value, scope, f"runs under {name}(), where nothing is recorded")
    return None


def of_expression(e: ast.AST, scope: Scope, seen: set[Any], depth: int) -> Ended | None:
    """The first thing in an expression that ends a history, in the order of computing."""
    if depth > DEEPEST:
        return None
    for child in children(e):
        found = of_expression(child, scope, seen, depth)
        if found is not None:
            return found
    if isinstance(e, ast.Name):
        return None if alive(scope.variables.get(e.id)) else of_name(e.id, scope, seen, depth + 1)
    why = why_ended(e)
    if why and any(has_history(child, scope) for child in children(e)):
        return ended(e, scope, why)
    if isinstance(e, ast.Call):
        return of_call(e, scope, seen, depth + 1)
    return None


def why_ended(e: ast.AST) -> str:
    """Why the result of this expression has no history; '' if it may have one."""
    if isinstance(e, ast.Compare):
        return WHOLE
    second = isinstance(e, ast.Subscript) and ast.unparse(e.slice) == "1"
    if second and isinstance(e.value, ast.Call):
        name = e.value.func.attr if isinstance(e.value.func, ast.Attribute) else ""
        return POSITIONS if name in ("max", "min", "sort", "topk", "median", "mode") else ""
    if isinstance(e, ast.Attribute):
        return POSITIONS if e.attr == "indices" else ENDERS["data"] if e.attr == "data" else ""
    if not isinstance(e, ast.Call):
        return ""
    if isinstance(e.func, ast.Name):
        return PYTHON if e.func.id in ("float", "int", "tensor", "as_tensor") else ""
    name = e.func.attr if isinstance(e.func, ast.Attribute) else ""
    if name == "requires_grad_" and "False" not in ast.unparse(e):
        return ""
    if name == "to" and any("int" in ast.unparse(a) or "long" in ast.unparse(a) for a in e.args):
        return WHOLE
    return "" if name == "float" else ENDERS.get(name, "")


def of_call(e: ast.Call, scope: Scope, seen: set[Any], depth: int) -> Ended | None:
    """What ends a history inside of the user's function or module that is called."""
    try:
        function = eval_name(e.func, scope.variables)
    except (AttributeError, KeyError, TypeError):
        return None
    if isinstance(function, Module):
        function = type(function).forward
    function = inspect.unwrap(function) if callable(function) else None
    code = getattr(function, "__code__", None)
    package = getattr(function, "__module__", "") or ""
    if code is None or package.partition(".")[0] == __name__.partition(".")[0]:
        return None
    text = "".join(linecache.getlines(code.co_filename))
    tree = getattr(parse(text), "tree", None) if text else None
    if tree is None or (code, "body") in seen:
        return None
    seen.add((code, "body"))
    body = body_of(tree, code)
    inside = Scope(code.co_filename, body, Parameters(function.__globals__), sys.maxsize)
    for statement, around in statements(body):
        value = getattr(statement, "value", None)
        if value is None:
            continue
        for part in ast.walk(value):
            why = why_ended(part)
            if why and any(has_history(child, inside) for child in children(part)):
                return ended(part, inside, why)
        found = of_mode(value, around, inside)
        if found is not None:
            return found
    return None


class Parameters(dict[str, Any]):
    """The variables of a function that is not running: any name that is no global may be one."""


def eval_name(e: ast.AST, variables: Any) -> Any:
    """``model.layer`` without running code of the user's."""
    if isinstance(e, ast.Name):
        return variables[e.id]
    if isinstance(e, ast.Attribute):
        owner = eval_name(e.value, variables)
        if isinstance(owner, Module):
            return owner._modules[e.attr]
        return inspect.getattr_static(owner, e.attr)
    raise TypeError


def has_history(e: ast.AST, scope: Scope) -> bool:
    """Whether a tensor that requires a gradient goes into the expression."""
    for part in ast.walk(e):
        if isinstance(part, ast.Name):
            value = scope.variables.get(part.id)
            if alive(value):
                return True
            if isinstance(scope.variables, Parameters) and part.id not in scope.variables:
                return True
    return False


def alive(value: Any) -> bool:
    if isinstance(value, Tensor):
        return value._requires_grad
    return isinstance(value, Module) and any(p.requires_grad for p in value.parameters())


def children(e: ast.AST) -> list[ast.AST]:
    """The operands of an expression, in the order in which they are computed."""
    return [c for c in ast.iter_child_nodes(e) if isinstance(c, (ast.expr, ast.keyword))]


def statements(tree: ast.AST) -> list[tuple[Any, list[ast.AST]]]:
    """The assignments and returns of a body, with what is around them; not of functions inside."""
    found: list[tuple[Any, list[ast.AST]]] = []
    waiting: list[tuple[ast.AST, list[ast.AST]]] = [(tree, [])]
    while waiting:
        e, around = waiting.pop()
        for child in reversed(list(ast.iter_child_nodes(e))):
            if isinstance(child, (ast.FunctionDef, ast.ClassDef, ast.Lambda)):
                continue
            if isinstance(child, ast.stmt):
                outer = [child] if isinstance(child, (ast.With, ast.If)) else []
                waiting.append((child, [*around, *outer]))
        if isinstance(e, (ast.Assign, ast.AugAssign, ast.AnnAssign, ast.Return)) and e.value:
            found.append((e, around))
    return sorted(found, key=lambda pair: pair[0].lineno)


def assigns(e: Any, name: str) -> bool:
    targets = e.targets if isinstance(e, ast.Assign) else [getattr(e, "target", None)]
    return any(isinstance(t, ast.Name) and t.id == name
               for target in targets if target is not None for t in ast.walk(target))  # fmt: skip


def earlier_cells(scope: Scope) -> list[Scope]:
    """The other cells of a notebook, the last first: their variables are the same."""
    if "ipykernel" not in scope.file and "ipython-input" not in scope.file:
        return []
    cells = [f for f in linecache.cache if ("ipykernel" in f or "ipython-input" in f)]
    trees = [(f, getattr(parse("".join(linecache.getlines(f))), "tree", None)) for f in cells]
    return [Scope(f, tree, scope.variables, sys.maxsize)
            for f, tree in reversed(trees) if tree is not None and f != scope.file]  # fmt: skip


def ended(e: Any, scope: Scope, why: str) -> Ended:
    line = linecache.getline(scope.file, e.lineno).strip()
    what = ast.unparse(e)
    short = what if len(what) <= 60 else what[:57] + "..."
    return Ended(scope.file, e.lineno, line, f"`{short}` {why}")
