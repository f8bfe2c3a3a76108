# SPDX-License-Identifier: MIT
"""build/host/libsojourn.so as a program sees it (include/hosted_api.h).

There is one instance in a process, so each test runs in a child of its own.
"""
import ctypes as C
import os
import pathlib
import socket
import struct
import subprocess
import traceback

import pytest

ROOT = pathlib.Path(__file__).resolve().parent.parent.parent
LIBRARY = pathlib.Path(os.environ.get("SOJOURN_LIBRARY",
                                      ROOT / "build" / "host" / "libsojourn.so"))
EFAULT, EINVAL, EAGAIN, EBUSY, ENOENT = -14, -22, -11, -16, -2
EINPROGRESS, EALREADY, EISCONN, ECONNREFUSED, ENOPROTOOPT = -115, -114, -106, -111, -92
NEVER = (1 << 64) - 1
MAC, PEER_MAC = bytes.fromhex("020000000001"), bytes.fromhex("020000000002")
IP, PEER = "10.0.0.1", "10.0.0.2"

OUTPUT = C.CFUNCTYPE(None, C.c_void_p, C.c_void_p, C.c_size_t)
LOG = C.CFUNCTYPE(None, C.c_void_p, C.c_int, C.c_char_p)


class Config(C.Structure):
    _fields_ = [("size", C.c_uint32), ("mtu", C.c_uint32), ("mac", C.c_uint8 * 6),
                ("reserved", C.c_uint8 * 2), ("addr", C.c_uint32), ("prefix_len", C.c_uint32),
                ("gateway", C.c_uint32), ("start_ns", C.c_uint64), ("seed", C.c_uint64),
                ("output", OUTPUT), ("log", LOG), ("ctx", C.c_void_p)]


def ip_word(text: str) -> int:
    return struct.unpack("=I", socket.inet_aton(text))[0]


def address(ip: str, port: int) -> bytes:
    return struct.pack("=H", socket.AF_INET) + struct.pack(">H", port) + socket.inet_aton(ip) \
        + bytes(8)


def checksum(data: bytes) -> int:
    total = sum(struct.unpack(f">{len(data) // 2 + len(data) % 2}H", data + bytes(len(data) % 2)))
    while total >> 16:
        total = (total & 0xffff) + (total >> 16)
    return ~total & 0xffff


