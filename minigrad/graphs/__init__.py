"""What was recorded, to look at: ``mg.graph(loss)`` and ``mg.check(loss)``. Nothing is changed.

The engine's nodes know only what a gradient needs. Here they get the user's names and lines of
source, and become a ``Graph`` of plain lists that every other package above reads.

Read in this order:

* ``recorded_graph`` ``Graph`` and its nodes: the interface
* ``build``          from the engine's nodes to the graph's lists
* ``structure``      the calls of modules and functions that made it
* ``names``          the user's variables, as names of tensors
* ``source``         what the user's source says about an operation
* ``text``           a graph as text, JSON and for networkx
* ``flow``           gradients on their way through a graph, for looking
* ``backward_graph`` what the backward pass walks: grad_fns, and what each saved
* ``paths``          the paths from a root to a tensor (for ``mg.explain``)
* ``health``         NaN, infinity, vanishing and exploding gradients: ``mg.check``
* ``part``           what is around some nodes, as a graph of its own
* ``failure``        the graph around an error of ``backward()``
"""

from . import health, structure, text  # noqa: F401  (they hang methods onto Graph)
