"""L-BFGS: steps that know the curvature, from the last few gradients."""

from __future__ import annotations

from typing import Any

import numpy as np

from ..autograd.recording_modes import enable_grad, no_grad
from ..core.tensor import Tensor, make
from ..ops.writing.inplace import bump
from ..refusals.writable import check_writable
from .optimizer import Optimizer, check, numbers


class LBFGS(Optimizer):
    r"""Limited-memory BFGS. Its ``step`` needs a closure, because it looks at the loss many times.

    With all parameters as one vector x and H an estimate of the inverse matrix of second
    derivatives, made from the last ``history_size`` changes of x and of the gradient:

        x  <-  x - t H g

    until ``max_iter`` steps are done, the largest gradient is at most ``tolerance_grad``, or a
    step changes x or the loss by less than ``tolerance_change``. t is ``lr``, or found by
    ``line_search_fn="strong_wolfe"`` so that the loss falls enough and its slope flattens.

    Source: Liu and Nocedal 1989; Nocedal and Wright, "Numerical Optimization", chapters 3 and 7;
    the line search follows Schmidt's minFunc, as PyTorch's does.

    >>> import minigrad as mg
    >>> w = mg.tensor([3.0, -2.0], requires_grad=True)
    >>> optimizer = mg.optim.LBFGS([w], line_search_fn="strong_wolfe")
    >>> def closure():
    ...     optimizer.zero_grad()
    ...     loss = ((w - mg.tensor([1.0, 4.0])) ** 2).sum()
    ...     loss.backward()
    ...     return loss
    >>> loss = optimizer.step(closure)
    >>> print(f"{loss.item():.1f} before, {closure().item():.1f} after")
    40.0 before, 0.0 after
    """

    def __init__(
        self, params: Any, lr: Any = 1, max_iter: int = 20, max_eval: int | None = None,
        tolerance_grad: float = 1e-7, tolerance_change: float = 1e-9, history_size: int = 100,
        line_search_fn: str | None = None,
    ) -> None:  # fmt: skip
        check("learning rate", lr)
        if max_eval is None:
            max_eval = max_iter * 5 // 4
        super().__init__(params, dict(
            lr=lr, max_iter=max_iter, max_eval=max_eval, tolerance_grad=tolerance_grad,
            tolerance_change=tolerance_change, history_size=history_size,
            line_search_fn=line_search_fn,
        ))  # fmt: skip
        if len(self.param_groups) != 1:
            raise ValueError(
                "LBFGS doesn't support per-parameter options (parameter groups): it treats all "
                "parameters as one vector"
            )

    def step(self, closure: Any) -> Any:
        """Take up to ``max_iter`` steps; returns the loss before the first."""
        group = self.param_groups[0]
        if group["line_search_fn"] not in (None, "strong_wolfe"):
            raise RuntimeError(
                "only 'strong_wolfe' is supported: give line_search_fn='strong_wolfe' or None, not "
                f"{group['line_search_fn']!r}"
            )
        with np.errstate(all="ignore"):
            with enable_grad():
                first = closure()
            with no_grad():
                self._descend(closure, float(first), group)
        return first

    def _descend(self, closure: Any, loss: float, group: dict[str, Any]) -> None:
        lr, max_eval = float(group["lr"]), group["max_eval"]
        state = self.state[group["params"][0]]
        state.setdefault("func_evals", 0)
        state.setdefault("n_iter", 0)
        state["func_evals"] += 1
        g = self._gradient()
        if float(np.abs(g).max()) <= group["tolerance_grad"]:
            return
        history = History(state, len([None] * group["history_size"]))
        d, t, g_before = (unwrapped(state.get(k)) for k in ("d", "t", "prev_flat_grad"))
        evaluations = 1

        for i in range(1, group["max_iter"] + 1):
            state["n_iter"] += 1
            if state["n_iter"] == 1:
                d = -g
                t = min(1.0, 1.0 / np.abs(g).sum()) * lr  # no curvature known: a careful step
            else:
                history.add(g - g_before, d * t)
                d = history.direction(g)
                t = lr
            g_before, loss_before = g.copy(), loss
            slope = g.dot(d)
            if slope > -group["tolerance_change"]:
                break
            looked = 0
            if group["line_search_fn"] is not None:
                start = [numbers(p).copy() for p in group["params"]]

                def look(t: Any, d: Any = d, start: Any = start) -> Any:
                    self._move(t, d)
                    with enable_grad():
                        value = float(closure())
                    g = self._gradient()
                    self._restore(start)
                    return value, g

                loss, g, t, looked = strong_wolfe(
                    look, t, d, loss, g, slope, group["tolerance_change"], max_eval - evaluations
                )
                self._move(t, d)
            else:
                self._move(t, d)
                if i < group["max_iter"]:  # after the last step nobody needs the new gradient
                    with enable_grad():
                        loss = float(closure())
                    g = self._gradient()
                    looked = 1
            evaluations += looked
            state["func_evals"] += looked
            if evaluations >= max_eval or np.abs(g).max() <= group["tolerance_grad"]:
                break
            if np.abs(d * t).max() <= group["tolerance_change"]:
                break
            if abs(loss - loss_before) < group["tolerance_change"]:
                break

        state.update(d=make(d), t=float(t), prev_flat_grad=make(g_before), prev_loss=loss_before)
        history.store(state)

    def _gradient(self) -> Any:
        """The gradients of all parameters in one vector."""
        pieces = []
        for p in self.param_groups[0]["params"]:
            x = numbers(p)
            pieces.append(np.zeros(x.size, x.dtype) if p._grad is None else
                          numbers(p._grad).reshape(-1))  # fmt: skip
        return np.concatenate(pieces)

    def _move(self, t: Any, d: Any) -> None:
        """x <- x + t d."""
        start = 0
        for p in self.param_groups[0]["params"]:
            check_writable(p, False)
            x = numbers(p)
            x += float(t) * d[start : start + x.size].reshape(x.shape)
            start += x.size
            bump(p)

    def _restore(self, values: list[Any]) -> None:
        for p, value in zip(self.param_groups[0]["params"], values):
            numbers(p)[...] = value
            bump(p)


