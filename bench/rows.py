# SPDX-License-Identifier: MIT
"""What is measured: a row for each thing that the client does."""
from __future__ import annotations

from typing import NamedTuple


class Row(NamedTuple):
    """One line of the table."""

    key: str                # as --rows names it
    client: str             # the client's word
    title: str
    unit: str
    #: ratio to Linux that is aimed at, by NIC
    aims: "dict[str, float]"
    lower_is_better: bool = False
    floor: bool = True      # has a meaning for the bare ring loop
    wrk: "tuple[str, int] | None" = None    # path and connections, when wrk is the client

    def value(self, sample: "dict") -> float:
        """What a run of the client is worth, in @unit."""
        if self.unit == "µs":
            return sample["p50_us"]
        if self.unit == "MB/s":
            return sample["bytes"] / sample["seconds"] / 1e6
        return sample["ops"] / sample["seconds"]

    def operations(self, sample: "dict") -> float:
        """What the CPU time of a run is divided by: exchanges, or MB."""
        return sample["bytes"] / 1e6 if self.unit == "MB/s" else sample["ops"]

    @property
    def per(self) -> str:
        return "MB" if self.unit == "MB/s" else "op"

    def ratio(self, ours: float, theirs: float) -> float:
        """How many times better @ours is than @theirs."""
        if not ours or not theirs:
            return 0.0
        return theirs / ours if self.lower_is_better else ours / theirs


def _both(aim: float) -> "dict[str, float]":
    return {"virtio": aim, "e1000": aim}


ROWS = (
    Row("ping", "ping", "ping, median", "µs", _both(3), lower_is_better=True),
    Row("echo1", "echo:1", "TCP echo, 1 byte, 1 connection", "/s", _both(3.5)),
    Row("echo64", "echo:64", "TCP echo, 1 byte, 64 connections", "/s", _both(10)),
    Row("connect", "connect:16", "connect, echo, close, 16 at once", "/s", _both(12)),
    Row("stream_in", "stream_in", "TCP stream in", "MB/s", _both(3.5)),
    Row("stream_out", "stream_out", "TCP stream out", "MB/s", {"virtio": 5, "e1000": 2.5}),
    Row("udp", "udp:64", "UDP echo, 64 bytes, 64 on their way", "/s", _both(10)),
    Row("http", "http:64", "HTTP, 64 connections kept", "/s", _both(10)),
    Row("http_1m", "http_1m:4", "HTTP, bodies of 1 MiB, 4 connections", "MB/s",
        {"virtio": 4, "e1000": 3}, floor=False),
)

#: The same by wrk, where it is; a second has to be spent on each at the least.
WRK = (
    Row("wrk", "", "HTTP by wrk, 64 connections", "/s", _both(10), wrk=("/", 64)),
    Row("wrk_1m", "", "HTTP by wrk, bodies of 1 MiB, 4 connections", "MB/s",
        {"virtio": 4, "e1000": 3}, floor=False, wrk=("/1m", 4)),
)

#: Measured once a visit or once a run, not by a slice of the client.
BOOT = Row("boot", "", "QEMU start to first ARP reply", "ms", {}, lower_is_better=True)
MEMORY = Row("memory", "idle", "memory in use with idle connections held", "MiB", _both(4),
             lower_is_better=True, floor=False)
SPECIAL = (BOOT, MEMORY)


def choose(text: "str | None", with_wrk: bool = False) -> "list[Row]":
    """The rows of --rows @text, in the table's order; ValueError names a bad one.
    @with_wrk: without @text, those of wrk too."""
    every = [BOOT, *ROWS, *WRK, MEMORY]
    if text is None:
        return [row for row in every if with_wrk or not row.wrk]
    names = [name.strip() for name in text.split(",") if name.strip()]
    known = {row.key for row in every}
    for name in names:
        if name not in known:
            raise ValueError(f"no row {name!r}; there are: "
                             + ", ".join(row.key for row in every))
    if not names:
        raise ValueError("no row is named")
    return [row for row in every if row.key in names]
