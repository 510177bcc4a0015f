/*-
 * SPDX-License-Identifier: BSD-2-Clause
 *
 * Copyright (c) 2026 The minidump project authors
 */

/*
 * Stand-in for the 6.x header: parts of kernel address space.
 */

#ifndef _VM_VM_KERN_H_
#define	_VM_VM_KERN_H_

#include <vm/vm.h>

/* NULL until scenarios.c makes them. */
extern vm_map_t	exec_map, pipe_map, buffer_map;

/* Only a name for kmem_alloc(). */
extern vm_map_t	kernel_map;

#endif /* !_VM_VM_KERN_H_ */
