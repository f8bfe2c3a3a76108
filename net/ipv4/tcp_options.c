// SPDX-License-Identifier: MIT
/*
 * TCP options: parsed from whatever arrives, written for what we send. The
 * lengths that an option claims are never believed beyond the header.
 *
 * Linux: net/ipv4/tcp_input.c (parsing), net/ipv4/tcp_output.c (writing)
 * RFC: 9293 3.1 and 3.2, 7323 (window scale, timestamps), 2018 (SACK), 7413 (Fast Open)
 */
#include <linux/byteorder.h>
#include <linux/string.h>
#include <linux/unaligned.h>
#include <net/tcp.h>

/* ---- parsing --------------------------------------------------------------- */

static void tcp_parse_mss(const u8 *val, unsigned int len,
			  struct tcp_options_received *opt_rx)
{
	u16 in_mss;

	if (len != TCPOLEN_MSS)
		return;
	in_mss = get_unaligned_be16(val);
	if (!in_mss)
		return;
	if (opt_rx->user_mss && opt_rx->user_mss < in_mss)
		in_mss = opt_rx->user_mss;
	opt_rx->mss_clamp = in_mss;
}

/* One option that may stand on a SYN only. */
static void tcp_parse_syn_option(const struct net *net, u8 opcode, unsigned int len,
				 const u8 *val, struct tcp_options_received *opt_rx)
{
	switch (opcode) {
	case TCPOPT_MSS:
		tcp_parse_mss(val, len, opt_rx);
		break;
	case TCPOPT_WINDOW:
		if (len != TCPOLEN_WINDOW || !net->ipv4.sysctl_tcp_window_scaling)
			break;
		opt_rx->wscale_ok = 1;
		/* RFC 7323 2.3: a larger shift is taken as 14 */
		opt_rx->snd_wscale = min_t(u8, val[0], TCP_MAX_WSCALE) & 0xf;
		break;
	case TCPOPT_SACK_PERM:
		if (len != TCPOLEN_SACK_PERM || !net->ipv4.sysctl_tcp_sack)
			break;
		opt_rx->sack_ok = TCP_SACK_SEEN;
		opt_rx->num_sacks = 0;
		break;
	default:
		break;
	}
}

static void tcp_parse_timestamp(const struct net *net, const u8 *val, unsigned int len,
				int estab, struct tcp_options_received *opt_rx)
{
	if (len != TCPOLEN_TIMESTAMP)
		return;
	if (!(estab ? opt_rx->tstamp_ok : net->ipv4.sysctl_tcp_timestamps != 0))
		return;
	opt_rx->saw_tstamp = 1;
	opt_rx->rcv_tsval = get_unaligned_be32(val);
	opt_rx->rcv_tsecr = get_unaligned_be32(val + 4);
}

/* RFC 7413 2: on a SYN, an even length, 4 to 16 bytes, or none: a cookie is asked for. */
static void tcp_parse_fastopen_option(int len, const u8 *cookie, bool syn,
				      struct tcp_fastopen_cookie *foc, bool exp_opt)
{
	if (!foc || !syn || len < 0 || (len & 1))
		return;
	if (len >= TCP_FASTOPEN_COOKIE_MIN && len <= TCP_FASTOPEN_COOKIE_MAX)
		memcpy(foc->val, cookie, (size_t)len);
	else if (len != 0)
		len = -1;
	foc->len = (s8)len;
	foc->exp = exp_opt;
}

/* @len: of the whole option, @val: behind its kind and length. */
static void tcp_parse_fastopen(u8 opcode, unsigned int len, const u8 *val, bool syn,
			       struct tcp_fastopen_cookie *foc)
{
	if (opcode == TCPOPT_FASTOPEN)
		tcp_parse_fastopen_option((int)len - TCPOLEN_FASTOPEN_BASE, val, syn, foc, false);
	else if (len >= TCPOLEN_EXP_FASTOPEN_BASE &&
		 get_unaligned_be16(val) == TCPOPT_FASTOPEN_MAGIC)
		tcp_parse_fastopen_option((int)len - TCPOLEN_EXP_FASTOPEN_BASE, val + 2, syn, foc,
					  true);
}

