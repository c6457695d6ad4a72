"""The loss recorder, its progress display and the loss curve."""

import csv
import gc
import html as html_module
import io
import itertools
import json
import math
import os
import re
import subprocess
import sys
import types
import weakref
from xml.etree import ElementTree

import numpy as np
import pytest
from contrast import contrast
from places import ROOT

from minigrad.drawing import progress as progress_module
from minigrad.drawing.loss import LossRecorder, plot_loss, to_float, track
from minigrad.drawing.progress import LogProgress, TerminalProgress


class FakeTerminal(io.StringIO):
    encoding = "utf-8"

    def isatty(self):
        return True


class FakeClock:
    def __init__(self):
        self.now = 0.0

    def __call__(self):
        return self.now


class FakeTensor:
    """What the recorder knows of a tensor: numel() and item()."""

    def __init__(self, *numbers):
        self.numbers = numbers

    def numel(self):
        return len(self.numbers)

    def item(self):
        return self.numbers[0]


def quiet(**options):
    return LossRecorder(progress=False, **options)


# Recording


def test_takes_tensors_numpy_and_python_numbers():
    losses = quiet()
    for value in (FakeTensor(4.0), np.float32(3), np.array([[2.0]]), 1, 0.5):
        losses.log(value)
    assert losses.values == [4.0, 3.0, 2.0, 1.0, 0.5]
    assert {type(value) for value in losses.values} == {float}
    assert list(losses) == losses.values
    assert (len(losses), losses[-1], losses[:2]) == (5, 0.5, [4.0, 3.0])
    assert losses.names == ["loss"]


@pytest.mark.parametrize("count", [0, 3])
def test_refuses_other_sizes_with_the_words_of_pytorch(count):
    torch = pytest.importorskip("torch", reason="PyTorch's own words are the truth here")
    with pytest.raises(RuntimeError) as theirs:
        torch.ones(count).item()
    losses = quiet()
    for value in (FakeTensor(*range(count)), np.ones(count), torch.ones(count)):
        with pytest.raises(RuntimeError) as ours:
            losses.log(value)
        assert str(ours.value).startswith(str(theirs.value))
        assert ".mean()" in str(ours.value)


@pytest.mark.parametrize("value", ["3", None, [1.0], 1j, np.complex64(1), np.array("3")])
def test_refuses_what_is_no_number(value):
    losses = quiet()
    with pytest.raises(TypeError, match="expected a real number or a tensor with one element"):
        losses.log(value)
    assert losses.names == []


def test_refused_call_changes_nothing():
    losses = quiet()
    losses.log(train=1.0, valid=2.0)
    before = repr(losses), losses.to_dict()
    with pytest.raises(RuntimeError):
        losses.log(train=3.0, valid=np.ones(2))
    with pytest.raises(TypeError, match="multiple values"):
        losses.log(1.0, loss=2.0)
    with pytest.raises(TypeError, match="needs a value"):
        losses.log()
    assert (repr(losses), losses.to_dict()) == before


def test_keeps_no_tensor_alive():
    losses, tensor = quiet(), FakeTensor(1.0)
    reference = weakref.ref(tensor)
    gc.disable()  # counting references must be enough
    try:
        losses.log(tensor)
        del tensor
        assert reference() is None
    finally:
        gc.enable()


def test_first_curve_answers_for_the_recorder():
    losses = quiet()
    losses.log(train=1.0, valid=10.0)
    losses.log(train=2.0, valid=20.0)
    assert losses.values == [1.0, 2.0]
    assert losses["valid"] == [10.0, 20.0]
    assert losses.to_dict() == {"train": [1.0, 2.0], "valid": [10.0, 20.0]}
    with pytest.raises(KeyError, match="curves: 'train', 'valid'"):
        losses["test"]
    losses.values.append(3.0)  # a copy
    assert len(losses) == 2


def test_iteration_of_a_curve_logged_now_and_then():
    losses = quiet()
    for t in range(6):
        losses.log(train=t)
        if t % 3 == 0:
            losses.log(valid=t)
    assert losses.iterations("train") == [0, 1, 2, 3, 4, 5]
    assert losses.iterations("valid") == [0, 3]


def test_tracked_iterations():
    losses = quiet()
    for t in losses.track(range(21)):
        if t % 10 == 0:
            losses.log(valid=t)  # before the other curve, and every tenth time
            losses.log(train=t)
    assert losses.iterations("valid") == losses.iterations("train") == [0, 10, 20]


def test_batches_inside_a_tracked_loop_get_their_own_iterations():
    losses = quiet()
    for _ in losses.track(range(2)):
        for _ in range(3):
            losses.log(1.0)
    assert losses.iterations() == [0, 1, 2, 3, 4, 5]


