"""Handwritten digits: 1797 small pictures of 0 to 9, enough to train a classifier in seconds.

``digits.npz`` is the test part of the *Optical Recognition of Handwritten Digits* data set by
E. Alpaydin and C. Kaynak (1998), UCI Machine Learning Repository,
https://archive.ics.uci.edu/dataset/80/optical+recognition+of+handwritten+digits,
licensed CC BY 4.0 (https://creativecommons.org/licenses/by/4.0/). Its numbers are unchanged; only
the file format is new. 13 people wrote these digits; scanned bitmaps of 32x32 were counted down to
8x8. It is the data set that scikit-learn's ``load_digits`` gives, in the same order.
"""

from pathlib import Path

import numpy as np

import minigrad as torch

FILE = Path(__file__).with_name("digits.npz")


def load_digits():
    """The pictures of handwritten digits, and what they show.

    Returns:
        Pictures, float32 ``[1797, 8, 8]`` from 0 (white) to 16; what they show, int64 ``[1797]``.
        New tensors in each call.

    >>> from minigrad.examples.digits import load_digits
    >>> images, labels = load_digits()
    >>> images.shape, labels[:5]
    (torch.Size([1797, 8, 8]), tensor([0, 1, 2, 3, 4]))

    Source: Alpaydin and Kaynak 1998, UCI Machine Learning Repository (CC BY 4.0).
    """
    with np.load(FILE) as data:
        return torch.tensor(data["images"]).float(), torch.tensor(data["labels"]).long()
