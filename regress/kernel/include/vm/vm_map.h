/*-
 * SPDX-License-Identifier: BSD-2-Clause
 *
 * Copyright (c) 2026 The minidump project authors
 */

/*
 * Stand-in for the 6.x header: a map is its two ends.
 */

#ifndef _VM_VM_MAP_H_
#define	_VM_VM_MAP_H_

#include <vm/vm.h>

struct vm_map {
	vm_offset_t	min_offset;
	vm_offset_t	max_offset;	/* exclusive */
};

static __inline vm_offset_t
vm_map_min(vm_map_t map)
{

	return (map->min_offset);
}

static __inline vm_offset_t
vm_map_max(vm_map_t map)
{

	return (map->max_offset);
}

#endif /* !_VM_VM_MAP_H_ */
