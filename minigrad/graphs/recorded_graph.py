"""The recorded graph as an object to look at: names, shapes, values, gradients, source lines.

``minigrad.graph(loss)`` reads what the engine recorded and never changes it. Every node of the
graph is one tensor of the forward pass: a leaf, a constant, or the result of an operation.
What is made of a graph is written elsewhere, from this interface only, and hung onto the class: its
text (``text.py``), the report of its health (``health.py``) and its pictures (``drawing/``).
"""

from __future__ import annotations

import sys
from collections.abc import Iterator, Sequence
from difflib import get_close_matches
from typing import TYPE_CHECKING, Any

from ..core.node import Node
from ..core.tensor import Tensor, edge_of
from ..faithful import dtypes
from ..faithful.size import Size
from .build import Built, Constant, build, scope_variables
from .names import names_from
from .spelling import shown_params


def graph(
    root: Tensor | Sequence[Tensor], names: Any = None, **picture: Any
) -> Graph:
    r"""The graph of everything that ``root`` was computed from.

    Names are found in the variables of the code that calls ``graph``, also inside lists, dicts and
    objects (``layers[0]``, ``model.fc.weight``); of several, the public one that was defined
    first. A result that no variable holds any more has the name that its source line assigned it
    to, or else its operation's (``mul``, ``mul_2``).

    Args:
        root: a tensor, or several in a list or tuple, of any shape and dtype.
        names: names to use rather than those of your variables: a dict ``{"w": w}``, or a module
            (its ``named_parameters()``). None: your variables' names.
        **picture: options of its pictures, such as ``by``, ``depth`` and ``detail``; see
            :class:`minigrad.drawing.style.Options`.

    Returns:
        A :class:`Graph`, which shows itself as a picture in Jupyter.

    Raises:
        TypeError: ``root`` is not a tensor, or ``names`` neither a dict nor a module.
        ValueError: the list is empty.

    >>> import minigrad as mg
    >>> x = mg.tensor([1.0, 2.0])
    >>> w = mg.tensor([3.0, 4.0], requires_grad=True)
    >>> loss = (x * w).sum()
    >>> g = mg.graph(loss)
    >>> g
    Graph(x, w -> loss: 2 operations)
    >>> g["w"].shape, g["loss"].op, g["loss"].inputs[0].formula
    (torch.Size([2]), 'sum', 'y = a \\odot b')
    >>> loss.backward()
    >>> g["w"].grad
    tensor([1., 2.])

    Source: the idea of a graph read from its root is torchviz's (Zagoruyko 2017).
    """
    roots = [root] if isinstance(root, Tensor) else root
    if not isinstance(roots, (list, tuple)) or not all(isinstance(t, Tensor) for t in roots):
        wrong = next((t for t in roots if not isinstance(t, Tensor)), root) if isinstance(
            roots, (list, tuple)) else root  # fmt: skip
        raise TypeError(
            f"graph(): argument 'root' must be Tensor or a list of Tensors, not "
            f"{type(wrong).__name__}: give the tensor you computed last, for example graph(loss)"
        )
    if not roots:
        raise ValueError("graph() got an empty list of roots: give at least one tensor")
    frame = sys._getframe(1)
    found = names_from(names, scope_variables(frame))
    made = Graph(build(list(roots), found, frame.f_code))
    made.picture = picture
    return made


