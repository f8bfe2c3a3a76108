// SPDX-License-Identifier: MIT
/*
 * struct sock: life, lock, backlog, callbacks, waiting (SOCK-4, 11, 12).
 *
 * Life. sk_alloc() gives one reference, the socket's; timers, hash tables and
 * packets in flight hold others. Two counts keep a sock: sk_refcnt, whose end
 * is sk_free(), and sk_wmem_alloc, which is 1 while the first lasts plus the
 * bytes of our packets below us. Whoever brings the second to 0 frees it.
 *
 * Lock. lock_sock() makes the calling thread the owner, with softirqs on; a
 * softirq that finds an owner (bh_lock_sock(), sock_owned_by_user()) puts its
 * packet on the backlog, which release_sock() works off.
 *
 * Other parts: sock_mem.c (buffers and memory), sock_dst.c (routes, timers),
 * sock_sockopt.c (options), stream.c, datagram.c.
 *
 * Linux: net/core/sock.c
 */
#include <linux/init.h>
#include <linux/kernel.h>
#include <linux/ktime.h>
#include <linux/sched.h>
#include <linux/string.h>
#include <linux/sysctl.h>
#include <linux/trace.h>
#include <net/request_sock.h>
#include <net/sock.h>
#include <net/timewait_sock.h>

static struct list_head proto_list __ro_after_init = LIST_HEAD_INIT(proto_list);
static unsigned int proto_nr __ro_after_init;

/* ---- protocols ---------------------------------------------------------------------- */

/**
 * proto_register - make a transport protocol known
 * @prot: static, kept
 * @alloc_slab: make the cache its sockets come from
 *
 * Context: initcalls.
 * Return: 0, -ENOMEM, -ENOSPC: too many protocols.
 */
int proto_register(struct proto *prot, int alloc_slab)
{
	if (proto_nr == PROTO_INUSE_NR)
		return -ENOSPC;
	if (alloc_slab) {
		prot->slab = kmem_cache_create(prot->name, prot->obj_size);
		if (!prot->slab)
			return -ENOMEM;
	}
	if (alloc_slab && prot->rsk_prot && !prot->rsk_prot->slab) {
		struct request_sock_ops *rsk = prot->rsk_prot;

		rsk->slab = kmem_cache_create(rsk->slab_name, rsk->obj_size);
		if (!rsk->slab)
			return -ENOMEM;
	}
	if (alloc_slab && prot->twsk_prot && !prot->twsk_prot->twsk_slab) {
		struct timewait_sock_ops *tw = prot->twsk_prot;

		tw->twsk_slab = kmem_cache_create(tw->twsk_slab_name, tw->twsk_obj_size);
		if (!tw->twsk_slab)
			return -ENOMEM;
	}
	prot->inuse_idx = proto_nr++;
	list_add_tail(&prot->node, &proto_list);
	return 0;
}

/**
 * sock_prot_inuse_add - count sockets of a protocol that are in use
 * @net: the namespace
 * @prot: the protocol
 * @val: 1 or -1
 *
 * Context: any.
 */
void sock_prot_inuse_add(struct net *net, const struct proto *prot, int val)
{
	(void)__atomic_add_fetch(&net->core.prot_inuse[prot->inuse_idx], val,
				 __ATOMIC_RELAXED);
}

/**
 * sock_prot_inuse_get - how many sockets of a protocol are in use
 * @net: the namespace
 * @prot: the protocol
 *
 * Context: any.
 * Return: the number.
 */
int sock_prot_inuse_get(const struct net *net, const struct proto *prot)
{
	return net->core.prot_inuse[prot->inuse_idx];
}

/* ---- life ----------------------------------------------------------------------------- */

static struct sock *sk_prot_alloc(struct proto *prot, gfp_t gfp)
{
	return kmem_cache_alloc(prot->slab, gfp);
}

static void sock_lock_init(struct sock *sk)
{
	spin_lock_init(&sk->sk_lock.slock);
	sk->sk_lock.owned = 0;
	init_waitqueue_head(&sk->sk_lock.wq);
}

static void sk_link(struct net *net, struct sock *sk)
{
	local_bh_disable();
	list_add_tail(&sk->sk_net_node, &net->core.sock_list);
	net->core.sockets_used++;
	local_bh_enable();
}

