"""Optimizers: the part of a training loop that changes the weights. PyTorch's names and numbers.

Each optimizer is one file with its formula. The ways of running that matter on a GPU (``foreach``,
``fused``, ``capturable``) are accepted, kept in the settings, and change nothing here.
"""

from ..faithful.public_names import name_publicly as _name_publicly
from . import lr_scheduler, swa_utils
from .adadelta import Adadelta
from .adagrad import Adagrad
from .adam import Adam, AdamW
from .adamax import Adamax
from .asgd import ASGD
from .lbfgs import LBFGS
from .nadam import NAdam
from .optimizer import Optimizer
from .radam import RAdam
from .rmsprop import RMSprop
from .rprop import Rprop
from .sgd import SGD
from .sparse_adam import SparseAdam

__all__ = [
    "ASGD", "Adadelta", "Adagrad", "Adam", "AdamW", "Adamax", "LBFGS", "NAdam", "Optimizer",
    "RAdam", "RMSprop", "Rprop", "SGD", "SparseAdam", "lr_scheduler", "swa_utils",
]  # fmt: skip

_name_publicly(globals())
