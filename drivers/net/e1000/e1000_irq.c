// SPDX-License-Identifier: MIT
/*
 * The e1000's interrupts: a line, or three messages where the device has MSI-X.
 *
 *	line       ICR tells the causes and is cleared by the read: e1000_intr()
 *	message 0  received: it clears and masks its cause itself (EIAC), so that no
 *	           register is read and only IMS is written, after the poll
 *	message 1  sent: likewise
 *	message 2  all else, which is the link: ICR tells, and is cleared by a write
 *
 * Linux: e1000_main.c (e1000_irq_enable ...); e1000e/netdev.c (e1000_intr_msix_rx,
 * e1000_msix_other, e1000_configure_msix)
 * Read first: 13.4.17 ... 13.4.21 of the manual; 7.4, 10.2.4 of the 82574's datasheet.
 */
#include <linux/errno.h>
#include <linux/trace.h>

#include "e1000.h"

#define E1000_VECTOR_RX		0U
#define E1000_VECTOR_TX		1U
#define E1000_VECTOR_OTHER	2U
#define E1000_VECTORS		3U
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

/*
 * Message 0: received. From the message to the end of the poll its cause is masked,
 * and one that comes all the same tells nothing: QEMU's device sends one whenever
 * EITR's time is over. What came meanwhile is latched, and sent when it is unmasked.
 * Context: hardirq.
 */
static irqreturn_t e1000_intr_msix_rx(int irq, void *data)
{
	struct e1000_adapter *adapter = netdev_priv(data);

	trace_here();
	(void)irq;
	adapter->interrupts++;
	if (!(adapter->ims & E1000_INT_RXQ0))
		return IRQ_HANDLED;
	adapter->ims &= ~E1000_INT_RXQ0;
	napi_schedule(&adapter->napi);
	return IRQ_HANDLED;
}

/* Message 1: sent. Context: hardirq. */
static irqreturn_t e1000_intr_msix_tx(int irq, void *data)
{
	struct e1000_adapter *adapter = netdev_priv(data);

	trace_here();
	(void)irq;
	adapter->interrupts++;
	adapter->ims &= ~E1000_INT_TXQ0;
	napi_schedule(&adapter->napi);
	return IRQ_HANDLED;
}

/* Message 2: the link. What the read clears of the others' causes the poll sees to.
 * Context: hardirq. */
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

	if (adapter->info->msix &&
	    pci_alloc_irq_vectors(pdev, E1000_VECTORS, E1000_VECTORS, PCI_IRQ_MSIX) > 0) {
		adapter->msix = true;
		adapter->num_vectors = E1000_VECTORS;
		adapter->ims_rx = E1000_INT_RXQ0 | E1000_INT_OTHER | E1000_INT_LSC;
		adapter->ims_tx = E1000_INT_TXQ0;
		adapter->itr_reg = E1000_EITR(E1000_VECTOR_RX);
		return 0;
	}
	err = pci_alloc_irq_vectors(pdev, 1, 1, PCI_IRQ_INTX);
	if (err < 0) {
		dev_err(&pdev->dev, "no interrupt line, error %d\n", err);
		return err;
	}
	adapter->num_vectors = 1;
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
	if (!adapter->msix)
		return;
	ew32(CTRL_EXT, (er32(CTRL_EXT) & ~(E1000_CTRL_EXT_IAME | E1000_CTRL_EXT_EIAME)) |
			       E1000_CTRL_EXT_PBA_CLR);
	ew32(EIAC, E1000_IMS_QUEUES);
	ew32(IVAR, E1000_IVAR_RXQ0(E1000_VECTOR_RX) | E1000_IVAR_TXQ0(E1000_VECTOR_TX) |
			   E1000_IVAR_OTHER(E1000_VECTOR_OTHER));
}

static const irq_handler_t e1000_msix_handlers[] = {
	[E1000_VECTOR_RX] = e1000_intr_msix_rx,
	[E1000_VECTOR_TX] = e1000_intr_msix_tx,
	[E1000_VECTOR_OTHER] = e1000_msix_other,
};

static void e1000_free_irqs(struct e1000_adapter *adapter, unsigned int n)
{
	while (n--)
		free_irq((unsigned int)pci_irq_vector(adapter->pdev, n), adapter->netdev);
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
	unsigned int i;

	for (i = 0; i < adapter->num_vectors; i++) {
		int irq = pci_irq_vector(adapter->pdev, i);
		int err = request_irq((unsigned int)irq,
				      adapter->msix ? e1000_msix_handlers[i] : e1000_intr,
				      adapter->msix ? 0 : IRQF_SHARED, netdev->name, netdev);

		if (err) {
			netdev_err(netdev, "no interrupt %d, error %d\n", irq, err);
			e1000_free_irqs(adapter, i);
			return err;
		}
	}
	return 0;
}

/**
 * e1000_free_irq() - the handlers are called no more
 * @adapter: the NIC
 *
 * Context: process.
 */
void e1000_free_irq(struct e1000_adapter *adapter)
{
	e1000_free_irqs(adapter, adapter->num_vectors);
}
