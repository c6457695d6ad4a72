"""Pictures of graphs: DOT, SVG, PNG, PDF and HTML read back by other programs' eyes."""

import base64
import json
import re
import threading
import time
import xml.etree.ElementTree as ElementTree
from html.parser import HTMLParser

import numpy as np
import pytest
from contrast import contrast
from cpu import cpu_seconds

import minigrad as mg
from minigrad.core.op import ALL_OPS
from minigrad.drawing import render
from minigrad.drawing.dot import drawing_of
from minigrad.drawing.fold import fold
from minigrad.drawing.plain_math import plain
from minigrad.drawing.render import DrawingError, Picture
from minigrad.drawing.style import FAINT, LINE, LOOKS, TEXT, Options

SVG = "{http://www.w3.org/2000/svg}"
HOSTILE = (
    '<b>&"\'\n</title></svg><script>alert(1)</script> \\N \\G --> ]]> {|} '
    "\x00\x1b\ud800 é漢 %s"
)


def leaf(*shape):
    return mg.tensor(np.ones(shape, "f"), requires_grad=True)


def seed_graph():
    x, y = mg.tensor(np.ones((4, 6), "f")), mg.tensor(np.ones((4, 2), "f"))
    w1, w2 = leaf(6, 5), leaf(5, 2)
    y_pred = x.mm(w1).clamp(min=0).mm(w2)
    loss = (y_pred - y).pow(2).sum()
    return mg.graph(loss)


def layout(dot):
    """What Graphviz understands by a DOT text."""
    return json.loads(render.render(dot, "json"))


def texts(svg):
    return [e.text for e in ElementTree.fromstring(svg).iter(f"{SVG}text")]


# --- what is drawn -------------------------------------------------------------------------------


def test_the_seed_networks_picture():
    g = seed_graph()
    said = layout(g.to_dot())
    nodes = {o["_gvid"]: o for o in said["objects"]}
    label = {i: re.findall(r"<B>(.*?)</B>", o["label"])[0] for i, o in nodes.items()}
    assert set(label.values()) == {"x", "w1", "w2", "y", "mm", "clamp(min=0)", "y_pred", "sub",
                                   "pow(2)", "loss"}  # fmt: skip
    drawn = {(label[e["tail"]], label[e["head"]]) for e in said["edges"]}
    assert drawn == {
        ("x", "mm"), ("w1", "mm"), ("mm", "clamp(min=0)"), ("clamp(min=0)", "y_pred"),
        ("w2", "y_pred"), ("y_pred", "sub"), ("y", "sub"), ("sub", "pow(2)"),
        ("pow(2)", "loss"),
    }  # fmt: skip
    height = {label[i]: float(o["pos"].split(",")[1]) for i, o in nodes.items()}
    assert all(height[a] > height[b] for a, b in drawn)  # leaves on top, the root below


def test_kinds_differ_by_shape_and_colour():
    said = layout(seed_graph().to_dot())
    looks = {o["class"]: (o["shape"], o["style"]) for o in said["objects"]}
    assert set(looks) == {"leaf", "constant", "op", "root"}
    assert len(set(looks.values())) == 4
    assert len({o["fillcolor"] for o in said["objects"]}) == 4


def test_direction():
    said = layout(seed_graph().to_dot(direction="LR"))
    across = {o["class"]: float(o["pos"].split(",")[0]) for o in said["objects"]}
    assert across["root"] == max(across.values())
    with pytest.raises(ValueError, match="direction must be 'TB'"):
        seed_graph().to_dot(direction="up")


def test_options_add_what_they_name():
    x = mg.tensor([2.0, 3.0], requires_grad=True)
    y = (x * x).sum()
    g = mg.graph(y)
    y.backward()
    plain_text = " ".join(texts(g.show().svg))
    assert "[2]" in plain_text and "float32" not in plain_text
    assert "[2]" not in " ".join(texts(g.show(shapes=False).svg))
    everything = texts(g.show(dtypes=True, values=True, grads=True, formulas=True,
                              sources=True).svg)  # fmt: skip
    for expected in ("float32 [2]", "[2, 3]", "grad [4, 6]", "y = a ⊙ b", "13"):
        assert expected in everything
    assert any(t.endswith(": y = (x * x).sum()") for t in everything)
    with pytest.raises(TypeError, match="no option 'colour'; the options are shapes, dtypes"):
        g.show(colour="red")


