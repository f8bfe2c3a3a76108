/* SPDX-License-Identifier: MIT */
/*
 * TCP: the connection (struct tcp_sock), the segment (struct tcp_skb_cb), and
 * who does what in which file.
 *
 * Linux: include/net/tcp.h, include/linux/tcp.h. Times are nanoseconds unless
 * a name says _us (then microseconds); stamps are absolute.
 * RFC: 9293 first; then 5681, 6298, 7323, 2018.
 */
#ifndef NET_TCP_H
#define NET_TCP_H

#include <linux/kernel.h>
#include <linux/ktime.h>
#include <linux/siphash.h>
#include <linux/skbuff.h>
#include <linux/slab.h>
#include <linux/win_minmax.h>
#include <net/checksum.h>
#include <net/inet_connection_sock.h>
#include <net/inet_hashtables.h>
#include <net/inet_timewait_sock.h>
#include <net/ip.h>
#include <net/snmp.h>
#include <net/sock.h>
#include <net/tcp_states.h>
#include <uapi/linux/inet_diag.h>
#include <uapi/linux/tcp.h>

#define MAX_TCP_HEADER		128	/* link + IP + TCP with options, aligned */
#define MAX_TCP_OPTION_SPACE	40
#define TCP_MIN_SND_MSS		48
#define MAX_TCP_WINDOW		32767U
#define TCP_MIN_MSS		88U
#define TCP_BASE_MSS		1024
#define TCP_MSS_DEFAULT		536U	/* RFC 9293 3.7.1: no MSS option */
#define TCP_FASTRETRANS_THRESH	3
#define TCP_MAX_QUICKACKS	16U
#define TCP_MAX_WSCALE		14U	/* RFC 7323 2.3 */
#define TCP_PACING_SHIFT	10	/* about a millisecond of the pacing rate at once */
#define TCP_MAX_TSO_DEFERRED	3U	/* segments */
#define TCP_URG_VALID		0x0100
#define TCP_URG_NOTYET		0x0200
#define TCP_URG_READ		0x0400
#define TCP_RETR1		3
#define TCP_RETR2		15
#define TCP_SYN_RETRIES		6
#define TCP_SYNACK_RETRIES	5
#define TCP_TIMEWAIT_LEN	(60 * NSEC_PER_SEC)
#define TCP_FIN_TIMEOUT		TCP_TIMEWAIT_LEN
#define TCP_FIN_TIMEOUT_MAX	(120 * NSEC_PER_SEC)
#define TCP_DELACK_MAX		(200 * NSEC_PER_MSEC)
#define TCP_DELACK_MIN		(40 * NSEC_PER_MSEC)
#define TCP_ATO_MIN		(40 * NSEC_PER_MSEC)
#define TCP_RTO_MAX		(120 * NSEC_PER_SEC)
#define TCP_RTO_MIN		(200 * NSEC_PER_MSEC)
#define TCP_TIMEOUT_MIN		(2 * NSEC_PER_MSEC)
#define TCP_TIMEOUT_INIT	(1 * NSEC_PER_SEC)	/* RFC 6298 2.1 */
#define TCP_TIMEOUT_FALLBACK	(3 * NSEC_PER_SEC)	/* RFC 6298 5.7 */
#define TCP_RESOURCE_PROBE_INTERVAL (500 * NSEC_PER_MSEC)
#define TCP_KEEPALIVE_TIME	(7200 * NSEC_PER_SEC)
#define TCP_KEEPALIVE_PROBES	9
#define TCP_KEEPALIVE_INTVL	(75 * NSEC_PER_SEC)
#define MAX_TCP_KEEPIDLE	32767
#define MAX_TCP_KEEPINTVL	32767
#define MAX_TCP_KEEPCNT		127
#define MAX_TCP_SYNCNT		127
/* Ticks by which a segment's timestamp may be older: RTTs differ by less when
 * segments overtake each other. */
#define TCP_PAWS_WINDOW		1
#define TCP_PAWS_24DAYS_NS	(60ULL * 60 * 24 * 24 * NSEC_PER_SEC)
#define TCP_PAWS_MSL_NS		(60 * NSEC_PER_SEC)
#define TCP_INIT_CWND		10	/* RFC 6928 */
#define TCP_INFINITE_SSTHRESH	0x7fffffff
#define TCP_INIT_REORDERING	3
#define TCP_TS_HZ		1000	/* timestamp clock, RFC 7323 5.4 */

#define TCPOPT_NOP		1
#define TCPOPT_EOL		0
#define TCPOPT_MSS		2
#define TCPOPT_WINDOW		3
#define TCPOPT_SACK_PERM	4
#define TCPOPT_SACK		5
#define TCPOPT_TIMESTAMP	8
#define TCPOPT_FASTOPEN		34
#define TCPOPT_EXP		254	/* RFC 6994: shared, told apart by a magic number */
#define TCPOPT_FASTOPEN_MAGIC	0xF989
#define TCPOLEN_MSS		4
#define TCPOLEN_FASTOPEN_BASE	2
#define TCPOLEN_EXP_FASTOPEN_BASE 4
#define TCPOLEN_WINDOW		3
#define TCPOLEN_SACK_PERM	2
#define TCPOLEN_TIMESTAMP	10
#define TCPOLEN_SACK_BASE	2
#define TCPOLEN_SACK_PERBLOCK	8
#define TCPOLEN_TSTAMP_ALIGNED	12
#define TCPOLEN_WSCALE_ALIGNED	4
#define TCPOLEN_SACKPERM_ALIGNED 4
#define TCPOLEN_SACK_BASE_ALIGNED 4
#define TCPOLEN_MSS_ALIGNED	4
#define TCP_NUM_SACKS		4

#define TCP_NAGLE_OFF		1	/* TCP_NODELAY */
#define TCP_NAGLE_CORK		2
#define TCP_NAGLE_PUSH		4	/* one push in spite of it */

/* Fast Open (RFC 7413): bits of tcp_fastopen. */
#define TFO_CLIENT_ENABLE	1
#define TFO_SERVER_ENABLE	2
#define TFO_CLIENT_NO_COOKIE	4	/* data on the SYN without a cookie */
#define TFO_SERVER_COOKIE_NOT_REQD 0x200	/* any data is taken */
#define TFO_SERVER_WO_SOCKOPT1	0x400	/* every listener takes it */
#define TCP_FASTOPEN_COOKIE_MIN	4
#define TCP_FASTOPEN_COOKIE_MAX	16
#define TCP_FASTOPEN_COOKIE_SIZE 8	/* of ours */
#define TCP_FASTOPEN_KEY_LENGTH	sizeof(siphash_key_t)
#define TCP_FASTOPEN_KEY_MAX	2
#define TCP_FASTOPEN_KEY_BUF_LENGTH (TCP_FASTOPEN_KEY_LENGTH * TCP_FASTOPEN_KEY_MAX)

struct tcp_fastopen_cookie {
	u8 val[TCP_FASTOPEN_COOKIE_MAX];
	s8 len;			/* 0: one is asked for; -1: no option */
	bool exp;		/* by the experimental option */
};
/* A call that sends data with the SYN. */
struct tcp_fastopen_request {
	struct tcp_fastopen_cookie cookie;	/* of the SYN to be sent */
	struct msghdr *data;	/* what is left to be sent; NULL: nothing */
	size_t size;		/* bytes of it at the beginning */
	int copied;		/* went with the SYN */
};

/* ---- sequence numbers (RFC 9293 3.4): only by these ---------------------- */

static inline bool before(u32 seq1, u32 seq2)
{
	return (s32)(seq1 - seq2) < 0;
}
#define after(seq2, seq1)	before(seq1, seq2)

/* seq2 <= seq1 <= seq3 */
static inline bool between(u32 seq1, u32 seq2, u32 seq3)
{
	return seq3 - seq2 >= seq1 - seq2;
}

struct tcp_sack_block {
	u32 start_seq, end_seq;
};
struct tcp_sack_block_wire {
	__be32 start_seq, end_seq;
};

/* ---- a segment: skb->cb (SKB-9) ------------------------------------------- */

