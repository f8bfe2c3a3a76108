# SPDX-License-Identifier: MIT
"""The large runs, over a tap and this host's own TCP, inside a network namespace
of the test's own. Each ends with the guest's books: no packet and no object is
missing, no connection is left."""
import contextlib
import os
import shutil
import socket
import subprocess
import time

import clients
import pytest
from guest import Guest

NICS = ["virtio", "e1000", "e1000e"]

#: <linux/udp.h>
SOL_UDP, UDP_SEGMENT = 17, 103


@pytest.fixture(params=NICS)
def tapped(request, tap, short_path):
    """(a guest on a tap, the namespace it is reached from)."""
    guest = Guest(short_path, nic=request.param, net=tap.tap())
    with tap.entered(), guest:
        guest.wait_ready()
        yield guest
        guest.finish()


#: What a connection is made of; all of it goes with it.
PARTS = ("filp", "eventpoll_epi", "eventpoll_pwq", "sock_inode_cache", "TCP",
         "request_sock_TCP", "tw_sock_TCP", "skbuff_fclone_cache", "skbuff_small_head",
         "skbuff_mtu_head")


def parts(guest: Guest) -> "dict[str, int]":
    objects = guest.objects()
    return {name: objects[name] for name in PARTS}


@contextlib.contextmanager
def balanced(guest: Guest, connections: int):
    """What runs inside makes exactly @connections, and the guest keeps nothing of them."""
    clients.echo_once((guest.ip, 7))
    before, opened = parts(guest), guest.counters()["TcpPassiveOpens"]
    yield
    deadline = time.monotonic() + 60
    while parts(guest) != before and time.monotonic() < deadline:
        time.sleep(0.2)
    assert parts(guest) == before
    after = guest.counters()
    assert after["TcpCurrEstab"] == 0
    assert after["TcpPassiveOpens"] - opened == connections


def test_ping_by_the_system(tapped):
    if not shutil.which("ping"):
        pytest.skip("no ping here (iputils-ping)")
    for size in (0, 56, 1472):
        done = subprocess.run(["ping", "-c", "5", "-i", "0.05", "-s", str(size), tapped.ip],
                              stdout=subprocess.PIPE, text=True, timeout=60)
        assert " 0% packet loss" in done.stdout, done.stdout


@pytest.mark.parametrize("size", [64, 1000, 1472])
def test_trains_of_datagrams_come_back_in_the_lengths_they_had(tapped, size):
    """One write of this host is cut into datagrams (UDP_SEGMENT), which come one after the
    other; each is answered."""
    last = size - 7
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as sock:
        sock.settimeout(30)
        sock.setsockopt(SOL_UDP, UDP_SEGMENT, size)
        for _ in range(50):
            train = os.urandom(39 * size + last)
            assert sock.sendto(train, (tapped.ip, 7)) == len(train)
            back = [sock.recv(65536) for _ in range(40)]
            assert [len(datagram) for datagram in back] == [size] * 39 + [last]
            assert b"".join(back) == train


def test_256_mib_of_echo_over_eight_connections_are_exact(tapped):
    with balanced(tapped, 8):
        clients.echo_streams((tapped.ip, 7), 256 << 20, connections=8)


def test_half_a_gigabyte_each_way_on_one_connection(tapped, full):
    """At full size with --full; the size at which a counter of bytes once broke a peer."""
    with balanced(tapped, 1):
        clients.echo_streams((tapped.ip, 7), (512 if full else 64) << 20)


def test_ten_thousand_short_connections_one_after_another(tapped):
    with balanced(tapped, 10000):
        clients.short_connections((tapped.ip, 7), 10000)


def test_a_thousand_connections_open_at_once(tapped):
    with balanced(tapped, 1000):
        connections = clients.open_at_once((tapped.ip, 7), 1000)
        assert tapped.counters()["TcpCurrEstab"] == 1000
        clients.close_all(connections)


def test_ten_thousand_idle_connections_take_less_than_4_kib_each(tapped):
    count = 10000
    with balanced(tapped, count):
        before = tapped.memory_kib()
        connections = clients.open_at_once((tapped.ip, 7), count)
        assert tapped.counters()["TcpCurrEstab"] == count
        each = (tapped.memory_kib() - before) / count
        assert each < 4, f"{each:.2f} KiB each:\n" + tapped.command("meminfo")
        # They are held, not forgotten: the first, one in the middle, the last still echo.
        for number in (0, count // 2, count - 1):
            connections[number].sendall(b"still")
            assert connections[number].recv(5) == b"still"
        clients.close_all(connections)


def test_udp_echo(tapped):
    for size in (0, 1, 512, 1472):
        clients.udp_echo((tapped.ip, 7), bytes(size))


def test_large_packets_are_left_to_the_nic(tapped):
    """A stream leaves in packets that the e1000 cuts, and arrives in pages that come
    back; an echo takes about two register accesses."""
    if tapped.machine.nic == "virtio":
        pytest.skip("virtio_net's are counted by its own tests")
    clients.echo_streams((tapped.ip, 7), 8 << 20)
    table = tapped.table("ring eth0")
    assert table["tx_tcp_seg_good"] > 100 and table["rx_recycled"] > 100
    # QEMU's e1000 sums up nothing that it receives.
    assert (table["rx_csum_offload_good"] > 4000) == (tapped.machine.nic == "e1000e")
    before, count = table, 500
    clients.round_trips((tapped.ip, 7), 0, count=count)
    table = tapped.table("ring eth0")
    accesses = sum(table[name] - before[name] for name in ("mmio_reads", "mmio_writes"))
    # The doorbell, and ICR or IMS; some interrupts find nothing.
    assert accesses < 4 * count, f"{accesses} register accesses for {count} echoes"


def test_a_megabyte_page(tapped):
    import urllib.request
    with urllib.request.urlopen(f"http://{tapped.ip}/1m", timeout=60) as answer:
        assert len(answer.read()) == 1 << 20
