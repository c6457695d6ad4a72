"""A tensor's place in the graph: requires_grad, grad, grad_fn, hooks, detach. PyTorch's names."""

from __future__ import annotations

import warnings
from typing import Any

from ..autograd.grad_fn import shown
from ..autograd.gradients import tensor_backward
from ..autograd.inference import Inference
from ..core.hooks import extra_of, is_retained, retain, seen
from ..core.modes import grad_mode, rare
from ..core.node import Node, node_and_output
from ..core.tensor import Tensor, make
from ..core.views import refresh
from ..faithful.dtype_names import cpp_name, kind_name
from ..faithful.hang_on import hang_on
from ..faithful.package_name import package
from ..faithful.removable_handle import Handle
from ..func.levels import running
from ..ops import capturing
from ..ops.making.subclasses import init
from ..ops.writing.inplace import note_write
from ..refusals.ended_history import note_here
from ..refusals.words import check_differentiable


class WrittenBehind(Tensor):
    """Counts the writes to ``w.data``, and notes them at ``w`` too, without counting them there.

    Autograd must not notice them (that is what ``.data`` is for), but a picture of the graph has to
    know that the numbers are others now.
    """

    __slots__ = ("behind",)

    def __init__(self, behind: Tensor) -> None:
        init(self, behind._data)
        self.behind = behind

    @property  # type: ignore[override]
    def _writer(self) -> Any:
        return getattr(self.behind, "_writer", None)

    @_writer.setter
    def _writer(self, note: Any) -> None:
        code, lasti, _, when = note[:4]
        self.behind._writer = (code, lasti, self.behind._ver, when)


def refuse_in_transform(call: str) -> None:
    """A function being transformed does not say itself which gradients are wanted."""
    if running.transforming:
        name = call.split()[0]
        raise RuntimeError(
            f"You are attempting to call Tensor.{call} inside of a function being transformed by a "
            "functorch transform. This is unsupported, please attempt to use the functorch "
            f"transforms (e.g. grad, vjp, jacrev, jacfwd, hessian) or call {name} outside of a "
            "function being transformed instead."
        )


def set_requires_grad(t: Tensor, value: bool) -> None:
    """What ``t.requires_grad = value`` and ``t.requires_grad_(value)`` do."""
    if value:
        check_differentiable(t._data.dtype, "only Tensors of floating point dtype")
        if t.is_inference() and not grad_mode.inference:
            raise RuntimeError(
                "Setting requires_grad=True on inference tensor outside InferenceMode is not "
                "allowed. It was made in inference_mode(); take a clone() of it."
            )
    elif t._node is not None:
        raise RuntimeError(
            "you can only change requires_grad flags of leaf variables. If you want to use a "
            "computed variable in a subgraph that doesn't require differentiation use "
            f"var_no_grad = var.detach(). This tensor was computed by {t.grad_fn!r}, so its "
            "gradient follows from its inputs."
        )
    t._requires_grad = bool(value)


