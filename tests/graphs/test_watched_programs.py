"""No number in a graph, a tape or an explanation is one that never was.

Programs are drawn at random (``watched_programs.py``), run once with every number written down, and
looked at in runs of their own (``watched_runs.py``). For longer, and with what is found shortened:
``python tests/helpers/watched_programs.py --n 5000 --seed 1``.
"""

from collections import Counter

import pytest
from watched_programs import HEAD, Writer
from watched_runs import examine

import minigrad as mg
from minigrad.drawing.explain import Explanation
from minigrad.graphs.recorded_graph import GraphNode
from minigrad.tape.snapshot import Snapshot

PROGRAMS = 120
CALM = 40  # programs that write to nothing



@pytest.fixture(scope="module")
def reports():
    return {seed: examine(Writer(seed).text) for seed in range(PROGRAMS)}


@pytest.fixture(scope="module")
def calm():
    return {seed: examine(Writer(seed, calm=True).text) for seed in range(CALM)}


def wrong(reports, about):
    """What was found, each kind once, with the seed that shows it."""
    found = {}
    for seed, report in reports.items():
        for finding in report.findings:
            if about(finding.kind):
                found.setdefault(finding.kind, f"seed {seed}: {finding}")
    return list(found.values())


def of_a_tape(kind):
    return kind.startswith("tape")


def of_an_explanation(kind):
    return kind.startswith("explain")


def of_a_graph(kind):
    return not of_a_tape(kind) and not of_an_explanation(kind)


# --- 0 wrong -------------------------------------------------------------------------------------


def test_graphs_show_no_number_that_never_was(reports, calm):
    assert not wrong(reports, of_a_graph)
    assert not wrong(calm, of_a_graph)


def test_tapes_show_no_number_that_never_was(reports, calm):
    assert not wrong(reports, of_a_tape)
    assert not wrong(calm, of_a_tape)


def test_explanations_say_the_gradients_that_backward_computes(reports, calm):
    assert not wrong(reports, of_an_explanation)
    assert not wrong(calm, of_an_explanation)


# --- and not by knowing nothing ------------------------------------------------------------------


def shares(reports, what, *moments):
    known = Counter()
    for report in reports.values():
        known.update(report.known)
    assert all(known[f"{what}, {m}: all"] > 500 for m in moments)
    return [known[f"{what}, {m}: known"] / known[f"{what}, {m}: all"] for m in moments]


def test_where_nothing_was_overwritten_boxes_have_their_numbers(calm):
    before, after, later = shares(calm, "box", "before", "after backward", "after update")
    assert before >= 0.9 and after >= 0.85 and later >= 0.85
    (grads,) = shares(calm, "box's grad", "after backward")
    assert grads >= 0.8


def test_boxes_have_their_numbers_also_where_something_was_overwritten(reports):
    before, after = shares(reports, "box", "before", "after backward")
    assert before >= 0.8 and after >= 0.7


def test_tapes_and_explanations_know_their_numbers(reports):
    assert shares(reports, "value", "tape")[0] >= 0.95
    assert shares(reports, "grad", "tape")[0] >= 0.99
    assert shares(reports, "forward step", "tape")[0] >= 0.99
    assert shares(reports, "explain", "first")[0] >= 0.95


def test_most_programs_run_to_their_end(reports, calm):
    assert sum(r.stopped is not None for r in reports.values()) < PROGRAMS / 5
    assert not any(r.stopped for r in calm.values())


# --- the test can fail, and the truth is true ----------------------------------------------------


SMALL = f"""{HEAD.format(dtype="float32")}
w = torch.tensor([1.0, 2.0], requires_grad=True)
x = torch.tensor([3.0, 4.0])
with record() as tape:
    h = x * w
    loss = (h * h).sum()
    g = graph(loss)
    look("before", loss, g)
    explained(loss, w, lambda: explain(loss, wrt=w))
    loss.backward()
    look("after backward", loss, graph(loss))
done(locals())
"""


def kinds():
    return {finding.kind for finding in examine(SMALL).findings}


def test_a_small_program_is_told_right():
    assert kinds() == set()


def test_a_wrong_value_in_a_graph_is_found(monkeypatch):
    right = GraphNode.value.fget
    monkeypatch.setattr(
        GraphNode, "value", property(lambda self: None if right(self) is None else right(self) + 1)
    )
    assert {"leaf's value", "constant's value", "op's value"} <= kinds()


def test_a_wrong_gradient_in_a_graph_is_found(monkeypatch):
    right = GraphNode.grad.fget
    monkeypatch.setattr(
        GraphNode, "grad", property(lambda self: None if right(self) is None else -right(self))
    )
    assert {"grad", "grad in a box"} <= kinds()


def test_a_wrong_number_in_a_box_is_found(monkeypatch):
    right = mg.Graph.to_dot
    monkeypatch.setattr(
        mg.Graph,
        "to_dot",
        lambda self, **options: right(self, **options).replace("[3, 4]", "[3, 5]"),
    )
    assert kinds() == {"constant's box"}


def test_a_wrong_number_on_a_tape_is_found(monkeypatch):
    right = Snapshot.__init__

    def init(self, array, whole=True):
        right(self, array + 1, whole)

    monkeypatch.setattr(Snapshot, "__init__", init)
    assert {"tape: leaf's value", "tape: op's value", "tape: grad"} <= kinds()


def test_a_wrong_explanation_is_found(monkeypatch):
    right = Explanation.gradient.fget
    monkeypatch.setattr(Explanation, "gradient", property(lambda self: right(self) * 2))
    assert kinds() == {"explain"}


def test_the_programs_numbers_are_those_of_pytorch():
    pytest.importorskip("torch")
    for seed in range(3_000, 3_040):
        report = examine(Writer(seed).text, torch=True)
        assert not wrong({seed: report}, lambda kind: "orch" in kind)
