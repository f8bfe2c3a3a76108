// SPDX-License-Identifier: MIT
/*
 * The clock: the time-stamp counter, scaled to nanoseconds since boot, and the
 * one interrupt it can be asked for, by TSC deadline where the CPU has that,
 * else by the LAPIC timer's count. No tick.
 *
 * The frequency is what CPUID says, else measured once against the ACPI PM
 * timer or the PIT, a few milliseconds long.
 *
 * Linux: arch/x86/kernel/tsc.c, kernel/time/clockevents.c.
 * Read first: SDM vol. 3 11.5.4, 18.17; ACPI 6.4 4.8.2.1; 8254 datasheet.
 */
#include <asm/acpi.h>
#include <asm/apic.h>
#include <asm/io.h>
#include <asm/processor.h>
#include <asm/setup.h>
#include <linux/kernel.h>
#include <linux/ktime.h>
#include <platform.h>

#define PM_TIMER_HZ	3579545
#define PIT_HZ		1193182
#define PIT_CHANNEL2	0x42
#define PIT_MODE	0x43
#define PIT_GATE	0x61

#define CALIBRATE_NS	(3 * NSEC_PER_MSEC)
#define CALIBRATE_TRIES	5		/* readings of which the sharpest counts */
#define PROBE_READS	64		/* a counter that stands still this long is none */

#define DEFAULT_LAPIC_HZ 1000000000UL	/* QEMU's and KVM's, when nobody tells */
#define APIC_TIMER_DIVISOR 16

/* Multiplied numbers are 32.32 fixed point. */
#define FRACTION_BITS	32

typedef unsigned __int128 u128;

static struct {
	u64 base;			/* TSC at tsc_init() */
	u64 hz;
	u64 ns_mult;			/* ns = cycles * ns_mult >> 32 */
	u64 lapic_hz;			/* of the divided timer; 0: TSC deadline */
	u64 lapic_mult;			/* counts = ns * lapic_mult >> 32 */
	u64 cycle_mult;			/* cycles = ns * cycle_mult >> 32 */
} clock;

static u64 deadline_wanted = U64_MAX;	/* what platform_clock_arm() asked for */
static u64 deadline_set = U64_MAX;	/* what the hardware waits for */

/* @a * @b / @c without losing bits in between; the result fits 64 bits. */
static u64 mul_div(u64 a, u64 b, u64 c)
{
	u64 low, high, rest;

	__asm__("mulq %3" : "=a"(low), "=d"(high) : "0"(a), "r"(b) : "cc");
	__asm__("divq %4" : "=a"(low), "=d"(rest) : "0"(low), "1"(high), "r"(c)
		: "cc");
	return low;
}

/* ---- frequency ------------------------------------------------------------ */

/* A counter of known frequency, to measure the others against. */
struct reference {
	const char *name;
	u64 hz;
	u32 mask;			/* it counts modulo this + 1 */
	bool down;
	u32 (*read)(void);
};

static u32 pm_timer_read(void)
{
	return inl(acpi.pm_timer_port);
}

static u32 pit_read(void)
{
	u32 low;

	outb(0x80, PIT_MODE);		/* latch channel 2 */
	low = inb(PIT_CHANNEL2);
	return low | (u32)inb(PIT_CHANNEL2) << 8;
}

/* Channel 2, gate on, speaker off, mode 2 from 65536 down. */
static void pit_start(void)
{
	outb((u8)((inb(PIT_GATE) & ~2) | 1), PIT_GATE);
	outb(0xb4, PIT_MODE);
	outb(0, PIT_CHANNEL2);
	outb(0, PIT_CHANNEL2);
}

static bool reference_moves(const struct reference *ref)
{
	u32 first = ref->read() & ref->mask;
	unsigned int i;

	for (i = 0; i < PROBE_READS; i++)
		if ((ref->read() & ref->mask) != first)
			return true;
	return false;
}

static bool reference_find(struct reference *ref)
{
	*ref = (struct reference){
		.name = "ACPI PM timer",
		.hz = PM_TIMER_HZ,
		.mask = acpi.pm_timer_32bit ? 0xffffffff : 0xffffff,
		.read = pm_timer_read,
	};
	if (acpi.pm_timer_port && reference_moves(ref))
		return true;
	*ref = (struct reference){
		.name = "PIT",
		.hz = PIT_HZ,
		.mask = 0xffff,
		.down = true,
		.read = pit_read,
	};
	pit_start();
	return reference_moves(ref);
}

