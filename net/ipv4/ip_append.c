// SPDX-License-Identifier: MIT
/*
 * Datagrams built piece by piece (UDP_CORK, MSG_MORE) or at once, for UDP, ping
 * and what else has no stream: the pieces are collected in one packet with room
 * for the IP header in front; __ip_make_skb() writes the header.
 *
 * Linux: net/ipv4/ip_output.c (which collects fragments: docs/omissions.md)
 * RFC: 791, 768
 */
#include <linux/errno.h>
#include <linux/kernel.h>
#include <linux/skb_zerocopy.h>
#include <linux/skbuff.h>
#include <linux/trace.h>
#include <linux/uio.h>
#include <net/checksum.h>
#include <net/icmp.h>
#include <net/inet_sock.h>
#include <net/ip.h>
#include <net/route.h>
#include <uapi/linux/udp.h>

/**
 * ip_generic_getfrag - ip_getfrag_t for a msghdr
 * @from: struct msghdr
 * @to: where to
 * @offset: not used: the iterator knows
 * @len: bytes
 * @odd: how many bytes skb->csum covers already
 * @skb: packet; its csum grows, unless the device sums
 *
 * Context: process.
 * Return: 0 or -EFAULT.
 */
int ip_generic_getfrag(void *from, char *to, int offset, int len, int odd,
		       struct sk_buff *skb)
{
	struct msghdr *msg = from;
	__wsum csum = 0;

	if (skb->ip_summed == CHECKSUM_PARTIAL)
		return copy_from_iter_full(to, (size_t)len, &msg->msg_iter) ? 0 : -EFAULT;
	if (!csum_and_copy_from_iter_full(to, (size_t)len, &csum, &msg->msg_iter))
		return -EFAULT;
	skb->csum = csum_block_add(skb->csum, csum, odd);
	return 0;
}

static void ip_cork_release(struct inet_cork *cork)
{
	cork->flags = 0;
	cork->length = 0;
	dst_release(cork->dst);
	cork->dst = NULL;
}

/* Takes over *@rtp. */
static int ip_setup_cork(struct sock *sk, struct inet_cork *cork,
			 const struct ipcm_cookie *ipc, struct rtable **rtp)
{
	struct rtable *rt = *rtp;

	cork->fragsize = ip_sk_use_pmtu(sk) ? dst_mtu(&rt->dst)
					    : min(rt->dst.dev->mtu, IP_MAX_MTU);
	if (cork->fragsize < IPV4_MIN_MTU)
		return -ENETUNREACH;
	*rtp = NULL;
	cork->dst = &rt->dst;
	cork->length = 0;
	cork->flags = 0;
	cork->gso_size = ipc->gso_size;
	cork->addr = ipc->addr;
	cork->ttl = ipc->ttl;
	cork->tos = ipc->tos;
	cork->mark = ipc->mark;
	cork->priority = ipc->priority;
	return 0;
}

/* A packet for the datagram with room for @len bytes, or as long as it may grow when
 * more is to come; @paged: what comes goes to pages. */
static struct sk_buff *ip_append_alloc(struct sock *sk, const struct inet_cork *cork,
				       unsigned int len, bool paged, unsigned int flags,
				       int *err)
{
	struct net_device *dev = cork->dst->dev;
	unsigned int hh_len = LL_RESERVED_SPACE(dev);
	bool grows = (flags & MSG_MORE) && !paged;
	unsigned int room = grows ? cork->fragsize : len + sizeof(struct iphdr);
	struct sk_buff *skb = sock_alloc_send_skb(sk, hh_len + room,
						  (int)(flags & MSG_DONTWAIT), err);

	if (!skb)
		return NULL;
	skb_reserve(skb, (int)hh_len);
	skb_reset_network_header(skb);
	skb_put(skb, sizeof(struct iphdr));
	skb_set_transport_header(skb, sizeof(struct iphdr));
	skb->ip_summed = CHECKSUM_NONE;
	skb->csum = 0;
	/* The device sums a datagram that it gets whole; those that are to be cut
	 * are summed after that, by whoever does it. */
	if (paged ||
	    (!grows && (dev->features & (NETIF_F_HW_CSUM | NETIF_F_IP_CSUM))))
		skb->ip_summed = CHECKSUM_PARTIAL;
	return skb;
}

/* @len bytes more into the packet's pages, on the account of its owner too. On
 * error some may be there: the packet is to be thrown away. */
