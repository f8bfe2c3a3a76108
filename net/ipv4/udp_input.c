// SPDX-License-Identifier: MIT
/*
 * UDP in: which socket a datagram is for, its queue, and reading from it; what
 * ICMP says of datagrams sent.
 *
 * Linux: net/ipv4/udp.c (where long datagrams are summed as they are copied to
 * the program; here on arrival, so that poll() tells the truth)
 * RFC: 768, 1122 4.1.3
 */
#include <linux/err.h>
#include <linux/errno.h>
#include <linux/jhash.h>
#include <linux/kernel.h>
#include <linux/skbuff.h>
#include <linux/trace.h>
#include <net/busy_poll.h>
#include <net/checksum.h>
#include <net/gro.h>
#include <net/icmp.h>
#include <net/inet_sock.h>
#include <net/ip.h>
#include <net/route.h>
#include <net/udp.h>

/* Who sent what to whom, where it came in. */
struct udp_key {
	__be32 saddr, daddr;
	__be16 sport, dport;
	int dif;
};

/* How well a socket fits; -1: it does not. What is bound to the address goes
 * before what is not, whatever else they say. */
static int compute_score(const struct sock *sk, const struct udp_key *k)
{
	int score = 1;

	if (sk->sk_num != ntohs(k->dport))
		return -1;
	if (sk->sk_rcv_saddr) {
		if (sk->sk_rcv_saddr != k->daddr)
			return -1;
		score += 16;
	}
	if (sk->sk_daddr) {
		if (sk->sk_daddr != k->saddr)
			return -1;
		score += 4;
	}
	if (sk->sk_dport) {
		if (sk->sk_dport != k->sport)
			return -1;
		score += 4;
	}
	if (sk->sk_bound_dev_if) {
		if (sk->sk_bound_dev_if != k->dif)
			return -1;
		score += 4;
	}
	return score;
}

/* Where among sockets that share a port (SO_REUSEPORT) a flow belongs. */
static u32 udp_flow_hash(const struct udp_table *tbl, const struct udp_key *k)
{
	return jhash_3words((__force u32)k->saddr, (__force u32)k->daddr,
			    (u32)(__force u16)k->sport << 16 | (__force u16)k->dport,
			    tbl->rnd);
}

static struct sock *udp_lookup(struct udp_table *tbl, const struct udp_key *k)
{
	struct hlist_head *head = &tbl->hash[udp_hashfn(tbl, ntohs(k->dport))].head;
	struct sock *sk, *result = NULL;
	int best = 0, matches = 0;
	u32 hash = 0;

	hlist_for_each_entry(sk, head, sk_node) {
		int score = compute_score(sk, k);

		if (score > best) {
			best = score;
			result = sk;
			matches = 1;
			hash = sk->sk_reuseport ? udp_flow_hash(tbl, k) : 0;
		} else if (score == best && sk->sk_reuseport && result) {
			/* The n-th of equals takes one flow in n. */
			matches++;
			if (((u64)hash * (u32)matches) >> 32 == 0)
				result = sk;
			hash = hash * 1664525U + 1013904223U;
		}
	}
	return result;
}

/**
 * __udp4_lib_lookup - the socket for a datagram
 * @net: namespace
 * @saddr: source
 * @sport: source port
 * @daddr: destination
 * @dport: destination port
 * @dif: ifindex it came in by
 * @udptable: where to look
 * @skb: datagram, or NULL. Borrows.
 *
 * Context: softirq.
 * Return: the socket, borrowed; NULL.
 */
struct sock *__udp4_lib_lookup(struct net *net, __be32 saddr, __be16 sport, __be32 daddr,
			       __be16 dport, int dif, struct udp_table *udptable,
			       struct sk_buff *skb)
{
	struct udp_key k = { .saddr = saddr, .daddr = daddr, .sport = sport, .dport = dport,
			     .dif = dif };

	return udp_lookup(udptable, &k);
}

/* ---- into the queue --------------------------------------------------------- */

/* One datagram, or several merged for a socket that asked for it. Consumes. 0 or -1. */
static int udp_queue_rcv_one_skb(struct sock *sk, struct sk_buff *skb)
{
	enum skb_drop_reason reason = SKB_DROP_REASON_SOCKET_RCVBUFF;
	struct net *net = sock_net(sk);
	int err;

	sk_mark_napi_id(sk, skb);
	ipv4_pktinfo_prepare(sk, skb);
	err = sock_queue_rcv_skb_reason(sk, skb, &reason);
	if (!err)
		return 0;
	UDP_INC_STATS(net, UDP_MIB_INERRORS);
	if (reason == SKB_DROP_REASON_PROTO_MEM)
		UDP_INC_STATS(net, UDP_MIB_MEMERRORS);
	else
		UDP_INC_STATS(net, UDP_MIB_RCVBUFERRORS);
	kfree_skb_reason(skb, reason);
	return -1;
}

