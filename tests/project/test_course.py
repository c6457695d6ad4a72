"""The course in notebooks/: its exercises work, its links lead somewhere, its chapters are whole.

Every chapter and its solutions run here in IPython, so that the checks of the exercises can be
looked at; that the outputs are those in the file is what ``pytest --nbval`` tests.
"""

import ast
import json
import re
import time
import warnings
from urllib.parse import unquote, urlparse

import pytest
from places import ROOT

import minigrad as mg

reason = "runs IPython: `pip install ipykernel` to run this test"
interactiveshell = pytest.importorskip("IPython.core.interactiveshell", reason=reason)
from IPython.utils.capture import capture_output  # noqa: E402

FOLDER = ROOT / "notebooks"
SOLUTIONS = FOLDER / "solutions"
INDEX = FOLDER / "00-index.ipynb"
CHAPTERS = [path for path in sorted(FOLDER.glob("[0-9][0-9]-*.ipynb")) if path != INDEX]
NOTEBOOKS = [*sorted(FOLDER.glob("*.ipynb")), *sorted(SOLUTIONS.glob("*.ipynb"))]
DOCUMENTS = [*ROOT.glob("*.md"), *(ROOT / "docs").glob("*.md")]

each_chapter = pytest.mark.parametrize("chapter", CHAPTERS, ids=lambda path: path.stem)
each_notebook = pytest.mark.parametrize(
    "notebook", NOTEBOOKS, ids=lambda path: str(path.relative_to(FOLDER).with_suffix(""))
)


def cells(path, kind=None):
    """(source, cell) of every cell, or of those of a kind."""
    for cell in json.loads(path.read_text(encoding="utf-8"))["cells"]:
        if kind in (None, cell["cell_type"]):
            yield "".join(cell["source"]), cell


def is_exercise(cell):
    return "exercise" in cell["metadata"].get("tags", [])


# --- running ---------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def shell(tmp_path_factory):
    from traitlets.config import Config

    config = Config()
    config.HistoryManager.enabled = False
    config.InteractiveShell.colors = "nocolor"
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("IPYTHONDIR", str(tmp_path_factory.mktemp("ipython")))
        patch.setenv("MPLBACKEND", "agg")
        yield interactiveshell.InteractiveShell.instance(config=config)
        interactiveshell.InteractiveShell.clear_instance()


class Run:
    """What a notebook's exercises were, and what was checked."""

    def __init__(self):
        self.made = {}  # title -> exercise
        self.results = {}  # title -> every Result, in order
        self.seconds = 0.0


@pytest.fixture(scope="module")
def run(shell):
    """A function that runs a notebook from top to bottom, once for all tests here."""
    done = {}

    def run(path):
        if path not in done:
            done[path] = executed(path, shell)
        return done[path]

    yield run
    print(f"{len(done)} notebooks in {sum(r.seconds for r in done.values()):.0f} s")


def executed(path, shell):
    was, start = Run(), time.perf_counter()
    init, check = mg.exercise.__init__, mg.exercise.check

    def watched_init(self, *args, **kwargs):
        init(self, *args, **kwargs)
        was.made[self.title] = self

    def watched_check(self, *args, **kwargs):
        result = check(self, *args, **kwargs)
        was.results.setdefault(self.title, []).append(result)
        return result

    shell.reset(new_session=True)
    stream = mg.get_rng_state()
    with pytest.MonkeyPatch.context() as patch, warnings.catch_warnings():
        warnings.simplefilter("ignore")  # a notebook may show a warning
        patch.chdir(path.parent)
        patch.setattr(mg.exercise, "__init__", watched_init)
        patch.setattr(mg.exercise, "check", watched_check)
        patch.setattr(mg.exercise, "__call__", watched_check)
        try:
            for source, cell in cells(path, "code"):
                with capture_output():
                    result = shell.run_cell(source)
                error = result.error_in_exec or result.error_before_exec
                if error and "raises-exception" not in cell["metadata"].get("tags", []):
                    raise AssertionError(f"{path.name}: this cell fails:\n{source}") from error
        finally:
            if "minigrad" in shell.extension_manager.loaded:
                shell.extension_manager.unload_extension("minigrad")
            mg.set_rng_state(stream)
            mg.set_default_dtype(mg.float32)
            mg.set_printoptions(profile="default")
            mg.set_grad_enabled(True)
    was.seconds = time.perf_counter() - start
    return was


# --- exercises -------------------------------------------------------------------------------


