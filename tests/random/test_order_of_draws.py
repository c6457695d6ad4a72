"""Random numbers fill a tensor's memory in its order, as in PyTorch."""

import layouts
import numpy as np
import pytest

import minigrad as mg


def test_a_transposed_tensor_is_filled_along_its_memory():
    mg.manual_seed(0)
    x = mg.randn_like(mg.ones(3, 4).t())
    mg.manual_seed(0)
    assert x.stride() == (1, 4) and (x.t() == mg.randn(3, 4)).all()
    mg.manual_seed(0)
    y = mg.rand_like(mg.ones(4, 5).t(), memory_format=mg.contiguous_format)
    mg.manual_seed(0)
    assert (y == mg.rand(5, 4)).all()


def test_sixteen_normal_numbers_or_more_are_drawn_in_blocks_only_row_by_row():
    mg.manual_seed(0)
    rows = mg.empty(4, 5).normal_()
    mg.manual_seed(0)
    columns = mg.empty(5, 4).t().normal_()
    mg.manual_seed(0)
    one_by_one = mg.stack([mg.randn(()) for _ in range(20)])
    assert (columns.t().flatten() == one_by_one).all() and not (rows == columns).all()


@pytest.mark.parametrize(("text", "first"), [
    ("mg.empty(3).cauchy_()", [10.5978, 0.7648, -0.1283]),
    ("mg.empty(3).cauchy_(1, 2)", [22.1955, 2.5295, 0.7434]),
    ("mg.empty(3).log_normal_(1, 2)", [59.263, 1.5116, 0.034819]),
    ("mg.empty(3).geometric_(0.5)", [1, 1, 2]),
    ("mg.empty(3, dtype=mg.int64).geometric_(0.5)", [1, 1, 2]),
    ("mg.bernoulli(mg.zeros(3), 0.5)", [0, 0, 1]),
])  # fmt: skip
def test_further_distributions_have_pytorchs_numbers(text, first):
    mg.manual_seed(0)
    assert eval(text).tolist() == pytest.approx(first, rel=1e-4)


@pytest.mark.parametrize(("text", "error", "words"), [
    ("mg.empty(3).cauchy_(0, -1)", RuntimeError, "cauchy_ expects sigma > 0.0"),
    ("mg.zeros(3, dtype=mg.int64).cauchy_()", RuntimeError, "continuous probability distribution"),
    ("mg.empty(3).log_normal_(1, -1)", RuntimeError, "log_normal_ expects std > 0.0"),
    ("mg.zeros(3, dtype=mg.int64).log_normal_()", NotImplementedError, "log_normal_cpu"),
    ("mg.empty(3).geometric_(1.5)", RuntimeError, r"expects p to be in \(0, 1\), but got p=1.5"),
    ("mg.zeros(3, dtype=mg.bool).geometric_(0.5)", NotImplementedError, "geometric_cpu"),
])  # fmt: skip
def test_what_has_no_meaning_is_refused(text, error, words):
    with pytest.raises(error, match=words):
        eval(text)


DRAWS = """torch.rand_like(x) torch.randn_like(x) torch.randint_like(x,9) x.normal_(1,2) x.uniform_(1,2)
    x.random_(5) x.bernoulli_(x*0+0.4) x.cauchy_() x.geometric_(0.3) x.log_normal_()
    F.dropout(x,0.3) F.alpha_dropout(x,0.3,True) F.dropout2d(x,0.3) F.feature_alpha_dropout(x,0.3,True)
    x.double().normal_() torch.randn_like(x,dtype=torch.complex64)
    torch.randn_like(x,memory_format=torch.contiguous_format)""".split()  # fmt: skip # noqa: E501


@pytest.mark.parametrize("text", DRAWS)
@pytest.mark.filterwarnings("ignore")
def test_drawn_numbers_are_pytorchs_in_every_order_of_memory(text):
    torch = pytest.importorskip("torch", reason="PyTorch is not installed")
    for name in layouts.layouts(mg):
        results = []
        for T in (torch, mg):
            T.manual_seed(3)
            x = layouts.layouts(T)[name]
            try:
                y = eval(text, {"x": x, "torch": T, "F": T.nn.functional})
                results.append((y.numpy(), T.rand(2).numpy()))
            except RuntimeError as error:
                results.append(str(error)[:40])
        theirs, ours = results
        if isinstance(theirs, str):
            assert ours == theirs, name
        else:
            np.testing.assert_allclose(ours[0], theirs[0], 1e-5, 1e-6, err_msg=name)
            np.testing.assert_array_equal(ours[1], theirs[1], err_msg=name)
