"""Strides: what those of a result follow, and memory formats."""

import layouts
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import minigrad as mg
from minigrad.faithful import strides

# --- without PyTorch ------------------------------------------------------------------------------

RULES = {
    "like its input": ["torch.zeros_like(x)", "x.clone()", "x.double()", "x + 1", "x.exp()",
                       "x * x", "x == x", "torch.where(x > 0, x, 0.0)", "torch.randn_like(x)",
                       "x.sort(0).values", "x.flip(0)", "x.clamp(0, 1)"],
    "row by row": ["x.softmax(0)", "x.cumsum(0)", "torch.cat([x, x])[:3]", "x[[0, 1, 2]]",
                   "x.contiguous()", "x.tril()", "x.sum(-1, keepdim=True).expand(3, 4).clone()"],
}  # fmt: skip


@pytest.mark.parametrize("text", RULES["like its input"])
def test_a_result_lies_like_its_transposed_input(text):
    x = layouts.numbers(mg, 4, 3).t()
    assert eval(text, {"x": x, "torch": mg}).stride() == (1, 3)


@pytest.mark.parametrize("text", RULES["row by row"])
def test_a_result_lies_row_by_row(text):
    x = layouts.numbers(mg, 4, 3).t()
    assert eval(text, {"x": x, "torch": mg}).stride() == (4, 1)


def test_the_first_operand_decides():
    rows, columns = mg.ones(3, 4), mg.ones(4, 3).t()
    assert (rows + columns).stride() == (4, 1)
    assert (columns + rows).stride() == (1, 3)
    assert (mg.ones(4) + columns).stride() == (1, 3)  # a row tells nothing about the rows' order
    assert (columns == rows).stride() == (1, 3)


@pytest.mark.parametrize("text", [
    "F.conv2d(x, torch.ones(2, 3, 2, 2))", "F.max_pool2d(x, 2)", "F.avg_pool2d(x, 2)",
    "F.adaptive_avg_pool2d(x, 2)", "F.group_norm(x, 1)", "F.interpolate(x, scale_factor=2)",
    "F.pad(x, (1, 1))", "F.batch_norm(x, None, None, training=True)", "torch.cat([x, x], 1)",
    "torch.where(x > 1, x, 0.0)", "x.relu()", "x * 2",
])  # fmt: skip
def test_images_stay_channels_last(text):
    x = layouts.numbers(mg, 2, 4, 4, 3).permute(0, 3, 1, 2)
    y = eval(text, {"x": x, "torch": mg, "F": mg.nn.functional})
    assert y.is_contiguous(memory_format=mg.channels_last) and not y.is_contiguous()


def test_memory_formats_are_asked_for_and_kept():
    x = mg.randn(2, 3, 4, 5)
    last = x.to(memory_format=mg.channels_last)
    assert last.stride() == (60, 1, 15, 3) and (last == x).all()
    assert x.contiguous(memory_format=mg.channels_last).stride() == last.stride()
    assert x.clone(memory_format=mg.channels_last).stride() == last.stride()
    assert mg.empty(2, 3, 4, 5, memory_format=mg.channels_last).stride() == last.stride()
    assert mg.zeros_like(last).stride() == last.stride()
    assert mg.zeros_like(last, memory_format=mg.contiguous_format).is_contiguous()
    assert last.double(memory_format=mg.contiguous_format).is_contiguous()
    assert last.contiguous(memory_format=mg.channels_last) is last
    assert x.to(memory_format=mg.contiguous_format) is x
    with pytest.raises(RuntimeError, match="required rank 4 tensor to use channels_last format"):
        mg.ones(3).clone(memory_format=mg.channels_last)
    with pytest.raises(RuntimeError, match="preserve memory format is unsupported"):
        x.contiguous(memory_format=mg.preserve_format)
    volume = mg.zeros(2, 3, 4, 5, 6).to(memory_format=mg.channels_last_3d)
    assert volume.stride() == (360, 1, 90, 18, 3)


def test_a_step_that_is_never_taken_is_counted_as_in_pytorch():
    x = mg.zeros(3, 4)
    assert x[None].stride() == (12, 4, 1) and x[:, None].stride() == (4, 4, 1)
    assert x.unsqueeze(-1).stride() == (4, 1, 1)
    assert (mg.zeros(0, 3) + 1).stride() == (3, 1)


def test_dense_and_overlapping_memory_is_told_apart():
    assert strides.is_dense((3, 4), (1, 3)) and not strides.is_dense((3, 4), (8, 2))
    assert strides.overlaps(mg.zeros(4).unfold(0, 2, 1)._data)
    assert not strides.overlaps(mg.zeros(4).unfold(0, 2, 2)._data)
    assert not strides.overlaps(mg.zeros(0, 3).expand(2, 0, 3)._data)


