// SPDX-License-Identifier: MIT
/*
 * A segment of a connection, by state. ESTABLISHED has a fast way (header
 * prediction: the next segment in sequence, nothing unusual) and a slow one; all
 * other states go through tcp_rcv_state_process(), which follows RFC 9293
 * 3.10.7 step by step. Opening stands in tcp_input_open.c.
 *
 * Linux: net/ipv4/tcp_input.c
 * RFC: 9293 3.10.7, 5961 (blind attacks), 7323 (PAWS), 6093 (urgent data)
 */
#include <linux/errno.h>
#include <linux/random.h>
#include <linux/trace.h>
#include <net/tcp.h>
#include "tcp_rcvbuf.h"

/* ---- challenge ACKs and rate limits ------------------------------------------------- */

static bool __tcp_oow_rate_limited(struct net *net, int mib_idx, u64 *last_oow_ack_time)
{
	u64 now = ktime_get_ns();

	if (*last_oow_ack_time &&
	    now - *last_oow_ack_time < net->ipv4.sysctl_tcp_invalid_ratelimit_ns) {
		NET_INC_STATS(net, mib_idx);
		return true;
	}
	*last_oow_ack_time = now ? now : 1;
	return false;
}

/**
 * tcp_oow_rate_limited() - is it too soon for another ACK of rubbish?
 * @net: namespace
 * @skb: the out-of-window segment; borrowed
 * @mib_idx: counter to move when limited
 * @last_oow_ack_time: of this connection; 0: never
 *
 * Data and SYNs are always answered: the peer may need it. What is limited are
 * answers to pure ACKs, so that two confused ends do not ACK each other for ever.
 *
 * Context: softirq
 * Return: do not answer
 */
bool tcp_oow_rate_limited(struct net *net, const struct sk_buff *skb, int mib_idx,
			  u64 *last_oow_ack_time)
{
	if (TCP_SKB_CB(skb)->seq != TCP_SKB_CB(skb)->end_seq && !tcp_hdr(skb)->syn)
		return false;
	return __tcp_oow_rate_limited(net, mib_idx, last_oow_ack_time);
}

/**
 * tcp_send_challenge_ack() - RFC 5961 7: answer what may be a blind attack
 * @sk: the connection
 *
 * Limited per connection, and for the host by a randomised count a second so
 * that nobody learns from its running out (CVE-2016-5696).
 *
 * Context: socket locked
 */
void tcp_send_challenge_ack(struct sock *sk)
{
	struct net *net = sock_net(sk);
	struct netns_ipv4 *ipv4 = &net->ipv4;
	u64 now_s = ktime_get_ns() / NSEC_PER_SEC;
	u32 limit = (u32)ipv4->sysctl_tcp_challenge_ack_limit;

	if (__tcp_oow_rate_limited(net, LINUX_MIB_TCPACKSKIPPEDCHALLENGE,
				   &tcp_sk(sk)->last_oow_ack_time))
		return;
	if (limit == INT_MAX)
		goto send;
	if (now_s + 1 != ipv4->tcp_challenge_timestamp) {
		ipv4->tcp_challenge_timestamp = now_s + 1;
		ipv4->tcp_challenge_count = (limit + 1) / 2 +
					    get_random_u32_below(limit ? limit : 1);
	}
	if (!ipv4->tcp_challenge_count)
		return;
	ipv4->tcp_challenge_count--;
send:
	NET_INC_STATS(net, LINUX_MIB_TCPCHALLENGEACK);
	tcp_send_ack(sk);
}

/**
 * tcp_reset() - the peer reset the connection
 * @sk: the connection
 * @skb: the RST, or NULL; borrowed
 * Context: socket locked
 */
void tcp_reset(struct sock *sk, struct sk_buff *skb)
{
	trace_here();
	switch (sk->sk_state) {
	case TCP_SYN_SENT:
		sk->sk_err = ECONNREFUSED;
		break;
	case TCP_CLOSE_WAIT:
		sk->sk_err = EPIPE;
		break;
	case TCP_CLOSE:
		return;
	default:
		sk->sk_err = ECONNRESET;
	}
	tcp_write_queue_purge(sk);
	tcp_done(sk);
	if (!sock_flag(sk, SOCK_DEAD))
		sk->sk_error_report(sk);
}

/* ---- urgent data (RFC 9293 3.8.5, RFC 6093) ------------------------------------------- */

/**
 * tcp_check_urg() - a new urgent pointer?
 * @sk: the connection
 * @th: header with URG set
 * Context: socket locked
 */
