// SPDX-License-Identifier: MIT
/*
 * UDP sockets: ports, options, their life. Sending is udp_output.c, receiving
 * udp_input.c.
 *
 * Linux: net/ipv4/udp.c (all three)
 * RFC: 768, 1122 4.1, 6056
 */
#include <linux/errno.h>
#include <linux/init.h>
#include <linux/kernel.h>
#include <linux/proc.h>
#include <linux/random.h>
#include <linux/slab.h>
#include <linux/trace.h>
#include <linux/uaccess.h>
#include <net/gro.h>
#include <net/inet_hashtables.h>
#include <net/inet_sock.h>
#include <net/ip.h>
#include <net/protocol.h>
#include <net/udp.h>

static struct udp_hslot *udp_hashslot(struct net *net, unsigned int num)
{
	struct udp_table *tbl = net->ipv4.udp_table;

	return &tbl->hash[udp_hashfn(tbl, num)];
}

/* May @sk have the port that @sk2 has? Both reuse it; or they are told apart
 * by device or address. */
static bool udp_port_conflict(const struct sock *sk, const struct sock *sk2)
{
	if (sk2->sk_reuse && sk->sk_reuse)
		return false;
	if (sk2->sk_bound_dev_if && sk->sk_bound_dev_if &&
	    sk2->sk_bound_dev_if != sk->sk_bound_dev_if)
		return false;
	if (!inet_rcv_saddr_equal(sk, sk2, true))
		return false;
	return !(sk2->sk_reuseport && sk->sk_reuseport);
}

static bool udp_lib_lport_inuse(struct net *net, unsigned int num, const struct sock *sk)
{
	const struct sock *sk2;

	hlist_for_each_entry(sk2, &udp_hashslot(net, num)->head, sk_node) {
		if (sk2 != sk && sk2->sk_num == num && udp_port_conflict(sk, sk2))
			return true;
	}
	return false;
}

/* RFC 6056 3.3.1: a random one, then the next ones. 0: all are taken. */
static unsigned int udp_find_port(struct net *net, const struct sock *sk)
{
	unsigned int i, count, first;
	int low, high;

	inet_get_local_port_range(net, &low, &high);
	count = (unsigned int)(high - low) + 1;
	first = get_random_u32_below(count);
	for (i = 0; i < count; i++) {
		unsigned int num = (unsigned int)low + (first + i) % count;

		if (!inet_is_local_reserved_port(net, (unsigned short)num) &&
		    !udp_lib_lport_inuse(net, num, sk))
			return num;
	}
	return 0;
}

/**
 * udp_v4_get_port - proto.get_port: give a socket a port
 * @sk: socket
 * @snum: port; 0: a free one
 *
 * Context: process, socket locked.
 * Return: 0, or 1 when it is in use, or none is free.
 */
int udp_v4_get_port(struct sock *sk, unsigned short snum)
{
	struct net *net = sock_net(sk);
	struct udp_table *tbl = net->ipv4.udp_table;
	unsigned int num = snum;
	int err = 1;

	spin_lock_bh(&tbl->lock);
	if (!num)
		num = udp_find_port(net, sk);
	else if (udp_lib_lport_inuse(net, num, sk))
		num = 0;
	if (!num)
		goto out;
	err = 0;
	sk->sk_num = (u16)num;
	if (hlist_unhashed(&sk->sk_node)) {
		struct udp_hslot *slot = udp_hashslot(net, num);

		hlist_add_head(&sk->sk_node, &slot->head);
		slot->count++;
		sock_prot_inuse_add(net, sk->sk_prot, 1);
	}
out:
	spin_unlock_bh(&tbl->lock);
	return err;
}

/**
 * udp_lib_unhash - proto.unhash: a socket gives its port up
 * @sk: socket
 *
 * Context: process, socket locked.
 */
void udp_lib_unhash(struct sock *sk)
{
	struct net *net = sock_net(sk);
	struct udp_table *tbl = net->ipv4.udp_table;

	spin_lock_bh(&tbl->lock);
	if (!hlist_unhashed(&sk->sk_node)) {
		hlist_del_init(&sk->sk_node);
		udp_hashslot(net, sk->sk_num)->count--;
		sk->sk_num = 0;
		sock_prot_inuse_add(net, sk->sk_prot, -1);
	}
	spin_unlock_bh(&tbl->lock);
}

