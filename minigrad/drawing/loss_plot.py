"""The picture of a loss curve. Imported by `plot_loss` only, since it loads matplotlib."""

from __future__ import annotations

import io
import math
from typing import Any

import matplotlib
import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.ticker import MaxNLocator

from .loss_page import curve_in_words, kinds_not_finite, svg_of, where_text
from .render import as_image

# From the palette of Okabe and Ito (2008), which colour-blind people can tell apart; those of its
# colours too pale for white paper are left out, some are darker here: contrast 4:1 or more. Line
# styles differ too, for print without colour.
COLORS = ("#0072B2", "#C25400", "#00805D", "#AA4499", "#000000")
STYLES = ("-", "--", "-.", ":")

# Everything is set, not taken from the user's style: dark text on an opaque white card can be
# read anywhere, and what takes the place of these colours on a dark page is known.
CARD: Any = {
    "figure.facecolor": "white",
    "savefig.facecolor": "white",
    "axes.facecolor": "white",
    "axes.edgecolor": "#555555",
    "axes.labelcolor": "#222222",
    "axes.titlecolor": "#222222",
    "text.color": "#222222",
    "xtick.color": "#444444",
    "ytick.color": "#444444",
    "axes.grid": True,
    "axes.grid.which": "major",
    "grid.color": "#DDDDDD",
    "grid.linewidth": 0.8,
    "axes.axisbelow": True,
    "axes.spines.top": False,
    "axes.spines.right": False,
    "legend.facecolor": "white",
    "legend.edgecolor": "#CCCCCC",
    "legend.labelcolor": "#222222",
}

# By light colour, the one for dark pages: a dark card, as the step player's.
DARK = {
    "#ffffff": "#15181d", "#222222": "#e7eaee", "#444444": "#b9c1ca", "#555555": "#8d959f",
    "#cccccc": "#4a525c", "#dddddd": "#363d46",
    "#0072b2": "#56b4e9", "#c25400": "#f08a45", "#00805d": "#3fbf94", "#aa4499": "#dd88cf",
    "#000000": "#f2f4f6",
}  # fmt: skip

DECADES_FOR_LOG = 2
LOWEST_PERCENT = 5
MARKERS_UP_TO = 30  # points; beyond that dots only hide the line
BEST_PLACE_UP_TO = 10_000  # points; matplotlib's search for a free corner is slow beyond that
PIXELS_PER_INCH = 160  # twice the shown size, for sharp text on dense screens


class LossAxes(Axes):
    """Axes that a notebook shows as a picture, without pyplot.

    A page gets an SVG that follows its theme. The PNG, for all that shows no HTML, is light.
    """

    summary = ""  # the curves and their lengths
    words = ""  # the curves described

    def _repr_html_(self) -> str:
        figure = self.get_figure(root=True)
        assert figure is not None
        return as_image(svg_of(figure, self._description(), DARK), self._description())

    def _description(self) -> str:
        scale = ", logarithmic loss axis" if self.get_yscale() == "log" else ""
        title = f" {self.get_title()!r}" if self.get_title() else ""
        return f"Loss curve{title}{scale}: {self.words}"

    def _repr_png_(self) -> tuple[bytes, dict[str, Any]]:
        figure = self.get_figure(root=True)
        assert figure is not None
        buffer = io.BytesIO()
        # Without matplotlib's version in it, the file depends on the data only.
        figure.savefig(buffer, format="png", dpi=PIXELS_PER_INCH, metadata={"Software": None})
        width = int(figure.get_figwidth() * PIXELS_PER_INCH / 2)
        return buffer.getvalue(), {"width": width, "alt": self._description()}

    def __repr__(self) -> str:  # the fallback where there are no pictures; the same every time
        return f"<loss curve: {self.summary}>"


def draw_curves(
    curves: dict[str, tuple[list[int], list[float]]],
    ax: Axes | None,
    log: bool | None,
    title: str | None,
    smooth: int | None,
) -> Axes:
    """Draw each curve, given as (iterations, values); see `plot_loss`."""
    arrays = {name: (np.array(x), np.array(y)) for name, (x, y) in curves.items()}
    use_log = choose_log(arrays, log)
    if ax is None:
        with matplotlib.rc_context(CARD):
            return _draw(_new_axes(curves), arrays, use_log, title, smooth)
    if log is False:
        ax.set_yscale("linear")
    return _draw(ax, arrays, use_log, title, smooth)


def choose_log(arrays: dict[str, tuple[np.ndarray, np.ndarray]], log: bool | None) -> bool:
    """Whether the loss axis is logarithmic: as asked, or else where it helps."""
    if log is False:
        return False
    values = np.concatenate([y for _, y in arrays.values()])
    values = values[np.isfinite(values)]
    positive = bool((values > 0).all())
    if log is None:
        if not positive or values.size == 0:
            return False
        # The lowest few do not count: one lucky batch in a noisy, level loss should not decide.
        # Logarithms are taken first, since the quotient of two floats can overflow.
        low = np.percentile(values, LOWEST_PERCENT, method="lower")
        return math.log10(values.max()) - math.log10(low) >= DECADES_FOR_LOG
    if not positive:
        raise ValueError(
            f"log=True needs positive losses, but the smallest is {values.min():g}. "
            "Zero and negative numbers have no logarithm: leave log=None or use log=False."
        )
    return True


