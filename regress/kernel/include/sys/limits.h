/*-
 * SPDX-License-Identifier: BSD-2-Clause
 *
 * Copyright (c) 2026 The minidump project authors
 */

/*
 * Stand-in for the 6.x header.
 */

#ifndef _SYS_LIMITS_H_
#define	_SYS_LIMITS_H_

#define	ULONG_MAX	(~0UL)

#endif /* !_SYS_LIMITS_H_ */
