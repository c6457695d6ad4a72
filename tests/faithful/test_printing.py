"""Tensors print as PyTorch prints them, byte for byte."""

import threading

import numpy as np
import pytest
from golden_files import read_golden
from hypothesis import given, settings
from hypothesis import strategies as st
from printing_cases import CASES, Case, torch_text

from minigrad.faithful import printing

DTYPES = [
    "bool", "uint8", "int8", "int16", "int32", "int64", "uint16", "uint32", "uint64",
    "float16", "float32", "float64", "complex64", "complex128",
]  # fmt: skip


@pytest.fixture(scope="module")
def judge():
    """PyTorch, for a module: hypothesis runs one function many times."""
    return pytest.importorskip(
        "torch", reason="compares with PyTorch: `pip install torch` to run this test"
    )


@pytest.fixture(autouse=True)
def options_stay():
    """No test may leave other print options behind."""
    before = printing.get_printoptions()
    yield
    assert printing.get_printoptions() == before


def our_text(case):
    with printing.printoptions(**case.options):
        return printing.format_tensor(
            case.numpy(),
            grad_fn=case.grad_fn,
            requires_grad=case.requires_grad,
            prefix=case.prefix(),
            default_dtype=case.default_dtype,
        )


# --- committed texts -------------------------------------------------------------------------

TEXTS = read_golden("printing.json")["texts"]


def test_every_case_has_its_text():
    assert list(TEXTS) == list(CASES)


@pytest.mark.parametrize("name", CASES)
def test_golden(name):
    assert our_text(CASES[name]) == TEXTS[name]


def test_the_text_of_a_tensor_does_not_depend_on_its_strides():
    array = np.sin(np.arange(12.0)).reshape(3, 4).astype(np.float32)
    turned = np.ascontiguousarray(array.T).T
    backwards = np.ascontiguousarray(array[::-1])[::-1]
    assert printing.format_tensor(turned) == printing.format_tensor(array)
    assert printing.format_tensor(backwards) == printing.format_tensor(array)


def test_printing_does_not_touch_the_array():
    array = np.linspace(-1, 1, 1200).reshape(40, 30)
    array.flags.writeable = False
    before = array.copy()
    printing.format_tensor(array)
    assert np.array_equal(array, before)


# --- side by side with PyTorch ---------------------------------------------------------------


@st.composite
def numbers(draw, count):
    """Floats that meet every rule: whole or not, near or far, zeros, subnormals, huge, special."""
    rng = np.random.default_rng(draw(st.integers(0, 2**32 - 1)))
    center, spread = draw(st.integers(-330, 310)), draw(st.sampled_from([0, 1, 3, 8, 40, 300]))
    if draw(st.booleans()):
        center, spread = draw(st.integers(-6, 10)), min(spread, 8)
    with np.errstate(over="ignore", under="ignore"):
        exponents = rng.uniform(center - spread / 2, center + spread / 2, count)
        values = rng.choice([-1.0, 1.0], count) * 10.0**exponents
    if draw(st.booleans()):
        values = np.round(values)
    special = draw(st.lists(st.sampled_from([0.0, -0.0, np.nan, np.inf, -np.inf]), max_size=4))
    if special:
        share = draw(st.sampled_from([0.1, 0.5, 1.0]))
        values = np.where(rng.random(count) < share, rng.choice(special, count), values)
    return values


@st.composite
def arrays(draw):
    shape = tuple(draw(st.lists(st.integers(0, 9), max_size=4)))
    if draw(st.booleans()):
        shape = (draw(st.integers(1, 60)),)  # several lines
    count = int(np.prod(shape))
    dtype = np.dtype(draw(st.sampled_from(DTYPES + 4 * ["float32", "float64"])))
    if dtype.kind in "bui":
        rng = np.random.default_rng(draw(st.integers(0, 2**32 - 1)))
        flat = np.frombuffer(rng.bytes(count * dtype.itemsize), dtype)
        flat = flat.view(np.uint8) % 2 == 1 if dtype.kind == "b" else flat
        return flat.reshape(shape)
    with np.errstate(over="ignore", under="ignore"):
        if dtype.kind == "f":
            return draw(numbers(count)).astype(dtype).reshape(shape)
        array = np.empty(count, dtype)
        array.real, array.imag = draw(numbers(count)), draw(numbers(count))
        return array.reshape(shape)


