"""pyzmq: a request over TCP and one inside the process."""

import threading

import zmq


def answer_one(socket):
    socket.send_string(socket.recv_string().upper())


def main():
    context = zmq.Context()
    answers = []
    for address in "tcp://127.0.0.1", "inproc://work":
        server, client = context.socket(zmq.REP), context.socket(zmq.REQ)
        if address.startswith("tcp"):
            port = server.bind_to_random_port(address)
            client.connect(f"{address}:{port}")
        else:
            server.bind(address)
            client.connect(address)
        client.setsockopt(zmq.RCVTIMEO, 20000)
        thread = threading.Thread(target=answer_one, args=(server,))
        thread.start()
        client.send_string(address.split(":")[0])
        answers.append(client.recv_string())
        thread.join()
        client.close()
        server.close()
    print("answers", *answers)


if __name__ == "__main__":
    main()