@hang_on(Tensor)
class PlaceInGraph(Tensor):
    @property
    def requires_grad(self) -> bool:
        """Whether what is computed from this tensor is recorded, so that it can get a gradient.

        May be assigned for a leaf: ``x.requires_grad = True``.

        Returns:
            A bool. For a result it is True if it is so for one of its inputs.

        Raises:
            RuntimeError: assigned to a non-leaf, for whole numbers, or what is no bool.

        >>> import minigrad as mg
        >>> w = mg.ones(2, requires_grad=True)
        >>> w.requires_grad, (w * 2).requires_grad, w.detach().requires_grad
        (True, True, False)

        Source: PyTorch's "Autograd mechanics" (Setting requires_grad).
        """
        # What a view is a part of may have begun to require a gradient since it was made.
        part_of = self._view is not None and self._view.base._requires_grad
        return self._requires_grad or part_of

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
        set_requires_grad(self, value)

    def requires_grad_(self, requires_grad: bool = True) -> Tensor:
        """Start (or stop) recording what is computed from this leaf.

        Args:
            requires_grad: True (the default) to start, False to stop, as for a layer that is
                frozen.

        Returns:
            The tensor itself.

        Raises:
            RuntimeError: for integer and bool tensors, when stopping at a non-leaf, and for a
                tensor that was made in inference mode.

        >>> import minigrad as mg
        >>> mg.ones(2).requires_grad_()
        tensor([1., 1.], requires_grad=True)

        Source: PyTorch's ``Tensor.requires_grad_``.
        """
        refuse_in_transform("requires_grad_() (or perhaps using torch.autograd.functional.* APIs)")
        set_requires_grad(self, requires_grad)
        return self

    @property
    def grad_fn(self) -> Node | None:
        """The node that made this tensor; None for a leaf.

        Returns:
            The node of the recorded graph. ``name()`` is its operation, ``next_functions`` are the
            nodes that its inputs came from.

        >>> import minigrad as mg
        >>> x = mg.ones(2, requires_grad=True)
        >>> y = (x * 2).sum()
        >>> y.grad_fn, y.grad_fn.next_functions
        (<SumBackward0>, ((<MulBackward0>, 0),))
        >>> print(x.grad_fn)
        None

        Source: PyTorch's ``Tensor.grad_fn``; the idea of a recorded graph is Wengert's list (1964).
        """
        refresh(self)
        node = self._node[0] if type(self._node) is tuple else self._node
        return None if isinstance(node, Tensor) else shown(node)  # a saved leaf has an edge to it

    @property
    def output_nr(self) -> int:
        return self._node[1] if type(self._node) is tuple else 0

    @property
    def is_leaf(self) -> bool:
        """True if the user made it, or if nothing is recorded about how it was made.

        A backward pass accumulates gradients in the leaves that require one.

        Returns:
            A bool.

        >>> import minigrad as mg
        >>> x = mg.ones(2, requires_grad=True)
        >>> x.is_leaf, (x * 2).is_leaf, (x * 2).detach().is_leaf
        (True, False, True)

        Source: PyTorch's ``Tensor.is_leaf``.
        """
        refresh(self)
        return self._node is None or isinstance(self._node, Tensor)

    @property
    def grad(self) -> Tensor | None:
        """The gradient that backward passes have accumulated here; None before the first.

        May be assigned or deleted; ``x.grad = None`` forgets it. Reading it at a tensor that is not
        a leaf gives a UserWarning and None, unless ``retain_grad()`` asked for it.

        Returns:
            A tensor of this tensor's shape and dtype, or None. It is the one that the next pass
            adds to, not a copy.

        Raises:
            TypeError: assigned is neither a tensor nor None.
            RuntimeError: the assigned tensor has another shape or dtype, or is this tensor itself.

        >>> import minigrad as mg
        >>> x = mg.tensor([1.0, 2.0], requires_grad=True)
        >>> for _ in range(2):
        ...     (x * x).sum().backward()
        >>> x.grad
        tensor([4., 8.])

        Source: PyTorch's ``Tensor.grad``.
        """
        if self._grad is None and self._node is not None and not self.retains_grad:
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
                    f"{type(value).__name__}: wrap the numbers with {package()}.tensor(...)"
                )
            if value is self:
                raise RuntimeError(
                    "can't assign Variable as its own grad: assign a copy, x.clone()"
                )
            if value._data.dtype != self._data.dtype:
                raise RuntimeError(
                    f"attempting to assign a gradient with dtype '{cpp_name(value._data)}' to a "
                    f"tensor with grad_dtype '{kind_name(self._data)}': a gradient has its "
                    f"tensor's dtype; convert it with .to({self.dtype})"
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
        """Ask backward to fill ``.grad`` of this non-leaf tensor too; a leaf keeps its anyway.

        Returns:
            None.

        Raises:
            RuntimeError: the tensor does not require a gradient.

        >>> import minigrad as mg
        >>> x = mg.tensor(3.0, requires_grad=True)
        >>> y = x * x
        >>> y.retain_grad()
        >>> (2 * y).backward()
        >>> y.grad
        tensor(2.)

        Source: PyTorch's ``Tensor.retain_grad``.
        """
        if not self.requires_grad:
            raise RuntimeError(
                "can't retain_grad on Tensor that has requires_grad=False: no gradient flows to "
                "it; set requires_grad=True on a tensor that it is computed from"
            )
        refuse_in_transform("retain_grad()")
        if self._node is None:
            return  # a leaf keeps its gradient anyway
        retain(self)

    @property
    def retains_grad(self) -> bool:
        return is_retained(self)

    def register_hook(self, hook: Any) -> Handle:
        """Call ``hook(grad)`` whenever this tensor's gradient is computed.

        Args:
            hook: a function of one tensor, the gradient (of this tensor's shape and dtype). It may
                return a tensor to use instead, or None. It must not change the gradient in place.

        Returns:
            A handle; ``handle.remove()`` undoes.

        Raises:
            RuntimeError: the tensor does not require a gradient.

        >>> import minigrad as mg
        >>> x = mg.tensor(3.0, requires_grad=True)
        >>> handle = x.register_hook(lambda grad: grad * 10)
        >>> (x * x).backward()
        >>> x.grad
        tensor(60.)

        Source: PyTorch's ``Tensor.register_hook``.
        """
        if not self.requires_grad:
            raise RuntimeError(
                "cannot register a hook on a tensor that doesn't require gradient: no gradient is "
                "ever computed for it; set requires_grad=True first"
            )
        if self._node is None:
            seen.leaf_hooks = True
            return Handle(extra_of(self).tensor_hooks.setdefault(0, {}), hook)
        node, i = node_and_output(self._node)
        return Handle(extra_of(node).tensor_hooks.setdefault(i, {}), hook)

    def register_post_accumulate_grad_hook(self, hook: Any) -> Handle:
        """Call ``hook(param)`` as soon as a backward pass has added to this leaf's ``.grad``.

        Args:
            hook: a function of one tensor, this leaf. It runs without recording, so that it may
                update the leaf, and returns None.

        Returns:
            A handle; ``handle.remove()`` undoes.

        Raises:
            RuntimeError: the tensor does not require a gradient, or is no leaf.

        >>> import minigrad as mg
        >>> w = mg.tensor(3.0, requires_grad=True)
        >>> handle = w.register_post_accumulate_grad_hook(lambda param: print(param.grad))
        >>> (w * w).backward()
        tensor(6.)

        Source: PyTorch's ``Tensor.register_post_accumulate_grad_hook``.
        """
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
        """The same numbers, cut off from the graph: no gradient flows through.

        Returns:
            A tensor of the same shape and dtype that requires no gradient. A view, it shares
            memory, so writing to it in place changes (and counts as a write to) this tensor.

        >>> import minigrad as mg
        >>> x = mg.tensor(3.0, requires_grad=True)
        >>> (x * x.detach()).backward()
        >>> x.grad
        tensor(3.)

        Source: PyTorch's ``Tensor.detach``; "stop gradient" in other libraries.
        """
        if self.extra is not None and self.extra.carried is not None:
            cut: Tensor = self.extra.carried.detach(self)
            return cut
        t = make(self._data)
        t.extra = None  # also in inference mode: it shares a normal tensor's memory
        t._ended = note_here("detach") if self._requires_grad else self._ended
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
        if self._requires_grad:
            self._ended = note_here("detach_")
        self._node = None
        self._requires_grad = False
        return self

    @property
    def data(self) -> Tensor:
        """The same numbers without history or version counting (PyTorch: prefer ``detach()``).

        Writes to it are not noticed by autograd, which may then compute wrong gradients. Assigning
        a tensor gives this one other numbers: ``w.data = new``.

        Returns:
            A tensor of the same shape and dtype that requires no gradient. A view, it shares
            memory.

        Raises:
            TypeError: assigned is no tensor.
            RuntimeError: whole numbers are assigned to a tensor that requires a gradient.

        >>> import minigrad as mg
        >>> w = mg.tensor([1.0, 2.0], requires_grad=True)
        >>> w.data -= 0.5
        >>> w
        tensor([0.5000, 1.5000], requires_grad=True)

        Source: PyTorch before 0.4, where a Variable held its tensor in ``.data``.
        """
        if self.extra is not None and self.extra.carried is not None:
            return self.detach()
        same = make(self._data)
        same._owner = WrittenBehind(self if self._owner is None else self._owner)
        same._ended = note_here("data") if self._requires_grad else self._ended
        return same

    @data.setter
    def data(self, value: Tensor) -> None:
        if not isinstance(value, Tensor):
            raise TypeError(
                f"Variable data has to be a tensor, but got {type(value).__name__}: wrap the "
                f"numbers with {package()}.tensor(...)"
            )
        if self._requires_grad and value._data.dtype.kind not in "fc":
            raise RuntimeError(
                "data set to a tensor that requires gradients must be floating point or complex "
                "dtype: whole numbers have no gradient"
            )
        if value._data is not self._data:
            capturing.refuse("it gives a tensor other memory (x.data = ...): write x.data.copy_(y)")
        if value._data is not self._data:  # `w.data -= 1` was noticed when it was written
            note_write(self)
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
        return self._view is not None and not self.is_inference()


def detach(input: Tensor) -> Tensor:
    """The same numbers, cut off from the graph: ``input.detach()``."""
    return input.detach()


def detach_(input: Tensor) -> Tensor:
    """Cut the tensor itself off from the graph: ``input.detach_()``."""
    return input.detach_()


Tensor.backward = tensor_backward
