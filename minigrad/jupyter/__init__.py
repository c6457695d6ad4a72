"""``%load_ext minigrad``: magics, and a picture of the graph around a failed backward pass."""

from .display import load_ipython_extension, unload_ipython_extension