void tcp_check_urg(struct sock *sk, const struct tcphdr *th)
{
	struct tcp_sock *tp = tcp_sk(sk);
	u32 ptr = ntohs(th->urg_ptr);

	if (ptr && !sock_net(sk)->ipv4.sysctl_tcp_stdurg)
		ptr--;
	ptr += ntohl(th->seq);

	if (after(tp->copied_seq, ptr))
		return;		/* read already */
	if (before(ptr, tp->rcv_nxt))
		return;		/* the byte has passed by */
	if (tp->urg_data && !after(ptr, tp->urg_seq))
		return;		/* known */

	sk_wake_async(sk, SOCK_WAKE_URG, POLLPRI);
	/* Two urgent bytes in a row, the first just being read: the reader
	 * would stop at its mark for ever. */
	if (tp->urg_seq == tp->copied_seq && tp->urg_data &&
	    !sock_flag(sk, SOCK_URGINLINE) && tp->copied_seq != tp->rcv_nxt) {
		struct sk_buff *skb = skb_peek(&sk->sk_receive_queue);

		tp->copied_seq++;
		if (skb && !before(tp->copied_seq, TCP_SKB_CB(skb)->end_seq)) {
			__skb_unlink(skb, &sk->sk_receive_queue);
			consume_skb(skb);
		}
	}
	tp->urg_data = TCP_URG_NOTYET;
	tp->urg_seq = ptr;
	tp->pred_flags = 0;
}

static void tcp_urg(struct sock *sk, struct sk_buff *skb, const struct tcphdr *th)
{
	struct tcp_sock *tp = tcp_sk(sk);

	if (unlikely(th->urg))
		tcp_check_urg(sk, th);
	if (unlikely(tp->urg_data == TCP_URG_NOTYET)) {
		u32 ptr = tp->urg_seq - ntohl(th->seq) + th->doff * 4U - th->syn;

		if (ptr < skb->len) {
			u8 tmp;

			if (skb_copy_bits(skb, (int)ptr, &tmp, 1))
				return;
			tp->urg_data = TCP_URG_VALID | tmp;
			if (!sock_flag(sk, SOCK_DEAD))
				sk->sk_data_ready(sk);
		}
	}
}

/* ---- acceptability ------------------------------------------------------------------------ */

/* RFC 9293 3.4, the four cases as Linux tests them: old data is accepted (and
 * acknowledged) as long as it touches the window. */
static enum skb_drop_reason tcp_sequence(const struct sock *sk, u32 seq, u32 end_seq, u32 fin)
{
	const struct tcp_sock *tp = tcp_sk(sk);
	u32 edge;

	if (before(end_seq, tp->rcv_wup))
		return SKB_DROP_REASON_TCP_OLD_DATA;
	/* RFC 7323 2.4: a window that was taken back (no memory) still holds what was
	 * sent into it. Were both ends' ACKs beyond the other's window, neither would
	 * ever learn that there is room again. */
	edge = tp->rcv_nxt + tcp_max_receive_window(tp);
	if (after(seq, edge))
		return SKB_DROP_REASON_TCP_INVALID_SEQUENCE;
	/* Beyond the window in part: what a reader who has read all may have offered
	 * since. A FIN alone takes no room. */
	if (unlikely(after(end_seq - fin, edge)) && !skb_queue_empty(&sk->sk_receive_queue))
		return SKB_DROP_REASON_TCP_INVALID_END_SEQUENCE;
	return SKB_NOT_DROPPED_YET;
}

/* RFC 7323 5.3: a pure ACK that was overtaken on its way has an old timestamp; it is
 * taken, or, when data has overtaken it, it is no reason for an answer. With what
 * reason an old timestamp is refused; SKB_NOT_DROPPED_YET: it is not. */
