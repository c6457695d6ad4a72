"""Build the documentation site in site/: the guides, the course with its outputs, every docstring.

    python docs/build_site.py              build site/index.html
    python docs/build_site.py --execute    run every notebook again while building

Needs ``pip install -e ".[docs]"``. Warnings are errors: a page that links to nothing, a docstring
that cannot be set. The examples in docstrings are those that ``pytest minigrad`` runs.
"""

from __future__ import annotations

import argparse
import importlib
import inspect
import json
import re
import shutil
import sys
import tempfile
from collections import defaultdict
from pathlib import Path
from types import ModuleType
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
SITE = Path(__file__).resolve().parent / "site"

NAMESPACES = {
    "minigrad": "minigrad: tensors and operations",
    "minigrad.autograd": "autograd",
    "minigrad.autograd.graph": "autograd.graph",
    "minigrad.autograd.functional": "autograd.functional",
    "minigrad.autograd.forward_ad": "autograd.forward_ad",
    "minigrad.func": "func",
    "minigrad.nn": "nn",
    "minigrad.nn.functional": "nn.functional",
    "minigrad.nn.init": "nn.init",
    "minigrad.nn.utils": "nn.utils",
    "minigrad.optim": "optim",
    "minigrad.optim.lr_scheduler": "optim.lr_scheduler",
    "minigrad.optim.swa_utils": "optim.swa_utils",
    "minigrad.distributions": "distributions",
    "minigrad.testing": "testing",
    "minigrad.utils.data": "utils.data",
    "minigrad.linalg": "linalg",
    "minigrad.special": "special",
    "minigrad.fft": "fft",
    "minigrad.masked": "masked",
    "minigrad.signal.windows": "signal.windows",
    "minigrad.classroom": "classroom",
}


# --- laying out ------------------------------------------------------------------------------


def lay_out(source: Path) -> None:
    """What Sphinx reads, in the repository's own layout so that links keep working."""
    pages = [file for kind in ("md", "png", "svg") for file in ROOT.glob(f"docs/**/*.{kind}")]
    for file in [*ROOT.glob("*.md"), ROOT / "LICENSE", *pages]:
        copy(file, source)
    for file in ROOT.glob("notebooks/**/*"):
        if file.is_file() and ".ipynb_checkpoints" not in file.parts:
            copy(file, source)
    shutil.copytree(ROOT / "docs" / "images", source / "_extra" / "docs" / "images")
    shutil.copy(SITE / "conf.py", source)
    (source / "_static").mkdir()
    shutil.copy(SITE / "site.css", source / "_static")
    (source / "README.md").rename(source / "index.md")
    for page in source.rglob("*.md"):
        text = page.read_text(encoding="utf-8")
        page.write_text(links_kept(text, page.parent, source), encoding="utf-8")
    for page in source.rglob("*.ipynb"):
        notebook = json.loads(page.read_text(encoding="utf-8"))
        for cell in notebook["cells"]:
            if cell["cell_type"] == "markdown":
                cell["source"] = links_kept("".join(cell["source"]), page.parent, source)
        page.write_text(json.dumps(notebook), encoding="utf-8")
    with open(source / "index.md", "a", encoding="utf-8") as index:
        index.write(contents(source))
    api(source / "api")


def copy(file: Path, source: Path) -> None:
    target = source / file.relative_to(ROOT)
    target.parent.mkdir(parents=True, exist_ok=True)
    shutil.copyfile(file, target)


def links_kept(text: str, folder: Path, source: Path) -> str:
    """Links to code and folders become plain text: the site has pages only."""

    def kept(link: re.Match[str]) -> str:
        words, address = link.groups()
        if re.match(r"[a-z]+:", address):
            return link[0]
        file, sharp, anchor = address.partition("#")
        if not file:
            return f"[{words}](#{anchor.lower()})"  # JupyterLab's anchors have capital letters
        address, target = file + sharp + anchor.lower(), (folder / file).resolve()
        if target == source / "README.md":
            return f"[{words}]({address.replace('README', 'index')})"
        if target == source / "notebooks":
            return f"[{words}]({address.rstrip('/')}/00-index.ipynb)"
        return f"[{words}]({address})" if target.is_file() else words

    return re.sub(r"(?<!!)\[([^\]]+)\]\(([^)\s]+)\)", kept, text)


