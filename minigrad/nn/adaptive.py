"""A softmax over very many classes, most of which are rare."""

from __future__ import annotations

from typing import Any, NamedTuple

from ..core.tensor import Tensor
from ..ops.shaping.joining import cat
from . import functional as F
from .containers import ModuleList, Sequential
from .linear import Linear
from .module import Module

__all__ = ["AdaptiveLogSoftmaxWithLoss"]


class Scored(NamedTuple):
    """What AdaptiveLogSoftmaxWithLoss returns: the targets' log-probabilities, the mean loss."""

    output: Tensor
    loss: Tensor


class AdaptiveLogSoftmaxWithLoss(Module):
    """Frequent classes are computed at once; rare ones in clusters, which few samples need.

    Args:
        in_features: the length of an input.
        n_classes: how many classes there are, numbered by frequency, the most frequent first.
        cutoffs: where clusters begin; the classes before the first cutoff are the short list.
        div_value: each cluster's inputs are shorter by this factor than those before.
        head_bias: whether the short list has a bias.

    Raises:
        ValueError: cutoffs are not increasing numbers between 1 and n_classes - 1.
        RuntimeError: (when called) targets that do not fit the input or the classes.

    >>> import minigrad as mg
    >>> layer = mg.nn.AdaptiveLogSoftmaxWithLoss(4, 10, [3, 6], div_value=2.0)
    >>> layer(mg.zeros(2, 4), mg.tensor([0, 9])).output.shape
    torch.Size([2])

    Source: Grave et al. 2017, Efficient softmax approximation for GPUs.
    """

    def __init__(
        self, in_features: int, n_classes: int, cutoffs: Any, div_value: float = 4.0,
        head_bias: bool = False, device: Any = None, dtype: Any = None,
    ) -> None:  # fmt: skip
        super().__init__()
        cutoffs = list(cutoffs)
        if not cutoffs:
            raise ValueError("cutoffs should be a sequence of length larger than 0")
        if (
            cutoffs != sorted(cutoffs) or len(set(cutoffs)) != len(cutoffs)
            or min(cutoffs) <= 0 or max(cutoffs) > n_classes - 1
            or any(int(c) != c for c in cutoffs)
        ):  # fmt: skip
            raise ValueError(
                "cutoffs should be a sequence of unique, positive integers sorted in an "
                "increasing order, where each value is between 1 and n_classes-1"
            )
        self.in_features, self.n_classes = in_features, n_classes
        self.cutoffs = [*cutoffs, n_classes]
        self.div_value, self.head_bias = div_value, head_bias
        self.shortlist_size = self.cutoffs[0]
        self.n_clusters = len(self.cutoffs) - 1
        self.head_size = self.shortlist_size + self.n_clusters
        kind = {"device": device, "dtype": dtype}
        self.head = Linear(in_features, self.head_size, bias=head_bias, **kind)
        self.tail = ModuleList()
        for i in range(self.n_clusters):
            narrow = int(in_features // div_value ** (i + 1))
            size = self.cutoffs[i + 1] - self.cutoffs[i]
            self.tail.append(Sequential(
                Linear(in_features, narrow, bias=False, **kind),
                Linear(narrow, size, bias=False, **kind),
            ))  # fmt: skip

    def reset_parameters(self) -> None:
        """Draw new numbers."""
        self.head.reset_parameters()
        for first, second in self.tail:
            first.reset_parameters()
            second.reset_parameters()

    def forward(self, input: Tensor, target: Tensor) -> Scored:
        single = target.dim() == 0
        if target.dim() > 1:
            raise RuntimeError("0D or 1D target tensor expected, multi-target not supported")
        if input.dim() != (1 if single else 2) or (not single and len(input) != len(target)):
            raise RuntimeError(
                "Input and target should have the same size in the batch dimension."
            )
        x = input.unsqueeze(0) if single else input
        t = target.unsqueeze(0) if single else target
        if bool(((t < 0) | (t >= self.n_classes)).any()):
            raise RuntimeError(
                f"Target values should be in [0, {self.n_classes - 1}], but values in range "
                f"[{int(t.min())}, {int(t.max())}] were found. "
            )
        # In the head a cluster is one more class; which one is looked at in the cluster itself.
        in_head, in_tail = t.clone(), x.new_zeros(len(t))
        for i in range(self.n_clusters):
            low, high = self.cutoffs[i], self.cutoffs[i + 1]
            rows = ((t >= low) & (t < high)).nonzero().squeeze(1)
            if len(rows):
                in_head[rows] = self.shortlist_size + i
                scores = F.log_softmax(self.tail[i](x[rows]), dim=1)
                own = scores.gather(1, (t[rows] - low).unsqueeze(1)).squeeze(1)
                in_tail = in_tail.index_copy(0, rows, own)
        scores = F.log_softmax(self.head(x), dim=1)
        output = in_tail + scores.gather(1, in_head.unsqueeze(1)).squeeze(1)
        loss = (-output).mean()
        return Scored(output.squeeze(0) if single else output, loss)

    def log_prob(self, input: Tensor) -> Tensor:
        """The log-probabilities of all classes, (N, n_classes)."""
        head = F.log_softmax(self.head(input), dim=1)
        parts = [head[:, : self.shortlist_size]]
        for i, cluster in enumerate(self.tail):
            of_cluster = head[:, self.shortlist_size + i].unsqueeze(1)
            parts.append(F.log_softmax(cluster(input), dim=1) + of_cluster)
        return cat(parts, 1)

    def predict(self, input: Tensor) -> Tensor:
        """The likeliest class of each input."""
        return self.log_prob(input).argmax(dim=1)
