"""Random tensors: the same seed gives the same numbers as PyTorch on the CPU.

The numbers come from ``stream.py`` (PyTorch's CPU generator on NumPy arrays); this file
makes tensors of them. Without ``generator=`` all functions draw from one default stream, which
:func:`manual_seed` sets. A lock in the stream keeps draws of several threads whole.
"""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from typing import Any

import numpy as np

from ..core.modes import grad_mode
from ..core.op import apply
from ..core.tensor import Tensor, edge_of, make
from ..faithful import dtypes, strides
from ..faithful.device import Device, only_cpu
from ..ops import capturing
from ..ops.making.creation import finish, like, np_of, shape_of
from ..ops.making.random_results import drawn
from ..ops.shaping.shape import expand
from ..ops.writing.inplace import Fill, bump, old, write
from ..refusals.of_the_core import broadcast_error
from ..refusals.reasons import draws as refuse
from ..refusals.writable import check_writable
from .stream import Stream, unpredictable

SEEDS = "it sets where random numbers go on: do that outside of the step"


class Generator:
    """A random stream of its own.

    Args:
        device: the CPU.

    Raises:
        AssertionError: another device.

    >>> import minigrad as mg
    >>> a = mg.rand(2, generator=mg.Generator().manual_seed(1))
    >>> b = mg.rand(2, generator=mg.Generator().manual_seed(1))
    >>> bool((a == b).all())
    True

    Source: PyTorch's ``torch.Generator``; the stream is the Mersenne Twister (Matsumoto and
    Nishimura 1998).
    """

    def __init__(self, device: Any = "cpu") -> None:
        only_cpu(device)
        self.device = Device(device)
        self._stream = Stream()

    def manual_seed(self, seed: int) -> Generator:
        """Start the stream of ``seed``: the same seed gives the same numbers.

        Args:
            seed: a whole number of up to 64 bits.

        Returns:
            The generator itself.

        Raises:
            RuntimeError: the seed is not a whole number.
            ValueError: it does not fit into 64 bits.

        >>> import minigrad as mg
        >>> generator = mg.Generator().manual_seed(0)
        >>> mg.randperm(4, generator=generator)
        tensor([0, 1, 3, 2])

        Source: PyTorch's ``Generator.manual_seed``.
        """
        refuse.manual_seed(seed)
        capturing.refuse(SEEDS)
        self._stream.seed(seed)
        return self

    def seed(self) -> int:
        """Start a stream nobody can predict; returns its seed."""
        capturing.refuse(SEEDS)
        seed = unpredictable()
        self._stream.seed(seed)
        return seed

    def initial_seed(self) -> int:
        return self._stream.initial_seed()

    def get_state(self) -> Tensor:
        """The stream's state as a uint8 tensor, for :meth:`set_state`."""
        return make(np.frombuffer(self._stream.get_state(), np.uint8).copy())

    def set_state(self, state: Tensor) -> Generator:
        refuse.set_state(state)
        place = state._data.tobytes()
        if capturing.is_captured() and place != self._stream.get_state():
            capturing.refuse(SEEDS)
        self._stream.set_state(place)
        return self


class InTransforms:
    """What ``vmap`` says of random numbers; func/randomness.py fills it."""

    @staticmethod
    def stream(stream: Stream) -> Any:
        """What to draw from in place of ``stream``: in no transform, itself."""
        return stream


in_transforms = InTransforms()
default_generator = Generator()
default_generator.seed()  # without manual_seed every run has other numbers, as in PyTorch


def stream_of(generator: Generator | None) -> Any:
    """What to draw from. Inside ``vmap`` that depends on its ``randomness``."""
    capturing.refuse("it draws random numbers: draw them outside, and pass them to the step")
    if generator is None:
        generator = default_generator
    elif not isinstance(generator, Generator):
        refuse.generator(generator)
    stream = generator._stream
    return in_transforms.stream(stream)


