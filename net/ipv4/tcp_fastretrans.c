// SPDX-License-Identifier: MIT
/*
 * The recovery state machine (icsk_ca_state), and the window in recovery.
 *
 *   Open ──dupack/SACK──▶ Disorder ──lost──▶ Recovery ──all ACKed──▶ Open
 *    │ ECE, local drop ──▶ CWR ──────────────────────────────────────▶ Open
 *    └─ RTO ─▶ Loss (F-RTO may take it back) ──high_seq ACKed────────▶ Open
 *
 * A reduction that turns out needless (D-SACK or timestamps: Eifel) is undone.
 *
 * Linux: net/ipv4/tcp_input.c
 * RFC: 5681, 6582 (NewReno), 6675, 9937 (PRR), 5682 (F-RTO), 3522 and 4015
 *	(Eifel), 3168 (ECN)
 */
#include <linux/trace.h>
#include <net/tcp.h>
#include "tcp_recovery.h"

/* ---- marking ---------------------------------------------------------------------- */

/**
 * tcp_skb_mark_lost_uncond_verify() - keep the retransmit hint at the lowest loss
 * @tp: the connection
 * @skb: a lost segment; borrowed
 * Context: socket locked
 */
void tcp_skb_mark_lost_uncond_verify(struct tcp_sock *tp, struct sk_buff *skb)
{
	if ((!tp->retransmit_skb_hint && tp->retrans_out >= tp->lost_out) ||
	    (tp->retransmit_skb_hint &&
	     before(TCP_SKB_CB(skb)->seq, TCP_SKB_CB(tp->retransmit_skb_hint)->seq)))
		tp->retransmit_skb_hint = skb;
}

/**
 * tcp_mark_skb_lost() - take a segment for lost
 * @sk: the connection
 * @skb: of the retransmit queue; borrowed
 *
 * A retransmission that is lost in its turn is not in flight any more. Linux: only
 * of a segment that was taken for lost before; one whose loss was undone leaks.
 *
 * Context: socket locked
 */
void tcp_mark_skb_lost(struct sock *sk, struct sk_buff *skb)
{
	u8 sacked = TCP_SKB_CB(skb)->sacked;
	struct tcp_sock *tp = tcp_sk(sk);

	if (sacked & TCPCB_SACKED_ACKED)
		return;
	tcp_skb_mark_lost_uncond_verify(tp, skb);
	if (sacked & TCPCB_SACKED_RETRANS) {
		TCP_SKB_CB(skb)->sacked &= (u8)~TCPCB_SACKED_RETRANS;
		tp->retrans_out -= (u32)tcp_skb_pcount(skb);
		NET_ADD_STATS(sock_net(sk), LINUX_MIB_TCPLOSTRETRANSMIT,
			      (u64)tcp_skb_pcount(skb));
	}
	if (sacked & TCPCB_LOST) {
		if (sacked & TCPCB_SACKED_RETRANS)
			tp->lost += (u32)tcp_skb_pcount(skb);
		return;
	}
	tp->lost_out += (u32)tcp_skb_pcount(skb);
	TCP_SKB_CB(skb)->sacked |= TCPCB_LOST;
	tp->lost += (u32)tcp_skb_pcount(skb);
}

/**
 * tcp_clear_all_retrans_hints() - the retransmit queue was cut anew
 * @tp: the connection
 * Context: socket locked
 */
void tcp_clear_all_retrans_hints(struct tcp_sock *tp)
{
	tp->retransmit_skb_hint = NULL;
}

/**
 * tcp_clear_retrans() - forget all about retransmissions
 * @tp: the connection
 * Context: socket locked
 */
void tcp_clear_retrans(struct tcp_sock *tp)
{
	tp->retrans_out = 0;
	tp->lost_out = 0;
	tp->undo_marker = 0;
	tp->undo_retrans = -1;
	tp->sacked_out = 0;
	tp->total_rto = 0;
	tp->total_rto_recoveries = 0;
	tp->total_rto_time = 0;
	tp->rto_stamp = 0;
}

/* Is there a loss to repair? */
static bool tcp_time_to_recover(struct sock *sk)
{
	return tcp_sk(sk)->lost_out != 0;
}

/* ---- NewReno without SACK ------------------------------------------------------------ */

