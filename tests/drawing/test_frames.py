"""Pictures by modules: frames, depth, folding, opening."""

import re

import pytest

import minigrad as mg
from minigrad.drawing.drawn import drawing_for, options_for
from minigrad.drawing.frames import module_arguments
from minigrad.drawing.opening import MOST_VIEWS, views

nn, F = mg.nn, mg.nn.functional


class Block(nn.Module):
    def __init__(self, d):
        super().__init__()
        self.norm, self.mlp = nn.LayerNorm(d), nn.Sequential(nn.Linear(d, d), nn.ReLU())

    def forward(self, x):
        return x + self.mlp(self.norm(x))


def network(layers=4):
    mg.manual_seed(0)
    model = nn.Sequential(*[Block(3) for _ in range(layers)], nn.Linear(3, 2))
    x, y = mg.randn(4, 3), mg.tensor([0, 1, 1, 0])
    return model, x, y, F.cross_entropy(model(x), y)


def boxes(dot):
    labels = re.findall(r"label=<(.*?)>, class", dot)
    return [[t for t in re.sub(r"<[^>]*>", "\n", s).split("\n") if t] for s in labels]


def clusters(dot):
    return [re.sub(r"<[^>]*>", "|", m).strip("|").split("|")[0]
            for m in re.findall(r'class="frame"; label=<(.*?)>; labeljust', dot)]  # fmt: skip


def test_frames_are_clusters_and_equal_modules_are_drawn_once():
    model, x, y, loss = network()
    dot = mg.graph(loss).to_dot()
    assert clusters(dot)[0] == "model: Sequential" and "Block × 4" in clusters(dot)[1]
    assert sum("norm" in box[0] for box in boxes(dot)) == 1
    assert "style=dashed, constraint=false" in dot  # to the next block
    names = [box[0] for box in boxes(dot)]
    assert "x" in names and "y" in names and "loss" in names
    assert not any("weight" in name for name in names)  # inside of their modules


@pytest.mark.parametrize("depth", [0, 1, 2, 3])
def test_depth_says_how_deep_frames_are_open(depth):
    model, x, y, loss = network()
    drawn = clusters(mg.graph(loss).to_dot(depth=depth))
    assert bool(drawn) == (depth > 0)
    assert any("Block" in c for c in drawn) == (depth > 1)
    assert any("mlp" in c for c in drawn) == (depth > 2)
    assert clusters(mg.graph(loss, depth=depth).to_dot()) == drawn


def test_detail_and_no_frames_show_all_recorded_nodes():
    model, x, y, loss = network()
    g = mg.graph(loss)
    recorded = sum(1 for n in g if not n.is_number)
    for options in ({"detail": True, "fold": False}, {"by": None, "fold": False}):
        dot = g.to_dot(**options)
        assert not clusters(dot) and len(boxes(dot)) >= recorded


def test_a_closed_module_says_its_parameters_and_shapes():
    model, x, y, loss = network()
    (closed,) = [b for b in boxes(mg.graph(loss).to_dot(depth=0)) if "Sequential" in b[0]]
    assert "Sequential" in closed[0] and "80 parameters" in closed and "[4, 2]" in closed
    last = next(b for b in boxes(mg.graph(loss).to_dot(depth=1)) if b[0] == "4")
    assert last == ["4", "Linear(3, 2)", "weight [2, 3], bias [2]", "[4, 2]"]


def test_numbers_of_a_closed_module_are_those_of_its_result():
    model, x, y, loss = network()
    out = model(x)
    loss = out.sum()
    loss.backward()
    dot = mg.graph(loss).to_dot(depth=0, values=True, grads=True)
    (box,) = [b for b in boxes(dot) if "Sequential" in b[0] or b[0] == "out"]
    first = f"{out[0, 0].item():.4g}".replace("-", "−")
    assert any(t.startswith(f"[[{first}") for t in box)
    assert any(t.startswith("grad [[1, 1]") for t in box)


def test_bad_options_are_refused():
    g = mg.graph(network()[-1])
    with pytest.raises(ValueError, match="by must be 'module' or None"):
        g.to_dot(by="line")
    for depth in (-1, 1.5, True):
        with pytest.raises(ValueError, match="depth must be a number of modules"):
            g.to_dot(depth=depth)


@pytest.mark.parametrize(("module", "said"), [
    (nn.Linear(2, 3), "(2, 3)"), (nn.Conv2d(1, 4, 3), "(1, 4, 3)"), (nn.MaxPool2d(2), "(2)"),
    (nn.Conv2d(1, 4, (3, 5), padding=1), "(1, 4, (3, 5), padding=1)"), (nn.LayerNorm(16), "(16)"),
    (nn.LSTM(3, 4, 2), "(3, 4, num_layers=2)"), (nn.ReLU(), ""), (nn.Dropout(0.1), "(p=0.1)"),
    (nn.Embedding(3, 4, padding_idx=0), "(3, 4, padding_idx=0)"), (Block(3), ""),
])  # fmt: skip
def test_how_a_module_was_made(module, said):
    assert module_arguments(module) == said


# --- opening and closing --------------------------------------------------------------------------


def states(g, **options):
    chosen = options_for(g, options)
    base = drawing_for(g, chosen)
    return views(base, lambda opened: drawing_for(g, chosen, frames=opened))


def test_every_frame_opens_and_closes_again():
    model, x, y, loss = network()
    found = states(mg.graph(loss), depth=1)
    assert 3 < len(found) <= MOST_VIEWS
    for number, view in enumerate(found):
        shown = set(view.drawing.frames)
        assert {t.part for t in view.toggles} <= shown
        for toggle in view.toggles:
            after = found[toggle.view]
            twin = ("f" if toggle.expanded else "c") + toggle.part[1:]
            assert twin in after.drawing.frames, (number, toggle)


def test_the_page_has_all_pictures_and_the_same_bytes_twice():
    model, x, y, loss = network()
    html = [mg.graph(loss)._repr_mimebundle_()["text/html"] for _ in range(2)]
    assert html[0] == html[1] and "minigrad-frames" in html[0] and len(html[0]) < 300_000
    w = mg.tensor([1.0], requires_grad=True)
    plain = mg.graph(w * 2)
    assert "minigrad-frames" not in plain._repr_mimebundle_()["text/html"]


def test_a_loop_inside_of_a_module_is_folded_by_lines():
    class Loop(nn.Module):
        def __init__(self):
            super().__init__()
            self.w = nn.Parameter(mg.ones(3))

        def forward(self, x):
            for _ in range(300):
                x = (x * self.w).tanh()
            return x

    model = Loop()
    dot = mg.graph(model(mg.ones(3)).sum()).to_dot()
    assert "folded into" in dot and len(boxes(dot)) < 20
