/* SPDX-License-Identifier: MIT */
/* What the files of the sending side need of each other. */
#ifndef NET_IPV4_TCP_OUTPUT_H
#define NET_IPV4_TCP_OUTPUT_H

#include <net/tcp.h>

/* tcp_window.c */
u16 tcp_select_window(struct sock *sk);

/* tcp_mtu.c */
int tcp_bound_to_half_wnd(const struct tcp_sock *tp, int pktsize);

/* tcp_output.c */
int __tcp_transmit_skb(struct sock *sk, struct sk_buff *skb, int clone_it, gfp_t gfp,
		       u32 rcv_nxt);
bool tcp_snd_wnd_test(const struct tcp_sock *tp, const struct sk_buff *skb,
		      unsigned int cur_mss);
bool tcp_pacing_check(struct sock *sk);
bool tcp_small_queue_check(struct sock *sk, const struct sk_buff *skb, unsigned int factor);
bool tcp_nagle_check(bool partial, const struct tcp_sock *tp, int nonagle);

/* tcp_tso.c */
u32 tcp_tso_segs(struct sock *sk, unsigned int mss_now);
bool tcp_tso_should_defer(struct sock *sk, struct sk_buff *skb, bool *is_cwnd_limited,
			  bool *is_rwnd_limited, u32 max_segs);
unsigned int tcp_mss_split_point(const struct sock *sk, const struct sk_buff *skb,
				 unsigned int mss_now, unsigned int max_segs, int nonagle);

void tcp_grow_skb(struct sock *sk, struct sk_buff *skb, unsigned int amount);

/* tcp_retransmit.c */
bool tcp_skb_append(struct sock *sk, struct sk_buff *skb, struct sk_buff *next, unsigned int len);

/* tcp_cwnd.c */
void tcp_cwnd_validate(struct sock *sk, bool is_cwnd_limited);

#endif