/* true: there were more duplicate ACKs than segments that could bring them. */
static bool tcp_limit_reno_sacked(struct tcp_sock *tp)
{
	u32 holes = max(tp->lost_out, 1U);

	holes = min(holes, tp->packets_out);
	if (tp->sacked_out + holes <= tp->packets_out)
		return false;
	tp->sacked_out = tp->packets_out - holes;
	return true;
}

/**
 * tcp_check_reno_reordering() - more duplicate ACKs than segments were missing
 * @sk: the connection
 * @addend: segments just acknowledged
 * Context: socket locked
 */
void tcp_check_reno_reordering(struct sock *sk, const int addend)
{
	struct tcp_sock *tp = tcp_sk(sk);

	if (!tcp_limit_reno_sacked(tp))
		return;
	tp->reordering = min_t(u32, tp->packets_out + (u32)addend,
			       (u32)sock_net(sk)->ipv4.sysctl_tcp_max_reordering);
	tp->reord_seen++;
	NET_INC_STATS(sock_net(sk), LINUX_MIB_TCPRENOREORDER);
}

/* A duplicate ACK: one segment more has left the network. */
static void tcp_add_reno_sack(struct sock *sk, int num_dupack)
{
	struct tcp_sock *tp = tcp_sk(sk);
	u32 prior_sacked = tp->sacked_out;
	s32 delivered;

	if (!num_dupack)
		return;
	tp->sacked_out += (u32)num_dupack;
	tcp_check_reno_reordering(sk, 0);
	delivered = (s32)(tp->sacked_out - prior_sacked);
	if (delivered > 0)
		tp->delivered += (u32)delivered;
}

/* ---- the window in recovery: PRR --------------------------------------------------------- */

/**
 * tcp_init_cwnd_reduction() - choose ssthresh; the window will go there
 * @sk: the connection
 * Context: socket locked
 */
void tcp_init_cwnd_reduction(struct sock *sk)
{
	struct tcp_sock *tp = tcp_sk(sk);

	tp->high_seq = tp->snd_nxt;
	tp->tlp_high_seq = 0;
	tp->snd_cwnd_cnt = 0;
	tp->prior_cwnd = tcp_snd_cwnd(tp);
	tp->prr_delivered = 0;
	tp->prr_out = 0;
	tp->snd_ssthresh = inet_csk(sk)->icsk_ca_ops->ssthresh(sk);
	/* RFC 3168 6.1.2: our answer to ECE */
	if (tp->ecn_flags & TCP_ECN_OK)
		tp->ecn_flags |= TCP_ECN_QUEUE_CWR;
}

/**
 * tcp_cwnd_reduction() - RFC 9937: how much may be sent on this ACK
 * @sk: the connection
 * @newly_acked_sacked: segments delivered by the ACK
 * @newly_lost: segments marked lost by it
 * @flag: FLAG_*
 * Context: socket locked
 */
void tcp_cwnd_reduction(struct sock *sk, int newly_acked_sacked, int newly_lost, int flag)
{
	struct tcp_sock *tp = tcp_sk(sk);
	int sndcnt = 0;
	int delta = (int)tp->snd_ssthresh - (int)tcp_packets_in_flight(tp);

	if (newly_acked_sacked <= 0 || WARN_ON_ONCE(!tp->prior_cwnd))
		return;
	tp->prr_delivered += (u32)newly_acked_sacked;
	if (delta < 0) {
		/* Above the target: in proportion to what is delivered. */
		u64 dividend = (u64)tp->snd_ssthresh * tp->prr_delivered + tp->prior_cwnd - 1;

		sndcnt = (int)(dividend / tp->prior_cwnd) - (int)tp->prr_out;
	} else {
		sndcnt = max_t(int, (int)(tp->prr_delivered - tp->prr_out), newly_acked_sacked);
		/* Grow only while the ACKs show that all goes well (SafeACK). */
		if ((flag & FLAG_SND_UNA_ADVANCED) && !newly_lost)
			sndcnt++;
		sndcnt = min(delta, sndcnt);
	}
	/* The first retransmission goes out whatever the sum says. */
	sndcnt = max(sndcnt, tp->prr_out ? 0 : 1);
	tcp_snd_cwnd_set(tp, tcp_packets_in_flight(tp) + (u32)sndcnt);
}

