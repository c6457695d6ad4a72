"""How it is written what PyTorch's functions ask of their arguments: one line for one function.

A table (in signatures/) has lines ``names: what is asked``. A function of PyTorch's C++ is asked
for by its signature::

    unsqueeze!: (Tensor input, int dim)
    det inv: linalg_NAME(Tensor A)

``torch.unsqueeze`` takes a tensor and a whole number. ``=`` marks what may be left out, ``?`` what
may be None, ``*`` what comes by name only, ``int[1]`` what may be one number or several; `` | ``
stands between the forms of one function. ``options`` are dtype, layout, device, pin_memory and
requires_grad. Messages name the function as it is named before the bracket; ``NAME`` is its own.

A function that PyTorch writes in Python does several things with its arguments, one after the
other, and is refused by the first that fails::

    mse_loss!: target.size(); input.size(); reduction
    embedding!: padding_row(padding_idx, weight); > embedding(Tensor weight, Tensor indices<input)

* ``target.size()`` or ``input.abs``: it begins with this of the tensor (``?`` before the dot:
  unless it is None). A list has no size, and PyTorch says so in Python's words.
* ``padding_row(...)``, ``reduction``: one of the checks in checks.py.
* ``> embedding(...)``: it calls this, always with all arguments in their places. ``indices<input``
  is the inner function's name for our ``input``; ``_`` is not looked at. ``pair`` is one number,
  doubled, or two. A form that stands twice is one of several forms in PyTorch.

``!`` after a name: the function is asked before the call, because it would take what PyTorch
refuses (True for 1 ...). The others are looked at only when a call has failed.
"""

from __future__ import annotations

import functools
import re
from typing import NamedTuple

NAMES = {  # what PyTorch calls the kinds of arguments
    "int[]": "tuple of ints", "int[1]": "tuple of ints", "pair": "tuple of ints",
    "float[]": "tuple of floats", "Tensor[]": "tuple of Tensors", "Tensor?[]": "tuple of Tensors",
    "Number[]": "tuple of Scalars", "Number|str": "Number", "Tensor|Number": "Tensor",
    "dtype": "torch.dtype", "Generator": "torch.Generator", "layout": "torch.layout",
    "device": "torch.device", "memory_format": "torch.memory_format",
}  # fmt: skip
OPTIONS = "dtype? dtype=, layout? layout=, device? device=, bool? pin_memory=, bool? requires_grad="
SIGNATURE = re.compile(r"(> )?(\w*)\(((?:[^\s,]+ \w.*|\*.*| \|.*)?)\)")


class Parameter(NamedTuple):
    """One argument of a signature."""

    kind: str
    name: str
    may_be_none: bool = False
    may_be_missing: bool = False
    by_name: bool = False
    ours: str = ""  # the argument of our function that an inner call gives here

    def __str__(self) -> str:
        default = " = None" if self.may_be_none else " = ..."
        return f"{NAMES.get(self.kind, self.kind)} {self.name}" + default * self.may_be_missing

    @property
    def takes_several(self) -> bool:
        return self.kind.endswith("]") or self.kind == "pair"


Form = list[Parameter]


class Rule(NamedTuple):
    """What is asked of one function."""

    name: str
    first: bool  # before the call
    text: str

    @property
    def steps(self) -> list[str]:
        return self.text.replace("NAME", self.name).split("; ")


class Signature(NamedTuple):
    """A step that is a signature: who refuses, what it takes, whether it is an inner call."""

    title: str
    forms: list[Form]
    inner: bool


def table(text: str) -> dict[str, Rule]:
    """The rules of a table, by the functions' names."""
    found = {}
    for line in text.strip().replace("\n    ", " ").splitlines():
        names, _, asked = line.partition(": ")
        for name in names.split():
            bare = name.removesuffix("!")
            found[bare] = Rule(bare, name != bare, asked)
    return found


@functools.cache
def signature(step: str, name: str) -> Signature | None:
    """The step as a signature (without a name of its own: of ``name``); None if it is none."""
    found = SIGNATURE.fullmatch(step)
    if found is None:
        return None
    inner, title, forms = found.groups()
    return Signature(title or name, [form(text) for text in forms.split(" | ")], bool(inner))


def form(text: str) -> Form:
    found: Form = []
    by_name = False
    for parameter in text.replace("options", OPTIONS).split(", "):
        if parameter == "*":
            by_name = True
        elif parameter:
            kind, name = parameter.split(" ")
            name, _, ours = name.partition("<")
            bare = name.removesuffix("=")
            found.append(Parameter(kind.removesuffix("?"), bare, kind.endswith("?"), bare != name,
                                   by_name, ours or bare))  # fmt: skip
    return found
