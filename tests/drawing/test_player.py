"""The step player's page: what is in it, how large it is, and that nothing escapes into it."""

import base64
import json
import linecache
import re
import subprocess
import sys
import xml.etree.ElementTree as ElementTree
from html.parser import HTMLParser

import numpy as np
import pytest
from cpu import cpu_seconds

import minigrad as mg
from minigrad.core.op import ALL_OPS
from minigrad.drawing import render
from minigrad.drawing.player import Player, some, thinned
from minigrad.drawing.player_math import mathml
from minigrad.tape.snapshot import Snapshot

HOSTILE = "</script><img src=x onerror=alert(1)>\"'`&${x}\\u003c \N{LINE SEPARATOR}é漢"


def seed_step(steps=1):
    """The tutorial's network at its full size."""
    mg.manual_seed(0)
    x, y = mg.randn(64, 1000), mg.randn(64, 10)
    w1 = mg.randn(1000, 100, requires_grad=True)
    w2 = mg.randn(100, 10, requires_grad=True)
    with mg.record() as tape:
        for _ in range(steps):
            y_pred = x.mm(w1).clamp(min=0).mm(w2)
            loss = (y_pred - y).pow(2).sum()
            loss.backward()
            with mg.no_grad():
                w1 -= 1e-6 * w1.grad
                w2 -= 1e-6 * w2.grad
                w1.grad.zero_()
                w2.grad.zero_()
    return tape


def loop(n):
    w = mg.tensor(np.ones(3), requires_grad=True)
    with mg.record() as tape:
        h = w
        for _ in range(n):
            h = mg.sin(h) * w
        h.sum().backward()
    return tape


def data_of(html):
    return json.loads(re.search(r'<script type="application/json">(.*?)</script>', html)[1])


def fallback(html):
    return base64.b64decode(re.search(r'svg\+xml;base64,([^"]+)', html)[1]).decode()


# --- what is in the page -------------------------------------------------------------------------


def test_the_seed_step_is_complete_and_small(tmp_path):
    tape = seed_step()
    tape.save(tmp_path / "step.html")
    page = (tmp_path / "step.html").read_text(encoding="utf-8")
    assert len(page.encode()) < 300_000
    assert not re.search(r'(src|href)="(?!data:)', page) and "@import" not in page
    assert "url(" not in page and not re.search(r"https?://(?!www.w3.org/)", page)

    data = data_of(page)
    (it,) = data["iterations"]
    assert [s["kind"] for s in it["steps"]] == ["f"] * 6 + ["b"] * 8 + ["u"] * 2
    nodes = data["graphs"][0]["nodes"]
    for shown, step in zip(it["steps"], tape):
        assert nodes[str(shown["node"])]["name"] == step.name
        for name, snapshot in step.snapshots.items():
            said = data["numbers"][shown[name]]
            first = [float(text.replace("−", "-")) for text in said["all"]]
            assert np.allclose(first, snapshot.summary.first[: len(first)], rtol=1e-3)
            if "range" in said:
                ends = [float(text.replace("−", "-")) for text in said["range"]]
                array = snapshot.array
                expected = [array.min(), array.mean(dtype=float), array.max()]
                assert np.allclose(ends, expected, rtol=1e-3)
        if step.kind != "update" and step.formula:
            assert data["formulas"][shown["formula"]].startswith("<math>")
    last = it["steps"][13]
    assert last["source"][1:] == [tape[13].source[1], "y_pred = x.mm(w1).clamp(min=0).mm(w2)"]
    assert nodes[str(last["via"])]["is"] == "mm = mm(x, w1)"
    assert [data["formulas"][f] for f, *_ in last["in"]] == [mathml(r"\bar Y"), mathml("A")]


def test_the_fallback_shows_every_value_and_gradient():
    tape = loop(2)
    html = tape.show().html
    svg = ElementTree.fromstring(fallback(html))
    texts = [e.text for e in svg.iter("{http://www.w3.org/2000/svg}text")]
    assert svg.get("role") == "img" and svg.get("aria-label")
    assert sum(t.startswith("∇ ") for t in texts) == 6  # of w and of five results
    assert "all 0.841" in texts  # sin(1), in each of three elements
    assert "gradient of w" in re.search(r"<pre.*?>(.*?)</pre>", html, re.DOTALL)[1]


def test_the_same_tape_gives_the_same_bytes():
    script = (
        "import minigrad as mg\nmg.manual_seed(0)\nw = mg.randn(3, requires_grad=True)\n"
        "with mg.record() as tape:\n    (w * w).sum().backward()\n"
        "import hashlib; print(hashlib.sha256(tape.show().html.encode()).hexdigest())"
    )
    runs = [
        subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True,
                       env={"PYTHONHASHSEED": str(seed), "PATH": ""})
        for seed in (1, 2)
    ]  # fmt: skip
    assert runs[0].stdout == runs[1].stdout and len(runs[0].stdout) > 60


