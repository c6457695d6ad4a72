"""Arithmetic, reductions, shapes, indexing, in-place writes: calls that are compared with PyTorch.

How a line is written is explained in calls.py.
"""

ARITHMETIC = """
x=* y=~ | torch.add(x, y)
x=~ y=* | x.add(y, alpha={2|0.5})
x=* | {x + 2|2 + x|torch.add(x, 2.5)|x.add(1, alpha=3)}
x=* y=~ | {torch.sub(x, y)|torch.subtract(x, y)|x.sub(y, alpha=2)}
x=* | {x - 2|2 - x|x.subtract(3.5)|torch.rsub(x, 3)} #names
x=* y=~ | {torch.mul(x, y)|torch.multiply(x, y)|x * y|x.multiply(y)}
x=* | {x * 3|3.5 * x|torch.mul(x, -2)}
x=* y=~@out | {torch.div(x, y)|torch.divide(x, y)|x / y|x.true_divide(y)}
x=*@out | {x / 2|3 / x|torch.divide(x, -2)} #names
x=* y=~@out | torch.div(x, y, rounding_mode={'floor'|'trunc'}) #kinks
x=* y=~@out | {torch.remainder(x, y)|x % y|x.remainder(y)}
x=*@pos | {torch.remainder(x, 0.7)|x % 0.7}
x=*@out y=~@out | {torch.floor_divide(x, y)|x // y|x.floor_divide(y)} #0 #names
x=*@pos y=~ | {torch.pow(x, y)|x ** y|x.pow(y)}
x=*@out | {x ** 2|x.pow(3)|torch.pow(x, -1)|x ** 0|x ** 1}
x=*@pos | {x ** 0.5|x.pow(-0.7)|torch.pow(x, 2.5)}
x=* | {torch.pow(2.0, x)|3 ** x}
x=* | {torch.square(x)|x.square()}
x=* | {torch.neg(x)|-x|torch.negative(x)|x.negative()}
x=* | {torch.positive(x)|+x} #names
x=*@out | {torch.abs(x)|x.abs()|torch.absolute(x)|x.absolute()|abs(x)}
x=*@out | {torch.sgn(x)|x.sign()|torch.sign(x)}
x=* | {torch.exp(x)|x.exp()}
x=*@pos | {torch.log(x)|x.log()}
x=*@pos | {torch.sqrt(x)|x.sqrt()}
x=* | {torch.tanh(x)|x.tanh()|torch.sigmoid(x)|x.sigmoid()|torch.sin(x)|x.cos()|torch.cos(x)}
x=* | {torch.cos(x)|x.cos()}
x=*@out | {torch.relu(x)|x.relu()}
x=* | {torch.floor(x)|x.ceil()|torch.trunc(x)|x.floor()}
x=* | {torch.clamp(x, -1, 1)|x.clamp(min=0.1)|x.clip(max=0.3)|torch.clip(x, -0.5, 0.5)}
x=* y=~ z=~ | torch.clamp(x, y, z)
x=* y=~ | {torch.maximum(x, y)|x.maximum(y)|torch.max(x, y)}
x=* y=~ | {torch.minimum(x, y)|x.minimum(y)|torch.min(x, y)}
x=*@ties y=*@ties | {torch.maximum(x, y)|torch.minimum(x, y)} #kinks
c=*@bool x=~ y=~ | torch.where(c, x, y)
c=*@bool x=~ | {torch.where(c, x, 0.5)|torch.where(c, 2, x)}
x=* y=~ | x.where(x > 0, y)
x=* | {torch.clone(x)|x.clone()}
x=* | {x.double()|x.to(torch.float64)|x.type(torch.float64)|x.to('cpu', torch.float64)} #names
x=* | {x.contiguous()|x.to(x.dtype)|x.cpu()} #names
x=* y=* | {x.type_as(y)|x.float().type_as(y)} #names #kinks
x=*@cplx | {torch.conj(x) * 2|x.conj() * x|torch.conj_physical(x)|x.mul(2j)} #names
x=*@cplx y=~@cplx | {x * y|x / y|x + y} #rough
"""

COMPARISONS = """
x=*@ties y=~@ties | {torch.eq(x, y)|x == y|x.eq(y)|x.eq(1)} #0
x=*@ties y=~@ties | {torch.ne(x, y)|x != y|torch.not_equal(x, y)|x.not_equal(y)} #0
x=*@ties y=~@ties | {torch.lt(x, y)|x < y|torch.less(x, y)|x.less(y)|x.lt(0.5)} #0
x=*@ties y=~@ties | {torch.le(x, y)|x <= y|torch.less_equal(x, y)|x.less_equal(y)|x.le(1)} #0
x=*@ties y=~@ties | {torch.gt(x, y)|x > y|torch.greater(x, y)|x.greater(y)|x.gt(1)} #0
x=*@ties y=~@ties | {torch.ge(x, y)|x >= y|torch.greater_equal(x, y)|x.greater_equal(y)|x.ge(1)} #0
x=*@bool y=~@bool | {x & y|x.logical_or(y)|x ^ y|torch.logical_and(x, y)} #0
x=*@int5 y=~@int5 | {x & y|x.bitwise_xor(y)|torch.bitwise_or(x, 3)|~x} #0
x=*@int5 | {x << 2|x >> 1|3 << x|64 >> x} #0
"""

