"""In-place operations: ``x += y``, ``x.zero_()``, ``x[index] = y``.

An in-place operation is its ordinary operation, with the result written into the tensor's memory
and the tensor's history moved to the new node. Three rules keep gradients right:

* the memory's version number goes up, so that a backward pass that needs the old numbers can
  refuse (``core.saved_values.check_saved``);
* a leaf that requires a gradient may not be overwritten while recording;
* writing into a view also changes its base: the base gets a new node (:class:`CopySlices`) that
  sends the gradient of the written part to the new value and of the rest to the old base.
"""

from __future__ import annotations

import operator
import weakref
import zlib
from typing import Any

import numpy as np

from ...core.elementwise import Elementwise
from ...core.formula_ops import zeros
from ...core.formulas import register
from ...core.hooks import extra_of, stop_retaining
from ...core.modes import Recording, carried_by, grad_mode, rare
from ...core.node import Node, next_seq
from ...core.op import Op, apply, record
from ...core.source_lines import frame_at, user_frame
from ...core.tensor import Tensor, edge_of, make
from ...core.views import cut_again, refresh
from ...faithful import dtypes
from ...refusals.arguments import explain
from ...refusals.of_the_core import broadcast_error
from ...refusals.reasons import inplace as refuse
from ...refusals.words import TENSOR_OR_NUMBER, not_a_tensor
from ...refusals.writable import (
    COMPARING,
    PARTLY_FILLING,
    check_overlap,
    check_writable,
    overlaps,
)
from .. import capturing
from ..calls import note_overwritten
from ..missing import Unrecorded
from ..operands import warn
from ..shaping.indexing import IndexPut, Slice, fills_mask, index_value, read_index


class CopySlices(Op):
    """The base of a view after the view was written to."""

    formula = r"y = x \text{ with } v \text{ written into a part of it}"
    linear = True
    title = "torch::autograd::CopySlices"

    def forward(base, v, *, steps):
        y = base.copy()
        cut(y, steps)[...] = v
        return y

    def vjp_base(g, base_shape, steps, xp):
        r"\bar y \text{ with } 0 \text{ in that part}"
        mask = np.ones(base_shape, bool)
        cut(mask, steps)[...] = False
        return xp.where(xp.constant(mask), g, 0.0)  # a product would make nan of inf * 0

    def vjp_v(g, steps, xp):
        r"\text{that part of } \bar y"
        if xp.first_order:
            return cut(g, steps)
        for op, params in steps:
            g = op.replay(g, params)
        return g


def cut(array: Any, steps: Any) -> Any:
    """The part of ``array`` that the view operations ``steps`` select."""
    for op, params in steps:
        if op.multi_output:
            params = dict(params)
            i = params.pop("_output")
            array = op.forward(array, **params)[i]
        else:
            array = op.forward(array, **params)
    return array


class Fill(Elementwise):
    formula = r"y = c"

    def forward(x, *, value, _in_place=False):
        return np.full(x.shape, value, x.dtype)

    def vjp_x(g, xp):
        r"0"
        return zeros(g, xp)

    @classmethod
    def node_name(cls, node: Any) -> str:
        if node.params["value"] == 0:
            return "ZeroBackward0"
        return "FillBackward2" if node.params.get("_in_place") else "FillBackward0"


class FillWithTensor(Op):
    formula = r"y = c"
    title = "FillBackward1"

    def forward(x, value, *, _in_place=False):
        return np.full(x.shape, value, x.dtype)

    def vjp_x(g, xp):
        r"0"
        return zeros(g, xp)

    def vjp_value(g):
        r"\sum \bar y"
        return g  # the engine sums it to the shape of the value

    @classmethod
    def node_name(cls, node: Any) -> str:
        return "FillBackward3" if node.params.get("_in_place") else "FillBackward1"


class Copy(Op):
    formula = r"y = s"
    linear = True
    broadcasts = True
    title = "torch::autograd::CopyBackwards"

    def forward(x, source):
        return np.broadcast_to(source, x.shape).astype(x.dtype)

    def vjp_x(g, xp):
        r"0"
        return zeros(g, xp)

    def vjp_source(g):
        r"\bar y"
        return g


def copy_of(x: Tensor) -> Tensor:
    """A recorded copy, made like PyTorch's ``empty_like(x).copy_(x)``."""
    return apply(Copy, (make(np.empty_like(x._data)), x))


register(copy_of=(None, copy_of))


