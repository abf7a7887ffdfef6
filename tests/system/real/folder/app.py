#!/usr/bin/env python3
"""No packaging metadata anywhere: modules, a package and data in a folder."""

from importlib import metadata
from pathlib import Path

import idna

from inner import answer

TEMPLATES = Path(__file__).parent / "templates"


def main():
    page = (TEMPLATES / "page.txt").read_text().strip()
    print(page, answer(), idna.decode("xn--bcher-kva"), metadata.packages_distributions()["app"])


if __name__ == "__main__":
    main()
