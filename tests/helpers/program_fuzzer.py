"""Random small programs, run twice: here and in PyTorch, or here and as recorded.

A program is a list of statements over v0, v1, ... with ``T`` as the library: tensors of several
dtypes with NaN, infinity, ties and empty ones among them, operations, views, indexing, writes in
place, no_grad, and one backward pass. All that can be seen is compared: whether a statement raises
and what, numbers, dtypes, requires_grad, versions, gradients.

By hand, for as long as you like (needs PyTorch)::

    python tests/helpers/program_fuzzer.py --seed 0 --n 5000

What differs is made smaller before it is printed: statements are left out while the difference
stays.
"""

from __future__ import annotations

import argparse
import collections
import random
import re
import warnings
from typing import Any

import numpy as np

VALUES = ["0.0", "-0.0", "1.0", "-1.5", "2.0", "0.5", "3.0", "2.0"]
ODD = ["float('nan')", "float('inf')", "-float('inf')"]
SHAPES = [(), (1,), (3,), (2, 3), (3, 3), (1, 3), (2, 1, 3), (0,), (2, 0)]
MAKE = ["float64"] * 4 + ["float32"] * 3 + ["int64", "bool", "uint8", "float16"]
ONE = """
    {x}.neg() {x}.abs() {x}.exp() {x}.sin() {x}.tanh() {x}.sigmoid() {x}.relu() {x}.sign()
    {x}.floor() {x}.sqrt() {x}.log() {x}.reciprocal() {x}.square() T.nn.functional.elu({x})
    T.nn.functional.hardtanh({x}) T.nn.functional.threshold({x},0.5,2.0) {x}.isnan() {x}.clone()
    {x}.detach() {x}.sum() {x}.mean() {x}.prod() {x}.max() {x}.argmin() {x}.cumsum(0) {x}.sum(-1)
    {x}.amax(-1) {x}.sort(-1)[0] {x}.softmax(-1) {x}.std() {x}.any() {x}.nansum() {x}.unique()
    {x}.reshape(-1) {x}.unsqueeze(0) {x}.squeeze() {x}.expand(2,*{x}.shape) {x}.flip(0) {x}.T
    {x}.diagonal() {x}.unbind(0)[0] {x}.double() {x}.half() {x}.long() {x}.bool() T.tensor([{x}])
    {x}.angle() {x}.logical_not() {x}.norm() {x}.clamp(-1,1) T.zeros_like({x})
    {x}.index_fill(0,T.tensor([-1]),2)
""".split()  # fmt: skip
TWO = """
    {x}+{y} {x}-{y} {x}*{y} {x}/{y} {x}//{y} {x}%{y} {x}**{y} {x}=={y} {x}<{y} T.maximum({x},{y})
    T.fmod({x},{y}) T.nextafter({x},{y}) T.heaviside({x},{y}) T.where({x}>0,{x},{y})
    T.atan2({x},{y}) T.nn.functional.mse_loss({x},{y}) T.nn.functional.l1_loss({x},{y})
    {x}.matmul({y}) T.stack([{x},{y}]) T.logaddexp({x},{y}) T.copysign({x},{y}) {x}.lerp({y},0.5)
    T.minimum({x},{y}) T.logical_and({x},{y})
""".split()  # fmt: skip
WRITE = """
    {x}[{i}]={y} {x}[{i}]+={y} {x}[{i}]=2 {x}.mul_({y}) {x}.add_(1) {x}.zero_() {x}/=0
    {x}.logical_not_() {x}.lt_({y}) {x}.masked_fill_({x}>0,1) {x}.unsqueeze_(0) {x}.clamp_(min=0)
""".split()
INDEX = [
    "0", "-1", ":", "1:", "::2", "None", "...", "True", "[0,0]", "T.tensor([0,-1])", "0,:",
    ":,0", "0,...,[0,0]", ":,[0,1]", "[[0,0],[1,2]]", "0,:,T.tensor([0])", "T.tensor(0)", "::-1",
]  # fmt: skip

# Programs in which the two differ, and why.
KNOWN: dict[int, str] = {
    54: "argmin of nothing: an error of another type",
    80: "a view of several, its base written to in no_grad: PyTorch refuses to look at it",
    95: "argmin of nothing: an error of another type",
    100: "infinity // NaN's neighbours: another of nan and inf",
    124: "x.lt_(y) makes x require grad in PyTorch where only y does",
    142: "which of two reasons to refuse is told first",
    151: "PyTorch writes the result of vector @ matrix once more: its version is 1",
    191: "argmin of nothing: an error of another type",
}


def nested(rng: random.Random, shape: Any, dtype: str) -> str:
    if shape:
        return "[" + ",".join(nested(rng, shape[1:], dtype) for _ in range(shape[0])) + "]"
    if dtype == "bool":
        return rng.choice(["True", "False"])
    if dtype in ("int64", "uint8"):
        return str(rng.randint(0 if dtype == "uint8" else -3, 3))
    return rng.choice(ODD if rng.random() < 0.06 else VALUES)


