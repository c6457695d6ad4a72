"""What all modules share. Each test runs with minigrad and with PyTorch, so it is true of both."""

import copy
import gc
import pickle
import weakref
from collections import OrderedDict

import pytest
from refusal import refused

import minigrad as mg


def small_net(m):
    nn = m.nn

    class Net(nn.Module):
        def __init__(self):
            super().__init__()
            self.first = nn.Linear(2, 3)
            self.norm = nn.BatchNorm1d(3)
            self.rest = nn.Sequential(nn.ReLU(), nn.Linear(3, 1))
            self.scale = nn.Parameter(m.tensor(2.0))
            self.register_buffer("seen", m.tensor(0), persistent=False)

        def forward(self, x):
            return self.rest(self.norm(self.first(x))) * self.scale

    m.manual_seed(0)
    return Net()


# --- members -------------------------------------------------------------------------------------


def test_members_are_found_in_the_order_of_assignment(m):
    net = small_net(m)
    assert [name for name, _ in net.named_parameters()] == [
        "scale", "first.weight", "first.bias", "norm.weight", "norm.bias", "rest.1.weight",
        "rest.1.bias",
    ]  # fmt: skip
    assert [name for name, _ in net.named_buffers()] == [
        "seen", "norm.running_mean", "norm.running_var", "norm.num_batches_tracked",
    ]  # fmt: skip
    assert [name for name, _ in net.named_modules()] == [
        "", "first", "norm", "rest", "rest.0", "rest.1",
    ]  # fmt: skip
    assert [name for name, _ in net.named_children()] == ["first", "norm", "rest"]
    assert len(list(net.parameters(recurse=False))) == 1
    assert [name for name, _ in net.named_parameters(prefix="net", recurse=False)] == ["net.scale"]
    assert sum(p.numel() for p in net.parameters()) == 6 + 3 + 3 + 3 + 3 + 1 + 1
    assert {"first", "scale", "seen", "forward"} <= set(dir(net))


def test_a_shared_parameter_or_module_counts_once(m):
    a, b = m.nn.Linear(2, 2), m.nn.Linear(2, 2)
    b.weight = a.weight
    net = m.nn.Sequential(a, b, a)
    assert [name for name, _ in net.named_parameters()] == ["0.weight", "0.bias", "1.bias"]
    twice = [name for name, _ in net.named_parameters(remove_duplicate=False)]
    assert twice == ["0.weight", "0.bias", "1.weight", "1.bias", "2.weight", "2.bias"]
    assert len(list(net.children())) == 2
    assert list(net.state_dict()) == twice


def test_assignment_decides_where_a_value_goes(m):
    net = m.nn.Module()
    net.x = 3
    net.x = m.nn.Parameter(m.ones(2))
    assert "x" not in net.__dict__ and [n for n, _ in net.named_parameters()] == ["x"]
    net.x = None  # keeps the name of a parameter
    assert net.x is None and list(net.parameters()) == []
    del net.x
    net.x = 3
    net.x = m.nn.Linear(1, 1)
    assert "x" not in net.__dict__
    assert [n for n, _ in net.named_parameters()] == ["x.weight", "x.bias"]
    net.b = m.nn.Buffer(m.zeros(2))
    net.b = m.ones(2)
    assert list(net.state_dict()) == ["b", "x.weight", "x.bias"] and net.b.tolist() == [1, 1]
    del net.x
    with refused(AttributeError, "'Module' object has no attribute 'x'"):
        net.x  # noqa: B018
    with refused(AttributeError, "'Module' object has no attribute 'y'"):
        del net.y


