"""Draws small programs at random, as source text, and looks whether minigrad tells the truth of
them (see ``watched_runs.py``).

By hand, for longer than a test may take::

    python tests/helpers/watched_programs.py --n 5000 --seed 1

prints, for each kind of finding, a program that was made as short as possible.
"""

from __future__ import annotations

import argparse
import random
import re
import sys
from collections import Counter
from pathlib import Path

if __name__ == "__main__":
    sys.path.insert(0, str(Path(__file__).parents[2]))

from watched_runs import Broken, examine

V, M, S = (3,), (2, 3), ()

DEFINITIONS = {
    "twice_and": """\
def twice_and(a, b):
    a = a * 2
    return a + b""",
    "squares": """\
def squares(a, n):
    for t in range(n):
        a = a * a - t
    return a.tanh()""",
    "Block": """\
class Block(nn.Module):
    def __init__(self):
        super().__init__()
        self.fc = nn.Linear(3, 3)
        self.scale = 0.5
        self.register_buffer("shift", torch.tensor([0.25, -0.5, 1.0]))
    def forward(self, x):
        return x + self.scale * torch.tanh(self.fc(x) + self.shift)""",
    "Net": """\
class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.blocks = nn.ModuleList([Block(), Block()])
        self.norm = nn.LayerNorm(3)
    def forward(self, x):
        for block in self.blocks:
            x = block(x)
        return self.norm(x)""",
    "Cube": """\
class Cube(torch.autograd.Function):
    @staticmethod
    def forward(ctx, x):
        ctx.save_for_backward(x)
        return x ** 3
    @staticmethod
    def backward(ctx, g):
        (x,) = ctx.saved_tensors
        return g * 3 * x ** 2""",
    "Box": """\
class Box:
    pass""",
}
HEAD = """\
import minigrad as torch
import numpy as np
from minigrad import nn
from minigrad.nn import functional as F
torch.manual_seed(0)
torch.set_default_dtype(torch.{dtype})
"""


