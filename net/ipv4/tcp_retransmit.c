// SPDX-License-Identifier: MIT
/*
 * Sending again: which segment, cut how, and the tail loss probe; with the
 * helpers that split and merge segments of the queues.
 *
 * Linux: net/ipv4/tcp_output.c
 * RFC: 6298 5, 6675, 8985 7 (TLP)
 */
#include <linux/errno.h>
#include <linux/trace.h>
#include <net/tcp.h>
#include "tcp_output.h"

/* ---- queues ----------------------------------------------------------------------- */

/**
 * tcp_rbtree_insert() - put a segment into a tree by sequence number
 * @root: the retransmit queue
 * @skb: the segment; the queue's from now on
 * Context: socket locked
 */
void tcp_rbtree_insert(struct rb_root *root, struct sk_buff *skb)
{
	struct rb_node **p = &root->rb_node, *parent = NULL;

	while (*p) {
		parent = *p;
		if (before(TCP_SKB_CB(skb)->seq, TCP_SKB_CB(rb_to_skb(parent))->seq))
			p = &parent->rb_left;
		else
			p = &parent->rb_right;
	}
	rb_link_node(&skb->rbnode, parent, p);
	rb_insert_color(&skb->rbnode, root);
}

/**
 * tcp_wmem_free_skb() - a segment has left every queue
 * @sk: the connection
 * @skb: acknowledged: the good end; consumed
 * Context: socket locked
 */
void tcp_wmem_free_skb(struct sock *sk, struct sk_buff *skb)
{
	sk->sk_wmem_queued -= (int)skb->truesize;
	sk_mem_uncharge(sk, (int)skb->truesize);
	consume_skb(skb);
}

/* ---- segment counts ----------------------------------------------------------------- */

/**
 * tcp_set_skb_tso_segs() - how many segments is this skb?
 * @skb: of a write or retransmit queue; borrowed
 * @mss_now: bytes
 * Context: socket locked
 * Return: segments
 */
int tcp_set_skb_tso_segs(struct sk_buff *skb, unsigned int mss_now)
{
	if (skb->len <= mss_now) {
		TCP_SKB_CB(skb)->tcp_gso_size = 0;
		tcp_skb_pcount_set(skb, 1);
		return 1;
	}
	TCP_SKB_CB(skb)->tcp_gso_size = (u16)mss_now;
	tcp_skb_pcount_set(skb, (int)DIV_ROUND_UP(skb->len, mss_now));
	return tcp_skb_pcount(skb);
}

/**
 * tcp_adjust_pcount() - the segments of a sent skb were counted anew
 * @sk: the connection
 * @skb: of the retransmit queue; its sacked bits say which counts change
 * @decr: so many fewer than before
 * Context: socket locked
 */
void tcp_adjust_pcount(struct sock *sk, const struct sk_buff *skb, int decr)
{
	struct tcp_sock *tp = tcp_sk(sk);

	tp->packets_out -= (u32)decr;
	if (TCP_SKB_CB(skb)->sacked & TCPCB_SACKED_ACKED)
		tp->sacked_out -= (u32)decr;
	if (TCP_SKB_CB(skb)->sacked & TCPCB_SACKED_RETRANS)
		tp->retrans_out -= (u32)decr;
	if (TCP_SKB_CB(skb)->sacked & TCPCB_LOST)
		tp->lost_out -= (u32)decr;
	/* Without SACK, duplicate ACKs stand for it. */
	if (tcp_is_reno(tp) && decr > 0)
		tp->sacked_out -= min_t(u32, tp->sacked_out, (u32)decr);
}

/* ---- cutting --------------------------------------------------------------------------- */

/* Gives @buff, the new tail of @skb, its share of everything. */
static void tcp_fragment_account(struct sock *sk, enum tcp_queue tcp_queue, struct sk_buff *skb,
				 struct sk_buff *buff, u32 len, unsigned int mss_now)
{
	int old_factor = tcp_skb_pcount(skb);
	u8 flags = TCP_SKB_CB(skb)->tcp_flags;

