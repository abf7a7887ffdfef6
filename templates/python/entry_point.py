#!python -I
import sys

from @MODULE@ import @NAME@

if __name__ == "__main__":
    sys.exit(@FUNCTION@())
