"""Random tensors, from PyTorch's stream on the CPU: the same seed gives the same numbers.

``stream`` makes the numbers on arrays, ``draws`` the tensors. The names here are those of PyTorch's
``torch.random``.
"""

from ..faithful.public_names import name_publicly as _name_publicly
from .draws import (
    Generator,
    default_generator,
    fork_rng,
    get_rng_state,
    initial_seed,
    manual_seed,
    seed,
    set_rng_state,
)

_name_publicly(globals())
