// SPDX-License-Identifier: MIT
/*
 * Segments that carry no data of the application's: SYN, SYN-ACK, FIN, RST, ACK,
 * window and keepalive probes.
 *
 * Linux: net/ipv4/tcp_output.c
 * RFC: 9293 3.5, 3.6, 3.8.6.1 (zero-window probes), 5681 4.2 (delayed ACKs)
 */
#include <linux/errno.h>
#include <linux/random.h>
#include <linux/trace.h>
#include <net/tcp.h>
#include "tcp_output.h"

/**
 * tcp_init_nondata_skb() - a segment without data
 * @skb: empty, headroom reserved; borrowed
 * @seq: sequence number
 * @flags: TCPHDR_*; SYN and FIN take one
 * Context: any
 */
void tcp_init_nondata_skb(struct sk_buff *skb, u32 seq, u8 flags)
{
	skb->ip_summed = CHECKSUM_PARTIAL;
	TCP_SKB_CB(skb)->tcp_flags = flags;
	TCP_SKB_CB(skb)->sacked = 0;
	tcp_skb_pcount_set(skb, 1);
	TCP_SKB_CB(skb)->seq = seq;
	if (flags & (TCPHDR_SYN | TCPHDR_FIN))
		seq++;
	TCP_SKB_CB(skb)->end_seq = seq;
}

/* An empty skb with room for all headers. */
static struct sk_buff *tcp_ctl_skb(struct sock *sk, gfp_t gfp)
{
	struct sk_buff *skb = alloc_skb(sock_net(sk), MAX_TCP_HEADER, gfp);

	if (skb)
		skb_reserve(skb, MAX_TCP_HEADER);
	return skb;
}

/* Sequence number of a segment without data: SND.NXT, unless the peer shrank its
 * window below it by more than rounding. */
static u32 tcp_acceptable_seq(const struct sock *sk)
{
	const struct tcp_sock *tp = tcp_sk(sk);

	if (!before(tcp_wnd_end(tp), tp->snd_nxt) ||
	    (tp->rx_opt.wscale_ok &&
	     tp->snd_nxt - tcp_wnd_end(tp) < (1U << tp->rx_opt.rcv_wscale)))
		return tp->snd_nxt;
	return tcp_wnd_end(tp);
}

/* ---- SYN ---------------------------------------------------------------------------- */

/* RFC 3168 6.1.1: ask for ECN on the SYN, if the sysctl says so. */
static void tcp_ecn_send_syn(struct sock *sk, struct sk_buff *skb)
{
	struct tcp_sock *tp = tcp_sk(sk);

	tp->ecn_flags = 0;
	if (sock_net(sk)->ipv4.sysctl_tcp_ecn == 1) {
		TCP_SKB_CB(skb)->tcp_flags |= TCPHDR_ECE | TCPHDR_CWR;
		tp->ecn_flags = TCP_ECN_OK;
	}
}

/* Everything of the connection that the SYN speaks of. */
static void tcp_connect_init(struct sock *sk)
{
	const struct dst_entry *dst = __sk_dst_get(sk);
	const struct netns_ipv4 *ipv4 = &sock_net(sk)->ipv4;
	struct tcp_sock *tp = tcp_sk(sk);
	u32 user_mss = tp->rx_opt.user_mss, option_len = 0;
	u8 rcv_wscale;

	tp->tcp_header_len = sizeof(struct tcphdr);
	if (ipv4->sysctl_tcp_timestamps)
		tp->tcp_header_len += TCPOLEN_TSTAMP_ALIGNED;
	if (user_mss)
		tp->rx_opt.mss_clamp = (u16)user_mss;
	tp->max_window = 0;
	tcp_mtup_init(sk);
	tcp_sync_mss(sk, dst_mtu(dst));

	if (!tp->window_clamp)
		tp->window_clamp = dst_metric(dst, RTAX_WINDOW);
	tp->advmss = (u16)dst_metric_advmss(dst);
	if (user_mss && user_mss < tp->advmss)
		tp->advmss = (u16)user_mss;
	tcp_initialize_rcv_mss(sk);
	/* A buffer fixed by the user bounds the window. */
	if ((sk->sk_userlocks & SOCK_RCVBUF_LOCK) &&
	    (tp->window_clamp > (u32)tcp_full_space(sk) || tp->window_clamp == 0))
		tp->window_clamp = (u32)tcp_full_space(sk);
	if (tp->rx_opt.ts_recent_stamp)
		option_len = tp->tcp_header_len - (u32)sizeof(struct tcphdr);
	tcp_select_initial_window(sk, tcp_full_space(sk),
				  tp->advmss - option_len,
				  &tp->rcv_wnd, &tp->window_clamp,
				  ipv4->sysctl_tcp_window_scaling, &rcv_wscale,
				  dst_metric(dst, RTAX_INITRWND));
	tp->rx_opt.rcv_wscale = rcv_wscale & 0xf;
	tp->rcv_ssthresh = tp->rcv_wnd;

	sk->sk_err = 0;
	sock_reset_flag(sk, SOCK_DONE);
	tp->snd_wnd = 0;
	tp->snd_wl1 = 0;
	tcp_write_queue_purge(sk);
	tp->snd_una = tp->write_seq;
	tp->snd_sml = tp->write_seq;
	tp->snd_up = tp->write_seq;
	tp->snd_nxt = tp->write_seq;
	tp->rcv_nxt = 0;
	tp->rcv_wup = tp->rcv_nxt;
	tp->copied_seq = tp->rcv_nxt;
	inet_csk(sk)->icsk_rto = TCP_TIMEOUT_INIT;
	inet_csk(sk)->icsk_retransmits = 0;
	tcp_clear_retrans(tp);
}

