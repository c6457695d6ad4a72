"""PyTorch's random stream on the CPU: the same seed gives the same numbers.

PyTorch's generator is the Mersenne Twister (Matsumoto, Nishimura 1998) with the classic seeding,
which is the one in NumPy's ``RandomState``: both give the same raw 32-bit numbers. What differs is
how raw numbers become samples. This file does that as PyTorch does, on NumPy arrays:

=============  ===================================================================================
evenly         float32: the low 24 bits of one raw number, divided by 2^24; float64: 53 bits of two
normal         16 numbers or more: Box-Muller in blocks of 16, in float32 bit for bit PyTorch's;
               fewer: one at a time in double precision, the second of each pair kept for later
whole numbers  a raw number (a pair of them from 2^28 values on) modulo the length of the range
=============  ===================================================================================

Where Intel's MKL draws for PyTorch (``bernoulli_`` and ``exponential_`` on Intel processors only),
PyTorch's own numbers differ from machine to machine; here they are those of all other processors.
"""

from __future__ import annotations

import json
import math
import os
from typing import Any

import numpy as np

from ..faithful.forks import new_lock

FIRST_SEED = 67280421310721  # of a new Generator, as in PyTorch
LOW_24 = np.uint32(2**24 - 1)
LOW_53 = np.uint64(2**53 - 1)
PAIR_FROM = 2**28  # ranges this long or longer take two raw numbers a sample
_float64 = np.dtype(np.float64)
_float32 = np.dtype(np.float32)


