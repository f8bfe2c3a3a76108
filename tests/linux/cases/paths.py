# SPDX-License-Identifier: MIT
"""What a connection knows of its path and tells: metrics kept for the next one, pacing, SACKs
held back, every member of TCP_INFO, bbr."""
from cases.common import MODERN, NO_TS, Table, passive

CASES = Table()
LEARNT = "rtt rttvar rto snd_cwnd snd_ssthresh reordering"


def seg(n: int) -> int:
    return 1 + 1460 * n


def ack(n: int, more: str = "", step: str = "<", port: str = "") -> str:
    return f"{step}{port} . 1 ack {seg(n)} win 65535{more}"


def opened(rtt: int = 40, before: str = "", listener: str = "", options: str = NO_TS) -> str:
    return passive(options, first=65535, before=f"sysctl tcp_tso_win_divisor 255\n{before}",
                   listener=listener).replace("wait 20", f"wait {rtt}")


# Metrics: a connection, its end, and what the next one from the same host begins with.
KEEP = "sysctl tcp_no_metrics_save 0"
NEXT = [f"<:5001 S 0 win 65535 {NO_TS}", "wait 40", "<:5001 . 1 ack 1 win 65535", "accept d s", f"info d {LEARNT}", "send d 40000"]
END = ["close c", "< F. 1 ack {ack} win 65535", "wait 20", "< . 2 ack {ack} win 65535"]


def ended(sent: int) -> "list[str]":
    return [line.format(ack=sent + 2) for line in END]


GROWN = ["send c 43800", "wait 40", *[ack(n, step="&<") for n in range(1, 11)], "wait 40", ack(30)]
LOSS = ["send c 26280", "wait 40", *[ack(0, f" nop nop sack 1461-{seg(n)}") for n in range(2, 11)], "wait 40", ack(12), "wait 40", ack(17), "wait 40", ack(18)]
TIMEOUT = ["send c 29200", "wait 400", ack(5), "wait 40", ack(10), "wait 40", ack(13), "wait 40", ack(20)]
LATE = ["send c 14600", "wait 40", ack(0, f" nop nop sack {seg(5)}-{seg(7)}"), ack(7), "wait 10", ack(10)]
for setting in ("0", "1"):
    no_ssthresh = f"sysctl tcp_no_ssthresh_metrics_save {setting}"
    CASES.case(f"metrics_{setting}_of_slow_start", opened(40, f"{KEEP}\n{no_ssthresh}"), *GROWN, f"info c {LEARNT}", *ended(43800), *NEXT)
    CASES.case(f"metrics_{setting}_of_loss", opened(40, f"{KEEP}\n{no_ssthresh}"), *LOSS, f"info c {LEARNT}", *ended(26280), *NEXT)
    CASES.case(f"metrics_{setting}_of_a_timeout", opened(40, f"{KEEP}\n{no_ssthresh}"), *TIMEOUT, f"info c {LEARNT}", *ended(29200), *NEXT[:-2], "info d snd_cwnd snd_ssthresh reordering")
    CASES.case(f"metrics_{setting}_of_two", opened(40, f"{KEEP}\n{no_ssthresh}"), *LOSS, *ended(26280), *NEXT, "wait 40", *[f"&<:5001 . 1 ack {seg(n)} win 65535" for n in range(1, 6)], *[line.replace("<", "<:5001").replace("ack 2", "ack 1").replace("close c", "close d") for line in ["close c", "wait 40", f"< F. 1 ack {seg(10)} win 65535"]], "wait 20", f"<:5002 S 0 win 65535 {NO_TS}", "wait 40", "<:5002 . 1 ack 1 win 65535", "accept e s", f"info e {LEARNT}")
    CASES.case(f"metrics_{setting}_of_reordering", opened(40, f"{KEEP}\n{no_ssthresh}"), *LATE, f"info c {LEARNT}", *ended(14600), *NEXT)
CASES.case("metrics_not_saved", opened(), *LOSS, *ended(26280), *NEXT)
CASES.case("metrics_not_saved_but_used", opened(40, KEEP), *LATE, *ended(14600), "sysctl tcp_no_metrics_save 1", *NEXT)
CASES.case("metrics_of_a_long_round_trip", opened(300, KEEP), "send c 1000", "wait 300", "< . 1 ack 1001 win 65535", f"info c {LEARNT}", *ended(1000), *NEXT)
CASES.case("metrics_of_a_short_round_trip", opened(10, KEEP), "send c 1000", "wait 10", "< . 1 ack 1001 win 65535", f"info c {LEARNT}", *ended(1000), *NEXT)
CASES.case("metrics_of_a_reset", opened(300, KEEP), *LATE, "< R. 1 ack 14601", *NEXT)
CASES.case("metrics_of_timeouts", opened(300, KEEP), "send c 1000", "wait 300", "< . 1 ack 1001 win 65535", "send c 10", "wait 2000", "close c", "< R 1", *NEXT)
CASES.case("metrics_twice", opened(40, KEEP), *LATE, *ended(14600), *NEXT, "wait 60", "<:5001 R. 1 ack 1", f"<:5002 S 0 win 65535 {NO_TS}", "wait 100", "<:5002 . 1 ack 1 win 65535", "accept e s", f"info e {LEARNT}")

