// SPDX-License-Identifier: MIT
/*
 * The end of a connection, in all its forms, and its states on the way.
 *
 * close() in short: data that nobody has read is lost, so a RST says so; with
 * SO_LINGER and time 0 a RST too; else a FIN, after which the socket lives on
 * without a program (an orphan) until both directions are done, or is cut short
 * by the limits of orphans and FIN_WAIT2.
 *
 * Linux: net/ipv4/tcp.c
 * RFC: 9293 3.6 (closing), 3.10.4, 3.10.5; 2525 2.17 (unread data)
 */
#include <linux/errno.h>
#include <linux/kernel.h>
#include <linux/trace.h>
#include <net/tcp.h>

/* ---- states ------------------------------------------------------------------------- */

static bool tcp_counts_as_established(int state)
{
	return state == TCP_ESTABLISHED || state == TCP_CLOSE_WAIT;
}

/**
 * tcp_set_state() - change the state of a connection
 * @sk: in CLOSE it leaves the tables, and gives back a port it was not bound to
 * @state: TCP_*
 * Context: socket locked
 */
void tcp_set_state(struct sock *sk, int state)
{
	int oldstate = sk->sk_state;

	trace_here();
	/* RFC 4022 tcpCurrEstab: ESTABLISHED or CLOSE-WAIT */
	if (tcp_counts_as_established(state) && !tcp_counts_as_established(oldstate))
		TCP_INC_STATS(sock_net(sk), TCP_MIB_CURRESTAB);
	else if (!tcp_counts_as_established(state) && tcp_counts_as_established(oldstate))
		TCP_DEC_STATS(sock_net(sk), TCP_MIB_CURRESTAB);
	if (state == TCP_CLOSE) {
		if (tcp_counts_as_established(oldstate))
			TCP_INC_STATS(sock_net(sk), TCP_MIB_ESTABRESETS);
		sk->sk_prot->unhash(sk);
		if (inet_csk(sk)->icsk_bind_hash && !(sk->sk_userlocks & SOCK_BINDPORT_LOCK))
			inet_put_port(sk);
	}
	/* Last: who finds it in the tables finds no closed socket. */
	inet_sk_set_state(sk, state);
}

/* What our own FIN does: the next state, and whether one is to be sent. */
static const u8 new_state[16] = {
	[TCP_ESTABLISHED] = TCP_FIN_WAIT1 | TCP_ACTION_FIN,
	[TCP_SYN_SENT] = TCP_CLOSE,
	[TCP_SYN_RECV] = TCP_FIN_WAIT1 | TCP_ACTION_FIN,
	[TCP_FIN_WAIT1] = TCP_FIN_WAIT1,
	[TCP_FIN_WAIT2] = TCP_FIN_WAIT2,
	[TCP_TIME_WAIT] = TCP_CLOSE,
	[TCP_CLOSE] = TCP_CLOSE,
	[TCP_CLOSE_WAIT] = TCP_LAST_ACK | TCP_ACTION_FIN,
	[TCP_LAST_ACK] = TCP_LAST_ACK,
	[TCP_LISTEN] = TCP_CLOSE,
	[TCP_CLOSING] = TCP_CLOSING,
	[TCP_NEW_SYN_RECV] = TCP_CLOSE,
};

/* RFC 9293 3.10.4. True: send a FIN. */
static bool tcp_close_state(struct sock *sk)
{
	int next = new_state[sk->sk_state];

	tcp_set_state(sk, next & TCP_STATE_MASK);
	return next & TCP_ACTION_FIN;
}

/**
 * tcp_done() - the connection is over
 * @sk: goes to CLOSE; an orphan is destroyed, but for the caller's reference
 * Context: socket locked
 */
