# Names the top-level modules of Python's own library, a line each.
import os
import sys

# sys has the list from 3.10 on.
names = set(getattr(sys, "stdlib_module_names", ()))
if not names:
    names.update(sys.builtin_module_names)
    library = os.path.dirname(os.__file__)
    for directory in (library, os.path.join(library, "lib-dynload")):
        if os.path.isdir(directory):
            names.update(name.split(".")[0] for name in os.listdir(directory))
print("\n".join(sorted(name for name in names if name.isidentifier() and name != "test")))
