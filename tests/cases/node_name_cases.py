"""Calls whose nodes have names that the other tables' calls do not show (see calls.py)."""

CALLS = """
x=N,C@out | {1 / x|1 - x|2.5 / x|2.5 - x|torch.rsub(x, x)|x / 2|-x}
x=N,C@out | {x ** -1|2 ** x|x ** 2|x ** x.abs()|x % 2|abs(x)|x ** 0.5}
x=N,C | {(x * 1).mul_(2)|(x * 1).add_(x)|(x * 1).sub_(1)|(x * 1).div_(2)|(x * 1).relu_()}
x=N,C | {(x * 1).exp_()|(x * 1).zero_()|(x * 1).fill_(2)|(x * 1).copy_(x)|(x * 1).clamp_(0, 1)}
x=N,C | {x[0]|x[:, 1]|x[x > 0]|x[[0, 1]]|x.T|x.mT|x[None]|x[..., 0]|x.detach().requires_grad_() * x}
x=N,M y=M | x @ y
x=N,M y=M,K | x @ y
x=M y=M,K | x @ y
x=M y=M | x @ y
x=2,N,M y=2,M,K | {x @ y|torch.bmm(x, y)|torch.matmul(x, y)}
x=2,N,M y=M,K | x @ y
x=2,N,M y=M | x @ y
x=M y=2,M,K | x @ y
x=N,C t=N,C@01! | {F.cross_entropy(x, t)|F.cross_entropy(x, t, reduction='sum')}
x=N,C t=N,C@01! | F.cross_entropy(x, t, label_smoothing=0.1, reduction='none')
x=N,C,L t=N,L@int3! | {F.cross_entropy(x, t)|F.nll_loss(x, t, reduction='sum')}
x=N,C,L t=N,L@int3! | F.nll_loss(x, t, reduction='none')
x=N,C,H,W t=N,H,W@int3! | {F.cross_entropy(x, t)|F.nll_loss(x, t, reduction='none')}
x=N,C t=N@int3! | {F.cross_entropy(x, t)|F.cross_entropy(x, t, label_smoothing=0.1)}
x=C t=@int3! | {F.cross_entropy(x, t)|F.nll_loss(x, t, reduction='none')}
q=2,2,N,M k=2,2,N,M | F.scaled_dot_product_attention(q, k, k, {None|is_causal=True})
q=2,N,M k=2,N,M | F.scaled_dot_product_attention(q, k, k, {None|is_causal=True})
x=N,C | {F.relu(x * 1, inplace=True)|F.elu(x * 1, inplace=True)|F.selu(x * 1, inplace=True)}
x=N,C | {F.celu(x * 1, inplace=True)|F.leaky_relu(x * 1, inplace=True)|F.relu6(x * 1, True)}
x=N,C | {F.silu(x * 1, True)|F.mish(x * 1, True)|F.hardswish(x * 1, True)}
x=N,C | F.rrelu(x * 1, inplace=True)
x=N,C w=K,C b=K | {F.linear(x, w, b)|F.linear(x, w)}
x=2,N,C w=K,C b=K | {F.linear(x, w, b)|F.linear(x, w)}
"""