static int ip_append_frags(struct sock *sk, struct sk_buff *skb, ip_getfrag_t getfrag,
			   void *from, unsigned int len)
{
	struct page_frag *pfrag = sk_page_frag(sk);

	while (len) {
		int i = skb_shinfo(skb)->nr_frags;
		unsigned int copy;

		if (!skb_page_frag_refill(32U, pfrag, GFP_KERNEL))
			return -ENOMEM;
		copy = min(len, pfrag->size - pfrag->offset);
		if (skb_can_coalesce(skb, i, pfrag->page, pfrag->offset)) {
			skb_frag_size_add(&skb_shinfo(skb)->frags[i - 1], (int)copy);
		} else if (i == MAX_SKB_FRAGS) {
			return -EMSGSIZE;
		} else {
			skb_fill_page_desc(skb, i, skb_page_get(pfrag->page), pfrag->offset,
					   copy);
		}
		skb->len += copy;
		skb->data_len += copy;
		skb->truesize += copy;
		sk_wmem_add(sk, copy);
		if (getfrag(from, (char *)pfrag->page->data + pfrag->offset, 0, (int)copy, 0,
			    skb))
			return -EFAULT;
		pfrag->offset += copy;
		len -= copy;
	}
	return 0;
}

/* The same by reference to the program's memory. */
static int ip_append_refs(struct sock *sk, struct sk_buff *skb, struct skb_zerocopy *zc,
			  struct msghdr *msg, unsigned int len)
{
	while (len) {
		int copy = skb_zerocopy_append(zc, skb, &msg->msg_iter, len);

		if (copy < 0)
			return copy;
		sk_wmem_add(sk, (unsigned int)copy);
		len -= (unsigned int)copy;
	}
	return 0;
}

/* MSG_ZEROCOPY: by reference if the device gathers and sums, and the packet is not
 * one whose pieces are collected behind its headers. 0 or -ENOBUFS. */
static int ip_append_zerocopy(struct sock *sk, struct skb_zerocopy *zc,
			      const struct inet_cork *cork, bool first, unsigned int flags)
{
	netdev_features_t features = cork->dst->dev->features;
	int err;

	if (likely(!(flags & MSG_ZEROCOPY)) || !sock_flag(sk, SOCK_ZEROCOPY))
		return 0;
	err = skb_zerocopy_begin(zc, sk);
	if (!err && (!(features & NETIF_F_SG) || !(features & NETIF_F_CSUM_MASK) ||
		     !(cork->gso_size || (first && !(flags & MSG_MORE)))))
		zc->uarg->copied = true;
	return err;
}

/* Behind the headers: @length bytes, of which the first @transhdrlen are the
 * transport's. */
static int ip_append_linear(struct sk_buff *skb, const struct inet_cork *cork,
			    ip_getfrag_t getfrag, void *from, int length, int transhdrlen)
{
	int copy = length - transhdrlen;
	char *data;

	if (skb_tailroom(skb) < (unsigned int)length)
		return -EMSGSIZE;
	data = skb_put(skb, (unsigned int)length);
	memset(data, 0, (size_t)transhdrlen);
	/* Transport headers are of even length: the sum's parity is that of
	 * what there was. */
	if (copy > 0 && getfrag(from, data + transhdrlen, 0, copy, cork->length, skb)) {
		skb_trim(skb, skb->len - (unsigned int)length);
		return -EFAULT;
	}
	return 0;
}

/* One more piece of @length bytes, of which the first @transhdrlen are left for
 * the transport to fill in. */
static int __ip_append_data(struct sock *sk, struct flowi4 *fl4, struct sk_buff_head *queue,
			    struct inet_cork *cork, ip_getfrag_t getfrag, void *from,
			    int length, int transhdrlen, unsigned int flags)
{
	unsigned int max = (cork->gso_size ? IP_MAX_MTU : min(cork->fragsize, IP_MAX_MTU)) -
			   sizeof(struct iphdr);
	struct sk_buff *skb = skb_peek_tail(queue);
	unsigned int copy = (unsigned int)(length - transhdrlen);
	struct skb_zerocopy zc = { .uarg = NULL };
	int err;
	bool paged;

	if ((unsigned int)cork->length + (unsigned int)length > max) {
		IP_INC_STATS(sock_net(sk), IPSTATS_MIB_FRAGFAILS);
		ip_local_error(sk, EMSGSIZE, fl4->daddr, inet_sk(sk)->inet_dport,
			       cork->fragsize);
		return -EMSGSIZE;
	}
	err = copy ? ip_append_zerocopy(sk, &zc, cork, !skb, flags) : 0;
	if (err)
		return err;
	paged = cork->gso_size || skb_zerocopy_refers(&zc);
	if (!skb) {
		skb = ip_append_alloc(sk, cork, (unsigned int)(paged ? transhdrlen : length),
				      paged, flags, &err);
		if (!skb)
			goto out;
		__skb_queue_tail(queue, skb);
		if (paged)
			skb_put_zero(skb, (unsigned int)transhdrlen);
	}
	if (skb_zerocopy_refers(&zc))
		err = ip_append_refs(sk, skb, &zc, from, copy);
	else if (paged)
		err = ip_append_frags(sk, skb, getfrag, from, copy);
	else
		err = ip_append_linear(skb, cork, getfrag, from, length, transhdrlen);
	if (!err)
		cork->length += length;
out:
	skb_zerocopy_end(&zc, !err);
	return err;
}

