/*-
 * SPDX-License-Identifier: BSD-2-Clause
 *
 * Copyright (c) 2026 The minidump project authors
 */

/*
 * See promise.h.
 */

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

#include "promise.h"
#include "report.h"

const char *promise_case;
static char promised[256];
static char reason[512];
static unsigned int nfailed;

void
die(const char *fmt, ...)
{
	va_list ap;

	printf("not ok %s: ", promise_case);
	va_start(ap, fmt);
	vprintf(fmt, ap);
	va_end(ap);
	printf("\n");
	exit(1);
}

void
promise(const char *fmt, ...)
{
	va_list ap;

	nfailed = 0;
	va_start(ap, fmt);
	vsnprintf(promised, sizeof(promised), fmt, ap);
	va_end(ap);
}

int
fail(const char *fmt, ...)
{
	va_list ap;

	if (nfailed++ == 0) {
		va_start(ap, fmt);
		vsnprintf(reason, sizeof(reason), fmt, ap);
		va_end(ap);
	}
	return (0);
}

int
kept(const char *fmt, ...)
{
	char numbers[256];
	va_list ap;

	if (nfailed > 1)
		return (report(0, "%s: %s: %s (and %u more)", promise_case, promised,
		    reason, nfailed - 1));
	if (nfailed == 1)
		return (report(0, "%s: %s: %s", promise_case, promised, reason));
	va_start(ap, fmt);
	vsnprintf(numbers, sizeof(numbers), fmt, ap);
	va_end(ap);
	return (report(1, "%s: %s%s", promise_case, promised, numbers));
}

int
promise_status(void)
{

	return (report_status());
}