#define TCPHDR_FIN	0x01
#define TCPHDR_SYN	0x02
#define TCPHDR_RST	0x04
#define TCPHDR_PSH	0x08
#define TCPHDR_ACK	0x10
#define TCPHDR_URG	0x20
#define TCPHDR_ECE	0x40
#define TCPHDR_CWR	0x80
#define TCPHDR_SYN_ECN	(TCPHDR_SYN | TCPHDR_ECE | TCPHDR_CWR)

#define TCPCB_SACKED_ACKED	0x01	/* SACKed by the peer */
#define TCPCB_SACKED_RETRANS	0x02	/* retransmission in flight */
#define TCPCB_LOST		0x04
#define TCPCB_EVER_RETRANS	0x80
#define TCPCB_TAGBITS		(TCPCB_SACKED_ACKED | TCPCB_SACKED_RETRANS | TCPCB_LOST)
#define TCPCB_RETRANS		(TCPCB_SACKED_RETRANS | TCPCB_EVER_RETRANS)

struct tcp_skb_cb {
	u32 seq;			/* of the first byte */
	u32 end_seq;			/* seq + SYN + data + FIN */
	union {
		u32 tcp_tw_isn;		/* rx, TIME_WAIT reuse: ISN to take */
		struct {
			u16 tcp_gso_segs;
			u16 tcp_gso_size;	/* bytes a segment */
		};
	};
	u8 tcp_flags;			/* TCPHDR_* */
	u8 sacked;			/* TCPCB_* */
	u8 ip_dsfield;			/* rx: IP TOS */
	u8 eor:1, has_rxtstamp:1;
	u32 ack_seq;
	union {
		struct {		/* tx: delivery rate samples */
			u32 is_app_limited:1, delivered_ce:20;
			u32 delivered;		/* tp->delivered when sent */
			u64 first_tx_mstamp;	/* us */
			u64 delivered_mstamp;	/* us */
		} tx;
		struct inet_skb_parm h4;	/* rx: moved by tcp_v4_rcv() */
	} header;
};
#define TCP_SKB_CB(skb) ((struct tcp_skb_cb *)(uintptr_t)&((skb)->cb[0]))
static_assert(sizeof(struct tcp_skb_cb) <= sizeof_field(struct sk_buff, cb), "cb[48]");

static inline struct tcphdr *tcp_hdr(const struct sk_buff *skb)
{
	return (struct tcphdr *)skb_transport_header(skb);
}

static inline unsigned int __tcp_hdrlen(const struct tcphdr *th)
{
	return th->doff * 4U;
}

static inline unsigned int tcp_hdrlen(const struct sk_buff *skb)
{
	return __tcp_hdrlen(tcp_hdr(skb));
}

/* Payload and what counts as such: SYN and FIN. */
static inline u32 tcp_skb_seglen(const struct sk_buff *skb)
{
	return TCP_SKB_CB(skb)->end_seq - TCP_SKB_CB(skb)->seq;
}

/* Segments that a (GSO) skb stands for. */
static inline int tcp_skb_pcount(const struct sk_buff *skb)
{
	return TCP_SKB_CB(skb)->tcp_gso_segs;
}
static inline void tcp_skb_pcount_set(struct sk_buff *skb, int segs)
{
	TCP_SKB_CB(skb)->tcp_gso_segs = (u16)segs;
}
static inline int tcp_skb_mss(const struct sk_buff *skb)
{
	return TCP_SKB_CB(skb)->tcp_gso_size;
}

/* ---- the connection --------------------------------------------------------- */

struct tcp_options_received {
	u64 ts_recent_stamp;		/* when ts_recent was taken; 0: never */
	u32 ts_recent;			/* TS.Recent, RFC 7323 4.3 */
	u32 rcv_tsval, rcv_tsecr;
	u16 saw_tstamp:1, tstamp_ok:1, dsack:1, wscale_ok:1, sack_ok:3,
	    snd_wscale:4, rcv_wscale:4;
	u8 num_sacks;			/* blocks we have to send */
	u16 user_mss;			/* TCP_MAXSEG; 0: none */
	u16 mss_clamp;			/* peer's MSS, or what we limit it to */
};
#define TCP_SACK_SEEN	(1 << 0)
#define TCP_DSACK_SEEN	(1 << 2)

struct tcp_rack {			/* RFC 8985 */
	u64 mstamp;			/* us: sent, of the most recently delivered */
	u32 rtt_us;			/* of that one */
	u32 end_seq;			/* of that one */
	u32 last_delivered;		/* tp->delivered at last reo_wnd adjust */
	u8 reo_wnd_steps;
	u8 reo_wnd_persist:5, dsack_seen:1, advanced:1;
};

struct tcp_sock {
	struct inet_connection_sock inet_conn;

	/* header prediction and receiving */
	u16 tcp_header_len;		/* bytes of TCP header to send */
	u16 gso_segs;
	__be32 pred_flags;		/* 0: slow path */
	u32 rcv_nxt;			/* RCV.NXT */
	u32 copied_seq;			/* head of yet unread data */
	u32 rcv_wup;			/* rcv_nxt on last window update sent */
	u32 rcv_wnd;			/* window offered, bytes */
	u32 rcv_mwnd_seq;		/* right edge of the furthest window ever offered */
	u32 window_clamp;		/* most to offer */
	u32 rcv_ssthresh;		/* current window clamp */
	u16 advmss;			/* MSS we advertise */
	u16 urg_data;			/* TCP_URG_* | byte */
	u32 urg_seq;
	struct rb_root out_of_order_queue;
	struct sk_buff *ooo_last_skb;
	struct tcp_sack_block duplicate_sack[1];	/* D-SACK block to send */
	struct tcp_sack_block selective_acks[TCP_NUM_SACKS];
	struct tcp_sack_block recv_sack_cache[TCP_NUM_SACKS];
	struct {
		u32 rtt_us, seq;
		u64 time;		/* us */
	} rcv_rtt_est;
	u32 rcv_rtt_last_tsecr;
	struct {
		u32 space, seq;
		u64 time;		/* us */
	} rcvq_space;
	u32 rcv_ooopack;
	u32 compressed_ack_rcv_nxt;	/* rcv_nxt that dup_ack_counter is for */
	u8 compressed_ack;		/* SACKs held back */
	u8 dup_ack_counter;		/* sent at once for this gap */
	struct timer_list compressed_ack_timer;
	u8 scaling_ratio;		/* payload bytes of 256 bytes of truesize */
	u64 bytes_received;
	u32 segs_in, data_segs_in;
	u64 rcv_tstamp;			/* last received ACK */

	/* sending */
	u32 snd_una;			/* SND.UNA */
	u32 snd_nxt;			/* SND.NXT */
	u32 snd_sml;			/* last byte of the latest small packet (Minshall) */
	u32 snd_wnd;			/* SND.WND, bytes */
	u32 max_window;			/* largest the peer ever offered */
	u32 snd_wl1;			/* SND.WL1 */
	u32 write_seq;			/* tail + 1 of data in the write queue */
	u32 pushed_seq;			/* last pushed */
	u32 snd_up;			/* urgent pointer */
	u32 mss_cache;			/* effective MSS, bytes, options taken off */
	u64 lsndtime;			/* last data packet sent */
	u64 last_oow_ack_time;		/* last out-of-window challenge */
	u64 tcp_mstamp;			/* us: most recent tcp_mstamp_refresh() */
	u64 tcp_clock_cache;		/* ns: the same */
	u64 tcp_wstamp_ns;		/* departure of the next packet (pacing) */
	struct timer_list pacing_timer;
	struct list_head tsorted_sent_queue;	/* sent, by (re)transmission time */
	struct sk_buff *highest_sack;	/* skb after the highest SACKed; NULL: none */
	struct sk_buff *retransmit_skb_hint;
	u32 snd_ssthresh, snd_cwnd, snd_cwnd_cnt, snd_cwnd_clamp, snd_cwnd_used;
	u64 snd_cwnd_stamp;
	u32 prior_cwnd, prior_ssthresh;
	u32 prr_delivered, prr_out;	/* RFC 9937 */
	u32 packets_out;		/* SND.NXT - SND.UNA in segments */
	u32 retrans_out, lost_out, sacked_out;
	u32 max_packets_out, cwnd_usage_seq;
	u32 high_seq;			/* snd_nxt at onset of recovery */
	u64 retrans_stamp;		/* us: first retransmission of this recovery; 0 */
	u32 undo_marker;		/* snd_una at recovery start; 0: nothing to undo */
	int undo_retrans;		/* retransmissions not yet D-SACKed; -1: cannot undo */
	u32 tlp_high_seq;		/* snd_nxt at time of TLP; 0 */
	u32 total_retrans, data_segs_out, segs_out;
	u64 bytes_sent, bytes_acked, bytes_retrans;
	u32 dsack_dups, reord_seen, reordering;
	u32 delivered, delivered_ce, lost, app_limited;
	u32 rate_delivered, rate_interval_us;
	u64 first_tx_mstamp, delivered_mstamp;	/* us */
	u64 chrono_start;			/* us */
	u64 chrono_stat[3];			/* us: busy, rwnd, sndbuf limited */
	u8 chrono_type:2, rate_app_limited:1, is_cwnd_limited:1, is_sack_reneg:1,
	   tlp_retrans:1, frto:1;
	u8 nonagle:4, thin_lto:1, recvmsg_inq:1;
	u8 ecn_flags;				/* TCP_ECN_* */
	struct tcp_rack rack;
	struct minmax rtt_min;
	u32 srtt_us;			/* smoothed RTT << 3 */
	u32 mdev_us, mdev_max_us, rttvar_us;
	u32 rtt_seq;
	u32 tsoffset;			/* added to our timestamps */
	struct tcp_options_received rx_opt;

