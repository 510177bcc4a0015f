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

/* Called for thread "n" of the core file; the first is 1. */
typedef void	core_thread_t(const struct thread *td, u_int n, void *arg);

struct core_job {
	kvm_t		*kd;
	struct kernel	*kernel;
	const char	*dump;		/* its name, for messages */
	int		fd;		/* the output */
	const char	*file;		/* and its name */
	int		seekable;	/* zeros can be skipped */
	core_thread_t	*thread;	/* or NULL */
	void		*arg;
	int		incomplete;	/* set if not all could be read */
};

/*
 * Write the core file of a dump, from its first byte to its last.  Memory use
 * depends on the number of threads, not on the size of the dump.  Parts of the
 * dump that cannot be read are reported and left out.  Returns 0, or -1 after
 * printing the reason.
 */
int	core_write(struct core_job *job);

#endif /* !_CORE_H_ */
