"""``%load_ext minigrad``: magics, and a picture of the graph around a failed backward pass.

Graphs, tapes and reports show themselves without it (``drawing/hung_on.py``).

* ``extension`` what loading and unloading does
* ``magics``    ``%%autograd`` over a cell, ``%autograd`` before an expression
* ``errors``    short tracebacks, and what is shown after an error
"""

from .extension import load_ipython_extension, unload_ipython_extension