	TCP_SKB_CB(buff)->seq = TCP_SKB_CB(skb)->seq + len;
	TCP_SKB_CB(buff)->end_seq = TCP_SKB_CB(skb)->end_seq;
	TCP_SKB_CB(skb)->end_seq = TCP_SKB_CB(buff)->seq;
	/* PSH and FIN belong to the tail. */
	TCP_SKB_CB(skb)->tcp_flags = flags & (u8)~(TCPHDR_FIN | TCPHDR_PSH);
	TCP_SKB_CB(buff)->tcp_flags = flags;
	TCP_SKB_CB(buff)->sacked = TCP_SKB_CB(skb)->sacked;
	TCP_SKB_CB(buff)->eor = TCP_SKB_CB(skb)->eor;
	TCP_SKB_CB(skb)->eor = 0;
	skb_split(skb, buff, len);
	/* Memory goes with the frags. */
	buff->truesize += buff->data_len;
	skb->truesize -= buff->data_len;
	buff->skb_mstamp_ns = skb->skb_mstamp_ns;
	buff->ip_summed = CHECKSUM_PARTIAL;
	TCP_SKB_CB(buff)->header = TCP_SKB_CB(skb)->header;

	tcp_set_skb_tso_segs(skb, mss_now);
	tcp_set_skb_tso_segs(buff, mss_now);
	/* What is out already is counted in segments. */
	if (tcp_queue == TCP_FRAG_IN_RTX_QUEUE) {
		int diff = old_factor - tcp_skb_pcount(skb) - tcp_skb_pcount(buff);

		if (diff)
			tcp_adjust_pcount(sk, skb, diff);
	}
}

/**
 * tcp_fragment() - cut a segment in two
 * @sk: the connection
 * @tcp_queue: which queue it is in
 * @skb: keeps its first @len bytes; the rest becomes a new skb behind it
 * @len: bytes, less than skb->len
 * @mss_now: bytes, to count segments by
 * @gfp: allocation context
 * Context: socket locked
 * Return: 0, -EINVAL, -ENOMEM
 */
int tcp_fragment(struct sock *sk, enum tcp_queue tcp_queue, struct sk_buff *skb, u32 len,
		 unsigned int mss_now, gfp_t gfp)
{
	struct tcp_sock *tp = tcp_sk(sk);
	struct sk_buff *buff;
	unsigned int nlen;

	if (WARN_ON_ONCE(len > skb->len))
		return -EINVAL;
	/* A peer that SACKs single bytes must not make us cut without end
	 * (CVE-2019-11478): twice the send buffer is the limit. */
	if (unlikely(sk->sk_wmem_queued / 2 > sk->sk_sndbuf + 65536 &&
		     tcp_queue != TCP_FRAG_IN_WRITE_QUEUE)) {
		NET_INC_STATS(sock_net(sk), LINUX_MIB_TCPWQUEUETOOBIG);
		return -ENOMEM;
	}
	if (skb_unclone(skb, gfp))
		return -ENOMEM;

	nlen = skb_headlen(skb) > len ? skb_headlen(skb) - len : 0;
	buff = alloc_skb_fclone(sock_net(sk), MAX_TCP_HEADER + nlen, gfp);
	if (!buff)
		return -ENOMEM;
	skb_reserve(buff, MAX_TCP_HEADER);
	INIT_LIST_HEAD(&buff->tcp_tsorted_anchor);
	sk_forced_mem_schedule(sk, (int)buff->truesize);
	sk->sk_wmem_queued += (int)buff->truesize;
	sk_mem_charge(sk, (int)buff->truesize);

	tcp_fragment_account(sk, tcp_queue, skb, buff, len, mss_now);
	if (tcp_queue == TCP_FRAG_IN_RTX_QUEUE) {
		tcp_rbtree_insert(&sk->tcp_rtx_queue, buff);
		if (!list_empty(&skb->tcp_tsorted_anchor))
			list_add(&buff->tcp_tsorted_anchor, &skb->tcp_tsorted_anchor);
		/* The head may be SACKed next: what lies behind it is @buff. */
		if (tp->highest_sack == skb && (TCP_SKB_CB(skb)->sacked & TCPCB_SACKED_ACKED))
			tp->highest_sack = buff;
	} else {
		__skb_queue_after(&sk->sk_write_queue, skb, buff);
	}
	return 0;
}

/**
 * tcp_trim_head() - the first bytes of a segment are acknowledged
 * @sk: the connection
 * @skb: of the retransmit queue
 * @len: bytes
 * Context: socket locked
 * Return: 0 or -ENOMEM
 */
