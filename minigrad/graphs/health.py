"""Is the graph healthy? NaN, infinity, vanishing and exploding gradients, and where they begin.

What is looked for, in this order of importance:

* **No graph**: the tensor has no history, so that nothing can be trained from it; and in which line
  the history ended.
* **NaN and infinity** in values and gradients, with the first operation that produced them: its
  own inputs (or, on the way back, the gradient that arrived) were still finite.
* **No gradient**: every number of a leaf's gradient is 0, so the leaf cannot learn.
* **Vanishing and exploding gradients.** The size of a gradient is its Euclidean norm. The
  yardstick is the median of the sizes at the :data:`NEAR` tensors nearest to the loss. A leaf's or
  result's gradient *vanishes* below :data:`VANISHING` times the yardstick and *explodes* above
  :data:`EXPLODING` times it. Compared is the growth inside the graph, so neither a large loss nor
  a mean over many numbers is reported.

A gradient may also be small, or 0, because large terms cancel: that of a bias before BatchNorm is
zero by mathematics, and what is left of it is rounding. That is no trouble, nor a yardstick for
anything. So where something looks wrong, the walk is made again with every gradient on the way
changed at random by a thousandth (:data:`SHAKE`). What many small factors made small changes by
about as much; what is left of large terms that cancel becomes many times larger
(:data:`CANCELLED`), because they do not cancel any more. Such gradients are left out.

Vanishing and exploding gradients: Hochreiter 1991; Bengio, Simard, Frasconi 1994; Pascanu,
Mikolov, Bengio 2013. Rounding seen by computing with random changes: CESTAC (Vignes 1978).
"""

from __future__ import annotations

import math
import sys
from dataclasses import dataclass
from typing import Any

import numpy as np

from ..core.tensor import Tensor
from ..faithful.hang_on import hang_on
from ..faithful.package_name import package
from ..refusals.ended_history import why_no_history
from ..refusals.user_lines import line_words
from .build import build, scope_variables
from .flow import FREED, Flow, Term, start_of
from .names import names_from
from .recomputed import values_of
from .recorded_graph import Graph, GraphNode
from .text import computed, headline, printable

NEAR = 8  # so many tensors nearest to the loss give the yardstick
VANISHING = 1e-5
EXPLODING = 1e5
SHAKE = 1e-3  # so much the gradients on the way are changed, to see which of them cancel ...
CANCELLED = 10  # ... namely those that have become more than so many times as large
MOST = 20  # findings of a kind that the text lists

# What the kinds are called, most serious first.
KINDS = {
    "ended": "no graph",
    "nan": "NaN", "inf": "infinity", "zero": "no gradient",
    "exploding": "exploding gradient", "vanishing": "vanishing gradient",
}  # fmt: skip

ADVICE = {
    "log": "a logarithm is finite for positive numbers only: clamp(min=1e-12) first, or use "
    "log_softmax or logsigmoid instead of the log of a softmax or sigmoid",
    "div": "something was divided by 0: add a small number to the denominator, or clamp it",
    "sqrt": "a square root is finite for x >= 0 and its derivative for x > 0 only: add a small "
    "number (1e-12) under the root",
    "pow": "a negative base with a fractional exponent gives nan, a large exponent overflows",
    "exp": "exp of more than about 88 overflows float32: subtract the largest number first, or "
    "use logsumexp or log_softmax",
    "norm": "the derivative of a norm at 0 is not defined: add a small number",
    "mul": "0 times infinity is nan, and large numbers overflow: look at the two inputs",
    "sub": "infinity minus infinity is nan: look at where the infinity comes from",
    "acos": "acos and asin are finite inside -1 ... 1 only: clamp the input",
    "asin": "acos and asin are finite inside -1 ... 1 only: clamp the input",
}
ADVICE["log2"] = ADVICE["log10"] = ADVICE["log1p"] = ADVICE["log"]
ADVICE["rsqrt"] = ADVICE["reciprocal"] = ADVICE["div"]
OF_KIND = {
    "nan": "look at this operation's inputs; mg.autograd.detect_anomaly() stops at it in backward",
    "inf": "the number became too large for its dtype: scale the inputs, or use float64 to see",
    "zero": "nothing flows here: a clamp, relu or comparison cut it off, a factor is 0, or all "
    "units are dead; check the initial weights and the data's scale (a loss that is 0 because all "
    "is learned, as a hinge loss can be, has no gradient either)",
    "exploding": "scale down the initial weights, normalise (layer_norm), or clip gradients "
    "(nn.utils.clip_grad_norm_); a smaller learning rate hides it only",
    "vanishing": "saturated tanh or sigmoid units or many small factors: use relu, larger initial "
    "weights, normalisation or residual connections",
    "input": "the numbers were already so when the graph began: look at how this tensor was made "
    "(data, an earlier step with a too large learning rate)",
}