/**
 * tcp_connect_queue_skb() - the SYN is the connection's: numbers and memory
 * @sk: in SYN-SENT
 * @skb: the SYN, with or without data; goes to the retransmit queue next
 * Context: socket locked
 */
void tcp_connect_queue_skb(struct sock *sk, struct sk_buff *skb)
{
	struct tcp_skb_cb *tcb = TCP_SKB_CB(skb);
	struct tcp_sock *tp = tcp_sk(sk);

	tcb->end_seq += skb->len;
	__skb_header_release(skb);
	sk->sk_wmem_queued += (int)skb->truesize;
	sk_mem_charge(sk, (int)skb->truesize);
	tp->write_seq = tcb->end_seq;
	tp->packets_out += (u32)tcp_skb_pcount(skb);
}

/**
 * tcp_connect() - send the SYN, start its timer
 * @sk: in SYN-SENT, routed, port and ISN (write_seq) chosen
 * Context: socket locked
 * Return: 0, -EHOSTUNREACH, -ENOBUFS
 */
int tcp_connect(struct sock *sk)
{
	struct tcp_sock *tp = tcp_sk(sk);
	struct sk_buff *buff;
	int err;

	trace_here();
	if (inet_csk(sk)->icsk_af_ops->rebuild_header(sk))
		return -EHOSTUNREACH;
	tcp_connect_init(sk);
	buff = tcp_stream_alloc_skb(sk, GFP_KERNEL, true);
	if (unlikely(!buff))
		return -ENOBUFS;
	tcp_init_nondata_skb(buff, tp->write_seq, TCPHDR_SYN);
	tcp_mstamp_refresh(tp);
	tp->retrans_stamp = tp->tcp_mstamp ? tp->tcp_mstamp : 1;
	buff->skb_mstamp_ns = tp->tcp_clock_cache;
	tcp_connect_queue_skb(sk, buff);
	tcp_ecn_send_syn(sk, buff);
	tcp_rbtree_insert(&sk->tcp_rtx_queue, buff);

	err = tp->fastopen_req ? tcp_send_syn_data(sk, buff) :
				 tcp_transmit_skb(sk, buff, 1, GFP_KERNEL);
	if (err == -ECONNREFUSED)
		return err;
	/* snd_nxt must not run ahead of what has a place in the queue; data that could
	 * not go with the SYN waits in the other one. */
	buff = tcp_send_head(sk);
	tp->snd_nxt = buff ? TCP_SKB_CB(buff)->seq : tp->write_seq;
	tp->pushed_seq = tp->snd_nxt;
	TCP_INC_STATS(sock_net(sk), TCP_MIB_ACTIVEOPENS);
	inet_csk_reset_xmit_timer(sk, ICSK_TIME_RETRANS, inet_csk(sk)->icsk_rto, tcp_rto_max(sk));
	return 0;
}

