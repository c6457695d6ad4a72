"""PyTorch's signatures, for the words of an error (see arguments.py).

``(Tensor input, int dim): unsqueeze`` says that ``torch.unsqueeze`` takes a tensor and a whole
number. ``=`` marks what may be left out, ``?`` what may be None, ``*`` what comes by name only,
``int[1]`` what may be one number or several, ``;`` stands between the forms of one function.
``options`` are dtype, layout, device, pin_memory and requires_grad.

A method has its function's signature without the tensor itself; METHODS are the others. The tables
were read off PyTorch 2.13's type stubs.
"""

FUNCTIONS = """
(Tensor input): abs_ acos_ acosh_ adjoint arccos_ arccosh_ arcsin_ arcsinh_ arctan_ arctanh_
    argwhere asin_ asinh_ atan_ atanh_ ceil_ conj conj_physical_ corrcoef cos_ cosh_ deg2rad_ det
    detach detach_ erf_ erfc_ exp2_ exp_ expm1_ fix_ fliplr flipud floor_ frac_ i0_ imag
    is_complex is_floating_point is_inference is_nonzero is_signed isfinite isinf isnan isreal
    log10_ log1p_ log2_ log_ logdet matrix_exp neg_ negative_ positive rad2deg_ ravel real
    reciprocal_ relu relu_ rsqrt_ selu sigmoid_ sin_ sinc_ sinh_ sqrt_ square_ t tan_ tanh_ trace
    trunc_ view_as_complex view_as_real zero_
(any data, *, dtype? dtype=, device? device=, bool pin_memory=, bool requires_grad=): tensor
(Number s, *, options): scalar_tensor
(any buffer, *, dtype dtype, int count=, int offset=, bool requires_grad=): frombuffer
(Tensor input, int dim): unsqueeze
(dtype from_, dtype to): can_cast
(Tensor input, float p=): pdist
(Tensor input, int dim=): unbind
(Tensor input, int groups): channel_shuffle
(Tensor input, int[] dims): flip permute tile
(Tensor input, int[] size): broadcast_to
(dtype type1, dtype type2): promote_types
(Tensor input, float? eps=): logit_
(Tensor input, int offset=): diagflat
(Tensor input, int[] shape): reshape
(Tensor input, Tensor other): equal gcd_ is_same_size lcm_ ldexp_
(Tensor input, float rcond=): pinverse
(Tensor input, Number alpha=): celu
(Tensor input, Tensor weight): prelu
(Tensor input, *, Tensor? out=): abs absolute acos acosh angle arccos arccosh arcsin arcsinh
    arctan arctanh asin asinh atan atanh bitwise_not ceil conj_physical cos cosh deg2rad digamma
    erf erfc erfinv exp exp2 expm1 fix floor frac i0 inverse isneginf isposinf lgamma log log10
    log1p log2 logical_not msort neg negative rad2deg reciprocal rsqrt sgn sigmoid sign signbit
    sin sinc sinh sqrt square tan tanh trunc
(Tensor input, *, Tensor[]? out=): frexp slogdet
(Tensor input, int dim, int index): select
(Tensor input, int dim0, int dim1): swapdims transpose
(Tensor input, int upscale_factor): pixel_shuffle
(Tensor input, int[1] output_size): adaptive_avg_pool1d adaptive_max_pool1d
(Tensor input, float p, bool train): alpha_dropout dropout feature_alpha_dropout
(Tensor input, int k=, int[] dims=): rot90
(Tensor[] tensors, *, Tensor? out=): column_stack dstack hstack row_stack vstack
(Tensor input, int axis0, int axis1): swapaxes
(Tensor input, int chunks, int dim=): chunk
(Tensor input, int dim, int[] sizes): unflatten
(Tensor input, int downscale_factor): pixel_unshuffle
(Tensor x, int? N=, bool increasing=): vander
(Tensor input, int n, *, Tensor? out=): matrix_power
(Tensor input, int p, *, Tensor? out=): mvlgamma
(int n, Tensor input, *, Tensor? out=): polygamma
(int[] size, *, Tensor? out=, options): ones zeros
(Tensor input, Tensor other, Number p=): dist
(Tensor input, int dim, *, Tensor? out=): logcumsumexp
(Tensor input, Tensor mask, Tensor source): masked_scatter
(Tensor input, int dim, *, Tensor[]? out=): cummax cummin
(any data, dtype? dtype=, device? device=): as_tensor
(Tensor abs, Tensor angle, *, Tensor? out=): polar
(Tensor input, Tensor vec, *, Tensor? out=): mv
(Tensor input, int[] split_sizes, int dim=): split_with_sizes
(Tensor real, Tensor imag, *, Tensor? out=): complex
(int row, int col, int offset=, *, options): tril_indices triu_indices
(Tensor input, Tensor mask, *, Tensor? out=): masked_select
(Tensor input, Tensor vec2, *, Tensor? out=): ger outer
(Tensor input, bool upper=, *, Tensor? out=): cholesky cholesky_inverse
(Tensor input, float? eps=, *, Tensor? out=): logit
(Tensor input, int start_dim=, int end_dim=): flatten
(Tensor input, int[1] shifts, int[1]? dims=): roll
(Tensor x1, Tensor x2, int dim=, float eps=): cosine_similarity
(Tensor input, Tensor index, *, Tensor? out=): take
(Tensor input, Tensor other, *, Tensor? out=): arctan2 atan2 fmax fmin gcd hypot inner kron lcm
    ldexp logaddexp logaddexp2 logical_and logical_or logical_xor matmul maximum minimum nextafter
    vdot
(Tensor input, bool some=, *, Tensor[]? out=): qr
(Tensor input; Tensor input, *, int decimals): round_
(Tensor[] tensors, int dim=, *, Tensor? out=): cat concat concatenate stack
(Tensor input, Number lambd=, *, Tensor? out=): hardshrink
(Tensor input, Tensor src, int dim, int index): select_scatter
(Tensor input, Tensor tensor, *, Tensor? out=): dot
(Tensor input, Tensor values, *, Tensor? out=): heaviside
(Tensor input, int diagonal=, *, Tensor? out=): diag tril triu
(Tensor input, int r=, bool with_replacement=): combinations
(Tensor input, *, memory_format? memory_format=): clone
(Tensor input, Tensor? weights=, int minlength=): bincount
(Tensor input, int offset=, int dim1=, int dim2=): diag_embed diagonal
(Tensor input, int? dim=; Tensor input, int[] dim): count_nonzero
(Tensor input, Tensor max; Tensor input, Number max): clamp_max_
(Tensor input, Tensor min; Tensor input, Number min): clamp_min_
(Tensor input, int dim, Tensor index, *, Tensor? out=): index_select
(Tensor input, int dim, *, dtype? dtype=, Tensor? out=): cumprod cumsum
(Tensor input, int dim, dtype? dtype=, *, Tensor? out=): log_softmax softmax
(Tensor input, Tensor other, int? dim=, *, Tensor? out=): cross
(Tensor input, Tensor other; Tensor input, Number other): xlogy_
(Tensor input, Tensor value; Tensor input, Number value): fill fill_
(Tensor input, *, memory_format? memory_format=, options): empty_like ones_like zeros_like
(Tensor input, int sections; Tensor input, int[] indices): dsplit hsplit vsplit
(Tensor input, int? dim=, bool keepdim=, *, Tensor? out=): argmax argmin
(int[] size, Number fill_value, *, Tensor? out=, options): full
(Tensor input, Tensor indices, int? dim=, *, Tensor? out=): take_along_dim
(Tensor input, int dim=, bool keepdim=, *, Tensor[]? out=): mode
(Tensor input, int[1] dim, bool keepdim=, *, Tensor? out=): logsumexp
(Tensor input, *, int? dim=, bool keepdim=, Tensor[]? out=): aminmax
(Tensor input, Tensor input2, bool upper=, *, Tensor? out=): cholesky_solve
(Tensor input, float? nan=, float? posinf=, float? neginf=): nan_to_num_
(Tensor x1, Tensor x2, float p=, float eps=, bool keepdim=): pairwise_distance
(Tensor|Number input, Tensor|Number other, *, Tensor? out=): mul
(Tensor input, Tensor target, float margin=, int reduction=): hinge_embedding_loss
(Tensor input, int[1]? dim=, bool keepdim=, *, Tensor? out=): amax amin
(Tensor input1, Tensor input2, Tensor weight, Tensor? bias=): bilinear
(Tensor input, Tensor index, Tensor source, bool accumulate=): put
(Tensor input, Tensor src, int offset=, int dim1=, int dim2=): diagonal_scatter
(Tensor input, int[] size, int[] stride, int? storage_offset=): as_strided as_strided_
(Tensor input; Tensor input, int dim; Tensor input, int[] dim): squeeze
(Tensor input, Number threshold, Number value, *, Tensor? out=): threshold
(Tensor input, bool some=, bool compute_uv=, *, Tensor[]? out=): svd
(Tensor input, int dim, int start, int length, *, Tensor? out=): narrow_copy
(Tensor input, Tensor LU_data, Tensor LU_pivots, *, Tensor? out=): lu_solve
(Tensor input, int k, int dim=, bool keepdim=, *, Tensor[]? out=): kthvalue
(Number start, Number end, Number step=, *, Tensor? out=, options): range
(Tensor input, Number p, int dim, Number maxnorm, *, Tensor? out=): renorm
(Tensor input, Tensor target, int reduction=, *, bool log_target=): kl_div
(Tensor input, int dim, Tensor index, Tensor src, *, Tensor? out=): scatter_add
(Tensor input, Tensor?[] indices, Tensor values, bool accumulate=): index_put index_put_
(Tensor y, *, float dx=, int dim=; Tensor y, Tensor x, *, int dim=): trapz
(Tensor input, int bins=, Number min=, Number max=, *, Tensor? out=): histc
(Tensor input, int[] normalized_shape, Tensor? weight=, float? eps=): rms_norm
(Tensor y, Tensor x, *, int dim=; Tensor y, *, Number dx=, int dim=): cumulative_trapezoid
    trapezoid
(Tensor input, int dim, Tensor index, Tensor source, *, Tensor? out=): index_copy
(int[] size, *, memory_format? memory_format=, Tensor? out=, options): empty
(Tensor input, Tensor other, float rtol=, float atol=, bool equal_nan=): allclose isclose
(Tensor input; Tensor input, int dim, bool keepdim=, *, Tensor[]? out=): median nanmedian
(Tensor input, *, int correction=, Tensor? fweights=, Tensor? aweights=): cov
(Tensor input, Tensor other, *, Tensor? out=; Tensor input, Number other): multiply
(Tensor input, int dim, Tensor index, *, bool sparse_grad=, Tensor? out=): gather
(int n, *, Tensor? out=, options; int n, int m, *, Tensor? out=, options): eye
(Tensor input, Tensor src, int[] size, int[] stride, int? storage_offset=): as_strided_scatter
(Tensor input, int[1]? dim=, bool keepdim=, *, dtype? dtype=, Tensor? out=): nanmean nansum
(Tensor|Number input, Tensor|Number other, *, Number alpha=, Tensor? out=): add sub
(Tensor input, *, Tensor? out=; Tensor input, *, int decimals, Tensor? out=): round
(Tensor input, Number fill_value, *, memory_format? memory_format=, options): full_like
(Tensor input, float? nan=, float? posinf=, float? neginf=, *, Tensor? out=): nan_to_num
(Tensor input1, Tensor input2, Tensor target, float margin=, int reduction=):
    cosine_embedding_loss margin_ranking_loss
(int window_length, *, options; int window_length, bool periodic, *, options): bartlett_window
    blackman_window hann_window
(Tensor input, Tensor tensor1, Tensor tensor2, *, Number value=, Tensor? out=): addcdiv addcmul
(Tensor input, *, bool as_tuple=, Tensor? out=): nonzero
(Tensor input, int k, int dim=, bool largest=, bool sorted=, *, Tensor[]? out=): topk
(any obj, *, dtype? dtype=, device? device=, bool? copy=, bool? requires_grad=): asarray
(Tensor|Number input, Tensor|Number other, *, Tensor? out=; Tensor|Number input, Tensor|Number
    other, *, str? rounding_mode, Tensor? out=): div
(Tensor input, Tensor mask, Tensor value; Tensor input, Tensor mask, Number value): masked_fill
(Tensor input, Tensor target, bool log_input, bool full, float eps, int reduction):
    poisson_nll_loss
(Tensor input, Number lower=, Number upper=, bool training=, Generator? generator=): rrelu
(Tensor input, Tensor target, Tensor? weight=, Tensor? pos_weight=, int reduction=):
    binary_cross_entropy_with_logits
(Tensor input, Tensor? min=, Tensor? max=; Tensor input, Number? min=, Number? max=): clamp_ clip_
(Tensor input, int dim, Tensor index, Tensor source, *, Number alpha=, Tensor? out=): index_add
(Tensor input, int n=, int dim=, Tensor? prepend=, Tensor? append=, *, Tensor? out=): diff
(Tensor input, Tensor max, *, Tensor? out=; Tensor input, Number max, *, Tensor? out=): clamp_max
(Tensor input, Tensor min, *, Tensor? out=; Tensor input, Number min, *, Tensor? out=): clamp_min
(Tensor|Number input, Tensor|Number other, *, Tensor? out=; Tensor input, Number other):
    floor_divide true_divide
(Tensor input, Tensor src, int dim=, int? start=, int? end=, int step=, *, Tensor? out=):
    slice_scatter
(int n, *, Generator? generator, Tensor? out=, options; int n, *, Tensor? out=, options): randperm
(Tensor input, Tensor other, *, Number alpha=; Tensor input, Number other, Number alpha=): rsub
(Tensor weight, Tensor indices, int padding_idx=, bool scale_grad_by_freq=, bool sparse=):
    embedding
(Tensor input, Tensor other, *, Tensor? out=; Tensor input, Number other, *, Tensor? out=):
    copysign eq fmod ge greater greater_equal gt le less less_equal lt ne not_equal
(Tensor input, int num_samples, bool replacement=, *, Generator? generator=, Tensor? out=):
    multinomial
(Tensor input, int source, int destination; Tensor input, int[] source, int[] destination):
    moveaxis movedim
(Tensor input, int dim, Tensor start, int length; Tensor input, int dim, int start, int length):
    narrow
(Tensor input, int num_groups, Tensor? weight=, Tensor? bias=, float eps=, bool cudnn_enabled=):
    group_norm
(Tensor input, int dim, Tensor index, Tensor src, str reduce, *, bool include_self=, Tensor?
    out=): scatter_reduce
(int[] size, *, Generator? generator, Tensor? out=, options; int[] size, *, Tensor? out=,
    options): rand randn
(Tensor input, int dim, Tensor index, Tensor source, str reduce, *, bool include_self=, Tensor?
    out=): index_reduce
(Tensor input, *, dtype? dtype=; Tensor input, int dim, bool keepdim=, *, dtype? dtype=, Tensor?
    out=): prod
(Tensor input, int dim, Tensor index, Tensor value; Tensor input, int dim, Tensor index, Number
    value): index_fill
(Tensor input, int[1] kernel_size, int[1]? stride=, int[1] padding=, int[1] dilation=, bool
    ceil_mode=): max_pool1d max_pool2d max_pool3d
(Tensor input, int[] normalized_shape, Tensor? weight=, Tensor? bias=, float eps=, bool
    cudnn_enable=): layer_norm
(Tensor input, *, Generator? generator=, Tensor? out=; Tensor input, float p, *, Generator?
    generator=): bernoulli
(Tensor input, Tensor other, *, Number alpha=, Tensor? out=; Tensor input, Number other, Number
    alpha=): subtract
(Tensor input, Tensor mat2, *, Tensor? out=; Tensor input, Tensor mat2, dtype out_dtype, *,
    Tensor? out=): bmm mm
(Tensor input, *, dtype? dtype=; Tensor input, int[1]? dim, bool keepdim=, *, dtype? dtype=,
    Tensor? out=): sum
(Tensor input, int[1] kernel_size, int[1]? stride=, int[1] padding=, bool ceil_mode=, bool
    count_include_pad=): avg_pool1d
(Tensor anchor, Tensor positive, Tensor negative, float margin=, float p=, float eps=, bool swap=,
    int reduction=): triplet_margin_loss
(Tensor input, *, bool stable, int dim=, bool descending=, Tensor? out=; Tensor input, int dim=,
    bool descending=): argsort
(Tensor input, Tensor end, Tensor weight, *, Tensor? out=; Tensor input, Tensor end, Number
    weight, *, Tensor? out=): lerp
(Tensor input, Tensor other, *, Tensor? out=; Number self, Tensor other; Tensor input, Number
    other, *, Tensor? out=): bitwise_and bitwise_left_shift bitwise_or bitwise_right_shift
    bitwise_xor remainder
(Tensor input, Tensor? min=, Tensor? max=, *, Tensor? out=; Tensor input, Number? min=, Number?
    max=, *, Tensor? out=): clamp clip
(Tensor input, *, dtype? dtype=, Tensor? out=; Tensor input, int[1]? dim, bool keepdim=, *, dtype?
    dtype=, Tensor? out=): mean
(Tensor tensor, Tensor other; Number scalar, Tensor tensor; Tensor tensor, Number other; Number
    scalar1, Number scalar2): result_type
(Tensor input, Tensor weight, Tensor? bias=, int[1] stride=, int[1] padding=, int[1]
    output_padding=, int groups=, int[1] dilation=): conv_transpose1d conv_transpose2d
    conv_transpose3d
(Tensor input, *, Tensor? out=; Tensor input, Tensor other, *, Tensor? out=; Tensor input, int
    dim, bool keepdim=, *, Tensor[]? out=): max min
(Tensor input, Tensor other, *, Tensor? out=; Number self, Tensor other, *, Tensor? out=; Tensor
    input, Number other, *, Tensor? out=): xlogy
(int window_length, *, options; int window_length, bool periodic, *, options; int window_length,
    bool periodic, float beta, *, options): kaiser_window
(Tensor input, *, Generator? generator, memory_format? memory_format=, options; Tensor input, *,
    memory_format? memory_format=, options): rand_like randn_like
(Tensor input, *, bool? stable, int dim=, bool descending=, Tensor[]? out=; Tensor input, int
    dim=, bool descending=, *, Tensor[]? out=): sort
(Tensor input, Tensor tensor_indices_or_sections, int dim=; Tensor input, int sections, int dim=;
    Tensor input, int[] indices, int dim=): tensor_split
(Tensor input, Tensor exponent, *, Tensor? out=; Number self, Tensor exponent, *, Tensor? out=;
    Tensor input, Number exponent, *, Tensor? out=): float_power pow
(Tensor input, *, Tensor? out=; Tensor input, int[]? dim=, bool keepdim=, *, Tensor? out=; Tensor
    input, int dim, bool keepdim=, *, Tensor? out=): all any
(Tensor input, Tensor boundaries, *, bool out_int32=, bool right=, Tensor? out=; Number self,
    Tensor boundaries, *, bool out_int32=, bool right=): bucketize
(Tensor input, Tensor? weight, Tensor? bias, Tensor? running_mean, Tensor? running_var, bool
    training, float momentum, float eps, bool cudnn_enabled): batch_norm
(int high, int[] size, *, Generator? generator=, Tensor? out=, options; int low, int high, int[]
    size, *, Generator? generator=, Tensor? out=, options): randint
(Tensor input, int[1]? dim, bool unbiased=, bool keepdim=; Tensor input, int[1]? dim=, *, Number?
    correction=, bool keepdim=; Tensor input, bool unbiased=): std_mean var_mean
(Tensor input, Tensor? weight, Tensor? bias, Tensor? running_mean, Tensor? running_var, bool
    use_input_stats, float momentum, float eps, bool cudnn_enabled): instance_norm
(Tensor input, Tensor repeats, int? dim=, *, int? output_size=; Tensor repeats, *, int?
    output_size=; Tensor input, int repeats, int? dim=, *, int? output_size=): repeat_interleave
(Tensor input, Tensor bins, *, Tensor? weight=, bool density=, Tensor[]? out=; Tensor input, int
    bins=, *, float[]? range=, Tensor? weight=, bool density=, Tensor[]? out=): histogram
(Tensor input, Tensor q, int? dim=, bool keepdim=, *, str interpolation=, Tensor? out=; Tensor
    input, float q, int? dim=, bool keepdim=, *, str interpolation=, Tensor? out=): nanquantile
    quantile
(Tensor input, int[1]? dim, bool unbiased=, bool keepdim=, *, Tensor? out=; Tensor input, int[1]?
    dim=, *, Number? correction=, bool keepdim=, Tensor? out=; Tensor input, bool unbiased=): std
    var
(Tensor input, Tensor other, *, Tensor? out=; Tensor input, Tensor other, *, str? rounding_mode,
    Tensor? out=; Tensor input, Number other, *, str? rounding_mode; Tensor input, Number other):
    divide
(int window_length, *, options; int window_length, bool periodic, *, options; int window_length,
    bool periodic, float alpha, *, options; int window_length, bool periodic, float alpha, float
    beta, *, options): hamming_window
(Tensor input, Tensor weight, Tensor? bias=, int[1] stride=, int[1] padding=, int[1] dilation=,
    int groups=; Tensor input, Tensor weight, Tensor? bias=, int[1] stride=, str padding=, int[1]
    dilation=, int groups=): conv1d conv2d conv3d
(Tensor condition; Tensor condition, Tensor input, Tensor other, *, Tensor? out=; Tensor
    condition, Number self, Tensor other; Tensor condition, Tensor input, Number other; Tensor
    condition, Number self, Number other): where
(Tensor sorted_sequence, Tensor input, *, bool out_int32=, bool right=, str? side=, Tensor?
    sorter=, Tensor? out=; Tensor sorted_sequence, Number self, *, bool out_int32=, bool right=,
    str? side=, Tensor? sorter=, Tensor? out=): searchsorted
(Number start, Number end, Number step, *, Tensor? out=, options; Number start, Number end, *,
    Tensor? out=, options; Number end, *, Tensor? out=, options; Number start, Number end, *,
    options; Number start, Number end, Number step=, *, Tensor? out=, options): arange
(Tensor elements, Tensor test_elements, *, bool assume_unique=, bool invert=, Tensor? out=; Number
    element, Tensor test_elements, *, bool assume_unique=, bool invert=, Tensor? out=; Tensor
    elements, Number test_element, *, bool assume_unique=, bool invert=, Tensor? out=): isin
(Tensor mean, Tensor std, *, Generator? generator=, Tensor? out=; Tensor mean, float std=, *,
    Generator? generator=, Tensor? out=; float mean, Tensor std, *, Generator? generator=, Tensor?
    out=; float mean, float std, int[] size, *, Generator? generator=, Tensor? out=, options):
    normal
(Tensor input, int dim, Tensor index, Tensor src, *, str reduce, Tensor? out=; Tensor input, int
    dim, Tensor index, Tensor src, *, Tensor? out=; Tensor input, int dim, Tensor index, Number
    value, *, str reduce, Tensor? out=; Tensor input, int dim, Tensor index, Number value, *,
    Tensor? out=): scatter
(Tensor start, Tensor end, int steps, *, Tensor? out=, options; Number start, Tensor end, int
    steps, *, Tensor? out=, options; Tensor start, Number end, int steps, *, Tensor? out=,
    options; Number start, Number end, int steps, *, Tensor? out=, options): linspace
(Tensor weight, Tensor indices, Tensor offsets, bool scale_grad_by_freq, int mode, bool sparse,
    Tensor? per_sample_weights, bool include_last_offset, int? padding_idx; Tensor weight, Tensor
    indices, Tensor offsets, bool scale_grad_by_freq=, int mode=, bool sparse=, Tensor?
    per_sample_weights=, bool include_last_offset=): embedding_bag
(Number beta, Tensor self, Number alpha, Tensor mat, Tensor vec; Number beta, Tensor self, Number
    alpha, Tensor mat, Tensor vec, *, Tensor out; Tensor input, Tensor mat, Tensor vec, *, Number
    beta=, Number alpha=, Tensor? out=; Number beta, Tensor self, Tensor mat, Tensor vec; Number
    beta, Tensor self, Tensor mat, Tensor vec, *, Tensor out): addmv
(Number beta, Tensor self, Number alpha, Tensor vec1, Tensor vec2; Number beta, Tensor self,
    Number alpha, Tensor vec1, Tensor vec2, *, Tensor out; Tensor input, Tensor vec1, Tensor vec2,
    *, Number beta=, Number alpha=, Tensor? out=; Number beta, Tensor self, Tensor vec1, Tensor
    vec2; Number beta, Tensor self, Tensor vec1, Tensor vec2, *, Tensor out): addr
(Number beta, Tensor self, Number alpha, Tensor batch1, Tensor batch2; Number beta, Tensor self,
    Number alpha, Tensor batch1, Tensor batch2, *, Tensor out; Tensor input, Tensor batch1, Tensor
    batch2, *, Number beta=, Number alpha=, Tensor? out=; Number beta, Tensor self, Tensor batch1,
    Tensor batch2; Number beta, Tensor self, Tensor batch1, Tensor batch2, *, Tensor out): addbmm
(Tensor start, Tensor end, int steps, float base=, *, Tensor? out=, options; Number start, Tensor
    end, int steps, float base=, *, Tensor? out=, options; Tensor start, Number end, int steps,
    float base=, *, Tensor? out=, options; Number start, Number end, int steps, float base=, *,
    Tensor? out=, options): logspace
(Tensor input, *, Number? spacing=, int? dim=, int edge_order=; Tensor input, *, Number[] spacing,
    int? dim=, int edge_order=; Tensor input, *, Number[] spacing, int[] dim, int edge_order=;
    Tensor input, *, Tensor[] spacing, int? dim=, int edge_order=; Tensor input, *, Number
    spacing, int[] dim, int edge_order=; Tensor input, *, Tensor[] spacing, int[] dim, int
    edge_order=; Tensor input, *, int[] dim, int edge_order=): gradient
(Number beta, Tensor self, Number alpha, Tensor mat1, Tensor mat2; Number beta, Tensor self,
    Number alpha, Tensor mat1, Tensor mat2, *, Tensor out; Tensor input, Tensor mat1, Tensor mat2,
    *, Number beta=, Number alpha=, Tensor? out=; Tensor input, Tensor mat1, Tensor mat2, dtype
    out_dtype, *, Number beta=, Number alpha=, Tensor? out=; Number beta, Tensor self, Tensor
    mat1, Tensor mat2; Number beta, Tensor self, Tensor mat1, Tensor mat2, *, Tensor out): addmm
(Number beta, Tensor self, Number alpha, Tensor batch1, Tensor batch2; Number beta, Tensor self,
    Number alpha, Tensor batch1, Tensor batch2, *, Tensor out; Tensor input, Tensor batch1, Tensor
    batch2, *, Number beta=, Number alpha=, Tensor? out=; Tensor input, Tensor batch1, Tensor
    batch2, dtype out_dtype, *, Number beta=, Number alpha=, Tensor? out=; Number beta, Tensor
    self, Tensor batch1, Tensor batch2; Number beta, Tensor self, Tensor batch1, Tensor batch2, *,
    Tensor out): baddbmm
(Tensor input, int low, int high, *, Generator? generator, memory_format? memory_format=, options;
    Tensor input, int low, int high, *, memory_format? memory_format=, options; Tensor input,
    Tensor high, *, Generator? generator, memory_format? memory_format=, options; Tensor input,
    Tensor high, *, memory_format? memory_format=, options; Tensor input, int high, *, Generator?
    generator, memory_format? memory_format=, options; Tensor input, int high, *, memory_format?
    memory_format=, options): randint_like
"""

