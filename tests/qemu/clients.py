# SPDX-License-Identifier: MIT
"""Real clients: this host's own TCP and UDP against the guest's services.

Each takes a list of socket addresses' parts as the network mode has them
(127.0.0.1 and a forwarded port, or the guest's own); sockets are non-blocking
on one thread, so that a thousand cost no thread.
"""
from __future__ import annotations

import errno
import random
import resource
import selectors
import socket
import struct
import time


class Pattern:
    """An endless byte sequence that tells where a byte belongs.

    Two streams of different @key differ nearly everywhere, and so do two places
    of one stream: a lost, doubled or exchanged piece shows.
    """

    BLOCK = 1 << 16

    def __init__(self, key: int):
        self._block = random.Random(key).randbytes(self.BLOCK)

    def at(self, offset: int, count: int) -> bytes:
        """@count bytes from @offset on; @count at most BLOCK."""
        number, inside = divmod(offset, self.BLOCK)
        piece = (self._block * 2)[inside:inside + count]
        # Each block begins with its number.
        tag = struct.pack("!Q", number)
        if inside < 8:
            piece = tag[inside:inside + count] + piece[8 - inside:]
        over = inside + count - self.BLOCK
        if over > 0:
            after = struct.pack("!Q", number + 1)[:over]
            cut = self.BLOCK - inside
            piece = piece[:cut] + after + piece[cut + len(after):]
        return piece[:count]


class _EchoStream:
    """One connection that sends a pattern and compares what comes back."""

    def __init__(self, address, total: int, key: int, window: int):
        self.total, self.window = total, window
        self.pattern = Pattern(key)
        self.sent = self.came = 0
        self.socket = socket.socket()
        self.socket.setblocking(False)
        result = self.socket.connect_ex(address)
        if result not in (0, errno.EINPROGRESS):
            raise OSError(result, "connect")

    def events(self) -> int:
        wanted = selectors.EVENT_READ
        if self.sent < self.total and self.sent - self.came < self.window:
            wanted |= selectors.EVENT_WRITE
        return wanted

    def write(self) -> None:
        room = min(self.total - self.sent, self.window - (self.sent - self.came),
                   Pattern.BLOCK)
        if room > 0:
            try:
                self.sent += self.socket.send(self.pattern.at(self.sent, room))
            except BlockingIOError:
                pass
            if self.sent == self.total:
                self.socket.shutdown(socket.SHUT_WR)

    def read(self) -> bool:
        """Takes what is there; True at the end of the stream."""
        try:
            data = self.socket.recv(Pattern.BLOCK)
        except BlockingIOError:
            return False
        if not data:
            assert self.came == self.total, \
                f"the stream ended after {self.came} of {self.total} bytes"
            return True
        assert data == self.pattern.at(self.came, len(data)), \
            f"wrong bytes between {self.came} and {self.came + len(data)}"
        self.came += len(data)
        return False


def echo_streams(address, total: int, connections: int = 1, timeout_s: float = 300.0,
                 window: int = 1 << 20) -> float:
    """Sends @total bytes in all over @connections at once through TCP echo and
    compares them as they come back; seconds it took. @timeout_s: without any
    progress."""
    share = total // connections
    chooser = selectors.DefaultSelector()
    began = time.monotonic()
    streams = [_EchoStream(address, share, key, window) for key in range(connections)]
    try:
        for stream in streams:
            chooser.register(stream.socket, selectors.EVENT_WRITE | selectors.EVENT_READ, stream)
        left = len(streams)
        while left:
            ready = chooser.select(timeout_s)
            assert ready, f"no progress in {timeout_s} s: " + ", ".join(
                f"{one.came}/{one.sent}/{one.total}" for one in streams)
            for key, events in ready:
                stream = key.data
                if events & selectors.EVENT_WRITE:
                    stream.write()
                if events & selectors.EVENT_READ and stream.read():
                    chooser.unregister(stream.socket)
                    left -= 1
                    continue
                if stream.events() != key.events:
                    chooser.modify(stream.socket, stream.events(), stream)
        return time.monotonic() - began
    finally:
        for stream in streams:
            stream.socket.close()
        chooser.close()


def _exactly(connection: socket.socket, count: int) -> bytes:
    pieces = b""
    while len(pieces) < count:
        piece = connection.recv(count - len(pieces))
        if not piece:
            break
        pieces += piece
    return pieces


def echo_once(address, data: bytes = b"hello\n", timeout_s: float = 30.0) -> None:
    """A connection, @data there and back, the end by us, then by the guest."""
    with socket.create_connection(address, timeout_s) as connection:
        connection.sendall(data)
        assert _exactly(connection, len(data)) == data
        connection.shutdown(socket.SHUT_WR)
        assert connection.recv(1) == b"", "bytes after the end"


def short_connections(address, count: int, timeout_s: float = 30.0) -> float:
    """@count echo_once() one after another, each with its own bytes; seconds."""
    began = time.monotonic()
    for number in range(count):
        echo_once(address, f"connection {number}\n".encode(), timeout_s)
    return time.monotonic() - began


def allow_files(count: int) -> None:
    """Lets this process hold @count descriptors and some more."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    if soft < count + 100:
        resource.setrlimit(resource.RLIMIT_NOFILE, (min(count + 100, hard), hard))


def open_at_once(address, count: int, timeout_s: float = 60.0,
                 in_flight: int = 200) -> "list[socket.socket]":
    """@count connections, all open, each used once; the caller closes them.

    At most @in_flight of them wait for their echo at a time: this host's own
    queue in front of a tap holds a thousand frames.
    """
    allow_files(count)
    connections: "list[socket.socket]" = []

    def take(number: int) -> None:
        back = _exactly(connections[number], 6)
        assert back == f"{number:06}".encode(), f"connection {number}: {back!r} came back"

    try:
        for _ in range(count):
            connections.append(socket.create_connection(address, timeout_s))
        for number, connection in enumerate(connections):
            connection.sendall(f"{number:06}".encode())
            if number >= in_flight:
                take(number - in_flight)
        for number in range(max(0, count - in_flight), count):
            take(number)
        return connections
    except BaseException:
        for connection in connections:
            connection.close()
        raise


def close_all(connections: "list[socket.socket]") -> None:
    """Ends each connection and sees the guest end it too."""
    for connection in connections:
        connection.shutdown(socket.SHUT_WR)
    for connection in connections:
        assert connection.recv(1) == b""
        connection.close()


def udp_echo(address, data: bytes, attempts: int = 10, timeout_s: float = 3.0) -> None:
    """A datagram there and back; UDP may lose one, so a few attempts."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as sender:
        sender.settimeout(timeout_s)
        sender.connect(address)
        for _ in range(attempts):
            sender.send(data)
            try:
                back = sender.recv(65536)
            except socket.timeout:
                continue
            assert back == data
            return
    raise AssertionError(f"no answer from {address} to {attempts} datagrams")


def round_trips(address, seconds: float, size: int = 1, count: "int | None" = None) -> float:
    """Echo round trips a second on one connection, for @seconds or @count of them."""
    with socket.create_connection(address, 30) as connection:
        connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        data, done = b"x" * size, 0
        began = time.monotonic()
        while done < count if count else time.monotonic() - began < seconds:
            connection.sendall(data)
            assert _exactly(connection, size) == data
            done += 1
        return done / (time.monotonic() - began)
