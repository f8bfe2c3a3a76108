// SPDX-License-Identifier: MIT
/*
 * IPv4 options of received packets: their bounds are checked, what is known is
 * noted, and all are skipped. A source route is refused unless
 * net.ipv4.conf.*.accept_source_route allows it.
 *
 * Linux: net/ipv4/ip_options.c (which also fills in record route and timestamp
 * and echoes options: docs/omissions.md)
 * RFC: 791 3.1, 1122 3.2.1.8, 2113, 7126
 */
#include <linux/errno.h>
#include <linux/kernel.h>
#include <linux/skbuff.h>
#include <net/ip.h>

/* A route that packets take or record: type, length, pointer, addresses. The
 * offset of the octet that is wrong, or -1. */
static int check_route(const u8 *opt, u8 optlen, bool seen)
{
	if (seen)
		return 0;
	if (optlen < 3)
		return 1;
	if (opt[2] < 4)
		return 2;
	/* Room for one more address, or full. */
	if (opt[0] == IPOPT_RR && opt[2] <= optlen && opt[2] + 3 > optlen)
		return 2;
	return -1;
}

static int check_timestamp(const u8 *opt, u8 optlen, bool seen)
{
	if (seen)
		return 0;
	if (optlen < 4)
		return 1;
	return opt[2] < 5 ? 2 : -1;
}

/* One option that has a length; @off: its offset from the IP header. The
 * offset in it of the octet that is wrong, or -1. */
static int compile_one(struct ip_options *opt, const u8 *p, u8 optlen, u8 off)
{
	int bad = -1;

	switch (p[0]) {
	case IPOPT_SSRR:
	case IPOPT_LSRR:
		bad = check_route(p, optlen, opt->srr);
		opt->srr = off;
		opt->is_strictroute = p[0] == IPOPT_SSRR;
		break;
	case IPOPT_RR:
		bad = check_route(p, optlen, opt->rr);
		opt->rr = off;
		break;
	case IPOPT_TIMESTAMP:
		bad = check_timestamp(p, optlen, opt->ts);
		opt->ts = off;
		break;
	case IPOPT_RA:
		if (optlen < 4)
			bad = 1;
		else if (!p[2] && !p[3])
			opt->router_alert = off;
		break;
	default:		/* RFC 1122 3.2.1.8: unknown ones are ignored */
		break;
	}
	return bad;
}

/**
 * ip_options_compile - check and note the options of a received header
 * @net: namespace
 * @opt: filled; opt->optlen says how many bytes there are
 * @skb: packet, whole IP header linear. Borrows.
 * @pp_ptr: on failure, what a parameter problem message points at
 *
 * Context: softirq.
 * Return: 0, or -EINVAL.
 */
int ip_options_compile(struct net *net, struct ip_options *opt, struct sk_buff *skb,
		       __be32 *pp_ptr)
{
	const u8 *iph = skb_network_header(skb);
	unsigned int off = sizeof(struct iphdr), end = off + opt->optlen;
	int bad = 0;

	while (off < end && iph[off] != IPOPT_END) {
		u8 optlen;

		if (iph[off] == IPOPT_NOOP) {
			off++;
			continue;
		}
		if (end - off < 2)
			goto error;
		optlen = iph[off + 1];
		if (optlen < 2 || optlen > end - off)
			goto error;
		bad = compile_one(opt, iph + off, optlen, (u8)off);
		if (bad >= 0)
			goto error;
		bad = 0;
		off += optlen;
	}
	return 0;

error:
	*pp_ptr = htonl((off + (unsigned int)bad) << 24);
	return -EINVAL;
}

/**
 * ip_options_rcv_srr - is a source-routed packet at its end here?
 * @skb: packet with opt.srr, its route allowed by settings. Borrows.
 * @dev: where it came in
 *
 * RFC 1122 3.3.5: a host that does not forward does not forward these either.
 *
 * Context: softirq.
 * Return: 0: it is for us; -EINVAL: its route goes on.
 */
int ip_options_rcv_srr(struct sk_buff *skb, struct net_device *dev)
{
	const u8 *srr = skb_network_header(skb) + IPCB(skb)->opt.srr;

	/* The pointer is behind the last address. */
	return srr[2] > srr[1] ? 0 : -EINVAL;
}