@each_chapter
def test_untouched_exercises_are_no_try_yet(chapter, run):
    was = run(chapter)
    assert len(was.made) >= 3
    assert set(was.results) == set(was.made), "an exercise that is never checked"
    for title, results in was.results.items():
        for result in results:
            assert not result.correct, f"{title}: right without an answer"
            assert not result.answered, f"{title}: the placeholder counts as a try: {result}"
            assert result.feedback, title


@each_chapter
def test_every_solution_is_right(chapter, run):
    solved = run(SOLUTIONS / chapter.name)
    asked = run(chapter)
    assert set(solved.made) == set(asked.made), "chapter and solutions have other exercises"
    for title, made in asked.made.items():
        assert solved.results.get(title), f"{title}: not solved"
        assert solved.results[title][-1].correct, solved.results[title][-1]
        assert solved.made[title].hints == made.hints, title


@each_chapter
def test_each_exercise_has_a_ladder_of_hints(chapter, run):
    for title, made in run(chapter).made.items():
        assert len(made.hints) >= 2, title
        assert len(set(made.hints)) == len(made.hints), title


@each_chapter
def test_the_check_of_an_exercise_is_the_same_in_the_solutions(chapter):
    """A correction in one of the two files must reach the other."""

    def definitions(path):
        return [source for source, cell in cells(path, "code")
                if is_exercise(cell) and re.search(r"\bexercise\(", source)
                and not re.search(r"\.check\(", source)]  # fmt: skip

    assert definitions(chapter) == definitions(SOLUTIONS / chapter.name)


@each_chapter
def test_the_answer_does_not_stand_in_the_notebook(chapter):
    found = 0
    for source, _ in cells(chapter, "code"):
        if "exercise(" not in source:
            continue
        code = re.sub(r"^[%!].*$", "", source, flags=re.MULTILINE)  # without magics
        for call in ast.walk(ast.parse(code)):
            if not isinstance(call, ast.Call) or not ast.unparse(call.func).endswith("exercise"):
                continue
            found += 1
            given = [k.value for k in call.keywords if k.arg == "answer"] or call.args[1:2]
            for answer in given:
                if isinstance(answer, ast.Constant):
                    assert str(answer.value).startswith("mg-sealed"), source
                assert not isinstance(answer, (ast.List, ast.Tuple, ast.Dict)), source
    assert found >= 3


# --- chapters --------------------------------------------------------------------------------


def test_every_chapter_has_solutions_and_every_solution_a_chapter():
    solved = sorted(path for path in SOLUTIONS.glob("*.ipynb") if path.name != INDEX.name)
    assert [p.name for p in CHAPTERS] == [p.name for p in solved]
    numbers = [int(p.name[:2]) for p in CHAPTERS]
    assert numbers == list(range(1, len(numbers) + 1)), "a chapter's number is missing or doubled"


def test_the_index_leads_to_every_chapter_and_its_solutions():
    links = {(FOLDER / link).resolve() for link in links_of(INDEX) if not is_address(link)}
    assert {p.resolve() for p in CHAPTERS} <= links
    indirect = {link for chapter in CHAPTERS for link in links_of(chapter)}
    for chapter in CHAPTERS:
        twin = SOLUTIONS / chapter.name
        assert twin in links or f"solutions/{chapter.name}" in indirect


@each_chapter
def test_a_chapter_has_a_picture(chapter):
    pictures = [
        data
        for _, cell in cells(chapter, "code")
        for output in cell["outputs"]
        for kind, data in output.get("data", {}).items()
        if kind in ("image/svg+xml", "image/png")
        or (kind == "text/html" and re.search("<svg|image/(svg|png)", "".join(data)))
    ]
    assert pictures


@each_chapter
def test_a_question_stands_before_the_code_that_answers_it(chapter):
    listed = list(cells(chapter))
    asked = [
        number
        for number, (source, cell) in enumerate(listed)
        if cell["cell_type"] == "markdown"
        and re.search(r"\*\*[^*\n]*(question|predict)[^*\n]*\*\*", source, re.IGNORECASE)
    ]
    assert asked, "no prediction question: **Question 1.** ..."
    for number in asked:
        assert any(cell["cell_type"] == "code" for _, cell in listed[number + 1 :])


@each_chapter
def test_a_chapter_begins_with_its_title_and_ends_with_where_to_go(chapter):
    (first, cell), *_, (last, end) = cells(chapter)
    assert cell["cell_type"] == end["cell_type"] == "markdown"
    assert re.match(r"# \S", first)
    assert any(not is_address(link) for link in links_in(last)), "the last cell leads nowhere"


