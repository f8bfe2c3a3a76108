/* SPDX-License-Identifier: MIT */
/*
 * request_sock: a half-open connection, small, in the established hash until
 * the third ACK makes a full socket of it (TCP-13, TCP-14).
 */
#ifndef NET_REQUEST_SOCK_H
#define NET_REQUEST_SOCK_H

#include <net/sock.h>

struct request_sock;
struct request_sock_queue;

/* The headers of a SYN, for TCP_SAVED_SYN. */
struct saved_syn {
	u32 len;
	u8 data[];
};

struct request_sock_ops {
	int family;
	unsigned int obj_size;
	struct kmem_cache *slab;
	const char *slab_name;
	int (*rtx_syn_ack)(const struct sock *sk, struct request_sock *req);
	void (*send_ack)(const struct sock *sk, struct sk_buff *skb, struct request_sock *req);
	void (*send_reset)(const struct sock *sk, struct sk_buff *skb);
	void (*syn_ack_timeout)(const struct request_sock *req);
};

struct request_sock {
	struct sock_common __req_common;	/* state TCP_NEW_SYN_RECV */
#define rsk_refcnt	__req_common.skc_refcnt
#define rsk_hash	__req_common.skc_hash
	struct sock *rsk_listener;		/* holds a reference */
	struct request_sock *dl_next;		/* accept queue */
	u16 mss;				/* peer's, bytes */
	u8 num_retrans;				/* SYN-ACKs sent again */
	u8 syncookie:1, num_timeout:7;
	u32 ts_recent;
	struct timer_list rsk_timer;		/* SYN-ACK retransmission */
	u64 timeout_ns;				/* first interval, then doubled */
	const struct request_sock_ops *rsk_ops;
	struct sock *sk;			/* the child, once made */
	u32 rsk_rcv_wnd, rsk_window_clamp;
	struct saved_syn *saved_syn;		/* TCP_SAVE_SYN, or NULL */
};

static inline struct request_sock *inet_reqsk(const struct sock *sk)
{
	return (struct request_sock *)(uintptr_t)sk;
}

static inline struct sock *req_to_sk(struct request_sock *req)
{
	return (struct sock *)req;
}

struct tcp_fastopen_context;

/* Fast Open (RFC 7413) of a listener. */
struct fastopen_queue {
	struct request_sock *rskq_rst_head, *rskq_rst_tail;	/* reset: count a minute longer */
	int qlen;			/* children in their handshake, and these */
	int max_qlen;			/* TCP_FASTOPEN; 0: off */
	struct tcp_fastopen_context *ctx;	/* own keys, or NULL */
};

/* Accept queue and counts of a listener. */
struct request_sock_queue {
	spinlock_t rskq_lock;
	u8 rskq_defer_accept;		/* SYN-ACK retransmissions to wait for data */
	bool synflood_warned;
	int qlen;			/* half-open */
	int young;			/* of these, never retransmitted */
	struct request_sock *rskq_accept_head, *rskq_accept_tail;
	struct fastopen_queue fastopenq;
};

static inline bool reqsk_queue_empty(const struct request_sock_queue *queue)
{
	return queue->rskq_accept_head == NULL;
}

static inline int reqsk_queue_len(const struct request_sock_queue *queue)
{
	return queue->qlen;
}

/* net/core/request_sock.c */
void reqsk_queue_alloc(struct request_sock_queue *queue);
struct request_sock *reqsk_alloc(const struct request_sock_ops *ops, struct sock *listener,
				 bool attach);
void reqsk_free(struct request_sock *req);	/* refcount is 0 */
void reqsk_put(struct request_sock *req);
struct request_sock *reqsk_queue_remove(struct request_sock_queue *queue, struct sock *parent);

#endif
