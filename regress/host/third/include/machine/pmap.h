/*-
 * SPDX-License-Identifier: BSD-2-Clause
 *
 * Copyright (c) 2026 The minidump project authors
 */

/*
 * The third machine's page tables.  pte_load() is kern_md.h's.
 */

#ifndef _MACHINE_PMAP_H_
#define	_MACHINE_PMAP_H_

#include <sys/types.h>

#include <machine/param.h>

typedef uint64_t	pt_entry_t;

extern vm_paddr_t	dump_avail[];
extern vm_paddr_t	third_root;	/* the first directory */

void	*pmap_kenter_temporary(vm_paddr_t pa, int i);

#endif /* !_MACHINE_PMAP_H_ */
