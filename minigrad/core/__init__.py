"""READ THIS FIRST: what makes a gradient, in seven files, in this order.

``node``: one recorded operation and its edges. Look for the four things that an edge can be, for
why edges that point only backwards in time make a graph without cycles, and for how little a node
keeps: it is all that is left of the forward pass.

``tensor``: an array, the edge to the operation that made it, a gradient. Look for ``edge_of``: it
says what an operation on this tensor will point back to, and so where a graph ends.

``formulas``: the functions ``xp`` that gradients are written with, once for arrays and once for
tensors. Look for why one line of a formula serves first and second derivatives, and for how
``sum_to`` undoes broadcasting.

``op``: an operation as a class, with its forward and a vjp for each input. Look for ``apply``,
which runs it, and for ``record``, which makes the node and keeps just what the vjps will ask for
by name.

``elementwise``: how ``x * 2.0`` and ``x * y`` of two dtypes become one operation on two tensors.

``first_ops``: a dozen operations. Look at ``Mul``, ``Sum`` and ``Mm`` until their vjps are obvious:
each other operation of the package, in ``ops/``, is written like these.

``backward``: which nodes a gradient can reach, the walk from the last of them to the first, and how
leaves accumulate what arrives. Look for why sorting by time is enough, and why nothing recurses.

What only makes this fast, or serves rare modes, stands beside it and may be skipped at first:
``plans``, ``fast_vjps``, ``fast_elementwise``, ``fast_kernels``, ``formula_ops``, ``views``,
``hooks``, ``shown_gradients``, ``needed``, ``saved_values``, ``modes``, ``source_lines``,
``slots``, ``protocols``, ``method_names``, ``deep_graphs``, and for pictures of the graph
``constants``. The folder imports NumPy, the standard library and itself: it runs when copied alone.
"""

from . import backward, first_ops  # with these, tensors have operators and backward()
from .node import Node
from .tensor import Tensor, leaf, make

READING_ORDER = ("node", "tensor", "formulas", "op", "elementwise", "first_ops", "backward")
