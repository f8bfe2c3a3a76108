// SPDX-License-Identifier: MIT
/*
 * Conservation and leaks.
 *
 * Packets: created = consumed + dropped + alive holds by counting; here every
 * packet that is alive is looked for where packets wait. One that is nowhere is
 * on its way - or lost, when the stack is at rest.
 *
 * Leaks: each kind of object is counted twice, by its cache and by whoever ought
 * to refer to it: sockets by files and hash tables, files by descriptors,
 * TIME_WAIT and request socks by their counts.
 *
 * Linux has no such thing.
 */
#include <linux/fs.h>
#include <linux/init.h>
#include <linux/interrupt.h>
#include <linux/kernel.h>
#include <linux/net.h>
#include <linux/proc.h>
#include <linux/sched.h>
#include <linux/slab.h>
#include <linux/string.h>
#include <net/inet_account.h>
#include <net/inet_connection_sock.h>
#include <net/inet_hashtables.h>
#include <net/neighbour.h>
#include <net/sch_generic.h>
#include <net/tcp.h>

/* ---- packets --------------------------------------------------------------------------- */

/* A packet and those chained to it as parts. */
static u64 count_skb(const struct sk_buff *skb)
{
	const struct sk_buff *part;
	u64 n = 1;

	for (part = skb_shinfo(skb)->frag_list; part; part = part->next)
		n++;
	return n;
}

static u64 count_queue(const struct sk_buff_head *queue)
{
	const struct sk_buff *skb;
	u64 n = 0;

	for (skb = queue->next; skb != (const struct sk_buff *)(const void *)queue;
	     skb = skb->next)
		n += count_skb(skb);
	return n;
}

static u64 count_chain(const struct sk_buff *skb)
{
	u64 n = 0;

	for (; skb; skb = skb->next)
		n += count_skb(skb);
	return n;
}

static u64 count_tree(struct rb_root *root)
{
	struct sk_buff *skb;
	u64 n = 0;

	skb_rbtree_walk(skb, root)
		n += count_skb(skb);
	return n;
}

static u64 count_sock(struct sock *sk)
{
	u64 n;

	n = count_queue(&sk->sk_receive_queue) + count_queue(&sk->sk_write_queue) +
	    count_queue(&sk->sk_error_queue) + count_chain(sk->sk_backlog.head) +
	    READ_ONCE(sk->sk_zcopy_calls);
	if (sk->sk_protocol == IPPROTO_TCP && sk->sk_state != TCP_LISTEN)
		n += count_tree(&sk->tcp_rtx_queue) + count_tree(&tcp_sk(sk)->out_of_order_queue);
	return n;
}

static void count_neighbour(struct neighbour *n, void *ctx)
{
	*(u64 *)ctx += count_queue(&n->arp_queue);
}

static u64 count_backlog(const struct net *net, const struct sk_buff_head *queue)
{
	const struct sk_buff *skb;
	u64 n = 0;

	for (skb = queue->next; skb != (const struct sk_buff *)(const void *)queue;
	     skb = skb->next)
		if (skb->net == net)
			n += count_skb(skb);
	return n;
}

/**
 * count_packets - find the packets of a namespace
 * @net: namespace
 * @places: filled in
 *
 * Context: process.
 */
void count_packets(struct net *net, struct packet_places *places)
{
	struct softnet_data *sd = this_cpu()->softnet;
	struct net_device *dev;
	struct sock *sk;

	memset(places, 0, sizeof(*places));
	local_bh_disable();
	places->alive = net_packets_alive(net);
	list_for_each_entry(sk, &net->core.sock_list, sk_net_node)
		places->sockets += count_sock(sk);
	if (net->ipv4.arp_tbl)
		neigh_for_each(net->ipv4.arp_tbl, count_neighbour, &places->neighbours);
	for_each_netdev(net, dev) {
		if (dev->qdisc)
			places->qdiscs += qdisc_qlen(dev->qdisc);
		if (dev->netdev_ops->ndo_held)
			places->devices += dev->netdev_ops->ndo_held(dev);
	}
	places->backlog = count_backlog(net, &sd->input_pkt_queue) +
			  count_backlog(net, &sd->process_queue);
	local_bh_enable();
}

static s64 packets_lost(const struct packet_places *p)
{
	return (s64)(p->alive - p->sockets - p->neighbours - p->qdiscs - p->backlog -
		     p->devices);
}

/**
 * packets_unaccounted - packets that are nowhere
 * @net: namespace
 *
 * Context: process.
 * Return: how many; 0 when the stack is at rest.
 */
s64 packets_unaccounted(struct net *net)
{
	struct packet_places p;

	count_packets(net, &p);
	return packets_lost(&p);
}

