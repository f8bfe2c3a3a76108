// SPDX-License-Identifier: MIT
/*
 * Devices: made, registered under a name and a number, opened, closed, changed,
 * unregistered, and the events by which the layers above hear of it (DEV-1,
 * DEV-2, DEV-9). Process context throughout.
 *
 * A device is reference counted: free_netdev() gives up the creator's reference,
 * and the memory (the driver's part too) goes with the last one.
 *
 * Linux: net/core/dev.c, where unregistering waits for the references
 */
#include <linux/errno.h>
#include <linux/etherdevice.h>
#include <linux/kernel.h>
#include <linux/netdevice.h>
#include <linux/slab.h>
#include <linux/string.h>
#include <net/net_namespace.h>
#include <net/sch_generic.h>

#define MAX_DEVICE_NUMBER 4096	/* of names with %d */

static struct raw_notifier_head netdev_chain __ro_after_init;

/* ---- events -------------------------------------------------------------------- */

/**
 * call_netdevice_notifiers - tell the layers above
 * @val: enum netdev_cmd
 * @dev: what it happened to
 *
 * Context: process or softirq.
 * Return: NOTIFY_*; notifier_to_errno() makes an error of it.
 */
int call_netdevice_notifiers(unsigned long val, struct net_device *dev)
{
	struct netdev_notifier_info info = { .dev = dev };

	return raw_notifier_call_chain(&netdev_chain, val, &info);
}

/**
 * register_netdevice_notifier - hear of devices
 * @nb: a static object; is told at once of the devices there are
 *
 * Context: initcalls.
 * Return: 0, or the error it answered with (then it is not registered).
 */
int register_netdevice_notifier(struct notifier_block *nb)
{
	struct netdev_notifier_info info;
	struct net_device *dev;
	struct net *net;
	int err;

	for_each_net(net) {
		for_each_netdev(net, dev) {
			info.dev = dev;
			err = notifier_to_errno(nb->notifier_call(nb, NETDEV_REGISTER, &info));
			if (err)
				return err;
			if (dev->flags & IFF_UP)
				nb->notifier_call(nb, NETDEV_UP, &info);
		}
	}
	raw_notifier_chain_register(&netdev_chain, nb);
	return 0;
}

/**
 * netdev_notify_peers - the interface hangs on another link now
 * @dev: the device
 *
 * As after a migration. Whoever has addresses on it tells the link.
 *
 * Context: process or softirq.
 */
void netdev_notify_peers(struct net_device *dev)
{
	call_netdevice_notifiers(NETDEV_NOTIFY_PEERS, dev);
}

/**
 * netdev_state_change - carrier or flags are not what they were
 * @dev: the device
 *
 * Context: process or softirq.
 */
void netdev_state_change(struct net_device *dev)
{
	if (dev->flags & IFF_UP)
		call_netdevice_notifiers(NETDEV_CHANGE, dev);
}

/* ---- names and numbers ---------------------------------------------------------- */

/**
 * dev_valid_name - may a device be called that?
 * @name: the name
 *
 * Context: any.
 * Return: whether.
 */
bool dev_valid_name(const char *name)
{
	size_t i, len = strnlen(name, IFNAMSIZ);

	if (!len || len == IFNAMSIZ || !strcmp(name, ".") || !strcmp(name, ".."))
		return false;
	for (i = 0; i < len; i++) {
		if (name[i] == '/' || name[i] == ':' || name[i] <= ' ')
			return false;
	}
	return true;
}

/**
 * __dev_get_by_name - find a device by its name
 * @net: where
 * @name: the name
 *
 * Context: process or softirq.
 * Return: the device, borrowed, or NULL.
 */
struct net_device *__dev_get_by_name(struct net *net, const char *name)
{
	struct net_device *dev;

	for_each_netdev(net, dev) {
		if (!strncmp(dev->name, name, IFNAMSIZ))
			return dev;
	}
	return NULL;
}

