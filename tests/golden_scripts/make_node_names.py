"""Makes node_names.json: what PyTorch calls the nodes of the calls in all tables.

Run with PyTorch 2.13 installed: ``python tests/golden_scripts/make_node_names.py``.
"""

import json

import on_path  # noqa: F401
import torch
from golden_files import GOLDEN
from node_names import all_calls, node_names


def main():
    found = {text: node_names(torch, *rest) for text, *rest in all_calls()}
    head = json.dumps(torch.__version__.split("+")[0])
    body = ",\n".join(f"{json.dumps(text)}: {json.dumps(names)}" for text, names in found.items())
    (GOLDEN / "node_names.json").write_text(f'{{"torch": {head}, "calls": {{\n{body}\n}}}}\n')


if __name__ == "__main__":
    main()
