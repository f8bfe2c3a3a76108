// SPDX-License-Identifier: MIT
/*
 * Connections that are not full sockets: TIME_WAIT on the way out, SYN_RECV on
 * the way in, and how one becomes the other.
 *
 * Linux: net/ipv4/tcp_minisocks.c
 * RFC: 9293 3.10.7.4, 3.6; 1122 4.2.2.13, 1337, 6191 (TIME_WAIT); 7323 5 (PAWS)
 */
#include <linux/errno.h>
#include <linux/kernel.h>
#include <linux/trace.h>
#include <linux/win_minmax.h>
#include <net/tcp.h>

/* RFC 9293 3.4: does it touch the window? */
static bool tcp_in_window(u32 seq, u32 end_seq, u32 s_win, u32 e_win)
{
	if (seq == s_win)
		return true;
	if (after(end_seq, s_win) && before(seq, e_win))
		return true;
	return seq == e_win && seq == end_seq;
}

/* ---- TIME_WAIT, and FIN_WAIT2 without a socket -------------------------------------- */

/* An ACK in answer, not too often. */
static enum tcp_tw_status tcp_timewait_oow(struct inet_timewait_sock *tw,
					   const struct sk_buff *skb, int mib_idx)
{
	if (!tcp_oow_rate_limited(tw->__tw_common.skc_net, skb, mib_idx,
				  &tw->tw_last_oow_ack_time))
		return TCP_TW_ACK;	/* with our reference */
	inet_twsk_put(tw);
	return TCP_TW_SUCCESS;
}

static void tcp_timewait_store_ts(struct inet_timewait_sock *tw,
				  const struct tcp_options_received *opt)
{
	if (opt->saw_tstamp) {
		tw->tw_ts_recent = opt->rcv_tsval;
		tw->tw_ts_recent_stamp = ktime_get_ns();
	}
}

/* The peer has yet to close. As tcp_rcv_state_process() would, for who is gone. */
static enum tcp_tw_status tcp_fin_wait2_process(struct inet_timewait_sock *tw,
						struct sk_buff *skb, const struct tcphdr *th,
						const struct tcp_options_received *opt,
						bool paws_reject, enum skb_drop_reason *reason)
{
	const struct tcp_skb_cb *tcb = TCP_SKB_CB(skb);

	if (paws_reject || !tcp_in_window(tcb->seq, tcb->end_seq, tw->tw_rcv_nxt,
					  tw->tw_rcv_nxt + tw->tw_rcv_wnd)) {
		*reason = paws_reject ? SKB_DROP_REASON_TCP_RFC7323_PAWS :
					SKB_DROP_REASON_TCP_INVALID_SEQUENCE;
		return tcp_timewait_oow(tw, skb, LINUX_MIB_TCPACKSKIPPEDFINWAIT2);
	}
	if (th->rst) {
		inet_twsk_deschedule_put(tw);
		return TCP_TW_SUCCESS;
	}
	if (th->syn && !before(tcb->seq, tw->tw_rcv_nxt)) {
		*reason = SKB_DROP_REASON_TCP_INVALID_SYN;
		return TCP_TW_RST;
	}
	/* Nothing new. */
	if (!th->ack || !after(tcb->end_seq, tw->tw_rcv_nxt) || tcb->end_seq == tcb->seq) {
		inet_twsk_put(tw);
		return TCP_TW_SUCCESS;
	}
	/* RFC 1122 4.2.2.13: data nobody will read is answered by a reset */
	if (!th->fin || tcb->end_seq != tw->tw_rcv_nxt + 1) {
		*reason = SKB_DROP_REASON_TCP_ABORT;
		return TCP_TW_RST;
	}
	tw->tw_substate = TCP_TIME_WAIT;
	tw->tw_rcv_nxt = tcb->end_seq;
	tcp_timewait_store_ts(tw, opt);
	inet_twsk_reschedule(tw, TCP_TIMEWAIT_LEN);
	return TCP_TW_ACK;
}