REDUCTIONS = """
x=* | {torch.sum(x)|x.sum()}
x=+ | {torch.sum(x, 0)|x.sum(-1, keepdim=True)|x.sum(dim=(0,))}
x=N,M,K | {torch.sum(x, (0, 2))|x.sum((1, -1), keepdim=True)|x.sum(dim=[0, 1, 2])}
x=+ | {torch.mean(x)|x.mean()}
x=+ | {torch.mean(x, 0)|x.mean(-1, keepdim=True)|x.mean(dim=(0,))}
x=3,M | {torch.var(x, 0)|x.var()|x.var(dim=0, keepdim=True)|x.var(unbiased=False)|\
    torch.var(x, 0, correction=0)}
x=3,4 | {torch.std(x, 0)|x.std()|x.std(1, keepdim=True)|x.std(1, False)|\
    torch.std(x, (0, 1), correction=2)} #rough
x=+ | {torch.max(x)|x.max()|torch.amax(x)|x.amax(0)|torch.amax(x, -1, keepdim=True)}
x=+ | {torch.min(x)|x.min()|torch.amin(x)|x.amin(0)|torch.amin(x, -1, True)}
x=+@ties | {x.max()|x.min()|x.amax()|x.amin(0)|x.amax(-1)} #kinks
x=+ | {torch.max(x, 0)|x.max(-1, keepdim=True)|x.max(dim=0)}
x=+ | {torch.min(x, 0)|x.min(-1, keepdim=True)|x.min(dim=0)}
x=+ | {torch.argmax(x)|x.argmax(0)|x.argmax(-1, keepdim=True)} #0
x=+ | {torch.argmin(x)|x.argmin(0)|torch.argmin(x, dim=-1, keepdim=True)} #0
x=+@bool | {torch.any(x)|x.all()|x.any(0)|x.all(-1, keepdim=True)|torch.all(x, 0)} #0
x=N,M | {torch.norm(x)|x.norm(dim=1)|x.norm(1)|x.norm(p=3, dim=0, keepdim=True)}
x=N,M | {torch.logsumexp(x, 1)|x.logsumexp((0, 1))}
x=N,M | {torch.softmax(x, 0)|x.softmax(-1)|torch.log_softmax(x, 1)|x.log_softmax(0)}
x=+ | {torch.cumsum(x, 0)|x.cumprod(-1)|torch.cumprod(x, 0)|x.cumsum(-1)}
x=3,4 | {torch.std_mean(x, 0)|torch.var_mean(x)} #rough
"""

