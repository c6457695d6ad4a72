"""Batched tensors: what ``vmap`` gives to the user's function.

A batched tensor looks like one example, but carries a tensor with all of them (dimension 0, the
*value*). An operation on it runs once, on all examples, if batch_rules.py has a rule for it;
otherwise it runs in a loop, once for each example, and the results are stacked.

Its ``_data`` is a :class:`BatchedNumbers`, which has one example's shape and dtype but no single
numbers. NumPy functions on it are done for all examples too: ufuncs at once, others in a loop.
What cannot be done so raises :class:`NotBatchable`, and ``vmap`` then runs the whole function in a
loop over the examples.
"""

from __future__ import annotations

from operator import index as operator_index
from typing import Any

import numpy as np

from ..core.formulas import arrays, tensors
from ..core.hooks import Extra
from ..core.modes import grad_mode
from ..core.op import apply
from ..core.protocols import Carried, CarryingNumbers
from ..core.tensor import Tensor, edge_of, make
from ..core.views import share
from ..faithful.package_name import package
from ..ops.elementwise.arithmetic import convert
from ..ops.shaping.joining import stack
from ..ops.shaping.shape import expand, unsqueeze
from ..ops.writing.inplace import adopt, copy_, old
from ..refusals.writable import check_writable
from .batch_rules import rule_of
from .levels import Level, NotBatchable, carried_of, converted, record_shell

# Operations that bring their own way to run on a whole batch: function(level, inputs, params).
OWN_RULES: dict[Any, Any] = {}


class BatchLevel(Level):
    """One run of vmap, over ``size`` examples."""

    of_vmap = True

    def __init__(self, size: int, randomness: str = "error") -> None:
        super().__init__()
        self.size = size
        self.randomness = randomness
        self.inputs: list[Tensor] = []  # the user's, whose memory may be written to ...
        self.before: list[tuple[Any, ...]] = []  # ... and how they were before that

    def remember(self, value: Tensor) -> None:
        """``value`` is about to be written to: keep the inputs that it is a part of."""
        for x in [x for x in self.inputs if np.may_share_memory(x._data, value._data)]:
            base = x if x._view is None else x._view.base
            self.before.append((x, x._data.copy(), base, base._node, base._requires_grad))
            self.inputs = [other for other in self.inputs if other is not x]

    def undo(self) -> None:
        """The inputs as they were: the function is going to run again, in a loop."""
        for x, numbers, base, node, required in self.before:
            np.copyto(x._data, numbers)
            base._node, base._requires_grad = node, required


