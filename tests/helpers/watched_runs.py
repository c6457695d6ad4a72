"""Runs a program several times: once with every number written down, then to be looked at.

The first run has a watcher of its own (:class:`Log`): it copies what went into every operation and
what came out, at that moment, and every gradient of every backward pass. This is the truth. Then
the program runs again as anybody would run it, and ``graph`` and ``explain`` are asked; and once
more within ``record()``. Both are walked from the root beside the first run's nodes: the same
program records the same nodes. What they do not know (None, or the picture says why) is counted;
a number that differs in one bit is a :class:`Finding`.

The programs (``watched_programs.py``) call ``graph``, ``explain``, ``record``, ``look(moment, loss,
graph)``, ``explained(loss, leaf, function)`` and, at the end, ``done(locals())``.
"""

from __future__ import annotations

import contextlib
import html
import itertools
import linecache
import re
import warnings
from collections import Counter
from dataclasses import dataclass, field
from typing import Any

import numpy as np

import minigrad as mg
from minigrad.core.backward import Gradients, Walk, walk
from minigrad.core.formulas import arrays as on_arrays
from minigrad.core.modes import grad_mode, rare
from minigrad.core.node import Node
from minigrad.core.tensor import Tensor, edge_of
from minigrad.drawing.style import Options
from minigrad.ops.writing import inplace

_number = itertools.count()
MOST = 2000  # operations
# What a box says in place of a number, or of a number that is not the forward pass's.
EXCUSES = re.compile(r"overwritten|freed|\bnow\b|unknown|not known|gone|written|changed|too ")
# As it is drawn, and opened into the recorded nodes if there is such a picture.
PICTURES = [{}, {"detail": True}] if hasattr(Options, "detail") else [{}]
NUMBER = re.compile(r"-?(?:\d+\.?\d*(?:e[-+]?\d+)?|inf|nan)j?|True|False")


class Broken(Exception):
    """The program is not one that can be compared: it raises what no program should."""


@dataclass
class Finding:
    kind: str
    moment: str
    what: str

    def __str__(self) -> str:
        return f"[{self.kind}, {self.moment}] {self.what}"


@dataclass
class Report:
    findings: list[Finding] = field(default_factory=list)
    known: Counter[str] = field(default_factory=Counter)  # "<what> <moment> known|all": how many
    stopped: str | None = None  # the error that ended the program, as a backward pass may

    def add(self, kind: str, moment: str, what: str) -> None:
        self.findings.append(Finding(kind, moment, what))

    def share(self, what: str, moment: str) -> float:
        return self.known[f"{what}, {moment}: known"] / max(self.known[f"{what}, {moment}: all"], 1)

    def count(self, what: str, moment: str, known: bool) -> None:
        self.known[f"{what}, {moment}: all"] += 1
        self.known[f"{what}, {moment}: known"] += known


# --- the truth ---------------------------------------------------------------------------------


@dataclass
class Event:
    """One operation: copies of what it was given and of what it gave."""

    given: list[list[Any]]  # for each input its numbers, and as they were converted; [] if unseen
    tensors: list[Any]  # the inputs themselves, kept alive so that ids stay different
    versions: list[int]
    gave: list[Any]


class PassLog:
    """A backward pass: every gradient that arrived somewhere."""

    def __init__(self, pairs: Any, given: dict[Node, Event]) -> None:
        self.roots = [edge for edge, _ in pairs]
        self.grads: dict[Any, Any] = {}
        self.leaves_before: dict[Any, Any] = {}
        self.leaves_after: dict[Any, Any] = {}

    def walked(self, node: Node, grad: Any, pulled: list[Any]) -> None:
        if node.op.multi_output:
            for i, g in enumerate(grad):
                if g is not None:
                    self.grads[node, i] = copied(g)
        else:
            self.grads[node] = copied(grad)


@dataclass
class Look:
    """What was to be seen at one ``look``: the root, the leaves' numbers and gradients then."""

    root: Any
    leaves: dict[Any, tuple[Any, Any]]
    grads: list[dict[Any, Any]]  # what may be shown as the gradients of this root
    sums: dict[Any, Any]  # of all passes so far
    stale: bool  # what a node saved was overwritten, so that backward would refuse
    first: bool  # before the first backward pass from this root


