"""Steps whose surroundings change between calls, drawn by a seed: ``draw(seed)``.

A program is some state, a step of a few statements that read it, and changes of it between calls.
It is run twice, once with the step itself and once captured; ``difference`` says where the second
differs. ``minimised`` takes out what a difference does not need, and ``text`` writes down the rest
as a program to run by hand.
"""

from __future__ import annotations

import dataclasses
import random
import warnings
from typing import Any

SETUP = """
import argparse, collections, dataclasses, functools, itertools, operator, types
import numpy as np
from minigrad import nn
F = nn.functional
torch.manual_seed(3)
w = torch.randn(3, requires_grad=True)
v = torch.randn(3)
model = nn.Sequential(nn.Linear(3, 3), nn.Tanh(), nn.Dropout(0.25))
opt = torch.optim.SGD([w, *model.parameters()], lr=0.125)
average = torch.zeros(3)
def double(*given): return given[-1] * 2
"""
# state: its setup, expressions for a number, and what may change it (N is a drawn number)
STATE = {
    "namespace": ("ns = types.SimpleNamespace(rate=1.5)", ["ns.rate", "getattr(ns, 'ra' + 'te')"],
                  ["ns.rate = N", "ns = types.SimpleNamespace(rate=N)"]),
    "parsed": ("args = argparse.Namespace(lr=0.5, more=ns)", ["args.lr", "args.more.rate"],
               ["args.lr = N", "args.more.rate = N"]),
    "slots": ("class Slots:\n    __slots__ = ('rate',)\nslots = Slots()\nslots.rate = 0.75",
              ["slots.rate"], ["slots.rate = N"]),
    "dataclass": ("@dataclasses.dataclass(slots=True)\nclass Settings:\n    lr: float = 0.5\n"
                  "    inner: list = dataclasses.field(default_factory=lambda: [1.5, 2.0])\n"
                  "settings = Settings()", ["settings.lr", "settings.inner[1]"],
                  ["settings.lr = N", "settings.inner[1] = N", "settings.inner.reverse()"]),
    "class": ("class Base:\n    rate = 1.25\n    def value(self): return self.rate\n"
              "class Own(Base):\n    @property\n    def hidden(self): return self._hidden\n"
              "own = Own()\nown._hidden = 0.5",
              ["Own.rate", "own.rate", "own.value()", "own.hidden"],
              ["Base.rate = N", "Own.rate = N", "own.rate = N", "own._hidden = N",
               "Base.value = lambda self: N", "own.value = lambda: N"]),
    "dict": ("d = {'a': 1.0, 'b': 2.0, 'c': 0.5}",
             ["d['a']", "(d['b'] - d['c'])", "next(iter(d.values()))", "d.get('z', 1.0)"],
             ["d['a'] = N", "d['a'], d['b'] = d['b'], d['a']", "d['b'] = d.pop('b')", "d['z'] = N",
              "d['a'] = d.pop('b'); d['b'] = N", "d = dict(d, a=N)"]),
    "large": ("big = dict.fromkeys(range(1500), 1.0)", ["big[1400]"], ["big[1400] = N"]),
    "list": ("numbers = [1.0, 0.5]", ["numbers[0]", "len(numbers)", "sum(numbers)"],
             ["numbers.append(N)", "numbers[0] = N", "numbers.reverse()", "numbers = [N]"]),
    "queue": ("queue = collections.deque([1.0, 2.0, 3.0], maxlen=3)", ["queue[0]", "queue[-1]"],
              ["queue.append(N)", "queue.rotate()"]),
    "set": ("chosen = {1.0}", ["sum(chosen)", "len(chosen)"], ["chosen.add(N)", "chosen.clear()"]),
    "numpy": ("array = np.array([1.0, 2.0])\nscalar = np.float32(0.5)",
              ["float(array[1])", "scalar", "float(array.sum())"],
              ["array[1] = N", "scalar = np.float32(N)", "array = np.array([N, 1.0])"]),
    "function": ("def helper(k=1.5, *, l=0.5): return k + l\n"
                 "def other(k=0.0, *, l=0.5): return k - l\n"
                 "helper.extra = 1.0", ["helper()", "helper(0.5)", "helper.extra"],
                 ["helper.__code__ = other.__code__", "helper.__defaults__ = (N,)",
                  "helper.__kwdefaults__['l'] = N", "helper.extra = N", "helper = other"]),
    "closure": ("def closing():\n    kept = 1.0\n    def read(): return kept\n"
                "    def put(k):\n        nonlocal kept\n        kept = k\n    return read, put\n"
                "read, put = closing()", ["read()"], ["put(N)"]),
    "partial": ("part = functools.partial(lambda k, l: k * l, 2.0, l=0.5)", ["part()"],
                ["part.keywords['l'] = N", "part = functools.partial(lambda k: k, N)"]),
    "global": ("rate = 0.5", ["rate", "rate", "float(rate)"], ["rate = N", "rate = -0.0"]),
    "iterator": ("it = itertools.chain([1.0] * 5, itertools.count(2.0))", ["next(it)"],
                 ["next(it)"]),
    "optimizer": ("", ["opt.param_groups[0]['lr']"], ["opt.param_groups[0]['lr'] = N"]),
    "mode": ("", ["(1.0 if model.training else 2.0)", "(2.0 if w.requires_grad else 1.0)"],
             ["model.train(not model.training)", "w.requires_grad_(not w.requires_grad)"]),
    "seen": ("calls = 0", ["calls"], ["calls += 1"]),
}  # fmt: skip
STATEMENTS = [
    "t = t * K", "t = t + K", "t = t * w", "t = t + v", "t = torch.tanh(t)", "t = model(t)",
    "t = torch.where(t > K, t, -t)", "t = t * (2.0 if K > 1 else 3.0)",
    "t = t + torch.tensor([1.5])",
    "t = t.clone(); t[0] = K", "t = t.clone().mul_(K)", "t = F.dropout(t, 0.5)",
    "t = F.relu(t - K)",
    "t = t * F.softmax(t * K, -1)", "t = torch.stack([t, t * K]).sum(0)", "t = t - t.mean()",
    "t = F.cosine_similarity(t, t * w + K, dim=-1) + t",
    "t = F.binary_cross_entropy(t.sigmoid() * K, torch.full((3,), 0.5)) + t",
    "t = t + (t.sum() > K)", "t = t * t.argmax()", "t = t - t.max(0).values * K",
    "with torch.no_grad(): w.mul_(0.875)", "with torch.no_grad(): average.mul_(0.5).add_(t)",
    "t = t + average", "if w.grad is not None: t = t + w.grad",
    "opt.zero_grad()", "w.grad = None", "opt.step()", "backward", "backward",
    "t = t + y", "t = t * n", "for k in (1.0, K): t = t * k", "t = t.detach()", "t = t + x[0]",
    "(g,) = torch.autograd.grad((w * t).sum(), w); t = t + g",
    "q = t.detach().clone().requires_grad_(); (q * q * K).sum().backward(); t = t + q.grad",
]  # fmt: skip
REFUSED = [  # what is not replayed
    "torch.manual_seed(5)", "calls_list.append(K)",
    "other_state['n'] = other_state.get('n', 0) + 1",
    "t = t * torch.isnan(t.sum() - K)", "t = t * torch.count_nonzero(t)", "x.add_(K)", "y.mul_(t)",
    "t = t + torch.rand(3)", "w.requires_grad_(False)", "t = t * next(iter([K]))",
    "model.train(K > 1)", "torch.set_default_dtype(torch.float64)",
]  # fmt: skip
CHANGES = [
    "model[0] = nn.Linear(3, 3)", "model[1] = nn.ReLU()", "w.data = w.data * 2",
    "w = torch.ones(3, requires_grad=True)", "v = v + 1", "v.add_(1)", "w.grad = None",
    "w.register_hook(double)", "model[0].register_forward_hook(double)",
    "w.register_post_accumulate_grad_hook(lambda p: p.grad.mul_(0.5))",
    "torch.set_default_dtype(torch.float64)", "torch.set_default_dtype(torch.float32)",
    "F.relu = F.silu", "nn.Tanh.forward = lambda self, t: t * 2",
    "opt.register_step_post_hook(lambda *a: average.add_(1))", "torch.manual_seed(1)",
    "opt.param_groups[0]['lr'] *= 0.5", "w.requires_grad_(False)", "w.requires_grad_(True)",
]  # fmt: skip
RESULTS = [
    "t", "t.sum()", "(t, w.grad)", "w.grad", "w", "{'t': t, 'n': 1}", "[t * 2, t.detach()]", "x",
    "w.detach()", "t.requires_grad", "None", "(t, K)", "average", "x[:2]",
]  # fmt: skip
ARGUMENTS = [
    "A, B, 2.0", "A, A, 2.0", "A, B[:3], N", "A, w.detach(), 2.0", "A, average, 2.0", "A, v, -0.0",
    "A * N, B, 2.0", "torch.full((3,), N), B, 2.0", "A, B, 2", "A.double(), B, 2.0",
    "AB[0], AB[1], 2.0", "A[:1].expand(3), B, 2.0",
]  # fmt: skip


