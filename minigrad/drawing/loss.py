"""Record the loss of a training loop, show its progress, draw its curve.

    losses = mg.LossRecorder()
    for t in losses.track(range(1000)):
        ...
        losses.log(loss)
    mg.plot_loss(losses)

Only floats are kept, so recording never keeps a graph alive.
"""

from __future__ import annotations

import csv
import json
import math
from collections.abc import Iterable, Iterator, Mapping, Sequence
from numbers import Real
from pathlib import Path
from typing import TYPE_CHECKING, Any, TextIO, TypeVar

from ..faithful.package_name import package
from .loss_runs import Run, runs_of
from .progress import Progress, open_progress

if TYPE_CHECKING:
    from matplotlib.axes import Axes

Item = TypeVar("Item")
_NOTHING = object()


class LossRecorder:
    """Collects losses as plain floats, with a progress display.

    A value is a number or a tensor with one element; NaN and infinity are kept. One call of
    `log` is one iteration. A curve logged less often (a validation loss, say) is placed at the
    iteration it was logged in: a new iteration starts when a name is logged again or when the
    tracked loop goes on.

    Several trainings in one recorder each begin at iteration 0: give their curves other names,
    `log(adam=loss)`, or name the loop, `track(range(1000), run="Adam")`. A name that is logged
    again in another loop, as for the next epoch, goes on where it was.

    Args:
        total: length of the loop; `log` then moves the display by itself. Not needed with `track`.
        progress: True or False to force the display on or off. By default it is shown for a
            tracked loop or a known total: an updating line in a terminal, a bar in Jupyter, at
            most ten lines in a log file. In Jupyter the output left behind holds no times;
            where the numbers differ between machines, use False in notebooks tested by nbval.
        file: where to draw; by default the notebook cell, else `sys.stderr`.

    Raises:
        TypeError: `total` is not a whole number.
        ValueError: `total` is below 1.

    Example:
        >>> import minigrad as mg
        >>> losses = mg.LossRecorder(progress=False)
        >>> for t in losses.track(range(3)):
        ...     losses.log(train=1 / (t + 1), valid=2.0)
        >>> losses
        LossRecorder(3 iterations, train=0.3333, valid=2)
        >>> losses["valid"]
        [2.0, 2.0, 2.0]

    Source: the loss curve of every training tool; the display follows tqdm (da Costa-Luis 2019).
    """

    def __init__(
        self,
        total: int | None = None,
        *,
        progress: bool | None = None,
        file: TextIO | None = None,
    ) -> None:
        if total is not None and (isinstance(total, bool) or not isinstance(total, int)):
            raise TypeError(f"total must be an int or None, got {type(total).__name__}")
        if total is not None and total < 1:
            raise ValueError(f"total must be at least 1, got {total}: it counts the iterations")
        self.total = total
        self._progress = progress
        self._file = file
        self._bar: Progress | None = None  # the display of a loop without track()
        self._tracking = False
        self._iteration = -1
        self._logged_now: set[str] = set()
        self._run: str | None = None  # the name of the tracked loop
        self._run_names: set[str] = set()
        self._loops: list[tuple[int, int]] = []  # first and last iteration of tracked loops
        self._values: dict[str, list[float]] = {}
        self._iterations: dict[str, list[int]] = {}

    def log(self, loss: Any = _NOTHING, /, **curves: Any) -> None:
        """Record one value for each curve; a value without a name goes to the curve "loss".

        Args:
            loss: number or tensor with one element, any dtype but complex.
            **curves: the same, by name: `log(train=a, valid=b)`.

        Returns:
            None. The values are kept as plain floats, without history.

        Raises:
            RuntimeError: a tensor has more or fewer elements than one.
            TypeError: a value is not a number, or there is none.

        Example:
            >>> import minigrad as mg
            >>> losses = mg.LossRecorder(progress=False)
            >>> losses.log(mg.tensor(0.5))
            >>> losses.values
            [0.5]

        Source: the `log` of a scalar by name, as in TensorBoard's `add_scalar`.
        """
        if loss is not _NOTHING:
            if "loss" in curves:
                raise TypeError(
                    'log() got multiple values for curve "loss": '
                    'a value without a name is also called "loss".'
                )
            curves = {"loss": loss, **curves}
        if self._run is not None:
            curves = {name_in_run(self._run, name): value for name, value in curves.items()}
        if not curves:
            raise TypeError("log() needs a value: write losses.log(loss) or losses.log(train=loss)")
        # All are converted before any is kept: a refused call leaves the recorder as it was.
        numbers = {name: to_float(value) for name, value in curves.items()}

        starts = self._iteration < 0 or not self._logged_now.isdisjoint(numbers)
        if starts:
            self._next_iteration()
        for name, number in numbers.items():
            self._values.setdefault(name, []).append(number)
            self._iterations.setdefault(name, []).append(self._iteration)
        self._logged_now.update(numbers)
        if starts and not self._tracking:
            self._advance_untracked()

    def track(
        self, iterable: Iterable[Item], total: int | None = None, *, run: Any = None
    ) -> Iterator[Item]:
        """Loop over `iterable` with a progress display; it ends when the loop does.

        Inside, the iteration number of `log` follows the loop, so values logged every tenth
        time are drawn ten apart.

        Args:
            iterable: anything a `for` loop takes.
            total: its length, where `len(iterable)` does not tell.
            run: a name for this training, anything with a text. Its curves start at iteration 0
                and are called by it: "Adam" for `log(loss)`, "Adam valid" for `log(valid=loss)`.
                A name that is taken gets a number: "Adam (2)".

        Raises:
            TypeError: `iterable` cannot be looped over.
            RuntimeError: this recorder already tracks a loop.

        Example:
            >>> import minigrad as mg
            >>> losses = mg.LossRecorder(progress=False)
            >>> for lr in (0.1, 0.01):
            ...     for t in losses.track(range(3), run=f"lr {lr}"):
            ...         losses.log(lr / (t + 1))
            >>> losses.names, losses.iterations("lr 0.01")
            (['lr 0.1', 'lr 0.01'], [0, 1, 2])
        """
        iterator = iter(iterable)  # here, not in the generator: a mistake shows at this line
        if total is None:
            total = length_of(iterable)
        return self._tracked(iterator, self.total if total is None else total, run)

    def _tracked(self, iterator: Iterator[Item], total: int | None, run: Any) -> Iterator[Item]:
        if self._tracking:
            raise RuntimeError(
                "this recorder already tracks a loop. "
                "Track the outer loop only and write the inner one as a plain `for`."
            )
        bar = open_progress(total, self._file) if self._progress is not False else None
        self._tracking = True
        first = self._iteration + 1
        self._run = None if run is None else self._free_run_name(str(run))
        left = "left early"
        try:
            for item in iterator:
                self._next_iteration()
                yield item
                if bar is not None:
                    bar.advance(self._status)
            left = ""
        finally:  # also after break and exceptions: Python closes a generator that is let go
            self._tracking = False
            self._run = None
            self._loops.append((first, max(first, self._iteration)))
            if bar is not None:
                bar.close(self._status, left)

    def _free_run_name(self, name: str) -> str:
        free, count = name, 1
        while free in self._run_names:
            count += 1
            free = f"{name} ({count})"
        self._run_names.add(free)
        return free

    def close(self) -> None:
        """End the display of a loop that stopped before `total`; `track` does it by itself."""
        if self._bar is not None:
            bar, self._bar = self._bar, None
            bar.close(self._status, "" if bar.count == self.total else "left early")

    def _next_iteration(self) -> None:
        self._iteration += 1
        self._logged_now.clear()

    def _advance_untracked(self) -> None:
        if self._progress is False or (self.total is None and not self._progress):
            return
        if self._bar is not None and self._bar.belongs_to_another_cell():
            self._bar = None  # the loop was interrupted and run again: draw in the new cell
        if self._bar is None:
            # The clock can only start now, when one iteration is over: it is not in the rate.
            self._bar = open_progress(self.total, self._file, unclocked=1)
        if self._bar is None:
            return
        self._bar.advance(self._status)
        if self._bar.count == self.total:
            self.close()

    def _status(self) -> str:
        return ", ".join(self._last(name) for name in self._values)

    def _last(self, name: str) -> str:
        values = self._values[name]
        text = f"{name} {values[-1]:.4g}"
        if math.isfinite(values[-1]):
            return text
        first = next(i for i, value in enumerate(values) if not math.isfinite(value))
        return f"{text} (not finite since iteration {self.iterations(name)[first]})"

    def _runs(self) -> list[Run]:
        return runs_of(self._iterations, self._loops)

    @property
    def names(self) -> list[str]:
        """Names of the curves, in the order they were first logged."""
        return list(self._values)

    @property
    def values(self) -> list[float]:
        """Values of the curve that was logged first; `losses["valid"]` gives another one."""
        return list(next(iter(self._values.values()), []))

    def iterations(self, name: str | None = None) -> list[int]:
        """Iteration number, from 0, of each value of a curve (by default the first curve).

        Each of several trainings in the recorder is counted from 0.
        """
        if name is None:
            if not self._values:
                return []
            name = self.names[0]
        self._check_name(name)
        start = next(run.first for run in self._runs() if name in run.names)
        return [iteration - start for iteration in self._iterations[name]]

    def __getitem__(self, key: Any) -> Any:
        """`losses["valid"]` is a curve; `losses[-1]`, `losses[:10]` read the first curve."""
        if isinstance(key, str):
            self._check_name(key)
            return list(self._values[key])
        return self.values[key]

    def __len__(self) -> int:
        return len(next(iter(self._values.values()), []))

    def __iter__(self) -> Iterator[float]:
        return iter(self.values)

    def __bool__(self) -> bool:  # a recorder is something even before its first value
        return True

    def __repr__(self) -> str:
        last = "".join(f", {name}={values[-1]:.4g}" for name, values in self._values.items())
        runs = [run for run in self._runs() if run.names]
        if len(runs) < 2:
            return f"LossRecorder({self._iteration + 1} iterations{last})"
        longest = max(run.last - run.first + 1 for run in runs)
        return f"LossRecorder({len(runs)} runs, {longest} iterations{last})"

    def _check_name(self, name: str) -> None:
        if name not in self._values:
            known = ", ".join(map(repr, self._values)) or "none yet"
            raise KeyError(f"no curve {name!r} was logged; curves: {known}")

    def to_dict(self) -> dict[str, list[float]]:
        """A copy of the values of every curve, by name."""
        return {name: list(values) for name, values in self._values.items()}

    def save(self, path: str | Path) -> None:
        """Write all curves to a file; its ending tells the format.

        - `.csv`: a column "iteration" and one for each curve, empty where nothing was logged.
        - `.json`: `{name: {"iteration": [...], "value": [...]}}`. JSON has no NaN, so values
          that are not finite are the strings "nan", "inf", "-inf", which `float` reads.

        Raises:
            ValueError: another ending.
        """
        path = Path(path)
        if path.suffix.lower() == ".csv":
            with path.open("w", newline="", encoding="utf-8") as file:
                csv.writer(file).writerows(self._rows())
        elif path.suffix.lower() == ".json":
            path.write_text(json.dumps(self._json(), indent=1) + "\n", encoding="utf-8")
        else:
            raise ValueError(
                f"cannot save losses as {path.name!r}: end the name with .csv or .json. "
                "For a picture, use plot_loss(losses).figure.savefig(...)."
            )

    def _rows(self) -> Iterator[list[Any]]:
        yield ["iteration", *self._values]
        rows: dict[int, dict[str, float]] = {}
        for name, values in self._values.items():
            for iteration, value in zip(self.iterations(name), values, strict=True):
                rows.setdefault(iteration, {})[name] = value
        for iteration in sorted(rows):
            yield [iteration, *(rows[iteration].get(name, "") for name in self._values)]

    def _json(self) -> dict[str, dict[str, list[Any]]]:
        return {
            name: {
                "iteration": self.iterations(name),
                "value": [v if math.isfinite(v) else str(v) for v in values],
            }
            for name, values in self._values.items()
        }


