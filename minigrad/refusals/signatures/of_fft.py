"""``fft``: what its functions take."""

FFT = """
fft! ifft! rfft! irfft! hfft! ihfft!: fft_NAME(Tensor input, int? n=, int dim=, str? norm=, *,
    Tensor? out=)
fft2! ifft2! rfft2! irfft2! hfft2! ihfft2!: fft_NAME(Tensor input, int[1]? s=, int[1] dim=,
    str? norm=, *, Tensor? out=)
fftn! ifftn! rfftn! irfftn! hfftn! ihfftn!: fft_NAME(Tensor input, int[1]? s=, int[1]? dim=,
    str? norm=, *, Tensor? out=)
fftfreq! rfftfreq!: fft_NAME(int n, float d=, *, Tensor? out=, options)
fftshift! ifftshift!: fft_NAME(Tensor input, int[1]? dim=)
"""
