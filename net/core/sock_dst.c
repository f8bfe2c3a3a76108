// SPDX-License-Identifier: MIT
/*
 * A socket's route and its timers.
 *
 * sk_dst_cache holds a reference to the route of what was sent last. It is
 * written by the socket's owner and, when ICMP reports something, in softirqs
 * that found no owner.
 *
 * Linux: net/core/sock.c
 */
#include <linux/interrupt.h>
#include <net/sock.h>

/**
 * __sk_dst_get - the cached route
 * @sk: the socket
 *
 * Context: process or softirq.
 * Return: borrowed, or NULL.
 */
struct dst_entry *__sk_dst_get(const struct sock *sk)
{
	return READ_ONCE(sk->sk_dst_cache);
}

/**
 * sk_dst_get - the cached route
 * @sk: the socket
 *
 * Context: process or softirq.
 * Return: a reference, or NULL.
 */
struct dst_entry *sk_dst_get(const struct sock *sk)
{
	struct dst_entry *dst;

	rcu_read_lock();
	dst = READ_ONCE(sk->sk_dst_cache);
	if (dst && !dst_hold_safe(dst))
		dst = NULL;
	rcu_read_unlock();
	return dst;
}

/**
 * __sk_dst_set - cache a route
 * @sk: owned, or nobody else's
 * @dst: the caller's reference goes to the socket; NULL: none
 *
 * Context: process or softirq.
 */
void __sk_dst_set(struct sock *sk, struct dst_entry *dst)
{
	struct dst_entry *old;

	sk->sk_dst_pending_confirm = 0;
	old = __atomic_exchange_n(&sk->sk_dst_cache, dst, __ATOMIC_RELAXED);
	dst_release(old);
}

/**
 * sk_dst_set - cache a route of a socket that is not locked
 * @sk: the socket
 * @dst: the caller's reference goes to the socket; NULL: none
 *
 * Context: process or softirq.
 */
void sk_dst_set(struct sock *sk, struct dst_entry *dst)
{
	__sk_dst_set(sk, dst);
}

/**
 * __sk_dst_reset - forget the cached route
 * @sk: owned, or nobody else's
 *
 * Context: process or softirq.
 */
void __sk_dst_reset(struct sock *sk)
{
	__sk_dst_set(sk, NULL);
}

/**
 * sk_dst_reset - forget the cached route of a socket that is not locked
 * @sk: the socket
 *
 * Context: process or softirq.
 */
void sk_dst_reset(struct sock *sk)
{
	sk_dst_set(sk, NULL);
}

/**
 * __sk_dst_check - the cached route, if it is still good
 * @sk: owned; a stale one is forgotten
 * @cookie: for the family
 *
 * Context: process or softirq.
 * Return: borrowed, or NULL.
 */
struct dst_entry *__sk_dst_check(struct sock *sk, u32 cookie)
{
	struct dst_entry *dst = __sk_dst_get(sk);

	if (dst && dst->obsolete && !dst->ops->check(dst, cookie)) {
		__sk_dst_reset(sk);
		return NULL;
	}
	return dst;
}

/**
 * sk_dst_check - the cached route, if it is still good
 * @sk: the socket; a stale one is forgotten
 * @cookie: for the family
 *
 * Context: process or softirq.
 * Return: a reference, or NULL.
 */
struct dst_entry *sk_dst_check(struct sock *sk, u32 cookie)
{
	struct dst_entry *dst = sk_dst_get(sk);

	if (dst && dst->obsolete && !dst->ops->check(dst, cookie)) {
		sk_dst_reset(sk);
		dst_release(dst);
		return NULL;
	}
	return dst;
}

/**
 * sk_setup_caps - cache a route, and what its device can do
 * @sk: owned
 * @dst: the caller's reference goes to the socket
 *
 * Context: process or softirq.
 */
void sk_setup_caps(struct sock *sk, struct dst_entry *dst)
{
	struct net_device *dev = dst->dev;

	__sk_dst_set(sk, dst);
	sk->sk_route_caps = dev->features;
	sk->sk_gso_max_segs = 1;
	/* What the device cannot do, validate_xmit_skb() does. */
	if (sk->sk_route_caps & NETIF_F_GSO) {
		sk->sk_route_caps |= NETIF_F_GSO_SOFTWARE | NETIF_F_SG | NETIF_F_HW_CSUM;
		sk->sk_gso_max_size = dev->gso_max_size;
		sk->sk_gso_max_segs = max_t(u16, dev->gso_max_segs, 1);
	}
}

/**
 * sk_reset_timer - arm a timer of a socket
 * @sk: held while it is armed
 * @timer: its timer
 * @expires_ns: absolute
 *
 * Context: process or softirq.
 */
void sk_reset_timer(struct sock *sk, struct timer_list *timer, u64 expires_ns)
{
	if (!mod_timer(timer, expires_ns))
		sock_hold(sk);
}

/**
 * sk_stop_timer - disarm a timer of a socket
 * @sk: its reference goes, if it was armed; the caller has another
 * @timer: its timer
 *
 * Context: process or softirq.
 */
void sk_stop_timer(struct sock *sk, struct timer_list *timer)
{
	if (del_timer(timer))
		sock_put(sk);
}
