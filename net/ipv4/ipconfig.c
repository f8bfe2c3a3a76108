// SPDX-License-Identifier: MIT
/*
 * The address from the kernel command line, in Linux's spelling:
 *
 *	ip=<client>:<server>:<gateway>:<netmask>:<hostname>:<device>:<autoconf>
 *	ip=off | none
 *
 * What is empty is left to a default: the netmask to the address's class, the
 * device to the first Ethernet one. Without ip= the address is that of a guest
 * in QEMU's user network. Asking for DHCP or BOOTP is answered in words: they
 * are not there yet (docs/omissions.md).
 *
 * Linux: net/ipv4/ipconfig.c, Documentation/admin-guide/nfs/nfsroot.rst
 */
#include <linux/errno.h>
#include <linux/inetdevice.h>
#include <linux/init.h>
#include <linux/kernel.h>
#include <linux/string.h>
#include <net/ip.h>
#include <net/ipconfig.h>
#include <net/net_namespace.h>

#define IC_DEFAULT_ADDR		0x0a00020fU	/* 10.0.2.15 */
#define IC_DEFAULT_GATEWAY	0x0a000202U	/* 10.0.2.2 */
#define IC_DEFAULT_PLEN		24

static struct ic_config ic_config __ro_after_init = {
	.addr = htonl(IC_DEFAULT_ADDR),
	.gateway = htonl(IC_DEFAULT_GATEWAY),
	.prefixlen = IC_DEFAULT_PLEN,
	.mode = IC_STATIC,
};

static int ic_bad(const char *what, const char *word)
{
	pr_err("IP-Config: \"%s\" is no %s; no address is set\n", word, what);
	return -EINVAL;
}

/* Four decimal numbers up to 255, and nothing else. */
static bool ic_parse_addr(const char *s, __be32 *addr)
{
	u32 val = 0;
	int i;

	for (i = 0; i < 4; i++) {
		unsigned int octet = 0, digits = 0;

		for (; *s >= '0' && *s <= '9' && digits < 4; s++, digits++)
			octet = octet * 10 + (unsigned int)(*s - '0');
		if (!digits || digits > 3 || octet > 255)
			return false;
		val = val << 8 | octet;
		if (i < 3 && *s++ != '.')
			return false;
	}
	*addr = htonl(val);
	return !*s;
}

/* RFC 791 3.2, as Linux does when no netmask is given. */
static u8 ic_class_plen(__be32 addr)
{
	u32 a = ntohl(addr);

	if (!(a & 0x80000000U))
		return 8;
	return a & 0x40000000U ? 24 : 16;
}

static int ic_set_addr(struct ic_config *c, const char *word)
{
	return ic_parse_addr(word, &c->addr) ? 0 : ic_bad("address", word);
}

static int ic_set_server(struct ic_config *c, const char *word)
{
	__be32 server;	/* of a root file system: nothing here needs one */

	return ic_parse_addr(word, &server) ? 0 : ic_bad("server address", word);
}

static int ic_set_gateway(struct ic_config *c, const char *word)
{
	return ic_parse_addr(word, &c->gateway) ? 0 : ic_bad("gateway address", word);
}

static int ic_set_netmask(struct ic_config *c, const char *word)
{
	__be32 mask;

	if (!ic_parse_addr(word, &mask) || !mask || bad_mask(mask, 0))
		return ic_bad("netmask", word);
	c->prefixlen = (u8)inet_mask_len(mask);
	return 0;
}

static int ic_set_hostname(struct ic_config *c, const char *word)
{
	return 0;	/* nobody here asks for it */
}

static int ic_set_device(struct ic_config *c, const char *word)
{
	if (strscpy(c->device, word, sizeof(c->device)) < 0)
		return ic_bad("device name", word);
	return 0;
}

/* The word for how; -ENOENT: not one of these. */
static int ic_set_autoconf(struct ic_config *c, const char *word)
{
	static const char *const protocols[] = { "dhcp", "bootp", "rarp", "both", "on", "any" };
	unsigned int i;

	if (!strcmp(word, "off") || !strcmp(word, "none"))
		return 0;
	for (i = 0; i < ARRAY_SIZE(protocols); i++) {
		if (strcmp(word, protocols[i]))
			continue;
		c->mode = IC_AUTOCONF;
		return 0;
	}
	return -ENOENT;
}

static int ic_set_method(struct ic_config *c, const char *word)
{
	return ic_set_autoconf(c, word) ? ic_bad("way to configure", word) : 0;
}

