/*-
 * SPDX-License-Identifier: BSD-2-Clause
 *
 * Copyright (c) 2026 The minidump project authors
 */

/*
 * Structure offsets and sizes, which a kernel exports as variables for
 * debuggers.  sys-kern/kern_dumpoffsets.c describes them.
 */

#include <sys/types.h>

#include <inttypes.h>
#include <stddef.h>

#include "kernel_int.h"
#include "vmcore.h"

int
read_constant(struct kernel *k, const char *name, uint64_t *value)
{
	kvaddr_t va;

	if (kernel_symbol(k, name, &va) == -1)
		return (-1);
	if (read_number(k, va, 4, value) == -1) {
		xwarnx("%s: symbol %s: %s", k->file, name,
		    kvm_geterr(k->kd));
		return (-1);
	}
	if (*value >= OFFSET_MAX) {
		xwarnx("%s: symbol %s: 0x%jx: no size or offset", k->file,
		    name, (uintmax_t)*value);
		return (-1);
	}
	return (0);
}

const char *
read_constants(struct kernel *k, const struct constant *c)
{

	for (; c->name != NULL; c++)
		if (read_constant(k, c->name, c->value) == -1)
			return (c->name);
	return (NULL);
}
