// SPDX-License-Identifier: MIT
/*
 * Line editing at the console: backspace, ^C (another line), ^U (empty line),
 * ^W (a word less), arrows up and down (lines typed before).
 *
 * The console is raw: what is typed is echoed here.
 */
#include "shell.h"

#define HISTORY		16
#define CTRL(c)		((c) & 0x1f)
#define DEL		127
#define ESC		27

struct editor {
	const char *prompt;
	char *line;
	size_t len, size;
	unsigned int back;		/* lines back in history; 0: the new one */
	unsigned int escape;		/* 1: after ESC, 2: after ESC [ */
};

static char history[HISTORY][SHELL_LINE_MAX];
static unsigned int history_len;	/* lines ever kept */
static bool after_cr;			/* a "\n" now belongs to it */

static void erase(struct editor *ed, size_t to)
{
	for (; ed->len > to; ed->len--)
		app_write("\b \b", 3);
}

static void insert(struct editor *ed, const char *text, size_t n)
{
	if (n > ed->size - 1 - ed->len)
		n = ed->size - 1 - ed->len;
	memcpy(ed->line + ed->len, text, n);
	ed->len += n;
	app_write(text, n);
}

static void history_keep(const char *line)
{
	if (!*line || (history_len && !strcmp(history[(history_len - 1) % HISTORY], line)))
		return;
	snprintf(history[history_len++ % HISTORY], SHELL_LINE_MAX, "%s", line);
}

static void history_go(struct editor *ed, int step)
{
	unsigned int kept = history_len < HISTORY ? history_len : HISTORY;
	unsigned int back = ed->back + (unsigned int)step;

	/* Below 0 it wraps, and is too far too. */
	if (back > kept)
		return;
	ed->back = back;
	erase(ed, 0);
	if (back) {
		const char *line = history[(history_len - back) % HISTORY];

		insert(ed, line, strlen(line));
	}
}

static void erase_word(struct editor *ed)
{
	size_t at = ed->len;

	while (at && ed->line[at - 1] == ' ')
		at--;
	while (at && ed->line[at - 1] != ' ')
		at--;
	erase(ed, at);
}

/* Part of "ESC [ A" and its like? */
static bool in_escape(struct editor *ed, char c)
{
	if (!ed->escape)
		return false;
	if (ed->escape == 1 && c == '[') {
		ed->escape = 2;
		return true;
	}
	if (ed->escape == 2) {
		/* Parameters; then one letter ends it. */
		if (c >= '0' && c <= '?')
			return true;
		if (c == 'A')
			history_go(ed, 1);
		else if (c == 'B')
			history_go(ed, -1);
	}
	ed->escape = 0;
	return true;
}

/* True: the line is done. */
static bool take(struct editor *ed, char c)
{
	bool was_cr = after_cr;

	after_cr = c == '\r';
	if (in_escape(ed, c))
		return false;
	switch (c) {
	case '\n':
		if (was_cr)
			return false;
		return true;
	case '\r':
		return true;
	case '\b':
	case DEL:
		if (ed->len)
			erase(ed, ed->len - 1);
		return false;
	case CTRL('C'):
		app_write("^C\n", 3);
		app_write(ed->prompt, strlen(ed->prompt));
		ed->len = 0;
		ed->back = 0;
		return false;
	case CTRL('U'):
		erase(ed, 0);
		return false;
	case CTRL('W'):
		erase_word(ed);
		return false;
	case ESC:
		ed->escape = 1;
		return false;
	default:
		if (c >= ' ' && c < DEL)
			insert(ed, &c, 1);
		return false;
	}
}

/**
 * shell_read_line - read a line from the console
 * @prompt: printed first
 * @line: for the line and a NUL
 * @size: its bytes
 *
 * Context: process, sleeps.
 * Return: its length, or -1 when the console is gone.
 */
int shell_read_line(const char *prompt, char *line, size_t size)
{
	struct editor ed = { .prompt = prompt, .line = line, .size = size };
	char c;

	app_write(prompt, strlen(prompt));
	do {
		if (read(STDIN, &c, 1) != 1)
			return -1;
	} while (!take(&ed, c));
	line[ed.len] = '\0';
	app_write("\n", 1);
	history_keep(line);
	return (int)ed.len;
}
