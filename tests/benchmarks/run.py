"""Side-by-side measurements: ``python tests/benchmarks/run.py``.

Each library works in a process of its own. The processes take turns, round by round, so that a
noisy moment of the machine hits all of them; what is quoted is the median over the rounds of the
ratio within a round, with its quartiles. Nothing here passes or fails: machines are noisy,
judgement is the reader's.

Options: ``--rounds``, ``--threads``, ``--only NAME ...``, ``--json``, ``--plot FILE``, ``--docs``,
``--before FOLDER``: another checkout, such as one of the commit before, takes its turns too; in its
rows "minigrad / this" is now / before.
"""

from __future__ import annotations

import argparse
import importlib.metadata
import importlib.util
import json
import multiprocessing
import os
import platform
import statistics
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

from graphs import DRAWING, MEMORY, memory_of
from networks import CONV, MLP
from workloads import GRAPH_BUILDING, LIBRARIES, OP_CHAIN, SEED_LOOP, Workload

WORKLOADS: dict[str, Workload] = {
    "seed loop": SEED_LOOP,
    "op chain": OP_CHAIN,
    "mlp": MLP,
    "conv net": CONV,
    "graph building": GRAPH_BUILDING,
    "drawing": DRAWING,
}
DOCS = Path(__file__).resolve().parents[2] / "docs"
IMPORTS = ["minigrad", "torch", "jax jit", "autograd", "micrograd", "numpy"]


BEFORE = " before"  # ends the names of what the other checkout does


def of_before(library: str) -> str:
    """The library's own name; for one of the other checkout, that is what will be imported."""
    if library.endswith(BEFORE):
        sys.path.insert(0, os.environ["MINIGRAD_BEFORE"])
    return library.removesuffix(BEFORE)


def environment_of(library: str) -> dict[str, str]:
    """The environment of a process that imports the library."""
    here = str(Path(__file__).resolve().parents[2])
    path = os.environ["MINIGRAD_BEFORE"] if library.endswith(BEFORE) else here
    return {**os.environ, "PYTHONPATH": path}


def use_threads(n: int) -> None:
    """Let every library compute with ``n`` threads (before the workers load it)."""
    for name in ("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS", "MKL_NUM_THREADS"):
        os.environ[name] = str(n)
    os.environ["NPROC"] = str(n)  # for jax


