"""A class with nbgrader: chapters of the course as assignments, submissions graded in parallel.

    python -m minigrad.classroom make my-course 03-backward-pass
    python -m minigrad.classroom grade my-course 03-backward-pass --jobs 4

``make`` writes an nbgrader source notebook from a chapter and its solutions; ``grade`` runs
``nbgrader autograde`` once for each student, several at a time, each within limits of time and
memory, so that one faulty submission harms no other. Everything between the two is nbgrader's own
(Jupyter et al. 2019, JOSE 2(11)): docs/teaching.md goes through a whole term. Needs
``pip install "minigrad[classroom]"``.
"""

from __future__ import annotations

import argparse
import ast
import os
import re
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from .notebooks import UserError, find_notebooks

CONFIG = '''"""nbgrader's settings for this course: https://nbgrader.readthedocs.io"""

c = get_config()
c.CourseDirectory.course_id = "minigrad"
c.CourseDirectory.root = __file__.rsplit("nbgrader_config.py", 1)[0] or "."
# Several gradings write into one file: they wait for each other instead of failing.
c.CourseDirectory.db_url = f"sqlite:///{c.CourseDirectory.root}/gradebook.db?timeout=120"
# What stands in place of a solution. The placeholder above it (...) stays, so a check of the
# untouched exercise says "No answer yet" and the student's notebook runs from top to bottom.
c.ClearSolutions.code_stub = {"python": "# YOUR CODE HERE"}
c.Execute.timeout = 30  # seconds for one cell; then it is interrupted and the next one runs
c.LimitOutput.max_lines = 500
c.LimitOutput.max_traceback = 50
'''


# --- a chapter becomes an assignment ---------------------------------------------------------


@dataclass
class Check:
    """A cell that ends with ``name.check(answer)``, in its parts."""

    name: str  # of the exercise: ex1
    answer: str  # what is checked: [grad_u, grad_v]
    before: str  # the code above the check: the placeholder, or the solution
    call: str  # the check itself


def check_in(source: str) -> Check | None:
    """The check with which a cell ends, or None.

    >>> check_in("y = 2 * 3\\n\\nex1.check(y)")
    Check(name='ex1', answer='y', before='y = 2 * 3', call='ex1.check(y)')
    """
    try:
        statements = ast.parse(source).body
    except SyntaxError:  # a magic
        return None
    last = statements[-1] if statements else None
    if not isinstance(last, ast.Expr) or not isinstance(last.value, ast.Call):
        return None
    called = last.value.func
    if not isinstance(called, ast.Attribute) or called.attr != "check":
        return None
    lines = source.splitlines()
    answer = ", ".join(ast.unparse(a) for a in last.value.args)
    before = "\n".join(lines[: last.lineno - 1]).rstrip()
    return Check(ast.unparse(called.value), answer, before, "\n".join(lines[last.lineno - 1 :]))


def make(course: Path, chapter: str) -> Path:
    """Write ``course/source/CHAPTER/CHAPTER.ipynb`` for nbgrader; returns its path.

    Each exercise becomes a cell with the placeholder and, between nbgrader's marks, the solution;
    after it comes a cell of one point whose hidden test calls ``exercise.grade``. Also writes
    ``nbgrader_config.py`` if the course has none.
    """
    import nbformat

    folder = find_notebooks()
    name = Path(chapter).stem
    asked, solved = folder / f"{name}.ipynb", folder / "solutions" / f"{name}.ipynb"
    for path in (asked, solved):
        if not path.exists():
            known = ", ".join(p.stem for p in sorted((folder / "solutions").glob("*.ipynb")))
            raise UserError(f"there is no {path}. Chapters with solutions: {known}")
    notebook = nbformat.read(asked, as_version=4)
    notebook.cells = list(assignment_cells(notebook, nbformat.read(solved, as_version=4)))
    source = course / "source" / name / f"{name}.ipynb"
    source.parent.mkdir(parents=True, exist_ok=True)
    nbformat.write(notebook, source)
    config = course / "nbgrader_config.py"
    if not config.exists():
        config.write_text(CONFIG, encoding="utf-8")
    return source