static enum skb_drop_reason tcp_disordered_ack_check(const struct sock *sk,
						     const struct sk_buff *skb)
{
	const struct tcp_sock *tp = tcp_sk(sk);
	const struct tcphdr *th = tcp_hdr(skb);
	u32 ack = TCP_SKB_CB(skb)->ack_seq;
	u32 nwin = (u32)ntohs(th->window) << tp->rx_opt.snd_wscale;
	u32 seq = TCP_SKB_CB(skb)->seq;

	if (!th->ack || seq != TCP_SKB_CB(skb)->end_seq)
		return SKB_DROP_REASON_TCP_RFC7323_PAWS;
	if (seq != tp->rcv_nxt)
		return before(seq, tp->rcv_nxt) ? SKB_DROP_REASON_TCP_RFC7323_PAWS_ACK :
						  SKB_DROP_REASON_TCP_RFC7323_PAWS;
	/* What it acknowledges and the window it opens are known. */
	if (ack != tp->snd_una || after(seq, tp->snd_wl1) ||
	    (seq == tp->snd_wl1 && nwin > tp->snd_wnd))
		return SKB_DROP_REASON_TCP_RFC7323_PAWS;
	/* Overtaken within an RTO, by clocks of up to 1200 Hz. */
	if ((u64)(u32)(tp->rx_opt.ts_recent - tp->rx_opt.rcv_tsval) * NSEC_PER_SEC / 1200 >
	    inet_csk(sk)->icsk_rto)
		return SKB_DROP_REASON_TCP_RFC7323_PAWS;
	return SKB_NOT_DROPPED_YET;
}

/* PAWS. Why the segment is refused; a RST never is. */
static enum skb_drop_reason tcp_paws_refuses(const struct sock *sk, const struct sk_buff *skb,
					     const struct tcphdr *th)
{
	const struct tcp_sock *tp = tcp_sk(sk);

	if (!tp->rx_opt.saw_tstamp || tcp_paws_check(&tp->rx_opt, TCP_PAWS_WINDOW) || th->rst)
		return SKB_NOT_DROPPED_YET;
	return tcp_disordered_ack_check(sk, skb);
}

/* RFC 5961 3.2: does the RST hit RCV.NXT, or the end of a SACKed block? */
static bool tcp_reset_check(const struct sock *sk, const struct sk_buff *skb)
{
	const struct tcp_sock *tp = tcp_sk(sk);

	/* A peer that got our FIN may reset one byte further. */
	return TCP_SKB_CB(skb)->seq == tp->rcv_nxt - 1 &&
	       ((1 << sk->sk_state) & (TCPF_CLOSE_WAIT | TCPF_LAST_ACK | TCPF_CLOSING));
}

static bool tcp_rst_acceptable(const struct sock *sk, const struct sk_buff *skb)
{
	const struct tcp_sock *tp = tcp_sk(sk);
	u32 seq = TCP_SKB_CB(skb)->seq;

	if (seq == tp->rcv_nxt || tcp_reset_check(sk, skb))
		return true;
	/* A peer that lost its state may take our highest SACK for its place. */
	if (tcp_is_sack(tp) && tp->rx_opt.num_sacks > 0) {
		u32 max_sack = tp->selective_acks[0].end_seq;
		int i;

		for (i = 1; i < tp->rx_opt.num_sacks; i++)
			if (after(tp->selective_acks[i].end_seq, max_sack))
				max_sack = tp->selective_acks[i].end_seq;
		return seq == max_sack;
	}
	return false;
}

/* Drops @skb, after answering it if the connection may. false, for callers. */
static bool tcp_discard(struct sk_buff *skb, enum skb_drop_reason reason)
{
	kfree_skb_reason(skb, reason);
	return false;
}

/* PAWS, sequence, RST and SYN checks of a synchronised connection; @syn_inerr: a
 * SYN counts as an error. false: the segment was dropped (consumed). */
