"""``nn.init``: what its functions ask of their arguments."""

NN_INIT = """
uniform_!: tensor.uniform_; > uniform_(float from<a, float to<b, *, Generator? generator)
normal_!: tensor.normal_; > normal_(float mean, float std, *, Generator? generator)
trunc_normal_!: tensor.is_meta; in_bounds(mean, std, a, b); > normal_(float mean, float std, *,
    Generator? generator)
constant_!: tensor.fill_; > fill_(Tensor|Number value<val | Tensor|Number value<val)
ones_: tensor.fill_
zeros_: tensor.zero_
eye_: tensor.ndimension()
dirac_!: tensor.ndimension(); dirac_groups(tensor, groups)
xavier_uniform_!: tensor.dim(); factor(gain); > uniform_(float from<gain, float to<gain, *,
    Generator? generator)
xavier_normal_!: tensor.dim(); factor(gain); > normal_(float _, float std<gain, *,
    Generator? generator)
kaiming_uniform_ kaiming_normal_: tensor.shape
orthogonal_!: tensor.ndimension(); > normal_(float _, float _, *, Generator? generator);
    > mul_(Tensor|Number other<gain)
sparse_!: tensor.ndimension(); > normal_(float _, float std, *, Generator? generator)
"""