/**
 * tcp_parse_options() - read the options of a received segment
 * @net: whose sysctls say what is understood
 * @skb: the segment, its TCP header linear; borrowed
 * @opt_rx: what was found; saw_tstamp is cleared first, the rest only set
 * @estab: the connection is established: nothing new is negotiated
 * @foc: where a Fast Open cookie goes; NULL: it is skipped
 *
 * SACK blocks are not decoded here: TCP_SKB_CB(skb)->sacked becomes the offset
 * of the option from the TCP header.
 *
 * Context: softirq, or process with the socket locked
 */
void tcp_parse_options(const struct net *net, const struct sk_buff *skb,
		       struct tcp_options_received *opt_rx, int estab,
		       struct tcp_fastopen_cookie *foc)
{
	const struct tcphdr *th = tcp_hdr(skb);
	const u8 *start = (const u8 *)th;
	const u8 *ptr = start + sizeof(*th);
	unsigned int left = __tcp_hdrlen(th) - sizeof(*th);

	opt_rx->saw_tstamp = 0;
	while (left > 0) {
		u8 opcode = *ptr;
		unsigned int opsize;

		if (opcode == TCPOPT_EOL)
			return;
		if (opcode == TCPOPT_NOP) {
			ptr++;
			left--;
			continue;
		}
		/* RFC 9293 3.1 (MUST-7): cope with bogus lengths, zero included. */
		if (left < 2)
			return;
		opsize = ptr[1];
		if (opsize < 2 || opsize > left)
			return;

		if (opcode == TCPOPT_TIMESTAMP) {
			tcp_parse_timestamp(net, ptr + 2, opsize, estab, opt_rx);
		} else if (opcode == TCPOPT_SACK) {
			if (opsize >= TCPOLEN_SACK_BASE + TCPOLEN_SACK_PERBLOCK &&
			    !((opsize - TCPOLEN_SACK_BASE) % TCPOLEN_SACK_PERBLOCK) &&
			    opt_rx->sack_ok)
				TCP_SKB_CB(skb)->sacked = (u8)(ptr - start);
		} else if (opcode == TCPOPT_FASTOPEN || opcode == TCPOPT_EXP) {
			tcp_parse_fastopen(opcode, opsize, ptr + 2, th->syn, foc);
		} else if (th->syn && !estab) {
			tcp_parse_syn_option(net, opcode, opsize, ptr + 2, opt_rx);
		}
		ptr += opsize;
		left -= opsize;
	}
}

/* Timestamps alone, aligned as everybody sends them (RFC 7323 appendix A). */
static bool tcp_parse_aligned_timestamp(struct tcp_sock *tp, const struct tcphdr *th)
{
	const __be32 *ptr = (const __be32 *)(th + 1);

	if (*ptr != htonl((TCPOPT_NOP << 24) | (TCPOPT_NOP << 16) |
			  (TCPOPT_TIMESTAMP << 8) | TCPOLEN_TIMESTAMP))
		return false;
	tp->rx_opt.saw_tstamp = 1;
	tp->rx_opt.rcv_tsval = ntohl(ptr[1]);
	tp->rx_opt.rcv_tsecr = ntohl(ptr[2]) ? ntohl(ptr[2]) - tp->tsoffset : 0;
	return true;
}

/**
 * tcp_fast_parse_options() - options of an established connection's segment
 * @net: namespace
 * @skb: the segment; borrowed
 * @th: its header
 * @tp: the connection; rx_opt is filled, rcv_tsecr without our offset
 *
 * Context: socket locked
 * Return: the segment carries a timestamp
 */
