# SPDX-License-Identifier: MIT
"""How connections come to be, in words that the groups share."""
from __future__ import annotations

MODERN = "mss 1460 sackok ts 100 0 nop ws 7"
NO_TS = "mss 1460 nop nop sackok nop ws 7"
PLAIN = "mss 1460"


class Table(dict):
    """name → steps; each part may have several lines, blank ones do not count."""

    def case(self, name: str, *parts: str) -> None:
        assert name not in self, name
        self[name] = [line.strip() for part in parts for line in part.splitlines() if line.strip()]


def passive(options: str = NO_TS, window: int = 65535, first: int = 512, before: str = "",
            listener: str = "") -> str:
    """A connection from the peer, accepted as c; @first: the window of its ACK."""
    ts = " nop nop ts 101 last" if " ts " in f" {options} " else ""
    return f"""
        {before}
        socket s
        {listener}
        listen s 80
        < S 0 win {window} {options}
        wait 20
        < . 1 ack 1 win {first}{ts}
        accept c s
        """


def active(options: str = NO_TS, window: int = 65535, before: str = "") -> str:
    """A connection to the peer as c, 20 ms away."""
    ts = options.replace("ts 100 0", "ts 100 last")
    return f"""
        {before}
        connect c
        wait 20
        < S. 0 ack 1 win {window} {ts}
        connect c
        """
