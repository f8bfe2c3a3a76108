# SPDX-License-Identifier: MIT
"""The clients themselves, against a server of this host: a good one passes, one
that loses, doubles or exchanges bytes is caught."""
import socket
import socketserver
import threading

import clients
import pytest


class _Server(socketserver.ThreadingTCPServer):
    allow_reuse_address = daemon_threads = True
    request_queue_size = 128


@pytest.fixture
def echo_server():
    """start(change) → address of an echo server that sends change(data)."""
    servers = []

    def start(change=lambda data: data):
        class Echo(socketserver.BaseRequestHandler):
            def handle(self):
                while True:
                    data = self.request.recv(65536)
                    if not data:
                        return
                    try:
                        self.request.sendall(change(data))
                    except OSError:
                        return
        server = _Server(("127.0.0.1", 0), Echo)
        threading.Thread(target=server.serve_forever, daemon=True).start()
        servers.append(server)
        return server.server_address

    yield start
    for server in servers:
        server.shutdown()
        server.server_close()


def test_a_true_echo_passes(echo_server):
    address = echo_server()
    clients.echo_streams(address, 3 << 20, connections=3)
    clients.short_connections(address, 20)
    clients.close_all(clients.open_at_once(address, 50))
    assert clients.round_trips(address, 0.1) > 1


@pytest.mark.parametrize("change", [
    lambda data: data[:-1],
    lambda data: data + data[-1:],
    lambda data: data[1:] + data[:1],
    lambda data: bytes([data[0] ^ 1]) + data[1:],
], ids=["lost", "doubled", "exchanged", "flipped"])
def test_a_false_echo_is_caught(echo_server, change):
    with pytest.raises((AssertionError, OSError)):
        clients.echo_streams(echo_server(change), 1 << 18, timeout_s=1.0)


def test_a_pattern_is_the_same_however_it_is_cut():
    pattern = clients.Pattern(1)
    whole = b"".join(pattern.at(at, 4096) for at in range(0, 3 * clients.Pattern.BLOCK, 4096))
    for start, count in ((0, 1), (65530, 20), (65536, 8), (65532, 65536), (131068, 9), (5, 65536)):
        assert pattern.at(start, count) == whole[start:start + count]
    assert whole[:65536] != whole[65536:131072] != clients.Pattern(2).at(0, 65536)


def test_udp_echo_gives_up_with_words():
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as deaf:
        deaf.bind(("127.0.0.1", 0))
        with pytest.raises(AssertionError, match="no answer"):
            clients.udp_echo(deaf.getsockname(), b"x", attempts=2, timeout_s=0.05)