def work(library: str, workload: str, pipe: Any) -> None:
    """A worker: answers every request with the seconds that a unit of work took."""
    task = WORKLOADS[workload]
    step = task.makers[of_before(library)]()
    for _ in range(12):  # compile, capture, fill caches
        step()
    pipe.send(True)
    while pipe.recv():
        time.sleep(0.1)  # let the other library's threads stop spinning on our cores
        for _ in range(max(task.calls // 4, 1)):
            step()
        start = time.perf_counter()
        for _ in range(task.calls):
            step()
        pipe.send((time.perf_counter() - start) / (task.calls * task.units))


def measure(workload: str, libraries: list[str], rounds: int) -> dict[str, list[float]]:
    """Times a round of each library that can do the workload, in microseconds."""
    context = multiprocessing.get_context("spawn")
    workers = {}
    for library in libraries:
        if library.removesuffix(BEFORE) in WORKLOADS[workload].makers:
            here, there = context.Pipe()
            context.Process(target=work, args=(library, workload, there), daemon=True).start()
            there.close()  # so that a worker that dies is an EOFError here
            here.recv()
            workers[library] = here
    times: dict[str, list[float]] = {library: [] for library in workers}
    for _ in range(rounds):
        for library, pipe in workers.items():
            pipe.send(True)
            times[library].append(pipe.recv() * 1e6)
    for pipe in workers.values():
        pipe.send(False)
    return times


def import_times(libraries: list[str], rounds: int) -> dict[str, list[float]]:
    """Milliseconds of ``import``, in a new process each time, without Python's own start."""
    times: dict[str, list[float]] = {
        name: [] for name in libraries if name.removesuffix(BEFORE) in IMPORTS
    }
    for _ in range(rounds):
        for name, values in times.items():
            own = name.removesuffix(BEFORE)
            module = "micrograd.engine" if own == "micrograd" else LIBRARIES[own]
            code = f"import time; t = time.perf_counter(); import {module}; " \
                   "print(time.perf_counter() - t)"  # fmt: skip
            done = subprocess.run([sys.executable, "-c", code], capture_output=True, check=True,
                                  env=environment_of(name))  # fmt: skip
            values.append(float(done.stdout) * 1e3)
    return times


def memory_sizes(libraries: list[str], rounds: int) -> dict[str, list[float]]:
    """Bytes a node of a long chain, above its 16 bytes of data, in a new process each time."""
    return {
        name: [memory_of(name.removesuffix(BEFORE), environment_of(name)) for _ in range(rounds)]
        for name in libraries if name.removesuffix(BEFORE) in MEMORY
    }


def rows_of(name: str, unit: str, values: dict[str, list[float]], rivals: Any) -> list[Any]:
    """A row for each library, with the ratios of ``rivals`` to it, paired within the rounds."""
    rows = []
    for library, own in values.items():
        row: dict[str, Any] = {"workload": name, "unit": unit, "library": library}
        row["median"] = statistics.median(own)
        for rival in rivals:
            if rival in values:
                ratios = [m / v for m, v in zip(values[rival], own, strict=True)]
                row[rival] = statistics.quantiles(ratios, n=4)
        rows.append(row)
    return rows


def machine() -> dict[str, Any]:
    """What the numbers were measured on."""
    model = platform.machine()
    try:
        lines = Path("/proc/cpuinfo").read_text().splitlines()
        model = next(line.split(":")[1].strip() for line in lines if "model name" in line)
    except (OSError, StopIteration):
        model = platform.processor() or model  # not on Linux
    versions = {}
    for module in dict.fromkeys(LIBRARIES.values()):
        if importlib.util.find_spec(module):
            versions[module] = importlib.metadata.version(module)
    return {"processor": model, "cores": os.cpu_count(), "system": platform.system(),
            "python": platform.python_version(), "versions": versions}  # fmt: skip


def ratio_text(row: dict[str, Any], rival: str) -> str:
    if rival not in row:
        return ""
    low, middle, high = row[rival]
    return f"{middle:.2f} ({low:.2f}-{high:.2f})"


def show(row: dict[str, Any]) -> None:
    print(f"{row['workload']:<15}{row['library']:<25}{row['median']:>10.2f} {row['unit']:<14}"
          f"{ratio_text(row, 'minigrad'):>20}{ratio_text(row, 'minigrad capture'):>20}",
          flush=True)  # fmt: skip


def markdown(rows: list[dict[str, Any]]) -> str:
    lines = ["| What | Library | Median | minigrad / this | captured / this |",
             "|---|---|--:|--:|--:|"]  # fmt: skip
    before = None
    for row in rows:
        what = "" if row["workload"] == before else f"**{row['workload']}** ({row['unit']})"
        before = row["workload"]
        ratios = f"{ratio_text(row, 'minigrad')} | {ratio_text(row, 'minigrad capture')}"
        lines.append(f"| {what} | {row['library']} | {row['median']:.2f} | {ratios} |")
    return "\n".join(lines) + "\n"


def plot(rows: list[dict[str, Any]], file: Path) -> None:
    """Bars: how long each library takes, where minigrad takes 1."""
    import matplotlib

    matplotlib.use("agg")
    import matplotlib.pyplot as plt

    names = list(dict.fromkeys(row["workload"] for row in rows))
    figure, all_axes = plt.subplots(2, -(-len(names) // 2), figsize=(13, 6), layout="constrained")
    for axes in all_axes.flat[len(names) :]:
        axes.axis("off")
    for axes, name in zip(all_axes.flat, names):
        mine = [row for row in rows if row["workload"] == name]
        heights = [1 / row["minigrad"][1] for row in mine]
        colours = ["#0072b2" if "minigrad" in row["library"] else "#bbbbbb" for row in mine]
        bars = axes.barh([row["library"] for row in mine], heights, color=colours)
        axes.bar_label(bars, [f"{h:.2f}" for h in heights], padding=2)
        axes.axvline(1, color="black", linewidth=0.8, linestyle=":")
        axes.margins(x=0.15)
        axes.invert_yaxis()
        axes.set_title(name)
    figure.suptitle("Time (memory: size) as a multiple of minigrad's; shorter is better")
    figure.savefig(file, dpi=100)


def document(about: dict[str, Any]) -> None:
    """Write the table, and what it was measured on, into docs/benchmarks.md."""
    page = DOCS / "benchmarks.md"
    m = about["machine"]
    versions = ", ".join(f"{k} {v}" for k, v in m["versions"].items())
    text = (
        f"Measured on {m['cores']} cores of {m['processor']}, {m['system']}, Python {m['python']}; "
        f"{about['threads']} thread(s) a library, {about['rounds']} rounds; {versions}.\n\n"
        + markdown(about["rows"])
    )
    start, end = "<!-- table -->\n", "<!-- end of table -->"
    before, rest = page.read_text(encoding="utf-8").split(start)
    page.write_text(before + start + text + end + rest.split(end)[1], encoding="utf-8")


def main() -> None:
    names = [*WORKLOADS, "import", "memory"]
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--rounds", type=int, default=30)
    parser.add_argument("--threads", type=int, default=os.cpu_count() or 1)
    parser.add_argument("--only", choices=names, nargs="+", default=names)
    parser.add_argument("--json", type=Path, default=Path("benchmarks.json"))
    parser.add_argument("--plot", type=Path, default=Path("benchmarks.png"))
    parser.add_argument("--docs", action="store_true", help="write docs/benchmarks.md")
    parser.add_argument("--before", type=Path, help="another checkout of minigrad to compare with")
    args = parser.parse_args()

    if args.docs:
        args.json, args.plot = DOCS / "benchmarks/results.json", DOCS / "benchmarks/results.png"
    use_threads(args.threads)
    libraries = [name for name, module in LIBRARIES.items() if importlib.util.find_spec(module)]
    if args.before:
        os.environ["MINIGRAD_BEFORE"] = str(args.before.resolve())
        at = libraries.index("minigrad capture") + 1
        libraries[at:at] = [name + BEFORE for name in libraries[:at]]
    if missing := sorted(set(LIBRARIES) - set(libraries)):
        print("not installed, so not compared:", ", ".join(missing))
    print(f"{'workload':<15}{'library':<25}{'median':>10} {'unit':<14}{'minigrad / this':>20}"
          f"{'captured / this':>20}   (quartiles)")  # fmt: skip
    rows: list[dict[str, Any]] = []
    for name in args.only:
        if name == "import":
            unit, values = "ms", import_times(libraries, min(args.rounds, 7))
        elif name == "memory":
            unit, values = "bytes a node", memory_sizes(libraries, 3)
        else:
            unit = "us " + WORKLOADS[name].unit
            values = measure(name, libraries, args.rounds)
        new = rows_of(name, unit, values, ["minigrad", "minigrad capture"])
        for row in new:
            show(row)
        rows += new
    about = {"machine": machine(), "threads": args.threads, "rounds": args.rounds, "rows": rows}
    args.json.write_text(json.dumps(about, indent=1) + "\n")
    plot(rows, args.plot)
    print(f"saved {args.json} and {args.plot}")
    if args.docs:
        document(about)


if __name__ == "__main__":
    main()
