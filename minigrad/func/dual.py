"""Dual numbers: tensors that carry a tangent, for forward-mode differentiation.

A dual number is ``x + e t`` with ``e * e = 0``; computing with it gives ``f(x) + e J t``: the
value and, in the same pass, the Jacobian-vector product (jvp).

Every differentiable operation has a jvp, found by the first of these rules that fits
(:func:`pushforward`):

1. an operation's own rule (``OWN_RULES``): a user's Function has its own ``jvp``;
2. linear operations (``Op.linear``): the operation itself, on the tangents;
3. bilinear ones (``Op.bilinear``): the product rule, ``op(ta, b) + op(a, tb)``;
4. elementwise real ones: their Jacobian is diagonal, so the jvp is the vjp;
5. all others: *the vjp of the vjp*. The vjp ``u -> J' u`` is linear in ``u``, so its own vjp is
   multiplication by ``J`` (Townsend 2017, "A new trick for calculating Jacobian vector products").
"""

from __future__ import annotations

from typing import Any

import numpy as np

from ..core.backward import run_backward
from ..core.elementwise import Elementwise
from ..core.first_ops import Reshape
from ..core.formulas import tensors
from ..core.hooks import Extra
from ..core.modes import grad_mode
from ..core.op import apply
from ..core.protocols import Carried
from ..core.tensor import Tensor, edge_of, make
from ..core.views import share
from ..ops.making.creation import ones_like, zeros_like
from ..ops.shaping.shape import expand
from ..ops.writing.inplace import adopt, copy_, old, write
from .levels import (
    Level,
    batches,
    carried_of,
    converted,
    record_shell,
    recording,
    running,
    tracked,
    twin,
)

# Operations that bring their own way to run on dual tensors: function(level, inputs, params).
OWN_RULES: dict[Any, Any] = {}


class DualLevel(Level):
    """One run of forward-mode differentiation."""


class Dual(Carried):
    """What a dual tensor carries: its primal (the tensor of the next level out), and a tangent."""

    __slots__ = ("level", "primal", "tangent", "cut_from")

    def __init__(self, level: Level, primal: Tensor, tangent: Tensor | None) -> None:
        self.level = level
        self.primal = primal
        self.tangent = tangent
        self.cut_from: Tensor | None = None  # of a view's tangent: that of the base

    @property
    def rank(self) -> int:
        return self.level.rank

    def apply(self, op: Any, inputs: Any, params: Any, arrays: Any) -> Any:
        """Run ``op`` on the primals, and push the tangents through it."""
        if not self.level.alive:
            return apply(op, tuple([current(t) for t in inputs]), params, arrays)
        if op in OWN_RULES:
            return OWN_RULES[op](self.level, inputs, params)
        inputs = converted(inputs, arrays)
        primals, tangents = zip(*[parts(t, self.level) for t in inputs], strict=True)
        out = apply(op, primals, params)
        outs = out if isinstance(out, tuple) else (out,)
        with np.errstate(all="ignore"):  # as in a backward pass
            slopes = pushforward(op, primals, tangents, params, outs)
        shells = tuple([shell(self.level, y, t) for y, t in zip(outs, slopes, strict=True)])
        record_shell(op, inputs, params, shells)
        if op.view:
            for i, y in enumerate(shells):
                share(op, inputs[0], params, y, i)
                y.extra = y.extra or Extra(Dual(self.level, outs[i], slopes[i]))
                note_base(y, self.level)
        return shells if isinstance(out, tuple) else shells[0]

    def contents(self) -> tuple[Tensor, ...]:
        return (self.primal,) if self.tangent is None else (self.primal, self.tangent)

    def detach(self, t: Tensor) -> Tensor:
        """Cut off from the graph, and from the tangent."""
        return self.primal.detach() if self.level.alive else current(twin(t)).detach()

    def describe(self, t: Tensor) -> str | None:
        """The tensor as PyTorch prints it: with its tangent."""
        tangent = parts(t, self.level)[1] if self.level.alive else None
        if tangent is None:
            return None
        plain = twin(t)
        plain.extra = None
        plain._node, plain._requires_grad = t._node, t._requires_grad
        return f"{plain!r}"[:-1] + f", tangent={tangent})"

    def old(self, x: Tensor) -> Tensor:
        """A copy of ``x`` with its history, to compute from while ``x`` is written to."""
        if not self.level.alive:
            copied = twin(current(x))
            copied._data = x._data.copy()
        else:
            primal, tangent = parts(x, self.level)
            tangent = None if tangent is None else tangent.clone()
            copied = shell(self.level, old(primal, True), tangent)
        copied._node, copied._requires_grad = edge_of(x), x._requires_grad
        return copied

    def write(self, x: Tensor, out: Tensor) -> None:
        """Write ``out``, a dual tensor, into ``x``: numbers, history and tangent."""
        level = self.level
        if not level.alive:
            write(x, current(out))
            return
        parts(x, level)  # a view's tangent may be out of date
        own = carried_of(x) if is_dual(x, level) else self.start(x, level)
        primal, tangent = parts(out, level)
        copy_(own.primal, primal)
        adopt(x, out)
        slope = zeros_like(primal) if tangent is None else tangent
        if own.tangent is None or not batches(slope) <= batches(own.tangent):
            # A batch of tangents does not fit into the memory of one: all of the base gets more.
            whole = own if x._view is None else carried_of(x._view.base)
            before = zeros_like(whole.primal) if whole.tangent is None else whole.tangent
            whole.tangent = before + zeros_like(slope).sum()
            own = whole if x._view is None else self.start(x, level)
        assert own.tangent is not None
        copy_(own.tangent, slope)

    @staticmethod
    def start(x: Tensor, level: Level) -> Dual:
        """Make ``x``, which is about to be written to, a dual; if it is a view, its base too.

        Other views of that base find theirs when they are asked for it (see :func:`parts`).
        """
        if x._view is not None:
            dual = is_dual(x._view.base, level)
            base = carried_of(x._view.base) if dual else Dual.start(x._view.base, level)
            if base.tangent is None:
                base.tangent = zeros_like(base.primal)
            primal, tangent = base.primal, base.tangent
            for op, params in x._view.steps:
                primal, tangent = op.replay(primal, params), op.replay(tangent, params)
            own = Dual(level, primal, tangent)
            own.cut_from = base.tangent
            x.extra = Extra(own)
            return own
        inner = twin(x)
        inner._node, inner._requires_grad = x._node, x._requires_grad
        own = Dual(level, inner, None)
        x.extra = Extra(own)
        return own


