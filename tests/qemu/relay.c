// SPDX-License-Identifier: MIT
/*
 * A bad cable between a tap of this host and a guest: frames are lost, doubled,
 * held back, damaged and delayed, by a seed.
 *
 *	relay TAP-FD OUR-SOCKET QEMU'S-SOCKET SEED LOSS DUPLICATE REORDER CORRUPT DELAY HOLD
 *
 * LOSS to CORRUPT in millionths of all frames, DELAY of each frame and HOLD of one that is
 * reordered in microseconds; the same for both directions. The tap has a virtio-net header
 * before each frame (IFF_VNET_HDR) and no offloads, the sockets (AF_UNIX, datagrams) have the
 * bare frame. What is not IPv4 passes unharmed, and the Ethernet header of what is: a real
 * cable's checksum would have caught the damage. SIGTERM ends it; it then prints, for each
 * direction, how many frames came, were lost, doubled, held back, damaged.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <time.h>
#include <unistd.h>

#define VNET_HDR	10
#define ETH_HLEN	14
#define FRAME_MAX	65550
#define WAITING_MAX	65536
#define MILLION		1000000U
#define NS_PER_US	1000ULL
#define NS_PER_S	1000000000ULL
#define BATCH		64	/* frames of one side, then the other's turn */

struct waiting {
	uint64_t due_ns, number;
	size_t len;
	unsigned char *data;	/* VNET_HDR bytes of room in front */
};

struct direction {
	int in, out;
	size_t in_skip, out_room;	/* bytes before the frame, where it is read and written */
	struct waiting *heap;	/* [0] is due first */
	size_t waiting;
	uint64_t number;
	uint64_t came, lost, doubled, held, damaged;
};

static struct {
	uint32_t loss, duplicate, reorder, corrupt;
	uint64_t delay_ns, hold_ns;
} cable;

static uint64_t random_state;
static volatile sig_atomic_t ended;

static void on_term(int number)
{
	(void)number;
	ended = 1;
}

static void die(const char *what)
{
	fprintf(stderr, "relay: %s: %s\n", what, strerror(errno));
	exit(1);
}

static uint64_t now_ns(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (uint64_t)t.tv_sec * NS_PER_S + (uint64_t)t.tv_nsec;
}

/* splitmix64 */
static uint64_t draw(void)
{
	uint64_t z = random_state += 0x9e3779b97f4a7c15ULL;

	z = (z ^ z >> 30) * 0xbf58476d1ce4e5b9ULL;
	z = (z ^ z >> 27) * 0x94d049bb133111ebULL;
	return z ^ z >> 31;
}

static int happens(uint32_t millionths)
{
	return draw() % MILLION < millionths;
}

/* ---- what waits, by time ------------------------------------------------------------------ */

static int before(const struct waiting *a, const struct waiting *b)
{
	return a->due_ns != b->due_ns ? a->due_ns < b->due_ns : a->number < b->number;
}

static void heap_put(struct direction *d, struct waiting w)
{
	size_t at = d->waiting++;

	for (; at && before(&w, &d->heap[(at - 1) / 2]); at = (at - 1) / 2)
		d->heap[at] = d->heap[(at - 1) / 2];
	d->heap[at] = w;
}

static struct waiting heap_take(struct direction *d)
{
	struct waiting first = d->heap[0], last = d->heap[--d->waiting];
	size_t at = 0, child;

	for (; (child = 2 * at + 1) < d->waiting; at = child) {
		if (child + 1 < d->waiting && before(&d->heap[child + 1], &d->heap[child]))
			child++;
		if (!before(&d->heap[child], &last))
			break;
		d->heap[at] = d->heap[child];
	}
	d->heap[at] = last;
	return first;
}

/* ---- frames -------------------------------------------------------------------------------- */

static void enqueue(struct direction *d, const unsigned char *frame, size_t len, uint64_t due_ns)
{
	struct waiting w = { .due_ns = due_ns, .number = d->number++, .len = len };

	if (d->waiting == WAITING_MAX || !(w.data = malloc(VNET_HDR + len))) {
		d->lost++;
		return;
	}
	memset(w.data, 0, VNET_HDR);
	memcpy(w.data + VNET_HDR, frame, len);
	heap_put(d, w);
}

static void arrived(struct direction *d, unsigned char *frame, size_t len)
{
	uint64_t due_ns = now_ns() + cable.delay_ns;
	int ip = len > ETH_HLEN && frame[12] == 8 && frame[13] == 0, copies = 1;

	d->came++;
	if (!ip) {
		enqueue(d, frame, len, due_ns);
		return;
	}
	if (happens(cable.loss)) {
		d->lost++;
		return;
	}
	if (happens(cable.duplicate)) {
		d->doubled++;
		copies++;
	}
	while (copies--) {
		uint64_t bit = ETH_HLEN * 8 + draw() % ((len - ETH_HLEN) * 8);
		int damage = happens(cable.corrupt), hold = happens(cable.reorder);

		d->damaged += (uint64_t)damage;
		d->held += (uint64_t)hold;
		frame[bit / 8] ^= (unsigned char)(damage << bit % 8);
		enqueue(d, frame, len, due_ns + (hold ? cable.hold_ns : 0));
		frame[bit / 8] ^= (unsigned char)(damage << bit % 8);
	}
}

