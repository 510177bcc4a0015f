/*-
 * SPDX-License-Identifier: BSD-2-Clause
 *
 * Copyright (c) 2026 The minidump project authors
 */

/*
 * Brings the other CPUs to rest while a dump, minidump or full, is written.
 *
 * panic() does not stop them.  They would handle the disk's interrupts while
 * its dumper polls, and send the disk other requests.  So they are brought to
 * rest before the first write: from then on choosethread() returns only their
 * idle threads, and each CPU switches to its own when its thread waits for
 * something, or when it is interrupted in a user program.
 *
 * They are not stopped where they are, by an interrupt or an NMI, because they
 * may hold locks: that of a disk's driver, which its dumper needs, or the
 * console's.  Nor is the wait for them unlimited: a CPU with interrupts
 * disabled may never come.
 *
 * Called by panic(), boot(), doadump() and choosethread().  The rules of
 * minidump_md.h hold: no allocation, no locks.
 */

#include <sys/cdefs.h>
__FBSDID("$FreeBSD$");

#include <sys/param.h>
#include <sys/systm.h>
#include <sys/lock.h>
#include <sys/minidump.h>
#include <sys/mutex.h>
#include <sys/pcpu.h>
#include <sys/proc.h>
#include <sys/smp.h>

#include <machine/atomic.h>
#include <machine/cpu.h>

#ifdef SMP

#define	REST_LIMIT	2000000		/* microseconds, */
#define	REST_STEP	10		/* and how often to look */

volatile u_int dump_cpu;

/* CPUs that wait in panic() because they have panicked, too, also rest. */
static volatile u_int dump_panicked;

/* Whether to start them again when a debugger continues. */
static int dump_were_active;

void
dump_panic_enter(volatile u_int *owner)
{

	if (*owner == PCPU_GET(cpuid))
		return;
	atomic_set_int(&dump_panicked, PCPU_GET(cpumask));
	while (*owner != NOCPU || atomic_cmpset_int(owner, NOCPU,
	    PCPU_GET(cpuid)) == 0)
		cpu_spinwait();
	atomic_clear_int(&dump_panicked, PCPU_GET(cpumask));
}

/*
 * Return the CPUs to wait for.  Those that a debugger has stopped stay stopped.
 */
static u_int
other_cpus(void)
{

	return (all_cpus & ~(PCPU_GET(cpumask) | stopped_cpus | dump_panicked));
}

/*
 * Return the CPUs that run something other than their idle threads.  Each is
 * asked to reschedule, which a user program does at its next clock interrupt.
 */
static u_int
busy_cpus(void)
{
	struct pcpu *pc;
	struct thread *td;
	u_int busy, i, others;

	busy = 0;
	others = other_cpus();
	for (i = 0; i < MAXCPU; i++) {
		if ((others & 1U << i) == 0)
			continue;
		pc = pcpu_find(i);
		td = pc->pc_curthread;
		if (td == pc->pc_idlethread)
			continue;
		busy |= 1U << i;
		atomic_set_int((u_int *)&td->td_flags, TDF_NEEDRESCHED);
	}
	return (busy);
}

void
dump_rest_cpus(void)
{
	u_int busy, i, settled, waited;

	if (!smp_started || other_cpus() == 0)
		return;
	dump_cpu = PCPU_GET(cpuid);
	/* Atomic: the other CPUs must see it before the lock is read. */
	if (atomic_readandclear_int((volatile u_int *)&smp_active) != 0)
		dump_were_active = 1;

	/*
	 * The holder of this lock may have chosen a thread before, and not yet
	 * have switched to it.
	 */
	settled = 0;
	for (waited = 0; waited < REST_LIMIT; waited += REST_STEP) {
		if (sched_lock.mtx_lock == MTX_UNOWNED)
			settled = 1;
		busy = busy_cpus();
		if (busy == 0 && settled)
			return;
		DELAY(REST_STEP);
	}
	busy = busy_cpus();
	for (i = 0; busy != 0; i++, busy >>= 1)
		if (busy & 1)
			printf("CPU %u has not come to rest\n", i);
}

/* After a panic they stay at rest: the machine will be reset. */
void
dump_resume_cpus(void)
{

	if (panicstr == NULL && dump_were_active) {
		dump_were_active = 0;
		smp_active = 1;
		dump_cpu = 0;
	}
}

#endif /* SMP */
