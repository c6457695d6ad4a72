"""Exercises: what is right is accepted, what is wrong is explained, nothing is given away."""

import base64
import doctest
import json
import re
import threading
from html.parser import HTMLParser

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from places import ROOT

import minigrad as mg

RIGHT = [[1.0, 2.0, 3.0], [4.0, 5.0, 6.0]]


def both(answer, **options):
    """The exercise with the plain answer and with the sealed one."""
    yield mg.exercise("Both", answer=answer, **options)
    yield mg.exercise("Both", answer=mg.exercise.seal(answer), **options)


# --- right answers -------------------------------------------------------------------------------


@pytest.mark.parametrize("answer", [
    RIGHT, tuple(map(tuple, RIGHT)), np.array(RIGHT), np.array(RIGHT, dtype=int),
    mg.tensor(RIGHT), mg.tensor(RIGHT, dtype=mg.float64, requires_grad=True) * 1,
    [mg.tensor([1.0, 2.0, 3.0]), mg.tensor([4.0, 5.0, 6.0])], np.array(RIGHT) + 1e-8,
])  # fmt: skip
def test_numbers_are_right_in_any_container(answer):
    for ex in both(mg.tensor(RIGHT)):
        result = ex.check(answer)
        assert result and result.correct and ex.tries == 0
        ex.grade(answer)


@pytest.mark.parametrize("right, wrong", [
    (6.0, 6.1), (0, 1), (-2, 2), (1 + 2j, 1 - 2j), (True, False), ("chain rule", "chain"),
    ([True, False], [True, True]), ([1, 2], [2, 1]),
    ({"w": 1.0, "b": [2.0]}, {"w": 1.0, "b": [3.0]}),
    ([mg.ones(2), mg.ones(3)], [mg.ones(2), mg.zeros(3)]), (float("inf"), -float("inf")),
    ([1.0, float("nan")], [1.0, 2.0]), ([1.0, 2.0], [1.0, float("nan")]), (1e-30, 1.0), (0.0, 0.01),
])  # fmt: skip
def test_right_and_wrong(right, wrong):
    for ex in both(right):
        assert ex.check(right) and not ex.check(wrong)


def test_another_librarys_tensor(torch):
    ex = mg.exercise("T", answer=mg.tensor(RIGHT))
    assert ex.check(torch.tensor(RIGHT, requires_grad=True))


def test_an_answer_that_is_computed_when_it_is_needed():
    calls = []
    ex = mg.exercise("Later", answer=lambda: calls.append(1) or 4.0)
    assert not calls
    assert ex(4) and not ex(5) and len(calls) == 2


@given(st.floats(-1e6, 1e6), st.floats(0.0, 0.99))
def test_sealed_numbers_within_a_step_are_always_right(value, part):
    step = 2.0 ** np.floor(np.log2(1e-3 * abs(value) or 1e-3))
    ex = mg.exercise("S", answer=mg.exercise.seal(value))
    assert ex.check(value + part * step) and ex.check(value - part * step)
    assert not ex.check(value + 2.01 * step) and not ex.check(value - 2.01 * step)


@given(st.integers(-(10**15), 10**15), st.integers(1, 3))
def test_whole_numbers_must_be_equal(right, off):
    for ex in both(right):
        assert ex.check(right) and not ex.check(right + off)
        assert ex.check(mg.tensor([right])[0]) and not ex.check(mg.tensor(right - off))
        assert ex.check(float(right))  # a number with a point is compared as such
    for ex in both([right, right + 1]):
        assert ex.check([right, right + 1]) and not ex.check([right, right])


def test_whole_numbers_with_a_tolerance_of_the_teachers_own():
    sealed = mg.exercise.seal(1000, rtol=0.1)
    for ex in (mg.exercise("A", answer=1000, rtol=0.1), mg.exercise("B", answer=sealed)):
        assert ex.check(1001) and ex.check(980) and not ex.check(2000)


@given(st.lists(st.floats(-100, 100), min_size=1, max_size=6), st.data())
def test_the_first_wrong_element_is_named(values, data):
    wrong = list(values)
    places = data.draw(st.sets(st.integers(0, len(values) - 1), min_size=1))
    for i in places:
        wrong[i] = values[i] + 50
    for ex in both(values):
        said = ex.check(wrong).feedback
        if len(values) > 1:
            assert f"{len(places)} of {len(values)} numbers" in said
            assert f"first at [{min(places)}]" in said


# --- feedback ------------------------------------------------------------------------------------


