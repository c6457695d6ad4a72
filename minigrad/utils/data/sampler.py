"""Samplers: in which order a data set's samples are taken.

Random orders come from PyTorch's stream, drawn as PyTorch draws them, so that a loader gives the
same batches after the same ``manual_seed``.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from typing import Any, Generic, TypeVar

import numpy as np

from ...faithful import dtypes
from ...faithful.package_name import package
from ...ops.making.creation import as_tensor
from ...random.draws import Generator, multinomial, randint, randperm, stream_of

T = TypeVar("T", covariant=True)


def check_generator(function: str, generator: Any) -> None:
    """Refuse what is no generator, in the words of the function that would draw from it."""
    if generator is not None and not isinstance(generator, Generator):
        raise TypeError(
            f"{function}() received an invalid combination of arguments: generator must be "
            f"torch.Generator, not {type(generator).__name__}: make one with "
            f"{package()}.Generator()"
        )


def draw_seed(generator: Generator | None) -> int:
    """A seed for another stream, drawn as PyTorch draws it: 63 random bits."""
    return int(stream_of(generator).random_bits((), np.dtype(np.int64)))


class Sampler(Generic[T]):
    """The numbers of samples, one after another: write ``__iter__`` (and ``__len__``)."""

    def __iter__(self) -> Iterator[Any]:
        raise NotImplementedError("a Sampler needs __iter__: it yields the numbers of the samples")


class SequentialSampler(Sampler[int]):
    """0, 1, 2 ..."""

    def __init__(self, data_source: Any) -> None:
        self.data_source = data_source

    def __iter__(self) -> Iterator[int]:
        return iter(range(len(self.data_source)))

    def __len__(self) -> int:
        return len(self.data_source)


class RandomSampler(Sampler[int]):
    """Every sample once in random order, or with ``replacement`` any sample at any time.

    num_samples: how many to draw (as many as there are). generator: the random stream; without
    one, each pass draws a seed for a stream of its own from the default stream, as in PyTorch.
    """

    def __init__(
        self, data_source: Any, replacement: bool = False, num_samples: int | None = None,
        generator: Generator | None = None,
    ) -> None:  # fmt: skip
        self.data_source = data_source
        self.replacement = replacement
        self._num_samples = num_samples
        self.generator = generator
        if not isinstance(replacement, bool):
            raise TypeError(
                f"replacement should be a boolean value, but got replacement={replacement}"
            )
        wanted = self.num_samples
        check_count("num_samples", int(wanted) if isinstance(wanted, bool) else wanted)

    @property
    def num_samples(self) -> int:
        return len(self.data_source) if self._num_samples is None else self._num_samples

    def __iter__(self) -> Iterator[int]:
        n, wanted = len(self.data_source), self.num_samples
        generator = self.generator
        check_generator("randint" if self.replacement else "randperm", generator)
        if generator is None:
            generator = Generator().manual_seed(draw_seed(None))
        if self.replacement:
            for _ in range(wanted // 32):  # in blocks of 32, as PyTorch draws them
                yield from randint(n, (32,), generator=generator).tolist()
            yield from randint(n, (wanted % 32,), generator=generator).tolist()
            return
        for _ in range(wanted // n):
            yield from randperm(n, generator=generator).tolist()
        yield from randperm(n, generator=generator).tolist()[: wanted % n]

    def __len__(self) -> int:
        return self.num_samples


class SubsetRandomSampler(Sampler[int]):
    """The given numbers in random order."""

    def __init__(self, indices: Any, generator: Generator | None = None) -> None:
        self.indices = indices
        self.generator = generator

    def __iter__(self) -> Iterator[int]:
        check_generator("randperm", self.generator)
        for i in randperm(len(self.indices), generator=self.generator).tolist():
            yield self.indices[i]

    def __len__(self) -> int:
        return len(self.indices)


class WeightedRandomSampler(Sampler[int]):
    """Sample i with a probability in proportion to ``weights[i]``, for classes of unequal size."""

    def __init__(
        self, weights: Any, num_samples: int, replacement: bool = True,
        generator: Generator | None = None,
    ) -> None:  # fmt: skip
        check_count("num_samples", num_samples)
        check_flag("replacement", replacement)
        if weights is None:
            raise TypeError("must be real number, not NoneType: weights are one number a sample")
        self.weights = as_tensor(weights, dtype=dtypes.float64)
        if self.weights.ndim != 1:
            raise ValueError(
                "weights should be a 1d sequence but given weights have shape "
                f"{tuple(self.weights.shape)}"
            )
        self.num_samples = num_samples
        self.replacement = replacement
        self.generator = generator

    def __iter__(self) -> Iterator[int]:
        if self.generator is not None and not isinstance(self.generator, Generator):
            raise TypeError(
                "multinomial(): argument 'generator' must be torch.Generator, not "
                f"{type(self.generator).__name__}: make one with {package()}.Generator()"
            )
        drawn = multinomial(
            self.weights, self.num_samples, self.replacement, generator=self.generator
        )
        yield from drawn.tolist()

    def __len__(self) -> int:
        return self.num_samples


class BatchSampler(Sampler[list[int]]):
    """Lists of ``batch_size`` numbers of another sampler; the last may be shorter.

    drop_last: leave out a shorter last batch.

    >>> import minigrad as mg
    >>> list(mg.utils.data.BatchSampler(range(5), batch_size=2, drop_last=False))
    [[0, 1], [2, 3], [4]]
    """

    def __init__(self, sampler: Any, batch_size: int, drop_last: bool) -> None:
        check_count("batch_size", batch_size)
        check_flag("drop_last", drop_last)
        self.sampler = sampler
        self.batch_size = batch_size
        self.drop_last = drop_last

    def __iter__(self) -> Iterator[list[int]]:
        numbers = iter(self.sampler)
        while batch := list(itertools.islice(numbers, self.batch_size)):
            if self.drop_last and len(batch) < self.batch_size:
                return
            yield batch

    def __len__(self) -> int:
        n = len(self.sampler)
        return n // self.batch_size if self.drop_last else -(-n // self.batch_size)


def check_count(name: str, value: Any) -> None:
    if not isinstance(value, int) or isinstance(value, bool) or value <= 0:
        raise ValueError(f"{name} should be a positive integer value, but got {name}={value}")


def check_flag(name: str, value: Any) -> None:
    if not isinstance(value, bool):
        raise ValueError(f"{name} should be a boolean value, but got {name}={value}")
