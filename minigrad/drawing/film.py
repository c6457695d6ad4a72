"""The step player as an animation, made without a browser: ``tape.save("step.gif")``.

One frame is one step, as the player shows it: the graph with the values and gradients so far, what
the step is about pointed out, and below it the step in words and its formula. Graphviz draws each
graph once, with empty room for the numbers, and says where that room is; Pillow (which comes with
matplotlib) writes the numbers of the moment into it. So nothing moves from frame to frame but what
the step changes. The same tape gives the same bytes.

Files that others can see are bounded: of a long tape the first iteration is shown step by step, and
of later ones how they end. The frames themselves say what is left out.
"""

from __future__ import annotations

import io
import json
import math
import os
from collections.abc import Iterator
from functools import lru_cache
from os import PathLike
from pathlib import Path
from typing import Any, NamedTuple

from ..graphs.recorded_graph import Graph
from ..graphs.text import printable, shorten
from ..tape.snapshot import Snapshot
from ..tape.tape import Iteration, Step, Tape, line_of_step, number_text
from .dot import Drawing
from .plain_math import plain
from .player import MOST_NODES, Sheet, formula_of, in_node, some, thinned
from .render import render
from .style import FAINT, GRADIENT, TEXT, VALUE, options_of

MOST_FRAMES = 80  # a longer tape is thinned
MOST_LATER = 24  # iterations after the first of which the end is shown
WIDE = 1000  # pixels of a frame
TALLEST = 560  # of its picture; of a larger one, the part around the step is shown
SMALLEST, LARGEST = 0.8, 1.35  # how much the picture is made smaller or larger to fit
FINER = 2  # drawn larger and then made smaller: smooth lines
MOST_PIXELS = 40e6  # of a picture as Graphviz draws it
POINTS = 72  # an inch, Graphviz's unit of length
PAD = 0.1 * POINTS  # the "pad" of dot.py
BORDERS = 12  # points that a box's two borders and their distance to a number take
MARGIN, TOP, BELOW = 16, 44, 128  # pixels: at the sides, over the picture, and under it
PACE, PACE_AT_END = 1300, 3500  # milliseconds
COLOURS = 128  # of a GIF
PALE = 0.5  # how far what is still to be computed is from its colours to white
PHASES = {"forward": "#0b5cad", "backward": "#a23c00", "update": "#0a6847"}

Point = tuple[float, float]


class Frame(NamedTuple):
    """What one picture of the film shows."""

    iteration: Iteration
    done: int  # so many of its steps have happened
    step: Step | None  # the step that is pointed out; None: before the first, or the whole
    left_out: str  # what is not shown between the frame before and this one, in words


def save_film(tape: Tape, path: str | PathLike[str], options: dict[str, Any]) -> None:
    """Write the frames as an animation (.gif, .webp), or as numbered pictures (.png).

    ``step.png`` stands for ``step_001.png``, ``step_002.png``, ...; there is no ``step.png``, and
    frames of an earlier, longer tape are left as they are. Everything is drawn before the first
    file is touched, and each file is put in its place whole.
    """
    target = Path(path)
    suffix = target.suffix.lower()
    film = Film(tape, options)
    if suffix == ".png":
        digits = max(3, len(str(len(film.frames))))
        files = {target.with_name(f"{target.stem}_{i:0{digits}}{target.suffix}"): encoded(image)
                 for i, image in enumerate(film.images(), 1)}  # fmt: skip
    else:
        files = {target: animated(film, suffix)}
    parts = {file: file.with_name(file.name + ".part") for file in files}
    try:
        for file, content in files.items():
            parts[file].write_bytes(content)
        for file in files:
            os.replace(parts[file], file)
    finally:
        for part in parts.values():
            part.unlink(missing_ok=True)


# --- files ---------------------------------------------------------------------------------------


def encoded(image: Any) -> bytes:
    file = io.BytesIO()
    image.save(file, format="PNG", optimize=True)
    return file.getvalue()


