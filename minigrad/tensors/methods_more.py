"""The rest of PyTorch's methods: in-place variants, other spellings, questions with one answer."""

from __future__ import annotations

import builtins
import functools
import math
from typing import Any

import numpy as np

from ..core.tensor import Tensor, init, make
from ..core.views import View
from ..faithful import dtypes
from ..faithful.device import cpu, only_cpu
from ..ops import questions
from ..ops.elementwise import arithmetic as elementwise
from ..ops.elementwise import bessel, comparisons, exponentials, logic, signs
from ..ops.making import creation
from ..ops.matrices import norms
from ..ops.operands import need_tensor
from ..ops.reducing import bins, statistics
from ..ops.shaping import cutting, diagonals, rearrange, shape, strided
from ..ops.writing.inplace import bump, fast_inplace, in_place_of, old
from ..refusals.writable import check_writable
from .methods import to

# --- other spellings -----------------------------------------------------------------------------

for _module, _names in {
    norms: "renorm",
    exponentials: "frexp",
    bins: "histogram",
    cutting: "narrow_copy split_with_sizes",
    strided: "as_strided_scatter",
    questions: "is_signed is_same_size",
    bessel: "i0",
}.items():  # fmt: skip
    for _name in _names.split():
        setattr(Tensor, _name, getattr(_module, _name))


def adjoint(input: Tensor) -> Tensor:
    """The transposed matrices, conjugated: ``x.mH``.

    >>> import minigrad as mg
    >>> mg.adjoint(mg.tensor([[1.0, 2.0]]))
    tensor([[1.],
            [2.]])
    """
    need_tensor("adjoint", input)
    if not input.ndim:
        return elementwise.conj(input) if input.is_complex() else input.view(())
    if input.ndim < 2:
        raise RuntimeError(
            f"tensor.adjoint() is only supported on matrices or batches of matrices. Got "
            f"{input.ndim}-D tensor. A vector has no rows to turn into columns."
        )
    flipped = shape.transpose(input, -2, -1)
    return elementwise.conj(flipped) if flipped.is_complex() else flipped


def hermitian(self: Tensor) -> Tensor:
    """A matrix transposed and conjugated: ``x.H``."""
    if self.ndim not in (0, 2):
        raise RuntimeError(
            f"tensor.H is only supported on matrices (2-D tensors). Got {self.ndim}-D tensor."
            + (" For batches of matrices, consider using tensor.mH" if self.ndim > 2 else "")
        )
    return adjoint(self) if self.ndim else self


def detach(input: Tensor) -> Tensor:
    """The same numbers, cut off from the graph: ``input.detach()``."""
    need_tensor("detach", input)
    return input.detach()


def detach_(input: Tensor) -> Tensor:
    """Cut the tensor itself off from the graph: ``input.detach_()``."""
    need_tensor("detach_", input)
    return input.detach_()


Tensor.adjoint = adjoint
Tensor.H = property(hermitian)
Tensor.mH = property(adjoint)
Tensor.where = lambda self, condition, other: comparisons.where(condition, self, other)
Tensor.conj_physical = elementwise.conj
Tensor.ndimension = Tensor.dim
Tensor.sign = signs.sign
Tensor.unsafe_chunk = cutting.chunk
Tensor.unsafe_split = cutting.split
Tensor.to_dense = lambda self: self
Tensor.resolve_conj = Tensor.resolve_neg = Tensor.to_dense
Tensor.pin_memory = Tensor.share_memory_ = Tensor.to_dense

# --- operators -----------------------------------------------------------------------------------

Tensor.__rmatmul__ = lambda self, other: Tensor.__matmul__(other, self)
Tensor.__rlshift__ = lambda self, other: logic.bitwise_left_shift(other, self)
Tensor.__rrshift__ = lambda self, other: logic.bitwise_right_shift(other, self)
Tensor.__reversed__ = lambda self: rearrange.flip(self, tuple(range(self.ndim)))
for _name, _method in {
    "__iand__": "bitwise_and_", "__ior__": "bitwise_or_", "__ixor__": "bitwise_xor_",
    "__ilshift__": "bitwise_left_shift_", "__irshift__": "bitwise_right_shift_",
}.items():  # fmt: skip
    setattr(Tensor, _name, getattr(Tensor, _method))


