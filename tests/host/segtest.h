/* SPDX-License-Identifier: MIT */
/*
 * A host under test whose peer is the test: segments are written as text and
 * expected as text, in the manner of packetdrill, on a virtual clock.
 *
 *	seg_begin();
 *	seg_passive(&c, "mss 1000,sackOK", 32768);
 *	seg_in(&c, "P. 1:1001(1000) ack 1");
 *	seg_out(&c, ". 1:1(0) ack 1001");
 *	seg_end();
 *
 * A segment is FLAGS SEQ:END(LEN) and then, in any order, "ack N", "win N",
 * "urg N", "ecn N", "<OPTIONS>". FLAGS are of S F R P . U E W ("." is ACK), or "-";
 * with a "p" it does not matter whether PSH is set.
 * Numbers are relative: SEQ to its sender's initial sequence number, ack to that
 * of the other side, so that a SYN is 0 and the first byte is 1. LEN is payload;
 * END is SEQ + LEN, whatever SYN and FIN take. "ecn" is the field of the IP header:
 * 0 no ECN, 1 and 2 ECT, 3 CE.
 *
 * OPTIONS, separated by commas: "mss N", "wscale N", "sackOK", "nop", "eol",
 * "sack A:B C:D" (numbers of the other side's data), "TS val N ecr N", "raw HEX".
 * Of timestamps of the host under test, 0 is the first one seen; "val *" and
 * "ecr *" match anything. What is sent is padded with zeros to a multiple of four.
 *
 * What a segment that is expected does not name is: win: anything; urg, ecn: 0; options:
 * none ("<*>": anything). What one that arrives does not name is: win: as in
 * the handshake; ack: 0.
 *
 * Payload is a pattern that depends on its place in the stream, so every byte
 * that is sent or read is compared.
 */
#ifndef TESTS_SEGTEST_H
#define TESTS_SEGTEST_H

#include <linux/byteorder.h>
#include <linux/errno.h>
#include <linux/ktime.h>
#include <linux/net.h>
#include <net/net_namespace.h>
#include <net/tcp.h>
#include <uapi/linux/tcp.h>

#include "../unit/test.h"

#define SEG_HOST	0x0a000001U	/* 10.0.0.1, under test, /24 */
#define SEG_PEER	0x0a000002U	/* 10.0.0.2 */
#define SEG_ROUTER	0x0a0000feU	/* 10.0.0.254 */
#define SEG_NOBODY	0x0a000063U	/* 10.0.0.99: answers no ARP */
#define SEG_PORT	8080
#define SEG_MTU		1500
#define SEG_FRAME_MAX	(SEG_MTU + 14)

#define seg_ms(n)	((n) * NSEC_PER_MSEC)
#define seg_s(n)	((n) * NSEC_PER_SEC)

/* One connection, as the peer sees it. */
struct seg_conn {
	u32 raddr;		/* the peer's address, host order */
	u16 rport, lport;	/* host order */
	u32 risn;		/* the peer's initial sequence number */
	u32 lisn;		/* the host's, from its first SYN */
	bool lisn_known;
	u32 ts_base;		/* the host's first timestamp */
	bool ts_known;
	u16 win;		/* window field of segments that name none */
	int fd;			/* the socket, -1: none */
	u64 written, read;	/* bytes of the two streams */
};

/* The namespace under test. */
extern struct net *seg_net;

void seg_begin(void);
/* Nothing unread on the wire, packets conserved, sockets closed, namespace
 * destroyed; the runner then finds leaks. */
void seg_end(void);

/* A connection that is none yet; each gets a peer port of its own. */
void seg_conn_init(struct seg_conn *c);
/* The host's initial sequence number of its next SYN to (from) this peer will be
 * @isn: the clock moves until it is. @c->lport must be known. */
void seg_set_isn(struct seg_conn *c, u32 isn);

/* Sockets; all are non-blocking, and closed by seg_end(). */
int seg_socket(void);
int seg_listen(u16 port, int backlog);
int seg_bind(int fd, u16 port);
int seg_connect_start(struct seg_conn *c);	/* connect()'s result; c->fd set */
int seg_close(struct seg_conn *c);
int seg_setsockopt(int fd, int level, int name, int val);
int seg_getsockopt(int fd, int level, int name);	/* value or -errno */
int seg_error(int fd);				/* SO_ERROR */
int seg_poll(int fd);				/* POLL* that hold */
int seg_state(int fd);				/* TCP_* */
void seg_info(int fd, struct tcp_info *info);
void seg_hold(const struct seg_conn *c);		/* a thread has the socket locked */
void seg_release(void);
struct sock *seg_sock(int fd);			/* what stands behind it; NULL: nothing */
unsigned int seg_count(int state);		/* endpoints in a state */
/* The next @len bytes of the stream; results as of send() and recv(). Everything
 * read is compared. */