# Several trainings in one recorder


def plain(losses, steps, **curves):
    for _ in range(steps):
        losses.log(**curves)


def loop(losses, steps, run=None, **curves):
    for _ in losses.track(range(steps), run=run):
        losses.log(**curves)


@pytest.mark.parametrize("train", [plain, loop])
def test_each_training_starts_at_iteration_0(train):
    losses = quiet()
    train(losses, 160, sigmoid=1)
    train(losses, 100, relu=2)
    train(losses, 120, he=3)
    for name, steps in (("sigmoid", 160), ("relu", 100), ("he", 120)):
        assert losses.iterations(name) == list(range(steps))
    assert repr(losses) == "LossRecorder(3 runs, 160 iterations, sigmoid=1, relu=2, he=3)"
    for line in plot_loss(losses).lines:
        assert line.get_xdata()[0] == 0


@pytest.mark.parametrize("train", [plain, loop])
def test_each_training_may_have_several_curves(train):
    losses = quiet()
    for name in ("sgd", "adam"):
        for step in range(30) if train is plain else losses.track(range(30)):
            losses.log(**{f"{name} train": 1})
            if step % 10 == 9:
                losses.log(**{f"{name} valid": 2})
        losses.log(**{f"{name} test": 3})
    for name in ("sgd", "adam"):
        assert losses.iterations(f"{name} train") == list(range(30))
        assert losses.iterations(f"{name} valid") == [9, 19, 29]
        assert losses.iterations(f"{name} test") == [29]  # once, after the training


def test_curves_of_one_tracked_loop_are_one_training():
    losses = quiet()
    for step in losses.track(range(100)):
        losses.log(**{"warm-up" if step < 50 else "main": 1})
    assert losses.iterations("main") == list(range(50, 100))


def test_next_epoch_goes_on():
    losses = quiet()
    for _ in range(3):
        for _ in losses.track(range(4)):
            losses.log(train=1)
        losses.log(valid=2)
    assert losses.iterations("train") == list(range(12))
    assert losses.iterations("valid") == [3, 7, 11]
    assert repr(losses) == "LossRecorder(12 iterations, train=1, valid=2)"


def test_a_named_run_starts_again_with_curves_of_its_own():
    losses = quiet()
    for run in ("Adam", 0.1, "Adam"):
        for t in track(range(3), losses, run=run):
            losses.log(t)
            losses.log(valid=t)
    assert losses.names == ["Adam", "Adam valid", "0.1", "0.1 valid", "Adam (2)", "Adam (2) valid"]
    assert all(losses.iterations(name) == [0, 1, 2] for name in losses.names)
    losses.log(5.0)  # the name ends with its loop
    assert losses.names[-1] == "loss"


def test_files_and_messages_count_each_training_from_0(tmp_path):
    losses = quiet()
    loop(losses, 3, a=1)
    loop(losses, 3, b=math.nan)
    losses.save(tmp_path / "losses.csv")
    losses.save(tmp_path / "losses.json")
    assert (tmp_path / "losses.csv").read_text().split() == [
        "iteration,a,b", "0,1.0,nan", "1,1.0,nan", "2,1.0,nan",
    ]  # fmt: skip
    assert json.loads((tmp_path / "losses.json").read_text())["b"]["iteration"] == [0, 1, 2]
    assert losses._status() == "a 1, b nan (not finite since iteration 0)"


def test_track_passes_items_on_and_checks_at_once():
    assert list(track("abc", quiet())) == ["a", "b", "c"]
    assert list(track(iter([1, 2]), progress=False)) == [1, 2]
    with pytest.raises(TypeError, match="not iterable"):
        quiet().track(1000)
    with pytest.raises(TypeError, match="expected a LossRecorder, got int"):
        track(range(3), 1000)
    with pytest.raises(TypeError, match="LossRecorder\\(progress"):
        track(range(3), quiet(), progress=True)


def test_nested_track_is_refused_and_a_broken_loop_ends():
    losses = quiet()
    for _ in losses.track(range(2)):
        with pytest.raises(RuntimeError, match="Track the outer loop only"):
            next(iter(losses.track(range(2))))
    for _ in losses.track(range(5)):
        break
    assert list(losses.track(range(2))) == [0, 1]


@pytest.mark.parametrize(
    ("total", "error"), [(0, ValueError), (-1, ValueError), (2.0, TypeError), (True, TypeError)]
)
def test_total_is_checked(total, error):
    with pytest.raises(error, match="total must be"):
        LossRecorder(total=total)