def current(t: Tensor) -> Tensor:
    """The tensor itself; a dual of a level that has ended loses its tangent for good."""
    carried = carried_of(t)
    while type(carried) is Dual and not carried.level.alive:
        carried = carried_of(carried.primal)
    if t.extra is not None:
        t.extra.carried = carried
    if t._view is not None:
        current(t._view.base)
    return t


def shell(level: Level, primal: Tensor, tangent: Tensor | None) -> Tensor:
    """The dual tensor ``primal + e tangent``."""
    t = make(primal._data)
    t._owner = primal if primal._owner is None else primal._owner
    t.extra = Extra(Dual(level, primal, tangent))
    return t


def is_dual(t: Tensor, level: Level) -> bool:
    carried = carried_of(t)
    return type(carried) is Dual and carried.level is level


def parts(t: Tensor, level: Level) -> tuple[Tensor, Tensor | None]:
    """Primal and tangent of ``t`` at ``level``; no tangent if it does not depend on the input."""
    carried = carried_of(t)
    if t._view is not None and is_dual(t._view.base, level):
        if not is_dual(t, level) or carried.cut_from is not carried_of(t._view.base).tangent:
            carried = Dual.start(t, level)  # a view taken before its base got this tangent
    if type(carried) is Dual and carried.level is level:
        return carried.primal, carried.tangent
    return t, None


def note_base(t: Tensor, level: Level) -> None:
    """``t``, just made, has the tangent that belongs to that of the base it is a view of."""
    if t._view is not None:
        carried_of(t).cut_from = parts(t._view.base, level)[1]


# --- the jvp of an operation -----------------------------------------------------------------