	/* Fast Open */
	struct tcp_fastopen_request *fastopen_req;	/* the call under way, or NULL */
	struct request_sock *fastopen_rsk;	/* of a child in its handshake, or NULL */
	u8 syn_data:1,			/* the SYN carried data */
	   syn_fastopen:1,		/* the SYN carried the option */
	   syn_fastopen_exp:1,		/* the experimental one */
	   syn_fastopen_ch:1,		/* the first after a black hole */
	   syn_data_acked:1,		/* data of a SYN was taken */
	   syn_fastopen_child:1,	/* made by a SYN */
	   fastopen_connect:1,		/* TCP_FASTOPEN_CONNECT */
	   fastopen_no_cookie:1;	/* TCP_FASTOPEN_NO_COOKIE */
	u8 fastopen_client_fail:2;	/* TFO_* */
	u8 save_syn:2;			/* TCP_SAVE_SYN: 1: IP and TCP, 2: Ethernet too */
	struct saved_syn *saved_syn;	/* of a child, until it is read; or NULL */

	/* options and life */
	u64 keepalive_time, keepalive_intvl;	/* ns; 0: sysctl */
	u8 keepalive_probes;
	s64 linger2;				/* ns; < 0: none; 0: sysctl */
	u32 notsent_lowat;			/* bytes; 0: sysctl */
	u16 total_rto;			/* RTOs: */
	u16 total_rto_recoveries;	/* times that one or more followed each other */
	u16 timeout_rehash;		/* timeouts that would take another path */
	u32 total_rto_time;		/* ms from the first of them until recovered */
	u32 rto_stamp;			/* ms: the first of those that are not over; 0: none */
	u32 mtu_probe_seq_start, mtu_probe_seq_end;	/* of the probe in flight */
	u32 mtu_info;			/* ICMP said, while the socket was owned */
	unsigned long tsq_flags;	/* TCPF_*_DEFERRED: left by a timer for release_cb */
};

#define TCP_ECN_OK		1
#define TCP_ECN_QUEUE_CWR	2
#define TCP_ECN_DEMAND_CWR	4
#define TCP_ECN_SEEN		8

enum { TCP_CHRONO_UNSPEC, TCP_CHRONO_BUSY, TCP_CHRONO_RWND_LIMITED, TCP_CHRONO_SNDBUF_LIMITED };

enum tsq_flags {			/* bits */
	TCP_WRITE_TIMER_DEFERRED,
	TCP_DELACK_TIMER_DEFERRED,
	TCP_MTU_REDUCED_DEFERRED,
	TCP_PACING_DEFERRED,
	TCP_ACK_DEFERRED,	/* due once the backlog is worked off */
	TCP_TSQ_THROTTLED,	/* enough is queued below us; tcp_wfree() goes on */
};

static inline struct tcp_sock *tcp_sk(const struct sock *sk)
{
	return (struct tcp_sock *)(uintptr_t)sk;
}

struct tcp_request_sock {
	struct inet_request_sock req;
	u32 rcv_isn, snt_isn;
	u64 snt_synack;			/* us: first SYN-ACK sent */
	u64 last_oow_ack_time;
	u32 rcv_nxt;
	u32 ts_off;
	u32 snt_tsval_first, snt_tsval_last;	/* of our SYN-ACKs; 0: none */
	u8 tfo_listener:1;		/* a child has been made; its handshake goes on */
	u64 rst_expires;		/* until then it counts, although it was reset */
};

static inline struct tcp_request_sock *tcp_rsk(const struct request_sock *req)
{
	return (struct tcp_request_sock *)(uintptr_t)req;
}

/* ---- congestion control --------------------------------------------------- */

struct rate_sample {
	u64 prior_mstamp;		/* us */
	u32 prior_delivered, prior_delivered_ce;
	s32 delivered, delivered_ce;
	s64 interval_us;
	u32 snd_interval_us, rcv_interval_us;
	s64 rtt_us;
	int losses;
	u32 acked_sacked, prior_in_flight, last_end_seq;
	bool is_app_limited, is_retrans, is_ack_delayed;
};

struct ack_sample {
	u32 pkts_acked;
	s32 rtt_us;			/* < 0: none */
	u32 in_flight;			/* bytes delivered since the sampled segment was sent */
};

enum tcp_ca_event { CA_EVENT_TX_START, CA_EVENT_CWND_RESTART, CA_EVENT_COMPLETE_CWR,
	CA_EVENT_LOSS, CA_EVENT_ECN_NO_CE, CA_EVENT_ECN_IS_CE };
enum tcp_ca_ack_event_flags { CA_ACK_SLOWPATH = 1, CA_ACK_WIN_UPDATE = 2, CA_ACK_ECE = 4 };

#define TCP_CA_NAME_MAX	16
#define TCP_CONG_NON_RESTRICTED	0x1
#define TCP_CONG_NEEDS_ECN	0x2

/* All: socket locked. */
struct tcp_congestion_ops {
	u32 (*ssthresh)(struct sock *sk);			/* required */
	void (*cong_avoid)(struct sock *sk, u32 ack, u32 acked);	/* this or cong_control */
	void (*cong_control)(struct sock *sk, u32 ack, int flag, const struct rate_sample *rs);
	void (*set_state)(struct sock *sk, u8 new_state);
	void (*cwnd_event)(struct sock *sk, enum tcp_ca_event ev);
	void (*in_ack_event)(struct sock *sk, u32 flags);
	void (*pkts_acked)(struct sock *sk, const struct ack_sample *sample);
	u32 (*undo_cwnd)(struct sock *sk);			/* required */
	u32 (*min_tso_segs)(struct sock *sk);		/* segments of a GSO skb at least */
	u32 (*sndbuf_expand)(struct sock *sk);		/* send buffer, in windows */
	/* TCP_CC_INFO: fills in @info and says of what kind by @attr. Bytes. */
	size_t (*get_info)(struct sock *sk, u32 ext, int *attr, union tcp_cc_info *info);
	void (*init)(struct sock *sk);
	void (*release)(struct sock *sk);
	char name[TCP_CA_NAME_MAX];
	u32 flags;
	u32 id;				/* bit of netns_ipv4.tcp_allowed_ca; by the registry */
	struct list_head list;
};

