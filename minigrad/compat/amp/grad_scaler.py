"""``amp.GradScaler``: a loss multiplied so that small float16 gradients do not become 0."""

from __future__ import annotations

import warnings
from typing import Any

from ...core.tensor import Tensor
from ...ops.elementwise.logic import isfinite


class GradScaler:
    """Multiplies the loss, divides the gradients again, and adapts the factor.

    In ``step`` a gradient that is infinite or NaN means that the factor was too large: the
    optimizer's step is left out, and ``update`` makes the factor smaller. After
    ``growth_interval`` good steps it makes it larger.

    Args:
        device: 'cpu'; for 'cuda', which there is not, the scaler is switched off, with a warning.
        init_scale: the factor at the start.
        growth_factor, backoff_factor: what the factor is multiplied with.
        growth_interval: the number of good steps after which the factor grows.
        enabled: False: all methods do what the program would do without a scaler.
    """

    def __init__(
        self, device: str = "cuda", init_scale: float = 65536.0, growth_factor: float = 2.0,
        backoff_factor: float = 0.5, growth_interval: int = 2000, enabled: bool = True,
    ) -> None:  # fmt: skip
        if enabled and device == "cuda":
            warnings.warn(
                "torch.cuda.amp.GradScaler is enabled, but CUDA is not available.  Disabling.",
                stacklevel=2,
            )
        self._enabled = enabled and device != "cuda"
        assert growth_factor > 1.0, "The growth factor must be > 1.0."
        assert backoff_factor < 1.0, "The backoff factor must be < 1.0."
        self._scale, self._growth_interval = float(init_scale), growth_interval
        self._growth_factor, self._backoff_factor = growth_factor, backoff_factor
        self._good_steps = 0
        self._used = False  # has anything been scaled?
        # Since the last update, by the id of an optimizer: were its gradients finite?
        self._finite: dict[int, bool] = {}
        self._stepped: set[int] = set()

    def is_enabled(self) -> bool:
        return self._enabled

    def scale(self, outputs: Any) -> Any:
        """A tensor, or each tensor of a list or tuple, times the factor."""
        if not self._enabled:
            return outputs
        if not isinstance(outputs, Tensor):
            return type(outputs)(map(self.scale, outputs))
        self._used = True
        return outputs * self._scale

    def unscale_(self, optimizer: Any) -> None:
        """Divide the gradients by the factor now, say to clip them before ``step``."""
        if not self._enabled:
            return
        self._check_used("unscale_")
        if id(optimizer) in self._finite:
            raise RuntimeError(
                "unscale_() is being called after step()." if id(optimizer) in self._stepped else
                "unscale_() has already been called on this optimizer since the last update()."
            )  # fmt: skip
        finite = True
        for group in optimizer.param_groups:
            for grad in (p.grad.detach() for p in group["params"] if p.grad is not None):
                finite = finite and bool(isfinite(grad).all())
                grad.mul_(1.0 / self._scale)
        self._finite[id(optimizer)] = finite

    def step(self, optimizer: Any, *args: Any, **kwargs: Any) -> Any:
        """``optimizer.step()`` with the gradients divided again, if all of them are finite."""
        if not self._enabled:
            return optimizer.step(*args, **kwargs)
        if "closure" in kwargs:
            raise RuntimeError("Closure use is not currently supported if GradScaler is enabled.")
        self._check_used("step")
        if id(optimizer) in self._stepped:
            raise RuntimeError("step() has already been called since the last update().")
        if id(optimizer) not in self._finite:
            self.unscale_(optimizer)
        self._stepped.add(id(optimizer))
        return optimizer.step(*args, **kwargs) if self._finite[id(optimizer)] else None

    def update(self, new_scale: Any = None) -> None:
        """Adapt the factor to what the steps since the last update have shown, or set it."""
        if not self._enabled:
            return
        self._check_used("update")
        if new_scale is not None:
            self._scale = float(new_scale)
        elif not all(self._finite.values()):
            self._scale *= self._backoff_factor
            self._good_steps = 0
        else:
            assert self._finite, "No inf checks were recorded prior to update."
            self._good_steps += 1
            if self._good_steps == self._growth_interval:
                self._scale *= self._growth_factor
                self._good_steps = 0
        self._finite.clear()
        self._stepped.clear()

    def get_scale(self) -> float:
        """The factor; 1.0 if the scaler is switched off."""
        return self._scale if self._enabled else 1.0

    def state_dict(self) -> dict[str, Any]:
        if not self._enabled:
            return {}
        return {
            "scale": self._scale, "growth_factor": self._growth_factor,
            "backoff_factor": self._backoff_factor, "growth_interval": self._growth_interval,
            "_growth_tracker": self._good_steps,
        }  # fmt: skip

    def load_state_dict(self, state_dict: dict[str, Any]) -> None:
        if not self._enabled:
            return
        if not state_dict:
            raise RuntimeError(
                "The source state dict is empty, possibly because it was saved from a disabled "
                "instance of GradScaler."
            )
        self._scale, self._growth_factor = state_dict["scale"], state_dict["growth_factor"]
        self._backoff_factor = state_dict["backoff_factor"]
        self._growth_interval = state_dict["growth_interval"]
        self._good_steps = state_dict["_growth_tracker"]

    def _check_used(self, name: str) -> None:
        assert self._used, (
            f"Attempted {name} but _scale is None.  This may indicate your script did not use "
            "scaler.scale(loss or outputs) earlier in the iteration."
        )
