// SPDX-License-Identifier: MIT
/*
 * What programs ask about devices and their addresses by ioctl().
 *
 * Linux: net/ipv4/devinet.c, net/core/dev_ioctl.c. Requests that change
 * something are not there.
 */
#include <linux/errno.h>
#include <linux/inetdevice.h>
#include <linux/kernel.h>
#include <linux/netdevice.h>
#include <linux/string.h>
#include <linux/uaccess.h>
#include <net/inet_common.h>
#include <uapi/linux/in.h>
#include <uapi/linux/sockios.h>

static void put_addr(struct ifreq *ifr, __be32 addr)
{
	struct sockaddr_in *sin = (struct sockaddr_in *)(void *)&ifr->ifr_addr;

	*sin = (struct sockaddr_in){ .sin_family = AF_INET, .sin_addr.s_addr = addr };
}

/* The first address of a device. */
static int dev_get_addr(const struct net_device *dev, unsigned int cmd, struct ifreq *ifr)
{
	const struct in_device *in_dev = __in_dev_get_rtnl(dev);
	const struct in_ifaddr *ifa = in_dev ? in_dev->ifa_list : NULL;

	if (!ifa)
		return -EADDRNOTAVAIL;
	if (cmd == SIOCGIFADDR)
		put_addr(ifr, ifa->ifa_local);
	else if (cmd == SIOCGIFNETMASK)
		put_addr(ifr, ifa->ifa_mask);
	else
		put_addr(ifr, ifa->ifa_broadcast);
	return 0;
}

static int dev_ifreq(const struct net_device *dev, unsigned int cmd, struct ifreq *ifr)
{
	switch (cmd) {
	case SIOCGIFADDR:
	case SIOCGIFNETMASK:
	case SIOCGIFBRDADDR:
		return dev_get_addr(dev, cmd, ifr);
	case SIOCGIFFLAGS:
		ifr->ifr_flags = (short)dev_get_flags(dev);
		return 0;
	case SIOCGIFMETRIC:
		ifr->ifr_metric = 0;
		return 0;
	case SIOCGIFMTU:
		ifr->ifr_mtu = (int)dev->mtu;
		return 0;
	case SIOCGIFINDEX:
		ifr->ifr_ifindex = dev->ifindex;
		return 0;
	case SIOCGIFTXQLEN:
		ifr->ifr_qlen = (int)dev->tx_queue_len;
		return 0;
	case SIOCGIFHWADDR:
		memset(&ifr->ifr_addr, 0, sizeof(ifr->ifr_addr));
		ifr->ifr_addr.sa_family = dev->type;
		memcpy(ifr->ifr_addr.sa_data, dev->dev_addr,
		       min_t(size_t, dev->addr_len, sizeof(ifr->ifr_addr.sa_data)));
		return 0;
	default:
		return -EINVAL;
	}
}

static int dev_ifname(struct net *net, struct ifreq __user *arg)
{
	struct net_device *dev;
	struct ifreq ifr;

	if (copy_from_user(&ifr, arg, sizeof(ifr)))
		return -EFAULT;
	dev = __dev_get_by_index(net, ifr.ifr_ifindex);
	if (!dev)
		return -ENODEV;
	strscpy(ifr.ifr_name, dev->name, sizeof(ifr.ifr_name));
	return copy_to_user(arg, &ifr, sizeof(ifr)) ? -EFAULT : 0;
}

/* Every address; without a buffer, how many bytes they take. */
static int dev_ifconf(struct net *net, struct ifconf __user *uifc)
{
	const struct net_device *dev;
	const struct in_ifaddr *ifa;
	struct ifconf ifc;
	int done = 0;

	if (copy_from_user(&ifc, uifc, sizeof(ifc)))
		return -EFAULT;
	for_each_netdev(net, dev) {
		const struct in_device *in_dev = __in_dev_get_rtnl(dev);

		for (ifa = in_dev ? in_dev->ifa_list : NULL; ifa; ifa = ifa->ifa_next) {
			struct ifreq ifr = { .ifr_name = "" };

			if (ifc.ifc_buf && ifc.ifc_len - done < (int)sizeof(ifr))
				goto out;
			strscpy(ifr.ifr_name, ifa->ifa_label, sizeof(ifr.ifr_name));
			put_addr(&ifr, ifa->ifa_local);
			if (ifc.ifc_buf && copy_to_user(ifc.ifc_buf + done, &ifr, sizeof(ifr)))
				return -EFAULT;
			done += (int)sizeof(ifr);
		}
	}
out:
	return put_user(done, &uifc->ifc_len);
}

static bool is_ifreq_cmd(unsigned int cmd)
{
	switch (cmd) {
	case SIOCGIFADDR:
	case SIOCGIFNETMASK:
	case SIOCGIFBRDADDR:
	case SIOCGIFFLAGS:
	case SIOCGIFMETRIC:
	case SIOCGIFMTU:
	case SIOCGIFINDEX:
	case SIOCGIFTXQLEN:
	case SIOCGIFHWADDR:
		return true;
	default:
		return false;
	}
}

/**
 * devinet_ioctl - answer a request about devices and addresses
 * @net: namespace
 * @cmd: SIOCGIF*
 * @arg: the program's struct ifreq, or struct ifconf
 *
 * Context: process.
 * Return: 0, -EFAULT, -ENODEV, -EADDRNOTAVAIL; -ENOIOCTLCMD: another request.
 */
int devinet_ioctl(struct net *net, unsigned int cmd, void __user *arg)
{
	const struct net_device *dev;
	struct ifreq ifr;
	int err;

	if (cmd == SIOCGIFCONF)
		return dev_ifconf(net, arg);
	if (cmd == SIOCGIFNAME)
		return dev_ifname(net, arg);
	if (!is_ifreq_cmd(cmd))
		return -ENOIOCTLCMD;
	if (copy_from_user(&ifr, arg, sizeof(ifr)))
		return -EFAULT;
	ifr.ifr_name[IFNAMSIZ - 1] = '\0';
	dev = __dev_get_by_name(net, ifr.ifr_name);
	if (!dev)
		return -ENODEV;
	err = dev_ifreq(dev, cmd, &ifr);
	if (err)
		return err;
	return copy_to_user(arg, &ifr, sizeof(ifr)) ? -EFAULT : 0;
}