/* tcp_cong.c */
int tcp_register_congestion_control(struct tcp_congestion_ops *ca);
void tcp_assign_congestion_control(struct sock *sk);
void tcp_init_congestion_control(struct sock *sk);
void tcp_cleanup_congestion_control(struct sock *sk);
int tcp_set_default_congestion_control(struct net *net, const char *name);
void tcp_get_available_congestion_control(char *buf, size_t len);
void tcp_init_allowed_congestion_control(struct net *net);
void tcp_get_allowed_congestion_control(const struct net *net, char *buf, size_t len);
int tcp_set_allowed_congestion_control(struct net *net, const char *names);
int tcp_set_congestion_control(struct sock *sk, const char *name, bool load, bool cap_net_admin);
u32 tcp_slow_start(struct tcp_sock *tp, u32 acked);
void tcp_cong_avoid_ai(struct tcp_sock *tp, u32 w, u32 acked);
u32 tcp_reno_ssthresh(struct sock *sk);
u32 tcp_reno_undo_cwnd(struct sock *sk);
void tcp_reno_cong_avoid(struct sock *sk, u32 ack, u32 acked);
extern struct tcp_congestion_ops tcp_reno;
extern struct tcp_congestion_ops cubictcp;		/* tcp_cubic.c */
extern struct tcp_congestion_ops tcp_bbr_cong_ops;	/* tcp_bbr.c */
void tcp_set_ca_state(struct sock *sk, u8 ca_state);
static inline void tcp_ca_event(struct sock *sk, enum tcp_ca_event event)
{
	const struct inet_connection_sock *icsk = inet_csk(sk);

	if (icsk->icsk_ca_ops->cwnd_event)
		icsk->icsk_ca_ops->cwnd_event(sk, event);
}
static inline u32 tcp_snd_cwnd(const struct tcp_sock *tp) { return tp->snd_cwnd; }
static inline void tcp_snd_cwnd_set(struct tcp_sock *tp, u32 val)
{
	WARN_ON_ONCE((int)val <= 0);
	tp->snd_cwnd = val;
}
static inline bool tcp_in_slow_start(const struct tcp_sock *tp)
{
	return tp->snd_cwnd < tp->snd_ssthresh;
}
static inline bool tcp_in_initial_slowstart(const struct tcp_sock *tp)
{
	return tp->snd_ssthresh >= TCP_INFINITE_SSTHRESH;
}
/* Urgent data is not acknowledged yet. */
static inline bool tcp_urg_mode(const struct tcp_sock *tp)
{
	return tp->snd_una != tp->snd_up;
}

static inline bool tcp_in_cwnd_reduction(const struct sock *sk)
{
	return (BIT(TCP_CA_CWR) | BIT(TCP_CA_Recovery)) & (1UL << inet_csk(sk)->icsk_ca_state);
}
static inline unsigned int tcp_left_out(const struct tcp_sock *tp)
{
	return tp->sacked_out + tp->lost_out;
}
/* RFC 6675 pipe, in segments. */
static inline unsigned int tcp_packets_in_flight(const struct tcp_sock *tp)
{
	return tp->packets_out - tcp_left_out(tp) + tp->retrans_out;
}
static inline u32 tcp_current_ssthresh(const struct sock *sk)
{
	const struct tcp_sock *tp = tcp_sk(sk);

	if (tcp_in_cwnd_reduction(sk))
		return tp->snd_ssthresh;
	return max(tp->snd_ssthresh, (tp->snd_cwnd >> 1) + (tp->snd_cwnd >> 2));
}
static inline bool tcp_is_cwnd_limited(const struct sock *sk)
{
	const struct tcp_sock *tp = tcp_sk(sk);

	if (tp->is_cwnd_limited)
		return true;
	if (tcp_in_slow_start(tp))
		return tp->snd_cwnd < 2 * tp->max_packets_out;
	return false;
}

/* tcp_rate.c */
void tcp_rate_skb_sent(struct sock *sk, struct sk_buff *skb);
void tcp_rate_skb_delivered(struct sock *sk, struct sk_buff *skb, struct rate_sample *rs);
void tcp_rate_gen(struct sock *sk, u32 delivered, u32 lost, bool is_sack_reneg,
		  struct rate_sample *rs);
void tcp_rate_check_app_limited(struct sock *sk);

/* ---- clocks ---------------------------------------------------------------- */

static inline void tcp_mstamp_refresh(struct tcp_sock *tp)
{
	u64 now_ns = ktime_get_ns();

	tp->tcp_clock_cache = now_ns;
	tp->tcp_mstamp = now_ns / NSEC_PER_USEC;
}
static inline u32 tcp_stamp_us_delta(u64 t1, u64 t0)
{
	return (u32)max_t(s64, (s64)(t1 - t0), 0);
}
static inline u64 tcp_skb_timestamp_us(const struct sk_buff *skb)
{
	return skb->skb_mstamp_ns / NSEC_PER_USEC;
}
/* Was (t1, seq1) sent after (t2, seq2)? Sequence decides among equal times. */
static inline bool tcp_skb_sent_after(u64 t1, u64 t2, u32 seq1, u32 seq2)
{
	return t1 > t2 || (t1 == t2 && after(seq1, seq2));
}
/* The timestamp clock in milliseconds, without the connection's offset. */
static inline u32 tcp_time_stamp(const struct tcp_sock *tp)
{
	return (u32)(tp->tcp_mstamp / (USEC_PER_SEC / TCP_TS_HZ));
}
static inline u32 tcp_time_stamp_raw(void)
{
	return (u32)(ktime_get_ns() / (NSEC_PER_SEC / TCP_TS_HZ));
}
static inline u32 tcp_skb_timestamp(const struct sk_buff *skb)
{
	return (u32)(skb->skb_mstamp_ns / (NSEC_PER_SEC / TCP_TS_HZ));
}
static inline u64 usecs_to_ns(u64 us) { return us * NSEC_PER_USEC; }

/* ---- small predicates -------------------------------------------------------- */

static inline bool tcp_is_sack(const struct tcp_sock *tp)
{
	return tp->rx_opt.sack_ok != 0;
}
static inline bool tcp_is_reno(const struct tcp_sock *tp)
{
	return !tcp_is_sack(tp);
}
static inline u32 tcp_wnd_end(const struct tcp_sock *tp)
{
	return tp->snd_una + tp->snd_wnd;
}
/* What is left of the offered window; never negative (TCP-12). */
static inline u32 tcp_receive_window(const struct tcp_sock *tp)
{
	s32 win = (s32)(tp->rcv_wup + tp->rcv_wnd - tp->rcv_nxt);

	return win < 0 ? 0 : (u32)win;
}
/* As far as the peer may rightly have sent: windows once offered, too. */
static inline u32 tcp_max_receive_window(const struct tcp_sock *tp)
{
	s32 win = (s32)(tp->rcv_mwnd_seq - tp->rcv_nxt);

	return win < 0 ? 0 : (u32)win;
}
static inline void tcp_init_max_rcv_wnd_seq(struct tcp_sock *tp)
{
	tp->rcv_mwnd_seq = tp->rcv_wup + tp->rcv_wnd;
}
static inline void tcp_update_max_rcv_wnd_seq(struct tcp_sock *tp)
{
	if (after(tp->rcv_wup + tp->rcv_wnd, tp->rcv_mwnd_seq))
		tcp_init_max_rcv_wnd_seq(tp);
}
/* Counts a received segment; skb->data at its header. */
static inline void tcp_segs_in(struct tcp_sock *tp, const struct sk_buff *skb)
{
	u32 segs = max_t(u32, skb_shinfo(skb)->gso_segs, 1);

	tp->segs_in += segs;
	if (skb->len > tcp_hdrlen(skb))
		tp->data_segs_in += segs;
}
static inline u32 tcp_min_rtt(const struct tcp_sock *tp) { return tp->rtt_min.s[0].v; }
static inline bool tcp_skb_is_last(const struct sock *sk, const struct sk_buff *skb)
{
	return skb->next == (const struct sk_buff *)&sk->sk_write_queue;
}
static inline struct sk_buff *tcp_write_queue_head(const struct sock *sk)
{
	return skb_peek(&sk->sk_write_queue);
}
static inline struct sk_buff *tcp_write_queue_tail(const struct sock *sk)
{
	return skb_peek_tail(&sk->sk_write_queue);
}
#define tcp_send_head(sk) tcp_write_queue_head(sk)
static inline bool tcp_write_queue_empty(const struct sock *sk)
{
	return skb_queue_empty(&sk->sk_write_queue);
}
static inline bool tcp_rtx_queue_empty(const struct sock *sk)
{
	return RB_EMPTY_ROOT(&sk->tcp_rtx_queue);
}
static inline struct sk_buff *tcp_rtx_queue_head(const struct sock *sk)
{
	return skb_rb_first(&sk->tcp_rtx_queue);
}
static inline struct sk_buff *tcp_rtx_queue_tail(const struct sock *sk)
{
	return skb_rb_last(&sk->tcp_rtx_queue);
}
static inline bool tcp_rtx_and_write_queues_empty(const struct sock *sk)
{
	return tcp_rtx_queue_empty(sk) && tcp_write_queue_empty(sk);
}
static inline void tcp_unlink_write_queue(struct sk_buff *skb, struct sock *sk)
{
	__skb_unlink(skb, &sk->sk_write_queue);
}
/* Uncharges and frees a segment of ours that has left every queue. Consumes. */
void tcp_wmem_free_skb(struct sock *sk, struct sk_buff *skb);
void tcp_rbtree_insert(struct rb_root *root, struct sk_buff *skb);
static inline void tcp_rtx_queue_unlink(struct sk_buff *skb, struct sock *sk)
{
	rb_erase(&skb->rbnode, &sk->tcp_rtx_queue);
}
static inline void tcp_rtx_queue_unlink_and_free(struct sk_buff *skb, struct sock *sk)
{
	list_del(&skb->tcp_tsorted_anchor);
	tcp_rtx_queue_unlink(skb, sk);
	tcp_wmem_free_skb(sk, skb);
}
static inline void tcp_add_write_queue_tail(struct sock *sk, struct sk_buff *skb)
{
	__skb_queue_tail(&sk->sk_write_queue, skb);
}
/* As of tcp_mstamp, which is fresh. */
static inline void tcp_chrono_set(struct tcp_sock *tp, int type)
{
	u64 now = tp->tcp_mstamp;

	if (tp->chrono_type > TCP_CHRONO_UNSPEC)
		tp->chrono_stat[tp->chrono_type - 1] += now - tp->chrono_start;
	tp->chrono_start = now;
	tp->chrono_type = (u8)(type & 3);
}
void tcp_chrono_start(struct sock *sk, int type);
void tcp_chrono_stop(struct sock *sk, int type);

