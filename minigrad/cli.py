"""The command ``minigrad``: ``demo`` trains and draws, ``lab`` opens notebooks, ``doctor`` checks.

What the user can get wrong (a folder, an argument, a missing package) ends in one line that says
what to do, never in a traceback.
"""

from __future__ import annotations

import argparse
import importlib.util
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable, Sequence
from importlib import metadata
from pathlib import Path
from types import ModuleType
from typing import Any

from .classroom import notebooks
from .classroom.notebooks import UserError, find_notebooks

EXAMPLE = notebooks.PACKAGE / "examples" / "seed_network.py"


def main(argv: Sequence[str] | None = None) -> int:
    """Run the command line; returns the exit code (0 well, 1 failed, 2 bad arguments)."""
    parser = make_parser()
    args, rest = parser.parse_known_args(argv)
    if rest and args.command != "lab":  # lab hands what it does not know to JupyterLab
        parser.error(f"unrecognized arguments: {' '.join(rest)}")
    try:
        if args.command == "demo":
            return demo(args.out, args.epochs, args.seed, args.quiet)
        if args.command == "lab":
            return lab(args.dir, rest)
        return doctor()
    except UserError as error:
        print(f"minigrad {args.command}: {error}", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        print(f"\nminigrad {args.command}: stopped", file=sys.stderr)
        return 130  # what a shell reports for Ctrl-C


def make_parser() -> argparse.ArgumentParser:
    from . import __version__

    parser = argparse.ArgumentParser(
        prog="minigrad", description="Automatic differentiation to look at."
    )
    parser.add_argument("--version", action="version", version=f"minigrad {__version__}")
    commands = parser.add_subparsers(dest="command", required=True, metavar="demo | lab | doctor")

    demo = commands.add_parser(
        "demo", help="train the seed network, draw its graph and its loss curve"
    )
    demo.add_argument(
        "--out",
        type=Path,
        default=Path("minigrad-demo"),
        metavar="DIR",
        help="folder for graph.svg and loss-curve.png (default: %(default)s)",
    )
    demo.add_argument(
        "--epochs", type=positive, default=1000, help="training steps (default: %(default)s)"
    )
    demo.add_argument(
        "--seed", type=seed, default=0, help="of the random numbers (default: %(default)s)"
    )
    demo.add_argument("--quiet", action="store_true", help="print the two losses, nothing else")

    lab = commands.add_parser(
        "lab",
        help="open JupyterLab on the notebooks",
        epilog="Other arguments go to JupyterLab, for example --no-browser or --port=8889.",
    )
    lab.add_argument(
        "--dir",
        type=Path,
        metavar="DIR",
        help="work on a copy of the notebooks in this folder; files already there are kept "
        "(default: the checkout's own notebooks, else ./minigrad-notebooks)",
    )
    commands.add_parser("doctor", help="check the installation and say what to do")
    return parser


def positive(text: str) -> int:
    number = int_or_error(text)
    if number < 1:
        raise argparse.ArgumentTypeError(f"must be at least 1, got {text}")
    return number


def seed(text: str) -> int:
    number = int_or_error(text)
    if not -(2**63) <= number < 2**64:
        raise argparse.ArgumentTypeError(f"must fit in 64 bits, got {text}")
    return number


def int_or_error(text: str) -> int:
    try:
        return int(text)
    except ValueError:
        raise argparse.ArgumentTypeError(f"must be a whole number, got {text!r}") from None


# --- demo ------------------------------------------------------------------------------------


def demo(out: Path, epochs: int, seed: int, quiet: bool = False) -> int:
    """Train the seed network; write ``graph.svg`` and ``loss-curve.png`` into ``out``."""
    make_writable(out)  # before the training, not after: a mistake should cost no waiting
    example = load_example()
    if not quiet:
        print(f"Training a network of 1000, 100 and 10 units for {epochs} epochs, seed {seed}.")
    first, last, losses, graph = example.train(epochs, seed, progress=False if quiet else None)
    print(f"first loss: {first}")
    print(f"last loss:  {last}", flush=True)

    from . import plot_loss
    from .drawing.render import DrawingError

    files = [out / "graph.svg", out / "loss-curve.png"]
    try:
        graph.save(files[0])
        figure: Any = plot_loss(losses, title="Loss of the seed network").figure
        figure.savefig(files[1], dpi=150)
    except (OSError, DrawingError) as error:
        raise UserError(f"cannot draw: {error}. `minigrad doctor` checks the renderer.") from error
    if not quiet:
        for file in files:
            print(f"wrote {file}")
        print(f"The code that ran: {EXAMPLE}")
    return 0


def make_writable(folder: Path) -> None:
    try:
        folder.mkdir(parents=True, exist_ok=True)
        tempfile.TemporaryFile(dir=folder).close()
    except OSError as error:
        raise UserError(
            f"cannot write to the folder {folder} ({error.strerror}). "
            "Choose another one with --out DIR."
        ) from error


def load_example() -> ModuleType:
    """The example as the user's own code, outside the package.

    So the graph shows its variables' names and its source lines, as it does for a script.
    """
    spec = importlib.util.spec_from_file_location(EXAMPLE.stem, EXAMPLE)
    assert spec is not None and spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


# --- lab -------------------------------------------------------------------------------------


def lab(folder: Path | None, arguments: Sequence[str] = ()) -> int:
    """Open JupyterLab on the notebooks; returns its exit code when the user stops it."""
    missing = [name for name in ("jupyterlab", "ipykernel") if not installed(name)]
    if missing:
        raise UserError(
            f"not installed: {', '.join(missing)}. Install with\n"
            f"    {pip_install('jupyterlab', 'ipykernel')}"
        )
    folder = notebooks_to_open(folder)
    print(f"Opening JupyterLab on {folder} (stop it with Ctrl-C)", flush=True)
    process = subprocess.Popen([sys.executable, "-m", "jupyterlab", *arguments], cwd=folder)
    while True:
        try:
            return process.wait()
        except KeyboardInterrupt:
            continue  # JupyterLab got Ctrl-C too and asks whether to stop: let it decide


def notebooks_to_open(folder: Path | None) -> Path:
    """The folder to open: a checkout's own notebooks, or a copy of the installed ones."""
    source = find_notebooks()
    if folder is None and source == notebooks.PACKAGE.parent / "notebooks":
        return source
    folder = (folder or Path("minigrad-notebooks")).resolve()
    try:
        copy_missing(source, folder)
    except OSError as error:
        raise UserError(
            f"cannot copy the notebooks to {folder} ({error.strerror}). "
            "Choose another folder with --dir DIR."
        ) from error
    return folder


def copy_missing(source: Path, target: Path) -> None:
    """Copy what is not there yet, so that a student's own work is never overwritten."""
    target.mkdir(parents=True, exist_ok=True)
    for file in sorted(source.rglob("*")):
        copy = target / file.relative_to(source)
        if file.is_file() and ".ipynb_checkpoints" not in file.parts and not copy.exists():
            copy.parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(file, copy)


# --- doctor ----------------------------------------------------------------------------------

Check = Callable[[], str]  # says what it found; raises UserError with what to do


def doctor() -> int:
    """Check what minigrad needs, one line each; returns 1 if something required is broken."""
    required: list[Check] = [
        check_python, check_numpy, check_engine, check_renderer, check_matplotlib,
    ]  # fmt: skip
    optional: list[Check] = [check_notebooks, check_jupyter, check_torch]
    broken = 0
    for check in required + optional:
        try:
            print(f"ok     {check()}", flush=True)
        except Exception as error:  # whatever is broken, the other checks must still run
            must = check in required
            broken += must
            told = str(error) if isinstance(error, UserError) else explain(check, error)
            print(f"{'FAILED' if must else 'absent'} {told}", flush=True)
    print("Something required is broken: see FAILED above." if broken else "minigrad is ready.")
    return 1 if broken else 0


def explain(check: Check, error: Exception) -> str:
    what = check.__name__.removeprefix("check_")
    if what in NEEDS:
        remedy = pip_install("--force-reinstall", *NEEDS[what])
    else:
        remedy = "install minigrad again from its checkout"
    return f"{what}: {type(error).__name__}: {error}\n       Try: {remedy}"


NEEDS = {
    "numpy": ["numpy"],
    "renderer": ["graphviz-pure"],
    "matplotlib": ["matplotlib"],
    "jupyter": ["jupyterlab", "ipykernel"],
}


def check_python() -> str:
    version = ".".join(map(str, sys.version_info[:3]))
    if sys.version_info < (3, 11):  # noqa: UP036  (a checkout can be run without installing it)
        raise UserError(
            f"Python {version} is too old: minigrad needs 3.11 or newer.\n"
            "       Do: make a virtual environment with a newer Python and install again."
        )
    return f"Python {version} ({sys.executable})"


def check_numpy() -> str:
    import numpy as np

    if tuple(map(int, np.__version__.split(".")[:2])) < (1, 26):
        raise UserError(
            f"numpy {np.__version__} is too old: minigrad needs 1.26 or newer.\n"
            f"       Do: {pip_install('--upgrade', 'numpy')}"
        )
    return f"numpy {np.__version__}"


def check_engine() -> str:
    import minigrad as mg

    w = mg.tensor([1.0, 2.0], requires_grad=True)
    (w * w).sum().backward()
    if w.grad is None or w.grad.tolist() != [2.0, 4.0]:
        raise RuntimeError(f"the gradient of w*w at [1, 2] came out as {w.grad}, not [2, 4]")
    return f"minigrad {mg.__version__}: the gradient of w*w is 2*w ({notebooks.PACKAGE})"


def check_renderer() -> str:
    import minigrad as mg

    from .drawing.render import renderer

    w = mg.tensor([1.0, 2.0], requires_grad=True)
    graph = mg.graph((w * w).sum())
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "graph.svg"
        graph.save(file)
        if "<svg" not in file.read_text(encoding="utf-8"):
            raise RuntimeError("the renderer ran, but what it wrote is not an SVG picture")
    return f"drawing graphs: {renderer()}"


def check_matplotlib() -> str:
    import minigrad as mg

    with tempfile.TemporaryDirectory() as folder:
        figure: Any = mg.plot_loss([2.0, 1.0]).figure
        figure.savefig(Path(folder) / "curve.png")
    return f"matplotlib {version('matplotlib')}"


def check_notebooks() -> str:
    folder = find_notebooks()
    return f"{len(list(folder.glob('*.ipynb')))} notebooks ({folder})"


def check_jupyter() -> str:
    missing = [name for name in ("jupyterlab", "ipykernel") if not installed(name)]
    if missing:
        raise UserError(
            f"{', '.join(missing)} (only needed for notebooks).\n"
            f"       To have it: {pip_install('jupyterlab', 'ipykernel')}"
        )
    return f"jupyterlab {version('jupyterlab')}, ipykernel {version('ipykernel')}"


def check_torch() -> str:
    if not installed("torch"):
        raise UserError("torch (only needed to compare results with PyTorch's).")
    return f"torch {version('torch')}"


def installed(name: str) -> bool:
    return importlib.util.find_spec(name) is not None


def version(name: str) -> str:
    try:
        return metadata.version(name)
    except metadata.PackageNotFoundError:
        return "of unknown version"


def pip_install(*names: str) -> str:
    """The command that installs into this very Python, whichever one the shell finds first."""
    return " ".join([sys.executable, "-m pip install", *names])
