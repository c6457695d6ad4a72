"""Data sets, samplers and loaders: PyTorch's batches in PyTorch's order.

Orders and refusals are also compared with tests/golden/data.json, made by
tests/golden_scripts/make_data.py, for machines without PyTorch.
"""

import collections
import threading

import numpy as np
import pytest
from data_cases import REFUSED, opening, orders, refusal
from golden_files import read_golden
from hypothesis import given, settings
from hypothesis import strategies as st

import minigrad as mg

D = mg.utils.data
GOLDEN = read_golden("data.json")


def plain(value):
    """Batches of either library as Python values, with dtypes."""
    if hasattr(value, "detach"):
        return str(value.dtype), value.tolist()
    if isinstance(value, dict):
        return type(value).__name__, {k: plain(v) for k, v in value.items()}
    if isinstance(value, (list, tuple)):
        return type(value).__name__, [plain(v) for v in value]
    return value


# --- orders ----------------------------------------------------------------------------------


def test_orders_as_stored():
    assert orders(mg) == GOLDEN["orders"]


def test_orders_like_pytorch(torch):
    assert orders(mg) == orders(torch)


@settings(max_examples=25, deadline=None, derandomize=True, database=None)
@given(
    n=st.integers(1, 12), batch_size=st.integers(1, 5), drop_last=st.booleans(),
    workers=st.integers(0, 3), shuffle=st.booleans(),
)  # fmt: skip
def test_every_sample_once_an_epoch(n, batch_size, drop_last, workers, shuffle):
    loader = D.DataLoader(
        range(n), batch_size, shuffle=shuffle, drop_last=drop_last, num_workers=workers
    )
    batches = [b.tolist() for b in loader]
    assert len(batches) == len(loader) == len(iter(loader))
    seen = [i for b in batches for i in b]
    assert all(len(b) == batch_size for b in batches[:-1])
    assert len(set(seen)) == len(seen) == (n - n % batch_size if drop_last else n)
    assert shuffle or seen == list(range(len(seen)))


# --- batches ---------------------------------------------------------------------------------

Point = collections.namedtuple("Point", "x y")


def batches(m):
    t = m.tensor
    return [
        [t([1.0, 2.0]), t([3.0, 4.0])],
        [1, 2, 3], [1.5, 2.5], [True, False], ["a", "b"], [b"a", b"b"],
        [np.float32(1), np.float32(2)], [np.int16(1), np.int16(2)],
        [np.array([1.0, 2.0]), np.array([3.0, 4.0])],
        [(1, t([1.0]), "x"), (2, t([2.0]), "y")],
        [[1, 2], [3, 4]],
        [{"a": 1, "b": (t(1), 2.0)}, {"a": 2, "b": (t(3), 4.0)}],
        [Point(1, t(2.0)), Point(3, t(4.0))],
        [collections.OrderedDict(a=1), collections.OrderedDict(a=2)],
    ]  # fmt: skip


def test_default_collate_like_pytorch(torch):
    for ours, theirs in zip(batches(mg), batches(torch)):
        a = D.default_collate(ours)
        assert plain(a) == plain(torch.utils.data.default_collate(theirs))
        assert type(a).__name__ == type(torch.utils.data.default_collate(theirs)).__name__
        a, b = D.default_convert(ours), torch.utils.data.default_convert(theirs)
        assert plain(a) == plain(b)


def test_default_collate_by_hand():
    collate = D.default_collate
    assert plain(collate([1.5, 2.5])) == ("torch.float64", [1.5, 2.5])
    assert plain(collate([Point(1, 2), Point(3, 4)])) == (
        "Point", [("torch.int64", [1, 3]), ("torch.int64", [2, 4])])  # fmt: skip
    assert collate(["a", "b"]) == ["a", "b"]
    w = mg.ones(2, requires_grad=True)
    collate([w, w]).sum().backward()  # a batch is part of the graph
    assert w.grad.tolist() == [2.0, 2.0]


def test_a_loader_over_tensors_trains():
    """y = 2 x + 1 is found from shuffled batches."""
    mg.manual_seed(0)
    x = mg.linspace(-1, 1, 20).view(-1, 1)
    data = D.TensorDataset(x, 2 * x + 1)
    w, b = mg.zeros(1, requires_grad=True), mg.zeros(1, requires_grad=True)
    optimizer = mg.optim.SGD([w, b], lr=0.3)
    for _ in range(20):
        for xs, ys in D.DataLoader(data, batch_size=5, shuffle=True):
            assert xs.shape == (5, 1)
            loss = ((w * xs + b - ys) ** 2).mean()
            optimizer.zero_grad()
            loss.backward()
            optimizer.step()
    assert w.item() == pytest.approx(2, abs=1e-3) and b.item() == pytest.approx(1, abs=1e-3)


class Count(D.IterableDataset):
    def __init__(self, n):
        self.n = n

    def __iter__(self):
        return iter(range(self.n))

    def __len__(self):
        return self.n


