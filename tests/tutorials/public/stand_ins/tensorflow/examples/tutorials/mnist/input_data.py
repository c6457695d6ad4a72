"""Made-up pictures where programs read MNIST."""

from types import SimpleNamespace

import numpy as np


class Set:
    def __init__(self, count, seed):
        rng = np.random.RandomState(seed)
        kinds = rng.randint(0, 10, count)
        patterns = np.random.RandomState(0).uniform(0, 1, (10, 784))
        noise = rng.uniform(0, 1, (count, 784))
        self.images = (0.7 * patterns[kinds] + 0.3 * noise).astype(np.float32)
        self.labels, self.next, self.num_examples = np.eye(10)[kinds], 0, count

    def next_batch(self, size, shuffle=True):
        chosen = (np.arange(size) + self.next) % len(self.images)
        self.next += size
        return self.images[chosen], self.labels[chosen]


def read_data_sets(path, one_hot=True):
    return SimpleNamespace(train=Set(512, 1), test=Set(128, 2), validation=Set(128, 3))