# Pacing: so many bytes a second, packets of about a millisecond.
PACE = "info c pacing_rate max_pacing_rate"
for rate in (20000, 100000, 1000000, 20000000):
    CASES.case(f"pacing_{rate}", opened(), f"set c SO_MAX_PACING_RATE {rate}", "send c 29200", "wait 40", ack(10), PACE, "wait 400", PACE)
for ratio in (100, 400):
    CASES.case(f"pacing_ss_ratio_{ratio}", opened(40, f"sysctl tcp_pacing_ss_ratio {ratio}"), "send c 29200", "wait 40", ack(10), PACE)
    CASES.case(f"pacing_ca_ratio_{ratio}", opened(40, f"sysctl tcp_pacing_ca_ratio {ratio}"), *LOSS[:-5], PACE, *LOSS[-5:], PACE)
CASES.case("pacing_rates", opened(), PACE, "send c 43800", "wait 40", ack(5), PACE, ack(10), PACE, "wait 40", ack(30), PACE)
CASES.case("pacing_taken_back", opened(), "set c SO_MAX_PACING_RATE 20000", "set c SO_MAX_PACING_RATE -1", "send c 14600", "wait 40", ack(10), PACE)
CASES.case("pacing_of_retransmissions", opened(), "set c SO_MAX_PACING_RATE 50000", "send c 29200", "wait 500", ack(0, f" nop nop sack {seg(5)}-{seg(10)}"), "wait 300")
CASES.case("pacing_and_probe", opened(), "set c SO_MAX_PACING_RATE 20000", "send c 14600", "wait 40", ack(9), "wait 400")

# SACKs held back: the first three go, the others wait a twentieth of the round trip, which the
# timestamps of two full segments show.
def held(rtt: int = 400, delay: int = 500000000, most: int = 44) -> str:
    before = f"sysctl tcp_comp_sack_delay_ns {delay}\nsysctl tcp_comp_sack_nr {most}"
    return opened(rtt, before, options=MODERN) + "".join(
        f"< . {1 + 1448 * n}+1448 ack 1 win 512 nop nop ts {200 + n} first\n" for n in range(2))


def data(first: int, last: int = 0, flags: str = ".", step: str = "&<") -> "list[str]":
    """Segments of a thousand bytes behind the two."""
    return [f"{step} {flags} {2897 + 1000 * n}+1000 ack 1 win 512 nop nop ts 300 last" for n in range(first, last or first + 1)]


for most in (0, 1, 3, 44):
    CASES.case(f"comp_sack_nr_{most}", held(most=most), *data(1, 12), "wait 200", *data(0, step="<"))
for rtt in (200, 400, 800):
    CASES.case(f"comp_sack_of_{rtt}_ms", held(rtt), *data(1, 12), "wait 200")
for delay in (0, 10000000, 30000000):
    CASES.case(f"comp_sack_delay_{delay}", held(800, delay), *data(1, 5), "wait 200")
CASES.case("comp_sack_filled", held(), *data(1, 8), *data(0), "wait 100")
CASES.case("comp_sack_part_filled", held(), *data(1, 8), *data(9, 14), *data(0), *data(14, 20), "wait 100")
CASES.case("comp_sack_blocks", held(), *[line for n in range(1, 9) for line in data(2 * n)], "wait 100")
CASES.case("comp_sack_two_blocks", held(), *[line for n in range(1, 9) for line in data(20 * (n % 2) + n)], "wait 100")
CASES.case("comp_sack_duplicates", held(), *data(1, 8), *data(5, 8), "wait 100")
CASES.case("comp_sack_and_data", held(), *data(1, 8), "send c 100", "wait 100")
CASES.case("comp_sack_and_fin", held(), *data(1, 8), "&< F. 10897 ack 1 win 512 nop nop ts 300 last", "wait 100")
CASES.case("comp_sack_and_close", held(), *data(1, 8), "shutdown c wr", "wait 100")
CASES.case("comp_sack_read", held(), *data(1, 8), "recv c 1000", "wait 100")

