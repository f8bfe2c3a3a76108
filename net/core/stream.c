// SPDX-License-Identifier: MIT
/*
 * Waiting of stream sockets: for the connection, for room to send, for the
 * end. All of them sleep without the socket's lock and hold it again when they
 * return.
 *
 * Linux: net/core/stream.c
 */
#include <linux/kernel.h>
#include <linux/random.h>
#include <linux/sched.h>
#include <linux/trace.h>
#include <net/sock.h>

/**
 * sk_stream_write_space - acknowledged: is there room for more?
 * @sk: locked
 *
 * Context: softirq or process.
 */
void sk_stream_write_space(struct sock *sk)
{
	struct socket *sock = sk->sk_socket;
	struct socket_wq *wq = READ_ONCE(sk->sk_wq);

	if (!sock || !__sk_stream_is_writeable(sk, 1))
		return;
	sock_clear_bit(SOCK_NOSPACE, &sock->flags);
	if (wq && waitqueue_active(&wq->wait))
		wake_up_interruptible_poll(&wq->wait, EPOLLOUT | EPOLLWRNORM | EPOLLWRBAND);
	if (!(sk->sk_shutdown & SEND_SHUTDOWN))
		sk_wake_async(sk, SOCK_WAKE_SPACE, 0);
}

/**
 * sk_stream_wait_connect - sleep until the connection stands
 * @sk: owned
 * @timeo_p: time left; what is left of it then
 *
 * Context: process, may sleep.
 * Return: 0; -EPIPE: it will not stand; -EAGAIN: time is over; -EINTR; the error.
 */
int sk_stream_wait_connect(struct sock *sk, s64 *timeo_p)
{
	DEFINE_WAIT_FUNC(wait, woken_wake_function);
	bool done;

	do {
		int err = sock_error(sk);

		if (err)
			return err;
		if ((1 << sk->sk_state) & ~(TCPF_SYN_SENT | TCPF_SYN_RECV))
			return -EPIPE;
		if (!*timeo_p)
			return -EAGAIN;
		if (signal_pending(current))
			return sock_intr_errno(*timeo_p);
		add_wait_queue(sk_sleep(sk), &wait);
		done = sk_wait_event(sk, timeo_p,
				     !READ_ONCE(sk->sk_err) &&
				     !((1 << READ_ONCE(sk->sk_state)) &
				       ~(TCPF_ESTABLISHED | TCPF_CLOSE_WAIT)), &wait);
		remove_wait_queue(sk_sleep(sk), &wait);
	} while (!done);
	return 0;
}

/* Our FIN is not acknowledged yet. */
static bool sk_stream_closing(const struct sock *sk)
{
	return (1 << READ_ONCE(sk->sk_state)) & (TCPF_FIN_WAIT1 | TCPF_CLOSING | TCPF_LAST_ACK);
}

/**
 * sk_stream_wait_close - sleep until everything sent is acknowledged
 * @sk: owned, closed by its program
 * @timeout: at most so long
 *
 * Context: process, may sleep.
 */
void sk_stream_wait_close(struct sock *sk, s64 timeout)
{
	DEFINE_WAIT_FUNC(wait, woken_wake_function);

	if (!timeout)
		return;
	add_wait_queue(sk_sleep(sk), &wait);
	do {
		if (sk_wait_event(sk, &timeout, !sk_stream_closing(sk), &wait))
			break;
	} while (!signal_pending(current) && timeout);
	remove_wait_queue(sk_sleep(sk), &wait);
}

/* One look of sk_stream_wait_memory(): 0: wait, 1: there is room, or -errno. */
static int sk_stream_check_memory(struct sock *sk, s64 timeo, bool pausing)
{
	if (sk->sk_err || sk->sk_shutdown & SEND_SHUTDOWN)
		return -EPIPE;
	if (!timeo) {
		/* poll() shall tell when there is room. */
		sock_set_bit(SOCK_NOSPACE, &sk->sk_socket->flags);
		return -EAGAIN;
	}
	if (signal_pending(current))
		return sock_intr_errno(timeo);
	return sk_stream_memory_free(sk) && !pausing;
}

/**
 * sk_stream_wait_memory - sleep until there is room to send
 * @sk: owned
 * @timeo_p: time left; what is left of it then
 *
 * When the buffer has room all the same, it was memory that was short: then it
 * sleeps for a moment first, each socket for a different one.
 *
 * Context: process, may sleep.
 * Return: 0; -EPIPE: error, or nothing more is to be sent; -EAGAIN: time is
 * over; -EINTR.
 */
int sk_stream_wait_memory(struct sock *sk, s64 *timeo_p)
{
	DEFINE_WAIT_FUNC(wait, woken_wake_function);
	s64 pause = 0, left;
	int ret;

	if (sk_stream_memory_free(sk))
		pause = (s64)((2 + get_random_u32_below(200)) * NSEC_PER_MSEC);
	add_wait_queue(sk_sleep(sk), &wait);
	while (!(ret = sk_stream_check_memory(sk, *timeo_p, pause != 0))) {
		sock_set_bit(SOCK_NOSPACE, &sk->sk_socket->flags);
		left = pause ? min(pause, *timeo_p) : *timeo_p;
		sk_wait_event(sk, &left,
			      READ_ONCE(sk->sk_err) ||
			      READ_ONCE(sk->sk_shutdown) & SEND_SHUTDOWN ||
			      (sk_stream_memory_free(sk) && !pause), &wait);
		if (!pause)
			*timeo_p = left;
		else if (*timeo_p != MAX_SCHEDULE_TIMEOUT)
			*timeo_p -= min(pause, *timeo_p) - left;
		pause = 0;
	}
	remove_wait_queue(sk_sleep(sk), &wait);
	return ret > 0 ? 0 : ret;
}

/**
 * sk_stream_error - what a failed send tells its program
 * @sk: the socket
 * @flags: MSG_*; without MSG_NOSIGNAL Linux sends SIGPIPE too, here nobody does
 * @err: -EPIPE gives way to the pending error
 *
 * Context: process.
 * Return: -errno.
 */
int sk_stream_error(struct sock *sk, int flags, int err)
{
	if (err == -EPIPE) {
		int pending = sock_error(sk);

		err = pending ? pending : -EPIPE;
	}
	return err;
}

/**
 * sk_stream_kill_queues - drop what nobody will read or send
 * @sk: owned, about to be destroyed
 *
 * Context: process or softirq.
 */
void sk_stream_kill_queues(struct sock *sk)
{
	__skb_queue_purge_reason(&sk->sk_receive_queue, SKB_DROP_REASON_SOCKET_CLOSE);
	skb_queue_purge_reason(&sk->sk_error_queue, SKB_DROP_REASON_SOCKET_CLOSE);
	/* The write queue was purged by the protocol. */
	WARN_ON(!skb_queue_empty(&sk->sk_write_queue));
	if (sk->sk_forward_alloc > 0)
		sk_mem_reclaim(sk);
	WARN_ON(sk->sk_wmem_queued);
}
