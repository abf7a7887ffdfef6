"""uWSGI, compiled from its source, serving this module."""

import json
import pathlib
import socket
import subprocess
import sys
import time
import urllib.request


def application(environ, start_response):
    start_response("200 OK", [("Content-Type", "application/json")])
    return [json.dumps({"path": environ["PATH_INFO"], "prefix": sys.prefix}).encode()]


def main():
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    server = subprocess.Popen(
        [pathlib.Path(sys.executable).parent / "uwsgi", "--http-socket", f"127.0.0.1:{port}",
         "--module", "work", "--master", "--processes", "2", "--die-on-term"],
        stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True,
    )
    opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
    try:
        for _ in range(100):
            try:
                answer = json.load(opener.open(f"http://127.0.0.1:{port}/here", timeout=10))
                break
            except OSError:
                if server.poll() is not None:
                    sys.exit(server.stdout.read())
                time.sleep(0.2)
        else:
            server.terminate()
            sys.exit("no answer: " + server.stdout.read())
    finally:
        server.terminate()
        server.wait(60)
    print("served", answer["path"], answer["prefix"] == sys.prefix)


if __name__ == "__main__":
    main()
