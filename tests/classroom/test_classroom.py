"""A class with nbgrader, from a chapter to feedback, with submissions that go wrong in every way.

MINIGRAD_CLASS_SIZE=30 grades as many submissions; the figures in docs/teaching.md come from that.
"""

import csv
import doctest
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest
from places import ROOT

from minigrad.classroom import nbgrader_class as classroom
from minigrad.cli import UserError

nbformat = pytest.importorskip("nbformat", reason="reads notebooks: `pip install nbformat`")
SOLUTIONS = classroom.find_notebooks() / "solutions"
CHAPTER = "03-backward-pass"
SIZE = int(os.environ.get("MINIGRAD_CLASS_SIZE", "7"))

# What a student wrote in the first exercise's cell. The other exercises they solved.
FAULTY = {
    "loop": "while True:\n    pass",
    "raises": "raise ValueError('I give up')",
    "memory": "import numpy\nhuge = numpy.ones(200_000_000_000)",
    "stubborn": "while True:\n    try:\n        while True: pass\n    except BaseException: pass",
    "exits": "import os\nos._exit(1)",
}


# --- a chapter becomes an assignment ---------------------------------------------------------


def test_a_cell_is_taken_apart():
    check = classroom.check_in("def f(x):\n    return x  # ex.check(1)\n\n\nex3.check(f)")
    assert (check.name, check.answer, check.call) == ("ex3", "f", "ex3.check(f)")
    assert check.before == "def f(x):\n    return x  # ex.check(1)"
    assert classroom.check_in("%%autograd\nx = 1") is None
    assert classroom.check_in("x = 1\nmg.check(x).ok") is None
    assert classroom.check_in("") is None
    many = classroom.check_in("a = ...\nex.check([\n    a,\n    2,\n])")
    assert (many.answer, many.before) == ("[a, 2]", "a = ...")


def every_chapter():
    return sorted(p.stem for p in SOLUTIONS.glob("*.ipynb") if p.stem != "00-index")


@pytest.mark.parametrize("chapter", every_chapter())
def test_every_chapter_can_be_an_assignment(chapter, tmp_path):
    path = classroom.make(tmp_path, chapter)
    marked = [c for c in nbformat.read(path, 4).cells if "nbgrader" in c.metadata]
    nbformat.validate(nbformat.read(path, 4))
    ids = [c.metadata.nbgrader.grade_id for c in marked]
    assert len(ids) == len(set(ids)) and all(re.fullmatch(r"[\w-]+", i) for i in ids)
    graded = [c for c in marked if c.metadata.nbgrader.grade]
    answered = [c for c in marked if c.metadata.nbgrader.solution]
    assert len(graded) == len(answered) >= 3
    for cell in graded:
        assert "exercise(" in cell.source and ".grade(" in cell.source
    for cell in answered:
        untouched = re.sub(r"### BEGIN.*### END SOLUTION", "", cell.source, flags=re.DOTALL)
        assert "..." in untouched or "NotImplementedError" in untouched
        assert "### BEGIN SOLUTION" in cell.source


def test_a_mistake_is_told_in_one_line(tmp_path, capsys):
    assert classroom.main(["make", str(tmp_path), "99-none"]) == 1
    assert CHAPTER in capsys.readouterr().err
    assert classroom.main(["grade", str(tmp_path), CHAPTER]) == 1
    assert "there is no submission" in capsys.readouterr().err
    (tmp_path / "submitted" / "anna" / CHAPTER).mkdir(parents=True)
    with pytest.raises(UserError, match="first `nbgrader generate_assignment"):
        classroom.grade(tmp_path, CHAPTER)


def test_limits_of_time_and_memory_hold(tmp_path):
    """The limits themselves, without nbgrader."""
    resource = pytest.importorskip("resource", reason="this system has no limits to set")
    assert resource.RLIMIT_AS
    before, _, after = classroom.LIMITED.rpartition("from nbgrader")
    assert after.splitlines() == [".apps.nbgraderapp import main", "main()"]
    with open(tmp_path / "log", "wb") as log:
        code, took, _ = classroom.run_limited(
            [sys.executable, "-c", "while True: pass"], tmp_path, log, 0.5)  # fmt: skip
        assert code is None and took < 20
        use = before + "\nx = bytearray(600 * 2**20)\n"
        for megabytes, ends in (("400", 1), ("2000", 0)):
            code, _, peak = classroom.run_limited(
                [sys.executable, "-c", use, megabytes, "60"], tmp_path, log, 60)  # fmt: skip
            assert code == ends
        assert peak > 500 or sys.platform != "linux"
    assert "MemoryError" in (tmp_path / "log").read_text(encoding="utf-8")


def test_the_example_of_the_teachers_guide_runs():
    guide = (ROOT / "docs" / "teaching.md").read_text("utf-8")
    (example,) = re.findall(r"```pycon\n(.*?)```", guide, re.DOTALL)
    test = doctest.DocTestParser().get_doctest(example, {}, "teaching", "teaching.md", 0)
    assert len(test.examples) == 4
    assert doctest.DocTestRunner().run(test).failed == 0


