"""``mg.signal.windows``: weights for the samples of a signal, by PyTorch's longer names."""

from ..faithful.public_names import name_publicly as _name_publicly
from ..ops.making import signal_windows as _windows

__all__ = """
    bartlett blackman cosine exponential gaussian general_cosine general_hamming hamming hann
    kaiser nuttall
""".split()

globals().update({name: getattr(_windows, name) for name in __all__})
_name_publicly(globals())