def test_a_notebooks_temporary_file_is_not_named():
    code = "with mg.record() as tape:\n    (w * 2).backward()"
    scope = {"mg": mg, "w": mg.tensor(1.0, requires_grad=True)}
    exec(compile(code, "/tmp/ipykernel_12345/678.py", "exec"), scope)
    assert "ipykernel" not in scope["tape"].show().html


def test_files_and_options(tmp_path):
    tape = loop(1)
    tape.save(tmp_path / "step.txt")
    assert (tmp_path / "step.txt").read_text(encoding="utf-8") == tape.describe(limit=None) + "\n"
    with pytest.raises(ValueError, match=r"a tape is saved as \.html"):
        tape.save(tmp_path / "step.bmp")
    with pytest.raises(TypeError, match="no option 'colour'"):
        tape.show(colour="red")
    down = tape.show(direction="TB")
    assert isinstance(down, Player) and down.html != tape.show().html
    down.save(tmp_path / "step.html")
    assert down.html in (tmp_path / "step.html").read_text(encoding="utf-8")
    assert set(tape._repr_mimebundle_()) == {"text/html", "text/plain"}


def test_without_a_renderer_there_is_text_with_the_reason(monkeypatch, tmp_path):
    tape = loop(1)
    monkeypatch.setenv("MINIGRAD_DOT", "no-such-program")
    bundle = tape._repr_mimebundle_()
    assert set(bundle) == {"text/plain"} and "no-such-program" in bundle["text/plain"]
    with pytest.raises(render.DrawingError):
        tape.save(tmp_path / "step.html")
    assert not list(tmp_path.iterdir())


# --- what comes from the user stays text ---------------------------------------------------------


class Tags(HTMLParser):
    def __init__(self):
        super().__init__()
        self.found = []

    def handle_starttag(self, tag, attrs):
        self.found.append((tag, dict(attrs)))


def tags(html):
    parser = Tags()
    parser.feed(html)
    return parser.found


def test_hostile_names_and_lines_stay_text():
    w = mg.tensor([1.0, 2.0], requires_grad=True)
    code = "with mg.record(names=names) as tape:\n    (w * 2).sum().backward()  # " + HOSTILE
    scope = {"mg": mg, "w": w, "names": {HOSTILE: w}}
    linecache.cache["hostile.py"] = (len(code), None, code.splitlines(True), "hostile.py")
    exec(compile(code, "hostile.py", "exec"), scope)
    tape = scope["tape"]
    plain = loop(1).show().html
    html = tape.show().html
    assert [t for t, _ in tags(html)] == [t for t, _ in tags(plain)]
    assert html.count("</script>") == plain.count("</script>") == 2
    assert not any(name.startswith("on") for _, attributes in tags(html) for name in attributes)
    assert all(tag in ("svg", "g", "title", "desc", "polygon", "polyline", "path", "text")
               for tag, _ in tags(fallback(html)))  # fmt: skip
    data = data_of(html)
    assert any("alert(1)" in s["source"][2] for s in data["iterations"][0]["steps"])
    for formula in data["formulas"]:
        assert not set(re.findall(r"</?(\w+)", formula)) - MATHML


MATHML = {"math", "mrow", "mi", "mo", "mn", "mtext", "msup", "msub", "msubsup", "mfrac", "msqrt",
          "mover", "mspace", "mtable", "mtr", "mtd"}  # fmt: skip


def test_a_hostile_formula_stays_text():
    for latex in (HOSTILE, r"\text{" + HOSTILE + "}", r"\mathrm{<b>}", r"\<script>", "{" * 500,
                  r"\frac", "a^", "_", r"\begin{cases", r"\left"):  # fmt: skip
        made = mathml(latex)
        assert not set(re.findall(r"<\s*/?(\w+)", made)) - MATHML, latex
        ElementTree.fromstring(made)


def test_every_operations_formulas_become_mathematics():
    for op in ALL_OPS.values():
        for formula in (op.formula, *op.vjp_formulas.values()):
            if not formula:
                continue
            made = mathml(formula)
            said = "".join(ElementTree.fromstring(made).itertext())
            assert "\\" not in said, formula
            assert not re.search(r"mathrm|tfrac|sqrt\b|begin|textstyle", said), formula
            for letter in re.findall(r"(?<![A-Za-z\\])[A-Za-z](?![A-Za-z])", formula):
                assert letter in said, formula


