"""Imported first by every script here: from then on Python finds the tests' cases and helpers.

(pytest finds them by ``pythonpath`` in pyproject.toml.)
"""

import sys
from pathlib import Path

TESTS = Path(__file__).resolve().parent.parent
sys.path[:0] = [str(TESTS / "cases"), str(TESTS / "helpers")]
