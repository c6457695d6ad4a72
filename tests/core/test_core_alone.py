"""The core is small enough to read, imports nothing from above, and works when copied alone."""

import ast
import io
import subprocess
import sys
import tokenize
from pathlib import Path

import pytest

import minigrad as mg
from minigrad.core import READING_ORDER

ROOT = Path(mg.__file__).parent
CORE = ROOT / "core"
FILES = sorted(CORE.glob("*.py"))


# --- the budget --------------------------------------------------------------------------------


def code_lines(path):
    """The number of lines with code: no comments, no docstrings, no blank lines."""
    text = path.read_text(encoding="utf-8")
    docs = set()
    for node in ast.walk(ast.parse(text)):
        documented = isinstance(node, (ast.Module, ast.ClassDef, ast.FunctionDef))
        if documented and ast.get_docstring(node):
            docs.update(range(node.body[0].lineno, node.body[0].end_lineno + 1))
    quiet = {tokenize.COMMENT, tokenize.NL, tokenize.NEWLINE, tokenize.INDENT, tokenize.DEDENT,
             tokenize.ENDMARKER, tokenize.ENCODING}  # fmt: skip
    lines = set()
    for token in tokenize.generate_tokens(io.StringIO(text).readline):
        if token.type not in quiet:
            lines.update(range(token.start[0], token.end[0] + 1))
    return len(lines - docs)


def test_lines_are_counted_as_said(tmp_path):
    file = tmp_path / "f.py"
    file.write_text('"""Doc\nstring."""\n\n# comment\nx = """two\nlines"""  # of code\n\n\n'
                    'def f():\n    "Doc."\n    return (\n        1\n    )\n')  # fmt: skip
    assert code_lines(file) == 6


def test_the_reading_order_is_read_in_one_sitting():
    counted = {name: code_lines(CORE / f"{name}.py") for name in READING_ORDER}
    print(counted)
    assert sum(counted.values()) <= 900


def test_the_core_has_a_budget():
    counted = {path.name: code_lines(path) for path in FILES}
    print(counted)
    assert sum(counted.values()) <= 1700
    assert max(counted.values()) <= 300


def test_the_guide_names_every_file_of_the_core():
    guide = sys.modules["minigrad.core"].__doc__
    for path in FILES:
        if path.stem != "__init__":
            assert f"``{path.stem}``" in guide, path.stem


def test_a_file_of_the_reading_order_imports_what_was_read_before_or_may_be_skipped():
    for i, name in enumerate(READING_ORDER):
        later = set(READING_ORDER[i + 1 :])
        assert not later & imports_of(CORE / f"{name}.py"), name


# --- its imports ---------------------------------------------------------------------------------


def imports_of(path):
    """The modules that a file imports, also inside functions; those of its own folder bare."""
    found = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            found |= {alias.name.split(".")[0] for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            assert node.level <= 1, f"{path.name} imports from above"
            if node.module:
                found.add(node.module.split(".")[0])
            else:
                found |= {alias.name for alias in node.names}
    return found


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_it_imports_numpy_the_standard_library_and_itself(path):
    own = {file.stem for file in FILES}
    assert imports_of(path) <= own | set(sys.stdlib_module_names) | {"numpy"}


# --- alone ---------------------------------------------------------------------------------------

# The seed network, written with the core only: no modes, no in-place operations, no refusals.
ALONE = """
import sys
import numpy as np
import core
from core import leaf, make

arrays = np.load("arrays.npz")
x, y = make(arrays["x"]), make(arrays["y"])
w1, w2 = leaf(arrays["w1"]), leaf(arrays["w2"])
losses = []
for epoch in range(100):
    loss = (x.mm(w1).clamp(min=0).mm(w2) - y).pow(2).sum()
    losses.append(loss._data.item())
    loss.backward()
    for w in (w1, w2):
        np.subtract(w._data, w.grad._data * 1e-6, out=w._data)
        w.grad._data[...] = 0
print(*[value.hex() for value in losses])
assert not any(name.startswith("minigrad") for name in sys.modules)
"""

CHAIN = """
import gc
import numpy as np
from core import backward, first_ops
from core.tensor import leaf

gc.disable()  # there is no cycle to collect, and a million young objects to look at
x = leaf(np.array(2.0))
y = x
for i in range(1_000_000):
    y = y * 1.0 if i % 2 else y + 0.0
y.backward()
print(x.grad._data)
del y  # freed without recursion too
"""


@pytest.fixture(scope="module")
def alone(tmp_path_factory):
    """Run a program in a folder where there is only a copy of the core."""
    import shutil

    folder = tmp_path_factory.mktemp("alone")
    shutil.copytree(CORE, folder / "core", ignore=shutil.ignore_patterns("__pycache__"))

    def run(code, **arrays):
        import numpy as np

        if arrays:
            np.savez(folder / "arrays.npz", **arrays)
        (folder / "program.py").write_text(code, encoding="utf-8")
        # -I: neither this checkout nor the user's site can be found, but NumPy in the environment.
        program = "import sys; sys.path.insert(0, '.'); exec(open('program.py').read())"
        done = subprocess.run([sys.executable, "-I", "-c", program], cwd=folder,
                              capture_output=True, text=True)  # fmt: skip
        assert not done.returncode, done.stderr
        return done.stdout.split()

    return run


def test_alone_it_trains_the_seed_network_to_the_same_losses_bit_for_bit(alone):
    mg.manual_seed(0)
    x, y = mg.randn(64, 1000), mg.randn(64, 10)
    w1, w2 = mg.randn(1000, 100, requires_grad=True), mg.randn(100, 10, requires_grad=True)
    start = {"x": x, "y": y, "w1": w1, "w2": w2}
    start = {name: t.detach().numpy().copy() for name, t in start.items()}
    losses = []
    for _ in range(100):
        loss = (x.mm(w1).clamp(min=0).mm(w2) - y).pow(2).sum()
        losses.append(loss.item())
        loss.backward()
        with mg.no_grad():
            w1 -= 1e-6 * w1.grad
            w2 -= 1e-6 * w2.grad
            w1.grad.zero_()
            w2.grad.zero_()
    assert losses[-1] < losses[0] / 100
    assert alone(ALONE, **start) == [value.hex() for value in losses]


def test_alone_it_walks_a_million_operations_back(alone):
    assert alone(CHAIN) == ["1.0"]


SECOND = """
import numpy as np
from core import first_ops
from core.backward import run_backward
from core.formulas import tensors
from core.tensor import edge_of, leaf, make

x = leaf(np.array([0.5, 1.5]))
y = (x.tanh() * x.exp()).sum()
(first,) = run_backward([(edge_of(y), make(np.array(1.0)))], tensors, keep_graph=True).values()
(second,) = run_backward([(edge_of(first.sum()), make(np.array(1.0)))], tensors).values()
print(*second._data)
"""


def test_alone_one_formula_serves_two_orders(alone):
    x = mg.tensor([0.5, 1.5], dtype=mg.float64, requires_grad=True)
    (first,) = mg.autograd.grad((x.tanh() * x.exp()).sum(), x, create_graph=True)
    (second,) = mg.autograd.grad(first.sum(), x)
    assert [float(v) for v in alone(SECOND)] == second.tolist()
