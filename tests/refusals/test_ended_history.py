"""A loss without a graph: check() and backward() name the line where its history ended."""

import re

import numpy as np
import pytest

import minigrad as mg

F = mg.nn.functional


def weights():
    return mg.tensor([[0.5, -1.0], [2.0, 1.5]], requires_grad=True)


def said_by_both(loss):
    """What check() and backward() say of a loss; they must say the same."""
    report = mg.check(loss)
    assert not report.ok and report.first.kind == "ended"
    what = report.first.text.removeprefix("nothing can be trained from it: ")
    with pytest.raises(RuntimeError) as caught:
        loss.backward()
    opening = "element 0 of tensors does not require grad and does not have a grad_fn: "
    assert str(caught.value) == f"{opening}{what}; {report.first.advice}"
    assert "healthy" in report.describe() and "not healthy" in report.describe()
    return what


class Frozen(mg.nn.Module):
    def __init__(self):
        super().__init__()
        self.layer = mg.nn.Linear(2, 2)

    @mg.no_grad()  # ends: decorator
    def forward(self, x):
        return self.layer(x)


class Classes(mg.nn.Module):
    def __init__(self):
        super().__init__()
        self.layer = mg.nn.Linear(2, 2)

    def forward(self, x):
        scores = self.layer(x).relu()
        return scores.argmax(1)  # ends: in forward


def in_no_grad():
    with mg.no_grad():  # ends: with
        return weights() * 2 + 1


def in_inference_mode():
    with mg.inference_mode():  # ends: inference
        return (weights() * 2).exp()


def switched_off():
    mg.set_grad_enabled(False)  # ends: switched
    loss = weights().tanh()
    mg.set_grad_enabled(True)
    return loss


def branches():
    kept = mg.ones(2, 2)
    cut = weights().detach()  # ends: one of many
    return mg.where(kept > 0, cut, kept)


# name -> (how the ending is called, what the line is marked with or contains, the program)
ENDINGS = {
    "argmax": ("argmax", "w.argmax(1)", lambda w: w.argmax(1).float().mean()),
    "argmin": ("argmin", "w.argmin()", lambda w: w.argmin().double() * 2.0),
    "argsort": ("argsort", "w.argsort()", lambda w: w.argsort().float().mean()),
    "max": ("max's indices", "w.max(1)", lambda w: w.max(1)[1].float().mean()),
    "sort": ("sort's indices", "w.sort()", lambda w: w.sort()[1].float().mean()),
    "compared": ("a comparison", "(w > 0)", lambda w: (w > 0).float().mean()),
    "accuracy": ("argmax", "argmax(1) == 1", lambda w: (w.argmax(1) == 1).float().mean()),
    "isnan": ("a question", "w.isnan()", lambda w: w.isnan().float().sum()),
    "isclose": ("a question", "isclose", lambda w: w.isclose(w * 2).float().sum()),
    "long": ("the conversion to whole numbers", "w.long()", lambda w: w.long().float().sum()),
    "to": ("the conversion to whole numbers", "int32", lambda w: w.to(mg.int32).sum() * 1.0),
    "detach": ("detach()", "w.detach()", lambda w: (w.detach() * 2).exp().sum()),
    "views": ("detach()", "detach", lambda w: w.detach().view(4).reshape(2, 2).t()[0].sum()),
    "parts": ("detach()", "detach", lambda w: w.detach().unbind(0)[1].sum()),
    "number": ("detach()", "detach", lambda w: w.detach().sum() * 3.0 + 1),
    "data": (".data", "w.data", lambda w: (w.data * 2).sum()),
    "tensor": ("tensor(...)", "mg.tensor(w", lambda w: mg.tensor(w.sum()) * 2),
    "tensors": ("tensor(...)", "mg.tensor([", lambda w: mg.tensor([w.sum(), w.mean()]).sum()),
    "decorated": ("no_grad()", "no_grad()  # ends: decorator", lambda w: Frozen()(w).sum()),
    "forward": ("argmax", "ends: in forward", lambda w: Classes()(w).float().mean()),
    "with": ("no_grad()", "ends: with", lambda w: in_no_grad().sum()),
    "inference": ("inference_mode()", "ends: inference", lambda w: in_inference_mode().sum()),
    "switched": ("set_grad_enabled(False)", "ends: switched", lambda w: switched_off().sum()),
    "where": ("detach()", "ends: one of many", lambda w: branches().sum()),
}


@pytest.mark.filterwarnings("ignore:To copy construct")
@pytest.mark.parametrize("name", ENDINGS)
def test_the_note_names_what_ended_the_history_and_the_line(name):
    called, line, program = ENDINGS[name]
    what = said_by_both(program(weights()))
    pattern = r"its history ended at (.*?) \(line (\d+) of test_ended_history.py: (.*)"
    match = re.match(pattern, what)
    assert match, what
    assert match[1] == called and line in match[3]
    with open(__file__) as file:
        source = file.read().split("\n")[int(match[2]) - 1]
    assert line in source


