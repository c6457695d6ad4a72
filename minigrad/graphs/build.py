"""Turns what the engine recorded into the lists that a `Graph` is made of.

Every loop here is a plain loop over the nodes in the order they were recorded, which is a
topological order, so a graph of a million nodes needs no recursion. The lists hold little for each
node: names are made when they are asked for, and numbers stay where they are.

No number is guessed. A tensor's numbers count as those of the forward pass only if nothing was
written to its memory since: its version and the moment of the last write tell (core/tensor.py).
"""

from __future__ import annotations

import ast
import inspect
import sys
import weakref
from collections.abc import Iterator, Mapping
from typing import Any, TypeAlias

import numpy as np

from ..core.backward import reachable
from ..core.node import Node, edge_meta, node_and_output
from ..core.tensor import Tensor, edge_of, make
from ..nn.parameter import Parameter
from ..ops.writing.inplace import checksum
from ..refusals.user_lines import line_words, writer_of
from .names import NameList, Names, Unique
from .source import Places
from .spelling import op_name

Key: TypeAlias = Any  # what a graph node stands for: an edge of the engine, or a Constant
UNKNOWN = "constant"  # what a constant without a name is called


class Constant:
    """An input that needs no gradient: a number of the source, or a tensor at one version."""

    __slots__ = ("name", "shape", "dtype", "number", "value", "version", "tensor")

    def __init__(
        self, name: str, shape: Any = None, dtype: Any = None, number: bool = False,
        value: Any = None, version: int = 0, tensor: Any = None,
    ) -> None:  # fmt: skip
        self.name = name
        self.number = number  # a plain number in the source: its name is the number
        self.shape = shape
        self.dtype = dtype
        self.value = value  # of a Python number, the number itself
        self.version = version  # of a tensor, how often it had been written to
        self.tensor = tensor  # a weak reference to it; None if the program has let it go


class Built:
    """The lists a graph is made of; position i of each is about graph node i."""

    def __init__(self) -> None:
        self.keys: list[Key] = []
        self.ops: list[str | None] = []  # as a user would write them; None of what is no result
        self.inputs: list[tuple[int, ...]] = []
        self.names = NameList()
        self.aliases: dict[int, tuple[str, ...]] = {}
        self.held: list[Tensor | None] = []  # a tensor that had the value when this was built
        self.versions: dict[int, int] = {}  # ... and at which version, if not 0
        self.since: list[int] = []  # of leaves and constants, when they were first used
        self.roots: list[int] = []
        self.first_op = 0  # leaves and constants come before
        self.places = Places()
        self.modules: list[tuple[Any, str]] = []  # the user's modules: weak reference, name
        self.users: set[int] = set()  # leaves and constants (no parameters) of variables

    def value(self, i: int) -> Tensor | None:
        """The numbers of the forward pass, without history; None if they are not known."""
        key, t = self.keys[i], self.held[i]
        if t is None:
            if type(key) is Constant and key.value is not None:
                return make(np.asarray(key.value, key.dtype))
            return None
        return None if self.overwritten(i) else t.detach()

    def overwritten(self, i: int) -> bool:
        """Whether the tensor that had the value has been written to since."""
        t = self.held[i]
        if t is None:
            return False
        used = self.since[i] if i < self.first_op else node_and_output(self.keys[i])[0].seq
        return version_of(t) != self.versions.get(i, 0) or written_at(t) > used

    def why_unknown(self, i: int) -> str:
        """Why there are no numbers: a few words, with the user's line if one did it."""
        key, t = self.keys[i], self.held[i]
        if t is not None:
            return overwritten_words(t) if self.overwritten(i) else ""
        if type(key) is Constant and key.value is None:
            t = key.tensor and key.tensor()
            return "let go by the program" if t is None else overwritten_words(t)
        return ""

    def arrays(self) -> Iterator[tuple[int, Any]]:
        """The nodes whose numbers are known, with these."""
        for i, t in enumerate(self.held):
            if t is None:
                key = self.keys[i]
                if type(key) is Constant and key.value is not None:
                    yield i, np.asarray(key.value, key.dtype)
            elif not self.overwritten(i):
                yield i, t._data


def overwritten_words(t: Tensor) -> str:
    where = writer_of(t)
    return "overwritten since" + ("" if where is None else line_words(where))


def build(roots: list[Tensor], names: Names, own_code: Any = None) -> Built:
    """Read the graph behind ``roots``.

    own_code: the code object whose variables were looked at.
    """
    return _Builder(names, own_code).build(roots)