/**
 * dev_get_by_name - find a device by its name
 * @net: where
 * @name: the name
 *
 * Context: process or softirq.
 * Return: the device with a reference, or NULL.
 */
struct net_device *dev_get_by_name(struct net *net, const char *name)
{
	struct net_device *dev = __dev_get_by_name(net, name);

	dev_hold(dev);
	return dev;
}

/**
 * __dev_get_by_index - find a device by its number
 * @net: where
 * @ifindex: the number
 *
 * Context: process or softirq.
 * Return: the device, borrowed, or NULL.
 */
struct net_device *__dev_get_by_index(struct net *net, int ifindex)
{
	struct net_device *dev;

	for_each_netdev(net, dev) {
		if (dev->ifindex == ifindex)
			return dev;
	}
	return NULL;
}

/**
 * dev_get_by_index_rcu - find a device by its number
 * @net: where
 * @ifindex: the number
 *
 * Context: a read section.
 * Return: the device, borrowed, or NULL.
 */
struct net_device *dev_get_by_index_rcu(struct net *net, int ifindex)
{
	return __dev_get_by_index(net, ifindex);
}

/**
 * dev_get_by_index - find a device by its number
 * @net: where
 * @ifindex: the number
 *
 * Context: process or softirq.
 * Return: the device with a reference, or NULL.
 */
struct net_device *dev_get_by_index(struct net *net, int ifindex)
{
	struct net_device *dev = __dev_get_by_index(net, ifindex);

	dev_hold(dev);
	return dev;
}

/**
 * dev_getbyhwaddr_rcu - find a device by its link-layer address
 * @net: where
 * @type: ARPHRD_*
 * @ha: the address
 *
 * Context: a read section.
 * Return: the device, borrowed, or NULL.
 */
struct net_device *dev_getbyhwaddr_rcu(struct net *net, unsigned short type, const u8 *ha)
{
	struct net_device *dev;

	for_each_netdev(net, dev) {
		if (dev->type == type && !memcmp(dev->dev_addr, ha, dev->addr_len))
			return dev;
	}
	return NULL;
}

/**
 * dev_getfirstbyhwtype - the first device of a type
 * @net: where
 * @type: ARPHRD_*
 *
 * Context: process or softirq.
 * Return: the device with a reference, or NULL.
 */
struct net_device *dev_getfirstbyhwtype(struct net *net, unsigned short type)
{
	struct net_device *dev;

	for_each_netdev(net, dev) {
		if (dev->type == type) {
			dev_hold(dev);
			return dev;
		}
	}
	return NULL;
}

/* "eth%d" becomes "eth0" or the first that is free; others stay. */
static int dev_alloc_name(struct net *net, struct net_device *dev)
{
	char buf[IFNAMSIZ], *percent = strchr(dev->name, '%');
	int i, n;

	if (!percent)
		return __dev_get_by_name(net, dev->name) ? -EEXIST : 0;
	if (percent[1] != 'd' || strchr(percent + 2, '%'))
		return -EINVAL;
	*percent = '\0';
	for (i = 0; i < MAX_DEVICE_NUMBER; i++) {
		n = scnprintf(buf, sizeof(buf), "%s%d%s", dev->name, i, percent + 2);
		if (n < (int)sizeof(buf) - 1 && !__dev_get_by_name(net, buf)) {
			strscpy(dev->name, buf, IFNAMSIZ);
			return 0;
		}
	}
	*percent = '%';
	return -ENFILE;
}

/* ---- made and unmade -------------------------------------------------------------- */

/**
 * alloc_netdev_mqs - a new device
 * @sizeof_priv: bytes for the driver, at netdev_priv(), aligned to 64, zeroed
 * @name: its name, perhaps with one %d
 * @name_assign_type: NET_NAME_*; Linux keeps it, here it has no reader
 * @setup: fills in what its type has in common (ether_setup)
 * @txqs: transmit queues; 1
 * @rxqs: receive queues; 1
 *
 * Context: process.
 * Return: the device, in init_net, with the caller's reference, or NULL.
 */
