// SPDX-License-Identifier: MIT
/*
 * The Linux guest's web server: the two pages of apps/http.c, byte for byte and
 * call for call, and what it says of itself under /proc and /sys (for the
 * runner: its memory, its clock).
 *
 * RFC: 9110, 9112
 */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/epoll.h>
#include <sys/mman.h>
#include <sys/sendfile.h>
#include <sys/socket.h>
#include <unistd.h>

#include "server.h"

#define HEAD_MAX	4096
#define ANSWER_MAX	320
#define TURN_BYTES	(4UL << 16)
#define MIB		(1UL << 20)
#define STATE_MAX	16384	/* bytes of a file of /proc */

struct page {
	const char *path, *type;
	const char *body;	/* NULL: it is in the file */
	size_t length;
	struct page_head {		/* the connection is kept, or closed */
		char text[ANSWER_MAX];
		size_t len;
	} head[2];
};

struct http_conn {
	struct conn conn;		/* first */
	char *head;			/* HEAD_MAX bytes; NULL between requests */
	size_t head_len;
	const char *answer;		/* its head: the page's, or text */
	size_t answer_len, answer_at;
	char text[ANSWER_MAX];
	const struct page *page;	/* its body; NULL: none */
	size_t body_at;
	bool close;			/* after this answer */
};

static const char index_html[] =
	"<!DOCTYPE html>\n"
	"<html><head><title>Sojourn</title></head>\n"
	"<body><h1>Sojourn</h1>\n"
	"<p>This page came through a TCP/IP stack that fits in a weekend's reading.\n"
	"There is also <a href=\"/1m\">one MiB</a>, and echo, discard and chargen on\n"
	"ports 7, 9 and 19.</p></body></html>\n";
static const char stripe[64] =
	"0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcde\n";
static int file = -1;		/* the large page, in memory */
static char state_text[STATE_MAX];

static struct page pages[] = {
	{ .path = "/", .type = "text/html; charset=utf-8", .body = index_html,
	  .length = sizeof(index_html) - 1 },
	{ .path = "/1m", .type = "application/octet-stream", .length = MIB },
};
static struct page state_page = { .type = "text/plain", .body = state_text };

static size_t print_head(char text[ANSWER_MAX], const struct page *page, bool close)
{
	return (size_t)snprintf(text, ANSWER_MAX,
		"HTTP/1.1 %s\r\nServer: Sojourn\r\nContent-Length: %zu\r\n%s%s%s%s\r\n",
		page ? "200 OK" : "404 Not Found", page ? page->length : 0,
		page ? "Content-Type: " : "", page ? page->type : "", page ? "\r\n" : "",
		close ? "Connection: close\r\n" : "Connection: keep-alive\r\n");
}

static void print_heads(struct page *page)
{
	page->head[0].len = print_head(page->head[0].text, page, false);
	page->head[1].len = print_head(page->head[1].text, page, true);
}

/* False: there is no memory for them. */
static bool make_pages(void)
{
	size_t i, n = 0;
	ssize_t wrote;

	file = memfd_create("1m", MFD_CLOEXEC);
	for (; file >= 0 && n < MIB; n += sizeof(stripe)) {
		wrote = write(file, stripe, sizeof(stripe));
		if (wrote != sizeof(stripe))
			return false;
	}
	for (i = 0; i < sizeof(pages) / sizeof(pages[0]); i++)
		print_heads(&pages[i]);
	return file >= 0;
}

/* A file of /proc or /sys as it is now; the runner asks for one at a time. */
static const struct page *read_state(const char *path)
{
	int fd = open(path, O_RDONLY);
	ssize_t n;

	if (fd < 0)
		return NULL;
	n = read(fd, state_text, sizeof(state_text));
	close(fd);
	if (n <= 0)
		return NULL;
	state_page.length = (size_t)n;
	print_heads(&state_page);
	return &state_page;
}

static const struct page *find_page(const char *path)
{
	size_t i;

	for (i = 0; i < sizeof(pages) / sizeof(pages[0]); i++)
		if (!strcmp(path, pages[i].path))
			return &pages[i];
	if (strstr(path, ".."))
		return NULL;
	if (!strncmp(path, "/proc/", 6) || !strncmp(path, "/sys/", 5))
		return read_state(path);
	return NULL;
}

static void http_answer(struct http_conn *h, const struct page *page)
{
	h->answer = page ? page->head[h->close].text : h->text;
	h->answer_len = page ? page->head[h->close].len : print_head(h->text, NULL, h->close);
	h->answer_at = 0;
	h->page = page;
	h->body_at = 0;
}

