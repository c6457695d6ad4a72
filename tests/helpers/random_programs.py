"""Random programs whose every number is logged, to compare what pictures of their graphs show.

Each line of a program does one thing. A second run of the same text, with a call after (and before)
each line, logs the numbers at that moment; the first, plain run makes the graph. A graph's node
belongs to a line and to the how-manieth time that the line ran.

    python tests/helpers/random_programs.py --n 5000 --seed 1
"""

from __future__ import annotations

import linecache
import random
from collections import defaultdict
from typing import Any

import numpy as np

import minigrad as mg
from minigrad.graphs.recomputed import numbers_of


class Writer:
    """Writes one program."""

    def __init__(self, seed: int) -> None:
        self.r = random.Random(seed)
        self.lines: list[str] = []
        self.indent = ""
        self.n = 0
        self.hidden: list[str] = []  # (2, 3) tensors with a history
        self.leaves: list[str] = []
        self.constants: list[str] = []
        self.rows: list[str] = []  # views of shape (3,)
        self.breaks = False  # whether something is written that backward may refuse

    def say(self, text: str) -> None:
        self.lines.append(self.indent + text)

    def new(self, kind: str) -> str:
        self.n += 1
        return f"{kind}{self.n}"

    def program(self) -> str:
        r = self.r
        kind = r.choice(["torch.float32", "torch.float64"])
        for _ in range(r.randint(1, 3)):
            self.leaves.append(self.new("w"))
            self.say(f"{self.leaves[-1]} = torch.randn(2, 3, dtype={kind}, requires_grad=True)")
        for _ in range(r.randint(1, 3)):
            self.constants.append(self.new("c"))
            self.say(f"{self.constants[-1]} = torch.randn(2, 3, dtype={kind})")
        self.say(f"net = torch.nn.Linear(3, 3).to({kind})")
        self.say("norm = torch.nn.LayerNorm(3)" + (".double()" if "64" in kind else ""))
        self.hidden.append(self.new("h"))
        self.say(f"{self.hidden[-1]} = {self.leaves[0]} * 1.5")
        for _ in range(r.randint(3, 9)):
            self.statement()
        if r.random() < 0.2:
            self.say("target = torch.tensor([0, 2])")
            self.say(f"loss = torch.nn.functional.cross_entropy({r.choice(self.hidden)}, target)")
        else:
            self.say(f"total = {self.hidden[-1]} + {r.choice(self.hidden + self.leaves)}")
            self.say("loss = total.sum()")
        return "\n".join(self.lines) + "\n"

    def operand(self) -> str:
        return self.r.choice([*self.hidden, *self.leaves, *self.constants])

    def statement(self) -> None:
        choices = [self.binary] * 3 + [self.unary] * 2 + [
            self.loop, self.residual, self.row, self.in_place, self.overwrite, self.rebind,
            self.module, self.leaf_written, self.alias, self.numpy, self.let_go, self.transposed,
        ]  # fmt: skip
        self.r.choice(choices)()

    def result(self, text: str) -> None:
        name = self.r.choice([self.new("h"), self.r.choice(self.hidden)])
        self.say(f"{name} = {text}")
        if name not in self.hidden:
            self.hidden.append(name)

    def binary(self) -> None:
        a, b = self.r.choice(self.hidden), self.operand()
        if self.r.random() < 0.3:
            b = str(self.r.choice([2, 0.5, -1, 3.0]))
        pair = (a, b) if self.r.random() < 0.6 else (b, a)
        self.result(f"{pair[0]} {self.r.choice('+-*')} {pair[1]}")

    def unary(self) -> None:
        how = self.r.choice(["tanh()", "sin()", "sigmoid()", "clamp(min=-0.5)", "softmax(dim=1)",
                             "abs()", "exp().clamp(max=9.0)"])  # fmt: skip
        self.result(f"{self.r.choice(self.hidden)}.{how}")

    def loop(self) -> None:
        name = self.r.choice(self.hidden)
        self.say(f"for t in {self.r.choice(['range(3)', '[0.5, 2.0]', '(1, -2)'])}:")
        self.indent = "    "
        for _ in range(self.r.randint(1, 2)):
            self.say(self.r.choice([
                f"{name} = {name} + t", f"{name} = t - {name}", f"{name} = {name}.tanh()",
                f"{name} = {name} * {self.operand()}",
            ]))  # fmt: skip
        if self.r.random() < 0.3:
            self.say(f"{self.r.choice(self.constants)}.add_(1)")
        self.indent = ""

    def residual(self) -> None:
        c, w = self.r.choice(self.constants), self.r.choice(self.leaves)
        self.result(f"{c} + {w} * {c}")

    def row(self) -> None:
        v = self.new("v")
        self.say(f"{v} = {self.r.choice(self.hidden)}[{self.r.randint(0, 1)}]")
        self.rows.append(v)
        self.result(f"{self.r.choice(self.hidden)} * {v}")

    def transposed(self) -> None:
        v = self.new("u")
        self.say(f"{v} = {self.r.choice(self.hidden)}.t()")
        self.result(f"{v}.reshape(2, 3)")

    def in_place(self) -> None:
        h = self.r.choice(self.hidden)
        self.say(self.r.choice([f"{h} += {self.r.choice(self.constants)}", f"{h}.mul_(2)",
                                f"{h}[0] = {self.r.choice(self.constants)}[1]",
                                f"{self.r.choice(self.rows or [h])}.add_(1)"]))  # fmt: skip

    def overwrite(self) -> None:
        c = self.r.choice(self.constants)
        self.say(self.r.choice([f"{c}.add_(1)", f"{c} *= 2", f"{c}[0] = 5", f"{c}.zero_()"]))

    def rebind(self) -> None:
        c = self.r.choice(self.constants)
        self.say(f"{c} = {c} + 1")

    def let_go(self) -> None:
        big = self.new("big")
        self.say(f"{big} = torch.ones(50, 2, 3, dtype={self.r.choice(self.hidden)}.dtype)")
        self.say(f"y{big} = {big} * {self.r.choice(self.hidden)}")
        self.say(f"del {big}")
        self.result(f"y{big}.mean(0)")

    def module(self) -> None:
        self.result(f"{self.r.choice(['net', 'norm'])}({self.r.choice(self.hidden)})")

    def leaf_written(self) -> None:
        w = self.r.choice(self.leaves)
        if self.r.random() < 0.5:
            self.say(self.r.choice([f"{w}.data.sub_(0.5)", f"{w}.data -= 0.5"]))
        else:
            self.say("with torch.no_grad():")
            self.say(f"    {w}.add_(1)")

    def alias(self) -> None:
        d = self.new("d")
        self.say(f"{d} = {self.r.choice(self.hidden)}.detach()")
        self.say(f"{d}.mul_(3)")

    def numpy(self) -> None:
        a = self.new("a")
        self.say(f"{a} = {self.r.choice(self.constants)}.numpy()")
        self.say(f"{a} += 1")