/* RFC 1122 4.2.2.13 and RFC 6191 2: may a SYN open the connection again? Its
 * sequence number or its timestamp proves that it is new. */
static bool tcp_timewait_may_reopen(const struct inet_timewait_sock *tw,
				    const struct sk_buff *skb, const struct tcphdr *th,
				    const struct tcp_options_received *opt)
{
	if (!th->syn || th->rst || th->ack)
		return false;
	return after(TCP_SKB_CB(skb)->seq, tw->tw_rcv_nxt) ||
	       (opt->saw_tstamp && (s32)(tw->tw_ts_recent - opt->rcv_tsval) < 0);
}

/* Timestamps of a segment against those we remember. True: it is too old. */
static bool tcp_timewait_paws(const struct inet_timewait_sock *tw, const struct sk_buff *skb,
			      const struct tcphdr *th, struct tcp_options_received *opt)
{
	opt->saw_tstamp = 0;
	if (th->doff <= sizeof(*th) / 4 || !tw->tw_ts_recent_stamp)
		return false;
	tcp_parse_options(tw->__tw_common.skc_net, skb, opt, 0, NULL);
	if (!opt->saw_tstamp)
		return false;
	opt->ts_recent = tw->tw_ts_recent;
	opt->ts_recent_stamp = tw->tw_ts_recent_stamp;
	return tcp_paws_reject(opt, th->rst);
}

/**
 * tcp_timewait_state_process() - a segment for a connection in TIME_WAIT
 * @tw: the caller's reference goes with TCP_TW_SUCCESS only
 * @skb: the segment, TCP_SKB_CB filled; borrowed
 * @th: its header
 * @tw_isn: with TCP_TW_SYN: the sequence number to begin with
 * @reason: why the segment is dropped; not touched when it is not
 * Context: softirq
 * Return: TCP_TW_SUCCESS: no answer; TCP_TW_ACK, TCP_TW_RST: answer so;
 * TCP_TW_SYN: it opens a new connection
 */
enum tcp_tw_status tcp_timewait_state_process(struct inet_timewait_sock *tw, struct sk_buff *skb,
					      const struct tcphdr *th, u32 *tw_isn,
					      enum skb_drop_reason *reason)
{
	struct net *net = tw->__tw_common.skc_net;
	const struct tcp_skb_cb *tcb = TCP_SKB_CB(skb);
	struct tcp_options_received opt = { .saw_tstamp = 0 };
	bool paws_reject;

	trace_skb(skb);
	paws_reject = tcp_timewait_paws(tw, skb, th, &opt);
	if (tw->tw_substate == TCP_FIN_WAIT2)
		return tcp_fin_wait2_process(tw, skb, th, &opt, paws_reject, reason);

	/* In sequence there can be a bare ACK or a RST only. */
	if (!paws_reject && tcb->seq == tw->tw_rcv_nxt &&
	    (tcb->seq == tcb->end_seq || th->rst)) {
		/* RFC 1337: an old duplicate may so end TIME_WAIT too early */
		if (th->rst && !net->ipv4.sysctl_tcp_rfc1337) {
			inet_twsk_deschedule_put(tw);
			return TCP_TW_SUCCESS;
		}
		if (!th->rst)
			inet_twsk_reschedule(tw, TCP_TIMEWAIT_LEN);
		tcp_timewait_store_ts(tw, &opt);
		inet_twsk_put(tw);
		return TCP_TW_SUCCESS;
	}
	if (!paws_reject && tcp_timewait_may_reopen(tw, skb, th, &opt)) {
		/* RFC 1122 4.2.2.13: beyond all that was used before; 0 is "none" */
		*tw_isn = tw->tw_snd_nxt + 65535 + 2;
		if (!*tw_isn)
			++*tw_isn;
		return TCP_TW_SYN;
	}
	*reason = SKB_DROP_REASON_TCP_TIMEWAIT;
	if (paws_reject) {
		NET_INC_STATS(net, LINUX_MIB_PAWS_TW_REJECTED);
		*reason = SKB_DROP_REASON_TCP_RFC7323_PAWS;
	}
	if (th->rst) {
		inet_twsk_put(tw);
		return TCP_TW_SUCCESS;
	}
	/* A FIN again, or anything old: the peer has not got our ACK. A SYN
	 * without ACK may be a new one with an unlucky number: it must not keep
	 * us waiting. */
	if (paws_reject || th->ack)
		inet_twsk_reschedule(tw, TCP_TIMEWAIT_LEN);
	return tcp_timewait_oow(tw, skb, LINUX_MIB_TCPACKSKIPPEDTIMEWAIT);
}

