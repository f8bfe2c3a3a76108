// SPDX-License-Identifier: MIT
/*
 * Reading of datagram sockets: one packet a read, waiting, peeking, poll().
 *
 * Linux: net/core/datagram.c. Copying out of packets is in skb_user.c.
 */
#include <linux/kernel.h>
#include <linux/sched.h>
#include <linux/trace.h>
#include <net/busy_poll.h>
#include <net/sock.h>

static bool connection_based(const struct sock *sk)
{
	return sk->sk_type == SOCK_SEQPACKET || sk->sk_type == SOCK_STREAM;
}

/* A reader that polls the queue need not be woken by what is not readable. */
static int receiver_wake_function(struct wait_queue_entry *wait, unsigned int mode, int flags,
				  void *key)
{
	if (key && !((u32)(uintptr_t)key & (EPOLLIN | EPOLLERR)))
		return 0;
	return autoremove_wake_function(wait, mode, flags, key);
}

/* Sleeps until the queue's end is not @last any more. 0: look again; 1: *@err. */
static int __skb_wait_for_more_packets(struct sock *sk, struct sk_buff_head *queue, int *err,
				       s64 *timeo_p, const struct sk_buff *last)
{
	DEFINE_WAIT_FUNC(wait, receiver_wake_function);
	int error;

	prepare_to_wait_exclusive(sk_sleep(sk), &wait, TASK_INTERRUPTIBLE);
	error = sock_error(sk);
	if (error)
		goto out_err;
	if (READ_ONCE(queue->prev) != last)
		goto out;
	/* The other end will send nothing more. */
	if (sk->sk_shutdown & RCV_SHUTDOWN)
		goto out_noerr;
	error = -ENOTCONN;
	if (connection_based(sk) &&
	    !(sk->sk_state == TCP_ESTABLISHED || sk->sk_state == TCP_LISTEN))
		goto out_err;
	error = sock_intr_errno(*timeo_p);
	if (signal_pending(current))
		goto out_err;
	*timeo_p = schedule_timeout(*timeo_p);
	error = 0;
out:
	finish_wait(sk_sleep(sk), &wait);
	return error;
out_noerr:
	error = 0;
out_err:
	*err = error;
	error = 1;
	goto out;
}

/* Somebody else looks at it too: a packet of our own in its place, so that
 * "peeked" is ours. */
static struct sk_buff *skb_set_peeked(struct sk_buff *skb)
{
	struct sk_buff *nskb;

	if (skb->peeked)
		return skb;
	if (!skb_shared(skb)) {
		skb->peeked = 1;
		return skb;
	}
	nskb = skb_clone(skb, GFP_ATOMIC);
	if (!nskb)
		return NULL;
	skb->prev->next = nskb;
	skb->next->prev = nskb;
	nskb->prev = skb->prev;
	nskb->next = skb->next;
	consume_skb(skb);
	nskb->peeked = 1;
	return nskb;
}

/* Queue locked. Takes the first packet, or with MSG_PEEK a reference to the
 * packet that *@off bytes lie in; *@last: the queue's end. */
static struct sk_buff *__skb_try_recv_from_queue(struct sk_buff_head *queue,
						 unsigned int flags, int *off, int *err,
						 struct sk_buff **last)
{
	bool peek_at_off = flags & MSG_PEEK && *off >= 0;
	int skip = peek_at_off ? *off : 0;
	struct sk_buff *skb;

	*last = queue->prev;
	skb_queue_walk(queue, skb) {
		if (!(flags & MSG_PEEK)) {
			__skb_unlink(skb, queue);
			*off = 0;
			return skb;
		}
		if (peek_at_off && skip >= (int)skb->len && (skip || skb->peeked)) {
			skip -= (int)skb->len;
			continue;
		}
		if (!skb->len || !skb->peeked) {
			skb = skb_set_peeked(skb);
			if (!skb) {
				*err = -ENOMEM;
				return NULL;
			}
		}
		*off = skip;
		return skb_get(skb);
	}
	return NULL;
}

static struct sk_buff *__skb_try_recv_datagram(struct sock *sk, struct sk_buff_head *queue,
					       unsigned int flags, int *off, int *err,
					       struct sk_buff **last)
{
	struct sk_buff *skb;
	unsigned long irqflags;
	int error = sock_error(sk);