/* Bytes of payload that @space bytes of truesize can hold. */
static inline int tcp_win_from_space(const struct sock *sk, int space)
{
	return (int)(((s64)space * tcp_sk(sk)->scaling_ratio) >> 8);
}
/* Bytes of truesize that @win bytes of payload take. */
static inline int tcp_space_from_win(const struct sock *sk, int win)
{
	u64 val = (u64)win << 8;

	return (int)min_t(u64, val / tcp_sk(sk)->scaling_ratio, S32_MAX);
}
#define TCP_DEFAULT_SCALING_RATIO 128
static inline void tcp_scaling_ratio_init(struct sock *sk)
{
	tcp_sk(sk)->scaling_ratio = TCP_DEFAULT_SCALING_RATIO;
}
static inline int tcp_space(const struct sock *sk)
{
	return tcp_win_from_space(sk, sk->sk_rcvbuf - (int)sk->sk_backlog.len - sk->sk_rmem_alloc);
}
static inline int tcp_full_space(const struct sock *sk)
{
	return tcp_win_from_space(sk, sk->sk_rcvbuf);
}
static inline u32 tcp_notsent_lowat(const struct tcp_sock *tp)
{
	return tp->notsent_lowat ? tp->notsent_lowat :
		(u32)sock_net((const struct sock *)tp)->ipv4.sysctl_tcp_notsent_lowat;
}
static inline int tcp_fin_time(const struct sock *sk, s64 *ns)
{
	s64 t = tcp_sk(sk)->linger2 ? tcp_sk(sk)->linger2 :
		(s64)sock_net(sk)->ipv4.sysctl_tcp_fin_timeout_ns;
	s64 rto = (s64)inet_csk(sk)->icsk_rto;

	if (t < (rto << 2) - (rto >> 1))
		t = (rto << 2) - (rto >> 1);
	*ns = t;
	return 0;
}
static inline u64 keepalive_time_when(const struct tcp_sock *tp)
{
	return tp->keepalive_time ? tp->keepalive_time :
		sock_net((const struct sock *)tp)->ipv4.sysctl_tcp_keepalive_time_ns;
}
static inline u64 keepalive_intvl_when(const struct tcp_sock *tp)
{
	return tp->keepalive_intvl ? tp->keepalive_intvl :
		sock_net((const struct sock *)tp)->ipv4.sysctl_tcp_keepalive_intvl_ns;
}
static inline int keepalive_probes(const struct tcp_sock *tp)
{
	return tp->keepalive_probes ? tp->keepalive_probes :
		sock_net((const struct sock *)tp)->ipv4.sysctl_tcp_keepalive_probes;
}
/* Nanoseconds since the peer was last heard. */
static inline u64 keepalive_time_elapsed(const struct tcp_sock *tp)
{
	u64 now = ktime_get_ns();

	return min(now - inet_csk((const struct sock *)tp)->icsk_ack.lrcvtime,
		   now - tp->rcv_tstamp);
}
static inline void tcp_dec_quickack_mode(struct sock *sk)
{
	struct inet_connection_sock *icsk = inet_csk(sk);

	if (icsk->icsk_ack.quick) {
		/* Those that acknowledge new data count; answers to old data do not. */
		const unsigned int pkts = inet_csk_ack_scheduled(sk) ? 1 : 0;

		if (pkts >= icsk->icsk_ack.quick) {
			icsk->icsk_ack.quick = 0;
			icsk->icsk_ack.ato = TCP_ATO_MIN;
		} else {
			icsk->icsk_ack.quick -= (u8)pkts;
		}
	}
}
static inline void tcp_fast_path_on_wnd(struct tcp_sock *tp, u32 snd_wnd)
{
	tp->pred_flags = htonl(((u32)tp->tcp_header_len << 26) |
			       ((u32)TCPHDR_ACK << 16) | snd_wnd);
}
static inline void __tcp_fast_path_on(struct tcp_sock *tp, u32 snd_wnd)
{
	tcp_fast_path_on_wnd(tp, snd_wnd >> tp->rx_opt.snd_wscale);
}
static inline void tcp_fast_path_check(struct sock *sk)
{
	struct tcp_sock *tp = tcp_sk(sk);

	if (RB_EMPTY_ROOT(&tp->out_of_order_queue) && tp->rcv_wnd &&
	    sk->sk_rmem_alloc < sk->sk_rcvbuf && !tp->urg_data)
		__tcp_fast_path_on(tp, tp->snd_wnd);
}
static inline u64 tcp_rto_min(const struct sock *sk)
{
	return inet_csk(sk)->icsk_rto_min;
}
static inline void tcp_saved_syn_free(struct tcp_sock *tp)
{
	kfree(tp->saved_syn);
	tp->saved_syn = NULL;
}
static inline u64 tcp_rto_max(const struct sock *sk)
{
	return inet_csk(sk)->icsk_rto_max;
}
/* The SYN-ACK's interval that runs, or the next one. */
static inline u64 tcp_reqsk_timeout(const struct request_sock *req)
{
	return reqsk_timeout(req, tcp_rto_max(req->rsk_listener));
}
/* How long an ACK may wait: less than the peer's RTO, which we take to be like ours. */
static inline u64 tcp_delack_max(const struct sock *sk)
{
	u64 rto_min = max_t(u64, tcp_rto_min(sk), TCP_TIMEOUT_MIN) - NSEC_PER_MSEC;

	return min(inet_csk(sk)->icsk_delack_max, rto_min);
}
static inline u64 __tcp_set_rto(const struct tcp_sock *tp)
{
	return usecs_to_ns((tp->srtt_us >> 3) + tp->rttvar_us);
}
static inline bool tcp_paws_check(const struct tcp_options_received *rx_opt, int paws_win)
{
	if ((s32)(rx_opt->ts_recent - rx_opt->rcv_tsval) <= paws_win)
		return true;
	if (unlikely(!rx_opt->ts_recent_stamp ||
		     ktime_get_ns() - rx_opt->ts_recent_stamp >= TCP_PAWS_24DAYS_NS))
		return true;
	/* RFC 7323: some peers send timestamp 0 until they know ours. */
	return !rx_opt->ts_recent;
}
static inline bool tcp_paws_reject(const struct tcp_options_received *rx_opt, int rst)
{
	if (tcp_paws_check(rx_opt, 0))
		return false;
	/* RFC 7323 5.2: a RST is not subject to PAWS once the clock is old. */
	return !(rst && ktime_get_ns() - rx_opt->ts_recent_stamp >= TCP_PAWS_MSL_NS);
}

