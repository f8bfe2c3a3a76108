// SPDX-License-Identifier: MIT
/*
 * What a device shall receive beside its own address: multicast groups,
 * everything multicast, everything. The driver is told by ndo_set_rx_mode and
 * reads dev->mc and dev->flags.
 *
 * Linux: net/core/dev_addr_lists.c; promiscuity in net/core/dev.c
 */
#include <linux/errno.h>
#include <linux/kernel.h>
#include <linux/netdevice.h>
#include <linux/slab.h>
#include <linux/string.h>

/**
 * dev_set_rx_mode - have the driver set its filters anew
 * @dev: the device; nothing happens while it is closed
 *
 * Context: process or softirq.
 */
void dev_set_rx_mode(struct net_device *dev)
{
	if ((dev->flags & IFF_UP) && netif_device_present(dev) &&
	    dev->netdev_ops->ndo_set_rx_mode)
		dev->netdev_ops->ndo_set_rx_mode(dev);
}

/* One more or one less who wants @flag. */
static int dev_count_flag(struct net_device *dev, unsigned int *count, unsigned int flag,
			  int inc)
{
	if (inc < 0 && *count < (unsigned int)-inc)
		return -EINVAL;
	if (inc > 0 && *count + (unsigned int)inc < *count)
		return -EOVERFLOW;
	*count += (unsigned int)inc;
	if (*count)
		dev->flags |= flag;
	else
		dev->flags &= ~flag;
	dev_set_rx_mode(dev);
	return 0;
}

/**
 * dev_set_promiscuity - someone wants every frame, or does not any more
 * @dev: the device
 * @inc: 1 or -1
 *
 * Context: process.
 * Return: 0, -EINVAL (below zero) or -EOVERFLOW.
 */
int dev_set_promiscuity(struct net_device *dev, int inc)
{
	return dev_count_flag(dev, &dev->promiscuity, IFF_PROMISC, inc);
}

/**
 * dev_set_allmulti - someone wants every multicast frame, or does not any more
 * @dev: the device
 * @inc: 1 or -1
 *
 * Context: process.
 * Return: 0, -EINVAL (below zero) or -EOVERFLOW.
 */
int dev_set_allmulti(struct net_device *dev, int inc)
{
	return dev_count_flag(dev, &dev->allmulti, IFF_ALLMULTI, inc);
}

static struct netdev_hw_addr *dev_mc_find(struct net_device *dev, const u8 *addr)
{
	struct netdev_hw_addr *ha;

	netdev_for_each_mc_addr(ha, dev) {
		if (!memcmp(ha->addr, addr, dev->addr_len))
			return ha;
	}
	return NULL;
}

/**
 * dev_mc_add - receive a multicast group
 * @dev: the device
 * @addr: its link-layer address, dev->addr_len bytes
 *
 * Context: process or softirq.
 * Return: 0 or -ENOMEM.
 */
int dev_mc_add(struct net_device *dev, const u8 *addr)
{
	struct netdev_hw_addr *ha = dev_mc_find(dev, addr);

	if (ha) {
		ha->refcount++;
		return 0;
	}
	ha = kzalloc(sizeof(*ha), GFP_ATOMIC);
	if (!ha)
		return -ENOMEM;
	memcpy(ha->addr, addr, dev->addr_len);
	ha->refcount = 1;
	list_add_tail(&ha->list, &dev->mc);
	dev_set_rx_mode(dev);
	return 0;
}

/**
 * dev_mc_del - one less who wants a multicast group
 * @dev: the device
 * @addr: its link-layer address, dev->addr_len bytes
 *
 * Context: process or softirq.
 * Return: 0, or -ENOENT when nobody wants it.
 */
int dev_mc_del(struct net_device *dev, const u8 *addr)
{
	struct netdev_hw_addr *ha = dev_mc_find(dev, addr);

	if (!ha)
		return -ENOENT;
	if (--ha->refcount)
		return 0;
	list_del(&ha->list);
	kfree(ha);
	dev_set_rx_mode(dev);
	return 0;
}

/**
 * dev_mc_flush - forget all groups: the device is unregistered
 * @dev: the device
 *
 * Context: process.
 */
void dev_mc_flush(struct net_device *dev)
{
	struct netdev_hw_addr *ha, *tmp;

	list_for_each_entry_safe(ha, tmp, &dev->mc, list) {
		list_del(&ha->list);
		kfree(ha);
	}
}

/**
 * netdev_mc_count - how many groups
 * @dev: the device
 *
 * Context: any.
 * Return: the number.
 */
unsigned int netdev_mc_count(const struct net_device *dev)
{
	const struct netdev_hw_addr *ha;
	unsigned int n = 0;

	netdev_for_each_mc_addr(ha, dev)
		n++;
	return n;
}
