"""What PyTorch's functions take, ``torch.unsqueeze`` and so on (grammar.py explains the lines).

Read off PyTorch 2.13's type stubs. Without ``!`` are those of tensors only, and what is called so
often that only what goes wrong is looked at; their own checks refuse what is left.
"""

FUNCTIONS = """
abs_ acos_ acosh_ adjoint arccos_ arccosh_ arcsin_ arcsinh_ arctan_ arctanh_ argwhere asin_ asinh_
    atan_ atanh_ ceil_ conj conj_physical_ corrcoef cos_ cosh_ deg2rad_ det detach detach_ erf_
    erfc_ exp2_ exp_ expm1_ fix_ fliplr flipud floor_ frac_ i0_ imag is_complex is_floating_point
    is_inference is_nonzero! is_signed isfinite isinf isnan isreal log10_ log1p_ log2_ log_ logdet
    matrix_exp neg_ negative_ numel positive rad2deg_ ravel real reciprocal_ relu relu_
    resolve_conj resolve_neg rsqrt_ selu
    sigmoid_ sin_ sinc_ sinh_ sqrt_ square_ t tan_ tanh_ trace trunc_ view_as_complex view_as_real
    zero_: (Tensor input)
tensor: (any data, *, dtype? dtype=, device? device=, bool pin_memory=, bool requires_grad=)
scalar_tensor!: (Number s, *, options)
frombuffer!: (any buffer, *, dtype dtype, int count=, int offset=, bool requires_grad=)
unsqueeze: (Tensor input, int dim)
can_cast!: (dtype from_, dtype to)
pdist!: (Tensor input, float p=)
unbind!: (Tensor input, int dim=)
channel_shuffle!: (Tensor input, int groups)
flip! permute! tile!: (Tensor input, int[] dims)
broadcast_to!: (Tensor input, int[] size)
promote_types!: (dtype type1, dtype type2)
logit_!: (Tensor input, float? eps=)
diagflat!: (Tensor input, int offset=)
reshape!: (Tensor input, int[] shape)
equal! gcd_! is_same_size! lcm_! ldexp_!: (Tensor input, Tensor other)
pinverse!: (Tensor input, float rcond=)
celu!: (Tensor input, Number alpha=)
prelu!: (Tensor input, Tensor weight)
abs absolute acos acosh angle arccos arccosh arcsin arcsinh arctan arctanh asin asinh atan atanh
    bitwise_not ceil conj_physical cos cosh deg2rad digamma erf erfc erfinv exp exp2 expm1 fix floor
    frac i0 inverse isneginf isposinf lgamma log log10 log1p log2 logical_not msort neg negative
    rad2deg reciprocal rsqrt sgn sigmoid sign signbit sin sinc sinh sqrt square tan tanh trunc:
    (Tensor input, *, Tensor? out=)
frexp slogdet: (Tensor input, *, Tensor[]? out=)
select!: (Tensor input, int dim, int index)
swapdims! transpose: (Tensor input, int dim0, int dim1)
pixel_shuffle!: (Tensor input, int upscale_factor)
adaptive_avg_pool1d! adaptive_max_pool1d!: (Tensor input, int[1] output_size)
alpha_dropout! dropout! feature_alpha_dropout!: (Tensor input, float p, bool train)
rot90!: (Tensor input, int k=, int[] dims=)
column_stack! dstack! hstack! row_stack! vstack!: (Tensor[] tensors, *, Tensor? out=)
swapaxes!: (Tensor input, int axis0, int axis1)
chunk!: (Tensor input, int chunks, int dim=)
unflatten!: (Tensor input, int dim, int[] sizes)
pixel_unshuffle!: (Tensor input, int downscale_factor)
vander!: (Tensor x, int? N=, bool increasing=)
matrix_power!: (Tensor input, int n, *, Tensor? out=)
mvlgamma!: (Tensor input, int p, *, Tensor? out=)
polygamma!: (int n, Tensor input, *, Tensor? out=)
ones zeros: (int[] size, *, Tensor? out=, options)
dist!: (Tensor input, Tensor other, Number p=)
logcumsumexp!: (Tensor input, int dim, *, Tensor? out=)
masked_scatter!: (Tensor input, Tensor mask, Tensor source)
cummax! cummin!: (Tensor input, int dim, *, Tensor[]? out=)
as_tensor: (any data, dtype? dtype=, device? device=)
polar!: (Tensor abs, Tensor angle, *, Tensor? out=)
mv: (Tensor input, Tensor vec, *, Tensor? out=)
split_with_sizes!: (Tensor input, int[] split_sizes, int dim=)
complex!: (Tensor real, Tensor imag, *, Tensor? out=)
tril_indices! triu_indices!: (int row, int col, int offset=, *, options)
masked_select!: (Tensor input, Tensor mask, *, Tensor? out=)
ger! outer!: (Tensor input, Tensor vec2, *, Tensor? out=)
cholesky! cholesky_inverse!: (Tensor input, bool upper=, *, Tensor? out=)
logit!: (Tensor input, float? eps=, *, Tensor? out=)
flatten!: (Tensor input, int start_dim=, int end_dim=)
roll!: (Tensor input, int[1] shifts, int[1]? dims=)
cosine_similarity!: (Tensor x1, Tensor x2, int dim=, float eps=)
take!: (Tensor input, Tensor index, *, Tensor? out=)
arctan2! atan2! fmax! fmin! gcd! hypot! igamma igammac inner! kron! lcm! ldexp! logaddexp!
    logaddexp2! logical_and! logical_or! logical_xor! matmul maximum! minimum! nextafter! vdot!:
    (Tensor input, Tensor other, *, Tensor? out=)
qr!: (Tensor input, bool some=, *, Tensor[]? out=)
round_!: (Tensor input | Tensor input, *, int decimals)
cat concat! concatenate! stack: (Tensor[] tensors, int dim=, *, Tensor? out=)
hardshrink!: (Tensor input, Number lambd=, *, Tensor? out=)
select_scatter!: (Tensor input, Tensor src, int dim, int index)
dot: (Tensor input, Tensor tensor, *, Tensor? out=)
heaviside!: (Tensor input, Tensor values, *, Tensor? out=)
diag! tril! triu!: (Tensor input, int diagonal=, *, Tensor? out=)
combinations!: (Tensor input, int r=, bool with_replacement=)
clone!: (Tensor input, *, memory_format? memory_format=)
bincount!: (Tensor input, Tensor? weights=, int minlength=)
diag_embed! diagonal!: (Tensor input, int offset=, int dim1=, int dim2=)
count_nonzero!: (Tensor input, int? dim= | Tensor input, int[] dim)
clamp_max_!: (Tensor input, Tensor max | Tensor input, Number max)
clamp_min_!: (Tensor input, Tensor min | Tensor input, Number min)
index_select!: (Tensor input, int dim, Tensor index, *, Tensor? out=)
cumprod! cumsum!: (Tensor input, int dim, *, dtype? dtype=, Tensor? out=)
log_softmax! softmax!: (Tensor input, int dim, dtype? dtype=, *, Tensor? out=)
cross!: (Tensor input, Tensor other, int? dim=, *, Tensor? out=)
xlogy_!: (Tensor input, Tensor other | Tensor input, Number other)
fill! fill_: (Tensor input, Tensor value | Tensor input, Number value)
empty_like! ones_like! zeros_like!: (Tensor input, *, memory_format? memory_format=, options)
dsplit! hsplit! vsplit!: (Tensor input, int sections | Tensor input, int[] indices)
argmax! argmin!: (Tensor input, int? dim=, bool keepdim=, *, Tensor? out=)
full!: (int[] size, Number fill_value, *, Tensor? out=, options)
take_along_dim!: (Tensor input, Tensor indices, int? dim=, *, Tensor? out=)
mode!: (Tensor input, int dim=, bool keepdim=, *, Tensor[]? out=)
logsumexp!: (Tensor input, int[1] dim, bool keepdim=, *, Tensor? out=)
aminmax!: (Tensor input, *, int? dim=, bool keepdim=, Tensor[]? out=)
cholesky_solve!: (Tensor input, Tensor input2, bool upper=, *, Tensor? out=)
nan_to_num_!: (Tensor input, float? nan=, float? posinf=, float? neginf=)
pairwise_distance!: (Tensor x1, Tensor x2, float p=, float eps=, bool keepdim=)
mul: (Tensor|Number input, Tensor|Number other, *, Tensor? out=)
hinge_embedding_loss!: (Tensor input, Tensor target, float margin=, int reduction=)
amax! amin!: (Tensor input, int[1]? dim=, bool keepdim=, *, Tensor? out=)
bilinear!: (Tensor input1, Tensor input2, Tensor weight, Tensor? bias=)
put!: (Tensor input, Tensor index, Tensor source, bool accumulate=)
diagonal_scatter!: (Tensor input, Tensor src, int offset=, int dim1=, int dim2=)
as_strided! as_strided_!: (Tensor input, int[] size, int[] stride, int? storage_offset=)
squeeze!: (Tensor input | Tensor input, int dim | Tensor input, int[] dim)
threshold!: (Tensor input, Number threshold, Number value, *, Tensor? out=)
svd!: (Tensor input, bool some=, bool compute_uv=, *, Tensor[]? out=)
narrow_copy!: (Tensor input, int dim, int start, int length, *, Tensor? out=)
lu_solve!: (Tensor input, Tensor LU_data, Tensor LU_pivots, *, Tensor? out=)
kthvalue!: (Tensor input, int k, int dim=, bool keepdim=, *, Tensor[]? out=)
range!: (Number start, Number end, Number step=, *, Tensor? out=, options)
renorm!: (Tensor input, Number p, int dim, Number maxnorm, *, Tensor? out=)
kl_div!: (Tensor input, Tensor target, int reduction=, *, bool log_target=)
scatter_add!: (Tensor input, int dim, Tensor index, Tensor src, *, Tensor? out=)
index_put! index_put_!: (Tensor input, Tensor?[] indices, Tensor values, bool accumulate=)
trapz!: (Tensor y, *, float dx=, int dim= | Tensor y, Tensor x, *, int dim=)
histc!: (Tensor input, int bins=, Number min=, Number max=, *, Tensor? out=)
rms_norm!: (Tensor input, int[] normalized_shape, Tensor? weight=, float? eps=)
cumulative_trapezoid! trapezoid!: (Tensor y, Tensor x, *, int dim= | Tensor y, *, Number dx=,
    int dim=)
index_copy!: (Tensor input, int dim, Tensor index, Tensor source, *, Tensor? out=)
empty: (int[] size, *, memory_format? memory_format=, Tensor? out=, options)
allclose! isclose!: (Tensor input, Tensor other, float rtol=, float atol=, bool equal_nan=)
median! nanmedian!: (Tensor input | Tensor input, int dim, bool keepdim=, *, Tensor[]? out=)
cov!: (Tensor input, *, int correction=, Tensor? fweights=, Tensor? aweights=)
multiply: (Tensor input, Tensor other, *, Tensor? out= | Tensor input, Number other)
gather: (Tensor input, int dim, Tensor index, *, bool sparse_grad=, Tensor? out=)
eye!: (int n, *, Tensor? out=, options | int n, int m, *, Tensor? out=, options)
as_strided_scatter!: (Tensor input, Tensor src, int[] size, int[] stride, int? storage_offset=)
nanmean! nansum!: (Tensor input, int[1]? dim=, bool keepdim=, *, dtype? dtype=, Tensor? out=)
add sub: (Tensor|Number input, Tensor|Number other, *, Number alpha=, Tensor? out=)
round!: (Tensor input, *, Tensor? out= | Tensor input, *, int decimals, Tensor? out=)
full_like!: (Tensor input, Number fill_value, *, memory_format? memory_format=, options)
nan_to_num!: (Tensor input, float? nan=, float? posinf=, float? neginf=, *, Tensor? out=)
cosine_embedding_loss! margin_ranking_loss!: (Tensor input1, Tensor input2, Tensor target,
    float margin=, int reduction=)
bartlett_window! blackman_window! hann_window!: (int window_length, *, options | int window_length,
    bool periodic, *, options)
addcdiv! addcmul!: (Tensor input, Tensor tensor1, Tensor tensor2, *, Number value=, Tensor? out=)
nonzero!: (Tensor input, *, bool as_tuple=, Tensor? out=)
topk!: (Tensor input, int k, int dim=, bool largest=, bool sorted=, *, Tensor[]? out=)
asarray!: (any obj, *, dtype? dtype=, device? device=, bool? copy=, bool? requires_grad=)
div: (Tensor|Number input, Tensor|Number other, *, Tensor? out= | Tensor|Number input,
    Tensor|Number other, *, str? rounding_mode, Tensor? out=)
masked_fill!: (Tensor input, Tensor mask, Tensor value | Tensor input, Tensor mask, Number value)
poisson_nll_loss!: (Tensor input, Tensor target, bool log_input, bool full, float eps,
    int reduction)
rrelu!: (Tensor input, Number lower=, Number upper=, bool training=, Generator? generator=)
binary_cross_entropy_with_logits!: (Tensor input, Tensor target, Tensor? weight=,
    Tensor? pos_weight=, int reduction=)
clamp_! clip_!: (Tensor input, Tensor? min=, Tensor? max= | Tensor input, Number? min=,
    Number? max=)
index_add!: (Tensor input, int dim, Tensor index, Tensor source, *, Number alpha=, Tensor? out=)
diff!: (Tensor input, int n=, int dim=, Tensor? prepend=, Tensor? append=, *, Tensor? out=)
clamp_max!: (Tensor input, Tensor max, *, Tensor? out= | Tensor input, Number max, *, Tensor? out=)
clamp_min!: (Tensor input, Tensor min, *, Tensor? out= | Tensor input, Number min, *, Tensor? out=)
floor_divide! true_divide: (Tensor|Number input, Tensor|Number other, *, Tensor? out=
    | Tensor input, Number other)
slice_scatter!: (Tensor input, Tensor src, int dim=, int? start=, int? end=, int step=, *,
    Tensor? out=)
randperm!: (int n, *, Generator? generator, Tensor? out=, options | int n, *, Tensor? out=, options)
rsub!: (Tensor input, Tensor other, *, Number alpha= | Tensor input, Number other, Number alpha=)
embedding!: (Tensor weight, Tensor indices, int padding_idx=, bool scale_grad_by_freq=,
    bool sparse=)
copysign! eq! fmod! ge! greater! greater_equal! gt! le! less! less_equal! lt! ne! not_equal!:
    (Tensor input, Tensor other, *, Tensor? out= | Tensor input, Number other, *, Tensor? out=)
multinomial!: (Tensor input, int num_samples, bool replacement=, *, Generator? generator=,
    Tensor? out=)
moveaxis! movedim!: (Tensor input, int source, int destination | Tensor input, int[] source,
    int[] destination)
narrow!: (Tensor input, int dim, Tensor start, int length | Tensor input, int dim, int start,
    int length)
group_norm!: (Tensor input, int num_groups, Tensor? weight=, Tensor? bias=, float eps=,
    bool cudnn_enabled=)
scatter_reduce!: (Tensor input, int dim, Tensor index, Tensor src, str reduce, *,
    bool include_self=, Tensor? out=)
rand randn: (int[] size, *, Generator? generator, Tensor? out=, options | int[] size, *,
    Tensor? out=, options)
index_reduce!: (Tensor input, int dim, Tensor index, Tensor source, str reduce, *,
    bool include_self=, Tensor? out=)
prod!: (Tensor input, *, dtype? dtype= | Tensor input, int dim, bool keepdim=, *, dtype? dtype=,
    Tensor? out=)
index_fill!: (Tensor input, int dim, Tensor index, Tensor value | Tensor input, int dim,
    Tensor index, Number value)
max_pool1d! max_pool2d! max_pool3d!: (Tensor input, int[1] kernel_size, int[1]? stride=,
    int[1] padding=, int[1] dilation=, bool ceil_mode=)
layer_norm!: (Tensor input, int[] normalized_shape, Tensor? weight=, Tensor? bias=, float eps=,
    bool cudnn_enable=)
bernoulli!: (Tensor input, *, Generator? generator=, Tensor? out= | Tensor input, float p, *,
    Generator? generator=)
subtract: (Tensor input, Tensor other, *, Number alpha=, Tensor? out= | Tensor input, Number other,
    Number alpha=)
bmm mm: (Tensor input, Tensor mat2, *, Tensor? out= | Tensor input, Tensor mat2, dtype out_dtype, *,
    Tensor? out=)
sum: (Tensor input, *, dtype? dtype= | Tensor input, int[1]? dim, bool keepdim=, *, dtype? dtype=,
    Tensor? out=)
avg_pool1d!: (Tensor input, int[1] kernel_size, int[1]? stride=, int[1] padding=, bool ceil_mode=,
    bool count_include_pad=)
triplet_margin_loss!: (Tensor anchor, Tensor positive, Tensor negative, float margin=, float p=,
    float eps=, bool swap=, int reduction=)
argsort!: (Tensor input, *, bool stable, int dim=, bool descending=, Tensor? out= | Tensor input,
    int dim=, bool descending=)
lerp!: (Tensor input, Tensor end, Tensor weight, *, Tensor? out= | Tensor input, Tensor end,
    Number weight, *, Tensor? out=)
bitwise_and! bitwise_left_shift! bitwise_or! bitwise_right_shift! bitwise_xor! remainder!:
    (Tensor input, Tensor other, *, Tensor? out= | Number self, Tensor other | Tensor input,
    Number other, *, Tensor? out=)
clamp clip!: (Tensor input, Tensor? min=, Tensor? max=, *, Tensor? out= | Tensor input,
    Number? min=, Number? max=, *, Tensor? out=)
mean: (Tensor input, *, dtype? dtype=, Tensor? out= | Tensor input, int[1]? dim, bool keepdim=, *,
    dtype? dtype=, Tensor? out=)
result_type!: (Tensor tensor, Tensor other | Number scalar, Tensor tensor | Tensor tensor,
    Number other | Number scalar1, Number scalar2)
conv_transpose1d! conv_transpose2d! conv_transpose3d!: (Tensor input, Tensor weight, Tensor? bias=,
    int[1] stride=, int[1] padding=, int[1] output_padding=, int groups=, int[1] dilation=)
max! min!: (Tensor input, *, Tensor? out= | Tensor input, Tensor other, *, Tensor? out=
    | Tensor input, int dim, bool keepdim=, *, Tensor[]? out=)
xlogy!: (Tensor input, Tensor other, *, Tensor? out= | Number self, Tensor other, *, Tensor? out=
    | Tensor input, Number other, *, Tensor? out=)
kaiser_window!: (int window_length, *, options | int window_length, bool periodic, *, options
    | int window_length, bool periodic, float beta, *, options)
rand_like! randn_like!: (Tensor input, *, Generator? generator, memory_format? memory_format=,
    options | Tensor input, *, memory_format? memory_format=, options)
sort!: (Tensor input, *, bool? stable, int dim=, bool descending=, Tensor[]? out= | Tensor input,
    int dim=, bool descending=, *, Tensor[]? out=)
tensor_split!: (Tensor input, Tensor tensor_indices_or_sections, int dim= | Tensor input,
    int sections, int dim= | Tensor input, int[] indices, int dim=)
float_power! pow: (Tensor input, Tensor exponent, *, Tensor? out= | Number self, Tensor exponent, *,
    Tensor? out= | Tensor input, Number exponent, *, Tensor? out=)
all! any!: (Tensor input, *, Tensor? out= | Tensor input, int[]? dim=, bool keepdim=, *,
    Tensor? out= | Tensor input, int dim, bool keepdim=, *, Tensor? out=)
bucketize!: (Tensor input, Tensor boundaries, *, bool out_int32=, bool right=, Tensor? out=
    | Number self, Tensor boundaries, *, bool out_int32=, bool right=)
batch_norm!: (Tensor input, Tensor? weight, Tensor? bias, Tensor? running_mean, Tensor? running_var,
    bool training, float momentum, float eps, bool cudnn_enabled)
randint!: (int high, int[] size, *, Generator? generator=, Tensor? out=, options | int low,
    int high, int[] size, *, Generator? generator=, Tensor? out=, options)
std_mean! var_mean!: (Tensor input, int[1]? dim, bool unbiased=, bool keepdim= | Tensor input,
    int[1]? dim=, *, Number? correction=, bool keepdim= | Tensor input, bool unbiased=)
instance_norm!: (Tensor input, Tensor? weight, Tensor? bias, Tensor? running_mean,
    Tensor? running_var, bool use_input_stats, float momentum, float eps, bool cudnn_enabled)
repeat_interleave!: (Tensor input, Tensor repeats, int? dim=, *, int? output_size= | Tensor repeats,
    *, int? output_size= | Tensor input, int repeats, int? dim=, *, int? output_size=)
histogram!: (Tensor input, Tensor bins, *, Tensor? weight=, bool density=, Tensor[]? out=
    | Tensor input, int bins=, *, float[]? range=, Tensor? weight=, bool density=, Tensor[]? out=)
nanquantile! quantile!: (Tensor input, Tensor q, int? dim=, bool keepdim=, *, str interpolation=,
    Tensor? out= | Tensor input, float q, int? dim=, bool keepdim=, *, str interpolation=,
    Tensor? out=)
std! var!: (Tensor input, int[1]? dim, bool unbiased=, bool keepdim=, *, Tensor? out=
    | Tensor input, int[1]? dim=, *, Number? correction=, bool keepdim=, Tensor? out=
    | Tensor input, bool unbiased=)
divide: (Tensor input, Tensor other, *, Tensor? out= | Tensor input, Tensor other, *,
    str? rounding_mode, Tensor? out= | Tensor input, Number other, *, str? rounding_mode
    | Tensor input, Number other)
hamming_window!: (int window_length, *, options | int window_length, bool periodic, *, options
    | int window_length, bool periodic, float alpha, *, options | int window_length, bool periodic,
    float alpha, float beta, *, options)
conv1d conv2d conv3d!: (Tensor input, Tensor weight, Tensor? bias=, int[1] stride=, int[1] padding=,
    int[1] dilation=, int groups= | Tensor input, Tensor weight, Tensor? bias=, int[1] stride=,
    str padding=, int[1] dilation=, int groups=)
where: (Tensor condition | Tensor condition, Tensor input, Tensor other, *, Tensor? out=
    | Tensor condition, Number self, Tensor other | Tensor condition, Tensor input, Number other
    | Tensor condition, Number self, Number other)
searchsorted!: (Tensor sorted_sequence, Tensor input, *, bool out_int32=, bool right=, str? side=,
    Tensor? sorter=, Tensor? out= | Tensor sorted_sequence, Number self, *, bool out_int32=,
    bool right=, str? side=, Tensor? sorter=, Tensor? out=)
arange!: (Number start, Number end, Number step, *, Tensor? out=, options | Number start,
    Number end, *, Tensor? out=, options | Number end, *, Tensor? out=, options | Number start,
    Number end, *, options | Number start, Number end, Number step=, *, Tensor? out=, options)
isin!: (Tensor elements, Tensor test_elements, *, bool assume_unique=, bool invert=, Tensor? out=
    | Number element, Tensor test_elements, *, bool assume_unique=, bool invert=, Tensor? out=
    | Tensor elements, Number test_element, *, bool assume_unique=, bool invert=, Tensor? out=)
normal!: (Tensor mean, Tensor std, *, Generator? generator=, Tensor? out= | Tensor mean, float std=,
    *, Generator? generator=, Tensor? out= | float mean, Tensor std, *, Generator? generator=,
    Tensor? out= | float mean, float std, int[] size, *, Generator? generator=, Tensor? out=,
    options)
scatter!: (Tensor input, int dim, Tensor index, Tensor src, *, str reduce, Tensor? out=
    | Tensor input, int dim, Tensor index, Tensor src, *, Tensor? out= | Tensor input, int dim,
    Tensor index, Number value, *, str reduce, Tensor? out= | Tensor input, int dim, Tensor index,
    Number value, *, Tensor? out=)
linspace!: (Tensor start, Tensor end, int steps, *, Tensor? out=, options | Number start,
    Tensor end, int steps, *, Tensor? out=, options | Tensor start, Number end, int steps, *,
    Tensor? out=, options | Number start, Number end, int steps, *, Tensor? out=, options)
embedding_bag!: (Tensor weight, Tensor indices, Tensor offsets, bool scale_grad_by_freq, int mode,
    bool sparse, Tensor? per_sample_weights, bool include_last_offset, int? padding_idx
    | Tensor weight, Tensor indices, Tensor offsets, bool scale_grad_by_freq=, int mode=,
    bool sparse=, Tensor? per_sample_weights=, bool include_last_offset=)
addmv!: (Number beta, Tensor self, Number alpha, Tensor mat, Tensor vec | Number beta, Tensor self,
    Number alpha, Tensor mat, Tensor vec, *, Tensor out | Tensor input, Tensor mat, Tensor vec, *,
    Number beta=, Number alpha=, Tensor? out= | Number beta, Tensor self, Tensor mat, Tensor vec
    | Number beta, Tensor self, Tensor mat, Tensor vec, *, Tensor out)
addr!: (Number beta, Tensor self, Number alpha, Tensor vec1, Tensor vec2 | Number beta, Tensor self,
    Number alpha, Tensor vec1, Tensor vec2, *, Tensor out | Tensor input, Tensor vec1, Tensor vec2,
    *, Number beta=, Number alpha=, Tensor? out= | Number beta, Tensor self, Tensor vec1,
    Tensor vec2 | Number beta, Tensor self, Tensor vec1, Tensor vec2, *, Tensor out)
addbmm!: (Number beta, Tensor self, Number alpha, Tensor batch1, Tensor batch2 | Number beta,
    Tensor self, Number alpha, Tensor batch1, Tensor batch2, *, Tensor out | Tensor input,
    Tensor batch1, Tensor batch2, *, Number beta=, Number alpha=, Tensor? out= | Number beta,
    Tensor self, Tensor batch1, Tensor batch2 | Number beta, Tensor self, Tensor batch1,
    Tensor batch2, *, Tensor out)
logspace!: (Tensor start, Tensor end, int steps, float base=, *, Tensor? out=, options
    | Number start, Tensor end, int steps, float base=, *, Tensor? out=, options | Tensor start,
    Number end, int steps, float base=, *, Tensor? out=, options | Number start, Number end,
    int steps, float base=, *, Tensor? out=, options)
gradient!: (Tensor input, *, Number? spacing=, int? dim=, int edge_order= | Tensor input, *,
    Number[] spacing, int? dim=, int edge_order= | Tensor input, *, Number[] spacing, int[] dim,
    int edge_order= | Tensor input, *, Tensor[] spacing, int? dim=, int edge_order= | Tensor input,
    *, Number spacing, int[] dim, int edge_order= | Tensor input, *, Tensor[] spacing, int[] dim,
    int edge_order= | Tensor input, *, int[] dim, int edge_order=)
addmm!: (Number beta, Tensor self, Number alpha, Tensor mat1, Tensor mat2 | Number beta,
    Tensor self, Number alpha, Tensor mat1, Tensor mat2, *, Tensor out | Tensor input, Tensor mat1,
    Tensor mat2, *, Number beta=, Number alpha=, Tensor? out= | Tensor input, Tensor mat1,
    Tensor mat2, dtype out_dtype, *, Number beta=, Number alpha=, Tensor? out= | Number beta,
    Tensor self, Tensor mat1, Tensor mat2 | Number beta, Tensor self, Tensor mat1, Tensor mat2, *,
    Tensor out)
baddbmm!: (Number beta, Tensor self, Number alpha, Tensor batch1, Tensor batch2 | Number beta,
    Tensor self, Number alpha, Tensor batch1, Tensor batch2, *, Tensor out | Tensor input,
    Tensor batch1, Tensor batch2, *, Number beta=, Number alpha=, Tensor? out= | Tensor input,
    Tensor batch1, Tensor batch2, dtype out_dtype, *, Number beta=, Number alpha=, Tensor? out=
    | Number beta, Tensor self, Tensor batch1, Tensor batch2 | Number beta, Tensor self,
    Tensor batch1, Tensor batch2, *, Tensor out)
randint_like!: (Tensor input, int low, int high, *, Generator? generator,
    memory_format? memory_format=, options | Tensor input, int low, int high, *,
    memory_format? memory_format=, options | Tensor input, Tensor high, *, Generator? generator,
    memory_format? memory_format=, options | Tensor input, Tensor high, *,
    memory_format? memory_format=, options | Tensor input, int high, *, Generator? generator,
    memory_format? memory_format=, options | Tensor input, int high, *,
    memory_format? memory_format=, options)
unique: > _unique2(Tensor input)
unique_consecutive: > NAME(Tensor input)
unravel_index: > NAME(Tensor indices)
"""
