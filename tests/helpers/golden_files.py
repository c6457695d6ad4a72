"""PyTorch's answers in tests/golden, which the scripts of tests/golden_scripts asked for once."""

import json
from typing import Any

from places import TESTS

GOLDEN = TESTS / "golden"


def read_golden(name: str) -> Any:
    """What a golden file says."""
    return json.loads((GOLDEN / name).read_text(encoding="utf-8"))
