// SPDX-License-Identifier: MIT
/*
 * Queues and interrupts of virtio devices on PCI. From best to worst: a message
 * for configuration changes and one for each queue; one for changes and one for
 * all queues; the INTx pin and the ISR register.
 *
 * Linux: drivers/virtio/virtio_pci_common.c
 * Read first: virtio 1.2, 4.1.4.5 (ISR), 4.1.5.1.2 (MSI-X).
 */
#include <linux/errno.h>
#include <linux/interrupt.h>
#include <linux/io.h>
#include <linux/trace.h>
#include <linux/virtio.h>

#include "virtio_pci_common.h"

#define VP_VECTOR_CONFIG	0
#define VP_VECTOR_SHARED	1	/* or the first queue's */

static irqreturn_t vp_config_changed(int irq, void *opaque)
{
	struct virtio_pci_device *vp = opaque;

	trace_here();
	virtio_config_changed(&vp->vdev);
	return IRQ_HANDLED;
}

/* All queues: this interrupt may mean any of them. */
static irqreturn_t vp_vring_interrupt(int irq, void *opaque)
{
	struct virtio_pci_device *vp = opaque;
	struct virtqueue *vq;

	trace_here();
	list_for_each_entry(vq, &vp->vdev.vqs, list)
		if (vq->callback)
			vring_interrupt(irq, vq);
	return IRQ_HANDLED;
}

/* The pin. Reading ISR tells why and takes the level away: first of all, so
 * that what comes after it raises the pin again. virtio 1.2 4.1.4.5.2. */
static irqreturn_t vp_interrupt(int irq, void *opaque)
{
	struct virtio_pci_device *vp = opaque;
	u8 isr = readb(vp->isr);

	trace_here();
	if (!isr)
		return IRQ_NONE;
	if (isr & VIRTIO_PCI_ISR_CONFIG)
		vp_config_changed(irq, opaque);
	vp_vring_interrupt(irq, opaque);
	return IRQ_HANDLED;
}

/**
 * vp_del_vqs() - takes down queues and interrupts
 * @vdev: the device, reset, its buffers detached
 *
 * Context: process.
 */
void vp_del_vqs(struct virtio_device *vdev)
{
	struct virtio_pci_device *vp = to_vp_device(vdev);
	unsigned int i;

	/* Handlers first: they walk the queues. */
	for (i = 0; i < vp->nvqs; i++)
		if (vp->vqs[i].irq_requested)
			free_irq((unsigned int)pci_irq_vector(vp->pci_dev, vp->vqs[i].vector),
				 vp->vqs[i].vq);
	if (vp->shared_requested)
		free_irq((unsigned int)pci_irq_vector(vp->pci_dev, VP_VECTOR_SHARED), vp);
	if (vp->config_requested)
		free_irq((unsigned int)pci_irq_vector(vp->pci_dev, VP_VECTOR_CONFIG), vp);
	if (vp->intx_requested)
		free_irq((unsigned int)pci_irq_vector(vp->pci_dev, 0), vp);
	vp->shared_requested = vp->config_requested = vp->intx_requested = false;

	for (i = 0; i < vp->nvqs; i++) {
		if (vp->vqs[i].vq)
			vp_modern_del_vq(vp, i);
		vp->vqs[i] = (struct virtio_pci_vq_info){ 0 };
	}
	vp->nvqs = 0;
	if (vp->msix_enabled)
		pci_free_irq_vectors(vp->pci_dev);
	vp->msix_enabled = false;
}

static int vp_request(struct virtio_pci_device *vp, unsigned int vector, irq_handler_t fn,
		      unsigned long flags, const char *name, void *cookie)
{
	int irq = pci_irq_vector(vp->pci_dev, vector);

	return irq < 0 ? irq : request_irq((unsigned int)irq, fn, flags, name, cookie);
}

/* Vectors and the handler of configuration changes. */
static int vp_request_msix(struct virtio_pci_device *vp, unsigned int nvectors,
			   bool per_vq)
{
	int err = pci_alloc_irq_vectors(vp->pci_dev, nvectors, nvectors, PCI_IRQ_MSIX);

	if (err < 0)
		return err;
	vp->msix_enabled = true;
	err = vp_request(vp, VP_VECTOR_CONFIG, vp_config_changed, 0, vp->name, vp);
	if (err)
		return err;
	vp->config_requested = true;
	err = vp_modern_config_vector(vp, VP_VECTOR_CONFIG);
	if (err || per_vq)
		return err;
	err = vp_request(vp, VP_VECTOR_SHARED, vp_vring_interrupt, 0, vp->name, vp);
	vp->shared_requested = !err;
	return err;
}

