"""``special``: what its functions take."""

SPECIAL = """
digamma entr erf erfc erfcx erfinv exp2 expit expm1 gammaln i0 i0e i1 i1e log1p log_ndtr ndtr ndtri
    psi sinc: special_NAME(Tensor input, *, Tensor? out=)
airy_ai bessel_j0 bessel_j1 bessel_y0 bessel_y1 modified_bessel_i0 modified_bessel_i1
    modified_bessel_k0 modified_bessel_k1 scaled_modified_bessel_k0 scaled_modified_bessel_k1
    spherical_bessel_j0: special_NAME(Tensor input, *, Tensor? out=)
chebyshev_polynomial_t! chebyshev_polynomial_u! chebyshev_polynomial_v! chebyshev_polynomial_w!
    hermite_polynomial_h! hermite_polynomial_he! laguerre_polynomial_l! legendre_polynomial_p!
    shifted_chebyshev_polynomial_t! shifted_chebyshev_polynomial_u!
    shifted_chebyshev_polynomial_v! shifted_chebyshev_polynomial_w!: special_NAME(Tensor x, Tensor
    n, *, Tensor? out= | Number x, Tensor n, *, Tensor? out= | Tensor x, Number n, *, Tensor?
    out=)
gammainc gammaincc: special_NAME(Tensor input, Tensor other, *, Tensor? out=)
log_softmax! softmax!: special_NAME(Tensor input, int dim, *, dtype? dtype=)
logit!: special_logit(Tensor input, float? eps=, *, Tensor? out=)
logsumexp!: special_logsumexp(Tensor input, int[1] dim, bool keepdim=, *, Tensor? out=)
multigammaln!: special_multigammaln(Tensor input, int p, *, Tensor? out=)
polygamma!: special_polygamma(int n, Tensor input, *, Tensor? out=)
round!: special_round(Tensor input, *, int decimals=, Tensor? out=)
xlog1py! xlogy! zeta!: special_NAME(Tensor input, Tensor other, *, Tensor? out= | Tensor input,
    Number other, *, Tensor? out= | Number input, Tensor other, *, Tensor? out=)
"""