@dataclasses.dataclass
class Program:
    state: list[str]
    step: list[str]
    result: str
    calls: list[tuple[list[str], str]]  # changes before the call, and its arguments


def draw(seed: int) -> Program:
    """A program with this seed."""
    rng = random.Random(seed)
    number = lambda text: text.replace("N", str(rng.choice([0.0, -0.0, 0.25, 1.0, 1.5, 3.0])))  # noqa: E731
    usual = [name for name in STATE if name not in ("iterator", "seen")]
    chosen = rng.sample(usual if rng.random() < 0.9 else list(STATE), rng.randint(1, 3))
    if "parsed" in chosen and "namespace" not in chosen:
        chosen.append("namespace")
    chosen.sort(key=list(STATE).index)
    reads = [r for s in chosen for r in STATE[s][1]]
    changes = [c for s in chosen for c in STATE[s][2]] * 3 + CHANGES
    of_number = lambda text: text.replace("K", rng.choice(reads))  # noqa: E731
    statements = [
        of_number(rng.choice(REFUSED if rng.random() < 0.04 else STATEMENTS))
        for _ in range(rng.randint(1, 6))
    ]
    if rng.random() < 0.5:
        statements.append("backward")
    arguments = rng.choice(ARGUMENTS[:1] * 8 + ARGUMENTS)
    calls = []
    for _ in range(rng.randint(9, 16)):
        before = [number(rng.choice(changes)) for _ in range(rng.choice([0, 0, 0, 0, 0, 0, 1, 2]))]
        if rng.random() < 0.05:
            arguments = rng.choice(ARGUMENTS)
        calls.append((before, number(arguments)))
    return Program(chosen, statements, of_number(rng.choice(RESULTS)), calls)


