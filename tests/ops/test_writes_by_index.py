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
