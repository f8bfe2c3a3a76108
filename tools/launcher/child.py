# SPDX-License-Identifier: MIT
"""QEMU as a child that cannot be left behind.

It stands in a process group of its own and dies with us (PR_SET_PDEATHSIG), is
ended by its process id and nothing else, and gets the terminal while it runs.
"""
from __future__ import annotations

import ctypes
import os
import signal
import subprocess
import sys
import termios
import threading
import time

PR_SET_PDEATHSIG = 1
_libc = ctypes.CDLL(None, use_errno=True)

#: How long QEMU may take to end after SIGTERM before it is killed.
GRACE_S = 5.0


def _become_child(parent: int, terminal: "int | None") -> None:
    """Runs between fork and exec."""
    os.setpgid(0, 0)
    _libc.prctl(PR_SET_PDEATHSIG, signal.SIGKILL, 0, 0, 0)
    if os.getppid() != parent:
        os._exit(1)
    if terminal is not None:
        signal.signal(signal.SIGTTOU, signal.SIG_IGN)
        os.tcsetpgrp(terminal, os.getpid())
        signal.signal(signal.SIGTTOU, signal.SIG_DFL)
        # The guest's console has the keyboard: Ctrl-Z is not for us.
        signal.signal(signal.SIGTSTP, signal.SIG_IGN)
    signal.signal(signal.SIGINT, signal.SIG_DFL)


def spawn(argv: "list[str]", terminal: "int | None" = None, **keywords) -> subprocess.Popen:
    """Popen of @argv in a group of its own, dead when we are.

    To be called by the main thread: the kernel ties the child to the thread.
    """
    parent = os.getpid()
    return subprocess.Popen(argv, preexec_fn=lambda: _become_child(parent, terminal), **keywords)


def end(child: subprocess.Popen, grace_s: float = GRACE_S) -> int:
    """Ends @child: SIGTERM, then SIGKILL; returns its status."""
    if child.poll() is None:
        child.terminate()
        try:
            child.wait(grace_s)
        except subprocess.TimeoutExpired:
            child.kill()
    return child.wait()


class Terminal:
    """Lends the terminal on stdin to a child and has it back as it was.

    @fd: the terminal, None where the child gets none. @group: it knows whose
    turn it is, and that has to be told. @background: it is not ours.
    """

    def __init__(self):
        self.fd: "int | None" = None
        self.saved = None
        self.group = self.background = False
        try:
            fd = sys.stdin.fileno()
            if not os.isatty(fd):
                return
            self._ask_for_group(fd)
            if not self.background:
                self.fd, self.saved = fd, termios.tcgetattr(fd)
        except (OSError, ValueError, termios.error):
            self.fd = None

    def _ask_for_group(self, fd: int) -> None:
        try:
            # A job in the background must not take the terminal.
            self.background = os.tcgetpgrp(fd) != os.getpgrp()
            self.group = True
        except OSError:
            # Another session's terminal, as behind `su -c`: nobody there to take turns with.
            self.group = False

    def take_back(self) -> None:
        if self.fd is None:
            return
        before = signal.signal(signal.SIGTTOU, signal.SIG_IGN)
        try:
            if self.group:
                os.tcsetpgrp(self.fd, os.getpgrp())
            termios.tcsetattr(self.fd, termios.TCSADRAIN, self.saved)
        except (OSError, termios.error):
            pass
        signal.signal(signal.SIGTTOU, before)


class Attended:
    """Runs a child to its end with the terminal; signals to us end it cleanly.

    stderr passes through here, so that QEMU's own words can be told from the
    guest's exit status; its farewell to a signal that we sent is left out.
    """

    SIGNALS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)

    def __init__(self, argv: "list[str]", pass_fds: "tuple[int, ...]" = ()):
        self.argv = argv
        self.pass_fds = pass_fds
        self.said = ""
        self.signalled: "int | None" = None
        self._deadline: "float | None" = None
        self._child: "subprocess.Popen | None" = None

    def _on_signal(self, number, _frame) -> None:
        if self._child and self._child.poll() is None:
            self._child.send_signal(signal.SIGTERM if self.signalled is None else signal.SIGKILL)
        self.signalled = number
        self._deadline = time.monotonic() + GRACE_S

    def _relay_stderr(self) -> None:
        for raw in self._child.stderr:
            line = raw.decode(errors="replace")
            if "terminating on signal" in line:
                if self.signalled is None:
                    self.signalled = signal.SIGINT
                continue
            self.said += line
            sys.stderr.write(line)
            sys.stderr.flush()

    def run(self) -> int:
        """Returns QEMU's status; self.signalled is the signal that ended us, if any."""
        terminal = Terminal()
        before = {number: signal.signal(number, self._on_signal) for number in self.SIGNALS}
        try:
            self._child = spawn(self.argv, terminal.fd if terminal.group else None,
                                stdin=subprocess.DEVNULL if terminal.background else None,
                                stderr=subprocess.PIPE, pass_fds=self.pass_fds)
            relay = threading.Thread(target=self._relay_stderr, daemon=True)
            relay.start()
            if self.signalled is not None:
                self._child.terminate()
            status = self._wait()
            relay.join(2)
            return status
        finally:
            if self._child:
                end(self._child)
            terminal.take_back()
            for number, handler in before.items():
                signal.signal(number, handler)

    def _wait(self) -> int:
        while True:
            try:
                return self._child.wait(0.5)
            except subprocess.TimeoutExpired:
                if self._deadline and time.monotonic() > self._deadline:
                    self._child.kill()
