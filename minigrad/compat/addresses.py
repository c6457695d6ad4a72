"""Where a module that is imported by another name really is.

``torch.linalg`` and others have an address of their own in PyTorch; pickles of earlier versions
name modules that have moved since; and a program may call this package ``torch``: after
``sys.modules["torch"] = minigrad`` all its modules are found below ``torch``, each of them once.
"""

from __future__ import annotations

import importlib
import sys
from importlib.abc import Loader, MetaPathFinder
from importlib.machinery import ModuleSpec
from types import ModuleType
from typing import Any

from .absent import absent_module
from .earlier_names import MODULES, ROOT

# Names that minigrad has at the top as PyTorch has them, and the files that they stand in.
PYTORCHS = {"functional": "compat.torch_functional", "profiler": "autograd.profiler"}
PYTORCHS |= {name: f"compat.{name}" for name in """
    accelerator amp backends compiler cpu cuda fft jit linalg masked mps multiprocessing signal
    special testing version
""".split()}  # fmt: skip
PYTORCHS["signal.windows"] = "ops.making.signal_windows"
MOVED = PYTORCHS | {name: "compat.earlier_names" for name in MODULES}


def real_name(name: str) -> str | None:
    """The name of the file that a module is in; None if Python finds it without help.

    A name of PyTorch's that minigrad does not have is a name of ``absent`` below.
    """
    package, _, last = name.rpartition(".")
    home = getattr(sys.modules.get(package), "__name__", "")
    if home != ROOT and not home.startswith(f"{ROOT}."):
        return None
    real = f"{home}.{last}"
    inside = real.removeprefix(f"{ROOT}.")
    if inside in MOVED:
        return f"{ROOT}.{MOVED[inside]}"
    return real if home != package or absent_module(inside) else None


class Moved(MetaPathFinder, Loader):
    """Finds the modules of the tables, and gives the one module for all its names."""

    def find_spec(self, name: str, path: Any, target: Any = None) -> ModuleSpec | None:
        real = real_name(name)
        return ModuleSpec(name, self, loader_state=real) if real else None

    def create_module(self, spec: ModuleSpec) -> ModuleType | None:
        return None

    def exec_module(self, module: ModuleType) -> None:
        spec = module.__spec__
        assert spec is not None
        real = spec.loader_state
        package, _, last = spec.name.rpartition(".")
        found = vars(sys.modules[package]).get(last)  # loaded, or made there: backends.cudnn
        if not isinstance(found, ModuleType):
            absent = absent_module(real.removeprefix(f"{ROOT}."))
            found = absent or importlib.import_module(real)
        sys.modules[spec.name] = found  # which is what the import statement then finds


# First, as Python would find a second copy of minigrad/nn/ for the name torch.nn.
sys.meta_path.insert(0, Moved())
