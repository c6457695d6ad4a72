"""``autograd.grad_mode``: where many programs import the modes of recording_modes.py from."""

from .recording_modes import enable_grad, inference_mode, no_grad, set_grad_enabled

__all__ = ["enable_grad", "inference_mode", "no_grad", "set_grad_enabled"]