class Log:
    """``grad_mode.watcher`` of the first run."""

    keeps_graph = False

    def __init__(self) -> None:
        self.events: dict[Node, Event] = {}
        self.passes: list[PassLog] = []
        self.looks: list[Look] = []
        self.explained: list[Look] = []
        self.variables: dict[str, Any] = {}
        self.nested: list[PassLog] = []

    def __enter__(self) -> Log:
        rare.add("log")
        grad_mode.watcher = self
        if hasattr(inplace, "record"):  # CopySlices is recorded without being run
            self.recorded, inplace.record = inplace.record, self.record
        return self

    def __exit__(self, *exc: object) -> None:
        grad_mode.watcher = None
        rare.discard("log")
        if hasattr(inplace, "record"):
            inplace.record = self.recorded

    def apply(self, op: Any, inputs: Any, params: Any, arrays: Any) -> Any:
        if len(self.events) > MOST:  # a loop that lost its counter while it was shortened
            raise Broken("too many operations")
        before = [[copied(t)] for t in inputs]
        if arrays is not None:
            for numbers, array in zip(before, arrays):
                numbers.append(np.array(array))
        versions = [version_of(t) for t in inputs]
        out = op.run(inputs, params, arrays)
        self.keep(inputs, before, versions, out if isinstance(out, tuple) else (out,))
        return out

    def record(self, op: Any, inputs: Any, params: Any, arrays: Any, edges: Any, outs: Any,
               *more: Any) -> Any:  # fmt: skip
        result = self.recorded(op, inputs, params, arrays, edges, outs, *more)
        given = [[], *[[copied(t)] for t in inputs[1:]]]  # the base has been written to already
        self.keep(inputs, given, [version_of(t) for t in inputs], outs)
        return result

    def note(self, inputs: Any, outs: Any) -> None:
        given = [[copied(t)] for t in inputs]
        self.keep(inputs, given, [version_of(t) for t in inputs], outs)

    def keep(self, inputs: Any, given: Any, versions: Any, outs: Any) -> None:
        nodes = [t.grad_fn if t._view is None else node_of(t) for t in outs]
        node = next((n for n in nodes if n is not None), None)
        if node is not None and node not in self.events:
            self.events[node] = Event(given, list(inputs), versions, [copied(t) for t in outs])

    def updating(self, *about: Any) -> None:
        pass

    def begin_pass(self, pairs: Any, inputs: Any, create_graph: bool, accumulates: bool) -> PassLog:
        self.leaves_are_now()
        passing = PassLog(pairs, self.events)
        for edge in leaves_behind(passing.roots):
            passing.leaves_before[edge] = copied(edge)
        self.nested.append(passing)
        return passing

    def end_pass(self, found: Any) -> None:
        passing = self.nested.pop()
        if found is not None:
            passing.grads.update({edge: copied(g) for edge, g in found.items()})
            self.passes.append(passing)

    def leaves_are_now(self) -> None:
        """What an update has made of the leaves of the last pass."""
        if self.passes and not self.passes[-1].leaves_after:
            last = self.passes[-1]
            last.leaves_after = {edge: copied(edge) for edge in last.leaves_before}

    # what the program calls

    def look(self, moment: str, loss: Any, graph: Any) -> None:
        self.looks.append(self.seen(loss))

    def explain(self, loss: Any, leaf: Any, function: Any) -> None:
        self.explained.append(self.seen(loss))

    def seen(self, loss: Any) -> Look:
        root = edge_of(loss)
        leaves = {edge: (copied(edge), None if edge._grad is None else copied(edge._grad))
                  for edge in leaves_behind([root])}  # fmt: skip
        found = [p.grads for p in self.passes
                 if len(p.roots) == 1 and same_edge(p.roots[0], root)]  # fmt: skip
        now, stale = gradients_now(root)
        sums: dict[Any, Any] = {}
        for p in self.passes:
            for edge, g in p.grads.items():
                sums[edge] = sums[edge] + g if edge in sums else g
        return Look(
            root, leaves, found + ([now] if now is not None else []), sums, stale, not found
        )

    def done(self, variables: dict[str, Any]) -> None:
        self.leaves_are_now()
        self.variables = final(variables)


