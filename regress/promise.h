/*-
 * SPDX-License-Identifier: BSD-2-Clause
 *
 * Copyright (c) 2026 The minidump project authors
 */

/*
 * For host programs that check a machine's dumps and disks (kernel/check,
 * real/check): one line for each promise, "ok CASE: promise" or "not ok CASE:
 * promise: why".
 */

#ifndef _PROMISE_H_
#define	_PROMISE_H_

extern const char	*promise_case;	/* set it first */

/*
 * A promise: call promise("..."), then fail() each time it is broken, then
 * kept(), which prints the line and, if the promise is kept, the numbers.
 */
void	 promise(const char *fmt, ...)
	    __attribute__((__format__(__printf__, 1, 2)));
int	 fail(const char *fmt, ...)
	    __attribute__((__format__(__printf__, 1, 2)));
int	 kept(const char *fmt, ...)
	    __attribute__((__format__(__printf__, 1, 2)));

/* Nothing can be checked: print why, and exit with 1. */
void	 die(const char *fmt, ...)
	    __attribute__((__format__(__printf__, 1, 2), __noreturn__));

/* The exit status: 1 if a promise was broken. */
int	 promise_status(void);

#endif /* !_PROMISE_H_ */
