"""Saving and loading, without running code unless asked to.

PyTorch's files are pickles, and loading a pickle can run any program. The files here hold data
only, unless a whole module is saved: :func:`save` writes a zip archive with one JSON text (what
contains what) and the numbers as they are in memory; :func:`load` reads it back. Both also speak
*safetensors*, a format that many programs share: a dict of tensors in one file (extension
``.safetensors``).

A file's JSON has plain values for None, bool, str, int and finite floats; everything else is an
object with one key, its type: ``{"list": [...]}``, ``{"dict": [[key, value], ...]}``,
``{"tensor": {...}}``. Tensors name the *storage* (a file in the archive) that their numbers are in,
so tensors that share memory share it after loading too.

Whatever a file claims is checked against its size before memory is asked for.
"""

from __future__ import annotations

import base64
import io
import json
import math
import os
import pickle
from collections import Counter, OrderedDict
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import numpy as np

from ..core.tensor import Tensor, make
from ..faithful import dtypes
from ..faithful.device import Device
from ..faithful.package_name import package
from ..faithful.size import Size
from ..nn.module import Module
from .archive import (
    CLAIMS_WRONG,
    DTYPES,
    check_location,
    is_path,
    little_endian,
    opened_to_read,
    opened_to_write,
    parse_json,
    size_of,
)
from .safetensors_format import load_file, load_safetensors, save_file

if TYPE_CHECKING:
    import zipfile

__all__ = ["load", "load_file", "save", "save_file"]

VERSION = 1
CONTENTS = "minigrad.json"
WHOLE = "minigrad.pkl"  # in its place, if a whole module was saved
DEEPEST = 100  # containers inside containers
CONTAINERS: dict[str, Any] = {
    "list": list, "tuple": tuple, "set": set, "frozenset": frozenset, "Size": Size,
    "dict": dict, "OrderedDict": OrderedDict, "Counter": Counter,
}  # fmt: skip
TYPE_NAMES = {kind: name for name, kind in CONTAINERS.items()}
DICTS = ("dict", "OrderedDict", "Counter")


def save(obj: Any, f: Any) -> None:
    """Write ``obj`` to a path or an open binary file.

    Args:
        obj: tensors, numbers, strings, None, and lists, tuples, sets and dicts of them, such as a
            ``state_dict``. Or a module, or what contains one: that is pickled, and only
            ``load(f, weights_only=False)`` reads it.
        f: the path or file. A path that ends in ``.safetensors`` gets that format (a dict of
            tensors by name).

    Returns:
        None.

    Raises:
        TypeError: with nothing written, for other objects, which are not data.

    >>> import io
    >>> import minigrad as mg
    >>> file = io.BytesIO()
    >>> mg.save({"w": mg.tensor([1.0, 2.0]), "epoch": 3}, file)
    >>> mg.load(file)
    {'w': tensor([1., 2.]), 'epoch': 3}

    Source: PyTorch's ``torch.save``; the file is a zip of JSON and raw numbers, no pickle.
    """
    if is_path(f) and os.fspath(f).endswith(".safetensors"):
        save_file(obj, f)
        return
    import zipfile  # here and below: not every program saves, and it takes a while

    writer = Writer()
    try:
        tree = writer.encode(obj, ())
    except NotData:
        write_whole(obj, f)
        return
    storages = writer.storages()
    text = json.dumps({"format": "minigrad", "version": VERSION, "root": tree}, allow_nan=False)
    with opened_to_write(f) as file, zipfile.ZipFile(file, "w", zipfile.ZIP_STORED) as archive:
        archive.writestr(CONTENTS, text)
        for i, array in enumerate(storages):
            archive.writestr(f"data/{i}", little_endian(array))


