/*-
 * SPDX-License-Identifier: BSD-2-Clause
 *
 * Copyright (c) 2026 The minidump project authors
 */

/*
 * The set of pages that go into a minidump: a bitmap over physical memory.
 *
 * The live set follows the kernel while it runs (dump_add_page(), called by
 * the allocators of direct-mapped memory, from any CPU).  The frozen one is
 * made from it when a dump begins, and only the dumping CPU touches it.  Both
 * are reserved at boot and cover every address in dump_avail, not only in
 * phys_avail: the message buffer lies above the latter.
 *
 * Nothing here may allocate, lock or print.
 */

#include <sys/cdefs.h>
__FBSDID("$FreeBSD$");

#include <sys/param.h>
#include <sys/systm.h>
#include <sys/minidump.h>

#include <vm/vm.h>
#include <vm/pmap.h>

#include <kern/minidump_md.h>
#include <kern/minidump_int.h>

#include <machine/atomic.h>

#define	WORDBITS	(NBBY * sizeof(u_int))

CTASSERT(MINIDUMP_SLOTS <= MAXDUMPPGS);		/* of crashdumpmap */

/*
 * A copy of dump_avail: pairs of physical addresses, [start, end).  With a
 * length of its own it needs no end mark that could be overwritten.
 */
#define	MAXRANGES	32
static struct {
	vm_paddr_t	start;
	vm_paddr_t	end;
} minidump_range[MAXRANGES];
static u_int minidump_nranges;

static u_int *minidump_live_bits;	/* NULL: not there yet */
u_int *minidump_frozen_bits;
void *minidump_gz_arena;
static vm_paddr_t minidump_bits_pa;	/* the live bitmap, then the other */
static vm_paddr_t minidump_arena_pa;

int
minidump_dumpable(vm_paddr_t pa)
{
	u_int i;

	for (i = 0; i < minidump_nranges; i++)
		if (pa >= minidump_range[i].start && pa < minidump_range[i].end)
			return (1);
	return (0);
}

vm_size_t
minidump_set_size(void)
{
	uint64_t top;		/* memory may end where vm_paddr_t does */
	u_int i;

	top = 0;
	for (i = 0; i < minidump_nranges; i++)
		if (minidump_range[i].end > top)
			top = minidump_range[i].end;
	return (round_page((vm_size_t)howmany(top, PAGE_SIZE * NBBY)));
}

vm_paddr_t
minidump_startup(vm_offset_t *vaddr, vm_paddr_t end)
{
	vm_paddr_t start;
	vm_size_t size;
	char *va;
	u_int i;

	for (i = 0; i < MAXRANGES && dump_avail[2 * i + 1] != 0; i++) {
		minidump_range[i].start = dump_avail[2 * i];
		minidump_range[i].end = dump_avail[2 * i + 1];
	}
	minidump_nranges = i;

	size = minidump_set_size();
	start = end - 2 * size - MINIDUMP_GZ_ARENA;
	va = (char *)(uintptr_t)pmap_map(vaddr, start, end,
	    VM_PROT_READ | VM_PROT_WRITE);
	bzero(va, 2 * size + MINIDUMP_GZ_ARENA);
	minidump_gz_arena = va + 2 * size;
	minidump_bits_pa = start;
	minidump_arena_pa = start + 2 * size;
	minidump_frozen_bits = (u_int *)(uintptr_t)(va + size);
	minidump_live_bits = (u_int *)(uintptr_t)va;
	return (start);
}

void
dump_add_page(vm_paddr_t pa)
{

	if (minidump_live_bits != NULL && minidump_dumpable(pa))
		atomic_set_int(&minidump_live_bits[atop(pa) / WORDBITS],
		    1U << (atop(pa) % WORDBITS));
}

void
dump_add_range(vm_paddr_t start, vm_paddr_t end)
{
	vm_paddr_t pa;

	for (pa = start; pa < end; pa += PAGE_SIZE)
		dump_add_page(pa);
}

void
dump_drop_page(vm_paddr_t pa)
{

	if (minidump_live_bits != NULL && minidump_dumpable(pa))
		atomic_clear_int(&minidump_live_bits[atop(pa) / WORDBITS],
		    1U << (atop(pa) % WORDBITS));
}

void *
minidump_map(const struct minidump_set *set, vm_paddr_t pa,
    enum minidump_use use)
{
	u_int slot;

	/* What is returned is where slot 0 is. */
	slot = set->slots + use;
	return ((char *)pmap_kenter_temporary(trunc_page(pa), slot) +
	    slot * PAGE_SIZE);
}

void
minidump_park(const struct minidump_set *set)
{
	enum minidump_use use;

	for (use = MINIDUMP_PAGE; use < MINIDUMP_NUSES; use++)
		(void)minidump_map(set, minidump_bits_pa, use);
}

static void
unset(struct minidump_set *set, uint64_t page)
{

	set->bits[page / WORDBITS] &= ~(1U << (page % WORDBITS));
}

/*
 * The live bitmap is memory like any other, and the crash may have written
 * into it: pages that are not dumpable do not get through.
 */
void
minidump_set_init(struct minidump_set *set)
{
	uint64_t page;

	set->nwords = minidump_set_size() / sizeof(u_int);
	set->closed = 0;
	set->skipped = 0;
	set->npages = 0;
	bcopy(minidump_live_bits, set->bits, set->nwords * sizeof(u_int));
	for (page = 0; minidump_set_next(set, &page); page++)
		if (!minidump_dumpable((vm_paddr_t)page << PAGE_SHIFT))
			unset(set, page);
}

void
minidump_keep(struct minidump_set *set, vm_paddr_t pa)
{

	if (!set->closed && minidump_dumpable(pa))
		set->bits[atop(pa) / WORDBITS] |= 1U << (atop(pa) % WORDBITS);
}

void
minidump_skip(struct minidump_set *set)
{

	if (!set->closed)
		set->skipped++;
}

void
minidump_set_drop(struct minidump_set *set, vm_paddr_t start, vm_paddr_t end)
{
	uint64_t page, last;

	last = end >> PAGE_SHIFT;
	for (page = start >> PAGE_SHIFT;
	    minidump_set_next(set, &page) && page < last; page++) {
		unset(set, page);
		if (set->closed)
			set->npages--;
	}
}

void
minidump_set_close(struct minidump_set *set)
{
	uint64_t page;

	minidump_set_drop(set, minidump_arena_pa,
	    minidump_arena_pa + MINIDUMP_GZ_ARENA);
	set->closed = 1;
	for (page = 0; minidump_set_next(set, &page); page++)
		set->npages++;
}

int
minidump_set_next(const struct minidump_set *set, uint64_t *page)
{
	u_int bits, i;

	if (*page / WORDBITS >= set->nwords)
		return (0);
	i = *page / WORDBITS;
	bits = set->bits[i] & (~0U << (*page % WORDBITS));
	while (bits == 0) {
		if (++i == set->nwords)
			return (0);
		bits = set->bits[i];
	}
	*page = (uint64_t)i * WORDBITS + ffs(bits) - 1;
	return (1);
}

int
minidump_set_prev(const struct minidump_set *set, uint64_t *page)
{
	u_int bits, i;

	if (*page / WORDBITS >= set->nwords)
		return (0);
	i = *page / WORDBITS;
	bits = set->bits[i] & (~0U >> (WORDBITS - 1 - *page % WORDBITS));
	while (bits == 0) {
		if (i-- == 0)
			return (0);
		bits = set->bits[i];
	}
	*page = (uint64_t)i * WORDBITS + fls(bits) - 1;
	return (1);
}