class Library:
    """The library, up, with its frames and log lines in lists."""

    def __init__(self, seed: int = 1, **fields):
        self.lib = C.CDLL(str(LIBRARY))
        self.frames: "list[bytes]" = []
        self.lines: "list[tuple[int, str]]" = []
        for name in ("now", "next_timer"):
            getattr(self.lib, f"hosted_{name}").restype = C.c_uint64
        for name in ("sendto", "recvfrom", "sendmsg", "recvmsg"):
            getattr(self.lib, f"hosted_{name}").restype = C.c_int64
        self.lib.hosted_sendto.argtypes = [C.c_int, C.c_char_p, C.c_size_t, C.c_int, C.c_char_p,
                                           C.c_uint32]
        self.lib.hosted_recvfrom.argtypes = [C.c_int, C.c_char_p, C.c_size_t, C.c_int, C.c_char_p,
                                             C.c_void_p]
        self.lib.hosted_input.argtypes = [C.c_char_p, C.c_size_t]
        self.lib.hosted_advance.argtypes = [C.c_uint64]
        self._output = OUTPUT(lambda ctx, frame, n: self.frames.append(C.string_at(frame, n)))
        self._log = LOG(lambda ctx, level, line: self.lines.append((level, line.decode())))
        self.config = Config(
            size=C.sizeof(Config), mtu=1500, mac=(C.c_uint8 * 6)(*MAC), addr=ip_word(IP),
            prefix_len=24, gateway=ip_word("10.0.0.254"), start_ns=1000, seed=seed,
            output=self._output, log=self._log)
        for name, value in fields.items():
            setattr(self.config, name, value)

    def up(self) -> "Library":
        assert self.lib.hosted_init(C.byref(self.config)) == 0
        return self

    def __getattr__(self, name: str):
        return getattr(self.lib, f"hosted_{name}")

    def send_to(self, fd: int, data: bytes, to: "bytes | None" = None) -> int:
        return self.sendto(fd, data, len(data), 0, to, len(to) if to else 0)

    def receive(self, fd: int, size: int = 65536) -> "bytes | int":
        buffer = C.create_string_buffer(size)
        got = self.recvfrom(fd, buffer, size, 0, None, None)
        return buffer.raw[:got] if got >= 0 else got

    def ip_frames(self, protocol: int) -> "list[bytes]":
        """IP packets of @protocol that left, and forgets all."""
        found = [f[14:] for f in self.frames if f[12:14] == b"\x08\x00" and f[23] == protocol]
        self.frames.clear()
        return found

    def resolve(self) -> None:
        """Answers ARP requests for the peer, as long as there are some."""
        for frame in list(self.frames):
            if frame[12:14] == b"\x08\x06" and frame[20:22] == b"\x00\x01" \
                    and frame[38:42] == socket.inet_aton(PEER):
                reply = struct.pack(">HHBBH", 1, 0x800, 6, 4, 2) + PEER_MAC + \
                    socket.inet_aton(PEER) + frame[22:28] + frame[28:32]
                self.wire(PEER_MAC, b"\x08\x06", reply)

    def wire(self, source: bytes, ethertype: bytes, payload: bytes) -> None:
        frame = MAC + source + ethertype + payload
        self.input(frame, len(frame))

    def ip_in(self, protocol: int, payload: bytes) -> None:
        head = struct.pack(">BBHHHBBH", 0x45, 0, 20 + len(payload), 1, 0, 64, protocol, 0) + \
            socket.inet_aton(PEER) + socket.inet_aton(IP)
        head = head[:10] + struct.pack(">H", checksum(head)) + head[12:]
        self.wire(PEER_MAC, b"\x08\x00", head + payload)

    def tcp_in(self, sport: int, dport: int, seq: int, ack: int, flags: int, data: bytes = b"",
               window: int = 65535) -> None:
        tcp = struct.pack(">HHIIBBHHH", sport, dport, seq & 0xffffffff, ack & 0xffffffff, 5 << 4,
                          flags, window, 0, 0) + data
        pseudo = socket.inet_aton(PEER) + socket.inet_aton(IP) + struct.pack(">BBH", 0, 6, len(tcp))
        self.ip_in(6, tcp[:16] + struct.pack(">H", checksum(pseudo + tcp)) + tcp[18:])

    def run_for(self, span_ns: int) -> None:
        end = self.now() + span_ns
        while self.next_timer() <= end:
            self.advance(max(self.next_timer(), self.now()))
        self.advance(end)

    def option(self, fd: int, level: int, name: int) -> int:
        value, size = C.c_int(-1), C.c_uint32(4)
        assert self.getsockopt(fd, level, name, C.byref(value), C.byref(size)) == 0
        return value.value

    def down(self) -> None:
        self.fini()
        assert not [line for level, line in self.lines if level <= 4], self.lines


def tcp_fields(packet: bytes):
    """(sport, dport, seq, ack, flags, data) of an IP packet."""
    sport, dport, seq, ack, off, flags = struct.unpack(">HHIIBB", packet[20:34])
    return sport, dport, seq, ack, flags, packet[20 + (off >> 4) * 4:]


@pytest.fixture
def in_child():
    """in_child(fn): runs it in a child; its failure is the test's."""
    if not LIBRARY.exists():
        pytest.skip(f"{LIBRARY} is not built")

    def run(fn) -> bytes:
        reader, writer = os.pipe()
        pid = os.fork()
        if not pid:
            status = 1
            try:
                os.close(reader)
                os.write(writer, fn() or b"")
                status = 0
            except BaseException:
                traceback.print_exc()
            finally:
                os._exit(status)
        os.close(writer)
        with os.fdopen(reader, "rb") as pipe:
            said = pipe.read()
        _, status = os.waitpid(pid, 0)
        assert status == 0, f"the child ended with status {status:#x}"
        return said

    return run