def test_refused_assignments(m):
    nn = m.nn
    net = small_net(m)
    before = list(net.state_dict())
    with refused(TypeError, "cannot assign 'torch.FloatTensor' as parameter 'scale' (torch.nn.Pa"):
        net.scale = m.tensor(1.0)
    with refused(TypeError, "cannot assign 'int' as child module 'first' (torch.nn.Module or None"):
        net.first = 3
    with refused(TypeError, "cannot assign 'str' as buffer 'seen' (torch.nn.Buffer, torch.Tensor"):
        net.seen = "x"
    with refused(KeyError, "\"attribute 'forward' already exists\""):
        net.register_parameter("forward", nn.Parameter(m.ones(1)))
    with refused(KeyError, "'parameter name can\\'t contain \".\"'"):
        net.register_parameter("a.b", nn.Parameter(m.ones(1)))
    with refused(KeyError, "'buffer name can\\'t be empty string \"\"'"):
        net.register_buffer("", m.ones(1))
    with refused(KeyError, "'module name can\\'t contain \".\", got: a.b'"):
        net.add_module("a.b", nn.ReLU())
    with refused(TypeError, "parameter name should be a string. Got int"):
        net.register_parameter(1, nn.Parameter(m.ones(1)))
    with refused(TypeError, "cannot assign 'torch.FloatTensor' object to parameter 'p' (torch.nn."):
        net.register_parameter("p", m.ones(1))
    with refused(TypeError, "cannot assign 'float' object to buffer 'p' (torch Tensor or None re"):
        net.register_buffer("p", 1.0)
    with refused(TypeError, "int is not a Module subclass"):
        net.add_module("p", int)
    with refused(TypeError, "cannot assign 'str' as parameter 'scale' (torch.nn.Parameter or None"):
        net.scale = "large"
    computed = nn.Parameter(m.ones(1)) * 2
    with refused(TypeError, "cannot assign 'torch.FloatTensor' object to parameter 'p'"):
        net.register_parameter("p", computed)
    assert list(net.state_dict()) == before


def test_before_init(m):
    class Early(m.nn.Module):
        def __init__(self, what):
            self.x = what

    with refused(AttributeError, "cannot assign module before Module.__init__() call"):
        Early(m.nn.ReLU())
    with refused(AttributeError, "cannot assign parameters before Module.__init__() call"):
        Early(m.nn.Parameter(m.ones(1)))


def test_forward_is_missing(m):
    class Net(m.nn.Module):
        pass

    with refused(NotImplementedError, 'Module [Net] is missing the required "forward" function'):
        Net()(1)


def test_members_by_dotted_name(m):
    net = small_net(m)
    assert net.get_submodule("rest.1") is net.rest[1] and net.get_submodule("") is net
    assert net.get_parameter("rest.1.weight") is net.rest[1].weight
    net.set_submodule("rest.0", m.nn.Tanh())
    assert isinstance(net.rest[0], m.nn.Tanh)
    with refused(AttributeError, "Sequential has no attribute `7`"):
        net.set_submodule("rest.7", m.nn.Tanh(), strict=True)
    assert net.get_buffer("norm.running_mean") is net.norm.running_mean
    with refused(AttributeError, "Net has no attribute `nose`"):
        net.get_submodule("nose.1")
    with refused(AttributeError, "`scale` is not an nn.Module"):
        net.get_submodule("scale")
    with refused(AttributeError, "Linear has no attribute `w`"):
        net.get_parameter("first.w")
    with refused(AttributeError, "`in_features` is not an nn.Parameter"):
        net.get_parameter("first.in_features")
    with refused(AttributeError, "`scale` is not a buffer"):
        net.get_buffer("scale")


# --- mode, gradients, dtype -----------------------------------------------------------------------


def test_train_and_eval_reach_all_modules(m):
    net = small_net(m)
    assert net.eval() is net and not any(part.training for part in net.modules())
    net.rest.train()
    assert [part.training for part in net.modules()] == [False, False, False, True, True, True]
    with refused(ValueError, "training mode is expected to be boolean"):
        net.train(1)


