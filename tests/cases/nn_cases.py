"""Modules written as lines of text, ``module | call``, run in minigrad and in PyTorch.

In the call, ``m`` is the module, ``x(3, 4)`` a tensor of random numbers that wants a gradient,
``k(5, 3, 4)`` one of random whole numbers below 5, ``p(3)`` one of probabilities without gradient,
``b(3)`` one of True and False and ``s(3)`` one of signs. What follows a second ``|`` is done to the
module first. The seed is 0 before the module is made, and all numbers come from that stream, so the
lines also hold minigrad to PyTorch's initial numbers.
"""

import warnings

import numpy as np

LINES = """
nn.Identity(54, unused=1) | m(x(2, 3))
nn.Linear(3, 2) | m(x(4, 3))
nn.Linear(3, 2, bias=False) | m(x(2, 4, 3))
nn.Linear(20, 30) | m(x(20))
nn.Bilinear(2, 3, 4) | m(x(5, 2), x(5, 3))
nn.Flatten() | m(x(2, 3, 4))
nn.Flatten(0, 1) | m(x(2, 3, 4))
nn.Unflatten(1, (2, 3)) | m(x(2, 6))
nn.ReLU() | m(x(3, 4))
nn.ReLU(inplace=True) | m(x(3, 4) * 1)
nn.ReLU6() | m(4 * x(3, 4))
nn.LeakyReLU() | m(x(3, 4))
nn.LeakyReLU(0.2) | m(x(3, 4))
nn.GELU() | m(x(3, 4))
nn.GELU('tanh') | m(x(3, 4))
nn.SiLU() | m(x(3, 4))
nn.Mish() | m(x(3, 4))
nn.ELU() | m(x(3, 4))
nn.ELU(0.5, True) | m(x(3, 4) * 1)
nn.SELU() | m(x(3, 4))
nn.CELU(0.7) | m(x(3, 4))
nn.Softplus() | m(x(3, 4))
nn.Softplus(2, 1) | m(x(3, 4))
nn.Softsign() | m(x(3, 4))
nn.Softshrink() | m(x(3, 4))
nn.Hardshrink(0.3) | m(x(3, 4))
nn.Hardtanh(-0.5, 0.5) | m(x(3, 4))
nn.Hardsigmoid(True) | m(3 * x(3, 4))
nn.Hardswish() | m(3 * x(3, 4))
nn.Tanh() | m(x(3, 4))
nn.Tanhshrink() | m(x(3, 4))
nn.Sigmoid() | m(x(3, 4))
nn.LogSigmoid() | m(x(3, 4))
nn.Threshold(0.1, 20) | m(x(3, 4))
nn.GLU() | m(x(3, 4))
nn.PReLU() | m(x(3, 4))
nn.PReLU(4, init=0.1) | m(x(3, 4))
nn.RReLU(0.1, 0.3) | m(x(3, 4)) | eval
nn.RReLU(0.1, 0.3) | m(x(3, 4))
nn.Softmax(dim=1) | m(x(3, 4))
nn.Softmin(dim=0) | m(x(3, 4))
nn.LogSoftmax(dim=-1) | m(x(3, 4))
nn.Softmax2d() | m(x(2, 3, 2, 2))
nn.L1Loss() | m(x(3, 4), x(3, 4))
nn.MSELoss() | m(x(3, 4), x(3, 4))
nn.MSELoss(reduction='sum') | m(x(3, 4), x(3, 4))
nn.MSELoss(reduce=False) | m(x(3, 4), x(3, 4))
nn.SmoothL1Loss(beta=0.5) | m(x(3, 4), x(3, 4))
nn.HuberLoss(delta=0.5) | m(x(3, 4), x(3, 4))
nn.SoftMarginLoss() | m(x(3, 4), s(3, 4))
nn.BCELoss() | m(x(3).sigmoid(), p(3))
nn.BCELoss(weight=torch.tensor([1., 2., 3.])) | m(x(3).sigmoid(), p(3))
nn.BCEWithLogitsLoss() | m(x(3, 4), p(3, 4))
nn.BCEWithLogitsLoss(pos_weight=torch.tensor([1., 2., 3.])) | m(x(2, 3), p(2, 3))
nn.NLLLoss() | m(x(5, 3).log_softmax(1), k(3, 5))
nn.CrossEntropyLoss() | m(x(5, 3), k(3, 5))
nn.CrossEntropyLoss(label_smoothing=0.1, reduction='none') | m(x(5, 3), k(3, 5))
nn.CrossEntropyLoss(weight=torch.tensor([1., 2., 3.]), ignore_index=1) | m(x(5, 3), k(3, 5))
nn.CrossEntropyLoss() | m(x(2, 3, 4), k(3, 2, 4))
nn.KLDivLoss(reduction='batchmean') | m(x(2, 3).log_softmax(1), p(2, 3))
nn.KLDivLoss(reduction='sum', log_target=True) | m(x(2, 3), x(2, 3))
nn.PoissonNLLLoss() | m(x(3), p(3))
nn.GaussianNLLLoss() | m(x(3), x(3), p(3) + 0.1)
nn.CosineEmbeddingLoss(0.1) | m(x(4, 3), x(4, 3), s(4))
nn.MarginRankingLoss(margin=0.5) | m(x(4), x(4), s(4))
nn.HingeEmbeddingLoss() | m(x(4), s(4))
nn.TripletMarginLoss() | m(x(4, 3), x(4, 3), x(4, 3))
nn.TripletMarginLoss(margin=2.0, p=1, swap=True) | m(x(4, 3), x(4, 3), x(4, 3))
nn.MultiLabelSoftMarginLoss() | m(x(4, 3), b(4, 3).float())
nn.MultiMarginLoss(margin=0.5) | m(x(4, 3), k(3, 4))
nn.MultiLabelMarginLoss() | m(x(2, 4), torch.tensor([[3, 0, -1, 1], [0, 2, 1, -1]]))
nn.CTCLoss() | m(x(6, 2, 4).log_softmax(2), k(3, 2, 3) + 1, (6, 5), (3, 2))
nn.TripletMarginWithDistanceLoss(swap=True) | m(x(4, 3), x(4, 3), x(4, 3))
nn.CosineSimilarity() | m(x(4, 3), x(4, 3))
nn.PairwiseDistance() | m(x(4, 3), x(4, 3))
nn.Dropout(0.3) | m(x(5, 6))
nn.Dropout(0.3) | m(x(5, 6)) | eval
nn.Dropout1d() | m(x(2, 4, 3))
nn.Dropout2d(0.4) | m(x(2, 4, 3, 2))
nn.Dropout3d() | m(x(2, 4, 3, 2, 2))
nn.AlphaDropout(0.3) | m(x(5, 6))
nn.FeatureAlphaDropout(0.3) | m(x(5, 6, 2))
nn.BatchNorm1d(3) | m(x(4, 3))
nn.BatchNorm1d(3) | m(x(4, 3, 2)) | eval
nn.BatchNorm1d(3, momentum=None) | (m(x(4, 3)), m(x(5, 3)))
nn.BatchNorm1d(3, affine=False, track_running_stats=False) | m(x(4, 3)) | eval
nn.BatchNorm2d(2, eps=1e-3, momentum=0.3) | m(x(3, 2, 2, 2))
nn.BatchNorm3d(2) | m(x(3, 2, 2, 2, 1))
nn.LayerNorm(4) | m(x(3, 4))
nn.LayerNorm((2, 3), bias=False) | m(x(4, 2, 3))
nn.LayerNorm([3], elementwise_affine=False) | m(x(4, 3))
nn.GroupNorm(2, 4) | m(x(3, 4, 2))
nn.InstanceNorm1d(2) | m(x(3, 2, 4))
nn.InstanceNorm1d(2, affine=True) | m(x(2, 4))
nn.InstanceNorm2d(2, track_running_stats=True) | (m(x(3, 2, 2, 2)), m.eval()(x(1, 2, 2, 2)))
nn.RMSNorm(4) | m(x(3, 4))
nn.RMSNorm(4, eps=0.1, elementwise_affine=False) | m(x(3, 4))
nn.LocalResponseNorm(2) | m(x(1, 4, 3))
nn.Embedding(5, 2) | m(k(5, 3, 4))
nn.Embedding(5, 2, padding_idx=1) | m(k(5, 3, 4))
nn.Embedding(5, 2, padding_idx=-1, max_norm=1.0) | m(k(5, 6))
nn.Embedding(5, 2, scale_grad_by_freq=True) | m(k(5, 6))
nn.Embedding.from_pretrained(torch.arange(6.).reshape(3, 2)) | m(k(3, 4))
nn.EmbeddingBag(5, 2) | m(k(5, 3, 4))
nn.EmbeddingBag(5, 2, mode='sum') | m(k(5, 6), torch.tensor([0, 2]))
nn.EmbeddingBag(5, 2, mode='max', padding_idx=0) | m(k(5, 2, 3))
nn.Conv1d(2, 3, 3) | m(x(2, 2, 6))
nn.Conv1d(2, 4, 3, stride=2, padding=1, groups=2) | m(x(2, 2, 6))
nn.Conv2d(1, 2, 3, padding=1) | m(x(2, 1, 4, 4))
nn.Conv2d(2, 2, (2, 3), stride=(2, 1), dilation=(1, 2), bias=False) | m(x(1, 2, 5, 6))
nn.Conv2d(1, 2, 3, padding='same', padding_mode='circular') | m(x(1, 1, 4, 4))
nn.Conv2d(1, 2, 3, padding=1, padding_mode='reflect') | m(x(1, 1, 4, 4))
nn.Conv2d(1, 2, 2, padding='same') | m(x(1, 1, 4, 4))
nn.Conv3d(1, 2, 2) | m(x(1, 1, 3, 3, 3))
nn.ConvTranspose1d(2, 3, 3, stride=2) | m(x(2, 2, 4))
nn.ConvTranspose1d(2, 3, 3, stride=2) | m(x(2, 2, 4), output_size=[10])
nn.ConvTranspose2d(2, 4, 3, stride=2, padding=1, output_padding=1, groups=2) | m(x(1, 2, 3, 3))
nn.ConvTranspose3d(1, 2, 2) | m(x(1, 1, 2, 2, 2))
nn.MaxPool1d(2) | m(x(2, 3, 6))
nn.MaxPool1d(3, stride=1, padding=1, dilation=1, return_indices=True) | m(x(2, 3, 6))[0]
nn.MaxPool2d(2, ceil_mode=True) | m(x(1, 2, 5, 5))
nn.MaxPool3d((1, 2, 2)) | m(x(1, 1, 2, 4, 4))
nn.AvgPool1d(3, stride=2, padding=1, count_include_pad=False) | m(x(2, 3, 6))
nn.AvgPool2d(2) | m(x(1, 2, 4, 4))
nn.AvgPool3d(2) | m(x(1, 1, 2, 4, 4))
nn.AdaptiveAvgPool1d(3) | m(x(2, 3, 7))
nn.AdaptiveAvgPool2d((1, None)) | m(x(1, 2, 4, 5))
nn.AdaptiveMaxPool1d(3) | m(x(2, 3, 7))
nn.AdaptiveMaxPool2d(2) | m(x(1, 2, 4, 5))
nn.AdaptiveAvgPool3d((1, 2, None)) | m(x(1, 2, 2, 4, 3))
nn.AdaptiveMaxPool3d(2) | m(x(1, 2, 3, 4, 3))
nn.LPPool1d(2, 3) | m(x(1, 2, 6))
nn.LPPool2d(3, 2, stride=(2, 1)) | m(x(1, 2, 4, 4).abs())
nn.MaxUnpool1d(2) | m(x(1, 2, 2), torch.tensor([[[1, 2], [0, 3]]]))
nn.MaxUnpool2d(2) | m(x(1, 1, 1, 2), torch.tensor([[[[1, 6]]]]))
nn.Upsample(scale_factor=2) | m(x(1, 1, 2, 3))
nn.Upsample(size=(3, 5), mode='bilinear') | m(x(1, 1, 2, 3))
nn.UpsamplingNearest2d(scale_factor=2) | m(x(1, 1, 2, 3))
nn.UpsamplingBilinear2d(scale_factor=2) | m(x(1, 1, 2, 3))
nn.PixelShuffle(2) | m(x(1, 4, 2, 3))
nn.PixelUnshuffle(2) | m(x(1, 1, 4, 6))
nn.ChannelShuffle(2) | m(x(1, 4, 1, 2))
nn.Fold(3, 2) | m(x(1, 4, 4))
nn.Unfold(2, stride=2) | m(x(1, 1, 4, 4))
nn.ZeroPad1d(1) | m(x(1, 2, 3))
nn.ZeroPad2d((1, 0, 2, 1)) | m(x(1, 1, 2, 3))
nn.ZeroPad3d(1) | m(x(1, 1, 1, 2, 2))
nn.ConstantPad1d(2, 3.5) | m(x(1, 2, 3))
nn.ConstantPad2d(1, -1) | m(x(1, 1, 2, 3))
nn.ReflectionPad1d(2) | m(x(1, 2, 3))
nn.ReflectionPad2d((1, 1, 1, 0)) | m(x(1, 1, 2, 3))
nn.ReplicationPad1d(2) | m(x(1, 2, 3))
nn.ReplicationPad2d(1) | m(x(1, 1, 2, 3))
nn.CircularPad1d(2) | m(x(1, 2, 3))
nn.CircularPad2d(1) | m(x(1, 1, 2, 3))
nn.RNN(3, 4) | m(x(5, 2, 3))
nn.RNN(3, 4, nonlinearity='relu', batch_first=True, bias=False) | m(x(2, 5, 3), x(1, 2, 4))
nn.RNN(3, 4, 2, bidirectional=True) | m(x(5, 2, 3))
nn.LSTM(3, 4) | m(x(5, 2, 3))
nn.LSTM(3, 4) | m(x(5, 3))
nn.LSTM(3, 4, num_layers=2, bidirectional=True, batch_first=True) | m(x(2, 5, 3))
nn.LSTM(3, 4, num_layers=2, dropout=0.5) | m(x(5, 2, 3), (x(2, 2, 4), x(2, 2, 4)))
nn.LSTM(3, 4, proj_size=2, num_layers=2) | m(x(5, 2, 3))
nn.LSTM(3, 4, bidirectional=True) | m(pack(x(5, 3, 3), [3, 5, 2], enforce_sorted=False))
nn.LSTM(3, 4, batch_first=True) | unpack(m(pack(x(3, 5, 3), [5, 4, 1], True))[0], True)
nn.GRU(3, 4) | m(x(5, 2, 3))
nn.GRU(3, 4, 2, bidirectional=True, bias=False) | m(x(5, 2, 3), x(4, 2, 4))
nn.GRU(3, 4) | m(pack(x(5, 3, 3), torch.tensor([5, 2, 2])), x(1, 3, 4))
nn.RNNCell(3, 4) | m(x(2, 3))
nn.RNNCell(3, 4, nonlinearity='relu') | m(x(3), x(4))
nn.LSTMCell(3, 4) | m(x(2, 3))
nn.LSTMCell(3, 4, bias=False) | m(x(2, 3), (x(2, 4), x(2, 4)))
nn.GRUCell(3, 4) | m(x(2, 3), m(x(2, 3)))
nn.MultiheadAttention(4, 2) | attend(m, x(3, 2, 4))
nn.MultiheadAttention(4, 2, batch_first=True) | m(x(2, 3, 4), x(2, 5, 4), x(2, 5, 4))
nn.MultiheadAttention(4, 2, kdim=3, vdim=5) | m(x(3, 2, 4), x(6, 2, 3), x(6, 2, 5))
nn.MultiheadAttention(4, 2, bias=False, dropout=0.5) | m(x(3, 4), x(5, 4), x(5, 4))
nn.MultiheadAttention(4, 2, add_bias_kv=True, add_zero_attn=True) | m(x(3, 2, 4), x(5, 2, 4), \
x(5, 2, 4), average_attn_weights=False)
nn.MultiheadAttention(4, 2) | attend(m, x(3, 2, 4), attn_mask=causal(3))
nn.MultiheadAttention(4, 2) | attend(m, x(3, 2, 4), attn_mask=causal(3), need_weights=False)
nn.MultiheadAttention(4, 2) | attend(m, x(3, 2, 4), \
key_padding_mask=torch.tensor([[False, False, True], [False, False, False]]))
nn.MultiheadAttention(4, 2) | attend(m, x(3, 2, 4), need_weights=False, attn_mask=x(4, 3, 3), \
key_padding_mask=torch.tensor([[0., 0., -1.], [0., 0.5, 0.]]))
nn.TransformerEncoderLayer(4, 2, 8, dropout=0.0) | m(x(3, 2, 4))
nn.TransformerEncoderLayer(4, 2, 8, dropout=0.0) | m(x(3, 2, 4)) | eval
nn.TransformerEncoderLayer(4, 2, 8, activation='gelu', norm_first=True) | m(x(3, 2, 4), causal(3))
nn.TransformerDecoderLayer(4, 2, 8, batch_first=True, bias=False) | m(x(2, 3, 4), x(2, 5, 4))
nn.TransformerEncoder(nn.TransformerEncoderLayer(4, 2, 8), 2, nn.LayerNorm(4)) | m(x(3, 2, 4))
nn.Transformer(4, 2, 1, 2, 8) | m(x(3, 2, 4), x(2, 2, 4), tgt_mask=causal(2))
nn.LazyLinear(3) | (m(x(4, 2)), m(x(3, 2)))
nn.LazyLinear(3, bias=False) | m(x(4, 2))
nn.LazyConv1d(4, 3, stride=2, groups=2) | m(x(1, 2, 7))
nn.LazyConv2d(3, (2, 3), padding=1) | m(x(1, 2, 4, 4))
nn.LazyConvTranspose1d(3, 2) | m(x(2, 4))
nn.LazyConvTranspose2d(2, 3, bias=False) | m(x(1, 2, 3, 3))
nn.LazyBatchNorm1d() | m(x(4, 3))
nn.LazyBatchNorm2d(affine=False, momentum=0.2) | m(x(2, 3, 2, 2))
nn.utils.parametrizations.weight_norm(nn.Linear(2, 3)) | m(x(4, 2))
nn.utils.parametrizations.weight_norm(nn.Conv1d(2, 3, 2), dim=None) | m(x(1, 2, 4))
nn.utils.parametrizations.spectral_norm(nn.Linear(2, 3)) | (m(x(4, 2)), m(x(4, 2)))
nn.utils.parametrizations.spectral_norm(nn.ConvTranspose1d(2, 3, 2)) | m(x(1, 2, 4)) | eval
nn.Sequential(nn.Linear(2, 3), nn.Sequential(nn.ReLU(), nn.Linear(3, 1))) | m(x(4, 2))
nn.ModuleList([nn.Linear(2, 2), nn.Linear(2, 2), nn.Linear(2, 3), nn.ReLU()]) | m[1](m[0](x(3, 2)))
nn.ModuleDict({'lin': nn.Linear(2, 2), 'act': nn.Tanh()}) | m['act'](m['lin'](x(3, 2)))
nn.ParameterList([torch.ones(2, 3), torch.tensor(1.0)]) | x(2, 3) * m[0] + m[1]
nn.ParameterDict({'a': torch.ones(2), 'b': None}) | x(2) * m['a']
""".replace("\\\n", "").strip().splitlines()


