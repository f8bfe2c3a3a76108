// SPDX-License-Identifier: MIT
/*
 * Segments, the task state with its emergency stacks, and the interrupt table.
 *
 * Linux: arch/x86/kernel/idt.c, arch/x86/kernel/cpu/common.c (GDT, TSS).
 * Read first: SDM vol. 3 6.10 to 6.14, 7.7.
 */
#include <asm/apic.h>
#include <asm/io.h>
#include <asm/setup.h>
#include <linux/kernel.h>

#define STUB_SIZE	16		/* entry.S */
#define NR_VECTORS	256

#define KERNEL_CS	0x08
#define TSS_SELECTOR	0x18

#define GATE_INTERRUPT	0x8e		/* present, ring 0, interrupts off */

/* Exceptions that come when the stack may be bad have one of their own. */
#define IST_DOUBLE_FAULT	1
#define IST_NMI			2
#define IST_MACHINE_CHECK	3
#define IST_STACK_SIZE		8192

struct idt_entry {
	u16 offset_low;
	u16 selector;
	u8 ist;
	u8 type;
	u16 offset_mid;
	u32 offset_high;
	u32 reserved;
} __packed;

struct tss {
	u32 reserved0;
	u64 rsp[3];
	u64 reserved1;
	u64 ist[7];
	u64 reserved2;
	u16 reserved3;
	u16 iomap_base;
} __packed;
static_assert(sizeof(struct tss) == 104, "64-bit TSS");

struct table_pointer {
	u16 limit;
	u64 base;
} __packed;

static struct idt_entry idt[NR_VECTORS] __aligned(16);
static struct tss tss __aligned(16);
static u64 gdt[5] __aligned(16);
static u8 ist_stacks[3][IST_STACK_SIZE] __aligned(16);

static void gdt_load(void)
{
	u64 base = (uintptr_t)&tss;
	struct table_pointer ptr = { sizeof(gdt) - 1, (uintptr_t)gdt };
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(ist_stacks); i++)
		tss.ist[i] = (uintptr_t)ist_stacks[i] + IST_STACK_SIZE;
	tss.iomap_base = sizeof(tss);

	gdt[1] = 0x00af9b000000ffffUL;	/* 64-bit code */
	gdt[2] = 0x00cf93000000ffffUL;	/* data */
	/* SDM vol. 3 7.2.3: 64-bit TSS descriptor, available, present */
	gdt[3] = (sizeof(tss) - 1) | (base & 0xffffff) << 16 | 0x89UL << 40 |
		 (base >> 24 & 0xff) << 56;
	gdt[4] = base >> 32;

	/* Same selectors as the boot GDT's: only the shadow of CS is kept. */
	__asm__ __volatile__("lgdt %0" : : "m"(ptr));
	__asm__ __volatile__("ltr %w0" : : "r"(TSS_SELECTOR));
}

static void idt_set(unsigned int vector, u8 ist)
{
	u64 stub = (uintptr_t)interrupt_stubs + vector * STUB_SIZE;
	struct idt_entry *e = &idt[vector];

	e->offset_low = stub & 0xffff;
	e->offset_mid = stub >> 16 & 0xffff;
	e->offset_high = stub >> 32;
	e->selector = KERNEL_CS;
	e->ist = ist;
	e->type = GATE_INTERRUPT;
	e->reserved = 0;
}

/*
 * The two 8259s are not used, but may raise spurious interrupts even when
 * masked: moved away from the exceptions, then masked for good.
 * 8259A datasheet, ICW1 to ICW4.
 */
static void pic_disable(void)
{
	outb(0x11, 0x20);
	outb(0x11, 0xa0);
	outb(PIC_VECTOR_BASE, 0x21);
	outb(PIC_VECTOR_BASE + 8, 0xa1);
	outb(4, 0x21);
	outb(2, 0xa1);
	outb(1, 0x21);
	outb(1, 0xa1);
	outb(0xff, 0x21);
	outb(0xff, 0xa1);
}

/**
 * idt_init() - load segments, task state and interrupt table
 *
 * From here exceptions are reported. Device interrupts stay off.
 *
 * Context: boot, interrupts disabled.
 */
void idt_init(void)
{
	struct table_pointer ptr = { sizeof(idt) - 1, (uintptr_t)idt };
	unsigned int i;

	gdt_load();
	for (i = 0; i < NR_VECTORS; i++)
		idt_set(i, 0);
	idt_set(2, IST_NMI);
	idt_set(8, IST_DOUBLE_FAULT);
	idt_set(18, IST_MACHINE_CHECK);
	__asm__ __volatile__("lidt %0" : : "m"(ptr));
	pic_disable();
}
