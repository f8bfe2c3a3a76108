// SPDX-License-Identifier: MIT
/*
 * How large may a segment be? From the path MTU to the MSS and back, and the
 * search for a larger MTU by probes where ICMP says nothing.
 *
 * Linux: net/ipv4/tcp_output.c, tcp_input.c (probe results)
 * RFC: 9293 3.7.1 (MSS), 1191, 4821 (packetization layer PMTUD)
 */
#include <linux/errno.h>
#include <net/tcp.h>
#include "tcp_output.h"
#include "tcp_recovery.h"

/* MSS for an MTU, fixed headers and options of every segment taken off. */
static int __tcp_mtu_to_mss(struct sock *sk, int pmtu)
{
	const struct tcp_sock *tp = tcp_sk(sk);
	const struct inet_connection_sock *icsk = inet_csk(sk);
	int mss_now = pmtu - (int)icsk->icsk_af_ops->net_header_len - (int)sizeof(struct tcphdr);

	if (mss_now > tp->rx_opt.mss_clamp)
		mss_now = tp->rx_opt.mss_clamp;
	mss_now -= icsk->icsk_ext_hdr_len;
	/* A tiny MSS (an attack, or an error) would cost a packet a byte. */
	return max(mss_now, sock_net(sk)->ipv4.sysctl_tcp_min_snd_mss);
}

/**
 * tcp_mtu_to_mss() - payload bytes of a full segment on a path
 * @sk: the connection
 * @pmtu: path MTU, bytes
 * Context: socket locked
 * Return: bytes, what TCP options always take is subtracted
 */
int tcp_mtu_to_mss(struct sock *sk, int pmtu)
{
	return __tcp_mtu_to_mss(sk, pmtu) -
	       (tcp_sk(sk)->tcp_header_len - (int)sizeof(struct tcphdr));
}

/**
 * tcp_mss_to_mtu() - the inverse
 * @sk: the connection
 * @mss: payload bytes
 * Context: socket locked
 * Return: MTU, bytes
 */
int tcp_mss_to_mtu(struct sock *sk, int mss)
{
	const struct inet_connection_sock *icsk = inet_csk(sk);

	return mss + tcp_sk(sk)->tcp_header_len + icsk->icsk_ext_hdr_len +
	       icsk->icsk_af_ops->net_header_len;
}

/**
 * tcp_mtup_init() - start of MTU probing, if the sysctl says so
 * @sk: the connection
 * Context: socket locked
 */
void tcp_mtup_init(struct sock *sk)
{
	struct tcp_sock *tp = tcp_sk(sk);
	struct inet_connection_sock *icsk = inet_csk(sk);
	const struct netns_ipv4 *ipv4 = &sock_net(sk)->ipv4;

	icsk->icsk_mtup.enabled = ipv4->sysctl_tcp_mtu_probing > 1;
	icsk->icsk_mtup.search_high = tp->rx_opt.mss_clamp + (u32)sizeof(struct tcphdr) +
				      icsk->icsk_af_ops->net_header_len;
	icsk->icsk_mtup.search_low = (u32)tcp_mss_to_mtu(sk, ipv4->sysctl_tcp_base_mss);
	icsk->icsk_mtup.probe_size = 0;
	if (icsk->icsk_mtup.enabled)
		icsk->icsk_mtup.probe_timestamp = ktime_get_ns();
}

/**
 * tcp_bound_to_half_wnd() - no segment larger than half the peer's window
 * @tp: the connection
 * @pktsize: bytes
 *
 * The largest window ever offered counts: a peer with a tiny buffer would
 * otherwise wait for a full segment that can never come.
 *
 * Context: socket locked
 * Return: bytes
 */
int tcp_bound_to_half_wnd(const struct tcp_sock *tp, int pktsize)
{
	u32 cutoff = tp->max_window > TCP_MSS_DEFAULT ? tp->max_window >> 1 : tp->max_window;

	if (cutoff && pktsize > (int)cutoff)
		return max_t(int, (int)cutoff, 68 - tp->tcp_header_len);
	return pktsize;
}

/**
 * tcp_sync_mss() - the path MTU is, or may be, another
 * @sk: the connection
 * @pmtu: bytes
 * Context: socket locked
 * Return: the MSS now in force (mss_cache), bytes
 */
unsigned int tcp_sync_mss(struct sock *sk, u32 pmtu)
{
	struct tcp_sock *tp = tcp_sk(sk);
	struct inet_connection_sock *icsk = inet_csk(sk);
	int mss_now;

	if (icsk->icsk_mtup.search_high > pmtu)
		icsk->icsk_mtup.search_high = pmtu;
	mss_now = tcp_bound_to_half_wnd(tp, tcp_mtu_to_mss(sk, (int)pmtu));
	icsk->icsk_pmtu_cookie = pmtu;
	if (icsk->icsk_mtup.enabled)
		mss_now = min(mss_now, tcp_mtu_to_mss(sk, (int)icsk->icsk_mtup.search_low));
	tp->mss_cache = (u32)mss_now;
	return (unsigned int)mss_now;
}

