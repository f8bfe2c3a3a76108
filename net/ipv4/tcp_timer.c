// SPDX-License-Identifier: MIT
/*
 * The timers of a connection: one for retransmission, loss probe, reordering and
 * window probe (icsk_pending says which), one for the delayed ACK, one for
 * keepalive (and orphans in FIN-WAIT-2). When the socket is owned by a system
 * call, the work is left to release_sock() (tcp_release_cb).
 *
 * Linux: net/ipv4/tcp_timer.c
 * RFC: 6298 5 (RTO), 1122 4.2.3.5 (R1, R2), 4.2.3.6 (keepalive), 5482
 */
#include <linux/errno.h>
#include <linux/trace.h>
#include <net/tcp.h>

/* How far the user timeout (TCP_USER_TIMEOUT) lets a wait of @timeout go. */
static u64 tcp_clamp_rto_to_user_timeout(const struct sock *sk)
{
	const struct inet_connection_sock *icsk = inet_csk(sk);
	const struct tcp_sock *tp = tcp_sk(sk);
	u64 user_timeout = icsk->icsk_user_timeout_ms * NSEC_PER_MSEC;
	u64 elapsed;

	if (!user_timeout)
		return icsk->icsk_rto;
	elapsed = ktime_get_ns() - usecs_to_ns(tp->retrans_stamp);
	/* Due, or almost: in a millisecond (Linux: a jiffy), since what ends the
	 * connection may look at a coarser clock. */
	if (elapsed + NSEC_PER_MSEC >= user_timeout)
		return NSEC_PER_MSEC;
	return min(icsk->icsk_rto, user_timeout - elapsed);
}

/**
 * tcp_write_err() - given up: tell the program
 * @sk: the connection; closed
 * Context: softirq, socket locked
 */
void tcp_write_err(struct sock *sk)
{
	sk->sk_err = sk->sk_err_soft ? sk->sk_err_soft : ETIMEDOUT;
	sk->sk_error_report(sk);
	tcp_write_queue_purge(sk);
	tcp_done(sk);
	NET_INC_STATS(sock_net(sk), LINUX_MIB_TCPABORTONTIMEOUT);
}

/* An orphan under pressure is not worth much. true: it was killed. */
static bool tcp_out_of_resources(struct sock *sk, bool do_reset)
{
	struct tcp_sock *tp = tcp_sk(sk);
	int shift = 0;

	/* The peer has not opened its window for long, or a soft error came. */
	if (ktime_get_ns() - tp->lsndtime > 2 * tcp_rto_max(sk) || !do_reset)
		shift++;
	if (sk->sk_err_soft)
		shift++;
	if (!tcp_check_oom(sk, shift))
		return false;
	if (ktime_get_ns() - tp->lsndtime <= TCP_TIMEWAIT_LEN ||
	    (!tp->snd_wnd && !tp->packets_out))
		do_reset = true;
	if (do_reset)
		tcp_send_active_reset(sk, GFP_ATOMIC);
	tcp_done(sk);
	NET_INC_STATS(sock_net(sk), LINUX_MIB_TCPABORTONMEMORY);
	return true;
}

static int tcp_orphan_retries(struct sock *sk, bool alive)
{
	int retries = sock_net(sk)->ipv4.sysctl_tcp_orphan_retries;

	if (sk->sk_err_soft && !alive)
		retries = 0;
	/* 0 stands for 8: about 100 seconds at the least RTO. */
	if (retries == 0 && alive)
		retries = 8;
	return retries;
}

/* What @boundary exponential back-offs from @rto_base take, nanoseconds. */
static u64 tcp_model_timeout(const struct sock *sk, unsigned int boundary, u64 rto_base)
{
	unsigned int linear_backoff_thresh = ilog2(tcp_rto_max(sk) / rto_base);

	if (boundary <= linear_backoff_thresh)
		return ((2ULL << boundary) - 1) * rto_base;
	return ((2ULL << linear_backoff_thresh) - 1) * rto_base +
	       (boundary - linear_backoff_thresh) * tcp_rto_max(sk);
}

