/*-
 * SPDX-License-Identifier: BSD-2-Clause
 *
 * Copyright (c) 2026 The minidump project authors
 */

/*
 * Stand-in for the 6.x header: the kernel's allocator of whole pages.  As in
 * 6.x, they are zeroed, and freed pages are unmapped.
 */

#ifndef _VM_VM_EXTERN_H_
#define	_VM_VM_EXTERN_H_

#include <vm/vm.h>

vm_offset_t	kmem_alloc(vm_map_t map, vm_size_t size);
void		kmem_free(vm_map_t map, vm_offset_t addr, vm_size_t size);

#endif /* !_VM_VM_EXTERN_H_ */