void tcp_done(struct sock *sk)
{
	trace_here();
	if (sk->sk_state == TCP_SYN_SENT || sk->sk_state == TCP_SYN_RECV)
		TCP_INC_STATS(sock_net(sk), TCP_MIB_ATTEMPTFAILS);
	tcp_set_state(sk, TCP_CLOSE);
	tcp_clear_xmit_timers(sk);
	if (tcp_sk(sk)->fastopen_rsk)
		reqsk_fastopen_remove(sk, tcp_sk(sk)->fastopen_rsk, false);
	sk->sk_shutdown = SHUTDOWN_MASK;
	if (!sock_flag(sk, SOCK_DEAD))
		sk->sk_state_change(sk);
	else
		inet_csk_destroy_sock(sk);
}

/* ---- memory ------------------------------------------------------------------------- */

/**
 * tcp_enter_memory_pressure() - proto.enter_memory_pressure
 * @sk: who found it out
 * Context: process or softirq
 */
void tcp_enter_memory_pressure(struct sock *sk)
{
	struct tcp_mem_state *mem = &sock_net(sk)->ipv4.tcp_memory;

	if (!mem->pressure) {
		mem->pressure = true;
		mem->pressure_since_ns = ktime_get_ns();
		NET_INC_STATS(sock_net(sk), LINUX_MIB_TCPMEMORYPRESSURES);
	}
}

/**
 * tcp_leave_memory_pressure() - proto.leave_memory_pressure
 * @sk: who found it out
 * Context: process or softirq
 */
void tcp_leave_memory_pressure(struct sock *sk)
{
	struct tcp_mem_state *mem = &sock_net(sk)->ipv4.tcp_memory;

	if (mem->pressure) {
		mem->pressure = false;
		NET_ADD_STATS(sock_net(sk), LINUX_MIB_TCPMEMORYPRESSURESCHRONO,
			      (ktime_get_ns() - mem->pressure_since_ns) / NSEC_PER_MSEC);
	}
}

static bool tcp_too_many_orphans(const struct sock *sk, int shift)
{
	const struct netns_ipv4 *ipv4 = &sock_net(sk)->ipv4;

	return ipv4->tcp_orphan_count << shift > ipv4->sysctl_tcp_max_orphans;
}

static bool tcp_out_of_memory(const struct sock *sk)
{
	return sk->sk_wmem_queued > SOCK_MIN_SNDBUF &&
	       sk_memory_allocated(sk) > sk_prot_mem_limits(sk, 2);
}

/**
 * tcp_check_oom() - can an orphan be afforded?
 * @sk: the orphan
 * @shift: counts as 2^shift of them, when it does not behave
 * Context: socket locked
 * Return: it cannot
 */
bool tcp_check_oom(struct sock *sk, int shift)
{
	bool too_many = tcp_too_many_orphans(sk, shift);
	bool no_memory = tcp_out_of_memory(sk);

	if (too_many)
		pr_info_ratelimited("TCP: too many orphaned sockets\n");
	if (no_memory)
		pr_info_ratelimited("TCP: out of memory -- consider tuning tcp_mem\n");
	return too_many || no_memory;
}

/* A segment that was not acknowledged, and will not be. */
static void tcp_wmem_drop_skb(struct sock *sk, struct sk_buff *skb)
{
	sk->sk_wmem_queued -= (int)skb->truesize;
	sk_mem_uncharge(sk, (int)skb->truesize);
	kfree_skb_reason(skb, SKB_DROP_REASON_TCP_ABORT);
}

/**
 * tcp_write_queue_purge() - nothing more of it will be sent
 * @sk: what was not acknowledged is dropped
 * Context: socket locked
 */
void tcp_write_queue_purge(struct sock *sk)
{
	struct tcp_sock *tp = tcp_sk(sk);
	struct rb_node *p = rb_first(&sk->tcp_rtx_queue);
	struct sk_buff *skb;

	tcp_mstamp_refresh(tp);
	tcp_chrono_stop(sk, TCP_CHRONO_BUSY);
	while ((skb = __skb_dequeue(&sk->sk_write_queue)) != NULL)
		tcp_wmem_drop_skb(sk, skb);
	while (p) {
		skb = rb_to_skb(p);
		p = rb_next(p);
		/* The other list it is on is made empty as a whole. */
		rb_erase(&skb->rbnode, &sk->tcp_rtx_queue);
		tcp_wmem_drop_skb(sk, skb);
	}
	INIT_LIST_HEAD(&tp->tsorted_sent_queue);
	tcp_clear_all_retrans_hints(tp);
	tp->highest_sack = NULL;
	tp->packets_out = 0;
	inet_csk(sk)->icsk_backoff = 0;
}

