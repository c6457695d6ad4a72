"""What public tutorials use of torchvision, with small made-up pictures in place of its data."""

from . import datasets, models, transforms, utils

__all__ = ["datasets", "models", "transforms", "utils"]
