/*-
 * SPDX-License-Identifier: BSD-2-Clause
 *
 * Copyright (c) 2026 The minidump project authors
 */

/*
 * Files that a command writes.  They get their names when they are complete,
 * and blocks of zeros take no space in them.
 *
 * Functions that return an int return 0, or -1 after printing the reason,
 * unless noted.
 */

#ifndef _OUTPUT_H_
#define	_OUTPUT_H_

#include <stddef.h>
#include <stdint.h>

/*
 * Check whether write_file() may write "file".  Returns 1, or 0 after printing
 * the reason.
 */
int	may_write(int source, const char *file, int force);

/*
 * Write "file": "writer" writes its contents to "fd".  Only its owner can read
 * it.  It replaces another file only with "force", and never the one open as
 * "source".
 */
typedef int	writer_t(void *arg, int fd, const char *file);
int	write_file(int source, const char *file, int force, writer_t *writer,
	    void *arg);

/*
 * Write "len" bytes at byte "ofs".  On failure errno is set, and nothing is
 * printed.
 */
int	write_all(int fd, const char *buf, size_t len, uint64_t ofs);

/* The same, but leave out blocks of zeros. */
int	write_sparse(int fd, const char *buf, size_t len, uint64_t ofs);

/* Make a directory in TMPDIR, and store its name in "dir". */
int	make_tempdir(char *dir, size_t size);

/* Set the handler of signals that end the command, unless they are ignored. */
void	set_signals(void (*handler)(int));

/* Show progress on a terminal; end the line. */
void	progress(uint64_t done, uint64_t whole);
void	progress_end(void);

#endif /* !_OUTPUT_H_ */
