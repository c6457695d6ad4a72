"""Arrays to print, and what PyTorch prints for each.

The arrays come from NumPy alone, so the test with the stored texts does not need PyTorch.
"""

from dataclasses import dataclass, field
from typing import Any

import numpy as np

PARAMETER = "Parameter containing:\ntensor("


@dataclass
class Case:
    array: Any
    dtype: str = "float32"
    grad_fn: str | None = None
    requires_grad: bool = False
    parameter: bool = False
    default_dtype: str = "float32"
    options: dict[str, Any] = field(default_factory=dict)

    def numpy(self):
        return np.asarray(self.array).astype(self.dtype)

    def prefix(self):
        return PARAMETER if self.parameter else "tensor("


def shaped(*shape):
    return np.arange(np.prod(shape, dtype=int)).reshape(shape)


def sines(*shape, scale=1.0):
    return np.sin(shaped(*shape)) * scale


NAN, INF = np.nan, np.inf
SPECIAL = [NAN, INF, -INF, 0.0, -0.0]
LONG = "UnsafeViewBackward0"

CASES = {
    # 0-d
    "seed network's first loss": Case(37507552.0, grad_fn="SumBackward0"),
    "0-d whole": Case(3.0),
    "0-d fraction": Case(0.1),
    "0-d negative": Case(-2.5, requires_grad=True),
    "0-d zero": Case(0.0),
    "0-d negative zero": Case(-0.0),
    "0-d nan": Case(NAN),
    "0-d inf": Case(-INF),
    "0-d true": Case(True, "bool"),
    "0-d int64": Case(-7, "int64"),
    "0-d int32": Case(7, "int32"),
    "0-d float64": Case(np.pi, "float64", grad_fn="MeanBackward0"),
    "0-d complex": Case(1.5 - 2j, "complex64"),
    "0-d complex negative zero": Case(complex(-0.0, -0.0), "complex128"),
    "0-d more than 1e8": Case(1e8 + 8),
    "0-d exactly 1e8": Case(1e8),
    "0-d less than 1e-4": Case(9.9e-5, "float64"),
    "0-d exactly 1e-4": Case(1e-4, "float64"),
    # dtypes
    "float32 is not named": Case([1.0, 2.0], requires_grad=True),
    "float64": Case([1.0, 2.0], "float64"),
    "float16": Case([1.0, 2.5, 65504], "float16"),
    "float16 ratio just above 1000": Case([0.1, 100.0], "float16"),
    "float16 smallest": Case([6e-8, 1.0], "float16"),
    "float64 is the default": Case([1.0, 2.5], "float64", default_dtype="float64"),
    "float32 is not the default": Case([1.0, 2.5], default_dtype="float64"),
    "complex128 goes with float64": Case([1j], "complex128", default_dtype="float64"),
    "complex64 does not": Case([1j], "complex64", default_dtype="float64"),
    "complex64 goes with float16": Case([1j], "complex64", default_dtype="float16"),
    "bool": Case([[True, False], [True, True]], "bool"),
    "bool all true": Case([True, True], "bool"),
    "int8": Case([-128, 127], "int8"),
    "int16": Case([-5, 300], "int16"),
    "int32": Case([1, 2], "int32"),
    "int64": Case([2**63 - 1, -1], "int64"),
    "uint8": Case([0, 255], "uint8"),
    "uint16": Case([65535], "uint16"),
    "uint32": Case([2**32 - 1], "uint32"),
    "uint64": Case(np.array([2**64 - 1, 0], dtype=np.uint64), "uint64"),
    # numbers
    "whole": Case([-1.0, 10.0, 100.0]),
    "whole with special": Case([1.0, -200.0, *SPECIAL]),
    "fractions with special": Case([1.5, *SPECIAL]),
    "only special": Case([SPECIAL, SPECIAL]),
    "only zeros": Case([[0.0, -0.0]]),
    "ratio of 1000": Case([1.0, 1000.0]),
    "ratio above 1000": Case([1.0, 1001.0]),
    "ratio of fractions": Case([0.5, 501.0]),
    "scientific": Case([1e-5, 1.0, -3e7]),
    "scientific with special": Case([1e-5, *SPECIAL, 1e10]),
    "scientific whole": Case([1.0, 1e9]),
    "three-digit exponents": Case([1e-300, 1.0, 1e300], "float64"),
    "smallest and largest double": Case([5e-324, 1.7976931348623157e308], "float64"),
    "float32 subnormals": Case([1e-45, -1e-40]),
    "rounds to zero": Case([0.00012, 0.1]),
    "rounds half": Case([0.00005, 0.00015, 0.00025], "float64"),
    "complex": Case([1 + 2j, -1.5 - 20j, 0j], "complex64"),
    "complex whole": Case([1 + 2j, -30 - 4j], "complex64"),
    "complex special": Case([complex(NAN, INF), complex(-INF, NAN), -0j, 1 + 1j], "complex128"),
    "complex scientific": Case([1e-9 + 1j, 1 + 1e9j], "complex128"),
    "complex one part scientific": Case([1e-9 + 0.5j, 1 - 0.25j], "complex64"),
    # shapes
    "one line": Case(shaped(15)),
    "lines of whole numbers": Case(shaped(50)),
    "lines of fractions": Case(sines(30)),
    "lines of bools": Case(shaped(40) % 3 == 0, "bool"),
    "lines of zeros": Case(np.zeros(60)),
    "lines of complex": Case(sines(20) + 1j * sines(20, scale=3), "complex64"),
    "lines in a matrix": Case(sines(3, 12)),
    "matrix": Case(sines(3, 2), grad_fn="CloneBackward0"),
    "stack of matrices": Case(shaped(2, 3, 2)),
    "stack of stacks": Case(shaped(2, 1, 2, 2), "int64"),
    "five dimensions": Case(shaped(2, 2, 1, 1, 2)),
    "one element, six dimensions": Case(shaped(1, 1, 1, 1, 1, 1)),
    "lines of complex as wide as fits": Case(
        shaped(30) + 1j, "complex64", options={"linewidth": 7 + 8 * 7 - 1}
    ),
    "complex matrix": Case(sines(2, 2) - 1j * sines(2, 2), "complex64"),
    # no elements
    "empty": Case([]),
    "empty int64": Case([], "int64"),
    "empty bool": Case([], "bool"),
    "empty complex": Case([], "complex64"),
    "empty, default float64": Case([], default_dtype="float64"),
    "empty rows": Case(np.zeros((0, 3))),
    "empty columns": Case(np.zeros((3, 0)), "int32", default_dtype="float64"),
    "empty of three dimensions": Case(np.zeros((2, 0, 4)), requires_grad=True),
    "empty parameter": Case(np.zeros((0, 2)), parameter=True, requires_grad=True),
    # summaries
    "1000 elements": Case(shaped(1000), "int64"),
    "1001 elements": Case(shaped(1001), "int64"),
    "1001 floats": Case(shaped(1001)),
    "summary hides the largest": Case(np.where(shaped(2000) == 1000, 1e9, 0.5)),
    "summary of a matrix": Case(sines(50, 50)),
    "summary of rows": Case(sines(600, 2), grad_fn="AddmmBackward0"),
    "summary of columns": Case(sines(2, 600), "float64"),
    "summary of six rows": Case(shaped(6, 200)),
    "summary of seven rows": Case(shaped(7, 200)),
    "summary of a stack": Case(shaped(10, 11, 12)),
    "summary of four dimensions": Case(sines(2, 8, 3, 40)),
    "summary of bools": Case(shaped(1100) > 1098, "bool"),
    "summary of complex": Case(sines(1100) + 1j, "complex64"),
    "summary of nans": Case(np.full(1100, NAN)),
    # suffixes
    "suffix goes to a new line": Case(sines(7), grad_fn="CloneBackward0"),
    "long name goes to a new line": Case(sines(6), grad_fn=LONG),
    "second suffix goes to a new line": Case(sines(5), "float64", grad_fn=LONG),
    "both suffixes go to a new line": Case(sines(8), "float64", grad_fn=LONG),
    "requires_grad goes to a new line": Case(sines(7), "float64", requires_grad=True),
    "suffix after the last row": Case(sines(4, 7), grad_fn="CloneBackward0"),
    "parameter": Case(sines(2, 3), parameter=True, requires_grad=True),
    "long parameter": Case(sines(20), parameter=True, requires_grad=True),
    "parameter, suffix on a new line": Case(sines(7), "float64", parameter=True,
                                            requires_grad=True),
    "frozen parameter": Case([1.0], parameter=True),
    # options
    "precision 2": Case(sines(3), options={"precision": 2}),
    "precision 0": Case([0.5, 1.5, 2.5], options={"precision": 0}),
    "precision 10": Case(sines(3), "float64", options={"precision": 10}),
    "threshold": Case(shaped(10), "int64", options={"threshold": 5}),
    "threshold 0": Case(5.0, options={"threshold": 0}),
    "one edge item": Case(shaped(10, 10), options={"threshold": 5, "edgeitems": 1}),
    "no edge items": Case(shaped(10, 10), options={"threshold": 5, "edgeitems": 0}),
    "no edge items in a row": Case(shaped(10), options={"threshold": 5, "edgeitems": 0}),
    "no edge items, no summary": Case(shaped(2, 2), options={"edgeitems": 0}),
    "narrow": Case(sines(5), "float64", grad_fn="CloneBackward0", options={"linewidth": 20}),
    "narrower than a number": Case(sines(2, 2), options={"linewidth": 1}),
    "wide": Case(sines(30), options={"linewidth": 200}),
    "short": Case(sines(40, 40), options={"profile": "short"}),
    "full": Case(shaped(1001), "int64", options={"profile": "full"}),
    "profile with a change": Case(sines(3), options={"profile": "short", "precision": 3}),
    "forced scientific": Case([1.5, 0.0, NAN], options={"sci_mode": True}),
    "forced scientific, whole": Case([1.0, 20.0], options={"sci_mode": True}),
    "forced scientific, zeros": Case([0.0], options={"sci_mode": True}),
    "never scientific": Case([1e-9, 1e9], "float64", options={"sci_mode": False}),
    "never scientific, whole": Case([1.0, 1e20], options={"sci_mode": False}),
}  # fmt: skip

