"""explain: the numbers on the paths multiply and add up to the real gradient; text is safe."""

import itertools
import math
import re

import linalg_cases
import math_cases
import networkx
import numpy as np
import pytest
from against_torch import Case, draw_array, weigh
from hypothesis import given, settings
from hypothesis import strategies as st

import minigrad as mg
from minigrad.drawing.latex import formula_plain, name_latex, with_names


def double(value, grad=True):
    return mg.tensor(value, dtype=mg.float64, requires_grad=grad)


def total(explanation):
    """The sum over all paths of the product of the derivatives on the path."""
    return sum(math.prod(path.derivatives) for path in explanation.paths)


def assert_balanced(latex):
    bare = re.sub(r"\\[\\{}]", "", latex)
    depths = list(itertools.accumulate({"{": 1, "}": -1}.get(c, 0) for c in bare))
    assert min(depths) == 0 and depths[-1] == 0
    assert latex.count(r"\begin{") == latex.count(r"\end{")
    assert latex.count(r"\left") == latex.count(r"\right")


def difference(f, x, eps=1e-6):
    """The derivative of a function of one number."""
    return (f(x + eps) - f(x - eps)) / (2 * eps)


# --- single numbers ------------------------------------------------------------------------------


def test_a_number_used_twice():
    w = double(3.0)
    a = w * 2
    loss = a * w  # 2 w^2
    e = mg.explain(loss, wrt=w)
    assert e.n_paths == 2
    assert sorted(p.names for p in e.paths) == [["w", "a", "loss"], ["w", "loss"]]
    shares = {tuple(p.names): p.gradient.item() for p in e.paths}
    assert shares == {("w", "a", "loss"): 6.0, ("w", "loss"): 6.0}
    assert e.gradient.item() == total(e) == 12.0
    assert w.grad is None  # nothing was accumulated
    loss.backward()  # and nothing freed
    assert w.grad.item() == 12.0


def test_the_same_input_twice_is_two_paths():
    x = double(5.0)
    y = x * x
    e = mg.explain(y)
    assert [p.names for p in e.paths] == [["x", "y"]] * 2
    assert [s.position for p in e.paths for s in p.steps] == [0, 1]
    assert e.gradient.item() == 10.0
    assert "grad(x) = grad(y) ⊙ x + grad(y) ⊙ x = 5 + 5 = 10" in e.describe()


OPERATIONS = [
    lambda a, b: a + b, lambda a, b: a - b, lambda a, b: a * b, lambda a, b: a / (b * b + 1),
    lambda a, b: (a + b).tanh(), lambda a, b: a.sin() * b, lambda a, b: (a * 0.5).exp() - b,
    lambda a, b: mg.maximum(a, b),
]  # fmt: skip


@st.composite
def programs(draw):
    """Random programs of one number: each line uses two earlier results."""
    length = draw(st.integers(1, 7))
    return [
        (draw(st.sampled_from(range(len(OPERATIONS)))), draw(st.integers(0, i)),
         draw(st.integers(0, i)))
        for i in range(length)
    ]  # fmt: skip


def run(program, x):
    results = [x]
    for op, i, j in program:
        results.append(OPERATIONS[op](results[i], results[j]))
    return results[-1]


@settings(max_examples=50, deadline=None)
@given(programs(), st.floats(-2, 2))
def test_any_program_against_finite_differences_and_networkx(program, at):
    x = double(at + 0.123)
    y = run(program, x)
    e = mg.explain(y, wrt=x, paths=10_000, names={"x": x})
    source = mg.graph(y, names={"x": x})[x].name
    graph = mg.graph(y, names={"x": x}).to_networkx()
    ways = networkx.all_simple_edge_paths(graph, source, e.root.name)
    assert e.n_paths == len(e.paths) == sum(1 for _ in ways)
    (expected,) = mg.autograd.grad(y, x)
    assert e.gradient.item() == pytest.approx(expected.item(), rel=1e-12, abs=1e-12)
    assert total(e) == pytest.approx(expected.item(), rel=1e-9, abs=1e-9)
    assert sum(p.gradient.item() for p in e.paths) == pytest.approx(total(e), rel=1e-9, abs=1e-9)
    smooth = all(op != 7 for op, *_ in program)  # not where maximum has its kink
    if smooth:
        with mg.no_grad():
            slope = difference(lambda v: run(program, double(v, False)).item(), x.item())
        assert total(e) == pytest.approx(slope, rel=1e-3, abs=1e-4)