def test_freezing_and_forgetting_gradients(m):
    net = small_net(m)
    net.first.requires_grad_(False)
    net(m.randn(4, 2)).sum().backward()
    assert net.first.weight.grad is None and net.rest[1].weight.grad is not None
    net.zero_grad(set_to_none=False)
    assert net.rest[1].weight.grad.tolist() == [[0, 0, 0]]
    net.zero_grad()
    assert all(p.grad is None for p in net.parameters())


def test_conversion_keeps_the_parameter_objects(m):
    net = small_net(m)
    weight = net.first.weight
    net(m.randn(4, 2)).sum().backward()
    assert net.double() is net and net.first.weight is weight
    assert weight.dtype == weight.grad.dtype == net.norm.running_mean.dtype == m.float64
    assert net.norm.num_batches_tracked.dtype == m.int64  # whole numbers stay
    assert net(m.randn(4, 2, dtype=m.float64)).dtype == m.float64
    assert net.to(m.float32).first.weight.dtype == m.float32
    assert net.to("cpu", dtype=m.float64).scale.dtype == m.float64
    assert net.float().scale.dtype == m.float32 and net.half().scale.dtype == m.float16
    assert weight.is_leaf and weight.requires_grad
    with refused(TypeError, "nn.Module.to only accepts floating point or complex dtypes, but got "):
        net.to(m.int64)


def test_apply_visits_children_first(m):
    seen = []
    net = small_net(m)
    assert net.apply(lambda part: seen.append(type(part).__name__)) is net
    assert seen == ["Linear", "BatchNorm1d", "ReLU", "Linear", "Sequential", "Net"]


# --- state ----------------------------------------------------------------------------------------


def test_state_dict_shares_memory_and_loads_back(m):
    net, other = small_net(m), small_net(m)
    state = net.state_dict()
    assert isinstance(state, OrderedDict) and "seen" not in state
    assert not state["first.weight"].requires_grad
    state["scale"].fill_(7.0)
    assert net.scale.item() == 7.0
    found = other.load_state_dict(state)
    assert repr(found) == "<All keys matched successfully>"
    assert found.missing_keys == found.unexpected_keys == []
    assert other.scale.item() == 7.0 and other.scale.requires_grad
    x = m.randn(3, 2)
    assert m.equal(net.eval()(x), other.eval()(x))
    assert list(net.first.state_dict(prefix="my.")) == ["my.weight", "my.bias"]
    assert net.state_dict(keep_vars=True)["scale"] is net.scale


def test_a_state_that_does_not_fit(m):
    net = m.nn.Sequential(m.nn.Linear(2, 3), m.nn.ReLU())
    state = net.state_dict()
    del state["0.bias"]
    state["0.weight"], state["9.x"], state["0.y"] = m.zeros(4, 2), m.zeros(1), m.zeros(1)
    with refused(RuntimeError, "Error(s) in loading state_dict for Sequential:") as caught:
        net.load_state_dict(state)
    assert str(caught.value).split("\n\t")[1:] == [
        'Missing key(s) in state_dict: "0.bias". ',
        'Unexpected key(s) in state_dict: "9.x", "0.y". ',
        "size mismatch for 0.weight: copying a param with shape torch.Size([4, 2]) from "
        "checkpoint, the shape in current model is torch.Size([3, 2]).",
    ]
    state["0.weight"] = [1.0]
    with refused(RuntimeError, "Error(s) in loading state_dict for Sequential:\n\tWhile copying"):
        net.load_state_dict(state, strict=False)
    with refused(TypeError, "Expected state_dict to be dict-like, got <class 'list'>"):
        net.load_state_dict([])


def test_loading_not_strictly(m):
    net = m.nn.Linear(2, 1)
    found = net.load_state_dict({"weight": m.ones(1, 2), "extra": m.ones(1)}, strict=False)
    assert found.missing_keys == ["bias"] and found.unexpected_keys == ["extra"]
    assert repr(found) == "_IncompatibleKeys(missing_keys=['bias'], unexpected_keys=['extra'])"
    assert net.weight.tolist() == [[1, 1]]


