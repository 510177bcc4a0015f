/*-
 * SPDX-License-Identifier: BSD-2-Clause
 *
 * Copyright (c) 2026 The minidump project authors
 */

/*
 * The kernel's page tables, made at boot as 6.x makes them: the kernel under
 * superpages from KERNBASE, where physical address 0 is, NKPT page tables, a
 * direct map of at least 4 GiB, and a recursive slot.
 */

#include <sys/param.h>
#include <sys/systm.h>

#include <vm/vm.h>
#include <vm/pmap.h>
#include <machine/md_var.h>
#include <machine/vmparam.h>

#include "kern.h"

CTASSERT(KERNBASE == LINKBASE);

#define	LEAF	(PG_KRW | PG_G)

uint64_t		KPML4phys, KPDPphys;
vm_paddr_t		boot_end;
static vm_paddr_t	next;			/* free page */

static uint64_t *
alloc(u_int npages, uint64_t *pa)
{

	*pa = next;
	next += ptoa(npages);
	bzero((void *)(KERNBASE + *pa), ptoa(npages));
	return ((uint64_t *)(KERNBASE + *pa));
}

/* Pages are taken from "*first", which is advanced. */
void
pmap_bootstrap(vm_paddr_t *first)
{
	uint64_t *dmpd, *dmpdp, *kpd, *kpdp, *kpt, *kpml4;
	uint64_t dmpd_pa, dmpdp_pa, kpd_pa, kpt_pa;
	u_int i, ndmpdp, nsuper;

	next = *first;
	ndmpdp = howmany(ptoa(Maxmem), NBPDP);
	ndmpdp = MAX(ndmpdp, 4);
	kpt = alloc(NKPT, &kpt_pa);
	kpml4 = alloc(1, &KPML4phys);
	kpdp = alloc(NKPML4E, &KPDPphys);
	kpd = alloc(NKPDPE, &kpd_pa);
	dmpdp = alloc(NDMPML4E, &dmpdp_pa);
	dmpd = alloc(ndmpdp, &dmpd_pa);
	*first = next;
	nsuper = howmany(next, NBPDR);
	boot_end = (vm_paddr_t)nsuper << PDRSHIFT;

	for (i = 0; i < NKPT; i++)
		kpd[i] = (kpt_pa + ptoa(i)) | PG_KRW;
	for (i = 0; i < nsuper; i++)
		kpd[i] = (vm_paddr_t)i << PDRSHIFT | PG_PS | LEAF;
	/* The tables below the superpages exist, but nothing uses them. */
	for (i = 0; i < atop(next); i++)
		kpt[i] = ptoa(i) | LEAF;
	for (i = 0; i < NKPDPE; i++)
		kpdp[KPDPI + i] = (kpd_pa + ptoa(i)) | PG_U | PG_KRW;

	for (i = 0; i < ndmpdp * NPDEPG; i++)
		dmpd[i] = (vm_paddr_t)i << PDRSHIFT | PG_PS | LEAF;
	for (i = 0; i < ndmpdp; i++)
		dmpdp[i] = (dmpd_pa + ptoa(i)) | PG_U | PG_KRW;

	kpml4[KPML4I] = KPDPphys | PG_U | PG_KRW;
	kpml4[DMPML4I] = dmpdp_pa | PG_U | PG_KRW;
	kpml4[PML4PML4I] = KPML4phys | PG_U | PG_KRW;
	load_cr3(KPML4phys);

	mprintf("dmap %lx %lx\n", DMAP_MIN_ADDRESS, DMAP_MAX_ADDRESS);
	mprintf("super %lx 0 %lx\n", KERNBASE, atop(boot_end));
	mprintf("table %lx 1\n", KPDPphys);
	mprintf("table %lx %x\n", kpd_pa, NKPDPE);
	mprintf("table %lx %x\n", kpt_pa + ptoa(nsuper), NKPT - nsuper);
	virtual_avail = KERNBASE + boot_end;
	pmap_sysmaps();
}
