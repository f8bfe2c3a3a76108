// SPDX-License-Identifier: MIT
/*
 * TCP_INFO: what a connection knows of itself, in one struct.
 *
 * Linux: net/ipv4/tcp.c
 */
#include <linux/errno.h>
#include <linux/kernel.h>
#include <linux/string.h>
#include <linux/uaccess.h>
#include <net/tcp.h>

static u32 ns_to_ms(u64 ns)
{
	return (u32)(ns / NSEC_PER_MSEC);
}

/* What limited the connection, and for how long. */
static void tcp_get_info_chrono(const struct tcp_sock *tp, struct tcp_info *info)
{
	u64 stats[TCP_CHRONO_SNDBUF_LIMITED + 1], total = 0;
	int i;

	for (i = TCP_CHRONO_BUSY; i <= TCP_CHRONO_SNDBUF_LIMITED; i++) {
		stats[i] = tp->chrono_stat[i - 1];
		if (i == tp->chrono_type)
			stats[i] += ktime_get_ns() / NSEC_PER_USEC - tp->chrono_start;
		total += stats[i];
	}
	info->tcpi_busy_time = total;
	info->tcpi_rwnd_limited = stats[TCP_CHRONO_RWND_LIMITED];
	info->tcpi_sndbuf_limited = stats[TCP_CHRONO_SNDBUF_LIMITED];
}

/* What was agreed. */
static void tcp_get_info_options(const struct tcp_sock *tp, struct tcp_info *info)
{
	if (tp->rx_opt.tstamp_ok)
		info->tcpi_options |= TCPI_OPT_TIMESTAMPS;
	if (tcp_is_sack(tp))
		info->tcpi_options |= TCPI_OPT_SACK;
	if (tp->rx_opt.wscale_ok) {
		info->tcpi_options |= TCPI_OPT_WSCALE;
		info->tcpi_snd_wscale = tp->rx_opt.snd_wscale;
		info->tcpi_rcv_wscale = tp->rx_opt.rcv_wscale;
	}
	if (tp->ecn_flags & TCP_ECN_OK)
		info->tcpi_options |= TCPI_OPT_ECN;
	if (tp->ecn_flags & TCP_ECN_SEEN)
		info->tcpi_options |= TCPI_OPT_ECN_SEEN;
	if (tp->syn_data_acked)
		info->tcpi_options |= TCPI_OPT_SYN_DATA;
	if (tp->syn_fastopen_child)
		info->tcpi_options |= TCPI_OPT_TFO_CHILD;
	info->tcpi_fastopen_client_fail = tp->fastopen_client_fail;
}

/* Where it stands now. */
static void tcp_get_info_state(const struct sock *sk, struct tcp_info *info)
{
	const struct inet_connection_sock *icsk = inet_csk(sk);
	const struct tcp_sock *tp = tcp_sk(sk);
	u64 now = ktime_get_ns();

	info->tcpi_ca_state = icsk->icsk_ca_state;
	info->tcpi_retransmits = icsk->icsk_retransmits;
	info->tcpi_probes = icsk->icsk_probes_out;
	info->tcpi_backoff = icsk->icsk_backoff;
	info->tcpi_rto = (u32)(icsk->icsk_rto / NSEC_PER_USEC);
	info->tcpi_ato = (u32)(icsk->icsk_ack.ato / NSEC_PER_USEC);
	info->tcpi_snd_mss = tp->mss_cache;
	info->tcpi_rcv_mss = icsk->icsk_ack.rcv_mss;
	info->tcpi_unacked = tp->packets_out;
	info->tcpi_sacked = tp->sacked_out;
	info->tcpi_lost = tp->lost_out;
	info->tcpi_retrans = tp->retrans_out;
	info->tcpi_last_data_sent = ns_to_ms(now - tp->lsndtime);
	info->tcpi_last_data_recv = ns_to_ms(now - icsk->icsk_ack.lrcvtime);
	info->tcpi_last_ack_recv = ns_to_ms(now - tp->rcv_tstamp);
	info->tcpi_pmtu = icsk->icsk_pmtu_cookie;
	info->tcpi_rcv_ssthresh = tp->rcv_ssthresh;
	info->tcpi_rtt = tp->srtt_us >> 3;
	info->tcpi_rttvar = tp->mdev_us >> 2;
	info->tcpi_min_rtt = tcp_min_rtt(tp);
	info->tcpi_snd_ssthresh = tp->snd_ssthresh;
	info->tcpi_advmss = tp->advmss;
	info->tcpi_rcv_rtt = tp->rcv_rtt_est.rtt_us >> 3;
	info->tcpi_rcv_space = tp->rcvq_space.space;
	info->tcpi_notsent_bytes = (u32)max_t(int, 0, (int)(tp->write_seq - tp->snd_nxt));
	info->tcpi_snd_wnd = tp->snd_wnd;
	info->tcpi_rcv_wnd = tp->rcv_wnd;
}