def same_edge(a: Any, b: Any) -> bool:
    return a is b or (type(a) is tuple and type(b) is tuple and a == b)


def node_of(t: Any) -> Any:
    """The node of a view as it was made, without asking for its history again."""
    return t._node[0] if type(t._node) is tuple else t._node


def version_of(t: Any) -> int:
    return t._ver if t._owner is None else t._owner._ver


def copied(t: Any) -> Any:
    return np.array(t._data if isinstance(t, Tensor) else t)


def nodes_behind(roots: list[Any]) -> list[Node]:
    order = list(dict.fromkeys(e[0] if type(e) is tuple else e for e in roots))
    order = [node for node in order if isinstance(node, Node)]
    seen = set(order)
    for node in order:
        for e in node.inputs:
            e = e[0] if type(e) is tuple else e
            if isinstance(e, Node) and e not in seen:
                seen.add(e)
                order.append(e)
    return order


def leaves_behind(roots: list[Any]) -> list[Any]:
    found = [e for e in roots if isinstance(e, Tensor)]
    found += [e for node in nodes_behind(roots) for e in node.inputs if isinstance(e, Tensor)]
    return list(dict.fromkeys(found))


def gradients_now(root: Any) -> tuple[dict[Any, Any] | None, bool]:
    """Every gradient that a backward pass would give now, and whether it would be refused."""
    nodes = nodes_behind([root])
    if not nodes or any(node.saved is None for node in nodes):
        return None, False
    for node in nodes:
        versions = node.versions or (0,) * len(node.saved)
        if any(isinstance(t, Tensor) and version_of(t) != v for t, v in zip(node.saved, versions)):
            return None, True
    log = PassLog([(root, None)], {})
    node, output = root if type(root) is tuple else (root, 0)
    shape, dtype = (node.shape, node.dtype) if type(root) is not tuple else (
        node.shape[output], node.dtype[output])  # fmt: skip
    with mg.no_grad(), np.errstate(all="ignore"):
        start = Walk([(root, np.ones(shape, dtype))])
        try:
            found = walk(start, on_arrays, True, arithmetic=Gradients(on_arrays, log))
        except RuntimeError:  # a user's Function whose tensors a backward pass has freed
            return None, False
    log.grads.update({edge: copied(g) for edge, g in found.items()})
    return log.grads, False


# --- running -----------------------------------------------------------------------------------


def run(code: Any, **given: Any) -> str | None:
    """Run a program with these functions; returns the error that ended it, if it may."""
    before = mg.get_default_dtype()
    try:
        with warnings.catch_warnings(), np.errstate(all="ignore"):
            warnings.simplefilter("ignore")
            exec(code, {"__name__": "program", **given})
    except RuntimeError as error:
        return f"{error}"[:60]
    except Exception as error:
        raise Broken(f"{type(error).__name__}: {error}") from error
    finally:
        mg.set_default_dtype(before)
    return None


def nothing(*args: Any) -> None:
    return None


def compiled(text: str) -> Any:
    """The program's code; its lines can be looked up under a file name of its own."""
    name = f"<random program {next(_number)}>"
    linecache.cache[name] = (len(text), None, text.splitlines(True), name)
    return compile(text, name, "exec")