def test_iterable_data_sets():
    loader = D.DataLoader(Count(5), batch_size=2)
    assert [b.tolist() for b in loader] == [[0, 1], [2, 3], [4]] and len(loader) == 3
    loader = D.DataLoader(Count(5), batch_size=2, drop_last=True)
    assert [b.tolist() for b in loader] == [[0, 1], [2, 3]] and len(loader) == 2
    assert list(D.DataLoader(Count(3), batch_size=None)) == [0, 1, 2]
    both = Count(2) + Count(3)
    assert list(both) == [0, 1, 0, 1, 2] and len(both) == 5


def test_sets_made_of_sets():
    a, b = D.TensorDataset(mg.arange(3)), D.TensorDataset(mg.arange(10, 14))
    both = a + b
    assert [both[i][0].item() for i in (0, 2, 3, 6, -1, -7)] == [0, 2, 10, 13, 13, 0]
    assert len(both) == 7 and [x.item() for (x,) in both] == [0, 1, 2, 10, 11, 12, 13]
    part = D.Subset(both, [6, 0])
    assert [x.item() for (x,) in part] == [13, 0] and len(part) == 2
    pairs = D.StackDataset(range(3), "abc")
    assert pairs[1] == (1, "b") and len(pairs) == 3
    assert D.StackDataset(n=range(3), s="abc")[2] == {"n": 2, "s": "c"}


def test_orders_of_ones_own():
    loader = D.DataLoader(range(10), sampler=[3, 1, 2], batch_size=2)
    assert [b.tolist() for b in loader] == [[3, 1], [2]]
    loader = D.DataLoader(range(10), batch_sampler=[[1, 2, 3], [0]])
    assert [b.tolist() for b in loader] == [[1, 2, 3], [0]] and len(loader) == 2
    loader = D.DataLoader(range(10), sampler=[3, 1], batch_size=None)
    assert list(loader) == [3, 1] and len(loader) == 2
    loader = D.DataLoader(range(4), batch_size=2, collate_fn=sum)
    assert list(loader) == [1, 5]


class Many(D.Dataset):
    """Says how it is asked."""

    def __len__(self):
        return 4

    def __getitems__(self, numbers):
        return [10 * i for i in numbers]


def test_several_samples_at_once():
    assert [b.tolist() for b in D.DataLoader(Many(), batch_size=3)] == [[0, 10, 20], [30]]


# --- workers ---------------------------------------------------------------------------------


def test_workers_are_threads_that_know_who_they_are():
    started, lock = [], threading.Lock()

    class Who(D.Dataset):
        def __len__(self):
            return 20

        def __getitem__(self, i):
            info = D.get_worker_info()
            return i, info.id, info.num_workers

    def begin(i):
        with lock:
            started.append(i)

    loader = D.DataLoader(Who(), batch_size=4, num_workers=2, worker_init_fn=begin)
    batches = list(loader)
    assert [i for b in batches for i in b[0].tolist()] == list(range(20))
    assert {n for b in batches for n in b[2].tolist()} == {2}
    assert sorted(started) == list(range(len(started))) and 1 <= len(started) <= 2
    assert D.get_worker_info() is None


def test_an_error_in_a_worker_reaches_the_user_and_threads_end():
    class Broken(D.Dataset):
        def __len__(self):
            return 8

        def __getitem__(self, i):
            if i == 5:
                raise OSError("sample 5 cannot be read")
            return i

    def own_threads():
        return [t for t in threading.enumerate() if t.name.startswith("minigrad-loader")]

    loader = D.DataLoader(Broken(), num_workers=2)
    seen = []
    with pytest.raises(OSError, match="sample 5"):
        for batch in loader:
            seen.append(batch.item())
    assert seen == [0, 1, 2, 3, 4]
    early = iter(loader)
    next(early)
    del early
    assert not own_threads()


def test_workers_do_not_run_far_ahead():
    asked = []

    class Log(D.Dataset):
        def __len__(self):
            return 100

        def __getitem__(self, i):
            asked.append(i)
            return i

    batches = iter(D.DataLoader(Log(), num_workers=2, prefetch_factor=3))
    next(batches)
    assert max(asked) < 7


# --- refusals --------------------------------------------------------------------------------

@pytest.mark.parametrize("call", REFUSED)
def test_refused_with_pytorchs_words(call):
    kind, words = refusal(mg, call)
    wanted_kind, wanted = GOLDEN["refused"][call]
    assert kind == wanted_kind
    assert words.startswith(wanted), f"\n{words}\n{wanted}"


def test_the_stored_refusals_are_pytorchs(torch):
    for call in REFUSED:
        kind, words = refusal(torch, call)
        assert GOLDEN["refused"][call] == [kind, opening(words)]


def test_workers_for_an_iterable_data_set_are_refused():
    with pytest.raises(NotImplementedError, match="num_workers > 0 with an IterableDataset"):
        D.DataLoader(Count(3), num_workers=1)


def test_an_empty_part_warns():
    with pytest.warns(UserWarning, match="Length of split at index 1 is 0"):
        D.random_split(range(1), [0.5, 0.5])
