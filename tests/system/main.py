"""main.py SCRIPT [ARGUMENT...]: runs a test; its own directory goes when it has passed.

All of them together would keep 25 GB. What a failed test made stays, to be looked into, and with
DEB_VENV_TEST_KEEP=1 what any made.
"""

import os
import runpy
import subprocess
import sys
from pathlib import Path

del sys.argv[0]
script = Path(__file__).parent / sys.argv[0]
sys.path[0] = str(script.parent)
own = Path(os.environ["DEB_VENV_TEST_OWN"])
# A test asks for a fresh directory, and does not find what one that was stopped had left.
subprocess.run(["rm", "-rf", "--one-file-system", own], check=True)
try:
    runpy.run_path(str(script), run_name="__main__")
except SystemExit as left:
    if left.code not in (None, 0, False):
        raise
if os.environ.get("DEB_VENV_TEST_KEEP") != "1":
    subprocess.run(["rm", "-rf", "--one-file-system", own], check=True)
