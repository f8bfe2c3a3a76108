# SPDX-License-Identifier: MIT
"""What a virtio NIC may offer or leave out, each with real traffic over a tap: rings
of either layout, tables outside of them, several pairs of queues, rings of other
sizes; and a guest with hardly any memory. Each ends with the guest's books."""
import re

import clients
import pytest
from guest import Guest

#: Name, -device options, command line, what `ring` must say.
KINDS = {
    "packed": ("packed=on", "", "packed avail"),
    "packed-direct": ("packed=on,indirect_desc=off", "", "packed avail"),
    "packed-without-events": ("packed=on,event_idx=off", "", "packed avail"),
    "indirect": ("indirect_desc=on", "", "used_event"),
    "direct": ("indirect_desc=off", "", "used_event"),
    "without-events": ("event_idx=off", "", "used_event"),
    "without-merging": ("mrg_rxbuf=off", "", "buffers 1536..1536"),
    "large-rings": ("rx_queue_size=1024", "", "input.0: size 1024"),
    "without-control": ("ctrl_vq=off", "", "input.0"),
    # QEMU offers neither this nor USO up to 7.2: asked for in vain, it must do no harm.
    # The fake device of the hosted tests has both.
    "asked-for-coalescing": ("", "virtio_net.coalesce=50,8,100,16", "input.0"),
    # Looking before the halt is off, and interrupts do it all.
    "without-looking": ("", "sysctl.net.core.guest_halt_poll_ns=0", "used_event"),
    "asked-for-two-pairs": ("", "virtio_net.queue_pairs=2", "input.0"),
}


def talk(guest: Guest) -> None:
    """A little of everything, exact; some of it larger than a ring."""
    address = (guest.ip, 7)
    clients.echo_once(address)
    clients.echo_streams(address, 8 << 20)
    clients.echo_streams(address, 8 << 20, connections=8)
    clients.short_connections(address, 200)
    for size in (0, 1, 512, 1472):
        clients.udp_echo(address, bytes(size))


@pytest.mark.parametrize("kind", KINDS)
def test_virtio_net_works_with(kind, tap, short_path):
    options, append, shows = KINDS[kind]
    guest = Guest(short_path, nic="virtio", net=tap.tap(), nic_options=options, append=append)
    with tap.entered(), guest:
        guest.wait_ready()
        talk(guest)
        assert shows in guest.command("ring eth0")
        guest.finish()


def test_virtio_net_on_mmio_with_packed_rings(tap, short_path):
    guest = Guest(short_path, machine="microvm", nic="virtio", net=tap.tap(),
                  nic_options="packed=on")
    with tap.entered(), guest:
        guest.wait_ready()
        talk(guest)
        assert "packed avail" in guest.command("ring eth0")
        guest.finish()


@pytest.mark.parametrize("options", ["", ",packed=on"])
def test_virtio_net_spreads_connections_over_two_pairs_of_queues(options, tap, short_path):
    guest = Guest(short_path, nic="virtio", net=tap.tap(queues=2),
                  nic_options="mq=on,vectors=6" + options, append="virtio_net.queue_pairs=2",
                  record=False)      # filters of QEMU take one queue
    with tap.entered(), guest:
        guest.wait_ready()
        talk(guest)
        queues = guest.command("ring eth0")
        for name in ("input.0", "input.1", "output.0", "output.1"):
            packets = re.search(re.escape(name) + r":.*\n  packets (\d+),", queues)
            assert int(packets[1]) > 50, queues
        guest.finish()


def test_an_echo_costs_one_doorbell_and_one_interrupt(tap, short_path):
    """The completion of the answer is found by the poll for the next question."""
    guest = Guest(short_path, nic="virtio", net=tap.tap())
    with tap.entered(), guest:
        guest.wait_ready()
        clients.echo_once((guest.ip, 7))

        def counts() -> "tuple[int, int, int]":
            sent = re.search(r"output\.0:.* kicks (\d+) .*interrupts (\d+)",
                             guest.command("ring eth0"))
            return int(sent[1]), int(sent[2]), guest.counters()["TcpOutSegs"]

        kicks, interrupts, segments = counts()
        clients.round_trips((guest.ip, 7), 1)
        more_kicks, more_interrupts, more_segments = counts()
        sent = more_segments - segments
        assert sent > 100
        assert more_kicks - kicks <= sent * 1.1 + 10
        assert more_interrupts - interrupts <= sent * 0.1 + 10
        guest.finish()


@pytest.mark.parametrize("nic", ["virtio", "e1000"])
def test_sixteen_megabytes_serve_a_thousand_connections(nic, tap, short_path):
    guest = Guest(short_path, nic=nic, net=tap.tap(), memory="16M")
    with tap.entered(), guest:
        guest.wait_ready()
        address = (guest.ip, 7)
        connections = clients.open_at_once(address, 1000)
        assert guest.counters()["TcpCurrEstab"] == 1000
        for connection in connections:
            connection.sendall(b"small")
        for connection in connections:
            got = b""
            while len(got) < 5:
                got += connection.recv(5 - len(got))
            assert got == b"small"
        clients.close_all(connections)
        clients.echo_streams(address, 4 << 20, connections=4)
        guest.finish()
