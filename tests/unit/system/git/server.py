"""A git server on loopback for the unit tests.

usage: server.py https ROOT CERTIFICATE KEY [USER:PASSWORD]
       server.py ssh ROOT HOST_KEY CLIENT_PUBLIC_KEY

Serves the repositories below ROOT, prints its port, and ends when its standard input does.
"""
import base64
import http.server
import os
import socket
import ssl
import subprocess
import sys
import threading


def https_handler(root, login):
    class Handler(http.server.BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_GET(self):
            if login and self.headers.get("Authorization") != "Basic " + base64.b64encode(
                    login.encode()).decode():
                self.send_response(401)
                self.send_header("WWW-Authenticate", 'Basic realm="test"')
                self.send_header("Content-Length", "0")
                self.end_headers()
                return
            body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
            path, _, query = self.path.partition("?")
            done = subprocess.run(
                ["git", "http-backend"], input=body, stdout=subprocess.PIPE, check=True,
                env={"PATH": "/usr/bin:/bin", "GIT_PROJECT_ROOT": root, "GIT_HTTP_EXPORT_ALL": "1",
                     "GIT_CONFIG_COUNT": "1", "GIT_CONFIG_KEY_0": "safe.directory",
                     "GIT_CONFIG_VALUE_0": "*", "PATH_INFO": path, "QUERY_STRING": query,
                     "REQUEST_METHOD": self.command, "REMOTE_ADDR": "127.0.0.1",
                     "CONTENT_LENGTH": str(len(body)),
                     "CONTENT_TYPE": self.headers.get("Content-Type", "")})
            head, _, content = done.stdout.partition(b"\r\n\r\n")
            fields = dict(line.split(": ", 1) for line in head.decode().split("\r\n"))
            self.send_response(int(fields.pop("Status", "200 OK").split()[0]))
            for name, value in fields.items():
                self.send_header(name, value)
            self.send_header("Content-Length", str(len(content)))
            self.end_headers()
            self.wfile.write(content)

        do_POST = do_GET

        def log_message(self, *arguments):
            pass

    return Handler


def serve_https(root, certificate, key, login=""):
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), https_handler(root, login))
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate, key)
    server.socket = context.wrap_socket(server.socket, server_side=True)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    return server.server_address[1]


def serve_ssh(root, host_key, client_key):
    import paramiko

    with open(client_key, encoding="ascii") as file:
        allowed = base64.b64decode(file.read().split()[1])

    class Session(paramiko.ServerInterface):
        def get_allowed_auths(self, username):
            return "publickey"

        def check_auth_publickey(self, username, key):
            good = username == "git" and key.asbytes() == allowed
            return paramiko.AUTH_SUCCESSFUL if good else paramiko.AUTH_FAILED

        def check_channel_request(self, kind, chanid):
            return paramiko.OPEN_SUCCEEDED

        def check_channel_exec_request(self, channel, command):
            threading.Thread(target=answer, args=(channel, command.decode()), daemon=True).start()
            return True

    def answer(channel, command):
        path = command.split("'")[1]
        process = subprocess.Popen(["git", "upload-pack", root + path], stdin=subprocess.PIPE,
                                   stdout=subprocess.PIPE, bufsize=0)

        def feed():
            while data := channel.recv(65536):
                process.stdin.write(data)
            process.stdin.close()

        threading.Thread(target=feed, daemon=True).start()
        while data := process.stdout.read(65536):
            channel.sendall(data)
        channel.send_exit_status(process.wait())
        channel.close()

    def accept(listener):
        key = paramiko.ECDSAKey.from_private_key_file(host_key)
        while True:
            connection, _ = listener.accept()
            transport = paramiko.Transport(connection)
            transport.add_server_key(key)
            try:
                transport.start_server(event=threading.Event(), server=Session())
            except (paramiko.SSHException, EOFError, OSError):
                continue

    listener = socket.create_server(("127.0.0.1", 0))
    threading.Thread(target=accept, args=(listener,), daemon=True).start()
    return listener.getsockname()[1]


def main():
    kind, *arguments = sys.argv[1:]
    port = {"https": serve_https, "ssh": serve_ssh}[kind](*arguments)
    print(port, flush=True)
    sys.stdin.buffer.read()
    os._exit(0)


main()
