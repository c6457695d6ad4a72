"""CONTRIBUTING.md, "Add an operation", done in a copy of the package: it touches three files."""

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

import minigrad

PACKAGE = Path(minigrad.__file__).parent

OPERATION = '''

class Sech(Elementwise):
    formula = r"y = 1 / \\cosh x"

    def forward(x):
        return 1 / np.cosh(x)

    def vjp_x(g, x, y, xp):
        r"-\\bar y \\odot y \\tanh x"
        return -g * y * xp.tanh(x)


def sech(input: Tensor) -> Tensor:
    """The hyperbolic secant of every element."""
    return unary(Sech, input)


register(sech=(Sech, sech))
'''

PROGRAM = r"""
import minigrad as torch
x = torch.tensor([0.5, -1.0], dtype=torch.float64, requires_grad=True)
y = torch.sech(x)
assert torch.allclose(y, 1 / x.cosh()) and torch.equal(x.sech(), y)
assert repr(y.grad_fn) == "<SechBackward0>"
assert torch.autograd.gradcheck(torch.sech, x) and torch.autograd.gradgradcheck(torch.sech, x)
assert torch.allclose(torch.func.jvp(torch.sech, (x.detach(),), (torch.ones(2, dtype=x.dtype),))[1],
                      torch.autograd.grad(y.sum(), x)[0])
rows = x.detach().reshape(2, 1)
assert torch.equal(torch.func.vmap(torch.sech)(rows), torch.sech(rows))
assert torch.sech(torch.tensor([0])).dtype is torch.float32
assert "sech" in dir(torch) and torch.sech.__module__ == "minigrad"
graph = torch.graph(x.sech().sum())
assert graph.nodes[1].op == "sech", graph.describe()
assert "sech" in graph.to_dot() and "tanh" in str(torch.explain(x.sech().sum()))
step = torch.capture(lambda: x.sech().sum())
assert all(torch.equal(step(), x.sech().sum()) for _ in range(5))
print("all there")
"""


@pytest.fixture
def copied(tmp_path):
    folder = tmp_path / "minigrad"
    shutil.copytree(PACKAGE, folder, ignore=shutil.ignore_patterns("__pycache__"))
    return folder


def edit(file, old, new):
    text = file.read_text(encoding="utf-8")
    assert text.count(old) == 1, (file, old)
    file.write_text(text.replace(old, new), encoding="utf-8")


def test_three_files(copied):
    operation = copied / "ops" / "elementwise" / "trigonometry.py"
    operation.write_text(operation.read_text(encoding="utf-8") + OPERATION, encoding="utf-8")
    public = copied / "ops" / "public.py"
    edit(public, "    sinc,\n", "    sech,\n    sinc,\n")
    if '"sinc"' in public.read_text(encoding="utf-8"):
        edit(public, '"sinc"', '"sech", "sinc"')
    methods = copied / "tensors" / "functions_as_methods.py"
    edit(methods, " sinc\n", " sech sinc\n")

    changed = {
        str(file.relative_to(copied)) for file in copied.rglob("*.py")
        if file.read_bytes() != (PACKAGE / file.relative_to(copied)).read_bytes()
    }  # fmt: skip
    assert len(changed) <= 3
    program = copied.parent / "program.py"
    program.write_text(PROGRAM, encoding="utf-8")
    done = subprocess.run([sys.executable, program.name], cwd=copied.parent, text=True,
                          capture_output=True)  # fmt: skip
    assert done.stdout == "all there\n", done.stderr


def test_the_guide_names_these_three_files():
    guide = (PACKAGE.parent / "CONTRIBUTING.md").read_text(encoding="utf-8")
    section = guide[guide.index("## Add an operation") : guide.index("## Tests")]
    named = [line for line in section.splitlines() if line[:3] in ("1. ", "2. ", "3. ", "4. ")]
    assert [line.split("`")[1] for line in named[-3:]] == [
        "ops/<kind>/<subject>.py", "ops/public.py", "tensors/functions_as_methods.py"
    ]  # fmt: skip
