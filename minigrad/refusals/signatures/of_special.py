"""``special``: what its functions take."""

SPECIAL = """
digamma entr erf erfc erfcx erfinv exp2 expit expm1 gammaln i0 i0e i1 i1e log1p log_ndtr ndtr ndtri
    psi sinc: special_NAME(Tensor input)
log_softmax! softmax!: special_NAME(Tensor input, int dim, *, dtype? dtype=)
logit!: special_logit(Tensor input, float? eps=)
logsumexp!: special_logsumexp(Tensor input, int[1] dim, bool keepdim=)
multigammaln!: special_multigammaln(Tensor input, int p)
polygamma!: special_polygamma(int n, Tensor input)
round!: special_round(Tensor input, *, int decimals=)
xlog1py! xlogy! zeta!: special_NAME(Tensor input, Tensor other | Tensor input, Number other
    | Number input, Tensor other)
"""