/**
 * tcp_send_synack() - simultaneous open: answer the peer's SYN
 * @sk: in SYN-RECEIVED, its SYN still in the retransmit queue
 * Context: socket locked
 * Return: 0, -EFAULT, -ENOMEM, or what transmission says
 */
int tcp_send_synack(struct sock *sk)
{
	struct sk_buff *skb = tcp_rtx_queue_head(sk);

	if (!skb || !(TCP_SKB_CB(skb)->tcp_flags & TCPHDR_SYN))
		return -EFAULT;
	if (!(TCP_SKB_CB(skb)->tcp_flags & TCPHDR_ACK)) {
		/* Below us a clone of the SYN may still wait: the queue's copy
		 * changes flags only, which a clone has for itself. */
		TCP_SKB_CB(skb)->tcp_flags |= TCPHDR_ACK;
		/* RFC 3168 6.1.1: yes is ECE without CWR */
		TCP_SKB_CB(skb)->tcp_flags &= (u8)~(TCPHDR_ECE | TCPHDR_CWR);
		if (tcp_sk(sk)->ecn_flags & TCP_ECN_OK)
			TCP_SKB_CB(skb)->tcp_flags |= TCPHDR_ECE;
	}
	return tcp_transmit_skb(sk, skb, 1, GFP_ATOMIC);
}

/**
 * tcp_make_synack() - the SYN-ACK of a half-open connection
 * @sk: the listener
 * @dst: its route; a reference is taken for the skb
 * @req: the half-open connection
 * @foc: a cookie to give, or NULL
 * Context: softirq
 * Return: the segment, data at the TCP header, or NULL
 */
struct sk_buff *tcp_make_synack(const struct sock *sk, struct dst_entry *dst,
				struct request_sock *req, struct tcp_fastopen_cookie *foc)
{
	const struct inet_request_sock *ireq = inet_rsk(req);
	const struct tcp_sock *tp = tcp_sk(sk);
	struct tcp_out_options opts = { .options = 0 };
	unsigned int size, mss;
	struct sk_buff *skb;
	struct tcphdr *th;
	u64 now = ktime_get_ns();

	skb = alloc_skb(sock_net(sk), MAX_TCP_HEADER, GFP_ATOMIC);
	if (unlikely(!skb))
		return NULL;
	skb_reserve(skb, MAX_TCP_HEADER);
	dst_hold(dst);
	skb_dst_set(skb, dst);

	mss = dst_metric_advmss(dst);
	if (tp->rx_opt.user_mss && tp->rx_opt.user_mss < mss)
		mss = tp->rx_opt.user_mss;
	skb->skb_mstamp_ns = req->syncookie && ireq->tstamp_ok ?
			     cookie_init_timestamp(req, now) : now;
	if (!tcp_rsk(req)->snt_synack && !req->syncookie)
		tcp_rsk(req)->snt_synack = now / NSEC_PER_USEC;

	size = tcp_synack_options(sk, req, mss, skb, foc, &opts) + (u32)sizeof(*th);
	th = (struct tcphdr *)skb_push(skb, size);
	skb_reset_transport_header(skb);
	memset(th, 0, sizeof(*th));
	th->syn = 1;
	th->ack = 1;
	th->ece = ireq->ecn_ok;
	th->source = htons(ireq->ir_num);
	th->dest = ireq->ir_rmt_port;
	th->seq = htonl(tcp_rsk(req)->snt_isn);
	th->ack_seq = htonl(tcp_rsk(req)->rcv_nxt);
	th->window = htons((u16)min(req->rsk_rcv_wnd, 65535U));
	th->doff = (size >> 2) & 0xf;
	tcp_options_write(th, NULL, &opts);
	skb->ip_summed = CHECKSUM_PARTIAL;
	skb->mark = ireq->ir_mark;
	TCP_INC_STATS(sock_net(sk), TCP_MIB_OUTSEGS);
	return skb;
}

/**
 * tcp_rtx_synack() - send the SYN-ACK again
 * @sk: the listener
 * @req: the half-open connection
 * Context: softirq
 * Return: 0 or what transmission says
 */
int tcp_rtx_synack(const struct sock *sk, struct request_sock *req)
{
	int res = tcp_v4_send_synack(sk, NULL, req, NULL);

	if (!res) {
		TCP_INC_STATS(sock_net(sk), TCP_MIB_RETRANSSEGS);
		NET_INC_STATS(sock_net(sk), LINUX_MIB_TCPSYNRETRANS);
	}
	return res;
}

