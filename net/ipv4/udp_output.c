// SPDX-License-Identifier: MIT
/*
 * UDP out: where a datagram goes, with or without connect(), at once or corked.
 *
 * Linux: net/ipv4/udp.c
 * RFC: 768, 1122 4.1.3
 */
#include <linux/errno.h>
#include <linux/kernel.h>
#include <linux/skbuff.h>
#include <linux/trace.h>
#include <net/checksum.h>
#include <net/inet_sock.h>
#include <net/ip.h>
#include <net/route.h>
#include <net/udp.h>

/* Where one datagram goes. */
struct udp_dest {
	__be32 daddr;
	__be16 dport;
	bool connected;		/* the socket's own route is good */
	u8 scope;		/* RT_SCOPE_* */
	u8 tos;
};

/**
 * udp_flush_pending_frames - throw a corked datagram away
 * @sk: socket
 *
 * Context: process, socket locked.
 */
void udp_flush_pending_frames(struct sock *sk)
{
	struct udp_sock *up = udp_sk(sk);

	if (!up->pending)
		return;
	up->len = 0;
	up->pending = 0;
	ip_flush_pending_frames(sk);
}

/* Leaves the sum to the device, as netif_skb_features() allowed. */
static void udp4_hwcsum(struct sk_buff *skb, __be32 src, __be32 dst, unsigned int len)
{
	struct udphdr *uh = udp_hdr(skb);

	skb->csum_start = skb->transport_header;
	skb->csum_offset = offsetof(struct udphdr, check);
	uh->check = (__force __sum16)~(__force u16)csum_tcpudp_magic(src, dst, len,
								     IPPROTO_UDP, 0);
}

/* RFC 768: over a pseudo-header; a sum of 0 is sent as all ones, 0 is none. */
static void udp_send_csum(struct sock *sk, struct sk_buff *skb, const struct flowi4 *fl4,
			  unsigned int len)
{
	struct udphdr *uh = udp_hdr(skb);
	__wsum csum;

	if (sk->sk_no_check_tx) {
		skb->ip_summed = CHECKSUM_NONE;
		return;
	}
	if (skb->ip_summed == CHECKSUM_PARTIAL) {
		udp4_hwcsum(skb, fl4->saddr, fl4->daddr, len);
		return;
	}
	csum = csum_partial(uh, sizeof(*uh), skb->csum);
	uh->check = csum_tcpudp_magic(fl4->saddr, fl4->daddr, len, IPPROTO_UDP, csum);
	if (!uh->check)
		uh->check = CSUM_MANGLED_0;
}

/* UDP_SEGMENT: whoever comes last makes datagrams of gso_size bytes out of @payload.
 * What fits in one is one, whatever the size was. */
static int udp_set_gso(const struct sock *sk, struct sk_buff *skb, unsigned int payload,
		       const struct inet_cork *cork)
{
	const unsigned int hlen = sizeof(struct iphdr) + sizeof(struct udphdr);

	if (hlen + min(payload, (unsigned int)cork->gso_size) > cork->fragsize)
		return -EMSGSIZE;
	/* Their sums are made when they are. */
	if (payload > cork->gso_size * UDP_MAX_SEGMENTS || sk->sk_no_check_tx)
		return -EINVAL;
	if (payload > cork->gso_size) {
		skb_shinfo(skb)->gso_size = cork->gso_size;
		skb_shinfo(skb)->gso_type = SKB_GSO_UDP_L4;
		skb_shinfo(skb)->gso_segs = (u16)DIV_ROUND_UP(payload, cork->gso_size);
	}
	return 0;
}

/* Completes and sends a datagram, or several. Consumes. */
static int udp_send_skb(struct sock *sk, struct sk_buff *skb, const struct flowi4 *fl4,
			const struct inet_cork *cork)
{
	unsigned int len = skb->len - (unsigned int)skb_transport_offset(skb);
	struct udphdr *uh = udp_hdr(skb);
	struct net *net = sock_net(sk);
	int err;

	if (cork->gso_size) {
		err = udp_set_gso(sk, skb, len - (unsigned int)sizeof(*uh), cork);
		if (err) {
			consume_skb(skb);	/* never sent */
			return err;
		}
	}
	uh->source = inet_sk(sk)->inet_sport;
	uh->dest = fl4->fl4_dport;
	uh->len = htons((u16)len);
	uh->check = 0;
	udp_send_csum(sk, skb, fl4, len);
	err = ip_send_skb(net, skb);
	if (!err) {
		UDP_INC_STATS(net, UDP_MIB_OUTDATAGRAMS);
		return 0;
	}
	/* UDP does not promise that the queue below has room. */
	if (err == -ENOBUFS && !inet_sk(sk)->recverr) {
		UDP_INC_STATS(net, UDP_MIB_SNDBUFERRORS);
		return 0;
	}
	return err;
}

/**
 * udp_push_pending_frames - send what is corked
 * @sk: socket
 *
 * Context: process, socket locked.
 * Return: 0 or -errno; 0 when nothing was corked.
 */
