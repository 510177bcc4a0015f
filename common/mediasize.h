/*-
 * SPDX-License-Identifier: BSD-2-Clause
 *
 * Copyright (c) 2026 The minidump project authors
 */

/*
 * The size of a file or a device, for kvm_minidump_file.c, which is also part
 * of FreeBSD's libkvm, and for vmcore(8).
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
 * Return the size; -1 with errno set if it is unknown.  stat() does not report
 * the size of a device, and lseek() finds the end of one on some systems only:
 * on FreeBSD, neither of a disk nor of /dev/minidump.
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