int tcp_trim_head(struct sock *sk, struct sk_buff *skb, u32 len)
{
	unsigned int freed;

	if (skb_unclone(skb, GFP_ATOMIC))
		return -ENOMEM;
	freed = skb_trim_head(skb, len);
	skb->truesize -= freed;
	sk->sk_wmem_queued -= (int)freed;
	sk_mem_uncharge(sk, (int)freed);
	TCP_SKB_CB(skb)->seq += len;
	if (tcp_skb_pcount(skb) > 1)
		tcp_set_skb_tso_segs(skb, (unsigned int)tcp_skb_mss(skb));
	return 0;
}

/* May the data of @skb join the segment before it on retransmission? */
static bool tcp_can_collapse(const struct sock *sk, const struct sk_buff *skb)
{
	return tcp_skb_pcount(skb) == 1 && !skb_cloned(skb) &&
	       !(TCP_SKB_CB(skb)->sacked & TCPCB_SACKED_ACKED);
}

/* The first @len bytes of @next, which are few, copied to the end of @skb. */
static bool tcp_append_copy(struct sock *sk, struct sk_buff *skb, const struct sk_buff *next,
			    unsigned int len)
{
	struct page_frag *pfrag = sk_page_frag(sk);
	int i = skb_shinfo(skb)->nr_frags;

	if (!skb_is_nonlinear(skb) && len <= skb_tailroom(skb))
		return !skb_copy_bits(next, 0, skb_put(skb, len), (int)len);
	if (i == MAX_SKB_FRAGS || !skb_page_frag_refill(len, pfrag, GFP_ATOMIC) ||
	    skb_copy_bits(next, 0, pfrag->page->data + pfrag->offset, (int)len))
		return false;
	skb_fill_page_desc(skb, i, skb_page_get(pfrag->page), pfrag->offset, len);
	pfrag->offset += len;
	skb->len += len;
	skb->data_len += len;
	skb->truesize += len;
	sk_forced_mem_schedule(sk, (int)len);
	sk->sk_wmem_queued += (int)len;
	sk_mem_charge(sk, (int)len);
	return true;
}

/**
 * tcp_skb_append() - the data of a segment go to the end of the one before
 * @sk: the connection
 * @skb: gets them; nothing below has a clone of it
 * @next: the segment behind it, in the same queue; its numbers and @skb's are the caller's
 * @len: bytes; where not all of @next, it keeps the rest
 * Context: socket locked
 * Return: done; false: @skb has too many pieces, or no memory: nothing has changed
 */
bool tcp_skb_append(struct sock *sk, struct sk_buff *skb, struct sk_buff *next, unsigned int len)
{
	unsigned int freed;

	if (!skb_headlen(next))
		return !len || skb_shift(skb, next, (int)len) == (int)len;
	if (!tcp_append_copy(sk, skb, next, len))
		return false;
	if (len == next->len)
		return true;
	freed = skb_trim_head(next, len);
	next->truesize -= freed;
	sk->sk_wmem_queued -= (int)freed;
	sk_mem_uncharge(sk, (int)freed);
	return true;
}

/* Merges the segment behind @skb into it. False: it has too many pieces. */
static bool tcp_collapse_retrans(struct sock *sk, struct sk_buff *skb)
{
	struct tcp_sock *tp = tcp_sk(sk);
	struct sk_buff *next_skb = skb_rb_next(skb);

	if (!tcp_skb_append(sk, skb, next_skb, next_skb->len))
		return false;
	tcp_highest_sack_replace(sk, next_skb, skb);
	TCP_SKB_CB(skb)->end_seq = TCP_SKB_CB(next_skb)->end_seq;
	TCP_SKB_CB(skb)->tcp_flags |= TCP_SKB_CB(next_skb)->tcp_flags;
	TCP_SKB_CB(skb)->sacked |= TCP_SKB_CB(next_skb)->sacked & TCPCB_EVER_RETRANS;
	TCP_SKB_CB(skb)->eor = TCP_SKB_CB(next_skb)->eor;

	/* The hints must not point at what goes. */
	tcp_clear_all_retrans_hints(tp);
	tcp_adjust_pcount(sk, next_skb, tcp_skb_pcount(next_skb));
	tcp_rtx_queue_unlink_and_free(next_skb, sk);
	return true;
}

/* Small segments that follow are sent along, as far as space, MSS and the peer's
 * window go (tcp_retrans_collapse). */
