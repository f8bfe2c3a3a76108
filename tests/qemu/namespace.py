# SPDX-License-Identifier: MIT
"""A network namespace of the test's own, for taps: nothing of it is left.

It has no name: it is held by a file descriptor and goes with it, whatever
happens to the test. Sockets and children made inside belong to it for life.
"""
from __future__ import annotations

import contextlib
import ctypes
import os
import threading
from typing import Iterator

from launcher import network
from launcher.machine import Address

CLONE_NEWNET = 0x40000000
_libc = ctypes.CDLL(None, use_errno=True)


def _checked(result: int, what: str) -> None:
    if result:
        error = ctypes.get_errno()
        raise OSError(error, f"{what}: {os.strerror(error)}")


def obstacle() -> "str | None":
    """Why there can be no tap in a namespace here, or None."""
    found = network.tap_obstacle()
    if found:
        return found
    try:
        Namespace().close()
    except OSError as error:
        return f"no network namespace can be made: {error.strerror}"
    return None


class Namespace:
    """An anonymous network namespace with lo up."""

    def __init__(self):
        self.fd = -1
        failure: "list[OSError]" = []

        def make() -> None:
            # unshare() changes this thread alone, and the thread ends here.
            try:
                _checked(_libc.unshare(CLONE_NEWNET), "unshare")
                self.fd = os.open(f"/proc/self/task/{threading.get_native_id()}/ns/net",
                                  os.O_RDONLY | os.O_CLOEXEC)
            except OSError as error:
                failure.append(error)

        maker = threading.Thread(target=make)
        maker.start()
        maker.join()
        if failure:
            raise failure[0]
        with self.entered():
            network.ip_tool("link", "set", "lo", "up")

    @contextlib.contextmanager
    def entered(self) -> Iterator[None]:
        """The calling thread (and what it starts) is in the namespace meanwhile."""
        here = os.open(f"/proc/self/task/{threading.get_native_id()}/ns/net",
                       os.O_RDONLY | os.O_CLOEXEC)
        try:
            _checked(_libc.setns(self.fd, CLONE_NEWNET), "setns")
            try:
                yield
            finally:
                _checked(_libc.setns(here, CLONE_NEWNET), "setns back")
        finally:
            os.close(here)

    def tap(self, address: "Address | None" = None, queues: int = 1) -> network.TapNetwork:
        """A tap of this namespace with the gateway's address on our side."""
        with self.entered():
            return network.TapNetwork(address, "a test", queues=queues)

    def close(self) -> None:
        if self.fd >= 0:
            os.close(self.fd)
            self.fd = -1
