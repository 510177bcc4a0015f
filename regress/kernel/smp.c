/*-
 * SPDX-License-Identifier: BSD-2-Clause
 *
 * Copyright (c) 2026 The minidump project authors
 */

/*
 * The other CPUs, and what they are at when the first one panics.
 * "regress.cpus=WORK,WORK" has a word for each, from CPU 1 on:
 *
 *	idle	nothing
 *	user	runs a program, and stays with it until it is told to choose
 *	intr	runs the interrupt thread of the disk's channel
 *	wild	the same, but never chooses another thread: it never rests
 *	read	has the disk read, as programs do
 *	print	prints, and so has the console's lock now and then
 *	churn	see churn.c; never rests, either
 *	live	reads /dev/minidump, see live.c; never rests, either
 *	panic	panics: nothing on CPU 0 does, which then waits in this way:
 *
 * "regress.cpu0" is "idle", "stuck", which is for good, or "panic": it does as
 * well.
 *
 * There are no switches.  Each CPU has a thread for its work and an idle
 * thread, and asks choosethread() which of them is to do its next step.
 */

#include <sys/param.h>
#include <sys/systm.h>
#include <sys/kernel.h>
#include <sys/lock.h>
#include <sys/minidump.h>
#include <sys/mutex.h>
#include <sys/pcpu.h>
#include <sys/proc.h>
#include <sys/smp.h>

#include <vm/vm.h>
#include <vm/pmap.h>
#include <machine/atomic.h>
#include <machine/cpu.h>

#include "kern.h"
#include "pmap_md.h"

#define	AP_PAGE		0x8000		/* where another CPU starts */
#define	LOCAL_APIC	0xfee00000
#define	APIC_ID		(0x20 / 4)
#define	APIC_ICR	(0x300 / 4)	/* the command register */
#define	APIC_ICRHI	(0x310 / 4)
#define	ICR_INIT	0x00004500
#define	ICR_STARTUP	(0x00004600 | AP_PAGE >> PAGE_SHIFT)
#define	APIC_SHIFT	24
#define	AP_STACK	8192
#define	PRINT_LINES	2000

void	ap_main(void) __dead2;

extern const char ap_start[], ap_end[];		/* ap.S */
extern char *volatile ap_stack;			/* locore.S */

int		smp_active;
volatile int	smp_started;
u_int		all_cpus = 1;
volatile u_int	stopped_cpus;
struct mtx	sched_lock = { .mtx_lock = MTX_UNOWNED };

static volatile uint32_t *apic;
static struct {
	struct pcpu	pc;
	struct thread	idle;
	struct thread	work;
	void		(*step)(struct thread *td);
} cpus[MAXCPU];
static volatile u_int	alive;		/* another CPU has got so far */
static volatile int	panics;		/* they may begin */

struct pcpu *
pcpu_find(u_int cpuid)
{

	return (&cpus[cpuid].pc);
}

struct pcpu *
pcpu_self(void)
{

	return (&cpus[apic == NULL ? 0 : apic[APIC_ID] >> APIC_SHIFT].pc);
}

/* A microsecond is about what an access to this port takes. */
void
DELAY(int usec)
{

	while (usec-- > 0)
		(void)inb(0x80);
}

/*
 * Locks.  All spin; who is not on a CPU does not run here.
 */

void
mtx_init(struct mtx *m)
{

	m->mtx_lock = MTX_UNOWNED;
}

int
mtx_owned(struct mtx *m)
{

	return (m->mtx_lock == (uintptr_t)curthread);
}

int
mtx_trylock(struct mtx *m)
{
	u_long old;

	old = MTX_UNOWNED;
	__asm __volatile("lock; cmpxchg %2,%1"
	    : "+a" (old), "+m" (m->mtx_lock) : "r" (curthread)
	    : "cc", "memory");
	return (old == MTX_UNOWNED);
}

void
mtx_lock(struct mtx *m)
{

	while (!mtx_trylock(m))
		cpu_spinwait();
}

void
mtx_unlock(struct mtx *m)
{

	m->mtx_lock = MTX_UNOWNED;
}

/*
 * What CPUs do, a step at a time.
 */

static void
do_nothing(struct thread *td __unused)
{

	cpu_spinwait();
}

static void
do_user(struct thread *td)
{

	while ((td->td_flags & TDF_NEEDRESCHED) == 0)
		cpu_spinwait();
	td->td_flags = 0;
}

static void
do_intr(struct thread *td __unused)
{

	ata_intr();
}

static void
do_wild(struct thread *td __unused)
{

	for (;;)
		ata_intr();
}

static void
do_read(struct thread *td __unused)
{

	ata_read_something();
}

