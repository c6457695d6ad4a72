"""What pickles of version 0.1.0 name by modules that are no longer there.

All those modules are this one: a name that is asked for is the public name of today, or stands in
the table. Pickles of today name public addresses (see ``faithful/public_names.py``), which stay.
"""

import importlib
import sys
from typing import Any

from ..ops import elementwise

ROOT = __name__.split(".")[0]
MODULES = """
    dtypes graph_health graph_record graph_tape hooks methods_more printing tensor_types
    autograd.modes func.modules
    ops.activations ops.bessel ops.complex ops.creation ops.einsum ops.elementary ops.elementwise
    ops.exponentials ops.grids ops.inplace ops.joining ops.logic ops.matrix_functions ops.norms
    ops.numeric ops.pieces ops.products ops.rearrange ops.rounding ops.select ops.shape ops.solvers
    ops.sorting ops.special ops.statistics ops.trigonometry
""".split()
# Known from the start: imported as modules, they would take the place of the functions mg.tensor,
# mg.graph ... (the import statement sets a module as the attribute of its package).
FUNCTIONS = "tensor graph capture exercise autograd.backward".split()
ELSEWHERE = {
    "Device": "device", "Layout": "layout", "LinAlgError": "linalg.LinAlgError",
    "functional_call": "func.functional_call", "stack_module_state": "func.stack_module_state",
    "RemovableHandle": "utils.hooks.RemovableHandle", "backward": "autograd.backward",
    "bool_": "bool", "grad": "autograd.grad", "rebuild": "_rebuild_tensor",
}  # fmt: skip


def __getattr__(name: str) -> Any:
    if name.startswith("__"):  # asked by Python about the module itself
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    space, _, name = ELSEWHERE.get(name, name).rpartition(".")
    return getattr(importlib.import_module(f"{ROOT}.{space}".rstrip(".")), name)


elementwise.__getattr__ = __getattr__  # type: ignore  # a package that has an old module's name
for _name in FUNCTIONS:
    sys.modules[f"{ROOT}.{_name}"] = sys.modules[__name__]
