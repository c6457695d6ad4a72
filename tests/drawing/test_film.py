"""The step player as an animation: what its frames show, how large it is, what is on the disk."""

import runpy
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

import minigrad as mg
from minigrad.drawing import film, render
from minigrad.drawing.film import MOST_FRAMES, WIDE, Film, frames_of

ROOT = Path(__file__).resolve().parents[2]


def mlp(steps):
    mg.manual_seed(0)
    net = mg.nn.Sequential(mg.nn.Linear(8, 16), mg.nn.ReLU(), mg.nn.Linear(16, 3))
    x, y = mg.randn(4, 8), mg.tensor([0, 1, 2, 1])
    optimizer = mg.optim.SGD(net.parameters(), lr=0.1)
    with mg.record() as tape:
        for _ in range(steps):
            optimizer.zero_grad()
            mg.nn.functional.cross_entropy(net(x), y).backward()
            optimizer.step()
    return tape


def small():
    w = mg.tensor(3.0, requires_grad=True)
    with mg.record() as tape:
        loss = w * w
        loss.backward()
        with mg.no_grad():
            w -= 0.1 * w.grad
    return tape


def loop(n):
    w = mg.tensor([0.5, 0.3], requires_grad=True)
    with mg.record() as tape:
        h = w
        for _ in range(n):
            h = mg.sin(h) * w
        h.sum().backward()
    return tape


class Written:
    """Stands in for Pillow's pen, and keeps the texts of a frame."""

    def __init__(self, monkeypatch):
        from PIL import ImageDraw

        self.texts = []
        plain = ImageDraw.ImageDraw.text

        def text(pen, place, said, **more):
            self.texts.append(said)
            plain(pen, place, said, **more)

        monkeypatch.setattr(ImageDraw.ImageDraw, "text", text)

    def frames(self, tape):
        found = []
        for _ in Film(tape, {"by": None}).images():
            found.append([t for t in self.texts if t])
            self.texts.clear()
        return found


# --- what is shown -------------------------------------------------------------------------------


def test_each_frame_shows_the_numbers_of_its_step(monkeypatch):
    before, forward, start, first, second, update = Written(monkeypatch).frames(small())
    assert "Before the first step" in before and before[:2] == ["3", "·"]
    assert forward[:2] == ["3", "9"] and "Forward" in forward and "y = a ⊙ b" in forward
    assert "loss = mul(w, w) = 9" in forward and any("loss 9" in t for t in forward)
    assert start[:3] == ["3", "9", "∇ 1"]
    assert first[:4] == ["3", "∇ 3", "9", "∇ 1"] and "gradient of w = 3, through loss" in first
    assert second[:4] == ["3", "∇ 6", "9", "∇ 1"]
    assert update[:4] == ["2.4", "∇ 6", "9", "∇ 1"]
    assert "w: 3 − 0.1 · 6 = 2.4" in update and "w_new = w - 0.1 w̄" in update
    assert any(t.startswith("line ") and "w -= 0.1 * w.grad" in t for t in update)
    assert any("iteration 1 of 1" in t and "step 5 of 5" in t for t in update)


def test_a_value_is_not_there_before_its_step(monkeypatch):
    tape = mlp(1)
    for frame, texts in zip(frames_of(tape), Written(monkeypatch).frames(tape)):
        values, grads = film.known_at(frame)
        steps = tape.iterations[0].steps[: frame.done]
        assert set(grads) == {s._index for s in steps if s.kind == "backward"}
        assert sum(t.startswith("∇ ") for t in texts) == len(grads)
        for s in steps:
            last = [t for t in steps if t._index == s._index and t.kind == s.kind][-1]
            if s.kind == "backward":
                assert grads[s._index] is last._grad
        computed = [i for i in values if tape.iterations[0].graph.at(i).op]
        assert set(computed) == {s._index for s in steps if s.kind == "forward"}


def test_the_step_is_pointed_out_and_nothing_else_moves():
    images = [np.asarray(image).astype(int) for image in Film(mlp(1), {}).images()]
    assert len({image.shape for image in images}) == 1 and images[0].shape[1] == WIDE
    picture = slice(film.TOP, images[0].shape[0] - film.BELOW)
    for before, after in zip(images, images[1:]):
        changed = (before[picture] != after[picture]).any(axis=2).mean()
        assert 0 < changed < 0.2


# --- files ---------------------------------------------------------------------------------------


@pytest.mark.parametrize("suffix", [".gif", ".webp", ".GIF"])
def test_an_animation_has_a_frame_for_each_step(tmp_path, suffix):
    tape = mlp(1)
    file = tmp_path / f"step{suffix}"
    tape.save(file)
    with Image.open(file) as image:
        assert image.n_frames == len(tape) + 1 and image.size[0] == WIDE
        assert image.info["loop"] == 0
        assert image.convert("RGB").getpixel((3, 3)) == (255, 255, 255)
    assert [p.name for p in tmp_path.iterdir()] == [file.name]
    first = file.read_bytes()
    tape.save(file)
    assert file.read_bytes() == first


def test_another_process_gives_the_same_bytes(tmp_path):
    code = (
        "import minigrad as mg, hashlib, pathlib\n"
        "w = mg.tensor([1.0, 2.0], requires_grad=True)\n"
        "with mg.record(names={'w': w}) as tape: (w * w).sum().backward()\n"
        f"file = pathlib.Path(r'{tmp_path}') / 'a.gif'; tape.save(file)\n"
        "print(hashlib.sha256(file.read_bytes()).hexdigest())"
    )
    run = [sys.executable, "-c", code]
    said = {subprocess.run(run, capture_output=True, text=True, check=True, cwd=ROOT).stdout
            for _ in range(2)}  # fmt: skip
    assert len(said) == 1 and len(said.pop()) == 65


