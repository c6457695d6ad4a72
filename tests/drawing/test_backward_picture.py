"""``graph(loss).show(backward=True)``: the nodes of the backward pass, as they are."""

import re
import xml.etree.ElementTree as ElementTree

import numpy as np
import pytest

import minigrad as mg
from minigrad.core.backward import reachable

F = mg.nn.functional


def leaf(*shape):
    return mg.tensor(np.ones(shape, "f"), requires_grad=True)


def drawn(graph, **options):
    """(label lines of each box by its id, arrows as pairs of ids)."""
    dot = graph.to_dot(backward=True, **options)
    boxes = {}
    for name, label in re.findall(r"^  (\w+) \[id=\w+, label=<(.*?)>, class=", dot, re.MULTILINE):
        boxes[name] = [re.sub(r"<[^>]*>", "", part) for part in label.split("<BR/>")]
    return boxes, re.findall(r"^  (\w+) -> (\w+)", dot, re.MULTILINE)


def box(boxes, start):
    (found,) = [lines for lines in boxes.values() if lines[0] == start]
    return found


def network():
    x, w, b = mg.ones(4, 3), leaf(3, 2), leaf(2)
    h = mg.relu(x @ w + b)
    loss = F.cross_entropy(h, mg.tensor([0, 1, 1, 0]))
    return loss, mg.graph(loss)


def test_the_nodes_are_those_of_pytorch_and_the_arrows_next_functions():
    loss, g = network()
    boxes, arrows = drawn(g)
    truth, waiting = [], [loss.grad_fn]
    while waiting:
        fn = waiting.pop()
        for below, _ in fn.next_functions:
            if below is not None:
                truth.append((type(fn).__name__, type(below).__name__))
                waiting.append(below)
    assert sorted((boxes[a][0], boxes[b][0]) for a, b in arrows) == sorted(truth)
    assert len(boxes) == len(reachable([loss.grad_fn])) + 2  # and two leaves


def test_a_node_has_its_vjps_and_what_it_saved():
    _, g = network()
    boxes, _ = drawn(g)
    # No gradient flows to x, so there is no vjp for it, and w need not be kept.
    assert box(boxes, "MmBackward0") == [
        "MmBackward0", "ȳ: [4, 2]", "b̄ = Aᵀ Ȳ", "saved a: x [4, 3]"
    ]  # fmt: skip
    assert box(boxes, "AddBackward0") == ["AddBackward0", "ȳ: [4, 2]", "ā = ȳ", "b̄ = ȳ"]
    assert "saved y: h [4, 2]" in box(boxes, "ReluBackward0")
    assert sorted(lines[2] for lines in boxes.values() if lines[0] == "AccumulateGrad") == [
        "b.grad += what arrives", "w.grad += what arrives"
    ]  # fmt: skip


def test_freed_is_said_of_what_was_saved_and_gradients_are_shown():
    loss, g = network()
    loss.backward()
    boxes, _ = drawn(g, grads=True, sources=True)
    assert "saved a: x [4, 3], freed" in box(boxes, "MmBackward0")
    assert not any("saved" in line for line in box(boxes, "AddBackward0"))  # it kept nothing
    assert any("h = mg.relu(x @ w + b)" in line for line in box(boxes, "MmBackward0"))
    assert any(line.startswith("grad ") for lines in boxes.values() for line in lines)


def test_overwritten_and_put_away():
    w = leaf(2)
    h = w.exp()
    y = h * h
    with mg.no_grad():
        h += 1
    boxes, _ = drawn(mg.graph(y))
    assert "saved a: h [2], overwritten" in box(boxes, "MulBackward0")
    with mg.autograd.graph.saved_tensors_hooks(lambda t: t.numpy().copy(), mg.from_numpy):
        z = w * w
    boxes, _ = drawn(mg.graph(z))
    assert "saved a: w [2], put away by a hook" in box(boxes, "MulBackward0")


def test_the_outputs_of_one_operation_are_one_node():
    w = leaf(4, 2)
    a, b = w.chunk(2)
    boxes, arrows = drawn(mg.graph((a * 2 + b).sum()))
    assert len([lines for lines in boxes.values() if lines[0] == "SplitBackward0"]) == 1
    assert len(arrows) == 5


def test_a_users_function():
    class Twice(mg.autograd.Function):
        @staticmethod
        def forward(ctx, x):
            ctx.save_for_backward(x, x * 3)
            return x * 2

        @staticmethod
        def backward(ctx, g):
            ctx.saved_tensors  # noqa: B018
            return g * 2

    w = leaf(2)
    y = Twice.apply(w)
    assert box(drawn(mg.graph(y))[0], "TwiceBackward")[2:] == [
        "saved x_1: w [2]", "saved: another tensor"
    ]  # fmt: skip
    y.sum().backward()
    assert box(drawn(mg.graph(y))[0], "TwiceBackward")[2:] == [
        "saved: tensor 1, freed", "saved: tensor 2, freed"
    ]  # fmt: skip


@pytest.mark.parametrize("make", [lambda: leaf(2), lambda: mg.ones(2)])
def test_a_tensor_without_operations(make):
    boxes, arrows = drawn(mg.graph(make()))
    assert arrows == [] and [lines[0] for lines in boxes.values()] in ([], ["AccumulateGrad"])


def test_it_is_shown_and_saved(tmp_path):
    _, g = network()
    picture = g.show(backward=True, direction="LR")
    svg = ElementTree.fromstring(picture.svg)
    assert "ReluBackward0" in "".join(svg.itertext()) and "rankdir=LR" in picture.drawing.dot
    assert "The backward graph" in picture.description
    assert "AccumulateGrad  w.grad" in picture.description
    for suffix in (".svg", ".pdf", ".png", ".html", ".txt"):
        g.save(tmp_path / f"g{suffix}", **({} if suffix == ".txt" else {"backward": True}))
        assert (tmp_path / f"g{suffix}").stat().st_size > 300
    page = (tmp_path / "g.html").read_text(encoding="utf-8")
    assert "the way that" in page and "sheets with a folded corner" not in page
    assert "text/html" in picture._repr_mimebundle_()


def test_a_large_graph_is_folded():
    w = leaf(2)
    h = w
    for _ in range(300):
        h = (h * w).tanh()
    boxes, arrows = drawn(mg.graph(h.sum()))
    assert len(boxes) == 4
    assert box(boxes, "MulBackward0 × 300") and box(boxes, "TanhBackward0 × 300")
    names = {name: lines[0] for name, lines in boxes.items()}
    found = {(names[a], names[b]) for a, b in arrows}
    assert ("SumBackward0", "TanhBackward0 × 300") in found
    assert ("MulBackward0 × 300", "AccumulateGrad") in found
    dot = mg.graph(h.sum()).to_dot(backward=True)
    assert "602 nodes folded into 4" in dot  # what is drawn is counted, no constants
    assert len(drawn(mg.graph(h.sum()), fold=False)[0]) == 602


def test_the_graph_of_a_tape_has_its_backward_graph_too():
    w = leaf(2)
    with mg.record() as tape:
        loss = (w * w).sum()
        loss.backward()
    boxes, arrows = drawn(tape.iterations[0].graph)
    assert {lines[0] for lines in boxes.values()} == {
        "SumBackward0", "MulBackward0", "AccumulateGrad"
    }  # fmt: skip
    assert len(arrows) == 3
    assert not any("saved" in line for lines in boxes.values() for line in lines)