/* Have retransmissions gone on as long as @boundary of them take, or @timeout? */
static bool retransmits_timed_out(struct sock *sk, unsigned int boundary, u64 timeout)
{
	const struct tcp_sock *tp = tcp_sk(sk);
	u64 start = tp->retrans_stamp;

	if (!inet_csk(sk)->icsk_retransmits)
		return false;
	if (!start) {
		struct sk_buff *head = tcp_rtx_queue_head(sk);

		if (!head)
			return false;
		start = tcp_skb_timestamp_us(head);
	}
	if (!timeout) {
		u64 rto_base = TCP_RTO_MIN;

		if ((1 << sk->sk_state) & (TCPF_SYN_SENT | TCPF_SYN_RECV))
			rto_base = TCP_TIMEOUT_INIT;
		timeout = tcp_model_timeout(sk, boundary, rto_base);
	}
	return (s64)(tp->tcp_clock_cache - usecs_to_ns(start) - timeout) >= 0;
}

static void tcp_mtu_probing(struct inet_connection_sock *icsk, struct sock *sk)
{
	const struct netns_ipv4 *ipv4 = &sock_net(sk)->ipv4;
	int mss;

	/* RFC 4821 7.7: a black hole? Search below. */
	if (!ipv4->sysctl_tcp_mtu_probing)
		return;
	if (!icsk->icsk_mtup.enabled) {
		icsk->icsk_mtup.enabled = true;
		icsk->icsk_mtup.probe_timestamp = ktime_get_ns();
	} else {
		mss = tcp_mtu_to_mss(sk, (int)icsk->icsk_mtup.search_low) >> 1;
		mss = min(ipv4->sysctl_tcp_base_mss, mss);
		mss = max(mss, ipv4->sysctl_tcp_mtu_probe_floor);
		mss = max(mss, ipv4->sysctl_tcp_min_snd_mss);
		icsk->icsk_mtup.search_low = (u32)tcp_mss_to_mtu(sk, mss);
	}
	tcp_sync_mss(sk, icsk->icsk_pmtu_cookie);
}

/* RFC 1122 4.2.3.5: R1 (tell IP), R2 (give up). true: it was given up. */
static bool tcp_write_timeout(struct sock *sk)
{
	struct inet_connection_sock *icsk = inet_csk(sk);
	const struct netns_ipv4 *ipv4 = &sock_net(sk)->ipv4;
	u64 user_timeout = icsk->icsk_user_timeout_ms * NSEC_PER_MSEC;
	unsigned int retry_until, linear = 0;
	bool expired = false;

	if ((1 << sk->sk_state) & (TCPF_SYN_SENT | TCPF_SYN_RECV)) {
		retry_until = icsk->icsk_syn_retries ? icsk->icsk_syn_retries :
						       (unsigned int)ipv4->sysctl_tcp_syn_retries;
		/* The first ones go without back-off, and do not count. */
		if (sk->sk_state == TCP_SYN_SENT)
			linear = (unsigned int)ipv4->sysctl_tcp_syn_linear_timeouts;
		expired = icsk->icsk_retransmits >= retry_until + linear;
	} else {
		if (retransmits_timed_out(sk, (unsigned int)ipv4->sysctl_tcp_retries1, 0)) {
			tcp_mtu_probing(icsk, sk);
			/* The route may be bad: look it up again. */
			sk_dst_reset(sk);
		}
		retry_until = (unsigned int)ipv4->sysctl_tcp_retries2;
		if (sock_flag(sk, SOCK_DEAD)) {
			const bool alive = icsk->icsk_rto < tcp_rto_max(sk);

			retry_until = (unsigned int)tcp_orphan_retries(sk, alive);
			if (tcp_out_of_resources(sk, alive ||
						 !retransmits_timed_out(sk, retry_until, 0)))
				return true;
		}
	}
	if (!expired)
		expired = retransmits_timed_out(sk, retry_until, user_timeout);
	tcp_fastopen_active_detect_blackhole(sk, expired);
	if (expired) {
		tcp_write_err(sk);
		return true;
	}
	/* Linux: the flow gets another hash, and takes another of several paths. There
	 * is one here; those who watch for a bad path look at the counter. */
	tcp_sk(sk)->timeout_rehash++;
	NET_INC_STATS(sock_net(sk), LINUX_MIB_TCPTIMEOUTREHASH);
	return false;
}

