"""The dtype that ``tensor(...)`` and ``as_tensor(...)`` tell from data of several kinds."""

import numpy as np
import pytest


def scalars(m):
    return {
        "np": np,
        "f8": m.tensor(1.5, dtype=m.float64),
        "i4": m.tensor(3, dtype=m.int32),
        "f2": m.tensor(1.0, dtype=m.float16),
        "u1": m.tensor(3, dtype=m.uint8),
        "b": m.tensor(True),
        "c": m.tensor(1j),
        "one": m.tensor([5], dtype=m.int16),
        "v": m.tensor([1.0, 2.0], dtype=m.float64),
    }


# Tensors and NumPy's numbers keep their dtype among Python's, and promote as tensors with axes do.
DTYPES = {
    "[f8]": "float64", "[i4]": "int32", "[f2]": "float16", "[u1]": "uint8", "[b]": "bool",
    "[c]": "complex64", "[f8, 1.0]": "float64", "[1.0, f8]": "float64", "[f2, 1.0]": "float32",
    "[f2, 1]": "float16", "[f2, i4]": "float16", "[i4, 1]": "int64", "[i4, 1.5]": "float32",
    "[b, 1]": "int64", "[u1, b]": "uint8", "[c, f8]": "complex128", "[[f8], [f8]]": "float64",
    "(f8,)": "float64", "[v[0], v[1]]": "float64", "[one]": "int16", "[i4, f8]": "float64",
    "[np.float64(1)]": "float64", "[np.float32(1)]": "float32", "[np.float32(1), 1.0]": "float32",
    "[np.int8(1), 1]": "int64", "[np.float64(1), f8]": "float64", "np.int16(2)": "int16",
    "[np.array([1, 2], dtype=np.int32)]": "int32", "[[np.array([1.0])], [[2.0]]]": "float64",
    "[True, 2]": "int64", "[1, 2.5]": "float32", "[1, 2j]": "complex64", "[[], []]": "float32",
    "[range(2), range(2)]": "int64", "bytearray(b'ab')": "int64", "[[1], [2.5]]": "float32",
}  # fmt: skip


@pytest.mark.parametrize("data", DTYPES)
@pytest.mark.filterwarnings("ignore:Creating a tensor from a list")
@pytest.mark.parametrize("function", ["tensor", "as_tensor"])
def test_dtype_told_from_data(m, function, data):
    made = getattr(m, function)(eval(data, scalars(m)))
    assert str(made.dtype) == "torch." + DTYPES[data]


def test_a_default_dtype_is_for_python_numbers_only(m):
    m.set_default_dtype(m.float64)
    try:
        assert m.tensor([1.0, np.float32(2)]).dtype == m.float64
        assert m.tensor([np.float32(2)]).dtype == m.float32
        assert m.tensor([1j]).dtype == m.complex128
    finally:
        m.set_default_dtype(m.float32)


@pytest.mark.parametrize("dtype", [None, "float32"])
def test_a_tensor_of_several_numbers_is_no_number(m, dtype):
    v = m.tensor([1.0, 2.0])
    with pytest.raises(ValueError, match="only one element tensors can be converted"):
        m.tensor([v, v], dtype=dtype and getattr(m, dtype))
