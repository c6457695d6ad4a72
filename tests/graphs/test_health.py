"""Health: NaN, infinity, vanishing and exploding gradients, and the first operation to blame."""

import base64
import json
import re
import xml.etree.ElementTree as ElementTree

import numpy as np
import pytest

import minigrad as mg
from minigrad.drawing import render
from minigrad.drawing.health_marks import PALE, STRONG
from minigrad.drawing.render import Picture
from minigrad.drawing.style import FAINT, TEXT
from minigrad.graphs.health import EXPLODING, VANISHING


def drawn(page):
    """The pictures of an HTML page, as SVG."""
    found = re.findall(r"data:image/svg\+xml;base64,([\w+/=]+)", page)
    return "".join(base64.b64decode(data).decode() for data in found)


pytestmark = pytest.mark.filterwarnings("ignore::RuntimeWarning")  # NumPy's, of the bad numbers


def leaf(value, dtype=mg.float32):
    return mg.tensor(value, dtype=dtype, requires_grad=True)


def found(report, where=None):
    return {(f.kind, f.where, f.node.name, f.first) for f in report.findings
            if where in (None, f.where)}  # fmt: skip


# --- values --------------------------------------------------------------------------------------


def test_nan_and_the_first_operation_with_it():
    x = leaf([1.0, -1.0])
    h = x * 2
    q = h.log()
    loss = (q + 1).sum()
    report = mg.check(loss)
    assert not report and not report.ok
    assert found(report, "value") == {
        ("nan", "value", "q", True), ("nan", "value", "add", False), ("nan", "value", "loss", False)
    }  # fmt: skip
    first = report.first
    assert first.node.op == "log" and first.node.source[2] == "q = h.log()"
    text = report.describe()
    assert repr(report) == text
    assert f"line {first.node.source[1]} of test_health.py: q = h.log()" in text
    assert "1 of 2 numbers is nan, the first at [1]; the inputs: h from -2 to 2" in text
    assert "positive numbers" in text  # what to do
    assert x.grad is None


def test_nan_made_of_infinities_begins_where_they_meet():
    x = leaf([1e30, 1.0])
    big = x * 1e30
    diff = big - big
    loss = diff.sum()
    assert found(mg.check(loss), "value") == {
        ("inf", "value", "big", True), ("nan", "value", "diff", True),
        ("nan", "value", "loss", False),
    }  # fmt: skip


def test_a_bad_input_is_blamed_itself():
    data = mg.tensor([1.0, float("nan")])
    w = leaf(2.0)
    report = mg.check((data * w).sum())
    first = report.first
    assert (first.node.name, first.kind, first.first) == ("data", "nan", True)
    assert "already so when the graph began" in first.advice


def test_infinity_on_purpose_is_healthy():
    scores = leaf([[1.0, 2.0], [3.0, 4.0]])
    mask = mg.tensor([[False, True], [False, False]])
    attention = scores.masked_fill(mask, float("-inf")).softmax(-1)
    assert mg.check((attention * attention).sum()).ok
    wall = mg.tensor([[0.0, float("-inf")], [0.0, 0.0]])
    assert mg.check((scores + wall).softmax(-1).pow(2).sum()).ok
    assert not mg.check((scores + wall).sum()).ok  # but not if the loss is infinite


# --- gradients -----------------------------------------------------------------------------------


def test_infinite_gradient_of_finite_values():
    x = leaf([4.0, 0.0])
    root = x.sqrt()
    report = mg.check(root.sum())
    assert found(report) == {("inf", "gradient", "root", True), ("inf", "gradient", "x", False)}
    assert "under the root" in report.describe()


def test_nan_gradient_out_of_zero_times_infinity():
    x = leaf([4.0, 0.0])
    s = x * 0
    root = s.sqrt()  # d/ds = inf, and inf * 0 at the multiplication
    report = mg.check((root * mg.tensor([1.0, 1.0])).sum())
    firsts = {(f.kind, f.node.name) for f in report.findings if f.first}
    assert firsts == {("inf", "root"), ("nan", "s")}
    assert ("nan", "gradient", "x", False) in found(report)


