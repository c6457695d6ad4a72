"""The calls of nn.functional that are compared with PyTorch.

How a line is written is explained in calls.py.
"""

LAYERS = """
x=N,M w=O,M b=O | F.linear(x, w, b)
x=N,M w=O,M | F.linear(x, w)
x=P,N,M w=O,M b=O | F.linear(x, w, b)
x=P,N,M w=O,M | F.linear(x, w)
x=M w=O,M b=O | F.linear(x, w, b)
x=N,M y=N,K w=O,M,K b=O | F.bilinear(x, y, w, b) #names
"""

CONVOLUTION_POOLING = """
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
x=2,2,4 w=2,3,2 | F.conv_transpose1d(x, w, stride={1|2})
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
x=2,3,7 | {F.adaptive_max_pool1d(x, 3, return_indices=True)|\
    F.adaptive_max_pool1d_with_indices(x, 2)}
x=2,2,3,4,3 | {F.adaptive_avg_pool3d(x, 2)|F.adaptive_max_pool3d(x, (2, 1, 2))}
x=2,2,4,4,4 | {F.avg_pool3d(x, 2)|F.avg_pool3d(x, 2, 1, 1)|F.max_pool3d(x, 3, 2, 1)}
x=2,3,8 | {F.max_pool1d_with_indices(x, 2)|F.max_pool1d(x, 3, 1, return_indices=True)}
x=2,2,4,4 | {F.max_pool2d_with_indices(x, 2)|F.adaptive_max_pool2d_with_indices(x, 2)|\
    F.adaptive_max_pool2d(x, 3)}
x=1,2,4,4,4 | F.max_pool3d_with_indices(x, 2)
x=2,3,8 | F.max_unpool1d(*F.max_pool1d(x, 2, return_indices=True), 2) #names
x=2,3,5,4 | {F.max_unpool2d(*F.max_pool2d(x, 2, return_indices=True), 2, output_size=(5, 4))|\
    F.max_unpool2d(*F.max_pool2d(x, 2, return_indices=True), 2)} #names
x=1,2,4,4,4 | F.max_unpool3d(*F.max_pool3d(x, 2, return_indices=True), 2) #names
x=2,3,7@pos | {F.lp_pool1d(x, 2, 3)|F.lp_pool1d(x, 3, 2, 1, ceil_mode=True)} #names
x=2,3,5,4@pos | {F.lp_pool2d(x, 2, 2)|F.lp_pool2d(x, 3, (3, 2), 1)} #names
x=1,2,4,4,4@pos | F.lp_pool3d(x, 2, 2) #names
x=1,2,3,3,3 w=2,2,2,2,2 b=2 | F.conv_transpose3d(x, w, b, stride=2) #names
"""

ACTIVATIONS = """
x=* | F.relu(x)
x=* | F.relu6(4 * x)
x=* | F.leaky_relu(x, 0.1)
x=* | F.elu(x, 1.5)
x=* | F.selu(x)
x=* | F.celu(x, 0.7) #rough
x=* | F.gelu(x)
x=* | F.gelu(x, approximate='tanh')
x=* | F.silu(x)
x=* | F.mish(x)
x=* | F.softplus(x)
x=* | F.softplus(x, 2, 1)
x=* | F.softsign(x)
x=* | F.tanhshrink(x)
x=* | F.hardtanh(x, -0.5, 1)
x=* | F.hardsigmoid(3 * x) #rough #1
x=* | F.hardswish(3 * x)
x=* | F.logsigmoid(x)
x=* | F.threshold(x, 0.2, 3)
x=* | F.softshrink(x)
x=* | F.hardshrink(x, 0.7)
x=3,4 w=1 | F.prelu(x, w)
x=2,3,4 w=3 | F.prelu(x, w)
x=3,4 | F.glu(x)
x=4,3 | F.glu(x, 0)
x=* | F.rrelu(x)
x=N,M | F.softmax(x, 1)
x=P,N,M | F.softmax(x, 1)
x=N,M | F.log_softmax(x, -1)
x=P,N,M | F.log_softmax(x, 0)
x=N,M | F.softmin(x, 0)
x=N,M | torch.softmax(x, 1) * x.log_softmax(0)
x=* | {F.sigmoid(x)|F.tanh(x)}
x=* | {F.relu_(x * 1)|F.elu_(x * 1)|F.leaky_relu_(x * 1)|F.hardtanh_(x * 1)|F.selu_(x * 1)|\
    F.celu_(x * 1)|F.threshold_(x * 1, 0.3, 1.)} #rough #names
x=* | {torch.selu(x)|torch.celu(x)|torch.hardshrink(x)|torch.threshold(x, 0.1, 2.)|\
    x.hardshrink()} #rough
x=N,M w=M | {torch.prelu(x, w)|x.prelu(w)}
x=N,M | {F.dropout(x, 0.5, False)|F.dropout(x, 0.)|F.alpha_dropout(x, 0.5, False)|\
    F.dropout2d(x, 0.3, False)} #names
"""

