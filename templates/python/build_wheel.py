# Builds the wheel of the project in the current directory (PEP 517), in an environment that holds
# its build requirements.
#
#   python -c "$(cat build_wheel.py)" ORDER OUTPUT
#
# ORDER is JSON: {"backend": "setuptools.build_meta", "backend_path": [...], "installed": [...]}.
# `installed` are the requirements asked for by an earlier run. When the backend wants others, this
# writes {"requires": [...]} to OUTPUT/answer.json and builds nothing; else {"wheel": "file name"}, and the
# wheel's *.dist-info as OUTPUT/dist-info. Backends write requirements that name a directory of the project
# (Poetry's path, PDM's ${PROJECT_ROOT}, Hatch's {root:uri}) as URLs of the place that they build in: in the wheel
# such a requirement keeps its name alone, and OUTPUT/sent.json says {"name": "path from the project"}.
import sys

# The project's own files must not shadow what the backend imports: -c put the current directory
# first. (-I would do it too, but also drop PYTHONHASHSEED, on which some builds' bytes depend.)
del sys.path[0]

import base64
import hashlib
import importlib
import json
import os
import re
import urllib.parse
import zipfile

REQUIREMENT = re.compile(
    r"^(Requires-Dist: *([A-Za-z0-9._-]+) *(?:\[[^]]*\])?) *@ *file:(?://(?:localhost)?)?(/[^ ;\r\n]+)",
    re.MULTILINE,
)


def without_place(metadata, place, project):
    sent = {}

    def name_alone(match):
        path = os.path.realpath(urllib.parse.unquote(match[3].partition("#")[0]))
        if os.path.commonpath([path, place]) != place:
            return match[0]
        sent[match[2]] = os.path.relpath(path, project)
        return match[1].rstrip() + " "

    return REQUIREMENT.sub(name_alone, metadata), sent


def digest_row(name, data):
    digest = base64.urlsafe_b64encode(hashlib.sha256(data).digest()).rstrip(b"=").decode()
    return "%s,sha256=%s,%d" % (name, digest, len(data))


def take_place_out(path, info, output):
    with zipfile.ZipFile(path) as wheel:
        members = [(item, wheel.read(item)) for item in wheel.infolist()]
    name, record = info + "/METADATA", info + "/RECORD"
    metadata = dict((item.filename, data) for item, data in members)[name].decode("utf-8", "surrogateescape")
    place = os.path.realpath(os.environ["TMPDIR"])
    changed, sent = without_place(metadata, place, os.path.realpath(os.getcwd()))
    if not sent:
        return
    with open(os.path.join(output, "sent.json"), "w", encoding="utf-8") as file:
        json.dump(sent, file, sort_keys=True)
    changed = changed.encode("utf-8", "surrogateescape")
    with zipfile.ZipFile(path, "w") as wheel:
        for item, data in members:
            if item.filename == name:
                data = changed
            elif item.filename == record:
                rows = data.decode().splitlines()
                rows = [digest_row(name, changed) if row.startswith(name + ",") else row for row in rows]
                data = ("\n".join(rows) + "\n").encode()
            wheel.writestr(item, data)


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
        path = os.path.join(output, answer["wheel"])
        with zipfile.ZipFile(path) as wheel:
            [info] = {
                name.partition("/")[0]
                for name in wheel.namelist()
                if name.endswith(".dist-info/METADATA") and name.count("/") == 1
            }
        take_place_out(path, info, output)
        with zipfile.ZipFile(path) as wheel:
            members = [name for name in wheel.namelist() if name.startswith(info + "/")]
            wheel.extractall(output, members)
            os.rename(os.path.join(output, info), os.path.join(output, "dist-info"))
    with open(os.path.join(output, "answer.json"), "w", encoding="utf-8") as file:
        json.dump(answer, file)


main(*sys.argv[1:])
