"""Makes not_a_tensor.json: what PyTorch says of arguments that are no tensors.

Run with PyTorch 2.13 installed: ``python tests/golden/make_not_a_tensor.py``.
"""

import json
import sys
from pathlib import Path

import torch

HERE = Path(__file__).parent
sys.path.insert(0, str(HERE.parent))

from not_a_tensor_cases import calls, refused  # noqa: E402


def short(call: str) -> list[str]:
    """The refused kinds in one text, and the words (the same for all of them)."""
    found = refused(torch, call)
    words = set(found.values())
    return [" ".join(found), words.pop() if len(words) == 1 else ""]


lines = [f"{json.dumps(call)}: {json.dumps(short(call))}" for call in calls()]
(HERE / "not_a_tensor.json").write_text("{\n" + ",\n".join(lines) + "\n}\n")
