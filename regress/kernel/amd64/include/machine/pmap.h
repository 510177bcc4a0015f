/*-
 * SPDX-License-Identifier: BSD-2-Clause
 *
 * Copyright (c) 2026 The minidump project authors
 */

/*
 * Stand-in for the 6.x header: page tables.
 */

#ifndef _MACHINE_PMAP_H_
#define	_MACHINE_PMAP_H_

#include <sys/types.h>

typedef uint64_t	pml4_entry_t;
typedef uint64_t	pdp_entry_t;
typedef uint64_t	pd_entry_t;
typedef uint64_t	pt_entry_t;

#include <machine/param.h>

#define	PG_V		0x001		/* valid */
#define	PG_RW		0x002
#define	PG_U		0x004
#define	PG_NC_PWT	0x008
#define	PG_NC_PCD	0x010
#define	PG_N		(PG_NC_PCD | PG_NC_PWT)
#define	PG_A		0x020		/* accessed */
#define	PG_M		0x040		/* modified */
#define	PG_PS		0x080		/* in a directory: a superpage */
#define	PG_G		0x100
#define	PG_NX		(1UL << 63)
#define	PG_FRAME	(0x000ffffffffff000UL)

/* The indices of a virtual address, from the top level down. */
#define	KVADDR(l4, l3, l2, l1)						\
	(((unsigned long)(l1) << PAGE_SHIFT) |				\
	    ((unsigned long)(l2) << PDRSHIFT) |				\
	    ((unsigned long)(l3) << PDPSHIFT) |				\
	    ((unsigned long)(l4) << PML4SHIFT) | (-1UL << 47))

#define	NKPT		240		/* page tables made at boot */
#define	NKPML4E		1
#define	NKPDPE		1
#define	NKPDE		(NPDEPG * NKPDPE)
#define	NDMPML4E	1

#define	KPML4I		(NPML4EPG - 1)	/* kernel address space */
#define	KPDPI		(NPDPEPG - 2)	/* KERNBASE within it */
#define	DMPML4I		(KPML4I - 1)	/* direct map */
#define	PML4PML4I	(NPML4EPG / 2)	/* recursive map */

extern vm_paddr_t	phys_avail[], dump_avail[];
extern uint64_t		KPML4phys;	/* top level */
extern uint64_t		KPDPphys;	/* pointer table for KPML4I */

#define	vtophys(va)	(pmap_kextract((vm_offset_t)(va)))

void	pmap_kenter(vm_offset_t va, vm_paddr_t pa);
void	pmap_kremove(vm_offset_t va);
vm_paddr_t pmap_kextract(vm_offset_t va);
void	*pmap_kenter_temporary(vm_paddr_t pa, int i);

static __inline pt_entry_t
pte_load(pt_entry_t *ptep)
{

	return (*(volatile pt_entry_t *)ptep);
}

static __inline void
pte_store(pt_entry_t *ptep, pt_entry_t pte)
{

	*(volatile pt_entry_t *)ptep = pte;
}

#endif /* !_MACHINE_PMAP_H_ */
