# SPDX-License-Identifier: MIT
"""The two bodies a script runs on: the kernel of this machine, and libsojourn-views.so.

Both offer system calls with Linux's arguments (a negative result is -errno), a wire
that carries IPv4 packets, and a clock. Each belongs to a process of its own.
"""
from __future__ import annotations

import ctypes as C
import fcntl
import os
import pathlib
import select
import socket
import struct
import threading
import time
from typing import Protocol

from segments import LOCAL, PEER

ROOT = pathlib.Path(__file__).resolve().parent.parent.parent
LIBRARY = pathlib.Path(os.environ.get("SOJOURN_LIBRARY",
                                      ROOT / "build" / "host" / "libsojourn-views.so"))
CLONE_NEWNET = 0x40000000
TUNSETIFF, TUNSETOFFLOAD = 0x400454ca, 0x400454d0
IFF_TUN, IFF_NO_PI = 0x0001, 0x1000
SIOCADDRT, SIOCSIFFLAGS, SIOCSIFADDR, SIOCSIFNETMASK, SIOCSIFMTU = \
    0x890b, 0x8914, 0x8916, 0x891c, 0x8922
STATES = range(1, 12)


class Body(Protocol):
    def call(self, name: str, *args) -> int: ...
    def set_sysctl(self, name: str, value: str) -> int: ...
    def states(self, port: int) -> "list[int]": ...
    def view(self, name: str) -> str: ...
    def inject(self, packet: bytes) -> None: ...
    def run(self, ms: float) -> "list[tuple[float, bytes]]": ...
    def linger_close(self, fd: int) -> None: ...


class KernelBody:
    """The kernel's own stack, behind a tun device in a network namespace."""

    def __init__(self):
        self.libc = C.CDLL(None, use_errno=True)
        self.late_ms, self.end = 0.0, 0.0
        if self.libc.unshare(CLONE_NEWNET):
            raise OSError(C.get_errno(), "unshare")
        self.tun = os.open("/dev/net/tun", os.O_RDWR | os.O_NONBLOCK)
        fcntl.ioctl(self.tun, TUNSETIFF, struct.pack("16sH22x", b"wire", IFF_TUN | IFF_NO_PI))
        fcntl.ioctl(self.tun, TUNSETOFFLOAD, 0)
        for name in os.listdir("/proc/sys/net/ipv6/conf"):
            pathlib.Path(f"/proc/sys/net/ipv6/conf/{name}/disable_ipv6").write_text("1")
        self._configure()
        # Steps shall follow each other at once, whatever else runs here.
        try:
            os.sched_setscheduler(0, os.SCHED_FIFO, os.sched_param(1))
        except OSError:
            os.setpriority(os.PRIO_PROCESS, 0, -15)

    @staticmethod
    def _configure() -> None:
        def request(name: bytes, value: bytes) -> bytes:
            return struct.pack("16s24s", name, value)

        def address(ip: str) -> bytes:
            return struct.pack("=HH4s8x", socket.AF_INET, 0, socket.inet_aton(ip))

        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as sk:
            fcntl.ioctl(sk, SIOCSIFFLAGS, request(b"lo", struct.pack("H", 0x41)))
            fcntl.ioctl(sk, SIOCSIFMTU, request(b"wire", struct.pack("i", 1500)))
            fcntl.ioctl(sk, SIOCSIFADDR, request(b"wire", address(LOCAL)))
            fcntl.ioctl(sk, SIOCSIFNETMASK, request(b"wire", address("255.255.255.0")))
            fcntl.ioctl(sk, SIOCSIFFLAGS, request(b"wire", struct.pack("H", 0x41)))
            # struct rtentry: pad, dst, gateway, genmask, flags (up, gateway) and the rest.
            fcntl.ioctl(sk, SIOCADDRT, struct.pack(
                "8x16s16s16sH", address("0.0.0.0"), address(PEER), address("0.0.0.0"),
                0x3) + bytes(120 - 58))

    def call(self, name: str, *args) -> int:
        if name == "poll":
            args += (0,)
        result = getattr(self.libc, {"accept": "accept4"}.get(name, name))(*args)
        return -C.get_errno() if result < 0 else result

    def linger_close(self, fd: int) -> None:
        """close() would wait: a thread waits in our place."""
        threading.Thread(target=os.close, args=(fd,), daemon=True).start()
        time.sleep(0.002)

    def set_sysctl(self, name: str, value: str) -> int:
        path = pathlib.Path("/proc/sys") / name.replace(".", "/")
        try:
            path.write_text(value)
        except OSError as error:
            return -error.errno
        return 0

    def states(self, port: int) -> "list[int]":
        found = [0] * (max(STATES) + 2)
        for line in pathlib.Path("/proc/thread-self/net/tcp").read_text().splitlines()[1:]:
            words = line.split()
            if int(words[1].split(":")[1], 16) == port:
                found[int(words[3], 16)] += 1
        found[3] += found[12]
        return found

    def view(self, name: str) -> str:
        return pathlib.Path("/proc/thread-self/net", name).read_text()

    def inject(self, packet: bytes) -> None:
        os.write(self.tun, packet)

    def run(self, ms: float) -> "list[tuple[float, bytes]]":
        out, start = [], time.monotonic()
        while True:
            left = max(0.0, start + ms / 1000 - time.monotonic())
            if not select.select([self.tun], [], [], left)[0]:
                break
            packet = os.read(self.tun, 65536)
            if packet[0] >> 4 == 4:
                out.append(((time.monotonic() - start) * 1000, packet))
        before, self.end = self.end or start, time.monotonic()
        self.late_ms = max(self.late_ms, (self.end - before) * 1000 - ms)
        return out


