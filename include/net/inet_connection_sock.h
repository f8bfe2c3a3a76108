/* SPDX-License-Identifier: MIT */
/*
 * inet_connection_sock: a connection-oriented IPv4 socket: timers, accept
 * queue, congestion control, MTU probing. net/ipv4/inet_connection_sock.c.
 * Linux: times are nanoseconds here, absolute where named so.
 */
#ifndef NET_INET_CONNECTION_SOCK_H
#define NET_INET_CONNECTION_SOCK_H

#include <net/inet_sock.h>
#include <net/request_sock.h>

struct inet_bind_bucket;
struct tcp_congestion_ops;

struct inet_request_sock {
	struct request_sock req;
#define ir_loc_addr	req.__req_common.skc_rcv_saddr
#define ir_rmt_addr	req.__req_common.skc_daddr
#define ir_num		req.__req_common.skc_num
#define ir_rmt_port	req.__req_common.skc_dport
#define ir_iif		req.__req_common.skc_bound_dev_if
	u16 snd_wscale:4, rcv_wscale:4, tstamp_ok:1, sack_ok:1, wscale_ok:1,
	    ecn_ok:1, acked:1, no_srccheck:1;
	u8 tos;			/* of the SYN */
	u32 ir_mark;
};

static inline struct inet_request_sock *inet_rsk(const struct request_sock *req)
{
	return (struct inet_request_sock *)(uintptr_t)req;
}

/* What TCP needs of the family below. */
struct inet_connection_sock_af_ops {
	/* Consumes. */
	int (*queue_xmit)(struct sock *sk, struct sk_buff *skb, struct flowi *fl);
	void (*send_check)(struct sock *sk, struct sk_buff *skb);
	int (*rebuild_header)(struct sock *sk);
	void (*sk_rx_dst_set)(struct sock *sk, const struct sk_buff *skb);
	int (*conn_request)(struct sock *sk, struct sk_buff *skb);	/* consumes */
	/* Returns the child, bh-locked, or NULL. Borrows the skb. */
	struct sock *(*syn_recv_sock)(const struct sock *sk, struct sk_buff *skb,
				      struct request_sock *req, struct dst_entry *dst,
				      struct request_sock *req_unhash, bool *own_req);
	u16 net_header_len;
	u16 sockaddr_len;
	int (*setsockopt)(struct sock *sk, int level, int optname, const void __user *optval,
			  unsigned int optlen);
	int (*getsockopt)(struct sock *sk, int level, int optname, char __user *optval,
			  int __user *optlen);
	void (*mtu_reduced)(struct sock *sk);
};

#define ICSK_TIME_RETRANS	1
#define ICSK_TIME_DACK		2
#define ICSK_TIME_PROBE0	3
#define ICSK_TIME_LOSS_PROBE	5
#define ICSK_TIME_REO_TIMEOUT	6

enum inet_csk_ack_state_t {
	ICSK_ACK_SCHED = 1,
	ICSK_ACK_TIMER = 2,
	ICSK_ACK_PUSHED = 4,
	ICSK_ACK_PUSHED2 = 8,
	ICSK_ACK_NOW = 16,
	ICSK_ACK_NOMEM = 32,
};

struct inet_connection_sock {
	struct inet_sock icsk_inet;
	struct request_sock_queue icsk_accept_queue;
	struct inet_bind_bucket *icsk_bind_hash;
	u64 icsk_timeout;		/* absolute, of icsk_pending */
	struct timer_list icsk_retransmit_timer;
	struct timer_list icsk_delack_timer;
	u64 icsk_rto;			/* ns */
	u64 icsk_rto_min, icsk_rto_max;	/* ns */
	u64 icsk_delack_max;		/* ns */
	u32 icsk_pmtu_cookie;		/* MTU in force, bytes */
	const struct tcp_congestion_ops *icsk_ca_ops;
	const struct inet_connection_sock_af_ops *icsk_af_ops;
	unsigned int (*icsk_sync_mss)(struct sock *sk, u32 pmtu);
	u8 icsk_ca_state;		/* enum tcp_ca_state */
	u8 icsk_ca_initialized:1, icsk_ca_setsockopt:1, icsk_ca_dst_locked:1;
	u8 icsk_retransmits;		/* RTOs in a row */
	u8 icsk_pending;		/* ICSK_TIME_* */
	u8 icsk_backoff;
	u8 icsk_syn_retries;		/* TCP_SYNCNT; 0: sysctl */
	u8 icsk_probes_out;		/* unanswered */
	u16 icsk_ext_hdr_len;		/* IP options, bytes */
	struct {
		u8 pending;		/* ICSK_ACK_* */
		u8 quick;		/* quick ACKs left */
		u8 pingpong;		/* interactive session */
		u8 retry;
		u64 ato;		/* predicted tick of soft clock, ns */
		u64 timeout;		/* absolute, of the delayed ACK */
		u64 lrcvtime;		/* absolute, last data packet */
		u32 last_seg_size;	/* bytes */
		u32 rcv_mss;		/* estimate for delayed ACK decisions, bytes */
	} icsk_ack;
	struct {
		u32 search_high, search_low;	/* MTUs, bytes */
		u32 probe_size;			/* 0: none in flight */
		u64 probe_timestamp;
		bool enabled;
	} icsk_mtup;
	u64 icsk_probes_tstamp;		/* absolute, first unanswered probe */
	u32 icsk_user_timeout_ms;	/* TCP_USER_TIMEOUT; 0: off */
	u64 icsk_ca_priv[18];
#define ICSK_CA_PRIV_SIZE	sizeof_field(struct inet_connection_sock, icsk_ca_priv)
};

