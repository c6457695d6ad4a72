"""Refused calls as a student would make them: each line is a program, and raises in PyTorch.

What the lines are made with is in :func:`scope`. A group's name says what is wrong in it.
"""

from __future__ import annotations

import importlib
import io
import warnings
from typing import Any

import numpy as np
from calls import functional
from wrong_argument_cases import opening

CASES = {
    "shapes": """
x + v2
x * torch.ones(3, 2)
x - torch.ones(2, 2)
x / torch.ones(4)
x ** torch.ones(5)
x == torch.ones(2)
x < torch.ones(4)
x += torch.ones(2, 2, 3)
x.add_(torch.ones(4))
x @ x
x @ torch.ones(2)
torch.mm(x, x)
torch.mm(x, v)
torch.mm(v, x)
torch.mv(x, torch.ones(2))
torch.mv(v, v)
torch.dot(v, v2)
torch.dot(x, x)
torch.bmm(x, x)
torch.bmm(z, torch.ones(2, 3, 3))
torch.matmul(torch.tensor(1.0), v)
torch.matmul(torch.ones(2, 3, 4), torch.ones(2, 3, 4))
torch.matmul(torch.ones(2, 3, 4), torch.ones(3, 4, 5))
torch.matmul(torch.ones(2, 3, 4), torch.ones(3))
torch.matmul(torch.ones(3), torch.ones(2, 4, 5))
torch.outer(x, v)
torch.cross(v2, v2, dim=0)
torch.cross(x, v, dim=1)
torch.kron(x, 'a')
torch.addmm(torch.ones(3, 3), x, x)
torch.addmm(torch.ones(2, 2), x, x.T.double())
torch.baddbmm(z, z, torch.ones(3, 2, 3))
torch.einsum('ij,jk', x, x)
torch.einsum('ij', x, x)
torch.einsum('ijk', x)
torch.einsum('i$', v)
torch.einsum('ij->ik', x)
torch.einsum('ij->ii', x)
torch.tensordot(x, x, dims=1)
torch.tensordot(x, x, dims=3)
torch.tensordot(x, x, dims=-1)
torch.cat([x, v])
torch.cat([x, torch.ones(2, 2)])
torch.cat([x, torch.ones(3, 3)], dim=1)
torch.cat([])
torch.cat(x)
torch.cat([x, 1.0])
torch.cat([torch.tensor(1.0)])
torch.cat(x, x)
torch.stack([x, v])
torch.stack([])
torch.stack(x)
torch.stack([x, x], dim=3)
torch.vstack([x, torch.ones(2, 2)])
torch.hstack([x, torch.ones(3, 3)])
torch.dstack([x, torch.ones(3, 3)])
torch.column_stack([x, torch.ones(3)])
torch.block_diag(z)
x.view(4)
x.view(2, 2)
x.view(-1, -1)
x.view(-1, 4)
x.view(-2, 3)
x.view()
x.T.view(6)
x.reshape(4)
x.reshape(-1, 4)
x.reshape(2, 'a')
x.reshape(2.0, 3)
x.reshape(x)
torch.zeros(0, 3).reshape(-1, 0)
x.expand(3, 3)
x.expand(2)
x.expand(-1, 2, 3)
x.expand(2, 4)
x.repeat(2)
x.repeat(-1, 2)
x.permute(0)
x.permute(0, 0)
x.permute(0, 2)
x.permute(1, 0, 2)
x.transpose(0, 2)
x.transpose(0)
z.t()
x.squeeze(2)
x.unsqueeze(3)
x.unsqueeze(-4)
x.flatten(1, 0)
x.flatten(0, 2)
x.unflatten(1, (2, 2))
x.unflatten(2, (1, 3))
x.movedim(0, 2)
x.movedim((0, 1), (0,))
x.movedim((0, 0), (0, 1))
x.swapaxes(0, 3)
x.chunk(0)
x.chunk(-1)
x.chunk(2, dim=2)
x.split(0)
x.split(-1)
x.split([1, 1], dim=1)
x.split(1, dim=2)
x.split((1, -1), dim=0)
torch.tensor_split(x, 0)
torch.hsplit(x, 2)
torch.vsplit(x, 3)
torch.dsplit(x, 2)
x.unbind(2)
torch.tensor(1.0).unbind()
x.narrow(0, 1, 2)
x.narrow(0, 0, 3)
x.narrow(2, 0, 1)
x.narrow(0, -3, 1)
x.select(0, 2)
x.select(2, 0)
x.diagonal(0, 0, 0)
x.diagonal(dim1=2)
torch.diag(z)
torch.trace(v)
torch.trace(z)
torch.tril(v)
torch.meshgrid(x, v)
torch.cartesian_prod(x)
torch.broadcast_to(x, (3, 3))
torch.broadcast_tensors(x, v2)
torch.broadcast_shapes((2, 3), (2,))
x.unfold(0, 3, 1)
x.unfold(0, 1, 0)
x.unfold(2, 1, 1)
torch.rot90(v)
torch.rot90(x, 1, (0, 0))
torch.rot90(x, 1, (0,))
torch.flip(x, (0, 0))
torch.flip(x, (2,))
torch.fliplr(v)
torch.flipud(torch.tensor(1.0))
torch.roll(x, (1, 2), 0)
torch.roll(x, 1, 2)
torch.tile(x, (-1,))
x.repeat_interleave(torch.tensor([1, 2]), dim=1)
x.repeat_interleave(-1)
torch.repeat_interleave(x, torch.tensor([1.0, 2.0]), 0)
x.sum_to_size(3, 3)
torch.as_strided(x, (3, 3), (3, 1))
torch.as_strided(x, (2,), (1, 1))
torch.as_strided(x, (2,), (-1,))
""",
    "dimensions": """
x.sum(2)
x.sum(-3)
x.sum((0, 0))
x.sum((0, 2))
x.sum('a')
x.sum(1.0)
x.sum(dim=0, dims=1)
x.mean(2)
x.mean((1, 1))
x.mean('rows')
x.max(2)
x.max((0, 1))
x.min(-4)
x.max(0, 1)
x.argmax(2)
x.argmax('a')
x.argmax((0, 1))
x.amax(2)
x.std(2)
x.var(3)
x.prod(2)
x.prod((0, 1))
x.all(2)
x.any(-3)
x.cumsum(2)
x.cumsum()
x.cumprod(5)
x.cummax(2)
x.logsumexp(2)
x.logsumexp()
x.softmax(2)
x.softmax()
x.log_softmax(-3)
torch.softmax(x, 'a')
x.sort(2)
x.argsort(2)
x.topk(4)
x.topk(2, dim=2)
x.topk(-1)
x.topk(1.5)
x.kthvalue(4)
x.kthvalue(0)
x.kthvalue(1, 2)
x.median(2)
x.mode(2)
x.nanmedian(3)
x.quantile(2.0)
x.quantile(-0.1)
x.quantile(0.5, dim=2)
x.quantile(torch.tensor([0.5]).double())
x.unique(dim=2)
x.norm(dim=2)
x.norm('abc')
x.size(2)
x.stride(-3)
x.count_nonzero(2)
x.diff(dim=2)
x.diff(n=-1)
torch.diff(torch.tensor(1.0))
torch.cdist(x, torch.ones(2, 2))
torch.cdist(v, v)
torch.pdist(v)
torch.trapezoid(x, torch.ones(2))
torch.cov(z)
torch.corrcoef(z)
torch.bincount(x.long())
torch.bincount(torch.tensor([-1, 2]))
torch.bincount(v)
torch.histc(x, bins=0)
torch.histc(x, min=2, max=1)
torch.histc(n)
torch.bucketize(v, x)
torch.searchsorted(x, torch.ones(3, 1))
torch.searchsorted(x, v)
torch.zeros(0).max()
torch.zeros(0).argmax()
torch.zeros(0).min()
torch.zeros(0, 3).max(0)
torch.zeros(0, 3).argmin(0)
torch.zeros(0).median(0)
torch.zeros(0).aminmax()
torch.zeros(0).mode()
torch.max(x, v2)
torch.maximum(x, v2)
torch.maximum(x, 1.0)
torch.minimum(1.0, x)
torch.logit('a')
torch.clamp(x)
x.clamp()
torch.clamp(x, torch.ones(4))
torch.clamp(x, 'a')
torch.lerp(x, x, 'a')
torch.lerp(x, n, 0.5)
torch.where(b, x)
torch.where(x, x, x)
torch.where(b, x, v2)
torch.where(b, 'a', x)
""",
    "dtypes": """
n.mean()
n.std()
n.var()
n.float().mean(dtype=torch.int64)
n.softmax(0)
n.log_softmax(0)
n.logsumexp(0).backward()
n.quantile(0.5)
n @ x.T
x @ x.double().T
x.double() @ x.T
torch.mm(x, n.T)
torch.mv(x, v.long())
torch.dot(v, v.double())
torch.bmm(z, z.double())
torch.addmv(v2, x, v.double())
n.requires_grad_()
n.requires_grad = True
b.requires_grad = True
torch.tensor([1, 2], requires_grad=True)
torch.tensor([True], requires_grad=True)
torch.arange(3, requires_grad=True)
torch.zeros(2, dtype=torch.int64, requires_grad=True)
torch.ones_like(n, requires_grad=True)
torch.eye(2, dtype=torch.int32, requires_grad=True)
b + b - b
b - b
-b
b - True
~x
x & x
x | 1
x << 1
x ^ b
n & 1.5
torch.bitwise_not(x)
torch.bitwise_and(x, n)
torch.gcd(x, x)
n.add_(1.5)
n += 0.5
n.mul_(x)
n /= 2
n.div_(2)
b.add_(1)
b += 2
n **= -1
n ** -1
n.pow(-2)
n.sqrt_()
n.exp_()
n.sigmoid_()
n.mean_()
x.copy_('a')
x.fill_('a')
x.fill_(v)
x.fill_(1j)
u.fill_(300)
u[0] = 300
u.clamp(max=300)
u.masked_fill(u > 0, 256)
u.full_like(1)
torch.full_like(u, 300)
torch.full((2,), 300, dtype=torch.uint8)
torch.tensor(300, dtype=torch.uint8)
torch.tensor([1, -129], dtype=torch.int8)
torch.tensor(2 ** 31, dtype=torch.int32)
torch.tensor(2 ** 63)
torch.tensor(float('nan'), dtype=torch.int64)
torch.tensor(1j, dtype=torch.float32)
x[0] = 1j
n[0, 0] = 1j
n[0, 0] = float('inf')
c.float().max_()
c.max()
c.sort()
c.argmax()
c < c
c > 1
c.clamp(0, 1)
c.floor()
c.round()
c % 2
c.sign()
torch.maximum(c, c)
torch.median(c)
c.abs_().foo
x.view(torch.int16, 2)
torch.view_as_complex(x)
torch.view_as_real(x)
torch.imag(x)
torch.complex(v, v.double())
torch.complex(n, n)
torch.polar(n, n)
x.type('foo')
x.type(3)
x.to('foo')
x.to(3)
x.to(torch.foo)
x.to(dtype='float32')
x.to(dtype=np.float32)
x.to('cuda')
x.to('cuda:0')
x.cuda()
x.to(torch.device('cuda'))
x.to('cpu', 'cpu')
torch.zeros(2, dtype='float32')
torch.zeros(2, dtype=np.float32)
torch.zeros(2, dtype=3)
torch.ones(2, dtype='int')
torch.tensor([1.0], dtype='float64')
torch.tensor([1.0], dtype=np.float64)
torch.empty(2, dtype=np.int64)
torch.arange(3, dtype='float32')
torch.rand(2, dtype=torch.int64)
torch.randn(2, dtype=torch.int64)
torch.rand(2, dtype=torch.bool)
torch.randint(10, (2,), dtype='int')
x.sum(dtype='float64')
x.sum(dtype=3)
torch.set_default_dtype(torch.int64)
torch.set_default_dtype('float64')
torch.set_default_dtype(np.float64)
torch.finfo(torch.int64)
torch.iinfo(torch.float32)
torch.finfo('foo')
torch.promote_types(torch.float32, 'a')
torch.can_cast(1, 2)
torch.result_type('a', x)
torch.isclose(x, x.double())
torch.allclose(x, n)
torch.isclose(x, x, rtol=-1.0)
torch.allclose(x, 1.0)
torch.equal(x, 1.0)
torch.heaviside(x, n)
torch.nextafter(n, n)
torch.fmod(x, 'a')
torch.polygamma(-1, v)
torch.polygamma(1.5, v)
torch.mvlgamma(v, 0)
torch.erfinv(c)
torch.special.entr(c)
""",
    "devices": """
torch.device('foo')
torch.device('cpu:x')
torch.device(-1)
torch.device()
torch.device(1.5)
torch.device(None)
torch.device('cpu', 'x')
torch.device('')
torch.zeros(2, device='foo')
torch.tensor([1.0], device='foo')
torch.ones(2, device=x)
torch.tensor([1.0], device=1.5)
torch.zeros_like(x, device='foo')
torch.arange(3, device='foo')
torch.randn(2, device='foo')
nn.Linear(2, 2, device='foo')
nn.Linear(2, 2).to('foo')
nn.Linear(2, 2).to(torch.int64)
""",
    "indices": """
x[2]
x[-3]
x[0, 3]
x[0, 0, 0]
x[5, 5]
x[1.0]
x[0.5]
x['a']
x[None, 2]
x[::-1]
x[::0]
x[0:1.5]
x['a':]
x[..., 3]
x[x]
x[v]
x[torch.tensor([0.0])]
x[torch.tensor([2])]
x[torch.tensor([-3])]
x[[0, 2]]
x[[2, 3], [0]]
x[torch.tensor([0, 1]), torch.tensor([0, 1, 2])]
x[torch.ones(3) > 0]
x[torch.ones(2, 2) > 0]
x[torch.ones(2, 3, 1) > 0]
x[b, b]
x[b, 0]
x[{}]
x[{1}]
x[object()]
torch.tensor(1.0)[0]
torch.tensor(1.0)[0] = 1
x[0] = v2
x[0] = torch.ones(2, 3)
x[2] = 1.0
x[0, 3] = 1.0
x['a'] = 1.0
x[0] = 'a'
x[0] = None
x[0] = [1.0, 2.0]
x[0] = [1.0, 2.0, 3.0]
x[0] = (1, 2)
x[b] = torch.ones(2)
x[b] = torch.ones(7)
x[torch.ones(3) > 0] = 0
x[torch.tensor([0.5])] = 0
x[torch.tensor([3])] = 0
x[torch.tensor([0, 1])] = torch.ones(3, 3)
x[::-1] = 0
x[0, 0, 0] = 0
del x[0]
x.gather(1, k)
x.gather(0, torch.tensor([[2, 0, 0]]))
x.gather(1, torch.tensor([[0.0]]))
x.gather(2, i)
x.gather(1, torch.zeros(3, 1).long())
x.gather(1)
x.scatter(1, i, 'a')
x.scatter(1, i + 5, 1.0)
x.scatter(1, i, n)
x.scatter(1, torch.zeros(3, 3).long(), 1.0)
x.scatter(1, i, x, reduce='max')
x.scatter(1, i, torch.ones(1, 3))
x.scatter_add(1, i, 1.0)
x.scatter_add(0, i + 2, x)
x.scatter_reduce(1, i, x, 'foo')
x.scatter_reduce(1, i, x, 1)
x.index_select(0, torch.tensor([2]))
x.index_select(0, i)
x.index_select(0, torch.tensor([0.5]))
x.index_select(2, k)
x.index_select(k, 0)
x.index_add(0, torch.tensor([0, 5]), x)
x.index_add(0, k, torch.ones(1, 3))
x.index_add(0, k, n)
x.index_add(0, torch.tensor([0]), x)
x.index_add_(0, torch.tensor([0, 2]), torch.ones(2, 3))
x.index_copy(0, torch.tensor([0, 5]), x)
x.index_copy(0, torch.tensor([0]), x)
x.index_fill(0, torch.tensor([5]), 1.0)
x.index_fill(0, k, v)
x.index_fill(0, k, 'a')
x.index_put((torch.tensor([5]),), torch.tensor(1.0))
x.index_put((k, k, k), torch.tensor(1.0))
x.index_put(k, torch.tensor(1.0))
x.masked_fill(n, 1.0)
x.masked_fill(b, v)
x.masked_fill(torch.ones(4) > 0, 1.0)
x.masked_fill(b, 'a')
x.masked_fill(True, 1.0)
x.masked_select(n)
x.masked_select(torch.ones(2) > 0)
x.masked_scatter(b, torch.ones(2))
x.masked_scatter(b, n)
x.take(torch.tensor([6]))
x.take(torch.tensor([0.5]))
x.put_(torch.tensor([7]), torch.tensor([1.0]))
x.take_along_dim(torch.zeros(2).long(), 1)
torch.nonzero(x, True)
torch.unravel_index(k, (0, 2))
torch.unravel_index(torch.tensor(1.5), (2, 2))
torch.combinations(x)
torch.combinations(v, r=-1)
torch.vander(x)
torch.tril_indices(-1, 2)
torch.triu_indices(2, 'a')
torch.select_scatter(x, v2, 0, 0)
torch.slice_scatter(x, v)
torch.diagonal_scatter(x, v)
""",
    "making tensors": """
torch.tensor()
torch.tensor(1, 2)
torch.tensor('a')
torch.tensor(['a'])
torch.tensor([1, 'a'])
torch.tensor(None)
torch.tensor([None])
torch.tensor([1.0, None])
torch.tensor({})
torch.tensor([{}])
torch.tensor({1, 2})
torch.tensor(object())
torch.tensor([[1, 2], [3]])
torch.tensor([[1], 2])
torch.tensor([1, [2]])
torch.tensor([[[1, 2]], [[3]]])
torch.tensor([x, x])
torch.tensor(np.array(['a']))
torch.tensor(np.array([None]))
torch.tensor([1.0], requires_grad='a')
torch.tensor([1.0], requires_grad=1)
torch.tensor([1.0], foo=1)
torch.tensor(lambda: 0)
torch.tensor(b'a')
torch.as_tensor('a')
torch.as_tensor([[1], [2, 3]])
torch.as_tensor(None)
torch.from_numpy([1, 2])
torch.from_numpy(x)
torch.from_numpy(np.array(['a']))
torch.from_numpy(np.arange(3)[::-1])
torch.from_numpy(np.array([1, 2], dtype=object))
torch.zeros()
torch.zeros('a')
torch.zeros(2.0)
torch.zeros(2, 3.0)
torch.zeros((2, 'a'))
torch.zeros([2, -1])
torch.zeros(-1)
torch.zeros(None)
torch.zeros(x)
torch.zeros(2, foo=1)
torch.zeros(2, requires_grad='yes')
torch.ones(-2)
torch.empty(2, -3)
torch.full(2, 1.0)
torch.full((2,), 'a')
torch.full((2,))
torch.full((2,), v)
torch.full((-1,), 1.0)
torch.eye(-1)
torch.eye(2.5)
torch.eye(2, 'a')
torch.eye((2, 2))
torch.arange()
torch.arange(0, 5, 0)
torch.arange(5, 0)
torch.arange(0, 5, -1)
torch.arange('a')
torch.arange(0, float('inf'))
torch.arange(v)
torch.linspace(0, 1)
torch.linspace(0, 1, -1)
torch.linspace(0, 1, 2.5)
torch.linspace('a', 1, 3)
torch.logspace(0, 1, -2)
torch.range(0, 5, 0)
torch.zeros_like([1.0])
torch.ones_like(2)
torch.full_like(x, 'a')
torch.full_like(x)
torch.empty_like('a')
torch.rand_like(n)
torch.randn_like(n)
torch.rand(-1)
torch.rand('a')
torch.randn(2.0)
torch.randn(2, 3, 'a')
torch.randint(5)
torch.randint(0, (2,))
torch.randint(5, 2, (3,))
torch.randint(0, 5)
torch.randint(2.5, (3,))
torch.randint(10, 3)
torch.randint_like(x, 0)
torch.randperm(-1)
torch.randperm(2.5)
torch.randperm('a')
torch.normal(0.0, 1.0)
torch.normal(0.0, -1.0, (2,))
torch.normal(x, -x)
torch.normal(x, torch.ones(4))
torch.normal('a', 1.0, (2,))
torch.bernoulli(x * 2)
torch.bernoulli(n)
torch.bernoulli(-x)
torch.multinomial(x, 4)
torch.multinomial(x, 0)
torch.multinomial(-x, 1)
torch.multinomial(x * 0, 1)
torch.multinomial(z, 1)
torch.multinomial(n, 1)
x.uniform_(1, 0)
x.normal_(0, -1)
n.uniform_()
n.normal_()
x.random_(5, 2)
x.bernoulli_(1.5)
x.bernoulli_('a')
x.exponential_(0)
n.exponential_()
x.new_zeros('a')
x.new_full((2,))
x.new_tensor()
torch.Tensor('a')
torch.Tensor(2, 'a')
torch.Tensor(2.5)
torch.FloatTensor('a')
torch.complex(1.0, 2.0)
torch.hann_window(-1)
torch.hann_window(2.5)
torch.kaiser_window('a')
torch.asarray('a')
torch.asarray([1.0], copy=False)
torch.frombuffer(b'', dtype=torch.float32)
torch.frombuffer(bytearray(4))
torch.frombuffer('a', dtype=torch.float32)
torch.scalar_tensor([1.0])
torch.scalar_tensor('a')
""",
    "random streams": """
torch.manual_seed('a')
torch.manual_seed(None)
torch.manual_seed()
torch.manual_seed(2 ** 70)
torch.Generator('foo')
torch.Generator(3)
torch.Generator().manual_seed('a')
torch.Generator().manual_seed(1.5)
torch.rand(2, generator=1)
torch.randn(2, generator='a')
torch.randperm(3, generator=0)
torch.randint(5, (2,), generator=3)
torch.bernoulli(x, generator=1)
torch.normal(0.0, 1.0, (2,), generator=2)
torch.multinomial(x, 1, generator=1)
torch.set_rng_state(1)
torch.set_rng_state(torch.zeros(3))
torch.set_rng_state(torch.zeros(3, dtype=torch.uint8))
torch.Generator().set_state(torch.zeros(3))
torch.Generator().set_state('a')
x.uniform_(generator=1)
""",
    "one number": """
x.item()
torch.zeros(0).item()
float(x)
int(x)
bool(x)
bool(torch.zeros(0))
if_x = 1 if x else 2
x and x
not x
len(torch.tensor(1.0))
list(torch.tensor(1.0))
iter(torch.tensor(1.0))
[0, 1][x]
[0, 1][torch.tensor(1.0)]
range(torch.tensor(2.5))
range(x)
complex(x)
hash(x) + x.foo
x.foo
x.shape = (3, 2)
x.dtype = torch.float64
x.shape[2]
x.is_leaf = True
x.grad_fn = 1
torch.is_nonzero(x)
x.is_nonzero()
x < 'a'
x + 'a'
'a' + x
x + None
x + [1.0]
x - 'a'
x * 'a'
x / None
x ** 'a'
x % 'a'
x // 'a'
x @ 2
2 @ x
x @ [1.0]
x > None
x >= [1.0]
x += 'a'
x *= None
x -= [1.0]
x @= 'a'
sum('a', x)
max(x)
max(x, x)
sorted(x)
'a' in x
None in x
round(x, 'a')
x()
torch()
abs('a') + x
math.sin(x)
np.zeros(2)[x]
torch.sin(1.0)
torch.sin([1.0])
torch.sin(np.ones(2))
torch.exp('a')
torch.exp(x, x)
torch.exp(x, foo=1)
torch.add(x)
torch.add(x, y=1)
torch.add(x, x, 2)
torch.add(x, x, alpha='a')
torch.add(n, n, alpha=1.5)
torch.sub(x, 'a')
torch.mul('a', x)
torch.div(x, x, rounding_mode='foo')
torch.div(x, x, rounding_mode=1)
n // 0
n % 0
n.div(0, rounding_mode='floor')
torch.pow('a', x)
torch.pow(x)
torch.sqrt(x, x, x)
torch.sigmoid('a')
torch.relu(1)
torch.relu(None)
torch.round(x, decimals='a')
torch.round(n, decimals=1)
torch.clip(x, min='a')
torch.lerp(x, x)
torch.addcmul(x, x)
torch.addcmul(x, x, x, value='a')
torch.addcdiv(n, n, n)
torch.logaddexp(x, 1.0)
torch.atan2(x, 1.0)
torch.copysign('a', x)
torch.matrix_power(x, 2)
torch.matrix_power(q, 1.5)
torch.matrix_exp(x)
torch.inverse(x)
torch.inverse(v)
torch.inverse(q * 0)
torch.det(x)
torch.det(v)
torch.logdet(x)
torch.slogdet(v)
torch.linalg.inv(x)
torch.linalg.inv(q * 0)
torch.linalg.solve(q, v2)
torch.linalg.solve(q * 0, v)
torch.linalg.cholesky(-q)
torch.linalg.cholesky(x)
torch.cholesky(-q)
torch.linalg.eigh(x)
torch.linalg.eig(x)
torch.linalg.svd(v)
torch.linalg.qr(v)
torch.linalg.norm(x, 'foo')
torch.linalg.norm(z, 'fro')
torch.linalg.matrix_norm(v)
torch.linalg.vector_norm(n)
torch.linalg.lstsq(v, v)
torch.linalg.det(q.long())
""",
}


def scope(library: Any) -> dict[str, Any]:
    """What the lines are made with."""
    import math

    return {
        "torch": library, "nn": importlib.import_module(library.__name__ + ".nn"),
        "F": functional(library), "np": np, "math": math, "io": io,
        "x": library.ones(2, 3), "v": library.ones(3), "v2": library.ones(2),
        "q": library.eye(3), "z": library.ones(3, 3, 3), "n": library.ones(2, 3).long(),
        "b": library.ones(2, 3) > 0, "c": library.ones(2) * (1 + 1j), "k": library.tensor([0, 1]),
        "i": library.tensor([[0, 1, 0], [1, 0, 1]]),
        "u": library.zeros(2, dtype=library.uint8),
        "w": library.ones(3, requires_grad=True),
    }  # fmt: skip


def raised(library: Any, program: str) -> str | None:
    """The exception's type and the opening words of its message; None if nothing is raised."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            exec(program, scope(library))
    except Exception as error:
        kind = type(error).__name__.lstrip("_")  # LinAlgError is _LinAlgError in PyTorch
        return f"{kind}: {opening(str(error))}"
    return None


def programs(group: str) -> list[str]:
    return [line for line in CASES[group].strip().splitlines() if line]
