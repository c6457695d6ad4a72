"""What ``%load_ext minigrad`` calls."""

from __future__ import annotations

from typing import Any


def load_ipython_extension(shell: Any) -> None:
    """``%load_ext minigrad``: the magic ``%%autograd``, and pictures of failed backward passes."""
    from .errors import HANDLED, short_traceback, show_failure
    from .magics import AutogradMagics

    shell.register_magics(AutogradMagics)
    if not shell.custom_exceptions:  # unless another extension has a handler of its own
        shell.set_custom_exc(HANDLED, short_traceback)
    if show_failure not in shell.events.callbacks["post_run_cell"]:
        shell.events.register("post_run_cell", show_failure)


def unload_ipython_extension(shell: Any) -> None:
    """``%unload_ext minigrad``."""
    from .errors import HANDLED, show_failure

    if shell.custom_exceptions is HANDLED:
        shell.set_custom_exc((), None)
    for kind in ("line", "cell"):
        shell.magics_manager.magics[kind].pop("autograd", None)
    if show_failure in shell.events.callbacks["post_run_cell"]:
        shell.events.unregister("post_run_cell", show_failure)