/* After a failure: queues that are enabled are taken from the device before
 * their memory goes, and then it stands at FEATURES_OK again. */
static int vp_abandon_vqs(struct virtio_pci_device *vp, int err)
{
	int again;

	virtio_reset_device(&vp->vdev);
	vp_del_vqs(&vp->vdev);
	again = virtio_negotiate(&vp->vdev);
	return again ? again : err;
}

static int vp_find_vqs_msix(struct virtio_pci_device *vp, unsigned int nvqs,
			    vq_callback_t *callbacks[], const char *const names[],
			    bool per_vq)
{
	unsigned int vector = VP_VECTOR_SHARED, nvectors = 2, i;
	int err;

	if (per_vq)
		for (nvectors = 1, i = 0; i < nvqs; i++)
			nvectors += callbacks[i] != NULL;
	err = vp_request_msix(vp, nvectors, per_vq);
	for (i = 0; !err && i < nvqs; i++) {
		struct virtio_pci_vq_info *info = &vp->vqs[i];
		u16 vec = callbacks[i] ? (u16)vector : VIRTIO_MSI_NO_VECTOR;

		vp->nvqs = i;
		if (!names[i])
			continue;
		err = vp_modern_setup_vq(vp, i, vec, callbacks[i], names[i]);
		if (err)
			break;
		vp->nvqs = i + 1;
		if (!per_vq || vec == VIRTIO_MSI_NO_VECTOR)
			continue;
		err = vp_request(vp, vec, vring_interrupt, 0, names[i], info->vq);
		info->irq_requested = !err;
		vector++;
	}
	return err ? vp_abandon_vqs(vp, err) : 0;
}

static int vp_find_vqs_intx(struct virtio_pci_device *vp, unsigned int nvqs,
			    vq_callback_t *callbacks[], const char *const names[])
{
	unsigned int i;
	int err;

	err = vp_request(vp, 0, vp_interrupt, IRQF_SHARED, vp->name, vp);
	if (err)
		return err;
	vp->intx_requested = true;
	for (i = 0; i < nvqs; i++) {
		vp->nvqs = i;
		if (!names[i])
			continue;
		err = vp_modern_setup_vq(vp, i, VIRTIO_MSI_NO_VECTOR, callbacks[i],
					 names[i]);
		if (err)
			return vp_abandon_vqs(vp, err);
		vp->nvqs = i + 1;
	}
	return 0;
}

/**
 * vp_find_vqs() - makes all queues of a device, with their interrupts
 * @vdev: the device, at FEATURES_OK
 * @nvqs: how many
 * @vqs: receives them
 * @callbacks: hardirq, when entries were used; each may be NULL
 * @names: for messages; kept
 *
 * Context: process. Return: 0 or what went wrong with the last way tried.
 */
int vp_find_vqs(struct virtio_device *vdev, unsigned int nvqs, struct virtqueue *vqs[],
		vq_callback_t *callbacks[], const char *const names[])
{
	struct virtio_pci_device *vp = to_vp_device(vdev);
	unsigned int i;
	int err;

	if (WARN_ON(nvqs > VIRTIO_PCI_MAX_VQS))
		return -EINVAL;
	err = vp_find_vqs_msix(vp, nvqs, callbacks, names, true);
	if (err)
		err = vp_find_vqs_msix(vp, nvqs, callbacks, names, false);
	if (err)
		err = vp_find_vqs_intx(vp, nvqs, callbacks, names);
	for (i = 0; !err && i < nvqs; i++)
		vqs[i] = vp->vqs[i].vq;
	return err;
}

/** vp_vq_irq() - the interrupt number of a queue, or -EINVAL: it has none */
int vp_vq_irq(const struct virtqueue *vq)
{
	const struct virtio_pci_device *vp = to_vp_device(vq->vdev);
	const struct virtio_pci_vq_info *info = vq->priv;

	if (!vp->msix_enabled)
		return pci_irq_vector(vp->pci_dev, 0);
	return pci_irq_vector(vp->pci_dev, info->vector);
}

/** vp_bus_name() - where the device sits: its PCI address */
const char *vp_bus_name(const struct virtio_device *vdev)
{
	return pci_name(container_of(vdev, const struct virtio_pci_device, vdev)->pci_dev);
}
