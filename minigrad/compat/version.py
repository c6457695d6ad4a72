"""``mg.version``: for programs that ask what PyTorch was built with."""

from importlib import import_module

__all__ = ["__version__", "cuda", "debug", "git_version", "hip"]

__version__ = import_module(__name__.partition(".")[0]).__version__
debug = False
cuda = hip = git_version = None
