/*-
 * SPDX-License-Identifier: BSD-2-Clause
 *
 * Copyright (c) 2026 The minidump project authors
 */

/*
 * A file system that fails, as seen by its callers: linked with them, or for
 * LD_PRELOAD.
 *
 * FAULT in the environment is CALL ERROR, followed by START END [STEP]: CALL
 * fails with ERROR if it is about bytes START to END (exclusive) of a file, or
 * about the first half of every STEP bytes.  CALL is pread, or one of pwrite,
 * fsync, ftruncate and close for regular files that are open for writing.
 * ERROR is EIO, ENOSPC, EOF (a read returns nothing), TERM (a signal that ends
 * the program, and no error) or ALIGN (EINVAL for all but whole blocks of 4096
 * bytes, as for a raw device).
 *
 * A read or write whose first bytes are good fails as a whole, as on a disk
 * without a cache, unless SHORT is in the environment.  With SKIP, that number
 * of calls does not fail.
 */

#define	_GNU_SOURCE
#include <sys/types.h>
#include <sys/stat.h>

#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* The C library's names of functions with 64-bit offsets. */
ssize_t	pread64(int fd, void *buf, size_t len, off_t ofs);
ssize_t	pwrite64(int fd, const void *buf, size_t len, off_t ofs);
int	ftruncate64(int fd, off_t len);

/* The C library's own function, whatever its type. */
#define	NEXT(type, name)						\
	((type)(uintptr_t)dlsym(RTLD_NEXT, name))

/*
 * Return whether this call fails, with errno set, or set "*len" to the bytes
 * that it may process.
 */
static int
faulty(const char *call, int fd, size_t *len, off_t ofs)
{
	char what[16], error[16];
	const char *fault, *skip;
	long long start, end, step, at;
	struct stat st;
	static int skipped;
	int n;

	fault = getenv("FAULT");
	if (fault == NULL)
		return (0);
	n = sscanf(fault, "%15s %15s %lli %lli %lli", what, error, &start,
	    &end, &step);
	if (n < 2 || strcmp(what, call) != 0 || fstat(fd, &st) == -1 ||
	    !S_ISREG(st.st_mode) || (strcmp(call, "pread") != 0 &&
	    (fcntl(fd, F_GETFL) & O_ACCMODE) == O_RDONLY))
		return (0);
	skip = getenv("SKIP");
	if (skip != NULL && skipped++ < atoi(skip))
		return (0);
	if (n >= 4) {
		if (n == 4)
			step = 2 * (end - start);
		for (at = start; at < end; at += step)
			if (ofs < at + step / 2 && ofs + (off_t)*len > at)
				break;
		if (at >= end)
			return (0);
		if (ofs < at && getenv("SHORT") != NULL) {
			*len = at - ofs;
			return (0);
		}
	}
	if (strcmp(error, "ALIGN") == 0) {
		errno = EINVAL;
		return (ofs % 4096 != 0 || *len % 4096 != 0);
	}
	if (strcmp(error, "TERM") == 0)
		raise(SIGTERM);
	errno = strcmp(error, "ENOSPC") == 0 ? ENOSPC : EIO;
	return (strcmp(error, "EOF") == 0 ? 2 : 1);
}

ssize_t
pread64(int fd, void *buf, size_t len, off_t ofs)
{
	int error;

	error = faulty("pread", fd, &len, ofs);
	if (error != 0)
		return (error == 2 ? 0 : -1);
	return (NEXT(ssize_t (*)(int, void *, size_t, off_t),
	    "pread64")(fd, buf, len, ofs));
}

ssize_t
pwrite64(int fd, const void *buf, size_t len, off_t ofs)
{

	if (faulty("pwrite", fd, &len, ofs))
		return (-1);
	return (NEXT(ssize_t (*)(int, const void *, size_t, off_t),
	    "pwrite64")(fd, buf, len, ofs));
}

int
fsync(int fd)
{
	size_t len;

	len = 0;
	if (faulty("fsync", fd, &len, 0))
		return (-1);
	return (NEXT(int (*)(int), "fsync")(fd));
}

int
ftruncate64(int fd, off_t size)
{
	size_t len;

	len = 0;
	if (faulty("ftruncate", fd, &len, 0))
		return (-1);
	return (NEXT(int (*)(int, off_t), "ftruncate64")(fd, size));
}

int
close(int fd)
{
	size_t len;
	int error;

	/* The file is closed anyway. */
	len = 0;
	error = faulty("close", fd, &len, 0);
	if (NEXT(int (*)(int), "close")(fd) == -1)
		return (-1);
	if (error)
		errno = ENOSPC;
	return (error ? -1 : 0);
}
