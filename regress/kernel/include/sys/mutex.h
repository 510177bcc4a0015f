/*-
 * SPDX-License-Identifier: BSD-2-Clause
 *
 * Copyright (c) 2026 The minidump project authors
 */

/*
 * Stand-in for the 6.x header: Giant is a flag, and who holds it is the only
 * thread that there is.
 */

#ifndef _SYS_MUTEX_H_
#define	_SYS_MUTEX_H_

extern int	giant_held;

/* As there, they open and close a block. */
#define	DROP_GIANT()							\
do {									\
	int _giantcnt = giant_held;					\
	giant_held = 0
#define	PICKUP_GIANT()							\
	giant_held = _giantcnt;						\
} while (0)

#endif /* !_SYS_MUTEX_H_ */