static void read_frames(struct direction *d)
{
	static unsigned char buf[VNET_HDR + FRAME_MAX];
	ssize_t n;
	int i;

	for (i = 0; i < BATCH; i++) {
		n = read(d->in, buf, sizeof(buf));
		if (n < 0 && (errno == EAGAIN || errno == EINTR))
			return;
		if (n < 0)
			die("reading");
		if ((size_t)n > d->in_skip)
			arrived(d, buf + d->in_skip, (size_t)n - d->in_skip);
	}
}

/* Sends what is due. False: the other end takes no more now. */
static int send_due(struct direction *d)
{
	while (d->waiting && d->heap[0].due_ns <= now_ns()) {
		struct waiting w = d->heap[0];
		const unsigned char *from = w.data + VNET_HDR - d->out_room;

		if (write(d->out, from, w.len + d->out_room) < 0) {
			if (errno == EAGAIN || errno == ENOBUFS)
				return 0;
			if (errno != ECONNREFUSED && errno != EINVAL && errno != EIO)
				die("writing");
		}
		heap_take(d);
		free(w.data);
	}
	return 1;
}

/* Until something is due, or comes, or may be sent. */
static void wait_for_work(struct direction *d, const int *blocked, const sigset_t *mask)
{
	struct pollfd p[4];
	struct timespec t;
	uint64_t due_ns = UINT64_MAX, now = now_ns();
	int i;

	for (i = 0; i < 2; i++) {
		p[i] = (struct pollfd){ .fd = d[i].in, .events = POLLIN };
		p[2 + i] = (struct pollfd){ .fd = blocked[i] ? d[i].out : -1, .events = POLLOUT };
		if (!blocked[i] && d[i].waiting && d[i].heap[0].due_ns < due_ns)
			due_ns = d[i].heap[0].due_ns;
	}
	due_ns = due_ns > now ? due_ns - now : 0;
	t = (struct timespec){ (time_t)(due_ns / NS_PER_S % MILLION), (long)(due_ns % NS_PER_S) };
	if (ppoll(p, 4, &t, mask) < 0 && errno != EINTR)
		die("waiting");
}

/* ---- begin --------------------------------------------------------------------------------- */

static struct sockaddr_un unix_address(const char *path)
{
	struct sockaddr_un a = { .sun_family = AF_UNIX };

	if (strlen(path) >= sizeof(a.sun_path)) {
		errno = ENAMETOOLONG;
		die(path);
	}
	strcpy(a.sun_path, path);
	return a;
}

static int open_socket(const char *ours, const char *theirs)
{
	struct sockaddr_un a = unix_address(ours);
	int fd = socket(AF_UNIX, SOCK_DGRAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0), bytes = 1 << 21;

	if (fd < 0 || bind(fd, (struct sockaddr *)&a, sizeof(a)))
		die(ours);
	setsockopt(fd, SOL_SOCKET, SO_SNDBUF, &bytes, sizeof(bytes));
	puts("listening");
	fflush(stdout);
	/* The guest's end comes when QEMU starts. */
	a = unix_address(theirs);
	while (!ended && connect(fd, (struct sockaddr *)&a, sizeof(a)))
		usleep(2000);
	return fd;
}

static uint32_t share(const char *text)
{
	char *end;
	unsigned long value = strtoul(text, &end, 10);

	if (*end || !*text || value > MILLION) {
		fprintf(stderr, "relay: %s: a share is from 0 to %u millionths\n", text, MILLION);
		exit(2);
	}
	return (uint32_t)value;
}

static void report(const char *name, const struct direction *d)
{
	printf("%s: came %llu lost %llu doubled %llu held %llu damaged %llu\n", name,
	       (unsigned long long)d->came, (unsigned long long)d->lost,
	       (unsigned long long)d->doubled, (unsigned long long)d->held,
	       (unsigned long long)d->damaged);
}

int main(int argc, char **argv)
{
	struct sigaction term = { .sa_handler = on_term };
	struct direction d[2] = { { .in_skip = VNET_HDR }, { .out_room = VNET_HDR } };
	sigset_t blocked_signals, unblocked;
	int i, blocked[2];

	if (argc != 11) {
		fputs("relay: ten arguments: see the head of relay.c\n", stderr);
		return 2;
	}
	sigemptyset(&blocked_signals);
	sigaddset(&blocked_signals, SIGTERM);
	sigaction(SIGTERM, &term, NULL);
	random_state = strtoull(argv[4], NULL, 10);
	cable.loss = share(argv[5]);
	cable.duplicate = share(argv[6]);
	cable.reorder = share(argv[7]);
	cable.corrupt = share(argv[8]);
	cable.delay_ns = strtoull(argv[9], NULL, 10) * NS_PER_US;
	cable.hold_ns = strtoull(argv[10], NULL, 10) * NS_PER_US;
	d[0].in = d[1].out = atoi(argv[1]);
	if (fcntl(d[0].in, F_SETFL, O_NONBLOCK))
		die("the tap");
	d[1].in = d[0].out = open_socket(argv[2], argv[3]);
	for (i = 0; i < 2; i++) {
		d[i].heap = calloc(WAITING_MAX, sizeof(*d[i].heap));
		if (!d[i].heap)
			die("memory");
	}
	sigprocmask(SIG_BLOCK, &blocked_signals, &unblocked);
	while (!ended) {
		for (i = 0; i < 2; i++)
			blocked[i] = !send_due(&d[i]);
		wait_for_work(d, blocked, &unblocked);
		for (i = 0; i < 2; i++)
			if (!blocked[i])
				read_frames(&d[i]);
	}
	report("to guest", &d[0]);
	report("from guest", &d[1]);
	return 0;
}
