# SPDX-License-Identifier: MIT
"""What every test in here can ask for: a guest to boot, a tap, --full."""
import pathlib
import shutil
import sys
import tempfile

import pytest

ROOT = pathlib.Path(__file__).resolve().parent.parent.parent
sys.path[:0] = [str(ROOT / "tools"), str(ROOT / "tests" / "qemu")]

from guest import Guest  # noqa: E402
from launcher.common import ISO  # noqa: E402

#: (machine, NIC) that the image runs on.
BODIES = [("pc", "virtio"), ("pc", "e1000"), ("q35", "virtio"), ("q35", "e1000"),
          ("pc", "e1000e"), ("q35", "e1000e"),
          ("microvm", "virtio")]


def pytest_addoption(parser):
    parser.addoption("--full", action="store_true", help="the large tests at full size")


@pytest.fixture
def full(request):
    return request.config.getoption("--full")


@pytest.fixture
def short_path():
    """A directory whose path leaves room for a Unix socket's name."""
    path = tempfile.mkdtemp(prefix="sojourn-")
    yield pathlib.Path(path)
    shutil.rmtree(path, ignore_errors=True)


@pytest.fixture
def boot(short_path):
    """boot(**options) → a running Guest; ended with the test, whatever happens."""
    guests = []

    def start(ready: bool = True, **options) -> Guest:
        directory = short_path / str(len(guests))
        directory.mkdir()
        guest = Guest(directory, **options)
        guests.append(guest)
        guest.start()
        return guest.wait_ready() if ready else guest

    yield start
    for guest in guests:
        guest.close()
        # What the guest said stands by a failure; pytest shows it only then.
        print(f"---- console of {guest.machine.machine}/{guest.machine.nic} ----\n"
              f"{guest.log()[-8000:]}")
        if guest.qemu_said():
            print(f"---- QEMU said ----\n{guest.qemu_said()}")
    for guest in guests:
        guest.assert_no_trouble()


@pytest.fixture
def iso():
    assert ISO.exists(), f"{ISO} is not built: make iso"
    return str(ISO)


@pytest.fixture
def tap():
    """A Namespace for taps, or a skip that says why not."""
    import namespace
    obstacle = namespace.obstacle()
    if obstacle:
        pytest.skip(obstacle)
    made = namespace.Namespace()
    yield made
    made.close()