/* proto.hash: sockets get into the table with their port. */
static int udp_lib_hash(struct sock *sk)
{
	WARN_ON_ONCE(1);
	return -EINVAL;
}

/**
 * udp_disconnect - proto.disconnect: forget the peer
 * @sk: socket
 * @flags: not used
 *
 * Context: process, socket locked.
 * Return: 0.
 */
int udp_disconnect(struct sock *sk, int flags)
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
	if (!(sk->sk_userlocks & SOCK_BINDPORT_LOCK)) {
		sk->sk_prot->unhash(sk);
		inet->inet_sport = 0;
	}
	sk_dst_reset(sk);
	return 0;
}

static int udp_init_sock(struct sock *sk)
{
	udp_sk(sk)->pending = 0;
	return 0;
}

/* UDP_GRO. While no socket has asked, arriving datagrams cost nothing for it. */
static void udp_set_gro(struct sock *sk, bool on)
{
	struct udp_table *tbl = sock_net(sk)->ipv4.udp_table;
	struct udp_sock *up = udp_sk(sk);

	if (up->gro_enabled == on)
		return;
	up->gro_enabled = on;
	if (on)
		tbl->gro_sockets++;
	else
		tbl->gro_sockets--;
}

static void udp_destroy_sock(struct sock *sk)
{
	lock_sock(sk);
	udp_flush_pending_frames(sk);
	udp_set_gro(sk, false);
	release_sock(sk);
}

static void udp_lib_close(struct sock *sk, s64 timeout_ns)
{
	sk_common_release(sk);
}

/* Bytes of the first datagram that waits; 0: none, or an empty one. */
static int udp_first_packet_length(struct sock *sk)
{
	struct sk_buff *skb;
	int len = 0;

	spin_lock_bh(&sk->sk_receive_queue.lock);
	skb = skb_peek(&sk->sk_receive_queue);
	if (skb)
		len = (int)(skb->len - sizeof(struct udphdr));
	spin_unlock_bh(&sk->sk_receive_queue.lock);
	return len;
}

static int udp_ioctl(struct sock *sk, int cmd, unsigned long arg)
{
	int amount;

	switch (cmd) {
	case SIOCOUTQ:
		amount = sk->sk_wmem_alloc > 0 ? sk->sk_wmem_alloc - 1 : 0;
		break;
	case SIOCINQ:
		amount = udp_first_packet_length(sk);
		break;
	default:
		return -ENOIOCTLCMD;
	}
	return put_user(amount, (int __user *)arg);
}

static int udp_set_cork(struct sock *sk, int val)
{
	int err = 0;

	lock_sock(sk);
	udp_sk(sk)->corkflag = val != 0;
	if (!val)
		err = udp_push_pending_frames(sk);
	release_sock(sk);
	return err;
}

static int udp_setsockopt(struct sock *sk, int level, int optname,
			  const void __user *optval, unsigned int optlen)
{
	int val;

	if (level != SOL_UDP)
		return ip_setsockopt(sk, level, optname, optval, optlen);
	if (optlen < sizeof(int))
		return -EINVAL;
	if (copy_from_user(&val, optval, sizeof(val)))
		return -EFAULT;
	switch (optname) {
	case UDP_CORK:
		return udp_set_cork(sk, val);
	case UDP_SEGMENT:
		if (val < 0 || val > U16_MAX)
			return -EINVAL;
		WRITE_ONCE(udp_sk(sk)->gso_size, (u16)val);
		return 0;
	case UDP_GRO:
		lock_sock(sk);
		udp_set_gro(sk, val != 0);
		release_sock(sk);
		return 0;
	default:
		return -ENOPROTOOPT;
	}
}

