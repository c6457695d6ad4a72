"""Batches of sequences of different lengths: padding, and packing without the padding.

A packed batch stores, for every time step, only the sequences that are still going on:
``batch_sizes[t]`` of them, the longest sequences first. See :class:`PackedSequence`.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, NamedTuple

import numpy as np

from ...core.tensor import Tensor, make
from ...faithful.package_name import package
from ...ops.making.creation import as_tensor, full
from ...ops.shaping.cutting import split
from ...ops.shaping.joining import cat, stack
from ...refusals.of_the_core import broadcast_error
from ...refusals.refusing import check_functions as _check_functions
from ...refusals.signatures.of_packing import PACKING as _PACKING


class PackedSequenceParts(NamedTuple):
    data: Tensor
    batch_sizes: Tensor
    sorted_indices: Tensor | None
    unsorted_indices: Tensor | None


class PackedSequence(PackedSequenceParts):
    """What :func:`pack_padded_sequence` returns and the recurrent layers take.

    data: all steps of all sequences, first all first steps. batch_sizes: how many sequences have a
    step number t. sorted_indices: which sequence came to which place when they were sorted by
    length; unsorted_indices: the way back.
    """

    __slots__ = ()

    def __new__(
        cls, data: Tensor, batch_sizes: Tensor, sorted_indices: Tensor | None = None,
        unsorted_indices: Tensor | None = None,
    ) -> PackedSequence:  # fmt: skip
        if unsorted_indices is None and sorted_indices is not None:
            unsorted_indices = make(np.argsort(sorted_indices._data))
        return super().__new__(cls, data, batch_sizes, sorted_indices, unsorted_indices)

    def __repr__(self) -> str:
        return (
            f"PackedSequence(data={self.data!r}, batch_sizes={self.batch_sizes!r}, "
            f"sorted_indices={self.sorted_indices!r}, unsorted_indices={self.unsorted_indices!r})"
        )


def pack_padded_sequence(
    input: Tensor, lengths: Any, batch_first: bool = False, enforce_sorted: bool = True
) -> PackedSequence:
    """Pack a padded batch: (T, B, *), or (B, T, *) with batch_first, of the given lengths.

    enforce_sorted=False sorts by length first; otherwise the longest must already come first.

    >>> import minigrad as mg
    >>> x = mg.tensor([[1, 2, 3], [4, 0, 0]])
    >>> packed = mg.nn.utils.rnn.pack_padded_sequence(x, [3, 1], batch_first=True)
    >>> packed.data, packed.batch_sizes
    (tensor([1, 4, 2, 3]), tensor([2, 1, 1]))
    """
    if lengths is None:
        raise TypeError(
            "'NoneType' object cannot be interpreted as an integer: lengths are the lengths of the "
            "sequences"
        )
    numbers = np.asarray(as_tensor(lengths)._data, np.int64)
    if numbers.ndim != 1:
        raise RuntimeError(
            f"'lengths' argument should be a 1D CPU int64 tensor, but got {numbers.ndim}D: one "
            "length for each sequence"
        )
    batch_dim = 0 if batch_first else 1
    if input.dim() > 1 and input.numel() == 0:
        raise RuntimeError("Cannot pack empty tensors.")
    if numbers.shape != (input.size(batch_dim),):
        raise RuntimeError(
            f"Expected `len(lengths)` to be equal to batch_size, but got {numbers.size} "
            f"(batch_size={input.size(batch_dim)})"
        )
    if (numbers[-1] if enforce_sorted else numbers.min()) <= 0:
        raise RuntimeError(
            "Length of all samples has to be greater than 0, but found an element in 'lengths' "
            "that is <= 0"
        )
    order = None
    if not enforce_sorted:
        order = np.argsort(-numbers, kind="stable")
        numbers = numbers[order]
        input = input.index_select(batch_dim, make(order))
    elif (np.diff(numbers) > 0).any():
        raise RuntimeError(
            "`lengths` array must be sorted in decreasing order when `enforce_sorted` is True. You "
            "can pass `enforce_sorted=False` to pack_padded_sequence and/or pack_sequence to "
            "sidestep this requirement if you do not need ONNX exportability."
        )
    steps = input.transpose(0, 1) if batch_first else input
    if numbers[0] > steps.size(0):
        raise RuntimeError(
            f"Expected all lengths to be at most {steps.size(0)}, the length of the padded batch, "
            f"but got {numbers[0]}"
        )
    sizes = [int((numbers > t).sum()) for t in range(numbers[0])]
    data = cat([steps[t, :n] for t, n in enumerate(sizes)])
    sorted_indices = None if order is None else make(order)
    return PackedSequence(data, make(np.array(sizes)), sorted_indices)


def pad_packed_sequence(
    sequence: PackedSequence, batch_first: bool = False, padding_value: float = 0.0,
    total_length: int | None = None,
) -> tuple[Tensor, Tensor]:  # fmt: skip
    """The padded batch again, and the lengths of its sequences, in their first order."""
    sizes = [int(n) for n in sequence.batch_sizes._data]
    longest = len(sizes)
    if total_length is not None and total_length < longest:
        raise ValueError(
            "Expected total_length to be at least the length of the longest sequence in input, but "
            f"got total_length={total_length} and max sequence length being {longest}"
        )
    rest = tuple(sequence.data.shape[1:])
    steps = []
    for part in split(sequence.data, sizes):
        missing = sizes[0] - part.size(0)
        filler = full((missing, *rest), padding_value, dtype=sequence.data.dtype)
        steps.append(cat([part, filler]) if missing else part)
    for _ in range(longest, total_length or 0):
        steps.append(full((sizes[0], *rest), padding_value, dtype=sequence.data.dtype))
    padded = stack(steps)
    lengths = make(np.array([sum(n > b for n in sizes) for b in range(sizes[0])]))
    if batch_first:
        padded = padded.transpose(0, 1)
    if sequence.unsorted_indices is not None:
        back = sequence.unsorted_indices
        return padded.index_select(0 if batch_first else 1, back), lengths[back]
    return padded, lengths


def pad_sequence(
    sequences: Any, batch_first: bool = False, padding_value: float = 0.0,
    padding_side: str = "right",
) -> Tensor:  # fmt: skip
    """Stack sequences (L_i, *), filled up to one length: (T, B, *), or batch_first (B, T, *).

    >>> import minigrad as mg
    >>> a, b = mg.tensor([1.0, 2.0]), mg.tensor([3.0])
    >>> mg.nn.utils.rnn.pad_sequence([a, b], batch_first=True)
    tensor([[1., 2.],
            [3., 0.]])
    """
    if not isinstance(sequences, Iterable):
        raise RuntimeError(
            "pad_sequence: Expected iterable for input sequences, but got arg of type: "
            f"{type(sequences)}"
        )
    if padding_side not in ("left", "right"):
        raise RuntimeError(
            f"Expected padding_side to be one of left or right, but got {padding_side}."
        )
    rows = list(sequences)
    for i, row in enumerate(rows):
        if not isinstance(row, Tensor):
            raise TypeError(
                f"expected Tensor as element {i} in argument 0, but got {type(row).__name__}: wrap "
                f"it first, {package()}.tensor(...)"
            )
    for row in rows:  # all alike but for their lengths
        if row.shape[1:] != rows[0].shape[1:]:
            raise broadcast_error(
                *(np.empty((row.shape[0], *r.shape[1:])) for r in (rows[0], row))
            )
    rows = [row if row.dtype == rows[0].dtype else row.to(rows[0].dtype) for row in rows]
    longest = max(row.size(0) for row in rows)
    filled = []
    for row in rows:
        shape = (longest - row.size(0), *row.shape[1:])
        filler = full(shape, padding_value, dtype=row.dtype)
        pieces = [filler, row] if padding_side == "left" else [row, filler]
        filled.append(cat(pieces) if shape[0] else row)
    return stack(filled, 0 if batch_first else 1)


def unpad_sequence(
    padded_sequences: Tensor, lengths: Tensor, batch_first: bool = False
) -> list[Tensor]:
    """The sequences of a padded batch without their padding."""
    rows = padded_sequences if batch_first else padded_sequences.transpose(0, 1)
    return [row[: int(n)] for row, n in zip(rows, lengths._data)]


def pack_sequence(sequences: Any, enforce_sorted: bool = True) -> PackedSequence:
    """Pack a list of sequences (L_i, *)."""
    lengths = [row.size(0) for row in sequences]
    return pack_padded_sequence(pad_sequence(sequences), lengths, enforce_sorted=enforce_sorted)


def unpack_sequence(packed_sequences: PackedSequence) -> list[Tensor]:
    """The list of sequences again."""
    padded, lengths = pad_packed_sequence(packed_sequences, batch_first=True)
    return unpad_sequence(padded, lengths, batch_first=True)


_check_functions(globals(), _PACKING)  # wrong arguments are refused in PyTorch's words
