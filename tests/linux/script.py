# SPDX-License-Identifier: MIT
"""A script of system calls, segments and pauses, played on a body.

Each step takes STEP_MS, a tick of Linux's timers and more; one that begins with &
takes no time. What it makes the body say stands under it in the transcript: "= …"
for a call's result, "> …" for each packet that left.

    sysctl tcp_sack 0            listen s 80 [BACKLOG]       accept c s
    socket c                     bind c 80                   connect c [PORT]
    set c NAME VALUE             get c NAME                  linger c SECONDS
    send c LENGTH [MSG_…]        recv c LENGTH [MSG_…]       ioctl c NAME
    shutdown c rd|wr|rdwr        close c                     poll c
    setlen c NAME LENGTH         getlen c NAME LENGTH        setstr c NAME TEXT
    getstr c NAME LENGTH         setpair c NAME A B          getpair c NAME
    setraw c LEVEL NAME VALUE    getraw c LEVEL NAME         infolen c LENGTH
    getsockname c                getpeername c               bindip c IP PORT
    rawbind c FAMILY LENGTH      rawconnect c FAMILY LENGTH  connectip c IP PORT
    rawsocket c FAMILY TYPE PROTOCOL                         badfd c
    sendfo c LENGTH              sendtoaddr c LENGTH         fill c CHUNK
    info c [FIELD…]              ccinfo c                    states PORT
    wait MS                      next
    isn N                        icmp TYPE CODE [mtu N] [seq N]
    < FLAGS SEQ[+LENGTH] [ack N] [win W] [urg N] [tos N] [option…]
    <:PORT …                     the same from another port of the peer

The peer's ISN is 0 in what is written, its first byte of data 1; so is ours.
"""
from __future__ import annotations

import ctypes as C
import errno
import select
import socket
import struct
import zlib

import counters
import tcp_info
from bodies import Body
from segments import (FLAGS, LOCAL, PEER, Flow, Packet, checksum, describe, ip_packet,
                      parse_options, pattern, tcp_segment)

PEER_PORT = 5000
STEP_MS = 6
PEER_ISN = 1_000_000_000
OPTION_NAMES = {
    **{name: (1, number) for name, number in (
        ("SO_DEBUG", 1), ("SO_REUSEADDR", 2), ("SO_TYPE", 3), ("SO_ERROR", 4), ("SO_DONTROUTE", 5),
        ("SO_BROADCAST", 6), ("SO_SNDBUF", 7), ("SO_RCVBUF", 8), ("SO_KEEPALIVE", 9),
        ("SO_OOBINLINE", 10), ("SO_NO_CHECK", 11), ("SO_PRIORITY", 12), ("SO_LINGER", 13),
        ("SO_REUSEPORT", 15), ("SO_RCVLOWAT", 18), ("SO_SNDLOWAT", 19), ("SO_RCVTIMEO", 20),
        ("SO_SNDTIMEO", 21), ("SO_BINDTODEVICE", 25), ("SO_TIMESTAMP", 29), ("SO_ACCEPTCONN", 30),
        ("SO_SNDBUFFORCE", 32), ("SO_RCVBUFFORCE", 33), ("SO_TIMESTAMPNS", 35), ("SO_MARK", 36),
        ("SO_PROTOCOL", 38), ("SO_DOMAIN", 39), ("SO_MAX_PACING_RATE", 47), ("SO_BUF_LOCK", 72))},
    **{name: (6, number) for name, number in (
        ("TCP_NODELAY", 1), ("TCP_MAXSEG", 2), ("TCP_CORK", 3), ("TCP_KEEPIDLE", 4),
        ("TCP_KEEPINTVL", 5), ("TCP_KEEPCNT", 6), ("TCP_SYNCNT", 7), ("TCP_LINGER2", 8),
        ("TCP_DEFER_ACCEPT", 9), ("TCP_WINDOW_CLAMP", 10), ("TCP_QUICKACK", 12),
        ("TCP_CONGESTION", 13), ("TCP_THIN_LINEAR_TIMEOUTS", 16), ("TCP_USER_TIMEOUT", 18),
        ("TCP_FASTOPEN", 23), ("TCP_NOTSENT_LOWAT", 25), ("TCP_SAVE_SYN", 27),
        ("TCP_FASTOPEN_CONNECT", 30), ("TCP_FASTOPEN_NO_COOKIE", 34), ("TCP_INQ", 36),
        ("TCP_IS_MPTCP", 43), ("TCP_RTO_MAX_MS", 44), ("TCP_RTO_MIN_US", 45),
        ("TCP_DELACK_MAX_US", 46))},
    **{name: (0, number) for name, number in (
        ("IP_TOS", 1), ("IP_TTL", 2), ("IP_PKTINFO", 8), ("IP_MTU_DISCOVER", 10),
        ("IP_RECVERR", 11), ("IP_RECVTTL", 12), ("IP_RECVTOS", 13), ("IP_MTU", 14),
        ("IP_FREEBIND", 15), ("IP_MINTTL", 21), ("IP_BIND_ADDRESS_NO_PORT", 24))},
}
IOCTLS = {"SIOCINQ": 0x541B, "SIOCOUTQ": 0x5411, "SIOCOUTQNSD": 0x894B, "SIOCATMARK": 0x8905,
          "UNKNOWN": 0x89EF}
