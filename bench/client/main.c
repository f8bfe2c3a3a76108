// SPDX-License-Identifier: MIT
/*
 * The client that guests are measured with: a row after the other, each for a
 * while that does not count and a slice that does; a line of JSON for each.
 *
 *	client [-w SECONDS] [-s SECONDS] [-p QEMU -t VCPU] ADDRESS ROW...
 *
 * -p and -t: process and thread whose CPU time over the slice is told. A row may
 * have another number behind a colon (echo:256). The row idle:N holds N
 * connections until stdin ends.
 */
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <unistd.h>

#include "client.h"

static const struct row rows[] = {
	{ "ping", row_ping, 1 },
	{ "echo", row_echo, 64 },
	{ "connect", row_connect, 16 },
	{ "stream_in", row_stream_in, 1 },
	{ "stream_out", row_stream_out, 1 },
	{ "udp", row_udp, 64 },
	{ "http", row_http, 64 },
	{ "http_1m", row_http_1m, 4 },
	{ "idle", hold_idle, 1000 },
};

static void usage(void)
{
	size_t i;

	fprintf(stderr, "client [-w WARM-SECONDS] [-s SECONDS] [-p QEMU-PID -t VCPU-TID] "
			"ADDRESS ROW[:N]...\nrows:");
	for (i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
		fprintf(stderr, " %s:%d", rows[i].name, rows[i].arg);
	fprintf(stderr, "\n");
	exit(2);
}

static uint64_t seconds(const char *text)
{
	char *end;
	double s = strtod(text, &end);

	if (*end || !(s >= 0 && s <= 3600))
		usage();
	return (uint64_t)(s * (double)NS_PER_S);
}

static const struct row *find_row(const char *word, int *arg)
{
	const char *colon = strchrnul(word, ':');
	size_t i;

	for (i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		if (strlen(rows[i].name) != (size_t)(colon - word) ||
		    strncmp(rows[i].name, word, (size_t)(colon - word)))
			continue;
		*arg = *colon ? atoi(colon + 1) : rows[i].arg;
		return *arg > 0 && *arg <= 60000 ? &rows[i] : NULL;
	}
	return NULL;
}

static int run_row(const struct run *options, const char *word)
{
	static struct run r;
	const struct row *row;
	int arg;

	row = find_row(word, &arg);
	if (!row)
		usage();
	r = *options;
	r.row = word;
	if (row->run(&r, arg))
		return 1;
	if (r.phase == DONE)
		run_report(&r);
	return 0;
}

int main(int argc, char **argv)
{
	static struct run options = { .warm_ns = NS_PER_S / 2, .slice_ns = 2 * NS_PER_S };
	struct rlimit files;
	int option, failed = 0;

	while ((option = getopt(argc, argv, "w:s:p:t:")) != -1) {
		if (option == 'w')
			options.warm_ns = seconds(optarg);
		else if (option == 's')
			options.slice_ns = seconds(optarg);
		else if (option == 'p')
			options.qemu = atoi(optarg);
		else if (option == 't')
			options.vcpu = atoi(optarg);
		else
			usage();
	}
	options.peer.sin_family = AF_INET;
	if (argc - optind < 2 || inet_pton(AF_INET, argv[optind], &options.peer.sin_addr) != 1)
		usage();
	if (!getrlimit(RLIMIT_NOFILE, &files)) {
		files.rlim_cur = files.rlim_max;
		setrlimit(RLIMIT_NOFILE, &files);
	}
	while (++optind < argc)
		failed |= run_row(&options, argv[optind]);
	return failed;
}
