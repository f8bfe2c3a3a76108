// SPDX-License-Identifier: MIT
/* Paths by rate, round trip and buffer; path.h. */
#include "path.h"

#include <linux/errno.h>
#include <linux/net.h>
#include <linux/random.h>
#include <linux/string.h>
#include <net/snmp.h>
#include <uapi/linux/in.h>
#include <uapi/linux/tcp.h>

/**
 * sim_bdp_frames - full frames that fill the path
 * @path: the path
 *
 * Return: at least 1.
 */
u32 sim_bdp_frames(const struct sim_path *path)
{
	return max(path->mbit * path->rtt_ms * 125U / SIM_FRAME, 1U);
}

/**
 * sim_path_config - a link that is like this path
 * @path: the path
 * @from: filled in: data, ACKs
 */
void sim_path_config(const struct sim_path *path, struct simlink_config from[2])
{
	u64 seed = path->seed ? path->seed : 1;
	int i;

	for (i = 0; i < 2; i++) {
		bool bad = !i || path->both_ways;

		from[i] = (struct simlink_config){
			.delay_ns = path->rtt_ms * NSEC_PER_MSEC / 2,
			.rate_bps = path->mbit * 1000000ULL,
			.queue_limit = 100000,
			.seed = seed,
			.loss_ppm = bad ? path->loss_ppm : 0,
			.reorder_ppm = bad ? path->reorder_ppm : 0,
			.duplicate_ppm = bad ? path->duplicate_ppm : 0,
			.corrupt_ppm = bad ? path->corrupt_ppm : 0,
			.reorder_ns = path->reorder_us ? path->reorder_us * NSEC_PER_USEC :
							 path->rtt_ms * NSEC_PER_MSEC / 8,
		};
	}
	if (path->buffer_pct)
		from[0].queue_limit = max(sim_bdp_frames(path) * path->buffer_pct / 100, 4U);
}

/**
 * sim_path_begin - sim_begin() on a path, repeatably
 * @s: filled in
 * @path: the path
 */
void sim_path_begin(struct sim *s, const struct sim_path *path)
{
	struct simlink_config from[2];

	random_seed(1);
	host_advance(host_clock_ns + NSEC_PER_SEC - host_clock_ns % NSEC_PER_SEC);
	sim_path_config(path, from);
	sim_begin(s, from);
	if (path->small_bursts)
		s->net[0]->ipv4.sysctl_tcp_tso_rtt_log = 0;
}

/**
 * sim_cc_name - congestion controls the tables know
 * @n: from 0
 *
 * Return: a name, or NULL behind the last.
 */
const char *sim_cc_name(unsigned int n)
{
	static const char *const names[] = { "reno", "cubic", "bbr" };

	return n < ARRAY_SIZE(names) ? names[n] : NULL;
}

static int set_cc(int fd, const char *name)
{
	char text[16];

	strscpy(text, name, sizeof(text));
	return __sys_setsockopt(fd, IPPROTO_TCP, TCP_CONGESTION, text, (int)strlen(text));
}

/**
 * sim_cc_there - does the stack have this congestion control?
 * @name: its name
 *
 * Return: TCP_CONGESTION took it; a refusal is -ENOENT or a failure.
 */
bool sim_cc_there(const char *name)
{
	int fd = __sys_socket(AF_INET, SOCK_STREAM, 0);
	int ret = set_cc(fd, name);

	if (ret)
		EXPECT_EQ(ret, -ENOENT);
	EXPECT_EQ(close_fd((unsigned int)fd), 0);
	return !ret;
}

/**
 * sim_socket_cc - a socket with a congestion control
 * @s: simulation
 * @side: its host
 * @cc: name, or NULL for the host's default
 *
 * Return: descriptor.
 */
int sim_socket_cc(const struct sim *s, int side, const char *cc)
{
	int fd = sim_socket(s, side), len = 16;
	char text[16];

	if (!cc)
		return fd;
	EXPECT_EQ(set_cc(fd, cc), 0);
	EXPECT_EQ(__sys_getsockopt(fd, IPPROTO_TCP, TCP_CONGESTION, text, &len), 0);
	EXPECT_STREQ(text, cc);
	return fd;
}

/**
 * sim_pair_cc - a connection whose sender has a given congestion control
 * @s: simulation
 * @port: side 1 listens there from now on
 * @cc: name, or NULL for the default
 * @fd: filled in: side 0, side 1
 */
void sim_pair_cc(const struct sim *s, u16 port, const char *cc, int fd[2])
{
	int listener = sim_listen(s, 1, port, 5);

	fd[0] = sim_connect_fd(s, sim_socket_cc(s, 0, cc), 0, port);
	fd[1] = sim_accept(s, listener);
	EXPECT_EQ(close_fd((unsigned int)listener), 0);
}

/**
 * sim_permille_of_link - goodput, measured by what the link could have carried
 * @path: the path
 * @bytes: of data
 * @ns: it took
 *
 * Return: 1000: full segments back to back all the time.
 */
u64 sim_permille_of_link(const struct sim_path *path, u64 bytes, u64 ns)
{
	u64 could = ns / 1000 * path->mbit / 8 * SIM_MSS / SIM_FRAME;

	return bytes * 1000 / max_t(u64, could, 1);
}

/**
 * sim_rtos - retransmission timeouts of side 0
 * @s: simulation
 */
u64 sim_rtos(const struct sim *s)
{
	return s->net[0]->mib.net[LINUX_MIB_TCPTIMEOUTS];
}

/**
 * sim_tlps - loss probes of side 0
 * @s: simulation
 */
u64 sim_tlps(const struct sim *s)
{
	return s->net[0]->mib.net[LINUX_MIB_TCPLOSSPROBES];
}
