"""Averages of a model's weights over training: stochastic weight averaging, exponential averages.

The averaged model often does better on new data than the last one. Sources: Izmailov et al. 2018
(averaging weights), Polyak and Juditsky 1992 (averaging at all). The interface is PyTorch's.
"""

from __future__ import annotations

import itertools
import math
from collections.abc import Callable
from copy import deepcopy
from typing import Any

from ..autograd.recording_modes import no_grad
from ..core.tensor import Tensor
from ..faithful import dtypes
from ..nn.module import Module
from ..nn.normalisation import BatchNorm1d, BatchNorm2d, BatchNorm3d
from ..ops.making.creation import tensor
from .lr_scheduler.base import LRScheduler, for_each_group
from .optimizer import Optimizer

__all__ = [
    "AveragedModel", "SWALR", "get_ema_avg_fn", "get_ema_multi_avg_fn", "get_swa_avg_fn",
    "get_swa_multi_avg_fn", "update_bn",
]  # fmt: skip


def check_decay(decay: float) -> None:
    if decay < 0.0 or decay > 1.0:
        raise ValueError(
            f"Invalid decay value {decay} provided. Please provide a value in [0,1] range."
        )


def get_ema_multi_avg_fn(decay: float = 0.999) -> Callable[..., None]:
    """The exponential moving average of lists of tensors, in place; for ``AveragedModel``.

    average = decay * average + (1 - decay) * new. ValueError if decay is not between 0 and 1.
    """
    check_decay(decay)

    @no_grad()
    def ema_update(averaged: Any, current: Any, num_averaged: Any) -> None:
        for average, new in zip(averaged, current, strict=True):
            if average.is_floating_point() or average.is_complex():
                average.lerp_(new, 1 - decay)
            else:
                average.copy_(average * decay + new * (1 - decay))

    update: Callable[..., None] = ema_update
    return update


def get_swa_multi_avg_fn() -> Callable[..., None]:
    """The plain average of lists of tensors, in place: each new one counts 1 / (n + 1)."""

    @no_grad()
    def swa_update(averaged: Any, current: Any, num_averaged: Any) -> None:
        for average, new in zip(averaged, current, strict=True):
            if average.is_floating_point() or average.is_complex():
                average.lerp_(new, float(1 / (num_averaged + 1)))
            else:  # whole numbers, rounded towards 0
                average.copy_(average + (new - average) / (num_averaged + 1))

    update: Callable[..., None] = swa_update
    return update


def get_ema_avg_fn(decay: float = 0.999) -> Callable[..., Tensor]:
    """The exponential moving average of one tensor; see :func:`get_ema_multi_avg_fn`."""
    check_decay(decay)

    @no_grad()
    def ema_update(average: Tensor, new: Tensor, num_averaged: Any) -> Tensor:
        return decay * average + (1 - decay) * new

    update: Callable[..., Tensor] = ema_update
    return update


def get_swa_avg_fn() -> Callable[..., Tensor]:
    """The plain average of one tensor; see :func:`get_swa_multi_avg_fn`."""

    @no_grad()
    def swa_update(average: Tensor, new: Tensor, num_averaged: Any) -> Tensor:
        return average + (new - average) / (num_averaged + 1)

    update: Callable[..., Tensor] = swa_update
    return update


class AveragedModel(Module):
    """A copy of ``model`` whose parameters are averages of what ``model``'s were.

    Call ``update_parameters(model)`` after each step or epoch of training. The first call copies;
    each later one averages, equally or by ``avg_fn(average, new, n)`` or
    ``multi_avg_fn(averages, news, n)`` (in place). use_buffers: average the buffers too, instead
    of copying them.

    >>> import minigrad as mg
    >>> model = mg.nn.Linear(1, 1, bias=False)
    >>> averaged = mg.optim.swa_utils.AveragedModel(model)
    >>> for value in (1.0, 2.0, 6.0):
    ...     _ = mg.nn.init.constant_(model.weight, value)
    ...     averaged.update_parameters(model)
    >>> averaged.module.weight, averaged.n_averaged
    (Parameter containing:
    tensor([[3.]], requires_grad=True), tensor(3))
    """

    n_averaged: Tensor

    def __init__(
        self, model: Module, device: Any = None, avg_fn: Any = None, multi_avg_fn: Any = None,
        use_buffers: bool = False,
    ) -> None:  # fmt: skip
        super().__init__()
        if avg_fn is not None and multi_avg_fn is not None:
            raise AssertionError("Only one of avg_fn and multi_avg_fn should be provided")
        self.module = deepcopy(model)
        if device is not None:
            self.module = self.module.to(device)
        self.register_buffer("n_averaged", tensor(0, dtype=dtypes.int64, device=device))
        self.avg_fn = avg_fn
        self.multi_avg_fn = multi_avg_fn
        self.use_buffers = use_buffers

    def forward(self, *args: Any, **kwargs: Any) -> Any:
        return self.module(*args, **kwargs)

    def update_parameters(self, model: Module) -> None:
        """Let the present parameters of ``model`` count in the averages."""
        averages: list[Tensor] = [
            p.detach() for p in averaged_tensors(self.module, self.use_buffers)
        ]
        news = [p.detach() for p in averaged_tensors(model, self.use_buffers)]
        if int(self.n_averaged) == 0:
            for average, new in zip(averages, news):
                average.copy_(new)
        elif self.avg_fn is not None:
            for average, new in zip(averages, news):
                average.copy_(self.avg_fn(average, new, self.n_averaged))
        else:
            update = self.multi_avg_fn or get_swa_multi_avg_fn()
            # As in PyTorch, the function gets tensors of one dtype at a time.
            for dtype in dict.fromkeys(average.dtype for average in averages):
                chosen = [(a, new) for a, new in zip(averages, news) if a.dtype == dtype]
                update([a for a, _ in chosen], [new for _, new in chosen], self.n_averaged)
        if not self.use_buffers:
            for mine, its in zip(self.module.buffers(), model.buffers(), strict=True):
                mine.detach().copy_(its.detach())
        self.n_averaged += 1