static void sk_unlink(struct net *net, struct sock *sk)
{
	local_bh_disable();
	list_del(&sk->sk_net_node);
	net->core.sockets_used--;
	if (list_empty(&net->core.sock_list)) {
		skb_page_frag_release(&net->core.page_frag[0]);
		skb_page_frag_release(&net->core.page_frag[1]);
	}
	local_bh_enable();
}

/**
 * sk_alloc - a new socket
 * @net: its namespace
 * @family: AF_*
 * @gfp: GFP_*
 * @prot: its protocol
 * @kern: for the kernel itself
 *
 * Context: as @gfp says.
 * Return: a socket with one reference, zeroed but for these; NULL on no memory.
 */
struct sock *sk_alloc(struct net *net, int family, gfp_t gfp, struct proto *prot, int kern)
{
	struct sock *sk = sk_prot_alloc(prot, gfp);

	if (!sk)
		return NULL;
	memset(sk, 0, prot->obj_size);
	sk->sk_family = (unsigned short)family;
	sk->sk_prot = prot;
	sk->sk_net = net;
	sk->sk_wmem_alloc = 1;
	refcount_set(&sk->sk_refcnt, 1);
	sock_lock_init(sk);
	sk_link(net, sk);
	return sk;
}

static void __sk_free(struct sock *sk)
{
	if (sk->sk_destruct)
		sk->sk_destruct(sk);
	if (unlikely(sk->sk_lock.owned))
		WARN_ON(sk->sk_lock.owned);
	if (sock_flag(sk, SOCK_TIMESTAMP))
		sock_net(sk)->core.netstamp_needed--;
	sk_unlink(sock_net(sk), sk);
	kmem_cache_free(sk->sk_prot->slab, sk);
}

/**
 * sk_free - the last reference is gone
 * @sk: freed now, or when its last packet below us ends
 *
 * Context: any but hardirq.
 */
void sk_free(struct sock *sk)
{
	if (!__atomic_sub_fetch(&sk->sk_wmem_alloc, 1, __ATOMIC_RELAXED))
		__sk_free(sk);
}

/**
 * sk_wmem_put - bytes of ours have left the device
 * @sk: freed, if it waited only for them
 * @len: bytes of truesize
 *
 * Context: any but hardirq.
 */
void sk_wmem_put(struct sock *sk, unsigned int len)
{
	if (!__atomic_sub_fetch(&sk->sk_wmem_alloc, (int)len, __ATOMIC_RELAXED))
		__sk_free(sk);
}

/**
 * sock_put - give a reference back
 * @sk: any full socket
 *
 * Context: any but hardirq.
 */
void sock_put(struct sock *sk)
{
	if (refcount_dec_and_test(&sk->sk_refcnt))
		sk_free(sk);
}

static void sk_init_queues(struct sock *sk)
{
	skb_queue_head_init(&sk->sk_receive_queue);
	skb_queue_head_init(&sk->sk_write_queue);
	skb_queue_head_init(&sk->sk_error_queue);
	sk->sk_backlog.head = NULL;
	sk->sk_backlog.tail = NULL;
	sk->sk_backlog.len = 0;
}

/* What a child does not have in common with its listener. */
static void sk_clone_reset(struct sock *newsk)
{
	INIT_HLIST_NODE(&newsk->sk_node);
	INIT_HLIST_NODE(&newsk->sk_bind_node);
	newsk->sk_timer.entry.next = NULL;
	newsk->sk_rmem_alloc = 0;
	newsk->sk_wmem_alloc = 1;
	newsk->sk_omem_alloc = 0;
	newsk->sk_zckey = 0;
	newsk->sk_zcopy_calls = 0;
	newsk->sk_wmem_queued = 0;
	newsk->sk_forward_alloc = 0;
	newsk->sk_drops = 0;
	newsk->sk_rx_dst = NULL;
	newsk->sk_dst_cache = NULL;
	newsk->sk_dst_pending_confirm = 0;
	newsk->tcp_rtx_queue = RB_ROOT;
	newsk->sk_flags &= ~(1UL << SOCK_DONE);
	if (sock_flag(newsk, SOCK_TIMESTAMP))
		sock_net(newsk)->core.netstamp_needed++;
	newsk->sk_userlocks &= (u8)~(SOCK_BINDPORT_LOCK | SOCK_BINDADDR_LOCK);
	newsk->sk_shutdown = 0;
	newsk->sk_err = 0;
	newsk->sk_err_soft = 0;
	newsk->sk_priority = 0;
	newsk->sk_cookie = 0;
	newsk->sk_ack_backlog = 0;
	newsk->sk_socket = NULL;
	newsk->sk_wq = NULL;
	newsk->sk_user_data = NULL;
}