/* ---- closing ------------------------------------------------------------------------ */

/**
 * tcp_shutdown() - proto.shutdown: nothing more to send, if @how says so
 * @sk: the connection
 * @how: RCV_SHUTDOWN, SEND_SHUTDOWN; sk_shutdown is set already
 * Context: process, socket locked
 */
void tcp_shutdown(struct sock *sk, int how)
{
	trace_here();
	if (!(how & SEND_SHUTDOWN))
		return;
	/* If there is nothing more to say, it was said. */
	if ((1 << sk->sk_state) & (TCPF_ESTABLISHED | TCPF_SYN_SENT | TCPF_CLOSE_WAIT)) {
		if (tcp_close_state(sk))
			tcp_send_fin(sk);
	}
}

/* Bytes that nobody has read. */
static u32 tcp_purge_receive_queue(struct sock *sk)
{
	struct sk_buff *skb;
	u32 unread = 0, len;

	while ((skb = __skb_dequeue(&sk->sk_receive_queue)) != NULL) {
		len = tcp_skb_seglen(skb);
		if (TCP_SKB_CB(skb)->tcp_flags & TCPHDR_FIN)
			len--;
		unread += len;
		kfree_skb_reason(skb, SKB_DROP_REASON_SOCKET_CLOSE);
	}
	return unread;
}

/* A FIN, a RST, or nothing. */
static void tcp_close_send(struct sock *sk)
{
	struct net *net = sock_net(sk);

	if (tcp_purge_receive_queue(sk) && sk->sk_state != TCP_CLOSE) {
		/* RFC 2525 2.17: data was lost, the peer must not think it was read */
		NET_INC_STATS(net, LINUX_MIB_TCPABORTONCLOSE);
		tcp_set_state(sk, TCP_CLOSE);
		tcp_send_active_reset(sk, GFP_KERNEL);
	} else if (sk->sk_state == TCP_CLOSE) {
		return;			/* reset before */
	} else if (sock_flag(sk, SOCK_LINGER) && !sk->sk_lingertime_ns) {
		sk->sk_prot->disconnect(sk, 0);
		NET_INC_STATS(net, LINUX_MIB_TCPABORTONDATA);
	} else if (tcp_close_state(sk)) {
		tcp_send_fin(sk);
	}
}

/* An orphan in FIN_WAIT2 waits for the peer to close too, but not for ever.
 * True: a timewait sock does it. */
static bool tcp_orphan_fin_wait2(struct sock *sk)
{
	struct tcp_sock *tp = tcp_sk(sk);
	s64 tmo;

	if (sk->sk_state != TCP_FIN_WAIT2)
		return false;
	if (tp->linger2 < 0) {
		tcp_set_state(sk, TCP_CLOSE);
		tcp_send_active_reset(sk, GFP_ATOMIC);
		NET_INC_STATS(sock_net(sk), LINUX_MIB_TCPABORTONLINGER);
		return false;
	}
	tcp_fin_time(sk, &tmo);
	if (tmo > (s64)TCP_TIMEWAIT_LEN) {
		inet_csk_reset_keepalive_timer(sk, (u64)tmo - TCP_TIMEWAIT_LEN);
		return false;
	}
	tcp_time_wait(sk, TCP_FIN_WAIT2, tmo);
	return true;
}

