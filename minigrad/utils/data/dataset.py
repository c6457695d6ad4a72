"""Data sets: where samples come from."""

from __future__ import annotations

import bisect
import itertools
import math
import warnings
from collections.abc import Iterable, Iterator, Sequence
from typing import Any, Generic, TypeVar

from ...core.tensor import Tensor
from ...random.draws import Generator, randperm
from .sampler import check_generator

T = TypeVar("T", covariant=True)


class Dataset(Generic[T]):
    """Samples by number: write ``__getitem__(self, i)`` and ``__len__(self)``.

    >>> import minigrad as mg
    >>> class Squares(mg.utils.data.Dataset):
    ...     def __len__(self):
    ...         return 3
    ...     def __getitem__(self, i):
    ...         return i, i * i
    >>> list(mg.utils.data.DataLoader(Squares(), batch_size=2))
    [[tensor([0, 1]), tensor([0, 1])], [tensor([2]), tensor([4])]]
    """

    def __getitem__(self, index: Any) -> Any:
        raise NotImplementedError(
            "Subclasses of Dataset should implement __getitem__. It returns sample number index."
        )

    def __add__(self, other: Dataset[Any]) -> ConcatDataset:
        return ConcatDataset([self, other])


class IterableDataset(Dataset[T], Iterable[T]):
    """Samples one after another, when there is no number to ask by: write ``__iter__(self)``."""

    def __add__(self, other: Dataset[Any]) -> Any:
        return ChainDataset([self, other])


class TensorDataset(Dataset[tuple[Tensor, ...]]):
    """Sample i is row i of each tensor.

    Args:
        *tensors: tensors of any dtypes, with the same length of dimension 0.

    Raises:
        AssertionError: the lengths differ.

    >>> import minigrad as mg
    >>> data = mg.utils.data.TensorDataset(mg.arange(6).view(3, 2), mg.tensor([7, 8, 9]))
    >>> len(data), data[1]
    (3, (tensor([2, 3]), tensor(8)))

    Source: PyTorch's ``utils.data.TensorDataset``.
    """

    def __init__(self, *tensors: Tensor) -> None:
        if any(t.size(0) != tensors[0].size(0) for t in tensors):
            raise AssertionError(
                "Size mismatch between tensors: each needs one row a sample, here "
                f"{[t.size(0) for t in tensors]}"
            )
        self.tensors = tensors

    def __getitem__(self, index: Any) -> tuple[Tensor, ...]:
        return tuple(tensor[index] for tensor in self.tensors)

    def __len__(self) -> int:
        return int(self.tensors[0].size(0))


class StackDataset(Dataset[Any]):
    """Sample i is sample i of each data set: a tuple, or a dict if they are given by name."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        if args and kwargs:
            raise ValueError(
                "Supported either ``tuple``- (via ``args``) or``dict``- (via ``kwargs``) like "
                "input/output, but both types are given."
            )
        if not args and not kwargs:
            raise ValueError("At least one dataset should be passed")
        self.datasets: Any = args or kwargs
        sizes = [len(d) for d in (args or kwargs.values())]
        if any(n != sizes[0] for n in sizes):
            raise ValueError(f"Size mismatch between datasets: they have {sizes} samples")
        self._length = sizes[0]

    def __getitem__(self, index: Any) -> Any:
        if isinstance(self.datasets, dict):
            return {name: d[index] for name, d in self.datasets.items()}
        return tuple(d[index] for d in self.datasets)

    def __len__(self) -> int:
        return self._length


class ConcatDataset(Dataset[Any]):
    """Data sets one after another (``a + b``)."""

    def __init__(self, datasets: Any) -> None:
        self.datasets = list(datasets)
        if not self.datasets:
            raise AssertionError("datasets should not be an empty iterable")
        if any(isinstance(d, IterableDataset) for d in self.datasets):
            raise AssertionError(
                "ConcatDataset does not support IterableDataset: it asks for samples by number; "
                "use ChainDataset"
            )
        self.cumulative_sizes = list(itertools.accumulate(len(d) for d in self.datasets))

    def __len__(self) -> int:
        return self.cumulative_sizes[-1]

    def __getitem__(self, index: int) -> Any:
        if index < 0:
            if -index > len(self):
                raise ValueError("absolute value of index should not exceed dataset length")
            index += len(self)
        i = bisect.bisect_right(self.cumulative_sizes, index)
        if i == len(self.datasets):
            raise IndexError(f"list index out of range: {index}, and there are {len(self)} samples")
        return self.datasets[i][index - (self.cumulative_sizes[i - 1] if i else 0)]


class ChainDataset(IterableDataset[Any]):
    """Iterable data sets one after another."""

    def __init__(self, datasets: Any) -> None:
        self.datasets = datasets

    def _checked(self) -> Iterator[Any]:
        for d in self.datasets:
            if not isinstance(d, IterableDataset):
                raise AssertionError("ChainDataset only supports IterableDataset")
            yield d

    def __iter__(self) -> Iterator[Any]:
        for d in self._checked():
            yield from d

    def __len__(self) -> int:
        return sum(len(d) for d in self._checked())


class Subset(Dataset[T]):
    """The samples of ``dataset`` with the numbers in ``indices``."""

    def __init__(self, dataset: Any, indices: Sequence[int]) -> None:
        self.dataset = dataset
        self.indices = indices

    def __getitem__(self, index: Any) -> Any:
        if isinstance(index, list):
            return self.dataset[[self.indices[i] for i in index]]
        return self.dataset[self.indices[index]]

    def __len__(self) -> int:
        return len(self.indices)


def random_split(
    dataset: Any, lengths: Sequence[float], generator: Generator | None = None
) -> list[Subset[Any]]:
    """Split at random into parts of the given lengths, or fractions that sum to 1.

    Raises ValueError if the lengths do not sum to the length of the data set.

    >>> import minigrad as mg
    >>> parts = mg.utils.data.random_split(
    ...     range(5), [0.6, 0.4], generator=mg.Generator().manual_seed(0))
    >>> [list(part) for part in parts]
    [[4, 0, 1], [3, 2]]
    """
    total = sum(lengths)
    n = len(dataset)
    if math.isclose(total, 1) and total <= 1:
        for i, fraction in enumerate(lengths):
            if not 0 <= fraction <= 1:
                raise ValueError(f"Fraction at index {i} is not between 0 and 1: {fraction}")
        sizes = [math.floor(n * fraction) for fraction in lengths]
        for i in range(n - sum(sizes)):  # what rounding left over, one each
            sizes[i % len(sizes)] += 1
        for i, size in enumerate(sizes):
            if size == 0:
                warnings.warn(
                    f"Length of split at index {i} is 0. This might result in an empty dataset.",
                    stacklevel=2,
                )
    else:
        sizes = list(lengths)  # type: ignore[arg-type]
    if sum(sizes) != n:
        raise ValueError(
            "Sum of input lengths does not equal the length of the input dataset! They sum to "
            f"{sum(sizes)}, and it has {n} samples."
        )
    if not isinstance(sum(sizes), int):
        raise TypeError(
            "randperm() received an invalid combination of arguments: lengths are whole numbers, "
            "or fractions that sum to 1"
        )
    check_generator("randperm", generator)
    order = randperm(n, generator=generator).tolist()
    ends = list(itertools.accumulate(sizes))
    return [Subset(dataset, order[end - size : end]) for end, size in zip(ends, sizes)]