static bool tcp_validate_incoming(struct sock *sk, struct sk_buff *skb, const struct tcphdr *th,
				  bool syn_inerr)
{
	struct tcp_sock *tp = tcp_sk(sk);
	enum skb_drop_reason reason;

	/* RFC 7323 5.3 R1: PAWS comes first; never for a RST */
	reason = tcp_fast_parse_options(sock_net(sk), skb, th, tp) ?
			 tcp_paws_refuses(sk, skb, th) : SKB_NOT_DROPPED_YET;
	if (reason) {
		if (th->syn)
			goto syn_challenge;
		/* An ACK that was overtaken is common, and not answered. */
		if (reason == SKB_DROP_REASON_TCP_RFC7323_PAWS_ACK) {
			NET_INC_STATS(sock_net(sk), LINUX_MIB_PAWS_OLD_ACK);
			return tcp_discard(skb, reason);
		}
		NET_INC_STATS(sock_net(sk), LINUX_MIB_PAWSESTABREJECTED);
		if (!tcp_oow_rate_limited(sock_net(sk), skb, LINUX_MIB_TCPACKSKIPPEDPAWS,
					  &tp->last_oow_ack_time))
			tcp_send_dupack(sk, skb);
		return tcp_discard(skb, reason);
	}

	/* RFC 9293 3.10.7.4, first: sequence number */
	reason = tcp_sequence(sk, TCP_SKB_CB(skb)->seq, TCP_SKB_CB(skb)->end_seq, th->fin);
	if (reason) {
		if (!th->rst) {
			if (th->syn)
				goto syn_challenge;
			if (reason != SKB_DROP_REASON_TCP_OLD_DATA)
				NET_INC_STATS(sock_net(sk), LINUX_MIB_BEYOND_WINDOW);
			if (!tcp_oow_rate_limited(sock_net(sk), skb, LINUX_MIB_TCPACKSKIPPEDSEQ,
						  &tp->last_oow_ack_time))
				tcp_send_dupack(sk, skb);
		} else if (tcp_reset_check(sk, skb)) {
			goto reset;
		}
		return tcp_discard(skb, reason);
	}

	/* second: RST (RFC 5961 3.2) */
	if (th->rst) {
		if (tcp_rst_acceptable(sk, skb))
			goto reset;
		tcp_fastopen_active_detect_rst(sk);
		tcp_send_challenge_ack(sk);
		return tcp_discard(skb, SKB_DROP_REASON_TCP_RESET);
	}

	/* fourth: SYN in a synchronised state (RFC 5961 4.2) */
	if (th->syn) {
		/* Simultaneous open: our SYN-ACK and theirs have crossed. */
		if (sk->sk_state == TCP_SYN_RECV && sk->sk_socket && th->ack &&
		    TCP_SKB_CB(skb)->seq + 1 == TCP_SKB_CB(skb)->end_seq &&
		    TCP_SKB_CB(skb)->seq + 1 == tp->rcv_nxt &&
		    TCP_SKB_CB(skb)->ack_seq == tp->snd_nxt)
			return true;
		goto syn_challenge;
	}
	return true;

syn_challenge:
	NET_INC_STATS(sock_net(sk), LINUX_MIB_TCPSYNCHALLENGE);
	if (syn_inerr)
		TCP_INC_STATS(sock_net(sk), TCP_MIB_INERRS);
	tcp_send_challenge_ack(sk);
	return tcp_discard(skb, SKB_DROP_REASON_TCP_INVALID_SYN);
reset:
	tcp_reset(sk, skb);
	consume_skb(skb);
	return false;
}

/* ---- sending in answer --------------------------------------------------------------------- */

/* Memory came free: may the send buffer grow, who waits to write? */
static void tcp_new_space(struct sock *sk)
{
	struct tcp_sock *tp = tcp_sk(sk);

	if (!(sk->sk_userlocks & SOCK_SNDBUF_LOCK) && !sk_under_memory_pressure(sk) &&
	    sk_memory_allocated(sk) < sk_prot_mem_limits(sk, 0) &&
	    tcp_packets_in_flight(tp) < tcp_snd_cwnd(tp)) {
		tcp_sndbuf_expand(sk);
		tp->snd_cwnd_stamp = ktime_get_ns();
	}
	sk->sk_write_space(sk);
}

/**
 * tcp_check_space() - after an ACK: wake a writer that found the buffer full
 * @sk: the connection
 * Context: socket locked
 */
void tcp_check_space(struct sock *sk)
{
	if (sk->sk_socket && sock_test_bit(SOCK_NOSPACE, &sk->sk_socket->flags)) {
		tcp_new_space(sk);
		if (!sock_test_bit(SOCK_NOSPACE, &sk->sk_socket->flags))
			tcp_chrono_stop(sk, TCP_CHRONO_SNDBUF_LIMITED);
	}
}

/**
 * tcp_data_snd_check() - after an ACK: send what the window now allows
 * @sk: the connection
 * Context: socket locked
 */
void tcp_data_snd_check(struct sock *sk)
{
	trace_here();
	tcp_push_pending_frames(sk);
	tcp_check_space(sk);
}

/* ---- ESTABLISHED ----------------------------------------------------------------------------- */

/* Timestamp of a predicted segment. false: PAWS must look at it. */
static bool tcp_fast_path_tstamp(struct tcp_sock *tp, const struct tcphdr *th)
{
	const __be32 *ptr = (const __be32 *)(th + 1);

	if (*ptr != htonl((TCPOPT_NOP << 24) | (TCPOPT_NOP << 16) |
			  (TCPOPT_TIMESTAMP << 8) | TCPOLEN_TIMESTAMP))
		return false;
	tp->rx_opt.saw_tstamp = 1;
	tp->rx_opt.rcv_tsval = ntohl(ptr[1]);
	tp->rx_opt.rcv_tsecr = ntohl(ptr[2]) ? ntohl(ptr[2]) - tp->tsoffset : 0;
	return (s32)(tp->rx_opt.rcv_tsval - tp->rx_opt.ts_recent) >= 0;
}

