"""Views of memory: which writes are let through, other dtypes, set_, resize_."""

import pytest

import minigrad as mg


@pytest.mark.parametrize("text", [
    "x.expand_as(x).mul_(2)", "x.expand(3, 1).add_(1)", "x.expand(3, 2)[:, 0].add_(1)",
    "x.expand(3, 2)[0, 0].add_(1)", "x.expand(3, 0).add_(1)", "x.expand(3, 2).t()[0].add_(1)",
    "mg.zeros(0, 3).expand(2, 0, 3).add_(1)", "mg.broadcast_tensors(x, x)[0].add_(1)",
    "x.expand(3, 2).fill_(1)", "x.expand(3, 2).zero_()", "x.__setitem__((slice(1, 1), 0), 2)",
])  # fmt: skip
def test_what_has_no_two_elements_in_one_place_is_written(text):
    eval(text, {"x": mg.ones(3, 1), "mg": mg})


@pytest.mark.parametrize("text", [
    "x.expand(3, 2).add_(1)", "x.expand(3, 2).normal_()", "x.expand(3, 2)[0].add_(1)",
    "x.expand(3, 2).__setitem__(0, 1)", "mg.zeros(4).unfold(0, 2, 1).add_(1)",
    "mg.zeros(4).as_strided((2, 2), (1, 1)).add_(1)", "x.expand(3, 2).scatter_(0, k[None], 1.)",
])  # fmt: skip
def test_one_place_for_several_elements_is_refused(text):
    with pytest.raises(RuntimeError, match="more than one element of the written-to tensor"):
        eval(text, {"x": mg.ones(3, 1), "mg": mg, "k": mg.tensor([0])})


@pytest.mark.parametrize("text", [
    "k.index_put_((k,), k.clone())", "k.index_fill_(0, k, 0)", "y[:4].addcmul_(y[1:5], y[4:])",
    "m[1:].masked_fill_(m[:-1], False)", "y.index_put_((k,), y[:3])", "y[1:].add_(y[:-1])",
])  # fmt: skip
def test_what_reads_what_it_has_overwritten_is_refused(text):
    names = {"k": mg.tensor([2, 1, 0]), "y": mg.arange(8.0), "m": mg.tensor([True, False, True])}
    with pytest.raises(RuntimeError, match="some elements of the input tensor and the written-to"):
        eval(text, names)


def test_masked_scatter_reads_number_by_number_what_it_writes():
    y = mg.arange(6.0)
    y.masked_scatter_(mg.tensor([True, False, True, True, False, False]), y)
    assert y.tolist() == [0, 1, 1, 1, 4, 5]


def test_one_element_of_overlapping_windows():
    t = mg.ones(10)
    windows = t.unfold(0, 3, 2)
    windows[1, 0] = 0
    assert t[2] == 0 and windows[0, 2] == 0
    with pytest.raises(RuntimeError, match="more than one element"):
        windows.add_(1)  # still


@pytest.mark.parametrize(("text", "words"), [
    ("mg.tensor(1.0).view(mg.float64)", r"self.dim\(\) cannot be 0"),
    ("mg.ones(4, 4).t().view(mg.float64)", r"self.stride\(-1\) must be 1"),
    ("mg.ones(4, 3).view(mg.float64)", r"self.size\(-1\) must be divisible by 2"),
    ("mg.ones(4, 4)[:, 1:3].view(mg.float64)", r"self.storage_offset\(\) must be divisible by 2"),
    ("mg.ones(8).as_strided((2, 2), (3, 1)).view(mg.float64)", r"self.stride\(0\) must be div"),
    ("mg.view_as_complex(mg.ones(2, 2).t())", "a last dimension with stride 1"),
    ("mg.view_as_complex(mg.ones(9).as_strided((2, 2), (3, 1)))", "a stride divisible by 2"),
    ("mg.ones(2).mT", "only supported on matrices"),
    ("mg.ones(()).resize_(2, 4, 2**29, 2**30)", "Storage size calculation overflowed"),
    ("mg.ones(3).set_(mg.ones(2).double())", "Could not set tensor of type double to a tensor"),
    ("mg.ones(3).set_(mg.ones(2).double().storage())", "Could not set tensor of type double"),
])  # fmt: skip
def test_memory_that_cannot_be_seen_so(text, words):
    with pytest.raises(RuntimeError, match=words):
        eval(text)


def test_the_same_memory_as_another_dtype():
    x = mg.arange(12.0).view(3, 4)
    bits = x.t().view(mg.int32)
    assert bits.stride() == (1, 4) and bits.data_ptr() == x.data_ptr()
    bits.zero_()
    assert (x == 0).all() and x._version == 1
    assert x.view(mg.complex64).shape == (3, 2) and x[:, ::2].view(mg.int32).stride() == (4, 2)
    z = mg.arange(24.0).view(3, 4, 2).transpose(0, 1)
    assert mg.view_as_complex(z).stride() == (1, 4) and mg.view_as_complex(z)._is_view()
    assert mg.view_as_real(mg.view_as_complex(z)).stride() == (2, 8, 1)


def test_zero_dimensions():
    x = mg.tensor(2.0)
    assert x.mT is x and x.movedim(0, 0) == 2 == x.swapaxes(0, 0) and x.swapaxes(0, 0)._is_view()


def test_parts_of_complex_numbers_are_assigned():
    x = mg.ones(2, dtype=mg.complex64)
    x.real = 0
    x.imag = mg.tensor([3.0, 4.0])
    assert x.tolist() == [3j, 4j]
    x.real = mg.tensor([1 + 5j, 2])
    assert x.tolist() == [1 + 3j, 2 + 4j]


def test_set_and_is_set_to():
    source = mg.arange(6.0).view(2, 3)
    x = mg.zeros(1)
    assert x.set_(source) is x and x.is_set_to(source) and source.is_set_to(x)
    x[0, 0] = 7
    assert source[0, 0] == 7 and x._version == 2
    assert x.set_(source.storage(), 1, (2, 2), (3, 1)).tolist() == [[1, 2], [4, 5]]
    assert x.set_(source.untyped_storage()).shape == (6,) and x.set_().shape == (0,)
    assert not source.is_set_to(source.t()) and not mg.tensor([]).is_set_to(mg.tensor([]))
    with pytest.raises(RuntimeError, match="a leaf Variable that requires grad"):
        mg.ones(2, requires_grad=True).set_(source)


def test_resize_in_a_memory_format():
    x = mg.arange(24.0).resize_((1, 2, 3, 4), memory_format=mg.channels_last)
    assert x.stride() == (24, 1, 8, 2) and x.storage().tolist() == list(range(24))
    flat = mg.zeros(24).resize_as_(x, memory_format=mg.preserve_format)
    assert flat.is_contiguous(memory_format=mg.channels_last)
    y = mg.zeros(2, 3).t()
    assert y.resize_as_(y).stride() == (1, 3)


def test_copies_of_views_and_results_that_are_no_views():
    x = mg.arange(4.0).requires_grad_()
    y = mg.view_copy(x, (2, 2))
    assert not y._is_view() and y.tolist() == [[0, 1], [2, 3]]
    y.sum().backward()
    assert x.grad.tolist() == [1, 1, 1, 1]
    assert not mg.kron(x, x)._is_view()
    assert not mg.tensor(4).index_fill(0, mg.tensor(0), 2)._is_view()
    assert mg.resolve_conj(x) is x and mg.resolve_neg(x) is x
