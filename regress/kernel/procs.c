/*-
 * SPDX-License-Identifier: BSD-2-Clause
 *
 * Copyright (c) 2026 The minidump project authors
 */

/*
 * The processes and threads that a debugger finds in the dump.  Each thread has
 * a stack of its own, on which it has run until it waited for good; the names
 * of the functions say for what.  The one that panics is that of boot, and is
 * the thread of process 1.
 *
 * "regress.procs" damages the lists: "loop" and "wild" that of processes,
 * "threads" one of threads.
 */

#include <sys/param.h>
#include <sys/systm.h>
#include <sys/minidump.h>
#include <sys/proc.h>

#include <vm/vm.h>
#include <vm/pmap.h>
#include <machine/pcb.h>
#include <machine/vmparam.h>

#include "kern.h"

#define	KSTACK_PAGES	2
#define	WORD		sizeof(u_long)

/* switch.S counts on this. */
#ifdef __amd64__
CTASSERT(offsetof(struct pcb, pcb_rsp) == 8);
CTASSERT(offsetof(struct pcb, pcb_r15) == 56);
#else
CTASSERT(offsetof(struct pcb, pcb_edi) == 4);
CTASSERT(offsetof(struct pcb, pcb_eip) == 24);
#endif

struct proclist	allproc;
struct pcb	dumppcb __section(".bss.mutable");
int		dumptid __section(".bss.mutable");

static struct pcb	boot_pcb;	/* while others run */
static struct thread	*running;	/* the one that does */

/* What threads do: this one as many calls deep as it is told. */
static int __noinline
wait_for_disk(int depth)
{
	volatile int more;

	more = depth;
	if (more > 0)
		more += wait_for_disk(depth - 1);
	else
		thread_wait();
	return (more);
}

static int __noinline
read_block(int block)
{

	return (wait_for_disk(2) + block);
}

static void
disk_thread(void *arg)
{

	read_block((intptr_t)arg);
}

static int __noinline
wait_for_giant(const char *who)
{

	thread_wait();
	return (who != NULL);
}

static void
giant_thread(void *arg)
{

	wait_for_giant(arg);
}

static void __noinline
cpu_idle(void)
{

	thread_wait();
}

static void
idle_thread(void *arg __unused)
{

	for (;;)
		cpu_idle();
}

static void
swapper_thread(void *arg __unused)
{

	wait_for_disk(0);
}

static void
module_thread(void *arg __unused)
{

	module_run(thread_wait);
}

/* Processes, and threads, each behind its process. */
static const struct {
	const char	*comm;
	int		pid;
	int		tid;
	void		(*func)(void *arg);	/* NULL: nothing runs */
	const char	*arg;
	int		inhibitors;
	const char	*wmesg;
	int		cpu;
} table[] = {
	{ "swapper",	0,	0,	swapper_thread, NULL, TDI_SLEEPING,
	    "sched", NOCPU },
	{ "init",	1,	BOOT_TID, NULL, NULL, 0, NULL, 0 },
	{ "reader",	7,	100010,	disk_thread, NULL, TDI_SLEEPING,
	    "biord", NOCPU },
	{ NULL,		7,	100011,	giant_thread, "second", TDI_LOCK,
	    "Giant", NOCPU },
	{ "locker",	8,	100012,	giant_thread, "third", TDI_LOCK,
	    "second", NOCPU },
	{ NULL,		8,	100013,	giant_thread, "fourth", TDI_LOCK,
	    "first", NOCPU },
	{ "waiter",	9,	100014,	giant_thread, "fifth", TDI_LOCK,
	    "first", NOCPU },
	{ "idle: cpu1",	11,	100005,	idle_thread, NULL, 0, NULL, 1 },
	{ "swi1: net",	12,	100006,	NULL, NULL, TDI_IWAIT, NULL, NOCPU },
	{ "module",	20,	100020,	module_thread, NULL, TDI_SLEEPING,
	    "modwait", NOCPU },
	{ "unborn",	21,	-1,	NULL, NULL, 0, NULL, NOCPU },
};
#define	NTABLE		(sizeof(table) / sizeof(table[0]))

/* Let boot go on.  A thread never comes back from this. */
void
thread_wait(void)
{

	cpu_switch(running->td_pcb, &boot_pcb);
}

/*
 * Memory for a structure, as the kernel's own allocator has it: in the direct
 * map, if there is one.
 */