static void tcp_retrans_try_collapse(struct sock *sk, struct sk_buff *to, int space)
{
	const struct tcp_sock *tp = tcp_sk(sk);
	struct sk_buff *skb;

	if (!sock_net(sk)->ipv4.sysctl_tcp_retrans_collapse ||
	    (TCP_SKB_CB(to)->tcp_flags & TCPHDR_SYN))
		return;
	while ((skb = skb_rb_next(to)) != NULL) {
		if (!tcp_can_collapse(sk, skb) || TCP_SKB_CB(to)->eor)
			break;
		space -= (int)skb->len;
		if (space < 0 || after(TCP_SKB_CB(skb)->end_seq, tcp_wnd_end(tp)) ||
		    !tcp_collapse_retrans(sk, to))
			break;
	}
}

/* ---- sending again ------------------------------------------------------------------------ */

/* Is the clone that went down last still waiting in a qdisc or ring? */
static bool skb_still_in_host_queue(struct sock *sk, const struct sk_buff *skb)
{
	if (likely(!skb_fclone_busy(sk, skb)))
		return false;
	NET_INC_STATS(sock_net(sk), LINUX_MIB_TCPSPURIOUS_RTX_HOSTQUEUES);
	return true;
}

/**
 * __tcp_retransmit_skb() - send a segment of the retransmit queue again
 * @sk: the connection
 * @skb: the segment; stays in the queue
 * @segs: at most so many segments of it
 * Context: socket locked
 * Return: 0; -EBUSY: it is still queued in this host; -EAGAIN: the window has
 * shrunk; -ENOMEM, -EHOSTUNREACH
 */
int __tcp_retransmit_skb(struct sock *sk, struct sk_buff *skb, int segs)
{
	struct inet_connection_sock *icsk = inet_csk(sk);
	struct tcp_sock *tp = tcp_sk(sk);
	unsigned int cur_mss, len;
	int diff, err;

	/* Whatever is sent now is no MTU probe any more. */
	if (icsk->icsk_mtup.probe_size)
		icsk->icsk_mtup.probe_size = 0;
	/* The clone of last time has not left the host: nothing was lost. */
	if (skb_still_in_host_queue(sk, skb))
		return -EBUSY;
	if (before(TCP_SKB_CB(skb)->seq, tp->snd_una)) {
		if (before(TCP_SKB_CB(skb)->end_seq, tp->snd_una))
			return -EINVAL;
		if (!(TCP_SKB_CB(skb)->tcp_flags & TCPHDR_SYN) &&
		    tcp_trim_head(sk, skb, tp->snd_una - TCP_SKB_CB(skb)->seq))
			return -ENOMEM;
	}
	if (icsk->icsk_af_ops->rebuild_header(sk))
		return -EHOSTUNREACH;
	cur_mss = tcp_current_mss(sk);

	/* RFC 9293 3.8.6: a shrunk window; the first segment goes as a probe */
	if (!before(TCP_SKB_CB(skb)->seq, tcp_wnd_end(tp)) &&
	    TCP_SKB_CB(skb)->seq != tp->snd_una)
		return -EAGAIN;
	len = cur_mss * (unsigned int)segs;
	if (skb->len > len) {
		if (tcp_fragment(sk, TCP_FRAG_IN_RTX_QUEUE, skb, len, cur_mss, GFP_ATOMIC))
			return -ENOMEM;
	} else {
		if (skb_unclone(skb, GFP_ATOMIC))
			return -ENOMEM;
		diff = tcp_skb_pcount(skb);
		tcp_set_skb_tso_segs(skb, cur_mss);
		diff -= tcp_skb_pcount(skb);
		if (diff)
			tcp_adjust_pcount(sk, skb, diff);
		if (skb->len < cur_mss)
			tcp_retrans_try_collapse(sk, skb, (int)(cur_mss - skb->len));
	}
	/* RFC 3168 6.1.1.1: the second SYN is plain */
	if ((TCP_SKB_CB(skb)->tcp_flags & TCPHDR_SYN_ECN) == TCPHDR_SYN_ECN &&
	    sock_net(sk)->ipv4.sysctl_tcp_ecn_fallback) {
		TCP_SKB_CB(skb)->tcp_flags &= (u8)~(TCPHDR_ECE | TCPHDR_CWR);
		tp->ecn_flags &= (u8)~TCP_ECN_OK;
	}

	segs = tcp_skb_pcount(skb);
	TCP_ADD_STATS(sock_net(sk), TCP_MIB_RETRANSSEGS, (u64)segs);
	if (TCP_SKB_CB(skb)->tcp_flags & TCPHDR_SYN)
		NET_INC_STATS(sock_net(sk), LINUX_MIB_TCPSYNRETRANS);
	tp->total_retrans += (u32)segs;
	tp->bytes_retrans += skb->len;

	err = tcp_transmit_skb(sk, skb, 1, GFP_ATOMIC);
	/* Karn: even a failed try makes its RTT ambiguous. */
	TCP_SKB_CB(skb)->sacked |= TCPCB_EVER_RETRANS;
	if (err && err != -EBUSY)
		NET_ADD_STATS(sock_net(sk), LINUX_MIB_TCPRETRANSFAIL, (u64)segs);
	return err;
}

