/* SPDX-License-Identifier: MIT */
/*
 * struct sock: what every transport socket is, and struct proto: what a
 * transport does (SOCK-4). net/core/sock.c, stream.c, datagram.c.
 *
 *   struct sock ⊂ struct inet_sock ⊂ struct inet_connection_sock ⊂ struct tcp_sock
 *   struct sock_common ⊂ all of them, request_sock and inet_timewait_sock
 */
#ifndef NET_SOCK_H
#define NET_SOCK_H

#include <linux/err.h>
#include <linux/net.h>
#include <linux/list.h>
#include <linux/refcount.h>
#include <linux/skbuff.h>
#include <linux/slab.h>
#include <linux/timer.h>
#include <linux/types.h>
#include <linux/wait.h>
#include <net/dst.h>
#include <net/net_namespace.h>
#include <net/tcp_states.h>

struct proto;
struct request_sock;
struct sock;

/* What full sockets, request socks and timewait socks have in common, so that
 * one hash table holds all three. Fits a cache line (demultiplexing reads
 * nothing else). */
struct sock_common {
	__be32 skc_daddr;		/* foreign address */
	__be32 skc_rcv_saddr;		/* bound local address */
	__be16 skc_dport;
	u16 skc_num;			/* local port, host order */
	u32 skc_hash;			/* of the four above */
	int skc_bound_dev_if;		/* SO_BINDTODEVICE, 0: any */
	unsigned short skc_family;
	volatile unsigned char skc_state;	/* TCP_* */
	unsigned char skc_reuse:4, skc_reuseport:1, skc_net_refcnt:1;
	struct hlist_node skc_node;	/* ehash or listening hash; proto's list */
	struct hlist_node skc_bind_node;	/* inet_bind_bucket.owners */
	struct net *skc_net;
	struct proto *skc_prot;
	refcount_t skc_refcnt;
};

/* The per-socket lock: owned by process context, tried by softirq. */
typedef struct {
	spinlock_t slock;
	int owned;
	wait_queue_head_t wq;
} socket_lock_t;

#define SK_MEM_QUANTUM	4096	/* bytes a unit of sk_forward_alloc accounting */

#define RCV_SHUTDOWN	1
#define SEND_SHUTDOWN	2
#define SHUTDOWN_MASK	3

#define SOCK_SNDBUF_LOCK	1	/* sk_userlocks: set by SO_SNDBUF */
#define SOCK_RCVBUF_LOCK	2
#define SOCK_BINDADDR_LOCK	4
#define SOCK_BINDPORT_LOCK	8

enum sock_flags {			/* bits of sk_flags */
	SOCK_DEAD,
	SOCK_DONE,
	SOCK_URGINLINE,
	SOCK_KEEPOPEN,
	SOCK_LINGER,
	SOCK_DESTROY,
	SOCK_BROADCAST,
	SOCK_TIMESTAMP,
	SOCK_RCVTSTAMP,			/* SO_TIMESTAMP */
	SOCK_RCVTSTAMPNS,		/* SO_TIMESTAMPNS */
	SOCK_LOCALROUTE,		/* SO_DONTROUTE */
	SOCK_QUEUE_SHRUNK,
	SOCK_MEMALLOC,
	SOCK_USE_WRITE_QUEUE,
	SOCK_DBG,
	SOCK_RCU_FREE,
	SOCK_ZEROCOPY,			/* MSG_ZEROCOPY is heeded */
	SOCK_RXQ_OVFL_FLAG,
	SOCK_NO_CHECK_TX,
};

struct sock {
	struct sock_common __sk_common;
#define sk_daddr	__sk_common.skc_daddr
#define sk_rcv_saddr	__sk_common.skc_rcv_saddr
#define sk_dport	__sk_common.skc_dport
#define sk_num		__sk_common.skc_num
#define sk_hash		__sk_common.skc_hash
#define sk_bound_dev_if	__sk_common.skc_bound_dev_if
#define sk_family	__sk_common.skc_family
#define sk_state	__sk_common.skc_state
#define sk_reuse	__sk_common.skc_reuse
#define sk_reuseport	__sk_common.skc_reuseport
#define sk_node		__sk_common.skc_node
#define sk_bind_node	__sk_common.skc_bind_node
#define sk_net		__sk_common.skc_net
#define sk_prot		__sk_common.skc_prot
#define sk_refcnt	__sk_common.skc_refcnt

