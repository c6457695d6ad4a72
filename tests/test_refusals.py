"""Wrong input without PyTorch: its exception's type and opening words, as stored once."""

import json
from pathlib import Path

import pytest
from refusal_groups import GROUPS, raised_by

import minigrad as mg

STORED = json.loads((Path(__file__).parent / "golden" / "refusals.json").read_text())


@pytest.mark.parametrize("group", GROUPS)
def test_refused_as_pytorch_did(group):
    ours = raised_by(mg)[group]
    assert set(ours) == set(STORED[group])
    for call, theirs in STORED[group].items():
        assert theirs is not None and ours[call] == theirs, call
