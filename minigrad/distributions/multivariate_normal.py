"""The normal distribution of vectors whose parts depend on one another."""

from __future__ import annotations

import math
from functools import cached_property
from typing import Any

from ..core.tensor import Tensor
from ..ops.making.creation import eye
from ..ops.matrices.cholesky import cholesky
from ..ops.matrices.solvers import solve_triangular
from ..ops.shaping.grids import broadcast_shapes
from ..random import draws as random
from . import constraints
from .distribution import Distribution


class MultivariateNormal(Distribution):
    """Vectors around ``loc``, given by one of three matrices.

    covariance_matrix S, precision_matrix (its inverse), or scale_tril L, lower triangular with
    S = L L^T, which the others are turned into. ValueError unless it is exactly one of them.

    >>> import minigrad as mg
    >>> mg.distributions.MultivariateNormal(mg.zeros(2), mg.eye(2)).log_prob(mg.zeros(2))
    tensor(-1.8379)
    """

    arg_constraints = {
        "loc": constraints.real_vector, "covariance_matrix": constraints.positive_definite,
        "precision_matrix": constraints.positive_definite, "scale_tril": constraints.lower_cholesky,
    }  # fmt: skip
    support = constraints.real_vector
    has_rsample = True

    def __init__(
        self, loc: Tensor, covariance_matrix: Any = None, precision_matrix: Any = None,
        scale_tril: Any = None, validate_args: bool | None = None,
    ) -> None:  # fmt: skip
        if loc.dim() < 1:
            raise ValueError("loc must be at least one-dimensional.")
        matrices = {
            "covariance_matrix": covariance_matrix, "precision_matrix": precision_matrix,
            "scale_tril": scale_tril,
        }  # fmt: skip
        given = [(name, matrix) for name, matrix in matrices.items() if matrix is not None]
        if len(given) != 1:
            raise ValueError(
                "Exactly one of covariance_matrix or precision_matrix or scale_tril may be "
                "specified."
            )
        ((name, matrix),) = given
        if matrix.dim() < 2:
            raise ValueError(
                f"{name} must be at least two-dimensional, with optional leading batch dimensions"
            )
        n = loc.shape[-1]
        batch = broadcast_shapes(matrix.shape[:-2], loc.shape[:-1])
        matrix = matrix.expand(*batch, *matrix.shape[-2:])
        self.__dict__[name] = matrix
        self.loc = loc.expand(*batch, n)
        super().__init__(batch, (n,), validate_args=validate_args)
        if name == "scale_tril":
            self._lower = matrix
        elif name == "covariance_matrix":
            self._lower = cholesky(matrix)
        else:
            self._lower = from_precision(matrix)

    def expand(self, batch_shape: Any) -> MultivariateNormal:
        new: MultivariateNormal = super().expand(batch_shape)
        n = self.loc.shape[-1]
        new._lower = self._lower.expand(*batch_shape, n, n)
        return new

    @cached_property
    def scale_tril(self) -> Tensor:
        return self._lower

    @cached_property
    def covariance_matrix(self) -> Tensor:
        return self._lower @ self._lower.mT

    @cached_property
    def precision_matrix(self) -> Tensor:
        n = self.loc.shape[-1]
        inverse = solve_triangular(self._lower, eye(n, dtype=self.loc.dtype), upper=False)
        return inverse.mT @ inverse

    @property
    def mean(self) -> Tensor:
        return self.loc

    @property
    def mode(self) -> Tensor:
        return self.loc

    @property
    def variance(self) -> Tensor:
        return self._lower.pow(2).sum(-1)

    def rsample(self, sample_shape: Any = ()) -> Tensor:
        shape = self._extended_shape(sample_shape)
        standard = random.normal(0.0, 1.0, shape, dtype=self.loc.dtype)
        return self.loc + (self._lower @ standard.unsqueeze(-1)).squeeze(-1)

    def log_prob(self, value: Tensor) -> Tensor:
        if self._validate_args:
            self._validate_sample(value)
        distance = mahalanobis(self._lower, value - self.loc)
        constant = self.loc.shape[-1] * math.log(2 * math.pi)
        return -0.5 * (constant + distance) - half_log_det(self._lower)

    def entropy(self) -> Tensor:
        constant = self.loc.shape[-1] * (1.0 + math.log(2 * math.pi))
        return 0.5 * constant + half_log_det(self._lower)


def half_log_det(lower: Tensor) -> Tensor:
    """Half the logarithm of the determinant of L L^T."""
    return lower.diagonal(dim1=-2, dim2=-1).log().sum(-1)


def mahalanobis(lower: Tensor, x: Tensor) -> Tensor:
    """x^T (L L^T)^-1 x for each vector: the squared length of L^-1 x."""
    batch = broadcast_shapes(lower.shape[:-2], x.shape[:-1])
    n = x.shape[-1]
    column = x.expand(*batch, n).unsqueeze(-1)
    return solve_triangular(lower.expand(*batch, n, n), column, upper=False).pow(2).sum([-2, -1])


def from_precision(precision: Tensor) -> Tensor:
    """The lower triangular L of the inverse: Cholesky of the matrix turned round, and back."""
    turned = cholesky(precision.flip(-2, -1))
    upper = turned.flip(-2, -1).mT
    n = precision.shape[-1]
    return solve_triangular(upper, eye(n, dtype=precision.dtype), upper=False)