class Stream:
    """A stream of random numbers. Draws of several threads do not mix: each is whole.

    >>> s = Stream(0)
    >>> s.rand((2,), np.dtype(np.float32))
    array([0.4962566, 0.7682218], dtype=float32)
    """

    def __init__(self, seed: int = FIRST_SEED) -> None:
        self._lock = new_lock()
        self.seed(seed)

    def seed(self, seed: int) -> None:
        """Start again at ``seed``: a whole number from -2^63 to 2^64 - 1.

        Raises ValueError outside of that. Of a negative seed PyTorch takes the bits.
        """
        seed = int(seed)
        if not -(2**63) <= seed < 2**64:
            raise ValueError(
                f"Overflow when unpacking long long: the seed {seed} does not fit into 64 bits; "
                "any smaller whole number will do"
            )
        with self._lock:
            self._seed = seed % 2**64
            self._started: Any = None  # NumPy's generator, once there is something to draw
            self._next_normal: float | None = None

    def initial_seed(self) -> int:
        """The seed that the stream was last started with."""
        return self._seed

    def get_state(self) -> bytes:
        """Where the stream is, for :meth:`set_state`."""
        with self._lock:
            _, key, position, _, _ = self._twister.get_state()
            state = [self._seed, position, self._next_normal, [int(k) for k in key]]
        return json.dumps(state).encode()

    def set_state(self, state: bytes) -> None:
        """Go (back) to a place that :meth:`get_state` gave. Raises RuntimeError if it is none."""
        try:
            seed, position, next_normal, key = json.loads(state)
            twister = np.random.RandomState(0)
            twister.set_state(("MT19937", np.array(key, np.uint32), position, 0, 0.0))
        except (ValueError, TypeError) as error:
            raise RuntimeError(
                f"Expected a CPUGeneratorImplState of size 5056 but found the input RNG state size "
                f"to be {len(state)}: give what get_rng_state() or Generator.get_state() returned"
            ) from error
        with self._lock:
            self._seed, self._started, self._next_normal = seed, twister, next_normal

    # --- raw numbers (the caller holds the lock) ---------------------------------------------

    @property
    def _twister(self) -> Any:
        """NumPy's generator, made at the first draw: NumPy loads its random part only then."""
        if self._started is None:
            self._started = np.random.RandomState(self._seed % 2**32)
        return self._started

    def _raw(self, n: int) -> Any:
        """n raw numbers of 32 bits."""
        if n == 0:
            return np.empty(0, np.uint32)  # bytes(0) would use up a number
        return np.frombuffer(self._twister.bytes(4 * n), "<u4")

    def _raw_pairs(self, n: int) -> Any:
        """n numbers of 64 bits, each of two raw numbers, the first one high."""
        raw = self._raw(2 * n).astype(np.uint64)
        return (raw[0::2] << np.uint64(32)) | raw[1::2]

    def _even(self, n: int, dtype: Any) -> Any:
        """n numbers from [0, 1) in float64 or float32 (float16 is rounded from that)."""
        if dtype == _float64:
            return (self._raw_pairs(n) & LOW_53) * 2.0**-53
        return (self._raw(n) & LOW_24).astype(np.float32) * np.float32(2.0**-24)

    # --- samples -----------------------------------------------------------------------------

    def rand(self, shape: tuple[int, ...], dtype: Any) -> Any:
        """Evenly from [0, 1); the parts of complex numbers one after the other."""
        if dtype.kind == "c":
            return self.rand((*shape, 2), real_of(dtype)).view(dtype)[..., 0]
        with self._lock:
            even = self._even(math.prod(shape), dtype)
        return below(1, 0, even.astype(dtype, copy=False).reshape(shape))

    def uniform(self, low: float, high: float, shape: tuple[int, ...], dtype: Any) -> Any:
        """Evenly from [low, high), complex numbers in both parts."""
        if dtype.kind == "c":
            return self.uniform(low, high, (*shape, 2), real_of(dtype)).view(dtype)[..., 0]
        kind = _float64 if dtype == _float64 else _float32
        low_, high_ = kind.type(low), kind.type(high)
        with self._lock:
            even = self._even(math.prod(shape), dtype)
        # In double precision, as PyTorch's multiply-and-add rounds only once, at its end.
        wide = even.astype(_float64, copy=False) * _float64.type(high_ - low_)
        sample = (wide + _float64.type(low_)).astype(kind, copy=False)
        sample = sample.astype(dtype, copy=False).reshape(shape)
        return below(high_, low_, sample)

    def randn(self, shape: tuple[int, ...], dtype: Any) -> Any:
        """From the standard normal distribution."""
        return self.normal(0.0, 1.0, shape, dtype)

    def normal(
        self, mean: Any, std: Any, shape: tuple[int, ...], dtype: Any, in_rows: bool = True
    ) -> Any:
        """From normal distributions; mean and std are numbers or arrays.

        in_rows: for a tensor that lies in memory row by row; others are drawn one by one.
        Complex numbers have the variance std ** 2, half of it in each part; a real mean is that of
        both parts, as in PyTorch.
        """
        if dtype.kind == "c":
            parts = self.normal(0.0, math.sqrt(0.5), (*shape, 2), real_of(dtype), in_rows)
            mean = complex(mean, mean) if isinstance(mean, (int, float)) else mean
            return (parts.view(dtype)[..., 0] * std + mean).astype(dtype, copy=False)
        n = math.prod(shape)
        with self._lock:
            if n >= 16 and in_rows:
                sample = self._normal_blocks(n, dtype)
            else:
                sample = self._normal_each(n)
        sample = sample.reshape(shape)
        if isinstance(mean, (int, float)) and isinstance(std, (int, float)):
            if (mean, std) != (0, 1):
                single = sample.dtype == _float32
                sample = fma(sample, std, mean) if single else sample * std + mean
        else:
            sample = sample * np.asarray(std, sample.dtype) + np.asarray(mean, sample.dtype)
        return sample.astype(dtype, copy=False)

    def _normal_blocks(self, n: int, dtype: Any) -> Any:
        """Box-Muller on blocks of 16 even numbers: 8 radii and 8 angles give 16 samples.

        If 16 does not divide n, the last 16 numbers are drawn anew.
        """
        whole = n - n % 16
        # For float16, PyTorch does not draw the numbers that would be thrown away.
        u = self._even(whole if dtype.itemsize == 2 else n, dtype)
        sample = np.empty(n, u.dtype)
        sample[:whole] = box_muller(u[:whole])
        if whole < n:
            sample[-16:] = box_muller(self._even(16, dtype))
        return sample

    def _normal_each(self, n: int) -> Any:
        """n samples one by one, in double precision."""
        return np.array([self._normal_one() for _ in range(n)], np.float64)

    def _normal_one(self) -> float:
        """One sample in double precision; every second call returns the pair's second half."""
        kept = self._next_normal
        if kept is not None:
            self._next_normal = None
            return kept
        u1, u2 = self._even(2, _float64)
        radius = np.sqrt(-2.0 * np.log1p(-u2))
        angle = 2.0 * np.pi * u1
        self._next_normal = float(radius * np.sin(angle))
        return float(radius * np.cos(angle))

    def randint(self, low: int, high: int, shape: tuple[int, ...], dtype: Any) -> Any:
        """Whole numbers from [low, high)."""
        n = math.prod(shape)
        length = high - low
        with self._lock:
            if length >= PAIR_FROM:
                value = self._raw_pairs(n) % np.uint64(length)
            else:
                value = (self._raw(n) % np.uint32(length)).astype(np.uint64)
        # Added modulo 2^64, as the machine does, so that every int64 range works.
        value = (value + np.uint64(low % 2**64)).astype(np.int64)
        return value.astype(dtype, copy=False).reshape(shape)

    def random_bits(self, shape: tuple[int, ...], dtype: Any) -> Any:
        """Whole numbers from 0 to the largest that the dtype holds exactly (``x.random_()``)."""
        n = math.prod(shape)
        with self._lock:
            raw = self._raw_pairs(n) if dtype.itemsize == 8 else self._raw(n).astype(np.uint64)
        if dtype.kind == "f":
            most = 2 ** (np.finfo(dtype).nmant + 1)
        else:
            most = 1 if dtype.kind == "b" else np.iinfo(dtype).max
        return (raw % np.uint64(most + 1)).astype(dtype).reshape(shape)

    def randperm(self, n: int, dtype: Any) -> Any:
        """0 to n - 1 in random order (Fisher and Yates' shuffle, from the front)."""
        order = np.arange(n).tolist()
        with self._lock:
            raw = self._raw(max(n - 1, 0)).tolist()
        for i, number in enumerate(raw):
            j = i + number % (n - i)
            order[i], order[j] = order[j], order[i]
        return np.asarray(order, np.int64).astype(dtype)

    def bernoulli(self, p: Any, shape: tuple[int, ...], dtype: Any) -> Any:
        """1 with probability ``p`` (a number, or an array with one for each sample), else 0."""
        kind = p.dtype if isinstance(p, np.ndarray) else _float64
        with self._lock:
            even = self._even(math.prod(shape), kind).reshape(shape)
        return np.asarray(even < p).astype(dtype)

    def exponential(self, rate: float, shape: tuple[int, ...], dtype: Any) -> Any:
        """From the exponential distribution with this rate."""
        with self._lock:
            even = self._even(math.prod(shape), _float64).reshape(shape)
        return np.asarray(-1.0 / rate * np.log1p(-even)).astype(dtype)

    def cauchy(self, median: float, sigma: float, shape: tuple[int, ...], dtype: Any) -> Any:
        """From the Cauchy distribution: the tangent of an angle that is drawn evenly."""
        eps = np.finfo(np.float64).eps
        with self._lock:
            even = self._even(math.prod(shape), _float64).reshape(shape)
        turned = np.tan(np.pi * (np.clip(even, eps, 1 - eps) - 0.5))
        return np.asarray(median + sigma * turned).astype(dtype)

    def geometric(self, p: float, shape: tuple[int, ...], dtype: Any) -> Any:
        """How many trials it takes, if one succeeds with probability ``p``."""
        with self._lock:
            even = self._even(math.prod(shape), _float64).reshape(shape)
        return np.asarray(np.ceil(np.log(even) / np.log1p(-p))).astype(dtype)

    def log_normal(self, mean: float, std: float, shape: tuple[int, ...], dtype: Any) -> Any:
        """The exponential of normal samples."""
        with self._lock:
            sample = self._normal_each(math.prod(shape)).reshape(shape)
        return np.asarray(np.exp(sample * std + mean)).astype(dtype)

    def multinomial(self, weights: Any, n: int, replacement: bool) -> Any:
        """n column numbers for each row of ``weights``, drawn with these weights.

        Without replacement (and for n = 1): the n largest of weights / exponential samples
        (Efraimidis, Spirakis 2006). With replacement: even samples looked up in the running sums.
        """
        if n == 1 or not replacement:
            scores = weights / self.exponential(1.0, weights.shape, weights.dtype)
            order = np.argsort(-scores, axis=-1, kind="stable")
            return np.ascontiguousarray(order[..., :n])
        rows = weights.reshape(-1, weights.shape[-1])
        sums = np.cumsum(rows, axis=-1, dtype=weights.dtype)
        sums /= sums[:, -1:]
        with self._lock:
            even = self._even(len(rows) * n, _float64).reshape(len(rows), n)
        drawn = [np.searchsorted(s, e, side="left") for s, e in zip(sums, even, strict=True)]
        return np.stack(drawn).astype(np.int64).reshape(*weights.shape[:-1], n)