SHAPES = """
x=N,M | {torch.reshape(x, (M, N))|x.reshape(-1)|x.reshape(N, 1, M)|x.view(M, N)|\
    x.view(-1, N)} #rows
x=N,M y=M,N | {x.view_as(y)|x.reshape_as(y)} #rows
x=N,M,K | {torch.flatten(x)|x.flatten(1)|torch.flatten(x, 0, 1)|x.ravel()}
x=N,M,K | {torch.permute(x, (2, 0, 1))|x.permute(1, 0, 2)|x.permute(-1, 0, 1)}
x=N,M,K | {torch.transpose(x, 0, 2)|x.transpose(-1, -2)|x.swapaxes(0, 1)|torch.swapdims(x, 1, 2)|\
    x.mT}
x=N,M | {torch.t(x)|x.t()|x.T|x.mT}
x=N,M | {x.H|x.mH|x.adjoint()|torch.adjoint(x)} #names
x=N,M,K | {torch.movedim(x, 0, 2)|x.movedim((0, 1), (1, 2))|torch.moveaxis(x, -1, 0)}
x=N,1 | {x.expand(N, M)|x.expand(2, -1, M)|torch.broadcast_to(x, (N, M))|x.broadcast_to((2, N, M))}
x=1,M y=N,M | x.expand_as(y)
x=N,M | {x.sum_to_size(1, M)|x.sum_to_size((N, 1))|x.sum_to_size(M)|x.sum_to_size(1)} #names
x=1,N,1 | {torch.squeeze(x)|x.squeeze(0)|x.squeeze(-1)|x.squeeze((0, 2))}
x=N,M | {torch.unsqueeze(x, 0)|x.unsqueeze(-1)|x.unsqueeze(1)}
x=N,M y=K,M | {torch.cat([x, y])|torch.cat((y, x), dim=0)|torch.concat([x, y], 0)|\
    torch.concatenate([x, x, y])}
x=N,M y=N,K | {torch.cat([x, y], 1)|torch.cat((y, x, y), dim=-1)}
x=N,M y=N,M | {torch.stack([x, y])|torch.stack((x, y, x), dim=-1)|torch.stack([y, x], 1)}
x=N,M | {torch.unbind(x)|x.unbind(1)|x.unbind(dim=-1)}
x=5,M | {torch.split(x, 2)|x.split([1, 4])|torch.split(x, [2, 2, 1], dim=0)|\
    x.split_with_sizes([3, 2])}
x=5,M | {torch.chunk(x, 2)|x.chunk(3, dim=0)|torch.chunk(x, 9)}
x=5,M | {torch.tensor_split(x, 2)|x.tensor_split([1, 3])|torch.tensor_split(x, 3, dim=0)}
x=4,2 | {torch.hsplit(x, 2)|x.vsplit(2)|torch.vsplit(x, [1, 3])}
x=4,2,2 | torch.dsplit(x, 2)
x=N y=N | {torch.hstack([x, y])|torch.vstack((x, y))|torch.dstack([x, y])|\
    torch.column_stack([x, y])|torch.row_stack([x, y])} #names
x=N,M | {torch.flip(x, [0])|x.flip(0, 1)|torch.fliplr(x)|torch.flipud(x)|x.flip((1,))}
x=N,M | {torch.roll(x, 1, 0)|x.roll(2)|torch.roll(x, (1, -1), (0, 1))}
x=N,M | {torch.rot90(x)|torch.rot90(x, 2)|x.rot90(-1, (1, 0))}
x=N,M | {x.repeat(2, 3)|torch.tile(x, (2,))|x.repeat(2, 1, 1)|x.tile(2, 1)} #names
x=3,M | {torch.repeat_interleave(x, 2, 0)|x.repeat_interleave(2)|\
    x.repeat_interleave(torch.tensor([1, 0, 2]), dim=0)} #names
x=5,M | {x.unfold(0, 2, 1)|x.unfold(0, 3, 2)}
x=N,M | {torch.diagonal(x)|x.diagonal(0, 1, 0)|torch.linalg.diagonal(x)}
x=3,3 | {torch.diag(x)|x.diag(1)|torch.diag(x, -1)} #names
x=N | {torch.diag(x)|torch.diag_embed(x)|x.diag_embed(1)|torch.diagflat(x, -1)|x.diagflat()} #names
x=N,M | {torch.tril(x)|x.tril(-1)|torch.tril(x, 1)}
x=N,M | {torch.triu(x)|x.triu(1)|torch.triu(x, -1)}
x=N y=M | torch.meshgrid(x, y, indexing={'ij'|'xy'}) #names
x=N y=M | torch.cartesian_prod(x, y)
x=3 | {torch.combinations(x)|torch.combinations(x, 2, True)} #names
x=N y=M,1 | torch.broadcast_tensors(x, y)
x=* | {torch.atleast_1d(x)|torch.atleast_2d(x)|torch.atleast_3d(x)} #names
x=4,M | {torch.unflatten(x, 0, (2, 2))|x.unflatten(0, (2, -1))}
x=5,M | {torch.narrow(x, 0, 1, 3)|x.narrow(0, 2, 2)|torch.narrow_copy(x, 0, 1, 2)} #names
x=3,M | {torch.select(x, 0, 1)|x.select(0, -1)}
x=3,4 | {x.as_strided((2, 3), (1, 2))|torch.as_strided(x, (2, 2), (1, 1), 1)} #names #rows
x=N,M y=K | torch.block_diag(x, y)
x=N,M | {torch.ravel(x)|x.ravel()}
x=3 | {torch.vander(x)|torch.linalg.vander(x)|torch.linalg.vander(x, N=2)} #0 #names
x=3,3 | {x.renorm(2, 0, 0.7)|torch.renorm(x, 1, 1, 0.5)} #names
x=7 | {torch.gradient(x)|torch.gradient(x, spacing=0.5)|torch.gradient(x, edge_order=2)} #names
x=3,4 | {torch.gradient(x)|torch.gradient(x, dim=1)|torch.gradient(x, spacing=(2., 3.))} #names
x=5 | torch.gradient(x, spacing=(torch.tensor([0., 1., 3., 4., 6.], dtype=x.dtype),)) #names
"""