class BatchedNumbers(CarryingNumbers):
    """Stands for one example's array: its shape and dtype are known, its numbers are many."""

    __slots__ = ("level", "examples", "shape", "dtype")
    __array_priority__ = 2000

    def __init__(self, level: BatchLevel, all_examples: Any) -> None:
        self.level = level
        self.examples = all_examples
        self.shape = all_examples.shape[1:]
        self.dtype = all_examples.dtype

    @property
    def ndim(self) -> int:
        return len(self.shape)

    @property
    def size(self) -> int:
        return int(np.prod(self.shape))

    @property
    def itemsize(self) -> int:
        return int(self.dtype.itemsize)

    @property
    def nbytes(self) -> int:
        return self.size * self.itemsize

    @property
    def strides(self) -> tuple[int, ...]:
        return tuple(self.examples.strides[1:])

    @property
    def flags(self) -> Any:
        return self.examples.flags

    @property
    def real(self) -> Any:
        return BatchedNumbers(self.level, self.examples.real)

    @property
    def imag(self) -> Any:
        return BatchedNumbers(self.level, self.examples.imag)

    @property
    def T(self) -> Any:
        return each(self.level, lambda x: x.T, (self,), {})

    def carrying(self) -> Extra:
        """For the tensor around these numbers: what it carries (called by ``tensor.make``)."""
        return Extra(Batch(self.level, make(self.examples)))

    def astype(self, dtype: Any, copy: bool = True) -> Any:
        if dtype == self.dtype and not copy:
            return self
        return BatchedNumbers(self.level, self.examples.astype(dtype))

    def reshape(self, *shape: Any) -> Any:
        shape = shape[0] if len(shape) == 1 and isinstance(shape[0], tuple) else shape
        return BatchedNumbers(self.level, self.examples.reshape(self.level.size, *shape))

    def copy(self) -> Any:
        return BatchedNumbers(self.level, self.examples.copy())

    def filled(self, value: Any, dtype: Any) -> Any:
        """Numbers like these, every one ``value``."""
        every = self.examples
        nested = isinstance(every, BatchedNumbers)
        new = every.filled(value, dtype) if nested else np.full(every.shape, value, dtype)
        return BatchedNumbers(self.level, new)

    def __len__(self) -> int:
        return self.shape[0]

    def __iter__(self) -> Any:
        return iter([self[i] for i in range(len(self))])

    def __array__(self, dtype: Any = None, copy: bool | None = None) -> Any:
        raise NotBatchable("vmap: the numbers of a single example are not known")

    def item(self) -> Any:
        """The number, if all examples have the same (a check inside of an operation, say)."""
        if self.size == 1 and self.level.size:
            flat = self.examples.reshape(-1)
            if bool((flat == flat[0]).all()):
                return flat[0].item()
        raise NotBatchable("vmap: the numbers of a single example are not known")

    def __bool__(self) -> bool:
        return bool(self.item())

    def __int__(self) -> int:
        return int(self.item())

    def __float__(self) -> float:
        return float(self.item())

    def __complex__(self) -> complex:
        return complex(self.item())

    def __index__(self) -> int:
        return operator_index(self.item())

    def __array_ufunc__(self, ufunc: Any, method: str, *args: Any, **kwargs: Any) -> Any:
        level = innermost(args)
        if method != "__call__" or kwargs or ufunc.nin != len(args) or ufunc.signature:
            return each(level, getattr(ufunc, method), args, kwargs)
        n = max(np.ndim(a) if not isinstance(a, BatchedNumbers) else a.ndim for a in args)
        lined_up = [
            a.examples.reshape((level.size,) + (1,) * (n - a.ndim) + a.shape)
            if isinstance(a, BatchedNumbers) and a.level is level else a
            for a in args
        ]  # fmt: skip
        out = ufunc(*lined_up)
        if isinstance(out, tuple):
            return tuple([BatchedNumbers(level, y) for y in out])
        return BatchedNumbers(level, out)

    def __array_function__(self, function: Any, types: Any, args: Any, kwargs: Any) -> Any:
        if function is np.may_share_memory:
            return function(*[getattr(a, "examples", a) for a in args])
        return each(innermost((*args, *kwargs.values())), function, args, kwargs)

    def __getattr__(self, name: str) -> Any:
        if name.startswith("_") or not callable(getattr(np.ndarray, name, None)):
            raise NotBatchable(f"vmap: an array's {name} is not known for a batch")
        if name in ("fill", "sort", "put", "resize", "setfield", "setflags"):
            raise NotBatchable(f"vmap: an array of a batch cannot be changed ({name})")
        return lambda *args, **kwargs: each(
            self.level, lambda x, *a, **k: getattr(x, name)(*a, **k), (self, *args), kwargs
        )

    def __setitem__(self, index: Any, value: Any) -> None:
        raise NotBatchable("vmap: an array of a batch cannot be written to")

    def __getitem__(self, index: Any) -> Any:
        return each(self.level, lambda x, i: x[i], (self, index), {})


def operator(ufunc: Any, swapped: bool = False) -> Any:
    if swapped:
        return lambda self, other: ufunc(other, self)
    return lambda self, *other: ufunc(self, *other)


for _name, _ufunc in {
    "add": np.add, "sub": np.subtract, "mul": np.multiply, "truediv": np.true_divide,
    "floordiv": np.floor_divide, "mod": np.remainder, "pow": np.power, "and": np.bitwise_and,
    "or": np.bitwise_or, "xor": np.bitwise_xor, "matmul": np.matmul,
}.items():  # fmt: skip
    setattr(BatchedNumbers, f"__{_name}__", operator(_ufunc))
    setattr(BatchedNumbers, f"__r{_name}__", operator(_ufunc, swapped=True))
