"""``linspace`` to the last bit, in every dtype."""

import numpy as np
import pytest

import minigrad as mg

# What PyTorch 2.13 gives; a multiplication and an addition that round twice give other last bits.
SEVEN = [-1.0, -0.6666666269302368, -0.3333333134651184, -2.9802322387695312e-08,
         0.3333333134651184, 0.6666666269302368, 1.0]  # fmt: skip


def test_a_multiply_add_rounds_once():
    assert mg.linspace(-1, 1, 7).tolist() == SEVEN
    step = np.float32(2.0) / np.float32(99)
    below = (np.float64(-1) + np.float64(step) * np.arange(50)).astype(np.float32)
    assert np.array_equal(mg.linspace(-1, 1, 100)[:50].numpy(), below)


def test_whole_numbers_begin_and_end_at_whole_numbers():
    assert mg.linspace(-3.5, 8, 9, dtype=mg.int64).tolist() == [-3, -1, 0, 1, 2, 3, 5, 6, 8]


@pytest.mark.parametrize("dtype", "float16 float32 float64 int32 int64 uint8".split())
def test_every_bit_is_pytorchs(torch, dtype):
    rng = np.random.RandomState(0)
    for _ in range(100):
        low, high = rng.uniform(-5, 5, 2) if "float" in dtype else rng.uniform(0, 100, 2)
        steps = int(rng.randint(0, 300))
        ours, theirs = (
            m.linspace(low, high, steps, dtype=getattr(m, dtype)) for m in (mg, torch)
        )  # fmt: skip
        assert np.array_equal(ours.numpy(), theirs.numpy()), (low, high, steps)
