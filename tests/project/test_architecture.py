"""What docs/architecture.md and CONTRIBUTING.md name is there: files, functions, packages."""

import ast
import re
from pathlib import Path

import pytest

import minigrad

PACKAGE = Path(minigrad.__file__).parent
DOCS = PACKAGE.parent
TEXTS = ["docs/architecture.md", "CONTRIBUTING.md"]


def text_of(name):
    return (DOCS / name).read_text(encoding="utf-8")


@pytest.mark.parametrize("name", TEXTS)
def test_every_named_file_exists(name):
    text = text_of(name)
    named = re.findall(r"`((?:minigrad/)?[a-z_]+(?:/[a-z_]+)*/[a-z_]+\.(?:py|js))", text)
    assert len(named) > 3
    for path in named:
        inside = PACKAGE / path.removeprefix("minigrad/")
        assert inside.exists() or (DOCS / path).exists(), path


@pytest.mark.parametrize("name", TEXTS)
def test_every_named_function_is_in_its_file(name):
    for path, function in re.findall(r"`([a-z_/]+\.py): (\w+)`", text_of(name)):
        tree = ast.parse((PACKAGE / path).read_text(encoding="utf-8"))
        defined = {n.name for n in ast.walk(tree) if hasattr(n, "name")}
        defined |= {t.id for n in tree.body if isinstance(n, (ast.Assign, ast.AnnAssign))
                    for t in getattr(n, "targets", [getattr(n, "target", None)])
                    if isinstance(t, ast.Name)}  # fmt: skip
        assert function in defined, f"{path} has no {function}"


def test_every_package_has_its_line():
    text = text_of("docs/architecture.md")
    table = text[text.index("| Package |") :]
    table = table[: table.index("\n\n")]
    for entry in PACKAGE.iterdir():
        if entry.is_dir() and entry.name != "__pycache__":
            assert f"`{entry.name}/`" in table, entry.name


def test_the_three_lines_pass_the_files_that_are_named(tmp_path):
    """The files that the program really runs through are named."""
    import sys

    mg = minigrad
    x, w = mg.tensor([1.0, 2.0]), mg.tensor([3.0, 4.0], requires_grad=True)
    passed = []

    def look(frame, event, arg):
        if event == "call" and frame.f_code.co_filename.startswith(str(PACKAGE)):
            passed.append(Path(frame.f_code.co_filename).relative_to(PACKAGE).as_posix())

    def program():
        loss = (x * w).sum()
        loss.backward()
        return mg.graph(loss)

    program()  # what is loaded when first used is loaded
    sys.setprofile(look)
    try:
        program()
    finally:
        sys.setprofile(None)
    text = text_of("docs/architecture.md")
    life = text[text.index("## The life") : text.index("## The packages")]
    helpers = {f"core/{name}.py" for name in "hooks needed fast_kernels tensor modes".split()}
    for file in dict.fromkeys(passed):
        named = file in life or file.split("/")[0] + "/`" in life
        assert named or file in helpers, file
