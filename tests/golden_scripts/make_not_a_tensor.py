"""Makes not_a_tensor.json: what PyTorch says of arguments that are no tensors.

Run with PyTorch 2.13 installed: ``python tests/golden_scripts/make_not_a_tensor.py``.
"""

import json

import on_path  # noqa: F401
import torch
from golden_files import GOLDEN
from not_a_tensor_cases import calls, refused


def short(call: str) -> list[str]:
    """The refused kinds in one text, and the words (the same for all of them)."""
    found = refused(torch, call)
    words = set(found.values())
    return [" ".join(found), words.pop() if len(words) == 1 else ""]


lines = [f"{json.dumps(call)}: {json.dumps(short(call))}" for call in calls()]
(GOLDEN / "not_a_tensor.json").write_text("{\n" + ",\n".join(lines) + "\n}\n")
