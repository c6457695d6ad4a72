"""Where a module that is imported by another name really is.

``torch.linalg`` and others have an address of their own in PyTorch; and pickles and files of
earlier versions name modules that have moved since. The table says where each is now; it is looked
at only when Python finds no file of that name.
"""

from __future__ import annotations

import importlib
import sys
from importlib.abc import Loader, MetaPathFinder
from importlib.machinery import ModuleSpec
from types import ModuleType
from typing import Any

ROOT = __name__.split(".")[0]
PYTORCHS = {name: f"compat.{name}" for name in
            ("accelerator", "backends", "cuda", "linalg", "special", "testing")}  # fmt: skip
# What pickles of version 0.1.0 can name.
EARLIER = {
    "dtypes": "faithful.dtypes",
    "tensor_types": "compat.earlier_names",
    "methods_more": "compat.earlier_names",
}
MOVED = PYTORCHS | EARLIER


class Moved(MetaPathFinder, Loader):
    """Finds the modules of the table, and gives the one module for both names."""

    def find_spec(self, name: str, path: Any, target: Any = None) -> ModuleSpec | None:
        package, _, rest = name.partition(".")
        return ModuleSpec(name, self) if package == ROOT and rest in MOVED else None

    def create_module(self, spec: ModuleSpec) -> ModuleType | None:
        return None

    def exec_module(self, module: ModuleType) -> None:
        name = module.__name__
        real = importlib.import_module(f"{ROOT}.{MOVED[name.partition('.')[2]]}")
        sys.modules[name] = real  # which is what the import statement then finds


sys.meta_path.append(Moved())
