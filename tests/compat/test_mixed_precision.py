"""``amp``: what has no effect on a CPU, and the scaler, which has."""

import pytest

import minigrad as mg


@pytest.mark.parametrize("make", [
    lambda: mg.autocast("cuda"), lambda: mg.cuda.amp.autocast(dtype=mg.float16),
    lambda: mg.autocast("cpu", dtype=mg.float32), lambda: mg.amp.autocast("mps"),
])  # fmt: skip
def test_autocast_that_pytorch_switches_off_is_switched_off_with_a_warning(make):
    with pytest.warns(UserWarning, match="Disabling autocast"):
        block = make()
    with block:
        assert (mg.ones(2, 2) @ mg.ones(2, 2)).dtype is mg.float32


def test_autocast_as_a_decorator():
    @mg.autocast("cpu", enabled=False)
    def product(x):
        """Its text."""
        return x @ x

    assert product(mg.ones(1, 1)).item() == 1 and product.__doc__ == "Its text."


def train(library, steps, overflow_at=(), clip=False):
    """Weights and factors of a few steps in which some gradients are infinite."""
    weight = library.tensor([1.0, 2.0], requires_grad=True)
    optimizer = library.optim.SGD([weight], lr=0.1, momentum=0.9)
    scaler = library.amp.GradScaler("cpu", init_scale=8.0, growth_interval=2)
    factors = []
    for step in range(steps):
        optimizer.zero_grad()
        loss = (weight * weight).sum() * (float("inf") if step in overflow_at else 1.0)
        scaler.scale(loss).backward()
        if clip:
            scaler.unscale_(optimizer)
            library.nn.utils.clip_grad_norm_([weight], 0.5)
        scaler.step(optimizer)
        scaler.update()
        factors.append(scaler.get_scale())
    state = {name: float(value) for name, value in scaler.state_dict().items()}
    return weight.tolist(), factors, state


# As PyTorch 2.13 has it: two good steps double the factor, an infinite gradient halves it.
@pytest.mark.parametrize("overflow_at, factors", [
    ((), [8, 16, 16, 32, 32]), ((1,), [8, 4, 4, 8, 8]), ((0, 1, 2), [4, 2, 1, 1, 2]),
])  # fmt: skip
def test_the_factor_grows_and_shrinks(overflow_at, factors):
    assert train(mg, 5, overflow_at)[1] == factors


@pytest.mark.parametrize("overflow_at, clip", [((), False), ((), True), ((1,), False),
                                              ((0, 3), False)])  # fmt: skip
def test_training_with_a_scaler_is_as_in_pytorch(torch, overflow_at, clip):
    ours, theirs = train(mg, 6, overflow_at, clip), train(torch, 6, overflow_at, clip)
    assert ours[0] == pytest.approx(theirs[0], rel=1e-6) and ours[1:] == theirs[1:]


def test_a_scaler_is_asked_in_order():
    weight = mg.ones(1, requires_grad=True)
    optimizer = mg.optim.SGD([weight], lr=0.1)
    scaler = mg.amp.GradScaler("cpu")
    with pytest.raises(AssertionError, match="Attempted step but _scale is None"):
        scaler.step(optimizer)
    scaler.scale([weight.sum()])[0].backward()
    scaler.unscale_(optimizer)
    with pytest.raises(RuntimeError, match="unscale_.. has already been called"):
        scaler.unscale_(optimizer)
    scaler.step(optimizer)
    with pytest.raises(RuntimeError, match="step.. has already been called"):
        scaler.step(optimizer)
    with pytest.raises(RuntimeError, match="is being called after step"):
        scaler.unscale_(optimizer)
    with pytest.raises(RuntimeError, match="Closure use"):
        scaler.step(optimizer, closure=None)


def test_a_scaler_that_is_switched_off_leaves_everything_to_the_program():
    scaler = mg.amp.GradScaler("cpu", enabled=False)
    weight = mg.ones(1, requires_grad=True)
    optimizer = mg.optim.SGD([weight], lr=0.5)
    loss = weight.sum()
    assert scaler.scale(loss) is loss and scaler.get_scale() == 1.0 and scaler.state_dict() == {}
    loss.backward()
    scaler.unscale_(optimizer)
    scaler.step(optimizer)
    scaler.update()
    scaler.load_state_dict({})
    assert weight.tolist() == [0.5]


def test_a_scaler_is_saved_and_loaded():
    scaler = mg.amp.GradScaler("cpu", init_scale=4.0)
    other = mg.amp.GradScaler("cpu")
    other.load_state_dict(scaler.state_dict())
    assert other.get_scale() == 4.0
    with pytest.raises(RuntimeError, match="source state dict is empty"):
        other.load_state_dict({})
