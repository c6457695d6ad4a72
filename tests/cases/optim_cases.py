"""Training runs and learning-rate schedules that minigrad and PyTorch both carry out."""

from __future__ import annotations

import warnings

import numpy as np

# One a line: the optimizer and its settings.
OPTIMIZERS = [
    "SGD(lr=0.05)",
    "SGD(lr=0.05, momentum=0.9)",
    "SGD(lr=0.05, momentum=0.9, dampening=0.3, weight_decay=0.1)",
    "SGD(lr=0.05, momentum=0.8, nesterov=True)",
    "SGD(lr=0.01, maximize=True)",
    "Adam(lr=0.1)",
    "Adam(lr=0.1, betas=(0.8, 0.9), eps=1e-3, weight_decay=0.2)",
    "Adam(lr=0.1, amsgrad=True)",
    "Adam(lr=0.1, maximize=True, weight_decay=0.1)",
    "AdamW(lr=0.1)",
    "AdamW(lr=0.1, weight_decay=0.3, amsgrad=True)",
    "NAdam(lr=0.1)",
    "NAdam(lr=0.1, weight_decay=0.1, decoupled_weight_decay=True, momentum_decay=0.01)",
    "RAdam(lr=0.1)",
    "RAdam(lr=0.1, betas=(0.9, 0.9), weight_decay=0.1)",
    "RAdam(lr=0.1, betas=(0.9, 0.9), weight_decay=0.1, decoupled_weight_decay=True)",
    "Adamax(lr=0.1)",
    "Adamax(lr=0.1, weight_decay=0.1)",
    "RMSprop(lr=0.02)",
    "RMSprop(lr=0.02, alpha=0.9, momentum=0.5, weight_decay=0.1)",
    "RMSprop(lr=0.02, centered=True)",
    "Adagrad(lr=0.2)",
    "Adagrad(lr=0.2, lr_decay=0.1, weight_decay=0.1, initial_accumulator_value=0.5)",
    "Adadelta(lr=3.0)",
    "Adadelta(lr=3.0, rho=0.8, weight_decay=0.1)",
    "Rprop(lr=0.05)",
    "Rprop(lr=0.05, etas=(0.4, 1.5), step_sizes=(1e-3, 0.1))",
    "ASGD(lr=0.05)",
    "ASGD(lr=0.05, t0=3, lambd=0.1, weight_decay=0.1)",
    "LBFGS(lr=0.5, max_iter=4)",
    "LBFGS(lr=0.5, max_iter=3, history_size=2)",
    "LBFGS(max_iter=6, line_search_fn='strong_wolfe')",
    "LBFGS(lr=0.3, max_iter=4, max_eval=7, line_search_fn='strong_wolfe')",
]


def parameters(m, dtype="float64", strided=True):
    """A matrix, a 0-d number, a transposed matrix (strided memory), and one never used."""
    rng = np.random.default_rng(5)
    d = getattr(m, dtype)
    values = [rng.normal(size=(3, 2)), rng.normal(size=()), rng.normal(size=(2, 3)).T,
              rng.normal(size=2)]  # fmt: skip
    tensors = [m.tensor(v.tolist(), dtype=d) for v in values]
    if strided:
        tensors[2] = m.tensor(values[2].T.tolist(), dtype=d).t().detach()
    return [t.requires_grad_() for t in tensors]


def make_loss(m, params):
    """A loss with a minimum, curved differently in every direction."""
    matrix, number, strided, _ = params
    target = m.tensor([[1.0, -2.0], [0.5, 3.0], [0.0, 1.5]], dtype=matrix.dtype)
    scale = m.tensor([[1.0, 4.0], [0.2, 2.0], [3.0, 0.1]], dtype=matrix.dtype)
    first = (((matrix - target) ** 2) * scale).sum()
    second = ((matrix * strided - number) ** 2).mean()
    return first + second + m.exp(number * 0.5) + m.cos(strided).sum()


def make_optimizer(m, line, params):
    names = {"optim": m.optim, "params": params}
    return eval(f"optim.{line.replace('(', '(params, ', 1)}", names)


def train(m, line, steps=12, dtype="float64"):
    """Losses and final parameters of a training run."""
    params = parameters(m, dtype, strided="LBFGS" not in line)  # PyTorch's wants plain memory
    optimizer = make_optimizer(m, line, params)

    def closure():
        optimizer.zero_grad()
        loss = make_loss(m, params)
        loss.backward()
        return loss

    losses = [optimizer.step(closure).item() for _ in range(steps)]
    return {"losses": losses, "params": [p.detach().numpy().tolist() for p in params]}


