"""PyTorch's words for calls that it refuses.

* ``signatures/``: what PyTorch's functions ask of their arguments, one line for one function;
  ``grammar.py`` explains how a line is written, ``checks.py`` what it may name.
* ``arguments.py``: which argument does not fit, and PyTorch's words for it.
* ``refusing.py``: the wrapper at the public names. Nothing else in minigrad need ask whether it was
  given tensors.
* ``reasons/``: why an operation refuses a call, one file for one file of ``ops/``.
* ``words.py``: what is left for the functions themselves to say, about dtypes above all.
* ``writable.py``: the refusals of in-place writes.
* ``ended_history.py``: where the history of a tensor ended that has none.
* ``of_the_core.py``: what the core refuses, which is told so here; ``user_lines.py``: the user's
  line in such a message.
"""

from ..core.slots import slots
from . import of_the_core
from .ended_history import note_end

slots.words = of_the_core
slots.note_end = note_end
