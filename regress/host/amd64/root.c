/*-
 * SPDX-License-Identifier: BSD-2-Clause
 *
 * Copyright (c) 2026 The minidump project authors
 */

/*
 * The directories of kernel address space, of amd64: for kern.c.
 */

#include <sys/param.h>

#include <vm/vm.h>
#include <vm/pmap.h>

#include "kern.h"

uint64_t KPML4phys;

void
kern_set_root(kern_addr root)
{

	KPML4phys = root;
}