/* RFC 7323 4.3: valid, in sequence: remember the peer's timestamp. */
static void tcp_store_ts_recent(struct tcp_sock *tp)
{
	tp->rx_opt.ts_recent = tp->rx_opt.rcv_tsval;
	tp->rx_opt.ts_recent_stamp = ktime_get_ns();
}

/* The predicted ACK without data. true: consumed. */
static bool tcp_fast_path_ack(struct sock *sk, struct sk_buff *skb, int tcp_header_len)
{
	struct tcp_sock *tp = tcp_sk(sk);

	if (tcp_header_len == (int)(sizeof(struct tcphdr) + TCPOLEN_TSTAMP_ALIGNED) &&
	    tp->rcv_nxt == tp->rcv_wup)
		tcp_store_ts_recent(tp);
	tcp_ack(sk, skb, 0);
	consume_skb(skb);
	tcp_data_snd_check(sk);
	return true;
}

/* The predicted data segment. false: not taken after all (no memory). */
static bool tcp_fast_path_data(struct sock *sk, struct sk_buff *skb, int tcp_header_len)
{
	struct tcp_sock *tp = tcp_sk(sk);
	bool fragstolen = false;
	int eaten;

	/* Linux: what the socket has at hand must do; here that is always little. */
	if (!tcp_can_ingest(sk) || !sk_rmem_schedule(sk, skb, (int)skb->truesize))
		return false;
	if (tcp_header_len == (int)(sizeof(struct tcphdr) + TCPOLEN_TSTAMP_ALIGNED) &&
	    tp->rcv_nxt == tp->rcv_wup)
		tcp_store_ts_recent(tp);
	tcp_rcv_rtt_measure_ts(sk, skb);
	NET_INC_STATS(sock_net(sk), LINUX_MIB_TCPHPHITS);

	skb_dst_drop(skb);
	__skb_pull(skb, (unsigned int)tcp_header_len);
	eaten = tcp_queue_rcv(sk, skb, &fragstolen);
	tcp_event_data_recv(sk, skb);

	if (TCP_SKB_CB(skb)->ack_seq != tp->snd_una) {
		/* It acknowledges something too. */
		tcp_ack(sk, skb, FLAG_DATA);
		tcp_data_snd_check(sk);
		if (!inet_csk_ack_scheduled(sk))
			goto no_ack;
	} else {
		tp->snd_wl1 = TCP_SKB_CB(skb)->seq;
	}
	__tcp_ack_snd_check(sk, 0);
no_ack:
	if (eaten)
		kfree_skb_partial(skb, fragstolen);
	tcp_data_ready(sk);
	return true;
}

/* Header prediction (RFC 1323 appendix, Van Jacobson): flags, header length and
 * window as expected, the next in sequence, nothing acknowledged out of range. */
static bool tcp_rcv_fast_path(struct sock *sk, struct sk_buff *skb, const struct tcphdr *th)
{
	struct tcp_sock *tp = tcp_sk(sk);
	int tcp_header_len = tp->tcp_header_len;

	if ((tcp_flag_word(th) & htonl(~(u32)((TCPHDR_PSH << 16) | 0x0f000000U))) !=
		    tp->pred_flags ||
	    TCP_SKB_CB(skb)->seq != tp->rcv_nxt || after(TCP_SKB_CB(skb)->ack_seq, tp->snd_nxt))
		return false;
	if (tcp_header_len == (int)(sizeof(struct tcphdr) + TCPOLEN_TSTAMP_ALIGNED)) {
		if (!tcp_fast_path_tstamp(tp, th))
			return false;
	} else if (tcp_header_len != sizeof(struct tcphdr)) {
		return false;
	} else {
		tp->rx_opt.saw_tstamp = 0;
	}

	if ((int)skb->len <= tcp_header_len) {
		/* An ACK that says something, or a short segment (an error). */
		if ((int)skb->len < tcp_header_len || !after(TCP_SKB_CB(skb)->ack_seq, tp->snd_una))
			return false;
		return tcp_fast_path_ack(sk, skb, tcp_header_len);
	}
	/* An old ACK in a data segment wants the checks of the slow path. */
	if (before(TCP_SKB_CB(skb)->ack_seq, tp->snd_una) || sock_flag(sk, SOCK_DEAD) ||
	    TCP_SKB_CB(skb)->end_seq - tp->rcv_nxt > tcp_receive_window(tp))
		return false;
	return tcp_fast_path_data(sk, skb, tcp_header_len);
}

