// SPDX-License-Identifier: MIT
/*
 * Devices that lie: the fakes of tests/host, whose answers the input chooses, in
 * front of the real drivers. What the drivers may not do the fakes know; no
 * mapping may be left at the end.
 *
 * virtio 1.2, 82540EM Software Developer's Manual
 */
#include "fuzz.h"

#include <linux/dma-mapping.h>
#include <linux/err.h>
#include <linux/etherdevice.h>
#include <linux/ktime.h>
#include <linux/slab.h>
#include <net/net_namespace.h>

#include "../../drivers/net/virtnet.h"
#include "../host/fake_e1000.h"
#include "../host/fake_virtio.h"
#include "../unit/drivers/nic.h"

/* No ring has so many entries. A device that gives back what it was given, but has
 * not used, cannot be told from one that has; the fake would take the driver for
 * the liar. */
#define NOT_AN_ID	FAKE_VIRTIO_MAX

#define OP_INTERFACE	(11 + 12 * 11)

static struct fake_e1000 e1000;
static struct fake_virtio virtio;
static struct nic nic;
static bool is_e1000;
static unsigned int fail_nth, fail_count;	/* allocations, from the next frame on */

/** fuzz_target_init() - drivers may sleep while a device resets */
void fuzz_target_init(void)
{
	host_set_idle_advances(true);
}

/* ---- either device ------------------------------------------------------------------ */

/* Nearly a packet of TCP that the device has merged. */
static void large_packet(struct fuzz_input *in, u8 *frame, unsigned int len,
			 struct fake_virtio_lie *lie)
{
	if (len < 54)
		return;
	memcpy(frame + 12, "\x08\x00\x45", 3);
	frame[23] = 6;
	frame[46] = fuzz_u8(in);	/* length of the TCP header */
	lie->flags |= 1;
	lie->gso_type = 1 | (lie->gso_type & 0x80);
	lie->gso_size = fuzz_u16(in);
	lie->hdr_len = fuzz_u16(in);
	lie->csum_start = 34;
	lie->csum_offset = 16;
}

static void frame_arrives(struct fuzz_input *in)
{
	static u8 frame[20000];
	u8 how = fuzz_u8(in);
	unsigned int len = fuzz_len(in, 1514);

	if (how & 1 && !is_e1000)
		len = fuzz_u16(in) % sizeof(frame);
	len = max(len, 14U);
	nic_fill(frame, nic.rx_seq, max(len, (unsigned int)NIC_MIN), NULL);
	fuzz_bytes(in, frame, min(len, (unsigned int)(how >> 4)));
	if (is_e1000) {
		const struct fake_e1000_rx_lie lie = {
			.no_eop = how & 2, .status = fuzz_u8(in), .errors = fuzz_u8(in) & 0x97,
			.set_length = how & 4, .length = fuzz_u16(in),
		};

		fake_e1000_rx(&e1000, frame, len, how & 8 ? &lie : NULL);
	} else {
		u8 b = fuzz_u8(in);
		struct fake_virtio_lie lie = {
			.set_id = b & 1, .set_len = b & 2, .set_len2 = b & 4, .set_buffers = b & 8,
			.id = fuzz_u16(in) | NOT_AN_ID, .len = fuzz_u16(in), .len2 = fuzz_u16(in),
			.buffers = fuzz_u16(in), .flags = fuzz_u8(in), .gso_type = b & 16 ? b : 0,
			.csum_start = fuzz_u16(in), .csum_offset = fuzz_u16(in),
		};

		if (b & 32)
			large_packet(in, frame, len, &lie);
		fake_virtio_rx(&virtio, frame, len, how & 8 ? &lie : NULL);
	}
}

static void frames_leave(struct fuzz_input *in)
{
	u8 b = fuzz_u8(in);
	unsigned int len = max(fuzz_len(in, 1514), NIC_MIN + 40U), n = b & 15;

	len = min(len, nic.dev->mtu + ETH_HLEN);
	while (n--) {
		struct sk_buff *skb;

		/* It is the driver that shall find no memory. */
		slab_fail_after(0, 0);
		skb = nic_skb(&nic, nic.tx_seq++, len, len > NIC_MIN + 8 ? b >> 6 : 0);
		slab_fail_after(fail_nth, fail_count);
		dev_queue_xmit(skb);
	}
}

static void device_works(struct fuzz_input *in)
{
	u8 b = fuzz_u8(in);

	if (is_e1000) {
		e1000.stop_tx = b & 1;
		e1000.hold_irq = b & 2;
		e1000.tx_limit = b >> 4;
		fake_e1000_run(&e1000);
		if (!e1000.hold_irq)
			fake_e1000_release_irq(&e1000);
	} else {
		virtio.stop_tx = b & 1;
		virtio.no_interrupts = b & 2;
		virtio.no_notify = b & 4;
		virtio.stop_ctrl = b & 8;
		virtio.tx_limit = b >> 4;
		fake_virtio_run(&virtio);
	}
}