def examine(text: str, torch: bool = False) -> Report:
    """Run a program, look at it, and say what is not true."""
    report, log = Report(), Log()
    code = compiled(text)
    stubs: dict[str, Any] = dict(graph=nothing, explain=nothing, record=contextlib.nullcontext,
                                 look=nothing, explained=nothing)  # fmt: skip
    try:
        with log:
            stopped = run(code, **{**stubs, "look": log.look, "explained": log.explain,
                                   "done": log.done})  # fmt: skip
        report.stopped = stopped

        looker = Looker(log, report)
        again = run(code, **{**stubs, "graph": mg.graph, "explain": mg.explain, "look": looker.look,
                             "explained": looker.explained, "done": looker.done})  # fmt: skip
        if again != stopped:  # looking at it has changed the program, or cannot be done
            report.add("looking at it", "any", f"it ended with {again}, and before with {stopped}")

        tapes: list[Any] = []

        def recording() -> Any:
            recorder = mg.record()
            tapes.append(recorder._tape)
            return recorder

        run(code, **{**stubs, "record": recording, "done": looker.done})
        for tape in tapes:
            compare_tape(tape, log, report)
        if torch and stopped is None:
            compare_torch(text, log, report)
    finally:
        linecache.cache.pop(code.co_filename, None)
    return report


def final(variables: dict[str, Any]) -> dict[str, Any]:
    found = {}
    for name, value in variables.items():
        if isinstance(value, Tensor):
            found[name] = copied(value)
            if value._grad is not None:
                found[name + ".grad"] = copied(value._grad)
    return found


def equal(a: Any, b: Any) -> bool:
    """Bit for bit, but for the dtype (an integer that was converted may be shown either way)."""
    a, b = np.asarray(a), np.asarray(b)
    if a.shape != b.shape:
        return False
    with np.errstate(all="ignore"):
        return bool(np.array_equal(a, b, equal_nan=a.dtype.kind in "fc" and b.dtype.kind in "fc"))


def compare_torch(text: str, log: Log, report: Report) -> None:
    """The same program in PyTorch: the logged run's own numbers are right."""
    import torch

    other: dict[str, Any] = {}

    def done(variables: dict[str, Any]) -> None:
        for name, value in variables.items():
            if isinstance(value, torch.Tensor):
                other[name] = value.detach().numpy()
                if (value.is_leaf or value.retains_grad) and value.grad is not None:
                    other[name + ".grad"] = value.grad.numpy()

    text = text.replace("import minigrad as torch", "import torch")
    text = text.replace("from minigrad", "from torch")
    before = torch.get_default_dtype()
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            exec(compile(text, "<in torch>", "exec"), dict(
                __name__="program", graph=nothing, explain=nothing, record=contextlib.nullcontext,
                look=nothing, explained=nothing, done=done))  # fmt: skip
    except Exception as error:
        report.add("torch refuses", "end", f"{type(error).__name__}: {error}")
        return
    finally:
        torch.set_default_dtype(before)
    for name in log.variables.keys() | other.keys():
        ours, theirs = log.variables.get(name), other.get(name)
        if ours is None or theirs is None or ours.shape != theirs.shape or not np.allclose(
            ours, theirs,
            rtol=1e-3, atol=1e-4 * max(1, np.abs(theirs).max(initial=0)), equal_nan=True
        ):  # fmt: skip
            report.add("not as in PyTorch", "end", f"{name}: {ours}, PyTorch {theirs}")


# --- a graph beside the truth --------------------------------------------------------------------


@dataclass
class Pairing:
    """Which node of the first run each node of a graph is, and what went in there as constants."""

    edges: dict[int, Any] = field(default_factory=dict)  # by index: the first run's edge
    uses: dict[int, list[Any]] = field(default_factory=dict)  # of an input, the numbers of each use
    tensors: dict[int, int] = field(default_factory=dict)  # id of a constant tensor -> its box
    trouble: list[tuple[str, str]] = field(default_factory=list)


