# SPDX-License-Identifier: MIT
"""A SYN flood over a tap while a client of this host is served."""
import ipaddress
import random
import socket
import threading
import time

import clients
import frames
import pytest
from guest import Guest

NICS = ["virtio", "e1000"]
FLOOD = 20000
#: Exchanges, and connections, that the client has to make while the flood goes on.
SERVED = 50
#: For benchmarks (RFC 2544): nobody there answers, and nothing routes them.
STRANGERS = ipaddress.ip_network("198.18.0.0/15")


class Client(threading.Thread):
    """Talks on one connection that is open all the time, and opens new ones."""

    def __init__(self, space, address):
        super().__init__(daemon=True)
        self.space, self.address = space, address
        self.done = threading.Event()
        self.exchanges = self.connections = 0
        self.failure: "BaseException | None" = None

    def run(self) -> None:
        try:
            with self.space.entered(), socket.create_connection(self.address, 30) as held:
                while not self.done.is_set():
                    data = f"exchange {self.exchanges}\n".encode()
                    held.sendall(data)
                    assert held.recv(len(data), socket.MSG_WAITALL) == data
                    self.exchanges += 1
                    clients.echo_once(self.address, timeout_s=30)
                    self.connections += 1
        except BaseException as failure:  # noqa: B902 (handed to the test)
            self.failure = failure


def syn(chance: random.Random, guest: Guest, ours: str, theirs: str) -> bytes:
    """A SYN to port 7 as a Linux host of anywhere would send it."""
    source = str(STRANGERS[chance.randrange(STRANGERS.num_addresses)])
    options = bytes((2, 4, 5, 0xb4, 4, 2, 1, 3, 3, 7, 1, 1))
    segment = frames.tcp(source, guest.ip, chance.randrange(1024, 65536), 7,
                         chance.getrandbits(32), 0, frames.SYN, options=options)
    return frames.eth(theirs, ours, frames.ETH_IP,
                      frames.ipv4(source, guest.ip, frames.TCP, segment))


def flood(chance: random.Random, guest: Guest, tap_name: str, client: Client) -> None:
    """FLOOD SYNs, and more until as many have arrived (a tap's queue is short) and the client
    was served SERVED times amid them, however long this host takes for either."""
    before, sent = guest.counters()["TcpInSegs"], 0

    def goes_on() -> bool:
        return (sent < FLOOD or guest.counters()["TcpInSegs"] - before < FLOOD or
                min(client.exchanges, client.connections) < SERVED)

    with socket.socket(socket.AF_PACKET, socket.SOCK_RAW) as raw:
        raw.bind((tap_name, 0))
        ours = frames.mac_text(raw.getsockname()[4])
        while goes_on() and client.is_alive():
            for _ in range(200):
                try:
                    raw.send(syn(chance, guest, ours, guest.machine.mac))
                except OSError:         # the tap's queue is full
                    time.sleep(0.01)
                else:
                    sent += 1
            assert sent < 20 * FLOOD, (
                f"{guest.counters()['TcpInSegs'] - before} segments arrived, "
                f"{client.exchanges} exchanges, {client.connections} connections")


@pytest.mark.parametrize("nic", NICS)
def test_a_client_is_served_during_a_flood_of_syns(tap, short_path, nic):
    link = tap.tap()
    with tap.entered(), Guest(short_path, nic=nic, net=link, record=False) as guest:
        guest.wait_ready()
        clients.echo_once((guest.ip, 7))
        idle_kib = guest.memory_kib()
        client = Client(tap, (guest.ip, 7))
        client.start()
        flood(random.Random(1), guest, link.name, client)
        flooded_kib, counters = guest.memory_kib(), guest.counters()
        client.done.set()
        client.join(60)
        if client.failure:
            raise client.failure
        # What was open all the time, and what came by a cookie: flood() counted both.
        assert counters["TcpExtSyncookiesSent"] > FLOOD / 4
        assert counters["TcpExtSyncookiesRecv"] > 0
        assert counters["TcpExtListenOverflows"] == 0
        assert flooded_kib - idle_kib < 4096
        # Those that were kept are given up when their time has come.
        guest.command("sysctl net.ipv4.tcp_synack_retries=1")
        deadline = time.monotonic() + 120
        while guest.objects()["request_sock_TCP"] and time.monotonic() < deadline:
            time.sleep(0.5)
        assert guest.objects()["request_sock_TCP"] == 0
        clients.echo_once((guest.ip, 7))
        guest.finish()