def array_wrap(
    self: Tensor, array: Any, context: Any = None, return_scalar: bool = False
) -> Tensor:
    """What NumPy's functions on a tensor give: ``np.sin(x)`` is a tensor again."""
    array = np.asarray(array)
    return make(array.astype(np.uint8) if array.dtype == bool else array)


Tensor.__array_wrap__ = array_wrap
Tensor.__dlpack__ = lambda self, **kwargs: self.numpy().__dlpack__(**kwargs)
Tensor.__dlpack_device__ = lambda self: self.numpy().__dlpack_device__()

# --- in place ------------------------------------------------------------------------------------

for _name in "eq ne lt le gt ge".split():
    setattr(Tensor, _name + "_", in_place_of(getattr(comparisons, _name), _name + "_"))
Tensor.conj_physical_ = in_place_of(elementwise.conj, "conj_physical_")
Tensor.fill_diagonal_ = in_place_of(diagonals.fill_diagonal, "fill_diagonal_")
Tensor.renorm_ = in_place_of(norms.renorm, "renorm_")
Tensor.i0_ = in_place_of(bessel.i0, "i0_")
Tensor.sign_ = in_place_of(signs.sign, "sign_")
for _alias, _name in {
    "negative_": "neg_", "absolute_": "abs_", "not_equal_": "ne_", "less_": "lt_",
    "less_equal_": "le_", "greater_": "gt_", "greater_equal_": "ge_",
}.items():  # fmt: skip
    setattr(Tensor, _alias, getattr(Tensor, _name))


for _alias, _op, _function in (
    ("subtract_", elementwise.Sub, elementwise.sub),
    ("multiply_", elementwise.Mul, elementwise.mul),
    ("divide_", elementwise.Div, elementwise.div),
    ("true_divide_", elementwise.Div, elementwise.div),
):
    setattr(Tensor, _alias, fast_inplace(_op, _function, _alias))


def takes_several(function: Any) -> Any:
    """The method of a function of a tensor and sizes or dimensions: they may stand one by one."""

    @functools.wraps(function)
    def method(input: Tensor, *numbers: Any, **kwargs: Any) -> Any:
        return function(input, *((numbers,) if len(numbers) > 1 else numbers), **kwargs)

    method.__dict__.pop("plain", None)  # see operands.numpy_names: that takes one number
    return method


Tensor.squeeze = takes_several(shape.squeeze)
Tensor.count_nonzero = takes_several(statistics.count_nonzero)
Tensor.broadcast_to = takes_several(shape.broadcast_to)
Tensor.hsplit = takes_several(cutting.hsplit)
Tensor.vsplit = takes_several(cutting.vsplit)
Tensor.dsplit = takes_several(cutting.dsplit)


def reshaped_in_place(function: Any, name: str) -> Any:
    """The in-place method of a view operation: the tensor itself looks at its memory anew."""

    def method(x: Tensor, *args: Any, **kwargs: Any) -> Tensor:
        need_tensor(name, x)
        check_writable(x, False, repeats=True)  # no number is written
        out = function(old(x, keep=False), *args, **kwargs)
        if x.extra is not None and x.extra.carried is not None:
            x.extra.carried = out.extra.carried
        before, now = x._view, out._view
        if before is not None and now is not None:
            x._view = View(before.base, (*before.steps, *now.steps), before.safe)
        x._data = out._data
        x._node, x._requires_grad = out._node, out._requires_grad
        bump(x)  # a node that had saved x would find it in another shape
        return x

    method.__name__ = name
    method.__doc__ = f"In-place version of ``{function.__name__}``: no number moves."
    return method


for _module, _names in {shape: "squeeze unsqueeze t transpose", strided: "as_strided"}.items():
    for _name in _names.split():
        function = getattr(_module, _name)
        if _name == "squeeze":
            function = takes_several(function)
        method = reshaped_in_place(function, _name + "_")
        setattr(Tensor, _name + "_", method)
Tensor.swapaxes_ = Tensor.swapdims_ = Tensor.transpose_


def apply_(self: Tensor, callable: Any) -> Tensor:
    """Replace every element by ``callable(element)``. Slow, and not recorded.

    >>> import minigrad as mg
    >>> mg.tensor([1.0, 2.0]).apply_(lambda v: v * 10)
    tensor([10., 20.])
    """
    return map_(self, self, lambda v, _: callable(v))


