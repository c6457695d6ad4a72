"""``%%autograd`` over a cell shows the graph of what it computed; ``%autograd x`` that of x."""

from __future__ import annotations

import ast
from typing import Any

from IPython.core.error import UsageError
from IPython.core.magic import Magics, line_cell_magic, magics_class
from IPython.display import display

from ..core.backward import reachable
from ..core.node import next_seq
from ..core.tensor import Tensor, edge_of
from ..graphs.build import build
from ..graphs.names import Names, names_from, tensors_in
from ..graphs.recorded_graph import Graph

# option -> what it sets of drawing.style.Options
OPTIONS: dict[str, dict[str, Any]] = {
    "--values": {"values": True}, "--grads": {"grads": True}, "--formulas": {"formulas": True},
    "--sources": {"sources": True}, "--dtypes": {"dtypes": True}, "--health": {"health": True},
    "--fold": {"fold": True}, "--no-fold": {"fold": False}, "--lr": {"direction": "LR"},
}  # fmt: skip
PLAYER = "--player"


@magics_class
class AutogradMagics(Magics):
    """The magics that ``%load_ext minigrad`` brings."""

    shell: Any

    @line_cell_magic
    def autograd(self, line: str, cell: str | None = None) -> Any:
        """Show the graph of what is computed.

        Over a cell: run it, then show the graph of everything it computed that a variable still
        holds, or that its last line gives. In a line: show the graph of one expression.

            %%autograd [options]
            loss = (x @ w).relu().sum()

            %autograd [options] loss

        Options: --values --grads (numbers), --formulas, --sources (your lines), --dtypes,
        --health (vanishing and exploding gradients too), --fold, --no-fold (repeated operations as
        one box, or not), --lr (from left to right), and over a cell --player (step by step).
        """
        options, player, rest = parse(line)
        if cell is None:
            return self._line(options, player, rest)
        if rest:
            raise UsageError(f"%%autograd does not know {rest!r}; its options are {known()}")
        if player:
            return self._play(cell)
        since = next_seq()
        value = self._run(cell, "\n")
        found = names_from(None, [self.shell.user_ns])
        roots = last_of(computed_since(since, found, value))
        if roots:
            display(Graph(build(roots, found)).show(**options))
        else:
            print(
                "%%autograd: this cell recorded nothing that is still there. A graph is recorded "
                "when something is computed with a tensor that has requires_grad=True, and a "
                "variable has to hold the result."
            )
        return value

    def _line(self, options: dict[str, Any], player: bool, expression: str) -> Any:
        if player or not expression:
            raise UsageError("write %autograd EXPRESSION, for example: %autograd --values loss")
        value = self._run(expression)
        roots = [t for _, _, t in tensors_in([("it", value)])]
        if not roots:
            raise UsageError(
                f"%autograd shows the graph of a tensor; {expression} is of type "
                f"{type(value).__name__}"
            )
        return Graph(build(roots, names_from(None, [self.shell.user_ns]))).show(**options)

    def _play(self, cell: str) -> Any:
        from ..tape.recorder import record

        with record() as tape:
            value = self._run(cell, "\n")
        display(tape)
        return value

    def _run(self, cell: str, before: str = "") -> Any:
        """Run code in the user's namespace; the value of its last expression, or None.

        before: an empty line in place of the magic, so that the lines keep their numbers.
        Exceptions pass through, so the notebook stops as it does for any cell.
        """
        shell: Any = self.shell
        code = before + shell.transform_cell(cell)
        file = shell.compile.cache(code, shell.execution_count)
        tree = shell.transform_ast(shell.compile.ast_parse(code, filename=file))
        last = tree.body.pop() if tree.body and isinstance(tree.body[-1], ast.Expr) else None
        exec(shell.compile(tree, file, "exec"), shell.user_global_ns, shell.user_ns)
        if last is None:
            return None
        expression = shell.compile(ast.Expression(last.value), file, "eval")
        return eval(expression, shell.user_global_ns, shell.user_ns)


def parse(line: str) -> tuple[dict[str, Any], bool, str]:
    """(options of the picture, whether to play, the rest of the line)."""
    options: dict[str, Any] = {}
    player = False
    rest = line.strip()
    while rest.startswith("--"):
        word, _, rest = rest.partition(" ")
        rest = rest.strip()
        if word == PLAYER:
            player = True
        elif word in OPTIONS:
            options.update(OPTIONS[word])
        else:
            raise UsageError(f"%autograd has no option {word}; there are {known()}")
    return options, player, rest


def known() -> str:
    return " ".join([*OPTIONS, PLAYER])


def computed_since(since: int, names: Names, value: Any) -> list[Tensor]:
    """The tensors recorded since, that a variable holds or that are in ``value``."""
    tensors = [*names.tensors.values(), *[t for _, _, t in tensors_in([("it", value)])]]
    found = {}
    for t in tensors:
        edge = edge_of(t)
        node = edge[0] if type(edge) is tuple else edge
        if node is not None and not isinstance(node, Tensor) and node.seq > since:
            found[edge] = t
    return list(found.values())


def last_of(tensors: list[Tensor]) -> list[Tensor]:
    """Those that none of the others was computed from: the roots of the graph of all."""
    edges = [edge_of(t) for t in tensors]
    used = {e for node in reachable(edges) for e in node.inputs}
    return [t for t, edge in zip(tensors, edges) if edge not in used]