class Log:
    """What a logged run knows: by line and occurrence, the numbers after it."""

    def __init__(self) -> None:
        self.after: dict[int, list[dict[str, Any]]] = defaultdict(list)
        self.kept: dict[tuple[int, int], Any] = {}  # the tensor made there, with its gradient

    def __call__(self, line: int, variables: dict[str, Any], made: str) -> None:
        seen = {n: v.detach().numpy().copy() for n, v in variables.items()
                if isinstance(v, mg.Tensor)}  # fmt: skip
        self.after[line].append({"values": seen, "made": made})
        t = variables.get(made)
        if isinstance(t, mg.Tensor) and t.requires_grad and not t.is_leaf:
            t.retain_grad()
            self.kept[line, len(self.after[line]) - 1] = (t, t.grad_fn)


def logged_text(text: str) -> str:
    """The program with a call of the log after every line."""
    lines = []
    for number, line in enumerate(text.splitlines(), 1):
        indent = line[: len(line) - len(line.lstrip())]
        words = line.split()
        made = words[0] if len(words) > 1 and words[1] == "=" and words[0].isidentifier() else ""
        lines.append(line)
        if not line.endswith(":"):
            lines.append(f"{indent}LOG({number}, dict(locals()), {made!r})")
    return "\n".join(lines) + "\n"


