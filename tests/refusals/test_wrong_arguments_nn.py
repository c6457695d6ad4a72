"""Wrong arguments of nn, nn.functional, linalg, special, optim and utils.data, as PyTorch refuses
them: type and opening words.

The calls are in wrong_argument_nn_cases.py, PyTorch's answers in golden/wrong_arguments_nn.json.
"""

from __future__ import annotations

import re

import pytest
from golden_files import read_golden
from wrong_argument_nn_cases import (
    KINDS,
    STUDENTS,
    TABLES,
    answers,
    dtype_calls,
    outcome,
    said,
    shape_calls,
    told,
    wrong_calls,
)

import minigrad as mg

STORED = read_golden("wrong_arguments_nn.json")

# Where minigrad says something else, and why: (reason, calls, kinds).
EXCEPTIONS = [
    ("PyTorch stores what is no module, and fails when it is used", r"insert\(0, wrong\)",
     "float int negative huge str list seven bool tensor"),
    ("PyTorch takes 2.5 for a device", r"Linear\(2, 3\)\.to\(wrong\)", "float"),
    ("PyTorch reads a tensor as a list of settings, as far as it gets",
     r"(max_u|MaxU)npool.d\(.*(wrong, (2, )?0|2, 2, wrong)", "tensor"),
    ("a text has no second letter here, and no dim there", r"LSTM\(.*\)\(y\(5, 2, 3\), wrong",
     "str"),
    ("None is no hint, False", r"TransformerEncoderLayer\(.*None, None, wrong", "None"),
    ("PyTorch asks a layer that is None for its parts", r"TransformerEncoder\(wrong", "None"),
    ("counts from the end, as in a list", r"insert\(wrong, nn.Tanh", "negative"),
    ("a tensor can be split, so PyTorch goes on", r"get_submodule\(wrong", "tensor"),
    ("foreach is ignored here",
     r"clip_grad_(norm|value)_\(\[w\].*(False|1.0), wrong", "tensor"),
    ("one tensor without a gradient: nothing to clip", r"clip_grad_value_\(wrong", "tensor"),
    ("True is dimension 1", r"spectral_norm\(.*1e-12, wrong", "bool"),
    ("a list is no name", r"remove_parametrizations\(.*, wrong, True", "list"),
    ("PyTorch moves the dimensions one by one", r"L.tensorsolve\(.*, wrong\)$", "seven"),
    ("True counts as the rate 1", r"LBFGS\(\[w\], wrong", "bool"),
    ("a tensor is a batch of its rows", r"default_collate\(wrong", "tensor"),
    ("PyTorch adds a parameter to a number before it looks", r"Rprop.*wrong|ASGD\(\[w\], 0.1, "
     r"(wrong|0.0001, wrong)", "tensor"),
    ("max_iter counts; PyTorch compares it only", r"LBFGS\(\[w\], 0.1, wrong",
     "float negative tensor"),
    ("no layers: the input comes back", r"nn.Transformer(Encoder)?\(.*wrong(, 1)?, (8|None)",
     "negative"),
]  # fmt: skip


# Tensors of other shapes: calls in which the two differ.
SHAPE_EXCEPTIONS = [
    ("PyTorch's kernel fails to build", r"F.conv\w+\(y\([1-9, ]+\), y\(\d, \d, [\d, ]*\b0"),
    ("PyTorch normalises no channels at all", r"[bB]atch_?[nN]orm.*y\(4, 0(, 2)*\)|"
     r"instance_norm\(y\(2, 0|[lL]ocal_?[rR]esponse_?[nN]orm.*y\(., 0|LazyConv2d.*y\(1, 0"),
    ("PyTorch fails where it looks for a place that is not there",
     r"[iI]nstance_?[nN]orm.*y\(0, |LazyBatchNorm.*y\(4, 0|batch_norm\(y\(\).*True"),
    ("a tensor without dimensions is refused in other words",
     r"(nn\.TransformerEncoder\(|pad_sequence\(\[).*y\(\)"),
    ("no keys, as many values: PyTorch gives zeros", r"scaled_dot_product.*y\(1, 0, 3\), None"),
    ("nothing to solve, or shapes that PyTorch broadcasts", r"lstsq.*(0\)|y\(1, 4)"),
    ("PyTorch copies a sequence into a longer one", r"pa(d|ck)_sequence.*, y\((3|1, \d, 3)\)\]"),
]  # fmt: skip


# Tensors of other dtypes.
DTYPE_EXCEPTIONS = [
    ("PyTorch's kernel speaks of itself where the state has another dtype than the input",
     r"nn\.LSTM\(.*y\(1, 2, 4\)\."),
]  # fmt: skip


def is_excepted(call: str, kind: str) -> bool:
    return any(re.search(calls, call) and kind in kinds.split() for _, calls, kinds in EXCEPTIONS)


