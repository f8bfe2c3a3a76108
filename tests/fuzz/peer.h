/* SPDX-License-Identifier: MIT */
/*
 * A host under test in a namespace of its own, and the peer on its wire, whose
 * segments an input chooses. The peer listens: it knows the numbers of each of
 * its connections from what the host sends, so that an input need not guess them
 * to get far.
 *
 * The peer's byte at sequence number n is fuzz_pattern(n), and so are the host's:
 * whatever the host sends or its programs read is compared.
 */
#ifndef TESTS_FUZZ_PEER_H
#define TESTS_FUZZ_PEER_H

#include <linux/byteorder.h>
#include <linux/errno.h>
#include <linux/fs.h>
#include <linux/ktime.h>
#include <linux/net.h>
#include <linux/sched.h>
#include <net/net_namespace.h>
#include <net/tcp.h>
#include <uapi/linux/in.h>

#include "fuzz.h"

#define PEER_HOST	0x0a000001U	/* 10.0.0.1, under test, /24 */
#define PEER_ADDR	0x0a000002U	/* 10.0.0.2 */
#define PEER_ROUTER	0x0a0000feU	/* 10.0.0.254 */
#define PEER_NOBODY	0x0a000063U	/* 10.0.0.99: answers no ARP */
#define PEER_PORT	80		/* where the host listens */
#define PEER_MTU	1500
#define PEER_CONNS	4
#define PEER_SENT	8

/* A connection as the peer sees it: host's address and ports in host order. */
struct peer_conn {
	u16 rport, lport;	/* the peer's, the host's */
	u32 rnxt;		/* next number of the peer */
	u32 racked;		/* what the host acknowledges */
	u32 lnxt;		/* next number of the host */
	u32 luna;		/* what the peer acknowledged last */
	u32 lts;		/* the host's last timestamp */
	bool ts;		/* it sends them */
	bool urg;		/* the peer used URG: reads have holes */
};

/* What the host sent last: Ethernet header first. */
struct peer_frame {
	unsigned int len;
	u8 data[PEER_MTU + 14];
};

struct peer {
	struct net *net, *saved_net;
	struct files_struct *saved_files;
	struct net_device *dev;
	struct peer_conn conn[PEER_CONNS];
	struct peer_frame sent[PEER_SENT];
	unsigned int nr_sent;	/* of all time; the last is sent[(nr_sent - 1) % …] */
	u16 ip_id;
	bool deaf;		/* ARP is not answered any more */
	bool merges;		/* frames wait for those that follow (GRO), until time passes */
	bool wild;		/* streams need not be the pattern */
};

extern struct peer peer;

/* The host comes up with its peer known; goes, with everything checked. Before it
 * goes an hour passes in which nobody answers: nothing may be left then. */
void peer_begin(void);
void peer_end(void);
/* Settings were changed: no promise of what an hour ends. */
void peer_end_now(void);

/* A frame arrives, all that follows is done and checked. */
void peer_frame(const void *frame, size_t len);
/* An IP packet from the peer: header made. @opts: @optlen bytes, a multiple of 4. */
void peer_ip(u8 protocol, u32 saddr, const void *payload, unsigned int len, const u8 *opts,
	     unsigned int optlen);
/* Time passes, all is checked. */
void peer_sleep(u64 ns);
/* host_run() and all checks. */
void peer_settle(void);

struct peer_segment {
	u32 seq, ack;
	u8 flags;		/* TCPHDR_* */
	u16 win, urg;
	u8 opts[40];
	unsigned int opts_len;	/* a multiple of 4 */
	unsigned int len;	/* bytes of the pattern */
	u8 ip_opts[40];
	unsigned int ip_opts_len;
};

/* The next segment that is right in each respect. */
void peer_good(const struct peer_conn *c, struct peer_segment *s, u8 flags, unsigned int len);
/* It arrives; a number beyond the last is remembered. */
void peer_send(struct peer_conn *c, const struct peer_segment *s);
/* A segment that the input chooses, near the right one. */
void peer_fuzzed(struct peer_conn *c, struct fuzz_input *in);
/* @len bytes of options, padded. */
void peer_option(struct peer_segment *s, const void *opt, unsigned int len);

/* Programs of the host. All descriptors are non-blocking. */
int peer_listen(u16 port, int backlog);
int peer_connect(struct peer_conn *c);		/* from a socket of its own; descriptor */
ssize_t peer_write(int fd, size_t len, unsigned int flags);	/* bytes of the pattern */
ssize_t peer_read(int fd, size_t len, unsigned int flags);	/* compared with it */
int peer_state(int fd);				/* TCP_* */
/* The socket behind a descriptor, borrowed; NULL. */
struct sock *peer_sock(int fd);

/* Brings @c to @state (TCP_*; TCP_NEW_SYN_RECV: half open) in a way that @variant
 * chooses. The program's descriptor, or -1 when it has none. */
int peer_reach(struct peer_conn *c, int state, u8 variant);

#endif
