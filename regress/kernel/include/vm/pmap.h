/*-
 * SPDX-License-Identifier: BSD-2-Clause
 *
 * Copyright (c) 2026 The minidump project authors
 */

/*
 * Stand-in for the 6.x header: the machine-independent face of the pmap.
 */

#ifndef _VM_PMAP_H_
#define	_VM_PMAP_H_

#include <machine/pmap.h>

extern vm_offset_t	kernel_vm_end;	/* 0 before the first growth */

void		pmap_growkernel(vm_offset_t addr);
vm_offset_t	pmap_map(vm_offset_t *virt, vm_paddr_t start, vm_paddr_t end,
		    int prot);

#endif /* !_VM_PMAP_H_ */
