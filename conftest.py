"""pytest finds the examples of docstrings in the files where they stand.

Public functions and classes say that they are from ``minigrad`` or ``minigrad.nn`` (see
faithful/public_names.py), and doctest believes them. There, ``range`` and ``float`` in an example
would be minigrad's, and the lines of a failure could not be named.
"""

import doctest
import functools
import inspect
import re

by_module = doctest.DocTestFinder._from_module
source_of = functools.cache(inspect.getsource)


def by_file(self, module, thing):
    """doctest's question whether a thing is from a module, answered by its code."""
    if module is not None and inspect.isfunction(thing):
        return inspect.unwrap(thing).__globals__ is vars(module)
    if module is not None and inspect.isclass(thing) and thing.__module__.startswith("minigrad"):
        return re.search(rf"^class {thing.__name__}\b", source_of(module), re.M) is not None
    return by_module(self, module, thing)


doctest.DocTestFinder._from_module = by_file
