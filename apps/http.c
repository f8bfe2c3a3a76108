// SPDX-License-Identifier: MIT
/*
 * A web server of two pages: / (a few words) and /1m (one MiB).
 *
 * Connections are kept; requests that come one after the other without waiting
 * are answered in order. A request's head has at most HEAD_MAX bytes. A silent
 * connection is closed after a minute. The large page is a file in memory, made when
 * it is first asked for, and goes out by sendfile(): nobody copies it.
 *
 * RFC: 9110, 9112
 */
#include "apps.h"

#define HEAD_MAX	4096		/* bytes of a request line and its fields */
#define ANSWER_MAX	320		/* bytes of an answer's head */
#define TURN_BYTES	(4UL << 16)
#define MIB		(1UL << 20)
#define IDLE_S		60

struct page {
	const char *path, *type;
	const char *body;		/* NULL: it is in the server's file */
	size_t length;
	/* What goes before the body: the connection is kept, or closed. */
	struct page_head {
		char text[ANSWER_MAX];
		size_t len;
	} head[2];
};

struct http_conn {
	struct conn conn;		/* first */
	char *head;			/* HEAD_MAX bytes; NULL between requests */
	size_t head_len;		/* bytes in it */
	u64 skip;			/* bytes of a request's body to throw away */
	const char *answer;		/* its head: the page's, or text */
	size_t answer_len, answer_at;
	char text[ANSWER_MAX];
	const struct page *page;	/* body of the answer; NULL: none */
	size_t body_at;
	bool close;			/* after this answer */
	bool eof;			/* nothing more comes */
};

struct request {
	char *method, *path;
	bool http11, has_host, close, keep_alive, chunked, bad;
	u64 length;			/* Content-Length */
};

static const char index_html[] =
	"<!DOCTYPE html>\n"
	"<html><head><title>Sojourn</title></head>\n"
	"<body><h1>Sojourn</h1>\n"
	"<p>This page came through a TCP/IP stack that fits in a weekend's reading.\n"
	"There is also <a href=\"/1m\">one MiB</a>, and echo, discard and chargen on\n"
	"ports 7, 9 and 19.</p></body></html>\n";

/* What the MiB consists of: a power of two, so that it goes in evenly; no NUL at its
 * end. */
static const char stripe[64] =
	"0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcde\n";

static struct page pages[] = {
	{ .path = "/", .type = "text/html; charset=utf-8", .body = index_html,
	  .length = sizeof(index_html) - 1 },
	{ .path = "/1m", .type = "application/octet-stream", .length = MIB },
};

/* ---- answers ------------------------------------------------------------------------ */

static const char *reason(int status)
{
	switch (status) {
	case 200:
		return "OK";
	case 400:
		return "Bad Request";
	case 404:
		return "Not Found";
	case 405:
		return "Method Not Allowed";
	case 431:
		return "Request Header Fields Too Large";
	case 501:
		return "Not Implemented";
	case 503:
		return "Service Unavailable";
	case 505:
		return "HTTP Version Not Supported";
	default:
		return "Error";
	}
}

/* Return: how long it is. */
static size_t print_head(char text[ANSWER_MAX], int status, const struct page *page, bool close)
{
	size_t length = page ? page->length : 0;

	return (size_t)scnprintf(text, ANSWER_MAX,
		"HTTP/1.1 %d %s\r\nServer: Sojourn\r\nContent-Length: %lu\r\n%s%s%s%s%s\r\n",
		status, reason(status), (unsigned long)length,
		page ? "Content-Type: " : "", page ? page->type : "", page ? "\r\n" : "",
		status == 405 ? "Allow: GET, HEAD\r\n" : "",
		close ? "Connection: close\r\n" : "Connection: keep-alive\r\n");
}

/* Before the first request: what is the same in each answer is printed once. */
static void make_pages(void)
{
	struct page *page;
	size_t i;

	for (page = pages; page < pages + ARRAY_LEN(pages); page++)
		for (i = 0; i < ARRAY_LEN(page->head); i++)
			page->head[i].len = print_head(page->head[i].text, 200, page, i);
}

/* @page: NULL: @status is no success. */
static void http_answer(struct http_conn *h, int status, const struct page *page, bool with_body)
{
	h->answer = page ? page->head[h->close].text : h->text;
	h->answer_len = page ? page->head[h->close].len
			     : print_head(h->text, status, NULL, h->close);
	h->answer_at = 0;
	h->page = with_body ? page : NULL;
	h->body_at = 0;
}

/* An answer after which we do not know where the next request would begin. */
static void http_error(struct http_conn *h, int status)
{
	h->close = true;
	http_answer(h, status, NULL, false);
}

/* ---- requests ------------------------------------------------------------------------ */

