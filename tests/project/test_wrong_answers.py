"""The exercises of the course do not take wrong answers: those that learners would give.

Each is tried in the solutions notebook of its chapter, after all of its cells. It must be refused
with a reason, and not as if there were no answer.
"""

import ast
import json
from functools import lru_cache

import pytest
from places import ROOT

SOLUTIONS = ROOT / "notebooks" / "solutions"

# Source text; the value of the last line is a result.
WRONG = {
    "05-seed-network": [
        "ex1.check([True, True, False])",
        "ex2.check([0])",
        "ex2.check([0, 1])",
        "ex3.check(lambda y_pred, y: 2 * (y_pred - y))",
        "ex3.check(lambda y_pred, y: 2 * (y_pred - y) / len(y))",
        "ex4.check(lambda x, y, w1, w2, learning_rate: (w1, w2))",
        "ex4.check(lambda x, y, w1, w2, learning_rate: w1.sub_(1))",
        "ex5.check(0.4)",
    ],
    "06-your-own-engine": [
        'ex1.check({"paths": 4, "visits": 4})',
        "ex2.check(lambda x: Var(np.tanh(x.data), [(x, lambda g: g)]))",
        "ex2.check(lambda x: Var(np.tanh(x.data), [(x, lambda g: 1 - np.tanh(x.data) ** 2)]))",
        "ex2.check(lambda x: np.tanh(x.data))",
        "ex3.check(lambda a, b: Var(a.data / b.data, "
        "[(a, lambda g: g / b.data), (b, lambda g: g * a.data / b.data**2)]))",
        "ex3.check(lambda a, b: a.data / b.data)",
        "ex4.check(lambda a, b: a * b)",
        "ex5.check(lambda root, leaves: set(leaves))",
        "ex5.check(lambda root, leaves: reachable(root))",
    ],
    "07-broadcasting": [
        'ex1.check({"[5, 1] + [1, 2]": [5, 2], "[2, 3] + [2]": [2, 3], '
        '"[7, 1, 3] + [4, 1]": [7, 4, 3], "[6] + []": [6]})',
        'ex2.check({"a.grad": [60.0, 60.0], "b.grad": [3.0, 3.0, 3.0]})',
        "ex3.check(lambda grad, shape: grad.sum(0))",
        "ex3.check(lambda grad, shape: grad.sum().expand(shape))",
        "ex4.check(lambda y_pred, y: (y_pred - y).pow(2).mean())",
        "ex4.check(lambda y_pred, y: (y_pred.squeeze() - y).pow(2).mean())",
        "ex5.check(lambda x: x - x.mean(1))",
        "ex5.check(lambda x: x - x.mean())",
        "ex5.check(lambda x: x - x.mean(0))",
    ],
    "08-custom-functions": [
        'ex1.check({"values": 6, "of these None": 2})',
        "class Saves(Exp):\n"
        "    @staticmethod\n"
        "    def forward(ctx, x):\n"
        "        ctx.save_for_backward(x)\n"
        "        return x.exp()\n"
        "ex2.check(Saves)",
        "class Wrong(Exp):\n"
        "    @staticmethod\n"
        "    def backward(ctx, grad):\n"
        "        return grad\n"
        "ex2.check(Wrong)",
        "class OnlyOne(Hypot):\n"
        "    @staticmethod\n"
        "    def backward(ctx, grad):\n"
        "        return grad\n"
        "ex3.check(OnlyOne)",
        "class Swapped(Hypot):\n"
        "    @staticmethod\n"
        "    def backward(ctx, grad):\n"
        "        return Hypot.backward(ctx, grad)[::-1]\n"
        "ex3.check(Swapped)",
        'ex4.check({"function": "abs(x)", "derivative": "sign(x)"})',
        "class NoStrength(Reverse):\n"
        "    @staticmethod\n"
        "    def backward(ctx, grad):\n"
        "        return -grad, None\n"
        "ex5.check(NoStrength)",
    ],
    "09-in-place": [
        "ex1.check(4)",
        "ex2.check({name: True for name in answer})",
        "def shares(x):\n    y = x.exp()\n    y /= y.sum()\n    return y\nex3.check(shares)",
        "ex3.check(lambda x: x.exp() / x.exp().sum().detach())",
        "ex3.check(lambda x: x.detach().softmax(0))",
        "ex4.check(lambda w, learning_rate: w - learning_rate * w.grad)",
        "ex4.check(lambda w, learning_rate: w.sub_(learning_rate * w.grad))",
        "def update(w, rate):\n    with torch.no_grad():\n        w -= rate * w.grad\n"
        "    return w\n"
        "ex4.check(update)",
        "ex5.check(lambda mean, loss: 0.9 * mean + 0.1 * loss)",
        "ex5.check(lambda mean, loss: 0.9 * mean.item() + 0.1 * loss.item())",
        "ex5.check(lambda mean, loss: 0.1 * mean + 0.9 * loss.detach())",
    ],
}


@lru_cache
def solved(chapter):
    """The variables of a solutions notebook after its last cell."""
    notebook = json.loads((SOLUTIONS / f"{chapter}.ipynb").read_text(encoding="utf-8"))
    variables = {}
    for cell in notebook["cells"]:
        if cell["cell_type"] == "code":
            exec("".join(cell["source"]), variables)
    return variables


@pytest.mark.parametrize(
    ("chapter", "wrong"), [(c, w) for c, answers in WRONG.items() for w in answers]
)
def test_a_wrong_answer_is_not_taken(chapter, wrong):
    variables = dict(solved(chapter))
    *before, last = ast.parse(wrong).body
    exec(compile(ast.Module(before, []), "answer", "exec"), variables)
    result = eval(compile(ast.Expression(last.value), "answer", "eval"), variables)
    assert result.answered and not result.correct and result.feedback


@pytest.mark.parametrize("chapter", WRONG)
def test_every_exercise_has_a_wrong_answer(chapter):
    exercises = {name for name in solved(chapter) if name[:2] == "ex" and name[2:].isdigit()}
    tried = {name for name in exercises if any(f"{name}.check(" in w for w in WRONG[chapter])}
    assert tried == exercises and len(exercises) >= 3
