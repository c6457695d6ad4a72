"""torch._check and its like."""

import pytest


def test_what_is_not_true_is_refused(m):
    m._check(True)
    for check, error in ((m._check, RuntimeError), (m._check_index, IndexError),
                         (m._check_value, ValueError), (m._check_type, TypeError),
                         (m._check_not_implemented, NotImplementedError)):  # fmt: skip
        with pytest.raises(error, match="no good"):
            check(False, lambda: "no good")
        with pytest.raises(error, match="Expected cond to be True"):
            check(False)
    with pytest.raises(TypeError, match="cond must be a bool"):
        m._check(0)
    m._check_tensor_all(m.tensor([True, True]))
    with pytest.raises(RuntimeError):
        m._check_tensor_all(m.tensor([True, False]))


def test_assert_async_wants_one_number_that_is_not_zero(m):
    m._assert_async(m.tensor(1))
    with pytest.raises(RuntimeError, match="Expected Tensor with single nonzero value"):
        m._assert_async(m.tensor(0))
    with pytest.raises(RuntimeError, match="Boolean value of Tensor with no values"):
        m._assert_async(m.empty(0))