INDEXING = """
x=3,M | {x[0]|x[-1]|x[1, :]|x[:, 0]|x[1, -1]} #names
x=5,M | {x[1:3]|x[::2]|x[1:, ::2]|x[-2:]|x[4:1]}
x=N,M | {x[None]|x[..., None]|x[:, None, :]|x[...]} #names
x=3,M | {x[[0, 2, 0]]|x[torch.tensor([1, 1])]|x[torch.tensor([[0, 1], [2, -1]])]}
x=3,4 | {x[[0, 2], [1, 3]]|x[:, [0, 0, 3]]|x[torch.tensor([[0], [1]]), torch.tensor([1, 2])]}
x=N,M | {x[x > 0]|x[x > 9]|x[torch.ones(N, dtype=torch.bool)]}
x=N,M | {x[0, x[0] > 0]|x[None, 0, [0, 0]]} #names
x=N,M k=N,2@intM | {torch.gather(x, 1, k)|x.gather(-1, k)}
x=N,M k=N,1@intM | torch.take_along_dim(x, k, 1)
x=N,M k=N,1@intM v=N,1 | {torch.scatter(x, 1, k, v)|x.scatter(1, k, 2.5)}
x=N,M k=N,3@intM v=N,3 | {torch.scatter_add(x, 1, k, v)|x.scatter_add(-1, k, v)}
x=N,M k=N,3@intM v=N,3 | torch.scatter_reduce(x, 1, k, v, {'sum'|'mean'|'amax'|\
    'amin'}, include_self={True|False})
x=N,M k=N,3@intM v=N,3 | x.scatter_reduce(1, k, v, 'prod')
x=N,M k=3@intN | {torch.index_select(x, 0, k)|x.index_select(-2, k)}
x=N,M k=3@intN v=3,M | {torch.index_add(x, 0, k, v)|x.index_add(0, k, v, alpha=2)}
x=5,M k=3@perm5 v=3,M | {torch.index_copy(x, 0, k, v)|x.index_copy(0, k, v)}
x=N,M k=3@intN | {torch.index_fill(x, 0, k, 2.)|x.index_fill(0, k, 1)}
x=N,M k=3@intN v= | x.index_fill(0, k, v)
x=N,M k=3@intN v=3,M | {x.index_reduce(0, k, v, 'amax')|x.index_reduce(0, k, v, 'mean')}
x=N,M k=3@intN v=3,M | {torch.index_put(x, (k,), v, True)|x.index_put((k,), v, accumulate=True)}
x=5,M k=3@perm5 v=3,M | torch.index_put(x, (k,), v)
x=N,M m=N,M@bool | {torch.masked_fill(x, m, 2.)|x.masked_fill(m, -1)}
x=N,M m=M@bool v= | x.masked_fill(m, v)
x=N,M m=N,M@bool | {torch.masked_select(x, m)|x.masked_select(m)}
x=N,M m=M@bool v=N,M | {torch.masked_scatter(x, m, v)|x.masked_scatter(m, v)}
x=N,M k=2,2@intN | {torch.take(x, k)|x.take(k)}
x=3,4 k=3@perm12 v=3 | {torch.put(x, k, v)|x.put(k, v)}
x=N,M k=3@intN v=3 | x.put(k, v, accumulate=True)
x=3,M v=M | {torch.select_scatter(x, v, 0, 1)|x.select_scatter(v, 0, -1)}
x=3,M v=2,M | {torch.slice_scatter(x, v, 0, 1)|x.slice_scatter(v, 0, 0, 2)}
x=3,3 v=3 | {torch.diagonal_scatter(x, v)|x.diagonal_scatter(v)}
# PyTorch 2.13 gives x the gradient where it is overwritten, and 0 elsewhere: not compared.
x=3,4! v=2,2 | torch.as_strided_scatter(x, v, (2, 2), (2, 1), 1) #names #rows
x=N,M@ties | {torch.nonzero(x)|torch.argwhere(x)|x.nonzero()|torch.where(x > 0)} #0
k=N@int4 | {torch.unravel_index(k, (2, 2))|torch.unravel_index(k, 5)} #0
"""

