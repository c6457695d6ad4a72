"""What a step's code can reach is checked in each call, or the step is not replayed.

Each scenario makes a step and a change that happens between two of its calls. A captured step has
to give what the step itself gives, whatever changes.
"""

import argparse
import collections
import dataclasses
import functools
import itertools
import operator
import random
import sys
import time
import types
import warnings

import numpy as np
import pytest

import minigrad as mg
from minigrad import nn

F = nn.functional
SCENARIOS = {}
rate = 2.0
relu = F.relu


def scenario(make):
    SCENARIOS[make.__name__] = make
    return make


def outcome(call):
    """What a call gives, in a form to compare; what it raises too."""
    try:
        result = call()
    except Exception as error:
        return type(error).__name__, str(error)
    return described(result)


def described(result):
    if isinstance(result, mg.Tensor):
        return str(result.dtype), list(result.shape), result._data.tobytes()
    if isinstance(result, (list, tuple)):
        return [described(r) for r in result]
    return repr(result) if isinstance(result, (bool, int, float, str)) else type(result)


def run(make, captured, calls=5):
    global rate
    rate = 2.0
    mg.manual_seed(0)
    random.seed(0)
    step, change, *more = make()
    arguments = more[0] if more else (lambda: (mg.full((3,), 0.5),))
    function = mg.capture(step) if captured else step
    results = []
    try:
        for _ in range(3):
            for _ in range(calls):
                given = arguments()
                results.append((outcome(lambda: function(*given)), described(given)))  # noqa: B023
            change()
    finally:
        mg.set_default_dtype(mg.float32)
        F.relu = relu
    return results, function


@pytest.mark.filterwarnings("ignore::minigrad.replay.capture.CaptureWarning")
def check(make):
    eager, _ = run(make, False)
    captured, function = run(make, True)
    for i, (a, b) in enumerate(zip(eager, captured)):
        assert a == b, f"call {i}: {a} but captured {b}; {function}"
    return function


def holder(value):
    """A step that reads ``value.rate``, and something that changes it."""

    def step(x):
        return x * value.rate

    def change():
        value.rate += 1.0

    return step, change


@scenario
def namespace():
    return holder(types.SimpleNamespace(rate=1.0))


@scenario
def parsed_arguments():
    return holder(argparse.Namespace(rate=1.0))


class Slots:
    __slots__ = ("rate",)


@scenario
def slots():
    value = Slots()
    value.rate = 1.0
    return holder(value)


@scenario
def slots_dataclass():
    return holder(dataclasses.make_dataclass("Settings", [("rate", float)], slots=True)(1.0))


@scenario
def class_attribute():
    return holder(type("Settings", (), {"rate": 1.0, "__module__": __name__}))


@scenario
def attribute_of_a_base_class():
    base = type("Base", (), {"rate": 1.0, "__module__": __name__})
    value = type("Settings", (base,), {"__module__": __name__})()

    def change():
        base.rate += 1.0

    return holder(value)[0], change


@scenario
def attribute_that_comes_later():
    class Settings:
        rate = 1.0

    return holder(Settings())


@scenario
def property_of_a_hidden_attribute():
    class Settings:
        def __init__(self):
            self._rate = 1.0

        @property
        def rate(self):
            return self._rate

    value = Settings()

    def change():
        value._rate += 1

    return holder(value)[0], change


@scenario
def computed_attribute_names():
    value = types.SimpleNamespace(rate_1=2.0)

    def change():
        value.rate_1 += 1

    return (lambda x: x * getattr(value, f"rate_{1}")), change


@scenario
def other_class():
    class A:
        def rate(self):
            return 1.0

    class B(A):
        def rate(self):
            return 3.0

    a = A()

    def change():
        a.__class__ = B

    return (lambda x: x * a.rate()), change


@scenario
def method_replaced():
    class A:
        def rate(self):
            return 1.0

    a = A()

    def change():
        A.rate = lambda self: 4.0

    return (lambda x: x * a.rate()), change


