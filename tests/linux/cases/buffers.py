# SPDX-License-Identifier: MIT
"""The send buffer full and empty again, lingering, times of probes and keepalives, PAWS, limits."""
from cases.common import MODERN, NO_TS, PLAIN, Table, active, passive

CASES = Table()
OPEN = passive()
CLOSED = passive(first=0)
QUEUE = "ioctl c SIOCOUTQ\nioctl c SIOCOUTQNSD\npoll c"


def ack(number: int, window: int = 512) -> str:
    return f"< . 1 ack {number} win {window}"


for low in (1, 1000, 1460, 5000, 100000):
    CASES.case(f"notsent_lowat_{low}", CLOSED, f"set c TCP_NOTSENT_LOWAT {low}", "poll c", *["send c 1000\npoll c"] * 6, "info c notsent_bytes", ack(1, 20), "wait 20", "poll c", ack(2561, 20), "wait 20", "poll c", ack(6001, 20), "poll c")
CASES.case("notsent_lowat_setting", "sysctl tcp_notsent_lowat 2000", CLOSED, "get c TCP_NOTSENT_LOWAT", *["send c 1000\npoll c"] * 4)
for size in (1, 4608, 10000, 20000):
    CASES.case(f"sndbuf_{size}_zero_window", passive(first=0, listener=f"set s SO_SNDBUF {size}"), "get c SO_SNDBUF", "fill c 2000", QUEUE, "send c 10", ack(1, 8), "wait 20", "poll c")

