# SPDX-License-Identifier: MIT
"""The image and this host's own TCP over a bad cable: every byte arrives, nothing
stands still, nothing is lost from the books. 64 MiB go each way over one of them, 8 over the others;
--full sends 64 over each."""
import clients
import pytest
from guest import Guest
from relay import Cable, RelayedNetwork

NICS = ["virtio", "e1000"]
CABLES = {
    "clean": Cable(),
    "loss 1 %": Cable(loss=0.01),
    "loss 3 %, 5 ms": Cable(loss=0.03, delay_us=2500),
    "loss 5 %": Cable(loss=0.05),
    "reordering 5 %": Cable(reorder=0.05),
    "reordering 2 % by 20 ms": Cable(reorder=0.02, hold_us=20000),
    "corruption 1 %": Cable(corrupt=0.01),
    "all of it": Cable(loss=0.02, duplicate=0.01, reorder=0.02, corrupt=0.005, delay_us=500),
}


@pytest.fixture(params=NICS)
def nic(request):
    return request.param


@pytest.fixture
def relayed(nic, tap, short_path):
    """relayed(cable) → (a guest behind it, the cable's network); in its namespace."""
    with tap.entered():
        opened = []

        def start(cable: Cable) -> "tuple[Guest, RelayedNetwork]":
            link = RelayedNetwork(tap, short_path / "w", cable)
            guest = Guest(short_path, nic=nic, net=link, record=False)
            opened.append(guest)
            return guest.start().wait_ready(), link

        yield start
        for guest in opened:
            guest.close()
            print(f"---- console ----\n{guest.log()[-6000:]}")


def did(share: float, counts: "dict[str, int]", word: str) -> bool:
    """About @share of what came met @word: the cable was as bad as it was to be."""
    return share / 2 <= counts[word] / counts["came"] <= share * 2 if share \
        else not counts[word]


@pytest.mark.parametrize("name", CABLES)
def test_a_stream_each_way_is_exact_over_a_cable_with(relayed, full, name):
    cable = CABLES[name]
    guest, link = relayed(cable)
    large = full or name == "loss 1 %"
    clients.echo_streams((guest.ip, 7), (64 if large else 8) << 20)
    counters = guest.counters()
    guest.finish()
    link.close()
    for counts in link.counts.values():
        assert did(cable.loss, counts, "lost") and did(cable.duplicate, counts, "doubled")
        assert did(cable.reorder, counts, "held") and did(cable.corrupt, counts, "damaged")
    # The guest saw it, and repaired by more than its timer.
    if cable.loss:
        assert counters["TcpRetransSegs"] > 0
        assert counters["TcpExtTCPFastRetrans"] > 10
    if cable.corrupt:
        assert counters["TcpInCsumErrors"] > 0
    if cable.reorder or cable.loss:
        assert counters["TcpExtTCPOFOQueue"] > 0
