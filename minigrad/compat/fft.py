"""``mg.fft``: Fourier transforms under the names of PyTorch's ``torch.fft``.

>>> import minigrad as mg
>>> mg.fft.rfft(mg.tensor([1.0, 0.0, -1.0, 0.0]))
tensor([0.+0.j, 2.+0.j, 0.+0.j])
"""

from ..faithful.public_names import name_publicly as _name_publicly
from ..ops.signals import fourier as _fourier
from ..refusals.refusing import check_functions as _check_functions
from ..refusals.signatures.of_fft import FFT as _FFT

__all__ = """
    fft fft2 fftfreq fftn fftshift hfft hfft2 hfftn ifft ifft2 ifftn ifftshift ihfft ihfft2
    ihfftn irfft irfft2 irfftn rfft rfft2 rfftfreq rfftn
""".split()

globals().update({name: getattr(_fourier, name) for name in __all__})
_check_functions(globals(), _FFT)  # wrong arguments are refused in PyTorch's words
_name_publicly(globals())