ssize_t seg_write(struct seg_conn *c, size_t len, int flags);
ssize_t seg_read(struct seg_conn *c, size_t len);
ssize_t seg_recv(struct seg_conn *c, void *buf, size_t len, int flags);

/* An established connection: accepted, or connected. @opts are the peer's. */
void seg_passive(struct seg_conn *c, const char *opts, u16 win);
void seg_active(struct seg_conn *c, const char *opts, u16 win);
/* As seg_passive(), with a round trip time of @rtt (ns) seen in the handshake. */
void seg_passive_rtt(struct seg_conn *c, const char *opts, u16 win, u64 rtt);
/* The three segments alone, with a listener that is there; no accept(). */
void seg_handshake(struct seg_conn *c, const char *opts, u16 win);
int seg_accept(int listener, struct seg_conn *c);

/* Time. seg_quiet(): and nothing is sent. */
void seg_sleep(u64 ns);
#define seg_quiet(ns) __seg_quiet(__FILE__, __LINE__, ns)
void __seg_quiet(const char *file, int line, u64 ns);

/* Segments. */
void seg_in(struct seg_conn *c, const char *fmt, ...) __printf(2, 3);
#define seg_out(c, ...) __seg_out(__FILE__, __LINE__, c, __VA_ARGS__)
void __seg_out(const char *file, int line, struct seg_conn *c, const char *fmt, ...)
	__printf(4, 5);
/* It comes between @lo and @hi nanoseconds from now, nothing before it. */
#define seg_out_at(c, lo, hi, ...) \
	__seg_out_at(__FILE__, __LINE__, c, lo, hi, __VA_ARGS__)
void __seg_out_at(const char *file, int line, struct seg_conn *c, u64 lo, u64 hi,
		  const char *fmt, ...) __printf(6, 7);
/* Nothing (more) was sent. */
#define seg_none() __seg_none(__FILE__, __LINE__)
void __seg_none(const char *file, int line);
/* The next segment that was sent, as numbers; false: none. */
struct seg_sent {
	u8 flags;		/* TCPHDR_* */
	u32 seq, ack;		/* relative; ack 0 without ACK */
	u32 len;		/* payload */
	u8 tos, ttl;
	u16 id;			/* IP identification */
	u32 edge;		/* ack and the window field: the right edge it offers */
};
bool seg_take(struct seg_conn *c, struct seg_sent *sent);
/* Throws away what was sent; returns how many segments. */
unsigned int seg_flush(void);

/* Frames: built without being sent, changed, and then sent as they are. */
size_t seg_build(struct seg_conn *c, u8 *frame, const char *fmt, ...) __printf(3, 4);
void seg_fix_checksum(u8 *frame, size_t len);
void seg_inject(const void *frame, size_t len);
static inline struct iphdr *seg_frame_ip(u8 *frame) { return (struct iphdr *)(frame + 14); }
static inline struct tcphdr *seg_frame_tcp(u8 *frame)
{
	return (struct tcphdr *)(frame + 14 + 20);
}

/* An ICMP error about a segment of the host with sequence number @seq. */
void seg_icmp(struct seg_conn *c, u8 type, u8 code, u32 info, u32 seq);
/* The same, that quotes @quoted bytes of the segment only: 8 is all that others have. */
void seg_icmp_cut(struct seg_conn *c, u8 type, u8 code, u32 info, u32 seq, size_t quoted);

#define seg_mib(name)	(seg_net->mib.net[LINUX_MIB_##name])
#define seg_tcp_mib(name) (seg_net->mib.tcp[TCP_MIB_##name])
#define seg_drops(name)	(seg_net->drops[SKB_DROP_REASON_##name])
#define seg_sysctl(name) (seg_net->ipv4.sysctl_##name)

/* Byte @off of a stream. */
static inline u8 seg_pattern(u64 off)
{
	return (u8)(off * 7 + (off >> 8) * 13 + (off >> 16) + 3);
}

#endif
