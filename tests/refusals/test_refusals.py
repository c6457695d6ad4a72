"""Wrong input without PyTorch: its exception's type and opening words, as stored once."""


import pytest
from golden_files import read_golden
from refused_op_cases import GROUPS, raised_by

import minigrad as mg

STORED = read_golden("refusals.json")


@pytest.mark.parametrize("group", GROUPS)
def test_refused_as_pytorch_did(group):
    ours = raised_by(mg)[group]
    assert set(ours) == set(STORED[group])
    for call, theirs in STORED[group].items():
        assert theirs is not None and ours[call] == theirs, call
