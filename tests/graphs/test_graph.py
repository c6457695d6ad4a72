"""The graph-inspection API: structure against PyTorch and networkx, names, values, text, JSON."""

import json
import random
import sys
import weakref
from collections import Counter

import numpy as np
import pytest

import minigrad as mg
from minigrad.graphs.recorded_graph import Graph


def leaf(*shape, seed=0):
    array = np.random.default_rng(seed).standard_normal(shape).astype("f")
    return mg.tensor(array, requires_grad=True)


def data(*shape, seed=1):
    return leaf(*shape, seed=seed).detach()


def names(nodes):
    return [node.name for node in nodes]


def seed_network():
    x, y = data(4, 6), data(4, 2, seed=2)
    w1, w2 = leaf(6, 5), leaf(5, 2)
    y_pred = x.mm(w1).clamp(min=0).mm(w2)
    loss = (y_pred - y).pow(2).sum()
    return x, y, w1, w2, y_pred, loss


# --- structure -----------------------------------------------------------------------------------


def test_seed_network():
    x, y, w1, w2, y_pred, loss = seed_network()
    g = mg.graph(loss)
    assert names(g) == ["x", "w1", "w2", "y", "mm", "clamp", "y_pred", "sub", "pow", "loss"]
    assert names(g.leaves) == ["w1", "w2"]
    assert names(g.constants) == ["x", "y"]
    assert names(g.roots) == ["loss"]
    assert [n.kind for n in g] == ["constant", "leaf", "leaf", "constant", *["op"] * 5, "root"]
    assert [n.op for n in g][4:] == ["mm", "clamp", "mm", "sub", "pow", "sum"]
    assert names(g["y_pred"].inputs) == ["clamp", "w2"]
    assert names(g["y_pred"].outputs) == ["sub"]
    assert g["clamp"].params == {"min": 0} and g["pow"].params == {"exponent": 2}
    assert len(g) == 10 and len(g.edges) == 9
    assert g["y_pred"].shape == (4, 2) and g["y_pred"].dtype is mg.float32
    assert g["y_pred"].formula == "Y = A B"
    assert g["sub"].vjp_formulas == {"a": r"\bar y", "b": r"-\bar y"}
    assert g["loss"].source[2] == "loss = (y_pred - y).pow(2).sum()"
    assert g["loss"].source[0] == __file__
    assert g["w1"].source is None and g["w1"].op is None and g["w1"].formula == ""
    assert repr(g) == "Graph(x, w1, w2, y -> loss: 6 operations)"


def test_everything_but_values_is_there_after_backward():
    x, y, w1, w2 = data(4, 6), data(4, 2, seed=2), leaf(6, 5), leaf(5, 2)
    y_pred = x.mm(w1).clamp(min=0).mm(w2)
    loss = (y_pred - y).pow(2).sum()
    before = mg.graph(loss)
    loss.backward()
    after = mg.graph(loss)
    assert after.to_json() == before.to_json()
    assert after["pow"].value is None  # freed
    assert before["sub"].value is not None  # kept by the graph that was asked for in time


def test_a_graph_made_before_backward_shows_the_gradients_after_it():
    x, y, w1, w2, y_pred, loss = seed_network()
    y_pred.retain_grad()
    g = mg.graph(loss)
    assert g["w1"].grad is None and g["y_pred"].grad is None
    loss.backward()
    assert g["w1"].grad is w1.grad
    assert np.allclose(g["y_pred"].grad.numpy(), 2 * (y_pred - y).detach().numpy())
    assert g["mm"].grad is None  # not retained
    assert g["x"].grad is None


def program(lib, w, v, x):
    a = lib.tanh(x.mm(w) * 2.0)
    b, c = a.chunk(2, 1)
    d = b * c + b * b
    e = lib.cat([d, c], 1).sum(dim=0)
    biggest = (a @ v).max(0)[0]
    return (e * biggest).exp().mean() + w.t()[1].sum()


def functions_of(torch_tensor):
    """PyTorch's nodes and edges, by its own public attributes."""
    todo, seen, edges = [torch_tensor.grad_fn], {torch_tensor.grad_fn}, Counter()
    while todo:
        fn = todo.pop()
        for before, _ in fn.next_functions:
            if before is not None:
                edges[before.name(), fn.name()] += 1
                if before not in seen:
                    seen.add(before)
                    todo.append(before)
    return Counter(fn.name() for fn in seen), edges