/**
 * tcp_time_wait() - the connection is over but for waiting
 * @sk: ends; a timewait sock takes its place
 * @state: TCP_TIME_WAIT, or TCP_FIN_WAIT2 of a socket without a program
 * @timeo_ns: how long to wait in FIN_WAIT2
 * Context: socket locked
 */
void tcp_time_wait(struct sock *sk, int state, s64 timeo_ns)
{
	const struct inet_connection_sock *icsk = inet_csk(sk);
	const struct tcp_sock *tp = tcp_sk(sk);
	struct inet_timewait_sock *tw;

	trace_here();
	tw = inet_twsk_alloc(sk, state);
	if (tw) {
		/* 3.5 RTO: time to see a FIN again */
		const s64 rto = (s64)((icsk->icsk_rto << 2) - (icsk->icsk_rto >> 1));

		tw->tw_rcv_wscale = tp->rx_opt.rcv_wscale;
		tw->tw_rcv_nxt = tp->rcv_nxt;
		tw->tw_snd_nxt = tp->snd_nxt;
		tw->tw_rcv_wnd = tcp_receive_window(tp);
		tw->tw_ts_recent = tp->rx_opt.ts_recent;
		tw->tw_ts_recent_stamp = tp->rx_opt.tstamp_ok ? tp->rx_opt.ts_recent_stamp : 0;
		tw->tw_ts_offset = tp->tsoffset;
		timeo_ns = max(timeo_ns, rto);
		if (state == TCP_TIME_WAIT)
			timeo_ns = (s64)TCP_TIMEWAIT_LEN;

		local_bh_disable();
		inet_twsk_schedule(tw, (u64)timeo_ns);
		inet_twsk_hashdance(tw, sk);
		local_bh_enable();
	} else {
		/* Too many of them, or no memory: a plain end is all there is. */
		NET_INC_STATS(sock_net(sk), LINUX_MIB_TCPTIMEWAITOVERFLOW);
	}
	tcp_update_metrics(sk);
	tcp_done(sk);
}

/**
 * tcp_twsk_unique() - may a new connection take the place of one in TIME_WAIT?
 * @sk: in SYN-SENT; continues the old one's sequence numbers then
 * @sktw: a timewait sock of the same four numbers
 *
 * RFC 6191 by our own will: with timestamps, tcp_tw_reuse_delay later (a second), old
 * duplicates are told from new segments. tcp_tw_reuse 2: on loopback only.
 *
 * Context: softirqs off, socket locked
 * Return: it may
 */
int tcp_twsk_unique(struct sock *sk, struct sock *sktw)
{
	const struct inet_timewait_sock *tw = inet_twsk(sktw);
	struct tcp_sock *tp = tcp_sk(sk);
	int reuse = sock_net(sk)->ipv4.sysctl_tcp_tw_reuse;

	if (reuse == 2 && !ipv4_is_loopback(tw->tw_daddr) && !ipv4_is_loopback(tw->tw_rcv_saddr))
		reuse = 0;
	if (!reuse || !tw->tw_ts_recent_stamp || tw->tw_substate != TCP_TIME_WAIT ||
	    ktime_get_ns() - tw->tw_ts_recent_stamp <=
		    (u64)sock_net(sk)->ipv4.sysctl_tcp_tw_reuse_delay * NSEC_PER_MSEC)
		return 0;
	tp->write_seq = tw->tw_snd_nxt + 65535 + 2;
	if (tp->write_seq == 0)
		tp->write_seq = 1;
	tp->rx_opt.ts_recent = tw->tw_ts_recent;
	tp->rx_opt.ts_recent_stamp = tw->tw_ts_recent_stamp;
	return 1;
}