static void
do_print(struct thread *td __unused)
{
	static u_int lines __section(".bss.mutable");

	/* Less than a message buffer in all, however slow the machine is. */
	if (lines < PRINT_LINES) {
		lines++;
		printf("CPU %u has this to say\n", PCPU_GET(cpuid));
	}
	DELAY(1000);
}

static void
do_churn(struct thread *td __unused)
{

	churn_forever();
}

static void
do_live(struct thread *td __unused)
{

	live_forever();
}

static void
do_panic(struct thread *td __unused)
{

	while (!panics)
		cpu_spinwait();
	panic("regress: CPU %u", PCPU_GET(cpuid));
}

static const struct {
	const char	*name;
	void		(*step)(struct thread *td);
} work[] = {
	{ "idle",	do_nothing },
	{ "user",	do_user },
	{ "intr",	do_intr },
	{ "wild",	do_wild },
	{ "read",	do_read },
	{ "print",	do_print },
	{ "churn",	do_churn },
	{ "live",	do_live },
	{ "panic",	do_panic },
};
#define	NWORKS	(sizeof(work) / sizeof(work[0]))

static void
choosethread(u_int cpu)
{

	while (!mtx_trylock(&sched_lock))
		cpu_spinwait();
	cpus[cpu].pc.pc_curthread = DUMP_CPU_RESTS() ? &cpus[cpu].idle :
	    &cpus[cpu].work;
	mtx_unlock(&sched_lock);
}

static void __dead2
run(u_int cpu)
{

	for (;;) {
		choosethread(cpu);
		if (cpus[cpu].pc.pc_curthread == &cpus[cpu].work)
			(*cpus[cpu].step)(&cpus[cpu].work);
		else
			cpu_spinwait();
		/* boot() brings a panic to another CPU. */
		if (boot_cpu == cpu + 1)
			boot();
	}
}

/* Another CPU, as soon as it can run C. */
void
ap_main(void)
{

	load_cr3(pmap_root());
	trap_load();
	alive = PCPU_GET(cpuid);
	run(alive);
}

static void
start_cpu(u_int cpu)
{
	static char stack[MAXCPU][AP_STACK] __section(".bss.mutable")
	    __aligned(16);

	ap_stack = stack[cpu] + AP_STACK;
	apic[APIC_ICRHI] = cpu << APIC_SHIFT;
	apic[APIC_ICR] = ICR_INIT;
	DELAY(10000);
	while (alive != cpu) {
		apic[APIC_ICRHI] = cpu << APIC_SHIFT;
		apic[APIC_ICR] = ICR_STARTUP;
		DELAY(10000);
	}
	all_cpus |= 1 << cpu;
}

/* The step of the word that "*list" begins with, which it then is behind. */
static void
(*parse_work(const char **list))(struct thread *)
{
	size_t len;
	u_int i;

	for (i = 0; i < NWORKS; i++) {
		len = strlen(work[i].name);
		if (strncmp(*list, work[i].name, len) != 0 ||
		    ((*list)[len] != ',' && (*list)[len] != '\0'))
			continue;
		*list += len + ((*list)[len] == ',');
		return (work[i].step);
	}
	panic("no such work: %s", *list);
}

static void
cpu_init(u_int cpu, void (*step)(struct thread *))
{

	cpus[cpu].pc.pc_cpuid = cpu;
	cpus[cpu].pc.pc_cpumask = 1 << cpu;
	cpus[cpu].pc.pc_idlethread = &cpus[cpu].idle;
	cpus[cpu].pc.pc_curthread = &cpus[cpu].work;
	cpus[cpu].step = step;
}

void
smp_init(void)
{

	cpu_init(0, do_nothing);
}

/* Called when the CPU map may no longer change: page tables are complete. */
void
smp_map(void)
{

	if (getenv("regress.cpus") == NULL)
		return;
	apic = (uint32_t *)kva_take(PAGE_SIZE, PAGE_SIZE);
	pmap_enter((vm_offset_t)apic, LOCAL_APIC, 1, PG_KRW | PG_N);
}

/* Start them all.  Returns if the first CPU is to panic. */
void
smp_start(void)
{
	const char *cpu0, *list;
	u_int cpu;

	list = getenv("regress.cpus");
	if (list == NULL)
		return;
	bcopy(ap_start, pmap_window(AP_PAGE), ap_end - ap_start);
	for (cpu = 1; *list != '\0'; cpu++)
		cpu_init(cpu, parse_work(&list));
	pmap_window_done();
	smp_active = smp_started = 1;
	while (--cpu > 0)
		start_cpu(cpu);
	panics = 1;
	cpu0 = getenv("regress.cpu0");
	if (cpu0 == NULL)
		return;
	if (strcmp(cpu0, "panic") == 0)
		panic("regress: CPU 0");
	while (strcmp(cpu0, "stuck") == 0)
		continue;
	run(0);
}