@pytest.mark.parametrize(
    "latex, expected",
    [
        (r"y = x^2", "<mrow><mi>y</mi><mo>=</mo><msup><mi>x</mi><mn>2</mn></msup></mrow>"),
        (r"x_i^2", "<msubsup><mi>x</mi><mi>i</mi><mn>2</mn></msubsup>"),
        (r"\tfrac12", "<mfrac><mn>1</mn><mn>2</mn></mfrac>"),
        (r"\frac{a}{b}", "<mfrac><mi>a</mi><mi>b</mi></mfrac>"),
        (r"\sqrt x", "<msqrt><mi>x</mi></msqrt>"),
        (r"a \odot b", "<mrow><mi>a</mi><mo>⊙</mo><mi>b</mi></mrow>"),
        (r"X^\top", "<msup><mi>X</mi><mi>T</mi></msup>"),
        (r"\text{a < b}", "<mtext>a\u00a0&lt;\u00a0b</mtext>"),
        ("", ""),
    ],
)
def test_mathml(latex, expected):
    assert mathml(latex) == (f"<math>{expected}</math>" if expected else "")


def test_a_vjp_of_what_broadcasting_stretched_is_a_sum(tmp_path):
    x = mg.tensor([[1.0, 2.0], [3.0, 4.0]])
    w = mg.tensor([1.0, 0.5], requires_grad=True)
    keep = mg.tensor([[True, False], [True, True]])
    with mg.record() as tape:
        out = x * w
        (mg.where(keep, out, w)).sum().backward()
    tape.save(tmp_path / "step.html")
    data = data_of((tmp_path / "step.html").read_text(encoding="utf-8"))
    (it,) = data["iterations"]
    nodes = data["graphs"][0]["nodes"]
    said = [
        (nodes[str(s["node"])]["name"], nodes[str(s["via"])]["name"],
         data["formulas"][s["formula"]])
        for s in it["steps"] if s["kind"] == "b" and "via" in s and "formula" in s
    ]  # fmt: skip
    product = rf"\bar b = {{\textstyle\sum}}\left({ALL_OPS['Mul'].vjp_formulas['b']}\right)"
    chosen = ALL_OPS["Where"].vjp_formulas
    assert ("w", "out", mathml(product)) in said
    assert ("out", "where", mathml(rf"\bar a = {chosen['a']}")) in said
    summed = rf"\bar b = {{\textstyle\sum}}\left({chosen['b']}\right)"
    assert ("w", "where", mathml(summed)) in said
    mul = next(n for n in nodes.values() if n["name"] == "out")
    assert dict(mul["vjps"])["b"] == data["formulas"].index(mathml(product))


# --- large ones ----------------------------------------------------------------------------------


def test_ten_thousand_nodes_are_shown_folded_in_two_seconds():
    tape = loop(5000)
    assert len(tape.iterations[0].graph) > 10_000 and len(tape) > 25_000
    start = cpu_seconds()
    html = tape.show().html
    assert cpu_seconds() - start < 2
    assert len(html) < 300_000
    data = data_of(html)
    folded, *opened = data["graphs"][0]["pictures"]
    groups = folded["groups"]
    assert [g["count"] for g in groups] == [5000, 5000]
    assert data["iterations"][0]["steps"][0]["number"] == 1
    assert data["iterations"][0]["steps"][-1]["number"] == len(tape)
    assert data["graphs"][0]["whole"] is None
    for group, picture in zip(groups, opened, strict=True):  # three at each end, and the rest
        assert opened[group["open"] - 1] is picture and picture["svg"].count('class="node') == 10
        assert sorted(g["count"] for g in picture["groups"]) == [4994, 5000]


def test_a_loop_can_be_unfolded():
    data = data_of(loop(20).show().html)
    (graph,) = data["graphs"]
    folded, whole, *opened = graph["pictures"]
    counts = {g["name"]: g["count"] for g in folded["groups"]}
    assert counts == {"sin × 20": 20, "mul × 20": 20} and len(opened) == 2
    assert graph["whole"] == 1 and whole["svg"].count('class="node') > 42
    for picture in (whole, *opened):
        drawn = set(re.findall(r'data-part="(\w+)"', picture["svg"]))
        assert {p for parts in picture["parts"].values() for p in parts} == drawn


def test_many_iterations_are_thinned_and_the_curve_is_whole():
    tape = seed_step(40)
    html = tape.show().html
    data = data_of(html)
    numbers = [it["number"] for it in data["iterations"]]
    assert len(numbers) == 30 and numbers[:10] == list(range(1, 11)) and numbers[-1] == 40
    assert len(html) < 500_000
    assert len(data["losses"][0]["points"]) == 40
    assert data["losses"][0]["points"][39][1] == pytest.approx(tape.losses[-1], rel=1e-5)


