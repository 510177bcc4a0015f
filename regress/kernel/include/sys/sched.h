/*-
 * SPDX-License-Identifier: BSD-2-Clause
 *
 * Copyright (c) 2026 The minidump project authors
 */

/*
 * Stand-in for the 6.x header: staying on one CPU, of which there is one.
 */

#ifndef _SYS_SCHED_H_
#define	_SYS_SCHED_H_

static __inline void
sched_pin(void)
{
}

static __inline void
sched_unpin(void)
{
}

#endif /* !_SYS_SCHED_H_ */
