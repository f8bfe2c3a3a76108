# SPDX-License-Identifier: MIT
"""docs/map.md is true of the image: the trace of one echoed segment, and of the
answer, is what its tables say, function by function."""
import re
import time

import map_table
import pytest

#: (machine, NIC, what applies for it in the map)
NICS = [("pc", "e1000", "e1000 82540"), ("q35", "e1000e", "e1000 82574"), ("pc", "virtio", "virtio msix"),
        ("microvm", "virtio", "virtio mmio")]
LINE = re.compile(r"\s*\d+ ns\s+(task|softirq|hardirq)\s+(\S+)\s+(\S+)")
CONTEXT = {"task": "process"}
#: Two interrupts may fall into one poll, and a poll may find more than it was
#: woken for: such a segment's way is longer by that. Another one is sent then.
ATTEMPTS = 4


def way(text):
    """[(context, function, file)] of a printed trace."""
    found = [LINE.match(line) for line in text.splitlines()]
    return [(CONTEXT.get(m[1], m[1]), m[2], m[3]) for m in found if m]


def expected(table, now):
    """[(contexts, function, file)] of the map."""
    return [(hop.contexts, hop.name, hop.file) for hop in map_table.hops(table, now)]


def ways_of_an_echo(guest, connection):
    """(way up, way down) of one echoed segment."""
    guest.command("trace clear")
    guest.command("trace on")
    connection.echo(b"where did it go?" * 4)
    # Its acknowledgement ends the packet that was sent.
    assert guest.wire.ping(guest.ip)
    guest.command("trace off")
    last = guest.command("trace last")
    up = down = None
    newest = int(re.match(r"packet (\d+)", last)[1])
    # Receive buffers take numbers too when a ring is refilled.
    for number in range(newest, max(newest - 128, 0), -1):
        walked = way(guest.command(f"trace {number}"))
        names = [name for _, name, _ in walked]
        if down is None and "tcp_sendmsg" in names:
            down = walked
        elif "tcp_recvmsg" in names:
            up = walked
            break
    assert up and down, f"no echo among the packets up to {newest}: {last}"
    return up, down


def know_the_neighbour(guest, connection):
    """Echoes until the guest knows that its peer is there. Until then (five seconds,
    when the peer asked first) packets take the longer way, by neigh_resolve_output."""
    end = time.monotonic() + 30
    while "REACHABLE" not in guest.command("arp"):
        assert time.monotonic() < end, guest.command("arp")
        connection.echo(b"are you there?")
        time.sleep(0.2)


def differences(walked, wanted):
    """Where the trace and the map part, for a reader; empty: nowhere."""
    for number, (is_, says) in enumerate(zip(walked, wanted), 1):
        if is_[0] not in says[0] or is_[1:] != says[1:]:
            return [f"hop {number}: the trace has {is_}, the map {says}"]
    if len(walked) != len(wanted):
        more = walked[len(wanted):] or wanted[len(walked):]
        return [f"{'the trace' if walked[len(wanted):] else 'the map'} goes on with {more}"]
    return []


def test_every_hop_of_the_map_stands_in_its_file_with_a_tracepoint():
    assert map_table.faults() == []


@pytest.mark.parametrize("machine,nic,applies", NICS, ids=lambda value: value.replace(" ", "-"))
def test_the_trace_of_an_echo_is_the_map(boot, machine, nic, applies):
    guest = boot(machine=machine, nic=nic)
    # The map tells of interrupts; the idle loop would look for packets before one comes.
    guest.command("sysctl net.core.guest_halt_poll_ns=0")
    with guest.wire.connect(guest.ip, 7, retry_s=20.0, patience_s=60.0) as connection:
        # The connection has to know that it answers: no ACK without data then.
        for _ in range(3):
            connection.echo(b"x" * 64)
        for kind in ("slow route", "fast demux"):
            wrong = ["not tried"]
            guest.command(f"sysctl net.ipv4.ip_early_demux={int('demux' in kind)}")
            for _ in range(ATTEMPTS):
                if "slow" in kind:
                    connection.window -= 1000
                know_the_neighbour(guest, connection)
                up, down = ways_of_an_echo(guest, connection)
                wrong = (differences(up, expected("Received", f"{applies} {kind}")) +
                         differences(down, expected("Sent", f"{applies} {kind}")))
                if not wrong:
                    break
            assert not wrong, kind + ": " + "; ".join(wrong)
    guest.finish()
