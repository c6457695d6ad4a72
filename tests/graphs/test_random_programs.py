"""Random programs: no number in a graph, a tape or an explanation is one that never was.

Longer by hand: ``python tests/helpers/random_programs.py --n 5000 --seed 1``.
"""

import pytest
import random_programs
from random_programs import Writer, Wrong, check_program

import minigrad as mg

N = 150


def test_no_number_is_wrong_and_most_are_known():
    asked = known = again = grads = programs = 0
    for seed in range(N):
        compared = check_program(seed)
        if compared is None:
            continue
        programs += 1
        asked, known = asked + compared.asked, known + compared.known
        again, grads = again + compared.again, grads + compared.grads
    assert programs > 0.9 * N
    assert known > 0.8 * asked and again > 300 and grads > 800


def test_a_wrong_number_is_seen(monkeypatch):
    def shaken(graph, grads=False):
        numbers = random_programs_numbers(graph, grads=grads)
        for i in numbers.values:
            numbers.values[i] = numbers.values[i] + 1
        return numbers

    random_programs_numbers = random_programs.numbers_of
    monkeypatch.setattr(random_programs, "numbers_of", shaken)
    with pytest.raises(Wrong):
        for seed in range(5):
            check_program(seed)


def test_programs_have_what_is_asked_of_them():
    text = "".join(Writer(seed).program() for seed in range(N))
    for part in ("for t in", "with torch.no_grad()", ".data", ".detach()", ".numpy()", "net(",
                 "cross_entropy", ".add_(1)", "[0] =", "del ", ".t()", "*= 2"):  # fmt: skip
        assert part in text, part
    assert mg.__name__ == "minigrad"