def track(
    iterable: Iterable[Item],
    losses: LossRecorder | None = None,
    *,
    total: int | None = None,
    progress: bool | None = None,
    run: Any = None,
) -> Iterator[Item]:
    """Loop over `iterable` with a progress display that also shows the last losses.

    Args:
        iterable: anything a `for` loop takes.
        losses: the recorder the loop logs to; without one, only the progress is shown.
        total: length of the loop, where `len(iterable)` does not tell.
        progress: False for no display. With a recorder, set it there.
        run: a name for this training, where a recorder keeps several; see `LossRecorder.track`.

    Returns:
        An iterator over the same items.

    Raises:
        TypeError: `iterable` cannot be looped over, or `losses` is no recorder.
        RuntimeError: the recorder already tracks a loop.

    Example:
        >>> import minigrad as mg
        >>> losses = mg.LossRecorder(progress=False)
        >>> for t in mg.track(range(3), losses):
        ...     losses.log(10.0 - t)
        >>> losses.values
        [10.0, 9.0, 8.0]

    Source: a loop wrapped in its progress bar is tqdm's idea (da Costa-Luis 2019).
    """
    if losses is None:
        losses = LossRecorder(progress=progress)
    elif not isinstance(losses, LossRecorder):
        raise TypeError(
            f"track() expected a LossRecorder, got {type(losses).__name__}. "
            f"Write losses = {package()}.LossRecorder() and then "
            f"{package()}.track(range(1000), losses)."
        )
    elif progress is not None:
        raise TypeError("with a recorder, write LossRecorder(progress=...) instead")
    return losses.track(iterable, total, run=run)


