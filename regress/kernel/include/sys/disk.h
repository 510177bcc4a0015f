/*-
 * SPDX-License-Identifier: BSD-2-Clause
 *
 * Copyright (c) 2026 The minidump project authors
 */

/*
 * Stand-in for the 6.x header: what a disk is asked.
 */

#ifndef _SYS_DISK_H_
#define	_SYS_DISK_H_

#define	DIOCGSECTORSIZE	0x40046480UL	/* _IOR('d', 128, u_int) */
#define	DIOCGMEDIASIZE	0x40086481UL	/* _IOR('d', 129, off_t) */

#endif /* !_SYS_DISK_H_ */