static size_t conserve_show(struct net *net, char *buf, size_t size)
{
	struct proc_text t = { .buf = buf, .size = size };
	struct packet_places p;
	u64 dropped = 0;
	s64 lost;
	int i;

	count_packets(net, &p);
	lost = packets_lost(&p);
	for (i = 0; i < SKB_DROP_REASON_MAX; i++)
		dropped += net->drops[i];
	proc_printf(&t, "created %lu\nconsumed %lu\ndropped %lu\nalive %lu\n",
		    net->acct.created, net->acct.consumed, net->acct.dropped, p.alive);
	proc_printf(&t, "in_sockets %lu\nin_neighbours %lu\nin_qdiscs %lu\nin_backlog %lu\n"
		    "in_devices %lu\n", p.sockets, p.neighbours, p.qdiscs, p.backlog,
		    p.devices);
	if (dropped != net->acct.dropped)
		proc_printf(&t, "conservation: %lu drops have a reason, %lu were counted\n",
			    dropped, net->acct.dropped);
	else if (lost)
		proc_printf(&t, "conservation: %ld packets on their way or lost\n", lost);
	else
		proc_printf(&t, "conservation: ok\n");
	return t.len;
}

/* ---- leaks -------------------------------------------------------------------------------- */

struct leak_report {
	struct net *net;
	struct proc_text t;
	unsigned int leaks;
	/* what refers to objects */
	unsigned long fds, sockets, timewait, requests;
	unsigned long heads;		/* structs of packets, pairs counted once */
};

static void leak(struct leak_report *r, const char *what, unsigned long out,
		 unsigned long known)
{
	if (out <= known)
		return;
	proc_printf(&r->t, "leak: %s: %lu in use, %lu referred to\n", what, out, known);
	r->leaks++;
}

static int count_fd(unsigned int fd, struct file *file, void *ctx)
{
	struct leak_report *r = ctx;

	r->fds++;
	if (sock_from_file(file))
		r->sockets++;
	return 0;
}

static void count_endpoint(const struct sock_common *skc, int state, void *ctx)
{
	struct leak_report *r = ctx;

	if (state == TCP_TIME_WAIT)
		r->timewait++;
	else if (state == TCP_NEW_SYN_RECV)
		r->requests++;
}

/* Can anybody still reach this socket? */
static bool sk_reachable(const struct sock *sk)
{
	/* A program; a packet below us, whose end ends it; a hash table: a
	 * timer will take it out of there. */
	return sk->sk_socket || READ_ONCE(sk->sk_wmem_alloc) > 1 || !hlist_unhashed(&sk->sk_node);
}

static void check_sock(struct leak_report *r, const struct sock *sk)
{
	if (sk->sk_state == TCP_LISTEN)
		r->requests += sk->sk_ack_backlog;
	if (sk_reachable(sk))
		return;
	proc_printf(&r->t, "leak: %s socket %pI4:%u in state %d, refcount %u\n",
		    sk->sk_prot->name, &sk->sk_rcv_saddr, sk->sk_num, sk->sk_state,
		    refcount_read(&sk->sk_refcnt));
	r->leaks++;
}

static void check_cache(const struct kmem_cache *s, void *ctx)
{
	struct leak_report *r = ctx;

	if (!strcmp(s->name, "skbuff_head_cache") || !strcmp(s->name, "skbuff_fclone_cache"))
		r->heads += s->inuse;
	else if (!strcmp(s->name, "filp"))
		leak(r, s->name, s->inuse, r->fds);
	else if (!strcmp(s->name, "sock_inode_cache"))
		leak(r, s->name, s->inuse, r->sockets);
	else if (tcp_prot.twsk_prot && s == tcp_prot.twsk_prot->twsk_slab)
		leak(r, s->name, s->inuse, r->timewait);
	else if (tcp_prot.rsk_prot && s == tcp_prot.rsk_prot->slab)
		leak(r, s->name, s->inuse, r->requests);
}

/* Packets by cache against packets by account, of all namespaces. */
static void check_packets(struct leak_report *r)
{
	unsigned long alive = 0;
	struct net *net;

	for_each_net(net)
		alive += net_packets_alive(net);
	leak(r, "packets", r->heads, alive);
}

/**
 * count_leaks - find objects that nobody can reach any more
 * @net: namespace
 * @buf: for a line on each
 * @size: its bytes
 *
 * Descriptors are those of the running program, caches are of all namespaces:
 * meant for a machine with one of each.
 *
 * Context: process.
 * Return: how many kinds of objects leak; 0 when the stack is at rest.
 */
unsigned int count_leaks(struct net *net, char *buf, size_t size)
{
	struct leak_report r = { .net = net, .t = { .buf = buf, .size = size } };
	const struct sock *sk;

	if (size)
		buf[0] = '\0';
	iterate_fd(current->files, count_fd, &r);
	local_bh_disable();
	inet_for_each_endpoint(net, count_endpoint, &r);
	list_for_each_entry(sk, &net->core.sock_list, sk_net_node)
		check_sock(&r, sk);
	local_bh_enable();
	kmem_cache_for_each(check_cache, &r);
	check_packets(&r);
	return r.leaks;
}

static size_t leaks_show(struct net *net, char *buf, size_t size)
{
	unsigned int leaks = count_leaks(net, buf, size);
	struct proc_text t = { .buf = buf, .size = size, .len = strlen(buf) };

	if (leaks)
		proc_printf(&t, "leaks: %u\n", leaks);
	else
		proc_printf(&t, "leaks: none\n");
	return t.len;
}

static int __init inet_account_init(void)
{
	proc_register("net/conserve", conserve_show);
	proc_register("net/leaks", leaks_show);
	return 0;
}
device_initcall(inet_account_init);