def smoothed(iterations: np.ndarray, values: np.ndarray, window: int) -> np.ndarray:
    """At each point, the height of a straight line through the finite values around it.

    The line is fitted to the iterations at most half the window before or after the point. Where
    they lie to both sides alike, its height is their mean. At the ends of the curve and beside gaps
    it is not: a mean would be that of earlier or later values there, so that a falling loss were
    drawn too high or too low.
    """
    finite = np.isfinite(values)
    if not finite.any():
        return np.full(len(values), np.nan)
    # On a grid of all iterations, a curve that is logged now and then has gaps.
    place = iterations - iterations[0]
    grid = np.arange(place[-1] + 2.0)  # one more, since a window ends before its stop
    there = np.zeros(len(grid), bool)
    there[place] = finite
    y = np.zeros(len(grid))
    y[place] = np.where(finite, values, 0.0)
    x = np.where(there, grid, 0.0)

    half = min(window, place[-1] + 1) // 2
    start, stop = np.maximum(place - half, 0), np.minimum(place + half, place[-1]) + 1
    windows = np.column_stack([start, stop]).ravel()

    def each_window(function: np.ufunc, numbers: np.ndarray) -> np.ndarray:
        return function.reduceat(numbers, windows)[::2]  # every second is of what lies between

    # Sums are taken window by window. Differences of running totals would be quicker, but a
    # loss that falls from 1e7 to 1e-6 would drown in their rounding.
    count = np.maximum(each_window(np.add, there.astype(float)), 1)
    mean_x, mean_y = each_window(np.add, x) / count, each_window(np.add, y) / count
    spread = each_window(np.add, x * x) - count * mean_x**2
    together = each_window(np.add, x * y) - count * mean_x * mean_y
    slope = np.where(spread > 0.1, together / np.maximum(spread, 0.1), 0.0)
    height = mean_y + slope * (place - mean_x)
    # Where the loss bends sharply the line could leave the values, and on a logarithmic axis fall
    # below 0.
    low = each_window(np.minimum, np.where(there, y, np.inf))
    high = each_window(np.maximum, np.where(there, y, -np.inf))
    seen = (place >= place[finite][0]) & (place <= place[finite][-1]) & (low <= high)
    return np.where(seen, np.clip(height, low, high), np.nan)


def _new_axes(curves: dict[str, tuple[list[int], list[float]]]) -> LossAxes:
    figure = Figure(figsize=(6.4, 3.8), layout="constrained")
    ax = figure.add_subplot(axes_class=LossAxes)
    assert isinstance(ax, LossAxes)
    ax.summary = ", ".join(f"{name} ({len(y)} values)" for name, (_, y) in curves.items())
    ax.words = "; ".join(
        curve_in_words(name, np.array(x), np.array(y)) for name, (x, y) in curves.items()
    )
    return ax


def _draw(
    ax: Axes,
    arrays: dict[str, tuple[np.ndarray, np.ndarray]],
    log: bool,
    title: str | None,
    smooth: int | None,
) -> Axes:
    if log:
        ax.set_yscale("log")
    # Axes that already hold curves go on with the next colours.
    start = len(ax.get_legend_handles_labels()[0])
    for index, (name, (x, y)) in enumerate(arrays.items(), start):
        color = COLORS[index % len(COLORS)]
        style = STYLES[index % len(STYLES)]
        _draw_curve(ax, x, y, name, color, style, smooth)
        _mark_not_finite(ax, x, y, name, color)
    # Round numbers only: 0, 200, 400; by itself matplotlib would also take 0, 150, 300.
    ax.xaxis.set_major_locator(MaxNLocator(integer=True, min_n_ticks=1, steps=[1, 2, 5, 10]))
    ax.set_xlabel(ax.get_xlabel() or "iteration")
    ax.set_ylabel(ax.get_ylabel() or "loss")
    if title is not None:
        ax.set_title(title, parse_math=False)
    _draw_legend(ax, points=sum(len(x) for x, _ in arrays.values()))
    return ax


def _draw_curve(
    ax: Any, x: np.ndarray, y: np.ndarray, name: str, color: str, style: str, smooth: int | None
) -> None:
    y = np.where(np.isfinite(y), y, np.nan)  # NaN leaves a gap in the line
    marker = "o" if len(y) <= MARKERS_UP_TO else ""
    label = legend_label(name)
    if smooth is None or smooth == 1:
        ax.plot(x, y, style, color=color, marker=marker, markersize=4, label=label)
    else:
        ax.plot(x, y, "-", color=color, alpha=0.3, linewidth=1)
        ax.plot(x, smoothed(x, y, smooth), style, color=color, label=label)
    # A value between two gaps has no line to either side: it needs a dot to be seen.
    there = np.isfinite(np.concatenate([[np.nan], y, [np.nan]]))
    alone = there[1:-1] & ~there[:-2] & ~there[2:]
    if alone.any() and not marker:
        ax.plot(x[alone], y[alone], "o", color=color, markersize=3)


def _mark_not_finite(ax: Any, x: np.ndarray, y: np.ndarray, name: str, color: str) -> None:
    """Marks at the edge of the axes, where the curve would have gone."""
    looks = {"NaN": ("x", 0.96), "inf": ("^", 0.96), "-inf": ("v", 0.04)}
    for kind, where in kinds_not_finite(y).items():
        marker, height = looks[kind]
        at = x[where]
        ax.axvline(at[0], color=color, linewidth=1, linestyle=":")
        ax.plot(
            at,
            np.full(len(at), height),
            marker,
            color=color,
            transform=ax.get_xaxis_transform(),  # x in iterations, y in parts of the axes' height
            label=legend_label(f"{name} is {kind}: {where_text(at)}"),
        )


def legend_label(name: str) -> str:
    # matplotlib leaves labels out of the legend when they start with an underscore.
    return f" {name}" if name.startswith("_") else name


def _draw_legend(ax: Any, points: int) -> None:
    if len(ax.get_legend_handles_labels()[0]) < 2:
        return
    legend = ax.legend(loc="best" if points <= BEST_PLACE_UP_TO else "upper right")
    for text in legend.get_texts():
        text.set_parse_math(False)  # a dollar in a name is a dollar