/* ---- the child ---------------------------------------------------------------------- */

/**
 * tcp_ca_openreq_child() - congestion control of a new connection
 * @sk: the child
 * @dst: its route
 * Context: softirq
 */
void tcp_ca_openreq_child(struct sock *sk, const struct dst_entry *dst)
{
	/* The listener's, if the program chose one. */
	if (!inet_csk(sk)->icsk_ca_setsockopt)
		tcp_assign_congestion_control(sk);
	tcp_set_ca_state(sk, TCP_CA_Open);
}

/* Sequence numbers of both sides. */
static void tcp_child_init_seq(struct tcp_sock *tp, const struct tcp_request_sock *treq)
{
	u32 seq = treq->rcv_isn + 1;

	tp->rcv_wup = seq;
	tp->copied_seq = seq;
	tp->rcv_nxt = seq;
	tp->snd_wl1 = treq->rcv_isn;
	seq = treq->snt_isn + 1;
	tp->snd_sml = seq;
	tp->snd_una = seq;
	tp->snd_nxt = seq;
	tp->snd_up = seq;
	tp->write_seq = seq;
	tp->pushed_seq = seq;
}

/* What the SYN and we agreed upon. */
static void tcp_child_init_options(struct tcp_sock *tp, const struct request_sock *req,
				   const struct sk_buff *skb)
{
	const struct inet_request_sock *ireq = inet_rsk(req);
	struct tcp_options_received *opt = &tp->rx_opt;

	opt->tstamp_ok = ireq->tstamp_ok;
	opt->sack_ok = ireq->sack_ok ? TCP_SACK_SEEN : 0;
	opt->wscale_ok = ireq->wscale_ok;
	opt->snd_wscale = ireq->wscale_ok ? ireq->snd_wscale : 0;
	opt->rcv_wscale = ireq->wscale_ok ? ireq->rcv_wscale : 0;
	opt->mss_clamp = req->mss;
	tp->window_clamp = req->rsk_window_clamp;
	if (!ireq->wscale_ok)
		tp->window_clamp = min(tp->window_clamp, 65535U);
	tp->rcv_ssthresh = req->rsk_rcv_wnd;
	tp->rcv_wnd = req->rsk_rcv_wnd;
	tcp_init_max_rcv_wnd_seq(tp);
	/* The third ACK's window is scaled already. */
	tp->snd_wnd = (u32)ntohs(tcp_hdr(skb)->window) << opt->snd_wscale;
	tp->max_window = tp->snd_wnd;
	opt->ts_recent = 0;
	opt->ts_recent_stamp = 0;
	tp->tcp_header_len = sizeof(struct tcphdr);
	if (opt->tstamp_ok) {
		opt->ts_recent = req->ts_recent;
		opt->ts_recent_stamp = ktime_get_ns();
		tp->tcp_header_len += TCPOLEN_TSTAMP_ALIGNED;
	}
	tp->tsoffset = tcp_rsk(req)->ts_off;
	tp->ecn_flags = ireq->ecn_ok ? TCP_ECN_OK : 0;
}

/**
 * tcp_create_openreq_child() - the full socket of a half-open connection
 * @sk: the listener
 * @req: the half-open connection; borrowed
 * @skb: the third ACK; borrowed
 * Context: softirq
 * Return: bh-locked, two references, neither routed nor hashed; NULL on no memory
 */
struct sock *tcp_create_openreq_child(const struct sock *sk, struct request_sock *req,
				      struct sk_buff *skb)
{
	struct sock *newsk = inet_csk_clone_lock(sk, req, GFP_ATOMIC);
	struct inet_connection_sock *newicsk;
	struct tcp_sock *newtp;
	u64 now = ktime_get_ns();

