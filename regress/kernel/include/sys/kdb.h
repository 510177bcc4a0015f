/*-
 * SPDX-License-Identifier: BSD-2-Clause
 *
 * Copyright (c) 2026 The minidump project authors
 */

/*
 * Stand-in for the 6.x header: the debugger.
 */

#ifndef _SYS_KDB_H_
#define	_SYS_KDB_H_

extern int	kdb_active;

#endif /* !_SYS_KDB_H_ */