struct net_device *alloc_netdev_mqs(size_t sizeof_priv, const char *name,
				    unsigned char name_assign_type,
				    void (*setup)(struct net_device *dev),
				    unsigned int txqs, unsigned int rxqs)
{
	const size_t priv_at = ALIGN(sizeof(struct net_device), 64UL);
	struct net_device *dev;

	if (strnlen(name, IFNAMSIZ) >= IFNAMSIZ || txqs != 1 || rxqs != 1) {
		pr_err("alloc_netdev: %s: %u + %u queues\n", name, txqs, rxqs);
		return NULL;
	}
	dev = kzalloc(priv_at + sizeof_priv, GFP_KERNEL);
	if (!dev)
		return NULL;
	dev->priv = (u8 *)dev + priv_at;
	dev->nd_net = init_net;
	strscpy(dev->name, name, IFNAMSIZ);
	dev->gso_max_size = GSO_MAX_SIZE;
	dev->gso_max_segs = GSO_MAX_SEGS;
	dev->features = NETIF_F_SOFT_FEATURES;
	dev->reg_state = NETREG_UNINITIALIZED;
	INIT_LIST_HEAD(&dev->dev_list);
	INIT_LIST_HEAD(&dev->ptype_all);
	INIT_LIST_HEAD(&dev->xmit_owed_node);
	INIT_LIST_HEAD(&dev->napi_list);
	INIT_LIST_HEAD(&dev->mc);
	dev->_tx.dev = dev;
	spin_lock_init(&dev->_tx._xmit_lock);
	refcount_set(&dev->refs, 1);
	dev_init_scheduler(dev);
	setup(dev);
	if (!dev->tx_queue_len) {
		dev->priv_flags |= IFF_NO_QUEUE;
		dev->tx_queue_len = 1000;	/* what is shown */
	}
	return dev;
}

/**
 * __netdev_free - the last reference to a device is gone
 * @dev: freed, the driver's part with it
 *
 * Context: any.
 */
void __netdev_free(struct net_device *dev)
{
	WARN_ON(dev->reg_state == NETREG_REGISTERED);
	kfree(dev);
}

/**
 * free_netdev - the creator lets go of a device
 * @dev: not registered; his reference is consumed
 *
 * Context: any.
 */
void free_netdev(struct net_device *dev)
{
	WARN_ON(dev->reg_state == NETREG_REGISTERED);
	dev_mc_flush(dev);
	dev_put(dev);
}

static void list_netdevice(struct net_device *dev)
{
	struct net *net = dev_net(dev);

	dev->ifindex = ++net->dev_next_ifindex;
	list_add_tail(&dev->dev_list, &net->dev_base_head);
	if ((dev->flags & IFF_LOOPBACK) && !net->loopback_dev)
		net->loopback_dev = dev;
}

static void unlist_netdevice(struct net_device *dev)
{
	struct net *net = dev_net(dev);

	list_del_init(&dev->dev_list);
	if (net->loopback_dev == dev)
		net->loopback_dev = NULL;
}

/**
 * register_netdevice - give a device a name and a number, closed
 * @dev: from alloc_netdev_mqs(), filled in
 *
 * Context: process.
 * Return: 0, -EINVAL (the name), -EEXIST, -ENFILE, or what ndo_init or a layer
 * above answered.
 */
int register_netdevice(struct net_device *dev)
{
	struct net *net = dev_net(dev);
	int err;

	if (!dev_valid_name(dev->name) || !dev->netdev_ops)
		return -EINVAL;
	err = dev_alloc_name(net, dev);
	if (err)
		return err;
	if (dev->netdev_ops->ndo_init) {
		err = dev->netdev_ops->ndo_init(dev);
		if (err)
			return err > 0 ? -EIO : err;
	}
	dev->flags &= ~(unsigned int)IFF_UP;
	set_bit(__LINK_STATE_PRESENT, &dev->state);
	dev_hold(dev);
	list_netdevice(dev);
	dev->reg_state = NETREG_REGISTERED;
	err = notifier_to_errno(call_netdevice_notifiers(NETDEV_REGISTER, dev));
	if (err) {
		dev->needs_free_netdev = false;		/* the caller does */
		unregister_netdevice(dev);
	}
	return err;
}