def test_leaving_out_keeps_the_ends():
    assert some(list(range(100)), 9)[:3] == [0, 1, 2] and some(list(range(100)), 9)[-1] == 99
    steps = loop(200).steps
    kept = thinned(steps)
    assert len(kept) < 40 and kept[0] is steps[0] and kept[-1] is steps[-1]


# --- summaries -----------------------------------------------------------------------------------


def test_a_summary_of_numbers_that_are_not_finite():
    s = Snapshot(np.array([1.0, np.nan, np.inf, 3.0])).summary
    assert (s.low, s.mean, s.high, s.bad, s.heat) == (1, 2, 3, 2, "0..f")
    assert Snapshot(np.array([])).summary.low is None
    assert Snapshot(np.array([True, False])).summary.low is None
    assert Snapshot(np.full(3, np.nan)).summary.bad == 3


def test_a_heat_map_of_evenly_spaced_numbers():
    array = np.repeat(np.arange(12.0), 10)[:, None] * np.ones((1, 50))
    rows = Snapshot(array).summary.heat.split("/")
    assert len(rows) == 12 and all(len(row) == 12 and len(set(row)) == 1 for row in rows)
    assert [row[0] for row in rows] == [f"{round(i / 11 * 15):x}" for i in range(12)]


@pytest.mark.parametrize("value", [np.nan, np.inf, 1e-300, 1e300, -0.0])
def test_any_number_can_be_shown(value):
    w = mg.tensor([value, 1.0], requires_grad=True, dtype=mg.float64)
    with mg.record() as tape:
        (w * 2).sum().backward()
    assert data_of(tape.show().html)["total"] == 5
    assert tape.describe()


def test_complex_integer_and_empty_tensors():
    z = mg.tensor([1 + 2j, 3.0], requires_grad=True)
    e = mg.zeros(0, 3, requires_grad=True)
    i = mg.tensor([0, 1])
    with mg.record() as tape:
        (z[i].abs().sum() + e.sum()).backward()
    assert data_of(tape.show().html)["iterations"] and "no numbers" in tape.describe()


# --- names ---------------------------------------------------------------------------------------


def test_names_of_modules_comprehensions_and_loops():
    layers = [mg.nn.Linear(3, 4), mg.nn.Linear(4, 1)]
    model = mg.nn.Sequential(*layers)
    weights = [mg.ones(2, requires_grad=True) for _ in range(3)]

    def leaves(graph):
        return [node.name for node in graph.leaves]

    x = mg.ones(1, 3)
    assert leaves(mg.graph(layers[1](layers[0](x)).sum())) == [
        "layers[0].bias", "layers[0].weight", "layers[1].bias", "layers[1].weight"]  # fmt: skip
    del layers
    assert leaves(mg.graph(model(x).sum())) == [
        "model[0].bias", "model[0].weight", "model[1].bias", "model[1].weight"]  # fmt: skip
    products = [w * 2 for w in weights]
    assert leaves(mg.graph(sum(products))) == ["weights[0]", "weights[1]", "weights[2]"]
    assert [n.name for n in mg.graph(sum(products)) if n.op == "mul"] == [
        "products[0]", "products[1]", "products[2]"]  # fmt: skip
    h = x
    for layer in model:
        h = mg.tanh(layer(h))
    assert [n.name for n in mg.graph(h) if n.op == "tanh"] == ["h_1", "h"]


def test_names_are_found_where_the_step_is_taken():
    """The variables of a function that trains, and of the code that records it."""

    class Trainer:
        def __init__(self):
            self.model = mg.nn.Linear(2, 1)
            self.optimizer = mg.optim.SGD(self.model.parameters(), lr=0.1)

        def step(self, x):
            loss = self.model(x).pow(2).mean()
            loss.backward()
            self.optimizer.step()

    trainer, batch = Trainer(), mg.ones(3, 2)
    with mg.record() as tape:
        trainer.step(batch)
    (it,) = tape.iterations
    assert [n.name for n in it.graph.inputs] == ["self.model.bias", "x", "self.model.weight"]
    assert it.root.name == "loss" and "batch" in it.graph["x"].aliases
    updates = [s for s in tape if s.kind == "update"]
    assert {s.name for s in updates} == {"self.model.weight", "self.model.bias"}
    assert all(s.source[2] == "self.optimizer.step()" for s in updates)


def test_hidden_trouble_in_a_users_object_does_not_stop_recording():
    class Broken(mg.nn.Module):
        def named_parameters(self, *args, **kwargs):
            raise RuntimeError("not ready")

    broken = Broken()
    w = mg.ones(2, requires_grad=True)
    with mg.record() as tape:
        (w * 2).sum().backward()
    assert len(tape) == 5 and broken is not None
