"""What the user's source says about an operation: the line, the variable, the operands.

Python 3.11 and later know the columns, not only the line, of every instruction. A node remembers
the code object and the instruction that recorded it, so its expression can be found in the parsed
source: in ``loss = (y_pred - y).pow(2).sum()`` the subtraction is the part ``y_pred - y``, which
names both operands, and the sum is the whole right-hand side, which names the result ``loss``.

The use of instruction positions is the idea of Python's own fine-grained tracebacks (PEP 657).
"""

from __future__ import annotations

import ast
import linecache
import warnings
from collections.abc import Sequence, Set
from functools import lru_cache
from typing import Any

from ..core.node import Node
from ..faithful.forks import new_lock
from ..refusals.user_lines import source_of

BINARY = {
    ast.Add: "add", ast.Sub: "sub", ast.Mult: "mul", ast.Div: "div", ast.Pow: "pow",
    ast.MatMult: "matmul", ast.Mod: "remainder", ast.FloorDiv: "floor_divide",
}  # fmt: skip
MATMULS = {"matmul", "mm", "mv", "dot", "bmm"}  # what ``@`` may be recorded as
Range = tuple[int, int, int, int]  # line, end line, column, end column


class Place:
    """Where an operation stands in the user's source, and what is written there."""

    __slots__ = ("source", "expression", "targets", "modules")

    def __init__(
        self,
        source: tuple[str, int, str] | None,
        expression: ast.AST | None = None,
        targets: tuple[str, ...] = (),
        modules: frozenset[str] = frozenset(),
    ) -> None:
        self.source = source  # (file, line number, text of the line)
        self.expression = expression  # the part of the line that ran this operation
        self.targets = targets  # the variables it is assigned to
        self.modules = modules  # names of the file that are imported modules, not tensors

    def is_call_of(self, op: str) -> bool:
        """Whether the expression is this operation itself, not a function that runs several."""
        e = self.expression
        if isinstance(e, (ast.BinOp, ast.AugAssign)):
            name = BINARY.get(type(e.op), "")
            return name == op or (name == "matmul" and op in MATMULS)
        if isinstance(e, ast.Call):
            called = e.func.attr if isinstance(e.func, ast.Attribute) else (
                e.func.id if isinstance(e.func, ast.Name) else "")  # fmt: skip
            return called.strip("_") == op or (called == "matmul" and op in MATMULS)
        return isinstance(e, ast.UnaryOp) and isinstance(e.op, ast.USub) and op == "neg"

    def operands(self, n: int, modules: Set[str] = frozenset()) -> Sequence[ast.AST]:
        """The expressions of the operation's ``n`` inputs, in order; [] if it is not clear.

        modules: names that are known to be modules, beside those that the file imports.
        """
        e = self.expression
        if isinstance(e, ast.BinOp):
            return [e.left, e.right]
        if isinstance(e, ast.AugAssign):
            return [e.target, e.value]
        if isinstance(e, ast.UnaryOp):
            return [e.operand]
        if not isinstance(e, ast.Call) or any(isinstance(a, ast.Starred) for a in e.args):
            return []
        first = first_name(e.func)
        if isinstance(e.func, ast.Attribute) and first not in self.modules | modules:
            return [e.func.value, *e.args][:n]  # x.mm(w), x.clamp(0)
        if e.args and isinstance(e.args[0], (ast.List, ast.Tuple)):  # torch.cat([x, w])
            return e.args[0].elts if len(e.args[0].elts) == n else []
        return e.args if len(e.args) == n else []  # torch.mm(x, w)


