"""Arithmetic with containers, dicts of parameters, and what ``Module.to`` takes; as in PyTorch."""

from collections import OrderedDict

import pytest
from refusal import refused


def test_a_sequential_times_a_number(m):
    net = m.nn.Sequential(OrderedDict(a=m.nn.Linear(2, 2), b=m.nn.ReLU()))
    for thrice in (net * 3, 3 * net):
        assert type(thrice) is m.nn.Sequential
        assert list(thrice) == list(net) * 3
        assert list(thrice._modules) == ["0", "1", "2", "3", "4", "5"]
    kept = net = m.nn.Sequential(m.nn.Linear(2, 2), m.nn.ReLU())  # PyTorch needs numbered names
    net *= 2
    assert net is kept and len(net) == 4
    with refused(ValueError, "Non-positive multiplication factor 0"):
        net * 0
    with pytest.raises(TypeError, match="unsupported operand type"):
        net * 1.5


def test_a_sequential_grows_and_shrinks(m):
    nn = m.nn
    net = nn.Sequential(nn.ReLU(), nn.Tanh())
    net += nn.Sequential(nn.Sigmoid())
    net.insert(1, nn.ELU())
    assert [type(x).__name__ for x in net] == ["ReLU", "ELU", "Tanh", "Sigmoid"]
    assert type(net.pop(0)).__name__ == "ReLU"
    assert list(net._modules) == ["0", "1", "2"]
    with refused(IndexError, "Index out of range: 9"):
        net.insert(9, nn.ReLU())
    with refused(ValueError, "add operator supports only objects of Sequential class"):
        net += [nn.ReLU()]


def test_parameter_dicts_are_dicts(m):
    ones = m.nn.Parameter(m.ones(1))
    d = m.nn.ParameterDict({"b": m.zeros(2), "a": ones})
    assert list(d) == ["a", "b"]  # a plain dict is sorted
    assert list(m.nn.ParameterDict(OrderedDict(b=ones, a=ones))) == ["b", "a"]
    assert list(reversed(d)) == ["b", "a"]
    both = d | m.nn.ParameterDict({"c": ones})
    assert list(both) == ["a", "b", "c"] and both["a"] is ones
    assert both.popitem() == ("c", ones) and list(both) == ["a", "b"]
    assert d.setdefault("a", m.zeros(1)) is ones and d.setdefault("z") is None
    assert list(d.copy()) == ["a", "b", "z"]
    assert dict(d.fromkeys(["x", "y"], 3).items()) == {"x": 3, "y": 3}
    d |= {"w": m.ones(3)}
    assert isinstance(d["w"], m.nn.Parameter)


def test_a_replica_takes_computed_tensors_for_parameters(m):
    for container in (m.nn.ParameterDict({"a": m.ones(2)}), m.nn.ParameterList([m.ones(2)])):
        replica = container._replicate_for_data_parallel()
        for name, p in container.named_parameters():
            setattr(replica, name, p.view_as(p))
        (given,) = replica.values() if hasattr(replica, "values") else list(replica)
        assert given._base is next(container.parameters())
        assert len(list(replica.parameters())) == 0


GOOD = [("cpu",), ("cpu", "float64"), ("cpu", "float64", True), ("float64",), ("float64", True),
        (None,), (None, "float64"), (), ("tensor",), ("tensor", True)]  # fmt: skip
BAD = [("cpu", True), (None, True), ("cpu", "int64", True), ([],), ({},), ("float64", "cpu"),
       ("int64",), (True,), ("tensor", "cpu")]  # fmt: skip


@pytest.mark.parametrize("args", GOOD + BAD, ids=repr)
def test_module_to(m, args):
    given = [
        m.ones(1, dtype=m.float64) if a == "tensor"
        else m.device("cpu") if a == "cpu"
        else getattr(m, a) if isinstance(a, str) else a
        for a in args
    ]  # fmt: skip
    layer = m.nn.Linear(1, 1)
    if args in BAD:
        with pytest.raises(TypeError):
            layer.to(*given)
    else:
        wanted = m.float64 if {"float64", "tensor"} & set(args) else m.float32
        assert layer.to(*given).weight.dtype == wanted
