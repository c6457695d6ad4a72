"""A spatial transformer that changes nothing: its gradient depends on the grid's last bit."""

import warnings

import numpy as np
import pytest

import minigrad as mg


def gradient(library, size, corners):
    F = library.nn.functional
    theta = library.tensor([[[1.0, 0.0, 0.0], [0.0, 1.0, 0.0]]], requires_grad=True)
    image = library.tensor(np.random.RandomState(0).rand(1, 1, size, size).astype(np.float32))
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        grid = F.affine_grid(theta, (1, 1, size, size), align_corners=corners)
        (F.grid_sample(image, grid, align_corners=corners) ** 2).sum().backward()
    return grid.detach().numpy(), theta.grad.numpy()


def test_the_middle_of_a_pixel_is_that_of_linspace():
    grid, _ = gradient(mg, 28, False)
    places = mg.linspace(-1, 1, 28) * 27 / 28
    assert np.array_equal(grid[0, 0, :, 0], places.numpy())
    assert np.array_equal(grid[0, :, 0, 1], places.numpy())


@pytest.mark.parametrize("size", [1, 7, 20, 28, 32])
@pytest.mark.parametrize("corners", [False, True])
def test_the_identity_has_pytorchs_gradient(torch, size, corners):
    ours, theirs = gradient(mg, size, corners), gradient(torch, size, corners)
    assert np.array_equal(ours[0], theirs[0])
    np.testing.assert_allclose(ours[1], theirs[1], rtol=1e-4, atol=1e-4)
