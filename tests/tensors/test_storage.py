"""set_, is_set_to: tensors that look at other memory. In minigrad as in PyTorch."""

import sys

import pytest


def test_set_takes_the_memory_of_another_tensor(m):
    x = m.arange(6.0)
    y = m.zeros(2)
    assert y.set_(x) is y and y.tolist() == x.tolist() and y.is_set_to(x)
    y[0] = 9.0
    assert x[0].item() == 9.0
    z = m.zeros(0).set_(x.untyped_storage(), 1, (2, 2), (2, 1))
    assert z.tolist() == [[1.0, 2.0], [3.0, 4.0]] and not z.is_set_to(x)
    assert m.ones(3).set_().shape == (0,)


def test_set_refuses_another_dtype(m):
    with pytest.raises(RuntimeError, match="Could not set tensor of type"):
        m.zeros(2).set_(m.ones(2, dtype=m.int64))


def test_a_storage_knows_its_size(m):
    sizes = [sys.getsizeof(m.ones(n).untyped_storage()) for n in (5, 10)]
    assert sizes[1] - sizes[0] == 5 * 4


def test_sizes_stay_sizes(m):
    s = m.Size([2, 3])
    assert type((1, *s)) is tuple
    for made in ((1,) + s, s + (1,), s * 2, 2 * s, s[:1], m.Size([m.tensor(2), 3])):
        assert type(made) is m.Size
    for wrong in ([1.5], m.ones(2)):
        with pytest.raises(TypeError, match=r"torch.Size\(\) takes an iterable of 'int'"):
            m.Size(wrong)
    with pytest.raises(TypeError, match="can only concatenate tuple"):
        s + [1]
