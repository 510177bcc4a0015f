/*-
 * SPDX-License-Identifier: BSD-2-Clause
 *
 * Copyright (c) 2026 The minidump project authors
 */

/*
 * Broken page tables, in places that this kernel does not use itself, made
 * after all scenarios.  "regress.damage" selects them: "pieces", or on amd64
 * the name of what the directory of the last GiB becomes, or "top" for all of
 * kernel address space.
 *
 * The manifest says what a dump must have: memory that an entry of a table maps
 * is dumped, whatever the rest of the entry is, and a directory or table that
 * is not memory is not followed.
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

#define	VGA_HOLE	0xa0000
#define	BIOS		0xf0000
#define	LOCAL_APIC	0xfee00000
/* Of an entry; i386's PG_FRAME has all bits above. */
#define	FRAME		0x000ffffffffff000ULL
#define	TOP_FRAME	((pt_entry_t)FRAME)
#define	NRANDOM		24		/* directory entries */

/* Bits of an entry that hardware requires to be zero, except for PG_PS. */
#define	RESERVED_SUPER	(PDRMASK & ~(2 * PAGE_SIZE - 1))
#define	RESERVED \
	(sizeof(pt_entry_t) == 8 ? (pt_entry_t)0x7ffULL << 52 : 0)

static u_int	nskipped;

static uint64_t
arbitrary(void)
{
	static uint64_t seed = 20061107;

	seed = seed * 6364136223846793005ULL + 1442695040888963407ULL;
	return (seed >> 32 | seed << 32);
}

/* An address above all memory. */
static vm_paddr_t
behind(void)
{

	return ((vm_paddr_t)vm_page_array_size << PAGE_SHIFT);
}

/* The manifest does not describe free frames: fill those that get mapped. */
static void
fill_free(vm_paddr_t pa)
{

	if (vm_content_of(pa) == C_FREE)
		vm_fill(pa, 1, C_FILL);
}

/* Use the frame at "pa" as the page table of "va", whatever it holds. */
static void
expect_table(vm_offset_t va, vm_paddr_t pa)
{
	pt_entry_t pte;
	u_int i;

	mprintf("table %jx 1\n", (uintmax_t)pa);
	for (i = 0; i < NPTEPG; i++, va += PAGE_SIZE) {
		pte = ((pt_entry_t *)pmap_window(pa))[i];
		mprintf("map %jx %jx 1 %jx\n", (uintmax_t)va,
		    (uintmax_t)(pte & FRAME),
		    (uintmax_t)(pte & ~(pt_entry_t)FRAME));
		if ((pte & PG_V) != 0)
			fill_free(pte & FRAME);
	}
}

/* Put "pde" into the directory, for a new piece of address space. */
static void
set_piece(pd_entry_t pde)
{
	vm_offset_t va;
	vm_paddr_t pa;
	u_int i;

	va = kva_take(NBPDR, NBPDR);
	pmap_set_pde(va, pde);
	pa = pde & FRAME;
	if ((pde & PG_V) == 0)
		return;
	if ((pde & PG_PS) != 0) {
		pa &= ~(vm_paddr_t)PDRMASK;
		mprintf("super %jx %jx %x\n", (uintmax_t)va, (uintmax_t)pa,
		    (u_int)NPTEPG);
		for (i = 0; i < NPTEPG; i++)
			fill_free(pa + i * PAGE_SIZE);
	} else if (vm_content_of(pa) == C_NONE)
		nskipped++;
	else
		expect_table(va, pa);
}

/*
 * Make a page table of entries that are wrong in one way each, and random ones.
 */
static vm_paddr_t
wrong_table(void)
{
	const pt_entry_t wrong[] = {
		~(pt_entry_t)0,
		~(pt_entry_t)PG_V,
		PG_V,				/* frame 0 */
		VGA_HOLE | PG_KRW,
		BIOS | PG_KRW,
		LOCAL_APIC | PG_KRW,
		behind() | PG_KRW,
		(behind() - PAGE_SIZE) | PG_KRW,
		TOP_FRAME | PG_KRW,
		TOP_FRAME | PG_KRW | RESERVED,
		(behind() / 2) | PG_KRW | PG_PS | PG_G | PG_U | RESERVED,
	};
	pt_entry_t *pte;
	vm_paddr_t pa;
	u_int i;

	pa = vm_frames(1, 1, 0);
	pte = pmap_window(pa);
	for (i = 0; i < NPTEPG; i++)
		pte[i] = arbitrary();
	bcopy(wrong, pte, sizeof(wrong));
	pte[NPTEPG - 1] = pa | PG_KRW;		/* itself */
	return (pa);
}

