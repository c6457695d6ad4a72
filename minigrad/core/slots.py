"""What the floors above tell the core, once, when they are imported. (May be skipped at first.)

The core imports nothing from above. Where it needs something that only a floor above knows, there
is a slot here with an answer that is good enough for the core alone.
"""

from __future__ import annotations

from typing import Any

import numpy as np


class ShortWords:
    """What the core alone says when it refuses; of answers of hooks it believes everything."""

    @staticmethod
    def broadcast_error(x: Any, y: Any) -> RuntimeError:
        return RuntimeError(f"the shapes {x.shape} and {y.shape} do not go together")

    @staticmethod
    def freed(node: Any) -> RuntimeError:
        return RuntimeError(f"what {node!r} saved was freed by an earlier backward pass")

    @staticmethod
    def overwritten(node: Any, i: int, version: int) -> RuntimeError:
        return RuntimeError(f"what {node!r} saved was overwritten since")

    @staticmethod
    def refuse_replay(view: Any) -> None:
        raise RuntimeError("a view has lost its history: its base was written to")

    @staticmethod
    def believe(*answer: Any) -> None:
        pass

    check_none_stays = check_replacement = check_hook_answer = check_nothing_returned = believe


class Slots:
    """Filled at import; see each slot for who fills it."""

    @staticmethod
    def result_dtype(operands: Any) -> Any:
        """The dtype that arrays and Python numbers have together (faithful/dtypes.py)."""
        return np.result_type(*operands)

    @staticmethod
    def default_float() -> Any:
        """The dtype of what is computed from integers and is rarely whole (faithful/dtypes.py)."""
        return np.dtype(np.float32)

    @staticmethod
    def laid_out(op: Any, inputs: Any, y: Any) -> Any:
        """The result of an operation on tensors, in its order of memory (faithful/strides.py)."""
        return y

    # How a view is cut out of its base again by where it lies in memory (ops/shaping): a function
    # of base and view; None from it, or here, means: by the steps that made the view.
    cut_again: Any = None

    # A result on which nothing is recorded, though an input has a history or had one, is told of
    # it: note_end(op, inputs, outs) (refusals/ended_history.py).
    note_end: Any = ShortWords.believe

    # How refusals are worded (refusals/of_the_core.py).
    words: Any = ShortWords


slots = Slots()
