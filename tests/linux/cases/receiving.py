# SPDX-License-Identifier: MIT
"""Acknowledgements, their delay, SACK and D-SACK, windows offered, urgent data."""
from cases.common import MODERN, NO_TS, PLAIN, Table, passive

CASES = Table()
OPEN = passive()
INFO = "info c rcv_mss rcv_space rcv_ssthresh ato bytes_received segs_in data_segs_in rcv_ooopack"


def data(*pairs, step: str = "<") -> str:
    return "\n".join(f"{step} P. {seq}+{size} ack 1 win 512" for seq, size in pairs)


def bulk(start: int, count: int, size: int = 1460, step: str = "<") -> str:
    return "\n".join(f"{step} . {start + i * size}+{size} ack 1 win 512" for i in range(count))


CASES.case("quick_acks", OPEN, bulk(1, 24), INFO)
CASES.case("quick_acks_small", OPEN, data(*[(1 + 100 * i, 100) for i in range(24)]), "wait 60", INFO)
CASES.case("bulk_at_once", OPEN, bulk(1, 30, step="&<"), "wait 60", INFO)
CASES.case("bulk_read", OPEN, *[bulk(1 + 14600 * i, 10, step="&<") + "\nwait 20\nrecv c 14600\nwait 5" for i in range(5)], INFO)
CASES.case("bulk_read_ts", passive(MODERN), *["".join(f"&< . {1 + 1448 * (10 * i + k)}+1448 ack 1 win 512 nop nop ts {200 + i} last\n" for k in range(10)) + "wait 20\nrecv c 14480\nwait 5" for i in range(5)], "info c rcv_ssthresh")
CASES.case("unread", OPEN, bulk(1, 30, step="&<"), "wait 60", INFO, "poll c", "recv c 10000", "wait 20", "recv c 100000", "wait 20")
CASES.case("window_closes", passive(listener="set s SO_RCVBUF 8000"), bulk(1, 6), "wait 60", "poll c", "recv c 2000", "wait 20", "recv c 10000", "wait 20", INFO)
CASES.case("zero_window_probe", passive(listener="set s SO_RCVBUF 4000"), bulk(1, 3), "wait 60", "< . 2921+1 ack 1 win 512", "wait 20", "< . 0 ack 1 win 512", "< P. 2921+100 ack 1 win 512", "recv c 10000", "wait 20", "< P. 2921+100 ack 1 win 512")
CASES.case("clamp_small", passive(listener="set s TCP_WINDOW_CLAMP 3000"), bulk(1, 3), "wait 60", "recv c 10000", "wait 20", bulk(4381, 2))
CASES.case("interactive", OPEN, *[f"< P. {1 + 10 * i}+10 ack {1 + 10 * i} win 512\n&recv c 10\n&send c 10\nwait 20" for i in range(6)], "< P. 61+10 ack 61 win 512", "wait 60", INFO)
CASES.case("delayed_acks", OPEN, *[f"< P. {1 + 10 * i}+10 ack 1 win 512\nwait 100\nrecv c 10" for i in range(14)], "wait 100", *[f"< P. {141 + 10 * i}+10 ack 1 win 512\nwait 300" for i in range(4)])
for option in (0, 1):
    CASES.case(f"quickack_{option}", OPEN, f"set c TCP_QUICKACK {option}", "get c TCP_QUICKACK", *[f"< P. {1 + 10 * i}+10 ack 1 win 512\nwait 60" for i in range(4)])
CASES.case("ack_on_read", OPEN, "set c TCP_QUICKACK 0", "< P. 1+1460 ack 1 win 512", "recv c 2000", "wait 60", "< . 1461+1460 ack 1 win 512", "< . 2921+1460 ack 1 win 512", "recv c 5000", "wait 60")
CASES.case("rcvlowat", OPEN, "set c SO_RCVLOWAT 1000", data((1, 100)), "poll c", "recv c 2000", data((101, 100), (201, 900)), "poll c", "recv c 2000")

for sack, options in (("sack", NO_TS), ("no_sack", PLAIN), ("sack_ts", MODERN)):
    start = passive(options)
    ts = " nop nop ts 102 last" if sack == "sack_ts" else ""

    def put(*pairs, ts=ts) -> str:
        return "\n".join(f"< . {seq}+{size} ack 1 win 512{ts}" for seq, size in pairs)

    CASES.case(f"hole_{sack}", start, put((1001, 1000), (1, 1000)), "wait 60", INFO)
    CASES.case(f"holes_{sack}", start, put(*[(1 + 2000 * i + 1000, 1000) for i in range(6)]), put(*[(1 + 2000 * i, 1000) for i in range(6)]), "wait 60", "recv c 20000", INFO)
    CASES.case(f"holes_backwards_{sack}", start, put(*[(1 + 2000 * i + 1000, 1000) for i in range(5, -1, -1)]), put(*[(1 + 2000 * i, 1000) for i in range(5, -1, -1)]), "wait 60")
    CASES.case(f"many_after_a_hole_{sack}", start, put(*[(1 + 1000 * i, 1000) for i in range(1, 20)]), put((1, 1000)), "wait 60", INFO)
    CASES.case(f"duplicates_{sack}", start, put((1, 1000), (1, 1000), (1001, 1000), (1, 1000), (501, 1000)), "wait 60", INFO)
    CASES.case(f"duplicates_out_of_order_{sack}", start, put((2001, 1000), (2001, 1000), (4001, 1000), (2001, 1000), (2501, 100), (1501, 1000), (2501, 1400), (1601, 1400), (1, 1400)), "wait 60", INFO)
    CASES.case(f"overlaps_{sack}", start, put((501, 500), (251, 500), (751, 500), (1, 1400)), "wait 60", "recv c 10000")
    CASES.case(f"old_and_new_{sack}", start, put((1, 500), (1, 1000), (251, 1250)), "wait 60", "recv c 10000")
    CASES.case(f"bridge_{sack}", start, put((1001, 1000), (3001, 1000), (5001, 1000), (2001, 1000), (4001, 1000), (1, 1000)), "wait 60")
    CASES.case(f"fin_beyond_a_hole_{sack}", start, put((1001, 1000)), f"< F. 2001 ack 1 win 512{ts}", put((1, 1000)), "wait 60", "poll c", "recv c 5000")
    CASES.case(f"beyond_the_window_{sack}", start, put((63801, 1200), (200001, 1000)), "wait 60", put((1, 1000)))