# Window probes, keepalives, the user's timeout: when, how often, and the error at last.
CASES.case("probes_retries2_4", "sysctl tcp_retries2 4", OPEN, "send c 1000", "wait 20", ack(1001, 0), "send c 100", "wait 9000", "get c SO_ERROR", "poll c")
CASES.case("probes_orphan", "sysctl tcp_orphan_retries 3", OPEN, "send c 1000", "wait 20", ack(1001, 0), "send c 100", "close c", "wait 6000", "states 80")
CASES.case("probes_user_timeout", OPEN, "set c TCP_USER_TIMEOUT 1500", "send c 1000", "wait 20", ack(1001, 0), "send c 100", "wait 4000", "get c SO_ERROR", "poll c")
CASES.case("probes_user_timeout_answered", OPEN, "set c TCP_USER_TIMEOUT 1500", "send c 1000", "wait 20", ack(1001, 0), "send c 100", "wait 300", ack(1001, 0), "wait 700", ack(1001, 0), "wait 1100", "get c SO_ERROR", "states 80")
CASES.case("keepalive_user_timeout", OPEN, "set c SO_KEEPALIVE 1", "set c TCP_KEEPIDLE 1", "set c TCP_KEEPINTVL 1", "set c TCP_KEEPCNT 9", "set c TCP_USER_TIMEOUT 2500", "wait 5500", "get c SO_ERROR", "poll c", "states 80")
CASES.case("keepalive_reset", OPEN, "set c SO_KEEPALIVE 1", "set c TCP_KEEPIDLE 1", "wait 1200", "< R 1", "get c SO_ERROR", "poll c")
CASES.case("keepalive_icmp", OPEN, "set c SO_KEEPALIVE 1", "set c TCP_KEEPIDLE 1", "set c TCP_KEEPINTVL 1", "set c TCP_KEEPCNT 2", "wait 1200", "icmp 3 1", "wait 2200", "get c SO_ERROR")
CASES.case("keepalive_in_flight", OPEN, "set c SO_KEEPALIVE 1", "set c TCP_KEEPIDLE 1", "send c 10", "wait 1900", ack(11), "wait 1200")
CASES.case("keepalive_close_wait", OPEN, "set c SO_KEEPALIVE 1", "set c TCP_KEEPIDLE 1", "set c TCP_KEEPINTVL 1", "set c TCP_KEEPCNT 2", "< F. 1 ack 1 win 512", "wait 3600", "get c SO_ERROR", "states 80")
CASES.case("keepalive_fin_wait2", OPEN, "set c SO_KEEPALIVE 1", "set c TCP_KEEPIDLE 1", "set c TCP_KEEPINTVL 1", "set c TCP_KEEPCNT 2", "shutdown c wr", ack(2), "wait 3600", "get c SO_ERROR", "states 80")
CASES.case("keepalive_syn_sent", "set c SO_KEEPALIVE 1", "set c TCP_KEEPIDLE 1", "connect c", "wait 1900")
CASES.case("user_timeout_orphan", OPEN, "set c TCP_USER_TIMEOUT 1000", "send c 1000", "close c", "wait 2500", "states 80")
CASES.case("user_timeout_in_time", OPEN, "set c TCP_USER_TIMEOUT 1000", "send c 1000", "wait 500", ack(1001), "send c 1000", "wait 500", ack(2001), "wait 1500", "get c SO_ERROR", "states 80")
CASES.case("rto_max_1000", OPEN, "set c TCP_RTO_MAX_MS 1000", "send c 1000", "wait 6300", "info c rto backoff")
CASES.case("rto_min_50000", OPEN, "set c TCP_RTO_MIN_US 50000", "send c 1000", "wait 20", ack(1001), "send c 1000", "wait 450", "info c rto backoff")
CASES.case("delack_max_10000", OPEN, "set c TCP_DELACK_MAX_US 10000", "set c TCP_QUICKACK 0", *[f"< P. {1 + 10 * i}+10 ack 1 win 512\nwait 100" for i in range(4)])
CASES.case("syn_linear_and_retries", "sysctl tcp_syn_linear_timeouts 2", "sysctl tcp_syn_retries 1", "connect c", "wait 9500", "get c SO_ERROR", "info c retransmits")
CASES.case("syn_linear_syncnt", "sysctl tcp_syn_linear_timeouts 1", "set c TCP_SYNCNT 2", "connect c", "wait 9500", "get c SO_ERROR")
CASES.case("synack_linear", "sysctl tcp_synack_retries 2", "listen s 80", f"< S 0 win 65535 {NO_TS}", "wait 7500", "states 80")
CASES.case("synack_then_ack", "listen s 80", f"< S 0 win 65535 {NO_TS}", "wait 3500", ack(1), "accept c s", "info c rtt rto snd_cwnd total_retrans", "send c 20000")
CASES.case("fin_retries", "sysctl tcp_orphan_retries 2", OPEN, "close c", "wait 1500", "states 80")

# Defer accept.
for seconds in (1, 2, 5):
    CASES.case(f"defer_{seconds}", "socket s", f"set s TCP_DEFER_ACCEPT {seconds}", "get s TCP_DEFER_ACCEPT", "listen s 80", f"< S 0 win 65535 {NO_TS}", ack(1), "accept c s", "wait 9500", "accept c s", "states 80")
CASES.case("defer_fin", "socket s", "set s TCP_DEFER_ACCEPT 3", "listen s 80", f"< S 0 win 65535 {NO_TS}", ack(1), "< F. 1 ack 1 win 512", "wait 60", "accept c s", "states 80")
CASES.case("defer_data_at_once", "socket s", "set s TCP_DEFER_ACCEPT 3", "listen s 80", f"< S 0 win 65535 {NO_TS}", "< P. 1+10 ack 1 win 512", "accept c s", "recv c 20")
CASES.case("defer_rst", "socket s", "set s TCP_DEFER_ACCEPT 3", "listen s 80", f"< S 0 win 65535 {NO_TS}", ack(1), "< R 1", "states 80", "wait 1500")

# PAWS.
TS = passive(MODERN)


def ts(flags: str, seq: str, more: str, val: int, ecr: str = "last") -> str:
    return f"< {flags} {seq} ack {more} win 512 nop nop ts {val} {ecr}"


