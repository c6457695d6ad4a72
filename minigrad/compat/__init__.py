"""Names that PyTorch has at addresses of its own, and addresses that minigrad had before.

``minigrad.linalg`` is ``minigrad.compat.linalg``: the files stand here together, and
``addresses.py`` lets ``import minigrad.linalg`` find them.
"""
