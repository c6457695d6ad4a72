"""Exercises that are checked at once, with hints that come one after the other.

A teacher writes::

    slope = mg.exercise(
        "The slope of x ** 2 at x = 3",
        answer=lambda: mg.func.grad(lambda x: x ** 2)(mg.tensor(3.0)),
        hints=["Write f(x + h) - f(x) and divide by h.", "d/dx of x ** n is n x ** (n - 1)."],
    )

and a learner ``slope.check(2 * 3)``. The answer need not stand in the notebook: it may be computed
(as above), or sealed, ``answer=mg.exercise.seal(6.0)`` printed once by the teacher. For nbgrader,
a hidden test is the line ``slope.grade(my_answer)``: it raises AssertionError if that is wrong.

Hint ladders are an idea of intelligent tutoring systems (Anderson et al. 1985).
"""

from __future__ import annotations

import threading
import traceback
from collections.abc import Callable, Sequence
from html import escape
from typing import Any

from ..faithful.forks import new_lock
from .compare import Mismatch, Placeholder, compare, is_placeholder, kind, own_copy, short
from .seal import Sealed, compare_sealed, seal


class Result:
    """What a check says. True if the answer is right; shows itself in Jupyter."""

    def __init__(self, title: str, correct: bool, feedback: str, hints: Sequence[str] = (),
                 left: int = 0, answered: bool = True) -> None:  # fmt: skip
        self.title = title
        self.correct = correct
        self.answered = answered  # False: still the placeholder, so there was no try
        self.feedback = feedback
        self.hints = tuple(hints)  # those revealed so far
        self.left = left  # hints that are left

    def __bool__(self) -> bool:
        return self.correct

    @property
    def status(self) -> str:
        return "Correct" if self.correct else "Not yet" if self.answered else "No answer yet"

    def __repr__(self) -> str:
        lines = [f"{self.status}: {self.title}"]
        lines += [f"  {line}" for line in self.feedback.splitlines()]
        lines += [f"  Hint {i}: {hint}" for i, hint in enumerate(self.hints, 1)]
        if self.hints and not self.left:
            lines.append("  That was the last hint.")
        return "\n".join(lines)

    def _repr_html_(self) -> str:
        sign, colour = ("✓", "#00795a") if self.correct else ("✗", "#c44f00")
        sign = sign if self.answered else "…"
        parts = [
            f'<div style="border-left: 4px solid {colour}; padding: 0.2em 0.8em">',
            f"<strong>{sign} {self.status}:</strong> {escape(self.title)}",
        ]
        if self.feedback:
            parts.append(f'<div style="white-space: pre-wrap">{escape(self.feedback)}</div>')
        if self.hints:
            items = "".join(f"<li>{escape(hint)}</li>" for hint in self.hints)
            parts.append(f"<div>Hints:</div><ol style='margin-top: 0'>{items}</ol>")
            if not self.left:
                parts.append("<div>That was the last hint.</div>")
        return "\n".join([*parts, "</div>"])


