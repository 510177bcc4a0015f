/*-
 * SPDX-License-Identifier: BSD-2-Clause
 *
 * Copyright (c) 2026 The minidump project authors
 */

/*
 * The interface of check_minidump.c for dumpon.c.
 */

#ifndef _CHECK_MINIDUMP_H_
#define	_CHECK_MINIDUMP_H_

/*
 * Check whether the device open as fd, whose name is fn, can hold the dumps of
 * this kernel.  If it cannot, the program exits with EX_IOERR and a message
 * that has the numbers.  With "force", a device that is too small only gets a
 * warning.  "verbose" is the number of -v options.
 *
 * Returns 0 if the kernel writes full dumps, whose size the caller checks, else
 * 1.
 */
int	check_minidump(int fd, const char *fn, int verbose, int force);

#endif /* !_CHECK_MINIDUMP_H_ */
