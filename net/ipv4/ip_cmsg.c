// SPDX-License-Identifier: MIT
/*
 * Control messages of IPv4 sockets, and the queue of errors that IP_RECVERR
 * asks for.
 *
 * Linux: net/ipv4/ip_sockglue.c, net/core/skbuff.c (the queue)
 * RFC: 1122 4.1.3.3, 4.1.3.5
 */
#include <linux/errno.h>
#include <linux/errqueue.h>
#include <linux/kernel.h>
#include <linux/skbuff.h>
#include <linux/trace.h>
#include <net/icmp.h>
#include <net/inet_sock.h>
#include <net/ip.h>
#include <net/ip_fib.h>
#include <net/route.h>

/* cb of a packet in a socket's receive queue, where IP_PKTINFO is asked for. */
#define PKTINFO_SKB_CB(skb) ((struct in_pktinfo *)(void *)(skb)->cb)

/* ---- sending ------------------------------------------------------------------ */

/**
 * ipcm_init - control information that says nothing
 * @ipc: filled in
 *
 * Context: any.
 */
void ipcm_init(struct ipcm_cookie *ipc)
{
	*ipc = (struct ipcm_cookie){ .tos = -1 };
}

/**
 * ipcm_init_sk - control information from a socket's settings
 * @ipc: filled in
 * @inet: socket
 *
 * Context: any.
 */
void ipcm_init_sk(struct ipcm_cookie *ipc, const struct inet_sock *inet)
{
	ipcm_init(ipc);
	ipc->mark = inet->sk.sk_mark;
	ipc->priority = inet->sk.sk_priority;
	ipc->oif = inet->sk.sk_bound_dev_if;
	ipc->addr = inet->inet_saddr;
}

static int ip_cmsg_pktinfo(const struct cmsghdr *cmsg, struct ipcm_cookie *ipc)
{
	struct in_pktinfo info;

	if (cmsg->cmsg_len != CMSG_LEN(sizeof(info)))
		return -EINVAL;
	memcpy(&info, cmsg + 1, sizeof(info));
	if (info.ipi_ifindex)
		ipc->oif = info.ipi_ifindex;
	ipc->addr = info.ipi_spec_dst.s_addr;
	return 0;
}

/* An int from @lo to 255. */
static int ip_cmsg_byte(const struct cmsghdr *cmsg, int lo, int *val)
{
	if (cmsg->cmsg_len != CMSG_LEN(sizeof(int)))
		return -EINVAL;
	memcpy(val, cmsg + 1, sizeof(int));
	return *val < lo || *val > 255 ? -EINVAL : 0;
}

static int ip_cmsg_one(const struct cmsghdr *cmsg, struct ipcm_cookie *ipc)
{
	int val = 0, err;

	switch (cmsg->cmsg_type) {
	case IP_PKTINFO:
		return ip_cmsg_pktinfo(cmsg, ipc);
	case IP_TTL:
		err = ip_cmsg_byte(cmsg, 1, &val);
		if (!err)
			ipc->ttl = (u8)val;
		return err;
	case IP_TOS:
		err = ip_cmsg_byte(cmsg, 0, &val);
		if (!err) {
			ipc->tos = (s16)val;
			ipc->priority = rt_tos2priority((u8)val);
		}
		return err;
	default:
		return -EINVAL;
	}
}

/**
 * ip_cmsg_send - read the control messages of a sendmsg()
 * @sk: socket
 * @msg: message, its control messages in kernel memory
 * @ipc: changed as they say
 *
 * Context: process.
 * Return: 0, or -EINVAL.
 */
int ip_cmsg_send(struct sock *sk, struct msghdr *msg, struct ipcm_cookie *ipc)
{
	struct cmsghdr *cmsg;

	for_each_cmsghdr(cmsg, msg) {
		int err;

		if (!CMSG_OK(msg, cmsg))
			return -EINVAL;
		if (cmsg->cmsg_level != SOL_IP)
			continue;
		err = ip_cmsg_one(cmsg, ipc);
		if (err)
			return err;
	}
	return 0;
}

/* ---- receiving ------------------------------------------------------------------ */

/**
 * ipv4_pktinfo_prepare - note of a packet's route what IP_PKTINFO will tell
 * @sk: socket that it is queued to
 * @skb: packet; its cb is changed, its dst dropped. Borrows.
 *
 * Context: softirq.
 */
void ipv4_pktinfo_prepare(const struct sock *sk, struct sk_buff *skb)
{
	struct in_pktinfo info = { 0 };

	if ((inet_sk(sk)->cmsg_flags & IP_CMSG_PKTINFO) && skb_rtable(skb)) {
		int iif = skb_rtable(skb)->rt_iif;

		info.ipi_ifindex = iif ? iif : skb->skb_iif;
		info.ipi_spec_dst.s_addr = fib_compute_spec_dst(skb);
	}
	memcpy(PKTINFO_SKB_CB(skb), &info, sizeof(info));
	/* A packet that waits to be read holds no route, and no device. */
	skb_dst_drop(skb);
}

