"""What both file formats of saving.py need: opening files, JSON, dtypes, byte order."""

from __future__ import annotations

import contextlib
import json
import os
from collections.abc import Iterator
from typing import Any

from ..faithful import dtypes
from ..faithful.device import only_cpu

DTYPES = {d.name: d for d in dtypes.ALL}
# What reading a claim that makes no sense can raise.
CLAIMS_WRONG = (
    AssertionError, AttributeError, KeyError, IndexError, OverflowError, TypeError, ValueError,
)  # fmt: skip


def little_endian(array: Any) -> bytes:
    """The bytes in the order of memory."""
    array = array.astype(array.dtype.newbyteorder("<"), copy=False)
    order = "F" if array.flags.f_contiguous and not array.flags.c_contiguous else "C"
    data: bytes = array.tobytes(order)
    return data


def parse_json(text: bytes) -> Any:
    try:
        return json.loads(text.decode("utf-8"), object_pairs_hook=without_repeats)
    except (ValueError, RecursionError) as error:
        raise RuntimeError(f"corrupt file: its JSON text cannot be read ({error})") from error


def without_repeats(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) < len(pairs):
        raise ValueError("a name comes twice")
    return found


def is_path(f: Any) -> bool:
    return isinstance(f, (str, os.PathLike))


@contextlib.contextmanager
def opened_to_write(f: Any) -> Iterator[Any]:
    """A file to write; under its own name only when all is written, so none is left half done."""
    if not is_path(f):
        if not hasattr(f, "write"):
            raise AttributeError(
                f"expected 'f' to be string, path, or a file-like object with a 'write' attribute, "
                f"got {type(f).__name__}"
            )
        yield f
        return
    path = os.path.realpath(os.fspath(f))
    if not os.path.isdir(os.path.dirname(path)):
        raise RuntimeError(
            f"Parent directory {os.path.dirname(path)} does not exist."
            " Make it first, with os.makedirs."
        )
    part = f"{path}.{os.getpid()}.part"
    try:
        with open(part, "wb") as file:
            yield file
        os.replace(part, path)
    finally:
        with contextlib.suppress(FileNotFoundError):
            os.remove(part)


@contextlib.contextmanager
def opened_to_read(f: Any) -> Iterator[Any]:
    if is_path(f):
        with open(f, "rb") as file:
            yield file
        return
    if not (hasattr(f, "read") and hasattr(f, "seek") and hasattr(f, "readinto")):
        raise AttributeError(
            f"'{type(f).__name__}' object has no attribute 'seek': give a path or an open binary "
            "file. To load from what cannot go back, read it into io.BytesIO first."
        )
    f.seek(0)
    yield f


def size_of(file: Any) -> int:
    size: int = file.seek(0, os.SEEK_END)
    file.seek(0)
    return size


def check_location(location: Any) -> None:
    """All tensors are on the CPU; anything else is refused."""
    if location is not None and not callable(location) and not isinstance(location, dict):
        only_cpu(location)