def paired(graph: Any, roots: list[Any], log: Log) -> Pairing:
    """Walk a graph and the first run's nodes side by side."""
    found = Pairing()
    stack = list(zip((node.index for node in graph.roots), dict.fromkeys(roots)))
    while stack:
        i, edge = stack.pop()
        about = graph.at(i)
        if i in found.edges:
            if not same_edge(found.edges[i], edge):
                found.trouble.append(("wiring", f"{about.name} stands for two results"))
            continue
        found.edges[i] = edge
        if isinstance(edge, Tensor):
            if about.kind != "leaf":
                found.trouble.append(("wiring", f"{about.name} is a leaf, drawn as {about.kind}"))
            continue
        node, output = edge if type(edge) is tuple else (edge, None)
        if about._node is None or about._node.op is not node.op or about.output != output:
            found.trouble.append(("wiring", f"{about.name} is {about.op}, and was {node.name()}"))
            continue
        if len(about.inputs) < len(node.inputs):  # more: what a call was given besides, an index
            found.trouble.append(("wiring", f"{about.name} has {len(about.inputs)} inputs, and "
                                  f"was given {len(node.inputs)}"))  # fmt: skip
            continue
        event = log.events.get(node)
        for position, (into, e) in enumerate(zip(about.inputs, node.inputs)):
            numbers = event.given[position] if event is not None else []
            if e is not None:
                stack.append((into.index, e))
            elif into.kind != "constant":
                found.trouble.append(("wiring", f"{into.name} is a constant, drawn as {into.kind}"))
                continue
            elif event is not None and numbers:
                t = event.tensors[position]
                key = hash((id(t), event.versions[position]))
                other = found.tensors.setdefault(key, into.index)
                if other != into.index and not into.is_number:
                    found.trouble.append(("two boxes", f"{into.name} and {graph.at(other).name} "
                                          "are one tensor"))  # fmt: skip
            if not isinstance(e, (Node, tuple)) and numbers:
                found.uses.setdefault(into.index, []).append(numbers)
    return found


def truth_of(i: int, pairs: Pairing, log: Log) -> list[list[Any]] | None:
    """The numbers of a box, for each of its uses in all forms in which they went in."""
    edge = pairs.edges.get(i)
    if isinstance(edge, (Node, tuple)):
        node, output = edge if type(edge) is tuple else (edge, 0)
        event = log.events.get(node)
        return None if event is None else [[event.gave[output]]]
    return pairs.uses.get(i)


def is_true(value: Any, truth: list[list[Any]], same: Any = equal) -> bool:
    return all(any(same(value, form) for form in use) for use in truth)


def excuse_of(node: Any) -> str:
    """What a node says about its numbers itself."""
    said = [getattr(node, name, None) for name in ("why_unknown", "why", "note")]
    return " ".join(s for s in said if isinstance(s, str))


def kind_of(node: Any) -> str:
    return "number" if node.is_number else "op" if node.kind in ("op", "root") else node.kind


