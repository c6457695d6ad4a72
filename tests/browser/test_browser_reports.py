"""The words below a report's picture, and a module's tree, in a real browser."""

import pytest

import minigrad as mg

# JupyterLab's rule for the <pre> of an output.
LAB = """<!DOCTYPE html><meta charset="utf-8"><style>
.out pre { border: none; margin: 0; padding: 0; overflow-x: auto; overflow-y: auto;
           word-break: break-all; word-wrap: break-word; white-space: pre-wrap; }
.out { width: 330px; }</style>"""
# How many words of a <pre> are on more than one line.
BROKEN = """
const node = document.querySelector(".out pre").firstChild, range = document.createRange();
return [...node.data.matchAll(/[\\w.]+/g)].map(m => {
  range.setStart(node, m.index); range.setEnd(node, m.index + m[0].length);
  return new Set([...range.getClientRects()].map(box => Math.round(box.top))).size > 1 ? m[0] : "";
}).filter(word => word)"""


def report():
    encoder_weight_of_the_first_layer = mg.tensor([-1.0, 2.0], requires_grad=True)
    an_intermediate_result = (encoder_weight_of_the_first_layer.log() * 3).sum()
    return mg.check(an_intermediate_result)._repr_mimebundle_()["text/html"]


@pytest.mark.parametrize(("style", "some"), [(None, False), ("white-space: pre-wrap", True)])
def test_words_of_a_report_are_not_broken(open_page, browser, tmp_path, style, some):
    html = report()
    if style is not None:  # as it was: the measurement sees it
        start = html.index('<pre style="') + len('<pre style="')
        html = html[:start] + style + html[html.index('"', start) :]
    (tmp_path / "report.html").write_text(f'{LAB}<div class="out">{html}</div>', encoding="utf-8")
    open_page("report.html")
    assert bool(browser.execute_script(BROKEN)) == some


def test_a_module_opens_by_keyboard(open_page, browser, tmp_path):
    from selenium.webdriver.common.keys import Keys

    blocks = [mg.nn.Sequential(mg.nn.Linear(i, 2), mg.nn.ReLU()) for i in range(1, 20)]
    net = mg.nn.ModuleList(blocks)
    page = f'{LAB}<div class="out">{net._repr_html_()}</div>'
    (tmp_path / "module.html").write_text(page, encoding="utf-8")
    open_page("module.html")
    opened = "return [...document.querySelectorAll('details')].map(d => d.open)"
    assert browser.execute_script(opened)[:2] == [True, False]
    browser.switch_to.active_element.send_keys(Keys.TAB)
    browser.switch_to.active_element.send_keys(Keys.TAB)
    browser.switch_to.active_element.send_keys(Keys.ENTER)
    assert browser.execute_script(opened)[:2] == [True, True]
    assert "(0) Linear" in browser.find_element("css selector", ".out").text


def test_a_module_in_jupyterlab(lab):
    page = lab.run("module.ipynb", [
        "import minigrad.nn as nn\n"
        "nn.Sequential(nn.Linear(2, 3), nn.ReLU(), nn.Linear(3, 3), nn.Linear(3, 3))",
    ])  # fmt: skip
    shown = page.find(".jp-OutputArea-output .minigrad-module")
    assert "(2 … 3) Linear × 2" in shown.text and "33 parameters" in shown.text
    page.screenshot("module-light.png")
    page.theme("JupyterLab Dark")
    page.screenshot("module-dark.png")