@scenario
def code_replaced():
    def helper(x):
        return x * 2

    def other(x):
        return x * 3

    def change():
        helper.__code__ = other.__code__

    return (lambda x: helper(x)), change


@scenario
def defaults_replaced():
    def helper(x, rate=2.0):
        return x * rate

    def change():
        helper.__defaults__ = (helper.__defaults__[0] + 1,)

    return (lambda x: helper(x)), change


@scenario
def function_attribute():
    def helper(x):
        return x * helper.rate

    helper.rate = 1.0

    def change():
        helper.rate += 1

    return (lambda x: helper(x)), change


@scenario
def global_variable():
    def change():
        global rate
        rate += 1

    return (lambda x: x * rate), change


@scenario
def keys_swapped():
    d = {"a": 1.0, "b": 2.0}

    def change():
        a, b = d.pop("a"), d.pop("b")
        d["b"], d["a"] = a, b

    return (lambda x: x * d["a"] + d["b"]), change


@scenario
def values_swapped():
    d = {"a": 1.0, "b": 2.0}

    def change():
        d["a"], d["b"] = d["b"], d["a"]

    return (lambda x: x * d["a"] + d["b"]), change


@scenario
def order_of_a_dict():
    d = {1: 2.0, 2: 3.0}

    def change():
        first = next(iter(d))
        d[first] = d.pop(first)

    def step(x):
        for k, v in d.items():
            x = x * v + k
        return x

    return step, change


@scenario
def large_dict():
    d = dict.fromkeys(range(5000), 1.0)

    def change():
        d[4000] += 1

    return (lambda x: x * d[4000]), change


@scenario
def large_list():
    values = [1.0] * 50_000

    def change():
        values[40_000] += 1

    return (lambda x: x * values[40_000]), change


@scenario
def double_ended_queue():
    queue = collections.deque([1.0, 2.0])
    return (lambda x: x * queue[0]), lambda: queue.rotate()


@scenario
def numpy_scalar():
    return holder(types.SimpleNamespace(rate=np.float32(0.1)))


@scenario
def numpy_array():
    a = np.ones(3)

    def change():
        a[1] += 1

    return (lambda x: x * float(a[1])), change


@scenario
def negative_zero():
    value = types.SimpleNamespace(rate=0.0)

    def change():
        value.rate = -value.rate

    return holder(value)[0], change


@scenario
def negative_zero_as_an_argument():
    sign = [1.0]

    def change():
        sign[0] = -1.0

    return (lambda x, r: x * r), change, lambda: (mg.ones(2), 0.0 * sign[0])


@scenario
def object_as_an_argument():
    value = Slots()
    value.rate = 1.0

    def change():
        value.rate += 1

    return (lambda x, settings: x * settings.rate), change, lambda: (mg.ones(2), value)


@scenario
def partial():
    keywords = {"r": 2.0}
    helper = functools.partial(lambda x, r: x * r, **keywords)

    def change():
        helper.keywords["r"] += 1

    return (lambda x: helper(x)), change


@scenario
def attrgetter():
    value = types.SimpleNamespace(rate=1.0)
    get = operator.attrgetter("rate")

    def change():
        value.rate += 1

    return (lambda x: x * get(value)), change


@scenario
def library_function_replaced():
    def change():
        F.relu = F.tanh if F.relu is relu else relu

    return (lambda x: F.relu(x - 1)), change


@scenario
def layer_replaced():
    model = nn.Sequential(nn.Linear(3, 2), nn.ReLU())

    def change():
        model[1] = nn.Tanh()

    return (lambda x: model(x)), change


@scenario
def module_hook():
    model = nn.Sequential(nn.Linear(3, 2))
    return (lambda x: model(x)), lambda: model[0].register_forward_hook(lambda m, i, o: o * 2)


