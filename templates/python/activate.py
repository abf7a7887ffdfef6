# Writes the activate scripts that this Python's venv module makes, for an environment elsewhere.
#
#   python -c "$(cat activate.py)" SCRATCH PREFIX OUTPUT
#
# SCRATCH is a directory to be made, of the same last component as PREFIX (the prompt is named after
# it); the scripts go into OUTPUT. The context that the templates are filled from is the module's
# own, so that each Python version gets what its templates ask for. A Python without that module
# (python3.X-minimal) makes none, which is said on stdout.
import os
import sys

try:
    import venv
except ImportError as problem:
    print(problem)
    sys.exit(0)


def main(scratch, prefix, output):
    builder = venv.EnvBuilder(symlinks=True, with_pip=False)
    context = builder.ensure_directories(scratch)
    for name, value in vars(context).items():
        if isinstance(value, str) and (value == scratch or value.startswith(scratch + os.sep)):
            setattr(context, name, prefix + value[len(scratch):])
    # Scripts and the interpreter lie in bin; the interpreter is called as all scripts call it.
    context.bin_path = output
    context.env_exe = prefix + "/bin/python3"
    builder.setup_scripts(context)
    for name in os.listdir(output):
        if name.lower().startswith("activate"):
            os.chmod(os.path.join(output, name), 0o644)


main(*sys.argv[1:])
