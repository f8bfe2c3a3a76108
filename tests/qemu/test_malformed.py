# SPDX-License-Identifier: MIT
"""Frames wrong in every header field: each is dropped with a reason of its own,
and echo is alive after each."""
import struct

import frames
import pytest
from guest import Shared
from scapy.layers.inet import ICMP, IP, TCP, UDP
from scapy.layers.l2 import Ether
from scapy.packet import Raw

HOST, OURS = "10.0.2.2", "10.0.2.15"
OTHER = "10.0.2.77"


def ip(**fields):
    return IP(**{"src": HOST, "dst": OURS, **fields})


def udp(**fields):
    return UDP(**{"sport": 40100, "dport": 7, **fields}) / Raw(b"payload")


def tcp(**fields):
    return TCP(**{"sport": 40200, "dport": 7, "flags": "S", "seq": 1, **fields})


def arp(at=0, value=b"", target=OURS):
    """A request; the bytes from @at on are @value."""
    raw = frames.arp(1, "52:55:0a:00:02:02", HOST, "00:00:00:00:00:00", target)
    return Raw(raw[:at] + value + raw[at + len(value):])


def option(raw: bytes):
    """IP options, as they are."""
    return [Raw(raw + bytes(-len(raw) % 4))]


#: name: (what follows the Ethernet header, reasons any of which is right).
#: Fields scapy would fill in are set wrong.
CASES = {
    # Ethernet
    "unknown ethertype": (Raw(bytes(46)), "UNHANDLED_PROTO"),
    "802.3 length instead of a type": (Raw(bytes(46)), "LLC_LENGTH"),
    "IPv6": (Raw(b"\x60" + bytes(45)), "UNHANDLED_PROTO"),
    "nothing after the header": (Raw(b""), "IP_INHDR"),
    # ARP
    "ARP hardware type": (arp(0, b"\0\2"), "ARP_INHDR"),
    "ARP protocol type": (arp(2, b"\x86\xdd"), "ARP_INHDR"),
    "ARP hardware length": (arp(4, b"\5"), "ARP_INHDR"),
    "ARP protocol length": (arp(5, b"\5"), "ARP_INHDR"),
    "ARP operation": (arp(6, b"\0\x4d"), "ARP_INHDR"),
    "ARP for a multicast address": (arp(target="224.0.0.1"), "ARP_IGNORED"),
    "ARP for a loopback address": (arp(target="127.0.0.1"), "ARP_IGNORED"),
    # IPv4 header
    "IP version 0": (ip(version=0) / udp(), "IP_INHDR"),
    "IP version 6": (ip(version=6) / udp(), "IP_INHDR"),
    "IP version 15": (ip(version=15) / udp(), "IP_INHDR"),
    "IP header length 0": (ip(ihl=0) / udp(), "IP_INHDR"),
    "IP header length 4": (ip(ihl=4) / udp(), "IP_INHDR"),
    "IP header longer than the packet": (ip(ihl=15, len=28) / Raw(bytes(8)), "IP_INHDR"),
    "IP total length below its header": (ip(len=19) / udp(), "IP_INHDR"),
    "IP total length 0": (ip(len=0) / udp(), "IP_INHDR"),
    "IP total length beyond the frame": (ip(len=1000) / udp(), "PKT_TOO_SMALL"),
    "IP total length 65535": (ip(len=65535) / udp(), "PKT_TOO_SMALL"),
    "IP checksum": (ip(chksum=0x1234) / udp(), "IP_CSUM"),
    "IP checksum 0": (ip(chksum=0) / udp(), "IP_CSUM"),
    "IP protocol": (ip(proto=253) / Raw(b"?"), "IP_NOPROTO"),
    "IP protocol 0": (ip(proto=0) / Raw(b"?"), "IP_NOPROTO"),
    "IP first fragment": (ip(flags="MF") / udp(), "IP_FRAGMENT"),
    "IP later fragment": (ip(frag=100) / udp(), "IP_FRAGMENT"),
    "IP fragment that reaches beyond 65535": (ip(frag=8191, flags="MF") / udp(),
                                              "IP_FRAGMENT FRAG_TOO_FAR"),
    "IP option of length 0": (ip(options=option(b"\x07\x00")) / udp(), "IP_OPTIONS"),
    "IP option of length 1": (ip(options=option(b"\x07\x01")) / udp(), "IP_OPTIONS"),
    "IP option longer than the header": (ip(options=option(b"\x07\xff\x04\x00")) / udp(),
                                         "IP_OPTIONS"),
    "IP option without its length": (ip(options=option(b"\x01\x01\x01\x07")) / udp(),
                                     "IP_OPTIONS"),
    "IP loose source route": (ip(options=option(b"\x83\x07\x04\x0a\x00\x02\x4d")) / udp(),
                              "IP_OPTIONS"),
    # IPv4 addresses
    "IP source broadcast": (ip(src="255.255.255.255") / udp(), "IP_MARTIAN_SOURCE"),
    "IP source the net's broadcast": (ip(src="10.0.2.255") / udp(), "IP_MARTIAN_SOURCE"),
    "IP source multicast": (ip(src="224.0.0.5") / udp(), "IP_MARTIAN_SOURCE"),
    "IP source loopback": (ip(src="127.0.0.1") / udp(), "IP_MARTIAN_SOURCE"),
    "IP source 0": (ip(src="0.0.0.0") / udp(), "IP_MARTIAN_SOURCE"),
    "IP source our own": (ip(src=OURS) / udp(), "IP_LOCAL_SOURCE"),
    "IP destination another host": (ip(dst=OTHER) / udp(), "IP_INADDRERRORS"),
    "IP destination loopback": (ip(dst="127.0.0.1") / udp(), "IP_INVALID_DEST"),
    "IP destination 0": (ip(dst="0.0.0.0") / udp(), "IP_INVALID_DEST"),
    "IP destination a group not joined": (ip(dst="224.7.7.7") / udp(), "IP_MC_NOMEMBER"),
    "IP unicast in a link-layer broadcast": (ip() / udp(), "UNICAST_IN_L2_MULTICAST"),
    # ICMP
    "ICMP checksum": (ip() / ICMP(chksum=1) / Raw(b"x"), "ICMP_CSUM"),
    "ICMP shorter than its header": (ip(proto=1) / Raw(b"\x08\x00\xf7\xff"), "PKT_TOO_SMALL"),
    "ICMP of no bytes": (ip(proto=1), "ICMP_CSUM"),
    "ICMP unknown type": (ip() / ICMP(type=200), "ICMP_TYPE"),
    "ICMP source quench": (ip() / ICMP(type=4) / ip() / udp(), "ICMP_TYPE"),
    "ICMP error about nothing": (ip() / ICMP(type=3, code=3), "PKT_TOO_SMALL"),
    "ICMP error that quotes half a header": (ip() / ICMP(type=3, code=1) / Raw(b"\x45\0\0\x1c"),
                                             "PKT_TOO_SMALL"),
    "ICMP echo to broadcast": (ip(dst="10.0.2.255") / ICMP(), "ICMP_BCAST"),
    # UDP
    "UDP checksum": (ip() / udp(chksum=0x5555), "UDP_CSUM"),
    "UDP length below its header": (ip() / udp(len=7), "UDP_LENGTH"),
    "UDP length 0": (ip() / udp(len=0), "UDP_LENGTH"),
    "UDP length beyond the packet": (ip() / udp(len=500), "UDP_LENGTH"),
    "UDP shorter than its header": (ip(proto=17) / Raw(b"\x9c\xa4\x00\x07"),
                                    "PKT_TOO_SMALL UDP_LENGTH"),
    "UDP to a closed port": (ip() / udp(dport=4444), "NO_SOCKET"),
    "UDP to port 0": (ip() / udp(dport=0), "NO_SOCKET"),
    # TCP
    "TCP checksum": (ip() / tcp(chksum=0x5555), "TCP_CSUM"),
    "TCP data offset 0": (ip() / tcp(dataofs=0), "TCP_HEADER"),
    "TCP data offset 4": (ip() / tcp(dataofs=4), "TCP_HEADER"),
    "TCP data offset beyond the segment": (ip() / tcp(dataofs=15), "TCP_HEADER"),
    "TCP shorter than its header": (ip(proto=6) / Raw(bytes(10)), "PKT_TOO_SMALL TCP_HEADER"),
    "TCP to a closed port": (ip() / tcp(dport=4444), "NO_SOCKET"),
    "TCP without flags at a listener": (ip() / tcp(flags=0), "TCP_FLAGS"),
    "TCP RST at a listener": (ip() / tcp(flags="R"), "TCP_FLAGS TCP_RESET"),
    "TCP SYN and RST": (ip() / tcp(flags="SR"), "TCP_FLAGS TCP_RESET"),
    "TCP SYN and FIN": (ip() / tcp(flags="SF"), "TCP_FLAGS"),
    "TCP ACK at a listener": (ip() / tcp(flags="A", ack=77), "TCP_FLAGS NO_SOCKET"),
    "TCP FIN at a listener": (ip() / tcp(flags="F"), "TCP_FLAGS"),
    "TCP SYN to broadcast": (ip(dst="10.0.2.255") / tcp(), "TCP_BCAST"),
}
ETHERTYPES = {**{name: frames.ETH_ARP for name in CASES if name.startswith("ARP")},
              "unknown ethertype": 0x88B5, "802.3 length instead of a type": 46, "IPv6": 0x86DD,
              "nothing after the header": 0x0800}