# --- files -----------------------------------------------------------------------------------

MACHINE = re.compile(
    r"/(?:tmp|home|root|work|Users|private|opt|var)/\w|[A-Z]:\\\\?Users"  # a folder of the author's
    r"|ipykernel_\d|<ipython-input|\bat 0x[0-9a-f]{6,}|site-packages"
)


@each_notebook
def test_outputs_are_those_of_any_machine(notebook):
    for source, cell in cells(notebook, "code"):
        for output in cell["outputs"]:
            data = {k: v for k, v in output.get("data", {}).items() if k != "image/png"}
            text = json.dumps([output.get("text"), output.get("traceback"), data])
            # base64 of a picture has any letters and slashes
            text = re.sub(r"base64,[\w+/=]+", "", text)
            found = MACHINE.search(text)
            assert not found, f"{text[max(0, found.start() - 60) : found.end() + 60]}\n{source}"


@each_notebook
def test_a_notebook_was_run_from_top_to_bottom_without_an_error(notebook):
    counts = [cell["execution_count"] for source, cell in cells(notebook, "code") if source.strip()]
    assert counts == list(range(1, len(counts) + 1))
    for source, cell in cells(notebook, "code"):
        failed = any(output["output_type"] == "error" for output in cell["outputs"])
        assert not failed or "raises-exception" in cell["metadata"].get("tags", []), source


@each_notebook
def test_a_notebook_is_small_enough_to_load_in_class(notebook):
    assert notebook.stat().st_size < 700_000


def test_the_course_is_small_enough_for_a_slow_line():
    assert sum(path.stat().st_size for path in FOLDER.rglob("*") if path.is_file()) < 8_000_000


# --- links -----------------------------------------------------------------------------------


def links_in(text):
    """The addresses of links and images in Markdown, outside of code."""
    text = re.sub(r"^(```|~~~).*?^\1", "", text, flags=re.DOTALL | re.MULTILINE)
    text = re.sub(r"`[^`\n]*`", "``", text)
    for markdown, html in re.findall(
        r"\]\(\s*<?([^)\s>]+)>?[^)]*\)|(?:src|srcset|href)=[\"']([^\"']+)[\"']", text
    ):
        yield markdown or html


def links_of(path):
    if path.suffix == ".md":
        return list(links_in(path.read_text(encoding="utf-8")))
    return [link for source, _ in cells(path, "markdown") for link in links_in(source)]


def is_address(link):
    return bool(urlparse(link).scheme)


def anchors(path):
    """The names that JupyterLab and GitHub give to headings, without signs and in lower case."""
    if path.suffix == ".md":
        texts = [path.read_text(encoding="utf-8")]
    else:
        texts = [source for source, _ in cells(path, "markdown")]
    titles = [t for text in texts for t in re.findall(r"^#+ (.+?)\s*$", text, re.MULTILINE)]
    return {re.sub(r"[^\w-]", "", title.replace(" ", "-")).lower() for title in titles}


@pytest.mark.parametrize(
    "document", [*NOTEBOOKS, *DOCUMENTS], ids=lambda path: str(path.relative_to(ROOT))
)
def test_links_and_images_lead_somewhere(document):
    for link in links_of(document):
        if is_address(link):
            parts = urlparse(link)
            assert parts.scheme == "https", f"{link}: only https"
            assert re.fullmatch(r"[\w-]+(\.[\w-]+)+", parts.netloc) or "{" in link, link
            continue
        name, _, anchor = link.partition("#")
        target = (document.parent / unquote(name)).resolve() if name else document
        assert target.exists(), f"{link}: there is no such file"
        assert target.is_relative_to(ROOT), f"{link}: outside of the repository"
        if anchor:
            assert re.sub(r"[^\w-]", "", unquote(anchor)).lower() in anchors(target), link


def test_the_link_checker_finds_broken_links(tmp_path, monkeypatch):
    text = "[a](b.md) ![c](d.png 'title') <img src=\"e.svg\"> `[no](no)`\n```\n[no](no)\n```\n"
    assert list(links_in(text)) == ["b.md", "d.png", "e.svg"]
    (tmp_path / "x.md").write_text("# One two: three\n")
    assert anchors(tmp_path / "x.md") == {"one-two-three"}
    monkeypatch.setitem(globals(), "links_of", lambda _: ["missing.md"])
    with pytest.raises(AssertionError, match="no such file"):
        test_links_and_images_lead_somewhere(ROOT / "docs" / "none.md")