def test_with_respect_to_a_result_in_the_middle():
    w = double(2.0)
    h = w * 3
    loss = h * h + w
    e = mg.explain(loss, wrt=h)
    assert e.gradient.item() == 12.0 and e.n_paths == 2
    assert all(p.names[0] == "h" for p in e.paths)


# --- tensors -------------------------------------------------------------------------------------


def network():
    rng = np.random.default_rng(0)
    x, y = (mg.tensor(rng.standard_normal(s)) for s in ((4, 3), (4, 2)))
    w1, w2 = (mg.tensor(rng.standard_normal(s), requires_grad=True) for s in ((3, 5), (5, 2)))
    h = x.mm(w1)
    y_pred = (h.clamp(min=0) + h.tanh()).mm(w2) + h.sum()
    loss = (y_pred - y).pow(2).sum()
    return x, y, w1, w2, loss


def test_tensors_paths_add_up_to_the_gradient():
    x, y, w1, w2, loss = network()
    e = mg.explain(loss, wrt=w1)
    (expected,) = mg.autograd.grad(loss, w1, retain_graph=True)
    assert e.n_paths == len(e.paths) == 3
    np.testing.assert_allclose(e.gradient.numpy(), expected.numpy(), rtol=1e-12)
    np.testing.assert_allclose(sum(p.gradient.numpy() for p in e.paths), expected.numpy())
    # What arrives along a path has the shape of the tensor there.
    for path in e.paths:
        shapes = [tuple(n.shape) for n in (path.steps[0].node, *(s.input for s in path.steps))]
        assert [tuple(g.shape) for g in path.gradients] == shapes
    # Where paths meet, the terms of the tensor add up.
    (met,) = [m for m in e.meetings if m.node.name == "h"]
    assert [t.user.op for t in met.terms] == ["sum", "tanh", "clamp"]
    np.testing.assert_allclose(sum(t.part for t in met.terms), met.gradient)


def test_jacobians_multiply_to_the_gradient():
    x = mg.tensor([0.3, -0.7, 1.1], dtype=mg.float64, requires_grad=True)
    a = mg.tensor([[1.0, 2.0, 0.5], [0.0, 1.0, -1.0]], dtype=mg.float64)
    loss = a.mv(x.tanh()).pow(2).sum()
    e = mg.explain(loss, wrt=x, jacobians=True)
    product = np.eye(1)
    matrices = {(s.node.name, s.input.name): j for s, j in e.jacobians}
    for step in e.paths[0].steps:
        product = product @ matrices[step.node.name, step.input.name]
    np.testing.assert_allclose(product[0], mg.autograd.grad(loss, x)[0].numpy())
    assert "Jacobians" in e.describe() and "Jacobians" in e._repr_markdown_()


def test_a_gradient_to_start_with():
    x = double([1.0, 2.0])
    y = x * x
    with pytest.raises(RuntimeError, match="^grad can be implicitly created only for scalar"):
        mg.explain(y, wrt=x)
    e = mg.explain(y, wrt=x, gradient=double([1.0, 10.0], False))
    assert e.gradient.tolist() == [2.0, 40.0]


