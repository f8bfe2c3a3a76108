# SPDX-License-Identifier: MIT
"""ARP, ICMP, UDP and TCP as they look on the wire, on both drivers."""
import random
import struct

import frames
import pytest
from frames import BROADCAST, ETH_ARP, ETH_IP, ICMP, UDP
from guest import Shared
from wire import Impairment, Timeout

ODD_SIZES = [0, 1, 2, 3, 7, 17, 18, 19, 55, 63, 64, 65, 127, 255, 256, 511, 997, 1023, 1024,
             1400, 1459, 1460, 1461, 1471, 1472]


@pytest.fixture(scope="module", params=[("pc", "virtio"), ("pc", "e1000"), ("q35", "e1000e"),
                                        ("microvm", "virtio")],
                ids="-".join)
def shared(request):
    """One guest for all of this file; it has to end clean."""
    machine, nic = request.param
    made = Shared(machine=machine, nic=nic)
    yield made
    made.finish()


@pytest.fixture
def guest(shared):
    return shared.get()


# ---- ARP ----------------------------------------------------------------

def test_arp_request_is_answered_to_the_asker(guest):
    wire = guest.wire
    box = wire.inbox(lambda found: found.arp_op == 2)
    wire.send(frames.eth(BROADCAST, wire.mac, ETH_ARP,
                         frames.arp(1, wire.mac, wire.ip, "00:00:00:00:00:00", guest.ip)))
    reply = box.get(what="an ARP reply")
    wire.forget(box)
    assert (reply.dst, reply.arp_spa, reply.arp_tpa) == (wire.mac, guest.ip, wire.ip)
    assert reply.arp_sha == guest.machine.mac == reply.src
    assert len(reply.raw) >= 42 and not any(reply.raw[42:]), "padding is zeros"


def test_arp_for_another_address_is_not_answered(guest):
    wire = guest.wire
    box = wire.inbox(lambda found: found.arp_op == 2)
    wire.send(frames.eth(BROADCAST, wire.mac, ETH_ARP,
                         frames.arp(1, wire.mac, wire.ip, "00:00:00:00:00:00", "10.0.2.77")))
    assert box.poll(0.7) is None
    wire.forget(box)


def test_a_probe_for_our_address_is_answered(guest):
    """RFC 5227: the sender address of a probe is 0.0.0.0."""
    wire = guest.wire
    box = wire.inbox(lambda found: found.arp_op == 2)
    wire.send(frames.eth(BROADCAST, wire.mac, ETH_ARP,
                         frames.arp(1, wire.mac, "0.0.0.0", "00:00:00:00:00:00", guest.ip)))
    assert box.get(what="an answer to the probe").arp_spa == guest.ip
    wire.forget(box)


def test_the_guest_asks_for_a_neighbour_and_then_sends_what_waited(guest):
    wire, other, mac = guest.wire, "10.0.2.44", "52:55:0a:00:02:2c"
    wire.neighbours[other] = mac
    box = wire.inbox(lambda found: found.icmp is not None and found.ip_dst == other)
    asked = wire.inbox(lambda found: found.arp_op == 1 and found.arp_tpa == other)
    packet = frames.ipv4(other, guest.ip, ICMP, frames.icmp_echo(2, 1, b"who am I"))
    wire.send(frames.eth(wire.resolve(guest.ip), mac, ETH_IP, packet))
    assert box.get(what="the reply to the new neighbour").dst == mac
    assert asked.poll(0) is not None
    wire.forget(box)
    wire.forget(asked)


# ---- ICMP ---------------------------------------------------------------

@pytest.mark.parametrize("size", ODD_SIZES)
def test_ping(guest, size):
    reply = guest.wire.ping(guest.ip, random.Random(size).randbytes(size), ident=7, seq=size)
    assert reply.ttl == 64 and reply.ip_src == guest.ip


def test_ping_flood_of_mixed_sizes(guest):
    noise = random.Random(1)
    for seq in range(200):
        guest.wire.ping(guest.ip, noise.randbytes(noise.randrange(1473)), 8, seq)


