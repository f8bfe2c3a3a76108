// SPDX-License-Identifier: MIT
/*
 * The floor's loop. boot/head_64.S comes here with the first 4 GiB mapped one to
 * one; interrupts stay off for ever, the rings are looked at.
 */
#include "floor.h"

#include <asm/io.h>
#include <linux/pci_regs.h>

#define COM1		0x3f8
#define CONF_ADDRESS	0xcf8
#define CONF_DATA	0xcfc
#define NR_DEVFN	256U
/* Buffers lie here, far above the image; the guest has 128 MiB at the least. */
#define POOL_AT		(32UL << 20)
#define NR_BUFS		(2 * RING_SIZE + 64)
#define NR_CANNED	32U
#define BATCH		64	/* frames, then the device is told */

/* Buffers without an owner. */
struct pool {
	u8 *item[NR_BUFS];
	unsigned int count;
};

static struct pool bufs, canned;	/* any; those with a stream's bytes in them */
static u8 *canned_at;			/* from here on they are canned */

static void say(const char *text)
{
	for (; *text; text++) {
		while (!(inb(COM1 + 5) & 0x20))
			;
		outb((u8)*text, COM1);
	}
}

static void __noreturn stop(const char *text)
{
	say(text);
	for (;;)
		__asm__ __volatile__("cli; hlt");
}

/* ---- buffers ----------------------------------------------------------------------- */

/**
 * buf_get() - take a buffer that is nobody's
 *
 * Return: NULL: all are in the rings.
 */
u8 *buf_get(void)
{
	return bufs.count ? bufs.item[--bufs.count] : NULL;
}

/**
 * buf_put() - give a buffer back
 * @buf: ours until now
 */
void buf_put(u8 *buf)
{
	struct pool *pool = buf >= canned_at ? &canned : &bufs;

	pool->item[pool->count++] = buf;
}

static void bufs_init(void)
{
	u8 *at = (u8 *)POOL_AT;
	unsigned int i;

	canned_at = at + (size_t)NR_BUFS * BUF_SIZE;
	for (i = 0; i < NR_BUFS + NR_CANNED; i++, at += BUF_SIZE) {
		if (at >= canned_at)
			stream_fill(at + BUF_HEAD);
		buf_put(at);
	}
}

/* ---- the NIC on the bus -------------------------------------------------------------- */

/**
 * conf_read() - read configuration space of bus 0
 * @devfn: device and function
 * @offset: a byte, of which on
 *
 * Return: the rest of its word of four bytes.
 */
u32 conf_read(unsigned int devfn, unsigned int offset)
{
	outl(0x80000000U | devfn << 8 | (offset & 0xfc), CONF_ADDRESS);
	return inl(CONF_DATA) >> (8 * (offset & 3));
}

/**
 * conf_write() - write four bytes of configuration space of bus 0
 * @devfn: device and function
 * @offset: aligned
 * @value: for all four
 */
void conf_write(unsigned int devfn, unsigned int offset, u32 value)
{
	outl(0x80000000U | devfn << 8 | (offset & 0xfc), CONF_ADDRESS);
	outl(value, CONF_DATA);
}

/**
 * bar_address() - where the firmware put a device's memory
 * @devfn: device and function
 * @bar: 0 to 5
 *
 * Return: its address.
 */
u64 bar_address(unsigned int devfn, unsigned int bar)
{
	u32 low = conf_read(devfn, PCI_BASE_ADDRESS_0 + 4 * bar);
	u64 high = 0;

	if ((low & PCI_BASE_ADDRESS_MEM_TYPE_MASK) == PCI_BASE_ADDRESS_MEM_TYPE_64)
		high = conf_read(devfn, PCI_BASE_ADDRESS_0 + 4 * bar + 4);
	return high << 32 | (low & PCI_BASE_ADDRESS_MEM_MASK);
}

static const struct nic *find_nic(u8 *mac)
{
	static const struct nic *const nics[] = { &virtio_nic, &e1000_nic };
	unsigned int devfn, i;

	for (devfn = 0; devfn < NR_DEVFN; devfn++) {
		u32 id = conf_read(devfn, PCI_VENDOR_ID);

		for (i = 0; i < sizeof(nics) / sizeof(nics[0]); i++) {
			if (id != ((u32)nics[i]->device << 16 | nics[i]->vendor))
				continue;
			conf_write(devfn, PCI_COMMAND, PCI_COMMAND_MEMORY | PCI_COMMAND_MASTER |
				   PCI_COMMAND_INTX_DISABLE);
			if (nics[i]->open(devfn, mac))
				return nics[i];
		}
	}
	return NULL;
}

/* ---- the loop ---------------------------------------------------------------------------- */

static void send_or_wait(const struct nic *nic, u8 *buf, const struct frame *f)
{
	while (!nic->send(buf, f))
		nic->flush();
}

/* Turns what came; how many frames that were. */
static unsigned int turn(const struct nic *nic, const u8 *mac)
{
	struct frame f;
	unsigned int n;
	u8 *buf;
	u32 len;

	for (n = 0; n < BATCH && (buf = nic->receive(&len)); n++) {
		f = (struct frame){ .data = buf + BUF_HEAD, .len = len };
		if (answer(&f, mac))
			send_or_wait(nic, buf, &f);
		else
			buf_put(buf);
	}
	return n;
}

/* Sends of the stream out what its window and our buffers allow. */
static void stream(const struct nic *nic)
{
	struct frame f;
	u8 *buf;

	while (canned.count) {
		buf = canned.item[canned.count - 1];
		f = (struct frame){ .data = buf + BUF_HEAD };
		if (!stream_frame(&f, nic->tso_with_length))
			return;
		canned.count--;
		send_or_wait(nic, buf, &f);
	}
}

void __noreturn start_kernel(u32 magic, u64 info);

/**
 * start_kernel() - what boot/head_64.S calls
 * @magic: which boot loader; all are the same to us
 * @info: what it left
 *
 * Context: boot, interrupts disabled. Does not return.
 */
void __noreturn start_kernel(u32 magic, u64 info)
{
	const struct nic *nic;
	u8 mac[6];

	bufs_init();
	nic = find_nic(mac);
	if (!nic)
		stop("floor: no NIC\n");
	say("floor: ready\n");
	for (;;) {
		unsigned int n = turn(nic, mac);

		stream(nic);
		nic->flush();
		if (!n)
			__asm__ __volatile__("pause");
	}
}