# ``e(4, 5)`` is a tensor to be filled.
INIT_LINES = """
init.uniform_(e(4, 5), -1, 2)
init.uniform_(e(3), -1, 2)
init.normal_(e(4, 5), 1.0, 0.5)
init.normal_(e(3))
init.trunc_normal_(e(6, 5), std=2.0)
init.trunc_normal_(e(40), mean=1.0, std=1.0, a=0.0, b=1.5)
init.trunc_normal_(e(6, 5), std=0.3, a=0.3, b=0.4)
init.constant_(e(2, 3), 0.3)
init.ones_(e(2, 3))
init.zeros_(e(2, 3) + 1)
init.eye_(e(3, 4))
init.dirac_(e(4, 3, 3))
init.dirac_(e(4, 2, 3, 3), 2)
init.xavier_uniform_(e(4, 5), gain=2.0)
init.xavier_uniform_(e(4, 2, 3, 3))
init.xavier_normal_(e(4, 5))
init.kaiming_uniform_(e(4, 5))
init.kaiming_uniform_(e(4, 5), a=0.2, mode='fan_out')
init.kaiming_normal_(e(4, 3, 2), nonlinearity='relu')
init.kaiming_normal_(e(4, 5), mode='fan_out', nonlinearity='tanh')
init.orthogonal_(e(4, 6))
init.orthogonal_(e(5, 3), gain=2.0)
init.orthogonal_(e(3, 2, 2))
init.sparse_(e(6, 4), sparsity=0.3)
""".strip().splitlines()


