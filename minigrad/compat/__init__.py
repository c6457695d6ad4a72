"""Names that PyTorch has at addresses of its own, and addresses that minigrad had before.

``minigrad.linalg`` is ``minigrad.compat.linalg``: ``linalg``, ``special``, ``testing``, ``cuda``,
``accelerator`` and ``backends`` stand here together, and ``addresses`` lets ``import`` find them.
``top_level_functional`` and ``settings`` are functions of ``minigrad`` itself that are there for
programs written for PyTorch. ``earlier_names`` reads the pickles of version 0.1.0.
"""