static void ip_cmsg_recv_pktinfo(struct msghdr *msg, struct sk_buff *skb)
{
	struct in_pktinfo info = *PKTINFO_SKB_CB(skb);

	info.ipi_addr.s_addr = ip_hdr(skb)->daddr;
	put_cmsg(msg, SOL_IP, IP_PKTINFO, sizeof(info), &info);
}

static void ip_cmsg_recv_dstaddr(struct msghdr *msg, struct sk_buff *skb)
{
	struct sockaddr_in sin = { .sin_family = AF_INET };
	__be16 ports[2];

	if (skb_copy_bits(skb, skb_transport_offset(skb), ports, sizeof(ports)))
		return;
	sin.sin_addr.s_addr = ip_hdr(skb)->daddr;
	sin.sin_port = ports[1];
	put_cmsg(msg, SOL_IP, IP_RECVORIGDSTADDR, sizeof(sin), &sin);
}

/**
 * ip_cmsg_recv_offset - write the control messages that a socket asked for
 * @msg: message being received
 * @sk: socket
 * @skb: packet it is read from. Borrows.
 * @tlen: bytes of transport header
 * @offset: where in the data reading began
 *
 * Context: process.
 */
void ip_cmsg_recv_offset(struct msghdr *msg, struct sock *sk, struct sk_buff *skb,
			 int tlen, int offset)
{
	u16 flags = inet_sk(sk)->cmsg_flags;

	if (flags & IP_CMSG_PKTINFO)
		ip_cmsg_recv_pktinfo(msg, skb);
	if (flags & IP_CMSG_TTL) {
		int ttl = ip_hdr(skb)->ttl;

		put_cmsg(msg, SOL_IP, IP_TTL, sizeof(ttl), &ttl);
	}
	if (flags & IP_CMSG_TOS)
		put_cmsg(msg, SOL_IP, IP_TOS, 1, &ip_hdr(skb)->tos);
	if (flags & IP_CMSG_ORIGDSTADDR)
		ip_cmsg_recv_dstaddr(msg, skb);
}

/* ---- errors ------------------------------------------------------------------------ */

/* As far as there is room for it; the program is woken. Consumes on success. */
static int sock_queue_err_skb(struct sock *sk, struct sk_buff *skb)
{
	if (sk->sk_rmem_alloc + (int)skb->truesize >= sk->sk_rcvbuf ||
	    !sk_rmem_schedule(sk, skb, (int)skb->truesize))
		return -ENOMEM;
	skb_set_owner_r(skb, sk);
	skb_dst_drop(skb);
	skb_queue_tail(&sk->sk_error_queue, skb);
	if (!sock_flag(sk, SOCK_DEAD))
		sk->sk_error_report(sk);
	return 0;
}

/**
 * ip_icmp_error - queue an ICMP error for recvmsg(MSG_ERRQUEUE)
 * @sk: socket
 * @skb: the ICMP message, data at the quoted IP header. Borrows.
 * @err: errno
 * @port: that was addressed
 * @info: as ICMP gave it
 * @payload: of the quoted packet, in @skb
 *
 * Context: softirq.
 */
void ip_icmp_error(struct sock *sk, struct sk_buff *skb, int err, __be16 port, u32 info,
		   u8 *payload)
{
	const struct iphdr *quoted = (const void *)skb->data;
	long network = skb_network_header(skb) - skb->head;
	unsigned int pull = (unsigned int)(payload - skb->data);
	struct sk_buff *copy = skb_clone(skb, GFP_ATOMIC);
	struct sock_exterr_skb *serr;

	if (!copy)
		return;
	serr = SKB_EXT_ERR(copy);
	memset(serr, 0, sizeof(*serr));
	serr->ee.ee_errno = (u32)err;
	serr->ee.ee_origin = SO_EE_ORIGIN_ICMP;
	serr->ee.ee_type = icmp_hdr(skb)->type;
	serr->ee.ee_code = icmp_hdr(skb)->code;
	serr->ee.ee_info = info;
	serr->addr_offset = (u16)((const u8 *)&quoted->daddr - skb->head - network);
	serr->port = port;
	if (skb_pull(copy, pull)) {
		skb_reset_transport_header(copy);
		if (!sock_queue_err_skb(sk, copy))
			return;
	}
	kfree_skb_reason(copy, SKB_DROP_REASON_SOCKET_RCVBUFF);
}

/**
 * ip_local_error - queue an error of our own for recvmsg(MSG_ERRQUEUE)
 * @sk: socket
 * @err: errno
 * @daddr: address that was sent to
 * @port: and port
 * @info: MTU of an EMSGSIZE
 *
 * Context: process, socket locked.
 */