/* ---- functions by file -------------------------------------------------------- */

/* tcp.c: the socket calls, and life and death */
extern struct proto tcp_prot;
void tcp_init(void);
void tcp_init_sock(struct sock *sk);
int tcp_sendmsg(struct sock *sk, struct msghdr *msg, size_t size);
int tcp_sendmsg_locked(struct sock *sk, struct msghdr *msg, size_t size);
int tcp_recvmsg(struct sock *sk, struct msghdr *msg, size_t len, int flags, int *addr_len);
void tcp_cleanup_rbuf(struct sock *sk, int copied);
void tcp_close(struct sock *sk, s64 timeout_ns);
void __tcp_close(struct sock *sk, s64 timeout_ns);
void tcp_shutdown(struct sock *sk, int how);
int tcp_disconnect(struct sock *sk, int flags);
int tcp_ioctl(struct sock *sk, int cmd, unsigned long arg);
u32 tcp_poll(struct file *file, struct socket *sock, poll_table *wait);
void tcp_set_state(struct sock *sk, int state);
void tcp_done(struct sock *sk);
bool tcp_check_oom(struct sock *sk, int shift);
int tcp_abort(struct sock *sk, int err);
void tcp_write_queue_purge(struct sock *sk);
void tcp_mark_push(struct tcp_sock *tp, struct sk_buff *skb);
struct sk_buff *tcp_alloc_segment(struct sock *sk, unsigned int size, gfp_t gfp,
				  bool force_schedule);
struct sk_buff *tcp_stream_alloc_skb(struct sock *sk, gfp_t gfp, bool force_schedule);
void tcp_skb_entail(struct sock *sk, struct sk_buff *skb);
void tcp_slow_start_after_idle_check(struct sock *sk);
int tcp_set_rcvlowat(struct sock *sk, int val);
bool tcp_stream_memory_free(const struct sock *sk, int wake);
void tcp_enter_memory_pressure(struct sock *sk);
void tcp_leave_memory_pressure(struct sock *sk);
void tcp_data_ready(struct sock *sk);
/* tcp_sockopt.c */
int tcp_setsockopt(struct sock *sk, int level, int optname, const void __user *optval,
		   unsigned int optlen);
int tcp_getsockopt(struct sock *sk, int level, int optname, char __user *optval,
		   int __user *optlen);
/* tcp_info.c */
void tcp_get_info(struct sock *sk, struct tcp_info *info);
int tcp_get_info_option(struct sock *sk, char __user *optval, int __user *optlen);
void tcp_set_keepalive(struct sock *sk, int val);
void tcp_sock_set_cork(struct sock *sk, bool on);

/* tcp_ipv4.c */
int tcp_v4_rcv(struct sk_buff *skb);				/* consumes */
int tcp_v4_err(struct sk_buff *skb, u32 info);			/* borrows */
int tcp_v4_early_demux(struct sk_buff *skb);
int tcp_v4_do_rcv(struct sock *sk, struct sk_buff *skb);	/* consumes */
int tcp_v4_connect(struct sock *sk, struct sockaddr *uaddr, int addr_len);
int tcp_v4_conn_request(struct sock *sk, struct sk_buff *skb);
struct sock *tcp_v4_syn_recv_sock(const struct sock *sk, struct sk_buff *skb,
				  struct request_sock *req, struct dst_entry *dst,
				  struct request_sock *req_unhash, bool *own_req);
void tcp_v4_send_check(struct sock *sk, struct sk_buff *skb);
void tcp_v4_mtu_reduced(struct sock *sk);
/* @dst NULL: looked up. 0, -ENOMEM, or what IP says. */
int tcp_v4_send_synack(const struct sock *sk, struct dst_entry *dst, struct request_sock *req,
		       struct tcp_fastopen_cookie *foc);
void tcp_v4_destroy_sock(struct sock *sk);
/* tcp_backlog.c */
bool tcp_add_backlog(struct sock *sk, struct sk_buff *skb, enum skb_drop_reason *reason);
u32 tcp_v4_init_seq(struct net *net, __be32 saddr, __be32 daddr, __be16 sport, __be16 dport);
u32 tcp_v4_init_ts_off(struct net *net, __be32 saddr, __be32 daddr);
int tcp_twsk_unique(struct sock *sk, struct sock *sktw);
extern const struct inet_connection_sock_af_ops ipv4_specific;
__sum16 tcp_v4_check(int len, __be32 saddr, __be32 daddr, __wsum base);

/* tcp_minisocks.c, tcp_request.c (Linux: tcp_input.c for tcp_conn_request) */
enum tcp_tw_status { TCP_TW_SUCCESS, TCP_TW_RST, TCP_TW_ACK, TCP_TW_SYN };
enum tcp_tw_status tcp_timewait_state_process(struct inet_timewait_sock *tw, struct sk_buff *skb,
					      const struct tcphdr *th, u32 *tw_isn,
					      enum skb_drop_reason *reason);
void tcp_time_wait(struct sock *sk, int state, s64 timeo_ns);
struct sock *tcp_check_req(struct sock *sk, struct sk_buff *skb, struct request_sock *req,
			   bool fastopen, bool *req_stolen, enum skb_drop_reason *reason);
/* 0: consumed; else answer by a reset: the skb is still the caller's. */
int tcp_child_process(struct sock *parent, struct sock *child, struct sk_buff *skb);
struct sock *tcp_create_openreq_child(const struct sock *sk, struct request_sock *req,
				      struct sk_buff *skb);
void tcp_openreq_init_rwin(struct request_sock *req, const struct sock *sk_listener,
			   const struct dst_entry *dst, u32 unit);
int tcp_conn_request(struct request_sock_ops *rsk_ops, struct sock *sk, struct sk_buff *skb);
void tcp_ca_openreq_child(struct sock *sk, const struct dst_entry *dst);
extern struct request_sock_ops tcp_request_sock_ops;

/* syncookies.c */
u32 cookie_v4_init_sequence(const struct sock *sk, const struct sk_buff *skb, u16 *mssp);
struct sock *cookie_v4_check(struct sock *sk, struct sk_buff *skb);
u64 cookie_init_timestamp(struct request_sock *req, u64 now_ns);

/* tcp_metrics.c */
void tcp_init_metrics(struct sock *sk);
void tcp_update_metrics(struct sock *sk);
bool tcp_peer_is_proven(struct request_sock *req, struct dst_entry *dst);
void tcp_fastopen_cache_get(struct sock *sk, u16 *mss, struct tcp_fastopen_cookie *cookie);
void tcp_fastopen_cache_set(struct sock *sk, u16 mss, const struct tcp_fastopen_cookie *cookie,
			    u16 try_exp);
int tcp_metrics_init(struct net *net);
void tcp_metrics_exit(struct net *net);

/* tcp_fastopen.c: opened by a SYN with data */
int tcp_fastopen_reset_cipher(struct net *net, struct sock *sk, const u8 *primary,
			      const u8 *backup);
void tcp_fastopen_destroy_cipher(struct sock *sk);
void tcp_fastopen_init_key_once(struct net *net);
unsigned int tcp_fastopen_get_keys(const struct tcp_fastopen_context *ctx, u8 *key);
unsigned int tcp_fastopen_get_cipher(const struct sock *sk, u8 *key);
bool tcp_fastopen_no_cookie(const struct sock *sk, const struct dst_entry *dst, int flag);
void tcp_fastopen_add_skb(struct sock *sk, struct sk_buff *skb);
struct sock *tcp_try_fastopen(struct sock *sk, struct sk_buff *skb, struct request_sock *req,
			      struct tcp_fastopen_cookie *foc, const struct dst_entry *dst);