/**
 * sk_clone_lock - a socket like another: an accepted connection
 * @sk: the listener
 * @gfp: GFP_*
 *
 * Context: softirq, or softirqs off.
 * Return: a socket with two references and bh_lock_sock() held, without queues,
 * routes, timers and an owner; NULL on no memory.
 */
struct sock *sk_clone_lock(const struct sock *sk, gfp_t gfp)
{
	struct proto *prot = READ_ONCE(sk->sk_prot);
	struct sock *newsk = sk_prot_alloc(prot, gfp);

	if (!newsk)
		return NULL;
	memcpy(newsk, sk, prot->obj_size);
	sock_lock_init(newsk);
	sk_init_queues(newsk);
	sk_clone_reset(newsk);
	refcount_set(&newsk->sk_refcnt, 2);
	sk_link(sock_net(newsk), newsk);
	bh_lock_sock(newsk);
	return newsk;
}

static void sock_def_destruct(struct sock *sk)
{
	skb_queue_purge_reason(&sk->sk_receive_queue, SKB_DROP_REASON_SOCKET_CLOSE);
	skb_queue_purge_reason(&sk->sk_error_queue, SKB_DROP_REASON_SOCKET_CLOSE);
	sk_dst_reset(sk);
}

/**
 * sock_init_data - what every new socket begins with
 * @sock: the program's side; NULL: none
 * @sk: from sk_alloc()
 *
 * Context: process.
 */
void sock_init_data(struct socket *sock, struct sock *sk)
{
	const struct netns_core *core = &sock_net(sk)->core;

	sk_init_queues(sk);
	sk->tcp_rtx_queue = RB_ROOT;
	sk->sk_rcvbuf = READ_ONCE(core->sysctl_rmem_default);
	sk->sk_sndbuf = READ_ONCE(core->sysctl_wmem_default);
	sk->sk_ll_usec = (unsigned int)READ_ONCE(core->sysctl_busy_read);
	sk->sk_state = TCP_CLOSE;
	sk_set_socket(sk, sock);
	if (sock) {
		sk->sk_type = (u16)sock->type;
		sk->sk_wq = &sock->wq;
		sock->sk = sk;
	}
	sk->sk_state_change = sock_def_wakeup;
	sk->sk_data_ready = sock_def_readable;
	sk->sk_write_space = sock_def_write_space;
	sk->sk_error_report = sock_def_error_report;
	sk->sk_destruct = sock_def_destruct;
	sk->sk_backlog_rcv = sk->sk_prot->backlog_rcv;
	sk->sk_peek_off = U32_MAX;
	sk->sk_rcvlowat = 1;
	sk->sk_rcvtimeo = MAX_SCHEDULE_TIMEOUT;
	sk->sk_sndtimeo = MAX_SCHEDULE_TIMEOUT;
	sk->sk_max_pacing_rate = ~0ULL;
	sk->sk_pacing_rate = ~0ULL;
	sk->sk_gso_max_size = GSO_MAX_SIZE;
	sk->sk_gso_max_segs = (u16)GSO_MAX_SEGS;
	refcount_set(&sk->sk_refcnt, 1);
}

/**
 * sk_set_socket - tie a socket to its program's side
 * @sk: the socket
 * @sock: NULL: to none
 *
 * Context: process, or softirq for a socket nobody else has.
 */
void sk_set_socket(struct sock *sk, struct socket *sock)
{
	sk->sk_socket = sock;
}

/**
 * sock_graft - hand an accepted connection to its program's side
 * @sk: a child, locked
 * @parent: a new struct socket
 *
 * Context: process.
 */
void sock_graft(struct sock *sk, struct socket *parent)
{
	local_bh_disable();
	sk->sk_wq = &parent->wq;
	parent->sk = sk;
	sk_set_socket(sk, parent);
	local_bh_enable();
}

/**
 * sock_orphan - the program has let go of it
 * @sk: goes on without one, until the protocol is done
 *
 * Context: process or softirq.
 */