/**
 * tcp_rcv_established() - a segment in ESTABLISHED
 * @sk: the connection
 * @skb: checksum good, skb->data at the TCP header, TCP_SKB_CB filled; consumed
 * Context: socket locked
 */
void tcp_rcv_established(struct sock *sk, struct sk_buff *skb)
{
	const struct tcphdr *th = (const struct tcphdr *)skb->data;
	struct tcp_sock *tp = tcp_sk(sk);
	int reason;

	trace_skb(skb);
	tcp_mstamp_refresh(tp);
	tp->rx_opt.saw_tstamp = 0;
	if (tcp_rcv_fast_path(sk, skb, th))
		return;

	/* RFC 9293 3.10.7.4, fifth: no ACK, no segment */
	if (!th->ack && !th->rst && !th->syn) {
		kfree_skb_reason(skb, SKB_DROP_REASON_TCP_FLAGS);
		return;
	}
	if (!tcp_validate_incoming(sk, skb, th, true))
		return;
	reason = tcp_ack(sk, skb, FLAG_SLOWPATH | FLAG_UPDATE_TS_RECENT);
	if (reason < 0) {
		kfree_skb_reason(skb, (enum skb_drop_reason)-reason);
		return;
	}
	tcp_rcv_rtt_measure_ts(sk, skb);
	tcp_urg(sk, skb, th);
	tcp_data_queue(sk, skb);
	tcp_data_snd_check(sk);
	tcp_ack_snd_check(sk);
}

/* ---- all other states -------------------------------------------------------------------- */

/* What an ACK of our SYN or FIN leaves to do with the segment. */
enum tcp_ack_outcome {
	TCP_SEGMENT_GOES_ON,	/* look at its data */
	TCP_SEGMENT_DONE,	/* consume it */
	TCP_SEGMENT_RESET,	/* answer it by a reset */
};

/* Our FIN is acknowledged, in FIN-WAIT-1. */
static enum tcp_ack_outcome tcp_fin_wait1_acked(struct sock *sk, struct sk_buff *skb,
						const struct tcphdr *th)
{
	struct tcp_sock *tp = tcp_sk(sk);
	s64 tmo;

	tcp_set_state(sk, TCP_FIN_WAIT2);
	sk->sk_shutdown |= SEND_SHUTDOWN;
	sk->sk_dst_pending_confirm = 1;
	if (!sock_flag(sk, SOCK_DEAD)) {
		/* Wake whoever lingers in close(). */
		sk->sk_state_change(sk);
		return TCP_SEGMENT_GOES_ON;
	}
	if (tp->linger2 < 0) {
		tcp_done(sk);
		NET_INC_STATS(sock_net(sk), LINUX_MIB_TCPABORTONDATA);
		return TCP_SEGMENT_RESET;
	}
	/* Nobody is left to read: data is answered by a reset. */
	if (TCP_SKB_CB(skb)->end_seq != TCP_SKB_CB(skb)->seq &&
	    after(TCP_SKB_CB(skb)->end_seq - th->fin, tp->rcv_nxt)) {
		tcp_done(sk);
		NET_INC_STATS(sock_net(sk), LINUX_MIB_TCPABORTONDATA);
		return TCP_SEGMENT_RESET;
	}
	tcp_fin_time(sk, &tmo);
	if (tmo > (s64)TCP_TIMEWAIT_LEN) {
		inet_csk_reset_keepalive_timer(sk, (u64)tmo - TCP_TIMEWAIT_LEN);
	} else if (th->fin || sock_owned_by_user(sk)) {
		/* The FIN is handled below: keep the socket a moment longer. */
		inet_csk_reset_keepalive_timer(sk, (u64)tmo);
	} else {
		tcp_time_wait(sk, TCP_FIN_WAIT2, tmo);
		return TCP_SEGMENT_DONE;
	}
	return TCP_SEGMENT_GOES_ON;
}

