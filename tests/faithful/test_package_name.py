"""Messages call the package what the user calls it."""

import ast
import re
import sys
import types
from pathlib import Path

import pytest

import minigrad
from minigrad.faithful.package_name import package

ROOT = Path(minigrad.__file__).parent
IMPORTS = {
    "import minigrad as torch": "torch", "import minigrad as mg": "mg",
    "import minigrad": "minigrad", "from minigrad import nn": "minigrad",
    "import minigrad as torch, sys as mg": "torch",
}  # fmt: skip
# What is refused, and what the message says the user should write; P stands for the package.
REFUSED = {
    "w = P.ones(2, requires_grad=True); w += 1": "`with P.no_grad():`",
    "w = P.ones(2, requires_grad=True); w[0] = 1": "`with P.no_grad():`",
    "w = P.ones(2, requires_grad=True); w[:1].add_(1)": "`with P.no_grad():`",
    "P.exp(1.0)": "P.tensor(...)",
    "P.add('a', P.ones(2))": "P.tensor(...)",
    "P.ones(2, dtype='float')": "such as P.float32",
    "P.ones(2).to(float).grad = 3": "P.tensor(...)",
    "P.arange(6)[::-1]": "P.flip(x, [dim])",
    "P.set_default_dtype(P.int64)": "P.float32 or P.float64",
    "P.from_numpy([1])": "P.tensor(...)",
    "list(P.utils.data.RandomSampler(range(3), generator=3))": "P.Generator()",
    "P.func.vmap(lambda x: x if x > 0 else -x)(P.ones(2))": "P.where(condition, a, b)",
    "P.nn.Parameter([1.0])": "nn.Parameter(P.tensor(...))",
    "P.track(range(3), 4)": "P.LossRecorder() and then P.track(range(1000), losses)",
    "P.softmax(P.ones(2, dtype=P.int64), 0)": "dtype=P.float32",
}


def ran(imports, code, inside=False):
    """The message that the code is refused with, run as a module of the user's."""
    scope = types.ModuleType("users").__dict__
    program = f"{imports}\nimport minigrad as _hidden\n" if "from" in imports else f"{imports}\n"
    name = IMPORTS[imports] if "from" not in imports else "_hidden"
    code = code.replace("P.", f"{name}.")
    if "from" in imports:
        program = "from minigrad import nn\n"
        code = "from sys import modules\n" + code.replace("_hidden", "modules['minigrad']")
    if inside:
        program = "def f():\n" + "".join(f"  {line}\n" for line in (program + code).splitlines())
        code = "f()"
    with pytest.raises(Exception) as caught:
        exec(program + code, scope)
    return str(caught.value)


@pytest.mark.parametrize("imports", IMPORTS)
@pytest.mark.parametrize("code", REFUSED)
def test_a_refusal_says_what_can_be_typed(imports, code):
    assert REFUSED[code].replace("P.", f"{IMPORTS[imports]}.") in ran(imports, code)


def test_imported_inside_a_function():
    assert "torch.tensor(...)" in ran("import minigrad as torch", "P.exp(1.0)", inside=True)


def test_the_nearest_code_decides():
    inner = types.ModuleType("inner").__dict__
    exec("import minigrad as inner_name\ndef f(): return inner_name.exp(1.0)", inner)
    with pytest.raises(TypeError, match=r"inner_name\.tensor"):
        exec("import minigrad as torch\nf()", {"f": inner["f"]})


def test_variables_that_do_not_like_to_be_looked_at():
    class Rude:
        def __getattr__(self, name):
            raise RuntimeError("go away")

        def __eq__(self, other):
            raise RuntimeError("go away")

        __hash__ = None

    scope = {"rude": Rude(), "package": package}
    assert eval("package()", scope) in ("minigrad", "mg")  # of the test's own module
    exec("import minigrad as torch", scope)
    assert eval("package()", scope) == "torch"


def test_reports_too():
    scope = {}
    exec(
        "import minigrad as torch\nx = torch.tensor([-1.0], requires_grad=True)\n"
        "bad = (x.sqrt() * 2).sum()\ntext = str(torch.check(bad * float('inf')))\n"
        "torch.autograd.set_detect_anomaly(False)", scope,
    )  # fmt: skip
    assert "mg." not in scope["text"]
    from minigrad.graphs.health import of_kind

    scope["of_kind"] = of_kind
    assert "torch.autograd.detect_anomaly()" in eval("of_kind('nan')", scope)


def test_the_story_of_a_failed_pass_after_it():
    """A notebook tells it when the cell is over, so the name is found in the traceback."""
    from minigrad.graphs.failure import failure_of

    scope = {"__name__": "users"}
    code = (
        "import minigrad as torch\n"
        "with torch.autograd.detect_anomaly():\n"
        "    x = torch.tensor(0.0, requires_grad=True)\n"
        "    (x.sqrt() * 0).backward()\n"
    )
    with pytest.warns(UserWarning), pytest.raises(RuntimeError) as caught:
        exec(code, scope)
    told = failure_of(caught.value)
    assert told is not None and "torch.check(...)" in told.text


def strings(tree):
    """The string constants of a module that are no docstrings, with their lines."""
    docs = {id(node.body[0].value) for node in ast.walk(tree)
            if isinstance(node, (ast.Module, ast.ClassDef, ast.FunctionDef))
            and node.body and isinstance(node.body[0], ast.Expr)}  # fmt: skip
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in docs:
            yield node.lineno, node.value


TABLES = {"refusals/arguments.py", "graphs/health.py"}  # they are given the name when they are said
DOCUMENTATION = {"ops/writing/inplace.py", "tensors/conversions.py", "tensors/typed_tensors.py"}


def test_no_message_has_a_name_built_in():
    found = []
    for file in ROOT.rglob("*.py"):
        name = file.relative_to(ROOT).as_posix()
        if name in TABLES | DOCUMENTATION:
            continue
        for line, text in strings(ast.parse(file.read_text(encoding="utf-8"))):
            if re.search(r"\bmg\.[A-Za-z]", text):
                found.append((name, line, text))
    assert found == [] and sys.modules["minigrad"] is minigrad