def map_(self: Tensor, tensor: Tensor, callable: Any) -> Tensor:
    """Replace every element by ``callable(element, element of tensor)``. Not recorded."""
    if self.requires_grad:
        raise RuntimeError(
            "Can't call apply_() on Variable that requires grad. Use var.detach().apply_() "
            "instead: what Python computes on single numbers is not recorded."
        )
    check_writable(self, False)
    shape.expand(tensor, self.shape)  # refuses what does not fit
    pairs = zip(self._data.ravel().tolist(), np.broadcast_to(tensor._data, self.shape).flat)
    new = [callable(a, b.item()) for a, b in pairs]
    self._data[...] = np.asarray(new, self._data.dtype).reshape(self._data.shape)
    bump(self)
    return self


Tensor.apply_ = apply_
Tensor.map_ = map_

# --- where and how the numbers are kept ----------------------------------------------------------


class Layout:
    """How a tensor's numbers are arranged; here all are ``strided``."""

    def __init__(self, name: str) -> None:
        self.name = name

    def __repr__(self) -> str:
        return f"torch.{self.name}"


strided = Layout("strided")
contiguous_format, preserve_format, channels_last = (
    Layout(name) for name in ("contiguous_format", "preserve_format", "channels_last")
)


class Storage:
    """The memory behind a tensor and its views, as one row of numbers."""

    def __init__(self, tensor: Tensor) -> None:
        array: Any = tensor._data
        while isinstance(array.base, np.ndarray):
            array = array.base
        self._array = array
        self.dtype = tensor.dtype

    def data_ptr(self) -> int:
        """The address of the first number."""
        return int(self._array.__array_interface__["data"][0])

    def nbytes(self) -> int:
        return int(self._array.nbytes)

    def __len__(self) -> int:
        return int(self._array.size)

    size = __len__

    def tolist(self) -> list[Any]:
        """All numbers, in the order of memory."""
        return list(self._array.ravel(order="K").tolist())

    def __getitem__(self, i: int) -> Any:
        return self.tolist()[i]

    def __iter__(self) -> Any:
        return iter(self.tolist())

    def __repr__(self) -> str:
        lines = "".join(f" {v}\n" for v in self.tolist())
        kind = f"torch.storage.TypedStorage(dtype={self.dtype}, device=cpu)"
        return f"{lines}[{kind} of size {len(self)}]"


class UntypedStorage(Storage):
    """The memory behind a tensor as bytes."""

    def __len__(self) -> int:
        return int(self._array.nbytes)

    size = __len__

    def tolist(self) -> list[Any]:
        return list(self._array.ravel(order="K").tobytes())

    def __repr__(self) -> str:
        lines = "".join(f" {v}\n" for v in self.tolist())
        return f"{lines}[torch.storage.UntypedStorage(device=cpu) of size {len(self)}]"


def storage_offset(self: Tensor) -> int:
    """How many numbers of the memory come before this tensor's first."""
    return (self.data_ptr() - Storage(self).data_ptr()) // self._data.itemsize


def resize_(self: Tensor, *sizes: Any, memory_format: Any = None) -> Tensor:
    """Look at the memory in another shape, row by row; more memory (zeros) if there is not enough.

    Not recorded. Raises RuntimeError if the tensor requires a gradient.

    >>> import minigrad as mg
    >>> mg.arange(6).resize_(2, 2)
    tensor([[0, 1],
            [2, 3]])
    """
    if self.requires_grad:
        raise RuntimeError(
            "cannot resize variables that require grad: no gradient belongs to what is lost or "
            "added; use reshape, or pick a part x[:n]"
        )
    size = creation.shape_of(sizes, "resize_")
    check_writable(self, False)
    n = math.prod(size)
    memory = Storage(self)._array.reshape(-1)[storage_offset(self) :]
    if n > memory.size:
        memory = np.concatenate([memory, np.zeros(n - memory.size, memory.dtype)])
    self._data = memory[:n].reshape(size)
    bump(self)
    return self


def resize_as_(self: Tensor, the_template: Tensor, *, memory_format: Any = None) -> Tensor:
    """``resize_`` to the shape of another tensor."""
    need_tensor("resize_as_", the_template, "the_template", 1)
    return resize_(self, the_template.shape)


