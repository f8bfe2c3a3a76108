// SPDX-License-Identifier: MIT
/*
 * From the write queue to the wire: may a segment go now (window, congestion
 * window, Nagle, pacing), and the header it goes with.
 *
 *   sk_write_queue  ──tcp_write_xmit()──▶  tcp_rtx_queue     (the skb moves)
 *                        └ tcp_transmit_skb(): a clone goes down to IP
 *
 * Segments that carry no data of the application (SYN, FIN, RST, ACK, probes)
 * stand in tcp_output_ctl.c, retransmissions in tcp_retransmit.c.
 *
 * Linux: net/ipv4/tcp_output.c
 * RFC: 9293 3.8.6 (flow control), 5681, 896 (Nagle), 6928
 */
#include <linux/errno.h>
#include <linux/trace.h>
#include <net/tcp.h>
#include "tcp_output.h"

/* ---- limited by what? (tcp_info busy, rwnd and sndbuf time) --------------------------- */

/**
 * tcp_chrono_start() - the connection is now limited by @type
 * @sk: the connection
 * @type: TCP_CHRONO_*; a larger one wins
 * Context: socket locked
 */
void tcp_chrono_start(struct sock *sk, int type)
{
	struct tcp_sock *tp = tcp_sk(sk);

	if (type > tp->chrono_type)
		tcp_chrono_set(tp, type);
}

/**
 * tcp_chrono_stop() - @type limits no longer
 * @sk: the connection
 * @type: TCP_CHRONO_*
 * Context: socket locked
 */
void tcp_chrono_stop(struct sock *sk, int type)
{
	struct tcp_sock *tp = tcp_sk(sk);

	if (tcp_rtx_and_write_queues_empty(sk))
		tcp_chrono_set(tp, TCP_CHRONO_UNSPEC);
	else if (type == tp->chrono_type)
		tcp_chrono_set(tp, TCP_CHRONO_BUSY);
}

/* ---- the segment leaves ------------------------------------------------------------------ */

/* Data was sent: is the connection interactive? When did it last send? */
static void tcp_event_data_sent(struct tcp_sock *tp, struct sock *sk)
{
	struct inet_connection_sock *icsk = inet_csk(sk);
	u64 now = tp->tcp_clock_cache;

	if (tcp_packets_in_flight(tp) == 0)
		tcp_ca_event(sk, CA_EVENT_TX_START);
	tp->lsndtime = now;
	/* An answer within ato of data received: delay ACKs, they can ride. */
	if (now - icsk->icsk_ack.lrcvtime < icsk->icsk_ack.ato)
		inet_csk_inc_pingpong_cnt(sk);
}

/* A segment with an ACK left: what was owed is paid. */
static void tcp_event_ack_sent(struct sock *sk, u32 rcv_nxt)
{
	struct tcp_sock *tp = tcp_sk(sk);

	if (unlikely(rcv_nxt != tp->rcv_nxt))
		return;		/* a reordered ACK (probes) */
	if (unlikely(tp->compressed_ack)) {
		NET_ADD_STATS(sock_net(sk), LINUX_MIB_TCPACKCOMPRESSED, tp->compressed_ack);
		tp->compressed_ack = 0;
		sk_stop_timer(sk, &tp->compressed_ack_timer);
	}
	tcp_dec_quickack_mode(sk);
	inet_csk_clear_xmit_timer(sk, ICSK_TIME_DACK);
}

/* RFC 3168 6.1.1, 6.1.2: bits for a segment of an ECN connection. */
static void tcp_ecn_send(struct sock *sk, struct sk_buff *skb, struct tcphdr *th,
			 unsigned int tcp_header_len)
{
	struct tcp_sock *tp = tcp_sk(sk);

	if (!(tp->ecn_flags & TCP_ECN_OK))
		return;
	/* ECT on new data only: not on ACKs, not on retransmissions */
	if (skb->len != tcp_header_len && !before(TCP_SKB_CB(skb)->seq, tp->snd_nxt)) {
		inet_sk(sk)->tos |= 2;
		if (tp->ecn_flags & TCP_ECN_QUEUE_CWR) {
			tp->ecn_flags &= (u8)~TCP_ECN_QUEUE_CWR;
			th->cwr = 1;
			skb_shinfo(skb)->gso_type |= SKB_GSO_TCP_ECN;
		}
	} else {
		inet_sk(sk)->tos &= (u8)~3;
	}
	if (tp->ecn_flags & TCP_ECN_DEMAND_CWR)
		th->ece = 1;
}