class exercise:
    """An exercise with an answer that is checked at once.

    ``check(answer)`` gives a :class:`Result` and, if it is wrong, the next hint; calling the
    exercise does the same. ``grade(answer)`` gives no hint and raises AssertionError if the answer
    is wrong. Neither says what is right. An answer that is still ``...``, or a list or dict with a
    ``...`` in it, is no try.

    Args:
        title: one line, shown with every result.
        answer: what is right: numbers, a tensor, an array, text, a bool, or lists, tuples and dicts
            of these; a function without arguments that computes it when it is needed; or what
            ``mg.exercise.seal`` gave, which cannot be read. With ``cases``: the right function,
            or the sealed list of its results.
        hints: revealed one by one, one with each wrong try.
        test: instead of ``answer``, a function that gets the learner's answer and returns True,
            False, or what is wrong with it as text (or raises AssertionError with that).
            NotImplementedError means that there is no answer yet; its text, if any, is shown.
        cases: the answer is a function, tried with each of these tuples of arguments.
        rtol, atol: numbers agree if they differ by at most ``atol + rtol * |right|``. rtol is 1e-4
            if left out, and then whole numbers (int) that are to be whole numbers must be equal.
        seconds: how long the learner's function may take for each case; then it is stopped (its
            Python code is, not a long call into NumPy) and the answer is wrong. None: no limit.
        dtype: whether a tensor's dtype counts. Off: 1, 1.0 and tensor(1.) are equally right.

    Raises:
        TypeError: neither ``answer`` nor ``test`` or both, or ``hints`` is one text.
        ValueError: a negative tolerance, or another number of sealed answers than cases.

    >>> import minigrad as mg
    >>> slope = mg.exercise("The slope of x ** 2 at 3", answer=6.0, hints=["2 x", "x is 3"])
    >>> slope.check(9)
    Not yet: The slope of x ** 2 at 3
      The number is wrong: you have 9.
      Hint 1: 2 x
    >>> slope.check(mg.tensor(6.0))
    Correct: The slope of x ** 2 at 3
    >>> double = mg.exercise("Double it", answer=lambda x: 2 * x, cases=[(1,), (mg.ones(2),)])
    >>> double.check(lambda x: x ** 2)
    Not yet: Double it
      With the arguments (1): The number is wrong: you have 1.

    Source: checks beside the exercise, as in nbgrader and Rustlings; hints as in tutoring systems.
    """

    seal = staticmethod(seal)

    def __init__(
        self,
        title: str,
        answer: Any = ...,
        hints: Sequence[str] = (),
        *,
        test: Callable[[Any], Any] | None = None,
        cases: Sequence[Any] | None = None,
        rtol: float | None = None,
        atol: float = 1e-6,
        dtype: bool = False,
        seconds: float | None = None,
    ) -> None:
        if isinstance(hints, str):
            raise TypeError("hints must be a list of str: one text is hints=['...']")
        if not (rtol is None or rtol >= 0) or not atol >= 0:
            raise ValueError(f"rtol and atol must not be negative, but are {rtol} and {atol}")
        if (answer is ...) == (test is None):
            raise TypeError("an exercise needs either answer= or test=")
        if test is not None and cases is not None:
            raise TypeError("cases= go with answer=; a test= calls the learner's function itself")
        if cases is not None and not callable(answer) and not isinstance(answer, (Sealed, str)):
            raise TypeError(
                f"with cases the answer must be a function or sealed results, not "
                f"{type(answer).__name__}"
            )
        self.title = str(title)
        self.hints = tuple(str(h) for h in hints)
        self.cases = None if cases is None else [c if isinstance(c, tuple) else (c,) for c in cases]
        sealed = isinstance(answer, str) and answer.startswith(Sealed.MARK)
        self._answer = Sealed(answer) if sealed else answer
        if sealed and len(self._answer) != (1 if self.cases is None else len(self.cases)):
            raise ValueError(
                f"there are {len(self._answer)} sealed answers for "
                f"{'one' if self.cases is None else len(self.cases)}: seal(*results) takes one "
                "result for each case"
            )
        self._test = test
        self._seconds = seconds
        self._rtol, self._atol, self._dtype = rtol, atol, dtype
        self._lock = new_lock()
        self._tries = 0  # wrong ones

    def __repr__(self) -> str:
        return f"exercise({self.title!r}, {len(self.hints)} hints)"

    @property
    def tries(self) -> int:
        """How many wrong answers have been checked."""
        return self._tries

    def reset(self) -> None:
        """Forget the tries, and with them the hints shown."""
        with self._lock:
            self._tries = 0

    def check(self, answer: Any = ...) -> Result:
        """Whether the answer is right, what is wrong with it, and the next hint.

        Args:
            answer: the learner's answer: numbers, tensors, text ..., or a function if the exercise
                has ``cases`` or a ``test`` of one. ``...`` is no try.

        Returns:
            A :class:`Result`, true if the answer is right. It shows itself.

        >>> import minigrad as mg
        >>> slope = mg.exercise("The slope of x ** 2 at 3", answer=6.0, hints=["2 x"])
        >>> slope.check(6)
        Correct: The slope of x ** 2 at 3

        Source: immediate feedback with one more hint a try, as in intelligent tutoring systems
        (VanLehn 2006).
        """
        try:
            wrong = self._wrong(answer)
        except Placeholder as unfinished:
            return Result(self.title, False, str(unfinished), answered=False)
        if wrong is None:
            return Result(self.title, True, "")
        with self._lock:
            self._tries += 1
            shown = min(self._tries, len(self.hints))
        return Result(self.title, False, wrong, self.hints[:shown], len(self.hints) - shown)

    __call__ = check

    def grade(self, answer: Any = ...) -> None:
        """AssertionError if the answer is wrong or missing: for (hidden) tests."""
        try:
            wrong = self._wrong(answer)
        except Placeholder as unfinished:
            wrong = str(unfinished)
        if wrong is not None:
            raise AssertionError(f"{self.title}: {wrong}")

    # --- how -----------------------------------------------------------------------------

    def _wrong(self, answer: Any) -> str | None:
        """What is wrong with the answer; None if nothing. Raises Placeholder if there is none."""
        if is_placeholder(answer):
            raise Placeholder("Replace the ... with your answer, then run this cell again.")
        if self._test is not None:
            return verdict_of(self._test, answer)
        if self.cases is None:
            right = self._answer() if callable(self._answer) else self._answer
            return self._differs(answer, right)
        if not callable(answer):
            return f"The answer is a function, but you have {kind(answer)}."
        for i, arguments in enumerate(self.cases):
            given = ", ".join(short(a) for a in arguments)
            got = called(answer, arguments, self._seconds)
            if isinstance(got, Mismatch):
                return f"With the arguments ({given}): {got}"
            if isinstance(self._answer, Sealed):
                wrong = self._differs(got, self._answer[i])
            else:
                wrong = self._differs(got, self._answer(*own_copy(arguments)))
            if wrong is not None:
                return f"With the arguments ({given}): {wrong}"
        return None

    def _differs(self, answer: Any, right: Any) -> str | None:
        try:
            if isinstance(right, Sealed):
                compare_sealed(answer, right)
            else:
                compare(answer, right, self._rtol, self._atol, self._dtype)
        except Mismatch as wrong:
            return str(wrong)
        return None