def test_an_input_that_a_loop_uses_is_drawn_again_near_each_use():
    w = leaf(2)
    h = w
    for _ in range(20):
        h = mg.sin(mg.cos(h)) * w
    said = layout(mg.graph(h).to_dot())
    copies = [o for o in said["objects"] if o["class"] == "leaf"]
    assert len(copies) > 3 and sum("dashed" in o["style"] for o in copies) == len(copies) - 1
    number = {o["_gvid"]: o for o in said["objects"]}
    uses = [e for e in said["edges"] if number[e["tail"]]["class"] == "leaf"]
    assert len(uses) == 21  # every use has its line, as without copies
    heights = [abs(float(number[e["tail"]]["pos"].split(",")[1])
                   - float(number[e["head"]]["pos"].split(",")[1])) for e in uses]  # fmt: skip
    assert max(heights) < 700  # and a short one: the picture is 3000 high
    assert len([o for o in layout(seed_graph().to_dot())["objects"]]) == 10


def test_contrast_is_enough_on_light_and_dark_pages():
    for look in LOOKS.values():
        assert contrast(TEXT, look.fill) >= 7 and contrast(FAINT, look.fill) >= 7
        assert contrast(look.border, look.fill) >= 3  # the outline, on light pages
        assert contrast(look.fill, "#111111") >= 3  # the filled shape, on dark pages
    for page in ("#ffffff", "#111111", "#212121"):
        assert contrast(LINE, page) >= 3
    assert "bgcolor=transparent" in seed_graph().to_dot()


# --- hostile names -------------------------------------------------------------------------------


def hostile_graph():
    w = mg.tensor([1.0], requires_grad=True)
    x = mg.tensor([1.0])
    y = (w * x) * 2
    return mg.graph(y, names={HOSTILE: w, "</desc><script>": x})


@pytest.mark.parametrize("options", [{}, {"fold": True}, {"values": True, "sources": True}])
def test_hostile_names_stay_text_in_svg(options):
    svg = hostile_graph().show(**options).svg
    root = ElementTree.fromstring(svg)  # well formed
    tags = {e.tag.removeprefix(SVG) for e in root.iter()}
    assert tags <= {"svg", "title", "desc", "g", "text", "polygon", "polyline", "path"}
    shown = "".join(e.text or "" for e in root.iter(f"{SVG}text"))
    assert '<b>&"\'\\n</title></svg><script>alert(1)</script> \\N' in shown


def test_hostile_names_stay_text_in_dot():
    said = layout(hostile_graph().to_dot())
    assert len(said["objects"]) == 4 and len(said["edges"]) == 3


class Tags(HTMLParser):
    def __init__(self):
        super().__init__()
        self.found = []

    def handle_starttag(self, tag, attrs):
        self.found.append(tag)


def test_hostile_names_stay_text_in_html(tmp_path):
    hostile_graph().save(tmp_path / "g.html")
    parser = Tags()
    parser.feed((tmp_path / "g.html").read_text(encoding="utf-8"))
    assert "script" not in parser.found and "b" not in parser.found
    assert parser.found.count("svg") == 1
    page = (tmp_path / "g.html").read_text(encoding="utf-8")
    links = re.findall(r'(?:src|href)="[^"]*|url\([^)]*', page.replace("xmlns:xlink", ""))
    assert links == []  # self-contained


# --- accessibility -------------------------------------------------------------------------------


def test_svg_says_what_it_shows():
    svg = seed_graph().show().svg
    root = ElementTree.fromstring(svg)
    assert root.get("role") == "img" and root.get("aria-label").startswith("Graph(x, w1, w2, y")
    title, desc = root[0], root[1]
    assert root.get("aria-labelledby").split() == [title.get("id"), desc.get("id")]
    assert title.tag == f"{SVG}title" and "y_pred = mm(clamp, w2)" in desc.text
    titles = [e.text for e in root.iter(f"{SVG}title")]
    assert any("y_pred = mm(clamp, w2)" in t and "Y = A B" in t for t in titles[1:])
    assert "w1 → mm" in titles


