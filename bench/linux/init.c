// SPDX-License-Identifier: MIT
/*
 * The first program of the Linux guest that Sojourn is compared with: mounts
 * /proc and /sys, loads the modules that stand in /modules in the order of
 * /modules/order, gives eth0 its address and serves.
 *
 * From the kernel command line (what the kernel does not know itself becomes our
 * environment): address=10.0.2.15, netmask=255.255.255.0.
 */
#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <linux/reboot.h>
#include <net/if.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mount.h>
#include <sys/reboot.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "server.h"

#define FILES_MAX	60000	/* descriptors: more connections than any row opens */
#define WAIT_MS		10000	/* for eth0 */

static void die(const char *what)
{
	printf("linux: %s: %s\n", what, strerror(errno));
	fflush(stdout);
	sync();
	reboot(LINUX_REBOOT_CMD_POWER_OFF);
	_exit(1);
}

static void load_module(const char *name)
{
	char path[128];
	struct stat st;
	void *image;
	int fd;

	snprintf(path, sizeof(path), "/modules/%s", name);
	fd = open(path, O_RDONLY);
	if (fd < 0 || fstat(fd, &st))
		die(path);
	image = malloc((size_t)st.st_size);
	if (!image || read(fd, image, (size_t)st.st_size) != st.st_size)
		die(path);
	if (syscall(SYS_init_module, image, (unsigned long)st.st_size, "") && errno != EEXIST)
		die(path);
	free(image);
	close(fd);
}

static void load_modules(void)
{
	FILE *order = fopen("/modules/order", "r");
	char name[96];

	if (!order)
		die("/modules/order");
	while (fscanf(order, "%95s", name) == 1)
		load_module(name);
	fclose(order);
}

static void set_address(int fd, unsigned long request, struct ifreq *ifr, const char *text)
{
	struct sockaddr_in in = { .sin_family = AF_INET };

	if (!text || inet_pton(AF_INET, text, &in.sin_addr) != 1) {
		errno = EINVAL;
		die("address= or netmask=");
	}
	memcpy(&ifr->ifr_addr, &in, sizeof(in));
	if (ioctl(fd, request, ifr))
		die(ifr->ifr_name);
}

static void raise_interface(const char *name, const char *address, const char *netmask)
{
	struct ifreq ifr = { 0 };
	int fd = socket(AF_INET, SOCK_DGRAM, 0), left_ms;

	if (fd < 0)
		die("socket");
	strncpy(ifr.ifr_name, name, IFNAMSIZ - 1);
	for (left_ms = WAIT_MS; ioctl(fd, SIOCGIFFLAGS, &ifr); left_ms--) {
		if (!left_ms)
			die(name);
		usleep(1000);
	}
	set_address(fd, SIOCSIFADDR, &ifr, address);
	set_address(fd, SIOCSIFNETMASK, &ifr, netmask);
	if (ioctl(fd, SIOCGIFFLAGS, &ifr))
		die(name);
	ifr.ifr_flags |= IFF_UP;
	if (ioctl(fd, SIOCSIFFLAGS, &ifr))
		die(name);
	close(fd);
}

int main(void)
{
	struct rlimit files = { FILES_MAX, FILES_MAX };

	/* It mounts, and ends by switching the machine off. */
	if (getpid() != 1) {
		fprintf(stderr, "linux-init: this is the first program of a guest\n");
		return 2;
	}
	if (mount("proc", "/proc", "proc", 0, NULL) || mount("sysfs", "/sys", "sysfs", 0, NULL))
		die("mount");
	if (setrlimit(RLIMIT_NOFILE, &files))
		die("setrlimit");
	load_modules();
	raise_interface("lo", "127.0.0.1", "255.0.0.0");
	raise_interface("eth0", getenv("address"), getenv("netmask"));
	if (server_open())
		die("server");
	printf("linux: ready on %s\n", getenv("address"));
	fflush(stdout);
	server_run();
	die("server");
}
