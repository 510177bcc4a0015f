/*-
 * SPDX-License-Identifier: BSD-2-Clause
 *
 * Copyright (c) 2026 The minidump project authors
 */

/*
 * The kernel's page tables, made at boot as 6.x makes them: physical memory
 * up to the kernel's image by 4 KiB pages from KERNBASE on, the image under
 * superpages, NKPT page tables, and the page directory, which is also mapped
 * as NPGPTD page tables below KERNBASE.
 */

#include <sys/param.h>
#include <sys/systm.h>

#include <vm/vm.h>
#include <vm/pmap.h>
#include <machine/vmparam.h>

#include "kern.h"

CTASSERT(KERNBASE == LINKBASE);

pd_entry_t		*IdlePTD;
#ifdef PAE
pdpt_entry_t		*IdlePDPT;
#endif
vm_paddr_t		boot_end;
static uint32_t		next;			/* free page */
static pt_entry_t	*kpt;

static void *
alloc(u_int npages, uint32_t *pa)
{

	*pa = next;
	next += ptoa(npages);
	bzero((void *)(KERNBASE + *pa), ptoa(npages));
	return ((void *)(KERNBASE + *pa));
}

/* Map pages at KERNBASE plus their physical address. */
static void
map_low(uint32_t pa, u_int npages, pt_entry_t bits)
{

	mprintf("map %x %x %x %x\n", KERNBASE + pa, pa, npages, (u_int)bits);
	for (; npages > 0; npages--, pa += PAGE_SIZE)
		kpt[atop(pa)] = pa | bits;
}

/* Pages are taken from "*first", which is advanced. */
void
pmap_bootstrap(vm_paddr_t *first)
{
#ifdef PAE
	pdpt_entry_t *pdpt;
	uint32_t pdpt_pa;
#endif
	pd_entry_t *ptd;
	uint32_t kernend, kpt_pa, pa, ptd_pa;
	u_int i;

	kernend = next = roundup2(*first, NBPDR);
	kpt = alloc(NKPT, &kpt_pa);
#ifdef PAE
	pdpt = alloc(1, &pdpt_pa);
#endif
	ptd = alloc(NPGPTD, &ptd_pa);
	*first = next;
	boot_end = kernend;

	map_low(0, 1, PG_KRW);
	map_low(PAGE_SIZE, atop(KERNLOAD) - 1, PG_KRO);
	map_low(ptd_pa, NPGPTD, PG_KRW);
	for (i = 0; i < NKPT; i++)
		ptd[KPTDI + i] = (kpt_pa + ptoa(i)) | PG_KRW;
	for (pa = KERNLOAD; pa < kernend; pa += NBPDR)
		ptd[KPTDI + (pa >> PDRSHIFT)] = pa | PG_PS | PG_KRW;
	for (i = 0; i < NPGPTD; i++)
		ptd[PTDPTDI + i] = (ptd_pa + ptoa(i)) | PG_KRW;
	IdlePTD = (pd_entry_t *)ptd_pa;
#ifdef PAE
	for (i = 0; i < NPGPTD; i++)
		pdpt[i] = (ptd_pa + ptoa(i)) | PG_V;
	IdlePDPT = (pdpt_entry_t *)pdpt_pa;
	map_low(pdpt_pa, 1, PG_KRW);
	load_cr3(pdpt_pa);
#else
	load_cr3(ptd_pa);
#endif

	mprintf("super %x %x %x\n", KERNBASE + KERNLOAD, KERNLOAD,
	    atop(kernend - KERNLOAD));
	mprintf("table %x %x\n", kpt_pa, NKPT);
	virtual_avail = roundup2(KERNBASE + next, NBPDR);
	pmap_sysmaps();
}