/* What it did. */
static void tcp_get_info_counters(const struct tcp_sock *tp, struct tcp_info *info)
{
	info->tcpi_total_retrans = tp->total_retrans;
	info->tcpi_bytes_acked = tp->bytes_acked;
	info->tcpi_bytes_received = tp->bytes_received;
	info->tcpi_bytes_sent = tp->bytes_sent;
	info->tcpi_bytes_retrans = tp->bytes_retrans;
	info->tcpi_segs_out = tp->segs_out;
	info->tcpi_segs_in = tp->segs_in;
	info->tcpi_data_segs_in = tp->data_segs_in;
	info->tcpi_data_segs_out = tp->data_segs_out;
	info->tcpi_delivered = tp->delivered;
	info->tcpi_delivered_ce = tp->delivered_ce;
	info->tcpi_dsack_dups = tp->dsack_dups;
	info->tcpi_reord_seen = tp->reord_seen;
	info->tcpi_rcv_ooopack = tp->rcv_ooopack;
	info->tcpi_rehash = tp->timeout_rehash;
	info->tcpi_total_rto = tp->total_rto;
	info->tcpi_total_rto_recoveries = tp->total_rto_recoveries;
	info->tcpi_total_rto_time = tp->total_rto_time;
	/* One that is not over yet counts as far as it has come. */
	if (tp->rto_stamp)
		info->tcpi_total_rto_time += (u32)ns_to_ms(ktime_get_ns()) - tp->rto_stamp;
	info->tcpi_delivery_rate_app_limited = tp->rate_app_limited;
	if (tp->rate_delivered && tp->rate_interval_us)
		info->tcpi_delivery_rate = (u64)tp->rate_delivered * tp->mss_cache *
					   USEC_PER_SEC / tp->rate_interval_us;
}

/**
 * tcp_get_info() - TCP_INFO
 * @sk: any TCP socket, not locked
 * @info: filled in
 * Context: process, may sleep
 */
void tcp_get_info(struct sock *sk, struct tcp_info *info)
{
	const struct tcp_sock *tp = tcp_sk(sk);

	memset(info, 0, sizeof(*info));
	info->tcpi_state = sk->sk_state;
	info->tcpi_pacing_rate = sk->sk_pacing_rate;
	info->tcpi_max_pacing_rate = sk->sk_max_pacing_rate;
	info->tcpi_reordering = tp->reordering;
	info->tcpi_snd_cwnd = tcp_snd_cwnd(tp);
	if (sk->sk_state == TCP_LISTEN) {
		info->tcpi_unacked = sk->sk_ack_backlog;
		info->tcpi_sacked = sk->sk_max_ack_backlog;
		return;
	}
	lock_sock(sk);
	tcp_get_info_options(tp, info);
	tcp_get_info_state(sk, info);
	tcp_get_info_counters(tp, info);
	tcp_get_info_chrono(tp, info);
	release_sock(sk);
}

/**
 * tcp_get_info_option() - TCP_INFO, as much of it as there is room for
 * @sk: any TCP socket, not locked
 * @optval: the program's
 * @optlen: its bytes, in and out
 * Context: process, may sleep
 * Return: 0, -EINVAL, -EFAULT
 */
int tcp_get_info_option(struct sock *sk, char __user *optval, int __user *optlen)
{
	struct tcp_info info;
	int len;

	if (get_user(len, optlen))
		return -EFAULT;
	if (len < 0)
		return -EINVAL;
	tcp_get_info(sk, &info);
	len = (int)min_t(unsigned int, (unsigned int)len, sizeof(info));
	if (put_user(len, optlen) || copy_to_user(optval, &info, (unsigned long)len))
		return -EFAULT;
	return 0;
}
