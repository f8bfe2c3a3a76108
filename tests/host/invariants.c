// SPDX-License-Identifier: MIT
/*
 * What holds of a stack at rest; invariants.h. Linux checks a few of these where
 * it runs (tcp_verify_left_out()); here they are asked from outside, of every
 * socket, as often as a test likes.
 *
 * RFC: 9293 3.3.1 (the order of the variables), 2018, 6675
 */
#include "invariants.h"

#include <linux/byteorder.h>
#include <linux/kernel.h>
#include <linux/list.h>
#include <linux/string.h>
#include <linux/timer.h>
#include <net/arp.h>
#include <net/checksum.h>
#include <net/inet_account.h>
#include <net/inetpeer.h>
#include <net/neighbour.h>
#include <net/net_namespace.h>
#include <net/tcp.h>
#include <net/tcp_states.h>
#include <uapi/linux/icmp.h>
#include <uapi/linux/if_ether.h>
#include <uapi/linux/in.h>
#include <uapi/linux/ip.h>
#include <uapi/linux/udp.h>

#include "../unit/test.h"

/* Names the socket: a report from a fuzzer has no other witness. */
#define HOLDS(sk, c) do {						\
	if (!(c))							\
		test_fail(__FILE__, __LINE__, "%s socket %u, state %d: %s", \
			  (sk)->sk_prot->name, (sk)->sk_num, (sk)->sk_state, #c); \
} while (0)

/* States in which a TCP socket has a peer, and its variables a meaning. */
#define TCPF_SYNCHRONIZED (TCPF_SYN_RECV | TCPF_ESTABLISHED | TCPF_FIN_WAIT1 | \
			   TCPF_FIN_WAIT2 | TCPF_CLOSE_WAIT | TCPF_CLOSING | TCPF_LAST_ACK)

static bool in_states(const struct sock *sk, int states)
{
	return 1 << sk->sk_state & states;
}

/* ---- what was sent ------------------------------------------------------------------ */

/* Marks of the segments in the retransmit queue. */
struct tally {
	u32 segs, sacked, lost, retrans;
	bool highest_seen, hint_seen;
};

static void check_rtx_skb(const struct sock *sk, const struct sk_buff *skb, struct tally *t)
{
	const struct tcp_skb_cb *cb = TCP_SKB_CB(skb);
	u32 segs = (u32)tcp_skb_pcount(skb);

	HOLDS(sk, segs > 0);
	HOLDS(sk, before(cb->seq, cb->end_seq));
	HOLDS(sk, !(cb->sacked & TCPCB_SACKED_ACKED && cb->sacked & TCPCB_LOST));
	t->segs += segs;
	t->sacked += cb->sacked & TCPCB_SACKED_ACKED ? segs : 0;
	t->lost += cb->sacked & TCPCB_LOST ? segs : 0;
	t->retrans += cb->sacked & TCPCB_SACKED_RETRANS ? segs : 0;
	t->highest_seen |= skb == tcp_sk(sk)->highest_sack;
	t->hint_seen |= skb == tcp_sk(sk)->retransmit_skb_hint;
}

static void check_rtx_queue(struct sock *sk)
{
	const struct tcp_sock *tp = tcp_sk(sk);
	u32 next = tcp_rtx_queue_head(sk) ? TCP_SKB_CB(tcp_rtx_queue_head(sk))->seq : tp->snd_nxt;
	struct tally t = { .segs = 0 };
	struct sk_buff *skb;

	HOLDS(sk, !after(next, tp->snd_una));
	skb_rbtree_walk(skb, &sk->tcp_rtx_queue) {
		HOLDS(sk, TCP_SKB_CB(skb)->seq == next);
		HOLDS(sk, after(TCP_SKB_CB(skb)->end_seq, tp->snd_una));
		next = TCP_SKB_CB(skb)->end_seq;
		check_rtx_skb(sk, skb, &t);
	}
	HOLDS(sk, next == tp->snd_nxt);
	HOLDS(sk, tp->packets_out == t.segs);
	HOLDS(sk, tp->lost_out == t.lost);
	HOLDS(sk, tp->retrans_out == t.retrans);
	/* Without SACK the number is a guess by duplicate ACKs. */
	HOLDS(sk, tcp_is_sack(tp) ? tp->sacked_out == t.sacked : !t.sacked);
	HOLDS(sk, tcp_left_out(tp) <= tp->packets_out);
	HOLDS(sk, !tp->highest_sack || t.highest_seen);
	HOLDS(sk, !tp->retransmit_skb_hint || t.hint_seen);
}

