"""The refused calls of several test modules, and what each raises."""

from __future__ import annotations

import warnings
from typing import Any

import test_functional
import test_index_ops
import test_shape_ops
from differential import opening, refusals

GROUPS = {
    "functional": (test_functional.REFUSED, test_functional.tensors),
    "index": (test_index_ops.BAD, test_index_ops.tensors),
    "shape": (test_shape_ops.BAD, test_shape_ops.tensors),
}


def raised_by(library: Any) -> dict[str, dict[str, Any]]:
    """For every refused call the exception's type and opening words."""
    found = {}
    for group, (text, tensors) in GROUPS.items():
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            raised = refusals(library, None, text.strip().splitlines(), tensors)
        found[group] = {call: None if r is None else [r[0], opening(r[1])]
                        for call, r in raised.items()}  # fmt: skip
    return found
