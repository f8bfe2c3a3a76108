// SPDX-License-Identifier: MIT
/*
 * Driver for the Intel 82540EM (PCI 8086:100e) and the 82574L (8086:10d3): probe,
 * up and down, the interrupt of a line and the poll, link changes.
 *
 *   e1000_intr      reads ICR (which clears it), napi_schedule(); masks when that
 *                   is not the first interrupt of a burst
 *   e1000_clean     link, receive up to the budget, reap; when all is done, fit
 *                   ITR to what it was, and unmask
 *
 * Linux: drivers/net/ethernet/intel/e1000/e1000_main.c; the 82574L has a driver of
 * its own there, e1000e. What differs is in struct e1000_info and e1000_irq.c.
 * Read first: chapters 3 and 14 of the manual (see e1000_hw.h), map.md.
 */
#include <linux/dma-mapping.h>
#include <linux/errno.h>
#include <linux/etherdevice.h>
#include <linux/init.h>
#include <linux/slab.h>
#include <linux/trace.h>

#include "e1000.h"

static const struct e1000_info e1000_82540_info = {
	.name = "e1000",
	.eerd_done = 0x10,
	.eerd_addr_shift = 8,
};

static const struct e1000_info e1000_82574_info = {
	.name = "e1000e",
	.eerd_done = 0x02,
	.eerd_addr_shift = 2,
	.reads_eeprom = true,
	.msix = true,
	.tctl = E1000_TCTL_MULR,
	.txdctl = E1000_TXDCTL_GRAN | E1000_TXDCTL_ONE | E1000_TXDCTL_WTHRESH_1,
	.rfctl = E1000_RFCTL_ACK_DIS | E1000_RFCTL_NFSW_DIS | E1000_RFCTL_NFSR_DIS,
};

/* ---- interrupt and poll ---------------------------------------------------- */

/**
 * e1000_intr() - the device's interrupt
 * @irq: its line
 * @data: the interface
 *
 * One read tells and clears all causes (13.4.17). The first interrupt of a burst
 * masks nothing: a lone frame is polled for before the next one, and ITR keeps
 * others away. A second one that finds the poll still due says that there is more
 * to come than needs telling: it masks, and the end of the poll unmasks.
 * Context: hardirq. Return: IRQ_NONE when it was another device on the line.
 */
irqreturn_t e1000_intr(int irq, void *data)
{
	struct net_device *netdev = data;
	struct e1000_adapter *adapter = netdev_priv(netdev);
	u32 icr;

	trace_here();
	(void)irq;
	icr = er32(ICR);
	if (!icr || icr == ~0U)
		return IRQ_NONE;
	adapter->interrupts++;
	if (icr & (E1000_INT_LSC | E1000_INT_RXSEQ))
		adapter->link_event = true;
	/* Also for causes that were masked: the read has cleared them, and a poll
	 * that is just about to finish must not rely on them any more. It then
	 * goes another round (NAPI_STATE_MISSED). */
	if (napi_schedule_prep(&adapter->napi))
		__napi_schedule(&adapter->napi);
	else if (adapter->ims)
		e1000_irq_disable(adapter);
	return IRQ_HANDLED;
}

static void e1000_check_link(struct e1000_adapter *adapter);

/**
 * e1000_clean() - the poll function
 * @napi: the NIC's
 * @budget: at most that many received frames
 *
 * Receives first and reaps then: packets that are sent in answer, from within
 * the receiving (what GRO held included), go with one doorbell and are reaped in
 * the same round.
 * Context: NET_RX softirq. Return: received frames, less than @budget when done.
 */
static int e1000_clean(struct napi_struct *napi, int budget)
{
	struct e1000_adapter *adapter = container_of(napi, struct e1000_adapter, napi);
	bool idle = false;
	int done;

	trace_here();
	adapter->polls++;
	if (unlikely(adapter->link_event))
		e1000_check_link(adapter);
	adapter->tx->in_poll = true;
	done = e1000_clean_rx_irq(adapter, budget);
	if (done < budget)
		idle = napi_complete_done(napi, done);
	adapter->tx->in_poll = false;
	e1000_tx_hand_over(adapter);
	e1000_clean_tx_irq(adapter, budget);
	if (idle) {
		e1000_set_itr(adapter);
		e1000_irq_enable(adapter);
	}
	return done;
}

