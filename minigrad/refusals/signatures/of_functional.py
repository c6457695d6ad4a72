"""``nn.functional``: what its functions ask of their arguments. grammar.py explains the lines."""

FUNCTIONAL = """
leaky_relu!: > leaky_relu(Tensor input, Number negative_slope)
relu relu6 selu mish silu hardsigmoid hardswish: > NAME(Tensor input)
elu!: > elu(Tensor input, Number alpha)
celu!: > celu(Tensor input, Number alpha)
logsigmoid: log_sigmoid(Tensor input, *, Tensor? out=)
gelu: (Tensor input, *, str approximate=, Tensor? out=)
softplus!: (Tensor input, Number beta=, Number threshold=, *, Tensor? out=)
softsign!: input.abs
tanhshrink: input.tanh
sigmoid: input.sigmoid
tanh: input.tanh
hardtanh!: ordered(min_val, max_val); > hardtanh(Tensor input, Number min_val, Number max_val)
threshold!: > threshold(Tensor input, Number threshold, Number value)
softshrink!: (Tensor input, Number lambd=, *, Tensor? out=)
hardshrink!: (Tensor input, Number lambd=, *, Tensor? out=)
prelu: (Tensor input, Tensor weight)
glu!: input.dim(); > glu(Tensor input, int dim)
rrelu!: > rrelu(Tensor input, Number lower, Number upper, bool training)
softmax!: input.softmax; > softmax(int? dim, *, dtype? dtype)
softmin!: softmax_of_negative(input); > softmax(int? dim, *, dtype? dtype)
log_softmax!: input.log_softmax; > log_softmax(int? dim, *, dtype? dtype)
gumbel_softmax!: own_eps(eps); > empty_like(Tensor input<logits); > softmax(int dim)
dropout!: probability(p); > dropout(Tensor input, float p, bool train<training)
dropout1d!: probability(p); input.dim(); > feature_dropout(Tensor input, float p,
    bool train<training)
dropout2d!: probability(p); input.dim(); > feature_dropout(Tensor input, float p,
    bool train<training)
dropout3d!: probability(p); input.dim(); > feature_dropout(Tensor input, float p,
    bool train<training)
alpha_dropout!: probability(p); yes_or_no(inplace); > alpha_dropout(Tensor input, float p,
    bool train<training)
feature_alpha_dropout!: probability(p); yes_or_no(inplace); > feature_alpha_dropout(Tensor input,
    float p, bool train<training)
embedding!: padding_row(padding_idx, weight); renormalised(max_norm, input);
    > embedding(Tensor weight, Tensor indices<input, int? padding_idx, bool scale_grad_by_freq,
    bool sparse)
embedding_bag!: weight.dtype; weighted(per_sample_weights, input); weight.dim(); input.dim();
    offsets?.dim(); > embedding_bag(Tensor weight, Tensor indices<input, Tensor? offsets,
    bool scale_grad_by_freq, int _, bool sparse, Tensor? per_sample_weights,
    bool include_last_offset, int? padding_idx)
linear: (Tensor input, Tensor weight, Tensor? bias=, *, Tensor? out=)
bilinear: (Tensor input1, Tensor input2, Tensor weight, Tensor? bias=)
one_hot!: (Tensor input, int num_classes=)
conv1d conv2d conv3d: (Tensor input, Tensor weight, Tensor? bias=, int[1] stride=, int[1] padding=,
    int[1] dilation=, int groups= | Tensor input, Tensor weight, Tensor? bias=, int[1] stride=,
    str padding=, int[1] dilation=, int groups=)
conv_transpose1d conv_transpose2d conv_transpose3d: (Tensor input, Tensor weight, Tensor? bias=,
    int[1] stride=, int[1] padding=, int[1] output_padding=, int groups=, int[1] dilation=)
max_pool1d! max_pool2d! max_pool3d!: > NAME_or_indices(Tensor input, int[1] kernel_size,
    int[1]? stride, int[1] padding, int[1] dilation, bool ceil_mode)
max_pool1d_with_indices! max_pool2d_with_indices! max_pool3d_with_indices!: > NAME(Tensor input,
    int[1] kernel_size, int[1]? stride, int[1] padding, int[1] dilation, bool ceil_mode)
avg_pool1d!: (Tensor input, int[1] kernel_size, int[1]? stride=, int[1] padding=, bool ceil_mode=,
    bool count_include_pad=)
avg_pool2d! avg_pool3d!: (Tensor input, int[1] kernel_size, int[1]? stride=, int[1] padding=,
    bool ceil_mode=, bool count_include_pad=, int? divisor_override=, *, Tensor? out=)
adaptive_avg_pool1d!: (Tensor input, int[1] output_size)
adaptive_avg_pool2d! adaptive_avg_pool3d!: input.size()
adaptive_max_pool1d! adaptive_max_pool1d_with_indices!: > adaptive_max_pool1d(Tensor input,
    int[1] output_size)
adaptive_max_pool2d! adaptive_max_pool3d! adaptive_max_pool2d_with_indices!: input.size()
max_unpool1d!: input.size(); indices.unsqueeze
max_unpool2d! max_unpool3d!: input.size(); > NAME(Tensor input, Tensor indices)
lp_pool1d!: input.pow; > pow(Tensor|Number exponent<norm_type | Tensor|Number exponent<norm_type);
    > avg_pool1d(any _, int[1] kernel_size, int[1]? stride, any _, bool ceil_mode)
lp_pool2d!: pair(kernel_size); input.pow; > pow(Tensor|Number exponent<norm_type
    | Tensor|Number exponent<norm_type); > avg_pool2d(any _, int[1] kernel_size, int[1]? stride,
    any _, bool ceil_mode)
lp_pool3d!: triple(kernel_size); input.pow; > pow(Tensor|Number exponent<norm_type
    | Tensor|Number exponent<norm_type); > avg_pool3d(any _, int[1] kernel_size, int[1]? stride,
    any _, bool ceil_mode)
unfold!: > im2col(Tensor input, pair kernel_size, pair dilation, pair padding, pair stride)
fold!: > col2im(Tensor input, pair output_size, pair kernel_size, pair dilation, pair padding,
    pair stride)
pad!: > pad(Tensor input, int[] pad, str mode, float? value)
pixel_shuffle!: (Tensor input, int upscale_factor)
pixel_unshuffle!: (Tensor input, int downscale_factor)
channel_shuffle!: (Tensor input, int groups)
interpolate: input.dim()
upsample: input.dim()
affine_grid!: theta.is_floating_point(); length(size); yes_or_no(align_corners);
    > affine_grid_generator(Tensor theta, any _, bool? align_corners)
grid_sample!: > grid_sampler(Tensor input, Tensor grid, int _, int _, bool? align_corners)
batch_norm!: statistics_of(training, input); batch_eps(training, eps); > batch_norm(Tensor input,
    Tensor? weight, Tensor? bias, Tensor? running_mean, Tensor? running_var, bool training,
    float momentum, float eps)
layer_norm!: > layer_norm(Tensor input, int[] normalized_shape, Tensor? weight, Tensor? bias,
    float eps)
group_norm!: input.dim(); groups(input, num_groups); > group_norm(Tensor input, int num_groups,
    Tensor? weight, Tensor? bias, float eps)
instance_norm!: statistics_of(use_input_stats, input); > instance_norm(Tensor input, Tensor? weight,
    Tensor? bias, Tensor? running_mean, Tensor? running_var, bool use_input_stats, float momentum,
    float eps)
rms_norm!: > rms_norm(Tensor input, int[] normalized_shape, Tensor? weight, float? eps)
local_response_norm!: input.dim(); > mul(Tensor|Number other<alpha); > add(Tensor|Number other<k);
    > pow(Tensor|Number exponent<beta | Tensor|Number exponent<beta)
normalize!: input.norm; > linalg_vector_norm(any input, Number|str? ord<p);
    > clamp_min(Tensor|Number min<eps | Tensor|Number min<eps)
cosine_similarity!: (Tensor x1, Tensor x2, int dim=, float eps=)
pairwise_distance!: (Tensor x1, Tensor x2, float p=, float eps=, bool keepdim=)
pdist!: (Tensor input, float p=)
scaled_dot_product_attention!: (Tensor query, Tensor key, Tensor value, Tensor? attn_mask=,
    float dropout_p=, bool is_causal=, *, float? scale=, bool enable_gqa=)
mse_loss! l1_loss!: target.size(); input.size(); reduction
smooth_l1_loss!: target.size(); input.size(); reduction; is_zero(beta);
    > smooth_l1_loss(Tensor input, Tensor target, int _, float beta)
huber_loss!: target.size(); input.size(); reduction; > huber_loss(Tensor input, Tensor target,
    int _, float delta)
soft_margin_loss!: reduction; > soft_margin_loss(Tensor input, Tensor target)
binary_cross_entropy!: reduction; target.size(); input.size(); weight?.size()
binary_cross_entropy_with_logits!: reduction; target.size(); input.size();
    > binary_cross_entropy_with_logits(Tensor input, Tensor target, Tensor? weight,
    Tensor? pos_weight)
cross_entropy!: reduction; > cross_entropy_loss(Tensor input, Tensor target, Tensor? weight, int _,
    int ignore_index, float label_smoothing)
nll_loss!: reduction; > nll_loss_nd(Tensor input, Tensor target, Tensor? weight, int _,
    int ignore_index)
kl_div!: reduction; > kl_div(Tensor input, Tensor target, int _, *, bool log_target)
gaussian_nll_loss!: below_zero(var); input.size(); valid_reduction(reduction);
    > clamp_(Tensor|Number? min<eps | Tensor|Number? min<eps); difference(input, target)
poisson_nll_loss!: valid_reduction(reduction); > poisson_nll_loss(Tensor input, Tensor target,
    bool log_input, bool full, float eps)
cosine_embedding_loss!: reduction; > cosine_embedding_loss(Tensor input1, Tensor input2,
    Tensor target, float margin)
margin_ranking_loss!: reduction; input1.dim(); input2.dim(); target.dim();
    > margin_ranking_loss(Tensor input1, Tensor input2, Tensor target, float margin)
hinge_embedding_loss!: reduction; > hinge_embedding_loss(Tensor input, Tensor target, float margin)
triplet_margin_with_distance_loss!: reduction; anchor.ndim; positive.ndim; negative.ndim
triplet_margin_loss!: reduction; against_zero(margin); > triplet_margin_loss(Tensor anchor,
    Tensor positive, Tensor negative, float margin, float p, float eps, bool swap)
multi_margin_loss!: reduction; weight?.dim(); > multi_margin_loss(Tensor input, Tensor target,
    any p, Number margin, Tensor? weight)
multilabel_margin_loss!: reduction; > multilabel_margin_loss(Tensor input, Tensor target)
multilabel_soft_margin_loss!: valid_reduction(reduction); yes_or_no(reduce);
    > log_sigmoid(Tensor input)
ctc_loss!: reduction; > ctc_loss(Tensor log_probs, Tensor targets, int[] input_lengths,
    int[] target_lengths, int blank, int _, bool zero_infinity | Tensor log_probs, Tensor targets,
    Tensor input_lengths, Tensor target_lengths, int blank, int _, bool zero_infinity)
"""