/* Our clone has left the host (or was dropped below us): if writing was held
 * back for it, it goes on. From the timer softirq, since this may run inside a
 * transmission of the same socket. */
static void tcp_wfree(struct sk_buff *skb)
{
	struct sock *sk = skb->sk;
	struct tcp_sock *tp = tcp_sk(sk);

	if (tp->tsq_flags & BIT(TCP_TSQ_THROTTLED) && sk->sk_state != TCP_CLOSE) {
		tp->tsq_flags &= ~BIT(TCP_TSQ_THROTTLED);
		if (!timer_pending(&tp->pacing_timer)) {
			sock_hold(sk);
			mod_timer_now(&tp->pacing_timer);
		}
	}
	sock_wfree(skb);
}

/* Fills in the header at skb->data, options included. */
static void tcp_build_header(struct sock *sk, struct sk_buff *skb, u32 rcv_nxt,
			     unsigned int tcp_header_size, struct tcp_out_options *opts)
{
	struct inet_sock *inet = inet_sk(sk);
	struct tcp_sock *tp = tcp_sk(sk);
	const struct tcp_skb_cb *tcb = TCP_SKB_CB(skb);
	struct tcphdr *th = (struct tcphdr *)skb->data;

	th->source = inet->inet_sport;
	th->dest = inet->inet_dport;
	th->seq = htonl(tcb->seq);
	th->ack_seq = htonl(rcv_nxt);
	*((__be16 *)th + 6) = htons((u16)(((tcp_header_size >> 2) << 12) | tcb->tcp_flags));
	th->check = 0;
	th->urg_ptr = 0;
	/* RFC 6093: the pointer names the byte after the urgent one */
	if (unlikely(tcp_urg_mode(tp)) && before(tcb->seq, tp->snd_up)) {
		if (before(tp->snd_up, tcb->seq + 0x10000)) {
			th->urg_ptr = htons((u16)(tp->snd_up - tcb->seq));
			th->urg = 1;
		} else if (after(tcb->seq + 0xFFFF, tp->snd_nxt)) {
			th->urg_ptr = htons(0xFFFF);
			th->urg = 1;
		}
	}
	skb_shinfo(skb)->gso_type = (unsigned int)SKB_GSO_TCPV4;
	if (likely(!(tcb->tcp_flags & TCPHDR_SYN))) {
		th->window = htons(tcp_select_window(sk));
		tcp_ecn_send(sk, skb, th, tcp_header_size);
	} else {
		/* RFC 7323 2.2: the window of a SYN is never scaled */
		th->window = htons((u16)min(tp->rcv_wnd, 65535U));
	}
	tcp_options_write(th, tp, opts);
}

/* Time that @len bytes take at the pacing rate. They went @late_ns later than they
 * might have: half of their time at most is made good for it. */
static u64 tcp_pacing_ns(const struct sock *sk, u64 len, u64 late_ns)
{
	u64 rate = sk->sk_pacing_rate, len_ns;

	if (sk->sk_pacing_status == SK_PACING_NONE || rate == ~0ULL || !rate)
		return 0;
	/* The first ten segments (an initial window) go unpaced. */
	if (tcp_sk(sk)->data_segs_out < TCP_INIT_CWND)
		return 0;
	len_ns = len * NSEC_PER_SEC / rate;
	return len_ns - min(len_ns / 2, late_ns);
}

/* The skb went down (@err as IP returned): note when, for RACK and pacing. */
static void tcp_update_skb_after_send(struct sock *sk, struct sk_buff *skb, u64 prior_wstamp)
{
	struct tcp_sock *tp = tcp_sk(sk);

	tp->tcp_wstamp_ns += tcp_pacing_ns(sk, skb->len, tp->tcp_wstamp_ns - prior_wstamp);
	list_move_tail(&skb->tcp_tsorted_anchor, &tp->tsorted_sent_queue);
}

