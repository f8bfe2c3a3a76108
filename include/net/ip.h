/* SPDX-License-Identifier: MIT */
/*
 * IPv4 in, out, and what the transports call: net/ipv4/ip_input.c,
 * ip_output.c, ip_options.c, ip_fragment.c, ip_sockglue.c.
 *
 * Linux: include/net/ip.h, include/linux/ip.h, include/linux/in.h
 */
#ifndef NET_IP_H
#define NET_IP_H

#include <linux/byteorder.h>
#include <linux/skbuff.h>
#include <net/dst.h>
#include <net/flow.h>
#include <net/net_namespace.h>
#include <net/snmp.h>
#include <uapi/linux/in.h>
#include <uapi/linux/ip.h>

struct sock;
struct inet_sock;
struct inet_cork;
struct msghdr;
struct rtable;
struct packet_type;
struct net_device;

#define MAX_IPOPTLEN	40
#define INET_ECN_MASK	3	/* of the TOS byte: RFC 3168 */
#define IP_MAX_MTU	0xFFFFU
#define IPV4_MAX_PMTU	65535U
#define IPV4_MIN_MTU	68		/* RFC 791 */

/* What ip_options_compile() found, as offsets from the IP header; 0: absent. */
struct ip_options {
	u8 optlen;		/* bytes */
	u8 srr;			/* loose or strict source route */
	u8 rr;			/* record route */
	u8 ts;			/* timestamp */
	u8 router_alert;
	bool is_strictroute;
};

/* IPv4's part of skb->cb. TCP keeps it at the front of its own (tcp_skb_cb). */
struct inet_skb_parm {
	int iif;		/* ifindex it arrived on, before any rewriting */
	struct ip_options opt;
	u16 flags;
#define IPSKB_FORWARDED		BIT(0)
#define IPSKB_REROUTED		BIT(4)
#define IPSKB_DOREDIRECT	BIT(5)
	u16 frag_max_size;
};
#define IPCB(skb) ((struct inet_skb_parm *)((skb)->cb))
static_assert(sizeof(struct inet_skb_parm) <= sizeof_field(struct sk_buff, cb), "cb[48]");

/* What sendmsg() and its control messages say of one datagram. */
struct ipcm_cookie {
	__be32 addr;		/* source to send from; 0: choose */
	int oif;		/* ifindex to leave by; 0: choose */
	u8 ttl;			/* 0: the socket's */
	s16 tos;		/* -1: the socket's */
	u16 gso_size;		/* UDP_SEGMENT; 0: one datagram */
	u32 priority;
	u32 mark;
};

static inline struct iphdr *ip_hdr(const struct sk_buff *skb)
{
	return (void *)skb_network_header(skb);
}

static inline unsigned int ip_hdrlen(const struct sk_buff *skb)
{
	return ip_hdr(skb)->ihl * 4U;
}

static inline bool ip_is_fragment(const struct iphdr *iph)
{
	return (iph->frag_off & htons(IP_MF | IP_OFFSET)) != 0;
}

/* Fills in iph->check. Any context. */
void ip_send_check(struct iphdr *iph);

static inline bool ipv4_is_loopback(__be32 addr)
{
	return (addr & htonl(0xff000000)) == htonl(0x7f000000);
}

static inline bool ipv4_is_multicast(__be32 addr)
{
	return (addr & htonl(0xf0000000)) == htonl(0xe0000000);
}

static inline bool ipv4_is_local_multicast(__be32 addr)
{
	return (addr & htonl(0xffffff00)) == htonl(0xe0000000);
}

static inline bool ipv4_is_lbcast(__be32 addr)
{
	return addr == htonl(INADDR_BROADCAST);
}

static inline bool ipv4_is_zeronet(__be32 addr)
{
	return (addr & htonl(0xff000000)) == 0;
}

static inline bool ipv4_is_linklocal_169(__be32 addr)
{
	return (addr & htonl(0xffff0000)) == htonl(0xa9fe0000);
}

/* ---- in: ip_input.c. Softirq; all consume the skb ---------------------- */

