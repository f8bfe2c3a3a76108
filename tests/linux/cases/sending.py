# SPDX-License-Identifier: MIT
"""What leaves when a program writes: Nagle, cork, bursts, windows, probes."""
from cases.common import MODERN, NO_TS, PLAIN, Table, active, passive

CASES = Table()
OPEN = passive()
INFO = "info c snd_cwnd snd_ssthresh unacked notsent_bytes bytes_sent bytes_acked data_segs_out delivered"
ACK = "< . 1 ack {} win 512"


def ack(*numbers: int) -> str:
    return "\n".join(ACK.format(n) for n in numbers)


for option in ("none", "TCP_NODELAY", "TCP_CORK"):
    on = "" if option == "none" else f"set c {option} 1"
    CASES.case(f"small_writes_{option}", OPEN, on, "send c 10", "send c 10", "send c 10", "wait 30", ack(11), "wait 30", ack(31), "wait 250", ack(31))
    CASES.case(f"large_and_small_{option}", OPEN, on, "send c 1470", "wait 20", "send c 10", "wait 20", ack(1461), "wait 20", ack(1471), "wait 250", ack(1481))
    CASES.case(f"full_segments_{option}", OPEN, on, "send c 1460", "send c 2920", "send c 100", "wait 20", ack(1461), "wait 250")
    CASES.case(f"more_{option}", OPEN, on, "send c 10 more", "wait 20", "send c 10 more", "send c 10", "wait 250")
    CASES.case(f"more_past_mss_{option}", OPEN, on, "send c 2000 more", "wait 20", "send c 1000 more", "wait 250", ack(2921), "wait 50")
CASES.case("cork_off", OPEN, "set c TCP_CORK 1", "send c 10", "wait 20", "set c TCP_CORK 0", "wait 20")
CASES.case("cork_timeout", OPEN, "set c TCP_CORK 1", "send c 10", "wait 300")
CASES.case("nodelay_late", OPEN, "send c 10", "send c 10", "set c TCP_NODELAY 1", "wait 20")
CASES.case("cork_then_nodelay", OPEN, "set c TCP_CORK 1", "send c 10", "set c TCP_NODELAY 1", "wait 20")
CASES.case("cork_then_fin", OPEN, "set c TCP_CORK 1", "send c 10", "shutdown c wr", "wait 20")
CASES.case("minshall", OPEN, "send c 1500", "send c 1500", "wait 20", ack(1501), "wait 20")
for size in (1, 1459, 1460, 1461, 2920, 2921, 4380, 5000, 14600, 14601, 28000):
    CASES.case(f"write_{size}", OPEN, f"send c {size}", "wait 20", INFO, "ioctl c SIOCOUTQ", "ioctl c SIOCOUTQNSD", "poll c")
    CASES.case(f"write_{size}_ts", passive(MODERN), f"send c {size}", "wait 20", "info c snd_cwnd unacked data_segs_out")
for rtt in (20, 100):
    CASES.case(f"bursts_at_{rtt}_ms", "listen s 80", f"< S 0 win 65535 {NO_TS}", f"wait {rtt}", "< . 1 ack 1 win 512", "accept c s", "send c 29000", f"wait {rtt}",
               ack(2921, 5841, 8761, 11681, 14601), f"wait {rtt}", ack(29001), INFO)
CASES.case("slow_start", OPEN, "send c 29000", "wait 20", ack(1461, 2921, 4381, 5841, 8761, 14601), INFO, "wait 20", ack(20441, 29001), INFO)
CASES.case("slow_start_small_acks", OPEN, "send c 29000", "wait 20", ack(100, 200, 1461, 1462), INFO)
CASES.case("idle_restart", OPEN, "send c 29200", "wait 20", ack(14601), "wait 20", ack(29201), INFO, "wait 1500", "send c 29000", INFO)
CASES.case("idle_without_restart", "sysctl tcp_slow_start_after_idle 0", OPEN, "send c 29200", "wait 20", ack(14601), "wait 20", ack(29201), "wait 1500", "send c 29000", INFO)
CASES.case("app_limited", OPEN, *["send c 2000\nwait 20\n" + ack(2000 * i + 1) for i in range(1, 8)], INFO)
for window in (0, 1, 2, 5, 8, 11, 12, 23):
    CASES.case(f"window_{window}", passive(first=window), "send c 5000", "wait 1000", INFO)
CASES.case("zero_window", OPEN, "send c 1460", "wait 20", "< . 1 ack 1461 win 0", "send c 2000", "wait 3100", "info c probes backoff rto", "< . 1 ack 1461 win 512", "wait 30")
CASES.case("zero_window_answered", OPEN, "send c 1460", "wait 20", "< . 1 ack 1461 win 0", "send c 2000", "wait 210", "< . 1 ack 1461 win 0", "wait 420", "< . 1 ack 1461 win 0", "wait 850", "< . 1 ack 1461 win 0", "info c probes backoff")
CASES.case("window_closes_in_flight", OPEN, "send c 14600", "wait 20", "< . 1 ack 2921 win 0", "wait 500", "< . 1 ack 14601 win 0", "send c 100", "wait 300")
CASES.case("window_shrinks", OPEN, "send c 29000", "wait 20", "< . 1 ack 1461 win 10", "wait 20", "< . 1 ack 14601 win 10", "wait 500")
CASES.case("window_of_old_ack", OPEN, "send c 5000", "wait 20", ack(5001), "< . 1 ack 1461 win 1", "send c 5000")
CASES.case("window_half_mss", passive(PLAIN, window=65535, first=700), "send c 3000", "wait 500", "< . 1 ack 701 win 700", "wait 100")
CASES.case("half_max_window", passive(PLAIN, window=1000, first=1000), "send c 3000", "wait 20", "< . 1 ack 501 win 1000", "wait 20", "< . 1 ack 1001 win 1000", "wait 20")
CASES.case("oob", OPEN, "send c 10", "send c 5 oob", "send c 10", "wait 20", ack(16), "wait 20", ack(26))
CASES.case("oob_only", OPEN, "send c 1 oob", "wait 250")
CASES.case("oob_large", OPEN, "send c 3000 oob", "wait 20")
CASES.case("eor", OPEN, "set c TCP_CORK 1", "send c 10 eor", "send c 10", "set c TCP_CORK 0", "wait 20")
CASES.case("sndbuf_small", passive(listener="set s SO_SNDBUF 4096"), "get c SO_SNDBUF", "send c 2000", "poll c", "wait 20", ack(1461), "poll c")
CASES.case("keepalive", OPEN, "set c SO_KEEPALIVE 1", "set c TCP_KEEPIDLE 1", "set c TCP_KEEPINTVL 1", "set c TCP_KEEPCNT 3", "wait 5200", "get c SO_ERROR", "poll c", "recv c 10")
CASES.case("keepalive_answered", OPEN, "set c SO_KEEPALIVE 1", "set c TCP_KEEPIDLE 1", "set c TCP_KEEPINTVL 1", "wait 1100", ack(1), "wait 1200", "info c state probes")
CASES.case("keepalive_after_data", OPEN, "set c SO_KEEPALIVE 1", "set c TCP_KEEPIDLE 1", "wait 500", "< P. 1+10 ack 1 win 512", "wait 1200")
CASES.case("keepalive_ts", passive(MODERN), "set c SO_KEEPALIVE 1", "set c TCP_KEEPIDLE 1", "wait 1200")
