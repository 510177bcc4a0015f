/*-
 * SPDX-License-Identifier: BSD-2-Clause
 *
 * Copyright (c) 2026 The minidump project authors
 */

/*
 * Minidumps on a third machine, which there is not: what a port costs, and the
 * proof that it touches none of the machine-independent code.  Five levels of
 * page tables, entries that have the valid bit and the frame elsewhere, another
 * header.  minidump_md.h says what each function is for.
 */

#include <sys/cdefs.h>
__FBSDID("$FreeBSD$");

#include <sys/param.h>
#include <sys/systm.h>
#include <sys/minidump.h>

#include <vm/vm.h>
#include <vm/pmap.h>

#include <machine/vmparam.h>

#include <kern/minidump_md.h>
#include <kern/minidump_third.h>

#define	LEVELS		5
#define	INDEXBITS	9		/* of va, at each level */

CTASSERT(sizeof(struct minidumphdr_third) <= MINIDUMP_LEFTOUT_OFFSET);

const uint32_t cpu_minidump_archversion = 7;

static vm_paddr_t
frame_of(pt_entry_t entry)
{

	return ((entry & MINIDUMP_THIRD_FRAME) << PAGE_SHIFT);
}

/* Read entry "i" of the directory that "entry" refers to; 0: there is none. */
static pt_entry_t
next_level(pt_entry_t entry, u_int i, struct minidump_set *set)
{
	vm_paddr_t pa;

	if ((entry & MINIDUMP_THIRD_V) == 0)
		return (0);
	pa = frame_of(entry);
	if ((entry & MINIDUMP_THIRD_SUPER) != 0 || !minidump_dumpable(pa)) {
		minidump_skip(set);
		return (0);
	}
	return (pte_load((pt_entry_t *)minidump_map(set, pa, MINIDUMP_DIR) +
	    i));
}

enum minidump_piece
cpu_minidump_piece(u_int n, vm_paddr_t *pap, struct minidump_set *set)
{
	pt_entry_t entry;
	vm_offset_t va;
	u_int level, shift;

	va = KERNBASE + ((vm_offset_t)n << (PAGE_SHIFT + INDEXBITS));
	entry = ((third_root >> PAGE_SHIFT) & MINIDUMP_THIRD_FRAME) |
	    MINIDUMP_THIRD_V;
	for (level = LEVELS; level > 1; level--) {
		shift = PAGE_SHIFT + (level - 1) * INDEXBITS;
		entry = next_level(entry, (va >> shift) & (NPTEPG - 1), set);
	}
	if ((entry & MINIDUMP_THIRD_V) == 0)
		return (MINIDUMP_NONE);
	*pap = frame_of(entry);
	if ((entry & MINIDUMP_THIRD_SUPER) == 0)
		return (MINIDUMP_TABLE);
	*pap &= ~((vm_paddr_t)NPTEPG * PAGE_SIZE - 1);
	return (MINIDUMP_SUPERPAGE);
}

int
cpu_minidump_entry(pt_entry_t pte, vm_paddr_t *pap)
{

	*pap = frame_of(pte);
	return ((pte & MINIDUMP_THIRD_V) != 0);
}

pt_entry_t
cpu_minidump_small(vm_paddr_t pa)
{

	return (pa >> PAGE_SHIFT | MINIDUMP_THIRD_V | MINIDUMP_THIRD_W);
}

void
cpu_minidump_header(void *page)
{
	struct minidumphdr_third *md;

	md = page;
	strlcpy(md->hdr.magic, MINIDUMP_THIRD_MAGIC, sizeof(md->hdr.magic));
	md->levels = LEVELS;
	md->framebits = MINIDUMP_THIRD_FRAMEBITS;
	md->kernbase = KERNBASE;
}
