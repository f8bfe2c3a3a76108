/* SPDX-License-Identifier: MIT */
/*
 * Order of memory accesses as another observer sees it: a device that reads a
 * descriptor ring (dma_*), or device registers (mb, rmb, wmb).
 * Linux: asm/barrier.h.
 *
 * x86-64 keeps stores in order and loads in order on ordinary memory, so the
 * dma_ forms bind the compiler only. mb() also orders a store before a later
 * load: what a "did the other side want a doorbell?" check needs.
 */
#ifndef LINUX_BARRIER_H
#define LINUX_BARRIER_H

#include <linux/compiler.h>

#define mb()	__asm__ __volatile__("mfence" : : : "memory")
#define rmb()	__asm__ __volatile__("lfence" : : : "memory")
#define wmb()	__asm__ __volatile__("sfence" : : : "memory")
#define dma_rmb() barrier()
#define dma_wmb() barrier()
/* Between CPUs, and virtio's split rings against a host that is one. */
#define smp_mb()  __asm__ __volatile__("lock; addl $0, -4(%%rsp)" : : : "memory", "cc")
#define smp_rmb() barrier()
#define smp_wmb() barrier()
#define virt_rmb() smp_rmb()
#define virt_wmb() smp_wmb()

/*
 * Orders our stores to a ring before later loads from it, for a device that looks at
 * both: without it each side may miss the other, and a wake-up is lost.
 *
 * For a guest with one CPU QEMU's TCG turns neither locked instructions nor (before
 * 8.0) fences into such of the host, although its devices run in other threads.
 * Reading the time-stamp counter takes a lock there: that is a barrier for both.
 */
static inline void virt_mb(void)
{
	unsigned int low, high;

	smp_mb();
	__asm__ __volatile__("rdtsc" : "=a"(low), "=d"(high) : : "memory");
}

#endif
