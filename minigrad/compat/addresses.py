"""Where a module that is imported by another name really is.

``torch.linalg`` and others have an address of their own in PyTorch; and pickles of earlier versions
name modules that have moved since. The table is looked at only when Python finds no file of that
name.
"""

from __future__ import annotations

import importlib
import sys
from importlib.abc import Loader, MetaPathFinder
from importlib.machinery import ModuleSpec
from types import ModuleType
from typing import Any

from .earlier_names import MODULES, ROOT

PYTORCHS = (
    "accelerator", "backends", "cuda", "fft", "linalg", "masked", "signal", "special", "testing",
)  # fmt: skip
MOVED = {name: f"compat.{name}" for name in PYTORCHS}
MOVED["signal.windows"] = "ops.making.signal_windows"
MOVED |= {name: "compat.earlier_names" for name in MODULES}


class Moved(MetaPathFinder, Loader):
    """Finds the modules of the table, and gives the one module for both names."""

    def find_spec(self, name: str, path: Any, target: Any = None) -> ModuleSpec | None:
        package, _, inside = name.partition(".")
        # By the place where it is looked for: a program may call this package torch.
        ours = package == ROOT or path is sys.modules[ROOT].__path__
        return ModuleSpec(name, self) if ours and inside in MOVED else None

    def create_module(self, spec: ModuleSpec) -> ModuleType | None:
        return None

    def exec_module(self, module: ModuleType) -> None:
        real = importlib.import_module(f"{ROOT}.{MOVED[module.__name__.partition('.')[2]]}")
        sys.modules[module.__name__] = real  # which is what the import statement then finds


sys.meta_path.append(Moved())
