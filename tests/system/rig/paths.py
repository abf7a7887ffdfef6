"""Where things are: set by tests/system/CMakeLists.txt for every test."""

import os
import sys
from pathlib import Path

TOP = Path(os.environ["DEB_VENV_TEST_TOP"])  # the source tree
BUILD = Path(os.environ["DEB_VENV_TEST_BUILD_DIR"])  # where the tool was built
WORK = Path(os.environ["DEB_VENV_TEST_WORK"])  # the system tests' own directory
CMAKE = os.environ["DEB_VENV_TEST_CMAKE"]
# This test's own directory, which goes when the test has passed (main.py).
OWN = Path(os.environ.get("DEB_VENV_TEST_OWN") or WORK / Path(sys.argv[0]).stem)

TOOL = WORK / "tool"  # the tool, installed as a user would
ORIGIN = WORK / "origin"  # a repository with two versions of the demonstration
PACKAGES = WORK / "packages"  # what was made from it
ROOTS = WORK / "roots"  # minimal Debian roots, one a suite

APP = "examples/flask-hello/app"
PREFIX = "/opt/venvs/hello-flask"
ADDRESS = "127.0.0.1:8100"
EDITED = "Edited by the administrator"
