"""Turns what the engine recorded into the lists that a `Graph` is made of.

Every loop here is a plain loop over the nodes in the order they were recorded, which is a
topological order, so a graph of a million nodes needs no recursion.
"""

from __future__ import annotations

import ast
import inspect
import re
import sys
from collections.abc import Mapping
from functools import lru_cache
from typing import Any, TypeAlias

import numpy as np

from ..core.backward import reachable
from ..core.elementwise import Elementwise2
from ..core.node import Node, edge_meta
from ..core.tensor import Tensor, edge_of, make
from .names import Names, Unique
from .source import Place, Places

Key: TypeAlias = Any  # what a graph node stands for: an edge of the engine, or a Constant
UNKNOWN = "constant"  # what a constant without a name is called
SWAPPED = ("add", "mul")  # 2 * x is recorded as x * 2: the source's order may be the other one


class Constant:
    """An input that needs no gradient. The engine may have forgotten it; then it is a name only."""

    __slots__ = ("name", "shape", "dtype", "number")

    def __init__(
        self, name: str, shape: Any = None, dtype: Any = None, number: bool = False
    ) -> None:
        self.name = name
        self.number = number  # a plain number in the source: its name is the number
        self.shape = shape
        self.dtype = dtype


class Built:
    """The lists a graph is made of; position i of each is about graph node i."""

    def __init__(self) -> None:
        self.keys: list[Key] = []
        self.ops: list[str | None] = []  # as a user would write them; None of what is no result
        self.inputs: list[tuple[int, ...]] = []
        self.names: list[str] = []
        self.aliases: dict[int, tuple[str, ...]] = {}
        self.values: dict[int, Tensor] = {}  # where a value is known
        self.roots: list[int] = []
        self.first_op = 0  # leaves and constants come before
        self.places = Places()


def op_name(node: Node) -> str:
    """The operation as a user would write it: 'mm' for MmBackward0, 'log_softmax' ...

    An operation may say it itself (``written``), where PyTorch's node is called otherwise:
    ``1 / x`` is a MulBackward0. A name that the result of several operations has is not its own.
    """
    return getattr(node.op, "written", "") or user_spelling(node.op.node_name(node))


@lru_cache(maxsize=1000)
def user_spelling(name: str) -> str:
    name = name.rsplit("::", 1)[-1]  # torch::autograd::CopySlices
    short = re.sub(r"Backward\d+$", "", name)
    if short == name:
        return name.removesuffix("Backward")  # an autograd.Function: keep the user's spelling
    return re.sub(r"(?<=[a-z0-9])(?=[A-Z])", "_", short).lower()


def build(
    roots: list[Tensor], names: Names, own_code: Any = None, seen: Mapping[Node, Any] | None = None
) -> Built:
    """Read the graph behind ``roots``.

    own_code: the code object whose variables were looked at. seen: what a recorder saw go into
    operations: for each input None or, if it needs no gradient, (tensor, its version then).
    """
    return _Builder(names, own_code, seen or {}).build(roots)