/* Memory for receive buffers had run out: the poll tries again. */
static void e1000_refill_timer(struct timer_list *t)
{
	struct e1000_adapter *adapter = from_timer(adapter, t, refill_timer);

	e1000_alloc_rx_buffers(adapter);
	napi_schedule(&adapter->napi);
}

/* ---- up and down ------------------------------------------------------------ */

/* Rings into the device, and everything it has to know. */
static int e1000_configure(struct e1000_adapter *adapter)
{
	int err = e1000_reset_hw(adapter);

	if (err) {
		netdev_err(adapter->netdev, "device does not come out of reset\n");
		return err;
	}
	/* Off after a reset that failed. */
	if (!adapter->pdev->is_busmaster) {
		err = pci_set_master(adapter->pdev);
		if (err)
			return err;
	}
	e1000_rar_set(adapter, adapter->netdev->dev_addr);
	e1000_configure_irq(adapter);
	e1000_configure_tx(adapter);
	e1000_configure_rx(adapter);
	return 0;
}

/* Everything out of the rings. A device that will not reset is cut off from
 * memory before its buffers are given to others. */
static void e1000_stop_hw(struct e1000_adapter *adapter)
{
	del_timer_sync(&adapter->refill_timer);
	if (e1000_reset_hw(adapter)) {
		netdev_err(adapter->netdev, "device does not reset: bus mastering off\n");
		pci_clear_master(adapter->pdev);
	}
	e1000_clean_tx_ring(adapter);
	e1000_clean_rx_ring(adapter);
}

/* Begins anew after a hang, without the interface going down. Context: softirq,
 * so no poll is under way; one that is scheduled finds clean rings. */
static void e1000_reinit(struct e1000_adapter *adapter)
{
	e1000_update_stats(adapter);
	e1000_stop_hw(adapter);
	if (e1000_configure(adapter)) {
		netif_carrier_off(adapter->netdev);
		return;
	}
	e1000_irq_enable(adapter);
	netif_wake_queue(adapter->netdev);
}

/* STATUS after LSC. When the link goes with packets in the ring they would wait
 * for it to come back and be old news then: they are dropped. 13.4.2 */
static void e1000_check_link(struct e1000_adapter *adapter)
{
	struct net_device *netdev = adapter->netdev;
	u32 status, speed;

	adapter->link_event = false;
	status = er32(STATUS);
	speed = status & E1000_STATUS_SPEED_MASK;
	if (status & E1000_STATUS_LU) {
		if (netif_carrier_ok(netdev))
			return;
		netdev_info(netdev, "link up, %u Mbit/s, %s duplex\n",
			    speed == E1000_STATUS_SPEED_10 ? 10 :
			    speed == E1000_STATUS_SPEED_100 ? 100 : 1000,
			    status & E1000_STATUS_FD ? "full" : "half");
		netif_carrier_on(netdev);
		netif_wake_queue(netdev);
	} else if (netif_carrier_ok(netdev)) {
		netdev_info(netdev, "link down\n");
		netif_carrier_off(netdev);
		e1000_clean_tx_irq(adapter, 0);
		if (e1000_tx_pending(adapter))
			e1000_reinit(adapter);
	}
}

/* ndo_open. Context: process. */
static int e1000_open(struct net_device *netdev)
{
	struct e1000_adapter *adapter = netdev_priv(netdev);
	int err;

	err = e1000_setup_tx_resources(adapter);
	if (err)
		goto no_ring;
	err = e1000_setup_rx_resources(adapter);
	if (err)
		goto free_tx;
	netif_carrier_off(netdev);
	/* The refill timer fills the same ring. */
	local_bh_disable();
	err = e1000_configure(adapter);
	local_bh_enable();
	if (err)
		goto stop;
	/* The poll before the handler: what that reads of ICR is gone, be it only
	 * because of another device on the line. */
	napi_enable(&adapter->napi);
	err = e1000_request_irq(adapter);
	if (err)
		goto disable;
	adapter->up = true;
	netif_start_queue(netdev);
	e1000_check_link(adapter);
	e1000_irq_enable(adapter);
	return 0;

disable:
	napi_disable(&adapter->napi);
stop:
	e1000_stop_hw(adapter);
	e1000_free_rx_resources(adapter);
free_tx:
	e1000_free_tx_resources(adapter);
no_ring:
	if (err == -ENOMEM)
		netdev_err(netdev, "no memory for rings\n");
	return err;
}

