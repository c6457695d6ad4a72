"""What an operation's signatures say: its inputs, what to keep for which gradient.

(May be skipped at first.) All of it is worked out once for each operation, so that recording has
only to look up a plan.
"""

from __future__ import annotations

import inspect
from typing import Any

from .fast_vjps import fast_vjps


def read_signatures(cls: Any) -> None:
    """Find out from the signatures which inputs an operation has and what each vjp asks for."""
    parameters = (
        inspect.signature(cls.forward).parameters.values()
        if inspect.isfunction(cls.forward)
        else ()
    )
    names = [p.name for p in parameters if p.kind is p.POSITIONAL_OR_KEYWORD]
    cls.variadic = any(p.kind is p.VAR_POSITIONAL for p in parameters)
    cls.input_names = tuple(names)
    cls.joint = hasattr(cls, "vjp")
    cls.asks, cls.vjp_formulas = {}, {}
    if cls.joint:
        cls.asks[""] = tuple(inspect.signature(cls.vjp).parameters)[2:]
        cls.vjp_formulas[""] = inspect.getdoc(cls.vjp) or ""
    else:
        for name in names:
            vjp = getattr(cls, "vjp_" + name, None)
            if vjp is None:  # no gradient for this input, such as an index or a mask
                cls.asks[name] = ()
                continue
            cls.asks[name] = tuple(inspect.signature(vjp).parameters)[1:]
            cls.vjp_formulas[name] = inspect.getdoc(vjp) or ""
    unknown = [
        a for asked in cls.asks.values() for a in asked
        if a not in names and a not in ("y", "xp", "node", "inputs", "shapes")
        and not (a.endswith("_shape") and a[:-6] in names)
        and not any(p.name == a and p.kind is p.KEYWORD_ONLY for p in parameters)
    ]  # fmt: skip
    assert not unknown, f"{cls.__name__}: a vjp asks for {unknown}, which the forward does not have"
    cls.plans = {}
    cls.can_differ = None if cls.joint else tuple(hasattr(cls, "vjp_" + n) for n in names)
    everything = [a for asked in cls.asks.values() for a in asked]
    cls.wants_shapes = any(a == "shapes" or a.endswith("_shape") for a in everything)
    cls.fast_vjps = None if cls.joint or cls.variadic else fast_vjps(cls)


def saving_plan(cls: Any, edges: Any) -> tuple[tuple[int, ...], bool]:
    """Which inputs, and whether the result, must be kept for the gradients along ``edges``."""
    if cls.joint:
        asked = set(cls.asks[""])
    else:
        asked = {
            a for name, edge in zip(cls.input_names, edges, strict=True) if edge is not None
            for a in cls.asks[name]
        }  # fmt: skip
    if cls.variadic:
        keep = tuple(range(len(edges))) if "inputs" in asked else ()
    else:
        keep = tuple(i for i, name in enumerate(cls.input_names) if name in asked)
    return keep, "y" in asked


def recording_plan(op: Any, edges: Any) -> Any:
    """How to record ``op`` when these inputs require gradients; ``()`` if nothing is recorded.

    What to keep (see saving_plan), which edges to cut because no gradient flows to that input (an
    index, a mask), whether to note the inputs' shapes, and which inputs need no gradient. Kept in
    ``op.plans``, by which inputs have an edge.
    """
    can = op.can_differ
    flows = [e if can is None or can[i] else None for i, e in enumerate(edges)]
    if not op.differentiable or all(e is None for e in flows):
        return ()
    cut = tuple(i for i, e in enumerate(edges) if e is not None and flows[i] is None)
    others = tuple(i for i, e in enumerate(flows) if e is None)
    return (*saving_plan(op, flows), cut, op.wants_shapes and bool(others), others)


def known_plan(op: Any, edges: Any) -> Any:
    """The recording plan for these edges, worked out once. (``apply`` finds it as it goes.)"""
    which = (1 << len(edges)) + sum(1 << i for i, e in enumerate(edges) if e is not None)
    plan = op.plans.get(which)
    if plan is None:
        plan = op.plans[which] = recording_plan(op, edges)
    return plan
