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

# From the palette of Okabe and Ito (2008), which colour-blind people can tell apart; those of its
# colours too pale for white paper are left out. Line styles differ too, for print without colour.
COLORS = ("#0072B2", "#D55E00", "#009E73", "#AA4499", "#000000")
STYLES = ("-", "--", "-.", ":")

# Everything is set, not taken from the user's theme: dark text on an opaque white card can be
# read in a light and in a dark notebook.
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

DECADES_FOR_LOG = 2
LOWEST_PERCENT = 5
MARKERS_UP_TO = 30  # points; beyond that dots only hide the line
BEST_PLACE_UP_TO = 10_000  # points; matplotlib's search for a free corner is slow beyond that
PIXELS_PER_INCH = 160  # twice the shown size, for sharp text on dense screens


class LossAxes(Axes):
    """Axes that a notebook shows as a picture, without pyplot."""

    summary = ""

    def _repr_png_(self) -> tuple[bytes, dict[str, Any]]:
        figure = self.get_figure(root=True)
        assert figure is not None
        buffer = io.BytesIO()
        # Without matplotlib's version in it, the file depends on the data only.
        figure.savefig(buffer, format="png", dpi=PIXELS_PER_INCH, metadata={"Software": None})
        width = int(figure.get_figwidth() * PIXELS_PER_INCH / 2)
        return buffer.getvalue(), {"width": width, "alt": f"Loss curve: {self.summary}"}

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


def moving_mean(iterations: np.ndarray, values: np.ndarray, window: int) -> np.ndarray:
    """At each point, the mean of the finite values in the last `window` iterations."""
    if not len(values):
        return values
    # On a grid of all iterations, a curve that is logged now and then has gaps.
    place = iterations - iterations[0]
    total = np.zeros(place[-1] + 1)
    count = np.zeros(place[-1] + 1)
    finite = np.isfinite(values)
    total[place] = np.where(finite, values, 0.0)
    count[place] = finite
    # Sums are taken window by window. Differences of running totals would be quicker, but a
    # loss that falls from 1e7 to 1e-6 would drown in their rounding.
    ones = np.ones(min(window, len(total)))
    total = np.convolve(total, ones)[place]
    count = np.round(np.convolve(count, ones)[place])
    return np.where(count > 0, total / np.maximum(count, 1), np.nan)


def _new_axes(curves: dict[str, tuple[list[int], list[float]]]) -> LossAxes:
    figure = Figure(figsize=(6.4, 3.8), layout="constrained")
    ax = figure.add_subplot(axes_class=LossAxes)
    assert isinstance(ax, LossAxes)
    ax.summary = ", ".join(f"{name} ({len(y)} values)" for name, (_, y) in curves.items())
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
    ax.xaxis.set_major_locator(MaxNLocator(integer=True, min_n_ticks=1))
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
        ax.plot(x, moving_mean(x, y, smooth), style, color=color, label=label)
    # A value between two gaps has no line to either side: it needs a dot to be seen.
    there = np.isfinite(np.concatenate([[np.nan], y, [np.nan]]))
    alone = there[1:-1] & ~there[:-2] & ~there[2:]
    if alone.any() and not marker:
        ax.plot(x[alone], y[alone], "o", color=color, markersize=3)


def _mark_not_finite(ax: Any, x: np.ndarray, y: np.ndarray, name: str, color: str) -> None:
    """Marks at the edge of the axes, where the curve would have gone."""
    kinds = (
        ("NaN", "x", 0.96, np.isnan(y)),
        ("inf", "^", 0.96, y == np.inf),
        ("-inf", "v", 0.04, y == -np.inf),
    )
    for kind, marker, height, where in kinds:
        at = x[where]
        if not len(at):
            continue
        ax.axvline(at[0], color=color, linewidth=1, linestyle=":")
        ax.plot(
            at,
            np.full(len(at), height),
            marker,
            color=color,
            transform=ax.get_xaxis_transform(),  # x in iterations, y in parts of the axes' height
            label=legend_label(f"{name} is {kind}: {where_text(at)}"),
        )


def where_text(iterations: np.ndarray) -> str:
    if len(iterations) == 1:
        return f"iteration {iterations[0]}"
    if iterations[-1] - iterations[0] == len(iterations) - 1:
        return f"iterations {iterations[0]} to {iterations[-1]}"
    return f"{len(iterations)} iterations, first {iterations[0]}"


def legend_label(name: str) -> str:
    # matplotlib leaves labels out of the legend when they start with an underscore.
    return f" {name}" if name.startswith("_") else name


def _draw_legend(ax: Any, points: int) -> None:
    if len(ax.get_legend_handles_labels()[0]) < 2:
        return
    legend = ax.legend(loc="best" if points <= BEST_PLACE_UP_TO else "upper right")
    for text in legend.get_texts():
        text.set_parse_math(False)  # a dollar in a name is a dollar