class Writer:
    """Writes one program; ``text`` is its source. Every choice comes from the seed.

    calm: nothing that went into an operation is written to, let go of or given another name.
    """

    def __init__(self, seed: int, calm: bool = False) -> None:
        self.calm = calm
        self.rng = random.Random(seed)
        self.dtype = self.rng.choice(["float32", "float32", "float64"])
        self.in_function = self.rng.random() < 0.5
        self.lines: list[str] = []
        self.depth = 0
        self.count = 0
        self.leaves: list[tuple[str, tuple[int, ...]]] = []
        self.modules: list[str] = []
        self.after: list[str] = []  # what overwrites constants once the pass is over
        self.h, self.shape = "h", V
        self.program()
        body = self.lines
        if self.in_function:
            body = ["def main():", *["    " + line for line in body], "main()"]
        written = "\n".join(body)
        used = [d for name, d in DEFINITIONS.items()
                if name in written or name == "Block" and "Net()" in written]  # fmt: skip
        self.text = HEAD.format(dtype=self.dtype) + "\n".join([*used, written, ""])

    # --- small things --------------------------------------------------------------------

    def put(self, *lines: str) -> None:
        self.lines += ["    " * self.depth + line for line in lines]

    def new(self, letter: str) -> str:
        self.count += 1
        return f"{letter}{self.count}"

    def number(self, low: float = 0.3, high: float = 2.0) -> float:
        return round(self.rng.uniform(low, high) * self.rng.choice([-1, 1]), 2)

    def data(self, shape: tuple[int, ...]) -> str:
        def of(s: tuple[int, ...]) -> str:
            if not s:
                return str(self.number())
            return "[" + ", ".join(of(s[1:]) for _ in range(s[0])) + "]"

        return f"torch.tensor({of(shape)})"

    def constant(self, shape: tuple[int, ...] | None = None) -> str:
        name = self.new("c")
        self.put(f"{name} = {self.data(self.fitting() if shape is None else shape)}")
        return name

    def leaf(self, shape: tuple[int, ...] | None = None) -> str:
        shape = self.fitting() if shape is None else shape
        name = self.new("w")
        self.put(f"{name} = {self.data(shape)[:-1]}, requires_grad=True)")
        self.leaves.append((name, shape))
        return name

    def some_leaf(self) -> str:
        """A leaf that broadcasts to what h is."""
        fit = [name for name, s in self.leaves if s == self.shape or s == S
               or (s == V and self.shape == M)]  # fmt: skip
        return self.rng.choice(fit) if fit and self.rng.random() < 0.7 else self.leaf()

    def fitting(self) -> tuple[int, ...]:
        """A shape that broadcasts to what h is."""
        return self.rng.choice({S: [S], V: [V, V, S], M: [M, M, V, S]}[self.shape])

    def op(self, a: str, b: str, gentle: bool = False) -> str:
        forms = ["{a} + {b}", "{a} - {b}", "{b} - {a}", "{a} * {b}", "{b} * {a}", "{b} + {a}"]
        if not gentle:
            forms += ["{a} / {b}", "{b} / ({a} * {a} + 1)", "torch.add({a}, {b})",
                      "{a}.sub({b})", "torch.mul({b}, {a})", "{a}.add({b}, alpha=2)",
                      "{a} ** 2 * {b}"]  # fmt: skip
        return self.rng.choice(forms).format(a=a, b=b)

    def sum(self, a: str, b: str) -> str:
        """An operation that need not keep its inputs, so that a backward pass can follow."""
        forms = ["{a} + {b}", "{a} - {b}", "{b} - {a}", "{b} + {a}", "torch.add({a}, {b})",
                 "{a}.sub({b})", "{a}.add({b}, alpha=2)", "torch.sub({b}, {a})"]  # fmt: skip
        return self.rng.choice(forms).format(a=a, b=b)

    # --- the parts of a program --------------------------------------------------------------

    def program(self) -> None:
        rng = self.rng
        self.shape = rng.choice([S, V, V, M, M])
        for _ in range(rng.randint(1, 3)):
            self.leaf(rng.choice([self.shape, self.fitting()]))
        first, start = self.leaf(self.shape), self.constant()
        self.first = first
        rounds = rng.random() < 0.2 and not self.calm
        self.put("with record() as tape:")
        self.depth += 1
        if rounds:
            self.put("for step in range(2):")
            self.depth += 1
        self.put(f"h = {self.op(first, start)}")
        for _ in range(rng.randint(1, 6)):
            rng.choice(CALM if self.calm else STEPS)(self)
            if rng.random() < 0.25:
                self.put("h = torch.tanh(h)")
        self.finish(first)
        self.depth = 0
        self.put("done(locals())")

    def finish(self, first: str) -> None:
        rng, put = self.rng, self.put
        loss = rng.choice(["h.sum()", "h.mean()", "(h * h).sum()", "h.pow(2).mean()",
                           "(h - 1).abs().sum()", "(h.sum() - 0.5) ** 2"])  # fmt: skip
        if rng.random() < 0.3:
            loss += f" + 0.01 * ({self.some_leaf()} ** 2).sum()"
        put(f"loss = {loss}")
        put("early = graph(loss)", 'look("before", loss, early)')
        wrt = rng.choice(self.leaves)[0]
        put(f"explained(loss, {wrt}, lambda: explain(loss, wrt={wrt}))")
        put(f"explained(loss, {first}, lambda: explain(loss, wrt={first}))")
        again = rng.random() < 0.3
        put("loss.backward(retain_graph=True)" if again else "loss.backward()")
        put('look("after backward", loss, graph(loss))', 'look("after backward", loss, early)')
        if again:
            kind = rng.randrange(3)
            if kind == 0:
                put("loss.backward()")
            elif kind == 1:
                put("loss2 = (h * 3).sum()", "loss2.backward()",
                    'look("second", loss2, graph(loss2))')  # fmt: skip
            else:
                put("loss2 = h.sum() * loss", 'look("second", loss2, graph(loss2))')
            put('look("after second", loss, graph(loss))')
        if not self.calm:
            for line in self.after if rng.random() < 0.7 else []:
                put(line)
            self.update()
        put('look("after update", loss, graph(loss))', 'look("after update", loss, early)')
        put(f"explained(loss, {first}, lambda: explain(loss, wrt={first}))")

    def update(self) -> None:
        rng, put = self.rng, self.put
        names = [name for name, _ in self.leaves]
        kind = rng.randrange(5)
        if kind == 0:
            params = ", ".join(names)
            put(f"opt = torch.optim.SGD([{params}], lr=0.1)", "opt.step()", "opt.zero_grad()")
        elif kind == 1:
            w = rng.choice(names)
            put(
                "with torch.no_grad():",
                f"    for w in [{', '.join(names)}]:",
                "        if w.grad is not None:",
                "            w -= 0.1 * w.grad",
                f"            {w}.grad = None"
                if rng.random() < 0.3
                else "            w.grad = None",
            )
        elif kind == 2:
            w = rng.choice(names)
            put(f"{w}.data -= 0.1")
        elif kind == 3:
            w, shape = rng.choice(self.leaves)
            put(f"{w}.data = {self.data(shape)}")

    # --- steps: each changes h -----------------------------------------------------------------

    def overwriting(self, c: str, shape: tuple[int, ...] = S) -> list[str]:
        """Lines that let go of a constant or write into it."""
        n = self.number()
        forms = [f"{c}.add_({n})", f"{c} *= 2", f"{c}.zero_()", f"{c}.data.mul_(3)",
                 f"{c} = {self.data(shape)}", f"del {c}", f"a = {c}.numpy(); a += 1",
                 f"{c}.fill_({n})", f"{c}.copy_({c} + 1)", f"{c} = {c} + 1",
                 f"{c}.detach().sub_(1)"]  # fmt: skip
        if shape:
            forms += [f"{c}[0] = 5", f"{c}[..., 1:] += 1", f"v = {c}[0]; v += 2"]
        return self.rng.choice(forms).split("; ")

    def loop_over_numbers(self) -> None:
        e = self.rng.choice(["h + t", "h - t", "t - h", "h * (t + 1)", "2 / (h * h + t + 1)",
                             "h + 0.5 * t", "t + h", "torch.tanh(h) + t", "h.add(t)", "h ** 2 - t",
                             "h / (t + 1)", "torch.clamp(h, min=-t, max=t + 1)", "(t + 1) * h - t",
                             "h + (t if t else 7)", "h + [4, 5, 6][t]"])  # fmt: skip
        self.put("for t in range(3):", f"    h = {e}")

    def while_loop(self) -> None:
        self.put("k = 0", "while (k := k + 1) < 4:", f"    h = {self.op('h', 'k', True)}")

    def named_number(self) -> None:
        k = self.new("k")
        self.put(f"{k} = {self.number()}", f"h = {self.op('h', k)}")
        self.put(*self.rng.choice([[f"{k} = {self.number()}"], [f"{k} += 1"], [f"del {k}"], [],
                                   [f"h = {self.op('h', k, True)}"]]))  # fmt: skip

    def number_twice(self) -> None:
        self.put("k = 2", "h = h + k", "k = 3", "h = k - h", "k = 5.5")

    def accumulate(self) -> None:
        self.put(
            "total = 0", "for t in range(3):", f"    total = total + {self.op('h', 't', True)}",
                 "h = total")  # fmt: skip

    def comprehension(self) -> None:
        e = self.rng.choice(["sum([h * t for t in range(3)])", "sum(h - t for t in (1, 4))",
                             "torch.stack([h + t for t in range(3)]).sum(0)",
                             "(lambda a: a * 3 - 1)(h)"])  # fmt: skip
        self.put(f"h = {e}")

    def list_of_constants(self) -> None:
        cs = ", ".join(self.data(self.fitting()) for _ in range(3))
        name = self.new("cs")
        self.put(f"{name} = [{cs}]", f"for c in {name}:", f"    h = {self.op('h', 'c')}")
        self.after.append(self.rng.choice([f"{name}[0].add_(1)", f"{name}[1] = torch.tensor(7.0)",
                                           f"{name}[2].zero_()", f"{name} = None"]))  # fmt: skip
        if self.rng.random() < 0.3:
            self.put(self.after.pop())

    def pairs(self) -> None:
        w = self.some_leaf()
        n = self.rng.choice([", ".join(str(self.number()) for _ in range(3)),
                             ", ".join(self.data(self.fitting()) for _ in range(3))])  # fmt: skip
        ys = ", ".join(str(self.number()) for _ in range(3))
        self.put(f"for x, y in zip([{n}], [{ys}]):", f"    h = h + ({w} * x - y) ** 2")

    def overwritten(self) -> None:
        shape = self.fitting()
        c = self.constant(shape)
        self.put(f"h = {self.op('h', c)}" if self.rng.random() < 0.3 else f"h = {self.sum('h', c)}")
        self.put(*self.overwriting(c, shape))

    def reused_and_overwritten(self) -> None:
        shape = self.fitting()
        c = self.constant(shape)
        self.put(f"h = {self.sum('h', c)}", f"{c} {self.rng.choice(['+=', '*=', '-='])} 2")
        self.put(f"h = {self.op('h', c)}")

    def overwritten_later(self) -> None:
        shape = self.fitting()
        c = self.constant(shape)
        self.put(f"h = {self.op('h', c)}")
        self.after += self.overwriting(c, shape)

    def counter_tensor(self) -> None:
        change = self.rng.choice(["s = s + 1", "s += 1", "s.add_(1)", "s = torch.tensor(9.0)"])
        self.put("s = torch.tensor(1.0)", "for t in range(3):", f"    h = {self.sum('h', 's')}",
                 f"    {change}")  # fmt: skip

    def residual(self) -> None:
        inp, w = self.constant(), self.some_leaf()
        self.put(f"h = h + ({inp} + {w} * {inp})")

    def same_twice(self) -> None:
        c = self.constant()
        self.put(f"b = {c}", f"h = {self.op('h', c)}", f"h = {self.op('h', 'b')}")

    def computed_constant(self) -> None:
        c = self.constant()
        e = self.rng.choice([f"{c} * 2 + 1", f"torch.exp({c})", f"{c}.clone()", f"{c}.sum()"])
        if self.rng.random() < 0.5:
            self.put(f"h = {self.op('h', '(' + e + ')')}")
        else:
            self.put(f"d = {e}", f"h = {self.op('h', 'd')}")

    def in_a_container(self) -> None:
        shape = self.fitting()
        c = self.constant(shape)
        made, item = self.rng.choice([(f"d = {{'a': {c}}}", "d['a']"), (f"d = [{c}]", "d[0]"),
                                      (f"d = Box(); d.a = {c}", "d.a")])  # fmt: skip
        self.put(*made.split("; "), f"h = {self.op('h', item)}")
        self.put(*self.rng.choice([[f"{item} = {self.data(shape)}"], [f"{item} += 1"], [f"del {c}"],
                                   [f"{c}.zero_()"]]))  # fmt: skip

    def views(self) -> None:
        if self.shape == S:
            self.put("h = h.view(1)", "h = h[0]")
        elif self.shape == V:
            e = self.rng.choice(["h + h[0]", "h.view(3, 1).sum(1)", "h * h[1:].sum()", "h.flip(0)",
                                 "h.unsqueeze(0).squeeze(0)", "h + h.view(-1)[2]"])  # fmt: skip
            self.put(f"v = {e}", "h = v")
        else:
            e = self.rng.choice(
                [
                    "h + h[0]",
                    "h.t().t() * 2",
                    "h.view(-1).view(2, 3)",
                    "h - h[1:]",
                    "h * h[:, 1:2]",
                    "(h.t() @ h)[:2]",
                    "h.reshape(3, 2).t().clone()",
                ]
            )
            self.put(f"v = {e}", "h = v")

    def in_place(self) -> None:
        c = self.constant(self.shape)
        forms = ["h += 1", "h.mul_(2)", f"h -= {c}", f"h.add_({c}, alpha=2)", "h.clamp_(-2, 2)",
                 "h.tanh_()"]  # fmt: skip
        if self.shape:
            forms += [f"h[0] = {c}[0]", "v = h[0]; v.mul_(2)", "h[0] += 2", "h[1:] = 0.5",
                      f"v = h[1:]; v += {c}[0]; h = h * 2", "h[0] = h[1] * 3",
                      "v = h.view(-1); v[0] = 4.0; v = v * 2"]  # fmt: skip
        self.put(f"h = h {self.rng.choice(['* 1.5', '+ 1', '- 0.5'])}")
        self.put(*self.rng.choice(forms).split("; "))

    def into_a_constant(self) -> None:
        if self.shape == S:
            return
        self.put(f"z = torch.zeros({', '.join(map(str, self.shape))})", "z[0] = h[0] * 2",
                 "z[1] = 1.5", "h = h + z")  # fmt: skip

    def detached(self) -> None:
        self.put("d = h.detach()", f"h = {self.op('h', 'd', True)}")
        if self.rng.random() < 0.4:
            self.put(self.rng.choice(["d.add_(1)", "d *= 2", "d = d + 1", "d.zero_()"]))
            self.put("h = h + d")

    def data_write(self) -> None:
        w = self.some_leaf()
        shape = dict(self.leaves)[w]
        self.put(f"h = {self.sum('h', w)}")
        self.put(*self.rng.choice([
            [f"{w}.data.sub_(0.1)"], [f"{w}.data -= 0.5"], [f"{w}.data = {self.data(shape)}"],
            ["with torch.no_grad():", f"    {w} += 0.25"],
            ["with torch.no_grad():", f"    {w}.mul_(0.5)"],
            ["with torch.no_grad():", f"    {w}.copy_({self.data(shape)})"]]))  # fmt: skip
        if self.rng.random() < 0.6:
            self.put(f"h = {self.op('h', w)}")

    def without_grad(self) -> None:
        w = self.some_leaf()
        self.put("with torch.no_grad():", f"    p = {self.op(w, self.data(S))}",
                 f"h = {self.op('h', 'p')}")  # fmt: skip

    def functions(self) -> None:
        c = self.constant()
        e = self.rng.choice([f"twice_and(h, {c})", f"twice_and({c} * h, {self.number()})",
                             "squares(h, 2)", f"twice_and(twice_and(h, 3), {c})",
                             f"twice_and(h, 4) + twice_and(h, {c})"])  # fmt: skip
        self.put(f"h = {e}")

    def module(self) -> None:
        if self.shape == S:
            return
        made = self.rng.choice(
            [
                "nn.Linear(3, 3)",
                "nn.Sequential(nn.Linear(3, 3), nn.Tanh())",
                "nn.LayerNorm(3)",
                "Block()",
                "Net()",
                "nn.Sequential(nn.Linear(3, 4), nn.ReLU(), nn.Linear(4, 3))",
            ]
        )
        name = self.new("net")
        self.put(f"{name} = {made}")
        if self.rng.random() < 0.4:
            self.put("for t in range(2):", f"    h = {name}(h) + t")
        else:
            self.put(f"h = {name}(h)")

    def composite(self) -> None:
        forms = ["h.sigmoid()", "F.gelu(h)", "h.relu() + 0.1", "F.softplus(h)"]
        if self.shape:
            c = self.constant(self.shape)
            forms += [
                "torch.softmax(h, dim=-1)",
                "h.log_softmax(-1)",
                "h - h.mean()",
                "h * h.std()",
                f"h * F.mse_loss(h, {c})",
                "h / h.norm()",
                "h.cumsum(-1)",
                f"torch.where(h > 0, h, {c})",
                f"torch.lerp(h, {c}, 0.3)",
                "h.var(-1, keepdim=True) + h",
                f"torch.addcmul(h, {c}, {c}, value=2)",
            ]
        if self.shape == M:
            forms += ["h * F.cross_entropy(h, torch.tensor([0, 2]))",
                      f"(h @ {self.constant((3, 3))})", f"h + (h @ {self.constant(V)}).sum()",
                      f"(h.view(1, 2, 3) @ {self.constant((1, 3, 3))})[0]",
                      "h + F.nll_loss(h, torch.tensor([1, 1]))",
                      "torch.einsum('ij,kj->ik', h, h) @ h"]  # fmt: skip
        self.put(f"h = {self.rng.choice(forms)}")

    def several_outputs(self) -> None:
        if self.shape == S:
            return
        if self.shape == V:
            self.put(*self.rng.choice([
                ["m, i = h.max(dim=0)", "h = h - m"], ["a, b, c = h.unbind(0)", "h = h * a - c"],
                ["a, b = h.split([1, 2])", "h = h + a * b.sum()"],
                ["m = h.sort()[0]", "h = h + m"]]))  # fmt: skip
        else:
            self.put(*self.rng.choice([
                ["m, i = h.max(dim=1)", "h = h - m.view(2, 1)"],
                ["a, b = h.unbind(0)", "h = torch.stack([b, a * 2])"],
                ["a, b = h.split([1, 2], dim=1)", "h = h + a"],
                ["s, m = torch.std_mean(h)", "h = (h - m) / (s + 1)"]]))  # fmt: skip

    def large_constant(self) -> None:
        let_go = self.rng.choice(["del big", "big = torch.zeros(70)", "big.zero_()", "big = None"])
        self.put("big = torch.linspace(-1, 1, 70)",
                 f"h = h + {self.rng.choice(['big * h.sum()', 'h.sum() + big', 'big - h.mean()'])}"
                 ".pow(2).mean()".replace("h = h + ", ""))  # fmt: skip
        line = self.lines.pop().strip()
        made, _, tail = line.partition(".pow(2).mean()")
        self.put(f"h = h + ({made}).pow(2).mean(){tail}", let_go)

    def joined(self) -> None:
        if self.shape == S:
            self.put(f"h = torch.stack([h, {self.data(S)}, h * 2]).sum()")
            return
        c = self.constant(self.shape)
        n = self.shape[0]
        e = self.rng.choice([f"torch.cat([h, {c}])[:{n}]", f"torch.cat([{c}, h])[1:{n + 1}]",
                             f"torch.stack([h, {c}, h]).sum(0)"])  # fmt: skip
        self.put(f"h = {e}")

    def other_kinds_of_number(self) -> None:
        e = self.rng.choice(
            [
                "h * np.float32(2)",
                "h + True",
                "h - np.int64(3)",
                "-h",
                "h ** 3",
                "2 ** h.tanh()",
                "h * torch.tensor(3)",
                "torch.tensor(2) - h",
            ]
        )
        if self.shape and self.rng.random() < 0.5:
            e = self.rng.choice(["h * torch.tensor([1, 0, 2])", "h + torch.arange(3)",
                                 "h * torch.tensor([True, False, True])"])  # fmt: skip
        self.put(f"h = {e}")

    def indexed(self) -> None:
        if self.shape == S:
            return
        i = self.rng.choice(["h[torch.tensor([0, 1, 0])].sum()", "h[h > 0].sum()",
                             "h.index_select(-1, torch.tensor([2, 0])).sum()",
                             "F.embedding(torch.tensor([0, 0]), h.view(-1, 3)).sum()"])  # fmt: skip
        self.put(f"h = h + {i}")

    def own_function(self) -> None:
        self.put(f"h = Cube.apply({self.rng.choice(['h', 'h.tanh()', f'h * {self.number()}'])})")

    def gradient_penalty(self) -> None:
        self.put(f"(g,) = torch.autograd.grad(h.sum(), [{self.first}], create_graph=True)",
                 "h = h + (g * g).sum()")  # fmt: skip

    def retained(self) -> None:
        self.put("h = h * 1.25", "h.retain_grad()")

    def batches(self) -> None:
        w = self.some_leaf()
        self.put("x = torch.tensor(0.5)", f"h = h + x * {w}", "x = torch.tensor(1.5)",
                 f"h = h + x + {w}", "x = torch.tensor(2.5)")  # fmt: skip

    def filled_buffer(self) -> None:
        self.put("buf = torch.zeros(())", "for t in range(3):", "    buf.fill_(t + 0.5)",
                 f"    h = {self.sum('h', 'buf')}")  # fmt: skip


