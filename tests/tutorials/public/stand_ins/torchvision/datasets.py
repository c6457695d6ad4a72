"""Data sets of pictures: each class has a pattern of its own, and noise."""

import sys
from types import ModuleType

import numpy as np
import torch
from PIL import Image


class Pictures(torch.utils.data.Dataset):
    size, channels, count, kinds = 28, 1, (256, 128), 10

    def __init__(
        self, root=None, train=True, transform=None, target_transform=None, download=False
    ):
        self.root, self.train, self.transform = root, train, transform
        self.target_transform = target_transform
        rng = np.random.RandomState(7)
        shape = (self.size, self.size, self.channels)
        patterns = rng.uniform(0, 255, (self.kinds, *shape))
        rng = np.random.RandomState(8 + train)
        labels = rng.randint(0, self.kinds, self.count[not train])
        noise = rng.uniform(0, 255, (len(labels), *shape))
        pictures = (0.7 * patterns[labels] + 0.3 * noise).astype(np.uint8)
        if self.channels == 1:
            self.data = torch.from_numpy(pictures[..., 0].copy())
            self.targets = torch.from_numpy(labels.astype(np.int64))
        else:
            self.data, self.targets = pictures, labels.tolist()
        self.classes = [f"kind {i}" for i in range(self.kinds)]
        self.train_data = self.test_data = self.data
        self.train_labels = self.test_labels = self.targets

    def __getitem__(self, index):
        picture = Image.fromarray(np.asarray(self.data[index]))
        label = int(self.targets[index])
        picture = self.transform(picture) if self.transform else picture
        return picture, self.target_transform(label) if self.target_transform else label

    def __len__(self):
        return len(self.data)


class MNIST(Pictures): ...


class FashionMNIST(Pictures): ...


class CIFAR10(Pictures):
    size, channels, count = 32, 3, (128, 64)


mnist = ModuleType(f"{__name__}.mnist")
mnist.MNIST = MNIST
sys.modules[mnist.__name__] = mnist
