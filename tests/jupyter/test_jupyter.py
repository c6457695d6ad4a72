"""In a real IPython: the magics, and pictures of backward passes that failed."""

import base64
import re
import threading

import pytest

import minigrad as mg
from minigrad.graphs.failure import failure_of
from minigrad.graphs.part import around

reason = "runs IPython: `pip install ipykernel` to run this test"
interactiveshell = pytest.importorskip("IPython.core.interactiveshell", reason=reason)
from IPython.utils.capture import capture_output  # noqa: E402


def drawn(page):
    """The pictures of an HTML page, as SVG."""
    found = re.findall(r"data:image/svg\+xml;base64,([\w+/=]+)", page)
    return "".join(base64.b64decode(data).decode() for data in found)



@pytest.fixture(scope="module")
def shell(tmp_path_factory):
    from traitlets.config import Config

    config = Config()
    config.HistoryManager.enabled = False
    config.InteractiveShell.colors = "nocolor"
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("IPYTHONDIR", str(tmp_path_factory.mktemp("ipython")))
        started = interactiveshell.InteractiveShell.instance(config=config)
        yield started
        interactiveshell.InteractiveShell.clear_instance()


@pytest.fixture
def run(shell):
    """A function that runs a cell; gives what came out."""
    shell.reset(new_session=True)

    def run(cell, fails=False):
        with capture_output() as out:
            result = shell.run_cell(cell)
        out.error = result.error_in_exec or result.error_before_exec
        if not fails and out.error is not None:
            raise out.error
        out.result = result.result
        out.texts = [o.data.get("text/plain", "") for o in out.outputs]
        return out

    run("%load_ext minigrad\nimport minigrad as mg")
    yield run
    shell.run_cell("%unload_ext minigrad")


# --- %%autograd ----------------------------------------------------------------------------------


def test_a_cells_graph(run):
    out = run("""%%autograd
w = mg.tensor([1.0, 2.0], requires_grad=True)
h = w * 3
loss = (h * h).sum()
loss.backward()
""")
    (text,) = out.texts
    assert text.startswith("Graph(w -> loss: 3 operations)")
    assert "line 3: h = w * 3" in text and "line 4: loss = (h * h).sum()" in text
    (picture,) = out.outputs
    assert "image/svg+xml" in picture.data and out.stdout == ""
    assert run("w.grad").result.tolist() == [18.0, 36.0]  # the cell ran in the notebook's variables


def test_everything_it_computed_and_nothing_else(run):
    run("w = mg.tensor(2.0, requires_grad=True)\nbefore = w * 10")
    out = run("""%%autograd
a = w + 1
parts = {'x': [a * 2, a * 3]}
w * 5
""")
    graph = out.texts[0].splitlines()[0]
    assert graph == "Graph(w -> parts['x'][0], parts['x'][1], mul: 4 operations)"
    assert "before" not in out.texts[0]
    assert out.result.item() == 10.0  # the value of the last line shows as ever


def test_options(run):
    cell = "w = mg.tensor([1.0, 2.0], requires_grad=True)\nloss = (w * w).sum()\nloss.backward()\n"
    plain = run("%%autograd\n" + cell).outputs[0].data["image/svg+xml"]
    shown = run("%%autograd --values --grads --sources --lr\n" + cell)
    svg = shown.outputs[0].data["image/svg+xml"]
    assert ">[1, 2]<" in svg and ">grad [2, 4]<" in svg and "loss = (w * w).sum()" in svg
    assert ">[1, 2]<" not in plain
    wide, high = re.search(r'viewBox="[\d.]+ [\d.]+ ([\d.]+) ([\d.]+)"', svg).groups()
    assert float(wide) > float(high)


@pytest.mark.parametrize("cell, words", [
    ("%%autograd --vals\n1", "has no option --vals; there are --values"),
    ("%%autograd loss\n1", "does not know 'loss'"),
    ("%autograd", "write %autograd EXPRESSION"),
    ("%autograd 1 + 1", "of type int"),
])  # fmt: skip
def test_wrong_options(run, cell, words):
    out = run(cell, fails=True)
    assert type(out.error).__name__ == "UsageError" and words in str(out.error)


def test_a_cell_that_records_nothing_says_so(run):
    out = run("%%autograd\nx = 1\ny = mg.ones(2) * 2")
    assert not out.outputs and "requires_grad=True" in out.stdout


def test_an_expressions_graph(run):
    run("w = mg.tensor([1.0, 2.0], requires_grad=True)\nloss = (w * w).sum()")
    out = run("%autograd --values loss * 2")
    assert repr(out.result) == "<picture of Graph(w -> mul_2: 3 operations)>"
    assert "line 1: loss * 2" in out.result.description


def test_errors_pass_through_with_the_right_line(run):
    out = run("%%autograd\na = 1\nb = nowhere", fails=True)
    assert isinstance(out.error, NameError) and not out.outputs
    frame = out.error.__traceback__
    while frame.tb_next:
        frame = frame.tb_next
    assert frame.tb_lineno == 3
    assert run("a").result == 1