def test_a_closed_port_answers_port_unreachable(guest):
    wire = guest.wire
    box = wire.inbox(lambda found: found.icmp is not None and found.icmp[0] == 3)
    wire.send_ip(guest.ip, UDP, frames.udp(wire.ip, guest.ip, 40001, 4444, b"anyone?"))
    found = box.get(what="port unreachable")
    wire.forget(box)
    assert found.icmp[1] == 3 and not found.bad
    quoted = found.data
    assert struct.unpack_from("!HH", quoted, 20) == (40001, 4444)


def test_an_unknown_protocol_answers_protocol_unreachable(guest):
    wire = guest.wire
    box = wire.inbox(lambda found: found.icmp is not None and found.icmp[:2] == (3, 2))
    wire.send_ip(guest.ip, 253, b"protocol 253")
    box.get(what="protocol unreachable")
    wire.forget(box)


# ---- UDP ----------------------------------------------------------------

@pytest.mark.parametrize("size", [0, 1, 2, 17, 18, 19, 511, 1024, 1471, 1472])
def test_udp_echo(guest, size):
    data = random.Random(size).randbytes(size)
    assert guest.wire.udp(guest.ip, 7, data).data == data


def test_udp_discard_swallows(guest):
    with pytest.raises(Timeout):
        guest.wire.udp(guest.ip, 9, b"gone", sport=40009, timeout_s=0.5)


def test_udp_chargen_answers_with_characters(guest):
    """RFC 864: from 0 to 512 of them."""
    answer = guest.wire.udp(guest.ip, 19, b"?").data
    assert len(answer) <= 512 and all(32 <= byte < 127 or byte in b"\r\n" for byte in answer)


def test_udp_without_checksum_is_taken(guest):
    wire = guest.wire
    datagram = bytearray(frames.udp(wire.ip, guest.ip, 40002, 7, b"no sum"))
    datagram[6:8] = b"\0\0"
    box = wire.inbox(lambda found: found.ip_proto == UDP and found.dport == 40002)
    wire.send_ip(guest.ip, UDP, bytes(datagram))
    assert box.get(what="an echo").data == b"no sum"
    wire.forget(box)


# ---- TCP services -------------------------------------------------------

@pytest.mark.parametrize("size", [1, 535, 536, 1459, 1460, 1461, 30000])
def test_tcp_echo(guest, size):
    with guest.wire.connect(guest.ip, 7) as connection:
        connection.echo(random.Random(size).randbytes(size))


@pytest.mark.parametrize("mss", [536, 1, 64, 1460])
def test_the_guest_respects_our_mss(guest, mss):
    with guest.wire.connect(guest.ip, 7, mss=mss) as connection:
        seen = guest.wire.inbox(connection.box.match)
        connection.echo(bytes(range(200)) * (1 if mss == 1 else 10))
        # Linux never goes below tcp_min_snd_mss: 48 less 12 for timestamps.
        assert max(len(found.data) for found in seen.drain()) <= max(mss, 48)
        guest.wire.forget(seen)


def test_tcp_discard_takes_all_and_says_nothing(guest):
    with guest.wire.connect(guest.ip, 9) as connection:
        connection.send(bytes(20000))
        assert not connection.received


def test_tcp_chargen_is_the_pattern_of_rfc_864(guest):
    ring = bytes(range(32, 127))
    connection = guest.wire.connect(guest.ip, 19, window=4096)
    lines = connection.recv(74 * 100)
    connection.abort()
    assert lines == b"".join((ring * 2)[n % 95:n % 95 + 72] + b"\r\n" for n in range(100))


def http(guest, request: bytes, connection=None) -> "tuple[bytes, dict[str, str], bytes]":
    """(status line, headers, body) of one exchange."""
    own = connection is None
    connection = connection or guest.wire.connect(guest.ip, 80)
    connection.send(request)
    head = b""
    while not head.endswith(b"\r\n\r\n"):
        piece = connection.recv(1)
        assert piece, f"the answer ended in its head: {head!r}"
        head += piece
    status, *fields = head[:-4].split(b"\r\n")
    headers = {name.strip().lower().decode(): value.strip().decode()
               for name, value in (field.split(b":", 1) for field in fields)}
    length = 0 if request.startswith(b"HEAD") else int(headers.get("content-length", 0))
    body = connection.recv(length)
    if own:
        connection.close()
    return status, headers, body