class Graph:
    """A recorded graph; made by :func:`graph`. Iterates over its nodes, leaves to roots.

    ``graph["w1"]`` is the node of that name, ``graph[w1]`` the node of that tensor. In Jupyter a
    graph shows as a picture. Values are those known when the graph was made, gradients those of
    now, so a graph made before ``backward()`` shows the gradients after it.
    """

    def __init__(self, built: Built) -> None:
        self._b = built
        self._roots = frozenset(built.roots)
        self._index: dict[str, int] = {}  # by name; filled when first asked for
        self._consumers: list[list[int]] | None = None
        self._structure: Any = None  # see structure.py
        self.picture: dict[str, Any] = {}  # options that its pictures have unless told otherwise

    # --- its parts -----------------------------------------------------------------------

    def __len__(self) -> int:
        return len(self._b.keys)

    def __iter__(self) -> Iterator[GraphNode]:
        return (GraphNode(self, i) for i in range(len(self)))

    def __contains__(self, key: object) -> bool:
        if isinstance(key, GraphNode):
            return key._graph is self
        return self._find(key) is not None

    def __getitem__(self, key: str | Tensor) -> GraphNode:
        i = self._find(key)
        if i is not None:
            return GraphNode(self, i)
        if isinstance(key, Tensor):
            raise KeyError("this tensor is not in the graph: no root was computed from it")
        if not isinstance(key, str):
            raise TypeError(
                f"a graph's nodes are found by name or tensor, not by {type(key).__name__}: "
                "list(graph)[0] is the first node, graph.roots[0] the first root"
            )
        close = get_close_matches(key, self._by_name(), n=3) or list(self._by_name())[:5]
        raise KeyError(f"no node is named {key!r}; there are {', '.join(map(repr, close))} ...")

    def at(self, index: int) -> GraphNode:
        """The node number ``index`` in topological order."""
        return GraphNode(self, range(len(self))[index])

    def _by_name(self) -> dict[str, int]:
        if not self._index:
            self._index = {name: i for i, name in enumerate(self._b.names)}
            for i, aliases in self._b.aliases.items():
                for alias in aliases:
                    self._index.setdefault(alias, i)
        return self._index

    def _find(self, key: Any) -> int | None:
        if isinstance(key, str):
            return self._by_name().get(key)
        if not isinstance(key, Tensor):
            return None
        edge = edge_of(key)
        for i, known in enumerate(self._b.keys):
            if edge is None:
                if type(known) is Constant and known.tensor and known.tensor() is key:
                    return i
            elif known is edge or (type(edge) is tuple and type(known) is tuple and known == edge):
                return i
        return None

    @property
    def nodes(self) -> list[GraphNode]:
        """Every node, in topological order: leaves and constants, then operations to the roots."""
        return list(self)

    @property
    def leaves(self) -> list[GraphNode]:
        """The tensors that gradients are accumulated in (``requires_grad=True``)."""
        return [node for node in self.inputs if node.kind == "leaf"]

    @property
    def constants(self) -> list[GraphNode]:
        """The inputs that need no gradient, such as data and numbers."""
        return [node for node in self.inputs if node.kind == "constant"]

    @property
    def inputs(self) -> list[GraphNode]:
        """Leaves and constants together, in the order of their first use."""
        return [GraphNode(self, i) for i in range(self._b.first_op)]

    @property
    def roots(self) -> list[GraphNode]:
        """The nodes of the tensors that the graph was asked for."""
        return [GraphNode(self, i) for i in self._b.roots]

    @property
    def edges(self) -> list[tuple[GraphNode, GraphNode]]:
        """Pairs (input, result), one for each use of an input: ``x * x`` has two."""
        return [(GraphNode(self, j), GraphNode(self, i))
                for i, row in enumerate(self._b.inputs) for j in row]  # fmt: skip

    @property
    def input_lists(self) -> list[tuple[int, ...]]:
        """For each node the indices of its inputs, for code that walks very large graphs."""
        return self._b.inputs

    def consumers(self) -> list[list[int]]:
        """For each node the indices of the nodes it is an input of."""
        if self._consumers is None:
            self._consumers = [[] for _ in range(len(self))]
            for i, row in enumerate(self._b.inputs):
                for j in dict.fromkeys(row):
                    self._consumers[j].append(i)
        return self._consumers

    if TYPE_CHECKING:  # what text.py, health.py and drawing/hung_on.py hang on

        def __getattr__(self, name: str) -> Any: ...