# Schedules of an optimizer `o` with two groups (rates 1.0 and 0.1) and momentum; s is lr_scheduler.
SCHEDULES = [
    "s.StepLR(o, 3)",
    "s.StepLR(o, 2, gamma=0.5)",
    "s.MultiStepLR(o, [2, 5, 5, 9], gamma=0.3)",
    "s.ExponentialLR(o, 0.9)",
    "s.CosineAnnealingLR(o, 5, eta_min=0.02)",
    "s.CosineAnnealingLR(o, 1)",
    "s.CosineAnnealingWarmRestarts(o, 3)",
    "s.CosineAnnealingWarmRestarts(o, 2, T_mult=2, eta_min=0.05)",
    "s.LambdaLR(o, lambda n: 1 / (1 + n))",
    "s.LambdaLR(o, [lambda n: 0.9**n, lambda n: 1.0])",
    "s.MultiplicativeLR(o, lambda n: 0.9 + 0.01 * n)",
    "s.LinearLR(o)",
    "s.LinearLR(o, start_factor=0.2, end_factor=0.7, total_iters=8)",
    "s.ConstantLR(o, factor=0.25, total_iters=4)",
    "s.PolynomialLR(o, total_iters=7, power=2.0)",
    "s.SequentialLR(o, [s.ConstantLR(o, 0.1, 2), s.ExponentialLR(o, 0.9)], [3])",
    "s.SequentialLR(o, [s.LinearLR(o, 0.1, total_iters=4), s.CosineAnnealingLR(o, 6), "
    "s.LambdaLR(o, lambda n: 0.5)], [4, 9])",
    "s.SequentialLR(o, [s.SequentialLR(o, [s.ConstantLR(o, 0.5, 2), s.ExponentialLR(o, 0.8)], "
    "[2]), s.StepLR(o, 2)], [6])",
    "s.ChainedScheduler([s.ConstantLR(o, 0.1, 2), s.ExponentialLR(o, 0.9)])",
    "s.OneCycleLR(o, max_lr=2.0, total_steps=15)",
    "s.OneCycleLR(o, max_lr=[2.0, 1.0], epochs=3, steps_per_epoch=5, three_phase=True, "
    "anneal_strategy='linear', div_factor=10.0, final_div_factor=100.0)",
    "s.OneCycleLR(o, max_lr=2.0, total_steps=20, cycle_momentum=False, pct_start=0.1)",
    "s.CyclicLR(o, 0.1, 1.0, step_size_up=3)",
    "s.CyclicLR(o, [0.1, 0.2], 1.0, step_size_up=3, step_size_down=2, mode='triangular2')",
    "s.CyclicLR(o, 0.1, 1.0, step_size_up=4, mode='exp_range', gamma=0.95)",
    "s.CyclicLR(o, 0.1, 1.0, step_size_up=4, scale_fn=lambda x: 1 / x, cycle_momentum=False)",
]  # fmt: skip

PLATEAUS = [
    "s.ReduceLROnPlateau(o, patience=1)",
    "s.ReduceLROnPlateau(o, factor=0.5, patience=0, threshold=0.1, cooldown=2)",
    "s.ReduceLROnPlateau(o, 'max', patience=1, threshold=0.2, threshold_mode='abs')",
    "s.ReduceLROnPlateau(o, 'max', patience=2, min_lr=[0.05, 0.01])",
    "s.ReduceLROnPlateau(o, patience=0, threshold_mode='abs', min_lr=0.003)",
]

METRICS = [5.0, 4.0, 4.1, 3.9, 3.9, 3.9, 3.8999, 2.0, 2.5, 2.4, 2.3, 2.2, 2.1, 2.0, 1.0, 1.5]


def two_groups(m, kind="SGD"):
    a, b = m.ones(2, requires_grad=True), m.ones(1, requires_grad=True)
    groups = [{"params": [a], "lr": 1.0}, {"params": [b], "lr": 0.1}]
    return m.optim.SGD(groups, momentum=0.9) if kind == "SGD" else m.optim.Adam(groups)


def schedule(m, line, steps=15, kind="SGD"):
    """Rates (and momenta) of both groups, epoch by epoch."""
    optimizer = two_groups(m, kind)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # PyTorch's own, about schedules in a sequence
        scheduler = eval(line, {"s": m.optim.lr_scheduler, "o": optimizer})
        found = [rates(optimizer)]
        for i in range(steps):
            optimizer.step()
            scheduler.step(METRICS[i]) if "Plateau" in line else scheduler.step()
            assert scheduler.get_last_lr() == [g["lr"] for g in optimizer.param_groups]
            found.append(rates(optimizer))
    return found


def rates(optimizer):
    return [float(x) for g in optimizer.param_groups
            for x in (g["lr"], g["momentum"] if "momentum" in g else g["betas"][0])]  # fmt: skip


