/*-
 * SPDX-License-Identifier: BSD-2-Clause
 *
 * Copyright (c) 2026 The minidump project authors
 */

/*
 * The stand-in kernel: what its own files share.  Nothing here is for the
 * dump code, which gets the 6.x interfaces from include/ only.
 */

#ifndef _KERN_H_
#define	_KERN_H_

#include <sys/param.h>

#include <vm/vm.h>
#include <vm/pmap.h>
#include <machine/vmparam.h>

#include "vectors.h"

struct dumperinfo;

/* Exit status of the guest: QEMU exits with twice this, plus 1. */
enum {
	EXIT_DUMPED = 1,	/* panicked, and dumpsys() came back */
	EXIT_FULL,		/* panicked, a full dump was asked for */
	EXIT_TRAP,		/* a fault */
	EXIT_SETUP		/* could not lay out memory as told */
};

/* What a page of memory holds, as far as the manifest is concerned. */
enum content {
	C_NONE,			/* no memory */
	C_FREE,			/* memory that nobody uses */
	C_FILL,			/* the formula */
	C_TEXT,			/* that of formula.h for text */
	C_SUM,			/* anything, not changed after manifest_end() */
	C_BITS,			/* the dump's bitmaps */
	C_LOG,			/* the message buffer */
	C_DIRTY,		/* changes while the dump is made */
	C_WORK			/* the compressor's memory, in no dump */
};

/*
 * The kernel's own mappings.  All are made with the accessed and modified bits
 * set, so that use does not change a page table after it has been summed.
 */
#define	PG_KRO	(PG_V | PG_A | PG_M)
#define	PG_KRW	(PG_KRO | PG_RW)

/* bench.c */
void	bench(struct dumperinfo *di) __dead2;

/* cons.c */
extern int	cn_stop;	/* Ctrl-C comes at this poll; 0: not */
void	cninit(void);
void	mprintf(const char *fmt, ...) __printflike(1, 2);

/* churn.c */
void	churn_forever(void) __dead2;
void	churn_start(void);
void	churn_wait(void);

/* damage.c */
void	damage(void);
void	damage_last(void);

/* env.c */
extern struct thread	root, user;	/* suser() tells them apart */
void	env_init(const char *cmdline);
void	sysctl_manifest(void);
u_long	sysctl_value(const char *name);
off_t	env_bytes(const char *name, off_t dflt);

/* fault.c */
void	fault(void);

/* libkern.c */

/* main.c */
extern int	trapped;	/* there was a fault */
extern volatile u_int boot_cpu;	/* where boot() is to go on, and 1; or 0 */
void	boot(void) __dead2;
void	debugger(void) __dead2;
void	doadump(void);
void	kern_exit(int status) __dead2;
void	kmain(uint32_t mbi) __dead2;

/* memory.c */
extern vm_paddr_t	avail_end;	/* the message buffer's first frame */
void	getmemsize(uint32_t mbi);
vm_offset_t vm_page_startup(vm_offset_t vaddr);
vm_paddr_t vm_frames(u_int n, u_int align, vm_paddr_t low);
void	vm_fill(vm_paddr_t pa, u_int n, enum content content);
void	vm_content(vm_paddr_t start, vm_paddr_t end, enum content content);
enum content vm_content_of(vm_paddr_t pa);
vm_offset_t kva_take(vm_size_t size, vm_size_t align);
u_int	kmem_used(vm_paddr_t *pap);
void	kmem_init(void);
void	manifest_end(void);

/* pmap.c */
extern vm_offset_t	virtual_avail;
extern u_int	pmap_temporary_calls;	/* of pmap_kenter_temporary(), */
extern u_int	pmap_temporary_giant;	/* and those with Giant held */
void	pmap_enter(vm_offset_t va, vm_paddr_t pa, u_int n, pt_entry_t bits);
void	pmap_enter_super(vm_offset_t va, vm_paddr_t pa, pt_entry_t bits);
void	pmap_remove_table(vm_offset_t va);
void	pmap_set_pde(vm_offset_t va, pd_entry_t pde);
void	pmap_content(void);
void	pmap_content_of(vm_offset_t va);
void	pmap_sysmaps(void);
void	*pmap_window(vm_paddr_t pa);
void	pmap_window_done(void);

/* {amd64,i386}/pmap_boot.c */
extern vm_paddr_t	boot_end;	/* what boot maps ends here */
void	pmap_bootstrap(vm_paddr_t *first);

/* ata.c */
struct ata_stats {
	u_int		writes;		/* commands */
	u_int		flushes;
	uint64_t	bytes;		/* written */
};
extern struct ata_stats	ata_stats;
int	ata_attach(int unit, struct dumperinfo *di);
void	ata_crash(void);
void	ata_intr(void);
void	ata_read_something(void);

/* dma.c */
int	dma_init(void);
int	dma_load(const void *data, size_t length);
void	dma_start(void);
int	dma_busy(void);
int	dma_stop(void);

/* live.c */
void	live_forever(void) __dead2;
void	live_read_all(struct dumperinfo *di);

/* linker.c */
extern void	(*module_run)(void (*wait)(void));
void	module_load(void);

/* lists.c */
void	lists(void);

/* procs.c */
struct pcb;
extern struct pcb	dumppcb;
extern int		dumptid;
#define	BOOT_TID	100002		/* the thread that panics */
void	procs(void);
void	thread_wait(void);

/* smp.c */
void	smp_init(void);
void	smp_map(void);
void	smp_start(void);

/* switch.S */
void	savectx(struct pcb *pcb);
void	cpu_switch(struct pcb *from, struct pcb *to);
void	fork_trampoline(void);

/* scenarios.c */
void	scenarios_early(void);
void	scenarios(void);

/* trap.c */
void	trap_init(void);
void	trap_load(void);
void	trap_task(u_int vector, u_int selector);
void	trap_set(u_int vector, const void *entry, u_int stack);

/* The bytes that may change after manifest_end(); made by kernel.ld. */
extern char	mutable_start[], mutable_end[], end[];

/* x86 instructions that need privilege. */
static __inline void
outb(u_int port, uint8_t data)
{

	__asm __volatile("outb %0,%w1" : : "a" (data), "Nd" (port));
}

static __inline uint8_t
inb(u_int port)
{
	uint8_t data;

	__asm __volatile("inb %w1,%0" : "=a" (data) : "Nd" (port));
	return (data);
}

static __inline void
outl(u_int port, uint32_t data)
{

	__asm __volatile("outl %0,%w1" : : "a" (data), "Nd" (port));
}

static __inline uint32_t
inl(u_int port)
{
	uint32_t data;

	__asm __volatile("inl %w1,%0" : "=a" (data) : "Nd" (port));
	return (data);
}

static __inline uint16_t
inw(u_int port)
{
	uint16_t data;

	__asm __volatile("inw %w1,%0" : "=a" (data) : "Nd" (port));
	return (data);
}

static __inline void
invlpg(vm_offset_t va)
{

	__asm __volatile("invlpg %0" : : "m" (*(char *)va) : "memory");
}

static __inline void
load_cr3(u_long pa)
{

	__asm __volatile("mov %0,%%cr3" : : "r" (pa) : "memory");
}

#endif /* !_KERN_H_ */
