"""What repo2docker would do with binder/, done in a fresh environment.

The rules are those of repo2docker's documentation (Configuration Files): the folder, the order of
its files, how each is read and run. Building takes a minute, so it needs MINIGRAD_BINDER=1.
"""

import os
import re
import shutil
import subprocess
import sys
import venv
from pathlib import Path

import pytest
from places import ROOT

BINDER = ROOT / "binder"
# Any of these would be used in place of, or before, requirements.txt.
OTHER_WAYS = ["Dockerfile", "environment.yml", "Pipfile", "Pipfile.lock", "install.R",
              "Project.toml", "REQUIRE", "default.nix", "DESCRIPTION"]  # fmt: skip
READ = {"apt.txt", "postBuild", "requirements.txt", "runtime.txt", "start"}


def lines_of(name):
    """The lines that count: without comments and empty ones."""
    path = BINDER / name
    if not path.exists():
        return []
    lines = (line.partition("#")[0].strip() for line in path.read_text("utf-8").splitlines())
    return [line for line in lines if line]


def steps():
    """(Python version, Debian packages, commands) in the order of repo2docker."""
    (runtime,) = lines_of("runtime.txt")
    version = re.fullmatch(r"python-(\d+\.\d+)(\.\d+)?", runtime)[1]
    commands = []
    if (BINDER / "requirements.txt").exists():
        commands.append(["pip", "install", "--no-cache-dir", "-r", "binder/requirements.txt"])
    if (BINDER / "postBuild").exists():
        commands.append(["./binder/postBuild"])
    return version, lines_of("apt.txt"), commands


def test_repo2docker_reads_these_files_and_no_others():
    assert not (ROOT / ".binder").exists(), "with both folders repo2docker stops"
    names = {path.name for path in BINDER.iterdir()}
    assert names <= READ and not names & set(OTHER_WAYS)
    assert {"requirements.txt", "runtime.txt", "postBuild"} <= names
    # With binder/ the files of the same names at the top are overlooked: none must seem to count.
    assert not (READ | set(OTHER_WAYS)) & {path.name for path in ROOT.iterdir()}


def test_the_files_have_the_form_that_repo2docker_wants():
    version, packages, commands = steps()
    assert re.fullmatch(r"3\.\d+", version)
    for package in packages:
        assert re.fullmatch(r"[a-z0-9][a-z0-9+.\-:=~]*", package), "apt.txt: a package a line"
    assert "graphviz" not in packages, "minigrad draws without the system's Graphviz"
    assert len(commands) == 2
    for script in ("postBuild", "start"):
        path = BINDER / script
        if path.exists():
            assert path.stat().st_mode & 0o111, f"{script} must be executable"
            assert path.read_bytes().startswith(b"#!") and b"\r" not in path.read_bytes()
    for line in lines_of("requirements.txt"):
        local = re.fullmatch(r"-e (\.[\w/]*)(\[[\w,]+\])?", line)
        # A local package makes repo2docker copy the whole repository first; paths count from there.
        assert local is None or (ROOT / local[1] / "pyproject.toml").exists()


def python_of(version):
    if version == f"{sys.version_info.major}.{sys.version_info.minor}":
        return sys.executable
    found = shutil.which(f"python{version}")
    if found is None:
        pytest.skip(f"binder/runtime.txt wants Python {version}, which is not here")
    return found


@pytest.mark.skipif(
    os.environ.get("MINIGRAD_BINDER") != "1",
    reason="installs everything anew, about a minute: MINIGRAD_BINDER=1 to run this",
)
@pytest.mark.skipif(os.name == "nt", reason="a Binder image is a Linux system")
def test_a_fresh_environment_built_from_these_files_runs_a_chapter(tmp_path):
    version, packages, commands = steps()
    assert not packages, "this test installs no Debian packages"
    repository, home = tmp_path / "repository", tmp_path / "home"
    shutil.copytree(ROOT, repository, ignore=shutil.ignore_patterns(
        ".git", ".venv", "venv", "site", "build", "dist", "__pycache__", ".*_cache", ".cache",
        ".hypothesis"))  # fmt: skip
    home.mkdir()
    environment = {k: v for k, v in os.environ.items() if not k.startswith(("PYTHON", "MINIGRAD"))}
    environment |= {"HOME": str(home), "PATH": f"{tmp_path / 'env' / 'bin'}:{os.environ['PATH']}"}

    def run(*command):
        done = subprocess.run(command, cwd=repository, env=environment, capture_output=True,
                              text=True)  # fmt: skip
        assert done.returncode == 0, f"{command}:\n{done.stdout}\n{done.stderr}"
        return done.stdout

    if python_of(version) == sys.executable:
        venv.create(tmp_path / "env", with_pip=True)
    else:
        run(python_of(version), "-m", "venv", str(tmp_path / "env"))
    told = [run(*command) for command in commands]
    assert "minigrad is ready." in told[-1] and "absent jupyter" not in told[-1]
    where = run("python", "-c", "import minigrad; print(minigrad.__file__)")
    assert Path(where.strip()).is_relative_to(repository.resolve())
    run("jupyter", "lab", "--version")
    chapter = sorted((repository / "notebooks").glob("0[1-9]-*.ipynb"))[0]
    run("jupyter", "execute", str(chapter))
