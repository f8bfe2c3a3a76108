// SPDX-License-Identifier: MIT
/*
 * The window we offer. Its right edge never moves to the left, and it opens in
 * steps that are worth a segment.
 *
 * Linux: net/ipv4/tcp_output.c
 * RFC: 9293 3.8.6.2.2 (receiver SWS avoidance), 7323 2 (scaling)
 */
#include <net/tcp.h>
#include "tcp_output.h"

/**
 * tcp_select_initial_window() - window and scale of a SYN or SYN-ACK
 * @sk: socket or listener
 * @__space: bytes of buffer for payload
 * @mss: bytes
 * @rcv_wnd: set to the window to offer, bytes
 * @__window_clamp: most ever to offer; in: 0 for no limit of the user's
 * @wscale_ok: scaling may be used
 * @rcv_wscale: set to the shift
 * @init_rcv_wnd: route's RTAX_INITRWND, segments; 0: none
 * Context: any
 */
void tcp_select_initial_window(const struct sock *sk, int __space, u32 mss, u32 *rcv_wnd,
			       u32 *__window_clamp, int wscale_ok, u8 *rcv_wscale,
			       u32 init_rcv_wnd)
{
	const struct netns_ipv4 *ipv4 = &sock_net(sk)->ipv4;
	u32 space = __space < 0 ? 0 : (u32)__space;
	u32 window_clamp = *__window_clamp;

	/* Without a clamp: the largest window scaling can express. */
	if (window_clamp == 0)
		window_clamp = 65535U << TCP_MAX_WSCALE;
	space = min(window_clamp, space);
	if (space > mss)
		space = space / mss * mss;

	/* Some peers take windows for signed: at most 32767 unscaled for them. */
	if (ipv4->sysctl_tcp_workaround_signed_windows)
		*rcv_wnd = min(space, MAX_TCP_WINDOW);
	else
		*rcv_wnd = space;
	if (init_rcv_wnd)
		*rcv_wnd = min(*rcv_wnd, init_rcv_wnd * mss);

	*rcv_wscale = 0;
	if (wscale_ok) {
		/* For what the buffer may ever become. */
		space = max_t(u32, space, (u32)ipv4->sysctl_tcp_rmem[2]);
		space = max_t(u32, space, (u32)sock_net(sk)->core.sysctl_rmem_max);
		space = min(space, window_clamp);
		*rcv_wscale = (u8)clamp_t(int, space ? (int)ilog2(space) - 15 : 0, 0,
					  (int)TCP_MAX_WSCALE);
	}
	/* The SYN itself is not scaled (RFC 7323 2.2). */
	*__window_clamp = min_t(u32, 65535U << *rcv_wscale, window_clamp);
}

/* tcp_shrink_window, RFC 7323 2.4 (retracting): what memory allows, even if that is less
 * than was offered. */
static bool tcp_may_shrink_window(const struct sock *sk)
{
	return sock_net(sk)->ipv4.sysctl_tcp_shrink_window && tcp_sk(sk)->rx_opt.rcv_wscale;
}

static u32 tcp_select_shrinkable(struct sock *sk, int free_space, int allowed_space,
				 int full_space, int mss)
{
	struct tcp_sock *tp = tcp_sk(sk);
	const u32 scale = 1U << tp->rx_opt.rcv_wscale;

	free_space = (int)((u32)max(free_space, 0) & ~(scale - 1));
	if (free_space < (full_space >> 1)) {
		inet_csk(sk)->icsk_ack.quick = 0;
		if (sk_under_memory_pressure(sk))
			tp->rcv_ssthresh = min(tp->rcv_ssthresh, 4U * tp->advmss);
		if (free_space < (allowed_space >> 4) || free_space < mss ||
		    free_space < (int)scale)
			return 0;
	}
	/* rcv_ssthresh is a soft limit: round it up. */
	if (free_space > (int)tp->rcv_ssthresh)
		return ALIGN(tp->rcv_ssthresh, scale);
	return (u32)free_space;
}

/**
 * __tcp_select_window() - what could be offered now
 * @sk: the connection
 *
 * RFC 9293 3.8.6.2.2 (MUST-39): nothing less than min(half the buffer, MSS), so
 * the sender is not tempted into small segments.
 *
 * Context: socket locked
 * Return: bytes, a multiple of the scale
 */