# All that TCP_INFO says.
ALL = "info c"
CASES.case("info_fresh", opened(), ALL)
CASES.case("info_after_sending", opened(), "send c 43800", "wait 40", ack(10), "wait 40", ack(30), ALL)
CASES.case("info_after_receiving", opened(), *[f"< P. {1 + 1000 * n}+1000 ack 1 win 512" for n in range(10)], "wait 60", "< . 10001 ack 1 win 513", ALL, "recv c 20000", ALL)
CASES.case("info_both_ways", opened(), "< P. 1+1000 ack 1 win 512", "recv c 2000", "send c 5000", "wait 40", "< . 1001 ack 5001 win 512", "wait 40", ALL)
CASES.case("info_timestamps", opened(options=MODERN), "send c 14480", "wait 40", "< . 1 ack 14481 win 512 nop nop ts 200 last", "wait 20", ALL)
CASES.case("info_in_loss", opened(), "send c 43800", "wait 600", ALL, ack(10), ALL, "wait 40", ack(30), ALL)
CASES.case("info_in_recovery", opened(), *LOSS[:-6], ALL, *LOSS[-6:], ALL)
CASES.case("info_reordered", opened(), *LATE, ALL, "< . 1 ack 14601 win 65535 nop nop sack 1-1461", ALL)
CASES.case("info_out_of_order", opened(), "< . 1001+1000 ack 1 win 512", "< . 3001+1000 ack 1 win 512", ALL, "< . 1+1000 ack 1 win 512", ALL)
CASES.case("info_closed_window", opened(), "send c 14600", "wait 40", "< . 1 ack 14601 win 0", "send c 1000", "wait 300", ALL, ack(10), ALL)
CASES.case("info_full_buffer", opened(listener="set s SO_SNDBUF 10000"), "fill c 5000", "wait 40", "< . 1 ack 2921 win 512", "fill c 5000", "wait 40", ALL)
CASES.case("info_app_limited", opened(), *["send c 1000\nwait 40\n" + f"< . 1 ack {1 + 1000 * n} win 512" for n in range(1, 5)], ALL)
CASES.case("info_ecn", opened(before="sysctl tcp_ecn 1").replace("< S 0", "< SEW 0"), "send c 14600", "wait 40", "< .E 1 ack 7301 win 512", ALL)
CASES.case("info_fin_wait", opened(), "send c 100", "shutdown c wr", "wait 40", "< . 1 ack 102 win 512", ALL)
CASES.case("info_listener", "socket s", "listen s 80 5", f"< S 0 win 65535 {NO_TS}", "< . 1 ack 1 win 512", "info s")
CASES.case("info_syn_sent", "connect c", "wait 40", ALL)
CASES.case("info_refused", "connect c", "< R. 0 ack 1", ALL)
for cc in ("reno", "cubic", "bbr"):
    CASES.case(f"cc_info_{cc}", opened(listener=f"setstr s TCP_CONGESTION {cc}"), "ccinfo c", "send c 43800", "wait 40", ack(10), "wait 20", "ccinfo c", ack(14), "wait 40", "ccinfo c")

# bbr: what does not depend on microseconds.
BBR = "setstr s TCP_CONGESTION bbr\nset s SO_SNDBUF 4000000"
B = "info c ca_state snd_cwnd snd_ssthresh pacing_rate\nccinfo c"


def bbr_rounds(first: int, sizes: "list[int]", wait: int) -> "list[str]":
    """What is paced is over before anything is asked."""
    steps = []
    for size in sizes:
        first += size
        steps += [ack(first, step="&<"), f"wait {wait}", B]
    return steps


CASES.case("bbr_starts", opened(100, listener=BBR), B, "send c 14600", B, "wait 100", ack(10), B)
CASES.case("bbr_grows", opened(100, listener=BBR), "send c 102200", "wait 100", *bbr_rounds(0, [10, 20, 40], 140))
CASES.case("bbr_limited_by_program", opened(100, listener=BBR), *[f"send c 2920\nwait 100\n{ack(2 * n)}\n{B}" for n in range(1, 16)])
CASES.case("bbr_timeout", opened(100, listener=BBR), "send c 14600", "wait 600", B, ack(1), B, "wait 100", ack(10), B)
CASES.case("bbr_loss", opened(100, listener=BBR), "send c 14600", "wait 100", *[f"{ack(0, f' nop nop sack 1461-{seg(n)}')}\ninfo c ca_state snd_cwnd snd_ssthresh" for n in range(2, 11)], "wait 100", ack(10), B)
CASES.case("bbr_undo", opened(100, listener=BBR), "send c 14600", "wait 100", ack(0, f" nop nop sack 1461-{seg(10)}"), B, "wait 20", ack(10), B, ack(10, " nop nop sack 1-1461"), B)
CASES.case("bbr_idle", opened(100, listener=BBR), "send c 14600", "wait 100", ack(10), "wait 1500", "&send c 14600", "wait 100", B)
CASES.case("bbr_then_cubic", opened(100, listener=BBR), "send c 14600", "wait 100", ack(10), "setstr c TCP_CONGESTION cubic", "info c snd_cwnd snd_ssthresh", "ccinfo c", "setstr c TCP_CONGESTION bbr", B)
CASES.case("bbr_max_pacing_rate", opened(100, listener=BBR), "set c SO_MAX_PACING_RATE 20000", "send c 29200", "wait 500", ack(10), "wait 500", B)
