/*-
 * SPDX-License-Identifier: BSD-2-Clause
 *
 * Copyright (c) 2026 The minidump project authors
 */

/*
 * The directories of kernel address space, of the third machine: for kern.c.
 */

#include <sys/param.h>

#include <vm/vm.h>
#include <vm/pmap.h>

#include "kern.h"

vm_paddr_t third_root;

void
kern_set_root(kern_addr root)
{

	third_root = root;
}