/* A merged packet for a socket that takes datagrams one by one: cut again, each
 * queued. Consumes. 0; -1: not all of them were. */
static int udp_queue_rcv_segments(struct sock *sk, struct sk_buff *skb)
{
	u16 gso_segs = max_t(u16, skb_shinfo(skb)->gso_segs, 1);
	struct net *net = sock_net(sk);
	struct sk_buff *segs, *next;
	int ret = 0;

	__skb_push(skb, (unsigned int)-skb_mac_offset(skb));
	/* By reference; no sum is made that nobody will look at. */
	segs = skb_gso_segment(skb, NETIF_F_SG | NETIF_F_HW_CSUM);
	if (IS_ERR(segs)) {
		sk->sk_drops += gso_segs;
		UDP_ADD_STATS(net, UDP_MIB_INERRORS, gso_segs);
		kfree_skb_reason(skb, PTR_ERR(segs) == -ENOMEM ? SKB_DROP_REASON_NOMEM :
							   SKB_DROP_REASON_SKB_GSO_SEG);
		return -1;
	}
	consume_skb(skb);
	for (; segs; segs = next) {
		next = segs->next;
		skb_mark_not_on_list(segs);
		__skb_pull(segs, (unsigned int)skb_transport_offset(segs));
		if (udp_queue_rcv_one_skb(sk, segs))
			ret = -1;
	}
	return ret;
}

/**
 * udp_queue_rcv_skb - queue a datagram to a socket
 * @sk: socket
 * @skb: datagram, checked, or several merged. Consumes.
 *
 * Context: softirq.
 * Return: 0; -1: dropped, counters moved.
 */
int udp_queue_rcv_skb(struct sock *sk, struct sk_buff *skb)
{
	trace_skb(skb);
	if (unlikely(skb_is_gso(skb)) &&
	    !(udp_sk(sk)->gro_enabled && (skb_shinfo(skb)->gso_type & SKB_GSO_UDP_L4)))
		return udp_queue_rcv_segments(sk, skb);
	return udp_queue_rcv_one_skb(sk, skb);
}

/* A broadcast goes to every socket that is not bound to something else. */
static bool udp_is_mcast_sock(const struct sock *sk, const struct udp_key *k)
{
	return compute_score(sk, k) > 0;
}

/* A copy for one more receiver of a broadcast. */
static void udp_deliver_copy(struct sock *sk, struct sk_buff *skb)
{
	struct sk_buff *copy = skb_clone(skb, GFP_ATOMIC);

	if (copy) {
		udp_queue_rcv_skb(sk, copy);
		return;
	}
	sk->sk_drops++;
	UDP_INC_STATS(sock_net(sk), UDP_MIB_RCVBUFERRORS);
	UDP_INC_STATS(sock_net(sk), UDP_MIB_INERRORS);
}

/* Broadcasts and groups: copies for all but the last receiver. Consumes. */
static int __udp4_lib_mcast_deliver(struct net *net, struct sk_buff *skb,
				    const struct udp_key *k, struct udp_table *tbl)
{
	struct hlist_head *head = &tbl->hash[udp_hashfn(tbl, ntohs(k->dport))].head;
	struct sock *sk, *last = NULL;

	hlist_for_each_entry(sk, head, sk_node) {
		if (!udp_is_mcast_sock(sk, k))
			continue;
		if (last)
			udp_deliver_copy(last, skb);
		last = sk;
	}
	if (last)
		return udp_queue_rcv_skb(last, skb);
	UDP_INC_STATS(net, UDP_MIB_IGNOREDMULTI);
	kfree_skb_reason(skb, SKB_DROP_REASON_NO_SOCKET);
	return 0;
}

static __wsum udp_compute_pseudo(const struct sk_buff *skb, int proto)
{
	return csum_tcpudp_nofold(ip_hdr(skb)->saddr, ip_hdr(skb)->daddr, skb->len,
				  (u8)proto, 0);
}

/* RFC 768: a length of at least the header's and at most what IP brought; what
 * is behind it is not the datagram's. A checksum of 0 is none. */
static enum skb_drop_reason udp_check(struct net *net, struct sk_buff *skb, int proto)
{
	unsigned int ulen;

