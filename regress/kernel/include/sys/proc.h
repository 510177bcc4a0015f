/*-
 * SPDX-License-Identifier: BSD-2-Clause
 *
 * Copyright (c) 2026 The minidump project authors
 */

/*
 * Stand-in for the 6.x header.  There is one thread, and nothing to know of it.
 */

#ifndef _SYS_PROC_H_
#define	_SYS_PROC_H_

struct thread;

#endif /* !_SYS_PROC_H_ */