def animated(film: Film, suffix: str) -> bytes:
    """All frames in one file that plays again and again."""
    from PIL import Image

    images = film.images()
    times = [PACE] * (len(film.frames) - 1) + [PACE_AT_END]
    file = io.BytesIO()
    if suffix == ".webp":
        first, *rest = images
        first.save(file, format="WEBP", save_all=True, append_images=rest, duration=times, loop=0,
                   lossless=True, method=4)  # fmt: skip
    else:
        # One palette for all, or the colours would flicker.
        palette, no = film.palette(), Image.Dither.NONE
        first, *rest = pages = [image.quantize(palette=palette, dither=no) for image in images]
        colours, white = first.getpalette(), first.getpixel((0, 0))  # an average with lines' edges
        colours[3 * white : 3 * white + 3] = [255, 255, 255]
        for page in pages:
            page.putpalette(colours)
        first.save(file, format="GIF", save_all=True, append_images=rest, duration=times, loop=0,
                   optimize=True)  # fmt: skip
    return file.getvalue()


# --- which frames --------------------------------------------------------------------------------


def frames_of(tape: Tape) -> list[Frame]:
    """Every step, with a frame before the first; of a long tape, a part that is told."""
    first, *later = tape.iterations
    frames = [Frame(first, 0, None, "")]
    if len(tape.steps) < MOST_FRAMES:
        for it in tape.iterations:
            frames += [Frame(it, k, step, "") for k, step in enumerate(it.steps, 1)]
        return frames
    shown = some(later, MOST_LATER) if later else []
    room = MOST_FRAMES - 1 - len(shown)
    places = {id(step): k for k, step in enumerate(first.steps, 1)}
    steps = first.steps
    for step in steps if len(steps) <= room else some(thinned(steps), room):
        k = places[id(step)]
        gap = k - frames[-1].done - 1
        frames.append(Frame(first, k, step, f"{counted(gap, 'step')} left out" if gap else ""))
    for it in shown:
        gap = it.number - frames[-1].iteration.number - 1
        said = f"its {counted(len(it.steps), 'step')} in one picture"
        if gap:
            said = f"{counted(gap, 'iteration')} left out; {said}"
        frames.append(Frame(it, len(it.steps), None, said))
    return frames


def counted(n: int, what: str) -> str:
    return f"{n:,} {what}{'' if n == 1 else 's'}"


# --- the pictures --------------------------------------------------------------------------------