WRITING = """
    named_number number_twice list_of_constants overwritten reused_and_overwritten
    overwritten_later counter_tensor in_a_container in_place into_a_constant detached data_write
    large_constant batches filled_buffer several_outputs
"""
STEPS = [step for name, step in vars(Writer).items() if name in f"""
    {WRITING} loop_over_numbers while_loop accumulate comprehension pairs residual same_twice
    computed_constant views without_grad functions module composite joined other_kinds_of_number
    indexed own_function gradient_penalty retained
""".split()]  # fmt: skip
CALM = [step for step in STEPS if step.__name__ not in WRITING.split()]


# --- by hand -------------------------------------------------------------------------------------


def shortened(text: str, kind: str) -> str:
    """The program with as many lines left out as possible, while ``kind`` is still found."""

    def shows(lines: list[str]) -> bool:
        try:
            return any(f.kind == kind for f in examine("\n".join([*head, *lines])).findings)
        except (Broken, SyntaxError):
            return False

    lines = text.split("\n")
    head, lines = lines[: HEAD.count("\n")], lines[HEAD.count("\n") :]
    before = None
    while before != lines:
        before = lines
        size = max(len(lines) // 2, 1)
        while size:
            i = 0
            while i < len(lines):
                rest = lines[:i] + lines[i + size :]
                if shows(rest):
                    lines = rest
                else:
                    i += 1
            size //= 2
        for i, line in enumerate(lines):  # a block without its first line
            inside = [
                k
                for k in range(i + 1, len(lines))
                if lines[k].startswith(" " * (len(line) - len(line.lstrip()) + 4))
            ]
            if line.endswith(":") and inside:
                rest = [x[4:] if k in inside else x for k, x in enumerate(lines) if k != i]
                if shows(rest):
                    lines = rest
                    break
    return "\n".join(lines)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--n", type=int, default=300, help="so many programs")
    parser.add_argument("--seed", type=int, default=0, help="the first one's number")
    parser.add_argument("--torch", action="store_true", help="also run them in PyTorch")
    parser.add_argument("--whole", action="store_true", help="do not shorten what was found")
    parser.add_argument("--examples", type=int, default=3, help="so many programs of each kind")
    parser.add_argument("--calm", action="store_true", help="nothing is written to")
    parser.add_argument("--show", action="store_true", help="print the program of --seed only")
    given = parser.parse_args()
    if given.show:
        print(Writer(given.seed, given.calm).text)
        return
    found: dict[str, list[str]] = {}  # programs by kind
    known: Counter[str] = Counter()
    wrong = stopped = 0
    for seed in range(given.seed, given.seed + given.n):
        text = Writer(seed, given.calm).text
        try:
            report = examine(text, torch=given.torch)
        except Broken as error:
            print(f"seed {seed}: the program itself is broken: {error}")
            continue
        known.update(report.known)
        wrong += bool(report.findings)
        stopped += report.stopped is not None
        for kind in {f.kind for f in report.findings}:
            found.setdefault(kind, []).append(text)
    for kind, texts in sorted(found.items(), key=lambda item: -len(item[1])):
        print(f"=== {kind}: {len(texts)} programs\n")
        shown = set()
        for text in sorted(texts, key=len)[: 4 * given.examples]:
            short = text if given.whole else shortened(text, kind)
            alike = re.sub(r"[\d.]+", "0", short)
            if alike not in shown and len(shown) < given.examples:
                shown.add(alike)
                full = short if given.whole else HEAD.format(dtype="float32") + short
                first = next((f for f in examine(full).findings if f.kind == kind), "in float64")
                print(f"{first}\n\n{short}\n")
    print(f"{given.n} programs, {wrong} with something wrong; {stopped} stopped by an error")
    for name in sorted({name.rpartition(":")[0] for name in known if ":" in name}):
        print(f"{name}: {known[name + ': known']} of {known[name + ': all']} known")


if __name__ == "__main__":
    main()
