"""psycopg2-binary with the libpq it brings: no server, so a refused connection is libpq's answer."""

import psycopg2
from psycopg2 import extensions


def main():
    try:
        psycopg2.connect(host="127.0.0.1", port=1, connect_timeout=5)
        answer = "connected?"
    except psycopg2.OperationalError as error:
        answer = "refused" if "Connection refused" in str(error) else str(error)
    quoted = extensions.adapt([1, "it's", None]).getquoted().decode()
    print(f"libpq {extensions.libpq_version() // 10000}, {answer}, {quoted}")


if __name__ == "__main__":
    main()
