// SPDX-License-Identifier: MIT
/*
 * virtio devices at plain addresses, as small machines without PCI have them
 * (QEMU's microvm). Nothing can be asked where they are: the command line says
 *
 *	virtio_mmio.device=<size>@<base>:<irq>[:<id>]
 *
 * once for each, with Linux's spelling and suffixes (512, 0x200, 4K).
 *
 * Linux: drivers/virtio/virtio_mmio.c
 * Read first: virtio 1.2, 4.2.
 * Left out: version 1 (legacy) registers, shared memory regions.
 */
#include <linux/byteorder.h>
#include <linux/dma-mapping.h>
#include <linux/errno.h>
#include <linux/init.h>
#include <linux/interrupt.h>
#include <linux/io.h>
#include <linux/slab.h>
#include <linux/string.h>
#include <linux/trace.h>
#include <linux/virtio.h>
#include <linux/virtio_mmio.h>

#define VIRTIO_MMIO_MAX_DEVICES	24	/* as many as microvm has places */
#define VIRTIO_MMIO_MIN_SIZE	0x100	/* registers without a configuration */
#define VM_RESET_READS		1000000

struct virtio_mmio_device {
	struct virtio_device vdev;
	u8 __iomem *base;
	u64 size;			/* bytes */
	unsigned int irq;
	bool irq_requested;
	char name[16];			/* "virtio0" */
	char bus_name[32];		/* "virtio-mmio@feb00e00" */
};

#define to_vm_device(v) container_of(v, struct virtio_mmio_device, vdev)

/* What the command line said; places without a device keep vm NULL. */
static struct virtio_mmio_place {
	u64 base, size;
	unsigned int irq;
	struct virtio_mmio_device *vm;
} vm_places[VIRTIO_MMIO_MAX_DEVICES];
static unsigned int vm_nplaces;

/* ---- registers ------------------------------------------------------------- */

static u32 vm_read(struct virtio_device *vdev, unsigned int reg)
{
	return readl(to_vm_device(vdev)->base + reg);
}

static void vm_write(struct virtio_device *vdev, unsigned int reg, u32 value)
{
	writel(value, to_vm_device(vdev)->base + reg);
}

static bool vm_config_ok(struct virtio_device *vdev, unsigned int offset, unsigned int len)
{
	u64 room = to_vm_device(vdev)->size - VIRTIO_MMIO_CONFIG;

	return !WARN_ON(offset > room || len > room - offset);
}

/* 4.2.2.2: fields by their own widths. */
static void vm_get(struct virtio_device *vdev, unsigned int offset, void *buf,
		   unsigned int len)
{
	u8 __iomem *config = to_vm_device(vdev)->base + VIRTIO_MMIO_CONFIG;
	u8 *p = buf;

	if (!vm_config_ok(vdev, offset, len)) {
		memset(buf, 0, len);
		return;
	}
	if (len == 2 && !(offset & 1)) {
		__le16 v = cpu_to_le16(readw(config + offset));

		memcpy(buf, &v, sizeof(v));
		return;
	}
	while (len--)
		*p++ = readb(config + offset++);
}

static void vm_set(struct virtio_device *vdev, unsigned int offset, const void *buf,
		   unsigned int len)
{
	u8 __iomem *config = to_vm_device(vdev)->base + VIRTIO_MMIO_CONFIG;
	const u8 *p = buf;

	if (!vm_config_ok(vdev, offset, len))
		return;
	while (len--)
		writeb(*p++, config + offset++);
}

static u32 vm_generation(struct virtio_device *vdev)
{
	return vm_read(vdev, VIRTIO_MMIO_CONFIG_GENERATION);
}

static u8 vm_get_status(struct virtio_device *vdev)
{
	return (u8)vm_read(vdev, VIRTIO_MMIO_STATUS);
}