int udp_push_pending_frames(struct sock *sk)
{
	struct udp_sock *up = udp_sk(sk);
	struct flowi4 *fl4 = &inet_sk(sk)->cork.fl;
	struct sk_buff *skb;
	int err = 0;

	if (!up->pending)
		return 0;
	skb = ip_finish_skb(sk, fl4);
	if (skb)
		err = udp_send_skb(sk, skb, fl4, &inet_sk(sk)->cork);
	up->len = 0;
	up->pending = 0;
	return err;
}

/* Peer: from the call, or from connect(). */
static int udp_get_dest(const struct sock *sk, const struct msghdr *msg, struct udp_dest *d)
{
	const struct sockaddr_in *usin = msg->msg_name;

	if (!usin) {
		if (sk->sk_state != TCP_ESTABLISHED)
			return -EDESTADDRREQ;
		d->daddr = inet_sk(sk)->inet_daddr;
		d->dport = inet_sk(sk)->inet_dport;
		d->connected = true;
		return 0;
	}
	if (msg->msg_namelen < (int)sizeof(*usin))
		return -EINVAL;
	/* Linux: programs of old leave the family out. */
	if (usin->sin_family != AF_INET && usin->sin_family != AF_UNSPEC)
		return -EAFNOSUPPORT;
	if (!usin->sin_port)
		return -EINVAL;
	d->daddr = usin->sin_addr.s_addr;
	d->dport = usin->sin_port;
	d->connected = false;
	return 0;
}

/* UDP's own control messages. 1: there are others; 0, -EINVAL. */
static int udp_cmsg_send(struct msghdr *msg, u16 *gso_size)
{
	struct cmsghdr *cmsg;
	int others = 0;

	for_each_cmsghdr(cmsg, msg) {
		if (!CMSG_OK(msg, cmsg))
			return -EINVAL;
		if (cmsg->cmsg_level != SOL_UDP) {
			others = 1;
			continue;
		}
		if (cmsg->cmsg_type != UDP_SEGMENT ||
		    cmsg->cmsg_len != CMSG_LEN(sizeof(*gso_size)))
			return -EINVAL;
		memcpy(gso_size, cmsg + 1, sizeof(*gso_size));
	}
	return others;
}

/* What control messages and flags say; a datagram that is told its way does
 * not go the socket's. */
static int udp_get_options(struct sock *sk, struct msghdr *msg, struct ipcm_cookie *ipc,
			   struct udp_dest *d)
{
	const struct inet_sock *inet = inet_sk(sk);

	ipcm_init_sk(ipc, inet);
	ipc->gso_size = READ_ONCE(udp_sk(sk)->gso_size);
	if (msg->msg_controllen) {
		int err = udp_cmsg_send(msg, &ipc->gso_size);

		if (err > 0) {
			err = ip_cmsg_send(sk, msg, ipc);
			d->connected = false;
		}
		if (err)
			return err;
	}
	d->scope = RT_SCOPE_UNIVERSE;
	if (sock_flag(sk, SOCK_LOCALROUTE) || (msg->msg_flags & MSG_DONTROUTE)) {
		d->scope = RT_SCOPE_LINK;
		d->connected = false;
	}
	d->tos = (ipc->tos >= 0 ? (u8)ipc->tos : inet->tos) & IPTOS_TOS_MASK;
	if (ipv4_is_multicast(d->daddr)) {
		if (!ipc->oif)
			ipc->oif = inet->mc_index;
		if (!ipc->addr)
			ipc->addr = inet->mc_addr;
		d->connected = false;
	} else if (!ipc->oif) {
		ipc->oif = inet->uc_index;
	}
	return 0;
}

/* The datagram's route; for a connected socket it is kept. A reference, or
 * ERR_PTR. @fl4 is filled either way. */
static struct rtable *udp_route(struct sock *sk, const struct udp_dest *d,
				const struct ipcm_cookie *ipc, struct flowi4 *fl4)
{
	const struct inet_sock *inet = inet_sk(sk);
	struct net *net = sock_net(sk);
	struct rtable *rt = NULL;

	flowi4_init_output(fl4, ipc->oif, ipc->mark, d->tos, d->scope, (u8)sk->sk_protocol,
			   inet->transparent ? FLOWI_FLAG_ANYSRC : 0, d->daddr, ipc->addr,
			   d->dport, inet->inet_sport);
	if (d->connected)
		rt = (struct rtable *)sk_dst_check(sk, 0);
	if (rt)
		return rt;
	rt = ip_route_output_flow(net, fl4, sk);
	if (IS_ERR(rt)) {
		if (PTR_ERR(rt) == -ENETUNREACH)
			IP_INC_STATS(net, IPSTATS_MIB_OUTNOROUTES);
		return rt;
	}
	if ((rt->rt_flags & RTCF_BROADCAST) && !sock_flag(sk, SOCK_BROADCAST)) {
		ip_rt_put(rt);
		return ERR_PTR(-EACCES);
	}
	if (d->connected) {
		dst_hold(&rt->dst);
		sk_dst_set(sk, &rt->dst);
	}
	return rt;
}