/* @head: a whole head, ended with a NUL. */
static void http_request(struct http_conn *h, char *head)
{
	char *rest = head, *line = strsep(&rest, "\n"), *path;

	strsep(&line, " ");
	path = strsep(&line, " ");
	h->close = !line || strncmp(line, "HTTP/1.1", 8);
	while (rest && (line = strsep(&rest, "\n"))) {
		char *value = strchr(line, ':');

		if (!value)
			continue;
		*value++ = '\0';
		if (!strcasecmp(line, "connection") && strcasestr(value, "close"))
			h->close = true;
	}
	http_answer(h, path ? find_page(path) : NULL);
}

/* Answers the first request in the buffer; false: none is complete. */
static bool http_next(struct http_conn *h)
{
	char *end = memmem(h->head, h->head_len, "\r\n\r\n", 4);
	size_t n;

	if (!end)
		return false;
	n = (size_t)(end - h->head) + 4;
	h->head[n - 1] = '\0';
	http_request(h, h->head);
	h->head_len -= n;
	memmove(h->head, h->head + n, h->head_len);
	return true;
}

/* As send(), of what is left: the head with a body that is in our memory, or at most
 * @max bytes of one in the file. */
static ssize_t http_write(const struct http_conn *h, size_t max)
{
	const struct page *page = h->page;
	size_t head = h->answer_len - h->answer_at, body = page ? page->length - h->body_at : 0;
	struct iovec iov[] = {
		{ (void *)(uintptr_t)(h->answer + h->answer_at), head },
		{ NULL, body },
	};
	struct msghdr msg = { .msg_iov = iov, .msg_iovlen = 1 };
	off_t at = (off_t)h->body_at;

	if (page && !page->body && !head)
		return sendfile(h->conn.fd, file, &at, body < max ? body : max);
	if (page && page->body) {
		iov[1].iov_base = (void *)(uintptr_t)(page->body + at);
		msg.msg_iovlen = 2;
	}
	return sendmsg(h->conn.fd, &msg, body && msg.msg_iovlen == 1 ? MSG_MORE : 0);
}

/* 1: the answer is sent, 0: the peer takes no more now, -1: broken. */
static int http_send(struct http_conn *h)
{
	size_t done = 0, head;
	ssize_t n;

	while (h->answer_at < h->answer_len || (h->page && h->body_at < h->page->length)) {
		if (done >= TURN_BYTES)
			return 0;
		n = http_write(h, TURN_BYTES - done);
		if (n < 0)
			return errno == EAGAIN ? 0 : -1;
		head = h->answer_len - h->answer_at;
		if (head > (size_t)n)
			head = (size_t)n;
		h->answer_at += head;
		h->body_at += (size_t)n - head;
		done += (size_t)n - head;
	}
	h->answer_len = 0;
	h->page = NULL;
	return 1;
}

/* What stands in the buffers is answered as far as the peer takes it. */
static int http_work(struct http_conn *h)
{
	for (;;) {
		if (h->answer_len) {
			int sent = http_send(h);

			if (sent < 0)
				return CONN_CLOSE;
			if (!sent) {
				conn_wait(&h->conn, EPOLLOUT);
				return CONN_OK;
			}
			if (h->close)
				return CONN_CLOSE;
		}
		if (!h->head || !http_next(h))
			break;
	}
	if (h->head && h->head_len == HEAD_MAX)
		return CONN_CLOSE;
	if (h->head && !h->head_len) {
		free(h->head);
		h->head = NULL;
	}
	conn_wait(&h->conn, EPOLLIN);
	return CONN_OK;
}

static int http_fill(struct http_conn *h)
{
	ssize_t n;

	if (!h->head)
		h->head = malloc(HEAD_MAX);
	if (!h->head)
		return CONN_CLOSE;
	n = recv(h->conn.fd, h->head + h->head_len, HEAD_MAX - h->head_len, 0);
	if (n < 0)
		return errno == EAGAIN ? CONN_OK : CONN_CLOSE;
	h->head_len += (size_t)n;
	return n ? CONN_OK : CONN_CLOSE;
}

static int http_ready(struct conn *c, uint32_t events)
{
	struct http_conn *h = (struct http_conn *)c;

	(void)events;
	if (!h->answer_len && http_fill(h) != CONN_OK)
		return CONN_CLOSE;
	return http_work(h);
}

static int http_opened(struct conn *c)
{
	(void)c;
	return file >= 0 || make_pages() ? CONN_OK : CONN_CLOSE;
}

static void http_closed(struct conn *c)
{
	free(((struct http_conn *)c)->head);
}

const struct service http_service = {
	.name = "http", .port = 80, .conn_size = sizeof(struct http_conn),
	.opened = http_opened, .ready = http_ready, .closed = http_closed,
};
