"""Every call of the tables, drawn, described and explained: no internals are seen in it."""

import re
import warnings

import core_cases
import covered
import functional_cases
import numpy as np
import pytest
from calls import lines
from golden_calls import variants
from shapes import draw_inputs

import minigrad as mg

LEAKS = re.compile(
    r"name=|array\(|<\[|&lt;\[|dtype\('|dtype=dtype|\bnp\.|numpy| object at |textstyle|<function|"
    r"<lambda|_in_place|_shapes|overload|dwith|\d_d\b|_ctx|Backward\d"
)
TABLES = [*core_cases.TABLES.values(), *functional_cases.TABLES.values()]
LINES = [line for table in TABLES for line in lines(table)]
PUBLIC = (mg, mg.Tensor, mg.nn.functional, mg.linalg, mg.special, mg.fft)
# Nodes that no function of the user's has the name of: what writes into a part of a tensor.
UNNAMED = {"CopySlices", "slice", "index"}


def graphs():
    """(the call, its graph) for every call of the tables that records something."""
    for line in LINES:
        call = variants(line)[0]
        yield line, call, call.arrays(0), call.fixed
    for module, groups in covered.CASES.items():
        for case in [case for group in groups for case in getattr(module, group)]:
            shape = None if case.shapes else (3,) if case.shape == "vector" else (2, 3)
            arrays = draw_inputs(np.random.default_rng(0), case, "float64", shape)
            yield case.name, case.call, arrays, ()


def graph_of(call, arrays, fixed):
    inputs = [mg.tensor(a, requires_grad=a.dtype.kind in "fc" and i not in fixed)
              for i, a in enumerate(arrays)]  # fmt: skip
    outs = call(mg, *inputs)
    outs = list(outs) if isinstance(outs, (tuple, list)) else [outs]
    roots = [t for t in outs if isinstance(t, mg.Tensor) and t.requires_grad]
    return mg.graph(roots) if roots else None


def texts(g):
    for options in ({"by": None, "fold": False}, {}):
        labels = re.findall(r"label=<(.*?)>, class", g.to_dot(formulas=True, **options))
        yield re.sub(r"<[^>]*>", " ", " | ".join(labels))
    yield re.sub(r"line \d+: .*", "", g.describe(limit=None))
    root, leaf = g.roots[0], next((n for n in g.leaves if n.kind == "leaf"), None)
    explained = len(g.roots) == 1 and root.op and root.dtype.is_floating_point
    if leaf is not None and explained:
        try:
            start = mg.ones(root.shape, dtype=root.dtype)
            explained = mg.explain(g, wrt=leaf.name, gradient=start)
        except (RuntimeError, NotImplementedError):  # a gradient that does not exist, as of qr's R
            return
        yield explained.describe()
        yield explained.latex.replace(r"\textstyle", "")
        yield explained._repr_markdown_().replace(r"\textstyle", "")


def is_public(name):
    return any(hasattr(place, name) for place in PUBLIC)


@pytest.fixture(scope="module")
def drawn():
    found = []
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        for text, call, arrays, fixed in graphs():
            g = graph_of(call, arrays, fixed)
            if g is not None:
                text = text.partition("| ")[2] or text  # the call alone
                found.append((text, {n.op for n in g if n.op}, list(texts(g))))
    return found


def test_every_operation_is_drawn(drawn):
    assert len(drawn) > 500 and len({op for _, ops, _ in drawn for op in ops}) > 180


def test_nothing_internal_is_seen(drawn):
    leaks = [f"{text}: {found[0]!r} in {said[max(0, found.start() - 40) : found.end() + 40]!r}"
             for text, _, texts in drawn for said in texts
             for found in [LEAKS.search(said)] if found]  # fmt: skip
    assert not leaks, f"{len(leaks)} leaks:\n" + "\n".join(leaks[:40])


def test_operations_have_the_names_of_functions(drawn):
    strange = {op: text for text, ops, _ in drawn for op in ops
               if not is_public(op) and op not in UNNAMED}  # fmt: skip
    assert not strange, strange


def test_the_test_sees_leaks():
    for text in ("nll_loss(index=[<[50]>", "unsafe_view(name='x')", "weights=array([1., 1.])",
                 "max_pool2_dwith_indices", "avg_pool2_d(2)"):  # fmt: skip
        assert LEAKS.search(text)


def test_a_box_is_one_call_of_the_users():
    F = mg.nn.functional
    x, y = mg.randn(2, 3, 4, requires_grad=True), mg.randn(2, 4, 5, requires_grad=True)
    image = mg.randn(1, 1, 4, 4, requires_grad=True)
    logits, target = mg.randn(4, 3, requires_grad=True), mg.tensor([0, 1, 2, 0])
    products = x @ y
    pooled = F.max_pool2d(image, 2)
    loss = F.cross_entropy(logits, target, reduction="sum")
    chosen = logits[mg.tensor([0, 2])]
    soft = F.softmax(logits, dim=1)
    for result, words, inputs in (
        (products, "x @ y", {"x", "y"}),
        (pooled, "max_pool2d(2)", {"image"}),
        (loss, "cross_entropy(reduction='sum')", {"logits", "target"}),
        (chosen, "logits[mg.tensor([0, 2])]", {"logits"}),
        (soft, "softmax(dim=1)", {"logits"}),
    ):
        dot = mg.graph(result).to_dot()
        labels = [re.sub(r"<[^>]*>", "\n", m) for m in re.findall(r"label=<(.*?)>, class", dot)]
        boxes = [[t for t in label.split("\n") if t] for label in labels]
        assert any(words in [t.replace("&#x27;", "'") for t in box] for box in boxes), boxes
        assert inputs <= {box[0] for box in boxes}
        assert len(boxes) <= len(inputs) + 2
        opened = mg.graph(result).to_dot(detail=True)
        assert opened.count("label=<") >= dot.count("label=<")