/* ---- FIN and RST ------------------------------------------------------------------------ */

/* A segment of its own for the FIN with number @seq. false: no memory. */
static bool tcp_queue_fin(struct sock *sk, u32 seq)
{
	struct sk_buff *skb = tcp_ctl_skb(sk, GFP_ATOMIC);

	if (unlikely(!skb))
		return false;
	INIT_LIST_HEAD(&skb->tcp_tsorted_anchor);
	sk_forced_mem_schedule(sk, (int)skb->truesize);
	tcp_init_nondata_skb(skb, seq, TCPHDR_ACK | TCPHDR_FIN);
	__skb_queue_tail(&sk->sk_write_queue, skb);
	sk->sk_wmem_queued += (int)skb->truesize;
	sk_mem_charge(sk, (int)skb->truesize);
	return true;
}

/* No memory: the FIN rides on the last segment that was sent and goes out with its
 * retransmission. Where there is none, the FIN's number is taken, so that no ACK
 * passes for its own, and a timer tries again. Linux: gives up here, and the
 * peer never learns. */
static void tcp_owe_fin(struct sock *sk)
{
	struct sk_buff *tskb = tcp_rtx_queue_tail(sk);
	struct tcp_sock *tp = tcp_sk(sk);

	tp->write_seq++;
	if (tskb) {
		TCP_SKB_CB(tskb)->tcp_flags |= TCPHDR_FIN;
		TCP_SKB_CB(tskb)->end_seq++;
		tp->snd_nxt++;
	} else {
		inet_csk_reset_xmit_timer(sk, ICSK_TIME_PROBE0, TCP_RESOURCE_PROBE_INTERVAL,
					  TCP_RTO_MAX);
	}
}

/**
 * tcp_send_owed_fin() - the timer of a FIN that found no memory
 * @sk: the connection
 *
 * Context: softirq or release_sock(), socket locked
 * Return: a FIN was owed; it is sent, or the timer is armed again
 */
bool tcp_send_owed_fin(struct sock *sk)
{
	const struct tcp_sock *tp = tcp_sk(sk);

	if (!tcp_write_queue_empty(sk) || tp->snd_nxt == tp->write_seq)
		return false;
	if (tcp_queue_fin(sk, tp->write_seq - 1))
		__tcp_push_pending_frames(sk, tcp_current_mss(sk), TCP_NAGLE_OFF);
	else
		inet_csk_reset_xmit_timer(sk, ICSK_TIME_PROBE0, TCP_RESOURCE_PROBE_INTERVAL,
					  TCP_RTO_MAX);
	return true;
}

/**
 * tcp_send_fin() - nothing more will be written
 * @sk: the connection
 *
 * The FIN rides on the last segment that has not been sent; without memory even
 * on the last one that has: it then goes out with its retransmission.
 *
 * Context: socket locked
 */
void tcp_send_fin(struct sock *sk)
{
	struct tcp_sock *tp = tcp_sk(sk);
	struct sk_buff *tskb = tcp_write_queue_tail(sk);

	trace_here();
	if (!tskb && sk_under_memory_pressure(sk))
		tskb = tcp_rtx_queue_tail(sk);
	if (tskb) {
		TCP_SKB_CB(tskb)->tcp_flags |= TCPHDR_FIN;
		TCP_SKB_CB(tskb)->end_seq++;
		tp->write_seq++;
		if (tcp_write_queue_empty(sk)) {
			/* It was sent without: it counts as if it had not been. */
			tp->snd_nxt++;
			return;
		}
	} else if (tcp_queue_fin(sk, tp->write_seq)) {
		tp->write_seq++;
	} else {
		tcp_owe_fin(sk);
		return;
	}
	__tcp_push_pending_frames(sk, tcp_current_mss(sk), TCP_NAGLE_OFF);
}

/**
 * tcp_send_active_reset() - abort: tell the peer
 * @sk: the connection
 * @gfp: allocation context
 * Context: socket locked
 */
