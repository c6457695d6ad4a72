"""Where a tensor lives, for programs that ask or say so: always the CPU."""

from __future__ import annotations

from typing import Any

DEVICE_TYPES = """cpu cuda ipu xpu mkldnn opengl opencl ideep hip ve fpga maia xla lazy vulkan mps
    meta hpu mtia privateuseone""".split()


class Device:
    """Where a tensor lives: always the CPU here. Prints as ``device(type='cpu')``.

    Other devices have a name, so that a program may speak of them; no tensor can be made there.

    Args:
        type: a name, 'cpu' or with a number 'cuda:0', or another device.
        index: the number, if it is not in the name.

    Raises:
        RuntimeError: there is no device of that name, or a number alone (a GPU's) was given.
        TypeError: what was given is no name.

    >>> import minigrad as mg
    >>> mg.device("cpu"), mg.device("cuda:1").index
    (device(type='cpu'), 1)

    Source: PyTorch's "Tensor Attributes" page, ``torch.device``.
    """

    __slots__ = ("type", "index")
    type: str
    index: int | None

    def __init__(self, type: Any = None, index: int | None = None) -> None:
        if isinstance(type, int) and not isinstance(type, bool):
            raise RuntimeError(
                f"Device index must not be negative: {type}" if type < 0 else
                "Cannot access accelerator device when none is available: a number alone names a "
                "GPU; minigrad computes on the CPU only"
            )  # fmt: skip
        if not isinstance(type, (str, Device)):
            raise TypeError(
                "device() received an invalid combination of arguments - got "
                f"({type.__class__.__name__}), but expected a name such as 'cpu'"
            )
        if index is not None and not isinstance(index, int):
            raise TypeError(
                "device(): argument 'index' (position 2) must be int, not "
                f"{index.__class__.__name__}: a number, as in device('cpu', 0)"
            )
        name = type.type if isinstance(type, Device) else type
        if not name:
            raise RuntimeError("Device string must not be empty: write 'cpu'")
        name, _, number = name.partition(":")
        if name not in DEVICE_TYPES:
            raise RuntimeError(
                f"Expected one of {', '.join(DEVICE_TYPES)} device type at start of device string: "
                f"{name}. minigrad computes on 'cpu'."
            )
        if number and not number.isdigit():
            raise RuntimeError(
                f"Invalid device string: '{name}:{number}': a number follows the colon, as in "
                "'cpu:0'"
            )
        self.type = name
        self.index = int(number) if number else index

    def __repr__(self) -> str:
        where = "" if self.index is None else f", index={self.index}"
        return f"device(type='{self.type}'{where})"

    def __str__(self) -> str:
        return self.type if self.index is None else f"{self.type}:{self.index}"

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Device) and (self.type, self.index) == (other.type, other.index)

    def __hash__(self) -> int:
        return hash((self.type, self.index))

    def __enter__(self) -> Device:
        """``with torch.device("cpu"):``, the device of the tensors made in the block."""
        only_cpu(self)
        return self

    def __exit__(self, *exc: object) -> None:
        pass


Device.__name__ = Device.__qualname__ = "device"  # in public, as in PyTorch
cpu = Device("cpu")


def only_cpu(device: Any) -> None:
    """Refuse (AssertionError; the device "meta": NotImplementedError) all devices but the CPU."""
    if Device(device).type == "meta":
        raise NotImplementedError(
            "device 'meta' does not exist here: a tensor always has its numbers; use device('cpu')"
        )
    if Device(device).type != "cpu":
        raise AssertionError(
            "Torch not compiled with CUDA enabled: minigrad runs on the CPU only, so device "
            f"'{device}' does not exist; use device('cpu')"
        )