CASES.case("paws_syn", TS, ts("P.", "1+10", "1", 200), "< S 5 win 512 nop nop ts 100 0", "wait 60")
CASES.case("paws_synack", TS, ts("P.", "1+10", "1", 200), "< S. 5 ack 1 win 512 nop nop ts 100 0", "wait 60")
CASES.case("paws_fin", TS, ts("P.", "1+10", "1", 200), ts("F.", "11", "1", 100), "wait 60", "states 80")
CASES.case("paws_old_pure_ack", TS, ts("P.", "1+10", "1", 5000), "wait 60", ts(".", "11", "1", 4900), ts(".", "11", "1", 4800), ts(".", "11", "1", 4700), ts(".", "11", "1", 4600), ts(".", "11", "1", 1000), "wait 600", ts(".", "1", "1", 4900), ts(".", "21", "1", 4900), "wait 600", ts(".", "21", "1", 4900))
CASES.case("paws_old_ack_of_data", TS, ts("P.", "1+10", "1", 5000), "wait 60", "send c 1000", ts(".", "11", "1001", 4990), "wait 100", "info c unacked")
CASES.case("paws_old_window_update", TS, ts("P.", "1+10", "1", 5000), "wait 60", "< . 11 ack 1 win 600 nop nop ts 4990 last", "info c snd_wnd")
CASES.case("paws_rate", TS, ts("P.", "1+10", "1", 5000), *[ts("P.", "11+10", "1", 100)] * 4, *[ts(".", "11", "1", 100)] * 3, "wait 520", ts(".", "11", "1", 100))
CASES.case("paws_half_of_the_numbers", TS, ts("P.", "1+10", "1", 101 + 2 ** 31 - 1), ts("P.", "11+10", "1", 101), ts("P.", "21+10", "1", 101 + 2 ** 31), "recv c 100", "wait 60")
CASES.case("paws_wraps", passive(MODERN.replace("ts 100 ", "ts 4294967290 ")).replace("ts 101 ", "ts 4294967291 "), ts("P.", "1+10", "1", 5), ts("P.", "11+10", "1", 4294967295), "recv c 100", "wait 60")
CASES.case("ts_of_future_segment", TS, ts("P.", "101+10", "1", 900), ts("P.", "1+10", "1", 300), "send c 10", "wait 60")
CASES.case("ts_ecr_zero", TS, "send c 10", ts(".", "1", "11", 200, "0"), "info c rtt", "send c 10")
CASES.case("ts_ecr_future", TS, "send c 10", ts(".", "1", "11", 200, "first+100000"), "info c rtt rto", "send c 10")
CASES.case("ts_zero", passive(MODERN.replace("ts 100 ", "ts 0 ")).replace("ts 101 ", "ts 1 "), "send c 10")
CASES.case("ts_missing_third_ack", "listen s 80", f"< S 0 win 65535 {MODERN}", ack(1), "accept c s", "send c 10")
CASES.case("ts_old_third_ack", "listen s 80", f"< S 0 win 65535 {MODERN}", "< . 1 ack 1 win 512 nop nop ts 50 last", "accept c s", "< . 1 ack 1 win 512 nop nop ts 101 last", "accept c s")
for ecr in ("first-1", "first+100000", "0", "first-100000"):
    CASES.case(f"third_ack_ecr_{ecr}", "listen s 80", f"< S 0 win 65535 {MODERN}", f"< . 1 ack 1 win 512 nop nop ts 101 {ecr}", "accept c s", f"< P. 1+10 ack 1 win 512 nop nop ts 102 {ecr}", "accept c s", "states 80")
    CASES.case(f"synack_ecr_{ecr}", "connect c", f"< S. 0 ack 1 win 65535 mss 1460 sackok ts 100 {ecr} nop ws 7", "connect c", "get c SO_ERROR", "states 80")
CASES.case("synack_without_offer", "sysctl tcp_timestamps 0", "connect c", f"< S. 0 ack 1 win 65535 {MODERN.replace('100 0', '100 5')}", "connect c", "send c 10", "info c options")