def stored(table: str, call: str) -> list[str | None]:
    texts = STORED[table]["said"]
    return [None if n == "." else texts[int(n)] for n in STORED[table]["calls"][call].split()]


def agrees(ours: str | None, theirs: str | None, kind: str = "") -> bool:
    """The same type and opening words; ours go on. Of a size that no computer has the memory for
    only the type: where PyTorch notices depends on its kernels."""
    if ours is None or theirs is None:
        return ours == theirs
    if kind == "huge":
        return ours.split(":")[0] == theirs.split(":")[0]
    n = len(theirs.split())
    return ours.split()[:n] == theirs.split()


def differences(table: str, call: str) -> list[str]:
    found = []
    for kind, ours, theirs in zip(KINDS, answers(mg, call), stored(table, call), strict=True):
        if not agrees(ours, theirs, kind) and not is_excepted(call, kind):
            found.append(f"{call} with wrong={KINDS[kind]}\n  ours  {ours}\n  torch {theirs}")
    return found


@pytest.mark.parametrize("table", TABLES)
def test_the_stored_answers_are_those_of_the_table(table):
    assert list(STORED[table]["calls"]) == wrong_calls(table)


@pytest.mark.parametrize("table", TABLES)
def test_refused_as_pytorch_refuses(table):
    found = [d for call in wrong_calls(table) for d in differences(table, call)]
    assert not found, f"{len(found)} differences\n" + "\n".join(found)


@pytest.mark.parametrize("call", STUDENTS.strip().splitlines())
def test_what_students_get_wrong(call):
    theirs = STORED["students"][call]
    ours = said(mg, call)
    assert theirs is not None and agrees(ours, theirs), f"ours  {ours}\ntorch {theirs}"


def test_tensors_of_other_shapes():
    texts, numbers = STORED["shapes"]["said"], STORED["shapes"]["calls"].split()
    found, used = [], set()
    for call, n in zip(shape_calls(), numbers, strict=True):
        theirs, ours = None if n == "." else texts[int(n)], said(mg, call)
        reasons = {reason for reason, calls in SHAPE_EXCEPTIONS if re.search(calls, call)}
        used |= reasons
        if agrees(ours, theirs) == bool(reasons):  # what is excepted must differ
            found.append(f"{call}\n  ours  {ours}\n  torch {theirs}\n  excepted {reasons}")
    assert not found, f"{len(found)} differences\n" + "\n".join(found)
    assert used == {reason for reason, _ in SHAPE_EXCEPTIONS}


def test_tensors_of_other_dtypes():
    texts, numbers = STORED["dtypes"]["said"], STORED["dtypes"]["calls"].split()
    results = iter(" ".join(STORED["dtypes"]["results"]).split())
    found = []
    for call, n in zip(dtype_calls(), numbers, strict=True):
        theirs = None if n == "." else texts[int(n)]
        ours, result = outcome(mg, call)
        differ = not agrees(ours, theirs)
        if theirs is None:
            expected = next(results)
            if ours is None and not close(got := told(result), expected):
                ours, theirs, differ = got, expected, True
        excepted = [reason for reason, calls in DTYPE_EXCEPTIONS if re.search(calls, call)]
        if differ != bool(excepted):
            found.append(f"{call}\n  ours  {ours}\n  torch {theirs}\n  excepted {excepted}")
    assert next(results, None) is None
    assert not found, f"{len(found)} differences\n" + "\n".join(found)


def close(ours: str, theirs: str) -> bool:
    """The same dtypes, and nearly the same sum (of float16 numbers two digits)."""
    (kinds, _, total), (their_kinds, _, their_total) = ours.partition(":"), theirs.partition(":")
    if kinds != their_kinds or not total:
        return ours == theirs
    digits = 1e-2 if "float16" in kinds else 1e-4
    return float(total) == pytest.approx(float(their_total), digits, digits, nan_ok=True)


def test_every_exception_is_one():
    """Nothing is excepted that is as in PyTorch by now."""
    for reason, calls, kinds in EXCEPTIONS:
        differ = {
            kind
            for table in TABLES
            for call in wrong_calls(table) if re.search(calls, call)
            for kind, ours, theirs in zip(KINDS, answers(mg, call), stored(table, call))
            if not agrees(ours, theirs, kind)
        }  # fmt: skip
        assert set(kinds.split()) <= differ, reason


def test_pytorch_still_says_so():
    torch = pytest.importorskip("torch", reason="compares with PyTorch, which is not installed")
    threads = torch.get_num_threads()
    torch.set_num_threads(1)  # several threads see the first of several mistakes by chance
    try:
        for table in TABLES:
            for call in wrong_calls(table)[::20]:  # all: golden_scripts/make_wrong_arguments_nn.py
                assert answers(torch, call) == stored(table, call), call
        for call, theirs in STORED["students"].items():
            assert said(torch, call) == theirs, call
    finally:
        torch.set_num_threads(threads)