/* The program is gone. Softirqs off, bh-locked. */
static void tcp_adjudge_to_death(struct sock *sk, int state)
{
	sock_net(sk)->ipv4.tcp_orphan_count++;
	/* A segment may have ended it before. */
	if (state != TCP_CLOSE && sk->sk_state == TCP_CLOSE)
		return;
	if (tcp_orphan_fin_wait2(sk))
		return;
	if (sk->sk_state != TCP_CLOSE && tcp_check_oom(sk, 0)) {
		tcp_set_state(sk, TCP_CLOSE);
		tcp_send_active_reset(sk, GFP_ATOMIC);
		NET_INC_STATS(sock_net(sk), LINUX_MIB_TCPABORTONMEMORY);
	}
	if (sk->sk_state == TCP_CLOSE) {
		if (tcp_sk(sk)->fastopen_rsk)
			reqsk_fastopen_remove(sk, tcp_sk(sk)->fastopen_rsk, false);
		inet_csk_destroy_sock(sk);
	}
	/* Else it lives on until the protocol is done. */
}

/**
 * __tcp_close() - the program lets go of its socket
 * @sk: becomes an orphan; another reference is the caller's after it
 * @timeout_ns: how long to wait until all is sent (SO_LINGER)
 * Context: process, socket locked; sleeps if @timeout_ns is not 0
 */
void __tcp_close(struct sock *sk, s64 timeout_ns)
{
	int state;

	sk->sk_shutdown = SHUTDOWN_MASK;
	if (sk->sk_state == TCP_LISTEN) {
		tcp_set_state(sk, TCP_CLOSE);
		inet_csk_listen_stop(sk);
	} else {
		tcp_close_send(sk);
		sk_stream_wait_close(sk, timeout_ns);
	}
	state = sk->sk_state;
	sock_hold(sk);
	sock_orphan(sk);
	local_bh_disable();
	/* What came while we were the owner may change everything. */
	__sk_flush_backlog(sk);
	bh_lock_sock(sk);
	tcp_adjudge_to_death(sk, state);
	bh_unlock_sock(sk);
	local_bh_enable();
}

/**
 * tcp_close() - proto.close: the program's last call
 * @sk: its reference goes
 * @timeout_ns: how long to wait until all is sent (SO_LINGER)
 * Context: process, may sleep
 */
void tcp_close(struct sock *sk, s64 timeout_ns)
{
	trace_here();
	lock_sock(sk);
	__tcp_close(sk, timeout_ns);
	release_sock(sk);
	sock_put(sk);
}

/* ---- aborting ----------------------------------------------------------------------- */

/* RFC 9293 3.10.5: in these states the peer has to be told. */
static bool tcp_need_reset(int state)
{
	return (1 << state) & (TCPF_ESTABLISHED | TCPF_CLOSE_WAIT | TCPF_FIN_WAIT1 |
			       TCPF_FIN_WAIT2 | TCPF_SYN_RECV);
}

/* Tells the peer, and sets the error that poll() and SO_ERROR report. */
static void tcp_disconnect_send(struct sock *sk, int old_state)
{
	const struct tcp_sock *tp = tcp_sk(sk);

	if (old_state == TCP_LISTEN) {
		inet_csk_listen_stop(sk);
	} else if (tcp_need_reset(old_state) ||
		   (tp->snd_nxt != tp->write_seq &&
		    (1 << old_state) & (TCPF_CLOSING | TCPF_LAST_ACK))) {
		/* The last ACK might be lost with the RST: then theirs finds a
		 * closed port. */
		tcp_send_active_reset(sk, GFP_ATOMIC);
		sk->sk_err = ECONNRESET;
	} else if (old_state == TCP_SYN_SENT) {
		sk->sk_err = ECONNRESET;
	}
}

static void tcp_disconnect_icsk(struct inet_connection_sock *icsk)
{
	icsk->icsk_backoff = 0;
	icsk->icsk_probes_out = 0;
	icsk->icsk_probes_tstamp = 0;
	icsk->icsk_retransmits = 0;
	icsk->icsk_rto = TCP_TIMEOUT_INIT;
	icsk->icsk_delack_max = TCP_DELACK_MAX;
	icsk->icsk_ca_initialized = 0;
	icsk->icsk_mtup.probe_size = 0;
	memset(icsk->icsk_ca_priv, 0, sizeof(icsk->icsk_ca_priv));
}