class Looker:
    """The functions of the second run: each compares with what the first run saw in its place."""

    def __init__(self, log: Log, report: Report) -> None:
        self.log, self.report = log, report
        self.looks, self.explanations = iter(log.looks), iter(log.explained)

    def done(self, variables: dict[str, Any]) -> None:
        ours = final(variables)
        for name, numbers in self.log.variables.items():
            if name not in ours or not equal(ours[name], numbers):
                raise Broken(f"{name} is {ours.get(name)}, and was {numbers} in the first run")

    def look(self, moment: str, loss: Any, graph: Any) -> None:
        look, report = next(self.looks), self.report
        pairs = paired(graph, [look.root], self.log)
        for kind, what in pairs.trouble:
            report.add(kind, moment, what)
        for node in graph:
            truth = truth_of(node.index, pairs, self.log)
            if truth is None:
                report.known["no truth"] += 1
                continue
            self.compare_value(node, truth, moment, pairs, look)
            self.compare_grad(node, pairs.edges.get(node.index), moment, look)
        for options in PICTURES:
            try:
                dot = graph.to_dot(values=True, grads=True, shapes=False, fold=False, **options)
            except Exception as error:
                report.add(f"a picture raises {type(error).__name__}", moment, f"{error}")
            else:
                self.compare_picture(dot, graph, pairs, moment, look)

    def compare_value(self, node: Any, truth: Any, moment: str, pairs: Pairing, look: Look) -> None:
        report, value, kind = self.report, node.value, kind_of(node)
        report.count("value", moment, value is not None)
        if node.is_number:
            number = (
                complex(node.label.replace("−", "-").replace("True", "1").replace("False", "0"))
                if NUMBER.fullmatch(node.label.replace("−", "-"))
                else None
            )
            if number is not None and not is_true(
                number, truth, lambda a, b: b.size == 1 and np.isclose(a, b.item(), rtol=1e-5)
            ):
                report.add("number's label", moment, f"{node.name} is labelled {node.label}, "
                           f"and was {shown(truth)}")  # fmt: skip
        if value is None or is_true(copied(value), truth):
            return
        said = excuse_of(node)
        if EXCUSES.search(said):
            return
        if kind == "leaf" and any(
            equal(copied(value), now) for edge, (now, _) in look.leaves.items()
            if edge is pairs.edges.get(node.index)
        ):  # fmt: skip
            kind = "leaf of now"
        report.add(f"{kind}'s value", moment, f"{node.name} (input of "
                   f"{', '.join(n.name for n in node.outputs) or 'nothing'}) has "
                   f"{copied(value).tolist()}, and was {shown(truth)}")  # fmt: skip

    def grads_of(self, edge: Any, look: Look) -> list[Any]:
        found = [grads[edge] for grads in look.grads if edge in grads]
        if edge in look.sums:
            found.append(look.sums[edge])
        if edge in look.leaves and look.leaves[edge][1] is not None:
            found.append(look.leaves[edge][1])
        return found

    def compare_grad(self, node: Any, edge: Any, moment: str, look: Look) -> None:
        grad = node.grad
        if edge is None or edge not in {e for grads in look.grads for e in grads}:
            return
        self.report.count("grad", moment, grad is not None)
        if grad is None:
            return
        truth = [look.leaves[edge][1]] if isinstance(edge, Tensor) else self.grads_of(edge, look)
        if not any(t is not None and equal(copied(grad), t) for t in truth):
            self.report.add("grad", moment, f"{node.name}.grad is {copied(grad).tolist()}, "
                            f"and was {[np.asarray(t).tolist() for t in truth]}")  # fmt: skip

    def compare_picture(
        self, dot: str, graph: Any, pairs: Pairing, moment: str, look: Look
    ) -> None:
        """Every number in a box of the picture, as far as it is printed."""
        seen = set()
        for i, lines in boxes(dot):
            truth, node = truth_of(i, pairs, self.log), graph.at(i)
            if truth is None or i in seen:
                continue
            seen.add(i)
            grads = [line[4:] for line in lines if line.startswith("grad") and is_numbers(line)]
            values = [line for line in lines if not line.startswith("grad")]
            shown_values = [line for line in values if is_numbers(line)]
            self.report.count("box", moment, bool(shown_values))
            excused = any(EXCUSES.search(line) for line in values)
            now = look.leaves.get(pairs.edges.get(i)) if node.kind == "leaf" else None
            for line in values:
                if line.startswith("now ") and (now is None or not reads_as(line, now[0])):
                    self.report.add("leaf's box", moment, f"{node.name}'s box says {line}, and is "
                                    f"{None if now is None else now[0].tolist()}")  # fmt: skip
            for line in shown_values:
                if is_true(line, truth, reads_as) or excused:
                    continue
                kind = kind_of(node)
                kind = "leaf of now" if now and reads_as(line, now[0]) else kind
                self.report.add(f"{kind}'s box", moment, f"{node.name}'s box says {line}, and it "
                                f"was {shown(truth)}")  # fmt: skip
            known = self.grads_of(pairs.edges.get(i), look)
            if known and moment != "before":
                self.report.count("box's grad", moment, bool(grads))
            for line in grads:
                if not any(reads_as(line, g) for g in known):
                    self.report.add("grad in a box", moment, f"{node.name}'s box says grad {line}, "
                                    f"and it was {[g.tolist() for g in known]}")  # fmt: skip

    def explained(self, loss: Any, leaf: Any, function: Any) -> None:
        look, report = next(self.explanations), self.report
        try:
            explanation = function()
        except (ValueError, KeyError):  # no gradient flows there
            return
        except Exception as error:
            report.add(f"explain raises {type(error).__name__}", "first", f"{error}")
            return
        pairs = paired(explanation.graph, [look.root], self.log)
        moment, met = "first" if look.first else "later", list(explanation.meetings)
        for meeting in met:
            edge = pairs.edges.get(meeting.node.index)
            truth = [grads[edge] for grads in look.grads if edge in grads]
            if not truth:
                continue
            numbers = meeting.gradient
            report.count("explain", moment, numbers is not None)
            wanted = meeting.node == explanation.wrt
            if numbers is None:
                continue
            # Only what goes to wrt is walked: a tensor that is also used elsewhere has its whole
            # gradient only if all its uses are.
            if not any(equal(numbers, t) for t in truth):
                kind = "explain" if wanted else "explain on the way"
                if any(np.allclose(numbers, t, 1e-4, 1e-6, True) for t in truth):
                    kind += ", the last bits"
                report.add(kind, moment,
                           f"gradient of {meeting.node.name}: {np.asarray(numbers).tolist()}, and "
                           f"it was {[t.tolist() for t in truth]}")  # fmt: skip
        shares = [path.gradient for path in explanation.paths]
        if len(shares) == explanation.n_paths and all(g is not None for g in shares):
            given = [grads[pairs.edges[explanation.wrt.index]] for grads in look.grads
                     if pairs.edges[explanation.wrt.index] in grads]  # fmt: skip
            together = sum(copied(g) for g in shares)
            if given and not any(np.allclose(together, g, 1e-3, 1e-4, True) for g in given):
                report.add("explain: paths", moment, f"together {together.tolist()}, and it was "
                           f"{given[0].tolist()}")  # fmt: skip
        total = explanation.gradient
        last = met[-1]
        if total is not None and not equal(copied(total), last.gradient):
            report.add("explain", moment, "the whole is not what arrives last")


