"""What a user sees of the package: dir(), help(), and where public things say they are from."""

import importlib
import inspect
import pickle
import pydoc
import subprocess
import sys
import types
from pathlib import Path

import pickled
import pytest

import minigrad as mg

NAMESPACES = """
    accelerator autograd backends classroom cuda distributions fft func linalg masked nn optim
    random serialization signal special testing utils
""".split()
# Public functions that an internal package has the name of, or nearly.
NOT_INTERNAL = {"exercise", "graph", "capture", "record", "tensor"}
INTERNAL = {
    path.stem for path in Path(mg.__file__).parent.iterdir()
    if path.suffix == ".py" or (path / "__init__.py").exists()
} - set(NAMESPACES)  # fmt: skip


def public_of(name):
    """Public functions and classes of a namespace, by name."""
    module = importlib.import_module(name)
    for public in sorted(getattr(module, "__all__", vars(module))):
        thing = getattr(module, public)
        if isinstance(thing, (type, types.FunctionType)) and not public.startswith("_"):
            if (thing.__module__ or "").startswith("minigrad"):
                yield public, thing


def test_dir_shows_namespaces_and_public_names_and_no_internal_package():
    shown = set(dir(mg))
    assert {"core", "ops", "tensors", "graphs", "drawing", "faithful", "compat"} <= INTERNAL
    assert not shown & INTERNAL
    assert set(NAMESPACES) | NOT_INTERNAL <= shown
    modules = {name for name in shown if isinstance(getattr(mg, name), types.ModuleType)}
    assert modules - {"__builtins__"} == set(NAMESPACES)
    assert not {name for name in shown if name.startswith("_") and not name.startswith("__")}
    assert len(mg.__all__) == len(set(mg.__all__)) and set(mg.__all__) <= shown


def test_dir_has_what_is_public_and_only_that():
    """A name is shown if and only if it is there, is not private, and is no module of ours."""
    there = {
        name for name, thing in vars(mg).items()
        if not name.startswith("_") and not isinstance(thing, types.ModuleType)
    }  # fmt: skip
    assert there | set(NAMESPACES) | {"rrelu"} == {n for n in dir(mg) if not n.startswith("_")}


def test_everything_is_there_before_its_first_use():
    program = """
import sys, minigrad
shown = dir(minigrad)
assert "minigrad.nn" not in sys.modules and "minigrad.compat.linalg" not in sys.modules
for name in shown:
    getattr(minigrad, name)
assert dir(minigrad) == shown
from minigrad import *
assert nn.Linear and optim.SGD and tensor([1.0]).exp() is not None
import minigrad.linalg, minigrad.nn.functional, minigrad.testing
assert minigrad.linalg is linalg
import minigrad.core.op, minigrad.ops, minigrad.graphs  # not shown, but can be imported
assert dir(minigrad) == shown
"""
    subprocess.run([sys.executable, "-c", program], check=True)


@pytest.mark.parametrize("address, thing", [
    ("minigrad", mg.add), ("minigrad", mg.exp), ("minigrad", mg.Tensor), ("minigrad", mg.Size),
    ("minigrad", mg.device), ("minigrad", mg.dtype), ("minigrad", mg.no_grad),
    ("minigrad", mg.relu_), ("minigrad", mg.graph), ("minigrad", mg.FloatTensor),
    ("minigrad.nn", mg.nn.Linear), ("minigrad.nn", mg.nn.Module),
    ("minigrad.nn.functional", mg.nn.functional.relu), ("minigrad.nn.init", mg.nn.init.normal_),
    ("minigrad.nn.utils", mg.nn.utils.clip_grad_norm_), ("minigrad.optim", mg.optim.SGD),
    ("minigrad.optim.lr_scheduler", mg.optim.lr_scheduler.StepLR), ("minigrad.func", mg.func.grad),
    ("minigrad.linalg", mg.linalg.inv), ("minigrad.linalg", mg.linalg.norm),
    ("minigrad.special", mg.special.expit), ("minigrad.autograd", mg.autograd.Function),
    ("minigrad.distributions", mg.distributions.Normal),
    ("minigrad.utils.data", mg.utils.data.DataLoader),
    ("minigrad.utils.hooks", mg.utils.hooks.RemovableHandle),
    ("minigrad.testing", mg.testing.assert_close),
])  # fmt: skip
def test_public_things_say_where_a_user_finds_them(address, thing):
    assert thing.__module__ == address


GATHERING = """minigrad minigrad.nn minigrad.nn.functional minigrad.nn.utils minigrad.optim
    minigrad.optim.lr_scheduler minigrad.func minigrad.autograd minigrad.distributions
    minigrad.utils.data minigrad.utils.hooks minigrad.linalg minigrad.special
    minigrad.random""".split()


@pytest.mark.parametrize("space", GATHERING)
def test_no_public_thing_says_that_it_is_from_a_file_inside(space):
    found = dict(public_of(space))
    assert found
    for name, thing in found.items():
        assert thing.__module__ in pickled.SPACES, (name, thing.__module__)
        address = sys.modules.get(thing.__module__) or importlib.import_module(thing.__module__)
        assert getattr(address, thing.__name__) is thing, name


@pytest.mark.parametrize("space", GATHERING)
def test_public_things_can_be_pickled_by_their_address(space):
    for name, thing in public_of(space):
        for protocol in (2, 5):
            assert pickle.loads(pickle.dumps(thing, protocol)) is thing, name


def test_the_text_of_functions_is_found():
    for function in (mg.exp, mg.add, mg.nn.functional.relu, mg.linalg.inv, mg.nn.Linear.forward):
        text = inspect.getsource(function)
        name = inspect.unwrap(function).__name__
        assert f"def {name}(" in text and "minigrad" in inspect.getsourcefile(function)


def test_constants_are_pickled_by_name():
    for thing in (mg.float32, mg.bool, mg.strided, mg.channels_last):
        assert pickle.loads(pickle.dumps(thing)) is thing
        assert b"minigrad\n" in pickle.dumps(thing, 2)


def test_help_begins_with_a_guide_of_one_screen():
    page = pydoc.plain(pydoc.render_doc(mg)).splitlines()
    guide = page[: page.index("PACKAGE CONTENTS")]
    assert len(guide) <= 40 and max(map(len, guide)) <= 80
    text = " ".join(guide)
    for name in ("minigrad.graph", "explain", "record", "nn", "optim", "func", "linalg", "help("):
        assert name in text
    for name in ("graph", "explain", "check", "record", "track"):  # what it says to call
        assert callable(getattr(mg, name))


@pytest.mark.parametrize("name", ["linalg", "special", "testing", "cuda", "backends",
                                  "accelerator"])  # fmt: skip
def test_pytorchs_addresses_are_modules(name):
    assert importlib.import_module(f"minigrad.{name}") is getattr(mg, name)
    assert importlib.import_module(f"minigrad.compat.{name}") is getattr(mg, name)
