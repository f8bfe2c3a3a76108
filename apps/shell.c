// SPDX-License-Identifier: MIT
/*
 * The console shell: a prompt, and commands that show what goes on inside.
 *
 * It sees the kernel as every program does: by system calls and by the text
 * views under /proc, which most commands simply print.
 */
#include "apps.h"
#include "shell.h"

#define ARGS_MAX	16
#define TEXT_MAX	32768		/* bytes of the counters' text */

struct command {
	const char *name, *args, *help;
	void (*run)(int argc, char **argv);
	const char *view;		/* with @run NULL: what is printed */
};

static const struct command commands[];

static void show(const char *path)
{
	if (app_cat(path))
		app_printf("%s: %s\n", path, app_strerror(errno));
}

static void tell(const char *path, const char *line)
{
	if (app_write_file(path, line))
		app_printf("%s: %s\n", line, app_strerror(errno));
}

static void usage(const char *name)
{
	const struct command *c;

	for (c = commands; c->name; c++)
		if (!strcmp(c->name, name))
			app_printf("usage: %s %s\n", c->name, c->args);
}

/* ---- counters --------------------------------------------------------------------- */

/* "Ip: InReceives ..." and "Ip: 12 ..." to "IpInReceives 12". */
static void print_counters(char *names, char *values, bool all)
{
	char *group = strsep(&names, " "), *name, *value;

	strsep(&values, " ");
	if (*group)
		group[strlen(group) - 1] = '\0';
	while ((name = strsep(&names, " ")) && (value = strsep(&values, " ")))
		if (all || strcmp(value, "0"))
			app_printf("%s%s %s\n", group, name, value);
}

static void counters(const char *path, bool all)
{
	char *text = app_malloc(TEXT_MAX), *rest = text, *names, *values;

	if (!text || app_read_file(path, text, TEXT_MAX) < 0)
		app_printf("%s: %s\n", path, app_strerror(errno));
	else
		while ((names = strsep(&rest, "\n")) && (values = strsep(&rest, "\n")))
			print_counters(names, values, all);
	app_free(text, TEXT_MAX);
}

/* Without -s: those that are not 0. */
static void cmd_netstat(int argc, char **argv)
{
	bool all = argc > 1 && !strcmp(argv[1], "-s");

	counters("/proc/net/snmp", all);
	counters("/proc/net/netstat", all);
}

/* ---- commands ------------------------------------------------------------------------ */

static void cmd_help(int argc, char **argv)
{
	const struct command *c;

	for (c = commands; c->name; c++)
		app_printf("%-11s %-28s %s\n", c->name, c->args, c->help);
}

static void cmd_ifconfig(int argc, char **argv)
{
	show("/proc/net/link");
	show("/proc/net/ip_addr");
}

static void cmd_interrupts(int argc, char **argv)
{
	show("/proc/interrupts");
	show("/proc/softirqs");
}

static void cmd_meminfo(int argc, char **argv)
{
	show("/proc/meminfo");
	show("/proc/slabinfo");
}

static void cmd_trace(int argc, char **argv)
{
	char line[SHELL_LINE_MAX];

	if (argc < 2) {
		show("/proc/trace");
	} else if (!strcmp(argv[1], "on") || !strcmp(argv[1], "off") ||
		   !strcmp(argv[1], "clear")) {
		snprintf(line, sizeof(line), "%s %s", argv[1], argc > 2 ? argv[2] : "");
		tell("/proc/trace", line);
	} else {
		snprintf(line, sizeof(line), "/proc/trace/%s", argv[1]);
		show(line);
	}
}

static void cmd_strace(int argc, char **argv)
{
	if (argc == 2 && !strcmp(argv[1], "on"))
		tell("/proc/sys/kernel/strace", "1");
	else if (argc == 2 && !strcmp(argv[1], "off"))
		tell("/proc/sys/kernel/strace", "0");
	else
		usage("strace");
}

static void sysctl_one(char *setting)
{
	char *value = strchr(setting, '='), path[SHELL_LINE_MAX], text[256];
	ssize_t n;

	if (value)
		*value++ = '\0';
	snprintf(path, sizeof(path), "/proc/sys/%s", setting);
	if (value && app_write_file(path, value)) {
		app_printf("%s=%s: %s\n", setting, value, app_strerror(errno));
		return;
	}
	n = app_read_file(path, text, sizeof(text));
	if (n < 0)
		app_printf("%s: %s\n", setting, app_strerror(errno));
	else
		app_printf("%s = %s", setting, text);
}