def test_operations_with_several_results():
    x = double([3.0, 1.0, 2.0])
    values, order = x.sort()
    a, b, c = values.unbind()
    loss = a * b + c * c
    e = mg.explain(loss, wrt=x)
    assert e.n_paths == 4
    assert e.gradient.tolist() == mg.autograd.grad(loss, x)[0].tolist() == [6.0, 2.0, 1.0]


OF_ALL_KINDS = [
    case for module in (math_cases, linalg_cases) for cases in vars(module).values()
    if isinstance(cases, list) for case in cases if isinstance(case, Case) and case.order
][::7]  # fmt: skip


@pytest.mark.parametrize("case", OF_ALL_KINDS, ids=lambda case: case.name)
@pytest.mark.filterwarnings("ignore::RuntimeWarning")
def test_operations_of_all_kinds(case):
    """A seventh of the calls that are compared with PyTorch elsewhere: numbers and LaTeX."""
    rng = np.random.default_rng(0)
    shapes = case.shapes or [(2, 3)] * len(case.domains)
    arrays = [draw_array(rng, d, tuple(s), "float64") for d, s in zip(case.domains, shapes)]
    inputs = [mg.tensor(a, requires_grad=a.dtype.kind in "fc") for a in arrays]
    out = case.call(mg, *inputs)
    outs = [t for t in (out if isinstance(out, tuple) else [out]) if t.requires_grad]
    if not outs:
        pytest.skip("nothing to differentiate")
    loss = weigh(mg, outs, 1.0)
    for leaf in (t for t in inputs if t.requires_grad):
        (expected,) = mg.autograd.grad(loss, leaf, retain_graph=True, allow_unused=True)
        if expected is None:
            continue
        e = mg.explain(loss, wrt=leaf)
        np.testing.assert_allclose(e.gradient.numpy(), expected.numpy(), rtol=1e-9, atol=1e-12)
        if len(e.paths) == e.n_paths:
            summed = sum(p.gradient.numpy() for p in e.paths)
            np.testing.assert_allclose(summed, expected.numpy(), rtol=1e-8, atol=1e-10)
        assert_balanced(e._repr_markdown_())


# --- many paths, long paths ----------------------------------------------------------------------


def test_paths_are_counted_without_listing_them():
    x = double(1.0)
    y = x
    for _ in range(100):
        y = y * 0.5 + y * 0.5
    e = mg.explain(y, wrt=x, paths=3)
    assert e.n_paths == 2**100 and len(e.paths) == 3
    assert e.gradient.item() == pytest.approx(1.0)
    text = e.describe()
    assert "about 10^30 paths" in text and "more paths, together: 1" in text
    assert len(text) < 5000 and len(e._repr_markdown_()) < 20000


def test_long_paths_are_shortened_and_need_no_recursion():
    x = double(1.0)
    y = x
    for _ in range(3000):
        y = y + 0.001
    e = mg.explain(y, wrt=x)
    assert e.n_paths == 1 and e.gradient.item() == 1.0
    assert len(e.paths[0].steps) == 3000 and len(e.describe()) < 3000
    assert "2,989 more" in e.describe() and "2,989 more" in e._repr_markdown_()


@pytest.mark.parametrize("n, factors", [(2, 2), (12, 12), (13, 12), (400, 12)])
def test_long_products_are_shortened(n, factors):
    x = double(1.0)
    y = x
    for _ in range(n):
        y = y.sin()
    latex = mg.explain(y, wrt=x)._paths_latex()
    assert latex.count(r"\frac") == 1 + factors and (r"\cdots" in latex) == (n > factors)
    long = mg.explain(y, wrt=x, names={"a_name_of_forty_letters_for_just_one_tensor" * 2: x})
    assert long._paths_latex().count(r"\frac") <= 1 + factors


# --- after backward ------------------------------------------------------------------------------