static void vm_set_status(struct virtio_device *vdev, u8 status)
{
	vm_write(vdev, VIRTIO_MMIO_STATUS, status);
}

static int vm_reset(struct virtio_device *vdev)
{
	unsigned int reads = VM_RESET_READS;

	vm_set_status(vdev, 0);
	while (vm_get_status(vdev))
		if (!--reads)
			return -EIO;
	return 0;
}

static u64 vm_get_features(struct virtio_device *vdev)
{
	u64 features;

	vm_write(vdev, VIRTIO_MMIO_DEVICE_FEATURES_SEL, 1);
	features = (u64)vm_read(vdev, VIRTIO_MMIO_DEVICE_FEATURES) << 32;
	vm_write(vdev, VIRTIO_MMIO_DEVICE_FEATURES_SEL, 0);
	return features | vm_read(vdev, VIRTIO_MMIO_DEVICE_FEATURES);
}

static void vm_set_features(struct virtio_device *vdev)
{
	vm_write(vdev, VIRTIO_MMIO_DRIVER_FEATURES_SEL, 1);
	vm_write(vdev, VIRTIO_MMIO_DRIVER_FEATURES, upper_32_bits(vdev->features));
	vm_write(vdev, VIRTIO_MMIO_DRIVER_FEATURES_SEL, 0);
	vm_write(vdev, VIRTIO_MMIO_DRIVER_FEATURES, lower_32_bits(vdev->features));
}

static bool vm_notify(struct virtqueue *vq)
{
	vm_write(vq->vdev, VIRTIO_MMIO_QUEUE_NOTIFY, vq->index);
	return true;
}

/* Acknowledge, then look: what is used after the acknowledgement raises the
 * line again, what was used before it is seen now. 4.2.2, InterruptACK. */
static irqreturn_t vm_interrupt(int irq, void *opaque)
{
	struct virtio_mmio_device *vm = opaque;
	u32 status = readl(vm->base + VIRTIO_MMIO_INTERRUPT_STATUS);
	struct virtqueue *vq;

	trace_here();
	if (!status)
		return IRQ_NONE;
	writel(status, vm->base + VIRTIO_MMIO_INTERRUPT_ACK);
	if (status & VIRTIO_MMIO_INT_CONFIG)
		virtio_config_changed(&vm->vdev);
	if (status & VIRTIO_MMIO_INT_VRING)
		list_for_each_entry(vq, &vm->vdev.vqs, list)
			if (vq->callback)
				vring_interrupt(irq, vq);
	return IRQ_HANDLED;
}

/* ---- queues ------------------------------------------------------------------ */

static void vm_write64(struct virtio_device *vdev, unsigned int reg, u64 value)
{
	vm_write(vdev, reg, lower_32_bits(value));
	vm_write(vdev, reg + 4, upper_32_bits(value));
}

/* 4.2.3.2 */
static struct virtqueue *vm_setup_vq(struct virtio_device *vdev, unsigned int index,
				     vq_callback_t *callback, const char *name)
{
	struct virtqueue *vq;
	u32 num;

	vm_write(vdev, VIRTIO_MMIO_QUEUE_SEL, index);
	num = vm_read(vdev, VIRTIO_MMIO_QUEUE_NUM_MAX);
	if (!num || vm_read(vdev, VIRTIO_MMIO_QUEUE_READY))
		return NULL;
	/* The device names its largest: more would be memory for nothing. */
	num = 1U << ilog2(min(num, 256U));
	vq = vring_create_virtqueue(index, num, vdev, vm_notify, callback, name);
	if (!vq)
		return NULL;
	vm_write(vdev, VIRTIO_MMIO_QUEUE_NUM, num);
	vm_write64(vdev, VIRTIO_MMIO_QUEUE_DESC_LOW, virtqueue_get_desc_addr(vq));
	vm_write64(vdev, VIRTIO_MMIO_QUEUE_AVAIL_LOW, virtqueue_get_avail_addr(vq));
	vm_write64(vdev, VIRTIO_MMIO_QUEUE_USED_LOW, virtqueue_get_used_addr(vq));
	vm_write(vdev, VIRTIO_MMIO_QUEUE_READY, 1);
	return vq;
}