static int udp_getsockopt(struct sock *sk, int level, int optname, char __user *optval,
			  int __user *optlen)
{
	int len, val;

	if (level != SOL_UDP)
		return ip_getsockopt(sk, level, optname, optval, optlen);
	if (get_user(len, optlen))
		return -EFAULT;
	if (len < 0)
		return -EINVAL;
	len = min_t(int, len, sizeof(int));
	switch (optname) {
	case UDP_CORK:
		val = udp_sk(sk)->corkflag;
		break;
	case UDP_SEGMENT:
		val = READ_ONCE(udp_sk(sk)->gso_size);
		break;
	case UDP_GRO:
		val = udp_sk(sk)->gro_enabled;
		break;
	default:
		return -ENOPROTOOPT;
	}
	if (put_user(len, optlen) || copy_to_user(optval, &val, (unsigned long)len))
		return -EFAULT;
	return 0;
}

struct proto udp_prot __ro_after_init = {
	.name = "UDP",
	.obj_size = sizeof(struct udp_sock),
	.close = udp_lib_close,
	.connect = ip4_datagram_connect,
	.disconnect = udp_disconnect,
	.ioctl = udp_ioctl,
	.init = udp_init_sock,
	.destroy = udp_destroy_sock,
	.setsockopt = udp_setsockopt,
	.getsockopt = udp_getsockopt,
	.sendmsg = udp_sendmsg,
	.recvmsg = udp_recvmsg,
	.hash = udp_lib_hash,
	.unhash = udp_lib_unhash,
	.get_port = udp_v4_get_port,
};

static void udp_seq_sock(struct proc_text *t, const struct sock *sk, unsigned int bucket)
{
	const struct inet_sock *inet = inet_sk(sk);

	proc_printf(t, "%5u: %08X:%04X %08X:%04X %02X %08X:%08X %02X:%08X %08X %5u %8d %lu %d %p %u\n",
		    bucket, (__force u32)inet->inet_rcv_saddr, sk->sk_num,
		    (__force u32)inet->inet_daddr, ntohs(inet->inet_dport), sk->sk_state,
		    (unsigned int)max(sk->sk_wmem_alloc - 1, 0),
		    (unsigned int)sk->sk_rmem_alloc, 0, 0, 0, 0U, 0, 0UL,
		    (int)refcount_read(&sk->sk_refcnt), (const void *)sk, sk->sk_drops);
}

/**
 * udp_seq_show - the sockets as /proc/net/udp shows them
 * @net: namespace
 * @buf: for the text
 * @size: of @buf, bytes
 *
 * Context: process.
 * Return: length of the whole text.
 */
size_t udp_seq_show(struct net *net, char *buf, size_t size)
{
	struct proc_text t = { .buf = buf, .size = size };
	unsigned int i;

	proc_printf(&t, "   sl  local_address rem_address   st tx_queue rx_queue tr tm->when "
		    "retrnsmt   uid  timeout inode ref pointer drops\n");
	for (i = 0; i < UDP_HTABLE_SIZE; i++) {
		const struct sock *sk;

		hlist_for_each_entry(sk, &net->ipv4.udp_table->hash[i].head, sk_node)
			udp_seq_sock(&t, sk, i);
	}
	return t.len;
}

/**
 * udp_net_init - a namespace's table of sockets
 * @net: namespace
 *
 * Context: process.
 * Return: 0 or -ENOMEM.
 */
int udp_net_init(struct net *net)
{
	struct udp_table *tbl = kzalloc(sizeof(*tbl), GFP_KERNEL);

	if (!tbl)
		return -ENOMEM;
	tbl->rnd = get_random_u32();
	spin_lock_init(&tbl->lock);
	net->ipv4.udp_table = tbl;
	return 0;
}

/**
 * udp_net_exit - undo udp_net_init()
 * @net: namespace; its sockets are closed
 *
 * Context: process.
 */
void udp_net_exit(struct net *net)
{
	kfree(net->ipv4.udp_table);
	net->ipv4.udp_table = NULL;
}

static const struct net_protocol udp_protocol = {
	.handler = udp_rcv,
	.err_handler = udp_err,
	.offload = &udpv4_offload,
	.no_policy = true,
};

/**
 * udp_init - register UDP with IP and as a protocol of sockets
 *
 * Context: initcall (ip_init()).
 */
void __init udp_init(void)
{
	if (proto_register(&udp_prot, 1) || inet_add_protocol(&udp_protocol, IPPROTO_UDP))
		pr_err("cannot add UDP protocol\n");
	proc_register("net/udp", udp_seq_show);
}