class Film:
    """The frames of a tape, drawn one after the other."""

    def __init__(self, tape: Tape, options: dict[str, Any]) -> None:
        options_of(options)  # refuse unknown ones now
        self.tape = tape
        self.frames = frames_of(tape)
        its = {id(frame.iteration): frame.iteration for frame in self.frames}
        self.scenes: dict[int, Scene] = {}  # by id of the graph; the tape keeps that alive
        for it in its.values():
            if id(it.graph) not in self.scenes:
                same = [other for other in its.values() if other.graph is it.graph]
                self.scenes[id(it.graph)] = scene_of(tape, it.graph, same, options)
        self.tall = max(scene.seen[1] for scene in self.scenes.values())
        self.all_steps = [step.kind for step in tape.steps]

    def images(self, every: int = 1) -> Iterator[Any]:
        """The frames as Pillow images of one size; every so many, and the last."""
        window = (0.0, 0.0)
        for k, frame in enumerate(self.frames):
            scene = self.scenes[id(frame.iteration.graph)]
            window = scene.window(frame.step, window)
            if k % every == 0 or frame is self.frames[-1]:
                yield self.page(frame, scene, window)

    def palette(self) -> Any:
        """Colours that fit all frames, taken from some of them."""
        from PIL import Image

        sample = list(self.images(every=max(1, len(self.frames) // 6)))
        sheet = Image.new("RGB", (WIDE, sum(image.height for image in sample)), "white")
        for k, image in enumerate(sample):
            sheet.paste(image, (0, k * image.height))
        return sheet.quantize(COLOURS, Image.Quantize.MEDIANCUT)

    def page(self, frame: Frame, scene: Scene, window: Point) -> Any:
        """The picture with what is said over and under it."""
        from PIL import Image, ImageDraw

        values, grads = known_at(frame)
        picture = scene.picture(values, grads, frame.step)
        high = TOP + self.tall + BELOW
        page = Image.new("RGB", (WIDE, high), "white")
        across, down = scene.seen
        left, top = round(window[0]), round(window[1])
        part = picture.crop((left, top, left + across, top + down))
        page.paste(part, ((WIDE - across) // 2, TOP + (self.tall - down) // 2))

        pen = ImageDraw.Draw(page)
        step, it = frame.step, frame.iteration
        colour = PHASES[step.kind] if step else TEXT
        place = [f"iteration {it.number + 1} of {len(self.tape.iterations)}"]
        if step is not None:
            place.append(f"step {step.number + 1} of {len(self.tape)}")
        if it.loss is not None and it.root_index in values:
            place.append(f"{shorten(printable(it.root.name), 20)} {number_text(it.loss)}")
        kind = f"After iteration {it.number + 1}" if frame.done else "Before the first step"
        if step is not None:
            kind = step.kind.capitalize()
        pen.text((MARGIN, 27), kind, fill=colour, font=font(19, True), anchor="ls")
        pen.text((WIDE - MARGIN, 27), "  ·  ".join(place), fill=FAINT, font=font(15), anchor="rs")

        y = high - BELOW + 26
        for line in self.words(frame):
            pen.text((MARGIN, y), line, fill=TEXT, font=font(16), anchor="ls")
            y += 23
        formula = fitted(plain(formula_of(step)), font(19), WIDE - 2 * MARGIN) if step else ""
        pen.text((MARGIN, y + 5), formula, fill=colour, font=font(19), anchor="ls")
        note = frame.left_out if step else ""
        if not note and step is not None and step.source is not None and step.source[2].strip():
            note = f"line {step.source[1]}:  {printable(step.source[2])}"
        note = fitted(note, font(13, code=True), WIDE - 2 * MARGIN)
        pen.text((MARGIN, high - 20), note, fill=FAINT, font=font(13, code=True), anchor="ls")
        self.progress(pen, frame, high)
        return page

    def words(self, frame: Frame) -> list[str]:
        """The step in words, in one line or two; at the end also what was not shown."""
        if frame.step is not None:
            said = line_of_step(frame.step, source=False)
        elif frame.done:
            said = f"{frame.left_out[:1].upper()}{frame.left_out[1:]}"
        else:
            said = "The leaves and constants have their numbers; nothing is computed yet."
        shown = sum(frame.step is not None for frame in self.frames)
        if frame is self.frames[-1] and shown < len(self.tape):
            said += f"  (The film shows {shown:,} of {len(self.tape):,} steps.)"
        return wrapped(said, font(16), WIDE - 2 * MARGIN, 2)

    def progress(self, pen: Any, frame: Frame, high: int) -> None:
        """A bar at the bottom: the tape's phases, filled up to this frame."""
        kinds, steps = self.all_steps, frame.iteration.steps
        done = steps[frame.done - 1].number + 1 if frame.done else 0
        start = 0
        for k in range(1, len(kinds) + 1):
            if k < len(kinds) and kinds[k] == kinds[start] and k != done:
                continue
            ends = [start / len(kinds) * WIDE, k / len(kinds) * WIDE - 1]
            full = PHASES[kinds[start]] if start < done else "#dfe2e6"
            if ends[1] > ends[0]:
                pen.rectangle((ends[0], high - 8, ends[1], high), fill=full)
            start = k


def known_at(frame: Frame) -> tuple[dict[int, Snapshot], dict[int, Snapshot]]:
    """The values and the gradients at this moment, by node."""
    it = frame.iteration
    forward = {s._index for s in it.steps if s.kind == "forward"}
    values = {i: s for i, s in it.values.items() if i not in forward}
    grads: dict[int, Snapshot] = {}
    for step in it.steps[: frame.done]:
        known, number = (grads, step._grad) if step.kind == "backward" else (values, step._value)
        if number is not None:
            known[step._index] = number
    return values, grads


# --- one graph -----------------------------------------------------------------------------------


class Room(NamedTuple):
    """Where a number is written: the middle of its line, and how wide that is."""

    middle: Point
    width: float
    size: float


class Scene:
    """A graph as Graphviz has drawn it, and where in it the boxes, the lines and the room are."""

    def __init__(self, drawing: Drawing, layout: dict[str, Any], scale: float) -> None:
        from PIL import Image

        _, _, right, top = (float(v) for v in layout["bb"].split(","))
        size = (right + 2 * PAD, top + 2 * PAD)
        self.finer = min(FINER, math.sqrt(MOST_PIXELS / (size[0] * size[1])) / scale)
        self.scale = scale * self.finer  # pixels a point, as drawn
        self.high = top + PAD
        empty = drawing.dot
        for colour in (VALUE, GRADIENT):  # quotes of the user's are escaped, so these are ours
            empty = empty.replace(f'COLOR="{colour}"', 'COLOR="transparent"')
        png = render(empty, "png", "-Gbgcolor=white", f"-Gdpi={POINTS * self.scale:.4f}")
        self.base = Image.open(io.BytesIO(png)).convert("RGB")
        self.size = (round(self.base.width / self.finer), round(self.base.height / self.finer))
        self.seen = (min(self.size[0], WIDE), min(self.size[1], TALLEST))
        self.nodes: dict[str, list[int]] = {}  # by box
        for i, parts in drawing.parts.items():
            for part in parts:
                self.nodes.setdefault(part, []).append(i)
        self.parts = drawing.parts
        objects = layout.get("objects", [])
        self.boxes = {o["name"]: outlines(o, "_draw_") for o in objects}
        # Modules' frames are objects too, but have no numbers.
        self.rooms = {o["name"]: rooms_in(o) for o in objects if "width" in o}
        self.pale = Image.blend(self.base, Image.new("RGB", self.base.size, "white"), PALE)
        self.edges = [(objects[e["tail"]]["name"], objects[e["head"]]["name"],
                       outlines(e, "_draw_"), outlines(e, "_hdraw_"))
                      for e in layout.get("edges", [])]  # fmt: skip

    def at(self, point: Any) -> Point:
        """A point of Graphviz's, which counts upwards, in pixels."""
        return ((point[0] + PAD) * self.scale, (self.high - point[1]) * self.scale)

    def picture(
        self, values: dict[int, Snapshot], grads: dict[int, Snapshot], step: Step | None
    ) -> Any:
        """The graph with these numbers and this step pointed out."""
        from PIL import Image, ImageDraw

        image = self.base.copy()
        todo = Image.new("1", image.size)  # where boxes are that have no value yet
        mask = ImageDraw.Draw(todo)
        for part, nodes in self.nodes.items():
            if VALUE in self.rooms.get(part, {}) and not any(i in values for i in nodes):
                mask.polygon([self.at(p) for p in self.boxes[part][0]], fill=1)
        image.paste(self.pale, mask=todo)
        pen = ImageDraw.Draw(image)
        if step is not None:
            self.point_out(pen, step)
        for part, nodes in self.nodes.items():
            here = step._index if step is not None and step._index in nodes else None
            for colour, known, sign in ((VALUE, values, ""), (GRADIENT, grads, "∇ ")):
                room = self.rooms.get(part, {}).get(colour)
                if room is None:
                    continue
                # Of what is folded into one box, what came last: gradients from the last node.
                found = [i for i in nodes if i in known]
                latest = here if here in known else found[0 if sign else -1] if found else None
                if latest is not None:
                    self.write(pen, room, sign + in_node(known[latest]), colour)
                elif not sign:
                    self.write(pen, room, "·", colour)
        return image.resize(self.size, Image.Resampling.LANCZOS) if self.finer != 1 else image

    def write(self, pen: Any, room: Room, said: str, colour: str) -> None:
        """A number, smaller if it would be wider than its room."""
        size = room.size * self.scale
        wide = font(round(size), True).getlength(said) / self.scale
        letters = font(max(1, int(size * min(1, room.width / max(wide, 1e-9)))), True)
        pen.text(self.at(room.middle), said, fill=colour, font=letters, anchor="ms")

    def point_out(self, pen: Any, step: Step) -> None:
        colour = PHASES[step.kind]
        now = self.parts.get(step._index, [])
        via = self.parts.get(step._via, []) if step._via is not None else []
        came = {p for n in step.node.inputs for p in self.parts.get(n.index, [])}
        for tail, head, line, arrow in self.edges:
            forward = step.kind == "forward" and tail in came and head in now
            if forward or (step.kind == "backward" and tail in now and head in via):
                for points in line:
                    self.stroke(pen, points, colour, 3.0)
                for points in arrow:
                    pen.polygon([self.at(p) for p in points], fill=colour, outline=colour)
        for parts, width in ((via, 2.4), (now, 4.0)):
            for part in parts:
                for points in self.boxes.get(part, [])[:1]:
                    self.stroke(pen, [*points, *points[:2]], colour, width)

    def stroke(self, pen: Any, points: list[Any], colour: str, width: float) -> None:
        pen.line([self.at(p) for p in points], fill=colour, width=max(1, round(width * self.scale)),
                 joint="curve")  # fmt: skip

    def window(self, step: Step | None, before: Point) -> Point:
        """The corner of the part that is seen: moved only if the step's box is outside of it."""
        corner = [min(b, s - v) for b, s, v in zip(before, self.size, self.seen)]
        boxes = [self.boxes[p][0] for p in self.parts.get(step._index, []) if self.boxes.get(p)
                 ] if step is not None else []  # fmt: skip
        for points in boxes[:1]:
            corners = [self.at(p) for p in points]
            for axis in (0, 1):
                low = min(p[axis] for p in corners) / self.finer - MARGIN
                high = max(p[axis] for p in corners) / self.finer + MARGIN
                if low < corner[axis] or high > corner[axis] + self.seen[axis]:
                    middle = (low + high - self.seen[axis]) / 2
                    corner[axis] = max(0, min(middle, self.size[axis] - self.seen[axis]))
        return (corner[0], corner[1])


def scene_of(tape: Tape, graph: Graph, its: list[Iteration], options: dict[str, Any]) -> Scene:
    """The graph laid out from left to right or from top to bottom, whichever can be larger."""
    best: tuple[float, Drawing, dict[str, Any]] | None = None
    asked = options.get("direction")
    for direction in (asked,) if asked else ("LR", "TB"):
        sheet = Sheet(tape, {"most": MOST_NODES, **options, "direction": direction})
        drawing = sheet.drawing(graph, its, {})
        layout = json.loads(render(drawing.dot, "json"))
        _, _, right, top = (float(v) for v in layout["bb"].split(","))
        scale = min((WIDE - 2) / (right + 2 * PAD), TALLEST / (top + 2 * PAD))
        if best is None or scale > best[0]:
            best = (scale, drawing, layout)
    assert best is not None
    return Scene(best[1], best[2], max(SMALLEST, min(LARGEST, best[0])))


def outlines(part: dict[str, Any], key: str) -> list[list[Any]]:
    """The lines and shapes of a box or an edge, as points; curves as short straight lines."""
    found = []
    for step in part.get(key, []):
        if step["op"] in "pPL":
            found.append(step["points"])
        elif step["op"] in "bB":
            found.append(curve(step["points"]))
    return found


def curve(points: list[Any], pieces: int = 12) -> list[Point]:
    """Bezier curves, each of the last point and three more."""
    line = [(points[0][0], points[0][1])]
    for k in range(1, len(points), 3):
        four = points[k - 1 : k + 3]
        for t in (j / pieces for j in range(1, pieces + 1)):
            weights = ((1 - t) ** 3, 3 * t * (1 - t) ** 2, 3 * t * t * (1 - t), t**3)
            line.append((sum(w * p[0] for w, p in zip(weights, four)),
                         sum(w * p[1] for w, p in zip(weights, four))))  # fmt: skip
    return line


def rooms_in(node: dict[str, Any]) -> dict[str, Room]:
    """Where a box has room for its value and its gradient: by the colours of these lines."""
    found: dict[str, Room] = {}
    inside = float(node["width"]) * POINTS - BORDERS
    colour, size = "", 12.0
    for step in node.get("_ldraw_", []):
        if step["op"] == "F":
            size = step["size"]
        elif step["op"] == "c":
            colour = step["color"]
        elif step["op"] == "T" and colour in (VALUE, GRADIENT):
            x, y = step["pt"]
            found[colour] = Room((x + step["width"] / 2, y), max(inside, step["width"]), size)
    return found


# --- letters -------------------------------------------------------------------------------------


@lru_cache(maxsize=64)
def font(size: int, bold: bool = False, code: bool = False) -> Any:
    """DejaVu, which comes with matplotlib: the same letters on every machine."""
    import matplotlib
    from PIL import ImageFont

    name = f"DejaVuSans{'Mono' if code else ''}{'-Bold' if bold else ''}.ttf"
    file = Path(matplotlib.get_data_path()) / "fonts" / "ttf" / name
    return ImageFont.truetype(str(file), size, layout_engine=ImageFont.Layout.BASIC)


def fitted(text: str, letters: Any, width: float) -> str:
    """The text, or as much of its beginning as there is room for."""
    if letters.getlength(text) <= width:
        return text
    fits = len(text)
    while fits and letters.getlength(text[:fits] + " …") > width:
        fits = min(fits - 1, int(fits * 0.97))
    return text[:fits].rstrip() + " …"


def wrapped(text: str, letters: Any, width: float, most: int) -> list[str]:
    """The text in lines, broken between words; at most so many."""
    lines = [""]
    for word in text.split(" "):
        longer = f"{lines[-1]} {word}" if lines[-1] else word
        if letters.getlength(longer) <= width or not lines[-1] or len(lines) == most:
            lines[-1] = longer
        else:
            lines.append(word)
    return [fitted(line, letters, width) for line in lines]
