"""``mg.signal.windows``: weights for the samples of a signal, by PyTorch's longer names."""

from ..faithful.public_names import name_publicly as _name_publicly
from ..ops.making.signal_windows import (
    bartlett,
    blackman,
    cosine,
    exponential,
    gaussian,
    general_cosine,
    general_hamming,
    hamming,
    hann,
    kaiser,
    nuttall,
)

__all__ = [
    "bartlett", "blackman", "cosine", "exponential", "gaussian", "general_cosine",
    "general_hamming", "hamming", "hann", "kaiser", "nuttall",
]  # fmt: skip

_name_publicly(globals())