def test_after_backward_it_says_what_is_gone_and_how_to_keep_it():
    x, y, w1, w2, loss = network()
    loss.backward()
    e = mg.explain(loss, wrt=w1)
    np.testing.assert_allclose(e.gradient.numpy(), w1.grad.numpy(), rtol=1e-12)
    assert "computed again" in e.describe()
    with mg.no_grad():
        for w in (w1, w2):
            w -= 0.1 * w.grad  # now the leaves have other numbers
    e = mg.explain(loss, wrt=w1)
    assert e.n_paths == 3 and e.gradient is None
    assert [p.gradient for p in e.paths] == [None] * 3
    text = e.describe()
    assert "retain_graph=True" in text and "w1.grad holds" in text and "xᵀ grad(h)" in text
    assert "?" not in text.partition("The numbers")[0]
    kept = network()
    kept[-1].backward(retain_graph=True)
    e = mg.explain(kept[-1], wrt=kept[2])
    np.testing.assert_allclose(e.gradient.numpy(), kept[2].grad.numpy(), rtol=1e-12)


def test_overwritten_values_are_not_used():
    x = double([1.0, 2.0])
    h = x * 2
    y = (h * h).sum()
    h.add_(1)
    e = mg.explain(y, wrt=x)
    assert e.gradient is None and "overwritten in place" in e.describe()


def test_numbers_are_kept_when_backward_runs_later():
    w = double(3.0)
    loss = w * 2 * w
    e = mg.explain(loss, wrt=w, jacobians=True)
    before = e.describe()
    loss.backward()
    assert e.describe() == before and total(e) == 12.0


def test_hooks_are_not_run_and_that_is_said():
    x = double(2.0)
    h = x * 3
    called = []
    h.register_hook(called.append)
    e = mg.explain(h * h, wrt=x)
    assert e.gradient.item() == 36.0 and not called
    assert "hooks of h are not run" in e.describe()


# --- wrong arguments -----------------------------------------------------------------------------


def test_wrong_arguments():
    x, w = double(1.0, False), double(2.0)
    other, v = double(1.0), double(4.0)
    loss = x * w
    with pytest.raises(TypeError, match="'root' must be Tensor or Graph, not float"):
        mg.explain(2.0)
    with pytest.raises(ValueError, match="x needs no gradient"):
        mg.explain(loss, wrt=x)
    with pytest.raises(KeyError, match="not in the graph"):
        mg.explain(loss, wrt=other)
    with pytest.raises(KeyError, match="no node is named 'q'"):
        mg.explain(loss, wrt="q")
    with pytest.raises(ValueError, match="wrt=w, wrt=v"):
        mg.explain(loss * v)
    with pytest.raises(ValueError, match="is the root itself"):
        mg.explain(loss, wrt=loss)
    frozen = w.detach() * w
    assert mg.explain(frozen, wrt=w).n_paths == 1


# --- what is written -----------------------------------------------------------------------------


def test_formulas_have_the_users_names():
    x, w1, h, y = "x", "w_{1}", "h", r"\mathtt{y\_pred}"
    assert with_names(r"A^\top \bar Y", {"a": x, "b": w1}, h) == r"x^\top \bar{h}"
    assert with_names(r"\bar y \odot (1 - y^2)", {"x": x}, y) == (
        r"\overline{\mathtt{y\_pred}} \odot (1 - {\mathtt{y\_pred}}^2)"
    )
    # Words and commands are no names.
    assert with_names(r"\text{a y x} \max(a, x)", {"x": "q"}, "r") == r"\text{a y x} \max(a, q)"
    assert formula_plain(r"\bar y / b", {"a": "p", "b": "a"}, "b") == "grad(b) / a"


def test_markdown_and_latex():
    w = double(3.0)
    a = w * 2
    loss = a * w
    e = mg.explain(loss, wrt=w)
    text = e._repr_markdown_()
    assert "`w → a → loss`" in text and "2 paths" in text
    assert r"\frac{\partial \mathtt{loss}}{\partial a} \cdot \frac{\partial a}{\partial w}" in text
    assert r"3 \cdot 2 + 6" in text
    assert r"\underbrace{\bar{a} \odot 2}_{\text{through } a}" in text
    assert e.latex in e._repr_latex_().replace("$$\n", "").replace("\n$$", "").replace("\n\n", "\n")
    assert repr(e) == e.describe()