def manual_seed(seed: int) -> Generator:
    """Start the default stream of ``seed``: the numbers that follow are PyTorch's for that seed.

    Args:
        seed: a whole number of at most 64 bits.

    Returns:
        The default generator.

    Raises:
        ValueError: for a seed of more bits.

    >>> import minigrad as mg
    >>> _ = mg.manual_seed(0)
    >>> mg.randn(2)
    tensor([ 1.5410, -0.2934])

    Source: PyTorch's documentation of ``torch.manual_seed``; Matsumoto and Nishimura (1998).
    """
    return default_generator.manual_seed(int(seed))


def seed() -> int:
    """Start the default stream at an unpredictable point; returns the seed used."""
    return default_generator.seed()


def initial_seed() -> int:
    """The seed that the default stream was started with."""
    return default_generator.initial_seed()


def get_rng_state() -> Tensor:
    """The state of the default stream."""
    return default_generator.get_state()


def set_rng_state(state: Tensor) -> None:
    """Put the default stream back to a state from :func:`get_rng_state`."""
    default_generator.set_state(state)


@contextlib.contextmanager
def fork_rng(devices: Any = None, enabled: bool = True) -> Iterator[None]:
    """What is drawn in this ``with`` block leaves the numbers after it as they would have been.

    >>> import minigrad as mg
    >>> _ = mg.manual_seed(0)
    >>> with mg.random.fork_rng():
    ...     _ = mg.rand(100)
    >>> mg.rand(2)
    tensor([0.4963, 0.7682])
    """
    before = get_rng_state()
    try:
        yield
    finally:
        if enabled:
            set_rng_state(before)


def float_np(dtype: Any, name: str) -> Any:
    d = np_of(dtype)
    refuse.real_numbers(d, name)
    return d


def rand(
    *size: Any, generator: Generator | None = None, dtype: Any = None, device: Any = None,
    requires_grad: bool = False, **named: Any,
) -> Tensor:  # fmt: skip
    """Numbers drawn evenly from [0, 1).

    Args:
        size: the shape, as whole numbers or as one tuple of them.
        generator: the stream to draw from (default: the one that ``manual_seed`` sets).
        dtype: the dtype (default: the default float dtype).
        device: None or 'cpu'.
        requires_grad: whether gradients are to be collected in ``.grad`` (default False).

    Returns:
        A new leaf of that shape, for one seed the same numbers as PyTorch's on the CPU.

    Raises:
        NotImplementedError: for a dtype of whole numbers.
        RuntimeError: for a negative length.

    >>> import minigrad as mg
    >>> _ = mg.manual_seed(0)
    >>> mg.rand(2)
    tensor([0.4963, 0.7682])

    Source: PyTorch's documentation of ``torch.rand``.
    """
    d = float_np(dtype, "check_uniform_bounds")
    shape = shape_of(size, "rand", named)
    return finish(stream_of(generator).rand(shape, d), requires_grad, device)


def randn(
    *size: Any, generator: Generator | None = None, dtype: Any = None, device: Any = None,
    requires_grad: bool = False, **named: Any,
) -> Tensor:  # fmt: skip
    """Numbers drawn from the standard normal distribution.

    Args:
        size: the shape, as whole numbers or as one tuple of them.
        generator: the stream to draw from (default: the one that ``manual_seed`` sets).
        dtype: the dtype (default: the default float dtype).
        device: None or 'cpu'.
        requires_grad: whether gradients are to be collected in ``.grad`` (default False).

    Returns:
        A new leaf of that shape, for one seed the same numbers as PyTorch's on the CPU.

    Raises:
        NotImplementedError: for a dtype of whole numbers.
        RuntimeError: for a negative length.

    >>> import minigrad as mg
    >>> _ = mg.manual_seed(0)
    >>> mg.randn(2)
    tensor([ 1.5410, -0.2934])

    Source: PyTorch's documentation of ``torch.randn``.
    """
    d = float_np(dtype, "normal_kernel_cpu")
    shape = shape_of(size, "randn", named)
    return finish(stream_of(generator).randn(shape, d), requires_grad, device)


