// SPDX-License-Identifier: MIT
/*
 * Text views of sockets: /proc/net/ss (what ss shows) and /proc/net/tcp.
 *
 * Linux: net/ipv4/inet_diag.c, net/ipv4/tcp_ipv4.c (tcp4_seq_show)
 */
#include <linux/init.h>
#include <linux/interrupt.h>
#include <linux/kernel.h>
#include <linux/proc.h>
#include <net/inet_hashtables.h>
#include <net/inet_sock.h>
#include <net/tcp.h>

static const char *const tcp_state_names[TCP_MAX_STATES] = {
	[0] = "?", [TCP_ESTABLISHED] = "ESTAB", [TCP_SYN_SENT] = "SYN-SENT",
	[TCP_SYN_RECV] = "SYN-RECV", [TCP_FIN_WAIT1] = "FIN-WAIT-1",
	[TCP_FIN_WAIT2] = "FIN-WAIT-2", [TCP_TIME_WAIT] = "TIME-WAIT",
	[TCP_CLOSE] = "UNCONN", [TCP_CLOSE_WAIT] = "CLOSE-WAIT",
	[TCP_LAST_ACK] = "LAST-ACK", [TCP_LISTEN] = "LISTEN",
	[TCP_CLOSING] = "CLOSING", [TCP_NEW_SYN_RECV] = "SYN-RECV",
};

/* ---- ss ------------------------------------------------------------------------------ */

static const char *netid(const struct sock *sk)
{
	switch (sk->sk_protocol) {
	case IPPROTO_TCP:
		return "tcp";
	case IPPROTO_UDP:
		return "udp";
	case IPPROTO_ICMP:
		return "icmp";
	default:
		return "???";
	}
}

static void ss_line(struct proc_text *t, const char *id, int state, u32 rx, u32 tx,
		    const struct sock_common *skc)
{
	char local[32], peer[32];

	scnprintf(local, sizeof(local), "%pI4:%u", &skc->skc_rcv_saddr, skc->skc_num);
	if (skc->skc_dport)
		scnprintf(peer, sizeof(peer), "%pI4:%u", &skc->skc_daddr,
			  ntohs(skc->skc_dport));
	else
		scnprintf(peer, sizeof(peer), "%pI4:*", &skc->skc_daddr);
	proc_printf(t, "%-5s %-10s %8u %8u  %21s %21s\n", id, tcp_state_names[state], rx, tx,
		    local, peer);
}

/* Bytes to be read and bytes not acknowledged; of a listener, connections that
 * wait and how many may. */
static void sk_queues(const struct sock *sk, u32 *rx, u32 *tx)
{
	const struct tcp_sock *tp;

	if (sk->sk_protocol != IPPROTO_TCP) {
		*rx = (u32)READ_ONCE(sk->sk_rmem_alloc);
		*tx = (u32)READ_ONCE(sk->sk_wmem_alloc) - 1;
		return;
	}
	if (sk->sk_state == TCP_LISTEN) {
		*rx = READ_ONCE(sk->sk_ack_backlog);
		*tx = READ_ONCE(sk->sk_max_ack_backlog);
		return;
	}
	tp = tcp_sk(sk);
	*rx = (u32)max_t(int, (int)(READ_ONCE(tp->rcv_nxt) - READ_ONCE(tp->copied_seq)), 0);
	*tx = READ_ONCE(tp->write_seq) - READ_ONCE(tp->snd_una);
}

/* Request and TIME_WAIT socks: the others are on the list of full ones. */
static void ss_mini(const struct sock_common *skc, int state, void *ctx)
{
	if (state == TCP_NEW_SYN_RECV || state == TCP_TIME_WAIT)
		ss_line(ctx, "tcp", state, 0, 0, skc);
}

static size_t ss_show(struct net *net, char *buf, size_t size)
{
	struct proc_text t = { .buf = buf, .size = size };
	const struct sock *sk;
	u32 rx, tx;

	proc_printf(&t, "%-5s %-10s %8s %8s  %21s %21s\n", "Netid", "State", "Recv-Q", "Send-Q",
		    "Local", "Peer");
	local_bh_disable();
	list_for_each_entry(sk, &net->core.sock_list, sk_net_node) {
		sk_queues(sk, &rx, &tx);
		ss_line(&t, netid(sk), sk->sk_state, rx, tx, &sk->__sk_common);
	}
	inet_for_each_endpoint(net, ss_mini, &t);
	local_bh_enable();
	return t.len;
}

/* ---- /proc/net/tcp ----------------------------------------------------------------------- */

struct tcp_seq {
	struct proc_text t;
	unsigned int line;
};

static void tcp_seq_line(struct tcp_seq *seq, const struct sock_common *skc, int state,
			 u32 rx, u32 tx)
{
	proc_printf(&seq->t, "%4u: %08X:%04X %08X:%04X %02X %08X:%08X\n", seq->line++,
		    (__force u32)skc->skc_rcv_saddr, skc->skc_num, (__force u32)skc->skc_daddr,
		    ntohs(skc->skc_dport), (unsigned int)state, tx, rx);
}

static void tcp_seq_mini(const struct sock_common *skc, int state, void *ctx)
{
	if (state == TCP_NEW_SYN_RECV || state == TCP_TIME_WAIT)
		tcp_seq_line(ctx, skc, state == TCP_NEW_SYN_RECV ? TCP_SYN_RECV : state, 0, 0);
}

static size_t tcp_seq_show(struct net *net, char *buf, size_t size)
{
	struct tcp_seq seq = { .t = { .buf = buf, .size = size } };
	const struct sock *sk;
	u32 rx, tx;

	proc_printf(&seq.t, "  sl  local_address rem_address   st tx_queue rx_queue\n");
	local_bh_disable();
	list_for_each_entry(sk, &net->core.sock_list, sk_net_node) {
		if (sk->sk_protocol != IPPROTO_TCP || sk->sk_state == TCP_CLOSE)
			continue;
		sk_queues(sk, &rx, &tx);
		tcp_seq_line(&seq, &sk->__sk_common, sk->sk_state, rx, tx);
	}
	inet_for_each_endpoint(net, tcp_seq_mini, &seq);
	local_bh_enable();
	return seq.t.len;
}

static int __init inet_diag_init(void)
{
	proc_register("net/ss", ss_show);
	proc_register("net/tcp", tcp_seq_show);
	return 0;
}
device_initcall(inet_diag_init);
