# SPDX-License-Identifier: MIT
"""setsockopt() and getsockopt(): each option's values, lengths, and what comes back."""
from cases.common import MODERN, Table, passive

CASES = Table()

#: The options that are here; those of docs/omissions.md are not asked for.
SOL_SOCKET = ("SO_DEBUG SO_REUSEADDR SO_TYPE SO_ERROR SO_DONTROUTE SO_BROADCAST SO_SNDBUF SO_RCVBUF SO_KEEPALIVE "
              "SO_OOBINLINE SO_NO_CHECK SO_PRIORITY SO_REUSEPORT SO_RCVLOWAT SO_SNDLOWAT SO_TIMESTAMP SO_ACCEPTCONN "
              "SO_SNDBUFFORCE SO_RCVBUFFORCE SO_TIMESTAMPNS SO_MARK SO_PROTOCOL SO_DOMAIN SO_BUF_LOCK "
              "SO_MAX_PACING_RATE").split()
SOL_TCP = ("TCP_NODELAY TCP_MAXSEG TCP_CORK TCP_KEEPIDLE TCP_KEEPINTVL TCP_KEEPCNT TCP_SYNCNT TCP_LINGER2 "
           "TCP_DEFER_ACCEPT TCP_WINDOW_CLAMP TCP_QUICKACK TCP_USER_TIMEOUT TCP_FASTOPEN TCP_NOTSENT_LOWAT "
           "TCP_SAVE_SYN TCP_FASTOPEN_CONNECT TCP_FASTOPEN_NO_COOKIE TCP_INQ TCP_THIN_LINEAR_TIMEOUTS "
           "TCP_RTO_MAX_MS TCP_RTO_MIN_US TCP_DELACK_MAX_US TCP_IS_MPTCP").split()
SOL_IP = ("IP_TOS IP_TTL IP_MINTTL IP_MTU_DISCOVER IP_MTU IP_RECVERR IP_FREEBIND IP_BIND_ADDRESS_NO_PORT "
          "IP_PKTINFO IP_RECVTTL IP_RECVTOS").split()
VALUES = (0, 1, 2, 3, 5, 8, 63, 64, 87, 88, 127, 128, 255, 256, 1000, 32767, 32768, 65535, 65536, 86400000,
          2147483647, -1, -2, -1000, -2147483648)
LENGTHS = (0, 1, 2, 3, 4, 5, 8, 12, 100, -1)

for name in (*SOL_SOCKET, *SOL_TCP, *SOL_IP):
    CASES.case(f"values_{name}", "socket c", f"get c {name}",
               *[f"&set c {name} {value}\n&get c {name}" for value in VALUES])
    CASES.case(f"lengths_{name}", "socket c",
               *[f"&setlen c {name} {length}\n&getlen c {name} {length}" for length in LENGTHS], f"get c {name}")
    CASES.case(f"states_{name}", "socket l", f"get l {name}", f"set l {name} 1", f"get l {name}", "listen l 81", f"get l {name}",
               f"set l {name} 2", f"get l {name}", passive(MODERN), f"get c {name}", f"set c {name} 1", f"get c {name}",
               "< F. 1 ack 1 win 512 nop nop ts 102 last", "wait 50", f"get c {name}", f"set c {name} 2", f"get c {name}",
               "< R. 2 ack 1 nop nop ts 103 last", f"get c {name}", f"set c {name} 1", f"get c {name}")
CASES.case("inherited", "socket s", *[f"&set s {name} {value}" for name, value in (
    ("SO_KEEPALIVE", 1), ("SO_OOBINLINE", 1), ("SO_RCVLOWAT", 7), ("SO_PRIORITY", 3), ("SO_MARK", 9), ("SO_SNDBUF", 30000),
    ("SO_RCVBUF", 30000), ("TCP_NODELAY", 1), ("TCP_MAXSEG", 1000), ("TCP_KEEPIDLE", 11), ("TCP_KEEPINTVL", 12),
    ("TCP_KEEPCNT", 13), ("TCP_SYNCNT", 3), ("TCP_LINGER2", 4), ("TCP_USER_TIMEOUT", 5000), ("TCP_NOTSENT_LOWAT", 600),
    ("TCP_DEFER_ACCEPT", 0), ("TCP_WINDOW_CLAMP", 20000), ("TCP_CORK", 1), ("TCP_THIN_LINEAR_TIMEOUTS", 1), ("IP_TTL", 33),
    ("IP_TOS", 16), ("IP_MTU_DISCOVER", 0), ("IP_MINTTL", 7))], passive(), *[f"&get c {name}" for name in (
        *SOL_SOCKET, *SOL_TCP, *SOL_IP)])
for minimum in (64, 65, 255):
    CASES.case(f"minttl_{minimum}", passive(), f"set c IP_MINTTL {minimum}", "< P. 1+10 ack 1 win 512", "recv c 10", "wait 60")
for name in ("", "reno", "cubic", "none", "cubicc", "c", "x" * 15, "x" * 16, "x" * 17, "x" * 40):
    CASES.case(f"congestion_{name or 'nothing'}", "socket c", "getstr c TCP_CONGESTION 16", f"setstr c TCP_CONGESTION {name}", "getstr c TCP_CONGESTION 16")
for length in (0, 1, 3, 4, 15, 16, 17, 100):
    CASES.case(f"congestion_get_{length}", "socket c", f"getstr c TCP_CONGESTION {length}")
for name in ("lo", "none", ""):
    CASES.case(f"bindtodevice_{name or 'nothing'}", "socket c", f"setstr c SO_BINDTODEVICE {name}", "getstr c SO_BINDTODEVICE 16", "connect c", "wait 20")
for level, name in ((0, 60), (1, 999), (6, 999), (2, 1), (17, 1), (255, 1), (-1, 1), (41, 26)):
    CASES.case(f"unknown_{level}_{name}", "socket c", f"&setraw c {level} {name} 1", f"&getraw c {level} {name}")
for kind in ("SO_LINGER", "SO_RCVTIMEO", "SO_SNDTIMEO"):
    CASES.case(f"pairs_{kind}", "socket c", f"getpair c {kind}", *[f"&setpair c {kind} {a} {b}\n&getpair c {kind}" for a, b in (
        (0, 0), (1, 0), (1, 5), (0, 5), (1, -1), (-1, 1), (5, 999999), (5, 1000000), (5, -1), (1, 2147483647), (2, 100000),
        (0, 1), (0, 3999), (0, 4001))])
    CASES.case(f"lengths_{kind}", "socket c", *[f"&setlen c {kind} {n}\n&getlen c {kind} {n}" for n in (0, 4, 7, 8, 12, 15, 16, 17, 32, -1)])
for size in (0, 1, 8, 100, 104, 136, 160, 192, 232, 240, 300, -1):
    CASES.case(f"info_length_{size}", passive(), f"infolen c {size}")
