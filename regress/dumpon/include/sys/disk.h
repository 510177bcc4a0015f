/*-
 * SPDX-License-Identifier: BSD-2-Clause
 *
 * Copyright (c) 2026 The minidump project authors
 */

/*
 * Stand-in for the 6.x header: the properties of a device, by the ioctl() of
 * fake.c.
 */

#ifndef _SYS_DISK_H_
#define	_SYS_DISK_H_

#define	DIOCGSECTORSIZE	128
#define	DIOCGMEDIASIZE	129

#endif /* !_SYS_DISK_H_ */