@scenario
def leaf_hook():
    w = mg.ones(3, requires_grad=True)

    def step(x):
        w.grad = None
        (w * x).sum().backward()
        return w.grad.clone()

    return step, lambda: w.register_hook(lambda g: g * 2)


@scenario
def accumulate_hook():
    w = mg.ones(3, requires_grad=True)

    def step(x):
        w.grad = None
        (w * x).sum().backward()
        return w.grad.clone()

    def change():
        w.register_post_accumulate_grad_hook(lambda p: p.grad.mul_(3))

    return step, change


@scenario
def rate_of_an_optimizer_that_is_read():
    w = mg.ones(3, requires_grad=True)
    opt = mg.optim.SGD([w], lr=0.5)

    def step(x):
        opt.zero_grad()
        (w * x).sum().backward()
        with mg.no_grad():
            for group in opt.param_groups:
                for p in group["params"]:
                    p.sub_(group["lr"] * p.grad)
        return w.clone()

    def change():
        opt.param_groups[0]["lr"] *= 0.5

    return step, change


@scenario
def rate_of_a_schedule_that_is_read():
    w = mg.ones(3, requires_grad=True)
    opt = mg.optim.SGD([w], lr=0.5)
    schedule = mg.optim.lr_scheduler.StepLR(opt, 1)
    return (lambda x: x * schedule.get_last_lr()[0]), lambda: (opt.step(), schedule.step())


@scenario
def gradient_returned():
    w = mg.ones(3, requires_grad=True)

    def step(x):
        w.grad = None
        (w * x).sum().backward()
        return w.grad

    value = [0.0]

    def arguments():
        value[0] += 1
        return (mg.full((3,), value[0]),)

    return step, lambda: None, arguments


@scenario
def gradient_added_up_and_returned():
    w = mg.ones(3, requires_grad=True)

    def step(x):
        (w * x).sum().backward()
        return w.grad, w

    return step, lambda: w.grad.zero_()


@scenario
def gradient_of_a_leaf_of_its_own():
    def step(x):
        y = x.clone().requires_grad_()
        (y * y).sum().backward()
        return y.grad

    return step, lambda: None


@scenario
def seed_inside():
    drop = nn.Dropout(0.5)

    def step(x):
        mg.manual_seed(7)
        return drop(x)

    return step, lambda: None, lambda: (mg.ones(20),)


@scenario
def default_dtype():
    return (lambda x: x + mg.tensor([1.5])), lambda: mg.set_default_dtype(mg.float64)


@scenario
def grad_mode():
    w = mg.ones(3, requires_grad=True)
    mode = [True]

    def change():
        mode[0] = not mode[0]

    def step(x, on):
        with mg.set_grad_enabled(on):
            return (w * x).requires_grad

    return step, change, lambda: (mg.ones(3), mode[0])


@scenario
def refused_probability():
    value = [0.5]

    def change():
        value[0] += 0.75

    def step(p):
        return F.binary_cross_entropy(p, mg.ones(3))

    return step, change, lambda: (mg.full((3,), value[0]),)


@scenario
def the_same_argument_twice():
    def arguments():
        x = mg.ones(3)
        return x, x

    return (lambda a, b: a.add_(1) + b), lambda: None, arguments


@scenario
def arguments_that_share_memory():
    def arguments():
        x = mg.ones(4)
        return x[:2], x[1:3]

    return (lambda a, b: a.add_(1) + b), lambda: None, arguments


@scenario
def argument_that_is_a_weight():
    w = mg.ones(3, requires_grad=True)

    def step(x):
        with mg.no_grad():
            w.add_(1)
        return x * 2

    return step, lambda: None, lambda: (w.detach(),)


@scenario
def argument_that_becomes_a_weight():
    w = mg.ones(3, requires_grad=True)
    given = [mg.ones(3)]

    def step(x):
        with mg.no_grad():
            w.add_(1)
        return x * 2

    return step, lambda: given.__setitem__(0, w.detach()), lambda: (given[0],)


