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

/* Told of thread "n" of the core file, the first being 1. */
typedef void	core_thread_t(const struct thread *td, u_int n, void *arg);

struct core_job {
	kvm_t		*kd;
	struct kernel	*kernel;
	const char	*dump;		/* its name, for messages */
	int		fd;		/* what is written to */
	const char	*file;		/* and the name of that */
	int		seekable;	/* what is zero need not be written */
	core_thread_t	*thread;	/* or NULL */
	void		*arg;
	int		incomplete;	/* set: not all could be read */
};

/*
 * Write the core file of a dump, from its first byte to its last.  Memory use
 * depends on how many threads there are, not on the size of the dump.  What
 * cannot be read of the dump is told, and is not in the file.  Returns 0, or -1
 * after printing why.
 */
int	core_write(struct core_job *job);

#endif /* !_CORE_H_ */