	trace_skb(skb);
	if (!newsk)
		return NULL;
	sock_net(sk)->ipv4.tcp_sockets_allocated++;
	newicsk = inet_csk(newsk);
	newtp = tcp_sk(newsk);
	tcp_init_xmit_timers(newsk);
	INIT_LIST_HEAD(&newtp->tsorted_sent_queue);
	newtp->out_of_order_queue = RB_ROOT;
	newtp->segs_in = 1;	/* the SYN */
	newtp->fastopen_req = NULL;
	newtp->saved_syn = NULL;
	newtp->fastopen_rsk = NULL;
	newtp->tsq_flags = 0;
	minmax_reset(&newtp->rtt_min, now, ~0U);
	newtp->total_retrans = req->num_retrans;
	newicsk->icsk_ack.lrcvtime = now;
	newtp->lsndtime = now;
	newtp->rcv_tstamp = now;
	tcp_mstamp_refresh(newtp);

	tcp_child_init_seq(newtp, tcp_rsk(req));
	tcp_child_init_options(newtp, req, skb);
	if (sock_flag(newsk, SOCK_KEEPOPEN))
		inet_csk_reset_keepalive_timer(newsk, keepalive_time_when(newtp));
	if (req->num_timeout) {
		/* The SYN-ACK timed out. Should it turn out that it was only
		 * slow, the first window is not cut for it. */
		newtp->undo_marker = tcp_rsk(req)->snt_isn;
		newtp->retrans_stamp = tcp_rsk(req)->snt_synack;
		newtp->total_rto = req->num_timeout;
		newtp->total_rto_recoveries = 1;
		newtp->total_rto_time = (u32)((ktime_get_ns() / NSEC_PER_USEC -
					       newtp->retrans_stamp) / USEC_PER_MSEC);
	}
	if (skb->len >= TCP_MSS_DEFAULT + newtp->tcp_header_len)
		newicsk->icsk_ack.last_seg_size = skb->len - newtp->tcp_header_len;
	TCP_INC_STATS(sock_net(sk), TCP_MIB_PASSIVEOPENS);
	return newsk;
}

/* ---- a segment for a half-open connection ------------------------------------------- */

/* PAWS, against the timestamp of the SYN. */
static bool tcp_req_paws(const struct sock *sk, const struct request_sock *req,
			 const struct sk_buff *skb, struct tcp_options_received *opt)
{
	const struct tcphdr *th = tcp_hdr(skb);

	if (th->doff <= sizeof(*th) / 4)
		return false;
	tcp_parse_options(sock_net(sk), skb, opt, 0, NULL);
	if (!opt->saw_tstamp)
		return false;
	opt->ts_recent = req->ts_recent;
	/* When we took it we do not know exactly: not longer ago than this. */
	opt->ts_recent_stamp = ktime_get_ns() - min(ktime_get_ns(), tcp_reqsk_timeout(req));
	return tcp_paws_reject(opt, th->rst);
}

/* The SYN once more: so the SYN-ACK once more, and its timer from the start. */
static void tcp_req_syn_again(struct sock *sk, struct request_sock *req, struct sk_buff *skb)
{
	if (tcp_oow_rate_limited(sock_net(sk), skb, LINUX_MIB_TCPACKSKIPPEDSYNRECV,
				 &tcp_rsk(req)->last_oow_ack_time) ||
	    inet_rtx_syn_ack(sk, req))
		return;
	if (tcp_passive_fastopen(sk))
		tcp_sk(sk)->total_retrans++;
	if (timer_pending(&req->rsk_timer))
		mod_timer(&req->rsk_timer, ktime_get_ns() + tcp_reqsk_timeout(req));
}

/* Ends it. A RST is not answered. */
static void tcp_req_reset(struct sock *sk, struct request_sock *req, struct sk_buff *skb,
			  bool rst, bool *req_stolen)
{
	bool unlinked;

	if (!rst)
		req->rsk_ops->send_reset(sk, skb);
	unlinked = inet_csk_reqsk_queue_drop(sk, req);
	if (unlinked)
		NET_INC_STATS(sock_net(sk), LINUX_MIB_EMBRYONICRSTS);
	*req_stolen = !unlinked;
}

