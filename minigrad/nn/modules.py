# ruff: noqa: F401, F403
"""``nn.modules``: all layers, one family a file. The layers of ``nn`` are these.

Some programs use this longer address.
"""

from . import (
    activations,
    adaptive,
    attention,
    containers,
    convolution,
    dropout,
    embeddings,
    functional,
    init,
    lazy,
    linear,
    losses,
    module,
    normalisation,
    parameter,
    pooling,
    recurrent,
    shapes,
    transformer,
    utils,
)
from .activations import *
from .adaptive import *
from .attention import *
from .containers import *
from .convolution import *
from .dropout import *
from .embeddings import *
from .lazy import *
from .linear import *
from .losses import *
from .module import *
from .normalisation import *
from .parallel import *
from .parameter import *
from .pooling import *
from .recurrent import *
from .shapes import *
from .transformer import *
