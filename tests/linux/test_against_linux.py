# SPDX-License-Identifier: MIT
"""The hosted library says, word by word, what Linux was recorded to say.

And where this machine's kernel is the recorded one and may be asked (root, tun,
namespaces), it still says so itself.
"""
import os
import pathlib
import sys

import pytest

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent))

import cases  # noqa: E402
import runner  # noqa: E402
import transcript  # noqa: E402
from bodies import LIBRARY  # noqa: E402

GROUPS = cases.groups()
RECORDED = {group: transcript.read_recorded(group) for group in GROUPS}
ALL = [(group, name) for group, members in GROUPS.items() for name in members]
#: Every so many are asked again of the kernel itself.
SAMPLE = 25


@pytest.fixture(scope="module")
def accepted():
    return transcript.read_accepted()


@pytest.mark.parametrize("group, name", ALL, ids=[name for _, name in ALL])
def test_hosted_library_is_as_linux(group, name, accepted):
    if not LIBRARY.exists():
        pytest.skip(f"{LIBRARY} is not built")
    steps = GROUPS[group][name]
    linux = RECORDED[group].get(name)
    assert linux, "not recorded: python3 tests/linux --record"
    assert transcript.steps_of(linux) == steps, "recorded with other steps"
    ours = runner.on_library(steps)
    at = transcript.first_difference(name, linux, ours, accepted)
    if at is not None:
        pytest.fail("L: Linux, O: ours\n" + transcript.show_difference(at, linux, ours),
                    pytrace=False)


def test_every_accepted_difference_is_one(accepted):
    """A row of accepted.txt that nothing needs any more is to go."""
    if not LIBRARY.exists():
        pytest.skip(f"{LIBRARY} is not built")
    unused = set(accepted)
    for group, name in ALL:
        mine = [row for row in unused if row.matches(name)]
        if mine:
            linux = RECORDED[group][name]
            ours = runner.on_library(GROUPS[group][name])
            unused -= {row for row in mine if transcript.first_difference(
                name, linux, ours, [other for other in accepted if other != row]) is not None}
    assert not unused


@pytest.mark.parametrize("group, name", ALL[::SAMPLE], ids=[name for _, name in ALL[::SAMPLE]])
def test_this_kernel_says_what_is_recorded(group, name):
    why = runner.obstacle()
    if why:
        pytest.skip(f"the kernel cannot be asked: {why}")
    release = transcript.recorded_release(group)
    if release.split(".")[:2] != os.uname().release.split(".")[:2]:
        pytest.skip(f"recorded from Linux {release}, this is {os.uname().release}")
    linux = RECORDED[group][name]
    undisturbed = []
    for _ in range(runner.TRIES):
        again = runner.on_kernel(GROUPS[group][name])
        if runner.agree(linux, again):
            return
        if not runner.disturbed(again):
            undisturbed = again
    if not undisturbed:
        pytest.skip(f"this host was too busy to ask its kernel: {again[0]}")
    pytest.fail("recorded and said now:\n" + "\n".join(linux + ["--"] + undisturbed),
                pytrace=False)