# --- numbers that left the tensors: what the source says -----------------------------------------


def squared_error(w):
    error = (w**2).mean()
    return mg.tensor(error.item())


class ThroughNumPy(mg.nn.Module):
    def __init__(self):
        super().__init__()
        self.layer = mg.nn.Linear(2, 2)

    def forward(self, x):
        numbers = self.layer(x).detach().numpy()
        return mg.from_numpy(np.exp(numbers))


def test_item_and_back():
    w = weights()
    number = w.sum().item()
    loss = mg.tensor(number)
    loss = loss * 2
    said = mg.check(loss).first.text
    assert "by .item() (line" in said and "number = w.sum().item()" in said
    with pytest.raises(RuntimeError, match=r"the source takes numbers out by \.item\(\)"):
        loss.backward()
    with pytest.raises(RuntimeError, match=r"the source takes numbers out by \.item\(\)"):
        mg.autograd.grad(loss, w)


def test_item_in_a_function_that_the_line_calls():
    loss = squared_error(weights())
    assert "return mg.tensor(error.item())" in mg.check(loss).first.text
    assert "return mg.tensor(error.item())" in mg.check(squared_error(weights()) * 2).first.text


def test_numpy_in_forward():
    model = ThroughNumPy()
    out = model(mg.ones(1, 2))
    loss = out.sum()
    assert "by .numpy()" in mg.check(loss).first.text


def test_numbers_added_up():
    total = mg.zeros(1)
    for _ in range(2):
        total += float(weights().sum())
    assert "makes a Python number by float(...)" in mg.check(total).first.text
    kept = []
    for _ in range(2):
        kept.append(weights().sum().item())
    assert "kept.append(" in mg.check(mg.tensor(kept).mean()).first.text


def test_a_number_as_a_factor_is_not_blamed():
    """Of x @ x nobody asked for gradients; the number beside it has nothing to do with that."""
    x = mg.ones(2, 2)
    factor = x.mean().item()
    loss = (x @ x).sum() * factor
    assert "nothing it was computed from has" in mg.check(loss).first.text
    total = (x @ x).sum()
    total += x.mean().item()
    assert "nothing it was computed from has" in mg.check(total).first.text


def test_of_several_roots_the_right_one_is_read():
    w = weights()
    good, bad = w.sum(), mg.tensor(w.sum().item())
    with pytest.raises(RuntimeError, match=r"element 1 of tensors .* by \.item\(\)"):
        mg.autograd.backward([good, bad])


def test_where_nothing_is_known_the_reasons_are_listed():
    for loss in (mg.tensor(1.25), (mg.ones(2) * 3).sum(), mg.ones(2).argmax().float()):
        what = said_by_both(loss)
        assert "requires_grad=True" in what and ".item()" in what and "line" not in what
    namespace = {"mg": mg}  # a text that cannot be read again
    exec("loss = mg.tensor(mg.ones(1, requires_grad=True).item())\nr = mg.check(loss)", namespace)
    assert "nothing it was computed from" in namespace["r"].first.text


# --- what is no ending ---------------------------------------------------------------------------


def test_a_leaf_and_results_with_a_history_are_no_endings():
    w = weights()
    again = w.detach().requires_grad_()
    assert mg.check((again * 2).sum()).ok and mg.check((w * w.detach()).sum()).ok
    (w * w.detach()).sum().backward()
    with mg.no_grad():
        w -= 0.1 * w.grad
    assert mg.check((w * 2).sum()).ok


def test_beside_a_loss_a_root_without_history_is_a_note():
    w = weights()
    report = mg.check(mg.graph([w.sum(), w.argmax()]))
    assert report.ok and "its history ended at argmax" in report.notes[0]


def test_the_mode_before_is_restored():
    from minigrad.core.modes import grad_mode

    w = weights()
    with mg.no_grad():
        outer = grad_mode.ended
        with mg.no_grad(), mg.enable_grad():
            assert mg.check((w * 2).sum()).ok
        assert grad_mode.ended is outer
        with mg.inference_mode():
            pass
        assert grad_mode.ended is outer
    assert grad_mode.ended is None


def test_a_note_keeps_nothing_alive():
    import gc
    import weakref

    w = weights()
    big = (w * 2).exp()
    gone = weakref.ref(big)
    cut = big.detach().clone()
    del big, w
    gc.collect()
    assert gone() is None and cut._ended[0] == "detach"


def test_the_picture_says_it_if_asked():
    loss = weights().argmax().float()
    assert "! no graph" in mg.graph(loss).to_dot(health=True)
    assert "!" not in mg.graph(loss).to_dot()
