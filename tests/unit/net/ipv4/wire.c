// SPDX-License-Identifier: MIT
/* A host of its own namespace on a wire, and packets for it. */
#include <linux/err.h>
#include <linux/slab.h>

#include "wire.h"

const u8 peer_mac[6] = { 0x02, 0, 0, 0, 0, 2 };

static void wire_up_all(struct wire *w, netdev_features_t features, __be32 gw)
{
	w->fail_nth = 0;
	w->napi = NULL;
	w->net = net_create();
	BUG_ON(!w->net);
	EXPECT_EQ(dev_open(w->net->loopback_dev), 0);
	w->dev = fake_netdev_create(w->net, features);
	EXPECT_EQ(ip_config_set(w->net, w->dev, US, 24, gw), 0);
	fake_netdev_drain(w->dev);
}

void wire_up(struct wire *w)
{
	wire_up_all(w, 0, GW);
}

void wire_up_plain(struct wire *w, netdev_features_t features)
{
	wire_up_all(w, features, 0);
}

void wire_up_known(struct wire *w)
{
	wire_up(w);
	EXPECT_EQ(arp_set_permanent(w->dev, PEER, peer_mac), 0);
	EXPECT_EQ(arp_set_permanent(w->dev, GW, peer_mac), 0);
}

void wire_down(struct wire *w)
{
	fake_netdev_destroy(w->dev);
	net_destroy(w->net);
}

void wire_receive(struct wire *w, const u8 *mac_dest, u16 type, const void *data,
		  unsigned int len)
{
	struct sk_buff *skb = fake_frame(w->dev, mac_dest, type, len);

	memcpy(skb->data + ETH_HLEN, data, len);
	skb->protocol = eth_type_trans(skb, w->dev);
	slab_fail_after(w->fail_nth, w->fail_nth ? 1 : 0);
	local_bh_disable();
	if (w->napi)
		napi_gro_receive(w->napi, skb);
	else
		netif_receive_skb(skb);
	local_bh_enable();
	slab_fail_after(0, 0);
}

void wire_ip(struct wire *w, const struct ip_spec *s, const void *payload, unsigned int len)
{
	unsigned int hlen = sizeof(struct iphdr) + s->optlen, total = hlen + len;
	u8 *buf = kzalloc(total + s->pad + 64, GFP_KERNEL);
	struct iphdr *iph = (void *)buf;

	BUG_ON(!buf);
	iph->version = s->version ? s->version & 15 : 4;
	iph->ihl = s->ihl ? s->ihl & 15 : (hlen / 4) & 15;
	iph->tos = s->tos;
	iph->tot_len = htons(s->tot_len ? s->tot_len : (u16)total);
	iph->id = htons(s->id);
	iph->frag_off = htons(s->frag_off);
	iph->ttl = s->ttl ? s->ttl : 64;
	iph->protocol = s->protocol;
	iph->saddr = s->saddr || s->any_addr ? s->saddr : PEER;
	iph->daddr = s->daddr || s->any_addr ? s->daddr : US;
	if (s->optlen)
		memcpy(iph + 1, s->options, s->optlen);
	if (len)
		memcpy(buf + hlen, payload, len);
	iph->check = 0;
	iph->check = ip_fast_csum(iph, iph->ihl >= 5 ? iph->ihl : 5);
	if (s->bad_csum)
		iph->check ^= 0x0100;
	wire_receive(w, s->mac_dest, ETH_P_IP, buf, total + s->pad - s->cut);
	kfree(buf);
}

void wire_icmp(struct wire *w, const struct ip_spec *s, struct icmphdr h, unsigned int len)
{
	u8 *buf = kzalloc(sizeof(h) + len, GFP_KERNEL);
	struct ip_spec spec = *s;
	unsigned int i;

	BUG_ON(!buf);
	for (i = 0; i < len; i++)
		buf[sizeof(h) + i] = (u8)i;
	h.checksum = 0;
	memcpy(buf, &h, sizeof(h));
	h.checksum = ip_compute_csum(buf, (int)(sizeof(h) + len));
	memcpy(buf, &h, sizeof(h));
	spec.protocol = IPPROTO_ICMP;
	wire_ip(w, &spec, buf, sizeof(h) + len);
	kfree(buf);
}

void wire_ping(struct wire *w, const struct ip_spec *s, unsigned int len)
{
	wire_icmp(w, s, (struct icmphdr){ .type = ICMP_ECHO, .un.echo = { htons(0x1234),
		  htons(7) } }, len);
}

void wire_udp(struct wire *w, const struct ip_spec *s, u16 sport, u16 dport,
	      const void *data, unsigned int len)
{
	struct ip_spec spec = *s;
	u8 buf[2048];
	struct udphdr *uh = (void *)buf;
	__be32 saddr = s->saddr ? s->saddr : PEER, daddr = s->daddr ? s->daddr : US;

	BUG_ON(len + sizeof(*uh) > sizeof(buf));
	uh->source = htons(sport);
	uh->dest = htons(dport);
	uh->len = htons((u16)(sizeof(*uh) + len));
	uh->check = 0;
	if (len)
		memcpy(uh + 1, data, len);
	uh->check = csum_tcpudp_magic(saddr, daddr, (u32)sizeof(*uh) + len, IPPROTO_UDP,
				      csum_partial(buf, (int)(sizeof(*uh) + len), 0));
	if (!uh->check)
		uh->check = CSUM_MANGLED_0;
	spec.protocol = IPPROTO_UDP;
	wire_ip(w, &spec, buf, (unsigned int)sizeof(*uh) + len);
}