/**
 * tcp_end_cwnd_reduction() - recovery or CWR is over: the window is ssthresh
 * @sk: the connection
 * Context: socket locked
 */
void tcp_end_cwnd_reduction(struct sock *sk)
{
	struct tcp_sock *tp = tcp_sk(sk);

	if (inet_csk(sk)->icsk_ca_ops->cong_control)
		return;
	if (tp->snd_ssthresh < TCP_INFINITE_SSTHRESH &&
	    (inet_csk(sk)->icsk_ca_state == TCP_CA_CWR || tp->undo_marker)) {
		tcp_snd_cwnd_set(tp, max(tp->snd_ssthresh, 1U));
		tp->snd_cwnd_stamp = ktime_get_ns();
	}
	tcp_ca_event(sk, CA_EVENT_COMPLETE_CWR);
}

/**
 * tcp_enter_cwr() - reduce the window without a loss: ECE, or a local drop
 * @sk: the connection
 * Context: socket locked
 */
void tcp_enter_cwr(struct sock *sk)
{
	struct tcp_sock *tp = tcp_sk(sk);

	tp->prior_ssthresh = 0;
	if (inet_csk(sk)->icsk_ca_state < TCP_CA_CWR) {
		tp->undo_marker = 0;
		tcp_init_cwnd_reduction(sk);
		tcp_set_ca_state(sk, TCP_CA_CWR);
	}
}

/* ---- undo --------------------------------------------------------------------------------- */

/* Eifel (RFC 3522): the ACK's timestamp is older than the retransmission. */
static bool tcp_tsopt_ecr_before(const struct tcp_sock *tp, u64 when_us)
{
	return tp->rx_opt.saw_tstamp && tp->rx_opt.rcv_tsecr &&
	       before(tp->rx_opt.rcv_tsecr, (u32)(when_us / (USEC_PER_SEC / TCP_TS_HZ)));
}

/**
 * tcp_skb_spurious_retrans() - was this segment's retransmission needless?
 * @tp: the connection
 * @skb: a segment being acknowledged; borrowed
 * Context: socket locked
 * Return: the ACK answers the original
 */
bool tcp_skb_spurious_retrans(const struct tcp_sock *tp, const struct sk_buff *skb)
{
	return (TCP_SKB_CB(skb)->sacked & TCPCB_RETRANS) &&
	       tcp_tsopt_ecr_before(tp, tcp_skb_timestamp_us(skb));
}

/* Nothing was retransmitted, or the ACK answers what was sent before it. */
static bool tcp_packet_delayed(const struct tcp_sock *tp)
{
	if (tp->retrans_stamp)
		return tcp_tsopt_ecr_before(tp, tp->retrans_stamp);
	/* Without SACK the stamp is cleared when high_seq is reached
	 * (tcp_is_non_sack_preventing_reopen()), and for a SYN when it is
	 * acknowledged: its absence says nothing then. */
	if (tcp_is_reno(tp) && !before(tp->snd_una, tp->high_seq))
		return false;
	return tp->inet_conn.icsk_inet.sk.sk_state != TCP_SYN_SENT;
}

static bool tcp_may_undo(const struct tcp_sock *tp)
{
	return tp->undo_marker && (!tp->undo_retrans || tcp_packet_delayed(tp));
}

static void tcp_undo_cwnd_reduction(struct sock *sk, bool unmark_loss)
{
	struct tcp_sock *tp = tcp_sk(sk);

	if (unmark_loss) {
		struct sk_buff *skb;

		skb_rbtree_walk(skb, &sk->tcp_rtx_queue)
			TCP_SKB_CB(skb)->sacked &= (u8)~TCPCB_LOST;
		tp->lost_out = 0;
		tcp_clear_all_retrans_hints(tp);
	}
	if (tp->prior_ssthresh) {
		tcp_snd_cwnd_set(tp, inet_csk(sk)->icsk_ca_ops->undo_cwnd(sk));
		if (tp->prior_ssthresh > tp->snd_ssthresh) {
			tp->snd_ssthresh = tp->prior_ssthresh;
			tp->ecn_flags &= (u8)~TCP_ECN_QUEUE_CWR;
		}
	}
	tp->snd_cwnd_stamp = ktime_get_ns();
	tp->undo_marker = 0;
	/* Everything left is taken for sent afresh by RACK. */
	tp->rack.advanced = 1;
}

