// SPDX-License-Identifier: MIT
/*
 * What a socket's packets cost: buffer limits and protocol memory (SOCK-12).
 *
 * Three accounts, all in bytes of truesize:
 *
 *	sk_rmem_alloc	packets queued for reading, limited by sk_rcvbuf
 *	sk_wmem_alloc	packets of ours below us, limited by sk_sndbuf
 *	sk_forward_alloc	taken from the protocol's pool and not used yet
 *
 * The pool (tcp_mem, udp_mem) is counted in pages. Below its first limit all is
 * well; above the second the protocol is under pressure and sockets get only
 * what is fair; above the third they get their minimum. A protocol without a
 * pool (memory_off 0) has the first two accounts only.
 *
 * The first two change in softirqs while a thread works: single atomic
 * additions. The third belongs to the owner of the socket.
 *
 * Linux: net/core/sock.c
 */
#include <linux/kernel.h>
#include <linux/sched.h>
#include <linux/trace.h>
#include <net/sock.h>

static inline void sk_count(int *account, int bytes)
{
	(void)__atomic_add_fetch(account, bytes, __ATOMIC_RELAXED);
}

/* ---- the protocol's pool ------------------------------------------------------------- */

static struct tcp_mem_state *sk_pool(const struct sock *sk)
{
	size_t off = sk->sk_prot->memory_off;

	return off ? (struct tcp_mem_state *)(void *)((char *)sock_net(sk) + off) : NULL;
}

static int sk_pages(int bytes)
{
	return DIV_ROUND_UP(bytes, SK_MEM_QUANTUM);
}

/**
 * sk_prot_mem_limits - a limit of the protocol's pool
 * @sk: a socket of the protocol
 * @index: 0 no pressure below, 1 pressure above, 2 no more above
 *
 * Context: any.
 * Return: pages.
 */
long sk_prot_mem_limits(const struct sock *sk, int index)
{
	size_t off = sk->sk_prot->sysctl_mem_off;
	const int *limits = (const int *)(const void *)((const char *)sock_net(sk) + off);

	return off ? READ_ONCE(limits[index]) : LONG_MAX;
}

/**
 * sk_memory_allocated - what is out of the protocol's pool
 * @sk: a socket of the protocol
 *
 * Context: any.
 * Return: pages.
 */
s64 sk_memory_allocated(const struct sock *sk)
{
	const struct tcp_mem_state *pool = sk_pool(sk);

	return pool ? READ_ONCE(pool->allocated_pages) : 0;
}

static s64 sk_memory_allocated_add(struct sock *sk, int pages)
{
	return __atomic_add_fetch(&sk_pool(sk)->allocated_pages, pages, __ATOMIC_RELAXED);
}

/**
 * sk_under_memory_pressure - must sockets of the protocol be modest?
 * @sk: a socket of the protocol
 *
 * Context: any.
 */
bool sk_under_memory_pressure(const struct sock *sk)
{
	const struct tcp_mem_state *pool = sk_pool(sk);

	return pool && pool->pressure;
}

static void sk_enter_memory_pressure(struct sock *sk)
{
	if (sk->sk_prot->enter_memory_pressure)
		sk->sk_prot->enter_memory_pressure(sk);
}

static void sk_leave_memory_pressure(struct sock *sk)
{
	if (sk_under_memory_pressure(sk) && sk->sk_prot->leave_memory_pressure)
		sk->sk_prot->leave_memory_pressure(sk);
}

static int sk_sysctl_first(const struct sock *sk, size_t off, int fallback)
{
	return off ? READ_ONCE(*(const int *)(const void *)((const char *)sock_net(sk) + off)) :
		     fallback;
}

/* What every socket may have, however bad things are. */
static bool sk_below_minimum(const struct sock *sk, int kind)
{
	int wmem0;

	if (kind == SK_MEM_RECV)
		return READ_ONCE(sk->sk_rmem_alloc) <
		       sk_sysctl_first(sk, sk->sk_prot->sysctl_rmem_off, SOCK_MIN_RCVBUF);
	wmem0 = sk_sysctl_first(sk, sk->sk_prot->sysctl_wmem_off, SOCK_MIN_SNDBUF);
	if (sk->sk_type == SOCK_STREAM)
		return sk->sk_wmem_queued < wmem0;
	return READ_ONCE(sk->sk_wmem_alloc) < wmem0;
}