void sock_orphan(struct sock *sk)
{
	local_bh_disable();
	sock_set_flag(sk, SOCK_DEAD);
	sk_set_socket(sk, NULL);
	sk->sk_wq = NULL;
	local_bh_enable();
}

/**
 * sk_common_release - end a socket that has no connection to end
 * @sk: the caller's reference goes
 *
 * Context: process, not locked.
 */
void sk_common_release(struct sock *sk)
{
	if (sk->sk_prot->destroy)
		sk->sk_prot->destroy(sk);
	/* Off the hash first: then nothing is delivered any more. */
	if (sk->sk_prot->unhash)
		sk->sk_prot->unhash(sk);
	sock_orphan(sk);
	sock_put(sk);
}

/* ---- lock and backlog -------------------------------------------------------------------- */

static void __lock_sock(struct sock *sk)
{
	DEFINE_WAIT(wait);

	for (;;) {
		prepare_to_wait_exclusive(&sk->sk_lock.wq, &wait, TASK_UNINTERRUPTIBLE);
		spin_unlock_bh(&sk->sk_lock.slock);
		schedule();
		spin_lock_bh(&sk->sk_lock.slock);
		if (!sock_owned_by_user(sk))
			break;
	}
	finish_wait(&sk->sk_lock.wq, &wait);
}

/**
 * lock_sock - become the owner of a socket
 * @sk: the socket
 *
 * Context: process, may sleep.
 */
void lock_sock(struct sock *sk)
{
	might_sleep();
	spin_lock_bh(&sk->sk_lock.slock);
	if (sk->sk_lock.owned)
		__lock_sock(sk);
	sk->sk_lock.owned = 1;
	spin_unlock_bh(&sk->sk_lock.slock);
}

/* slock held on entry and return; softirqs are let in between the packets. */
static void __release_sock(struct sock *sk)
{
	struct sk_buff *skb, *next;

	while ((skb = sk->sk_backlog.head) != NULL) {
		sk->sk_backlog.head = NULL;
		sk->sk_backlog.tail = NULL;
		spin_unlock_bh(&sk->sk_lock.slock);
		do {
			next = skb->next;
			skb_mark_not_on_list(skb);
			sk_backlog_rcv(sk, skb);
			skb = next;
		} while (skb != NULL);
		spin_lock_bh(&sk->sk_lock.slock);
	}
	/* Only now: as long as we worked, it counted against the limit, so
	 * that a fast sender cannot keep us here for ever. */
	sk->sk_backlog.len = 0;
}

/**
 * __sk_flush_backlog - work off the backlog without letting go of the lock
 * @sk: owned
 *
 * Context: process, may sleep.
 * Return: true.
 */
bool __sk_flush_backlog(struct sock *sk)
{
	spin_lock_bh(&sk->sk_lock.slock);
	__release_sock(sk);
	if (sk->sk_prot->release_cb)
		sk->sk_prot->release_cb(sk);
	spin_unlock_bh(&sk->sk_lock.slock);
	return true;
}

/**
 * release_sock - stop being the owner
 * @sk: owned; its backlog is worked off
 *
 * Context: process.
 */
void release_sock(struct sock *sk)
{
	spin_lock_bh(&sk->sk_lock.slock);
	if (sk->sk_backlog.tail)
		__release_sock(sk);
	/* What timers and errors left to be done. */
	if (sk->sk_prot->release_cb)
		sk->sk_prot->release_cb(sk);
	sk->sk_lock.owned = 0;
	if (waitqueue_active(&sk->sk_lock.wq))
		wake_up(&sk->sk_lock.wq);
	spin_unlock_bh(&sk->sk_lock.slock);
}

/**
 * sk_add_backlog - keep a packet for the owner of the socket
 * @sk: bh-locked, owned by a thread
 * @skb: consumed on 0
 * @limit: bytes that receive queue and backlog may hold
 *
 * Context: softirq.
 * Return: 0, or -ENOBUFS: it is still the caller's.
 */
