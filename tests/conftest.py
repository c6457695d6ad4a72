"""What all tests share."""

import pytest


@pytest.fixture
def torch():
    """PyTorch as the judge of a test; not needed to use or to test the rest of minigrad."""
    return pytest.importorskip(
        "torch", reason="compares with PyTorch: `pip install torch` to run this test"
    )


def pytest_ignore_collect(collection_path, config):
    """Scripts in tests/ (they make golden numbers, or measure) are not searched for doctests."""
    inside = config.rootpath / "tests" in collection_path.parents
    script = collection_path.suffix == ".py" and not collection_path.name.startswith("test_")
    return True if inside and script and collection_path.name != "conftest.py" else None
