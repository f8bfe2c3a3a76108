/* SPDX-License-Identifier: MIT */
/* Interrupt vectors and who owns them; the local APIC and the I/O APICs. */
#ifndef ASM_APIC_H
#define ASM_APIC_H

#include <linux/types.h>

/*
 * Vectors 0-31 are exceptions. Interrupt number n of kernel/irq.c (0-63 I/O
 * APIC lines, 64-127 messages) is vector 32 + n.
 */
#define IRQ_VECTOR_BASE		0x20
#define IRQ_VECTOR_END		(IRQ_VECTOR_BASE + 128)
#define PIC_VECTOR_BASE		0xe0	/* masked; only spurious ones come */
#define TIMER_VECTOR		0xf0
#define ERROR_VECTOR		0xfe
#define SPURIOUS_VECTOR		0xff

#define IOAPIC_GSIS		64	/* irq numbers that are lines */

void apic_init(void);
void apic_eoi(void);
u32 apic_id(void);
void apic_report_error(void);
bool apic_has_deadline_timer(void);

/* The LAPIC timer, divided by 16, counts down from @count and interrupts;
 * 0 stops it. */
void apic_timer_count(u32 count);
u32 apic_timer_current(void);
/* After calibration: the timer interrupts by TSC deadline or by count. */
void apic_timer_setup(void);

void ioapic_init(void);
/* Level or edge, of a line that nobody has unmasked yet. */
void ioapic_set_level(unsigned int gsi, bool active_low);

#endif
