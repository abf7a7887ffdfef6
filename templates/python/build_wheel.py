# Builds the wheel of the project in the current directory (PEP 517), in an environment that holds
# its build requirements.
#
#   python -c "$(cat build_wheel.py)" ORDER OUTPUT
#
# ORDER is JSON: {"backend": "setuptools.build_meta", "backend_path": [...], "installed": [...]}.
# `installed` are the requirements asked for by an earlier run. When the backend wants others, this
# writes {"requires": [...]} to OUTPUT/answer.json and builds nothing; else {"wheel": "file name"}, and the
# wheel's *.dist-info as OUTPUT/dist-info.
import sys

# The project's own files must not shadow what the backend imports: -c put the current directory
# first. (-I would do it too, but also drop PYTHONHASHSEED, on which some builds' bytes depend.)
del sys.path[0]

import importlib
import json
import os
import zipfile


def main(order, output):
    order = json.loads(order)
    project = os.getcwd()
    for path in reversed(order["backend_path"]):
        sys.path.insert(0, os.path.join(project, path))
    module, _, attribute = order["backend"].partition(":")
    backend = importlib.import_module(module)
    for name in filter(None, attribute.split(".")):
        backend = getattr(backend, name)

    answer = {}
    hook = getattr(backend, "get_requires_for_build_wheel", None)
    wanted = list(hook({})) if hook else []
    if set(wanted) - set(order["installed"]):
        answer["requires"] = sorted(set(wanted))
    else:
        answer["wheel"] = backend.build_wheel(output, {})
        with zipfile.ZipFile(os.path.join(output, answer["wheel"])) as wheel:
            [info] = {
                name.partition("/")[0]
                for name in wheel.namelist()
                if name.endswith(".dist-info/METADATA") and name.count("/") == 1
            }
            members = [name for name in wheel.namelist() if name.startswith(info + "/")]
            wheel.extractall(output, members)
            os.rename(os.path.join(output, info), os.path.join(output, "dist-info"))
    with open(os.path.join(output, "answer.json"), "w", encoding="utf-8") as file:
        json.dump(answer, file)


main(*sys.argv[1:])