def of_kind(kind: str) -> str:
    """What to do about trouble of this kind, in words that the user can type."""
    return OF_KIND[kind].replace("mg.", package() + ".")


# Of what is seen on the way only, at no leaf: the kind, how a note says it, and what it means.
ON_THE_WAY = (
    ("vanishing", "vanishes", "All leaves have larger ones, from uses nearer to the loss, but what "
     "lies farther back (early steps of a recurrent network, say) hardly counts"),
    ("exploding", "explodes", "It is of its usual size again at all leaves, but numbers as large "
     "as these lose digits (of the log of a softmax, say: use log_softmax)"),
)  # fmt: skip


@dataclass(frozen=True)
class Finding:
    """One thing that is wrong at one node."""

    kind: str  # a key of KINDS
    where: str  # 'value' or 'gradient'
    node: GraphNode
    first: bool  # whether it begins here; else it has only come from there
    text: str  # what was seen
    advice: str

    @property
    def label(self) -> str:
        """A few words for a picture."""
        name = KINDS[self.kind]
        if self.kind in ("nan", "inf"):
            name += f" in {self.where}"
        begins = self.first and self.kind not in ("zero", "ended")
        return f"{name} begins here" if begins else name


class Health:
    """What was found; made by :func:`check` and ``graph.health()``. True if nothing was."""

    def __init__(self, graph: Graph, findings: list[Finding], notes: list[str]) -> None:
        self.graph = graph
        self.findings = findings
        self.notes = notes

    @property
    def ok(self) -> bool:
        return not self.findings

    def __bool__(self) -> bool:
        return self.ok

    @property
    def first(self) -> Finding | None:
        """The finding to begin with: where the worst kind begins."""
        order = list(KINDS)
        begin = [f for f in self.findings if f.first] or self.findings
        return min(begin, key=lambda f: (order.index(f.kind), f.where != "value"), default=None)

    def describe(self) -> str:
        """The report as text: what, where (your line), and what to do."""
        if self.ok:
            lines = [f"{headline(self.graph)}: healthy."]
        else:
            lines = [f"{headline(self.graph)}: not healthy."]
        for kind in KINDS:
            for where in ("value", "gradient"):
                found = [f for f in self.findings if f.kind == kind and f.where == where]
                if found:
                    lines += ["", *section(kind, where, found)]
        for note in self.notes:
            lines += ["", f"Note: {note}"]
        return "\n".join(lines)

    def __repr__(self) -> str:
        return self.describe()


def section(kind: str, where: str, found: list[Finding]) -> list[str]:
    """The text about one kind of finding."""
    title = f"{KINDS[kind]} in {where}s" if kind in ("nan", "inf") else KINDS[kind]
    lines = [f"{title[0].upper()}{title[1:]}:"]
    firsts = [f for f in found if f.first]
    for finding in firsts[:MOST]:
        lines.append(f"  {place_text(finding.node)}")
        lines.append(f"    {finding.text}")
    if len(firsts) > MOST:
        lines.append(f"  and {len(firsts) - MOST:,} more")
    others = [f for f in found if not f.first]
    if others:
        others.sort(key=lambda f: f.node.kind not in ("leaf", "root"))
        names = ", ".join(printable(f.node.name) for f in others[:8])
        more = f" ... ({len(others):,} in all)" if len(others) > 8 else ""
        lines.append(f"  {'It has come to' if firsts else 'Seen in'} {names}{more}.")
    for advice in dict.fromkeys(f.advice for f in firsts or found):
        lines.append(f"  What to do: {advice}.")
    return lines


def place_text(node: GraphNode) -> str:
    """The node with the user's line."""
    source = node.source
    return computed(node) + (f"  {printable(line_words(source))}" if source else "")


