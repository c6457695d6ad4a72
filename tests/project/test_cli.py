"""The command `minigrad`: demo, lab and doctor, started as a user starts them."""

import re
import subprocess
import sys

import pytest

from minigrad import cli

LOSS = r"tensor\((\S+), grad_fn=<SumBackward0>\)"


def run(*arguments, cwd=None, code=0):
    """`python -m minigrad <arguments>`: (stdout, stderr); never a traceback."""
    done = subprocess.run(
        [sys.executable, "-m", "minigrad", *map(str, arguments)],
        cwd=cwd,
        capture_output=True,
        text=True,
        timeout=120,
    )
    assert "Traceback" not in done.stderr, done.stderr
    assert done.returncode == code, (done.returncode, done.stdout, done.stderr)
    return done.stdout, done.stderr


# --- demo ------------------------------------------------------------------------------------


def tutorial(seed, epochs):
    """The tutorial's cells as they stand: the losses that its reader sees first and last."""
    import minigrad as torch

    torch.manual_seed(seed)
    N, D_in, H, D_out = 64, 1000, 100, 10
    x = torch.randn(N, D_in)
    y = torch.randn(N, D_out)
    w1 = torch.randn(D_in, H, requires_grad=True)
    w2 = torch.randn(H, D_out, requires_grad=True)
    learning_rate = 1e-6
    for epoch in range(epochs):
        y_pred = x.mm(w1).clamp(min=0).mm(w2)
        loss = (y_pred - y).pow(2).sum()
        if epoch == 0:
            first = str(loss)
        loss.backward()
        with torch.no_grad():
            w1 -= learning_rate * w1.grad
            w2 -= learning_rate * w2.grad
            w1.grad.zero_()
            w2.grad.zero_()
    return first, str(loss)


def test_demo_prints_the_tutorials_losses_and_draws_both_pictures(tmp_path):
    out = tmp_path / "new" / "folder"
    stdout, stderr = run("demo", "--out", out)
    first, last = tutorial(0, 1000)
    assert f"first loss: {first}\nlast loss:  {last}\n" in stdout
    assert "1000/1000" in stderr  # the progress display

    svg = (out / "graph.svg").read_text(encoding="utf-8")
    assert "<svg" in svg
    for name in ("w1", "w2", "x", "y", "loss"):  # the names in the loop that ran
        assert re.search(rf"\b{name}\b", svg), name
    assert (out / "loss-curve.png").read_bytes().startswith(b"\x89PNG\r\n\x1a\n")


@pytest.mark.parametrize("seed, pytorch", [(0, 29428664), (1, 40221788)])
def test_demo_quiet_prints_the_two_losses_only(seed, pytorch, tmp_path):
    stdout, stderr = run("demo", "--quiet", "--epochs", 2, "--seed", seed, "--out", tmp_path)
    assert re.fullmatch(rf"first loss: {LOSS}\nlast loss:  {LOSS}\n", stdout)
    # Two units in the last place of a float32: libraries of matrix products round differently.
    assert float(re.search(LOSS, stdout)[1]) == pytest.approx(pytorch, rel=2.4e-7)
    assert stderr == ""


def test_demo_of_one_epoch_has_one_loss(tmp_path, capsys):
    assert cli.main(["demo", "--epochs", "1", "--quiet", "--out", str(tmp_path)]) == 0
    first, last = re.findall(LOSS, capsys.readouterr().out)
    assert first == last


def test_demo_refuses_a_folder_it_cannot_write_before_training(tmp_path, monkeypatch):
    file = tmp_path / "taken"
    file.write_text("mine")
    monkeypatch.setattr(cli, "load_example", lambda: pytest.fail("trained first"))
    for out in (file, file / "below"):
        assert cli.main(["demo", "--out", str(out)]) == 1
    assert file.read_text() == "mine"
    _, stderr = run("demo", "--out", file, code=1)
    assert stderr.startswith(f"minigrad demo: cannot write to the folder {file}")
    assert "--out DIR" in stderr


@pytest.mark.parametrize(
    "arguments, says",
    [
        (["--epochs", "0"], "argument --epochs: must be at least 1, got 0"),
        (["--epochs", "many"], "argument --epochs: must be a whole number, got 'many'"),
        (["--seed", str(2**64)], "argument --seed: must fit in 64 bits"),
        (["--epoch-count", "3"], "unrecognized arguments: --epoch-count 3"),
    ],
)
def test_wrong_arguments_of_demo(arguments, says, tmp_path, capsys, monkeypatch):
    monkeypatch.chdir(tmp_path)
    with pytest.raises(SystemExit) as exit:
        cli.main(["demo", *arguments])
    assert exit.value.code == 2
    assert says in capsys.readouterr().err
    assert list(tmp_path.iterdir()) == []


def test_no_command_lists_the_commands():
    _, stderr = run(code=2)
    assert "demo | lab | doctor" in stderr


def test_ctrl_c_ends_without_a_traceback(tmp_path, monkeypatch, capsys):
    def interrupted():
        raise KeyboardInterrupt

    monkeypatch.setattr(cli, "load_example", interrupted)
    assert cli.main(["demo", "--out", str(tmp_path)]) == 130
    assert "minigrad demo: stopped" in capsys.readouterr().err


# --- lab -------------------------------------------------------------------------------------


@pytest.fixture
def notebooks(tmp_path, monkeypatch):
    """A wheel's layout: the notebooks inside an installed package."""
    package = tmp_path / "site-packages" / "minigrad"
    (package / "notebooks" / "images").mkdir(parents=True)
    (package / "notebooks" / "one.ipynb").write_text("{}")
    (package / "notebooks" / "images" / "a.png").write_bytes(b"png")
    monkeypatch.setattr(cli.notebooks, "PACKAGE", package)
    monkeypatch.chdir(tmp_path)
    return package / "notebooks"