/**
 * tcp_current_mss() - MSS for the next segment, present options included
 * @sk: the connection
 * Context: socket locked
 * Return: bytes
 */
unsigned int tcp_current_mss(struct sock *sk)
{
	const struct tcp_sock *tp = tcp_sk(sk);
	const struct dst_entry *dst = __sk_dst_get(sk);
	struct tcp_out_options opts;
	unsigned int header_len, mss_now = tp->mss_cache;

	if (dst) {
		u32 mtu = dst_mtu(dst);

		if (mtu != inet_csk(sk)->icsk_pmtu_cookie)
			mss_now = tcp_sync_mss(sk, mtu);
	}
	header_len = tcp_established_options(sk, NULL, &opts) + (u32)sizeof(struct tcphdr);
	/* mss_cache knows tcp_header_len; SACK blocks come and go. */
	if (header_len != tp->tcp_header_len)
		mss_now -= header_len - tp->tcp_header_len;
	return mss_now;
}

/**
 * tcp_mtup_check_success() - a probe that was acknowledged raises the MTU
 * @sk: the connection, after an ACK advanced SND.UNA
 * Context: socket locked
 */
void tcp_mtup_check_success(struct sock *sk)
{
	struct tcp_sock *tp = tcp_sk(sk);
	struct inet_connection_sock *icsk = inet_csk(sk);
	u64 val;

	if (likely(!icsk->icsk_mtup.probe_size) || after(tp->mtu_probe_seq_end, tp->snd_una))
		return;
	/* RFC 4821 7.6.1: the window counts segments, and they grow */
	val = (u64)tcp_snd_cwnd(tp) * (u32)tcp_mss_to_mtu(sk, (int)tp->mss_cache);
	val /= icsk->icsk_mtup.probe_size;
	tcp_snd_cwnd_set(tp, max_t(u32, 1U, (u32)val));
	tp->snd_cwnd_cnt = 0;
	tp->snd_cwnd_stamp = ktime_get_ns();
	tp->snd_ssthresh = tcp_current_ssthresh(sk);
	icsk->icsk_mtup.search_low = icsk->icsk_mtup.probe_size;
	icsk->icsk_mtup.probe_size = 0;
	tcp_sync_mss(sk, icsk->icsk_pmtu_cookie);
	NET_INC_STATS(sock_net(sk), LINUX_MIB_TCPMTUPSUCCESS);
}

/**
 * tcp_mtup_probe_failed() - the probe was lost: not that large
 * @sk: the connection
 * Context: socket locked
 */
void tcp_mtup_probe_failed(struct sock *sk)
{
	struct inet_connection_sock *icsk = inet_csk(sk);

	icsk->icsk_mtup.search_high = icsk->icsk_mtup.probe_size - 1;
	icsk->icsk_mtup.probe_size = 0;
	NET_INC_STATS(sock_net(sk), LINUX_MIB_TCPMTUPFAIL);
}

/* ---- probing ------------------------------------------------------------------------ */

/* RFC 4821 7.3: the search is done; routes change: begin again now and then. */
static void tcp_mtu_check_reprobe(struct sock *sk)
{
	struct inet_connection_sock *icsk = inet_csk(sk);
	const struct tcp_sock *tp = tcp_sk(sk);
	u64 interval = (u64)sock_net(sk)->ipv4.sysctl_tcp_probe_interval * NSEC_PER_SEC;

	if (likely(ktime_get_ns() - icsk->icsk_mtup.probe_timestamp < interval))
		return;
	icsk->icsk_mtup.probe_size = 0;
	icsk->icsk_mtup.search_high = tp->rx_opt.mss_clamp + (u32)sizeof(struct tcphdr) +
				      icsk->icsk_af_ops->net_header_len;
	icsk->icsk_mtup.search_low = (u32)tcp_mss_to_mtu(sk, (int)tcp_current_mss(sk));
	icsk->icsk_mtup.probe_timestamp = ktime_get_ns();
}

/* The middle of the search, as payload; 0: there is nothing to be found. */
static int tcp_mtu_probe_size(struct sock *sk)
{
	const struct inet_connection_sock *icsk = inet_csk(sk);
	const u32 low = icsk->icsk_mtup.search_low, high = icsk->icsk_mtup.search_high;
	int size = tcp_mtu_to_mss(sk, (int)((high + low) >> 1));

	if (size > tcp_mtu_to_mss(sk, (int)high) ||
	    (int)(high - low) < sock_net(sk)->ipv4.sysctl_tcp_probe_threshold) {
		tcp_mtu_check_reprobe(sk);
		return 0;
	}
	return size;
}

