# Compiles Python files as they will be named on the target.
#
#   python -c "$(cat compile.py)" < LIST
#
# LIST: per file, its path here and its path on the target, each ended by a NUL byte. Writes the
# .pyc beside each (PEP 3147) with an unchecked hash (PEP 552): dpkg guards the sources, so Python
# need not look at them again. A file that does not compile (a template, Python 2) is reported on
# stdout, "PATH: message", and left without.
import sys

del sys.path[0]

import importlib._bootstrap_external as external
import importlib.util
import os
import warnings

# Few files are compiled here; many are shared out to processes. Either way each process has the
# same modules loaded, for marshal writes shared strings by what else holds them.
PER_PROCESS = 40


def compile_file(source, name):
    with open(source, "rb") as file:
        data = file.read()
    try:
        code = compile(data, name, "exec", dont_inherit=True, optimize=0)
    except (SyntaxError, ValueError, RecursionError, OverflowError) as problem:
        return "%s: %s" % (name, problem)
    target = importlib.util.cache_from_source(source, optimization="")
    os.makedirs(os.path.dirname(target), mode=0o755, exist_ok=True)
    pyc = external._code_to_hash_pyc(code, importlib.util.source_hash(data), False)
    with open(target, "wb") as file:
        file.write(pyc)
    os.chmod(target, 0o644)
    return None


def compile_all(jobs):
    problems = [problem for problem in (compile_file(*job) for job in jobs) if problem]
    os.write(1, "".join(problem + "\n" for problem in problems).encode("utf-8", "replace"))


def main():
    warnings.simplefilter("ignore")
    fields = [os.fsdecode(field) for field in sys.stdin.buffer.read().split(b"\0")][:-1]
    jobs = list(zip(fields[::2], fields[1::2]))
    count = min(len(os.sched_getaffinity(0)), len(jobs) // PER_PROCESS + 1)
    if count == 1:
        compile_all(jobs)
        return
    children = []
    for index in range(count):
        pid = os.fork()
        if pid == 0:
            status = 1
            try:
                compile_all(jobs[index::count])
                status = 0
            finally:
                os._exit(status)
        children.append(pid)
    if any(os.waitpid(pid, 0)[1] for pid in children):
        sys.exit("a compiling process failed")


main()