def test_it_shows_its_own_names_only():
    if not LIBRARY.exists():
        pytest.skip(f"{LIBRARY} is not built")
    shown = subprocess.run(["nm", "-D", "--defined-only", str(LIBRARY)], stdout=subprocess.PIPE,
                           text=True, check=True).stdout.split("\n")
    names = {line.split()[-1] for line in shown if line}
    declared = set()
    for line in (ROOT / "include" / "hosted_api.h").read_text().splitlines():
        head = line.split("(")[0].split()
        if "(" in line and head and head[-1].lstrip("*").startswith("hosted_") \
                and not line.startswith((" ", "\t", "/")):
            declared.add(head[-1].lstrip("*"))
    assert names == declared


def test_init_checks_what_it_gets(in_child):
    def child():
        assert Library().lib.hosted_api_version() == 1
        assert Library().lib.hosted_init(None) == EFAULT
        assert Library(size=4).init(C.byref(Library(size=4).config)) == EINVAL
        for fields in ({"mtu": 67}, {"mtu": 65536}, {"prefix_len": 33}):
            library = Library(**fields)
            assert library.init(C.byref(library.config)) == EINVAL
        library = Library().up()
        assert library.init(C.byref(library.config)) == EBUSY
        assert library.now() == 1000
        library.down()

    in_child(child)


def test_udp_goes_by_arp_and_comes_back(in_child):
    def child():
        library = Library().up()
        fd = library.socket(socket.AF_INET, socket.SOCK_DGRAM, 0)
        assert fd == 0
        assert library.bind(fd, address("0.0.0.0", 7), 16) == 0
        assert library.send_to(fd, b"hello", address(PEER, 9)) == 5
        library.resolve()
        [packet] = library.ip_frames(17)
        assert packet[28:] == b"hello" and packet[20:24] == struct.pack(">HH", 7, 9)
        assert checksum(packet[:20]) == 0
        assert library.receive(fd) == EAGAIN
        library.ip_in(17, struct.pack(">HHHH", 9, 7, 13, 0) + b"world")
        assert library.receive(fd) == b"world"
        assert library.close(fd) == 0
        library.down()

    in_child(child)


def test_bad_pointers_are_efault(in_child):
    def child():
        library = Library().up()
        fd = library.socket(socket.AF_INET, socket.SOCK_DGRAM, 0)
        four = C.c_uint32(4)
        assert library.bind(fd, None, 16) == EFAULT
        assert library.connect(fd, None, 16) == EFAULT
        assert library.sendto(fd, None, 5, 0, None, 0) == EFAULT
        assert library.recvfrom(fd, None, 5, 0, None, None) == EFAULT
        assert library.sendmsg(fd, None, 0) == EFAULT
        assert library.recvmsg(fd, None, 0) == EFAULT
        assert library.getsockname(fd, None, C.byref(four)) == EFAULT
        assert library.setsockopt(fd, 1, 2, None, 4) == EFAULT
        assert library.getsockopt(fd, 1, 2, None, C.byref(four)) == EFAULT
        assert library.poll(None, 1) == EFAULT
        assert library.epoll_ctl(library.epoll_create(0), 1, fd, None) == EFAULT
        assert library.sysctl_get(None, None, 0) == EFAULT
        assert library.ioctl(fd, 0x541B, None) == EFAULT
        library.down()

    in_child(child)


def test_sysctls_by_linux_names(in_child):
    def child():
        library = Library().up()
        text = C.create_string_buffer(64)
        assert library.sysctl_get(b"net.ipv4.ip_default_ttl", text, 64) == 2
        assert text.value == b"64"
        assert library.sysctl_set(b"net.ipv4.ip_default_ttl", b"33") == 0
        assert library.sysctl_get(b"net.ipv4.ip_default_ttl", text, 64) == 2
        assert text.value == b"33"
        assert library.sysctl_set(b"net.ipv4.ip_default_ttl", b"many") == EINVAL
        assert library.sysctl_set(b"net.ipv4.no_such", b"1") == ENOENT
        library.down()

    in_child(child)


