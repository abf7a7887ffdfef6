"""grpcio: a unary call over loopback, with bytes for messages."""

from concurrent import futures

import grpc


def main():
    server = grpc.server(futures.ThreadPoolExecutor(max_workers=1))
    handler = grpc.unary_unary_rpc_method_handler(lambda request, _: request[::-1])
    server.add_generic_rpc_handlers(
        (grpc.method_handlers_generic_handler("work.Mirror", {"Turn": handler}),)
    )
    port = server.add_insecure_port("127.0.0.1:0")
    server.start()
    # A proxy named in the environment is not asked for loopback.
    with grpc.insecure_channel(f"127.0.0.1:{port}", [("grpc.enable_http_proxy", 0)]) as channel:
        turn = channel.unary_unary("/work.Mirror/Turn")
        print("turned", turn(b"abc", timeout=20).decode())
    server.stop(0)


if __name__ == "__main__":
    main()