def test_loading_is_all_or_nothing():
    """Stricter than PyTorch, which has changed what fits before it raises."""
    net = mg.nn.Linear(2, 1)
    before = net.weight.clone()
    with pytest.raises(RuntimeError, match="size mismatch for bias"):
        net.load_state_dict({"weight": mg.ones(1, 2), "bias": mg.ones(3)})
    assert mg.equal(net.weight, before)


def test_loading_with_assign(m):
    net = m.nn.Linear(2, 1)
    weight = m.ones(1, 2, dtype=m.float64)
    net.load_state_dict({"weight": weight, "bias": m.zeros(1)}, assign=True)
    assert net.weight.dtype == m.float64 and net.weight.requires_grad
    assert isinstance(net.weight, m.nn.Parameter)
    weight[0, 0] = 5
    assert net.weight[0, 0] == 5


def test_extra_state(m):
    class Counting(m.nn.Module):
        calls = 0

        def get_extra_state(self):
            return {"calls": self.calls}

        def set_extra_state(self, state):
            self.calls = state["calls"]

    a, b = m.nn.Sequential(Counting()), m.nn.Sequential(Counting())
    a[0].calls = 3
    assert dict(a.state_dict()) == {"0._extra_state": {"calls": 3}}
    b.load_state_dict(a.state_dict())
    assert b[0].calls == 3
    with refused(RuntimeError, "Error(s) in loading state_dict for Sequential:\n\tMissing key(s)"):
        b.load_state_dict({})


def test_state_hooks(m):
    net = m.nn.Linear(1, 1)
    log = []
    net.register_state_dict_pre_hook(lambda module, prefix, keep: log.append(prefix))
    net.register_state_dict_post_hook(
        lambda module, state, prefix, _: state.__setitem__(prefix + "note", m.ones(1))
    )
    state = m.nn.Sequential(net).state_dict()
    assert list(state) == ["0.weight", "0.bias", "0.note"] and log == ["0."]
    other = m.nn.Linear(1, 1)
    other.register_load_state_dict_pre_hook(lambda module, state, *rest: state.pop("0.note"))
    other.register_load_state_dict_post_hook(lambda module, keys: log.append(keys.missing_keys))
    m.nn.Sequential(other).load_state_dict(state)
    assert log == ["0.", []]


# --- copies ---------------------------------------------------------------------------------------


def test_deepcopy_is_independent(m):
    net = small_net(m)
    net(m.randn(4, 2)).sum().backward()
    twin = copy.deepcopy(net)
    assert twin.scale is not net.scale and twin.scale.grad is None
    assert isinstance(twin.scale, m.nn.Parameter) and twin.scale.requires_grad
    with m.no_grad():
        twin.first.weight.zero_()
    assert net.first.weight.abs().sum() > 0
    shared = m.nn.Sequential(m.nn.Linear(2, 2))
    shared.append(shared[0])
    twin = copy.deepcopy(shared)
    assert twin[0] is twin[1]


def test_pickle(m):
    m.manual_seed(0)
    net = m.nn.Sequential(m.nn.Linear(2, 3), m.nn.BatchNorm1d(3), m.nn.LSTM(3, 2))
    twin = pickle.loads(pickle.dumps(net))
    assert repr(twin) == repr(net)
    assert type(twin[0].weight) is m.nn.Parameter and twin[0].weight.requires_grad
    for (name, a), (_, b) in zip(net.state_dict().items(), twin.state_dict().items()):
        assert m.equal(a, b), name


# --- hooks ----------------------------------------------------------------------------------------


def test_forward_hooks_see_and_replace(m):
    layer, log = m.nn.Linear(1, 1, bias=False), []
    m.nn.init.constant_(layer.weight, 3.0)
    pre = layer.register_forward_pre_hook(lambda mod, args: log.append("pre") or args[0] + 1)
    post = layer.register_forward_hook(
        lambda mod, args, out: log.append(args[0].item()) or out * 10
    )
    layer.register_forward_hook(lambda mod, args, out: log.append("last"))
    layer.register_forward_hook(lambda mod, args, out: log.append("first"), prepend=True)
    assert layer(m.tensor([[1.0]])).item() == 60.0
    assert log == ["pre", "first", 2.0, "last"]
    pre.remove()
    post.remove()
    assert layer(m.tensor([[1.0]])).item() == 3.0