for _name, _ufunc in {
    "lt": np.less, "le": np.less_equal, "gt": np.greater, "ge": np.greater_equal,
    "eq": np.equal, "ne": np.not_equal, "neg": np.negative, "abs": np.absolute,
    "invert": np.invert,
}.items():  # fmt: skip
    setattr(BatchedNumbers, f"__{_name}__", operator(_ufunc))
BatchedNumbers.__hash__ = object.__hash__  # type: ignore[method-assign]


def numbers_in(values: Any) -> list[BatchedNumbers]:
    """The batched numbers among ``values``, also inside tuples and lists."""
    found: list[BatchedNumbers] = []
    for v in values:
        if isinstance(v, BatchedNumbers):
            found.append(v)
        elif isinstance(v, (tuple, list)):
            found += numbers_in(v)
        elif isinstance(v, slice):
            found += numbers_in((v.start, v.stop, v.step))
    return found


def innermost(values: Any) -> BatchLevel:
    level = max((v.level for v in numbers_in(values)), key=lambda level: level.rank)
    check_alive(level)
    return level


def check_alive(level: BatchLevel) -> None:
    if not level.alive:
        raise RuntimeError(
            "Either your tensor may have escaped from inside a function being vmapped and this is "
            "a user error (see https://pytorch.org/functorch/stable/ux_limitations.html), or "
            "minigrad has a bug. A tensor inside vmap stands for all examples of the batch; return "
            "it from the function to use the results outside."
        )


def example(value: Any, level: BatchLevel, i: int) -> Any:
    """``value`` with every batch of this level in it replaced by its example ``i``."""
    if isinstance(value, BatchedNumbers):
        if value.level is level:
            return value.examples[i]
        return value
    if isinstance(value, Tensor):
        carried = carried_of(value)
        if type(carried) is Batch and carried.level is level:
            return carried.value[i]
        return value
    if isinstance(value, tuple):
        return tuple([example(v, level, i) for v in value])
    if isinstance(value, list):
        return [example(v, level, i) for v in value]
    if isinstance(value, dict):
        return {k: example(v, level, i) for k, v in value.items()}
    return value


def each(level: BatchLevel, function: Any, args: Any, kwargs: Any) -> Any:
    """``function`` of arrays, once for each example; the results stacked."""
    check_alive(level)
    if "out" in kwargs:
        raise NotBatchable("vmap: out= is not supported")
    rows = [function(*example(args, level, i), **example(kwargs, level, i))
            for i in range(level.size)]  # fmt: skip
    return joined(level, rows)


def joined(level: BatchLevel, rows: list[Any]) -> Any:
    """One answer for all examples from each example's."""
    first = rows[0] if rows else np.zeros(0)
    if isinstance(first, (tuple, list)):
        return type(first)([joined(level, list(column)) for column in zip(*rows, strict=True)])
    if isinstance(first, (np.ndarray, np.generic, BatchedNumbers)):
        if any(r.shape != first.shape for r in rows):
            raise NotBatchable("vmap: the results for the examples have different shapes")
        return BatchedNumbers(level, np.stack(rows))
    if all(r == first for r in rows):
        return first
    raise NotBatchable("vmap: the examples disagree about a number that is no tensor")


