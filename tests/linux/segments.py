# SPDX-License-Identifier: MIT
"""IPv4/TCP packets: made from words, and described in words.

A segment in words is "P. 1:101(100) ack 1 win 502 nop nop ts ~20 7": flags (S F R
P U E W, a dot for ACK), numbers relative to each side's initial one, the window as
it stands in the header, the options in their order. Words that begin with ~ are
times in milliseconds and are compared with a tolerance (transcript.py).
"""
from __future__ import annotations

import socket
import struct

LOCAL, PEER = "10.0.0.1", "10.0.0.2"
FLAGS = {"F": 0x01, "S": 0x02, "R": 0x04, "P": 0x08, ".": 0x10, "U": 0x20, "E": 0x40, "W": 0x80,
         "-": 0}
M32 = 0xffffffff


def checksum(data: bytes) -> int:
    total = sum(struct.unpack(f">{(len(data) + 1) // 2}H", data + bytes(len(data) % 2)))
    while total >> 16:
        total = (total & 0xffff) + (total >> 16)
    return ~total & 0xffff


#: The pattern repeats after so many bytes.
PERIOD = 1 << 16
_PATTERN = bytes((7 * n + (n >> 8)) & 0xff for n in range(PERIOD))


def pattern(start: int, length: int) -> bytes:
    """What a stream has at the relative sequence numbers from @start on."""
    start %= PERIOD
    return (_PATTERN * ((start + length) // PERIOD + 1))[start:start + length]


def ip_packet(protocol: int, payload: bytes, tos: int = 0, src: str = PEER,
              dst: str = LOCAL) -> bytes:
    head = struct.pack(">BBHHHBBH4s4s", 0x45, tos, 20 + len(payload), 1, 0x4000, 64, protocol, 0,
                       socket.inet_aton(src), socket.inet_aton(dst))
    return head[:10] + struct.pack(">H", checksum(head)) + head[12:] + payload


def tcp_segment(sport: int, dport: int, seq: int, ack: int, flags: int, window: int,
                options: bytes, data: bytes, urgent: int = 0) -> bytes:
    options += bytes(-len(options) % 4)
    head = struct.pack(">HHIIBBHHH", sport, dport, seq & M32, ack & M32,
                       (20 + len(options)) // 4 << 4, flags, window, 0, urgent) + options
    pseudo = socket.inet_aton(PEER) + socket.inet_aton(LOCAL) + \
        struct.pack(">BBH", 0, 6, len(head) + len(data))
    total = checksum(pseudo + head + data)
    return head[:16] + struct.pack(">H", total) + head[18:] + data


class Flow:
    """What both sides' numbers of one connection are relative to."""

    def __init__(self, peer_isn: int):
        self.peer_isn = peer_isn
        self.local_isn: "int | None" = None
        self.first_tsval: "int | None" = None
        self.last_tsval = 0

    def rel(self, seq: int) -> int:
        """@seq of ours; half of the numbers are negative."""
        return signed(seq - (self.local_isn or 0))

    def rel_peer(self, seq: int) -> int:
        return signed(seq - self.peer_isn)


def signed(number: int) -> int:
    number &= M32
    return number - (1 << 32) if number >> 31 else number


class Packet:
    """A packet that left, taken apart; malformed() says what is wrong with it."""

    def __init__(self, data: bytes):
        self.data = data
        self.tos, self.length, self.ident, self.fragment = struct.unpack(">xBHHH", data[:8])
        self.ttl, self.protocol = data[8], data[9]
        self.payload = data[20:]
        if self.protocol == 6:
            (self.sport, self.dport, self.seq, self.ack, off, self.flags, self.window, _,
             self.urgent) = struct.unpack(">HHIIBBHHH", self.payload[:20])
            self.options = self.payload[20:(off >> 4) * 4]
            self.body = self.payload[(off >> 4) * 4:]

    def malformed(self) -> "list[str]":
        said = []
        if self.data[0] != 0x45 or checksum(self.data[:20]) or self.length != len(self.data):
            said.append("BAD-IP")
        if self.protocol == 6:
            pseudo = self.data[12:20] + struct.pack(">BBH", 0, 6, len(self.payload))
            if checksum(pseudo + self.payload):
                said.append("BAD-SUM")
        return said


def describe_options(options: bytes, flow: Flow) -> "list[str]":
    words, at = [], 0
    while at < len(options):
        kind = options[at]
        if kind in (0, 1):
            words.append("nop" if kind else "eol")
            at += 1
            continue
        size = options[at + 1] if at + 1 < len(options) else 0
        if size < 2:
            return words + ["BAD-OPTION"]
        value = options[at + 2:at + size]
        at += size
        if kind == 2:
            words.append(f"mss {int.from_bytes(value, 'big')}")
        elif kind == 3:
            words.append(f"ws {value[0]}")
        elif kind == 4:
            words.append("sackok")
        elif kind == 5:
            edges = [flow.rel_peer(n) for n in struct.unpack(f">{len(value) // 4}I", value)]
            words.append("sack " + " ".join(f"{edges[i]}-{edges[i + 1]}"
                                            for i in range(0, len(edges), 2)))
        elif kind == 8:
            val, ecr = struct.unpack(">II", value)
            if flow.first_tsval is None:
                flow.first_tsval = val
            flow.last_tsval = val
            words.append(f"ts ~{signed(val - flow.first_tsval)} {ecr}")
        else:
            words.append(f"option {kind} {value.hex() or '-'}")
    return words


def describe(packet: Packet, flow: Flow) -> str:
    """@packet in words; @flow learns its initial numbers."""
    words = ["".join(c for c in "SFRPUEW." if packet.flags & FLAGS[c]) or "-"]
    if packet.flags & 0x02:
        if flow.local_isn is not None and flow.local_isn != packet.seq:
            words.append("new-isn")
        flow.local_isn = packet.seq
    seq = flow.rel(packet.seq)
    if packet.flags & 0x04 and not packet.seq:
        words.append("zero")            # RFC 9293 3.5.2: not relative to anything
    elif packet.body:
        words.append(f"{seq}:{seq + len(packet.body)}({len(packet.body)})")
    else:
        words.append(f"{seq}")
    if packet.flags & 0x10:
        words.append(f"ack {flow.rel_peer(packet.ack)}")
    elif packet.ack:
        words.append(f"unused-ack {flow.rel_peer(packet.ack)}")
    words.append(f"win {packet.window}")
    if packet.urgent or packet.flags & 0x20:
        words.append(f"urg {packet.urgent}")
    words += describe_options(packet.options, flow)
    first = seq + 1 if packet.flags & 0x02 else seq
    if packet.body and flow.local_isn is not None and packet.body != pattern(first, len(packet.body)):
        words.append("BAD-DATA")
    if packet.tos:
        words.append(f"tos {packet.tos}")
    if packet.fragment != 0x4000:
        words.append(f"fragment {packet.fragment:#x}")
    if packet.ident == 0:
        words.append("id0")
    if packet.ttl != 64:
        words.append(f"ttl {packet.ttl}")
    return " ".join(words + packet.malformed())


def parse_options(words: "list[str]", flow: Flow) -> bytes:
    """Options from words: mss N, ws N, sackok, sack A-B …, ts VAL ECR, nop, eol, raw HEX.

    ECR: a number, "last" (what we were told last) or "first+N"."""
    out, i = b"", 0
    while i < len(words):
        word = words[i]
        i += 1
        if word in ("nop", "eol"):
            out += b"\x01" if word == "nop" else b"\x00"
        elif word == "mss":
            out += struct.pack(">BBH", 2, 4, int(words[i]))
            i += 1
        elif word == "ws":
            out += struct.pack(">BBB", 3, 3, int(words[i]))
            i += 1
        elif word == "sackok":
            out += b"\x04\x02"
        elif word == "raw":
            out += bytes.fromhex(words[i])
            i += 1
        elif word == "ts":
            out += struct.pack(">BBII", 8, 10, int(words[i]) & M32, echo(words[i + 1], flow))
            i += 2
        elif word == "sack":
            blocks = b""
            while i < len(words) and words[i].count("-") and words[i][0].isdigit():
                for edge in words[i].split("-"):
                    blocks += struct.pack(">I", (int(edge) + (flow.local_isn or 0)) & M32)
                i += 1
            out += struct.pack(">BB", 5, 2 + len(blocks)) + blocks
        else:
            raise ValueError(f"no such option: {word}")
    return out


def echo(word: str, flow: Flow) -> int:
    if word == "last":
        return flow.last_tsval
    if word.startswith("first"):
        return ((flow.first_tsval or 0) + int(word[5:] or 0)) & M32
    return int(word) & M32