static void check_write_queue(struct sock *sk)
{
	const struct tcp_sock *tp = tcp_sk(sk);
	struct sk_buff *skb;
	u32 next = tp->snd_nxt;

	HOLDS(sk, !after(tp->snd_una, tp->snd_nxt));
	HOLDS(sk, !after(tp->snd_nxt, tp->write_seq));
	skb_queue_walk(&sk->sk_write_queue, skb) {
		HOLDS(sk, TCP_SKB_CB(skb)->seq == next);
		next = TCP_SKB_CB(skb)->end_seq;
	}
	/* A FIN that found no memory has its number, and a timer that tries again. */
	if (next != tp->write_seq) {
		HOLDS(sk, tcp_rtx_and_write_queues_empty(sk) && next + 1 == tp->write_seq);
		HOLDS(sk, in_states(sk, TCPF_FIN_WAIT1 | TCPF_CLOSING | TCPF_LAST_ACK));
		HOLDS(sk, timer_pending(&inet_csk(sk)->icsk_retransmit_timer));
	}
}

static void check_congestion(const struct sock *sk)
{
	const struct inet_connection_sock *icsk = inet_csk(sk);
	const struct tcp_sock *tp = tcp_sk(sk);
	const struct sk_buff *head = tcp_rtx_queue_head(sk);

	HOLDS(sk, tp->snd_cwnd > 0);
	HOLDS(sk, tp->snd_ssthresh > 0);
	HOLDS(sk, tp->mss_cache > 0);
	HOLDS(sk, icsk->icsk_ca_state <= TCP_CA_Loss);
	HOLDS(sk, icsk->icsk_rto > 0 && icsk->icsk_rto <= TCP_RTO_MAX);
	/* Recovery is about something that is not acknowledged yet. Only where the peer has
	 * reneged, what it reported being first now, a timer has to come before it goes on;
	 * and where a timeout without SACK was taken back, the state is left with the next
	 * ACK (Linux: tcp_try_undo_loss()). */
	HOLDS(sk, icsk->icsk_ca_state < TCP_CA_Recovery || !before(tp->high_seq, tp->snd_una) ||
		  (head && TCP_SKB_CB(head)->sacked & TCPCB_SACKED_ACKED) ||
		  (icsk->icsk_ca_state == TCP_CA_Loss && tcp_is_reno(tp) && !tp->undo_marker));
}

/* Nothing waits for ever: what is sent has a timer, what is not sent too. */
static void check_timers(const struct sock *sk)
{
	const struct inet_connection_sock *icsk = inet_csk(sk);
	const struct tcp_sock *tp = tcp_sk(sk);

	if (tp->packets_out || !tcp_write_queue_empty(sk))
		HOLDS(sk, timer_pending(&icsk->icsk_retransmit_timer) ||
			  timer_pending(&tp->pacing_timer));
}

/* ---- what was received ---------------------------------------------------------------- */

