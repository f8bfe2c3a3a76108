/* SPDX-License-Identifier: MIT */
/*
 * Two hosts on a simulated link, and streams between them that a test pumps:
 * every byte is compared, and standing still is an error (stall.c says when).
 */
#ifndef TESTS_SIM_H
#define TESTS_SIM_H

#include <linux/ktime.h>
#include <net/net_namespace.h>

#include "../host/simlink.h"
#include "../unit/test.h"
#include "watch.h"

struct files_struct;
struct sock;

struct sim {
	struct net *net[2];		/* 10.0.0.1 and 10.0.0.2 */
	struct simlink *link;
	struct sim_watch watch;
	u64 rtt_ns;			/* of an empty link, and of the longest detour */
	unsigned int turns;		/* events so far */
	struct net *saved_net;
	struct files_struct *saved_files;
};

/* @from: what each side's frames meet; NULL: a perfect cable. One at a time. */
void sim_begin(struct sim *s, const struct simlink_config *from);
/* Lets all connections end; nothing may be left, packets must be conserved. */
void sim_end(struct sim *s);

/* One way of a connection. */
struct sim_stream {
	int tx, rx;			/* descriptors; -1: not yet, or closed */
	u32 id;				/* which pattern */
	u64 total, sent, received;	/* bytes */
	bool fin_sent, done;
	bool keep_open;			/* no FIN: done when @total has arrived */
	/* A slow reader: @read_chunk bytes at most every @read_every_ns. 0: all, at once. */
	u64 read_every_ns, read_chunk, next_read_ns;
	u64 moved_ns, done_ns;		/* when bytes moved last; when it was done */
	u64 began_ns;
};

int sim_socket(const struct sim *s, int side);
int sim_listen(const struct sim *s, int side, u16 port, int backlog);
/* A connection from @side to the other's @port under way; its descriptor. */
int sim_connect(const struct sim *s, int side, u16 port);
int sim_connect_fd(const struct sim *s, int fd, int side, u16 port);
/* Runs until the listener has one to give; its descriptor. */
int sim_accept(const struct sim *s, int listener);
/* A connection that is complete; -EAGAIN: there is none yet. */
int sim_try_accept(int listener);
/* Side 0 connects to side 1: both descriptors. */
void sim_pair(const struct sim *s, u16 port, int fd[2]);
/* The local port of a socket, or its peer's; host order. */
u16 sim_port(int fd, bool peers);
struct sock *sim_sock(int fd);
/* An integer option of a socket. */
int sim_setsockopt(int fd, int level, int name, int value);

void sim_stream_init(struct sim_stream *st, int tx, int rx, u32 id, u64 total);
/* Writes and reads what goes now. true: something did. */
bool sim_pump(struct sim_stream *st);
/* All of them pump, nobody may be stuck; then on to what happens next, but not
 * beyond @not_after. false, and a failure: they stand still. */
bool sim_turn(struct sim_stream *st, unsigned int n, u64 not_after);
/* Until all are done; false, and a failure, when they stand still. */
bool sim_run(struct sim_stream *st, unsigned int n);
/* To the next thing that happens by itself. false: there is none. */
bool sim_step(void);

/*
 * stall.c: why @sk must not be as it is when everything that can run now has
 * run; NULL: it may wait. @reads: its program has read all there is.
 */
const char *sim_stuck(struct sock *sk, bool reads);
/* The longest that @sk may be silent: its timers'. */
u64 sim_patience(const struct sock *sk);

/* table.c: is the line in the table, or to be written to it? */
struct sim_table {
	const char *begin, *end, *name;
};
extern const struct sim_table sim_golden, sim_matrix, sim_short_flows;
void sim_table_line(const struct sim_table *table, const char *line);

#endif