def real_of(dtype: Any) -> Any:
    """The dtype of the parts of a complex number."""
    return np.empty(0, dtype).real.dtype


def below(high: Any, low: Any, sample: Any) -> Any:
    """Samples from [low, high) that rounding put on ``high`` become ``low``, as in PyTorch."""
    sample[sample == high] = low
    return sample


def box_muller(u: Any) -> Any:
    """Normal samples from even ones (Box, Muller 1958), in blocks of 16.

    The first 8 of a block give radii, the last 8 angles; cosines go first, sines last.
    """
    blocks = u.reshape(-1, 2, 8)
    one, two_pi = u.dtype.type(1), u.dtype.type(2 * np.pi)
    if u.dtype == _float32:
        log, (sin, cos) = log32(one - blocks[:, 0]), sin_cos32(two_pi * blocks[:, 1])
    else:
        angle = two_pi * blocks[:, 1]
        log, sin, cos = np.log(one - blocks[:, 0]), np.sin(angle), np.cos(angle)
    radius = np.sqrt(u.dtype.type(-2) * log)
    return np.stack([radius * cos, radius * sin], axis=1).reshape(u.shape)


# --- PyTorch's float32 logarithm, sine and cosine --------------------------------------------
#
# For float32 samples PyTorch uses the polynomials of the Cephes library (Moshier 1989) with fused
# multiply-adds. Their last bit is not always NumPy's, and a loss is printed to its last bit: with
# the same polynomials every sample is PyTorch's, bit for bit.

