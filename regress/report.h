/*-
 * SPDX-License-Identifier: BSD-2-Clause
 *
 * Copyright (c) 2026 The minidump project authors
 */

/*
 * How a host test program reports its results: one line for each case, in the
 * form that regress/test counts.  Include this only in the file with main().
 */

#ifndef _REPORT_H_
#define	_REPORT_H_

#include <stdarg.h>
#include <stdio.h>

static int report_failed;

/* The case named by "fmt" passed if "ok" is not 0.  Returns "ok". */
static inline int __attribute__((format(printf, 2, 3)))
report(int ok, const char *fmt, ...)
{
	va_list ap;

	fputs(ok ? "ok " : "not ok ", stdout);
	va_start(ap, fmt);
	vprintf(fmt, ap);
	va_end(ap);
	putchar('\n');
	fflush(stdout);
	if (!ok)
		report_failed++;
	return (ok);
}

/* The exit status of a test program. */
static inline int
report_status(void)
{

	return (report_failed != 0);
}

#endif /* !_REPORT_H_ */
