/* SPDX-License-Identifier: MIT */
/* The machine half's own calls, in the order start_kernel() makes them. */
#ifndef ASM_SETUP_H
#define ASM_SETUP_H

#include <linux/kernel.h>
#include <linux/types.h>

struct pt_regs;

void __noreturn start_kernel(u32 magic, u64 info);

/* kernel/x86/serial.c */
void serial_early_init(void);
void serial_irq_init(void);
void serial_write(const char *text, size_t len);
void serial_flush(void);

/* kernel/x86/idt.c */
void idt_init(void);
extern char interrupt_stubs[];		/* entry.S: 256 of 16 bytes */
void x86_interrupt(struct pt_regs *regs);

/* kernel/x86/traps.c */
void do_trap(struct pt_regs *regs);
void show_regs(const struct pt_regs *regs);
void show_backtrace(unsigned long rip, unsigned long rbp);
void __noreturn panic_report(void);

/* kernel/x86/tsc.c */
void tsc_init(void);
u64 tsc_read_ns(void);
void tsc_timer_arm(u64 deadline_ns);
void tsc_timer_interrupt(void);

/* kernel/x86/copy.c */
void copy_init(void);

/* kernel/x86/symbols.c */
bool symbol_lookup(unsigned long addr, unsigned long *offset, char name[KSYM_NAME_LEN]);

/* kernel/x86/pci_config.c */
void pci_conf_init(void);

#endif
