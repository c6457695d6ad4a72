"""What ships as an example: the handwritten digits."""

import os

import numpy as np

from minigrad.examples import digits


def test_the_digits_are_the_ones_of_the_uci_repository():
    images, labels = digits.load_digits()
    assert images.shape == (1797, 8, 8) and labels.shape == (1797,)
    assert images.min() == 0 and images.max() == 16
    # How many of each class the data set's own description says are in the test part.
    assert np.bincount(labels).tolist() == [178, 182, 177, 183, 181, 182, 181, 179, 174, 180]
    # The first line of optdigits.tes, a 0: its second row of pixels.
    assert images[0, 1].tolist() == [0, 0, 13, 15, 10, 15, 5, 0]


def test_the_digits_are_small_and_say_whose_they_are():
    assert os.path.getsize(digits.FILE) < 100_000
    with np.load(digits.FILE) as data:
        about = str(data["about"])
    for words in ("Alpaydin", "Kaynak", "UCI", "CC BY 4.0"):
        assert words in about and words in digits.__doc__
