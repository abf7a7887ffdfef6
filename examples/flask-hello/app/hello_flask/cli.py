"""hello-flask: says what is installed, and where it runs from."""

import argparse
import json
import platform
import sys
from importlib.metadata import version


def main() -> int:
    parser = argparse.ArgumentParser(description="Says what of hello-flask is installed.")
    parser.add_argument("--json", action="store_true", help="for programs")
    options = parser.parse_args()
    facts = {
        "version": version("hello-flask"),
        "flask": version("flask"),
        "python": platform.python_version(),
        "prefix": sys.prefix,
        "base_prefix": sys.base_prefix,
        "path": sys.path,
    }
    if options.json:
        print(json.dumps(facts))
    else:
        print(f"hello-flask {facts['version']} (Flask {facts['flask']})")
        print(f"Python {facts['python']} in {facts['prefix']}")
    return 0