def randint(
    low: Any = None, high: Any = None, size: Any = None, *, generator: Generator | None = None,
    dtype: Any = None, device: Any = None, requires_grad: bool = False,
) -> Tensor:  # fmt: skip
    """Whole numbers from ``low`` (0 if left out) to ``high`` - 1.

    Args:
        low, high: whole numbers; ``high`` itself is left out.
        size: the shape, a tuple of whole numbers.
        generator: the stream to draw from (default: the one that ``manual_seed`` sets).
        dtype: the dtype (default int64).
        device: None or 'cpu'.
        requires_grad: whether gradients are to be collected in ``.grad`` (default False).

    Returns:
        A new leaf of that shape.

    Raises:
        RuntimeError: if ``low`` is not below ``high``, or for a negative length.

    >>> import minigrad as mg
    >>> _ = mg.manual_seed(0)
    >>> mg.randint(10, (3,))
    tensor([4, 9, 3])

    Source: PyTorch's documentation of ``torch.randint``.
    """
    if size is None:
        low, high, size = 0, low, high
    elif high is None:  # randint(10, size=(3,))
        low, high = 0, low
    elif low is None:  # randint(high=10, size=(3,))
        low = 0
    refuse.randint(low, high)
    d = np.dtype(np.int64) if dtype is None else dtypes.to_numpy(dtype)
    array = stream_of(generator).randint(low, high, shape_of((size,)), d)
    return finish(array, requires_grad, device)


def randperm(
    n: int, *, generator: Generator | None = None, dtype: Any = None, device: Any = None,
    requires_grad: bool = False,
) -> Tensor:  # fmt: skip
    """The numbers 0 to n - 1 in random order.

    Args:
        n: how many, from 0 on.
        generator: the stream to draw from (default: the one that ``manual_seed`` sets).
        dtype: the dtype (default int64).
        device: None or 'cpu'.
        requires_grad: whether gradients are to be collected in ``.grad`` (default False).

    Returns:
        A new 1-d leaf of ``n`` elements, every whole number below ``n`` once.

    Raises:
        RuntimeError: for a negative ``n``.

    >>> import minigrad as mg
    >>> mg.randperm(5).sort().values
    tensor([0, 1, 2, 3, 4])

    Source: PyTorch's documentation of ``torch.randperm``.
    """
    refuse.randperm(n)
    d = np.dtype(np.int64) if dtype is None else dtypes.to_numpy(dtype)
    return finish(stream_of(generator).randperm(n, d), requires_grad, device)


def normal(
    mean: Any, std: Any = 1.0, size: Any = None, *, generator: Generator | None = None,
    dtype: Any = None, device: Any = None, requires_grad: bool = False,
) -> Tensor:  # fmt: skip
    """Numbers from normal distributions; mean and std are numbers (with ``size``) or tensors."""
    stream = stream_of(generator)
    refuse.normal(std)
    given = (mean, std)
    mean, std = [v._data if isinstance(v, Tensor) else v for v in given]
    arrays = [v for v in (mean, std) if isinstance(v, np.ndarray)]
    if size is None and not arrays:
        raise TypeError(
            "normal() received an invalid combination of arguments: with two numbers give a size "
            "too, normal(0.0, 1.0, (3,))"
        )
    if size is not None:
        d = float_np(dtype, "normal_kernel_cpu")
        made = stream.normal(mean, std, shape_of((size,)), d)
        return finish(made, requires_grad, device)
    if isinstance(std, np.ndarray) and std.dtype.kind == "c":
        raise RuntimeError("normal expects standard deviation to be non-complex: it is a length")
    float_np(dtypes.FROM_NUMPY[arrays[0].dtype], "normal_kernel_cpu")
    try:
        shape = np.broadcast_shapes(*(v.shape for v in arrays))
    except ValueError:
        raise broadcast_error(*arrays) from None
    node = 3 if len(arrays) == 2 else 1 if arrays[0] is mean else 2
    numbers = stream.normal(mean, std, shape, arrays[0].dtype)
    return drawn(numbers, given, f"NormalBackward{node}")