class Batch(Carried):
    """What a batched tensor carries: the tensor with all examples (dimension 0)."""

    __slots__ = ("level", "value", "apart", "spot")

    def __init__(self, level: BatchLevel, value: Tensor) -> None:
        self.level = level
        self.value = value
        self.spot = 0  # where the batch's dimension was when the user gave it to vmap
        self.apart = False  # whether it should share memory with another (a view), but does not

    @property
    def rank(self) -> int:
        return self.level.rank

    def apply(self, op: Any, inputs: Any, params: Any, arrays: Any) -> Any:
        """Run ``op`` on all examples."""
        level = self.level
        check_alive(level)
        if op in OWN_RULES:
            return OWN_RULES[op](level, inputs, params)
        inputs = converted(inputs, arrays)
        rule = rule_of(op)
        out = NotImplemented
        if rule is not None and not numbers_in(params.values()):
            values = [value_of(t, level) for t in inputs]
            out = rule(op, values, [is_batched(t, level) for t in inputs], params, level.size)
        if out is NotImplemented:
            out = loop(op, inputs, params, level)
        many = isinstance(out, tuple)
        shells = tuple([shell(level, y) for y in (out if many else (out,))])
        record_shell(op, inputs, params, shells)
        if op.view and is_batched(inputs[0], level):
            for i, y in enumerate(shells):
                extra = y.extra
                share(op, inputs[0], params, y, i)
                y.extra = extra
                if y._view is None:  # the rule had to copy
                    carried_of(inputs[0]).apart = carried_of(y).apart = True
        return shells if many else shells[0]

    def pullback(self, op: Any, node: Any, g: Any, wants: list[bool]) -> Any:
        """The vjp of ``op`` for all examples: its formula on batched tensors, or else in a loop."""
        try:
            return op.pullback_of(node, g, tensors, wants)
        except (NotBatchable, NotImplementedError, np.linalg.LinAlgError):
            saved = [t for t in node.saved if isinstance(t, Tensor)]
            grads = [t for t in (g if isinstance(g, tuple) else (g,)) if t is not None]
            if grad_mode.enabled and any(t.requires_grad for t in (*grads, *saved)):
                raise  # rows put together have no history on this level
        level = self.level
        rows = []
        for i in range(level.size):
            one = ExampleNode(node, level, i)
            start = example(g, level, i)
            if any(carried_of(t) is not None for t in listed(start) if t is not None):
                rows.append(op.pullback_of(one, start, OneExample(), wants))
                continue
            plain = [None if t is None else t._data for t in listed(start)]
            found = op.pullback_of(
                one, tuple(plain) if op.multi_output else plain[0], OneOfArrays(), wants
            )
            rows.append(tuple([None if a is None else make(np.asarray(a)) for a in found]))
        return tuple([
            None if column[0] is None else shell(level, stack_equal(list(column)))
            for column in zip(*rows, strict=True)
        ])  # fmt: skip

    def contents(self) -> tuple[Tensor, ...]:
        return (self.value,)

    def detach(self, t: Tensor) -> Tensor:
        cut = shell(self.level, self.value.detach())
        cut._owner = t if t._owner is None else t._owner
        carried_of(cut).apart = self.apart
        return cut

    def describe(self, t: Tensor) -> str | None:
        lines = repr(self.value).replace("\n", "\n    ")
        return f"BatchedTensor(lvl={self.rank}, bdim=0, value=\n    {lines}\n)"

    def refuse_numbers(self, what: str) -> None:
        """A tensor of a batch has no single number (called by ``Tensor.item`` and ``bool``)."""
        if what == "numpy":
            raise RuntimeError(
                "Cannot access data pointer of Tensor that doesn't have storage: inside vmap a "
                "tensor stands for all examples at once; compute with tensor operations instead"
            )
        if what == "bool":
            raise RuntimeError(
                "vmap: It looks like you're attempting to use a Tensor in some data-dependent "
                "control flow. We don't support that yet: all examples go through the function at "
                "once, and may disagree. Choose element by element, "
                f"{package()}.where(condition, a, b)."
            )
        raise RuntimeError(
            f"vmap: It looks like you're calling .{what}() on a Tensor. We don't support vmap over "
            f"calling .{what}() on a Tensor, please try to rewrite what you're doing with other "
            "operations. The tensor stands for all examples of the batch at once."
        )

    def check_writable(self, t: Tensor) -> None:
        """A write to a tensor whose views have memory of their own is done example by example."""
        if self.apart:
            raise NotBatchable("vmap: in-place operation on a view, or on a tensor with views")
        check_writable(self.value, False)

    def old(self, x: Tensor) -> Tensor:
        copied = shell(self.level, old(self.value, True))
        copied._node, copied._requires_grad = edge_of(x), x._requires_grad
        return copied

    def write(self, x: Tensor, out: Tensor) -> None:
        """Write the batch ``out`` into the memory of ``x``, which gets its history too."""
        if not is_batched(x, self.level):
            raise RuntimeError(
                "vmap: inplace arithmetic(self, *extra_args) is not possible because there exists "
                "a Tensor `other` in extra_args that has more elements than `self`. This happened "
                "due to `other` being vmapped over but `self` not being vmapped over in a vmap. "
                "Please try to use out-of-place operators instead of inplace arithmetic."
            )
        own = carried_of(x)
        own.check_writable(x)
        if out._data.dtype != x._data.dtype:
            out = convert(out, x._data.dtype)
        self.level.remember(own.value)
        copy_(own.value, all_examples(out, self.level))
        adopt(x, out)