static bool tcp_any_retrans_done(const struct sock *sk)
{
	const struct tcp_sock *tp = tcp_sk(sk);
	struct sk_buff *skb;

	if (tp->retrans_out)
		return true;
	skb = tcp_rtx_queue_head(sk);
	return skb && (TCP_SKB_CB(skb)->sacked & TCPCB_EVER_RETRANS);
}

/* RFC 6582 3.2 step 3 and 6: without SACK stay until something beyond high_seq
 * is acknowledged, lest late duplicate ACKs start it all again. */
static bool tcp_is_non_sack_preventing_reopen(struct sock *sk)
{
	struct tcp_sock *tp = tcp_sk(sk);

	if (tp->snd_una == tp->high_seq && tcp_is_reno(tp)) {
		if (!tcp_any_retrans_done(sk))
			tp->retrans_stamp = 0;
		return true;
	}
	return false;
}

/**
 * tcp_try_undo_recovery() - all is acknowledged: was the reduction needless?
 * @sk: the connection
 * Context: socket locked
 * Return: stay in this state
 */
bool tcp_try_undo_recovery(struct sock *sk)
{
	struct tcp_sock *tp = tcp_sk(sk);

	if (tcp_may_undo(tp)) {
		int mib = inet_csk(sk)->icsk_ca_state == TCP_CA_Loss ?
			  LINUX_MIB_TCPLOSSUNDO : LINUX_MIB_TCPFULLUNDO;

		tcp_undo_cwnd_reduction(sk, false);
		NET_INC_STATS(sock_net(sk), mib);
	} else if (tp->rack.reo_wnd_persist) {
		tp->rack.reo_wnd_persist = (u8)(tp->rack.reo_wnd_persist - 1) & 0x1f;
	}
	if (tcp_is_non_sack_preventing_reopen(sk))
		return true;
	tcp_set_ca_state(sk, TCP_CA_Open);
	tp->is_sack_reneg = 0;
	return false;
}

/* D-SACKs have answered every retransmission. */
static bool tcp_try_undo_dsack(struct sock *sk)
{
	struct tcp_sock *tp = tcp_sk(sk);

	if (!tp->undo_marker || tp->undo_retrans)
		return false;
	tp->rack.reo_wnd_persist = min_t(u8, 16, (u8)(tp->rack.reo_wnd_persist + 1)) & 0x1f;
	tcp_undo_cwnd_reduction(sk, false);
	NET_INC_STATS(sock_net(sk), LINUX_MIB_TCPDSACKUNDO);
	return true;
}

/* A partial ACK shows that the first retransmission was needless. */
static bool tcp_try_undo_partial(struct sock *sk, u32 prior_snd_una, bool *do_lost)
{
	struct tcp_sock *tp = tcp_sk(sk);

	if (!tp->undo_marker || !tcp_packet_delayed(tp))
		return false;
	/* The hole was reordering: remember its size. */
	tcp_check_sack_reordering(sk, prior_snd_una, 1);
	/* Not while retransmissions of it are under way. */
	if (tp->retrans_out)
		return true;
	if (!tcp_any_retrans_done(sk))
		tp->retrans_stamp = 0;
	tcp_undo_cwnd_reduction(sk, true);
	NET_INC_STATS(sock_net(sk), LINUX_MIB_TCPPARTIALUNDO);
	tcp_try_keep_open(sk);
	*do_lost = tcp_time_to_recover(sk);
	return false;
}

/* The RTO was spurious (F-RTO or timestamps). */
static bool tcp_try_undo_loss(struct sock *sk, bool frto_undo)
{
	struct tcp_sock *tp = tcp_sk(sk);

	if (!frto_undo && !tcp_may_undo(tp))
		return false;
	tcp_undo_cwnd_reduction(sk, true);
	NET_INC_STATS(sock_net(sk), LINUX_MIB_TCPLOSSUNDO);
	if (frto_undo)
		NET_INC_STATS(sock_net(sk), LINUX_MIB_TCPSPURIOUSRTOS);
	inet_csk(sk)->icsk_retransmits = 0;
	if (tcp_is_non_sack_preventing_reopen(sk))
		return true;
	if (frto_undo || tcp_is_sack(tp)) {
		tcp_set_ca_state(sk, TCP_CA_Open);
		tp->is_sack_reneg = 0;
	}
	return true;
}

