# SPDX-License-Identifier: MIT
"""Options offered and answered, windows of the handshake, its repetition and failure."""
import itertools

from cases.common import MODERN, NO_TS, PLAIN, Table, active, passive

CASES = Table()
INFO = "info c snd_mss rcv_mss advmss options wscale snd_cwnd snd_ssthresh rcv_ssthresh snd_wnd"

OFFERS = {"mss": "mss 1460", "ws": "ws 7", "sack": "sackok", "ts": "ts 100 0"}
for chosen in itertools.product((0, 1), repeat=4):
    names = [name for name, yes in zip(OFFERS, chosen) if yes]
    options = " ".join(OFFERS[name] for name in names)
    name = "_".join(names) or "nothing"
    CASES.case(f"passive_{name}", passive(options), "send c 3000", "wait 20", INFO)
    CASES.case(f"active_{name}", active(options), "send c 3000", "wait 20", INFO)

for name in ("tcp_timestamps", "tcp_window_scaling", "tcp_sack"):
    CASES.case(f"passive_without_{name}", passive(MODERN, before=f"sysctl {name} 0"), "send c 100", INFO)
    CASES.case(f"active_without_{name}", active(MODERN, before=f"sysctl {name} 0"), "send c 100", INFO)

for mss in (0, 1, 40, 48, 88, 100, 300, 536, 1000, 1452, 1460, 9000, 65535):
    CASES.case(f"passive_mss_{mss}", passive(f"mss {mss}"), f"send c {900 if mss and mss < 200 else 3000}", INFO)
    CASES.case(f"active_mss_{mss}", active(f"mss {mss} nop nop sackok"), f"send c {900 if mss and mss < 200 else 3000}", INFO)

for ws in (0, 1, 13, 14, 15, 255):
    CASES.case(f"passive_ws_{ws}", passive(f"mss 1460 nop ws {ws}", first=2), "send c 900", INFO)
    CASES.case(f"active_ws_{ws}", active(f"mss 1460 nop ws {ws}"), "send c 100", INFO)

MALFORMED = {
    "mss_length_3": "raw 020305 nop", "mss_length_0": "raw 02000000", "mss_length_1": "raw 02010000",
    "mss_past_the_end": "nop nop nop raw 02", "ws_length_4": "mss 1460 raw 03040700",
    "sackok_length_3": "mss 1460 raw 040301 nop", "ts_length_9": "mss 1460 raw 080900000064000000 nop nop nop",
    "unknown": "mss 1460 raw fd04abcd", "unknown_to_the_end": "mss 1460 raw fd28abcd",
    "after_eol": "eol nop nop nop mss 1000", "mss_twice": "mss 500 mss 1000",
    "nops": "nop nop nop nop nop nop nop nop mss 1000 nop nop nop nop",
}
for name, options in MALFORMED.items():
    CASES.case(f"malformed_{name}", passive(options), "send c 3000", INFO)

for size in (1, 1000, 2304, 4096, 10000, 30000, 65536, 100000, 200000, 1000000):
    CASES.case(f"passive_rcvbuf_{size}", passive(listener=f"set s SO_RCVBUF {size}"),
               "get c SO_RCVBUF", INFO, "< P. 1+1000 ack 1 win 512")
    CASES.case(f"active_rcvbuf_{size}", active(before=f"set c SO_RCVBUF {size}"),
               "get c SO_RCVBUF", INFO, "< P. 1+1000 ack 1 win 512")
for size in (1, 1000, 5000, 20000, 65535, 100000):
    CASES.case(f"passive_clamp_{size}", passive(listener=f"set s TCP_WINDOW_CLAMP {size}"),
               "get c TCP_WINDOW_CLAMP", INFO, "< P. 1+500 ack 1 win 512")
    CASES.case(f"active_clamp_{size}", active(before=f"set c TCP_WINDOW_CLAMP {size}"),
               "get c TCP_WINDOW_CLAMP", INFO, "< P. 1+500 ack 1 win 512")