def test_save_csv_and_json(tmp_path):
    losses = quiet()
    for t, value in enumerate([1.5, math.nan, math.inf, -math.inf, 1e-300]):
        losses.log(train=value)
        if t % 2 == 0:
            losses.log(**{"valid, rough": t})
    losses.save(tmp_path / "losses.csv")
    losses.save(str(tmp_path / "losses.JSON"))

    rows = list(csv.reader((tmp_path / "losses.csv").read_text(encoding="utf-8").splitlines()))
    assert rows[0] == ["iteration", "train", "valid, rough"]
    assert [row[2] for row in rows[1:]] == ["0.0", "", "2.0", "", "4.0"]
    np.testing.assert_equal([float(row[1]) for row in rows[1:]], losses["train"])

    def no_constant(name):
        raise AssertionError(f"{name} is not JSON")

    saved = json.loads((tmp_path / "losses.JSON").read_text(), parse_constant=no_constant)
    np.testing.assert_equal([float(v) for v in saved["train"]["value"]], losses["train"])
    assert saved["valid, rough"] == {"iteration": [0, 2, 4], "value": [0.0, 2.0, 4.0]}

    with pytest.raises(ValueError, match=r"end the name with \.csv or \.json"):
        losses.save(tmp_path / "losses.png")
    assert not (tmp_path / "losses.png").exists()


# Progress


def test_log_file_gets_ten_lines_with_the_loss():
    out = io.StringIO()
    losses = LossRecorder(total=1000, file=out)
    for t in range(1000):
        losses.log(float(t))
    lines = out.getvalue().splitlines()
    assert [line.split(",")[0] for line in lines] == [f"{k}00/1000" for k in range(1, 11)]
    assert "loss 499" in lines[4]
    assert "\r" not in out.getvalue()


@pytest.mark.parametrize("length", [0, 1, 3, 10, 11, 19, 997])
@pytest.mark.parametrize("stop", [None, 2, 996])
def test_log_file_never_gets_more_than_ten_lines(length, stop):
    out = io.StringIO()
    losses = LossRecorder(file=out)
    for t in losses.track(range(length)):
        losses.log(1.0)
        if t == stop:
            break
    lines = out.getvalue().splitlines()
    done = length if stop is None or stop >= length else stop
    assert 1 <= len(lines) <= 10
    assert lines[-1].startswith(f"{done}/{length}")
    assert len(lines) == len(set(lines))


def test_log_file_of_a_loop_without_known_length_or_with_a_wrong_one():
    out = io.StringIO()
    for _ in LossRecorder(file=out).track(iter(range(5000))):
        pass
    counts = [line.split(",")[0] for line in out.getvalue().splitlines()]
    assert counts == ["1", "10", "100", "1000", "5000"]

    out = io.StringIO()
    for _ in LossRecorder(file=out).track(iter(range(5000)), total=5):
        pass
    counts = [line.split(",")[0] for line in out.getvalue().splitlines()]
    assert counts == ["1/5", "2/5", "3/5", "4/5", "5000"]


def test_no_display_when_not_wanted_or_not_known(capsys):
    for losses in (LossRecorder(), quiet(total=3)):
        for _ in range(3):
            losses.log(1.0)
    for _ in track(range(3), progress=False):
        pass
    assert capsys.readouterr() == ("", "")


def test_display_goes_to_stderr_and_survives_without_one(capsys, monkeypatch):
    list(track(range(3)))
    out, err = capsys.readouterr()
    assert (out, len(err.splitlines())) == ("", 3)
    monkeypatch.setattr(sys, "stderr", None)
    assert list(track(range(3))) == [0, 1, 2]


def test_terminal_line_shows_bar_count_loss_rate_and_time_left():
    out, clock = FakeTerminal(), FakeClock()
    bar = TerminalProgress(100, out, clock=clock)
    for _ in range(25):
        clock.now += 1.0
        bar.advance(lambda: "loss 0.5")
    line = out.getvalue().split("\r")[-1]
    assert line == " 25%|█████               | 25/100, loss 0.5, 1.0 it/s, 1:15 left"
    bar.close(lambda: "loss 0.5")
    final = out.getvalue().split("\r")[-1]
    assert final.rstrip() == " 25%|█████               | 25/100, loss 0.5, 1.0 it/s, 0:25"
    assert out.getvalue().count("\n") == 1
    assert final.endswith("\n")


def test_terminal_is_redrawn_ten_times_a_second_and_wiped():
    out, clock = FakeTerminal(), FakeClock()
    bar = TerminalProgress(10_000, out, clock=clock)
    drawn = []
    for t in range(2000):  # two seconds
        clock.now = t / 1000
        bar.advance(lambda: drawn.append(1) or ("long " * 5 if len(drawn) == 1 else "x"))
    assert 19 <= out.getvalue().count("\r") <= 21
    assert len(drawn) == out.getvalue().count("\r")  # no text is made in vain
    first, second = out.getvalue().split("\r")[1:3]
    assert len(second) == len(first)  # blanks cover the rest of the longer line


