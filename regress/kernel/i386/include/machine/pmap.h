/*-
 * SPDX-License-Identifier: BSD-2-Clause
 *
 * Copyright (c) 2026 The minidump project authors
 */

/*
 * Stand-in for the 6.x header: page tables, with PAE and without.
 */

#ifndef _MACHINE_PMAP_H_
#define	_MACHINE_PMAP_H_

#include <sys/types.h>

#ifdef PAE
typedef uint64_t	pdpt_entry_t;
typedef uint64_t	pd_entry_t;
typedef uint64_t	pt_entry_t;
#else
typedef uint32_t	pd_entry_t;
typedef uint32_t	pt_entry_t;
#endif

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
#define	PG_FRAME	(~(vm_paddr_t)PAGE_MASK)

/* The indices of a virtual address. */
#define	VADDR(pdi, pti) \
	((vm_offset_t)(((pti) << PAGE_SHIFT) | ((pdi) << PDRSHIFT)))

#ifdef PAE
#define	KVA_PAGES	512		/* directory entries for the kernel */
#define	NKPT		240		/* page tables made at boot */
#else
#define	KVA_PAGES	256
#define	NKPT		30
#endif
#define	NKPDE		KVA_PAGES
#define	KPTDI		(NPDEPTD - NKPDE)	/* KERNBASE */
#define	PTDPTDI		(KPTDI - NPGPTD)	/* recursive map */

extern vm_paddr_t	phys_avail[], dump_avail[];
#ifdef PAE
extern pdpt_entry_t	*IdlePDPT;
#endif
extern pd_entry_t	*IdlePTD;	/* a physical address */

#define	vtophys(va)	(pmap_kextract((vm_offset_t)(va)))

void	pmap_kenter(vm_offset_t va, vm_paddr_t pa);
void	pmap_kremove(vm_offset_t va);
vm_paddr_t pmap_kextract(vm_offset_t va);
void	*pmap_kenter_temporary(vm_paddr_t pa, int i);

#ifdef PAE

/* One 8-byte access: another CPU never sees or leaves half an entry. */
static __inline pt_entry_t
pte_load(pt_entry_t *ptep)
{
	pt_entry_t pte;

	pte = 0;
	__asm __volatile("lock; cmpxchg8b %1"
	    : "+A" (pte), "+m" (*ptep) : "b" (0), "c" (0) : "cc");
	return (pte);
}

static __inline void
pte_store(pt_entry_t *ptep, pt_entry_t pte)
{
	pt_entry_t old;

	old = *ptep;
	__asm __volatile("1: lock; cmpxchg8b %1; jne 1b"
	    : "+A" (old), "+m" (*ptep)
	    : "b" ((uint32_t)pte), "c" ((uint32_t)(pte >> 32)) : "cc");
}

#else /* !PAE */

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

#endif /* PAE */

#endif /* !_MACHINE_PMAP_H_ */