def chain(factor, n=12):
    w = leaf(1.0, mg.float64)
    h = w * 1.0
    for _ in range(n):
        h = h * factor
    return w, h


@pytest.mark.parametrize(
    "factor, n, kind",
    [(0.1, 12, "vanishing"), (10.0, 12, "exploding"),
     (0.1, 7, None), (10.0, 7, None), (1.0, 50, None)],
)  # fmt: skip
def test_vanishing_and_exploding_by_hand(factor, n, kind):
    """The gradient after k steps is factor^k; the yardstick is the median of the 8 nearest."""
    w, h = chain(factor, n)
    report = mg.check(h)
    k = np.arange(1, n + 2)  # a step a multiplication, and the leaf
    sizes = factor ** np.minimum(k, n).astype(float)
    yardstick = np.median(sizes[:8])
    bad = sizes < VANISHING * yardstick if factor < 1 else sizes > EXPLODING * yardstick
    assert len(report.findings) == bad.sum()
    assert {f.kind for f in report.findings} == ({kind} if kind else set())
    if kind:
        assert [f.first for f in report.findings].count(True) == 1
        (at_leaf,) = [f for f in report.findings if f.node.kind == "leaf"]
        assert f"{factor ** n:.2g}" in at_leaf.text


def test_the_tutorials_network_with_its_huge_loss_is_healthy():
    rng = np.random.default_rng(0)
    x, y = (mg.tensor(rng.standard_normal(s).astype("f")) for s in ((64, 1000), (64, 10)))
    w1, w2 = (leaf(rng.standard_normal(s).astype("f")) for s in ((1000, 100), (100, 10)))
    loss = (x.mm(w1).clamp(min=0).mm(w2) - y).pow(2).sum()
    assert loss.item() > 1e7
    assert mg.check(loss).ok and mg.check(loss / 1e9).ok
    assert w1.grad is None
    loss.backward()  # still possible
    assert mg.check(loss).ok and "before backward" in mg.check(loss).describe()


def test_many_sigmoids_vanish():
    rng = np.random.default_rng(1)
    layers = [leaf(rng.standard_normal((10, 10)).astype("f") / 2) for _ in range(20)]
    h = mg.tensor(rng.standard_normal((4, 10)).astype("f"))
    for layer in layers:
        h = (h @ layer).sigmoid()
    report = mg.check(h.sum())
    assert ("vanishing", "gradient", "layers[0]", False) in found(report)
    assert "layers[19]" not in {f.node.name for f in report.findings}


def test_a_leaf_that_nothing_flows_to():
    alive, dead = leaf(1.0), leaf(-1.0)
    loss = alive.relu() + dead.relu()
    assert found(mg.check(loss)) == {("zero", "gradient", "dead", True)}


# --- after backward, and other ways to ask -------------------------------------------------------


def test_after_backward_it_looks_at_what_was_kept():
    x = leaf([4.0, 0.0])
    loss = x.sqrt().sum()
    loss.backward()
    report = mg.check(loss)
    assert ("inf", "gradient", "x", False) in found(report)
    assert "freed" in report.describe()


def test_overwritten_values_are_reported():
    x = leaf([1.0, 2.0])
    h = x * 2
    loss = (h * h).sum()
    h.add_(1)
    assert "overwritten in place" in mg.check(loss).describe()


def test_graph_health_and_wrong_arguments():
    x = leaf([1.0, -1.0])
    loss = x.log().sum()
    assert found(mg.graph(loss).health()) == found(mg.check(loss))
    assert found(mg.check(mg.graph(loss))) == found(mg.check(loss))
    with pytest.raises(TypeError, match="must be Tensor"):
        mg.check(3.0)


def test_a_graph_of_several_roots_and_results():
    x = leaf([3.0, -1.0])
    values, order = x.sort()
    report = mg.check(mg.graph([values.log().sum(), x.sum()]))
    assert {f.node.op for f in report.findings if f.first} == {"log"}


# --- in pictures ---------------------------------------------------------------------------------


def shown(graph, **options):
    dot = Picture(graph, **options).drawing.dot
    said = json.loads(render.render(dot, "json"))
    return {re.findall(r"<B>(.*?)</B>", o["label"])[0]: o for o in said["objects"]}