def program(seed: int, length: int = 10) -> list[str]:
    """The statements of program number ``seed``; known without running anything."""
    rng = random.Random(seed)
    lines: list[str] = []
    for n in range(2):
        dtype, shape = rng.choice(MAKE), rng.choice(SHAPES)
        grad = ",requires_grad=True" if dtype.startswith("float") and rng.random() < 0.7 else ""
        text = nested(rng, shape, dtype)
        lines.append(f"v{n} = T.tensor({text},dtype=T.{dtype}{grad})")
    names = ["v0", "v1"]
    for _ in range(length):
        x, y = rng.choice(names[-5:]), rng.choice([*names[-5:], "2", "0.5", "-1"])
        way = rng.random()
        index = rng.choice(INDEX)
        if way < 0.18:
            line = rng.choice(WRITE).format(x=x, y=y, i=index)
            lines.append(f"with T.no_grad(): {line}" if rng.random() < 0.3 else line)
            continue
        made = f"{x}[{index}]" if way < 0.32 else rng.choice(ONE if way < 0.68 else TWO)
        names.append(f"v{len(names)}")
        line = f"{names[-1]} = {made.format(x=x, y=y)}"
        lines.append(f"with T.no_grad(): {line}" if rng.random() < 0.08 else line)
    lines.append(f"{rng.choice(names[-4:])}.sum().backward()")
    return lines


def seen(value: Any) -> Any:
    """What is compared of a tensor: plain data."""
    if not hasattr(value, "detach"):
        return repr(value)
    array = value.detach().numpy().ravel()
    return [
        str(value.dtype),
        list(value.shape),
        array.astype(np.complex128).view(np.float64).tolist(),
    ]


def run(lib: Any, lines: list[str]) -> list[Any]:
    """For each statement None or the error's type; then each tensor, its flags and gradient."""
    names: dict[str, Any] = {"T": lib}
    lib.manual_seed(0)
    outcome: list[Any] = []
    with warnings.catch_warnings(), np.errstate(all="ignore"):
        warnings.simplefilter("ignore")
        for line in lines:
            try:
                exec(line, names)
                outcome.append(None)
            except Exception as error:
                outcome.append(type(error).__name__)
        for name in sorted(k for k in names if re.fullmatch(r"v\d+", k)):
            t = names[name]
            outcome.append([name, asked(seen, t), asked(flags, t)])
            outcome.append([name + ".grad", asked(gradient, t)])
    return outcome


def flags(t: Any) -> list[Any]:
    return [t.requires_grad, t.is_leaf, t._version]


def gradient(t: Any) -> Any:
    return seen(t.grad) if t.is_leaf else None


def asked(question: Any, t: Any) -> Any:
    """The answer, or the type of the error: some views may not be asked any more."""
    try:
        return question(t)
    except RuntimeError as error:
        return type(error).__name__


def close(a: Any, b: Any) -> bool:
    """Equal but for rounding."""
    if isinstance(a, list) and isinstance(b, list):
        return len(a) == len(b) and all(map(close, a, b))
    if isinstance(a, float) and isinstance(b, float):
        return bool(np.allclose(a, b, rtol=2e-2, atol=2e-3, equal_nan=True))
    return bool(a == b)


def difference(ours: list[Any], theirs: list[Any]) -> str | None:
    for a, b in zip(ours, theirs):
        if not close(a, b):
            return f"{a} here, {b} there"
    return None if len(ours) == len(theirs) else "another number of results"


def minimised(lib: Any, other: Any, lines: list[str]) -> list[str]:
    """Fewer statements that still differ."""
    smaller = True
    while smaller:
        smaller = False
        for i in reversed(range(len(lines))):
            fewer = lines[:i] + lines[i + 1 :]
            if difference(run(lib, fewer), run(other, fewer)):
                lines, smaller = fewer, True
                break
    return lines


def compare(lib: Any, other: Any, seed: int) -> str | None:
    """None, or the difference in program ``seed`` and the smallest program that shows one."""
    lines = program(seed)
    found = difference(run(lib, lines), run(other, lines))
    if found is None:
        return None
    few = minimised(lib, other, lines)
    return "\n  ".join([f"program {seed}: {difference(run(lib, few), run(other, few))}", *few])


def main() -> None:
    parser = argparse.ArgumentParser(description="minigrad against PyTorch on random programs")
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--n", type=int, default=1000)
    given = parser.parse_args()
    import torch

    import minigrad

    torch.set_num_threads(1)
    counted: collections.Counter[bool] = collections.Counter()
    for seed in range(given.seed, given.seed + given.n):
        found = compare(minigrad, torch, seed)
        counted[found is None] += 1
        if found is not None:
            print(found[:1500])
    print(f"{counted[True]} agree, {counted[False]} differ")


if __name__ == "__main__":
    main()