BROADCASTS = {"IP unicast in a link-layer broadcast", "ICMP echo to broadcast",
              "TCP SYN to broadcast"}


def frame_of(name: str, guest_mac: str, host_mac: str) -> bytes:
    layers, _ = CASES[name]
    ether = Ether(dst="ff:ff:ff:ff:ff:ff" if name in BROADCASTS else guest_mac, src=host_mac)
    if name in ETHERTYPES:
        ether.type = ETHERTYPES[name]
    return bytes(ether / layers)


@pytest.fixture(scope="module", params=["virtio", "e1000"])
def shared(request):
    made = Shared(nic=request.param)
    yield made
    made.finish()


@pytest.fixture
def guest(shared):
    running = shared.get()
    running.wire.resolve(running.ip)
    return running


def changed(before: "dict[str, int]", after: "dict[str, int]") -> "dict[str, int]":
    return {name: count - before.get(name, 0) for name, count in after.items()
            if count != before.get(name, 0)}


@pytest.mark.parametrize("name", CASES)
def test_is_dropped_with_its_reason(guest, name):
    reasons = CASES[name][1].split()
    before = guest.drops()
    guest.wire.send(frame_of(name, guest.machine.mac, guest.wire.mac))
    # Echo goes the same way behind it: when it is back, the frame was handled.
    guest.wire.ping(guest.ip, name.encode(), seq=2)
    delta = changed(before, guest.drops())
    assert sum(delta.values()) == 1 and set(delta) <= set(reasons), \
        f"wanted one of {reasons}, counted {delta}"
    assert guest.wire.udp(guest.ip, 7, name.encode()).data == name.encode()