void reqsk_fastopen_remove(struct sock *sk, struct request_sock *req, bool reset);
void tcp_fastopen_listen_stop(struct sock *sk);
void tcp_fastopen_synack_timer(struct sock *sk, struct request_sock *req);
void tcp_rcv_synrecv_state_fastopen(struct sock *sk);
/* As TCP_FASTOPEN: at most @backlog of them, and no more than somaxconn. */
void fastopen_queue_tune(struct sock *sk, int backlog);
/* A child that may write before the third ACK. */
static inline bool tcp_passive_fastopen(const struct sock *sk)
{
	return sk->sk_state == TCP_SYN_RECV && tcp_sk(sk)->fastopen_rsk;
}

/* tcp_fastopen_client.c: opens by a SYN with data */
void tcp_fastopen_active_disable_ofo_check(struct sock *sk);
void tcp_fastopen_active_detect_blackhole(struct sock *sk, bool expired);
void tcp_fastopen_active_detect_rst(struct sock *sk);
void tcp_free_fastopen_req(struct tcp_sock *tp);
bool tcp_fastopen_defer_connect(struct sock *sk, int *err);
int tcp_send_syn_data(struct sock *sk, struct sk_buff *syn);
int tcp_sendmsg_fastopen(struct sock *sk, struct msghdr *msg, int *copied, size_t size);
bool tcp_rcv_fastopen_synack(struct sock *sk, struct sk_buff *synack,
			     struct tcp_fastopen_cookie *cookie);

/* sysctl_tcp.c */
void tcp_sysctl_defaults(struct net *net);

/* tcp_input.c: segments of a connection, by state */
void tcp_rcv_established(struct sock *sk, struct sk_buff *skb);		/* consumes */
/* 0: done; else send a reset. Borrows the skb on nonzero, else consumes. */
enum skb_drop_reason tcp_rcv_state_process(struct sock *sk, struct sk_buff *skb);
void tcp_finish_connect(struct sock *sk, struct sk_buff *skb);
void tcp_init_transfer(struct sock *sk, struct sk_buff *skb);
void tcp_reset(struct sock *sk, struct sk_buff *skb);
void tcp_send_challenge_ack(struct sock *sk);
bool tcp_oow_rate_limited(struct net *net, const struct sk_buff *skb, int mib_idx,
			  u64 *last_oow_ack_time);
void tcp_check_urg(struct sock *sk, const struct tcphdr *th);
void tcp_enter_quickack_mode(struct sock *sk, unsigned int max_quickacks);
void tcp_initialize_rcv_mss(struct sock *sk);
void tcp_check_space(struct sock *sk);
void tcp_init_buffer_space(struct sock *sk);
void tcp_data_snd_check(struct sock *sk);
/* tcp_ack_snd.c (Linux: tcp_input.c, tcp_timer.c): when to acknowledge */
void __tcp_ack_snd_check(struct sock *sk, int ofo_possible);
void tcp_ack_snd_check(struct sock *sk);
void tcp_sack_compress_send_ack(struct sock *sk);
void tcp_compressed_ack_kick(struct timer_list *t);
/* tcp_input_open.c (Linux: tcp_input.c). As tcp_rcv_state_process(). */
enum skb_drop_reason tcp_rcv_synsent_state_process(struct sock *sk, struct sk_buff *skb,
						   const struct tcphdr *th);

/* tcp_data.c: the receive queue, out of order; tcp_rcvbuf.c: the buffer;
 * tcp_prune.c: when it is full */
void tcp_data_queue(struct sock *sk, struct sk_buff *skb);		/* consumes */
int __must_check tcp_queue_rcv(struct sock *sk, struct sk_buff *skb, bool *fragstolen);
void tcp_event_data_recv(struct sock *sk, struct sk_buff *skb);
void tcp_fin(struct sock *sk);
void tcp_ofo_queue(struct sock *sk);
void tcp_rcv_space_adjust(struct sock *sk);
void tcp_update_pacing_rate(struct sock *sk);
int tcp_set_window_clamp(struct sock *sk, int val);
void tcp_grow_window(struct sock *sk, const struct sk_buff *skb, bool adjust);
int tcp_try_rmem_schedule(struct sock *sk, struct sk_buff *skb, unsigned int size);
void tcp_rcv_rtt_measure_ts(struct sock *sk, const struct sk_buff *skb);
void tcp_send_dupack(struct sock *sk, const struct sk_buff *skb);
void tcp_rbtree_purge_ofo(struct sock *sk, enum skb_drop_reason reason);

/* tcp_ack.c: what an acknowledgement says */
int tcp_ack(struct sock *sk, const struct sk_buff *skb, int flag);
void tcp_rtt_estimator(struct sock *sk, long mrtt_us);
void tcp_set_rto(struct sock *sk);
void tcp_rearm_rto(struct sock *sk);
void tcp_clear_retrans(struct tcp_sock *tp);
void tcp_update_rto_time(struct tcp_sock *tp);
void tcp_update_rto_stats(struct sock *sk);
void tcp_enter_loss(struct sock *sk);
void tcp_enter_recovery(struct sock *sk, bool ece_ack);
void tcp_enter_cwr(struct sock *sk);
void tcp_init_cwnd_reduction(struct sock *sk);
void tcp_cwnd_reduction(struct sock *sk, int newly_acked_sacked, int newly_lost, int flag);
u32 tcp_init_cwnd(const struct tcp_sock *tp, const struct dst_entry *dst);
void tcp_synack_rtt_meas(struct sock *sk, struct request_sock *req);
void tcp_simple_retransmit(struct sock *sk);
void tcp_non_congestion_loss_retransmit(struct sock *sk);
bool tcp_try_undo_recovery(struct sock *sk);
void tcp_mark_skb_lost(struct sock *sk, struct sk_buff *skb);
void tcp_skb_mark_lost_uncond_verify(struct tcp_sock *tp, struct sk_buff *skb);
void tcp_clear_all_retrans_hints(struct tcp_sock *tp);
bool tcp_skb_spurious_retrans(const struct tcp_sock *tp, const struct sk_buff *skb);

/* tcp_sack.c, tcp_sacktag.c: the scoreboard (RFC 2018, 2883, 6675), both sides */
struct tcp_sacktag_state {
	u64 first_sackt, last_sackt;	/* us: send times of the SACKed */
	u32 reord;
	u32 sack_delivered;
	int flag;
	unsigned int mss_now;
	struct rate_sample *rate;
};
int tcp_sacktag_write_queue(struct sock *sk, const struct sk_buff *ack_skb, u32 prior_snd_una,
			    struct tcp_sacktag_state *state);
void tcp_check_sack_reordering(struct sock *sk, u32 low_seq, int ts);
void tcp_sack_new_ofo_skb(struct sock *sk, u32 seq, u32 end_seq);
void tcp_sack_remove(struct tcp_sock *tp);
void tcp_dsack_set(struct sock *sk, u32 seq, u32 end_seq);
void tcp_dsack_extend(struct sock *sk, u32 seq, u32 end_seq);
void tcp_highest_sack_replace(struct sock *sk, struct sk_buff *old, struct sk_buff *new);
void tcp_highest_sack_reset(struct sock *sk);
u32 tcp_highest_sack_seq(struct tcp_sock *tp);
void tcp_advance_highest_sack(struct sock *sk, struct sk_buff *skb);

/* tcp_options.c: parsing and writing */
/* Bounded by the header; malformed options end it. */
void tcp_parse_options(const struct net *net, const struct sk_buff *skb,
		       struct tcp_options_received *opt_rx, int estab,
		       struct tcp_fastopen_cookie *foc);
/* Timestamps in the usual place without a loop, else all. */
bool tcp_fast_parse_options(const struct net *net, const struct sk_buff *skb,
			    const struct tcphdr *th, struct tcp_sock *tp);
void tcp_clear_options(struct tcp_options_received *rx_opt);
#define OPTION_SACK_ADVERTISE	BIT(0)
#define OPTION_TS		BIT(1)
#define OPTION_WSCALE		BIT(3)
#define OPTION_FAST_OPEN_COOKIE	BIT(8)
struct tcp_out_options {
	u16 options;			/* OPTION_* */
	u16 mss;			/* 0: not sent */
	u8 ws;				/* shift */
	u8 num_sack_blocks;
	u32 tsval, tsecr;
	const struct tcp_fastopen_cookie *fastopen_cookie;
};
unsigned int tcp_syn_options(struct sock *sk, struct sk_buff *skb, struct tcp_out_options *opts);
unsigned int tcp_synack_options(const struct sock *sk, struct request_sock *req, unsigned int mss,
				struct sk_buff *skb, const struct tcp_fastopen_cookie *foc,
				struct tcp_out_options *opts);
