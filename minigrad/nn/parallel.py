"""Several devices at once, of which there is one here: the module is called as it is.

Programs wrap a model in ``DataParallel`` and look it up again as ``.module``; both work. What needs
several processes cannot be had, and says so.
"""

from __future__ import annotations

from typing import Any

from .module import Module

__all__ = ["DataParallel"]


class DataParallel(Module):
    """The module itself, under the name ``module``; there is nothing to divide a batch among.

    >>> import minigrad as mg
    >>> wrapped = mg.nn.DataParallel(mg.nn.Linear(2, 1))
    >>> list(wrapped.state_dict()), wrapped(mg.zeros(3, 2)).shape
    (['module.weight', 'module.bias'], torch.Size([3, 1]))
    """

    def __init__(
        self, module: Module, device_ids: Any = None, output_device: Any = None, dim: int = 0
    ) -> None:
        super().__init__()
        self.module = module
        self.device_ids: list[int] = []
        self.dim = dim

    def forward(self, *inputs: Any, **kwargs: Any) -> Any:
        return self.module(*inputs, **kwargs)


def data_parallel(
    module: Any, inputs: Any, device_ids: Any = None, output_device: Any = None, dim: int = 0,
    module_kwargs: Any = None,
) -> Any:  # fmt: skip
    """Call ``module`` on the inputs, a tensor or a tuple."""
    inputs = inputs if isinstance(inputs, tuple) else (inputs,)
    return module(*inputs, **(module_kwargs or {}))


class DistributedDataParallel:
    """RuntimeError: minigrad runs in one process."""

    def __init__(self, module: Any = None, *args: Any, **kwargs: Any) -> None:
        raise RuntimeError(
            "Default process group has not been initialized, please make sure to call "
            "init_process_group. There are no process groups here: minigrad runs in one process, "
            "use the module as it is"
        )