/* Counts a segment that is about to leave. */
static void tcp_count_segment(struct sock *sk, const struct sk_buff *skb,
			      unsigned int tcp_header_size)
{
	struct tcp_sock *tp = tcp_sk(sk);
	const struct tcp_skb_cb *tcb = TCP_SKB_CB(skb);
	u32 pcount = (u32)max(1, tcp_skb_pcount(skb));

	if (skb->len != tcp_header_size) {
		tcp_event_data_sent(tp, sk);
		tp->data_segs_out += pcount;
		tp->bytes_sent += skb->len - tcp_header_size;
	}
	if (after(tcb->end_seq, tp->snd_nxt) || tcb->seq == tcb->end_seq)
		TCP_ADD_STATS(sock_net(sk), TCP_MIB_OUTSEGS, pcount);
	tp->segs_out += pcount;
}

/**
 * __tcp_transmit_skb() - build the header and hand the segment to IP
 * @sk: the connection
 * @skb: data and TCP_SKB_CB filled in, headroom for all headers. With @clone_it
 *	it stays the caller's and a clone goes out; else it is consumed
 * @clone_it: see @skb
 * @gfp: how to allocate the clone
 * @rcv_nxt: acknowledgement number to send
 *
 * Context: socket locked
 * Return: 0, -ENOBUFS (no clone), or what IP says (congestion counts as sent)
 */
int __tcp_transmit_skb(struct sock *sk, struct sk_buff *skb, int clone_it, gfp_t gfp,
		       u32 rcv_nxt)
{
	const struct inet_connection_sock *icsk = inet_csk(sk);
	struct tcp_sock *tp = tcp_sk(sk);
	struct tcp_out_options opts = { .options = 0 };
	struct sk_buff *oskb = NULL;
	unsigned int size;
	u64 prior_wstamp = tp->tcp_wstamp_ns;
	int err;

	trace_skb_as(skb, "tcp_transmit_skb");
	tp->tcp_wstamp_ns = max(tp->tcp_wstamp_ns, tp->tcp_clock_cache);
	skb->skb_mstamp_ns = tp->tcp_wstamp_ns;
	if (clone_it) {
		oskb = skb;
		tcp_rate_skb_sent(sk, oskb);
		if (unlikely(skb_cloned(oskb)))
			skb = pskb_copy(oskb, gfp);
		else
			skb = skb_clone(oskb, gfp);
		if (unlikely(!skb))
			return -ENOBUFS;
	}

	if (unlikely(TCP_SKB_CB(skb)->tcp_flags & TCPHDR_SYN)) {
		size = tcp_syn_options(sk, skb, &opts);
	} else {
		size = tcp_established_options(sk, skb, &opts);
		/* The receiver will not see more of it: it need not wait. */
		if (tcp_skb_pcount(skb) > 1)
			TCP_SKB_CB(skb)->tcp_flags |= TCPHDR_PSH;
	}
	size += (unsigned int)sizeof(struct tcphdr);
	skb->ooo_okay = sk->sk_wmem_alloc < (int)SKB_TRUESIZE(1);
	skb_push(skb, size);
	skb_reset_transport_header(skb);
	skb_orphan(skb);
	skb_set_owner_w(skb, sk);
	skb->destructor = tcp_wfree;
	skb->hash = sk->sk_hash;
	skb->dst_pending_confirm = sk->sk_dst_pending_confirm & 1;
	sk->sk_dst_pending_confirm = 0;

	tcp_build_header(sk, skb, rcv_nxt, size, &opts);
	icsk->icsk_af_ops->send_check(sk, skb);
	if (likely(TCP_SKB_CB(skb)->tcp_flags & TCPHDR_ACK))
		tcp_event_ack_sent(sk, rcv_nxt);
	tcp_count_segment(sk, skb, size);

	skb_shinfo(skb)->gso_segs = (unsigned short)tcp_skb_pcount(skb);
	skb_shinfo(skb)->gso_size = tcp_skb_pcount(skb) > 1 ? (unsigned short)tcp_skb_mss(skb) : 0;
	/* Ours below is IP's; it must find it clear. */
	memset(skb->cb, 0, sizeof(struct inet_skb_parm));
	err = icsk->icsk_af_ops->queue_xmit(sk, skb, flowi4_to_flowi(&inet_sk(sk)->cork.fl));
	if (unlikely(err > 0)) {
		/* Dropped below us: RFC 5681's loss, seen at once. */
		tcp_enter_cwr(sk);
		err = net_xmit_eval(err);
	}
	if (!err && oskb)
		tcp_update_skb_after_send(sk, oskb, prior_wstamp);
	return err;
}