def test_structure_is_pytorchs(torch):
    arrays = [np.random.default_rng(i).random(s).astype("f") for i, s in enumerate(
        [(4, 6), (6, 6), (3, 4)])]  # fmt: skip
    w, v, x = (torch.tensor(a) for a in arrays)
    expected_nodes, expected_edges = functions_of(
        program(torch, w.requires_grad_(), v.requires_grad_(), x)
    )
    w, v, x = (mg.tensor(a) for a in arrays)
    w.requires_grad_(), v.requires_grad_()
    root = program(mg, w, v, x)
    g = mg.graph(root)

    def torch_name(node):
        return "AccumulateGrad" if node.kind == "leaf" else node._node.name()  # as PyTorch's

    # PyTorch has one node for all outputs of an operation, a graph here has one for each.
    found = Counter({torch_name(n) for n in g if n.output is not None})
    found += Counter(torch_name(n) for n in g if n.output is None and n.kind != "constant")
    rename = {"torch::autograd::AccumulateGrad": "AccumulateGrad"}
    expected = Counter({rename.get(k, k): n for k, n in expected_nodes.items()})
    assert found == expected

    def pairs(edges):
        split_inputs = {("TanhBackward0", "SplitBackward0"): 1}
        return {k: split_inputs.get(k, n) for k, n in edges.items()}

    found_edges = Counter((torch_name(a), torch_name(b)) for a, b in g.edges
                          if a.kind != "constant")  # fmt: skip
    renamed = Counter()
    for (a, b), n in expected_edges.items():
        renamed[rename.get(a, a), b] += n
    assert pairs(found_edges) == pairs(renamed)


@pytest.mark.parametrize("seed", range(5))
def test_random_graphs_against_networkx(seed):
    networkx = pytest.importorskip("networkx", reason="the judge of this test")
    choose = random.Random(seed)
    tensors = [leaf(2, seed=i) for i in range(3)] + [data(2, seed=9)]
    truth = networkx.MultiDiGraph()
    for i in range(3):
        truth.add_node(id(tensors[i]))
    for _ in range(60):
        a, b = choose.choices(tensors[-10:], k=2)
        y = a * b
        for t in (a, b):
            if y.requires_grad:
                truth.add_edge(id(t), id(y))
        tensors.append(y)
    root = tensors[-1]
    below = networkx.ancestors(truth, id(root)) | {id(root)}
    g = mg.graph(root, names={f"t{i}": t for i, t in enumerate(tensors)})
    by_name = {f"t{i}": id(t) for i, t in enumerate(tensors)}
    found = {by_name[n.name] for n in g}
    assert found == below
    want = Counter((a, b) for a, b, _ in truth.subgraph(below).edges)
    assert Counter((by_name[a.name], by_name[b.name]) for a, b in g.edges) == want
    position = {n: i for i, n in enumerate(g)}
    assert all(position[a] < position[b] for a, b in g.edges)
    made = g.to_networkx()
    assert networkx.is_directed_acyclic_graph(made) and len(made) == len(g)


def test_several_roots_and_a_root_inside_another():
    w = leaf(3)
    h = w * 2
    loss = h.sum()
    g = mg.graph([h, loss])
    assert [(n.name, n.kind) for n in g.roots] == [("h", "root"), ("loss", "root")]
    assert len(g) == 4 and names(g["loss"].inputs) == ["h"]
    assert len(mg.graph([h, h]).roots) == 1


def test_a_leaf_and_a_constant_alone():
    w, x = leaf(3), data(3)
    g = mg.graph(w)
    assert [(n.name, n.kind) for n in g] == [("w", "leaf")] and g.roots == g.leaves == g.nodes
    g = mg.graph(x)
    assert [(n.name, n.kind) for n in g] == [("x", "constant")] and g.roots == g.constants
    assert repr(g) == "Graph(x: no operations)" and "[3]" in g.describe()


def test_an_input_used_twice_has_two_edges():
    w = leaf(3)
    y = w * w
    g = mg.graph(y)
    assert [(a.name, b.name) for a, b in g.edges] == [("w", "y")] * 2
    assert names(g["w"].outputs) == ["y"]


def test_each_output_of_an_operation_is_a_node():
    x = leaf(2, 6)
    a, b, c = x.chunk(3, 1)
    y = a * c
    g = mg.graph(y)
    assert [(n.name, n.output, n.shape) for n in g][1:3] == [("a", 0, (2, 2)), ("c", 2, (2, 2))]
    assert "b" not in g and b.shape == (2, 2)


