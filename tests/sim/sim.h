/* SPDX-License-Identifier: MIT */
/*
 * Two hosts on a simulated link, and streams between them that a test pumps:
 * every byte is compared, and standing still is an error.
 */
#ifndef TESTS_SIM_H
#define TESTS_SIM_H

#include <linux/ktime.h>
#include <net/net_namespace.h>

#include "../host/simlink.h"
#include "../unit/test.h"

struct files_struct;

struct sim {
	struct net *net[2];		/* 10.0.0.1 and 10.0.0.2 */
	struct simlink *link;
	struct net *saved_net;
	struct files_struct *saved_files;
};

/* @from: what each side's frames meet; NULL: a perfect cable. */
void sim_begin(struct sim *s, const struct simlink_config *from);
/* Lets all connections end; nothing may be left, packets must be conserved. */
void sim_end(struct sim *s);

/* One way of a connection. */
struct sim_stream {
	int tx, rx;			/* descriptors; -1: closed */
	u32 id;				/* which pattern */
	u64 total, sent, received;	/* bytes */
	bool fin_sent, done;
};

int sim_socket(const struct sim *s, int side);
int sim_listen(const struct sim *s, int side, u16 port, int backlog);
/* A connection from @side to the other's @port under way; its descriptor. */
int sim_connect(const struct sim *s, int side, u16 port);
/* Runs until the listener has one to give; its descriptor. */
int sim_accept(const struct sim *s, int listener);

void sim_stream_init(struct sim_stream *st, int tx, int rx, u32 id, u64 total);
/* Writes and reads what goes now. true: something did. */
bool sim_pump(struct sim_stream *st);
/* Until all are done; false, and a failure, when nothing moves for ten minutes. */
bool sim_run(struct sim_stream *st, unsigned int n);
/* To the next thing that happens by itself. false: there is none. */
bool sim_step(void);

#endif
