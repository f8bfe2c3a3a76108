# SPDX-License-Identifier: MIT
"""What getsockopt() tells of a connection: TCP_INFO and TCP_CC_INFO, in words.

    snd_cwnd 10             exactly so
    rtt ~20                 a time, milliseconds
    pacing_rate %1112448    a rate: it has a time in it, and is compared roughly
"""
from __future__ import annotations

import struct

SIZE = 248
TCP_CC_INFO = 26

_WORDS = ("rto ato snd_mss rcv_mss unacked sacked lost retrans fackets last_data_sent last_ack_sent "
          "last_data_recv last_ack_recv pmtu rcv_ssthresh rtt rttvar snd_ssthresh snd_cwnd advmss "
          "reordering rcv_rtt rcv_space total_retrans").split()
#: Times: how many of their unit make a millisecond.
_TIMES = {**dict.fromkeys(("rto ato rtt rttvar rcv_rtt min_rtt busy_time rwnd_limited "
                           "sndbuf_limited").split(), 1000),
          **dict.fromkeys("last_data_sent last_data_recv last_ack_recv total_rto_time".split(), 1)}
_RATES = ("pacing_rate", "delivery_rate")
#: Bits of a byte: offset, first bit, how many.
_BITS = {"snd_wscale": (6, 0, 4), "rcv_wscale": (6, 4, 4),
         "delivery_rate_app_limited": (7, 0, 1), "fastopen_client_fail": (7, 1, 2)}
_PLAIN = {name: (i, "B") for i, name in enumerate(
    "state ca_state retransmits probes backoff options wscale".split())}
_PLAIN.update({name: (8 + 4 * i, "I") for i, name in enumerate(_WORDS)})
_PLAIN.update({
    "pacing_rate": (104, "Q"), "max_pacing_rate": (112, "Q"), "bytes_acked": (120, "Q"),
    "bytes_received": (128, "Q"), "segs_out": (136, "I"), "segs_in": (140, "I"),
    "notsent_bytes": (144, "I"), "min_rtt": (148, "I"), "data_segs_in": (152, "I"),
    "data_segs_out": (156, "I"), "delivery_rate": (160, "Q"), "busy_time": (168, "Q"),
    "rwnd_limited": (176, "Q"), "sndbuf_limited": (184, "Q"), "delivered": (192, "I"),
    "delivered_ce": (196, "I"), "bytes_sent": (200, "Q"), "bytes_retrans": (208, "Q"),
    "dsack_dups": (216, "I"), "reord_seen": (220, "I"), "rcv_ooopack": (224, "I"),
    "snd_wnd": (228, "I"), "rcv_wnd": (232, "I"), "rehash": (236, "I"), "total_rto": (240, "H"),
    "total_rto_recoveries": (242, "H"), "total_rto_time": (244, "I")})
FIELDS = [*_PLAIN, *_BITS]


def describe(raw: bytes, field: str) -> str:
    """A member of struct tcp_info."""
    if field in _BITS:
        offset, first, count = _BITS[field]
        return f"{field} {raw[offset] >> first & ((1 << count) - 1)}"
    offset, form = _PLAIN[field]
    [value] = struct.unpack_from("=" + form, raw, offset)
    if field in _TIMES:
        return f"{field} ~{value / _TIMES[field]:.0f}"
    return f"{field} %{value}" if field in _RATES else f"{field} {value}"


def describe_bbr(raw: bytes) -> str:
    """struct tcp_bbr_info: bandwidth, least RTT, gains in 1/256."""
    if len(raw) != 20:
        return f"= {len(raw)} bytes"
    low, high, min_rtt, pacing, window = struct.unpack("=IIIII", raw)
    return f"bw %{high << 32 | low} min_rtt ~{min_rtt / 1000:.0f} pacing {pacing} cwnd {window}"