OUTPUT = C.CFUNCTYPE(None, C.c_void_p, C.c_void_p, C.c_size_t)
LOG = C.CFUNCTYPE(None, C.c_void_p, C.c_int, C.c_char_p)
MAC, PEER_MAC = bytes.fromhex("020000000001"), bytes.fromhex("020000000002")


class Config(C.Structure):
    """struct hosted_config."""
    _fields_ = [("size", C.c_uint32), ("mtu", C.c_uint32), ("mac", C.c_uint8 * 6),
                ("reserved", C.c_uint8 * 2), ("addr", C.c_uint32), ("prefix_len", C.c_uint32),
                ("gateway", C.c_uint32), ("start_ns", C.c_uint64), ("seed", C.c_uint64),
                ("output", OUTPUT), ("log", LOG), ("ctx", C.c_void_p)]


def ip_word(text: str) -> int:
    return struct.unpack("=I", socket.inet_aton(text))[0]


class HostedBody:
    """The hosted library with its virtual clock; ARP is answered here."""

    def __init__(self, seed: int = 1):
        self.lib = C.CDLL(str(LIBRARY))
        for name in ("now", "next_timer"):
            getattr(self.lib, f"hosted_{name}").restype = C.c_uint64
        for name in ("sendto", "recvfrom", "view"):
            getattr(self.lib, f"hosted_{name}").restype = C.c_int64
        self.lib.hosted_advance.argtypes = [C.c_uint64]
        self.lib.hosted_input.argtypes = [C.c_char_p, C.c_size_t]
        self.frames: "list[tuple[int, bytes]]" = []
        self._output = OUTPUT(lambda ctx, frame, n: self.frames.append(
            (self.lib.hosted_now(), C.string_at(frame, n))))
        self.complaints: "list[str]" = []
        self._log = LOG(lambda ctx, level, line: level <= 4 and
                        self.complaints.append(line.decode()))
        config = Config(size=C.sizeof(Config), mtu=1500, mac=(C.c_uint8 * 6)(*MAC),
                        addr=ip_word(LOCAL), prefix_len=24, gateway=ip_word(PEER),
                        start_ns=10 ** 12, seed=seed, output=self._output, log=self._log)
        if self.lib.hosted_init(C.byref(config)):
            raise OSError("hosted_init")
        # The neighbour is known beforehand: a tun device has none to ask for.
        self._arp(b"\x00\x01", PEER_MAC, PEER, bytes(6), LOCAL)
        self.frames.clear()

    def _arp(self, op: bytes, mac: bytes, ip: str, to_mac: bytes, to_ip: str) -> None:
        frame = MAC + mac + b"\x08\x06" + struct.pack(">HHBB", 1, 0x800, 6, 4) + op + mac + \
            socket.inet_aton(ip) + to_mac + socket.inet_aton(to_ip)
        self.lib.hosted_input(frame, len(frame))

    def call(self, name: str, *args) -> int:
        return getattr(self.lib, f"hosted_{name}")(*args)

    def linger_close(self, fd: int) -> None:
        self.call("close", fd)

    def set_sysctl(self, name: str, value: str) -> int:
        return self.lib.hosted_sysctl_set(name.encode(), value.encode())

    def states(self, port: int) -> "list[int]":
        return [0] + [self.lib.hosted_tcp_count(state, port) for state in STATES]

    def view(self, name: str) -> str:
        text = C.create_string_buffer(65536)
        size = self.lib.hosted_view(f"net/{name}".encode(), text, C.c_size_t(len(text)))
        return text.raw[:size].decode()

    def inject(self, packet: bytes) -> None:
        frame = MAC + PEER_MAC + b"\x08\x00" + packet
        self.lib.hosted_input(frame, len(frame))

    def _answer_arp(self) -> None:
        for _, frame in list(self.frames):
            if frame[12:14] == b"\x08\x06" and frame[20:22] == b"\x00\x01":
                self._arp(b"\x00\x02", PEER_MAC, socket.inet_ntoa(frame[38:42]), frame[22:28],
                          socket.inet_ntoa(frame[28:32]))

    def run(self, ms: float) -> "list[tuple[float, bytes]]":
        start = self.lib.hosted_now()
        end = start + int(ms * 1e6)
        out = []

        def collect():
            self._answer_arp()
            out.extend(((t - start) / 1e6, frame[14:]) for t, frame in self.frames
                       if frame[12:14] == b"\x08\x00")
            self.frames.clear()

        collect()
        if not ms:
            return [(0.0, packet) for _, packet in out]     # timers are later, however little
        while self.lib.hosted_next_timer() <= end:
            self.lib.hosted_advance(max(self.lib.hosted_next_timer(), self.lib.hosted_now()))
            collect()
        self.lib.hosted_advance(end)
        collect()
        return [(max(0.0, t), packet) for t, packet in out]

    def end(self) -> "list[str]":
        """Gives all back. What the log complained of: leaks, and errors of our own."""
        self.lib.hosted_fini()
        return self.complaints
