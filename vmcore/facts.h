/*-
 * SPDX-License-Identifier: BSD-2-Clause
 *
 * Copyright (c) 2026 The minidump project authors
 */

/*
 * What the dump tells for vmcore report without debug information: by the
 * kernel's own symbols.
 */

#ifndef _FACTS_H_
#define	_FACTS_H_

#include "item.h"

/*
 * Panic and version, if the messages told none; host, time, uptime, memory,
 * CPUs: a pair for each that is found.  And what the reader warns of.
 */
void	facts(struct items *is, const char *kernel, const char *dump,
	    int panic, int version);

/* Tables of processes and of modules, or a note that says why not. */
void	facts_processes(struct items *is, const char *kernel,
	    const char *dump);
void	facts_modules(struct items *is, const char *kernel, const char *dump);

#endif /* !_FACTS_H_ */
