// SPDX-License-Identifier: MIT
/*
 * Ping sockets: echo requests for programs without raw sockets. The kernel
 * gives the identifier (it is the socket's port) and sees to it that nothing
 * else is sent.
 *
 * Linux: net/ipv4/ping.c (where net.ipv4.ping_group_range says who may)
 * RFC: 792
 */
#include <linux/errno.h>
#include <linux/init.h>
#include <linux/inetdevice.h>
#include <linux/kernel.h>
#include <linux/random.h>
#include <linux/skbuff.h>
#include <linux/slab.h>
#include <linux/trace.h>
#include <linux/uaccess.h>
#include <net/checksum.h>
#include <net/icmp.h>
#include <net/inet_sock.h>
#include <net/ip.h>
#include <net/ping.h>
#include <net/route.h>

struct ping_sock {
	struct inet_sock inet;		/* first: struct sock within */
};

static struct hlist_head *ping_hashslot(struct net *net, u16 ident)
{
	return &net->ipv4.ping_table->hash[ident & (PING_HTABLE_SIZE - 1)];
}

static bool ping_ident_taken(struct net *net, const struct sock *sk, u16 ident)
{
	const struct sock *sk2;

	hlist_for_each_entry(sk2, ping_hashslot(net, ident), sk_node) {
		if (sk2 != sk && sk2->sk_num == ident && !(sk2->sk_reuse && sk->sk_reuse))
			return true;
	}
	return false;
}

/* A free identifier, 0: none. */
static u16 ping_find_ident(struct net *net, const struct sock *sk)
{
	u16 ident = get_random_u16();
	unsigned int i;

	for (i = 0; i <= U16_MAX; i++, ident++) {
		if (ident && !ping_ident_taken(net, sk, ident))
			return ident;
	}
	return 0;
}

static int ping_get_port(struct sock *sk, unsigned short ident)
{
	struct net *net = sock_net(sk);
	int err = 1;

	local_bh_disable();
	if (!ident)
		ident = ping_find_ident(net, sk);
	else if (ping_ident_taken(net, sk, ident))
		ident = 0;
	if (ident) {
		err = 0;
		sk->sk_num = ident;
		if (hlist_unhashed(&sk->sk_node)) {
			hlist_add_head(&sk->sk_node, ping_hashslot(net, ident));
			sock_prot_inuse_add(net, sk->sk_prot, 1);
		}
	}
	local_bh_enable();
	return err;
}

static void ping_unhash(struct sock *sk)
{
	local_bh_disable();
	if (!hlist_unhashed(&sk->sk_node)) {
		hlist_del_init(&sk->sk_node);
		sk->sk_num = 0;
		inet_sk(sk)->inet_sport = 0;
		sock_prot_inuse_add(sock_net(sk), sk->sk_prot, -1);
	}
	local_bh_enable();
}

static int ping_hash(struct sock *sk)
{
	WARN_ON_ONCE(1);
	return -EINVAL;
}

/* The socket for an identifier, or NULL. Borrowed. */
static struct sock *ping_lookup(struct net *net, __be32 daddr, u16 ident, int dif)
{
	struct sock *sk;

	hlist_for_each_entry(sk, ping_hashslot(net, ident), sk_node) {
		if (sk->sk_num != ident)
			continue;
		if (sk->sk_rcv_saddr && sk->sk_rcv_saddr != daddr)
			continue;
		if (sk->sk_bound_dev_if && sk->sk_bound_dev_if != dif)
			continue;
		return sk;
	}
	return NULL;
}

static void ping_close(struct sock *sk, s64 timeout_ns)
{
	sk_common_release(sk);
}