/**
 * tcp_transmit_skb() - __tcp_transmit_skb() with the present RCV.NXT
 * @sk: the connection
 * @skb: see there
 * @clone_it: see there
 * @gfp: see there
 * Context: socket locked
 * Return: see there
 */
int tcp_transmit_skb(struct sock *sk, struct sk_buff *skb, int clone_it, gfp_t gfp)
{
	return __tcp_transmit_skb(sk, skb, clone_it, gfp, tcp_sk(sk)->rcv_nxt);
}

/**
 * tcp_event_new_data_sent() - a segment of the write queue went out for the first time
 * @sk: the connection
 * @skb: moves to the retransmit queue
 * Context: socket locked
 */
void tcp_event_new_data_sent(struct sock *sk, struct sk_buff *skb)
{
	struct inet_connection_sock *icsk = inet_csk(sk);
	struct tcp_sock *tp = tcp_sk(sk);
	u32 prior_packets = tp->packets_out;

	tp->snd_nxt = TCP_SKB_CB(skb)->end_seq;
	__skb_unlink(skb, &sk->sk_write_queue);
	tcp_rbtree_insert(&sk->tcp_rtx_queue, skb);
	if (tp->highest_sack == NULL)
		tp->highest_sack = skb;
	tp->packets_out += (u32)tcp_skb_pcount(skb);
	if (!prior_packets || icsk->icsk_pending == ICSK_TIME_LOSS_PROBE)
		tcp_rearm_rto(sk);
	NET_ADD_STATS(sock_net(sk), LINUX_MIB_TCPORIGDATASENT, (u64)tcp_skb_pcount(skb));
	tcp_check_space(sk);
}

/* ---- may it go? -------------------------------------------------------------------------- */

/* Minshall: a small segment is still unacknowledged. */
static bool tcp_minshall_check(const struct tcp_sock *tp)
{
	return after(tp->snd_sml, tp->snd_una) && !after(tp->snd_sml, tp->snd_nxt);
}

static void tcp_minshall_update(struct tcp_sock *tp, unsigned int mss_now,
				const struct sk_buff *skb)
{
	if (skb->len < (u32)tcp_skb_pcount(skb) * mss_now)
		tp->snd_sml = TCP_SKB_CB(skb)->end_seq;
}

/**
 * tcp_nagle_check() - RFC 9293 3.7.4 with Minshall's change
 * @partial: it is less than a full segment
 * @tp: the connection
 * @nonagle: TCP_NAGLE_*
 * Context: socket locked
 * Return: it waits: a small one for a small one before it, a corked one always
 */
bool tcp_nagle_check(bool partial, const struct tcp_sock *tp, int nonagle)
{
	return partial && ((nonagle & TCP_NAGLE_CORK) ||
			   (!nonagle && tp->packets_out && tcp_minshall_check(tp)));
}

/**
 * tcp_nagle_test() - does Nagle's algorithm let this segment go?
 * @tp: the connection
 * @skb: the segment; borrowed
 * @cur_mss: bytes
 * @nonagle: TCP_NAGLE_*
 * Context: socket locked
 * Return: it may go
 */
bool tcp_nagle_test(const struct tcp_sock *tp, const struct sk_buff *skb,
		    unsigned int cur_mss, int nonagle)
{
	/* In the middle of the queue it will not grow any more: send. */
	if (nonagle & TCP_NAGLE_PUSH)
		return true;
	/* Urgent data and FIN wait for nobody. */
	if (tcp_urg_mode(tp) || (TCP_SKB_CB(skb)->tcp_flags & TCPHDR_FIN))
		return true;
	return !tcp_nagle_check(skb->len < cur_mss, tp, nonagle);
}

