"""Graphs in a real JupyterLab."""


def test_a_graph_shows_as_a_picture_in_jupyterlab(lab):
    page = lab.run("graph.ipynb", [
        "import minigrad as mg\nw = mg.tensor([1.0, 2.0], requires_grad=True)",
        "loss = (w * w).sum()\nmg.graph(loss)",
    ])  # fmt: skip
    picture = page.find(".jp-OutputArea-output img, .jp-OutputArea-output svg")
    assert picture.is_displayed() and picture.size["height"] > 100
    page.screenshot("graph-light.png")
    page.theme("JupyterLab Dark")
    page.screenshot("graph-dark.png")