def test_a_million_operations_and_no_recursion():
    limit = sys.getrecursionlimit()
    w = leaf()
    y = w
    for _ in range(20_000):  # with a limit of 200 frames, as telling as a million with 1000
        y = -y
    sys.setrecursionlimit(max(200, len_of_stack() + 60))
    try:
        g = mg.graph(y)
        text = g.describe(limit=4)
    finally:
        sys.setrecursionlimit(limit)
    assert len(g) == 20_001
    assert "19,997 more nodes" in text and len(text.splitlines()) == 6


def len_of_stack():
    frame, n = sys._getframe(), 0
    while frame is not None:
        frame, n = frame.f_back, n + 1
    return n


def test_a_graph_makes_no_reference_cycle():
    w = leaf(3)
    g = mg.graph((w * w).sum())
    g["w"], g.nodes, g.edges, g.describe(), list(g)[0].outputs
    gone = weakref.ref(g)
    del g
    assert gone() is None


def test_a_graph_does_not_change_the_backward_pass():
    x, y, w1, w2, y_pred, loss = seed_network()
    loss.backward()
    expected = w1.grad.numpy().copy()
    x, y, w1, w2, y_pred, loss = seed_network()
    mg.graph(loss).describe()
    loss.backward()
    assert np.array_equal(w1.grad.numpy(), expected)


def test_graph_of_a_gradient():
    w = leaf(3)
    (first,) = mg.autograd.grad((w * w * w).sum(), w, create_graph=True)
    g = mg.graph(first)
    assert names(g.leaves) == ["w"] and names(g.roots) == ["first"]


# --- names ---------------------------------------------------------------------------------------


class Layer:
    def __init__(self, n):
        self.weight = leaf(n, n)
        self._hidden = leaf(n)


class Net:
    """Has what a graph asks of a module."""

    def __init__(self):
        self.fc = Layer(2)

    def named_parameters(self):
        yield "fc.weight", self.fc.weight


w_global = leaf(2, 2)


def test_names_inside_containers_and_objects():
    layers = [leaf(2), leaf(2)]
    params = {"w": leaf(2), 3: leaf(2)}
    pair = [(leaf(2), leaf(2))]
    layer = Layer(2)
    model = Net()
    total = (layers[1] + params["w"] + params[3] + pair[0][1] + layer.weight + model.fc.weight
             + w_global).sum()  # fmt: skip
    g = mg.graph(total)
    assert set(names(g.leaves)) == {
        "layers[1]", "params['w']", "params[3]", "pair[0][1]", "layer.weight", "model.fc.weight",
        "w_global",
    }  # fmt: skip


def test_the_first_defined_name_wins_and_others_are_aliases():
    w1 = leaf(2)
    params = [w1, leaf(2)]
    for p in params:
        assert p.requires_grad
    other_name_of_w1 = w1
    g = mg.graph(params[0] * params[1])
    assert names(g.leaves) == ["w1", "params[1]"]  # and not p, which is only the loop's
    assert g["w1"].aliases == ("params[0]", "other_name_of_w1")
    assert g["params[0]"] == g["w1"] and g["p"] == g["params[1]"] and other_name_of_w1 is w1


def test_private_names_come_last_and_history_never():
    scope = {"_": leaf(2), "_1": leaf(2), "Out": {1: leaf(2)}, "_w": leaf(2)}
    both = leaf(2)
    scope.update(_b=both, b=both, mg=mg)
    exec("y = (_ + _1 + Out[1] + _w + b).sum()\ng = mg.graph(y)", scope)
    assert set(names(scope["g"].leaves)) == {"leaf", "leaf_2", "leaf_3", "_w", "b"}
    assert scope["g"]["b"].aliases == ("_b",)


def test_given_names_win():
    w = leaf(2)
    y = w * 2
    g = mg.graph(y, names={"weights": w})
    assert names(g.leaves) == ["weights"] and names(g.roots) == ["y"]
    assert g["weights"].aliases == ("w",)
    model = Net()
    g = mg.graph(model.fc.weight.sum(), names=model)
    assert names(g.leaves) == ["fc.weight"]
    with pytest.raises(TypeError, match="names must be a dict"):
        mg.graph(y, names=[w])
    with pytest.raises(TypeError, match="keys must be str"):
        mg.graph(y, names={1: w})


def test_a_hidden_variable_does_not_name_another_tensor():
    def inner(w):
        return mg.graph((w * w_global).sum(), names={"w_global": w})

    g = inner(leaf(2, 2))
    assert names(g.leaves) == ["w_global", "leaf"]