static char *skip_blanks(char *s)
{
	while (*s == ' ' || *s == '\t')
		s++;
	return s;
}

/* Is @token in a list like "keep-alive, Upgrade"? */
static bool list_has(const char *list, const char *token)
{
	size_t len = strlen(token);

	while (*list) {
		while (*list == ' ' || *list == '\t' || *list == ',')
			list++;
		if (!strncasecmp(list, token, len) &&
		    (!list[len] || list[len] == ',' || list[len] == ' ' || list[len] == '\t'))
			return true;
		while (*list && *list != ',')
			list++;
	}
	return false;
}

static bool parse_length(const char *s, u64 *length)
{
	u64 n = 0;

	if (!*s)
		return false;
	for (; *s >= '0' && *s <= '9'; s++) {
		if (n > (1ULL << 40))
			return false;
		n = n * 10 + (u64)(*s - '0');
	}
	*length = n;
	return !*skip_blanks((char *)(uintptr_t)s);
}

static void parse_field(struct request *req, char *line)
{
	char *colon = strchr(line, ':'), *value;
	u64 length;

	/* RFC 9112 5.1: no blank between name and colon; 5.2: no folding. */
	if (!colon || colon == line || *line == ' ' || *line == '\t' ||
	    colon[-1] == ' ' || colon[-1] == '\t') {
		req->bad = true;
		return;
	}
	*colon = '\0';
	value = skip_blanks(colon + 1);
	if (!strcasecmp(line, "host")) {
		/* RFC 9112 3.2: exactly one. */
		req->bad |= req->has_host;
		req->has_host = true;
	} else if (!strcasecmp(line, "connection")) {
		req->close |= list_has(value, "close");
		req->keep_alive |= list_has(value, "keep-alive");
	} else if (!strcasecmp(line, "transfer-encoding")) {
		req->chunked = true;
	} else if (!strcasecmp(line, "content-length")) {
		if (!parse_length(value, &length) || (req->length && req->length != length))
			req->bad = true;
		else
			req->length = length;
	}
}

/* "GET /path HTTP/1.1". The status to answer with, 0: good so far. */
static int parse_request_line(struct request *req, char *line)
{
	char *rest = line, *version;

	req->method = strsep(&rest, " ");
	req->path = strsep(&rest, " ");
	version = rest;
	if (!*req->method || !req->path || !*req->path || !version ||
	    strncmp(version, "HTTP/", 5))
		return 400;
	if (strncmp(version, "HTTP/1.", 7) || !version[7] || version[8])
		return 505;
	req->http11 = version[7] != '0';
	return 0;
}

static char *next_line(char **rest)
{
	char *line = strsep(rest, "\n");
	size_t len;

	if (!line)
		return NULL;
	len = strlen(line);
	if (len && line[len - 1] == '\r')
		line[len - 1] = '\0';
	return line;
}

static const struct page *find_page(char *path)
{
	char *query = strchr(path, '?');
	size_t i;

	/* A query changes nothing. */
	if (query)
		*query = '\0';
	for (i = 0; i < ARRAY_LEN(pages); i++)
		if (!strcmp(path, pages[i].path))
			return &pages[i];
	return NULL;
}

/* The large page is there, or made now: false: there is no memory for it. */
static bool have_file(struct server *s)
{
	size_t i, n = 0;

	if (s->file >= 0)
		return true;
	s->file = memfd_create("1m", MFD_CLOEXEC);
	if (s->file < 0)
		return false;
	for (i = 0; i < SERVER_BUF; i += sizeof(stripe))
		memcpy(s->buf + i, stripe, sizeof(stripe));
	while (n < MIB && write(s->file, s->buf, SERVER_BUF) == SERVER_BUF)
		n += SERVER_BUF;
	if (n == MIB)
		return true;
	close(s->file);
	s->file = -1;
	return false;
}

/* @head: a whole head, its empty line cut off. */
static void http_request(struct http_conn *h, char *head)
{
	struct request req = { .method = NULL };
	const struct page *page;
	char *line;
	int status;

	line = next_line(&head);
	status = parse_request_line(&req, line);
	while (!status && (line = next_line(&head)) && *line)
		parse_field(&req, line);
	if (!status && (req.bad || (req.http11 && !req.has_host)))
		status = 400;
	else if (!status && req.chunked)
		status = 501;
	if (status) {
		http_error(h, status);
		return;
	}
	/* RFC 9112 9.3: 1.1 keeps, 1.0 keeps when asked to. */
	h->close = req.close || (!req.http11 && !req.keep_alive);
	h->skip = req.length;
	if (strcmp(req.method, "GET") && strcmp(req.method, "HEAD")) {
		http_answer(h, 405, NULL, false);
		return;
	}
	page = find_page(req.path);
	if (page && !page->body && !have_file(h->conn.server))
		http_answer(h, 503, NULL, false);
	else
		http_answer(h, page ? 200 : 404, page, !strcmp(req.method, "GET"));
}

