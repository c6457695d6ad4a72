"""The calls of modules and functions that made a graph: frames, names, repetitions."""

import gc
import sys
import weakref

import minigrad as mg

nn, F = mg.nn, mg.nn.functional


class Block(nn.Module):
    def __init__(self, d):
        super().__init__()
        self.norm, self.mlp = nn.LayerNorm(d), nn.Sequential(nn.Linear(d, d), nn.ReLU())

    def forward(self, x):
        return x + self.mlp(self.norm(x))


class Net(nn.Module):
    def __init__(self, layers=4, d=3):
        super().__init__()
        self.blocks = nn.ModuleList([Block(d) for _ in range(layers)])
        self.head = nn.Linear(d, 2)

    def forward(self, x):
        for block in self.blocks:
            x = block(x)
        return self.head(x)


def told(g):
    """The frames as text: level, name, title, how often."""
    return [(f.level, f.name, f.title, f.repeats) for f in g.structure.frames if f.again_of < 0]


def test_modules_are_frames_inside_each_other_with_the_users_names():
    model = Net(2)
    loss = F.cross_entropy(model(mg.ones(4, 3)), mg.tensor([0, 1, 1, 0]))
    g = mg.graph(loss)
    found = told(g)
    assert found[0] == (0, "model", "Net", 1)
    assert (1, "blocks.0", "Block", 2) in found and (1, "head", "Linear", 1) in found
    assert (2, "norm", "LayerNorm", 1) in found and (2, "mlp", "Sequential", 1) in found
    assert (3, "0", "Linear", 1) in found and (3, "1", "ReLU", 1) in found
    assert (0, "", "cross_entropy", 1) in found


def test_every_node_lies_in_its_frame_and_frames_in_each_other():
    model = Net(3)
    g = mg.graph(model(mg.ones(4, 3)).sum())
    s = g.structure
    for i in range(g._b.first_op, len(g)):
        for n in s.around(s.of[i]):
            assert s.frames[n].lo <= i < s.frames[n].hi
    for frame in s.frames:
        for c in frame.children:
            assert frame.lo <= s.frames[c].lo and s.frames[c].hi <= frame.hi
    weight = g[model.head.weight].index
    assert s.frames[s.of[weight]].title in ("Linear", "linear")


def test_equal_modules_are_one_and_others_are_not():
    model = Net(4)
    g = mg.graph(model(mg.ones(4, 3)).sum())
    blocks = [f for f in g.structure.frames if f.title == "Block"]
    assert [f.repeats for f in blocks] == [4, 1, 1, 1]
    assert {f.again_of for f in blocks[1:]} == {blocks[0].number}
    # The twin of a node in a later block is the one at its place in the first.
    for i in range(blocks[2].lo, blocks[2].hi):
        twin = g.structure.drawn_for(i)
        assert blocks[0].lo <= twin < blocks[0].hi and g.at(twin).op == g.at(i).op
    mixed = nn.Sequential(nn.Linear(3, 3), nn.Linear(3, 4), nn.Linear(4, 4))
    g = mg.graph(mixed(mg.ones(1, 3)).sum())
    assert all(f.repeats == 1 for f in g.structure.frames)


def test_a_module_that_was_called_twice_is_two_frames():
    layer = nn.Linear(3, 3)
    g = mg.graph(layer(layer(mg.ones(1, 3)).tanh()).sum())
    assert [f.name for f in g.structure.frames if f.title == "Linear"] == ["layer", "layer"]
    assert g.structure.of[g["layer.weight"].index] == -1  # used by both


def test_a_function_of_several_operations_is_one_frame_and_those_inside_are_not():
    x, y = mg.randn(4, 3, requires_grad=True), mg.tensor([0, 1, 2, 0])
    g = mg.graph(F.cross_entropy(x, y, label_smoothing=0.1) + F.cosine_similarity(x, x * 2).sum())
    titles = [f.title for f in g.structure.frames]
    assert "cross_entropy" in titles and "cosine_similarity" in titles and "norm" not in titles


def test_identity_hooks_and_modules_that_are_gone():
    def made():
        net = nn.Sequential(nn.Identity(), nn.Linear(3, 2))
        net[1].register_forward_hook(lambda m, args, out: out * 2)
        return net(mg.ones(1, 3)).sum()

    loss = made()
    gc.collect()
    g = mg.graph(loss)
    assert [f.title for f in g.structure.frames if f.is_module][:1] == ["Sequential"]
    assert all(f.module is None for f in g.structure.frames if f.is_module)
    assert g.to_dot()


def test_a_module_that_keeps_its_result_makes_no_cycle():
    class Keeps(nn.Module):
        def __init__(self):
            super().__init__()
            self.layer = nn.Linear(2, 2)

        def forward(self, x):
            self.out = self.layer(x)
            return self.out

    gc.collect()
    gc.disable()
    try:
        model = Keeps()
        loss = model(mg.ones(1, 2)).sum()
        mg.graph(loss).structure  # noqa: B018
        gone = weakref.ref(model)
        del model, loss
        assert gone() is None
    finally:
        gc.enable()


def test_it_costs_a_bounded_number_of_calls_a_node():
    def calls(layers):
        model = Net(layers)
        g = mg.graph(model(mg.ones(1, 3)).sum())
        count = 0

        def look(frame, event, arg):
            nonlocal count
            count += event == "call"

        sys.setprofile(look)
        try:
            g.structure  # noqa: B018
        finally:
            sys.setprofile(None)
        return count

    assert calls(80) < 2.3 * calls(40)