LOSSES = """
x=N,C t=N@intC | F.cross_entropy(x, t) #names
x=N,C t=N@intC | F.cross_entropy(x, t, reduction='none')
x=N,C t=N@intC | F.cross_entropy(x, t, reduction='sum')
x=N,C t=N@intC w=C@pos! | F.cross_entropy(x, t, w)
x=6,3 t=6@int3 w=3@pos! | F.cross_entropy(x, t, w, ignore_index=1, label_smoothing=0.2)
x=N,C t=N@intC | F.cross_entropy(x, t, label_smoothing=0.1, reduction='none')
x=3 t=@int3 | F.cross_entropy(x, t) #names
x=3,3,4 t=3,4@int3 | F.cross_entropy(x, t, ignore_index=0)
x=P,C,H,W t=P,H,W@intC w=C@pos! | F.cross_entropy(x, t, w, reduction='none')
x=N,C t=N,C@01 | F.cross_entropy(x, t) #names
x=N,C t=N,C@01 w=C@pos! | F.cross_entropy(x, t, w, reduction='sum', label_smoothing=0.1)
x=P,C,K t=P,C,K@01 | F.cross_entropy(x, t, reduction='none')
x=N,C t=N@intC | F.nll_loss(x, t)
x=6,3 t=6@int3 w=3@pos! | F.nll_loss(x, t, w, ignore_index=2)
x=P,C,K t=P,K@intC | F.nll_loss(x, t, reduction='none') #names
x=N,M t=N,M | F.mse_loss(x, t)
x=N,M t=N,M | F.mse_loss(x, t, reduction='sum')
x=N,M t=N,M | F.mse_loss(x, t, reduction='none')
x=N,M t=N,M | F.l1_loss(x, t)
x=N,M t=N,M | F.smooth_l1_loss(x, t)
x=N,M t=N,M | F.smooth_l1_loss(x, t, beta=0.5, reduction='none')
x=N,M t=N,M | F.huber_loss(x, t)
x=N,M t=N,M | F.huber_loss(x, t, 'sum', 0.5)
x=N,M@01 t=N,M@01 | F.binary_cross_entropy(x, t) #names
x=N,M@01 t=N,M@01! w=M@pos! | F.binary_cross_entropy(x, t, w, reduction='sum')
x=N,M t=N,M@01 | F.binary_cross_entropy_with_logits(x, t)
x=N,M t=N,M@01! w=M@pos! p=M@pos! | F.binary_cross_entropy_with_logits(x, t, w, pos_weight=p)
x=N,M t=N,M@sign! | F.soft_margin_loss(x, t)
x=N,M t=N,M@01 | F.kl_div(x, t, reduction='batchmean')
x=N,M t=N,M | F.kl_div(x, t, reduction='sum', log_target=True)
x=N,M y=N,M t=N@sign! | F.cosine_embedding_loss(x, y, t, 0.1)
x=N y=N t=N@sign! | F.margin_ranking_loss(x, y, t, 0.2)
x=N,M t=N,M@sign! | F.hinge_embedding_loss(x, t, 0.5)
x=N,M y=N,M z=N,M | F.triplet_margin_loss(x, y, z) #names
x=N,M y=N,M z=N,M | F.triplet_margin_loss(x, y, z, 2., 2, swap=True, reduction='none') #names
x=N,M t=N,M@pos | F.poisson_nll_loss(x, t)
x=N,M@pos t=N,M@pos! | F.poisson_nll_loss(x, 3 * t, False, True)
x=N,M t=N,M v=N,M@pos | F.gaussian_nll_loss(x, t, v, full=True)
x=N,M t=N,M v=N,1@pos | F.gaussian_nll_loss(x, t, v)
x=3,4 t=3@int4 | F.multi_margin_loss(x, t) #1
x=3,4 t=3@int4 w=4@pos! | F.multi_margin_loss(x, t, 2, 0.5, w, reduction='none') #1
x=N,M t=N,M@01! | F.multilabel_soft_margin_loss(x, t)
x=N,M y=N,M z=N,M | {F.triplet_margin_with_distance_loss(x, y, z)|\
    F.triplet_margin_with_distance_loss(x, y, z, swap=True, margin=2., reduction='sum')} #names
x=3,4 t=3,4@int4 | {F.multilabel_margin_loss(x, t)|\
    F.multilabel_margin_loss(x, t * 0 + torch.tensor([2, 0, -1, 1]))|\
    F.multilabel_margin_loss(x, torch.tensor([[3, -1, 0, 0]]).expand(3, 4), \
    reduction='none')} #names #1 #kinks
x=6,2,4 t=2,3@int3 | {F.ctc_loss(x.log_softmax(2), t + 1, (6, 5), (3, 2))|\
    F.ctc_loss(x.log_softmax(2), t + 1, torch.tensor([6, 6]), torch.tensor([1, 3]), \
    reduction='none')|F.ctc_loss(x.log_softmax(2), t + 1, (6, 2), (2, 3), reduction='sum', \
    zero_infinity=True)} #1 #names
x=6,4 t=3@int3 | F.ctc_loss(x.log_softmax(1), t, (6,), (3,), blank=3, reduction='sum') #1 #names
"""