static void vm_del_vqs(struct virtio_device *vdev)
{
	struct virtio_mmio_device *vm = to_vm_device(vdev);
	struct virtqueue *vq, *n;

	if (vm->irq_requested)
		free_irq(vm->irq, vm);
	vm->irq_requested = false;
	list_for_each_entry_safe(vq, n, &vdev->vqs, list)
		vring_del_virtqueue(vq);
}

static int vm_find_vqs(struct virtio_device *vdev, unsigned int nvqs,
		       struct virtqueue *vqs[], vq_callback_t *callbacks[],
		       const char *const names[])
{
	struct virtio_mmio_device *vm = to_vm_device(vdev);
	unsigned int i;
	int err;

	err = request_irq(vm->irq, vm_interrupt, IRQF_SHARED, vm->name, vm);
	if (err)
		return err;
	vm->irq_requested = true;
	for (i = 0; i < nvqs; i++) {
		vqs[i] = NULL;
		if (!names[i])
			continue;
		vqs[i] = vm_setup_vq(vdev, i, callbacks[i], names[i]);
		if (!vqs[i]) {
			/* The queues before this one are the device's: take them
			 * from it before their memory goes. */
			vm_reset(vdev);
			vm_del_vqs(vdev);
			return -ENOENT;
		}
	}
	return 0;
}

static int vm_vq_irq(const struct virtqueue *vq)
{
	return (int)to_vm_device(vq->vdev)->irq;
}

static const char *vm_bus_name(const struct virtio_device *vdev)
{
	return container_of(vdev, const struct virtio_mmio_device, vdev)->bus_name;
}

static const struct virtio_config_ops virtio_mmio_config_ops = {
	.get = vm_get,
	.set = vm_set,
	.generation = vm_generation,
	.get_status = vm_get_status,
	.set_status = vm_set_status,
	.reset = vm_reset,
	.find_vqs = vm_find_vqs,
	.del_vqs = vm_del_vqs,
	.get_features = vm_get_features,
	.set_features = vm_set_features,
	.bus_name = vm_bus_name,
	.vq_irq = vm_vq_irq,
};

/* ---- finding them ------------------------------------------------------------- */

/* Is there a device, and one that we can talk to? 4.2.2.2: magic, version,
 * then the type, in this order. Its type, 0 (an empty place), or -ENODEV. */
static int vm_identify(const struct virtio_mmio_device *vm)
{
	u32 magic = readl(vm->base + VIRTIO_MMIO_MAGIC_VALUE);
	u32 version = readl(vm->base + VIRTIO_MMIO_VERSION);
	u32 id = readl(vm->base + VIRTIO_MMIO_DEVICE_ID);

	if (magic != VIRTIO_MMIO_MAGIC) {
		pr_err("%s: no virtio device there (magic %#x)\n", vm->bus_name, magic);
		return -ENODEV;
	}
	if (!id)
		return 0;
	if (version != 2) {
		pr_err("%s: version %u virtio-mmio device, need 2%s\n", vm->bus_name, version,
		       version == 1 ? " (QEMU: -global virtio-mmio.force-legacy=false)" : "");
		return -ENODEV;
	}
	return (int)id;
}

