"""The same seed gives PyTorch's numbers: committed ones, and PyTorch's own if it is here."""

import threading

import numpy as np
import pytest
from golden_files import read_golden
from random_cases import CALLS, SEEDS

import minigrad as mg
from minigrad.random.draws import stream_of

GOLDEN = read_golden("random.json")


def call(library, seed, text):
    library.manual_seed(seed)
    return eval(text, {"torch": library}).numpy()


def close(ours, theirs, text):
    """Equal for whole numbers and float32 normals (bit for bit), to the last digits elsewhere."""
    if ours.dtype.kind != "f" or text.startswith(("torch.randn(", "torch.rand(")):
        tolerance = 1e-14 if ours.dtype == np.float64 else 0.0
    else:
        tolerance = 3e-7 if ours.dtype == np.float32 else 1e-12
    np.testing.assert_allclose(ours, theirs, rtol=tolerance, atol=tolerance, err_msg=text)


@pytest.mark.parametrize("seed", SEEDS)
def test_numbers_are_those_that_pytorch_gave(seed):
    for text in CALLS:
        ours, stored = call(mg, seed, text), GOLDEN[f"{seed} {text}"]
        flat = ours.reshape(-1)
        if "all" in stored:
            close(flat, np.array(stored["all"], flat.dtype), text)
            continue
        close(flat[:8], np.array(stored["first"], flat.dtype), text)
        close(flat[-8:], np.array(stored["last"], flat.dtype), text)
        total = np.float64(flat.astype(np.float64).sum())
        np.testing.assert_allclose(total, stored["sum"], rtol=1e-9, atol=1e-6, err_msg=text)


def draws_with_mkl(torch):
    """On Intel processors PyTorch lets MKL draw for bernoulli_ and exponential_."""
    torch.manual_seed(0)
    drawn = torch.empty(20).bernoulli_(0.5).tolist()
    return drawn != mg.tensor(GOLDEN_BERNOULLI).tolist()


GOLDEN_BERNOULLI = [0, 0, 1, 0, 0, 0, 0, 1, 1, 0, 1, 1, 1, 1, 0, 1, 1, 1, 1, 0]


@pytest.mark.parametrize("seed", [0, 7])
def test_numbers_are_those_of_pytorch_here(seed):
    torch = pytest.importorskip("torch", reason="PyTorch is not installed")
    skipped = ("bernoulli_", "exponential_", "multinomial") if draws_with_mkl(torch) else ()
    sizes = [f"torch.{f}({n}{d})" for f in ("rand", "randn") for n in range(101)
             for d in ("", ", dtype=torch.float64")]  # fmt: skip
    for text in [*CALLS, *sizes]:
        if not any(name in text for name in skipped):
            ours, theirs = call(mg, seed, text), call(torch, seed, text)
            assert ours.dtype == theirs.dtype and ours.shape == theirs.shape, text
            close(ours, theirs, text)


def test_without_a_seed_two_streams_differ():
    a, b = mg.Generator(), mg.Generator()
    assert a.initial_seed() == b.initial_seed() == 67280421310721  # PyTorch's, for a new Generator
    a.seed(), b.seed()
    assert a.initial_seed() != b.initial_seed()
    assert mg.rand(8, generator=a).tolist() != mg.rand(8, generator=b).tolist()


def test_a_state_brings_the_same_numbers_back_also_half_a_pair():
    mg.manual_seed(3)
    mg.randn(3)  # leaves the second half of a pair for later
    state = mg.get_rng_state()
    first = mg.randn(4).tolist()
    mg.manual_seed(99)
    mg.set_rng_state(state)
    assert mg.randn(4).tolist() == first
    assert mg.initial_seed() == 3


def test_a_wrong_state_is_refused_and_changes_nothing():
    mg.manual_seed(3)
    with pytest.raises(RuntimeError, match="Expected a CPUGeneratorImplState"):
        mg.set_rng_state(mg.tensor([1, 2, 3], dtype=mg.uint8))
    after = mg.rand(2).tolist()
    mg.manual_seed(3)
    assert mg.rand(2).tolist() == after