def check(root: Tensor | Graph, names: Any = None) -> Health:
    """Look through the graph of ``root`` for NaN, infinity, vanishing and exploding gradients.

    Values that no variable holds are computed again, and gradients are computed without touching
    ``.grad``, if the graph was not freed yet: call it before ``backward()``. After it, the
    gradients that were kept are looked at. Thresholds: :mod:`minigrad.graphs.health`.

    Args:
        root: the loss, or a graph of it or of several tensors.
        names: as in :func:`minigrad.graph`.

    Returns:
        A report, true if all is well. It shows itself as text, in Jupyter with the picture too.

    Raises:
        TypeError: ``root`` is neither a tensor nor a graph.

    >>> import minigrad as mg
    >>> x = mg.tensor([1.0, 0.0], requires_grad=True)
    >>> loss = (x * 2).sqrt().sum()
    >>> report = mg.check(loss)
    >>> report.ok, report.first.node.op, report.first.label
    (False, 'sqrt', 'infinity in gradient begins here')

    Source: vanishing and exploding gradients: Bengio, Simard and Frasconi 1994.
    """
    if isinstance(root, Graph):
        return health_of(root)
    frame = sys._getframe(1)
    found = names_from(names, scope_variables(frame))
    if not hasattr(root, "grad_fn"):
        raise TypeError(
            f"check(): argument 'root' must be Tensor or Graph, not {type(root).__name__}: give "
            f"the loss, or {package()}.graph([...]) of several tensors"
        )
    graph = Graph(build([root], found, frame.f_code))
    return health_of(graph, asked=(frame.f_code, frame.f_lasti))


def health_of(graph: Graph, deep: bool = True, asked: tuple[Any, int] = (None, 0)) -> Health:
    """The health of a graph. deep: compute what is not known (else look at what is there).

    asked: the user's instruction that asks, by which the source of a root is found.
    """
    notes: list[str] = []
    known = values_of(graph).values if deep else dict(graph._b.arrays())
    findings = bad_values(graph, known)
    if deep:
        findings += without_graph(graph, notes, asked)
        findings += gradients_on_the_way(graph, notes)
    else:
        findings += bad_gradients_kept(graph)
    return Health(graph, findings, notes)


@hang_on(Graph)
class HealthOfGraph:
    def health(self: Any) -> Health:
        """A report of NaN, infinity, vanishing and exploding gradients; see ``mg.check``."""
        return health_of(self)


# --- values --------------------------------------------------------------------------------------


def state(array: Any) -> str:
    """'nan', 'inf' or '' (finite)."""
    if array.size == 1 and array.dtype.kind == "f":  # a graph may have a million of these
        number = array.item()
        return "" if math.isfinite(number) else "nan" if number != number else "inf"
    if array.dtype.kind not in "fc" or np.isfinite(array).all():
        return ""
    return "nan" if np.isnan(array).any() else "inf"


def bad_values(graph: Graph, known: dict[int, Any]) -> list[Finding]:
    states = {i: kind for i in sorted(known) if (kind := state(known[i]))}
    for i in deliberate(graph, states):
        del states[i]
    found = []
    for i in states:
        node, row = graph.at(i), graph.input_lists[i]
        # It begins here if all inputs are known to be free of it; NaN made of infinity does too.
        free = ("",) if states[i] == "inf" else ("", "inf")
        first = all(j in known and states.get(j, "") in free for j in row)
        seen = counted(known[i], states[i])
        if row and first:
            seen += "; the inputs: " + "; ".join(
                f"{printable(graph.at(j).label)} {range_text(known[j])}" for j in row if j in known
            )
        advice = ADVICE.get(node.op or "", of_kind(states[i])) if row else of_kind("input")
        found.append(Finding(states[i], "value", node, first, seen, advice))
    return found


def deliberate(graph: Graph, states: dict[int, str]) -> list[int]:
    """Nodes whose infinity the user asked for, as in ``masked_fill(mask, -inf)`` before a softmax.

    That is an infinite parameter or constant, and what it has come to, but not a root.
    """
    found: set[int] = set()
    for i in states:  # in the order of the graph
        node, row = graph.at(i), graph.input_lists[i]
        if states[i] != "inf" or node.kind == "root":
            continue
        bad = [j for j in row if states.get(j)]
        written = any(isinstance(v, float) and np.isinf(v) for v in node.params.values())
        if node.kind == "constant" or all(j in found for j in bad) and (bad or written):
            found.add(i)
    return sorted(found)