for mss in (87, 88, 500, 1000, 1460, 32767):
    CASES.case(f"passive_maxseg_{mss}", passive(listener=f"set s TCP_MAXSEG {mss}"), "send c 2000", INFO)
    CASES.case(f"active_maxseg_{mss}", active(before=f"set c TCP_MAXSEG {mss}"), "send c 2000", INFO)
for window in (0, 1, 100, 1000, 30000):
    CASES.case(f"syn_window_{window}", passive(PLAIN, window=window, first=window), "send c 900", "wait 100", INFO)
    CASES.case(f"synack_window_{window}", active(PLAIN, window=window), "send c 900", "wait 100", INFO)
CASES.case("rmem_small", passive(before="sysctl tcp_rmem 4096 8192 16384"), INFO)
CASES.case("rmem_max_1m", passive(before="sysctl tcp_rmem 4096 131072 1048576"), INFO)
CASES.case("rmem_max_64m", active(before="sysctl tcp_rmem 4096 131072 67108864"), INFO)

CASES.case("synack_again", "listen s 80", f"< S 0 win 65535 {NO_TS}", "wait 8000")
CASES.case("synack_retries_1", "sysctl tcp_synack_retries 1", "listen s 80", f"< S 0 win 65535 {NO_TS}", "wait 7500", "states 80")
CASES.case("synack_on_syn_again", "listen s 80", f"< S 0 win 65535 {MODERN}", "wait 300", f"< S 0 win 65535 {MODERN}", "wait 1500")
CASES.case("syn_again", "connect c", "wait 8000", "info c retransmits rto backoff total_retrans")
CASES.case("syn_retries_2", "sysctl tcp_syn_retries 2", "sysctl tcp_syn_linear_timeouts 0", "connect c", "wait 7500", "poll c", "connect c", "poll c", "send c 10")
CASES.case("syncnt_1", "set c TCP_SYNCNT 1", "sysctl tcp_syn_linear_timeouts 0", "connect c", "wait 3500", "get c SO_ERROR", "get c SO_ERROR", "poll c", "recv c 10")
CASES.case("syn_linear", "sysctl tcp_syn_linear_timeouts 2", "connect c", "wait 8500")
CASES.case("rtt_of_syn", active(MODERN), "info c rtt rttvar rto min_rtt", "send c 100")
CASES.case("rtt_of_synack", passive(MODERN), "info c rtt rttvar rto min_rtt rcv_rtt", "send c 100")
CASES.case("rtt_of_repeated_syn", "connect c", "wait 1100", f"< S. 0 ack 1 win 65535 {NO_TS}", "info c rtt rto snd_cwnd", "send c 29000", "wait 400")
CASES.case("data_with_third_ack", "listen s 80", f"< S 0 win 65535 {NO_TS}", "< P. 1+100 ack 1 win 512", "accept c s", "recv c 200", "wait 60")
CASES.case("fin_with_third_ack", "listen s 80", f"< S 0 win 65535 {NO_TS}", "&< F. 1 ack 1 win 512", "wait 50", "accept c s", "recv c 200", "states 80")
CASES.case("data_on_syn", "listen s 80", f"< S 0+100 win 65535 {NO_TS}", "< P. 1+100 ack 1 win 512", "accept c s", "recv c 200")
CASES.case("data_on_synack", "connect c", f"< S. 0+100 ack 1 win 65535 {NO_TS}", "recv c 200", "wait 60")
CASES.case("fin_on_synack", "connect c", f"&< SF. 0 ack 1 win 65535 {NO_TS}", "wait 50", "poll c", "recv c 200")
for ecn in (0, 1, 2):
    for flags in ("S", "SEW", "SE", "SW"):
        CASES.case(f"ecn_{ecn}_passive_{flags}", f"sysctl tcp_ecn {ecn}", "listen s 80",
                   f"< {flags} 0 win 65535 {NO_TS}", "< . 1 ack 1 win 512", "accept c s", "send c 100",
                   "info c options")
    for flags in ("S.", "SE.", "SEW.", "SW."):
        CASES.case(f"ecn_{ecn}_active_{flags[:-1]}", f"sysctl tcp_ecn {ecn}", "connect c",
                   f"< {flags} 0 ack 1 win 65535 {NO_TS}", "send c 100", "info c options")