def shown(truth: Any) -> Any:
    numbers = [use[0].tolist() for use in truth]
    return numbers[0] if all(n == numbers[0] for n in numbers) else f"at its uses {numbers}"


# --- what is printed -----------------------------------------------------------------------------


def boxes(dot: str) -> list[tuple[int, list[str]]]:
    """For each box of a picture its node's number and the lines below its name and operation."""
    found = []
    for i, label in re.findall(r"^  n(\d+)(?:_\d+)? \[id=\S+ label=<(.*?)>, class=", dot, re.M):
        lines = [part for part in label.split("<BR/>") if 'POINT-SIZE="11"' in part]
        texts = [html.unescape(re.sub(r"<[^>]*>", "", part)) for part in lines]
        found.append((int(i), [text.replace("−", "-").removeprefix("again: ") for text in texts]))
    return found


def is_numbers(line: str) -> bool:
    """Whether a line of a box claims numbers (and says nothing that takes them back)."""
    rest = re.sub(r"^(now|grad) |computed again|NaN|nan|inf|True|False", "", line)
    return NUMBER.search(line) is not None and not re.search(r"[a-df-zA-Z]", rest)


def reads_as(line: str, array: Any) -> bool:
    """Whether the line is how these numbers are printed, with four digits."""
    array = np.asarray(array)
    if array.size == 0 or array.dtype.kind == "c":
        return True
    if " … " in line:
        expected = [array.min(), array.max()]
    else:
        expected = array.ravel().tolist()
    line, cut = line.rstrip("…"), line.endswith("…")
    printed = [{"True": 1.0, "False": 0.0}.get(p) if p in ("True", "False") else float(p)
               for p in NUMBER.findall(line)]  # fmt: skip
    if cut:  # the line was too long: its last number may be half a number
        printed = printed[:-1]
        expected = expected[: len(printed)]
    if len(printed) != len(expected):
        return False
    return all(np.array_equal(float(f"{float(e):.4g}"), p, equal_nan=True)
               for e, p in zip(expected, printed))  # fmt: skip


# --- a tape beside the truth ---------------------------------------------------------------------