def counted(array: Any, kind: str) -> str:
    bad = np.isnan(array) if kind == "nan" else np.isinf(array)
    what = "is" if bad.sum() == 1 else "are"
    if array.size == 1:
        return f"it is {'nan' if kind == 'nan' else array.reshape(-1)[0].item()}"
    where = [int(k) for k in np.argwhere(bad)[0]]
    return f"{int(bad.sum()):,} of {array.size:,} numbers {what} {kind}, the first at {where}"


def range_text(array: Any) -> str:
    if array.size == 0 or array.dtype.kind not in "fiu":
        return f"of shape {list(array.shape)}"
    if array.size == 1:
        return f"is {array.reshape(-1)[0].item():.4g}"
    with np.errstate(all="ignore"):
        return f"from {array.min().item():.4g} to {array.max().item():.4g}"


# --- no graph ------------------------------------------------------------------------------------


def without_graph(graph: Graph, notes: list[str], asked: tuple[Any, int]) -> list[Finding]:
    """The roots that have no history. Beside others that have, only notes: they are no losses."""
    found = []
    bare = [root for root in graph.roots if root.kind == "constant"]
    for root in bare:
        what, advice = why_no_history(graph._b.held[root.index], *asked)
        seen = f"nothing can be trained from it: {what}"
        if len(bare) < len(graph.roots):
            notes.append(f"of {printable(root.name)}, {seen}")
        else:
            found.append(Finding("ended", "value", root, True, seen, advice))
    return found


# --- gradients -----------------------------------------------------------------------------------


def bad_gradients_kept(graph: Graph) -> list[Finding]:
    """NaN and infinity in the ``.grad`` that leaves and retaining tensors hold."""
    found = []
    for node in graph:
        held = node.grad
        kind = "" if held is None else state(held._data)
        if held is not None and kind:
            seen = f".grad: {counted(held._data, kind)}"
            found.append(Finding(kind, "gradient", node, False, seen, of_kind(kind)))
    return found


def gradients_on_the_way(graph: Graph, notes: list[str]) -> list[Finding]:
    """Walk back from every root; nothing is kept but the sizes."""
    found: list[Finding] = []
    known = len(notes)
    for root in graph.roots:
        if root.kind == "constant" or root.op is None:
            continue
        if root.dtype is None or root.dtype.np.kind != "f":
            notes.append(f"{printable(root.name)} is complex: its gradients are not looked at")
            continue
        start = np.ones(root.shape or (), root.dtype.np)
        if start.size == 1:
            start = start_of(root, None)
        flow = Flow(graph, root.index, start, None)
        sizes, begins = look_at_gradients(flow, found)
        for i, kind in begins.items():
            node = graph.at(i)
            seen = "the gradient that arrives here is finite, the one that goes on is not"
            if node.inputs and all(n.value is not None for n in node.inputs):
                seen += "; the inputs: " + "; ".join(
                    f"{printable(n.label)} {range_text(n.value._data)}"
                    for n in node.inputs if n.value is not None
                )  # fmt: skip
            advice = ADVICE.get(node.op or "", of_kind(kind))
            found.append(Finding(kind, "gradient", node, True, seen, advice))
        if too_small_or_large(sizes):
            shaken = shaken_sizes(Flow(graph, root.index, start, None))
            steady = [(n, size) for n, size in sizes if shaken[n.index] <= CANCELLED * size]
            notes += constant_note(graph, {n.index for n, _ in sizes}, {n.index for n, _ in steady})
            found += at_leaves(too_small_or_large(steady), notes)
        if flow.gaps:
            notes.append(gap_note(graph, flow))
    if len(notes) > known:  # something was not looked at
        found += [f for f in bad_gradients_kept(graph)
                  if f.node.index not in {g.node.index for g in found}]  # fmt: skip
    return found


def look_at_gradients(
    flow: Flow, found: list[Finding]
) -> tuple[list[tuple[GraphNode, float]], dict[int, str]]:
    """The sizes of the finite gradients, and what operations made the first nan or inf.

    Leaves with such a gradient go to ``found``.
    """
    sizes: list[tuple[GraphNode, float]] = []
    states: dict[int, str] = {}  # of those that are not finite
    begins: dict[int, str] = {}

    def look(i: int, terms: list[Term], gradient: Any) -> None:
        if gradient is None:
            return
        kind = state(gradient)
        for term in terms:
            made = kind if term.part is gradient else state(term.part)
            had = states.get(term.user.index, "") if made else ""
            if made and not had or (made == "nan" and had == "inf"):
                begins.setdefault(term.user.index, made)
        node = GraphNode(flow.graph, i)
        if not kind:
            sizes.append((node, size_of(gradient)))
            return
        states[i] = kind
        if node.kind == "leaf":
            seen = f"its gradient: {counted(gradient, kind)}"
            found.append(Finding(kind, "gradient", node, False, seen, of_kind(kind)))

    flow.follow(look)
    return sizes, begins