@pytest.mark.parametrize("answer, words", [
    (mg.ones(3, 2), "Expected the shape [2, 3], but yours is [3, 2]."),
    ("six", "Expected numbers of shape [2, 3], but you have 'six' of type str."),
    (lambda: 1, "you have a function: did you forget to call it?"),
    ([[1, 2, 3], [4, 50, 7]], "2 of 6 numbers are wrong, the first at [1, 1], where you have 50."),
    ([[1, 2, 3], [4, 5, float("nan")]], "1 of 6 numbers is wrong, the first at [1, 2], where you"),
    (np.ones((2, 3), bool), "Expected numbers, but you have True or False."),
    ([[1, 2], [3]], "Expected numbers of shape [2, 3]"),
])  # fmt: skip
def test_what_is_wrong_is_said_without_what_is_right(answer, words):
    for ex in both(mg.tensor(RIGHT)):
        result = ex.check(answer)
        assert words in result.feedback and not result.correct
        assert "6.0" not in repr(result) and "5.0" not in repr(result)


def test_feedback_inside_lists_and_dicts():
    for ex in both({"w": [1.0, 2.0], "b": ["x", 1.0]}):
        assert "The key 'b' is missing" in ex.check({"w": [1, 2]}).feedback
        assert "a key too many: 'c'" in ex.check({"w": [1, 2], "b": ["x", 1], "c": 1}).feedback
        assert ex.check({"w": [1, 3], "b": ["x", 1]}).feedback.startswith("At ['w']: 1 of 2")
        assert "At ['b'][0]: the text is wrong: you have 'y'" in (
            ex.check({"w": [1, 2], "b": ["y", 1]}).feedback
        )
        assert "but you have 3 of type int" in ex.check(3).feedback


def test_the_dtype_counts_only_if_asked():
    right = mg.tensor([1.0], dtype=mg.float64)
    assert mg.exercise("D", answer=right).check(mg.tensor([1.0]))
    strict = mg.exercise("D", answer=right, dtype=True)
    assert "torch.float64, but yours is torch.float32" in strict.check(mg.tensor([1.0])).feedback
    assert strict.check(right)


# --- functions -----------------------------------------------------------------------------------


def relu(x):
    return x * (x > 0)


CASES = [(mg.tensor([-1.0, 2.0]),), (mg.tensor(3.0),)]


def functions():
    yield mg.exercise("Relu", answer=relu, cases=CASES)
    sealed = mg.exercise.seal(*[relu(*case) for case in CASES])
    yield mg.exercise("Relu", answer=sealed, cases=CASES)


def test_functions():
    for ex in functions():
        assert ex.check(lambda x: x.clamp(min=0))
        said = ex.check(lambda x: x).feedback
        assert said.startswith("With the arguments (tensor([-1., 2.])): 1 of 2 numbers is wrong")
        said = ex.check(lambda x: x.nonsense()).feedback
        assert "your function raised AttributeError" in said
        assert "The answer is a function, but you have 3.0 of type float" in ex.check(3.0).feedback


def test_a_function_among_the_arguments_is_named():
    def square(x):
        return x * x

    ex = mg.exercise("Call it", answer=lambda f, x: f(x), cases=[(square, 3)])
    assert ex.check(lambda f, x: x).feedback.startswith("With the arguments (square, 3): ")


def test_a_function_cannot_spoil_the_arguments():
    for ex in functions():

        def bad(x):
            x.zero_()
            return x

        assert not ex.check(bad) and not ex.check(bad)
        assert ex.check(relu)
    assert CASES[0][0].tolist() == [-1.0, 2.0]


def test_a_function_that_never_ends_is_stopped():
    before = set(threading.enumerate())  # of other tests, which may end meanwhile

    def never(x):
        while True:
            try:
                x = x + 0
            except Exception:
                pass

    ex = mg.exercise("Relu", answer=relu, cases=CASES, seconds=0.2)
    assert "not done after 0.2 s" in ex.check(never).feedback
    assert not set(threading.enumerate()) - before
    assert ex.check(lambda x: x.clamp(min=0))
    assert "raised ZeroDivisionError" in ex.check(lambda x: 1 / 0).feedback
    assert not ex.check(lambda x: None).answered


def test_cases_with_gradients():
    def slope(x):
        y = x**3
        y.backward()
        return x.grad

    x = mg.tensor(2.0, requires_grad=True)
    ex = mg.exercise("Slope", answer=lambda x: 3 * x.detach() ** 2, cases=[x])
    assert ex.check(slope) and x.grad is None