IN_PLACE = """
x=* y=~ | {(x * 1).add_(y)|(x * 1).sub_(y, alpha=2)|(x * 1).mul_(y)|(x * 1).subtract_(y)|\
    (x * 1).multiply_(y)}
x=* y=~@out | {(x * 1).div_(y)|(x * 1).divide_(y)|(x * 1).true_divide_(y)}
x=*@pos y=~ | {(x * 1).pow_(y)|(x * 1).pow_(2)|(x * 1).pow_(0.5)}
x=*@out y=~@out | {(x * 1).remainder_(y)|(x * 1).fmod_(y)}
x=* | {(x * 1).exp_()|(x * 1).tanh_()|(x * 1).sigmoid_()|(x * 1).sin_()|(x * 1).cos_()|\
    (x * 1).neg_()|(x * 1).negative_()}
x=* | {torch.exp_(x * 1)|torch.sigmoid_(x * 1)|torch.tanh_(x * 1)|torch.neg_(x * 1)|\
    torch.sin_(x * 1)}
x=*@unit | {(x * 1).tan_()|(x * 1).sinh_()|(x * 1).cosh_()|(x * 1).atan_()|(x * 1).arctan_()|\
    (x * 1).deg2rad_()|(x * 1).rad2deg_()} #rough #names
x=*@unit | {torch.tan_(x * 1)|torch.sinh_(x * 1)|torch.cosh_(x * 1)|torch.atan_(x * 1)|\
    torch.arctan_(x * 1)|torch.deg2rad_(x * 1)|torch.rad2deg_(x * 1)} #rough #names
x=*@unit | {(x * 1).asin_()|(x * 1).acos_()|(x * 1).arcsin_()|(x * 1).arccos_()|\
    (x * 1).erfinv_()} #rough #names
x=*@unit | {torch.asin_(x * 1)|torch.acos_(x * 1)|torch.arcsin_(x * 1)|\
    torch.arccos_(x * 1)} #rough #names
x=*@out | {(x * 1).exp2_()|(x * 1).expm1_()|(x * 1).square_()|(x * 1).erf_()|(x * 1).erfc_()|\
    (x * 1).nan_to_num_()|(x * 1).i0_()|(x * 1).sinc_()} #rough #names
x=*@out | {torch.exp2_(x * 1)|torch.expm1_(x * 1)|torch.square_(x * 1)|torch.erf_(x * 1)|\
    torch.erfc_(x * 1)|torch.nan_to_num_(x * 1)|torch.i0_(x * 1)|torch.sinc_(x * 1)} #rough #names
x=*@pos | {(x * 1).log2_()|(x * 1).log10_()|(x * 1).log1p_()|(x * 1).reciprocal_()|\
    (x * 1).lgamma_()|(x * 1).digamma_()} #rough #names
x=*@pos | {torch.log2_(x * 1)|torch.log10_(x * 1)|torch.log1p_(x * 1)|\
    torch.reciprocal_(x * 1)} #rough #names
x=*@out | {(x * 1).frac_()|(x * 1).fix_()|(x * 1).ceil_()|(x * 1).trunc_()|(x * 1).sgn_()|\
    (x * 1).sign_()|(x * 1).conj_physical_()} #rough #names
x=*@out | {torch.frac_(x * 1)|torch.fix_(x * 1)|torch.ceil_(x * 1)|torch.trunc_(x * 1)|\
    torch.conj_physical_(x * 1)} #rough #names
# PyTorch has no gradient of these in-place functions.
x=*@unit | {x.detach().asinh_()|torch.asinh_(x.detach())|x.detach().arcsinh_()|\
    torch.arcsinh_(x.detach())|x.detach().atanh_()|torch.atanh_(x.detach())|x.detach().arctanh_()|\
    torch.arctanh_(x.detach())} #0
x=*@pos | {(x + 2).detach().acosh_()|torch.acosh_((x + 2).detach())|(x + 2).detach().arccosh_()|\
    torch.arccosh_((x + 2).detach())} #0
x=*@ties y=*@ties | {x.detach().logical_and_(y)|x.detach().logical_or_(y)|\
    x.detach().logical_xor_(y)|x.detach().logical_not_()} #0
x=*@01 | {torch.logit_(x * 1)|(x * 1).logit_()|(x * 1 + 1).mvlgamma_(2)|\
    (x * 1).polygamma_(1)} #rough #names
x=*@pos y=*@pos | {(x * 1).atan2_(y)|(x * 1).arctan2_(y)|(x * 1).hypot_(y)|(x * 1).copysign_(y)|\
    (x * 1).xlogy_(y)|torch.xlogy_(x * 1, y)|\
    (x.double() * 1).float_power_(y.double())} #rough #names #kinks
x=* y=*@int3 | {(x * 1).ldexp_(y)|torch.ldexp_(x * 1, y)}
x=* y=* | {(x * 1).clamp_max_(y)|torch.clamp_max_(x * 1, 0.3)|torch.clamp_min_(x * 1, 0.3)|\
    torch.clip_(x * 1, -1, 1)}
x=*@ties y=*@ties | {(x * 1).greater_(y)|(x * 1).greater_equal_(y)|(x * 1).less_(y)|\
    (x * 1).less_equal_(y)|(x * 1).not_equal_(y)} #names #kinks
x=*@out y=*@out | {(x * 1).floor_divide_(y)|(x * 1).heaviside_(y)|(x * 1).nextafter_(y)} #0 #names
x=*@int5 y=*@int5 | {x.clone().bitwise_and_(y)|x.clone().bitwise_or_(y)|x.clone().bitwise_xor_(y)|\
    x.clone().bitwise_not_()|x.clone().bitwise_left_shift_(y)|x.clone().bitwise_right_shift_(y)|\
    x.clone().gcd_(y)|x.clone().lcm_(y)|torch.gcd_(x.clone(), y)|torch.lcm_(x.clone(), y)} #0
x=*@int5 y=*@int5 | {[z := x.clone(), z.__iand__(y), z][2]|[z := x.clone(), z.__ior__(y), z][2]|\
    [z := x.clone(), z.__ixor__(y), z][2]|[z := x.clone(), z.__ilshift__(y), z][2]|\
    [z := x.clone(), z.__irshift__(y), z][2]} #0
x=* y=~ w=~@out | {(x * 1).addcdiv_(y, w, value=2)|(x * 1).addcdiv_(y, w)}
x=N,M b=P,N,K c=P,K,M | (x * 1).addbmm_(b, c)
x=P,N,M b=P,N,K c=P,K,M | (x * 1).baddbmm_(b, c, beta=0.5)
x=N b=N,K c=K | (x * 1).addmv_(b, c)
x=N,M b=N c=M | (x * 1).addr_(b, c)
x=5,M k=3@perm5 v=3,M | {(x * 1).index_copy_(0, k, v)|(x * 1).index_put_((k,), v)|\
    torch.index_put_(x * 1, (k,), v)}
x=N,M k=3@intN v=3,M | (x * 1).index_reduce_(0, k, v, 'amax')
x=N,M k=N,3@intM v=N,3 | (x * 1).scatter_reduce_(1, k, v, 'sum')
x=N,M m=M@bool v=N,M | (x * 1).masked_scatter_(m, v)
x=3,4 k=3@perm12 v=3 | (x * 1).put_(k, v)
x=3,4 | {(x * 1).as_strided_((2, 2), (1, 2))|torch.as_strided_(x * 1, (3,), (4,))|\
    (x * 1).swapdims_(0, 1)} #names #rows
x=* | {(x * 1).detach_()|torch.detach_(x * 1)|torch.detach(x)|x.detach()} #0
x=*@pos | {(x * 1).log_()|(x * 1).sqrt_()|(x * 1).rsqrt_()|(x * 1).reciprocal_()|\
    torch.sqrt_(x * 1)}
x=*@out | {(x * 1).relu_()|(x * 1).abs_()|(x * 1).absolute_()|torch.relu_(x * 1)|(x * 1).sign_()}
x=* | {(x * 1).clamp_(-1, 1)|(x * 1).clip_(min=0)|(x * 1).clamp_min_(0.2)|\
    torch.clamp_(x * 1, -1, 0.5)}
x=* | {(x * 1).floor_()|(x * 1).ceil_()|(x * 1).round_()|(x * 1).trunc_()}
x=* | {(x * 1).zero_()|(x * 1).fill_(2)|torch.zero_(x * 1)|torch.fill_(x * 1, 3.)} #names
x=* v= | {torch.fill(x, 2.0)|torch.fill(x, v)|(x * 1).fill_(v)} #names
x=* y=~ | (x * 1).copy_(y)
x=3,3 | {(x * 1).fill_diagonal_(2)|(x * 1).fill_diagonal_(0., wrap=True)} #names
x=5,3 | (x * 1).fill_diagonal_(2., wrap={False|True}) #names
x=N,M | {(x * 1).squeeze_()|(x * 1).unsqueeze_(0)|(x * 1).t_()|(x * 1).transpose_(0, 1)|\
    (x * 1).swapaxes_(0, 1)} #names
x=*@ties y=~@ties | {(x * 1).eq_(y)|(x * 1).lt_(y)|(x * 1).ge_(1)|(x * 1).gt_(y)|(x * 1).le_(0)|\
    (x * 1).ne_(y)} #names #kinks
x=N,M k=3@intN v=3,M | {(x * 1).index_add_(0, k, v)|(x * 1).index_fill_(0, k, 2)}
x=N,M k=N,3@intM v=N,3 | {(x * 1).scatter_add_(1, k, v)|(x * 1).scatter_(1, k, 2.)}
x=N,M m=M@bool | {(x * 1).masked_fill_(m, 2.)|(x * 1).tril_()|(x * 1).triu_(1)}
x=3,M v=M | {[y := x * 1, y[0].add_(v), y][2]|[y := x * 1, y.select(0, 1).mul_(v), y][2]} #names
x=5,M v=2,M | {[y := x * 1, y.__setitem__(slice(1, 3), v), y][2]|\
    [y := x * 1, y.__setitem__(0, v[0]), y][2]} #names
x=3,M | {[y := x * 1, y.__setitem__(y > 0, 0.5), y][2]|\
    [y := x * 1, y.__setitem__([0, 2], 7.), y][2]} #names
x=3,M v=M | [y := x * 1, y.__setitem__(torch.tensor([0, 2]), v), y][2] #names
x=3,4 | {[y := x * 1, y.diagonal().mul_(2), y][2]|[y := x * 1, y.t().exp_(), y][2]} #names
x=*@ties | {[y := x * 1, y.__iadd__(2), y][2]|[y := x * 1, y.__imul__(x), y][2]} #names
x=* y=~ w=~ | {(x * 1).addcmul_(y, w, value=2)|(x * 1).lerp_(x * 2, 0.3)}
x=N,M y=N,K w=K,M | (x * 1).addmm_(y, w)
x=N | {(x * 1).cumsum_(0)|(x * 1).cumprod_(0)}
x=3,3 | {(x * 1).renorm_(2, 0, 0.7)|(x * 1).sinh_()|(x * 1).atan_()} #names
"""