/* SYN_RECV: the third ACK. */
static void tcp_synrecv_acked(struct sock *sk, struct sk_buff *skb, const struct tcphdr *th)
{
	struct tcp_sock *tp = tcp_sk(sk);

	tp->delivered++;	/* the SYN-ACK */
	if (!tp->srtt_us)
		tcp_synack_rtt_meas(sk, tp->fastopen_rsk);
	if (tp->rx_opt.tstamp_ok)
		tp->advmss -= TCPOLEN_TSTAMP_ALIGNED;
	if (tp->fastopen_rsk) {
		tcp_rcv_synrecv_state_fastopen(sk);
	} else {
		tp->retrans_stamp = 0;
		tcp_init_transfer(sk, skb);
		tp->copied_seq = tp->rcv_nxt;
	}
	tcp_set_state(sk, TCP_ESTABLISHED);
	sk->sk_state_change(sk);
	/* Simultaneous open: connect() waits. */
	if (sk->sk_socket)
		sk_wake_async(sk, SOCK_WAKE_IO, POLLOUT);
	tp->snd_una = TCP_SKB_CB(skb)->ack_seq;
	tp->snd_wnd = (u32)ntohs(th->window) << tp->rx_opt.snd_wscale;
	tp->snd_wl1 = TCP_SKB_CB(skb)->seq;
	if (!inet_csk(sk)->icsk_ca_ops->cong_control)
		tcp_update_pacing_rate(sk);
	tp->lsndtime = ktime_get_ns();
	tcp_initialize_rcv_mss(sk);
	__tcp_fast_path_on(tp, tp->snd_wnd);
	/* shutdown() came before: now there is a state to leave. */
	if (sk->sk_shutdown & SEND_SHUTDOWN)
		tcp_shutdown(sk, SEND_SHUTDOWN);
}

/* RFC 9293 3.10.7.4, fifth: what the ACK of our SYN or FIN does to the state. */
static enum tcp_ack_outcome tcp_ack_state(struct sock *sk, struct sk_buff *skb,
					  const struct tcphdr *th)
{
	struct tcp_sock *tp = tcp_sk(sk);

	switch (sk->sk_state) {
	case TCP_SYN_RECV:
		tcp_synrecv_acked(sk, skb, th);
		return TCP_SEGMENT_GOES_ON;
	case TCP_FIN_WAIT1:
		if (tp->fastopen_rsk)
			tcp_rcv_synrecv_state_fastopen(sk);
		if (tp->snd_una != tp->write_seq)
			return TCP_SEGMENT_GOES_ON;
		return tcp_fin_wait1_acked(sk, skb, th);
	case TCP_CLOSING:
		if (tp->snd_una != tp->write_seq)
			return TCP_SEGMENT_GOES_ON;
		tcp_time_wait(sk, TCP_TIME_WAIT, 0);
		return TCP_SEGMENT_DONE;
	case TCP_LAST_ACK:
		if (tp->snd_una != tp->write_seq)
			return TCP_SEGMENT_GOES_ON;
		tcp_update_metrics(sk);
		tcp_done(sk);
		return TCP_SEGMENT_DONE;
	default:
		return TCP_SEGMENT_GOES_ON;
	}
}

/* RFC 9293 3.10.7.4, seventh, after the end: the peer's FIN was taken, or the
 * program reads no more. true: reset it. */
static bool tcp_data_after_close(struct sock *sk, struct sk_buff *skb, const struct tcphdr *th)
{
	struct tcp_sock *tp = tcp_sk(sk);

	/* RFC 1122 4.2.2.13: data to a closed reader is answered by a reset */
	if (!(sk->sk_shutdown & RCV_SHUTDOWN))
		return false;
	if (TCP_SKB_CB(skb)->end_seq == TCP_SKB_CB(skb)->seq ||
	    !after(TCP_SKB_CB(skb)->end_seq - th->fin, tp->rcv_nxt))
		return false;
	NET_INC_STATS(sock_net(sk), LINUX_MIB_TCPABORTONDATA);
	tcp_reset(sk, skb);
	return true;
}

