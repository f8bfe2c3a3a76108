# SPDX-License-Identifier: MIT
"""Loss and what is taken for it: timers, fast retransmit, RACK, TLP, F-RTO, undo."""
from cases.common import MODERN, Table, passive

CASES = Table()
INFO = "info c ca_state snd_cwnd snd_ssthresh unacked sacked lost retrans total_retrans retransmits backoff reordering reord_seen dsack_dups"
OPEN = {"sack": passive(), "no_sack": passive("mss 1460 nop ws 7"), "ts": passive(MODERN)}


def ack(number: int, *blocks: str, ts: str = "", step: str = "<") -> str:
    options = f" nop nop {ts}" if ts else ""
    if blocks:
        options += " nop nop sack " + " ".join(blocks)
    return f"{step} . 1 ack {number} win 512{options}"


def seg(n: int) -> int:
    return 1 + 1460 * n


def sacked(first: int, last: int) -> str:
    return f"{seg(first)}-{seg(last)}"


for kind in OPEN:
    mss = 1448 if kind == "ts" else 1460
    ts = " nop nop ts 200 last" if kind == "ts" else ""
    acks = [f"< . 1 ack {1 + mss * n} win 512{ts}" for n in range(11)]
    CASES.case(f"rto_{kind}", OPEN[kind], "send c 1000", "wait 6000", INFO, "info c rto")
    CASES.case(f"rto_answered_{kind}", OPEN[kind], "send c 1000", "wait 500", f"< . 1 ack 1001 win 512{ts}", INFO, "info c rto")
    CASES.case(f"rto_of_a_full_window_{kind}", OPEN[kind], f"send c {10 * mss}", "wait 400", INFO, acks[1], INFO)
    CASES.case(f"frto_spurious_{kind}", OPEN[kind], f"send c {10 * mss}", "wait 400", acks[2], "wait 20", acks[10], INFO)
CASES.case("frto_off", "sysctl tcp_frto 0", OPEN["sack"], "send c 14600", "wait 400", ack(seg(2)), "wait 20", ack(seg(4)), ack(seg(10)), INFO)
CASES.case("tlp", OPEN["sack"], "send c 14600", "wait 20", ack(seg(5)), "wait 20", ack(seg(9)), "wait 150", INFO, ack(seg(10)), INFO)
CASES.case("tlp_new_data", OPEN["sack"], "send c 29000", "wait 20", ack(seg(1)), "wait 150", INFO)
CASES.case("tlp_of_one", OPEN["sack"], "send c 1000", "wait 20", ack(1001), "send c 1000", "wait 290", INFO)
CASES.case("tlp_of_two", OPEN["sack"], "send c 2920", "wait 20", ack(seg(1)), "wait 20", ack(seg(2)), "send c 2920", "wait 150", INFO)
CASES.case("tlp_dsack", OPEN["sack"], "send c 14600", "wait 20", ack(seg(9)), "wait 150", ack(seg(10)), ack(seg(10), sacked(9, 10)), INFO)
CASES.case("tlp_repairs", OPEN["sack"], "send c 14600", "wait 20", ack(seg(9)), "wait 150", ack(seg(10)), "wait 60", INFO)
CASES.case("tlp_finds_a_hole", OPEN["sack"], "send c 14600", "wait 20", ack(seg(7)), "wait 150", ack(seg(7), sacked(9, 10)), "wait 60", INFO, ack(seg(10)), INFO)
CASES.case("tlp_off", "sysctl tcp_early_retrans 0", OPEN["sack"], "send c 14600", "wait 20", ack(seg(9)), "wait 400", INFO)

CASES.case("three_dupacks", OPEN["no_sack"], "send c 14600", "wait 20", ack(seg(1)), *[ack(seg(1))] * 3, INFO, *[ack(seg(1))] * 3, ack(seg(4)), INFO, ack(seg(14)), INFO)
CASES.case("newreno_partial", OPEN["no_sack"], "send c 29000", "wait 20", *[ack(1)] * 5, INFO, "wait 20", ack(seg(3)), INFO, "wait 20", ack(seg(6)), INFO, ack(seg(10)), INFO)
CASES.case("newreno_full", OPEN["no_sack"], "send c 14600", "wait 20", *[ack(1)] * 9, INFO, "wait 20", ack(seg(10)), INFO)
CASES.case("limited_transmit", OPEN["no_sack"], "send c 29000", "wait 20", ack(1), ack(1), INFO)
CASES.case("limited_transmit_sack", OPEN["sack"], "send c 29000", "wait 20", ack(1, sacked(1, 2), step="&<"), ack(1, sacked(1, 3), step="&<"), "&" + INFO, "wait 60")
CASES.case("dupacks_and_window_updates", OPEN["no_sack"], "send c 14600", "wait 20", "< . 1 ack 1 win 513", "< . 1 ack 1 win 514", "< . 1 ack 1 win 515", "< P. 1+10 ack 1 win 515", INFO)