def test_cells_with_other_magics_and_a_last_line_of_none(run):
    out = run("%%autograd\nw = mg.tensor(1.0, requires_grad=True)\n%time y = w * 2\nNone")
    assert "Wall time" in out.stdout and out.texts[0].startswith("Graph(w -> y")


def test_the_player(run):
    out = run("""%%autograd --player
w = mg.tensor(2.0, requires_grad=True)
loss = w * w
loss.backward()
""")
    assert out.outputs and run("w.grad").result.item() == 4.0


def test_names_like_markup_stay_text(run):
    out = run("""%%autograd --sources
w = mg.tensor(1.0, requires_grad=True)
d = {'<script>alert(1)</script>': w * 2}  # </title><script>
""")
    svg = out.outputs[0].data["image/svg+xml"]
    assert "<script" not in svg and "&lt;script&gt;" in svg


# --- errors --------------------------------------------------------------------------------------

IN_PLACE = """x = mg.tensor([1.0, 2.0], requires_grad=True)
h = x.exp()
y = (h * h).sum()
h.add_(1)
y.backward()"""


def test_an_in_place_write_shows_both_lines(run):
    out = run(IN_PLACE, fails=True)
    said = str(out.error)
    assert type(out.error) is RuntimeError
    assert said.startswith("one of the variables needed for gradient computation has been modified")
    assert "line 3 of" in said and "line 4 of" in said and "h.add_(1)" in said
    (shown,) = out.outputs
    page = drawn(shown.data["text/html"])
    assert "<svg" in page
    assert "! overwritten in place" in page and "! line 4: h.add_(1)" in page
    assert "! needs the old h" in page and "! line 3: y = (h * h).sum()" in page
    assert "h: overwritten in place; line 4: h.add_(1)" in shown.data["text/plain"]


@pytest.mark.parametrize("cell, kind, where", [
    ("w = mg.tensor(2.0, requires_grad=True)\ny = w * w\ny.backward()\ny.backward()",
     "freed by the first backward", "y"),
    ("w = mg.tensor([1.0, 2.0], requires_grad=True)\ny = w * 2\ny.backward()",
     "not one number", "y"),
    ("import warnings\nwarnings.simplefilter('ignore')\n"
     "w = mg.tensor(0.0, requires_grad=True)\nr = w.sqrt()\ny = r * 0\n"
     "with mg.autograd.detect_anomaly():\n    y.backward()",
     "NaN in gradient begins here", "r"),
    ("w = mg.tensor(2.0, requires_grad=True)\nm = w * 2\nm.register_hook(lambda g: 1 / 0)\n"
     "y = m + 1\ny.backward()",
     "ZeroDivisionError here", "m"),
])  # fmt: skip
def test_other_failures_are_shown_where_they_happened(run, cell, kind, where):
    out = run(cell, fails=True)
    (shown,) = out.outputs
    assert "<svg" in drawn(shown.data["text/html"])
    assert re.search(rf"^  {where}: .*{kind}", shown.data["text/plain"], re.MULTILINE)


def test_a_traceback_ends_with_the_users_own_line(run, shell):
    def shown(cell):
        out = run(cell, fails=True)
        return (out.stdout + out.stderr), out

    text, _ = shown(IN_PLACE)
    assert "y.backward()" in text and "core/backward.py" not in text and "gradients.py" not in text
    assert "RuntimeError: one of the variables" in text
    text, _ = shown("def f(t):\n    return t + mg.ones(3)\n\nf(mg.ones(2))")
    assert "return t + mg.ones(3)" in text and "f(mg.ones(2))" in text
    assert "core/op.py" not in text and "The size of tensor a" in text
    # Where the user's own code is innermost, all is shown.
    text, _ = shown("w = mg.tensor(2.0, requires_grad=True)\nw.register_hook(lambda g: 1 / 0)\n"
                    "(w * 2).backward()")  # fmt: skip
    assert "core/backward.py" in text and "lambda g: 1 / 0" in text
    # And a bug inside minigrad is not hidden.
    broken = "del mg.core.backward.reachable"
    kept = mg.core.backward.reachable
    text, _ = shown(f"w = mg.tensor(2.0, requires_grad=True)\n{broken}\n(w * 2).backward()")
    mg.core.backward.reachable = kept
    assert "NameError" in text and "core/backward.py" in text
    run("%xmode Verbose")
    assert "core/backward.py" in shown(IN_PLACE)[0]
    run("%xmode Context")
    run("%unload_ext minigrad")
    assert "core/backward.py" in shown(IN_PLACE)[0] and shell.custom_exceptions == ()


def test_another_extensions_handler_stays(run, shell):
    run("%unload_ext minigrad")
    seen = []
    shell.set_custom_exc((ZeroDivisionError,), lambda *args, **kwargs: seen.append(args[1]))
    run("%load_ext minigrad")
    run("1 / 0", fails=True)
    run("%unload_ext minigrad")
    assert seen == [ZeroDivisionError] and shell.custom_exceptions == (ZeroDivisionError,)
    shell.set_custom_exc((), None)