unsigned int tcp_established_options(struct sock *sk, struct sk_buff *skb,
				     struct tcp_out_options *opts);
/* Writes @opts behind @th; @tp NULL for a request or reply. */
void tcp_options_write(struct tcphdr *th, struct tcp_sock *tp, struct tcp_out_options *opts);

/* tcp_output.c */
void tcp_push(struct sock *sk, int flags, int mss_now, int nonagle, int size_goal);
void __tcp_push_pending_frames(struct sock *sk, unsigned int cur_mss, int nonagle);
void tcp_push_one(struct sock *sk, unsigned int mss_now);
bool tcp_write_xmit(struct sock *sk, unsigned int mss_now, int nonagle, int push_one, gfp_t gfp);
int tcp_transmit_skb(struct sock *sk, struct sk_buff *skb, int clone_it, gfp_t gfp);
void tcp_send_fin(struct sock *sk);
bool tcp_send_owed_fin(struct sock *sk);
void tcp_send_active_reset(struct sock *sk, gfp_t gfp);
int tcp_send_synack(struct sock *sk);		/* simultaneous open */
struct sk_buff *tcp_make_synack(const struct sock *sk, struct dst_entry *dst,
				struct request_sock *req, struct tcp_fastopen_cookie *foc);
int tcp_rtx_synack(const struct sock *sk, struct request_sock *req);
int tcp_connect(struct sock *sk);
void tcp_connect_queue_skb(struct sock *sk, struct sk_buff *skb);
void tcp_send_ack(struct sock *sk);
void __tcp_send_ack(struct sock *sk, u32 rcv_nxt);
void tcp_send_delayed_ack(struct sock *sk);
int tcp_write_wakeup(struct sock *sk, int mib);
void tcp_send_probe0(struct sock *sk);
void tcp_send_window_probe(struct sock *sk);
unsigned int tcp_current_mss(struct sock *sk);
unsigned int tcp_sync_mss(struct sock *sk, u32 pmtu);
int tcp_mss_to_mtu(struct sock *sk, int mss);
/* > 0: a probe went; 0: one will go, hold other data; < 0: none. */
int tcp_mtu_probe(struct sock *sk);
int tcp_mtu_to_mss(struct sock *sk, int pmtu);
void tcp_mtup_init(struct sock *sk);
u32 __tcp_select_window(struct sock *sk);
void tcp_select_initial_window(const struct sock *sk, int space, u32 mss, u32 *rcv_wnd,
			       u32 *window_clamp, int wscale_ok, u8 *rcv_wscale, u32 init_rcv_wnd);
void tcp_cwnd_restart(struct sock *sk, u64 delta_ns);
bool tcp_may_send_now(struct sock *sk);
void tcp_event_new_data_sent(struct sock *sk, struct sk_buff *skb);
void tcp_init_nondata_skb(struct sk_buff *skb, u32 seq, u8 flags);
void tcp_pacing_timer(struct timer_list *t);
int tcp_send_mss(struct sock *sk, int *size_goal, int flags);
bool tcp_nagle_test(const struct tcp_sock *tp, const struct sk_buff *skb,
		    unsigned int cur_mss, int nonagle);
void tcp_release_cb(struct sock *sk);
static inline void tcp_push_pending_frames(struct sock *sk)
{
	if (tcp_send_head(sk))
		__tcp_push_pending_frames(sk, tcp_current_mss(sk), tcp_sk(sk)->nonagle);
}

/* tcp_retransmit.c (Linux: tcp_output.c) */
enum tcp_queue { TCP_FRAG_IN_WRITE_QUEUE, TCP_FRAG_IN_RTX_QUEUE };
int tcp_fragment(struct sock *sk, enum tcp_queue tcp_queue, struct sk_buff *skb, u32 len,
		 unsigned int mss_now, gfp_t gfp);
int tcp_retransmit_skb(struct sock *sk, struct sk_buff *skb, int segs);
int __tcp_retransmit_skb(struct sock *sk, struct sk_buff *skb, int segs);
void tcp_xmit_retransmit_queue(struct sock *sk);
bool tcp_schedule_loss_probe(struct sock *sk, bool advancing_rto);
void tcp_send_loss_probe(struct sock *sk);
int tcp_set_skb_tso_segs(struct sk_buff *skb, unsigned int mss_now);
void tcp_adjust_pcount(struct sock *sk, const struct sk_buff *skb, int decr);
int tcp_trim_head(struct sock *sk, struct sk_buff *skb, u32 len);

/* tcp_recovery.c: RACK (RFC 8985) */
bool tcp_rack_mark_lost(struct sock *sk);
void tcp_rack_advance(struct tcp_sock *tp, u8 sacked, u32 end_seq, u64 xmit_time_us);
void tcp_rack_reo_timeout(struct sock *sk);
void tcp_rack_update_reo_wnd(struct sock *sk, struct rate_sample *rs);
void tcp_newreno_mark_lost(struct sock *sk, bool snd_una_advanced);

/* tcp_timer.c */
void tcp_init_xmit_timers(struct sock *sk);
void tcp_clear_xmit_timers(struct sock *sk);
void tcp_retransmit_timer(struct sock *sk);
void tcp_write_err(struct sock *sk);
void tcp_write_timer_handler(struct sock *sk);
void tcp_delack_timer_handler(struct sock *sk);
void tcp_syn_ack_timeout(const struct request_sock *req);
u64 tcp_probe0_when(const struct sock *sk, u64 max_when_ns);
u64 tcp_probe0_base(const struct sock *sk);
/* A timer of what is sent now: it counts from when pacing lets the next one go. */
static inline void tcp_reset_xmit_timer(struct sock *sk, int what, u64 when_ns)
{
	const struct tcp_sock *tp = tcp_sk(sk);

	if (tp->tcp_wstamp_ns > tp->tcp_clock_cache)
		when_ns += tp->tcp_wstamp_ns - tp->tcp_clock_cache;
	inet_csk_set_xmit_timer(sk, what, tp->tcp_clock_cache + min(when_ns, tcp_rto_max(sk)));
}
static inline void tcp_check_probe_timer(struct sock *sk)
{
	if (!tcp_sk(sk)->packets_out && !inet_csk(sk)->icsk_pending)
		tcp_reset_xmit_timer(sk, ICSK_TIME_PROBE0, tcp_probe0_base(sk));
}

#define FLAG_DATA		0x01	/* segment has data */
#define FLAG_WIN_UPDATE		0x02
#define FLAG_DATA_ACKED		0x04	/* acknowledged new data */
#define FLAG_RETRANS_DATA_ACKED	0x08
#define FLAG_SYN_ACKED		0x10
#define FLAG_DATA_SACKED	0x20
#define FLAG_ECE		0x40
#define FLAG_LOST_RETRANS	0x80
#define FLAG_SLOWPATH		0x100
#define FLAG_ORIG_SACK_ACKED	0x200	/* never retransmitted data was (S)ACKed */
#define FLAG_SND_UNA_ADVANCED	0x400
#define FLAG_DSACKING_ACK	0x800
#define FLAG_SET_XMIT_TIMER	0x1000
#define FLAG_SACK_RENEGING	0x2000
#define FLAG_UPDATE_TS_RECENT	0x4000
#define FLAG_NO_CHALLENGE_ACK	0x8000
#define FLAG_ACK_MAYBE_DELAYED	0x10000
#define FLAG_DSACK_TLP		0x20000
#define FLAG_ACKED		(FLAG_DATA_ACKED | FLAG_SYN_ACKED)
#define FLAG_NOT_DUP		(FLAG_DATA | FLAG_WIN_UPDATE | FLAG_ACKED)
#define FLAG_CA_ALERT		(FLAG_DATA_SACKED | FLAG_ECE | FLAG_DSACKING_ACK)
#define FLAG_FORWARD_PROGRESS	(FLAG_ACKED | FLAG_DATA_SACKED)

#endif