@scenario
def argument_written_to():
    return (lambda x: x.mul_(2).sum()), lambda: None


@scenario
def list_among_the_arguments():
    def step(xs):
        xs.append(xs[0] * 2)
        return len(xs)

    return step, lambda: None, lambda: ([mg.ones(2)],)


@scenario
def argument_returned():
    return (lambda x: x), lambda: None


@scenario
def argument_made_a_leaf():
    def step(x):
        x.requires_grad_()
        (x * x).sum().backward()
        return x.grad.clone()

    return step, lambda: None


@scenario
def backward_twice():
    w = mg.ones(3, requires_grad=True)

    def step(x):
        y = (w * x).exp().sum()
        y.backward()
        y.backward()
        return w.grad.clone()

    return step, lambda: None


@scenario
def saved_tensor_written_to():
    w = mg.ones(3, requires_grad=True)

    def step(x):
        y = (w * w * x).sum()
        with mg.no_grad():
            w.add_(1)
        y.backward()
        return y

    return step, lambda: None


@scenario
def history_from_outside():
    w = mg.ones(3, requires_grad=True)
    outside = w * 2

    def step(x):
        (outside.exp() * x).sum().backward()
        return w.grad.clone()

    return step, lambda: None


@scenario
def python_random_decision():
    return (lambda x: x * 2 if random.random() < 0.1 else x), lambda: None


@scenario
def clock():
    start = time.monotonic()
    late = [0.0]

    def step(x):
        return x * (2 if time.monotonic() + late[0] - start > 1000 else 1)

    return step, lambda: late.__setitem__(0, 2000.0)


@scenario
def iterator():
    numbers = itertools.chain([1.0] * 4, itertools.count(5.0))
    return (lambda x: x * next(numbers)), lambda: None


@scenario
def generator_function():
    def numbers():
        yield from [1.0] * 4
        yield from itertools.count(5.0)

    made = numbers()
    return (lambda x: x * next(made)), lambda: None


@scenario
def single_number_compared():
    value = [1.0]

    def change():
        value[0] = -value[0]

    def step(x):
        return mg.where(x.sum() > 0, x * 2, x * 3), mg.isnan(x.sum()), mg.count_nonzero(x + 1)

    return step, change, lambda: (mg.full((3,), value[0]),)


@scenario
def tensor_attribute():
    x = mg.ones(3)
    x.rate = 1.0

    def change():
        x.rate += 1

    return (lambda: x * x.rate), change, lambda: ()


@scenario
def requires_grad_read():
    w = mg.ones(3, requires_grad=True)
    return (lambda x: x * (2 if w.requires_grad else 3)), lambda: w.requires_grad_(False)


@scenario
def enumerated_by_set():
    chosen = {1.0}
    return (lambda x: x * sum(chosen)), lambda: chosen.add(len(chosen) + 1.0)


@scenario
def mutable_default():
    def step(x, rates=[2.0]):  # noqa: B006
        return x * rates[0]

    return step, lambda: step.__defaults__[0].__setitem__(0, step.__defaults__[0][0] + 1)


@scenario
def built_in_name_hidden():
    values = types.ModuleType("values_of_a_test")
    exec("def helper(x): return x * abs(-2.0)", values.__dict__)
    return (lambda x: values.helper(x)), lambda: setattr(values, "abs", lambda v: 5.0)


@scenario
def class_of_a_class():
    class Meta(type):
        _rate = 1.0

        @property
        def rate(cls):
            return cls._rate

    class Settings(metaclass=Meta):
        pass

    def change():
        Meta._rate += 1

    return (lambda x: x * Settings.rate), change


@scenario
def descriptor():
    class Reads:
        def __get__(self, owner, cls):
            return self.value

    reads = Reads()
    reads.value = 1.0
    value = type("Settings", (), {"rate": reads, "__module__": __name__})()

    def change():
        reads.value += 1

    return (lambda x: x * value.rate), change