def test_names_of_results_come_from_the_source():
    w = leaf(3, 3)

    def cell(h):
        z = mg.tanh(h @ w)
        return z * 0.5

    h = data(2, 3)
    for _ in range(3):
        h = cell(h)
    low, high = h.chunk(2, 0)
    loss = (low
            .mul(high)
            .sum())  # fmt: skip
    g = mg.graph(loss)
    found = names(g)
    assert [n for n in found if n.startswith("z")] == ["z_1", "z_2", "z_3"]
    assert {"h", "low", "high", "loss", "mm", "mm_2", "mul"} <= set(found)
    assert g["loss"].inputs[0].source[2] == ".mul(high)"  # the line of the method's name
    assert names(g["z_2"].inputs) == ["mm_2"]


def test_names_are_unique_and_find_their_node():
    mul = leaf(2)
    y = mul * mul * mul * mul
    g = mg.graph(y)
    assert names(g) == ["mul", "mul_2", "mul_3", "y"]
    assert all(g[n.name] == n for n in g)


# --- constants -----------------------------------------------------------------------------------


def test_constants_that_nothing_saved_are_found_by_name():
    y, w = data(2, seed=5), leaf(2)
    d = {"target": data(2, seed=6)}
    loss = (w - y - d["target"] + 3).sum()
    g = mg.graph(loss)
    assert names(g.constants) == ["y", "d['target']", "3"]
    assert np.array_equal(g["y"].value.numpy(), y.numpy())
    assert g["3"].is_number and g["3"].value.item() == 3


def test_a_variable_that_is_another_tensor_now_does_not_give_its_numbers():
    y, w = data(2, seed=5), leaf(2)
    first = y.tolist()
    h = w * 1
    loss = (h - y).pow(2).sum()
    y = data(2, seed=7)
    g = mg.graph(loss)
    assert g["sub"].inputs[1].name == "y" and g["sub"].inputs[1].value.tolist() == first
    assert y is not None


def test_numbers_stand_in_their_operation():
    w = leaf(2)
    y = 2.5 * w + 1
    g = mg.graph(y)
    assert [n.label for n in g.constants] == ["2.5", "1"]
    assert "mul = mul(w, 2.5)" in g.describe()
    assert "\n2.5" not in g.describe()


def test_an_operand_on_either_side_of_a_product():
    def f(w, x, scale):
        return x * w + (scale * w).sum()

    x, w = data(2), leaf(2)
    out = f(w, x, 3.0)
    g = mg.graph(out)
    products = [n for n in g if n.op == "mul"]
    assert sorted(i.label for n in products for i in n.inputs) == ["3", "w", "w", "x"]


# --- values --------------------------------------------------------------------------------------


def test_values_are_those_of_the_forward_pass():
    x, y, w1, w2, y_pred, loss = seed_network()
    g = mg.graph(loss)
    hidden = x.numpy() @ w1.detach().numpy()
    assert np.allclose(g["mm"].value.numpy(), hidden)
    assert np.allclose(g["clamp"].value.numpy(), np.maximum(hidden, 0))
    assert g["y_pred"].value.numpy() is y_pred.detach().numpy()  # not a copy
    assert not g["y_pred"].value.requires_grad
    assert g["pow"].value is None  # nobody has kept it


def test_a_saved_value_that_was_written_to_is_not_shown():
    w = leaf(2)
    h = w * 1
    y = h * h
    kept = mg.graph(y.sum())
    assert kept["h"].value is not None
    with mg.no_grad():
        h.detach().mul_(2)
    del h
    assert mg.graph(y.sum())["h"].value is None


# --- text and data -------------------------------------------------------------------------------


def test_describe_is_one_line_a_node():
    x, y, w1, w2, y_pred, loss = seed_network()
    lines = mg.graph(loss).describe().splitlines()
    assert len(lines) == 11
    line = next(text for text in lines if text.startswith("y_pred"))
    assert line.split("  ")[0] == "y_pred = mm(clamp, w2)"
    assert "[4, 2]" in line and "float32" in line
    assert line.endswith(": y_pred = x.mm(w1).clamp(min=0).mm(w2)") and "  line " in line


def test_json_follows_its_schema():
    x, y, w1, w2, y_pred, loss = seed_network()
    loss.backward()
    record = json.loads(mg.graph(loss).to_json(values=True))
    assert record["format"] == "minigrad-graph" and record["version"] == 1
    assert record["roots"] == [9]
    assert [n["id"] for n in record["nodes"]] == list(range(10))
    assert all(i < n["id"] for n in record["nodes"] for i in n["inputs"])
    node = record["nodes"][1]
    assert list(node) == ["id", "name", "aliases", "kind", "op", "params", "output", "shape",
                          "dtype", "formula", "vjp_formulas", "source", "inputs", "value",
                          "grad"]  # fmt: skip
    assert np.allclose(node["grad"], w1.grad.numpy()) and node["shape"] == [6, 5]
    assert record["nodes"][9]["source"]["text"] == "loss = (y_pred - y).pow(2).sum()"


