"""``profiler``: the times are Python's; the calls are counted."""

import pytest

import minigrad as mg


def test_calls_are_counted_inside_the_block_only():
    x = mg.ones(3, requires_grad=True)
    x.exp()
    with mg.profiler.profile(activities=[mg.profiler.ProfilerActivity.CPU]) as prof:
        for _ in range(3):
            with mg.profiler.record_function("a part"):
                x.sin().sum().backward()
            prof.step()
    x.exp()
    times = {t.key: t for t in prof.key_averages()}
    assert times["sin"].count == 3 and "exp" not in times
    assert 0 <= times["sin"].self_cpu_time_total <= times["sin"].cpu_time_total
    table = prof.key_averages().table(sort_by="count", row_limit=2).splitlines()
    assert len(table) == 3 and table[0].split()[:1] == ["Name"]
    assert prof.table().count("\n") > 5
    with pytest.raises(NotImplementedError, match=r"keeps no single calls; print"):
        prof.export_chrome_trace("trace.json")


def test_a_profiler_that_is_switched_off_times_nothing():
    with mg.autograd.profiler.profile(enabled=False) as prof:
        mg.ones(1).exp()
    assert prof.key_averages() == []
    assert mg.profiler.schedule(wait=1)(0) is None
    assert mg.profiler.tensorboard_trace_handler("log")(prof) is None


def test_a_block_with_a_name_is_a_decorator_too():
    @mg.profiler.record_function("twice")
    def twice(x):
        return 2 * x

    assert twice(3) == 6
