"""The transposed matrix: ``x.T``, ``x.mT``, and conjugated as well ``x.H``, ``x.mH``."""

from __future__ import annotations

from ..core.tensor import Tensor
from ..ops.elementwise.arithmetic import conj
from ..ops.shaping.shape import permute, transpose


def adjoint(input: Tensor) -> Tensor:
    """The transposed matrices, conjugated: ``x.mH``.

    >>> import minigrad as mg
    >>> mg.adjoint(mg.tensor([[1.0, 2.0]]))
    tensor([[1.],
            [2.]])
    """
    if not input.ndim:
        return conj(input) if input.is_complex() else input.view(())
    if input.ndim < 2:
        raise RuntimeError(
            f"tensor.adjoint() is only supported on matrices or batches of matrices. Got "
            f"{input.ndim}-D tensor. A vector has no rows to turn into columns."
        )
    flipped = transpose(input, -2, -1)
    return conj(flipped) if flipped.is_complex() else flipped


def dimensions_reversed(self: Tensor) -> Tensor:
    """The dimensions in reverse order: a matrix transposed.

    Returns:
        A tensor of the reversed shape and the same dtype. A view, it shares memory.

    >>> import minigrad as mg
    >>> mg.tensor([[1, 2], [3, 4]]).T
    tensor([[1, 3],
            [2, 4]])
    >>> mg.zeros(2, 3, 4).T.shape
    torch.Size([4, 3, 2])

    Source: NumPy's ``ndarray.T``, by way of PyTorch's.
    """
    return permute(self, tuple(range(self._data.ndim))[::-1])


def matrices_transposed(self: Tensor) -> Tensor:
    """The transposed matrices of a batch: ``x.mT``."""
    if self._data.ndim == 1:
        raise RuntimeError(
            "tensor.mT is only supported on matrices or batches of matrices. Got 1-D tensor. A "
            "vector has no rows to turn into columns."
        )
    return transpose(self, -2, -1) if self.ndim else self


def hermitian(self: Tensor) -> Tensor:
    """A matrix transposed and conjugated: ``x.H``."""
    if self.ndim not in (0, 2):
        raise RuntimeError(
            f"tensor.H is only supported on matrices (2-D tensors). Got {self.ndim}-D tensor."
            + (" For batches of matrices, consider using tensor.mH" if self.ndim > 2 else "")
        )
    return adjoint(self) if self.ndim else self


Tensor.T = property(dimensions_reversed)
Tensor.mT = property(matrices_transposed)
Tensor.adjoint = adjoint
Tensor.H = property(hermitian)
Tensor.mH = property(adjoint)