def test_terminal_line_is_cut_to_the_window(monkeypatch):
    monkeypatch.setenv("COLUMNS", "30")
    out = FakeTerminal()
    losses = LossRecorder(total=1, file=out)
    losses.log(**{"a" * 100: 1.0})
    assert max(len(part) for part in out.getvalue().strip().split("\r")) <= 29


def test_terminal_without_block_characters_gets_ascii():
    out = FakeTerminal()
    out.encoding = "ascii"
    list(LossRecorder(file=out).track(range(3)))
    assert out.getvalue().isascii()
    assert "#" * 20 in out.getvalue()


def test_rate_of_a_plain_loop_leaves_out_the_iteration_before_the_clock():
    clock = FakeClock()
    bar = LogProgress(10, io.StringIO(), unclocked=1, clock=clock)
    for _ in range(5):
        bar.advance(str)  # the first was over when the clock started
        clock.now += 2.0
    clock.now -= 2.0
    assert bar.timing() == ["2 s/it", "0:10 left"]


def test_loop_run_again_gets_a_new_display():
    out = io.StringIO()
    losses = LossRecorder(total=2, file=out)
    for t in range(3):
        losses.log(train=t)
        losses.log(valid=t)  # the same iteration: the display does not move
    losses.close()
    losses.close()
    lines = [", ".join(line.split(", ")[:2]) for line in out.getvalue().splitlines()]
    assert lines == ["1/2, train 0", "2/2, train 1", "1/2, train 2", "1/2, left early"]


def tracked_text(leave, total=10):
    """What a log file gets of a loop that is left in its fourth iteration."""
    out = io.StringIO()
    losses = LossRecorder(file=out)
    try:
        for t in losses.track(iter(range(total)) if leave == "iterator" else range(total)):
            losses.log(t)
            if t == 3 and leave == "break":
                break
            if t == 3 and leave == "error":
                raise ZeroDivisionError
    except ZeroDivisionError:
        return out.getvalue()  # while the error is still held
    return out.getvalue()


@pytest.mark.parametrize("leave", ["break", "error"])
def test_loop_that_is_left_says_so(leave):
    assert tracked_text(leave).splitlines()[-1].startswith("3/10, left early, loss 3")
    assert len(tracked_text(leave, total=1000).splitlines()) == 1


def test_loop_that_came_to_its_end_does_not_say_that_it_was_left():
    assert "left early" not in tracked_text(None)
    assert "left early" not in tracked_text("iterator")


def test_error_of_the_iterator_itself_is_said_too():
    def loader():
        yield 1
        raise OSError("disk")

    out = io.StringIO()
    with pytest.raises(OSError, match="disk"):
        for _ in LossRecorder(file=out).track(loader()):
            pass
    assert out.getvalue().splitlines()[-1].startswith("1, left early")


def test_terminal_and_notebook_say_that_the_loop_was_left(monkeypatch):
    out = FakeTerminal()
    for _ in LossRecorder(file=out).track(range(4)):
        break
    assert "| 0/4, left early" in out.getvalue().split("\r")[-1]
    kernel = FakeKernel(monkeypatch)
    for t in LossRecorder().track(range(4)):
        if t == 1:
            break
    final = kernel.displays[-1][0]
    assert final["text/plain"] == "1/4, left early"
    assert 'value="0.250"' in final["text/html"] and "1/4, left early" in final["text/html"]


def test_progress_says_since_when_the_loss_is_not_finite():
    out = io.StringIO()
    losses = LossRecorder(total=4, file=out)
    for value in (1.0, math.inf, math.nan, math.nan):
        losses.log(value)
    assert "loss nan (not finite since iteration 1)" in out.getvalue().splitlines()[-1]


class FakeKernel:
    """IPython as the display sees it: a shell with a kernel, and displays that can change."""

    def __init__(self, monkeypatch):
        self.execution_count = 1
        self.kernel = object()
        self.displays = []  # the states each display went through
        ipython = types.ModuleType("IPython")
        ipython.get_ipython = lambda: self
        ipython.display = types.ModuleType("IPython.display")
        ipython.display.display = self.display
        monkeypatch.setitem(sys.modules, "IPython", ipython)
        monkeypatch.setitem(sys.modules, "IPython.display", ipython.display)

    def display(self, bundle, raw, display_id=False):
        assert raw
        states = [bundle]
        self.displays.append(states)
        return types.SimpleNamespace(update=lambda bundle, raw: states.append(bundle))