class _Builder:
    def __init__(self, names: Names, own_code: Any, seen: Mapping[Node, Any]) -> None:
        self.names = names
        self.seen = seen
        self.own_code = own_code
        self.out = Built()
        self.leaves: list[Key] = []
        self.leaf_index: dict[Tensor, int] = {}
        self.constant_index: dict[int, int] = {}  # by the tensor's id
        self.leaf_values: dict[int, Tensor] = {}
        self.op_index: dict[Any, int] = {}  # by edge
        self.op_values: dict[int, Tensor] = {}
        self.continued: set[int] = set()  # operations used by the same expression again
        self.guesses: list[tuple[int, int, int]] = []  # constants to check: leaf, op, input

    def build(self, roots: list[Tensor]) -> Built:
        edges = [edge_of(t) for t in roots]
        order = reachable([e for e in edges if e is not None])[::-1]
        ops = used_edges(order, edges)
        self.op_index = {edge: i for i, edge in enumerate(ops)}
        inputs = [self.inputs_of(k, edge) for k, edge in enumerate(ops)]
        root_refs = [self.reference(edge, t) for edge, t in zip(edges, roots)]

        out, n = self.out, len(self.leaves)
        for edge, t in [*self.names.tensors.items(), *zip(edges, roots)]:  # what the user holds
            if edge in self.op_index:
                self.op_values[self.op_index[edge]] = t
        self.check_guesses(ops, inputs)
        out.first_op = n
        out.keys = self.leaves + ops
        out.ops = [None] * n + [op_name(e[0] if type(e) is tuple else e) for e in ops]
        out.inputs = [()] * n + [tuple([r if r >= 0 else n + ~r for r in row]) for row in inputs]
        out.roots = list(dict.fromkeys(r if r >= 0 else n + ~r for r in root_refs))
        out.values = self.leaf_values
        for k, t in self.op_values.items():
            out.values[n + k] = t
        self.name_all(ops)
        return out

    # --- structure -----------------------------------------------------------------------

    def reference(self, edge: Any, tensor: Tensor | None = None) -> int:
        """The number of an edge's graph node: of a leaf its index, of operation k it is ~k."""
        k = self.op_index.get(edge)
        if k is not None:
            return ~k
        if edge is None:
            assert tensor is not None
            return self.constant_tensor(tensor)
        i = self.leaf_index.get(edge)
        if i is None:
            i = self.leaf_index[edge] = self.add_leaf(edge, edge)
        return i

    def add_leaf(self, key: Key, value: Tensor | None) -> int:
        self.leaves.append(key)
        if value is not None:
            self.leaf_values[len(self.leaves) - 1] = value
        return len(self.leaves) - 1

    def inputs_of(self, k: int, edge: Any) -> list[int]:
        """References to the inputs of operation k; notes values that its node has kept."""
        node, output = edge if type(edge) is tuple else (edge, 0)
        n = len(node.inputs)
        saved = node.saved or ()
        place = None
        refs = []
        for i, source in enumerate(node.inputs):
            kept = saved_tensor(node, i) if i < len(saved) else None
            if source is None:
                kept = self.seen_tensor(node, i) if kept is None else kept
                place = place or self.out.places.find(node)
                refs.append(self.constant(k, node, i, kept, place))
                continue
            ref = self.reference(source)
            refs.append(ref)
            if ref < 0:
                if kept is not None and ~ref not in self.op_values:
                    if kept.dtype.np == edge_meta(source)[1]:  # not a converted copy
                        self.op_values[~ref] = kept
                before = source[0] if type(source) is tuple else source
                if before.code is node.code and before.lasti == node.lasti:
                    self.continued.add(~ref)
        kept = saved_tensor(node, n + output) if n + output < len(saved) else None
        if kept is not None:
            self.op_values[k] = kept
        return refs

    def seen_tensor(self, node: Node, i: int) -> Tensor | None:
        """What a recorder saw go in as input i, unless it was written to since."""
        pair = self.seen[node][i] if node in self.seen else None
        if pair is None or version_of(pair[0]) != pair[1]:
            return None
        t: Tensor = pair[0]
        return t

    # --- inputs that need no gradient ----------------------------------------------------

    def constant_tensor(self, t: Tensor, name: str = "") -> int:
        i = self.constant_index.get(id(t))
        if i is None:
            number = t.dim() == 0 and not name and id(t) not in self.names.by_id
            name = name or (single_number(t) if number else UNKNOWN)
            key = Constant(name, tuple(t.shape), t.dtype, number)
            i = self.constant_index[id(t)] = self.add_leaf(key, t)  # t stays alive, so does its id
        return i

    def constant(self, k: int, node: Node, i: int, kept: Tensor | None, place: Place) -> int:
        """The leaf for input i of operation k, which needs no gradient."""
        if kept is not None:
            named = id(kept) in self.names.by_id
            written = "" if named or kept.dim() == 0 else self.written(node, i, place, True)
            return self.constant_tensor(kept, written)
        value, name = self.look_up(node, i, place)
        if isinstance(value, Tensor):
            known = id(value) in self.constant_index
            leaf = self.constant_tensor(value, name)
            if not known:
                self.guesses.append((leaf, k, i))
            return leaf
        if value is not None:
            value = make(np.asarray(value, node.dtype if not node.op.multi_output else None))
            return self.add_leaf(Constant(single_number(value), (), value.dtype, True), value)
        shapes = node.params.get("_shapes")
        return self.add_leaf(Constant(name or UNKNOWN, shapes[i] if shapes else None), None)

    def in_scope(self, node: Node, place: Place) -> bool:
        return place.module_level or (node.code is not None and node.code is self.own_code)

    def written(self, node: Node, i: int, place: Place, in_order: bool = False) -> str:
        """Input i as the source writes it, if that is a plain variable or the like.

        in_order: it is known that the operands were not swapped.
        """
        name = op_name(node)
        operands = place.operands(len(node.inputs)) if place.is_call_of(name) else []
        if i >= len(operands):
            return ""
        swapped = i == 1 and name in SWAPPED and not isinstance(place.expression, ast.Call)
        if swapped and not in_order:
            return ""
        plain = isinstance(operands[i], (ast.Name, ast.Attribute, ast.Subscript))
        return ast.unparse(operands[i]) if plain else ""

    def look_up(self, node: Node, i: int, place: Place) -> tuple[Any, str]:
        """A forgotten input's (tensor or number or None, name) by what the source says."""
        in_scope = self.in_scope(node, place)
        if place.is_call_of(op_name(node)):
            operands = place.operands(len(node.inputs))
            candidates = operands[i : i + 1]
            if len(operands) == 2 and not isinstance(place.expression, ast.Call):
                candidates = [operands[i], operands[1 - i]]
        else:  # a function of several operations: perhaps one of its arguments
            e = place.expression
            candidates = list(e.args) if isinstance(e, ast.Call) and in_scope else []
        for candidate in candidates:
            number = literal(candidate)
            if number is not None:
                return number, ""
            text = ast.unparse(candidate)
            value = self.names.values.get(text) if in_scope else None
            if isinstance(value, Tensor):
                if goes_with(tuple(value.shape), node):
                    return value, text
            elif value is not None and place.is_call_of(op_name(node)):
                return value, ""
        return None, self.written(node, i, place)

    def check_guesses(self, ops: list[Any], inputs: list[list[int]]) -> None:
        """Compute again, where possible, whether a tensor found by name gives the known result.

        A variable may have been given another tensor since (the next batch, say). Then its name
        is still what the source says, but its numbers are not the ones that were used.
        """
        for leaf, k, i in self.guesses:
            node, result = ops[k], self.op_values.get(k)
            if type(node) is tuple or result is None:
                continue
            values = [self.leaf_values.get(r) if r >= 0 else self.op_values.get(~r)
                      for r in inputs[k]]  # fmt: skip
            others = [t for j, t in enumerate(values) if j != i]
            if any(t is None or t._version for t in others):
                continue
            arrays = [t.detach().numpy() for t in values if t is not None]
            expected = result.detach().numpy()
            if any(a.dtype != expected.dtype for a in arrays):
                continue
            params = {p: v for p, v in node.params.items() if not p.startswith("_")}
            if not np.allclose(node.op.forward(*arrays, **params), expected, equal_nan=True):
                key = self.leaves[leaf]
                self.leaves[leaf] = Constant(key.name)
                del self.leaf_values[leaf]

    # --- names ---------------------------------------------------------------------------

    def name_all(self, ops: list[Any]) -> None:
        """The user's variables first, then assignments in the source, then operations."""
        out, unique, n = self.out, Unique(), self.out.first_op
        names: list[str | None] = [None] * len(out.keys)
        for i, key in enumerate(out.keys):
            if type(key) is Constant:
                t = out.values.get(i)
                found = self.names.by_id.get(id(t)) if t is not None else None
            else:
                found = self.names.by_edge.get(key)
            if found:
                names[i] = unique.claim(found[0])
                if len(found) > 1:
                    out.aliases[i] = tuple(found[1:])

        assigned: dict[str, list[int]] = {}
        for i in range(n):
            key = out.keys[i]
            if names[i] is None and type(key) is Constant and not key.number:
                if key.name != UNKNOWN:
                    assigned.setdefault(key.name, []).append(i)
        for k, edge in enumerate(ops):
            if names[n + k] is None:
                target = self.assigned_to(k, edge)
                if target:
                    assigned.setdefault(target, []).append(n + k)
        for target, members in assigned.items():
            if len(members) == 1 and target not in unique.taken:
                names[members[0]] = unique.claim(target)
            else:  # earlier values of a variable: h_1, h_2, and h is the one it has now
                for i in members:
                    names[i] = unique.numbered(target, 1)

        for i, key in enumerate(out.keys):
            if names[i] is None:
                names[i] = unique.claim(out.ops[i] or plain_name(key))
        out.names = [name or "" for name in names]

    def assigned_to(self, k: int, edge: Any) -> str:
        """The variable that the source assigns operation k's result to, or ''."""
        node, output = edge if type(edge) is tuple else (edge, 0)
        place = self.out.places.find(node)
        targets = place.targets
        op = self.out.ops[self.out.first_op + k] or ""
        if not targets or (k in self.continued and not place.is_call_of(op)):
            return ""
        if len(targets) == 1:
            return targets[0] if not node.op.multi_output else ""
        return targets[output] if node.op.multi_output and len(targets) == node.n_outputs else ""