def load(f: Any, map_location: Any = None, *, weights_only: bool = True, **ignored: Any) -> Any:
    """Read what :func:`save` wrote, or a safetensors file, from a path or an open binary file.

    Args:
        f: the path or file.
        map_location: None or the CPU.
        weights_only: False loads a whole module that :func:`save` wrote, and so runs the code of
            its classes and whatever else the file names. Other files are read alike, without.
        **ignored: PyTorch's other options.

    Returns:
        What was saved, new tensors of the same shapes and dtypes, without history; those that
            shared memory do again.

    Raises:
        FileNotFoundError: there is no such file.
        pickle.UnpicklingError: it is PyTorch's own file or another pickle, or a whole module
            and weights_only is True.
        RuntimeError: it is damaged, or no such file at all.
        AssertionError: map_location is another device, or the file is open in text mode.

    >>> import io
    >>> import minigrad as mg
    >>> file = io.BytesIO()
    >>> mg.save([mg.ones(2)], file)
    >>> mg.load(file)
    [tensor([1., 1.])]

    Source: PyTorch's ``torch.load``; that no code is run is the idea of safetensors (Hugging Face).
    """
    check_location(map_location)
    if isinstance(f, io.TextIOBase):
        raise AssertionError("Expected bytes got str: open the file in binary mode, 'rb'")
    with opened_to_read(f) as file:
        size = size_of(file)
        start = file.read(9)
        file.seek(0)
        if not start:
            raise EOFError("Ran out of input: the file is empty. Was it saved completely?")
        if start.startswith(b"PK"):
            return load_archive(file, size, weights_only)
        if len(start) == 9 and start[8:] == b"{":
            return load_safetensors(file, size)
        file.seek(-1, os.SEEK_END)
        if file.read(1) == b".":  # how every pickle ends
            refuse_pickle("a pickle")
    raise RuntimeError(
        f"Invalid magic number; corrupt file? It begins with {start[:4]!r}. minigrad reads what "
        f"{package()}.save wrote, and safetensors files."
    )


# --- whole modules ------------------------------------------------------------------------------


class NotData(Exception):
    """There is a module in what is to be saved: an object of a class, which has code."""


def write_whole(obj: Any, f: Any) -> None:
    """An archive with one pickle, for what has a module in it."""
    import zipfile

    data = pickle.dumps(obj)  # before the file is opened: an old one stays if this fails
    with opened_to_write(f) as file, zipfile.ZipFile(file, "w", zipfile.ZIP_STORED) as archive:
        archive.writestr(WHOLE, data)


def read_whole(data: bytes, weights_only: bool) -> Any:
    """The object of such an archive, only if the user asks for code to be run."""
    if weights_only:
        raise pickle.UnpicklingError(
            "Weights only load failed. This file holds a whole module, and loading it with "
            "`weights_only` set to `False` will likely succeed, but it can result in arbitrary "
            "code execution. Do it only if you got the file from a trusted source. Better save "
            "model.state_dict(), which is data only."
        )
    return pickle.loads(data)


# --- writing -----------------------------------------------------------------------------------


