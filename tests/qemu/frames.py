# SPDX-License-Identifier: MIT
"""Ethernet frames made and read by hand; standard library only.

This is the tests' own view of the formats, independent of the guest and of
scapy. Every length is checked when reading: parse() returns None for a layer
that is not there or does not fit.
"""
from __future__ import annotations

import dataclasses
import ipaddress
import struct

ETH_IP, ETH_ARP = 0x0800, 0x0806
ICMP, TCP, UDP = 1, 6, 17
FIN, SYN, RST, PSH, ACK, URG = 0x01, 0x02, 0x04, 0x08, 0x10, 0x20
BROADCAST = "ff:ff:ff:ff:ff:ff"


def mac_bytes(text: str) -> bytes:
    return bytes(int(part, 16) for part in text.split(":"))


def mac_text(raw: bytes) -> str:
    return ":".join(f"{byte:02x}" for byte in raw)


def ip_bytes(text: str) -> bytes:
    return ipaddress.IPv4Address(text).packed


def ip_text(raw: bytes) -> str:
    return str(ipaddress.IPv4Address(raw))


def checksum(data: bytes) -> int:
    """The Internet checksum (RFC 1071) of @data: 0 over data that carries it."""
    if len(data) % 2:
        data += b"\0"
    total = sum(struct.unpack(f"!{len(data) // 2}H", data))
    while total >> 16:
        total = (total & 0xFFFF) + (total >> 16)
    return ~total & 0xFFFF


def eth(dst: str, src: str, proto: int, payload: bytes) -> bytes:
    """A frame, padded to the least length of Ethernet."""
    frame = mac_bytes(dst) + mac_bytes(src) + struct.pack("!H", proto) + payload
    return frame.ljust(60, b"\0")


def arp(op: int, sha: str, spa: str, tha: str, tpa: str) -> bytes:
    return struct.pack("!HHBBH", 1, ETH_IP, 6, 4, op) + mac_bytes(sha) + ip_bytes(spa) \
        + mac_bytes(tha) + ip_bytes(tpa)


def ipv4(src: str, dst: str, proto: int, payload: bytes, ttl: int = 64, ident: int = 0,
         frag: int = 0x4000, tos: int = 0) -> bytes:
    """A packet without options. @frag: flags and offset, DF by default."""
    head = struct.pack("!BBHHHBBH4s4s", 0x45, tos, 20 + len(payload), ident, frag, ttl,
                       proto, 0, ip_bytes(src), ip_bytes(dst))
    return head[:10] + struct.pack("!H", checksum(head)) + head[12:] + payload


def _pseudo(src: str, dst: str, proto: int, length: int) -> bytes:
    return ip_bytes(src) + ip_bytes(dst) + struct.pack("!BBH", 0, proto, length)


def icmp_echo(ident: int, seq: int, data: bytes, kind: int = 8) -> bytes:
    message = struct.pack("!BBHHH", kind, 0, 0, ident, seq) + data
    return message[:2] + struct.pack("!H", checksum(message)) + message[4:]


def udp(src: str, dst: str, sport: int, dport: int, data: bytes) -> bytes:
    datagram = struct.pack("!HHHH", sport, dport, 8 + len(data), 0) + data
    total = checksum(_pseudo(src, dst, UDP, len(datagram)) + datagram) or 0xFFFF
    return datagram[:6] + struct.pack("!H", total) + datagram[8:]