@pytest.mark.parametrize("cut", range(0, 60, 3))
def test_a_frame_cut_anywhere_does_no_harm(guest, cut):
    whole = frames.eth(guest.machine.mac, guest.wire.mac, frames.ETH_IP, frames.ipv4(
        HOST, OURS, frames.TCP, frames.tcp(HOST, OURS, 40300, 7, 1, 0, frames.SYN, b"abc")))
    guest.wire.send(whole[:14 + cut])
    guest.wire.ping(guest.ip, seq=3)


def test_a_frame_longer_than_the_mtu_does_no_harm(guest):
    packet = frames.ipv4(HOST, OURS, frames.UDP, frames.udp(HOST, OURS, 40301, 7, bytes(8000)))
    guest.wire.send(frames.eth(guest.machine.mac, guest.wire.mac, frames.ETH_IP, packet))
    guest.wire.ping(guest.ip, seq=4)


def test_ten_thousand_frames_of_noise_do_no_harm(guest):
    """Valid frames with a few bytes changed, by seed; checksums mended half the time."""
    import random
    noise = random.Random(7)
    seeds = [frame_of(name, guest.machine.mac, guest.wire.mac) for name in CASES]
    for _ in range(10000):
        frame = bytearray(noise.choice(seeds))
        for _ in range(noise.randrange(1, 4)):
            if len(frame) > 14:
                frame[noise.randrange(12, len(frame))] = noise.randrange(256)
        if noise.random() < 0.5 and len(frame) >= 34 and frame[12:14] == b"\x08\x00":
            frame[24:26] = b"\0\0"
            frame[24:26] = struct.pack("!H", frames.checksum(bytes(frame[14:34])))
        guest.wire.send(bytes(frame))
    # A noisy ARP may have told a wrong MAC for us: say it again.
    guest.wire.send(frames.eth(frames.BROADCAST, guest.wire.mac, frames.ETH_ARP, frames.arp(
        1, guest.wire.mac, HOST, "00:00:00:00:00:00", OURS)))
    guest.wire.ping(guest.ip, seq=5, timeout_s=60)
    with guest.wire.connect(guest.ip, 7) as connection:
        connection.echo(b"still here")
