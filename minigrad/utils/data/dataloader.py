"""The loader: a data set's samples in batches, for one epoch each time it is iterated over."""

from __future__ import annotations

import itertools
import threading
from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from ...random.draws import Generator
from .collate import default_collate, default_convert
from .dataset import IterableDataset
from .sampler import BatchSampler, RandomSampler, SequentialSampler, check_generator, draw_seed

T = TypeVar("T", covariant=True)
FIXED = ("batch_size", "batch_sampler", "sampler", "drop_last", "dataset", "persistent_workers")


@dataclass
class WorkerInfo:
    """Which worker runs the calling code."""

    id: int
    num_workers: int
    seed: int
    dataset: Any


_worker = threading.local()


def get_worker_info() -> WorkerInfo | None:
    """About the worker thread that asks; None outside of workers."""
    return getattr(_worker, "info", None)


class DataLoader(Generic[T]):
    """Batches of a data set. Iterate over it once an epoch.

    Args:
        dataset: anything with ``[i]`` and ``len``, or an ``IterableDataset``.
        batch_size: samples a batch; None hands out single samples.
        shuffle: a new random order each epoch, PyTorch's for the same ``manual_seed``.
        sampler, batch_sampler: an order of your own.
        num_workers: threads (PyTorch: processes) that prepare batches ahead, in order; they help if
            samples are read from files, not if Python computes them.
        collate_fn: makes a batch of a list of samples.
        drop_last: no shorter last batch.
        generator: the random stream of the order. None: that of ``manual_seed``.
        worker_init_fn: called with its number when a worker starts.
        prefetch_factor: how many batches a worker prepares ahead.
        pin_memory, pin_memory_device, timeout, multiprocessing_context: accepted, with no effect:
            they matter only for a GPU or for processes.
        persistent_workers, in_order: the same.

    Raises:
        ValueError: settings that exclude each other (``sampler`` with ``shuffle`` ...), or a
            batch_size below 1.

    >>> import minigrad as mg
    >>> _ = mg.manual_seed(0)
    >>> loader = mg.utils.data.DataLoader(range(5), batch_size=2, shuffle=True)
    >>> list(loader)
    [tensor([1, 4]), tensor([2, 3]), tensor([0])]

    Source: PyTorch's ``utils.data.DataLoader``.
    """

    def __init__(
        self, dataset: Any, batch_size: int | None = 1, shuffle: bool | None = None,
        sampler: Any = None, batch_sampler: Any = None, num_workers: int = 0,
        collate_fn: Any = None, pin_memory: bool = False, drop_last: bool = False,
        timeout: float = 0, worker_init_fn: Any = None, multiprocessing_context: Any = None,
        generator: Generator | None = None, *, prefetch_factor: int | None = None,
        persistent_workers: bool = False, pin_memory_device: str = "", in_order: bool = True,
    ) -> None:  # fmt: skip
        iterable = isinstance(dataset, IterableDataset)
        if multiprocessing_context is not None and num_workers == 0:
            raise ValueError(
                "multiprocessing_context can only be used with multi-process loading "
                f"(num_workers > 0), but got num_workers={num_workers}"
            )
        self._check_workers(num_workers, timeout, prefetch_factor, persistent_workers, iterable)
        if iterable:
            for name, value in (("shuffle", shuffle), ("sampler", sampler),
                                ("batch_sampler", batch_sampler)):  # fmt: skip
                if value not in (None, False):
                    raise ValueError(
                        f"DataLoader with IterableDataset: expected unspecified {name} option, but "
                        f"got {name}={value}. An iterable data set has its own order."
                    )
        if sampler is not None and shuffle:
            raise ValueError(
                "sampler option is mutually exclusive with shuffle: the sampler says the order"
            )
        if batch_sampler is not None:
            if batch_size != 1 or shuffle or sampler is not None or drop_last:
                raise ValueError(
                    "batch_sampler option is mutually exclusive with batch_size, shuffle, sampler, "
                    "and drop_last: it says which samples make which batch"
                )
            batch_size = None
        elif batch_size is None and drop_last:
            raise ValueError(
                "batch_size=None option disables auto-batching and is mutually exclusive with "
                "drop_last: there is no last batch"
            )
        if sampler is None and not iterable:
            if shuffle:
                sampler = RandomSampler(dataset, generator=generator)
            else:
                sampler = SequentialSampler(dataset)
        elif sampler is None:
            sampler = Endless()
        if batch_size is not None:
            batch_sampler = BatchSampler(sampler, batch_size, drop_last)
        if collate_fn is None:
            collate_fn = default_convert if batch_sampler is None else default_collate
        self.dataset = dataset
        self.batch_size = batch_size
        self.sampler = sampler
        self.batch_sampler = batch_sampler
        self.num_workers = num_workers
        self.collate_fn = collate_fn
        self.pin_memory = pin_memory
        self.drop_last = drop_last
        self.timeout = timeout
        self.worker_init_fn = worker_init_fn
        self.generator = generator
        self.prefetch_factor = 2 if num_workers and prefetch_factor is None else prefetch_factor
        self.persistent_workers = persistent_workers
        self._ready = True

    @staticmethod
    def _check_workers(n: int, timeout: Any, prefetch: Any, persistent: bool, it: bool) -> None:
        if n < 0:
            raise ValueError(
                "num_workers option should be non-negative; use num_workers=0 to disable "
                "multiprocessing."
            )
        if timeout < 0:
            raise ValueError("timeout option should be non-negative")
        if n == 0 and prefetch is not None:
            raise ValueError(
                "prefetch_factor option could only be specified in multiprocessing.let num_workers "
                "> 0 to enable multiprocessing, otherwise set prefetch_factor to None."
            )
        if n > 0 and prefetch is not None and prefetch < 0:
            raise ValueError("prefetch_factor option should be non-negative")
        if persistent and n == 0:
            raise ValueError("persistent_workers option needs num_workers > 0")
        for _ in range(n):  # TypeError for what is no whole number
            break
        if it and n > 0:
            raise NotImplementedError(
                "num_workers > 0 with an IterableDataset is not supported: threads cannot share "
                "one stream of samples. Use num_workers=0."
            )

    def __setattr__(self, name: str, value: Any) -> None:
        if name in FIXED and getattr(self, "_ready", False):
            raise ValueError(
                f"{name} attribute should not be set after {type(self).__name__} is initialized: "
                "make a new loader"
            )
        super().__setattr__(name, value)

    def __iter__(self) -> Iterator[Any]:
        return Batches(self)

    def __len__(self) -> int:
        if isinstance(self.dataset, IterableDataset):
            n = len(self.dataset)  # type: ignore[arg-type]  # if it has a length
            if self.batch_size is None:
                return n
            return n // self.batch_size if self.drop_last else -(-n // self.batch_size)
        return len(self.sampler if self.batch_sampler is None else self.batch_sampler)