def shaken_sizes(flow: Flow) -> dict[int, float]:
    """The sizes of the gradients, with each on the way changed by up to SHAKE of itself."""
    sizes: dict[int, float] = {}
    draw = np.random.default_rng(0).uniform  # not the user's stream of random numbers

    def look(i: int, terms: list[Term], gradient: Any) -> Any:
        if gradient is None:
            return None
        sizes[i] = size_of(gradient)
        shake = max(SHAKE, 30 * float(np.finfo(gradient.dtype).eps))  # more than rounding
        return gradient * draw(1 - shake, 1 + shake, gradient.shape).astype(gradient.dtype)

    flow.follow(look)
    return sizes


def size_of(gradient: Any) -> float:
    if gradient.size == 1:
        return float(abs(gradient.item()))
    return float(np.linalg.norm(gradient.astype(np.complex128)))


def constant_note(graph: Graph, looked_at: set[int], steady: set[int]) -> list[str]:
    """A note if most of the leaves' gradients cancel: it is strange, but it may be meant."""
    leaves = [leaf for leaf in graph.leaves if leaf.index in looked_at]
    cancelled = [printable(leaf.name) for leaf in leaves if leaf.index not in steady]
    if 2 * len(cancelled) <= len(leaves):
        return []
    some = ", ".join(cancelled[:4]) + (" ..." if len(cancelled) > 4 else "")
    return [
        f"the gradients of {len(cancelled)} of {len(leaves)} leaves ({some}) are 0 but for "
        "rounding, because large terms cancel: the loss does not depend on them. So it is of the "
        "mean or sum of what a normalisation or softmax returns, which is always the same"
    ]


def at_leaves(found: list[Finding], notes: list[str]) -> list[Finding]:
    """What vanishes or explodes only on the way becomes a note: every leaf can learn.

    So it is with the early steps of a recurrent network, whose weights all steps share, and with
    the logarithm of a softmax's small numbers.
    """
    leaves = {f.kind for f in found if f.node.kind == "leaf"}
    if "zero" in leaves:
        leaves.add("vanishing")  # so far that it is 0 in the end
    for kind, word, why in ON_THE_WAY:
        these = [f for f in found if f.kind == kind]
        if these and kind not in leaves:
            found = [f for f in found if f.kind != kind]
            notes.append(f"the gradient {word} on the way back at {place_text(these[0].node)}: "
                         f"{these[0].text}. {why}")  # fmt: skip
    return found


def gap_note(graph: Graph, flow: Flow) -> str:
    names = [printable(graph.at(i).name) for i in flow.gaps]
    some = ", ".join(names[:4]) + (" ..." if len(names) > 4 else "")
    if FREED in flow.gaps.values():
        return (
            f"backward() has freed what {some} had saved, so the gradients on the way are not "
            "known: check before backward(), or use backward(retain_graph=True)"
        )
    return (
        f"what {some} had saved was overwritten in place, so backward() would fail there: write "
        "to a copy instead"
    )


def too_small_or_large(sizes: list[tuple[GraphNode, float]]) -> list[Finding]:
    """Compare the sizes of gradients with those near the loss (see the top of this file)."""
    near = [size for _, size in sizes[1:] if size > 0][:NEAR]
    if not near:
        near = [size for _, size in sizes if size > 0]
    found: list[Finding] = []
    yardstick = float(np.median(near)) if near else 0.0
    for node, size in sizes[1:] or sizes:  # not the loss itself, where the walk starts with 1
        kind = ""
        if size == 0:
            kind = "zero" if node.kind == "leaf" else ""
        elif size < VANISHING * yardstick:
            kind = "vanishing"
        elif size > EXPLODING * yardstick:
            kind = "exploding"
        if kind:
            first = kind == "zero" or not any(f.kind == kind for f in found)
            seen = "every number of its gradient is 0"
            if kind != "zero":
                seen = (f"the norm of its gradient is {size:.2g}; near the loss it is "
                        f"{yardstick:.2g}")  # fmt: skip
            found.append(Finding(kind, "gradient", node, first, seen, of_kind(kind)))
    return found


