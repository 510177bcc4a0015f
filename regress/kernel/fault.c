/*-
 * SPDX-License-Identifier: BSD-2-Clause
 *
 * Copyright (c) 2026 The minidump project authors
 */

/*
 * Panics whose backtrace goes through a trap, for debuggers: "regress.trap" is
 *
 *	page	a page fault, three calls deep in a system call
 *	intr	a call to where nothing is mapped, by the handler of an
 *		interrupt, which came while assembly was running that has pushed
 *		registers
 *	double	a stack that is full: a double fault
 *
 * exception.S has the entry points.
 */

#include <sys/param.h>
#include <sys/systm.h>
#include <sys/pcpu.h>
#include <sys/proc.h>

#include <vm/vm.h>
#include <vm/pmap.h>
#include <machine/frame.h>
#include <machine/pcb.h>
#include <machine/vmparam.h>

#include "kern.h"

#define	PAGE_VECTOR	14
#define	DOUBLE_VECTOR	8
#define	LOCAL		500		/* bytes of a frame that is large */

extern const char	Xpage[], Xatpic_intr5[];
void	fault_user(void) __dead2;
int	fault_copy(void *p);

/* Of assembly only. */
void	dblfault_handler(void) __dead2;
void	fault_intr(struct trapframe frame);
void	fault_syscall(struct trapframe frame);
void	fault_trap(struct trapframe frame);

static char		*nowhere;	/* nothing is mapped there */
static const char	*kind;

/* What Xpage calls. */
void __noinline
fault_trap(struct trapframe frame)
{

	panic("regress: trap %d", (int)frame.tf_trapno);
}

/* The page fault of "intr". */
static int __noinline
fault_handler(void *p)
{
	int (*func)(void *);

	func = (int (*)(void *))(uintptr_t)p;
	return ((*func)(p) + 1);
}

/* What the interrupt's entry point calls. */
void __noinline
fault_intr(struct trapframe frame __unused)
{

	printf("%d\n", fault_handler(nowhere));
}

/*
 * Its first instruction faults, and what is before that still moves the stack
 * pointer: that is in the unwind information of the very instruction only.
 */
static __attribute__((__naked__)) int __noinline
fault_bare(void *p __unused)
{

#ifdef __amd64__
	__asm("sub $72,%rsp; .cfi_adjust_cfa_offset 72; mov (%rdi),%eax; hlt");
#else
	__asm("mov 4(%esp),%eax; sub $44,%esp; .cfi_adjust_cfa_offset 44;"
	    "mov (%eax),%eax; hlt");
#endif
}

static int __noinline
fault_read(void *p)
{
	int n;

	n = 1;
	if (strcmp(kind, "intr") == 0)
		n += fault_copy(p);
	else
		n += fault_bare(p);
	return (n);
}

static int __noinline
fault_open(void *p)
{

	return (fault_read(p) + 1);
}

/* What the system call's entry point calls. */
void __noinline
fault_syscall(struct trapframe frame __unused)
{

	printf("%d\n", fault_open(nowhere));
}

static int __noinline
fault_deep(int depth)
{
	volatile char local[LOCAL];

	local[depth % LOCAL] = depth;
	return ((depth < 1000000 ? fault_deep(depth + 1) : 0) + local[0]);
}

/* A thread: see fork_trampoline. */
static void
fault_thread(void *arg __unused)
{

	printf("%d\n", fault_deep(0));
}

/* What a double fault ends in. */
void __noinline
dblfault_handler(void)
{

	panic("regress: double fault");
}

#ifdef __amd64__
extern const char	Xdblfault[];

static void
double_init(void)
{

	trap_set(DOUBLE_VECTOR, Xdblfault, 1);
}
#else
#define	NGDT		5		/* three are those of locore.S */
#define	TSS		24		/* selectors: the task that runs, */
#define	DOUBLE_TSS	32		/* and that of the double fault */

/* Two, the first of which is another CPU's. */
struct pcpu		*cpuid_to_pcpu[MAXCPU];
static struct pcpu	pcpus[2];
static struct thread	threads[2];
static struct i386tss	double_tss;
static char		double_stack[PAGE_SIZE];
static uint64_t		tables[NGDT];

static uint64_t
descriptor(const struct i386tss *tss)
{
	uint64_t base;

	base = (uintptr_t)tss;
	return ((sizeof(*tss) - 1) | (base & 0xffffff) << 16 | 0x89ULL << 40 |
	    (base >> 24) << 56);
}

static void
double_init(void)
{
	struct {
		uint16_t	limit;
		const void	*base;
	} __packed gdt;
	int i;

	for (i = 0; i < 2; i++) {
		cpuid_to_pcpu[2 + i] = &pcpus[i];
		pcpus[i].pc_curthread = &threads[i];
		threads[i].td_tid = BOOT_TID - 1 + i;
	}
	__asm __volatile("sgdt %0" : "=m" (gdt));
	memcpy(tables, gdt.base, gdt.limit + 1);
	tables[TSS / 8] = descriptor(&pcpus[1].pc_common_tss);
	tables[DOUBLE_TSS / 8] = descriptor(&double_tss);
	gdt.limit = sizeof(tables) - 1;
	gdt.base = tables;
	__asm __volatile("mov %%cr3,%0" : "=r" (double_tss.tss_cr3));
	double_tss.tss_eip = (int)dblfault_handler;
	double_tss.tss_esp = (int)(double_stack + sizeof(double_stack) - 16);
	double_tss.tss_eflags = 2;
	double_tss.tss_cs = 8;
	double_tss.tss_ss = double_tss.tss_ds = double_tss.tss_es = 16;
	__asm __volatile("lgdt %0; ltr %w1" : : "m" (gdt), "r" (TSS));
	trap_task(DOUBLE_VECTOR, DOUBLE_TSS);
}
#endif

/* Below its page there is nothing. */
static void
run_on_small_stack(void)
{
	static struct pcb from, to;
	vm_offset_t va;
	u_long sp;

	va = kva_take(2 * PAGE_SIZE, PAGE_SIZE) + PAGE_SIZE;
	pmap_enter(va, vm_frames(1, 1, 0), 1, PG_KRW);
	sp = va + PAGE_SIZE - 64;
#ifdef __amd64__
	to.pcb_rip = (u_long)fork_trampoline;
	to.pcb_rsp = sp - sizeof(sp);
	to.pcb_rbx = (u_long)fault_thread;
#else
	to.pcb_eip = (int)fork_trampoline;
	to.pcb_esp = sp;
	to.pcb_ebx = (int)fault_thread;
#endif
	cpu_switch(&from, &to);
}

void
fault(void)
{

	kind = getenv("regress.trap");
	if (kind == NULL)
		return;
	nowhere = (char *)kva_take(PAGE_SIZE, PAGE_SIZE);
	trap_set(PAGE_VECTOR, Xpage, 0);
	trap_set(INTR_VECTOR, Xatpic_intr5, 0);
	double_init();
	if (strcmp(kind, "double") == 0)
		run_on_small_stack();
	fault_user();
}
