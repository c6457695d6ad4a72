"""Public functions and classes say where a user finds them: ``mg.add`` is ``minigrad.add``.

In which file they stand is nobody's business but a reader's; messages, ``help`` and pickles name
the public address, which stays when files are moved. (For the file of a function there are
``inspect.getsource`` and ``f.__code__``. Of a class Python knows only the module that it says it is
from, so ``inspect.getsource(mg.nn.Linear)`` finds nothing: read ``mg.nn.Linear.forward``.)
"""

from __future__ import annotations

import sys
from types import FunctionType
from typing import Any


def name_publicly(namespace: dict[str, Any]) -> None:
    """Let what is public in a module, and is ours, say that it is from there.

    What is public in ``minigrad`` itself and in a namespace too is from ``minigrad``.
    """
    address = namespace["__name__"].replace(".compat.", ".")  # minigrad.compat.linalg ...
    package = address.partition(".")[0]
    top = vars(sys.modules[package])
    for name in namespace.get("__all__", list(namespace)):
        thing = namespace.get(name)  # None: it is loaded when first used
        if name.startswith("_") or not isinstance(thing, (type, FunctionType)):
            continue
        if thing.__module__.partition(".")[0] != package:
            continue
        if top is not namespace and top.get(thing.__name__) is thing:
            continue
        if hasattr(thing, "__wrapped__"):  # made for this name: special.expit around sigmoid
            thing.__name__ = name
        if thing.__name__ != name:
            continue  # a second name, such as trapz for trapezoid
        if isinstance(thing, FunctionType):
            thing.__qualname__ = name
        thing.__module__ = address
