/*-
 * SPDX-License-Identifier: BSD-2-Clause
 *
 * Copyright (c) 2026 The minidump project authors
 */

/*
 * What vmcore report shows without debug information, found by the kernel's own
 * symbols.
 */

#ifndef _FACTS_H_
#define	_FACTS_H_

#include "item.h"

/*
 * Add a pair for each of these that is found: the panic and the version, unless
 * the caller has them from the messages ("panic", "version"); host, time,
 * uptime, memory, CPUs.  Also add the reader's warnings.
 */
void	facts(struct items *is, const char *kernel, const char *dump,
	    int panic, int version);

/* Add a table of processes or modules, or a note that says why not. */
void	facts_processes(struct items *is, const char *kernel,
	    const char *dump);
void	facts_modules(struct items *is, const char *kernel, const char *dump);

#endif /* !_FACTS_H_ */
