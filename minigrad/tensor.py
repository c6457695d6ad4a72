"""The tensor: a NumPy array, and the edge to the operation that made it.

This file is the container only; its shape and device are in ``tensor_types.py``, what a view knows
of its base in ``tensor_views.py``. What can be computed with tensors is in ``ops/`` (one operation,
one visible place), and ``methods.py`` hangs those functions onto the class as methods. The file
stays below ``ops/`` because operations have to make tensors.

Names and behaviour are PyTorch's.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from . import capturing, dtypes, printing
from .engine import Node, grad_mode, rare
from .hooks import Extra, Handle, SharedExtra, extra_of, seen
from .tensor_copies import check_copyable, copy_memory
from .tensor_types import TYPE_NAMES, Size, cpu
from .tensor_views import View, refresh


class Tensor:
    """An array of numbers that can remember how it was computed.

    Make one with :func:`minigrad.tensor`. Attributes as in PyTorch: ``data``, ``grad``,
    ``requires_grad``, ``grad_fn``, ``is_leaf``, ``shape``, ``dtype``.

    >>> import minigrad as mg
    >>> x = mg.tensor([1.0, 2.0], requires_grad=True)
    >>> y = (x * x).sum()
    >>> y.backward()
    >>> y, x.grad
    (tensor(5., grad_fn=<SumBackward0>), tensor([2., 4.]))
    """

    __slots__ = (
        "_data",  # the NumPy array
        "_node",  # edge to the operation that made it, or None
        "_requires_grad",
        "_grad",
        "_ver",  # in-place writes so far, counted by the tensor that owns the memory ...
        "_owner",  # ... which is this one, or None if it is the tensor itself
        "_writer",  # (code, instruction, version) of the last in-place write; unset before
        "_view",  # how it was cut out of another tensor, or None
        "extra",  # hooks and such, or None
        "__weakref__",
        "__dict__",  # for attributes that users add; made only then
    )
    __array_priority__ = 1000  # ndarray + Tensor asks Tensor first

    if TYPE_CHECKING:  # the methods that methods.py adds
        _data: np.ndarray[Any, Any]
        _node: Any
        _requires_grad: bool
        _grad: Tensor | None
        _ver: int
        _owner: Tensor | None
        _writer: tuple[Any, int, int]
        _view: View | None
        extra: Extra | None

        def __new__(cls, *data: Any, device: Any = None) -> Tensor: ...
        def __getattr__(self, name: str) -> Any: ...
        def __add__(self, other: Any) -> Tensor: ...
        def __radd__(self, other: Any) -> Tensor: ...
        def __sub__(self, other: Any) -> Tensor: ...
        def __rsub__(self, other: Any) -> Tensor: ...
        def __mul__(self, other: Any) -> Tensor: ...
        def __rmul__(self, other: Any) -> Tensor: ...
        def __truediv__(self, other: Any) -> Tensor: ...
        def __rtruediv__(self, other: Any) -> Tensor: ...
        def __floordiv__(self, other: Any) -> Tensor: ...
        def __mod__(self, other: Any) -> Tensor: ...
        def __pow__(self, other: Any) -> Tensor: ...
        def __rpow__(self, other: Any) -> Tensor: ...
        def __matmul__(self, other: Any) -> Tensor: ...
        def __neg__(self) -> Tensor: ...
        def __abs__(self) -> Tensor: ...
        def __invert__(self) -> Tensor: ...
        def __and__(self, other: Any) -> Tensor: ...
        def __or__(self, other: Any) -> Tensor: ...
        def __xor__(self, other: Any) -> Tensor: ...
        def __lt__(self, other: Any) -> Tensor: ...
        def __le__(self, other: Any) -> Tensor: ...
        def __gt__(self, other: Any) -> Tensor: ...
        def __ge__(self, other: Any) -> Tensor: ...
        def __getitem__(self, index: Any) -> Tensor: ...
        def __setitem__(self, index: Any, value: Any) -> None: ...

    # --- what it is ----------------------------------------------------------------------

    @property
    def shape(self) -> Size:
        return Size(self._data.shape)

    def size(self, dim: int | None = None) -> Any:
        """The shape, or the length of dimension ``dim``."""
        if dim is None:
            return Size(self._data.shape)
        n = self._data.ndim
        if not -n <= dim < n:
            raise IndexError(
                f"Dimension out of range (expected to be in range of [{-n}, {n - 1}], but got "
                f"{dim})" if n else f"Dimension specified as {dim} but tensor has no dimensions"
            )
        return self._data.shape[dim]

    @property
    def ndim(self) -> int:
        return self._data.ndim

    def dim(self) -> int:
        return self._data.ndim

    def numel(self) -> int:
        return self._data.size

    nelement = numel

    @property
    def dtype(self) -> dtypes.dtype:
        return dtypes.FROM_NUMPY[self._data.dtype]

    @property
    def device(self) -> Any:
        return cpu

    @property
    def itemsize(self) -> int:
        return self._data.itemsize

    def element_size(self) -> int:
        return self._data.itemsize

    @property
    def nbytes(self) -> int:
        return self._data.nbytes

    def is_floating_point(self) -> bool:
        return self._data.dtype.kind == "f"

    def is_complex(self) -> bool:
        return self._data.dtype.kind == "c"

    def is_contiguous(self) -> bool:
        return self._data.flags.c_contiguous

    def stride(self, dim: int | None = None) -> Any:
        strides = tuple(s // self._data.itemsize for s in self._data.strides)
        if dim is None:
            return strides
        self.size(dim)  # IndexError if there is no such dimension
        return strides[dim]

    def data_ptr(self) -> int:
        return self._data.__array_interface__["data"][0]

    def type_name(self) -> str:
        """PyTorch's name of the type, for example ``FloatTensor``."""
        return TYPE_NAMES.get(self._data.dtype.name, "Tensor")

    # --- its place in the graph ----------------------------------------------------------

    @property
    def requires_grad(self) -> bool:
        if self._view is None:
            return self._requires_grad
        refresh(self)
        # In no_grad a view has no history, but what it is a part of still requires a gradient.
        return self._requires_grad or self._view.base._requires_grad

    @requires_grad.setter
    def requires_grad(self, value: bool) -> None:
        if value:
            which = "only Tensors of floating point and complex dtype"
            check_differentiable(self._data.dtype, which)
        if not isinstance(value, bool):
            raise RuntimeError(f"requires_grad must be a bool, not {type(value).__name__}")
        if value and self._node is not None:
            raise RuntimeError(
                "you can only change requires_grad flags of leaf variables. This tensor was "
                f"computed by {self.grad_fn!r} and requires a gradient anyway."
            )
        self.requires_grad_(value)

    def requires_grad_(self, requires_grad: bool = True) -> Tensor:
        """Start (or stop) recording what is computed from this leaf; returns the tensor itself.

        Raises RuntimeError for integer and bool tensors, and when stopping at a non-leaf.
        """
        if requires_grad:
            check_differentiable(self._data.dtype, "only Tensors of floating point dtype")
            if self.is_inference() and not grad_mode.inference:
                raise RuntimeError(
                    "Setting requires_grad=True on inference tensor outside InferenceMode is not "
                    "allowed. It was made in inference_mode(); take a clone() of it."
                )
        elif self._node is not None:
            raise RuntimeError(
                "you can only change requires_grad flags of leaf variables. If you want to use a "
                "computed variable in a subgraph that doesn't require differentiation use "
                "var_no_grad = var.detach(). This tensor was computed by "
                f"{self.grad_fn!r}, so its gradient follows from its inputs."
            )
        self._requires_grad = bool(requires_grad)
        return self

    @property
    def grad_fn(self) -> Node | None:
        """The node that made this tensor; None for a leaf."""
        if self._view is not None:
            refresh(self)
        return self._node[0] if type(self._node) is tuple else self._node

    @property
    def output_nr(self) -> int:
        return self._node[1] if type(self._node) is tuple else 0

    @property
    def is_leaf(self) -> bool:
        """True if the user made it, or if nothing is recorded about how it was made."""
        if self._view is not None:
            refresh(self)
        return self._node is None

    @property
    def grad(self) -> Tensor | None:
        """The gradient that backward passes have accumulated here; None before the first."""
        if self._grad is None and self._node is not None and not self.retains_grad:
            import warnings

            warnings.warn(
                "The .grad attribute of a Tensor that is not a leaf Tensor is being accessed. Its "
                ".grad attribute won't be populated during autograd.backward(). If you indeed want "
                "the .grad field to be populated for a non-leaf Tensor, use .retain_grad() on the "
                "non-leaf Tensor.",
                stacklevel=2,
            )
        if rare and grad_mode.capturing is not None:
            grad_mode.capturing.read_grad(self)
        return self._grad

    @grad.setter
    def grad(self, value: Tensor | None) -> None:
        if value is not None:
            if not isinstance(value, Tensor):
                raise TypeError(
                    f"assigned grad expected to be a Tensor or None but got grad of type "
                    f"{type(value).__name__}: wrap the numbers with mg.tensor(...)"
                )
            if value is self:
                raise RuntimeError(
                    "can't assign Variable as its own grad: assign a copy, x.clone()"
                )
            if value._data.dtype != self._data.dtype:
                raise RuntimeError(
                    f"attempting to assign a gradient with dtype '{c_name(value)}' to a tensor "
                    f"with grad_dtype '{c_name(self)}': a gradient has its tensor's dtype; "
                    f"convert it with .to({self.dtype})"
                )
            if value._data.shape != self._data.shape:
                raise RuntimeError(
                    f"attempting to assign a gradient of size '{list(value.shape)}' to a tensor of "
                    f"size '{list(self.shape)}'. Please ensure that the gradient and the tensor "
                    "are the same size: a gradient has one number for each number of its tensor"
                )
        if rare and grad_mode.capturing is not None:
            grad_mode.capturing.set_grad(self, value)
        self._grad = value

    @grad.deleter
    def grad(self) -> None:
        self._grad = None

    def retain_grad(self) -> None:
        """Ask backward to fill ``.grad`` of this non-leaf tensor too."""
        if not self.requires_grad:
            raise RuntimeError(
                "can't retain_grad on Tensor that has requires_grad=False: no gradient flows to "
                "it; set requires_grad=True on a tensor that it is computed from"
            )
        if self._node is None:
            return  # a leaf keeps its gradient anyway
        import weakref

        node, i = self._node if type(self._node) is tuple else (self._node, 0)
        extra_of(node).retain[i] = weakref.ref(self)

    @property
    def retains_grad(self) -> bool:
        if self._node is None:
            return False
        node, i = self._node if type(self._node) is tuple else (self._node, 0)
        return (
            node.extra is not None and i in node.extra.retain and node.extra.retain[i]() is self
        )

    def register_hook(self, hook: Any) -> Handle:
        """Call ``hook(grad)`` whenever this tensor's gradient is computed.

        The hook may return a tensor to use instead. Returns a handle; ``handle.remove()`` undoes.
        """
        if not self.requires_grad:
            raise RuntimeError(
                "cannot register a hook on a tensor that doesn't require gradient: no gradient is "
                "ever computed for it; set requires_grad=True first"
            )
        if self._node is None:
            seen.leaf_hooks = True
            return Handle(extra_of(self).tensor_hooks.setdefault(0, {}), hook)
        node, i = self._node if type(self._node) is tuple else (self._node, 0)
        return Handle(extra_of(node).tensor_hooks.setdefault(i, {}), hook)

    def register_post_accumulate_grad_hook(self, hook: Any) -> Handle:
        """Call ``hook(param)`` after a backward pass has added to this leaf's ``.grad``."""
        if not self.requires_grad:
            raise RuntimeError(
                "cannot register a hook on a tensor that doesn't require gradient: no gradient is "
                "ever accumulated here; set requires_grad=True first"
            )
        if self._node is not None:
            raise RuntimeError(
                "post accumulate grad hooks cannot be registered on non-leaf tensors: only leaves "
                "accumulate gradients; use register_hook"
            )
        seen.leaf_hooks = True
        return Handle(extra_of(self).accumulated, hook)

    def detach(self) -> Tensor:
        """The same numbers (shared memory), cut off from the graph."""
        if self.extra is not None and self.extra.carried is not None:
            cut: Tensor = self.extra.carried.detach(self)
            return cut
        t = make(self._data)
        t.extra = None  # also in inference mode: it shares a normal tensor's memory
        t._owner = self if self._owner is None else self._owner
        return t

    def detach_(self) -> Tensor:
        """Cut this tensor itself off from the graph: it becomes a leaf."""
        if self._view is not None:
            raise RuntimeError(
                "Can't detach views in-place. Use detach() instead. If you are using "
                "DistributedDataParallel (DDP) for training, and gradient_as_bucket_view is set as "
                "True, gradients are views of DDP buckets, and hence detach_() cannot be called on "
                "these gradients. A view's history belongs to its base."
            )
        self._node = None
        self._requires_grad = False
        return self

    @property
    def data(self) -> Tensor:
        """The same numbers without history or version counting (PyTorch: prefer ``detach()``)."""
        if self.extra is not None and self.extra.carried is not None:
            return self.detach()
        return make(self._data)

    @data.setter
    def data(self, value: Tensor) -> None:
        if not isinstance(value, Tensor):
            raise TypeError(
                f"Variable data has to be a tensor, but got {type(value).__name__}: wrap the "
                "numbers with mg.tensor(...)"
            )
        if self._requires_grad and value._data.dtype.kind not in "fc":
            raise RuntimeError(
                "data set to a tensor that requires gradients must be floating point or complex "
                "dtype: whole numbers have no gradient"
            )
        if value._data is not self._data:
            capturing.refuse("it gives a tensor other memory (x.data = ...): write x.data.copy_(y)")
        self._data = value._data

    @property
    def _version(self) -> int:
        if self.is_inference():
            raise RuntimeError(
                "Inference tensors do not track version counter. They are never part of a graph, "
                "so nobody needs to know whether they were written to."
            )
        return self._ver if self._owner is None else self._owner._ver

    def is_inference(self) -> bool:
        """True for a tensor made in inference mode (and not a view of one made outside)."""
        return self.extra is not None and type(self.extra.carried) is Inference

    @property
    def _base(self) -> Tensor | None:
        return None if self._view is None else self._view.base

    def _is_view(self) -> bool:
        return self._view is not None

    # --- numbers out ---------------------------------------------------------------------

    def item(self) -> Any:
        """The one element as a Python number. Raises RuntimeError if there are more."""
        if self.extra is not None and hasattr(self.extra.carried, "refuse_numbers"):
            self.extra.carried.refuse_numbers("item")
        if self._data.size != 1:
            raise RuntimeError(
                f"a Tensor with {self._data.size} elements cannot be converted to Scalar: reduce "
                "it first, for example with .sum() or .mean(), or use .tolist()"
            )
        capturing.reads("item()")
        return self._data.item()

    def tolist(self) -> Any:
        """The elements as (nested lists of) Python numbers."""
        capturing.reads("tolist()")
        if self.extra is not None and hasattr(self.extra.carried, "refuse_numbers"):
            self.extra.carried.refuse_numbers("tolist")
        return self._data.tolist()

    def numpy(self, *, force: bool = False) -> np.ndarray[Any, Any]:
        """The NumPy array that holds the numbers (shared memory)."""
        if self.extra is not None and hasattr(self.extra.carried, "refuse_numbers"):
            self.extra.carried.refuse_numbers("numpy")
        if self.requires_grad and grad_mode.enabled and not force:
            raise RuntimeError(
                "Can't call numpy() on Tensor that requires grad. Use tensor.detach().numpy() "
                "instead: NumPy does not record what it computes, so the graph would silently end."
            )
        capturing.reads("numpy()")
        return self._data

    def __array__(self, dtype: Any = None, copy: bool | None = None) -> np.ndarray[Any, Any]:
        array = self.numpy()
        if dtype is not None and np.dtype(dtype) != array.dtype:
            return array.astype(dtype)
        return array.copy() if copy else array

    def __float__(self) -> float:
        return float(self._one_number())

    def __int__(self) -> int:
        return int(self._one_number())

    def __complex__(self) -> complex:
        return complex(self._one_number())

    def _one_number(self) -> Any:
        if self._data.size != 1:
            raise ValueError(
                "only one element tensors can be converted to Python scalars: this one has "
                f"{self._data.size}; reduce it first (.sum(), .mean()), or use .tolist()"
            )
        return self.item()

    def __index__(self) -> int:
        if self._data.dtype.kind not in "iu" or self._data.size != 1:
            raise TypeError(
                "only integer tensors of a single element can be converted to an index: this one "
                f"is {self.dtype} of shape {list(self.shape)}"
            )
        capturing.reads("an index")
        return int(self._data.item())

    def __bool__(self) -> bool:
        if self.extra is not None and hasattr(self.extra.carried, "refuse_numbers"):
            self.extra.carried.refuse_numbers("bool")
        if self._data.size > 1:
            raise RuntimeError(
                "Boolean value of Tensor with more than one value is ambiguous: say which you "
                "mean with .any() or .all()"
            )
        if self._data.size == 0:
            raise RuntimeError(
                "Boolean value of Tensor with no values is ambiguous: test .numel() instead"
            )
        capturing.reads("bool()")
        return bool(self._data)

    def __len__(self) -> int:
        if self._data.ndim == 0:
            raise TypeError("len() of a 0-d tensor: it is a single number, not a sequence")
        return len(self._data)

    def __iter__(self) -> Any:
        if self._data.ndim == 0:
            raise TypeError("iteration over a 0-d tensor: it is a single number; use .item()")
        return iter(self.unbind(0))

    def __contains__(self, value: Any) -> bool:
        if not isinstance(value, (Tensor, bool, int, float, complex, np.generic)):
            raise RuntimeError(
                "Tensor.__contains__ only supports Tensor or scalar, but you passed in a "
                f"{type(value)}."
            )
        capturing.reads("in")
        return bool((self._data == (value._data if isinstance(value, Tensor) else value)).any())

    def __delitem__(self, index: Any) -> None:
        raise TypeError(
            "Tensor does not support deleting items: its shape is fixed; pick what stays, "
            "x[keep], which makes a new one"
        )

    __hash__ = object.__hash__

    def __repr__(self) -> str:
        capturing.reads("printing it")
        if self.extra is not None and self.extra.carried is not None:
            described: str | None = self.extra.carried.describe(self)
            if described is not None:
                return described
        try:
            fn = self.grad_fn
            name = None if fn is None else fn.name().rsplit("::", 1)[-1]
        except RuntimeError:  # a view that a write to its base has made useless
            name = "Invalid"
        return printing.format_tensor(
            self._data,
            grad_fn=name,
            requires_grad=self._requires_grad if name == "Invalid" else self.requires_grad,
            default_dtype=dtypes.default_np(),
        )

    __str__ = __repr__

    def __format__(self, spec: str) -> str:
        return format(self.item(), spec) if self._data.ndim == 0 else object.__format__(self, spec)

    def __reduce_ex__(self, protocol: Any) -> Any:
        """Pickle (and ``copy.copy``): the numbers and ``requires_grad``, without history."""
        if self.extra is not None and any(self.extra.tensor_hooks.values()):
            import warnings

            for hook in self.extra.tensor_hooks[0].values():
                warnings.warn(
                    f"backward hook {hook!r} on tensor will not be serialized. If this is expected,"
                    " you can decorate the function with @torch.utils.hooks.unserializable_hook to "
                    "suppress this warning: it has to be registered again on what is loaded.",
                    stacklevel=2,
                )
        return rebuild, (type(self), self._data, self.requires_grad), self.__dict__ or None

    def __deepcopy__(self, memo: dict[int, Any]) -> Tensor:
        if id(self) in memo:
            known: Tensor = memo[id(self)]
            return known
        check_copyable(self)
        copied = rebuild(type(self), copy_memory(self._data, memo), self._requires_grad)
        memo[id(self)] = copied
        if self._grad is not None:
            copied._grad = self._grad.__deepcopy__(memo)
        if self.__dict__:
            import copy

            copied.__dict__.update(copy.deepcopy(self.__dict__, memo))
        return copied