/* bind(): only to an address of ours. */
static int ping_bind(struct sock *sk, struct sockaddr *uaddr, int addr_len)
{
	const struct sockaddr_in *addr = (const void *)uaddr;
	struct inet_sock *inet = inet_sk(sk);
	struct net *net = sock_net(sk);
	unsigned int type;

	if (addr_len < (int)sizeof(*addr))
		return -EINVAL;
	if (addr->sin_family != AF_INET &&
	    !(addr->sin_family == AF_UNSPEC && !addr->sin_addr.s_addr))
		return -EAFNOSUPPORT;
	type = addr->sin_addr.s_addr ? inet_addr_type(net, addr->sin_addr.s_addr) : RTN_LOCAL;
	if (!inet_addr_valid_or_nonlocal(net, inet, addr->sin_addr.s_addr, (int)type) ||
	    type == RTN_MULTICAST || type == RTN_BROADCAST)
		return -EADDRNOTAVAIL;
	if (inet->inet_num)
		return -EINVAL;
	inet->inet_rcv_saddr = inet->inet_saddr = addr->sin_addr.s_addr;
	if (ping_get_port(sk, ntohs(addr->sin_port))) {
		inet->inet_saddr = inet->inet_rcv_saddr = 0;
		return -EADDRINUSE;
	}
	if (inet->inet_rcv_saddr)
		sk->sk_userlocks |= SOCK_BINDADDR_LOCK;
	if (addr->sin_port)
		sk->sk_userlocks |= SOCK_BINDPORT_LOCK;
	inet->inet_sport = htons(inet->inet_num);
	inet->inet_daddr = 0;
	inet->inet_dport = 0;
	sk_dst_reset(sk);
	return 0;
}

static int ping_disconnect(struct sock *sk, int flags)
{
	struct inet_sock *inet = inet_sk(sk);

	sk->sk_state = TCP_CLOSE;
	inet->inet_daddr = 0;
	inet->inet_dport = 0;
	sk->sk_bound_dev_if = 0;
	if (!(sk->sk_userlocks & SOCK_BINDADDR_LOCK)) {
		inet->inet_rcv_saddr = 0;
		inet->inet_saddr = 0;
	}
	if (!(sk->sk_userlocks & SOCK_BINDPORT_LOCK))
		ping_unhash(sk);
	sk_dst_reset(sk);
	return 0;
}

/* ---- sending ---------------------------------------------------------------- */

/* What ping_getfrag() copies from. */
struct pingfakehdr {
	struct icmphdr icmph;
	struct msghdr *msg;
};

/* ip_getfrag_t: the program's data; the sum of it in skb->csum. */
static int ping_getfrag(void *from, char *to, int offset, int len, int odd,
			struct sk_buff *skb)
{
	struct pingfakehdr *pfh = from;

	return ip_generic_getfrag(pfh->msg, to, offset, len, odd, skb);
}

/* Only an echo request, from the socket's identifier. */
static int ping_get_header(const struct sock *sk, struct msghdr *msg, size_t len,
			   struct icmphdr *icmph)
{
	if (len > 0xFFFF)
		return -EMSGSIZE;
	if (len < sizeof(*icmph))
		return -EINVAL;
	if (msg->msg_flags & MSG_OOB)
		return -EOPNOTSUPP;
	if (!copy_from_iter_full(icmph, sizeof(*icmph), &msg->msg_iter))
		return -EFAULT;
	if (icmph->type != ICMP_ECHO || icmph->code)
		return -EINVAL;
	icmph->un.echo.id = inet_sk(sk)->inet_sport;
	icmph->checksum = 0;
	return 0;
}

static int ping_get_dest(const struct sock *sk, const struct msghdr *msg, __be32 *daddr)
{
	const struct sockaddr_in *usin = msg->msg_name;

	if (!usin) {
		*daddr = inet_sk(sk)->inet_daddr;
		return sk->sk_state == TCP_ESTABLISHED ? 0 : -EDESTADDRREQ;
	}
	if (msg->msg_namelen < (int)sizeof(*usin))
		return -EINVAL;
	if (usin->sin_family != AF_INET)
		return -EAFNOSUPPORT;
	*daddr = usin->sin_addr.s_addr;
	return 0;
}

static struct rtable *ping_route(struct sock *sk, const struct msghdr *msg, __be32 daddr,
				 const struct ipcm_cookie *ipc, struct flowi4 *fl4)
{
	const struct inet_sock *inet = inet_sk(sk);
	u8 tos = (ipc->tos >= 0 ? (u8)ipc->tos : inet->tos) & IPTOS_TOS_MASK;
	bool onlink = sock_flag(sk, SOCK_LOCALROUTE) || (msg->msg_flags & MSG_DONTROUTE);
	int oif = ipc->oif;
	struct rtable *rt;

	if (!oif)
		oif = ipv4_is_multicast(daddr) ? inet->mc_index : inet->uc_index;
	flowi4_init_output(fl4, oif, ipc->mark, tos,
			   onlink ? RT_SCOPE_LINK : RT_SCOPE_UNIVERSE, IPPROTO_ICMP, 0, daddr,
			   ipc->addr, 0, 0);
	rt = ip_route_output_flow(sock_net(sk), fl4, sk);
	if (IS_ERR(rt)) {
		if (PTR_ERR(rt) == -ENETUNREACH)
			IP_INC_STATS(sock_net(sk), IPSTATS_MIB_OUTNOROUTES);
		return rt;
	}
	if ((rt->rt_flags & RTCF_BROADCAST) && !sock_flag(sk, SOCK_BROADCAST)) {
		ip_rt_put(rt);
		return ERR_PTR(-EACCES);
	}
	return rt;
}