bool tcp_fast_parse_options(const struct net *net, const struct sk_buff *skb,
			    const struct tcphdr *th, struct tcp_sock *tp)
{
	if (th->doff == sizeof(*th) / 4) {
		tp->rx_opt.saw_tstamp = 0;
		return false;
	}
	if (tp->rx_opt.tstamp_ok &&
	    th->doff == (sizeof(*th) + TCPOLEN_TSTAMP_ALIGNED) / 4 &&
	    tcp_parse_aligned_timestamp(tp, th))
		return true;

	tcp_parse_options(net, skb, &tp->rx_opt, 1, NULL);
	if (tp->rx_opt.saw_tstamp && tp->rx_opt.rcv_tsecr)
		tp->rx_opt.rcv_tsecr -= tp->tsoffset;
	return tp->rx_opt.saw_tstamp;
}

/**
 * tcp_clear_options() - nothing negotiated
 * @rx_opt: cleared but for user_mss and mss_clamp
 * Context: any
 */
void tcp_clear_options(struct tcp_options_received *rx_opt)
{
	rx_opt->tstamp_ok = 0;
	rx_opt->sack_ok = 0;
	rx_opt->wscale_ok = 0;
	rx_opt->snd_wscale = 0;
}

/* ---- choosing what to send --------------------------------------------------- */

/* The route may know a smaller MSS than the one we first thought of. */
static u16 tcp_advertise_mss(struct sock *sk)
{
	struct tcp_sock *tp = tcp_sk(sk);
	const struct dst_entry *dst = __sk_dst_get(sk);
	unsigned int mss = tp->advmss;

	if (dst) {
		unsigned int metric = dst_metric_advmss(dst);

		if (metric < mss) {
			mss = metric;
			tp->advmss = (u16)mss;
		}
	}
	return (u16)mss;
}

/* A cookie, or the question for one, if there is room behind @size bytes. Returns bytes. */
static unsigned int tcp_fastopen_option(const struct tcp_fastopen_cookie *foc, unsigned int size,
					struct tcp_out_options *opts)
{
	unsigned int need;

	if (!foc || foc->len < 0)
		return 0;
	need = (u32)foc->len + (foc->exp ? TCPOLEN_EXP_FASTOPEN_BASE : TCPOLEN_FASTOPEN_BASE);
	need = ALIGN(need, 4U);
	if (size + need > MAX_TCP_OPTION_SPACE)
		return 0;
	opts->options |= OPTION_FAST_OPEN_COOKIE;
	opts->fastopen_cookie = foc;
	return need;
}

/**
 * tcp_syn_options() - what a SYN of ours offers
 * @sk: the connection
 * @skb: the SYN; borrowed
 * @opts: filled
 * Context: socket locked
 * Return: bytes the options take
 */
unsigned int tcp_syn_options(struct sock *sk, struct sk_buff *skb,
			     struct tcp_out_options *opts)
{
	struct tcp_sock *tp = tcp_sk(sk);
	const struct netns_ipv4 *ipv4 = &sock_net(sk)->ipv4;
	unsigned int size = TCPOLEN_MSS_ALIGNED;

	/* RFC 9293 3.7.1 (SHLD-5): always, so that the peer need not assume 536 */
	opts->mss = tcp_advertise_mss(sk);
	if (ipv4->sysctl_tcp_timestamps) {
		opts->options |= OPTION_TS;
		opts->tsval = tcp_skb_timestamp(skb) + tp->tsoffset;
		opts->tsecr = tp->rx_opt.ts_recent;
		size += TCPOLEN_TSTAMP_ALIGNED;
	}
	if (ipv4->sysctl_tcp_window_scaling) {
		opts->ws = tp->rx_opt.rcv_wscale;
		opts->options |= OPTION_WSCALE;
		size += TCPOLEN_WSCALE_ALIGNED;
	}
	if (ipv4->sysctl_tcp_sack) {
		opts->options |= OPTION_SACK_ADVERTISE;
		if (!(opts->options & OPTION_TS))
			size += TCPOLEN_SACKPERM_ALIGNED;
	}
	if (tp->fastopen_req) {
		size += tcp_fastopen_option(&tp->fastopen_req->cookie, size, opts);
		if (opts->options & OPTION_FAST_OPEN_COOKIE) {
			tp->syn_fastopen = 1;
			tp->syn_fastopen_exp = tp->fastopen_req->cookie.exp;
		}
	}
	return size;
}

