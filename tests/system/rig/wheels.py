"""Wheels and sdists made on the spot, and a package index on loopback that serves them (PEP 503)."""

import base64
import hashlib
import http.server
import io
import re
import tarfile
import threading
import zipfile

EPOCH = (2020, 1, 1, 0, 0, 0)


def wheel(directory, name, version, files=None, metadata="", extra=()):
    """NAME-VERSION-py3-none-any.whl; `extra` are members that come last, as (name, text)."""
    module, info = name.replace("-", "_"), f"{name.replace('-', '_')}-{version}.dist-info"
    members = {f"{module}/__init__.py": f"VERSION = '{version}'\n", **(files or {})}
    members[f"{info}/METADATA"] = (f"Metadata-Version: 2.1\nName: {name}\nVersion: {version}\n"
                                   f"{metadata}")
    members[f"{info}/WHEEL"] = ("Wheel-Version: 1.0\nGenerator: test\nRoot-Is-Purelib: true\n"
                                "Tag: py3-none-any\n")
    rows = ""
    directory.mkdir(parents=True, exist_ok=True)
    path = directory / f"{module}-{version}-py3-none-any.whl"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for member, text in [*sorted(members.items()), *extra]:
            data = text.encode()
            digest = base64.urlsafe_b64encode(hashlib.sha256(data).digest()).rstrip(b"=")
            rows += f"{member},sha256={digest.decode()},{len(data)}\n"
            archive.writestr(zipfile.ZipInfo(member, EPOCH), data)
        archive.writestr(zipfile.ZipInfo(f"{info}/RECORD", EPOCH), rows + f"{info}/RECORD,,\n")
    return path


def sdist(directory, name, version, files):
    top = f"{name}-{version}"
    path = directory / f"{top}.tar.gz"
    files = {"PKG-INFO": f"Metadata-Version: 2.1\nName: {name}\nVersion: {version}\n", **files}
    directory.mkdir(parents=True, exist_ok=True)
    with tarfile.open(path, "w:gz") as archive:
        for member, text in sorted(files.items()):
            info = tarfile.TarInfo(f"{top}/{member}")
            info.size = len(text.encode())
            archive.addfile(info, io.BytesIO(text.encode()))
    return path


# A build backend. Beside the project's modules its wheels hold what the build ran with, in
# NAME_built.py.
BACKEND = '''
import base64, hashlib, os, re, zipfile

def _value(text, key):
    return re.search(r'(?m)^%s = "(.*)"$' % key, text).group(1)

def _metadata(text):
    lines = ["Metadata-Version: 2.1", "Name: " + _value(text, "name"),
             "Version: " + _value(text, "version")]
    listed = re.search(r"(?m)^dependencies = \\[(.*)\\]$", text)
    if listed:
        lines += ["Requires-Dist: " + item for item in re.findall(r'"([^"]*)"', listed.group(1))]
    return "\\n".join(lines) + "\\n"

def build_wheel(directory, settings=None, metadata=None):
    with open("pyproject.toml") as file:
        text = file.read()
    name, version = _value(text, "name").replace("-", "_"), _value(text, "version")
    info = "%s-%s.dist-info" % (name, version)
    built = {key: os.environ.get(key) for key in ("SOURCE_DATE_EPOCH", "TZ", "LC_ALL")}
    built["in HOME"] = os.listdir(os.environ["HOME"])
    members = {info + "/METADATA": _metadata(text), name + "_built.py": "BUILT = %r\\n" % built,
               info + "/WHEEL": "Wheel-Version: 1.0\\nRoot-Is-Purelib: true\\nTag: py3-none-any\\n"}
    for item in os.listdir("."):
        if item.endswith(".py"):
            with open(item) as file:
                members[item] = file.read()
    wheel = "%s-%s-py3-none-any.whl" % (name, version)
    rows = ""
    with zipfile.ZipFile(os.path.join(directory, wheel), "w") as archive:
        for member, text in sorted(members.items()):
            data = text.encode()
            digest = base64.urlsafe_b64encode(hashlib.sha256(data).digest()).rstrip(b"=")
            rows += "%s,sha256=%s,%d\\n" % (member, digest.decode(), len(data))
            archive.writestr(zipfile.ZipInfo(member, (2020, 1, 1, 0, 0, 0)), data)
        archive.writestr(zipfile.ZipInfo(info + "/RECORD", (2020, 1, 1, 0, 0, 0)),
                         rows + info + "/RECORD,,\\n")
    return wheel
'''


def backend(directory):
    """The backend as a distribution: what projects here name in [build-system] requires."""
    return wheel(directory, "plainbuild", "1.0", {"plainbuild/__init__.py": BACKEND})


def pyproject(name, version, dependencies=()):
    listed = ", ".join(f'"{item}"' for item in dependencies)
    return (f'[build-system]\nrequires = ["plainbuild"]\nbuild-backend = "plainbuild"\n\n'
            f'[project]\nname = "{name}"\nversion = "{version}"\ndependencies = [{listed}]\n')


class Index:
    """Serves `directory` as /simple/NAME/; with `user` and `password`, to nobody else."""

    def __init__(self, directory, user=None, password=None):
        self.directory, self.requests = directory, []
        wanted = user and "Basic " + base64.b64encode(f"{user}:{password}".encode()).decode()
        index = self

        class Handler(http.server.BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def log_message(self, *_):
                """Nothing on stderr."""

            def answer(self, code, body, kind="text/html"):
                self.send_response(code)
                if code == 401:
                    self.send_header("WWW-Authenticate", 'Basic realm="index"')
                self.send_header("Content-Type", kind)
                self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                if self.command != "HEAD":
                    self.wfile.write(body)

            def do_GET(self):
                index.requests.append(self.path)
                if wanted and self.headers.get("Authorization") != wanted:
                    self.answer(401, b"")
                    return
                name = self.path.partition("?")[0].rstrip("/").rpartition("/")[2]
                if self.path.startswith("/files/") and (index.directory / name).is_file():
                    self.answer(200, (index.directory / name).read_bytes(),
                                "application/octet-stream")
                    return
                files = [path for path in sorted(index.directory.iterdir())
                         if re.sub("[-_.]+", "-", path.name.split("-")[0]).lower() == name]
                links = "".join(
                    f'<a href="/files/{path.name}#sha256='
                    f'{hashlib.sha256(path.read_bytes()).hexdigest()}">{path.name}</a>\n'
                    for path in files)
                self.answer(200 if files else 404, f"<html><body>{links}</body></html>".encode())

            do_HEAD = do_GET

        self.server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self.server.server_address[1]}/simple"

    def __enter__(self):
        threading.Thread(target=self.server.serve_forever, daemon=True).start()
        return self

    def __exit__(self, *_):
        self.server.shutdown()
        self.server.server_close()
