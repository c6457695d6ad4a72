"""Pruning chooses the weights that PyTorch's chooses; and DataParallel on one device."""

import importlib

import pytest

import minigrad


def prune_of(m):
    return importlib.import_module(m.__name__ + ".nn.utils.prune")


def pruned(m, how):
    m.manual_seed(0)
    prune = prune_of(m)
    net = m.nn.Sequential(m.nn.Conv2d(2, 4, 3), m.nn.Flatten(), m.nn.Linear(4, 5))
    how(m, prune, net)
    net(m.ones(3, 2, 3, 3)).sum().backward()
    masks = {k: v.flatten().tolist() for k, v in net.state_dict().items() if k.endswith("mask")}
    return sorted(net.state_dict()), masks, prune.is_pruned(net)


def several_times(m, prune, net):
    prune.random_unstructured(net[0], "weight", amount=0.3)
    prune.l1_unstructured(net[0], "weight", amount=5)
    prune.ln_structured(net[0], "weight", amount=1, n=2, dim=0)
    prune.random_structured(net[0], "weight", amount=1, dim=1)


def everywhere(m, prune, net):
    prune.l1_unstructured(net[0], "bias", amount=0.5)
    parameters = [(net[0], "weight"), (net[2], "weight"), (net[2], "bias")]
    prune.global_unstructured(parameters, pruning_method=prune.L1Unstructured, amount=0.4)
    prune.global_unstructured(parameters, pruning_method=prune.RandomUnstructured, amount=3)


def by_hand(m, prune, net):
    prune.identity(net[2], "bias")
    prune.custom_from_mask(net[2], "weight", m.arange(20).reshape(5, 4) % 3)
    scores = m.arange(5.0)
    prune.l1_unstructured(net[2], "bias", amount=2, importance_scores=scores)
    prune.remove(net[2], "weight")


def nothing(m, prune, net):
    prune.random_structured(net[0], "weight", amount=0, dim=-2)
    prune.remove(net[0], "weight")


@pytest.mark.parametrize("how", [several_times, everywhere, by_hand, nothing])
def test_the_same_weights_are_pruned(how, torch):
    assert pruned(minigrad, how) == pruned(torch, how)


def test_pruned_weights_stay_zero(m):
    layer = m.nn.Linear(4, 3)
    prune_of(m).l1_unstructured(layer, "weight", amount=6)
    optimizer = m.optim.SGD(layer.parameters(), lr=0.1)
    for _ in range(3):
        optimizer.zero_grad()
        layer(m.ones(2, 4)).sum().backward()
        optimizer.step()
    layer(m.ones(1, 4))
    assert (layer.weight == 0).sum().item() == 6
    assert isinstance(prune_of(m).remove(layer, "weight").weight, m.nn.Parameter)
    assert [name for name, _ in layer.named_parameters()] == ["bias", "weight"]


def test_pruning_refused(m):
    prune, layer = prune_of(m), m.nn.Linear(2, 2)
    for amount, error in ((-1, ValueError), (1.5, ValueError), ("a", TypeError), (9, ValueError)):
        with pytest.raises(error):
            prune.l1_unstructured(m.nn.Linear(2, 2), "weight", amount=amount)
    with pytest.raises(ValueError, match="has to be pruned before pruning can be removed"):
        prune.remove(layer, "weight")
    with pytest.raises(TypeError, match="unstructured"):
        prune.global_unstructured([(layer, "weight")], prune.LnStructured, amount=1, n=2)


def test_data_parallel_calls_the_module():
    m = minigrad  # PyTorch's asks for an accelerator
    model = m.nn.Linear(2, 1)
    wrapped = m.nn.DataParallel(model)
    assert wrapped.module is model
    assert list(wrapped.state_dict()) == ["module.weight", "module.bias"]
    x = m.ones(3, 2)
    assert m.equal(wrapped(x), model(x))
    assert m.equal(m.nn.parallel.data_parallel(model, (x,)), model(x))
    with pytest.raises((RuntimeError, ValueError)):  # PyTorch: depends on how it was built
        m.nn.parallel.DistributedDataParallel(model)
