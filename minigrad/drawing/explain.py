r"""``explain``: the chain rule written out for the graph that was recorded, with its numbers."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Any

import numpy as np

from ..graphs.build import build, scope_variables
from ..graphs.flow import FREED, start_of, tensor_of
from ..graphs.names import names_from
from ..graphs.paths import Link, Meeting, Meetings, Path, find_paths, jacobian, paths_of
from ..graphs.recomputed import saved_again_in
from ..graphs.recorded_graph import Graph, GraphNode
from ..graphs.text import printable
from .explain_terms import (
    LONGEST,
    aligned,
    count_text,
    elided,
    has_hooks,
    partial,
    path_latex,
    path_names,
    shape_latex,
    sum_rows,
    term_latex,
    term_plain,
)
from .latex import (
    bar,
    factor,
    markdown_code,
    markdown_text,
    name_latex,
    number_latex,
    number_plain,
    numbers_latex,
    numbers_plain,
)

if TYPE_CHECKING:
    from ..core.tensor import Tensor

HOW_TO_KEEP = "call explain before backward(), or backward(retain_graph=True)"


def explain(
    root: Tensor | Graph,
    wrt: Tensor | str | None = None,
    *,
    gradient: Tensor | None = None,
    paths: int = 8,
    jacobians: bool = False,
    names: Any = None,
) -> Explanation:
    """The gradient of ``root`` with respect to ``wrt``, by the chain rule, path by path.

    Nothing is accumulated or freed, and no hook is run. After ``backward()`` has freed the graph,
    the numbers are computed again if the leaves still have those of the forward pass; if not (an
    optimizer has changed them), the paths and formulas are still there.

    Args:
        root: the loss, or a graph of it.
        wrt: the tensor, or its name in the graph. May be left out if there is only one leaf.
        gradient: what to start with (as in ``backward``) if ``root`` is not a single number.
        paths: write out so many paths (8); of the others only the number and the sum are given.
        jacobians: also write out the steps' Jacobians that have up to 64 numbers.
        names: as in :func:`minigrad.graph`.

    Returns:
        An explanation that shows itself in Jupyter as formulas. ``.paths`` are the paths,
        ``.n_paths`` their number, ``.gradient`` the sum, ``.latex`` the formulas, ``.describe()``
        the same in words.

    Raises:
        TypeError: ``root`` is neither a tensor nor a graph.
        ValueError: ``wrt`` has to be given, or no gradient flows to it.
        KeyError: there is no tensor of that name.
        RuntimeError: as in ``backward``, if ``gradient`` is missing.

    >>> import minigrad as mg
    >>> w = mg.tensor(3.0, requires_grad=True)
    >>> a = w * 2
    >>> loss = a * w
    >>> print(mg.explain(loss, wrt=w).describe())
    The gradient of loss with respect to w is 12, by 2 paths.
    <BLANKLINE>
    Path by path:
      w -> a -> loss: 3 * 2 = 6
      w -> loss: 6
      sum: 6 + 6 = 12
    <BLANKLINE>
    Tensor by tensor, as backward() does it:
      grad(loss) = 1
      grad(a) = grad(loss) ⊙ w = 3
      grad(w) = grad(loss) ⊙ a + grad(a) ⊙ 2 = 6 + 6 = 12

    Source: the sum over all paths of the products of local derivatives (Bauer 1974).
    """
    frame = sys._getframe(1)
    if isinstance(root, Graph):
        graph = root
    else:
        found = names_from(names, scope_variables(frame))
        graph = Graph(build(one_root(root), found, frame.f_code))
    if len(graph.roots) != 1:
        raise ValueError("explain() is about one root: give the loss, or a graph of it alone")
    return Explanation(graph, target_of(graph, wrt), gradient, paths, jacobians)


def one_root(root: Any) -> list[Any]:
    if not hasattr(root, "grad_fn"):
        raise TypeError(
            f"explain(): argument 'root' must be Tensor or Graph, not {type(root).__name__}: give "
            "the loss, and in wrt= the tensor whose gradient you want explained"
        )
    return [root]


def target_of(graph: Graph, wrt: Any) -> GraphNode:
    if wrt is not None:
        node: GraphNode = graph[wrt]
        if node.kind == "constant":
            raise ValueError(
                f"{node.name} needs no gradient, so there is none to explain: set "
                "requires_grad=True before computing with it"
            )
        return node
    leaves = graph.leaves
    if len(leaves) != 1:
        options = ", ".join(f"wrt={n.name}" for n in leaves[:6]) or "none: nothing requires grad"
        raise ValueError(
            f"explain() has to know the tensor whose gradient to explain; there are {options}"
        )
    return leaves[0]


class Explanation:
    """The chain rule for one graph; made by :func:`explain`."""

    def __init__(
        self, graph: Graph, wrt: GraphNode, gradient: Any, most: int, jacobians: bool
    ) -> None:
        # After a backward pass: a twin of the graph, in which what was freed is computed again.
        self.graph, self._again = saved_again_in(graph)
        self.root = self.graph.roots[0]
        self.wrt = wrt = self.graph.at(wrt.index)
        graph = self.graph
        if wrt == self.root:
            raise ValueError(
                f"{wrt.name} is the root itself: its gradient is what backward starts with, 1"
            )
        start = start_of(self.root, gradient)
        root = self.root.index
        self.n_paths, found = find_paths(graph, root, wrt.index, max(most, 0))
        if not self.n_paths:
            raise ValueError(
                f"no gradient flows from {self.root.name} to {wrt.name}: none of its inputs was "
                f"computed from {wrt.name}"
            )
        self.meetings = Meetings(graph, root, wrt.index, start, has_hooks)
        if self.n_paths == 1:  # then backward() has gone along it alone
            self.paths = [Path(steps, self.meetings.gradients()) for steps in found]
        else:
            self.paths = paths_of(found, start)
        self._gaps = self.meetings.flow.gaps
        self._total = self.meetings.end.gradient
        self.scalar = self.meetings.single
        self.jacobians = self._find_jacobians() if jacobians else []

    # --- numbers -------------------------------------------------------------------------

    @property
    def gradient(self) -> Tensor | None:
        """The whole gradient, summed over all paths; None if the numbers are gone."""
        return tensor_of(self._total)

    @property
    def notes(self) -> list[str]:
        """What the explanation could not tell, and how to see it next time."""
        said = []
        if self._again and not self._gaps:
            said.append(
                "backward() has freed these numbers; they are computed again from the leaves, "
                "which still have those of the forward pass."
            )
        if self._gaps:
            gone = [self.graph.at(i) for i in self._gaps]
            shown = ", ".join(n.name for n in gone[:4]) + (" ..." if len(gone) > 4 else "")
            if FREED in self._gaps.values():
                said.append(
                    f"The numbers behind {shown} are gone: backward() frees what the operations "
                    f"had saved. To see them, {HOW_TO_KEEP}."
                )
            else:
                said.append(
                    f"What {shown} had saved was overwritten in place, so its derivative is not "
                    "known any more: write to a copy instead."
                )
            held = self.wrt.grad
            if held is not None:
                said.append(
                    f"{self.wrt.name}.grad holds {numbers_plain(held._data)}: the sum of what all "
                    "backward passes so far have added."
                )
        hooked = self.meetings.hooked
        if hooked:
            said.append(f"The hooks of {', '.join(hooked[:4])} are not run here.")
        return said

    @property
    def _rest(self) -> Any:
        """The sum over the paths that are not written out."""
        if self._total is None:
            return None
        rest = self._total
        with np.errstate(all="ignore"):
            for path in self.paths:
                rest = rest - path._arrays[-1]
        return rest

    # --- text ----------------------------------------------------------------------------

    def __repr__(self) -> str:
        return self.describe()

    def describe(self) -> str:
        """The explanation as plain text."""
        root, wrt = printable(self.root.name), printable(self.wrt.name)
        value = numbers_plain(self._total)
        is_value = "" if self._total is None else f" is {value},"
        lines = [
            f"The gradient of {root} with respect to {wrt}{is_value} by "
            f"{count_text(self.n_paths)} path{'s' if self.n_paths != 1 else ''}.",
            "", "Path by path:",
        ]  # fmt: skip
        for path in self.paths:
            share = "" if path._arrays[-1] is None else f": {self._share_text(path)}"
            lines.append(f"  {path_names(path, ' -> ')}{share}")
        shares = [numbers_plain(p._arrays[-1]) for p in self.paths]
        left_out = self.n_paths - len(self.paths)
        if left_out:
            rest = numbers_plain(self._rest)
            together = "" if self._total is None else f", together: {rest}"
            lines.append(f"  and {count_text(left_out)} more paths{together}")
            shares.append(rest)
        if len(shares) > 1 and self._total is not None:
            lines.append(f"  sum: {' + '.join(shares)} = {value}")
        lines += ["", "Tensor by tensor, as backward() does it:"]
        for meeting in elided(self.meetings):
            lines.append("  ..." if meeting is None else f"  {self._meeting_text(meeting)}")
        if self.jacobians:
            lines += self._jacobians_text()
        for note in self.notes:
            lines += ["", printable(note)]
        return "\n".join(lines)

    def _share_text(self, path: Path) -> str:
        share = numbers_plain(path._arrays[-1])
        if not self.scalar or len(path.steps) < 2 or len(path.steps) > LONGEST:
            return share
        return f"{' * '.join(factor(d, number_plain) for d in path.derivatives)} = {share}"

    def _meeting_text(self, meeting: Meeting) -> str:
        name = printable(meeting.node.name)
        shape = "" if self.scalar else f"   {list(meeting.node.shape or ()) or 'scalar'}"
        value = numbers_plain(meeting.gradient)
        if not meeting.terms:
            return f"grad({name}) = {value}{shape}"
        known = "" if meeting.gradient is None else f" = {value}"
        formulas = [term_plain(t.user, t.position) for t in meeting.terms]
        if len(formulas) > 1:  # a formula such as x̄[k] = ȳ, as a term of a sum
            formulas = [f"({f})" if " = " in f else f for f in formulas]
        said = " + ".join(formulas)
        if len(meeting.terms) > 1 and known:
            said += " = " + " + ".join(numbers_plain(t.part) for t in meeting.terms)
        return f"grad({name}) = {said}{known}{shape}"

    def _jacobians_text(self) -> list[str]:
        lines = ["", "Jacobians (a row for each element of the result, in memory order):"]
        for step, matrix in self.jacobians:
            rows = numbers_plain(matrix, 64)
            lines.append(f"  {printable(step.node.name)} by {printable(step.input.name)}: {rows}")
        return lines

    def _find_jacobians(self) -> list[tuple[Link, Any]]:
        found = []
        for meeting in self.meetings:
            for term in meeting.terms:
                step = Link(term.user, term.position)
                matrix = jacobian(step, 64)
                if matrix is not None:
                    found.append((step, matrix))
        return found[:LONGEST]

    # --- LaTeX and Markdown ----------------------------------------------------------------

    @property
    def latex(self) -> str:
        """The formulas: the sum over the paths, then the gradient of every tensor on the way."""
        return self._paths_latex() + "\n" + self._meetings_latex()

    def _paths_latex(self) -> str:
        """The derivative as a sum over paths of products, and with numbers."""
        whole = partial(self.root, self.wrt)
        products = [path_latex(p) for p in self.paths]
        numbers = [self._share_latex(p) for p in self.paths]
        left_out = self.n_paths - len(self.paths)
        if left_out:
            products.append(rf"\cdots\ \text{{({count_text(left_out)} more paths)}}")
            numbers.append(numbers_latex(self._rest))
        if not products:
            return whole if self._total is None else f"{whole} = {numbers_latex(self._total)}"
        rows = sum_rows(products, apart=True)
        total = numbers_latex(self._total)
        if self._total is not None and (self.scalar or len(numbers) > 1):
            rows += sum_rows(numbers, apart=not self.scalar)
        if self._total is not None and numbers != [total]:
            rows.append(f"&= {total}")
        return aligned([whole + " " + rows[0], *rows[1:]])

    def _share_latex(self, path: Path) -> str:
        if not self.scalar or len(path.steps) > LONGEST:
            share = numbers_latex(path._arrays[-1])
            return f"({share})" if share.startswith("-") else share
        return r" \cdot ".join(factor(d, number_latex) for d in path.derivatives)

    def _meetings_latex(self) -> str:
        rows = []
        for meeting in elided(self.meetings):
            rows.append(r"&\ \ \vdots" if meeting is None else self._meeting_latex(meeting))
        return aligned(rows)

    def _meeting_latex(self, meeting: Meeting) -> str:
        left, value = bar(meeting.node.name), numbers_latex(meeting.gradient)
        shape = "" if self.scalar else r"&& " + shape_latex(meeting.node)
        if not meeting.terms:
            return rf"{left} &= {value} {shape}"
        parts = [term_latex(t.user, t.position) for t in meeting.terms]
        known = "" if meeting.gradient is None else f" = {value}"
        if len(parts) == 1:
            return rf"{left} &= {parts[0]}{known} {shape}"
        # Where paths meet: each term under its own name, then their sum.
        under = [rf"\underbrace{{{p}}}_{{\text{{through }} {name_latex(t.user.name)}}}"
                 for p, t in zip(parts, meeting.terms)]  # fmt: skip
        rows = sum_rows(under, apart=not self.scalar)
        rows[0] = f"{left} {rows[0]} {shape}"
        if known:
            numbers = [numbers_latex(t.part) for t in meeting.terms]
            rows += sum_rows(numbers, apart=not self.scalar)
            if self.scalar:
                rows[-1] += f" = {value}"
            else:
                rows.append(f"&= {value}")
        return " \\\\[3pt]\n".join(rows)

    def _repr_latex_(self) -> str:
        return "\n\n".join(f"$$\n{part}\n$$" for part in (
            self._paths_latex(), self._meetings_latex()))  # fmt: skip

    def _repr_markdown_(self) -> str:
        root, wrt = markdown_code(self.root.name), markdown_code(self.wrt.name)
        count = "one path" if self.n_paths == 1 else f"{count_text(self.n_paths)} paths"
        lines = [f"**How {root} depends on {wrt}**: {count}.", ""]
        for i, path in enumerate(self.paths):
            lines.append(f"{i + 1}. {markdown_code(path_names(path, ' → '))}")
        left_out = self.n_paths - len(self.paths)
        if left_out:
            lines += ["", f"and {count_text(left_out)} more, which are summed up."]
        why = "product of the derivatives along each path, summed over the paths"
        if not self.scalar:
            why = "chain of Jacobians along each path, summed over the paths"
        lines += [
            "", f"**Path by path**: the {why}.", "",
            f"$$\n{self._paths_latex()}\n$$",
            "",
            "**Tensor by tensor**, as `backward()` does it, from the end: a bar marks the gradient "
            f"of {root} with respect to a tensor. Where paths meet, their parts are added up.",
            "", f"$$\n{self._meetings_latex()}\n$$",
        ]  # fmt: skip
        if self.jacobians:
            lines += self._jacobians_markdown()
        for note in self.notes:
            lines += ["", f"> {markdown_text(note)}"]
        return "\n".join(lines)

    def _jacobians_markdown(self) -> list[str]:
        rows = [f"{partial(step.node, step.input)} &= {numbers_latex(matrix, 64)}"
                for step, matrix in self.jacobians]  # fmt: skip
        intro = "**Jacobians**: a row for each element of the result, in memory order."
        return ["", intro, "", f"$$\n{aligned(rows)}\n$$"]
