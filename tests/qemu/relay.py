# SPDX-License-Identifier: MIT
"""A bad cable between this host's own TCP and a guest: relay.c, built and run.

The host's end is a tap in a Namespace, the guest's a dgram netdev; the relay
stands between them at a speed that Python does not have.
"""
from __future__ import annotations

import dataclasses
import pathlib
import re
import shutil
import subprocess

from launcher import child, network
from launcher.common import BUILD, Problem
from namespace import Namespace

SOURCE = pathlib.Path(__file__).with_name("relay.c")
PROGRAM = BUILD / "relay"


@dataclasses.dataclass(frozen=True)
class Cable:
    """How bad it is, in both directions; shares from 0 to 1 of the IPv4 frames."""

    loss: float = 0.0
    duplicate: float = 0.0
    reorder: float = 0.0        # held back by hold_us
    corrupt: float = 0.0        # one bit behind the Ethernet header flipped
    delay_us: int = 0
    hold_us: int = 2000
    seed: int = 1

    def words(self) -> "list[str]":
        shares = (self.loss, self.duplicate, self.reorder, self.corrupt)
        return [str(self.seed), *(str(round(share * 1e6)) for share in shares),
                str(self.delay_us), str(self.hold_us)]


def build() -> pathlib.Path:
    if not PROGRAM.exists() or PROGRAM.stat().st_mtime < SOURCE.stat().st_mtime:
        compiler = shutil.which("cc") or shutil.which("x86_64-linux-gnu-gcc")
        if not compiler:
            raise Problem("no C compiler for the relay: install gcc")
        subprocess.run([compiler, "-O2", "-Wall", "-Wextra", "-Werror", "-o", str(PROGRAM),
                        str(SOURCE)], check=True)
    return PROGRAM


class RelayedNetwork(network.SocketNetwork):
    """What Guest(net=…) takes: a netdev whose far end is a tap of @space."""

    def __init__(self, space: Namespace, directory, cable: Cable):
        self.tap = space.tap()
        self.process: "subprocess.Popen | None" = None
        self.counts: "dict[str, dict[str, int]]" = {}
        try:
            super().__init__(self.tap.address, "a test", str(directory))
            self.process = child.spawn(
                [str(build()), str(self.tap.fd), str(self.host), str(self.guest), *cable.words()],
                stdout=subprocess.PIPE, pass_fds=self.tap.pass_fds)
            assert self.process.stdout.readline() == b"listening\n", "the relay did not start"
        except BaseException:
            self.close()
            raise

    def close(self) -> "list[str]":
        """Ends the relay; counts then has, by direction, what it did."""
        if self.process:
            child.end(self.process)
            for line in self.process.stdout.read().decode().splitlines():
                name, _, rest = line.partition(":")
                self.counts[name] = {word: int(number)
                                     for word, number in re.findall(r"(\w+) (\d+)", rest)}
            self.process.stdout.close()
            self.process = None
        self.tap.close()
        return super().close()
