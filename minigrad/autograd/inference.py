"""The mark of tensors made in ``inference_mode``, and what it forbids."""

from __future__ import annotations

from typing import Any

import numpy as np

from ..core.hooks import Extra
from ..core.modes import grad_mode
from ..core.plans import saving_plan
from ..core.protocols import Carried
from ..core.tensor import Tensor, edge_of, make
from ..faithful.rare_things import rare_while_alive


class SharedExtra(Extra):
    """One Extra for many tensors, that all carry the same; a hook gets its tensor its own."""

    __slots__ = ("__weakref__",)


class Inference(Carried):
    """The mark of tensors made in inference mode."""

    rank = 0

    def apply(self, op: Any, inputs: Any, params: Any, arrays: Any) -> Any:
        """Run ``op`` on inputs some of which were made in inference mode."""
        edges = tuple([edge_of(t) for t in inputs])
        if grad_mode.enabled and any(e is not None for e in edges):
            for i in saving_plan(op, edges)[0]:
                if inputs[i].is_inference():
                    raise RuntimeError(
                        "Inference tensors cannot be saved for backward. Please do not use "
                        "Tensors created in inference mode in computation tracked by autograd. To "
                        "work around this, you can make a clone to get a normal tensor and use it "
                        "in autograd, or use `torch.no_grad()` instead of "
                        "`torch.inference_mode()`."
                    )
        out = op.run(inputs, params, arrays)
        if op.view:
            for t in out if isinstance(out, tuple) else (out,):
                t.extra = SharedExtra(self)
        return out

    def detach(self, t: Tensor) -> Tensor:
        cut = make(t._data)
        cut.extra = SharedExtra(self)
        return cut

    def old(self, x: Tensor) -> Tensor:
        """A copy of ``x`` to compute from while ``x`` is written to."""
        return make(x._data.copy())

    def write(self, x: Tensor, out: Tensor) -> None:
        """Write ``out``, an inference tensor, into ``x``."""
        np.copyto(x._data, out._data, casting="unsafe")
        if not x.is_inference():
            (x if x._owner is None else x._owner)._ver += 1

    def check_writable(self, t: Tensor) -> None:
        """Refuse in-place writes outside of inference mode."""
        if not grad_mode.inference:
            raise RuntimeError(
                "Inplace update to inference tensor outside InferenceMode is not allowed.You can "
                "make a clone to get a normal tensor before doing inplace update.See "
                "https://github.com/pytorch/rfcs/pull/17 for more details."
            )


def new_mark() -> SharedExtra:
    """The Extra of the tensors of one block. ``rare`` knows of it as long as there are any."""
    inference = Inference()
    rare_while_alive(inference)
    return SharedExtra(inference)
