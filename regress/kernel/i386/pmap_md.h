/*-
 * SPDX-License-Identifier: BSD-2-Clause
 *
 * Copyright (c) 2026 The minidump project authors
 */

/*
 * Where pmap.c finds page table entries: below KERNBASE, where the page
 * directory stands in for NPGPTD page tables.
 */

#ifndef _PMAP_MD_H_
#define	_PMAP_MD_H_

static __inline pt_entry_t *
vtopte(vm_offset_t va)
{

	return ((pt_entry_t *)VADDR(PTDPTDI, 0) + (va >> PAGE_SHIFT));
}

static __inline pd_entry_t *
vtopde(vm_offset_t va)
{

	return ((pd_entry_t *)VADDR(PTDPTDI, PTDPTDI) + (va >> PDRSHIFT));
}

/* The whole directory exists from the start. */
static __inline int
pmap_need_dir(vm_offset_t va __unused)
{

	return (0);
}

static __inline void
pmap_set_dir(vm_offset_t va __unused, pd_entry_t pde __unused)
{
}

static __inline u_long
pmap_root(void)
{

#ifdef PAE
	return ((u_long)IdlePDPT);
#else
	return ((u_long)IdlePTD);
#endif
}

#endif /* !_PMAP_MD_H_ */