/**
 * ip_append_data - add a piece to a socket's corked datagram
 * @sk: socket, locked
 * @fl4: where it goes
 * @getfrag: copies the data
 * @from: for @getfrag
 * @len: bytes, transport header included with the first piece
 * @transhdrlen: bytes of transport header; 0 from the second piece on
 * @ipc: control information; of the first piece
 * @rt: route; the reference is taken over with the first piece (*@rt NULL)
 * @flags: MSG_MORE, MSG_DONTWAIT, MSG_PROBE
 *
 * Context: process, may sleep.
 * Return: 0; -EMSGSIZE, -EFAULT, -EAGAIN, -ENOBUFS, -ENOMEM, -EPIPE, -ENETUNREACH.
 * What was corked before stays; with UDP_SEGMENT or MSG_ZEROCOPY it is to be flushed.
 */
int ip_append_data(struct sock *sk, struct flowi4 *fl4, ip_getfrag_t getfrag,
		   void *from, int len, int transhdrlen, struct ipcm_cookie *ipc,
		   struct rtable **rt, unsigned int flags)
{
	struct inet_sock *inet = inet_sk(sk);
	int err;

	trace_here();
	if (flags & MSG_PROBE)
		return 0;
	if (skb_queue_empty(&sk->sk_write_queue)) {
		err = ip_setup_cork(sk, &inet->cork, ipc, rt);
		if (err)
			return err;
	} else {
		transhdrlen = 0;
	}
	return __ip_append_data(sk, fl4, &sk->sk_write_queue, &inet->cork, getfrag, from, len,
				transhdrlen, flags);
}

static u8 cork_ttl(const struct inet_cork *cork, const struct inet_sock *inet,
		   const struct rtable *rt)
{
	if (cork->ttl)
		return cork->ttl;
	if (rt->rt_type == RTN_MULTICAST)
		return inet->mc_ttl;
	return (u8)ip_select_ttl(inet, &rt->dst);
}

/* How many datagrams it will be: UDP_SEGMENT is UDP's. */
static int cork_segs(const struct inet_cork *cork)
{
	int payload = cork->length - (int)sizeof(struct udphdr);

	return cork->gso_size ? max(DIV_ROUND_UP(payload, cork->gso_size), 1) : 1;
}

/**
 * __ip_make_skb - complete a datagram with its IP header
 * @sk: socket
 * @fl4: where it goes
 * @queue: what ip_append_data() collected
 * @cork: and with what control information; released
 *
 * Context: process.
 * Return: the packet, with its route; NULL: nothing was collected.
 */
struct sk_buff *__ip_make_skb(struct sock *sk, struct flowi4 *fl4,
			      struct sk_buff_head *queue, struct inet_cork *cork)
{
	struct rtable *rt = (struct rtable *)cork->dst;
	struct sk_buff *skb = __skb_dequeue(queue);
	struct inet_sock *inet = inet_sk(sk);
	struct net *net = sock_net(sk);
	struct iphdr *iph;

