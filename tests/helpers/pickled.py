"""Things that can be pickled, as lines of text, and what two of them have in common.

``golden_scripts/make_pickles.py`` pickled them with version 0.1.0 and kept the lines beside the
bytes; ``test_old_pickles.py`` evaluates the same lines today and compares.
"""

from __future__ import annotations

import importlib
import io
import itertools
import pickle
import types
import warnings
from typing import Any

import numpy as np

LINES = """
tensor: m.tensor([[1.0, 2.0], [3.0, 4.0]])
leaf: m.tensor([1.5, -2.0], requires_grad=True)
computed: m.tensor([1.5, -2.0], requires_grad=True) * 2
number: m.tensor(3.0)
empty: m.zeros(0, 2)
transposed: m.arange(6).reshape(2, 3).t()
with_attribute: noted(m.ones(2))
parameter: m.nn.Parameter(m.tensor([1.0, 2.0]))
frozen: m.nn.Parameter(m.tensor([1.0]), requires_grad=False)
buffer: m.nn.Buffer(m.tensor([1.0, 2.0]))
size: m.Size([2, 3])
device: m.device('cpu')
device_0: m.device('cpu', 0)
finfo: m.finfo(m.float32)
generator: m.Generator().manual_seed(5)
state: {'w': m.ones(2, requires_grad=True), 'list': [m.zeros(2), m.Size([2, 2]), m.float16]}
packed: m.nn.utils.rnn.pack_sequence([m.ones(3), m.zeros(2)])
trained: trained_network(m)
graph_edge: m.autograd.graph.GradientEdge(None, 0)
TensorDataset: m.utils.data.TensorDataset(m.arange(4), m.ones(4, 2))
StackDataset: m.utils.data.StackDataset(m.arange(4), m.ones(4, 2))
ConcatDataset: m.utils.data.ConcatDataset([[1, 2], [3]])
ChainDataset: m.utils.data.ChainDataset([[1, 2], [3]])
Subset: m.utils.data.Subset([5, 6, 7], [0, 2])
DataLoader: m.utils.data.DataLoader([1, 2, 3], batch_size=2, shuffle=True)
SequentialSampler: m.utils.data.SequentialSampler([1, 2, 3])
RandomSampler: m.utils.data.RandomSampler([1, 2, 3], generator=m.Generator().manual_seed(5))
SubsetRandomSampler: m.utils.data.SubsetRandomSampler([1, 2, 3])
WeightedRandomSampler: m.utils.data.WeightedRandomSampler([0.1, 0.9], 5)
BatchSampler: m.utils.data.BatchSampler(m.utils.data.SequentialSampler([1, 2, 3]), 2, False)
Normal: m.distributions.Normal(m.tensor([0.0, 1.0]), 2.0)
Uniform: m.distributions.Uniform(0.0, m.tensor([1.0, 2.0]))
Laplace: m.distributions.Laplace(0.0, 1.0)
Exponential: m.distributions.Exponential(m.tensor(2.0))
Bernoulli: m.distributions.Bernoulli(m.tensor([0.3, 0.6]))
Categorical: m.distributions.Categorical(logits=m.tensor([0.3, 0.6]))
Independent: m.distributions.Independent(m.distributions.Normal(m.zeros(2), 1.0), 1)
positive: m.distributions.constraints.positive
interval: m.distributions.constraints.interval(0.0, 1.0)
LinAlgError: m.linalg.LinAlgError('singular')
CheckpointError: m.utils.checkpoint.CheckpointError('other numbers')
averaged: m.optim.swa_utils.AveragedModel(m.nn.Linear(2, 1))
""".strip().splitlines()
DTYPES = """bool uint8 int8 int16 int32 int64 uint16 uint32 uint64 float16 float32 float64
    complex64 complex128""".split()
LAYOUTS = "strided contiguous_format preserve_format channels_last".split()
OPTIMIZERS = "SGD Adam AdamW NAdam RAdam Adamax RMSprop Adagrad Adadelta Rprop ASGD".split()
SCHEDULERS = {
    "StepLR": "2", "MultiStepLR": "[1, 3]", "ConstantLR": "0.5", "LinearLR": "0.5",
    "ExponentialLR": "0.9", "PolynomialLR": "4", "CosineAnnealingLR": "5",
    "CosineAnnealingWarmRestarts": "5", "CyclicLR": "0.1, 0.5", "OneCycleLR": "0.5, 20",
    "ReduceLROnPlateau": "",
}  # fmt: skip

# Where public names are; these are the addresses that today's pickles may name.
SPACES = ["minigrad", *(f"minigrad.{name}" for name in """
    autograd autograd.graph autograd.functional autograd.forward_ad func nn nn.functional nn.init
    nn.utils nn.utils.rnn nn.utils.parametrize nn.utils.parametrizations optim optim.lr_scheduler
    optim.swa_utils distributions distributions.constraints utils utils.data utils.checkpoint
    utils.hooks linalg special random cuda backends accelerator testing
""".split())]

NO_PUBLIC_NAME = ["NonDynamicallyQuantizableLinear"]  # part of MultiheadAttention, as in PyTorch


def namespace(lib: Any, name: str) -> Any:
    return importlib.import_module(f"{lib.__name__}.{name}") if name else lib


class Reader(pickle.Unpickler):
    """Reads a pickle, and notes module and name of all that it names by its address."""

    def __init__(self, text: bytes) -> None:
        super().__init__(io.BytesIO(text))
        self.named: list[tuple[str, str]] = []

    def find_class(self, module: str, name: str) -> Any:
        self.named.append((module, name))
        return super().find_class(module, name)


