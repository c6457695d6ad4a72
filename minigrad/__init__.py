"""minigrad: automatic differentiation to look at.

``import minigrad as torch``: PyTorch's names, numbers, messages, on NumPy.

>>> import minigrad as torch
>>> w = torch.tensor([1.0, 2.0], requires_grad=True)
>>> loss = (w * w).sum()
>>> loss.backward()
>>> w.grad
tensor([2., 4.])

See what happened::

    minigrad.graph(loss)     the recorded graph, leaves to roots: a picture
    minigrad.explain(loss)   the chain rule of this very graph, with numbers
    minigrad.check(loss)     where NaN begins, which gradients vanish
    minigrad.record()        with it as tape: a player of what happened
    minigrad.track(range(9)) a loop with its progress and its losses

Everything else is where PyTorch has it: tensors and their functions here
(most are methods too: ``x.exp()``), modules in ``nn``, optimizers in
``optim``, data sets and loaders in ``utils.data``, derivatives of
functions in ``func`` and ``autograd``; ``linalg``, ``special``,
``distributions``, ``random``, ``testing``; ``save`` and ``load``. For a
class of learners there are ``exercise`` and ``classroom``.

``help(minigrad.exp)`` shows one function with an example. To read how it
works, begin with ``minigrad/core/__init__.py``.
"""

import importlib as _importlib
import warnings as _warnings
from math import e, inf, nan, pi
from typing import TYPE_CHECKING as _TYPE_CHECKING

from . import autograd, func, random
from . import faithful as _faithful
from . import tensors as _tensors
from .autograd import (
    enable_grad,
    inference_mode,
    is_grad_enabled,
    is_inference_mode_enabled,
    no_grad,
    set_grad_enabled,
)
from .autograd.anomaly_mode import is_anomaly_check_nan_enabled, is_anomaly_enabled
from .autograd.recording_modes import is_inference
from .compat import addresses as _addresses
from .compat import settings as _settings
from .compat import top_level_functional as _top_level_functional
from .compat.checking import (
    _assert_async,
    _check,
    _check_index,
    _check_not_implemented,
    _check_tensor_all,
    _check_type,
    _check_value,
    _check_with,
)
from .compat.settings import *
from .compat.top_level_functional import *
from .core.tensor import Tensor
from .faithful import *
from .faithful.hang_on import html_of as _html_of
from .faithful.public_names import name_publicly as _name_publicly
from .func import vmap
from .ops import public as _ops
from .ops.public import *
from .ops.shaping.copied_views import NAMES as _COPIED_VIEWS
from .ops.shaping.copied_views import copied as _copied
from .random.draws import (
    Generator,
    bernoulli,
    default_generator,
    get_rng_state,
    initial_seed,
    manual_seed,
    multinomial,
    normal,
    rand,
    rand_like,
    randint,
    randint_like,
    randn,
    randn_like,
    randperm,
    seed,
    set_rng_state,
)
from .refusals.refusing import check_functions as _check_functions
from .refusals.refusing import check_methods as _check_methods
from .replay.freed_memory import collect_less_often as _collect_less_often
from .replay.freed_memory import keep_freed_memory as _keep_freed_memory
from .tensors import *
from .tensors.copies import _rebuild_tensor
from .tensors.in_place import IN_PLACE_FUNCTIONS as _IN_PLACE_FUNCTIONS

if _TYPE_CHECKING:
    from . import classroom, distributions, nn, optim, serialization, utils
    from .classroom.exercise import exercise
    from .compat import accelerator, backends, cuda, fft, linalg, masked, signal, special, testing
    from .compat.amp.autocast_mode import autocast, is_autocast_enabled
    from .compat.amp.grad_scaler import GradScaler
    from .compat.compiler import compile
    from .drawing.explain import explain
    from .drawing.loss import LossRecorder, plot_loss, track
    from .graphs.health import check
    from .graphs.recorded_graph import Graph, graph
    from .jupyter.extension import load_ipython_extension, unload_ipython_extension
    from .nn.functional import rrelu
    from .replay.capture import capture
    from .serialization.saving import load, save
    from .tape.recorder import record
    from .tape.tape import Tape

__version__ = "0.1.0"

newaxis = None

