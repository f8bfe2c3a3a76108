// SPDX-License-Identifier: MIT
/*
 * The first program: opens the console, starts the services that the command
 * line asks for and the shell, each as a thread, and says so in the log.
 *
 *	services=echo,http
 */
#include "apps.h"

static const struct server_ops *const all_services[] = {
	&echo_ops, &discard_ops, &chargen_ops, &http_ops,
};
static struct server servers[ARRAY_LEN(all_services)];
static char ready_text[96];		/* " echo http" */

static const struct server_ops *find_service(const char *name)
{
	size_t i;

	for (i = 0; i < ARRAY_LEN(all_services); i++)
		if (!strcmp(all_services[i]->name, name))
			return all_services[i];
	return NULL;
}

static void start_service(struct server *s, const struct server_ops *ops)
{
	size_t len = strlen(ready_text);

	if (server_init(s, ops))
		return;
	if (thread_create(server_run, s, ops->name) < 0) {
		app_log(3, "%s: no thread: %s", ops->name, app_strerror(errno));
		return;
	}
	scnprintf(ready_text + len, sizeof(ready_text) - len, " %s", ops->name);
}

static void start_services(char *list)
{
	struct server *s = servers;
	char *name;

	while ((name = strsep(&list, ", \n"))) {
		const struct server_ops *ops = find_service(name);

		if (!*name)
			continue;
		if (!ops)
			app_log(3, "services=: unknown service \"%s\" (there are: echo, "
				"discard, chargen, http)", name);
		else if (s < servers + ARRAY_LEN(servers))
			start_service(s++, ops);
	}
}

/* The address to print: that of the first interface that is not lo. */
static void our_address(char *text, size_t size)
{
	struct ifreq ifr[8];
	struct ifconf ifc = {
		.ifc_len = sizeof(ifr),
		.ifc_req = (__force struct ifreq __user *)ifr,
	};
	int fd = socket(AF_INET, SOCK_DGRAM, 0), i, n = 0;

	snprintf(text, size, "127.0.0.1");
	if (fd < 0)
		return;
	if (!ioctl(fd, SIOCGIFCONF, &ifc))
		n = ifc.ifc_len / (int)sizeof(ifr[0]);
	for (i = 0; i < n; i++) {
		const struct sockaddr_in *sin =
			(const struct sockaddr_in *)(const void *)&ifr[i].ifr_addr;

		if (strcmp(ifr[i].ifr_name, "lo")) {
			snprintf(text, size, "%pI4", (const void *)&sin->sin_addr.s_addr);
			break;
		}
	}
	close(fd);
}

/**
 * apps_start - start the programs
 *
 * Context: the boot thread, process; the stack is up.
 */
void apps_start(void)
{
	char services[128], address[20];

	/* 0, 1 and 2, for all threads to come. */
	if (open("/dev/console", O_RDWR) < 0 || dup(STDIN) < 0 || dup(STDIN) < 0)
		app_log(4, "no console: %s", app_strerror(errno));
	if (app_read_file("/proc/services", services, sizeof(services)) < 0)
		services[0] = '\0';
	start_services(services);
	our_address(address, sizeof(address));
	app_log(6, "sojourn: ready:%s on %s", ready_text, address);
	if (thread_create(shell_main, NULL, "shell") < 0)
		app_log(3, "shell: no thread: %s", app_strerror(errno));
}
