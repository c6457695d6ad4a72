"""``x[index] = value``: what may share memory, which dtypes fit, and when a view is out of date."""

import pytest

OVERLAP = "unsupported operation: some elements of the input tensor and the written-to tensor"
DTYPES = "Index put requires the source and destination dtypes match"
MASK, PLACE = "m.tensor([True, False, False])", "m.tensor([0])"


@pytest.mark.parametrize(
    "statement, result",
    [
        (f"x[{MASK}] = x[1:2]", [1, 1, 2]),  # one number fills a mask, wherever it lies ...
        (f"x[{MASK}] = m.tensor([5], dtype=m.float64)", [5, 1, 2]),  # ... and in any dtype
        ("x[None] = x", [0, 1, 2]),
        ("x[True] = x", [0, 1, 2]),
        ("x[None, :] = x[1:2]", [1, 1, 1]),
        ("x[::2] *= 2", [0, 1, 4]),
        (f"x.index_put_(({MASK},), m.tensor(7))", [7, 1, 2]),
        (f"x[{PLACE}] = x[1]", OVERLAP),
        (f"x[{MASK}] = x", OVERLAP),
        ("x[m.tensor(True)] = x", OVERLAP),
        ("x[1:] = x[:-1]", OVERLAP),
        (f"x[{PLACE}] = m.tensor(1.0, dtype=m.float64)", DTYPES),
        (f"x[{PLACE}] = m.tensor([1])", DTYPES),
        ("x.index_put((), m.ones(3).double())", DTYPES),
        (f"x.index_put_(({MASK},), m.tensor(7), accumulate=True)", DTYPES),
    ],
)
def test_what_may_be_written(m, statement, result):
    x = m.arange(3.0)
    if isinstance(result, str):
        with pytest.raises(RuntimeError, match=result):
            exec(statement, {"m": m, "x": x})
        result = [0, 1, 2]
    else:
        exec(statement, {"m": m, "x": x})
    assert x.tolist() == result


@pytest.mark.parametrize("index", ["i[i]", "b[b]"])
def test_an_index_may_not_be_what_is_written(m, index):
    given = {"i": m.tensor([1, 0]), "b": m.tensor([True, False])}
    with pytest.raises(RuntimeError, match=OVERLAP):
        exec(f"{index} = {index[0]}", given)


def test_imaginary_numbers_are_true(m):
    x = m.zeros(2, dtype=m.bool)
    x[...] = m.tensor(1j)
    assert x.tolist() == [True, True]


def test_one_of_several_views_after_a_write_behind_it(m):
    w = m.ones(2, requires_grad=True)
    first, _ = w.unbind()
    w.detach().zero_()
    assert first.requires_grad
    with pytest.raises(RuntimeError, match="Output 0 of U"):
        _ = first * 2


def test_a_view_of_what_is_made_a_leaf_later(m):
    base = m.ones(2)
    view = base[:1]
    base.requires_grad_()
    assert view.requires_grad and view.is_leaf


def test_a_parameter_counts_the_writes_to_its_data(m):
    data = m.ones(2)
    parameter = m.nn.Parameter(data)
    data.mul_(2)
    with m.no_grad():
        parameter.mul_(2)
    assert (data._version, parameter._version) == (2, 2)


@pytest.mark.parametrize("leaf", [True, False])
def test_several_views_are_written_under_no_grad_again_and_again(m, leaf):
    w = m.ones(4, requires_grad=True)
    w = w if leaf else w * 1
    first, second = w.chunk(2)
    with m.no_grad():
        first.zero_()
        second.add_(1)
        first.add_(3)
        first[0] = 5
    assert w.tolist() == [5, 3, 2, 2]


def test_other_memory_in_inference_mode(m):
    with m.inference_mode():
        x = m.ones(2)
        assert x.set_(m.zeros(3)).tolist() == [0, 0, 0]


def test_other_memory_is_a_write_to_what_was_shared(m):
    x = m.ones(2)
    view = x[:1]
    view.set_(view)
    assert (x._version, view._version) == (1, 1)


def test_a_function_gives_an_inference_tensor_back(m):
    class Both(m.autograd.Function):
        @staticmethod
        def forward(ctx, x, w):
            return x, w * 2

        @staticmethod
        def backward(ctx, g, h):
            return g, h

    with m.inference_mode():
        x = m.ones(2)
    _, doubled = Both.apply(x, m.ones(2, requires_grad=True))
    assert doubled.tolist() == [2, 2]


def test_a_number_picked_or_scattered_is_no_view(m):
    x, place = m.tensor(3.0), m.tensor(0)
    for result in (x.gather(0, place), x.scatter(0, place, 1.5), x.scatter_add(0, place, x)):
        assert not result._is_view()


def test_slopes_beside_infinity_and_differences_of_nothing(m):
    x = m.tensor([1.0, float("inf"), 2.0, 3.0])
    assert m.gradient(x)[0].tolist() == [float("inf"), 0.5, -float("inf"), 1.0]
    nothing = m.zeros(2, 0, requires_grad=True)
    assert nothing.diff(dim=1).is_leaf