LOG_POLYNOMIAL = (
    7.0376836292e-2, -1.1514610310e-1, 1.1676998740e-1, -1.2420140846e-1, 1.4249322787e-1,
    -1.6668057665e-1, 2.0000714765e-1, -2.4999993993e-1, 3.3333331174e-1,
)  # fmt: skip
LOG_2 = (-2.12194440e-4, 0.693359375)  # ln 2 in two parts: small, and exact in few bits
SIN_POLYNOMIAL = (-1.9515295891e-4, 8.3321608736e-3, -1.6666654611e-1)
COS_POLYNOMIAL = (2.443315711809948e-5, -1.388731625493765e-3, 4.166664568298827e-2)
MINUS_QUARTER_PI = (-0.78515625, -2.4187564849853515625e-4, -3.77489497744594108e-8)


def fma(a: Any, b: Any, c: Any) -> Any:
    """a * b + c rounded once to float32 (the product is exact in float64)."""
    wide = np.multiply(a, np.float32(b), dtype=np.float64)
    return np.add(wide, np.float32(c), out=wide).astype(np.float32)


def polynomial(coefficients: tuple[float, ...], x: Any) -> Any:
    """Horner's scheme, highest power first."""
    y: Any = np.float32(coefficients[0])
    for c in coefficients[1:]:
        y = fma(x, y, c)
    return y


def log32(x: Any) -> Any:
    """The natural logarithm of positive float32 numbers."""
    mantissa, exponent = np.frexp(x)  # x = mantissa * 2^exponent, mantissa in [1/2, 1)
    low = mantissa < np.float32(np.sqrt(0.5))
    m = np.where(low, mantissa + mantissa, mantissa) - np.float32(1)
    e = (exponent - low).astype(np.float32)
    square = m * m
    y = fma(polynomial(LOG_POLYNOMIAL, m) * m, square, e * np.float32(LOG_2[0]))
    return fma(e, LOG_2[1], m + fma(square, -0.5, y))


def sin_cos32(x: Any) -> tuple[Any, Any]:
    """Sine and cosine of float32 angles from 0 to 2 pi."""
    octant = (x * np.float32(4 / np.pi)).astype(np.int32)
    octant = (octant + 1) & ~1  # the nearest even one; its angle is taken off x
    for part in MINUS_QUARTER_PI:
        x = fma(octant.astype(np.float32), part, x)
    square = x * x
    cos = polynomial(COS_POLYNOMIAL, square) * square
    cos = fma(cos, square, square * np.float32(-0.5)) + np.float32(1)
    sin = fma(polynomial(SIN_POLYNOMIAL, square) * square, x, x)
    swap = (octant & 2) != 0  # in these quarters sine and cosine change places
    sin, cos = np.where(swap, cos, sin), np.where(swap, sin, cos)
    sin *= (1 - ((octant & 4) >> 1)).astype(np.float32)  # the halves where it is negative
    cos *= (1 - (((octant + 2) & 4) >> 1)).astype(np.float32)
    return sin, cos


def unpredictable() -> int:
    """A seed from the system's own source of randomness."""
    return int.from_bytes(os.urandom(8)) >> 1
