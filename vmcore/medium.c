/*-
 * SPDX-License-Identifier: BSD-2-Clause
 *
 * Copyright (c) 2026 The minidump project authors
 */

/*
 * Reads blocks of a medium, for all of vmcore save.  Their contents are unknown
 * here.
 */

#include <sys/types.h>

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <string.h>
#include <unistd.h>

#include "mediasize.h"
#include "medium.h"
#include "vmcore.h"

int
medium_open(struct medium *m, const char *name, int flags)
{
	off_t end;

	m->name = name;
	m->fd = open(name, flags);
	if (m->fd == -1) {
		xwarn("%s", name);
		return (-1);
	}
	end = media_size(m->fd);
	if (end == -1) {
		xwarn("%s: size of the medium", name);
		close(m->fd);
		return (-1);
	}
	m->size = end;
	return (0);
}

/*
 * Raw devices require whole blocks: read those that fit into the buffer, or if
 * there are none, the block of the first byte.
 */
static ssize_t
read_blocks(int fd, char *buf, size_t len, uint64_t ofs)
{
	char block[MEDIUM_MAXBLOCK];
	size_t skip;
	ssize_t n;

	skip = ofs % sizeof(block);
	if (skip == 0 && len >= sizeof(block))
		return (pread(fd, buf, len - len % sizeof(block), (off_t)ofs));
	n = pread(fd, block, sizeof(block), (off_t)(ofs - skip));
	if (n == -1)
		return (-1);
	if ((size_t)n <= skip)
		return (0);
	n -= skip;
	if ((size_t)n > len)
		n = len;
	memcpy(buf, block + skip, n);
	return (n);
}

size_t
medium_some(const struct medium *m, void *buf, size_t len, uint64_t ofs)
{
	size_t done;
	ssize_t n;
	char *p;

	p = buf;
	for (done = 0; done < len; done += n) {
		/* By a damaged header, a dump may begin after the end. */
		if (ofs + done >= m->size) {
			errno = 0;
			break;
		}
		n = pread(m->fd, p + done, len - done, (off_t)(ofs + done));
		if (n == -1 && errno == EINVAL)
			n = read_blocks(m->fd, p + done, len - done,
			    ofs + done);
		if (n == -1 && errno == EINTR)
			n = 0;
		else if (n == -1)
			break;
		else if (n == 0) {
			errno = 0;
			break;
		}
	}
	return (done);
}

size_t
medium_start(const struct medium *m, void *buf, size_t len, uint64_t ofs)
{
	size_t done, n;
	char *p;

	p = buf;
	done = medium_some(m, p, len, ofs);
	while (done < len && errno != 0) {
		n = MEDIUM_BLOCK - (ofs + done) % MEDIUM_BLOCK;
		if (n > len - done)
			n = len - done;
		if (medium_some(m, p + done, n, ofs + done) != n)
			break;
		done += n;
	}
	return (done);
}

const char *
medium_error(int error)
{

	return (error != 0 ? strerror(error) : "the end of the medium");
}

int
medium_read(const struct medium *m, void *buf, size_t len, uint64_t ofs)
{
	size_t done;

	done = medium_some(m, buf, len, ofs);
	if (done == len)
		return (0);
	xwarnx("%s: byte %ju: %s", m->name, (uintmax_t)(ofs + done),
	    medium_error(errno));
	return (-1);
}