OPTIONS = {
    "precision": st.sampled_from([0, 1, 2, 4, 8]),
    "threshold": st.sampled_from([0, 5, 50, 1000]),
    "edgeitems": st.integers(0, 4),
    "linewidth": st.integers(1, 150),
    "profile": st.sampled_from(["default", "short", "full"]),
    "sci_mode": st.sampled_from([None, True, False]),
}


@st.composite
def cases(draw):
    array = draw(arrays())
    case = Case(array, array.dtype.name)
    case.options = draw(st.just({}) | st.fixed_dictionaries({}, optional=OPTIONS))
    case.default_dtype = draw(st.sampled_from(["float32", "float32", "float64", "float16"]))
    if array.dtype.kind in "fc":
        case.grad_fn = draw(
            st.sampled_from([None, "CloneBackward0", "PermuteBackward0", "UnsafeViewBackward0"])
        )
        case.requires_grad = draw(st.booleans())
    if case.grad_fn is None:
        case.parameter = draw(st.booleans())
    return case


@settings(max_examples=300, deadline=None)
@given(case=cases())
def test_prints_as_pytorch(judge, case):
    assert our_text(case) == torch_text(judge, case)


@settings(max_examples=100, deadline=None)
@given(width=st.integers(1, 110), count=st.integers(1, 12), dtype=st.sampled_from(DTYPES[-4:]))
def test_suffixes_move_as_in_pytorch(judge, width, count, dtype):
    for grad_fn in ("ViewBackward0", "PermuteBackward0"):
        case = Case(np.arange(count), dtype, grad_fn=grad_fn, options={"linewidth": width})
        assert our_text(case) == torch_text(judge, case)


@settings(max_examples=100, deadline=None)
@given(calls=st.lists(st.fixed_dictionaries({}, optional=OPTIONS), max_size=5))
def test_options_follow_pytorch(judge, calls):
    theirs = judge._tensor_str
    with theirs.printoptions(), printing.printoptions():
        for call in calls:
            judge.set_printoptions(**call)
            printing.set_printoptions(**call)
            assert printing.get_printoptions() == theirs.get_printoptions()


@pytest.mark.parametrize("value", [2, -7, True, 2.5, 1e-9, np.float32(0.1), 1 - 2j])
@pytest.mark.parametrize("spec", ["", ".2f", "8.3f", "+.1e", "d", "04d"])
def test_format_scalar_is_pytorchs_format(judge, value, spec):
    array = np.asarray(value)
    try:
        expected = format(judge.from_numpy(array), spec)
    except ValueError as error:
        with pytest.raises(ValueError) as ours:
            printing.format_scalar(array, spec)
        assert str(ours.value) == str(error)
    else:
        assert printing.format_scalar(array, spec) == expected


def test_format_scalar_needs_one_number(judge):
    with pytest.raises(TypeError) as theirs:
        format(judge.ones(3), ".2f")
    with pytest.raises(TypeError) as ours:
        printing.format_scalar(np.ones(3), ".2f")
    assert str(ours.value).startswith(str(theirs.value))
    assert "(3,)" in str(ours.value)


@pytest.mark.parametrize("array", [np.array([None]), np.array(["a"]), np.array([1, 2], "M8[s]")])
def test_unknown_dtypes_are_refused_as_in_pytorch(judge, array):
    with pytest.raises(TypeError) as theirs:
        judge.from_numpy(array)
    with pytest.raises(TypeError) as ours:
        printing.format_tensor(array)
    opening = "The only supported types are: "
    listed = str(theirs.value).partition(opening)[2]
    assert opening + listed in str(ours.value)
    assert str(ours.value).startswith("can't convert np.ndarray of type numpy.")


