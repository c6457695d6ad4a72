"""``special``: what its functions take."""

SPECIAL = """
digamma entr erf erfc erfcx erfinv exp2 expit expm1 gammaln i0 i0e i1 i1e log1p log_ndtr ndtr ndtri
    psi sinc: special_NAME(Tensor input, *, Tensor? out=)
log_softmax! softmax!: special_NAME(Tensor input, int dim, *, dtype? dtype=)
logit!: special_logit(Tensor input, float? eps=, *, Tensor? out=)
logsumexp!: special_logsumexp(Tensor input, int[1] dim, bool keepdim=, *, Tensor? out=)
multigammaln!: special_multigammaln(Tensor input, int p, *, Tensor? out=)
polygamma!: special_polygamma(int n, Tensor input, *, Tensor? out=)
round!: special_round(Tensor input, *, int decimals=, Tensor? out=)
xlog1py! xlogy! zeta!: special_NAME(Tensor input, Tensor other, *, Tensor? out= | Tensor input,
    Number other, *, Tensor? out= | Number input, Tensor other, *, Tensor? out=)
"""
