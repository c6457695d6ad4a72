"""The safetensors format: a dict of tensors by name in one file, which many programs share.

Format: https://github.com/huggingface/safetensors: 8 bytes with the header's length, a JSON header,
then the numbers.
"""

from __future__ import annotations

import json
import math
from typing import Any

import numpy as np

from ..core.tensor import Tensor, make
from .archive import (
    CLAIMS_WRONG,
    DTYPES,
    check_location,
    little_endian,
    opened_to_read,
    opened_to_write,
    parse_json,
    size_of,
)

# safetensors' names of dtypes. BF16 is read as float32, which holds all its numbers.
SAFE_NAMES = {
    "BOOL": "bool", "U8": "uint8", "I8": "int8", "U16": "uint16", "I16": "int16", "U32": "uint32",
    "I32": "int32", "U64": "uint64", "I64": "int64", "F16": "float16", "F32": "float32",
    "F64": "float64", "C64": "complex64",
}  # fmt: skip
SAFE_OF = {name: safe for safe, name in SAFE_NAMES.items()}
LONGEST_HEADER = 100_000_000  # safetensors' own limit


def save_file(tensors: Any, filename: Any, metadata: dict[str, str] | None = None) -> None:
    """Write a dict of tensors by name as a safetensors file, which many programs can read.

    metadata: notes, strings by name. Tensors that share memory are written each on its own;
    ``requires_grad`` is not kept. Raises TypeError for anything that is no tensor.
    """
    arrays: dict[str, Any] = {}
    if not isinstance(tensors, dict):
        raise TypeError(f"safetensors files hold a dict of tensors by name, got {type(tensors)}")
    for name, t in tensors.items():
        if not isinstance(name, str) or not isinstance(t, (Tensor, np.ndarray)):
            raise TypeError(
                f"safetensors files hold tensors by name: {name!r} is {type(t).__name__}. Give the "
                "file another extension (.mg) to save other objects too."
            )
        array = t._data if isinstance(t, Tensor) else t
        if array.dtype.name not in SAFE_OF:
            raise TypeError(f"safetensors has no dtype for {array.dtype} ({name!r})")
        arrays[name] = array
    if any(not isinstance(x, str) for pair in (metadata or {}).items() for x in pair):
        raise TypeError("safetensors metadata are strings by name")
    header: dict[str, Any] = {"__metadata__": dict(metadata)} if metadata else {}
    start = 0
    # Large items first: each tensor then begins at a multiple of its item's size.
    order = sorted(arrays, key=lambda name: (-arrays[name].dtype.itemsize, name))
    for name in order:
        end = start + arrays[name].nbytes
        header[name] = {
            "dtype": SAFE_OF[arrays[name].dtype.name],
            "shape": list(arrays[name].shape),
            "data_offsets": [start, end],
        }
        start = end
    text = json.dumps(header, separators=(",", ":"), ensure_ascii=False).encode("utf-8")
    text += b" " * (-len(text) % 8)
    with opened_to_write(filename) as file:
        file.write(len(text).to_bytes(8, "little"))
        file.write(text)
        for name in order:
            file.write(little_endian(np.ascontiguousarray(arrays[name])))


def load_file(filename: Any, device: Any = "cpu") -> dict[str, Tensor]:
    """The dict of tensors in a safetensors file. Numbers in bfloat16 become float32.

    Raises RuntimeError for a damaged file.
    """
    check_location(device)
    with opened_to_read(filename) as file:
        return load_safetensors(file, size_of(file))


def load_safetensors(file: Any, size: int) -> dict[str, Tensor]:
    start = file.read(8)
    length = int.from_bytes(start, "little")
    if len(start) < 8 or length > size - 8:
        raise RuntimeError(
            f"Error while deserializing header: the file says that its header has {length} bytes, "
            f"and it has {size} in all. Is it a safetensors file, and complete?"
        )
    if length > LONGEST_HEADER:
        raise RuntimeError("Error while deserializing header: header too large")
    header = parse_json(file.read(length))
    if not isinstance(header, dict):
        raise RuntimeError("Error while deserializing header: invalid header, not an object")
    header.pop("__metadata__", None)
    try:
        plan = sorted((checked(name, entry) for name, entry in header.items()), key=lambda p: p[3:])
    except CLAIMS_WRONG as error:
        raise RuntimeError(f"Error while deserializing header: invalid entry ({error})") from error
    end = 0
    for name, _, _, begins, ends in plan:
        if begins != end:
            raise RuntimeError(f"Error while deserializing header: invalid offset for {name!r}")
        end = ends
    if end != size - 8 - length:
        raise RuntimeError(
            f"Error while deserializing header: incomplete metadata, file not fully covered: the "
            f"tensors take {end} bytes, and the file has {size - 8 - length}"
        )
    try:
        read = {name: read_tensor(file, dtype, shape) for name, dtype, shape, _, _ in plan}
    except ValueError as error:  # a shape that NumPy cannot have
        raise RuntimeError(f"Error while deserializing header: {error}") from error
    return {name: read[name] for name in header}


def checked(name: str, entry: Any) -> tuple[str, str, tuple[int, ...], int, int]:
    """One tensor's entry in the header: (name, dtype, shape, begin, end)."""
    dtype, shape, (begin, end) = entry["dtype"], tuple(entry["shape"]), entry["data_offsets"]
    if any(type(n) is not int or n < 0 for n in (*shape, begin, end)):
        raise ValueError(f"{name!r}: shape and offsets have to be whole numbers from 0")
    if dtype not in SAFE_NAMES and dtype != "BF16":
        raise ValueError(f"{name!r}: minigrad has no dtype {dtype!r}")
    itemsize = 2 if dtype == "BF16" else DTYPES[SAFE_NAMES[dtype]].itemsize
    if end - begin != math.prod(shape) * itemsize:
        raise ValueError(f"{name!r}: {end - begin} bytes for the shape {list(shape)} of {dtype}")
    return name, dtype, shape, begin, end


def read_tensor(file: Any, dtype: str, shape: tuple[int, ...]) -> Tensor:
    d = np.dtype(np.uint16) if dtype == "BF16" else DTYPES[SAFE_NAMES[dtype]].np
    array = np.empty(shape, d.newbyteorder("<"))
    if array.nbytes and file.readinto(array.reshape(-1).view(np.uint8).data) != array.nbytes:
        raise RuntimeError("Error while deserializing: the file ends too early")
    if dtype == "BF16":  # the upper half of a float32
        return make((array.astype(np.uint32) << np.uint32(16)).view(np.float32))
    return make(array.astype(d, copy=False))