/* Is there enough to send, and room for it? As tcp_mtu_probe(), 1: yes. */
static int tcp_mtu_probe_fits(const struct sock *sk, int probe_size)
{
	const struct tcp_sock *tp = tcp_sk(sk);
	/* RFC 4821 7.4: what follows it must be able to show its loss */
	const u32 needed = (u32)probe_size + (tp->reordering + 1) * tp->mss_cache;

	if (tp->write_seq - tp->snd_nxt < needed || tp->snd_wnd < needed)
		return -1;
	if (after(tp->snd_nxt + needed, tcp_wnd_end(tp)))
		return 0;
	if (tcp_packets_in_flight(tp) + 2 > tcp_snd_cwnd(tp))
		return tcp_packets_in_flight(tp) ? 0 : -1;
	return 1;
}

/* Cuts the write queue so that its first segments are exactly @size bytes. False: a
 * boundary of the program's is in the way, or no memory. */
static bool tcp_mtu_probe_cut(struct sock *sk, u32 size, unsigned int mss_now)
{
	struct sk_buff *skb;

	skb_queue_walk(&sk->sk_write_queue, skb) {
		if (size < skb->len)
			return !tcp_fragment(sk, TCP_FRAG_IN_WRITE_QUEUE, skb, size, mss_now,
					     GFP_ATOMIC);
		size -= skb->len;
		if (!size)
			return true;
		if (TCP_SKB_CB(skb)->eor)
			return false;
	}
	return false;
}

/* The first @size bytes of the write queue, which was cut there, as one segment in their
 * place. NULL: no memory. */
static struct sk_buff *tcp_mtu_probe_build(struct sock *sk, u32 size)
{
	struct sk_buff *nskb = tcp_alloc_segment(sk, size, GFP_ATOMIC, false);
	struct sk_buff *skb = tcp_send_head(sk);
	struct tcp_skb_cb *tcb;

	if (!nskb)
		return NULL;
	tcb = TCP_SKB_CB(nskb);
	tcb->seq = TCP_SKB_CB(skb)->seq;
	tcb->end_seq = tcb->seq + size;
	tcb->tcp_flags = TCPHDR_ACK;
	while (size) {
		skb = tcp_send_head(sk);
		/* Of a queue of ours all can be read. */
		WARN_ON_ONCE(skb_copy_bits(skb, 0, skb_put(nskb, skb->len), (int)skb->len));
		tcb->tcp_flags |= TCP_SKB_CB(skb)->tcp_flags;
		tcb->eor = TCP_SKB_CB(skb)->eor;
		size -= skb->len;
		tcp_unlink_write_queue(skb, sk);
		tcp_wmem_free_skb(sk, skb);
	}
	__skb_header_release(nskb);
	__skb_queue_head(&sk->sk_write_queue, nskb);
	sk->sk_wmem_queued += (int)nskb->truesize;
	sk_mem_charge(sk, (int)nskb->truesize);
	tcp_set_skb_tso_segs(nskb, nskb->len);
	return nskb;
}

/**
 * tcp_mtu_probe() - RFC 4821: try a larger segment, if it is time for one
 * @sk: the connection
 *
 * Only when nothing else is going on: no recovery, no SACK blocks to send (their room
 * varies), and window for the probe and for what has to follow it.
 *
 * Context: socket locked
 * Return: 1: a probe went out; 0: one will go as soon as the window allows: hold other
 * data until then; -1: none
 */
int tcp_mtu_probe(struct sock *sk)
{
	struct inet_connection_sock *icsk = inet_csk(sk);
	struct tcp_sock *tp = tcp_sk(sk);
	struct sk_buff *nskb;
	int size, fits;

	if (likely(!icsk->icsk_mtup.enabled || icsk->icsk_mtup.probe_size ||
		   icsk->icsk_ca_state != TCP_CA_Open || tcp_snd_cwnd(tp) < 11 ||
		   tp->rx_opt.num_sacks || tp->rx_opt.dsack))
		return -1;
	size = tcp_mtu_probe_size(sk);
	if (!size)
		return -1;
	fits = tcp_mtu_probe_fits(sk, size);
	if (fits <= 0)
		return fits;
	if (!tcp_mtu_probe_cut(sk, (u32)size, tcp_current_mss(sk)))
		return -1;
	nskb = tcp_mtu_probe_build(sk, (u32)size);
	/* Should it not leave, it is cut again by tcp_write_xmit(). */
	if (!nskb || tcp_transmit_skb(sk, nskb, 1, GFP_ATOMIC))
		return -1;
	/* It counts for two: what is lost with it is more than a segment. */
	tcp_snd_cwnd_set(tp, tcp_snd_cwnd(tp) - 1);
	tcp_event_new_data_sent(sk, nskb);
	icsk->icsk_mtup.probe_size = (u32)tcp_mss_to_mtu(sk, (int)nskb->len);
	tp->mtu_probe_seq_start = TCP_SKB_CB(nskb)->seq;
	tp->mtu_probe_seq_end = TCP_SKB_CB(nskb)->end_seq;
	return 1;
}
