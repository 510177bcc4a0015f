/*-
 * SPDX-License-Identifier: BSD-2-Clause
 *
 * Copyright (c) 2026 The minidump project authors
 */

/*
 * Files and temporary directories, which are removed if a signal ends the
 * command.
 */

#include <sys/types.h>
#include <sys/stat.h>

#include <errno.h>
#include <inttypes.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "output.h"
#include "vmcore.h"

/* Blocks of this size that are zero are left out of the file. */
#define	BLOCK		4096

/* The file that is being written, for remove_partial(). */
static char *partial;

static void
remove_partial(int sig)
{

	unlink(partial);
	signal(sig, SIG_DFL);
	raise(sig);
}

void
set_signals(void (*handler)(int))
{
	static const int signals[] = { SIGHUP, SIGINT, SIGTERM };
	u_int i;

	for (i = 0; i < sizeof(signals) / sizeof(signals[0]); i++)
		if (signal(signals[i], handler) == SIG_IGN)
			signal(signals[i], SIG_IGN);
}

int
make_tempdir(char *dir, size_t size)
{
	const char *tmp;

	tmp = getenv("TMPDIR");
	if (tmp == NULL || tmp[0] == '\0')
		tmp = "/tmp";
	if ((size_t)snprintf(dir, size, "%s/vmcore.XXXXXX", tmp) >= size) {
		xwarnx("TMPDIR: too long");
		dir[0] = '\0';
		return (-1);
	}
	if (mkdtemp(dir) == NULL) {
		xwarn("%s", dir);
		dir[0] = '\0';
		return (-1);
	}
	return (0);
}

int
write_all(int fd, const char *buf, size_t len, uint64_t ofs)
{
	ssize_t n;

	for (; len > 0; buf += n, len -= n, ofs += n) {
		n = pwrite(fd, buf, len, (off_t)ofs);
		if (n == -1 && errno == EINTR)
			n = 0;
		else if (n == -1)
			return (-1);
	}
	return (0);
}

static int
is_zero(const char *buf, size_t len)
{

	return (buf[0] == 0 && memcmp(buf, buf + 1, len - 1) == 0);
}

int
write_sparse(int fd, const char *buf, size_t len, uint64_t ofs)
{
	size_t i, n, start;

	if (len == 0)
		return (0);
	for (i = start = 0; i < len; i += n) {
		n = len - i < BLOCK ? len - i : BLOCK;
		if (!is_zero(buf + i, n))
			continue;
		if (write_all(fd, buf + start, i - start, ofs + start) == -1)
			return (-1);
		start = i + n;
	}
	return (write_all(fd, buf + start, len - start, ofs + start));
}

int
may_write(int source, const char *file, int force)
{
	struct stat st, stsource;

	if (lstat(file, &st) == -1) {
		if (errno == ENOENT)
			return (1);
		xwarn("%s", file);
		return (0);
	}
	if (fstat(source, &stsource) == 0 &&
	    st.st_dev == stsource.st_dev && st.st_ino == stsource.st_ino)
		xwarnx("%s: is what the dump would be read from", file);
	else if (!S_ISREG(st.st_mode))
		xwarnx("%s: exists and is no file", file);
	else if (!force)
		xwarnx("%s: exists; -f replaces it", file);
	else
		return (1);
	return (0);
}

/* The file has a temporary name until it is complete. */
int
write_file(int source, const char *file, int force, writer_t *writer,
    void *arg)
{
	size_t size;
	int error, fd;

	size = strlen(file) + sizeof(".XXXXXX");
	partial = malloc(size);
	if (partial == NULL) {
		xwarn("%s", file);
		return (-1);
	}
	snprintf(partial, size, "%s.XXXXXX", file);
	set_signals(remove_partial);
	fd = mkstemp(partial);
	if (fd == -1) {
		xwarn("%s", partial);
		set_signals(SIG_DFL);
		free(partial);
		return (-1);
	}
	error = (*writer)(arg, fd, file);
	if (close(fd) == -1 && error == 0) {
		xwarn("%s", file);
		error = -1;
	}
	if (error == 0 && !may_write(source, file, force))
		error = -1;
	if (error == 0 && rename(partial, file) == -1) {
		xwarn("%s", file);
		error = -1;
	}
	if (error != 0)
		unlink(partial);
	set_signals(SIG_DFL);
	free(partial);
	return (error);
}

void
progress(uint64_t done, uint64_t whole)
{

	if (isatty(STDERR_FILENO))
		fprintf(stderr, "\r%ju of %ju MB", (uintmax_t)(done >> 20),
		    (uintmax_t)(whole >> 20));
}

void
progress_end(void)
{

	if (isatty(STDERR_FILENO))
		fputc('\n', stderr);
}