# --- the options are safe --------------------------------------------------------------------

THIRD = np.array(1 / 3, dtype=np.float32)


def test_set_printoptions_lasts_until_it_is_set_back():
    try:
        printing.set_printoptions(precision=2)
        assert printing.format_tensor(THIRD) == "tensor(0.33)"
    finally:
        printing.set_printoptions(profile="default")
    assert printing.format_tensor(THIRD) == "tensor(0.3333)"


@pytest.mark.parametrize(
    "bad, error, words",
    [
        ({"precision": -1}, ValueError, "precision cannot be -1; try precision=4"),
        ({"precision": 2.5}, TypeError, "precision must be a whole number, not float"),
        ({"edgeitems": "3"}, TypeError, "edgeitems must be a whole number, not str"),
        ({"threshold": "all"}, TypeError, "threshold must be a number, not str"),
        ({"linewidth": float("nan")}, ValueError, "linewidth cannot be nan"),
        ({"profile": "long"}, ValueError, "no profile 'long'; choose 'default', 'short' or 'full'"),
    ],
)
def test_a_bad_option_changes_nothing(bad, error, words):
    before = printing.get_printoptions()
    with pytest.raises(error, match=words):
        printing.set_printoptions(**{"precision": 9, "sci_mode": True, "edgeitems": 1} | bad)
    assert printing.get_printoptions() == before
    with pytest.raises(error, match=words):
        with printing.printoptions(**bad):
            pass
    assert printing.get_printoptions() == before


def test_numpy_integers_are_numbers():
    with printing.printoptions(precision=np.int64(1), threshold=np.float32(5), edgeitems=True):
        assert type(printing.get_printoptions()["edgeitems"]) is int
        assert printing.format_tensor(THIRD) == "tensor(0.3)"


def test_a_line_may_be_infinitely_wide():
    with printing.printoptions(linewidth=float("inf")):
        assert "\n" not in printing.format_tensor(np.arange(500), grad_fn="CloneBackward0")


def test_a_block_ends_with_an_exception():
    with pytest.raises(KeyError):
        with printing.printoptions(precision=1):
            printing.set_printoptions(precision=2)
            assert printing.format_tensor(THIRD) == "tensor(0.33)"
            raise KeyError
    assert printing.format_tensor(THIRD) == "tensor(0.3333)"


def test_blocks_nest():
    with printing.printoptions(precision=1):
        with printing.printoptions(linewidth=10):
            options = printing.get_printoptions()
            assert (options["precision"], options["linewidth"]) == (1, 10)
        options = printing.get_printoptions()
        assert (options["precision"], options["linewidth"]) == (1, 80)


def test_a_call_without_sci_mode_lets_the_numbers_decide_again():
    with printing.printoptions(sci_mode=True):
        printing.set_printoptions(precision=4)
        assert printing.format_tensor(THIRD) == "tensor(0.3333)"


def test_a_block_is_one_threads_own():
    """Two blocks that end in the order in which they began leave nothing behind."""
    inside, leave, seen = threading.Event(), threading.Event(), []

    def other():
        with printing.printoptions(precision=1):
            seen.append(printing.format_tensor(THIRD))
            inside.set()
            assert leave.wait(5)
            seen.append(printing.format_tensor(THIRD))

    thread = threading.Thread(target=other)
    thread.start()
    assert inside.wait(5)
    with printing.printoptions(precision=2):
        leave.set()
        thread.join()
        assert printing.format_tensor(THIRD) == "tensor(0.33)"
    assert seen == ["tensor(0.3)", "tensor(0.3)"]
    assert printing.format_tensor(THIRD) == "tensor(0.3333)"


def test_set_printoptions_reaches_every_thread():
    texts = []
    try:
        printing.set_printoptions(precision=1)
        thread = threading.Thread(target=lambda: texts.append(printing.format_tensor(THIRD)))
        thread.start()
        thread.join()
    finally:
        printing.set_printoptions(profile="default")
    assert texts == ["tensor(0.3)"]