def run(text: str, name: str, **more: Any) -> dict[str, Any]:
    linecache.cache[name] = (len(text), None, text.splitlines(keepends=True), name)
    variables: dict[str, Any] = {"torch": mg, "__name__": "program", **more}
    mg.manual_seed(0)
    exec(compile(text, name, "exec"), variables)
    return variables


def is_number(word: str) -> bool:
    return word.lstrip("-").replace(".", "").isdigit()


class Wrong(AssertionError):
    """A number in a graph that never was."""


class Compared:
    """Compares one program's graph with its log."""

    def __init__(self, text: str, name: str) -> None:
        self.text, self.name = text, name
        self.log = Log()
        self.logged = run(logged_text(text), name + " logged", LOG=self.log)
        self.known = self.asked = self.again = self.grads = 0

    def truth(self, node: Any, count: dict[int, int]) -> Any:
        """The numbers of a node's result when it was computed; None if its line makes no one."""
        if node.source is None or node.source[0] != self.name:
            return None
        line = node.source[1]
        occurrence = count[line]
        entries = self.log.after.get(line, [])
        if occurrence >= len(entries) or not entries[occurrence]["made"]:
            return None
        return entries[occurrence]["values"].get(entries[occurrence]["made"])

    def last_of_lines(self, g: Any) -> dict[int, tuple[int, int]]:
        """Of each time a line ran, its last node: {node index: (line, occurrence)}."""
        found: dict[int, tuple[int, int]] = {}
        runs: dict[int, list[list[Any]]] = defaultdict(list)
        for node in g:
            if node.op is None or node.source is None or node.source[0] != self.name:
                continue
            runs[node.source[1]].append([node])
        for line, nodes in runs.items():
            times = len(self.log.after.get(line, []))
            if times and len(nodes) % times == 0:
                each = len(nodes) // times
                for k in range(times):
                    found[nodes[(k + 1) * each - 1][0].index] = (line, k)
        return found

    def check(self, g: Any, grads: bool) -> None:
        numbers = numbers_of(g, grads=grads)
        for i, (line, k) in self.last_of_lines(g).items():
            entry = self.log.after[line][k]
            if not entry["made"]:
                continue
            right = entry["values"][entry["made"]]
            node = g.at(i)
            if right.shape != tuple(node.shape):
                continue
            self.asked += 1
            held = node.value
            if held is not None and not np.array_equal(held.numpy(), right, equal_nan=True):
                raise Wrong(f"value of {node.name} (line {line}, time {k}):\n{held}\nnot\n{right}")
            if i in numbers.values:
                self.known += 1
                self.again += i in numbers.again
                self.close(numbers.values[i], right, f"number of {node.name} (line {line}.{k})")
            if grads and i in numbers.grads and (line, k) in self.log.kept:
                t, made_by = self.log.kept[line, k]
                if t.grad_fn == made_by and t.grad is not None:
                    self.grads += 1
                    self.close(numbers.grads[i], t.grad.numpy(),
                               f"gradient of {node.name} (line {line}.{k})")  # fmt: skip
        self.inputs(g)

    def inputs(self, g: Any) -> None:
        """Leaves, constants and numbers, as they were at the lines that used them."""
        for i, (line, k) in self.last_of_lines(g).items():
            expression = self.text.splitlines()[line - 1].strip().partition(" = ")[2]
            node, parts = g.at(i), expression.split(" ")
            if len(parts) != 3 or len(node.inputs) != 2:
                continue
            before = self.log.after[line][k]["values"]
            words = [parts[0], parts[2]]
            if node.inputs[1].is_number:  # `2 * h` is recorded as `h * 2`
                words.sort(key=is_number)
            for given, word in zip(node.inputs, words):
                if given.kind not in ("leaf", "constant") or given.value is None:
                    continue
                if is_number(word):
                    if float(given.label) != float(word):
                        raise Wrong(f"{word} of line {line} is drawn as {given.label}")
                elif word in before and word != self.log.after[line][k]["made"]:
                    what = f"input {word} of line {line}.{k}"
                    self.close(given.value.numpy(), before[word], what)

    def close(self, found: Any, right: Any, what: str) -> None:
        if not np.allclose(found, right, rtol=1e-4, atol=1e-5, equal_nan=True):
            raise Wrong(f"{what}:\n{found}\nnot\n{right}")