class Places:
    """Finds the `Place` of nodes. Each code object and each file is read once."""

    def __init__(self) -> None:
        self._places: dict[tuple[int, int], Place] = {}
        self._positions: dict[int, list[Any]] = {}
        self._parsed: dict[str, _Parsed] = {}

    def find(self, node: Node) -> Place:
        # By identity: code objects compare by content, which is slow. The node keeps it alive.
        key = (id(node.code), node.lasti)
        place = self._places.get(key)
        if place is None:
            place = self._places[key] = self._look(node)
        return place

    def _look(self, node: Node) -> Place:
        code = node.code
        if code is None:
            return Place(None)
        if id(code) not in self._positions:
            self._positions[id(code)] = list(code.co_positions())
        positions = self._positions[id(code)]
        where = positions[node.lasti // 2] if node.lasti // 2 < len(positions) else None
        if code.co_filename not in self._parsed:
            text = "".join(linecache.getlines(code.co_filename))
            with _one_at_a_time:
                self._parsed[code.co_filename] = parse(text)
        parsed = self._parsed[code.co_filename]
        expression = parsed.expression(where)
        return Place(
            source_of(node),
            expression,
            parsed.targets.get(id(expression), ()),
            parsed.modules,
        )


class _Parsed:
    """A source text's expressions by position, and the variables they are assigned to."""

    def __init__(self, text: str) -> None:
        self.at: dict[Range, ast.AST] = {}
        self.calls_ending: dict[tuple[int, int], ast.AST] = {}
        self.targets: dict[int, tuple[str, ...]] = {}
        self.modules: frozenset[str] = frozenset()
        try:
            with warnings.catch_warnings():  # such as invalid escapes: not ours to report again
                warnings.simplefilter("ignore")
                self.tree = ast.parse(text)
        except (SyntaxError, ValueError, RecursionError):
            return  # not Python, or not readable: the graph then has names of operations only
        imported: set[str] = set()
        for e in ast.walk(self.tree):
            if isinstance(e, (ast.Import, ast.ImportFrom)):
                imported.update((a.asname or a.name).partition(".")[0] for a in e.names)
            if isinstance(e, (ast.Call, ast.BinOp, ast.UnaryOp, ast.Subscript, ast.AugAssign)):
                start, end = (e.lineno, e.col_offset), (e.end_lineno or 0, e.end_col_offset or 0)
                self.at[start[0], end[0], start[1], end[1]] = e
                if isinstance(e, ast.Call):
                    self.calls_ending[end] = e
            if isinstance(e, ast.Assign):
                self.targets[id(e.value)] = target_names(e.targets[0])
                if isinstance(e.value, ast.Tuple) and isinstance(e.targets[0], ast.Tuple):
                    for target, value in zip(e.targets[0].elts, e.value.elts):
                        self.targets[id(value)] = target_names(target)  # a, b = f(x), g(x)
            elif isinstance(e, (ast.AnnAssign, ast.NamedExpr)) and e.value is not None:
                self.targets[id(e.value)] = target_names(e.target)
            elif isinstance(e, ast.AugAssign):
                self.targets[id(e)] = target_names(e.target)
        self.modules = frozenset(imported)

    def expression(self, where: Any) -> ast.AST | None:
        if where is None or None in where:
            return None
        found = self.at.get(where)
        if found is None:
            # A method call over several lines is recorded from the method's name on.
            found = self.calls_ending.get((where[1], where[3]))
        return found


# Python 3.11's parser fails with a SystemError if threads use it at the same time.
_one_at_a_time = new_lock()
parse = lru_cache(maxsize=16)(_Parsed)  # by the text, as a notebook's cells are edited


def first_name(e: ast.AST) -> str:
    """``torch`` of ``torch.nn.functional.relu``."""
    while isinstance(e, ast.Attribute):
        e = e.value
    return e.id if isinstance(e, ast.Name) else ""


def target_names(target: ast.AST) -> tuple[str, ...]:
    """The variables of an assignment's left side: ``a`` or ``self.a``, or of ``a, b``, both."""
    if isinstance(target, (ast.Name, ast.Attribute)):
        return (ast.unparse(target),)
    if isinstance(target, (ast.Tuple, ast.List)):
        names = [e.id if isinstance(e, ast.Name) else "" for e in target.elts]
        return tuple(names) if len(names) > 1 else ()
    return ()