/**
 * tcp_retransmit_skb() - as __tcp_retransmit_skb(), and count it as in flight
 * @sk: the connection
 * @skb: the segment
 * @segs: at most so many segments of it
 * Context: socket locked
 * Return: see there
 */
int tcp_retransmit_skb(struct sock *sk, struct sk_buff *skb, int segs)
{
	struct tcp_sock *tp = tcp_sk(sk);
	int err = __tcp_retransmit_skb(sk, skb, segs);

	trace_skb(skb);
	if (!err) {
		TCP_SKB_CB(skb)->sacked |= TCPCB_RETRANS;
		tp->retrans_out += (u32)tcp_skb_pcount(skb);
	}
	if (!tp->retrans_stamp)
		tp->retrans_stamp = tcp_skb_timestamp_us(skb);
	if (tp->undo_retrans < 0)
		tp->undo_retrans = 0;
	tp->undo_retrans += tcp_skb_pcount(skb);
	return err;
}

/**
 * tcp_xmit_retransmit_queue() - send again what is marked lost, window allowing
 * @sk: the connection
 * Context: socket locked
 */
void tcp_xmit_retransmit_queue(struct sock *sk)
{
	const struct inet_connection_sock *icsk = inet_csk(sk);
	struct tcp_sock *tp = tcp_sk(sk);
	struct sk_buff *skb, *hole = NULL, *next;
	int max_segs;
	bool rearm_timer = false;

	trace_here();
	if (!tp->packets_out)
		return;
	max_segs = max_t(int, (int)tcp_tso_segs(sk, tcp_current_mss(sk)), 1);
	skb = tp->retransmit_skb_hint ? tp->retransmit_skb_hint : tcp_rtx_queue_head(sk);
	for (; skb; skb = next) {
		u8 sacked = TCP_SKB_CB(skb)->sacked;
		int segs;

		if (tcp_pacing_check(sk))
			break;
		next = skb_rb_next(skb);
		/* Where to begin next time. */
		if (!hole)
			tp->retransmit_skb_hint = skb;
		segs = (int)tcp_snd_cwnd(tp) - (int)tcp_packets_in_flight(tp);
		if (segs <= 0)
			break;
		/* What was joined or is new goes in bursts of the same size. */
		segs = min(segs, max_segs);
		if (tp->retrans_out >= tp->lost_out)
			break;
		if (!(sacked & TCPCB_LOST)) {
			if (!hole && !(sacked & (TCPCB_SACKED_RETRANS | TCPCB_SACKED_ACKED)))
				hole = skb;
			continue;
		}
		if (sacked & (TCPCB_SACKED_ACKED | TCPCB_SACKED_RETRANS))
			continue;
		if (tcp_small_queue_check(sk, skb, 1))
			break;
		if (tcp_retransmit_skb(sk, skb, segs))
			break;
		NET_ADD_STATS(sock_net(sk), icsk->icsk_ca_state != TCP_CA_Loss ?
			      LINUX_MIB_TCPFASTRETRANS : LINUX_MIB_TCPSLOWSTARTRETRANS,
			      (u64)tcp_skb_pcount(skb));
		/* Collapsing or cutting may have changed what follows. */
		next = skb_rb_next(skb);
		if (tcp_in_cwnd_reduction(sk))
			tp->prr_out += (u32)tcp_skb_pcount(skb);
		if (skb == tcp_rtx_queue_head(sk) && icsk->icsk_pending != ICSK_TIME_REO_TIMEOUT)
			rearm_timer = true;
	}
	/* RFC 6298 5.1: the first segment went out again */
	if (rearm_timer)
		tcp_reset_xmit_timer(sk, ICSK_TIME_RETRANS, icsk->icsk_rto);
}

