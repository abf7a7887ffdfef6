"""JupyterLab: its data files below share/ and etc/, and its server."""

import json
import os
import pathlib
import socket
import subprocess
import sys
import tempfile
import time
import urllib.request


def main():
    prefix = pathlib.Path(sys.prefix)
    for data in "share/jupyter/lab/static/index.html", "etc/jupyter/jupyter_server_config.d":
        if not (prefix / data).exists():
            sys.exit(f"{prefix / data} is not there")
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    with tempfile.TemporaryDirectory() as directory:
        server = subprocess.Popen(
            [prefix / "bin/jupyter", "lab", "--no-browser", "--allow-root", f"--port={port}",
             "--ip=127.0.0.1", "--IdentityProvider.token=t"],
            cwd=directory, env=dict(os.environ, HOME=directory), text=True,
            stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
        )
        opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
        try:
            for _ in range(150):
                try:
                    page = opener.open(f"http://127.0.0.1:{port}/lab?token=t", timeout=20).read()
                    status = json.load(opener.open(f"http://127.0.0.1:{port}/api/status?token=t"))
                    break
                except OSError as error:
                    if server.poll() is not None or isinstance(error, urllib.error.HTTPError):
                        sys.exit(f"{error}: {server.stdout.read()}")
                    time.sleep(0.2)
            else:
                sys.exit("no answer")
        finally:
            server.terminate()
            server.wait(60)
    print("served", b"jupyter-config-data" in page, status["kernels"])


if __name__ == "__main__":
    main()