static void device_lies(struct fuzz_input *in)
{
	u8 b = fuzz_u8(in);
	unsigned int queue = b & 1;

	if (is_e1000) {
		/* Registers that the driver reads. */
		static const u16 regs[] = { 0x8 / 4, 0x14 / 4, 0x10 / 4, 0xc0 / 4 };

		e1000.regs[regs[b & 3]] = fuzz_u32(in);
	} else if (b & 0x80) {
		fake_virtio_use_raw(&virtio, queue, fuzz_u16(in) | NOT_AN_ID, fuzz_u32(in));
	} else if (b & 0x40) {
		fake_virtio_jump_used(&virtio, queue, fuzz_u16(in) | NOT_AN_ID);
	} else if (b & 0x20) {
		fake_virtio_want_notify(&virtio, queue);
	} else {
		fuzz_bytes(in, virtio.config, 8);
		virtio.ctrl_answer = b & 3;
		fake_virtio_link(&virtio, b & 4);
	}
}

static void link_changes(u8 b)
{
	if (is_e1000)
		fake_e1000_link(&e1000, b & 1);
	else
		fake_virtio_link(&virtio, b & 1);
}

static void interface_changes(struct fuzz_input *in)
{
	u8 b = fuzz_u8(in);

	switch (b & 3) {
	case 0:
		dev_close(nic.dev);
		break;
	case 1:
		dev_open(nic.dev);
		break;
	case 2:
		if (nic.dev->promiscuity <= 0)
			dev_set_promiscuity(nic.dev, 1);
		else
			dev_set_promiscuity(nic.dev, -1);
		break;
	default:
		dev_set_mtu(nic.dev, fuzz_u16(in));
		break;
	}
}

/* ---- begin and end -------------------------------------------------------------------- */

static bool plug(u8 how)
{
	static const u64 without[] = { 0, 1ULL << 29, 1ULL << 15 | 1ULL << 28,
				       1ULL << 17 | 1ULL << 18 | 1ULL << 23 | 3 };
	const struct virtnet_info *vi;

	is_e1000 = how & 1;
	dma_debug_enable(true);
	if (is_e1000) {
		if (how & 2)
			fake_e1000e_init(&e1000, how & 4);
		else
			fake_e1000_init(&e1000);
		fake_e1000_plug(&e1000);
		nic_begin(&nic, how & 2 ? "e1000e" : "e1000", &e1000);
		return true;
	}
	fake_virtio_init(&virtio, how & 2);
	virtio.offered &= ~without[how >> 2 & 3];
	virtio.refuse_vectors = how & 0x10;
	if (how & 0x20)
		virtio.vq[0].max = virtio.vq[1].max = (u16)(4U << (how >> 6));
	fake_virtio_plug(&virtio, how & 2 ? 0 : 3);
	if (!nic_find("virtio_net"))
		return false;
	vi = netdev_priv(nic_find("virtio_net"));
	virtio.dma_dev = vi->vdev->dma_dev;
	nic_begin(&nic, "virtio_net", &virtio);
	return true;
}

static void unplug(bool up)
{
	slab_fail_after(0, 0);
	fake_dma_fail_after(0, 0);
	if (up) {
		dev_close(nic.dev);
		host_run();
		dev_remove_pack(&nic.pt);
	}
	if (is_e1000) {
		nic_expect_dma_clean(&fake_pci_found(&e1000.pci)->dev);
		fake_e1000_unplug(&e1000);
	} else {
		fake_virtio_unplug(&virtio);
	}
	dma_debug_enable(false);
	fake_bus_check_clean();
}

static void one_step(struct fuzz_input *in)
{
	u8 op = fuzz_u8(in);

	/* A device that is reset has no rings to lie about. */
	if (!netif_running(nic.dev))
		op = OP_INTERFACE;
	switch (op % 12) {
	case 0:
	case 1:
	case 2:
		frame_arrives(in);
		break;
	case 3:
	case 4:
		frames_leave(in);
		break;
	case 5:
		device_works(in);
		break;
	case 6:
	case 7:
		device_lies(in);
		break;
	case 8:
		link_changes(op >> 7);
		break;
	case 9:
		fail_nth = fuzz_u8(in) & 15;
		fail_count = op >> 6;
		slab_fail_after(fail_nth, fail_count);
		break;
	case 10:
		fake_dma_fail_after(fuzz_u8(in) & 15, op >> 6);
		break;
	default:
		if (op & 0x80)
			interface_changes(in);
		else
			host_sleep(fuzz_span_ns(in) % (10 * NSEC_PER_SEC));
		break;
	}
	host_run();
}

/** fuzz_target() - see above */
void fuzz_target(struct fuzz_input *in)
{
	bool up = plug(fuzz_u8(in));
	int steps = 60;

	fail_nth = fail_count = 0;
	while (up && fuzz_more(in) && steps--)
		one_step(in);
	unplug(up);
}