int sk_add_backlog(struct sock *sk, struct sk_buff *skb, unsigned int limit)
{
	unsigned int qsize = sk->sk_backlog.len + (unsigned int)READ_ONCE(sk->sk_rmem_alloc);

	if (qsize > limit)
		return -ENOBUFS;
	/* It will be looked at outside of this softirq. */
	skb_dst_force(skb);
	if (!sk->sk_backlog.tail)
		sk->sk_backlog.head = skb;
	else
		sk->sk_backlog.tail->next = skb;
	sk->sk_backlog.tail = skb;
	skb->next = NULL;
	sk->sk_backlog.len += skb->truesize;
	return 0;
}

/**
 * sk_backlog_rcv - hand a packet to the protocol
 * @sk: owned, or bh-locked and not owned
 * @skb: consumed
 *
 * Context: process or softirq.
 * Return: what the protocol says.
 */
int sk_backlog_rcv(struct sock *sk, struct sk_buff *skb)
{
	return sk->sk_backlog_rcv(sk, skb);
}

/* ---- callbacks ------------------------------------------------------------------------------ */

/**
 * sk_wake_async - tell who asked for signals
 * @sk: the socket
 * @how: SOCK_WAKE_*
 * @band: POLL_*
 *
 * There are no signals here: poll() and epoll are woken by the callbacks.
 *
 * Context: any.
 */
void sk_wake_async(const struct sock *sk, int how, int band)
{
}

static struct socket_wq *sk_waiters(const struct sock *sk)
{
	struct socket_wq *wq = READ_ONCE(sk->sk_wq);

	return wq && waitqueue_active(&wq->wait) ? wq : NULL;
}

/**
 * sock_def_readable - there is something to read
 * @sk: the socket
 *
 * Context: softirq or process.
 */
void sock_def_readable(struct sock *sk)
{
	struct socket_wq *wq = sk_waiters(sk);

	trace_here();
	if (wq)
		wake_up_interruptible_poll(&wq->wait, EPOLLIN | EPOLLPRI | EPOLLRDNORM |
						      EPOLLRDBAND);
	sk_wake_async(sk, SOCK_WAKE_WAITD, 0);
}

/**
 * sock_def_write_space - packets of ours were sent: is there room for more?
 * @sk: the socket
 *
 * Context: softirq or process.
 */
void sock_def_write_space(struct sock *sk)
{
	struct socket_wq *wq;

	/* Not for every packet: only once half of the buffer is free. */
	if (READ_ONCE(sk->sk_wmem_alloc) > READ_ONCE(sk->sk_sndbuf) >> 1)
		return;
	wq = sk_waiters(sk);
	if (wq)
		wake_up_interruptible_poll(&wq->wait, EPOLLOUT | EPOLLWRNORM | EPOLLWRBAND);
	sk_wake_async(sk, SOCK_WAKE_SPACE, 0);
}

/**
 * sock_def_wakeup - the state changed
 * @sk: the socket
 *
 * Context: softirq or process.
 */
void sock_def_wakeup(struct sock *sk)
{
	struct socket_wq *wq = sk_waiters(sk);

	if (wq)
		wake_up_interruptible_all(&wq->wait);
}

/**
 * sock_def_error_report - there is an error to report
 * @sk: the socket
 *
 * Context: softirq or process.
 */
void sock_def_error_report(struct sock *sk)
{
	struct socket_wq *wq = sk_waiters(sk);

	if (wq)
		wake_up_interruptible_poll(&wq->wait, EPOLLERR);
	sk_wake_async(sk, SOCK_WAKE_IO, 0);
}

/* ---- waiting ----------------------------------------------------------------------- */

/**
 * sock_error - take the pending error
 * @sk: the socket
 *
 * Context: process.
 * Return: 0 or -errno, once.
 */
int sock_error(struct sock *sk)
{
	return -__atomic_exchange_n(&sk->sk_err, 0, __ATOMIC_RELAXED);
}

/**
 * sock_rcvtimeo - how long a read may wait
 * @sk: the socket
 * @noblock: MSG_DONTWAIT
 *
 * Context: process.
 * Return: nanoseconds; 0: not at all.
 */
s64 sock_rcvtimeo(const struct sock *sk, bool noblock)
{
	return noblock ? 0 : sk->sk_rcvtimeo;
}

/**
 * sock_sndtimeo - how long a write may wait
 * @sk: the socket
 * @noblock: MSG_DONTWAIT
 *
 * Context: process.
 * Return: nanoseconds; 0: not at all.
 */
s64 sock_sndtimeo(const struct sock *sk, bool noblock)
{
	return noblock ? 0 : sk->sk_sndtimeo;
}