def shell(level: BatchLevel, value: Tensor, spot: int = 0) -> Tensor:
    """The batched tensor whose examples are ``value[0]``, ``value[1]`` ..."""
    t = make(np.empty(0))
    t._data = BatchedNumbers(level, value._data)  # type: ignore[assignment]
    batch = Batch(level, value)
    batch.spot = spot
    t.extra = Extra(batch)
    return t


def is_batched(t: Tensor, level: BatchLevel) -> bool:
    carried = carried_of(t)
    return type(carried) is Batch and carried.level is level


def value_of(t: Tensor, level: BatchLevel) -> Tensor:
    """The tensor with all examples; an unbatched tensor is itself."""
    return carried_of(t).value if is_batched(t, level) else t


def all_examples(t: Tensor, level: BatchLevel) -> Tensor:
    """The tensor with all examples; an unbatched tensor is repeated (without a copy)."""
    if is_batched(t, level):
        value: Tensor = carried_of(t).value
        return value
    return expand(unsqueeze(t, 0), level.size, *t.shape)


def one_for_each(made: Tensor, like: Tensor) -> Tensor:
    """A new tensor for each example of the batch that ``like`` is: the user may write into it."""
    carried = carried_of(like)
    if type(carried) is not Batch:
        inside = carried.contents()[:1] if carried is not None else ()  # a primal, say
        return one_for_each(made, inside[0]) if inside else made
    inner = one_for_each(made, carried.value)
    return shell(carried.level, all_examples(inner, carried.level).clone())


def loop(op: Any, inputs: Any, params: Any, level: BatchLevel) -> Any:
    """``op`` once for each example, stacked."""
    if level.size == 0:
        raise NotBatchable("vmap: an empty batch has no example to run")
    rows = [
        apply(op, tuple(example(t, level, i) for t in inputs), example(params, level, i))
        for i in range(level.size)
    ]  # fmt: skip
    if not isinstance(rows[0], tuple):
        return stack_equal(rows)
    return tuple([stack_equal(list(column)) for column in zip(*rows, strict=True)])


def stack_equal(rows: list[Tensor]) -> Tensor:
    if any(r.shape != rows[0].shape for r in rows):
        raise NotBatchable("vmap: the results for the examples have different shapes")
    return stack(rows)


class ExampleNode:
    """A node as it would be for one example of a batch."""

    def __init__(self, node: Any, level: BatchLevel, i: int) -> None:
        self.node, self.level, self.i = node, level, i
        self.op, self.inputs, self.n_outputs = node.op, node.inputs, node.n_outputs
        self.params = example(node.params, level, i)

    def input_shape(self, i: int) -> Any:
        return self.node.input_shape(i)


def listed(value: Any) -> list[Any]:
    return list(value) if isinstance(value, (tuple, list)) else [value]


class OneOfArrays(type(arrays)):  # type: ignore[misc]
    """``xp`` for one example's numbers: the functions on arrays."""

    @staticmethod
    def saved(node: Any, i: int) -> Any:
        return OneExample.saved(node, i)._data

    def __getattr__(self, name: str) -> Any:
        return getattr(arrays, name)


class OneExample(type(tensors)):  # type: ignore[misc]
    """``xp`` for one example: the functions on tensors, and its part of what the node saved."""

    @staticmethod
    def saved(node: Any, i: int) -> Any:
        if isinstance(node, ExampleNode):
            return example(tensors.saved(node.node, i), node.level, node.i)
        return tensors.saved(node, i)

    def __getattr__(self, name: str) -> Any:
        return getattr(tensors, name)