/* All counters at one instant: the reading between whose two TSC stamps the
 * least time passed, so that an interruption by the host does no harm. */
struct sample {
	u64 tsc;
	u32 ref;
	u32 lapic;
};

static struct sample sample_take(const struct reference *ref)
{
	struct sample best = { 0 };
	u64 best_width = U64_MAX;
	unsigned int i;

	for (i = 0; i < CALIBRATE_TRIES; i++) {
		struct sample s;
		u64 before = rdtsc();
		u64 width;

		s.ref = ref->read();
		width = rdtsc() - before;
		s.lapic = apic_timer_current();
		s.tsc = before + width / 2;
		if (width < best_width) {
			best_width = width;
			best = s;
		}
	}
	return best;
}

static u64 ref_elapsed(const struct reference *ref, const struct sample *a,
		       const struct sample *b)
{
	return (ref->down ? a->ref - b->ref : b->ref - a->ref) & ref->mask;
}

/* Measures the TSC and the LAPIC timer against @ref. */
static void calibrate(const struct reference *ref, u64 *tsc_hz, u64 *lapic_hz)
{
	u64 ticks_wanted = ref->hz * CALIBRATE_NS / NSEC_PER_SEC;
	struct sample start, end;
	u64 ticks;

	apic_timer_count(U32_MAX);
	start = sample_take(ref);
	do {
		end.ref = ref->read();
		cpu_relax();
	} while (ref_elapsed(ref, &start, &end) < ticks_wanted);
	end = sample_take(ref);
	apic_timer_count(0);

	ticks = ref_elapsed(ref, &start, &end);
	*tsc_hz = mul_div(end.tsc - start.tsc, ref->hz, ticks);
	*lapic_hz = (u64)(start.lapic - end.lapic) * ref->hz / ticks;
}

/* Hypervisor leaf 0x40000010: kHz of TSC and APIC bus, as VMware, KVM and
 * QEMU's vmware-cpuid-freq tell them. */
static void hypervisor_hz(u64 *tsc_hz, u64 *bus_hz)
{
	struct cpuid_regs r;

	if (!cpu_has_hypervisor() || cpuid_max(0x40000000) < 0x40000010)
		return;
	r = cpuid(0x40000010, 0);
	*tsc_hz = (u64)r.eax * 1000;
	*bus_hz = (u64)r.ebx * 1000;
}

/* SDM vol. 3 18.7.3: leaf 0x15 gives TSC / crystal as a fraction and the
 * crystal's Hz, which also drives the LAPIC timer; leaf 0x16 the base MHz, by
 * which a crystal that is not told is worked out. */
static void cpuid_hz(u64 *tsc_hz, u64 *bus_hz)
{
	struct cpuid_regs r;

	if (cpuid_max(0) < 0x15)
		return;
	r = cpuid(0x15, 0);
	if (!r.eax || !r.ebx)
		return;
	if (r.ecx) {
		*tsc_hz = (u64)r.ecx * r.ebx / r.eax;
		*bus_hz = r.ecx;
	} else if (cpuid_max(0) >= 0x16) {
		*tsc_hz = (u64)(cpuid(0x16, 0).eax & 0xffff) * 1000000;
		*bus_hz = *tsc_hz * r.eax / r.ebx;
	}
}

/* Last resort: the LAPIC timer runs at QEMU's frequency. */
static u64 tsc_hz_by_lapic(void)
{
	const u32 counts = DEFAULT_LAPIC_HZ / APIC_TIMER_DIVISOR *
			   CALIBRATE_NS / NSEC_PER_SEC;
	u64 start;

	pr_warn("tsc: nothing tells or measures its frequency: a LAPIC timer of %lu MHz is assumed\n",
		DEFAULT_LAPIC_HZ / 1000000);
	apic_timer_count(U32_MAX);
	start = rdtsc();
	while (U32_MAX - apic_timer_current() < counts)
		cpu_relax();
	start = rdtsc() - start;
	apic_timer_count(0);
	return start * NSEC_PER_SEC / CALIBRATE_NS;
}