/**
 * sock_rcvlowat - how many bytes a read waits for
 * @sk: the socket
 * @waitall: MSG_WAITALL: all of them
 * @len: bytes asked for
 *
 * Context: process.
 * Return: bytes, at least 1.
 */
int sock_rcvlowat(const struct sock *sk, int waitall, int len)
{
	int v = waitall ? len : min(READ_ONCE(sk->sk_rcvlowat), len);

	return v ? v : 1;
}

/**
 * sock_intr_errno - what an interrupted wait ends with
 * @timeo: what was left of it
 *
 * Linux: -ERESTARTSYS without a timeout; nothing is restarted here.
 *
 * Context: any.
 * Return: -EINTR.
 */
int sock_intr_errno(s64 timeo)
{
	return -EINTR;
}

/**
 * sk_wait_data - sleep until the receive queue changes
 * @sk: owned; not so while asleep
 * @timeo: time left; what is left of it then
 * @skb: the last packet seen on the queue, or NULL
 *
 * Context: process, may sleep.
 * Return: whether there is another packet now.
 */
int sk_wait_data(struct sock *sk, s64 *timeo, const struct sk_buff *skb)
{
	DEFINE_WAIT_FUNC(wait, woken_wake_function);
	int rc;

	trace_here();
	add_wait_queue(sk_sleep(sk), &wait);
	rc = sk_wait_event(sk, timeo, skb_peek_tail(&sk->sk_receive_queue) != skb, &wait);
	remove_wait_queue(sk_sleep(sk), &wait);
	return rc;
}

/* ---- operations that several families share ---------------------------------------- */

/**
 * sock_common_recvmsg - recvmsg by way of sk_prot
 * @sock: the socket
 * @msg: where it goes
 * @size: bytes
 * @flags: MSG_*
 *
 * Context: process, may sleep.
 * Return: bytes received, or -errno.
 */
int sock_common_recvmsg(struct socket *sock, struct msghdr *msg, size_t size, int flags)
{
	struct sock *sk = sock->sk;
	int addr_len = 0;
	int err;

	trace_here();
	err = sk->sk_prot->recvmsg(sk, msg, size, flags, &addr_len);
	if (err >= 0)
		msg->msg_namelen = addr_len;
	return err;
}

/**
 * sock_common_setsockopt - setsockopt by way of sk_prot
 * @sock: the socket
 * @level: the protocol's
 * @optname: the option
 * @optval: the program's
 * @optlen: its bytes
 *
 * Context: process, may sleep.
 * Return: 0 or -errno.
 */
int sock_common_setsockopt(struct socket *sock, int level, int optname,
			   const void __user *optval, unsigned int optlen)
{
	struct sock *sk = sock->sk;

	return sk->sk_prot->setsockopt(sk, level, optname, optval, optlen);
}

/**
 * sock_common_getsockopt - getsockopt by way of sk_prot
 * @sock: the socket
 * @level: the protocol's
 * @optname: the option
 * @optval: the program's
 * @optlen: its bytes, in and out
 *
 * Context: process, may sleep.
 * Return: 0 or -errno.
 */
int sock_common_getsockopt(struct socket *sock, int level, int optname, char __user *optval,
			   int __user *optlen)
{
	struct sock *sk = sock->sk;

	return sk->sk_prot->getsockopt(sk, level, optname, optval, optlen);
}

/**
 * sock_no_listen - listen() for who cannot
 * @sock: the socket
 * @backlog: not looked at
 *
 * Context: process.
 * Return: -EOPNOTSUPP.
 */
int sock_no_listen(struct socket *sock, int backlog)
{
	return -EOPNOTSUPP;
}

/**
 * sock_no_accept - accept() for who cannot
 * @sock: the socket
 * @newsock: not touched
 * @flags: not looked at
 * @kern: not looked at
 *
 * Context: process.
 * Return: -EOPNOTSUPP.
 */
int sock_no_accept(struct socket *sock, struct socket *newsock, int flags, bool kern)
{
	return -EOPNOTSUPP;
}

/* ---- time stamps ------------------------------------------------------------------- */

/**
 * sock_recv_timestamp - tell a program when a packet came
 * @msg: gets a control message, if the socket asked for one
 * @sk: the socket
 * @skb: the packet; borrowed
 *
 * Linux: the time of day; here the time since boot.
 *
 * Context: process.
 */