/* ---- states ------------------------------------------------------------------------------- */

/**
 * tcp_try_keep_open() - nothing is lost: Disorder or Open?
 * @sk: the connection
 * Context: socket locked
 */
void tcp_try_keep_open(struct sock *sk)
{
	struct tcp_sock *tp = tcp_sk(sk);
	u8 state = TCP_CA_Open;

	if (tcp_left_out(tp) || tcp_any_retrans_done(sk))
		state = TCP_CA_Disorder;
	if (inet_csk(sk)->icsk_ca_state != state) {
		tcp_set_ca_state(sk, state);
		tp->high_seq = tp->snd_nxt;
	}
}

static void tcp_try_to_open(struct sock *sk, int flag)
{
	struct tcp_sock *tp = tcp_sk(sk);

	if (!tcp_any_retrans_done(sk))
		tp->retrans_stamp = 0;
	if (flag & FLAG_ECE)
		tcp_enter_cwr(sk);
	if (inet_csk(sk)->icsk_ca_state != TCP_CA_CWR)
		tcp_try_keep_open(sk);
}

static void tcp_init_undo(struct tcp_sock *tp)
{
	tp->undo_marker = tp->snd_una;
	/* Retransmissions that are out already count too; with none, -1 keeps
	 * "all D-SACKed" from being true at once. */
	tp->undo_retrans = tp->retrans_out ? (int)tp->retrans_out : -1;
}

/**
 * tcp_enter_recovery() - fast recovery begins
 * @sk: the connection
 * @ece_ack: because of ECN; then there is nothing to go back to
 * Context: socket locked
 */
void tcp_enter_recovery(struct sock *sk, bool ece_ack)
{
	struct tcp_sock *tp = tcp_sk(sk);

	NET_INC_STATS(sock_net(sk), tcp_is_reno(tp) ? LINUX_MIB_TCPRENORECOVERY :
						      LINUX_MIB_TCPSACKRECOVERY);
	tp->prior_ssthresh = 0;
	tcp_init_undo(tp);
	if (!tcp_in_cwnd_reduction(sk)) {
		if (!ece_ack)
			tp->prior_ssthresh = tcp_current_ssthresh(sk);
		tcp_init_cwnd_reduction(sk);
	}
	tcp_set_ca_state(sk, TCP_CA_Recovery);
}

/* RFC 2018 8 and 6675 5.1: at an RTO the SACK marks of a peer that took data
 * back are worth nothing. */
static void tcp_timeout_mark_lost(struct sock *sk)
{
	struct tcp_sock *tp = tcp_sk(sk);
	struct sk_buff *skb, *head = tcp_rtx_queue_head(sk);
	bool is_reneg = head && (TCP_SKB_CB(head)->sacked & TCPCB_SACKED_ACKED);

	if (is_reneg) {
		NET_INC_STATS(sock_net(sk), LINUX_MIB_TCPSACKRENEGING);
		tp->sacked_out = 0;
		tp->is_sack_reneg = 1;
	} else if (tcp_is_reno(tp)) {
		tp->sacked_out = 0;
	}
	for (skb = head; skb; skb = skb_rb_next(skb)) {
		if (is_reneg)
			TCP_SKB_CB(skb)->sacked &= (u8)~TCPCB_SACKED_ACKED;
		else if (skb != head && tcp_is_sack(tp) &&
			 tcp_stamp_us_delta(tp->tcp_mstamp, tcp_skb_timestamp_us(skb)) <
			 tp->rack.rtt_us + tcp_min_rtt(tp) / 4)
			/* RFC 8985 6.3: sent a moment ago; it may yet arrive. */
			continue;
		tcp_mark_skb_lost(sk, skb);
	}
	tcp_clear_all_retrans_hints(tp);
}

/**
 * tcp_enter_loss() - the retransmission timer fired
 * @sk: the connection
 *
 * RFC 5681 3.1: ssthresh as for a loss, the window one segment; F-RTO (RFC
 * 5682) is tried when it is the first timeout of this data.
 *
 * Context: softirq, socket locked
 */
