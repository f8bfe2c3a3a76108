#!/usr/bin/env -S python3 -B
# SPDX-License-Identifier: MIT
"""The other end of the guest's wire, without privilege.

QEMU's `-netdev dgram` puts a frame into each datagram of a Unix socket; a Wire
is the far end of that pair. It answers ARP for the neighbours it plays, keeps
what comes in, records everything in a pcap file, and can be a bad cable: loss,
duplication, reordering, delay and corruption, by seed.

As a program it talks to a guest of `./sojourn run --net socket`:

    tests/qemu/wire.py --at build/wire --ip 10.0.2.2/24 ping 10.0.2.15
"""
from __future__ import annotations

import argparse
import collections
import dataclasses
import heapq
import ipaddress
import itertools
import os
import pathlib
import random
import socket
import struct
import sys
import threading
import time
from typing import Callable

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))

import frames  # noqa: E402
from frames import Parsed, parse  # noqa: E402

MAX_FRAME = 65536 + 18
#: How long to wait for what must come. TCG shares its processors with everything else, and
#: the next machine may be slower: nothing but a failure ever takes as long.
PATIENCE_S = float(os.environ.get("SOJOURN_PATIENCE", "60"))
Match = Callable[[Parsed], bool]


class Timeout(AssertionError):
    """What was waited for did not come."""


class Pcap:
    """A capture file that tcpdump and Wireshark read (LINKTYPE_ETHERNET)."""

    def __init__(self, path):
        self._file = open(path, "wb")
        self._lock = threading.Lock()
        self._file.write(struct.pack("<IHHiIII", 0xA1B2C3D4, 2, 4, 0, 0, MAX_FRAME, 1))

    def write(self, frame: bytes) -> None:
        now = time.time()
        with self._lock:
            if not self._file.closed:
                self._file.write(struct.pack("<IIII", int(now), int(now % 1 * 1e6),
                                             len(frame), len(frame)) + frame)
                self._file.flush()

    def close(self) -> None:
        with self._lock:
            self._file.close()


