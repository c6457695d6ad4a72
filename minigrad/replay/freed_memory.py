"""Two settings for the memory of a process, made once when minigrad is imported.

**Freed memory is kept for the next array**, instead of handed back to the operating system. Every
operation makes a new array, and a training step frees them all. By default the C library (glibc)
asks the system for each array above 128 KB, and gives it back when it is freed. A page of fresh
memory has to be cleared at its first touch (a *page fault*): of a training step on matrices of
1000 x 100 that is half of the time.

Two settings of glibc end this: arrays up to 32 MB (the most it allows) come from the heap, and up
to 256 MB of free memory at the heap's end stay with the process. Results are the same; the price
is that a process may keep up to that much memory that it does not use.

Only glibc on Linux has these settings; elsewhere nothing happens.

**Python's garbage collector looks less often.** A graph is many small objects that all stay alive
until the backward pass. After every 700 new ones the collector goes through the young ones, in
search of reference cycles that a graph does not have: that made a long chain of operations take
twice as long. Now it waits for 10,000.

``MINIGRAD_ALLOCATOR=system`` in the environment leaves all of these alone.
"""

from __future__ import annotations

import gc
import os
import sys

M_TRIM_THRESHOLD = -1  # numbers from glibc's malloc.h
M_MMAP_THRESHOLD = -3
LARGEST_FROM_HEAP = 32 << 20
KEPT = 256 << 20
USUAL_THRESHOLDS = (700, 2000)  # new objects until the collector looks; the second since 3.13
NEW_THRESHOLD = 10_000


def left_alone() -> bool:
    return os.environ.get("MINIGRAD_ALLOCATOR") == "system"


def collect_less_often() -> bool:
    """Let the garbage collector wait longer, unless the user has set it; whether that was done.

    >>> collect_less_often() in (True, False)
    True
    """
    first, *older = gc.get_threshold()
    if left_alone() or first not in USUAL_THRESHOLDS:
        return False
    gc.set_threshold(NEW_THRESHOLD, *older)
    return True


def keep_freed_memory() -> bool:
    """Change glibc's settings for this process; returns whether that was done.

    >>> keep_freed_memory() in (True, False)
    True
    """
    if left_alone() or not uses_glibc():
        return False
    import ctypes

    try:
        mallopt = ctypes.CDLL(None).mallopt
    except (OSError, AttributeError):  # a Python without a shared C library
        return False
    return bool(mallopt(M_MMAP_THRESHOLD, LARGEST_FROM_HEAP) and mallopt(M_TRIM_THRESHOLD, KEPT))


def uses_glibc() -> bool:
    """Whether this Python runs on Linux with the GNU C library."""
    if not sys.platform.startswith("linux"):
        return False
    try:
        return (os.confstr("CS_GNU_LIBC_VERSION") or "").startswith("glibc")
    except (ValueError, OSError):  # musl does not know the name
        return False
