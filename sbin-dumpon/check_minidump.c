/*-
 * SPDX-License-Identifier: BSD-2-Clause
 *
 * Copyright (c) 2026 The minidump project authors
 */

/*
 * For dumpon(8): check whether a device can hold the dumps of the running
 * kernel.
 *
 * The kernel says what a dump needs through the sysctls of minidump(4).  If
 * they do not exist, because the kernel is older or has another minidump, the
 * device is accepted: a device that may be too small is better than none.  Only
 * a device that is known to be useless is refused, so that with dumpdev="AUTO"
 * rc(8) tries the next one.
 */

#include <sys/cdefs.h>
__FBSDID("$FreeBSD$");

#include <sys/param.h>
#include <sys/disk.h>
#include <sys/ioctl.h>
#include <sys/sysctl.h>

#include <err.h>
#include <errno.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sysexits.h>

#include "check_minidump.h"

/* Dumps are written in blocks of this size; no dumper takes others. */
#define	BLOCKSIZE	512

/*
 * Return the number of bytes that a device must have, by the kernel's sysctl
 * "name", or 0 with a message if there is none.  The kernel's unsigned long may
 * be longer than this program's.
 */
static uint64_t
needed_bytes(const char *fn, const char *name)
{
	uint64_t bytes;
	uint32_t half;
	size_t len;

	bytes = 0;
	len = sizeof(bytes);
	if (sysctlbyname(name, &bytes, &len, NULL, 0) == 0) {
		if (len == sizeof(bytes))
			return (bytes);
		memcpy(&half, &bytes, sizeof(half));
		if (len == sizeof(half))
			return (half);
		warnx("%s: the size of a minidump is not known: %s: %lu bytes "
		    "long", fn, name, (unsigned long)len);
		return (0);
	}
	warn("%s: the size of a minidump is not known: %s", fn, name);
	return (0);
}

/* Return the value of an int sysctl, or "otherwise" if there is none. */
static int
kernel_int(const char *name, int otherwise)
{
	size_t len;
	int value;

	len = sizeof(value);
	if (sysctlbyname(name, &value, &len, NULL, 0) == -1 ||
	    len != sizeof(value))
		return (otherwise);
	return (value);
}

static void
check_blocksize(int fd, const char *fn)
{
	u_int size;

	if (ioctl(fd, DIOCGSECTORSIZE, &size) == -1)
		warn("%s: the size of its blocks is not known", fn);
	else if (size != BLOCKSIZE)
		errx(EX_IOERR, "%s: blocks of %u bytes: dumps need blocks of "
		    "%d", fn, size, BLOCKSIZE);
}

int
check_minidump(int fd, const char *fn, int verbose, int force)
{
	off_t mediasize;
	uint64_t gz, need, plain;
	int compress;

	check_blocksize(fd, fn);
	if (kernel_int("debug.minidump", 0) == 0)
		return (0);
	if (ioctl(fd, DIOCGMEDIASIZE, &mediasize) == -1)
		err(EX_OSERR, "%s: can't get size", fn);
	plain = needed_bytes(fn, "debug.minidump_size");
	if (plain == 0)
		return (1);
	if (verbose)
		printf("%s: %ju bytes, minidump: %ju bytes\n", fn,
		    (uintmax_t)mediasize, (uintmax_t)plain);

	/* A dump that does not fit is compressed, unless that is disabled. */
	compress = kernel_int("debug.minidump_compress", 2) != 0 &&
	    (uintmax_t)mediasize < plain;
	need = plain;
	if (compress || verbose > 1) {
		gz = needed_bytes(fn, "debug.minidump_gzsize");
		if (gz != 0 && verbose > 1)
			printf("%s: compressed minidump: about %ju bytes\n",
			    fn, (uintmax_t)gz);
		if (compress)
			need = gz;
	}
	if ((uintmax_t)mediasize >= need)
		return (1);
	if (!force)
		errx(EX_IOERR, "%s: %ju bytes are too few for a minidump: %ju "
		    "bytes, %s (-f to use it all the same)", fn,
		    (uintmax_t)mediasize, (uintmax_t)need,
		    compress ? "compressed" : "plain");
	warnx("%s: %ju bytes are too few for all of a minidump: %ju bytes, %s",
	    fn, (uintmax_t)mediasize, (uintmax_t)need,
	    compress ? "compressed" : "plain");
	return (1);
}