	if (error) {
		*err = error;
		return NULL;
	}
	spin_lock_irqsave(&queue->lock, irqflags);
	skb = __skb_try_recv_from_queue(queue, flags, off, &error, last);
	spin_unlock_irqrestore(&queue->lock, irqflags);
	*err = error ? error : -EAGAIN;
	return skb;
}

/**
 * __skb_recv_datagram - the next packet to read
 * @sk: the socket, not locked
 * @queue: its receive queue
 * @flags: MSG_PEEK, MSG_DONTWAIT
 * @off: with MSG_PEEK: bytes to skip in, where in the packet they end out;
 *	negative: the first packet
 * @err: why there is none: -EAGAIN, -EINTR, -ENOTCONN, a pending error; 0: the
 *	end
 *
 * Context: process, may sleep.
 * Return: a reference: the queue's own, or with MSG_PEEK another; NULL.
 */
struct sk_buff *__skb_recv_datagram(struct sock *sk, struct sk_buff_head *queue,
				    unsigned int flags, int *off, int *err)
{
	s64 timeo = sock_rcvtimeo(sk, flags & MSG_DONTWAIT);
	struct sk_buff *skb, *last = NULL;

	do {
		skb = __skb_try_recv_datagram(sk, queue, flags, off, err, &last);
		if (skb)
			return skb;
		if (*err != -EAGAIN)
			break;
		if (sk_can_busy_loop(sk)) {
			sk_busy_loop(sk, !timeo);
			if (READ_ONCE(queue->prev) != last)
				continue;
		}
		if (!timeo) {
			/* Nothing will come after a shutdown: the end. */
			if (sk->sk_shutdown & RCV_SHUTDOWN)
				*err = 0;
			break;
		}
	} while (!__skb_wait_for_more_packets(sk, queue, err, &timeo, last));
	return NULL;
}

/**
 * skb_recv_datagram - the next packet to read
 * @sk: the socket, not locked
 * @flags: MSG_PEEK, MSG_DONTWAIT
 * @err: why there is none
 *
 * Context: process, may sleep.
 * Return: a reference, for skb_free_datagram(); NULL.
 */
struct sk_buff *skb_recv_datagram(struct sock *sk, unsigned int flags, int *err)
{
	int off = -1;

	return __skb_recv_datagram(sk, &sk->sk_receive_queue, flags, &off, err);
}

/**
 * skb_free_datagram - a packet was read
 * @sk: the socket
 * @skb: consumed
 *
 * Context: process.
 */
void skb_free_datagram(struct sock *sk, struct sk_buff *skb)
{
	consume_skb(skb);
}

static bool sock_writeable(const struct sock *sk)
{
	return READ_ONCE(sk->sk_wmem_alloc) < READ_ONCE(sk->sk_sndbuf) >> 1;
}

/**
 * datagram_poll - what holds now of a datagram socket
 * @file: its file
 * @sock: the socket
 * @wait: to be told of changes; may be NULL
 *
 * Context: process.
 * Return: EPOLL* bits.
 */
u32 datagram_poll(struct file *file, struct socket *sock, poll_table *wait)
{
	struct sock *sk = sock->sk;
	u32 mask = 0;

	sock_poll_wait(file, sock, wait);
	if (READ_ONCE(sk->sk_err) || !skb_queue_empty_lockless(&sk->sk_error_queue))
		mask |= EPOLLERR;
	if (sk->sk_shutdown & RCV_SHUTDOWN)
		mask |= EPOLLRDHUP | EPOLLIN | EPOLLRDNORM;
	if (sk->sk_shutdown == SHUTDOWN_MASK)
		mask |= EPOLLHUP;
	if (!skb_queue_empty_lockless(&sk->sk_receive_queue))
		mask |= EPOLLIN | EPOLLRDNORM;
	if (sock_writeable(sk))
		mask |= EPOLLOUT | EPOLLWRNORM | EPOLLWRBAND;
	else
		sock_set_bit(SOCK_ASYNC_NOSPACE, &sock->flags);
	return mask;
}
