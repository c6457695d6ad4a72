"""Learning-rate schedules: change ``lr`` of an optimizer's groups as training goes on.

Call ``scheduler.step()`` after ``optimizer.step()``, once an epoch (or once a batch, as the
schedule means it). Most schedules say how the *current* rate becomes the next one, so that several
can work on one optimizer; ``_get_closed_form_lr`` says the same as a function of the epoch alone.
Names and numbers are PyTorch's.
"""

from ...faithful.public_names import name_publicly as _name_publicly
from .base import LRScheduler, _LRScheduler
from .cosine import CosineAnnealingLR, CosineAnnealingWarmRestarts
from .cycles import CyclicLR, OneCycleLR
from .plateau import ReduceLROnPlateau
from .several import ChainedScheduler, SequentialLR
from .steps import (
    ConstantLR,
    ExponentialLR,
    LambdaLR,
    LinearLR,
    MultiplicativeLR,
    MultiStepLR,
    PolynomialLR,
    StepLR,
)

__all__ = [
    "ChainedScheduler", "ConstantLR", "CosineAnnealingLR", "CosineAnnealingWarmRestarts",
    "CyclicLR", "ExponentialLR", "LRScheduler", "LambdaLR", "LinearLR", "MultiStepLR",
    "MultiplicativeLR", "OneCycleLR", "PolynomialLR", "ReduceLROnPlateau", "SequentialLR",
    "StepLR",
]  # fmt: skip

_name_publicly(globals())
