"""Every operator of PyTorch's own database: a few samples each here, all of them by hand.

``python tests/benchmarks/operators.py`` runs all samples, in minutes.
"""

import operator_database
import pytest

# memory_format= of conversions, views of a part of memory, derivatives that are declared missing.
LATER = set("""
    as_strided.partial_views nextafter bool byte char double float half int long short cdouble
    cfloat
""".split())  # fmt: skip


@pytest.fixture
def verdicts(torch):
    pytest.importorskip("expecttest", reason="PyTorch's database of operators imports it")
    pytest.importorskip("scipy", reason="computes some of torch.special")
    return [operator_database.judge(name, most=4) for name in operator_database.database()]


def test_operators_agree_wherever_pytorch_agrees_with_itself(verdicts):
    words = {verdict.name: verdict.word for verdict in verdicts}
    differ = {n: v for n, v in words.items() if v == "differ"}
    assert differ.keys() <= operator_database.REASONS.keys() | LATER
    absent = {name for name, word in words.items() if word == "absent"}
    assert absent <= operator_database.ABSENT and len(absent) <= 30
    assert len(words) > 600


def test_a_wrong_number_is_noticed(torch, monkeypatch):
    """The comparison can fail."""
    pytest.importorskip("expecttest", reason="PyTorch's database of operators imports it")
    monkeypatch.setattr(operator_database.mg, "sin", operator_database.mg.cos)
    assert operator_database.judge("sin", most=2).word == "differ"
    assert operator_database.judge("cos", most=2).word == "agree"