/* ndo_stop. Whatever is in the rings is given up. Context: process. */
static int e1000_close(struct net_device *netdev)
{
	struct e1000_adapter *adapter = netdev_priv(netdev);

	adapter->up = false;
	netif_tx_disable(netdev);
	netif_carrier_off(netdev);
	/* The interrupt first: it would schedule; then the poll: it would unmask. */
	e1000_irq_disable(adapter);
	napi_disable(&adapter->napi);
	e1000_irq_disable(adapter);
	e1000_free_irq(adapter);
	e1000_update_stats(adapter);
	e1000_stop_hw(adapter);
	e1000_free_rx_resources(adapter);
	e1000_free_tx_resources(adapter);
	return 0;
}

static void e1000_tx_timeout(struct net_device *netdev)
{
	struct e1000_adapter *adapter = netdev_priv(netdev);

	adapter->tx_timeouts++;
	netdev->stats.tx_errors++;
	netdev_warn(netdev, "transmit queue hangs, resetting\n");
	e1000_reinit(adapter);
}

static int e1000_set_mac(struct net_device *netdev, const u8 *addr)
{
	struct e1000_adapter *adapter = netdev_priv(netdev);

	if (!is_valid_ether_addr(addr))
		return -EADDRNOTAVAIL;
	eth_hw_addr_set(netdev, addr);
	e1000_rar_set(adapter, addr);
	return 0;
}

static void e1000_set_rx_mode(struct net_device *netdev)
{
	struct e1000_adapter *adapter = netdev_priv(netdev);

	if (adapter->up)
		e1000_set_rx_mode_hw(adapter);
}

/* ndo_held: packets not sent yet. */
static unsigned int e1000_held(const struct net_device *netdev)
{
	const struct e1000_adapter *adapter = netdev_priv(netdev);
	unsigned int i, held = 0;

	if (!adapter->up)
		return 0;
	for (i = 0; i < E1000_TXD; i++)
		held += adapter->tx->buffer[i].skb != NULL;
	return held;
}

static const struct net_device_ops e1000_netdev_ops = {
	.ndo_open = e1000_open,
	.ndo_stop = e1000_close,
	.ndo_start_xmit = e1000_xmit_frame,
	.ndo_xmit_flush = e1000_xmit_flush,
	.ndo_set_mac_address = e1000_set_mac,
	.ndo_set_rx_mode = e1000_set_rx_mode,
	.ndo_tx_timeout = e1000_tx_timeout,
	.ndo_dump = e1000_dump,
	.ndo_held = e1000_held,
};

/* ---- probe and remove --------------------------------------------------------- */

/* The EEPROM's address, or one made up. */
static void e1000_set_address(struct e1000_adapter *adapter)
{
	struct net_device *netdev = adapter->netdev;
	u8 addr[ETH_ALEN];
	int err = e1000_read_mac_addr(adapter, addr);

	if (!err) {
		eth_hw_addr_set(netdev, addr);
		return;
	}
	eth_hw_addr_random(netdev);
	dev_warn(&adapter->pdev->dev, "no MAC address: %s; random one\n",
		 err == -EIO ? "EEPROM does not answer" :
		 err == -EBADMSG ? "EEPROM checksum wrong" : "EEPROM holds none");
}

/* The bus's side: memory, DMA, interrupt. Undone by e1000_release_pci(). */
static int e1000_setup_pci(struct e1000_adapter *adapter)
{
	struct pci_dev *pdev = adapter->pdev;
	int err;

	err = pci_enable_device(pdev);
	if (err)
		return err;
	err = dma_set_mask_and_coherent(&pdev->dev, DMA_BIT_MASK(64));
	if (!err)
		err = pci_set_master(pdev);
	if (err)
		goto disable;
	err = -ENODEV;
	adapter->hw_addr = pci_iomap_range(pdev, 0, 0, E1000_REGISTERS_SIZE);
	if (!adapter->hw_addr) {
		dev_err(&pdev->dev, "no registers at BAR 0\n");
		goto disable;
	}
	err = e1000_setup_irq(adapter);
	if (!err)
		return 0;
	pci_iounmap(pdev, adapter->hw_addr);
disable:
	pci_disable_device(pdev);
	return err;
}

