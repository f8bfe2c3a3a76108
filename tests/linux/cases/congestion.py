# SPDX-License-Identifier: MIT
"""Windows of reno and cubic after trains of ACKs: slow start, avoidance, loss, undo, rest."""
from cases.common import MODERN, NO_TS, Table, passive

CASES = Table()
W = "info c snd_cwnd snd_ssthresh"
F = "info c ca_state snd_cwnd snd_ssthresh unacked sacked lost retrans delivered"
MSS = {NO_TS: 1460, MODERN: 1448}


def opened(cc: str, options: str = NO_TS, more: str = "", rtt: int = 40) -> str:
    """A handshake in @rtt ms: a tail loss probe comes after twice that, and not in between.

    No packet waits to become larger: how long, would depend on microseconds."""
    more = f"sysctl tcp_tso_win_divisor 255\n{more}"
    listener = f"setstr s TCP_CONGESTION {cc}\nset s SO_SNDBUF 4000000"
    return passive(options, first=65535, before=more, listener=listener).replace(
        "wait 20", f"wait {rtt}")


def seg(n: int, mss: int = 1460) -> int:
    return 1 + mss * n


def sacked(first: int, last: int) -> str:
    return f"{seg(first)}-{seg(last)}"


def ack(n: int, *blocks: str, step: str = "<", flags: str = ".", more: str = "") -> str:
    """All up to segment @n."""
    return f"{step} {flags} 1 ack {seg(n)} win 65535{more}" + \
        (" nop nop sack " + " ".join(blocks) if blocks else "")


def train(first: int, last: int, every: int = 1) -> str:
    """ACKs of segments @first to @last, at one instant."""
    ends = [*range(first + every, last, every), last]
    return "\n".join(ack(n, step="&<") for n in ends)


def rounds(first: int, sizes: "list[int]", wait: float, every: int = 1) -> "list[str]":
    """A round trip for each of @sizes, so many segments are acknowledged in it."""
    steps = []
    for size in sizes:
        steps += [f"wait {wait}", train(first, first + size, every), W]
        first += size
    return steps


def lossy(n: int, window: int = 10) -> "list[str]":
    """Segment @n of a window is lost, and sent again; then all is acknowledged, and the two
    that went before it was sent again."""
    return ["wait 40", *[ack(n, sacked(n + 1, n + 1 + i)) for i in range(1, window)], F,
            "wait 40", ack(n + window + 2), F]