static void check_receive_queue(struct sock *sk)
{
	const struct tcp_sock *tp = tcp_sk(sk);
	struct sk_buff *skb, *prev = NULL;

	HOLDS(sk, !after(tp->copied_seq, tp->rcv_nxt));
	HOLDS(sk, !after(tp->rcv_wup, tp->rcv_nxt));
	skb_queue_walk(&sk->sk_receive_queue, skb) {
		HOLDS(sk, !after(TCP_SKB_CB(skb)->seq, TCP_SKB_CB(skb)->end_seq));
		if (prev) {
			HOLDS(sk, !after(TCP_SKB_CB(skb)->seq, TCP_SKB_CB(prev)->end_seq));
			HOLDS(sk, after(TCP_SKB_CB(skb)->end_seq, TCP_SKB_CB(prev)->end_seq));
		} else {
			HOLDS(sk, !after(TCP_SKB_CB(skb)->seq, tp->copied_seq));
		}
		prev = skb;
	}
	if (prev && !(sk->sk_shutdown & RCV_SHUTDOWN))
		HOLDS(sk, TCP_SKB_CB(prev)->end_seq == tp->rcv_nxt);
}

static void check_ooo_queue(struct sock *sk)
{
	const struct tcp_sock *tp = tcp_sk(sk);
	struct sk_buff *skb, *prev = NULL;

	skb_rbtree_walk(skb, &tcp_sk(sk)->out_of_order_queue) {
		HOLDS(sk, before(TCP_SKB_CB(skb)->seq, TCP_SKB_CB(skb)->end_seq));
		HOLDS(sk, after(TCP_SKB_CB(skb)->seq, tp->rcv_nxt));
		/* They may overlap; one that grew by a merge may even cover the next. */
		if (prev)
			HOLDS(sk, after(TCP_SKB_CB(skb)->seq, TCP_SKB_CB(prev)->seq));
		prev = skb;
	}
	if (prev)
		HOLDS(sk, tp->ooo_last_skb == prev);
	HOLDS(sk, tp->rx_opt.num_sacks <= TCP_NUM_SACKS);
}

static void check_window(const struct sock *sk)
{
	const struct tcp_sock *tp = tcp_sk(sk);

	/* SO_RCVBUFFORCE allows more than the field can say; numbers still compare. */
	HOLDS(sk, tp->rcv_wnd <= INT_MAX);
	HOLDS(sk, tp->rx_opt.rcv_wscale <= TCP_MAX_WSCALE);
	HOLDS(sk, tp->rx_opt.snd_wscale <= TCP_MAX_WSCALE);
	HOLDS(sk, inet_csk(sk)->icsk_ack.rcv_mss > 0);
}

/* ---- memory ------------------------------------------------------------------------------ */

static u64 queue_bytes(struct sk_buff_head *queue)
{
	struct sk_buff *skb;
	u64 bytes = 0;

	skb_queue_walk(queue, skb)
		bytes += skb->truesize;
	return bytes;
}

static u64 tree_bytes(struct rb_root *root)
{
	struct sk_buff *skb;
	u64 bytes = 0;

	skb_rbtree_walk(skb, root)
		bytes += skb->truesize;
	return bytes;
}

/* Of the error queue: errors are on the reader's account, news of writes by reference
 * on that of options. */
static u64 error_bytes(struct sock *sk, bool news)
{
	const struct sk_buff *skb;
	u64 bytes = 0;

	skb_queue_walk(&sk->sk_error_queue, skb)
		if ((skb->destructor != sock_rfree) == news)
			bytes += skb->truesize;
	return bytes;
}

