# Imports modules and resolves entry points, each in a process of its own, and says what happened.
#
#   python -I -B -c "$(cat script_imports.py starts.py imports.py)" < ORDER
#
# ORDER is JSON: {"jobs": [{"module": "flask.cli", "attributes": ["main"]}, ...], "seconds": 60}.
# Writes {"facts": {...}, "results": [...]} to stdout: what this interpreter says of itself, and per
# job, in order, "ok", or what was raised, with the errors that led to it. A job with a "way" is one of
# starts.py.
import json
import os
import select
import signal
import sys
import time


def facts():
    import encodings
    import sysconfig

    return {
        "version": "%d.%d.%d" % sys.version_info[:3],
        "prefix": sys.prefix,
        "base_prefix": sys.base_prefix,
        "executable": sys.executable,
        "path": sys.path,
        "standard_library": os.path.dirname(os.__file__),
        "encodings": os.path.dirname(os.path.dirname(encodings.__file__)),
        "site_packages": sysconfig.get_path("purelib"),
        "modules": standard_modules(),
    }


def standard_modules():
    """What the standard library has, here or on other systems; sys has the list from 3.10 on."""
    known = set(getattr(sys, "stdlib_module_names", ()))
    if not known:
        known.update(sys.builtin_module_names)
        for directory in (os.path.dirname(os.__file__), *sys.path):
            if os.path.isdir(directory) and "site-packages" not in directory:
                known.update(name.split(".")[0] for name in os.listdir(directory))
    return sorted(known)


def text(value, limit=2000):
    """Without lone surrogates, which are no Unicode."""
    return str(value)[:limit].encode("utf-8", "backslashreplace").decode("utf-8")


def describe(error):
    """The error and what caused it, outermost first."""
    chain = []
    is_cause = False
    while error is not None and len(chain) < 20:
        where = error.__traceback__
        while where is not None and where.tb_next is not None:
            where = where.tb_next
        chain.append(
            {
                "type": type(error).__name__,
                "bases": [base.__name__ for base in type(error).__mro__],
                "message": text(error),
                "name": text(getattr(error, "name", None) or ""),
                "file": text(where.tb_frame.f_code.co_filename if where is not None else ""),
                "line": where.tb_lineno if where is not None else 0,
                "is_cause": is_cause,
            }
        )
        is_cause = error.__cause__ is not None
        error = error.__cause__ or error.__context__
    return chain


def import_with(module, attributes):
    """As `from module import attribute`: it may be a module below, which only that imports."""
    import importlib

    found = importlib.import_module(module)
    if attributes and not hasattr(found, attributes[0]) and hasattr(found, "__path__"):
        name = module + "." + attributes[0]
        try:
            importlib.import_module(name)
        except ModuleNotFoundError as error:
            if error.name != name:
                raise
    return found


def attempt(job):
    if "way" in job:
        return find(job)
    try:
        found = import_with(job["module"], job["attributes"])
    except SystemExit:
        return {"outcome": "exit"}
    except BaseException as error:  # whatever a module raises is what is to be told
        return {"outcome": "error", "chain": describe(error)}
    for attribute in job["attributes"]:
        try:
            found = getattr(found, attribute)
        except AttributeError:
            return {"outcome": "missing", "attribute": attribute}
        except BaseException as error:
            return {"outcome": "error", "chain": describe(error)}
    return {"outcome": "ok", "gil": turned_on_again()}


def turned_on_again():
    """Whether what was imported made a free-threaded Python take its lock again."""
    import sysconfig

    if not sysconfig.get_config_var("Py_GIL_DISABLED"):
        return False
    return sys._is_gil_enabled()


def start(job):
    """A child of its own session, so that all it starts can be ended, with nothing to write on."""
    reader, writer = os.pipe()
    pid = os.fork()
    if pid:
        os.close(writer)
        return pid, reader
    status = 1
    try:
        os.setsid()
        null = os.open(os.devnull, os.O_RDWR)
        for descriptor in range(3):
            os.dup2(null, descriptor)
        sys.argv = [job.get("module", "")]
        answer = json.dumps(attempt(job)).encode("utf-8")
        while answer:
            answer = answer[os.write(writer, answer) :]
        status = 0
    finally:
        os._exit(status)  # threads and exit handlers of the modules have no say


def finish(pid, data, late):
    try:
        os.killpg(pid, signal.SIGKILL)  # and what it started
    except OSError:
        pass
    status = os.waitpid(pid, 0)[1]
    if late:
        return {"outcome": "timeout"}
    if data:
        return json.loads(data.decode("utf-8"))
    if os.WIFSIGNALED(status):
        return {"outcome": "signal", "signal": signal.Signals(os.WTERMSIG(status)).name}
    return {"outcome": "exit"}


def main():
    # What is imported lazily (PEP 810) would be missed only when it is used.
    if hasattr(sys, "set_lazy_imports"):
        sys.set_lazy_imports("none")
    order = json.load(sys.stdin)
    results = [None] * len(order["jobs"])
    waiting = list(enumerate(order["jobs"]))[::-1]
    running = {}  # descriptor -> (index, pid, data, deadline)
    at_once = min(len(os.sched_getaffinity(0)), 4)
    while waiting or running:
        while waiting and len(running) < at_once:
            index, job = waiting.pop()
            pid, reader = start(job)
            running[reader] = (index, pid, bytearray(), time.monotonic() + order["seconds"])
        wait = max(0, min(one[3] for one in running.values()) - time.monotonic())
        ready = select.select(list(running), [], [], wait)[0]
        for reader, (index, pid, data, deadline) in list(running.items()):
            late = time.monotonic() > deadline
            if reader in ready:
                piece = os.read(reader, 65536)
                data += piece
                if piece:
                    continue
            elif not late:
                continue
            os.close(reader)
            del running[reader]
            results[index] = finish(pid, data, late and reader not in ready)
    # Whatever names a module had, the answer is text.
    json.dump({"facts": facts(), "results": results}, sys.stdout)


main()
