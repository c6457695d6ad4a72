"""Numbers out of a tensor: item, tolist, numpy, printing, Python's conversions. PyTorch's words."""

from __future__ import annotations

from typing import Any

import numpy as np

from ..core.modes import grad_mode
from ..core.tensor import Tensor
from ..faithful import dtypes, printing
from ..faithful.hang_on import hang_on
from ..ops import capturing
from ..ops.writing.inplace import note_shared


@hang_on(Tensor)
class Numbers(Tensor):
    def item(self) -> Any:
        """The one element as a Python number, out of the graph.

        Returns:
            A bool, int, float or complex, by the dtype.

        Raises:
            RuntimeError: the tensor has more elements, or none; or inside ``func.vmap``.

        >>> import minigrad as mg
        >>> mg.tensor([2.5]).item(), mg.tensor(3).item()
        (2.5, 3)

        Source: NumPy's ``ndarray.item``, by way of PyTorch's ``Tensor.item``.
        """
        if self.extra is not None and self.extra.carried is not None:
            self.extra.carried.refuse_numbers("item")
        if self._data.size != 1:
            raise RuntimeError(
                f"a Tensor with {self._data.size} elements cannot be converted to Scalar: reduce "
                "it first, for example with .sum() or .mean(), or use .tolist()"
            )
        capturing.reads("item()")
        return self._data.item()

    def tolist(self) -> Any:
        """The elements as (nested lists of) Python numbers, a copy out of the graph.

        Returns:
            Lists nested as deep as the tensor has dimensions; of a tensor without dimensions, the
            number.

        Raises:
            RuntimeError: inside ``func.vmap``, where a tensor stands for many examples.

        >>> import minigrad as mg
        >>> mg.tensor([[1, 2], [3, 4]]).tolist(), mg.tensor(0.5).tolist()
        ([[1, 2], [3, 4]], 0.5)

        Source: NumPy's ``ndarray.tolist``, by way of PyTorch's ``Tensor.tolist``.
        """
        capturing.reads("tolist()")
        if self.extra is not None and self.extra.carried is not None:
            self.extra.carried.refuse_numbers("tolist")
        return self._data.tolist()

    def numpy(self, *, force: bool = False) -> np.ndarray[Any, Any]:
        """The NumPy array that holds the numbers.

        Args:
            force: also of a tensor that requires a gradient (default False): what NumPy computes
                then is not recorded.

        Returns:
            An array of the same shape and dtype. No copy, it shares memory.

        Raises:
            RuntimeError: the tensor requires a gradient; write ``x.detach().numpy()``.

        >>> import minigrad as mg
        >>> x = mg.zeros(2)
        >>> x.numpy()[0] = 7
        >>> x
        tensor([7., 0.])

        Source: PyTorch's ``Tensor.numpy``.
        """
        if self.extra is not None and self.extra.carried is not None:
            self.extra.carried.refuse_numbers("numpy")
        if self.requires_grad and grad_mode.enabled and not force:
            raise RuntimeError(
                "Can't call numpy() on Tensor that requires grad. Use tensor.detach().numpy() "
                "instead: NumPy does not record what it computes, so the graph would silently end."
            )
        capturing.reads("numpy()")
        note_shared(self)
        return self._data

    def __array__(self, dtype: Any = None, copy: bool | None = None) -> np.ndarray[Any, Any]:
        array = self.numpy()
        if dtype is not None and np.dtype(dtype) != array.dtype:
            return array.astype(dtype)
        return array.copy() if copy else array

    def __float__(self) -> float:
        return float(self._one_number())

    def __int__(self) -> int:
        return int(self._one_number())

    def __complex__(self) -> complex:
        return complex(self._one_number())

    def _one_number(self) -> Any:
        if self._data.size != 1:
            raise ValueError(
                "only one element tensors can be converted to Python scalars: this one has "
                f"{self._data.size}; reduce it first (.sum(), .mean()), or use .tolist()"
            )
        return self.item()

    def __index__(self) -> int:
        if self._data.dtype.kind not in "iu" or self._data.size != 1:
            raise TypeError(
                "only integer tensors of a single element can be converted to an index: this one "
                f"is {self.dtype} of shape {list(self.shape)}"
            )
        capturing.reads("an index")
        return int(self._data.item())

    def __bool__(self) -> bool:
        if self.extra is not None and self.extra.carried is not None:
            self.extra.carried.refuse_numbers("bool")
        if self._data.size > 1:
            raise RuntimeError(
                "Boolean value of Tensor with more than one value is ambiguous: say which you "
                "mean with .any() or .all()"
            )
        if self._data.size == 0:
            raise RuntimeError(
                "Boolean value of Tensor with no values is ambiguous: test .numel() instead"
            )
        capturing.reads("bool()")
        return bool(self._data)

    def __len__(self) -> int:
        if self._data.ndim == 0:
            raise TypeError("len() of a 0-d tensor: it is a single number, not a sequence")
        return len(self._data)

    def __iter__(self) -> Any:
        if self._data.ndim == 0:
            raise TypeError("iteration over a 0-d tensor: it is a single number; use .item()")
        return iter(self.unbind(0))

    def __contains__(self, value: Any) -> bool:
        if not isinstance(value, (Tensor, bool, int, float, complex, np.generic)):
            raise RuntimeError(
                "Tensor.__contains__ only supports Tensor or scalar, but you passed in a "
                f"{type(value)}."
            )
        capturing.reads("in")
        return bool((self._data == (value._data if isinstance(value, Tensor) else value)).any())

    def __delitem__(self, index: Any) -> None:
        raise TypeError(
            "Tensor does not support deleting items: its shape is fixed; pick what stays, "
            "x[keep], which makes a new one"
        )

    __hash__ = object.__hash__

    def __repr__(self) -> str:
        capturing.reads("printing it")
        if self.extra is not None and self.extra.carried is not None:
            described: str | None = self.extra.carried.describe(self)
            if described is not None:
                return described
        try:
            fn = self.grad_fn
            name = None if fn is None else fn.name().rsplit("::", 1)[-1]
        except RuntimeError:  # a view that a write to its base has made useless
            name = "Invalid"
        return printing.format_tensor(
            self._data,
            grad_fn=name,
            requires_grad=self._requires_grad if name == "Invalid" else self.requires_grad,
            default_dtype=dtypes.default_np(),
        )

    __str__ = __repr__

    def __format__(self, spec: str) -> str:
        return format(self.item(), spec) if self._data.ndim == 0 else object.__format__(self, spec)