@pytest.mark.parametrize("text", ["latex", "markdown"])
def test_braces_and_environments_are_balanced(text):
    for e in (mg.explain(network()[-1], wrt="leaf"), mg.explain(double(2.0).sin())):
        assert_balanced(e.latex if text == "latex" else e._repr_markdown_())


HOSTILE = "</script><img src=x onerror=alert(1)>$$`|_*\\end{aligned}\n[a](javascript:b)"


def test_names_stay_text():
    w = double(2.0)
    e = mg.explain(w * w + 1, wrt=w, names={HOSTILE: w})
    for shown in (e.latex, e._repr_latex_()):
        assert "<" not in shown and "$$" not in shown.replace("$$\n", "").replace("\n$$", "")
        assert shown.count(r"\end{aligned}") == 2 and "`" not in shown
    # In Markdown every formula is as above; what else has the name has it in a code span.
    text = re.sub(r"\$\$\n.*?\n\$\$", "", e._repr_markdown_(), flags=re.DOTALL)
    outside = re.sub(r"(`+)[^`].*?(?<!`)\1(?!`)", "", text)
    assert "<" not in outside and "javascript" not in outside
    assert "\n[a]" not in text  # the line end is written as \n


def test_name_latex():
    assert name_latex("w") == "w" and name_latex("w1") == "w_{1}"
    assert name_latex("a_b{$}%#&") == r"\mathtt{a\_b\{\$\}\%\#\&}"
    assert name_latex("é漢") == r"\mathtt{é漢}"


def test_the_gradient_of_what_broadcasting_stretched_is_a_sum():
    x = mg.tensor([[1.0, 2.0], [3.0, 4.0]])
    w = mg.tensor([1.0, 0.5], requires_grad=True)
    b = mg.tensor(2.0, requires_grad=True)
    one = mg.tensor([[3.0]], requires_grad=True)
    out = x * w - b
    total = out.sum()
    loss = total * one
    e = mg.explain(loss.sum(), wrt=w)
    assert "grad(w) = sum(grad(mul) ⊙ x) = [12, 18]   [2]" in e.describe()
    assert r"{\textstyle\sum}\left(\overline{\mathtt{mul}} \odot x\right)" in e.latex
    e = mg.explain(loss.sum(), wrt=b)
    assert "grad(b) = sum(-grad(out)) = -12   scalar" in e.describe()
    # [1, 1] times a scalar: stretched in shape, but there is nothing to add up
    assert "grad(one) = grad(loss) ⊙ total" in mg.explain(loss, wrt=one).describe()


def test_numbers_stand_in_the_formulas_where_letters_would():
    x = mg.tensor([1.0, 2.0], requires_grad=True)
    for y, said, latex in [
        (x**3, "grad(x) = 3 x² ⊙ grad(y)", r"3\,x^{2} \odot"),
        (x**2, "grad(x) = 2 x ⊙ grad(y)", r"2\,x \odot"),
        (x**-1.5, "grad(x) = (-1.5) x^(-2.5) ⊙ grad(y)", r"(-1.5)"),
        (mg.nn.functional.leaky_relu(x, 0.1),
         "grad(y) where x > 0, 0.1 grad(y) elsewhere", "0.1"),
    ]:  # fmt: skip
        shown = mg.explain(y, wrt=x, gradient=mg.ones(2), names={"x": x, "y": y})
        assert said in shown.describe(), shown.describe()
        assert latex in shown.latex
        assert "exponent" not in shown.describe() and "slope" not in shown.describe()
    mean = x.mean()
    assert "grad(mean) / 2" in mg.explain(mean, wrt=x).describe()
