/*-
 * SPDX-License-Identifier: BSD-2-Clause
 *
 * Copyright (c) 2026 The minidump project authors
 */

/*
 * Stand-in for the 6.x header: staying on one CPU.  Threads do not move here; but
 * what has to be done pinned is seen to be.
 */

#ifndef _SYS_SCHED_H_
#define	_SYS_SCHED_H_

#include <sys/pcpu.h>
#include <sys/proc.h>

#define	sched_pin()	((void)(curthread->td_pinned += 1))
#define	sched_unpin()	((void)(curthread->td_pinned -= 1))

#endif /* !_SYS_SCHED_H_ */