/* One more piece of the corked datagram; the last one sends it. */
static int udp_append(struct sock *sk, struct msghdr *msg, size_t len, bool corkreq,
		      struct ipcm_cookie *ipc, struct rtable **rt)
{
	struct udp_sock *up = udp_sk(sk);
	unsigned int flags = corkreq ? msg->msg_flags | MSG_MORE : msg->msg_flags;
	int err;

	up->len += (unsigned int)len;
	err = ip_append_data(sk, &inet_sk(sk)->cork.fl, ip_generic_getfrag, msg, (int)len,
			     sizeof(struct udphdr), ipc, rt, flags);
	if (err)
		udp_flush_pending_frames(sk);
	else if (!corkreq)
		err = udp_push_pending_frames(sk);
	else if (skb_queue_empty(&sk->sk_write_queue))
		up->pending = 0;
	return err;
}

/* The first piece of a corked datagram. */
static int udp_cork(struct sock *sk, struct msghdr *msg, size_t len, const struct flowi4 *fl4,
		    struct ipcm_cookie *ipc, struct rtable **rt)
{
	struct udp_sock *up = udp_sk(sk);
	int err = -EINVAL;

	lock_sock(sk);
	/* Another thread may have corked one meanwhile. */
	if (!up->pending) {
		inet_sk(sk)->cork.fl = *fl4;
		up->pending = AF_INET;
		err = udp_append(sk, msg, len + sizeof(struct udphdr), true, ipc, rt);
	}
	release_sock(sk);
	return err;
}

/* The whole datagram, without the socket's lock. */
static int udp_send_now(struct sock *sk, struct msghdr *msg, size_t len, struct flowi4 *fl4,
			struct ipcm_cookie *ipc, struct rtable **rt)
{
	struct inet_cork cork;
	struct sk_buff *skb;

	skb = ip_make_skb(sk, fl4, ip_generic_getfrag, msg,
			  (int)(len + sizeof(struct udphdr)), sizeof(struct udphdr), ipc, rt,
			  &cork, msg->msg_flags);
	if (IS_ERR(skb))
		return (int)PTR_ERR(skb);
	return skb ? udp_send_skb(sk, skb, fl4, &cork) : 0;
}

static int udp_send_fresh(struct sock *sk, struct msghdr *msg, size_t len, bool corkreq)
{
	struct ipcm_cookie ipc;
	struct udp_dest d;
	struct flowi4 fl4;
	struct rtable *rt;
	int err;

	err = udp_get_dest(sk, msg, &d);
	if (err)
		return err;
	err = udp_get_options(sk, msg, &ipc, &d);
	if (err)
		return err;
	rt = udp_route(sk, &d, &ipc, &fl4);
	if (IS_ERR(rt))
		return (int)PTR_ERR(rt);
	if (msg->msg_flags & MSG_CONFIRM)
		dst_confirm_neigh(&rt->dst, &fl4.daddr);
	if (corkreq)
		err = udp_cork(sk, msg, len, &fl4, &ipc, &rt);
	else
		err = udp_send_now(sk, msg, len, &fl4, &ipc, &rt);
	if (rt)
		ip_rt_put(rt);
	return err;
}

/* A piece for the datagram that is corked. -ENOENT: none is. */
static int udp_send_more(struct sock *sk, struct msghdr *msg, size_t len, bool corkreq)
{
	struct udp_sock *up = udp_sk(sk);
	int err = -ENOENT;

	lock_sock(sk);
	if (up->pending) {
		struct rtable *rt = NULL;
		struct ipcm_cookie ipc;

		ipcm_init_sk(&ipc, inet_sk(sk));
		err = udp_append(sk, msg, len, corkreq, &ipc, &rt);
	}
	release_sock(sk);
	return err;
}

/**
 * udp_sendmsg - proto.sendmsg of UDP
 * @sk: socket, bound
 * @msg: message
 * @len: bytes in it
 *
 * Context: process, may sleep.
 * Return: @len; -EMSGSIZE: more than fits; -EOPNOTSUPP, -EINVAL,
 * -EAFNOSUPPORT, -EDESTADDRREQ, -EACCES, -EAGAIN, -EFAULT, or no route.
 */
int udp_sendmsg(struct sock *sk, struct msghdr *msg, size_t len)
{
	bool corkreq = udp_sk(sk)->corkflag || (msg->msg_flags & MSG_MORE);
	int err = -ENOENT;

	trace_here();
	if (len > 0xFFFF)
		return -EMSGSIZE;
	if (msg->msg_flags & MSG_OOB)
		return -EOPNOTSUPP;
	if (udp_sk(sk)->pending)
		err = udp_send_more(sk, msg, len, corkreq);
	if (err == -ENOENT)
		err = udp_send_fresh(sk, msg, len, corkreq);
	if (!err)
		return (int)len;
	if (err == -ENOBUFS ||
	    (sk->sk_socket && sock_test_bit(SOCK_NOSPACE, &sk->sk_socket->flags)))
		UDP_INC_STATS(sock_net(sk), UDP_MIB_SNDBUFERRORS);
	return err;
}
