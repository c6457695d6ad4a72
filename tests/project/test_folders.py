"""The folders of tests mirror those of minigrad: what is in minigrad/x has its tests in tests/x."""

from collections import Counter

import pytest
from places import ROOT, TESTS

OTHERS = {  # folders that mirror none of minigrad
    "project": "tests of the whole: installing, documentation, course, tutorials, programs",
    "browser": "tests in a real JupyterLab and a real browser",
    "cases": "tables of calls, for tests and for the scripts that ask PyTorch",
    "helpers": "how calls are run and compared",
    "golden": "what PyTorch answered",
    "golden_scripts": "the scripts that asked it",
    "programs": "small programs, shown by minigrad as by PyTorch (project/test_programs.py)",
    "seed": "the tutorial that minigrad is built from (project/test_seed.py)",
    "tutorials": "scripts that say `import torch` (project/test_tutorials.py)",
    "benchmarks": "measurements, started by hand",
}
ELSEWHERE: dict[str, str] = {}  # packages of minigrad without a folder of tests


def folders(place):
    """The names of the folders in a folder, without what Python and tools leave there."""
    return {f.name for f in place.iterdir() if f.is_dir() and f.name[0] not in "._"}


def packages():
    minigrad = ROOT / "minigrad"
    return sorted(name for name in folders(minigrad) if any((minigrad / name).glob("*.py")))


def unlike(tests, package):
    """The folders of tests, at any depth, that mirror no folder of the package."""
    for name in sorted(folders(tests)):
        if not any((package / name).glob("*.py")):
            yield str((tests / name).relative_to(TESTS))
        else:
            yield from unlike(tests / name, package / name)


def test_a_folder_of_tests_is_a_package_or_has_a_purpose():
    assert set(unlike(TESTS, ROOT / "minigrad")) == set(OTHERS)


@pytest.mark.parametrize("package", packages())
def test_a_package_has_its_tests(package):
    if package in ELSEWHERE:
        assert (TESTS / ELSEWHERE[package]).exists() and not (TESTS / package).exists()
    else:
        assert any((TESTS / package).rglob("test_*.py"))


def test_nothing_lies_between_the_folders():
    assert [f.name for f in TESTS.iterdir() if f.is_file()] == ["conftest.py"]
    for folder in folders(TESTS) - {"browser", "benchmarks", "tutorials"}:
        for file in (TESTS / folder).rglob("*.py"):
            place = {"cases", "helpers", "golden_scripts"} & {folder}
            assert file.name.startswith("test_") != bool(place), f"{file}: not the folder for it"


def test_a_name_is_used_once():
    """pytest and the tests' own imports know a file by its name, not by its folder."""
    imported = [f.stem for f in TESTS.rglob("*.py") if f.stem != "conftest"
                and f.parent.name not in ("benchmarks", "tutorials")]  # fmt: skip
    assert [name for name, count in Counter(imported).items() if count > 1] == []