def test_threads_get_whole_draws():
    """Each draw of 1000 numbers is a stretch of the one stream, whichever thread made it."""
    mg.manual_seed(5)
    stretches = {tuple(row) for row in mg.rand(40, 1000).tolist()}
    mg.manual_seed(5)
    drawn = []

    def draw():
        for _ in range(10):
            drawn.append(tuple(mg.rand(1000).tolist()))

    threads = [threading.Thread(target=draw) for _ in range(4)]
    for t in threads:
        t.start()
    for t in threads:
        t.join()
    assert set(drawn) == stretches


@pytest.mark.parametrize("text", [
    "torch.randint(5, 5, (2,))", "torch.randint(3, 1, (2,))", "torch.randperm(-1)",
    "torch.normal(0.0, -1.0, (2,))", "torch.bernoulli(torch.tensor([2.0]))",
    "torch.bernoulli(torch.tensor([1]))", "torch.empty(3).uniform_(2.0, 1.0)",
    "torch.empty(3).normal_(0.0, -1.0)", "torch.rand(3, dtype=torch.int64)",
    "torch.randn(3, dtype=torch.int64)", "torch.empty(3).random_(5, 2)",
    "torch.empty(3).bernoulli_(1.5)", "torch.empty(3).exponential_(-1.0)",
    "torch.multinomial(torch.tensor([1.0, -1.0]), 1)", "torch.multinomial(torch.zeros(3), 1)",
    "torch.multinomial(torch.ones(3), 4)", "torch.multinomial(torch.ones(3), 0)",
    "torch.manual_seed(2**64)",
])  # fmt: skip
def test_refusals_have_pytorchs_type_and_first_words(text):
    torch = pytest.importorskip("torch", reason="PyTorch is not installed")
    with pytest.raises(Exception) as theirs:
        eval(text, {"torch": torch})
    with pytest.raises(type(theirs.value)) as ours:
        eval(text, {"torch": mg})
    words = str(theirs.value).split()[:3]
    assert str(ours.value).split()[:3] == words, (str(ours.value), str(theirs.value))


def test_refusals_without_pytorch_at_hand():
    with pytest.raises(RuntimeError, match="random_ expects 'from' to be less than 'to'"):
        mg.randint(3, 1, (2,))
    with pytest.raises(RuntimeError, match="normal expects std >= 0.0"):
        mg.normal(0.0, -1.0, (2,))


def test_a_refused_fill_leaves_the_tensor_alone():
    x = mg.ones(3)
    for wrong in (lambda: x.uniform_(2.0, 1.0), lambda: x.normal_(0.0, -1.0)):
        with pytest.raises(RuntimeError):
            wrong()
    assert x.tolist() == [1.0, 1.0, 1.0] and x._version == 0


def test_filling_in_place_ends_a_history():
    x = mg.ones(3, requires_grad=True)
    with pytest.raises(RuntimeError, match="a leaf Variable that requires grad"):
        x.normal_()
    y = x * 2
    y.uniform_()
    y.sum().backward()
    assert x.grad.tolist() == [0.0, 0.0, 0.0]
    with mg.no_grad():
        assert x.normal_() is x and x._version == 1


def test_samples_have_their_distribution():
    """Mean and spread of many samples: five standard errors."""
    mg.manual_seed(0)
    n = 200_000
    for sample, mean, spread in [
        (mg.rand(n), 0.5, 12**-0.5), (mg.randn(n), 0.0, 1.0),
        (mg.empty(n).exponential_(2.0), 0.5, 0.5), (mg.empty(n).bernoulli_(0.2), 0.2, 0.4),
    ]:  # fmt: skip
        assert abs(sample.mean().item() - mean) < 5 * spread / n**0.5
        assert abs(sample.std().item() - spread) < 0.02 * spread


def test_multinomial_follows_the_weights():
    mg.manual_seed(0)
    weights = mg.tensor([1.0, 0.0, 3.0])
    counts = np.bincount(mg.multinomial(weights, 40_000, True).numpy(), minlength=3) / 40_000
    np.testing.assert_allclose(counts, [0.25, 0.0, 0.75], atol=0.015)
    assert sorted(mg.multinomial(weights, 2).tolist()) == [0, 2]


def test_the_default_stream_is_the_one_manual_seed_returns():
    assert mg.manual_seed(4) is mg.default_generator
    assert stream_of(None) is mg.default_generator._stream
