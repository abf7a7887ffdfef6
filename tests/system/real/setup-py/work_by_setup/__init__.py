from importlib import resources

import idna

from work_by_setup import _fast


def main():
    words = resources.files(__name__).joinpath("words.txt").read_text().split()
    print(_fast.twice(21), idna.encode(words[0]).decode())