def test_pictures_are_numbered(tmp_path):
    tape = small()
    tape.save(tmp_path / "step.png")
    names = sorted(p.name for p in tmp_path.iterdir())
    assert names == [f"step_{k:03}.png" for k in range(1, len(tape) + 2)]
    with Image.open(tmp_path / names[0]) as image:
        assert image.format == "PNG" and image.size[0] == WIDE


def test_nothing_is_half_written(tmp_path, monkeypatch):
    tape = small()
    (tmp_path / "step.gif").write_bytes(b"before")
    monkeypatch.setenv("MINIGRAD_DOT", "no-such-program")
    for name in ("step.gif", "step.png", "step.webp"):
        with pytest.raises(render.DrawingError):
            tape.save(tmp_path / name)
    monkeypatch.delenv("MINIGRAD_DOT")

    real = Path.write_bytes  # the disk is full
    monkeypatch.setattr(Path, "write_bytes", lambda p, b: [real(p, b[:9]), 1 / 0])
    for name in ("step.gif", "step.png"):
        with pytest.raises(ZeroDivisionError):
            tape.save(tmp_path / name)
    assert [p.name for p in tmp_path.iterdir()] == ["step.gif"]
    assert (tmp_path / "step.gif").read_bytes() == b"before"


def test_what_cannot_be_a_film_is_refused(tmp_path):
    with mg.record() as tape:
        mg.tensor(1.0) * 2
    with pytest.raises(ValueError, match="empty tape"):
        tape.save(tmp_path / "step.gif")
    with pytest.raises(TypeError, match="no option 'colour'"):
        small().save(tmp_path / "step.gif", colour="red")
    assert not list(tmp_path.iterdir())


# --- long tapes ----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("make", "most"),
    [
        (lambda: mlp(1), 400),
        (lambda: mlp(10), 1000),
        (lambda: mlp(100), 1000),
        (lambda: loop(200), 1000),
    ],
)
def test_files_are_small(tmp_path, make, most):
    tape = make()
    assert len(frames_of(tape)) <= MOST_FRAMES
    tape.save(tmp_path / "step.gif")
    assert (tmp_path / "step.gif").stat().st_size < most * 1000


def test_what_is_left_out_is_said(monkeypatch):
    tape = mlp(100)
    frames = frames_of(tape)
    each = len(tape.iterations[0].steps)
    assert [f.step for f in frames[1 : each + 1]] == tape.iterations[0].steps
    assert frames[-1].iteration is tape.iterations[-1] and frames[-1].step is None
    numbers = [f.iteration.number for f in frames[each + 1 :]]
    assert numbers == sorted(set(numbers)) and numbers[0] == 1
    said = Written(monkeypatch).frames(tape)[-1]
    assert any(f"The film shows {each} of {len(tape):,} steps" in t for t in said)
    assert any("iterations left out" in t for t in said)
    assert any("iteration 100 of 100" in t and "loss 0.0" in t for t in said)

    tape = loop(200)
    frames = frames_of(tape)
    gaps = [int(f.left_out.split()[0].replace(",", "")) for f in frames if f.left_out]
    assert sum(gaps) + len(frames) - 1 == frames[-1].done == len(tape)


def test_a_picture_that_is_too_large_follows_the_step():
    mg.manual_seed(0)
    h, weights = mg.randn(4, 8), [mg.randn(8, 8, requires_grad=True) for _ in range(9)]
    with mg.record() as tape:
        for w in weights:
            h = (h @ w).tanh()
        h.sum().backward()
    made = Film(tape, {"by": None})
    (scene,) = made.scenes.values()
    assert scene.size[0] > WIDE or scene.size[1] > film.TALLEST
    window = (0.0, 0.0)
    for step in tape:
        window = scene.window(step, window)
        (part, *_) = scene.parts[step._index]
        for point in scene.boxes[part][0]:
            for p, low, seen in zip(scene.at(point), window, scene.seen):
                assert low <= p / scene.finer <= low + seen


def test_letters_that_must_not_be_read_as_markup_or_colours(tmp_path):
    w = mg.tensor(1.0, requires_grad=True)
    with mg.record(names={'COLOR="#0b4a75"<b>&\\N é': w}) as tape:
        (w * 2).backward()
    tape.save(tmp_path / "step.gif")
    assert (tmp_path / "step.gif").stat().st_size > 1000


# --- the README ----------------------------------------------------------------------------------


def test_the_readmes_film_is_what_its_script_makes(tmp_path):
    """As many frames of the same size: other versions of the renderer may draw another letter."""
    tape = runpy.run_path(str(ROOT / "docs" / "make_film.py"))["record"]()
    tape.save(tmp_path / "step.gif")
    with Image.open(tmp_path / "step.gif") as new, Image.open(ROOT / "docs/images/step.gif") as old:
        assert new.n_frames == old.n_frames and new.size[0] == old.size[0] == WIDE
        assert abs(new.size[1] - old.size[1]) < 60
    assert (ROOT / "docs/images/step.gif").stat().st_size < 1_000_000
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    assert readme.index("docs/images/step.gif") < readme.index("docs/images/graph.svg")


def test_pillow_is_loaded_when_a_film_is_made_only():
    code = "import minigrad, minigrad.drawing.film, sys; assert 'PIL' not in sys.modules"
    subprocess.run([sys.executable, "-c", code], check=True, cwd=ROOT)
