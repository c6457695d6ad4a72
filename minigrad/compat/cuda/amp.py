"""``cuda.amp``: mixed precision on a GPU. There is none, so both are switched off."""

from functools import partial

from ..amp import autocast_mode, grad_scaler

__all__ = ["GradScaler", "autocast"]

autocast = partial(autocast_mode.autocast, "cuda")
GradScaler = partial(grad_scaler.GradScaler, "cuda")
