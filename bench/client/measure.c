// SPDX-License-Identifier: MIT
/*
 * A run's clock, its counts, QEMU's CPU time over the slice that counts, and the
 * line of JSON that tells them.
 */
#define _GNU_SOURCE
#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "client.h"

#define STALL_NS	(20 * NS_PER_S)	/* without progress: the guest is dead */

/**
 * clock_ns - monotonic time
 *
 * Return: nanoseconds.
 */
uint64_t clock_ns(void)
{
	struct timespec ts;

	clock_gettime(CLOCK_MONOTONIC, &ts);
	return (uint64_t)ts.tv_sec * NS_PER_S + (uint64_t)ts.tv_nsec;
}

/* The first number of a thread's schedstat: its time on a CPU. 0: it is gone. */
static uint64_t thread_ns(pid_t pid, pid_t tid)
{
	unsigned long long ns = 0;
	char path[96];
	FILE *file;

	snprintf(path, sizeof(path), "/proc/%d/task/%d/schedstat", (int)pid, (int)tid);
	file = fopen(path, "r");
	if (!file)
		return 0;
	if (fscanf(file, "%llu", &ns) != 1)
		ns = 0;
	fclose(file);
	return ns;
}

static void sample_cpu(const struct run *r, struct cpu_times *cpu)
{
	struct timespec ts;
	struct dirent *entry;
	char path[64];
	DIR *tasks;

	memset(cpu, 0, sizeof(*cpu));
	clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &ts);
	cpu->client_ns = (uint64_t)ts.tv_sec * NS_PER_S + (uint64_t)ts.tv_nsec;
	if (!r->qemu)
		return;
	snprintf(path, sizeof(path), "/proc/%d/task", (int)r->qemu);
	tasks = opendir(path);
	if (!tasks)
		return;
	while ((entry = readdir(tasks))) {
		pid_t tid = atoi(entry->d_name);
		uint64_t ns;

		if (entry->d_name[0] == '.')
			continue;
		ns = thread_ns(r->qemu, tid);
		cpu->qemu_ns += ns;
		if (tid == r->vcpu)
			cpu->vcpu_ns = ns;
	}
	closedir(tasks);
}

static void begin_slice(struct run *r)
{
	r->phase = MEASURING;
	r->turn_ns = r->now_ns;
	r->base_ops = r->ops;
	r->base_bytes = r->bytes;
	r->base_lost = r->lost;
	memset(r->latency, 0, sizeof(r->latency));
	sample_cpu(r, &r->cpu);
}

static void end_slice(struct run *r)
{
	struct cpu_times now;

	sample_cpu(r, &now);
	r->cpu.vcpu_ns = now.vcpu_ns - r->cpu.vcpu_ns;
	r->cpu.qemu_ns = now.qemu_ns - r->cpu.qemu_ns;
	r->cpu.client_ns = now.client_ns - r->cpu.client_ns;
	r->phase = DONE;
}

/**
 * run_goes_on - look at the clock
 * @r: the run; at its first call the warming begins
 *
 * Ends the program when nothing has moved for STALL_NS.
 *
 * Return: false: the slice is over.
 */
bool run_goes_on(struct run *r)
{
	r->now_ns = clock_ns();
	if (!r->turn_ns)
		r->turn_ns = r->progress_ns = r->now_ns;
	if (r->ops + r->bytes != r->seen) {
		r->seen = r->ops + r->bytes;
		r->progress_ns = r->now_ns;
	} else if (r->now_ns - r->progress_ns > STALL_NS) {
		fprintf(stderr, "client: %s: nothing came for %llu s\n", r->row,
			STALL_NS / NS_PER_S);
		exit(1);
	}
	if (r->phase == WARMING && r->now_ns - r->turn_ns >= r->warm_ns)
		begin_slice(r);
	if (r->phase == MEASURING && r->now_ns - r->turn_ns >= r->slice_ns)
		end_slice(r);
	return r->phase != DONE;
}

/* ---- round trip times ------------------------------------------------------------ */

static unsigned int bucket_of(uint64_t ns)
{
	unsigned int power;

	if (ns < LATENCY_SUB)
		return (unsigned int)ns;
	power = 63 - (unsigned int)__builtin_clzll(ns);
	return (power - 3) * LATENCY_SUB + (unsigned int)(ns >> (power - 4)) % LATENCY_SUB;
}

/* The middle of a bucket. */
static double bucket_ns(unsigned int bucket)
{
	unsigned int power = bucket / LATENCY_SUB + 3;

	if (bucket < LATENCY_SUB)
		return bucket;
	return (double)(1ULL << power) +
	       (bucket % LATENCY_SUB + 0.5) * (double)(1ULL << (power - 4));
}

/**
 * run_latency - count a round trip
 * @r: the run
 * @ns: how long it took
 */
void run_latency(struct run *r, uint64_t ns)
{
	unsigned int bucket = bucket_of(ns);

	r->latency[bucket < LATENCY_BUCKETS ? bucket : LATENCY_BUCKETS - 1]++;
}

static double latency_us(const struct run *r, double share)
{
	uint64_t all = 0, below = 0;
	unsigned int i;

	for (i = 0; i < LATENCY_BUCKETS; i++)
		all += r->latency[i];
	for (i = 0; i < LATENCY_BUCKETS && all; i++) {
		below += r->latency[i];
		if ((double)below >= share * (double)all)
			return bucket_ns(i) / (double)NS_PER_US;
	}
	return 0;
}

/* ---- what is told ------------------------------------------------------------------- */

/**
 * run_report - print a run that is over as a line of JSON
 * @r: the run
 */
void run_report(const struct run *r)
{
	printf("{\"row\": \"%s\", \"seconds\": %.6f, \"ops\": %llu, \"bytes\": %llu, "
	       "\"lost\": %llu, \"p50_us\": %.1f, \"p99_us\": %.1f, \"vcpu_s\": %.6f, "
	       "\"qemu_s\": %.6f, \"client_s\": %.6f}\n", r->row,
	       (double)(r->now_ns - r->turn_ns) / (double)NS_PER_S,
	       (unsigned long long)(r->ops - r->base_ops),
	       (unsigned long long)(r->bytes - r->base_bytes),
	       (unsigned long long)(r->lost - r->base_lost), latency_us(r, 0.5),
	       latency_us(r, 0.99), (double)r->cpu.vcpu_ns / (double)NS_PER_S,
	       (double)r->cpu.qemu_ns / (double)NS_PER_S,
	       (double)r->cpu.client_ns / (double)NS_PER_S);
	fflush(stdout);
}