def test_notebook_output_is_stable_and_throttled(monkeypatch):
    kernel, clock = FakeKernel(monkeypatch), FakeClock()
    losses = LossRecorder()
    loop = losses.track(range(2000))
    monkeypatch.setattr(progress_module.Progress.__init__, "__defaults__", (0, clock))
    for t in loop:
        losses.log(**{"<b>": t})
        clock.now += 0.001
    live, final = kernel.displays
    # nbval compares the first state of each display with the last, which the notebook keeps.
    assert live[0] == live[-1] == {"text/plain": "", "text/html": ""}
    assert 19 <= len(live) - 2 <= 21
    assert "it/s" in live[5]["text/plain"]
    assert len(final) == 1
    assert final[0]["text/plain"] == "2000/2000, <b> 1999"
    assert "&lt;b&gt; 1999" in final[0]["text/html"]
    assert 'value="1.000"' in final[0]["text/html"]
    assert "<b>" not in final[0]["text/html"]


def test_interrupted_plain_loop_starts_again_in_its_new_cell(monkeypatch):
    kernel = FakeKernel(monkeypatch)
    losses = LossRecorder(total=3)
    losses.log(1.0)  # then the learner interrupts the cell and runs it again
    kernel.execution_count += 1
    for _ in range(3):
        losses.log(1.0)
    assert len(kernel.displays) == 3  # a bar, its successor, the final line
    assert kernel.displays[2][0]["text/plain"] == "3/3, loss 1"


def test_file_wins_over_the_notebook(monkeypatch):
    kernel, out = FakeKernel(monkeypatch), io.StringIO()
    list(LossRecorder(file=out).track(range(3)))
    assert kernel.displays == []
    assert out.getvalue()


NOTEBOOK = """
from minigrad.drawing.loss import LossRecorder, plot_loss
import time
losses = LossRecorder()
for t in losses.track(range(30)):
    losses.log(100.0 / (t + 1) ** 2)
    time.sleep(0.01)
plot_loss(losses)
"""


def test_real_notebook_shows_one_picture_and_passes_nbval(tmp_path):
    pytest.importorskip("nbval", reason="needs nbval and a Jupyter kernel")
    nbformat = pytest.importorskip("nbformat", reason="needs nbval and a Jupyter kernel")
    nbclient = pytest.importorskip("nbclient", reason="needs nbval and a Jupyter kernel")
    pytest.importorskip("ipykernel", reason="needs nbval and a Jupyter kernel")
    notebook = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(NOTEBOOK.strip())])
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    nbclient.NotebookClient(notebook, kernel_name="python3").execute(env=environment)
    outputs = notebook.cells[0].outputs
    pictures = [o for o in outputs if "image/png" in o.get("data", {})]
    assert len(pictures) == 1
    assert pictures[0].data["text/plain"] == "<loss curve: loss (30 values)>"
    texts = [o.data["text/plain"] for o in outputs if o not in pictures]
    assert texts == ["", "30/30, loss 0.1111"]

    nbformat.write(notebook, tmp_path / "loss.ipynb")
    command = [sys.executable, "-m", "pytest", "-q", "--nbval", "-p", "no:cacheprovider"]
    result = subprocess.run(
        [*command, "loss.ipynb"], cwd=tmp_path, env=environment, capture_output=True, text=True
    )
    assert result.returncode == 0, result.stdout
    assert "1 passed" in result.stdout


# The curve


def pixels(ax):
    """The picture as height x width x 3 numbers from 0 to 1."""
    from matplotlib.image import imread

    png, _ = ax._repr_png_()
    return imread(io.BytesIO(png))[..., :3]


def count_color(ax, color):
    from matplotlib.colors import to_rgb

    return int((np.abs(pixels(ax) - to_rgb(color)).max(axis=-1) < 0.02).sum())


def legend_texts(ax):
    legend = ax.get_legend()
    return [] if legend is None else [text.get_text() for text in legend.get_texts()]


@pytest.mark.parametrize(
    ("values", "scale"),
    [
        ([1000.0, 30.0, 1.0, 0.02], "log"),
        ([3.0, 2.0, 1.0, 0.5], "linear"),
        ([1000.0, 30.0, 1.0, 0.0], "linear"),
        ([1000.0, 30.0, 1.0, -0.1], "linear"),
        ([1e7, math.nan, math.inf, 1e-6], "log"),
        ([math.nan, math.nan], "linear"),
        ([1e300, 1.0, 1e-300], "log"),
        ([1e-9, *[1.0] * 99], "linear"),  # one lucky batch in a level loss
        ([1e9, *[1.0] * 99], "log"),  # a steep start
        ([5.0], "linear"),
    ],
)
def test_scale_is_chosen(values, scale):
    assert plot_loss(values).get_yscale() == scale