def test_a_test_of_the_teachers_own():
    def test(w):
        if w.shape != (2,):
            raise AssertionError("w has two numbers")
        return True if w.sum().item() == 1 else "the sum is not 1" if w.sum().item() < 9 else False

    ex = mg.exercise("Any two numbers with the sum 1", test=test)
    assert ex.check(mg.tensor([0.5, 0.5])) and ex.check(mg.tensor([3.0, -2.0]))
    assert ex.check(mg.ones(3)).feedback == "w has two numbers"
    assert ex.check(mg.ones(2)).feedback == "the sum is not 1"
    assert ex.check(mg.ones(2) * 9).feedback == "That is not right."


# --- hints ---------------------------------------------------------------------------------------


def test_the_hint_ladder():
    ex = mg.exercise("H", answer=1, hints=["first", "second"])
    seen = [ex.check(v).hints for v in (0, 2, 3)]
    assert seen == [("first",), ("first", "second"), ("first", "second")]
    assert "That was the last hint." in repr(ex.check(4)) and ex.tries == 4
    assert ex.check(1).hints == ()
    ex.reset()
    assert ex.check(0).hints == ("first",) and ex.tries == 1


def test_grading_shows_and_counts_nothing():
    ex = mg.exercise("G", answer=1, hints=["secret"])
    for _ in range(3):
        with pytest.raises(AssertionError, match="^G: The number is wrong: you have 2.$") as caught:
            ex.grade(2)
        assert "secret" not in str(caught.value)
    assert ex.tries == 0
    ex.grade(1)


@pytest.mark.parametrize("empty", [..., None, NotImplemented, [1, ...], (...,), {"a": 1, "b": ...}])
def test_a_placeholder_is_no_try(empty):
    ex = mg.exercise("P", answer=1, hints=["secret"])
    result = ex.check(empty)
    assert not result and not result.answered and not result.hints and ex.tries == 0
    assert repr(result).startswith("No answer yet: P") and "Replace the ..." in repr(result)
    with pytest.raises(AssertionError, match="Replace the ..."):
        ex.grade(empty)
    assert not ex.check().answered


def test_a_function_that_is_not_written_is_no_try():
    def nothing(x): ...

    def later(x):
        raise NotImplementedError

    def dots(x):
        return ...

    def dots_inside(x):
        return [x, ...]

    for ex in functions():
        for f, words in ((nothing, "returns None"), (later, "write it"), (dots, "returns ..."),
                         (dots_inside, "returns ...")):
            result = ex.check(f)
            assert not result.answered and words in result.feedback and ex.tries == 0
            with pytest.raises(AssertionError, match=words):
                ex.grade(f)

    ex = mg.exercise("Mine", test=lambda f: f(1) == 2, hints=["secret"])
    result = ex.check(later)
    assert not result.answered and "write it" in result.feedback and ex.tries == 0
    assert ex.check(lambda x: 2 * x)
    with pytest.raises(AssertionError, match="write it"):
        ex.grade(later)


def test_a_test_may_say_what_is_still_missing():
    def test(f):
        if f(1) is ...:
            raise NotImplementedError("the ... in f")

    result = mg.exercise("Mine", test=test).check(lambda x: ...)
    assert not result.answered and result.feedback == "the ... in f"


