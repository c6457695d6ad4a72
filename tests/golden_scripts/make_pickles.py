"""Writes pickles_0_1_0.tar.xz: what users of version 0.1.0 have on their discs.

Written once, by that version; there is nothing to write again::

    PYTHONPATH=<a checkout of version 0.1.0> python tests/golden_scripts/make_pickles.py

``<name>.2`` and ``<name>.5`` are pickles of these protocols, ``<name>.pt`` is a file of ``mg.save``
(of the state_dict, where there is one); ``lines.json`` says which expression made each, and
``addresses.json`` where the functions and classes stood that pickles name by their address.
"""

from __future__ import annotations

import importlib
import io
import json
import pickle
import tarfile
import types
from typing import Any

import on_path  # noqa: F401
import pickled
from golden_files import GOLDEN
from nn_cases import LINES

import minigrad as mg


def addresses() -> dict[str, list[str]]:
    """Public name -> module and name in it, of all that pickle writes down as such."""
    found = {}
    for space in pickled.SPACES:
        module = importlib.import_module(space)
        for name in getattr(module, "__all__", dir(module)):
            thing = getattr(module, name)
            where = getattr(thing, "__module__", None) or ""
            plain = isinstance(thing, (type, types.FunctionType)) and not name.startswith("_")
            pytorchs = importlib.import_module(space.replace("minigrad", "torch"))
            plain = plain and (space == "minigrad" or hasattr(pytorchs, name))  # no helper
            if plain and where.startswith("minigrad"):
                try:
                    pickle.dumps(thing)
                except (pickle.PicklingError, AttributeError):
                    continue
                found[f"{space}.{name}".removeprefix("minigrad.")] = [where, thing.__qualname__]
    return found


def modules() -> list[str]:
    """The first expression for each class of modules."""
    found: dict[str, str] = {}
    for line in LINES:
        text = line.split(" | ")[0].strip()
        found.setdefault(text.split("(")[0], text)
    return list(found.values())


def main() -> None:
    assert mg.__version__ == "0.1.0" and not hasattr(mg, "compat")
    files: dict[str, bytes] = {}
    made_from = {}
    left_out = []
    for name, line in pickled.lines(modules()).items():
        thing: Any = pickled.made(mg, line)
        try:
            for protocol in (2, 5):
                files[f"{name}.{protocol}"] = pickle.dumps(thing, protocol)
        except (pickle.PicklingError, AttributeError, TypeError) as error:
            left_out.append(f"{name}: {error}")
            continue
        made_from[name] = line
        buffer = io.BytesIO()
        try:
            mg.save(thing.state_dict() if hasattr(thing, "state_dict") else thing, buffer)
        except TypeError:
            continue  # such a file holds tensors and plain values only
        files[f"{name}.pt"] = buffer.getvalue()
    files["lines.json"] = json.dumps(made_from, indent=1).encode()
    files["addresses.json"] = json.dumps(addresses(), indent=1).encode()
    with tarfile.open(GOLDEN / "pickles_0_1_0.tar.xz", "w:xz") as archive:
        for name, data in sorted(files.items()):
            entry = tarfile.TarInfo(name)
            entry.size = len(data)
            archive.addfile(entry, io.BytesIO(data))
    print(len(files), "files; cannot be pickled:", *left_out, sep="\n  ")


if __name__ == "__main__":
    main()