# Calls that PyTorch refuses; m is the library, w a tensor, o an optimizer of it, s lr_scheduler.
REFUSED = [
    "m.optim.SGD(m.ones(2, requires_grad=True), lr=0.1)",
    "m.optim.SGD([], lr=0.1)",
    "m.optim.SGD([m.ones(2, requires_grad=True), 3], lr=0.1)",
    "m.optim.SGD([m.ones(2, requires_grad=True) * 2], lr=0.1)",
    "m.optim.SGD([{'params': {m.ones(2, requires_grad=True)}}], lr=0.1)",
    "m.optim.SGD([{'params': [w]}, {'params': [w]}], lr=0.1)",
    "m.optim.SGD([{'lr': 1.0}], lr=0.1)",
    "m.optim.SGD([('a', w), m.ones(2, requires_grad=True)], lr=0.1)",
    "m.optim.SGD([w]).add_param_group(3)",
    "m.optim.SGD([w]).load_state_dict({'state': {}, 'param_groups': []})",
    "m.optim.SGD([w]).load_state_dict({'state': {}, 'param_groups': [{'params': []}]})",
    "m.optim.SGD([w], lr=-1)",
    "m.optim.SGD([w], lr=m.ones(2))",
    "m.optim.SGD([w], momentum=-0.5)",
    "m.optim.SGD([w], weight_decay=-0.5)",
    "m.optim.SGD([w], nesterov=True)",
    "m.optim.SGD([w], nesterov=True, momentum=0.9, dampening=0.1)",
    "m.optim.Adam([w], lr=-1)",
    "m.optim.Adam([w], eps=-1)",
    "m.optim.Adam([w], betas=(1.0, 0.9))",
    "m.optim.Adam([w], betas=(0.9, -0.1))",
    "m.optim.AdamW([w], weight_decay=-0.1)",
    "m.optim.NAdam([w], momentum_decay=-1)",
    "m.optim.RMSprop([w], alpha=-1)",
    "m.optim.RMSprop([w], momentum=-1)",
    "m.optim.Adagrad([w], lr_decay=-1)",
    "m.optim.Adagrad([w], initial_accumulator_value=-1)",
    "m.optim.Adadelta([w], rho=1.5)",
    "m.optim.Rprop([w], etas=(1.5, 0.5))",
    "m.optim.ASGD([w], weight_decay=-1)",
    "m.optim.LBFGS([w], lr=-1)",
    "m.optim.LBFGS([{'params': [w]}, {'params': [m.ones(1)]}])",
    "m.optim.Optimizer([w], {}).step()",
    "s.StepLR(3, 1)",
    "s.StepLR(o, 1, last_epoch=3)",
    "s.LambdaLR(o, [lambda n: 1] * 2)",
    "s.MultiplicativeLR(o, 0.5)",
    "s.LRScheduler(o)",
    "s.ConstantLR(o, 2.0)",
    "s.LinearLR(o, 0.0)",
    "s.LinearLR(o, 0.5, 1.5)",
    "s.CosineAnnealingWarmRestarts(o, 0)",
    "s.CosineAnnealingWarmRestarts(o, 2, 0.5)",
    "s.CosineAnnealingWarmRestarts(o, 2, 1, 'x')",
    "s.CosineAnnealingWarmRestarts(o, 2).step(-1)",
    "s.SequentialLR(o, [], [])",
    "s.SequentialLR(o, [3], [])",
    "s.SequentialLR(o, [s.ExponentialLR(o, 0.9)], [3])",
    "s.SequentialLR(o, [s.ReduceLROnPlateau(o)], [])",
    "s.SequentialLR(m.optim.SGD([w]), [s.ExponentialLR(o, 0.9)], [])",
    "s.ChainedScheduler([])",
    "s.ReduceLROnPlateau(o, factor=1.0)",
    "s.ReduceLROnPlateau(o, 'mean')",
    "s.ReduceLROnPlateau(o, threshold_mode='x')",
    "s.ReduceLROnPlateau(o, min_lr=[1, 2])",
    "s.ReduceLROnPlateau(3)",
    "s.CyclicLR(o, [0.1, 0.2], 1.0)",
    "s.CyclicLR(o, 0.1, 1.0, mode='x')",
    "s.CyclicLR(m.optim.Adagrad([w]), 0.1, 1.0)",
    "s.OneCycleLR(o, 1.0)",
    "s.OneCycleLR(o, 1.0, total_steps=0)",
    "s.OneCycleLR(o, 1.0, epochs=3, steps_per_epoch=-1)",
    "s.OneCycleLR(o, 1.0, total_steps=3, pct_start=2.0)",
    "s.OneCycleLR(o, 1.0, total_steps=3, anneal_strategy='x')",
    "s.OneCycleLR(m.optim.Rprop([w]), 1.0, total_steps=3)",
    "[step() for step in [o.step] + [s.OneCycleLR(o, 1.0, total_steps=1).step] * 2]",
]


def refusal(m, call):
    """The exception's name and the words it begins with, without our own sentence after them."""
    w = m.ones(2, requires_grad=True)
    w.grad = m.ones(2)
    optimizer = m.optim.SGD([w], lr=0.1, momentum=0.9)
    names = {"m": m, "w": w, "o": optimizer, "s": m.optim.lr_scheduler}
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            eval(call, names)
        except Exception as error:
            assert len(optimizer.param_groups) == 1
            return [type(error).__name__, str(error)]
    raise AssertionError(f"not refused: {call}")


def opening(words):
    """The first sentence of PyTorch's message (of a KeyError, str is a repr)."""
    return words.split(". ")[0].split(".\\n")[0].split(" object at 0x")[0].rstrip(".:")
