"""The calls of nn.functional that are compared with PyTorch: one a line, ``arguments | call``.

An argument is ``name=shape``; after ``@`` stands what it is filled with (``01``: between 0 and 1,
``pos``: positive, ``sign``: 1 and -1, ``int5``: whole numbers below 5, ``bool``; else between -2
and 2), and ``!`` says that no gradient is taken. ``#1`` at the end: PyTorch itself has only first
derivatives here.
"""

import numpy as np

TABLE = """
x=3,4 w=5,4 b=5 | F.linear(x, w, b)
x=3,4 w=5,4 | F.linear(x, w)
x=2,3,4 w=5,4 b=5 | F.linear(x, w, b)
x=2,3,4 w=5,4 | F.linear(x, w)
x=4 w=5,4 b=5 | F.linear(x, w, b)
x=3,4 y=3,5 w=2,4,5 b=2 | F.bilinear(x, y, w, b)
x=2,3,7 w=4,3,3 b=4 | F.conv1d(x, w, b)
x=2,4,7 w=6,2,3 | F.conv1d(x, w, None, 2, 1, 2, 2)
x=3,7 w=4,3,2 b=4 | F.conv1d(x, w, b, padding='same')
x=2,3,6,5 w=4,3,3,2 b=4 | F.conv2d(x, w, b)
x=2,4,6,5 w=6,2,3,2 b=6 | F.conv2d(x, w, b, (2, 1), (1, 2), (1, 2), 2)
x=2,3,5,5 w=3,1,3,3 | F.conv2d(x, w, groups=3, padding='same')
x=3,5,5 w=2,3,2,4 b=2 | F.conv2d(x, w, b, padding='same', dilation=(2, 1))
x=1,2,3,4,3 w=2,2,2,2,2 | F.conv3d(x, w, padding=1)
x=2,3,4 w=3,2,3 b=2 | F.conv_transpose1d(x, w, b, 2, 1, 1)
x=2,4,3,4 w=4,3,3,2 b=6 | F.conv_transpose2d(x, w, b, (2, 3), 1, (1, 0), 2)
x=2,2,3,3 w=2,3,2,2 b=3 | F.conv_transpose2d(x, w, b, output_padding=1, dilation=2)
x=2,3,7 | F.max_pool1d(x, 3, 2, 1)
x=2,3,7,6 | F.max_pool2d(x, 2)
x=2,3,7,6 | F.max_pool2d(x, (3, 2), (2, 1), 1, 1, ceil_mode=True)
x=2,3,7,6 | F.max_pool2d(x, 2, dilation=2, return_indices=True)
x=3,6,6 | F.max_pool2d(x, 3)
x=1,2,4,4,4 | F.max_pool3d(x, 2)
x=2,3,7 | F.avg_pool1d(x, 3, 2, 1)
x=2,3,7,6 | F.avg_pool2d(x, 2)
x=2,3,7,6 | F.avg_pool2d(x, (3, 2), 2, 1, ceil_mode=True, count_include_pad=False)
x=2,3,7,6 | F.avg_pool2d(x, 3, 3, 1, ceil_mode=True)
x=3,6,6 | F.avg_pool2d(x, 3, 2, divisor_override=2)
x=2,3,7 | F.adaptive_avg_pool1d(x, 3)
x=2,3,7,6 | F.adaptive_avg_pool2d(x, (3, 4))
x=2,3,7,6 | F.adaptive_avg_pool2d(x, 1)
x=2,3,7,6 | F.adaptive_avg_pool2d(x, (None, 2))
x=2,3,7 | F.adaptive_max_pool1d(x, 3)
x=2,3,7,6 | F.adaptive_max_pool2d(x, (3, 4), return_indices=True)
x=2,3,5,4 | F.unfold(x, (2, 3), 1, 1, 2)
x=2,12,6 | F.fold(x, (4, 3), 2)
x=2,12,4 | F.fold(x, (4, 3), 2, 1, 1, (3, 2))
x=3,4 | F.relu(x)
x=3,4 | F.relu6(4 * x)
x=3,4 | F.leaky_relu(x, 0.1)
x=3,4 | F.elu(x, 1.5)
x=3,4 | F.selu(x)
x=3,4 | F.celu(x, 0.7)
x=3,4 | F.gelu(x)
x=3,4 | F.gelu(x, approximate='tanh')
x=3,4 | F.silu(x)
x=3,4 | F.mish(x)
x=3,4 | F.softplus(x)
x=3,4 | F.softplus(x, 2, 1)
x=3,4 | F.softsign(x)
x=3,4 | F.tanhshrink(x)
x=3,4 | F.hardtanh(x, -0.5, 1)
x=3,4 | F.hardsigmoid(3 * x) #1
x=3,4 | F.hardswish(3 * x)
x=3,4 | F.logsigmoid(x)
x=3,4 | F.threshold(x, 0.2, 3)
x=3,4 | F.softshrink(x)
x=3,4 | F.hardshrink(x, 0.7)
x=3,4 w=1 | F.prelu(x, w)
x=2,3,4 w=3 | F.prelu(x, w)
x=3,4 | F.glu(x)
x=4,3 | F.glu(x, 0)
x=3,4 | F.rrelu(x)
x=3,4 | F.softmax(x, 1)
x=2,3,4 | F.softmax(x, 1)
x=3,4 | F.log_softmax(x, -1)
x=2,3,4 | F.log_softmax(x, 0)
x=3,4 | F.softmin(x, 0)
x=3,4 | torch.softmax(x, 1) * x.log_softmax(0)
x=4,3 t=4@int3 | F.cross_entropy(x, t)
x=4,3 t=4@int3 | F.cross_entropy(x, t, reduction='none')
x=4,3 t=4@int3 | F.cross_entropy(x, t, reduction='sum')
x=4,3 t=4@int3 w=3@pos! | F.cross_entropy(x, t, w)
x=4,3 t=4@int3 w=3@pos! | F.cross_entropy(x, t, w, ignore_index=1, label_smoothing=0.2)
x=4,3 t=4@int3 | F.cross_entropy(x, t, label_smoothing=0.1, reduction='none')
x=3 t=@int3 | F.cross_entropy(x, t)
x=2,3,4 t=2,4@int3 | F.cross_entropy(x, t, ignore_index=0)
x=2,3,2,2 t=2,2,2@int3 w=3@pos! | F.cross_entropy(x, t, w, reduction='none')
x=4,3 t=4,3@01 | F.cross_entropy(x, t)
x=4,3 t=4,3@01 w=3@pos! | F.cross_entropy(x, t, w, reduction='sum', label_smoothing=0.1)
x=2,3,4 t=2,3,4@01 | F.cross_entropy(x, t, reduction='none')
x=4,3 t=4@int3 | F.nll_loss(x, t)
x=4,3 t=4@int3 w=3@pos! | F.nll_loss(x, t, w, ignore_index=2)
x=2,3,4 t=2,4@int3 | F.nll_loss(x, t, reduction='none')
x=3,4 t=3,4 | F.mse_loss(x, t)
x=3,4 t=3,4 | F.mse_loss(x, t, reduction='sum')
x=3,4 t=3,4 | F.mse_loss(x, t, reduction='none')
x=3,4 t=3,4 | F.l1_loss(x, t)
x=3,4 t=3,4 | F.smooth_l1_loss(x, t)
x=3,4 t=3,4 | F.smooth_l1_loss(x, t, beta=0.5, reduction='none')
x=3,4 t=3,4 | F.huber_loss(x, t)
x=3,4 t=3,4 | F.huber_loss(x, t, 'sum', 0.5)
x=3,4@01 t=3,4@01 | F.binary_cross_entropy(x, t)
x=3,4@01 t=3,4@01! w=4@pos! | F.binary_cross_entropy(x, t, w, reduction='sum')
x=3,4 t=3,4@01 | F.binary_cross_entropy_with_logits(x, t)
x=3,4 t=3,4@01! w=4@pos! p=4@pos! | F.binary_cross_entropy_with_logits(x, t, w, pos_weight=p)
x=3,4 t=3,4@sign! | F.soft_margin_loss(x, t)
x=3,4 t=3,4@01 | F.kl_div(x, t, reduction='batchmean')
x=3,4 t=3,4 | F.kl_div(x, t, reduction='sum', log_target=True)
x=3,4 y=3,4 t=3@sign! | F.cosine_embedding_loss(x, y, t, 0.1)
x=4 y=4 t=4@sign! | F.margin_ranking_loss(x, y, t, 0.2)
x=3,4 t=3,4@sign! | F.hinge_embedding_loss(x, t, 0.5)
x=3,4 y=3,4 z=3,4 | F.triplet_margin_loss(x, y, z)
x=3,4 y=3,4 z=3,4 | F.triplet_margin_loss(x, y, z, 2., 2, swap=True, reduction='none')
x=3,4 t=3,4@pos | F.poisson_nll_loss(x, t)
x=3,4@pos t=3,4@pos! | F.poisson_nll_loss(x, 3 * t, False, True)
x=3,4 t=3,4 v=3,4@pos | F.gaussian_nll_loss(x, t, v, full=True)
x=3,4 t=3,4 v=3,1@pos | F.gaussian_nll_loss(x, t, v)
x=3,4 t=3@int4 | F.multi_margin_loss(x, t) #1
x=3,4 t=3@int4 w=4@pos! | F.multi_margin_loss(x, t, 2, 0.5, w, reduction='none') #1
x=3,4 t=3,4@01! | F.multilabel_soft_margin_loss(x, t)
x=3,4 w=4 b=4 | F.layer_norm(x, (4,), w, b)
x=2,3,4 w=3,4 | F.layer_norm(x, (3, 4), w)
x=2,3,4 | F.layer_norm(x, [4], eps=0.1)
x=4,3 w=3 b=3 | F.batch_norm(x, None, None, w, b, True)
x=2,3,4 | F.batch_norm(x, None, None, training=True)
x=2,3,2,2 m=3! v=3@pos! w=3 b=3 | F.batch_norm(x, m, v, w, b)
x=2,3,5 w=3 b=3 | F.instance_norm(x, None, None, w, b)
x=2,4,3 w=4 b=4 | F.group_norm(x, 2, w, b)
x=2,4,2,2 | F.group_norm(x, 4)
x=3,4 w=4 | F.rms_norm(x, (4,), w)
x=3,4 | F.rms_norm(x, (4,), eps=0.1)
x=2,5,3 | F.local_response_norm(x, 3, 0.5)
x=3,4 | F.normalize(x)
x=3,4 | F.normalize(x, 1, 0)
k=2,3@int5 w=5,3 | F.embedding(k, w)
k=2,3@int5 w=5,3 | F.embedding(k, w, 1, scale_grad_by_freq=True) #1
k=2,3@int5 w=5,3 | F.embedding_bag(k, w) #1
k=2,3@int5 w=5,3 p=2,3 | F.embedding_bag(k, w, mode='sum', per_sample_weights=p) #1
k=5@int5 w=5,3 | F.embedding_bag(k, w, torch.tensor([0, 2, 2]), mode='sum') #1
k=5@int5 w=5,3 | F.embedding_bag(k, w, torch.tensor([0, 2, 2]), mode='max') #1
k=2,3@int5 | F.one_hot(k, 6)
x=2,3 | F.pad(x, (1, 2))
x=2,3,4 | F.pad(x, (1, -2, 0, 3), value=1.5)
x=2,3,4 | F.pad(x, (2, 3), mode='reflect')
x=2,3,4,4 | F.pad(x, (2, 1, 0, 3), mode='reflect')
x=2,3,4 | F.pad(x, (5, 1), mode='replicate')
x=2,3,4,4 | F.pad(x, (2, 1, 0, 6), mode='replicate')
x=2,3,4 | F.pad(x, (3, 1), mode='circular')
x=2,3,4,4 | F.pad(x, (2, 1, 0, 3), mode='circular')
q=2,3,4 k=2,5,4 v=2,5,3 | F.scaled_dot_product_attention(q, k, v)
q=2,3,4 k=2,5,4 v=2,5,3 m=3,5@bool | F.scaled_dot_product_attention(q, k, v, m)
q=2,3,4 k=2,5,4 v=2,5,3 m=3,5 | F.scaled_dot_product_attention(q, k, v, m, scale=0.3)
q=1,2,3,4 k=1,2,3,4 v=1,2,3,4 | F.scaled_dot_product_attention(q, k, v, is_causal=True) #1
x=3,4 y=3,4 | F.cosine_similarity(x, y)
x=3,4 y=1,4 | F.cosine_similarity(x, y, -1)
x=3,4 y=3,4 | F.pairwise_distance(x, y)
x=3,4 y=3,4 | F.pairwise_distance(x, y, 1, keepdim=True)
x=2,3,4 | F.interpolate(x, 7)
x=2,3,4 | F.interpolate(x, scale_factor=1.6, mode='linear')
x=2,3,4,5 | F.interpolate(x, scale_factor=2)
x=2,3,4,5 | F.interpolate(x, (3, 7), mode='nearest-exact')
x=2,3,4,5 | F.interpolate(x, (3, 8), mode='bilinear')
x=2,3,4,5 | F.interpolate(x, (3, 8), mode='bilinear', align_corners=True)
x=2,3,4,5 | F.interpolate(x, scale_factor=(1.7, 0.6), mode='bilinear')
x=1,2,4,5 | F.interpolate(x, (6, 3), mode='bicubic')
x=1,2,4,5 | F.interpolate(x, scale_factor=2, mode='bicubic', align_corners=True)
x=2,3,4,5 | F.interpolate(x, (3, 8), mode='area')
x=1,8,2,3 | F.pixel_shuffle(x, 2)
x=2,1,4,6 | F.pixel_unshuffle(x, 2)
"""