def plot_loss(
    losses: LossRecorder | Sequence[Any] | Mapping[str, Sequence[Any]],
    ax: Axes | None = None,
    log: bool | None = None,
    title: str | None = None,
    smooth: int | None = None,
) -> Axes:
    """Draw the loss against the iteration.

    At the end of a notebook cell the returned axes show the picture. In a script, save it:
    `mg.plot_loss(losses).figure.savefig("loss-curve.png")`. pyplot is not used, so no figure
    stays open. Values that are not finite are marked and named.

    Args:
        losses: a recorder, a sequence of numbers or one-element tensors, or a dict of those.
        ax: matplotlib axes to draw on; by default new ones.
        log: logarithmic loss axis? By default where it helps: all values are positive and the
            largest is at least 100 times the smallest, the lowest 5 % left aside.
        title: text above the plot.
        smooth: also draw the mean over about so many iterations, half of them before and half
            after, over the faint raw curve. Where one side has fewer, as at the ends, a line
            fitted to them takes the mean's place: it does not lag behind the curve either.

    Returns:
        The axes; `.figure` is the figure.

    Raises:
        ValueError: there is nothing to draw, `smooth` is below 1, or `log=True` with a value
            that has no logarithm.

    Example:
        >>> import minigrad as mg
        >>> mg.plot_loss([1000.0, 30.0, 1.0, 0.02]).get_yscale()
        'log'

    Source: the loss curve of every textbook on training (Goodfellow et al. 2016); matplotlib draws.
    """
    if smooth is not None and (isinstance(smooth, bool) or not isinstance(smooth, int)):
        raise TypeError(f"smooth must be a number of iterations (int), got {smooth!r}")
    if smooth is not None and smooth < 1:
        raise ValueError(
            f"smooth must be at least 1, got {smooth}: it counts the iterations averaged"
        )
    curves = curves_of(losses)
    if not any(values for _, values in curves.values()):
        raise ValueError(
            "there is no loss to plot: nothing was recorded. "
            "Call losses.log(loss) in the training loop before plot_loss(losses)."
        )
    # matplotlib takes longer to import than all of minigrad, so only plotting pays for it.
    from .loss_plot import draw_curves

    return draw_curves(curves, ax=ax, log=log, title=title, smooth=smooth)