/* Synchronised states other than ESTABLISHED, and SYN-RECEIVED. */
static enum skb_drop_reason tcp_rcv_synchronised(struct sock *sk, struct sk_buff *skb,
						 const struct tcphdr *th)
{
	enum skb_drop_reason reason = SKB_DROP_REASON_TCP_FASTOPEN;
	struct tcp_sock *tp = tcp_sk(sk);
	bool req_stolen;
	int acceptable;

	if (tp->fastopen_rsk &&
	    !tcp_check_req(sk, skb, tp->fastopen_rsk, true, &req_stolen, &reason)) {
		kfree_skb_reason(skb, reason);
		return SKB_NOT_DROPPED_YET;
	}
	if (!th->ack && !th->rst && !th->syn) {
		kfree_skb_reason(skb, SKB_DROP_REASON_TCP_FLAGS);
		return SKB_NOT_DROPPED_YET;
	}
	if (!tcp_validate_incoming(sk, skb, th, false))
		return SKB_NOT_DROPPED_YET;

	acceptable = tcp_ack(sk, skb, FLAG_SLOWPATH | FLAG_UPDATE_TS_RECENT |
				      FLAG_NO_CHALLENGE_ACK);
	if (acceptable <= 0) {
		/* RFC 9293 3.10.7.4, fifth: in SYN-RECEIVED a bad ACK is reset */
		if (sk->sk_state == TCP_SYN_RECV)
			return acceptable < 0 ? (enum skb_drop_reason)-acceptable :
						SKB_DROP_REASON_TCP_OLD_ACK;
		if (acceptable < 0) {
			tcp_send_challenge_ack(sk);
			kfree_skb_reason(skb, (enum skb_drop_reason)-acceptable);
			return SKB_NOT_DROPPED_YET;
		}
	}
	switch (tcp_ack_state(sk, skb, th)) {
	case TCP_SEGMENT_DONE:
		consume_skb(skb);
		return SKB_NOT_DROPPED_YET;
	case TCP_SEGMENT_RESET:
		return SKB_DROP_REASON_TCP_ABORT;
	case TCP_SEGMENT_GOES_ON:
		break;
	}
	tcp_urg(sk, skb, th);

	switch (sk->sk_state) {
	case TCP_CLOSE_WAIT:
	case TCP_CLOSING:
	case TCP_LAST_ACK:
		if (!before(TCP_SKB_CB(skb)->seq, tp->rcv_nxt))
			break;
		fallthrough;
	case TCP_FIN_WAIT1:
	case TCP_FIN_WAIT2:
		if (tcp_data_after_close(sk, skb, th))
			return SKB_DROP_REASON_TCP_ABORT;
		fallthrough;
	case TCP_ESTABLISHED:
		tcp_data_queue(sk, skb);
		skb = NULL;
		break;
	default:
		break;
	}
	/* tcp_data_queue() may have closed it. */
	if (sk->sk_state != TCP_CLOSE) {
		tcp_data_snd_check(sk);
		tcp_ack_snd_check(sk);
	}
	if (skb)
		kfree_skb_reason(skb, SKB_DROP_REASON_TCP_CLOSE);
	return SKB_NOT_DROPPED_YET;
}

/**
 * tcp_rcv_state_process() - a segment in any state but ESTABLISHED and TIME-WAIT
 * @sk: the connection or listener
 * @skb: as for tcp_rcv_established(); consumed unless a reset is asked for
 * Context: socket locked
 * Return: SKB_NOT_DROPPED_YET; or why the segment has to be answered by a
 * reset: then the skb is still the caller's
 */
enum skb_drop_reason tcp_rcv_state_process(struct sock *sk, struct sk_buff *skb)
{
	const struct tcphdr *th = tcp_hdr(skb);

	trace_skb(skb);
	switch (sk->sk_state) {
	case TCP_CLOSE:
		kfree_skb_reason(skb, SKB_DROP_REASON_TCP_CLOSE);
		return SKB_NOT_DROPPED_YET;
	case TCP_LISTEN:
		/* RFC 9293 3.10.7.2: first RST, second ACK, third SYN */
		if (th->ack)
			return SKB_DROP_REASON_TCP_FLAGS;
		if (th->rst) {
			kfree_skb_reason(skb, SKB_DROP_REASON_TCP_RESET);
			return SKB_NOT_DROPPED_YET;
		}
		if (th->syn && !th->fin) {
			inet_csk(sk)->icsk_af_ops->conn_request(sk, skb);
			return SKB_NOT_DROPPED_YET;
		}
		kfree_skb_reason(skb, SKB_DROP_REASON_TCP_FLAGS);
		return SKB_NOT_DROPPED_YET;
	case TCP_SYN_SENT:
		tcp_sk(sk)->rx_opt.saw_tstamp = 0;
		tcp_mstamp_refresh(tcp_sk(sk));
		return tcp_rcv_synsent_state_process(sk, skb, th);
	default:
		tcp_mstamp_refresh(tcp_sk(sk));
		tcp_sk(sk)->rx_opt.saw_tstamp = 0;
		return tcp_rcv_synchronised(sk, skb, th);
	}
}