def pushforward(
    op: Any, primals: Any, tangents: Any, params: Any, outs: tuple[Tensor, ...]
) -> list[Tensor | None]:
    """The tangents of the results, given those of the inputs (None: does not depend)."""
    can = op.can_differ
    used = [] if not running.forward_grad else [
        i for i, t in enumerate(tangents)
        if t is not None and primals[i]._data.dtype.kind in "fc" and (can is None or can[i])
    ]  # fmt: skip
    if not used or not op.differentiable:
        return [None] * len(outs)
    if op.linear:
        slopes = apply(op, directions(primals, tangents, can), params)
    elif op.bilinear:
        slopes = product_rule(op, primals, tangents, params)
    elif is_diagonal(op, (*primals, *outs)):
        slopes = diagonal(op, used, primals, tangents, params, outs[0])
    else:
        slopes = vjp_of_vjp(op, used, primals, tangents, params, outs)
    slopes = list(slopes) if isinstance(slopes, (tuple, list)) else [slopes]
    return [t if y._data.dtype.kind in "fc" else None for t, y in zip(slopes, outs, strict=True)]


def directions(primals: Any, tangents: Any, can: Any) -> tuple[Tensor, ...]:
    """The tangents, 0 for an input that has none; an input without derivative stays itself."""
    found = []
    for i, (x, t) in enumerate(zip(primals, tangents, strict=True)):
        if can is not None and not can[i]:
            found.append(x)
        else:
            found.append(zeros_like(x) if t is None else t)
    return tuple(found)


def product_rule(op: Any, primals: Any, tangents: Any, params: Any) -> Tensor | None:
    (a, b), (ta, tb) = primals, tangents
    left = None if ta is None else apply(op, (ta, b), params)
    right = None if tb is None else apply(op, (a, tb), params)
    return right if left is None else left if right is None else left + right


def is_diagonal(op: Any, values: Any) -> bool:
    """Whether rule 4 holds: elementwise, on real numbers."""
    if not issubclass(op, Elementwise) or op.joint:
        return False
    asked = {a for names in op.asks.values() for a in names}
    return "node" not in asked and all(v._data.dtype.kind == "f" for v in values)


def diagonal(
    op: Any, used: list[int], primals: Any, tangents: Any, params: Any, y: Tensor
) -> Tensor:
    """The vjp with each tangent in the place of the gradient, summed over the inputs."""
    known = {"y": y, "xp": tensors, **dict(zip(op.input_names, primals, strict=True)), **params}
    known |= {f"{name}_shape": x.shape for name, x in zip(op.input_names, primals, strict=True)}
    total = None
    for i in used:
        name = op.input_names[i]
        t = tangents[i]
        t = t if t._data.shape == y._data.shape else expand(t, y._data.shape)
        slope = getattr(op, "vjp_" + name)(t, *[known[a] for a in op.asks[name]])
        total = slope if total is None else total + slope
    assert total is not None
    return total


def vjp_of_vjp(
    op: Any, used: list[int], primals: Any, tangents: Any, params: Any, outs: tuple[Tensor, ...]
) -> list[Tensor | None]:
    """The jvp of any operation, by walking its vjp back."""
    further = grad_mode.enabled and any(t is not None and tracked(t) for t in (*primals, *tangents))
    with recording():
        xs = [fresh(x) if i in used else twin(x) if x.is_inference() else x
              for i, x in enumerate(primals)]  # fmt: skip
        ys = tuple([twin(y) for y in outs])
        record_shell(op, xs, params, ys)
        # Any u will do, since the vjp is linear in it; at 0 some formulas have a kink.
        us = [fresh(ones_like(y)) if y._requires_grad else None for y in ys]
        pairs = [(edge_of(y), u) for y, u in zip(ys, us, strict=True) if u is not None]
        wanted = [edge_of(xs[i]) for i in used]
        back = run_backward(pairs, tensors, keep_graph=True, inputs=wanted)
        starts = [
            (edge_of(back[edge]), tangents[i]) for i, edge in zip(used, wanted, strict=True)
            if edge in back and edge_of(back[edge]) is not None
        ]  # fmt: skip
        ends = [edge_of(u) for u in us if u is not None]
    with recording(further):
        found = run_backward(starts, tensors, keep_graph=True, inputs=ends) if starts else {}
        return [None if u is None else found.get(edge_of(u), zeros_like(u)) for u in us]


def fresh(x: Tensor) -> Tensor:
    """``x`` with a node of its own, to ask for gradients with respect to it alone."""
    if edge_of(x) is None:
        x = twin(x)
        x._requires_grad = True
    return alias(x)


def alias(x: Tensor) -> Tensor:
    """``x`` again, as the result of an operation."""
    same: Tensor = apply(Reshape, (x,), {"shape": x._data.shape})
    return same