@scenario
def named_tuple():
    settings = collections.namedtuple("settings", "rate")
    box = types.SimpleNamespace(now=settings(1.0))

    def change():
        box.now = settings(box.now.rate + 1)

    return (lambda x: x * box.now.rate), change


@scenario
def imported_inside():
    module = types.ModuleType("module_of_a_test")
    module.rate = 1.0

    def step(x):
        import module_of_a_test

        return x * module_of_a_test.rate

    def change():
        module.rate += 1

    sys.modules["module_of_a_test"] = module
    return step, change


@scenario
def cached_by_lru_cache():
    value = types.SimpleNamespace(rate=1.0)

    @functools.lru_cache
    def read():
        return value.rate

    def change():
        value.rate += 1
        read.cache_clear()

    return (lambda x: x * read()), change


@scenario
def ignored_labels():
    labels = mg.tensor([0, 1, -100])

    def change():
        labels[1] = -100 - 1 - labels[1].item()

    def step(x):
        return F.cross_entropy(mg.stack([x, x * 2, x - 1]), labels, label_smoothing=0.1)

    return step, change


@scenario
def distance_that_becomes_zero():
    far = mg.ones(3)

    def step(x):
        return F.pairwise_distance(x * far, x * far * 2, eps=0)

    return step, lambda: far.zero_()


@scenario
def nothing_to_attend_to():
    mask = mg.zeros(3, 3)

    def step(x):
        q = mg.stack([x, x * 2, x * 3])
        return F.scaled_dot_product_attention(q, q, q, attn_mask=mask)

    def change():
        mask[1] = -mg.inf

    return step, change


@scenario
def rate_of_dropout():
    drop = nn.Dropout(0.25)
    return (lambda x: drop(x)), lambda: setattr(drop, "p", 0.9), lambda: (mg.ones(20),)


@pytest.mark.filterwarnings("ignore::minigrad.replay.capture.CaptureWarning")
@pytest.mark.parametrize("name", SCENARIOS)
def test_a_change_is_noticed(name):
    check(SCENARIOS[name])


REPLAYED = [
    "namespace", "slots", "class_attribute", "keys_swapped", "double_ended_queue", "numpy_scalar",
    "large_dict", "layer_replaced", "gradient_returned", "gradient_of_a_leaf_of_its_own",
    "property_of_a_hidden_attribute", "argument_returned", "rate_of_an_optimizer_that_is_read",
    "global_variable", "named_tuple", "ignored_labels", "distance_that_becomes_zero",
    "nothing_to_attend_to", "descriptor", "partial", "refused_probability", "numpy_array",
]  # fmt: skip


@pytest.mark.filterwarnings("ignore::minigrad.replay.capture.CaptureWarning")
@pytest.mark.parametrize("name", REPLAYED)
def test_what_can_be_checked_is_replayed(name):
    function = check(SCENARIOS[name])
    assert function.reason is None and function.replays >= 2, function


def test_nothing_is_recorded_anew_without_a_change():
    class Trainer:
        def __init__(self):
            self.model = nn.Sequential(nn.Linear(3, 4), nn.ReLU(), nn.Linear(4, 1))
            self.opt = mg.optim.SGD(self.model.parameters(), lr=0.1)
            self.settings = argparse.Namespace(decay=0.5, names=["a", "b"])
            self.seen = 0
            self.log = open  # named by no code of the step's

        def report(self):
            print(self.log, self.seen)

        def step(self, x):
            self.opt.zero_grad()
            loss = self.model(x).pow(2).mean() * self.settings.decay
            loss.backward()
            self.opt.step()
            return loss

    trainer = Trainer()
    captured = mg.capture(trainer.step)
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        for i in range(9):
            trainer.seen = i
            captured(mg.ones(2, 3))
    assert captured.replays == 6