def test_tries_of_many_threads_are_counted():
    ex = mg.exercise("T", answer=1, hints=list("abcdefgh"))
    threads = [threading.Thread(target=lambda: [ex.check(0) for _ in range(50)]) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert ex.tries == 400


# --- nbgrader ------------------------------------------------------------------------------------

CELLS = {
    "given": "import minigrad as mg\nslope = mg.exercise('Slope', answer={sealed!r})",
    "answer": "my_slope = ...",
    "visible test": "assert my_slope is not ..., 'answer first'",
    "hidden test": "slope.grade(my_slope)",
}


@pytest.mark.parametrize("answer, message", [
    ("my_slope = 2 * 3", None),
    ("my_slope = 7", "Slope: The number is wrong: you have 7."),
    ("my_slope = ...", "Slope: Replace the ... with your answer"),
])  # fmt: skip
def test_as_nbgrader_runs_it(answer, message):
    """The teacher's test cells are run after the learner's, in one namespace, each to its end."""
    space = {}
    exec(CELLS["given"].format(sealed=mg.exercise.seal(6.0)), space)
    exec(answer, space)
    if message is None:
        exec(CELLS["visible test"], space)
        exec(CELLS["hidden test"], space)
        return
    with pytest.raises(AssertionError, match=re.escape(message)):
        exec(CELLS["hidden test"], space)


def test_the_teachers_guide_is_true():
    guide = ROOT / "docs" / "learning.md"
    done = doctest.testfile(str(guide), module_relative=False, encoding="utf-8",
                            optionflags=doctest.ELLIPSIS)  # fmt: skip
    assert done.failed == 0 and done.attempted > 15


# --- sealing -------------------------------------------------------------------------------------


def test_a_sealed_answer_cannot_be_read():
    text = mg.exercise.seal({"w": [123.456, 7.25], "name": "backpropagation", "yes": True})
    inside = base64.b64decode(text.partition(":")[2]).decode()
    for secret in ("123.4", "12345", "7.25", "backprop", "true"):
        assert secret not in text and secret not in inside
    assert '"step": 0.0625' in inside  # a power of two, not a part of the answer
    assert mg.exercise.seal(1.0) != mg.exercise.seal(1.0)  # salted: equal answers look different
    hashed = json.loads(base64.b64decode(mg.exercise.seal([5.0, 5.0]).partition(":")[2]))
    (digests,) = hashed[0]["numbers"]
    assert digests[:12] != digests[12:]  # and so do equal numbers


def test_wrong_use():
    with pytest.raises(TypeError, match="seal\\(\\) takes numbers"):
        mg.exercise.seal(object())
    with pytest.raises(ValueError, match="up to 10,000 numbers"):
        mg.exercise.seal(np.zeros(10_001))
    with pytest.raises(ValueError, match="damaged"):
        mg.exercise("X", answer="mg-sealed-1:!!!")
    with pytest.raises(ValueError, match="2 sealed answers for 1"):
        mg.exercise("X", answer=mg.exercise.seal(1, 2), cases=[(1,)])
    with pytest.raises(TypeError, match="either answer= or test="):
        mg.exercise("X")
    with pytest.raises(TypeError, match="hints must be a list"):
        mg.exercise("X", answer=1, hints="one")
    with pytest.raises(TypeError, match="must be a function"):
        mg.exercise("X", answer=1, cases=[(1,)])
    with pytest.raises(ValueError, match="not be negative"):
        mg.exercise("X", answer=1, rtol=-1)


# --- in Jupyter ----------------------------------------------------------------------------------


class Tags(HTMLParser):
    def __init__(self):
        super().__init__()
        self.tags, self.text = [], ""

    def handle_starttag(self, tag, attrs):
        self.tags.append(tag)

    def handle_data(self, data):
        self.text += data


def test_the_page_says_the_same_and_escapes_everything():
    evil = "<script>alert(1)</script>"
    ex = mg.exercise(f"T{evil}", answer="right", hints=[f"H{evil}"])
    result = ex.check(f"A{evil}")
    page = Tags()
    page.feed(result._repr_html_())
    assert set(page.tags) <= {"div", "strong", "ol", "li"}
    for part in (f"T{evil}", f"H{evil}", f"A{evil}", "✗ Not yet"):
        assert part in page.text
    assert "✓ Correct" in ex.check("right")._repr_html_()


def test_in_a_real_kernel_as_nbgrader_runs_it(tmp_path, monkeypatch):
    """Graders read a cell's error output; %load_ext changes tracebacks and must leave that be."""
    reason = "runs a notebook: `pip install nbconvert ipykernel` to run this test"
    nbclient = pytest.importorskip("nbclient", reason=reason)
    nbformat = pytest.importorskip("nbformat", reason=reason)
    pytest.importorskip("ipykernel", reason=reason)
    monkeypatch.setenv("IPYTHONDIR", str(tmp_path))
    cells = [
        "%load_ext minigrad",
        CELLS["given"].format(sealed=mg.exercise.seal(6.0)),
        "my_slope = 7",
        CELLS["hidden test"],
        "slope.grade(6.0)\nprint('graded to the end')",
    ]
    notebook = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(c) for c in cells])
    client = nbclient.NotebookClient(notebook, allow_errors=True, timeout=120)
    client.execute()
    (error,) = notebook.cells[3].outputs
    assert (error.output_type, error.ename) == ("error", "AssertionError")
    assert error.evalue == "Slope: The number is wrong: you have 7."
    assert not any("exercise.py" in line for line in error.traceback)  # nor the code that checks
    assert notebook.cells[4].outputs[0].text == "graded to the end\n"


def test_an_exception_in_what_a_test_tries_is_feedback():
    ex = mg.exercise("Double it", test=lambda f: f(2) == 4, hints=["* 2"])

    def mistaken(x):
        return x + "2"

    result = ex.check(mistaken)
    assert not result and result.answered
    assert "Trying your answer raised TypeError: unsupported operand" in result.feedback
    assert 'return x + "2"' in result.feedback
    with pytest.raises(AssertionError, match="TypeError"):
        ex.grade(mistaken)