/* Completes the header in front of the data and sends. Socket locked. */
static int ping_push(struct sock *sk, struct flowi4 *fl4, const struct icmphdr *icmph)
{
	struct sk_buff *skb = skb_peek(&sk->sk_write_queue);
	struct icmphdr *hdr;

	if (!skb)
		return 0;
	hdr = icmp_hdr(skb);
	*hdr = *icmph;
	hdr->checksum = csum_fold(csum_partial(hdr, sizeof(*hdr), skb->csum));
	skb->ip_summed = CHECKSUM_NONE;
	return ip_push_pending_frames(sk, fl4);
}

static int ping_sendmsg(struct sock *sk, struct msghdr *msg, size_t len)
{
	struct pingfakehdr pfh = { .msg = msg };
	struct ipcm_cookie ipc;
	struct flowi4 fl4;
	struct rtable *rt;
	__be32 daddr;
	int err;

	trace_here();
	err = ping_get_header(sk, msg, len, &pfh.icmph);
	if (!err)
		err = ping_get_dest(sk, msg, &daddr);
	if (err)
		return err;
	ipcm_init_sk(&ipc, inet_sk(sk));
	if (msg->msg_controllen)
		err = ip_cmsg_send(sk, msg, &ipc);
	if (err)
		return err;
	rt = ping_route(sk, msg, daddr, &ipc, &fl4);
	if (IS_ERR(rt))
		return (int)PTR_ERR(rt);
	if (msg->msg_flags & MSG_CONFIRM)
		dst_confirm_neigh(&rt->dst, &fl4.daddr);
	lock_sock(sk);
	/* MSG_MORE: so that no device is asked to sum what is not UDP. */
	err = ip_append_data(sk, &fl4, ping_getfrag, &pfh, (int)len, sizeof(struct icmphdr),
			     &ipc, &rt, msg->msg_flags | MSG_MORE);
	if (err)
		ip_flush_pending_frames(sk);
	else
		err = ping_push(sk, &fl4, &pfh.icmph);
	release_sock(sk);
	if (rt)
		ip_rt_put(rt);
	return err ? err : (int)len;
}

/* ---- receiving --------------------------------------------------------------- */

static int ping_recvmsg(struct sock *sk, struct msghdr *msg, size_t len, int flags,
			int *addr_len)
{
	struct sockaddr_in *sin = msg->msg_name;
	struct sk_buff *skb;
	int err, copied;

	trace_here();
	if (flags & MSG_OOB)
		return -EOPNOTSUPP;
	if (flags & MSG_ERRQUEUE)
		return ip_recv_error(sk, msg, (int)len, addr_len);
	skb = skb_recv_datagram(sk, (unsigned int)flags, &err);
	if (!skb)
		return err;
	copied = (int)min_t(size_t, len, skb->len);
	if (copied < (int)skb->len)
		msg->msg_flags |= MSG_TRUNC;
	err = skb_copy_datagram_msg(skb, 0, msg, copied);
	if (err)
		goto done;
	sock_recv_timestamp(msg, sk, skb);
	if (sin) {
		memset(sin, 0, sizeof(*sin));
		sin->sin_family = AF_INET;
		sin->sin_addr.s_addr = ip_hdr(skb)->saddr;
		*addr_len = sizeof(*sin);
	}
	if (inet_sk(sk)->cmsg_flags)
		ip_cmsg_recv(msg, sk, skb);
	err = flags & MSG_TRUNC ? (int)skb->len : copied;
done:
	skb_free_datagram(sk, skb);
	return err;
}

/**
 * ping_rcv - an echo reply arrived
 * @skb: it, data at the ICMP header. Borrows: the socket gets a clone.
 *
 * Context: softirq.
 * Return: whether a socket took it.
 */
