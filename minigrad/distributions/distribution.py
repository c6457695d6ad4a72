"""What all distributions share."""

from __future__ import annotations

import copy
from typing import Any

from ..autograd.recording_modes import no_grad
from ..core.tensor import Tensor
from ..faithful import dtypes
from ..faithful.size import Size
from ..ops.elementwise.exponentials import exp
from ..ops.making.creation import tensor
from ..ops.shaping.grids import broadcast_tensors
from .constraints import Constraint


class Distribution:
    """The base of all distributions.

    A distribution of ``batch_shape`` is many at once, one for each element of the parameters; a
    value of each has ``event_shape`` (empty for single numbers). validate_args: check parameters
    and values (ValueError); True unless set otherwise.
    """

    has_rsample: Any = False
    has_enumerate_support: Any = False
    arg_constraints: Any = {}  # parameter name -> constraint
    _validate_args = True

    @staticmethod
    def set_default_validate_args(value: bool) -> None:
        """Whether distributions check parameters and values unless told otherwise."""
        if value not in (True, False):
            raise ValueError("set_default_validate_args takes True or False")
        Distribution._validate_args = value

    def __init__(
        self, batch_shape: Any = (), event_shape: Any = (), validate_args: bool | None = None
    ) -> None:
        self._batch_shape, self._event_shape = Size(batch_shape), Size(event_shape)
        if validate_args is not None:
            self._validate_args = validate_args
        if self._validate_args:
            for name, constraint in self.arg_constraints.items():
                if name in self.__dict__:
                    self._check_parameter(name, constraint)

    def _check_parameter(self, name: str, constraint: Constraint) -> None:
        value = getattr(self, name)
        if not bool(constraint.check(value).all()):
            raise ValueError(
                f"Expected parameter {name} ({type(value).__name__} of shape "
                f"{tuple(value.shape)}) of distribution {self!r} to satisfy the constraint "
                f"{constraint!r}, but found invalid values:\n{value}"
            )

    @property
    def batch_shape(self) -> Size:
        """The shape of the parameters: how many distributions this is."""
        return self._batch_shape

    @property
    def event_shape(self) -> Size:
        """The shape of one value."""
        return self._event_shape

    @property
    def support(self) -> Constraint:
        """The values that are possible."""
        raise NotImplementedError

    @property
    def mean(self) -> Tensor:
        raise NotImplementedError

    @property
    def mode(self) -> Tensor:
        """The most likely value."""
        raise NotImplementedError(f"{type(self)} does not implement mode")

    @property
    def variance(self) -> Tensor:
        raise NotImplementedError

    @property
    def stddev(self) -> Tensor:
        """The standard deviation."""
        return self.variance.sqrt()

    def sample(self, sample_shape: Any = ()) -> Tensor:
        """Draw ``sample_shape`` times; no gradient flows back."""
        with no_grad():
            return self.rsample(sample_shape)

    def rsample(self, sample_shape: Any = ()) -> Tensor:
        """Draw so that a gradient flows to the parameters."""
        raise NotImplementedError

    def log_prob(self, value: Tensor) -> Tensor:
        """The logarithm of the density (or probability) at ``value``."""
        raise NotImplementedError

    def cdf(self, value: Tensor) -> Tensor:
        """The probability of at most ``value``."""
        raise NotImplementedError

    def icdf(self, value: Tensor) -> Tensor:
        """The value with this ``cdf``."""
        raise NotImplementedError

    def enumerate_support(self, expand: bool = True) -> Tensor:
        """All possible values, in dimension 0."""
        raise NotImplementedError

    def entropy(self) -> Tensor:
        """The expected value of ``-log_prob``."""
        raise NotImplementedError

    def perplexity(self) -> Tensor:
        return exp(self.entropy())

    def expand(self, batch_shape: Any) -> Any:
        """The same distribution for each element of a larger ``batch_shape``."""
        new = copy.copy(self)
        for name in self.arg_constraints:
            if name in self.__dict__:
                value = getattr(self, name)
                event = value.shape[len(self._batch_shape) :]
                setattr(new, name, value.expand(*batch_shape, *event))
        new._batch_shape = Size(batch_shape)
        return new

    def _extended_shape(self, sample_shape: Any = ()) -> Size:
        """The shape of ``sample_shape`` draws."""
        return Size(tuple(sample_shape) + self._batch_shape + self._event_shape)

    def _validate_sample(self, value: Any) -> None:
        """Refuse a value that this distribution cannot have."""
        if not isinstance(value, Tensor):
            raise ValueError("The value argument to log_prob must be a Tensor")
        shape, event = value.shape, self._event_shape
        if shape[len(shape) - len(event) :] != event:
            raise ValueError(
                f"The right-most size of value must match event_shape: {shape} vs {event}."
            )
        whole = Size((*self._batch_shape, *event))
        for i, j in zip(reversed(shape), reversed(whole)):
            if i != 1 and j != 1 and i != j:
                raise ValueError(
                    f"Value is not broadcastable with batch_shape+event_shape: {shape} vs {whole}."
                )
        if not bool(self.support.check(value).all()):
            raise ValueError(
                f"Expected value argument ({type(value).__name__} of shape {tuple(shape)}) to be "
                f"within the support ({self.support!r}) of the distribution {self!r}, but found "
                f"invalid values:\n{value}"
            )

    def __repr__(self) -> str:
        own = {name: self.__dict__[name] for name in self.arg_constraints if name in self.__dict__}
        told = [f"{k}: {v if v.numel() == 1 else v.size()}" for k, v in own.items()]
        return f"{type(self).__name__}({', '.join(told)})"


def broadcast_all(*values: Any) -> tuple[Tensor, ...]:
    """Tensors and numbers as tensors of one shape. ValueError for anything else."""
    if not all(isinstance(v, (Tensor, bool, int, float)) for v in values):
        raise ValueError(
            "Input arguments must all be instances of Number, torch.Tensor or objects "
            "implementing __torch_function__."
        )
    known = [v for v in values if isinstance(v, Tensor)]
    dtype = known[0].dtype if known else dtypes.get_default_dtype()
    every = [v if isinstance(v, Tensor) else tensor(v, dtype=dtype) for v in values]
    return tuple(broadcast_tensors(*every))


def shape_of(parameter: Tensor, *given: Any) -> Any:
    """The batch shape: none if only numbers were given."""
    return parameter.shape if any(isinstance(g, Tensor) for g in given) else ()


def sum_last(value: Tensor, n: int) -> Tensor:
    """The sum over the last ``n`` dimensions."""
    return value.reshape(*value.shape[: value.dim() - n], -1).sum(-1) if n else value