# --- a class ---------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def course(tmp_path_factory):
    """Assignment made and released, submissions handed in, graded, with feedback."""
    pytest.importorskip("nbgrader", reason='needs nbgrader: `pip install -e ".[classroom]"`')
    folder = tmp_path_factory.mktemp("course")
    with pytest.MonkeyPatch.context() as patch:
        # nbgrader starts `alembic` and `jupyter` by name.
        patch.setenv("PATH", f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}")
        for name in ("JUPYTER_CONFIG_DIR", "JUPYTER_DATA_DIR", "IPYTHONDIR"):
            patch.setenv(name, str(tmp_path_factory.mktemp(name)))
        source = classroom.make(folder, CHAPTER)
        (folder / "exchange").mkdir(mode=0o777)
        (folder / "exchange").chmod(0o777)
        with open(folder / "nbgrader_config.py", "a", encoding="utf-8") as config:
            config.write(f"c.Execute.timeout = 8\nc.Exchange.root = {str(folder / 'exchange')!r}\n")
        nbgrader(folder, "generate_assignment", CHAPTER)
        nbgrader(folder, "release_assignment", CHAPTER)
        hand_in(folder, source)
        done = classroom.grade(folder, CHAPTER, jobs=2, seconds=60)
        nbgrader(folder, "generate_feedback", CHAPTER)
        nbgrader(folder, "export")
    print(*done, sep="\n")
    return folder, {graded.student: graded for graded in done}


def nbgrader(folder, *arguments):
    ran = subprocess.run(
        [sys.executable, "-m", "nbgrader", *arguments], cwd=folder, capture_output=True, text=True
    )
    assert ran.returncode == 0, ran.stdout + ran.stderr
    return ran


def hand_in(folder, source):
    solutions = {}
    for cell in nbformat.read(source, 4).cells:
        if found := re.search(r"### BEGIN SOLUTION\n(.*)### END", cell.source, re.DOTALL):
            solutions[cell.metadata.nbgrader.grade_id] = found[1]
    names = [*FAULTY, "untouched", *(f"student{i:02}" for i in range(SIZE - len(FAULTY) - 1))]
    for name in names:
        notebook = nbformat.read(folder / "release" / CHAPTER / f"{CHAPTER}.ipynb", 4)
        for cell in notebook.cells:
            grade_id = cell.metadata.get("nbgrader", {}).get("grade_id")
            if grade_id in solutions and name != "untouched":
                answer = solutions[grade_id]
                if grade_id == "ex1-answer":
                    answer = FAULTY.get(name, answer)
                assert "# YOUR CODE HERE" in cell.source
                cell.source = cell.source.replace("# YOUR CODE HERE", answer)
        target = folder / "submitted" / name / CHAPTER
        target.mkdir(parents=True)
        nbformat.write(notebook, target / f"{CHAPTER}.ipynb")


def test_what_students_get_has_no_solution_and_runs(course):
    folder, _ = course
    released = folder / "exchange" / "minigrad" / "outbound" / CHAPTER / f"{CHAPTER}.ipynb"
    text = released.read_text(encoding="utf-8")
    assert "YOUR CODE HERE" in text
    assert "SOLUTION" not in text and "HIDDEN TEST" not in text and ".grade(" not in text


def test_right_solutions_get_every_point_and_untouched_ones_none(course):
    folder, done = course
    source = nbformat.read(folder / "source" / CHAPTER / f"{CHAPTER}.ipynb", 4)
    points = sum(c.metadata.get("nbgrader", {}).get("points", 0) for c in source.cells)
    assert points >= 3
    assert len(done) == SIZE
    for name, graded in done.items():
        if name.startswith("student"):
            assert (graded.score, graded.most, graded.note) == (points, points, "")
    # The loop of an untouched notebook: nothing is right, and nothing but that is wrong.
    assert (done["untouched"].score, done["untouched"].note) == (0, "")


@pytest.mark.parametrize("name, error", [
    ("loop", "CellTimeoutError|KeyboardInterrupt"), ("raises", "ValueError"),
    ("memory", "MemoryError"),
])  # fmt: skip
def test_a_faulty_exercise_costs_its_own_point_only(course, name, error):
    _, done = course
    graded = done[name]
    assert graded.score == graded.most - 1
    assert re.search(error, graded.note)


@pytest.mark.parametrize("name", ["stubborn", "exits"])
def test_a_kernel_that_cannot_be_saved_is_reported(course, name):
    _, done = course
    assert done[name].score is None or done[name].score < done[name].most
    assert done[name].note


def test_the_log_says_why_a_submission_is_not_graded(course):
    folder, done = course
    log = folder / "grading" / CHAPTER / "exits.log"
    assert done["exits"].score is None and str(log) in done["exits"].note
    assert "DeadKernelError" in log.read_text(encoding="utf-8")


def test_feedback_says_what_is_wrong_and_the_points_are_exported(course):
    folder, done = course
    for name, graded in done.items():
        if graded.score is not None:
            page = folder / "feedback" / name / CHAPTER / f"{CHAPTER}.html"
            assert page.exists(), name
    page = (folder / "feedback" / "raises" / CHAPTER / f"{CHAPTER}.html").read_text("utf-8")
    assert "I give up" in page
    with open(folder / "grades.csv", encoding="utf-8") as file:
        rows = {row["student_id"]: row for row in csv.DictReader(file)}
    for name, graded in done.items():
        if graded.score is not None:
            assert float(rows[name]["score"]) == graded.score


def test_every_grading_was_measured(course):
    _, done = course
    for graded in done.values():
        assert 0 < graded.seconds < 120
        assert graded.megabytes is None or 20 < graded.megabytes < 1000
        assert graded.student in str(graded) and " s" in str(graded)