def bump(x: Tensor, recorded: bool = False, frame: Any = None) -> None:
    """Count one write to the memory of ``x``.

    recorded: it is in the graph. frame: the user's, of a caller that writes to many tensors.
    """
    owner = x if x._owner is None else x._owner
    owner._ver += 1
    if owner.extra is not None:
        for kept in map(operator.call, owner.extra.results):
            if kept is not None:
                kept._ver = owner._ver
    if frame is None:
        frame = user_frame(1)
    code, lasti = (None, 0) if frame is None else (frame.f_code, frame.f_lasti)
    when = 0 if recorded else next_seq()
    owner._writer = (code, lasti, owner._ver, when)
    if not recorded and owner._node is not None:
        note_overwritten(owner._node, when)


def note_write(owner: Tensor, shared: bool = False) -> None:
    """Note the user's line that writes to the memory of ``owner``, and when.

    When: the sequence number that a node would have got then, so that a graph knows which of its
    numbers were overwritten since; 0 if the write itself is recorded in the graph.
    """
    frame = user_frame(1)
    code, lasti = (None, 0) if frame is None else (frame.f_code, frame.f_lasti)
    when = next_seq()
    owner._writer = (code, lasti, owner._ver, when)
    if not shared and owner._node is not None:
        note_overwritten(owner._node, when)


def note_shared(t: Tensor) -> None:
    """Note that NumPy has the memory of ``t`` from now on, and may write to it unseen.

    With a checksum of the numbers, so that a graph can tell later whether it did.
    """
    owner = t if t._owner is None else t._owner
    before = getattr(owner, "_writer", None)
    if before is not None and len(before) > 4:
        return  # an earlier checksum says more
    note_write(owner, shared=True)
    when = 0 if before is None else before[3]
    owner._writer = (*owner._writer[:4], checksum(owner._data), when)