/* Under pressure: has this socket less than its share of the pool? */
static bool sk_below_share(const struct sock *sk)
{
	s64 sockets = sock_prot_inuse_get(sock_net(sk), sk->sk_prot);
	int bytes;

	if (!sk_under_memory_pressure(sk))
		return true;
	bytes = sk->sk_wmem_queued + READ_ONCE(sk->sk_rmem_alloc) + sk->sk_forward_alloc;
	return sk_prot_mem_limits(sk, 2) > sockets * sk_pages(bytes);
}

static void sk_stream_moderate_sndbuf(struct sock *sk)
{
	u32 val;

	if (sk->sk_userlocks & SOCK_SNDBUF_LOCK)
		return;
	val = min_t(u32, (u32)sk->sk_sndbuf, (u32)sk->sk_wmem_queued >> 1);
	sk->sk_sndbuf = (int)max_t(u32, val, SOCK_MIN_SNDBUF);
}

/* @pages more were taken: may they stay? */
static bool sk_mem_raise_allowed(struct sock *sk, s64 allocated, int size, int kind)
{
	if (allocated <= sk_prot_mem_limits(sk, 0)) {
		sk_leave_memory_pressure(sk);
		return true;
	}
	if (allocated > sk_prot_mem_limits(sk, 1))
		sk_enter_memory_pressure(sk);
	if (allocated <= sk_prot_mem_limits(sk, 2) &&
	    (sk_below_minimum(sk, kind) || sk_below_share(sk)))
		return true;
	if (kind == SK_MEM_SEND && sk->sk_type == SOCK_STREAM) {
		sk_stream_moderate_sndbuf(sk);
		/* It will not send more before this is acknowledged: let it
		 * have it, else it could never shrink. */
		if (sk->sk_wmem_queued + size >= sk->sk_sndbuf)
			return true;
	}
	return sk_below_minimum(sk, kind);
}

/**
 * __sk_mem_schedule - take memory from the protocol's pool
 * @sk: owned
 * @size: bytes needed, rounded up to pages
 * @kind: SK_MEM_SEND or SK_MEM_RECV
 *
 * Context: process or softirq.
 * Return: 1, and sk_forward_alloc has grown; 0: there is none.
 */
int __sk_mem_schedule(struct sock *sk, int size, int kind)
{
	int pages = sk_pages(size);
	s64 allocated;

	if (!sk_pool(sk))
		return 1;
	sk->sk_forward_alloc += pages * SK_MEM_QUANTUM;
	allocated = sk_memory_allocated_add(sk, pages);
	if (sk_mem_raise_allowed(sk, allocated, size, kind))
		return 1;
	sk->sk_forward_alloc -= pages * SK_MEM_QUANTUM;
	sk_memory_allocated_add(sk, -pages);
	return 0;
}

/**
 * __sk_mem_reclaim - give memory back to the protocol's pool
 * @sk: owned
 * @amount: bytes; whole pages of them go
 *
 * Context: process or softirq.
 */
void __sk_mem_reclaim(struct sock *sk, int amount)
{
	int pages = amount / SK_MEM_QUANTUM;
	s64 allocated;

	if (!sk_pool(sk) || !pages)
		return;
	sk->sk_forward_alloc -= pages * SK_MEM_QUANTUM;
	allocated = sk_memory_allocated_add(sk, -pages);
	if (allocated < sk_prot_mem_limits(sk, 0))
		sk_leave_memory_pressure(sk);
}

/**
 * sk_mem_reclaim - give back what is not used
 * @sk: owned
 *
 * Context: process or softirq.
 */
void sk_mem_reclaim(struct sock *sk)
{
	if (sk->sk_forward_alloc >= SK_MEM_QUANTUM)
		__sk_mem_reclaim(sk, sk->sk_forward_alloc);
}

/**
 * sk_wmem_schedule - may @size bytes be queued for sending?
 * @sk: owned
 * @size: bytes of truesize; then sk_mem_charge() them
 *
 * Context: process or softirq.
 */
bool sk_wmem_schedule(struct sock *sk, int size)
{
	int delta = size - sk->sk_forward_alloc;

	if (!sk_pool(sk))
		return true;
	return delta <= 0 || __sk_mem_schedule(sk, delta, SK_MEM_SEND);
}

/**
 * sk_rmem_schedule - may @size bytes be queued for reading?
 * @sk: owned
 * @skb: the packet, for its kind; borrowed
 * @size: bytes of truesize; then sk_mem_charge() them
 *
 * Context: process or softirq.
 */
bool sk_rmem_schedule(struct sock *sk, struct sk_buff *skb, int size)
{
	int delta = size - sk->sk_forward_alloc;

	if (!sk_pool(sk))
		return true;
	return delta <= 0 || __sk_mem_schedule(sk, delta, SK_MEM_RECV);
}