def run_init(lib, line):
    """What an initialiser writes, and the stream's next number."""
    lib.manual_seed(0)
    filled = eval(line, {"init": lib.nn.init, "e": lib.zeros})
    return {"out": [filled.numpy(), lib.rand(1).numpy()]}


def run(lib, line):
    """What a line gives: printed form, names, initial numbers, outputs, gradients, state after."""
    make, call, *then = [part.strip() for part in line.split("|")]
    leaves = []

    def x(*shape):
        leaves.append(lib.randn(*shape).requires_grad_())
        return leaves[-1]

    def attend(m, t, **kwargs):
        return m(t, t, t, **kwargs)

    rnn = lib.nn.utils.rnn
    names = {
        "torch": lib, "nn": lib.nn, "x": x, "attend": attend,
        "k": lambda n, *shape: lib.randint(0, n, shape),
        "p": lambda *shape: lib.rand(*shape),
        "b": lambda *shape: lib.rand(*shape) > 0.5,
        "s": lambda *shape: lib.where(lib.rand(*shape) > 0.5, 1.0, -1.0),
        "causal": lib.nn.Transformer.generate_square_subsequent_mask,
        "pack": rnn.pack_padded_sequence, "unpack": rnn.pad_packed_sequence,
    }  # fmt: skip
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", UserWarning)  # PyTorch's advice about speed
        lib.manual_seed(0)
        m = eval(make, names)
        if then:
            m.eval()
        lazy = make.startswith("nn.Lazy")
        result = {"repr": repr(m), "start": {} if lazy else numbers(m.state_dict())}
        outs = flat(lib, eval(call, {**names, "m": m}))
        result["out"] = [o.detach().numpy().copy() for o in outs]
        loss = sum((o * weights(lib, o)).sum() for o in outs if o.requires_grad)
        if hasattr(loss, "backward"):
            loss.backward()
    grads = {str(i): leaf.grad for i, leaf in enumerate(leaves)}
    grads |= {name: p.grad for name, p in m.named_parameters()}
    result["grad"] = {name: None if g is None else g.numpy() for name, g in grads.items()}
    result["end"] = numbers(m.state_dict() if lazy else dict(m.named_buffers()))
    return result


