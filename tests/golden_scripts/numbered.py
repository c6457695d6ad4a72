"""How answers are stored: each different one once, the calls' answers as its number."""

import json
from collections.abc import Callable, Iterable
from typing import Any


def numbers_of(answers: Iterable[str | None], different: dict[str, int]) -> str:
    """The answers' numbers (``.``: accepted); new ones are added to ``different``."""
    return " ".join(["." if a is None else str(different.setdefault(a, len(different)))
                     for a in answers])  # fmt: skip


def texts_of(different: dict[str, int]) -> str:
    """The different answers, a line each."""
    return ",\n".join(json.dumps(a) for a in different)


def stored_table(table: str, calls: Iterable[str], answers: Callable[[str], Any]) -> str:
    """A table of calls with their answers, as JSON."""
    different: dict[str, int] = {}
    lines = [f"{json.dumps(call)}: {json.dumps(numbers_of(answers(call), different))}"
             for call in calls]  # fmt: skip
    return f'"{table}": {{"said": [\n{texts_of(different)}\n], "calls": {{\n' + (
        ",\n".join(lines) + "\n}}"
    )