void tcp_enter_loss(struct sock *sk)
{
	const struct inet_connection_sock *icsk = inet_csk(sk);
	struct tcp_sock *tp = tcp_sk(sk);
	const struct netns_ipv4 *ipv4 = &sock_net(sk)->ipv4;
	bool new_recovery = icsk->icsk_ca_state < TCP_CA_Recovery;
	u32 reordering = (u32)ipv4->sysctl_tcp_reordering;

	tcp_timeout_mark_lost(sk);
	/* RFC 5681 3.1: ssthresh falls at the first timeout only */
	if (icsk->icsk_ca_state <= TCP_CA_Disorder || !after(tp->high_seq, tp->snd_una) ||
	    (icsk->icsk_ca_state == TCP_CA_Loss && !icsk->icsk_retransmits)) {
		tp->prior_ssthresh = tcp_current_ssthresh(sk);
		tp->prior_cwnd = tcp_snd_cwnd(tp);
		tp->snd_ssthresh = icsk->icsk_ca_ops->ssthresh(sk);
		tcp_ca_event(sk, CA_EVENT_LOSS);
		tcp_init_undo(tp);
	}
	tcp_snd_cwnd_set(tp, tcp_packets_in_flight(tp) + 1);
	tp->snd_cwnd_cnt = 0;
	tp->snd_cwnd_stamp = ktime_get_ns();

	/* What looked like reordering was loss. */
	if (icsk->icsk_ca_state <= TCP_CA_Disorder && tp->sacked_out >= reordering)
		tp->reordering = min(tp->reordering, reordering);
	tcp_set_ca_state(sk, TCP_CA_Loss);
	tp->high_seq = tp->snd_nxt;
	tp->tlp_high_seq = 0;
	if (tp->ecn_flags & TCP_ECN_OK)
		tp->ecn_flags |= TCP_ECN_QUEUE_CWR;

	tp->frto = ipv4->sysctl_tcp_frto && (new_recovery || icsk->icsk_retransmits) &&
		   !icsk->icsk_mtup.probe_size;
}

/**
 * tcp_simple_retransmit() - the MSS fell: send again what is too large
 * @sk: the connection
 *
 * No congestion: the window is not reduced (RFC 1191 6.3).
 *
 * Context: socket locked
 */
void tcp_simple_retransmit(struct sock *sk)
{
	struct tcp_sock *tp = tcp_sk(sk);
	struct sk_buff *skb;
	/* With Fast Open the SYN is two of the queue: whatever its size, it is meant. */
	const int mss = tp->syn_data && sk->sk_state == TCP_SYN_SENT ? -1 :
								       (int)tcp_current_mss(sk);

	skb_rbtree_walk(skb, &sk->tcp_rtx_queue)
		if (tcp_skb_mss(skb) > mss || (tcp_skb_pcount(skb) == 1 && (int)skb->len > mss))
			tcp_mark_skb_lost(sk, skb);
	tcp_clear_all_retrans_hints(tp);
	/* What RACK had marked before is to be sent again too. */
	if (!tp->lost_out)
		return;
	if (tcp_is_reno(tp))
		tcp_limit_reno_sacked(tp);
	tcp_non_congestion_loss_retransmit(sk);
}

/**
 * tcp_non_congestion_loss_retransmit() - send again what is marked lost, the window as it was
 * @sk: the connection
 * Context: socket locked
 */
void tcp_non_congestion_loss_retransmit(struct sock *sk)
{
	const struct inet_connection_sock *icsk = inet_csk(sk);
	struct tcp_sock *tp = tcp_sk(sk);

	if (icsk->icsk_ca_state != TCP_CA_Loss) {
		tp->high_seq = tp->snd_nxt;
		tp->snd_ssthresh = tcp_current_ssthresh(sk);
		tp->prior_ssthresh = 0;
		tp->undo_marker = 0;
		tcp_set_ca_state(sk, TCP_CA_Loss);
	}
	tcp_xmit_retransmit_queue(sk);
}

/**
 * tcp_update_rto_time() - what timed out has arrived: how long did it take?
 * @tp: the connection
 * Context: socket locked
 */
void tcp_update_rto_time(struct tcp_sock *tp)
{
	if (!tp->rto_stamp)
		return;
	tp->total_rto_time += tcp_time_stamp(tp) - tp->rto_stamp;
	tp->rto_stamp = 0;
}