for cc in ("reno", "cubic"):
    OPEN = opened(cc)
    FAR = opened(cc, rtt=60)
    TS = opened(cc, MODERN)
    for every in (1, 2, 3, 10):
        CASES.case(f"{cc}_slow_start_{every}", FAR, "send c 400000", *rounds(0, [10, 20, 40], 60, every))
    CASES.case(f"{cc}_slow_start_stretched", FAR, "send c 400000", *rounds(0, [10, 20, 40], 60, 100))
    CASES.case(f"{cc}_slow_start_bytewise", OPEN, "send c 400000", "wait 20", *[f"< . 1 ack {1 + 700 * i} win 65535" for i in range(1, 8)], W, "wait 40", ack(10), W)

    # One segment is lost, then avoidance: an ACK for each segment, for every second, one for all.
    for wait in (20, 100):
        for every in (1, 2, 100):
            CASES.case(f"{cc}_avoidance_{wait}_{every}", opened(cc, rtt=wait + 20), "send c 400000", *lossy(0), *rounds(12, [4] * 3 + [5] * 6, wait, every))
    CASES.case(f"{cc}_avoidance_of_40", OPEN, "send c 1000000", *rounds(0, [10, 20], 40, 2), "wait 40", ack(30, sacked(31, 70)), F, "wait 40", ack(70), F, *rounds(70, [20] * 10, 60, 2))
    CASES.case(f"{cc}_a_while_after_loss", opened(cc, rtt=150), "send c 1000000", *rounds(0, [10, 20], 40, 2), "wait 40", ack(30, sacked(31, 70)), F, "wait 40", ack(70), *rounds(70, [20] * 16, 150, 20))
    CASES.case(f"{cc}_second_loss", OPEN, "send c 1000000", *rounds(0, [10, 20], 40, 2), "wait 40", ack(30, sacked(31, 70)), "wait 40", ack(70), F, *rounds(70, [20] * 2, 60, 2), "wait 60", ack(110, sacked(111, 130)), F, "wait 40", ack(130), F, *rounds(130, [10] * 10, 52, 2))
    CASES.case(f"{cc}_second_loss_above", OPEN, "send c 1000000", *lossy(0), *rounds(12, [4] * 10, 60, 100), "wait 60", ack(52, sacked(53, 57)), F, "wait 40", ack(57), F, *rounds(57, [2] * 6, 60, 100))

    # Recovery, ACK by ACK.
    for holes in (1, 3, 5):
        lost = [2 * i for i in range(holes)]
        steps = []
        for n in range(10):
            if n not in lost:
                steps += [ack(0, *[sacked(m, m + 1) for m in range(n, n - 6, -1) if m >= 0 and m not in lost][:3]), F]
        CASES.case(f"{cc}_recovery_of_{holes}", OPEN, "send c 100000", "wait 40", *steps, "wait 40", *[line for n in (1, 2, 4, 6, 10, 12, 14) for line in (ack(n), F)])
    CASES.case(f"{cc}_recovery_of_first_half", OPEN, "send c 200000", *rounds(0, [10], 40, 2), "wait 40", *[line for n in range(20, 30) for line in (ack(10, sacked(19, n)), W)], "wait 40", ack(19, sacked(19, 30)), F, ack(30), F, "wait 40", ack(34), F)
    CASES.case(f"{cc}_recovery_stretched", OPEN, "send c 200000", *rounds(0, [10], 40, 2), "wait 40", ack(10, sacked(11, 30)), F, "wait 40", ack(30), F)
    CASES.case(f"{cc}_recovery_of_nearly_all", OPEN, "send c 200000", *rounds(0, [10], 40, 2), "wait 40", ack(10, sacked(29, 30)), F, "wait 40", F, ack(14), F, "wait 40", ack(20), F, ack(30), F)
    CASES.case(f"{cc}_recovery_without_sack", opened(cc, "mss 1460 nop ws 7"), "send c 100000", "wait 40", *[line for _ in range(9) for line in (ack(0), W)], "wait 40", ack(4), F, "wait 40", ack(10), F, *rounds(10, [5, 5, 5], 40))
    CASES.case(f"{cc}_limited_by_program", OPEN, "send c 14600", "wait 40", ack(0, sacked(1, 10)), F, "wait 40", ack(10), F, "send c 29200", F, *rounds(10, [5, 5], 40))

    # Undo.
    CASES.case(f"{cc}_undo_by_dsack", OPEN, "send c 200000", *rounds(0, [10], 40, 2), "wait 40", ack(10, sacked(11, 30)), F, "wait 10", ack(30), F, ack(30, sacked(10, 11)), F, *rounds(30, [10, 10], 40))
    CASES.case(f"{cc}_undo_in_recovery", OPEN, "send c 200000", *rounds(0, [10], 40, 2), "wait 40", ack(10, sacked(11, 20)), F, "wait 10", ack(20, sacked(10, 11)), F, *rounds(20, [10, 10], 40))
    CASES.case(f"{cc}_undo_by_timestamp", TS, "send c 200000", "wait 40", f"< . 1 ack 1 win 65535 nop nop ts 200 first+30 nop nop sack {seg(1, 1448)}-{seg(6, 1448)}", F, f"< . 1 ack {seg(10, 1448)} win 65535 nop nop ts 201 first+30", F, "wait 40", f"< . 1 ack {seg(16, 1448)} win 65535 nop nop ts 260 last", F)
    CASES.case(f"{cc}_undo_of_timeout", OPEN, "send c 200000", *rounds(0, [10], 40, 2), "wait 400", F, ack(15), F, "wait 40", ack(30), F, *rounds(30, [10, 10], 40))
    CASES.case(f"{cc}_undo_of_timeout_by_timestamp", TS, "send c 200000", "wait 400", F, f"< . 1 ack {seg(10, 1448)} win 65535 nop nop ts 200 first+30", F, "wait 40", f"< . 1 ack {seg(14, 1448)} win 65535 nop nop ts 260 last", F)

    # Timeouts.
    CASES.case(f"{cc}_timeout", OPEN, "send c 1000000", *rounds(0, [10, 20], 40, 2), "wait 500", F, ack(31), F, "wait 40", ack(33), F, "wait 40", ack(37), F, "wait 40", ack(45), F, "wait 40", ack(61), F, "wait 40", ack(70), F, *rounds(70, [18] * 6, 60, 2))
    CASES.case(f"{cc}_timeouts", OPEN, "send c 1000000", *rounds(0, [10, 20], 40, 2), "wait 1200", F, ack(31), F, "wait 900", F, ack(33), F)
    CASES.case(f"{cc}_timeout_without_sack", opened(cc, "mss 1460 nop ws 7"), "send c 100000", *rounds(0, [10], 40, 2), "wait 400", F, ack(11), F, "wait 40", ack(13), F, "wait 40", ack(17), F, ack(30), F, *rounds(30, [5, 5, 5], 40))

    # ECN.
    ecn = opened(cc, NO_TS, "sysctl tcp_ecn 1").replace("< S 0", "< SEW 0")
    CASES.case(f"{cc}_ece", ecn, "send c 400000", *rounds(0, [10], 40), "wait 40", *[line for n in range(11, 21) for line in (ack(n, flags=".E"), W)], F, *rounds(21, [9, 9, 9], 40), "wait 40", ack(51, flags=".E"), F, *rounds(51, [5, 5], 40))
    CASES.case(f"{cc}_ece_and_loss", ecn, "send c 400000", *rounds(0, [10], 40), "wait 40", ack(11, flags=".E"), W, ack(11, sacked(12, 20), flags=".E"), F, "wait 40", ack(30, flags=".E"), F, *rounds(30, [8, 8], 40))

    # Rest, and little use.
    for rest in (150, 300, 600, 2000):
        CASES.case(f"{cc}_idle_{rest}", OPEN, f"send c {1460 * 70}", *rounds(0, [10, 20, 40], 40, 4), f"wait {rest}", "send c 100000", W, *rounds(70, [10, 20], 40, 4))
        CASES.case(f"{cc}_idle_{rest}_after_loss", OPEN, f"send c {1460 * 30}", *lossy(0), *rounds(12, [5, 6, 7], 40), f"wait {rest}", "send c 100000", W, *rounds(30, [5, 6], 30))
    CASES.case(f"{cc}_idle_setting", "sysctl tcp_slow_start_after_idle 0", OPEN, f"send c {1460 * 30}", *rounds(0, [10, 20], 40, 4), "wait 2000", "send c 100000", W)
    for size in (1000, 4000, 8000, 14600):
        steps = []
        for i in range(1, 9):
            steps += [f"send c {size}", "wait 40", f"< . 1 ack {1 + size * i} win 65535", W]
        CASES.case(f"{cc}_writes_of_{size}", OPEN, *steps)
    steps = []
    for i in range(1, 8):
        steps += ["send c 2920", "wait 250", f"< . 1 ack {seg(70 + 2 * i)} win 65535", W]
    CASES.case(f"{cc}_window_validation", OPEN, f"send c {1460 * 70}", *rounds(0, [10, 20, 40], 40, 4), *steps)
    CASES.case(f"{cc}_peer_window", OPEN, "send c 400000", *["wait 40\n" + f"< . 1 ack {seg(10 + 4 * i)} win 57\n{W}" for i in range(8)])

    # Another algorithm, in the middle.
    other = "cubic" if cc == "reno" else "reno"
    CASES.case(f"{cc}_then_{other}", OPEN, "send c 400000", *lossy(0), f"setstr c TCP_CONGESTION {other}", *rounds(12, [5, 5, 5, 5], 60), "wait 40", ack(32, sacked(33, 37)), F, "wait 40", ack(37), F, *rounds(37, [3] * 4, 40))

