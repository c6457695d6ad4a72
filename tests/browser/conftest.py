"""A real JupyterLab and a real browser for tests: fixtures ``browser``, ``lab`` and ``open_page``.

The browser is the distribution's Chromium, driven by selenium; without either, these tests are
skipped and say why. Everything lives in temporary directories and on a free loopback port.

    def test_something(lab):
        page = lab.run("name.ipynb", ["import minigrad as mg", "mg.tensor(1.0)"])
        page.find(".jp-OutputArea-output")       # waits until it is there
        page.theme("JupyterLab Dark")
        page.screenshot("name.png")              # kept only if MINIGRAD_SCREENSHOTS is a directory
"""

import contextlib
import http.server
import json
import os
import shutil
import socket
import subprocess
import sys
import threading
import time
import urllib.request
from functools import partial
from pathlib import Path

import pytest

TOKEN = "only-for-this-test"
WAIT = 60  # seconds: a busy machine starts a kernel slowly
ROOT = Path(__file__).resolve().parents[2]


def chromium():
    names = ("chromium", "chromium-browser", "google-chrome")
    return next((path for name in names if (path := shutil.which(name))), None)


@pytest.fixture(scope="session")
def browser(tmp_path_factory):
    """A headless Chromium (a selenium driver), one for all tests."""
    reason = "drives a browser: `pip install selenium` to run this test"
    pytest.importorskip("selenium", reason=reason)
    program, driver = chromium(), shutil.which("chromedriver")
    if program is None or driver is None:
        pytest.skip("drives a browser: `apt-get install chromium chromium-driver` to run this test")
    from selenium.webdriver import Chrome, ChromeOptions, ChromeService

    options = ChromeOptions()
    options.binary_location = program
    for flag in ("--headless=new", "--no-sandbox", "--disable-gpu", "--disable-quic",
                 "--no-first-run", "--disable-background-networking", "--disable-component-update",
                 "--disable-sync", "--disable-dev-shm-usage", "--window-size=1200,1000",
                 f"--user-data-dir={tmp_path_factory.mktemp('chromium')}"):  # fmt: skip
        options.add_argument(flag)
    options.set_capability("goog:loggingPrefs", {"browser": "ALL"})
    started = Chrome(options=options, service=ChromeService(driver))
    yield started
    started.quit()


class Page:
    """What a test does with the page that the browser shows."""

    def __init__(self, browser):
        self.browser = browser

    def wait(self, condition, what, seconds=WAIT):
        """The first true value of ``condition()``; fails if there is none in time.

        An element that the page has replaced while the condition looked at it is no answer yet.
        """
        from selenium.common.exceptions import StaleElementReferenceException

        end = time.monotonic() + seconds
        while time.monotonic() < end:
            with contextlib.suppress(StaleElementReferenceException):
                value = condition()
                if value:
                    return value
            time.sleep(0.1)
        self.screenshot("in-vain.png")
        pytest.fail(f"waited {seconds} s in vain for {what}; the browser said {self.errors()}")

    def find(self, selector, within=None):
        """The first element that fits a CSS selector, as soon as there is one."""
        place = within or self.browser
        return self.wait(lambda: place.find_elements("css selector", selector), selector)[0]

    def find_all(self, selector, within=None):
        return (within or self.browser).find_elements("css selector", selector)

    def shadow(self, selector):
        """The shadow root of the first element that fits, as soon as it has one."""
        script = "const e = document.querySelector(arguments[0]); return e && e.shadowRoot"
        return self.wait(lambda: self.run_js(script, selector), f"the shadow root of {selector}")

    def run_js(self, script, *args):
        return self.browser.execute_script(script, *args)

    def press(self, *keys):
        """Press keys, as on a keyboard: they go to what has the focus."""
        from selenium.webdriver import ActionChains

        actions = ActionChains(self.browser)
        for key in keys:
            actions.send_keys(key)
        actions.perform()

    def media(self, **features):
        """What the system prefers: ``media(prefers_color_scheme="dark")``."""
        listed = [{"name": k.replace("_", "-"), "value": v} for k, v in features.items()]
        self.browser.execute_cdp_cmd("Emulation.setEmulatedMedia", {"features": listed})

    def errors(self):
        """Errors in the browser's console since the last call, without what is not the page's:
        missing favicons, and JupyterLab's question whether to leave it."""
        log = self.browser.get_log("browser")
        said = [e["message"] for e in log if e["level"] == "SEVERE"]
        return [m for m in said if "favicon" not in m and "beforeunload" not in m]

    def screenshot(self, name):
        directory = os.environ.get("MINIGRAD_SCREENSHOTS")
        if directory:
            self.browser.save_screenshot(str(Path(directory) / name))


class LabPage(Page):
    """A notebook in JupyterLab."""

    def command(self, name, **args):
        """Run one of JupyterLab's commands, such as "notebook:run-all-cells"."""
        script = "void window.jupyterapp.commands.execute(arguments[0], arguments[1])"
        self.run_js(script, name, args)

    def theme(self, name):
        """Change to "JupyterLab Light" or "JupyterLab Dark"."""
        self.command("apputils:change-theme", theme=name)
        light = "true" if "Light" in name else "false"
        script = "return document.body.dataset.jpThemeLight"
        self.wait(lambda: self.run_js(script) == light, f"the theme {name}")
        self.wait(lambda: not self.find_all("#jupyterlab-splash, .jp-Splash, #galaxy"),
                  "the end of the splash screen")  # fmt: skip

    def execution_counts(self):
        """What stands between the brackets before each code cell: "1", "*" or ""."""
        prompts = self.find_all(".jp-CodeCell .jp-InputPrompt")
        return [p.get_attribute("textContent").strip(" []:\xa0") for p in prompts]