def test_lab_copies_installed_notebooks_and_keeps_the_students_work(notebooks, tmp_path):
    folder = cli.notebooks_to_open(None)
    assert folder == (tmp_path / "minigrad-notebooks").resolve()
    assert (folder / "images" / "a.png").read_bytes() == b"png"
    (folder / "one.ipynb").write_text("my answers")
    (notebooks / "two.ipynb").write_text("{}")  # a newer version brings another notebook
    cli.notebooks_to_open(None)
    assert (folder / "one.ipynb").read_text() == "my answers"
    assert (folder / "two.ipynb").exists()


def test_lab_opens_a_checkouts_own_notebooks(notebooks, tmp_path):
    checkout = notebooks.parent.parent / "notebooks"
    notebooks.rename(checkout)
    assert cli.notebooks_to_open(None) == checkout
    assert not (tmp_path / "minigrad-notebooks").exists()


def test_lab_starts_jupyterlab_in_the_folder_with_the_users_arguments(notebooks, monkeypatch):
    started = {}

    class FakeProcess:
        def __init__(self, command, cwd):
            started.update(command=command, cwd=cwd)
            self.interrupts = 1

        def wait(self):
            if self.interrupts:  # Ctrl-C reaches both: JupyterLab decides, we go on waiting
                self.interrupts -= 1
                raise KeyboardInterrupt
            return 3

    monkeypatch.setattr(cli, "installed", lambda name: True)
    monkeypatch.setattr(cli.subprocess, "Popen", FakeProcess)
    assert cli.main(["lab", "--dir", "mine", "--no-browser", "--port=8889"]) == 3
    assert started["command"][1:] == ["-m", "jupyterlab", "--no-browser", "--port=8889"]
    assert started["command"][0] == sys.executable
    assert (started["cwd"] / "one.ipynb").exists() and started["cwd"].name == "mine"


def test_lab_says_what_to_install(monkeypatch, capsys):
    monkeypatch.setattr(cli, "installed", lambda name: name != "jupyterlab")
    assert cli.main(["lab"]) == 1
    told = capsys.readouterr().err
    assert "minigrad lab: not installed: jupyterlab" in told
    assert f"{sys.executable} -m pip install jupyterlab" in told


def test_lab_refuses_a_folder_it_cannot_write(notebooks, tmp_path, monkeypatch, capsys):
    monkeypatch.setattr(cli, "installed", lambda name: True)
    (tmp_path / "taken").write_text("mine")
    assert cli.main(["lab", "--dir", "taken"]) == 1
    assert "cannot copy the notebooks" in capsys.readouterr().err
    assert (tmp_path / "taken").read_text() == "mine"


def test_lab_without_notebooks_says_so(tmp_path, monkeypatch, capsys):
    monkeypatch.setattr(cli, "installed", lambda name: True)
    monkeypatch.setattr(cli.notebooks, "PACKAGE", tmp_path / "minigrad")
    assert cli.main(["lab"]) == 1
    assert "no notebooks found" in capsys.readouterr().err


# --- doctor ----------------------------------------------------------------------------------


def test_doctor_is_content_with_this_installation():
    stdout, _ = run("doctor")
    lines = stdout.splitlines()
    assert lines[-1] == "minigrad is ready."
    for what in ("Python 3.", "numpy ", "drawing graphs: ", "matplotlib "):
        assert any(line.startswith("ok     " + what) for line in lines), what
    assert not any(line.startswith("FAILED") for line in lines)


def test_doctor_names_a_missing_package_and_its_cure(tmp_path, monkeypatch):
    (tmp_path / "matplotlib.py").write_text("raise ModuleNotFoundError('gone for this test')")
    monkeypatch.setenv("PYTHONPATH", str(tmp_path))
    stdout, _ = run("doctor", code=1)
    failed = stdout[stdout.index("FAILED matplotlib: ") :]
    assert "gone for this test" in failed
    assert f"{sys.executable} -m pip install --force-reinstall matplotlib\n" in failed
    assert "ok     numpy" in stdout and "ok     drawing" in stdout  # the others are still checked


def test_doctor_and_demo_tell_of_a_renderer_that_is_not_there(tmp_path, monkeypatch):
    monkeypatch.setenv("MINIGRAD_DOT", "no-such-program")
    stdout, _ = run("doctor", code=1)
    assert "FAILED renderer: DrawingError: MINIGRAD_DOT is 'no-such-program'" in stdout
    stdout, stderr = run("demo", "--quiet", "--epochs", 1, "--out", tmp_path, code=1)
    assert "first loss: " in stdout  # the training was not for nothing
    assert "minigrad demo: cannot draw: MINIGRAD_DOT is 'no-such-program'" in stderr


def test_doctor_finds_a_wrong_gradient(monkeypatch, capsys):
    import minigrad as mg

    monkeypatch.setattr(mg.Tensor, "backward", lambda self: None)
    assert cli.main(["doctor"]) == 1
    assert "FAILED engine: RuntimeError: the gradient of w*w" in capsys.readouterr().out


def test_doctor_lives_without_the_optional_packages(monkeypatch, capsys):
    monkeypatch.setattr(cli, "installed", lambda name: False)
    assert cli.main(["doctor"]) == 0
    told = capsys.readouterr().out
    assert "absent jupyterlab, ipykernel (only needed for notebooks)." in told
    assert "absent torch" in told
