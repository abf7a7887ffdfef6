# What the jobs of imports.py can ask for besides a module: all that a program must find when it
# starts. Nothing of it is started: statements that import are run, and factories are called.
import ast
import importlib
import importlib.util
import os
import sys


class Absent(Exception):
    """Something is not there, and no error of Python's says so."""


def read_source(file):
    with open(file, "rb") as stream:
        return stream.read()


def check_loads(loads, job):
    for name in loads:
        if name == "django":
            check_django(job)
        else:
            module, _, value = name.partition(":")
            find_object({"module": module, "object": value})


def find_script(job):
    """A file that Python runs."""
    file = job["file"]
    if os.path.isdir(file):  # runpy's: a directory with __main__.py
        file = os.path.join(file, "__main__.py")
    find_file({"file": file})
    source = read_source(file)
    if b"\0" in source:  # an archive, or a notebook's data
        return
    loads, _ = run_imports_of(source, file, None)
    check_loads(loads, job)


def find_code(job):
    loads, _ = run_imports_of(job["code"], "-c", None)
    check_loads(loads, job)


def find_main(job):
    """python -m MODULE."""
    name = job["module"]
    spec = importlib.util.find_spec(name)
    if spec is not None and spec.submodule_search_locations is not None:
        package = name
        name += ".__main__"
        spec = importlib.util.find_spec(name)
        if spec is None:
            raise Absent("%s is a package without __main__" % package)
    if spec is None:
        raise ModuleNotFoundError("No module named %r" % name, name=name)
    if spec.origin is None or not spec.origin.endswith(".py"):
        return importlib.import_module(name)
    if spec.origin.startswith(os.path.dirname(os.__file__) + os.sep) and "site-packages" not in spec.origin:
        return None  # of the standard library
    loads, _ = run_imports_of(read_source(spec.origin), spec.origin, name.rpartition(".")[0])
    return check_loads(loads, job)


def find_entry(job):
    """A console or GUI script's function, and what it imports first of all."""
    found = find_attributes(import_with(job["module"], job["attributes"]), job["attributes"])
    code = getattr(found, "__code__", None)
    if code is None or not code.co_filename.endswith(".py"):
        return
    source = read_source(code.co_filename)
    tree = ast.parse(source)
    for node in ast.walk(tree):
        if isinstance(node, FUNCTIONS) and node.name == found.__name__:
            lines = [node.lineno, *(each.lineno for each in node.decorator_list)]
            if code.co_firstlineno in lines:
                scope = dict(found.__globals__)
                loads, _ = run_imports_of(source, code.co_filename, scope.get("__package__"), node.body, scope)
                check_loads(loads, job)


class Lacking(Exception):
    """An attribute that is not there, of what was imported."""

    def __init__(self, owner, attribute):
        super().__init__(attribute)
        self.names = [name for name in dir(owner) if not name.startswith("__")][:1000]


def find_attributes(found, attributes):
    for attribute in attributes:
        try:
            found = getattr(found, attribute)
        except AttributeError as error:
            if getattr(error, "obj", found) is not found and sys.version_info >= (3, 10):
                raise  # one of a lazy module's own
            raise Lacking(found, attribute) from None
    return found


def evaluate(module, expression, called):
    """app, application.wsgi, create_app(), create_app("production"): the object, with factories called."""
    tree = ast.parse(expression.strip(), mode="eval")
    node, names, calls = tree.body, [], False
    while not isinstance(node, ast.Name):
        if isinstance(node, ast.Attribute):
            names = [node.attr, *names]
            node = node.value
        elif isinstance(node, ast.Call):
            names, calls, node = [], True, node.func
        elif isinstance(node, ast.Subscript):
            names, calls, node = [], True, node.value
        else:
            raise Absent("%s is no name of an object" % expression)
    found = find_attributes(module, [node.id, *names])
    if calls:
        found = eval(compile(tree, "<command>", "eval"), vars(module))
    return found() if called and callable(found) else found


def load(name):
    """A module by its name, or by its file as hypercorn, flask and granian take it."""
    if not name.endswith(".py") and "/" not in name:
        return importlib.import_module(name)
    path = os.path.realpath(name)
    if path.endswith(".py"):
        path = path[: -len(".py")]
    if not os.path.exists(path + ".py") and not os.path.isdir(path):
        raise Absent("there is no file %s.py" % path)
    if os.path.basename(path) == "__init__":
        path = os.path.dirname(path)
    names = []
    while True:
        path, last = os.path.split(path)
        names.insert(0, last)
        if not os.path.exists(os.path.join(path, "__init__.py")):
            break
    sys.path.insert(0, path)
    return importlib.import_module(".".join(names))