/**
 * tcp_snd_wnd_test() - does the peer's window take (the first MSS of) it?
 * @tp: the connection
 * @skb: the segment; borrowed
 * @cur_mss: bytes
 * Context: socket locked
 * Return: it does
 */
bool tcp_snd_wnd_test(const struct tcp_sock *tp, const struct sk_buff *skb,
		      unsigned int cur_mss)
{
	u32 end_seq = TCP_SKB_CB(skb)->end_seq;

	if (skb->len > cur_mss)
		end_seq = TCP_SKB_CB(skb)->seq + cur_mss;
	return !after(end_seq, tcp_wnd_end(tp));
}

/* Segments the congestion window lets go now. */
static unsigned int tcp_cwnd_test(const struct tcp_sock *tp)
{
	u32 in_flight = tcp_packets_in_flight(tp), cwnd = tcp_snd_cwnd(tp), halfcwnd;

	if (in_flight >= cwnd)
		return 0;
	/* Half of it at once, so that a GSO skb does not make one great burst. */
	halfcwnd = max(cwnd >> 1, 1U);
	return min(halfcwnd, cwnd - in_flight);
}

/**
 * tcp_pacing_check() - is it too early for the next segment?
 * @sk: the connection, its clock refreshed
 * Context: socket locked
 * Return: it is; the pacing timer goes on when it is not
 */
bool tcp_pacing_check(struct sock *sk)
{
	struct tcp_sock *tp = tcp_sk(sk);

	if (sk->sk_pacing_status != SK_PACING_NEEDED || tp->tcp_wstamp_ns <= tp->tcp_clock_cache)
		return false;
	if (!timer_pending(&tp->pacing_timer)) {
		mod_timer(&tp->pacing_timer, tp->tcp_wstamp_ns);
		sock_hold(sk);
	}
	return true;
}

/**
 * tcp_small_queue_check() - is too much of ours queued below already?
 * @sk: the connection
 * @skb: wants to go; borrowed
 * @factor: the limit is doubled so often: what is sent again may be a little more
 *
 * Bufferbloat in our own host: tcp_wfree() goes on when some of it has left.
 *
 * Context: socket locked
 * Return: it has to wait
 */
bool tcp_small_queue_check(struct sock *sk, const struct sk_buff *skb, unsigned int factor)
{
	/* About a millisecond at the pacing rate, two segments at least. */
	u64 limit = max_t(u64, 2 * skb->truesize, sk->sk_pacing_rate >> TCP_PACING_SHIFT);

	if (sk->sk_pacing_status == SK_PACING_NONE)
		limit = min_t(u64, limit, (u64)sock_net(sk)->ipv4.sysctl_tcp_limit_output_bytes);
	limit <<= factor;
	if ((u64)sk->sk_wmem_alloc <= limit)
		return false;
	/* Nothing, or one packet, in flight: were the device slow to say that it was
	 * sent, the connection would stand still. */
	if (tcp_rtx_queue_empty(sk) || !skb_rb_next(tcp_rtx_queue_head(sk)))
		return false;
	tcp_sk(sk)->tsq_flags |= BIT(TCP_TSQ_THROTTLED);
	/* The last of what we wait for may have been sent meanwhile. */
	return (u64)sk->sk_wmem_alloc > limit;
}

/* One call of tcp_write_xmit(): what it was asked for, and what held it back. */
struct tcp_xmit {
	unsigned int mss_now;	/* bytes */
	int nonagle;		/* TCP_NAGLE_* */
	int push_one;
	u32 max_segs;		/* one skb has no more */
	bool is_cwnd_limited, is_rwnd_limited;
};

/* May the head of the queue go now? Bytes of it, 0: it waits, and @x says for which
 * window if it is one. */
