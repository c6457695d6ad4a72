"""Random orders, and calls that are refused, that minigrad and PyTorch are compared on."""

import numpy as np


def orders(m):
    """Random orders of all kinds, and what the default stream gives after them."""
    d = m.utils.data
    found = []

    def epochs(loader, n=2):
        found.append([[b.tolist() for b in loader] for _ in range(n)])

    m.manual_seed(0)
    epochs(d.DataLoader(range(7), batch_size=3, shuffle=True))
    epochs(d.DataLoader(range(5)), 1)
    found.append(m.randint(1000, (2,)).tolist())
    epochs(d.DataLoader(range(7), 2, shuffle=True, drop_last=True,
                        generator=m.Generator().manual_seed(5)))  # fmt: skip
    found.append([list(part) for part in d.random_split(range(9), [4, 5])])
    found.append([list(p) for p in d.random_split(range(11), [0.5, 0.3, 0.2],
                                                  generator=m.Generator().manual_seed(1))])
    found.append(list(d.RandomSampler(range(40), replacement=True, num_samples=70)))
    found.append(list(d.RandomSampler(range(4), num_samples=10)))
    found.append(list(d.SubsetRandomSampler([3, 5, 7, 9])))
    found.append(list(d.WeightedRandomSampler([0.1, 0.9, 3.0], 12)))
    found.append(list(d.WeightedRandomSampler([0.1, 0.9, 3.0], 3, replacement=False)))
    found.append(m.randint(1000, (2,)).tolist())
    return found


# Calls that PyTorch refuses; m is the library, d its utils.data.
REFUSED = [
    "d.DataLoader(range(3), batch_size=0)",
    "d.DataLoader(range(3), batch_size=2.0)",
    "d.DataLoader(range(3), drop_last=1)",
    "d.DataLoader([], shuffle=True)",
    "d.DataLoader(range(3), shuffle=True, sampler=[1])",
    "d.DataLoader(range(3), batch_sampler=[[1]], batch_size=2)",
    "d.DataLoader(range(3), batch_size=None, drop_last=True)",
    "d.DataLoader(range(3), num_workers=-1)",
    "d.DataLoader(range(3), timeout=-1)",
    "d.DataLoader(range(3), prefetch_factor=2)",
    "d.DataLoader(range(3), persistent_workers=True)",
    "d.DataLoader(d.ChainDataset([]), shuffle=True)",
    "d.DataLoader(d.ChainDataset([]), sampler=[1])",
    "d.DataLoader(d.ChainDataset([]), batch_sampler=[[1]])",
    "setattr(d.DataLoader(range(3)), 'batch_size', 2)",
    "list(d.DataLoader([{1}, {2}]))",
    "list(d.DataLoader([np.array(['a']), np.array(['b'])]))",
    "list(d.DataLoader([[1], [1, 2]], batch_size=2))",
    "list(d.DataLoader([m.ones(2), m.ones(3)], batch_size=2))",
    "d.Dataset()[0]",
    "d.TensorDataset(m.ones(2), m.ones(3))",
    "d.StackDataset()",
    "d.StackDataset([1], a=[1])",
    "d.StackDataset([1], [1, 2])",
    "d.ConcatDataset([])",
    "d.ConcatDataset([d.ChainDataset([])])",
    "d.ConcatDataset([[1]])[-2]",
    "d.ConcatDataset([[1]])[1]",
    "list(d.ChainDataset([[1]]))",
    "d.random_split(range(3), [1, 1])",
    "d.random_split(range(3), [1.5, -0.5])",
    "d.RandomSampler(range(3), replacement=1)",
    "d.RandomSampler(range(3), num_samples=0)",
    "d.WeightedRandomSampler([1.0], 0)",
    "d.WeightedRandomSampler([1.0], 1, replacement=1)",
    "d.WeightedRandomSampler([[1.0]], 1)",
]


def refusal(m, call):
    """The exception's name and its words."""
    try:
        eval(call, {"m": m, "d": m.utils.data, "np": np})
    except Exception as error:
        return [type(error).__name__, str(error)]
    raise AssertionError(f"not refused: {call}")


def opening(words):
    """The beginning of PyTorch's message, without addresses and its own line breaks."""
    start = words.replace("\n", "").split(". ")[0].split("<torch.utils")[0]
    return start.split(" object at 0x")[0].rstrip(".")