def bernoulli(
    input: Tensor, p: float | None = None, *, generator: Generator | None = None
) -> Tensor:
    """1 with the probability that ``input`` says for each element (or with ``p``), else 0."""
    if p is not None:
        return bernoulli_(make(np.zeros_like(input._data)), p, generator=generator)
    odds = input._data
    refuse.bernoulli(odds)
    numbers = np.asarray(stream_of(generator).bernoulli(odds, odds.shape, odds.dtype))
    return drawn(numbers, (input, None), "BernoulliBackward0")


def multinomial(
    input: Tensor, num_samples: int, replacement: bool = False, *,
    generator: Generator | None = None,
) -> Tensor:  # fmt: skip
    """Row numbers drawn with the weights in ``input`` (one row, or one a sample of a batch)."""
    refuse.multinomial(input._data, num_samples, replacement)
    return make(stream_of(generator).multinomial(input._data, num_samples, replacement))


def in_memory_order(x: Any, d: Any, draw: Any) -> Any:
    """Numbers for the places of the array ``x``, drawn in the order in which these lie in memory.

    draw: makes them, given a shape and a dtype. The result lies as ``x`` does.
    """
    if x.flags.c_contiguous:
        return draw(x.shape, d)
    order = strides.order_of(x.shape, [x])
    drawn = draw(tuple([x.shape[i] for i in order]), d)
    return drawn.transpose(np.argsort(order).tolist())


def place_like(input: Tensor, form: Any) -> Any:
    """An array that lies as a new tensor like ``input`` in a memory format."""
    x = input._data
    if form is None and x.flags.c_contiguous:
        return x
    return strides.empty(x.shape, x.dtype, strides.like(x, form))


def rand_like(
    input: Tensor, *, dtype: Any = None, requires_grad: bool = False, memory_format: Any = None
) -> Tensor:
    """``rand`` in ``input``'s shape and dtype."""
    d = float_np(input.dtype if dtype is None else dtype, "check_uniform_bounds")
    drawn = in_memory_order(place_like(input, memory_format), d, stream_of(None).rand)
    return finish(drawn, requires_grad)


def randn_like(
    input: Tensor, *, dtype: Any = None, requires_grad: bool = False, memory_format: Any = None
) -> Tensor:
    """``randn`` in ``input``'s shape and dtype."""
    d = float_np(input.dtype if dtype is None else dtype, "normal_kernel_cpu")
    place = place_like(input, memory_format)
    draw = lambda shape, d: stream_of(None).normal(0.0, 1.0, shape, d, place.flags.c_contiguous)
    return finish(in_memory_order(place, d, draw), requires_grad)


def randint_like(
    input: Tensor, low: int, high: Any = None, *, dtype: Any = None, memory_format: Any = None
) -> Tensor:
    """``randint`` in ``input``'s shape and dtype."""
    if high is None:
        low, high = 0, low
    if isinstance(high, Tensor) and high.ndim:
        raise RuntimeError("high must be a scalar tensor: one number, not a tensor of several")
    refuse.randint(low, high)
    d = like(input, dtype)
    if d.kind == "c":
        raise RuntimeError(
            "check_random_bounds handles only integral, floating-point and boolean types: complex "
            "numbers have no order"
        )
    draw = lambda shape, d: stream_of(None).randint(low, high, shape, d)
    return make(in_memory_order(place_like(input, memory_format), d, draw))


# --- in place --------------------------------------------------------------------------------


def refill(x: Tensor, draw: Any) -> Tensor:
    """Write freshly drawn numbers over ``x``; as in PyTorch this ends its history's influence."""
    check_writable(x, False)
    numbers = in_memory_order(x._data, x._data.dtype, draw)
    if grad_mode.enabled and edge_of(x) is not None:
        write(x, apply(Fill, (old(x, False),), {"value": 0}))
        x._data[...] = numbers
        return x
    x._data[...] = numbers
    bump(x)
    return x


