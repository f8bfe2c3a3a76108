// SPDX-License-Identifier: MIT
/* apps/http.c behind service.h: programs and kernel declare the same functions,
 * each for itself; only here do the two meet. */
#pragma GCC diagnostic ignored "-Wredundant-decls"
#pragma GCC diagnostic ignored "-Wshadow"

#include "service.h"

#include <linux/ktime.h>
#include <linux/sched.h>
#include <linux/syscalls.h>

#include "../../apps/apps.h"
#include "../unit/test.h"

static struct server server;
static pid_t server_pid;

/** service_begin() - see service.h */
void service_begin(void)
{
	EXPECT_EQ(server_init(&server, &http_ops), 0);
	server_pid = thread_create(server_run, &server, "http");
	EXPECT_GT(server_pid, 0);
	host_run();
}

/** service_end() - see service.h */
void service_end(void)
{
	host_sleep(200 * NSEC_PER_SEC);
	EXPECT_EQ(server.nr_conns, 0);
	EXPECT_EQ(syscall_dispatch(__NR_kill, server_pid, 9, 0, 0, 0, 0), 0);
	host_run();
}