class _Builder:
    def __init__(self, names: Names, own_code: Any) -> None:
        self.names = names
        self.own_code = own_code
        self.out = Built()
        self.leaves: list[Key] = []
        self.leaf_index: dict[Any, int] = {}  # by the leaf, or by what a constant is known by
        self.number_keys: dict[Any, Constant] = {}  # by the number
        self.leaf_held: list[Tensor | None] = []
        self.leaf_versions: dict[int, int] = {}
        self.last_use: dict[int, int] = {}  # of constants that are tensors
        self.op_index: dict[Any, int] = {}  # by edge
        self.op_held: list[Tensor | None] = []
        self.op_versions: dict[int, int] = {}
        self.alive: list[Tensor] = []  # so that no id is used twice

    def build(self, roots: list[Tensor]) -> Built:
        edges = [edge_of(t) for t in roots]
        order = reachable([e for e in edges if e is not None])[::-1]
        ops = used_edges(order, edges)
        self.op_index = {edge: i for i, edge in enumerate(ops)}
        self.op_held = [None] * len(ops)
        self.continued = bytearray(len(ops))  # 1: used by the same expression again
        for edge, t in [*self.names.tensors.items(), *zip(edges, roots)]:  # what the user holds
            k = self.op_index.get(edge)
            if k is not None and t._node is not None:
                self.hold(k, t, version_of(t))
        inputs = [self.inputs_of(k, edge) for k, edge in enumerate(ops)]
        root_refs = [self.reference(edge, t) for edge, t in zip(edges, roots)]

        out, n = self.out, len(self.leaves)
        out.first_op = n
        out.keys = self.leaves + ops
        out.ops = [None] * n
        out.ops += [op_name(e[0] if type(e) is tuple else e) for e in ops]
        for k, row in enumerate(inputs):
            inputs[k] = tuple([r if r >= 0 else n + ~r for r in row])
        out.inputs = [()] * n + inputs
        out.roots = list(dict.fromkeys(r if r >= 0 else n + ~r for r in root_refs))
        out.held = self.leaf_held + self.op_held
        out.versions = self.leaf_versions | {n + k: v for k, v in self.op_versions.items()}
        out.modules = self.names.nets
        self.name_all(ops)
        return out

    # --- structure -----------------------------------------------------------------------

    def hold(self, k: int, t: Tensor, version: int) -> None:
        """Tensor ``t``, at that version, has the result of operation k."""
        self.op_held[k] = t
        if version:
            self.op_versions[k] = version
        elif self.op_versions:
            self.op_versions.pop(k, None)

    def reference(self, edge: Any, tensor: Tensor | None = None) -> int:
        """The number of an edge's graph node: of a leaf its index, of operation k it is ~k."""
        k = self.op_index.get(edge)
        if k is not None:
            return ~k
        if edge is None:
            assert tensor is not None
            return self.constant_tensor(tensor, version_of(tensor), tensor, "", sys.maxsize)
        i = self.leaf_index.get(edge)
        if i is None:
            i = self.leaf_index[edge] = self.add_leaf(edge, edge, version_of(edge), sys.maxsize)
        return i

    def add_leaf(self, key: Key, held: Tensor | None, version: int, used: int) -> int:
        i = len(self.leaves)
        self.leaves.append(key)
        self.leaf_held.append(held)
        self.out.since.append(used)
        if version:
            self.leaf_versions[i] = version
        return i

    def inputs_of(self, k: int, edge: Any) -> Any:
        """References to the inputs of operation k; notes values that its node has kept."""
        node, output = edge if type(edge) is tuple else (edge, 0)
        n = len(node.inputs)
        saved = node.saved or ()
        refs = []
        constants = None
        for i, source in enumerate(node.inputs):
            if source is None:
                if constants is None:
                    constants = entries(node)
                refs.append(self.constant(node, i, next(constants, None)))
                continue
            before = self.op_index.get(source)
            if before is None:
                refs.append(self.leaf(source, node))
                continue
            refs.append(~before)
            if i < len(saved) and self.op_held[before] is None:
                kept = saved_tensor(node, i)
                if kept is not None and kept._data.dtype == edge_meta(source)[1]:  # not converted
                    self.hold(before, kept, version_of(kept))
            maker = source[0] if type(source) is tuple else source
            if maker.code is node.code and maker.lasti == node.lasti:
                self.continued[before] = 1
        if n + output < len(saved) and self.op_held[k] is None:
            kept = saved_tensor(node, n + output)
            if kept is not None:
                self.hold(k, kept, version_of(kept))
        if getattr(node, "calls", None) is not None:
            refs += self.given(node, refs)
        return refs

    def leaf(self, edge: Any, node: Node) -> int:
        """The number of a leaf that ``node`` uses."""
        i = self.leaf_index.get(edge)
        if i is None:
            i = self.add_leaf(edge, edge, version_of(edge), node.seq)
            self.leaf_index[edge] = i
        return i

    # --- inputs that need no gradient ----------------------------------------------------

    def constant(self, node: Node, i: int, entry: Any) -> int:
        """The leaf for input ``i`` of ``node``, which needs no gradient, by what it remembers."""
        saved = node.saved or ()
        if entry is None:  # a node that was not made by the engine's `record`
            kept = saved_tensor(node, i) if i < len(saved) else None
            if kept is None:
                return self.add_leaf(Constant(self.written(node, i) or UNKNOWN), None, 0, node.seq)
            entry = kept
        ref = self.entry(entry, node, lambda: self.written(node, i))
        if ref >= 0 and self.leaf_held[ref] is None and i < len(saved):
            kept = saved_tensor(node, i)  # let go by the program, but not yet by the graph
            key = self.leaves[ref]
            if kept is not None and type(key) is Constant and key.value is None:
                key.shape, key.dtype = tuple(kept.shape), kept.dtype
                self.leaf_held[ref] = kept
                self.leaf_versions[ref] = version_of(kept)
        return ref

    def number(self, value: Any, dtype: Any) -> int:
        """A leaf for a Python number. Equal numbers have one key, so that they cost little."""
        known = (value or repr(value), type(value), dtype)  # 0.0 and -0.0 are equal
        key = self.number_keys.get(known)
        if key is None:
            array = np.asarray(value).astype(dtype)
            key = Constant(single_number(make(array)), (), array.dtype, True, value)
            self.number_keys[known] = key
        return self.add_leaf(key, None, 0, 0)

    def entry(self, entry: Any, node: Node, written: Any) -> int:
        """The number of the graph node of a tensor that ``node`` remembers (core/constants.py)."""
        version, numbers = 0, None
        reference = entry
        if type(entry) is tuple:
            reference, version, numbers = entry
        t = reference if isinstance(reference, Tensor) else reference()
        if isinstance(entry, Tensor) and not t._data.shape and id(t) not in self.names.by_id:
            if version_of(t) == 0:  # as of a Python number
                return self.number(t._data.item(), t._data.dtype)
        if t is not None and t._requires_grad:  # no gradient flows to this use of it, but to others
            edge = edge_of(t)
            earlier = isinstance(edge, Tensor) or node_and_output(edge)[0].seq < node.seq
            if earlier and (edge in self.op_index or isinstance(edge, Tensor)):
                return self.reference(edge)
        if t is None:
            known = ("gone", id(reference), version)  # the node keeps the reference
            i = self.leaf_index.get(known)
            if i is None:
                shape, dtype, held = None, None, None
                if numbers is not None:
                    held = make(numbers)
                    shape, dtype = tuple(held.shape), held.dtype
                elif node.fits:
                    shape, dtype = node.shape, node.dtype
                number = held is not None and not shape and not written()
                name = single_number(held) if number and held is not None else written()
                key = Constant(name or UNKNOWN, shape, dtype, number)
                i = self.leaf_index[known] = self.add_leaf(key, held, 0, node.seq)
            return i
        if numbers is not None:
            i = self.constant_tensor(t, version, make(numbers), written, node.seq)
        else:
            i = self.constant_tensor(t, version, t, written, node.seq)
        self.last_use[i] = node.seq
        return i

    def constant_tensor(self, t: Tensor, version: int, held: Tensor, name: Any, used: int) -> int:
        known = ("tensor", id(t), version)
        i = self.leaf_index.get(known)
        if i is None:
            self.alive.append(t)
            named = id(t) in self.names.by_id
            text = "" if named or not callable(name) else name()
            number = t.dim() == 0 and not named and not text
            text = text or (single_number(held) if number else UNKNOWN)
            key = Constant(text, tuple(held.shape), held.dtype, number, None, version,
                           weakref.ref(t))  # fmt: skip
            i = self.add_leaf(key, held, version if held is t else 0, used)
            self.leaf_index[known] = i
        return i

    def given(self, node: Node, refs: list[int]) -> list[int]:
        """Tensors that were given to a call that ended with ``node``, and are no operation's input.

        Such as the target of a loss, of which the operation has kept an array only.
        """
        found: list[int] = []
        call = node.calls
        while call is not None:
            _, first, call, given, _ = call
            if given is None:  # of a module, or no call
                continue
            named = [(str(i), value) for i, value in enumerate(given[0])]
            for _name, value in [*named, *given[1].items()]:
                for entry in value if type(value) is list else [value]:
                    remembered = entry[0] if type(entry) is tuple else entry
                    if not isinstance(remembered, (Tensor, weakref.ref)) or (
                        isinstance(remembered, Tensor) and remembered._requires_grad
                    ):
                        continue  # a number, or an edge
                    i = self.peek(entry)
                    if i is not None and self.last_use.get(i, 0) > first:
                        continue  # an operation inside the call has it
                    i = self.entry(entry, node, str)
                    if i not in refs and i not in found:
                        found.append(i)
        return found

    def peek(self, entry: Any) -> int | None:
        """The graph node of a remembered tensor, if it has one already."""
        reference, version = entry[:2] if type(entry) is tuple else (entry, 0)
        t = reference if isinstance(reference, Tensor) else reference()
        known = ("gone", id(reference), version) if t is None else ("tensor", id(t), version)
        return self.leaf_index.get(known)

    def written(self, node: Node, i: int) -> str:
        """Input i as the source writes it, if that is a plain variable or the like."""
        place = self.out.places.find(node)
        if not place.is_call_of(op_name(node)):
            return ""
        operands = place.operands(len(node.inputs), self.names.modules)
        if i >= len(operands):
            return ""
        plain = isinstance(operands[i], (ast.Name, ast.Attribute, ast.Subscript))
        return ast.unparse(operands[i]) if plain else ""

    # --- names ---------------------------------------------------------------------------

    def name_all(self, ops: list[Any]) -> None:
        """The user's variables first, then assignments in the source, then operations."""
        out, unique, n = self.out, Unique(), self.out.first_op
        names = out.names = NameList(len(out.keys))
        assigned: dict[str, list[int]] = {}
        for i, key in enumerate(out.keys):
            if type(key) is Constant:
                t = key.tensor and key.tensor()
                found = None if t is None else self.names.by_id.get(id(t))
                if found and version_of(t) != key.version:  # an earlier value of the variable
                    assigned.setdefault(found[0], []).append(i)
                    continue
            else:
                found = self.names.by_edge.get(key)
            if found:
                names.set(i, unique.claim(found[0]))
                if i < n and not isinstance(key, Parameter):
                    out.users.add(i)
                if len(found) > 1:
                    out.aliases[i] = tuple(found[1:])

        later = {i for members in assigned.values() for i in members}
        for i in range(n):
            key = out.keys[i]
            if not names.has(i) and type(key) is Constant and not key.number and i not in later:
                if key.name != UNKNOWN:
                    assigned.setdefault(key.name, []).append(i)
        for k, edge in enumerate(ops):
            if not names.has(n + k):
                target = self.assigned_to(k, edge)
                if target:
                    assigned.setdefault(target, []).append(n + k)
        for target, members in assigned.items():
            if len(members) == 1 and not unique.is_taken(target):
                names.set(members[0], unique.claim(target))
            else:  # earlier values of a variable: h_1, h_2, and h is the one it has now
                for i in members:
                    names.set(i, unique.numbered(target, 1))

        for i, key in enumerate(out.keys):
            if not names.has(i):
                names.set(i, unique.claim(out.ops[i] or plain_name(key)))

    def assigned_to(self, k: int, edge: Any) -> str:
        """The variable that the source assigns operation k's result to, or ''."""
        node, output = edge if type(edge) is tuple else (edge, 0)
        place = self.out.places.find(node)
        targets = place.targets
        if not targets:
            return ""
        op = self.out.ops[self.out.first_op + k] or ""
        if self.continued[k] and not place.is_call_of(op):
            return ""
        if len(targets) == 1:
            return targets[0] if not node.op.multi_output else ""
        return targets[output] if node.op.multi_output and len(targets) == node.n_outputs else ""


def entries(node: Node) -> Iterator[Any]:
    """What a node remembers of its inputs without a gradient, in order."""
    found = getattr(node, "constants", None)
    return iter(found if type(found) is list else [found])


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


def written_at(t: Tensor) -> int:
    """When its memory was last written to: a sequence number; 0 if never, or by the graph."""
    owner = t if t._owner is None else t._owner
    note = getattr(owner, "_writer", None)
    if note is None:
        return 0
    if len(note) > 4:  # NumPy has this memory too: written to at some time, or not at all
        return note[5] if checksum(owner._data) == note[4] else sys.maxsize
    return note[3]


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
