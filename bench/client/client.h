/* SPDX-License-Identifier: MIT */
/*
 * What the rows of the client share: a run's clock and counts, sockets.
 */
#ifndef BENCH_CLIENT_H
#define BENCH_CLIENT_H

#include <netinet/in.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

#define NS_PER_US	1000ULL
#define NS_PER_MS	1000000ULL
#define NS_PER_S	1000000000ULL

/* Round trip times by power of two, each cut into 16: within 6 % of the truth. */
#define LATENCY_SUB	16
#define LATENCY_BUCKETS	(40 * LATENCY_SUB)

/* CPU time used so far, nanoseconds. */
struct cpu_times {
	uint64_t vcpu_ns;	/* QEMU's thread that runs the guest */
	uint64_t qemu_ns;	/* all of QEMU's threads */
	uint64_t client_ns;	/* this process */
};

enum phase { WARMING, MEASURING, DONE };

/* One row's run: first a while that does not count, then a slice that does. */
struct run {
	const char *row;
	struct sockaddr_in peer;	/* port 0: the row sets it */
	uint64_t warm_ns, slice_ns;	/* how long */
	pid_t qemu, vcpu;		/* whose CPU time is told; 0: nobody's */

	enum phase phase;
	uint64_t now_ns;		/* of the last run_goes_on() */
	uint64_t turn_ns;		/* when this phase began */
	uint64_t progress_ns;		/* when ops or bytes last grew */
	uint64_t ops, bytes, lost;	/* since the beginning */
	uint64_t base_ops, base_bytes, base_lost;	/* when the slice began */
	uint64_t seen;			/* ops and bytes at progress_ns */
	struct cpu_times cpu;		/* when the slice began; then: of the slice */
	uint32_t latency[LATENCY_BUCKETS];
};

/* A kind of row; @arg: the number behind its name. */
struct row {
	const char *name;
	int (*run)(struct run *r, int arg);
	int arg;
};

/* measure.c */
uint64_t clock_ns(void);
bool run_goes_on(struct run *r);
void run_latency(struct run *r, uint64_t ns);
void run_report(const struct run *r);

/* sockets.c */
int fail(const struct run *r, const char *what);
int tcp_start(const struct run *r, uint16_t port);
int tcp_connect(const struct run *r, uint16_t port);
int wait_for(int epfd, int fd, uint32_t events, void *tag);

/* rows */
int row_ping(struct run *r, int arg);
int row_echo(struct run *r, int connections);
int row_connect(struct run *r, int at_once);
int row_stream_in(struct run *r, int arg);
int row_stream_out(struct run *r, int arg);
int row_udp(struct run *r, int window);
int row_http(struct run *r, int connections);
int row_http_1m(struct run *r, int connections);
int hold_idle(struct run *r, int connections);

#endif