def lines(modules: list[str]) -> dict[str, str]:
    """Name and expression of everything to pickle; modules: expressions of modules."""
    found = dict(line.split(": ", 1) for line in LINES)
    found |= {f"dtype_{d}": f"m.{d}" for d in DTYPES}
    found |= {f"tensor_{d}": f"m.ones(2, dtype=m.{d})" for d in DTYPES}
    found |= {f"layout_{name}": f"m.{name}" for name in LAYOUTS}
    found |= {f"optim_{o}": f"stepped(m, m.optim.{o})" for o in OPTIMIZERS}
    found["optim_LBFGS"] = "stepped(m, m.optim.LBFGS, max_iter=2)"
    for name, arguments in SCHEDULERS.items():
        found[f"scheduler_{name}"] = (
            f"scheduled(m, m.optim.lr_scheduler.{name}{f', {arguments}' if arguments else ''})"
        )
    return found | {f"module_{text.split('(')[0]}": text for text in modules}


def made(lib: Any, expression: str) -> Any:
    """What the expression makes, from the stream that starts with seed 0."""
    lib.manual_seed(0)
    names = {"m": lib, "torch": lib, "nn": lib.nn, "noted": noted, "scheduled": scheduled,
             "stepped": stepped, "trained_network": trained_network}  # fmt: skip
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", UserWarning)
        return eval(expression, names)


def noted(t: Any) -> Any:
    t.note = "mine"
    return t


def stepped(m: Any, kind: Any, **settings: Any) -> Any:
    """An optimizer that has made a step, and so has numbers of its own."""
    w = m.tensor([1.0, -2.0, 3.0], requires_grad=True)
    optimizer = kind([w], lr=0.1, **settings)

    def closure() -> Any:
        optimizer.zero_grad()
        loss = (w**4).sum()
        loss.backward()
        return loss

    optimizer.step(closure)
    optimizer.step(closure)
    return optimizer


def scheduled(m: Any, kind: Any, *arguments: Any) -> Any:
    """A schedule that has gone some steps."""
    optimizer = m.optim.SGD([m.ones(1, requires_grad=True)], lr=0.4, momentum=0.5)
    scheduler = kind(optimizer, *arguments)
    for _ in range(3):
        optimizer.step()
        scheduler.step(1.0) if "Plateau" in kind.__name__ else scheduler.step()
    return scheduler


def trained_network(m: Any) -> Any:
    net = m.nn.Sequential(m.nn.Linear(2, 3), m.nn.BatchNorm1d(3), m.nn.Tanh(), m.nn.Linear(3, 1))
    optimizer = m.optim.SGD(net.parameters(), lr=0.1)
    net(m.randn(4, 2)).sum().backward()
    optimizer.step()
    optimizer.zero_grad()
    return net


def content(thing: Any, seen: dict[int, tuple[str, Any]] | None = None) -> Any:
    """What a thing consists of, as plain values that can be compared.

    seen: by id, what was met before: its name, and itself, so that no other takes its id.
    """
    seen = {} if seen is None else seen
    if thing is None or isinstance(thing, (bool, int, float, complex, str, bytes)):
        return thing
    if isinstance(thing, type) or isinstance(thing, (types.FunctionType, types.ModuleType)):
        return f"<{thing.__name__}>"
    if isinstance(thing, (np.ndarray, np.generic)):
        return [str(thing.dtype), list(thing.shape), thing.tolist()]
    if id(thing) in seen:
        return seen[id(thing)][0]
    kind = type(thing).__name__
    seen[id(thing)] = f"<{kind} {len(seen)}>", thing
    if isinstance(thing, types.MethodType):
        return [thing.__name__, content(thing.__self__, seen)]
    if isinstance(thing, dict):
        return [kind, [[content(k, seen), content(v, seen)] for k, v in thing.items()]]
    if isinstance(thing, (list, tuple)):
        return [kind, [content(v, seen) for v in thing], content(vars(thing), seen)
                if hasattr(thing, "__dict__") else None]  # fmt: skip
    if isinstance(thing, (set, frozenset)):
        return [kind, sorted(map(repr, thing))]
    if isinstance(thing, itertools.count):
        return repr(thing)
    if hasattr(thing, "requires_grad") and hasattr(thing, "_data"):
        if "Uninitialized" in kind:
            return [kind, str(thing.dtype), thing.requires_grad]
        return [kind, str(thing.dtype), list(thing.shape), thing.tolist(), thing.requires_grad,
                content(thing.__dict__, seen)]  # fmt: skip
    slots = [name for c in type(thing).__mro__ for name in getattr(c, "__slots__", ())]
    values = {name: getattr(thing, name) for name in slots if hasattr(thing, name)}
    values |= getattr(thing, "__dict__", {})
    values = {name: v for name, v in values.items() if not name.startswith("__weakref")}
    if isinstance(thing, BaseException):
        values["args"] = thing.args
    return [kind, content(values, seen)]


def same(a: Any, b: Any) -> bool:
    """Whether two contents are equal, numbers up to rounding (machines differ in the last bit)."""
    if isinstance(a, list) and isinstance(b, list):
        return len(a) == len(b) and all(map(same, a, b))
    if isinstance(a, (float, complex)) and isinstance(b, (float, complex)):
        return a == b or (a != a and b != b) or abs(a - b) <= 1e-5 * abs(b) + 1e-7
    return type(a) is type(b) and a == b
