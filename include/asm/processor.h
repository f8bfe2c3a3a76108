/* SPDX-License-Identifier: MIT */
/* Single instructions: control and model-specific registers, CPUID, TSC. */
#ifndef ASM_PROCESSOR_H
#define ASM_PROCESSOR_H

#include <linux/types.h>

#define X86_EFLAGS_IF		0x200UL

#define X86_CR0_WP		(1UL << 16)

#define MSR_APIC_BASE		0x1b
#define MSR_TSC_DEADLINE	0x6e0
#define MSR_X2APIC		0x800	/* + register offset / 16 */
#define MSR_EFER		0xc0000080
#define EFER_NXE		(1UL << 11)

struct cpuid_regs {
	u32 eax, ebx, ecx, edx;
};

static inline struct cpuid_regs cpuid(u32 leaf, u32 subleaf)
{
	struct cpuid_regs r;

	__asm__ __volatile__("cpuid"
		: "=a"(r.eax), "=b"(r.ebx), "=c"(r.ecx), "=d"(r.edx)
		: "a"(leaf), "c"(subleaf));
	return r;
}

/* The highest leaf of the range that starts at @base (0, 0x40000000,
 * 0x80000000); @base itself answers on every CPU that has the range. */
static inline u32 cpuid_max(u32 base)
{
	return cpuid(base, 0).eax;
}

/* CPUID.1:ECX bit 31: somebody emulates or virtualises this CPU. */
static inline bool cpu_has_hypervisor(void)
{
	return cpuid(1, 0).ecx & (1U << 31);
}

static inline u64 rdmsr(u32 msr)
{
	u32 lo, hi;

	__asm__ __volatile__("rdmsr" : "=a"(lo), "=d"(hi) : "c"(msr));
	return ((u64)hi << 32) | lo;
}

static inline void wrmsr(u32 msr, u64 value)
{
	__asm__ __volatile__("wrmsr" : : "c"(msr), "a"((u32)value),
			     "d"((u32)(value >> 32)) : "memory");
}

/* The time-stamp counter. May be read a little early or late among the
 * instructions around it. */
static inline u64 rdtsc(void)
{
	u32 lo, hi;

	__asm__ __volatile__("rdtsc" : "=a"(lo), "=d"(hi));
	return ((u64)hi << 32) | lo;
}

static inline unsigned long read_cr0(void)
{
	unsigned long v;

	__asm__ __volatile__("mov %%cr0, %0" : "=r"(v));
	return v;
}

static inline unsigned long read_cr2(void)
{
	unsigned long v;

	__asm__ __volatile__("mov %%cr2, %0" : "=r"(v));
	return v;
}

static inline unsigned long read_cr3(void)
{
	unsigned long v;

	__asm__ __volatile__("mov %%cr3, %0" : "=r"(v));
	return v;
}

static inline void write_cr0(unsigned long v)
{
	__asm__ __volatile__("mov %0, %%cr0" : : "r"(v) : "memory");
}

static inline void write_cr3(unsigned long v)
{
	__asm__ __volatile__("mov %0, %%cr3" : : "r"(v) : "memory");
}

/* RFLAGS.IF itself; kernel/x86/irq.c disables by a flag. */
static inline void native_irq_disable(void)
{
	__asm__ __volatile__("cli" : : : "memory");
}

static inline void native_irq_enable(void)
{
	__asm__ __volatile__("sti" : : : "memory");
}

static inline void cpu_relax(void)
{
	__asm__ __volatile__("pause" : : : "memory");
}

static inline void halt(void)
{
	__asm__ __volatile__("hlt" : : : "memory");
}

#endif