def test_two_pictures_on_a_page_share_no_id():
    w = leaf(2)
    y = w * 2
    first, second = mg.graph(y).show().svg, mg.graph(y).show(dtypes=True).svg
    ids = [set(re.findall(r'\bid="([^"]*)"', svg)) for svg in (first, second)]
    assert ids[0] and not ids[0] & ids[1]
    assert mg.graph(y).show().svg == first  # and the same graph has the same picture


def test_mime_bundle():
    bundle = seed_graph()._repr_mimebundle_()
    assert set(bundle) == {"text/html", "image/svg+xml", "text/plain"}
    assert bundle["image/svg+xml"].startswith("<svg")
    # In HTML it is an image, which JupyterLab shows in notebooks that it does not trust yet.
    image = re.match(r'<img [^>]*src="data:image/svg\+xml;base64,([^"]+)">', bundle["text/html"])
    assert base64.b64decode(image[1]).decode() == bundle["image/svg+xml"]
    assert bundle["text/plain"].startswith("Graph(x, w1, w2, y -> loss: 6 operations)")


def test_without_a_renderer_there_is_text_with_the_reason(monkeypatch, tmp_path):
    monkeypatch.setenv("MINIGRAD_DOT", "no-such-program")
    g = seed_graph()
    bundle = g._repr_mimebundle_()
    assert set(bundle) == {"text/plain"}
    assert "y_pred = mm(clamp, w2)" in bundle["text/plain"]
    assert "no picture: MINIGRAD_DOT is 'no-such-program'" in bundle["text/plain"]
    with pytest.raises(DrawingError, match="no such program"):
        g.save(tmp_path / "g.svg")
    assert list(tmp_path.iterdir()) == []
    monkeypatch.delenv("MINIGRAD_DOT")
    monkeypatch.setattr(render, "bundled_renderer", lambda: None)
    with pytest.raises(DrawingError, match="pip install graphviz-pure"):
        g.save(tmp_path / "g.png")


# --- the renderer --------------------------------------------------------------------------------


def test_another_graphviz_is_used_only_when_asked_for(monkeypatch, tmp_path):
    fake = tmp_path / "mydot"
    fake.write_text("#!/bin/sh\ncat > /dev/null\necho not really '<svg a=\"\"></svg>'\n")
    fake.chmod(0o755)
    assert "not really" not in seed_graph().show().svg
    monkeypatch.setenv("MINIGRAD_DOT", str(fake))
    assert render.render("digraph {}", "svg").startswith(b"not really")


def test_a_layout_that_takes_too_long_is_stopped(monkeypatch, tmp_path):
    slow = tmp_path / "slow"
    slow.write_text("#!/bin/sh\nexec sleep 20\n")
    slow.chmod(0o755)
    monkeypatch.setenv("MINIGRAD_DOT", str(slow))
    start = time.monotonic()
    with pytest.raises(DrawingError, match="longer than 0.2 s.*fold=True"):
        render.render("digraph {}", "svg", timeout=0.2)
    assert time.monotonic() - start < 5


def test_a_renderer_that_fails_is_quoted():
    with pytest.raises(DrawingError, match="failed: .*syntax error"):
        render.render("digraph { -> }", "svg")


