"""Make tutorials.json: what PyTorch prints when it runs tests/tutorials/*.py.

Run with PyTorch 2.13 installed: ``python tests/golden_scripts/make_tutorials.py``.
"""

import json
import subprocess
import sys

import on_path  # noqa: F401
from golden_files import GOLDEN
from places import TESTS


def output_of(script):
    run = subprocess.run([sys.executable, str(script)], capture_output=True, text=True, check=True)
    return run.stdout.splitlines()


scripts = sorted((TESTS / "tutorials").glob("*.py"))
golden = {script.name: output_of(script) for script in scripts}
(GOLDEN / "tutorials.json").write_text(json.dumps(golden, indent=1, ensure_ascii=False) + "\n")