def checksum(array: Any) -> int:
    """Of a large array, of some of its numbers."""
    step = max(array.size // 1_000_000, 1)
    return zlib.crc32(np.ascontiguousarray(array.ravel()[::step]).tobytes())


def write(x: Tensor, out: Tensor) -> Tensor:
    """Write ``out`` (just computed from an :func:`old` twin of ``x``) into ``x``, history too."""
    if rare:
        carried = carried_by((x, out))
        if carried is not None:
            carried.write(x, out)
            return x
    np.copyto(x._data, out._data, casting="unsafe")
    capturing.writes(x, np.copyto, x._data, out._data, "unsafe")
    adopt(x, out)
    if out._owner is not None and isinstance(out._node, Node):
        keep_version(x, out._owner, out._node)
    return x


def keep_version(x: Tensor, kept: Tensor, node: Node) -> None:
    """``node`` has kept the result that was written into ``x``: a later write makes it too old.

    Its numbers are safe, in memory of their own; but PyTorch keeps ``x`` itself and refuses.
    """
    place = len(node.inputs)
    if not node.saved or len(node.saved) <= place or node.saved[place] is not kept:
        return
    owner = x if x._owner is None else x._owner
    kept._ver = owner._ver
    versions = list(node.versions or (0,) * len(node.saved))
    versions[place] = kept._ver
    node.versions = tuple(versions)
    results = extra_of(owner).results
    results[:] = [r for r in results[-9:] if r() is not None]  # older ones are too old already
    results.append(weakref.ref(kept))


def adopt(x: Tensor, out: Tensor) -> None:
    """The numbers are written: count it, and let ``x`` have the history of ``out``."""
    recorded = grad_mode.enabled and out._requires_grad
    bump(x, recorded)
    if not recorded:
        return
    if x._view is None:
        set_history(x, out)
        return
    # The base changes with its view.
    base = x._view.base
    steps = x._view.steps
    new_base = make(base._data)
    edges = (edge_of(base), edge_of(out))
    record(CopySlices, (base, out), {"steps": steps}, [base._data, out._data], edges, [new_base])
    if edges[0] is None:  # the numbers that it had are overwritten already: no version has them
        new_base._node.constants = (weakref.ref(base), -1, None)
    retains = stop_retaining(x)
    set_history(base, new_base)
    x._view.seen_node, x._view.seen_version = None, -1  # made anew from the base when asked
    refresh(x)
    if retains:
        x.retain_grad()


def set_history(x: Tensor, out: Tensor) -> None:
    """Give ``x`` the history of ``out``. A gradient to be retained is that of the new value."""
    retains = stop_retaining(x)
    x._node, x._requires_grad = out._node, True
    if retains:
        x.retain_grad()


def old(x: Tensor, keep: bool) -> Tensor:
    """``x`` as it is before the write: its history, and its numbers (a copy if ``keep``)."""
    carried = carried_by((x,)) if rare else None
    if carried is not None:
        carrying: Tensor = carried.old(x)
        return carrying
    twin = make(capturing.again(np.array, x._data) if keep else x._data)
    twin._node = edge_of(x)
    if x._view is not None and isinstance(twin._node, Node) and twin._node.extra is not None:
        with Recording():  # the hooks of the view are for what is computed from it, not for this
            twin._node = cut_again(x, x._view)._node
    twin._requires_grad = twin._node is not None
    if not keep and not twin._requires_grad:  # a node that remembers it has to know of the write
        twin._owner = x if x._owner is None else x._owner
    return twin


def inplace(function: Any, x: Tensor, args: Any, kwargs: Any, name: str) -> Tensor:
    """Run ``function(x, *args)`` and write the result into ``x``.

    Raises before anything is written if the result would not fit in shape or dtype.
    """
    if not isinstance(x, Tensor):
        raise not_a_tensor(name, x)
    if name in UNSEEN and grad_mode.enabled:
        with Unrecorded():
            return inplace(function, x, args, kwargs, name)
    others = [a for a in args if isinstance(a, Tensor)]
    others += [a for a in kwargs.values() if isinstance(a, Tensor)]
    if name == "index_put_":
        lists = [a for a in args[0] if isinstance(a, Tensor)]
        filled = len(args) == 2 and not kwargs and fills_mask([a._data for a in lists], args[1])
        others = [] if filled else others + lists
    will_record = grad_mode.enabled and any(edge_of(a) is not None for a in others)
    if x._view is not None and x._view.safe is None:  # which has no history to be asked for
        check_writable(x, will_record)
    recording = will_record or (grad_mode.enabled and edge_of(x) is not None)
    fills = name in PARTLY_FILLING and not recording
    check_writable(x, will_record, repeats=fills)
    if others:
        check_overlap(x, others, name)
    try:
        out = function(old(x, keep=recording), *args, **kwargs)
    except NotImplementedError:
        given = [v._data if isinstance(v, Tensor) else v for v in (x, *args)]
        numbers = [v for v in given if isinstance(v, (np.ndarray, int, float, complex))]
        refuse.shape(x, np.broadcast_shapes(*[np.shape(v) for v in numbers]), IN_PLACE)
        if name in COMPARING:
            raise
        refuse.dtype(x, dtypes.result_np(numbers))
        raise
    check_result(x, out)
    if recording and not out._requires_grad and edge_of(x) is not None:
        out = apply(Copy, (old(x, keep=False), out))  # x == y ...: from here on the gradient is 0
    if fills and overlaps(x._data):
        return fill_repeated(x, out, name)
    return write(x, out)


def fill_repeated(x: Tensor, out: Tensor, name: str) -> Tensor:
    """Write into an expanded tensor: only what changes, as each place belongs to several rows."""
    if name in ("masked_fill_", "index_fill_", "index_put_"):
        warn(
            f"Use of {name} on expanded tensors is deprecated. Please clone() the tensor before "
            "performing this operation. This also applies to advanced indexing e.g. tensor[mask] = "
            "scalar. The rows are one and the same memory: what fills one fills all."
        )
    copy_changes(x._data, out._data)
    capturing.writes(x, copy_changes, x._data, out._data)
    bump(x)
    return x


def copy_changes(x: Any, new: Any) -> None:
    """``x[...] = new``, but only where the two differ."""
    same = (x == new) | ((x != x) & (new != new))
    np.copyto(x, new, where=~same)


IN_PLACE = "an in-place operation"
# PyTorch writes these without a node: the tensor's history stays what it was, also that of a leaf.
UNSEEN = frozenset({"logical_and_", "logical_or_", "logical_xor_", "logical_not_"})


def check_result(x: Tensor, out: Tensor) -> None:
    refuse.shape(x, out._data.shape, IN_PLACE)
    refuse.dtype(x, out._data.dtype)


OTHER = "other: a tensor that broadcasts to this one's shape, or a number."


def in_place_doc(name: str, args: str = "") -> str:
    """The docstring of an in-place method."""
    return f"""In-place version of ``{name}``: writes into the tensor itself.

    Args:
        {args or f"those of ``{name}``, without the first, which is the tensor."}

    Returns:
        The tensor itself. Its shape and dtype stay, its history becomes that of the result.

    Raises:
        RuntimeError: for a leaf that is being recorded (write under ``mg.no_grad()``), for an
            expanded tensor, and if the result does not fit in shape or dtype.

    Source: PyTorch's documentation of ``torch.{name}`` and of in-place operations.
    """


def example_of(name: str) -> str:
    """An example for the docstring of ``x.add_(2)`` and its like, with its result."""
    results = {"add_": " 6., 10.", "sub_": "2., 6.", "mul_": " 8., 16.", "div_": "2., 4."}
    if name not in results:
        return ""
    return f"""
    >>> import minigrad as mg
    >>> mg.tensor([4.0, 8.0]).{name}(2)
    tensor([{results[name]}])
    """


def fast_inplace(op: type[Op], function: Any, name: str, operator: bool = False) -> Any:
    """``x op= other`` that writes straight into x's memory where nothing is to be recorded.

    This is the weight update of every training loop: one pass over the memory, no temporary.
    """
    ufunc = op.ufunc

    def method(x: Tensor, other: Any, **named: Any) -> Tensor:
        if named:  # alpha=, rounding_mode=
            return inplace(function, x, (other,), named, name)
        if isinstance(other, Tensor):
            y = other._data
            recording = grad_mode.enabled and (x._requires_grad or other._requires_grad)
            same = y.dtype is x._data.dtype and y.shape == x._data.shape and (
                other.extra is None and other._owner is not x and not (rare and other._view)
            )
        else:
            y = other
            recording = grad_mode.enabled and x._requires_grad
            same = type(other) in (int, float)
        if (
            recording
            or not same
            or x._data.dtype.kind != "f"
            or x._view is not None
            or (not x._data.flags.writeable or x.extra is not None)
            or (x._owner is not None and x._owner.extra is not None)
        ):
            if not isinstance(other, TENSOR_OR_NUMBER):
                if operator:
                    return NotImplemented
                raise TypeError(explain(name, True, (other,), {}))
            return inplace(function, x, (other,), {}, name)
        grad_mode.quiet(ufunc, x._data, y, out=x._data)
        if rare:
            capturing.writes(x, ufunc, x._data, y, x._data)
        owner = x if x._owner is None else x._owner
        owner._ver = version = owner._ver + 1
        frame = frame_at(1)
        owner._writer = (frame.f_code, frame.f_lasti, version, next_seq())
        if owner._node is not None:
            note_overwritten(owner._node, owner._writer[3])
        return x

    method.__name__ = method.__qualname__ = name
    method.__doc__ = in_place_doc(function.__name__, OTHER) + example_of(name)
    method.writes_alone = True  # type: ignore[attr-defined]  # see arguments.check_methods
    return method


def in_place_of(function: Any, name: str) -> Any:
    """The in-place method ``name`` of an out-of-place function."""

    def method(input: Tensor, *args: Any, **kwargs: Any) -> Tensor:
        return inplace(function, input, args, kwargs, name)

    method.__name__ = method.__qualname__ = name
    method.__doc__ = in_place_doc(function.__name__)
    return method


def fill(input: Tensor, value: Any) -> Tensor:
    """A tensor like ``input`` with every element ``value`` (a number or a 0-d tensor).

    >>> import minigrad as mg
    >>> mg.fill(mg.zeros(2), 3.0)
    tensor([3., 3.])
    """
    if not isinstance(value, Tensor):
        return apply(Fill, (input,), {"value": dtypes.room(value, input._data.dtype)})
    refuse.fill(value)
    return apply(FillWithTensor, (input, value))


def fill_with(input: Tensor, value: Tensor) -> Tensor:
    """``fill`` with a tensor, for ``fill_``."""
    fill(input, value)  # refuses what does not fit
    return apply(FillWithTensor, (input, value), {"_in_place": True})


def fill_(x: Tensor, value: Any) -> Tensor:
    """Set every element to ``value``.

    Args:
        x: the tensor to write into.
        value: a number, or a 0-d tensor (which then gets the sum of the gradient).

    Returns:
        ``x`` itself.

    Raises:
        RuntimeError: for a leaf that is being recorded (write under ``mg.no_grad()``), or an
            expanded tensor, whose rows are one memory, a value with dimensions, or one that the
            dtype has no room for.

    >>> import minigrad as mg
    >>> mg.zeros(2).fill_(3)
    tensor([3., 3.])

    Source: PyTorch's documentation of ``torch.Tensor.fill_``.
    """
    if isinstance(value, Tensor):
        return inplace(fill_with, x, (value,), {}, "fill_")
    value = dtypes.room(value, x._data.dtype)
    check_writable(x, False, repeats=not grad_mode.enabled or edge_of(x) is None)
    if not (grad_mode.enabled and x._requires_grad) and x._view is None and x.extra is None:
        x._data.fill(value)
        capturing.writes(x, x._data.fill, value)
        bump(x)
        return x
    return write(x, apply(Fill, (old(x, False),), {"value": value, "_in_place": True}))


def zero_(input: Tensor) -> Tensor:
    """Set every element to 0, as between two training steps.

    Args:
        input: the tensor to write into.

    Returns:
        ``input`` itself. A backward pass that needs the old numbers refuses.

    Raises:
        RuntimeError: for a leaf that is being recorded (write under ``mg.no_grad()``), or an
            expanded tensor, whose rows are one memory.

    >>> import minigrad as mg
    >>> mg.ones(2).zero_()
    tensor([0., 0.])

    Source: PyTorch's documentation of ``torch.Tensor.zero_``.
    """
    if not isinstance(input, Tensor):
        raise not_a_tensor("zero_", input)
    data = input._data
    if input._requires_grad or input._view is not None or rare or not data.flags.writeable:
        return fill_(input, 0)
    data.fill(0)  # a .grad, as nearly always
    bump(input)
    return input


def copy_(x: Tensor, source: Any, non_blocking: bool = False) -> Tensor:
    """Write ``source`` (converted and broadcast) into this tensor.

    Args:
        x: the tensor to write into.
        source: a tensor that broadcasts to the shape of ``x``, in any dtype, or a number.
        non_blocking: is not looked at.

    Returns:
        ``x`` itself, in its own dtype; ``source`` gets the gradient.

    Raises:
        RuntimeError: for a leaf that is being recorded (write under ``mg.no_grad()``), or an
            expanded tensor, whose rows are one memory, or a source that does not fit.

    >>> import minigrad as mg
    >>> mg.zeros(2, 2).copy_(mg.tensor([1.0, 2.0]))
    tensor([[1., 2.],
            [1., 2.]])

    Source: PyTorch's documentation of ``torch.Tensor.copy_``.
    """
    if isinstance(source, (bool, int, float, complex)):
        source = make(np.asarray(source))
    will_record = grad_mode.enabled and edge_of(source) is not None
    check_writable(x, will_record)
    check_overlap(x, (source,), "copy_")
    try:
        shape = np.broadcast_shapes(x._data.shape, source._data.shape)
    except ValueError:
        raise broadcast_error(x._data, source._data) from None
    refuse.shape(x, shape, "copy_")
    return write(x, apply(Copy, (old(x, False), source)))


def setitem(x: Tensor, index: Any, value: Any) -> None:
    """``x[index] = value``."""
    if index is True:  # of all
        index = None
    parts, part, cut = read_index(index, x._data)  # part: x[0] is a view, x[mask] is not
    if cut:
        x = apply(Slice, (x,), {"index": cut})
    puts = not (part or fills_mask(parts, value))  # runs index_put, as PyTorch does
    if puts:
        given = (*index, value) if isinstance(index, tuple) else (index, value)
        read = [t for t in given if isinstance(t, Tensor) and (t is value or t.ndim)]
        check_overlap(x, read, "index_put_")
    source = index_value(x, parts, value, puts)
    will_record = grad_mode.enabled and edge_of(source) is not None
    whole = all(p is Ellipsis or (isinstance(p, slice) and p == slice(None)) for p in parts)
    recording = will_record or (grad_mode.enabled and edge_of(x) is not None)
    target = x._data[parts] if part and type(x._data) is np.ndarray else None
    locked = not x._data.flags.writeable
    check_writable(x, will_record, part and not whole, not recording and not part, target)
    if target is not None and source.ndim:
        check_overlap(x, (source,), "copy_", target)
    plain = x.extra is None and source.extra is None and not (rare and (x._view or source._view))
    if not recording and plain and (x._view is None or not x._view.base._requires_grad):
        x._data[parts] = source._data
        if locked and overlaps(x._data):  # one element of windows was written, not all
            x._data.flags.writeable = False
        capturing.writes(x, operator.setitem, x._data, parts, source._data)
        bump(x)
        return
    before = old(x, keep=False)
    if whole:  # as PyTorch does, filled by a number and copied from a tensor
        single = source._data.ndim == 0
        op, params = (FillWithTensor, {"_in_place": True}) if single else (Copy, {})
        write(x, apply(op, (before, source), params))
        return
    write(x, apply(IndexPut, (before, source), {"index": parts}))