def numbers(tensors):
    return {name: t.detach().numpy().copy() for name, t in tensors.items() if t is not None}


def weights(lib, o):
    """Different factors for the elements, so that the gradients are all different."""
    return lib.cos(lib.arange(o.numel(), dtype=o.dtype)).reshape(o.shape)


def flat(lib, out):
    """The tensors in (nested tuples of) outputs."""
    if out is None:
        return []
    if isinstance(out, lib.Tensor):
        return [out]
    return [t for part in out for t in flat(lib, part)]


def plain(value):
    """A result as JSON: arrays as [shape, numbers]."""
    if isinstance(value, dict):
        return {name: plain(v) for name, v in value.items()}
    if isinstance(value, list):
        return [plain(v) for v in value]
    if isinstance(value, np.ndarray):
        digits = [float(f"{v:.8g}") for v in value.ravel().tolist()]
        return [list(value.shape), digits if any(digits) else 0]
    return value


def assert_same(ours, theirs, what=""):
    """Results are equal, numbers within float32's rounding."""
    if isinstance(theirs, dict):
        assert list(ours) == list(theirs), what
        for name in theirs:
            assert_same(ours[name], theirs[name], f"{what}/{name}")
    elif isinstance(ours, list) and ours and isinstance(ours[0], np.ndarray):
        assert len(ours) == len(theirs), what
        for i, (a, b) in enumerate(zip(ours, theirs)):
            assert_same(a, b, f"{what}/{i}")
    elif isinstance(ours, np.ndarray):
        if isinstance(theirs, list):
            shape, kept = theirs
            theirs = np.zeros(shape) if kept == 0 else np.reshape(kept, shape)
        assert theirs is not None and ours.shape == theirs.shape, what
        scale = max(1.0, np.abs(theirs).max(initial=0))
        np.testing.assert_allclose(ours, theirs, rtol=2e-5, atol=3e-6 * scale, err_msg=what)
    else:
        assert ours == theirs, what
