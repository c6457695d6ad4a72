"""Locks that stay usable in a child process: ``os.fork`` while another thread holds one.

A child is a copy of the process with one thread only, the one that forked. A lock that another
thread held at that moment is copied as held, and nobody is left to release it: the child would wait
for ever at its first random number. So the thread that forks takes all locks first, as the C
library does with its own, and parent and child release them. It waits until draws and sums that are
under way in other threads are complete, so that the child never sees half of one.

This is for locks that are held for a moment, while no code of the user's runs.
"""

from __future__ import annotations

import os
import threading
import weakref
from typing import Any

from ..core.backward import _accumulating

_locks: weakref.WeakSet[Any] = weakref.WeakSet()
_list = threading.Lock()  # held while a lock is added, and while the process forks
_held: list[Any] = []  # while the process forks


def new_lock() -> Any:
    """A ``threading.Lock`` that nobody holds in a child process.

    >>> with new_lock() as held:
    ...     held
    True
    """
    return at_every_fork(threading.Lock())


def at_every_fork(lock: Any) -> Any:
    """Take ``lock`` whenever the process forks, and return it."""
    with _list:
        _locks.add(lock)
    return lock


def _take_all() -> None:
    _list.acquire()
    for lock in list(_locks):
        lock.acquire()
        _held.append(lock)


def _release_all() -> None:
    while _held:
        _held.pop().release()
    _list.release()


at_every_fork(_accumulating)
if hasattr(os, "register_at_fork"):  # not on Windows, where nothing forks
    os.register_at_fork(before=_take_all, after_in_parent=_release_all, after_in_child=_release_all)
