// SPDX-License-Identifier: MIT
/*
 * The e1000's interrupts: a line, or two messages where the device has MSI-X.
 *
 *	line       ICR tells the causes and is cleared by the read: e1000_intr()
 *	message 0  received, sent: it clears and masks its causes itself (EIAC), so
 *	           that no register is read and only IMS is written, after the poll
 *	message 1  all else, which is the link: ICR tells, and is cleared by a write
 *
 * Linux: e1000_main.c (e1000_irq_enable ...); e1000e/netdev.c (e1000_intr_msix_rx,
 * e1000_msix_other, e1000_configure_msix)
 * Read first: 13.4.17 ... 13.4.21 of the manual; 7.4, 10.2.4 of the 82574's datasheet.
 */
#include <linux/errno.h>
#include <linux/trace.h>

#include "e1000.h"

#define E1000_VECTOR_QUEUES	0U
#define E1000_VECTOR_OTHER	1U
#define E1000_IMS_QUEUES	(E1000_INT_RXQ0 | E1000_INT_TXQ0)

/**
 * e1000_irq_disable() - masks all interrupts of the device
 * @adapter: the NIC
 *
 * Context: any.
 */
void e1000_irq_disable(struct e1000_adapter *adapter)
{
	ew32(IMC, ~0U);
	adapter->ims = 0;
}

/**
 * e1000_irq_enable() - unmasks what there is to wait for
 * @adapter: the NIC, up
 *
 * Frames and the link, and what is sent while packets are in the transmit ring.
 * What is enabled already needs no write.
 *
 * No event is lost between the poll's last look at the rings and this: causes
 * are latched in ICR while masked, and enabling a latched one raises the line, or
 * sends the message, at once (13.4.20).
 * Context: process or softirq.
 */
void e1000_irq_enable(struct e1000_adapter *adapter)
{
	u32 want = adapter->ims_rx;
	unsigned long flags;

	/* The interrupt masks: what we know of IMS and IMS change together. */
	local_irq_save(flags);
	if (e1000_tx_pending(adapter)) {
		want |= adapter->ims_tx;
	} else if (adapter->ims & adapter->ims_tx) {
		adapter->ims &= ~adapter->ims_tx;
		ew32(IMC, adapter->ims_tx);
	}
	if (want & ~adapter->ims) {
		adapter->ims |= want;
		ew32(IMS, want);
	}
	local_irq_restore(flags);
}

/* Message 0. Its causes are masked (EIAC): of one of them the device knows better
 * than we whether it was, and enabling it once more is harmless. Context: hardirq. */
static irqreturn_t e1000_intr_msix(int irq, void *data)
{
	struct e1000_adapter *adapter = netdev_priv(data);

	trace_here();
	(void)irq;
	adapter->interrupts++;
	adapter->ims &= ~E1000_IMS_QUEUES;
	napi_schedule(&adapter->napi);
	return IRQ_HANDLED;
}

/* Message 1. What it clears of message 0's causes the poll sees to. Context:
 * hardirq. */
static irqreturn_t e1000_msix_other(int irq, void *data)
{
	struct e1000_adapter *adapter = netdev_priv(data);
	u32 icr = er32(ICR);

	trace_here();
	(void)irq;
	adapter->interrupts++;
	/* 82574 10.2.4.1: the read need not clear when messages are used. */
	ew32(ICR, icr & ~E1000_IMS_QUEUES);
	adapter->link_event = true;
	napi_schedule(&adapter->napi);
	return IRQ_HANDLED;
}

/**
 * e1000_setup_irq() - finds out by what the device may interrupt
 * @adapter: the NIC, being probed
 *
 * Context: process. Return: 0 or -errno, with its message.
 */
int e1000_setup_irq(struct e1000_adapter *adapter)
{
	struct pci_dev *pdev = adapter->pdev;
	int err;

	if (adapter->info->msix && pci_alloc_irq_vectors(pdev, 2, 2, PCI_IRQ_MSIX) == 2) {
		adapter->irq = pci_irq_vector(pdev, E1000_VECTOR_QUEUES);
		adapter->irq_other = pci_irq_vector(pdev, E1000_VECTOR_OTHER);
		adapter->ims_rx = E1000_INT_RXQ0 | E1000_INT_OTHER | E1000_INT_LSC;
		adapter->ims_tx = E1000_INT_TXQ0;
		adapter->itr_reg = E1000_EITR(E1000_VECTOR_QUEUES);
		return 0;
	}
	err = pci_alloc_irq_vectors(pdev, 1, 1, PCI_IRQ_INTX);
	if (err < 0) {
		dev_err(&pdev->dev, "no interrupt line, error %d\n", err);
		return err;
	}
	adapter->irq = pci_irq_vector(pdev, 0);
	adapter->irq_other = -1;
	adapter->ims_rx = E1000_INT_RXT0 | E1000_INT_RXDMT0 | E1000_INT_RXO | E1000_INT_RXSEQ |
			  E1000_INT_LSC;
	adapter->ims_tx = E1000_INT_TXDW;
	adapter->itr_reg = E1000_ITR;
	return 0;
}

/**
 * e1000_configure_irq() - tells the device which causes send which message
 * @adapter: the NIC, reset
 *
 * Context: process or softirq.
 */
void e1000_configure_irq(struct e1000_adapter *adapter)
{
	if (adapter->irq_other < 0)
		return;
	ew32(CTRL_EXT, (er32(CTRL_EXT) & ~(E1000_CTRL_EXT_IAME | E1000_CTRL_EXT_EIAME)) |
			       E1000_CTRL_EXT_PBA_CLR);
	ew32(EIAC, E1000_IMS_QUEUES);
	ew32(IVAR, E1000_IVAR_RXQ0(E1000_VECTOR_QUEUES) | E1000_IVAR_TXQ0(E1000_VECTOR_QUEUES) |
			   E1000_IVAR_OTHER(E1000_VECTOR_OTHER));
}

/**
 * e1000_request_irq() - from here on the handlers may be called
 * @adapter: the NIC, all masked
 *
 * Context: process. Return: 0 or -errno, with its message.
 */
int e1000_request_irq(struct e1000_adapter *adapter)
{
	struct net_device *netdev = adapter->netdev;
	bool msix = adapter->irq_other >= 0;
	int err;

	err = request_irq((unsigned int)adapter->irq, msix ? e1000_intr_msix : e1000_intr,
			  msix ? 0 : IRQF_SHARED, netdev->name, netdev);
	if (!err && msix) {
		err = request_irq((unsigned int)adapter->irq_other, e1000_msix_other, 0,
				  netdev->name, netdev);
		if (err)
			free_irq((unsigned int)adapter->irq, netdev);
	}
	if (err)
		netdev_err(netdev, "no interrupt %d, error %d\n", adapter->irq, err);
	return err;
}

/**
 * e1000_free_irq() - the handlers are called no more
 * @adapter: the NIC
 *
 * Context: process.
 */
void e1000_free_irq(struct e1000_adapter *adapter)
{
	free_irq((unsigned int)adapter->irq, adapter->netdev);
	if (adapter->irq_other >= 0)
		free_irq((unsigned int)adapter->irq_other, adapter->netdev);
}