def normal_(
    x: Tensor, mean: float = 0.0, std: float = 1.0, *, generator: Generator | None = None
) -> Tensor:
    """Fill with numbers from a normal distribution."""
    float_np(x.dtype, "normal_kernel_cpu")
    refuse.normal_(std)
    in_rows = x._data.flags.c_contiguous
    return refill(x, lambda shape, d: stream_of(generator).normal(mean, std, shape, d, in_rows))


def uniform_(
    x: Tensor, a: float = 0.0, b: float = 1.0, *, generator: Generator | None = None, **named: Any
) -> Tensor:
    """Fill with numbers drawn evenly from [a, b)."""
    a, b = named.pop("from", a), named.pop("to", b)
    float_np(x.dtype, "check_uniform_bounds")
    refuse.uniform_(a, b)
    return refill(x, lambda shape, d: stream_of(generator).uniform(a, b, shape, d))


def random_(
    x: Tensor, low: Any = None, high: int | None = None, *, generator: Generator | None = None
) -> Tensor:
    """Fill with whole numbers: all that the dtype holds exactly, [0, low), or [low, high)."""
    stream = stream_of(generator)
    if low is None and high is None:
        return refill(x, stream.random_bits)
    low, high = (0, low) if high is None else (low or 0, high)
    refuse.randint(low, high)
    return refill(x, lambda shape, d: stream.randint(low, high, shape, d))


def bernoulli_(x: Tensor, p: Any = 0.5, *, generator: Generator | None = None) -> Tensor:
    """Fill with 1 (with probability ``p``) and 0."""
    value = p
    if isinstance(p, Tensor):
        value = expand(p, x.shape)._data  # refuses what does not fit
        if not x._data.flags.c_contiguous:
            value = value.transpose(strides.order_of(x._data.shape, [x._data]))
    else:
        refuse.bernoulli_(p)
    return refill(x, lambda shape, d: stream_of(generator).bernoulli(value, shape, d))


def exponential_(x: Tensor, lambd: float = 1.0, *, generator: Generator | None = None) -> Tensor:
    """Fill with numbers from an exponential distribution of rate ``lambd``."""
    refuse.exponential_(x, lambd)
    return refill(x, lambda shape, d: stream_of(generator).exponential(lambd, shape, d))


def cauchy_(
    x: Tensor, median: float = 0.0, sigma: float = 1.0, *, generator: Generator | None = None
) -> Tensor:
    """Fill with numbers from a Cauchy distribution around ``median``.

    >>> import minigrad as mg
    >>> _ = mg.manual_seed(0)
    >>> mg.empty(2).cauchy_()
    tensor([10.5977,  0.7648])
    """
    refuse.cauchy_(x, sigma)
    return refill(x, lambda shape, d: stream_of(generator).cauchy(median, sigma, shape, d))


def geometric_(x: Tensor, p: float, *, generator: Generator | None = None) -> Tensor:
    """Fill with how many trials it takes until one succeeds, each with probability ``p``.

    >>> import minigrad as mg
    >>> _ = mg.manual_seed(0)
    >>> mg.empty(3).geometric_(0.5)
    tensor([1., 1., 2.])
    """
    p = float(p)
    refuse.geometric_(x, p)
    return refill(x, lambda shape, d: stream_of(generator).geometric(p, shape, d))


def log_normal_(
    x: Tensor, mean: float = 1.0, std: float = 2.0, *, generator: Generator | None = None
) -> Tensor:
    """Fill with ``exp`` of numbers from a normal distribution of this mean and deviation.

    >>> import minigrad as mg
    >>> _ = mg.manual_seed(0)
    >>> mg.empty(2).log_normal_(0, 1)
    tensor([4.6692, 0.7457])
    """
    refuse.log_normal_(x, std)
    return refill(x, lambda shape, d: stream_of(generator).log_normal(mean, std, shape, d))


for _name, _method in {
    "normal_": normal_, "uniform_": uniform_, "random_": random_, "bernoulli_": bernoulli_,
    "exponential_": exponential_, "cauchy_": cauchy_, "geometric_": geometric_,
    "log_normal_": log_normal_, "bernoulli": bernoulli, "multinomial": multinomial,
}.items():  # fmt: skip
    setattr(Tensor, _name, _method)
