/* SPDX-License-Identifier: MIT */
/* The end of the machine. kernel/x86/power.c. */
#ifndef LINUX_REBOOT_H
#define LINUX_REBOOT_H

#include <linux/compiler.h>

/*
 * Switches the machine off: through isa-debug-exit where there is one (QEMU
 * then ends with status 2 * @code + 1), else ACPI S5, else a reset.
 * @code 0 is a good end. Context: any.
 */
void __noreturn machine_power_off(int code);

/* Resets the machine. Context: any. */
void __noreturn machine_restart(void);

/* What the machine can do at its end; registered by the machine half, so that
 * the portable reboot() (kernel/sys.c) need not name it. */
struct machine_ops {
	void (*power_off)(int code);
	void (*restart)(void);
};
void machine_register(const struct machine_ops *ops);	/* kept */

#endif
