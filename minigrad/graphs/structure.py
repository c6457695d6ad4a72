"""Which call of the user's each node of a graph belongs to: modules inside modules, and functions.

A call that is over has left a note at the node that it ended with (ops/calls.py). From these notes
come :class:`Frame`\\ s: stretches of the graph, one inside the other like the calls. Equal modules
one after the other (the blocks of a transformer) are known to be repetitions of the first.

Everything is one pass over the nodes; frames know each other by number, so there is no cycle.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from ..core.node import Node, node_and_output
from ..faithful.hang_on import hang_on
from ..nn.module import Module
from .recorded_graph import Graph

PACKAGE = __name__.split(".")[0]


class Frame:
    """One call of a module or a function, with the nodes ``lo`` to ``hi - 1`` recorded in it."""

    __slots__ = ("number", "kind", "what", "given", "first", "lo", "hi", "parent", "children",
                 "level", "name", "repeats", "again_of", "is_module")  # fmt: skip

    def __init__(self, number: int, note: Any, last: int) -> None:
        self.what, self.first, _, self.given, self.kind = note
        self.number = number
        self.lo = -1
        self.hi = last  # while frames are found: the last sequence number
        self.parent = -1
        self.children: list[int] = []
        self.level = 0  # how many frames are around it
        self.name = ""  # of a module, the user's, seen from the frame around it
        self.repeats = 1  # how many equal frames follow each other, of which this is the first ...
        self.again_of = -1  # ... or the number of that first one
        self.is_module = self.kind is not None

    @property
    def module(self) -> Any:
        """The module, if it is still there."""
        return self.what() if self.is_module else None

    @property
    def title(self) -> str:
        """``Linear``, or the function's name."""
        kind: Any = self.kind if self.is_module else self.what
        return kind if isinstance(kind, str) else str(kind.__name__)