/* ---- tail loss probe --------------------------------------------------------------------- */

/**
 * tcp_schedule_loss_probe() - RFC 8985 7.2: arm the probe instead of the RTO
 * @sk: the connection
 * @advancing_rto: SND.UNA moved: the RTO counts from now
 * Context: socket locked
 * Return: it was armed; else the RTO has to be
 */
bool tcp_schedule_loss_probe(struct sock *sk, bool advancing_rto)
{
	const struct inet_connection_sock *icsk = inet_csk(sk);
	const struct tcp_sock *tp = tcp_sk(sk);
	int early_retrans = sock_net(sk)->ipv4.sysctl_tcp_early_retrans;
	u64 timeout, rto;

	/* The timer is the SYN-ACK's yet. */
	if (tp->fastopen_rsk)
		return false;
	if ((early_retrans != 3 && early_retrans != 4) || !tp->packets_out || !tcp_is_sack(tp) ||
	    (icsk->icsk_ca_state != TCP_CA_Open && icsk->icsk_ca_state != TCP_CA_CWR))
		return false;
	if (tp->srtt_us) {
		/* 2 SRTT; one segment alone may wait for a delayed ACK. */
		timeout = usecs_to_ns(tp->srtt_us >> 2);
		if (tp->packets_out == 1)
			timeout += tcp_rto_min(sk);
		else
			timeout += TCP_TIMEOUT_MIN;
	} else {
		timeout = TCP_TIMEOUT_INIT;
	}
	/* Not later than the RTO would have been, unless that time has passed: of a segment
	 * that waits since before a timeout which was none. */
	rto = icsk->icsk_rto;
	if (!advancing_rto) {
		u64 due = tcp_rtx_queue_head(sk)->skb_mstamp_ns + icsk->icsk_rto;

		rto = due > tp->tcp_clock_cache ? due - tp->tcp_clock_cache : timeout;
	}
	timeout = min(timeout, rto);
	tcp_reset_xmit_timer(sk, ICSK_TIME_LOSS_PROBE, timeout);
	return true;
}

/**
 * tcp_send_loss_probe() - the probe timer fired: new data, or the last segment
 * @sk: the connection
 *
 * RFC 8985 7.3.
 *
 * Context: softirq, socket locked
 */
void tcp_send_loss_probe(struct sock *sk)
{
	struct tcp_sock *tp = tcp_sk(sk);
	struct sk_buff *skb;
	unsigned int mss = tcp_current_mss(sk);
	int pcount;

	/* One probe at a time. */
	if (tp->tlp_high_seq)
		goto rearm_timer;
	tp->tlp_retrans = 0;
	skb = tcp_send_head(sk);
	if (skb && tcp_snd_wnd_test(tp, skb, mss)) {
		pcount = (int)tp->packets_out;
		tcp_write_xmit(sk, mss, TCP_NAGLE_OFF, 2, GFP_ATOMIC);
		if ((int)tp->packets_out > pcount)
			goto probe_sent;
		goto rearm_timer;
	}
	skb = tcp_rtx_queue_tail(sk);
	if (unlikely(!skb)) {
		WARN_ON_ONCE(tp->packets_out);
		inet_csk(sk)->icsk_pending = 0;
		return;
	}
	if (skb_still_in_host_queue(sk, skb))
		goto rearm_timer;
	pcount = tcp_skb_pcount(skb);
	if (pcount > 1 && skb->len > (unsigned int)(pcount - 1) * mss) {
		if (tcp_fragment(sk, TCP_FRAG_IN_RTX_QUEUE, skb, (u32)(pcount - 1) * mss, mss,
				 GFP_ATOMIC))
			goto rearm_timer;
		skb = skb_rb_next(skb);
	}
	if (WARN_ON_ONCE(!skb || !tcp_skb_pcount(skb)))
		goto rearm_timer;
	if (__tcp_retransmit_skb(sk, skb, 1))
		goto rearm_timer;
	tp->tlp_retrans = 1;
probe_sent:
	/* The ACK that covers this shows what became of the tail. */
	tp->tlp_high_seq = tp->snd_nxt;
	NET_INC_STATS(sock_net(sk), LINUX_MIB_TCPLOSSPROBES);
	/* The timer is for the RTO again. */
	inet_csk(sk)->icsk_pending = 0;
rearm_timer:
	tcp_rearm_rto(sk);
}