/* In Loss: is the timeout real? RFC 5682 step 2 and 3. */
static void tcp_process_loss(struct sock *sk, int flag, int num_dupack, int *rexmit)
{
	struct tcp_sock *tp = tcp_sk(sk);
	bool recovered = !before(tp->snd_una, tp->high_seq);

	if ((flag & FLAG_SND_UNA_ADVANCED) && tcp_try_undo_loss(sk, false))
		return;
	if (tp->frto) {
		/* Step 3.b: something never retransmitted was acknowledged. */
		if ((flag & FLAG_ORIG_SACK_ACKED) && tcp_try_undo_loss(sk, true))
			return;
		if (after(tp->snd_nxt, tp->high_seq)) {
			if ((flag & FLAG_DATA_SACKED) || num_dupack)
				tp->frto = 0;	/* step 3.a: the loss was real */
		} else if ((flag & FLAG_SND_UNA_ADVANCED) && !recovered) {
			tp->high_seq = tp->snd_nxt;
			/* Step 2.b: send new data, if there is any. */
			if (tcp_send_head(sk) &&
			    after(tcp_wnd_end(tp), tp->snd_nxt))
				*rexmit = REXMIT_NEW;
			else
				tp->frto = 0;
		}
	}
	if (recovered) {
		tcp_try_undo_recovery(sk);
		return;
	}
	if (tcp_is_reno(tp)) {
		/* A dupack in F-RTO's first step or after new data is a real one. */
		if (after(tp->snd_nxt, tp->high_seq) && num_dupack)
			tcp_add_reno_sack(sk, num_dupack);
		else if (flag & FLAG_SND_UNA_ADVANCED)
			tp->sacked_out = 0;
	}
	if (*rexmit != REXMIT_NEW)
		*rexmit = REXMIT_LOST;
}

/* The RTO acked less than was SACKed: give the peer a moment, then believe it. */
static bool tcp_check_sack_reneging(struct sock *sk, int *ack_flag)
{
	struct tcp_sock *tp = tcp_sk(sk);
	u64 delay;

	if (!(*ack_flag & FLAG_SACK_RENEGING) || !(*ack_flag & FLAG_SND_UNA_ADVANCED))
		return false;
	delay = max_t(u64, usecs_to_ns(tp->srtt_us >> 4), 10 * NSEC_PER_MSEC);
	inet_csk_reset_xmit_timer(sk, ICSK_TIME_RETRANS, delay, tcp_rto_max(sk));
	*ack_flag &= ~FLAG_SET_XMIT_TIMER;
	return true;
}

static void tcp_identify_packet_loss(struct sock *sk, int *ack_flag)
{
	struct tcp_sock *tp = tcp_sk(sk);

	if (tcp_rtx_queue_empty(sk))
		return;
	if (unlikely(tcp_is_reno(tp))) {
		tcp_newreno_mark_lost(sk, *ack_flag & FLAG_SND_UNA_ADVANCED);
	} else {
		u32 prior_retrans = tp->retrans_out;

		if (tcp_rack_mark_lost(sk))
			*ack_flag &= ~FLAG_SET_XMIT_TIMER;
		if (prior_retrans > tp->retrans_out)
			*ack_flag |= FLAG_LOST_RETRANS;
	}
}

/* Has this state done its work, now that high_seq is acknowledged? true: the
 * ACK needs nothing more. */
static bool tcp_recovery_completed(struct sock *sk)
{
	struct tcp_sock *tp = tcp_sk(sk);

	switch (inet_csk(sk)->icsk_ca_state) {
	case TCP_CA_CWR:
		/* CWR goes on until something beyond high_seq is acknowledged. */
		if (tp->snd_una != tp->high_seq) {
			tcp_end_cwnd_reduction(sk);
			tcp_set_ca_state(sk, TCP_CA_Open);
		}
		return false;
	case TCP_CA_Recovery:
		if (tcp_is_reno(tp))
			tp->sacked_out = 0;
		if (tcp_try_undo_recovery(sk))
			return true;
		tcp_end_cwnd_reduction(sk);
		return false;
	default:
		return false;
	}
}

