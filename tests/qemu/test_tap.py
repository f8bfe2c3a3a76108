# SPDX-License-Identifier: MIT
"""The large runs, over a tap and this host's own TCP, inside a network namespace
of the test's own. --full runs them at the size the project promises."""
import shutil
import subprocess

import clients
import pytest
from guest import Guest

NICS = ["virtio", "e1000"]


@pytest.fixture(params=NICS)
def tapped(request, tap, short_path):
    """(a guest on a tap, the namespace it is reached from)."""
    guest = Guest(short_path, nic=request.param, net=tap.tap())
    with tap.entered(), guest:
        guest.wait_ready()
        yield guest
        guest.finish()


def test_ping_by_the_system(tapped):
    if not shutil.which("ping"):
        pytest.skip("no ping here (iputils-ping)")
    for size in (0, 56, 1472):
        done = subprocess.run(["ping", "-c", "5", "-i", "0.05", "-s", str(size), tapped.ip],
                              stdout=subprocess.PIPE, text=True, timeout=60)
        assert " 0% packet loss" in done.stdout, done.stdout


def test_bulk_echo_over_eight_connections_is_exact(tapped, full):
    total = (256 if full else 32) << 20
    clients.echo_streams((tapped.ip, 7), total, connections=8)


def test_short_connections_one_after_another(tapped, full):
    clients.short_connections((tapped.ip, 7), 10000 if full else 1000)


def test_connections_open_at_once(tapped, full):
    count = 1000 if full else 300
    connections = clients.open_at_once((tapped.ip, 7), count)
    clients.close_all(connections)


def test_udp_echo(tapped):
    for size in (0, 1, 512, 1472):
        clients.udp_echo((tapped.ip, 7), bytes(size))


def test_a_megabyte_page(tapped):
    import urllib.request
    with urllib.request.urlopen(f"http://{tapped.ip}/1m", timeout=60) as answer:
        assert len(answer.read()) == 1 << 20