__all__ = [
    "Generator", "GradScaler", "Graph", "LossRecorder", "Tape", "Tensor", "accelerator", "autocast",
    "autograd", "backends", "bernoulli", "capture", "check", "classroom", "compile", "cuda",
    "default_generator", "distributions", "e", "enable_grad", "exercise", "explain", "fft", "func",
    "get_rng_state", "graph", "inf", "inference_mode", "initial_seed",
    "is_anomaly_check_nan_enabled", "is_anomaly_enabled", "is_autocast_enabled", "is_grad_enabled",
    "is_inference", "is_inference_mode_enabled", "linalg", "load", "load_ipython_extension",
    "manual_seed", "masked", "multinomial", "nan", "newaxis", "nn", "no_grad", "normal", "optim",
    "pi", "plot_loss", "rand", "rand_like", "randint", "randint_like", "randn", "randn_like",
    "random", "randperm", "record", "rrelu", "save", "seed", "serialization", "set_grad_enabled",
    "set_rng_state", "signal", "special", "testing", "track", "unload_ipython_extension", "utils",
    "vmap",
]  # fmt: skip
__all__ += _faithful.__all__
__all__ += _tensors.__all__
__all__ += _settings.__all__
__all__ += _top_level_functional.__all__
__all__ += _ops.__all__

# torch.exp_(x) is x.exp_(), and so on.
for _name in _IN_PLACE_FUNCTIONS:
    globals()[_name] = getattr(Tensor, _name)
__all__ += _IN_PLACE_FUNCTIONS
for _name in _COPIED_VIEWS:
    globals()[_name] = _copied(getattr(Tensor, _name.removesuffix("_copy")))
__all__ += _COPIED_VIEWS

# Loaded when first used, so that ``import minigrad`` stays light: namespaces, and by their module
# the names that look at what happened.
_NAMESPACES = (
    "accelerator", "backends", "classroom", "cuda", "distributions", "fft", "linalg", "masked",
    "nn", "optim", "serialization", "signal", "special", "testing", "utils",
)  # fmt: skip
_LATER = {
    "graphs.recorded_graph": "Graph graph", "graphs.health": "check", "tape.tape": "Tape",
    "tape.recorder": "record", "drawing.explain": "explain", "replay.capture": "capture",
    "drawing.loss": "LossRecorder plot_loss track", "classroom.exercise": "exercise",
    "jupyter.extension": "load_ipython_extension unload_ipython_extension",
    "serialization.saving": "load save", "compat.compiler": "compile",
    "compat.amp.autocast_mode": "autocast is_autocast_enabled",
    "compat.amp.grad_scaler": "GradScaler",
}  # fmt: skip
_MODULE_OF = {name: module for module, names in _LATER.items() for name in names.split()}


if not _TYPE_CHECKING:  # type checkers know all names, and shall not believe in any other

    def __getattr__(name: str) -> object:
        if name in _NAMESPACES or name in _addresses.PYTORCHS or _addresses.absent_module(name):
            return _importlib.import_module(f"{__name__}.{name}")
        if name == "rrelu":  # which is from nn.functional, and says so
            return _importlib.import_module(".nn", __name__).functional.rrelu
        if name not in _MODULE_OF:
            raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
        module = _MODULE_OF[name]
        if not module.startswith(("serialization", "replay", "compat")):
            from .drawing import hung_on  # noqa: F401  (gives graphs and tapes their pictures)
        value = getattr(_importlib.import_module(f"{__name__}.{module}"), name)
        _name_publicly({"__name__": __name__, "__all__": [name], name: value})
        globals()[name] = value
        return value


def _module_html(module: object) -> str:
    """A module as a notebook shows it; what draws it is loaded then."""
    from .drawing.module_tree import module_html

    return module_html(module)


_html_of["Module"] = _module_html


def __dir__() -> list[str]:
    """What is public, loaded or not; the packages inside can be imported, and are not shown."""
    return sorted({*__all__, *(name for name in globals() if name.startswith("__"))})


# Wrong arguments are refused in PyTorch's words (see refusals/).
_check_functions(globals())
_check_methods(Tensor)
_name_publicly(globals())

# As in PyTorch, 1 / 0 is inf without a word. NumPy warns; its warnings about sums in minigrad's own
# modules are not shown. (np.errstate around every operation would cost as much as the operation.)
_warnings.filterwarnings("ignore", category=RuntimeWarning, module=r"minigrad\.")

_keep_freed_memory()
_collect_less_often()