/**
 * sk_forced_mem_schedule - take memory whatever the limits say
 * @sk: owned
 * @size: bytes of truesize; then sk_mem_charge() them
 *
 * For what progress depends on: a FIN, the only segment in a queue.
 *
 * Context: process or softirq.
 */
void sk_forced_mem_schedule(struct sock *sk, int size)
{
	int delta = size - sk->sk_forward_alloc, pages;

	if (!sk_pool(sk) || delta <= 0)
		return;
	pages = sk_pages(delta);
	sk->sk_forward_alloc += pages * SK_MEM_QUANTUM;
	sk_memory_allocated_add(sk, pages);
}

/**
 * sk_mem_charge - use memory that was scheduled
 * @sk: owned
 * @size: bytes of truesize
 *
 * Context: process or softirq.
 */
void sk_mem_charge(struct sock *sk, int size)
{
	if (sk_pool(sk))
		sk->sk_forward_alloc -= size;
}

/**
 * sk_mem_uncharge - memory is not used any more
 * @sk: owned
 * @size: bytes of truesize
 *
 * Context: process or softirq.
 */
void sk_mem_uncharge(struct sock *sk, int size)
{
	if (!sk_pool(sk))
		return;
	sk->sk_forward_alloc += size;
	sk_mem_reclaim(sk);
}

/* ---- receiving ------------------------------------------------------------------------- */

/**
 * sock_rfree - destructor of packets queued for reading
 * @skb: its owner's account is relieved
 *
 * Context: process or softirq.
 */
void sock_rfree(struct sk_buff *skb)
{
	struct sock *sk = skb->sk;
	int len = (int)skb->truesize;

	sk_count(&sk->sk_rmem_alloc, -len);
	sk_mem_uncharge(sk, len);
}

/**
 * skb_set_owner_r - put a packet on a socket's receive account
 * @skb: its former owner is left
 * @sk: the socket
 *
 * Context: process or softirq.
 */
void skb_set_owner_r(struct sk_buff *skb, struct sock *sk)
{
	skb_orphan(skb);
	skb->sk = sk;
	skb->destructor = sock_rfree;
	sk_count(&sk->sk_rmem_alloc, (int)skb->truesize);
	sk_mem_charge(sk, (int)skb->truesize);
}

/**
 * __sock_queue_rcv_skb - queue a packet for reading
 * @sk: the socket
 * @skb: consumed on 0
 *
 * Context: softirq or process.
 * Return: 0; -ENOMEM: receive buffer full, -ENOBUFS: no protocol memory. The
 * packet is then still the caller's.
 */
int __sock_queue_rcv_skb(struct sock *sk, struct sk_buff *skb)
{
	/* One packet always fits: else a large one would never be seen. */
	if (READ_ONCE(sk->sk_rmem_alloc) >= READ_ONCE(sk->sk_rcvbuf)) {
		sk->sk_drops++;
		return -ENOMEM;
	}
	if (!sk_rmem_schedule(sk, skb, (int)skb->truesize)) {
		sk->sk_drops++;
		return -ENOBUFS;
	}
	skb->dev = NULL;
	skb_set_owner_r(skb, sk);
	skb_dst_force(skb);
	if (sock_flag(sk, SOCK_TIMESTAMP) && !skb->tstamp)
		__net_timestamp(skb);
	skb_queue_tail(&sk->sk_receive_queue, skb);
	if (!sock_flag(sk, SOCK_DEAD))
		sk->sk_data_ready(sk);
	return 0;
}

/**
 * sock_queue_rcv_skb_reason - queue a packet for reading, or say why not
 * @sk: the socket
 * @skb: consumed on 0
 * @reason: why not; may be NULL
 *
 * Context: softirq or process.
 * Return: as __sock_queue_rcv_skb().
 */
int sock_queue_rcv_skb_reason(struct sock *sk, struct sk_buff *skb,
			      enum skb_drop_reason *reason)
{
	enum skb_drop_reason why = SKB_NOT_DROPPED_YET;
	int err;

	trace_skb(skb);
	err = __sock_queue_rcv_skb(sk, skb);
	if (err == -ENOMEM)
		why = SKB_DROP_REASON_SOCKET_RCVBUFF;
	else if (err)
		why = SKB_DROP_REASON_PROTO_MEM;
	if (reason)
		*reason = why;
	return err;
}

/* ---- sending ----------------------------------------------------------------------------- */

/**
 * sock_wfree - destructor of packets that are being sent
 * @skb: its owner's account is relieved; he is told when there is room
 *
 * Context: process or softirq.
 */