/* Which counter tells of this timeout? */
static int tcp_timeout_mib(const struct sock *sk)
{
	const struct inet_connection_sock *icsk = inet_csk(sk);
	const struct tcp_sock *tp = tcp_sk(sk);

	if (icsk->icsk_retransmits)
		return LINUX_MIB_TCPTIMEOUTS;
	switch (icsk->icsk_ca_state) {
	case TCP_CA_Recovery:
		return tcp_is_sack(tp) ? LINUX_MIB_TCPSACKRECOVERYFAIL :
					 LINUX_MIB_TCPRENORECOVERYFAIL;
	case TCP_CA_Loss:
		return LINUX_MIB_TCPLOSSFAILURES;
	case TCP_CA_Disorder:
		return tcp_is_sack(tp) ? LINUX_MIB_TCPSACKFAILURES : LINUX_MIB_TCPRENOFAILURES;
	default:
		return LINUX_MIB_TCPTIMEOUTS;
	}
}

/* The peer shrank its window to nothing with data in flight: keep trying while
 * it answers. true: it is dead. */
static bool tcp_rtx_probe0_timed_out(const struct sock *sk)
{
	const struct tcp_sock *tp = tcp_sk(sk);

	return ktime_get_ns() - tp->rcv_tstamp > 2 * tcp_rto_max(sk);
}

/**
 * tcp_update_rto_stats() - count a timeout
 * @sk: the connection
 * Context: softirq, socket locked
 */
void tcp_update_rto_stats(struct sock *sk)
{
	struct inet_connection_sock *icsk = inet_csk(sk);
	struct tcp_sock *tp = tcp_sk(sk);

	if (!icsk->icsk_retransmits) {
		tp->total_rto_recoveries++;
		tp->rto_stamp = tcp_time_stamp(tp);
	}
	icsk->icsk_retransmits++;
	tp->total_rto++;
}

/**
 * tcp_retransmit_timer() - the RTO is over
 * @sk: the connection
 *
 * RFC 6298 5.4 to 5.7.
 *
 * Context: softirq, socket locked
 */
void tcp_retransmit_timer(struct sock *sk)
{
	struct tcp_sock *tp = tcp_sk(sk);
	struct inet_connection_sock *icsk = inet_csk(sk);
	const struct netns_ipv4 *ipv4 = &sock_net(sk)->ipv4;
	struct sk_buff *skb;

	trace_here();
	if (tp->fastopen_rsk) {
		tcp_fastopen_synack_timer(sk, tp->fastopen_rsk);
		return;
	}
	if (!tp->packets_out)
		return;
	skb = tcp_rtx_queue_head(sk);
	if (WARN_ON_ONCE(!skb))
		return;
	if (!tp->snd_wnd && !sock_flag(sk, SOCK_DEAD) &&
	    !((1 << sk->sk_state) & (TCPF_SYN_SENT | TCPF_SYN_RECV))) {
		if (tcp_rtx_probe0_timed_out(sk)) {
			tcp_write_err(sk);
			return;
		}
		tcp_enter_loss(sk);
		tcp_retransmit_skb(sk, skb, 1);
		__sk_dst_reset(sk);
		goto out_reset_timer;
	}

	NET_INC_STATS(sock_net(sk), LINUX_MIB_TCPTIMEOUTS);
	if (tcp_write_timeout(sk))
		return;
	if (!icsk->icsk_retransmits) {
		int mib = tcp_timeout_mib(sk);

		if (mib != LINUX_MIB_TCPTIMEOUTS)
			NET_INC_STATS(sock_net(sk), mib);
	}
	tcp_enter_loss(sk);
	tcp_update_rto_stats(sk);
	if (tcp_retransmit_skb(sk, tcp_rtx_queue_head(sk), 1) > 0) {
		/* It did not leave this host: try again soon, without back-off. */
		inet_csk_reset_xmit_timer(sk, ICSK_TIME_RETRANS, TCP_RESOURCE_PROBE_INTERVAL,
					  tcp_rto_max(sk));
		return;
	}

out_reset_timer:
	/* Thin streams: linear for a while. */
	if (sk->sk_state == TCP_ESTABLISHED &&
	    (tp->thin_lto || ipv4->sysctl_tcp_thin_linear_timeouts) &&
	    tp->packets_out < 4 && !tcp_in_initial_slowstart(tp) &&
	    icsk->icsk_retransmits <= 6) {
		icsk->icsk_backoff = 0;
		icsk->icsk_rto = clamp_t(u64, __tcp_set_rto(tp), tcp_rto_min(sk), tcp_rto_max(sk));
	} else if (sk->sk_state != TCP_SYN_SENT ||
		   icsk->icsk_retransmits > ipv4->sysctl_tcp_syn_linear_timeouts) {
		/* RFC 6298 5.5: back off */
		icsk->icsk_backoff++;
		icsk->icsk_rto = min(icsk->icsk_rto << 1, tcp_rto_max(sk));
	}
	inet_csk_reset_xmit_timer(sk, ICSK_TIME_RETRANS, tcp_clamp_rto_to_user_timeout(sk),
				  tcp_rto_max(sk));
	if (retransmits_timed_out(sk, (unsigned int)ipv4->sysctl_tcp_retries1 + 1, 0))
		__sk_dst_reset(sk);
}