def averaged_tensors(model: Module, use_buffers: bool) -> Any:
    """What is averaged of a model."""
    buffers = model.buffers() if use_buffers else ()
    return itertools.chain(model.parameters(), buffers)


@no_grad()
def update_bn(loader: Any, model: Module, device: Any = None) -> None:
    """Find the running mean and variance of the model's batch norms anew, by one pass of data.

    An averaged model has never seen data itself. loader: gives batches, tensors or lists whose
    first element is the model's input.
    """
    norms = [m for m in model.modules() if isinstance(m, (BatchNorm1d, BatchNorm2d, BatchNorm3d))]
    if not norms:
        return
    momenta = [norm.momentum for norm in norms]
    was_training = model.training
    model.train()
    for norm in norms:
        norm.reset_running_stats()
        norm.momentum = None  # a plain average over all batches
    for batch in loader:
        first = batch[0] if isinstance(batch, (list, tuple)) else batch
        model(first if device is None else first.to(device))
    for norm, momentum in zip(norms, momenta, strict=True):
        norm.momentum = momentum
    model.train(was_training)


class SWALR(LRScheduler):
    """Go from the present learning rate to ``swa_lr`` in ``anneal_epochs`` epochs, and stay there.

    swa_lr: a number, or one for each parameter group. anneal_strategy: "cos" or "linear". May
    follow another schedule. ValueError for wrong settings.

    >>> import minigrad as mg
    >>> optimizer = mg.optim.SGD([mg.zeros(1, requires_grad=True)], lr=1.0)
    >>> schedule = mg.optim.swa_utils.SWALR(optimizer, swa_lr=0.5, anneal_epochs=2,
    ...                                     anneal_strategy="linear")
    >>> for _ in range(3):
    ...     optimizer.step()
    ...     schedule.step()
    ...     print(optimizer.param_groups[0]["lr"])
    0.75
    0.5
    0.5
    """

    def __init__(
        self, optimizer: Optimizer, swa_lr: Any, anneal_epochs: int = 10,
        anneal_strategy: str = "cos", last_epoch: int = -1,
    ) -> None:  # fmt: skip
        rates = for_each_group("swa_lr", optimizer, swa_lr)
        for rate, group in zip(rates, optimizer.param_groups, strict=True):
            group["swa_lr"] = rate
        if anneal_strategy not in ("cos", "linear"):
            raise ValueError(
                f"anneal_strategy must be one of 'cos' or 'linear', instead got {anneal_strategy}"
            )
        if not isinstance(anneal_epochs, int) or anneal_epochs < 0:
            raise ValueError(f"anneal_epochs must be equal or greater than 0, got {anneal_epochs}")
        self.anneal_strategy = anneal_strategy
        self.anneal_epochs = anneal_epochs
        super().__init__(optimizer, last_epoch)

    def _share(self, step: int) -> float:
        """How far the way to swa_lr is gone after ``step`` steps, from 0 to 1."""
        t = max(0.0, min(1.0, step / max(1, self.anneal_epochs)))
        return t if self.anneal_strategy == "linear" else (1 - math.cos(math.pi * t)) / 2

    def get_lr(self) -> list[Any]:
        self._warn_outside_step()
        step = self._step_count - 1
        if self.anneal_epochs == 0:
            step = max(1, step)
        before, now = self._share(step - 1), self._share(step)
        rates = []
        for group in self.optimizer.param_groups:
            lr, end = group["lr"], group["swa_lr"]
            first = end if before == 1 else (lr - before * end) / (1 - before)
            rates.append(end * now + first * (1 - now))
        return rates