def used_edges(order: list[Node], roots: list[Any]) -> list[Any]:
    """The operations' results: the nodes themselves, or the used outputs of those with several."""
    if not any(node.op.multi_output for node in order):
        return list(order)
    used = {e for node in order for e in node.inputs if type(e) is tuple}
    used.update(e for e in roots if type(e) is tuple)
    found: list[Any] = []
    for node in order:
        if node.op.multi_output:
            found += [(node, i) for i in range(node.n_outputs) if (node, i) in used]
        else:
            found.append(node)
    return found


def plain_name(key: Key) -> str:
    return key.name if type(key) is Constant else "leaf"


def saved_tensor(node: Node, i: int) -> Tensor | None:
    """The node's saved tensor number i, unless it was written to since."""
    t: Tensor | None = node.saved[i]
    if not isinstance(t, Tensor) or t._version != (node.versions[i] if node.versions else 0):
        return None
    return t


def version_of(t: Tensor) -> int:
    """The version counter, also of inference tensors, which do not show theirs."""
    return t._ver if t._owner is None else t._owner._ver


def goes_with(shape: tuple[int, ...], node: Node) -> bool:
    """Whether an input of this shape can have given the node's result, as far as is clear."""
    if not issubclass(node.op, Elementwise2):
        return True
    try:
        return np.broadcast_shapes(shape, node.shape) == node.shape
    except ValueError:
        return False


def literal(e: ast.AST) -> Any:
    """The number written in the source, or None."""
    if isinstance(e, ast.UnaryOp) and isinstance(e.op, ast.USub):
        number = literal(e.operand)
        return None if number is None else -number
    if isinstance(e, ast.Constant) and type(e.value) in (int, float, complex):
        return e.value
    return None


def single_number(t: Tensor) -> str:
    """A one-element tensor's number, short."""
    value = t.item()
    return f"{value:.6g}" if isinstance(value, float) else str(value)


def scope_variables(frame: Any) -> list[Mapping[str, Any]]:
    """The variables a frame sees, nearest first."""
    found = frame.f_locals
    if found is frame.f_globals:
        return [frame.f_globals]
    if frame.f_code.co_flags & inspect.CO_OPTIMIZED and type(found) is dict:
        # Of a function, before Python 3.13: a copy that the frame keeps, and with it every tensor,
        # even after `del`. Empty it, unless someone else (who called locals()) has it too.
        copy = dict(found)
        if sys.getrefcount(found) <= 3:
            found.clear()
        found = copy
    return [found, frame.f_globals]