static int ic_set_ignored_addr(struct ic_config *c, const char *word)
{
	return ic_set_server(c, word);	/* name and time servers */
}

/* In their order on the command line. */
static int (*const ic_fields[])(struct ic_config *c, const char *word) = {
	ic_set_addr, ic_set_server, ic_set_gateway, ic_set_netmask, ic_set_hostname,
	ic_set_device, ic_set_method, ic_set_ignored_addr, ic_set_ignored_addr,
	ic_set_ignored_addr,
};

static int ic_parse_fields(struct ic_config *c, char *value)
{
	unsigned int i = 0;
	char *word;
	int err;

	while ((word = strsep(&value, ":")) != NULL) {
		if (i == ARRAY_SIZE(ic_fields))
			return ic_bad("part of ip=, there are too many", word);
		err = *word ? ic_fields[i](c, word) : 0;
		if (err)
			return err;
		i++;
	}
	return 0;
}

/**
 * ic_parse - read the value of ip=
 * @c: filled in
 * @value: what follows "ip="; changed
 *
 * Context: process.
 * Return: 0, or -EINVAL: malformed, and the log says which word.
 */
int ic_parse(struct ic_config *c, char *value)
{
	int err;

	*c = (struct ic_config){ .mode = IC_STATIC };
	if (!strchr(value, ':')) {
		if (!*value || !strcmp(value, "off") || !strcmp(value, "none")) {
			c->mode = IC_OFF;
			return 0;
		}
		if (!ic_set_autoconf(c, value))
			return 0;
	}
	err = ic_parse_fields(c, value);
	if (err)
		c->mode = IC_OFF;
	if (c->mode != IC_STATIC)
		return err;
	if (!c->addr)
		c->mode = IC_OFF;
	if (!c->prefixlen)
		c->prefixlen = ic_class_plen(c->addr);
	return 0;
}

static int __init ip_auto_config_setup(char *value)
{
	return ic_parse(&ic_config, value) ? 0 : 1;
}
__setup("ip=", ip_auto_config_setup);

/* The one that was named, or the first that is not loopback. */
static struct net_device *ic_find_device(struct net *net, const struct ic_config *c)
{
	struct net_device *dev;

	if (c->device[0])
		return __dev_get_by_name(net, c->device);
	for_each_netdev(net, dev) {
		if (!(dev->flags & IFF_LOOPBACK))
			return dev;
	}
	return NULL;
}

/**
 * ic_apply - configure a namespace
 * @net: namespace
 * @c: how
 *
 * Context: process.
 * Return: 0; -EOPNOTSUPP: by DHCP; -ENODEV; as ip_config_set(). The log says
 * what was done, or what is wrong.
 */
int ic_apply(struct net *net, const struct ic_config *c)
{
	struct net_device *dev;
	int err;

	if (c->mode == IC_OFF)
		return 0;
	if (c->mode == IC_AUTOCONF) {
		pr_err("IP-Config: DHCP, BOOTP and RARP are not there yet: give ip=<client>::<gateway>:<netmask>\n");
		return -EOPNOTSUPP;
	}
	dev = ic_find_device(net, c);
	if (!dev) {
		pr_err("IP-Config: %s%s\n", c->device[0] ? "no device is called " :
		       "no network device: nothing to configure", c->device);
		return -ENODEV;
	}
	err = ip_config_set(net, dev, c->addr, c->prefixlen, c->gateway);
	if (err == -ENETUNREACH) {
		pr_err("IP-Config: gateway %pI4 is not on the network of %pI4/%u\n",
		       &c->gateway, &c->addr, c->prefixlen);
		return err;
	}
	if (err) {
		pr_err("IP-Config: %s: %pI4/%u cannot be set (%d)\n", dev->name, &c->addr,
		       c->prefixlen, err);
		return err;
	}
	if (c->gateway)
		pr_info("IP-Config: %s: %pI4/%u, gateway %pI4\n", dev->name, &c->addr,
			c->prefixlen, &c->gateway);
	else
		pr_info("IP-Config: %s: %pI4/%u\n", dev->name, &c->addr, c->prefixlen);
	return 0;
}

/* Loopback first, as Linux: it works whatever becomes of the other. */
static int __init ip_auto_config(void)
{
	int err = dev_open(init_net->loopback_dev);

	if (err)
		pr_err("IP-Config: lo cannot be opened (%d)\n", err);
	ic_apply(init_net, &ic_config);
	return 0;
}

late_initcall(ip_auto_config);