def test_forward_hooks_with_kwargs_and_after_an_error(m):
    class Add(m.nn.Module):
        def forward(self, x, more=0):
            if more < 0:
                raise ArithmeticError("negative")
            return x + more

    add, log = Add(), []
    add.register_forward_pre_hook(
        lambda mod, args, kwargs: (args, {"more": kwargs["more"] + 1}), with_kwargs=True
    )
    add.register_forward_hook(
        lambda mod, args, kwargs, out: log.append((kwargs["more"], out)), with_kwargs=True,
        always_call=True,
    )  # fmt: skip
    assert add(1, more=1) == 3
    with refused(ArithmeticError, "negative"):
        add(1, more=-5)
    assert log == [(2, 3), (-4, None)]
    add.register_forward_pre_hook(lambda mod, args, kwargs: 1, with_kwargs=True)
    with refused(RuntimeError, "forward pre-hook must return None or a tuple of (new_args, new_k"):
        add(1, more=1)


def test_backward_hooks_see_both_gradients(m):
    layer, log = m.nn.Linear(2, 1, bias=False), []
    m.nn.init.constant_(layer.weight, 3.0)
    layer.register_full_backward_pre_hook(lambda mod, grads: log.append(grads[0].tolist()))
    layer.register_full_backward_hook(
        lambda mod, grad_in, grad_out: log.append((grad_in[0].tolist(), grad_out[0].tolist()))
    )
    x = m.ones(1, 2, requires_grad=True)
    y = layer(x)
    assert y.grad_fn.name() == "BackwardHookFunctionBackward"
    (2 * y).backward()
    assert log == [[[2.0]], ([[6.0, 6.0]], [[2.0]])]
    assert x.grad.tolist() == [[6, 6]] and layer.weight.grad.tolist() == [[2, 2]]


def test_backward_hooks_replace_gradients(m):
    class Pair(m.nn.Module):
        def forward(self, a, text, b):
            return a * b, a + b

    pair, seen = Pair(), []
    pair.register_full_backward_pre_hook(lambda mod, grads: (grads[0], grads[1] * 0))
    pair.register_full_backward_hook(
        lambda mod, grad_in, grad_out: seen.append((grad_in[1], len(grad_in)))
        or (grad_in[0] * 100, None, grad_in[2])
    )
    a, b = m.tensor(2.0, requires_grad=True), m.tensor(3.0, requires_grad=True)
    product, total = pair(a, "text", b)
    (product + total).backward()
    assert seen == [(None, 3)]
    assert (a.grad.item(), b.grad.item()) == (300.0, 2.0)


@pytest.mark.filterwarnings("ignore:Full backward hook is firing")
def test_backward_hooks_without_input_gradient(m):
    layer, log = m.nn.Linear(2, 1), []
    handle = layer.register_full_backward_hook(
        lambda mod, grad_in, grad_out: log.append((grad_in, grad_out[0].tolist()))
    )
    layer(m.ones(1, 2)).sum().backward()
    assert log == [((None,), [[1.0]])]
    handle.remove()
    assert layer(m.ones(1, 2)).grad_fn.name() == "AddmmBackward0"
    layer.register_full_backward_hook(lambda mod, grad_in, grad_out: (m.ones(1, 2),))
    with refused(RuntimeError, "Backward hook for Modules where no input requires gradient should"):
        layer(m.ones(1, 2)).sum().backward()


