"""Random steps whose surroundings change: captured, they do what they do (see changing_steps.py).

By hand, more of them: ``python tests/replay/test_changing_steps.py FIRST LAST``.
"""

import sys
import warnings

import pytest

import minigrad as mg
from tests.helpers import changing_steps

BLOCKS, LENGTH = 6, 25  # in CI


@pytest.mark.parametrize("block", range(BLOCKS))
def test_no_silent_difference(block):
    seeds = range(block * LENGTH, (block + 1) * LENGTH)
    reports = [changing_steps.report(mg, seed) for seed in seeds]
    assert not any(reports), "\n".join(filter(None, reports))


def test_many_of_them_are_replayed():
    """Else the test above would prove nothing."""
    replays = eager = 0
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        for seed in range(30):
            _, function = changing_steps.run(mg, changing_steps.draw(seed), True)
            replays += function.replays
            eager += function.reason is not None
    assert replays >= 60
    assert eager <= 20


def test_a_difference_is_found_and_minimised(monkeypatch):
    """With guards that see nothing, and no later recording, there is one within a few programs."""
    from minigrad.replay import capture, guards

    monkeypatch.setattr(guards.Guards, "changed", lambda self: None)
    monkeypatch.setattr(capture.Captured, "_is_check", lambda self, n: n == 3)
    reports = (changing_steps.report(mg, seed) for seed in range(40))
    found = next(report for report in reports if report is not None)
    assert found.count(" then step(") <= 6
    assert "eager " in found and "captured " in found


if __name__ == "__main__":
    first, last = map(int, sys.argv[1:])
    found = [r for seed in range(first, last) if (r := changing_steps.report(mg, seed))]
    print(*found, f"{len(found)} of {last - first} differ", sep="\n\n")
