/*-
 * SPDX-License-Identifier: BSD-2-Clause
 *
 * Copyright (c) 2026 The minidump project authors
 */

/*
 * Stand-in for the 6.x header.
 */

#ifndef _MACHINE_MD_VAR_H_
#define	_MACHINE_MD_VAR_H_

#define	MINIDUMP_MACHDEP	/* of this project: sys/minidump.h asks */

extern long	Maxmem;		/* pages: the end of physical memory */

#endif /* !_MACHINE_MD_VAR_H_ */