/* ---- window probes ----------------------------------------------------------------- */

/**
 * tcp_probe0_base() - interval of the first probe: the RTO, not below its minimum
 * @sk: the connection
 * Context: socket locked
 * Return: nanoseconds
 */
u64 tcp_probe0_base(const struct sock *sk)
{
	return max_t(u64, inet_csk(sk)->icsk_rto, TCP_RTO_MIN);
}

/**
 * tcp_probe0_when() - interval to the next probe, backed off
 * @sk: the connection
 * @max_when_ns: at most
 * Context: socket locked
 * Return: nanoseconds
 */
u64 tcp_probe0_when(const struct sock *sk, u64 max_when_ns)
{
	u8 backoff = min_t(u8, (u8)(ilog2(tcp_rto_max(sk) / TCP_RTO_MIN) + 1),
			   inet_csk(sk)->icsk_backoff);

	return min(tcp_probe0_base(sk) << backoff, max_when_ns);
}

static void tcp_probe_timer(struct sock *sk)
{
	struct inet_connection_sock *icsk = inet_csk(sk);
	struct sk_buff *skb = tcp_send_head(sk);
	struct tcp_sock *tp = tcp_sk(sk);
	int max_probes;

	if (tcp_send_owed_fin(sk))
		return;
	if (tp->packets_out || !skb) {
		icsk->icsk_probes_out = 0;
		icsk->icsk_probes_tstamp = 0;
		return;
	}
	/* RFC 1122 4.2.2.17: for ever while the peer answers; RFC 5482: unless
	 * the user has set a limit */
	if (!icsk->icsk_probes_tstamp)
		icsk->icsk_probes_tstamp = ktime_get_ns();
	else if (icsk->icsk_user_timeout_ms &&
		 ktime_get_ns() - icsk->icsk_probes_tstamp >=
			 icsk->icsk_user_timeout_ms * NSEC_PER_MSEC)
		goto abort;

	max_probes = sock_net(sk)->ipv4.sysctl_tcp_retries2;
	if (sock_flag(sk, SOCK_DEAD)) {
		const bool alive = tcp_probe0_when(sk, tcp_rto_max(sk)) < tcp_rto_max(sk);

		max_probes = tcp_orphan_retries(sk, alive);
		if (!alive && icsk->icsk_backoff >= max_probes)
			goto abort;
		if (tcp_out_of_resources(sk, true))
			return;
	}
	if (icsk->icsk_probes_out >= max_probes) {
abort:
		tcp_write_err(sk);
	} else {
		tcp_send_probe0(sk);
	}
}

/* ---- the handlers --------------------------------------------------------------------- */

/**
 * tcp_write_timer_handler() - what icsk_pending says is due
 * @sk: the connection
 * Context: softirq or release_sock(), socket locked
 */
