"""The tutorial that minigrad is built from runs word for word and gives PyTorch's numbers."""

import gc
import re
import tracemalloc

import pytest
from golden_files import read_golden
from places import ROOT
from seed_tutorial import CELLS, EPOCHS, run_cells, with_losses


def number(printed):
    """The number in ``tensor(29428664., grad_fn=<SumBackward0>)``; refuses any other form."""
    return float(re.fullmatch(r"tensor\((.*), grad_fn=<SumBackward0>\)\n?", printed)[1])


@pytest.mark.parametrize("seed", [0, 1])
def test_the_cells_give_pytorchs_losses(seed):
    printed, names = run_cells("minigrad", seed, with_losses)
    golden = read_golden("seed.json")[str(seed)]
    # float32 has 24 bits: the sum of 640 squares may differ in the last one, as the matrix
    # products of two BLAS libraries do.
    assert number(printed) == pytest.approx(number(golden["printed"]), rel=2**-23)
    for epoch, loss in golden["losses"].items():
        rel = 1e-6 if int(epoch) < 10 else 1e-3 if int(epoch) < 200 else 1e-2
        assert names["every_loss"][int(epoch)] == pytest.approx(loss, rel=rel), epoch
    # The end is rounding noise: two builds of PyTorch differ by 2 % (see make_seed.py).
    assert number(repr(names["loss"])) == pytest.approx(number(golden["last"]), rel=0.15)


def test_the_cells_give_pytorchs_losses_here():
    pytest.importorskip("torch", reason="PyTorch is not installed")
    ours, theirs = (run_cells(library, 2, with_losses) for library in ("minigrad", "torch"))
    assert number(ours[0]) == pytest.approx(number(theirs[0]), rel=2**-23)
    for epoch in EPOCHS:
        a, b = ours[1]["every_loss"][epoch], theirs[1]["every_loss"][epoch]
        assert a == pytest.approx(b, rel=1e-3 if epoch < 200 else 1e-2), epoch


def test_the_copy_is_the_document():
    """The committed cells are those of the given document, where that lies beside the checkout."""
    documents = sorted((ROOT.parent / "shared" / "seed").glob("*.txt"))
    if not documents:
        pytest.skip("the document is not beside this checkout")
    text = documents[0].read_text(encoding="utf-8")
    for cell in CELLS:
        assert cell.strip() in text


def test_memory_stays_flat_without_the_garbage_collector():
    """1000 iterations leave nothing behind: graphs have no reference cycles."""
    _, names = run_cells("minigrad", 0, lambda cell: cell.replace("range(1000)", "range(5)"))
    step = compile(CELLS[2].replace("epoch == 0", "False"), "cell 3", "exec")
    gc.collect()
    gc.disable()
    try:
        tracemalloc.start()
        exec(compile(CELLS[2].replace("range(1000)", "range(1, 6)"), "warm up", "exec"), names)
        before = tracemalloc.get_traced_memory()[0]
        exec(step, names)
        after, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
        gc.enable()
    # Python keeps up to 2000 freed tuples of a size for later use, which counts here (100 kB at
    # most). One tensor more a step would be 1000 objects with their arrays, 250 kB at least.
    assert after - before < 180_000
    one_step = sum(names[n].numel() for n in ("w1", "w2")) * 4 * 8
    assert peak - before < one_step
    assert gc.collect() < 100