def name_in_run(run: str, name: str) -> str:
    """What a tracked loop's name makes of a curve's name."""
    return run if name == "loss" else f"{run} {name}"


def curves_of(losses: Any) -> dict[str, tuple[list[int], list[float]]]:
    """Iterations and values of every curve, from anything `plot_loss` takes."""
    if isinstance(losses, LossRecorder):
        return {name: (losses.iterations(name), losses[name]) for name in losses.names}
    if not isinstance(losses, Mapping):
        losses = {"loss": losses}
    curves = {}
    for name, values in losses.items():
        if isinstance(values, (str, bytes)) or not hasattr(values, "__iter__"):
            raise TypeError(
                f"plot_loss() expected a LossRecorder or a sequence of numbers, "
                f"got {type(values).__name__}"
            )
        numbers = [to_float(value) for value in values]
        curves[str(name)] = (list(range(len(numbers))), numbers)
    return curves


def to_float(value: Any) -> float:
    """The number in a tensor with one element, a NumPy value or a Python number.

    Raises:
        RuntimeError: the tensor does not have exactly one element.
        TypeError: not a real number.
    """
    item = getattr(value, "item", None)
    if callable(item):
        count = value.numel() if hasattr(value, "numel") else value.size
        if count != 1:
            raise RuntimeError(
                f"a Tensor with {count} elements cannot be converted to Scalar. "
                "A loss is one number: reduce the tensor first, with .sum() or .mean()."
            )
        value = item()
    if not isinstance(value, Real):
        raise TypeError(
            f"expected a real number or a tensor with one element, got {type(value).__name__}"
        )
    return float(value)


def length_of(iterable: Iterable[Any]) -> int | None:
    try:
        return len(iterable)  # type: ignore[arg-type]
    except TypeError:  # a generator, or a loader that does not know
        return None