Tensor.resize_ = resize_
Tensor.resize_as_ = resize_as_
Tensor.storage = lambda self: Storage(self)
Tensor.untyped_storage = lambda self: UntypedStorage(self)
Tensor.storage_offset = storage_offset
Tensor.layout = property(lambda self: strided)
Tensor.get_device = lambda self: -1
Tensor.is_cpu = property(lambda self: True)
for _name in ("cuda", "sparse", "sparse_csr", "quantized", "meta", "mps", "mkldnn", "nested"):
    setattr(Tensor, "is_" + _name, property(lambda self: False))
for _name in ("is_conj", "is_neg", "is_pinned", "is_shared", "is_distributed", "is_coalesced"):
    setattr(Tensor, _name, lambda self, *args: False)


def cuda(self: Tensor, device: Any = None, **ignored: Any) -> Tensor:
    """There is no GPU here. Raises AssertionError, as PyTorch without CUDA does."""
    raise AssertionError(
        "Torch not compiled with CUDA enabled: minigrad computes on the CPU only; leave .cuda() "
        "out, or write device = 'cuda' if torch.cuda.is_available() else 'cpu'"
    )


Tensor.cuda = cuda


def new(self: Tensor, *data: Any) -> Tensor:
    """A tensor of this dtype: ``x.new([1, 2])``, or ``x.new(2, 3)`` to be filled."""
    return legacy(self.dtype, data)


Tensor.new = new

# --- torch.FloatTensor and its relatives ---------------------------------------------------------


def legacy(dtype: dtypes.dtype, data: tuple[Any, ...]) -> Tensor:
    """What the constructors of old do: sizes give a tensor to be filled, lists its numbers."""
    if not data:
        return creation.zeros(0, dtype=dtype)
    if all(isinstance(n, int) for n in data):
        return creation.zeros(*data, dtype=dtype)
    if isinstance(data[0], Tensor):
        return data[0]
    if isinstance(data[0], tuple) and type(data[0]) is not tuple:  # a Size
        return creation.zeros(*data[0], dtype=dtype)
    if isinstance(data[0], int):
        i, wrong_one = next((i, n) for i, n in enumerate(data) if not isinstance(n, int))
        raise TypeError(
            f"new(): argument 'size' failed to unpack the object at pos {i + 1} with error \"type "
            f"must be tuple of ints,but got {type(wrong_one).__name__}\""
        )
    if isinstance(data[0], str):
        raise TypeError("new(): invalid data type 'str': give sizes, or one list of numbers")
    if len(data) > 1 or not hasattr(data[0], "__len__"):
        name, wrong = type(data[0]).__name__, "data must be a sequence"
        raise TypeError(
            f"new(): {wrong} (got {name}): give the sizes, Tensor(2, 3), or one list of the "
            "numbers; mg.tensor(...) takes single numbers too"
        )
    return creation.tensor(data[0], dtype=dtype)


def new_tensor_of_old(cls: type[Tensor], *data: Any, device: Any = None) -> Tensor:
    """``Tensor(2, 3)`` is a tensor to be filled, ``Tensor([2, 3])`` one of these numbers.

    Always of the default dtype. Prefer :func:`minigrad.tensor` and :func:`minigrad.empty`.
    """
    if device is not None:
        only_cpu(device)
    array = legacy(dtypes.get_default_dtype(), data)._data
    t = object.__new__(cls)
    init(t, array.astype(dtypes.default_np(), copy=False))
    return t


Tensor.__new__ = new_tensor_of_old  # type: ignore


class TypedTensor(type):
    """Makes ``isinstance(x, torch.FloatTensor)`` ask for the dtype."""

    dtype: dtypes.dtype

    def __instancecheck__(cls, x: Any) -> bool:
        return isinstance(x, Tensor) and x.dtype == cls.dtype

    def __call__(cls, *data: Any) -> Any:
        return legacy(cls.dtype, data)

    def __repr__(cls) -> str:
        return f"<class 'torch.{cls.__name__}'>"


def typed(name: str, d: dtypes.dtype) -> Any:
    doc = f"A tensor of dtype {d!r}, from numbers or sizes; prefer ``mg.tensor`` and ``mg.empty``."
    return TypedTensor(name, (), {"dtype": d, "__doc__": doc})