/**
 * register_netdev - the same, for drivers
 * @dev: from alloc_netdev_mqs(), filled in
 *
 * Context: process.
 * Return: as register_netdevice().
 */
int register_netdev(struct net_device *dev)
{
	return register_netdevice(dev);
}

/**
 * unregister_netdevice - close a device and take it away
 * @dev: registered; what is under way through it is lost
 *
 * Context: process.
 */
void unregister_netdevice(struct net_device *dev)
{
	if (dev->reg_state != NETREG_REGISTERED)
		return;
	dev_close(dev);
	unlist_netdevice(dev);
	dev->reg_state = NETREG_UNREGISTERED;
	dev_shutdown(dev);
	dev_flush_backlog(dev);
	call_netdevice_notifiers(NETDEV_UNREGISTER, dev);
	dev_mc_flush(dev);
	if (dev->netdev_ops->ndo_uninit)
		dev->netdev_ops->ndo_uninit(dev);
	WARN_ON(dev->rx_handler);
	if (dev->needs_free_netdev)
		free_netdev(dev);
	dev_put(dev);
}

/**
 * unregister_netdev - the same, for drivers
 * @dev: registered
 *
 * Context: process.
 */
void unregister_netdev(struct net_device *dev)
{
	unregister_netdevice(dev);
}

/* ---- opened, closed, changed --------------------------------------------------------- */

/**
 * dev_open - bring a device up
 * @dev: registered; open already: nothing happens
 *
 * Context: process.
 * Return: 0, -ENODEV (not there), or what the driver or a layer above answered.
 */
int dev_open(struct net_device *dev)
{
	int err;

	if (dev->flags & IFF_UP)
		return 0;
	if (!netif_device_present(dev))
		return -ENODEV;
	err = notifier_to_errno(call_netdevice_notifiers(NETDEV_PRE_UP, dev));
	if (err)
		return err;
	set_bit(__LINK_STATE_START, &dev->state);
	if (dev->netdev_ops->ndo_open)
		err = dev->netdev_ops->ndo_open(dev);
	if (err) {
		clear_bit(__LINK_STATE_START, &dev->state);
		return err;
	}
	dev->flags |= IFF_UP;
	dev_set_rx_mode(dev);
	dev_activate(dev);
	call_netdevice_notifiers(NETDEV_UP, dev);
	return 0;
}

/**
 * dev_close - bring a device down
 * @dev: closed already: nothing happens
 *
 * Context: process.
 */
void dev_close(struct net_device *dev)
{
	if (!(dev->flags & IFF_UP))
		return;
	call_netdevice_notifiers(NETDEV_GOING_DOWN, dev);
	clear_bit(__LINK_STATE_START, &dev->state);
	dev_deactivate(dev);
	if (dev->netdev_ops->ndo_stop)
		dev->netdev_ops->ndo_stop(dev);
	dev->flags &= ~(unsigned int)IFF_UP;
	call_netdevice_notifiers(NETDEV_DOWN, dev);
}

/**
 * dev_get_flags - flags as programs see them
 * @dev: the device
 *
 * Context: any.
 * Return: IFF_*, with IFF_RUNNING and IFF_LOWER_UP as the link is.
 */
unsigned int dev_get_flags(const struct net_device *dev)
{
	unsigned int flags = dev->flags & ~(unsigned int)(IFF_RUNNING | IFF_LOWER_UP);

	if (netif_oper_up(dev))
		flags |= IFF_RUNNING | IFF_LOWER_UP;
	return flags;
}