void sock_recv_timestamp(struct msghdr *msg, struct sock *sk, struct sk_buff *skb)
{
	u64 t_ns = skb_get_ktime(skb);
	struct __kernel_timeval t;

	if (!sock_flag(sk, SOCK_RCVTSTAMP)) {
		if (sock_flag(sk, SOCK_TIMESTAMP))
			sk->sk_stamp_ns = t_ns;
		return;
	}
	/* The packet came before anybody asked for stamps: now. */
	if (!t_ns)
		t_ns = ktime_get_ns();
	sk->sk_stamp_ns = t_ns;
	t.tv_sec = (s64)(t_ns / NSEC_PER_SEC);
	if (sock_flag(sk, SOCK_RCVTSTAMPNS)) {
		t.tv_usec = (s64)(t_ns % NSEC_PER_SEC);
		put_cmsg(msg, SOL_SOCKET, SO_TIMESTAMPNS, sizeof(t), &t);
	} else {
		t.tv_usec = (s64)(t_ns % NSEC_PER_SEC / NSEC_PER_USEC);
		put_cmsg(msg, SOL_SOCKET, SO_TIMESTAMP, sizeof(t), &t);
	}
}

/**
 * sock_enable_timestamp - stamp packets when they arrive, as long as this socket lives
 * @sk: the socket
 *
 * Nobody else pays for a reading of the clock a packet.
 *
 * Context: process.
 */
void sock_enable_timestamp(struct sock *sk)
{
	if (sock_flag(sk, SOCK_TIMESTAMP))
		return;
	sock_set_flag(sk, SOCK_TIMESTAMP);
	sock_net(sk)->core.netstamp_needed++;
}

/**
 * sock_gettstamp_ns - when the last packet came that was read
 * @sk: the socket; its packets are stamped from now on
 * @ns: the time since boot
 *
 * Context: process.
 * Return: 0, or -ENOENT: none was read since stamps are taken.
 */
int sock_gettstamp_ns(struct sock *sk, u64 *ns)
{
	sock_enable_timestamp(sk);
	if (!sk->sk_stamp_ns)
		return -ENOENT;
	*ns = sk->sk_stamp_ns;
	return 0;
}

/* ---- namespaces -------------------------------------------------------------------- */

static const struct ctl_table sock_sysctls[] = {
	CTL_NET("net.core.somaxconn", core.sysctl_somaxconn, CTL_TYPE_INT, 0, INT_MAX),
	CTL_NET("net.core.rmem_max", core.sysctl_rmem_max, CTL_TYPE_INT, SOCK_MIN_RCVBUF,
		INT_MAX),
	CTL_NET("net.core.wmem_max", core.sysctl_wmem_max, CTL_TYPE_INT, SOCK_MIN_SNDBUF,
		INT_MAX),
	CTL_NET("net.core.rmem_default", core.sysctl_rmem_default, CTL_TYPE_INT,
		SOCK_MIN_RCVBUF, INT_MAX),
	CTL_NET("net.core.wmem_default", core.sysctl_wmem_default, CTL_TYPE_INT,
		SOCK_MIN_SNDBUF, INT_MAX),
	CTL_NET("net.core.busy_poll", core.sysctl_busy_poll, CTL_TYPE_INT, 0, INT_MAX),
	CTL_NET("net.core.busy_read", core.sysctl_busy_read, CTL_TYPE_INT, 0, INT_MAX),
	CTL_NET("net.core.optmem_max", core.sysctl_optmem_max, CTL_TYPE_INT, 0, INT_MAX),
};

static int sock_net_init(struct net *net)
{
	INIT_LIST_HEAD(&net->core.sock_list);
	return 0;
}

/* Registered first, so this runs last: protocols have let go of theirs. */
static void sock_net_exit(struct net *net)
{
	WARN_ON(!list_empty(&net->core.sock_list));
}

static struct pernet_operations sock_net_ops __ro_after_init = {
	.init = sock_net_init,
	.exit = sock_net_exit,
};

static int __init sock_core_init(void)
{
	register_sysctl_table(sock_sysctls, ARRAY_SIZE(sock_sysctls));
	return register_pernet_subsys(&sock_net_ops);
}
subsys_initcall(sock_core_init);