def load_file(file):
    """As uWSGI loads what it is told by its file."""
    import importlib.machinery

    find_file({"file": file})
    loader = importlib.machinery.SourceFileLoader("uwsgi_file_", file)
    module = importlib.util.module_from_spec(importlib.util.spec_from_loader("uwsgi_file_", loader))
    sys.modules["uwsgi_file_"] = module
    loader.exec_module(module)
    return module


def find_object(job):
    module = load(job["module"]) if job["module"] else load_file(job["file"])
    if job.get("object"):
        evaluate(module, job["object"], job.get("call", False))
        return
    wanted = job.get("any") or []
    for name in wanted:
        if hasattr(module, name.rstrip("()")):
            if name.endswith("()"):
                getattr(module, name.rstrip("()"))()
            return
    types = job.get("types") or []
    if any(type(value).__name__ in types for value in vars(module).values()):
        return
    if wanted:
        raise Lacking(module, wanted[0])


def find_dotted(job):
    """package.module.object."""
    name, _, attribute = job["module"].rpartition(".")
    if not name:
        raise Absent("%s names no module and object" % job["module"])
    find_attributes(importlib.import_module(name), [attribute])


def find_celery(job):
    """-A NAME as Celery looks for it: an object of a module, or a module with an application in it."""
    name = job["module"]
    if ":" in name:
        module, _, attribute = name.partition(":")
        find_attributes(importlib.import_module(module), attribute.split(".") if attribute else [])
        return
    try:
        spec = importlib.util.find_spec(name)
    except ModuleNotFoundError as error:
        if not name.startswith((error.name or "") + ".") or name.count(".") == 0:
            raise
        spec = None
    if spec is None and "." in name:
        find_dotted(job)
        return
    module = importlib.import_module(name)
    types = job.get("types") or []

    def holds(one):
        return any(hasattr(one, each) and not isinstance(getattr(one, each), type(sys)) for each in job["any"]) or any(
            type(value).__name__ in types for value in vars(one).values()
        )

    if holds(module):
        return
    if hasattr(module, "__path__") and importlib.util.find_spec(name + ".celery") is not None:
        module = importlib.import_module(name + ".celery")
        if holds(module):
            return
    raise Lacking(module, job["any"][0])


def check_django(job):
    """The settings, the applications, the URLs and the subcommand."""
    words = job.get("arguments") or []
    for at, word in enumerate(words):
        for option, name in ("--settings", "DJANGO_SETTINGS_MODULE"), ("--pythonpath", ""):
            value = word[len(option) + 1 :] if word.startswith(option + "=") else (words[at + 1 : at + 2] or [""])[0]
            if word.split("=")[0] == option and name:
                os.environ[name] = value
            elif word.split("=")[0] == option:
                sys.path.insert(0, value)
    import django
    from django.conf import settings

    django.setup()
    if words and not words[0].startswith("-"):
        from django.core.management import get_commands

        if words[0] not in {*get_commands(), "help", "version"}:
            raise Absent("no application of INSTALLED_APPS has the command %s" % words[0])
    if getattr(settings, "ROOT_URLCONF", None):
        importlib.import_module(settings.ROOT_URLCONF)
    if words and words[0] == "runserver" and getattr(settings, "WSGI_APPLICATION", None):
        name, _, attribute = settings.WSGI_APPLICATION.rpartition(".")
        find_attributes(importlib.import_module(name), [attribute])


def alembic_settings(job):
    """As alembic finds them: the file that is named, else alembic.ini and, in newer ones, pyproject.toml."""
    from alembic.config import Config

    named = job["file"]
    ini, toml = named or "alembic.ini", "pyproject.toml"
    if named.endswith(".toml"):
        ini, toml = None, named
    more = {"ini_section": job["object"]} if job.get("object") else {}
    if os.access(toml, os.R_OK) and b"[tool.alembic" in read_source(toml):
        more["toml_file"] = toml
    elif not os.access(ini or toml, os.R_OK):
        raise Absent("is not there" if named else "is not in %s, where it starts" % os.getcwd())
    return Config(ini, **more)


def find_alembic(job):
    """The scripts that alembic's settings lead to, what they import, and the revision that is asked for."""
    settings = alembic_settings(job)
    from alembic.script import ScriptDirectory
    from alembic.util import CommandError

    try:
        scripts = ScriptDirectory.from_config(settings)
        words = job["arguments"]
        if words[0] == "upgrade" and words[1:2] and words[1].replace("_", "").isalnum():
            scripts.get_revisions(words[1])
        else:
            scripts.get_heads()
    except CommandError as error:
        raise Absent(str(error)) from None
    find_script({**job, "file": os.path.join(scripts.dir, "env.py")})