void tcp_write_timer_handler(struct sock *sk)
{
	struct inet_connection_sock *icsk = inet_csk(sk);
	int event;

	if (((1 << sk->sk_state) & (TCPF_CLOSE | TCPF_LISTEN)) || !icsk->icsk_pending)
		return;
	if (icsk->icsk_timeout > ktime_get_ns()) {
		/* It was moved back without re-arming. */
		sk_reset_timer(sk, &icsk->icsk_retransmit_timer, icsk->icsk_timeout);
		return;
	}
	tcp_mstamp_refresh(tcp_sk(sk));
	event = icsk->icsk_pending;
	switch (event) {
	case ICSK_TIME_REO_TIMEOUT:
		tcp_rack_reo_timeout(sk);
		break;
	case ICSK_TIME_LOSS_PROBE:
		tcp_send_loss_probe(sk);
		break;
	case ICSK_TIME_RETRANS:
		icsk->icsk_pending = 0;
		tcp_retransmit_timer(sk);
		break;
	case ICSK_TIME_PROBE0:
		icsk->icsk_pending = 0;
		tcp_probe_timer(sk);
		break;
	default:
		WARN_ON_ONCE(1);
	}
}

static void tcp_write_timer(struct timer_list *t)
{
	struct inet_connection_sock *icsk = from_timer(icsk, t, icsk_retransmit_timer);
	struct sock *sk = &icsk->icsk_inet.sk;

	bh_lock_sock(sk);
	if (!sock_owned_by_user(sk)) {
		tcp_write_timer_handler(sk);
	} else if (!(tcp_sk(sk)->tsq_flags & BIT(TCP_WRITE_TIMER_DEFERRED))) {
		tcp_sk(sk)->tsq_flags |= BIT(TCP_WRITE_TIMER_DEFERRED);
		sock_hold(sk);
	}
	bh_unlock_sock(sk);
	sock_put(sk);
}

/**
 * tcp_delack_timer_handler() - the ACK has waited long enough
 * @sk: the connection
 * Context: softirq or release_sock(), socket locked
 */
void tcp_delack_timer_handler(struct sock *sk)
{
	struct inet_connection_sock *icsk = inet_csk(sk);
	struct tcp_sock *tp = tcp_sk(sk);

	if ((1 << sk->sk_state) & (TCPF_CLOSE | TCPF_LISTEN))
		return;
	if (tp->compressed_ack) {
		tcp_mstamp_refresh(tp);
		tcp_sack_compress_send_ack(sk);
		return;
	}
	if (!(icsk->icsk_ack.pending & ICSK_ACK_TIMER))
		return;
	if (icsk->icsk_ack.timeout > ktime_get_ns()) {
		sk_reset_timer(sk, &icsk->icsk_delack_timer, icsk->icsk_ack.timeout);
		return;
	}
	icsk->icsk_ack.pending &= (u8)~ICSK_ACK_TIMER;
	if (inet_csk_ack_scheduled(sk)) {
		if (!inet_csk_in_pingpong_mode(sk)) {
			/* The guess was too short: wait longer next time. */
			icsk->icsk_ack.ato = min(icsk->icsk_ack.ato << 1, icsk->icsk_rto);
		} else {
			/* Not so interactive after all. */
			inet_csk_exit_pingpong_mode(sk);
			icsk->icsk_ack.ato = TCP_ATO_MIN;
		}
		tcp_mstamp_refresh(tp);
		tcp_send_ack(sk);
		NET_INC_STATS(sock_net(sk), LINUX_MIB_DELAYEDACKS);
	}
}

static void tcp_delack_timer(struct timer_list *t)
{
	struct inet_connection_sock *icsk = from_timer(icsk, t, icsk_delack_timer);
	struct sock *sk = &icsk->icsk_inet.sk;

	bh_lock_sock(sk);
	if (!sock_owned_by_user(sk)) {
		tcp_delack_timer_handler(sk);
	} else {
		NET_INC_STATS(sock_net(sk), LINUX_MIB_DELAYEDACKLOCKED);
		if (!(tcp_sk(sk)->tsq_flags & BIT(TCP_DELACK_TIMER_DEFERRED))) {
			tcp_sk(sk)->tsq_flags |= BIT(TCP_DELACK_TIMER_DEFERRED);
			sock_hold(sk);
		}
	}
	bh_unlock_sock(sk);
	sock_put(sk);
}