static inline struct inet_connection_sock *inet_csk(const struct sock *sk)
{
	return (struct inet_connection_sock *)(uintptr_t)sk;
}

static inline void *inet_csk_ca(const struct sock *sk)
{
	return inet_csk(sk)->icsk_ca_priv;
}

static inline void inet_csk_enter_pingpong_mode(struct sock *sk)
{
	inet_csk(sk)->icsk_ack.pingpong = (u8)sock_net(sk)->ipv4.sysctl_tcp_pingpong_thresh;
}
static inline void inet_csk_exit_pingpong_mode(struct sock *sk)
{
	inet_csk(sk)->icsk_ack.pingpong = 0;
}
static inline bool inet_csk_in_pingpong_mode(const struct sock *sk)
{
	return inet_csk(sk)->icsk_ack.pingpong >=
	       sock_net(sk)->ipv4.sysctl_tcp_pingpong_thresh;
}
static inline void inet_csk_inc_pingpong_cnt(struct sock *sk)
{
	if (inet_csk(sk)->icsk_ack.pingpong < U8_MAX)
		inet_csk(sk)->icsk_ack.pingpong++;
}

static inline void inet_csk_schedule_ack(struct sock *sk)
{
	inet_csk(sk)->icsk_ack.pending |= ICSK_ACK_SCHED;
}
static inline int inet_csk_ack_scheduled(const struct sock *sk)
{
	return inet_csk(sk)->icsk_ack.pending & ICSK_ACK_SCHED;
}
static inline void inet_csk_delack_init(struct sock *sk)
{
	memset(&inet_csk(sk)->icsk_ack, 0, sizeof(inet_csk(sk)->icsk_ack));
}

/* net/ipv4/inet_connection_sock.c. Socket locked unless said. */
void inet_csk_init_xmit_timers(struct sock *sk, void (*retransmit)(struct timer_list *),
			       void (*delack)(struct timer_list *),
			       void (*keepalive)(struct timer_list *));
void inet_csk_clear_xmit_timers(struct sock *sk);
/* Stops a timer lazily: its function finds nothing pending (saves re-arming). */
void inet_csk_clear_xmit_timer(struct sock *sk, int what);
/* Arms @what (ICSK_TIME_*) @when_ns from now, at most @max_when_ns. */
void inet_csk_set_xmit_timer(struct sock *sk, int what, u64 expires);
void inet_csk_reset_xmit_timer(struct sock *sk, int what, u64 when_ns, u64 max_when_ns);
void inet_csk_reset_keepalive_timer(struct sock *sk, u64 len_ns);
void inet_csk_delete_keepalive_timer(struct sock *sk);
/* Changes the state, and nothing else; tcp_set_state() does the rest. */
void inet_sk_set_state(struct sock *sk, int state);
struct sock *inet_csk_accept(struct sock *sk, int flags, int *err, bool kern);	/* not locked */
int inet_csk_get_port(struct sock *sk, unsigned short snum);	/* not locked by bh */
int inet_csk_listen_start(struct sock *sk);
void inet_csk_listen_stop(struct sock *sk);
void inet_csk_destroy_sock(struct sock *sk);
void inet_csk_prepare_forced_close(struct sock *sk);
struct sock *inet_csk_clone_lock(const struct sock *sk, const struct request_sock *req, gfp_t gfp);
struct dst_entry *inet_csk_route_req(const struct sock *sk, struct flowi4 *fl4,
				     const struct request_sock *req);
struct dst_entry *inet_csk_route_child_sock(const struct sock *sk, struct sock *newsk,
					    const struct request_sock *req);
struct dst_entry *inet_csk_update_pmtu(struct sock *sk, u32 mtu);
void inet_csk_reqsk_queue_hash_add(struct sock *sk, struct request_sock *req, u64 timeout_ns);
bool inet_csk_reqsk_queue_drop(struct sock *sk, struct request_sock *req);
void inet_csk_reqsk_queue_drop_and_put(struct sock *sk, struct request_sock *req);
struct sock *inet_csk_reqsk_queue_add(struct sock *sk, struct request_sock *req,
				      struct sock *child);
struct sock *inet_csk_complete_hashdance(struct sock *sk, struct sock *child,
					 struct request_sock *req, bool own_req);
struct request_sock *inet_reqsk_alloc(const struct request_sock_ops *ops,
				      struct sock *sk_listener, bool attach_listener);
/* SYN-ACK again; counts it. 0 or -errno. */
int inet_rtx_syn_ack(const struct sock *parent, struct request_sock *req);
/* One half-open connection less. */
void reqsk_queue_removed(struct request_sock_queue *queue, const struct request_sock *req);
/* The interval that runs, or the next one: doubled @num_timeout times. */
static inline u64 reqsk_timeout(const struct request_sock *req, u64 max_timeout_ns)
{
	return min(req->timeout_ns << min_t(u8, req->num_timeout, 16), max_timeout_ns);
}
static inline int inet_csk_reqsk_queue_len(const struct sock *sk)
{
	return reqsk_queue_len(&inet_csk(sk)->icsk_accept_queue);
}
static inline bool inet_csk_reqsk_queue_is_full(const struct sock *sk)
{
	return inet_csk_reqsk_queue_len(sk) > (int)sk->sk_max_ack_backlog;
}
static inline bool sk_acceptq_is_full(const struct sock *sk)
{
	return sk->sk_ack_backlog > sk->sk_max_ack_backlog;
}
u32 inet_csk_listen_poll(const struct sock *sk);

#endif