def check_program(seed: int) -> Compared | None:
    """Raises Wrong if a number of the graph, the tape or the explanation never was."""
    text = Writer(seed).program()
    name = f"<program {seed}>"
    try:
        compared = Compared(text, name)
    except RuntimeError:  # a program that PyTorch refuses as well: a view that may not be written
        return None
    plain = run(text, name)
    loss = plain["loss"]
    try:
        compared.check(mg.graph(loss, names={"loss": loss}), False)
        compared.check(mg.graph(loss, names=named(plain)), False)
        try:
            compared.logged["loss"].backward()
        except RuntimeError:  # something saved was overwritten
            return compared
        explained = {w: mg.explain(loss, wrt=plain[w], names=named(plain)).gradient
                     for w in plain if w.startswith("w") and in_graph(loss, plain[w])}  # fmt: skip
        loss.backward()
        for w, gradient in explained.items():
            if gradient is not None:
                compared.close(gradient.numpy(), plain[w].grad.numpy(), f"explain({w})")
        compared.check(mg.graph(loss, names=named(plain)), True)
        mg.optim.SGD([plain[w] for w in explained], lr=0.1).step()
        compared.check(mg.graph(loss, names=named(plain)), True)
        with mg.record(memory=1) as tape:
            again = run(text, name)
            again["loss"].backward()
        check_tape(compared, tape)
    except Wrong as error:
        raise Wrong(f"{error}\nin program {seed}:\n{text}") from None
    return compared


def named(variables: dict[str, Any]) -> dict[str, Any]:
    return {n: v for n, v in variables.items() if isinstance(v, mg.Tensor)}


def in_graph(loss: Any, w: Any) -> bool:
    return w in mg.graph(loss)


def check_tape(compared: Compared, tape: Any) -> None:
    if not tape.iterations:
        return
    g = tape.iterations[-1].graph
    places = compared.last_of_lines(g)
    for step in tape:
        if step.kind == "forward" and step.node.index in places and step.value is not None:
            line, k = places[step.node.index]
            entry = compared.log.after[line][k]
            right = entry["values"].get(entry["made"])
            if right is not None and right.shape == tuple(step.value.shape):
                compared.known += 1
                what = f"the tape's {step.name} (line {line}.{k})"
                compared.close(step.value.numpy(), right, what)


def main() -> None:
    import argparse

    parser = argparse.ArgumentParser()
    parser.add_argument("--n", type=int, default=500)
    parser.add_argument("--seed", type=int, default=0)
    given = parser.parse_args()
    totals: dict[str, int] = defaultdict(int)
    for seed in range(given.seed, given.seed + given.n):
        try:
            compared = check_program(seed)
        except Wrong as error:
            totals["wrong"] += 1
            print(error)
            continue
        totals["programs"] += compared is not None
        for what in ("asked", "known", "again", "grads"):
            totals[what] += getattr(compared, what, 0)
    print(dict(totals))


if __name__ == "__main__":
    main()