def test_json_is_strict():
    def refuse(text):
        raise AssertionError(f"{text} is not JSON")

    w = mg.tensor([float("nan"), float("inf"), -float("inf"), 1.0], requires_grad=True)
    y = w * 1
    record = json.loads(mg.graph(y).to_json(values=True), parse_constant=refuse)
    assert record["nodes"][0]["value"] == ["NaN", "Infinity", "-Infinity", 1.0]


def networkx_formats():
    """For each format a function that writes a networkx graph to a path and reads it back."""

    def through_json(nx, made, path):
        path.write_text(json.dumps(nx.node_link_data(made, edges="edges"), allow_nan=False))
        return nx.node_link_graph(json.loads(path.read_text()), edges="edges")

    def through_graphml(nx, made, path):
        nx.write_graphml(made, path)
        return nx.read_graphml(path, force_multigraph=True)

    def through_gexf(nx, made, path):
        nx.write_gexf(made, path)
        return nx.read_gexf(path)

    return [through_json, through_graphml, through_gexf]


@pytest.mark.parametrize("through", networkx_formats())
@pytest.mark.filterwarnings("ignore::DeprecationWarning")  # networkx's own
def test_networkx_writes_and_reads_it_back(tmp_path, through):
    networkx = pytest.importorskip("networkx", reason="what writes the file")
    w = leaf(2, 3)
    h = data(4, 2) @ w
    parts = (h * h * 2).unbind()  # numbers, an input used twice, one of several outputs
    loss = (parts[0] + 1j).abs().sum() + mg.linalg.norm(h[1:])
    g = mg.graph(loss, names={"w\x00 <&é\ud800": w, "loss": loss})
    made = g.to_networkx()
    read = through(networkx, made, tmp_path / "graph")
    named = {data.get("label", name): data for name, data in read.nodes(data=True)}
    assert named.keys() == set(made) and len(made) == len(g)
    for node, name in zip(g, made):
        attributes = {k: named[name][k] for k in made.nodes[name]}
        assert attributes == made.nodes[name], name
        assert attributes["shape"] == ("" if node.shape is None else str(list(node.shape)))
        assert (attributes["kind"], attributes["op"]) == (node.kind, node.op or "")
    assert named["loss"]["line"] == g["loss"].source[1] and "unbind" not in named["loss"]["source"]

    def edges(graph):
        return sorted((a, b, d["position"]) for a, b, d in graph.edges(data=True))

    assert edges(read) == edges(made)
    want = [(j, i, p) for i, row in enumerate(g.input_lists) for p, j in enumerate(row)]
    order = {name: i for i, name in enumerate(made)}
    assert sorted((order[a], order[b], p) for a, b, p in edges(made)) == sorted(want)


def test_networkx_missing(monkeypatch):
    monkeypatch.setitem(sys.modules, "networkx", None)
    with pytest.raises(ImportError, match="pip install networkx"):
        mg.graph(leaf(2)).to_networkx()


# --- errors --------------------------------------------------------------------------------------


@pytest.mark.parametrize("wrong", [3.0, None, "loss", [1.0], np.zeros(2)])
def test_root_must_be_a_tensor(wrong):
    with pytest.raises(TypeError, match="argument 'root' must be Tensor.*give the tensor"):
        mg.graph(wrong)


def test_no_roots():
    with pytest.raises(ValueError, match="empty list of roots"):
        mg.graph([])


def test_looking_up_what_is_not_there():
    weight = leaf(2)
    g = mg.graph(weight * 2)
    with pytest.raises(KeyError, match="no node is named 'wieght'.*'weight'"):
        g["wieght"]
    with pytest.raises(KeyError, match="not in the graph"):
        g[leaf(2)]
    with pytest.raises(TypeError, match="by name or tensor"):
        g[0]
    assert g[weight].name == "weight" and "weight" in g and weight in g
    assert isinstance(g, Graph) and g.roots[0] in g


def test_a_write_into_a_view_says_which_part():
    base = leaf(3) * 2
    view = base[1:]
    view.mul_(3)
    other = leaf(2, 3) * 2
    other.t()[0].mul_(5)
    assert "[1:])" in mg.graph(base).describe()
    assert "t, [0])" in mg.graph(other).describe()
    assert "[1:]" in mg.graph(base).to_dot()