/**
 * tcp_synack_options() - what a SYN-ACK of ours answers
 * @sk: the listener
 * @req: the half-open connection: only what the peer offered is sent
 * @mss: ours, bytes
 * @skb: the SYN-ACK; borrowed
 * @foc: a cookie to give; NULL or len -1: none
 * @opts: filled
 * Context: softirq
 * Return: bytes the options take
 */
unsigned int tcp_synack_options(const struct sock *sk, struct request_sock *req,
				unsigned int mss, struct sk_buff *skb,
				const struct tcp_fastopen_cookie *foc,
				struct tcp_out_options *opts)
{
	const struct inet_request_sock *ireq = inet_rsk(req);
	unsigned int size = TCPOLEN_MSS_ALIGNED;

	opts->mss = (u16)mss;
	if (ireq->wscale_ok) {
		opts->ws = ireq->rcv_wscale;
		opts->options |= OPTION_WSCALE;
		size += TCPOLEN_WSCALE_ALIGNED;
	}
	if (ireq->tstamp_ok) {
		opts->options |= OPTION_TS;
		opts->tsval = tcp_skb_timestamp(skb) + tcp_rsk(req)->ts_off;
		if (!tcp_rsk(req)->snt_tsval_first) {
			/* 0 would say that there was none. */
			if (!opts->tsval)
				opts->tsval = ~0U;
			tcp_rsk(req)->snt_tsval_first = opts->tsval;
		}
		tcp_rsk(req)->snt_tsval_last = opts->tsval;
		opts->tsecr = req->ts_recent;
		size += TCPOLEN_TSTAMP_ALIGNED;
	}
	if (ireq->sack_ok) {
		opts->options |= OPTION_SACK_ADVERTISE;
		if (!ireq->tstamp_ok)
			size += TCPOLEN_SACKPERM_ALIGNED;
	}
	return size + tcp_fastopen_option(foc, size, opts);
}

/**
 * tcp_established_options() - timestamps and SACK blocks of a segment
 * @sk: the connection
 * @skb: the segment, or NULL when only the size is asked for; borrowed
 * @opts: filled
 * Context: socket locked
 * Return: bytes the options take
 */
unsigned int tcp_established_options(struct sock *sk, struct sk_buff *skb,
				     struct tcp_out_options *opts)
{
	struct tcp_sock *tp = tcp_sk(sk);
	unsigned int size = 0, blocks;

	opts->options = 0;
	opts->mss = 0;
	opts->num_sack_blocks = 0;
	if (likely(tp->rx_opt.tstamp_ok)) {
		opts->options |= OPTION_TS;
		opts->tsval = skb ? tcp_skb_timestamp(skb) + tp->tsoffset : 0;
		opts->tsecr = tp->rx_opt.ts_recent;
		size += TCPOLEN_TSTAMP_ALIGNED;
	}

	blocks = tp->rx_opt.num_sacks + tp->rx_opt.dsack;
	if (unlikely(blocks)) {
		unsigned int room = MAX_TCP_OPTION_SPACE - size;

		if (room < TCPOLEN_SACK_BASE_ALIGNED + TCPOLEN_SACK_PERBLOCK)
			return size;
		blocks = min(blocks, (unsigned int)((room - TCPOLEN_SACK_BASE_ALIGNED) /
						    TCPOLEN_SACK_PERBLOCK));
		opts->num_sack_blocks = (u8)blocks;
		size += TCPOLEN_SACK_BASE_ALIGNED + blocks * TCPOLEN_SACK_PERBLOCK;
	}
	return size;
}

/* ---- writing --------------------------------------------------------------- */