void wire_arp(struct wire *w, u16 op, const u8 *sha, __be32 sip, const u8 *tha, __be32 tip)
{
	static const u8 bcast[6] = { 255, 255, 255, 255, 255, 255 };
	u8 buf[28] = { 0, 1, 8, 0, 6, 4, (u8)(op >> 8), (u8)op };

	memcpy(buf + 8, sha, 6);
	memcpy(buf + 14, &sip, 4);
	if (tha)
		memcpy(buf + 18, tha, 6);
	memcpy(buf + 24, &tip, 4);
	wire_receive(w, op == ARPOP_REQUEST ? bcast : NULL, ETH_P_ARP, buf, sizeof(buf));
}

bool wire_pop(struct wire *w, struct frame *f)
{
	struct sk_buff *skb = fake_netdev_pop(w->dev);

	if (!skb)
		return false;
	BUG_ON(skb->len > sizeof(f->data));
	f->len = skb->len;
	if (skb_copy_bits(skb, 0, f->data, (int)skb->len))
		BUG();
	consume_skb(skb);
	return true;
}

void expect_ip_ok(struct frame *f)
{
	struct iphdr *iph = frame_ip(f);

	EXPECT_EQ(frame_type(f), ETH_P_IP);
	EXPECT_TRUE(iph->version == 4);
	EXPECT_EQ(ip_fast_csum(iph, iph->ihl), 0);
	EXPECT_EQ(ntohs(iph->tot_len) + (unsigned int)ETH_HLEN, f->len);
	EXPECT_NE(iph->ttl, 0);
}

static unsigned int l4_len(struct frame *f)
{
	return ntohs(frame_ip(f)->tot_len) - frame_ip(f)->ihl * 4U;
}

void expect_icmp_ok(struct frame *f)
{
	expect_ip_ok(f);
	EXPECT_EQ(frame_ip(f)->protocol, IPPROTO_ICMP);
	EXPECT_EQ(ip_compute_csum(frame_l4(f), (int)l4_len(f)), 0);
}

void expect_udp_ok(struct frame *f)
{
	struct iphdr *iph = frame_ip(f);
	struct udphdr *uh = frame_l4(f);

	expect_ip_ok(f);
	EXPECT_EQ(iph->protocol, IPPROTO_UDP);
	EXPECT_EQ(ntohs(uh->len), l4_len(f));
	EXPECT_NE(uh->check, 0);
	EXPECT_EQ(csum_tcpudp_magic(iph->saddr, iph->daddr, l4_len(f), IPPROTO_UDP,
				    csum_partial(uh, (int)l4_len(f), 0)), 0);
}

/* ---- sockets ------------------------------------------------------------------ */

struct socket *wire_socket(struct wire *w, int type, int protocol)
{
	struct socket *sock = NULL;

	EXPECT_EQ(sock_create(w->net, PF_INET, type, protocol, &sock), 0);
	return sock;
}

static struct sockaddr_in sin_of(__be32 addr, u16 port)
{
	return (struct sockaddr_in){ .sin_family = AF_INET, .sin_port = htons(port),
				     .sin_addr = { addr } };
}

int wire_bind(struct socket *sock, __be32 addr, u16 port)
{
	struct sockaddr_in sin = sin_of(addr, port);

	return sock->ops->bind(sock, (void *)&sin, sizeof(sin));
}

int wire_connect(struct socket *sock, __be32 addr, u16 port)
{
	struct sockaddr_in sin = sin_of(addr, port);

	return sock->ops->connect(sock, (void *)&sin, sizeof(sin), 0);
}

int wire_sendto(struct socket *sock, const void *data, size_t len, unsigned int flags,
		__be32 addr, u16 port)
{
	struct sockaddr_in sin = sin_of(addr, port);
	struct kvec kv = { .iov_base = (void *)(uintptr_t)data, .iov_len = len };
	struct msghdr msg = { .msg_flags = flags | MSG_DONTWAIT };

	if (addr) {
		msg.msg_name = &sin;
		msg.msg_namelen = sizeof(sin);
	}
	iov_iter_kvec(&msg.msg_iter, ITER_SOURCE, &kv, 1, len);
	return sock_sendmsg(sock, &msg);
}

int wire_recv(struct socket *sock, void *data, size_t len, int flags,
	      struct sockaddr_in *from)
{
	struct kvec kv = { .iov_base = data, .iov_len = len };
	struct msghdr msg = { .msg_name = from };

	iov_iter_kvec(&msg.msg_iter, ITER_DEST, &kv, 1, len);
	return sock_recvmsg(sock, &msg, flags | MSG_DONTWAIT);
}

int wire_set_int(struct socket *sock, int level, int name, int val)
{
	if (level == SOL_SOCKET)
		return sock_setsockopt(sock, level, name, &val, sizeof(val));
	return sock->ops->setsockopt(sock, level, name, &val, sizeof(val));
}

int wire_get_int(struct socket *sock, int level, int name, int *val)
{
	int len = sizeof(*val);

	if (level == SOL_SOCKET)
		return sock_getsockopt(sock, level, name, (void *)val, &len);
	return sock->ops->getsockopt(sock, level, name, (void *)val, &len);
}