class Endless:
    """The sampler of an iterable data set: only its own end ends it."""

    def __iter__(self) -> Iterator[None]:
        return itertools.repeat(None)


class Batches:
    """One pass over a loader."""

    def __init__(self, loader: DataLoader[Any]) -> None:
        self._loader = loader
        if not loader.num_workers and loader.timeout != 0:
            raise AssertionError(
                "_SingleProcessDataLoaderIter requires timeout == 0: without workers nobody waits"
            )
        bool(loader.pin_memory)
        numbers = iter(order_of(loader))
        check_generator("random_", loader.generator)
        # PyTorch draws a seed for its workers at this point even if there are none, so the stream
        # would be out of step without it.
        seed = draw_seed(loader.generator)
        if isinstance(loader.dataset, IterableDataset):
            self._batches = from_iterable(loader, iter(loader.dataset), numbers)
        elif loader.num_workers:
            self._batches = from_threads(loader, seed, numbers)
        else:
            self._batches = (fetch(loader, wanted) for wanted in numbers)

    def __iter__(self) -> Batches:
        return self

    def __next__(self) -> Any:
        return next(self._batches)

    def __len__(self) -> int:
        return len(self._loader)


def order_of(loader: DataLoader[Any]) -> Any:
    return loader.sampler if loader.batch_sampler is None else loader.batch_sampler


def fetch(loader: DataLoader[Any], numbers: Any) -> Any:
    """The batch of the samples with these numbers (or the one sample)."""
    dataset = loader.dataset
    if loader.batch_sampler is None:
        return loader.collate_fn(dataset[numbers])
    if callable(getattr(dataset, "__getitems__", None)):
        return loader.collate_fn(dataset.__getitems__(numbers))
    return loader.collate_fn([dataset[i] for i in numbers])


def from_iterable(
    loader: DataLoader[Any], samples: Iterator[Any], numbers: Iterator[Any]
) -> Iterator[Any]:
    if loader.batch_sampler is None:
        yield from map(loader.collate_fn, samples)
        return
    for wanted in numbers:  # lists of None: only their length counts
        batch = list(itertools.islice(samples, len(wanted)))
        if not batch or (loader.drop_last and len(batch) < len(wanted)):
            return
        yield loader.collate_fn(batch)


def from_threads(loader: DataLoader[Any], seed: int, numbers: Iterator[Any]) -> Iterator[Any]:
    """Batches prepared by threads, in order, never more than ``prefetch_factor`` a thread ahead."""
    n = loader.num_workers
    ids = itertools.count()

    def work(wanted: Any) -> Any:
        if get_worker_info() is None:  # this thread's first batch
            i = next(ids)
            _worker.info = WorkerInfo(i, n, seed + i, loader.dataset)
            if loader.worker_init_fn is not None:
                loader.worker_init_fn(i)
        return fetch(loader, wanted)

    from concurrent.futures import Future, ThreadPoolExecutor  # only where threads are wanted

    ahead = max(1, n * (loader.prefetch_factor or 1))
    waiting: deque[Future[Any]] = deque()
    pool = ThreadPoolExecutor(n, "minigrad-loader")
    try:
        for wanted in numbers:
            waiting.append(pool.submit(work, wanted))
            if len(waiting) >= ahead:
                yield waiting.popleft().result()
        while waiting:
            yield waiting.popleft().result()
    finally:  # also when the user stops early
        pool.shutdown(wait=True, cancel_futures=True)