MATRICES = """
x=N,K y=K,M | {torch.mm(x, y)|x.mm(y)|x @ y|torch.matmul(x, y)}
x=N,K y=K | {torch.mv(x, y)|x.mv(y)|x @ y}
x=K y=K | {torch.dot(x, y)|x.dot(y)|x @ y}
x=P,N,K y=P,K,M | {torch.bmm(x, y)|x.bmm(y)}
x=P,N,K y=P,K,M | {torch.matmul(x, y)|x @ y} #names
x=P,N,K y=K,M | {torch.matmul(x, y)|x @ y} #names
x=K y=P,K,M | {torch.matmul(x, y)|x.matmul(y)} #names
x=P,1,N,K y=Q,K,M | torch.matmul(x, y) #names
x=N,K y=M,N | x.__rmatmul__(y)
x=3,3 b=3,2 | {torch.linalg.solve_ex(x + 5 * torch.eye(3), b)[0]|\
    torch.linalg.inv_ex(x + 5 * torch.eye(3))[0]} #rough #names
x=3,3 | {torch.linalg.cholesky_ex(x @ x.T + torch.eye(3))[0]|\
    torch.linalg.lu_factor(x + 5 * torch.eye(3))[0]|torch.linalg.lu(x + 5 * torch.eye(3))[1]|\
    torch.linalg.lu(x + 5 * torch.eye(3))[2]} #rough #names
x=3,3 b=3,2 | torch.linalg.lu_solve(*torch.linalg.lu_factor(x + 5 * torch.eye(3)), b) #rough #names
x=3,3 | torch.linalg.lu(x)[0] #0
x=2,3,2,3 b=2,3 | {torch.linalg.tensorsolve(x, b)|torch.linalg.tensorinv(x)} #rough #names
x=4,2 t=2 | torch.linalg.householder_product(x, t * 0.3) #rough #names
x=N,M | {torch.pdist(x + torch.arange(N).unsqueeze(1), 1.)|\
    F.pdist(x + torch.arange(N).unsqueeze(1), 3.)} #1 #names
"""

