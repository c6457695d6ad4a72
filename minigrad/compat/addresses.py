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
        # By the place where it is looked for: a program may call this package torch.
        here = path is not None and path is sys.modules[ROOT].__path__
        return ModuleSpec(name, self) if here and last_part(name) in MOVED else None

    def create_module(self, spec: ModuleSpec) -> ModuleType | None:
        return None

    def exec_module(self, module: ModuleType) -> None:
        real = importlib.import_module(f"{ROOT}.{MOVED[last_part(module.__name__)]}")
        sys.modules[module.__name__] = real  # which is what the import statement then finds


def last_part(name: str) -> str:
    return name.rpartition(".")[2]


sys.meta_path.append(Moved())