def test_a_gradient_lies_as_its_leaf_does():
    w = mg.ones(4, 3).t().clone().requires_grad_()
    (w * mg.ones(3, 4)).sum().backward()
    assert w.stride() == (1, 3) == w.grad.stride()
    (g,) = mg.autograd.grad(w.sum(), w)
    assert g.stride() == (0, 0)
    with pytest.raises(RuntimeError, match="more than one element of the written-to tensor"):
        g.mul_(2)


# --- as PyTorch -----------------------------------------------------------------------------------

UNARY = """x.clone() x+1 x*2.5 -x x.exp() x.relu() x.sigmoid() x.double() x.long() x.bool() x>0.5
    x.isnan() ~(x>1) torch.full_like(x,2) x.clamp(0,1) x.pow(2) 1/x x//2 x%2 x.masked_fill(x>1,0.)
    x.nan_to_num() x.softmax(-1) x.cumsum(-1) x.cummax(0)[1] x.sum(0) x.mean(-1,keepdim=True)
    x.amax(0) x.var(-1) x.any(-1) x.count_nonzero(0) x.norm(dim=0) x.sort(0)[1] x.argsort(-1)
    x.topk(1,0)[1] x.flip(-1) x.roll(1,0) torch.cat([x,x]) torch.stack([x,x],-1) x.tile((2,))
    x.repeat_interleave(2,-1) x.flatten() x.unsqueeze(0) x.transpose(0,-1)+1 x.tril() x.chunk(2)[0]
    x[0] x[...,0] x[None] x[x>1] x.index_fill(0,torch.tensor([0]),1.) x.gather(0,(x*0).long())
    x.nonzero() F.pad(x,(1,1)) F.gelu(x) F.layer_norm(x,x.shape[-1:]) F.group_norm(x,1)
    F.max_pool2d(x,2) F.avg_pool2d(x,2) F.interpolate(x,scale_factor=2) F.linear(x,x[0])
    F.conv2d(x,torch.ones(4,x.shape[1],2,2)) F.glu(x,-1) F.mse_loss(x,x,reduction='none') x@x.mT
    torch.complex(x,x) torch.lerp(x,x*2,0.3) torch.copysign(x,x) x.diff() x.rot90() x.fmod(2)
    x.new_zeros(x.shape) x.kthvalue(1,-1)[0] x.expand(2,*x.shape) x.to(torch.float64)""".split()


@pytest.mark.filterwarnings("ignore")
@pytest.mark.parametrize("text", UNARY)
def test_strides_are_those_of_pytorch(text):
    torch = pytest.importorskip("torch", reason="PyTorch is not installed")
    ours = layouts.layouts(mg)
    for name, x in layouts.layouts(torch).items():
        if 1 in x.shape or (name == "empty" and text in ("x.nonzero()", "x.transpose(0,-1)+1")):
            continue  # where no step is taken NumPy does not count as PyTorch does
        try:
            theirs = eval(text, {"x": x, "torch": torch, "F": torch.nn.functional})
        except (RuntimeError, IndexError, ValueError):
            continue
        y = eval(text, {"x": ours[name], "torch": mg, "F": mg.nn.functional})
        here = [(n, s) for n, s in zip(y.shape, y.stride(), strict=True) if n > 1]
        there = [(n, s) for n, s in zip(theirs.shape, theirs.stride(), strict=True) if n > 1]
        assert here == there, name


@settings(max_examples=60, deadline=None)
@given(st.data())
def test_two_operands_in_drawn_orders_of_memory(data):
    torch = pytest.importorskip("torch", reason="PyTorch is not installed")
    shape = data.draw(st.lists(st.integers(2, 4), min_size=1, max_size=4))
    n = len(shape)

    def operand():
        p = data.draw(st.permutations(range(n)))
        lost = data.draw(st.sets(st.sampled_from(range(n)), max_size=1))
        step = data.draw(st.sampled_from([1, 1, 2]))
        sizes = [1 if i in lost else shape[i] for i in p]

        def make(T):
            whole = layouts.numbers(T, *sizes[:-1], sizes[-1] * step)[..., ::step]
            return whole.permute([p.index(i) for i in range(n)])

        return make

    a, b = operand(), operand()
    theirs, ours = a(torch) + b(torch), a(mg) + b(mg)
    for d in range(n):
        assert ours.shape[d] == 1 or ours.stride(d) == theirs.stride(d)
    np.testing.assert_allclose(ours.numpy(), theirs.numpy(), 1e-6)