/**
 * tcp_fastretrans_alert() - an ACK that is not plain: step the state machine
 * @sk: the connection
 * @prior_snd_una: SND.UNA before
 * @num_dupack: duplicate ACKs it counts for
 * @ack_flag: FLAG_*; changed
 * @rexmit: REXMIT_*; set
 * Context: socket locked
 */
void tcp_fastretrans_alert(struct sock *sk, const u32 prior_snd_una, int num_dupack,
			   int *ack_flag, int *rexmit)
{
	struct inet_connection_sock *icsk = inet_csk(sk);
	struct tcp_sock *tp = tcp_sk(sk);
	bool do_lost = num_dupack || (*ack_flag & FLAG_DATA_SACKED);

	trace_here();
	if (!tp->packets_out && tp->sacked_out)
		tp->sacked_out = 0;
	/* A: ECE or reneging forbid going back. */
	if (*ack_flag & FLAG_ECE)
		tp->prior_ssthresh = 0;
	if (tcp_check_sack_reneging(sk, ack_flag))
		return;
	WARN_ON_ONCE(tcp_left_out(tp) > tp->packets_out);

	/* B: is the state left? */
	if (icsk->icsk_ca_state == TCP_CA_Open) {
		tp->retrans_stamp = 0;
	} else if (!before(tp->snd_una, tp->high_seq)) {
		if (tcp_recovery_completed(sk))
			return;
	}

	/* C: act in the state. */
	switch (icsk->icsk_ca_state) {
	case TCP_CA_Recovery:
		if (!(*ack_flag & FLAG_SND_UNA_ADVANCED)) {
			if (tcp_is_reno(tp))
				tcp_add_reno_sack(sk, num_dupack);
		} else if (tcp_try_undo_partial(sk, prior_snd_una, &do_lost)) {
			return;
		}
		if (tcp_try_undo_dsack(sk))
			tcp_try_keep_open(sk);
		tcp_identify_packet_loss(sk, ack_flag);
		if (icsk->icsk_ca_state != TCP_CA_Recovery) {
			if (!tcp_time_to_recover(sk))
				return;
			tcp_enter_recovery(sk, *ack_flag & FLAG_ECE);
		}
		break;
	case TCP_CA_Loss:
		tcp_process_loss(sk, *ack_flag, num_dupack, rexmit);
		if (icsk->icsk_ca_state != TCP_CA_Loss)
			tcp_update_rto_time(tp);
		tcp_identify_packet_loss(sk, ack_flag);
		if (!(icsk->icsk_ca_state == TCP_CA_Open ||
		      (*ack_flag & FLAG_LOST_RETRANS)))
			return;
		/* The timeout was taken back, or a retransmission was lost. */
		fallthrough;
	default:
		if (tcp_is_reno(tp)) {
			if (*ack_flag & FLAG_SND_UNA_ADVANCED)
				tp->sacked_out = 0;
			tcp_add_reno_sack(sk, num_dupack);
		}
		if (icsk->icsk_ca_state <= TCP_CA_Disorder)
			tcp_try_undo_dsack(sk);
		tcp_identify_packet_loss(sk, ack_flag);
		if (!tcp_time_to_recover(sk)) {
			tcp_try_to_open(sk, *ack_flag);
			return;
		}
		/* An MTU probe that is lost says only that it was too large. */
		if (icsk->icsk_ca_state < TCP_CA_CWR && icsk->icsk_mtup.probe_size &&
		    tp->snd_una == tp->mtu_probe_seq_start) {
			tcp_mtup_probe_failed(sk);
			tcp_snd_cwnd_set(tp, tcp_snd_cwnd(tp) + 1);
			tcp_simple_retransmit(sk);
			return;
		}
		tcp_enter_recovery(sk, *ack_flag & FLAG_ECE);
	}
	*rexmit = REXMIT_LOST;
}

/**
 * tcp_init_cwnd() - the first window (RFC 6928)
 * @tp: the connection
 * @dst: its route, whose metric may say otherwise; or NULL
 * Context: socket locked
 * Return: segments
 */
u32 tcp_init_cwnd(const struct tcp_sock *tp, const struct dst_entry *dst)
{
	u32 cwnd = dst ? dst_metric(dst, RTAX_INITCWND) : 0;

	return min(cwnd ? cwnd : TCP_INIT_CWND, tp->snd_cwnd_clamp);
}