def test_other_errors_show_no_graph(run):
    for cell in ("1 / 0", "mg.ones(2) + mg.ones(3)", "mg.ones(2).backward()", "y = ("):
        assert not run(cell, fails=True).outputs


def test_unloading_and_loading_twice(run):
    run("%reload_ext minigrad\nimport minigrad\nminigrad.load_ipython_extension(get_ipython())")
    assert len(run(IN_PLACE, fails=True).outputs) == 1
    run("%unload_ext minigrad")
    assert not run(IN_PLACE, fails=True).outputs
    assert "not found" in run("%autograd x", fails=True).stderr


# --- the same without a notebook -----------------------------------------------------------------


def leaf(value):
    return mg.tensor(value, requires_grad=True)


def failed(f):
    with pytest.raises((RuntimeError, ZeroDivisionError)) as caught:
        f()
    return str(caught.value), failure_of(caught.value)


def test_a_script_gets_both_lines_in_the_message():
    w = leaf([1.0, 2.0])
    y = (w * w).sum()
    with mg.no_grad():
        w -= 0.1  # a step before backward: not recorded, and still named
    said, failure = failed(y.backward)
    assert "y = (w * w).sum()" in said and "w -= 0.1" in said
    assert failure.kind == "overwritten"
    assert [p.node.op for p in failure.points] == [None, "mul"]


@pytest.mark.parametrize("optimizer", ["SGD", "Adam"])
def test_an_optimizers_step_before_backward_is_named(optimizer):
    w = leaf([1.0, 2.0])
    step = getattr(mg.optim, optimizer)([w], lr=0.1).step
    w.grad = mg.ones(2)
    loss = (w * w).sum()
    step()
    said, failure = failed(loss.backward)
    assert "overwritten since" in said and ": step())" in said and "optim" not in said
    assert failure.kind == "overwritten"


def test_a_result_that_was_saved_and_overwritten():
    x = leaf([1.0, 2.0])
    h = x.exp()  # keeps its own result
    h.zero_()
    said, failure = failed(h.sum().backward)
    assert "h.zero_()" in said and "h = x.exp()" in said
    assert failure.points[0].first and "h.zero_()" in " ".join(failure.points[0].lines)


def test_a_write_through_a_view_is_named():
    x = leaf([1.0, 2.0])
    h = x * 2
    y = (h * h).sum()
    h[0] = 5.0
    said, _ = failed(y.backward)
    assert "h[0] = 5.0" in said


def test_writes_of_minigrad_itself_are_not_blamed_on_a_line():
    w = leaf(2.0)
    (w * 3).backward()
    w.grad.zero_()
    y = leaf(1.0) * w.grad  # saves .grad ...
    (w * 3).backward()  # ... which is added to here
    said, failure = failed(y.backward)
    assert "modified by an inplace operation" in said and "overwritten since" not in said
    assert failure.kind == "overwritten"


def test_in_place_lines_of_two_threads_do_not_meet():
    said = {}

    def one(name):
        x = leaf([1.0, 2.0])
        y = (x * 2).exp()
        z = y.sum()
        for _ in range(50):
            y.mul_(1.5) if name == "a" else y.add_(1.5)
        with pytest.raises(RuntimeError) as caught:
            z = (y * y).sum()
            y.sub_(1) if name == "a" else y.div_(2)
            z.backward()
        said[name] = str(caught.value)

    threads = [threading.Thread(target=one, args=(name,)) for name in "ab"]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert all("y.sub_(1) if name" in text for text in said.values()) and len(said) == 2


def test_a_large_graph_is_cut_to_what_is_around():
    x = leaf([1.0, 2.0])
    h = x
    for i in range(200):
        h = h * 1.01
        if i == 100:
            middle = h
            kept = middle * middle
    loss = h.sum() + kept.sum()
    middle.add_(1)
    said, failure = failed(loss.backward)
    assert failure.kind == "overwritten" and len(failure.graph) < 30
    assert [p.node.name for p in failure.points] == ["h_101", "kept"]
    assert "nodes, around the failure" in failure.text
    assert "<svg" in drawn(failure._repr_mimebundle_()["text/html"])


def test_a_part_keeps_names_and_edges():
    x = leaf(1.0)
    h = x
    for _ in range(100):
        h = h + x
    whole = mg.graph(h)
    part = around(whole, [50], near=2)
    assert 5 <= len(part) <= 12
    names = {(a.name, b.name) for a, b in whole.edges}
    assert {(a.name, b.name) for a, b in part.edges} <= names
    assert whole.at(50).name in part and around(whole, [50], whole=1000) is whole


def test_names_in_errors_are_escaped():
    d = {"</pre><script>": leaf([1.0])}
    h = d["</pre><script>"].exp()
    d["<img>"] = h
    y = h * h
    h.add_(1)
    _, failure = failed(y.backward)
    page = failure._repr_mimebundle_()["text/html"]
    assert page.count("<script") == 1 and page.count("<img") == 1  # our own
    assert "<img>" not in drawn(page)