bool ping_rcv(struct sk_buff *skb)
{
	struct net *net = dev_net(skb->dev);
	enum skb_drop_reason reason = SKB_DROP_REASON_SOCKET_RCVBUFF;
	struct sk_buff *copy;
	struct sock *sk;

	trace_skb(skb);
	sk = ping_lookup(net, ip_hdr(skb)->daddr, ntohs(icmp_hdr(skb)->un.echo.id),
			 skb->skb_iif);
	copy = sk ? skb_clone(skb, GFP_ATOMIC) : NULL;
	if (!copy)
		return false;
	ipv4_pktinfo_prepare(sk, copy);
	if (sock_queue_rcv_skb_reason(sk, copy, &reason))
		kfree_skb_reason(copy, reason);
	return true;
}

/* An errno, 0: nothing; *@hard: told at once. */
static int ping_icmp_errno(struct sock *sk, struct sk_buff *skb, u32 info, bool *hard)
{
	u8 type = icmp_hdr(skb)->type, code = icmp_hdr(skb)->code;

	*hard = false;
	switch (type) {
	case ICMP_PARAMETERPROB:
		*hard = true;
		return EPROTO;
	case ICMP_REDIRECT:
		ipv4_sk_redirect(skb, sk);
		return EREMOTEIO;
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
	default:
		return EHOSTUNREACH;
	}
}

/**
 * ping_err - an ICMP error quotes an echo request of ours
 * @skb: the error, data at the quoted IP header. Borrows.
 * @offset: of the quoted ICMP header
 * @info: next-hop MTU, or the like
 *
 * Context: softirq.
 */
void ping_err(struct sk_buff *skb, int offset, u32 info)
{
	const struct iphdr *iph = (const void *)skb->data;
	const struct icmphdr *quoted = (const void *)(skb->data + offset);
	struct net *net = dev_net(skb->dev);
	struct sock *sk = ping_lookup(net, iph->saddr, ntohs(quoted->un.echo.id), skb->skb_iif);
	bool hard;
	int err;

	if (!sk)
		return;
	err = ping_icmp_errno(sk, skb, info, &hard);
	if (!err)
		return;
	if (inet_sk(sk)->recverr)
		ip_icmp_error(sk, skb, err, 0, info, skb->data + offset);
	else if (!hard || sk->sk_state != TCP_ESTABLISHED)
		return;
	sk->sk_err = err;
	sk->sk_error_report(sk);
}

static int ping_ioctl(struct sock *sk, int cmd, unsigned long arg)
{
	struct sk_buff *skb;
	int amount = 0;

	switch (cmd) {
	case SIOCOUTQ:
		amount = sk->sk_wmem_alloc > 0 ? sk->sk_wmem_alloc - 1 : 0;
		break;
	case SIOCINQ:
		spin_lock_bh(&sk->sk_receive_queue.lock);
		skb = skb_peek(&sk->sk_receive_queue);
		if (skb)
			amount = (int)skb->len;
		spin_unlock_bh(&sk->sk_receive_queue.lock);
		break;
	default:
		return -ENOIOCTLCMD;
	}
	return put_user(amount, (int __user *)arg);
}

struct proto ping_prot __ro_after_init = {
	.name = "PING",
	.obj_size = sizeof(struct ping_sock),
	.close = ping_close,
	.bind = ping_bind,
	.connect = ip4_datagram_connect,
	.disconnect = ping_disconnect,
	.ioctl = ping_ioctl,
	.setsockopt = ip_setsockopt,
	.getsockopt = ip_getsockopt,
	.sendmsg = ping_sendmsg,
	.recvmsg = ping_recvmsg,
	.hash = ping_hash,
	.unhash = ping_unhash,
	.get_port = ping_get_port,
};

/**
 * ping_net_init - a namespace's table of ping sockets
 * @net: namespace
 *
 * Context: process.
 * Return: 0 or -ENOMEM.
 */
int ping_net_init(struct net *net)
{
	net->ipv4.ping_table = kzalloc(sizeof(struct ping_table), GFP_KERNEL);
	return net->ipv4.ping_table ? 0 : -ENOMEM;
}

/**
 * ping_net_exit - undo ping_net_init()
 * @net: namespace; its sockets are closed
 *
 * Context: process.
 */
void ping_net_exit(struct net *net)
{
	kfree(net->ipv4.ping_table);
	net->ipv4.ping_table = NULL;
}

/**
 * ping_init - register ping as a protocol of sockets
 *
 * Context: initcall (ip_init()).
 */
void __init ping_init(void)
{
	if (proto_register(&ping_prot, 1))
		pr_err("cannot register ping sockets\n");
}
