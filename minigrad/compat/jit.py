"""``mg.jit``: PyTorch's older compiler. Functions and modules run here as they are."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from ..faithful.public_names import name_publicly as _name_publicly
from .absent import Absent

_FILES = "save model.state_dict() with save(), and load() it into a module made by its class"
load = Absent("torch.jit.load", _FILES)
save = Absent("torch.jit.save", _FILES)
ScriptModule = Absent("torch.jit.ScriptModule", "use nn.Module")
ScriptFunction = Absent("torch.jit.ScriptFunction", "use the function itself")


def script(obj: Any, *args: Any, **named: Any) -> Any:
    """The function, class or module itself, which runs as it is."""
    return obj


def trace(func: Any, example_inputs: Any = None, *args: Any, **named: Any) -> Any:
    """The function or module itself.

    In PyTorch the result repeats what was computed for ``example_inputs``, whichever branch an
    ``if`` takes for other inputs. Here every input takes its own branch.
    """
    return func


def unused(fn: Callable[..., Any]) -> Callable[..., Any]:
    """The function itself."""
    return fn


export = script_if_tracing = freeze = optimize_for_inference = unused


def ignore(drop: Any = False, **named: Any) -> Any:
    """The function itself; called with settings, a decorator."""
    return drop if callable(drop) else unused


def annotate(the_type: Any, the_value: Any) -> Any:
    """The value."""
    return the_value


def is_scripting() -> bool:
    return False


is_tracing = is_scripting

_name_publicly(globals())