def test_backward_hook_with_the_wrong_number(m):
    layer = m.nn.Linear(2, 1)
    layer.register_full_backward_hook(lambda mod, grad_in, grad_out: (grad_in[0], grad_in[0]))
    with refused(RuntimeError, "Backward hook returned an invalid number of grad_input, got 2, b"):
        layer(m.ones(1, 2, requires_grad=True)).sum().backward()
    other = m.nn.Linear(2, 1)
    other.register_full_backward_pre_hook(lambda mod, grads: (grads[0], grads[0]))
    with refused(RuntimeError, "Backward pre hook returned an invalid number of grad_output, got"):
        other(m.ones(1, 2, requires_grad=True)).sum().backward()


def test_backward_hooks_and_gradients_of_second_order(m):
    layer, seen = m.nn.Linear(1, 1, bias=False), []
    m.nn.init.constant_(layer.weight, 3.0)
    layer.register_full_backward_hook(lambda mod, grad_in, grad_out: seen.append(grad_in[0]))
    x = m.tensor([[2.0]], requires_grad=True)
    y = layer(x) ** 2  # 9 x^2
    (g,) = m.autograd.grad(y.sum(), x, create_graph=True)
    assert g.item() == 36.0 and seen[0].item() == 36.0 and seen[0].requires_grad
    (gg,) = m.autograd.grad(g.sum(), x)
    assert gg.item() == 18.0


def test_hooks_leave_no_cycle_behind():
    layer = mg.nn.Linear(2, 1)
    layer.register_full_backward_hook(lambda mod, grad_in, grad_out: None)
    layer.register_forward_hook(lambda mod, args, out: None)
    gc.collect()
    gc.disable()
    try:
        loss = layer(mg.ones(1, 2, requires_grad=True)).sum()
        node = weakref.ref(loss.grad_fn)
        loss.backward()
        del loss
        assert node() is None
    finally:
        gc.enable()


# --- printing -------------------------------------------------------------------------------------


def test_printing(m):
    class Odd(m.nn.Module):
        def __init__(self):
            super().__init__()
            self.a = m.nn.ReLU()
            self.b = None
            self.c = m.nn.ModuleList()

        def extra_repr(self):
            return "one\ntwo"

    assert repr(Odd()) == "Odd(\n  one\n  two\n  (a): ReLU()\n  (c): ModuleList()\n)"
    assert repr(m.nn.Parameter(m.tensor([1.0]))) == (
        "Parameter containing:\ntensor([1.], requires_grad=True)"
    )
    fixed = m.nn.Parameter(m.tensor(1), requires_grad=False)
    assert str(fixed) == "Parameter containing:\ntensor(1)"
    assert repr(small_net(m)) == (
        "Net(\n  (first): Linear(in_features=2, out_features=3, bias=True)\n"
        "  (norm): BatchNorm1d(3, eps=1e-05, momentum=0.1, affine=True, bias=True, "
        "track_running_stats=True)\n"
        "  (rest): Sequential(\n    (0): ReLU()\n"
        "    (1): Linear(in_features=3, out_features=1, bias=True)\n  )\n)"
    )


# --- parameters -----------------------------------------------------------------------------------


def test_parameters_are_tensors(m):
    data = m.tensor([1.0, 2.0])
    p = m.nn.Parameter(data)
    assert isinstance(p, m.Tensor) and p.is_leaf and p.requires_grad
    data[0] = 9  # shared memory
    assert p.tolist() == [9, 2]
    y = p * 2
    assert type(y) is m.Tensor and y.requires_grad and type(p.data) is m.Tensor
    y.sum().backward()
    assert p.grad.tolist() == [2, 2] and type(p.grad) is m.Tensor
    assert type(p[0]) is m.Tensor and type(p.detach()) is m.Tensor
    with m.no_grad():
        p -= 0.5 * p.grad
    assert type(p) is m.nn.Parameter and p.tolist() == [8, 1]
    assert m.nn.Parameter().shape == (0,)
    assert m.nn.parameter.Parameter is m.nn.Parameter
    with refused(RuntimeError, "Only Tensors of floating point and complex dtype can require gra"):
        m.nn.Parameter(m.tensor(1))