void tcp_send_active_reset(struct sock *sk, gfp_t gfp)
{
	struct sk_buff *skb;

	trace_here();
	TCP_INC_STATS(sock_net(sk), TCP_MIB_OUTRSTS);
	skb = tcp_ctl_skb(sk, gfp);
	if (!skb) {
		NET_INC_STATS(sock_net(sk), LINUX_MIB_TCPABORTFAILED);
		return;
	}
	tcp_init_nondata_skb(skb, tcp_acceptable_seq(sk), TCPHDR_ACK | TCPHDR_RST);
	tcp_mstamp_refresh(tcp_sk(sk));
	if (tcp_transmit_skb(sk, skb, 0, gfp))
		NET_INC_STATS(sock_net(sk), LINUX_MIB_TCPABORTFAILED);
}

/* ---- ACK ------------------------------------------------------------------------------------ */

/**
 * __tcp_send_ack() - a pure ACK
 * @sk: the connection
 * @rcv_nxt: what to acknowledge
 * Context: socket locked
 */
void __tcp_send_ack(struct sock *sk, u32 rcv_nxt)
{
	struct inet_connection_sock *icsk = inet_csk(sk);
	struct sk_buff *buff;

	if (sk->sk_state == TCP_CLOSE)
		return;
	buff = tcp_ctl_skb(sk, GFP_ATOMIC);
	if (unlikely(!buff)) {
		/* Later, then. */
		u64 delay = TCP_DELACK_MAX << min_t(u8, icsk->icsk_ack.retry, 9);

		if (delay < tcp_rto_max(sk))
			icsk->icsk_ack.retry++;
		inet_csk_schedule_ack(sk);
		icsk->icsk_ack.ato = TCP_ATO_MIN;
		inet_csk_reset_xmit_timer(sk, ICSK_TIME_DACK, delay, tcp_rto_max(sk));
		return;
	}
	tcp_mstamp_refresh(tcp_sk(sk));
	tcp_init_nondata_skb(buff, tcp_acceptable_seq(sk), TCPHDR_ACK);
	__tcp_transmit_skb(sk, buff, 0, GFP_ATOMIC, rcv_nxt);
}

/**
 * tcp_send_ack() - acknowledge now
 * @sk: the connection
 * Context: socket locked
 */
void tcp_send_ack(struct sock *sk)
{
	trace_here();
	__tcp_send_ack(sk, tcp_sk(sk)->rcv_nxt);
}

/**
 * tcp_send_delayed_ack() - acknowledge soon, if nothing takes the ACK along
 * @sk: the connection
 * Context: socket locked
 */
void tcp_send_delayed_ack(struct sock *sk)
{
	struct inet_connection_sock *icsk = inet_csk(sk);
	const struct tcp_sock *tp = tcp_sk(sk);
	u64 ato = icsk->icsk_ack.ato, timeout;

	if (ato > TCP_DELACK_MIN) {
		u64 max_ato = NSEC_PER_SEC / 2;	/* RFC 9293 3.8.6.3 (MUST-40) */

		if (inet_csk_in_pingpong_mode(sk) || (icsk->icsk_ack.pending & ICSK_ACK_PUSHED))
			max_ato = TCP_DELACK_MAX;
		/* Not longer than a round trip: the sender's clock is our ACKs. */
		if (tp->srtt_us) {
			u64 rtt = max_t(u64, usecs_to_ns(tp->srtt_us >> 3), TCP_DELACK_MIN);

			max_ato = min(max_ato, rtt);
		}
		ato = min(ato, max_ato);
	}
	ato = min(ato, tcp_delack_max(sk));

	timeout = tp->tcp_clock_cache + ato;
	if (icsk->icsk_ack.pending & ICSK_ACK_TIMER) {
		/* About to expire already: now. */
		if (icsk->icsk_ack.timeout <= tp->tcp_clock_cache + (ato >> 2)) {
			tcp_send_ack(sk);
			return;
		}
		if (icsk->icsk_ack.timeout < timeout)
			timeout = icsk->icsk_ack.timeout;
	}
	icsk->icsk_ack.pending |= ICSK_ACK_SCHED | ICSK_ACK_TIMER;
	icsk->icsk_ack.timeout = timeout;
	sk_reset_timer(sk, &icsk->icsk_delack_timer, timeout);
}

/* ---- probes ------------------------------------------------------------------------------ */

/* A segment the peer has to answer: one byte below what it expects (keepalive,
 * zero window), or @urgent exactly at SND.UNA. */
