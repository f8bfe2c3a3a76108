// SPDX-License-Identifier: MIT
/* The programs of the machine that is counted. They see system calls only. */
#include "../../apps/apps.h"

#include "programs.h"

#define PEER_ADDR	0x0202000aU	/* 10.0.2.2 in network byte order */

static volatile bool dialling;

static bool serve(struct server *server, const struct server_ops *ops)
{
	return !server_init(server, ops) && thread_create(server_run, server, ops->name) > 0;
}

/** programs_start() - see programs.h */
bool programs_start(void)
{
	static struct server echo, discard, chargen;

	return serve(&echo, &echo_ops) && serve(&discard, &discard_ops) &&
	       serve(&chargen, &chargen_ops);
}

static int dial(void *arg)
{
	struct sockaddr_in to = {
		.sin_family = AF_INET, .sin_port = app_htons(DIAL_PORT),
		.sin_addr.s_addr = (__force __be32)PEER_ADDR,
	};
	char byte = 'c';

	while (dialling) {
		int fd = socket(AF_INET, SOCK_STREAM, 0);

		if (connect(fd, &to, sizeof(to)) || write(fd, &byte, 1) != 1 ||
		    read(fd, &byte, 1) != 1 || close(fd)) {
			app_log(3, "dial: %s", app_strerror(errno));
			return 1;
		}
	}
	return 0;
}

/** dial_start() - see programs.h */
bool dial_start(void)
{
	dialling = true;
	return thread_create(dial, NULL, "dial") > 0;
}

/** dial_stop() - after the connection at hand */
void dial_stop(void)
{
	dialling = false;
}
