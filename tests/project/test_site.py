"""The documentation site: it builds without a warning, its links hold, it needs no network."""

import importlib.util
import re
import subprocess
import sys
from html.parser import HTMLParser
from urllib.parse import unquote, urlparse

import pytest
from places import ROOT

import minigrad as mg

for needed in ("sphinx", "myst_nb", "furo", "latex2mathml"):
    pytest.importorskip(needed, reason='builds the site: `pip install -e ".[docs]"` to run this')


def loaded(path):
    spec = importlib.util.spec_from_file_location(path.stem, path)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


class Page(HTMLParser):
    """What a page links to, what it loads, which places it has, and its text outside of code."""

    def __init__(self, path):
        super().__init__()
        self.links, self.loads, self.places, self.formulas = [], [], set(), 0
        self.text, self.code = [], 0
        self.feed(path.read_text(encoding="utf-8"))

    def handle_starttag(self, tag, attributes):
        given = dict(attributes)
        self.places |= {given[k] for k in ("id", "name") if given.get(k)}
        self.formulas += tag == "math"
        self.code += tag in ("code", "pre", "script", "style")
        if tag == "a" and given.get("href"):
            self.links.append(given["href"])
        if tag in ("script", "img", "iframe", "source") and given.get("src"):
            self.loads.append(given["src"])
        if tag == "link" and given.get("rel") in ("stylesheet", "icon", "preload", "preconnect"):
            self.loads.append(given["href"])

    def handle_endtag(self, tag):
        self.code -= tag in ("code", "pre", "script", "style")

    def handle_data(self, data):
        if not self.code:
            self.text.append(data)


@pytest.fixture(scope="module")
def site(tmp_path_factory):
    folder = tmp_path_factory.mktemp("site")
    command = [sys.executable, str(ROOT / "docs" / "build_site.py"), "--out", str(folder)]
    built = subprocess.run(command, capture_output=True, text=True)
    assert built.returncode == 0, f"Sphinx has something to warn of:\n{built.stderr}"
    return folder


@pytest.fixture(scope="module")
def pages(site):
    return {path: Page(path) for path in site.rglob("*.html")}


def test_every_guide_and_notebook_has_a_page_with_its_pictures(site, pages):
    for path in [*ROOT.glob("docs/**/*.md"), *ROOT.glob("notebooks/**/*.ipynb")]:
        if ".ipynb_checkpoints" not in path.parts:
            page = site / path.relative_to(ROOT).with_suffix(".html")
            assert page in pages
    for path, page in pages.items():
        if path.parent.name == "notebooks" and not path.name.startswith("00"):
            assert any("image" in load for load in page.loads) or "svg" in path.read_text("utf-8")


def test_every_public_function_is_in_the_reference(pages):
    known = set().union(*(page.places for page in pages.values()))
    missing = [
        f"{name}.{public}"
        for name, space in [("minigrad", mg), ("minigrad.nn", mg.nn), ("minigrad.optim", mg.optim),
                            ("minigrad.func", mg.func), ("minigrad.autograd", mg.autograd)]
        for public, thing in vars(space).items()
        if getattr(thing, "__name__", None) == public
        and getattr(thing, "__module__", "").startswith("minigrad")
        and not public.startswith("_") and f"{name}.{public}" not in known
        and not any(place.endswith(f".{public}") for place in known)
    ]  # fmt: skip
    assert not missing


def test_examples_of_docstrings_are_shown(site):
    text = (site / "api" / "minigrad.html").read_text(encoding="utf-8")
    shown = re.sub(r"<[^>]+>", "", text)
    assert "mg.sinh(mg.tensor([0.0, 1.0]))" in shown and "tensor([0.0000, 1.1752])" in shown


def test_links_lead_to_pages_and_places_that_exist(site, pages):
    assert len(pages) > 30
    broken = []
    for path, page in pages.items():
        for link in page.links:
            parts = urlparse(link)
            if parts.scheme:
                assert parts.scheme in ("https", "mailto"), (path, link)
                continue
            target = (path.parent / unquote(parts.path)).resolve() if parts.path else path
            if not target.exists():
                broken.append((path.name, link))
            elif parts.fragment and target in pages:
                if unquote(parts.fragment) not in pages[target].places:
                    broken.append((path.name, link))
    assert not broken


def test_pages_load_nothing_from_elsewhere(site, pages):
    for path, page in pages.items():
        for load in page.loads:
            parts = urlparse(load)
            if parts.scheme != "data":
                assert not parts.scheme and not parts.netloc, (path, load)
                assert (path.parent / unquote(parts.path)).exists(), (path, load)
    for style in site.rglob("*.css"):
        assert not re.search(r"(@import|url\()\s*[\"']?(https?:)?//", style.read_text("utf-8"))


def test_formulas_are_set(pages):
    assert sum(page.formulas for page in pages.values()) > 500
    for path, page in pages.items():
        raw = re.search(r"\$\$|\\begin\{|\\frac|\\partial", "".join(page.text))
        assert raw is None, (path.name, raw)


def test_every_formula_was_understood(site):
    """What the converter does not know it passes on as it is: as & and [3pt]."""
    aligned = 0
    for path in site.rglob("*.html"):
        for formula in re.findall(r"<math.*?</math>", path.read_text("utf-8"), re.DOTALL):
            assert not re.search(r"<m[io]>(&(amp;)?|\\\w*)</m|pt</mn>", formula), (path, formula)
            aligned += "<mtable" in formula
    assert aligned > 5


def test_links_to_code_become_text(tmp_path):
    builder = loaded(ROOT / "docs" / "build_site.py")
    (tmp_path / "a.md").write_text("")
    (tmp_path / "notebooks").mkdir()
    text = "[a](a.md) [b](b.py) [n](notebooks) [w](https://x.org) ![i](i.svg) [h](#Some-Place)"
    assert builder.links_kept(text, tmp_path, tmp_path) == (
        "[a](a.md) b [n](notebooks/00-index.ipynb) [w](https://x.org) ![i](i.svg) [h](#some-place)"
    )