# Resets and SYNs in SYN-RECEIVED and elsewhere, and how often they are answered.
CASES.case("syn_recv_rst_rate", "listen s 80", f"< S 0 win 65535 {NO_TS}", "< R 100", "< R 200", "< R. 300 ack 1", "wait 520", "< R 100", "< R 1", "states 80")
CASES.case("syn_recv_out_of_window_rate", "listen s 80", f"< S 0 win 65535 {NO_TS}", "< . 200000 ack 1 win 512", "< . 200000 ack 1 win 512", "< P. 200000+10 ack 1 win 512", "wait 520", "< . 200000 ack 1 win 512", "states 80")
CASES.case("syn_recv_syn_rate", "listen s 80", *[f"< S 0 win 65535 {NO_TS}"] * 4, "wait 520", f"< S 0 win 65535 {NO_TS}")
CASES.case("challenge_by_everything", OPEN, "< S 1 win 512", "< R 100", "< . 1 ack 5000 win 512", "< . 1 ack -200000 win 512", "wait 520", "< . 1 ack 5000 win 512", "< R 100", "wait 520", "< R 100", "< S 1 win 512")
CASES.case("challenge_limit_2", "sysctl tcp_challenge_ack_limit 2", "sysctl tcp_invalid_ratelimit 0", OPEN, *["< S 1 win 512"] * 2)
CASES.case("invalid_ratelimit_0", "sysctl tcp_invalid_ratelimit 0", OPEN, *["< . 200001 ack 1 win 512"] * 4, *["< S 1 win 512"] * 4)
CASES.case("invalid_ratelimit_100", "sysctl tcp_invalid_ratelimit 100", OPEN, "< . 200001 ack 1 win 512", "< . 200001 ack 1 win 512", "wait 110", "< . 200001 ack 1 win 512")
CASES.case("rst_at_sack_edge", OPEN, "< P. 101+100 ack 1 win 512", "< R 201", "states 80", "get c SO_ERROR")
CASES.case("rst_past_fin", OPEN, "< F. 1 ack 1 win 512", "wait 50", "< R 1", "states 80", "get c SO_ERROR")
CASES.case("rst_of_window_edge", OPEN, "< R 64769", "states 80", "wait 520", "< R 64768", "states 80", "wait 520", "< R 64770", "states 80")
CASES.case("beyond_window_unread", OPEN, "< P. 1+1000 ack 1 win 512", "< P. 64001+1460 ack 1 win 512", "< P. 1001+1000 ack 1 win 512", "< F. 64770 ack 1 win 512", "wait 60")
CASES.case("beyond_window_empty", passive(listener="set s SO_RCVBUF 4000"), "< P. 1+1460 ack 1 win 512", "< P. 1461+1460 ack 1 win 512", "< P. 2921+1460 ack 1 win 512", "wait 60", "recv c 10000", "< P. 1+1460 ack 1 win 512", "< P. 4381+1460 ack 1 win 512", "< P. 5841+1460 ack 1 win 512", "< P. 7301+1460 ack 1 win 512", "recv c 10000")
CASES.case("fin_at_window_edge", passive(listener="set s SO_RCVBUF 4000"), "< P. 1+1152 ack 1 win 512", "< F. 1153 ack 1 win 512", "poll c", "wait 60", "recv c 5000", "states 80")

# Lingering and closing.
for seconds in (0, 1):
    for what in ("", "send c 100", "send c 100\n< . 1 ack 101 win 512", "< P. 1+10 ack 1 win 512"):
        name = "_".join(what.split("\n")[-1].replace("< ", "").split()[:2]) or "nothing"
        CASES.case(f"linger_{seconds}_{name}", OPEN, what, f"linger c {seconds}", "linger_close c", "wait 1500", "states 80")