void ip_local_error(struct sock *sk, int err, __be32 daddr, __be16 port, u32 info)
{
	struct sock_exterr_skb *serr;
	struct sk_buff *skb;
	struct iphdr *iph;

	if (!inet_sk(sk)->recverr)
		return;
	skb = alloc_skb(sock_net(sk), sizeof(struct iphdr), GFP_ATOMIC);
	if (!skb)
		return;
	iph = skb_put_zero(skb, sizeof(*iph));
	skb_reset_network_header(skb);
	iph->daddr = daddr;
	serr = SKB_EXT_ERR(skb);
	memset(serr, 0, sizeof(*serr));
	serr->ee.ee_errno = (u32)err;
	serr->ee.ee_origin = SO_EE_ORIGIN_LOCAL;
	serr->ee.ee_info = info;
	serr->addr_offset = offsetof(struct iphdr, daddr);
	serr->port = port;
	__skb_pull(skb, sizeof(*iph));
	skb_reset_transport_header(skb);
	if (sock_queue_err_skb(sk, skb))
		kfree_skb_reason(skb, SKB_DROP_REASON_SOCKET_RCVBUFF);
}

static bool is_icmp_err_skb(struct sk_buff *skb)
{
	return skb && SKB_EXT_ERR(skb)->ee.ee_origin == SO_EE_ORIGIN_ICMP;
}

/* The first error; the next one that came from the network becomes the socket's
 * pending error. */
static struct sk_buff *sock_dequeue_err_skb(struct sock *sk)
{
	struct sk_buff_head *q = &sk->sk_error_queue;
	struct sk_buff *skb, *next;
	unsigned long flags;

	spin_lock_irqsave(&q->lock, flags);
	skb = __skb_dequeue(q);
	next = skb_peek(q);
	if (is_icmp_err_skb(next))
		sk->sk_err = (int)SKB_EXT_ERR(next)->ee.ee_errno;
	else if (is_icmp_err_skb(skb))
		sk->sk_err = 0;
	spin_unlock_irqrestore(&q->lock, flags);
	return skb;
}

/**
 * ip_purge_error_queue - nobody will read the errors
 * @sk: socket, locked; what tells of its writes by reference stays
 *
 * Context: process.
 */
void ip_purge_error_queue(struct sock *sk)
{
	struct sk_buff_head *q = &sk->sk_error_queue, errors;
	struct sk_buff *skb, *next;
	unsigned long flags;

	__skb_queue_head_init(&errors);
	spin_lock_irqsave(&q->lock, flags);
	skb_queue_walk_safe(q, skb, next) {
		if (SKB_EXT_ERR(skb)->ee.ee_origin == SO_EE_ORIGIN_ZEROCOPY)
			continue;
		__skb_unlink(skb, q);
		__skb_queue_tail(&errors, skb);
	}
	spin_unlock_irqrestore(&q->lock, flags);
	while ((skb = __skb_dequeue(&errors)) != NULL)
		consume_skb(skb);
}

/* Whose datagram it was, for msg_name. */
static void ip_error_name(struct msghdr *msg, struct sk_buff *skb, int *addr_len)
{
	const struct sock_exterr_skb *serr = SKB_EXT_ERR(skb);
	struct sockaddr_in *sin = msg->msg_name;

	/* What tells of a write is of no datagram. */
	if (!sin || serr->ee.ee_origin == SO_EE_ORIGIN_ZEROCOPY)
		return;
	memset(sin, 0, sizeof(*sin));
	sin->sin_family = AF_INET;
	memcpy(&sin->sin_addr.s_addr, skb_network_header(skb) + serr->addr_offset, 4);
	sin->sin_port = serr->port;
	*addr_len = sizeof(*sin);
}

/**
 * ip_recv_error - recvmsg(MSG_ERRQUEUE)
 * @sk: socket
 * @msg: gets what was quoted of the datagram, and the error as IP_RECVERR
 * @len: bytes there is room for
 * @addr_len: length of the address that was filled in
 *
 * Context: process.
 * Return: bytes copied, -EAGAIN, -EFAULT.
 */
int ip_recv_error(struct sock *sk, struct msghdr *msg, int len, int *addr_len)
{
	struct {
		struct sock_extended_err ee;
		struct sockaddr_in offender;
	} errhdr = { 0 };
	struct sk_buff *skb = sock_dequeue_err_skb(sk);
	int copied, err;

	if (!skb)
		return -EAGAIN;
	copied = min_t(int, len, (int)skb->len);
	if (copied < (int)skb->len)
		msg->msg_flags |= MSG_TRUNC;
	err = skb_copy_datagram_msg(skb, 0, msg, copied);
	if (!err) {
		ip_error_name(msg, skb, addr_len);
		errhdr.ee = SKB_EXT_ERR(skb)->ee;
		if (errhdr.ee.ee_origin == SO_EE_ORIGIN_ICMP) {
			errhdr.offender.sin_family = AF_INET;
			errhdr.offender.sin_addr.s_addr = ip_hdr(skb)->saddr;
		}
		put_cmsg(msg, SOL_IP, IP_RECVERR, sizeof(errhdr), &errhdr);
		msg->msg_flags |= MSG_ERRQUEUE;
	}
	consume_skb(skb);
	return err ? err : copied;
}
