"""Automatic differentiation: ``backward``, ``grad`` and the modes that switch recording."""

from ..faithful.public_names import name_publicly as _name_publicly
from . import forward_ad, functional, grad_mode, graph, profiler
from . import function_in_transforms as _rules  # noqa: F401  (a Function's rules in jvp and vmap)
from .anomaly_mode import detect_anomaly, set_detect_anomaly
from .function import Function
from .gradcheck import gradcheck, gradgradcheck
from .gradients import backward, grad
from .recording_modes import (
    enable_grad,
    inference_mode,
    is_grad_enabled,
    is_inference_mode_enabled,
    no_grad,
    set_grad_enabled,
)
from .saved import SavedTensor
from .switches import (
    _force_original_view_tracking,  # noqa: F401
    is_multithreading_enabled,
    is_view_replay_enabled,
    set_multithreading_enabled,
)
from .variable import Variable

__all__ = [
    "Function", "SavedTensor", "Variable", "backward", "detect_anomaly", "enable_grad",
    "forward_ad", "functional", "grad", "grad_mode", "gradcheck", "gradgradcheck", "graph",
    "inference_mode", "is_grad_enabled", "is_inference_mode_enabled", "is_multithreading_enabled",
    "is_view_replay_enabled", "no_grad", "profiler", "set_detect_anomaly", "set_grad_enabled",
    "set_multithreading_enabled",
]  # fmt: skip

_name_publicly(globals())
