"""``grad_fn`` is called as in PyTorch: printed, by ``name()`` and by ``type(...).__name__``."""

from __future__ import annotations

import copy
import gc
import pickle
import weakref

import pytest
from golden_files import read_golden
from node_names import all_calls, node_names

import minigrad as mg
from minigrad.core.node import Node
from minigrad.graphs.build import op_name

NO_GRADIENT = "PyTorch refuses in the backward pass; here there is no gradient, so no node"
LAST_STEP = "made of other operations than there; the last of them is another"
# What still differs, and why: the end of the call's text.
DIFFERENT = {
    "torch.histogram(x.flatten(), 3)": NO_GRADIENT,
    "torch.special.zeta(x + 1.5, y)": NO_GRADIENT,
    "torch.conj_physical(x)": "here another name of conj",
    "(x * 1).conj_physical_()": "does nothing to real numbers here",
    "torch.conj_physical_(x * 1)": "does nothing to real numbers here",
    "x.unsafe_chunk(2)": "here another name of chunk",
    "x.unsafe_split(2)": "here another name of split",
    "PRODUCTS 27 matrix_power 0": LAST_STEP,
    "EINSUM 10 einsum ...ij,...jk->...ik": LAST_STEP, "EINSUM 18 einsum ij,kl->": LAST_STEP,
    "EINSUM 19 einsum  i j , j k -> k i ": LAST_STEP, "EINSUM 28 einsum sublists": LAST_STEP,
}  # fmt: skip
GOLDEN = read_golden("node_names.json")["calls"]
CALLS = dict((text, rest) for text, *rest in all_calls())


def test_every_call_of_the_tables_is_stored():
    assert CALLS.keys() == GOLDEN.keys()
    assert len(CALLS) > 1400


@pytest.mark.parametrize("text", CALLS)
def test_the_nodes_have_pytorchs_names(text):
    same = node_names(mg, *CALLS[text]) == GOLDEN[text]
    known = text.rpartition("| ")[2] in DIFFERENT
    assert same != known  # what is listed as different is, and nothing else


# --- the class ---------------------------------------------------------------------------------


def two():
    return mg.tensor([2.0, 3.0], requires_grad=True)


def test_the_class_has_the_name_also_along_next_functions():
    x = two()
    y = ((1 - x) * x.exp()).sum()
    found, waiting = [], [y.grad_fn]
    while waiting:
        fn = waiting.pop()
        found.append(type(fn).__name__)
        assert repr(fn) == f"<{type(fn).__name__}>"
        waiting += [f for f, _ in fn.next_functions if f is not None]
    assert found == ["SumBackward0", "MulBackward0", "ExpBackward0", "AccumulateGrad",
                     "RsubBackward1", "AccumulateGrad"]  # fmt: skip


def test_of_several_outputs_and_of_a_users_function():
    a, b = two().unbind()
    assert type(a.grad_fn).__name__ == type((a * b).grad_fn.next_functions[1][0]).__name__
    assert type(a.grad_fn).__name__ == "UnbindBackward0"

    class Twice(mg.autograd.Function):
        @staticmethod
        def forward(ctx, x):
            ctx.note = "kept"
            ctx.save_for_backward(x)
            return x * 2

        @staticmethod
        def backward(ctx, g):
            return g * 2

    x = two()
    y = Twice.apply(x)
    assert type(y.grad_fn).__name__ == "TwiceBackward"
    assert y.grad_fn.note == "kept" and y.grad_fn.saved_tensors[0] is x
    y.sum().backward()
    assert x.grad.tolist() == [2.0, 2.0]


def test_one_class_serves_all_nodes_of_a_name():
    x = two()
    assert type((x * 2).grad_fn) is type((x * x).grad_fn)
    assert type((x * 2).grad_fn) is not type((x + 2).grad_fn)


def test_looking_changes_nothing_else():
    x = two()
    y = x * x
    before = y._node  # as recorded
    gone = weakref.ref(before)
    seq, said = before.seq, []
    before.name()
    handle = mg.autograd.graph.get_gradient_edge(y).node.register_hook(lambda *_: said.append(1))
    assert y.grad_fn is before and y.grad_fn is y.grad_fn and hash(y.grad_fn) == hash(before)
    assert isinstance(y.grad_fn, Node) and isinstance(y.grad_fn, mg.autograd.graph.Node)
    assert issubclass(type(y.grad_fn), mg.autograd.graph.Node)
    assert y.grad_fn._sequence_nr() == seq and y.grad_fn.metadata == {}
    y.sum().backward()
    assert x.grad.tolist() == [4.0, 6.0] and said == [1]
    handle.remove()
    del before, y
    gc.collect()
    assert gone() is None


def test_recorded_are_plain_nodes():
    """The name is given when somebody looks, so it costs an operation nothing."""
    y = two() * 2
    assert type(y._node) is Node
    y.grad_fn  # noqa: B018
    assert type(y._node) is not Node


def test_an_in_place_operation_after_a_look_is_noticed():
    x = two()
    y = x.exp()
    assert type(y.grad_fn).__name__ == "ExpBackward0"
    z = y.tanh_()
    assert z is y and type(y.grad_fn).__name__ == "TanhBackward0"
    z.mul_(2)
    with pytest.raises(RuntimeError, match="TanhBackward0"):
        z.sum().backward()


@pytest.mark.parametrize("copied", [pickle.dumps, copy.copy, copy.deepcopy])
def test_a_node_is_no_thing_to_copy_or_pickle(copied):
    with pytest.raises(TypeError, match="cannot pickle 'MulBackward0' object"):
        copied((two() * 2).grad_fn)


# --- in pictures ---------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("made", "name", "written"),
    [
        (lambda x: 1 / x, "MulBackward0", "div"),
        (lambda x: 1 - x, "RsubBackward1", "sub"),
        (lambda x: mg.rsub(x, x), "RsubBackward0", "sub"),
        (lambda x: x * 2, "MulBackward0", "mul"),
    ],
)
def test_a_box_says_what_the_user_wrote(made, name, written):
    y = made(two())
    assert y.grad_fn.name() == name
    assert op_name(y.grad_fn) == written == mg.graph(y).roots[0].op


def test_a_box_is_not_called_after_several_operations():
    y = mg.pdist(mg.ones(3, 2, requires_grad=True))
    assert y.grad_fn.name() == "PdistBackward0"
    assert mg.graph(y).roots[0].op == "vector_norm"
    assert "_name" not in mg.graph(y).roots[0].params
