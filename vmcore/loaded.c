/*-
 * SPDX-License-Identifier: BSD-2-Clause
 *
 * Copyright (c) 2026 The minidump project authors
 */

/*
 * Modules that the kernel linker had loaded, for vmcore gdb.  module.c reads
 * their files.
 */

#include <sys/types.h>

#include <inttypes.h>
#include <string.h>

#include "kernel_int.h"
#include "vmcore.h"

int
kernel_modules(struct kernel *k, module_cb_t *cb, void *arg)
{
	uint64_t address, filename, next, pathname, size;
	const struct constant needed[] = {
		{ "kld_off_address", &address },
		{ "kld_off_filename", &filename },
		{ "kld_off_next", &next },
		{ NULL, NULL }
	};
	struct list l;
	struct module m;
	const char *missing;
	kvaddr_t name, va;
	int haspath, hassize, more;

	missing = read_constants(k, needed);
	if (missing == NULL &&
	    kernel_symbol(k, "linker_kernel_file", &va) == -1)
		missing = "linker_kernel_file";
	if (missing != NULL) {
		xwarnx("%s: the kernel does not tell what modules it has: it "
		    "has no symbol %s", k->file, missing);
		return (1);
	}
	haspath = read_constant(k, "kld_off_pathname", &pathname) == 0;
	hassize = read_constant(k, "kld_off_size", &size) == 0;
	/*
	 * The kernel is the first, but its back pointer does not lead to this
	 * variable.
	 */
	list_init(&l, "modules", va, next);
	if (read_pointer(k, va, &l.va) == -1) {
		xwarnx("%s: linker_kernel_file: %s", k->file,
		    kvm_geterr(k->kd));
		return (-1);
	}
	for (more = l.va != 0; more == 1; more = list_next(k, &l)) {
		memset(&m, 0, sizeof(m));
		if (read_pointer(k, l.va + (haspath ? pathname : filename),
		    &name) == -1 || read_pointer(k, l.va + address,
		    &m.address) == -1 || (hassize &&
		    read_pointer(k, l.va + size, &m.size) == -1)) {
			xwarnx("%s: module at 0x%jx: %s", k->file,
			    (uintmax_t)l.va, kvm_geterr(k->kd));
			return (-1);
		}
		read_string(k, name, m.name, sizeof(m.name));
		(*cb)(&m, arg);
	}
	return (more);
}