def compare_tape(tape: Any, log: Log, report: Report) -> None:
    rounds = tape.iterations
    if len(rounds) < len(log.passes):
        report.add("tape", "tape", f"{len(rounds)} iterations of {len(log.passes)} passes")
    for iteration, passing in zip(rounds, log.passes):
        pairs = paired(iteration.graph, passing.roots, log)
        for kind, what in pairs.trouble:
            report.add(f"tape's {kind}", "tape", what)
        for node in iteration.graph:
            truth = truth_of(node.index, pairs, log)
            if truth is None:
                continue
            kept = iteration.values.get(node.index)
            report.count("value", "tape", kept is not None and kept.array is not None)
            if kept is not None and kept.array is not None and not is_true(kept.array, truth):
                edge, kind = pairs.edges.get(node.index), f"tape: {kind_of(node)}'s value"
                if isinstance(edge, Tensor) and equal(kept.array, passing.leaves_before[edge]):
                    kind += " as it was in the backward pass"
                report.add(kind, "tape", f"{node.name} has "
                           f"{kept.array.tolist()}, and was {shown(truth)}")  # fmt: skip
            if node.is_number and not is_true(
                node.label, truth, lambda a, b: b.size == 1 and close_text(a, b.item())
            ):
                report.add("tape: number's label", "tape", f"{node.name} is labelled {node.label}, "
                           f"and was {shown(truth)}")  # fmt: skip
            g, grad = (
                iteration.grads.get(node.index),
                passing.grads.get(pairs.edges.get(node.index)),
            )
            if grad is not None:
                report.count("grad", "tape", g is not None)
            if g is not None and g.array is not None and (grad is None or not equal(g.array, grad)):
                if not (grad is None and not g.array.any()):
                    report.add("tape: grad", "tape", f"gradient of {node.name} is "
                               f"{g.array.tolist()}, and was {grad}")  # fmt: skip
        compare_steps(iteration, passing, pairs, log, report)


def compare_steps(
    iteration: Any, passing: PassLog, pairs: Pairing, log: Log, report: Report
) -> None:
    so_far: dict[int, Any] = {}
    for step in iteration.steps:
        i, value = step.node.index, step.value
        truth, edge = truth_of(i, pairs, log), pairs.edges.get(i)
        if step.kind in ("forward", "backward") and truth is not None:
            report.count(f"{step.kind} step", "tape", value is not None)
            if value is not None and not is_true(copied(value), truth):
                kind = f"tape: value in a {step.kind} step"
                if edge in passing.leaves_before and equal(
                    copied(value), passing.leaves_before[edge]
                ):
                    kind += ", of the leaf as it was in the backward pass"
                report.add(kind, "tape", f"{step.name} is "
                           f"{copied(value).tolist()}, and was {shown(truth)}")  # fmt: skip
        if step.kind == "backward" and step.part is not None and step.grad is not None:
            part = copied(step.part)
            so_far[i] = so_far[i] + part if i in so_far else part
            if not equal(so_far[i], copied(step.grad)):
                report.add(
                    "tape: gradient so far",
                    "tape",
                    f"{step.name}: "
                    f"{copied(step.grad).tolist()}, and the parts give {so_far[i].tolist()}",
                )
        if step.kind == "update":
            now = passing.leaves_after.get(edge)
            if now is not None and value is not None and not equal(copied(value), now):
                report.add("tape: update", "tape", f"{step.name} becomes {copied(value).tolist()}, "
                           f"and it was {now.tolist()}")  # fmt: skip
            before = passing.leaves_before.get(edge)
            if (
                step.before is not None
                and before is not None
                and not equal(copied(step.before), before)
            ):
                report.add(
                    "tape: before the update",
                    "tape",
                    f"{step.name} is {copied(step.before).tolist()}, and was {before.tolist()}",
                )
    for i, g in so_far.items():
        grad = passing.grads.get(pairs.edges.get(i))
        if grad is not None and not equal(g, grad):
            report.add("tape: parts", "tape", f"{iteration.graph.at(i).name}'s parts give "
                       f"{g.tolist()}, and the gradient was {grad.tolist()}")  # fmt: skip


def close_text(label: str, number: Any) -> bool:
    label = label.replace("−", "-")
    if label in ("True", "False"):
        return bool(number) == (label == "True")
    return NUMBER.fullmatch(label) is None or bool(
        np.isclose(complex(label), number, rtol=1e-5, equal_nan=True))  # fmt: skip