def find_flask_migrate(job):
    """The scripts of `flask db`: those of the directory that is named, else of the extension's own."""
    directory = job["file"]
    if not directory:
        try:
            from flask.cli import ScriptInfo

            application = ScriptInfo(app_import_path=job["module"] or None).load_app()
            directory = application.extensions["migrate"].directory or "migrations"
        except Exception:
            return  # the application is asked for by itself
    if not os.path.isfile(os.path.join(directory, "env.py")):
        raise Absent("there is no %s" % os.path.join(os.path.abspath(directory), "env.py"))


def find_file(job):
    """A file that the program reads when it starts."""
    if not os.access(job["file"], os.R_OK):
        raise Absent("%s" % ("may not be read" if os.path.exists(job["file"]) else "is not there"))


def find_program(job):
    """A program that the service's user may start."""
    path = job["file"]
    if not os.path.exists(path):
        raise Absent("is not there")
    if os.path.isdir(path):
        raise Absent("is a directory")
    if not os.access(path, os.X_OK):
        raise Absent("is not executable")
    with open(path, "rb") as stream:
        line = stream.readline(256)
    if not line.startswith(b"#!"):
        return
    words = os.fsdecode(line[2:]).split()
    if line.rstrip(b"\n").endswith(b"\r"):
        raise Absent("its first line ends in a carriage return, which the kernel takes for a part of %s" % words[0])
    if not words or not os.access(words[0], os.X_OK):
        raise Absent("its interpreter %s is not there" % (words[0] if words else ""))
    if os.path.basename(words[0]) == "env":
        names = [word for word in words[1:] if not word.startswith("-") and "=" not in word]
        places = os.environ.get("PATH", "").split(os.pathsep)
        if names and "/" not in names[0] and not any(os.access(os.path.join(place, names[0]), os.X_OK) for place in places):
            raise Absent("its interpreter %s is in no directory of PATH" % names[0])


WAYS = {
    "module": lambda job: load(job["module"]),
    "object": find_object,
    "dotted": find_dotted,
    "celery": find_celery,
    "django": check_django,
    "alembic": find_alembic,
    "flask-migrate": find_flask_migrate,
    "entry": find_entry,
    "script": find_script,
    "code": find_code,
    "main": find_main,
    "file": find_file,
    "program": find_program,
}


# What Debian's python3.X package does not have of the standard library, or has in part.
SPLIT_OFF = ("distutils", "ensurepip", "idlelib", "lib2to3", "test", "tkinter", "turtle.py", "lib-dynload")


def loaded_from_outside():
    """Files of other packages of the system that a program has loaded by now."""
    inside, library = sys.prefix + os.sep, os.path.dirname(os.__file__) + os.sep
    found = set()
    for module in list(sys.modules.values()):
        file = getattr(module, "__file__", None)
        if not isinstance(file, str) or not file.startswith("/") or file.startswith(inside):
            continue
        if not file.startswith(library) or file[len(library) :].split(os.sep)[0] in SPLIT_OFF:
            found.add(file)
    try:
        with open("/proc/self/maps") as maps:
            for line in maps:
                file = line.rstrip("\n").partition("/")[2]
                # Those of the name service are as the host has them.
                if ".so" not in file or file.endswith(" (deleted)") or "/libnss_" in file:
                    continue
                if not ("/" + file).startswith(inside):
                    found.add("/" + file)
    except OSError:
        pass
    return sorted(found)


def find(job):
    """As attempt() of imports.py, and what was loaded from elsewhere."""
    answer = look(job)
    return {**answer, "loaded": [text(file) for file in loaded_from_outside()]}


def look(job):
    if "" in sys.path:  # that of -c
        sys.path.remove("")
    sys.path[:0] = job.get("path") or []
    if job.get("directory"):
        try:
            os.chdir(job["directory"])
        except OSError:
            return {"outcome": "absent", "said": "is to run in %s, which is not there" % job["directory"]}
    sys.argv = [job.get("file") or job.get("module") or "", *(job.get("arguments") or [])]
    try:
        WAYS[job["way"]](job)
    except SystemExit as error:
        said = error.code if isinstance(error.code, str) else ""
        return {"outcome": "exit", "said": text(said), "chain": describe(error)}
    except Absent as error:
        return {"outcome": "absent", "said": text(error)}
    except Lacking as error:
        return {"outcome": "missing", "attribute": text(error), "names": [text(name) for name in error.names]}
    except BaseException as error:
        return {"outcome": "error", "chain": describe(error), "unsure": bool(getattr(error, "unsure", False))}
    return {"outcome": "ok"}