CASES.case("sack_one_lost", OPEN["sack"], "send c 14600", "wait 20", *[ack(1, sacked(1, n), step="&<") for n in range(2, 11)], "wait 20", INFO, ack(seg(10)), INFO)
CASES.case("sack_first_block", OPEN["sack"], "send c 14600", "wait 20", ack(1, sacked(3, 4)), "wait 20", INFO, "wait 300", INFO)
CASES.case("sack_two_lost", OPEN["sack"], "send c 14600", "wait 20", ack(1, sacked(1, 4)), ack(1, sacked(5, 8), sacked(1, 4)), INFO, "wait 20", ack(seg(4), sacked(5, 8)), INFO, ack(seg(8)), INFO)
CASES.case("sack_half_lost", OPEN["sack"], "send c 29000", "wait 20", *[ack(1, *[sacked(2 * k + 1, 2 * k + 2) for k in range(n, max(-1, n - 3), -1)]) for n in range(5)], INFO, "wait 60", INFO)
CASES.case("sack_prr", OPEN["sack"], "send c 29000", "wait 20", *[ack(1, sacked(1, n)) for n in range(2, 11)], INFO, "wait 20", ack(seg(10)), INFO, "wait 20", ack(seg(12)), INFO)
CASES.case("sack_lost_retransmit", OPEN["sack"], "send c 14600", "wait 20", ack(1, sacked(1, 5)), "wait 60", ack(1, sacked(1, 10)), "wait 400", INFO)
CASES.case("sack_reordering", OPEN["sack"], "send c 14600", "wait 20", ack(1, sacked(1, 2), step="&<"), ack(seg(2), step="<"), INFO, ack(seg(2), sacked(5, 6)), ack(seg(6)), INFO, ack(seg(10)), INFO)
CASES.case("sack_reordering_after_retransmit", OPEN["ts"], "send c 14480", "wait 20", "< . 1 ack 1 win 512 nop nop ts 200 first+30 nop nop sack 1449-5793", "< . 1 ack 5793 win 512 nop nop ts 201 first+30", INFO, "wait 60", INFO)
CASES.case("sack_dsack_undo", OPEN["sack"], "send c 14600", "wait 20", ack(1, sacked(1, 5)), INFO, ack(seg(5), "1-1461"), INFO, ack(seg(10)), INFO)
CASES.case("sack_reneging", OPEN["sack"], "send c 14600", "wait 20", ack(1, sacked(1, 5)), "wait 20", ack(seg(2)), "wait 400", INFO)
CASES.case("sack_bad_blocks", OPEN["sack"], "send c 14600", "wait 20", ack(1, "20000-30000"), ack(1, f"{seg(5)}-{seg(3)}"), ack(seg(2), "1-100"), ack(seg(2), sacked(2, 11)), INFO)
CASES.case("sack_of_part", OPEN["sack"], "send c 14600", "wait 20", ack(1, "2000-2500"), ack(1, "2000-9000"), "wait 60", INFO)
CASES.case("sack_off", "sysctl tcp_sack 0", OPEN["sack"], "send c 14600", "wait 20", ack(1, sacked(1, 5)), ack(1, sacked(1, 6)), ack(1, sacked(1, 7)), INFO)
CASES.case("rack_off", "sysctl tcp_recovery 0", OPEN["sack"], "send c 14600", "wait 20", ack(1, sacked(1, 2)), ack(1, sacked(1, 3)), ack(1, sacked(1, 4)), INFO, "wait 60", INFO)
CASES.case("rack_timer", OPEN["sack"], "send c 14600", "wait 100", ack(1, sacked(1, 2), step="&<"), "wait 60", INFO)
CASES.case("rack_after_reordering", OPEN["sack"], "send c 14600", "wait 100", ack(1, sacked(1, 2), step="&<"), ack(seg(2), step="&<"), ack(seg(2), sacked(3, 7), step="&<"), "wait 80", INFO)
CASES.case("rto_in_recovery", OPEN["sack"], "send c 14600", "wait 20", ack(1, sacked(1, 5)), "wait 500", INFO, ack(seg(5)), INFO)
CASES.case("rto_with_sacked", OPEN["sack"], "send c 14600", "wait 20", ack(1, sacked(2, 3)), "wait 500", INFO, ack(seg(1), sacked(2, 3)), "wait 20", INFO)
CASES.case("slow_start_after_rto", OPEN["sack"], "send c 29000", "wait 320", ack(seg(1)), "wait 20", ack(seg(3)), "wait 20", ack(seg(7)), INFO, ack(seg(10)), INFO)
CASES.case("eifel_undo", OPEN["ts"], "send c 14480", "wait 20", "< . 1 ack 1 win 512 nop nop ts 200 first+30 nop nop sack 1449-5793", INFO, "< . 1 ack 14481 win 512 nop nop ts 201 first+30", INFO)
CASES.case("retries2_3", "sysctl tcp_retries2 3", OPEN["sack"], "send c 1000", "wait 8000", "get c SO_ERROR", "poll c", "send c 10", "states 80")
CASES.case("retries2_orphan", "sysctl tcp_orphan_retries 3", OPEN["sack"], "send c 1000", "close c", "wait 6500", "states 80")
CASES.case("user_timeout", OPEN["sack"], "set c TCP_USER_TIMEOUT 1000", "send c 1000", "wait 2500", "get c SO_ERROR", "poll c")
CASES.case("user_timeout_syn", "set c TCP_USER_TIMEOUT 2500", "connect c", "wait 4000", "get c SO_ERROR", "poll c")
CASES.case("retransmit_in_smaller_window", OPEN["sack"], "send c 14600", "wait 20", "< . 1 ack 1 win 2 nop nop sack 1461-8761", "wait 400", INFO)
CASES.case("retransmit_collapses", OPEN["sack"], "set c TCP_NODELAY 1", "send c 100", "send c 100", "send c 100", "wait 400")
CASES.case("cwnd_after_recovery", OPEN["sack"], "send c 29000", "wait 20", ack(1, sacked(1, 10)), "wait 20", ack(seg(10)), INFO, *[ack(seg(n)) for n in range(11, 17)], INFO)