class Lab:
    """A running JupyterLab server."""

    def __init__(self, browser, url, folder):
        self.browser, self.url, self.folder = browser, url, folder

    def write(self, name, cells):
        """A notebook of code cells (or of whole cells, as dicts)."""
        made = []
        for i, cell in enumerate(cells):
            if isinstance(cell, str):
                cell = {"cell_type": "code", "source": cell, "metadata": {}, "outputs": [],
                        "execution_count": None, "id": f"cell-{i}"}  # fmt: skip
            made.append(cell)
        kernel = {"name": "python3", "display_name": "Python 3", "language": "python"}
        text = json.dumps({"nbformat": 4, "nbformat_minor": 5, "cells": made,
                           "metadata": {"kernelspec": kernel}})  # fmt: skip
        path = self.folder / name
        path.write_text(text, encoding="utf-8")
        return path

    def open(self, name):
        """Open a notebook of the server's folder in the browser."""
        self.browser.get(f"{self.url}/lab/workspaces/w{time.monotonic_ns()}/tree/{name}"
                         f"?token={TOKEN}")  # fmt: skip
        page = LabPage(self.browser)
        page.wait(lambda: page.run_js("return !!window.jupyterapp"), "JupyterLab")
        page.find(".jp-NotebookPanel:not(.lm-mod-hidden) .jp-Notebook .jp-Cell")
        return page

    def run(self, name, cells):
        """Write a notebook, open it, and run its cells until the last is done."""
        self.write(name, cells)
        page = self.open(name)
        script = """
            const panel = window.jupyterapp.shell.currentWidget;
            return panel.sessionContext.session?.kernel?.connectionStatus === "connected"
        """
        page.wait(lambda: page.run_js(script), "a kernel")
        page.command("notebook:run-all-cells")
        page.wait(lambda: all(c.isdigit() for c in page.execution_counts()), "the cells to run")
        return page


def free_port():
    with socket.socket() as s:
        s.bind(("127.0.0.1", 0))
        return s.getsockname()[1]


@pytest.fixture(scope="session")
def lab_server(tmp_path_factory):
    """(address, folder) of a JupyterLab server that knows nothing of the user's settings."""
    reason = "drives JupyterLab: `pip install jupyterlab` to run this test"
    pytest.importorskip("jupyterlab", reason=reason)
    home = tmp_path_factory.mktemp("lab")
    folder = home / "notebooks"
    folder.mkdir()
    own = {f"JUPYTER_{what}_DIR": str(home / what) for what in ("CONFIG", "DATA", "RUNTIME")}
    settings = home / "CONFIG/lab/user-settings/@jupyterlab/apputils-extension"
    settings.mkdir(parents=True)  # no question about news over what is tested
    (settings / "notification.jupyterlab-settings").write_text('{"fetchNews": "false"}')
    paths = os.pathsep.join(filter(None, [str(ROOT), os.environ.get("PYTHONPATH")]))
    env = {**os.environ, **own, "HOME": str(home), "IPYTHONDIR": str(home / "ipython"),
           "PYTHONPATH": paths}  # fmt: skip
    port = free_port()
    command = [
        sys.executable, "-m", "jupyterlab", "--no-browser", "--allow-root",
        "--expose-app-in-browser", "--ServerApp.ip=127.0.0.1", f"--ServerApp.port={port}",
        "--ServerApp.port_retries=0", f"--IdentityProvider.token={TOKEN}",
        f"--ServerApp.root_dir={folder}", "--LabApp.news_url=None", "--LabApp.collaborative=False",
        "--LabApp.check_for_updates_class=jupyterlab.NeverCheckForUpdate",
    ]  # fmt: skip
    url = f"http://127.0.0.1:{port}"
    log = (home / "log.txt").open("w")
    server = subprocess.Popen(command, env=env, stdout=log, stderr=subprocess.STDOUT, cwd=folder)
    try:
        wait_for(f"{url}/api/status?token={TOKEN}", server, home / "log.txt")
        yield url, folder
    finally:
        stop = urllib.request.Request(f"{url}/api/shutdown?token={TOKEN}", method="POST", data=b"")
        try:
            urllib.request.urlopen(stop, timeout=10).close()  # ends the kernels too
            server.wait(20)
        except (OSError, subprocess.TimeoutExpired):
            server.kill()
            server.wait()
        log.close()


def wait_for(url, server, log):
    end = time.monotonic() + WAIT
    while time.monotonic() < end and server.poll() is None:
        try:
            urllib.request.urlopen(url, timeout=5).close()
            return
        except OSError:
            time.sleep(0.2)
    pytest.fail(f"JupyterLab did not start:\n{log.read_text()[-3000:]}")


@pytest.fixture
def lab(browser, lab_server):
    """JupyterLab in the browser; see the example above."""
    yield Lab(browser, *lab_server)
    browser.get("about:blank")
    Page(browser).media()


class Quiet(http.server.SimpleHTTPRequestHandler):
    def log_message(self, *args):
        """Nothing: the log is not of interest."""


@pytest.fixture
def open_page(browser, tmp_path):
    """A function that shows a file of ``tmp_path`` in the browser, without any kernel."""
    handler = partial(Quiet, directory=tmp_path)
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()

    def show(name):
        browser.get("about:blank")
        browser.get_log("browser")  # what earlier pages had to say
        browser.get(f"http://127.0.0.1:{server.server_port}/{name}")
        return Page(browser)

    yield show
    browser.get("about:blank")
    Page(browser).media()
    server.shutdown()
    thread.join()
    server.server_close()
