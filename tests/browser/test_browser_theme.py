"""Static pictures and loss curves follow the theme: in JupyterLab and in files."""

import pytest

import minigrad as mg

CELLS = [
    "import minigrad as mg\n"
    "w = mg.tensor([1.0, 2.0], requires_grad=True)\n"
    "x = mg.tensor([3.0, 4.0])\n"
    "loss = (w * x).sin().sum()\n"
    "loss.backward(retain_graph=True)\n"
    "mg.graph(loss).show(values=True, grads=True)",
    "mg.graph((mg.log(w - 1.0) * x).sum()).show(health=True)",
    "losses = mg.LossRecorder()\n"
    "for name, rate in (('sigmoid', 300), ('ReLU', 60), ('He', 20)):\n"
    "    for t in range(450):\n"
    "        losses.log(**{name: 2.3 * 2.718 ** (-t / rate) + 0.05 * ((t * 7919) % 13) / 13})\n"
    "for t in mg.track(range(100)):\n"
    "    if t == 31: break\n"
    "mg.plot_loss(losses, smooth=20, title='Three networks')",
]
SHOWN = """
    const paint = (at, what) => {
      const e = document.querySelector(at);
      return e && getComputedStyle(e)[what];
    };
    return [paint("svg.minigrad-graph .leaf polygon", "fill"),
            paint("svg.minigrad-graph .leaf text", "fill"),
            paint("svg.minigrad-curve path", "fill"),
            paint("svg.minigrad-curve text", "fill")];
"""
LIGHT = ["rgb(211, 231, 245)", "rgb(26, 26, 26)", "rgb(255, 255, 255)", "rgb(68, 68, 68)"]
DARK = ["rgb(21, 52, 75)", "rgb(231, 234, 238)", "rgb(21, 24, 29)", "rgb(185, 193, 202)"]


@pytest.fixture
def laptop(browser):
    browser.set_window_size(1366, 768)
    yield
    browser.set_window_size(1200, 1000)


def test_pictures_and_curves_follow_jupyterlab(laptop, lab):
    page = lab.run("theme.ipynb", CELLS)
    page.find("svg.minigrad-graph")
    page.find("svg.minigrad-curve")
    # JupyterLab's own theme counts, not the system's.
    for system, theme, colours in (
        ("light", "JupyterLab Light", LIGHT), ("light", "JupyterLab Dark", DARK),
        ("dark", "JupyterLab Dark", DARK), ("dark", "JupyterLab Light", LIGHT),
    ):  # fmt: skip
        page.media(prefers_color_scheme=system)
        page.theme(theme)
        page.wait(lambda c=colours: page.run_js(SHOWN) == c, f"the colours of {theme}")
        for i, at in enumerate(("svg.minigrad-graph", ".jp-Cell:nth-of-type(2) .jp-OutputArea",
                                "progress", "svg.minigrad-curve")):  # fmt: skip
            page.run_js("document.querySelector(arguments[0]).scrollIntoView()", at)
            page.screenshot(f"theme-{i}-{theme[11:].lower()}-on-{system}.png")
    said = [e.text for e in page.find_all(".jp-OutputArea-output code")]
    assert "31/100, left early" in said
    assert page.errors() == []


def test_saved_pictures_follow_the_system(laptop, open_page, tmp_path):
    w = mg.tensor([1.0, 2.0], requires_grad=True)
    graph = mg.graph((w * 2).sin().sum())
    graph.save(tmp_path / "graph.svg")
    graph.save(tmp_path / "graph.html")
    for name in ("graph.svg", "graph.html"):
        page = open_page(name)
        for system, colours in (("light", LIGHT), ("dark", DARK)):
            page.media(prefers_color_scheme=system)
            assert page.run_js(SHOWN)[:2] == colours[:2]
            page.screenshot(f"saved-{name[6:]}-{system}.png")


def test_pictures_follow_the_system_where_no_script_runs(laptop, open_page, tmp_path):
    w = mg.tensor([1.0, 2.0], requires_grad=True)
    graph = mg.graph((w * 2).sin().sum()).show()._repr_mimebundle_()["text/html"]
    curve = mg.plot_loss({"train": [3.0, 2.0, 1.0], "valid": [3.0, 2.5, 2.0]})._repr_html_()
    images = [html[: html.index("<script>")] for html in (graph, curve)]
    (tmp_path / "page.html").write_text(
        "<!DOCTYPE html><title>t</title><style>:root { color-scheme: light dark }</style>"
        + "\n".join(images)
    )
    page = open_page("page.html")
    darkest = """
        return Promise.all([...document.images].map(async (image) => {
          await image.decode();
          const canvas = Object.assign(document.createElement("canvas"), {width: 300, height: 300});
          const pen = canvas.getContext("2d");
          pen.drawImage(image, 0, 0, 300, 300);
          const seen = new Set();
          const data = pen.getImageData(0, 0, 300, 300).data;
          for (let i = 0; i < data.length; i += 4)
            if (data[i + 3] === 255) seen.add(data.slice(i, i + 3).join());
          return [...seen];
        }));
    """
    for system, fill, card in (("light", "211,231,245", "255,255,255"),
                               ("dark", "21,52,75", "21,24,29")):  # fmt: skip
        page.media(prefers_color_scheme=system)
        page.browser.refresh()
        graph_seen, curve_seen = page.run_js(darkest)
        assert fill in graph_seen and card in curve_seen
        page.screenshot(f"images-{system}.png")
