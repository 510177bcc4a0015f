/*-
 * SPDX-License-Identifier: BSD-2-Clause
 *
 * Copyright (c) 2026 The minidump project authors
 */

/*
 * Where pmap.c finds page table entries: the recursive slot of the top level.
 */

#ifndef _PMAP_MD_H_
#define	_PMAP_MD_H_

#define	R	PML4PML4I

static __inline pt_entry_t *
vtopte(vm_offset_t va)
{

	return ((pt_entry_t *)KVADDR(R, 0, 0, 0) +
	    (va << 16 >> (16 + PAGE_SHIFT)));
}

static __inline pd_entry_t *
vtopde(vm_offset_t va)
{

	return ((pd_entry_t *)KVADDR(R, R, 0, 0) +
	    (va << 16 >> (16 + PDRSHIFT)));
}

static __inline pdp_entry_t *
vtopdpe(vm_offset_t va)
{

	return ((pdp_entry_t *)KVADDR(R, R, R, 0) +
	    (va << 16 >> (16 + PDPSHIFT)));
}

#undef	R

static __inline int
pmap_need_dir(vm_offset_t va)
{

	return (pte_load(vtopdpe(va)) == 0);
}

static __inline void
pmap_set_dir(vm_offset_t va, pdp_entry_t pdpe)
{

	pte_store(vtopdpe(va), pdpe);
}

static __inline u_long
pmap_root(void)
{

	return (KPML4phys);
}

#endif /* !_PMAP_MD_H_ */
