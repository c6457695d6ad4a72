"""Make tutorials.json: what PyTorch prints when it runs tests/tutorials/*.py.

Run with PyTorch 2.13 installed: ``python tests/golden/make_tutorials.py``.
"""

import json
import subprocess
import sys
from pathlib import Path

HERE = Path(__file__).parent


def output_of(script):
    run = subprocess.run([sys.executable, str(script)], capture_output=True, text=True, check=True)
    return run.stdout.splitlines()


scripts = sorted((HERE.parent / "tutorials").glob("*.py"))
golden = {script.name: output_of(script) for script in scripts}
(HERE / "tutorials.json").write_text(json.dumps(golden, indent=1, ensure_ascii=False) + "\n")