def contents(source: Path) -> str:
    """The table of contents at the side."""

    def tree(caption: str, pages: list[str], depth: int = 1) -> str:
        listed = "\n".join(pages)
        return (f"\n```{{toctree}}\n:hidden:\n:maxdepth: {depth}\n:caption: {caption}\n\n"
                f"{listed}\n```\n")  # fmt: skip

    def pages(pattern: str) -> list[str]:
        return [str(p.relative_to(source).with_suffix("")) for p in sorted(source.glob(pattern))]

    first = ["docs/learning", "docs/teaching", "docs/operators", "docs/tutorials",
             "docs/architecture"]  # fmt: skip
    guides = [page for page in first if (source / f"{page}.md").exists()]
    guides += [page for page in pages("docs/**/*.md") if page not in guides]
    return (
        tree("The course", pages("notebooks/*.ipynb"))
        + tree("Guides", guides)
        + tree("Reference", ["api/index"], 2)
        + tree("Solutions", pages("notebooks/solutions/*.ipynb"))
        + tree("The project", ["CONTRIBUTING", "CHANGELOG"])
    )


# --- API reference ---------------------------------------------------------------------------


def api(folder: Path) -> None:
    """One page for each namespace; each object on the first page that has it."""
    folder.mkdir()
    described: dict[int, str] = {}  # id of an object -> its full name
    for name, title in NAMESPACES.items():
        module = importlib.import_module(name)
        page = [heading(title, "="), f".. py:currentmodule:: {name}", ""]
        for group, found in groups(module).items():
            if group:
                page += [heading(group, "-")]
            for public, thing in found:
                page += entry(module, public, thing, described)
        (folder / f"{name}.rst").write_text("\n".join(page) + "\n", encoding="utf-8")
    (folder / "index.rst").write_text(
        heading("API reference", "=") + "\nEvery public name with its docstring. The examples run "
        "as tests.\n\n.. toctree::\n   :maxdepth: 1\n\n   "
        + "\n   ".join(NAMESPACES) + "\n", encoding="utf-8")  # fmt: skip


def heading(text: str, line: str) -> str:
    return f"\n{text}\n{line * len(text)}\n"


def groups(module: ModuleType) -> dict[str, list[tuple[str, object]]]:
    """Public names, by the file they come from if the module gathers them from many."""
    found = defaultdict(list)
    for name in sorted(dir(module), key=str.lower):
        thing = getattr(module, name)
        if name.startswith("_") or not (inspect.isfunction(thing) or inspect.isclass(thing)):
            continue
        if not (thing.__module__ or "").startswith("minigrad"):
            continue
        found[file_of(thing)].append((name, thing))
    if module.__name__ != "minigrad":
        return {"": sorted(sum(found.values(), []), key=lambda pair: pair[0].lower())}
    titled = {}
    for where, pairs in found.items():
        about = (sys.modules[where].__doc__ or where).strip().splitlines()[0]
        titled[re.split(r"[:.;]", about.replace("`", ""))[0]] = pairs
    return dict(sorted(titled.items(), key=lambda item: item[0].lower()))


def file_of(thing: Any) -> str:
    """The module where a function or a class stands; ``__module__`` is its public address."""
    for part in (thing, *vars(thing).values(), *vars(type(thing)).values()):
        if inspect.isfunction(part):
            return inspect.unwrap(part).__globals__["__name__"]
    return thing.__module__


def entry(module: ModuleType, name: str, thing: Any, described: dict[int, str]) -> list[str]:
    own = thing.__name__ if getattr(module, thing.__name__, None) is thing else name
    full = described.setdefault(id(thing), f"{module.__name__}.{own}")
    kind = "class" if inspect.isclass(thing) else "function"
    if full != f"{module.__name__}.{name}":
        role = "class" if kind == "class" else "func"
        return [f".. py:data:: {name}", "   :no-index:", "",
                f"   The same as :{role}:`{full}`.", ""]  # fmt: skip
    directive = [f".. auto{kind}:: {full}"]
    if kind == "class":
        directive += ["   :members:"]
    return [*directive, ""]


# --- the command -----------------------------------------------------------------------------


def build(target: Path, execute: bool = False, warnings: bool = True) -> int:
    """Build the site; returns Sphinx's exit code."""
    from sphinx.cmd.build import build_main

    with tempfile.TemporaryDirectory() as folder:
        source = Path(folder).resolve() / "source"
        source.mkdir()
        lay_out(source)
        options = ["-b", "html", "-q", "-E", "-d", f"{folder}/doctrees"]
        if warnings:
            options += ["-W", "--keep-going"]
        if execute:
            options += ["-D", "nb_execution_mode=force", "-D", "nb_execution_raise_on_error=1"]
        return build_main([*options, str(source), str(target)])


def main() -> int:
    parser = argparse.ArgumentParser(description="Build the documentation site.")
    parser.add_argument("--out", type=Path, default=ROOT / "site", help="default: site/")
    parser.add_argument("--execute", action="store_true", help="run the notebooks again")
    args = parser.parse_args()
    code = build(args.out, args.execute)
    if not code:
        print(f"open {args.out / 'index.html'}")
    return code


if __name__ == "__main__":
    sys.exit(main())