NORMALISATION = """
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
x=N,M | F.normalize(x) #rough
x=N,M | F.normalize(x, 1, 0)
"""

EMBEDDING_PADDING = """
k=2,3@int5 w=5,3 | F.embedding(k, w)
# The gradient of rows that occur often is scaled down: not the derivative.
k=2,3@int5 w=5,3 | F.embedding(k, w, 1, scale_grad_by_freq=True) #1 #kinks
k=2,3@int5 w=5,3 | F.embedding_bag(k, w) #1
k=2,3@int5 w=5,3 p=2,3 | F.embedding_bag(k, w, mode='sum', per_sample_weights=p) #names #1
k=5@int5 w=5,3 | F.embedding_bag(k, w, torch.tensor([0, 2, 2]), mode='sum') #1
k=5@int5 w=5,3 | F.embedding_bag(k, w, torch.tensor([0, 2, 2]), mode='max') #1
k=2,3@int5 | F.one_hot(k, 6)
x=2,3 | F.pad(x, (1, 2))
x=2,3,4 | F.pad(x, (1, -2, 0, 3), value=1.5)
x=2,3,4 | F.pad(x, (2, 3), mode='reflect')
x=2,3,4,4 | F.pad(x, (2, 1, 0, 3), mode='reflect')
x=2,3,4 | F.pad(x, (5, 1), mode='replicate')
x=2,3,4,4 | F.pad(x, (2, 1, 0, 6), mode='replicate')
x=2,3,4 | F.pad(x, (3, 1), mode='circular') #names
x=2,3,4,4 | F.pad(x, (2, 1, 0, 3), mode='circular') #names
"""

ATTENTION_DISTANCES = """
q=P,N,M k=P,L,M v=P,L,K | F.scaled_dot_product_attention(q, k, v) #names
q=P,N,M k=P,L,M v=P,L,K m=N,L@bool | F.scaled_dot_product_attention(q, k, v, m) #names
q=P,N,M k=P,L,M v=P,L,K m=N,L | F.scaled_dot_product_attention(q, k, v, m, scale=0.3) #names
q=1,2,3,4 k=1,2,3,4 v=1,2,3,4 | F.scaled_dot_product_attention(q, k, v, is_causal=True) #names #1
x=N,M y=N,M | F.cosine_similarity(x, y) #rough
x=N,M y=1,M | F.cosine_similarity(x, y, -1) #rough
x=N,M y=N,M | F.pairwise_distance(x, y) #names
x=N,M y=N,M | F.pairwise_distance(x, y, 1, keepdim=True) #names
x=N,M | {F.pdist(x + torch.arange(N).unsqueeze(1), 1.)|\
    torch.pdist(x + torch.arange(N).unsqueeze(1), 3.)} #1 #names
x=N,M y=N,M | {torch.cosine_similarity(x, y)|torch.pairwise_distance(x, y)} #names
"""

IMAGES = """
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
x=1,2,9,5 | F.interpolate(x, (4, 8), mode='bilinear', antialias=True)
x=1,2,9,5 | F.interpolate(x, scale_factor=0.4, mode='bicubic', antialias=True, align_corners=True)
x=1,2,9,5 | F.interpolate(x, scale_factor=(0.4, 1.3), mode='lanczos', antialias=True)
x=1,8,2,3 | F.pixel_shuffle(x, 2)
x=2,1,4,6 | F.pixel_unshuffle(x, 2)
a=2,2,3 | {F.affine_grid(a, (2, 1, 3, 4), align_corners=False)|\
    F.affine_grid(a, (2, 1, 1, 2), align_corners=True)} #names
x=2,2,4,3 g=2,3,2,2@unit | {F.grid_sample(x, g, align_corners=False)|\
    F.grid_sample(x, g, align_corners=True)|\
    F.grid_sample(x, g, padding_mode='border', align_corners=False)|\
    F.grid_sample(x, g * 1.7, padding_mode='reflection', align_corners=True)|\
    F.grid_sample(x, g * 1.7, padding_mode='reflection', align_corners=False)|\
    F.grid_sample(x, g * 1.5, align_corners=False)} #names
x=2,2,4,3 g=2,3,2,2@unit! | F.grid_sample(x, g, mode='nearest', align_corners={False|\
    True}) #names
x=1,4,3,2 | {torch.channel_shuffle(x, 2)|F.channel_shuffle(x, 4)|torch.pixel_shuffle(x, 2)} #names
x=1,2,3,4 | F.upsample(x, scale_factor=2) #names
"""

TABLES = {
    "Layers": LAYERS,
    "Convolution and pooling": CONVOLUTION_POOLING,
    "Activations": ACTIVATIONS,
    "Losses": LOSSES,
    "Normalisation": NORMALISATION,
    "Embedding and padding": EMBEDDING_PADDING,
    "Attention and distances": ATTENTION_DISTANCES,
    "Images": IMAGES,
}
