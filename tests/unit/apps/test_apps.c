// SPDX-License-Identifier: MIT
/* apps/: the services, run as threads of a host, spoken to over lo. */

/* Programs and kernel declare the same functions, each for itself; only here do
 * the two meet. */
#pragma GCC diagnostic ignored "-Wredundant-decls"
#pragma GCC diagnostic ignored "-Wshadow"

#include <linux/err.h>
#include <linux/ktime.h>
#include <linux/sched.h>
#include <linux/slab.h>
#include <linux/syscalls.h>

#include "../../../apps/apps.h"
#include "../net/sockhost.h"
#include "../test.h"

static struct sockhost host;
static struct server server;
static pid_t server_pid;

/* ---- server and client ------------------------------------------------------------ */

static void serve(const struct server_ops *ops)
{
	sockhost_enter(&host);
	EXPECT_EQ(server_init(&server, ops), 0);
	server_pid = thread_create(server_run, &server, ops->name);
	EXPECT_GT(server_pid, 0);
	host_run();
}

/* A killed epoll_wait() ends the server. */
static void serve_no_more(void)
{
	host_sleep(200 * NSEC_PER_SEC);
	EXPECT_EQ(server.nr_conns, 0);
	EXPECT_EQ(syscall_dispatch(__NR_kill, server_pid, 9, 0, 0, 0, 0), 0);
	host_run();
	sockhost_leave(&host);
}

static int dial(u16 port)
{
	struct sockaddr_in to = LOOPBACK(port);
	struct __kernel_timeval tv = { 10, 0 };
	int fd = socket(AF_INET, SOCK_STREAM, 0);

	EXPECT_GE(fd, 0);
	EXPECT_EQ(connect(fd, &to, sizeof(to)), 0);
	EXPECT_EQ(setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &tv, sizeof(tv)), 0);
	return fd;
}

static void say(int fd, const char *text)
{
	EXPECT_EQ(send(fd, text, strlen(text), 0), (ssize_t)strlen(text));
}

/* Reads until there are @n bytes, the end, or an error; bytes read. */
static size_t hear(int fd, char *buf, size_t n)
{
	size_t got = 0;
	ssize_t ret;

	while (got < n && (ret = recv(fd, buf + got, n - got, 0)) > 0)
		got += (size_t)ret;
	return got;
}

static void hang_up(int fd)
{
	EXPECT_EQ(close(fd), 0);
	host_run();
}

/* ---- echo, discard, chargen ----------------------------------------------------------- */

TEST(echo_gives_back_what_it_gets)
{
	char buf[16] = "";
	int fd;

	serve(&echo_ops);
	fd = dial(7);
	say(fd, "hello");
	EXPECT_EQ(hear(fd, buf, 5), 5);
	EXPECT_STREQ(buf, "hello");
	/* What is under way when we say that we are done comes back too. */
	say(fd, "bye");
	EXPECT_EQ(shutdown(fd, SHUT_WR), 0);
	EXPECT_EQ(hear(fd, buf, sizeof(buf)), 3);
	hang_up(fd);
	serve_no_more();
}

TEST(echo_waits_for_a_slow_reader_and_loses_nothing)
{
	enum { TOTAL = 3 << 20 };
	static u8 out[8192], in[8192];
	size_t sent = 0, got = 0, i;
	ssize_t n;
	int fd;

	serve(&echo_ops);
	fd = dial(7);
	/* First nothing is read at all, until nothing more can be sent. */
	while (got < TOTAL) {
		for (i = 0; i < sizeof(out); i++)
			out[i] = (u8)((sent + i) * 2654435761U >> 13);
		n = sent < TOTAL ? send(fd, out, sizeof(out) - sent % 8192, MSG_DONTWAIT) : -1;
		if (n > 0) {
			sent += (size_t)n;
			continue;
		}
		n = recv(fd, in, sizeof(in), 0);
		EXPECT_GT(n, 0);
		if (n <= 0)
			break;
		for (i = 0; i < (size_t)n; i++)
			if (in[i] != (u8)((got + i) * 2654435761U >> 13))
				break;
		EXPECT_EQ(i, (size_t)n);
		got += (size_t)n;
	}
	EXPECT_EQ(got, sent);
	hang_up(fd);
	serve_no_more();
}

TEST(echo_answers_datagrams_but_not_those_of_servers)
{
	struct sockaddr_in to = LOOPBACK(7), from = LOOPBACK(19);
	char buf[8];
	int fd, other;

	serve(&echo_ops);
	fd = socket(AF_INET, SOCK_DGRAM | SOCK_NONBLOCK, 0);
	EXPECT_EQ(sendto(fd, "ping", 4, 0, &to, sizeof(to)), 4);
	host_run();
	EXPECT_EQ(recv(fd, buf, sizeof(buf), 0), 4);
	other = socket(AF_INET, SOCK_DGRAM | SOCK_NONBLOCK, 0);
	EXPECT_EQ(bind(other, &from, sizeof(from)), 0);
	EXPECT_EQ(sendto(other, "ping", 4, 0, &to, sizeof(to)), 4);
	host_run();
	EXPECT_EQ(recv(other, buf, sizeof(buf), 0), -1);
	hang_up(other);
	hang_up(fd);
	serve_no_more();
}