	/* rx, under the socket lock (sk_receive_queue also under its own) */
	socket_lock_t sk_lock;
	struct sk_buff_head sk_receive_queue;
	struct {				/* packets for a locked socket */
		unsigned int len;		/* bytes of truesize */
		struct sk_buff *head, *tail;
	} sk_backlog;
	int sk_rmem_alloc;			/* bytes of truesize queued for reading */
	int sk_forward_alloc;			/* bytes taken from the protocol's pool, unused */
	int sk_rcvbuf;				/* limit, bytes of truesize (doubled SO_RCVBUF) */
	int sk_rcvlowat;			/* bytes */
	u32 sk_drops;
	struct dst_entry *sk_rx_dst;		/* for early demux */
	int sk_rx_dst_ifindex;
	u32 sk_peek_off;

	/* tx */
	int sk_wmem_queued;			/* bytes of truesize in the write queues */
	int sk_wmem_alloc;			/* truesize below us: qdisc, ring; + 1 alive */
	int sk_sndbuf;				/* limit, bytes of truesize */
	union {
		struct sk_buff *sk_send_head;
		struct rb_root tcp_rtx_queue;	/* sent, not acknowledged, by seq */
	};
	struct sk_buff_head sk_write_queue;	/* not sent yet */
	struct dst_entry *sk_dst_cache;
	u8 sk_dst_pending_confirm;
	u32 sk_pacing_status;			/* SK_PACING_* */
	u64 sk_pacing_rate;			/* bytes a second; ~0 none */
	u64 sk_max_pacing_rate;
	u32 sk_gso_max_size;			/* bytes */
	u16 sk_gso_max_segs;
	netdev_features_t sk_route_caps;
	struct timer_list sk_timer;		/* tcp: keepalive, and SYN-ACK's of old */

	/* options and state */
	unsigned long sk_flags;			/* enum sock_flags bits */
	u8 sk_shutdown;				/* *_SHUTDOWN */
	u8 sk_userlocks;			/* SOCK_*_LOCK */
	u8 sk_no_check_tx;
	u8 sk_tos_set;
	u16 sk_type;				/* SOCK_STREAM … */
	u16 sk_protocol;			/* IPPROTO_* */
	u32 sk_priority, sk_mark;
	int sk_err;				/* pending error, positive errno; SO_ERROR */
	int sk_err_soft;			/* reported only if the connection fails */
	u32 sk_ack_backlog;			/* accept queue length */
	u32 sk_max_ack_backlog;
	s64 sk_rcvtimeo, sk_sndtimeo;		/* ns; MAX_SCHEDULE_TIMEOUT: none */
	u64 sk_lingertime_ns;
	u64 sk_stamp_ns;			/* of the last packet read */
	u64 sk_cookie;
	int sk_omem_alloc;			/* truesize of what tells of writes by reference */
	u32 sk_zckey;				/* number of the next of these */
	u32 sk_zcopy_calls;			/* of these that the program has not been told of */
	unsigned int sk_napi_id;		/* that its packets come from; 0: none */
	unsigned int sk_ll_usec;		/* SO_BUSY_POLL */
	u16 sk_busy_poll_budget;		/* SO_BUSY_POLL_BUDGET; 0: the usual */
	struct sk_buff_head sk_error_queue;	/* IP_RECVERR */
	struct list_head sk_net_node;		/* of net->core.sock_list: every full socket */

	struct socket *sk_socket;		/* NULL: orphan */
	struct socket_wq *sk_wq;

	/* Callbacks. Softirq or process with the socket locked. */
	void (*sk_state_change)(struct sock *sk);
	void (*sk_data_ready)(struct sock *sk);
	void (*sk_write_space)(struct sock *sk);
	void (*sk_error_report)(struct sock *sk);
	int (*sk_backlog_rcv)(struct sock *sk, struct sk_buff *skb);	/* consumes */
	void (*sk_destruct)(struct sock *sk);
	void *sk_user_data;
};

#define SK_PACING_NONE		0
#define SK_PACING_NEEDED	1
#define SK_PACING_FQ		2

struct inet_hashinfo;
struct udp_table;
struct request_sock_ops;
struct timewait_sock_ops;
struct flowi4;