class History:
    """The last changes of x (s) and of the gradient (y), and the H that they imply."""

    def __init__(self, state: dict[str, Any], size: int) -> None:
        self.size = size
        self.ys = [unwrapped(y) for y in state.get("old_dirs", [])]
        self.ss = [unwrapped(s) for s in state.get("old_stps", [])]
        self.ro = list(state.get("ro", []))  # 1 / (y . s)
        self.diagonal = state.get("H_diag", 1)  # H before any change is this times the identity

    def add(self, y: Any, s: Any) -> None:
        """Remember a change, unless the loss does not curve upwards along it."""
        ys = y.dot(s)
        if ys <= 1e-10:
            return
        if len(self.ys) == self.size:
            del self.ys[0], self.ss[0], self.ro[0]
        self.ys.append(y)
        self.ss.append(s)
        self.ro.append(1.0 / ys)
        self.diagonal = ys / y.dot(y)

    def direction(self, g: Any) -> Any:
        """-H g by the two-loop recursion: backwards through the changes, then forwards."""
        q = -g
        alphas = []
        for y, s, ro in zip(reversed(self.ys), reversed(self.ss), reversed(self.ro)):
            alpha = s.dot(q) * ro
            q -= alpha * y
            alphas.append(alpha)
        r = q * self.diagonal
        for y, s, ro, alpha in zip(self.ys, self.ss, self.ro, reversed(alphas)):
            r += (alpha - y.dot(r) * ro) * s
        return r

    def store(self, state: dict[str, Any]) -> None:
        state.update(
            old_dirs=[make(y) for y in self.ys], old_stps=[make(s) for s in self.ss],
            ro=[float(r) for r in self.ro], H_diag=float(self.diagonal),
        )  # fmt: skip


def unwrapped(value: Any) -> Any:
    return value._data if isinstance(value, Tensor) else value


class Point:
    """One step length that the line search has looked at."""

    def __init__(self, t: Any, f: float, g: Any, slope: Any) -> None:
        self.t, self.f, self.g, self.slope = t, f, g, slope


def cubic_minimum(a: Point, b: Point, bounds: Any = None) -> Any:
    """Where the cubic through two values with their slopes is smallest, within the bounds."""
    if a.t > b.t:
        a, b = b, a
    low, high = (a.t, b.t) if bounds is None else bounds
    d1 = a.slope + b.slope - 3 * (a.f - b.f) / (a.t - b.t)
    square = d1**2 - a.slope * b.slope
    if not square >= 0:
        return (low + high) / 2.0
    d2 = np.sqrt(square)
    best = b.t - (b.t - a.t) * ((b.slope + d2 - d1) / (b.slope - a.slope + 2 * d2))
    return min(max(best, low), high)


def strong_wolfe(
    look: Any, t: Any, d: Any, f0: float, g0: Any, slope0: Any, tolerance: float, most: int
) -> tuple[float, Any, Any, int]:
    """A step length along ``d`` that fulfils the strong Wolfe conditions.

    They are: f falls by at least ``c1 t |slope0|``, and the slope is at most ``c2 |slope0|``. First
    step lengths grow until an interval must contain such a t, then it is narrowed.

    look(t): loss and gradient at step length t. Returns (loss, gradient, t, number of looks).
    """
    c1, c2 = 1e-4, 0.9
    start = Point(0, f0, g0.copy(), slope0)

    def at(t: Any) -> Point:
        f, g = look(t)
        return Point(t, f, g, g.dot(d))

    def too_high(p: Point) -> bool:
        return bool(p.f > f0 + c1 * p.t * slope0)

    def flat_enough(p: Point) -> bool:
        return bool(abs(p.slope) <= -c2 * slope0)

    # Grow.
    before, now = start, at(t)
    looks, n = 1, 0
    while n < most:
        if too_high(now) or (n > 1 and now.f >= before.f):
            break
        if flat_enough(now):
            return now.f, now.g, now.t, looks
        if now.slope >= 0:
            break
        bounds = (now.t + 0.01 * (now.t - before.t), now.t * 10)
        before, now = now, at(cubic_minimum(before, now, bounds))
        looks += 1
        n += 1
    ends = [before, now] if n < most else [start, now]

    # Narrow: ends[low] is the better end.
    low = 0 if ends[0].f <= ends[1].f else 1
    stuck = False
    largest = np.abs(d).max()
    while n < most:
        left, right = min(ends[0].t, ends[1].t), max(ends[0].t, ends[1].t)
        if (right - left) * largest < tolerance:
            break
        t = cubic_minimum(*ends)
        margin = 0.1 * (right - left)
        if min(right - t, t - left) < margin:  # close to an end: make sure of progress
            if stuck or t >= right or t <= left:
                t = right - margin if abs(t - right) < abs(t - left) else left + margin
                stuck = False
            else:
                stuck = True
        else:
            stuck = False
        new = at(t)
        looks += 1
        n += 1
        if too_high(new) or new.f >= ends[low].f:
            ends[1 - low] = new
            low = 0 if ends[0].f <= ends[1].f else 1
            continue
        done = flat_enough(new)
        if not done and new.slope * (ends[1 - low].t - ends[low].t) >= 0:
            ends[1 - low] = ends[low]
        ends[low] = new
        if done:
            break
    best = ends[low]
    return best.f, best.g, best.t, looks