CREATION = """
x=* | {torch.empty_like(x).zero_()|torch.empty(2, 3).fill_(1)|x.new_empty(2).zero_()|\
    torch.from_numpy(x.detach().numpy())|torch.frombuffer(bytearray(8), dtype=torch.float32)} #0
x=* | {torch.tensor([x.numel(), torch.numel(x), x.nelement(), x.dim(), x.ndimension(), \
    x.element_size(), *x.size()])|torch.tensor(x.tolist(), dtype=x.dtype)|\
    torch.tensor([x.is_floating_point(), torch.is_floating_point(x), x.is_complex(), \
    torch.is_complex(x), torch.is_tensor(x), x.is_signed(), torch.is_signed(x), \
    x.is_contiguous(), torch.is_same_size(x, x), x.is_same_size(x), len(torch.typename(x))])} #0
x=N,M | torch.tensor([*x.stride(), x.T.stride(0), x[:, 0].storage_offset(), \
    x[N - 1:].storage_offset(), len(x.untyped_storage()), len(x.storage())]) #0 #rows
x=*@int5 | {torch.tensor([torch.is_nonzero(x.sum()), x.sum().is_nonzero(), \
    torch.can_cast(x.dtype, torch.float32)])|torch.zeros(0, dtype=torch.result_type(x, 1.5))|\
    torch.zeros(0, dtype=torch.promote_types(x.dtype, torch.float64))|\
    torch.zeros(torch.broadcast_shapes((2, 1), (3,)))} #0
x=* | {x.cdouble()|x.cfloat()} #names #kinks
x=* | {x.to_dense()|x.resolve_conj()|x.resolve_neg()} #names
x=4,M | {x.unsafe_chunk(2)|x.unsafe_split(2)} #names
x=* | {x.detach().clone().apply_(lambda v: v * 2)|\
    x.detach().clone().map_(x.detach(), lambda a, b: a - b)} #0
 | {torch.zeros(2, 3)|torch.ones((2, 1))|torch.full((2,), 3)|torch.full((2,), 0.5)|\
    torch.eye(2, 3)|torch.zeros(0)} #0
 | {torch.arange(5)|torch.arange(1, 2, 0.3)|torch.arange(5, 0, -2)|torch.linspace(0, 1, 5)|\
    torch.logspace(0, 2, 3)} #0
 | {torch.tensor([1, 2])|torch.tensor([1., 2], dtype=torch.float64)|torch.as_tensor([[True]])|\
    torch.scalar_tensor(2.)|torch.asarray([1, 2.])} #0
 | {torch.range(0, 3)|torch.range(1, 2, 0.5)} #0
 | {torch.tril_indices(3, 3)|torch.triu_indices(2, 4, 1)} #0
 | {torch.hann_window|torch.hamming_window|torch.blackman_window|torch.bartlett_window|\
    torch.kaiser_window}({1|5|8}, {True|False}, dtype=torch.float64) #0
 | {torch.FloatTensor([1, 2])|torch.LongTensor([1, 2])|torch.DoubleTensor([[1.]])|\
    torch.BoolTensor([0, 1])|torch.IntTensor([3])} #0
x=* | {torch.zeros_like(x)|torch.ones_like(x)|torch.full_like(x, 2)|\
    torch.zeros_like(x, dtype=torch.int32)} #0
x=* | {x.new_zeros(2)|x.new_ones((2, 1))|x.new_full((2,), 7)|x.new_tensor([1, 2])} #0
x=* | {x.int()|x.long()|x.bool()|x.half()|x.short()|x.byte().char()|x.cfloat()|\
    x.type('torch.IntTensor')} #0
x=3,M | {torch.bincount(x.abs().long().flatten())|torch.histc(x, 4)|\
    torch.histogram(x.flatten(), 3)} #0 #names
x=N,M@cplx | {x.real|x.imag|torch.view_as_real(x)} #names
x=* | {torch.frexp(x)[0]|x.frexp()[0]} #names
x=* | {torch.frexp(x)[1]|torch.signbit(x)} #0
"""