/* A transport protocol. Process context and socket locked unless said. */
struct proto {
	const char *name;
	unsigned int obj_size;			/* bytes of its socket struct */
	void (*close)(struct sock *sk, s64 timeout_ns);	/* not locked */
	int (*pre_connect)(struct sock *sk, struct sockaddr *uaddr, int addr_len);
	int (*connect)(struct sock *sk, struct sockaddr *uaddr, int addr_len);
	int (*disconnect)(struct sock *sk, int flags);
	/* not locked */
	struct sock *(*accept)(struct sock *sk, int flags, int *err, bool kern);
	int (*ioctl)(struct sock *sk, int cmd, unsigned long arg);	/* not locked */
	int (*init)(struct sock *sk);
	void (*destroy)(struct sock *sk);
	void (*shutdown)(struct sock *sk, int how);
	int (*setsockopt)(struct sock *sk, int level, int optname,
			  const void __user *optval, unsigned int optlen);	/* not locked */
	int (*getsockopt)(struct sock *sk, int level, int optname,
			  char __user *optval, int __user *optlen);	/* not locked */
	int (*sendmsg)(struct sock *sk, struct msghdr *msg, size_t len);	/* not locked */
	int (*recvmsg)(struct sock *sk, struct msghdr *msg, size_t len, int flags,
		       int *addr_len);						/* not locked */
	int (*bind)(struct sock *sk, struct sockaddr *addr, int addr_len);
	int (*backlog_rcv)(struct sock *sk, struct sk_buff *skb);	/* consumes */
	void (*release_cb)(struct sock *sk);	/* release_sock(), lock still held */
	int (*hash)(struct sock *sk);
	void (*unhash)(struct sock *sk);
	int (*get_port)(struct sock *sk, unsigned short snum);	/* 0, or 1 when in use */
	void (*put_port)(struct sock *sk);
	bool (*stream_memory_free)(const struct sock *sk, int wake);
	void (*enter_memory_pressure)(struct sock *sk);
	void (*leave_memory_pressure)(struct sock *sk);
	int (*diag_destroy)(struct sock *sk, int err);
	void (*keepalive)(struct sock *sk, int valbool);	/* SO_KEEPALIVE; NULL: none */
	bool no_autobind;
	unsigned int max_header;		/* bytes of headroom all headers need */
	size_t sysctl_mem_off;			/* of int[3] in struct net; 0: not accounted */
	size_t sysctl_rmem_off, sysctl_wmem_off;	/* of int[3] / int */
	size_t memory_off;			/* of struct tcp_mem_state in struct net */
	struct kmem_cache *slab;		/* made by proto_register() */
	struct request_sock_ops *rsk_prot;
	struct timewait_sock_ops *twsk_prot;
	struct list_head node;			/* of all protos */
	unsigned int inuse_idx;			/* in net->core.prot_inuse; proto_register() */
};

static inline struct net *sock_net(const struct sock *sk)
{
	return sk->sk_net;
}

static inline bool sock_flag(const struct sock *sk, enum sock_flags flag)
{
	return sk->sk_flags >> flag & 1;
}

static inline void sock_set_flag(struct sock *sk, enum sock_flags flag)
{
	sk->sk_flags |= 1UL << flag;
}

static inline void sock_reset_flag(struct sock *sk, enum sock_flags flag)
{
	sk->sk_flags &= ~(1UL << flag);
}

static inline void sock_valbool_flag(struct sock *sk, enum sock_flags bit, int valbool)
{
	if (valbool)
		sock_set_flag(sk, bit);
	else
		sock_reset_flag(sk, bit);
}

/* A struct sock in full, not a request or timewait sock. */
static inline bool sk_fullsock(const struct sock *sk)
{
	return (1 << sk->sk_state) & ~(TCPF_TIME_WAIT | TCPF_NEW_SYN_RECV);
}

static inline wait_queue_head_t *sk_sleep(struct sock *sk)
{
	return &sk->sk_wq->wait;
}

static inline bool sock_owned_by_user(const struct sock *sk)
{
	return sk->sk_lock.owned;
}

static inline void sock_hold(struct sock *sk)
{
	refcount_inc(&sk->sk_refcnt);
}

/* ---- net/core/sock.c ----------------------------------------------------- */

int proto_register(struct proto *prot, int alloc_slab);
/* A socket with one reference, zeroed, sk_prot set; NULL on no memory. */
struct sock *sk_alloc(struct net *net, int family, gfp_t gfp, struct proto *prot, int kern);
struct sock *sk_clone_lock(const struct sock *sk, gfp_t gfp);	/* bh-locked, refcnt 2 */
void sk_free(struct sock *sk);
/* A destructor's end: @len bytes less in sk_wmem_alloc, which may end @sk. */
void sk_wmem_put(struct sock *sk, unsigned int len);
/* A packet of ours that is being made has grown by @len bytes of truesize. */
static inline void sk_wmem_add(struct sock *sk, unsigned int len)
{
	(void)__atomic_add_fetch(&sk->sk_wmem_alloc, (int)len, __ATOMIC_RELAXED);
}
void sock_put(struct sock *sk);
void sock_init_data(struct socket *sock, struct sock *sk);
void sk_common_release(struct sock *sk);
void sk_set_socket(struct sock *sk, struct socket *sock);
void sock_graft(struct sock *sk, struct socket *parent);
void sock_orphan(struct sock *sk);

