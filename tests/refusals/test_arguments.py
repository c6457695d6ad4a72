"""The check of arguments itself: its tables, what it leaves alone, where warnings point."""

from __future__ import annotations

import inspect
import re
import warnings

import pytest

import minigrad as mg
import minigrad.nn.functional as F
from minigrad.nn import init
from minigrad.nn.utils import rnn
from minigrad.refusals import arguments, refusing
from minigrad.refusals.arguments import (
    INNER_SIGNATURES,
    METHOD_SIGNATURES,
    SIGNATURES,
    explain,
    forms,
)
from minigrad.refusals.checks import CHECKS
from minigrad.refusals.grammar import signature, table
from minigrad.refusals.signatures.of_functional import FUNCTIONAL
from minigrad.refusals.signatures.of_linalg import LINALG
from minigrad.refusals.signatures.of_nn_init import NN_INIT
from minigrad.refusals.signatures.of_packing import PACKING
from minigrad.refusals.signatures.of_special import SPECIAL


def test_every_signature_is_one_of_a_function_here():
    assert [n for n in SIGNATURES if not hasattr(mg, n)] == []
    assert [n for n in METHOD_SIGNATURES if not hasattr(mg.Tensor, n)] == []


def test_the_tables_can_be_read():
    kinds = set()
    for name in {**SIGNATURES, **INNER_SIGNATURES}:
        kinds |= {p.kind for form in forms(name, False) for p in form}
    for name in METHOD_SIGNATURES:
        kinds |= {p.kind for form in forms(name, True) for p in form}
    known = {*arguments.FITS, "any", "layout", "memory_format", "Number[]", "Tensor?[]", "str[]"}
    assert kinds <= known


@pytest.mark.parametrize(("module", "rules"), [
    (F, FUNCTIONAL), (mg.linalg, LINALG), (mg.special, SPECIAL), (init, NN_INIT), (rnn, PACKING),
])  # fmt: skip
def test_the_rules_speak_of_the_functions_own_arguments(module, rules):
    for name, rule in table(rules).items():
        parameters = inspect.signature(getattr(module, name)).parameters
        for step in rule.steps:
            asked = signature(step, name)
            if asked is not None and asked.inner:
                used = {p.ours for form in asked.forms for p in form} - {"_"}
            elif asked is None:
                used = set(re.findall(r"^\w+(?=\??\.)|(?<=[(, ])\w+|^reduction$", step))
                assert re.match(r"\w+\??\.|reduction$", step) or step.split("(")[0] in CHECKS
            else:
                used = set()
            assert used <= {*parameters}, (name, step)


@pytest.mark.parametrize(("name", "args", "kwargs", "words"), [
    ("unsqueeze", ("x", "a"), {}, "unsqueeze(): argument 'dim' (position 2) must be int, not str"),
    ("unsqueeze", ("x",), {"dim": "a"}, "unsqueeze(): argument 'dim' must be int, not str"),
    ("unsqueeze", ("x",), {}, 'unsqueeze() missing 1 required positional arguments: "dim"'),
    ("unsqueeze", ("x", 1, 2), {}, "unsqueeze() takes 2 positional arguments but 3 were given"),
    ("unsqueeze", ("x", 1), {"dim": 1}, "unsqueeze() got multiple values for argument 'dim'"),
    ("unsqueeze", ("x",), {"dim": 1, "foo": 2},
     "unsqueeze() got an unexpected keyword argument 'foo'"),
    ("flip", ("x", (0.5,)), {}, "flip(): argument 'dims' (position 2) must be tuple of ints, but "
     "found element of type float at pos 0"),
    ("flip", ("x", (0, "a")), {}, "flip(): argument 'dims' failed to unpack the object at pos 2 "
     'with error "type must be tuple of ints,but got str"'),
    ("cat", (["x", 1.0],), {}, "expected Tensor as element 1 in argument 0, but got float"),
    ("sum", ("x", "a"), {}, "sum() received an invalid combination of arguments - got (Tensor, "
     "str), but expected one of:\n * (Tensor input, "),
])  # fmt: skip
def test_in_pytorchs_words(name, args, kwargs, words):
    x = mg.ones(2)
    given = tuple(x if a == "x" else [x, *a[1:]] if isinstance(a, list) else a for a in args)
    assert explain(name, False, given, kwargs).startswith(words)


def test_positions_of_methods_do_not_count_the_tensor():
    with pytest.raises(TypeError, match=r"'dim' \(position 1\)"):
        mg.ones(2).unsqueeze("a")
    with pytest.raises(TypeError, match=r"'dim' \(position 2\)"):
        mg.unsqueeze(mg.ones(2), "a")


def test_a_call_like_one_that_was_good_is_not_looked_at(monkeypatch):
    x = mg.ones(2, 3)
    mg.flip(x, (0,)), x.fmod(2.0), mg.fmod(x, x)
    monkeypatch.setattr(refusing, "complaint", None)
    mg.flip(x, (1,)), x.fmod(3.0), mg.fmod(x + 1, x)
    with pytest.raises(TypeError, match="NoneType"):
        mg.flip(x, ("a",))


def test_a_number_may_be_a_tensor_of_no_dimensions():
    x = mg.ones(2)
    assert x.fmod(mg.tensor(2.0)).tolist() == [1.0, 1.0]
    assert x.narrow(0, mg.tensor(1), 1).tolist() == [1.0]
    assert mg.full((2,), mg.tensor(3.0)).tolist() == [3.0, 3.0]


def test_errors_of_other_causes_stay_what_they_are():
    with pytest.raises(ZeroDivisionError):
        mg.ones(2).apply_(lambda v: 1 / 0)
    with pytest.raises(IndexError, match="^Dimension out of range"):
        mg.ones(2).sum(3)
    with pytest.raises(RuntimeError, match="^The size of tensor a"):
        mg.add(mg.ones(2), mg.ones(3))


def test_numpys_names_go_on_working():
    x = mg.ones(2, 3)
    assert x.sum(axis=0, keepdims=True).shape == mg.sum(x, dim=0, keepdim=True).shape
    assert x.max(axis=1).indices.shape == (2,)


def test_functions_keep_their_signature_and_docstring():
    assert list(inspect.signature(mg.outer).parameters) == ["input", "vec2"]
    assert mg.outer.__name__ == "outer" and mg.ger.__name__ == "ger"
    assert "def outer" in inspect.getsource(mg.outer)


@pytest.mark.parametrize("call", [
    "mg.tensor(mg.ones(1))", "mg.ones(1).new_tensor(mg.ones(1))", "mg.range(0, 2)",
    "mg.ones(1).var()", "mg.std(mg.ones(1))", "mg.std_mean(mg.ones(1))", "mg.cov(mg.ones(1))",
    "mg.corrcoef(mg.ones(1))",
])  # fmt: skip
def test_warnings_point_at_the_users_line(call):
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        eval(compile(call, "<my program>", "eval"))
    assert [w.filename for w in caught] == ["<my program>"]