def test_scale_as_asked():
    assert plot_loss([1e6, 1.0], log=False).get_yscale() == "linear"
    assert plot_loss([2.0, 1.0], log=True).get_yscale() == "log"
    with pytest.raises(ValueError, match="log=True needs positive losses, but the smallest is -1"):
        plot_loss([2.0, -1.0], log=True)


def test_line_goes_through_the_recorded_points():
    losses = quiet()
    for t in losses.track(range(40)):
        losses.log(train=t * t)
        if t % 10 == 0:
            losses.log(valid=t + 1)
    train, valid = plot_loss(losses, log=False).lines
    np.testing.assert_array_equal(train.get_xdata(), np.arange(40))
    np.testing.assert_array_equal(train.get_ydata(), np.arange(40) ** 2)
    np.testing.assert_array_equal(valid.get_xdata(), [0, 10, 20, 30])
    np.testing.assert_array_equal(valid.get_ydata(), [1, 11, 21, 31])


def test_labels_legend_and_title():
    ax = plot_loss([3.0, 2.0], title="costs $5_ and $6_")
    assert (ax.get_xlabel(), ax.get_ylabel()) == ("iteration", "loss")
    assert ax.get_title() == "costs $5_ and $6_"
    assert legend_texts(ax) == []
    ax = plot_loss({"train": [3.0, 2.0], "_hidden $x_$": [2.0, 1.0]})
    assert legend_texts(ax) == ["train", " _hidden $x_$"]
    assert pixels(ax).std() > 0  # broken formulas do not stop the drawing


def test_curves_differ_in_colour_and_style():
    lines = plot_loss({str(k): [2.0, k] for k in range(8)}).lines
    looks = [(line.get_color(), line.get_linestyle()) for line in lines]
    assert len(set(looks)) == 8
    for one, other in itertools.pairwise(looks):
        assert one[0] != other[0]
        assert one[1] != other[1]


def test_not_finite_values_are_marked_at_their_iterations():
    ax = plot_loss([4.0, math.nan, 2.0, math.inf, math.inf, -math.inf, math.nan])
    assert legend_texts(ax) == [
        "loss",
        "loss is NaN: 2 iterations, first 1",
        "loss is inf: iterations 3 to 4",
        "loss is -inf: iteration 5",
    ]
    marks = {line.get_marker(): list(line.get_xdata()) for line in ax.lines}
    assert (marks["x"], marks["^"], marks["v"]) == ([1, 6], [3, 4], [5])
    assert ax.get_ylim()[1] < 10  # the marks do not stretch the axis


def test_all_nan_is_still_a_picture():
    ax = plot_loss([math.nan] * 5)
    assert legend_texts(ax)[-1] == "loss is NaN: iterations 0 to 4"
    assert count_color(ax, "#0072B2") > 100


def test_value_between_two_gaps_is_seen():
    values = [math.nan] * 50
    values[20] = 1.0
    dot = plot_loss(values).lines[1]
    assert (list(dot.get_xdata()), list(dot.get_ydata()), dot.get_marker()) == ([20], [1.0], "o")


def fitted(values, t, half):
    """The height at t of the line through the finite values of t - half, ..., t + half."""
    at = np.arange(max(0, t - half), min(len(values), t + half + 1))
    at = at[np.isfinite(values[at])]
    line = np.polynomial.Polynomial.fit(at, values[at], 1)
    return np.clip(line(t), values[at].min(), values[at].max())


def test_smooth_is_the_mean_of_the_iterations_around():
    rng = np.random.default_rng(0)
    values = 10.0 ** np.linspace(7, -6, 60) * rng.uniform(0.5, 1.5, 60)
    values[30] = math.nan
    raw, smooth = plot_loss(values, smooth=7).lines[:2]
    np.testing.assert_array_equal(raw.get_ydata(), values)
    drawn = smooth.get_ydata()
    means = [np.mean(values[t - 3 : t + 4]) for t in range(3, 27)]
    np.testing.assert_allclose(drawn[3:27], means, rtol=1e-12)
    beside = [*range(3), *range(27, 34), *range(57, 60)]  # the ends, and the gap
    expected = [fitted(values, t, 3) for t in beside]
    np.testing.assert_allclose(drawn[beside], expected, rtol=1e-9)
    assert (drawn > 0).all()


def test_smooth_is_smooth_up_to_the_ends():
    noise = np.random.default_rng(1).normal(0, 1, 1000)
    drawn = plot_loss(3 + noise, smooth=101).lines[1].get_ydata()
    assert abs(drawn - 3).max() < 0.6  # a raw value is away by 3 somewhere


