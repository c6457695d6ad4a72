"""Pickles and files of version 0.1.0 can be read, and give what they gave."""

import functools
import io
import json
import pickle
import subprocess
import sys
import tarfile

import pickled
import pytest
from golden_files import GOLDEN

import minigrad as mg

ARCHIVE = GOLDEN / "pickles_0_1_0.tar.xz"
FUNCTIONS = {"tensor": "Tensor", "graph": "Graph", "capture": "capture", "exercise": "exercise"}


@functools.cache
def files():
    with tarfile.open(ARCHIVE) as archive:
        return {entry.name: archive.extractfile(entry).read() for entry in archive}


LINES = json.loads(files()["lines.json"])
ADDRESSES = json.loads(files()["addresses.json"])


@pytest.mark.parametrize("name", LINES)
def test_what_was_pickled_is_read(name):
    expected = pickled.content(pickled.made(mg, LINES[name]))
    for protocol in (2, 5):
        got = pickle.loads(files()[f"{name}.{protocol}"])
        assert pickled.same(pickled.content(got), expected), pickled.content(got)
        assert type(got) is type(pickled.made(mg, LINES[name]))


@pytest.mark.parametrize("name", [name for name in LINES if f"{name}.pt" in files()])
def test_what_was_saved_is_read(name):
    thing = pickled.made(mg, LINES[name])
    buffer = io.BytesIO()
    mg.save(thing.state_dict() if hasattr(thing, "state_dict") else thing, buffer)
    buffer.seek(0)
    got = mg.load(io.BytesIO(files()[f"{name}.pt"]))
    assert pickled.same(pickled.content(got), pickled.content(mg.load(buffer)))


def by_address(module, name):
    return pickle.loads(f"c{module}\n{name}\n.".encode())  # what protocol 2 writes


@pytest.mark.parametrize("public", ADDRESSES)
def test_functions_and_classes_are_found_at_their_old_addresses(public):
    space, _, name = public.rpartition(".")
    today = getattr(pickled.namespace(mg, space), name)
    found = by_address(*ADDRESSES[public])
    assert found is today or found is getattr(today, "__wrapped__", None)


def test_what_is_pickled_today_names_public_addresses():
    for name, line in LINES.items():
        reader = pickled.Reader(pickle.dumps(pickled.made(mg, line), 5))
        again = pickled.content(reader.load())
        assert pickled.same(again, pickled.content(pickled.made(mg, line))), name
        for module, what in reader.named:
            public = module in pickled.SPACES or what in pickled.NO_PUBLIC_NAME
            assert not module.startswith("minigrad") or public, (name, module, what)


@pytest.mark.parametrize("name", FUNCTIONS)
def test_an_old_module_never_takes_the_place_of_the_function_of_its_name(name):
    program = f"""
import minigrad, importlib, pickle
function = minigrad.{name}
import minigrad.{name}
module = importlib.import_module("minigrad.{name}")
from minigrad.{name} import {FUNCTIONS[name]} as taken
assert taken is minigrad.{FUNCTIONS[name]}
assert pickle.loads(b"cminigrad.{name}\\n{FUNCTIONS[name]}\\n.") is taken
assert minigrad.{name} is function and callable(function)
from minigrad import {name}
assert {name} is function
"""
    subprocess.run([sys.executable, "-c", program], check=True)


def test_reading_a_tensor_first_of_all():
    """In a process that has imported nothing yet."""
    for name in ("leaf", "module_nn.Linear", "optim_Adam", "layout_strided"):
        program = "import pickle, sys; print(pickle.loads(sys.stdin.buffer.read()))"
        run = subprocess.run([sys.executable, "-c", program], input=files()[f"{name}.5"],
                             capture_output=True, check=True)  # fmt: skip
        assert run.stdout