class GraphNode:
    """One tensor of the forward pass, and the operation that made it."""

    __slots__ = ("_graph", "index")

    def __init__(self, graph: Graph, index: int) -> None:
        self._graph = graph  # the graph does not point back, so there is no reference cycle
        self.index = index

    @property
    def _key(self) -> Any:
        return self._graph._b.keys[self.index]

    @property
    def _node(self) -> Node | None:
        """The engine's node; None of a leaf or constant."""
        key = self._key
        if type(key) is tuple:
            return key[0]
        return key if isinstance(key, Node) else None

    def __eq__(self, other: object) -> bool:
        return (isinstance(other, GraphNode) and other._graph is self._graph
                and other.index == self.index)  # fmt: skip

    def __hash__(self) -> int:
        return hash((id(self._graph), self.index))

    @property
    def name(self) -> str:
        """Unique in its graph: your variable's name, or one made from the operation's."""
        return self._graph._b.names[self.index]

    @property
    def aliases(self) -> tuple[str, ...]:
        """Your other names of the same tensor."""
        return self._graph._b.aliases.get(self.index, ())

    @property
    def label(self) -> str:
        """The name to show: as ``name``, but of a plain number the number (names are unique)."""
        key = self._key
        return key.name if type(key) is Constant and key.number else self.name

    @property
    def is_number(self) -> bool:
        """Whether this is a plain number of the source, as 2 in ``x * 2``."""
        key = self._key
        return type(key) is Constant and key.number

    @property
    def kind(self) -> str:
        """'leaf' (accumulates a gradient), 'constant' (needs none), 'op' or 'root'."""
        if self.index < self._graph._b.first_op:
            return "constant" if type(self._key) is Constant else "leaf"
        return "root" if self.index in self._graph._roots else "op"

    @property
    def op(self) -> str | None:
        """The operation's name, such as 'mm'; None of a leaf or constant."""
        return self._graph._b.ops[self.index]

    @property
    def output(self) -> int | None:
        """Which result this is of an operation that has several; else None."""
        key = self._key
        return key[1] if type(key) is tuple else None

    @property
    def params(self) -> dict[str, Any]:
        """The operation's other arguments, such as ``{'dim': 1}``.

        Those that are tensors are inputs, and defaults are left out.
        """
        node = self._node
        return {} if node is None else shown_params(node)

    @property
    def shape(self) -> Size | None:
        """None of a constant that nothing is known about but its name."""
        key = self._key
        shape = key[0].shape[key[1]] if type(key) is tuple else key.shape
        return None if shape is None else Size(shape)

    @property
    def dtype(self) -> dtypes.dtype | None:
        key = self._key
        dtype = key[0].dtype[key[1]] if type(key) is tuple else key.dtype
        return dtype if dtype is None or isinstance(dtype, dtypes.dtype) else dtypes.FROM_NUMPY[
            dtype]  # fmt: skip

    @property
    def value(self) -> Tensor | None:
        """The numbers of the forward pass, if a variable or an operation still has them; else None.

        None also of a tensor that has been written to since, as an optimizer's step does with the
        leaves; :attr:`why_unknown` says so.
        """
        return self._graph._b.value(self.index)

    @property
    def why_unknown(self) -> str:
        """Why there is no ``value``: a few words with your line; '' if that is not known."""
        return self._graph._b.why_unknown(self.index)

    @property
    def grad(self) -> Tensor | None:
        """The accumulated gradient of a leaf, or of a result with ``retain_grad()``."""
        key, node = self._key, self._node
        if isinstance(key, Tensor):
            return key.grad
        if node is None or node.extra is None:
            return None
        reference = node.extra.retain.get(self.output or 0)
        tensor = None if reference is None else reference()
        return None if tensor is None else tensor.grad

    @property
    def formula(self) -> str:
        """LaTeX of the forward pass; '' of a leaf or constant."""
        node = self._node
        return "" if node is None else node.op.formula

    @property
    def vjp_formulas(self) -> dict[str, str]:
        r"""LaTeX of each input's gradient by the input's name; ``\bar y`` is the result's.

        An operation that computes them together has one, under ''.
        """
        node = self._node
        return {} if node is None else dict(node.op.vjp_formulas)

    @property
    def source(self) -> tuple[str, int, str] | None:
        """(file, line number, text) of your line that computed it; None if it is not known."""
        node = self._node
        return None if node is None else self._graph._b.places.find(node).source

    @property
    def place(self) -> Any:
        """Where the source computes it; the same object for all results of one expression."""
        node = self._node
        return None if node is None else self._graph._b.places.find(node)

    @property
    def inputs(self) -> tuple[GraphNode, ...]:
        """The operation's inputs in order, constants among them."""
        return tuple(GraphNode(self._graph, i) for i in self._graph._b.inputs[self.index])

    @property
    def outputs(self) -> tuple[GraphNode, ...]:
        """The nodes that this one is an input of, each once."""
        return tuple(GraphNode(self._graph, i) for i in self._graph.consumers()[self.index])
