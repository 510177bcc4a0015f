/*-
 * SPDX-License-Identifier: BSD-2-Clause
 *
 * Copyright (c) 2026 The minidump project authors
 */

/*
 * dumpon's check_minidump() with a simulated kernel and device, called by the
 * run script in this directory.
 *
 * usage: dumpon [-f] [-v] DEVICE [NAME=VALUE ...]
 *
 * DEVICE describes itself: "SIZE/BLOCKSIZE", either of which may be "x", which
 * fails.  NAME is a sysctl without "debug.".  VALUE is its number, followed by
 * ":" and its size if it is not an int; or "!NUMBER" for an errno that reading
 * it gives.  Exits as dumpon would; prints "accepted", or "full" if the kernel
 * writes full dumps.
 */

#include <sys/types.h>
#include <sys/disk.h>
#include <sys/sysctl.h>

#include <errno.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "check_minidump.h"

int	ioctl(int fd, unsigned long request, ...);

static char *device;
static char **variables;

int
ioctl(int fd, unsigned long request, ...)
{
	const char *value;
	va_list ap;
	void *p;

	va_start(ap, request);
	p = va_arg(ap, void *);
	va_end(ap);
	value = device;
	if (request == DIOCGSECTORSIZE)
		value = strchr(device, '/') + 1;
	if (fd != 3 || *value == 'x') {
		errno = ENOTTY;
		return (-1);
	}
	if (request == DIOCGSECTORSIZE)
		*(unsigned int *)p = strtoul(value, NULL, 10);
	else
		*(int64_t *)p = strtoll(value, NULL, 10);
	return (0);
}

int
sysctlbyname(const char *name, void *oldp, size_t *oldlenp, const void *newp,
    size_t newlen)
{
	uint64_t value;
	size_t len, namelen;
	char **vp, *end;

	if (newp != NULL || newlen != 0 || strncmp(name, "debug.", 6) != 0)
		abort();
	name += 6;
	namelen = strlen(name);
	for (vp = variables; *vp != NULL; vp++)
		if (strncmp(*vp, name, namelen) == 0 && (*vp)[namelen] == '=')
			break;
	if (*vp == NULL) {
		errno = ENOENT;
		return (-1);
	}
	if ((*vp)[namelen + 1] == '!') {
		errno = atoi(*vp + namelen + 2);
		return (-1);
	}
	value = strtoull(*vp + namelen + 1, &end, 10);
	len = *end == ':' ? strtoul(end + 1, NULL, 10) : sizeof(int);
	if (len > *oldlenp) {
		errno = ENOMEM;
		return (-1);
	}
	memcpy(oldp, &value, len);
	*oldlenp = len;
	return (0);
}

int
main(int argc, char *argv[])
{
	int ch, force, verbose;

	force = verbose = 0;
	while ((ch = getopt(argc, argv, "fv")) != -1)
		if (ch == 'f')
			force = 1;
		else
			verbose++;
	device = argv[optind];
	variables = argv + optind + 1;
	if (check_minidump(3, "/dev/x", verbose, force))
		printf("accepted\n");
	else
		printf("full\n");
	return (0);
}
