"""What the system tests share: roots and containers, projects that are built, packages looked into.

CTest sets the environment that paths.py reads; run one test by hand with `ctest -R <name> -V`.
"""