static unsigned int tcp_xmit_quota(struct sock *sk, struct sk_buff *skb, struct tcp_xmit *x)
{
	const struct tcp_sock *tp = tcp_sk(sk);
	int tso_segs = tcp_set_skb_tso_segs(skb, x->mss_now);
	unsigned int cwnd_quota = tcp_cwnd_test(tp), room;

	if (!cwnd_quota) {
		if (x->push_one != 2) {
			x->is_cwnd_limited = true;
			return 0;
		}
		cwnd_quota = 1;	/* RFC 8985 7.3: the probe goes */
	}
	cwnd_quota = min(cwnd_quota, x->max_segs);
	room = cwnd_quota * x->mss_now;
	if (room > skb->len && !tcp_skb_is_last(sk, skb)) {
		tcp_grow_skb(sk, skb, room - skb->len);
		tso_segs = tcp_set_skb_tso_segs(skb, x->mss_now);
	}
	if (unlikely(!tcp_snd_wnd_test(tp, skb, x->mss_now))) {
		x->is_rwnd_limited = true;
		return 0;
	}
	if (tso_segs == 1) {
		int nonagle = tcp_skb_is_last(sk, skb) ? x->nonagle : TCP_NAGLE_PUSH;

		return tcp_nagle_test(tp, skb, x->mss_now, nonagle) ? x->mss_now : 0;
	}
	if (!x->push_one && tcp_tso_should_defer(sk, skb, &x->is_cwnd_limited,
						 &x->is_rwnd_limited, x->max_segs))
		return 0;
	if (tcp_urg_mode(tp))
		return x->mss_now;
	return tcp_mss_split_point(sk, skb, x->mss_now, cwnd_quota, x->nonagle);
}

/* Sends from the head of the queue until something holds it back: segments sent. */
static u32 tcp_xmit_queue(struct sock *sk, struct tcp_xmit *x, gfp_t gfp)
{
	struct tcp_sock *tp = tcp_sk(sk);
	struct sk_buff *skb;
	u32 sent_pkts = 0;

	while ((skb = tcp_send_head(sk)) != NULL && !tcp_pacing_check(sk)) {
		unsigned int limit = tcp_xmit_quota(sk, skb, x);

		if (!limit)
			break;
		if (skb->len > limit &&
		    tcp_fragment(sk, TCP_FRAG_IN_WRITE_QUEUE, skb, limit, x->mss_now, gfp))
			break;
		if (tcp_small_queue_check(sk, skb, 0))
			break;
		/* A FIN or nothing at all is no reason to wait for a window. */
		if (TCP_SKB_CB(skb)->end_seq == TCP_SKB_CB(skb)->seq)
			break;
		if (unlikely(tcp_transmit_skb(sk, skb, 1, gfp)))
			break;

		tcp_event_new_data_sent(sk, skb);
		tcp_minshall_update(tp, x->mss_now, skb);
		sent_pkts += (u32)tcp_skb_pcount(skb);
		if (x->push_one)
			break;
	}
	return sent_pkts;
}

/**
 * tcp_write_xmit() - send from the write queue all that may go
 * @sk: the connection
 * @mss_now: bytes
 * @nonagle: TCP_NAGLE_*
 * @push_one: 1: one skb at most; 2: a loss probe, window and all ignored
 * @gfp: allocation context
 * Context: socket locked
 * Return: nothing went although nothing is in flight: the window must be probed
 */
bool tcp_write_xmit(struct sock *sk, unsigned int mss_now, int nonagle, int push_one, gfp_t gfp)
{
	struct tcp_sock *tp = tcp_sk(sk);
	struct tcp_xmit x = { .mss_now = mss_now, .nonagle = nonagle, .push_one = push_one };
	u32 sent_pkts = 0;

	trace_here();
	tcp_mstamp_refresh(tp);
	if (!push_one) {
		int probe = tcp_mtu_probe(sk);

		if (!probe)
			return false;
		if (probe > 0)
			sent_pkts = 1;
	}
	x.max_segs = tcp_tso_segs(sk, mss_now);
	sent_pkts += tcp_xmit_queue(sk, &x, gfp);

	if (x.is_rwnd_limited)
		tcp_chrono_start(sk, TCP_CHRONO_RWND_LIMITED);
	else
		tcp_chrono_stop(sk, TCP_CHRONO_RWND_LIMITED);
	x.is_cwnd_limited |= tcp_packets_in_flight(tp) >= tcp_snd_cwnd(tp);
	if (likely(sent_pkts || x.is_cwnd_limited))
		tcp_cwnd_validate(sk, x.is_cwnd_limited);
	if (unlikely(!sent_pkts))
		return !tp->packets_out && !tcp_write_queue_empty(sk);
	if (tcp_in_cwnd_reduction(sk))
		tp->prr_out += sent_pkts;
	if (push_one != 2)
		tcp_schedule_loss_probe(sk, false);
	return false;
}