METHODS = """
(int n): polygamma polygamma_
(int p): mvlgamma_
(int dim): unsqueeze_
(int? dim=): size stride
(int[] size): sum_to_size
(Tensor mat2): bmm mm
(Tensor other): arctan2_ atan2_ expand_as hypot_ logical_and_ logical_or_ logical_xor_ nextafter_
    reshape_as type_as view_as
(Tensor values): heaviside_
(int diagonal=): tril_ triu_
(int[] repeats): repeat
(*, bool force=): numpy
(device? device=): is_pinned pin_memory
(any data, options): new_tensor
(int dim0, int dim1): swapdims_ transpose_
(Tensor|Number other): mul_
(bool requires_grad=): requires_grad_
(; int dim; int[] dim): squeeze_
(int axis0, int axis1): swapaxes_
(int chunks, int dim=): unsafe_chunk
(int[] size, *, options): new_empty new_ones new_zeros
(dtype dtype; int[] size): view
(int split_size, int dim=): unsafe_split
(int dim, *, dtype? dtype=): cumprod_ cumsum_
(Tensor mask, Tensor source): masked_scatter_
(Tensor other; Number other): bitwise_and_ bitwise_left_shift_ bitwise_or_ bitwise_right_shift_
    bitwise_xor_ copysign_ eq_ fmod_ ge_ greater_ greater_equal_ gt_ le_ less_ less_equal_ lt_
    multiply_ ne_ not_equal_ remainder_
(memory_format memory_format=): contiguous cpu is_contiguous
(Number fill_value, bool wrap=): fill_diagonal_
(int[] size, *, bool implicit=): expand
(Tensor exponent; Number exponent): float_power_ pow_
(Number p, int dim, Number maxnorm): renorm_
(Tensor|Number other; Number other): floor_divide_ true_divide_
(int dim, Tensor index, Tensor src): scatter_add_
(int dimension, int size, int step): unfold
(Tensor|Number other, *, Tensor? out=): mul
(dtype? dtype=, *, bool? masked_grad=): to_dense
(int dim, Tensor index, Tensor source): index_copy_
(Tensor|Number other, *, Number alpha=): add_ sub_
(float lambd=, *, Generator? generator=): exponential_
(Tensor|Number other, bool non_blocking=): copy_
(int[] size, Number fill_value, *, options): new_full
(Tensor|Number other, *, str? rounding_mode=): div_
(Tensor index, Tensor source, bool accumulate=): put_
(Tensor tensor1, Tensor tensor2, *, Number value=): addcdiv_ addcmul_
(float from=, float to=, *, Generator? generator=): uniform_
(float mean=, float std=, *, Generator? generator=): normal_
(Tensor end, Tensor weight; Tensor end, Number weight): lerp_
(Tensor mask, Tensor value; Tensor mask, Number value): masked_fill_
(Tensor|Number other, *, Number alpha=, Tensor? out=): add sub
(Tensor mat, Tensor vec, *, Number beta=, Number alpha=): addmv_
(int dim, Tensor index, Tensor source, *, Number alpha=): index_add_
(Tensor mat1, Tensor mat2, *, Number beta=, Number alpha=): addmm addmm_
(Tensor vec1, Tensor vec2, *, Number beta=, Number alpha=): addr_
(Tensor other, *, Number alpha=; Number other, Number alpha=): subtract_
(Tensor batch1, Tensor batch2, *, Number beta=, Number alpha=): addbmm_ baddbmm baddbmm_
(Tensor condition, Tensor other; Tensor condition, Number other): where
(device? device=, bool non_blocking=, memory_format memory_format=): cuda
(int dim, Tensor index, Tensor src, str reduce, *, bool include_self=): scatter_reduce_
(Tensor p, *, Generator? generator=; float p=, *, Generator? generator=): bernoulli_
(int dim, Tensor index, Tensor source, str reduce, *, bool include_self=): index_reduce_
(int dim, Tensor index, Tensor value; int dim, Tensor index, Number value): index_fill_
(Tensor other; Tensor other, *, str? rounding_mode; Number other, *, str? rounding_mode; Number
    other): divide_
(*, Generator? generator=; int from_, int? to, *, Generator? generator=; int to, *, Generator?
    generator=): random_
(int dim, Tensor index, Tensor src; int dim, Tensor index, Tensor src, *, str reduce; int dim,
    Tensor index, Number value, *, str reduce; int dim, Tensor index, Number value): scatter_
(dtype dtype, bool non_blocking=, bool copy=, *, memory_format? memory_format=; device? device=,
    dtype? dtype=, bool non_blocking=, bool copy=, *, memory_format? memory_format=; Tensor other,
    bool non_blocking=, bool copy=, *, memory_format? memory_format=): to
"""

# What the functions of PyTorch that are written in Python call.
INNER = """
(Tensor x1, Tensor x2, float p=, int? compute_mode=): cdist
(Tensor input, int[] split_sizes, int dim=): split_with_sizes
(Tensor input, Tensor other, int[] dims_self, int[] dims_other, *, Tensor? out=): tensordot
(Tensor input, int split_size, int dim=; Tensor input, int[] split_size, int dim=): split
(Tensor x, Number ord=, int[1]? dim=, bool keepdim=, *, dtype? dtype=, Tensor? out=):
    linalg_vector_norm
"""
