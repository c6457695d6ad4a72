"""A child of ``os.fork`` works, whatever other threads were doing at that moment."""

import os
import re
import subprocess
import sys

import pytest

from tests.helpers.places import ROOT

pytestmark = pytest.mark.skipif(not hasattr(os, "fork"), reason="nothing forks on this system")

PROGRAM = """
import os, signal, sys, threading, time
import minigrad as torch

w = torch.randn(50, 50, requires_grad=True)
own = torch.Generator()
fast = torch.capture(lambda x: (w * x).sum())
JOBS = {
    "draw": lambda: torch.randn(2000, 50),
    "draw from a generator": lambda: torch.randn(2000, 50, generator=own),
    "backward": lambda: (w * 2).sum().backward(),
    "print": lambda: (torch.set_printoptions(precision=4), repr(w)),
    "graph": lambda: torch.graph((w * 2).sum()).to_dot(),
    "captured": lambda: fast(torch.ones(50, 50)),
}

def work(job):
    while True:
        job()

for job in JOBS.values():
    job()  # what is loaded when first used is loaded: Python's import locks do not survive a fork
for _ in range(2):
    threading.Thread(target=work, args=(JOBS[sys.argv[1]],), daemon=True).start()
time.sleep(0.1)
for _ in range(int(sys.argv[2])):
    child = os.fork()
    if child == 0:
        for job in JOBS.values():
            job()
        torch.manual_seed(0)
        os._exit(0 if torch.rand(1).item() == 0.49625658988952637 else 1)
    until = time.monotonic() + 20
    done = status = 0
    while not done and time.monotonic() < until:
        time.sleep(0.005)
        done, status = os.waitpid(child, os.WNOHANG)
    if not done:
        os.kill(child, signal.SIGKILL)
        os.waitpid(child, 0)
    print("child:", "hangs" if not done else status, flush=True)
os._exit(0)
"""


@pytest.mark.parametrize(
    "job", ["draw", "draw from a generator", "backward", "print", "graph", "captured"]
)
def test_no_child_hangs(job):
    children = 8
    ran = subprocess.run(
        [sys.executable, "-W", "ignore", "-c", PROGRAM, job, str(children)], cwd=ROOT,
        capture_output=True, text=True, timeout=300,
    )  # fmt: skip
    assert ran.stdout.splitlines() == ["child: 0"] * children, ran.stdout + ran.stderr


def test_every_lock_of_the_package_survives_a_fork():
    """A lock made by hand would be copied as held: ``faithful.forks.new_lock`` makes them."""
    made_by_hand = [
        f"{path.name}: {line.strip()}"
        for path in (ROOT / "minigrad").rglob("*.py")
        for line in path.read_text(encoding="utf-8").splitlines()
        if re.search(r"(=|\() ?threading\.(R?Lock|Condition|Semaphore)\(", line)
    ]
    # The core knows no floor above: forks.py tells of its lock. A captured step's lock is held
    # while the user's code runs, so each child gets a new one.
    files = {line.split(":")[0] for line in made_by_hand}
    assert files == {"backward.py", "capture.py", "forks.py"}