STATE_NAMES = ("", "ESTABLISHED", "SYN_SENT", "SYN_RECV", "FIN_WAIT1", "FIN_WAIT2", "TIME_WAIT",
               "CLOSE", "CLOSE_WAIT", "LAST_ACK", "LISTEN", "CLOSING")
POLL_NAMES = [(getattr(select, name), name[4:].lower()) for name in (
    "POLLIN", "POLLPRI", "POLLOUT", "POLLERR", "POLLHUP", "POLLRDNORM", "POLLRDBAND", "POLLWRNORM",
    "POLLWRBAND", "POLLRDHUP")]
SHUTDOWN = {"rd": 0, "wr": 1, "rdwr": 2, "wrong": 3}


def result(value: int) -> str:
    return f"-{errno.errorcode.get(-value, -value)}" if value < 0 else str(value)


def address(ip: str, port: int) -> C.Array:
    raw = struct.pack("=H", socket.AF_INET) + struct.pack(">H", port) + socket.inet_aton(ip) + \
        bytes(8)
    return C.create_string_buffer(raw, 16)


class Player:
    """Plays one script; transcript grows meanwhile."""

    def __init__(self, body: Body):
        self.body = body
        self.transcript: "list[str]" = []
        self.fds: "dict[str, int]" = {}
        self.sent: "dict[str, int]" = {}
        self.flows: "dict[tuple[int, int], Flow]" = {}
        self.local_port, self.peer_port, self.peer_isn = 0, PEER_PORT, PEER_ISN
        self.last: "Packet | None" = None

    def play(self, steps: "list[str]") -> "list[str]":
        before = counters.read(self.body.view)
        for step in steps:
            self.transcript.append(step)
            verb, *words = step.lstrip("&").split()
            if verb.startswith("<"):
                self.segment(verb[1:], words)
            else:
                getattr(self, f"do_{verb}")(*words)
            if verb not in ("wait", "isn", "next", "sysctl"):
                self.collect(0 if step[0] == "&" else STEP_MS, timed=False)
        for line in counters.moved(before, counters.read(self.body.view)):
            self.say(line)
        return self.transcript

    # ---- what comes out ------------------------------------------------------------

    def say(self, text: str) -> None:
        self.transcript.append(f"    {text}")

    def collect(self, ms: float, timed: bool) -> None:
        before = 0.0
        for at, data in self.body.run(ms):
            packet = Packet(data)
            when = f"~{at - before:.0f} " if timed else ""
            if timed:
                before = at
            if packet.protocol == 6:
                self.say(f"> {when}{self.name(packet)}{describe(packet, self.flow_of(packet))}")
                self.last = packet
            elif packet.protocol == 1:
                self.say(f"> {when}icmp {packet.payload[0]} {packet.payload[1]}")

    def flow_of(self, packet: Packet) -> Flow:
        if not self.local_port and packet.dport == self.peer_port:
            self.local_port = packet.sport
        return self.flow(packet.sport, packet.dport)

    def flow(self, local: int, peer: int) -> Flow:
        return self.flows.setdefault((local, peer), Flow(self.peer_isn))

    def name(self, packet: Packet) -> str:
        """Which connection, if not the one in question."""
        self.flow_of(packet)
        if (packet.sport, packet.dport) == (self.local_port, self.peer_port):
            return ""
        if packet.sport == self.local_port:
            return f":{packet.dport} "
        return f"{packet.sport if packet.sport < 32768 else 'other'}:{packet.dport} "

    # ---- the wire --------------------------------------------------------------------

    def segment(self, ports: str, words: "list[str]") -> None:
        local, _, peer = ports.partition(":")
        local_port, peer_port = int(local or self.local_port), int(peer or self.peer_port)
        flow = self.flow(local_port, peer_port)
        flags = sum(FLAGS[c] for c in words[0])
        start, _, length = words[1].partition("+")
        ack, window, urgent, tos = 0, 65535, 0, 0
        rest = words[2:]
        while rest and rest[0] in ("ack", "win", "urg", "tos"):
            key, value, rest = rest[0], int(rest[1]), rest[2:]
            if key == "ack":
                ack = value + (flow.local_isn or 0)
            elif key == "win":
                window = value
            elif key == "urg":
                urgent = value
            else:
                tos = value
        data = pattern(int(start) + (1 if flags & 0x02 else 0), int(length or 0))
        self.body.inject(ip_packet(6, tcp_segment(
            peer_port, local_port, flow.peer_isn + int(start), ack, flags, window,
            parse_options(rest, flow), data, urgent), tos))

    def do_icmp(self, kind: str, code: str, *words: str) -> None:
        """An error about the last packet that left."""
        more = dict(zip(words[::2], map(int, words[1::2])))
        assert self.last
        quoted = bytearray(self.last.data[:28])
        if "seq" in more:
            flow = self.flow_of(self.last)
            quoted[24:28] = struct.pack(">I", (more["seq"] + (flow.local_isn or 0)) & 0xffffffff)
        head = struct.pack(">BBHHH", int(kind), int(code), 0, 0, more.get("mtu", 0)) + bytes(quoted)
        head = head[:2] + struct.pack(">H", checksum(head)) + head[4:]
        self.body.inject(ip_packet(1, head, 0, PEER, LOCAL))

    def do_wait(self, ms: str) -> None:
        self.collect(float(ms), timed=True)

    def do_isn(self, number: str) -> None:
        self.peer_isn = int(number)

    # ---- calls -------------------------------------------------------------------------

    def do_sysctl(self, name: str, *value: str) -> None:
        full = name if "." in name else f"net.ipv4.{name}"
        got = self.body.set_sysctl(full, " ".join(value))
        if got:
            self.say(f"= {result(got)}")

    def do_socket(self, name: str) -> None:
        fd = self.body.call("socket", socket.AF_INET, socket.SOCK_STREAM | socket.SOCK_NONBLOCK, 0)
        self.fds[name] = fd
        self.sent[name] = 1
        if fd < 0:
            self.say(f"= {result(fd)}")

    def do_bind(self, name: str, port: str) -> None:
        if name not in self.fds:
            self.do_socket(name)
        self.say(f"= {result(self.body.call('bind', self.fds[name], address(LOCAL, int(port)), 16))}")
        self.local_port = int(port)

    def do_listen(self, name: str, port: str, backlog: str = "10") -> None:
        if name not in self.fds:
            self.do_socket(name)
        got = self.body.call("bind", self.fds[name], address("0.0.0.0", int(port)), 16)
        got = got or self.body.call("listen", self.fds[name], int(backlog))
        self.local_port = int(port)
        if got:
            self.say(f"= {result(got)}")

    def do_relisten(self, name: str, backlog: str = "10") -> None:
        self.say(f"= {result(self.body.call('listen', self.fds[name], int(backlog)))}")

    def do_accept(self, name: str, listener: str) -> None:
        fd = self.body.call("accept", self.fds[listener], None, None, socket.SOCK_NONBLOCK)
        if fd >= 0 or name not in self.fds:
            self.fds[name] = fd
            self.sent[name] = 1
        self.say(f"= {'ok' if fd >= 0 else result(fd)}")

    def do_connect(self, name: str, port: str = str(PEER_PORT)) -> None:
        if name not in self.fds:
            self.do_socket(name)
        self.peer_port = int(port)
        got = self.body.call("connect", self.fds[name], address(PEER, int(port)), 16)
        self.say(f"= {result(got)}")

    def do_unconnect(self, name: str) -> None:
        """connect() to AF_UNSPEC."""
        self.say(f"= {result(self.body.call('connect', self.fds[name], bytes(16), 16))}")

    def do_set(self, name: str, option: str, value: str) -> None:
        if name not in self.fds:
            self.do_socket(name)
        got = self.body.call("setsockopt", self.fds[name], *OPTION_NAMES[option],
                             C.byref(C.c_int(int(value))), 4)
        if got:
            self.say(f"= {result(got)}")

    def do_get(self, name: str, option: str) -> None:
        value, size = C.c_int(-1), C.c_uint32(4)
        got = self.body.call("getsockopt", self.fds[name], *OPTION_NAMES[option], C.byref(value),
                             C.byref(size))
        said = value.value
        if not got and option == "SO_ERROR":
            said = errno.errorcode.get(said, said)
        self.say(f"= {result(got) if got else said}")

    def do_linger(self, name: str, seconds: str) -> None:
        value = struct.pack("ii", 1, int(seconds))
        got = self.body.call("setsockopt", self.fds[name], 1, socket.SO_LINGER, value, 8)
        if got:
            self.say(f"= {result(got)}")

    # Options by length, as text, in pairs, by number.

    def option(self, name: str, option: str) -> "tuple[int, int, int]":
        if name not in self.fds:
            self.do_socket(name)
        return (self.fds[name], *OPTION_NAMES[option])

    def do_setlen(self, name: str, option: str, length: str) -> None:
        value = C.create_string_buffer(struct.pack("<i", 1) + bytes(252), 256)
        got = self.body.call("setsockopt", *self.option(name, option), value,
                             C.c_uint32(int(length) & 0xffffffff))
        self.say(f"= {result(got)}")

    def got_bytes(self, sockopt: "tuple[int, int, int]", length: int) -> "bytes | None":
        """What getsockopt() fills in; None where it says an error."""
        value, size = C.create_string_buffer(256), C.c_uint32(length & 0xffffffff)
        got = self.body.call("getsockopt", *sockopt, value, C.byref(size))
        if got:
            self.say(f"= {result(got)}")
            return None
        return value.raw[:size.value]

    def do_getlen(self, name: str, option: str, length: str) -> None:
        value = self.got_bytes(self.option(name, option), int(length))
        if value is not None:
            self.say(f"= {len(value)}: {value.hex()}")

    def do_setstr(self, name: str, option: str, text: str = "") -> None:
        got = self.body.call("setsockopt", *self.option(name, option), text.encode(), len(text))
        self.say(f"= {result(got)}")

    def do_getstr(self, name: str, option: str, length: str) -> None:
        value = self.got_bytes(self.option(name, option), int(length))
        if value is not None:
            self.say(f"= {len(value)}: {value.split(bytes(1))[0].decode()}")

    def do_setpair(self, name: str, option: str, first: str, second: str) -> None:
        form = "ii" if option == "SO_LINGER" else "qq"
        value = struct.pack(form, int(first), int(second))
        got = self.body.call("setsockopt", *self.option(name, option), value, len(value))
        self.say(f"= {result(got)}")

    def do_getpair(self, name: str, option: str) -> None:
        value = self.got_bytes(self.option(name, option), 16)
        if value is not None:
            words = struct.unpack("ii" if option == "SO_LINGER" else "qq", value)
            self.say(f"= {len(value)}: {' '.join(map(str, words))}")

    def do_setraw(self, name: str, level: str, option: str, value: str) -> None:
        got = self.body.call("setsockopt", self.fds[name], int(level), int(option),
                             C.byref(C.c_int(int(value))), 4)
        self.say(f"= {result(got)}")

    def do_getraw(self, name: str, level: str, option: str) -> None:
        value = self.got_bytes((self.fds[name], int(level), int(option)), 4)
        if value is not None:
            self.say(f"= {len(value)}: {value.hex()}")

    def do_infolen(self, name: str, length: str) -> None:
        value = self.got_bytes((self.fds[name], 6, socket.TCP_INFO), int(length))
        if value is not None:
            self.say(f"= {min(len(value), 232)}")

    # Addresses.

    def say_name(self, got: int, raw: bytes, size: int) -> None:
        if got:
            self.say(f"= {result(got)}")
            return
        family, port = struct.unpack("=H", raw[:2])[0], int.from_bytes(raw[2:4], "big")
        shown = str(port) if port < 32768 else "some"
        self.say(f"= {size}: {family} {socket.inet_ntoa(raw[4:8])} {shown}")

    def ask_name(self, call: str, name: str) -> None:
        raw, size = C.create_string_buffer(32), C.c_uint32(32)
        got = self.body.call(call, self.fds[name], raw, C.byref(size))
        self.say_name(got, raw.raw, size.value)

    def do_getsockname(self, name: str) -> None:
        self.ask_name("getsockname", name)

    def do_getpeername(self, name: str) -> None:
        self.ask_name("getpeername", name)

    def raw_address(self, call: str, name: str, family: str, length: str) -> None:
        raw = struct.pack("=H", int(family)) + struct.pack(">H", 90) + \
            socket.inet_aton(LOCAL if call == "bind" else PEER) + bytes(248)
        got = self.body.call(call, self.fds[name], raw, C.c_uint32(int(length) & 0xffffffff))
        self.say(f"= {result(got)}")

    def do_rawbind(self, name: str, family: str, length: str) -> None:
        self.raw_address("bind", name, family, length)

    def do_rawconnect(self, name: str, family: str, length: str) -> None:
        self.peer_port = 90
        self.raw_address("connect", name, family, length)

    def do_bindip(self, name: str, ip: str, port: str) -> None:
        self.say(f"= {result(self.body.call('bind', self.fds[name], address(ip, int(port)), 16))}")

    def do_connectip(self, name: str, ip: str, port: str) -> None:
        self.peer_port = int(port)
        got = self.body.call("connect", self.fds[name], address(ip, int(port)), 16)
        self.say(f"= {result(got)}")

    def do_rawsocket(self, name: str, family: str, kind: str, protocol: str) -> None:
        fd = self.body.call("socket", int(family), int(kind), int(protocol))
        self.fds[name] = fd
        self.say(f"= {'ok' if fd >= 0 else result(fd)}")

    def do_badfd(self, name: str) -> None:
        self.fds[name], self.sent[name] = 987, 1

    @staticmethod
    def flags(names: "tuple[str, ...]") -> int:
        return sum(getattr(socket, f"MSG_{name.upper()}") for name in names)

    def do_send(self, name: str, length: str, *flags: str) -> None:
        data = pattern(self.sent[name], int(length))
        got = self.body.call("sendto", self.fds[name], data,
                             C.c_size_t(len(data)), self.flags(flags), None, 0)
        if got > 0:
            self.sent[name] += got
        self.say(f"= {result(got)}")

    def sendto(self, name: str, length: str, flags: int) -> None:
        data = pattern(self.sent[name], int(length))
        got = self.body.call("sendto", self.fds[name], data, C.c_size_t(len(data)), flags,
                             address(PEER, self.peer_port), 16)
        if got > 0:
            self.sent[name] += got
        self.say(f"= {result(got)}")

    def do_sendfo(self, name: str, length: str) -> None:
        if name not in self.fds:
            self.do_socket(name)
        self.sendto(name, length, 0x20000000)       # MSG_FASTOPEN

    def do_sendtoaddr(self, name: str, length: str) -> None:
        self.sendto(name, length, 0)

    def do_fill(self, name: str, chunk: str) -> None:
        """Writes of @chunk bytes until one is refused."""
        total, got = 0, int(chunk)
        while got > 0 and total < 1 << 24:
            data = pattern(self.sent[name], int(chunk))
            got = self.body.call("sendto", self.fds[name], data, C.c_size_t(len(data)), 0, None, 0)
            self.sent[name] += max(0, got)
            total += max(0, got)
        self.say(f"= {total} and {result(got)}")

    def do_recv(self, name: str, length: str, *flags: str) -> None:
        buffer = C.create_string_buffer(max(1, int(length)))
        got = self.body.call("recvfrom", self.fds[name], buffer, C.c_size_t(int(length)),
                             self.flags(flags), None, None)
        crc = f" crc {zlib.crc32(buffer.raw[:got]):08x}" if got > 0 else ""
        self.say(f"= {result(got)}{crc}")

    def do_shutdown(self, name: str, how: str) -> None:
        self.say(f"= {result(self.body.call('shutdown', self.fds[name], SHUTDOWN[how]))}")

    def do_close(self, name: str) -> None:
        got = self.body.call("close", self.fds[name])
        if got:
            self.say(f"= {result(got)}")

    def do_linger_close(self, name: str) -> None:
        self.body.linger_close(self.fds[name])

    def do_ioctl(self, name: str, request: str) -> None:
        value = C.c_int(-1)
        got = self.body.call("ioctl", self.fds[name], C.c_ulong(IOCTLS[request]), C.byref(value))
        self.say(f"= {result(got) if got else value.value}")

    def do_poll(self, name: str) -> None:
        asked = C.create_string_buffer(struct.pack("=ihh", self.fds[name], 0x27df, 0), 8)
        got = self.body.call("poll", asked, 1)
        events = struct.unpack("=ihh", asked.raw)[2]
        names = " ".join(word for bit, word in POLL_NAMES if events & bit)
        self.say(f"= {result(got) if got < 0 else names or 'none'}")

    def do_info(self, name: str, *fields: str) -> None:
        """Fields of TCP_INFO; all of them where none is named."""
        raw = self.got_bytes((self.fds[name], 6, socket.TCP_INFO), tcp_info.SIZE)
        for field in (fields or tcp_info.FIELDS) if raw is not None else ():
            self.say(tcp_info.describe(raw, field))

    def do_ccinfo(self, name: str) -> None:
        """TCP_CC_INFO, which only bbr fills in."""
        raw = self.got_bytes((self.fds[name], 6, tcp_info.TCP_CC_INFO), 64)
        if raw is not None:
            self.say(tcp_info.describe_bbr(raw))

    def do_next(self) -> None:
        """The connection in question is the next that begins."""
        self.local_port = 0

    def do_states(self, port: str) -> None:
        counts = self.body.states(int(port))
        said = [f"{name}*{count}" if count > 1 else name
                for name, count in zip(STATE_NAMES, counts)
                if name and name != "CLOSE" and count]      # /proc/net/tcp has no closed ones
        self.say(f"= {' '.join(said) or 'none'}")
