"""A module in a notebook: an HTML tree that says what PyTorch's text says, and what it learns."""

import re
import subprocess
import sys
from html import unescape
from html.parser import HTMLParser

import pytest

import minigrad as mg

nn = mg.nn


class Rows(HTMLParser):
    """The lines of a tree as (depth, text), and which of those that open are open."""

    def __init__(self, html):
        super().__init__()
        self.rows, self.open, self.depth, self.stack = [], [], 0, []
        self.feed(html)
        assert not self.stack  # every tag is closed

    def handle_starttag(self, tag, attrs):
        assert tag in {"div", "details", "summary", "span", "b"}  # no scripts, no style sheet
        assert set(dict(attrs)) <= {"style", "class", "open"}
        self.stack.append(tag)
        if tag == "details":
            self.depth += 1
            self.open.append("open" in dict(attrs))
        if tag in ("summary", "div"):
            self.rows.append([self.depth, ""])

    def handle_endtag(self, tag):
        assert self.stack.pop() == tag
        self.depth -= tag == "details"

    def handle_data(self, data):
        self.rows[-1][1] += data

    def texts(self):
        return [text.strip() for _, text in self.rows if text.strip()]


def tree(module):
    return Rows(module._repr_html_())


class Block(nn.Module):
    def __init__(self, width=4):
        super().__init__()
        self.fc = nn.Linear(width, width)
        self.act = nn.ReLU()

    def forward(self, x):
        return self.act(self.fc(x))


class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.embed = nn.Embedding(7, 4)
        self.blocks = nn.ModuleList([Block() for _ in range(3)])
        self.norm = nn.BatchNorm1d(4)
        self.head = nn.Linear(4, 7, bias=False)
        self.head.weight = self.embed.weight
        self.norm.weight.requires_grad_(False)


def test_names_classes_shapes_and_numbers():
    texts = tree(Net()).texts()
    assert texts[0] == "Net 96 parameters, 4 frozen"  # 28 + 3 * 20 + 8; the head's are not new
    assert "(embed) Embedding(7, 4) 28 parameters" in texts
    assert "(0 … 2) Block × 3 3 × 20 = 60 parameters" in texts
    assert texts.count("(fc) Linear(in_features=4, out_features=4, bias=True) 20 parameters") == 1
    assert "(act) ReLU" in texts
    assert "weight [4] float32, frozen" in texts and "bias [4] float32, trainable" in texts
    assert "running_mean [4] float32, buffer" in texts
    assert "weight [7, 4] float32, trainable, the same as embed.weight" in texts
    assert "(norm) BatchNorm1d(4, eps=1e-05" in " ".join(texts)


def test_the_number_of_parameters_is_right():
    for module in (Net(), nn.Transformer(8, 2, 2, 2, 16), nn.LSTM(3, 4, 2), nn.Bilinear(2, 3, 4)):
        total = sum(p.numel() for p in module.parameters())
        assert f" {total:,} parameters" in tree(module).texts()[0]


def test_only_those_are_one_line_that_are_alike_and_follow_each_other():
    net = nn.Sequential(nn.Linear(2, 2), nn.Linear(2, 2), nn.ReLU(), nn.Linear(2, 2))
    assert [t.split(" ")[0:3] for t in tree(net).texts() if t.startswith("(")] == [
        ["(0", "…", "1)"], ["(2)", "ReLU"], ["(3)", "Linear(in_features=2,", "out_features=2,"]
    ]  # fmt: skip
    frozen = nn.Sequential(nn.Linear(2, 2), nn.Linear(2, 2))
    frozen[1].requires_grad_(False)
    other = nn.Sequential(nn.Linear(2, 2), nn.Linear(2, 2, dtype=mg.float64))
    for net in (frozen, other):
        assert not any("…" in text for text in tree(net).texts())
    assert tree(frozen).texts()[0].endswith("12 parameters, 6 frozen")
    assert any(t.endswith("6 parameters, all frozen") for t in tree(frozen).texts())


def test_a_module_in_two_places_is_said_to_be_one():
    act = nn.ReLU()
    net = nn.Sequential(nn.Linear(2, 2), act, nn.Linear(2, 2), act, act)
    texts = tree(net).texts()
    assert texts.count("(1) ReLU") == 1
    assert "(3) ReLU the same module as 1" in texts and "(4) ReLU the same module as 1" in texts


def test_lazy_modules_none_and_no_parameters():
    texts = tree(nn.Sequential(nn.LazyLinear(3), nn.Linear(2, 2, bias=False), nn.Dropout(0.5)))
    texts = texts.texts()
    assert texts[0] == "Sequential parameters: known after the first call"
    assert "(2) Dropout(p=0.5, inplace=False)" in texts and "bias" not in texts
    assert tree(nn.ReLU()).texts() == ["ReLU"]
    assert tree(nn.Linear(1, 1, bias=False)).texts()[0].endswith(" 1 parameter")


def test_large_trees_are_closed_below_the_root_and_small_ones_open():
    assert tree(Net()).open[0] and tree(nn.Sequential(Block())).open[:2] == [True, True]
    large = nn.ModuleList([nn.Sequential(nn.Linear(i, 2), nn.ReLU()) for i in range(1, 20)])
    assert tree(large).open == [True] + [False] * (2 * 19)


def test_what_a_user_writes_is_escaped():
    class Hostile(nn.Module):
        def extra_repr(self):
            return "<script>alert(1)</script>\n&amp;"

    module = Hostile()
    module.add_module("<b>", nn.ReLU())
    html = module._repr_html_()
    assert "<script" not in html and "(<b>) ReLU" in tree(module).texts()
    assert "Hostile(<script>alert(1)</script> &amp;)" in tree(module).texts()


def test_colours_are_the_pages():
    html = Net()._repr_html_()
    assert not re.search(r"(color|background)\s*:", html)


def test_the_text_is_pytorchs_and_a_users_own_html_is_heard():
    net = Net()
    assert repr(net).startswith("Net(\n  (embed): Embedding(7, 4)\n")
    display = pytest.importorskip("IPython.core.formatters", reason="what a notebook shows")
    shown, _ = display.DisplayFormatter().format(net)
    assert shown["text/html"] == net._repr_html_() and unescape(shown["text/plain"]) == repr(net)

    class Own(nn.Module):
        def _repr_html_(self):
            return "mine"

    assert display.DisplayFormatter().format(Own())[0]["text/html"] == "mine"


@pytest.mark.parametrize("how", ["import minigrad.nn as nn", "from minigrad import nn"])
def test_nothing_is_loaded_for_it_before_it_is_asked_for(how):
    program = (
        f"import sys\n{how}\nnet = nn.Linear(2, 3)\n"
        "assert not [m for m in sys.modules if m.startswith('minigrad.drawing')]\n"
        "assert '9 parameters' in net._repr_html_()"
    )
    subprocess.run([sys.executable, "-c", program], check=True, timeout=120)
