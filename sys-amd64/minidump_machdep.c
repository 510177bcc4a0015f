/*-
 * SPDX-License-Identifier: BSD-2-Clause
 *
 * Copyright (c) 2026 The minidump project authors
 */

/*
 * Minidumps, amd64 part: walks the kernel page tables, for kern_dumppages.c,
 * after a crash and under the rules of minidump_md.h; and describes for readers
 * where the registers of a thread are.
 */

#include <sys/cdefs.h>
__FBSDID("$FreeBSD$");

#include <sys/param.h>
#include <sys/systm.h>
#include <sys/kerneldump.h>
#include <sys/minidump.h>

#include <vm/vm.h>
#include <vm/pmap.h>

#include <machine/pcb.h>
#include <machine/vmparam.h>

#include <kern/minidump_amd64.h>
#include <kern/minidump_md.h>

CTASSERT(sizeof(struct minidumphdr_amd64) <= MINIDUMP_LEFTOUT_OFFSET);

const uint32_t cpu_minidump_archversion = KERNELDUMP_AMD64_VERSION;

/*
 * Read entry "i" of the directory that "entry" of the level above refers to; 0
 * if there is none.  A directory cannot be a superpage (1 GiB is not used).
 */
static pt_entry_t
next_level(pt_entry_t entry, u_int i, struct minidump_set *set)
{
	volatile pt_entry_t next;	/* volatile: read it only once */
	vm_paddr_t pa;

	if ((entry & PG_V) == 0)
		return (0);
	pa = entry & PG_FRAME;
	if ((entry & PG_PS) != 0 || !minidump_dumpable(pa)) {
		minidump_skip(set);
		return (0);
	}
	minidump_keep(set, pa);
	next = pte_load((pt_entry_t *)minidump_map(set, pa, MINIDUMP_DIR) + i);
	return (next);
}

enum minidump_piece
cpu_minidump_piece(u_int n, vm_paddr_t *pap, struct minidump_set *set)
{
	vm_offset_t va;
	pt_entry_t entry;

	va = KERNBASE + (vm_offset_t)n * NBPDR;
	entry = KPML4phys | PG_V;
	entry = next_level(entry, (va >> PML4SHIFT) & (NPML4EPG - 1), set);
	entry = next_level(entry, (va >> PDPSHIFT) & (NPDPEPG - 1), set);
	entry = next_level(entry, (va >> PDRSHIFT) & (NPDEPG - 1), set);
	if ((entry & PG_V) == 0)
		return (MINIDUMP_NONE);
	*pap = entry & PG_FRAME;
	if ((entry & PG_PS) != 0) {
		*pap &= ~(vm_paddr_t)PDRMASK;
		return (MINIDUMP_SUPERPAGE);
	}
	minidump_keep(set, *pap);
	return (MINIDUMP_TABLE);
}

int
cpu_minidump_entry(pt_entry_t pte, vm_paddr_t *pap)
{

	*pap = pte & MINIDUMP_AMD64_FRAME;
	return ((pte & MINIDUMP_AMD64_V) != 0);
}

pt_entry_t
cpu_minidump_small(vm_paddr_t pa)
{

	return (pa | MINIDUMP_AMD64_SMALL);
}

void
cpu_minidump_header(void *page)
{
	struct minidumphdr_amd64 *md;

	md = page;
	strlcpy(md->hdr.magic, MINIDUMP_AMD64_MAGIC, sizeof(md->hdr.magic));
	md->kernbase = KERNBASE;
	md->dmapbase = DMAP_MIN_ADDRESS;
	md->dmapend = DMAP_MAX_ADDRESS;
}

/*
 * The registers that cpu_switch() and savectx() save; see kern_dumpoffsets.c.
 */
MINIDUMP_OFFSET(pcb_off_pcb_r12, struct pcb, pcb_r12);
MINIDUMP_OFFSET(pcb_off_pcb_r13, struct pcb, pcb_r13);
MINIDUMP_OFFSET(pcb_off_pcb_r14, struct pcb, pcb_r14);
MINIDUMP_OFFSET(pcb_off_pcb_r15, struct pcb, pcb_r15);
MINIDUMP_OFFSET(pcb_off_pcb_rbp, struct pcb, pcb_rbp);
MINIDUMP_OFFSET(pcb_off_pcb_rbx, struct pcb, pcb_rbx);
MINIDUMP_OFFSET(pcb_off_pcb_rip, struct pcb, pcb_rip);
MINIDUMP_OFFSET(pcb_off_pcb_rsp, struct pcb, pcb_rsp);
