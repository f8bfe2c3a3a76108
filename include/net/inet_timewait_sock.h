/* SPDX-License-Identifier: MIT */
/* TIME_WAIT as a small socket of its own (TCP-19): net/ipv4/inet_timewait_sock.c. */
#ifndef NET_INET_TIMEWAIT_SOCK_H
#define NET_INET_TIMEWAIT_SOCK_H

#include <net/sock.h>
#include <net/timewait_sock.h>

struct inet_bind_bucket;
struct inet_timewait_sock {
	struct sock_common __tw_common;		/* state TCP_TIME_WAIT */
#define tw_daddr	__tw_common.skc_daddr
#define tw_rcv_saddr	__tw_common.skc_rcv_saddr
#define tw_dport	__tw_common.skc_dport
#define tw_num		__tw_common.skc_num
#define tw_refcnt	__tw_common.skc_refcnt
#define tw_bound_dev_if	__tw_common.skc_bound_dev_if
	__be16 tw_sport;
	u8 tw_substate;				/* TCP_TIME_WAIT or TCP_FIN_WAIT2 */
	u8 tw_rcv_wscale;
	u8 tw_tos;
	bool tw_transparent;
	u32 tw_mark;
	struct timer_list tw_timer;
	struct inet_bind_bucket *tw_tb;		/* keeps the local port in use */
	/* tcp */
	u32 tw_rcv_nxt, tw_snd_nxt, tw_rcv_wnd;
	u32 tw_ts_offset, tw_ts_recent;
	u64 tw_ts_recent_stamp;			/* ns, absolute; 0: no timestamps */
	u64 tw_last_oow_ack_time;		/* ns, absolute; 0: never */
};

static inline struct inet_timewait_sock *inet_twsk(const struct sock *sk)
{
	return (struct inet_timewait_sock *)(uintptr_t)sk;
}

struct inet_timewait_sock *inet_twsk_alloc(const struct sock *sk, int state);
void inet_twsk_free(struct inet_timewait_sock *tw);	/* tw_refcnt is 0 */
void inet_twsk_put(struct inet_timewait_sock *tw);
void inet_twsk_bind_unhash(struct inet_timewait_sock *tw);
/* Replaces @sk in the hash by @tw. */
void inet_twsk_hashdance(struct inet_timewait_sock *tw, struct sock *sk);
void inet_twsk_schedule(struct inet_timewait_sock *tw, u64 timeo_ns);
void inet_twsk_reschedule(struct inet_timewait_sock *tw, u64 timeo_ns);
/* Removes and puts. */
void inet_twsk_deschedule_put(struct inet_timewait_sock *tw);

#endif