/* What the old connection knew of the peer and the way there. */
static void tcp_disconnect_path(struct tcp_sock *tp)
{
	tp->srtt_us = 0;
	tp->mdev_us = (u32)(TCP_TIMEOUT_INIT / NSEC_PER_USEC);
	tp->mdev_max_us = 0;
	tp->rttvar_us = 0;
	tp->rtt_seq = 0;
	minmax_reset(&tp->rtt_min, ktime_get_ns(), ~0U);
	tp->snd_ssthresh = TCP_INFINITE_SSTHRESH;
	tcp_snd_cwnd_set(tp, TCP_INIT_CWND);
	tp->snd_cwnd_cnt = 0;
	tp->snd_cwnd_used = 0;
	tp->is_cwnd_limited = 0;
	tp->max_packets_out = 0;
	tp->prior_cwnd = 0;
	tp->window_clamp = 0;
	tp->max_window = 0;
	tp->rcv_rtt_est.rtt_us = 0;
	tp->rcv_rtt_est.seq = 0;
	tp->rcv_rtt_est.time = 0;
	tp->rcv_rtt_last_tsecr = 0;
	tp->rcvq_space.space = 0;
	tp->rcvq_space.time = 0;
	tp->reordering = (u32)sock_net((const struct sock *)tp)->ipv4.sysctl_tcp_reordering;
	memset(&tp->rack, 0, sizeof(tp->rack));
	tp->rack.reo_wnd_steps = 1;
}

/* What it counted. */
static void tcp_disconnect_counters(struct tcp_sock *tp)
{
	tp->delivered = 0;
	tp->delivered_ce = 0;
	tp->lost = 0;
	tp->app_limited = ~0U;
	tp->rate_app_limited = 1;
	tp->rate_delivered = 0;
	tp->rate_interval_us = 0;
	tp->first_tx_mstamp = 0;
	tp->delivered_mstamp = 0;
	tp->total_retrans = 0;
	tp->bytes_acked = 0;
	tp->bytes_received = 0;
	tp->bytes_sent = 0;
	tp->bytes_retrans = 0;
	tp->data_segs_in = 0;
	tp->data_segs_out = 0;
	tp->segs_in = 0;
	tp->timeout_rehash = 0;
	tp->segs_out = 0;
	tp->dsack_dups = 0;
	tp->reord_seen = 0;
	tp->rcv_ooopack = 0;
	memset(tp->chrono_stat, 0, sizeof(tp->chrono_stat));
	tp->chrono_start = 0;
	tp->chrono_type = TCP_CHRONO_UNSPEC;
}

/* Where it stood. */
static void tcp_disconnect_state(struct sock *sk)
{
	struct tcp_sock *tp = tcp_sk(sk);
	u32 seq = tp->write_seq + tp->max_window + 2;

	/* The next one begins beyond; 0 would ask for a new number. */
	tp->write_seq = seq ? seq : 1;
	tcp_set_ca_state(sk, TCP_CA_Open);
	tcp_clear_retrans(tp);
	tp->sacked_out = 0;
	tp->retrans_out = 0;
	tp->tlp_high_seq = 0;
	tp->is_sack_reneg = 0;
	tp->last_oow_ack_time = 0;
	tp->ecn_flags = 0;
	tp->tcp_header_len = 0;
	tp->urg_data = 0;
	tp->copied_seq = tp->rcv_nxt;
	inet_csk_delack_init(sk);
	/* As icsk_ack.rcv_mss 0 would be divided by. */
	inet_csk(sk)->icsk_ack.rcv_mss = TCP_MIN_MSS;
	tp->duplicate_sack[0] = (struct tcp_sack_block){ 0, 0 };
	memset(tp->selective_acks, 0, sizeof(tp->selective_acks));
	memset(tp->recv_sack_cache, 0, sizeof(tp->recv_sack_cache));
	tcp_free_fastopen_req(tp);
	tcp_saved_syn_free(tp);
	inet_sk(sk)->defer_connect = 0;
	tp->fastopen_client_fail = 0;
	tp->syn_data = 0;
	tp->syn_data_acked = 0;
	tp->syn_fastopen = 0;
	tp->syn_fastopen_exp = 0;
	tp->syn_fastopen_ch = 0;
	tp->syn_fastopen_child = 0;
	tcp_clear_options(&tp->rx_opt);
	tp->rx_opt.saw_tstamp = 0;
	tp->rx_opt.dsack = 0;
	tp->rx_opt.num_sacks = 0;
}

