"""Pictures of graphs in the theme of their page."""

import re
from xml.etree import ElementTree

import numpy as np
import pytest
from contrast import contrast

import minigrad as mg
from minigrad.drawing.health_marks import PALE, STRONG
from minigrad.drawing.render import page_part, svg_address, themed_graph
from minigrad.drawing.style import (
    DARK,
    FAINT,
    FRAME,
    FRAME_TEXT,
    GRADIENT,
    LINE,
    LOOKS,
    TEXT,
    VALUE,
)
from minigrad.drawing.theme import themed

PAGES = ("#ffffff", "#111111")


def graphs():
    """Pictures that together draw with every colour."""
    w = mg.tensor([1.0, 2.0], requires_grad=True)
    x = mg.tensor([3.0, 4.0])
    loss = (w * x).sin().sum()
    loss.backward(retain_graph=True)
    with np.errstate(all="ignore"):
        trouble = (mg.log(w - 1.0) * x).exp().sum()
    deep = w
    for _ in range(30):
        deep = (deep * x).tanh()
    net = mg.nn.Sequential(mg.nn.Linear(3, 2), mg.nn.ReLU())
    small = mg.tensor(1e-30, requires_grad=True)
    vanishing = mg.tanh(small * 1e-20) * 1e-20
    return [
        mg.graph(loss).show(values=True, grads=True, sources=True, formulas=True, dtypes=True),
        mg.graph(trouble).show(health=True),
        mg.graph(vanishing).show(health=True),
        mg.graph(deep.sum()).show(fold=True),
        mg.graph(net(mg.ones(2, 3)).sum()).show(),
    ]


def colours(svg):
    return set(re.findall(r'(?:fill|stroke|stop-color)="([^"]*)"', svg))


@pytest.mark.parametrize("number", range(5))
def test_every_colour_of_a_picture_has_its_dark_one(number):
    used = colours(graphs()[number].svg) - {"none", "transparent"}
    assert used and used <= set(DARK)


def test_every_colour_of_the_table_is_there_for_a_reason():
    drawn = {c for look in LOOKS.values() for c in (look.fill, look.border)}
    frames = {FRAME, FRAME_TEXT}
    others = {TEXT, FAINT, VALUE, GRADIENT, LINE, STRONG, PALE, "#000000"}
    assert set(DARK) == drawn | frames | others


def test_contrast_is_enough_in_the_dark():
    assert contrast(DARK[FRAME_TEXT], DARK[FRAME]) >= 7 and contrast(FRAME_TEXT, FRAME) >= 7
    for look in LOOKS.values():
        fill, border = DARK[look.fill], DARK[look.border]
        for text in (TEXT, FAINT, VALUE, GRADIENT):
            assert contrast(DARK[text], fill) >= 7, (text, look)
        assert contrast(border, fill) >= 4 and contrast(border, "#111111") >= 4, look
    for fill in (STRONG, PALE):
        for text in (TEXT, FAINT):
            assert contrast(DARK[text], DARK[fill]) >= 7
        assert contrast(DARK["#000000"], DARK[fill]) >= 4
    # An edge stands on the page itself, which an image may know wrongly: it suits both.
    for page in PAGES:
        assert contrast(LINE, page) >= 4 and contrast(DARK[LINE], page) >= 4


def test_saved_pictures_follow_the_system(tmp_path):
    w = mg.tensor(2.0, requires_grad=True)
    graph = mg.graph(w * w)
    for name in ("g.svg", "g.html"):
        graph.save(tmp_path / name)
        text = (tmp_path / name).read_text("utf-8")
        assert text.count("@media (prefers-color-scheme:dark){.minigrad-graph [") == 1
        assert '[fill="#d3e7f5"]{fill:#15344b!important}' in text
    ElementTree.parse(tmp_path / "g.svg")
    assert "prefers-color-scheme" not in graph.to_dot()


def test_notebook_pictures_follow_the_notebook_and_in_an_image_the_system():
    w = mg.tensor(2.0, requires_grad=True)
    picture = mg.graph(w * w).show()
    shown = picture._repr_mimebundle_()
    svg = themed_graph(picture.svg)
    assert shown["image/svg+xml"] == svg and svg_address(svg) in shown["text/html"]
    assert svg_address(svg) in page_part(picture.svg, "words")
    for page in ('data-jp-theme-light="false"', "vscode-dark", 'data-theme="dark"'):
        assert re.search(rf"{page}.*\) \.minigrad-graph \[fill=\"#d3e7f5\"\]{{fill:#15344b", svg)
    for page in ('data-jp-theme-light="true"', "vscode-light", 'data-theme="light"'):
        assert re.search(rf"{page}.*\) \.minigrad-graph \[fill=\"#d3e7f5\"\]{{fill:#d3e7f5", svg)


def test_colours_in_attributes_and_in_styles_are_found():
    svg = (
        '<svg class="c"><path fill="#AABBCC" stroke="none"/>'
        '<path style="fill: #aabbcc; stroke: #010203"/></svg>'
    )
    css = themed(svg, "c", {"#aabbcc": "#111111"})
    assert '.c [fill="#AABBCC"]{fill:#111111!important}' in css
    assert '.c [style*="fill: #aabbcc"]{fill:#111111!important}' in css
    assert '.c [style*="stroke: #010203"]{stroke:#010203!important}' in css
    assert css.endswith(svg.removeprefix('<svg class="c">'))