	if (!pskb_may_pull(skb, sizeof(struct udphdr)))
		return SKB_DROP_REASON_PKT_TOO_SMALL;
	ulen = ntohs(udp_hdr(skb)->len);
	if (ulen > skb->len || ulen < sizeof(struct udphdr))
		return SKB_DROP_REASON_UDP_LENGTH;
	if (pskb_trim_rcsum(skb, ulen))
		return SKB_DROP_REASON_NOMEM;
	if (skb_checksum_validate_zero_check(skb, proto, udp_hdr(skb)->check,
					     udp_compute_pseudo)) {
		UDP_INC_STATS(net, UDP_MIB_CSUMERRORS);
		return SKB_DROP_REASON_UDP_CSUM;
	}
	return SKB_NOT_DROPPED_YET;
}

/**
 * __udp4_lib_rcv - find a datagram's socket
 * @skb: datagram, data at the UDP header. Consumes.
 * @udptable: where to look
 * @proto: IPPROTO_UDP
 *
 * Context: softirq.
 * Return: 0.
 */
int __udp4_lib_rcv(struct sk_buff *skb, struct udp_table *udptable, int proto)
{
	struct net *net = dev_net(skb->dev);
	enum skb_drop_reason reason;
	struct udp_key k;
	struct sock *sk;

	reason = udp_check(net, skb, proto);
	if (reason) {
		UDP_INC_STATS(net, UDP_MIB_INERRORS);
		kfree_skb_reason(skb, reason);
		return 0;
	}
	k = (struct udp_key){ .saddr = ip_hdr(skb)->saddr, .daddr = ip_hdr(skb)->daddr,
			      .sport = udp_hdr(skb)->source, .dport = udp_hdr(skb)->dest,
			      .dif = skb->skb_iif };
	if (skb_rtable(skb)->rt_flags & (RTCF_BROADCAST | RTCF_MULTICAST)) {
		__udp4_lib_mcast_deliver(net, skb, &k, udptable);
		return 0;
	}
	sk = udp_lookup(udptable, &k);
	if (sk) {
		udp_queue_rcv_skb(sk, skb);
		return 0;
	}
	/* RFC 1122 4.1.3.1 */
	UDP_INC_STATS(net, UDP_MIB_NOPORTS);
	icmp_send(skb, ICMP_DEST_UNREACH, ICMP_PORT_UNREACH, 0);
	kfree_skb_reason(skb, SKB_DROP_REASON_NO_SOCKET);
	return 0;
}

/**
 * udp_rcv - net_protocol handler of IPPROTO_UDP
 * @skb: datagram, data at the UDP header. Consumes.
 *
 * Context: softirq.
 * Return: 0.
 */
int udp_rcv(struct sk_buff *skb)
{
	trace_skb(skb);
	return __udp4_lib_rcv(skb, dev_net(skb->dev)->ipv4.udp_table, IPPROTO_UDP);
}

/* ---- errors ------------------------------------------------------------------ */

/* What an ICMP error means to @sk: an errno, 0: nothing; *@hard: at once. */
static int udp_icmp_errno(struct sock *sk, struct sk_buff *skb, u32 info, bool *hard)
{
	u8 type = icmp_hdr(skb)->type, code = icmp_hdr(skb)->code;

	*hard = false;
	switch (type) {
	case ICMP_PARAMETERPROB:
		*hard = true;
		return EPROTO;
	case ICMP_REDIRECT:
		ipv4_sk_redirect(skb, sk);
		return 0;
	case ICMP_DEST_UNREACH:
		if (code == ICMP_FRAG_NEEDED) {
			ipv4_sk_update_pmtu(skb, sk, info);
			*hard = true;
			return inet_sk(sk)->pmtudisc != IP_PMTUDISC_DONT ? EMSGSIZE : 0;
		}
		if (code > NR_ICMP_UNREACH)
			return EHOSTUNREACH;
		*hard = icmp_err_convert[code].fatal;
		return icmp_err_convert[code].errno;
	default:	/* time exceeded */
		return EHOSTUNREACH;
	}
}

/**
 * __udp4_lib_err - an ICMP error quotes a datagram of ours
 * @skb: the error, data at the quoted IP header. Borrows.
 * @info: next-hop MTU, or the like
 * @udptable: where to look
 *
 * RFC 1122 4.1.3.3: told to the program: to one that is connected, if the
 * error is one that lasts; to one that asked for it (IP_RECVERR), always.
 *
 * Context: softirq.
 * Return: 0, or -ENOENT: no socket has that flow.
 */
