"""``mg.backends``: other ways to compute, none of which is here, for programs that ask.

>>> import minigrad as mg
>>> mg.backends.cudnn.is_available()
False
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from types import ModuleType
from typing import Any

from ..faithful.public_names import name_publicly as _name_publicly

__path__: list[str] = []  # so that ``import minigrad.backends.cudnn`` looks inside


class Backend(ModuleType):
    """A library that PyTorch can compute with. Settings can be made, and have no effect."""

    enabled = False
    deterministic = False
    benchmark = False
    allow_tf32 = False

    def __init__(self, name: str) -> None:
        super().__init__(f"{__name__}.{name}")
        if name == "cuda":
            self.matmul = Backend("matmul")

    def is_available(self) -> bool:
        return False

    is_built = is_available

    def version(self) -> None:
        """None, as there is none."""

    @contextmanager
    def flags(self, *args: Any, **named: Any) -> Iterator[None]:
        """A block with other settings, without effect."""
        yield

    set_flags = flags


mps, cudnn, cuda = Backend("mps"), Backend("cudnn"), Backend("cuda")
mkl, mkldnn, openmp, opt_einsum = map(Backend, ("mkl", "mkldnn", "openmp", "opt_einsum"))


_name_publicly(globals())
