"""What an index means, as in PyTorch: which dimension picked places go to, and what a list is."""

import warnings

import numpy as np
import pytest
from drawn_indices import draw_index, outcome, same

import minigrad


def picked(m, index):
    x = m.arange(24).reshape(2, 3, 4)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return eval(f"x[{index}]", {"x": x, "m": m})


SHAPES = {
    "0, :, m.tensor([0, 1])": (3, 2),  # NumPy: (2, 3)
    ":, 0, :, m.tensor([0, 1])": IndexError,
    ":, 0, m.tensor([0, 1])": (2, 2),
    "0, :, True": (3, 1, 4),
    "0, :, False": (3, 0, 4),
    "True": (1, 2, 3, 4),
    "True, [0, 1]": (2, 3, 4),
    "..., True": (2, 3, 4, 1),
    "[0, 1], None, [0, 1]": (2, 1, 4),
    "m.tensor(1, dtype=m.uint8), :, [0]": (1, 2, 4),
    "m.tensor([1, 0], dtype=m.uint8)": (1, 3, 4),
    "[[0, 1], [1, 2]]": (2, 4),  # x[[0, 1], [1, 2]]
    "[[0, 1]]": (2, 3, 4),
    "[None, 0]": (1, 3, 4),
    "[[]]": (0, 3, 4),
    "[m.tensor(0), m.tensor(1)]": (4,),
    "[[0, 1], [1, 2]],": IndexError,
    "[[0]] * 40": (40, 1, 3, 4),
    "(0, 1),": (2, 3, 4),
    "np.array([[0, 1], [1, 0]])": NameError,
    "m.tensor([0, 1], dtype=m.int16)": IndexError,
    "[0, 1], m.tensor([[True, False, True, True]] * 3)": IndexError,
    "..., 0, ...": (2, 3),
    "..., 0, ..., 0": IndexError,
}


@pytest.mark.parametrize("index", SHAPES)
def test_shape_of_an_index(m, index):
    want = SHAPES[index]
    if not isinstance(want, tuple):
        with pytest.raises(want):
            picked(m, index)
        return
    assert tuple(picked(m, index).shape) == want


def test_a_list_of_lists_is_a_tuple_when_written_to(m):
    x = m.zeros(3, 3)
    with warnings.catch_warnings(record=True) as seen:
        warnings.simplefilter("always")
        x[[[0, 1], [1, 2]]] = 1
    assert x.tolist() == [[0, 1, 0], [0, 0, 1], [0, 0, 0]]
    assert "non-tuple sequence" in str(seen[0].message)


def test_a_mask_of_uint8_is_a_mask_and_warns_once(m):
    x, mask = m.arange(3.0), m.tensor([1, 0, 1], dtype=m.uint8)
    with warnings.catch_warnings(record=True) as seen:
        warnings.simplefilter("always")
        assert x[mask].tolist() == [0.0, 2.0]
    assert [str(w.message)[:30] for w in seen] == ["indexing with dtype torch.uint8"[:30]]


def test_an_integer_beside_a_list_cuts_first_when_written_to(m):
    x = m.zeros(2, 3, 4, requires_grad=True)
    y, v = x * 1, m.arange(6.0).reshape(3, 2).requires_grad_()
    y[0, :, m.tensor([1, 3])] = v
    (y * m.arange(24.0).reshape(2, 3, 4)).sum().backward()
    assert y[0].tolist() == [[0, 0, 0, 1], [0, 2, 0, 3], [0, 4, 0, 5]]
    assert v.grad.tolist() == [[1, 3], [5, 7], [9, 11]]
    assert x.grad[0, 0].tolist() == [0, 0, 2, 0]


def test_index_put_takes_tensors_and_no_none(m):
    x = m.zeros(2, 3)
    with pytest.raises(TypeError):
        x.index_put((None, m.tensor([0])), m.tensor(5.0))
    assert x.index_put((m.tensor(1),), m.tensor(5.0)).tolist() == [[0, 0, 0], [5, 5, 5]]
    assert x.index_put((m.tensor(True),), m.tensor(5.0)).tolist() == [[5, 5, 5], [5, 5, 5]]


def test_nothing_may_be_written_where_there_is_nothing(m):
    empty = m.zeros(2, 0)
    empty[:, :] = 1
    empty.expand(3, 2, 0).mul_(2)
    assert empty.expand_as(empty).add_(1).shape == (2, 0)


def test_views_without_repeated_memory_may_be_written_to(m):
    x = m.zeros(2)
    x.expand_as(x).add_(1)
    x.expand(3, 2)[0].add_(1)
    assert x.tolist() == [2.0, 2.0]
    with pytest.raises(RuntimeError, match="single memory location"):
        x.expand(3, 2).add_(1)


@pytest.mark.parametrize("use", ["read", "fill", "write", "add", "scale"])
def test_drawn_indices_agree_with_pytorch(torch, use):
    import minigrad

    rng = np.random.default_rng(13)
    tried = 0
    for _ in range(250):
        shape, index = draw_index(rng)
        ours, theirs = (outcome(lib, shape, index, use) for lib in (minigrad, torch))
        assert same(ours, theirs), f"{use} {shape} [{index}]: {ours}\nPyTorch: {theirs}"
        tried += not isinstance(theirs, str)
    assert tried > 100


def test_a_part_of_a_real_tensor_takes_the_real_part_of_a_complex_one():
    x = minigrad.zeros(4, 3, dtype=minigrad.int32)
    x[:, 1:3] = minigrad.tensor([2 + 1j, 3 - 1j])
    assert x.sum(0).tolist() == [0, 8, 12]
    x[:, 1:1] = minigrad.zeros(0, dtype=minigrad.complex64)
    assert x[2:].storage_offset() == 6 and x[:, 1:1].storage_offset() >= 0
