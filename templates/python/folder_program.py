#!python
import os
import runpy
import sys

runpy.run_path(os.path.join(sys.prefix, "app", @FILE@), run_name="__main__")
