/*-
 * SPDX-License-Identifier: BSD-2-Clause
 *
 * Copyright (c) 2026 The minidump project authors
 */

/*
 * For LD_PRELOAD: every minidump is a character device of FreeBSD 6.x, whose
 * end lseek(2) does not find, and whose size ioctl(2) tells.
 */

#define	_GNU_SOURCE
#include <sys/types.h>
#include <sys/stat.h>

#include <dlfcn.h>
#include <errno.h>
#include <stdarg.h>
#include <stdint.h>
#include <string.h>
#include <unistd.h>

#define	GETMEDIASIZE	0x40086481UL	/* _IOR('d', 129, off_t) there */

off_t	lseek64(int fd, off_t ofs, int whence);
int	ioctl(int fd, unsigned long request, ...);

typedef off_t lseek_t(int fd, off_t ofs, int whence);

static int
is_device(int fd)
{
	char buf[8];

	return (pread(fd, buf, sizeof(buf), 0) == (ssize_t)sizeof(buf) &&
	    memcmp(buf, "minidump", sizeof(buf)) == 0);
}

off_t
lseek64(int fd, off_t ofs, int whence)
{
	lseek_t *next;

	if (whence == SEEK_END && is_device(fd))
		return (0);
	next = (lseek_t *)(uintptr_t)dlsym(RTLD_NEXT, "lseek64");
	return ((*next)(fd, ofs, whence));
}

int
ioctl(int fd, unsigned long request, ...)
{
	struct stat st;
	va_list ap;

	if (request != GETMEDIASIZE || !is_device(fd) || fstat(fd, &st) == -1) {
		errno = ENOTTY;
		return (-1);
	}
	va_start(ap, request);
	*va_arg(ap, off_t *) = st.st_size;
	va_end(ap);
	return (0);
}