def split_case(line):
    """The arguments, the call, and how many derivatives PyTorch has."""
    head, call = line.split(" | ")
    order = 2
    if call.endswith("#1"):
        call, order = call[:-2].strip(), 1
    arguments = []
    for word in head.split():
        name, spec = word.split("=")
        fixed = spec.endswith("!")
        shape, _, fill = spec.removesuffix("!").partition("@")
        arguments.append((name, tuple(int(n) for n in shape.split(",") if n), fill, fixed))
    return arguments, call, order


def arrays_of(arguments, seed):
    """The arguments' numbers."""
    rng = np.random.default_rng(seed)
    made = []
    for _, shape, fill, _ in arguments:
        if fill.startswith("int"):
            made.append(rng.integers(0, int(fill[3:]), shape))
        elif fill == "bool":
            made.append((rng.random(shape) < 0.7) | (np.arange(shape[-1]) == 0))
        elif fill == "sign":
            made.append(np.where(rng.random(shape) < 0.5, -1.0, 1.0))
        else:
            low, high = {"01": (0.05, 0.95), "pos": (0.2, 2.0), "": (-2.0, 2.0)}[fill]
            made.append(np.asarray(rng.uniform(low, high, shape)))
    return made


def as_function(arguments, call, functional):
    """The call as a function of (library, *tensors)."""
    names = [name for name, *_ in arguments]

    def function(lib, *tensors):
        scope = dict(zip(names, tensors, strict=True))
        return eval(call, {"torch": lib, "F": functional(lib), **scope})

    return function


LINES = [line for line in TABLE.strip().splitlines() if line]