static __be32 *tcp_write_sack_blocks(__be32 *ptr, struct tcp_sock *tp,
				     unsigned int blocks)
{
	unsigned int dsack = tp->rx_opt.dsack, i;

	*ptr++ = htonl((TCPOPT_NOP << 24) | (TCPOPT_NOP << 16) | (TCPOPT_SACK << 8) |
		       (TCPOLEN_SACK_BASE + blocks * TCPOLEN_SACK_PERBLOCK));
	/* RFC 2883 4: a D-SACK block comes first */
	for (i = 0; i < blocks; i++) {
		const struct tcp_sack_block *sp = dsack && !i ? tp->duplicate_sack :
						  &tp->selective_acks[i - dsack];

		*ptr++ = htonl(sp->start_seq);
		*ptr++ = htonl(sp->end_seq);
	}
	tp->rx_opt.dsack = 0;
	return ptr;
}

/* RFC 7413 2; NOPs behind it fill up the word. */
static void tcp_write_fastopen(__be32 *ptr, const struct tcp_fastopen_cookie *foc)
{
	unsigned int len = foc->len + (unsigned int)TCPOLEN_FASTOPEN_BASE;
	u8 *p = (u8 *)ptr;

	if (foc->exp) {
		len = foc->len + (unsigned int)TCPOLEN_EXP_FASTOPEN_BASE;
		*ptr = htonl((u32)TCPOPT_EXP << 24 | len << 16 | TCPOPT_FASTOPEN_MAGIC);
		p += TCPOLEN_EXP_FASTOPEN_BASE;
	} else {
		*p++ = TCPOPT_FASTOPEN;
		*p++ = (u8)len;
	}
	memcpy(p, foc->val, (size_t)foc->len);
	if ((len & 3) == 2) {
		p[foc->len] = TCPOPT_NOP;
		p[foc->len + 1] = TCPOPT_NOP;
	}
}

/**
 * tcp_options_write() - write options behind a header
 * @th: the header; room for what the *_options() function counted follows it
 * @tp: the connection, for SACK blocks; NULL when there can be none
 * @opts: what to write
 *
 * The order is Linux's: peers fingerprint it, and some middleboxes expect it.
 * A D-SACK block is reported once.
 *
 * Context: socket locked, or softirq for a request
 */
void tcp_options_write(struct tcphdr *th, struct tcp_sock *tp,
		       struct tcp_out_options *opts)
{
	__be32 *ptr = (__be32 *)(th + 1);
	u16 options = opts->options;

	if (unlikely(opts->mss))
		*ptr++ = htonl((TCPOPT_MSS << 24) | (TCPOLEN_MSS << 16) | opts->mss);
	if (likely(options & OPTION_TS)) {
		if (unlikely(options & OPTION_SACK_ADVERTISE)) {
			/* SACK-permitted in place of the two NOPs */
			*ptr++ = htonl((TCPOPT_SACK_PERM << 24) |
				       (TCPOLEN_SACK_PERM << 16) |
				       (TCPOPT_TIMESTAMP << 8) | TCPOLEN_TIMESTAMP);
			options &= (u16)~OPTION_SACK_ADVERTISE;
		} else {
			*ptr++ = htonl((TCPOPT_NOP << 24) | (TCPOPT_NOP << 16) |
				       (TCPOPT_TIMESTAMP << 8) | TCPOLEN_TIMESTAMP);
		}
		*ptr++ = htonl(opts->tsval);
		*ptr++ = htonl(opts->tsecr);
	}
	if (unlikely(options & OPTION_SACK_ADVERTISE))
		*ptr++ = htonl((TCPOPT_NOP << 24) | (TCPOPT_NOP << 16) |
			       (TCPOPT_SACK_PERM << 8) | TCPOLEN_SACK_PERM);
	if (unlikely(options & OPTION_WSCALE))
		*ptr++ = htonl((TCPOPT_NOP << 24) | (TCPOPT_WINDOW << 16) |
			       (TCPOLEN_WINDOW << 8) | opts->ws);
	if (unlikely(opts->num_sack_blocks))
		ptr = tcp_write_sack_blocks(ptr, tp, opts->num_sack_blocks);
	if (unlikely(options & OPTION_FAST_OPEN_COOKIE))
		tcp_write_fastopen(ptr, opts->fastopen_cookie);
}
