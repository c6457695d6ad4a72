"""Pictures to tensors; nothing here draws random numbers of its own."""

import numpy as np
import torch
from PIL import Image


class Compose:
    def __init__(self, transforms):
        self.transforms = transforms

    def __call__(self, picture):
        for transform in self.transforms:
            picture = transform(picture)
        return picture


class ToTensor:
    def __call__(self, picture):
        numbers = np.array(picture)
        numbers = numbers[..., None] if numbers.ndim == 2 else numbers
        return torch.from_numpy(numbers.transpose(2, 0, 1).copy()).float() / 255


class ToPILImage:
    def __call__(self, x):
        return Image.fromarray((x * 255).byte().numpy().transpose(1, 2, 0).squeeze())


class Normalize:
    def __init__(self, mean, std, inplace=False):
        self.mean, self.std = (torch.tensor(v).reshape(-1, 1, 1) for v in (mean, std))

    def __call__(self, x):
        return (x - self.mean) / self.std


class Lambda:
    def __init__(self, lambd):
        self.lambd = lambd

    def __call__(self, x):
        return self.lambd(x)


class Resize:
    def __init__(self, size, interpolation=None):
        self.size = (size, size) if isinstance(size, int) else size

    def __call__(self, picture):
        return picture.resize(self.size[::-1])


class Unchanged:
    def __init__(self, *args, **named): ...

    def __call__(self, picture):
        return picture


Pad = RandomCrop = RandomHorizontalFlip = RandomVerticalFlip = RandomRotation = Unchanged
CenterCrop = RandomResizedCrop = Scale = Resize