/* Bytes of the first head in the buffer, its empty line included; 0: not all of
 * it is there. */
static size_t head_end(const char *s, size_t len)
{
	size_t i;

	for (i = 0; i + 1 < len; i++) {
		if (s[i] != '\n')
			continue;
		if (s[i + 1] == '\n')
			return i + 2;
		if (i + 2 < len && s[i + 1] == '\r' && s[i + 2] == '\n')
			return i + 3;
	}
	return 0;
}

static void head_consume(struct http_conn *h, size_t n)
{
	h->head_len -= n;
	memmove(h->head, h->head + n, h->head_len);
}

/* Begins with the next request in the buffer; false: none is complete. */
static bool http_next(struct http_conn *h)
{
	size_t n;

	if (h->skip) {
		n = h->skip < h->head_len ? (size_t)h->skip : h->head_len;
		h->skip -= n;
		head_consume(h, n);
	}
	/* RFC 9112 2.2: empty lines before a request are to be ignored. */
	while (h->head_len && (h->head[0] == '\r' || h->head[0] == '\n'))
		head_consume(h, 1);
	n = head_end(h->head, h->head_len);
	if (!n) {
		if (h->head_len < HEAD_MAX)
			return false;
		http_error(h, 431);
		return true;
	}
	h->head[n - 1] = '\0';
	/* A NUL within would hide what follows it. */
	if (memchr(h->head, '\0', n - 1))
		http_error(h, 400);
	else
		http_request(h, h->head);
	head_consume(h, n);
	return true;
}

/* ---- the connection --------------------------------------------------------------------- */

/* What is left of the answer, as send(): the head with a body that is in our memory, or
 * at most @max bytes of one in the file. */
static ssize_t http_write(const struct http_conn *h, size_t max)
{
	const struct page *page = h->page;
	size_t head = h->answer_len - h->answer_at, body = page ? page->length - h->body_at : 0;
	struct iovec iov[] = {
		{ (__force void __user *)(uintptr_t)(h->answer + h->answer_at), head },
		{ NULL, body },
	};
	struct user_msghdr msg = { .msg_iov = (__force struct iovec __user *)iov,
				   .msg_iovlen = 1 };
	s64 at = (s64)h->body_at;

	if (page && !page->body && !head)
		return sendfile(h->conn.fd, h->conn.server->file, &at, body < max ? body : max);
	if (page && page->body) {
		iov[1].iov_base = (__force void __user *)(uintptr_t)(page->body + at);
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

/* What stands in our buffers is answered as far as the peer takes it. */
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
	if (h->eof)
		return CONN_CLOSE;
	if (h->head && !h->head_len) {
		app_free(h->head, HEAD_MAX);
		h->head = NULL;
	}
	conn_wait(&h->conn, EPOLLIN);
	return CONN_OK;
}

/* Fills the buffer. CONN_CLOSE: broken. */
static int http_fill(struct http_conn *h)
{
	ssize_t n;

	if (!h->head)
		h->head = app_malloc(HEAD_MAX);
	if (!h->head)
		return CONN_CLOSE;
	n = recv(h->conn.fd, h->head + h->head_len, HEAD_MAX - h->head_len, 0);
	if (n < 0)
		return errno == EAGAIN ? CONN_OK : CONN_CLOSE;
	if (!n)
		h->eof = true;
	h->head_len += (size_t)n;
	return CONN_OK;
}

static int http_ready(struct conn *c, u32 events)
{
	struct http_conn *h = (struct http_conn *)c;

	(void)events;
	/* Nothing is read while an answer waits: who does not take what he asked
	 * for is not asked what else he wants. */
	if (!h->answer_len && http_fill(h) != CONN_OK)
		return CONN_CLOSE;
	return http_work(h);
}

/* A close() with unread input would reset the connection, and the peer might
 * lose our answer: the input is read away, and our end said first. */
static void http_closed(struct conn *c)
{
	struct http_conn *h = (struct http_conn *)c;
	int i;

	app_free(h->head, HEAD_MAX);
	shutdown(c->fd, SHUT_WR);
	for (i = 0; i < 16 && recv(c->fd, c->server->buf, SERVER_BUF, 0) > 0; i++)
		;
}

static int http_opened(struct conn *c)
{
	(void)c;
	if (!pages[0].head[0].len)
		make_pages();
	return CONN_OK;
}

const struct server_ops http_ops = {
	.name = "http",
	.port = 80,
	.conn_size = sizeof(struct http_conn),
	.idle_timeout_s = IDLE_S,
	.opened = http_opened,
	.ready = http_ready,
	.closed = http_closed,
};