class Structure:
    """The frames of a graph, outermost first, and the innermost frame of each node (-1: none)."""

    def __init__(self, graph: Graph) -> None:
        self._built, self._rows = graph._b, graph.input_lists  # not the graph: no cycle
        self.frames: list[Frame] = []
        self.of = [-1] * len(graph)
        self._used_by: dict[int, tuple[int, int]] = {}  # of an input, its first use: node, position
        self._find()
        if self.frames:
            self._place_inputs()
            self._name_modules()
            self._find_repeats()

    def around(self, number: int) -> list[int]:
        """The frames around frame ``number`` and itself, outermost first."""
        found = []
        while number >= 0:
            found.append(number)
            number = self.frames[number].parent
        return found[::-1]

    @property
    def has_modules(self) -> bool:
        return any(frame.is_module for frame in self.frames)

    def is_atom(self, frame: Frame) -> bool:
        """A function, or a module of the package without modules inside: one box to the user."""
        if not frame.is_module:
            return True
        has_modules = any(self.frames[c].is_module for c in frame.children)
        return frame.kind.__module__.partition(".")[0] == PACKAGE and not has_modules

    # --- finding the frames --------------------------------------------------------------

    def _find(self) -> None:
        """Sort the notes by when their calls began, and go through the nodes once."""
        ends: dict[int, tuple[Any, int]] = {}  # by when it began: the note, its last node
        keys, first_op = self._built.keys, self._built.first_op
        seqs = [node_and_output(key)[0].seq for key in keys[first_op:]]
        for key, seq in zip(keys[first_op:], seqs):
            note = getattr(node_and_output(key)[0], "calls", None)
            while note is not None:
                if note[0] is None:  # no call: the result was overwritten
                    note = note[2]
                    continue
                known = ends.get(note[1])
                if known is None or known[1] < seq:
                    ends[note[1]] = (note, seq)
                note = note[2]
        if not ends:
            return
        frames = [Frame(n, *ends[first]) for n, first in enumerate(sorted(ends))]
        stack: list[Frame] = []
        waiting = iter(frames)
        coming = next(waiting, None)
        for i, seq in enumerate(seqs, first_op):
            while stack and stack[-1].hi < seq:
                stack.pop()
            while coming is not None and coming.first < seq:
                if coming.hi >= seq:
                    coming.parent = stack[-1].number if stack else -1
                    stack.append(coming)
                coming = next(waiting, None)
            for frame in stack:
                if frame.lo < 0:
                    frame.lo = i
            if stack:
                self.of[i] = stack[-1].number
        self._keep(frames)

    def _keep(self, frames: list[Frame]) -> None:
        """Leave out functions inside functions, and functions with modules inside."""
        with_modules = set()
        for frame in reversed(frames):
            if frame.is_module or frame.number in with_modules:
                with_modules.add(frame.parent)
        kept: list[Frame] = []
        new: dict[int, int] = {-1: -1}
        for frame in frames:
            outside = new.get(frame.parent, -1)
            in_function = outside >= 0 and not kept[outside].is_module
            unused = frame.lo < 0 or (not frame.is_module and frame.number in with_modules)
            if unused or in_function:
                new[frame.number] = outside
                continue
            new[frame.number] = frame.number = len(kept)
            frame.parent = outside
            frame.level = kept[outside].level + 1 if outside >= 0 else 0
            if outside >= 0:
                kept[outside].children.append(frame.number)
            kept.append(frame)
        self.of = [new[n] for n in self.of]
        for frame in kept:
            frame.hi = frame.lo
        for i in range(self._built.first_op, len(self.of)):
            for n in self.around_of(kept, self.of[i]):
                kept[n].hi = i + 1
        self.frames = kept

    @staticmethod
    def around_of(frames: list[Frame], number: int) -> Iterator[int]:
        while number >= 0:
            yield number
            number = frames[number].parent

    def _place_inputs(self) -> None:
        """A leaf or constant belongs to the innermost frame that has all of its uses.

        What a variable of the user's has, such as the data, came from outside the modules; but
        not their parameters.
        """
        seen = [False] * self._built.first_op
        for i, row in enumerate(self._rows):
            for position, j in enumerate(row):
                if j < len(seen):
                    self._used_by.setdefault(j, (i, position))
                    self.of[j] = self._common(self.of[j], self.of[i]) if seen[j] else self.of[i]
                    seen[j] = True
        for j in self._built.users:
            self.of[j] = -1

    def _common(self, a: int, b: int) -> int:
        frames = self.frames
        while a != b:
            if a < 0 or b < 0:
                return -1
            if frames[a].level >= frames[b].level:
                a = frames[a].parent
            else:
                b = frames[b].parent
        return a

    # --- names and repetitions -----------------------------------------------------------

    def _name_modules(self) -> None:
        """Names from the user's variables, and inside a module from its attributes."""
        known = {id(ref()): path for ref, path in self._built.modules if ref() is not None}
        paths: dict[int, str] = {}  # by the module's id, its path in the outermost module
        for frame in self.frames:
            module = frame.module
            if module is None:
                continue
            parent = next((self.frames[n].module for n in self.around_of(self.frames, frame.parent)
                           if self.frames[n].module is not None), None)  # fmt: skip
            if parent is None:
                frame.name = known.get(id(module), "")
                for path, inside in Module.named_modules(module):
                    paths.setdefault(id(inside), path)
                continue
            path, outer = paths.get(id(module), ""), paths.get(id(parent), "")
            inside_it = path.startswith(f"{outer}.") if outer else bool(path)
            frame.name = path[len(outer) :].lstrip(".") if inside_it else known.get(id(module), "")

    def _find_repeats(self) -> None:
        """Frames that follow each other and are equal in every respect that is shown."""
        built = self._built
        signs: dict[Any, int] = {}
        sign_of = [0] * len(self.frames)
        for frame in reversed(self.frames):  # inner frames first
            inside = {self.frames[c].lo: c for c in frame.children}
            parts: list[Any] = [frame.kind if frame.is_module else frame.what]
            i = frame.lo
            while i < frame.hi:
                child = inside.get(i)
                if child is not None:
                    parts.append(-1 - sign_of[child])
                    i = self.frames[child].hi
                    continue
                parts += (built.ops[i], shape_of(built.keys[i]))
                parts += [shape_of(built.keys[j]) for j in self._rows[i]]
                i += 1
            sign_of[frame.number] = signs.setdefault(tuple(parts), len(signs))
        rows = [[f.number for f in self.frames if f.parent < 0], *[f.children for f in self.frames]]
        for row in rows:
            for a, b in zip(row, row[1:]):
                one, two = self.frames[a], self.frames[b]
                follows = one.hi == two.lo and one.is_module and two.is_module
                if follows and sign_of[a] == sign_of[b]:
                    two.again_of = a if one.again_of < 0 else one.again_of
                    self.frames[two.again_of].repeats += 1

    def drawn_for(self, i: int) -> int:
        """The node that is drawn in place of node ``i``: its twin in the first of equal frames."""
        built = self._built
        if i < built.first_op:
            return i if self.of[i] < 0 else self._input_drawn_for(i)
        n = 0
        chain = self.around(self.of[i])
        while n < len(chain):
            frame = self.frames[chain[n]]
            if frame.again_of >= 0:
                i += self.frames[frame.again_of].lo - frame.lo
                chain = self.around(self.of[i])
            n += 1
        return i

    def _input_drawn_for(self, i: int) -> int:
        """The same for a leaf or constant, by what uses it."""
        if all(self.frames[n].again_of < 0 for n in self.around(self.of[i])):
            return i
        user, position = self._used_by[i]
        return self._rows[self.drawn_for(user)][position]


def shape_of(key: Any) -> Any:
    if not isinstance(key, (Node, tuple)):
        return None if key.shape is None else tuple(key.shape)
    node, output = node_and_output(key)
    return node.shape[output] if node.op.multi_output else node.shape


@hang_on(Graph)
class StructureOfGraph:
    @property
    def structure(self: Any) -> Structure:
        """The calls of modules and functions that made the graph; found when first asked for."""
        if self._structure is None:
            self._structure = Structure(self)
        return self._structure