/* What is queued is what is charged. */
static void check_charges(struct sock *sk)
{
	u64 in = queue_bytes(&sk->sk_receive_queue) + error_bytes(sk, false), out = 0;

	if (sk->sk_protocol == IPPROTO_TCP && sk->sk_state != TCP_LISTEN) {
		in += tree_bytes(&tcp_sk(sk)->out_of_order_queue);
		out = queue_bytes(&sk->sk_write_queue) + tree_bytes(&sk->tcp_rtx_queue);
		HOLDS(sk, (u64)sk->sk_wmem_queued == out);
	}
	HOLDS(sk, (u64)sk->sk_rmem_alloc == in);
	HOLDS(sk, sk->sk_wmem_alloc >= 1);
	HOLDS(sk, (u64)sk->sk_omem_alloc >= error_bytes(sk, true));
	HOLDS(sk, sk->sk_zcopy_calls || (u64)sk->sk_omem_alloc == error_bytes(sk, true));
	/* As in Linux, what a packet that is being queued was promised may be given
	 * back with those that it replaces; never more than that. */
	HOLDS(sk, sk->sk_forward_alloc > -(int)SKB_TRUESIZE(65536));
	HOLDS(sk, !sk->sk_backlog.head && !sk->sk_backlog.len);
	HOLDS(sk, !sk->sk_lock.owned);
}

/* ---- sockets and namespaces ------------------------------------------------------------- */

static void check_tcp(struct sock *sk)
{
	if (sk->sk_state == TCP_LISTEN) {
		HOLDS(sk, inet_csk(sk)->icsk_accept_queue.qlen >= 0);
		return;
	}
	check_ooo_queue(sk);
	if (in_states(sk, TCPF_SYNCHRONIZED | TCPF_SYN_SENT)) {
		check_rtx_queue(sk);
		check_write_queue(sk);
		check_congestion(sk);
		check_timers(sk);
	}
	if (in_states(sk, TCPF_SYNCHRONIZED)) {
		check_receive_queue(sk);
		check_window(sk);
	}
}

/**
 * invariants_check - look at every socket of a namespace
 * @net: the namespace, at rest
 */
void invariants_check(struct net *net)
{
	u64 charged = 0, tcp = 0;
	struct sock *sk;

	list_for_each_entry(sk, &net->core.sock_list, sk_net_node) {
		check_charges(sk);
		if (sk->sk_protocol != IPPROTO_TCP)
			continue;
		check_tcp(sk);
		/* Destroyed, but a packet below us still names it. */
		if (!(sk->sk_state == TCP_CLOSE && sock_flag(sk, SOCK_DEAD)))
			tcp++;
		charged += (u64)(s64)(sk->sk_forward_alloc + sk->sk_rmem_alloc +
				      sk->sk_wmem_queued);
	}
	EXPECT_EQ((u64)net->ipv4.tcp_memory.allocated_pages * SK_MEM_QUANTUM, charged);
	EXPECT_EQ((u64)net->ipv4.tcp_sockets_allocated, tcp);
	EXPECT_GE(net->ipv4.tcp_orphan_count, 0);
	EXPECT_GE(net->ipv4.tcp_tw_count, 0);
	EXPECT_LE(net->ipv4.arp_tbl->entries, (unsigned int)net->ipv4.arp_tbl->gc_thresh3 + 1);
}

/**
 * invariants_conserved - no packet is lost without a reason
 * @net: the namespace, at rest
 */
void invariants_conserved(struct net *net)
{
	u64 dropped = 0;
	int i;

	for (i = 0; i < SKB_DROP_REASON_MAX; i++)
		dropped += net->drops[i];
	EXPECT_EQ(dropped, net->acct.dropped);
	EXPECT_EQ(packets_unaccounted(net), 0);
}

/* ---- frames ------------------------------------------------------------------------------- */