@pytest.mark.parametrize("smooth", [2, 7, 50, 1000])
def test_smooth_does_not_lag(smooth):
    falling = np.linspace(5.0, 1.0, 80)
    for values in (falling, np.concatenate([[math.nan] * 5, falling, [math.inf] * 3])):
        line = plot_loss(values, smooth=smooth).lines[1]
        seen = np.isfinite(values)
        np.testing.assert_allclose(line.get_ydata()[seen], values[seen])
    # Training is below validation everywhere, and is drawn so.
    train = 2.0 * np.exp(-np.arange(200) / 20)
    lines = plot_loss({"train": train, "valid": 1.1 * train}, smooth=smooth).lines
    assert (lines[1].get_ydata() < lines[3].get_ydata()).all()


def test_smooth_counts_iterations_not_values():
    losses = quiet()
    for t in losses.track(range(50)):
        losses.log(train=1.0)
        if t % 10 == 0:
            losses.log(valid=t**2)
    valid = plot_loss(losses, smooth=21).lines[3]
    np.testing.assert_allclose(valid.get_ydata(), [0, 500 / 3, 1400 / 3, 2900 / 3, 1600])
    assert plot_loss({"a": [1.0], "b": []}, smooth=5).lines
    assert plot_loss({"a": [math.nan] * 3}, smooth=5).lines


@pytest.mark.parametrize(
    ("smooth", "error"), [(0, ValueError), (-3, ValueError), (0.9, TypeError), (True, TypeError)]
)
def test_smooth_is_checked(smooth, error):
    with pytest.raises(error, match="smooth must be"):
        plot_loss([1.0, 2.0], smooth=smooth)


@pytest.mark.parametrize("empty", [[], {}, {"train": []}, np.zeros(0), LossRecorder()])
def test_nothing_to_draw(empty):
    with pytest.raises(ValueError, match=r"Call losses\.log\(loss\)"):
        plot_loss(empty)


@pytest.mark.parametrize("wrong", [3.0, None, "loss", {"train": 3.0}])
def test_refuses_what_is_no_curve(wrong):
    with pytest.raises(TypeError, match="a LossRecorder or a sequence of numbers"):
        plot_loss(wrong)


def test_takes_tensors_and_refuses_tables():
    ax = plot_loss([FakeTensor(2.0), FakeTensor(1.0)])
    assert list(ax.lines[0].get_ydata()) == [2.0, 1.0]
    with pytest.raises(RuntimeError, match="a Tensor with 3 elements"):
        plot_loss(np.ones((2, 3)))


def test_picture_is_opaque_and_shows_the_line():
    from matplotlib.image import imread

    ax = plot_loss(100 * np.exp(-np.arange(100) / 10))
    png, metadata = ax._repr_png_()
    picture = imread(io.BytesIO(png))
    assert picture.shape[1] == 2 * metadata["width"]
    assert metadata["alt"].startswith("Loss curve, logarithmic loss axis: loss (100 values, first ")
    assert picture.shape[2] == 3 or picture[..., 3].min() == 1
    np.testing.assert_array_equal(picture[0, 0, :3], [1, 1, 1])
    assert count_color(ax, "#0072B2") > 1000
    assert ax._repr_png_()[0] == png  # the same file every time


def test_picture_is_readable_whatever_the_users_style():
    import matplotlib

    plain = pixels(plot_loss([3.0, 2.0, 1.0], title="title"))
    dark = {"figure.facecolor": "black", "axes.facecolor": "black", "text.color": "white"}
    dark |= {"axes.labelcolor": "white", "xtick.color": "white", "ytick.color": "white"}
    with matplotlib.rc_context(dark):
        themed = pixels(plot_loss([3.0, 2.0, 1.0], title="title"))
    np.testing.assert_array_equal(plain, themed)


@pytest.mark.parametrize("last", [1, 2, 7, 13, 45, 160, 300, 450, 601, 899, 1500, 7000, 123_456])
def test_ticks_are_round_numbers(last):
    ax = plot_loss(np.ones(last + 1))
    ticks = [round(t) for t in ax.get_xticks()]
    assert len(ticks) >= 2 and 0 in ticks
    step = ticks[1] - ticks[0]
    assert str(step).rstrip("0") in ("1", "2", "5")
    assert {b - a for a, b in itertools.pairwise(ticks)} == {step}


def page_svg(ax):
    """The SVG in the HTML that a notebook gets, its alternative text, and the script."""
    import base64

    html = ax._repr_html_()
    alt, data, script = re.fullmatch(
        r'<img class="mg-\w{10}" style="max-width: 100%" alt="([^"]*)" '
        r'src="data:image/svg\+xml;base64,([^"]*)"><script>(.*)</script>', html, re.DOTALL
    ).groups()  # fmt: skip
    return base64.b64decode(data).decode(), alt, script


