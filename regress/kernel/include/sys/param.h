/*-
 * SPDX-License-Identifier: BSD-2-Clause
 *
 * Copyright (c) 2026 The minidump project authors
 */

/*
 * Stand-in for the 6.x header: parameters and rounding.
 */

#ifndef _SYS_PARAM_H_
#define	_SYS_PARAM_H_

#include <sys/types.h>
#include <sys/errno.h>
#include <machine/param.h>

#define	NBBY		8
#define	MAXHOSTNAMELEN	256

#define	DEV_BSHIFT	9
#define	DEV_BSIZE	(1 << DEV_BSHIFT)
#define	DFLTPHYS	(64 * 1024)
#define	MAXPHYS		(2 * DFLTPHYS)
#define	MAXDUMPPGS	(DFLTPHYS / PAGE_SIZE)

#define	howmany(x, y)	(((x) + ((y) - 1)) / (y))
#define	roundup2(x, y)	(((x) + ((y) - 1)) & ~((y) - 1))
#ifndef MIN
#define	MIN(a, b)	((a) < (b) ? (a) : (b))
#define	MAX(a, b)	((a) > (b) ? (a) : (b))
#endif

#endif /* !_SYS_PARAM_H_ */