TEST(echo_serves_many_at_once)
{
	enum { N = 200 };
	static int fd[N];
	char buf[8];
	int i;

	serve(&echo_ops);
	for (i = 0; i < N; i++)
		fd[i] = dial(7);
	for (i = 0; i < N; i++)
		say(fd[i], "abc");
	for (i = 0; i < N; i++)
		EXPECT_EQ(hear(fd[i], buf, 3), 3);
	EXPECT_EQ(server.nr_conns, N);
	for (i = 0; i < N; i++)
		hang_up(fd[i]);
	serve_no_more();
}

TEST(discard_takes_all_and_says_nothing)
{
	static char out[100000];
	char buf[8];
	int fd;

	serve(&discard_ops);
	fd = dial(9);
	EXPECT_EQ(send(fd, out, sizeof(out), 0), (ssize_t)sizeof(out));
	EXPECT_EQ(shutdown(fd, SHUT_WR), 0);
	EXPECT_EQ(hear(fd, buf, sizeof(buf)), 0);
	hang_up(fd);
	serve_no_more();
}

TEST(chargen_says_the_pattern_of_rfc_864)
{
	static char in[200 * 74];
	size_t line, i;
	int fd;

	serve(&chargen_ops);
	fd = dial(19);
	EXPECT_EQ(hear(fd, in, sizeof(in)), sizeof(in));
	for (line = 0; line < 200; line++) {
		for (i = 0; i < 72; i++)
			if (in[line * 74 + i] != (char)(' ' + (line + i) % 95))
				break;
		EXPECT_EQ(i, 72);
		EXPECT_MEMEQ(in + line * 74 + 72, "\r\n", 2);
	}
	hang_up(fd);
	serve_no_more();
}

/* ---- http ------------------------------------------------------------------------------- */

static char answer[8192];

/* Says @request, and hears an answer to its end or until nothing more comes. */
static void ask(int fd, const char *request)
{
	struct __kernel_timeval tv = { 0, 100000 };

	EXPECT_EQ(setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &tv, sizeof(tv)), 0);
	say(fd, request);
	answer[hear(fd, answer, sizeof(answer) - 1)] = '\0';
}

static void expect_status(const char *request, const char *status, bool closes)
{
	int fd = dial(80);
	char rest[4];

	ask(fd, request);
	if (strncmp(answer, status, strlen(status)))
		test_fail(__FILE__, __LINE__, "\"%s\" answered \"%s\"", request, answer);
	EXPECT_EQ(strstr(answer, "Connection: close\r\n") != NULL, closes);
	EXPECT_EQ(recv(fd, rest, sizeof(rest), 0), closes ? 0 : -1);
	hang_up(fd);
}

TEST(http_answers_by_the_book)
{
	serve(&http_ops);
	expect_status("GET / HTTP/1.1\r\nHost: a\r\n\r\n", "HTTP/1.1 200 OK\r\n", false);
	EXPECT_TRUE(strstr(answer, "<html>"));
	expect_status("GET /?q=1 HTTP/1.1\nHost: a\n\n", "HTTP/1.1 200 OK\r\n", false);
	expect_status("HEAD / HTTP/1.1\r\nHost: a\r\n\r\n", "HTTP/1.1 200 OK\r\n", false);
	EXPECT_FALSE(strstr(answer, "<html>"));
	EXPECT_FALSE(strstr(answer, "Content-Length: 0\r\n"));
	expect_status("GET / HTTP/1.0\r\n\r\n", "HTTP/1.1 200 OK\r\n", true);
	expect_status("GET / HTTP/1.0\r\nConnection: Keep-Alive\r\n\r\n", "HTTP/1.1 200", false);
	expect_status("GET / HTTP/1.1\r\nHost: a\r\nConnection: x, close\r\n\r\n", "HTTP/1.1 200",
		      true);
	expect_status("GET /no HTTP/1.1\r\nHost: a\r\n\r\n", "HTTP/1.1 404 ", false);
	expect_status("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 3\r\n\r\nabc",
		      "HTTP/1.1 405 ", false);
	EXPECT_TRUE(strstr(answer, "Allow: GET, HEAD\r\n"));
	serve_no_more();
}

