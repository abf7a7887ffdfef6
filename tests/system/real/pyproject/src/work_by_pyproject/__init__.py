from importlib import metadata

import idna
import yaml


def main():
    print(metadata.version("work-by-pyproject"), yaml.safe_load("[1, {a: b}]"), idna.decode("xn--bcher-kva"))