class Inference:
    """The mark of tensors made in inference mode (see ``ops.base.apply``)."""

    rank = 0  # of several things that tensors carry, the one of highest rank runs the operation

    def apply(self, op: Any, inputs: Any, params: Any, arrays: Any) -> Any:
        """Run ``op`` on inputs some of which were made in inference mode."""
        edges = tuple([edge_of(t) for t in inputs])
        if grad_mode.enabled and any(e is not None for e in edges):
            for i in op.saving_plan(edges)[0]:
                if inputs[i].is_inference():
                    raise RuntimeError(
                        "Inference tensors cannot be saved for backward. Please do not use "
                        "Tensors created in inference mode in computation tracked by autograd. To "
                        "work around this, you can make a clone to get a normal tensor and use it "
                        "in autograd, or use `torch.no_grad()` instead of "
                        "`torch.inference_mode()`."
                    )
        out = op.run(inputs, params, arrays)
        if op.view:
            for t in out if isinstance(out, tuple) else (out,):
                t.extra = INFERENCE
        return out

    def detach(self, t: Tensor) -> Tensor:
        cut = make(t._data)
        cut.extra = INFERENCE
        return cut

    def describe(self, t: Tensor) -> str | None:
        return None

    def old(self, x: Tensor) -> Tensor:
        """A copy of ``x`` to compute from while ``x`` is written to."""
        return make(x._data.copy())

    def write(self, x: Tensor, out: Tensor) -> None:
        """Write ``out``, an inference tensor, into ``x``."""
        np.copyto(x._data, out._data, casting="unsafe")
        if not x.is_inference():
            (x if x._owner is None else x._owner)._ver += 1

    def check_writable(self, t: Tensor) -> None:
        """Refuse in-place writes outside of inference mode."""
        if not grad_mode.inference:
            raise RuntimeError(
                "Inplace update to inference tensor outside InferenceMode is not allowed.You can "
                "make a clone to get a normal tensor before doing inplace update.See "
                "https://github.com/pytorch/rfcs/pull/17 for more details."
            )