void sock_wfree(struct sk_buff *skb)
{
	struct sock *sk = skb->sk;
	unsigned int len = skb->truesize;

	if (!sock_flag(sk, SOCK_USE_WRITE_QUEUE)) {
		/* One byte stays, so that the socket does while it is told. */
		sk_count(&sk->sk_wmem_alloc, -(int)(len - 1));
		sk->sk_write_space(sk);
		len = 1;
	}
	sk_wmem_put(sk, len);
}

/**
 * skb_set_owner_w - put a packet on a socket's send account
 * @skb: its former owner is left
 * @sk: the socket
 *
 * Context: process or softirq.
 */
void skb_set_owner_w(struct sk_buff *skb, struct sock *sk)
{
	skb_orphan(skb);
	skb->sk = sk;
	skb->destructor = sock_wfree;
	sk_count(&sk->sk_wmem_alloc, (int)skb->truesize);
}

/**
 * sock_wmalloc - a packet on a socket's send account
 * @sk: the socket
 * @size: bytes of room
 * @force: even if the send buffer is full
 * @gfp: GFP_*
 *
 * Context: as @gfp says.
 * Return: the packet, or NULL.
 */
struct sk_buff *sock_wmalloc(struct sock *sk, unsigned long size, int force, gfp_t gfp)
{
	struct sk_buff *skb;

	if (!force && READ_ONCE(sk->sk_wmem_alloc) >= READ_ONCE(sk->sk_sndbuf))
		return NULL;
	skb = alloc_skb(sock_net(sk), (unsigned int)size, gfp);
	if (skb)
		skb_set_owner_w(skb, sk);
	return skb;
}

static s64 sock_wait_for_wmem(struct sock *sk, s64 timeo)
{
	DEFINE_WAIT(wait);

	for (;;) {
		if (!timeo || signal_pending(current))
			break;
		sock_set_bit(SOCK_NOSPACE, &sk->sk_socket->flags);
		prepare_to_wait(sk_sleep(sk), &wait, TASK_INTERRUPTIBLE);
		if (READ_ONCE(sk->sk_wmem_alloc) < READ_ONCE(sk->sk_sndbuf) ||
		    sk->sk_shutdown & SEND_SHUTDOWN || sk->sk_err)
			break;
		timeo = schedule_timeout(timeo);
	}
	finish_wait(sk_sleep(sk), &wait);
	return timeo;
}

/* May something be sent now? Waits for room. 0 or -errno. */
static int sock_wait_sendable(struct sock *sk, s64 timeo)
{
	for (;;) {
		int err = sock_error(sk);

		if (err)
			return err;
		if (sk->sk_shutdown & SEND_SHUTDOWN)
			return -EPIPE;
		if (READ_ONCE(sk->sk_wmem_alloc) < READ_ONCE(sk->sk_sndbuf))
			return 0;
		if (!timeo) {
			sock_set_bit(SOCK_NOSPACE, &sk->sk_socket->flags);
			return -EAGAIN;
		}
		if (signal_pending(current))
			return sock_intr_errno(timeo);
		timeo = sock_wait_for_wmem(sk, timeo);
	}
}

/**
 * sock_alloc_send_skb - a packet to send, when the send buffer has room
 * @sk: the socket
 * @size: bytes of room
 * @noblock: do not wait
 * @errcode: why there is none: -EAGAIN, -EPIPE, -EINTR, -ENOBUFS, a pending error
 *
 * Context: process, may sleep.
 * Return: the packet, on the socket's send account; or NULL.
 */
struct sk_buff *sock_alloc_send_skb(struct sock *sk, unsigned long size, int noblock,
				    int *errcode)
{
	int err = sock_wait_sendable(sk, sock_sndtimeo(sk, noblock));
	struct sk_buff *skb;

	if (err) {
		*errcode = err;
		return NULL;
	}
	skb = sock_wmalloc(sk, size, 1, GFP_KERNEL);
	if (!skb)
		*errcode = -ENOBUFS;
	return skb;
}

/**
 * sk_page_frag_refill - room in a page for data to send
 * @sk: owned
 * @pfrag: sk_page_frag(), or the caller's
 *
 * Context: process.
 * Return: false: no memory; the protocol is then under pressure.
 */
bool sk_page_frag_refill(struct sock *sk, struct page_frag *pfrag)
{
	if (likely(skb_page_frag_refill(32U, pfrag, GFP_KERNEL)))
		return true;
	sk_enter_memory_pressure(sk);
	sk_stream_moderate_sndbuf(sk);
	return false;
}
