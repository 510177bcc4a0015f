/*-
 * SPDX-License-Identifier: BSD-2-Clause
 *
 * Copyright (c) 2026 The minidump project authors
 */

/*
 * The machine that runs on during a dump.  With "regress.churn=cpu" another CPU
 * does this (see smp.c), with "regress.churn=timer" the timer interrupts the
 * first.  Either adds pages to the dump and drops them, maps and unmaps kernel
 * pages, and gives a piece of address space a page table, a superpage, or
 * nothing, from before the dump begins to the end of the guest.
 *
 * The manifest has a line "loose PA N" for frames that may be in the dump, but
 * need not be.
 */

#include <sys/param.h>
#include <sys/systm.h>
#include <sys/minidump.h>

#include <vm/vm.h>
#include <vm/pmap.h>
#include <vm/vm_page.h>
#include <machine/vmparam.h>

#include "kern.h"
#include "pmap_md.h"

#define	NCHURN		64		/* pages that come and go */
#define	BATCH		256		/* changes at a time */

#define	PIC1		0x20
#define	PIC2		0xa0
#define	PIC_EOI		0x20
#define	PIT		0x40
#define	PIT_MODE	0x34		/* counter 0, rate generator */
#define	PIT_DIVISOR	1193		/* 1 kHz */

void	clock_intr(void);

extern const char clock_entry[];		/* locore.S */

static vm_paddr_t	frames;		/* NCHURN, contiguous */
static vm_offset_t	va;		/* of NCHURN pages, */
static vm_offset_t	piece;		/* and of a whole piece */
static pd_entry_t	pdes[3];	/* what that may have */
static int		churning;

static volatile u_int	batches __section(".bss.mutable");
static u_int		seed __section(".bss.mutable");

static void
churn(void)
{
	pt_entry_t *pte;
	vm_paddr_t pa;
	u_int i, n;

	for (i = 0; i < BATCH; i++) {
		seed = seed * 1664525 + 1013904223;
		n = (seed >> 16) % NCHURN;
		pa = frames + n * PAGE_SIZE;
		pte = vtopte(va + n * PAGE_SIZE);
		switch (seed >> 29) {
		case 0:
		case 1:
			dump_add_page(pa);
			break;
		case 2:
		case 3:
			dump_drop_page(pa);
			break;
		case 4:
		case 5:
			pte_store(pte, pa | PG_KRW);
			break;
		case 6:
			pte_store(pte, 0);
			break;
		case 7:
			pte_store(vtopde(piece), pdes[n % 3]);
			break;
		}
	}
	batches++;
}

/* For smp.c: what the second CPU does. */
void
churn_forever(void)
{

	for (;;)
		churn();
}

void
clock_intr(void)
{

	churn();
	outb(PIC1, PIC_EOI);
}

static void
start_timer(void)
{

	trap_set(TIMER_VECTOR, clock_entry, 1);
	outb(PIC1, 0x11);
	outb(PIC2, 0x11);
	outb(PIC1 + 1, TIMER_VECTOR);
	outb(PIC2 + 1, TIMER_VECTOR + 8);
	outb(PIC1 + 1, 4);
	outb(PIC2 + 1, 2);
	outb(PIC1 + 1, 1);
	outb(PIC2 + 1, 1);
	outb(PIC1 + 1, 0xfe);
	outb(PIC2 + 1, 0xff);
	outb(PIT + 3, PIT_MODE);
	outb(PIT, PIT_DIVISOR & 0xff);
	outb(PIT, PIT_DIVISOR >> 8);
	__asm __volatile("sti");
}

/* A frame that may or may not be in the dump. */
static void
loose(vm_paddr_t pa, u_int n)
{

	mprintf("loose %jx %x\n", (uintmax_t)pa, n);
}

/* This table, or directory, changes. */
static void
dirty(const void *entry)
{
	vm_paddr_t pa;

	pa = vtophys(entry) & ~(vm_paddr_t)PAGE_MASK;
	vm_content(pa, pa + PAGE_SIZE, C_DIRTY);
}

/* Called when the page tables are complete: begin to change them. */
void
churn_start(void)
{
	const char *how;
	vm_paddr_t pa, super;
	int i;

	how = getenv("regress.churn");
	if (how == NULL)
		return;

	frames = vm_frames(NCHURN, 1, 0);
	vm_fill(frames, NCHURN, C_FILL);
	loose(frames, NCHURN);
	va = kva_take(NCHURN * PAGE_SIZE, PAGE_SIZE);
	mprintf("window %jx %x\n", (uintmax_t)va, NCHURN);
	piece = kva_take(NBPDR, NBPDR);
	mprintf("window %jx %x\n", (uintmax_t)piece, (u_int)NPTEPG);
	super = vm_frames(NPTEPG, NPTEPG, 0);
	vm_fill(super, NPTEPG, C_TEXT);
	loose(super, NPTEPG);
	pdes[0] = pte_load(vtopde(piece));
	pdes[1] = super | PG_KRW | PG_PS;
	loose(pdes[0] & PG_FRAME, 1);
	for (i = 0; i < NCHURN; i++)
		pte_store(vtopte(piece) + i, (frames + i * PAGE_SIZE) | PG_KRW);

	dirty(vtopte(va));
	dirty(vtopte(va + (NCHURN - 1) * PAGE_SIZE));
	dirty(vtopde(piece));
	for (i = 0; i < vm_page_array_size; i++) {
		pa = (vm_paddr_t)i << PAGE_SHIFT;
		if (vm_content_of(pa) == C_BITS)
			vm_content(pa, pa + PAGE_SIZE, C_DIRTY);
	}

	/* Another CPU has not started yet. */
	if (strcmp(how, "timer") == 0)
		start_timer();
	churning = 1;
}

/* Called before each write of the dump: wait until something has changed. */
void
churn_wait(void)
{
	u_int n;

	n = batches;
	while (churning && batches == n)
		continue;
}
