// SPDX-License-Identifier: MIT
/*
 * The tables of figures that stand in the tree. A line that a run gives must be
 * in its table, to the last digit: equal seeds, equal figures. `make golden`
 * opens a descriptor and names it in GOLDEN_FD: then lines are written there.
 */
#include <linux/string.h>

#include "../host/libc.h"
#include "sim.h"

/* golden.S */
extern const char golden_begin[], golden_end[], matrix_begin[], matrix_end[];
extern const char short_flows_begin[], short_flows_end[];

const struct sim_table sim_golden = { golden_begin, golden_end, "golden.txt" };
const struct sim_table sim_matrix = { matrix_begin, matrix_end, "matrix.txt" };
const struct sim_table sim_short_flows = { short_flows_begin, short_flows_end,
					   "short_flows.txt" };

static int golden_fd(void)
{
	const char *text = getenv("GOLDEN_FD");

	return text && text[0] >= '3' && text[0] <= '9' ? text[0] - '0' : -1;
}

static bool in_table(const struct sim_table *table, const char *line)
{
	size_t len = strlen(line);
	const char *at;

	for (at = table->begin; at + len <= table->end; at++)
		if ((at == table->begin || at[-1] == '\n') && !memcmp(at, line, len))
			return true;
	return false;
}

/**
 * sim_table_line - hold a line to its table, or write it
 * @table: which
 * @line: with its newline; a failure names it
 */
void sim_table_line(const struct sim_table *table, const char *line)
{
	int fd = golden_fd();

	if (fd >= 0)
		EXPECT_EQ(write(fd, line, strlen(line)), (ssize_t)strlen(line));
	else if (!in_table(table, line))
		test_fail(__FILE__, __LINE__, "not in tests/sim/%s: %s", table->name, line);
}