def test_threads_draw_at_the_same_time():
    g, svgs = seed_graph(), []
    threads = [threading.Thread(target=lambda: svgs.append(g.show().svg)) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(svgs) == 4 and len(set(svgs)) == 1


# --- files ---------------------------------------------------------------------------------------


def test_png_is_a_picture_on_white(tmp_path):
    from matplotlib.image import imread

    seed_graph().save(tmp_path / "g.png")
    pixels = imread(tmp_path / "g.png")
    assert pixels.shape[0] > 400 and pixels.shape[1] > 200
    assert (pixels[0, 0, :3] == 1).all() and (pixels.shape[2] == 3 or pixels[0, 0, 3] == 1)
    assert len(np.unique(pixels.reshape(-1, pixels.shape[2]), axis=0)) > 50


def test_pdf_has_the_labels_as_text(tmp_path):
    import zlib

    seed_graph().save(tmp_path / "g.pdf", sources=True)
    raw = (tmp_path / "g.pdf").read_bytes()
    assert raw.startswith(b"%PDF-") and raw.count(b"/Type /Page ") <= 1
    page = b""
    for stream in re.findall(rb"stream\r?\n(.*?)endstream", raw, re.DOTALL):
        try:
            page += zlib.decompress(stream)
        except zlib.error:
            continue  # not compressed: not a page
    said = []
    for shown in re.findall(rb"\[(.*?)\]\s*TJ", page, re.DOTALL):
        pieces = re.findall(rb"\(((?:\\.|[^\\)])*)\)", shown, re.DOTALL)
        said.append(re.sub(rb"\\(.)", rb"\1", b"".join(pieces)).decode("utf-16-be"))
    for expected in ("y_pred", "clamp(min=0)", "[4, 2]", "scalar"):
        assert expected in said
    assert any(text.endswith(": loss = (y_pred - y).pow(2).sum()") for text in said)
    assert page.count(b" c\n") > 20 and page.count(b" l\n") > 20  # curves and lines


def test_hostile_names_in_pdf(tmp_path):
    names = {"$x^{$ & <b>": leaf(2)}
    (w,) = names.values()
    mg.graph(w * 2, names=names).save(tmp_path / "g.pdf")
    assert (tmp_path / "g.pdf").stat().st_size > 1000


@pytest.mark.parametrize("suffix", [".dot", ".gv", ".json", ".txt", ".svg", ".HTML"])
def test_text_formats(tmp_path, suffix):
    g = seed_graph()
    g.save(str(tmp_path / f"g{suffix}"))
    text = (tmp_path / f"g{suffix}").read_text(encoding="utf-8")
    wanted = {".dot": g.to_dot(), ".gv": g.to_dot(), ".json": g.to_json(),
              ".txt": g.describe() + "\n"}  # fmt: skip
    assert text == wanted.get(suffix, text) and "y_pred" in text
    if suffix == ".svg":
        assert ElementTree.fromstring(text).tag == f"{SVG}svg"


@pytest.mark.parametrize("suffix", [".svg", ".png", ".pdf", ".html", ".dot", ".gv"])
def test_a_shown_picture_is_saved_with_its_options(tmp_path, suffix):
    g = loop(30)
    options = {"fold": True, "direction": "LR"}
    g.show(**options).save(str(tmp_path / f"shown{suffix}"))
    g.save(tmp_path / f"saved{suffix}", **options)
    shown, saved = ((tmp_path / f"{which}{suffix}").read_bytes() for which in ("shown", "saved"))
    assert shown == saved and len(shown) > 100
    g.save(tmp_path / f"plain{suffix}")
    assert shown != (tmp_path / f"plain{suffix}").read_bytes()


def test_a_shown_picture_is_saved_in_words(tmp_path):
    g = loop(30)
    picture = g.show(fold=True, values=True)
    picture.save(tmp_path / "g.json")
    picture.save(tmp_path / "g.txt")
    assert (tmp_path / "g.json").read_text(encoding="utf-8") == g.to_json(values=True)
    text = (tmp_path / "g.txt").read_text(encoding="utf-8")
    assert text == picture.description + "\n" and "Folded into" in text


def test_saving_is_told_its_options():
    words = mg.Graph.save.__doc__
    for option in [*Options.__dataclass_fields__, "indent", "limit"]:
        assert option in words, option


def test_a_shown_picture_is_not_saved_under_a_wrong_suffix(tmp_path):
    with pytest.raises(ValueError, match=r"\.svg, \.png"):
        seed_graph().show().save(tmp_path / "graph.bmp")
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("path", ["graph", "graph.bmp", "graph.svg.gz"])
def test_a_wrong_suffix_names_the_right_ones(tmp_path, path):
    with pytest.raises(ValueError, match=r"\.svg, \.png, \.pdf, \.dot, \.gv, \.json, \.html, \.tx"):
        seed_graph().save(tmp_path / path)
    assert list(tmp_path.iterdir()) == []


# --- folding -------------------------------------------------------------------------------------


def loop(n):
    w = leaf(2)
    h = w
    for _ in range(n):
        h = mg.sin(h) * w
    return mg.graph(h.sum())


def test_a_loop_is_folded_and_says_so():
    g = loop(500)
    picture = Picture(g)
    shown = texts(picture.svg)
    assert shown[0].startswith("1,002 nodes folded into 4: ")
    assert "sin × 500" in shown and "mul × 500" in shown and "h" in shown
    line = g["sin"].source[1]
    assert shown.count(f"line {line}") == 2
    assert "dashed" in picture.drawing.dot and "next repetition" in shown[0]
    assert "mul × 500" in picture.description  # in the text too


def test_counts_of_a_folded_graph_add_up():
    g = loop(500)
    folded = fold(g, 200)
    assert sum(group.count for group in folded.groups) == len(g)
    assert sum(folded.links.values()) == len(g.edges)
    assert [(group.kind, group.count) for group in folded.groups] == [
        ("leaf", 1), ("op", 500), ("op", 500), ("root", 1),
    ]  # fmt: skip


def test_folding_is_for_large_graphs_or_on_request():
    small, large = loop(40), loop(150)
    assert drawing_of(small, Options()).folded is None
    assert drawing_of(small, Options(fold=True)).folded is not None
    assert drawing_of(large, Options()).folded is not None
    assert drawing_of(large, Options(fold=False)).folded is None
    assert drawing_of(small, Options(most=20)).folded is not None


@pytest.mark.parametrize("branches", [False, True])
def test_a_long_script_without_loops_is_folded_too(branches):
    lines = ["x0 = w"]
    for i in range(600):
        other = f" * x{i // 2}" if branches else ""
        lines.append(f"x{i + 1} = mg.{('sin', 'cos', 'tanh')[i % 3]}(x{i}){other}")
    scope = {"mg": mg, "w": leaf(2)}
    exec(compile("\n".join(lines), "script.py", "exec"), scope)
    g = mg.graph(scope["x600"])
    folded = fold(g, 200)
    assert 1 < len(folded.groups) <= 200
    assert sum(group.count for group in folded.groups) == len(g)
    assert f"{len(g):,} nodes folded into" in texts(g.show().svg)[0]


def test_members_of_a_container_are_folded_together():
    layers = [leaf(2) for _ in range(150)]
    h = leaf(2)
    for layer in layers:
        h = mg.tanh(h * layer)
    shown = texts(mg.graph(h).show().svg)
    assert "layers[*] × 149" in shown or "layers[*] × 150" in shown


def test_pictures_are_quick():
    w = leaf(2)
    h = w
    for _ in range(95):
        h = mg.sin(h) * w
    small, large = mg.graph(h), loop(5000)
    assert 190 <= len(small) <= 200 and len(large) > 10_000
    start = cpu_seconds()
    assert small.show().svg
    middle = cpu_seconds()
    assert large.show().svg
    end = cpu_seconds()
    assert middle - start < 1 and end - middle < 2


# --- formulas in plain text ----------------------------------------------------------------------


def test_no_operations_formula_is_left_in_latex():
    for op in ALL_OPS.values():
        for formula in (op.formula, *op.vjp_formulas.values()):
            said = plain(formula)
            assert "\\" not in said and ("{" not in said or r"\{" in formula), (op, formula)


@pytest.mark.parametrize(
    "latex, expected",
    [
        (r"y = a \odot b", "y = a ⊙ b"),
        (r"\bar y \odot (1 - y^2)", "ȳ ⊙ (1 - y²)"),
        (r"y = \frac{1}{1 + e^{-x}}", "y = 1/(1 + e^(-x))"),
        (r"y = \frac1n \sum_i x_i", "y = 1/n Σ_i x_i"),
        (r"Y = X^\top", "Y = Xᵀ"),
        (r"y = \sqrt{\mathrm{var}(x)}", "y = √(var(x))"),
        (r"n\,x^{n-1} \odot \bar y", "n x^(n-1) ⊙ ȳ"),
    ],
)
def test_plain_formulas(latex, expected):
    assert plain(latex) == expected


def test_values_that_nobody_kept_are_computed_again_until_the_graph_is_freed():
    x, w = mg.tensor([1.0, 2.0]), leaf(2)
    loss = ((x * w + 1.0) ** 2).sum()
    shown = mg.graph(loss).to_dot(values=True)
    product = (x * w).tolist()
    for held_by_nobody in (product, [v + 1 for v in product]):
        assert "[" + ", ".join(f"{v:.4g}".replace("-", "−") for v in held_by_nobody) + "]" in shown
    loss.backward()
    with mg.no_grad():
        w.zero_()
    after = mg.graph(loss).to_dot(values=True)
    assert "[0, 0]" in after  # w itself, as it is now
    assert "[1, 1]" not in after  # but no sum that was never computed
