/* SPDX-License-Identifier: MIT */
/* A path as papers describe one, and sockets with a given congestion control. */
#ifndef TESTS_SIM_PATH_H
#define TESTS_SIM_PATH_H

#include "sim.h"

#define SIM_PPM		10000U		/* a hundredth */
#define SIM_FRAME	1538U		/* bytes on the wire of a full segment, gap included */
#define SIM_MSS		1448U		/* its data, with timestamps */

struct sim_path {
	u32 mbit;			/* a second */
	u32 rtt_ms;
	u32 buffer_pct;			/* of the bandwidth-delay product, before the bottleneck */
	/* In a million frames; data only, or @both_ways. */
	u32 loss_ppm, reorder_ppm, duplicate_ppm, corrupt_ppm;
	u32 reorder_us;			/* by how much; 0: an eighth of the round trip */
	bool both_ways;
	bool small_bursts;		/* not larger to a near peer: tcp_tso_rtt_log 0 */
	u64 seed;			/* 0: 1 */
};

/* Frames of the bandwidth-delay product. */
u32 sim_bdp_frames(const struct sim_path *path);
/* Both directions, for sim_begin(). */
void sim_path_config(const struct sim_path *path, struct simlink_config from[2]);
/* Two hosts on it, whatever ran before: the same clock, the same random numbers. */
void sim_path_begin(struct sim *s, const struct sim_path *path);

/* The n-th congestion control of the tables, or NULL. One may not be there:
 * sim_cc_there() says so, by what TCP_CONGESTION answers. */
const char *sim_cc_name(unsigned int n);
bool sim_cc_there(const char *name);
/* sim_connect() and sim_accept() with @cc at both ends. */
void sim_pair_cc(const struct sim *s, u16 port, const char *cc, int fd[2]);
int sim_socket_cc(const struct sim *s, int side, const char *cc);

/* Goodput of @bytes in @ns, as thousandths of what the link carries. */
u64 sim_permille_of_link(const struct sim_path *path, u64 bytes, u64 ns);
/* TcpExt and Tcp counters of the sender, side 0. */
u64 sim_rtos(const struct sim *s);
u64 sim_tlps(const struct sim *s);

#endif