def assignment_cells(chapter: Any, solutions: Any) -> Iterator[Any]:
    """The cells of an nbgrader source notebook."""
    solved = {}
    for cell in code_cells(solutions):
        if found := check_in(cell.source):
            solved[found.name] = found
    definitions = {}  # name of an exercise -> the source that defines it
    for cell in code_cells(chapter):
        for name in re.findall(r"^(\w+) = [\w.]*exercise\($", cell.source, re.MULTILINE):
            definitions[name] = "" if check_in(cell.source) else cell.source
    for cell in chapter.cells:
        if cell.cell_type != "code":
            # Links to other notebooks lead nowhere from here.
            cell.source = re.sub(r"\[([^\]]+)\]\((?!https:)[^)]*\.ipynb[^)]*\)", r"\1", cell.source)
            yield cell
            continue
        cell.outputs, cell.execution_count = [], None
        check = check_in(cell.source)
        if check is None or check.name not in definitions:  # mg.check(loss) is no exercise
            defined = [name for name, source in definitions.items() if source == cell.source]
            if defined:
                mark(cell, f"{defined[0]}-check", locked=True)
            yield cell
            continue
        if check.name not in solved:
            raise UserError(f"the solutions have no {check.name}.check(...)")
        cell.source = "\n\n".join([
            check.before,
            f"### BEGIN SOLUTION\n{solved[check.name].before}\n### END SOLUTION",
            check.call,
        ])  # fmt: skip
        mark(cell, f"{check.name}-answer", solution=True)
        yield cell
        yield grading_cell(check, definitions[check.name])


def grading_cell(check: Check, definition: str) -> Any:
    """One point. Defines the exercise anew, so that a student's variable cannot stand for it."""
    import nbformat

    cell = nbformat.v4.new_code_cell(
        f"# One point, when this is graded: the check of {check.name} runs once more.\n"
        f"### BEGIN HIDDEN TESTS\n{definition}\n{check.name}.grade({check.answer})\n"
        "### END HIDDEN TESTS"
    )
    cell.id = f"{check.name}-points"
    mark(cell, f"{check.name}-points", grade=True, locked=True, points=1)
    return cell


def mark(cell: Any, grade_id: str, grade: bool = False, solution: bool = False,
         locked: bool = False, **more: Any) -> None:  # fmt: skip
    """nbgrader's own metadata, version 3."""
    cell.metadata["nbgrader"] = {
        "schema_version": 3, "grade_id": grade_id, "grade": grade, "solution": solution,
        "locked": locked, "task": False, **more,
    }  # fmt: skip


def code_cells(notebook: Any) -> list[Any]:
    return [cell for cell in notebook.cells if cell.cell_type == "code"]


# --- many submissions ------------------------------------------------------------------------


@dataclass
class Graded:
    """One student's grading: points, and what it took."""

    student: str
    seconds: float
    megabytes: float | None  # of the largest process; None where the system does not say
    score: float | None = None  # None: not graded
    most: float | None = None
    note: str = ""

    def __str__(self) -> str:
        points = "not graded" if self.score is None else f"{self.score:g} of {self.most:g}"
        memory = "" if self.megabytes is None else f"{self.megabytes:6.0f} MB"
        line = f"{self.student:16} {points:>10} {self.seconds:6.1f} s {memory}  {self.note}"
        return line.rstrip()


# The limits hold for nbgrader and, inherited, for the kernel that runs the student's code.
LIMITED = """
import sys
megabytes, seconds, *arguments = sys.argv[1:]
try:
    import resource
except ImportError:  # Windows: only the time is limited, from outside
    resource = None
def limit(kind, amount):
    try:
        resource.setrlimit(kind, (amount, amount))
    except (OSError, ValueError):  # not on this system (macOS), or already less
        pass
if resource:
    limit(resource.RLIMIT_AS, int(megabytes) * 2**20)
    limit(resource.RLIMIT_CPU, int(float(seconds)) + 1)  # ends a kernel that outlives nbgrader
    limit(resource.RLIMIT_FSIZE, 2**30)
    limit(resource.RLIMIT_CORE, 0)
sys.argv = ["nbgrader", *arguments]
from nbgrader.apps.nbgraderapp import main
main()
"""


def grade(course: Path, assignment: str, jobs: int | None = None, megabytes: int = 4096,
          seconds: float = 300, force: bool = False) -> list[Graded]:  # fmt: skip
    """Autograde every submission, ``jobs`` at a time (default: one per core).

    Each runs in its own process, with at most ``megabytes`` of address space and ``seconds`` of
    time; what nbgrader says is in ``course/grading/ASSIGNMENT/STUDENT.log``. ``force`` grades
    again what was graded before.
    """
    course = course.resolve()
    pattern = f"*/{assignment}"
    students = sorted(path.parent.name for path in (course / "submitted").glob(pattern))
    if not students:
        raise UserError(f"there is no submission: {course / 'submitted' / pattern}")
    if not (course / "release" / assignment).exists():
        raise UserError(f"first `nbgrader generate_assignment {assignment}` in {course}")
    logs = course / "grading" / assignment
    logs.mkdir(parents=True, exist_ok=True)

    def one(student: str) -> Graded:
        arguments = ["autograde", assignment, f"--student={student}", *["--force"] * force]
        command = [sys.executable, "-c", LIMITED, str(megabytes), str(seconds), *arguments]
        with open(logs / f"{student}.log", "wb") as log:
            code, took, memory = run_limited(command, course, log, seconds)
        graded = Graded(student, took, memory)
        if code is None:
            graded.note = f"stopped after {seconds:g} s"
        elif code:
            graded.note = f"nbgrader failed: see {log.name}"
        return graded

    with ThreadPoolExecutor(jobs or os.cpu_count() or 1) as pool:
        done = list(pool.map(one, students))
    add_scores(course, assignment, [graded for graded in done if not graded.note])
    return done


