"""Explanations, health, failures, magics and exercises in a real JupyterLab."""

import minigrad as mg

EVIL = "</script><img src=x onerror='document.title=1'>$$`|_{[a](javascript:b)"

CELLS = [
    "%load_ext minigrad\nimport minigrad as mg",
    # 1: explain
    """w = mg.tensor(3.0, requires_grad=True)
a = w * 2
loss = a * w
mg.explain(loss, wrt=w)""",
    # 2: tensors
    """x = mg.tensor([[1.0, 2.0], [3.0, 4.0]])
w1 = mg.tensor([[0.5, -1.0], [1.0, 2.0]], requires_grad=True)
h = x.mm(w1)
y_pred = h.clamp(min=0) + h.tanh()
loss = (y_pred - 1).pow(2).sum()
mg.explain(loss, wrt=w1)""",
    # 3: health
    """v = mg.tensor([1.0, 0.0], requires_grad=True)
q = (v * 2).log()
mg.check((q * q).sum(), names={'<script>document.title="bad"</script>': v})""",
    # 4: the magic
    """%%autograd --values --grads
v = mg.tensor([1.0, 2.0], requires_grad=True)
loss = (v * v).sum()
loss.backward()""",
    # 5: exercise
    """slope = mg.exercise("The slope of $x^2$ at 3", answer=6.0,
                    hints=["It is 2 x", "<script>document.title='bad'</script>"])
slope.check(5)""",
    "slope.check(4)",
    "slope.check(6.0)",
    # 8: a name like markup
    f"mg.explain(w * 2 * w, names={{{EVIL!r}: w}})",
    # 9: an error, with the graph around it
    """x = mg.tensor([1.0, 2.0], requires_grad=True)
h = x.exp()
y = (h * h).sum()
h.add_(1)
y.backward()""",
]


def output(page, i):
    """The output area of code cell number i."""
    return page.find_all(".jp-CodeCell")[i].find_element("css selector", ".jp-Cell-outputArea")


def typeset(page, i):
    """The formulas that MathJax has made in a cell's output, as soon as there are some."""
    def found():
        return output(page, i).find_elements("css selector", "mjx-container")
    return page.wait(found, f"formulas in cell {i}")


def contrast(page, element):
    """The contrast of an element's text with what is behind it."""
    return page.run_js("""
        const parse = c => (c.match(/[\\d.]+/g) || []).map(Number);
        const lum = rgb => {
            const [r, g, b] = rgb.map(v => v / 255).map(
                v => v <= 0.04045 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4);
            return 0.2126 * r + 0.7152 * g + 0.0722 * b;
        };
        let e = arguments[0], back = null;
        const text = parse(getComputedStyle(e).color);
        while (e && !back) {
            const c = parse(getComputedStyle(e).backgroundColor);
            if (c.length === 3 || c[3] > 0.99) back = c;
            e = e.parentElement;
        }
        const [a, b] = [lum(text.slice(0, 3)), lum((back || [255, 255, 255]).slice(0, 3))];
        return (Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05);
    """, element)


def test_learning_in_jupyterlab(lab):
    page = lab.run("learning.ipynb", CELLS)

    # Explanations are typeset, without an error of MathJax, and show the gradient.
    for i in (1, 2, 8):
        assert len(typeset(page, i)) >= 2
        assert not output(page, i).find_elements("css selector", "merror, mjx-merror")
    assert "2 paths" in output(page, 1).text
    assert not output(page, 8).find_elements("css selector", "img, script, a[href^=javascript]")
    assert EVIL in output(page, 8).text  # in the list of paths
    w = mg.tensor(3.0, requires_grad=True)
    (w * 2 * w).backward()
    said = page.run_js("return arguments[0].textContent", output(page, 1))
    assert f"{w.grad.item():g}" in said

    # Health: the picture names the first operation, the text what to do.
    health = output(page, 3)
    words = page.run_js("return arguments[0].textContent", health)
    assert "! infinity in value begins here" in words
    assert "What to do" in health.text and '<script>document.title="bad"</script>' in health.text

    # The magic: a picture.
    assert output(page, 4).find_elements("css selector", "svg, img")

    # Exercises: hints come one by one.
    assert "It is 2 x" in output(page, 5).text and "script" not in output(page, 5).text
    assert "<script>" in output(page, 6).text and "last hint" in output(page, 6).text
    assert "Correct" in output(page, 7).text

    # The failure: the traceback, then the picture with both lines.
    failure = output(page, 9)
    words = page.run_js("return arguments[0].textContent", failure)
    assert "RuntimeError" in words
    for part in ("! overwritten in place", "line 4: h.add_(1)", "line 3: y = (h * h).sum()"):
        assert part in words
    assert page.run_js("return document.title") != "bad"

    # Nothing is wider than the page, where it could not be read.
    for i in (1, 2, 8):
        for formula in typeset(page, i):
            script = "return [arguments[0].scrollWidth, arguments[0].clientWidth]"
            wide = page.run_js(script, formula)
            assert wide[0] <= wide[1], (i, wide)

    for theme in ("Light", "Dark"):
        page.theme(f"JupyterLab {theme}")
        for i, selector in ((1, "mjx-container"), (3, "pre"), (5, "strong"), (5, "li"), (9, "pre")):
            for element in output(page, i).find_elements("css selector", selector)[:2]:
                assert contrast(page, element) >= 4.5, (theme, i, selector)
        for i in (1, 2, 3, 5, 6, 8, 9):
            page.run_js("arguments[0].scrollIntoView()", page.find_all(".jp-CodeCell")[i])
            page.screenshot(f"learning-{i}-{theme.lower()}.png")
    assert not page.errors()
