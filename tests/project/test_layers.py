"""Arrows point down only: which package may import which, imports inside functions included."""

import ast
from collections import defaultdict
from pathlib import Path

import pytest

import minigrad

ROOT = Path(minigrad.__file__).parent

# From the ground up; a package imports from those before it (docs/architecture.md says why). Every
# entry of minigrad/ is named here: there is no layer for the rest.
LAYERS = """
    core faithful refusals ops random func autograd tensors utils nn optim distributions
    graphs tape replay drawing classroom serialization jupyter compat __init__ examples cli __main__
""".split()
MOST_ENTRIES = 25  # at the top of minigrad/, what Python itself makes not counted


def files():
    return sorted(ROOT.rglob("*.py"))


def module_of(file):
    parts = file.relative_to(ROOT.parent).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


def layer_of(module):
    """The entry of minigrad/ that a module belongs to."""
    parts = module.split(".")
    return parts[1] if len(parts) > 1 else "__init__"


MODULES = {module_of(file): file for file in files()}


def imported(file):
    """The modules of minigrad that a file imports, anywhere in it, with the line."""
    module = module_of(file)
    package = module.split(".") if file.stem == "__init__" else module.split(".")[:-1]
    for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            found = [alias.name for alias in node.names]
        elif isinstance(node, ast.ImportFrom):
            base = package[: len(package) + 1 - node.level] if node.level else []
            source = ".".join([*base, *filter(None, [node.module])])
            inside = [f"{source}.{alias.name}" for alias in node.names]
            found = [name if name in MODULES else source for name in inside]
        else:
            continue
        for name in found:
            if name.split(".")[0] == "minigrad" and name != module:
                assert name in MODULES, f"{module}, line {node.lineno}: there is no {name}"
                yield name, node.lineno


ARROWS = {module: list(imported(file)) for module, file in MODULES.items()}


def test_every_entry_has_a_layer():
    entries = {p.name.removesuffix(".py") for p in ROOT.iterdir() if p.name != "__pycache__"}
    assert entries - {"py.typed"} == set(LAYERS)
    assert len(entries) <= MOST_ENTRIES


@pytest.mark.parametrize("layer", LAYERS)
def test_a_package_imports_from_those_below_it(layer):
    upward = [
        f"{module}, line {line}, imports {other}"
        for module, arrows in ARROWS.items() if layer_of(module) == layer
        for other, line in arrows
        if LAYERS.index(layer_of(other)) > LAYERS.index(layer)
    ]  # fmt: skip
    assert not upward, "\n".join(upward)


def circles(arrows):
    """The groups of modules that import each other, found without recursion (Kosaraju)."""
    back = defaultdict(set)
    for module, others in arrows.items():
        for other in others:
            back[other].add(module)
    order, seen = [], set()
    for start in arrows:
        stack = [(start, iter(arrows.get(start, ())))] if start not in seen else []
        seen.add(start)
        while stack:
            module, others = stack[-1]
            following = next((o for o in others if o not in seen), None)
            if following is None:
                order.append(stack.pop()[0])
            else:
                seen.add(following)
                stack.append((following, iter(arrows.get(following, ()))))
    groups, placed = [], set()
    for start in reversed(order):
        group, waiting = set(), [start]
        while waiting:
            module = waiting.pop()
            if module not in placed:
                placed.add(module)
                group.add(module)
                waiting += back[module]
        if len(group) > 1:
            groups.append(sorted(group))
    return groups


def test_circles_are_found():
    assert circles({"a": ["b"], "b": ["c"], "c": ["b"], "d": ["a"]}) == [["b", "c"]]
    assert circles({"a": ["b", "c"], "b": ["c"], "c": []}) == []


def test_there_is_no_circle_of_files():
    assert circles({m: [other for other, _ in arrows] for m, arrows in ARROWS.items()}) == []


def test_drawing_reads_the_graph_and_the_tape_and_nothing_below():
    """(But how it hangs its pictures on, what the user calls the package; and types.)"""
    allowed = {"minigrad.faithful.hang_on", "minigrad.faithful.package_name",
               "minigrad.core.tensor"}  # fmt: skip
    read = {layer_of(o) for m, arrows in ARROWS.items() if layer_of(m) == "drawing"
            for o, _ in arrows if o not in allowed}  # fmt: skip
    assert read <= {"drawing", "graphs", "tape"}


FLOORS = ("ops/", "nn/")  # one subject on two floors: the operations, the modules of them
SAME_MEANING = {
    "__init__": "the package itself",
    "__main__": "python -m of a package",
    "transforms": "of random values in distributions, of functions in func; PyTorch's address",
    "hooks": "functions of the user's that see gradients; utils.hooks is PyTorch's address of them",
}


def test_no_two_files_share_a_name_with_another_meaning():
    places = defaultdict(list)
    for file in files():
        if file not in REASONS:
            places[file.stem].append(file.relative_to(ROOT).as_posix())
    for name, where in places.items():
        floors = [next((f for f in FLOORS if w.startswith(f)), w) for w in where]
        one_subject = len(set(floors)) == len(floors) and set(floors) <= set(FLOORS)
        assert len(where) == 1 or name in SAME_MEANING or one_subject, where


REASONS = sorted((ROOT / "refusals" / "reasons").glob("*.py"))


def test_reasons_have_the_name_of_the_file_that_they_guard():
    guarded = {file.stem for file in files() if file not in REASONS}
    reasons = {file.stem for file in REASONS}
    assert len(reasons) > 40 and reasons <= guarded
