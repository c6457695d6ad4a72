"""``utils.benchmark``: with a clock of the test's own, so that times are known."""

import itertools

import pytest

import minigrad as mg
import minigrad.utils.benchmark as benchmark


def timer(stmt="x + 1", **named):
    ticks = itertools.count()
    names = {"x": mg.ones(1)}
    return benchmark.Timer(stmt, timer=lambda: next(ticks) * 0.5, globals=names, **named)


def test_a_measurement_is_the_time_of_one_run():
    found = timer().timeit(10)
    assert found.times == [0.05] and found.mean == found.median == 0.05
    assert found.number_per_run == 10 and found.raw_times == [0.5]
    text = repr(timer(label="add", sub_label="one", description="plain").timeit(10))
    assert text.splitlines()[1:] == ["add: one", "plain", "  50.00 ms",
                                     "  1 measurement, 10 runs , 1 thread"]  # fmt: skip


def test_blocks_are_measured_until_there_is_time_enough():
    found = timer().blocked_autorange(min_run_time=2.0)
    assert found.times == [0.5] * 4 and "4 measurements, 1 runs" in repr(found)


def test_statements_see_the_names_given_and_run_setup():
    seen = []
    benchmark.Timer("seen.append(y)", setup="y = 3", globals={"seen": seen}).timeit(5)
    assert set(seen) == {3} and len(seen) > 5  # the first runs are not counted


def test_a_table_has_a_row_for_each_label_and_a_column_for_each_description(capsys):
    results = [
        timer(label="sums", sub_label=row, description=column).timeit(number)
        for row in ("small", "large") for column, number in (("a", 10), ("b", 20))
    ]  # fmt: skip
    table = benchmark.Compare(results)
    table.trim_significant_figures()
    table.print()
    lines = capsys.readouterr().out.splitlines()
    assert "sums" in lines[0] and lines[1].split("|")[1:] == ["     a  ", "     b"]
    assert lines[2].split()[-3:] == ["50.0", "|", "25.0"] and lines[3].startswith("large")
    assert lines[-1] == "Times are in ms."
    with pytest.raises(TypeError, match="found Timer"):
        benchmark.Compare([timer()])