SPECIAL = """
x=*@pos | {torch.special.gammaln(x)|torch.special.psi(x)|\
    torch.special.multigammaln(x + 1, 2)} #rough #names
x=3,M | {torch.trapz(x, dim=0)|torch.trapezoid(x, dx=2.)} #names
x=*@unit | {torch.arcsin(x)|torch.arccos(x)|torch.arctan(x)|torch.arcsinh(x)|torch.arctanh(x)|\
    x.arcsin()|x.arctanh()|x.arcsinh()|x.arccos()} #rough
x=*@out y=*@out | {torch.arctan2(x, y)|x.arctan2(y)} #rough
x=* | {torch.i0(x)|torch.special.i0(x)|x.i0()} #rough
x=*@pos | {torch.special.i0e(x)|torch.special.i1(x)|torch.special.i1e(x)} #rough #names
x=* | torch.special.log_ndtr(x) #rough
x=*@01 | torch.special.ndtri(x) #rough
x=* | torch.special.erfcx(x) #rough
x=*@pos y=~@pos | torch.special.zeta(x + 1.5, y) #0 #rough #names
x=N,M | {torch.special.softmax(x, 0)|torch.special.log_softmax(x, 1)|torch.special.logsumexp(x, 0)}
"""

FOURIER = """
x=3,4 | {(torch.fft.fft(x) * (1 + 0.5j)).real|(torch.fft.ifft(x, 5, 0) * (1 + 0.5j)).real|\
    (torch.fft.rfft(x, norm="ortho") * (1 + 0.5j)).real|torch.fft.irfft(x)|torch.fft.hfft(x, 5)|\
    (torch.fft.ihfft(x, dim=0, norm="forward") * (1 + 0.5j)).real} #names
x=2,3,4 | {(torch.fft.fft2(x) * (1 + 0.5j)).real|(torch.fft.ifft2(x, (2, 5)) * (1 + 0.5j)).real|\
    (torch.fft.rfft2(x) * (1 + 0.5j)).real|torch.fft.irfft2(x, norm="ortho")|torch.fft.hfft2(x)|\
    (torch.fft.ihfft2(x) * (1 + 0.5j)).real} #names
x=2,3,4 | {(torch.fft.fftn(x) * (1 + 0.5j)).real|(torch.fft.ifftn(x, (4, 4)) * (1 + 0.5j)).real|\
    (torch.fft.rfftn(x, dim=(2, 0)) * (1 + 0.5j)).real|torch.fft.irfftn(x)|torch.fft.hfftn(x)|\
    (torch.fft.ihfftn(x) * (1 + 0.5j)).real} #names
x=4,5 | {torch.fft.fftshift(x)|torch.fft.ifftshift(x, 1)}
x=3 | {torch.fft.fftfreq(5, 0.5)|torch.fft.rfftfreq(4)} #0
"""

TABLES = {
    "Fourier transforms": FOURIER,
    "Arithmetic": ARITHMETIC, "Comparisons": COMPARISONS, "Reductions": REDUCTIONS,
    "Shapes": SHAPES, "Indexing": INDEXING, "In place": IN_PLACE, "Matrices": MATRICES,
    "Creation": CREATION, "Special functions": SPECIAL,
}  # fmt: skip