static int tcp_xmit_probe_skb(struct sock *sk, int urgent, int mib)
{
	struct tcp_sock *tp = tcp_sk(sk);
	struct sk_buff *skb = tcp_ctl_skb(sk, GFP_ATOMIC);

	if (!skb)
		return -1;
	tcp_init_nondata_skb(skb, tp->snd_una - !urgent, TCPHDR_ACK);
	NET_INC_STATS(sock_net(sk), mib);
	return tcp_transmit_skb(sk, skb, 0, GFP_ATOMIC);
}

/**
 * tcp_send_window_probe() - ask for the window, at once
 * @sk: the connection
 * Context: socket locked
 */
void tcp_send_window_probe(struct sock *sk)
{
	if (sk->sk_state == TCP_ESTABLISHED) {
		tcp_sk(sk)->snd_wl1 = tcp_sk(sk)->rcv_nxt - 1;
		tcp_mstamp_refresh(tcp_sk(sk));
		tcp_xmit_probe_skb(sk, 0, LINUX_MIB_TCPWINPROBE);
	}
}

/**
 * tcp_write_wakeup() - send what fits the window, or a probe
 * @sk: the connection
 * @mib: counter for a probe
 * Context: socket locked
 * Return: 0, or > 0 when it was dropped in this host, -1 when closed or no memory
 */
int tcp_write_wakeup(struct sock *sk, int mib)
{
	struct tcp_sock *tp = tcp_sk(sk);
	struct sk_buff *skb = tcp_send_head(sk);

	if (sk->sk_state == TCP_CLOSE)
		return -1;
	tcp_mstamp_refresh(tp);
	if (skb && before(TCP_SKB_CB(skb)->seq, tcp_wnd_end(tp))) {
		unsigned int mss = tcp_current_mss(sk);
		unsigned int seg_size = tcp_wnd_end(tp) - TCP_SKB_CB(skb)->seq;
		int err;

		if (before(tp->pushed_seq, TCP_SKB_CB(skb)->end_seq))
			tp->pushed_seq = TCP_SKB_CB(skb)->end_seq;
		/* RFC 9293 3.8.6.2.1: a part, since the whole has waited long */
		if (seg_size < TCP_SKB_CB(skb)->end_seq - TCP_SKB_CB(skb)->seq || skb->len > mss) {
			seg_size = min(seg_size, mss);
			TCP_SKB_CB(skb)->tcp_flags |= TCPHDR_PSH;
			if (tcp_fragment(sk, TCP_FRAG_IN_WRITE_QUEUE, skb, seg_size, mss,
					 GFP_ATOMIC))
				return -1;
		} else if (!tcp_skb_pcount(skb)) {
			tcp_set_skb_tso_segs(skb, mss);
		}
		TCP_SKB_CB(skb)->tcp_flags |= TCPHDR_PSH;
		err = tcp_transmit_skb(sk, skb, 1, GFP_ATOMIC);
		if (!err)
			tcp_event_new_data_sent(sk, skb);
		return err;
	}
	if (between(tp->snd_up, tp->snd_una + 1, tp->snd_una + 0xFFFF))
		tcp_xmit_probe_skb(sk, 1, mib);
	return tcp_xmit_probe_skb(sk, 0, mib);
}

/**
 * tcp_send_probe0() - the window is closed: probe it, and again later
 * @sk: the connection
 *
 * RFC 9293 3.8.6.1: for as long as the peer answers.
 *
 * Context: softirq, socket locked
 */
void tcp_send_probe0(struct sock *sk)
{
	struct inet_connection_sock *icsk = inet_csk(sk);
	struct tcp_sock *tp = tcp_sk(sk);
	u64 timeout;
	int err = tcp_write_wakeup(sk, LINUX_MIB_TCPWINPROBE);

	if (tp->packets_out || tcp_write_queue_empty(sk)) {
		icsk->icsk_probes_out = 0;
		icsk->icsk_backoff = 0;
		icsk->icsk_probes_tstamp = 0;
		return;
	}
	icsk->icsk_probes_out++;
	if (err <= 0) {
		if (icsk->icsk_backoff < sock_net(sk)->ipv4.sysctl_tcp_retries2)
			icsk->icsk_backoff++;
		timeout = tcp_probe0_when(sk, tcp_rto_max(sk));
	} else {
		/* It did not leave the host: no back-off for that. */
		timeout = TCP_RESOURCE_PROBE_INTERVAL;
	}
	tcp_reset_xmit_timer(sk, ICSK_TIME_PROBE0, timeout);
}