/**
 * tcp_disconnect() - proto.disconnect: as new, at once
 * @sk: any state; can connect or listen again after it
 * @flags: not looked at
 * Context: process or softirq, socket locked
 * Return: 0
 */
int tcp_disconnect(struct sock *sk, int flags)
{
	struct inet_sock *inet = inet_sk(sk);
	int old_state = sk->sk_state;

	trace_here();
	if (old_state != TCP_CLOSE)
		tcp_set_state(sk, TCP_CLOSE);
	tcp_disconnect_send(sk, old_state);
	if (tcp_sk(sk)->fastopen_rsk)
		reqsk_fastopen_remove(sk, tcp_sk(sk)->fastopen_rsk, false);

	tcp_clear_xmit_timers(sk);
	__skb_queue_purge_reason(&sk->sk_receive_queue, SKB_DROP_REASON_SOCKET_CLOSE);
	tcp_write_queue_purge(sk);
	tcp_rbtree_purge_ofo(sk, SKB_DROP_REASON_SOCKET_CLOSE);

	inet->inet_dport = 0;
	if (!(sk->sk_userlocks & SOCK_BINDADDR_LOCK)) {
		inet->inet_rcv_saddr = 0;
		inet->inet_saddr = 0;
	}
	sk->sk_shutdown = 0;
	sock_reset_flag(sk, SOCK_DONE);
	if (inet_csk(sk)->icsk_ca_initialized && inet_csk(sk)->icsk_ca_ops->release)
		inet_csk(sk)->icsk_ca_ops->release(sk);
	tcp_disconnect_state(sk);
	tcp_disconnect_path(tcp_sk(sk));
	tcp_disconnect_counters(tcp_sk(sk));
	tcp_disconnect_icsk(inet_csk(sk));

	__sk_dst_reset(sk);
	dst_release(sk->sk_rx_dst);
	sk->sk_rx_dst = NULL;
	sk->sk_error_report(sk);
	return 0;
}

/**
 * tcp_abort() - proto.diag_destroy: end a connection from outside
 * @sk: not locked
 * @err: what its program is told, positive
 * Context: process, may sleep
 * Return: 0
 */
int tcp_abort(struct sock *sk, int err)
{
	if (!sk_fullsock(sk)) {
		local_bh_disable();
		if (sk->sk_state == TCP_NEW_SYN_RECV)
			inet_csk_reqsk_queue_drop(inet_reqsk(sk)->rsk_listener, inet_reqsk(sk));
		local_bh_enable();
		return 0;
	}
	lock_sock(sk);
	if (sk->sk_state == TCP_LISTEN) {
		tcp_set_state(sk, TCP_CLOSE);
		inet_csk_listen_stop(sk);
	}
	local_bh_disable();
	bh_lock_sock(sk);
	if (!sock_flag(sk, SOCK_DEAD)) {
		sk->sk_err = err;
		sk->sk_error_report(sk);
		if (tcp_need_reset(sk->sk_state))
			tcp_send_active_reset(sk, GFP_ATOMIC);
		tcp_done(sk);
	}
	bh_unlock_sock(sk);
	local_bh_enable();
	tcp_write_queue_purge(sk);
	release_sock(sk);
	return 0;
}
