"""Switching recording off and on: ``no_grad``, ``enable_grad``, ``set_grad_enabled``.

The switch belongs to the thread. Each of these is a context manager and a decorator; leaving the
block restores what was before, also after an exception.
"""

from __future__ import annotations

import functools
import inspect
import warnings
from typing import Any

from ..core.modes import grad_mode
from ..core.tensor import Tensor
from ..refusals.ended_history import ended_by_mode
from ..refusals.words import need_tensor
from .inference import new_mark


def is_grad_enabled() -> bool:
    """Whether operations are being recorded in this thread."""
    return grad_mode.enabled


class _Mode:
    """A block (or function) in which recording is on or off."""

    enabled = True

    decorated: Any = None  # the function whose decorator this is

    def __init__(self, function: Any = None) -> None:
        self._before: list[tuple[bool, Any]] = []

    def __new__(cls, function: Any = None) -> Any:
        mode = object.__new__(cls)
        mode.__init__()  # type: ignore[misc]
        # ``@no_grad`` without parentheses decorates directly.
        return mode(function) if callable(function) else mode

    def __enter__(self) -> None:
        self._before.append((grad_mode.enabled, grad_mode.ended))
        grad_mode.enabled = self.enabled and not grad_mode.inference
        if not self.enabled:
            grad_mode.ended = ended_by_mode(type(self).__name__, self.decorated)

    def __exit__(self, *exc: object) -> None:
        grad_mode.enabled, grad_mode.ended = self._before.pop()

    def __call__(self, function: Any) -> Any:
        if inspect.isclass(function):
            warnings.warn(
                "Decorating classes is deprecated and will be disabled in future versions. You "
                "should only decorate functions or methods. To preserve the current behavior of "
                "class decoration, you can directly decorate the `__init__` method and nothing "
                "else.",
                FutureWarning,
                stacklevel=2,
            )
        if inspect.isgeneratorfunction(function):
            return self._wrap_generator(function)

        @functools.wraps(function)
        def decorated(*args: Any, **kwargs: Any) -> Any:
            with self.clone_for(function):
                return function(*args, **kwargs)

        return decorated

    def _wrap_generator(self, function: Any) -> Any:
        """The mode holds while the generator runs, not while its caller does."""

        @functools.wraps(function)
        def decorated(*args: Any, **kwargs: Any) -> Any:
            generator = function(*args, **kwargs)
            resume = functools.partial(generator.send, None)
            try:
                while True:
                    try:
                        with self.clone_for(function):
                            value = resume()
                    except StopIteration as stop:
                        return stop.value
                    try:
                        resume = functools.partial(generator.send, (yield value))
                    except GeneratorExit:
                        raise
                    except BaseException as error:  # its caller has called throw()
                        resume = functools.partial(generator.throw, error)
            finally:
                with self.clone_for(function):
                    generator.close()

        return decorated

    def clone(self) -> Any:
        """A fresh block of the same kind, so that one decorator serves many threads."""
        return type(self)()

    def clone_for(self, function: Any) -> Any:
        """A fresh block for one call of a decorated function."""
        block = self.clone()
        block.decorated = function
        return block


class no_grad(_Mode):
    """Do not record: for weight updates and for measuring a trained model.

    A ``with`` block or a decorator, for this thread.

    Args:
        function: the function to decorate, for ``@no_grad`` without parentheses.

    Returns:
        A context manager and decorator; for a function the decorated one.

    >>> import minigrad as mg
    >>> w = mg.ones(2, requires_grad=True)
    >>> with mg.no_grad():
    ...     print((w * 2).requires_grad)
    False

    Source: PyTorch's ``torch.no_grad``.
    """

    enabled = False


class enable_grad(_Mode):
    """Record again inside a ``no_grad`` block.

    Args:
        function: the function to decorate, for ``@enable_grad`` without parentheses.

    Returns:
        A context manager and decorator; for a function the decorated one.

    >>> import minigrad as mg
    >>> w = mg.ones(2, requires_grad=True)
    >>> with mg.no_grad(), mg.enable_grad():
    ...     print((w * 2).requires_grad)
    True

    Source: PyTorch's ``torch.enable_grad``.
    """

    enabled = True


class set_grad_enabled(_Mode):
    """Switch recording on or off by a bool: for good as a plain call, else for a block."""

    def __new__(cls, mode: bool) -> Any:
        return object.__new__(cls)

    def __init__(self, mode: bool) -> None:
        if not isinstance(mode, bool):
            raise TypeError(
                "set_grad_enabled(): argument 'enabled' (position 1) must be bool, not "
                f"{type(mode).__name__}"
            )
        self._before = [(grad_mode.enabled, grad_mode.ended)]
        self.enabled = mode
        self.switch()

    def switch(self) -> None:
        grad_mode.enabled = self.enabled and not grad_mode.inference
        off = not self.enabled
        grad_mode.ended = ended_by_mode("set_grad_enabled", self.decorated) if off else None

    def __enter__(self) -> None:
        self.switch()

    def __exit__(self, *exc: object) -> None:
        grad_mode.enabled, grad_mode.ended = self._before[-1]

    def __call__(self, function: Any) -> Any:
        # Used as a decorator: nothing is switched yet.
        grad_mode.enabled, grad_mode.ended = self._before[-1]
        return super().__call__(function)

    def clone(self) -> Any:
        return set_grad_enabled(self.enabled)

    def __repr__(self) -> str:
        return f"torch.autograd.grad_mode.set_grad_enabled(mode={self.enabled})"


class inference_mode(_Mode):
    """Like ``no_grad``, and tensors made inside can never be part of a graph.

    They keep no version counter; outside they may be read, but not written to in place, and not be
    saved for a backward pass (RuntimeError). Take a ``clone()`` for that.

    >>> import minigrad as mg
    >>> with mg.inference_mode():
    ...     y = mg.ones(2) * 2
    >>> y.is_inference(), y.clone().is_inference()
    (True, False)
    """

    def __new__(cls, mode: Any = True) -> Any:
        if callable(mode):
            return inference_mode(True)(mode)
        return object.__new__(cls)

    def __init__(self, mode: Any = True) -> None:
        self._entered: list[tuple[bool, Any, Any]] = []
        self._mode = bool(mode)

    def __enter__(self) -> None:
        self._entered.append((grad_mode.enabled, grad_mode.ended, grad_mode.mark))
        if self._mode or grad_mode.inference:
            grad_mode.enabled = not self._mode
        grad_mode.mark = (grad_mode.mark or new_mark()) if self._mode else None
        if self._mode:
            grad_mode.ended = ended_by_mode("inference_mode", self.decorated)

    def __exit__(self, *exc: object) -> None:
        grad_mode.enabled, grad_mode.ended, grad_mode.mark = self._entered.pop()

    def clone(self) -> Any:
        return inference_mode(self._mode)


def is_inference_mode_enabled() -> bool:
    """Whether this thread is in ``inference_mode``."""
    return grad_mode.inference


def is_inference(input: Tensor) -> bool:
    """True for a tensor made in inference mode."""
    need_tensor("is_inference", input)
    return input.is_inference()