/* The same for a Fast Open child: a bad SYN does not end it. */
static void tcp_req_reset_fastopen(struct sock *sk, struct request_sock *req, struct sk_buff *skb,
				   bool rst)
{
	if (!rst) {
		req->rsk_ops->send_reset(sk, skb);
		return;
	}
	reqsk_fastopen_remove(sk, req, true);
	tcp_reset(sk, skb);
}

/* The third ACK. The child, or NULL. */
static struct sock *tcp_req_complete(struct sock *sk, struct sk_buff *skb,
				     struct request_sock *req, bool *req_stolen,
				     enum skb_drop_reason *reason)
{
	struct sock *child;
	bool own_req;

	/* TCP_DEFER_ACCEPT: a bare ACK is noted; data shall come. */
	if (req->num_timeout < inet_csk(sk)->icsk_accept_queue.rskq_defer_accept &&
	    TCP_SKB_CB(skb)->end_seq == tcp_rsk(req)->rcv_isn + 1) {
		inet_rsk(req)->acked = 1;
		NET_INC_STATS(sock_net(sk), LINUX_MIB_TCPDEFERACCEPTDROP);
		return NULL;
	}
	child = inet_csk(sk)->icsk_af_ops->syn_recv_sock(sk, skb, req, NULL, req, &own_req);
	if (!child) {
		*reason = SKB_DROP_REASON_TCP_LISTEN_OVERFLOW;
		if (sock_net(sk)->ipv4.sysctl_tcp_abort_on_overflow)
			tcp_req_reset(sk, req, skb, false, req_stolen);
		else
			inet_rsk(req)->acked = 1;
		return NULL;
	}
	tcp_synack_rtt_meas(child, req);
	*req_stolen = !own_req;
	return inet_csk_complete_hashdance(sk, child, req, own_req);
}

/**
 * tcp_check_req() - a segment for a half-open connection
 * @sk: its listener; the child, with @fastopen
 * @skb: the segment, TCP_SKB_CB filled; borrowed
 * @req: the half-open connection; the caller's reference goes with a child
 * @fastopen: there is a child already (RFC 7413)
 * @req_stolen: another segment has made a child of it in the meantime
 * @reason: why the segment is dropped; not touched when it is not
 *
 * RFC 9293 3.10.7.4 in SYN-RECEIVED, with the checks in an order that keeps
 * strangers' segments harmless.
 *
 * Context: softirq
 * Return: @sk: it acknowledges what we did not send: the listener answers by a
 * reset; with @fastopen: it is good, go on; the child, bh-locked, with a reference
 * for the caller; NULL: nothing more is to be done
 */
