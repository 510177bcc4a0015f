/*-
 * SPDX-License-Identifier: BSD-2-Clause
 *
 * Copyright (c) 2026 The minidump project authors
 */

/*
 * What check_minidump.c offers dumpon.c.
 */

#ifndef _CHECK_MINIDUMP_H_
#define	_CHECK_MINIDUMP_H_

/*
 * Whether the device that fd is open for, whose name is fn, can take the dumps
 * of this kernel.  Does not return if it cannot: the program ends with EX_IOERR
 * and a message that has the numbers.  With "force" a device that is too small
 * only gets a warning.  "verbose" is the number of -v.
 *
 * Returns 0 if the kernel writes full dumps, whose size the caller checks,
 * else 1.
 */
int	check_minidump(int fd, const char *fn, int verbose, int force);

#endif /* !_CHECK_MINIDUMP_H_ */