def test_the_picture_points_at_the_first_operation_by_shape_colour_and_text():
    x = leaf([1.0, -1.0])
    h = x * 2
    q = h.log()
    loss = q.sum()
    nodes = shown(mg.graph(loss), health=True)
    assert "! NaN in value begins here" in nodes["q"]["label"]
    assert "! NaN in value" in nodes["loss"]["label"] and "begins" not in nodes["loss"]["label"]
    assert "!" not in nodes["h"]["label"]
    looks = {name: (o["shape"], o["style"], o["fillcolor"]) for name, o in nodes.items()}
    assert len({looks["q"], looks["h"], looks["loss"]}) == 3
    assert looks["q"] == ("box", "filled,diagonals", STRONG)


def test_vanishing_and_exploding_have_shapes_of_their_own():
    shapes = {}
    for factor, kind in ((0.1, "vanishing gradient"), (10.0, "exploding gradient")):
        w, h = chain(factor)
        nodes = shown(mg.graph(h), health=True)
        assert f"! {kind}" in nodes["w"]["label"]
        shapes[kind] = nodes["w"]["shape"]
        begin = [o for o in nodes.values() if f"! {kind} begins here" in o["label"]]
        assert len(begin) == 1 and begin[0]["fillcolor"] == STRONG
        assert f"! {kind}" not in nodes["h"]["label"]
        assert f"! {kind}" not in shown(mg.graph(h))["w"]["label"]  # only if asked for
    assert shapes == {"vanishing gradient": "invtrapezium", "exploding gradient": "trapezium"}


def test_nan_that_is_plain_to_see_is_pointed_out_unasked():
    x = leaf([1.0, -1.0])
    q = x.log()
    loss = q.sum()
    assert "! NaN in value begins here" in shown(mg.graph(loss))["q"]["label"]
    assert "!" not in shown(mg.graph(loss), health=False)["q"]["label"]
    loss.backward()
    x.grad = mg.tensor([1.0, float("nan")])
    assert "! NaN in gradient" in shown(mg.graph(loss))["x"]["label"]


def test_a_folded_picture_points_at_the_box():
    w = leaf(2.0)
    h = w
    for _ in range(300):
        h = h * h
    picture = Picture(mg.graph(h), health=True)
    assert picture.drawing.folded is not None
    texts = [e.text for e in ElementTree.fromstring(picture.svg).iter() if e.text]
    assert any("! infinity in value begins in here" in t for t in texts)
    assert "Pointed out:" in picture.description  # the same in words
    assert "infinity in value begins here" in picture.description


def test_the_report_shows_text_and_picture():
    x = leaf([1.0, -1.0])
    report = mg.check(x.log().sum(), names={"</pre><script>": x})
    bundle = report._repr_mimebundle_()
    assert bundle["text/plain"] == report.describe()
    page = bundle["text/html"]
    assert "begins here" in drawn(page) and "What to do" in page
    assert "&lt;/pre&gt;&lt;script&gt;" in page and "&lt;/pre&gt;&lt;script&gt;" in drawn(page)
    assert page.count("<script") == 1  # our own
    assert "<svg" not in page  # which Jupyter takes out of a notebook that it does not trust yet


def test_of_a_large_graph_the_report_shows_what_is_around_the_trouble():
    x = leaf([1.0, 2.0])
    h = x
    for i in range(120):
        h = h * 1.01
        if i == 60:
            h = bad = (h - 5.0).log()
    report = mg.check(h.sum())
    bundle = report._repr_mimebundle_()
    assert report.first.node.name == "bad" or report.first.node.op == "log"
    assert "! NaN in value begins here" in drawn(bundle["text/html"])
    assert re.search(r"shows \d\d? of \d{3} nodes", bundle["text/html"])
    assert bad.isnan().any()


def luminance(colour):
    channels = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


@pytest.mark.parametrize("fill", [STRONG, PALE])
@pytest.mark.parametrize("text", [TEXT, FAINT])
def test_contrast(fill, text):
    assert (luminance(fill) + 0.05) / (luminance(text) + 0.05) > 7  # AAA