void lock_sock(struct sock *sk);		/* may sleep */
void release_sock(struct sock *sk);		/* works off the backlog */
bool __sk_flush_backlog(struct sock *sk);
#define bh_lock_sock(sk)	spin_lock(&(sk)->sk_lock.slock)
#define bh_unlock_sock(sk)	spin_unlock(&(sk)->sk_lock.slock)
#define bh_lock_sock_nested(sk)	spin_lock(&(sk)->sk_lock.slock)
/* 0, or -ENOBUFS when the backlog is over @limit: the skb is then still the caller's. */
int __must_check sk_add_backlog(struct sock *sk, struct sk_buff *skb, unsigned int limit);
int sk_backlog_rcv(struct sock *sk, struct sk_buff *skb);

void sock_wfree(struct sk_buff *skb);
void sock_rfree(struct sk_buff *skb);
void skb_set_owner_w(struct sk_buff *skb, struct sock *sk);
void skb_set_owner_r(struct sk_buff *skb, struct sock *sk);
struct sk_buff *sock_alloc_send_skb(struct sock *sk, unsigned long size, int noblock, int *errcode);
struct sk_buff *sock_wmalloc(struct sock *sk, unsigned long size, int force, gfp_t gfp);
/* May its packets be larger than a frame? */
static inline bool sk_can_gso(const struct sock *sk)
{
	return (sk->sk_route_caps & NETIF_F_GSO) != 0;
}

/* The block that data to send is copied to: one for all sockets of the namespace,
 * so that those that send nothing hold none; and another one for softirqs, which come
 * while a program's data is half copied. Linux: current->task_frag, sk->sk_frag. */
static inline struct page_frag *sk_page_frag(struct sock *sk)
{
	return &sock_net(sk)->core.page_frag[in_serving_softirq() != 0];
}
bool sk_page_frag_refill(struct sock *sk, struct page_frag *pfrag);

/* Protocol memory (tcp_mem, udp_mem). */
int __sk_mem_schedule(struct sock *sk, int size, int kind);
void __sk_mem_reclaim(struct sock *sk, int amount);
void sk_mem_reclaim(struct sock *sk);
bool sk_wmem_schedule(struct sock *sk, int size);
bool sk_rmem_schedule(struct sock *sk, struct sk_buff *skb, int size);
/* Takes @size from the pool whatever the limits say: progress must be possible. */
void sk_forced_mem_schedule(struct sock *sk, int size);
void sk_mem_charge(struct sock *sk, int size);
void sk_mem_uncharge(struct sock *sk, int size);
bool sk_under_memory_pressure(const struct sock *sk);
long sk_prot_mem_limits(const struct sock *sk, int index);	/* pages */
s64 sk_memory_allocated(const struct sock *sk);			/* pages */
#define SK_MEM_SEND 0
#define SK_MEM_RECV 1

/* 0, or negative when the receive buffer is full: the skb is then still the caller's. */
int sock_queue_rcv_skb_reason(struct sock *sk, struct sk_buff *skb, enum skb_drop_reason *reason);
int __sock_queue_rcv_skb(struct sock *sk, struct sk_buff *skb);

void sk_dst_set(struct sock *sk, struct dst_entry *dst);	/* takes the reference */
void __sk_dst_set(struct sock *sk, struct dst_entry *dst);
void __sk_dst_reset(struct sock *sk);
void sk_dst_reset(struct sock *sk);
struct dst_entry *__sk_dst_get(const struct sock *sk);		/* borrowed */
struct dst_entry *sk_dst_get(const struct sock *sk);		/* a reference */
struct dst_entry *__sk_dst_check(struct sock *sk, u32 cookie);	/* borrowed */
struct dst_entry *sk_dst_check(struct sock *sk, u32 cookie);	/* a reference */
void sk_setup_caps(struct sock *sk, struct dst_entry *dst);

void sk_reset_timer(struct sock *sk, struct timer_list *timer, u64 expires_ns);	/* holds */
void sk_stop_timer(struct sock *sk, struct timer_list *timer);			/* puts */