int __udp4_lib_err(struct sk_buff *skb, u32 info, struct udp_table *udptable)
{
	const struct iphdr *iph = (const void *)skb->data;
	struct udphdr *uh = (struct udphdr *)(void *)(skb->data + iph->ihl * 4);
	struct net *net = dev_net(skb->dev);
	struct sock *sk;
	bool hard;
	int err;

	sk = __udp4_lib_lookup(net, iph->daddr, uh->dest, iph->saddr, uh->source,
			       skb->skb_iif, udptable, NULL);
	if (!sk) {
		ICMP_INC_STATS(net, ICMP_MIB_INERRORS);
		return -ENOENT;
	}
	err = udp_icmp_errno(sk, skb, info, &hard);
	if (!err)
		return 0;
	if (inet_sk(sk)->recverr)
		ip_icmp_error(sk, skb, err, uh->dest, info, (u8 *)(uh + 1));
	else if (!hard || sk->sk_state != TCP_ESTABLISHED)
		return 0;
	sk->sk_err = err;
	sk->sk_error_report(sk);
	return 0;
}

/**
 * udp_err - net_protocol err_handler of IPPROTO_UDP
 * @skb: the error, data at the quoted IP header. Borrows.
 * @info: next-hop MTU, or the like
 *
 * Context: softirq.
 * Return: as __udp4_lib_err().
 */
int udp_err(struct sk_buff *skb, u32 info)
{
	return __udp4_lib_err(skb, info, dev_net(skb->dev)->ipv4.udp_table);
}

/* ---- out of the queue --------------------------------------------------------- */

static void udp_fill_name(struct msghdr *msg, const struct sk_buff *skb, int *addr_len)
{
	struct sockaddr_in *sin = msg->msg_name;

	if (!sin)
		return;
	memset(sin, 0, sizeof(*sin));
	sin->sin_family = AF_INET;
	sin->sin_port = udp_hdr(skb)->source;
	sin->sin_addr.s_addr = ip_hdr(skb)->saddr;
	*addr_len = sizeof(*sin);
}

/* Of how many bytes the datagrams are that were merged into this one. */
static void udp_cmsg_recv(struct msghdr *msg, const struct sk_buff *skb)
{
	int gso_size = skb_shinfo(skb)->gso_size;

	if (gso_size)
		put_cmsg(msg, SOL_UDP, UDP_GRO, sizeof(gso_size), &gso_size);
}

/**
 * udp_recvmsg - proto.recvmsg of UDP
 * @sk: socket
 * @msg: where to
 * @len: bytes there is room for
 * @flags: MSG_*
 * @addr_len: length of the address that was filled in
 *
 * Context: process, may sleep.
 * Return: bytes copied; with MSG_TRUNC, bytes of the datagram; -EAGAIN, -EFAULT,
 * -EINTR, or the socket's error.
 */
int udp_recvmsg(struct sock *sk, struct msghdr *msg, size_t len, int flags, int *addr_len)
{
	struct sk_buff *skb;
	int err, ulen, copied;

	trace_here();
	if (flags & MSG_ERRQUEUE)
		return ip_recv_error(sk, msg, (int)len, addr_len);
	skb = skb_recv_datagram(sk, (unsigned int)flags, &err);
	if (!skb)
		return err;
	trace_skb_as(skb, "udp_recvmsg");
	ulen = (int)(skb->len - sizeof(struct udphdr));
	copied = (int)min_t(size_t, len, (size_t)ulen);
	if (copied < ulen)
		msg->msg_flags |= MSG_TRUNC;
	err = skb_copy_datagram_msg(skb, sizeof(struct udphdr), msg, copied);
	if (err) {
		if (!skb->peeked)
			UDP_INC_STATS(sock_net(sk), UDP_MIB_INERRORS);
		skb_free_datagram(sk, skb);
		return err;
	}
	if (!(flags & MSG_PEEK))
		UDP_INC_STATS(sock_net(sk), UDP_MIB_INDATAGRAMS);
	sock_recv_timestamp(msg, sk, skb);
	udp_fill_name(msg, skb, addr_len);
	if (udp_sk(sk)->gro_enabled)
		udp_cmsg_recv(msg, skb);
	if (inet_sk(sk)->cmsg_flags)
		ip_cmsg_recv_offset(msg, sk, skb, sizeof(struct udphdr), 0);
	skb_free_datagram(sk, skb);
	return flags & MSG_TRUNC ? ulen : copied;
}