def test_page_gets_the_curve_in_words():
    curves = {"train": [4.0, 1.0, 2.0], "<b>": [3.0, math.nan, math.inf], "none": []}
    svg, alt, _ = page_svg(plot_loss(curves, title="A & B"))
    words = (
        "Loss curve 'A & B': train (3 values, first 4 at iteration 0, lowest 1 at iteration 1, "
        "highest 4 at iteration 0, last 2 at iteration 2); <b> (3 values, first 3 at iteration 0, "
        "lowest 3 at iteration 0, highest 3 at iteration 0, last 3 at iteration 0, "
        "NaN at iteration 1, inf at iteration 2); none (no values)"
    )
    assert html_module.unescape(alt) == words
    root = ElementTree.fromstring(svg)
    assert root.get("role") == "img"
    parts = {e.get("id"): e for e in root.iter() if e.get("id")}
    named = [parts[i].text for i in root.get("aria-labelledby").split()]
    assert named == ["Loss curve", words]


@pytest.mark.filterwarnings("ignore:Glyph 0")
def test_page_picture_depends_on_the_data_only():
    def picture(*values):
        return page_svg(plot_loss({"a $x": values}, title="c\x00"))[0]

    assert picture(3.0, 2.0) == picture(3.0, 2.0)
    ids = [set(re.findall(r' id="([^"]*)"', picture(*v))) for v in ((3.0, 2.0), (3.0, 1.0))]
    assert ids[0] and not ids[0] & ids[1]  # two pictures on a page share no ids
    used = set(re.findall(r'(?:url\(|href=")#([^")]*)', picture(3.0, 2.0)))
    assert used and used <= ids[0]
    assert "*{" not in picture(3.0, 2.0)  # a rule for every element of the page


def test_every_colour_of_the_curves_has_a_dark_one_that_can_be_read():
    from minigrad.drawing.loss_plot import CARD, COLORS, DARK

    svg, _, _ = page_svg(plot_loss({str(k): [2.0, k, math.nan] for k in range(8)}, smooth=2))
    drawn = svg[svg.index("</style>") :]
    colours = set(re.findall(r"(?:fill|stroke)(?:: |=\")(#\w+)", drawn))
    assert colours and colours <= set(DARK)
    texts = [CARD[f"{k}.color"] for k in ("text", "xtick", "ytick")]
    least = dict.fromkeys(texts, 7) | dict.fromkeys([*COLORS, CARD["axes.edgecolor"]], 4)
    for colour, ratio in least.items():
        assert contrast(colour, "#ffffff") >= ratio, colour
        assert contrast(DARK[colour.lower()], DARK["#ffffff"]) >= ratio, colour


def test_saves_a_file(tmp_path):
    from matplotlib.image import imread

    plot_loss([3.0, 2.0, 1.0]).figure.savefig(tmp_path / "loss-curve.png")
    assert imread(tmp_path / "loss-curve.png").std() > 0.01


def test_draws_on_given_axes_and_adds_to_them():
    from matplotlib.figure import Figure

    ax = Figure().add_subplot()
    ax.set_ylabel("mean squared error")
    assert plot_loss({"first": [3.0, 2.0]}, ax=ax) is ax
    plot_loss({"second": [2.0, 1.0]}, ax=ax)
    assert ax.get_ylabel() == "mean squared error"
    assert legend_texts(ax) == ["first", "second"]
    assert ax.lines[0].get_color() != ax.lines[1].get_color()


def test_leaves_no_figure_open_and_settings_alone():
    import matplotlib
    import matplotlib.pyplot as plt

    before, figures = dict(matplotlib.rcParams), plt.get_fignums()
    plot_loss([3.0, 2.0])._repr_png_()
    assert plt.get_fignums() == figures
    assert dict(matplotlib.rcParams) == before


def test_imports_are_lazy():
    code = (
        "import sys\n"
        "from minigrad.drawing.loss import LossRecorder, plot_loss\n"
        "losses = LossRecorder()\n"
        "for t in losses.track(range(3)): losses.log(t)\n"
        "assert 'matplotlib' not in sys.modules and 'IPython' not in sys.modules\n"
        "plot_loss(losses).figure.canvas.draw()\n"
        "assert 'matplotlib.pyplot' not in sys.modules\n"
    )
    subprocess.run([sys.executable, "-c", code], cwd=ROOT, check=True)


def test_to_float_of_whole_numbers_and_truth_values():
    assert [to_float(v) for v in (np.int64(3), True, np.bool_(True))] == [3.0, 1.0, 1.0]