def connected(library: Library):
    """A TCP connection to the peer's port 80: (fd, our port, our seq, its seq)."""
    fd = library.socket(socket.AF_INET, socket.SOCK_STREAM, 0)
    assert library.connect(fd, address(PEER, 80), 16) == EINPROGRESS
    library.resolve()
    sport, _, seq, _, flags, _ = tcp_fields(library.ip_frames(6)[-1])
    assert flags == 0x02
    assert library.connect(fd, address(PEER, 80), 16) == EALREADY
    library.tcp_in(80, sport, 5000, seq + 1, 0x12)
    assert tcp_fields(library.ip_frames(6)[-1])[4] == 0x10
    assert library.connect(fd, address(PEER, 80), 16) == 0
    assert library.connect(fd, address(PEER, 80), 16) == EISCONN
    return fd, sport, seq + 1, 5001


def test_tcp_connects_sends_receives_and_closes(in_child):
    def child():
        library = Library().up()
        fd, sport, seq, peer_seq = connected(library)
        assert library.tcp_count(1, 0) == 1
        assert library.send_to(fd, b"hello") == 5
        [packet] = library.ip_frames(6)
        assert tcp_fields(packet)[5] == b"hello"
        library.tcp_in(80, sport, peer_seq, seq + 5, 0x18, b"world")
        assert library.receive(fd) == b"world"
        assert library.close(fd) == 0
        library.run_for(10 ** 9)
        assert library.tcp_count(4, 0) + library.tcp_count(5, 0) == 1
        library.tcp_in(80, sport, peer_seq + 5, seq + 6, 0x11)
        assert library.tcp_count(6, 0) == 1
        library.run_for(61 * 10 ** 9)
        assert library.tcp_count(6, 0) == 0
        library.down()

    in_child(child)


def test_tcp_listens_and_accepts(in_child):
    def child():
        library = Library().up()
        fd = library.socket(socket.AF_INET, socket.SOCK_STREAM, 0)
        assert library.bind(fd, address("0.0.0.0", 7), 16) == 0
        assert library.listen(fd, 5) == 0
        assert library.accept(fd, None, None, 0) == EAGAIN
        library.tcp_in(4444, 7, 100, 0, 0x02)
        library.resolve()
        [packet] = library.ip_frames(6)
        seq, flags = tcp_fields(packet)[2], tcp_fields(packet)[4]
        assert flags == 0x12 and library.tcp_count(3, 7) == 1
        library.tcp_in(4444, 7, 101, seq + 1, 0x10)
        name, size = C.create_string_buffer(16), C.c_uint32(16)
        child_fd = library.accept(fd, name, C.byref(size), 0)
        assert child_fd == 1 and name.raw == address(PEER, 4444)
        library.tcp_in(4444, 7, 101, seq + 1, 0x18, b"data")
        assert library.receive(child_fd) == b"data"
        library.tcp_in(4444, 7, 105, seq + 1, 0x14)
        assert library.receive(child_fd) == -104
        library.down()

    in_child(child)


def test_a_refused_connection_says_so(in_child):
    def child():
        library = Library().up()
        fd = library.socket(socket.AF_INET, socket.SOCK_STREAM, 0)
        assert library.connect(fd, address(PEER, 80), 16) == EINPROGRESS
        library.resolve()
        sport, _, seq, *_ = tcp_fields(library.ip_frames(6)[-1])
        library.tcp_in(80, sport, 0, seq + 1, 0x14)
        assert -library.option(fd, 1, 4) == ECONNREFUSED
        assert library.setsockopt(fd, 1, 999, C.byref(C.c_int(1)), 4) == ENOPROTOOPT
        library.down()

    in_child(child)


def test_closing_all_sends_nothing(in_child):
    def child():
        library = Library().up()
        connected(library)
        library.frames.clear()
        library.down()
        assert not library.frames

    in_child(child)


def test_equal_seeds_give_equal_bytes(in_child):
    def traffic(seed: int):
        def child() -> bytes:
            library = Library(seed).up()
            fd, sport, seq, peer_seq = connected(library)
            library.send_to(fd, bytes(5000))
            library.run_for(5 * 10 ** 9)
            said = b"".join(library.frames) + struct.pack(">HI", sport, seq)
            library.down()
            return said

        return in_child(child)

    assert traffic(7) == traffic(7)
    assert traffic(7) != traffic(8)
