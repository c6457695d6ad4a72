"""What the course uses is documented: arguments, result, errors, an example that runs, a source.

The table below is the list of names. That it is long enough is tested too: what the notebooks' code
uses twice is in it, or in ``NOT_IN_THE_TABLE`` with a reason.
"""

import ast
import collections
import doctest
import functools
import inspect
import json
import re

import pytest
from places import ROOT

import minigrad as mg
from minigrad.autograd.function import FunctionCtx
from minigrad.examples.digits import load_digits

FUNCTIONS = """
    tensor zeros ones ones_like arange linspace randn randint randperm manual_seed is_tensor
    exp log sqrt pow abs sin tanh sigmoid relu clamp clone add
    allclose equal isnan sum mean std max any all argmax amax cumsum softmax mm matmul norm
    reshape flatten t transpose split stack cat flip
    no_grad enable_grad graph explain check record capture track LossRecorder plot_loss exercise
    save load set_printoptions device dtype Generator Tensor
    autograd.grad autograd.backward autograd.Function autograd.gradcheck autograd.gradgradcheck
    autograd.functional.hessian autograd.functional.jacobian
    func.grad func.jvp func.vmap func.jacfwd
    nn.Module nn.Linear nn.Sequential nn.ReLU nn.Tanh nn.Sigmoid nn.LayerNorm nn.MSELoss
    nn.CrossEntropyLoss nn.init.kaiming_normal_ nn.init.zeros_
    nn.functional.linear nn.functional.mse_loss nn.functional.cross_entropy
    optim.SGD optim.Adam utils.data.DataLoader utils.data.TensorDataset
    examples.digits.load_digits cuda.is_available
""".split()
METHODS = {
    mg.Tensor: """
        backward grad item tolist numpy detach requires_grad requires_grad_ register_hook
        retain_grad register_post_accumulate_grad_hook to float numel stride dim dtype device shape
        data grad_fn is_leaf T expand softmax add_ mul_ zero_
    """.split(),  # the others are the functions of the same name: x.exp() is exp(x)
    mg.exercise: ["check"],
    mg.Graph: ["show"],
    mg.LossRecorder: ["log"],
    mg.Generator: ["manual_seed"],
    mg.autograd.Function: ["apply"],
    FunctionCtx: ["save_for_backward", "saved_tensors"],
    mg.nn.Module: "parameters named_parameters zero_grad state_dict load_state_dict".split(),
    mg.optim.Optimizer: ["step", "zero_grad"],
}  # fmt: skip
TABLE = {name: functools.reduce(getattr, name.split("."), mg) for name in FUNCTIONS
         if name != "examples.digits.load_digits"}  # fmt: skip
TABLE["examples.digits.load_digits"] = load_digits
TABLE |= {f"{cls.__name__}.{name}": inspect.getattr_static(cls, name)
          for cls, names in METHODS.items() for name in names}  # fmt: skip

# There is nothing to be done wrong that is not Python's own TypeError.
RAISES_NOTHING = set("""
    is_tensor no_grad enable_grad dtype cuda.is_available examples.digits.load_digits
    nn.init.zeros_
    Tensor.grad_fn Tensor.is_leaf Tensor.detach Tensor.shape Tensor.dtype Tensor.device Tensor.dim
    Tensor.numel Tensor.T Tensor.float exercise.check Module.parameters Module.named_parameters
    Module.zero_grad Module.state_dict Optimizer.zero_grad
""".split())  # fmt: skip
# Used twice or more, and yet not in the table.
NOT_IN_THE_TABLE = {
    "float64": "a constant: see dtype",
    "_version": "a look behind the scenes, explained where the course takes it",
    "name": "a node's", "op": "a node's", "number": "a node's", "inputs": "a node's",
    "next_functions": "a node's, shown in the docstring of Tensor.grad_fn",
    "first": "a report's", "describe": "of graphs, reports and tapes",
    "values": "a LossRecorder's, or a dict's",
    "weight": "a layer's: see nn.Linear", "bias": "a layer's: see nn.Linear",
    "append": "a list's", "items": "a dict's", "keys": "a dict's", "pop": "a dict's",
    "get": "a dict's", "count": "a list's",
    "round": "NumPy's", "square": "NumPy's", "eq": "a learner's own method",
}  # fmt: skip
# Whose attributes a notebook can mean where it does not say of what.
OWNERS = [*METHODS, type(mg.graph(mg.ones(1, requires_grad=True) * 2)["mul"]), mg.Tape]


def signature_of(thing):
    """The parameters a caller gives: without ``self`` and ``cls``."""
    if isinstance(thing, property):
        return []
    if isinstance(thing, type):
        if thing.__init__ is object.__init__ or thing in (mg.autograd.Function, mg.nn.Module):
            return []
        return list(inspect.signature(thing).parameters)
    if isinstance(thing, classmethod):
        thing = thing.__func__
    return [name for name in inspect.signature(thing).parameters if name not in ("self", "cls")]