INFERENCE = SharedExtra(Inference())

_new = object.__new__


def c_name(t: Tensor) -> str:
    """PyTorch's C++ name of the dtype, as in some of its messages."""
    names = {"float32": "float", "float64": "double", "float16": "c10::Half", "int64": "long",
             "complex64": "c10::complex<float>", "complex128": "c10::complex<double>"}  # fmt: skip
    return names.get(t._data.dtype.name, t._data.dtype.name)


def init(t: Tensor, array: np.ndarray[Any, Any]) -> None:
    """Fill the slots of a new tensor without history."""
    t._data = array
    t._node = None
    t._requires_grad = False
    t._grad = None
    t._ver = 0
    t._owner = None
    t._view = None
    t.extra = None


def make(array: np.ndarray[Any, Any]) -> Tensor:
    """A tensor around ``array`` (not copied), without history."""
    t = _new(Tensor)
    t._data = array  # as init does, without a call
    t._node = None
    t._requires_grad = False
    t._grad = None
    t._ver = 0
    t._owner = None
    t._view = None
    t.extra = None
    if rare:
        if hasattr(array, "carrying"):
            t.extra = array.carrying()  # a batch of arrays, see func/batch.py
        elif grad_mode.inference:
            t.extra = INFERENCE
    return t


def rebuild(cls: type[Tensor], array: np.ndarray[Any, Any], requires_grad: bool) -> Tensor:
    """Unpickle a leaf."""
    t = _new(cls)
    init(t, array)
    t._requires_grad = requires_grad
    return t


def edge_of(t: Tensor) -> Any:
    """The edge to ``t`` that an operation on it records; None if it needs no gradient."""
    if t._view is not None:
        refresh(t)
    if not t._requires_grad:
        return None
    return t if t._node is None else t._node


def check_differentiable(d: np.dtype[Any], which: str = "Only Tensors of floating point and "
                         "complex dtype") -> None:  # fmt: skip
    """Refuse ``requires_grad=True`` where no derivative exists. which: PyTorch's opening words."""
    if d.kind not in "fc":
        raise RuntimeError(
            f"{which} can require gradients: this one is "
            f"{dtypes.FROM_NUMPY[d]}, and whole numbers cannot change by a little; use 1.0 instead "
            "of 1, or convert with .float()"
        )