	if (!skb)
		return NULL;
	iph = ip_hdr(skb);
	iph->version = 4;
	iph->ihl = 5;
	iph->tos = cork->tos >= 0 ? (u8)cork->tos : inet->tos;
	iph->frag_off = 0;
	if (inet->pmtudisc == IP_PMTUDISC_DO || inet->pmtudisc == IP_PMTUDISC_PROBE ||
	    (skb->len <= dst_mtu(&rt->dst) && ip_dont_fragment(sk, &rt->dst)))
		iph->frag_off = htons(IP_DF);
	iph->ttl = cork_ttl(cork, inet, rt);
	iph->protocol = (u8)sk->sk_protocol;
	iph->saddr = fl4->saddr;
	iph->daddr = fl4->daddr;
	/* One for each datagram that it will be. Linux: one for all. */
	ip_select_ident_segs(net, skb, sk, cork_segs(cork));
	skb->priority = cork->priority;
	skb->mark = cork->mark;
	memset(IPCB(skb), 0, sizeof(struct inet_skb_parm));
	cork->dst = NULL;
	skb_dst_set(skb, &rt->dst);
	if (iph->protocol == IPPROTO_ICMP)
		icmp_out_count(net, icmp_hdr(skb)->type);
	ip_cork_release(cork);
	return skb;
}

/**
 * ip_finish_skb - complete a socket's corked datagram
 * @sk: socket, locked
 * @fl4: where it goes
 *
 * Context: process.
 * Return: as __ip_make_skb().
 */
struct sk_buff *ip_finish_skb(struct sock *sk, struct flowi4 *fl4)
{
	trace_here();
	return __ip_make_skb(sk, fl4, &sk->sk_write_queue, &inet_sk(sk)->cork);
}

/**
 * ip_send_skb - send a complete datagram
 * @net: namespace
 * @skb: datagram. Consumes.
 *
 * Context: any but hardirq.
 * Return: 0 or -errno; -ENOBUFS when the queue was full.
 */
int ip_send_skb(struct net *net, struct sk_buff *skb)
{
	int err;

	trace_skb(skb);
	err = ip_local_out(net, skb->sk, skb);
	if (err > 0)
		err = net_xmit_errno(err);
	if (err)
		IP_INC_STATS(net, IPSTATS_MIB_OUTDISCARDS);
	return err;
}

/**
 * ip_push_pending_frames - complete and send a socket's corked datagram
 * @sk: socket, locked
 * @fl4: where it goes
 *
 * Context: process.
 * Return: as ip_send_skb(); 0 when nothing was corked.
 */
int ip_push_pending_frames(struct sock *sk, struct flowi4 *fl4)
{
	struct sk_buff *skb;

	trace_here();
	skb = ip_finish_skb(sk, fl4);
	return skb ? ip_send_skb(sock_net(sk), skb) : 0;
}

/* Never sent: that is no loss of the network's. */
static void __ip_flush_pending_frames(struct sk_buff_head *queue, struct inet_cork *cork)
{
	struct sk_buff *skb;

	while ((skb = __skb_dequeue_tail(queue)) != NULL)
		consume_skb(skb);
	ip_cork_release(cork);
}

/**
 * ip_flush_pending_frames - throw a socket's corked datagram away
 * @sk: socket, locked
 *
 * Context: process.
 */
void ip_flush_pending_frames(struct sock *sk)
{
	__ip_flush_pending_frames(&sk->sk_write_queue, &inet_sk(sk)->cork);
}

/**
 * ip_make_skb - a datagram from one piece
 * @sk: socket; need not be locked
 * @fl4: where it goes
 * @getfrag: copies the data
 * @from: for @getfrag
 * @length: bytes, transport header included
 * @transhdrlen: bytes of transport header
 * @ipc: control information
 * @rtp: route; the reference is taken over (*@rtp NULL)
 * @cork: for use while it is made
 * @flags: MSG_DONTWAIT, MSG_PROBE
 *
 * Context: process, may sleep.
 * Return: the packet, with its route; NULL with MSG_PROBE; ERR_PTR() as
 * ip_append_data().
 */
struct sk_buff *ip_make_skb(struct sock *sk, struct flowi4 *fl4, ip_getfrag_t getfrag,
			    void *from, int length, int transhdrlen,
			    struct ipcm_cookie *ipc, struct rtable **rtp,
			    struct inet_cork *cork, unsigned int flags)
{
	struct sk_buff_head queue;
	int err;

	trace_here();
	if (flags & MSG_PROBE)
		return NULL;
	__skb_queue_head_init(&queue);
	err = ip_setup_cork(sk, cork, ipc, rtp);
	if (err)
		return ERR_PTR(err);
	err = __ip_append_data(sk, fl4, &queue, cork, getfrag, from, length, transhdrlen,
			       flags);
	if (err) {
		__ip_flush_pending_frames(&queue, cork);
		return ERR_PTR(err);
	}
	return __ip_make_skb(sk, fl4, &queue, cork);
}
