/* SPDX-License-Identifier: MIT */
/* Between the shell's line editor (apps/readline.c) and its commands (shell.c). */
#ifndef APPS_SHELL_H
#define APPS_SHELL_H

#include "lib/lib.h"

#define SHELL_LINE_MAX	256

/* Reads a line with editing and history, after printing @prompt. Its length
 * without newline, or -1 when the console is gone. */
int shell_read_line(const char *prompt, char *line, size_t size);

#endif