# Cubic's own: the curve up to Wmax and beyond; HyStart.
CURVE = opened("cubic", rtt=60)
CASES.case("cubic_curve", opened("cubic", rtt=100), "send c 2000000", *rounds(0, [10, 20], 100, 2), "wait 100", ack(30, sacked(31, 70)), F, "wait 100", ack(70), F, *rounds(70, [20] * 40, 94, 5))
CASES.case("cubic_curve_after_rest", opened("cubic", rtt=90), f"send c {1460 * 70}", *rounds(0, [10, 20], 40, 2), "wait 40", ack(30, sacked(31, 70)), F, "wait 40", ack(70), F, "wait 150", "send c 2000000", *rounds(70, [14] * 10, 64, 5))
CASES.case("cubic_curve_after_undo", CURVE, "send c 2000000", *rounds(0, [10, 20], 40, 2), "wait 40", ack(30, sacked(31, 70)), F, "wait 10", ack(70), F, ack(70, sacked(30, 31)), F, *rounds(70, [20] * 10, 70, 5))
CASES.case("cubic_hystart_delay", CURVE, "send c 400000", *rounds(0, [10, 20], 60), "wait 90", *[f"{ack(n, step='&<')}\n&{W}" for n in range(31, 45)], train(44, 70), W)
CASES.case("cubic_hystart_delay_less", CURVE, "send c 400000", *rounds(0, [10], 60), "wait 62", train(10, 30), W, "wait 80", train(30, 70), W, "wait 60", train(70, 100), W)
CASES.case("cubic_hystart_few_samples", CURVE, "send c 400000", *rounds(0, [10, 20], 60), "wait 90", train(30, 37), W, "wait 6", train(37, 70), W)
CASES.case("cubic_hystart_train", opened("cubic", rtt=17), "send c 400000", *rounds(0, [10], 10.5), "wait 10.5", *[f"{ack(n, step='&<')}\nwait 1.5" for n in range(11, 24)], W)
CASES.case("cubic_hystart_broken_train", CURVE, "send c 400000", *rounds(0, [10, 20], 60), "wait 60", *[f"{ack(n, step='&<')}\nwait 5" for n in range(31, 44)], W)
CASES.case("cubic_hystart_small_window", CURVE, "send c 400000", "wait 60", ack(1), "wait 100", train(1, 10), W)
