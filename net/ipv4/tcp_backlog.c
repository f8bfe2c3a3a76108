// SPDX-License-Identifier: MIT
/*
 * A segment finds its socket held by a thread: it waits in the backlog, and joins
 * the one before it if that only goes on.
 *
 * Linux: net/ipv4/tcp_ipv4.c
 */
#include <linux/kernel.h>
#include <linux/string.h>
#include <net/tcp.h>

/* What a segment must not have, or both must have alike, to be one with another. */
static bool tcp_backlog_same(const struct sk_buff *tail, const struct sk_buff *skb)
{
	const struct tcphdr *thtail = (const struct tcphdr *)tail->data;
	const struct tcphdr *th = (const struct tcphdr *)skb->data;
	const u8 tail_flags = TCP_SKB_CB(tail)->tcp_flags, flags = TCP_SKB_CB(skb)->tcp_flags;

	if (TCP_SKB_CB(tail)->end_seq != TCP_SKB_CB(skb)->seq ||
	    TCP_SKB_CB(tail)->ip_dsfield != TCP_SKB_CB(skb)->ip_dsfield)
		return false;
	if ((tail_flags | flags) & (TCPHDR_SYN | TCPHDR_RST | TCPHDR_URG) ||
	    !(tail_flags & flags & TCPHDR_ACK) ||
	    (tail_flags ^ flags) & (TCPHDR_ECE | TCPHDR_CWR))
		return false;
	/* Nothing can follow a FIN. */
	if (tail_flags & TCPHDR_FIN)
		return false;
	return thtail->doff == th->doff &&
	       !memcmp(thtail + 1, th + 1, __tcp_hdrlen(th) - sizeof(*th));
}

/* How many segments, and of what size: for the ACK of every second one. */
static void tcp_backlog_add_segs(struct sk_buff *tail, unsigned int tail_len,
				 const struct sk_buff *skb, unsigned int len)
{
	struct skb_shared_info *to = skb_shinfo(tail);
	const struct skb_shared_info *from = skb_shinfo(skb);
	u32 segs = max_t(u32, to->gso_segs, 1) + max_t(u32, from->gso_segs, 1);

	to->gso_size = (u16)max(to->gso_size ? to->gso_size : tail_len,
				from->gso_size ? from->gso_size : len);
	to->gso_segs = (u16)min_t(u32, segs, U16_MAX);
}

/* @skb's data goes behind @tail's, its ACK and window take the place of @tail's. True:
 * consumed. */
static bool tcp_backlog_coalesce(struct sock *sk, struct sk_buff *tail, struct sk_buff *skb)
{
	struct tcphdr *thtail = (struct tcphdr *)tail->data;
	const struct tcphdr *th = (const struct tcphdr *)skb->data;
	const unsigned int hdrlen = __tcp_hdrlen(th);
	const unsigned int tail_len = tail->len - hdrlen, len = skb->len - hdrlen;
	bool fragstolen = false;
	int delta;

	if (!tcp_backlog_same(tail, skb))
		return false;
	__skb_pull(skb, hdrlen);
	if (!skb_try_coalesce(tail, skb, &fragstolen, &delta)) {
		__skb_push(skb, hdrlen);
		return false;
	}
	tcp_backlog_add_segs(tail, tail_len, skb, len);
	TCP_SKB_CB(tail)->end_seq = TCP_SKB_CB(skb)->end_seq;
	if (likely(!before(TCP_SKB_CB(skb)->ack_seq, TCP_SKB_CB(tail)->ack_seq))) {
		TCP_SKB_CB(tail)->ack_seq = TCP_SKB_CB(skb)->ack_seq;
		thtail->ack_seq = th->ack_seq;
		thtail->window = th->window;
	}
	/* Also in the header, which header prediction looks at. */
	thtail->fin |= th->fin;
	TCP_SKB_CB(tail)->tcp_flags |= TCP_SKB_CB(skb)->tcp_flags;
	if (TCP_SKB_CB(skb)->has_rxtstamp) {
		TCP_SKB_CB(tail)->has_rxtstamp = 1;
		tail->tstamp = skb->tstamp;
	}
	sk->sk_backlog.len += (unsigned int)delta;
	NET_INC_STATS(sock_net(sk), LINUX_MIB_TCPBACKLOGCOALESCE);
	kfree_skb_partial(skb, fragstolen);
	return true;
}

/**
 * tcp_add_backlog() - keep a segment for the owner of the socket
 * @sk: bh-locked, owned by a thread
 * @skb: data at the TCP header; consumed, if true is returned
 * @reason: why not
 * Context: softirq
 * Return: it is kept
 */
bool tcp_add_backlog(struct sock *sk, struct sk_buff *skb, enum skb_drop_reason *reason)
{
	/* What the window allows counts twice while the owner works it off: here,
	 * and as received. ACKs come here too, and some is for headers. */
	u64 limit = ((u64)sk->sk_rcvbuf << 1) + ((u64)sk->sk_sndbuf >> 1) + 64 * 1024;

	if (sk->sk_backlog.tail && tcp_backlog_coalesce(sk, sk->sk_backlog.tail, skb))
		return true;
	if (likely(!sk_add_backlog(sk, skb, (u32)min_t(u64, limit, UINT_MAX))))
		return true;
	NET_INC_STATS(sock_net(sk), LINUX_MIB_TCPBACKLOGDROP);
	*reason = SKB_DROP_REASON_SOCKET_BACKLOG;
	return false;
}
