"""Calls whose arguments, one after the other, are replaced by what does not belong there.

``(x, 1): sum cumsum`` stands for ``torch.sum(x, 1)``, ``torch.cumsum(x, 1)`` and, where tensors
have a method of that name, ``x.sum(1)`` and ``x.cumsum(1)``; ``x.(1): view`` for methods only. The
calls as they stand are good ones, so what is refused is what was put in an argument's place.

A module of such calls has ``CALLS`` (the text) and is listed in :data:`TABLES`.
"""

from __future__ import annotations

import ast
import importlib
import re
import warnings
from typing import Any

from calls import functional

TABLES = ["wrong_argument_cases"]

CALLS = """
(x): abs acos angle any all amax argmax argsort bernoulli ceil clone corrcoef cos \
    count_nonzero cov detach diag diff empty_like exp fliplr flipud floor isnan log logit max mean \
    median min nansum neg nonzero numel ones_like pdist prod rand_like ravel relu round sort sqrt \
    squeeze std std_mean sum t trace tril triu unbind unique var var_mean zeros_like
(x, 1): all amax amin any argmax argmin argsort chunk count_nonzero cummax cummin cumprod \
    cumsum diagonal diff kthvalue log_softmax logcumsumexp logsumexp max mean median min mode \
    multinomial nanmean nanmedian nansum prod randint_like repeat_interleave roll softmax sort \
    split squeeze std std_mean sum tensor_split topk tril triu unbind unsqueeze var var_mean diag \
    diag_embed norm flatten clamp add sub mul div pow remainder fmod floor_divide eq ne lt le gt \
    ge true_divide float_power xlogy copysign full_like fill histc
(x, 1, True): all amax amin any argmax argmin argsort logsumexp max mean median min mode \
    nansum prod sort std sum var
(x, 1, 1, True): kthvalue topk
(x, 2, 1, True): norm
(x, 1, 1): swapdims swapaxes transpose select movedim moveaxis clamp clip
(x, 0, 0, 1): narrow diagonal
(x, 0, 1): flatten transpose select repeat_interleave roll
(x, (3, 2)): reshape tile
(x, (2, 3)): broadcast_to
(x, 1, (3, 1)): unflatten
(x, (1,), (0,)): roll
(x, (1, 0)): permute flip
(x, (0, 1)): sum mean amax amin std var flip count_nonzero logsumexp nansum
(x, 1, (0, 1)): rot90
(x, x): add sub mul div pow remainder maximum minimum eq lt atan2 hypot fmax fmod logaddexp \
    copysign heaviside isclose allclose equal dist cdist inner logical_and kron
(x, x, x): addcmul addcdiv lerp clamp
(v, v): dot outer vdot inner ger cross
(x, x.T): mm matmul
(x, v): mv matmul
(q, q): mm matmul kron
(q, q, q): addmm
(v, q, v): addmv
(q, v, v): addr
(z, z): bmm matmul
(q, z, z): addbmm
(z, z, z): baddbmm
(q, 2): matrix_power
(q): det logdet slogdet inverse cholesky matrix_exp pinverse svd qr trace
(x, x, 1): cross
(q, q, 1): tensordot
(x, 1, i): gather
(x, i, 1): take_along_dim
(x, 1, i, x): scatter scatter_add
(x, 1, i, 1.5): scatter
(x, 1, i, x, 'sum'): scatter_reduce
(x, 1, k): index_select
(x, 0, k, x): index_add index_copy
(x, 0, k, 1.5): index_fill
(x, 0, k, x, 'mean'): index_reduce
(x, b, 1.5): masked_fill
(x, b, x): masked_scatter
(x, b): masked_select
(x, k): take
(x, k, x[0, :2]): put
(x, (k, k), x[0, :2]): index_put
(x, x[0], 0, 1): select_scatter
(x, x, 0, 0): slice_scatter
(x, x[0, :2]): diagonal_scatter
(x, (2, 2), (1, 1)): as_strided
(x, v, (3,), (1,)): as_strided_scatter
torch(b, x, x): where
(x, 2, 1): split chunk tensor_split
(x, (1, 2), 1): split split_with_sizes
(x, 0.5): quantile nanquantile
(x, 0.5, 1): quantile nanquantile
(x, 0.5, 1, True): quantile
(x, 2, 0, 1.5): renorm
(x, 3, 0, 2): histc
(x, 3): histogram
(x, 1, 1, x, x): diff
(v, v): searchsorted bucketize isin polar complex
(k): bincount
(n): bitwise_not unique_consecutive
(n, n): bitwise_and bitwise_or bitwise_xor bitwise_left_shift gcd lcm
(n, 1): bitwise_and bitwise_left_shift bitwise_right_shift
(2, x): polygamma
(x + 3, 2): mvlgamma
(k): combinations
(k, 2): combinations vander
(k, (2, 3)): unravel_index
(x, 1.5, 2.5, 3.5): nan_to_num
(x, 2): vsplit
(z, 3): dsplit
(x, 3): hsplit
((x, x)): cat stack hstack vstack dstack column_stack row_stack concat
((x, x), 1): cat stack concat concatenate
(x, x): broadcast_tensors block_diag ldexp
(v, v): meshgrid cartesian_prod
('ij,ij->i', x, x): einsum
((2, 3)): zeros ones empty rand randn
(2, 3): zeros ones empty rand randn eye
(5): zeros ones empty rand randn eye arange randperm
(1, 5): arange
(1, 5, 2): arange
(0, 1, 5): linspace logspace
((2, 3), 1.5): full
(10, (2, 3)): randint
(0, 10, (2, 3)): randint
(2, 3): tril_indices triu_indices
(2, 3, 1): tril_indices triu_indices
(0., 1., (2, 3)): normal
(x, 1.): normal
([1.0, 2.0]): tensor as_tensor asarray
(1.5): scalar_tensor
(5): hann_window hamming_window bartlett_window blackman_window kaiser_window
(5, True): hann_window hamming_window bartlett_window blackman_window kaiser_window
(x, 2, 1): norm
(x, x, 2): dist cdist
((2, 1), (1, 3)): broadcast_shapes
(torch.float32, torch.int64): promote_types can_cast
(x, 1): result_type
(z, 1): channel_shuffle
(x[None], 2): adaptive_avg_pool1d adaptive_max_pool1d avg_pool1d max_pool1d
(z, z): conv1d
(x, v, v, v, v, True, 0.1, 1e-5, True): batch_norm
(x, (3,), v, v): layer_norm
(x, 3, v, v): group_norm
(x, (3,), v): rms_norm
(x, n): embedding
(x, k, k): embedding_bag
(z, None, None, None, None, True, 0.1, 1e-5, True): instance_norm
(x, 0.5, True): dropout alpha_dropout feature_alpha_dropout
(x, 0.1, 0.2): threshold rrelu
(x, 0.5): celu hardshrink
(x, v): prelu
(x, x, x): triplet_margin_loss
(x): absolute aminmax arccos arccosh arcsin arcsinh arctan arctanh argwhere asin asinh atan \
    atanh acosh conj conj_physical cosh deg2rad diagflat digamma erf erfc erfinv exp2 expm1 fix \
    frac frexp i0 is_complex is_floating_point is_inference is_signed isfinite isinf isneginf \
    isposinf isreal lgamma log10 log1p log2 logical_not msort negative positive rad2deg randn_like \
    reciprocal rsqrt selu sgn sigmoid sign signbit sin sinc sinh square tan tanh trunc atleast_1d \
    atleast_2d atleast_3d adjoint
torch(x): abs_ acos_ arccos_ asin_ atan_ ceil_ conj_physical_ cos_ cosh_ deg2rad_ detach_ erf_ \
    erfc_ exp2_ exp_ expm1_ fix_ floor_ frac_ i0_ log10_ log1p_ log2_ log_ logit_ nan_to_num_ neg_ \
    negative_ rad2deg_ reciprocal_ relu_ round_ rsqrt_ sigmoid_ sin_ sinc_ sinh_ sqrt_ square_ \
    tan_ tanh_ trunc_ zero_
torch(v[:1]): is_nonzero
torch(c): view_as_real imag angle abs
torch(x, 1): clamp_ clamp_max clamp_min clamp_max_ clamp_min_ clip_ divide fill_ greater \
    greater_equal less less_equal multiply not_equal rsub subtract xlogy_
(x, y): arctan2 cosine_similarity divide fmin greater greater_equal is_same_size less \
    less_equal logaddexp2 logical_or logical_xor multiply nextafter not_equal pairwise_distance \
    rsub subtract copysign
torch(n, n): gcd_ lcm_
torch(x, (2, 2), (1, 1)): as_strided_
torch(x, (k, k), y[0, :2]): index_put_
(x, 0, 0, 1): narrow_copy
(q): cholesky_inverse
(q, q): cholesky_solve chain_matmul
(x, y, k): cosine_embedding_loss
(x, y, x): margin_ranking_loss
(x, y): kl_div hinge_embedding_loss binary_cross_entropy_with_logits
(x, y, True, False, 1e-8, 1): poisson_nll_loss
(x): gradient trapezoid trapz cumulative_trapezoid
(x, x): trapezoid cumulative_trapezoid
(0, 3): range
(0, 3, 1): range
(z[None], z[None]): conv2d
(z[None, None], z[None, None]): conv3d conv_transpose3d
(z, z): conv_transpose1d
(z[None], z[None], v[:1], 1, 0, 1, 1): conv2d
(z[None], 2): max_pool2d
(z[None], 2, 1, 0, 1, False): max_pool2d
(z[None, None], 2): max_pool3d
(z[None], 1): pixel_shuffle pixel_unshuffle
x.(1): tril_ triu_ add sub_ mul_ greater_ greater_equal_ less_ less_equal_ not_equal_ ge_ gt_ \
    le_ ne_ eq_ multiply_ subtract_ divide_ true_divide_ floor_divide_ clamp_max_ clamp_min_ \
    xlogy_ unsafe_chunk unsafe_split
x.(y): divide_ multiply_ subtract_ hypot_ atan2_ heaviside_ nextafter_ logical_and_ \
    logical_or_ logical_xor_ greater_ less_
n.(n): bitwise_and_ bitwise_or_ bitwise_xor_ bitwise_left_shift_ bitwise_right_shift_ gcd_ \
    lcm_
n.(1): bitwise_and_ bitwise_left_shift_
x.(0, k, y, 'mean'): index_reduce_
x.(1, i, y, 'sum'): scatter_reduce_
x.(k, y[0, :2]): put_
x.(2, 0, 1.5): renorm_
q.(q, q): addmm_
v.(q, v): addmv_
q.(v, v): addr_
q.(z, z): addbmm_
z.(z, z): baddbmm_
x.(b, y): where
x.(0, 1): swapdims_
x.((2, 2), (1, 1)): as_strided_
p.(lambda t: t): register_post_accumulate_grad_hook
x.(lambda t: t): apply_
torch(input=x): argmax mean nonzero squeeze sum zeros_like
torch(input=q): det inverse pinverse
torch(input=x, dim=1): amax cumsum mean prod softmax sum unsqueeze unbind
torch(input=x, other=x): add maximum mul sub eq
torch(x, dim=1, keepdim=True): amax argmax logsumexp max mean std sum var
x.(dim=1): amax argmax cumsum max mean softmax squeeze std sum unsqueeze
x.(dim0=0, dim1=1): transpose swapdims
torch(x, axis0=0, axis1=1): swapaxes
torch(x, dims=(1, 0)): flip permute
torch(x, shifts=1, dims=0): roll
torch(x, shape=(3, 2)): reshape
torch(tensors=(x, x), dim=1): cat stack
torch(x, sections=1): tensor_split
torch(z, sections=3): dsplit hsplit vsplit
torch(x, split_size_or_sections=1, dim=1): split
torch(x, k=1, dim=1): topk kthvalue
torch(x, min=0.0, max=1.0): clamp
torch(input=x, dim=1, index=i): gather
torch(size=(2, 3)): zeros ones empty rand randn
torch(size=(2, 3), fill_value=1.5): full
torch(10, size=(2, 3)): randint
torch(0, 10, size=(2, 3)): randint
torch(start=0, end=5): arange
torch(start=0, end=1, steps=3): linspace
torch(2, dtype=torch.float64): zeros ones empty arange rand randn eye
torch([1.0], dtype=torch.float64): tensor as_tensor
torch([1.0], requires_grad=True): tensor
torch(2, requires_grad=True): zeros ones rand randn eye
torch(2, device='cpu'): zeros ones rand randn eye arange
torch(x, dtype=torch.float64): sum mean prod zeros_like ones_like
torch(x, x, alpha=2): add
torch(x, x, rounding_mode='floor'): div
torch(type1=torch.float32, type2=torch.int64): promote_types
x.(size=(3, 2)): view
x.(size=(2, 3)): expand
x.(dtype=torch.float64): to
x.(device='cpu'): to
x.(3, 2): view reshape
x.((3, 2)): view reshape
x.(2, 3): expand repeat
x.((2, 3)): expand repeat sum_to_size new_zeros new_ones new_empty
x.(2, 2): repeat
x.((2, 3), 1.5): new_full
x.([1.0]): new_tensor
x.(x): view_as reshape_as expand_as type_as copy_
x.(0): size stride
x.(1): unsqueeze_ cumsum_ cumprod_ squeeze_
x.(0, 1): transpose_ swapaxes_
x.(1, 2, 1): unfold
x.(torch.float64): to type
x.('cpu'): to
x.(True): requires_grad_
x.(1.5): fill_ add_ sub_ mul_ div_ pow_ clamp_ eq_ lt_ fill_diagonal_ remainder_ fmod_ \
    exponential_
x.(x): add_ sub_ mul_ div_ pow_ lt_ eq_ atan2_ copysign_
x.(0., 1.): uniform_ normal_ clamp_
x.(0, 10): random_
x.(0.5): bernoulli_
x.(b, 1.5): masked_fill_
x.(b, x): masked_scatter_
x.(1, i, y): scatter_ scatter_add_
x.(0, k, y): index_add_ index_copy_
x.(0, k, 1.5): index_fill_
x.(x, x): addcmul_ addcdiv_ lerp_
x.(x, 0.5): lerp
p.(lambda g: g): register_hook
x.(0): __getitem__
x.(0, 1.5): __setitem__
"""