/* Returns who told. */
static const char *find_frequencies(u64 *tsc_hz, u64 *timer_hz)
{
	struct reference ref;
	u64 bus_hz = 0;
	const char *source = "hypervisor";

	hypervisor_hz(tsc_hz, &bus_hz);
	if (!*tsc_hz) {
		source = "CPUID";
		cpuid_hz(tsc_hz, &bus_hz);
	}
	*timer_hz = bus_hz / APIC_TIMER_DIVISOR;
	if (*tsc_hz && (*timer_hz || apic_has_deadline_timer()))
		return source;
	if (reference_find(&ref)) {
		u64 measured;

		calibrate(&ref, &measured, timer_hz);
		if (!*tsc_hz)
			*tsc_hz = measured;
		return ref.name;
	}
	*timer_hz = DEFAULT_LAPIC_HZ / APIC_TIMER_DIVISOR;
	if (!*tsc_hz)
		*tsc_hz = tsc_hz_by_lapic();
	return "LAPIC timer";
}

/**
 * tsc_init() - find the clock's frequency and start it at 0
 *
 * Context: boot, after apic_init(), interrupts disabled.
 */
void tsc_init(void)
{
	u64 tsc_hz = 0, timer_hz = 0;
	const char *source = find_frequencies(&tsc_hz, &timer_hz);

	if (tsc_hz < 1000000 || (!timer_hz && !apic_has_deadline_timer()))
		panic("tsc: a frequency of %lu Hz (timer %lu Hz) from the %s is not believable",
		      tsc_hz, timer_hz, source);
	clock.hz = tsc_hz;
	clock.ns_mult = mul_div(NSEC_PER_SEC, 1UL << FRACTION_BITS, tsc_hz);
	clock.cycle_mult = mul_div(tsc_hz, 1UL << FRACTION_BITS, NSEC_PER_SEC);
	clock.lapic_hz = apic_has_deadline_timer() ? 0 : timer_hz;
	clock.lapic_mult = mul_div(timer_hz, 1UL << FRACTION_BITS, NSEC_PER_SEC);
	clock.base = rdtsc();
	apic_timer_setup();
	pr_info("tsc: %lu.%03lu MHz by %s; timer: %s\n", tsc_hz / 1000000,
		tsc_hz / 1000 % 1000, source,
		clock.lapic_hz ? "LAPIC count" : "TSC deadline");
}

/* ---- clock ------------------------------------------------------------------ */

/**
 * tsc_read_ns() - nanoseconds since tsc_init(); 0 before
 *
 * Context: any.
 * Return: a number that never gets less.
 */
u64 tsc_read_ns(void)
{
	return (u64)((u128)(rdtsc() - clock.base) * clock.ns_mult >> FRACTION_BITS);
}

/* Programs the hardware for @deadline_ns, or for as much of it as fits. */
static void hardware_arm(u64 deadline_ns)
{
	u64 now, count;

	deadline_set = deadline_ns;
	if (!clock.lapic_hz) {
		/* Rounded up: a deadline must not come early. In the past it
		 * interrupts at once (SDM vol. 3 11.5.4.1). */
		u64 cycles = (u64)((u128)deadline_ns * clock.cycle_mult >>
				   FRACTION_BITS);

		wrmsr(MSR_TSC_DEADLINE, clock.base + cycles + 1);
		return;
	}
	now = tsc_read_ns();
	count = 1;
	if (deadline_ns > now) {
		u128 counts = (u128)(deadline_ns - now) * clock.lapic_mult;

		counts = (counts >> FRACTION_BITS) + 1;
		count = counts > U32_MAX ? U32_MAX : (u64)counts;
	}
	apic_timer_count((u32)count);
}

/**
 * tsc_timer_arm() - ask for one clock_interrupt()
 * @deadline_ns: when; U64_MAX: not any more
 *
 * When the hardware already waits for an earlier instant, it is left so: that
 * interrupt finds nothing due and arms again. Most timers of a network stack
 * are moved later, and a register write leaves the guest.
 *
 * Context: any.
 */
void tsc_timer_arm(u64 deadline_ns)
{
	unsigned long flags = platform_irq_save();

	deadline_wanted = deadline_ns;
	if (deadline_ns < deadline_set)
		hardware_arm(deadline_ns);
	platform_irq_restore(flags);
}

/**
 * tsc_timer_interrupt() - the timer's vector
 *
 * Context: hardirq.
 */
void tsc_timer_interrupt(void)
{
	deadline_set = U64_MAX;
	if (deadline_wanted == U64_MAX)
		return;
	if (tsc_read_ns() < deadline_wanted) {
		hardware_arm(deadline_wanted);
		return;
	}
	deadline_wanted = U64_MAX;
	clock_interrupt();
}