class Writer:
    """Turns an object into the JSON tree, and collects the memory of its tensors."""

    def __init__(self) -> None:
        self.known: dict[int, int] = {}  # id of a tensor -> its number
        self.memory: dict[int, int] = {}  # id of an array that owns memory -> storage number
        self.owners: list[Any] = []  # the arrays, by storage number
        self.specs: list[dict[str, Any]] = []  # the tensors' JSON, by tensor number
        self.arrays: list[Any] = []
        self.kept: list[Any] = []  # objects whose id was noted: alive, so no id is used twice

    def encode(self, obj: Any, inside: tuple[int, ...]) -> Any:
        if obj is None or type(obj) in (bool, str, int):
            return obj
        if type(obj) is float:
            return obj if math.isfinite(obj) else {"float": repr(obj)}
        if type(obj) is complex:
            return {"complex": [self.encode(obj.real, ()), self.encode(obj.imag, ())]}
        if type(obj) is bytes:
            return {"bytes": base64.b64encode(obj).decode("ascii")}
        if isinstance(obj, dtypes.dtype):
            return {"dtype": obj.name}
        if isinstance(obj, Device):
            return {"device": str(obj)}
        if isinstance(obj, (Tensor, np.ndarray, np.generic)):
            return {"tensor": self.tensor(obj)}
        name = TYPE_NAMES.get(type(obj))
        if isinstance(obj, Module):
            raise NotData
        if name is None:
            raise TypeError(
                f"cannot save an object of type {type(obj).__name__}: the file holds tensors, "
                "numbers, strings, None and containers of them, never code. Of an optimizer "
                "save the state_dict()."
            )
        if id(obj) in inside:
            raise ValueError(f"cannot save a {name} that contains itself")
        if len(inside) >= DEEPEST:
            raise ValueError(f"cannot save containers nested more than {DEEPEST} deep")
        inside = (*inside, id(obj))
        if name in DICTS:
            pairs = [[self.encode(k, inside), self.encode(v, inside)] for k, v in obj.items()]
            versions = getattr(obj, "_metadata", None)  # of the modules, in a state_dict
            if name == "OrderedDict" and versions is not None:
                return {"state_dict": [pairs, self.encode(versions, inside)]}
            return {name: pairs}
        return {name: [self.encode(item, inside) for item in obj]}

    def tensor(self, t: Any) -> dict[str, Any] | int:
        """A tensor's JSON, or its number if it came before."""
        if id(t) in self.known:
            return self.known[id(t)]
        kind = type(t).__name__
        array = t._data if isinstance(t, Tensor) else np.asarray(t)
        if isinstance(t, Tensor) and kind not in ("Tensor", "Parameter", "Buffer"):
            raise TypeError(f"cannot save a {kind}, a tensor class of your own: save its .data")
        if isinstance(t, Tensor) and t.extra is not None and t.extra.carried is not None:
            array = t.detach()._data
        if array.dtype not in dtypes.FROM_NUMPY:
            raise TypeError(f"cannot save an array of {array.dtype}: its items are not numbers")
        array, owner = with_owner(array)
        if id(owner) not in self.memory:
            self.memory[id(owner)] = len(self.owners)
            self.owners.append(owner)
        spec = {"storage": self.memory[id(owner)], "dtype": str(array.dtype), "kind": kind}
        if isinstance(t, np.generic):
            spec["kind"] = "scalar"
        if isinstance(t, Tensor) and t.requires_grad:
            spec["requires_grad"] = True
        self.known[id(t)] = len(self.specs)
        self.specs.append(spec)
        self.arrays.append(array)
        self.kept.append(t)
        return spec

    def storages(self) -> list[Any]:
        """The memory to write. A part of a larger memory that nothing else needs goes alone."""
        users = Counter(spec["storage"] for spec in self.specs)
        for spec, array in zip(self.specs, self.arrays):
            owner = self.owners[spec["storage"]]
            if users[spec["storage"]] == 1 and array.size < owner.size:
                owner = array = np.array(array, order="C")
                self.owners[spec["storage"]] = owner
            spec["shape"] = list(array.shape)
            spec["strides"] = [s // array.itemsize for s in array.strides]
            spec["offset"] = (address(array) - address(owner)) // array.itemsize
        return self.owners


def with_owner(array: Any) -> tuple[Any, Any]:
    """The array and the one whose memory it shows; both a copy if that cannot be written as is."""
    owner = array
    while isinstance(owner.base, np.ndarray):
        owner = owner.base
    plain = owner.flags.c_contiguous or owner.flags.f_contiguous
    if not plain or owner.dtype != array.dtype or any(s < 0 for s in array.strides):
        array = owner = np.array(array, order="C")
    return array, owner


def address(array: Any) -> int:
    start: int = array.__array_interface__["data"][0]
    return start


# --- reading -----------------------------------------------------------------------------------


def load_archive(file: Any, size: int, weights_only: bool) -> Any:
    import zipfile

    try:
        with zipfile.ZipFile(file) as archive:
            members = {info.filename: info for info in archive.infolist()}
            if WHOLE in members:
                return read_whole(archive.read(WHOLE), weights_only)
            if CONTENTS not in members:
                if any(name.endswith("data.pkl") for name in members):
                    refuse_pickle("a PyTorch checkpoint, whose structure is a pickle")
                raise RuntimeError("not a minigrad file: a zip archive without " + CONTENTS)
            if any(info.compress_type != zipfile.ZIP_STORED for info in members.values()):
                raise RuntimeError(f"corrupt file: compressed, which {package()}.save never does")
            if sum(info.file_size for info in members.values()) > size:
                raise RuntimeError("corrupt file: it claims to hold more than its size")
            return Reader(archive, members).root()
    except (zipfile.BadZipFile, EOFError, NotImplementedError, OSError) as error:
        raise RuntimeError(f"corrupt file: {error}. Was it saved and copied completely?") from error


class Reader:
    """Turns the JSON tree back into objects. Every claim in it is checked."""

    def __init__(self, archive: zipfile.ZipFile, members: dict[str, zipfile.ZipInfo]) -> None:
        self.archive = archive
        self.members = members
        self.storages: dict[tuple[int, Any], Any] = {}
        self.tensors: list[Any] = []

    def root(self) -> Any:
        contents = parse_json(self.archive.read(CONTENTS))
        if not isinstance(contents, dict) or contents.get("format") != "minigrad":
            raise RuntimeError(f"corrupt file: {CONTENTS} does not describe a minigrad file")
        if contents.get("version") != VERSION:
            raise RuntimeError(
                f"the file has version {contents.get('version')!r} of the format, and this "
                f"minigrad reads version {VERSION}: a newer minigrad may have written it"
            )
        try:
            return self.decode(contents["root"], 0)
        except CLAIMS_WRONG as error:
            raise RuntimeError(f"corrupt file: {error!r} in {CONTENTS}") from error

    def decode(self, node: Any, depth: int) -> Any:
        if node is None or isinstance(node, (bool, str, int, float)):
            return node
        if depth > DEEPEST:
            raise ValueError(f"containers nested more than {DEEPEST} deep")
        ((kind, value),) = node.items()
        if kind in CONTAINERS:
            if not isinstance(value, list):
                raise TypeError(f"no list of items in {kind}")
            if kind in DICTS:
                pairs = [[self.decode(x, depth + 1) for x in pair] for pair in value]
                return CONTAINERS[kind](dict(pairs) if kind == "Counter" else pairs)
            return CONTAINERS[kind](self.decode(item, depth + 1) for item in value)
        if kind == "state_dict":
            state = self.decode({"OrderedDict": value[0]}, depth)
            state._metadata = self.decode(value[1], depth + 1)
            return state
        readers: dict[str, Callable[[Any], Any]] = {
            "float": float,
            "complex": lambda parts: complex(*[self.decode(x, depth + 1) for x in parts]),
            "bytes": lambda text: base64.b64decode(text, validate=True),
            "dtype": DTYPES.__getitem__,
            "device": Device,
            "tensor": self.tensor,
        }
        return readers[kind](value)

    def tensor(self, spec: Any) -> Any:
        if type(spec) is int:
            if spec < 0:
                raise IndexError("a tensor with a negative number")
            return self.tensors[spec]
        d = DTYPES[spec["dtype"]].np
        numbers = [spec["offset"], *spec["shape"], *spec["strides"]]
        if any(type(n) is not int or n < 0 for n in numbers):
            raise ValueError("shape, strides and offset have to be whole numbers from 0")
        if len(spec["shape"]) != len(spec["strides"]):
            raise ValueError("shape and strides differ in length")
        # NumPy refuses (ValueError) what would reach outside of the storage.
        array = np.ndarray(
            tuple(spec["shape"]), d, self.storage(spec["storage"], d),
            spec["offset"] * d.itemsize, tuple(s * d.itemsize for s in spec["strides"]),
        )  # fmt: skip
        made = self.built(spec, array)
        self.tensors.append(made)
        return made

    def built(self, spec: Any, array: Any) -> Any:
        kind = spec["kind"]
        if kind == "ndarray":
            return array
        if kind == "scalar":
            return array[()]
        t = make(array)
        if kind == "Tensor":
            return t.requires_grad_() if spec.get("requires_grad") is True else t
        from ..nn.parameter import Buffer, Parameter  # nn is not loaded for tensors alone

        if kind == "Parameter":
            return Parameter(t, spec.get("requires_grad") is True)
        return {"Buffer": Buffer}[kind](t)

    def storage(self, i: Any, d: Any) -> Any:
        """The numbers of a storage in one row."""
        if type(i) is not int:
            raise TypeError("a storage that is no number")
        if (i, d) not in self.storages:
            info = self.members[f"data/{i}"]
            memory = bytearray(info.file_size)  # at most the file's own size: see load_archive
            with self.archive.open(info) as file:
                view, done = memoryview(memory), 0
                while n := file.readinto(view[done:]):  # type: ignore[attr-defined]
                    done += n
            if done != len(memory):
                raise RuntimeError(f"corrupt file: storage {i} is shorter than it claims")
            row = np.frombuffer(memory, d.newbyteorder("<"))
            self.storages[i, d] = row.astype(d, copy=False)
        return self.storages[i, d]


def refuse_pickle(what: str) -> None:
    raise pickle.UnpicklingError(
        f"Weights only load failed. This file is {what}: loading a pickle can run any program that "
        "was hidden in it, so minigrad never does. Convert it with PyTorch, once and only if you "
        "trust it: safetensors.torch.save_file(model.state_dict(), 'model.safetensors'), and load "
        "that file here."
    )