static void tcp_tsq_write(struct sock *sk)
{
	if ((1 << sk->sk_state) & (TCPF_ESTABLISHED | TCPF_FIN_WAIT1 | TCPF_CLOSING |
				   TCPF_CLOSE_WAIT | TCPF_LAST_ACK)) {
		struct tcp_sock *tp = tcp_sk(sk);

		if (tp->lost_out > tp->retrans_out &&
		    tcp_snd_cwnd(tp) > tcp_packets_in_flight(tp)) {
			tcp_mstamp_refresh(tp);
			tcp_xmit_retransmit_queue(sk);
		}
		tcp_write_xmit(sk, tcp_current_mss(sk), tp->nonagle, 0, GFP_ATOMIC);
	}
}

/**
 * tcp_pacing_timer() - the next segment's departure time, or room below us
 * @t: tcp_sock.pacing_timer; whoever armed it holds the socket for it
 * Context: softirq
 */
void tcp_pacing_timer(struct timer_list *t)
{
	struct tcp_sock *tp = from_timer(tp, t, pacing_timer);
	struct sock *sk = &tp->inet_conn.icsk_inet.sk;

	bh_lock_sock(sk);
	if (!sock_owned_by_user(sk)) {
		tcp_tsq_write(sk);
	} else if (!(tp->tsq_flags & BIT(TCP_PACING_DEFERRED))) {
		tp->tsq_flags |= BIT(TCP_PACING_DEFERRED);
		sock_hold(sk);
	}
	bh_unlock_sock(sk);
	sock_put(sk);
}

/**
 * tcp_release_cb() - release_sock(): do what timers and ICMP left for later
 * @sk: the connection
 * Context: process, socket still locked, softirqs off
 */
void tcp_release_cb(struct sock *sk)
{
	struct tcp_sock *tp = tcp_sk(sk);
	unsigned long flags = tp->tsq_flags;

	if (likely(!(flags & (BIT(TCP_WRITE_TIMER_DEFERRED) | BIT(TCP_DELACK_TIMER_DEFERRED) |
			      BIT(TCP_MTU_REDUCED_DEFERRED) | BIT(TCP_PACING_DEFERRED) |
			      BIT(TCP_ACK_DEFERRED)))))
		return;
	tp->tsq_flags &= BIT(TCP_TSQ_THROTTLED);
	if (flags & BIT(TCP_PACING_DEFERRED)) {
		tcp_tsq_write(sk);
		sock_put(sk);
	}
	if (flags & BIT(TCP_WRITE_TIMER_DEFERRED)) {
		tcp_write_timer_handler(sk);
		sock_put(sk);
	}
	if (flags & BIT(TCP_DELACK_TIMER_DEFERRED)) {
		tcp_delack_timer_handler(sk);
		sock_put(sk);
	}
	if (flags & BIT(TCP_MTU_REDUCED_DEFERRED)) {
		inet_csk(sk)->icsk_af_ops->mtu_reduced(sk);
		sock_put(sk);
	}
	if (flags & BIT(TCP_ACK_DEFERRED) && inet_csk_ack_scheduled(sk))
		tcp_send_ack(sk);
}

/**
 * tcp_syn_ack_timeout() - count a SYN-ACK that was not answered
 * @req: the half-open connection
 * Context: softirq
 */
void tcp_syn_ack_timeout(const struct request_sock *req)
{
	NET_INC_STATS(sock_net(req->rsk_listener), LINUX_MIB_TCPTIMEOUTS);
}

/* ---- keepalive ----------------------------------------------------------------------------- */

/**
 * tcp_set_keepalive() - SO_KEEPALIVE was switched
 * @sk: the connection
 * @val: on or off
 * Context: socket locked
 */
void tcp_set_keepalive(struct sock *sk, int val)
{
	if ((1 << sk->sk_state) & (TCPF_CLOSE | TCPF_LISTEN))
		return;
	if (val && !sock_flag(sk, SOCK_KEEPOPEN))
		inet_csk_reset_keepalive_timer(sk, keepalive_time_when(tcp_sk(sk)));
	else if (!val)
		inet_csk_delete_keepalive_timer(sk);
}