static void virtio_mmio_probe(struct virtio_mmio_place *place)
{
	static unsigned int index;	/* of the next device's name */
	struct virtio_mmio_device *vm = kzalloc(sizeof(*vm), GFP_KERNEL);
	int id;

	if (!vm) {
		pr_err("virtio-mmio: no memory for the device at %#llx\n",
		       (unsigned long long)place->base);
		return;
	}
	snprintf(vm->bus_name, sizeof(vm->bus_name), "virtio-mmio@%llx",
		 (unsigned long long)place->base);
	vm->irq = place->irq;
	vm->size = place->size;
	vm->base = ioremap(place->base, place->size);
	if (!vm->base) {
		pr_err("%s: cannot be mapped\n", vm->bus_name);
		goto free;
	}
	id = vm_identify(vm);
	if (id <= 0)
		goto unmap;
	snprintf(vm->name, sizeof(vm->name), "virtio%u", index++);
	vm->vdev.dev.name = vm->name;
	vm->vdev.dma_dev = &vm->vdev.dev;
	vm->vdev.id = (u32)id;
	vm->vdev.config = &virtio_mmio_config_ops;
	if (register_virtio_device(&vm->vdev))
		goto unmap;
	place->vm = vm;
	return;

unmap:
	iounmap(vm->base);
free:
	kfree(vm);
}

/**
 * virtio_mmio_rescan() - looks at all places that the command line named
 *
 * Places whose device is known already are left alone.
 * Context: process, may sleep (drivers' probe functions).
 */
void virtio_mmio_rescan(void)
{
	unsigned int i;

	for (i = 0; i < vm_nplaces; i++)
		if (!vm_places[i].vm)
			virtio_mmio_probe(&vm_places[i]);
}

/**
 * virtio_mmio_remove_all() - takes all devices down and forgets the places
 *
 * Context: process, may sleep (drivers' remove functions).
 */
void virtio_mmio_remove_all(void)
{
	while (vm_nplaces) {
		struct virtio_mmio_device *vm = vm_places[--vm_nplaces].vm;

		vm_places[vm_nplaces].vm = NULL;
		if (!vm)
			continue;
		unregister_virtio_device(&vm->vdev);
		dma_debug_report(&vm->vdev.dev);
		iounmap(vm->base);
		kfree(vm);
	}
}

/* A number, perhaps with K, M or G behind it, which is cut off. */
static bool vm_parse_size(char *s, u64 *value)
{
	size_t len = strlen(s);
	unsigned int shift = 0;

	switch (len ? s[len - 1] : 0) {
	case 'k': case 'K':
		shift = 10;
		break;
	case 'm': case 'M':
		shift = 20;
		break;
	case 'g': case 'G':
		shift = 30;
		break;
	default:
		break;
	}
	if (shift)
		s[len - 1] = '\0';
	if (kstrtoull(s, 0, value) || *value > U64_MAX >> shift)
		return false;
	*value <<= shift;
	return true;
}

/* <size>@<base>:<irq>[:<id>]; the id is of no use here. */
static int virtio_mmio_setup(char *value)
{
	struct virtio_mmio_place place = { 0 };
	char *base, *irq = NULL, *id, *size = value;

	base = strchr(value, '@');
	if (base) {
		*base++ = '\0';
		irq = strchr(base, ':');
	}
	if (irq) {
		*irq++ = '\0';
		id = strchr(irq, ':');
		if (id)
			*id = '\0';
	}
	if (!irq || !vm_parse_size(size, &place.size) || kstrtoull(base, 0, &place.base) ||
	    kstrtouint(irq, 0, &place.irq) || place.size < VIRTIO_MMIO_MIN_SIZE ||
	    place.base + place.size < place.base) {
		pr_err("virtio_mmio.device=: not of the form <size>@<base>:<irq>\n");
		return 0;
	}
	if (vm_nplaces == VIRTIO_MMIO_MAX_DEVICES) {
		pr_err("virtio_mmio.device=: more than %u\n", VIRTIO_MMIO_MAX_DEVICES);
		return 0;
	}
	vm_places[vm_nplaces++] = place;
	return 1;
}
__setup("virtio_mmio.device=", virtio_mmio_setup);

static int __init virtio_mmio_init(void)
{
	virtio_mmio_rescan();
	return 0;
}
module_init(virtio_mmio_init);
