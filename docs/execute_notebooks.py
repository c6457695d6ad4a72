"""Run notebooks from top to bottom and keep their outputs: what is committed is what ran.

    python docs/execute_notebooks.py                         every notebook
    python docs/execute_notebooks.py notebooks/05-*.ipynb    these

Whatever would differ from machine to machine without being an output (times, versions, random cell
ids) is left out, so that a diff shows what changed for the reader. Stops at the first error. Needs
``pip install -e ".[lab]"``.
"""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

import nbformat
from nbclient import NotebookClient

FOLDER = Path(__file__).resolve().parent.parent / "notebooks"
KERNEL = {"display_name": "Python 3 (ipykernel)", "language": "python", "name": "python3"}


def execute(path: Path) -> None:
    """Run one notebook in its own folder and write it back."""
    notebook = nbformat.read(path, as_version=4)
    for number, cell in enumerate(notebook.cells):
        cell.id = f"cell-{number:02}"
    client = NotebookClient(
        notebook, timeout=300, record_timing=False, resources={"metadata": {"path": path.parent}}
    )
    client.execute()
    for cell in notebook.cells:
        cell.metadata.pop("execution", None)
        if cell.cell_type == "code":
            cell.outputs = joined(cell.outputs)
    # Only what the reader's own Jupyter asks for; the version of this machine's Python is noise.
    notebook.metadata = {"kernelspec": KERNEL, "language_info": {"name": "python"}}
    nbformat.write(notebook, path)


def joined(outputs: list[Any]) -> list[Any]:
    """Neighbouring printed texts as one: where a kernel cuts them is chance."""
    kept: list[Any] = []
    for output in outputs:
        last = kept[-1] if kept else None
        if last and output.output_type == "stream" and last.get("name") == output.name:
            last.text += output.text
        else:
            kept.append(output)
    return kept


def main() -> None:
    paths = [Path(p) for p in sys.argv[1:]] or sorted(FOLDER.rglob("*.ipynb"))
    for path in paths:
        if ".ipynb_checkpoints" not in path.parts:
            print(path.name, flush=True)
            execute(path)


if __name__ == "__main__":
    main()