struct sock *tcp_check_req(struct sock *sk, struct sk_buff *skb, struct request_sock *req,
			   bool fastopen, bool *req_stolen, enum skb_drop_reason *reason)
{
	const struct tcp_request_sock *treq = tcp_rsk(req);
	const struct tcp_skb_cb *tcb = TCP_SKB_CB(skb);
	struct tcp_options_received opt = { .saw_tstamp = 0 };
	const struct tcphdr *th = tcp_hdr(skb);
	bool paws_reject, tsecr_reject, in_window, syn = th->syn;

	trace_skb(skb);
	paws_reject = tcp_req_paws(sk, req, skb, &opt);
	/* RFC 7323 3.2: what it echoes is a timestamp of our SYN-ACKs, or made up */
	tsecr_reject = opt.saw_tstamp && opt.rcv_tsecr && inet_rsk(req)->tstamp_ok && !fastopen &&
		       !between(opt.rcv_tsecr, treq->snt_tsval_first, treq->snt_tsval_last);
	if (tcb->seq == treq->rcv_isn && syn && !th->ack && !th->rst && !paws_reject) {
		tcp_req_syn_again(sk, req, skb);
		return NULL;
	}
	/* The ACK before the sequence number: a wrong one is answered by a RST in any
	 * case, unless it is on a RST. */
	if (th->ack && !th->rst && !fastopen && tcb->ack_seq != treq->snt_isn + 1)
		return sk;

	/* first: sequence number */
	in_window = tcp_in_window(tcb->seq, tcb->end_seq, treq->rcv_nxt,
				  treq->rcv_nxt + req->rsk_rcv_wnd);
	if (paws_reject || tsecr_reject || !in_window) {
		if (!th->rst && !tcp_oow_rate_limited(sock_net(sk), skb,
						      LINUX_MIB_TCPACKSKIPPEDSYNRECV,
						      &tcp_rsk(req)->last_oow_ack_time))
			req->rsk_ops->send_ack(sk, skb, req);
		*reason = SKB_DROP_REASON_TCP_RFC7323_PAWS;
		if (paws_reject)
			NET_INC_STATS(sock_net(sk), LINUX_MIB_PAWSESTABREJECTED);
		else if (tsecr_reject)
			NET_INC_STATS(sock_net(sk), LINUX_MIB_TSECRREJECTED);
		else
			*reason = SKB_DROP_REASON_TCP_INVALID_SEQUENCE;
		return NULL;
	}
	/* RFC 5961 3.2: a RST in the window and not at its edge is challenged */
	if (th->rst && tcb->seq != treq->rcv_nxt) {
		if (!tcp_oow_rate_limited(sock_net(sk), skb, LINUX_MIB_TCPACKSKIPPEDCHALLENGE,
					  &tcp_rsk(req)->last_oow_ack_time)) {
			NET_INC_STATS(sock_net(sk), LINUX_MIB_TCPCHALLENGEACK);
			req->rsk_ops->send_ack(sk, skb, req);
		}
		*reason = SKB_DROP_REASON_TCP_INVALID_SEQUENCE;
		return NULL;
	}
	if (opt.saw_tstamp && !after(tcb->seq, treq->rcv_nxt))
		req->ts_recent = opt.rcv_tsval;
	/* The SYN itself lies before the window. */
	if (tcb->seq == treq->rcv_isn)
		syn = false;

	/* second: RST; fourth: SYN */
	if (th->rst || syn) {
		TCP_INC_STATS(sock_net(sk), TCP_MIB_ATTEMPTFAILS);
		if (!th->rst)
			*reason = SKB_DROP_REASON_TCP_INVALID_SYN;
		if (fastopen)
			tcp_req_reset_fastopen(sk, req, skb, th->rst);
		else
			tcp_req_reset(sk, req, skb, th->rst, req_stolen);
		return NULL;
	}
	/* fifth: ACK; its number was looked at above */
	if (!th->ack) {
		*reason = SKB_DROP_REASON_TCP_FLAGS;
		return NULL;
	}
	return fastopen ? sk : tcp_req_complete(sk, skb, req, req_stolen, reason);
}

/**
 * tcp_child_process() - the third ACK, again, for the child it has made
 * @parent: the listener
 * @child: bh-locked, with a reference for us: both go
 * @skb: the segment; consumed, if 0 is returned
 * Context: softirq
 * Return: 0; else why the segment has to be answered by a reset
 */
int tcp_child_process(struct sock *parent, struct sock *child, struct sk_buff *skb)
{
	int state = child->sk_state;
	int ret = 0;

	trace_skb(skb);
	tcp_segs_in(tcp_sk(child), skb);
	if (!sock_owned_by_user(child)) {
		ret = (int)tcp_rcv_state_process(child, skb);
		if (state == TCP_SYN_RECV && child->sk_state != state)
			parent->sk_data_ready(parent);
	} else if (sk_add_backlog(child, skb, UINT_MAX)) {
		kfree_skb_reason(skb, SKB_DROP_REASON_SOCKET_BACKLOG);
	}
	bh_unlock_sock(child);
	sock_put(child);
	return ret;
}
