/*-
 * SPDX-License-Identifier: BSD-2-Clause
 *
 * Copyright (c) 2026 The minidump project authors
 */

/*
 * Shared by all commands: messages, unknown options, and opening a dump.
 */

#define	_GNU_SOURCE		/* vasprintf() */
#include <sys/types.h>

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "vmcore.h"

static void __attribute__((__format__(printf, 2, 0)))
vwarn(int error, const char *fmt, va_list ap)
{
	char *text;

	fflush(stdout);
	fputs("vmcore: ", stderr);
	if (vasprintf(&text, fmt, ap) == -1)
		text = NULL;
	print_name(stderr, text != NULL ? text : fmt);
	free(text);
	if (error != 0)
		fprintf(stderr, ": %s", strerror(error));
	fputc('\n', stderr);
}

void
xwarn(const char *fmt, ...)
{
	va_list ap;
	int error;

	error = errno;
	va_start(ap, fmt);
	vwarn(error, fmt, ap);
	va_end(ap);
}

void
xwarnx(const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	vwarn(0, fmt, ap);
	va_end(ap);
}

int
unknown_option(char **argv)
{

	if (optopt > 0)
		xwarnx("-%c: no such option, or its argument is missing",
		    optopt);
	else
		xwarnx("%s: no such option", argv[optind - 1]);
	return (STATUS_USAGE);
}

kvm_t *
open_dump(const char *kernel, const char *file)
{
	char errbuf[_POSIX2_LINE_MAX];
	const char *warning;
	kvm_t *kd;
	u_int i;

	kd = kvm_openfiles(kernel, file, NULL, O_RDONLY, errbuf);
	if (kd == NULL) {
		xwarnx("%s", errbuf);
		return (NULL);
	}
	for (i = 0; (warning = kvm_warning(kd, i)) != NULL; i++)
		xwarnx("warning: %s", warning);
	return (kd);
}