CASES.case("dsack_off", "sysctl tcp_dsack 0", OPEN, data((1, 1000), (1, 1000), (2001, 1000), (2001, 1000)), "wait 60")

CASES.case("paws_old", passive(MODERN), "< P. 1+10 ack 1 win 512 nop nop ts 200 last", "< P. 11+10 ack 1 win 512 nop nop ts 150 last", "wait 60", "recv c 100", INFO)
CASES.case("paws_missing", passive(MODERN), "< P. 1+10 ack 1 win 512", "wait 60", "recv c 100")
CASES.case("paws_old_rst", passive(MODERN), "< P. 1+10 ack 1 win 512 nop nop ts 200 last", "< R. 11 ack 1 win 512 nop nop ts 150 last", "poll c")
CASES.case("paws_old_ack", passive(MODERN), "send c 10", "< . 1 ack 11 win 512 nop nop ts 50 last", "wait 60", "< . 1 ack 11 win 512 nop nop ts 101 last", "wait 60")
CASES.case("ts_recent_of_a_delayed_ack", passive(MODERN), "set c TCP_QUICKACK 0", "< P. 1+10 ack 1 win 512 nop nop ts 200 last", "< P. 11+10 ack 1 win 512 nop nop ts 210 last", "wait 60")
CASES.case("ts_of_out_of_order", passive(MODERN), "< . 1001+1000 ack 1 win 512 nop nop ts 300 last", "< . 1+1000 ack 1 win 512 nop nop ts 250 last", "wait 60", "send c 10")

for inline in (0, 1):
    on = f"set c SO_OOBINLINE {inline}"
    CASES.case(f"urgent_{inline}", OPEN, on, "< P. 1+10 ack 1 win 512", "< PU. 11+10 ack 1 win 512 urg 5", "poll c", "ioctl c SIOCATMARK", "recv c 100", "ioctl c SIOCATMARK", "recv c 10 oob", "recv c 10 oob", "poll c", "recv c 100", "recv c 100", "poll c")
    CASES.case(f"urgent_ahead_{inline}", OPEN, on, "< PU. 1+10 ack 1 win 512 urg 50", "poll c", "recv c 10 oob", "recv c 100", "< P. 11+90 ack 1 win 512", "recv c 100", "recv c 10 oob", "recv c 100", "poll c")
    CASES.case(f"urgent_twice_{inline}", OPEN, on, "< PU. 1+10 ack 1 win 512 urg 3", "< PU. 11+10 ack 1 win 512 urg 3", "recv c 10 oob", "recv c 100", "recv c 100", "recv c 100")
    CASES.case(f"urgent_zero_{inline}", OPEN, on, "< PU. 1+10 ack 1 win 512 urg 0", "poll c", "recv c 10 oob", "recv c 100")
    CASES.case(f"urgent_last_byte_{inline}", OPEN, on, "< PU. 1+10 ack 1 win 512 urg 10", "poll c", "recv c 10 oob", "recv c 100", "ioctl c SIOCATMARK", "recv c 100")
CASES.case("urgent_stdurg", "sysctl tcp_stdurg 1", OPEN, "< PU. 1+10 ack 1 win 512 urg 5", "recv c 100", "ioctl c SIOCATMARK", "recv c 10 oob", "recv c 100")
CASES.case("peek", OPEN, data((1, 100)), "recv c 50 peek", "recv c 50", "recv c 100 peek", "recv c 100", "recv c 10 peek")
CASES.case("trunc", OPEN, data((1, 100)), "recv c 50 trunc", "recv c 100")
CASES.case("recv_nothing", OPEN, "recv c 0", "recv c 10", "recv c 10 oob", data((1, 10)), "recv c 0", "recv c 10 waitall")
CASES.case("ecn_ce", "sysctl tcp_ecn 1", "listen s 80", f"< SEW 0 win 65535 {NO_TS}", "< . 1 ack 1 win 512", "accept c s", "< P. 1+100 ack 1 win 512 tos 3", "< P. 101+100 ack 1 win 512 tos 2", "send c 100", "wait 20",
           "< PW. 201+100 ack 101 win 512 tos 2", "wait 60", "send c 100")
CASES.case("ecn_ece", "sysctl tcp_ecn 1", "listen s 80", f"< SEW 0 win 65535 {NO_TS}", "< . 1 ack 1 win 512", "accept c s", "send c 14600", "wait 20", "< E. 1 ack 2921 win 512", "< E. 1 ack 5841 win 512", "info c ca_state snd_cwnd snd_ssthresh", "wait 20", "< . 1 ack 14601 win 512", "send c 14600", "info c ca_state snd_cwnd snd_ssthresh delivered_ce")