/* An orphan in FIN-WAIT-2: the peer's time to send its FIN is over. */
static void tcp_fin_wait2_timeout(struct sock *sk)
{
	struct tcp_sock *tp = tcp_sk(sk);

	if (tp->linger2 >= 0) {
		s64 fin_time, tmo;

		tcp_fin_time(sk, &fin_time);
		tmo = fin_time - (s64)TCP_TIMEWAIT_LEN;
		if (tmo > 0) {
			tcp_time_wait(sk, TCP_FIN_WAIT2, tmo);
			return;
		}
	}
	tcp_send_active_reset(sk, GFP_ATOMIC);
	tcp_done(sk);
}

/* Nothing heard for @elapsed: probe, or give up? Returns when to look again, or
 * 0 when it was given up. */
static u64 tcp_keepalive_step(struct sock *sk, u64 elapsed)
{
	struct inet_connection_sock *icsk = inet_csk(sk);
	struct tcp_sock *tp = tcp_sk(sk);
	u64 user_timeout = icsk->icsk_user_timeout_ms * NSEC_PER_MSEC;

	/* RFC 5482 3: the user timeout overrides the number of probes */
	if ((user_timeout && elapsed >= user_timeout && icsk->icsk_probes_out > 0) ||
	    (!user_timeout && icsk->icsk_probes_out >= keepalive_probes(tp))) {
		tcp_send_active_reset(sk, GFP_ATOMIC);
		tcp_write_err(sk);
		return 0;
	}
	if (tcp_write_wakeup(sk, LINUX_MIB_TCPKEEPALIVE) <= 0) {
		icsk->icsk_probes_out++;
		return keepalive_intvl_when(tp);
	}
	return TCP_RESOURCE_PROBE_INTERVAL;
}

static void tcp_keepalive_timer(struct timer_list *t)
{
	struct sock *sk = from_timer(sk, t, sk_timer);
	struct tcp_sock *tp = tcp_sk(sk);
	u64 elapsed, when;

	bh_lock_sock(sk);
	if (sock_owned_by_user(sk)) {
		inet_csk_reset_keepalive_timer(sk, NSEC_PER_SEC / 20);
		goto out;
	}
	if (sk->sk_state == TCP_LISTEN)
		goto out;
	tcp_mstamp_refresh(tp);
	if (sk->sk_state == TCP_FIN_WAIT2 && sock_flag(sk, SOCK_DEAD)) {
		tcp_fin_wait2_timeout(sk);
		goto out;
	}
	if (!sock_flag(sk, SOCK_KEEPOPEN) || ((1 << sk->sk_state) & (TCPF_CLOSE | TCPF_SYN_SENT)))
		goto out;

	when = keepalive_time_when(tp);
	/* Data in flight or waiting: its own timers find out. */
	if (!tp->packets_out && tcp_write_queue_empty(sk)) {
		elapsed = keepalive_time_elapsed(tp);
		if (elapsed >= when) {
			when = tcp_keepalive_step(sk, elapsed);
			if (!when)
				goto out;
		} else {
			when -= elapsed;
		}
	}
	inet_csk_reset_keepalive_timer(sk, when);
out:
	bh_unlock_sock(sk);
	sock_put(sk);
}

/**
 * tcp_init_xmit_timers() - set up a new socket's timers
 * @sk: the socket
 * Context: any
 */
void tcp_init_xmit_timers(struct sock *sk)
{
	inet_csk_init_xmit_timers(sk, &tcp_write_timer, &tcp_delack_timer, &tcp_keepalive_timer);
	timer_setup(&tcp_sk(sk)->pacing_timer, tcp_pacing_timer, 0);
	timer_setup(&tcp_sk(sk)->compressed_ack_timer, tcp_compressed_ack_kick, 0);
}

/**
 * tcp_clear_xmit_timers() - stop them all
 * @sk: the socket
 * Context: socket locked
 */
void tcp_clear_xmit_timers(struct sock *sk)
{
	if (del_timer(&tcp_sk(sk)->pacing_timer))
		sock_put(sk);
	sk_stop_timer(sk, &tcp_sk(sk)->compressed_ack_timer);
	inet_csk_clear_xmit_timers(sk);
}