static void *
allocate(size_t size)
{
	static char *page;
	static size_t left;
	vm_paddr_t pa;
	void *p;

	size = roundup2(size, sizeof(uint64_t));
	if (size > left) {
		pa = vm_frames(1, 1, 0);
#ifdef __amd64__
		dump_add_page(pa);
		mprintf("keep %jx 1\n", (uintmax_t)pa);
		page = (char *)PHYS_TO_DMAP(pa);
#else
		page = (char *)kva_take(PAGE_SIZE, PAGE_SIZE);
		pmap_enter((vm_offset_t)page, pa, 1, PG_KRW);
#endif
		bzero(page, PAGE_SIZE);
		left = PAGE_SIZE;
	}
	left -= size;
	p = page + left;
	return (p);
}

/* A stack, with the pcb at its top, and on it what the thread begins with. */
static void
make_stack(struct thread *td, void (*func)(void *), const void *arg)
{
	vm_offset_t va;
	u_long *sp;
	u_int i;

	va = kva_take(KSTACK_PAGES * PAGE_SIZE, PAGE_SIZE);
	for (i = 0; i < KSTACK_PAGES; i++)
		pmap_enter(va + ptoa(i), vm_frames(1, 1, 0), 1, PG_KRW);
	bzero((void *)va, KSTACK_PAGES * PAGE_SIZE);
	td->td_pcb = (struct pcb *)(va + KSTACK_PAGES * PAGE_SIZE) - 1;
	sp = (u_long *)(((uintptr_t)td->td_pcb & ~(uintptr_t)15) - 4 * WORD);
#ifdef __amd64__
	td->td_pcb->pcb_rip = (u_long)fork_trampoline;
	/* It is popped, and the stack is aligned for the call then. */
	td->td_pcb->pcb_rsp = (u_long)(sp - 1);
	td->td_pcb->pcb_rbx = (u_long)func;
	td->td_pcb->pcb_r12 = (u_long)arg;
#else
	td->td_pcb->pcb_eip = (int)fork_trampoline;
	td->td_pcb->pcb_esp = (int)sp;
	td->td_pcb->pcb_ebx = (int)func;
	td->td_pcb->pcb_esi = (int)arg;
#endif
}

static void
add_thread(struct proc *p, u_int row)
{
	struct thread *td;

	td = allocate(sizeof(*td));
	td->td_proc = p;
	td->td_tid = table[row].tid;
	td->td_oncpu = table[row].cpu;
	td->td_state = table[row].cpu != NOCPU ? TDS_RUNNING : TDS_INHIBITED;
	td->td_inhibitors = table[row].inhibitors;
	if (td->td_inhibitors == TDI_LOCK)
		td->td_lockname = table[row].wmesg;
	else
		td->td_wmesg = table[row].wmesg;
	td->td_plist.tqe_prev = p->p_threads.tqh_last;
	*p->p_threads.tqh_last = td;
	p->p_threads.tqh_last = &td->td_plist.tqe_next;
	make_stack(td, table[row].func != NULL ? table[row].func : idle_thread,
	    table[row].arg);
	if (table[row].func == NULL)
		return;
	running = td;
	cpu_switch(&boot_pcb, td->td_pcb);
}

static struct proc *
add_proc(u_int row)
{
	struct proc *p;

	p = allocate(sizeof(*p));
	strlcpy(p->p_comm, table[row].comm, sizeof(p->p_comm));
	p->p_pid = table[row].pid;
	p->p_state = table[row].tid != -1 ? PRS_NORMAL : PRS_NEW;
	p->p_threads.tqh_last = &p->p_threads.tqh_first;
	p->p_list.le_next = allproc.lh_first;
	if (allproc.lh_first != NULL)
		allproc.lh_first->p_list.le_prev = &p->p_list.le_next;
	p->p_list.le_prev = &allproc.lh_first;
	allproc.lh_first = p;
	return (p);
}

void
procs(void)
{
	const char *how;
	struct proc *p;
	u_int i;

	module_load();
	p = NULL;
	for (i = 0; i < NTABLE; i++) {
		if (table[i].comm != NULL)
			p = add_proc(i);
		if (table[i].tid != -1)
			add_thread(p, i);
	}
	lists();
	how = getenv("regress.procs");
	if (how == NULL)
		return;
	/* The last one but one, and what it points to. */
	for (p = allproc.lh_first; p->p_pid != 1; p = p->p_list.le_next)
		continue;
	if (strcmp(how, "loop") == 0)
		p->p_list.le_next = allproc.lh_first;
	else if (strcmp(how, "wild") == 0)
		p->p_list.le_next = (struct proc *)16;
	else
		p->p_threads.tqh_first->td_plist.tqe_next =
		    p->p_threads.tqh_first;
}