int ip_rcv(struct sk_buff *skb, struct net_device *dev, struct packet_type *pt,
	   struct net_device *orig_dev);
int ip_local_deliver(struct sk_buff *skb);
void ip_protocol_deliver_rcu(struct net *net, struct sk_buff *skb, int protocol);

/* ---- out: ip_output.c --------------------------------------------------- */

/* TCP's way out: routes the socket if it must, builds the header, sends.
 * skb->data at the transport header. Consumes. 0, NET_XMIT_*, or -EHOSTUNREACH. */
int ip_queue_xmit(struct sock *sk, struct sk_buff *skb, struct flowi *fl);
int __ip_queue_xmit(struct sock *sk, struct sk_buff *skb, struct flowi *fl, u8 tos);
/* With a route in skb_dst() and a socket that is none of skb's yet (SYN-ACK).
 * Consumes. */
int ip_build_and_send_pkt(struct sk_buff *skb, const struct sock *sk, __be32 saddr,
			  __be32 daddr, u8 tos);

#define IP_REPLY_ARG_NOSRCCHECK 1
struct ip_reply_arg {
	void *iov_base;		/* transport header, its checksum field 0 */
	unsigned int len;	/* bytes */
	int csumoffset;		/* of the checksum, in 16-bit words; < 0: none */
	__wsum csum;		/* pseudo-header already in it */
	int flags;		/* IP_REPLY_ARG_* */
	int bound_dev_if;
	u8 tos;
	u32 mark;
};
/* Sends arg->iov_base back to where @skb came from, without a socket: from
 * @saddr to @daddr, by route, TTL default. Borrows skb (the received one). */
void ip_send_unicast_reply(struct net *net, struct sock *sk, struct sk_buff *skb,
			   __be32 daddr, __be32 saddr, const struct ip_reply_arg *arg,
			   u8 protocol);

int __ip_local_out(struct net *net, struct sock *sk, struct sk_buff *skb);
int ip_local_out(struct net *net, struct sock *sk, struct sk_buff *skb);
int ip_output(struct net *net, struct sock *sk, struct sk_buff *skb);
int ip_mc_output(struct net *net, struct sock *sk, struct sk_buff *skb);
/* Datagrams built piece by piece. @getfrag copies @len bytes from @offset of
 * @from to @to and adds their sum to skb->csum when the device cannot. */
typedef int (*ip_getfrag_t)(void *from, char *to, int offset, int len, int odd,
			    struct sk_buff *skb);
int ip_generic_getfrag(void *from, char *to, int offset, int len, int odd,
		       struct sk_buff *skb);
int ip_append_data(struct sock *sk, struct flowi4 *fl4, ip_getfrag_t getfrag,
		   void *from, int len, int transhdrlen, struct ipcm_cookie *ipc,
		   struct rtable **rt, unsigned int flags);
struct sk_buff *__ip_make_skb(struct sock *sk, struct flowi4 *fl4,
			      struct sk_buff_head *queue, struct inet_cork *cork);
int ip_select_ttl(const struct inet_sock *inet, const struct dst_entry *dst);
/* Returns a reference, NULL (nothing corked) or ERR_PTR. */
struct sk_buff *ip_make_skb(struct sock *sk, struct flowi4 *fl4, ip_getfrag_t getfrag,
			    void *from, int length, int transhdrlen,
			    struct ipcm_cookie *ipc, struct rtable **rtp,
			    struct inet_cork *cork, unsigned int flags);
struct sk_buff *ip_finish_skb(struct sock *sk, struct flowi4 *fl4);
int ip_send_skb(struct net *net, struct sk_buff *skb);	/* consumes */
int ip_push_pending_frames(struct sock *sk, struct flowi4 *fl4);
void ip_flush_pending_frames(struct sock *sk);

/* ---- identification (RFC 6864) ------------------------------------------ */

void __ip_select_ident(struct net *net, struct iphdr *iph, int segs);
void ip_select_ident_segs(struct net *net, struct sk_buff *skb, struct sock *sk, int segs);

static inline void ip_select_ident(struct net *net, struct sk_buff *skb, struct sock *sk)
{
	ip_select_ident_segs(net, skb, sk, 1);
}