int sock_error(struct sock *sk);	/* takes sk_err: 0 or -errno */
s64 sock_rcvtimeo(const struct sock *sk, bool noblock);
s64 sock_sndtimeo(const struct sock *sk, bool noblock);
int sock_rcvlowat(const struct sock *sk, int waitall, int len);
int sock_intr_errno(s64 timeo);		/* -ERESTARTSYS is -EINTR here */
int sk_wait_data(struct sock *sk, s64 *timeo, const struct sk_buff *skb);
/* Unlocks the socket, sleeps until @condition or *@timeo is over, locks again. */
#define sk_wait_event(sk, timeo, condition, wait) ({			\
	int __rc;							\
	release_sock(sk);						\
	__rc = !!(condition);						\
	if (!__rc)							\
		*(timeo) = wait_woken(wait, TASK_INTERRUPTIBLE, *(timeo)); \
	lock_sock(sk);							\
	__rc = !!(condition);						\
	__rc; })

void sock_def_readable(struct sock *sk);
void sock_def_write_space(struct sock *sk);
void sock_def_wakeup(struct sock *sk);
void sock_def_error_report(struct sock *sk);
#define SOCK_WAKE_IO	0
#define SOCK_WAKE_WAITD	1
#define SOCK_WAKE_SPACE	2
#define SOCK_WAKE_URG	3
/* poll/epoll are woken by the callbacks */
void sk_wake_async(const struct sock *sk, int how, int band);

int sock_setsockopt(struct socket *sock, int level, int op, const void __user *optval,
		    unsigned int optlen);
int sock_getsockopt(struct socket *sock, int level, int op, char __user *optval,
		    int __user *optlen);
int sock_common_getsockopt(struct socket *sock, int level, int optname, char __user *optval,
			   int __user *optlen);
int sock_common_recvmsg(struct socket *sock, struct msghdr *msg, size_t size, int flags);
int sock_common_setsockopt(struct socket *sock, int level, int optname, const void __user *optval,
			   unsigned int optlen);
int sock_no_listen(struct socket *sock, int backlog);
int sock_no_accept(struct socket *sock, struct socket *newsock, int flags, bool kern);
void sock_recv_timestamp(struct msghdr *msg, struct sock *sk, struct sk_buff *skb);
void sock_prot_inuse_add(struct net *net, const struct proto *prot, int val);
int sock_prot_inuse_get(const struct net *net, const struct proto *prot);
int sock_gettstamp_ns(struct sock *sk, u64 *ns);
/* From now on packets are stamped when they arrive. */
void sock_enable_timestamp(struct sock *sk);

/* ---- net/core/stream.c ---------------------------------------------------- */

int sk_stream_wait_connect(struct sock *sk, s64 *timeo_p);
int sk_stream_wait_memory(struct sock *sk, s64 *timeo_p);
void sk_stream_wait_close(struct sock *sk, s64 timeo_p);
int sk_stream_error(struct sock *sk, int flags, int err);
void sk_stream_kill_queues(struct sock *sk);
void sk_stream_write_space(struct sock *sk);
static inline int sk_stream_min_wspace(const struct sock *sk)
{
	return sk->sk_wmem_queued >> 1;
}
static inline int sk_stream_wspace(const struct sock *sk)
{
	return sk->sk_sndbuf - sk->sk_wmem_queued;
}
static inline bool __sk_stream_memory_free(const struct sock *sk, int wake)
{
	if (sk->sk_wmem_queued >= sk->sk_sndbuf)
		return false;
	return sk->sk_prot->stream_memory_free ?
		sk->sk_prot->stream_memory_free(sk, wake) : true;
}
static inline bool sk_stream_memory_free(const struct sock *sk)
{
	return __sk_stream_memory_free(sk, 0);
}
static inline bool __sk_stream_is_writeable(const struct sock *sk, int wake)
{
	return sk_stream_wspace(sk) >= sk_stream_min_wspace(sk) &&
		__sk_stream_memory_free(sk, wake);
}
static inline bool sk_stream_is_writeable(const struct sock *sk)
{
	return __sk_stream_is_writeable(sk, 0);
}

/* ---- net/core/datagram.c -------------------------------------------------- */

struct sk_buff *__skb_recv_datagram(struct sock *sk, struct sk_buff_head *q,
				    unsigned int flags, int *off, int *err);
struct sk_buff *skb_recv_datagram(struct sock *sk, unsigned int flags, int *err);
void skb_free_datagram(struct sock *sk, struct sk_buff *skb);
u32 datagram_poll(struct file *file, struct socket *sock, poll_table *wait);

#define SOCK_MIN_SNDBUF	4608
#define SOCK_MIN_RCVBUF	2304

/* All of a poll's sockets: the wait queue of @sock. */
static inline void sock_poll_wait(struct file *filp, struct socket *sock, poll_table *p)
{
	poll_wait(filp, &sock->wq.wait, p);
}

#endif