def tcp(src: str, dst: str, sport: int, dport: int, seq: int, ack: int, flags: int,
        data: bytes = b"", window: int = 65535, options: bytes = b"") -> bytes:
    options = options.ljust((len(options) + 3) // 4 * 4, b"\0")
    offset = (20 + len(options)) // 4
    segment = struct.pack("!HHIIBBHHH", sport, dport, seq & 0xFFFFFFFF, ack & 0xFFFFFFFF,
                          offset << 4, flags, window, 0, 0) + options + data
    total = checksum(_pseudo(src, dst, TCP, len(segment)) + segment)
    return segment[:16] + struct.pack("!H", total) + segment[18:]


@dataclasses.dataclass
class Parsed:
    """What a frame says. Fields of layers that are not there are None."""

    raw: bytes
    dst: str
    src: str
    proto: int
    arp_op: "int | None" = None
    arp_sha: "str | None" = None
    arp_spa: "str | None" = None
    arp_tpa: "str | None" = None
    ip_src: "str | None" = None
    ip_dst: "str | None" = None
    ip_proto: "int | None" = None
    ttl: "int | None" = None
    sport: "int | None" = None
    dport: "int | None" = None
    icmp: "tuple[int, int, int, int] | None" = None     # type, code, id, seq
    seq: int = 0
    ack: int = 0
    flags: int = 0
    window: int = 0
    options: bytes = b""
    data: bytes = b""
    bad: "list[str]" = dataclasses.field(default_factory=list)   # wrong checksums

    def __str__(self) -> str:
        return describe(self)


def parse(frame: bytes) -> "Parsed | None":
    """Reads @frame as far as it goes; None when it is shorter than its header."""
    if len(frame) < 14:
        return None
    found = Parsed(frame, mac_text(frame[:6]), mac_text(frame[6:12]),
                   struct.unpack_from("!H", frame, 12)[0])
    if found.proto == ETH_ARP and len(frame) >= 42:
        found.arp_op = struct.unpack_from("!H", frame, 20)[0]
        found.arp_sha, found.arp_spa = mac_text(frame[22:28]), ip_text(frame[28:32])
        found.arp_tpa = ip_text(frame[38:42])
    elif found.proto == ETH_IP and len(frame) >= 34:
        _parse_ip(found, frame[14:])
    return found


def _parse_ip(found: Parsed, packet: bytes) -> None:
    ihl = (packet[0] & 0xF) * 4
    length = struct.unpack_from("!H", packet, 2)[0]
    if packet[0] >> 4 != 4 or ihl < 20 or not ihl <= length <= len(packet):
        return
    found.ttl, found.ip_proto = packet[8], packet[9]
    found.ip_src, found.ip_dst = ip_text(packet[12:16]), ip_text(packet[16:20])
    if checksum(packet[:ihl]):
        found.bad.append("ip")
    body = packet[ihl:length]
    reader = {ICMP: _parse_icmp, UDP: _parse_udp, TCP: _parse_tcp}.get(found.ip_proto)
    fragment = struct.unpack_from("!H", packet, 6)[0] & 0x3FFF
    if reader and not fragment:
        reader(found, body)


def _parse_icmp(found: Parsed, body: bytes) -> None:
    if len(body) >= 8:
        found.icmp = struct.unpack_from("!BB2xHH", body)
        found.data = body[8:]
        if checksum(body):
            found.bad.append("icmp")


def _parse_udp(found: Parsed, body: bytes) -> None:
    if len(body) < 8:
        return
    found.sport, found.dport, length, total = struct.unpack_from("!HHHH", body)
    if not 8 <= length <= len(body):
        found.bad.append("udp length")
        return
    found.data = body[8:length]
    if total and checksum(_pseudo(found.ip_src, found.ip_dst, UDP, length) + body[:length]):
        found.bad.append("udp")


def _parse_tcp(found: Parsed, body: bytes) -> None:
    if len(body) < 20:
        return
    found.sport, found.dport, found.seq, found.ack, offset, found.flags, found.window = \
        struct.unpack_from("!HHIIBBH", body)
    start = (offset >> 4) * 4
    if not 20 <= start <= len(body):
        found.bad.append("tcp offset")
        return
    found.options, found.data = body[20:start], body[start:]
    if checksum(_pseudo(found.ip_src, found.ip_dst, TCP, len(body)) + body):
        found.bad.append("tcp")


def _flag_text(flags: int) -> str:
    names = ((SYN, "SYN"), (FIN, "FIN"), (RST, "RST"), (PSH, "PSH"), (ACK, "ACK"), (URG, "URG"))
    return "|".join(name for bit, name in names if flags & bit) or "none"


def describe(found: Parsed) -> str:
    """One line for a person."""
    bad = f" BAD CHECKSUM {found.bad}" if found.bad else ""
    if found.arp_op is not None:
        what = {1: "who has", 2: "is at"}.get(found.arp_op, f"op {found.arp_op}")
        return f"ARP {found.arp_spa} ({found.arp_sha}) {what} {found.arp_tpa}"
    if found.ip_src is None:
        return f"{found.src} > {found.dst} type {found.proto:#06x}, {len(found.raw)} bytes"
    way = f"{found.ip_src} > {found.ip_dst}"
    if found.icmp:
        kind, code, ident, seq = found.icmp
        return f"{way} ICMP type {kind} code {code} id {ident} seq {seq}, " \
               f"{len(found.data)} bytes{bad}"
    if found.ip_proto == TCP and found.sport is not None:
        return f"{way} TCP {found.sport} > {found.dport} {_flag_text(found.flags)} " \
               f"seq {found.seq} ack {found.ack} win {found.window}, {len(found.data)} bytes{bad}"
    if found.ip_proto == UDP and found.sport is not None:
        return f"{way} UDP {found.sport} > {found.dport}, {len(found.data)} bytes{bad}"
    return f"{way} protocol {found.ip_proto}{bad}"
