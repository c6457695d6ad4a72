"""Ready-made parametrizations: weight norm and spectral norm."""

from __future__ import annotations

from ...autograd.recording_modes import no_grad
from ...core.tensor import Tensor
from ...ops.dimensions import one_dim
from ...ops.matrices.products import vdot
from ...refusals.arguments import need_int
from .. import functional as F
from ..module import Module
from .parametrize import register_parametrization


def length_of_each(v: Tensor, dim: int) -> Tensor:
    """The length of every slice along ``dim``; of the whole tensor for dim = -1."""
    if dim == -1:
        return (v * v).sum().sqrt()
    if v.dim() == 1:  # every slice is one number
        return (v * v).sqrt()
    return (v * v).sum(dim=[d for d in range(v.dim()) if d != dim], keepdim=True).sqrt()


class _WeightNorm(Module):
    """weight = g * v / length of v."""

    def __init__(self, dim: int | None = 0) -> None:
        super().__init__()
        self.dim = -1 if dim is None else dim

    def forward(self, g: Tensor, v: Tensor) -> Tensor:
        return v * (g / length_of_each(v, self.dim))

    def right_inverse(self, weight: Tensor) -> tuple[Tensor, Tensor]:
        return length_of_each(weight, self.dim), weight


def weight_norm(module: Module, name: str = "weight", dim: int = 0) -> Module:
    """Train length and direction of a weight's rows apart (Salimans and Kingma 2016).

    >>> import minigrad as mg
    >>> layer = mg.nn.utils.parametrizations.weight_norm(mg.nn.Linear(2, 3))
    >>> layer.parametrizations.weight.original0.shape  # the lengths
    torch.Size([3, 1])
    """
    if dim is not None:
        need_int("norm_except_dim", "dim", dim, 3)
        named = isinstance(name, str) and isinstance(getattr(module, name, None), Tensor)
        if dim != -1 and named:
            one_dim(dim, getattr(module, name).ndim)  # IndexError if there is no such dimension
    return register_parametrization(module, name, _WeightNorm(dim), unsafe=True)


class _SpectralNorm(Module):
    """weight / its largest singular value, followed by power iteration."""

    _u: Tensor
    _v: Tensor

    def __init__(
        self, weight: Tensor, n_power_iterations: int = 1, dim: int = 0, eps: float = 1e-12
    ) -> None:
        super().__init__()
        n = weight.dim()
        if dim >= n or dim < -n:
            raise IndexError(
                f"Dimension out of range (expected to be in range of [-{n}, {n - 1}] but got {dim})"
            )
        if n_power_iterations <= 0:
            raise ValueError(
                "Expected n_power_iterations to be positive, but got "
                f"n_power_iterations={n_power_iterations}"
            )
        self.dim = dim % n
        self.eps = eps
        if n > 1:
            self.n_power_iterations = n_power_iterations
            matrix = self.as_matrix(weight.detach())
            rows, columns = matrix.shape
            u, v = matrix.new_empty(rows).normal_(), matrix.new_empty(columns).normal_()
            self.register_buffer("_u", F.normalize(u, dim=0, eps=eps))
            self.register_buffer("_v", F.normalize(v, dim=0, eps=eps))
            self.iterate(matrix, 15)

    def as_matrix(self, weight: Tensor) -> Tensor:
        return weight.movedim(self.dim, 0).flatten(1)

    @no_grad()
    def iterate(self, matrix: Tensor, times: int) -> None:
        """Turn u and v towards the first singular vectors."""
        for _ in range(times):
            self._u.copy_(F.normalize(matrix.mv(self._v), dim=0, eps=self.eps))
            self._v.copy_(F.normalize(matrix.t().mv(self._u), dim=0, eps=self.eps))

    def forward(self, weight: Tensor) -> Tensor:
        if weight.dim() == 1:
            return F.normalize(weight, dim=0, eps=self.eps)
        matrix = self.as_matrix(weight)
        if self.training:
            self.iterate(matrix, self.n_power_iterations)
        # Copies, as the next forward pass writes to u and v in place.
        u, v = self._u.clone(), self._v.clone()
        return weight / vdot(u, matrix.mv(v))

    def right_inverse(self, value: Tensor) -> Tensor:
        return value


def spectral_norm(
    module: Module, name: str = "weight", n_power_iterations: int = 1, eps: float = 1e-12,
    dim: int | None = None,
) -> Module:  # fmt: skip
    """Keep a weight's largest singular value at 1, as for a GAN's critic (Miyato et al. 2018)."""
    weight = getattr(module, name, None)
    if not isinstance(weight, Tensor):
        raise ValueError(f"Module '{module}' has no parameter or buffer with name '{name}'")
    if dim is None:
        dim = int(type(module).__name__.startswith("ConvTranspose"))
    norm = _SpectralNorm(weight, n_power_iterations, dim, eps)
    return register_parametrization(module, name, norm)
