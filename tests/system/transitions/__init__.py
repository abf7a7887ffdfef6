"""The rows of the matrix test: a function each, in files by their kind, in the order played."""

from transitions.cell import ROWS
from transitions import ordinary, failures, half, others, versions, kills  # each adds its rows

__all__ = ["ROWS"]
