"""The identity with a node of its own, for a module's backward hooks to stand at."""

from __future__ import annotations

import numpy as np

from ...core.op import Op


class BackwardHookFunction(Op):
    """Passes tensors on unchanged; their gradients come by together.

    The results are copies: were they the same memory, writing into one in place would go unnoticed
    by the node that had saved it.
    """

    formula = r"y_i = x_i"
    title = "BackwardHookFunctionBackward"
    multi_output = True

    def forward(*x):
        return tuple(np.array(a) for a in x)

    def vjp(g, needs, xp):
        r"\bar x_i = \bar y_i"
        return g
