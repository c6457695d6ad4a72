"""What parameters and values of a distribution must be: ``constraint.check(value)``.

>>> import minigrad as mg
>>> from minigrad.distributions import constraints
>>> constraints.positive.check(mg.tensor([1.0, -1.0]))
tensor([ True, False])
"""

from __future__ import annotations

from typing import Any

from ..core.tensor import Tensor
from ..ops.elementwise.comparisons import eq
from ..ops.elementwise.logic import isclose
from ..ops.matrices.decompositions import eigvalsh


class Constraint:
    """``check(value)`` says for each value (or event) whether it is allowed."""

    event_dim = 0  # how many of the last dimensions make one value

    def check(self, value: Tensor) -> Tensor:
        raise NotImplementedError

    def __repr__(self) -> str:
        told = ", ".join(f"{k}={v}" for k, v in self.__dict__.items())
        return f"{type(self).__name__}({told})"


class Real(Constraint):
    """Any number but NaN."""

    def check(self, value: Tensor) -> Tensor:
        return eq(value, value)


class Boolean(Constraint):
    """0 or 1."""

    def check(self, value: Tensor) -> Tensor:
        return eq(value, 0) | eq(value, 1)


class GreaterThan(Constraint):
    """Above ``lower_bound``."""

    def __init__(self, lower_bound: Any) -> None:
        self.lower_bound = lower_bound

    def check(self, value: Tensor) -> Tensor:
        return value > self.lower_bound


class GreaterThanEq(GreaterThan):
    """At least ``lower_bound``."""

    def check(self, value: Tensor) -> Tensor:
        return value >= self.lower_bound


class LessThan(Constraint):
    """Below ``upper_bound``."""

    def __init__(self, upper_bound: Any) -> None:
        self.upper_bound = upper_bound

    def check(self, value: Tensor) -> Tensor:
        return value < self.upper_bound


class Interval(Constraint):
    """From ``lower_bound`` to ``upper_bound``, both included."""

    def __init__(self, lower_bound: Any, upper_bound: Any) -> None:
        self.lower_bound = lower_bound
        self.upper_bound = upper_bound

    def check(self, value: Tensor) -> Tensor:
        return (value >= self.lower_bound) & (value <= self.upper_bound)


class IntegerInterval(Interval):
    """Whole numbers from ``lower_bound`` to ``upper_bound``, both included."""

    def check(self, value: Tensor) -> Tensor:
        return eq(value % 1, 0) & super().check(value)


class NonnegativeInteger(Constraint):
    """0, 1, 2, ..."""

    def check(self, value: Tensor) -> Tensor:
        return eq(value % 1, 0) & (value >= 0)


class Multinomial(Constraint):
    """Counts (the last dimension) that sum to ``upper_bound``."""

    event_dim = 1

    def __init__(self, upper_bound: Any) -> None:
        self.upper_bound = upper_bound

    def check(self, value: Tensor) -> Tensor:
        return (value >= 0).all(-1) & (value.sum(-1) <= self.upper_bound)


class LowerCholesky(Constraint):
    """A lower triangular matrix with a positive diagonal."""

    event_dim = 2

    def check(self, value: Tensor) -> Tensor:
        lower = eq(value.tril(), value).flatten(-2).all(-1)
        return lower & (value.diagonal(dim1=-2, dim2=-1) > 0).all(-1)


class PositiveDefinite(Constraint):
    """A symmetric matrix with positive eigenvalues."""

    event_dim = 2

    def check(self, value: Tensor) -> Tensor:
        symmetric = isclose(value, value.mT, atol=1e-6).flatten(-2).all(-1)
        return symmetric & (eigvalsh(value.detach()) > 0).all(-1)


class Simplex(Constraint):
    """Not negative, and the last dimension sums to 1."""

    event_dim = 1

    def check(self, value: Tensor) -> Tensor:
        return (value >= 0).all(-1) & ((value.sum(-1) - 1).abs() < 1e-6)


class IndependentConstraint(Constraint):
    """A constraint for each number of the last ``reinterpreted_batch_ndims`` dimensions."""

    def __init__(self, base_constraint: Constraint, reinterpreted_batch_ndims: int) -> None:
        self.base_constraint = base_constraint
        self.reinterpreted_batch_ndims = reinterpreted_batch_ndims
        self.event_dim = base_constraint.event_dim + reinterpreted_batch_ndims

    def check(self, value: Tensor) -> Tensor:
        result = self.base_constraint.check(value)
        n = self.reinterpreted_batch_ndims
        if result.dim() < n:
            raise ValueError(
                f"Expected value.dim() >= {self.event_dim} but got {value.dim()}: the last "
                "dimensions together are one value"
            )
        return result.reshape(*result.shape[: result.dim() - n], -1).all(-1)

    def __repr__(self) -> str:
        return f"IndependentConstraint({self.base_constraint!r}, {self.reinterpreted_batch_ndims})"


real = Real()
boolean = Boolean()
positive = GreaterThan(0.0)
nonnegative = GreaterThanEq(0.0)
unit_interval = Interval(0.0, 1.0)
simplex = Simplex()
lower_cholesky, positive_definite = LowerCholesky(), PositiveDefinite()
nonnegative_integer, multinomial = NonnegativeInteger(), Multinomial
real_vector = IndependentConstraint(real, 1)
greater_than, less_than, interval = GreaterThan, LessThan, Interval
integer_interval, independent = IntegerInterval, IndependentConstraint
