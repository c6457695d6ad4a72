r"""Connectionist temporal classification: a loss for sequences whose alignment is unknown.

The target, with blanks between its labels, is a path through the time steps. $\alpha_t(s)$ is the
log-probability of all beginnings that stand at its place $s$ at time $t$, $\beta_t(s)$ that of all
endings. Source: Graves, Fernández, Gomez, Schmidhuber (2006).
"""

from __future__ import annotations

from typing import Any

import numpy as np

from ...core.op import Op, apply
from ...core.tensor import Tensor
from ...refusals.reasons import ctc as refuse
from ...refusals.words import not_implemented
from ..calls import one_call
from ..making.creation import tensor


class CtcLoss(Op):
    formula = r"y = -\ln \textstyle\sum_{\text{paths } \pi} \prod_t p_t(\pi_t)"

    def forward(x, *, targets, steps, blank, zero_infinity):
        pairs = enumerate(zip(targets, steps, strict=True))
        y = np.array([-scores(x[:t, i], target, blank)[2] for i, (target, t) in pairs])
        return (np.where(np.isinf(y), 0.0, y) if zero_infinity else y).astype(x.dtype)

    def vjp_x(g, x, targets, steps, blank, zero_infinity, xp):
        r"""\bar y\, (p_t(k) - \gamma_t(k)), \text{ the probability of } k \text{ less that given
        the target; for logarithms of probabilities}"""
        if not xp.first_order:
            raise NotImplementedError(
                "the derivative for '_ctc_loss_backward' is not implemented: as in PyTorch, the "
                "CTC loss has first derivatives only"
            )
        out = np.zeros_like(x)
        for i, (target, t) in enumerate(zip(targets, steps, strict=True)):
            alpha, beta, total, path = scores(x[:t, i], target, blank, True)
            if np.isinf(total):
                out[:t, i] = 0 if zero_infinity else np.nan
                continue
            gamma = np.zeros(x[:t, i].shape)
            with np.errstate(all="ignore"):
                np.add.at(gamma.T, path, np.exp(alpha + beta - x[:t, i][:, path] - total).T)
            out[:t, i] = g[i] * (np.exp(x[:t, i]) - gamma)
        return out


def scores(lp: Any, target: Any, blank: int, both: bool = False) -> Any:
    """alpha and beta (time, place), the log-probability of the target, and its path."""
    lp = lp.astype(np.float64)
    path = np.full(2 * len(target) + 1, blank)
    path[1::2] = target
    skip = np.zeros(len(path), bool)  # places that may be reached over the blank before them
    skip[2:] = (path[2:] != blank) & (path[2:] != path[:-2])
    alpha = forward_scores(lp[:, path], skip)
    ends = alpha[-1, -2:] if len(lp) else np.array([0.0 if not len(target) else -np.inf])
    total = np.logaddexp.reduce(ends)
    if not both:
        return alpha, None, total
    back = np.zeros(len(path), bool)
    back[:-2] = skip[2:]
    beta = forward_scores(lp[::-1, path][:, ::-1], back[::-1])[::-1, ::-1]
    return alpha, beta, total, path


def forward_scores(lp: Any, skip: Any) -> Any:
    alpha = np.full(lp.shape, -np.inf)
    if len(lp):
        alpha[0, :2] = lp[0, :2]
    with np.errstate(all="ignore"):
        for t in range(1, len(lp)):
            now = alpha[t - 1].copy()
            now[1:] = np.logaddexp(now[1:], alpha[t - 1, :-1])
            over = np.full(now.shape, -np.inf)
            over[2:] = np.where(skip[2:], alpha[t - 1, :-2], -np.inf)
            alpha[t] = np.logaddexp(now, over) + lp[t]
    return alpha


@one_call
def ctc_loss(
    log_probs: Tensor, targets: Tensor, input_lengths: Any, target_lengths: Any, blank: int = 0,
    reduction: str = "mean", zero_infinity: bool = False,
) -> Tensor:  # fmt: skip
    """How unlikely the label sequences ``targets`` are, summed over all alignments.

    log_probs: (T, N, C) or (T, C), log-probabilities (from log_softmax). targets: (N, S), or all
    in one row. 'mean' divides each loss by its target's length first.

    >>> import minigrad as mg
    >>> lp = mg.zeros(2, 1, 2).log_softmax(2)
    >>> mg.nn.functional.ctc_loss(lp, mg.tensor([[1]]), (2,), (1,), reduction="none")
    tensor([0.2877])
    """
    refuse.dimensions(log_probs)
    batched = log_probs.ndim == 3
    x = log_probs if batched else log_probs.unsqueeze(1)
    steps, sizes = (
        np.atleast_1d(v._data if isinstance(v, Tensor) else np.asarray(v)).astype(int).tolist()
        for v in (input_lengths, target_lengths)
    )
    refuse.lengths(x._data, steps, sizes, blank)
    labels = targets._data
    refuse.labels(labels, sizes)
    if labels.ndim == 2:
        rows = [labels[i, :size] for i, size in enumerate(sizes)]
    else:
        ends = np.cumsum([0, *sizes])
        rows = [labels[a:b] for a, b in zip(ends, ends[1:])]
    if x._data.dtype not in (np.float32, np.float64):
        raise not_implemented("ctc_loss_cpu", x._data, "convert with .float() first")
    params = {"targets": rows, "steps": steps, "blank": blank, "zero_infinity": zero_infinity}
    loss = apply(CtcLoss, (x,), params)
    if reduction == "mean":
        return (loss / tensor([max(s, 1) for s in sizes], dtype=loss.dtype)).mean()
    if reduction == "sum":
        return loss.sum()
    if reduction != "none":
        raise ValueError(f"{reduction} is not a valid value for reduction")
    return loss if batched else loss.squeeze(0)