u32 __tcp_select_window(struct sock *sk)
{
	struct inet_connection_sock *icsk = inet_csk(sk);
	struct tcp_sock *tp = tcp_sk(sk);
	/* The peer's segment size decides, not ours. */
	int mss = (int)icsk->icsk_ack.rcv_mss;
	int free_space = tcp_space(sk);
	int allowed_space = tcp_full_space(sk);
	int full_space = min_t(int, (int)tp->window_clamp, allowed_space);
	int window;

	if (unlikely(mss > full_space)) {
		mss = full_space;
		if (mss <= 0)
			return 0;
	}
	if (tcp_may_shrink_window(sk))
		return tcp_select_shrinkable(sk, free_space, allowed_space, full_space, mss);
	if (free_space < (full_space >> 1)) {
		icsk->icsk_ack.quick = 0;
		if (sk_under_memory_pressure(sk))
			tp->rcv_ssthresh = min(tp->rcv_ssthresh, 4U * tp->advmss);
		/* Round down: do not offer what the scale cannot say. */
		free_space = (int)((u32)max(free_space, 0) >> tp->rx_opt.rcv_wscale
				   << tp->rx_opt.rcv_wscale);
		/* Less than a sixteenth of the buffer or a segment: zero, before
		 * the buffer is overrun by overhead. */
		if (free_space < (allowed_space >> 4) || free_space < mss)
			return 0;
	}
	if (free_space > (int)tp->rcv_ssthresh) {
		free_space = (int)tp->rcv_ssthresh;
		/* Linux: a closed window that may open by less than a segment only, since
		 * its bound was small for a moment, stays closed for ever: what raises
		 * rcv_ssthresh is data. */
		mss = clamp(free_space, 1, mss);
	}

	if (tp->rx_opt.rcv_wscale) {
		window = free_space;
		/* Round up, so that the scale does not close it. */
		window = (int)ALIGN((u32)window, 1U << tp->rx_opt.rcv_wscale);
	} else {
		window = (int)tp->rcv_wnd;
		/* Keep it as it is unless it can grow by a segment. */
		if (window <= free_space - mss || window > free_space)
			window = free_space / mss * mss;
		else if (mss == full_space && free_space > window + (full_space >> 1))
			window = free_space;
	}
	return (u32)window;
}

/**
 * tcp_select_window() - window field of the segment about to leave
 * @sk: the connection
 * Context: socket locked
 * Return: the field's value, scaled
 */
u16 tcp_select_window(struct sock *sk)
{
	struct tcp_sock *tp = tcp_sk(sk);
	struct net *net = sock_net(sk);
	u32 old_win = tp->rcv_wnd, cur_win, new_win;

	/* The receiver had no memory for a segment: say so, once. */
	if (unlikely(inet_csk(sk)->icsk_ack.pending & ICSK_ACK_NOMEM)) {
		tp->pred_flags = 0;
		tp->rcv_wnd = 0;
		tp->rcv_wup = tp->rcv_nxt;
		return 0;
	}
	cur_win = tcp_receive_window(tp);
	new_win = __tcp_select_window(sk);
	if (new_win < cur_win && !tcp_may_shrink_window(sk)) {
		/* RFC 9293 3.8.6 (SHLD-14): what was offered stays offered */
		if (new_win == 0)
			NET_INC_STATS(net, LINUX_MIB_TCPWANTZEROWINDOWADV);
		new_win = ALIGN(cur_win, 1U << tp->rx_opt.rcv_wscale);
	}
	tp->rcv_wnd = new_win;
	tp->rcv_wup = tp->rcv_nxt;
	tcp_update_max_rcv_wnd_seq(tp);

	if (!tp->rx_opt.rcv_wscale && net->ipv4.sysctl_tcp_workaround_signed_windows)
		new_win = min(new_win, MAX_TCP_WINDOW);
	else
		new_win = min(new_win, 65535U << tp->rx_opt.rcv_wscale);
	new_win >>= tp->rx_opt.rcv_wscale;

	if (new_win == 0) {
		tp->pred_flags = 0;
		if (old_win)
			NET_INC_STATS(net, LINUX_MIB_TCPTOZEROWINDOWADV);
	} else if (old_win == 0) {
		NET_INC_STATS(net, LINUX_MIB_TCPFROMZEROWINDOWADV);
	}
	return (u16)new_win;
}
