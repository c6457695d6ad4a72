"""``mg.functional``: an old address of functions that are in ``minigrad`` itself."""

import sys
from typing import Any

from .earlier_names import ROOT

__all__ = """
    atleast_1d atleast_2d atleast_3d block_diag broadcast_shapes broadcast_tensors cartesian_prod
    cdist chain_matmul einsum istft lu meshgrid norm pca_lowrank split stft svd_lowrank tensordot
    unique unique_consecutive unravel_index
""".split()
__all__ = [name for name in __all__ if name in sys.modules[ROOT].__all__]


def __getattr__(name: str) -> Any:
    if name not in __all__:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(sys.modules[ROOT], name)