WRONG: dict[str, str] = {
    "None": "None", "float": "1.5", "str": "'a'", "list": "[1.5, 2.5]", "tuple": "(0, 1)",
    "bool": "True", "tensor": "torch.ones(2)", "large": "9", "negative": "-9",
}  # fmt: skip

LINE = re.compile(r"(?P<who>[\w.]*?)(?P<dot>\.?)(?P<arguments>\(.*\)): (?P<names>[^()]*)$")


def lines(text: str) -> list[str]:
    return [line for line in text.strip().splitlines() if line and not line.startswith("#")]


def calls(table: str) -> list[str]:
    """The good calls of a table, each written out."""
    found = []
    for line in lines(importlib.import_module(table).CALLS):
        parts = LINE.match(line)
        assert parts, line
        given = parts["arguments"]
        for name in parts["names"].split():
            found.append(f"{parts['who'] or 'torch'}.{name}{given}")
            first, comma, rest = given[1:-1].partition(", ")
            if not parts["who"] and has_method(name) and first in "x v q z n k b".split():
                found.append(f"{first}.{name}({rest})")
    return list(dict.fromkeys(found))


def has_method(name: str) -> bool:
    import minigrad

    return hasattr(minigrad.Tensor, name)


def in_turn(call: str) -> list[str]:
    """The call with ``wrong`` in place of each argument."""
    tree = ast.parse(call, mode="eval").body
    assert isinstance(tree, ast.Call)
    found = []
    for arguments in (tree.args, tree.keywords):
        for i, argument in enumerate(arguments):
            wrong = ast.Name("wrong")
            arguments[i] = wrong if arguments is tree.args else ast.keyword(argument.arg, wrong)
            found.append(ast.unparse(tree))
            arguments[i] = argument
    return found