def section(doc, title):
    """The indented lines below ``title:``."""
    found = re.search(rf"^{title}:\n((?:(?: {{4}}.*)?\n)+)", doc + "\n", re.M)
    return found and inspect.cleandoc(" \n" + found[1])


def described(doc):
    """The names that have an entry in ``Args:``."""
    entries = re.findall(r"^([\w*, ]+):", section(doc, "Args") or "", re.M)
    return {name.strip(" *") for entry in entries for name in entry.split(",")}


def missing(name):
    """What the docstring of a name in the table does not have."""
    thing = TABLE[name]
    doc = inspect.cleandoc(thing.__doc__ or "")
    parameters = signature_of(thing)
    if "." in name and name.split(".")[0] == "Tensor" and not isinstance(thing, property):
        method = inspect.signature(thing).parameters
        parameters = [p for p in parameters if p != next(iter(method))]  # x.exp(): x is self
    # **named are arguments under another of PyTorch's names, such as ``size=``.
    lacks = [f"{p} in Args" for p in parameters if p.strip("_") not in described(doc) | {"named"}]
    if not isinstance(thing, type) and not section(doc, "Returns"):
        lacks.append("Returns")
    raises = re.match(r"\s*[\w.]+: ", section(doc, "Raises") or "")
    if name not in RAISES_NOTHING and not raises:
        lacks.append("Raises")
    if not re.search(r"^\s*>>> ", doc, re.M):
        lacks.append("an example")
    if not re.search(r"^Source: \S", doc, re.M):
        lacks.append("Source")
    return lacks


def test_the_table_is_long():
    assert len({name.split(".")[-1] for name in TABLE}) >= 60


@pytest.mark.parametrize("name", TABLE)
def test_a_docstring_says_what_goes_in_what_comes_out_and_what_fails(name):
    assert not missing(name)


@pytest.mark.parametrize("name", TABLE)
def test_its_example_runs(name):
    thing = TABLE[name]
    examples = doctest.DocTestParser().get_doctest(
        inspect.cleandoc(thing.__doc__ or ""), {}, name, None, None
    )
    if name == "plot_loss":
        pytest.importorskip("matplotlib")
    runner = doctest.DocTestRunner(optionflags=doctest.ELLIPSIS, verbose=False)
    said = []
    assert examples.examples
    assert not runner.run(examples, out=said.append).failed, "".join(said)


# --- what the notebooks use ------------------------------------------------------------------


def dotted(node):
    """``torch.nn.Linear`` of the expression; None if it does not begin with a name."""
    if isinstance(node, ast.Name):
        return node.id
    if isinstance(node, ast.Attribute):
        before = dotted(node.value)
        return before and f"{before}.{node.attr}"
    return None


def used_by_the_course():
    """How often each public name, and each attribute of something, stands in the notebooks."""
    public, attributes = collections.Counter(), collections.Counter()
    for path in (ROOT / "notebooks").rglob("*.ipynb"):
        if ".ipynb_checkpoints" in path.parts:
            continue
        for cell in json.loads(path.read_text(encoding="utf-8"))["cells"]:
            if cell["cell_type"] != "code":
                continue
            source = re.sub(r"^(\s*)[%!].*$", r"\1pass", "".join(cell["source"]), flags=re.M)
            inner = set()
            for node in ast.walk(ast.parse(source)):
                if isinstance(node, ast.ImportFrom) and node.module.startswith("minigrad."):
                    public.update(f"{node.module[9:]}.{alias.name}" for alias in node.names)
                if not isinstance(node, ast.Attribute) or node in inner:
                    continue
                name = dotted(node) or ""
                package, _, rest = name.partition(".")
                if package in ("torch", "minigrad"):
                    public[rest] += 1
                    inner.update(ast.walk(node))
                elif package in ("nn", "optim"):
                    public[name] += 1
                    inner.update(ast.walk(node))
                elif package not in ("np", "plt", "math"):
                    attributes[node.attr] += 1
    return public, attributes


def test_the_table_has_what_the_course_uses():
    public, attributes = used_by_the_course()
    assert public["tensor"] > 100 and attributes["backward"] > 50  # the count counts
    lacks = {name: n for name, n in public.items()
             if n > 1 and name not in TABLE and name not in NOT_IN_THE_TABLE}  # fmt: skip
    last = {name.split(".")[-1] for name in TABLE}
    known = last | set(NOT_IN_THE_TABLE)
    for name, n in attributes.items():
        ours = any(hasattr(cls, name) for cls in OWNERS) and not name.startswith("__")
        if ours and n > 1 and name not in known:
            lacks[name] = n
    assert not lacks


def test_the_exceptions_are_used():
    public, attributes = used_by_the_course()
    assert not [name for name in NOT_IN_THE_TABLE if public[name] + attributes[name] < 2]
    assert not RAISES_NOTHING - set(TABLE)