/**
 * dev_change_flags - set the flags that programs may set
 * @dev: the device
 * @flags: IFF_UP opens or closes; IFF_PROMISC, IFF_ALLMULTI, IFF_NOARP, IFF_DEBUG
 *
 * Context: process.
 * Return: 0, or the error of opening.
 */
int dev_change_flags(struct net_device *dev, unsigned int flags)
{
	const unsigned int plain = IFF_DEBUG | IFF_NOTRAILERS | IFF_NOARP;
	unsigned int old = dev->flags;
	int err = 0;

	dev->flags = (dev->flags & ~plain) | (flags & plain);
	if ((old ^ flags) & IFF_PROMISC)
		dev_set_promiscuity(dev, flags & IFF_PROMISC ? 1 : -1);
	if ((old ^ flags) & IFF_ALLMULTI)
		dev_set_allmulti(dev, flags & IFF_ALLMULTI ? 1 : -1);
	if ((old ^ flags) & IFF_UP) {
		if (flags & IFF_UP)
			err = dev_open(dev);
		else
			dev_close(dev);
	}
	if ((old ^ dev->flags) & ~(unsigned int)IFF_UP)
		netdev_state_change(dev);
	return err;
}

/**
 * dev_set_mtu - other packets fit from now on
 * @dev: the device
 * @new_mtu: bytes of network-layer packet
 *
 * Context: process.
 * Return: 0, -EINVAL (not between min_mtu and max_mtu), -ENODEV, or what the
 * driver or a layer above answered.
 */
int dev_set_mtu(struct net_device *dev, int new_mtu)
{
	int err;

	if (new_mtu < 0 || (unsigned int)new_mtu < dev->min_mtu ||
	    (dev->max_mtu && (unsigned int)new_mtu > dev->max_mtu))
		return -EINVAL;
	if ((unsigned int)new_mtu == dev->mtu)
		return 0;
	if (!netif_device_present(dev))
		return -ENODEV;
	err = notifier_to_errno(call_netdevice_notifiers(NETDEV_PRECHANGEMTU, dev));
	if (err)
		return err;
	if (dev->netdev_ops->ndo_change_mtu) {
		err = dev->netdev_ops->ndo_change_mtu(dev, new_mtu);
		if (err)
			return err;
	}
	dev->mtu = (unsigned int)new_mtu;
	call_netdevice_notifiers(NETDEV_CHANGEMTU, dev);
	return 0;
}

/**
 * dev_set_mac_address - another link-layer address
 * @dev: the device
 * @addr: dev->addr_len bytes
 *
 * Context: process.
 * Return: 0, -EOPNOTSUPP, -ENODEV, or what the driver answered.
 */
int dev_set_mac_address(struct net_device *dev, const u8 *addr)
{
	int err;

	if (!dev->netdev_ops->ndo_set_mac_address)
		return -EOPNOTSUPP;
	if (!netif_device_present(dev))
		return -ENODEV;
	err = dev->netdev_ops->ndo_set_mac_address(dev, addr);
	if (err)
		return err;
	call_netdevice_notifiers(NETDEV_CHANGEADDR, dev);
	return 0;
}

/**
 * dev_change_tx_queue_len - a longer or shorter transmit queue
 * @dev: the device
 * @new_len: packets; from the next packet on
 *
 * Context: process.
 * Return: 0, or what a layer above answered (then nothing has changed).
 */
int dev_change_tx_queue_len(struct net_device *dev, unsigned int new_len)
{
	unsigned int old = dev->tx_queue_len;
	int err;

	if (new_len == old)
		return 0;
	dev->tx_queue_len = new_len;
	err = notifier_to_errno(call_netdevice_notifiers(NETDEV_CHANGE_TX_QUEUE_LEN, dev));
	if (err)
		dev->tx_queue_len = old;
	return err;
}

/**
 * dev_get_stats - counters of a device
 * @dev: the device
 *
 * Context: any.
 * Return: the counters, borrowed.
 */
const struct rtnl_link_stats64 *dev_get_stats(const struct net_device *dev)
{
	return &dev->stats;
}