static void
damage_pieces(void)
{
	vm_offset_t va;
	vm_paddr_t pa;
	u_int i;

	set_piece(wrong_table() | PG_KRW);
	set_piece(wrong_table() | PG_KRW | RESERVED | PG_G);

	/* Tables that are not memory. */
	set_piece(VGA_HOLE | PG_KRW);
	set_piece(BIOS | PG_KRW);
	set_piece(LOCAL_APIC | PG_KRW);
	set_piece(behind() | PG_KRW);
	set_piece(TOP_FRAME | PG_KRW | RESERVED);

	/* A table that is some other page. */
	pa = vm_frames(1, 1, 0);
	vm_fill(pa, 1, C_FILL);
	set_piece(pa | PG_KRW);

	/* Superpages: unaligned, above memory, with reserved bits. */
	pa = vm_frames(NPTEPG, NPTEPG, 0);
	vm_fill(pa, NPTEPG, C_TEXT);
	set_piece(pa | PG_KRW | PG_PS | RESERVED_SUPER | RESERVED);
	set_piece(roundup2(behind(), NBPDR) | PG_KRW | PG_PS);
	set_piece(TOP_FRAME | PG_KRW | PG_PS);

	/* Random entries; but memory used as a table should not change. */
	for (i = 0; i < NRANDOM; i++) {
		pa = arbitrary();
		if ((pa & (PG_V | PG_PS)) != PG_V ||
		    vm_content_of(pa & FRAME) == C_NONE)
			set_piece(pa);
	}

	/* The directory itself: only it knows what it maps. */
	va = kva_take(NBPDR, NBPDR);
	mprintf("window %jx %x\n", (uintmax_t)va, (u_int)NPTEPG);
	pmap_set_pde(va, trunc_page(vtophys(vtopde(va))) | PG_KRW);
}

#ifdef __amd64__
/* Remove the directory of the last GiB of address space. */
static void
damage_gib(const char *how)
{
	static const struct {
		const char	*name;
		pdp_entry_t	pdpe;
	} wrong[] = {
		{ "superpage",	PG_KRW | PG_PS },
		{ "mmio",	LOCAL_APIC | PG_KRW },
		{ "ones",	~0UL },
		{ "self",	0 },
	};
	pd_entry_t pde;
	vm_offset_t va;
	u_int i, n;

	pmap_growkernel(VM_MAX_KERNEL_ADDRESS);
	va = KVADDR(KPML4I, KPDPI + 1, 0, 0);
	n = howmany(kernel_vm_end - va, NBPDR);
	for (i = 0; i < n; i++) {
		pde = pte_load(vtopde(va + i * NBPDR));
		mprintf("lost %lx 1\n", pde & PG_FRAME);
	}
	mprintf("lost %lx 1\n", pte_load(vtopdpe(va)) & PG_FRAME);
	mprintf("gone %lx %x\n", va, n * NPTEPG);
	for (i = 0; strcmp(wrong[i].name, how) != 0; i++)
		if (i == sizeof(wrong) / sizeof(wrong[0]) - 1)
			panic("regress.damage: what is %s?", how);
	if (wrong[i].pdpe != 0) {
		pmap_set_dir(va, wrong[i].pdpe);
		nskipped += n;
	} else {
		mprintf("window %lx %x\n", va, n * NPTEPG);
		pmap_set_dir(va, KPDPphys | PG_KRW);
	}
	load_cr3(KPML4phys);
}

/*
 * The top level of page tables that is in use must not be broken: like a
 * process, this kernel continues with a copy.
 */
static void
damage_top(void)
{
	pml4_entry_t *pml4;
	vm_offset_t va;
	vm_paddr_t copy;
	u_int n;

	n = howmany(kernel_vm_end - KERNBASE, NBPDR);
	for (va = KERNBASE; va - KERNBASE < (vm_offset_t)n * NBPDR;
	    va += NBPDR)
		mprintf("lost %lx 1\n", pte_load(vtopde(va)) & PG_FRAME);
	mprintf("lost 0 %lx\n", atop(boot_end));
	mprintf("keep %lx 1\n", KPML4phys);
	mprintf("gone %lx %x\n", KERNBASE, n * NPTEPG);
	nskipped += n;

	copy = vm_frames(1, 1, 0);
	bcopy(pmap_window(KPML4phys), pmap_window(copy), PAGE_SIZE);
	pml4 = pmap_window(copy);
	pml4[PML4PML4I] = copy | PG_KRW;
	load_cr3(copy);
	pml4 = pmap_window(KPML4phys);
	pml4[KPML4I] = KPDPphys | PG_KRW | PG_PS;
}
#endif

void
damage(void)
{
#ifdef __amd64__
	vm_paddr_t pa;
#endif
	const char *how;

	how = getenv("regress.damage");
	if (how == NULL)
		return;
	if (strcmp(how, "pieces") == 0)
		damage_pieces();
#ifdef __amd64__
	else if (strcmp(how, "dmap") == 0) {
		pa = trunc_page(vtophys(vtopde(PHYS_TO_DMAP(0))));
		vm_content(pa, pa + PAGE_SIZE, C_DIRTY);
	} else if (strcmp(how, "top") == 0)
		damage_top();
	else
		damage_gib(how);
#endif
	mprintf("skipped %x\n", nskipped);
}

/*
 * Called when the kernel no longer needs it: break the direct map, except for
 * its end, where the dump code's own memory is.
 */
void
damage_last(void)
{
#ifdef __amd64__
	const char *how;
	vm_offset_t va;
	vm_paddr_t pa;

	how = getenv("regress.damage");
	if (how == NULL || strcmp(how, "dmap") != 0)
		return;
	for (pa = 0; pa + NBPDR <= vtophys(vm_page_array); pa += NBPDR) {
		va = PHYS_TO_DMAP(pa);
		pte_store(vtopde(va), (pa & NBPDR) != 0 ? 0 : ~0UL);
		invlpg(va);
	}
#endif
}