FloatTensor = typed("FloatTensor", dtypes.float32)
DoubleTensor = typed("DoubleTensor", dtypes.float64)
HalfTensor = typed("HalfTensor", dtypes.float16)
LongTensor = typed("LongTensor", dtypes.int64)
IntTensor = typed("IntTensor", dtypes.int32)
ShortTensor = typed("ShortTensor", dtypes.int16)
CharTensor = typed("CharTensor", dtypes.int8)
ByteTensor = typed("ByteTensor", dtypes.uint8)
BoolTensor = typed("BoolTensor", dtypes.bool_)
BY_NAME = {t.__name__: t.dtype for t in (
    FloatTensor, DoubleTensor, HalfTensor, LongTensor, IntTensor, ShortTensor, CharTensor,
    ByteTensor, BoolTensor,
)}  # fmt: skip


def type_(self: Tensor, dtype: Any = None, non_blocking: bool = False) -> Any:
    """The type's name, or with an argument the tensor in that dtype.

    >>> import minigrad as mg
    >>> mg.tensor([1]).type(), mg.tensor([1]).type(mg.float32)
    ('torch.LongTensor', tensor([1.]))
    """
    if dtype is None:
        return f"torch.{self.type_name()}"
    if isinstance(dtype, TypedTensor):
        dtype = dtype.dtype
    elif isinstance(dtype, str):
        name = dtype.removeprefix("torch.")
        if name not in BY_NAME:
            raise ValueError(f"invalid type: '{dtype}': one of {', '.join(BY_NAME)}")
        dtype = BY_NAME[name]
    elif not isinstance(dtype, (dtypes.dtype, builtins.type)):
        raise TypeError(
            f"dtype must be a type, str, or dtype object, not {builtins.type(dtype).__name__}"
        )
    return to(self, dtype)


Tensor.type = type_


def set_default_tensor_type(t: Any) -> None:
    """Choose the default dtype by a type such as ``mg.DoubleTensor`` or its name."""
    if isinstance(t, str):
        t = BY_NAME.get(t.removeprefix("torch."))
    dtypes.set_default_dtype(t.dtype if isinstance(t, TypedTensor) else t)


# --- settings without effect on one CPU ----------------------------------------------------------


def get_num_threads() -> int:
    """The number of threads that this package itself starts: 1 (NumPy's BLAS has its own)."""
    return 1


def set_num_threads(int: int) -> None:  # PyTorch's name for the argument
    """Accepted and without effect: NumPy's BLAS takes its number from the environment."""
    if not isinstance(int, builtins.int) or int <= 0:
        raise RuntimeError(f"set_num_threads expects a positive integer, but got {int!r}")


def use_deterministic_algorithms(mode: bool, *, warn_only: bool = False) -> None:
    """Accepted and without effect: every operation here gives the same numbers every time."""


def are_deterministic_algorithms_enabled() -> bool:
    return True


def get_default_device() -> Any:
    """The device of new tensors: always the CPU."""
    return cpu


def set_default_device(device: Any) -> None:
    """Accepts the CPU; raises AssertionError for anything else."""
    if device is not None:
        only_cpu(device)


def set_float32_matmul_precision(precision: str) -> None:
    """Accepted and without effect: matrix products are exact float32."""


# Functions whose name ends in _ work in place, like the method of that name.
IN_PLACE_FUNCTIONS = """
    abs_ acos_ acosh_ arccos_ arccosh_ arcsin_ arcsinh_ arctan_ arctanh_ asin_ asinh_ atan_ atanh_
    ceil_ clamp_ clamp_max_ clamp_min_ clip_ conj_physical_ cos_ cosh_ deg2rad_ erf_ erfc_
    exp2_ exp_ expm1_ fill_ fix_ floor_ frac_ gcd_ i0_ index_put_ lcm_ ldexp_ log10_ log1p_ log2_
    log_ logit_ nan_to_num_ neg_ negative_ rad2deg_ reciprocal_ relu_ round_ rsqrt_ sigmoid_ sin_
    sinc_ sinh_ sqrt_ square_ tan_ tanh_ trunc_ xlogy_ zero_ as_strided_
""".split()

