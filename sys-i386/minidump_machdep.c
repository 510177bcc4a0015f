/*-
 * SPDX-License-Identifier: BSD-2-Clause
 *
 * Copyright (c) 2026 The minidump project authors
 */

/*
 * Minidumps, i386 part, with and without PAE: reads the kernel's page directory
 * (one page, or four with PAE), for kern_dumppages.c, after a crash and under
 * the rules of minidump_md.h; and describes for readers where the registers of
 * a thread are.
 */

#include <sys/cdefs.h>
__FBSDID("$FreeBSD$");

#include <sys/param.h>
#include <sys/systm.h>
#include <sys/kerneldump.h>
#include <sys/minidump.h>
#include <sys/proc.h>

#include <vm/vm.h>
#include <vm/pmap.h>

#include <machine/pcb.h>
#include <machine/vmparam.h>

#include <kern/minidump_i386.h>
#include <kern/minidump_md.h>

CTASSERT(sizeof(struct minidumphdr_i386) <= MINIDUMP_LEFTOUT_OFFSET);

const uint32_t cpu_minidump_archversion = KERNELDUMP_I386_VERSION;

enum minidump_piece
cpu_minidump_piece(u_int n, vm_paddr_t *pap, struct minidump_set *set)
{
	volatile pd_entry_t pde;	/* volatile: read it only once */
	vm_paddr_t pa;
	u_int i;

	/* The directory's pages are contiguous in physical memory. */
	i = KERNBASE / NBPDR + n;
	pa = (vm_paddr_t)(uintptr_t)IdlePTD + i / NPDEPG * PAGE_SIZE;
	if (!minidump_dumpable(pa)) {
		minidump_skip(set);
		return (MINIDUMP_NONE);
	}
	pde = pte_load((pd_entry_t *)minidump_map(set, pa, MINIDUMP_DIR) +
	    i % NPDEPG);
	if ((pde & PG_V) == 0)
		return (MINIDUMP_NONE);
	*pap = pde & MINIDUMP_I386_FRAME;
	if ((pde & PG_PS) != 0) {
		*pap &= ~(vm_paddr_t)PDRMASK;
		return (MINIDUMP_SUPERPAGE);
	}
	return (MINIDUMP_TABLE);
}

int
cpu_minidump_entry(pt_entry_t pte, vm_paddr_t *pap)
{

	*pap = pte & MINIDUMP_I386_FRAME;
	return ((pte & MINIDUMP_I386_V) != 0);
}

pt_entry_t
cpu_minidump_small(vm_paddr_t pa)
{

	return (pa | MINIDUMP_I386_SMALL);
}

void
cpu_minidump_header(void *page)
{
	struct minidumphdr_i386 *md;

	md = page;
	strlcpy(md->hdr.magic, MINIDUMP_I386_MAGIC, sizeof(md->hdr.magic));
	md->kernbase = KERNBASE;
	md->paemode = sizeof(pt_entry_t) == sizeof(uint64_t);
}

/*
 * The registers that cpu_switch() and savectx() save; see kern_dumpoffsets.c.
 */
MINIDUMP_OFFSET(pcb_off_pcb_ebp, struct pcb, pcb_ebp);
MINIDUMP_OFFSET(pcb_off_pcb_ebx, struct pcb, pcb_ebx);
MINIDUMP_OFFSET(pcb_off_pcb_edi, struct pcb, pcb_edi);
MINIDUMP_OFFSET(pcb_off_pcb_eip, struct pcb, pcb_eip);
MINIDUMP_OFFSET(pcb_off_pcb_esi, struct pcb, pcb_esi);
MINIDUMP_OFFSET(pcb_off_pcb_esp, struct pcb, pcb_esp);
