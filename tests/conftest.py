"""What all tests share."""

import pytest

import minigrad


@pytest.fixture
def torch():
    """PyTorch as the judge of a test; not needed to use or to test the rest of minigrad."""
    torch = pytest.importorskip(
        "torch", reason="compares with PyTorch: `pip install torch` to run this test"
    )
    torch.set_num_threads(1)  # the tensors are small: starting threads would take most of the time
    return torch


@pytest.fixture(params=["minigrad", "torch"])
def m(request):
    """minigrad, then PyTorch: one test for both, so that what it expects is true of PyTorch."""
    return request.getfixturevalue("torch") if request.param == "torch" else minigrad


def pytest_ignore_collect(collection_path, config):
    """Scripts in tests/ (they make golden numbers, or measure) are not searched for doctests."""
    inside = config.rootpath / "tests" in collection_path.parents
    script = collection_path.suffix == ".py" and not collection_path.name.startswith("test_")
    return True if inside and script else None