def text(program: Program) -> str:
    """The program as Python, with ``step`` to be called."""
    lines = [SETUP, "calls_list, other_state = [], {}"]
    lines += [STATE[name][0] for name in program.state]
    lines.append("def step(x, y, n):\n    t = x * 1.0")
    for statement in program.step:
        if statement == "backward":
            statement = "if t.requires_grad: t.sum().backward(retain_graph=True)"
        lines.append(f"    {statement}")
    lines.append(f"    return {program.result}")
    return "\n".join(lines)


def run(mg: Any, program: Program, captured: bool) -> tuple[list[Any], Any]:
    """What each call gives and what is left at the end; and the function that was called."""
    import minigrad.nn as nn

    relu, tanh = nn.functional.relu, nn.Tanh.forward
    scope: dict[str, Any] = {"torch": mg, "__name__": "__main__"}
    try:
        exec(text(program), scope)
        function = mg.capture(scope["step"]) if captured else scope["step"]
        seen = []
        scope["function"] = function
        for i, (changes, arguments) in enumerate(program.calls):
            for change in changes:
                attempt(change, scope)
            scope["A"] = mg.from_numpy(values(i))
            scope["B"] = mg.from_numpy(values(i + 100))
            scope["AB"] = mg.from_numpy(values(i + 200, 6)).view(2, 3)
            seen.append((attempt(f"given = [{arguments}]\nout = function(*given)", scope),
                         shown(scope.get("out")), shown(scope.get("given"))))  # fmt: skip
            left = [scope[k] for k in ("w", "v", "average", "calls_list", "other_state")]
            seen.append((*map(shown, left), shown(scope["w"].grad)))
        seen.append([shown(p) for p in scope["model"].parameters()])
        seen.append(shown(mg.rand(2)))
        return seen, function
    finally:
        mg.set_default_dtype(mg.float32)
        nn.functional.relu, nn.Tanh.forward = relu, tanh


def values(seed: int, n: int = 3) -> Any:
    import numpy as np

    return np.random.RandomState(seed).randn(n).astype(np.float32)


def attempt(source: str, scope: dict[str, Any]) -> str:
    """Run it; what it raises, in words."""
    try:
        exec(source, scope)
    except Exception as error:
        return f"{type(error).__name__}: {str(error).split(' (line ')[0]}"
    return ""


def shown(value: Any) -> Any:
    """A value to compare, to the last bit."""
    if hasattr(value, "_data"):
        return str(value.dtype), tuple(value.shape), value._data.tobytes()
    if isinstance(value, (list, tuple)):
        return [shown(v) for v in value]
    if isinstance(value, dict):
        return {k: shown(v) for k, v in value.items()}
    return repr(value)


def difference(mg: Any, program: Program) -> str | None:
    """Where the captured step differs from the step; None if nowhere."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        eager, _ = run(mg, program, False)
        captured, function = run(mg, program, True)
    for i, (a, b) in enumerate(zip(eager, captured)):
        if a != b:
            return f"call {i // 2}:\n  eager    {a}\n  captured {b}\n  {function}"
    return None


def minimised(mg: Any, program: Program) -> Program:
    """A smaller program that still differs: one thing after the other is left out."""
    smaller = True
    while smaller:
        smaller = False
        for candidate in without_one(program):
            if difference(mg, candidate) is not None:
                program, smaller = candidate, True
                break
    return program


def without_one(program: Program) -> Any:
    """The program without one of its calls, changes, statements, or parts of its state."""
    for field in ("calls", "step", "state"):
        all_of_them = getattr(program, field)
        for i in reversed(range(len(all_of_them))):
            rest = all_of_them[:i] + all_of_them[i + 1 :]
            yield dataclasses.replace(program, **{field: rest})
    for i, (changes, arguments) in enumerate(program.calls):
        for j in range(len(changes)):
            calls = list(program.calls)
            calls[i] = (changes[:j] + changes[j + 1 :], arguments)
            yield dataclasses.replace(program, calls=calls)


def report(mg: Any, seed: int) -> str | None:
    """What the program of this seed shows; None if it does the same captured."""
    program = draw(seed)
    if difference(mg, program) is None:
        return None
    program = minimised(mg, program)
    step = text(program).removeprefix(SETUP)
    calls = "\n".join(f"{changes} then step({arguments})" for changes, arguments in program.calls)
    return f"seed {seed}\n{step}\n{calls}\n{difference(mg, program)}"
