/*-
 * SPDX-License-Identifier: BSD-2-Clause
 *
 * Copyright (c) 2026 The minidump project authors
 */

/*
 * A dump as an ELF core file, which gdb reads.
 */

#ifndef _CORE_H_
#define	_CORE_H_

#include <kvm.h>

#include "kernel.h"

/*
 * Write the core file of the dump "dump" to "fd", from its first byte to its
 * last; "file" is its name in messages.  "seekable" if what is zero need not be
 * written.  Memory use depends on how many threads there are, not on the size
 * of the dump.
 *
 * What can be written without what cannot be read of the dump is written:
 * *incomplete is set then, after printing what is missing.  Returns 0, or -1
 * after printing why.
 */
int	core_write(kvm_t *kd, struct kernel *k, const char *dump, int fd,
	    const char *file, int seekable, int *incomplete);

#endif /* !_CORE_H_ */
