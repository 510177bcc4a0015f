/*-
 * SPDX-License-Identifier: BSD-2-Clause
 *
 * Copyright (c) 2026 The minidump project authors
 */

/*
 * How many bytes there are: for kvm_minidump_file.c, in libkvm as well, and for
 * vmcore(8).
 */

#ifndef _MEDIASIZE_H_
#define	_MEDIASIZE_H_

#include <sys/types.h>
#ifdef __FreeBSD__
#include <sys/disk.h>
#endif
#include <sys/ioctl.h>

#include <unistd.h>

/*
 * Of a file or a device; -1 with errno set if that cannot be told.  What stat()
 * says of a device is not its size, and lseek() finds the end of a device on
 * some systems only: on FreeBSD neither that of a disk nor of /dev/minidump.
 */
static inline off_t
media_size(int fd)
{
#ifdef DIOCGMEDIASIZE
	off_t size;

	if (ioctl(fd, DIOCGMEDIASIZE, &size) == 0)
		return (size);
#endif
	return (lseek(fd, 0, SEEK_END));
}

#endif /* !_MEDIASIZE_H_ */