static void e1000_release_pci(struct e1000_adapter *adapter)
{
	pci_free_irq_vectors(adapter->pdev);
	pci_iounmap(adapter->pdev, adapter->hw_addr);
	pci_disable_device(adapter->pdev);
}

static void e1000_setup_netdev(struct net_device *netdev)
{
	const struct e1000_adapter *adapter = netdev_priv(netdev);

	netdev->netdev_ops = &e1000_netdev_ops;
	netdev->driver = adapter->info->name;
	netdev->hw_features = NETIF_F_SG | NETIF_F_HW_CSUM | NETIF_F_RXCSUM |
			      NETIF_F_TSO;
	netdev->features |= netdev->hw_features;
	netdev->min_mtu = ETH_MIN_MTU;
	netdev->max_mtu = ETH_DATA_LEN;
	netdev->watchdog_timeo_ms = E1000_WATCHDOG_MS;
}

/**
 * e1000_probe() - makes an interface of a NIC that was found
 * @pdev: the PCI function
 * @ent: the entry of the id table
 *
 * Context: process. Return: 0 or -errno, each with its message.
 */
static int e1000_probe(struct pci_dev *pdev, const struct pci_device_id *ent)
{
	struct e1000_adapter *adapter;
	struct net_device *netdev;
	int err;

	trace_here();
	netdev = alloc_etherdev(sizeof(*adapter));
	if (!netdev)
		return -ENOMEM;
	SET_NETDEV_DEV(netdev, &pdev->dev);
	pci_set_drvdata(pdev, netdev);
	adapter = netdev_priv(netdev);
	adapter->netdev = netdev;
	adapter->pdev = pdev;
	adapter->info = (const void *)ent->driver_data;
	timer_setup(&adapter->refill_timer, e1000_refill_timer, 0);
	err = e1000_setup_pci(adapter);
	if (err)
		goto free;
	err = e1000_reset_hw(adapter);
	if (err) {
		dev_err(&pdev->dev, "device does not come out of reset\n");
		goto release;
	}
	e1000_set_address(adapter);
	e1000_setup_netdev(netdev);
	netif_napi_add(netdev, &adapter->napi, e1000_clean);
	err = register_netdev(netdev);
	if (err)
		goto del_napi;
	netif_carrier_off(netdev);
	netdev_info(netdev, "%s at %s, %pM, irq %d, features: sg tx-checksum tso rx-checksum%s\n",
		    adapter->info->name, pci_name(pdev), netdev->dev_addr,
		    pci_irq_vector(pdev, 0), adapter->msix ? " msix" : "");
	return 0;

del_napi:
	netif_napi_del(&adapter->napi);
release:
	e1000_release_pci(adapter);
free:
	pci_set_drvdata(pdev, NULL);
	free_netdev(netdev);
	return err;
}

static void e1000_remove(struct pci_dev *pdev)
{
	struct net_device *netdev = pci_get_drvdata(pdev);
	struct e1000_adapter *adapter = netdev_priv(netdev);

	unregister_netdev(netdev);
	netif_napi_del(&adapter->napi);
	e1000_release_pci(adapter);
	pci_set_drvdata(pdev, NULL);
	free_netdev(netdev);
}

static const struct pci_device_id e1000_pci_tbl[] = {
	{ PCI_DEVICE(PCI_VENDOR_ID_INTEL, E1000_DEV_ID_82540EM),
	  .driver_data = (unsigned long)&e1000_82540_info },
	{ PCI_DEVICE(PCI_VENDOR_ID_INTEL, E1000_DEV_ID_82574L),
	  .driver_data = (unsigned long)&e1000_82574_info },
	{ 0 }
};

static struct pci_driver e1000_driver = {
	.name = "e1000",
	.id_table = e1000_pci_tbl,
	.probe = e1000_probe,
	.remove = e1000_remove,
};

static int __init e1000_init_module(void)
{
	return pci_register_driver(&e1000_driver);
}
module_init(e1000_init_module);