/**
 * __tcp_push_pending_frames() - send, and see to it that the window is probed
 * @sk: the connection
 * @cur_mss: bytes
 * @nonagle: TCP_NAGLE_*
 * Context: socket locked
 */
void __tcp_push_pending_frames(struct sock *sk, unsigned int cur_mss, int nonagle)
{
	trace_here();
	if (unlikely(sk->sk_state == TCP_CLOSE))
		return;
	if (tcp_write_xmit(sk, cur_mss, nonagle, 0, GFP_ATOMIC))
		tcp_check_probe_timer(sk);
}

/**
 * tcp_push_one() - send the first skb of the queue now
 * @sk: the connection
 * @mss_now: bytes
 * Context: socket locked
 */
void tcp_push_one(struct sock *sk, unsigned int mss_now)
{
	tcp_write_xmit(sk, mss_now, TCP_NAGLE_PUSH, 1, GFP_ATOMIC);
}

/* ---- the application has written ------------------------------------------------------------ */

/* Auto-corking: a small write while others of ours wait below may grow. One as large as it
 * will do, an ACK does not: sk_wmem_alloc is one more than what waits. */
static bool tcp_should_autocork(struct sock *sk, const struct sk_buff *skb, int size_goal)
{
	return (int)skb->len < size_goal && sock_net(sk)->ipv4.sysctl_tcp_autocorking &&
	       !tcp_rtx_queue_empty(sk) && sk->sk_wmem_alloc > (int)skb->truesize &&
	       !TCP_SKB_CB(skb)->eor;
}

/**
 * tcp_push() - after a write: send what may go
 * @sk: the connection
 * @flags: MSG_MORE: there is more to come; MSG_OOB: it is urgent
 * @mss_now: bytes
 * @nonagle: TCP_NAGLE_*
 * @size_goal: bytes an skb should have
 * Context: socket locked
 */
void tcp_push(struct sock *sk, int flags, int mss_now, int nonagle, int size_goal)
{
	struct tcp_sock *tp = tcp_sk(sk);
	struct sk_buff *skb = tcp_write_queue_tail(sk);

	trace_here();
	if (!skb)
		return;
	if (!(flags & MSG_MORE) || after(tp->write_seq, tp->pushed_seq + (tp->max_window >> 1)))
		tcp_mark_push(tp, skb);
	if (flags & MSG_OOB)
		tp->snd_up = tp->write_seq;
	if (tcp_should_autocork(sk, skb, size_goal)) {
		/* The end of a transmission below us (sock_wfree) pushes. */
		if (!(tp->tsq_flags & BIT(TCP_TSQ_THROTTLED))) {
			NET_INC_STATS(sock_net(sk), LINUX_MIB_TCPAUTOCORKING);
			tp->tsq_flags |= BIT(TCP_TSQ_THROTTLED);
		}
		return;
	}
	if (flags & MSG_MORE)
		nonagle = TCP_NAGLE_CORK;
	__tcp_push_pending_frames(sk, (unsigned int)mss_now, nonagle);
}

/**
 * tcp_may_send_now() - would the first segment of the queue go out now?
 * @sk: the connection
 * Context: socket locked
 * Return: it would
 */
bool tcp_may_send_now(struct sock *sk)
{
	const struct tcp_sock *tp = tcp_sk(sk);
	struct sk_buff *skb = tcp_send_head(sk);
	unsigned int cur_mss;

	if (!skb)
		return false;
	cur_mss = tcp_current_mss(sk);
	tcp_set_skb_tso_segs(skb, cur_mss);
	return tcp_cwnd_test(tp) && tcp_snd_wnd_test(tp, skb, cur_mss) &&
	       tcp_nagle_test(tp, skb, cur_mss,
			      tcp_skb_is_last(sk, skb) ? tp->nonagle : TCP_NAGLE_PUSH);
}
