"""Derivatives that PyTorch does not have: the result requires grad, the backward pass refuses.

Without a node, ``x * (x // 2)`` would silently get the gradient of its first factor only.
"""

from __future__ import annotations

from typing import Any, NoReturn

from ..core.modes import grad_mode
from ..core.op import Op, apply
from ..core.tensor import Tensor

NOT_IMPLEMENTED = "torch::autograd::NotImplemented"  # PyTorch's node for it
ADVICE = "use x.detach() where its gradient is not to count"


def missing(name: str, advice: str = ADVICE) -> Any:
    """The vjp of an operation that PyTorch has no derivative of."""

    def vjp(g: Any) -> NoReturn:
        r"\text{not implemented}"
        raise RuntimeError(f"derivative for aten::{name} is not implemented: {advice}")

    return vjp


class Found(Op):
    """What NumPy has found in its inputs, without a rule for the gradient."""

    formula = r"y = \text{found in } x"

    def forward(*inputs, found, _node="", _words="", _written=""):
        return found

    def vjp(g, needs, _words):
        r"\text{not implemented}"
        raise (RuntimeError if _words.startswith("derivative") else NotImplementedError)(_words)

    @classmethod
    def node_name(cls, node: Any) -> str:
        name: str = node.params["_node"]
        return name


def found(array: Any, inputs: tuple[Tensor, ...], function: str, node: str = "") -> Tensor:
    """The result ``array`` of a function whose backward pass refuses.

    node: PyTorch's name, where the function has a node of its own there.
    """
    words = f"the derivative for '{function}' is not implemented." if node else (
        f"derivative for aten::{function} is not implemented: {ADVICE}"
    )  # fmt: skip
    written = function.strip("_").removesuffix("2").removesuffix("_dim")  # as users write it
    params = {"found": array, "_node": node or NOT_IMPLEMENTED, "_words": words,
              "_written": written}  # fmt: skip
    result: Tensor = apply(Found, inputs, params)
    return result


class Unrecorded:
    """Nothing is recorded, and no history ends: for what PyTorch writes without noticing."""

    def __enter__(self) -> None:
        self.before = grad_mode.enabled
        grad_mode.enabled = False

    def __exit__(self, *exc: object) -> None:
        grad_mode.enabled = self.before