def test_http_serves_a_page(guest):
    status, headers, body = http(guest, b"GET / HTTP/1.1\r\nHost: guest\r\n\r\n")
    assert status.startswith(b"HTTP/1.1 200 ") and b"<html" in body.lower()
    assert headers["content-type"].startswith("text/html")


def test_http_keeps_the_connection(guest):
    with guest.wire.connect(guest.ip, 80) as connection:
        for _ in range(5):
            status, _, body = http(guest, b"GET / HTTP/1.1\r\nHost: guest\r\n\r\n", connection)
            assert status.startswith(b"HTTP/1.1 200 ") and body


def test_http_closes_when_asked(guest):
    connection = guest.wire.connect(guest.ip, 80)
    connection.send(b"GET / HTTP/1.1\r\nHost: guest\r\nConnection: close\r\n\r\n")
    answer = connection.recv_all()
    connection.close()
    assert answer.startswith(b"HTTP/1.1 200 ")


@pytest.mark.parametrize("request_text,status", [
    (b"GET /nothing HTTP/1.1\r\nHost: guest\r\n\r\n", b"404"),
    (b"POST / HTTP/1.1\r\nHost: guest\r\nContent-Length: 0\r\n\r\n", b"405"),
    (b"nonsense\r\n\r\n", b"400"),
])
def test_http_says_what_is_wrong(guest, request_text, status):
    assert http(guest, request_text)[0].split()[1] in (status, b"501" if status == b"405"
                                                       else status)


# ---- the link -----------------------------------------------------------

def test_tcp_goes_through_a_bad_cable(guest):
    """Loss, reordering, duplication and corruption both ways, by seed."""
    wire = guest.wire
    bad = {"loss": 0.05, "reorder": 0.1, "duplicate": 0.05, "corrupt": 0.03}
    wire.resolve(guest.ip)
    wire.to_guest = Impairment(11, **bad)
    try:
        connection = wire.connect(guest.ip, 7, retry_s=0.2, patience_s=60)
        connection.echo(random.Random(4).randbytes(40000))
        connection.close()
    finally:
        wire.to_guest = None


def test_the_guest_retransmits_what_the_cable_lost(guest):
    wire = guest.wire
    connection = wire.connect(guest.ip, 7, patience_s=60)
    wire.from_guest = Impairment(12, loss=0.15)
    try:
        connection.echo(random.Random(5).randbytes(30000))
    finally:
        wire.from_guest = None
    connection.close()


def test_a_link_that_went_down_comes_back(guest):
    guest.wire.ping(guest.ip)
    guest.monitor("set_link n0 off")
    with pytest.raises(Timeout):
        guest.wire.ping(guest.ip, timeout_s=0.5, seq=2)
    guest.monitor("set_link n0 on")
    for seq in range(3, 40):
        try:
            guest.wire.ping(guest.ip, timeout_s=0.5, seq=seq)
            break
        except Timeout:
            continue
    guest.wire.ping(guest.ip, seq=41)


# ---- the console --------------------------------------------------------

@pytest.mark.parametrize("line,expected", [
    ("help", "poweroff"), ("ifconfig", "eth0"), ("netstat -s", "InReceives"), ("drops", ""),
    ("dmesg", "ready"), ("ps", "ksoftirqd"), ("interrupts", ""), ("meminfo", ""),
    ("arp", "10.0.2.2"), ("route", "10.0.2.2"), ("ss", "80"),
    ("sysctl net.ipv4.ip_default_ttl", "64"),
])
def test_console_command(guest, line, expected):
    guest.wire.ping(guest.ip)
    answer = guest.command(line, log=line == "dmesg")
    assert expected in answer and "unknown command" not in answer


def test_an_unknown_console_command_is_said_to_be_one(guest):
    assert "frobnicate" in guest.command("frobnicate")


def test_the_trace_of_a_packet_tells_its_way(guest):
    guest.command("trace on")
    guest.wire.udp(guest.ip, 7, b"follow me")
    told = guest.command("trace last")
    guest.command("trace off")
    assert "dev_queue_xmit" in told or "ip_rcv" in told
