/*-
 * SPDX-License-Identifier: BSD-2-Clause
 *
 * Copyright (c) 2026 The minidump project authors
 */

/*
 * Counts the work of a command, for regress/reader/run.  It is linked with
 * vmcore(8) and the library, which are compiled to call
 * __sanitizer_cov_trace_pc() in each of their basic blocks, and whose calls of
 * the functions below come here.  At the end, or when WORK, a number of basic
 * blocks in the environment, is used up, this writes to the file WORKFILE:
 *
 *	work BLOCKS read BYTES memory BYTES
 *
 * "memory" is the most that was allocated at one time.
 */

#include <sys/types.h>

#include <fcntl.h>
#include <malloc.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

void	__sanitizer_cov_trace_pc(void);
ssize_t	__real_pread64(int fd, void *buf, size_t len, off_t ofs);
ssize_t	__wrap_pread64(int fd, void *buf, size_t len, off_t ofs);
void	*__real_malloc(size_t size);
void	*__wrap_malloc(size_t size);
void	*__real_calloc(size_t n, size_t size);
void	*__wrap_calloc(size_t n, size_t size);
void	*__real_realloc(void *p, size_t size);
void	*__wrap_realloc(void *p, size_t size);
void	__real_free(void *p);
void	__wrap_free(void *p);

static uint64_t blocks, bytes, limit, live, most;

static void
tell(void)
{
	const char *name;
	int fd;

	name = getenv("WORKFILE");
	fd = name == NULL ? -1 : open(name, O_WRONLY | O_CREAT | O_TRUNC, 0666);
	dprintf(fd, "work %ju read %ju memory %ju\n", (uintmax_t)blocks,
	    (uintmax_t)bytes, (uintmax_t)most);
}

static void __attribute__((__constructor__))
begin(void)
{
	const char *s;

	s = getenv("WORK");
	limit = s != NULL ? strtoull(s, NULL, 10) : UINT64_MAX;
	atexit(tell);
}

void
__sanitizer_cov_trace_pc(void)
{

	if (++blocks != limit)
		return;
	tell();
	_exit(98);
}

ssize_t
__wrap_pread64(int fd, void *buf, size_t len, off_t ofs)
{
	ssize_t n;

	n = __real_pread64(fd, buf, len, ofs);
	if (n > 0)
		bytes += n;
	return (n);
}

static void *
count(void *p)
{

	if (p != NULL)
		live += malloc_usable_size(p);
	if (live > most)
		most = live;
	return (p);
}

void *
__wrap_malloc(size_t size)
{

	return (count(__real_malloc(size)));
}

void *
__wrap_calloc(size_t n, size_t size)
{

	return (count(__real_calloc(n, size)));
}

void *
__wrap_realloc(void *p, size_t size)
{
	size_t was;

	was = p != NULL ? malloc_usable_size(p) : 0;
	p = __real_realloc(p, size);
	if (p != NULL)
		live -= was;
	return (count(p));
}

void
__wrap_free(void *p)
{

	if (p != NULL)
		live -= malloc_usable_size(p);
	__real_free(p);
}