def verdict_of(test: Callable[[Any], Any], answer: Any) -> str | None:
    """What the teacher's test says is wrong."""
    try:
        said = test(answer)
    except AssertionError as error:
        said = str(error) or False
    except NotImplementedError as error:
        said = str(error) or "Your function still raises NotImplementedError: write it."
        raise Placeholder(said) from None
    except Exception as error:  # whatever a learner's code may raise is feedback, not a crash
        last = traceback.extract_tb(error.__traceback__)[-1]
        where = f" (line {last.lineno}: {last.line})" if last.line else ""
        said = f"Trying your answer raised {type(error).__name__}: {error}{where}"
    if said is None or said is True:
        return None
    return said if isinstance(said, str) else None if said else "That is not right."


class TimeUp(BaseException):
    """Stops a learner's function; not an Exception, so that ``except Exception`` lets it pass."""


def in_time(function: Callable[[], Any], seconds: float) -> Any:
    """``function()``, in a thread of its own; raises TimeUp if it takes longer, and stops it."""
    found: list[tuple[Any, BaseException | None]] = []

    def run() -> None:
        try:
            found.append((function(), None))
        except BaseException as error:
            found.append((None, error))

    thread = threading.Thread(target=run, daemon=True)
    thread.start()
    thread.join(seconds)
    if not found:
        import ctypes  # the only way to stop another thread

        ident, stop = ctypes.c_ulong(thread.ident or 0), ctypes.py_object(TimeUp)
        ctypes.pythonapi.PyThreadState_SetAsyncExc(ident, stop)
        thread.join(1)
        raise TimeUp
    value, error = found[0]
    if error is not None:
        raise error
    return value


def called(function: Callable[..., Any], arguments: tuple[Any, ...],
           seconds: float | None) -> Any:  # fmt: skip
    """The learner's function on copies of the arguments; a Mismatch that says what it raised."""
    given = own_copy(arguments)
    try:
        got = function(*given) if seconds is None else in_time(lambda: function(*given), seconds)
    except TimeUp:
        return Mismatch(
            f"your function was not done after {seconds:g} s: is there a loop that never ends?"
        )
    except NotImplementedError:
        raise Placeholder("Your function still raises NotImplementedError: write it.") from None
    except Exception as error:  # whatever a learner's code may raise is feedback, not a crash
        return Mismatch(f"your function raised {type(error).__name__}: {error}")
    if is_placeholder(got):
        raise Placeholder(
            "Your function returns None: does it have a return?"
            if got is None else "Your function returns ...: replace that with your answer."
        )  # fmt: skip
    return got