def wrong_calls(table: str) -> list[str]:
    return list(dict.fromkeys(text for call in calls(table) for text in in_turn(call)))


def scope(library: Any) -> dict[str, Any]:
    """What the calls are made with."""
    return {
        "torch": library, "F": functional(library), "nn": library.nn, "x": library.ones(2, 3),
        "y": library.ones(2, 3), "p": library.ones(2, requires_grad=True),
        "v": library.ones(3), "q": library.eye(3), "z": library.ones(3, 3, 3),
        "b": library.ones(2, 3) > 0, "c": library.ones(2) * (1 + 1j),
        "n": library.ones(2, 3).long(),
        "i": library.tensor([[0, 1, 0], [1, 0, 1]]), "k": library.tensor([0, 1]),
    }  # fmt: skip


def said(library: Any, call: str, **more: Any) -> str | None:
    """The exception's type and the opening words of its message; None if nothing is raised."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            eval(call, scope(library) | more)
    except Exception as error:
        return f"{type(error).__name__}: {opening(str(error))}"
    return None


ARGUMENT = re.compile(
    r"\w+\(\): argument '\w+'( \(position \d+\))? must be [\w. ]+,? (not [\w.]+|but found [\w ]+)"
)


def opening(message: str) -> str:
    """The first six words; if they are about an argument, what it must be and what it is."""
    about = ARGUMENT.match(message)
    if about:
        return about[0]
    return " ".join(word.strip(".,:;") for word in message.split()[:6])


def answers(library: Any, call: str) -> list[str | None]:
    """What is said of each wrong value in turn.

    ``{f}`` stands for the function's name and ``{t}`` for the type of the wrong value, so that few
    different answers have to be stored.
    """
    name = call.partition("(")[0].rpartition(".")[2]
    found = []
    for text in WRONG.values():
        wrong = eval(text, {"torch": library})
        answer = said(library, call, wrong=wrong)
        if answer is not None:
            answer = answer.replace(f" {name}()", " {f}()", 1)
            answer = re.sub(rf"not {type(wrong).__name__}$", "not {t}", answer)
        found.append(answer)
    return found