TEST(http_refuses_what_is_malformed)
{
	static const char *const bad[] = {
		"nonsense\r\n\r\n", "GET /\r\n\r\n", "GET  / HTTP/1.1\r\nHost: a\r\n\r\n",
		"GET / HTTP/1.1\r\n\r\n", "GET / HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n",
		"GET / HTTP/1.1\r\nHost : a\r\n\r\n", "GET / HTTP/1.1\r\nHost: a\r\n folded\r\n\r\n",
		"GET / HTTP/1.1\r\nHost: a\r\n: x\r\n\r\n", " / HTTP/1.1\r\nHost: a\r\n\r\n",
		"GET / HTTP/1.1\r\nHost: a\r\nContent-Length: x\r\n\r\n",
		"GET / HTTP/1.1\r\nHost: a\r\nContent-Length: 99999999999999999999\r\n\r\n",
		"GET / HTTP/1.1\r\nHost: a\r\nContent-Length: 3\r\nContent-Length: 4\r\n\r\n",
	};
	size_t i;

	serve(&http_ops);
	for (i = 0; i < ARRAY_SIZE(bad); i++)
		expect_status(bad[i], "HTTP/1.1 400 ", true);
	expect_status("GET / HTTP/2.0\r\nHost: a\r\n\r\n", "HTTP/1.1 505 ", true);
	expect_status("GET / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n",
		      "HTTP/1.1 501 ", true);
	serve_no_more();
}

TEST(http_bounds_the_head_of_a_request)
{
	static char request[6000];
	size_t len;

	serve(&http_ops);
	len = (size_t)scnprintf(request, sizeof(request), "GET / HTTP/1.1\r\nHost: a\r\nX: ");
	memset(request + len, 'x', 3000);
	scnprintf(request + len + 3000, 100, "\r\n\r\n");
	expect_status(request, "HTTP/1.1 200 ", false);
	memset(request + len, 'x', 5000);
	scnprintf(request + len + 5000, 100, "\r\n\r\n");
	expect_status(request, "HTTP/1.1 431 ", true);
	serve_no_more();
}

TEST(http_answers_requests_in_a_row_and_in_pieces)
{
	static const char one[] = "GET /no HTTP/1.1\r\nHost: a\r\n\r\n";
	int fd, n = 0;
	const char *p;

	serve(&http_ops);
	fd = dial(80);
	ask(fd, "GET /no HTTP/1.1\r\nHost: a\r\n\r\n"
		"POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 30\r\n\r\n"
		"GET /no HTTP/1.1\r\nHost: a\r\n\r\n."
		"\r\nHEAD / HTTP/1.1\r\nHost: a\r\n\r\n");
	for (p = answer; (p = strstr(p, "HTTP/1.1 ")); p++)
		n++;
	EXPECT_EQ(n, 3);
	EXPECT_TRUE(strstr(answer, " 404 ") < strstr(answer, " 405 "));
	EXPECT_TRUE(strstr(answer, " 405 ") < strstr(answer, " 200 "));
	for (p = one; *p; p++) {
		EXPECT_EQ(send(fd, p, 1, 0), 1);
		host_run();
	}
	EXPECT_GT(recv(fd, answer, sizeof(answer), 0), 0);
	EXPECT_MEMEQ(answer, "HTTP/1.1 404 ", 13);
	hang_up(fd);
	serve_no_more();
}

TEST(http_serves_a_mebibyte_to_slow_and_vanishing_readers)
{
	static char chunk[4096];
	size_t got = 0, head = 0, n;
	int fd, i;

	serve(&http_ops);
	/* Several that ask and go away without reading. */
	for (i = 0; i < 5; i++) {
		fd = dial(80);
		say(fd, "GET /1m HTTP/1.1\r\nHost: a\r\n\r\n");
		host_sleep(NSEC_PER_MSEC);
		hang_up(fd);
	}
	fd = dial(80);
	say(fd, "GET /1m HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n");
	while ((n = hear(fd, chunk, sizeof(chunk)))) {
		if (!got)
			head = (size_t)(strstr(chunk, "\r\n\r\n") + 4 - chunk);
		got += n;
		host_sleep(NSEC_PER_MSEC);
	}
	EXPECT_EQ(got - head, 1 << 20);
	hang_up(fd);
	serve_no_more();
}

TEST(http_closes_a_silent_connection_after_a_minute)
{
	char c;
	int fd;

	serve(&http_ops);
	fd = dial(80);
	host_sleep(59 * NSEC_PER_SEC);
	EXPECT_EQ(server.nr_conns, 1);
	host_sleep(2 * NSEC_PER_SEC);
	EXPECT_EQ(server.nr_conns, 0);
	EXPECT_EQ(recv(fd, &c, 1, 0), 0);
	hang_up(fd);
	serve_no_more();
}

/* ---- without memory ---------------------------------------------------------------------- */

TEST(servers_outlive_failing_allocations)
{
	struct sockaddr_in to = LOOPBACK(7);
	unsigned long n;
	char buf[4];
	int fd;

	serve(&echo_ops);
	for (n = 1; n < 40; n++) {
		fd = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK, 0);
		EXPECT_GE(fd, 0);
		slab_fail_after(n, 2);
		connect(fd, &to, sizeof(to));
		host_run();
		send(fd, "abc", 3, 0);
		host_run();
		slab_fail_after(0, 0);
		hang_up(fd);
		host_sleep(NSEC_PER_SEC);
	}
	fd = dial(7);
	say(fd, "abc");
	EXPECT_EQ(hear(fd, buf, 3), 3);
	hang_up(fd);
	serve_no_more();
}