@dataclasses.dataclass
class Impairment:
    """How bad the cable is, for one direction. Shares are from 0 to 1."""

    seed: int = 1
    loss: float = 0.0
    duplicate: float = 0.0
    reorder: float = 0.0        # share of frames held back by reorder_s
    corrupt: float = 0.0        # share of frames with one bit flipped
    delay_s: float = 0.0
    reorder_s: float = 0.02

    def __post_init__(self):
        self._random = random.Random(self.seed)

    def apply(self, frame: bytes) -> "list[tuple[float, bytes]]":
        """(delay in seconds, frame) for each copy that arrives."""
        draw = self._random.random
        if draw() < self.loss:
            return []
        copies = 2 if draw() < self.duplicate else 1
        arriving = []
        for _ in range(copies):
            out = frame
            if draw() < self.corrupt:
                bit = self._random.randrange(len(frame) * 8)
                changed = bytearray(frame)
                changed[bit // 8] ^= 1 << bit % 8
                out = bytes(changed)
            late = self.reorder_s if draw() < self.reorder else 0.0
            arriving.append((self.delay_s + late, out))
        return arriving


class _Later:
    """Runs calls at their times, in order, on one thread."""

    def __init__(self):
        self._heap: list = []
        self._count = itertools.count()
        self._wake = threading.Condition()
        self._stopping = False
        self._thread: "threading.Thread | None" = None

    def call(self, delay_s: float, function: Callable, *args) -> None:
        if delay_s <= 0:
            function(*args)
            return
        with self._wake:
            if self._thread is None:
                self._thread = threading.Thread(target=self._run, daemon=True)
                self._thread.start()
            heapq.heappush(self._heap, (time.monotonic() + delay_s, next(self._count),
                                        function, args))
            self._wake.notify()

    def _run(self) -> None:
        while True:
            with self._wake:
                while not self._stopping and (
                        not self._heap or self._heap[0][0] > time.monotonic()):
                    rest = self._heap[0][0] - time.monotonic() if self._heap else None
                    self._wake.wait(rest)
                if self._stopping:
                    return
                _, _, function, args = heapq.heappop(self._heap)
            function(*args)

    def stop(self) -> None:
        with self._wake:
            self._stopping = True
            self._wake.notify()
        if self._thread:
            self._thread.join()


class Inbox:
    """Frames that arrived and that @match takes, oldest first."""

    def __init__(self, match: Match, limit: int = 100000):
        self.match = match
        self._frames: collections.deque = collections.deque(maxlen=limit)
        self._wake = threading.Condition()

    def put(self, found: Parsed) -> None:
        with self._wake:
            self._frames.append(found)
            self._wake.notify_all()

    def get(self, timeout_s: float = PATIENCE_S, match: "Match | None" = None,
            what: str = "a frame") -> Parsed:
        """The oldest frame (that @match takes); those before it are dropped.

        Raises Timeout when none comes in @timeout_s.
        """
        found = self.poll(timeout_s, match)
        if found is None:
            raise Timeout(f"{what} did not come in {timeout_s} s")
        return found

    def poll(self, timeout_s: float, match: "Match | None" = None) -> "Parsed | None":
        """As get(), but None when none comes."""
        deadline = time.monotonic() + timeout_s
        with self._wake:
            while True:
                while self._frames:
                    found = self._frames.popleft()
                    if match is None or match(found):
                        return found
                rest = deadline - time.monotonic()
                if rest <= 0:
                    return None
                self._wake.wait(rest)

    def drain(self) -> "list[Parsed]":
        with self._wake:
            taken = list(self._frames)
            self._frames.clear()
        return taken


class Wire:
    """The host's end of a dgram netdev in @directory (sockets guest and host).

    @ip and @mac: the host that the wire plays; @neighbours: more of them, by
    address. ARP requests for any are answered while arp_answers is set.
    """

    def __init__(self, directory, ip: str = "10.0.2.2", mac: str = "52:55:0a:00:02:02",
                 neighbours: "dict[str, str] | None" = None, pcap=None,
                 to_guest: "Impairment | None" = None,
                 from_guest: "Impairment | None" = None, swap: bool = False):
        directory = pathlib.Path(directory)
        names = ("guest", "host") if swap else ("host", "guest")
        self.local, self.remote = (directory / name for name in names)
        self.ip, self.mac = ip, mac
        self.neighbours = {ip: mac, **(neighbours or {})}
        self.arp_answers = True
        self.patience_s = PATIENCE_S    # for ARP
        self.to_guest, self.from_guest = to_guest, from_guest
        self.guest_macs: dict[str, str] = {}
        self.sent = self.received = 0
        self._inboxes: list[Inbox] = []
        self._lock = threading.Lock()
        self._later = _Later()
        self._pcap = Pcap(pcap) if pcap else None
        self.everything = self.inbox(lambda found: True)
        self._socket = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
        self.local.unlink(missing_ok=True)
        self._socket.bind(str(self.local))
        for option in (socket.SO_SNDBUF, socket.SO_RCVBUF):
            self._socket.setsockopt(socket.SOL_SOCKET, option, 1 << 20)
        self._closing = False
        self._thread = threading.Thread(target=self._receive, daemon=True)
        self._thread.start()

    def __enter__(self) -> "Wire":
        return self

    def __exit__(self, *_exc) -> None:
        self.close()

    def close(self) -> None:
        if self._closing:
            return
        self._closing = True
        # Wakes the receiver, which else sits in recv() for ever.
        with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as waker:
            try:
                waker.sendto(b"", str(self.local))
            except OSError:
                pass
        self._thread.join(5)
        self._later.stop()
        self._socket.close()
        self.local.unlink(missing_ok=True)
        if self._pcap:
            self._pcap.close()

    # ---- sending --------------------------------------------------------

    def send(self, frame: bytes) -> None:
        """Puts @frame on the cable, as bad as it is."""
        copies = self.to_guest.apply(frame) if self.to_guest else [(0.0, frame)]
        for delay_s, copy in copies:
            self._later.call(delay_s, self._send_now, copy)

    def _send_now(self, frame: bytes) -> None:
        if self._pcap:
            self._pcap.write(frame)
        self.sent += 1
        try:
            self._socket.sendto(frame, str(self.remote))
        except OSError as error:
            # Nobody is at the other end (yet, or any more): a cable says nothing.
            if self._closing or isinstance(error, (FileNotFoundError, ConnectionRefusedError)):
                return
            raise

    def send_ip(self, dst: str, proto: int, payload: bytes, src: "str | None" = None,
                **fields) -> None:
        """An IPv4 packet from the played host to @dst, whose MAC is resolved."""
        packet = frames.ipv4(src or self.ip, dst, proto, payload, **fields)
        self.send(frames.eth(self.resolve(dst), self.mac, frames.ETH_IP, packet))

    # ---- receiving ------------------------------------------------------

    def inbox(self, match: Match) -> Inbox:
        """A queue of its own for the frames that @match takes, from now on."""
        box = Inbox(match)
        with self._lock:
            self._inboxes.append(box)
        return box

    def forget(self, box: Inbox) -> None:
        with self._lock:
            self._inboxes = [one for one in self._inboxes if one is not box]

    def recv(self, timeout_s: float = PATIENCE_S, match: "Match | None" = None,
             what: str = "a frame") -> Parsed:
        """The next frame from the guest (that @match takes)."""
        return self.everything.get(timeout_s, match, what)

    def _receive(self) -> None:
        while not self._closing:
            try:
                frame = self._socket.recv(MAX_FRAME)
            except OSError:
                return
            if not frame or self._closing:
                continue
            copies = self.from_guest.apply(frame) if self.from_guest else [(0.0, frame)]
            for delay_s, copy in copies:
                self._later.call(delay_s, self._arrive, copy)

    def _arrive(self, frame: bytes) -> None:
        self.received += 1
        if self._pcap:
            self._pcap.write(frame)
        found = parse(frame)
        if found is None:
            return
        if found.arp_op is not None:
            self.guest_macs[found.arp_spa] = found.arp_sha
            self._answer_arp(found)
        with self._lock:
            takers = [box for box in self._inboxes if box.match(found)]
        for box in takers:
            box.put(found)

    def _answer_arp(self, found: Parsed) -> None:
        mac = self.neighbours.get(found.arp_tpa)
        if found.arp_op != 1 or mac is None or not self.arp_answers \
                or found.arp_spa == found.arp_tpa:
            return
        reply = frames.arp(2, mac, found.arp_tpa, found.arp_sha, found.arp_spa)
        self.send(frames.eth(found.arp_sha, mac, frames.ETH_ARP, reply))

    # ---- exchanges ------------------------------------------------------

    def resolve(self, ip: str, timeout_s: "float | None" = None) -> str:
        """The MAC of @ip, asked for by ARP once and then remembered."""
        timeout_s = self.patience_s if timeout_s is None else timeout_s
        deadline = time.monotonic() + timeout_s
        while ip not in self.guest_macs:
            box = self.inbox(lambda found: found.arp_op == 2 and found.arp_spa == ip)
            request = frames.arp(1, self.mac, self.ip, "00:00:00:00:00:00", ip)
            self.send(frames.eth(frames.BROADCAST, self.mac, frames.ETH_ARP, request))
            box.poll(0.5)
            self.forget(box)
            if time.monotonic() > deadline:
                raise Timeout(f"no ARP reply from {ip} in {timeout_s} s")
        return self.guest_macs[ip]

    def ping(self, ip: str, data: bytes = b"sojourn", ident: int = 1, seq: int = 1,
             timeout_s: float = PATIENCE_S) -> Parsed:
        """One echo request; its reply, whose checksums and data are right."""
        box = self.inbox(lambda found: found.icmp is not None and found.ip_src == ip
                         and found.icmp[0] == 0 and found.icmp[2:] == (ident, seq))
        try:
            self.send_ip(ip, frames.ICMP, frames.icmp_echo(ident, seq, data))
            reply = box.get(timeout_s, what=f"the echo reply of {ip} ({len(data)} bytes)")
        finally:
            self.forget(box)
        assert not reply.bad, f"wrong checksums: {reply.bad}"
        assert reply.data == data, f"{len(data)} bytes went, {len(reply.data)} others came back"
        return reply

    def udp(self, ip: str, port: int, data: bytes, sport: int = 40000,
            timeout_s: float = PATIENCE_S) -> Parsed:
        """Sends a datagram; the first that comes back."""
        box = self.inbox(lambda found: found.ip_proto == frames.UDP and found.ip_src == ip
                         and (found.sport, found.dport) == (port, sport))
        try:
            self.send_ip(ip, frames.UDP, frames.udp(self.ip, ip, sport, port, data))
            reply = box.get(timeout_s, what=f"an answer from {ip}:{port}/udp")
        finally:
            self.forget(box)
        assert not reply.bad, f"wrong checksums: {reply.bad}"
        return reply

    def connect(self, ip: str, port: int, **options) -> "Connection":
        """A TCP connection from the played host."""
        connection = Connection(self, ip, port, **options)
        connection.open()
        return connection


class Connection:
    """A small TCP: enough to talk to the guest byte for byte over a bad cable.

    One segment in flight in our direction, everything in order in the other;
    retransmits every @retry_s for at most @patience_s.
    """

    _ports = itertools.count(random.randrange(33000, 50000))

    def __init__(self, wire: Wire, ip: str, port: int, sport: "int | None" = None,
                 mss: int = 1460, window: int = 65535, retry_s: float = 1.0,
                 patience_s: float = PATIENCE_S, isn: "int | None" = None):
        self.wire, self.ip, self.port = wire, ip, port
        self.sport = sport or next(self._ports) % 28000 + 33000
        self.mss, self.window = mss, window
        self.retry_s, self.patience_s = retry_s, patience_s
        self.snd_una = self.snd_nxt = random.getrandbits(32) if isn is None else isn
        self.rcv_nxt = 0
        self.peer_window = self.peer_mss = 0
        self.received = bytearray()
        self.fin_seen = self.reset_seen = False
        self.open_done = False
        self.box = wire.inbox(lambda found: found.ip_proto == frames.TCP and found.ip_src == ip
                              and (found.sport, found.dport) == (port, self.sport))

    def __enter__(self) -> "Connection":
        return self

    def __exit__(self, kind, *_exc) -> None:
        if kind is None and not self.reset_seen:
            self.close()
        self.wire.forget(self.box)

    def segment(self, flags: int, data: bytes = b"", options: bytes = b"",
                seq: "int | None" = None) -> None:
        """Sends one segment as the state stands."""
        ack = self.rcv_nxt if flags & frames.ACK else 0
        payload = frames.tcp(self.wire.ip, self.ip, self.sport, self.port,
                             self.snd_una if seq is None else seq, ack, flags, data,
                             self.window, options)
        self.wire.send_ip(self.ip, frames.TCP, payload)

    def _until(self, done: Callable[[], bool], resend: Callable[[], None], what: str) -> None:
        """Takes segments until @done; @resend every retry_s."""
        end = time.monotonic() + self.patience_s
        resend()
        again = time.monotonic() + self.retry_s
        while not done():
            found = self.box.poll(max(0.0, again - time.monotonic()))
            if found is not None:
                self._take(found)
            elif time.monotonic() > end:
                raise Timeout(f"{what}: nothing in {self.patience_s} s "
                              f"({self.ip}:{self.port} from {self.sport})")
            else:
                resend()
                again = time.monotonic() + self.retry_s
            if self.reset_seen and not done():
                raise ConnectionResetError(f"{what}: reset by the guest")

    def _take(self, found: Parsed) -> None:
        assert not found.bad, f"wrong checksums: {found}"
        if found.flags & frames.RST:
            self.reset_seen = True
            return
        if not self.open_done:
            self._take_syn_ack(found)
            return
        self._take_ack(found)
        self._take_data(found)

    def _take_syn_ack(self, found: Parsed) -> None:
        if found.flags & (frames.SYN | frames.ACK) != frames.SYN | frames.ACK:
            return
        if found.ack != (self.snd_una + 1) & 0xFFFFFFFF:
            return
        self.snd_una = self.snd_nxt = found.ack
        self.rcv_nxt = (found.seq + 1) & 0xFFFFFFFF
        self.peer_window = found.window
        self.peer_mss = mss_option(found.options)
        self.open_done = True
        self.segment(frames.ACK)

    def _take_ack(self, found: Parsed) -> None:
        advance = (found.ack - self.snd_una) & 0xFFFFFFFF
        if found.flags & frames.ACK and 0 < advance <= (self.snd_nxt - self.snd_una) & 0xFFFFFFFF:
            self.snd_una = found.ack
        self.peer_window = found.window

    def _take_data(self, found: Parsed) -> None:
        length = len(found.data) + bool(found.flags & (frames.FIN | frames.SYN))
        if not length:
            return
        old = (self.rcv_nxt - found.seq) & 0xFFFFFFFF
        if old <= len(found.data) and not found.flags & frames.SYN:
            self.received += found.data[old:]
            self.rcv_nxt = (found.seq + len(found.data)) & 0xFFFFFFFF
            if found.flags & frames.FIN and not self.fin_seen:
                self.fin_seen = True
                self.rcv_nxt = (self.rcv_nxt + 1) & 0xFFFFFFFF
        self.segment(frames.ACK, seq=self.snd_nxt)

    def open(self) -> None:
        """The three-way handshake."""
        option = struct.pack("!BBH", 2, 4, self.mss)
        self._until(lambda: self.open_done, lambda: self.segment(frames.SYN, options=option)
                    if not self.open_done else None, "connecting")

    def _flush(self, data: bytes, flags: int, what: str) -> None:
        """Sends one segment and waits until all of it is acknowledged."""
        length = len(data) + bool(flags & frames.FIN)
        start = self.snd_una
        end = (start + length) & 0xFFFFFFFF
        self.snd_nxt = end

        def resend() -> None:
            gone = (self.snd_una - start) & 0xFFFFFFFF
            self.segment(flags, data[gone:], seq=self.snd_una)

        self._until(lambda: self.snd_una == end, resend, what)

    def send(self, data: bytes) -> None:
        """Sends all of @data, a segment at a time."""
        limit = min(self.mss, self.peer_mss or 536)
        for offset in range(0, len(data), limit):
            self._flush(data[offset:offset + limit], frames.ACK | frames.PSH, "sending")

    def recv(self, count: int) -> bytes:
        """@count bytes, fewer only if the guest closed."""
        self._until(lambda: len(self.received) >= count or self.fin_seen,
                    lambda: None, f"receiving {count} bytes ({len(self.received)} came)")
        taken = bytes(self.received[:count])
        del self.received[:count]
        return taken

    def recv_all(self) -> bytes:
        """Everything up to the guest's FIN."""
        self._until(lambda: self.fin_seen, lambda: None, "waiting for the FIN")
        taken = bytes(self.received)
        self.received.clear()
        return taken

    def echo(self, data: bytes) -> None:
        """Sends @data and asserts that it comes back."""
        self.send(data)
        back = self.recv(len(data))
        assert back == data, f"{len(data)} bytes went, other bytes came back"

    def close(self) -> None:
        """FIN from us, then the guest's."""
        self._flush(b"", frames.ACK | frames.FIN, "closing")
        self._until(lambda: self.fin_seen, lambda: None, "waiting for the FIN")

    def abort(self) -> None:
        self.segment(frames.RST | frames.ACK)
        self.reset_seen = True


def mss_option(options: bytes) -> int:
    """The MSS that a SYN's @options name, 536 without (RFC 9293 3.7.1)."""
    at = 0
    while at < len(options) and options[at] != 0:
        if options[at] == 1:
            at += 1
            continue
        if at + 1 >= len(options) or options[at + 1] < 2 or at + options[at + 1] > len(options):
            break
        if options[at] == 2 and options[at + 1] == 4:
            return struct.unpack_from("!H", options, at + 2)[0]
        at += options[at + 1]
    return 536


# --------------------------------------------------------------------------
# As a program.

def _dump(wire: Wire, _args) -> int:
    start = time.monotonic()
    while True:
        found = wire.everything.poll(3600)
        if found:
            print(f"{time.monotonic() - start:10.6f} {found}", flush=True)


def _ping(wire: Wire, args) -> int:
    for seq in range(1, args.count + 1):
        before = time.monotonic()
        data = (bytes(range(256)) * (args.size // 256 + 1))[:args.size]
        reply = wire.ping(args.guest, data, os.getpid() & 0xFFFF, seq, args.timeout)
        took_ms = (time.monotonic() - before) * 1e3
        print(f"{len(reply.data) + 8} bytes from {args.guest}: icmp_seq={seq} "
              f"ttl={reply.ttl} time={took_ms:.2f} ms", flush=True)
        if seq < args.count:
            time.sleep(1)
    return 0


def _echo(wire: Wire, args) -> int:
    data = (args.text + "\n").encode()
    with wire.connect(args.guest, args.port) as connection:
        connection.send(data)
        sys.stdout.write(connection.recv(len(data)).decode(errors="replace"))
    return 0


def _get(wire: Wire, args) -> int:
    connection = wire.connect(args.guest, args.port)
    connection.send(f"GET {args.path} HTTP/1.1\r\nHost: {args.guest}\r\n"
                    "Connection: close\r\n\r\n".encode())
    answer = connection.recv_all()
    connection.close()
    head, _, body = answer.partition(b"\r\n\r\n")
    print(head.decode(errors="replace").splitlines()[0], file=sys.stderr)
    sys.stdout.buffer.write(body)
    return 0


def _arguments() -> argparse.Namespace:
    top = argparse.ArgumentParser(description="Plays a host on the wire of a guest that "
                                              "runs with ./sojourn run --net socket.")
    top.add_argument("--at", default="build/wire", metavar="DIR",
                     help="the directory of the sockets (default: build/wire)")
    top.add_argument("--ip", default="10.0.2.2/24", help="address of the played host")
    top.add_argument("--pcap", metavar="FILE", help="record every frame")
    top.add_argument("--loss", type=float, default=0.0, help="share of frames lost, each way")
    top.add_argument("--seed", type=int, default=1, help="of the losses")
    top.add_argument("--timeout", type=float, default=10.0, metavar="S", help="default: 10")
    commands = top.add_subparsers(dest="command", required=True)
    ping = commands.add_parser("ping", help="ICMP echo")
    ping.add_argument("guest")
    ping.add_argument("-c", "--count", type=int, default=3)
    ping.add_argument("-s", "--size", type=int, default=56)
    ping.set_defaults(function=_ping)
    echo = commands.add_parser("echo", help="a line through TCP echo")
    echo.add_argument("guest")
    echo.add_argument("text")
    echo.add_argument("--port", type=int, default=7)
    echo.set_defaults(function=_echo)
    get = commands.add_parser("get", help="a page by HTTP")
    get.add_argument("guest")
    get.add_argument("path")
    get.add_argument("--port", type=int, default=80)
    get.set_defaults(function=_get)
    dump = commands.add_parser("dump", help="print what the guest sends")
    dump.set_defaults(function=_dump)
    return top.parse_args()


def main() -> int:
    args = _arguments()
    bad = {"loss": args.loss}
    ip = str(ipaddress.IPv4Interface(args.ip).ip)
    try:
        with Wire(args.at, ip=ip, pcap=args.pcap,
                  to_guest=Impairment(args.seed, **bad) if args.loss else None,
                  from_guest=Impairment(args.seed + 1, **bad) if args.loss else None) as wire:
            wire.patience_s = args.timeout
            return args.function(wire, args)
    except (Timeout, ConnectionResetError, OSError) as error:
        print(f"wire: {error}", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        return 130


if __name__ == "__main__":
    sys.exit(main())