CASES.case("shutdown_twice", OPEN, "shutdown c wr", "shutdown c wr", "shutdown c rd", "shutdown c rdwr", "poll c", "< . 1 ack 2 win 512", "shutdown c wr", "< F. 1 ack 2 win 512", "shutdown c wr", "poll c")
CASES.case("shutdown_with_unsent", CLOSED, "send c 1000", "shutdown c wr", "wait 20", ack(1, 20), "wait 20", ack(1002, 20), "states 80")
CASES.case("close_with_unsent_closed_window", CLOSED, "send c 1000", "close c", "wait 500", ack(1, 20), "wait 20", ack(1002, 20), "states 80")
CASES.case("simultaneous_close", OPEN, "close c", "< F. 1 ack 1 win 512", "states 80", "< . 2 ack 2 win 512", "states 80", "< F. 1 ack 2 win 512")
CASES.case("simultaneous_close_data", OPEN, "send c 100", "close c", "< FP. 1+100 ack 1 win 512", "states 80", "wait 300")
CASES.case("simultaneous_open_data", "connect c", f"< S 0 win 65535 {NO_TS}", "< P. 1+10 ack 1 win 512", "connect c", "recv c 10", "send c 10")
CASES.case("simultaneous_open_ts", "connect c", f"< S 0 win 65535 {MODERN}", "< S. 0 ack 1 win 65535 mss 1460 sackok ts 101 last nop ws 7", "connect c", "info c state options", "send c 10")
CASES.case("simultaneous_open_again", "connect c", f"< S 0 win 65535 {NO_TS}", f"< S 0 win 65535 {NO_TS}", "wait 1100", ack(1), "connect c")

# TIME-WAIT.
OVER = OPEN + "close c\n< F. 1 ack 2 win 512\nwait 600\n"
OVER_TS = TS + "close c\n< F. 1 ack 2 win 512 nop nop ts 102 last\nwait 1200\n"
for seq in (1, 2, 3, 1000, 64770, 65536, 2 ** 31):
    CASES.case(f"time_wait_syn_at_{seq}", OVER, f"< S {seq} win 65535 {NO_TS}", "states 80")
for val, seq in ((102, 100000), (101, 100000), (103, 1), (102, 1), (2 ** 31 + 110, 100000)):
    CASES.case(f"time_wait_ts_{val}_syn_at_{seq}", OVER_TS, f"< S {seq} win 65535 mss 1460 sackok ts {val} 0 nop ws 7", "states 80")
CASES.case("time_wait_no_ts_syn", OVER_TS, f"< S 100000 win 65535 {NO_TS}", "states 80")
CASES.case("time_wait_ts_old_ack", OVER_TS, "< . 2 ack 2 win 512 nop nop ts 50 last", "wait 600", "< F. 1 ack 2 win 512 nop nop ts 50 last", "< R 2", "states 80")
for option in (0, 1):
    CASES.case(f"rfc1337_{option}_rst", f"sysctl tcp_rfc1337 {option}", OVER, "< R 2", "states 80", "< R. 2 ack 2", "states 80")
    CASES.case(f"rfc1337_{option}_ts_rst", f"sysctl tcp_rfc1337 {option}", OVER_TS, "< R 2 win 0 nop nop ts 50 last", "states 80")
CASES.case("fin_wait2_dead_segments", "sysctl tcp_fin_timeout 30", TS, "close c", "< . 1 ack 2 win 512 nop nop ts 102 last", "< . 1 ack 2 win 512 nop nop ts 50 last", "wait 600", "< . 200000 ack 2 win 512 nop nop ts 103 last", "wait 600", "< S 100000 win 512 nop nop ts 200 0", "states 80")
CASES.case("time_wait_reuse_by_connect", "sysctl tcp_tw_reuse 1", "bind c 90", "connect c", "< S. 0 ack 1 win 65535 mss 1460 sackok ts 100 last nop ws 7", "close c", "< F. 1 ack 2 win 512 nop nop ts 102 last", "states 90", "wait 1200", "socket d", "set d SO_REUSEADDR 1", "bind d 90", "connect d", "states 90")