# --- containers -----------------------------------------------------------------------------------


def test_sequential_is_a_list_of_layers(m):
    nn = m.nn
    net = nn.Sequential(OrderedDict([("lin", nn.Linear(2, 2)), ("act", nn.ReLU())]))
    assert net.lin is net[0] and net[-1] is net.act and len(net) == 2
    assert list(net[1:].state_dict()) == [] and type(net[:1]) is nn.Sequential
    net.append(nn.Tanh()).extend([nn.Linear(2, 1)])
    assert list(net._modules) == ["lin", "act", "2", "3"]
    net[1] = nn.SiLU()
    assert repr(net.act) == "SiLU()"
    net = nn.Sequential(*net)
    net.insert(0, nn.Identity())
    assert [type(part).__name__ for part in net] == ["Identity", "Linear", "SiLU", "Tanh", "Linear"]
    assert list(net._modules) == ["0", "1", "2", "3", "4"]
    del net[0]
    assert isinstance(net.pop(-1), nn.Linear) and len(net) == 3
    assert len(net + nn.Sequential(nn.ReLU())) == 4
    with refused(IndexError, "index 5 is out of range"):
        net[5]
    with refused(ValueError, "add operator supports only objects of Sequential class, but <class"):
        net + 3


def test_module_list(m):
    nn = m.nn
    layers = nn.ModuleList([nn.Linear(1, 1)])
    layers.append(nn.ReLU()).extend([nn.Tanh()])
    layers += [nn.SiLU()]
    layers.insert(0, nn.Identity())
    names = ["Identity", "Linear", "ReLU", "Tanh", "SiLU"]
    assert [type(layer).__name__ for layer in layers] == names
    assert [type(layer).__name__ for layer in layers[1:3]] == names[1:3]
    del layers[0]
    layers[0] = nn.GELU()
    assert type(layers.pop(-1)) is nn.SiLU and len(layers) == 3 and len(layers + layers) == 6
    with refused(IndexError, "index 9 is out of range"):
        layers[9]
    with refused(TypeError, "ModuleList.extend should be called with an iterable, but got int"):
        layers.extend(3)
    with refused(NotImplementedError, 'Module [ModuleList] is missing the required "forward"'):
        layers(1)


def test_module_dict(m):
    nn = m.nn
    acts = nn.ModuleDict({"relu": nn.ReLU()})
    acts["tanh"] = nn.Tanh()
    acts.update([("silu", nn.SiLU())])
    assert list(acts) == list(acts.keys()) == ["relu", "tanh", "silu"] and "tanh" in acts
    assert type(acts.pop("relu")) is nn.ReLU and len(acts) == 2
    assert [name for name, _ in acts.items()] == ["tanh", "silu"]
    assert repr(acts) == "ModuleDict(\n  (tanh): Tanh()\n  (silu): SiLU()\n)"
    acts.clear()
    assert len(acts) == 0
    with refused(KeyError, "'tanh'"):
        acts["tanh"]
    with refused(TypeError, "ModuleDict.update should be called with an iterable of key/value pa"):
        acts.update(3)


def test_parameter_containers(m):
    nn = m.nn
    params = nn.ParameterList([m.ones(2)])
    params.append(nn.Parameter(m.zeros(1)))
    params += [m.ones(3)]
    assert all(isinstance(p, nn.Parameter) for p in params) and len(params) == 3
    assert [name for name, _ in params.named_parameters()] == ["0", "1", "2"]
    assert params[-1].shape == (3,) and len(params[:2]) == 2
    named = nn.ParameterDict({"a": m.ones(2)})
    named["b"] = m.zeros(1)
    assert list(named.keys()) == ["a", "b"] and "a" in named and named.get("c") is None
    assert [name for name, _ in named.named_parameters()] == ["a", "b"]
    assert named.pop("a").shape == (2,) and len(named) == 1
    del named["b"]
    assert list(named.parameters()) == []