# Three suffixes, at the widths where one more of them starts to fit.
for width in (51, 52, 53, 54, 59, 60, 61, 84, 85, 86, 87):
    CASES[f"three suffixes in {width} characters"] = Case(
        np.zeros((0, 2, 3, 4, 5, 6, 7)), "float64", grad_fn="CloneBackward0",
        options={"linewidth": width},
    )  # fmt: skip


def with_grad_fn(torch, tensor, name):
    """A tensor of the same numbers, made by an operation whose node has the given name."""
    made = {
        "AddmmBackward0": lambda: torch.addmm(tensor, tensor, torch.zeros(2 * tensor.shape[-1:])),
        "CloneBackward0": lambda: tensor.clone(),
        "MeanBackward0": lambda: tensor.mean(),
        "PermuteBackward0": lambda: tensor.permute(tuple(range(tensor.ndim))),
        "SumBackward0": lambda: tensor.sum(),
        "UnsafeViewBackward0": lambda: torch.ops.aten._unsafe_view(tensor, tensor.shape),
        "ViewBackward0": lambda: tensor.view(tensor.shape),
    }[name]()
    assert type(made.grad_fn).__name__ == name
    return made


def torch_text(torch, case):
    """What PyTorch prints for the case; its options and default dtype are put back."""
    old_options, old_dtype = torch._tensor_str.get_printoptions(), torch.get_default_dtype()
    tensor = torch.from_numpy(case.numpy())
    if case.parameter:
        tensor = torch.nn.Parameter(tensor, requires_grad=case.requires_grad)
    elif case.requires_grad or case.grad_fn is not None:
        tensor.requires_grad_()
    if case.grad_fn is not None:
        tensor = with_grad_fn(torch, tensor, case.grad_fn)
    try:
        torch.set_default_dtype(getattr(torch, case.default_dtype))
        torch.set_printoptions(**case.options)
        return repr(tensor)
    finally:
        torch.set_printoptions(**old_options)
        torch.set_default_dtype(old_dtype)
