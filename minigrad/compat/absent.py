"""Parts of PyTorch that minigrad does not have: they can be imported, and say so when used.

Many programs import more than they need. So the import is no error, and the call is one, of one
sentence that names what to use.
"""

from __future__ import annotations

from functools import cache
from types import ModuleType
from typing import Any, NoReturn

from .earlier_names import ROOT

# The modules, with all that is inside them, and what to do without.
INSTEAD = {
    "ao": "minigrad computes with float32 and its like, not with quantized numbers",
    "distributed": "minigrad trains in one process; leave this part of the program out",
    "export": "minigrad has no exported programs; save model.state_dict() with save()",
    "futures": "minigrad computes at once; call the function itself",
    "fx": "minigrad does not rewrite programs; graph(loss) shows what was computed",
    "hub": "minigrad loads nothing from the net; read a downloaded state_dict with load()",
    "library": "write the operation as an autograd.Function",
    "masked": "minigrad has no masked tensors; use where() or masked_fill()",
    "nested": "minigrad has no nested tensors; use nn.utils.rnn.pad_sequence()",
    "nn.parallel.distributed": "minigrad trains in one process; call the module itself",
    "onnx": "ONNX files need PyTorch; save model.state_dict() with save() and load it there",
    "package": "save model.state_dict() with save()",
    "quantization": "minigrad computes with float32 and its like, not with quantized numbers",
    "sparse": "minigrad has no sparse tensors; use a dense one",
    "utils.bottleneck": "use Python's cProfile",
    "utils.cpp_extension": "minigrad compiles nothing; write an autograd.Function in Python",
    "utils.flop_counter": "minigrad counts no operations; record() shows which there were",
    "utils.mobile_optimizer": "minigrad has no mobile form; save model.state_dict() with save()",
    "utils.model_zoo": "minigrad loads nothing from the net; read a downloaded file with load()",
    "utils.tensorboard": "keep the losses in a LossRecorder and draw them with plot_loss()",
    "xpu": "minigrad runs on the CPU only",
}


class Absent:
    """A name of PyTorch's that minigrad does not have.

    It can be imported, stand in annotations and be looked into. To call it, or to make a class of
    it, is a NotImplementedError.
    """

    def __init__(self, address: str, instead: str) -> None:
        self._address, self._instead = address, instead

    def __call__(self, *args: Any, **named: Any) -> NoReturn:
        raise NotImplementedError(f"{self._address} is not in minigrad: {self._instead}")

    __mro_entries__ = __call__  # class Mine(fx.Tracer)

    def __getattr__(self, name: str) -> Absent:
        if name.startswith("__"):  # asked by Python, for copy() and the like
            raise AttributeError(name)
        return Absent(f"{self._address}.{name}", self._instead)

    def __or__(self, other: Any) -> Any:  # fx.Node | None, and Future[int], in annotations
        return Any

    __ror__ = __getitem__ = __or__

    def __instancecheck__(self, thing: Any) -> bool:
        return False  # as there is none

    def __repr__(self) -> str:
        return f"<{self._address}, which is not in minigrad: {self._instead}>"


class AbsentModule(ModuleType):
    """A module of PyTorch's that minigrad does not have: every name in it is ``Absent``."""

    __path__: list[str] = []  # so that what is inside can be imported too

    def __init__(self, address: str, instead: str) -> None:
        super().__init__(f"{ROOT}.{address}", f"Not in minigrad: {instead}.")
        self._address, self._instead = f"torch.{address}", instead

    def __getattr__(self, name: str) -> Absent | bool | type:
        if name.startswith("__"):
            raise AttributeError(f"module {self.__name__!r} has no attribute {name!r}")
        return Absent(f"{self._address}.{name}", self._instead)

    def is_available(self) -> bool:
        """False, for programs that ask first."""
        return False

    is_initialized = is_available


@cache
def absent_module(address: str) -> AbsentModule | None:
    """The module of an address below ``minigrad`` that stands in the table, or inside one of it."""
    parts = address.split(".")
    for end in range(1, len(parts) + 1):
        instead = INSTEAD.get(".".join(parts[:end]))
        if instead:
            return AbsentModule(address, instead)
    return None