def run_limited(command: Sequence[str], folder: Path, log: Any,
                seconds: float) -> tuple[int | None, float, float | None]:  # fmt: skip
    """Exit code (None: stopped), seconds, megabytes of the largest process."""
    start = time.perf_counter()
    one_thread = {"OPENBLAS_NUM_THREADS": "1", "OMP_NUM_THREADS": "1"}  # the cores are shared
    process = subprocess.Popen(
        command, cwd=folder, stdin=subprocess.DEVNULL, stdout=log, stderr=subprocess.STDOUT,
        env=one_thread | dict(os.environ), start_new_session=True,
    )  # fmt: skip
    stopped = threading.Event()

    def stop() -> None:
        stopped.set()
        if hasattr(os, "killpg"):
            os.killpg(process.pid, signal.SIGKILL)
        else:
            process.kill()

    timer = threading.Timer(seconds, stop)
    timer.start()
    memory = None
    try:
        if hasattr(os, "wait4"):
            _, status, usage = os.wait4(process.pid, 0)
            process.returncode = os.waitstatus_to_exitcode(status)
            memory = usage.ru_maxrss / (2**20 if sys.platform == "darwin" else 2**10)
        else:
            process.wait()
    finally:
        timer.cancel()
    code = None if stopped.is_set() else process.returncode
    return code, time.perf_counter() - start, memory


def add_scores(course: Path, assignment: str, done: Sequence[Graded]) -> None:
    """Points from nbgrader's database, and which errors the student's cells ended with."""
    import nbformat
    from nbgrader.api import Gradebook

    with Gradebook(f"sqlite:///{course / 'gradebook.db'}?timeout=120") as book:
        for graded in done:
            submission = book.find_submission(assignment, graded.student)
            graded.score, graded.most = submission.score, submission.max_score
            errors: list[str] = []
            folder = course / "autograded" / graded.student / assignment
            for path in sorted(folder.glob("*.ipynb")):
                for cell in code_cells(nbformat.read(path, as_version=4)):
                    errors += [o.ename for o in cell.outputs if o.output_type == "error"]
            graded.note = ", ".join(sorted(set(errors) - {"AssertionError"}))


# --- the command -----------------------------------------------------------------------------


def main(argv: Sequence[str] | None = None) -> int:
    """Run the command line; returns the exit code (0 well, 1 failed, 2 bad arguments)."""
    parser = argparse.ArgumentParser(
        prog="python -m minigrad.classroom", description="A class with nbgrader."
    )
    commands = parser.add_subparsers(dest="command", required=True)
    making = commands.add_parser("make", help="make an nbgrader assignment from a chapter")
    grading = commands.add_parser("grade", help="autograde every submission, within limits")
    for command in (making, grading):
        command.add_argument("course", type=Path, help="the folder of the course")
        command.add_argument("assignment", help="a chapter's file name, such as 03-backward-pass")
    grading.add_argument("--jobs", type=int, help="how many at a time (default: one per core)")
    grading.add_argument("--memory", type=int, default=4096, metavar="MB",
                         help="address space of each process (default: %(default)s)")  # fmt: skip
    grading.add_argument("--seconds", type=float, default=300,
                         help="time for each submission (default: %(default)s)")  # fmt: skip
    grading.add_argument("--force", action="store_true", help="grade again what was graded before")
    args = parser.parse_args(argv)
    try:
        if args.command == "make":
            path = make(args.course, args.assignment)
            print(f"{path}\nNext: cd {args.course} && nbgrader generate_assignment {path.stem}")
            return 0
        start = time.perf_counter()
        done = grade(args.course, args.assignment, args.jobs, args.memory, args.seconds, args.force)
    except UserError as error:
        print(f"{parser.prog}: {error}", file=sys.stderr)
        return 1
    print(*done, sep="\n")
    largest = max((g.megabytes for g in done if g.megabytes), default=0)
    print(f"{len(done)} submissions in {time.perf_counter() - start:.0f} s, "
          f"at most {largest:.0f} MB each")  # fmt: skip
    return 0 if all(graded.score is not None for graded in done) else 1
