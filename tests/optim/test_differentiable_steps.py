"""Gradients through a step of an optimizer, and old states; as in PyTorch."""

import copy

import pytest

OPTIMIZERS = {
    "SGD": {"lr": 0.1, "momentum": 0.9, "nesterov": True, "weight_decay": 0.1},
    "Adam": {"lr": 0.1, "amsgrad": True, "weight_decay": 0.1},
    "AdamW": {"lr": 0.1},
    "NAdam": {"lr": 0.1},
    "RAdam": {"lr": 0.1},
    "Adadelta": {"lr": 0.5, "weight_decay": 0.1},
    "Adagrad": {"lr": 0.1, "lr_decay": 0.1},
    "Adamax": {"lr": 0.1, "maximize": True},
    "RMSprop": {"lr": 0.1, "momentum": 0.5, "centered": True},
    "Rprop": {"lr": 0.1},
}


def after_two_steps(m, name, differentiable):
    """The sum of a parameter after two steps, and what its gradient says about gradients."""
    start = m.tensor([0.5, -1.0, 2.0], dtype=m.float64, requires_grad=True)
    scale = m.tensor([1.0, 0.7, -0.3], dtype=m.float64, requires_grad=differentiable)
    p = start.clone() if differentiable else start
    kwargs = OPTIMIZERS[name]
    optimizer = getattr(m.optim, name)([p], **kwargs, differentiable=differentiable)
    state = {}
    for grad in (scale, scale * scale)[: 1 if differentiable else 2]:
        p.grad = grad if differentiable else grad.clone()
        optimizer.step()
        state = optimizer.state[p]
    if differentiable:
        weights = m.tensor([1.0, 2.0, 3.0], dtype=m.float64)
        total = (p * weights).sum()
        for value in state.values():
            if value.requires_grad:
                total = total + value.sum()
        total.backward()
        return [*p.tolist(), *start.grad.tolist(), *scale.grad.tolist()]
    return p.tolist()


@pytest.mark.parametrize("name", OPTIMIZERS)
def test_gradients_through_a_step_like_pytorch(name, torch):
    import minigrad as mg

    ours, theirs = (after_two_steps(m, name, True) for m in (mg, torch))
    assert ours == pytest.approx(theirs, rel=2e-6, abs=1e-6)  # its count of steps is float32


def test_a_learning_rate_learns():
    import minigrad as mg

    lr = mg.tensor(0.1, requires_grad=True)
    w0 = mg.tensor([1.0], requires_grad=True)
    w = w0.clone()
    optimizer = mg.optim.SGD([w], lr=lr, differentiable=True)
    for _ in range(3):  # d/dlr (1 - 2 lr)^3 = -6 (1 - 2 lr)^2
        w.grad = 2 * w
        optimizer.step()
    w.backward()
    assert lr.grad.item() == pytest.approx(-6 * 0.8**2)
    assert w0.grad.item() == pytest.approx(0.8**3)


@pytest.mark.parametrize("name", [*OPTIMIZERS, "ASGD"])
def test_numbers_of_older_states_become_tensors(m, name):
    w = m.ones(2, requires_grad=True)
    optimizer = getattr(m.optim, name)([w], lr=0.1)
    w.sum().backward()
    optimizer.step()
    state = optimizer.state_dict()
    old = copy.deepcopy(state)
    for key in ("maximize", "foreach", "differentiable"):
        del old["param_groups"][0][key]
    for key, value in old["state"].get(0, {}).items():
        if m.is_tensor(value) and value.dim() == 0:
            old["state"][0][key] = value.item()
    optimizer.load_state_dict(old)
    loaded = optimizer.state_dict()
    assert loaded["param_groups"] == state["param_groups"]
    for key, value in state["state"].get(0, {}).items():
        assert type(value) is type(loaded["state"][0][key])
    optimizer.step()


def test_sparse_adam_needs_sparse_gradients(m):
    w = m.ones(2, requires_grad=True)
    optimizer = m.optim.SparseAdam([w], lr=0.1)
    optimizer.step()
    w.sum().backward()
    with pytest.raises(RuntimeError, match="does not support dense gradients"):
        optimizer.step()