/* "a=1", or "a = 1" in words. */
static void cmd_sysctl(int argc, char **argv)
{
	char setting[SHELL_LINE_MAX] = "";
	size_t len = 0;
	int i;

	if (argc < 2) {
		show("/proc/sys/");
		return;
	}
	for (i = 1; i < argc; i++) {
		bool glue = i == 1 || argv[i][0] == '=' || (len && setting[len - 1] == '=');

		len += (size_t)scnprintf(setting + len, sizeof(setting) - len, "%s%s",
					 glue ? "" : " ", argv[i]);
	}
	sysctl_one(setting);
}

static void cmd_ring(int argc, char **argv)
{
	char path[SHELL_LINE_MAX];

	snprintf(path, sizeof(path), "/proc/ring/%s", argc > 1 ? argv[1] : "eth0");
	show(path);
}

static void cmd_cat(int argc, char **argv)
{
	char path[SHELL_LINE_MAX];

	if (argc != 2) {
		show("/proc");
		return;
	}
	snprintf(path, sizeof(path), "%s%s", argv[1][0] == '/' ? "" : "/proc/", argv[1]);
	show(path);
}

static void cmd_poweroff(int argc, char **argv)
{
	reboot(LINUX_REBOOT_CMD_POWER_OFF);
	app_printf("poweroff: %s\n", app_strerror(errno));
}

static void cmd_reboot(int argc, char **argv)
{
	reboot(LINUX_REBOOT_CMD_RESTART);
	app_printf("reboot: %s\n", app_strerror(errno));
}

static const struct command commands[] = {
	{ "help", "", "this list", cmd_help, NULL },
	{ "ifconfig", "", "interfaces, their counters and addresses", cmd_ifconfig, NULL },
	{ "netstat", "[-s]", "counters that moved; -s: all", cmd_netstat, NULL },
	{ "ss", "", "sockets", NULL, "/proc/net/ss" },
	{ "arp", "", "neighbours", NULL, "/proc/net/ip_neigh" },
	{ "route", "", "routes", NULL, "/proc/net/ip_route" },
	{ "drops", "", "lost packets by reason", NULL, "/proc/net/drops" },
	{ "conserve", "", "is every packet accounted for?", NULL, "/proc/net/conserve" },
	{ "leaks", "", "is every object accounted for?", NULL, "/proc/net/leaks" },
	{ "softnet", "", "the receive softirq", NULL, "/proc/net/softnet_stat" },
	{ "qdisc", "", "queueing disciplines", NULL, "/proc/net/qdisc" },
	{ "ring", "[device]", "a device's rings", cmd_ring, NULL },
	{ "trace", "on|off [glob], last, <id>, clear", "the way of packets", cmd_trace, NULL },
	{ "strace", "on|off", "system calls to the log", cmd_strace, NULL },
	{ "sysctl", "[name[=value]]", "settings", cmd_sysctl, NULL },
	{ "dmesg", "", "the kernel log", NULL, "/proc/kmsg" },
	{ "ps", "", "threads", NULL, "/proc/tasks" },
	{ "interrupts", "", "interrupts and softirqs", cmd_interrupts, NULL },
	{ "meminfo", "", "memory", cmd_meminfo, NULL },
	{ "cat", "[view]", "a text view; without: their names", cmd_cat, NULL },
	{ "poweroff", "", "end", cmd_poweroff, NULL },
	{ "reboot", "", "begin anew", cmd_reboot, NULL },
	{ NULL, NULL, NULL, NULL, NULL },
};

/* ---- the shell -------------------------------------------------------------------------- */

static int split(char *line, char **argv)
{
	char *word;
	int argc = 0;

	while (argc < ARGS_MAX && (word = strsep(&line, " \t")))
		if (*word)
			argv[argc++] = word;
	return argc;
}

static void run(char *line)
{
	const struct command *c;
	char *argv[ARGS_MAX];
	int argc = split(line, argv);

	if (!argc)
		return;
	for (c = commands; c->name; c++) {
		if (strcmp(c->name, argv[0]))
			continue;
		if (c->run)
			c->run(argc, argv);
		else
			show(c->view);
		return;
	}
	app_printf("%s: unknown command; try help\n", argv[0]);
}

/**
 * shell_main - read and run commands
 * @arg: not used
 *
 * Context: process; a thread of its own.
 * Return: 0 when the console is gone.
 */
int shell_main(void *arg)
{
	char line[SHELL_LINE_MAX];

	while (shell_read_line("sojourn> ", line, sizeof(line)) >= 0)
		run(line);
	return 0;
}
