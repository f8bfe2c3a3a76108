/* SPDX-License-Identifier: MIT */
/* The TCP header on the wire (RFC 9293 3.1) and TCP socket options (tcp(7)). */
#ifndef UAPI_LINUX_TCP_H
#define UAPI_LINUX_TCP_H

#include <linux/types.h>

struct tcphdr {
	__be16 source;
	__be16 dest;
	__be32 seq;
	__be32 ack_seq;
	u16 res1:4,
	    doff:4,		/* header length in 32-bit words */
	    fin:1,
	    syn:1,
	    rst:1,
	    psh:1,
	    ack:1,
	    urg:1,
	    ece:1,
	    cwr:1;
	__be16 window;
	__sum16 check;
	__be16 urg_ptr;
};
static_assert(sizeof(struct tcphdr) == 20, "RFC 9293 3.1");

/* Words of the header as a whole: word 3 holds doff, flags and window. */
union tcp_word_hdr {
	struct tcphdr hdr;
	__be32 words[5];
};
#define tcp_flag_word(tp) (((const union tcp_word_hdr *)(tp))->words[3])

#define TCP_NODELAY		1
#define TCP_MAXSEG		2
#define TCP_CORK		3
#define TCP_KEEPIDLE		4
#define TCP_KEEPINTVL		5
#define TCP_KEEPCNT		6
#define TCP_SYNCNT		7
#define TCP_LINGER2		8
#define TCP_DEFER_ACCEPT	9
#define TCP_WINDOW_CLAMP	10
#define TCP_INFO		11
#define TCP_QUICKACK		12
#define TCP_CONGESTION		13
#define TCP_MD5SIG		14
#define TCP_THIN_LINEAR_TIMEOUTS 16
#define TCP_THIN_DUPACK		17
#define TCP_USER_TIMEOUT	18
#define TCP_REPAIR		19
#define TCP_REPAIR_QUEUE	20
#define TCP_QUEUE_SEQ		21
#define TCP_REPAIR_OPTIONS	22
#define TCP_FASTOPEN		23
#define TCP_TIMESTAMP		24
#define TCP_NOTSENT_LOWAT	25
#define TCP_CC_INFO		26
#define TCP_SAVE_SYN		27
#define TCP_SAVED_SYN		28
#define TCP_REPAIR_WINDOW	29
#define TCP_FASTOPEN_CONNECT	30
#define TCP_ULP			31
#define TCP_MD5SIG_EXT		32
#define TCP_FASTOPEN_KEY	33
#define TCP_FASTOPEN_NO_COOKIE	34
#define TCP_ZEROCOPY_RECEIVE	35
#define TCP_INQ			36
#define TCP_TX_DELAY		37
#define TCP_IS_MPTCP		43
#define TCP_RTO_MAX_MS		44
#define TCP_RTO_MIN_US		45
#define TCP_DELACK_MAX_US	46

#define TCPI_OPT_TIMESTAMPS	1
#define TCPI_OPT_SACK		2
#define TCPI_OPT_WSCALE		4
#define TCPI_OPT_ECN		8
#define TCPI_OPT_ECN_SEEN	16
#define TCPI_OPT_SYN_DATA	32	/* data on the SYN was acknowledged */
#define TCPI_OPT_TFO_CHILD	128	/* made by a SYN */

/* tcpi_fastopen_client_fail */
enum tcp_fastopen_client_fail {
	TFO_STATUS_UNSPEC, TFO_COOKIE_UNAVAILABLE, TFO_DATA_NOT_ACKED, TFO_SYN_RETRANSMITTED,
};

enum tcp_ca_state {
	TCP_CA_Open = 0,
	TCP_CA_Disorder = 1,
	TCP_CA_CWR = 2,
	TCP_CA_Recovery = 3,
	TCP_CA_Loss = 4,
};

/* getsockopt(TCP_INFO); byte for byte Linux's. Times are microseconds (rto ato
 * rtt rttvar rcv_rtt min_rtt busy_time *_limited) or milliseconds (last_*). */
struct tcp_info {
	u8 tcpi_state;
	u8 tcpi_ca_state;
	u8 tcpi_retransmits;
	u8 tcpi_probes;
	u8 tcpi_backoff;
	u8 tcpi_options;
	u8 tcpi_snd_wscale:4, tcpi_rcv_wscale:4;
	u8 tcpi_delivery_rate_app_limited:1, tcpi_fastopen_client_fail:2;
	u32 tcpi_rto;
	u32 tcpi_ato;
	u32 tcpi_snd_mss;
	u32 tcpi_rcv_mss;
	u32 tcpi_unacked;
	u32 tcpi_sacked;
	u32 tcpi_lost;
	u32 tcpi_retrans;
	u32 tcpi_fackets;
	u32 tcpi_last_data_sent;
	u32 tcpi_last_ack_sent;
	u32 tcpi_last_data_recv;
	u32 tcpi_last_ack_recv;
	u32 tcpi_pmtu;
	u32 tcpi_rcv_ssthresh;
	u32 tcpi_rtt;
	u32 tcpi_rttvar;
	u32 tcpi_snd_ssthresh;
	u32 tcpi_snd_cwnd;
	u32 tcpi_advmss;
	u32 tcpi_reordering;
	u32 tcpi_rcv_rtt;
	u32 tcpi_rcv_space;
	u32 tcpi_total_retrans;
	u64 tcpi_pacing_rate;
	u64 tcpi_max_pacing_rate;
	u64 tcpi_bytes_acked;
	u64 tcpi_bytes_received;
	u32 tcpi_segs_out;
	u32 tcpi_segs_in;
	u32 tcpi_notsent_bytes;
	u32 tcpi_min_rtt;
	u32 tcpi_data_segs_in;
	u32 tcpi_data_segs_out;
	u64 tcpi_delivery_rate;
	u64 tcpi_busy_time;
	u64 tcpi_rwnd_limited;
	u64 tcpi_sndbuf_limited;
	u32 tcpi_delivered;
	u32 tcpi_delivered_ce;
	u64 tcpi_bytes_sent;
	u64 tcpi_bytes_retrans;
	u32 tcpi_dsack_dups;
	u32 tcpi_reord_seen;
	u32 tcpi_rcv_ooopack;
	u32 tcpi_snd_wnd;
	u32 tcpi_rcv_wnd;
	u32 tcpi_rehash;
	u16 tcpi_total_rto;
	u16 tcpi_total_rto_recoveries;
	u32 tcpi_total_rto_time;
};
static_assert(sizeof(struct tcp_info) == 248, "ABI");

#endif