/* ---- options, fragments -------------------------------------------------- */

/* Checks the options of a received header and fills *opt. 0, or -EINVAL with
 * *@pp_ptr at the offending octet's offset. Borrows. */
int ip_options_compile(struct net *net, struct ip_options *opt, struct sk_buff *skb,
		       __be32 *pp_ptr);
/* Source routes: refused by default. 0 or -EINVAL. */
int ip_options_rcv_srr(struct sk_buff *skb, struct net_device *dev);

/* Who asks for reassembly. */
enum ip_defrag_users {
	IP_DEFRAG_LOCAL_DELIVER,
	IP_DEFRAG_CONNTRACK_IN,
};
/* 0: whole datagram in @skb; else the skb was consumed. */
int ip_defrag(struct net *net, struct sk_buff *skb, u32 user);

/* ---- MTU ------------------------------------------------------------------ */

bool ip_sk_accept_pmtu(const struct sock *sk);
bool ip_sk_use_pmtu(const struct sock *sk);
bool ip_dont_fragment(const struct sock *sk, const struct dst_entry *dst);
u32 ip_skb_dst_mtu(struct sock *sk, const struct sk_buff *skb);

/* ---- sockets: ip_sockglue.c ------------------------------------------------ */

/* ip_setsockopt(), ip_getsockopt(): net/inet_sock.h */
/* Fills ipc from the control messages of a sendmsg(). 0 or -EINVAL. */
int ip_cmsg_send(struct sock *sk, struct msghdr *msg, struct ipcm_cookie *ipc);
/* Control messages that the socket asked for about @skb, whose transport
 * header is @tlen bytes. */
void ip_cmsg_recv_offset(struct msghdr *msg, struct sock *sk, struct sk_buff *skb,
			 int tlen, int offset);
static inline void ip_cmsg_recv(struct msghdr *msg, struct sock *sk, struct sk_buff *skb)
{
	ip_cmsg_recv_offset(msg, sk, skb, 0, 0);
}
/* Keeps, of IPCB, what IP_PKTINFO needs, as the skb is queued to a socket. */
void ipv4_pktinfo_prepare(const struct sock *sk, struct sk_buff *skb);
/* Queues an ICMP error for MSG_ERRQUEUE. Borrows. */
void ip_icmp_error(struct sock *sk, struct sk_buff *skb, int err, __be16 port, u32 info,
		   u8 *payload);
void ip_local_error(struct sock *sk, int err, __be32 daddr, __be16 port, u32 info);
int ip_recv_error(struct sock *sk, struct msghdr *msg, int len, int *addr_len);
/* Nobody will read them. Socket locked. */
void ip_purge_error_queue(struct sock *sk);
void ipcm_init(struct ipcm_cookie *ipc);
void ipcm_init_sk(struct ipcm_cookie *ipc, const struct inet_sock *inet);

/* ---- ports, addresses -------------------------------------------------------- */

/* May a socket of @net bind to an address of this type? */
bool inet_addr_valid_or_nonlocal(struct net *net, struct inet_sock *inet, __be32 addr,
				 int addr_type);

/* datagram.c: connect() of sockets without connections. Socket locked. */
int ip4_datagram_connect(struct sock *sk, struct sockaddr *uaddr, int addr_len);

/* ---- proc.c: text of counters, as /proc shows it; returns its length --------- */

size_t snmp_seq_show(struct net *net, char *buf, size_t size);
size_t netstat_seq_show(struct net *net, char *buf, size_t size);
size_t sockstat_seq_show(struct net *net, char *buf, size_t size);
/* `reason count` for every reason that occurred. */
size_t drop_reasons_show(struct net *net, char *buf, size_t size);

/* All of IPv4 but TCP and the socket family: ip_init.c. Called once by
 * inet_init(), which has not to do what it does: pernet setup, devices, the
 * protocols ICMP, UDP and ping, packet_types, sysctls, views. */
void ip_init(void);
void ipv4_sysctl_register(void);
void ipv4_proc_init(void);

#endif