static void check_transport(const struct iphdr *iph, const void *l4, unsigned int len)
{
	__wsum sum = csum_partial(l4, (int)len, (__force __wsum)0);
	const struct tcphdr *th = l4;
	const struct udphdr *uh = l4;

	switch (iph->protocol) {
	case IPPROTO_TCP:
		EXPECT_GE(len, (unsigned int)sizeof(*th));
		EXPECT_TRUE(th->doff >= 5);
		EXPECT_LE(th->doff * 4U, len);
		EXPECT_TRUE(!th->res1);
		EXPECT_EQ(csum_tcpudp_magic(iph->saddr, iph->daddr, len, IPPROTO_TCP, sum), 0);
		break;
	case IPPROTO_UDP:
		EXPECT_GE(len, (unsigned int)sizeof(*uh));
		EXPECT_EQ(ntohs(uh->len), len);
		if (uh->check)
			EXPECT_EQ(csum_tcpudp_magic(iph->saddr, iph->daddr, len, IPPROTO_UDP,
						    sum), 0);
		break;
	case IPPROTO_ICMP:
		EXPECT_GE(len, (unsigned int)sizeof(struct icmphdr));
		EXPECT_EQ(csum_fold(sum), 0);
		break;
	}
}

/**
 * invariants_frame - look at a frame that left
 * @frame: Ethernet header first; complete, nothing left to hardware
 * @len: its bytes
 */
void invariants_frame(const void *frame, size_t len)
{
	const u8 *eth = frame;
	struct iphdr iph;
	u8 packet[2048];

	EXPECT_GE(len, (size_t)ETH_HLEN);
	if (len < ETH_HLEN + sizeof(iph) || eth[12] != 8 || eth[13] != 0) {
		EXPECT_TRUE(len >= ETH_HLEN + 28 && eth[12] == 8 && eth[13] == 6);
		return;
	}
	memcpy(&iph, eth + ETH_HLEN, sizeof(iph));
	EXPECT_TRUE(iph.version == 4);
	EXPECT_TRUE(iph.ihl == 5);
	EXPECT_EQ(ntohs(iph.tot_len), len - ETH_HLEN);
	EXPECT_EQ(ip_fast_csum(&iph, 5), 0);
	if (iph.frag_off & htons(IP_MF | IP_OFFSET) || len > sizeof(packet))
		return;
	memcpy(packet, eth + ETH_HLEN + sizeof(iph), len - ETH_HLEN - sizeof(iph));
	check_transport(&iph, packet, (unsigned int)(len - ETH_HLEN - sizeof(iph)));
}

/* ---- what is in use -------------------------------------------------------------------------- */

static void take_cache(const struct kmem_cache *s, void *ctx)
{
	struct host_snapshot *snap = ctx;

	BUG_ON(snap->caches == SNAPSHOT_CACHES);
	snap->cache[snap->caches] = s;
	snap->inuse[snap->caches++] = s->inuse;
}

/**
 * host_snapshot_take - count objects, timers and warnings
 * @snap: filled in
 */
void host_snapshot_take(struct host_snapshot *snap)
{
	snap->caches = 0;
	kmem_cache_for_each(take_cache, snap);
	snap->timers = timers_armed();
	snap->warnings = warn_count();
}

/* For what is reported about a cache. */
struct comparison {
	const struct host_snapshot *before;
	const char *file;
};

static void compare_cache(const struct kmem_cache *s, void *ctx)
{
	const struct comparison *c = ctx;
	unsigned long was = 0;
	unsigned int i;

	for (i = 0; i < c->before->caches; i++)
		if (c->before->cache[i] == s)
			was = c->before->inuse[i];
	if (s->inuse != was)
		test_fail(c->file, 0, "leak: %s has %lu objects in use, had %lu", s->name,
			  s->inuse, was);
}

/**
 * host_snapshot_check - count again, and compare
 * @before: from host_snapshot_take()
 * @warnings: so many more shall there be
 * @file: for reports
 */
void host_snapshot_check(const struct host_snapshot *before, unsigned long warnings,
			 const char *file)
{
	struct comparison c = { .before = before, .file = file };
	unsigned long warned = warn_count() - before->warnings;

	kmem_cache_for_each(compare_cache, &c);
	if (timers_armed() != before->timers)
		test_fail(file, 0, "leak: %lu timers armed, were %lu", timers_armed(),
			  before->timers);
	if (warned != warnings)
		test_fail(file, 0, "%lu warnings, %lu expected", warned, warnings);
}
